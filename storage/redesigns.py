"""Redesigns, told by what they do to the history: most pages of a site, in the same fields at once.

A new layout may print another label over every article, or no byline under any. Each page that is
seen again then differs from what was known of it, and no newsroom edited one. Such differences stay
in the history; but the list of edits tells them in one line, since sixty of them hide the one that
matters.

What can be a layout's doing is narrow: labels, the words of a byline, captions; names, a standfirst
or a date that came or went; in texts, the same words on page after page. Another name, another day,
another headline is always told, whenever it came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from storage.captures import SEEN
from storage.changes import Change
from storage.schema import UTCDateTime, articles, captures, revisions

#: The pages that are seen again within so many days tell whether a site was redesigned.
_DAYS = timedelta(days=3)
#: At least so many of them must differ, this share of all that were seen again, and this many times
#: as many as usually differ in so many days.
_FEWEST, _MOST, _BURST = 10, 0.5, 3
#: A difference beside those belongs to the redesign where this share of its pages shows it.
_BESIDE = 0.1
#: Where this share of the edits before had the same difference, it is the newsroom's way.
_USUAL, _FEWEST_BEFORE, _LOOKED_AT = 0.25, 10, 200

#: Fields whose every change may be a layout's; and those that it may only bring or take away.
_WORDED = ("kicker", "category", "byline_raw", "captions")
_BROUGHT = ("authors", "deck", "published")

Way = tuple[str, str, str | None, str | None]
"""A field, whether it came, went or is another, and in texts the words before and after."""
ChangesOf = Callable[[int], Sequence[Change]]
"""What changed with a revision, by its number."""


@dataclass(frozen=True, slots=True)
class Redesign:
    """A site's pages were printed anew."""

    site: str
    seen_at: datetime
    """When the first page was seen so."""
    articles: int
    """How many were seen so in the first days; others are when they are looked at again."""
    ways: frozenset[Way]
    """What is another on these pages."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are another on these pages, in order of their names."""
        return tuple(sorted({field for field, *_ in self.ways}))

    def explains(self, changes: Iterable[Change]) -> bool:
        """Whether everything that changed on a page is what the redesign did to others."""
        told = [change for change in changes if change.kind != "missing"]
        return bool(told) and all(way_of(change) in self.ways for change in told)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        seen_at = self.seen_at.isoformat()
        return {"site": self.site, "seen_at": seen_at, "fields": list(self.fields)}


def way_of(change: Change) -> Way | None:
    """What a change has in common with those that its redesign makes on other pages, if any."""
    how = "came" if not change.before else "changed" if change.after else "went"
    if change.field in _WORDED or (change.field in _BROUGHT and how != "changed"):
        return change.field, how, None, None
    if change.field in (*_BROUGHT, "address"):
        return None
    return change.field, how, change.before, change.after


_Row = Any
_IS_LATER = (
    select(func.min(revisions.c.captured_at).label("first_at"), revisions.c.article_id)
    .group_by(revisions.c.article_id)
    .having(func.count() > 1)
    .subquery()
)
_REVISED = (
    select(
        articles.c.site,
        revisions.c.id,
        revisions.c.article_id,
        revisions.c.captured_at,
    )
    .join(_IS_LATER, _IS_LATER.c.article_id == revisions.c.article_id)
    .join(articles, articles.c.id == revisions.c.article_id)
    .where(revisions.c.captured_at > _IS_LATER.c.first_at)
    .order_by(articles.c.site, revisions.c.captured_at, revisions.c.id)
)
_SEEN_AGAIN = select(func.count(captures.c.article_id.distinct())).where(
    captures.c.site == bindparam("site"),
    captures.c.fetched_at >= bindparam("start", type_=UTCDateTime()),
    captures.c.fetched_at < bindparam("end", type_=UTCDateTime()),
    captures.c.outcome.in_(("revised", "unchanged")),
)
_SEEN_SINCE = (
    select(captures.c.id)
    .where(
        captures.c.article_id == bindparam("article_id"),
        captures.c.fetched_at >= bindparam("since", type_=UTCDateTime()),
        captures.c.fetched_at < bindparam("moment", type_=UTCDateTime()),
        captures.c.outcome.in_(SEEN),
    )
    .limit(1)
)


