"""What runs brought, day by day: for a picture of whether all goes as it did before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.coverage import EXCERPT
from storage.schema import crawls

#: Numbers of a report that are added up.
SUMMED = ("new", "revised", "gone")


def nights(
    connection: Connection, site: str | None = None, since: datetime | None = None
) -> list[dict[str, Any]]:
    """A row for each day (UTC) on which a run began, the oldest first.

    Keys: ``day`` (``2026-11-24``); ``runs``, how many began; ``unfinished``, how many of these were
    interrupted, killed or are still under way; ``new``, ``revised``, ``gone``, ``failed``, the
    pages of all of them.
    """
    counted = [crawls.c.report[name].as_integer().label(name) for name in SUMMED]
    query = select(
        crawls.c.started_at, crawls.c.outcome, crawls.c.report["failed"].label("failed"), *counted
    ).where(crawls.c.mode != EXCERPT)
    if site is not None:
        query = query.where(crawls.c.site == site)
    if since is not None:
        query = query.where(crawls.c.started_at >= since)
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query.order_by(crawls.c.started_at)):
        day = f"{row.started_at:%Y-%m-%d}"
        nothing = dict.fromkeys(("runs", "unfinished", *SUMMED, "failed"), 0)
        sums = found.setdefault(day, {"day": day, **nothing})
        sums["runs"] += 1
        sums["unfinished"] += row.outcome != "finished"
        sums["failed"] += sum(row.failed.values()) if isinstance(row.failed, dict) else 0
        for name in SUMMED:
            sums[name] += getattr(row, name) or 0
    return list(found.values())


def days_looked(connection: Connection, site: str | None = None) -> list[str]:
    """The days (UTC, ``2026-11-24``) on which any run began, the oldest first."""
    day = func.date(crawls.c.started_at)
    query = select(day).where(crawls.c.mode != EXCERPT).distinct().order_by(day)
    if site is not None:
        query = query.where(crawls.c.site == site)
    return [str(each) for each in connection.scalars(query)]
