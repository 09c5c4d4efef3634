"""What a crawl costs beside its parts: ``python benchmarks/crawl.py [--pages 5000]``.

Serves a site of so many pages on loopback in a process of its own, and in one run measures

- ``crawl``: spiders.run.crawl with delay 0, into a new archive;
- a bare Scrapy spider that asks for the same pages and only counts them;
- ``parse_article`` alone on the same pages;
- a bare insert of the archive's rows into tables of the same columns, one commit a page;

each in a process of its own, and prints the first against the sum of the others, by the clock and
in processor time (which a busy machine disturbs less). Memory is the peak of the process and of the
one that it started to read pages, if any.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

#: Connections to the one host, for the crawl and for the bare spider alike.
CONCURRENCY = 8


def main() -> None:
    """Run every part in a process of its own and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--part", nargs=3, metavar=("NAME", "ARCHIVE", "URL"))
    options = parser.parse_args()
    if options.part:
        name, archive, url = options.part
        print(json.dumps(measured(PARTS[name], Path(archive), url)))
        return
    small, large = (figures(pages) for pages in (options.pages // 5, options.pages))
    report(small, large)


def figures(pages: int) -> dict[str, Any]:
    """All parts on a site of so many pages."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(pages)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        url = server.stdout.readline().strip() if server.stdout else ""
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "crawl.db"
            return {name: part(name, archive, url) for name in PARTS}
    finally:
        server.terminate()
        server.wait()


_SERVER = """
import sys, time
from scripts.newsroom import Newsroom
room = Newsroom(size=int(sys.argv[1]))
for article in room.articles:
    room.answer(article.path)  # rendered once, so that serving costs the same to all
print(room.url, flush=True)
time.sleep(1e6)
"""


def part(name: str, archive: Path, url: str) -> dict[str, float]:
    """One part, measured in a new process."""
    command = [sys.executable, __file__, "--part", name, str(archive), url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {name}: {found}", file=sys.stderr)
    return found


def measured(task: Callable[[Path, str], tuple[int, Watch]], archive: Path, url: str) -> Any:
    """The pages, seconds and peak memory of a task in this process."""
    pages, watch = task(archive, url)
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = sum(resource.getrusage(whose).ru_maxrss for whose in both) / 1024
    return {
        "pages": pages,
        "seconds": round(watch.seconds, 2),
        "cpu_seconds": round(watch.cpu_seconds, 2),
        "peak_mb": round(peak),
    }


class Watch:
    """A stop-watch for the clock and for processor time: ``with watch: …``, as often as needed."""

    def __init__(self) -> None:
        self.seconds = self.cpu_seconds = 0.0

    def __enter__(self) -> None:
        self.seconds -= time.perf_counter()
        self.cpu_seconds -= sum(os.times()[:4])

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter()
        self.cpu_seconds += sum(os.times()[:4])


def crawl_part(archive: Path, url: str) -> tuple[int, Watch]:
    from crawler.sites import site_named
    from spiders.run import crawl

    warm_parser()
    profile = site_named("faro").at(url)
    watch = Watch()
    with watch:
        (found,) = crawl(archive, [profile], delay_seconds=0, concurrency=CONCURRENCY)
    return found["new"], watch


def scrapy_part(archive: Path, url: str) -> tuple[int, Watch]:
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess

    with closing(sqlite3.connect(archive)) as connection:
        urls = [row[0] for row in connection.execute("SELECT url FROM captures")]
    counted = []

    class Counting(Spider):
        name = "counting"

        async def start(self) -> Any:
            for address in urls:
                yield Request(address)

        def parse(self, response: Any) -> None:
            counted.append(len(response.body))

    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS": 2 * CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "REMOTE_CONTROL_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    watch = Watch()
    with watch:
        process.crawl(Counting)
        process.start()
    return len(counted), watch


def parse_part(archive: Path, url: str) -> tuple[int, Watch]:
    from crawler.errors import NotAnArticle
    from crawler.parsing import parse_article
    from crawler.parsing.decoding import decode_content
    from crawler.sites import site_named
    from storage import Archive

    warm_parser()
    profile = site_named("faro").at(url)
    with Archive.open(archive) as opened, closing(sqlite3.connect(archive)) as connection:
        numbers = [row[0] for row in connection.execute("SELECT id FROM captures")]
        watch = Watch()
        for number in numbers:
            capture = opened.capture(number)
            with watch, suppress(NotAnArticle):
                html = decode_content(capture.body, capture.headers)
                parse_article(
                    html, url=capture.url, profile=profile, content_type=capture.content_type
                )
    return len(numbers), watch


def insert_part(archive: Path, url: str) -> tuple[int, Watch]:
    with closing(sqlite3.connect(archive)) as source:
        tables = [
            name
            for (name,) in source.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
            )
        ]
        rows: list[tuple[str, tuple[Any, ...]]] = []
        columns = {}
        for table in tables:
            cursor = source.execute(f"SELECT * FROM {table}")
            columns[table] = [each[0] for each in cursor.description]
            rows += [(table, row) for row in cursor]
        pages = source.execute("SELECT count(*) FROM captures").fetchone()[0]
    target = archive.with_name("bare.db")
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target)) as bare:
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = NORMAL")
        add = {}
        for table, names in columns.items():
            quoted = ", ".join(f'"{name}"' for name in names)
            bare.execute(f"CREATE TABLE {table} ({quoted})")
            add[table] = f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})"
        bare.commit()
        every = max(len(rows) // max(pages, 1), 1)
        watch = Watch()
        with watch:
            for number, (table, row) in enumerate(rows):
                bare.execute(add[table], row)
                if number % every == 0:
                    bare.commit()
            bare.commit()
        return pages, watch


def warm_parser() -> None:
    """Load what the first page would: models and tables belong to no page."""
    from crawler.parsing import parse_article
    from tests.crawling import article

    parse_article(
        article("The strike at the port").encode(), url="https://news.example/the-strike/"
    )


PARTS = {"crawl": crawl_part, "scrapy": scrapy_part, "parse": parse_part, "insert": insert_part}


def report(small: dict[str, Any], large: dict[str, Any]) -> None:
    """The figures, as a table."""
    words = {
        "crawl": "crawl",
        "scrapy": "a bare Scrapy spider that counts",
        "parse": "parse_article alone",
        "insert": "a bare insert of the rows",
    }
    print("| part | pages | seconds | of the processor | pages/s | peak MB |")
    print("|---|---|---|---|---|---|")
    for name, found in large.items():
        rate = found["pages"] / found["seconds"] if found["seconds"] else 0
        print(
            f"| {words[name]} | {found['pages']} | {found['seconds']:.1f} "
            f"| {found['cpu_seconds']:.1f} | {rate:.0f} "
            f"| {found['peak_mb']} |"
        )
    print()
    for unit, by in (("seconds", "by the clock"), ("cpu_seconds", "in processor time")):
        parts = sum(found[unit] for name, found in large.items() if name != "crawl")
        print(f"crawl / sum of the parts, {by}: {large['crawl'][unit] / parts:.2f}")
    print(
        f"peak of crawl at {small['crawl']['pages']} and {large['crawl']['pages']} pages: "
        f"{small['crawl']['peak_mb']} and {large['crawl']['peak_mb']} MB"
    )


if __name__ == "__main__":
    main()
