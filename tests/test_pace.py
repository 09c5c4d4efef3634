"""A host that does not answer is left alone, tried again, and never given up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred

from crawler.profile import generic_profile
from spiders.clock import Clock
from spiders.pace import HostPaused, Pace
from spiders.reports import LEFT_ALONE
from spiders.wire import PoliteHandler
from storage import Archive
from tests.crawling import Page, article, crawled, shelf
from tests.serving import Answering, served

HOST = "news.example"


class Still(Clock):
    """A clock that waits in no time and notes how long."""

    def __init__(self) -> None:
        self.waited = 0.0

    def monotonic(self) -> float:
        return 1000.0 + self.waited

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self.waited += seconds


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as opened:
        yield opened


def failed(pace: Pace, times: int, *, answered: bool) -> int:
    """Ask so many times in vain; how often the host was really asked."""

    async def ask() -> int:
        for asked in range(times):
            try:
                await pace.turn(HOST, 0.0)
            except HostPaused:
                return asked
            pace.note_failure(HOST, 0.0, answered=answered)
        return times

    return asyncio.run(ask())


def test_a_host_that_does_not_answer_is_tried_once_more_and_then_left_alone(
    archive: Archive,
) -> None:
    clock = Still()
    pace = Pace(archive, clock=clock)
    assert failed(pace, 100, answered=False) == 5 + 3
    assert clock.waited == 30
    assert pace.is_paused(HOST)
    assert pace.is_in_trouble(HOST)


def test_a_host_that_answers_with_errors_gets_ever_longer_pauses(archive: Archive) -> None:
    clock = Still()
    assert failed(Pace(archive, clock=clock), 100, answered=True) == 10 + 4 * 3
    assert clock.waited == 30 + 60 + 120 + 240


def test_whoever_waits_when_the_run_ends_is_sent_away_at_once(archive: Archive) -> None:
    clock = Still()
    pace = Pace(archive, clock=clock)

    async def ask() -> None:
        await pace.turn(HOST, 100.0)
        pace.close()
        with pytest.raises(HostPaused):
            await pace.turn(HOST, 100.0)

    asyncio.run(ask())
    assert clock.waited == 0


def test_a_good_answer_ends_the_trial(archive: Archive) -> None:
    pace = Pace(archive, clock=Still())
    assert failed(pace, 5, answered=False) == 5
    pace.note_answer(HOST, 0.0)
    assert failed(pace, 4, answered=False) == 4
    assert not pace.is_paused(HOST)


def test_the_next_run_begins_with_a_trial(archive: Archive) -> None:
    failed(Pace(archive, clock=Still()), 100, answered=False)
    archive.keep_host_state(HOST, next_allowed_at=None, backoff_seconds=60.0)
    assert failed(Pace(archive, clock=Still()), 100, answered=False) == 3


# As a crawl sees it

PATHS = [f"/2024/03/0{day}/a-report-of-day-{day}/" for day in range(1, 10)]
FRONT = "".join(f"<a href='{each}'>A report of that day</a>" for each in PATHS)


def silent_site(seconds: float) -> dict[str, Page]:
    """A front page, and articles that take so long."""
    pages = {each: Page(article(f"Report {each}"), seconds=seconds) for each in PATHS}
    return {"front": Page(f"<html><body>{FRONT}</body></html>"), **pages}


def test_pages_of_a_host_that_stops_answering_stay_due_and_do_not_fail_one_by_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "hemeroteca.db"
    settings = {"HEMEROTECA_FIRST_PAUSE_SECONDS": 0.2, "DOWNLOAD_TIMEOUT": 0.5}
    with shelf(**silent_site(1.0)) as site:
        (report,) = crawled(path, generic_profile(site.url), settings=settings)
        assert len([each for each in site.asked() if each in PATHS]) == 5 + 3
        assert report["failed"] == {"the server did not answer in time": 2}
        assert report["put_back"] == {LEFT_ALONE: len(PATHS) - 2}
        assert report["outcome"] == "finished"
        for page in site.pages.values():
            page.seconds = 0.0
        (report,) = crawled(path, generic_profile(site.url), settings=settings)
        assert (report["new"], report["put_back"]) == (len(PATHS) - 2, {})


def test_an_answer_that_drips_is_cut_and_says_so(tmp_path: Path) -> None:
    settings = {"HEMEROTECA_SLOW_ANSWER_SECONDS": 0.5}
    for place, reason in (
        ("head", "the head of the answer does not end"),
        ("body", "the page came too slowly"),
    ):
        with dripping(place) as home:
            (report,) = crawled(
                tmp_path / f"{place}.db",
                generic_profile(home),
                settings=settings | {"RETRY_TIMES": 0},
                addresses=[[f"{home}2024/03/01/a-report-that-drips/"]],
            )
        assert report["failed"] == {reason: 1}
        assert report["duration_seconds"] < 10


@contextmanager
def dripping(place: str) -> Iterator[str]:
    """A site whose pages come byte by byte, from the head or from the body on."""

    class Handler(Answering):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                self.send_error(404)
                return
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n"
            if place == "body":
                self.wfile.write(head)
            with suppress(OSError):
                for byte in head + b"x" * 9999:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.1)

    with served(Handler) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("ends", [True, False])
def test_the_end_of_a_site_waits_for_its_connections_and_not_for_ever(ends: bool) -> None:
    class Pool:
        def closeCachedConnections(self) -> Deferred[None]:
            closing: Deferred[None] = Deferred()
            if ends:
                asyncio.get_running_loop().call_later(0.01, closing.callback, None)
            return closing

    handler = PoliteHandler.__new__(PoliteHandler)
    handler._pool = Pool()
    handler._disconnect_timeout = 60 if ends else 0.05
    asyncio.run(asyncio.wait_for(handler.close(), 30))
