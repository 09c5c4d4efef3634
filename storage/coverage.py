"""The coverage ledger: what sites listed, month by month, and how much of it the archive has.

Whoever counts articles over time has to know where the archive has holes. A month is that of the
article that is held, else of what the site's own lists say of the address.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, cast, func, or_, select

from storage.filters import Day, day_of
from storage.schema import articles, captures, crawls, frontier, ledger, listings

#: Where less than this share of what was listed is settled, the archive clearly lacks something:
#: a few addresses are always refused, broken, or waiting for the next run.
ENOUGH = 0.9
#: The mode of what is no crawl, but what a copy for publication brought of its origin's ledger.
EXCERPT = "excerpt"
#: A feed or a front page names what is younger than this: a crawl that came later has not seen it.
SHORT_MEMORY = timedelta(days=31)
#: Lists that go back to a site's beginnings: a crawl that reads them to their end sees every month
#: before.
LONG_MEMORY = ("sitemap", "listing", "wordpress")
#: Months before the first that is known which a period may ask for and get a row.
MOST_BEFORE = 600
#: States of an address of which nothing more is to be had, whether or not it holds an article.
_SETTLED = ("not_article", "gone", "part", "moved")
IS_SETTLED = or_(frontier.c.article_id.is_not(None), frontier.c.state.in_(_SETTLED))


def coverage(
    connection: Connection,
    site: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Rows by site and month, the unknown month first; with a period, only its months.

    Keys: ``site``; ``month`` (``2024-05``, or None where no day is known); ``listed``, the
    addresses of the month that the archive knows of; of these ``stored``, those that hold an
    article, and by state ``waiting``, ``not_articles``, ``gone``, ``refused``, ``failed``;
    ``seen``, whether a crawl has read the site's lists far enough back to know what they name of
    the month: not where ``--limit`` or another bound ended it before; ``complete``, the share (0
    to 1) of which nothing more is to be had (an article, none, or gone; a part or another address
    of an article), None where nothing is listed or the month is not seen; ``gap``, whether the
    month is not seen or the archive clearly lacks what was listed (less than :data:`ENOUGH` is
    settled). A month of which nothing is listed has a row only where it is such a gap: between
    others, and with a period from its first to its last month, but none that is to come.

    With *at*, what was listed, stored and settled by then: the rows have no count by state, and the
    month of an article is that of today, should its newsroom have changed the date since.

    :raises BadInput: ``since`` or ``until`` is no date.
    """
    first = f"{day_of(since, is_last=False):%Y-%m}" if since else None
    last = f"{day_of(until, is_last=True):%Y-%m}" if until else None
    looks = _looks(connection, at)
    until_now = min(last, f"{at or datetime.now(UTC):%Y-%m}") if last else None
    counted = _counted(connection, site) if at is None else _counted_then(connection, site, at)
    own = [
        row
        for name, months in groupby(counted, key=lambda row: row["site"])
        for row in _with_gaps(list(months), looks.get(name, _Looks()), first, until_now)
        if _is_within(row["month"], first, last)
    ]
    came = _came_along(connection, site, {row["site"] for row in counted}, at)
    inside = (row for row in came if _is_within(row["month"], first, last))
    return sorted([*own, *inside], key=lambda row: (row["site"], row["month"] or ""))


def _came_along(
    connection: Connection, site: str | None, own: set[str], at: datetime | None
) -> Iterator[dict[str, Any]]:
    """The ledger that a copy for publication brought, of sites that were never crawled into it."""
    query = select(crawls.c.site, crawls.c.report).where(
        crawls.c.mode == EXCERPT, crawls.c.site.not_in(own)
    )
    if site is not None:
        query = query.where(crawls.c.site == site)
    if at is not None:
        query = query.where(crawls.c.started_at <= at)
    for row in connection.execute(query):
        yield from row.report["coverage"]


