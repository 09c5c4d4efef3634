"""What captures take on disk, against gzipped WARC and plain zstd, and how fast they read.

    python benchmarks/captures.py [PAGES]

Saves 2,000 pages of the bundled newsroom (or PAGES), then the pages of each outlet of which the
labelled pages beside the checkout hold at least six, each set into an archive of its own. Half the
newsroom's pages are captured again after a small edit. Printed per set and capture:

    gzip WARC   a WARC file as crawlers write it: each record gzipped with its headers
    zstd        the body alone in a frame of its own
    body        what the body takes in the archive, its share of the dictionaries included
    all         the whole tables of captures, bodies and dictionaries, with headers and indexes

The times are the median of reading single captures where no dictionary is open yet (cold) and where
it is (warm), against reading a blob of the same size from a bare SQLite table.
"""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import zstandard

from crawler.article import Article, Block
from crawler.capture import Capture
from storage import Archive
from storage.dictionaries import _SHELVES

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SETS = ("aeb", "aed", "fundus", "trafilatura")
#: An outlet with fewer pages says nothing of a site.
FEWEST = 6

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEADERS = (
    ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("ETag", '"33a64df551425fcc55e4d42a148795d9f25f89d4"'),
    ("Cache-Control", "max-age=600"),
    ("Vary", "Accept-Encoding"),
    ("Server", "nginx"),
)
READS = 200

Pages = list[tuple[str, bytes]]


def main() -> None:
    """Print one line per set, then the times."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    random.seed(20_160_711)
    first = newsroom(number)
    print(
        f"{'pages':>6} {'set':24} {'kB sent':>8} {'gzip WARC':>10} {'zstd':>7} {'body':>7}"
        f" {'all':>7}   WARC/body  WARC/all"
    )
    print(measured("newsroom", first))
    print(
        measured("newsroom, gzipped", [(url, gzip.compress(page, mtime=0)) for url, page in first])
    )
    print(measured("newsroom, edited", first[: number // 2], edit=True))
    for name, pages in outlets():
        print(measured(name, pages))
        print(measured(f"{name}, edited", pages, edit=True))


def newsroom(number: int) -> Pages:
    """Article pages of the bundled newsroom, multiplied to the number wanted."""
    from scripts.newsroom import Newsroom

    with Newsroom(size=number) as room:
        pages = [(article.url, room.answer(article.path).body) for article in room.articles]
    return pages[:number]


def outlets() -> Iterator[tuple[str, Pages]]:
    """The labelled pages of outlets with several, where they are there."""
    pages = sorted((SHARED / "insightcrime" / "pages").glob("*/page.html"))
    if pages:
        yield (
            "insightcrime.org",
            [(f"https://a.org/{p.parent.name}", p.read_bytes()) for p in pages],
        )
    by_host: dict[str, Pages] = defaultdict(list)
    for truth in sorted(
        path for name in SETS for path in (SHARED / "bench" / "data" / name).glob("*/truth.json")
    ):
        url = json.loads(truth.read_text()).get("url") or ""
        page = truth.with_name("page.html.gz")
        if url and page.exists():
            by_host[urlsplit(url).netloc].append((url, gzip.decompress(page.read_bytes())))
    for host, found in sorted(by_host.items()):
        if len(found) >= FEWEST and not host.startswith("web.archive"):
            yield host, found


def measured(name: str, pages: Pages, *, edit: bool = False) -> str:
    """The line of one set: the sizes, then the times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "archive.db")
        captures = [capture_of(url, page) for url, page in pages]
        wrote = saved(path, captures)
        before = sizes(path)
        if edit:
            captures = [capture_of(url, edited(page), days=1) for url, page in pages]
            wrote = saved(path, captures)
        after = sizes(path)
        body, everything = (
            (now - then if edit else now) / len(captures)
            for now, then in zip(after, before, strict=True)
        )
        warc = sum(map(warc_bytes, captures)) / len(captures)
        alone = sum(len(zstandard.compress(each.body, 3)) for each in captures) / len(captures)
        sent = sum(len(each.body) for each in captures) / len(captures)
        cold, warm, bare = times(path, Path(folder, "bare.db"))
    return (
        f"{len(pages):6} {name:24} {sent / 1e3:8.1f} {warc:10.0f} {alone:7.0f} {body:7.0f}"
        f" {everything:7.0f}   {warc / body:9.1f} {warc / max(everything, 1):9.1f}"
        f"   write {wrote:.2f} ms, read cold {cold:.2f}, warm {warm:.2f}, bare SQLite {bare:.2f}"
    )


