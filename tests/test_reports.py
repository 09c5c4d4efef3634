"""What a crawl says of itself: its report in words, the list of crawls, and the structured log."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from scripts.logbook import Logbook
from scripts.newsroom import Newsroom
from scripts.telling import told
from spiders.reports import usual_of
from storage import Archive
from tests.running import Answer, Command, in_own_process


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of two runs, and the log of both."""
    place = tmp_path_factory.mktemp("twice")
    with Newsroom() as room:
        assert crawl(place, room, "--limit", 5).code == 0
        room.fail("/feed/", status=500, times=9)
        missing = room.articles[8].path
        room.fail(missing, status=500, times=9)
        crawl(place, room)
    return place


def crawl(place: Path, room: Newsroom, *options: object) -> Answer:
    where = (room.url, "--site", "faro", "--delay", "0", "--log", "log.jsonl")
    return in_own_process("crawl", *where, *options, cwd=place)


def test_the_report_says_how_long_it_took_and_what_is_usual(twice: Path) -> None:
    with Archive.open(twice / "hemeroteca.db") as archive:
        second, first = (each.report for each in archive.crawls())
    assert first is not None
    assert second is not None
    assert first["usual"] == {}
    assert second["usual"] == {
        "runs": 1, "listed": first["listed"], "listed_new": first["listed_new"], "due": 5,
        "fetched": 5, "new": 5, "revised": 0, "gone": 0, "body_bytes": first["body_bytes"],
        "failed": 0,
    }  # fmt: skip
    started, finished = (
        datetime.fromisoformat(second[key]) for key in ("started_at", "finished_at")
    )
    assert second["duration_seconds"] == pytest.approx(
        (finished - started).total_seconds(), abs=0.1
    )


def test_crawls_are_listed_latest_first(twice: Path, hemeroteca: Command) -> None:
    answer = hemeroteca("--archive", twice / "hemeroteca.db", "crawls")
    header, latest, first = answer.out.splitlines()
    assert header.split()[:4] == ["crawl", "began", "took", "site"]
    assert [latest.split()[0], first.split()[0]] == ["2", "1"]
    only = hemeroteca("--archive", twice / "hemeroteca.db", "crawls", "--limit", 1, "--json").json
    assert [each["id"] for each in only] == [2]
    assert only[0]["report"]["outcome"] == "finished"


def test_one_crawl_is_told_in_words(twice: Path, hemeroteca: Command) -> None:
    answer = hemeroteca("--archive", twice / "hemeroteca.db", "crawls", 2)
    assert "new articles, 1 refused by robots.txt, 1 failed.\n" in answer.out
    assert "Failed: the server failed (500) (1). They are tried again by themselves." in answer.out
    assert "/feed/ could not be read (status 500)" in answer.out
    assert "The run before brought 5 new, 0 edited." in answer.out


def test_a_crawl_that_is_not_there_is_a_sentence(twice: Path, hemeroteca: Command) -> None:
    answer = hemeroteca("--archive", twice / "hemeroteca.db", "crawls", 77)
    assert (answer.code, answer.err) == (
        2,
        "hemeroteca: There is no crawl 77; `hemeroteca crawls` lists them.\n",
    )
    assert hemeroteca("--archive", twice / "hemeroteca.db", "crawls", "--site", "x").code == 2


def test_the_log_has_a_line_for_every_event(twice: Path) -> None:
    events = [json.loads(line) for line in (twice / "log.jsonl").read_text().splitlines()]
    assert all(datetime.fromisoformat(each["at"]).tzinfo for each in events)
    kinds = [each["event"] for each in events]
    assert kinds.count("crawl_began") == kinds.count("crawl_ended") == 2
    with Archive.open(twice / "hemeroteca.db") as archive:
        reports = [each.report or {} for each in archive.crawls()]
    settled = sum(
        each["new"] + each["refused_by_robots"] + sum(each["failed"].values()) for each in reports
    )
    pages = [each for each in events if each["event"] == "page"]
    assert len(pages) == settled
    failed = [each["reason"] for each in pages if each["outcome"] == "failed"]
    assert failed == ["the server failed (500)"]
    assert events[-1]["new"] == reports[0]["new"]


def test_a_log_that_cannot_be_written_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    answer = in_own_process("crawl", "http://127.0.0.1:9/", "--log", "no/where/log", cwd=tmp_path)
    assert answer.code == 2
    assert answer.err == "hemeroteca: There is no directory 'no/where'; make it first.\n"


def test_a_full_disk_costs_the_log_line_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Logbook(str(tmp_path / "log"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    log.note("page", url="x")
    assert (tmp_path / "log").read_text() == ""


def test_what_is_usual_is_the_median_of_whole_runs_alike() -> None:
    runs = [{"mode": "due", "outcome": "finished", "new": new} for new in (1, 900, 5)]
    runs.insert(1, {"mode": "due", "outcome": "interrupted", "new": 0})
    runs.insert(1, {"mode": "backfill", "outcome": "finished", "new": 40_000})
    usual = usual_of("due", runs)
    assert (usual["runs"], usual["new"]) == (3, 5)


def test_a_run_that_brought_nothing_says_so() -> None:
    text = told({"site": "gazette", "outcome": "interrupted", "failed": {}, "listed": 0})
    assert text.startswith("gazette (interrupted): nothing was due.\n")
    assert "No list of the site was read; 0 pages were due." in text


def test_the_bar_tells_rate_and_time_left(tmp_path: Path) -> None:
    with Newsroom(crawl_delay=0) as room:
        answer = in_own_process(
            "crawl", room.url, "--site", "faro", "--delay", "0.12", "--limit", "20", "--progress",
            cwd=tmp_path, COLUMNS="120", TTY_COMPATIBLE="1", FORCE_COLOR="1",
        )  # fmt: skip
    assert "pages/min" in answer.err
