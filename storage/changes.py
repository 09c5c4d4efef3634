"""What a newsroom changed between two states of an article, in words a reader can check.

Texts are compared block by block. Each difference is classed by what it touches: ``headline``,
``byline``, ``date`` and ``notice`` by their field; in running text ``added`` and ``removed`` whole
blocks, and changed ones as ``numbers`` when only figures differ, ``names`` when only capitalised
words do, else ``wording``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from crawler.article import Article
from storage.content import captions_of

Kind = Literal[
    "headline", "byline", "date", "numbers", "names", "wording", "added", "removed", "notice"
]

#: Two blocks are one block rewritten when at least this share of their words is common: half, as a
#: reader would say; below it the old text went and a new one came.
_REWRITTEN = 0.5

_WORD = re.compile(r"\w+(?:[.,’'-]\w+)*")
_FIGURE = re.compile(r"[\d.,]*\d[\d.,]*(?:st|nd|rd|th|[ºª])?")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two consecutive revisions."""

    field: str
    kind: Kind
    before: str | None
    after: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "field": self.field,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
        }


def changes_between(before: Article, after: Article) -> list[Change]:
    """Everything that differs in what a reader reads, in the order of the page."""
    return [
        *_single("kicker", before.kicker, after.kicker),
        *_single("headline", before.headline, after.headline, "headline"),
        *_single("deck", before.deck, after.deck),
        *_single("category", before.category, after.category),
        *_bylines(before, after),
        *_single("published", before.published, after.published, "date"),
        *_listed("body", _texts(before.body), _texts(after.body)),
        *_listed("analysis", _texts(before.analysis or ()), _texts(after.analysis or ())),
        *_listed("notices", list(before.notices), list(after.notices), "notice"),
        *_listed("captions", captions_of(before), captions_of(after)),
    ]


def _texts(blocks: tuple[Any, ...]) -> list[str]:
    return [block.text for block in blocks]


def _bylines(before: Article, after: Article) -> Iterator[Change]:
    if before.authors != after.authors:
        names = (", ".join(each.authors) or None for each in (before, after))
        yield from _single("authors", next(names), next(names), "byline")
    else:
        yield from _single("byline_raw", before.byline_raw, after.byline_raw, "byline")


def _single(
    field: str, before: str | None, after: str | None, kind: Kind | None = None
) -> Iterator[Change]:
    if (before or "") != (after or ""):
        yield Change(field, kind or _kind(before, after), before or None, after or None)


def _listed(
    field: str, before: list[str], after: list[str], kind: Kind | None = None
) -> Iterator[Change]:
    for old, new in _pairs(before, after):
        yield Change(field, kind or _kind(old, new), old, new)


def _pairs(before: list[str], after: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """The blocks that differ, each with its counterpart where it has one."""
    for tag, i, i_end, j, j_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag != "equal":
            yield from _matched(before[i:i_end], after[j:j_end])


def _matched(olds: list[str], news: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Rewritten blocks in pairs, in order; the rest as gone or come."""
    start = 0
    for old in olds:
        found = next((j for j in range(start, len(news)) if _is_rewritten(old, news[j])), None)
        if found is None:
            yield old, None
            continue
        for new in news[start:found]:
            yield None, new
        yield old, news[found]
        start = found + 1
    for new in news[start:]:
        yield None, new


def _is_rewritten(old: str, new: str) -> bool:
    words = SequenceMatcher(None, _WORD.findall(old), _WORD.findall(new), False)
    return words.real_quick_ratio() >= _REWRITTEN and words.ratio() >= _REWRITTEN


def _kind(before: str | None, after: str | None) -> Kind:
    """The class of a difference in running text.

    >>> _kind("It killed 12 people.", "It killed 14 people.")
    'numbers'
    >>> _kind("The police in Cali said", "The police in Bogota said")
    'names'
    >>> _kind("They were killed.", "They were shot dead.")
    'wording'
    """
    if not before:
        return "added"
    if not after:
        return "removed"
    changed = _changed_words(before, after)
    if changed and all(_FIGURE.fullmatch(word) for word in changed):
        return "numbers"
    if changed and all(word[0].isupper() for word in changed):
        return "names"
    return "wording"


def _changed_words(before: str, after: str) -> list[str]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    changed: list[str] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            changed += old[i:i_end] + new[j:j_end]
    return changed
