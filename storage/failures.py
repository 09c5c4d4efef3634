"""The quarantine: what could not be fetched or read, why, how often, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Select, Update, bindparam, delete, insert, select, update

from storage.schema import failures, frontier
from storage.statements import Statement

Query = TypeVar("Query", Select[Any], Update, Delete)


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that could not be fetched or read."""

    id: int
    site: str
    url: str
    kind: str
    """``fetch``: no answer worth keeping; ``read``: an answer that could not be read."""
    reason: str
    count: int
    """How often in a row."""
    first_failed_at: datetime
    last_failed_at: datetime
    next_try_at: datetime | None
    capture_id: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "site": self.site,
            "url": self.url,
            "kind": self.kind,
            "reason": self.reason,
            "count": self.count,
            "first_failed_at": self.first_failed_at.isoformat(),
            "last_failed_at": self.last_failed_at.isoformat(),
            "next_try_at": self.next_try_at.isoformat() if self.next_try_at else None,
            "capture_id": self.capture_id,
        }


_SETTLE = Statement(
    delete(failures).where(failures.c.site == bindparam("site"), failures.c.url == bindparam("url"))
)


def note(
    connection: Connection,
    site: str,
    url: str,
    *,
    kind: str,
    reason: str,
    now: datetime,
    next_try_at: datetime | None,
    capture_id: int | None,
) -> None:
    """Note one more failure of an address."""
    values = {
        "kind": kind,
        "reason": reason,
        "last_failed_at": now,
        "next_try_at": next_try_at,
        "capture_id": capture_id,
    }
    again = update(failures).where(failures.c.site == site, failures.c.url == url)
    if not connection.execute(again.values(count=failures.c.count + 1, **values)).rowcount:
        row = {"site": site, "url": url, "count": 1, "first_failed_at": now, **values}
        connection.execute(insert(failures), row)


def settle(connection: Connection, site: str, urls: list[str]) -> None:
    """The addresses have been fetched and read: they are no failures any more."""
    _SETTLE.run_many(connection, [{"site": site, "url": url} for url in urls])


def listed(connection: Connection, site: str | None) -> list[Failure]:
    """All failures, the latest first."""
    query = select(failures).order_by(failures.c.last_failed_at.desc(), failures.c.id)
    return [Failure(**row) for row in connection.execute(_of(query, site)).mappings()]


def retry(connection: Connection, site: str | None, url: str | None, now: datetime) -> int:
    """Make failed addresses due now; how many."""
    failed = _of(select(failures.c.url), site, url)
    connection.execute(
        update(frontier)
        .where(frontier.c.url.in_(failed), *([frontier.c.site == site] if site else []))
        .values(next_due_at=now)
    )
    return connection.execute(_of(update(failures), site, url).values(next_try_at=now)).rowcount


def forget(connection: Connection, site: str | None, url: str | None) -> int:
    """Give up on failed addresses: they are not tried again; how many."""
    failed = _of(select(failures.c.url), site, url)
    connection.execute(
        update(frontier)
        .where(
            frontier.c.url.in_(failed),
            frontier.c.state.in_(["failed", "unreadable"]),
            *([frontier.c.site == site] if site else []),
        )
        .values(next_due_at=None)
    )
    return connection.execute(_of(delete(failures), site, url)).rowcount


def _of(query: Query, site: str | None, url: str | None = None) -> Query:
    if site is not None:
        query = query.where(failures.c.site == site)
    return query if url is None else query.where(failures.c.url == url)
