"""A copy for publication: the articles with their history, without the captured bytes.

It is an archive of its own, which every command but a crawl's can be asked, and a SQLite file for
whoever wants tables. It holds when each capture was made, with its SHA-256, and neither the bytes
nor the heads, nor what only a crawl needs; but it says what it was taken by
(:mod:`storage.excerpts`). It is taken in one transaction, so that a crawl may
run meanwhile and the copy is of one moment.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, exc, insert, select, table, text
from sqlalchemy import column as column_named
from sqlalchemy.pool import StaticPool

from crawler.errors import MachineFault
from storage.excerpts import rows_to_keep
from storage.opening import address_to_read, fill, transaction
from storage.question import Question
from storage.schema import WITHOUT_BYTES

_CHOSEN = table("chosen", column_named("id"), schema="temp")

#: Articles and what belongs to them alone, in an order that foreign keys allow. ``{mine}`` are the
#: chosen articles.
_COPIED = (
    ("articles", "SELECT * FROM main.articles WHERE id IN {mine}"),
    ("aliases", "SELECT * FROM main.aliases WHERE article_id IN {mine}"),
    (
        "authors",
        "SELECT * FROM main.authors WHERE id IN "
        "(SELECT author_id FROM main.article_authors WHERE article_id IN {mine})",
    ),
    ("article_authors", "SELECT * FROM main.article_authors WHERE article_id IN {mine}"),
    (
        "tags",
        "SELECT * FROM main.tags WHERE id IN "
        "(SELECT tag_id FROM main.article_tags WHERE article_id IN {mine})",
    ),
    ("article_tags", "SELECT * FROM main.article_tags WHERE article_id IN {mine}"),
    ("images", "SELECT * FROM main.images WHERE article_id IN {mine}"),
    ("links", "SELECT * FROM main.links WHERE article_id IN {mine}"),
    (
        "bodies",
        "SELECT * FROM main.bodies WHERE id IN (SELECT body_id FROM main.captures "
        "WHERE article_id IN {mine} OR id IN (SELECT capture_id FROM main.revisions "
        "WHERE article_id IN {mine}))",
    ),
    (
        "captures",
        "SELECT * FROM main.captures WHERE article_id IN {mine} OR id IN "
        "(SELECT capture_id FROM main.revisions WHERE article_id IN {mine})",
    ),
    ("revisions", "SELECT * FROM main.revisions WHERE article_id IN {mine}"),
    (
        "readings",
        "SELECT * FROM main.readings WHERE replaced_at IS NULL AND revision_id IN "
        "(SELECT id FROM main.revisions WHERE article_id IN {mine})",
    ),
)

#: What the copy has in place of a column: nothing that only serves a crawl or a reader of bytes.
_IN_PLACE = {
    "bodies": {"content": "x''", "dictionary_id": "NULL", "base_id": "NULL", "wrapping": "NULL"},
    "captures": {"head_id": "NULL", "head": "NULL", "crawl_id": "NULL", "reason": "NULL"},
    "links": {
        "target_id": "CASE WHEN target_id IN (SELECT id FROM temp.chosen) THEN target_id END"
    },
}


def slim_copy(path: Path, question: Question, draft: Path, asked: Mapping[str, Any]) -> int:
    """Write the articles of an archive that fit a question into a new file; how many.

    *asked* is the question as it was put, for the copy to say.
    """
    try:
        fill(draft)
        rows = _filled(path, question, draft, asked)
        _finish(draft)
    except (exc.DBAPIError, sqlite3.Error, OSError) as error:
        raise MachineFault(
            f"The copy can't be written ({_cause(error)}): make room for it."
        ) from None
    return rows


def _cause(error: Exception) -> object:
    return error.orig if isinstance(error, exc.DBAPIError) else error


def _filled(path: Path, question: Question, draft: Path, asked: Mapping[str, Any]) -> int:
    source = sqlite3.connect(
        address_to_read(path),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    with closing(source):
        source.execute("ATTACH ? AS slim", (f"{draft.absolute().as_uri()}?mode=rw",))
        engine = create_engine("sqlite://", creator=lambda: source, poolclass=StaticPool)
        with transaction(engine, write=False) as connection:
            rows = _copy(connection, question)
            for row in rows_to_keep(connection, asked, "temp.chosen"):
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                statement = text(f"INSERT INTO slim.crawls ({names}) VALUES ({values})")  # noqa: S608
                connection.execute(statement, row)
            return rows


def _copy(connection: Connection, question: Question) -> int:
    connection.exec_driver_sql("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    ids = question.ids(connection.dialect.name, "oldest").subquery()
    rows = connection.execute(insert(_CHOSEN).from_select(["id"], select(ids.c.id))).rowcount
    for name, query in _COPIED:
        columns = _columns(connection, name)
        taken = ", ".join(_IN_PLACE.get(name, {}).get(each, each) for each in columns)
        query = query.replace("SELECT *", f"SELECT {taken}", 1)
        connection.exec_driver_sql(
            f"INSERT INTO slim.{name} ({', '.join(columns)}) "  # noqa: S608
            + query.format(mine="(SELECT id FROM temp.chosen)")
        )
    return rows


def _columns(connection: Connection, name: str) -> list[str]:
    """The columns that a copy is to have; those of the archive are the same, by its version."""
    told = connection.exec_driver_sql(f"PRAGMA slim.table_info({name})")
    return [row[1] for row in told]


def _finish(draft: Path) -> None:
    """One file with nothing beside it, marked as what it is, as small as it can be."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA user_version = {WITHOUT_BYTES}")
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        connection.execute("ANALYZE")
        connection.execute("VACUUM")
    with draft.open("rb") as file:
        os.fsync(file.fileno())
