"""What an archive lacks of what its sites listed: which addresses, why, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, func, select

from storage.coverage import IS_SETTLED, listed_in
from storage.filters import Day
from storage.schema import frontier


@dataclass(frozen=True, slots=True)
class Missing:
    """An address that a site has listed, and of which more is to be had than the archive has."""

    site: str
    url: str
    month: str | None
    """``2024-05``, as a list or the address states it; None where nothing does."""
    state: str
    """``waiting``, ``refused``, ``failed`` or ``unreadable``."""
    reason: str | None
    source: str
    """What kind of list named it first."""
    listed_at: datetime
    """When a list last named it."""
    next_due_at: datetime | None
    """When a crawl asks for it, now if that is past; None is never by itself."""


_MONTH = func.substr(
    func.coalesce(cast(frontier.c.stated_on, Text), cast(frontier.c.lastmod_at, Text)), 1, 7
)


def missing(
    connection: Connection,
    site: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    *,
    limit: int,
    offset: int = 0,
) -> list[Missing]:
    """The addresses, the newest month first and those without one last.

    :raises BadInput: ``since`` or ``until`` is no date.
    """
    columns = (
        frontier.c.site, frontier.c.url, _MONTH.label("month"), frontier.c.state,
        frontier.c.reason, frontier.c.source, frontier.c.listed_at, frontier.c.next_due_at,
    )  # fmt: skip
    query = listed_in(select(*columns).where(~IS_SETTLED), _MONTH, site, since, until)
    query = query.order_by(_MONTH.desc().nulls_last(), frontier.c.id).limit(limit).offset(offset)
    return [Missing(*row) for row in connection.execute(query)]


def why_missing(
    connection: Connection,
    site: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
) -> list[dict[str, Any]]:
    """How many there are, by ``state`` and ``reason``: rows with these and ``addresses``.

    :raises BadInput: ``since`` or ``until`` is no date.
    """
    number = func.count().label("addresses")
    lacked = select(frontier.c.state, frontier.c.reason, number).where(~IS_SETTLED)
    query = listed_in(lacked, _MONTH, site, since, until)
    query = query.group_by(frontier.c.state, frontier.c.reason)
    rows = connection.execute(query.order_by(number.desc(), frontier.c.state, frontier.c.reason))
    return [dict(row) for row in rows.mappings()]
