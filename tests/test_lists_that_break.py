"""Lists that could be read once, sites that name nothing, and robots.txt that forbids all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.profile import generic_profile
from scripts.telling import told
from storage import Archive
from tests.clocks import days_later
from tests.crawling import Page, Shelf, article, crawled, shelf

PATHS = [f"/2026/10/{day:02}/a-report-of-day-{day}/" for day in range(1, 9)]
LINKS = "".join(f"<h2><a href='{path}'>A report of many words</a></h2>" for path in PATHS)
FEED = "<link rel='alternate' type='application/rss+xml' href='/feed/'>"
FRONT = f"<html><head>{FEED}</head><body><h1>Gazette</h1>{LINKS}</body></html>"


@pytest.fixture
def site() -> Iterator[Shelf]:
    with shelf(front=Page(FRONT)) as here:
        for path in PATHS:
            here.pages[path] = Page(article(f"Report {path}", day=path[1:11].replace("/", "-")))
        publish(here, *PATHS)
        yield here


def publish(site: Shelf, *paths: str) -> None:
    """Let the sitemap and the feed name these."""
    urls = [site.url[:-1] + path for path in paths]
    locs = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    items = "".join(f"<item><title>A report</title><link>{url}</link></item>" for url in urls)
    site.pages["/sitemap.xml"] = Page(f"<urlset>{locs}</urlset>", content_type="text/xml")
    feed = f"<rss version='2.0'><channel>{items}</channel></rss>"
    site.pages["/feed/"] = Page(feed, content_type="application/rss+xml")


def crawl(place: Path, site: Shelf, days: float = 0, **options: Any) -> dict[str, Any]:
    options["settings"] = days_later(days) | options.get("settings", {})
    (report,) = crawled(place / "hemeroteca.db", generic_profile(site.url), **options)
    site.requests.clear()
    return report


def kinds(report: dict[str, Any]) -> list[str]:
    """What rings, but for the clock: these crawls take place on other days than the site's."""
    found = [each for each in report["alarm_details"] if each["kind"] != "clock"]
    return [f"{each['kind']} {each['about']}".strip() for each in found]