def capture_of(url: str, body: bytes, days: int = 0) -> Capture:
    return Capture(url, NOW + timedelta(days=days), 200, HEADERS, body)


def edited(page: bytes) -> bytes:
    """The page with a sentence more and another number: what a newsroom changes."""
    middle = len(page) // 2
    return page[:middle] + b" An earlier version misstated the day. " + page[middle + 3 :]


def saved(path: Path, captures: list[Capture]) -> float:
    """Save them; the milliseconds that one took."""
    with Archive.open(path, mode="write") as archive:
        start = perf_counter()
        for each in captures:
            archive.save(
                each,
                reading_of(each),
                site="site",
                crawl_id=None,
                now=NOW,
                next_due_at=None,
            )
        return (perf_counter() - start) / len(captures) * 1e3


def reading_of(capture: Capture) -> Article:
    """The shortest article that was ever read: only the capture counts here."""
    text = (Block("paragraph", capture.sha256),)
    return Article(
        url=capture.url,
        canonical_url=capture.url,
        site="site",
        language="en",
        headline="-",
        body=text,
        parser="none/1",
    )


def sizes(path: Path) -> tuple[int, int]:
    """Bytes of the bodies with the dictionaries, and of all pages of the tables involved."""
    with closing(sqlite3.connect(path)) as connection:
        (bodies,) = connection.execute(
            "SELECT (SELECT sum(length(content)) FROM bodies) "
            "+ (SELECT coalesce(sum(length(content)), 0) FROM dictionaries)"
        ).fetchone()
        (tables,) = connection.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master "
            "WHERE tbl_name IN ('captures', 'bodies', 'dictionaries'))"
        ).fetchone()
    return int(bodies), int(tables)


def warc_bytes(capture: Capture) -> int:
    """What the response record of a capture takes, gzipped as WARC readers expect it."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in capture.headers)
    block = f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + capture.body
    record = (
        "WARC/1.1\r\nWARC-Type: response\r\n"
        "WARC-Record-ID: <urn:uuid:0c5c5aaf-4fe5-4cf6-8f0b-1f6e3c1f1f3a>\r\n"
        f"WARC-Target-URI: {capture.url}\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"WARC-Payload-Digest: sha256:{capture.sha256}\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    ).encode()
    return len(zlib.compress(record + block + b"\r\n\r\n", 9, 31))


def times(path: Path, bare: Path) -> tuple[float, float, float]:
    """Milliseconds to read one capture: archive just opened, archive in use, and a bare blob."""
    with Archive.open(path) as archive, archive._reading() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM captures").scalar_one()
    chosen = [random.randint(1, count) for _ in range(READS)]
    cold = []
    with Archive.open(path) as archive:
        archive.capture(chosen[0])
        for number in chosen[:50]:
            _SHELVES.clear()  # no dictionary is open
            cold.append(timed(lambda n=number: archive.capture(n)))  # type: ignore[misc]
        warm = [timed(lambda n=number: archive.capture(n)) for number in chosen]  # type: ignore[misc]
        contents = [archive.capture_body(number) for number in chosen]
    with closing(sqlite3.connect(bare)) as connection:
        connection.execute("CREATE TABLE blobs (id INTEGER PRIMARY KEY, content BLOB)")
        connection.executemany("INSERT INTO blobs (content) VALUES (?)", [(b,) for b in contents])
        connection.commit()
        query = "SELECT content FROM blobs WHERE id = ?"
        plain = [
            timed(lambda n=number: connection.execute(query, (n,)).fetchone())  # type: ignore[misc]
            for number in range(1, len(chosen) + 1)
        ]
    return median(cold), median(warm), median(plain)


def timed(act: object) -> float:
    start = perf_counter()
    act()  # type: ignore[operator]
    return (perf_counter() - start) * 1e3


if __name__ == "__main__":
    main()
