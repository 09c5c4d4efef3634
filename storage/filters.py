"""The filters that search, counts and export share."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from crawler.errors import BadInput
from storage.folding import folded
from storage.schema import article_authors, article_tags, articles, authors, tags

Day = date | str

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are meant. Names and labels are compared without case and accents."""

    site: str | None = None
    category: str | None = None
    tag: str | None = None
    author: str | None = None
    language: str | None = None
    kind: str | None = None
    """The type label over the headline: brief, analysis, …"""
    since: Day | None = None
    """First day of publication: a date, or text as ``2020``, ``2020-05``, ``2020-05-17``."""
    until: Day | None = None
    """Last day of publication, itself included."""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters on the table of articles."""
        found: list[ColumnElement[bool]] = []
        if self.site is not None:
            found.append(articles.c.site == self.site)
        if self.category is not None:
            found.append(articles.c.category_folded == folded(self.category))
        if self.kind is not None:
            found.append(articles.c.kicker_folded == folded(self.kind))
        if self.language is not None:
            found.append(articles.c.language == self.language.lower())
        if self.tag is not None:
            found.append(_has(article_tags, tags, "tag_id", self.tag))
        if self.author is not None:
            found.append(_has(article_authors, authors, "author_id", self.author))
        if self.since is not None:
            found.append(articles.c.published_on >= day_of(self.since, is_last=False))
        if self.until is not None:
            found.append(articles.c.published_on <= day_of(self.until, is_last=True))
        return found


def _has(owned: Table, known: Table, column: str, name: str) -> ColumnElement[bool]:
    named = (
        select(owned.c.article_id)
        .join(known, known.c.id == owned.c[column])
        .where(known.c.folded == folded(name))
    )
    return articles.c.id.in_(named)


def day_of(value: Day, *, is_last: bool) -> date:
    """The first or last day that a date, month or year means.

    >>> day_of("2020-02", is_last=True)
    datetime.date(2020, 2, 29)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    parts: Any = _DAY.fullmatch(value.strip())
    try:
        year, month, day = (int(part or 0) for part in parts.groups())
        month = month or (12 if is_last else 1)
        return date(year, month, day or (monthrange(year, month)[1] if is_last else 1))
    except (AttributeError, ValueError):
        raise BadInput(f"{value!r} is no date: write it as 2020-05-17, 2020-05 or 2020.") from None
