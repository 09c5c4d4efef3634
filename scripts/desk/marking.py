"""Words with marks: what a search found in a passage, and what an edit changed in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from scripts.printing import MARKS
from storage import Change
from storage.wording import compared

Pieces = list[tuple[str, str]]
"""Two texts as one: (``kept``, ``removed`` or ``added``; words)."""

Marked = tuple[Change, Pieces]


def marked(snippet: str) -> Markup:
    """A snippet with what was found in it marked.

    >>> marked("a <b> \\x02port\\x03")
    Markup('a &lt;b&gt; <mark>port</mark>')
    """
    parts = re.split("|".join(MARKS), snippet)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def differences(before: str | None, after: str | None) -> Pieces:
    """Two texts as one, the white space after marked words outside the mark.

    >>> differences("It killed 12 people.", "It killed 14 people.")
    [('kept', 'It killed '), ('removed', '12'), ('kept', ' '), ('added', '14'), ('kept', ' '), \
('kept', 'people.')]
    """
    found: Pieces = []
    for piece in compared(before or "", after or ""):
        words = piece.text.rstrip()
        found.append((piece.tag, words if piece.tag != "kept" else piece.text))
        if piece.tag != "kept" and len(words) < len(piece.text):
            found.append(("kept", piece.text[len(words) :]))
    return found


def marked_changes(changes: Iterable[Change], most: int) -> tuple[list[Marked], bool]:
    """Changes with their words marked, and whether these are all: at most so many pieces are shown.

    A page for each word of a book that was rewritten throughout would be as long as ten books.
    """
    found: list[Marked] = []
    for change in changes:
        if most <= 0:
            return found, False
        pieces = differences(change.before, change.after)
        found.append((change, pieces if len(pieces) <= most else [*pieces[:most], ("kept", "…")]))
        most -= len(pieces)
    return found, most >= 0


#: Words that stay, on either side of what was edited, where a passage is enough.
_AROUND = 40


def in_passages(pieces: Pieces) -> Pieces:
    """The same with long stretches that stayed cut short.

    >>> in_passages([("kept", "so" + " so" * 199), ("added", "not")])[0][1].count("so")
    40
    """
    last = len(pieces) - 1
    return [
        (tag, _shortened(words, at > 0, at < last) if tag == "kept" else words)
        for at, (tag, words) in enumerate(pieces)
    ]


def _shortened(text: str, has_before: bool, has_after: bool) -> str:
    words = text.split(" ")
    if len(words) <= 2 * _AROUND + 10:
        return text
    head = " ".join(words[:_AROUND]) + " " if has_before or not has_after else ""
    tail = " " + " ".join(words[-_AROUND:]) if has_after else ""
    return f"{head}…{tail}"


def cells(text: str) -> list[list[str]]:
    """A table's text as rows of cells, as a reader joins them.

    >>> cells("Year | Killed / 2024 | 9")
    [['Year', 'Killed'], ['2024', '9']]
    """
    return [row.split(" | ") for row in re.split(r" / |\n", text)]


def runs(blocks: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Blocks of one kind that follow each other: the items of one list, for instance."""
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        yield kind, list(group)
