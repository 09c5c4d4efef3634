"""The element that holds the article's text: the innermost one with most of the prose.

From there it is widened to parts, an intro or a lead that stand beside it, and away from teasers.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.parsing.asides import is_signature
from crawler.parsing.dates import printed_date
from crawler.parsing.outline import FIRST_PARAGRAPH, Chunk, Outline, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.structured import absolute, bare_address
from crawler.parsing.zones import ELSEWHERE, Zone, words_of

#: The stretch's element is entered as long as one child holds this share of its prose.
DESCEND_SHARE = 0.8
#: An ``<article>`` with the headline in it and so much prose needs no other ``<article>``.
WHOLE_ARTICLE = 800


def of_own_article(page: Page, candidates: list[Chunk], headline: Chunk | None) -> list[Chunk]:
    """The candidates in the headline's own ``<article>``, where others stand beside it."""
    outline = page.outline
    if headline is None:
        return candidates

    def article(chunk: Chunk) -> int:
        return next(
            (e for e in outline.ancestors(chunk.element) if outline.tags[e] == "article"), 0
        )

    own = article(headline)
    if not own:
        return candidates
    inside = [c for c in candidates if outline.is_inside(c.element, own)]
    if sum(map(prose_weight, inside)) < WHOLE_ARTICLE or len(inside) == len(candidates):
        return candidates
    return [c for c in candidates if outline.is_inside(c.element, own) or not article(c)]


#: A text whose paragraphs repeat this share of another's, which came before it, is its copy.
COPIED = 0.5
#: So many paragraphs at least, and that many letters of each, tell a copy.
COPIED_PARAGRAPHS = 2


def without_copy(candidates: list[Chunk]) -> list[Chunk]:
    """The candidates without those of a text that stands on the page twice: the second goes.

    Pages hold their text once for large screens and once for small ones.
    """
    seen: set[str] = set()
    again: set[str] = set()
    copies: set[int] = set()
    for chunk in candidates:
        if prose_weight(chunk) >= FIRST_PARAGRAPH:
            if chunk.text in seen:
                again.add(chunk.text)
                copies.add(chunk.index)
            seen.add(chunk.text)
    if len(again) < COPIED_PARAGRAPHS or sum(map(len, again)) < COPIED * sum(map(len, seen)):
        return candidates
    return [chunk for chunk in candidates if chunk.index not in copies]


#: Zones beside the article, not in it.
_BESIDE = Zone.COMMENTS | Zone.ASIDE | Zone.FORM | Zone.FOOTER | Zone.NAVIGATION
#: A link of so many words right above a text is the title of the page that the text leads to.
TITLE_WORDS = 3


def _trust(page: Page, chunk: Chunk) -> float:
    """How much a chunk's prose counts in the search for the article's element."""
    if chunk.zones & (_BESIDE if not chunk.zones & Zone.BODY else Zone.COMMENTS):
        return 0.05
    trust = 2.0 if chunk.zones & Zone.BODY else 1.0
    if chunk.zones & ELSEWHERE:
        trust *= 0.2
    elif _is_teaser(page, chunk):
        trust *= 0.4
    return trust if chunk.tag in ("p", "td", "blockquote") else trust * 0.6


#: The title of a card stands so many chunks above its teaser at most: a date may be between.
CARD_LINES = 3


def is_cut_teaser(page: Page, chunk: Chunk) -> bool:
    """Whether a text breaks off with dots under a heading that leads to another page."""
    return chunk.text.endswith(("…", "...", "[…]", "[...]")) and any(
        title.is_heading and title.link_density > 0.9 and title.words >= TITLE_WORDS
        for title in page.chunks[max(0, chunk.index - CARD_LINES) : chunk.index]
    )


#: The date of a card in one chunk stands within so many characters before its story's link.
CARD_DATE = 32


