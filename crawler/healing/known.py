"""Known articles beside their pages of today, and how much of what is known is read of these."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Article, Block
from crawler.errors import NotAnArticle, Unreadable
from crawler.healing.selectors import names_of
from crawler.parsing import parse_article
from crawler.parsing.text import folded
from crawler.profile import Profile

#: The fields that are compared, in the order of a page.
FIELDS = (
    "kicker", "headline", "deck", "category", "authors", "published", "tags", "body", "analysis",
)  # fmt: skip
#: Those that are running text.
TEXTS = ("body", "analysis")

#: Where at least this share of what is known is read right, a field is left alone.
GOOD = 0.95
#: Fewer pages are too few to tell a rule from chance.
FEWEST_PAGES = 4
#: Two texts are the same when they share this part of their words: newsrooms edit.
SAME_TEXT = 0.97
#: A paragraph that so many articles have, and this share of them, is furniture; on fewer pages it
#: may be a note that a newsroom has added to some of its articles.
FEWEST_SHARED, LEAST_SHARED = 3, 0.1
#: Two pages of one layout share at least this part of the names in their markup.
SAME_LAYOUT = 0.6


@dataclass(frozen=True, slots=True)
class Known:
    """An article as it was read before, and its page as it is now."""

    article: Article
    url: str
    html: bytes
    content_type: str | None = None
    fetched_at: datetime | None = None
    shared: frozenset[str] = frozenset()
    """Paragraphs, folded, that several articles have: neither missed nor taken for furniture."""


Counted = dict[str, tuple[int, int]]
"""Field → (pages on which it is read right, pages on which it is known)."""


def with_shared(pages: Sequence[Known]) -> list[Known]:
    """The pages with the paragraphs that several articles have: an offer of a newsletter that was
    taken for text, say, or a note on how a series came about."""
    shown = Counter(
        text for page in pages for text in {folded(block.text) for block in blocks_of(page.article)}
    )
    shared = frozenset(text for text, number in shown.items() if number >= FEWEST_SHARED)
    return [replace(page, shared=shared) for page in pages]


def blocks_of(article: Article) -> tuple[Block, ...]:
    """All paragraphs of an article, its analysis' among them."""
    return (*article.body, *(article.analysis or ()))


# Which pages are of another layout than those that were read before


def redesigned(pages: Sequence[tuple[Known, bytes]]) -> list[Known]:
    """Of known articles, each with the page it was known by, those whose layout is another now.

    Of a page in the layout of today nothing is known but what is read of it today, right or wrong.
    All pages where too few are of another layout to learn from.
    """
    found = [known for known, before in pages if not _is_one_layout(before, known.html)]
    return found if len(found) >= FEWEST_PAGES else [known for known, _ in pages]


def _is_one_layout(before: bytes, after: bytes) -> bool:
    one, other = _markup(before), _markup(after)
    return len(one & other) >= SAME_LAYOUT * len(one | other)


def _markup(html: bytes) -> frozenset[str]:
    """The names of a page's elements: tags in tags, classes, what tells what they hold."""
    names = set[str]()
    for node in LexborHTMLParser(html).css("body *"):
        above = node.parent.tag if node.parent is not None else ""
        names.add(f"{above}>{node.tag}")
        names.update(names_of(node))
    return frozenset(names)


# How well pages are read


def read(page: Known, profile: Profile) -> Article | None:
    """The article that the page shows; None where it shows none that can be read."""
    try:
        return parse_article(
            page.html,
            url=page.url,
            profile=profile,
            content_type=page.content_type,
            fetched_at=page.fetched_at,
        )
    except (NotAnArticle, Unreadable):
        return None


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as a profile reads it, held against what is known."""

    page: Known
    article: Article | None
    right: Mapping[str, bool]
    """Each field that is known, and whether it is read so."""


def read_all(pages: Iterable[Known], profile: Profile) -> list[Reading]:
    """The pages as a profile reads them."""
    return [_held_against(page, read(page, profile)) for page in pages]


def _held_against(page: Known, article: Article | None) -> Reading:
    known, right = page.article, {}
    for name in FIELDS:
        apart = page.shared | _standfirsts(known, article) if name == "body" else page.shared
        if _own_value(known, name, page.shared):
            value = _own_value(known, name, apart)
            found = None if article is None else _own_value(article, name, apart)
            right[name] = _is_same(name, value, found)
    return Reading(page, article, right)


def _standfirsts(one: Article, other: Article | None) -> frozenset[str]:
    """What opens an article: the standfirst of one layout is the first paragraph of another."""
    return frozenset(folded(each.deck) for each in (one, other) if each is not None and each.deck)


def counted(readings: Iterable[Reading]) -> Counted:
    """How many pages have each field right."""
    right, known = Counter[str](), Counter[str]()
    for each in readings:
        known.update(each.right.keys())
        right.update(name for name, is_right in each.right.items() if is_right)
    return {name: (right[name], known[name]) for name in FIELDS if known[name]}


def broken(found: Counted) -> set[str]:
    """The fields that are not well read."""
    return {name for name, (right, known) in found.items() if right < GOOD * known}


def _own_value(article: Article, name: str, shared: frozenset[str]) -> Any:
    """A field as it is compared, a text without what several articles have."""
    if name not in TEXTS:
        return value_of(article, name)
    texts = (block.text for block in getattr(article, name) or ())
    return "\n\n".join(text for text in texts if folded(text) not in shared)


def value_of(article: Article, name: str) -> Any:
    """A field as it is compared: folded, a day of a date, names and tags in order."""
    if name == "published":
        return (article.published or "")[:10]
    if name == "category":
        return folded(without_label(article.category or ""))
    value = getattr(article, name)
    return sorted(map(folded, value)) if isinstance(value, tuple) else folded(value or "")


def without_label(text: str) -> str:
    """A value without what some layouts print before it.

    >>> without_label("Category: Investigations")
    'Investigations'
    """
    return _LABEL.sub("", text)


_LABEL = re.compile(r"^\w{2,15}\s*:\s+")


def _is_same(name: str, known: Any, found: Any) -> bool:
    return _is_one_text(known, found or "") if name in TEXTS else bool(known == found)


def _is_one_text(known: str, found: str) -> bool:
    one, other = Counter(folded(known).split()), Counter(folded(found).split())
    return (one & other).total() >= SAME_TEXT * max(one.total(), other.total())
