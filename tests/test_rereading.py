"""`reparse`: stored captures read again, and nothing invented, lost or half done."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import spiders.rereading
from crawler.article import Article, Source
from crawler.capture import Capture
from crawler.errors import BadInput, NotAnArticle
from spiders.rereading import Target, Wanted, reparse
from storage import Archive
from storage.rereading import Selection
from storage.schema import crawls
from tests.running import Command
from tests.storing import NOW, SITE, Desk, address, article, capture, desk, paragraphs

__all__ = ["desk"]

BETTER = "example/2"


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Today's parser, as made-up readings by address; what is not in it stands as it was."""
    readings: dict[str, Any] = {}

    def read(site: str, page: Capture) -> Any:
        number = page.url.rpartition("/")[2]
        return readings.get(page.url) or article(number, parser=BETTER)

    monkeypatch.setattr(spiders.rereading, "read_as_stored", read)
    return readings


def better(number: int, **fields: Any) -> Article:
    return article(number, parser=BETTER, **fields)


def stored(archive: Archive, number: int) -> Article:
    held = archive.article(number)
    assert held is not None
    return held.article


def test_a_better_reading_takes_over_and_the_old_one_stays(
    desk: Desk, parser: dict[str, Any]
) -> None:
    desk.save(article(1, deck=None))
    desk.save(article(2))
    parser[address(1)] = better(1, deck="A standfirst that was overlooked.")
    tally = reparse(desk.archive, Wanted())
    assert tally.counts == {"other": 1, "same": 1}
    assert stored(desk.archive, 1).deck == "A standfirst that was overlooked."
    assert [hit.id for hit in desk.archive.search("overlooked")] == [1]
    old, new = desk.archive.readings(1)
    assert (old.article.deck, old.parser, old.replaced_at) == (None, "example/1", new.read_at)
    assert (new.revision, new.capture_id, new.replaced_at) == (1, old.capture_id, None)
    assert len(desk.archive.readings(2)) == 1


def test_no_revision_is_invented_then_or_later(desk: Desk, parser: dict[str, Any]) -> None:
    page = b"the page"
    desk.save(article(1), page)
    parser[address(1)] = better(1, deck="Seen at last.")
    reparse(desk.archive, Wanted())
    assert list(desk.archive.changes()) == []
    assert desk.save(better(1, deck="Seen at last."), b"the page, a card moved") == "unchanged"
    assert desk.save(better(1, deck="Edited."), b"the page, edited") == "revised"