def is_dated_card(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk is another story's date, its linked title and maybe a line of it."""
    if not chunk.pieces or chunk.is_heading or not any(map(str.isdigit, chunk.text[:CARD_DATE])):
        return False
    link = chunk.links[0] if chunk.links else None
    at = chunk.text.find(link.text) if link is not None and link.text else -1
    if link is None or not 0 < at <= CARD_DATE or len(link.text.split()) < TITLE_WORDS:
        return False
    before = chunk.text[:at]
    moment = printed_date(before)
    own = bare_address(absolute(page.said.base, link.href)) == bare_address(page.url)
    return moment is not None and not own and not before.replace(moment.raw, "").strip(" ,|-–—:·•")


def _is_teaser(page: Page, chunk: Chunk) -> bool:
    """Whether a text stands under a title that leads to another page."""
    if not chunk.index:
        return False
    title = page.chunks[chunk.index - 1]
    return title.is_heading and title.link_density > 0.9 and title.words >= TITLE_WORDS


def container_of(page: Page, candidates: list[Chunk]) -> int:
    """The innermost element that holds most of the candidates' prose."""
    outline = page.outline
    weight: dict[int, float] = {}
    for chunk in candidates:
        amount = prose_weight(chunk) * _trust(page, chunk)
        for element in outline.ancestors(chunk.element):
            weight[element] = weight.get(element, 0) + amount
    element = 0
    children: dict[int, list[int]] = {}
    for each in weight:
        children.setdefault(outline.parents[each], []).append(each)
    while True:
        heaviest = max(children.get(element, ()), key=lambda child: weight[child], default=None)
        if heaviest is None or weight[heaviest] < weight[element] * DESCEND_SHARE:
            return element
        tag = outline.tags[heaviest]
        if tag == "tr" and not _leaves_little(outline, candidates, element, heaviest):
            return element
        if tag in ("p", "li", "td", "blockquote"):
            sure = _leaves_little(outline, candidates, element, heaviest)
            own = sum(chunk.element == heaviest for chunk in candidates)
            if own or not (sure and _holds_table(outline, heaviest)):
                lays_out = tag == "td" and own >= CELL_PARAGRAPHS
                return heaviest if lays_out else element
        element = heaviest


#: A cell with tables in it is entered where it leaves so many paragraphs outside: the deck.
LEFT_OUTSIDE = 1
#: A cell with so many paragraphs of its own lays out the page.
CELL_PARAGRAPHS = 3


def _holds_table(outline: Outline, element: int) -> bool:
    """Whether an element is a cell with a table in it: what that holds is no cell's text."""
    return (
        outline.tags[element] == "td"
        and "table" in (outline.tags[element + 1 : outline.ends[element]])
    )


def _leaves_little(outline: Outline, candidates: list[Chunk], element: int, cell: int) -> bool:
    """Whether hardly any paragraph of an element stands outside one of its cells."""
    outside = sum(
        prose_weight(chunk) >= FIRST_PARAGRAPH
        and outline.is_inside(chunk.element, element)
        and not outline.is_inside(chunk.element, cell)
        for chunk in candidates
    )
    return outside <= LEFT_OUTSIDE


def with_parts(page: Page, candidates: list[Chunk], container: int) -> int:
    """The container, or the element around it where boxes of its make hold more of the text."""
    outline = page.outline
    name = outline.names[container] if outline.names else ""
    if page.knows_printing or not name:
        return container
    for chunk in candidates:
        if outline.is_inside(chunk.element, container) or prose_weight(chunk) < FIRST_PARAGRAPH:
            continue
        if chunk.tag != "p" or chunk.zones & ELSEWHERE or _is_teaser(page, chunk):
            continue
        parent = outline.parents[chunk.element]
        if (outline.own_zones[chunk.element] | outline.own_zones[parent]) & Zone.DECK:
            continue
        for element in list(outline.ancestors(chunk.element))[:4]:
            if outline.names[element] == name and outline.tags[element] == outline.tags[container]:
                around = outline.common(element, container)
                if around not in (element, container):
                    return around
    return container


#: So many boxes of one make, each with prose, are a list of entries.
ENTRIES = 3
#: The intro of a list of entries shares an element with it that is so many levels above it.
INTRO_LEVELS = 4


def with_intro(page: Page, candidates: list[Chunk], container: int) -> int:
    """The container, or the element around it where a list of entries stands under its intro."""
    outline = page.outline
    if page.knows_printing or not _is_list_of_entries(page, candidates, container):
        return container
    around = list(outline.ancestors(container))[1 : 1 + INTRO_LEVELS]
    first = next(c.index for c in candidates if outline.is_inside(c.element, container))
    for chunk in candidates:
        if chunk.index >= first:
            break
        parent = outline.parents[chunk.element]
        named = outline.own_zones[chunk.element] | outline.own_zones[parent]
        if chunk.tag != "p" or prose_weight(chunk) < FIRST_PARAGRAPH:
            continue
        if (
            (chunk.zones & ELSEWHERE)
            or named & (Zone.DECK | Zone.HEADER)
            or _is_teaser(page, chunk)
        ):
            continue
        common = outline.common(chunk.element, container)
        if common in around and outline.tags[common] not in ("body", "html"):
            return common
    return container


def _is_list_of_entries(page: Page, candidates: list[Chunk], container: int) -> bool:
    """Whether an element's prose stands in several boxes of the same make, none of them a part."""
    outline = page.outline
    boxes: dict[int, tuple[str, str]] = {}
    for chunk in candidates:
        if outline.is_inside(chunk.element, container):
            box = outline.child_towards(container, chunk.element)
            if box == container or outline.tags[box] in ("p", "h2", "h3", "blockquote"):
                continue
            boxes[box] = outline.tags[box], outline.names[box]
    return max(Counter(boxes.values()).values(), default=0) >= ENTRIES


def with_lead(page: Page, candidates: list[Chunk], container: int) -> int:
    """The container, or the element around it where the lead stands in a box of its own before it.

    Only on a site whose printing is known, and only after the line that signs or dates the article:
    what stands before that line is a deck.
    """
    outline = page.outline
    if not page.knows_printing:
        return container
    inside = [c for c in candidates if outline.is_inside(c.element, container)]
    leads = [
        c
        for c in candidates
        if c.index < inside[0].index
        and prose_weight(c) >= FIRST_PARAGRAPH
        and c.text[-1:] in CLOSING
        and not c.zones & (ELSEWHERE | Zone.HEADER | Zone.BYLINE)
        and (not c.zones & Zone.DECK or is_lead(page, c))
    ]
    if not leads or leads[-1].index != inside[0].index - 1:
        return container
    signed = any(is_signature(c) for c in page.chunks[max(0, leads[0].index - 4) : leads[0].index])
    around = outline.common(leads[0].element, container)
    return around if signed and not outline.is_inside(leads[0].element, container) else container


_LEAD = re.compile(r"(?<![a-z])(?:lead|lede|intro|introduction|first)(?![a-z])", re.I)


def is_lead(page: Page, chunk: Chunk) -> bool:
    """Whether the box of a chunk is named as a lead's, which is the text's first paragraph."""
    outline = page.outline
    names = (outline.names[e] for e in list(outline.ancestors(chunk.element))[:2])
    return any(_LEAD.search(words_of(name)) for name in names)


CLOSING = frozenset(".!?…:;\"”’'»)。！？」")
