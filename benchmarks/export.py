"""How fast articles leave the archive, per format, and how much memory that takes.

    python benchmarks/export.py                      10,000 synthetic articles
    python benchmarks/export.py 100000
    python benchmarks/export.py --archive FILE       those of an archive that is there
    python benchmarks/export.py --archive FILE --times 10

Each format is written by `hemeroteca export` in a process of its own, as a user runs it; time and
peak memory are of that whole process, from its start. Beside them stand two floors, in a process
of their own as well: `SELECT` of the articles' plain columns with Python's csv module and nothing
else, and the stored records unpacked and written as they are. How many times a floor a format
takes is told by processor time, which other programs on the machine disturb less than the clock.
`--times` writes every article so many times into a copy, under other numbers, since to make a
million takes hours.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from storage import Archive

FORMATS = ("csv", "jsonl", "parquet", "bibtex", "ris", "csl-json", "graphml", "sqlite")

FLOORS = {
    "floor: SELECT, csv": """
import csv, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
rows = connection.execute(
    "SELECT id, url, canonical_url, site, language, kicker, headline, deck, category, tags, byline,"
    " published, modified, body, analysis, notices, licence, first_seen_at, gone_at, parser"
    " FROM articles ORDER BY published_on"
)
with open(sys.argv[2], "w", encoding="utf-8", newline="") as file:
    csv.writer(file, lineterminator="\\n").writerows(rows)
""",
    "floor: records": """
import sqlite3, sys, zstandard
connection = sqlite3.connect(sys.argv[1])
unpack = zstandard.ZstdDecompressor().decompressobj
with open(sys.argv[2], "wb") as file:
    for (record,) in connection.execute("SELECT record FROM readings WHERE replaced_at IS NULL"):
        file.write(unpack().decompress(record) + b"\\n")
""",
}

#: Tables of what belongs to an article, each with the columns that number it or what it owns.
OWNED = {
    "articles": ("id",),
    "article_authors": ("article_id",),
    "article_tags": ("article_id",),
    "links": ("article_id", "target_id"),
    "images": ("article_id",),
    "captures": ("id", "article_id"),
    "revisions": ("id", "article_id", "capture_id"),
    "readings": ("id", "revision_id", "capture_id"),
}


def repeated(source: Path, copy: Path, times: int) -> None:
    """Copy an archive and write its articles so many times, each with all that belongs to it."""
    shutil.copy(source, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for table, numbers in OWNED.items():
            most = 10_000_000
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            connection.execute("BEGIN")
            for turn in range(1, times):
                shifted = [
                    f"{name} + {turn * most}" if name in numbers else name for name in columns
                ]
                own = f"{numbers[0]} < {most}"
                connection.execute(
                    f"INSERT INTO {table} SELECT {', '.join(shifted)} FROM {table} WHERE {own}"
                )
            connection.execute("COMMIT")
        connection.execute("DELETE FROM tallies")
        connection.execute("INSERT INTO tallies SELECT * FROM tallies_anew")


class Cost(NamedTuple):
    """What a process took."""

    seconds: float
    processor: float
    """Seconds of processor time, the system's included."""
    peak: float
    """Megabytes."""


def measured(command: list[str]) -> Cost:
    """Run a process to its end."""
    started = perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - started
    assert status == 0, process.stderr.read().decode() if process.stderr else ""
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def report(archive: Path, place: Path, formats: list[str]) -> None:
    """Print a line per floor and format."""
    with Archive.open(archive) as opened:
        articles = sum(opened.sites().values())
    print(f"{articles:,} articles")
    print(f"{'':20} {'s':>8} {'a second':>9} {'proc. s':>8} {'MB out':>8} {'peak MB':>8}  × floors")
    floors: list[Cost] = []
    for name, code in FLOORS.items():
        out = place / "floor"
        floors.append(measured([sys.executable, "-c", code, str(archive), str(out)]))
        _print(name, articles, floors[-1], out)
        out.unlink()
    for form in formats:
        out = place / f"out.{form}"
        command = [sys.executable, "-m", "scripts.cli", "-q", "-a", str(archive), "export"]
        cost = measured([*command, "--format", form, "-o", str(out)])
        times = "  ".join(f"{cost.processor / floor.processor:.1f}" for floor in floors)
        _print(form, articles, cost, out, f"  {times}")
        for file in place.glob("out.*"):
            file.unlink()


def _print(name: str, articles: int, cost: Cost, out: Path, more: str = "") -> None:
    rate, size = articles / cost.seconds, out.stat().st_size / 1e6
    print(
        f"{name:20} {cost.seconds:8.1f} {rate:9,.0f} {cost.processor:8.1f} {size:8.1f} "
        f"{cost.peak:8.0f}{more}",
        flush=True,
    )


def main() -> None:
    """Make or take an archive, and write it out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--archive", type=Path, help="an archive that is there")
    parser.add_argument("--times", type=int, default=1, help="write each article so many times")
    parser.add_argument("--formats", default=",".join(FORMATS), help="which, by commas")
    parser.add_argument("--place", type=Path, help="where to write; else a temporary directory")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.place) as folder:
        place = Path(folder)
        source = given.archive or place / "made.db"
        if given.archive is None:
            # In a process of its own: what this one holds counts as a peak of those that it starts.
            made = (sys.executable, "-m", "benchmarks.synthetic", str(source), str(given.articles))
            subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        if given.times > 1:
            repeated(source, place / "many.db", given.times)
            source = place / "many.db"
        report(source, place, given.formats.split(","))


if __name__ == "__main__":
    main()
