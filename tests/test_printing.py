"""What reaches a terminal or a pipe: nothing that a page's author could steer it with."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article, Block
from scripts.commands.runs import summary
from scripts.printing import (
    line,
    print_article,
    print_json,
    print_table,
    printable,
    word_difference,
)
from storage.exporting.tables import cell


@pytest.mark.parametrize(
    "trick",
    ["\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\r", "\x08", "\u202e", "\u2066", "\x7f", "\u200f"],
)
def test_nothing_steers_the_terminal(capsys: pytest.CaptureFixture[str], trick: str) -> None:
    print_table(["headline"], [[f"before{trick}after"]])
    block = Block("paragraph", f"text{trick}text")
    article = Article(
        url="https://x.example/", canonical_url="https://x.example/", site="x", language="en",
        headline=f"head{trick}line", body=(block,),
    )  # fmt: skip
    print_article(article)
    assert trick not in capsys.readouterr().out


def test_json_for_a_terminal_or_a_program_steers_neither(
    capsys: pytest.CaptureFixture[str],
) -> None:
    trick = "a \x9b31m headline \u202e \x07 ñ"
    print_json({"headline": trick})
    printed = capsys.readouterr().out
    assert not set(printed) & set("\x9b\u202e\x07")
    assert "ñ" in printed
    assert json.loads(printed) == {"headline": trick}


@given(st.text())
def test_printable_keeps_letters_and_drops_control(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert len(shown) == len(text)
    controls = {letter for letter in shown if unicodedata.category(letter) == "Cc"}
    assert controls <= {"\t", "\n"}


def test_words_in_brackets_are_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Rich would read [red] as a colour."""
    print_table(["headline"], [["[red]Alert[/red] in [bold]Cali[/bold] :smile:"]])
    assert "[red]Alert[/red] in [bold]Cali[/bold] :smile:" in capsys.readouterr().out


def test_a_long_headline_is_not_cut_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    words = "word " * 500
    print_table(["headline"], [[words]])
    assert line(words) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("It killed 12 people.", "It killed 14 people.", "It killed [-12-]{+14+} people."),
        ("They left.", "They left quietly.", "They left {+quietly+}."),
        ("A very big port", "A big port", "A [-very-] big port"),
        (None, "New.", "{+New.+}"),
        ("Old.", None, "[-Old.-]"),
        ("東京で12人が死亡した。", "東京で13人が死亡した。", "東京で[-12-]{+13+}人が死亡した。"),
        ("“So,” he said", '"So," he said', '"So," he said'),
    ],
)
def test_words_that_went_and_came_are_marked(before: str, after: str, shown: str) -> None:
    assert word_difference(before, after).plain == shown


def test_colour_takes_the_place_of_marks() -> None:
    coloured = word_difference("It killed 12.", "It killed 14.", coloured=True)
    assert coloured.plain == "It killed 1214."
    assert {str(span.style) for span in coloured.spans} >= {"red strike", "bold green"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@given(st.text().filter(lambda text: text.lstrip(" ")[:1].isalnum()))
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_a_crawl_with_nothing_to_do_says_so() -> None:
    assert summary({"site": "gazette", "failed": {}}) == "gazette: nothing was due."
