"""What a page's own names get wrong before its text is looked for, put right.

An analysis in a box that is called furniture, paragraphs that a script would show, a match's ticker
among the comments, a link that was never closed.
"""

from __future__ import annotations

import re

from crawler.parsing.analysis import is_analysis
from crawler.parsing.outline import (
    FIRST_PARAGRAPH,
    Chunk,
    prose_weight,
    settle_zones,
    settle_zones_around,
)
from crawler.parsing.page import Page
from crawler.parsing.zones import FURNITURE, Zone


def free_analysis(page: Page) -> None:
    """An element that holds the analysis heading is no furniture, whatever it is called."""
    freed = False
    for chunk in page.chunks:
        boxed = chunk.zones & FURNITURE and not chunk.zones & Zone.HIDDEN
        if boxed and page.wording.analysis and is_analysis(page, chunk.text):
            for element in page.outline.ancestors(chunk.element):
                page.outline.own_zones[element] &= ~FURNITURE
            freed = True
    if freed:
        settle_zones_around(page.outline, 0)


def show_hidden(page: Page) -> None:
    """Reads hidden paragraphs of the article's own box where they are more than the visible ones.

    Newsrooms send a text whole and let a script show the rest of it.
    """
    outline = page.outline
    concealing = {e for e, zones in enumerate(outline.own_zones) if zones & Zone.HIDDEN}
    if not concealing:
        return
    hidden: list[Chunk] = []
    shown = 0
    for chunk in page.chunks:
        if chunk.zones & Zone.BODY and chunk.tag == "p" and prose_weight(chunk):
            if concealing.isdisjoint(outline.ancestors(chunk.element)):
                shown += prose_weight(chunk)
            elif not chunk.zones & _NOT_EVEN_HIDDEN:
                hidden.append(chunk)
    if sum(map(prose_weight, hidden)) <= max(shown, 4 * FIRST_PARAGRAPH):
        return
    for chunk in hidden:
        for element in outline.ancestors(chunk.element):
            outline.own_zones[element] &= ~Zone.HIDDEN
    settle_zones(outline)


#: The minute of a match, as tickers print it before each line; so many make a ticker.
_MINUTE = re.compile(r"^\d{1,3}(?:\s?\+\s?\d{1,2})?\s?['’′´](?!\w)")
TICKER_LINES = 5


def free_ticker(page: Page) -> None:
    """Reads the comments of a match's ticker, which readers' comments share their name with."""
    minutes = [
        chunk
        for chunk in page.chunks
        if chunk.zones & Zone.COMMENTS and _MINUTE.match(chunk.text) is not None
    ]
    if len(minutes) < TICKER_LINES:
        return
    outline = page.outline
    names = {
        outline.names[element]
        for chunk in minutes
        for element in outline.ancestors(chunk.element)
        if outline.own_zones[element] & Zone.COMMENTS
    }
    for element, name in enumerate(outline.names):
        if name in names:
            outline.own_zones[element] &= ~Zone.COMMENTS
    settle_zones(outline)


#: Zones of boxes that are hidden until a reader asks for them.
_NOT_EVEN_HIDDEN = FURNITURE & ~(Zone.HIDDEN | Zone.ASIDE) | Zone.CAPTION | Zone.FIGURE
#: A link that holds this share of a page's prose was never closed.
OPEN_LINK_SHARE = 0.5


def mend_open_link(chunks: list[Chunk]) -> None:
    """Takes no notice of a link that was never closed, and so holds most of the prose."""
    held: dict[str, int] = {}
    total = 0
    for chunk in chunks:
        if chunk.words >= 8:
            total += len(chunk.text)
            for piece in chunk.links:
                if piece.href:
                    held[piece.href] = held.get(piece.href, 0) + len(piece.text)
    href = max(held, key=lambda each: held[each], default=None)
    if href is None or held[href] < max(400, total * OPEN_LINK_SHARE):
        return
    for chunk in chunks:
        chunk.pieces = [piece for piece in chunk.pieces if piece.href != href]
        chunk.link_chars = sum(len(piece.text) for piece in chunk.links)
