"""The frontier: every address that a site has listed, its state, and when it is due.

It is a table in the archive, written in the same transaction as the page, so that a crawl that is
killed at any moment simply runs again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    Connection,
    Date,
    Row,
    Select,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)

from storage.folding import folded
from storage.schema import UTCDateTime, articles, frontier, mementos, revisions
from storage.statements import Statement, adding

#: Place of an address without a date: behind every dated one.
_UNDATED = 10**11

#: The clocks of a site and of this machine, in whatever zone, differ by less.
WRONG_AFTER = timedelta(days=1)

#: Addresses looked up at once: far below any database's limit of parameters.
_BATCH = 500

#: What became of an address; ``waiting`` is one that was never fetched.
STATES = (
    "waiting",
    "article",
    "part",
    "not_article",
    "unreadable",
    "gone",
    "moved",
    "refused",
    "failed",
)


class Listed(Protocol):
    """What a sitemap, feed or listing says of one address."""

    @property
    def url(self) -> str:
        """Canonical address."""

    @property
    def lastmod_at(self) -> datetime | None:
        """Last change that the list states."""

    @property
    def source(self) -> str:
        """sitemap, news-sitemap, feed, listing, wordpress, web-archive, link or user."""

    @property
    def stated_on(self) -> date | None:
        """Day of publication that the list, or the address itself, states."""


@dataclass(frozen=True, slots=True)
class ListedCount:
    """How many addresses a list named, how many were unknown, and how many are due now."""

    listed: int
    """How many addresses were named."""
    new: int
    """How many of them the archive did not know."""
    due: int
    """How many are due now."""
    again: int = 0
    """How many of them other lists of the same crawl had named."""


@dataclass(frozen=True, slots=True)
class Due:
    """An address to fetch, with what a conditional request needs."""

    url: str
    lastmod_at: datetime | None
    etag: str | None
    last_modified: str | None
    failures: int
    last_fetched_at: datetime | None
    state: str = "waiting"
    """One of :data:`STATES`."""
    changed_at: datetime | None = None
    """Since when the page stands as it does: published, edited, gone, or back."""
    edits: int = 0
    """Revisions of its article beyond the first."""

    @property
    def known(self) -> bool:
        """Whether the server has answered for it before."""
        return self.last_fetched_at is not None


_KNOWN = select(
    frontier.c.id,
    frontier.c.url,
    frontier.c.lastmod_at,
    frontier.c.last_fetched_at,
    frontier.c.next_due_at,
    frontier.c.stated_on,
    frontier.c.listed_at,
).where(
    frontier.c.site == bindparam("site"),
    frontier.c.url.in_(bindparam("urls", expanding=True)),
)
_ADD = adding(frontier)
_ADD_MANY = Statement(insert(frontier))
_SEEN = (
    update(frontier)
    .where(frontier.c.id.in_(bindparam("ids", expanding=True)))
    .values(listed_at=bindparam("now", type_=UTCDateTime()))
)
_NAMED = text(
    "INSERT INTO listings (frontier_id, source, first_listed_at, last_listed_at) "
    "SELECT id, :source, :now, :now FROM frontier WHERE site = :site AND url IN :urls "
    "ON CONFLICT (frontier_id, source) DO UPDATE SET last_listed_at = excluded.last_listed_at"
).bindparams(bindparam("urls", expanding=True), bindparam("now", type_=UTCDateTime()))
_MOVED_UP = (
    update(frontier)
    .where(frontier.c.id == bindparam("row"))
    .values(
        lastmod_at=bindparam("newer", type_=UTCDateTime()),
        stated_on=bindparam("stated", type_=Date()),
        place=bindparam("to"),
        next_due_at=bindparam("due", type_=UTCDateTime()),
    )
)


#: A page that was asked for since then has not moved.
_LATELY = timedelta(hours=1)
#: Pages of one day and headline that are asked at once whether they have moved.
_MOST_NAMESAKES = 5
_OF_THAT_DAY = Statement(
    select(frontier.c.id, articles.c.headline)
    .join(articles, articles.c.id == frontier.c.article_id)
    .where(
        articles.c.site == bindparam("site"),
        articles.c.published_on == bindparam("day", type_=Date()),
        frontier.c.state == "article",
        frontier.c.last_fetched_at < bindparam("before", type_=UTCDateTime()),
        frontier.c.next_due_at > bindparam("now", type_=UTCDateTime()),
    )
    .limit(300)  # more than any newsroom prints in a day
)
_DUE_NOW = Statement(
    update(frontier)
    .where(frontier.c.id == bindparam("row"))
    .values(next_due_at=bindparam("due", type_=UTCDateTime()))
)


def ask_namesakes(
    connection: Connection, site: str, day: date, headline: str, *, now: datetime
) -> None:
    """Make the pages of a day due at which an article of this headline is held.

    To be called where a new article is kept: mostly it is the one that stands there, at the address
    that it has moved to, and the old one says so. Their own plan may leave it alone for a year.
    """
    given = {"site": site, "day": day, "before": now - _LATELY, "now": now}
    held = _OF_THAT_DAY.run(connection, given).fetchall()
    wanted = folded(headline)
    namesakes = [row for row, other in held if folded(other) == wanted]
    _DUE_NOW.run_many(connection, ({"row": row, "due": now} for row in namesakes[:_MOST_NAMESAKES]))


def enlist(
    connection: Connection,
    site: str,
    founds: Iterable[Listed],
    *,
    crawl_id: int | None,
    now: datetime,
    began_at: datetime | None = None,
) -> ListedCount:
    """Take a list into the frontier: unknown addresses wait, changed ones become due.

    With ``began_at``, the beginning of the crawl, it is told how many it has seen before.
    """
    unique = {found.url: found for found in founds}
    new = due = again = 0
    for batch in _batches(list(unique.values())):
        added, ripe, seen = _enlist_batch(connection, site, batch, crawl_id, now, began_at)
        new, due, again = new + added, due + ripe, again + seen
    return ListedCount(listed=len(unique), new=new, due=due, again=again)


def _enlist_batch(
    connection: Connection,
    site: str,
    batch: Sequence[Listed],
    crawl_id: int | None,
    now: datetime,
    began_at: datetime | None,
) -> tuple[int, int, int]:
    known = {
        row.url: row
        for row in connection.execute(_KNOWN, {"site": site, "urls": [each.url for each in batch]})
    }
    new = [_new_row(site, each, crawl_id, now) for each in batch if each.url not in known]
    _ADD_MANY.run_many(connection, new)
    if known:
        connection.execute(_SEEN, {"ids": [row.id for row in known.values()], "now": now})
    for source in {each.source for each in batch}:
        urls = [each.url for each in batch if each.source == source]
        connection.execute(_NAMED, {"site": site, "urls": urls, "source": source, "now": now})
    ripe = len(new)
    for each in batch:
        if each.url in known:
            ripe += _move_up(connection, known[each.url], each, crawl_id, now)
    again = sum(row.listed_at >= began_at for row in known.values()) if began_at else 0
    return len(new), ripe, again


_EDITS = (
    select(case((func.count() > 1, func.count() - 1), else_=0))
    .where(revisions.c.article_id == frontier.c.article_id)
    .scalar_subquery()
)
_CLAIMED = select(*_KNOWN.selected_columns, frontier.c.changed_at, _EDITS.label("edits")).where(
    frontier.c.site == bindparam("site"),
    frontier.c.url.in_(bindparam("urls", expanding=True)),
    frontier.c.last_fetched_at.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a list says of the changes of pages that were fetched before, and how such words of it
    have come true."""

    known: int = 0
    """Pages of the list that were fetched before."""
    changed: frozenset[str] = frozenset()
    """Those that it says have changed since."""
    looked_at: int = 0
    """Pages of it that were fetched after the list was last read."""
    came_true: int = 0
    """Of these, the ones that had changed by then."""


