"""Where in its container the article's text begins and where it is over."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice

from crawler.parsing.analysis import is_analysis
from crawler.parsing.asides import is_signature
from crawler.parsing.container import is_lead
from crawler.parsing.outline import (
    FIRST_PARAGRAPH,
    Chunk,
    Outline,
    prose_weight,
    settle_zones_around,
)
from crawler.parsing.page import Page
from crawler.parsing.standfirst import leading_deck
from crawler.parsing.text import folded
from crawler.parsing.wording import COMMENTS_HEADING, asks_consent, asks_of_use
from crawler.parsing.zones import ELSEWHERE, FURNITURE, Zone

#: Zones that no article's text has even where its wrapper is misnamed.
NEVER = Zone.HIDDEN | Zone.CAPTION


def outside_chunks(page: Page, headline: Chunk | None) -> set[int]:
    """The chunks inside ``<footer>``, ``<nav>`` and ``<aside>`` of the page: no text is there."""
    outline = page.outline
    holding = set() if headline is None else set(outline.ancestors(headline.element))
    boxes = [
        element
        for element, tag in enumerate(outline.tags)
        if tag in ("footer", "nav", "aside")
        and (tag != "aside" or outline.own_zones[element] & Zone.ASIDE)
        and element not in holding
        and not _in_article(page, element)
    ]
    boxes += _consent_boxes(page, holding)
    if not boxes:
        return set()
    covered = outline.covered(boxes)
    return {chunk.index for chunk in page.chunks if covered[chunk.element]}


#: A box that asks for consent has so many paragraphs at most; so many of them, and so many of the
#: elements around each, are looked at.
CONSENT_CHUNKS, CONSENT_LOOKS = 40, 12


def _consent_boxes(page: Page, holding: set[int]) -> list[int]:
    """The boxes in which a page of any site asks its readers for consent: none with its headline.

    At least half of a box's paragraphs must ask.
    """
    if page.knows_printing or not holding:
        return []
    outline = page.outline
    long = [chunk for chunk in page.chunks if chunk.words >= ASKING_WORDS]
    asking = [chunk for chunk in long if asks_consent(chunk.text)]
    elements = sorted(chunk.element for chunk in long)
    told = sorted(chunk.element for chunk in asking)
    found: list[int] = []
    for chunk in asking[:CONSENT_LOOKS]:
        around = [
            e
            for e in islice(outline.ancestors(chunk.element), CONSENT_LOOKS)
            if e not in holding and outline.tags[e] not in ("p", "li", "td")
        ]
        for box in reversed(around):
            held = _number_inside(outline, box, elements)
            if held <= CONSENT_CHUNKS and 2 * _number_inside(outline, box, told) >= held:
                found.append(box)
                break
    return found


#: A paragraph that asks for consent has so many words at least.
ASKING_WORDS = 10


def _number_inside(outline: Outline, box: int, elements: list[int]) -> int:
    """How many of some elements, in order, are a box or stand in it."""
    return bisect_left(elements, outline.ends[box]) - bisect_left(elements, box)


def _in_article(page: Page, element: int) -> bool:
    return any(page.outline.tags[each] == "article" for each in page.outline.ancestors(element))


def captions_only(page: Page, after: int, end: int, outside: set[int]) -> list[Chunk]:
    """The texts that would be captions by their place, where the page has no other text."""
    found = [
        chunk
        for chunk in page.chunks[after + 1 : end]
        if prose_weight(chunk) >= FIRST_PARAGRAPH
        and not chunk.zones & ELSEWHERE
        and chunk.index not in outside
        and not is_signature(chunk)
    ]
    for chunk in found:
        page.outline.boxed.pop(chunk.index, None)
    return found


def short_sentences(page: Page, after: int, end: int, outside: set[int]) -> list[Chunk]:
    """The sentences of a text too short for a paragraph: a brief of one line, a list of facts."""
    return [
        chunk
        for chunk in page.chunks[after + 1 : end]
        if (chunk.words >= 4 or (chunk.tag == "p" and chunk.zones & Zone.BODY))
        and chunk.text[-1:] in '.!?”»"'
        and not chunk.is_heading
        and not chunk.zones & ELSEWHERE
        and chunk.index not in outside
        and chunk.link_density < 0.5
        and after >= 0
        and (end < len(page.chunks) or chunk.zones & Zone.BODY)
    ]


#: A landmark of so many words is no accident of prose; a shorter one must be the whole text.
SURE_WORDS = 4
#: A line that marks the end by its pattern has at most this many words.
END_WORDS = 80


def end_of_article(page: Page, after: int) -> int:
    """Index of the chunk at which a landmark says that the article is over.

    Nothing ends an article whose analysis is still to come.
    """
    seen = False
    least = _last_analysis(page, after)
    for chunk in page.chunks[after + 1 :]:
        if chunk.index > least and (ends := _marks_end(page, chunk)) and (seen or ends == "sure"):
            return chunk.index
        seen = seen or (prose_weight(chunk) >= FIRST_PARAGRAPH and not chunk.zones & ELSEWHERE)
    return len(page.chunks)


def _last_analysis(page: Page, after: int) -> int:
    """Index of the last analysis heading of the page, or ``after``."""
    if not page.wording.analysis:
        return after
    return max(
        (c.index for c in page.chunks[after + 1 :] if is_analysis(page, c.text)), default=after
    )


def _marks_end(page: Page, chunk: Chunk) -> str:
    """Whether a chunk marks the end: ``sure`` by many words, ``whole`` by all of its few."""
    wording = page.wording
    if chunk.is_heading and COMMENTS_HEADING.match(chunk.text):
        return "whole"
    if not page.knows_printing and asks_of_use(chunk.text):
        return "whole"
    if not wording.end and wording.end_pattern is None:
        return ""
    bare = folded(chunk.text[:600])
    for opening in wording.end:
        if bare.startswith(opening):
            if opening.count(" ") + 1 >= SURE_WORDS:
                return "sure"
            if bare == opening:
                return "whole"
    if wording.end_pattern is not None and chunk.words <= END_WORDS:
        return "sure" if wording.end_pattern.search(bare) else ""
    return ""


def first_chunk(page: Page, chunk: Chunk, after: int, container: int) -> int:
    """The stretch's first chunk: also short paragraphs and headings before the first prose."""
    index = chunk.index
    while index - 1 > after:
        before = page.chunks[index - 1]
        if not page.outline.is_inside(before.element, container):
            break
        if not _may_open(page, before):
            break
        index -= 1
    return index


