"""Reading pages in a process beside the crawl."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

import spiders.reading
from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from crawler.profile import Profile
from scripts.newsroom import Newsroom
from spiders.reading import Reader, Reading, ReadingStopped, read
from tests.crawling import article, start

SITE = Profile("daily", "The Daily", ("daily.example",), ("en",))
LONG = 60.0


def captured(body: str | bytes, *headers: tuple[str, str]) -> Capture:
    content = body.encode() if isinstance(body, str) else body
    url = "https://daily.example/a-strike-at-the-port/"
    return Capture(url, datetime.now(UTC), 200, headers, content)


def beside(*captures: Capture, seconds: float = LONG) -> list[Reading]:
    """What a reader makes of captures that come all at once."""

    async def readings() -> list[Reading]:
        reader = Reader(seconds)
        reader.take()
        found = await asyncio.gather(*(reader.read(capture, SITE) for capture in captures))
        await reader.leave()
        return list(found)

    return asyncio.run(readings())


def test_pages_read_the_same_beside_the_crawl_and_in_it() -> None:
    captures = [captured(article(f"A strike at port {number}")) for number in range(20)]
    found = beside(*captures)
    assert all(isinstance(reading, Article) for reading in found)
    assert found == [read(capture, SITE) for capture in captures]


def test_a_page_that_is_no_article_comes_back_with_its_reason() -> None:
    capture = captured(b"%PDF-1.4")
    (found,), here = beside(capture), read(capture, SITE)
    assert isinstance(found, NotAnArticle)
    assert isinstance(here, NotAnArticle)
    assert (found.reason, found.evidence) == (here.reason, here.evidence)


def test_bytes_that_are_no_page_come_back_with_a_sentence() -> None:
    (found,) = beside(captured(b"\x1f\x8bxx", ("Content-Encoding", "gzip")))
    assert isinstance(found, Unreadable)
    assert "gzip" in str(found)


def test_a_page_that_takes_too_long_is_left_unread_and_so_is_no_other() -> None:
    late = [str(found) for found in beside(*[captured(b"%PDF-1.4")] * 2, seconds=0.01)]
    assert late == ["reading it took longer than 0.01 s"] * 2


def test_a_process_that_dies_is_started_again_and_no_page_is_lost() -> None:
    pages = [captured(article(f"A strike at port {number}")) for number in range(5)]

    async def readings() -> list[Reading]:
        reader = Reader(LONG)
        reader.take()
        first = await reader.read(pages[0], SITE)
        assert reader._process is not None
        reader._process.kill()
        rest = await asyncio.gather(*(reader.read(page, SITE) for page in pages[1:]))
        await reader.leave()
        return [first, *rest]

    assert asyncio.run(readings()) == [read(page, SITE) for page in pages]


#: A process that some pages break, and others keep for ever.
FRAGILE = """
import sys, os, time; sys.path[:] = {path!r}
import spiders.reading as beside
def read(capture, profile, well=beside.read):
    if b"breaks" in capture.body: os._exit(1)
    while b"lasts" in capture.body: time.sleep(1)
    return well(capture, profile)
beside.read = read
beside.serve()
"""


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("breaks", "it broke the process that was reading it"),
        ("lasts", "reading it took longer than 3 s"),
    ],
)
def test_of_pages_that_went_together_only_the_bad_one_is_left_unread(
    bad: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spiders.reading, "_PROGRAM", FRAGILE)
    texts = [article(f"A strike at port {number}") for number in range(20)]
    texts[9] = article(f"What {bad}")
    found = beside(*map(captured, texts), seconds=3)
    assert str(found.pop(9)) == reason
    assert found == [read(captured(text), SITE) for text in texts[:9] + texts[10:]]


def test_a_run_that_ends_does_not_wait_for_a_reading() -> None:
    async def ended() -> str:
        reader = Reader(LONG)
        reader.take()
        reading = asyncio.ensure_future(
            reader.read(captured(article("A strike at the port")), SITE)
        )
        await asyncio.sleep(0.01)
        await reader.stop()
        try:
            await reading
        except ReadingStopped:
            return "stopped"
        finally:
            await reader.leave()
        return "read"

    assert asyncio.run(ended()) == "stopped"


def test_a_parser_that_fails_on_a_page_loses_neither_page_nor_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(spiders.reading, "parse_article", failing)
    reading = read(captured("<p>x</p>"), None)
    assert isinstance(reading, Unreadable)
    assert "RecursionError" in str(reading)


def children_of(parent: int) -> set[int]:
    """The processes that a process has started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.add(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look at processes")
def test_a_killed_crawl_leaves_no_process_behind(tmp_path: Path) -> None:
    with Newsroom() as room:
        from crawler.sites import site_named

        site = site_named("faro").at(room.url)
        settings = {"HEMEROTECA_LONGEST_READING_SECONDS": LONG}
        running = start(tmp_path / "a.db", site, delay_seconds=0.05, settings=settings)
        children = seen_within(30, lambda: children_of(running.process.pid or 0))
        running.kill()
        assert children
        assert seen_within(30, lambda: not any(map(is_alive, children)))


def seen_within(seconds: float, question: object) -> object:
    """The first true answer to a question, or the last false one."""
    answer = None
    for _ in range(int(seconds / 0.05)):
        answer = question()  # type: ignore[operator]
        if answer:
            break
        time.sleep(0.05)
    return answer


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
