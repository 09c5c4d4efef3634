"""One article's way through everything: from a served page to an answer, and what comes after.

Each step is a command in a process of its own, as a person or cron would run it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.newsroom import Newsroom
from tests.running import Answer, in_own_process


class Desk:
    """A newsroom of this test's own, and an archive of it."""

    def __init__(self, room: Newsroom, place: Path) -> None:
        self.room = room
        self.place = place

    def hemeroteca(self, *words: object) -> Answer:
        answer = in_own_process(*words, cwd=self.place)
        assert answer.code == 0, answer.err
        return answer

    def crawl(self, *options: str) -> dict[str, Any]:
        """Crawl without delay; the report."""
        words = ("crawl", self.room.url, "--site", "faro", "--delay", "0", "--report", "r.json")
        self.hemeroteca(*words, *options)
        report: dict[str, Any] = json.loads((self.place / "r.json").read_text())
        return report

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the archive answers to plain SQL."""
        connection = sqlite3.connect(self.place / "hemeroteca.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def pages_asked_for(self) -> set[str]:
        articles = {article.path for article in self.room.articles}
        return {request.path for request in self.room.requests} & articles


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with nothing crawled yet, for one test."""
    with Newsroom() as room:
        yield Desk(room, tmp_path)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose newsroom has been crawled and does not change."""
    with Newsroom() as room:
        desk = Desk(room, tmp_path_factory.mktemp("settled"))
        report = desk.crawl()
        assert report["new"] == len(room.articles)
        assert (report["failed"], report["outcome"]) == ({}, "finished")
        yield desk


def test_from_a_served_page_to_an_answer(settled: Desk) -> None:
    desk = settled
    article = next(each for each in desk.room.articles if each.analysis and each.language == "es")
    assert article.analysis is not None
    phrase = '"' + " ".join(article.analysis[0]["text"].replace('"', " ").split()[:6]) + '"'
    found = desk.hemeroteca("search", phrase, "--in", "analysis", "--json").json
    assert [hit["url"] for hit in found["hits"]] == [article.url]

    shown = desk.hemeroteca("show", found["hits"][0]["id"], "--json").json
    for key, value in article.record().items():
        assert shown[key] == (list(value) if isinstance(value, tuple) else value), key

    lines = desk.hemeroteca("export", "--format", "jsonl").out.splitlines()
    assert len(lines) == len(desk.room.articles)
    assert desk.rows("SELECT headline FROM v_articles WHERE url = '" + article.url + "'") == [
        (article.headline,)
    ]


def test_every_article_of_the_newsroom_is_stored_as_it_was_filed(settled: Desk) -> None:
    desk = settled
    lines = desk.hemeroteca("export", "--format", "jsonl").out.splitlines()
    stored = {record["url"]: record for record in map(json.loads, lines)}
    assert set(stored) == {article.url for article in desk.room.articles}
    for article in desk.room.articles:
        for key, value in article.record().items():
            expected = list(value) if isinstance(value, tuple) else value
            assert stored[article.url][key] == expected, (article.path, key)


def test_a_second_crawl_of_an_unchanged_site_asks_for_no_page_and_stores_nothing(
    settled: Desk,
) -> None:
    desk = settled
    before = desk.rows("SELECT id, url FROM captures")
    desk.room.requests.clear()
    report = desk.crawl()
    assert (report["new"], report["revised"], report["unchanged"]) == (0, 0, 0)
    assert desk.pages_asked_for() == set()
    assert desk.rows("SELECT id, url FROM captures") == before


def test_what_is_asked_for_again_is_asked_for_conditionally(settled: Desk) -> None:
    desk = settled
    desk.room.requests.clear()
    report = desk.crawl("--mode", "recheck", "--since", "1990-01-01")
    assert report["not_modified"] == report["due"] > 0
    pages = desk.pages_asked_for()
    assert pages
    for request in desk.room.requests:
        if request.path in pages:
            assert request.status == 304
            assert {"if-none-match", "if-modified-since"} & set(request.headers)


def test_an_edited_page_is_a_revision_and_the_old_words_stay(desk: Desk) -> None:
    article = next(each for each in desk.room.articles if each.language == "en")
    desk.crawl()
    new_headline = "Correction: " + article.headline
    desk.room.edit(article.path, headline=new_headline)
    report = desk.crawl()
    assert (report["revised"], report["new"]) == (1, 0)

    first, second = desk.hemeroteca("history", article.url, "--json").json["revisions"]
    assert first["changes"] == []
    assert {
        "field": "headline", "kind": "headline", "before": article.headline, "after": new_headline,
    } in second["changes"]  # fmt: skip
    assert "{+Correction:+}" in desk.hemeroteca("history", article.url, "--field", "headline").out
    assert desk.hemeroteca("search", '"correction"', "--in", "headline", "--count").out == "1\n"


def test_a_page_that_is_gone_keeps_its_text_and_is_marked(desk: Desk) -> None:
    article = next(each for each in desk.room.articles if each.published)
    desk.crawl()
    desk.room.remove(article.path, 410)
    report = desk.crawl("--mode", "recheck", "--since", "1990-01-01")
    assert report["gone"] == 1
    shown = desk.hemeroteca("show", article.url, "--json").json
    assert shown["gone_at"] is not None
    assert shown["headline"] == article.headline
    assert shown["body"] == list(article.body)


def test_an_address_nobody_has_described_is_crawled_as_well(desk: Desk) -> None:
    desk.hemeroteca("crawl", desk.room.url, "--delay", "0", "--report", "r.json")
    report = json.loads((desk.place / "r.json").read_text())
    assert report["site"] == desk.room.url.removeprefix("http://").rstrip("/")
    assert report["new"] > len(desk.room.articles) * 0.9
    assert report["failed"] == {}


def test_parse_says_of_a_page_what_a_crawl_stores_of_it(desk: Desk) -> None:
    desk.hemeroteca("crawl", desk.room.url, "--delay", "0", "--limit", "10")
    lines = desk.hemeroteca("export", "--format", "jsonl").out.splitlines()
    for stored in map(json.loads, lines[:3]):
        page = desk.place / "page.html"
        page.write_bytes(desk.room.answer(stored["url"].replace(desk.room.url, "/")).body)
        parsed = desk.hemeroteca("parse", "page.html", "--url", stored["url"]).json
        assert {key: stored[key] for key in parsed} == parsed


def test_robots_txt_is_obeyed_and_the_crawler_says_who_it_is(desk: Desk) -> None:
    report = desk.crawl("--contact", "desk@news.example")
    assert report["refused_by_robots"] >= 1
    agents = {request.headers["user-agent"] for request in desk.room.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("Hemeroteca/")
    assert all("desk@news.example" in each.headers["user-agent"] for each in desk.room.requests)


def test_several_sites_at_once_and_a_report_for_each(desk: Desk) -> None:
    with Newsroom() as other:
        desk.hemeroteca(
            "crawl", desk.room.url, other.url, "--delay", "0", "--limit", "5",
            "--report", "r.json",
        )  # fmt: skip
        reports = json.loads((desk.place / "r.json").read_text())
        hosts = [room.url.removeprefix("http://").rstrip("/") for room in (desk.room, other)]
    assert [report["site"] for report in reports] == hosts
    assert all(report["new"] == 5 for report in reports)


def test_a_crawl_since_a_day_asks_for_nothing_that_was_last_changed_before(desk: Desk) -> None:
    desk.crawl("--since", "2018-01-01")
    older = {
        article.path
        for article in desk.room.articles
        if article.touched_at and article.touched_at.year < 2017
    }
    assert older
    assert desk.pages_asked_for()
    assert not desk.pages_asked_for() & older


def test_the_demo_runs_and_runs_again(tmp_path: Path) -> None:
    for _ in range(2):
        answer = in_own_process("demo", cwd=tmp_path)
        assert answer.code == 0, answer.err
        assert "Try next:" in answer.err
        assert "http://127.0.0.1:" in answer.out
    assert {path.name.partition(".db")[0] for path in tmp_path.iterdir()} == {"hemeroteca-demo"}
    edited = in_own_process("-a", "hemeroteca-demo.db", "changes", cwd=tmp_path).out
    assert "Zoila" in edited
    assert "eleven" in edited


def test_the_python_door(settled: Desk) -> None:
    from storage import Archive

    with Archive.open(settled.place / "hemeroteca.db") as archive:
        hits = list(archive.search("the OR la", sort="newest", limit=5))
        assert len(hits) == 5
        assert all(hit.headline and hit.url.startswith(settled.room.url) for hit in hits)
