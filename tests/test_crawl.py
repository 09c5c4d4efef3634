"""What a crawl does to a site and to an archive, seen from the server's own log."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.profile import Profile, generic_profile
from crawler.sites import site_named
from scripts.newsroom import Newsroom
from spiders.reports import LEFT_ALONE
from storage import Archive
from tests.crawling import (
    CrawlFailed,
    Page,
    Shelf,
    article,
    content_of,
    crawled,
    damage_in,
    shelf,
    start,
)

ROOT = Path(__file__).parent.parent
#: How much later than it left a request may be noted by the server, beyond the one before it.
SLACK_SECONDS = 0.1


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "hemeroteca.db"


def faro(room: Newsroom) -> Profile:
    return site_named("faro").at(room.url)


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(archive) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def open_paths(room: Newsroom) -> set[str]:
    """The addresses of all articles that robots.txt leaves open."""
    return {each.url for each in room.articles if "/embargo/" not in each.url}


def forget_robots(archive: Path) -> None:
    """As if what was known of robots.txt had run out."""
    with sqlite3.connect(archive) as connection:
        connection.execute("UPDATE hosts SET robots_until = '2020-01-01 00:00:00.000000'")
    connection.close()


def gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


# Finding and keeping


def test_every_article_of_a_site_is_found_and_kept_once(room: Newsroom, archive: Path) -> None:
    (report,) = crawled(archive, faro(room))
    kept = [url for (url,) in rows(archive, "SELECT url FROM articles")]
    assert set(kept) == open_paths(room)
    assert len(kept) == len(set(kept)) == report["new"]
    assert report["outcome"] == "finished"
    assert (report["lists_to_end"], report["complete"]) == (True, 0.9844)  # robots.txt refuses one
    assert report["failed"] == {}
    asked = [request.path for request in room.requests]
    assert len(asked) == len(set(asked))


def test_what_is_kept_is_what_came_over_the_wire(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room), limit=1)
    with Archive.open(archive) as opened:
        (url,) = (url for (url,) in rows(archive, "SELECT url FROM captures"))
        capture = opened.capture(opened.captures(url)[0].id)
    assert capture.body[:2] == b"\x1f\x8b"
    assert capture.header("Content-Encoding") == "gzip"
    assert capture.header("content-length") == str(len(capture.body))
    assert (capture.http_version, capture.reason_phrase) == ("HTTP/1.1", "OK")
    assert not any("phrase" in name.lower() for name, _ in capture.headers)
    assert not capture.truncated


def test_a_second_run_asks_for_nothing_that_is_not_due(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room))
    before = rows(archive, "SELECT count(*) FROM captures")
    room.requests.clear()
    (report,) = crawled(archive, faro(room))
    assert not {request.path for request in room.requests} & {each.path for each in room.articles}
    assert report["due"] == report["new"] == 0
    assert rows(archive, "SELECT count(*) FROM captures") == before


def test_a_recheck_asks_conditionally_and_stores_nothing_new(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room))
    before = rows(archive, "SELECT count(*) FROM captures")
    room.requests.clear()
    (report,) = crawled(archive, faro(room), mode="recheck", since="2000-01-01")
    asked = [request for request in room.requests if request.path != "/robots.txt"]
    assert all("if-none-match" in request.headers for request in asked)
    assert {request.status for request in asked} == {304}
    assert report["not_modified"] == len(asked) == len(open_paths(room))
    assert rows(archive, "SELECT count(*) FROM captures") == before


def test_limited_rechecks_go_through_all_that_is_held_one_after_the_other(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room), limit=20)
    held = {url for (url,) in rows(archive, "SELECT url FROM articles")}
    seen: list[str] = []
    for _ in range(4):
        room.requests.clear()
        (report,) = crawled(archive, faro(room), mode="recheck", since="2000-01-01", limit=5)
        assert report["stopped_by"] == "limit"
        seen += [each.path for each in room.requests if each.path != "/robots.txt"]
    assert len(seen) == 20
    assert {room.url.rstrip("/") + path for path in seen} == held


def test_an_edited_article_is_asked_for_again_and_is_a_revision(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room))
    edited = next(each for each in room.articles if each.path.startswith("/news/"))
    room.edit(edited.path, headline="A headline of the second edition")
    (report,) = crawled(archive, faro(room))
    assert (report["revised"], report["new"]) == (1, 0)
    with Archive.open(archive) as opened:
        assert opened.history(edited.url).to_dict()["revisions"][-1]["changes"]


def test_a_removed_article_keeps_its_text_is_marked_and_may_return(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room))
    gone = next(each for each in room.articles if each.path.startswith("/news/"))
    room.remove(gone.path, status=410)
    (report,) = crawled(archive, faro(room), mode="recheck", since="2000-01-01")
    assert report["gone"] == 1
    ((text, gone_at),) = rows(
        archive, f"SELECT body, gone_at FROM articles WHERE url = '{gone.url}'"
    )
    assert text
    assert gone_at
    room.restore(gone.path)
    (report,) = crawled(archive, faro(room), mode="recheck", since="2000-01-01")
    assert (report["gone"], report["new"]) == (0, 0)
    ((back,),) = rows(archive, f"SELECT gone_at FROM articles WHERE url = '{gone.url}'")
    assert back is None


def test_an_unknown_site_is_crawled_by_its_address_alone(room: Newsroom, archive: Path) -> None:
    (report,) = crawled(archive, generic_profile(room.url))
    kept = {url for (url,) in rows(archive, "SELECT url FROM articles")}
    assert kept == open_paths(room)
    assert report["site"] == room.url.removeprefix("http://").rstrip("/")


def test_a_limit_is_a_number_of_articles(room: Newsroom, archive: Path) -> None:
    (report,) = crawled(archive, faro(room), limit=3)
    assert (report["stopped_by"], report["lists_to_end"]) == ("limit", False)
    assert report["complete"] is None
    assert report["new"] == 3
    assert rows(archive, "SELECT count(*) FROM articles") == [(3,)]
    pages = {each.path for each in room.articles}
    assert sum(request.path in pages for request in room.requests) == 3


def test_the_newest_articles_come_first(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room), limit=5)
    dated = [each.touched_at for each in room.articles if each.url in open_paths(room)]
    newest = sorted((moment for moment in dated if moment), reverse=True)[:8]
    pages = {each.path: each.touched_at for each in room.articles}
    asked = [pages[request.path] for request in room.requests if request.path in pages]
    assert len(asked) == 5
    assert all(moment in newest for moment in asked)


def test_articles_changed_before_the_period_are_not_asked_for(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room), since="2016-01-01")
    pages = {each.path: each.touched_at for each in room.articles}
    asked = [pages[request.path] for request in room.requests if request.path in pages]
    assert asked
    assert all(moment is None or moment.year >= 2015 for moment in asked)


def test_the_mode_latest_reads_the_newest_list_only(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room), mode="latest")
    maps = [request.path for request in room.requests if request.path.startswith("/sitemaps/")]
    assert len(maps) == 1


# Sites without sitemaps


def listing(*paths: str, more: str = "") -> Page:
    links = "".join(f"<h2><a href='{path}'>A headline of many words</a></h2>" for path in paths)
    return Page(f"<html><body>{links}{more}</body></html>")


def titles(start: int, stop: int) -> list[str]:
    return [f"/world/harbour-report-number-{number}/" for number in range(start, stop)]


def paged_site() -> dict[str, Page]:
    pages = {path: Page(article(f"Harbour report {path}")) for path in titles(0, 8)}
    pages["/"] = listing(*titles(0, 2), more="<a href='/world/'>World</a><a href='/login'>In</a>")
    pages["/world/"] = listing(*titles(0, 3), more="<a href='/world/page/2/'>2</a>")
    pages["/world/page/2/"] = listing(*titles(3, 6), more="<a href='/world/page/3/'>3</a>")
    pages["/world/page/3/"] = listing(*titles(6, 8), more="<a href='/world/page/2/'>2</a>")
    return pages


def test_sections_and_their_pages_are_walked_where_there_is_no_sitemap(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == 8
        assert "/login" not in site.asked()
        site.requests.clear()
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == report["due"] == 0
        assert "/world/page/2/" not in site.asked()
        assert "/sitemap.xml" not in site.asked()


def test_a_walk_through_a_listing_that_was_broken_off_is_made_again(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        pages = dict(site.pages)
        del site.pages["/world/page/2/"]
        crawled(archive, generic_profile(site.url))
        site.pages.update(pages)
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == 5


def test_a_walk_stops_at_the_first_page_without_news(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        crawled(archive, generic_profile(site.url))
        fresh = "/world/harbour-report-of-today/"
        site.pages[fresh] = Page(article("Harbour report of today"))
        for path in ("/", "/world/"):
            old = site.pages[path].body
            assert isinstance(old, str)
            site.pages[path] = Page(old.replace("<body>", f"<body><a href='{fresh}'>New one</a>"))
        site.requests.clear()
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == 1
        assert "/world/page/2/" in site.asked()
        assert "/world/page/3/" not in site.asked()


def test_sections_below_sections_are_walked_too(archive: Path) -> None:
    pages = {path: Page(article(f"Report {path}")) for path in titles(0, 4)}
    pages["/world/"] = listing(*titles(0, 2), more="<a href='/world/asia/'>Asia</a>")
    pages["/world/asia/"] = listing(*titles(2, 4))
    with shelf(front=listing(more="<a href='/world/'>World</a>"), **pages) as site:
        (report,) = crawled(archive, generic_profile(site.url))
    assert report["new"] == 4


def test_the_days_of_an_archive_are_walked(archive: Path) -> None:
    pages = {path: Page(article(f"Report {path}")) for path in titles(0, 4)}
    pages["/archive/"] = listing(more="<a href='/archive/2019/05/03/'>3</a>")
    pages["/archive/2019/05/03/"] = listing(*titles(0, 4))
    with shelf(front=listing(more="<a href='/archive/'>Archive</a>"), **pages) as site:
        (report,) = crawled(archive, generic_profile(site.url))
    assert report["new"] == 4


def test_a_server_that_gives_its_last_page_for_ever_is_no_trap(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        for page in range(3, 9):
            further = f"<a href='/world/page/{page + 1}/'>{page + 1}</a>"
            site.pages[f"/world/page/{page}/"] = listing(
                *titles(6, 8), "/world/a-b-c/", more=further
            )
        site.pages["/world/a-b-c/"] = Page(article("Another"))
        (report,) = crawled(archive, generic_profile(site.url))
        assert "/world/page/7/" not in site.asked()
    assert (report["new"], report["lists_failed"]) == (9, {})


def feed(site: Shelf, *paths: str, more: str = "") -> Page:
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    namespace = "xmlns:atom='http://www.w3.org/2005/Atom'"
    return Page(f"<rss {namespace}><channel>{more}{items}</channel></rss>", content_type="text/xml")


def test_a_feed_is_walked_over_all_its_pages_and_then_up_to_what_is_known(archive: Path) -> None:
    with shelf(**{path: Page(article(f"Report {path}")) for path in titles(0, 8)}) as site:
        for page, names in enumerate((titles(0, 3), titles(3, 6), titles(6, 8)), start=1):
            further = f"<atom:link rel='next' href='/feed/{page + 1}'/>" if page < 3 else ""
            site.pages[f"/feed/{page}"] = feed(site, *names, more=further)
        site.pages["/"] = Page("<link rel=alternate type=application/rss+xml href=/feed/1>")
        (report,) = crawled(archive, generic_profile(site.url))
        assert (report["new"], report["lists_failed"]) == (8, {})
        site.requests.clear()
        crawled(archive, generic_profile(site.url))
        assert "/feed/1" in site.asked()
        assert "/feed/2" not in site.asked()


def test_sitemaps_are_guessed_until_one_is_there_and_feeds_where_there_is_none(
    archive: Path,
) -> None:
    with shelf(**{path: Page(article(f"Report {path}")) for path in titles(0, 2)}) as site:
        entries = "".join(f"<url><loc>{path}</loc></url>" for path in titles(0, 1))
        site.pages["/wp-sitemap.xml"] = Page(f"<urlset>{entries}</urlset>", content_type="text/xml")
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == 1
        assert "/sitemap.xml" in site.asked()
        assert not {"/sitemap-index.xml", "/rss.xml"}.intersection(site.asked())
    archive.unlink()
    with shelf(**{path: Page(article(f"Report {path}")) for path in titles(0, 2)}) as site:
        site.pages["/atom.xml"] = feed(site, *titles(0, 2))
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == 2


def posts(site: Shelf, *paths: str, changed: str = "2024-03-01T10:00:00") -> Page:
    made = [
        {"link": site.url.rstrip("/") + path, "date_gmt": changed, "modified_gmt": changed}
        for path in paths
    ]
    return Page(json.dumps(made), content_type="application/json")


POSTS = "/wp-json/wp/v2/posts?_fields=link,date_gmt,modified_gmt&orderby=modified&page={}"


def wordpress(site: Shelf) -> None:
    """A front page that names two of its stories, and a list of posts that names all, on pages."""
    front = listing(*titles(0, 2))
    site.pages["/"] = replace(
        front, headers={"Link": f'<{site.url}wp-json/>; rel="https://api.w.org/"'}
    )
    for number, page in enumerate((titles(0, 3), titles(3, 6), titles(6, 8)), start=1):
        site.pages[f"{POSTS.format(number)}&per_page=100"] = replace(
            posts(site, *page), headers={"X-WP-TotalPages": "3"}
        )


def test_a_wordpress_site_gives_all_its_posts_and_tells_of_edits(archive: Path) -> None:
    with shelf(**{path: Page(article(f"Report {path}")) for path in titles(0, 8)}) as site:
        wordpress(site)
        (report,) = crawled(archive, generic_profile(site.url))
        assert (report["new"], report["failed"]) == (8, {})
        asked = [path for path in site.asked() if path.startswith("/wp-json/")]
        assert len(asked) == 3
        edited = titles(4, 5)[0]
        site.pages[edited] = Page(article("An edited report"))
        time.sleep(1.1)  # the list tells whole seconds
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
        first = f"{POSTS.format(1)}&per_page=100"
        site.pages[first] = replace(
            posts(site, edited, changed=now), headers={"X-WP-TotalPages": "3"}
        )
        site.requests.clear()
        (report,) = crawled(archive, generic_profile(site.url))
        assert (report["new"], report["revised"]) == (0, 1)
        crawled_again = [path for path in site.asked() if path.startswith("/wp-json/")]
        assert len(crawled_again) == 1
    with Archive.open(archive) as opened:
        (host,) = opened.sites()
        told = {row["source"]: row for row in opened.compared_sources(host)}
    assert told["wordpress"]["listed"] == 8
    assert told["wordpress"]["only"] == 6
    assert told["listing"]["only"] == 0


def test_a_list_of_posts_without_totals_ends_where_the_server_refuses(archive: Path) -> None:
    many = [f"/world/harbour-report-number-{number}/" for number in range(100)]
    with shelf(**{path: Page(article(f"Report {path}")) for path in many}) as site:
        wordpress(site)
        site.pages[f"{POSTS.format(1)}&per_page=100"] = posts(site, *many)
        site.pages[f"{POSTS.format(2)}&per_page=100"] = Page('{"code":"rest_post_invalid"}', 400)
        (report,) = crawled(archive, generic_profile(site.url))
    assert report["new"] == 100
    assert not [url for url in report["lists_failed"] if "wp-json" in url]


@pytest.mark.parametrize(("status", "told"), [(401, 0), (404, 0), (500, 1)])
def test_an_announced_list_of_posts_that_is_closed_to_strangers_is_no_failure(
    archive: Path, status: int, told: int
) -> None:
    with shelf(**{path: Page(article(f"Report {path}")) for path in titles(0, 2)}) as site:
        wordpress(site)
        site.pages[f"{POSTS.format(1)}&per_page=100"] = Page('{"code":"rest_no"}', status)
        (report,) = crawled(archive, generic_profile(site.url))
        assert (report["new"], len(report["lists_failed"])) == (2, told)
        site.requests.clear()
        crawled(archive, generic_profile(site.url))
        assert any("/wp-json/" in path for path in site.asked()) is bool(told)


def test_the_months_of_a_calendar_are_walked_but_for_those_to_come(archive: Path) -> None:
    pages = {path: Page(article(f"Report {path}")) for path in titles(0, 6)}
    months = "<a href='/archive/2019/'>2019</a><a href='/archive/2199/01/'>soon</a>"
    pages["/archive/2019/"] = listing(more="<a href='/archive/2019/05/'>May</a>")
    pages["/archive/2019/05/"] = listing(*titles(0, 6))
    with shelf(front=listing(more=months), **pages) as site:
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["new"] == 6
        assert "/archive/2199/01/" not in site.asked()
        site.requests.clear()
        crawled(archive, generic_profile(site.url))
        assert "/archive/2019/05/" not in site.asked()


# Manners


def test_no_door_is_opened_and_no_cookie_kept() -> None:
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    for name in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED"):
        assert settings.getbool(name) is False
    assert settings.getbool("ROBOTSTXT_OBEY") is True
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0


def test_robots_txt_is_asked_first_once_and_obeyed(room: Newsroom, archive: Path) -> None:
    (report,) = crawled(archive, faro(room))
    asked = [request.path for request in room.requests]
    assert asked[0] == "/robots.txt"
    assert asked.count("/robots.txt") == 1
    assert not [path for path in asked if path.startswith("/news/embargo/")]
    assert report["refused_by_robots"] == 1
    assert ("refused",) in rows(archive, "SELECT DISTINCT state FROM frontier")


def test_every_request_says_who_asks_and_carries_no_cookie(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room), limit=2, contact="desk@daily.example")
    agents = {request.headers["user-agent"] for request in room.requests}
    assert len(agents) == 1
    assert re.fullmatch(r"Hemeroteca/[\d.]+ \(\+desk@daily\.example\)", agents.pop())
    assert not any("cookie" in request.headers for request in room.requests)
    assert {request.headers["accept-encoding"] for request in room.requests} == {"gzip"}


def test_the_delay_lies_between_any_two_requests_also_across_runs(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room), limit=2, delay_seconds=0.6)
    crawled(archive, faro(room), limit=2, delay_seconds=0.6)
    times = [request.time for request in room.requests]
    assert len(times) > 6
    assert min(gaps(times)) >= 0.6 - SLACK_SECONDS


def test_a_run_asks_a_host_no_oftener_than_it_may_and_the_next_goes_on(
    room: Newsroom, archive: Path
) -> None:
    bounds = {"HEMEROTECA_MOST_REQUESTS": 12}
    (report,) = crawled(archive, faro(room), settings=bounds)
    assert len(room.requests) == 12
    assert report["stopped_by"] == "requests"
    assert (report["failed"], report["lists_failed"], report["put_back"]) == ({}, {}, {})
    for _ in range(20):
        (report,) = crawled(archive, faro(room), settings={"HEMEROTECA_MOST_REQUESTS": 25})
    assert report["stopped_by"] is None
    assert rows(archive, "SELECT count(*) FROM articles") == [(len(open_paths(room)),)]


def test_two_sites_on_one_host_share_what_it_may_be_asked(room: Newsroom, archive: Path) -> None:
    bounds = {"HEMEROTECA_MOST_REQUESTS": 15}
    reports = crawled(archive, faro(room), generic_profile(room.url), settings=bounds)
    assert len(room.requests) == 15
    assert {report["stopped_by"] for report in reports} == {"requests"}


def test_a_run_ends_after_its_minutes_and_the_next_goes_on(room: Newsroom, archive: Path) -> None:
    bounds = {"HEMEROTECA_MOST_MINUTES": 0.01}
    (report,) = crawled(archive, faro(room), settings=bounds, delay_seconds=0.1)
    assert report["stopped_by"] == "minutes"
    assert report["outcome"] == "finished"
    assert 0 < len(room.requests) < 20
    (report,) = crawled(archive, faro(room))
    assert rows(archive, "SELECT count(*) FROM articles") == [(len(open_paths(room)),)]


def test_the_crawl_delay_of_robots_txt_is_kept(archive: Path) -> None:
    with Newsroom(crawl_delay=0.5) as room:
        crawled(archive, faro(room), limit=2)
        times = [request.time for request in room.requests]
    assert min(gaps(times)) >= 0.5 - SLACK_SECONDS


def test_retry_after_is_waited_out_and_the_page_asked_for_again(
    room: Newsroom, archive: Path
) -> None:
    refused = next(each for each in room.articles if each.path.startswith("/news/"))
    room.fail(refused.path, status=429, retry_after=2)
    (report,) = crawled(archive, faro(room))
    log = list(room.requests)
    at = next(number for number, each in enumerate(log) if each.status == 429)
    assert log[at + 1].time - log[at].time >= 2 - SLACK_SECONDS
    assert report["failed"] == {}
    assert report["new"] == len(open_paths(room))


def test_a_long_pause_ends_the_run_and_is_remembered_by_the_next(
    room: Newsroom, archive: Path
) -> None:
    refused = next(each for each in room.articles if each.path.startswith("/news/"))
    room.fail(refused.path, status=503, retry_after=86_400)
    (report,) = crawled(archive, faro(room))
    assert [request.status for request in room.requests].index(503) == len(room.requests) - 1
    assert report["failed"] == {"the server asked for a pause (503)": 1}
    assert report["put_back"]
    room.requests.clear()
    (report,) = crawled(archive, faro(room))
    assert room.requests == []


def test_a_robots_txt_that_fails_forbids_everything_for_now(room: Newsroom, archive: Path) -> None:
    crawled(archive, faro(room), limit=2)
    room.requests.clear()
    room.fail("/robots.txt", status=500, times=9)
    forget_robots(archive)
    (report,) = crawled(archive, faro(room))
    assert {request.path for request in room.requests} == {"/robots.txt"}
    assert report["refused_by_robots"] == 0
    (report,) = crawled(archive, faro(room))
    room.fail("/robots.txt", times=0)
    (report,) = crawled(archive, faro(room))
    assert report["new"] == len(open_paths(room)) - 2


def robots(site: Shelf, text: str, **headers: str) -> None:
    site.pages["/robots.txt"] = Page(text, content_type="text/plain", headers=headers)


def test_a_host_is_never_asked_twice_at_once_whoever_asks(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        for page in site.pages.values():
            page.seconds = 0.1
        twice = (generic_profile(site.url), site_named("faro").at(site.url))
        crawled(archive, *twice, delay_seconds=0.01)
        assert len(site.requests) > 12
        assert site.under_way == [0, 1]


def test_robots_txt_is_asked_for_once_in_several_runs_until_it_runs_out(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        robots(site, "User-agent: *\nDisallow: /world/harbour-report-number-3/\n")
        for _ in range(3):
            crawled(archive, generic_profile(site.url), mode="backfill")
        paths = [path for _, path, _ in site.requests]
        assert paths.count("/robots.txt") == 1
        assert "/world/harbour-report-number-3/" not in paths
        robots(site, "User-agent: *\nDisallow: /world/\n")
        forget_robots(archive)
        site.requests.clear()
        crawled(archive, generic_profile(site.url), mode="recheck", since="2000-01-01")
        assert [path for _, path, _ in site.requests] == ["/robots.txt"]


def test_rules_that_come_up_or_change_during_a_run_hold_from_then_on(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        bound = {"HEMEROTECA_ROBOTS_SECONDS": 0.3}
        running = start(archive, generic_profile(site.url), settings=bound, delay_seconds=0.1)
        while "/world/" not in site.asked():
            time.sleep(0.01)
        robots(site, "User-agent: *\nDisallow: /world/\n")
        running.reports()
        told_at = [time for time, path, _ in site.requests if path == "/robots.txt"]
        paths = [path for time, path, _ in site.requests if time > told_at[-1]]
        assert len(told_at) > 1
        late = [path for path in paths if path.startswith("/world/")]
        assert len(late) <= 2  # had been let through, and were waiting for their turn
        assert len([path for path in site.asked() if path.startswith("/world/")]) < 11


@pytest.mark.parametrize(
    ("stated", "asked"), [("max-age=86400", 1), ("no-cache, max-age=0", 1), ("private", 2)]
)
def test_what_a_server_says_of_keeping_its_robots_txt_counts_within_bounds(
    archive: Path, stated: str, asked: int
) -> None:
    with shelf(**paged_site()) as site:
        robots(site, "", **{"Cache-Control": stated})
        bound = {"HEMEROTECA_ROBOTS_SECONDS": 0.05 if stated == "private" else 9.0}
        for _ in range(2):
            crawled(archive, generic_profile(site.url), mode="recheck", settings=bound)
            crawled(archive, generic_profile(site.url), limit=1, settings=bound)
        paths = [path for _, path, _ in site.requests]
        assert (paths.count("/robots.txt") > 1) == (asked > 1)


def test_a_missing_robots_txt_allows_everything(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        (report,) = crawled(archive, generic_profile(site.url))
    assert report["new"] == 8


def elsewhere(site: Shelf) -> Page:
    return Page(status=301, headers={"Location": site.url + "a-page-of-somebody-else/"})


def test_no_request_ever_leaves_for_another_host(archive: Path) -> None:
    page = "/world/harbour-report-number-0/"
    with shelf() as other, shelf(**paged_site()) as site:
        site.pages[page] = elsewhere(other)
        site.pages["/robots.txt"] = Page(
            f"Sitemap: {other.url}sitemap.xml\n", content_type="text/plain"
        )
        (report,) = crawled(archive, generic_profile(site.url))
        assert other.requests == []
        assert report["failed"] == {"redirected off site": 1}
        assert report["new"] == 7


def test_a_robots_txt_that_leads_off_site_is_not_followed(archive: Path) -> None:
    with shelf() as other, shelf(**paged_site()) as site:
        site.pages["/robots.txt"] = elsewhere(other)
        (report,) = crawled(archive, generic_profile(site.url))
        assert other.requests == []
        assert report["new"] == 8


def test_redirects_on_the_site_are_followed_and_noted(archive: Path) -> None:
    old, new = "/world/harbour-report-number-0/", "/world/harbour-report-number-1/"
    with shelf(**paged_site()) as site:
        site.pages[old] = Page(status=301, headers={"Location": new})
        (report,) = crawled(archive, generic_profile(site.url))
    assert (report["new"], report["failed"]) == (7, {})
    noted = rows(archive, "SELECT url, final_url FROM captures WHERE final_url IS NOT NULL")
    assert noted == [(site.url.rstrip("/") + old, site.url.rstrip("/") + new)]


def test_a_page_that_moved_with_its_validators_has_moved_all_the_same(archive: Path) -> None:
    old, new = "/world/harbour-report-number-0/", "/archive/harbour-report-number-0/"
    with shelf(**paged_site()) as site:
        profile = generic_profile(site.url)
        site.pages[old] = Page(site.pages[old].body, headers={"ETag": '"as it is"'})
        crawled(archive, profile)
        site.pages[old] = Page(status=301, headers={"Location": new})
        site.pages[new] = Page(status=304)  # what was asked with the old page's validator
        crawled(archive, profile, mode="recheck", since="2000-01-01")
        home = site.url.rstrip("/")
    question = "SELECT url, state FROM frontier WHERE url LIKE '%report-number-0/' ORDER BY url"
    assert rows(archive, question) == [(home + new, "waiting"), (home + old, "moved")]
    with Archive.open(archive) as opened:
        (one, other) = (opened.article(home + path) for path in (old, new))
        assert one is not None
        assert other is not None
        assert one.id == other.id


# What goes wrong


def test_a_page_that_breaks_off_is_kept_as_evidence_and_tried_again(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        path = titles(0, 1)[0]
        whole = site.pages[path]
        site.pages[path] = Page(whole.body, cut=100)
        (report,) = crawled(archive, generic_profile(site.url))
        assert report["failed"] == {"the page broke off": 1}
        assert report["new"] == 7
    assert rows(archive, "SELECT truncated FROM captures WHERE outcome = 'failed'") == [(1,)]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page("<h1>No</h1>", 403), "the server refused it (403)"),
        (Page("<h1>Oh</h1>", 500), "the server failed (500)"),
        (Page("", 302), "a redirect that leads nowhere (302)"),
    ],
)
def test_an_answer_that_is_no_page_is_listed_under_failures(
    archive: Path, page: Page, reason: str
) -> None:
    with shelf(**paged_site()) as site:
        site.pages[titles(0, 1)[0]] = page
        (report,) = crawled(archive, generic_profile(site.url))
    assert report["failed"] == {reason: 1}
    assert report["new"] == 7
    with Archive.open(archive) as opened:
        assert [failure.reason for failure in opened.failures()] == [reason]


def test_a_broken_coding_loses_neither_page_nor_run(archive: Path) -> None:
    with shelf(**paged_site()) as site:
        site.pages[titles(0, 1)[0]] = Page(
            b"\x1f\x8bnonsense", headers={"Content-Encoding": "gzip"}
        )
        (report,) = crawled(archive, generic_profile(site.url))
    assert (report["unreadable"], report["new"]) == (1, 7)


def test_a_list_that_breaks_off_is_not_taken_for_read(archive: Path) -> None:
    def sitemap(*paths: str) -> str:
        return "".join(f"<url><loc>{site.url.rstrip('/')}{path}</loc></url>" for path in paths)

    with shelf(**paged_site()) as site:
        whole = f"<urlset>{sitemap(*titles(0, 8))}</urlset>"
        site.pages["/sitemap.xml"] = Page(whole[:200], cut=500, content_type="text/xml")
        site.pages["/robots.txt"] = Page(f"Sitemap: {site.url}sitemap.xml")
        (report,) = crawled(archive, generic_profile(site.url), mode="latest")
        assert report["lists_failed"] == {site.url + "sitemap.xml": "it broke off"}
        site.pages["/sitemap.xml"] = Page(whole, content_type="text/xml")
        crawled(archive, generic_profile(site.url), mode="latest")
    assert rows(archive, "SELECT count(*) FROM articles") == [(8,)]


def test_a_full_disk_stops_the_crawl_at_once_and_the_next_run_goes_on(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room), limit=1)
    with pytest.raises(CrawlFailed) as stopped:
        crawled(archive, faro(room), largest_file=archive.stat().st_size + 100_000)
    assert "Traceback" not in str(stopped.value)
    assert len(room.requests) < len(room.articles)
    crawled(archive, faro(room))
    assert rows(archive, "SELECT count(*) FROM articles") == [(len(open_paths(room)),)]
    assert damage_in(archive) == []


def test_what_stands_at_another_address_of_the_site_is_left_alone(
    room: Newsroom, archive: Path
) -> None:
    crawled(archive, faro(room), limit=1)
    waiting = rows(archive, "SELECT count(*) FROM frontier WHERE state = 'waiting'")[0][0]
    assert waiting
    with shelf(**paged_site()) as mirror:
        (report,) = crawled(archive, site_named("faro").at(mirror.url))
    assert report["put_back"] == {"it stands at another address of the site": waiting}
    assert report["failed"] == {}


def test_a_host_in_trouble_is_left_alone(archive: Path) -> None:
    pages = {path: Page("<h1>Oh</h1>", 500) for path in titles(0, 60)}
    with shelf(front=listing(*titles(0, 60)), **pages) as site:
        options = {"HEMEROTECA_FIRST_PAUSE_SECONDS": 1000.0}
        (report,) = crawled(archive, generic_profile(site.url), settings=options)
        assert sum(path.startswith("/world/") for path in site.asked()) == 10
    assert report["put_back"][LEFT_ALONE] > 40


def test_a_site_that_does_not_answer_does_not_stop_the_others(
    room: Newsroom, archive: Path
) -> None:
    dead = generic_profile("http://127.0.0.1:9/")
    reports = crawled(archive, dead, faro(room))
    assert [report["outcome"] for report in reports] == ["finished", "finished"]
    assert reports[0]["new"] == 0
    assert reports[1]["new"] == len(open_paths(room))


def test_one_crawl_at_a_time_holds_an_archive(room: Newsroom, archive: Path) -> None:
    with (
        Archive.open(archive, mode="write") as opened,
        opened.hold(),
        pytest.raises(CrawlFailed, match="ArchiveBusy"),
    ):
        crawled(archive, faro(room))
    assert room.requests == []


# Stopping


def until_pages(room: Newsroom, number: int) -> None:
    pages = {each.path for each in room.articles}
    for _ in range(2000):
        if sum(request.path in pages for request in list(room.requests)) >= number:
            return
        time.sleep(0.005)


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_cleanly_and_the_next_goes_on(
    room: Newsroom, archive: Path, ended_by: signal.Signals
) -> None:
    running = start(archive, faro(room), delay_seconds=0.05)
    until_pages(room, 2)
    os.kill(running.process.pid or 0, ended_by)
    (report,) = running.reports()
    assert report["outcome"] == "interrupted"
    assert 0 < report["new"] < len(open_paths(room))
    assert rows(archive, "SELECT outcome FROM crawls") == [("interrupted",)]
    (report,) = crawled(archive, faro(room))
    assert rows(archive, "SELECT count(*) FROM articles") == [(len(open_paths(room)),)]


def test_a_signal_ends_even_a_run_that_waits_out_a_pause(room: Newsroom, archive: Path) -> None:
    room.fail("*", status=429, retry_after=60, times=99)
    running = start(archive, faro(room))
    for _ in range(1000):
        if room.requests:
            break
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(running.process.pid or 0, signal.SIGTERM)
    (report,) = running.reports()
    assert report["outcome"] == "interrupted"


def test_a_crawl_that_is_killed_at_any_moment_loses_nothing(
    room: Newsroom, archive: Path, tmp_path: Path
) -> None:
    undisturbed = tmp_path / "undisturbed.db"
    crawled(undisturbed, faro(room))
    room.requests.clear()
    chance = random.Random(2016)
    for _ in range(6):
        running = start(archive, faro(room), delay_seconds=0.01)
        time.sleep(chance.uniform(0.2, 1.2))
        running.kill()
    crawled(archive, faro(room))
    assert content_of(archive) == content_of(undisturbed)
    assert damage_in(archive) == []


# Scrapy's own commands


def scrapy(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


def test_scrapy_lists_the_sites() -> None:
    listed = scrapy("list").stdout.split()
    assert {"insightcrime", "faro"} <= set(listed)


def test_scrapy_crawls_a_site_by_name_and_exports_its_records(
    room: Newsroom, tmp_path: Path
) -> None:
    archive, records = tmp_path / "a.db", tmp_path / "records.jsonl"
    done = scrapy(
        *("crawl", "faro", "-a", f"at={room.url}", "-a", "limit=2", "-a", "since=2016-01-01"),
        *("-s", f"HEMEROTECA_ARCHIVE={archive}", "-s", "DOWNLOAD_DELAY=0", "-O", str(records)),
    )
    assert (done.returncode, done.stderr) == (0, "")
    exported = {json.loads(line)["url"] for line in records.read_text().splitlines()}
    kept = {url for (url,) in rows(archive, "SELECT url FROM articles")}
    assert len(exported) == 2
    assert exported == kept


def test_scrapy_refuses_a_wrong_argument_in_one_sentence(tmp_path: Path) -> None:
    done = scrapy(
        "crawl", "faro", "-a", "mode=sideways", "-s", f"HEMEROTECA_ARCHIVE={tmp_path / 'x.db'}"
    )
    assert "sideways" in done.stderr
    assert not (tmp_path / "x.db").exists()