def claims(
    connection: Connection, site: str, founds: Sequence[Listed], *, since: datetime, now: datetime
) -> Claims:
    """What a list claims; ``since`` is when it was read before."""
    by_url = {found.url: found for found in founds}
    rows = [
        row
        for batch in _batches(list(by_url.values()))
        for row in connection.execute(
            _CLAIMED, {"site": site, "urls": [each.url for each in batch]}
        )
    ]
    looked_at = [row for row in rows if row.last_fetched_at >= since]
    return Claims(
        len(rows),
        frozenset(row.url for row in rows if _is_changed(row, by_url[row.url], now)),
        len(looked_at),
        sum(row.edits > 0 and row.changed_at >= since for row in looked_at),
    )


def _move_up(
    connection: Connection,
    row: Row[*tuple[Any, ...]],
    found: Listed,
    crawl_id: int | None,
    now: datetime,
) -> bool:
    """Note a newer time of change; whether the address is due now."""
    newer, due_at = _newer(row.lastmod_at, found.lastmod_at, now), row.next_due_at
    stated_on = row.stated_on or found.stated_on
    if _is_changed(row, found, now):
        due_at = min(due_at or now, now)
    if newer is not None or due_at != row.next_due_at or stated_on != row.stated_on:
        lastmod_at = newer or row.lastmod_at
        values = {
            "newer": lastmod_at,
            "stated": stated_on,
            "to": place_of(lastmod_at, crawl_id, stated_on),
            "due": due_at,
        }
        connection.execute(_MOVED_UP, {"row": row.id, **values})
    return due_at is not None and due_at <= now


