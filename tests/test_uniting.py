"""An article that was met at its new address before the old one sent on to it is one article."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.article import Block, Pointer
from storage import Archive
from tests.storing import SITE, Desk, address, article, desk

__all__ = ["desk"]


def moved(desk: Desk, old: int | str, new: int | str) -> None:
    desk.archive.moved(address(old), address(new), site=SITE, crawl_id=desk.crawl_id, now=desk.now)


def at_new_address(**fields: object) -> object:
    """The article "old" as it stands at its new address."""
    there = article("new", headline="Headline old", body=article("old").body)
    return replace(there, **fields)  # type: ignore[arg-type]


def is_whole(archive: Archive) -> bool:
    return archive.verify().damaged == []


def test_both_addresses_lead_to_the_older_number(desk: Desk) -> None:
    desk.save(article("old"))
    desk.pass_time(days=1)
    assert desk.save(at_new_address(), b"as it is now") == "new"  # type: ignore[arg-type]
    desk.pass_time(days=1)
    moved(desk, "old", "new")
    ids = {desk.archive.article(address(each)).id for each in ("old", "new")}  # type: ignore[union-attr]
    assert ids == {1}
    assert desk.archive.search("headline").total == 1
    history = desk.archive.history(1)
    assert len(history.revisions) == 1
    assert len(history.captures) == 2
    assert [each.kind for each in history.events] == ["moved"]
    assert is_whole(desk.archive)


def due(desk: Desk) -> set[str]:
    return {each.url for each in desk.archive.due(SITE, limit=9, now=desk.now)}


def test_the_page_where_a_new_article_stood_before_is_asked_at_once(desk: Desk) -> None:
    later = {"next_due_at": desk.now + timedelta(days=365)}
    desk.save(article("old"), **later)
    desk.save(article("other"), **later)  # of the same day
    desk.pass_time(days=40)
    desk.save(at_new_address(), **later)  # type: ignore[arg-type]
    assert due(desk) == {address("old")}


@pytest.mark.parametrize("said", [{"published": "2016-07-12"}, {"published": None}])
def test_a_namesake_of_another_day_is_left_alone(desk: Desk, said: dict[str, Any]) -> None:
    later = {"next_due_at": desk.now + timedelta(days=365)}
    desk.save(article("old"), **later)
    desk.pass_time(days=40)
    desk.save(at_new_address(**said), **later)  # type: ignore[arg-type]
    assert due(desk) == set()


def test_pages_of_one_run_with_one_headline_are_not_asked_twice(desk: Desk) -> None:
    later = {"next_due_at": desk.now + timedelta(days=365)}
    desk.save(article("old"), **later)
    desk.pass_time(minutes=2)
    desk.save(at_new_address(), **later)  # type: ignore[arg-type]
    assert due(desk) == set()


def test_what_was_edited_on_the_way_is_a_revision(desk: Desk) -> None:
    desk.save(article("old"))
    desk.pass_time(days=1)
    edited = at_new_address(body=(Block("paragraph", "Nine boats were lost, not seven."),))
    desk.save(edited)  # type: ignore[arg-type]
    moved(desk, "old", "new")
    assert len(desk.archive.history(1).revisions) == 2
    assert desk.archive.search("nine boats").total == 1
    assert desk.archive.search('"text of number old"').total == 0
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.body_text == "Nine boats were lost, not seven."
    assert is_whole(desk.archive)


def test_what_points_at_it_points_at_the_one_that_stays(desk: Desk) -> None:
    desk.save(article("old"))
    desk.save(at_new_address())  # type: ignore[arg-type]
    desk.save(article(3, related=(Pointer(address("new"), "Headline old"),)))
    moved(desk, "old", "new")
    assert [each.id for each in desk.archive.links_from(3)] == [1]
    assert is_whole(desk.archive)


def test_a_story_that_sends_on_to_another_one_stays_an_article(desk: Desk) -> None:
    desk.save(article("old"))
    desk.save(article("new"))
    moved(desk, "old", "new")
    assert sum(desk.archive.sites().values()) == 2
    assert is_whole(desk.archive)
