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


def marked_changes(changes: Iterable[Change]) -> list[Marked]:
    """Changes with their words marked."""
    return [(change, differences(change.before, change.after)) for change in changes]


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