def _newer(known: datetime | None, stated: datetime | None, now: datetime) -> datetime | None:
    """The time of change that a list states, if it says more than what is known.

    Lists differ: a feed tells when an article was published, a sitemap when it was changed. Of two
    that may be true the later one holds, and a time that has not come yet gives way to any other.
    """
    if stated is None or known is None:
        return stated
    return stated if stated > known or (known > now and stated != known) else None


def _is_changed(row: Row[*tuple[Any, ...]], found: Listed, now: datetime) -> bool:
    """Whether the list says that the page changed after it was last fetched.

    A time of change that has not come yet counts once, or it would make the page due for ever; one
    further off than zones can explain is an error. Where a list states days alone, a new day that
    is not before that of the last fetch may mean a change after it.
    """
    stated, fetched = found.lastmod_at, row.last_fetched_at
    if stated is None or fetched is None or stated > now + WRONG_AFTER:
        return False
    is_news = row.lastmod_at is None or stated > row.lastmod_at
    if stated.time() == time() and is_news and stated.date() >= fetched.date():
        return True
    return bool((stated <= now or is_news) and stated > fetched)


def place_of(
    lastmod_at: datetime | None, crawl_id: int | None, stated_on: date | None = None
) -> int:
    """Where an address stands in the queue: newest first, the undated behind.

    What has no time of change stands at the end of the day of its publication. Among the undated,
    those that a later crawl found come first.
    """
    if lastmod_at is None and stated_on is not None:
        lastmod_at = datetime.combine(stated_on, time.max, UTC)
    if lastmod_at is None:
        return _UNDATED - (crawl_id or 0)
    return -int(lastmod_at.timestamp())


def _new_row(site: str, found: Listed, crawl_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "site": site,
        "url": found.url,
        "state": "waiting",
        "source": found.source,
        "place": place_of(found.lastmod_at, crawl_id, found.stated_on),
        "lastmod_at": found.lastmod_at,
        "stated_on": found.stated_on,
        "listed_at": now,
        "first_listed_at": now,
        "next_due_at": now,
        "failures": 0,
    }


