"""A sitemap that stamps every entry with today is not believed; one that tells the truth is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crawler.profile import generic_profile
from tests.crawling import Page, Shelf, article, crawled, shelf

PATHS = [f"/2019/03/{day:02}/a-report-of-day-{day}/" for day in range(1, 31)]


_STAMPS = count(2)


def stamp(site: Shelf, *paths: str) -> None:
    """Let the sitemap say that these pages have just changed, each at a moment of its own."""
    # Never twice the same moments: two stamps of one second would be one and the same list.
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=next(_STAMPS))
    entries = "".join(
        f"<url><loc>{site.url[:-1]}{path}</loc>"
        + (
            f"<lastmod>{soon + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
            * (path in paths)
        )
        + "</url>"
        for number, path in enumerate(PATHS)
    )
    site.pages["/sitemap.xml"] = Page(f"<urlset>{entries}</urlset>", content_type="text/xml")


@pytest.fixture
def site() -> Iterator[Shelf]:
    with shelf(front=Page("<html><body><h1>Gazette</h1></body>")) as here:
        write(here, "as it was")
        stamp(here)
        yield here


def write(site: Shelf, state: str) -> None:
    """Let every page say something else."""
    for path in PATHS:
        site.pages[path] = Page(
            article(f"Report {path[-3:-1]}, {state}", day=path[1:11].replace("/", "-"))
        )


def crawl(path: Path, site: Shelf) -> dict[str, Any]:
    (report,) = crawled(path / "hemeroteca.db", generic_profile(site.url))
    site.requests.clear()
    return report


def test_a_sitemap_that_says_that_all_has_changed_gets_a_few_pages_looked_at(
    site: Shelf, tmp_path: Path
) -> None:
    assert crawl(tmp_path, site)["new"] == len(PATHS)
    for _ in range(2):
        stamp(site, *PATHS)
        report = crawl(tmp_path, site)
        assert (report["due"], report["unchanged"]) == (10, 10)
        (words,) = report["lists_doubted"].values()
        assert words.startswith("it says that 30 of 30 known pages have changed; 10 of them are")


def test_where_those_had_changed_the_list_is_believed(site: Shelf, tmp_path: Path) -> None:
    crawl(tmp_path, site)
    write(site, "rewritten")
    stamp(site, *PATHS)
    assert crawl(tmp_path, site)["revised"] == 10
    stamp(site, *reversed(PATHS))
    report = crawl(tmp_path, site)
    assert (report["due"], report["revised"]) == (30, 20)
    assert report["lists_doubted"] == {}


def test_a_list_that_names_a_few_changes_is_believed_at_once(site: Shelf, tmp_path: Path) -> None:
    crawl(tmp_path, site)
    stamp(site, *PATHS[:14])
    report = crawl(tmp_path, site)
    assert (report["due"], report["lists_doubted"]) == (14, {})
