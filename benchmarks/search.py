"""How long a search takes, beside the bare FTS5 statement that finds the same articles.

    python benchmarks/search.py ARCHIVE [ARTICLES]

fills an archive with so many synthetic articles, without captures, where it holds fewer, and asks
it 200 questions as people ask them: rare and common words, several words, phrases, filters,
prefixes, columns, facets. Each is asked three times, the quickest counts: with the file in the
machine's cache. Times are the processor's, so that a busy machine tells hardly more than an idle
one. *search* is `Archive.search` with the number of all hits and 20 snippets; *bare* is
one statement that ranks the same matches by bm25 and takes the first 20, through `sqlite3` alone.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Any

from benchmarks.synthetic import CATEGORIES, SITES, article_of, vocabulary
from storage import Archive
from storage.content import Content, columns_of
from storage.query import COLUMNS
from storage.question import WEIGHTS

#: Articles written in one transaction.
_TOGETHER = 2_000

_BM25 = f"bm25(articles_fts, {', '.join(str(WEIGHTS[name]) for name in COLUMNS)})"


@dataclass
class Asked:
    """One question, and what it took in milliseconds."""

    kind: str
    query: str
    options: dict[str, Any] = field(default_factory=dict)
    found: int = 0
    search: float = 0.0
    bare: float = 0.0


# --- the archive


def fill(path: str, until: int) -> None:
    """Write articles, with their authors and tags, until there are so many."""
    Archive.open(path, mode="write").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}")
        begin = connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0]
        for start in range(begin, until, _TOGETHER):
            connection.execute("BEGIN")
            _write(connection, range(start, min(start + _TOGETHER, until)))
            connection.execute("COMMIT")
            if start // _TOGETHER % 50 == 49:
                print(f"{start + _TOGETHER:9,} articles", file=sys.stderr, flush=True)


def _write(connection: sqlite3.Connection, numbers: range) -> None:
    rows, signed, tagged = [], [], []
    for number in numbers:
        article = article_of(number)
        more = {"id": number + 1, "url": article.url, "first_seen_at": "2026-01-01 00:00:00.000000"}
        rows.append(columns_of(Content(article, b"", "")) | more)
        signed += [(number + 1, at, name) for at, name in enumerate(article.authors)]
        tagged += [(number + 1, at, name) for at, name in enumerate(article.tags)]
    names = list(rows[0])
    values = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO articles ({', '.join(names)}) VALUES ({values})", rows)
    for table, known, key, owned in (
        ("article_authors", "authors", "author_id", signed),
        ("article_tags", "tags", "tag_id", tagged),
    ):
        new = {(name, name.lower()) for *_, name in owned}
        connection.executemany(f"INSERT OR IGNORE INTO {known} (name, folded) VALUES (?, ?)", new)
        connection.executemany(
            f"INSERT INTO {table} (article_id, position, {key}) "
            f"SELECT ?, ?, id FROM {known} WHERE name = ?",
            owned,
        )


# --- the questions


def questions() -> Iterator[Asked]:
    """Two hundred of them, always the same."""
    chance = random.Random(200)

    def word(least: int, most: int) -> str:
        return vocabulary(chance.choice(("en", "es")))[chance.randrange(least, most)]

    def phrase() -> str:
        headline = article_of(chance.randrange(10_000)).headline.split()
        at = chance.randrange(len(headline) - 1)
        return f'"{headline[at]} {headline[at + 1]}"'

    makers: dict[str, tuple[int, Callable[[], tuple[str, dict[str, Any]]]]] = {
        "rare word": (30, lambda: (word(5_000, 40_000), {})),
        "middling word": (40, lambda: (word(200, 2_000), {})),
        "common word": (20, lambda: (word(10, 100), {})),
        "two words": (30, lambda: (f"{word(50, 500)} {word(50, 500)}", {})),
        "OR, NOT": (10, lambda: (f"({word(200, 900)} OR {word(200, 900)}) -{word(50, 99)}", {})),
        "phrase": (20, lambda: (phrase(), {})),
        "prefix": (10, lambda: (f"{word(200, 2_000)[:4]}*", {})),
        "one column": (10, lambda: (word(20, 500), {"inside": ["headline"]})),
        "filter": (20, lambda: (word(50, 500), _filter(chance))),
        "facets": (10, lambda: (word(100, 900), {})),
    }
    for kind, (number, make) in makers.items():
        yield from (Asked(kind, *make()) for _ in range(number))


def _filter(chance: random.Random) -> dict[str, Any]:
    return chance.choice(
        (
            {"site": chance.choice(SITES)},
            {"since": f"{chance.randrange(2012, 2024)}", "until": "2025"},
            {"category": chance.choice(CATEGORIES)},
            {"language": "es", "kind": "analysis"},
            {"site": chance.choice(SITES), "since": "2023-03-01"},
        )
    )


# --- the clock


def ask(archive: Archive, bare: sqlite3.Connection, asked: Asked) -> None:
    """Ask a question both ways."""

    def search() -> None:
        hits = archive.search(asked.query, limit=20, **asked.options)
        asked.found = hits.total
        if asked.kind == "facets":
            _ = hits.facets

    hits = archive.search(asked.query, limit=1, **asked.options)
    statements = [(_bare(hits.parameters), hits.parameters)]
    if asked.kind == "facets":
        statements += [(_FACET.format(column), hits.parameters) for column in _FACETS]

    def alone() -> None:
        for statement, parameters in statements:
            bare.execute(statement, parameters).fetchall()

    asked.search, asked.bare = (_quickest(each) for each in (search, alone))


def _quickest(act: Callable[[], None]) -> float:
    took = []
    for _ in range(3):
        began = process_time()
        act()
        took.append((process_time() - began) * 1000)
    return min(took)


_CONDITIONS = {
    "site": "a.site = :site",
    "since": "a.published_on >= :since",
    "until": "a.published_on <= :until",
    "category": "a.category_folded = :category",
    "language": "a.language = :language",
    "kind": "a.kicker_folded = :kind",
}

_FACETS = ("a.site", "substr(a.published_on, 1, 4)", "a.category", "a.language", "a.kicker")
_FACET = (
    "SELECT {}, count(*) FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid "
    "WHERE articles_fts MATCH :query GROUP BY 1"
)


def _bare(parameters: dict[str, Any]) -> str:
    """The statement that anybody would write for the same question."""
    asked = [_CONDITIONS[name] for name in parameters if name in _CONDITIONS]
    source = "articles_fts"
    if asked:
        source += " CROSS JOIN articles a ON a.id = articles_fts.rowid"
    where = " AND ".join(["articles_fts MATCH :query", *asked])
    return f"SELECT articles_fts.rowid, {_BM25} FROM {source} WHERE {where} ORDER BY 2 LIMIT 20"


def report(every: list[Asked]) -> Iterator[str]:
    """The table, line by line."""
    yield "| questions | found, median | search p50 | p95 | bare p50 | p95 | search / bare |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for kind in ("all", *dict.fromkeys(asked.kind for asked in every)):
        some = [asked for asked in every if kind in ("all", asked.kind)]
        search, bare = [each.search for each in some], [each.bare for each in some]
        ratio = median(each.search / each.bare for each in some)
        numbers = (median(search), _p95(search), median(bare), _p95(bare))
        shown = " | ".join(f"{number:.1f} ms" for number in numbers)
        found = int(median(each.found for each in some))
        ratios = f"{ratio:.2f}, {sum(search) / sum(bare):.2f}"
        yield f"| {len(some)} {kind} | {found:,} | {shown} | {ratios} |"


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def main() -> None:
    """Fill, ask, and print what it took."""
    path = sys.argv[1]
    if len(sys.argv) > 2:
        fill(path, int(sys.argv[2]))
    every = list(questions())
    with (
        Archive.open(path) as archive,
        closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as bare,
    ):
        bare.execute("PRAGMA cache_size = -16000")
        for asked in every:
            ask(archive, bare, asked)
        print(f"{sum(archive.sites().values()):,} articles\n")
    print("\n".join(report(every)))
    print("\n*search / bare*: the median of the ratios, and the ratio of the sums.")


if __name__ == "__main__":
    main()