def due(
    connection: Connection,
    site: str,
    *,
    limit: int,
    now: datetime,
    known_only: bool = False,
    young_since: datetime | None = None,
    since: date | None = None,
    until: date | None = None,
    after: Due | str | None = None,
    among: Sequence[str] | None = None,
    remembered: bool = False,
    looked_before: datetime | None = None,
) -> list[Due]:
    """The addresses that are due, newest first; *after* goes on behind an address.

    With *looked_before*, only those that were last fetched before then, longest ago first, and
    *after* has to be the :class:`Due` as it was drawn. With *young_since*, pages that were
    fetched before and have stood as they are for longer are left out. *among*, at most a few
    hundred addresses, leaves out all others, and *remembered* those of which no web archive holds
    a capture that was not asked for.
    """
    query = (
        select(
            frontier.c.url,
            frontier.c.lastmod_at,
            frontier.c.etag,
            frontier.c.last_modified,
            frontier.c.failures,
            frontier.c.last_fetched_at,
            frontier.c.state,
            frontier.c.changed_at,
            _EDITS,
        )
        .where(frontier.c.site == site, frontier.c.next_due_at <= now)
        .order_by(frontier.c.last_fetched_at if looked_before else frontier.c.place)
        .order_by(frontier.c.id)
        .limit(limit)
    )
    if looked_before is not None:
        query = query.where(frontier.c.last_fetched_at < looked_before)
    if known_only:
        query = query.where(frontier.c.last_fetched_at.is_not(None))
    if young_since is not None:
        is_new = frontier.c.last_fetched_at.is_(None)
        query = query.where(or_(is_new, frontier.c.changed_at >= young_since))
    if among is not None:
        query = query.where(frontier.c.url.in_(among))
    if remembered:
        query = query.where(
            exists().where(mementos.c.frontier_id == frontier.c.id, mementos.c.asked_at.is_(None))
        )
    if since or until:
        query = _between(query, since, until)
    if after is not None:
        query = _behind(connection, query, site, after, by_look=looked_before is not None)
    return [Due(*row) for row in connection.execute(query)]


def _between(query: Select[Any], since: date | None, until: date | None) -> Select[Any]:
    """Leave out what can't have been published in the period.

    A page is published before it is last changed, so an old time of change rules it out, and a
    recent one says nothing; of an article that is held, the day is known.
    """
    query = query.outerjoin(articles, articles.c.id == frontier.c.article_id)
    day = articles.c.published_on
    if since is not None:
        midnight = datetime.combine(since, time(), UTC) - timedelta(days=1)  # the site's own zone
        query = query.where(
            or_(day.is_(None), day >= since),
            or_(frontier.c.lastmod_at.is_(None), frontier.c.lastmod_at >= midnight),
        )
    if until is not None:
        query = query.where(or_(day.is_(None), day <= until))
    return query


def _behind(
    connection: Connection, query: Select[Any], site: str, after: Due | str, *, by_look: bool
) -> Select[Any]:
    url = after.url if isinstance(after, Due) else after
    row = connection.execute(
        select(frontier.c.place, frontier.c.id).where(
            frontier.c.site == site, frontier.c.url == url
        )
    ).one_or_none()
    if row is None:
        return query
    if by_look and isinstance(after, Due):  # it may have been fetched since it was drawn
        looked_at = bindparam("looked_at", after.last_fetched_at, UTCDateTime())
        return query.where(
            tuple_(frontier.c.last_fetched_at, frontier.c.id) > tuple_(looked_at, row.id)
        )
    return query.where(tuple_(frontier.c.place, frontier.c.id) > tuple_(row.place, row.id))


_ANSWERED_AT = bindparam("answered", type_=UTCDateTime())
_CHANGED_AT = bindparam("changed", type_=UTCDateTime())
_ANSWERED = Statement(
    update(frontier)
    .where(
        frontier.c.site == bindparam("of_site"),
        frontier.c.url == bindparam("of_url"),
        func.coalesce(frontier.c.last_fetched_at, _ANSWERED_AT) <= _ANSWERED_AT,
    )
    .values(
        state=bindparam("to_state"),
        reason=bindparam("why"),
        last_fetched_at=_ANSWERED_AT,
        next_due_at=bindparam("due", type_=UTCDateTime()),
        etag=bindparam("tag"),
        last_modified=bindparam("modified"),
        article_id=func.coalesce(bindparam("article"), frontier.c.article_id),
        changed_at=case(
            (_CHANGED_AT.is_not(None), _CHANGED_AT),
            ((frontier.c.state == "gone") != bindparam("is_gone"), _ANSWERED_AT),
            else_=func.coalesce(frontier.c.changed_at, frontier.c.lastmod_at, _ANSWERED_AT),
        ),
        failures=0,
    )
)


