"""What runs brought, day by day: for a picture of whether all goes as it did before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.coverage import EXCERPT
from storage.schema import crawls

#: Numbers of a report that are added up.
SUMMED = ("new", "revised", "gone")

#: What of a report stands for pages that could not be had or read.
_FAILED = ("failed", "put_back", "unreadable", "lists_failed")


def nights(
    connection: Connection, site: str | None = None, since: datetime | None = None
) -> list[dict[str, Any]]:
    """A row for each day (UTC) and site on which a run began, the oldest first.

    Keys: ``day`` (``2026-11-24``), ``site``; ``runs``, how many began; ``unfinished``, how many of
    these were interrupted, killed or are still under way; ``new``, ``revised``, ``gone``, the pages
    of all of them; ``failed``, the pages that could not be had or read or were left for a later
    run, and the lists that could not be read.
    """
    counted = [crawls.c.report[name].as_integer().label(name) for name in SUMMED]
    troubles = [crawls.c.report[name].label(name) for name in _FAILED]
    query = select(crawls.c.site, crawls.c.started_at, crawls.c.outcome, *counted, *troubles)
    query = query.where(crawls.c.mode != EXCERPT).order_by(crawls.c.started_at, crawls.c.site)
    if site is not None:
        query = query.where(crawls.c.site == site)
    if since is not None:
        query = query.where(crawls.c.started_at >= since)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(query):
        key = (f"{row.started_at:%Y-%m-%d}", row.site)
        nothing = dict.fromkeys(("runs", "unfinished", *SUMMED, "failed"), 0)
        sums = found.setdefault(key, {"day": key[0], "site": key[1], **nothing})
        sums["runs"] += 1
        sums["unfinished"] += row.outcome != "finished"
        sums["failed"] += sum(_number(getattr(row, name)) for name in _FAILED)
        for name in SUMMED:
            sums[name] += getattr(row, name) or 0
    return list(found.values())


def _number(told: Any) -> int:
    """How many a report counts, by reason or by address or in one number."""
    if isinstance(told, Mapping):
        return sum(each if isinstance(each, int) else 1 for each in told.values())
    return told if isinstance(told, int) else 0


def days_looked(connection: Connection, site: str | None = None) -> list[str]:
    """The days (UTC, ``2026-11-24``) on which any run began, the oldest first."""
    day = func.date(crawls.c.started_at)
    query = select(day).where(crawls.c.mode != EXCERPT).distinct().order_by(day)
    if site is not None:
        query = query.where(crawls.c.site == site)
    return [str(each) for each in connection.scalars(query)]
