"""A site that does its worst: its bad page is told of, and the good ones are all kept, once.

The whole list of faults is in ``benchmarks/faults.py``; here stand those that were not survived
once.
"""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError

from crawler.profile import generic_profile
from spiders.manners import rules_for
from spiders.names import PublicNames
from tests.crawling import article, crawled, start
from tests.hostile import (
    Answer,
    HostileSite,
    counted,
    endless,
    headline,
    hostile,
    listing,
    path,
    response,
)

BAD = "/world/a-page-that-misbehaves/"
GOOD = [path(number) for number in range(5)]
PAGE = article("The page that misbehaves").replace("</body>", "</body></html>")
#: The head of an answer that does not say how long it is.
UNTOLD = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
HALF = PAGE[: len(PAGE) // 2]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "hemeroteca.db"


def headlines(archive: Path) -> Counter[str]:
    with sqlite3.connect(archive) as connection:
        return Counter(text for (text,) in connection.execute("SELECT headline FROM articles"))


ALL_GOOD = Counter(headline(number) for number in range(5))


def crawl(site: HostileSite, archive: Path, **settings: Any) -> dict[str, Any]:
    quick = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}
    (report,) = crawled(archive, generic_profile(site.url), settings=quick | settings)
    return report


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and so on\r\n" * 1000),
            "the head of the answer does not end",
        ),
        (endless(UNTOLD, b"<", 0.2), "the server did not answer in time"),
        (UNTOLD + HALF.encode(), "the page broke off"),
        (
            response(b"", "Location: http://[::1", status="302 Found"),
            "a redirect to what is no address",
        ),
    ],
)
def test_an_answer_without_end_or_sense_costs_its_own_page(
    archive: Path, answer: Answer, reason: str
) -> None:
    with hostile({BAD: answer}) as site:
        report = crawl(site, archive)
    assert report["failed"] == {reason: 1}
    assert headlines(archive) == ALL_GOOD


@pytest.mark.parametrize(
    "answer",
    [
        response(PAGE, f"Content-Length: {len(HALF)}"),
        response(gzip.compress(PAGE.encode(), 0)[:700], "Content-Encoding: gzip"),
    ],
)
def test_a_page_that_breaks_off_unseen_by_the_protocol_is_no_article(
    archive: Path, answer: bytes
) -> None:
    with hostile({BAD: answer}) as site:
        report = crawl(site, archive)
        assert report["unreadable"] == 1
        assert headlines(archive) == ALL_GOOD
        site.answers[BAD] = response(PAGE)
        with sqlite3.connect(archive) as connection:
            connection.execute("UPDATE frontier SET next_due_at = '2020-01-01 00:00:00'")
        assert crawl(site, archive)["new"] == 1


def test_robots_txt_without_end_is_obeyed_as_far_as_it_is_read(archive: Path) -> None:
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    rules = f"User-agent: *\nDisallow: {GOOD[0]}\n".encode()
    answer = endless(head + rules, b"Disallow: /and-so-on/\n" * 1000)
    with hostile({"/robots.txt": answer}) as site:
        report = crawl(site, archive)
    assert (report["new"], report["refused_by_robots"]) == (4, 1)


def test_a_robots_txt_for_everybody_by_name_is_as_long_as_its_rules() -> None:
    names = "".join(f"User-agent: bot{number}\n" for number in range(500))
    tame = rules_for("Hemeroteca", f"{names}User-agent: hemeroteca\nDisallow: /x\n# end\n")
    assert tame == "User-agent: -\nUser-agent: hemeroteca\nDisallow: /x\n# end"


def test_a_crawl_delay_beyond_all_time_leaves_the_host_alone(archive: Path) -> None:
    rules = response("User-agent: *\nCrawl-delay: 1e300\n", kind="text/plain")
    with hostile({"/robots.txt": rules}) as site:
        report = crawl(site, archive)
        assert site.asked == ["/robots.txt"]
    assert report["outcome"] == "finished"


def test_a_public_name_that_leads_into_a_private_network_is_not_found() -> None:
    settings = SimpleNamespace(
        getbool=lambda _: False,
        getfloat=lambda _: 1.0,
        getlist=lambda _: ["news.intranet"],
    )
    names = PublicNames.from_crawler(SimpleNamespace(settings=settings), SimpleNamespace())
    for private in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "224.0.0.1"):
        with pytest.raises(CannotResolveHostError, match="private network"):
            names._checked(private, "news.example")
    assert names._checked("1.1.1.1", "news.example") == "1.1.1.1"
    assert names._checked("10.1.2.3", "News.Intranet") == "10.1.2.3"
    assert names._checked("127.0.0.1", "127.0.0.1") == "127.0.0.1"


# Lists without end


def further(target: str) -> int | None:
    """The number of a further page of the list, or None for another address."""
    return int(target.split("/")[3]) if target.startswith("/latest/page/") else None


