"""Bounds at their very edge: what is still taken, and what no longer is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

import crawler.discovery
import crawler.feeds
from crawler.discovery import Found, Listed, read_feed, read_listing, read_sitemap
from crawler.feeds import full_texts
from crawler.urls import URL_CHARACTERS, is_article_like, is_web_address
from spiders.manners import LONGEST_ROBOTS, PATIENCE, SHORTEST_ROBOTS, Patience, RobotsAnswers
from tests.storing import SITE, TOMORROW, Desk, address, article, desk

__all__ = ["desk"]

HOST = "https://bounds.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


# --- lists ---------------------------------------------------------------------------------------


def sitemap(count: int) -> Listed:
    listed = "".join(f"<url><loc>{HOST}/{number}</loc></url>" for number in range(count))
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return read_sitemap(f'<urlset xmlns="{space}">{listed}</urlset>'.encode(), url=f"{HOST}/s.xml")


def plain(count: int) -> Listed:
    text = "\n".join(f"{HOST}/{number}" for number in range(count))
    return read_sitemap(text.encode(), url=f"{HOST}/s.txt")


def feed(count: int) -> Listed:
    items = "".join(f"<item><link>{HOST}/{number}</link></item>" for number in range(count))
    return read_feed(f"<rss><channel>{items}</channel></rss>".encode(), url=f"{HOST}/feed")


def listing(count: int) -> Listed:
    links = "".join(
        f'<h2><a href="/news/a-long-story-of-number-{number}">A long story of number {number}</a>'
        "</h2>"
        for number in range(count)
    )
    return read_listing(f"<html><body>{links}</body></html>".encode(), url=f"{HOST}/news")


@pytest.mark.parametrize("read", [sitemap, plain, feed, listing])
def test_a_list_gives_so_many_entries_and_no_more(
    read: Callable[[int], Listed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.discovery, "LIST_ENTRIES", 5)
    assert len(read(5).founds) == 5
    assert len(read(8).founds) == 5


@pytest.mark.parametrize(("characters", "is_one"), [(URL_CHARACTERS, True), (2049, False)])
def test_an_address_may_be_so_long_and_no_longer(characters: int, is_one: bool) -> None:
    path = f"{HOST}/news/the-harbour-is-closed-again-"
    url = path + "x" * (characters - len(path))
    assert is_article_like(url) is is_one
    assert is_web_address(url) is is_one


def test_a_feed_is_read_for_whole_texts_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "<p>The ferry had left on time and the fog had held it up.</p>" * 60
    item = f"<link>{HOST}/a</link><content:encoded><![CDATA[{text}]]></content:encoded>"
    space = "http://purl.org/rss/1.0/modules/content/"
    body = f'<rss xmlns:content="{space}"><channel><item>{item}</item></channel></rss>'.encode()
    monkeypatch.setattr(crawler.feeds, "MOST_BYTES", len(body))
    assert list(full_texts(body, url=f"{HOST}/feed")) == [f"{HOST}/a"]
    assert full_texts(body + b" ", url=f"{HOST}/feed") == {}


# --- what is due ---------------------------------------------------------------------------------


def test_the_last_day_of_a_period_belongs_to_it(desk: Desk) -> None:
    desk.archive.enlist(
        SITE, [Found(address(1), None, "sitemap")], crawl_id=desk.crawl_id, now=desk.now
    )
    desk.save(article(1, published="2020-05-04"), next_due_at=TOMORROW)

    def due(**period: date) -> int:
        return len(desk.archive.due(SITE, limit=9, now=TOMORROW, **period))

    assert due(until=date(2020, 5, 4)) == 1
    assert due(until=date(2020, 5, 3)) == 0
    assert due(since=date(2020, 5, 4)) == 1
    assert due(since=date(2020, 5, 5)) == 0


def test_a_crawl_that_began_at_either_end_of_a_time_is_of_it(desk: Desk) -> None:
    began = desk.now + timedelta(hours=1)
    number = desk.archive.start_crawl(SITE, "due", {}, began)
    second = timedelta(seconds=1)

    def told(**within: datetime) -> bool:
        return number in [crawl.id for crawl in desk.archive.crawls(SITE, **within)]

    assert told(since=began, until=began)
    assert not told(since=began + second)
    assert not told(until=began - second)


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64, 10**40])
def test_a_number_that_no_article_can_have_names_none(desk: Desk, number: int) -> None:
    desk.save(article(1))
    assert desk.archive.article(str(number)) is None


# --- manners -------------------------------------------------------------------------------------


class Kept:
    """An archive that remembers what it is told of robots.txt, and nothing else."""

    def __init__(self) -> None:
        self.until: dict[str, datetime] = {}

    def keep_robots(self, host: str, text: str, *, until: datetime) -> None:
        self.until[host] = until


def crawling(kept: Kept, **pace: Any) -> Any:
    """A crawler with no more of it than the manners ask for."""
    settings = Settings(
        {
            "HEMEROTECA_ROBOTS_SECONDS": 3600.0,
            "HEMEROTECA_LONGEST_ROBOTS_BYTES": 9999,
            "ROBOTSTXT_USER_AGENT": "hemeroteca",
        }
    )
    spider = SimpleNamespace(
        archive=kept, clock=SimpleNamespace(now=lambda: NOW), pace=SimpleNamespace(**pace)
    )
    signals = SimpleNamespace(connect=lambda *_: None)
    return SimpleNamespace(settings=settings, spider=spider, signals=signals)


def answered(status: int, **headers: str) -> tuple[Kept, Response]:
    """What a server's answer to the question for robots.txt makes of the rules."""
    kept = Kept()
    request = Request(f"{HOST}/robots.txt", meta={"dont_obey_robotstxt": True})
    told: Any = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Response(request.url, status=status, headers=told, body=b"", request=request)
    return kept, RobotsAnswers(crawling(kept)).process_response(request, answer)


@pytest.mark.parametrize("status", [429, 500, 503, 599])
def test_a_robots_txt_that_is_refused_for_now_forbids_all_and_is_not_kept(status: int) -> None:
    kept, rules = answered(status)
    assert b"Disallow: /\n" in rules.body
    assert kept.until == {}


@pytest.mark.parametrize("status", [404, 401, 403, 410])
def test_a_robots_txt_that_there_is_not_forbids_nothing(status: int) -> None:
    kept, rules = answered(status)
    assert b"Disallow" not in rules.body
    assert kept.until == {"bounds.example": NOW + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("stated", "held"),
    [
        ("max-age=7200", timedelta(hours=2)),
        ("max-age=0", SHORTEST_ROBOTS),
        ("max-age=31536000", LONGEST_ROBOTS),
        ("max-age=" + "9" * 99, LONGEST_ROBOTS),
        ("no-store", timedelta(hours=1)),
    ],
)
def test_a_robots_txt_holds_as_long_as_its_server_says_and_a_day_at_most(
    stated: str, held: timedelta
) -> None:
    kept, _ = answered(200, Cache_Control=stated)
    assert kept.until == {"bounds.example": NOW + held}


def test_a_page_is_asked_for_again_after_pauses_and_not_for_ever() -> None:
    patience = Patience(crawling(Kept(), is_paused=lambda host: False))
    request: Request | Response = Request(f"{HOST}/story")
    for _ in range(PATIENCE):
        assert isinstance(request, Request)
        request = patience.process_response(request, Response(request.url, status=429))
    assert isinstance(request, Request)
    last = patience.process_response(request, Response(request.url, status=429))
    assert isinstance(last, Response)
