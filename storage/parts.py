"""The parts of an article that stand in tables of their own: links, images, authors, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from crawler.article import Article, Pointer
from storage.folding import address_key, folded
from storage.identity import article_ids_by_key
from storage.rows import added
from storage.schema import article_authors, article_tags, authors, images, links, tags

_OWNED = (links, images, article_authors, article_tags)
_FORGET = [delete(table).where(table.c.article_id == bindparam("owner")) for table in _OWNED]
_ADD = {table: insert(table) for table in (*_OWNED, authors, tags)}
_NAMED = {
    table: select(table.c.name, table.c.id).where(
        table.c.name.in_(bindparam("names", expanding=True))
    )
    for table in (authors, tags)
}


def write_parts(connection: Connection, article_id: int, article: Article) -> None:
    """Write the parts of an article that has none yet."""
    _add(connection, links, _link_rows(connection, article_id, article))
    _add(connection, images, _image_rows(article_id, article))
    _write_names(connection, article_id, article.authors, authors, article_authors, "author_id")
    _write_names(connection, article_id, article.tags, tags, article_tags, "tag_id")


def rewrite_parts(connection: Connection, article_id: int, article: Article) -> None:
    """Write the parts anew."""
    for statement in _FORGET:
        connection.execute(statement, {"owner": article_id})
    write_parts(connection, article_id, article)


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_ADD[table], rows)


def _image_rows(article_id: int, article: Article) -> list[dict[str, Any]]:
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
    rows = [{"article_id": article_id, **row} for row in _links_of(article)]
    targets = article_ids_by_key(connection, {row["key"] for row in rows if row["key"]})
    for row in rows:
        row["target_id"] = targets.get(row["key"])
    return rows


def _links_of(article: Article) -> Iterator[dict[str, Any]]:
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
    """A row with every column, so that all links of an article go in by one statement."""
    return {
        "role": role,
        "position": position,
        "url": url,
        "key": address_key(url) if url else None,
        "title": None,
        "category": None,
        "date": None,
        "teaser": None,
        "language": None,
        "internal": None,
    }


def _write_names(
    connection: Connection,
    article_id: int,
    names: tuple[str, ...],
    known: Table,
    owned: Table,
    column: str,
) -> None:
    if not names:
        return
    ids = _ids_of(connection, known, names)
    rows = [
        {"article_id": article_id, "position": position, column: ids[name]}
        for position, name in enumerate(names)
    ]
    connection.execute(_ADD[owned], rows)


def _ids_of(connection: Connection, table: Table, names: tuple[str, ...]) -> dict[str, int]:
    found = connection.execute(_NAMED[table], {"names": list(names)})
    ids: dict[str, int] = dict(found.tuples().all())
    for name in names:
        if name not in ids:
            row = {"name": name, "folded": folded(name)}
            ids[name] = added(connection, _ADD[table], row)
    return ids