def text_inside(
    page: Page, candidates: list[Chunk], container: int, *, lenient: bool = False
) -> list[Chunk]:
    """The candidates that are the container's text, by zones settled around it."""
    settle_zones_around(page.outline, container, lenient=lenient)
    return [
        chunk
        for chunk in candidates
        if page.outline.is_inside(chunk.element, container) and not chunk.zones & ELSEWHERE
    ]


def deck_parts(page: Page, inside: list[Chunk], after: int) -> int:
    """How many of the first paragraphs in the text's box are the deck."""
    if not page.knows_printing:
        return leading_deck(page, inside, after)
    return int(len(inside) > 2 and _is_deck(page, inside[0], inside[1]))


def _is_deck(page: Page, first: Chunk, second: Chunk) -> bool:
    """Whether the first paragraph of the text's box is the deck, by a class the next has not.

    On a site whose printing is known a first paragraph beside the others is set larger, no more.
    """
    if not first.zones & Zone.DECK or second.zones & Zone.DECK:
        return False
    if is_lead(page, first):
        return False
    parents = page.outline.parents
    return parents[first.element] != parents[second.element]


def _may_open(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk before the first prose belongs to the text, not to the opening."""
    opening = Zone.BYLINE | Zone.DATE | Zone.DECK | Zone.KICKER | Zone.HEADER | Zone.TAGS
    if chunk.zones & (ELSEWHERE | opening):
        return bool(chunk.zones & Zone.CAPTION)
    if is_signature(chunk) or folded(chunk.text) in page.wording.kickers:
        return False
    return chunk.tag == "p" or chunk.is_heading


def last_chunk(page: Page, chunk: Chunk, end: int, container: int) -> int:
    """The stretch's last chunk: also short paragraphs right after the last prose."""
    index = chunk.index
    while index + 1 < end:
        following = page.chunks[index + 1]
        if not page.outline.is_inside(following.element, container):
            break
        if following.zones & FURNITURE or (
            folded(following.text) in page.wording.related and following.words <= 8
        ):
            break
        index += 1
    return index
