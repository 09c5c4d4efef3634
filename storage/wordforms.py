"""The forms of a word: what a query that says ``cárteles`` finds besides ``cárteles``.

Two words are forms of one where a Snowball stemmer, Spanish or English, cuts them to one stem.
Which words there are is read off the full-text index itself, by FTS5's vocabulary table: nothing is
kept beside the articles, so nothing can fall out of step with them, whoever edits a row or kills a
crawl.

The index folds case and accents, and so do all words here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from storage.folding import common_beginning, folded
from storage.query import Phrase

#: The languages whose forms are known, as articles name theirs, with their stemmers.
LANGUAGES = {"es": "spanish", "en": "english"}

#: Words looked at for one word of a query, at 30 µs each. Of 300,000 words that begin alike four
#: letters deep, the crowded beginnings have more; there only the commonest endings are tried.
_MOST_WORDS = 400

#: Letters that all forms of a word share, at least.
_LEAST_SHARED = 2

#: Forms that a query asks for in place of a word.
_MOST_FORMS = 40

#: Number, gender and the commonest endings of verbs, for words whose beginning is crowded.
_ENDINGS = (
    "", "s", "es", "a", "as", "o", "os", "ces", "z", "y", "ies", "ed", "ing", "er", "ers",
    "ar", "ir", "an", "en", "aron", "ieron", "ado", "ada", "ados", "adas", "ando", "iendo",
)  # fmt: skip

#: Occurrences that tell in which languages a word is used, and the share that is no chance.
_SAMPLE, _SHARE = 40, 0.2

#: English plurals that no stemmer cuts to their singular's stem, each with it.
_IRREGULAR = (
    ("woman", "women"), ("man", "men"), ("child", "children"), ("policeman", "policemen"),
    ("policewoman", "policewomen"), ("gunman", "gunmen"), ("hitman", "hitmen"),
    ("fisherman", "fishermen"), ("businessman", "businessmen"), ("congressman", "congressmen"),
    ("wife", "wives"), ("knife", "knives"), ("thief", "thieves"),
)  # fmt: skip
_IRREGULAR_OF = {one: other for pair in _IRREGULAR for one, other in (pair, pair[::-1])}

#: Spanish: the endings of nouns, each with that of its other number. Where a stem is short, two
#: nouns that share it are mostly two words: ``mara`` and ``mar``, ``casa`` and ``caso``.
_NUMBERS = {"": "es", "es": "", "a": "as", "as": "a", "o": "os", "os": "o", "e": "es"}
_SHORT = 4

#: Longer stems that two nouns share, and short ones whose nouns have both genders.
_TWO_WORDS = frozenset(
    ["puert", "cuent", "puest", "partid", "derech", "cuadr", "cuenc", "torment", "fluid"]
)
_BOTH_GENDERS = frozenset(
    [
        "alt",
        "alumn",
        "amig",
        "baj",
        "buen",
        "chic",
        "dam",
        "hij",
        "jef",
        "larg",
        "loc",
        "mal",
        "mism",
        "much",
        "negr",
        "nin",
        "nuev",
        "otr",
        "poc",
        "pres",
        "prim",
        "reo",
        "roj",
        "soci",
        "sol",
        "suegr",
        "tod",
        "viej",
        "viud",
    ]
)

#: English: what begins so is no form of what begins otherwise, whatever the stemmer says.
_APART = (
    "apartment", "authorit", "department", "humanit", "importan", "majorit", "minorit",
    "personalit", "realit", "several",
)  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+")

# An occurrence, not a count: a row per word would read through every article that has it.
_NEXT = "SELECT term FROM temp.words WHERE term >= ? LIMIT 1"
_BETWEEN = """
WITH RECURSIVE found (term) AS (
    SELECT (SELECT term FROM temp.words WHERE term >= ? LIMIT 1)
    UNION ALL
    SELECT (SELECT term FROM temp.words WHERE term >= found.term || char(1) LIMIT 1)
    FROM found WHERE found.term < ?
) SELECT term FROM found WHERE term < ? LIMIT ?
"""
_ARTICLES = "SELECT count(*) FROM (SELECT DISTINCT doc FROM temp.words WHERE term = ? LIMIT ?)"
_USED_IN = """
SELECT language, count(*) FROM articles
WHERE id IN (SELECT doc FROM temp.words WHERE term = ? LIMIT ?) GROUP BY language
"""
_PRINTED = """
SELECT snippet(articles_fts, -1, char(2), char(3), '', 1) FROM articles_fts
WHERE articles_fts MATCH ? LIMIT 1
"""

#: Above every letter, so that ``prefix + _LAST`` ends the words that begin with the prefix.
_LAST = "\U0010ffff"


class Vocabulary:
    """The words of an archive in SQLite, as its full-text index holds them: folded."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _rows(self, query: str, *values: Any) -> Sequence[Any]:
        return self._connection.exec_driver_sql(query, values).all()

    def first(self, word: str) -> str | None:
        """The first word that is not before this one in order, or None."""
        rows = self._rows(_NEXT, word)
        return str(rows[0][0]) if rows else None

    def holds(self, word: str) -> bool:
        """Whether any article has this word."""
        return self.first(word) == word

    def beginning_with(self, prefix: str, most: int) -> list[str]:
        """The words that begin so, in order, no more than so many."""
        end = prefix + _LAST
        return [str(row[0]) for row in self._rows(_BETWEEN, prefix, end, end, most)]

    def articles_with(self, word: str, most: int) -> int:
        """How many articles have the word, counted no further than so many."""
        return int(self._rows(_ARTICLES, word, most)[0][0])

    def languages_of(self, word: str) -> set[str]:
        """The languages in whose articles a word is used, by its first occurrences."""
        found = {row[0]: int(row[1]) for row in self._rows(_USED_IN, word, _SAMPLE)}
        least = _SHARE * sum(found.values())
        return {language for language, number in found.items() if language and number >= least}

    def as_printed(self, word: str) -> str:
        """A folded word with its accents, in lower case, as an article that has it prints it."""
        rows = self._rows(_PRINTED, f'"{word}"')
        found = re.search("\x02(.*?)\x03", rows[0][0], re.DOTALL) if rows else None
        return found[1].lower() if found else word


