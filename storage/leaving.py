"""Captures that leave the archive, one at a time, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from crawler.capture import Capture
from crawler.errors import ArchiveDamaged
from storage.captures import WithoutBytes, capture_of
from storage.filters import Filters
from storage.question import Question
from storage.schema import articles, bodies, captures


@dataclass(frozen=True, slots=True)
class Sent:
    """When and from where some bytes came first."""

    id: int
    url: str
    """The address that was asked for."""
    address: str
    """Where the page stood."""
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """One capture with what a web archive says of it."""

    id: int
    capture: Capture
    site: str
    sha256: str
    earlier: Sent | None
    """The first capture of the same bytes among those that leave, if this is a later one."""
    headline: str | None
    """The headline of the article that it shows, where it shows one."""


_FIRST = select(
    captures.c.id,
    captures.c.url,
    func.coalesce(captures.c.final_url, captures.c.url).label("address"),
    captures.c.fetched_at,
).where(captures.c.id == bindparam("capture_id"))


def leaving(
    connection: Connection, question: Question, damaged: list[int] | None = None
) -> Iterator[Leaving]:
    """The captures of the articles that fit; without a question, or only a site, all of them.

    The rows are fetched in parts, so that memory does not grow with their number. What is
    *damaged* is left out and its number put there; without such a list it is an error. What came
    without its bytes, in a copy for publication, is left out.

    :raises BadInput: none of them has its bytes.
    """
    query, left_out, left = _chosen(connection, question), set[int](), 0
    missing: WithoutBytes | None = None
    for part in connection.execution_options(yield_per=100).execute(query).partitions():
        for row in part:
            try:
                capture = capture_of(connection, row.id)
            except WithoutBytes as error:
                left_out.add(row.id)
                missing = error
                continue
            except ArchiveDamaged:
                if damaged is None:
                    raise
                damaged.append(row.id)
                left_out.add(row.id)
                continue
            earlier = None
            if row.first_id != row.id and row.first_id not in left_out:
                first = connection.execute(_FIRST, {"capture_id": row.first_id}).one()
                earlier = Sent(*first)
            left += 1
            yield Leaving(row.id, capture, row.site, row.sha256, earlier, row.headline)
    if missing and not left:
        raise missing


def _chosen(connection: Connection, question: Question) -> Select[Any]:
    order = (captures.c.fetched_at, captures.c.id)
    first = func.first_value(captures.c.id).over(partition_by=captures.c.body_id, order_by=order)
    query = (
        select(
            captures.c.id,
            captures.c.site,
            bodies.c.sha256,
            first.label("first_id"),
            articles.c.headline,
        )
        .join(bodies, bodies.c.id == captures.c.body_id)
        .outerjoin(articles, articles.c.id == captures.c.article_id)
        .order_by(*order)
    )
    if question.node is None and question.filters == Filters(site=question.filters.site):
        site = question.filters.site
        return query if site is None else query.where(captures.c.site == site)
    source, conditions = question.found_in(connection.dialect.name)
    found = select(articles.c.id).select_from(source).where(*conditions).correlate(None)
    return query.where(captures.c.article_id.in_(found))
