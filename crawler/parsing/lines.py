"""Lines that a reader takes in at a glance: the meta line, a card's date line, a breadcrumb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.parsing.dates import Moment, printed_date
from crawler.parsing.text import is_capitals

_LANGUAGES = re.compile(r"(?:[\s/|·•–—-]+\b(?:EN|ES|PT|FR|DE|IT)\b)+\W*$")
#: Language switches in words, and counts, that theme authors put at the end of the line.
_SWITCH = re.compile(
    r"[\s/|·•–—-]+(?:(?:(?:read|leer|lea|ver)\s+)?(?:(?:in|en)\s+)?(?:spanish|english|español|espanol"
    r"|inglés|ingles|portuguese|portugués)|\d+\s+(?:min(?:ute)?s? read|comments?"
    r"|comentarios?))\W*$",
    re.I,
)
_BYLINE = re.compile(
    r"(?<!\w)(?:(?:written|escrito|posted|publicado|texto)\s+)?(?:by|por)\s*:?\s+(?=\S)(.+)$", re.I
)
_SEPARATOR = re.compile(r"\s*(?://|[/|>›»·•–—])\s*|\s+-+\s+|,\s+|\s{3,}")
_STRONG = re.compile(r"\s*(?://|[|>›»·•–—])\s*|\s*/\s+|\s+/\s*|\s+-+\s+")
_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado"
    r"|domingo"
)
_DATE_WORD = re.compile(
    rf"^(?:{_WEEKDAY}|(?:published|posted|created|updated|publicado|creado|actualizado|date|fecha)"
    rf"(?:\s+(?:on|el|at|the))?|el|on|by|por)\W*$",
    re.I,
)
#: Where a byline is over and the words of a date begin.
_DATE_BEGINS = re.compile(
    rf"[\s,|/·–—-]+(?:{_WEEKDAY}|(?:mon|tue|wed|thu|fri|sat|sun)\b|published|posted|created|updated"
    rf"|publicado|creado|actualizado)\b.*$",
    re.I,
)
_DIGIT = re.compile(r"\d")
#: A meta line is short: so many characters and words in all, and so many words in one label.
LINE_CHARACTERS, LINE_WORDS, LABEL_WORDS = 240, 36, 6


@dataclass(frozen=True, slots=True)
class MetaLine:
    """``CATEGORY / D MON YYYY BY NAME EN``, whatever of it a line has beside the date."""

    labels: tuple[str, ...]
    """Terms set apart from date and byline, in order: a type label may precede the category."""
    date: Moment
    byline: str | None
    language: str | None

    @property
    def category(self) -> str | None:
        """The term nearest to the date."""
        return self.labels[-1] if self.labels else None


#: The tokens at a line's end are sought in so many characters.
SWITCHER_CHARACTERS = 120


def without_language(byline: str) -> str:
    """A byline without the language switcher's tokens at its end.

    >>> without_language("BY INÉS CALDERA EN | ES")
    'BY INÉS CALDERA'
    """
    rest, end = byline[:-SWITCHER_CHARACTERS], byline[-SWITCHER_CHARACTERS:]
    return rest + _LANGUAGES.sub("", _SWITCH.sub("", end))


def is_language_token(text: str) -> bool:
    """Whether a text is nothing but language tokens: ``EN``, ``EN | ES``."""
    if not text or len(text) > SWITCHER_CHARACTERS:
        return False
    return not without_language(" " + text).strip()


@lru_cache(maxsize=4096)
def meta_line(text: str) -> MetaLine | None:
    """A line taken apart, or None where it is no such line.

    The parts may come in any order, with any of the usual separators between.

    >>> line = meta_line("DRUG POLICY / 11 JUL 2016 BY SOFIA LIEMANN EN")
    >>> line.category, line.date.value, line.byline, line.language
    ('DRUG POLICY', '2016-07-11', 'BY SOFIA LIEMANN', 'en')
    >>> meta_line("COCAINE / 21 DEC 2022").byline is None
    True
    >>> meta_line("By Ana Ruiz | 7 March 2018 | Honduras").labels
    ('Honduras',)
    >>> meta_line("Police seized the boat on 7 March 2018 in Colón") is None
    True
    """
    if len(text) > LINE_CHARACTERS or _DIGIT.search(text) is None:
        return None
    words = text.split()
    if len(words) > LINE_WORDS:
        return None
    if "@" in text or text[0] in "—–-":
        return None
    text = _SWITCH.sub("", re.sub(r"(?<=[^\W\d])/(?=\d)", " / ", text))
    date = printed_date(text)
    if date is None:
        return None
    tokens = _LANGUAGES.search(text)
    rest = text[: tokens.start()] if tokens else text
    before, found, after = rest.partition(date.raw)
    if not found:
        before, after = rest, ""
    before, early = _without_byline(before)
    after, late = _without_byline(after)
    labels = _labels(before) + _labels(after)
    if (late and early) or not _is_byline(early or late, labels):
        return None
    if any(not _is_label(label) for label in labels):
        return None
    if labels and not _STRONG.search(text) and not (early or late or tokens):
        return None
    languages = re.findall(r"[A-Z]{2}", tokens.group()) if tokens else []
    return MetaLine(tuple(labels), date, early or late, languages[0].lower() if languages else None)


def _without_byline(side: str) -> tuple[str, str | None]:
    """One side of the date without its byline, and the byline with its "BY"."""
    match = _BYLINE.search(side)
    if match is None:
        return side, None
    names = _STRONG.split(match.group(1))
    left = " / ".join((side[: match.start()], *names[1:]))
    signed = _DATE_BEGINS.sub("", names[0]).strip(" ,/|-–—")
    opening = side[match.start() : match.start(1)].strip(" :")
    return left, f"{opening} {signed}" if signed else None


def _is_byline(byline: str | None, labels: list[str]) -> bool:
    """Whether what follows a "by" can be names: a headline may hold the word, too."""
    if byline is None:
        return True
    names = byline.split(None, 1)[-1].split(" ")
    if ":" in byline or len(byline) > 160:
        return False
    return len(names) > 1 or is_capitals(byline) or not labels


def _labels(side: str) -> list[str]:
    """What stands beside date and byline, each part of its own."""
    parts = (
        _without_brackets(part.replace("\u2215", "/").strip(" \t\r\n/|·•–—>›»,:-"))
        for part in _SEPARATOR.split(_joined(side))
    )
    return [part for part in parts if part.strip() and not _DATE_WORD.match(part)]


def _without_brackets(part: str) -> str:
    """A part without brackets around all of it, or one that was left over."""
    if part[:1] in "([" and part[-1:] in ")]":
        return part[1:-1]
    if part.count("(") != part.count(")"):
        return part.strip("()[]")
    return part


def _joined(side: str) -> str:
    """A slash without spaces belongs to a term: US/MEXICO BORDER."""
    return re.sub(r"(?<=\w)/(?=\w)", "\u2215", side)


def _is_label(label: str) -> bool:
    """Whether a part can be a label: few words, and written like one."""
    words = label.split()
    if (
        len(words) > LABEL_WORDS
        or ":" in label
        or (any(map(str.isdigit, words[0][:1])) and len(words) == 1)
    ):
        return False
    small = sum(word[0].islower() for word in words)
    return (label[0].isupper() or not label[0].isalpha()) and (
        len(words) <= 3 or small < len(words) / 2
    )
