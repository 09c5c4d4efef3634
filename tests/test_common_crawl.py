"""Common Crawl as a source: many indexes in pages, and captures in pieces of WARC files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.profile import generic_profile
from storage import Archive
from tests.commoncrawl import Crawls, common_crawl
from tests.crawling import Page, Shelf, article, crawled, damage_in, shelf

OLD, NEW = "CC-MAIN-2016-07", "CC-MAIN-2024-10"
FIRST, SECOND = "2015/06/01/the-harbour-that-was-closed/", "2015/06/02/the-quay-that-was-sold/"


@pytest.fixture
def site() -> Iterator[Shelf]:
    with shelf(front=Page("<html><body><h1>Gazette</h1></body>")) as here:
        yield here


@pytest.fixture
def crawls(site: Shelf) -> Iterator[Crawls]:
    with common_crawl() as here:
        for index, path, timestamp in (
            (NEW, FIRST, "20240301000000"),
            (NEW, SECOND, "20240302000000"),
            (OLD, FIRST, "20160301000000"),
        ):
            page = article(f"Of {path[11:-1]}, in {index}", day="2015-06-01")
            here.hold(index, site.url + path, timestamp, page)
        yield here


def asked(path: Path, site: Shelf, crawls: Crawls, **options: Any) -> dict[str, Any]:
    settings = {
        "HEMEROTECA_COMMONCRAWL": crawls.url,
        "HEMEROTECA_COMMONCRAWL_DATA": crawls.url,
        "HEMEROTECA_WEB_ARCHIVE_DELAY_SECONDS": 0.0,
        "RETRY_TIMES": 1,
    }
    settings |= options.pop("settings", {})
    (report,) = crawled(
        path / "a.db", generic_profile(site.url), source="commoncrawl", settings=settings, **options
    )
    return report


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path / "a.db")) as connection:
        return connection.execute(query).fetchall()


def test_what_a_site_no_longer_gives_comes_in_pieces_of_the_newest_crawl(
    site: Shelf, crawls: Crawls, tmp_path: Path
) -> None:
    report = asked(tmp_path, site, crawls)
    assert report["lists_failed"] == {}
    assert (report["new"], report["gone"], report["failed"]) == (2, 2, {})
    query = "SELECT url, fetched_at, origin FROM captures WHERE origin IS NOT NULL ORDER BY url"
    (first, second) = rows(tmp_path, query)
    assert first[:2] == (site.url + FIRST, "2024-03-01 00:00:00.000000")
    assert first[2].startswith(f"{crawls.url}/crawl-data/one.warc.gz#bytes=0-")
    assert second[0] == site.url + SECOND
    ranges = [each for path, each in crawls.asked if path.endswith(".warc.gz")]
    assert len(ranges) == 2
    assert all(ranges)
    assert damage_in(tmp_path / "a.db") == []
    with Archive.open(tmp_path / "a.db") as opened:
        record = opened.article(site.url + FIRST)
    assert record is not None
    assert record.article.headline.endswith(f"in {NEW}")


def test_an_index_that_was_read_is_not_asked_for_again_and_a_new_one_is(
    site: Shelf, crawls: Crawls, tmp_path: Path
) -> None:
    asked(tmp_path, site, crawls)
    assert [path.split("?")[0] for path, _ in crawls.asked if "index" in path] == [
        *[f"/{NEW}-index"] * 3,
        *[f"/{OLD}-index"] * 2,
    ]
    crawls.asked.clear()
    crawls.hold("CC-MAIN-2026-01", site.url + FIRST, "20260101000000", article("Of this year"))
    asked(tmp_path, site, crawls)
    assert {path.split("?")[0] for path, _ in crawls.asked} == {
        "/collinfo.json",
        "/CC-MAIN-2026-01-index",
    }


def test_a_run_that_a_bound_ended_goes_on_at_the_page_where_it_was(
    site: Shelf, crawls: Crawls, tmp_path: Path
) -> None:
    report = asked(tmp_path, site, crawls, settings={"HEMEROTECA_MOST_REQUESTS": 3})
    assert report["stopped_by"] == "requests"
    crawls.asked.clear()
    asked(tmp_path, site, crawls)
    pages = [path.rpartition("page=")[2] for path, _ in crawls.asked if NEW in path]
    assert pages[0] == "1"


@pytest.mark.parametrize(
    "row",
    [
        {"offset": "-5"},
        {"length": "99999999999"},
        {"offset": "x"},
        {"timestamp": "20990101000000"},
        {"status": "301"},
        {"filename": 7},
        {"filename": "crawl-data/one.exe"},
        {"url": "http://elsewhere.example/2015/06/01/not-of-this-site/"},
    ],
)
def test_rows_that_lie_are_left_out(
    site: Shelf, crawls: Crawls, tmp_path: Path, row: dict[str, Any]
) -> None:
    crawls.indexes = {NEW: [[crawls.indexes[NEW][0][0] | row]]}
    report = asked(tmp_path, site, crawls, mode="backfill")
    assert (report["listed"], report["entries_skipped"], report["new"]) == (0, 1, 0)


def test_a_piece_that_holds_another_page_is_none_of_this_one(
    site: Shelf, crawls: Crawls, tmp_path: Path
) -> None:
    (row,) = crawls.indexes[NEW][0]
    (other,) = crawls.indexes[NEW][1]
    swapped = {name: other[name] for name in ("offset", "length")}
    crawls.indexes = {NEW: [[row | swapped]]}
    report = asked(tmp_path, site, crawls, mode="backfill")
    assert report["new"] == 0
    assert rows(tmp_path, "SELECT outcome FROM mementos") == [("missing",)]


def test_a_damaged_piece_and_a_server_without_ranges_are_told_in_words(
    site: Shelf, crawls: Crawls, tmp_path: Path
) -> None:
    crawls.refuses_ranges = True
    report = asked(tmp_path, site, crawls, mode="backfill")
    assert report["failed"]
    assert set(report["failed"]) == {"the web archive failed (200)"}
    crawls.refuses_ranges = False
    whole = crawls.file.getvalue()
    crawls.file.seek(0)
    crawls.file.write(b"\x00" * len(whole))
    report = asked(tmp_path, site, crawls, mode="backfill")
    assert set(report["failed"]) == {"the piece of the web archive's file is damaged"}
    assert report["outcome"] == "finished"