def compared_sources(
    connection: Connection,
    site: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
) -> list[dict[str, Any]]:
    """What each kind of list has named, by site and source; with a period, only of its months.

    Keys: ``site``; ``source`` (sitemap, news-sitemap, feed, listing, wordpress, web-archive, link,
    user); ``listed``, addresses that lists of this kind have named; ``only``, those that no other
    kind has; ``stored``, those that hold an article; ``missing``, those of which more is to be had.

    :raises BadInput: ``since`` or ``until`` is no date.
    """
    kinds = (
        select(listings.c.frontier_id, func.count().label("number"))
        .group_by(listings.c.frontier_id)
        .subquery()
    )
    query = (
        select(
            frontier.c.site,
            listings.c.source,
            func.count().label("listed"),
            _number(kinds.c.number == 1).label("only"),
            func.count(frontier.c.article_id).label("stored"),
            (func.count() - _number(IS_SETTLED)).label("missing"),
        )
        .select_from(
            listings.join(frontier, frontier.c.id == listings.c.frontier_id)
            .join(kinds, kinds.c.frontier_id == frontier.c.id)
            .outerjoin(articles, articles.c.id == frontier.c.article_id)
        )
        .group_by(frontier.c.site, listings.c.source)
        .order_by(frontier.c.site, func.count().desc(), listings.c.source)
    )
    query = listed_in(query, _MONTH, site, since, until)
    return [dict(row) for row in connection.execute(query).mappings()]


def listed_in(
    query: Select[Any],
    month: ColumnElement[Any],
    site: str | None,
    since: Day | None,
    until: Day | None,
) -> Select[Any]:
    """Of addresses of the frontier only a site's, and those of the months of a period.

    :raises BadInput: ``since`` or ``until`` is no date.
    """
    if site is not None:
        query = query.where(frontier.c.site == site)
    if since is not None:
        query = query.where(f"{day_of(since, is_last=False):%Y-%m}" <= month)
    if until is not None:
        query = query.where(f"{day_of(until, is_last=True):%Y-%m}" >= month)
    return query


def _counted(connection: Connection, site: str | None) -> list[dict[str, Any]]:
    settled = case((ledger.c.state.in_(_SETTLED), ledger.c.listed), else_=ledger.c.stored)
    query = select(
        ledger.c.site,
        func.nullif(ledger.c.month, "").label("month"),
        func.sum(ledger.c.listed).label("listed"),
        func.sum(ledger.c.stored).label("stored"),
        _listed("waiting").label("waiting"),
        _listed("not_article").label("not_articles"),
        _listed("gone").label("gone"),
        _listed("refused").label("refused"),
        _listed("failed", "unreadable").label("failed"),
        func.sum(settled).label("settled"),
    ).group_by(ledger.c.site, ledger.c.month)
    if site is not None:
        query = query.where(ledger.c.site == site)
    rows = [
        {name: value if name in ("site", "month") else int(value) for name, value in row.items()}
        for row in connection.execute(query).mappings()
    ]
    return sorted(rows, key=lambda row: (row["site"], row["month"] or ""))


def _listed(*states: str) -> ColumnElement[int]:
    return func.sum(case((ledger.c.state.in_(states), ledger.c.listed), else_=0))


def _counted_then(connection: Connection, site: str | None, at: datetime) -> list[dict[str, Any]]:
    """What had been listed by a moment, and what of it was settled."""
    answered = select(captures.c.id).where(captures.c.url == frontier.c.url)
    was_answered = or_(
        frontier.c.last_fetched_at <= at, answered.where(captures.c.fetched_at <= at).exists()
    )
    is_settled = or_(articles.c.id.is_not(None), frontier.c.state.in_(_SETTLED) & was_answered)
    held = (articles.c.id == frontier.c.article_id) & (articles.c.first_seen_at <= at)
    query = (
        select(
            frontier.c.site,
            _MONTH.label("month"),
            func.count().label("listed"),
            func.count(articles.c.id).label("stored"),
            _number(is_settled).label("settled"),
        )
        .select_from(frontier.outerjoin(articles, held))
        .where(frontier.c.first_listed_at <= at)
        .group_by(frontier.c.site, _MONTH)
    )
    if site is not None:
        query = query.where(frontier.c.site == site)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row["site"], row["month"] or ""))


def _month_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.substr(cast(column, Text), 1, 7)