def redesigns(connection: Connection, changes_of: ChangesOf) -> list[Redesign]:
    """Every redesign that the history shows, by site and time."""
    found: list[Redesign] = []
    rows = connection.execute(_REVISED).all()
    for site, theirs in groupby(rows, key=lambda row: row.site):
        found += _Site(connection, site, list(theirs), changes_of).redesigns()
    return found


def redesign_of(
    connection: Connection,
    known: Sequence[Redesign],
    site: str,
    article_id: int,
    captured_at: datetime,
    changes: Sequence[Change],
) -> Redesign | None:
    """The redesign that made a revision: the article was first seen since it, and says nothing
    else anew."""
    for each in known:
        if each.site == site and each.seen_at <= captured_at and each.explains(changes):
            asked = {"article_id": article_id, "since": each.seen_at, "moment": captured_at}
            if connection.execute(_SEEN_SINCE, asked).first() is None:
                return each
    return None


class _Site:
    """The revisions of a site, by time."""

    def __init__(
        self, connection: Connection, site: str, rows: list[_Row], changes_of: ChangesOf
    ) -> None:
        self._connection = connection
        self._site = site
        self._rows = rows
        self._changes_of = changes_of

    def redesigns(self) -> list[Redesign]:
        """One after the other: what an earlier one made tells of no later one."""
        found: list[Redesign] = []
        for start, rows in self._bursts():
            left = [row for row in rows if self._made_by(found, row) is None]
            one = self._redesign(start, left) if len(left) >= _FEWEST else None
            if one is not None:
                found.append(one)
        return found

    def _made_by(self, found: Sequence[Redesign], row: _Row) -> Redesign | None:
        if not found:
            return None
        about = (self._site, row.article_id, row.captured_at)
        return redesign_of(self._connection, found, *about, self._changes_of(row.id))

    def _bursts(self) -> Iterator[tuple[datetime, list[_Row]]]:
        """The days from which on unusually many pages differed, each with its revisions."""
        by_day: dict[datetime, list[_Row]] = defaultdict(list)
        for row in self._rows:
            by_day[_day(row.captured_at)].append(row)
        numbers: list[int] = []
        for day in sorted(by_day):
            near = [by_day.get(day + timedelta(days=each), []) for each in range(_DAYS.days)]
            rows = [row for each in near for row in each]
            number = len({row.article_id for row in rows})
            usual = median(numbers[-60:]) if numbers else 0
            if number >= max(_FEWEST, _BURST * usual):
                yield day, rows
            numbers.append(len(by_day[day]))

    def _redesign(self, start: datetime, rows: Sequence[_Row]) -> Redesign | None:
        asked = {"site": self._site, "start": start, "end": start + _DAYS}
        seen_again = self._connection.execute(_SEEN_AGAIN, asked).scalar_one()
        ways = self._ways(rows)
        enough = max(_FEWEST, _MOST * seen_again)
        main = {way for way, numbers in ways.items() if len(numbers) >= enough}
        main -= self._usual_before(start)
        if not main:
            return None
        pages = set[int]().union(*(ways[way] for way in main))
        beside = {way for way, numbers in ways.items() if len(numbers) >= _BESIDE * len(pages)}
        begun = [row for row in rows if row.article_id in pages]
        seen_at = min(row.captured_at for row in begun)
        return Redesign(self._site, seen_at, len(pages), frozenset(main | beside))

    def _ways(self, rows: Iterable[_Row]) -> dict[Way, set[int]]:
        """What changed, and in which articles."""
        ways: dict[Way, set[int]] = defaultdict(set)
        for row in rows:
            for way in map(way_of, self._changes_of(row.id)):
                if way is not None:
                    ways[way].add(row.article_id)
        return ways

    def _usual_before(self, start: datetime) -> set[Way]:
        """What many edits had before: some newsrooms word their labels anew with every edit."""
        before = [row for row in self._rows if row.captured_at < start][-_LOOKED_AT:]
        if len(before) < _FEWEST_BEFORE:
            return set()
        counted = Counter(
            way for row in before for way in set(map(way_of, self._changes_of(row.id))) if way
        )
        return {way for way, number in counted.items() if number > _USUAL * len(before)}


def _day(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
