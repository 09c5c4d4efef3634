"""What a list says of an article beside its headline: edited, translated, gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, union

from storage.schema import articles, links, revisions


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth knowing before an article is opened."""

    revisions: int
    """How many states of its text were seen; more than one is an edited article."""
    edited_at: datetime
    """When the last of them was first seen."""
    gone_at: datetime | None
    """Since when the server says that the page is no more, or None."""
    translations: tuple[tuple[str | None, int], ...] = ()
    """Language and number of its translations in the archive."""


def remarks(connection: Connection, ids: Sequence[int]) -> dict[int, Remark]:
    """The remarks on some articles, at most a few hundred, by their numbers."""
    states = (
        select(
            articles.c.id,
            func.count(revisions.c.id),
            func.max(revisions.c.captured_at),
            articles.c.gone_at,
        )
        .join(revisions, revisions.c.article_id == articles.c.id)
        .where(articles.c.id.in_(ids))
        .group_by(articles.c.id, articles.c.gone_at)
    )
    told = _translations(connection, ids)
    return {
        number: Remark(count, edited_at, gone_at, tuple(told.get(number, ())))
        for number, count, edited_at, gone_at in connection.execute(states)
    }


def _translations(
    connection: Connection, ids: Sequence[int]
) -> dict[int, list[tuple[str | None, int]]]:
    """As these articles link them, and as others link these."""
    role, source, target = links.c.role == "translation", links.c.article_id, links.c.target_id
    pairs = union(
        select(source.label("id"), target.label("other")).where(role, source.in_(ids), target > 0),
        select(target, source).where(role, target.in_(ids)),
    ).subquery()
    query = (
        select(pairs.c.id, articles.c.language, pairs.c.other)
        .join(articles, articles.c.id == pairs.c.other)
        .order_by(pairs.c.id, articles.c.language, pairs.c.other)
    )
    found: dict[int, list[tuple[str | None, int]]] = {}
    for number, language, other in connection.execute(query):
        found.setdefault(number, []).append((language, other))
    return found
