"""Where the next article begins: pages that load one story below another as a reader scrolls.

A second headline alone proves nothing, since a text may be divided by headings of any rank. It has
to be set as the first one is, and to be signed, or to be dated and lead to a page of its own.
"""

from __future__ import annotations

from crawler.parsing.dates import printed_date
from crawler.parsing.names import introduced, is_written_as_name
from crawler.parsing.outline import Chunk, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.structured import absolute, bare_address
from crawler.parsing.zones import FURNITURE, Zone

#: The byline or date of the next article stands within so many chunks after its headline.
SIGNED_WITHIN = 4
#: A line of so many words may sign or date.
SIGNING_WORDS = 16
#: So many headings set like the headline are looked at: a hostile page costs no more.
MOST_HEADINGS = 50


def next_article(page: Page, headline: Chunk | None) -> int:
    """Index of the chunk at which another article begins; the number of chunks if none does."""
    none = len(page.chunks)
    if headline is None or "LiveBlogPosting" in page.said.types:
        return none
    has_text, looked_at = False, 0
    for chunk in page.chunks[headline.index + 1 :]:
        if not chunk.is_heading:
            has_text = has_text or (prose_weight(chunk) > 0 and not chunk.zones & FURNITURE)
        elif has_text and _is_set_like(page, chunk, headline) and chunk.text != headline.text:
            if _begins_article(page, chunk, headline):
                return chunk.index
            looked_at += 1
            if looked_at >= MOST_HEADINGS:
                break
    return none


def _is_set_like(page: Page, chunk: Chunk, headline: Chunk) -> bool:
    """Whether a heading is set as the headline is: of the highest rank, or of the same make."""
    if chunk.tag != headline.tag or chunk.zones & FURNITURE & ~headline.zones:
        return False
    names = page.outline.names
    return chunk.tag == "h1" or bool(
        names[chunk.element] and names[chunk.element] == names[headline.element]
    )


def _begins_article(page: Page, chunk: Chunk, headline: Chunk) -> bool:
    near = page.chunks[chunk.index + 1 : chunk.index + 1 + SIGNED_WITHIN]
    near = [each for each in near if each.words <= SIGNING_WORDS and not each.is_heading]
    if any(_is_byline(each) for each in near):
        return True
    if _is_signed_above(page, chunk) and page.outline.names[chunk.element]:
        return True
    own = _leads_away(page, chunk) if chunk.tag == "h1" else False
    return (own or _is_in_other_box(page, chunk, headline)) and any(_is_dated(e) for e in near)


def _is_signed_above(page: Page, chunk: Chunk) -> bool:
    """Whether lines named as byline and date stand right above a heading, and no prose between."""
    zones = 0
    for before in page.chunks[max(0, chunk.index - SIGNED_WITHIN) : chunk.index][::-1]:
        if before.words > SIGNING_WORDS or before.is_heading:
            break
        zones |= before.zones
    return bool(zones & Zone.BYLINE and zones & Zone.DATE)


def _is_byline(chunk: Chunk) -> bool:
    names = introduced(chunk.text)
    return names is not None and is_written_as_name(names) and chunk.text[-1:] not in ".!?…”"


def _is_dated(chunk: Chunk) -> bool:
    return (
        bool(chunk.zones & Zone.DATE)
        or any(piece.tag == "time" for piece in chunk.pieces)
        or printed_date(chunk.text) is not None
    )


def _leads_away(page: Page, chunk: Chunk) -> bool:
    """Whether a heading is a link to another page."""
    own = bare_address(page.url)
    addresses = {bare_address(absolute(page.said.base, piece.href)) for piece in chunk.links}
    return chunk.link_density > 0.8 and not addresses & {own, None}


def _is_in_other_box(page: Page, chunk: Chunk, headline: Chunk) -> bool:
    """Whether a heading stands in an ``<article>`` of its own, and not inside the headline's."""
    outline = page.outline

    def box_of(each: Chunk) -> int | None:
        around = outline.ancestors(each.element)
        return next((element for element in around if outline.tags[element] == "article"), None)

    box, first = box_of(chunk), box_of(headline)
    if box is None or box == first:
        return False
    return first is None or not outline.is_inside(box, first)
