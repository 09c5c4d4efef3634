"""What a crawl remembers for the next one: its report, its lists' validators, its hosts' limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from storage.schema import UTCDateTime, crawls, frontier, hosts, sources
from storage.statements import Statement, adding


@dataclass(frozen=True, slots=True)
class Crawl:
    """One run that added to the archive."""

    id: int
    site: str
    mode: str
    options: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    """``finished``, ``interrupted``, or None for one that was killed or still runs."""
    report: dict[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "id": self.id,
            "site": self.site,
            "mode": self.mode,
            "options": self.options,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "outcome": self.outcome,
            "report": self.report,
        }


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of a sitemap, feed or listing since it was last read."""

    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    """Hex SHA-256 of what it held."""
    fetched_at: datetime
    """When it was last read, in UTC."""
    goes_on_at: str | None = None
    """Where the next run reads on in a web archive's list; None when it was read to its end."""


@dataclass(frozen=True, slots=True)
class HostState:
    """What politeness has to remember of a host."""

    next_allowed_at: datetime | None
    crawl_delay_seconds: float | None
    """What its robots.txt asks for."""
    backoff_seconds: float | None
    """The extra pause that its refusals have earned."""


_ADD_CRAWL = adding(crawls)


def start(
    connection: Connection, site: str, mode: str, options: dict[str, Any], now: datetime
) -> int:
    """Note that a crawl begins; its id."""
    if _is_clock_set_back(connection, now):
        _believe_the_clock(connection, now)
    row = {"site": site, "mode": mode, "options": options, "started_at": now}
    return int(_ADD_CRAWL.one(connection, row))


#: Clocks are corrected by seconds all the time; a month's worth of visits is not planned on those.
_CORRECTION = timedelta(minutes=5)


#: No clock of today stands before this; one that does was not set since the machine started.
_NO_EARLIER = datetime(2025, 1, 1, tzinfo=UTC)


def _is_clock_set_back(connection: Connection, now: datetime) -> bool:
    """Whether the last crawl began after now, by a clock that was ahead."""
    if now < _NO_EARLIER:
        return False
    last = connection.scalar(select(crawls.c.started_at).order_by(crawls.c.id.desc()).limit(1))
    return last is not None and last > now + _CORRECTION


def _believe_the_clock(connection: Connection, now: datetime) -> None:
    """Count from now what was to be counted from a time that has not come yet.

    It would not be due, and no edit of it noticed, until that time comes.
    """
    asked = select(frontier.c.id, frontier.c.last_fetched_at, frontier.c.next_due_at).where(
        frontier.c.last_fetched_at > now, frontier.c.next_due_at.is_not(None)
    )
    moved = [
        {"row": row.id, "due": now + max(row.next_due_at - row.last_fetched_at, timedelta(0))}
        for row in connection.execute(asked)
    ]
    if moved:
        connection.execute(
            update(frontier)
            .where(frontier.c.id == bindparam("row"))
            .values(last_fetched_at=now, next_due_at=bindparam("due", type_=UTCDateTime())),
            moved,
        )
    waits = frontier.c.state.in_(["waiting", "failed", "refused"])
    late = update(frontier).where(waits, frontier.c.next_due_at > now)
    connection.execute(late.values(next_due_at=now))
    connection.execute(update(hosts).values(next_allowed_at=now, backoff_seconds=None))
    connection.execute(update(sources).where(sources.c.fetched_at > now).values(fetched_at=now))


def finish(
    connection: Connection, crawl_id: int, report: dict[str, Any], now: datetime, outcome: str
) -> None:
    """Note how a crawl ended."""
    connection.execute(
        update(crawls)
        .where(crawls.c.id == crawl_id)
        .values(finished_at=now, outcome=outcome, report=report)
    )


def listed(
    connection: Connection,
    site: str | None,
    limit: int | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Crawl]:
    """All crawls, or the last so many, the latest first; those that began within a time."""
    query = select(crawls).order_by(crawls.c.id.desc()).limit(limit)
    if site is not None:
        query = query.where(crawls.c.site == site)
    if since is not None:
        query = query.where(crawls.c.started_at >= since)
    if until is not None:
        query = query.where(crawls.c.started_at <= until)
    return [Crawl(**row) for row in connection.execute(query).mappings()]


def numbered(connection: Connection, number: int) -> Crawl | None:
    """One crawl, or None where there is none of that number."""
    row = connection.execute(select(crawls).where(crawls.c.id == number)).mappings().one_or_none()
    return Crawl(**row) if row else None


def source_state(connection: Connection, site: str, url: str) -> SourceState | None:
    """The validators of a list, or None when it was never read."""
    row = connection.execute(
        select(
            sources.c.etag,
            sources.c.last_modified,
            sources.c.body_sha256,
            sources.c.fetched_at,
            sources.c.goes_on_at,
        ).where(sources.c.site == site, sources.c.url == url)
    ).one_or_none()
    return SourceState(*row) if row else None


def sources_read(connection: Connection, site: str) -> list[str]:
    """The lists of a site that were read to their end, by their addresses."""
    query = select(sources.c.url).where(sources.c.site == site, sources.c.body_sha256.is_not(None))
    return list(connection.scalars(query.order_by(sources.c.url)))


def keep_source(connection: Connection, site: str, url: str, values: dict[str, Any]) -> None:
    """Keep the validators of a list."""
    _put(connection, sources, {"site": site, "url": url}, values)


def host_state(connection: Connection, host: str) -> HostState | None:
    """What is remembered of a host, or None."""
    row = connection.execute(
        select(hosts.c.next_allowed_at, hosts.c.crawl_delay_seconds, hosts.c.backoff_seconds).where(
            hosts.c.host == host
        )
    ).one_or_none()
    return HostState(*row) if row else None


def robots(connection: Connection, host: str) -> tuple[str, datetime] | None:
    """A host's robots.txt as it was last read and until when it holds, or None."""
    row = connection.execute(
        select(hosts.c.robots, hosts.c.robots_until).where(
            hosts.c.host == host, hosts.c.robots.is_not(None)
        )
    ).one_or_none()
    return (row.robots, row.robots_until) if row else None


def keep_host_state(connection: Connection, host: str, values: dict[str, Any]) -> None:
    """Keep what politeness has to remember of a host."""
    _put(connection, hosts, {"host": host}, values)


def _put(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Write a row over the one with the same key, or add it."""
    change, add = _putting(table, tuple(key), tuple(values))
    given = {f"to_{name}": value for name, value in values.items()}
    if not change.run(connection, key | given).rowcount:
        add.run(connection, key | values)


@cache
def _putting(
    table: Table, key: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[Statement, Statement]:
    """The statements that do: every request of a crawl notes when its host's next turn is."""
    same = [table.c[name] == bindparam(name) for name in key]
    given = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
    return Statement(update(table).where(*same).values(given)), adding(table)
