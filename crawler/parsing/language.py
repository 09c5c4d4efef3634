"""The language of an article's own text, told by its script and its commonest small words.

What the page states of itself is a witness: it decides between languages that share their words,
and where the text is too short or of a language that has no row in the table. A statement that the
words contradict is not believed: templates say ``lang="en"`` on German pages.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.parsing.smallwords import KIN, SCRIPTS, SMALL_WORDS

#: As much text as decides: more does not change an answer on the labelled pages.
CHARACTERS = 2000
#: A text with fewer letters than this is too little to tell by.
ENOUGH = 60
#: Small words are at least so much of a text, or so much where they are that many times those of
#: any other language: Turkish, Finnish and Zulu put into endings what others say in small words.
SHARE, LOW_SHARE, AHEAD = 0.15, 0.06, 1.8
#: Fewer different small words are names: "De La Cruz".
DIFFERENT = 4
#: A statement of a language without a row in the table is overruled from this share on.
STRANGE = 0.25
#: A statement is believed unless another language has so many times the small words of its own.
CONTRADICTED = 1.5
#: Where one other letter in so many is not Latin, the text is not in Latin letters.
OTHER_SCRIPT = 0.3
#: Japanese prints at least this share of its letters in kana.
KANA = 0.05

_TAG = re.compile(r"^[a-z]{2,3}(?![a-z])")
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}«»<>\"“”„‚…/|–—\-'’‘·•%&+*=#@_،؟؛۔।]+")
_NOT_LATIN = re.compile(r"[\u0370-\u1dbf\u2c00-\u2c5f\u2d00-\u2dff\u3040-\ua4cf\uac00-\ud7af]")
_SCRIPTS = tuple(
    (language, re.compile(f"[{chr(first)}-{chr(last)}]")) for language, first, last in SCRIPTS
)


def _table() -> dict[str, list[str]]:
    """The languages that have a small word."""
    languages: dict[str, list[str]] = {}
    for language, words in SMALL_WORDS.items():
        for word in set(words.split()):
            languages.setdefault(word, []).append(language)
    return languages


_LANGUAGES = _table()
#: A word says less for each language the more of them have it.
_WEIGHTS = {word: len(languages) ** -0.5 for word, languages in _LANGUAGES.items()}
_ALIASES = {"sr-cyrl": "sr", "iw": "he", "in": "id", "ji": "yi", "tgl": "tl", "fil": "tl"}


def stated_language(tag: str | None) -> str | None:
    """The primary subtag of a language tag, or None.

    >>> stated_language("es-ES"), stated_language("de_AT"), stated_language("")
    ('es', 'de', None)
    """
    match = _TAG.match((tag or "").strip().lower().replace("_", "-"))
    return _ALIASES.get(match.group(), match.group()) if match else None


def language_of(text: str, *stated: str | None) -> str | None:
    """BCP 47 primary tag of a text; what the page states where the text is too short to tell.

    ``stated`` are the page's own tags, most trusted first; of several the commonest counts.

    >>> text = "Der Rat der Stadt hat sich mit dem neuen Kai befasst, und er nennt nun die Kosten."
    >>> language_of(text, "en-US")
    'de'
    """
    tags = Counter(filter(None, map(stated_language, stated)))
    said = tags.most_common(1)[0][0] if tags else None
    sample = text[:CHARACTERS]
    if len(sample) < 4 * ENOUGH and sum(map(str.isalpha, sample)) < ENOUGH:
        return said
    script = _by_script(sample)
    if script is not None:
        return said if said and said != script and _are_kin(said, script) else script
    return _by_words(sample, said)


def _by_script(sample: str) -> str | None:
    """The language of a script that has but one, or None."""
    if sample.isascii() or not _NOT_LATIN.search(sample):
        return None
    letters = sum(map(str.isalpha, sample))
    if len(_NOT_LATIN.findall(sample)) < OTHER_SCRIPT * letters:
        return None
    counts = {language: len(form.findall(sample)) for language, form in _SCRIPTS}
    if counts["ja"] > KANA * (counts["ja"] + counts["zh"]) and counts["ja"] > counts["ko"]:
        return "ja"
    language = max(counts, key=lambda each: counts[each])
    return language if counts[language] > OTHER_SCRIPT * letters else None


def _are_kin(one: str, other: str) -> bool:
    return any(one in family and other in family for family in KIN)


def _by_words(sample: str, said: str | None) -> str | None:
    """The language whose small words a text has most of, weighed against the statement."""
    words = Counter(_WORD.findall(sample.lower()))
    small = [
        (count, _LANGUAGES[word], _WEIGHTS[word])
        for word, count in words.items()
        if word in _LANGUAGES
    ]
    scores: dict[str, float] = {}
    for count, languages, weight in small:
        for language in languages:
            scores[language] = scores.get(language, 0.0) + count * weight
    best = max(scores, key=lambda each: scores[each], default=None)
    if best is None:
        return said
    counts = [count for count, languages, _ in small if best in languages]
    if len(counts) < DIFFERENT:
        return said
    name, score = _name(best), scores[best]
    if said == name or (said and _are_kin(said, name)):
        return said
    own = (each for row, each in scores.items() if _name(row) == said)
    if max(own, default=0.0) * CONTRADICTED >= score:
        return said
    rivals = (scores[row] for row in scores if row != best and not _are_kin(row, name))
    ahead = score >= AHEAD * max(rivals, default=0.0)
    share = sum(counts) / words.total()
    if said and said not in _ROWS:
        return name if share >= STRANGE and ahead else said
    return name if share >= SHARE or (share >= LOW_SHARE and ahead) else said


_ROWS = frozenset(SMALL_WORDS)


def _name(row: str) -> str:
    return _ALIASES.get(row, row)
