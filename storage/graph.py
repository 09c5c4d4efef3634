"""The archive as a graph: articles, who signs them, and where they point."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, select

from storage.question import Question
from storage.schema import article_authors, articles, authors, links

NodeKind = Literal["article", "author", "page"]


@dataclass(frozen=True, slots=True)
class Node:
    """An article, an author, or a page that an article points at and that is none of them."""

    id: str
    """``article-58``, ``author-3``, ``page-`` and a hash of its address."""
    kind: NodeKind
    """``article``, ``author`` or ``page``."""
    label: str
    """The headline, the name or the address."""
    url: str | None = None
    site: str | None = None
    language: str | None = None
    category: str | None = None
    published: str | None = None
    """ISO 8601, as precise as the page says."""
    words: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """From who signs to the article, or from an article to where it points."""

    source: str
    """The ``id`` of the node that signs or points."""
    target: str
    """The ``id`` of the node that is signed or pointed at."""
    kind: str
    """``wrote``, ``citation``, ``see_also``, ``related`` or ``translation``."""
    weight: int = 1
    """How often the article points there so."""


def graph(connection: Connection, question: Question) -> Iterator[Node | Edge]:
    """All nodes, then all edges, of the articles that fit; one at a time.

    A page that the archive holds but that does not fit the question is a ``page`` like those that
    it does not hold.
    """
    source, conditions = question.found_in(connection.dialect.name)
    chosen = select(articles.c.id).select_from(source).where(*conditions).correlate(None)
    stream = connection.execution_options(yield_per=500)
    yield from _articles(stream, chosen)
    yield from _authors(stream, chosen)
    yield from _pages(stream, chosen)
    yield from _signatures(stream, chosen)
    yield from _links(stream, chosen)


def _articles(connection: Connection, chosen: Select[Any]) -> Iterator[Node]:
    columns = (
        articles.c.id,
        articles.c.headline,
        articles.c.url,
        articles.c.site,
        articles.c.language,
        articles.c.category,
        articles.c.published,
        articles.c.words,
    )
    for number, headline, *about in connection.execute(
        select(*columns).where(articles.c.id.in_(chosen)).order_by(articles.c.id)
    ):
        yield Node(f"article-{number}", "article", headline, *about)


def _authors(connection: Connection, chosen: Select[Any]) -> Iterator[Node]:
    signing = select(article_authors.c.author_id).where(article_authors.c.article_id.in_(chosen))
    query = select(authors.c.id, authors.c.name).where(authors.c.id.in_(signing))
    for number, name in connection.execute(query.order_by(authors.c.id)):
        yield Node(f"author-{number}", "author", name)


def _pages(connection: Connection, chosen: Select[Any]) -> Iterator[Node]:
    """What articles point at, but for articles that are part of the graph; each once."""
    query = (
        select(links.c.key, func.min(links.c.url))
        .where(links.c.article_id.in_(chosen), links.c.key.is_not(None), ~_is_inside(chosen))
        .group_by(links.c.key)
        .order_by(links.c.key)
    )
    for key, url in connection.execute(query):
        yield Node(_page_id(key), "page", url, url, _host_of(key))


def _signatures(connection: Connection, chosen: Select[Any]) -> Iterator[Edge]:
    query = (
        select(article_authors.c.author_id, article_authors.c.article_id)
        .where(article_authors.c.article_id.in_(chosen))
        .order_by(article_authors.c.article_id, article_authors.c.position)
    )
    for author, article in connection.execute(query):
        yield Edge(f"author-{author}", f"article-{article}", "wrote")


def _links(connection: Connection, chosen: Select[Any]) -> Iterator[Edge]:
    inside = _is_inside(chosen)
    query = (
        select(
            links.c.article_id, links.c.role, links.c.target_id, links.c.key, inside, func.count()
        )
        .where(links.c.article_id.in_(chosen), links.c.key.is_not(None))
        .group_by(links.c.article_id, links.c.role, links.c.target_id, links.c.key)
        .order_by(links.c.article_id, links.c.role, links.c.key)
    )
    for article, role, target, key, is_inside, number in connection.execute(query):
        end = f"article-{target}" if is_inside else _page_id(key)
        yield Edge(f"article-{article}", end, role, number)


def _is_inside(chosen: Select[Any]) -> Any:
    return links.c.target_id.is_not(None) & links.c.target_id.in_(chosen)


def _page_id(key: str) -> str:
    """A name that XML allows (NMTOKEN); the same for the same address in every archive."""
    return f"page-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _host_of(key: str) -> str:
    """The host of an address without its scheme.

    >>> _host_of("example.org/news?id=1")
    'example.org'
    """
    return key.partition("/")[0].partition("?")[0]
