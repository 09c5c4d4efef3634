# ruff: noqa: E501  (a fault is a line of the table)
"""What a crawl survives: ``python benchmarks/faults.py [--only WORD]``.

Every fault is a crawl of a loopback site of a few good articles, on which the site, the disk, the
clock or somebody's ``kill`` misbehaves. A row of the table says whether the crawl came to a
regular end (its own or, after a kill, that of the next run) and left a whole archive; how many of
the good articles are missing and how many are there twice; how long it took, and the peak memory
of the crawl and its reading process. Exit code 1 unless every fault is survived with nothing lost
and nothing doubled.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.crawling import article, damage_in
from tests.hostile import (
    Answer,
    HostileSite,
    counted,
    endless,
    headline,
    hostile,
    listing,
    path,
    reset,
    response,
    silent,
)

ROOT = Path(__file__).parent.parent
#: A page that misbehaves stands here, among the good ones.
BAD = "/world/a-page-that-misbehaves/"
#: Good articles on every site.
GOOD = 5
#: Short waits, so that a table of faults takes minutes; the proportions are those of the defaults.
CONTEXT = multiprocessing.get_context("forkserver")
SETTINGS = {"DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 0, "HEMEROTECA_LONGEST_READING_SECONDS": 20.0}


@dataclass
class Crawl:
    """A crawl in a process of its own."""

    process: BaseProcess
    answers: Connection
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    peak_mb: int = 0
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    def end(self, within: float = 120.0) -> dict[str, Any]:
        """Wait for its end; what it says of itself."""
        self.answer = {"fault": "killed"}
        if not self.answers.poll(within):
            self.process.kill()
            self.answer = {"fault": f"still running after {within:.0f} s"}
        else:
            with suppress(EOFError):
                self.answer = self.answers.recv()
        self.process.join()
        self.seconds = time.monotonic() - self.begun
        self.peak_mb = self.answer.get("peak_mb", 0)
        return self.answer


def started(archive: Path, url: str, **options: Any) -> Crawl:
    """Start a crawl of an address."""
    options["settings"] = SETTINGS | options.get("settings", {})
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=crawl_here, args=(there, str(archive), url, options))
    process.start()
    there.close()
    return Crawl(process, here)


def crawl_here(answers: Connection, archive: str, url: str, options: dict[str, Any]) -> None:
    """The crawl itself, in the process that was started for it."""
    from crawler.errors import HemerotecaError
    from crawler.profile import generic_profile
    from spiders.run import crawl

    complaints = os.open(os.environ.get("FAULTS_STDERR", os.devnull), os.O_WRONLY | os.O_APPEND)
    os.dup2(complaints, 2)
    largest_file = options.pop("largest_file", None)
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    for patch in options.pop("patches", ()):
        PATCHES[patch]()
    answer: dict[str, Any] = {}
    options = {"delay_seconds": 0.0, "contact": "faults@hemeroteca.example"} | options
    try:
        (answer["report"],) = crawl(archive, [generic_profile(url)], **options)
    except HemerotecaError as refusal:
        answer.update(exit_code=refusal.exit_code, sentence=str(refusal))
    except Exception as fault:
        answer["fault"] = f"{type(fault).__name__}: {fault}"
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    answer["peak_mb"] = sum(resource.getrusage(whose).ru_maxrss for whose in both) // 1024
    answers.send(answer)


# What is held against what should be there


@dataclass
class Outcome:
    """A row of the table."""

    survived: bool
    lost: int
    duplicated: int
    seconds: float
    peak_mb: int
    note: str = ""


def kept(archive: Path) -> list[str]:
    """The headlines of an archive, one for each article."""
    with closing(sqlite3.connect(archive)) as connection:
        return [text for (text,) in connection.execute("SELECT headline FROM articles")]


def judged(archive: Path, crawl: Crawl, good: int = GOOD, *, note: str = "") -> Outcome:
    """The outcome of a fault after its last crawl."""
    headlines = kept(archive) if archive.exists() else []
    wanted = {headline(number) for number in range(good)}
    damage = damage_in(archive)[:1] if archive.exists() else ["no archive"]
    ended = crawl.answer.get("report", {}).get("outcome") == "finished"
    words = note or told(crawl.answer)
    return Outcome(
        ended and not damage,
        len(wanted - set(headlines)),
        len(headlines) - len(set(headlines)),
        crawl.seconds,
        crawl.peak_mb,
        "; ".join(filter(None, [words, *map(str, damage)])),
    )


def told(answer: dict[str, Any]) -> str:
    """What a crawl says of the fault."""
    report = answer.get("report")
    if not report:
        return str(answer.get("sentence") or answer.get("fault"))
    words = [*report["failed"], *report["put_back"], *report["lists_failed"].values()]
    words += report.get("alarms", [])
    if report["unreadable"]:
        words.append(f"{report['unreadable']} unreadable")
    if report["not_articles"]:
        words.append(f"{report['not_articles']} no articles")
    ordinary = ("status 404", "no article")
    return "; ".join(dict.fromkeys(word for word in words if word not in ordinary))


# --- A hostile web


def web(
    answers: dict[str, Answer] | None = None,
    *,
    otherwise: Callable[[str], Answer | None] | None = None,
    good: int = GOOD,
    check: Callable[[Path, HostileSite], str | None] | None = None,
    **options: Any,
) -> Callable[[Path], Outcome]:
    """A fault of a site. ``check`` names what is wrong besides, or None."""

    def run(folder: Path) -> Outcome:
        archive = folder / "archive.db"
        with hostile(answers, good=GOOD, otherwise=otherwise) as site:
            crawl = started(archive, site.url, **options)
            crawl.end()
            outcome = judged(archive, crawl, good)
            wrong = check(archive, site) if check else None
        if wrong:
            outcome.survived, outcome.note = False, f"{wrong}; {outcome.note}"
        return outcome

    return run


def bad(answer: Answer, **options: Any) -> Callable[[Path], Outcome]:
    """A fault of one page."""
    return web({BAD: answer}, **options)


def zeros(megabytes: int, pack: Callable[[], Any]) -> bytes:
    """So many megabytes of nothing, packed."""
    packer, piece = pack(), b"\0" * (1 << 20)
    return b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])


def zipped(megabytes: int) -> bytes:
    return zeros(megabytes, lambda: zlib.compressobj(6, zlib.DEFLATED, 31))


def brotlied(megabytes: int) -> bytes:
    import brotli

    packer, piece = brotli.Compressor(quality=1), b"\0" * (1 << 20)
    return b"".join([*(packer.process(piece) for _ in range(megabytes)), packer.finish()])


def zstandarded(megabytes: int) -> bytes:
    import zstandard

    return zeros(megabytes, lambda: zstandard.ZstdCompressor(level=3).compressobj())


def coded(body: bytes, coding: str) -> bytes:
    return response(body, f"Content-Encoding: {coding}")


def moved(target: str, status: str = "302 Found") -> bytes:
    return response(b"", f"Location: {target}", status=status)


def not_an_article(archive: Path, _: HostileSite) -> str | None:
    """The bad page must not stand among the articles unless it is marked."""
    with closing(sqlite3.connect(archive)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM captures WHERE url LIKE ? AND NOT truncated "
            "AND outcome IN ('new', 'revised', 'unchanged')",
            [f"%{BAD}"],
        ).fetchone()
    return "stored as if it were whole" if count else None


def quiet_headlines(archive: Path, _: HostileSite) -> str | None:
    """No headline may hold what steers a terminal."""
    from scripts.printing import line

    shown = [line(text) for text in kept(archive)]
    steering = [text for text in shown if any(ord(each) < 32 or ord(each) == 127 for each in text)]
    return f"steers a terminal: {steering[0]!r}" if steering else None


def few_requests(most: int) -> Callable[[Path, HostileSite], str | None]:
    def check(_: Path, site: HostileSite) -> str | None:
        asked = len(site.asked)
        return f"{asked} requests" if asked > most else None

    return check


PAGE = article("The page that misbehaves")
WHOLE = PAGE.replace("</body>", "</body></html>")
HALF = WHOLE[: len(WHOLE) // 2].encode()
XML = '<?xml version="1.0"?>'
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(12)
)


def urlset(*paths: str) -> str:
    """A sitemap of these paths, for the site that ``SITE`` in an answer stands for."""
    found = "".join(f"<url><loc>{each}</loc></url>" for each in paths)
    return f"{XML}<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{found}</urlset>"


def index(*paths: str) -> str:
    found = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in paths)
    head = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    return f"{XML}{head}{found}</sitemapindex>"


GOOD_PATHS = [path(number) for number in range(GOOD)]
NAMED_MAP = response("Sitemap: /sitemap.xml\n", kind="text/plain")


def mapped(sitemap: Answer, **options: Any) -> Callable[[Path], Outcome]:
    """A fault of the sitemap that robots.txt names; the articles stand on the front page, too."""
    answers = {"/robots.txt": NAMED_MAP, "/sitemap.xml": sitemap}
    return web(answers | options.pop("more", {}), **options)


def robots(answer: Answer, **options: Any) -> Callable[[Path], Outcome]:
    return web({"/robots.txt": answer}, **options)


def chain_of_maps(target: str) -> Answer | None:
    """Every sitemap names the next."""
    if not target.startswith("/sitemap"):
        return None
    number = int("".join(filter(str.isdigit, target)) or 0)
    return response(index(f"/sitemap-{number + 1}.xml"), kind="application/xml")


def calendar(target: str) -> Answer | None:
    """Every month links to the next, for ever."""
    if not target.startswith("/calendar/"):
        return None
    month = int(target.split("/")[2] or 0)
    here = f"<link rel=next href='/calendar/{month + 1}/'><p>Nothing on in month {month}.</p>"
    return response(f"<html><body>{here}<a href='/calendar/{month + 1}/'>Next</a></body></html>")


def diary(target: str) -> Answer | None:
    """Every month has a page for every day, and none of them says anything."""
    if target.startswith("/diary/page/"):
        month = int(target.split("/")[3])
        days = [f"/diary/{month}/what-is-on-on-day-{day}/" for day in range(28)]
        return listing(days, f"<a rel=next href='/diary/page/{month + 1}/'>Next</a>")
    return response("<h1>Nothing on</h1>") if target.startswith("/diary/") else None


def session_ids() -> Callable[[str], Answer | None]:
    """Every page of a list goes on, and links to the same articles under new names."""
    number = counted("{}")

    def answer(target: str) -> Answer | None:
        if target.startswith("/s-"):
            return response(article(headline(int(target.rstrip("/").rpartition("-")[2]))))
        if target.startswith("/latest/page/"):
            page = int(target.split("/")[3])
            links = "".join(
                f"<h2><a href='/s-{number()}{path(n)}'>{headline(n)}</a></h2>" for n in range(GOOD)
            )
            more = f"<a rel=next href='/latest/page/{page + 1}/'>Older</a>"
            return response(f"<html><body>{links}{more}</body></html>")
        return None

    return answer


def endless_pager(target: str) -> Answer | None:
    """The last page of a list is every page that comes after it."""
    if not target.startswith("/latest/page/"):
        return None
    page = int(target.split("/")[3])
    return listing(GOOD_PATHS, f"<a rel=next href='/latest/page/{page + 1}/'>Older</a>")


def front(more: str) -> bytes:
    return listing(GOOD_PATHS, more)


def redirects(target: str) -> Answer | None:
    if not target.startswith("/world/on-and-on-"):
        return None
    return moved(f"/world/on-and-on-{int(target.rstrip('/').rpartition('-')[2]) + 1}/")


def private(folder: Path) -> Outcome:
    """A redirect to another port of this machine: what a local service would be."""
    with hostile({}) as inner:
        run = bad(moved(inner.url + "secret-page-of-the-house/"))
        outcome = run(folder)
        if inner.asked:
            outcome.survived, outcome.note = False, "the private address was asked"
        return outcome


def private_name(folder: Path) -> Outcome:
    """A public-looking name whose address is on this machine."""
    archive = folder / "archive.db"
    with hostile() as site:
        port = site.url.rstrip("/").rpartition(":")[2]
        url = f"http://news.hemeroteca.example:{port}/"
        crawl = started(archive, url, patches=["names_lead_home"])
        crawl.end()
        outcome = judged(archive, crawl, 0)
        if site.asked:
            outcome.survived, outcome.note = False, f"asked: {site.asked[:3]}"
        return outcome


def formula_cells(folder: Path) -> Outcome:
    """A headline that a spreadsheet would run."""
    page = article("=cmd|'/C calc'!A0 and a longer headline")
    outcome = bad(response(page))(folder)
    target = folder / "out.csv"
    command = ["export", "--format", "csv", "-o", str(target)]
    hemeroteca(folder / "archive.db", *command)
    text = target.read_text()
    if "=cmd" not in text or ",=cmd" in text or ',"=cmd' in text:
        outcome.survived, outcome.note = False, "the cell would run"
    return outcome


def hemeroteca(archive: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.cli", "--archive", str(archive), *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def names_lead_home() -> None:
    """Every name is an address of this machine's, as a hostile name server may say."""
    import socket

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
    socket.gethostbyname = lambda name: "127.0.0.1"
    socket.getaddrinfo = lambda *given, **named: found  # type: ignore[misc,assignment]


