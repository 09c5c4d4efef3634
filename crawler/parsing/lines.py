"""Lines that a reader takes in at a glance: the meta line, a card's date line, a breadcrumb."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.parsing.dates import Moment, printed_date

_LANGUAGE_TOKEN = r"(?P<language>EN|ES|PT|FR|DE|IT)"
_DATE_WORDS = (
    r"\d{1,2}\s+(?:de\s+)?[^\W\d_]{3,12}\.?\s+(?:de\s+)?\d{4}|[^\W\d_]{3,12}\.?\s+\d{1,2},?\s+\d{4}"
)
_META_LINE = re.compile(
    rf"^\W*(?:(?P<category>[^/|]{{2,60}}(?:/[^/|]{{2,40}})?)\s*[/|·•–—-]\s*)?(?P<date>{_DATE_WORDS})"
    rf"(?:\s*[/|·•–—,-]?\s*(?P<byline>(?:BY|POR)\s+.+?))?(?:\s*[/|·•–—-]?\s+{_LANGUAGE_TOKEN})?\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class MetaLine:
    """``CATEGORY / D MON YYYY BY NAME EN``, whatever of it a line has beside the date."""

    category: str | None
    date: Moment
    byline: str | None
    language: str | None


def meta_line(text: str) -> MetaLine | None:
    """A line taken apart, or None where it is no such line.

    >>> line = meta_line("DRUG POLICY / 11 JUL 2016 BY SOFIA LIEMANN EN")
    >>> line.category, line.date.value, line.byline, line.language
    ('DRUG POLICY', '2016-07-11', 'BY SOFIA LIEMANN', 'EN')
    >>> meta_line("COCAINE / 21 DEC 2022").byline is None
    True
    """
    if len(text) > 240:
        return None
    match = _META_LINE.match(text)
    if match is None:
        return None
    date = printed_date(match.group("date"))
    if date is None:
        return None
    language = match.group("language")
    if language and not language.isupper():
        return None
    category = match.group("category")
    return MetaLine(
        category=category.strip(" /|·•–—-") or None if category else None,
        date=date,
        byline=match.group("byline"),
        language=language.lower() if language else None,
    )
