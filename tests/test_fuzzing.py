"""Damaged pages: a few seconds of what ``benchmarks/fuzzing.py`` does for an hour."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import fuzzing
from crawler.article import Article, Block
from crawler.parsing import parse_article
from tests.typesetting import URL, page

OWN_PAGES = fuzzing.real_pages((Path(__file__).parent / "pages",))


@pytest.mark.parametrize("damage", fuzzing.MUTATIONS, ids=lambda damage: damage.__name__)
def test_a_damaged_page_is_an_article_or_a_reason_and_its_record_well_formed(
    damage: fuzzing.Mutation,
) -> None:
    chance = random.Random(damage.__name__)
    for path in chance.sample(OWN_PAGES, 5):
        html, url = fuzzing.page_of(path)
        other, _ = fuzzing.page_of(chance.choice(OWN_PAGES))
        for site in (None, "insightcrime"):
            damaged = damage(html, other, chance)
            case = fuzzing.Case(damaged, url, (), site, None, datetime(2026, 1, 1, tzinfo=UTC))
            outcome = fuzzing.outcome_of(case)
            assert outcome.word in ("read", "refused", "slow"), outcome.finding


def test_many_damages_at_once_are_no_worse() -> None:
    found = [
        (number, outcome.finding)
        for number in range(40)
        if (outcome := fuzzing.outcome_of(fuzzing.case(OWN_PAGES, "tests", number))).word
        in ("crash", "malformed")
    ]
    assert found == []


def test_a_case_is_made_again_from_its_number() -> None:
    first, again, other = (fuzzing.case(OWN_PAGES, "tests", number) for number in (7, 7, 8))
    assert first == again != other


def article(**changes: object) -> Article:
    return dataclasses.replace(parse_article(page().encode(), url=URL), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"headline": "A \x00 in it"}, "a control character in headline"),
        ({"deck": "half a letter \ud800"}, "no JSON"),
        ({"kicker": "e\u0301"}, "letters in pieces in kicker"),
        ({"headline": " "}, "no headline"),
        ({"body": (Block("paragraph", ""),)}, "an empty block"),
        ({"published": "2020-02-31"}, "published is no date"),
        ({"published": "2031-02-01"}, "published after the page was fetched"),
        ({"tags": ["a", "list"]}, "another article after its JSON is read"),
    ],
)
def test_what_is_not_well_formed_is_told(changes: dict[str, object], fault: str | None) -> None:
    faults = list(fuzzing.faults_of(article(**changes), datetime(2026, 1, 1, tzinfo=UTC)))
    assert faults[0].startswith(fault) if fault else faults == []


def test_an_exception_is_a_finding_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("never seen")

    monkeypatch.setattr(fuzzing, "parse_article", broken)
    outcome = fuzzing.outcome_of(fuzzing.case(OWN_PAGES, "tests", 1))
    assert outcome.word == "crash"
    assert outcome.finding is not None
    assert "ValueError at test_fuzzing.py" in outcome.finding


def test_findings_are_counted_and_told_once() -> None:
    tally = fuzzing.Tally()
    crash = fuzzing.Outcome("crash", "crash: here", 5.0, 1.0)
    assert [tally.add(number, crash) for number in (3, 9)] == [True, False]
    assert not tally.add(10, fuzzing.Outcome("read", None, 5.0, 1.0))
    assert "2 x crash: here   [3, 9]" in str(tally)


@pytest.mark.parametrize("shape", fuzzing.SHAPES)
def test_a_large_page_of_every_shape_is_read(shape: str) -> None:
    assert abs(len(fuzzing.large(shape, 0.05)) - 50_000) < 8_000 or "deep" in shape
    assert isinstance(fuzzing.seconds_of(shape, 0.05), float)
