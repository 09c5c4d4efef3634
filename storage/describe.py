"""``docs/reference/schema.md``, made from the schema: ``python -m storage.describe``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, Connection, Table, inspect

from storage.archive import Archive
from storage.schema import VERSION, metadata

_OPENING = """\
# The archive's tables

An archive is one SQLite file that any SQLite tool reads; on PostgreSQL the tables are the same.
This page is made from the schema, version {version}, by `python -m storage.describe`.

Instants (`…_at`) are in UTC, days (`…_on`) as the page prints them. Texts are as printed; a column
is empty (`NULL`) where a page says nothing.

Start with the views, which are made for questions in SQL:

```sh
sqlite3 hemeroteca.db "SELECT year, kind, count(*) FROM v_articles GROUP BY year, kind"
```

Full-text search in SQL goes through `articles_fts` (SQLite's FTS5, `rowid` is the article's `id`):

```sql
SELECT a.published_on, a.headline, snippet(articles_fts, -1, '[', ']', '…', 20)
FROM articles_fts JOIN v_articles a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH '"precursor chemicals"' ORDER BY bm25(articles_fts);
```
"""

#: What each view answers.
_VIEWS = {
    "v_articles": "One row per article, as it is now, with everything that a table of results "
    "needs. `kind` is the kicker, `year` and `month` are of `published_on`; `authors` and `tags` "
    "are joined by commas; `revisions` is how many states of it were seen.",
    "v_authors": "One row per author: how much, for how many sites, from when to when.",
    "v_links": "Where articles point; `target_id` and what follows where the archive holds it.",
    "v_captures": "Every response that was kept, with the SHA-256 of its bytes in hex; `origin` is "
    "where it was taken from, if not from its own address.",
    "v_revisions": "Each state of an article's text: its `number` by time, from 1, its own "
    "`headline`, and the capture that showed it; `url` and `site` are the article's.",
    "v_facts": "What articles are filtered and counted by, read from an index without their texts.",
    "tallies_anew": "What `tallies` has to say, counted now.",
    "ledger_anew": "What `ledger` has to say, counted now.",
    "v_coverage": "Per site and month, how many addresses were listed, how many of them hold an "
    "article, and what became of the others; a page that moved counts under both its addresses.",
}


def meanings() -> dict[str, tuple[str, dict[str, str]]]:
    """What each view and table holds, and each column of a table, by name."""
    found: dict[str, tuple[str, dict[str, str]]] = {
        name: (meaning.replace("`", ""), {}) for name, meaning in _VIEWS.items()
    }
    for table in metadata.tables.values():
        columns = {column.name: str(column.comment) for column in table.columns if column.comment}
        found[table.name] = (str(table.comment), columns)
    return found


def reference(connection: Connection) -> str:
    """The page, as Markdown; the views are read from an archive."""
    parts = [_OPENING.format(version=VERSION), "## Views\n", *_views(connection), "## Tables\n"]
    parts += [
        _table(table) for table in sorted(metadata.tables.values(), key=lambda each: each.name)
    ]
    return "\n".join(parts)


def _views(connection: Connection) -> Iterator[str]:
    looker = inspect(connection)
    for name, meaning in _VIEWS.items():
        columns = ", ".join(f"`{column['name']}`" for column in looker.get_columns(name))
        yield f"### {name}\n\n{meaning}\n\n{columns}\n"


def _table(table: Table) -> str:
    lines = [
        f"### {table.name}\n",
        f"{table.comment}\n",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    lines += [_line(column) for column in table.columns]
    return "\n".join(lines) + "\n"


def _line(column: Column[object]) -> str:
    kind = str(column.type).lower()
    kind += "" if column.nullable else ", never empty"
    target = next(iter(column.foreign_keys), None)
    link = f" → `{target.target_fullname}`" if target else ""
    return f"| `{column.name}` | {kind} | {column.comment or ''}{link} |"


def main() -> None:
    """Print the page."""
    with (
        tempfile.TemporaryDirectory() as place,
        Archive.open(Path(place, "new.db"), mode="write") as archive,
        archive._reading() as connection,
    ):
        sys.stdout.write(reference(connection))


if __name__ == "__main__":
    main()
