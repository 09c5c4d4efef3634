"""How much a save costs beyond the bare inserts of the rows that it leaves.

    python benchmarks/saving.py [PAGES]

Saves made-up pages of about the size of real ones (6 kB of text, 30 kB of HTML), then inserts the
very rows that resulted with plain ``sqlite3`` into a second archive, one transaction per page too,
and prints both times and their ratio. The bare side neither packs, hashes nor compares anything.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from crawler.article import Article, Block, Citation, Image, Pointer, Source
from crawler.capture import Capture
from storage import Archive

Statements = list[tuple[str, tuple[Any, ...]]]

#: Pages that one side does before it is the other's turn.
TURN = 100

NOW = datetime(2026, 1, 1, tzinfo=UTC)

#: Tables in an order that foreign keys allow, with the column that says whose row it is.
OWNED = {
    "articles": "id",
    "captures": "article_id",
    "revisions": "article_id",
    "readings": "revision_id",
    "aliases": "article_id",
    "links": "article_id",
    "images": "article_id",
    "article_authors": "article_id",
    "article_tags": "article_id",
    "frontier": "article_id",
}
SHARED = ("bodies", "authors", "tags")


def main() -> None:
    """Run both sides in turns, a hundred pages each, so that a busy machine slows both alike."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    pages = list(made_up_pages(number))
    with tempfile.TemporaryDirectory() as folder:
        ours, bare, first = (Path(folder, f"{name}.db") for name in ("ours", "bare", "first"))
        sum(save_all(first, pages))
        rows = list(rows_of(first))
        Archive.open(bare, mode="write").close()
        turns = list(zip(save_all(ours, pages), insert_all(bare, rows), strict=True))
        size = ours.stat().st_size / number
    seconds, floor = (sum(side) for side in zip(*turns, strict=True))
    print(f"save         {number / seconds:8.0f} pages/s  {seconds / number * 1e3:6.2f} ms a page")
    print(f"bare inserts {number / floor:8.0f} pages/s  {floor / number * 1e3:6.2f} ms a page")
    print(
        f"ratio        {median(a / b for a, b in turns):8.2f}  {size / 1e3:14.1f} kB a page on disk"
    )


def made_up_pages(number: int) -> Iterator[tuple[Capture, Article]]:
    """Pages with the vocabulary, length and number of parts of real ones."""
    chance = random.Random(20_160_711)
    words = [
        "".join(chance.choices("abcdeilmnorstu", k=chance.randint(2, 10))) for _ in range(8000)
    ]
    for each in range(number):
        yield _page(each, words, chance)


def _page(number: int, words: list[str], chance: random.Random) -> tuple[Capture, Article]:
    url = f"https://example.org/news/{number}"
    blocks = tuple(Block("paragraph", " ".join(chance.choices(words, k=75))) for _ in range(12))
    article = Article(
        url=url,
        canonical_url=url,
        site="example",
        language="en",
        headline=" ".join(chance.choices(words, k=9)),
        deck=" ".join(chance.choices(words, k=20)),
        category=f"CATEGORY {number % 12}",
        kicker="BRIEF" if number % 3 else "ANALYSIS",
        tags=tuple(f"tag {chance.randrange(300)}" for _ in range(4)),
        authors=(f"Author {number % 60}",),
        byline_raw=f"By Author {number % 60}",
        published=(NOW.date() - timedelta(days=number % 4000)).isoformat(),
        body=blocks[:8],
        analysis=blocks[8:],
        see_also=(Pointer(f"https://example.org/hub/{number % 40}", "A hub"),),
        related=tuple(
            Pointer(
                f"https://example.org/news/{chance.randrange(number + 9)}",
                "Another",
                date="2016-01-01",
            )
            for _ in range(3)
        ),
        citations=tuple(
            Citation("words", f"https://example.com/{chance.randrange(10**6)}", False)
            for _ in range(6)
        ),
        images=(Image(f"https://example.org/i/{number}.jpg", "A caption", "A credit"),),
        provenance={
            name: Source("meta:og:title", "raw words")
            for name in ("headline", "published", "byline")
        },
        parser="example/1",
    )
    template = " ".join(f'<div class="{word}">{word}</div>' for word in words[:500])
    body = f"<html>{template}{article.body_text}{article.analysis_text}</html>".encode()
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("ETag", f'"{number}"'),
        ("Server", "x"),
    )
    return Capture(url, NOW, 200, headers, body), article


def save_all(path: Path, pages: list[tuple[Capture, Article]]) -> Iterator[float]:
    """Save the pages, one transaction each; the seconds of every hundred."""
    with Archive.open(path, mode="write") as archive:
        crawl_id = archive.start_crawl("example", "due", {}, NOW)
        for at in range(0, len(pages), TURN):
            start = perf_counter()
            for capture, article in pages[at : at + TURN]:
                archive.save(
                    capture, article, site="example", crawl_id=crawl_id, now=NOW, next_due_at=NOW
                )
            yield perf_counter() - start


def rows_of(path: Path) -> Iterator[Statements]:
    """Per article the statements that make its rows, names first met there included."""
    with closing(sqlite3.connect(path)) as connection:
        crawls = [
            _insert(table, row)
            for table in ("crawls", "dictionaries")
            for row in connection.execute(f"SELECT * FROM {table}")
        ]
        seen: set[tuple[str, int]] = set()
        for (article_id,) in connection.execute("SELECT id FROM articles ORDER BY id").fetchall():
            shared = _shared(connection, article_id, seen)
            yield [*crawls, *shared, *_own(connection, article_id)]
            crawls = []


def _shared(
    connection: sqlite3.Connection, article_id: int, seen: set[tuple[str, int]]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    queries = (
        "SELECT b.* FROM bodies b JOIN captures c ON c.body_id = b.id WHERE c.article_id = ?",
        "SELECT n.* FROM authors n JOIN article_authors o ON o.author_id = n.id "
        "WHERE article_id = ?",
        "SELECT n.* FROM tags n JOIN article_tags o ON o.tag_id = n.id WHERE article_id = ?",
    )
    for table, query in zip(SHARED, queries, strict=True):
        for row in connection.execute(query, (article_id,)):
            if (table, row[0]) not in seen:
                seen.add((table, row[0]))
                yield _insert(table, row)


def _own(connection: sqlite3.Connection, article_id: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for table, column in OWNED.items():
        for row in connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (article_id,)):
            if table == "links":  # the target may not be there yet: the save left it empty, too
                row = (*row[:5], None, *row[6:])
            yield _insert(table, row)


def _insert(table: str, row: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row


def insert_all(path: Path, pages: list[Statements]) -> Iterator[float]:
    """Insert the rows with nothing but ``sqlite3``, one transaction per page; seconds as above."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "cache_size = -16000"):
            connection.execute(f"PRAGMA {pragma}")
        for at in range(0, len(pages), TURN):
            start = perf_counter()
            for statements in pages[at : at + TURN]:
                connection.execute("BEGIN IMMEDIATE")
                for statement, row in statements:
                    connection.execute(statement, row)
                connection.execute("COMMIT")
            yield perf_counter() - start


if __name__ == "__main__":
    main()