def test_every_revision_is_read_again_and_the_article_is_as_the_last(
    desk: Desk, parser: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save(article(1, headline="First"))
    desk.save(article(1, headline="Second"))
    titles = iter(["First, whole", "Second, whole"])
    monkeypatch.setattr(
        spiders.rereading, "read_as_stored", lambda *_: better(1, headline=next(titles))
    )
    reparse(desk.archive, Wanted())
    history = desk.archive.history(1)
    assert [each.article.headline for each in history.revisions] == [
        "First, whole",
        "Second, whole",
    ]
    assert stored(desk.archive, 1).headline == "Second, whole"
    assert [hit.id for hit in desk.archive.search("headline:second")] == [1]
    assert not desk.archive.search("headline:first")


def test_how_a_field_was_found_is_no_other_reading(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(article(1, tags=("Boats",)))
    elsewhere = {"headline": Source("place:.title", "Headline 1")}
    parser[address(1)] = better(1, tags=("Boats",), provenance=elsewhere)
    assert reparse(desk.archive, Wanted()).counts == {"same": 1}
    parser[address(1)] = better(1, tags=("Boats", "Ferries"), provenance=elsewhere)
    fields = reparse(desk.archive, Wanted()).to_dict()["fields"]
    assert list(fields) == ["tags"]
    assert fields["tags"]["examples"][0]["after"] == "Boats, Ferries"


def test_a_dry_run_tells_per_field_and_writes_nothing(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(article(1, deck="Gone soon", category=None))
    desk.save(article(2))
    parser[address(1)] = better(1, category="CRIME", deck=None, headline="Headline 1, whole")
    before = desk.rows("SELECT * FROM readings")
    runs = desk.rows("SELECT count(*) FROM crawls")
    told = reparse(desk.archive, Wanted(is_dry=True)).to_dict()
    assert desk.rows("SELECT * FROM readings") == before
    assert desk.rows("SELECT count(*) FROM crawls") == runs
    assert (told["read"], told["same"], told["other"]) == (2, 1, 1)
    counted = {
        name: (each["changed"], each["filled"], each["emptied"])
        for name, each in told["fields"].items()
    }
    assert counted == {"headline": (1, 0, 0), "deck": (0, 0, 1), "category": (0, 1, 0)}
    assert told["fields"]["headline"]["examples"] == [
        {"url": address(1), "before": "Headline 1", "after": "Headline 1, whole"}
    ]


def test_an_example_of_a_long_text_begins_where_the_readings_part(
    desk: Desk, parser: dict[str, Any]
) -> None:
    desk.save(article(1, body=paragraphs("x " * 500 + "old end")))
    parser[address(1)] = better(1, body=paragraphs("x " * 500 + "new end"))
    told = reparse(desk.archive, Wanted(is_dry=True)).to_dict()
    (example,) = told["fields"]["body"]["examples"]
    assert example["before"].endswith("old end")
    assert len(example["before"]) < 250


def test_undo_brings_the_old_readings_back(desk: Desk, parser: dict[str, Any]) -> None:
    for number in range(1, 6):
        desk.save(article(number))
        parser[address(number)] = better(number, headline=f"Better {number}")
    reparse(desk.archive, Wanted())
    assert desk.archive.undo_rereading(desk.now) == 5
    assert [stored(desk.archive, number).headline for number in (1, 5)] == [
        "Headline 1",
        "Headline 5",
    ]
    assert not desk.archive.search("better")
    assert [each.replaced_at is None for each in desk.archive.readings(1)] == [True, False]
    with pytest.raises(BadInput, match="no run"):
        desk.archive.undo_rereading(desk.now)
    assert reparse(desk.archive, Wanted()).counts == {"other": 5}
    assert stored(desk.archive, 1).headline == "Better 1"


def test_undo_leaves_what_was_read_once_more_since_then(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(article(1))
    parser[address(1)] = better(1, headline="Better")
    reparse(desk.archive, Wanted())
    desk.archive.reread(1, article(1, headline="Best", parser="example/3"), now=desk.now)
    assert desk.archive.undo_rereading(desk.now) == 0
    assert stored(desk.archive, 1).headline == "Best"


def test_pruned_readings_are_gone_and_the_current_ones_stay(
    desk: Desk, parser: dict[str, Any]
) -> None:
    desk.save(article(1))
    parser[address(1)] = better(1, headline="Better")
    reparse(desk.archive, Wanted())
    assert desk.archive.prune_readings() == 1
    assert [each.article.headline for each in desk.archive.readings(1)] == ["Better"]
    assert desk.archive.undo_rereading(desk.now) == 0


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_run_that_was_stopped_goes_on_where_it_was(
    desk: Desk, parser: dict[str, Any], monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    monkeypatch.setattr(spiders.rereading, "TOGETHER", 4)
    for number in range(1, 11):
        desk.save(article(number))
        parser[address(number)] = better(number, headline=f"Better {number}")

    def stop(done: int, total: int) -> None:
        assert total == 10
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reparse(desk.archive, Wanted(), stop)
    assert stored(desk.archive, 4).headline == "Better 4"
    assert stored(desk.archive, 5).headline == "Headline 5"
    if is_killed:
        with desk.archive._writing() as connection:
            connection.execute(update(crawls).values(outcome=None, finished_at=None))
    steps: list[tuple[int, int]] = []
    tally = reparse(desk.archive, Wanted(), lambda *step: steps.append(step))
    assert steps == [(8, 10), (10, 10)]
    assert tally.counts == {"other": 10}
    assert all(len(desk.archive.readings(number)) == 2 for number in range(1, 11))
    assert desk.archive.undo_rereading(desk.now) == 10


def test_another_run_does_not_go_on_with_one_of_other_options(
    desk: Desk, parser: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spiders.rereading, "TOGETHER", 1)
    desk.save(article(1))
    desk.save(article(2))

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reparse(desk.archive, Wanted(), stop)
    assert reparse(desk.archive, Wanted(limit=5)).read == 2


def test_only_what_was_asked_for_is_read(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(article(1))
    desk.pass_time(days=1)
    desk.save(article(2), site="other")
    desk.pass_time(days=1)
    desk.save(article(3))

    def read(limit: int | None = None, **selection: Any) -> int:
        return reparse(desk.archive, Wanted(Selection(**selection), limit, is_dry=True)).read

    day = timedelta(days=1)
    assert read() == 3
    assert read(limit=2) == 2
    assert read(site="other") == 1
    assert read(since=NOW + day) == 2
    assert read(until=NOW + day) == 1
    assert read(since=NOW + day, until=NOW + day + day / 2) == 1


def test_what_is_no_article_today_keeps_its_reading(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(article(1))
    desk.save(article(2))
    parser[address(1)] = NotAnArticle("listing")
    parser[address(2)] = better(2, first_page=address(1))
    tally = reparse(desk.archive, Wanted())
    assert tally.counts == {"not_article": 2}
    assert tally.refused[0] == {"url": address(1), "reason": "listing"}
    assert [len(desk.archive.readings(number)) for number in (1, 2)] == [1, 1]


def test_a_damaged_capture_is_told_and_keeps_its_reading(
    desk: Desk, parser: dict[str, Any]
) -> None:
    desk.save(article(1))
    desk.save(article(2))
    with desk.archive._writing() as connection:
        connection.exec_driver_sql("UPDATE bodies SET sha256 = 'other' WHERE id = 1")
    tally = reparse(desk.archive, Wanted())
    assert tally.counts == {"damaged": 1, "same": 1}


PAGES = [address(f"long/{number}") for number in (1, 2)]


def test_the_pages_of_an_article_are_joined_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = article("long/1", pages=tuple(PAGES), body=paragraphs("One.", "Two."))
    second = replace(capture("long/2", b"page two"), fetched_at=desk.now + timedelta(minutes=2))
    desk.save(whole, url=PAGES[0], parts=[second])
    read = {
        PAGES[0]: better(1, body=paragraphs("One, better."), next_page=PAGES[1]),
        PAGES[1]: better(
            2, headline="Headline 1", body=paragraphs("Two, better."), first_page=PAGES[0]
        ),
    }
    monkeypatch.setattr(spiders.rereading, "read_as_stored", lambda _, page: read[page.url])
    assert reparse(desk.archive, Wanted()).counts == {"other": 1}
    assert stored(desk.archive, 1).body_text == "One, better.\n\nTwo, better."
    assert stored(desk.archive, 1).next_page is None


def test_a_page_that_was_not_kept_takes_nothing_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save(article("long/1", body=paragraphs("One.", "Two.")), url=PAGES[0])
    first = article("long/1", body=paragraphs("One."), next_page=PAGES[1], parser=BETTER)
    monkeypatch.setattr(spiders.rereading, "read_as_stored", lambda *_: first)
    assert reparse(desk.archive, Wanted()).counts == {"same": 1}


class Breaking:
    """A pool in this process that breaks with a certain revision."""

    def __init__(self, archive: Archive, number: int) -> None:
        self._archive, self._number = archive, number

    def submit(self, _: Any, batch: tuple[Target, ...]) -> Future[Any]:
        future: Future[Any] = Future()
        if Target(True, self._number) in batch:
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(
                [spiders.rereading.reread(self._archive, each, is_dry=False) for each in batch]
            )
        return future

    def __enter__(self) -> Breaking:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def shutdown(self, **_: object) -> None:
        pass


def test_a_page_that_breaks_its_process_costs_nobody_else_anything(
    desk: Desk, parser: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 41):
        desk.save(article(number))
    monkeypatch.setattr(spiders.rereading, "_pool", lambda *_: Breaking(desk.archive, 20))
    tally = reparse(desk.archive, Wanted(jobs=2))
    assert tally.counts == {"same": 39, "unreadable": 1}
    assert tally.refused == [
        {"url": address(20), "reason": "it broke the process that was reading it"}
    ]


# the command, with the real parser and real processes


def misread(path: Path) -> int:
    """Spoil the reading of some articles as an older parser might; how many."""
    with Archive.open(path, mode="write") as archive:
        for number in (3, 7, 30):
            held = stored(archive, number)
            spoilt = replace(held, headline="Misread", authors=(), parser="faro/0")
            archive.reread(number, spoilt, now=datetime.now(UTC))
        archive.prune_readings()
    return 3


def test_reparse_mends_readings_and_undoes_it(hemeroteca: Command, archive: Path) -> None:
    right = hemeroteca("show", 7, "--json").json
    assert hemeroteca("reparse", "--jobs", "2").err.endswith(" 0 read otherwise.\n")
    spoilt = misread(archive)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    dry = hemeroteca("reparse", "--dry-run", "--jobs", "2")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == digest
    assert f" {spoilt} would be read otherwise" in dry.err
    columns, headline, authors = (line.split() for line in dry.out.splitlines()[:3])
    assert columns == ["field", "changed", "filled", "emptied"]
    assert headline == ["headline", "3", "0", "0"]
    assert authors[0] == "authors"
    assert "[-Misread-]{+" in dry.out

    done = hemeroteca("reparse", "--json", "--jobs", "2")
    assert (done.code, done.json["other"]) == (0, spoilt)
    assert hemeroteca("show", 7, "--json").json == right
    assert hemeroteca("changes", "--json").json["revisions"] == []
    assert hemeroteca("reparse", "--undo").err == "3 old readings brought back.\n"
    assert hemeroteca("show", 7, "--json").json["headline"] == "Misread"
    assert hemeroteca("reparse", "--prune").err == "3 replaced readings forgotten.\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--dry-run", "--undo"), "exclude each other"),
        (("--undo", "--limit", "3"), "leave the filters out"),
        (("--site", "nowhere"), "nowhere"),
        (("--undo",), "There is no run of `reparse` to undo."),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "exchange them"),
    ],
)
def test_reparse_refuses_what_makes_no_sense(
    hemeroteca: Command, archive: Path, options: tuple[str, ...], sentence: str
) -> None:
    answer = hemeroteca("reparse", *options)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err


def test_reparse_waits_for_no_crawl(hemeroteca: Command, archive: Path) -> None:
    with Archive.open(archive, mode="write") as held, held.hold():
        assert hemeroteca("reparse", "--jobs", "1").code == 3
        assert hemeroteca("reparse", "--dry-run", "--jobs", "1", "--limit", "1").code == 0


def test_the_profile_is_that_of_the_site_under_which_a_page_was_stored() -> None:
    from spiders.rereading import profile_of

    assert profile_of("faro", "http://127.0.0.1:8000/news/x").name == "faro"
    assert profile_of(SITE, "https://example.org/news/1").is_generic
    assert profile_of("example.org", "https://insightcrime.org/news/x/").name == "insightcrime"
