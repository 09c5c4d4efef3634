"""An article that was met at its new address before the old one sent on to it is one article."""

from __future__ import annotations

from dataclasses import replace

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
