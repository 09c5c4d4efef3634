"""What a newsroom changed, block by block and classed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Image
from storage.changes import changes_between
from tests.storing import article, paragraphs


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    changes = changes_between(article(**before), article(**after))
    return [(each.field, each.kind, each.before, each.after) for each in changes]


@pytest.mark.parametrize(
    ("field", "before", "after", "kind"),
    [
        ("headline", "Ten dead", "Twelve dead", "headline"),
        ("published", "2020-05-17", "2020-05-18", "date"),
        ("published", None, "2020-05-18", "date"),
        ("byline_raw", "By Ana", "By Ana Ruiz", "byline"),
        ("deck", None, "A standfirst", "added"),
        ("deck", "A standfirst", None, "removed"),
        ("deck", "It killed 12", "It killed 14", "numbers"),
        ("category", "MEXICO", "COLOMBIA", "names"),
        ("kicker", "brief", "analysis", "wording"),
    ],
)
def test_a_changed_label_is_classed(field: str, before: Any, after: Any, kind: str) -> None:
    assert told({field: before}, {field: after}) == [(field, kind, before, after)]


def test_authors_are_told_by_name_once() -> None:
    before = {"authors": ("Ana Ruiz",), "byline_raw": "By Ana Ruiz"}
    after = {"authors": ("Ana Ruiz", "Iván Paz"), "byline_raw": "By Ana Ruiz and Iván Paz"}
    assert told(before, after) == [("authors", "byline", "Ana Ruiz", "Ana Ruiz, Iván Paz")]


TEXT = ("First the police came.", "They killed 12 people in Cali.", "Then it was quiet.")


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (
            ("First the police came.", "They killed 14 people in Cali.", "Then it was quiet."),
            [("numbers", TEXT[1], "They killed 14 people in Cali.")],
        ),
        (
            ("First the police came.", "They killed 12 people in Bogotá.", "Then it was quiet."),
            [("names", TEXT[1], "They killed 12 people in Bogotá.")],
        ),
        (
            ("First the police came.", "They shot 12 people in Cali.", "Then it was quiet."),
            [("wording", TEXT[1], "They shot 12 people in Cali.")],
        ),
        ((TEXT[0], TEXT[2]), [("removed", TEXT[1], None)]),
        ((*TEXT, "A new paragraph."), [("added", None, "A new paragraph.")]),
        (
            ("Quite another beginning stands here.", *TEXT[1:]),
            [("removed", TEXT[0], None), ("added", None, "Quite another beginning stands here.")],
        ),
        (
            (TEXT[0], "An insertion of some words.", "They killed 13 people in Cali.", TEXT[2]),
            [
                ("added", None, "An insertion of some words."),
                ("numbers", TEXT[1], "They killed 13 people in Cali."),
            ],
        ),
    ],
)
def test_running_text_is_compared_block_by_block(after: Any, changes: Any) -> None:
    found = told({"body": paragraphs(*TEXT)}, {"body": paragraphs(*after)})
    assert found == [("body", *change) for change in changes]


def test_notices_captions_and_analysis_have_fields_of_their_own() -> None:
    after = {
        "notices": ("Correction: it was Tuesday.",),
        "images": (Image("i.jpg", "A caption", "A credit"),),
        "analysis": paragraphs("What it means."),
    }
    assert told({}, after) == [
        ("analysis", "added", None, "What it means."),
        ("notices", "notice", None, "Correction: it was Tuesday."),
        ("captions", "added", None, "A caption A credit"),
    ]


TEXTS = st.lists(st.text(alphabet="ab 1.", min_size=1, max_size=12), max_size=5)


@given(TEXTS, TEXTS)
def test_the_changes_turn_the_old_text_into_the_new(before: list[str], after: list[str]) -> None:
    changes = told({"body": paragraphs(*before)}, {"body": paragraphs(*after)})
    gone = [old for _, _, old, _ in changes if old is not None]
    come = [new for _, _, _, new in changes if new is not None]
    assert Counter(before) - Counter(gone) == Counter(after) - Counter(come)
    assert Counter(gone) <= Counter(before)
    assert Counter(come) <= Counter(after)
    assert bool(changes) == (before != after)


@given(TEXTS)
def test_an_article_does_not_differ_from_itself(texts: list[str]) -> None:
    assert told({"body": paragraphs(*texts)}, {"body": paragraphs(*texts)}) == []
