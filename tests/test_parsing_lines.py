"""The meta line: category, date, byline and language token, however they are set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing.lines import is_language_token, meta_line, without_language

CATEGORY, DAY, BYLINE = "FISHERIES", "2016-07-11", "BY INÉS CALDERA"


@pytest.mark.parametrize(
    "text",
    [
        "FISHERIES / 11 JUL 2016 BY INÉS CALDERA EN",
        "FISHERIES / 11 JUL 2016 BY INÉS CALDERA",
        "FISHERIES | 11 JUL 2016 | BY INÉS CALDERA | EN",
        "FISHERIES · 11 JUL 2016 · BY INÉS CALDERA",
        "FISHERIES – 11 JUL 2016 – BY INÉS CALDERA EN",
        "FISHERIES - 11 JUL 2016 BY INÉS CALDERA EN",
        "FISHERIES > 11 JUL 2016 BY INÉS CALDERA EN",
        "FISHERIES // 11 JUL 2016 BY INÉS CALDERA EN",
        "FISHERIES / 11 JULY 2016 BY INÉS CALDERA EN",
        "FISHERIES / JUL 11, 2016 BY INÉS CALDERA EN",
        "FISHERIES / MONDAY, 11 JUL 2016 BY INÉS CALDERA EN",
        "FISHERIES / 11 JUL 2016, 14:32 BY INÉS CALDERA EN",
        "FISHERIES / 2016-07-11 BY INÉS CALDERA EN",
        "FISHERIES / 11 JUL 2016 BY INÉS CALDERA EN | ES",
        "BY INÉS CALDERA / 11 JUL 2016 / FISHERIES",
        "11 JUL 2016 / FISHERIES BY INÉS CALDERA EN",
    ],
)
def test_the_parts_are_told_apart_in_any_order_and_with_any_separator(text: str) -> None:
    line = meta_line(text)
    assert line is not None
    assert (line.category, line.date.day, line.byline) == (CATEGORY, DAY, BYLINE)


@pytest.mark.parametrize(
    "category",
    ["DOCK 18", "EL TUERTO", "SHIPS AND PORTS", "US/MEXICO BORDER", "EX-PILOTS", "ÁREA 51", "C-14"],
)
def test_the_category_is_an_open_vocabulary(category: str) -> None:
    line = meta_line(f"{category} / 2 MAY 2013 BY INÉS CALDERA EN")
    assert line is not None
    assert (line.category, line.date.day) == (category, "2013-05-02")


@pytest.mark.parametrize(
    ("text", "day", "byline", "language"),
    [
        ("PUERTOS / 2 MAY 2013 POR INÉS CALDERA ES", "2013-05-02", "POR INÉS CALDERA", "es"),
        ("PUERTOS / 2 ENE 2013 POR INÉS CALDERA ES", "2013-01-02", "POR INÉS CALDERA", "es"),
        ("PUERTOS / 2 JAN 2013 POR INÉS CALDERA ES", "2013-01-02", "POR INÉS CALDERA", "es"),
        ("PORTS / 2 DIC 2013 BY INÉS CALDERA EN", "2013-12-02", "BY INÉS CALDERA", "en"),
    ],
)
def test_both_languages_and_their_mixture_are_read(
    text: str, day: str, byline: str, language: str
) -> None:
    line = meta_line(text)
    assert line is not None
    assert (line.date.day, line.byline, line.language) == (day, byline, language)


def test_a_cards_line_has_neither_byline_nor_language() -> None:
    line = meta_line("PORTS / 21 DEC 2022")
    assert line is not None
    assert (line.category, line.byline, line.language) == ("PORTS", None, None)


def test_a_type_label_may_stand_before_the_category() -> None:
    line = meta_line("BRIEF | PORTS / 21 DEC 2022 BY INÉS CALDERA EN")
    assert line is not None
    assert (line.labels, line.category) == (("BRIEF", "PORTS"), "PORTS")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PORTS",
        "PORTS / BY INÉS CALDERA EN",
        "The harbour was closed on 11 July 2016 by order of the governor, who gave no reason.",
        "On 3 May 2012, two boats left Colón and were never seen again by anybody.",
        "El barco zarpó el 3 de mayo de 2012 y nadie volvió a verlo.",
        "Between 11 July 2016 and 3 May 2017 nobody asked",
        "PORTS / 31 FEB 2016 BY INÉS CALDERA EN",
        "x" * 300 + " 11 JUL 2016",
    ],
)
def test_a_sentence_with_a_date_is_no_meta_line(text: str) -> None:
    assert meta_line(text) is None


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            ["11 JUL 2016", " BY ", " POR ", "INÉS CALDERA", " / ", "|", " EN", "ES", ",", "PORTS",
             "2016-07-11", "\u00a0", "-", "12:00"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_any_text_is_a_line_with_a_date_or_none(text: str) -> None:
    line = meta_line(text)
    assert line is None or line.date.precision in ("day", "minute", "second")


def test_a_line_of_separators_is_read_without_going_over_it_again_and_again() -> None:
    """Going over it once for each separator would take minutes."""
    assert not is_language_token("- " * 200_000)
    assert without_language("By Ana " + "| " * 200_000 + "EN").startswith("By Ana")
    assert without_language("BY INÉS CALDERA EN | ES") == "BY INÉS CALDERA"