PATCHES: dict[str, Callable[[], None]] = {"names_lead_home": names_lead_home}

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = b"10000\r\n" + b"<p>and so on    " * 4096 + b"\r\n"
HTTP_1_0 = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
CROWD = "".join(f"User-agent: a{n}\n" for n in range(20_000)) + "Disallow: /x\n" * 15_000
DEEP = PAGE.replace("<p>", "<div>" * 20_000 + "<p>", 1)
WILD = "User-agent: *\nDisallow: /" + "*r" * 30 + "*!\n"

WEB: dict[str, Callable[[Path], Outcome]] = {
    "gzip bomb of 1 GB": lambda folder: bad(coded(zipped(1000), "gzip"))(folder),
    "gzip in gzip in gzip": lambda folder: bad(coded(gzip.compress(gzip.compress(zipped(200))), "gzip, gzip, gzip"))(folder),
    "brotli bomb of 1 GB": lambda folder: bad(coded(brotlied(1000), "br"))(folder),
    "zstd bomb of 1 GB": lambda folder: bad(coded(zstandarded(1000), "zstd"))(folder),
    "endless body, chunked": bad(endless(CHUNKED, PIECE)),
    "endless body without a length": bad(endless(HTTP_1_0, PIECE)),
    "endless body, one byte a time": bad(endless(HTTP_1_0, b"<", 0.2)),
    "endless headers": bad(endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and so on\r\n" * 1000)),
    "one endless header": bad(endless(b"HTTP/1.1 200 OK\r\nX-More: ", b"and so on " * 1000)),
    "endless folded header": bad(endless(b"HTTP/1.1 200 OK\r\nX: ", b"\r\n more" * 1000)),
    "endless interim answers": bad(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)),
    "headers, one byte a time": bad(endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.2)),
    "a question that is never answered": bad(silent),
    "connection reset half-way": bad(reset),
    "connection closed without a word": bad(b""),
    "an answer that is no HTTP": bad(b"SSH-2.0-OpenSSH_9.6\r\n" * 3),
    "redirect to itself": bad(moved(BAD)),
    "redirects without end": web({BAD: moved("/world/on-and-on-1/")}, otherwise=redirects, check=few_requests(40)),
    "redirect to a private address": private,
    "redirect to a cloud's metadata": bad(moved("http://169.254.169.254/latest/meta-data/")),
    "redirect to file:///etc/passwd": bad(moved("file:///etc/passwd")),
    "redirect to javascript:": bad(moved("javascript:alert(1)")),
    "redirect to nonsense": bad(response(b"", "Location: http://[::1", status="302 Found")),
    "name that leads to a private address": private_name,
    "length longer than the body": bad(response(PAGE, f"Content-Length: {len(PAGE) + 999}"), check=not_an_article),
    "length shorter than the body": bad(response(PAGE, f"Content-Length: {len(HALF)}"), check=not_an_article),
    "negative length": bad(response(PAGE, "Content-Length: -5")),
    "two lengths": bad(response(PAGE, f"Content-Length: {len(PAGE)}", "Content-Length: 7")),
    "length that is no number": bad(response(PAGE, "Content-Length: many")),
    "cut between chunks": bad(CHUNKED + b"%x\r\n%s\r\n" % (len(HALF), HALF), check=not_an_article),
    "chunk of nonsense size": bad(CHUNKED + b"zz\r\nwhat\r\n"),
    "cut body without a length": bad(HTTP_1_0 + HALF, check=not_an_article),
    "cut gzip of the right length": bad(coded(gzip.compress(WHOLE.encode(), 0)[:700], "gzip"), check=not_an_article),
    "gzip that is none": bad(coded(b"\x1f\x8bnonsense", "gzip")),
    "coding that nobody knows": bad(coded(PAGE.encode(), "rot13")),
    "picture that says it is a page": bad(response(b"\x89PNG\r\n\x1a\n" + bytes(9999))),
    "page that says it is a picture": bad(response(PAGE, kind="image/png")),
    "charset that is a lie": bad(response(PAGE.replace("Ana", "Añá").encode("cp1252"), kind="text/html; charset=utf-8")),
    "charset that is a codec of Python's": bad(response(PAGE, kind="text/html; charset=unicode_escape")),
    "robots.txt of 50 MB": lambda folder: robots(response(b"Disallow: /private-and-so-on/\n" * 1_700_000, kind="text/plain"))(folder),
    "endless robots.txt": robots(endless(CHUNKED, b"1f\r\nDisallow: /private-and-so-on/\n\r\n" * 999)),
    "robots.txt that is a gzip bomb": lambda folder: robots(coded(zipped(1000), "gzip"))(folder),
    "robots.txt with patterns that never end": robots(response(WILD, kind="text/plain")),
    "robots.txt with Crawl-delay 1e300": robots(response("User-agent: *\nCrawl-delay: 1e300\n"), good=0),
    "robots.txt of 20,000 names and rules": robots(response(CROWD)),
    "robots.txt in a circle of redirects": robots(moved("/robots.txt")),
    "robots.txt that is a page": robots(response(WHOLE)),
    "sitemap that names itself": mapped(response(index("/sitemap.xml", "/sitemap.xml?again"), kind="application/xml")),
    "sitemaps without end": mapped(response(index("/sitemap-1.xml")), otherwise=chain_of_maps, check=few_requests(60)),
    "billion laughs in the sitemap": mapped(response(f"{XML}<!DOCTYPE x [{LAUGHS}]><urlset><url><loc>&l11;</loc></url></urlset>")),
    "sitemap that reads /etc/passwd": mapped(response(f'{XML}<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>/&e;</loc></url></urlset>')),
    "sitemap that is a gzip bomb": lambda folder: mapped(response(zipped(1000), kind="application/gzip"))(folder),
    "sitemap of 100 MB": mapped(endless(CHUNKED, b"4000\r\n" + b"<url>" * 3276 + b"    \r\n")),
    "sitemap cut in the middle": mapped(response(urlset(*GOOD_PATHS * 50)[:-500], kind="application/xml")),
    "calendar without end": web({"/": front("<a href='/calendar/1/'>Calendar</a><a rel=next href='/calendar/1/'>Next</a>")}, otherwise=calendar, check=few_requests(60)),
    "calendar with a page for every day": web({"/": front("<a rel=next href='/diary/page/1/'>Next</a>")}, otherwise=diary, check=few_requests(500)),
    "new session ids on every page": web({"/": front("<a rel=next href='/latest/page/2/'>Older</a>")}, otherwise=session_ids(), check=few_requests(100)),
    "list whose last page never ends": web({"/": front("<a rel=next href='/latest/page/2/'>Older</a>")}, otherwise=endless_pager, check=few_requests(60)),
    "elements 20,000 deep": bad(response(DEEP)),
    "NULs in the page": bad(response(PAGE.replace("page", "pa\0ge").encode())),
    "terminal and bidi controls in the title": bad(response(article("The \x1b[2J page \u202e that \x9b31m steers")), check=quiet_headlines),
    "a headline that is a formula": formula_cells,
    "javascript: links": web({"/": front("<a href='javascript:alert(1)'>A story of many words</a><a href='JaVaScRiPt:x'>Two</a>")}),
    "cookies demanded, for ever": bad(moved(BAD + "?cookie=1")),
    "10,000 cookies": bad(response(PAGE, *(f"Set-Cookie: a{n}=b" for n in range(10_000)))),
    "Retry-After of a thousand years": web({BAD: response(b"", "Retry-After: 31536000000", status="503 Busy")}, good=0),
    "page of 100,000 links": bad(response(PAGE.replace("</body>", "<a href='/x'>y</a>" * 100_000))),
}  # fmt: skip


