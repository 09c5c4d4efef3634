"""Feeds that carry whole articles: a second reading, never mixed in silently."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import NotAnArticle, Unreadable
from crawler.feeds import NOTICE, article_in_feed, full_texts
from crawler.profile import generic_profile
from spiders.alarms import Evidence, alarms
from storage import Archive
from storage.citing import citation
from tests.crawling import Page, Shelf, article, crawled, damage_in, shelf
from tests.running import Command

PATH = "/2024/03/01/the-ferry-that-came-late/"
HEADLINE = "The ferry that came late"
TEXT = "".join(
    f"<p>The {word} thing that the harbour master told the reporters was that the ferry had left "
    f"on time, that the fog had held it up outside the bay, and that nobody was to blame.</p>"
    for word in ("first", "second", "third", "fourth", "fifth")
)
SHELL = "<!doctype html><html><head><title>Gazette</title></head><body><div id='app'></div></body>"


def rss(home: str, text: str = TEXT, path: str = PATH) -> Page:
    feed = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>'
        f"<title>{HEADLINE}</title><link>{home[:-1]}{path}</link><dc:creator>Ana Prado</dc:creator>"
        "<pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><description>In short.</description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item></channel></rss>"
    )
    return Page(feed, content_type="application/rss+xml")


@pytest.fixture
def site() -> Iterator[Shelf]:
    front = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed/'></head>"
    with shelf(front=Page(f"{front}<body><h1>Gazette</h1></body>")) as here:
        here.pages["/feed/"] = rss(here.url)
        here.pages[PATH] = Page(SHELL)
        yield here


def crawl(archive: Path, site: Shelf, **options: Any) -> dict[str, Any]:
    (report,) = crawled(archive, generic_profile(site.url), **options)
    return report


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "hemeroteca.db"


def test_where_a_page_gives_no_text_the_feed_does_and_everything_says_so(
    site: Shelf, archive: Path, hemeroteca: Command
) -> None:
    report = crawl(archive, site)
    assert (report["new"], report["not_articles"], report["read_from_feeds"]) == (1, 1, 1)
    with Archive.open(archive) as opened:
        stored = opened.article(site.url[:-1] + PATH)
        said = opened.reference(site.url[:-1] + PATH)
    assert stored is not None
    assert said is not None
    record = stored.article
    assert (record.headline, record.authors) == (HEADLINE, ("Ana Prado",))
    assert (len(record.body), record.byline_raw) == (5, "Ana Prado")
    assert record.notices == (NOTICE,)
    assert record.provenance["body"].source == "feed:content"
    assert record.provenance["headline"].source == "feed:title"
    assert stored.capture_origin == site.url + "feed/"
    assert f"Taken from {site.url}feed/." in citation(said, "text")
    done = hemeroteca("--archive", str(archive), "crawls", "1")
    assert "1 article came from the site's feed, since the page itself gave no text." in done.out
    assert damage_in(archive) == []


def test_the_capture_is_the_feed_as_it_was_sent_and_can_be_read_again(
    site: Shelf, archive: Path, hemeroteca: Command
) -> None:
    crawl(archive, site)
    number = rows(archive, "SELECT id FROM captures WHERE origin IS NOT NULL")[0][0]
    with Archive.open(archive) as opened:
        assert opened.capture(number).body.decode() == site.pages["/feed/"].body
    assert "damaged" not in hemeroteca("--archive", str(archive), "verify", "--deep").out
    done = hemeroteca("--archive", str(archive), "reparse", "--dry-run", "--json")
    assert '"damaged": 0' in done.out or done.code == 0


def test_the_pages_own_capture_is_kept_and_the_page_is_due_as_an_article(
    site: Shelf, archive: Path
) -> None:
    crawl(archive, site)
    assert rows(archive, "SELECT outcome, origin IS NULL FROM captures ORDER BY fetched_at") == [
        ("new", 0),
        ("not_article", 1),
    ]
    query = "SELECT state, article_id, next_due_at < datetime('now', '+366 days') FROM frontier"
    assert rows(archive, query) == [("not_article", 1, 1)]


def test_a_page_that_gives_its_text_later_is_the_first_witness_again(
    site: Shelf, archive: Path
) -> None:
    crawl(archive, site)
    site.pages[PATH] = Page(article(HEADLINE))
    report = crawl(archive, site, mode="recheck", since="2000-01-01")
    assert report["revised"] == 1
    with Archive.open(archive) as opened:
        record = opened.article(1)
    assert record is not None
    assert record.capture_origin is None
    assert NOTICE not in record.article.notices


def test_a_page_that_gives_far_less_than_its_feed_is_told_of_and_stays_as_it_is(
    site: Shelf, archive: Path
) -> None:
    page = article(HEADLINE)
    site.pages[PATH] = Page(page)
    site.pages["/feed/"] = rss(site.url, TEXT * 5)
    report = crawl(archive, site)
    assert (report["new"], report["thin"], report["read_from_feeds"]) == (1, 1, 0)
    (words,) = report["thin_pages"].values()
    assert words.endswith("words, and 850 in the feed")
    with Archive.open(archive) as opened:
        record = opened.article(1)
    assert record is not None
    assert record.capture_origin is None


def test_a_teaser_is_no_second_reading(site: Shelf, archive: Path) -> None:
    site.pages["/feed/"] = rss(site.url, "<p>The ferry came late. Read more on our site.</p>")
    report = crawl(archive, site)
    assert (report["new"], report["not_articles"], report["thin"]) == (0, 1, 0)


def test_many_thin_pages_are_an_alarm_where_there_were_few() -> None:
    def report(day: int, thin: int) -> dict[str, Any]:
        return {
            "site": "gazette",
            "mode": "due",
            "outcome": "finished",
            "fetched": 20,
            "thin": thin,
            "finished_at": f"2026-03-{day:02}T00:00:00+00:00",
        }

    before = [report(day, 0) for day in range(20, 1, -1)]
    (alarm,) = alarms(Evidence(report(21, 15), before))
    assert alarm.kind == "thin"
    assert "15 of the last 20 pages have less than half of the text" in alarm.says
    usual = [report(day, 15) for day in range(20, 1, -1)]
    assert alarms(Evidence(report(21, 15), usual)) == []


# Pure

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>{title}</title>
<link href="{path}"/><author><name>Ana Prado</name></author>
<published>2024-03-01T10:00:00Z</published>
<content type="{type}">{text}</content></entry></feed>"""


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("html", escape(TEXT)),
        ("xhtml", f'<div xmlns="http://www.w3.org/1999/xhtml">{TEXT}</div>'),
    ],
)
def test_atom_gives_its_text_escaped_or_as_markup(type: str, text: str) -> None:
    feed = ATOM.format(title=HEADLINE, path=PATH, type=type, text=text).encode()
    home = "https://gazette.example"
    (words,) = full_texts(feed, url=home + "/feed").values()
    assert words == 170
    found = article_in_feed(feed, feed=home + "/feed", url=home + PATH, profile=None)
    assert (found.headline, found.authors, len(found.body)) == (HEADLINE, ("Ana Prado",), 5)
    assert found.published == "2024-03-01T10:00:00+00:00"


@pytest.mark.parametrize(
    "body",
    [b"", b"<rss>", b"<rss><item><link>https://a.example/b</link></item></rss>", b"<feed><entry/>"],
)
def test_a_feed_without_the_entry_is_unreadable(body: bytes) -> None:
    assert full_texts(body, url="https://a.example/feed") == {}
    with pytest.raises((Unreadable, NotAnArticle)):
        article_in_feed(
            body, feed="https://a.example/feed", url="https://a.example/c", profile=None
        )
