"""The labelled pages are read no worse than they were: see ``benchmarks/quality.json``."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from benchmarks import quality
from benchmarks.extraction import ROWS, Result, answer_of, as_markdown, as_text, cells
from benchmarks.labelled import (
    BENCH,
    Bench,
    NoLabelledPages,
    bench_at,
    half_of,
    hemeroteca,
    same_deck,
    worst,
)
from tests.typesetting import HEADLINE, URL, page

FLOORS = [
    (name, field, floor)
    for name, fields in quality.floors().items()
    for field, floor in fields.items()
]
needs_the_labelled_pages = pytest.mark.skipif(
    not BENCH.is_dir(), reason="the labelled pages are not beside this checkout"
)


@pytest.fixture(scope="session")
def measured() -> quality.Figures:
    """Every figure of today; each page is read once, for all the tests below."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        return quality.measured(bench_at(BENCH))


@needs_the_labelled_pages
@pytest.mark.parametrize(
    ("name", "field", "floor"), FLOORS, ids=[f"{name}-{field}" for name, field, _ in FLOORS]
)
def test_no_field_is_read_worse_than_its_floor(
    measured: quality.Figures, name: str, field: str, floor: float
) -> None:
    assert measured[name][field] >= floor


@needs_the_labelled_pages
def test_every_figure_has_a_floor(measured: quality.Figures) -> None:
    assert {(name, field) for name, fields in measured.items() for field in fields} == {
        (name, field) for name, field, _ in FLOORS
    }


def test_no_exception_is_ever_allowed() -> None:
    assert {floor for _, field, floor in FLOORS if field == "no exception"} == {1.0}


def test_a_floor_is_only_ever_raised() -> None:
    before = {"aed": {"day": 0.9, "deck": 0.5}, "gone": {"day": 0.7}}
    after = quality.raised(before, {"aed": {"day": 0.95, "deck": 0.4, "new": 1.0}})
    assert after == {"aed": {"day": 0.948, "deck": 0.5, "new": 1.0}, "gone": {"day": 0.7}}


# --- how the labelled pages are measured ---------------------------------------------------------


def test_without_labelled_pages_a_sentence_says_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(NoLabelledPages, match=r"no labelled pages at .*--bench FOLDER"):
        bench_at(tmp_path)


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("The port is closed.", "The port\n is closed.", True),
        ("The port is closed.", "The port is closed", True),
        ("The port is closed.", "The strike is over.", False),
        ("The port is closed.", None, False),
        ("", None, True),
        ("", "The port is closed.", False),
    ],
)
def test_a_deck_is_right_when_nearly_all_its_words_are(
    wanted: str, found: str | None, same: bool
) -> None:
    assert same_deck(wanted, found) is same


def test_an_answer_says_what_was_found_or_why_nothing_was() -> None:
    found = answer_of(hemeroteca, page().encode(), URL)
    assert found["out"]["headline"] == HEADLINE
    assert found["ms"] > 0
    none = answer_of(hemeroteca, b"%PDF-1.4", URL)
    assert none["out"] == {}
    assert none["refused"].startswith("not-html")
    broken = answer_of(lambda html, url: {}[url], b"<p>", URL)
    assert broken["error"].startswith("KeyError")


def test_publishers_fall_into_two_halves() -> None:
    halves = [half_of(f"{number}.example") for number in range(200)]
    assert 70 < sum(halves) < 130
    assert half_of("7.example") == halves[7]


@pytest.fixture
def one_page(tmp_path: Path) -> Bench:
    """A bench of one own page, with the harness that stands beside the checkout."""
    import gzip

    (tmp_path / "evaluate.py").write_bytes((BENCH / "evaluate.py").read_bytes())
    (tmp_path / "suspects.json").write_text("{}")
    folder = tmp_path / "data" / "aed" / "one"
    folder.mkdir(parents=True)
    (folder / "page.html.gz").write_bytes(gzip.compress(page().encode()))
    truth = {"url": URL, "group": "x", "headline": HEADLINE, "summary": [], "body": "None."}
    (folder / "truth.json").write_text(json.dumps(truth))
    return bench_at(tmp_path)


@needs_the_labelled_pages
def test_a_page_is_scored_by_the_harness_and_its_deck_beside(one_page: Bench) -> None:
    truth = one_page.truths("aed")["one"]
    answer = answer_of(hemeroteca, one_page.page("aed", "one"), URL)
    score = one_page.scored(truth, answer)
    assert (score["hEx"], score["deck"], score["bF1"]) == (1.0, 1.0, 0.0)
    figures = one_page.figures({"one": score}, ["headline", "deck"])
    assert (figures["hEx"], figures["deck"], figures["refused"]) == (1.0, 1.0, 0)
    assert [page_id for _, page_id, _ in worst({"one": score}, 3)] == ["one"]


def results(**figures: Any) -> dict[str, dict[str, Result]]:
    return {"aed": {"hemeroteca": Result(figures, {}), "peer": Result({"pages": 9}, {})}}


def test_the_table_shows_what_is_known_and_a_dash_for_the_rest() -> None:
    lines = list(cells(results(pages=9, hEx=0.9471, peak=98.2), ["hemeroteca", "peer"]))
    assert lines == [
        ["", "goal", "hemeroteca", "peer"],
        ["headline exact, aed", "≥ .92", ".947", "–"],
        ["peak memory, aed, MB", "≤ 100", "98", "–"],
    ]
    assert as_text(lines).splitlines()[1] == "headline exact, aed   ≥ .92        .947     –"
    assert as_markdown(lines).splitlines()[1] == "| --- | ---: | ---: | ---: |"


def test_speed_over_all_sets_is_pages_by_the_sum_of_their_times() -> None:
    of_two = {
        "aeb": {"hemeroteca": Result({"pages": 100, "pps": 100.0}, {})},
        "aed": {"hemeroteca": Result({"pages": 100, "pps": 50.0}, {})},
    }
    assert ["pages/s, all sets", "5 × trafilatura", "66.7"] in list(cells(of_two, ["hemeroteca"]))


def test_every_line_of_the_table_is_its_own() -> None:
    assert len({row.label for row in ROWS}) == len(ROWS)
