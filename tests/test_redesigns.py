"""A redesign is told in one line, and no edit of a newsroom is told so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from spiders.alarms.evidence import Evidence
from spiders.alarms.redesign import of_redesign
from storage import Archive
from storage.alarms import Alarm
from tests.running import Command
from tests.storing import Desk, article, desk, paragraphs

__all__ = ["desk"]

PAGES = 16
OLD: dict[str, Any] = {"kicker": "Feature", "category": "Nature", "byline_raw": "By Ana Ruiz"}
NEW: dict[str, Any] = {
    "kicker": "Long read",
    "category": "Earth",
    "byline_raw": "Ana Ruiz, Reuters",
}
LETTER = "Our letter comes on Sundays: leave your address and read it with your breakfast."


def seen_again(desk: Desk, pages: range, **fields: Any) -> None:
    """Pages that differ from what is known of them, within a day."""
    desk.pass_time(days=10)
    for number in pages:
        desk.save(article(number, **{"headline": f"Headline {number}"} | fields))


@pytest.fixture
def redesigned(desk: Desk) -> Desk:
    """A site whose labels and bylines are printed otherwise on all pages, a few edited as well."""
    for number in range(PAGES):
        desk.save(article(number, **OLD))
    seen_again(desk, range(PAGES - 2), **NEW)
    return desk


def by_redesign(archive: Archive) -> dict[int, bool]:
    """Of each edit, by the article's number, whether a redesign made it."""
    return {edit.id: edit.redesign is not None for edit in archive.changes()}


def test_what_most_pages_have_alike_is_the_redesigns(redesigned: Desk) -> None:
    edits = list(redesigned.archive.changes())
    assert len(edits) == PAGES - 2
    (redesign,) = {edit.redesign for edit in edits}
    assert redesign is not None
    assert redesign.fields == ("byline_raw", "category", "kicker")
    assert redesign.articles == PAGES - 2
    assert redesign.seen_at == min(edit.captured_at for edit in edits)


def test_an_edit_at_the_time_of_a_redesign_is_the_newsrooms(desk: Desk) -> None:
    for number in range(PAGES):
        desk.save(article(number, **OLD))
    seen_again(desk, range(PAGES - 5), **NEW)
    edited: list[dict[str, Any]] = [
        {"headline": "Edited"},
        {"authors": ("Luis Paz",)},
        {"published": "2020-05-18"},
        {"body": paragraphs("Another text.")},
        {"notices": ("Correction: it was Tuesday.",)},
    ]
    for number, fields in enumerate(edited, PAGES - 5):
        desk.save(article(number, **NEW | fields))
    told = by_redesign(desk.archive)
    assert [each for each, is_so in told.items() if not is_so] == [16, 15, 14, 13, 12]
    assert sum(told.values()) == PAGES - 5


def test_a_page_that_is_seen_again_months_later_shows_the_same_redesign(redesigned: Desk) -> None:
    redesigned.pass_time(days=200)
    redesigned.save(article(PAGES - 1, **NEW))
    assert by_redesign(redesigned.archive)[PAGES] is True


def test_a_page_that_was_seen_since_was_edited(redesigned: Desk) -> None:
    redesigned.save(article(PAGES - 1, **OLD))  # in its old layout, after the others
    redesigned.pass_time(days=1)
    redesigned.save(article(PAGES - 1, **NEW))
    assert by_redesign(redesigned.archive)[PAGES] is False


def test_a_box_that_all_pages_have_is_the_redesigns_and_a_paragraph_is_not(desk: Desk) -> None:
    for number in range(PAGES):
        desk.save(article(number))
    texts = {number: f"The text of number {number}." for number in range(PAGES)}
    desk.pass_time(days=10)
    for number, text in texts.items():
        new = LETTER if number else "The minister has resigned since."
        desk.save(article(number, body=paragraphs(text, new)))
    told = by_redesign(desk.archive)
    assert [each for each, is_so in told.items() if not is_so] == [1]