_LISTED = Statement(
    select(frontier.c.id).where(
        frontier.c.site == bindparam("of_site"), frontier.c.url == bindparam("of_url")
    )
)


def note_answer(
    connection: Connection,
    site: str,
    url: str,
    *,
    state: str,
    now: datetime,
    answered_at: datetime,
    next_due_at: datetime | None,
    article_id: int | None = None,
    changed_at: datetime | None = None,
    reason: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> bool:
    """What a server's answer means for an address; one that nobody listed is taken in.

    An answer from before the latest one, out of somebody's web archive, tells which article stood
    there, and nothing of how the page is now; whether the answer was of today.
    """
    values = {
        "of_site": site,
        "of_url": url,
        "to_state": state,
        "why": reason,
        "answered": answered_at,
        "changed": changed_at,
        "is_gone": state == "gone",
        "due": next_due_at,
        "tag": etag,
        "modified": last_modified,
        "article": article_id,
    }
    if _ANSWERED.run(connection, values).rowcount:
        return True
    if _LISTED.one(connection, values) is not None:
        if article_id is not None:
            lacking = _of(site, url).where(frontier.c.article_id.is_(None))
            connection.execute(lacking.values(article_id=article_id))
        return False
    row = {
        "site": site,
        "url": url,
        "state": state,
        "reason": reason,
        "source": "user",
        "place": place_of(None, None),
        "listed_at": now,
        "first_listed_at": now,
        "last_fetched_at": answered_at,
        "changed_at": changed_at or answered_at,
        "next_due_at": next_due_at,
        "etag": etag,
        "last_modified": last_modified,
        "failures": 0,
        "article_id": article_id,
    }
    _ADD.one(connection, row)
    return True


def note_same(
    connection: Connection, site: str, url: str, *, now: datetime, next_due_at: datetime | None
) -> None:
    """The server says that the page is as it was."""
    connection.execute(
        _of(site, url).values(last_fetched_at=now, next_due_at=next_due_at, failures=0)
    )


def note_refusal(
    connection: Connection,
    site: str,
    url: str,
    *,
    reason: str,
    now: datetime,
    next_due_at: datetime | None,
) -> None:
    """The address may not be fetched."""
    values = {"state": "refused", "reason": reason, "next_due_at": next_due_at}
    if not connection.execute(_of(site, url).values(**values)).rowcount:
        row = {"site": site, "url": url, "source": "user", "place": place_of(None, None)}
        times = {"listed_at": now, "first_listed_at": now, "failures": 0}
        _ADD.one(connection, row | times | values)


def note_failure(
    connection: Connection, site: str, url: str, *, reason: str, retry_at: datetime | None
) -> None:
    """A try failed. An address that nobody listed (a sitemap, a feed) is not taken in."""
    connection.execute(
        _of(site, url).values(
            state="failed",
            reason=reason,
            next_due_at=retry_at,
            failures=frontier.c.failures + 1,
        )
    )


def counts(connection: Connection, site: str) -> dict[str, int]:
    """How many addresses of a site are in each state."""
    query = (
        select(frontier.c.state, func.count())
        .where(frontier.c.site == site)
        .group_by(frontier.c.state)
    )
    found: dict[str, int] = dict(connection.execute(query).all())
    return {state: found[state] for state in STATES if state in found}


def _of(site: str, url: str) -> Any:
    return update(frontier).where(frontier.c.site == site, frontier.c.url == url)


def _batches(items: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
