"""What a query that finds nothing may have been meant to say, in the archive's own words.

The words near a misspelled one are found by walking through the vocabulary in its order: as soon as
a beginning is too far from the word, whatever it begins is skipped in one step. So the time depends
on how many words are near, hardly on how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.folding import common_beginning, folded
from storage.query import Phrase, parsed_query, phrases_of
from storage.wordforms import Forms, Vocabulary

#: Words shorter than this are near too many others.
_LEAST_LETTERS = 4

#: From so many letters on two slips are looked for where one explains nothing.
_TWO_SLIPS = 6

#: Steps of one walk, some 40 µs each, for one slip and for two. Among a million words about 300
#: are needed for one, and 5,000 for two.
_MOST_STEPS = {1: 2_000, 2: 6_000}

#: A word of no more articles than this may be a slip of the newsroom's, where another is so many
#: times as common.
_RARE, _TIMES = 2, 25

#: Articles that are counted to find the commonest of the words that are near.
_MOST_COUNTED = 1_000

#: Letters that Spanish writers take for each other, and the silent one.
_SOUNDS = str.maketrans({"c": "s", "z": "s", "v": "b", "j": "g", "y": "i", "q": "k", "h": None})

_WORD = re.compile(r"[^\W\d_]+")
_BEFORE_ALL = "\x00"


def better_spelling(vocabulary: Vocabulary, query: str) -> str | None:
    """The query with each misspelled word as the archive spells it; None where none is.

    A word is misspelled where no article has it in any form, or hardly any has it and many have one
    that differs by a slip.
    """
    instead: dict[str, str] = {}
    for phrase in phrases_of(parsed_query(query)):
        words = _WORD.findall(phrase.text)
        for word in words:
            is_begun = phrase.is_prefix and word == words[-1]
            if not is_begun and (better := _nearest(vocabulary, folded(word))):
                instead[word] = vocabulary.as_printed(better)
    if not instead:
        return None
    return _WORD.sub(lambda found: instead.get(found[0], found[0]), query)


def _nearest(vocabulary: Vocabulary, word: str) -> str | None:
    """The commonest of the words that differ least from one."""
    if len(word) < _LEAST_LETTERS or not word.isalpha():
        return None
    held = vocabulary.articles_with(word, _RARE + 1)
    if held > _RARE or len(Forms(vocabulary).of(Phrase(word))) > 1:
        return None
    for slips in (1, 2) if len(word) >= _TWO_SLIPS and not held else (1,):
        near = {
            other: vocabulary.articles_with(other, _MOST_COUNTED)
            for other in words_near(vocabulary, word, slips)
            if other != word
        }
        likely = {other: number for other, number in near.items() if number > _TIMES * held}
        if likely:
            return max(likely, key=lambda each: (*_likeness(each, word), likely[each], each))
    return None


def _likeness(one: str, other: str) -> tuple[bool, bool]:
    """Whether two words sound alike to a Spanish ear, and whether they begin alike."""
    return one.translate(_SOUNDS) == other.translate(_SOUNDS), one[0] == other[0]


def words_near(vocabulary: Vocabulary, word: str, slips: int) -> Iterator[str]:
    """The words that become a given one by so many slips: a letter too few, too many, another, or
    two that changed places (optimal string alignment, Damerau 1964).
    """
    rows = [[*range(len(word) + 1)]]
    known, start = "", _BEFORE_ALL
    for _ in range(_MOST_STEPS[slips]):
        found = vocabulary.first(start)
        if found is None:
            return
        shared = len(common_beginning(known, found))
        del rows[shared + 1 :]
        for at in range(len(rows) - 1, len(found)):
            rows.append(_next_row(rows, word, found, at))
            if min(rows[-1]) > slips and min(rows[-2]) >= slips:
                known, start = found[: at + 1], found[:at] + chr(ord(found[at]) + 1)
                break
        else:
            known, start = found, found + _BEFORE_ALL
            if rows[-1][-1] <= slips:
                yield found


def _next_row(rows: list[list[int]], word: str, found: str, at: int) -> list[int]:
    """How far ``found[: at + 1]`` is from each beginning of the word."""
    above, letter = rows[-1], found[at]
    row = [at + 1]
    for place, other in enumerate(word, start=1):
        least = min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != other))
        if at and place > 1 and letter == word[place - 2] and found[at - 1] == other:
            least = min(least, rows[-2][place - 2] + 1)
        row.append(least)
    return row