# --- A hostile machine


@contextmanager
def newsroom(good: int = 40) -> Iterator[HostileSite]:
    """A site that does nothing wrong."""
    with hostile(good=good) as site:
        yield site


ROOM = 40


def resumed(archive: Path, site: HostileSite, note: str = "", **options: Any) -> Outcome:
    """The outcome after one more crawl, which must bring the archive to its end."""
    last = started(archive, site.url, **options)
    last.end()
    return judged(archive, last, ROOM, note=note)


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for something to happen."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and not condition():
        time.sleep(0.01)


def under_way(archive: Path, site: HostileSite, articles: int = 8, **options: Any) -> Crawl:
    """A crawl that has kept some articles and goes on."""
    crawl = started(archive, site.url, **{"delay_seconds": 0.03, **options})
    until(lambda: len(site.asked) > articles + 5)
    return crawl


def killed(folder: Path) -> Outcome:
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        for stop in (2, 6, 9, 12):
            crawl = started(archive, site.url, delay_seconds=0.02)
            begun = len(site.asked)
            until(lambda begun=begun, stop=stop: len(site.asked) > begun + stop)
            crawl.process.kill()
            crawl.end()
        return resumed(archive, site, "killed four times, then run again")


def reader_killed(folder: Path) -> Outcome:
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        crawl = under_way(archive, site)
        for child in children_of(crawl.pid):
            os.kill(child, signal.SIGKILL)
        crawl.end()
        outcome = judged(archive, crawl, ROOM)
        outcome.note = f"the reading process was killed; {outcome.note}".strip("; ")
        return outcome


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in text.split()]


