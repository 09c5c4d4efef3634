"""The coverage ledger: what sites listed, month by month, and how much of it the archive has.

Whoever counts articles over time has to know where the archive has holes. A month is that of the
article that is held, else of what the site's own lists say of the address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, case, cast, func, or_, select

from storage.filters import Day, day_of
from storage.schema import articles, crawls, frontier, listings

#: Where less than this share of what was listed is settled, the archive clearly lacks something:
#: a few addresses are always refused, broken, or waiting for the next run.
ENOUGH = 0.9
#: A feed or a front page names what is younger than this: a crawl that came later has not seen it.
SHORT_MEMORY = timedelta(days=31)
#: Lists that go back to a site's beginnings: a crawl that reads them sees every month before.
LONG_MEMORY = ("sitemap", "listing")
#: States of an address of which nothing more is to be had, whether or not it holds an article.
_SETTLED = ("not_article", "gone", "part", "moved")
_IS_SETTLED = or_(frontier.c.article_id.is_not(None), frontier.c.state.in_(_SETTLED))


def coverage(
    connection: Connection,
    site: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
) -> list[dict[str, Any]]:
    """Rows by site and month, the unknown month first; with a period, only its months.

    Keys: ``site``; ``month`` (``2024-05``, or None where no day is known); ``listed``, the
    addresses of the month that the archive knows of; of these ``stored``, those that hold an
    article, and by state ``waiting``, ``not_articles``, ``gone``, ``refused``, ``failed``;
    ``complete``, the share (0 to 1) of which nothing more is to be had (an article, none, or gone;
    a part or another address of an article), None where nothing is listed; ``gap``, whether the
    archive clearly lacks what was listed (less than :data:`ENOUGH` is settled), or no crawl looked
    at that time. A month of which nothing is listed has a row only where it is such a gap.

    :raises BadInput: ``since`` or ``until`` is no date.
    """
    first = f"{day_of(since, is_last=False):%Y-%m}" if since else None
    last = f"{day_of(until, is_last=True):%Y-%m}" if until else None
    rows = [_judged(row) for row in _counted(connection, site)]
    looks = _looks(connection)
    return [
        row
        for name, months in groupby(rows, key=lambda row: row["site"])
        for row in _with_gaps(list(months), looks.get(name, []))
        if _is_within(row["month"], first, last)
    ]


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
            (func.count() - _number(_IS_SETTLED)).label("missing"),
        )
        .select_from(
            listings.join(frontier, frontier.c.id == listings.c.frontier_id)
            .join(kinds, kinds.c.frontier_id == frontier.c.id)
            .outerjoin(articles, articles.c.id == frontier.c.article_id)
        )
        .group_by(frontier.c.site, listings.c.source)
        .order_by(frontier.c.site, func.count().desc(), listings.c.source)
    )
    if site is not None:
        query = query.where(frontier.c.site == site)
    if since is not None:
        query = query.where(f"{day_of(since, is_last=False):%Y-%m}" <= _MONTH)
    if until is not None:
        query = query.where(f"{day_of(until, is_last=True):%Y-%m}" >= _MONTH)
    return [dict(row) for row in connection.execute(query).mappings()]


def _counted(connection: Connection, site: str | None) -> list[dict[str, Any]]:
    query = (
        select(
            frontier.c.site,
            _MONTH.label("month"),
            func.count().label("listed"),
            func.count(frontier.c.article_id).label("stored"),
            _number(frontier.c.state == "waiting").label("waiting"),
            _number(frontier.c.state == "not_article").label("not_articles"),
            _number(frontier.c.state == "gone").label("gone"),
            _number(frontier.c.state == "refused").label("refused"),
            _number(frontier.c.state.in_(("failed", "unreadable"))).label("failed"),
            _number(_IS_SETTLED).label("settled"),
        )
        .select_from(frontier.outerjoin(articles, articles.c.id == frontier.c.article_id))
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


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    complete = row.pop("settled") / row["listed"] if row["listed"] else None
    return {**row, "complete": complete, "gap": complete is not None and complete < ENOUGH}


# Months of which nothing is known


def _looks(connection: Connection) -> dict[str, list[tuple[date, bool]]]:
    """Per site, the days on which its lists were read, and whether these go back for years."""
    remembers = (
        select(frontier.c.id)
        .where(frontier.c.site == crawls.c.site, frontier.c.source.in_(LONG_MEMORY))
        .exists()
    )
    query = select(crawls.c.site, crawls.c.started_at, remembers).where(
        and_(crawls.c.outcome == "finished", crawls.c.mode.in_(("due", "latest", "backfill")))
    )
    found: dict[str, list[tuple[date, bool]]] = {}
    for site, started_at, is_long in connection.execute(query):
        found.setdefault(site, []).append((started_at.date(), bool(is_long)))
    return found


def _with_gaps(
    rows: list[dict[str, Any]], looks: Iterable[tuple[date, bool]]
) -> Iterator[dict[str, Any]]:
    """The rows of a site, and one for every month between them at which nobody looked."""
    looks = list(looks)
    before: str | None = None
    for row in rows:
        for month in _months_between(before, row["month"]):
            if not any(_has_seen(day, is_long, month) for day, is_long in looks):
                yield _nothing_of(row["site"], month, row)
        yield row
        before = row["month"]


def _has_seen(day: date, is_long: bool, month: str) -> bool:
    """Whether who looked on that day saw all that the month brought."""
    end = date.fromisoformat(f"{_next(month)}-01")
    return day >= end - SHORT_MEMORY and (is_long or day <= end + SHORT_MEMORY)


def _nothing_of(site: str, month: str, like: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(like, 0), "site": site, "month": month, "complete": None, "gap": True}


def _months_between(before: str | None, after: str | None) -> Iterator[str]:
    """The months after one and before another; none where either is unknown.

    >>> list(_months_between("2019-11", "2020-02"))
    ['2019-12', '2020-01']
    """
    month = _next(before) if before and after else ""
    while month and after and month < after:
        yield month
        month = _next(month)


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _is_within(month: str | None, first: str | None, last: str | None) -> bool:
    if month is None:
        return first is None and last is None
    return (first or "") <= month <= (last or "9999-99")