def test_a_list_that_repeats_itself_under_new_addresses_is_left(archive: Path) -> None:
    number = counted("/s-{}")

    def answer(target: str) -> Answer | None:
        page = further(target)
        if page is None:
            return response(article("A copy")) if target.startswith("/s-") else None
        links = [number() + each for each in GOOD]
        return listing(links, f"<a rel=next href='/latest/page/{page + 1}/'>Older</a>")

    front = listing(GOOD, "<a rel=next href='/latest/page/2/'>Older</a>")
    with hostile({"/": front}, otherwise=answer) as site:
        report = crawl(site, archive)
        assert sum(each.startswith("/latest/") for each in site.asked) == 3
    assert "it goes on for ever with the same stories" in report["lists_failed"].values()
    assert headlines(archive) == ALL_GOOD


def test_a_list_that_goes_on_with_other_stories_is_walked_to_its_end(archive: Path) -> None:
    def answer(target: str) -> Answer | None:
        page = further(target)
        if page is None:
            return response(article(f"Report {target}")) if "/older-" in target else None
        older = [f"/world/an-older-report-{page}-{number}/" for number in range(4)]
        more = f"<a rel=next href='/latest/page/{page + 1}/'>Older</a>" if page < 9 else ""
        return listing(older, more)

    front = listing(GOOD, "<a rel=next href='/latest/page/2/'>Older</a>")
    with hostile({"/": front}, otherwise=answer) as site:
        report = crawl(site, archive)
    assert report["listed_new"] == 5 + 8 * 4


def test_a_calendar_with_a_page_for_every_day_is_left(archive: Path) -> None:
    def answer(target: str) -> Answer | None:
        page = further(target)
        if page is None:
            return response("<h1>Nothing on</h1>") if target.startswith("/on-") else None
        days = [f"/on-{page}/what-is-on-on-day-{page}-{day}/" for day in range(10)]
        return listing(days, f"<a rel=next href='/latest/page/{page + 1}/'>Next</a>")

    front = listing(GOOD, "<a rel=next href='/latest/page/1/'>Next</a>")
    with hostile({"/": front}, otherwise=answer) as site:
        report = crawl(site, archive, HEMEROTECA_MOST_VAIN_PAGES=25)
        assert sum(each.startswith("/latest/") for each in site.asked) < 10
    assert "what it names are no articles" in "".join(report["lists_failed"].values())
    assert headlines(archive) == ALL_GOOD


def test_sitemaps_that_name_ever_more_sitemaps_come_to_an_end(archive: Path) -> None:
    def answer(target: str) -> Answer | None:
        if not target.startswith("/sitemap"):
            return None
        last = int("".join(filter(str.isdigit, target)) or 0)
        child = f"<sitemap><loc>/sitemap-{last + 1}.xml</loc></sitemap>"
        return response(f"<sitemapindex>{child}</sitemapindex>", kind="application/xml")

    with hostile(otherwise=answer) as site:
        report = crawl(site, archive)
        assert sum(each.startswith("/sitemap") for each in site.asked) < 20
    assert "an index of sitemaps too deep in others" in report["lists_failed"].values()
    assert headlines(archive) == ALL_GOOD


def test_no_more_addresses_and_lists_are_taken_in_than_the_bounds_allow(archive: Path) -> None:
    with hostile() as site:
        report = crawl(site, archive, HEMEROTECA_MOST_NEW_ADDRESSES=3)
    assert report["listed_new"] == report["new"] == 3
    assert "3 new addresses" in "".join(report["lists_failed"].values())


# The end of a run


def test_a_page_that_drips_does_not_hold_up_the_end_of_a_run(archive: Path) -> None:
    drip = endless(b"HTTP/1.0 200 OK\r\n\r\n", b"<", 0.2)
    with hostile({BAD: drip}) as site:
        settings = {"HEMEROTECA_GRACE_SECONDS": 0.3, "DOWNLOAD_TIMEOUT": 60}
        running = start(archive, generic_profile(site.url), settings=settings)
        for _ in range(1000):
            if BAD in site.asked:
                break
            time.sleep(0.01)
        sent = time.monotonic()
        os.kill(running.process.pid or 0, signal.SIGTERM)
        (report,) = running.reports()
        assert time.monotonic() - sent < 10
        assert report["outcome"] == "interrupted"
        assert report["failed"] == {}
        site.answers[BAD] = response(PAGE)
        crawl(site, archive)
    assert headlines(archive) == ALL_GOOD + Counter({"The page that misbehaves": 1})


# When it grows


def test_a_growing_share_of_unreadable_pages_is_an_alarm(archive: Path) -> None:
    with hostile(good=20) as site:
        assert crawl(site, archive)["alarms"] == []
        cut = response(PAGE, "Content-Length: 400")
        broken = {f"/world/a-broken-page-{number}/": cut for number in range(4)}
        site.answers.update(broken)
        site.answers["/"] = listing([*broken, *map(path, range(20))])
        report = crawl(site, archive)
    assert report["alarms"] == ["4 of the last 24 pages could not be read"]
