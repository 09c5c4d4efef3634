"""The filters that search, counts and export share."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Self, TypedDict

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    bindparam,
    func,
    select,
    union,
)

from crawler.errors import BadInput
from storage.folding import folded
from storage.schema import article_authors, article_tags, authors, links, revisions, tags, tallies

Day = date | str

#: Filters that are set or not.
SWITCHES = ("edited", "translated")
_TAKES: dict[str, Any] = {
    "since": (str, date),
    "until": (str, date),
    **dict.fromkeys(SWITCHES, bool),
}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class FilterOptions(TypedDict, total=False):
    """The filters of search, counts and export: see :class:`Filters`."""

    site: str | None
    category: str | None
    tag: str | None
    author: str | None
    language: str | None
    kind: str | None
    since: Day | None
    until: Day | None
    edited: bool | None
    translated: bool | None


#: The numbers of the articles that have more than one revision.
EDITED = (
    select(revisions.c.article_id)
    .group_by(revisions.c.article_id)
    .having(func.count() > 1)
    .correlate(None)
)

_IS_TRANSLATION = (links.c.role == "translation") & links.c.target_id.is_not(None)
#: The numbers of the articles that link a translation which is held, or are linked as one.
TRANSLATED = union(
    select(links.c.article_id).where(_IS_TRANSLATION),
    select(links.c.target_id).where(_IS_TRANSLATION),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are meant. Names and labels are compared without case and accents."""

    site: str | None = None
    """Name of the site."""
    category: str | None = None
    """The category of the meta line or breadcrumb."""
    tag: str | None = None
    """One of its tags."""
    author: str | None = None
    """One of its authors, by the whole name."""
    language: str | None = None
    """BCP 47 primary tag: es, en."""
    kind: str | None = None
    """The type label over the headline: brief, analysis, …"""
    since: Day | None = None
    """First day of publication: a date, or text as ``2020``, ``2020-05``, ``2020-05-17``."""
    until: Day | None = None
    """Last day of publication, itself included."""
    edited: bool | None = None
    """Whether its newsroom was seen to change it: whether it has more than one revision."""
    translated: bool | None = None
    """Whether the archive has a translation of it, by the links of either."""

    @classmethod
    def of(cls, **given: Any) -> Self:
        """The filters that were given by name.

        :raises BadInput: there is no such filter, or a name or label is no text.
        """
        names = [each.name for each in fields(cls)]
        for name, value in given.items():
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"choose {', '.join(names)}."
                raise BadInput(f"There is no filter {name!r}: {hint}")
            if value is not None and not isinstance(value, _TAKES.get(name, str)):
                if name in SWITCHES:
                    raise BadInput(f"{name}={value!r} is neither True nor False: give one of them.")
                raise BadInput(f"{name}={value!r} is no text: give one, in quotes.")
        return cls(**given)

    def conditions_on(self, rows: FromClause) -> list[ColumnElement[bool]]:
        """The filters on the articles' rows, or on what a view holds of them."""
        plain = (
            ("site", "site", self.site),
            ("category", "category_folded", self.category and folded(self.category)),
            ("kind", "kicker_folded", self.kind and folded(self.kind)),
            ("language", "language", self.language and self.language.lower()),
        )
        found: list[ColumnElement[bool]] = [
            rows.c[column] == bindparam(name, value)
            for name, column, value in plain
            if value is not None
        ]
        if self.tag is not None:
            named = _named("tag", article_tags, tags, "tag_id", self.tag)
            found.append(rows.c.id.in_(named))
        if self.author is not None:
            named = _named("author", article_authors, authors, "author_id", self.author)
            found.append(rows.c.id.in_(named))
        if self.since is not None:
            first = bindparam("since", day_of(self.since, is_last=False), Date)
            found.append(rows.c.published_on >= first)
        if self.until is not None:
            last = bindparam("until", day_of(self.until, is_last=True), Date)
            found.append(rows.c.published_on <= last)
        for wanted, ids in ((self.edited, EDITED), (self.translated, TRANSLATED)):
            if wanted is not None:
                found.append(rows.c.id.in_(ids) if wanted else rows.c.id.not_in(ids))
        return found

    @property
    def conditions_on_tallies(self) -> list[ColumnElement[bool]] | None:
        """The filters on :data:`storage.schema.tallies`, or None where those do not tell: they know
        of no tags, authors, edits and translations, and of no days but in whole months.
        """
        if any(each is not None for each in (self.tag, self.author, self.edited, self.translated)):
            return None
        found = replace(self, since=None, until=None).conditions_on(tallies)
        if self.since is not None:
            first = day_of(self.since, is_last=False)
            if first.day != 1:
                return None
            found.append(tallies.c.month >= f"{first:%Y-%m}")
        if self.until is not None:
            last = day_of(self.until, is_last=True)
            if last.day != monthrange(last.year, last.month)[1]:
                return None
            found.append(tallies.c.month.between("0", f"{last:%Y-%m}"))
        return found


def _named(parameter: str, owned: Table, known: Table, column: str, name: str) -> Select[Any]:
    return (
        select(owned.c.article_id)
        .join(known, known.c.id == owned.c[column])
        .where(known.c.folded == bindparam(parameter, folded(name)))
    )


def day_of(value: Day, *, is_last: bool) -> date:
    """The first or last day that a date, month or year means.

    >>> day_of("2020-02", is_last=True)
    datetime.date(2020, 2, 29)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        parts: Any = _DAY.fullmatch(value.strip())
        year, month, day = (int(part or 0) for part in parts.groups())
        month = month or (12 if is_last else 1)
        return date(year, month, day or (monthrange(year, month)[1] if is_last else 1))
    except (AttributeError, ValueError):
        raise BadInput(f"{value!r} is no date: write it as 2020-05-17, 2020-05 or 2020.") from None