_MONTH = func.coalesce(
    _month_of(articles.c.published_on),
    _month_of(frontier.c.stated_on),
    _month_of(frontier.c.lastmod_at),
)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _judged(row: dict[str, Any], looks: _Looks) -> dict[str, Any]:
    settled, listed, seen = row.pop("settled"), row["listed"], looks.has_seen(row["month"])
    complete = settled / listed if listed and seen else None
    gap = not seen or (complete is not None and complete < ENOUGH)
    return {**row, "seen": seen, "complete": complete, "gap": gap}


# Months of which nothing is known


@dataclass(slots=True)
class _Looks:
    """When crawls read the lists of a site."""

    days: list[date] = field(default_factory=list)
    """All of them, in order."""
    to_the_end: date | None = None
    """The last on which lists that go back to its beginnings were read to their end."""

    def has_seen(self, month: str | None) -> bool:
        """Whether one of them saw all that the month brought."""
        if month is None:
            return bool(self.days)
        begin = date.fromisoformat(f"{month}-01")
        if self.to_the_end and self.to_the_end >= begin:
            return True
        following = bisect_left(self.days, begin)
        return following < len(self.days) and self.days[following] - begin <= 2 * SHORT_MEMORY


def _looks(connection: Connection, at: datetime | None = None) -> dict[str, _Looks]:
    """Per site, when its lists were read; with *at*, by then."""
    remembers = (
        select(frontier.c.id)
        .where(frontier.c.site == crawls.c.site, frontier.c.source.in_(LONG_MEMORY))
        .exists()
    )
    report = crawls.c.report
    query = (
        select(
            crawls.c.site,
            crawls.c.started_at,
            and_(crawls.c.mode != "latest", remembers),
            report["lists_to_end"].as_boolean(),
            report["stopped_by"].as_string(),
        )
        .where(crawls.c.outcome == "finished", crawls.c.mode.in_(("due", "latest", "backfill")))
        .order_by(crawls.c.started_at)
    )
    if at is not None:
        query = query.where(crawls.c.finished_at <= at)
    found: dict[str, _Looks] = {}
    for site, started_at, is_long, to_the_end, stopped_by in connection.execute(query):
        looks = found.setdefault(site, _Looks())
        looks.days.append(started_at.date())
        # Older reports say only whether a bound ended the run.
        if is_long and (stopped_by is None if to_the_end is None else to_the_end):
            looks.to_the_end = started_at.date()
    return found


def _with_gaps(
    rows: list[dict[str, Any]], looks: _Looks, first: str | None, last: str | None
) -> Iterator[dict[str, Any]]:
    """The rows of a site, and one for every month between them at which nobody looked."""
    by_month = {row["month"]: row for row in rows}
    if None in by_month:
        yield _judged(by_month.pop(None), looks)
    if not by_month:
        return
    begins, ends = min(by_month), max(by_month)
    if first:
        begins = min(begins, max(first, _before(begins, MOST_BEFORE)))
    for month in _months(begins, max(ends, last or "")):
        if month in by_month:
            yield _judged(by_month[month], looks)
        elif not looks.has_seen(month):
            yield _nothing_of(rows[0]["site"], month, rows[0])


def _before(month: str, number: int) -> str:
    """The month so many months earlier.

    >>> _before("2020-02", 3)
    '2019-11'
    """
    year, index = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - number, 12)
    return f"{year:04}-{index + 1:02}"


def _nothing_of(site: str, month: str, like: dict[str, Any]) -> dict[str, Any]:
    nothing = {name: 0 for name in like if name != "settled"}
    unseen = {"seen": False, "complete": None, "gap": True}
    return {**nothing, "site": site, "month": month, **unseen}


def _months(first: str, last: str) -> Iterator[str]:
    """The months from one to another.

    >>> list(_months("2019-11", "2020-01"))
    ['2019-11', '2019-12', '2020-01']
    """
    month = first
    while month <= last:
        yield month
        month = _next(month)


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _is_within(month: str | None, first: str | None, last: str | None) -> bool:
    if month is None:
        return first is None and last is None
    return (first or "") <= month <= (last or "9999-99")
