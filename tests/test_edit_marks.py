"""Edits without their words: counted and paged through, and the same that are told with them."""

from __future__ import annotations

from typing import Any

import pytest

from storage import EditMark
from tests.storing import Desk, article, paragraphs
from tests.storing import desk as desk


def an_edited_archive(desk: Desk) -> None:
    """Four edits of three articles, a page that vanished and came back, and one untouched."""
    for number in (1, 2, 3, 4):
        desk.save(article(number, body=paragraphs("It killed 12 people in Cali.")))
    desk.save(article(1, body=paragraphs("It killed 14 people in Cali.")))
    desk.save(article(2, headline="Another headline"))
    desk.save(article(1, body=paragraphs("It killed 14 people in Lima.")))
    desk.gone(3)
    desk.save(article(3, body=paragraphs("It killed 12 people in Cali."), authors=("Eva Paz",)))


def what(mark: Any) -> tuple[Any, ...]:
    return (mark.id, mark.site, mark.captured_at)


def test_the_marks_are_those_of_the_edits_newest_first(desk: Desk) -> None:
    an_edited_archive(desk)
    edits = list(desk.archive.changes())
    found = desk.archive.edit_marks()
    assert [what(mark) for mark in found.marks] == [what(edit) for edit in edits]
    assert found.untold == 0
    for mark, edit in zip(found.marks, edits, strict=True):
        assert mark.fields == {change.field for change in edit.changes}
        assert mark.kinds == {kind for change in edit.changes for kind in change.kinds}
    assert desk.archive.edits_of(found.marks) == edits
    assert len(edits) == 6


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "Lima"},
        {"author": "Eva Paz"},
        {"site": "elsewhere"},
        {"since": "2021"},
        {"edited_since": "2026-03-01T12:06"},
        {"edited_until": "2026-03-01T12:06"},
    ],
)
def test_marks_are_asked_for_as_edits_are(desk: Desk, asked: dict[str, Any]) -> None:
    an_edited_archive(desk)
    edits = [what(edit) for edit in desk.archive.changes(**asked)]
    assert [what(mark) for mark in desk.archive.edit_marks(**asked).marks] == edits
    assert len(edits) < 6


def test_what_there_is_no_time_for_is_told_and_what_is_known_is_not_compared_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_edited_archive(desk)
    known: dict[Any, Any] = {}
    none = desk.archive.edit_marks(known=known, seconds=-1.0)
    assert (len(none.marks), none.untold) == (2, 4)  # what happened to pages needs no time
    assert known == {}
    every = desk.archive.edit_marks(known=known)
    assert (len(every.marks), len(known)) == (6, 4)

    def never(*_: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr("storage.edit_marks.changes_between", never)
    assert desk.archive.edit_marks(known=known, seconds=-1.0) == every


def test_what_a_redesign_made_is_marked_as_in_the_edits(desk: Desk) -> None:
    for number in range(14):
        desk.save(article(number, category="PRISONS"))
    desk.pass_time(days=40)
    for number in range(12):
        desk.save(article(number, category="Jails"))
    desk.save(article(12, category="PRISONS", headline="Another headline"))
    known: dict[Any, Any] = {}
    hasty = desk.archive.edit_marks(known=known, seconds=-1.0)
    assert (hasty.marks, hasty.untold) == ((), 13)
    found = desk.archive.edit_marks(known=known)
    edits = list(desk.archive.changes())
    assert [mark.redesign is not None for mark in found.marks] == [False, *[True] * 12]
    assert [edit.redesign is not None for edit in edits] == [False, *[True] * 12]
    assert [edit.redesign for edit in desk.archive.edits_of(found.marks)] == [
        mark.redesign for mark in found.marks
    ]


def test_another_reading_of_a_revision_is_compared_anew(desk: Desk) -> None:
    desk.save(article(1))
    desk.save(article(1, headline="Another headline"))
    known: dict[Any, Any] = {}
    (mark,) = desk.archive.edit_marks(known=known).marks
    assert mark.fields == {"headline"}
    desk.archive.reread(1, article(1, headline="Headline 1", deck="A deck", parser="example/2"))
    (mark,) = desk.archive.edit_marks(known=known).marks
    assert mark.fields == {"deck"}
    assert isinstance(mark, EditMark)
