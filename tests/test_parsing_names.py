"""Bylines: who signs, in print order and in the case that one writes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.parsing.names import (
    conventional_case,
    introduced,
    is_name_like,
    is_organisation,
    is_written_as_name,
    names_in,
    same_in_other_case,
)

OUTLET = ("Faro del Istmo", "Coastal Unit")


@pytest.mark.parametrize(
    ("capitals", "usual"),
    [
        ("INÉS CALDERA", "Inés Caldera"),
        ("JEREMY MCALLISTER", "Jeremy McAllister"),
        ("EIMHIN O'DOWD", "Eimhin O'Dowd"),
        ("EIMHIN O’DOWD", "Eimhin O’Dowd"),
        ("ANDRÉS D'ALESSANDRO", "Andrés D'Alessandro"),
        ("ANA DE LA VEGA", "Ana de la Vega"),
        ("MARTA DEL RÍO", "Marta del Río"),
        ("JOÃO DA SILVA", "João da Silva"),
        ("RITA DOS ANJOS", "Rita dos Anjos"),
        ("KATJA VON DER HEYDEN", "Katja von der Heyden"),
        ("SEAN MACLEOD", "Sean MacLeod"),
        ("RICARDO MACÍAS", "Ricardo Macías"),
        ("ROSA MACHADO", "Rosa Machado"),
        ("JOSÉ MUÑOZ-PÉREZ", "José Muñoz-Pérez"),
        ("J.J. ARCE", "J.J. Arce"),
        ("JOHN SMITH JR.", "John Smith Jr."),
        ("RAÚL RAMÍREZ II", "Raúl Ramírez II"),
        ("DE LA VEGA", "De la Vega"),
        ("deborah bonilla", "deborah bonilla"),
        ("Inés CALDERA", "Inés CALDERA"),
    ],
)
def test_a_name_printed_in_capitals_comes_back_as_one_writes_it(capitals: str, usual: str) -> None:
    assert conventional_case(capitals) == usual


def test_the_site_knows_a_case_that_cannot_be_told() -> None:
    known = {"DELACRUZ": "DeLaCruz", "LUZ DEARCO": "Luz DeArco"}
    assert conventional_case("PIO DELACRUZ", known) == "Pio DeLaCruz"
    assert conventional_case("LUZ DEARCO", known) == "Luz DeArco"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Inés Caldera", ["Inés Caldera"]),
        ("BY INÉS CALDERA", ["Inés Caldera"]),
        ("Por Inés Caldera", ["Inés Caldera"]),
        ("Written by Inés Caldera", ["Inés Caldera"]),
        ("Escrito por Inés Caldera", ["Inés Caldera"]),
        ("By: Inés Caldera", ["Inés Caldera"]),
        ("Inés Caldera", ["Inés Caldera"]),
        ("By Inés Caldera and Tom Ferris", ["Inés Caldera", "Tom Ferris"]),
        ("By Inés Caldera & Tom Ferris", ["Inés Caldera", "Tom Ferris"]),
        ("By Inés Caldera with Tom Ferris", ["Inés Caldera", "Tom Ferris"]),
        ("Por Inés Caldera y Tomás Ferrer", ["Inés Caldera", "Tomás Ferrer"]),
        ("Por María Luz e Ignacio Gómez", ["María Luz", "Ignacio Gómez"]),
        (
            "By Inés Caldera, Tom Ferris, Rosa Machado and Sean MacLeod",
            ["Inés Caldera", "Tom Ferris", "Rosa Machado", "Sean MacLeod"],
        ),
        (
            "By Inés Caldera, Tom Ferris, and Rosa Machado",
            ["Inés Caldera", "Tom Ferris", "Rosa Machado"],
        ),
        ("By Luis del Valle y Soto", ["Luis del Valle y Soto"]),
        ("By Inés Caldera* and Tom Ferris**", ["Inés Caldera", "Tom Ferris"]),
        ("Inés Caldera†", ["Inés Caldera"]),
        ("By John Smith, Jr.", ["John Smith Jr."]),
        ("By Inés Caldera (Reuters)", ["Inés Caldera"]),
        ("By Inés Caldera @icaldera", ["Inés Caldera"]),
        ("By Inés Caldera ines@faro.example", ["Inés Caldera"]),
        ("By Inés Caldera and Inés Caldera", ["Inés Caldera"]),
        ("BY FARO DEL ISTMO", ["Faro del Istmo"]),
        ("By Inés Caldera and the Coastal Unit", ["Inés Caldera", "the Coastal Unit"]),
        ("By 12 May 2020", []),
        ("By", []),
        ("By Inés C. @icaldera.", ["Inés C"]),
        ("", []),
    ],
)
def test_a_byline_is_split_into_its_names(byline: str, names: list[str]) -> None:
    assert list(names_in(byline, organisations=OUTLET)) == names


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Faro del Istmo", True),
        ("FARO DEL ISTMO", True),
        ("Coastal Unit", True),
        ("Unidad Investigativa", True),
        ("Redacción", True),
        ("Staff", True),
        ("Associated Press", True),
        ("Inés Caldera", False),
        ("Tom Ferris", False),
        ("Ana Press-Ruiz", False),
        ("", False),
    ],
)
def test_an_organisation_is_told_from_a_person(name: str, is_one: bool) -> None:
    assert is_organisation(name, OUTLET) is is_one


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("By Inés Caldera", "Inés Caldera"),
        ("POR INÉS CALDERA", "INÉS CALDERA"),
        ("Bylaws", None),
        ("Porto", None),
        ("Inés Caldera", None),
    ],
)
def test_a_byline_is_known_by_its_first_word(text: str, rest: str | None) -> None:
    assert introduced(text) == rest


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Inés Caldera", True),
        ("Ana de la Vega and Luis Soto", True),
        ("Inés Caldera*", True),
        ("March 2017", False),
        ("Caldera", False),
        ("The harbour was closed", False),
        ("", False),
    ],
)
def test_a_line_of_nothing_but_names_is_told_from_other_lines(text: str, is_one: bool) -> None:
    assert is_written_as_name(text) is is_one


@pytest.mark.parametrize(
    ("text", "can_be"), [("Inés Caldera", True), ("X", False), ("2020", False), ("a" * 61, False)]
)
def test_a_name_has_letters_and_is_short(text: str, can_be: bool) -> None:
    assert is_name_like(text) is can_be


def test_a_spelling_in_small_letters_settles_one_in_capitals() -> None:
    spellings = ["Tom Ferris", "Inés DeCaldera", "INES DECALDERA"]
    assert same_in_other_case("INÉS DECALDERA", spellings) == "Inés DeCaldera"
    assert same_in_other_case("ROSA MACHADO", spellings) is None


BYLINES = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["By ", "POR ", " and ", " y ", ", ", "INÉS", "O’", "MC", "D'", "-", "de ", "*", "(", ")",
         "@x", "Jr.", "ß", "ŉ", "İ", "\u0301", "2020", " ", "EN"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(BYLINES)
@example("@0. A")
def test_any_byline_gives_clean_names_each_once(byline: str) -> None:
    names = names_in(byline, organisations=OUTLET)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(name == " ".join(name.split()) and is_name_like(name) for name in names)


@given(BYLINES)
def test_the_usual_case_of_a_name_is_its_own_usual_case(name: str) -> None:
    once = conventional_case(name)
    assert conventional_case(once) == once


@given(BYLINES)
def test_every_question_about_a_name_has_an_answer(text: str) -> None:
    assert is_organisation(text) in (True, False)
    assert is_written_as_name(text) in (True, False)


def test_a_surname_alone_in_capitals_is_written_as_one_writes_it() -> None:
    assert names_in("By Luis DE LA VEGA and Ana Ruiz") == ("Luis de la Vega", "Ana Ruiz")
    assert names_in("By J. R. Stone") == ("J. R. Stone",)
