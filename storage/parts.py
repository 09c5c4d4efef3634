"""The parts of an article that stand in tables of their own: links, images, authors, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select

from crawler.article import Article, Pointer
from storage.folding import address_key, folded
from storage.identity import article_id_by_key
from storage.schema import article_authors, article_tags, authors, images, links, tags
from storage.statements import Statement, adding

_OWNED = (links, images, article_authors, article_tags)
_FORGET = [
    Statement(delete(table).where(table.c.article_id == bindparam("owner"))) for table in _OWNED
]
_ADD = {table: adding(table) for table in (*_OWNED, authors, tags)}
_NAMED = {
    table: Statement(select(table.c.id).where(table.c.name == bindparam("name")))
    for table in (authors, tags)
}


def write_parts(connection: Connection, article_id: int, article: Article) -> None:
    """Write the parts of an article that has none yet."""
    _ADD[links].run_many(connection, _link_rows(connection, article_id, article))
    _ADD[images].run_many(connection, image_rows(article_id, article))
    write_names(connection, article_id, article)


def write_names(connection: Connection, article_id: int, article: Article) -> None:
    """Write who signs an article that has no authors yet, and its tags."""
    _write_names(connection, article_id, article.authors, authors, article_authors, "author_id")
    _write_names(connection, article_id, article.tags, tags, article_tags, "tag_id")


def rewrite_parts(connection: Connection, article_id: int, article: Article) -> None:
    """Write the parts anew."""
    for statement in _FORGET:
        statement.run(connection, {"owner": article_id})
    write_parts(connection, article_id, article)


def image_rows(article_id: int, article: Article) -> list[dict[str, Any]]:
    return [
        {
            "article_id": article_id,
            "position": position,
            "url": image.url,
            "caption": image.caption,
            "credit": image.credit,
            "alt": image.alt,
        }
        for position, image in enumerate(article.images)
    ]


def _link_rows(connection: Connection, article_id: int, article: Article) -> list[dict[str, Any]]:
    rows = [{"article_id": article_id, **row} for row in links_of(article)]
    keys = {row["key"] for row in rows if row["key"]}
    targets = {key: article_id_by_key(connection, key) for key in keys}
    for row in rows:
        row["target_id"] = targets.get(row["key"])
    return rows


def links_of(article: Article) -> Iterator[dict[str, Any]]:
    yield from _pointers("see_also", article.see_also)
    yield from _pointers("related", article.related)
    for position, citation in enumerate(article.citations):
        yield _link("citation", position, citation.url) | {
            "title": citation.text,
            "internal": citation.internal,
        }
    for position, translation in enumerate(article.translations):
        yield _link("translation", position, translation.url) | {"language": translation.language}


def _pointers(role: str, pointers: Iterable[Pointer]) -> Iterator[dict[str, Any]]:
    for position, pointer in enumerate(pointers):
        yield _link(role, position, pointer.url) | {
            "title": pointer.title,
            "category": pointer.category,
            "date": pointer.date,
            "teaser": pointer.teaser,
        }


def _link(role: str, position: int, url: str | None) -> dict[str, Any]:
    key = address_key(url) if url else None
    return {"role": role, "position": position, "url": url, "key": key}


def _write_names(
    connection: Connection,
    article_id: int,
    names: tuple[str, ...],
    known: Table,
    owned: Table,
    column: str,
) -> None:
    rows = [
        {"article_id": article_id, "position": position, column: _id_of(connection, known, name)}
        for position, name in enumerate(names)
    ]
    _ADD[owned].run_many(connection, rows)


def _id_of(connection: Connection, table: Table, name: str) -> int:
    number = _NAMED[table].one(connection, {"name": name})
    if number is None:
        number = _ADD[table].one(connection, {"name": name, "folded": folded(name)})
    return int(number)
