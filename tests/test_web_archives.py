"""What a site no longer gives is had from a web archive, honestly and politely."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.cdx import address_on_site, read_holdings
from crawler.errors import Unreadable
from crawler.profile import Profile, generic_profile
from crawler.warc.answers import Answer, answers
from crawler.warc.writing import WarcFile, capture_record
from storage import Archive
from storage.citing import citation
from tests.crawling import CrawlFailed, Page, Shelf, article, crawled, damage_in, shelf
from tests.running import Command
from tests.storing import NOW
from tests.wayback import Held, StandIn, wayback

LOST = "2015/06/01/the-harbour-that-was-closed/"
KEPT = "2016/07/02/the-bridge-that-still-stands/"
HEADLINE = "The harbour that was closed"


@pytest.fixture
def site() -> Iterator[Shelf]:
    with shelf(front=Page("<html><body><h1>Gazette</h1></body>")) as here:
        here.pages[f"/{KEPT}"] = Page(article("The bridge that still stands", day="2016-07-02"))
        yield here


@pytest.fixture
def machine(site: Shelf) -> Iterator[StandIn]:
    with wayback(
        held(site, LOST, "20150602080000", HEADLINE),
        held(site, LOST, "20180102080000", f"{HEADLINE}, corrected"),
        held(site, KEPT, "20170102080000", "The bridge as it once was"),
    ) as here:
        yield here


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "hemeroteca.db"


def held(site: Shelf, path: str, timestamp: str, headline: str, **more: Any) -> Held:
    body = article(headline, day="2015-06-01").encode()
    return Held(timestamp, site.url + path, body, **more)


def asked(archive: Path, site: Shelf, machine: StandIn, **options: Any) -> dict[str, Any]:
    settings = {
        "HEMEROTECA_WAYBACK": machine.url,
        "HEMEROTECA_WEB_ARCHIVE_DELAY_SECONDS": 0.0,
        "HEMEROTECA_FIRST_PAUSE_SECONDS": 0.1,
        "RETRY_TIMES": 0,
    }
    settings |= options.pop("settings", {})
    options = {"source": "wayback", "settings": settings} | options
    (report,) = crawled(archive, generic_profile(site.url), **options)
    return report


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive)) as connection:
        return connection.execute(query).fetchall()


def headlines(archive: Path) -> set[str]:
    return {headline for (headline,) in rows(archive, "SELECT headline FROM articles")}


# What comes of it


def test_what_the_site_no_longer_gives_comes_from_the_web_archive_and_the_rest_from_the_site(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    report = asked(archive, site, machine)
    assert report["outcome"] == "finished"
    assert (report["new"], report["gone"], report["failed"]) == (2, 1, {})
    assert headlines(archive) == {f"{HEADLINE}, corrected", "The bridge that still stands"}
    assert machine.mementos == [f"/web/20180102080000id_/{site.url}{LOST}"]
    assert damage_in(archive) == []


def test_a_capture_stands_at_the_pages_own_address_and_at_its_own_time(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    asked(archive, site, machine)
    with Archive.open(archive) as opened:
        history = opened.history(site.url + LOST)
        stored = opened.article(site.url + LOST)
        said = opened.reference(site.url + LOST)
    first, gone = history.captures
    assert first.fetched_at.isoformat() == "2018-01-02T08:00:00+00:00"
    assert first.origin == machine.url + machine.mementos[0]
    assert (gone.outcome, gone.origin) == ("gone", None)
    assert stored is not None
    assert stored.gone_at == gone.fetched_at
    assert [event.kind for event in history.events] == ["gone"]
    assert said is not None
    assert f"Taken from {first.origin}." in citation(said, "text")


def test_history_says_in_words_where_a_capture_is_from(
    site: Shelf, machine: StandIn, archive: Path, hemeroteca: Command
) -> None:
    asked(archive, site, machine)
    done = hemeroteca("--archive", str(archive), "history", site.url + LOST)
    assert f"seen at {machine.url}/web/20180102080000id_/" in done.out
    assert "gone (status 404)" in done.out


def test_with_backfill_the_site_is_not_asked_for_any_page(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    report = asked(archive, site, machine, mode="backfill")
    assert report["new"] == 2
    assert headlines(archive) == {f"{HEADLINE}, corrected", "The bridge as it once was"}
    assert site.asked() == []


def test_the_site_has_the_last_word_on_a_page_taken_from_the_web_archive(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    asked(archive, site, machine, mode="backfill")
    (report,) = crawled(archive, generic_profile(site.url))
    assert (report["revised"], report["gone"]) == (1, 1)
    with Archive.open(archive) as opened:
        changes = opened.history(site.url + KEPT).revisions[1].changes
    assert changes[0].before == "The bridge as it once was"


def test_an_earlier_capture_never_takes_the_place_of_a_later_one(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    crawled(archive, generic_profile(site.url), addresses=[[site.url + KEPT]])
    report = asked(archive, site, machine, mode="backfill")
    assert "The bridge that still stands" in headlines(archive)
    assert report["new"] == 1
    assert not any(KEPT in path for path in machine.mementos)


def test_a_second_run_asks_for_nothing_again(site: Shelf, machine: StandIn, archive: Path) -> None:
    asked(archive, site, machine)
    before = rows(archive, "SELECT count(*) FROM captures")
    machine.asked.clear()
    asked(archive, site, machine)
    assert machine.asked == []
    assert rows(archive, "SELECT count(*) FROM captures") == before


def test_the_ledger_compares_the_web_archive_with_the_sites_own_lists(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    site.pages["/sitemap.xml"] = Page(
        f"<urlset><url><loc>{site.url}{KEPT}</loc></url></urlset>", content_type="text/xml"
    )
    crawled(archive, generic_profile(site.url))
    machine.held.append(held(site, KEPT.rstrip("/"), "20190102080000", "without its slash"))
    asked(archive, site, machine)
    with Archive.open(archive) as opened:
        found = {row["source"]: row for row in opened.compared_sources()}
    assert (found["web-archive"]["listed"], found["web-archive"]["only"]) == (2, 1)
    assert found["web-archive"]["missing"] == 0


def test_a_web_archives_list_is_no_habit_of_the_site(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    asked(archive, site, machine)
    with Archive.open(archive) as opened:
        (crawl,) = opened.crawls()
        assert crawl.mode == "wayback"
        months = [row["month"] for row in opened.coverage() if not row["listed"]]
        assert "2015-12" in months  # nobody read the site's own lists for that month


def test_a_capture_keeps_where_it_is_from_on_its_way_through_a_warc_file(
    site: Shelf, machine: StandIn, archive: Path, tmp_path: Path, hemeroteca: Command
) -> None:
    asked(archive, site, machine)
    file = tmp_path / "out.warc.gz"
    other = tmp_path / "other.db"
    hemeroteca("--archive", str(archive), "export", "--format", "warc", "-o", str(file))
    hemeroteca("--archive", str(other), "add", "--warc", str(file))
    query = "SELECT url, fetched_at, status, origin FROM captures ORDER BY url, fetched_at"
    assert rows(archive, query) == rows(other, query)
    assert rows(other, "SELECT count(*) FROM captures WHERE origin IS NOT NULL") == [(1,)]
    assert rows(other, "SELECT gone_at IS NOT NULL FROM articles ORDER BY headline") == [
        (0,),
        (1,),
    ]


# Manners


def test_the_web_archives_robots_txt_is_obeyed(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.robots = "User-agent: *\nDisallow: /cdx/\n"
    report = asked(archive, site, machine)
    assert machine.asked == []
    assert list(report["lists_failed"].values()) == ["its robots.txt forbids it"]


@pytest.mark.parametrize("mode", ["due", "backfill"])
def test_what_the_sites_robots_txt_forbids_is_not_had_by_another_way(
    site: Shelf, machine: StandIn, archive: Path, mode: str
) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /2015/\n", content_type="text/plain")
    report = asked(archive, site, machine, mode=mode)
    assert report["refused_by_robots"] == 1
    assert not any(LOST in path for path in machine.mementos)


def test_pauses_that_the_web_archive_asks_for_are_kept_and_nothing_is_lost(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.refusals = [(429, {"Retry-After": "1"}), (503, {})]
    report = asked(archive, site, machine)
    assert (report["new"], report["failed"], report["lists_failed"]) == (2, {}, {})


def test_a_long_pause_ends_the_run_and_the_next_one_goes_on(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    asked(archive, site, machine, settings={"HEMEROTECA_MOST_REQUESTS": 2})
    machine.asked.clear()
    machine.refusals = [(429, {"Retry-After": "4000"})]
    report = asked(archive, site, machine)
    assert report["put_back"] == {"the Wayback Machine asked for a pause": 1}
    assert report["failed"] == {}
    assert len(machine.asked) == 1
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE hosts SET next_allowed_at = '2020-01-01 00:00:00.000000'")
    assert asked(archive, site, machine)["new"] == 1


def test_the_web_archive_is_asked_at_its_own_pace(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.held += [
        held(site, f"2014/05/0{day}/a-story-of-long-ago-{day}/", "20140601000000", f"Old {day}")
        for day in (1, 2, 3)
    ]
    report = asked(archive, site, machine, settings={"HEMEROTECA_WEB_ARCHIVE_DELAY_SECONDS": 0.5})
    assert len(machine.asked) == 5
    assert report["duration_seconds"] >= 4 * 0.5


def test_a_list_that_a_bound_cuts_off_is_gone_on_with_by_the_next_run(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.rows_at_once = 1
    report = asked(archive, site, machine, settings={"HEMEROTECA_MOST_REQUESTS": 2})
    assert report["stopped_by"] == "requests"
    assert len(machine.lists) == 1  # and its robots.txt
    asked(archive, site, machine)
    keys = [path.rpartition("resumeKey=")[2] for path in machine.lists[1:]]
    assert keys == ["1", "2"]
    assert len(headlines(archive)) == 2


# Misbehaviour


def test_one_broken_row_costs_itself_alone(site: Shelf, machine: StandIn, archive: Path) -> None:
    whole = machine.rows({}).decode()
    machine.raw = [whole.replace("]\n", ',\n["2015", broken],\n["x"]]\n').encode()]
    report = asked(archive, site, machine)
    assert (report["new"], report["entries_skipped"]) == (2, 2)


@pytest.mark.parametrize(
    "answer", [b"<html>sorry</html>", b"org.archive.util.io.RuntimeIOException: blocked"]
)
def test_an_answer_that_is_no_list_is_told_in_words(
    site: Shelf, machine: StandIn, archive: Path, answer: bytes
) -> None:
    machine.raw = [answer]
    report = asked(archive, site, machine)
    assert list(report["lists_failed"].values()) == [
        "the web archive's answer is no list of captures"
    ]


def test_a_list_without_end_is_left(site: Shelf, machine: StandIn, archive: Path) -> None:
    machine.endless = True
    report = asked(archive, site, machine)
    assert len(machine.lists) <= 3
    assert list(report["lists_failed"].values()) == ["it goes on for ever with the same rows"]
    assert report["new"] == 2


def test_redirects_errors_revisits_and_dates_that_lie_are_left_out_of_a_list(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.filters = False
    path = "2013/01/01/a-page-that-was-never-captured/"
    machine.held = [
        held(site, path, "20130101000000", "Moved", status="301"),
        held(site, path, "20130102000000", "Missing", status="404"),
        held(site, path, "20130103000000", "Again", status="-", type="warc/revisit"),
        held(site, path, "20130104000000", "Picture", type="image/png"),
        held(site, path, "20990101000000", "Of the future"),
        held(site, path, "19700101000000", "Of a past without web archives"),
        held(site, path, "2013010199", "Of no time"),
        Held("20130101000000", "http://elsewhere.example/2013/01/01/not-of-this-site/"),
    ]
    report = asked(archive, site, machine)
    assert (report["listed"], report["entries_skipped"], machine.mementos) == (0, 8, [])


def test_a_capture_that_is_no_article_gives_way_to_the_first_one(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.held[1].body = b"<html><body><h1>Page not found</h1><a href='/'>Home</a></body></html>"
    report = asked(archive, site, machine)
    assert (report["new"], report["not_articles"]) == (2, 1)
    assert HEADLINE in headlines(archive)


def test_a_capture_that_sends_on_is_followed_to_the_same_page_only(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    nearest = held(site, LOST, "20171231235959", "The nearest capture of the same page")
    machine.held[1].location = f"/web/{nearest.timestamp}id_/{nearest.original}"
    machine.held[0].location = f"/web/20150602080000id_/{site.url}"
    listed = machine.rows({})
    machine.held.append(nearest)
    machine.raw = [listed]
    asked(archive, site, machine)
    assert "The nearest capture of the same page" in headlines(archive)
    found = rows(archive, "SELECT fetched_at FROM captures WHERE origin IS NOT NULL")
    assert found == [("2017-12-31 23:59:59.000000",)]


def test_what_the_web_archive_has_not_is_not_asked_for_again(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    listed, machine.held = machine.rows({}), []
    machine.raw = [listed]
    report = asked(archive, site, machine)
    assert (report["new"], len(machine.mementos)) == (1, 2)
    asked(archive, site, machine)
    assert len(machine.mementos) == 2
    assert set(rows(archive, "SELECT outcome FROM mementos WHERE asked_at IS NOT NULL")) == {
        ("missing",)
    }


def test_a_web_archive_that_fails_is_asked_again_by_the_next_run(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.held[1].answer = machine.held[0].answer = 502
    report = asked(archive, site, machine)
    assert report["failed"] == {"the web archive failed (502)": 1}
    machine.held[1].answer = 200
    assert asked(archive, site, machine)["new"] == 1
    assert f"{HEADLINE}, corrected" in headlines(archive)


def test_the_time_of_a_capture_is_that_of_its_answer_and_not_of_the_list(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.held[1].truth = "20160708091011"
    asked(archive, site, machine)
    found = rows(archive, "SELECT fetched_at FROM captures WHERE origin IS NOT NULL")
    assert found == [("2016-07-08 09:10:11.000000",)]


def test_what_the_site_once_sent_as_headers_is_kept(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    machine.held[1].headers = {
        "Content-Type": "text/html; charset=utf-8",
        "ETag": '"of-then"',
        "Content-Encoding": "gzip",
        "Content-Length": "7",
    }
    asked(archive, site, machine)
    (number,) = rows(archive, "SELECT id FROM captures WHERE origin IS NOT NULL")[0]
    with Archive.open(archive) as opened:
        capture = opened.capture(number)
    assert capture.header("content-type") == "text/html; charset=utf-8"
    assert capture.header("etag") == '"of-then"'
    assert capture.header("content-encoding") is None
    assert capture.header("content-length") == str(len(capture.body))


def test_a_mode_that_means_nothing_to_a_web_archive_is_refused(
    site: Shelf, machine: StandIn, archive: Path
) -> None:
    with pytest.raises(CrawlFailed, match="--mode backfill"):
        asked(archive, site, machine, mode="latest")


# Pure


def test_a_record_names_where_it_was_taken_from() -> None:
    from dataclasses import replace

    from tests.storing import capture

    taken = replace(capture(1), origin="https://web.archive.org/web/2015id_/http://a.example/")
    out = io.BytesIO()
    WarcFile(out).add(capture_record(taken, 1, site="x", sha256=taken.sha256))
    (found,) = answers(io.BytesIO(out.getvalue()))
    assert isinstance(found, Answer)
    assert found.capture.origin == taken.origin


def test_an_address_of_old_is_that_of_today() -> None:
    site = Profile("x", "X", ("x.example",), ("en",), start=("https://www.x.example/",))
    here = "https://www.x.example/2015/06/a-story-of-old/"
    for old in ("http://x.example:80/2015/06/a-story-of-old/", here.replace("https", "http")):
        assert address_on_site(old, site) == here
    assert address_on_site("http://other.example/2015/06/a-story-of-old/", site) is None
    assert address_on_site("http://x.example/tag/harbours/", site) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[[]]", b'[["a"],[1,2],null]', b"[[[[", b"[" * 99999]
)
def test_no_answer_breaks_the_reading_of_lists(body: bytes) -> None:
    site = generic_profile("https://x.example/")
    try:
        found = read_holdings(body, base="https://w.example", profile=site, now=NOW)
    except Unreadable:
        return
    assert found.mementos == ()
