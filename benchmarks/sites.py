"""Many sites in one run: ``python benchmarks/sites.py [--sites 200] [--articles 10]``.

Serves so many sites on loopback addresses of their own (127.0.1.1, 127.0.1.2, …) from a process
beside, and crawls all of them in one run of one process. Most are healthy; of every forty, some
are slow, broken, drip their answers byte by byte, name twenty thousand articles, are not there at
all, or send pages that take long to read. The table tells, per kind of site,

- how many of its articles came, and when the sites of the kind were done, from the run's start;
- the ideal: a site's requests times its delay or the time that its answers take, whichever is more,
  as if it were crawled alone by a crawler that costs nothing.

A slow or broken site must hold up no other: the healthy ones of a run with sick ones among them are
held against those of a run of healthy ones alone (``--healthy``).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

#: Seconds between two requests to a host.
DELAY = 0.5
#: Seconds that a slow site takes for an answer.
SLOW = 2.0
#: Addresses that a huge site's sitemap names.
HUGE = 20_000
#: Kinds of sites, by their place among forty; the others are healthy.
SICK = {3: "slow", 9: "slow", 13: "broken", 19: "drips", 23: "huge", 29: "dead", 33: "heavy"}


def kind_of(number: int, *, healthy: bool = False) -> str:
    """What kind of a site this is."""
    return "healthy" if healthy else SICK.get(number % 40, "healthy")


def address_of(number: int) -> str:
    """The loopback address of a site: every one is a host of its own.

    >>> address_of(0), address_of(250)
    ('127.0.1.1', '127.0.2.1')
    """
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


_SERVER = """
import asyncio, json, sys
sys.path.insert(0, sys.argv[1])
from benchmarks.sites import serve
asyncio.run(serve(*json.loads(sys.argv[2])))
"""


async def serve(sites: int, articles: int, healthy: bool) -> None:
    """Serve all sites until the process is ended; prints the one port of all of them."""
    import asyncio
    from functools import partial

    port, servers = 0, []
    for number in range(sites):
        kind = kind_of(number, healthy=healthy)
        if kind == "dead" and port:
            continue
        answer = partial(_converse, kind, articles, address_of(number))
        server = await asyncio.start_server(answer, address_of(number), port, backlog=64)
        port = port or server.sockets[0].getsockname()[1]
        servers.append(server)
    print(port, flush=True)
    await asyncio.Event().wait()


async def _converse(kind: str, articles: int, host: str, reader: Any, writer: Any) -> None:
    """Answer one connection's requests."""
    import asyncio
    from contextlib import suppress

    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            port = writer.get_extra_info("sockname")[1]
            status, content_type, body = _answer(kind, articles, f"http://{host}:{port}", path)
            if kind == "slow":
                await asyncio.sleep(SLOW)
            answer = (
                f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            ).encode() + body
            for part in _parts(answer, drips=kind == "drips" and path.startswith("/news/")):
                writer.write(part)
                await writer.drain()
                if kind == "drips" and path.startswith("/news/"):
                    await asyncio.sleep(1)
    writer.close()


def _parts(answer: bytes, *, drips: bool) -> Iterator[bytes]:
    if not drips:
        yield answer
        return
    for place in range(len(answer)):
        yield answer[place : place + 1]


def _answer(kind: str, articles: int, home: str, path: str) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    from tests.crawling import article

    if path == "/robots.txt":
        return 200, "text/plain", f"Sitemap: {home}/sitemap.xml\n".encode()
    if kind == "broken":
        return 500, "text/html", b"<h1>Oh</h1>"
    if path == "/sitemap.xml":
        entries = (
            f"<url><loc>{home}/news/a-report-of-number-{number}</loc></url>"
            for number in range(HUGE if kind == "huge" else articles)
        )
        return 200, "text/xml", f"<urlset>{''.join(entries)}</urlset>".encode()
    if path.startswith("/news/"):
        page = article(f"Report {path.rpartition('-')[2]} of {home}")
        if kind == "heavy":
            page = page.replace("</article>", "<p>x</article>" + "<div><p>A line.</p>" * 40_000)
        return 200, "text/html; charset=utf-8", page.encode()
    return 404, "text/html", b"<h1>Not found</h1>"


def main() -> None:
    """Crawl all sites in one run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--articles", type=int, default=10)
    parser.add_argument("--healthy", action="store_true", help="no sick sites among them")
    options = parser.parse_args()
    wanted = json.dumps([options.sites, options.articles, options.healthy])
    command = [sys.executable, "-c", _SERVER, str(ROOT), wanted]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline()) if server.stdout else 0
        with tempfile.TemporaryDirectory() as folder:
            reports = crawl_all(Path(folder) / "sites.db", options.sites, options.articles, port)
    finally:
        server.terminate()
        server.wait()
    print(as_markdown(reports, options.articles, healthy=options.healthy))


def crawl_all(archive: Path, sites: int, articles: int, port: int) -> list[dict[str, Any]]:
    """One run over all sites."""
    from crawler.profile import generic_profile
    from spiders.run import crawl

    profiles = [generic_profile(f"http://{address_of(each)}:{port}/") for each in range(sites)]
    return crawl(
        archive, profiles, delay_seconds=DELAY, limit=articles, contact="sites@hemeroteca.example"
    )


def as_markdown(reports: list[dict[str, Any]], articles: int, *, healthy: bool) -> str:
    """A row per kind of site, and what the whole run took."""
    start = min(_instant(report, "started_at") for report in reports)
    kinds: dict[str, list[tuple[float, int]]] = {}
    for number, report in enumerate(reports):
        took = (_instant(report, "finished_at") - start).total_seconds()
        kinds.setdefault(kind_of(number, healthy=healthy), []).append((took, report["new"]))
    lines = [
        "| sites | number | articles | ideal s | done after s: median | 95 % | last |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, rows in sorted(kinds.items()):
        times = sorted(took for took, _ in rows)
        ideal = (articles + 3) * (SLOW if kind == "slow" else DELAY)
        lines.append(
            f"| {kind} | {len(rows)} | {sum(new for _, new in rows)} | {ideal:.1f} "
            f"| {statistics.median(times):.1f} | {times[int(0.95 * (len(times) - 1))]:.1f} "
            f"| {times[-1]:.1f} |"
        )
    here, read = (
        resource.getrusage(whose).ru_maxrss / 1024
        for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    failed = sum((Counter(report["failed"]) for report in reports), Counter[str]())
    ends = max(_instant(report, "finished_at") for report in reports)
    lines += [
        "",
        f"All sites: {(ends - start).total_seconds():.1f} s; peak memory {here:.0f} MB, "
        f"{here / len(reports):.2f} MB a site, and {read:.0f} MB for reading.",
        f"Failed: {json.dumps(dict(failed))}",
    ]
    return "\n".join(lines)


def _instant(report: dict[str, Any], key: str) -> datetime:
    return datetime.fromisoformat(report[key])


if __name__ == "__main__":
    main()
