"""What a query in plain words need not insist on: small words, and words that no article has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from storage import Archive, Hits
from storage.easing import without_small_words
from storage.query import fts5, parsed_query
from tests.storing import Desk, article, desk, paragraphs

__all__ = ["desk"]


@pytest.fixture
def library(desk: Desk) -> Archive:
    """Four articles about two matters; `vial` is rarer among them than `hospital`."""
    texts = {
        1: ("Insulin vials refilled", "A hospital threw them away in Santo Domingo."),
        2: ("A hospital opens", "It is the largest of the region."),
        3: ("A hospital closes", "Its patients leave, police say."),
        4: ("Police search a market", "They looked for weapons and found none."),
    }
    for number, (headline, text) in texts.items():
        desk.save(article(number, headline=headline, body=paragraphs(text)))
    return desk.archive


def found(archive: Archive, query: str, **how: Any) -> list[int]:
    return [hit.id for hit in archive.search(query, **how)]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("What is the price of bread?", '("price" AND "bread?")'),
        ("¿Quién vende el agua en Lima?", '("vende" AND "agua" AND "Lima?")'),
        ("who's the mayor", '"mayor"'),
        ("la familia", '("la" AND "familia")'),
        ("to be or not to be", '("to" AND "be" AND "or" AND "not" AND "to" AND "be")'),
        ("the AND familia AND michoacana", '("the" AND "familia" AND "michoacana")'),
        ('"the" mayor sings', '("the" AND "mayor" AND "sings")'),
        ("who* sings songs", '("who"* AND "sings" AND "songs")'),
        ("fruit of the vine -of", '(("fruit" AND "vine") NOT ("of"))'),
        ("headline:(fruit of the vine)", '{headline} : (("fruit" AND "vine"))'),
    ],
)
def test_small_words_are_needed_only_where_somebody_insists(query: str, asked: str) -> None:
    assert fts5(without_small_words(parsed_query(query))) == asked


def test_a_small_word_is_needed_nowhere_a_query_is_taken(library: Archive) -> None:
    query = "why did the hospital open?"
    assert found(library, query) == [2]
    assert [each["id"] for each in library.articles(query=query)] == [2]
    assert sum(row["articles"] for row in library.stats("year", query=query)) == 1


def test_where_an_article_has_every_word_no_other_is_given(library: Archive) -> None:
    hits = library.search("insulin hospital")
    assert [hit.id for hit in hits] == [1]
    assert hits.every_word
    assert hits[0].missing == ()


def test_where_none_has_every_word_those_with_half_of_them_come_rare_words_first(
    library: Archive,
) -> None:
    hits = library.search("counterfeit insulin vial hospital")
    assert [hit.id for hit in hits] == [1]
    assert (hits.every_word, hits.words, hits.least_words) == (False, 4, 2)
    assert hits[0].missing == ("counterfeit",)
    assert hits[0].snippet == "[Insulin] [vials] refilled"

    hits = library.search("pharmacy, insulin hospital! x-rays")
    assert [hit.missing for hit in hits] == [("pharmacy", "x-rays")]

    hits = library.search("insulin weapons")
    assert {hit.id: hit.missing for hit in hits} == {1: ("weapons",), 4: ("insulin",)}


def test_where_none_has_half_of_them_one_is_enough(library: Archive) -> None:
    hits = library.search("counterfeit pharmaceutical insulin syringes")
    assert [(hit.id, hit.missing) for hit in hits] == [
        (1, ("counterfeit", "pharmaceutical", "syringes"))
    ]
    assert hits.least_words == 1


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("counterfeit hospital -insulin", {2, 3}),
        ('counterfeit police "santo domingo"', set()),
        ('counterfeit hospital "santo domingo"', {1}),
        ("counterfeit AND hospital", set()),
        ("counterfeit hospital ins*", {1}),
        ("counterfeit hospital headline:(open OR close)", {2, 3}),
        ('"counterfeit" hospital', set()),
        ("counterfeit", set()),
        ("counterfeit OR forged", set()),
    ],
)
def test_what_somebody_insists_on_stays_required(
    library: Archive, query: str, numbers: set[int]
) -> None:
    assert set(found(library, query)) == numbers


def test_columns_and_filters_hold_as_before(library: Archive) -> None:
    assert found(library, "counterfeit police", inside=["headline"]) == [4]
    assert found(library, "counterfeit police", site="other") == []


def test_nobody_is_given_less_than_every_word_who_says_so(library: Archive) -> None:
    hits = library.search("counterfeit insulin", every_word=True)
    assert (list(hits), hits.total, hits.every_word) == ([], 0, True)
    assert list(library.articles(query="counterfeit insulin")) == []


def test_pages_total_facets_and_order_are_of_what_is_given(library: Archive) -> None:
    query = "hospital weapons"
    everything = found(library, query)
    assert sorted(everything) == [1, 2, 3, 4]
    assert [found(library, query, limit=1, offset=at)[0] for at in range(4)] == everything
    assert found(library, query, limit=2, offset=4) == []
    hits = library.search(query, limit=0)
    assert hits.total == 4
    assert sum(each["articles"] for each in hits.facets["site"]) == 4
    assert found(library, query, sort="oldest") == [1, 2, 3, 4]


@pytest.mark.parametrize("query", ["counterfeit insulin vial hospital", "hospital weapons"])
@pytest.mark.parametrize("sort", ["relevance", "recent", "newest"])
def test_the_statement_gives_what_is_given(library: Archive, query: str, sort: Any) -> None:
    hits = library.search(query, sort=sort)
    assert hits.sql is not None
    with closing(library.sqlite_connection()) as plain:
        rows = plain.execute(hits.sql, hits.parameters).fetchall()
    assert [row[0] for row in rows] == [hit.id for hit in hits]
    assert rows


def test_the_archive_as_it_stood_is_asked_for_fewer_words_as_well(
    desk: Desk, library: Archive
) -> None:
    then = desk.now
    desk.pass_time(days=2)
    desk.save(article(2, headline="A school opens", body=paragraphs("For all.")))
    hits = library.search("counterfeit hospital largest", at=then)
    assert [(hit.id, hit.missing) for hit in hits] == [(2, ("counterfeit",))]
    assert not hits.every_word


def test_a_better_spelling_is_still_told(library: Archive) -> None:
    hits = library.search("insulin hopsital")
    assert hits[0].id == 1
    assert hits.suggestion == "insulin hospital"


def test_a_page_of_pasted_words_is_not_weighed_word_by_word(library: Archive) -> None:
    query = "hospital " + " ".join(f"x{number}" for number in range(40))
    assert isinstance(library.search(query), Hits)
    assert found(library, query) == []


def test_the_statement_is_plain_sql(library: Archive) -> None:
    sql = library.search("counterfeit insulin vial hospital").sql or ""
    assert sqlite3.complete_statement(f"{sql};")
    assert ":word_1" in sql
