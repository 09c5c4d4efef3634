"""What a proposal leaves unread: whether the new pages hold it, and where it would be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.healing.known import TEXTS, Known, Reading, blocks_of, value_of
from crawler.healing.sheets import Sheet, sheet_of, standing
from crawler.parsing.text import clean, folded
from crawler.profile import Profile

#: A field is lost where at least so many pages hold it unread, and it is read right on less than
#: this share of those that hold it: less may be edits, or pages of a kind that hardly comes.
_FEWEST_HELD, _WELL_ENOUGH = 2, 0.8
#: Pages no longer carry a field that this share of them holds nowhere.
_MOSTLY = 0.5
#: A text stands on a page that has this share of its paragraphs.
_MOST_OF_TEXT = 0.8
#: So much of a page's markup is shown around a value.
_LONGEST_PIECE = 240


@dataclass(frozen=True, slots=True)
class Left:
    """A field that is still not read on some pages."""

    field: str
    right: int
    """Pages on which it is read right with the proposal, a standfirst at least as text."""
    held: int
    """Pages on which what is known stands somewhere, and is not read."""
    gone: int
    """Pages that hold it nowhere any more."""
    url: str = ""
    piece: str = ""
    """The markup around the known value on the page at ``url``; empty where no page holds it."""

    @property
    def is_lost(self) -> bool:
        """Whether pages hold it unread, and more than a few of them."""
        if self.is_gone or self.held < _FEWEST_HELD:
            return False
        return self.right < _WELL_ENOUGH * (self.right + self.held)

    @property
    def is_gone(self) -> bool:
        """Whether most pages hold it nowhere any more."""
        return self.gone >= _MOSTLY * self.known

    @property
    def known(self) -> int:
        """Pages whose field is known."""
        return self.right + self.held + self.gone

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self) | {"lost": self.is_lost, "no_longer_there": self.is_gone}


def left_in(readings: Sequence[Reading], profile: Profile) -> list[Left]:
    """The fields that are not read right on all pages, in the order of a page."""
    sheets: dict[int, Sheet] = {}

    def sheet(number: int) -> Sheet:
        if number not in sheets:
            sheets[number] = sheet_of(readings[number].page)
        return sheets[number]

    names = dict.fromkeys(name for each in readings for name in each.right)
    found = (_left(name, readings, sheet, profile) for name in names)
    return [each for each in found if each.held or each.gone]


def _left(
    name: str, readings: Sequence[Reading], sheet: Callable[[int], Sheet], profile: Profile
) -> Left:
    right = held = gone = 0
    at = piece = ""
    for number, each in enumerate(readings):
        if name not in each.right:
            continue
        if each.right[name] or _opens_the_text(each, name):
            right += 1
        elif (node := _holding(sheet(number), name, profile)) is not None:
            held += 1
            at, piece = (at, piece) if piece else (each.page.url, _piece(node))
        else:
            gone += 1
    return Left(name, right, held, gone, at, piece)


def _opens_the_text(reading: Reading, name: str) -> bool:
    """Whether a known standfirst is read as the first paragraph: in some layouts it is."""
    if name != "deck" or reading.article is None:
        return False
    known = folded(reading.page.article.deck or "")
    return known in (folded(block.text) for block in reading.article.body[:2])


def _holding(sheet: Sheet, name: str, profile: Profile) -> LexborNode | None:
    """The element of a page that holds what is known of a field, the smallest; None for none."""
    if name in TEXTS:
        return _text_in(sheet, name)
    known = value_of(sheet.page.article, name)
    nodes = list(standing(sheet, name, profile))
    if nodes and name != "tags":
        return nodes[-1] if name in ("deck", "headline") else nodes[0]
    wanted = known if isinstance(known, list) else [known]
    if name in ("published", "kicker", "category"):  # they may stand in any sentence
        return None
    holding = [node for node, text in sheet.nodes if all(each in folded(text) for each in wanted)]
    return min(holding, key=lambda node: len(node.text() or ""), default=None)


def _text_in(sheet: Sheet, name: str) -> LexborNode | None:
    """The element that holds most of a text; None where the page has not enough of it."""
    wanted = _paragraphs(sheet.page, name)
    body = sheet.tree.body
    if body is None or not _holds(body, wanted):
        return None
    here: LexborNode = body
    while True:
        inner = next((each for each in here.iter() if _holds(each, wanted)), None)
        if inner is None:
            return here
        here = inner


def _paragraphs(page: Known, name: str) -> list[str]:
    blocks = page.article.body if name == "body" else page.article.analysis or ()
    texts = (folded(block.text) for block in blocks or blocks_of(page.article))
    return [text for text in texts if text not in page.shared]


def _holds(node: LexborNode, wanted: Sequence[str]) -> bool:
    words = folded(clean(node.text() or ""))
    return sum(each in words for each in wanted) >= _MOST_OF_TEXT * len(wanted) > 0


def _piece(node: LexborNode) -> str:
    """The markup of an element, within the box around it, cut where it is long."""
    parent = node.parent
    outer = ""
    if parent is not None and parent.tag not in ("body", "html", "-document"):
        outer = (parent.html or "").partition(">")[0] + ">… "
    return (outer + " ".join((node.html or "").split()))[:_LONGEST_PIECE]
