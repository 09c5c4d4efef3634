"""Pages that vanish, move and come back: told beside the edits, and never instead of them."""

from __future__ import annotations

import json

import pytest

from storage.edits import Edit
from tests.running import Command
from tests.storing import SITE, Desk, address, article, desk

__all__ = ["desk"]


def told(desk: Desk, **asked: object) -> list[tuple[int, tuple[str, str | None, str | None]]]:
    """Number of article, and kind, before and after of each change, newest first."""
    found: list[Edit] = list(desk.archive.changes(**asked))  # type: ignore[arg-type]
    return [
        (each.id, (change.kind, change.before, change.after))
        for each in found
        for change in each.changes
    ]


def kinds_of(desk: Desk, **asked: object) -> list[str]:
    return [kind for _, (kind, _, _) in told(desk, **asked)]


def move(desk: Desk, old: int, new: int) -> None:
    """The server sends on from one address to another for good."""
    desk.save(article(old), b"the page", url=address(old), final_url=address(new))
    desk.archive.moved(address(old), address(new), site=SITE, crawl_id=desk.crawl_id, now=desk.now)


def test_a_page_that_vanishes_and_comes_back_is_told_once_each_time(desk: Desk) -> None:
    desk.save(article(1), b"the page")
    desk.gone(1)
    gone_at = desk.now
    desk.gone(1, status=410)
    desk.save(article(1), b"the page")
    returned_at = desk.now
    desk.gone(1)
    events = desk.archive.history(1).events
    assert [(each.kind, each.status) for each in events] == [
        ("gone", 404),
        ("returned", 200),
        ("gone", 404),
    ]
    assert [each.seen_at for each in events][:2] == [gone_at, returned_at]
    assert [each[1][0] for each in told(desk)] == ["gone", "returned", "gone"]
    assert told(desk)[0] == (1, ("gone", address(1), None))
    assert told(desk)[1] == (1, ("returned", None, address(1)))


def test_a_page_that_moved_is_told_with_both_addresses(desk: Desk) -> None:
    desk.save(article(1), b"the page")
    move(desk, 1, 2)
    (event,) = desk.archive.history(1).events
    assert (event.kind, event.url, event.to_url) == ("moved", address(1), address(2))
    assert told(desk) == [(1, ("moved", address(1), address(2)))]


def test_another_name_under_which_nothing_was_ever_seen_is_no_move(desk: Desk) -> None:
    desk.save(article(2), b"the page")
    desk.archive.moved(
        "https://example.org/?p=2", address(2), site=SITE, crawl_id=desk.crawl_id, now=desk.now
    )
    assert desk.archive.history(1).events == ()
    assert told(desk) == []


def test_events_stand_among_the_edits_by_time_and_are_chosen_like_them(desk: Desk) -> None:
    desk.save(article(1), b"1")
    desk.save(article(2, language="es"), b"2")
    desk.gone(1)
    desk.save(article(2, language="es", headline="Otro"), b"2b")
    between = desk.now
    desk.save(article(1), b"1")
    assert kinds_of(desk) == ["returned", "headline", "gone"]
    assert kinds_of(desk, kinds=["gone"]) == ["gone"]
    assert kinds_of(desk, fields=["address"]) == ["returned", "gone"]
    assert kinds_of(desk, fields=["headline"]) == ["headline"]
    assert {number for number, _ in told(desk, language="es")} == {2}
    page = {"kinds": ["gone", "returned"]}
    assert kinds_of(desk, edited_since=between, **page) == ["returned"]
    assert kinds_of(desk, edited_until=between, **page) == ["gone"]


def test_a_gone_page_that_was_never_an_article_is_no_change(desk: Desk) -> None:
    desk.gone(8)
    assert told(desk) == []


@pytest.mark.parametrize("is_json", [True, False])
def test_the_commands_tell_them(desk: Desk, hemeroteca: Command, is_json: bool) -> None:
    desk.save(article(1), b"the page")
    desk.gone(1)
    desk.save(article(1), b"the page")
    move(desk, 1, 3)
    desk.archive.close()
    path = desk.archive.path
    asked = ["--json"] if is_json else []
    history = hemeroteca("--archive", path, "history", "1", *asked).out
    changes = hemeroteca("--archive", path, "changes", "--kind", "gone,moved,returned", *asked).out
    if is_json:
        kinds = ["gone", "returned", "moved"]
        assert [each["kind"] for each in json.loads(history)["events"]] == kinds
        edits = json.loads(changes)["revisions"]
        assert [each["changes"][0]["kind"] for each in edits] == kinds[::-1]
        assert edits[0]["changes"][0] | {"kinds": 0} == {
            "field": "address",
            "kind": "moved",
            "before": address(1),
            "after": address(3),
            "kinds": 0,
        }
        return
    assert f"gone (status 404): {address(1)}" in history
    assert f"moved from {address(1)} to {address(3)}" in history
    assert f"   moved: {address(1)} to {address(3)}" in changes
    assert f"   returned: {address(1)}" in changes
