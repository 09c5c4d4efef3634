"""What a query that finds nothing may have been meant to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import Archive
from storage.spelling import words_near
from storage.wordforms import Vocabulary
from tests.storing import Desk, article, desk, paragraphs

__all__ = ["desk"]


@pytest.fixture
def library(desk: Desk) -> Archive:
    """A few words in two languages."""
    said = ("La extorsión, en Tumaco.", "Extortion in Tumaco.", "Cocaine and cartels. Extorsión.")
    for number, text in enumerate(said, start=1):
        desk.save(article(number, body=paragraphs(text), headline="Smuggling"))
    return desk.archive


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("extorcion", "extorsión"),  # as it sounds, though English has a word as near
        ("extortoin", "extortion"),  # two letters changed places
        ("cocane", "cocaine"),
        ("Smugling", "smuggling"),
        ('headline:"smugling"', 'headline:"smuggling"'),
        ("cocane AND cartrels", "cocaine AND cartels"),
        ("(cocane OR xqzwvt) cartel", "(cocaine OR xqzwvt) cartel"),
        ("coca*", None),  # found
        ("cocaine", None),  # found
        ("cocaine tumaco", None),  # every word is spelled well
        ("xqzwvt", None),  # nothing is near
        ("cocane -cocaine", None),  # would find nothing, either
        ("prt", None),  # too short to tell
    ],
)
def test_a_misspelled_word_is_spelled_as_the_archive_spells_it(
    library: Archive, query: str, suggestion: str | None
) -> None:
    hits = library.search(query)
    assert hits.suggestion == suggestion
    assert hits.to_dict()["suggestion"] == suggestion
    assert suggestion is None or library.search(suggestion).total > 0


def test_a_suggestion_finds_something_under_the_same_filters(library: Archive) -> None:
    assert library.search("cocane", language="en").suggestion == "cocaine"
    assert library.search("cocane", language="es").suggestion is None
    assert library.search("cocane", inside=["headline"]).suggestion is None


def test_a_slip_of_the_newsroom_is_no_spelling_of_its_own(desk: Desk) -> None:
    desk.save(article(1, body=paragraphs("The cartle."), language="es"))
    for number in range(2, 40):
        desk.save(article(number, body=paragraphs("The cartel.")))
    assert desk.archive.search("cartle", language="en").suggestion == "cartel"


def distance(one: str, other: str) -> int:
    """Optimal string alignment by its definition, a cell at a time."""
    cells: dict[tuple[int, int], int] = {}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                cells[i, j] = i + j
                continue
            same = one[i - 1] == other[j - 1]
            cells[i, j] = min(
                cells[i - 1, j] + 1, cells[i, j - 1] + 1, cells[i - 1, j - 1] + (not same)
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                cells[i, j] = min(cells[i, j], cells[i - 2, j - 2] + 1)
    return cells[len(one), len(other)]


class Held(Vocabulary):
    """A vocabulary that is a list."""

    def __init__(self, words: set[str]) -> None:
        self.words = sorted(words)

    def first(self, word: str) -> str | None:
        return next((each for each in self.words if each >= word), None)


letters = st.text("abcñ", min_size=1, max_size=6)


@given(words=st.sets(letters, max_size=30), word=letters, slips=st.sampled_from([1, 2]))
def test_the_walk_finds_what_comparing_with_every_word_finds(
    words: set[str], word: str, slips: int
) -> None:
    near = {other for other in words if distance(word, other) <= slips}
    assert set(words_near(Held(words), word, slips)) == near
