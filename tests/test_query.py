"""The language that a user searches in."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.errors import BadInput
from storage.query import COLUMNS, fts5, parsed_query

#: What a user may type, and what SQLite's FTS5 is asked.
TABLE = [
    ("cartel", '"cartel"'),
    ("drug cartel", '("drug" AND "cartel")'),
    ("drug AND cartel", '("drug" AND "cartel")'),
    ("drug OR cartel", '("drug" OR "cartel")'),
    ("drug cartel OR gang", '(("drug" AND "cartel") OR "gang")'),
    ("drug (cartel OR gang)", '("drug" AND ("cartel" OR "gang"))'),
    ("drug NOT cartel", '(("drug") NOT ("cartel"))'),
    ("drug AND NOT cartel", '(("drug") NOT ("cartel"))'),
    ("drug -cartel", '(("drug") NOT ("cartel"))'),
    ('-"El Chapo" drug -gang', '(("drug") NOT ("El Chapo" OR "gang"))'),
    ("drug -(cartel OR gang)", '(("drug") NOT (("cartel" OR "gang")))'),
    ('"precursor chemicals"', '"precursor chemicals"'),
    ("“precursor chemicals”", '"precursor chemicals"'),
    ("«precursor chemicals»", '"precursor chemicals"'),
    ("cartel*", '"cartel"*'),
    ('"drug traf"*', '"drug traf"*'),
    ("*cartel", '"cartel"'),
    ("NEAR(drug cartel, 5)", 'NEAR("drug" "cartel", 5)'),
    ("NEAR(drug cartel)", 'NEAR("drug" "cartel", 10)'),
    ('NEAR("drug cartel" gang* police)', 'NEAR("drug cartel" "gang"* "police", 10)'),
    ("headline:cartel", '{headline} : ("cartel")'),
    ("headline: cartel", '{headline} : ("cartel")'),
    ("headline:(drug cartel)", '{headline} : (("drug" AND "cartel"))'),
    ("{headline deck}:cartel", '{headline deck} : ("cartel")'),
    ('analysis:"drug policy" gang', '({analysis} : ("drug policy") AND "gang")'),
    # punctuation in plain words means nothing
    ("AK-47", '"AK-47"'),
    ("O'Dowd", '"O\'Dowd"'),
    ("10%", '"10%"'),
    ("cartel?", '"cartel?"'),
    ("drugs & gangs", '("drugs" AND "gangs")'),
    ("$1,200.50", '"$1,200.50"'),
    ("https://example.org/a?b=1", '"https://example.org/a?b=1"'),
    ("re:cartel", '"re:cartel"'),
    ("10:30", '"10:30"'),
    ("a^b+c{d}", '"a^b+c{d}"'),
    ("near and or not", '("near" AND "and" AND "or" AND "not")'),
    ("NEAR drug", '("NEAR" AND "drug")'),
    ("¿Dónde está?", '("¿Dónde" AND "está?")'),
    ("cartel\x00s", '"cartel s"'),
    ('cartel "?!"', '"cartel"'),
]


@pytest.mark.parametrize(("query", "asked"), TABLE)
def test_what_a_query_means(query: str, asked: str) -> None:
    assert fts5(parsed_query(query)) == asked


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "The query holds no word to search for: give one, as in `cartel`."),
        ("?!", "The query holds no word to search for: give one, as in `cartel`."),
        (
            'drug "cartel',
            'This quotation mark is never closed, at character 6:\n  drug "cartel\n       ^',
        ),
        (
            "drug (cartel",
            "This parenthesis is never closed, at character 6:\n  drug (cartel\n       ^",
        ),
        (
            "drug) cartel",
            "This parenthesis closes none that was opened, at character 5:\n"
            "  drug) cartel\n      ^",
        ),
        (
            "drug AND",
            "AND needs a word on both sides, at character 6:\n  drug AND\n       ^",
        ),
        ("OR drug", "OR needs a word on both sides, at character 1:\n  OR drug\n  ^"),
        (
            "drug OR AND cartel",
            "OR needs a word on both sides, at character 6:\n  drug OR AND cartel\n       ^",
        ),
        ("drug NOT", "NOT needs a word after it, at character 6:\n  drug NOT\n       ^"),
        (
            "NOT drug",
            "Only words to leave out are given, and none to find, at character 1:\n  NOT drug\n  ^",
        ),
        ("drug ()", "A word is missing here, at character 7:\n  drug ()\n        ^"),
        ("headline:", "A column needs a word after it, at character 1:\n  headline:\n  ^"),
        (
            "gang headlin:cartel",
            "There is no column 'headlin' (did you mean headline?), at character 6:\n"
            "  gang headlin:cartel\n       ^",
        ),
        (
            "{headline author}:x",
            "There is no column 'author', at character 1:\n  {headline author}:x\n  ^",
        ),
        (
            "NEAR(drug, 5)",
            "NEAR needs two words or phrases, as in NEAR(one two, 5), at character 1:\n"
            "  NEAR(drug, 5)\n  ^",
        ),
        (
            "NEAR(drug cartel",
            "This parenthesis is never closed, at character 5:\n  NEAR(drug cartel\n      ^",
        ),
        ("word " * 501, "The query has more than 500 words: shorten it."),
        ("w" * 10_001, "The query is longer than 10,000 characters: shorten it."),
    ],
)
def test_a_mistyped_query_is_a_sentence_that_shows_where(query: str, message: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parsed_query(query)
    assert str(refusal.value) == message


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(BadInput, match="nested too deeply"):
        parsed_query("(" * 200 + "a" + ")" * 200)


def test_a_long_query_shows_the_place_and_no_control_characters() -> None:
    with pytest.raises(BadInput) as refusal:
        parsed_query("word\x1b[31m " * 40 + "AND")
    sentence, line, caret = str(refusal.value).split("\n")
    assert "\x1b" not in line
    assert line[caret.index("^") :] == "AND"
    assert sentence.startswith("AND needs a word on both sides")


SYNTAX = st.text(alphabet=" \"()*:-{},^+ANDORNOTEheadline'%?é“”", max_size=30)


@given(st.one_of(SYNTAX, st.text(max_size=40)))
@example("NEAR(a NEAR(b c))")
@example("headline:headline:deck:a")
@example("headline:(-a)")
def test_whatever_is_typed_sqlite_understands_it_or_the_user_is_told(query: str) -> None:
    try:
        asked = fts5(parsed_query(query))
    except BadInput:
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE texts USING fts5({', '.join(COLUMNS)})")
        connection.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (asked,)).fetchall()