def test_another_text_headline_day_or_name_on_all_pages_is_told_page_by_page(desk: Desk) -> None:
    for number in range(PAGES):
        desk.save(article(number))
    for fields in ({"published": "2020-05-18"}, {"authors": ("Luis Paz",), "byline_raw": None}):
        seen_again(desk, range(PAGES), **fields)
    assert set(by_redesign(desk.archive).values()) == {False}


def test_a_few_edits_alike_are_edits(desk: Desk) -> None:
    for number in range(PAGES):
        desk.save(article(number, **OLD))
    seen_again(desk, range(6), **NEW)
    assert set(by_redesign(desk.archive).values()) == {False}


def test_many_edits_alike_among_many_more_pages_are_edits(desk: Desk) -> None:
    for number in range(40):
        desk.save(article(number, **OLD))
    seen_again(desk, range(12), **NEW)
    for number in range(12, 40):
        desk.save(article(number, tags=("Another",), **OLD))
    assert set(by_redesign(desk.archive).values()) == {False}


def test_a_newsroom_that_words_labels_anew_all_the_time_edits(desk: Desk) -> None:
    for number in range(20):
        desk.save(article(number, **OLD))
    for day, kicker in enumerate(("Brief", "News", "Report", "Story", "Note", "Item")):
        seen_again(desk, range(day * 2, day * 2 + 3), **OLD | {"kicker": kicker})
    seen_again(desk, range(14), **OLD | {"kicker": "Latest"})
    assert set(by_redesign(desk.archive).values()) == {False}


def test_names_that_went_from_all_pages_are_told_as_one(desk: Desk) -> None:
    for number in range(PAGES):
        desk.save(article(number))
    seen_again(desk, range(PAGES), authors=(), byline_raw=None)
    assert set(by_redesign(desk.archive).values()) == {True}
    edit = next(iter(desk.archive.changes()))
    assert edit.to_dict()["redesign"]["fields"] == ["authors"]


def test_an_edit_that_is_asked_for_by_its_kind_is_still_told_whose_it_is(redesigned: Desk) -> None:
    edits = list(redesigned.archive.changes(fields=["category"]))
    assert len(edits) == PAGES - 2
    assert all(edit.redesign for edit in edits)


def test_an_alarm_rings_for_a_redesign_for_two_weeks(redesigned: Desk) -> None:
    (redesign,) = redesigned.archive.redesigns()

    def rung(days: float) -> list[Alarm]:
        ended = redesign.seen_at + timedelta(days=days)
        report = {"site": "example", "finished_at": ended.isoformat(), "outcome": "finished"}
        return list(of_redesign(Evidence(report, (), redesigns=[redesign])))

    (alarm,) = rung(1)
    assert alarm.kind == "redesign"
    assert alarm.says.startswith("14 pages changed alike in byline_raw, category, kicker about ")
    assert "`hemeroteca heal example`" in alarm.next_step
    assert rung(15) == []


def test_the_command_tells_a_redesign_in_a_line_and_lists_it_when_asked(
    redesigned: Desk, hemeroteca: Command
) -> None:
    redesigned.save(article(3, **NEW | {"headline": "Edited"}))
    path = redesigned.archive.path
    told = hemeroteca("--archive", path, "changes")
    assert told.out.count("revision") == 1
    assert "headline (" in told.out
    assert (
        f"example: {PAGES - 2} pages changed alike in byline_raw, category and kicker" in told.err
    )
    assert "1 change found." in told.err
    all_of_them = hemeroteca("--archive", path, "changes", "--redesigns")
    assert f"{PAGES - 1} changes found." in all_of_them.err
    as_json = hemeroteca("--archive", path, "changes", "--json").json["revisions"]
    assert sum(each["redesign"] is not None for each in as_json) == PAGES - 2
    (redesign,) = redesigned.archive.redesigns()
    assert as_json[-1]["redesign"] == redesign.to_dict()
