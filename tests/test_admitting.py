"""Pages that were refused once and are articles today: admitted, as if they always had been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import spiders.rereading
from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from spiders.rereading import Wanted, reparse
from storage.rereading import Selection
from tests.running import Command
from tests.storing import NOW, Desk, address, article, desk

__all__ = ["desk"]

LIST = NotAnArticle("a list of links")


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Today's parser, as made-up readings by address; what is not in it is a list."""
    readings: dict[str, Any] = {}

    def read(site: str, page: Capture) -> Any:
        return readings.get(page.url, LIST)

    monkeypatch.setattr(spiders.rereading, "read_as_stored", read)
    return readings


def today(number: int, **fields: Any) -> Article:
    return article(number, parser="example/2", **fields)


def everything(desk: Desk) -> dict[str, list[Any]]:
    tables = ("articles", "aliases", "captures", "revisions", "readings", "links", "failures")
    return {name: desk.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables}


def test_what_was_taken_for_a_list_becomes_an_article_of_its_own_time(
    desk: Desk, parser: dict[str, Any]
) -> None:
    desk.save(LIST, b"the page", url=address(1))
    captured_at = desk.now
    desk.save(LIST, b"a list", url=address("list"))
    desk.pass_time(days=3)
    parser[address(1)] = today(1)
    tally = reparse(desk.archive, Wanted())
    assert tally.counts == {"admitted": 1, "still_none": 1}
    (hit,) = desk.archive.search("headline")
    history = desk.archive.history(hit.id)
    assert [each.captured_at for each in history.revisions] == [captured_at]
    assert [each.outcome for each in history.captures] == ["new"]
    assert history.captures[0].reason == "once not_article: a list of links"
    ((state, due_at),) = desk.rows(
        f"SELECT state, next_due_at FROM frontier WHERE url = '{address(1)}'"
    )
    assert (state, due_at > str(NOW.replace(tzinfo=None))) == ("article", True)
    assert desk.archive.verify().damaged == []
    assert list(desk.archive.changes()) == []


def test_what_was_unreadable_leaves_the_quarantine(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(Unreadable("no end"), b"the page", url=address(1))
    assert len(desk.archive.failures()) == 1
    parser[address(1)] = today(1)
    reparse(desk.archive, Wanted())
    assert desk.archive.failures() == []
    assert len(desk.archive.search("headline")) == 1
    desk.archive.undo_rereading(desk.now)
    assert [each.reason for each in desk.archive.failures()] == ["no end"]


def test_a_state_that_was_not_read_takes_its_place_among_the_others(
    desk: Desk, parser: dict[str, Any]
) -> None:
    desk.save(article(1, headline="First"))
    desk.save(LIST, b"the second", url=address(1))
    desk.save(article(1, headline="Third"))
    readings = {b"the second": today(1, headline="Second")}
    parser[address(1)] = None

    def read(site: str, page: Capture) -> Any:
        return readings.get(page.body) or today(
            1, headline="First" if page.fetched_at < NOW + timedelta(seconds=90) else "Third"
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spiders.rereading, "read_as_stored", read)
        assert reparse(desk.archive, Wanted()).counts["admitted"] == 1
    headlines = [each.article.headline for each in desk.archive.history(1).revisions]
    assert headlines == ["First", "Second", "Third"]
    assert desk.archive.article(1).article.headline == "Third"  # type: ignore[union-attr]
    assert desk.archive.verify().damaged == []


def test_a_dry_run_counts_and_writes_nothing(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(LIST, b"the page", url=address(1))
    parser[address(1)] = today(1)
    before = everything(desk)
    told = reparse(desk.archive, Wanted(is_dry=True)).to_dict()
    assert (told["read"], told["admitted"]) == (1, 1)
    assert everything(desk) == before


def test_undo_refuses_them_again_and_leaves_no_trace(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(article(2, see_also=()))
    desk.save(LIST, b"the page", url=address(1))
    desk.save(Unreadable("no end"), b"another", url=address(3))
    before = everything(desk)
    parser |= {address(1): today(1), address(3): today(3), address(2): article(2)}
    assert reparse(desk.archive, Wanted()).counts == {"same": 1, "admitted": 2}
    desk.archive.undo_rereading(desk.now)
    after = everything(desk)
    without_times = [[row[:6] for row in each.pop("failures")] for each in (before, after)]
    assert before == after
    assert without_times[0][0][1:5] == without_times[1][0][1:5]
    assert not desk.archive.search("headline:1")
    assert desk.archive.verify().damaged == []
    assert reparse(desk.archive, Wanted()).counts == {"same": 1, "admitted": 2}


def test_undo_leaves_an_article_that_was_captured_since(desk: Desk, parser: dict[str, Any]) -> None:
    desk.save(LIST, b"the page", url=address(1))
    parser[address(1)] = today(1)
    reparse(desk.archive, Wanted())
    desk.save(today(1, headline="Edited"))
    desk.archive.undo_rereading(desk.now)
    assert len(desk.archive.history(1).revisions) == 2
    assert desk.archive.verify().damaged == []


def test_a_run_that_was_stopped_goes_on_among_the_refused(
    desk: Desk, parser: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spiders.rereading, "TOGETHER", 2)
    for number in range(1, 6):
        desk.save(article(number))
        parser[address(number)] = article(number)
    for number in range(6, 13):
        desk.save(LIST, f"page {number}".encode(), url=address(number))
        parser[address(number)] = today(number)
    seen: list[int] = []

    def stop(done: int, total: int) -> None:
        seen.append(done)
        assert total == 12
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reparse(desk.archive, Wanted(), stop)
    tally = reparse(desk.archive, Wanted())
    assert seen[-1] == 8
    # Those that were admitted before the stop have revisions, which are read like all others.
    assert tally.counts["admitted"] == 7
    assert len(desk.archive.search("headline")) == 12
    assert desk.archive.verify().damaged == []


def test_the_selection_and_the_sample_hold_for_the_refused(
    desk: Desk, parser: dict[str, Any]
) -> None:
    for number in range(40):
        desk.save(article(number) if number % 2 else LIST, b"%d" % number, url=address(number))
        parser[address(number)] = today(number)
    middle = Selection(since=NOW + timedelta(minutes=20), until=NOW + timedelta(minutes=30))
    assert reparse(desk.archive, Wanted(middle, is_dry=True)).read == 11
    tally = reparse(desk.archive, Wanted(sample=20, is_dry=True))
    assert 15 <= tally.read <= 25
    assert min(tally.counts.values()) >= 5
    assert reparse(desk.archive, Wanted(limit=25, is_dry=True)).counts["admitted"] == 5


def test_the_command_tells_of_them(desk: Desk, hemeroteca: Command) -> None:
    page = (
        "<html><body><article><h1>Port strike ends after nine days</h1><p>By Ana Ruiz</p>"
        '<time datetime="2020-05-17">17 May 2020</time>'
        + "<p>Workers at the port went back to their cranes on Sunday, nine days on.</p>" * 9
        + "</article></body></html>"
    )
    desk.save(LIST, page.encode(), url="https://example.org/news/port-strike-ends")
    desk.archive.close()
    path = desk.archive.path
    dry = hemeroteca("--archive", path, "reparse", "--dry-run", "--sample", "5")
    assert "1 of those once refused would be admitted as articles" in dry.err
    assert hemeroteca("--archive", path, "reparse", "--sample", "5").code == 2
    done = hemeroteca("--archive", path, "reparse")
    assert "1 of those once refused are admitted as articles; `hemeroteca reparse" in done.err
    assert "Port strike ends" in hemeroteca("--archive", path, "search", "cranes").out
