"""What a crawl remembers for the next one: its report, its lists' validators, its hosts' limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select, update

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
    """``finished``, ``interrupted``, ``died``, or None for one that still runs or was killed since
    anybody looked."""
    report: dict[str, Any] | None

    @property
    def result(self) -> str | None:
        """What the run came to, in words (:func:`result_of`)."""
        return result_of(self.outcome, self.report or {})

    @property
    def job(self) -> str | None:
        """The job that it was a run of, or None."""
        return self.options.get("job")

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
            "result": self.result,
            "report": self.report,
        }


#: Why nothing was asked for where robots.txt forbids it, as reports say it.
FORBIDDEN = "Forbidden by robots.txt"
#: Of these a run that could read no list says that it did not even reach the site.
_NOT_REACHED = (
    "can't be reached", "could not be found", "private network", "refused the connection",
    "did not answer", "does not answer", "connection broke", "in trouble",
)  # fmt: skip


def result_of(outcome: str | None, report: dict[str, Any]) -> str | None:
    """What a run came to: ``finished``, or why it brought nothing.

    ``not reached``, ``refused by robots.txt``, ``asked to wait`` (by its host) and ``lists failed``
    are runs that finished and got nothing at all; ``interrupted`` and ``died`` did not finish, and
    None is a run whose end is not known.

    >>> result_of("finished", {"lists_read": 0, "lists_failed": {"/feed/": "status 404"}})
    'lists failed'
    """
    if outcome != "finished":
        return outcome
    answers = ("lists_read", "lists_not_modified", "fetched", "not_modified", "gone")
    if any(report.get(key) for key in answers):
        return "refused by robots.txt" if report.get("robots_forbid") else "finished"
    why = [*(report.get("lists_failed") or {}).values()]
    why += [*(report.get("failed") or {}), *(report.get("put_back") or {})]
    if report.get("robots_forbid") or FORBIDDEN in why:
        return "refused by robots.txt"
    if report.get("was_paused"):
        return "asked to wait"
    if any(words in reason for reason in why for words in _NOT_REACHED):
        return "not reached"
    return "lists failed" if report.get("lists_failed") else "finished"


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
    kind: str | None = None
    """What it was when it was last read: sitemap, index, feed, posts or listing."""
    read_at: datetime | None = None
    """When it could last be read; None if it never could."""
    failing_runs: int = 0
    """By how many runs in a row it could not be read since."""


@dataclass(frozen=True, slots=True)
class KnownList:
    """A sitemap, feed or listing that could be read once."""

    url: str
    kind: str | None
    read_at: datetime
    changed_at: datetime | None
    """When its text last was another than before; None if that was never seen."""
    failing_since: datetime | None
    """Since when it can't be read; None where it can."""
    failing_runs: int
    failing_reason: str | None


@dataclass(frozen=True, slots=True)
class ListsRead:
    """What one run heard of a site's lists, by their addresses."""

    read: dict[str, str] = field(default_factory=dict)
    """Those that could be read, and what they are; as they were before, or not."""
    changed: set[str] = field(default_factory=set)
    """Of these, the ones whose text is another than before."""
    failed: dict[str, str] = field(default_factory=dict)
    """Those that could not be read, and why."""
    named: set[str] = field(default_factory=set)
    """All that the site has today, asked for or not; empty where that is not known."""


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


def note_dead(connection: Connection) -> None:
    """Note that crawls whose end is unknown were killed: whoever holds the archive knows that."""
    open_ones = update(crawls).where(crawls.c.outcome.is_(None))
    connection.execute(open_ones.values(outcome="died"))


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


def last_of_job(
    connection: Connection, site: str, job: str, mode: str, before: datetime | None = None
) -> Crawl | None:
    """The last crawl of a site that was a run of a job, and began before a moment, or None.

    Before crawls carried the name of their job, they were known by their mode.
    """
    query = select(crawls).where(crawls.c.site == site).order_by(crawls.c.id.desc())
    if before is not None:
        query = query.where(crawls.c.started_at < before)
    own = query.where(crawls.c.options["job"].as_string() == job).limit(1)
    row = connection.execute(own).mappings().one_or_none()
    if row is None:
        alike = connection.execute(query.where(crawls.c.mode == mode).limit(100)).mappings()
        row = next((each for each in alike if "job" not in each["options"]), None)
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
            sources.c.kind,
            sources.c.read_at,
            func.coalesce(sources.c.failing_runs, 0),
        ).where(sources.c.site == site, sources.c.url == url)
    ).one_or_none()
    return SourceState(*row) if row else None


def sources_read(connection: Connection, site: str) -> list[str]:
    """The lists of a site that were read to their end, by their addresses."""
    query = select(sources.c.url).where(sources.c.site == site, sources.c.body_sha256.is_not(None))
    return list(connection.scalars(query.order_by(sources.c.url)))


def known_lists(connection: Connection, site: str) -> list[KnownList]:
    """The lists of a site that could be read once, by their addresses."""
    query = (
        select(
            sources.c.url,
            sources.c.kind,
            sources.c.read_at,
            sources.c.changed_at,
            sources.c.failing_since,
            func.coalesce(sources.c.failing_runs, 0),
            sources.c.failing_reason,
        )
        .where(sources.c.site == site, sources.c.read_at.is_not(None))
        .order_by(sources.c.url)
    )
    return [KnownList(*row) for row in connection.execute(query)]


def note_lists(connection: Connection, site: str, seen: ListsRead, now: datetime) -> None:
    """Note which lists a run could read, and which of those known it could not.

    A list that fails and that the site no longer names is none of its lists any more.
    """
    well = {"failing_since": None, "failing_runs": 0, "failing_reason": None}
    for url, kind in seen.read.items():
        values: dict[str, Any] = {"kind": kind, "read_at": now, **well}
        if url in seen.changed:
            values["changed_at"] = now
        _put(connection, sources, {"site": site, "url": url}, values, new={"fetched_at": now})
    for each in known_lists(connection, site):
        here = update(sources).where(sources.c.site == site, sources.c.url == each.url)
        if each.url in seen.failed:
            connection.execute(
                here.values(
                    failing_since=each.failing_since or now,
                    failing_runs=each.failing_runs + 1,
                    failing_reason=seen.failed[each.url],
                )
            )
        elif each.failing_since and seen.named and each.url not in seen.named:
            connection.execute(here.values(**well))


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


def _put(
    connection: Connection,
    table: Table,
    key: dict[str, Any],
    values: dict[str, Any],
    new: dict[str, Any] | None = None,
) -> None:
    """Write a row over the one with the same key, or add it, then with ``new`` besides."""
    change, add = _putting(table, tuple(key), tuple(values))
    given = {f"to_{name}": value for name, value in values.items()}
    if not change.run(connection, key | given).rowcount:
        add.run(connection, key | values | (new or {}))


@cache
def _putting(
    table: Table, key: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[Statement, Statement]:
    """The statements that do: every request of a crawl notes when its host's next turn is."""
    same = [table.c[name] == bindparam(name) for name in key]
    given = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
    return Statement(update(table).where(*same).values(given)), adding(table)
