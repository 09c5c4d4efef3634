"""What a copy for publication says of itself: what it was taken by, out of how much, and when.

It stands among the runs that brought articles into the file, one for each site, with the ledger of
what the site had listed: so that nobody takes what was left out for silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from storage.coverage import EXCERPT, coverage
from storage.filters import Filters
from storage.schema import articles, crawls


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Of what a copy for publication is a part."""

    taken_at: datetime
    asked: dict[str, str]
    """The query and filters by name; empty where everything was taken."""
    articles: int
    """How many articles were taken …"""
    of: int
    """… of how many."""

    def __str__(self) -> str:
        named = [f"{name} {value}".strip() for name, value in self.asked.items() if name != "query"]
        query = [self.asked["query"]] if "query" in self.asked else []
        return " · ".join([*query, *named])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "taken_at": self.taken_at.isoformat(timespec="seconds"),
            "query": self.asked,
            "articles": self.articles,
            "of": self.of,
        }


def excerpt_of(connection: Connection) -> Excerpt | None:
    """What the archive is an excerpt of; None where it is none, or holds all that was there."""
    query = select(crawls.c.started_at, crawls.c.options, crawls.c.report)
    rows = connection.execute(query.where(crawls.c.mode == EXCERPT).order_by(crawls.c.id)).all()
    if not rows or not rows[0].options:
        return None
    counts = ("articles", "of")
    taken, every = (sum(int(row.report[name]) for row in rows) for name in counts)
    return Excerpt(rows[0].started_at, dict(rows[0].options), taken, every)


def rows_to_keep(
    connection: Connection, asked: Mapping[str, Any], taken: str
) -> Iterator[dict[str, Any]]:
    """The rows of ``crawls`` that say of a copy what it was taken by.

    *taken* names the table that holds the numbers of the articles taken, in column ``id``.
    """
    site = Filters(site=asked.get("site")).site
    ledger = coverage(connection, site)
    counted = _numbers(connection, taken)
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    said = {name: _plain(value) for name, value in asked.items() if value is not None}
    for name in sorted({*(row["site"] for row in ledger), *counted}):
        if site is not None and name != site:
            continue
        number, of = counted.get(name, (0, 0))
        report = {
            "articles": number,
            "of": of,
            "coverage": [row for row in ledger if row["site"] == name],
        }
        yield {
            "site": name,
            "mode": EXCERPT,
            "options": json.dumps(said, ensure_ascii=False),
            "started_at": now,
            "finished_at": now,
            "outcome": "finished",
            "report": json.dumps(report, ensure_ascii=False),
        }


def _numbers(connection: Connection, taken: str) -> dict[str, tuple[int, int]]:
    """How many articles of each site were taken, of how many."""
    every = select(articles.c.site, func.count()).group_by(articles.c.site)
    of: dict[str, int] = dict(connection.execute(every).all())
    query = (
        "SELECT site, count(*) FROM main.articles "  # noqa: S608
        f"WHERE id IN (SELECT id FROM {taken}) GROUP BY site"
    )
    found: dict[str, int] = dict(connection.exec_driver_sql(query).all())
    return {name: (found.get(name, 0), number) for name, number in of.items()}


def _plain(value: Any) -> str:
    if value is True:  # the name says it all
        return ""
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)