class Forms:
    """Finds the forms in which words of a query stand in an archive."""

    def __init__(self, vocabulary: Vocabulary, language: str | None = None) -> None:
        self._vocabulary = vocabulary
        self._languages = [each for each in LANGUAGES if language in (None, each)]

    def __call__(self, phrase: Phrase) -> Sequence[Phrase]:
        """The phrase, or where it is one plain word all forms of it."""
        words = _WORD.findall(folded(phrase.text))
        if phrase.is_exact or phrase.is_prefix or len(words) != 1 or not _is_word(phrase.text):
            return [phrase]
        around, is_whole = self._candidates(words[0])
        forms = self._chosen(words[0], around)
        if forms == words:
            return [phrase]
        return _together(forms, around) if is_whole else [*map(Phrase, forms)]

    def of(self, phrase: Phrase) -> list[str]:
        """A phrase's word, folded, and the other forms of it that the archive has; empty where it
        is no plain word."""
        words = _WORD.findall(folded(phrase.text))
        if phrase.is_exact or phrase.is_prefix or len(words) != 1 or not _is_word(phrase.text):
            return []
        return self._chosen(words[0], self._candidates(words[0])[0])

    def _chosen(self, word: str, candidates: Sequence[str]) -> list[str]:
        alike = [
            (other, languages)
            for other in candidates
            if other != word
            and (languages := {each for each in self._languages if _is_form(other, word, each)})
        ]
        if not alike:
            return [word]
        at_home = self._vocabulary.languages_of(word) or set(LANGUAGES)
        others = (
            other
            for other, languages in alike
            if languages & at_home & self._vocabulary.languages_of(other)
        )
        return [word, *islice(others, _MOST_FORMS)]

    def _candidates(self, word: str) -> tuple[list[str], bool]:
        """The words that could be forms of one, in order, and whether all that begin so."""
        stems = [stem(word, each) for each in self._languages]
        shared = min((_shared(word, each) for each in stems), key=len, default="")
        if len(shared) < _LEAST_SHARED:
            return [], False
        found = self._vocabulary.beginning_with(shared, _MOST_WORDS)
        if len(found) < _MOST_WORDS:
            return found, True
        tried = {f"{begun}{end}" for begun in {shared, word, *stems} for end in _ENDINGS}
        return [each for each in sorted(tried) if self._vocabulary.holds(each)], False