BREAKS = {
    "gone": Page("Not here", 404),
    "forbidden": Page("No", 403),
    "broken": Page("Oops", 500),
    "a page": Page("<!doctype html><html><body><h1>Gazette</h1></body></html>"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_list_that_breaks_rings_by_its_name_and_is_over_when_it_is_back(
    name: str, site: Shelf, tmp_path: Path
) -> None:
    assert kinds(crawl(tmp_path, site)) == []
    feed = site.pages["/feed/"]
    site.pages["/feed/"] = BREAKS[name]
    assert kinds(crawl(tmp_path, site, 1)) == []
    assert kinds(crawl(tmp_path, site, 1.5)) == []
    report = crawl(tmp_path, site, 2.1)
    assert kinds(report) == ["lists"]
    says = report["alarms"][0]
    assert says.startswith("1 of 3 lists of this site can't be read since 2")
    assert f"{site.url}feed/ (" in says
    site.pages["/feed/"] = feed
    assert kinds(crawl(tmp_path, site, 3)) == []
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        (over,) = archive.alarms(generic_profile(site.url).name, cleared=True)
        assert over.cleared_at is not None
        first_failure = archive.crawls()[3]
        assert first_failure.started_at < over.began_at < first_failure.finished_at


def test_a_list_that_the_site_names_no_more_is_none_of_its_lists(
    site: Shelf, tmp_path: Path
) -> None:
    site.pages["/robots.txt"] = Page(f"Sitemap: {site.url}old.xml", content_type="text/plain")
    site.pages["/old.xml"] = site.pages["/sitemap.xml"]
    crawl(tmp_path, site)
    site.pages["/old.xml"] = Page("", 404)
    for day in (1.0, 2.0, 3.0):
        report = crawl(tmp_path, site, day)
    assert kinds(report) == ["lists"]
    site.pages["/robots.txt"] = Page("", content_type="text/plain")
    assert kinds(crawl(tmp_path, site, 4)) == []


def test_a_site_that_is_down_for_days_has_no_broken_lists(site: Shelf, tmp_path: Path) -> None:
    crawl(tmp_path, site)
    pages = dict(site.pages)
    for path in pages:
        site.pages[path] = Page("", 500)
    site.pages["/robots.txt"] = Page("", 500)
    for day in (1.0, 2.0, 3.0):
        report = crawl(tmp_path, site, day)
        assert "lists" not in kinds(report)
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert archive.crawls()[0].result == "not reached"


def test_a_site_whose_front_page_is_filled_by_a_script_rings_in_its_first_run(
    tmp_path: Path,
) -> None:
    shell = "<!doctype html><html><body><div id='app'></div><script src='/a.js'></script></body>"
    with shelf(front=Page(shell)) as site:
        report = crawl(tmp_path, site)
    assert kinds(report) == ["lists nothing"]
    assert report["alarms"] == [
        "none of its lists has ever named an article; its front page is filled by a script, and "
        "holds no links by itself"
    ]


def test_a_site_that_names_nothing_but_pages_that_are_no_articles_rings(tmp_path: Path) -> None:
    paths = [f"/2026/10/{day:02}/no-article-{day}/" for day in range(1, 26)]
    with shelf(front=Page("<html><body><h1>Gazette</h1></body>")) as site:
        publish(site, *paths)
        for path in paths:
            site.pages[path] = Page(f"<html><body><ul><li>{path}</li></ul></body></html>")
        report = crawl(tmp_path, site)
    assert "lists nothing" in kinds(report)
    assert "of 25 pages that its lists have named none is an article" in report["alarms"]


def test_a_robots_txt_that_forbids_all_rings_by_itself_until_it_allows_again(
    site: Shelf, tmp_path: Path
) -> None:
    crawl(tmp_path, site)
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /", content_type="text/plain")
    for day in (1.0, 2.0, 3.0):
        report = crawl(tmp_path, site, day)
        assert kinds(report) == ["robots"]
    assert f"({site.url}robots.txt); on 20" in report["alarms"][0]
    assert "If a site asks you to stop" in report["alarm_details"][0]["next"]
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert archive.crawls()[0].result == "refused by robots.txt"
    site.pages["/robots.txt"] = Page("", content_type="text/plain")
    assert kinds(crawl(tmp_path, site, 4)) == []


def test_where_only_the_sitemap_is_allowed_the_site_is_forbidden_all_the_same(
    site: Shelf, tmp_path: Path
) -> None:
    site.pages["/robots.txt"] = Page(
        f"User-agent: *\nDisallow: /\nAllow: /sitemap.xml\nSitemap: {site.url}sitemap.xml",
        content_type="text/plain",
    )
    assert kinds(crawl(tmp_path, site)) == ["robots"]
    assert kinds(crawl(tmp_path, site, 1)) == ["robots"]  # nothing is due any more


@pytest.mark.parametrize("rest", ["$\nDisallow: /2026/10/01/", "\nAllow: /2026"])
def test_what_robots_txt_forbids_in_part_is_no_prohibition(
    rest: str, site: Shelf, tmp_path: Path
) -> None:
    rules = f"User-agent: *\nDisallow: /{rest}"
    crawl(tmp_path, site)
    site.pages["/robots.txt"] = Page(rules, content_type="text/plain")
    assert "robots" not in kinds(crawl(tmp_path, site, 1))
    assert "robots" not in kinds(crawl(tmp_path, site, 2))


def test_lists_that_have_not_changed_say_since_when(site: Shelf, tmp_path: Path) -> None:
    first = crawl(tmp_path, site)
    assert (first["addresses"], first["listed"]) == (len(PATHS), 3 * len(PATHS))
    assert f"The site's lists named {len(PATHS)} addresses, {len(PATHS)} of them" in told(first)
    second = crawl(tmp_path, site, 2)
    since = first["finished_at"][:13].replace("T", " ")
    assert f"The site's 3 lists named nothing new since {since}" in told(second)
    third = crawl(tmp_path, site, 3)
    assert f"The site's 3 lists named nothing new since {since}" in told(third)


def test_a_list_that_waits_for_the_host_to_be_asked_again_says_so(
    site: Shelf, tmp_path: Path
) -> None:
    """A robots.txt that asks for a pause is there, and can be reached."""
    site.pages["/robots.txt"] = Page("", 429, {"Retry-After": "7200"})
    for day in (0.0, 0.01):
        report = crawl(tmp_path, site, day)
        assert set(report["lists_failed"].values()) == {"the host asked for a pause"}
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert {each.result for each in archive.crawls()} == {"asked to wait"}


def test_a_clock_that_is_wrong_is_told_by_what_servers_say(site: Shelf, tmp_path: Path) -> None:
    assert crawl(tmp_path, site)["alarms"] == []
    report = crawl(tmp_path, site, 40)
    assert [each["site"] for each in report["alarm_details"]] == ["this machine"]
    assert report["alarms"][0].startswith("its clock is 40 days ahead of what one server says (")
    assert crawl(tmp_path, site, -40)["alarms"][0].startswith("its clock is 40 days behind what")
    assert crawl(tmp_path, site)["alarms"] == []
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert archive.alarms("this machine") == []
