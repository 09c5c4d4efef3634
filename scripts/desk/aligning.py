"""Which blocks of two translations belong together, and which only one of them has.

After Gale and Church (1993), "A Program for Aligning Sentences in Bilingual Corpora": passages that
translate each other are about as long. Here a block may lack a counterpart, and what translations
keep, numbers and kinds of block, counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import log
from typing import Any

#: What it costs to leave a block alone; a pair costs less unless one is some three times as long.
_ALONE = 0.6

#: What it costs that two blocks are of different kinds, or name different numbers.
_OTHER_KIND, _OTHER_NUMBERS = 0.8, 0.4

#: Blocks on a side up to which pairs are sought: more take seconds, and stand in order.
MOST = 400

_NUMBER = re.compile(r"\d+")


def aligned(left: Sequence[Any], right: Sequence[Any]) -> Iterator[tuple[Any | None, Any | None]]:
    """Pairs of blocks in order; None where a side has no counterpart.

    Each block has a ``kind`` and a ``text``.
    """
    if len(left) > MOST or len(right) > MOST:
        longest = max(len(left), len(right))
        for at in range(longest):
            yield left[at] if at < len(left) else None, right[at] if at < len(right) else None
        return
    pairs = []
    steps = _steps([_measured(each) for each in left], [_measured(each) for each in right])
    at, other = len(left), len(right)
    while at or other:
        back, forth = steps[at, other]
        pairs.append((left[at - 1] if back else None, right[other - 1] if forth else None))
        at, other = at - back, other - forth
    yield from reversed(pairs)


_Measured = tuple[str, int, frozenset[str]]


def _measured(block: Any) -> _Measured:
    return block.kind, len(block.text) + 1, frozenset(_NUMBER.findall(block.text))


def _steps(
    left: Sequence[_Measured], right: Sequence[_Measured]
) -> dict[tuple[int, int], tuple[int, int]]:
    """For every two beginnings the cheapest last step: how many blocks of each side it takes."""
    costs, steps = {(0, 0): 0.0}, {}
    for at in range(len(left) + 1):
        for other in range(len(right) + 1):
            ways = []
            if at and other:
                pair = _cost(left[at - 1], right[other - 1])
                ways.append((costs[at - 1, other - 1] + pair, (1, 1)))
            if at:
                ways.append((costs[at - 1, other] + _ALONE, (1, 0)))
            if other:
                ways.append((costs[at, other - 1] + _ALONE, (0, 1)))
            if ways:
                costs[at, other], steps[at, other] = min(ways)
    return steps


def _cost(one: _Measured, other: _Measured) -> float:
    """What it costs to take two blocks for each other's translation."""
    kind, length, numbers = one
    other_kind, other_length, other_numbers = other
    cost = abs(log(length / other_length))
    cost += _OTHER_KIND if kind != other_kind else 0.0
    named = numbers | other_numbers
    return cost + (_OTHER_NUMBERS * len(numbers ^ other_numbers) / len(named) if named else 0.0)
