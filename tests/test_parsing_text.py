"""Text as a record keeps it, and as landmarks are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import word_count
from crawler.parsing.text import (
    begins,
    clean,
    clean_lines,
    folded,
    is_capitals,
    printable,
)

#: Any text, and texts of the pieces that cleaners trip over.
TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["a", "É", "e\u0301", " ", "\u00a0", "\n", "\t", "\x00", "\x85", "\u200b", "\u2028",
             "\ud800", "\ufeff", "\u00ad", "&", "#", ";", "amp", "38", "—", "’", "İ", "ß"]
        )
    ).map("".join),
)  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("  Two   words ", "Two words"),
        ("Two\u00a0words", "Two words"),
        ("Two\r\n\t words", "Two words"),
        ("Two\x00 wo\x07rds", "Two words"),
        ("auto\u00adridades", "autoridades"),
        ("\ufeffHarbour\u200b", "Harbour"),
        ("Bogota\u0301", "Bogotá"),
        ("the port&#8217;s cranes", "the port’s cranes"),
        ("Fish &amp; Sons", "Fish & Sons"),
        ("AT&T", "AT&T"),
        ("port&amp;amp;#8217;s", "port’s"),
        ("&am\u200bp;", "&"),
        ("a \ud800 b", "a b"),
        ("", ""),
    ],
)
def test_a_text_is_kept_folded_and_without_what_no_reader_sees(printed: str, kept: str) -> None:
    assert clean(printed) == kept


@given(TEXTS)
def test_cleaning_never_raises_and_twice_is_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_cleaning_leaves_text_that_can_be_stored(text: str) -> None:
    kept = clean(text)
    assert kept == " ".join(kept.split())
    assert unicodedata.is_normalized("NFC", kept)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in kept)


@given(TEXTS)
def test_cleaning_lines_keeps_lines_and_nothing_empty(text: str) -> None:
    lines = clean_lines(text).splitlines()
    assert all(line == clean(line) and line for line in lines)


@pytest.mark.parametrize(
    ("printed", "compared"),
    [
        ("ANÁLISIS", "analisis"),
        ("  See   also: ", "see also"),
        ("¿Le fue útil?", "le fue util"),
        ("*** Related ***", "related"),
        ("Editor’s note", "editor's note"),
        ("STRASSE", "strasse"),
        ("…", ""),
    ],
)
def test_landmarks_are_compared_without_case_accents_and_outer_marks(
    printed: str, compared: str
) -> None:
    assert folded(printed) == compared


@given(TEXTS)
def test_folding_never_raises_and_twice_is_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("See also: Ports", True),
        ("SEE ALSO", True),
        ("See alsophila", False),
        ("Seen also", False),
        ("They see also", False),
        ("“See also” was the title", True),
    ],
)
def test_a_text_begins_with_a_landmark_only_at_a_words_end(text: str, does: bool) -> None:
    assert begins(text, ("see also",)) is does


@given(TEXTS)
def test_nothing_begins_with_no_landmark(text: str) -> None:
    assert begins(text, ()) is False


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("BARRIO 18", True),
        ("ÁÉ", True),
        ("O'DOWD", True),
        ("McDermott", False),
        ("A", False),
        ("18", False),
        ("", False),
    ],
)
def test_capitals_are_at_least_two_large_letters_and_no_small_one(text: str, is_so: bool) -> None:
    assert is_capitals(text) is is_so


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("one", 1), ("one two", 2), ("año nuevo", 2), ("港の火事", 2)]
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text: str, words: int) -> None:
    assert word_count(text) == words


@given(TEXTS)
def test_counting_words_never_raises(text: str) -> None:
    assert word_count(clean(text)) >= 0


def test_outer_marks_are_left_out_however_many_stand_within() -> None:
    assert folded("  «¡Alto!» …_ ") == "alto"
    assert folded("7") == "7"
    assert folded(" …__— ") == ""
    assert folded(f"a{'.' * 300_000}b") == f"a{'.' * 300_000}b"  # in linear time, or never


@pytest.mark.parametrize(
    ("said", "kept"),
    [("en-US", "en-US"), ("a\x00b \x1b[0m", "ab [0m"), ("one\n\t two", "one two"), ("\ud800", "")],
)
def test_where_a_value_came_from_is_told_without_control_characters(said: str, kept: str) -> None:
    assert printable(said) == kept
