"""A word is found in all its forms, and exactly as it stands between quotation marks."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from storage import Archive
from storage.query import Phrase
from storage.wordforms import _MOST_WORDS, Forms, Vocabulary
from tests.storing import Desk, article, desk, paragraphs

__all__ = ["desk"]

TEXTS = {
    1: ("es", "Los cárteles cobran extorsiones a los transportistas."),
    2: ("es", "El cártel vive de la extorsión; los jueces callan."),
    3: ("es", "Fue secuestrado. La policía y un juez buscan a quienes lo secuestraron."),
    4: ("en", "Gangs extort bus drivers, and two policies failed."),
    5: ("en", "A gang extorted a driver. Its policy was extortion."),
    6: ("pt", "Os carteis e as gangues do porto."),
}


@pytest.fixture
def library(desk: Desk) -> Archive:
    """Six short texts in three languages."""
    for number, (language, text) in TEXTS.items():
        said = {"language": language, "body": paragraphs(text), "headline": f"{number}"}
        desk.save(article(number, **said))
    return desk.archive


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cartel", {1, 2}),
        ("cárteles", {1, 2}),
        ("CARTELES", {1, 2}),
        ("extorsión", {1, 2}),
        ("extorsiones", {1, 2}),
        ("juez", {2, 3}),
        ("jueces", {2, 3}),
        ("secuestro", {3}),
        ("gang", {4, 5}),
        ("gangs?", {4, 5}),
        ("extorting", {4, 5}),
        ("driver", {4, 5}),
        # quotation marks: as it stands, but for case and accents
        ('"cartel"', {2}),
        ('"cárteles"', {1}),
        ('"extorsion"', {2}),
        ('"gang"', {5}),
        ('"bus driver"', set()),
        # with everything else that a query may say
        ("extort*", {4, 5}),
        ("cartel NOT juez", {1}),
        ("cartel -transportista", {2}),
        ("NEAR(cartel extorsion, 2)", {1}),
        ("NEAR(gangs driver, 3)", {4, 5}),
        ("body:cartel", {1, 2}),
        ("headline:cartel", set()),
        ("cartel OR gang", {1, 2, 4, 5}),
        # a stem that two languages share makes no word of one a form of the other's
        ("policía", {3}),
        ("policies", {4, 5}),
    ],
)
def test_a_word_is_found_in_all_its_forms(library: Archive, query: str, found: set[int]) -> None:
    hits = library.search(query)
    assert {hit.id for hit in hits} == found
    assert hits.total == len(found)
    assert all("[" in hit.snippet for hit in hits)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mara", {1}),
        ("maras", {1}),
        ("mar", {2}),
        ("casa", {2}),
        ("caso", {1}),
        ("casos", {1}),
        ("hija", {1, 2}),
        ("matar", {1, 2}),
        ("puerto", {2}),
        ("acusado", {1, 2}),
        ("author", {3}),
        ("authorities", {4}),
        ("several", {4}),
    ],
)
def test_two_words_of_one_stem_stay_two_words(desk: Desk, query: str, found: set[int]) -> None:
    texts = (
        ("es", "La mara mató a la hija del acusado ante la puerta; el caso sigue abierto."),
        ("es", "Los mares del puerto: mataron al hijo de la acusada en su casa."),
        ("en", "Three authors met under severe weather."),
        ("en", "An authority and several ships."),
    )
    for number, (language, text) in enumerate(texts, start=1):
        said = {"language": language, "body": paragraphs(text), "headline": f"{number}"}
        desk.save(article(number, **said))
    assert {hit.id for hit in desk.archive.search(query)} == found


def test_hits_tell_in_which_forms_a_word_was_looked_for(library: Archive) -> None:
    assert library.search("cartel OR policies").forms == {
        "cartel": ["cartel", "carteles"], "policies": ["policies", "policy"],
    }  # fmt: skip
    assert library.search("body:cartel NOT juez").forms == {"cartel": ["cartel", "carteles"]}
    assert library.search('"cartel" extort* transportistas').forms == {}
    assert library.search(None, language="es").forms == {}
    assert library.search("policies").to_dict()["forms"] == {"policies": ["policies", "policy"]}


def test_the_language_that_is_asked_for_says_whose_forms_are_meant(library: Archive) -> None:
    assert {hit.id for hit in library.search("policies", language="en")} == {4, 5}
    assert library.search("carteis", language="pt").total == 1
    assert library.search("cartel", language="pt").total == 0


def test_counts_and_records_take_the_same_forms(library: Archive) -> None:
    assert [record["id"] for record in library.articles(query="cárteles")] == [1, 2]
    assert library.stats("language", query="gangs")[0]["articles"] == 2


def test_a_form_that_is_edited_in_or_out_by_plain_sql_is_known_at_once(desk: Desk) -> None:
    desk.save(article(1, language="es", body=paragraphs("El cártel.")))
    assert desk.archive.path is not None
    with closing(sqlite3.connect(desk.archive.path)) as connection, connection:
        connection.execute("UPDATE articles SET body = 'Las extorsiones.' WHERE id = 1")
    assert desk.archive.search("extorsión").total == 1
    assert desk.archive.search("cárteles").total == 0


def test_forms_are_one_phrase_where_no_other_word_begins_so(library: Archive) -> None:
    """A rare form would else weigh more than the common one, and come first for nothing."""
    assert library.search("cartel", language="es").parameters["query"] == '"cartel"*'
    assert (
        library.search("policies", language="en").parameters["query"] == '("policies" OR "policy")'
    )


def test_where_very_many_words_begin_alike_the_commonest_endings_are_found(desk: Desk) -> None:
    crowd = " ".join(f"mar{chr(97 + at // 26 % 26)}{chr(97 + at % 26)}x" for at in range(600))
    assert len(set(crowd.split())) > _MOST_WORDS
    desk.save(article(1, language="es", body=paragraphs(crowd)))
    desk.save(article(2, language="es", body=paragraphs("La mara del barrio.")))
    desk.save(article(3, language="es", body=paragraphs("Las maras del barrio.")))
    assert {hit.id for hit in desk.archive.search("maras")} == {2, 3}
    with desk.archive._reading() as connection:
        assert Forms(Vocabulary(connection)).of(Phrase("mara")) == ["mara", "maras"]


def test_irregular_plurals_are_forms_too_but_not_between_quotation_marks(desk: Desk) -> None:
    for number, text in enumerate(("Two women and a thief.", "A woman. Thieves."), 1):
        desk.save(article(number, headline=f"{number}", body=paragraphs(text)))
    for query in ("woman", "Women", "thieves", "thief woman"):
        assert {hit.headline for hit in desk.archive.search(query)} == {"1", "2"}
    assert [hit.headline for hit in desk.archive.search('"woman"')] == ["2"]
