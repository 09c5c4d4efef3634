"""Which articles of the archive point at which: by links in the text, cards, translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, select

from storage.schema import articles, links


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two articles that the archive holds, seen from either."""

    role: str
    """``see_also``, ``related``, ``citation`` or ``translation``."""
    url: str | None
    """The address as it is printed where the link is."""
    id: int
    """The number of the article at the other end."""
    headline: str
    published_on: date | None
    language: str | None
    site: str


def links_from(connection: Connection, article_id: int) -> list[Link]:
    """The links of an article that lead to articles of the archive, in page order."""
    to_target = links.c.target_id == articles.c.id
    order = (links.c.role, links.c.position)
    return _links(connection, to_target, links.c.article_id == article_id, order, None)


def links_to(connection: Connection, article_id: int, limit: int | None = None) -> list[Link]:
    """The links of other articles that lead to one, the newest article's first."""
    to_source = links.c.article_id == articles.c.id
    order = (articles.c.published_on.desc().nulls_last(), articles.c.id.desc(), links.c.role)
    asked = (links.c.target_id == article_id) & (links.c.article_id != article_id)
    return _links(connection, to_source, asked, order, limit)


def _links(
    connection: Connection,
    joined: ColumnElement[bool],
    asked: ColumnElement[bool],
    order: Sequence[ColumnElement[object]],
    limit: int | None,
) -> list[Link]:
    query = (
        select(
            links.c.role,
            links.c.url,
            articles.c.id,
            articles.c.headline,
            articles.c.published_on,
            articles.c.language,
            articles.c.site,
        )
        .join(articles, joined)
        .where(asked)
        .order_by(*order)
        .limit(limit)
    )
    return [Link(**row) for row in connection.execute(query).mappings()]
