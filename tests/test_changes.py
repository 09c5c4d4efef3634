"""What a newsroom changed, block by block and classed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Image
from storage.changes import changes_between
from storage.content import fingerprint
from storage.wording import compared, plain
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
        ("byline_raw", "By Ana Ruiz", "By Ana Ruiz, Reuters", "byline"),
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


def kinds(before: str, after: str) -> tuple[str, ...]:
    """The classes of a changed paragraph, the gravest first."""
    changes = changes_between(
        article(body=paragraphs("First.", before)), article(body=paragraphs("First.", after))
    )
    return changes[0].kinds if changes else ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("They found twelve bodies there.", "They found 13 bodies there."),
        ("Hallaron doce cuerpos en la fosa.", "Hallaron trece cuerpos en la fosa."),
        ("Hallaron treinta y dos cuerpos allí.", "Hallaron treinta y tres cuerpos allí."),
        ("Prices rose by 12% that year.", "Prices rose by 13% that year."),
        ("Prices rose by 12 percent that year.", "Prices rose by 12.5 percent that year."),
        ("It happened on May 12 at noon.", "It happened on June 12 at noon."),
        ("Ocurrió el lunes 3 de marzo allí.", "Ocurrió el martes 4 de marzo allí."),
        ("A 43-year-old man was arrested.", "A 44-year-old man was arrested."),
        ("It cost $1,200 at the time.", "It cost $1,300 at the time."),
        ("There were two hundred of them.", "There were 300 of them."),
        ("It was the second attack this year.", "It was the third attack this year."),
        ("東京で12人が死亡した。", "東京で13人が死亡した。"),
        ("東京で三人が死亡した。", "東京で五人が死亡した。"),
        ("Police said people had died.", "Police said 12 people had died."),
    ],
)
def test_a_figure_that_changed_is_told_in_digits_and_in_words(before: str, after: str) -> None:
    assert kinds(before, after) == ("numbers",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("They found twelve bodies there.", "They found 12 bodies there."),
        ("They found 12,000 tons of it there.", "They found 12.000 tons of it there."),
        ("It cost 12 million in all there.", "It cost 12,000,000 in all there."),
        ("The one who said so left.", "The man who said so left."),
        ("Se lo dijo una mujer a la policía.", "Se lo dijo la mujer a la policía."),
        ("Police arrived late that night.", "The police arrived late that night."),
        ("In Cali they arrived late that night.", "At Cali they arrived late that night."),
        ("Officers came at night, the police said.", "Police came at night, the police said."),
    ],
)
def test_one_figure_written_otherwise_and_small_words_are_wording(before: str, after: str) -> None:
    assert kinds(before, after) == ("wording",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The suspect is Juan Pérez, they said.", "The suspect is José Pérez, they said."),
        ("Maduro said so on his visit.", "Chávez said so on his visit."),
        ("The head of the ELN has left.", "The head of the FARC has left."),
        ("El jefe es Juan de la Vega hoy.", "El jefe es Juan del Río hoy."),
        ("It was said by Ruiz last night.", "It was said by Ana Ruiz last night."),
    ],
)
def test_a_name_that_changed_is_told(before: str, after: str) -> None:
    assert kinds(before, after) == ("names",)


def test_capitals_of_a_title_make_no_names() -> None:
    before = article(headline="Town Loses Its Church Bells to Copper Buyers")
    after = replace(before, headline="Town Loses Church Bells to Scrap Dealers")
    body = paragraphs("The copper buyers took the scrap to dealers.")
    (change,) = changes_between(replace(before, body=body), replace(after, body=body))
    assert change.kinds == ("headline", "wording")


def test_a_paragraph_is_classed_by_the_gravest_thing_and_keeps_the_rest() -> None:
    before = "They killed 12 people in Cali, the police said on their channel."
    after = "They shot 14 people in Bogotá, the police said on their channel."
    assert kinds(before, after) == ("numbers", "names", "wording")


def test_a_headline_in_which_a_figure_changed_is_found_under_both() -> None:
    (change,) = changes_between(article(headline="12 dead"), article(headline="13 dead"))
    assert (change.kind, change.kinds) == ("headline", ("headline", "numbers"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("“We’re  here” – he said…", '"We\'re here" -- he said...'),
        ("La casa\u00a0: « grande »", 'La casa: "grande"'),
        ("co\u00adoperate\u200b now", "cooperate now"),
        ("１２人", "12人"),
    ],
)
def test_what_is_only_set_otherwise_is_no_change(before: str, after: str) -> None:
    assert told({"headline": before}, {"headline": after}) == []
    assert told({"body": paragraphs(before)}, {"body": paragraphs(after)}) == []


def test_a_paragraph_that_is_parted_is_no_change() -> None:
    whole, parted = (
        paragraphs("One here. Two there.", "End."),
        paragraphs("One here.", "Two there.", "End."),
    )
    assert told({"body": whole}, {"body": parted}) == []
    headings = tuple(replace(block, kind="heading") for block in parted)
    assert told({"body": parted}, {"body": headings}) == []


def test_one_instant_in_two_zones_is_one_date() -> None:
    before, after = "2020-05-17T10:00:00+00:00", "2020-05-17T12:00:00+02:00"
    assert told({"published": before}, {"published": after}) == []


MODIFIED = "2020-05-18T10:00:00+00:00"


@pytest.mark.parametrize(
    ("before", "after", "is_missing"),
    [
        ({}, {}, True),
        ({}, {"modified": "2020-05-18T12:00:00+02:00"}, True),
        ({}, {"modified": "2020-05-19T10:00:00+00:00"}, False),
        ({}, {"notices": ("Correction: it was Tuesday.",)}, False),
        ({"notices": ("Correction: it was Tuesday.",)}, {}, True),
        ({}, {"modified": None}, False),
        ({"modified": None}, {"modified": None}, False),
        ({"modified": None}, {}, False),
    ],
)
def test_a_text_that_changed_in_silence_misses_its_notice(
    before: dict[str, Any], after: dict[str, Any], is_missing: bool
) -> None:
    old = {"modified": MODIFIED, "body": paragraphs("It killed 12 people.")} | before
    new = {"modified": MODIFIED, "body": paragraphs("It killed 14 people.")} | after
    missing = ("notices", "missing", None, None)
    assert (missing in told(old, new)) == is_missing


def test_a_label_that_changed_needs_no_notice() -> None:
    changes = told({"modified": MODIFIED}, {"modified": MODIFIED, "category": "CRIME"})
    assert [change[1] for change in changes] == ["added"]


def test_long_texts_without_likeness_are_not_compared_word_by_word() -> None:
    before, after = " ".join(map(str, range(9000))), " ".join(map(str, range(20000, 29000)))
    assert [piece.tag for piece in compared(before, after)] == ["removed", "added"]
    body = paragraphs(*(f"{number} " * 9 for number in range(3000)))
    assert len(told({"body": body}, {"body": paragraphs("Something else altogether.")})) == 3001


def test_long_texts_of_few_words_are_no_burden() -> None:
    before, after = "ab cd " * 900, "cd cd ab " * 600
    assert {piece.tag for piece in compared(f"a {before} b", f"c {after} d")} == {
        "removed",
        "added",
    }


def test_a_long_paragraph_is_still_compared_word_by_word() -> None:
    words = [f"w{number}" for number in range(800)]
    before = " ".join(["old", *words, "the end"])
    after = " ".join(["new", *words[:400], "inserted", *words[400:], "the finish"])
    changed = [piece.text.strip() for piece in compared(before, after) if piece.tag != "kept"]
    assert changed == ["old", "new", "inserted", "end", "finish"]


LINES = st.text(alphabet="ab 1.,-'’“\"—東京\u0e01\u0e34é\n", max_size=30)


@given(LINES, LINES)
def test_a_comparison_holds_both_texts(before: str, after: str) -> None:
    pieces = compared(before, after)
    new = "".join(piece.text for piece in pieces if piece.tag != "removed")
    old = "".join(piece.text for piece in pieces if piece.tag != "added")
    assert "".join(new.split()) == "".join(after.split())
    assert plain("".join(old.split())) == plain("".join(before.split()))
    assert all(piece.text.strip() for piece in pieces)


@given(LINES)
def test_to_set_a_text_plain_twice_is_to_do_it_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


TEXTS = st.lists(st.text(alphabet="ab 1.", min_size=1, max_size=12), max_size=5)


@given(TEXTS, TEXTS)
def test_the_changes_tell_what_went_and_what_came(before: list[str], after: list[str]) -> None:
    old, new = article(body=paragraphs(*before)), article(body=paragraphs(*after))
    changes = changes_between(old, new)
    gone = [each.before for each in changes if each.before is not None]
    come = [each.after for each in changes if each.after is not None]
    assert Counter(gone) <= Counter(before)
    assert Counter(come) <= Counter(after)
    assert bool(changes) == (fingerprint(old) != fingerprint(new))


@given(TEXTS)
def test_an_article_does_not_differ_from_itself(texts: list[str]) -> None:
    assert told({"body": paragraphs(*texts)}, {"body": paragraphs(*texts)}) == []