def power_lost(folder: Path) -> Outcome:
    """What was not synchronised is gone: the write-ahead log is cut anywhere behind that."""
    archive, worst = folder / "archive.db", None
    with newsroom(ROOM) as site:
        crawl = under_way(archive, site, 20)
        crawl.process.kill()
        crawl.end()
        for part in (0.15, 0.5, 0.8, 0.97):
            cut = folder / f"cut-{part}.db"
            shutil.copy(archive, cut)
            log = Path(f"{archive}-wal").read_bytes()
            synced = 32 + _backfilled(archive) * (24 + 4096)
            end = max(synced, int(len(log) * part))
            Path(f"{cut}-wal").write_bytes(log[:end] + os.urandom(500))
            outcome = resumed(cut, site, "the log cut at four places, then run again")
            if worst is None or (worst.survived and not outcome.survived) or outcome.lost:
                worst = outcome
    assert worst
    return worst


def _backfilled(archive: Path) -> int:
    """Frames of the log that stand in the database already: these were synchronised first."""
    shared = Path(f"{archive}-shm").read_bytes()
    return int(struct.unpack("=I", shared[96:100])[0])


def file_limit(folder: Path) -> Outcome:
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        started(archive, site.url, limit=2).end()
        full = started(archive, site.url, largest_file=archive.stat().st_size + 60_000)
        answer = full.end()
        outcome = resumed(archive, site, told(answer))
        outcome.survived &= answer.get("exit_code") == 2
        return outcome


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """A small file system of its own, where this machine lets us make one."""
    place = folder / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise Skipped("no small file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


class Skipped(Exception):
    """The fault can't be made on this machine."""


def disk_full(folder: Path) -> Outcome:
    with mounted(folder, "16m") as place, newsroom(ROOM) as site:
        archive = place / "archive.db"
        started(archive, site.url, limit=2).end()
        filler = place / "filler"
        left = shutil.disk_usage(place).free - 40_000
        filler.write_bytes(bytes(max(left, 0)))
        answer = started(archive, site.url).end()
        filler.unlink()
        outcome = resumed(archive, site, told(answer))
        outcome.survived &= answer.get("exit_code") == 2
        return outcome


def disk_full_at_the_start(folder: Path) -> Outcome:
    """Not a byte is left, not even for the lock's words."""
    with mounted(folder, "16m") as place, newsroom(ROOM) as site:
        archive = place / "archive.db"
        started(archive, site.url, limit=2).end()
        filler = place / "filler"
        with filler.open("wb", buffering=0) as stream, suppress(OSError):
            while stream.write(bytes(4096)):
                pass
        answer = started(archive, site.url).end()
        filler.unlink()
        outcome = resumed(archive, site, told(answer))
        outcome.survived &= answer.get("exit_code") == 2
        return outcome


def disk_full_and_new(folder: Path) -> Outcome:
    """There is no room for the new archive."""
    with mounted(folder, "64k") as place, newsroom(ROOM) as site:
        archive = place / "archive.db"
        answer = started(archive, site.url).end()
        left = sorted(each.name for each in place.iterdir())
        outcome = resumed(folder / "elsewhere.db", site, told(answer))
        outcome.survived &= answer.get("exit_code") == 2 and left == []
        return outcome


def read_only_disk(folder: Path) -> Outcome:
    with mounted(folder, "16m") as place, newsroom(ROOM) as site:
        archive = place / "archive.db"
        started(archive, site.url, limit=2).end()
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        answer = started(archive, site.url).end()
        read = hemeroteca(archive, "search", "harbour").returncode
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        outcome = resumed(archive, site, told(answer))
        outcome.survived &= answer.get("exit_code") == 2 and read == 0
        return outcome


def disk_gone_read_only(folder: Path) -> Outcome:
    """The disk turns read-only while a crawl runs, as a failing one does."""
    with mounted(folder, "16m") as place, newsroom(ROOM) as site:
        archive = place / "archive.db"
        crawl = started(archive, site.url, delay_seconds=0.05, patches=["writes_fail_soon"])
        answer = crawl.end()
        outcome = resumed(archive, site, told(answer))
        outcome.survived &= answer.get("exit_code") == 2
        return outcome


def writes_fail_soon() -> None:
    """From the twelfth page on the database can't be written."""
    import sqlite3 as driver

    import storage.archive.door as door

    real, pages = door.transaction, iter(range(1_000_000))

    @contextmanager
    def failing(engine: Any, *, write: bool) -> Iterator[Any]:
        if write and next(pages) > 30:
            raise driver.OperationalError("disk I/O error")
        with real(engine, write=write) as connection:
            yield connection

    door.transaction = failing


PATCHES["writes_fail_soon"] = writes_fail_soon


def clock_set_back(folder: Path) -> Outcome:
    """A crawl ran under a clock that was five years ahead; then the clock was put right."""
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        started(archive, site.url, limit=10, delay_seconds=1.0, patches=["clock_ahead"]).end()
        outcome = resumed(archive, site)
        with closing(sqlite3.connect(archive)) as connection:
            (late,) = connection.execute(
                "SELECT count(*) FROM frontier WHERE next_due_at > datetime('now', '+2 years')"
            ).fetchone()
        outcome.note = f"{late} pages due after the clock's return only; {outcome.note}"
        outcome.survived &= not late
        return outcome


def clock_ahead() -> None:
    """Five years from now."""
    import datetime as module

    class Ahead(module.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return module.datetime.fromtimestamp(time.time() + 5 * 365 * 86_400, tz)

    import spiders.articles
    import spiders.pace
    import spiders.sources
    import spiders.wire

    for each in (spiders.articles, spiders.pace, spiders.sources, spiders.wire):
        each.datetime = Ahead  # type: ignore[attr-defined]


PATCHES["clock_ahead"] = clock_ahead


def two_crawls(folder: Path) -> Outcome:
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        first = under_way(archive, site)
        second = started(archive, site.url)
        answer = second.end()
        first.end()
        outcome = judged(archive, first, ROOM, note=f"exit {answer.get('exit_code')} after "
                         f"{second.seconds:.1f} s, start-up included")  # fmt: skip
        outcome.survived &= answer.get("exit_code") == 3
        return outcome


def readers(folder: Path) -> Outcome:
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        crawl = under_way(archive, site)
        codes = [hemeroteca(archive, "search", "harbour").returncode for _ in range(3)]
        from storage import Archive

        with Archive.open(archive) as held, closing(iter(held.articles())) as rows:
            next(rows)  # a reader that stays in the middle of its answer
            crawl.end()
        outcome = judged(archive, crawl, ROOM, note=f"three searches and a held cursor: {codes}")
        outcome.survived &= codes == [0, 0, 0]
        return outcome


def other_writer(folder: Path) -> Outcome:
    """Another program has the database locked for two seconds."""
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        crawl = under_way(archive, site)
        with closing(sqlite3.connect(archive, timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(2)
            connection.execute("ROLLBACK")
        crawl.end()
        return judged(archive, crawl, ROOM)


def signalled(which: signal.Signals, answer: Answer | None = None) -> Callable[[Path], Outcome]:
    """A signal while a crawl runs, possibly while the site keeps it waiting."""

    def run(folder: Path) -> Outcome:
        archive = folder / "archive.db"
        with hostile({BAD: answer} if answer else {}, good=ROOM) as site:
            slow = {"DOWNLOAD_TIMEOUT": 60}
            crawl = started(archive, site.url, delay_seconds=0.05, settings=slow)
            until(lambda: (BAD if answer else path(9)) in site.asked)
            sent = time.monotonic()
            os.kill(crawl.pid, which)
            report = crawl.end().get("report", {})
            took = time.monotonic() - sent
            site.answers[BAD] = response("", status="404 Not Found")
            outcome = resumed(archive, site, f"ended {took:.1f} s after the signal")
            outcome.survived &= report.get("outcome") == "interrupted" and took < 10
            return outcome

    return run


def old_lock(folder: Path) -> Outcome:
    archive = folder / "archive.db"
    lock = Path(f"{archive}.lock")
    lock.write_text(f"process {os.getpid()} since 2020-01-01 00:00:00 UTC\n")
    os.utime(lock, (1, time.time() - 30 * 86_400))
    with newsroom(ROOM) as site:
        return resumed(archive, site, "a month-old lock that names a living process")


def broken_archive(damage: Callable[[Path], None]) -> Callable[[Path], Outcome]:
    """An archive that can't be opened is left as it is; its backup goes on."""

    def run(folder: Path) -> Outcome:
        archive, backup = folder / "archive.db", folder / "backup.db"
        with newsroom(ROOM) as site:
            started(archive, site.url, limit=9).end()
            shutil.copy(archive, backup)
            damage(archive)
            before = archive.read_bytes()
            answer = started(archive, site.url).end()
            same = archive.read_bytes() == before
            outcome = resumed(backup, site, told(answer))
            outcome.survived &= same and answer.get("exit_code") in (2, 4)
            return outcome

    return run


def _cut(archive: Path) -> None:
    os.truncate(archive, archive.stat().st_size // 2)


def _overwrite(archive: Path) -> None:
    archive.write_bytes(b"\0" * 100 + archive.read_bytes()[100:])


def stdout_full(folder: Path) -> Outcome:
    """The answer goes to a full disk; the archive is not harmed."""
    archive = folder / "archive.db"
    with newsroom(ROOM) as site:
        outcome = resumed(archive, site)
    command = [sys.executable, "-m", "scripts.cli", "--archive", str(archive), "search", "harbour"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    outcome.survived &= done.returncode == 2 and "Traceback" not in done.stderr
    outcome.note = done.stderr.strip()
    return outcome


MACHINE: dict[str, Callable[[Path], Outcome]] = {
    "kill -9, four times": killed,
    "kill -9 of the reading process": reader_killed,
    "power lost, log cut anywhere": power_lost,
    "file may grow no further": file_limit,
    "disk full in the middle": disk_full,
    "disk full to the last byte": disk_full_at_the_start,
    "disk too small for an archive": disk_full_and_new,
    "disk read-only": read_only_disk,
    "disk fails in the middle": disk_gone_read_only,
    "clock set back five years": clock_set_back,
    "two crawls at once": two_crawls,
    "readers during a crawl": readers,
    "another program writes": other_writer,
    "SIGTERM": signalled(signal.SIGTERM),
    "SIGINT": signalled(signal.SIGINT),
    "SIGTERM while a page drips": signalled(signal.SIGTERM, endless(HTTP_1_0, b"<", 0.2)),
    "SIGTERM during a Retry-After": signalled(
        signal.SIGTERM, response("", "Retry-After: 12", status="503 Busy")
    ),
    "month-old lock": old_lock,
    "archive cut in half": broken_archive(_cut),
    "archive overwritten": broken_archive(_overwrite),
    "answer to a full disk": stdout_full,
}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="faults whose name holds this word")
    options = parser.parse_args()
    CONTEXT.set_forkserver_preload(["tests.warmth"])
    faults = {name: run for name, run in (WEB | MACHINE).items() if options.only in name}
    print("| fault | survived | lost | doubled | seconds | peak MB | what the crawl says of it |")
    print("|---|---|---|---|---|---|---|")
    verdicts = [reported(name, run) for name, run in faults.items()]
    survived = verdicts.count(True)
    print(f"\n{survived} of {len(verdicts) - verdicts.count(None)} faults survived", end="")
    skipped = verdicts.count(None)
    print(f"; {skipped} could not be made here." if skipped else ".")
    return int(False in verdicts)


def reported(name: str, run: Callable[[Path], Outcome]) -> bool | None:
    """Run one fault and print its row; whether it was survived, None where it was left out."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = run(Path(folder))
        except Skipped as reason:
            print(f"| {name} | left out: {reason} |  |  |  |  |  |", flush=True)
            return None
    note = " ".join(found.note.replace("|", "¦").split())[:160]
    is_well = found.survived and not found.lost and not found.duplicated
    print(
        f"| {name} | {'yes' if found.survived else '**no**'} | {found.lost} | {found.duplicated} "
        f"| {found.seconds:.1f} | {found.peak_mb} | {note} |",
        flush=True,
    )
    return is_well


if __name__ == "__main__":
    raise SystemExit(main())
