"""The learned judgement: what it measures, and what it changes on pages that no rule knows."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from crawler.parsing import judging, review
from crawler.parsing.judging import MEASURES, Judgement, learned
from tests.broadsheet import TEXT, paragraphs, read, sheet, told


def test_odds_are_the_logistic_of_the_trees_sum() -> None:
    tree = [1, 0.5, -2.0, [0, 10, 1.0, 3.0]]
    judgement = Judgement([tree, 0.0], {}, {}, {})
    assert judgement.odds([4, 0.2]) == pytest.approx(0.1192, abs=1e-4)
    assert judgement.odds([4, 0.9]) == pytest.approx(0.7311, abs=1e-4)
    assert judgement.odds([11, 0.9]) == pytest.approx(0.9526, abs=1e-4)


def test_what_was_learned_asks_only_for_what_is_measured() -> None:
    data = json.loads(files(judging.__package__).joinpath("judgement.json").read_text("utf-8"))
    assert tuple(data["measures"]) == MEASURES

    def asked(tree: Any) -> set[int]:
        return {tree[0], *asked(tree[2]), *asked(tree[3])} if isinstance(tree, list) else set()

    assert set().union(*map(asked, learned().trees)) <= set(range(len(MEASURES)))
    assert learned().words


def test_as_many_values_are_measured_as_have_names(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look_on(*page: Any) -> dict[int, float]:
        seen.extend(len(each.values) for each in judging.measured(*page))
        return {}

    monkeypatch.setattr(review, "judged", look_on)
    read(sheet(paragraphs(TEXT)))
    assert seen
    assert set(seen) == {len(MEASURES)}


@pytest.mark.parametrize(
    "line",
    [
        '<p>Follow the Tide Courier on <a href="https://facebook.example/t">Facebook</a>, '
        '<a href="https://x.example/t">X</a> and <a href="https://tiktok.example/t">TikTok</a>.</p>',
        "<p>If you buy something through a link on this page, we may earn a commission.</p>",
        "<p>Our journalism needs your support. Please subscribe to the Tide Courier today.</p>",
        "<p>Our reporter can be reached at desk@tide-courier.example.</p>",
        "<p>An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt.</p>",
    ],
)
def test_what_an_outlet_says_to_its_readers_is_no_part_of_a_text(line: str) -> None:
    for where in (1, 3, 4):
        html = paragraphs(TEXT[:where]) + line + paragraphs(TEXT[where:])
        assert told(read(sheet(html)).body) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "Mira Solberg is a reporter for the Tide Courier. She covers ports and fisheries.",
        "Mira Solberg can be reached on board the Vesla on most days.",
        "About Mira Solberg: has covered ports for twenty years.",
        "Mira Solberg schreibt seit 2011 über Häfen und Fischerei.",
        "Mira Solberg es periodista y cubre los puertos de la costa.",
    ],
)
def test_who_the_author_is_stands_below_a_text_but_not_in_it(line: str) -> None:
    assert told(read(sheet(paragraphs([*TEXT, line]))).body) == TEXT


def test_a_text_that_tells_of_its_author_keeps_what_it_tells() -> None:
    told_of = "“Mira Solberg was there before us,” the engineer said, and laughed at the thought."
    texts = [*TEXT[:2], told_of, *TEXT[2:]]
    assert told(read(sheet(paragraphs(texts))).body) == texts


def test_a_review_drops_and_adds_in_page_order() -> None:
    words = dict.fromkeys(range(10), 40)
    odds = {2: 0.1, 3: 0.9, 7: 0.9, 8: 0.2}
    assert review.reviewed([1, 2, 3, 4, 5], words, odds) == [1, 3, 4, 5, 7]


def test_a_review_that_leaves_too_little_is_hardly_believed() -> None:
    words = dict.fromkeys(range(10), 40)
    odds = {1: 0.2, 2: 0.2, 3: 0.2, 4: 0.05, 5: 0.9}
    assert review.reviewed([1, 2, 3, 4, 5], words, odds) == [1, 2, 3, 5]


def test_provenance_tells_what_was_judged_to_be_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        review, "judged", lambda page, text, *_: {chunk.index: 0.1 for chunk, _ in text.blocks[-1:]}
    )
    article = read(sheet(paragraphs(TEXT)))
    assert told(article.body) == TEXT[:-1]
    assert article.provenance["body"].losing == (("judged:0.10", TEXT[-1]),)


def test_what_is_judged_out_of_a_text_is_not_taken_for_its_opening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts: list[Any] = []

    def strike_first(page: Any, text: Any, *_: Any) -> dict[int, float]:
        texts.append(text)
        return {chunk.index: 0.1 for chunk, _ in text.blocks[:1]}

    monkeypatch.setattr(review, "judged", strike_first)
    assert told(read(sheet(paragraphs(TEXT))).body) == TEXT[1:]
    assert texts[0].begins == texts[0].prose[0].index - 1
