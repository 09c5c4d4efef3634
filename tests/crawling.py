"""Crawls in processes of their own (a reactor runs once per process), and a tiny site."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from crawler.profile import Profile
from storage import Archive
from tests.serving import Answering, served

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.warmth"])


class CrawlFailed(Exception):
    """The crawl raised something; the name of its class comes first."""


def _crawl_into(answers: Connection, archive: str, profiles: list[Profile], options: Any) -> None:
    from spiders.run import crawl

    largest_file = options.pop("largest_file", None)
    if largest_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        answers.send(crawl(archive, profiles, **options))
    except Exception as fault:
        answers.send(f"{type(fault).__name__}: {fault}")


@dataclass
class Running:
    """A crawl that has been started."""

    process: BaseProcess
    answers: Connection

    def reports(self) -> list[dict[str, Any]]:
        """Wait for the end; the reports."""
        try:
            answer = self.answers.recv()
        except EOFError:
            answer = "the process died"
        self.process.join()
        if isinstance(answer, str):
            raise CrawlFailed(answer)
        return list(answer)

    def kill(self) -> None:
        """``kill -9``."""
        self.process.kill()
        self.process.join()


def start(archive: Path, *profiles: Profile, **options: Any) -> Running:
    """Start a crawl; by default without delay and in one process, so that tests are quick."""
    settings = {"HEMEROTECA_LONGEST_READING_SECONDS": 0.0} | options.pop("settings", {})
    options = {"delay_seconds": 0.0, "contact": "tests@hemeroteca.example"} | options
    options["settings"] = settings
    here, there = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(
        target=_crawl_into, args=(there, str(archive), list(profiles), options)
    )
    process.start()
    there.close()
    return Running(process, here)


def crawled(archive: Path, *profiles: Profile, **options: Any) -> list[dict[str, Any]]:
    """Crawl; the reports."""
    return start(archive, *profiles, **options).reports()


@dataclass
class Page:
    """What a :class:`Shelf` answers."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    cut: int = 0
    """Bytes that are promised and never sent."""
    seconds: float = 0.0
    """How long the server takes to answer."""


@dataclass
class Shelf:
    """A site of a few pages, given one by one; keeps a log of (monotonic time, path, headers)."""

    url: str
    pages: dict[str, Page]
    requests: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    under_way: list[int] = field(default_factory=lambda: [0, 0])
    """Requests that are being answered, now and at most."""

    def asked(self) -> list[str]:
        """The paths asked for, in order, without robots.txt."""
        return [path for _, path, _ in self.requests if path != "/robots.txt"]


@contextmanager
def shelf(**pages: Page) -> Iterator[Shelf]:
    """Serve pages on loopback; keyword ``front`` stands for ``/``."""

    class Handler(Answering):
        def do_GET(self) -> None:
            log = {name.lower(): value for name, value in self.headers.items()}
            here.requests.append((time.monotonic(), self.path, log))
            page = here.pages.get(self.path, Page("<h1>Not found</h1>", 404))
            here.under_way[0] += 1
            here.under_way[1] = max(here.under_way)
            time.sleep(page.seconds)
            here.under_way[0] -= 1
            body = page.body.encode() if isinstance(page.body, str) else page.body
            headers = {"Content-Type": page.content_type, **page.headers}
            self.answer(page.status, body, headers, page.cut)

    if "front" in pages:
        pages["/"] = pages.pop("front")
    with served(Handler) as port:
        here = Shelf(f"http://127.0.0.1:{port}/", pages)
        yield here


def article(headline: str, *, links: str = "", day: str = "2024-03-01") -> str:
    """The page of a plain article in the fewest words that a reader takes for one."""
    text = "".join(
        f"<p>{headline}: the {word} part of the report says what the harbour office saw, who said "
        f"so and what comes of it, in a paragraph that is long enough to be one.</p>"
        for word in ("first", "second", "third", "fourth")
    )
    return (
        f"<!doctype html><html lang='en'><head><title>{headline}</title>"
        f"<meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='{day}T10:00:00+00:00'></head>"
        f"<body><article><h1>{headline}</h1><p>By Ana Prado</p>{text}</article>{links}</body>"
    )


# Two archives side by side

#: What stands for a row of another table, since numbers differ from archive to archive.
_NAMES = {
    "article_id": "SELECT id, url FROM articles",
    "target_id": "SELECT id, url FROM articles",
    "author_id": "SELECT id, name FROM authors",
    "tag_id": "SELECT id, name FROM tags",
    "body_id": "SELECT id, sha256 FROM bodies",
    "capture_id": "SELECT id, url || ' ' || outcome FROM captures",
    "revision_id": "SELECT r.id, a.url FROM revisions r JOIN articles a ON a.id = r.article_id",
}
#: What tells of runs, not of the site; and how bytes are packed, which depends on their order.
_LEFT_OUT = {
    "id",
    "crawl_id",
    "dictionary_id",
    "base_id",
    "wrapping",
    "content",
    "place",
    "head_id",
    "head",
}
#: How far a listing was walked depends on what was known when a run came to it.
_TABLES_LEFT_OUT = {"alembic_version", "crawls", "dictionaries", "heads", "hosts", "listings"}


def content_of(archive: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of an archive, but for times and numbers, each table sorted."""
    with closing(sqlite3.connect(archive)) as connection:
        names = {column: dict(connection.execute(query)) for column, query in _NAMES.items()}
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
        )
        tables = [table for (table,) in found if table not in _TABLES_LEFT_OUT]
        content = {table: _rows_of(connection, table, names) for table in tables}
        numbers = [number for (number,) in connection.execute("SELECT id FROM captures")]
    with Archive.open(archive) as opened:
        sent = [opened.capture(number) for number in numbers]
    content["heads"] = sorted(
        (each.url, each.http_version, each.reason_phrase, each.headers) for each in sent
    )
    return content


def _rows_of(
    connection: sqlite3.Connection, table: str, names: dict[str, dict[int, str]]
) -> list[tuple[Any, ...]]:
    cursor = connection.execute(f"SELECT * FROM {table}")
    columns = [description[0] for description in cursor.description]
    wanted = [
        (number, names.get(column, {}))
        for number, column in enumerate(columns)
        if column not in _LEFT_OUT and not column.endswith("_at")
    ]
    rows = [
        tuple(known.get(row[number], row[number]) for number, known in wanted) for row in cursor
    ]
    return sorted(rows, key=repr)


def damage_in(archive: Path) -> list[str]:
    """What SQLite finds wrong with an archive, its references and its search index."""
    with closing(sqlite3.connect(archive)) as connection:
        found = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        try:
            check = "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"
            connection.execute(check)
        except sqlite3.DatabaseError as fault:
            found.append(str(fault))
        connection.rollback()
    return found