def with_irregular(phrase: Phrase) -> list[Phrase]:
    """The phrase and, of one plain word, the plural or singular that no stemmer knows.

    >>> [each.text for each in with_irregular(Phrase("Women"))]
    ['Women', 'woman']
    """
    other = _IRREGULAR_OF.get(folded(phrase.text))
    if other is None or phrase.is_exact or phrase.is_prefix:
        return [phrase]
    return [phrase, Phrase(other)]


def _together(forms: Sequence[str], around: Sequence[str]) -> list[Phrase]:
    """The forms as few phrases: a beginning stands for all of them where no other word has it.

    Ranking weighs each phrase by how rare it is, and a rare form means no more than a common one;
    as one phrase they weigh the same.

    >>> _together(["gang", "gangs"], ["gang", "gangs"])
    [Phrase(text='gang', is_prefix=True, is_exact=False)]
    >>> [each.text for each in _together(["gang", "gangs"], ["gang", "gangrene", "gangs"])]
    ['gang', 'gangs']
    """
    left, found = sorted(forms), []
    while left:
        begun = [word for word in around if word.startswith(left[0])]
        is_whole = len(begun) > 1 and set(begun) <= {*forms}
        found.append(Phrase(left[0], is_prefix=is_whole))
        left = [word for word in left[1:] if not (is_whole and word in begun)]
    return found


def _is_word(text: str) -> bool:
    """Whether a text is one word but for punctuation around it: ``cartel?``, not ``AK-47``."""
    return re.fullmatch(r"[\W_]*[^\W\d_]+[\W_]*", text) is not None


def _shared(word: str, cut: str) -> str:
    """The beginning that a word shares with all its forms, as far as its stem tells.

    A stem's last letter may be of the stemmer's making: ``happy`` and ``happier`` give ``happi``,
    and ``juez`` and ``jueces`` give ``juec``.

    >>> _shared("happier", "happi"), _shared("gangs", "gang")
    ('happ', 'gang')
    """
    shared = common_beginning(word, cut)
    return shared[:-1] if shared[-1:] in ("i", "y", "c", "z") else shared


def _is_form(one: str, other: str, language: str) -> bool:
    """Whether two folded words are forms of one word, as a language makes them.

    >>> _is_form("maras", "mara", "es"), _is_form("mar", "mara", "es")
    (True, False)
    >>> _is_form("mataron", "mata", "es"), _is_form("acusada", "acusados", "es")
    (True, True)
    >>> _is_form("authors", "author", "en"), _is_form("authority", "author", "en")
    (True, False)
    """
    cut = stem(one, language)
    if cut != stem(other, language):
        return False
    if language == "es":
        return not _are_two_nouns(one, other, cut)
    return all(one.startswith(begun) == other.startswith(begun) for begun in _APART)


def _are_two_nouns(one: str, other: str, cut: str) -> bool:
    """Whether a Spanish stem stands for two words here, of which each has a gender of its own."""
    if cut not in _TWO_WORDS and (len(cut) > _SHORT or cut in _BOTH_GENDERS):
        return False
    first, second = one.removeprefix(cut), other.removeprefix(cut)
    if first not in _NUMBERS or second not in _NUMBERS:
        return False
    return second not in (first, _NUMBERS[first]) and first != _NUMBERS[second]


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word.

    >>> stem("extorsiones", "es") == stem("extorsion", "es")
    True
    >>> stem("jueces", "es") == stem("juez", "es")
    True
    """
    cut = str(_stemmers[language].stemWord(word))
    return f"{cut[:-1]}c" if language == "es" and cut.endswith("z") else cut


class _Stemmers(dict[str, Any]):
    """Stemmers, each loaded when it is first needed."""

    def __missing__(self, language: str) -> Any:
        from snowballstemmer import stemmer

        self[language] = stemmer(LANGUAGES[language])
        return self[language]


_stemmers = _Stemmers()
