"""The opening: what a reader sees from the breadcrumb down to the first paragraph.

The *closing* is the few lines right after the last. Kicker, byline and dates are looked for in
both; visible words near the headline come before statements in the head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.parsing.asides import is_notice, is_signature
from crawler.parsing.dates import printed_date
from crawler.parsing.headline import Headline
from crawler.parsing.lines import MetaLine, is_language_token, meta_line
from crawler.parsing.names import (
    introduced,
)
from crawler.parsing.outline import Chunk, is_caption_by_place, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.standfirst import (
    DECK_REACH,
    MOST_PARTS,
    NEVER_DECK,
    descriptions_of,
    is_described,
)
from crawler.parsing.structured import absolute, bare_address
from crawler.parsing.text import folded
from crawler.parsing.titles import read_titles
from crawler.parsing.zones import Zone

AUTHOR_PATH = re.compile(
    r"/(?:author|authors|autor|autores|autora|auteur|by|people|staff|reporter|journalist)s?/[^/]",
    re.I,
)


#: How many chunks before the headline may still be the opening, and after the text the closing.
BEFORE, AFTER = 8, 14
#: A link of more words than this is a story's title, not a label.
STORY_WORDS = 4

NOT_OPENING = (
    Zone.NAVIGATION
    | Zone.FOOTER
    | Zone.FORM
    | Zone.COMMENTS
    | Zone.RELATED
    | Zone.SHARE
    | Zone.HIDDEN
    | Zone.PROMOTION
)


@dataclass(slots=True)
class Opening:
    """The chunks around the headline, and the meta line if there is one."""

    above: list[Chunk] = field(default_factory=list)
    below: list[Chunk] = field(default_factory=list)
    closing: list[Chunk] = field(default_factory=list)
    signed: list[Chunk] = field(default_factory=list)
    """Lines of the closing that are nothing but byline or date."""
    headline_at: int = -1
    """Index of the chunk that holds the headline; -1 where only the head states it."""
    line: MetaLine | None = None
    line_raw: str | None = None

    @property
    def around(self) -> list[Chunk]:
        """Below the headline first, then above it, nearest first."""
        return self.below + self.above[::-1]


def read_opening(page: Page, headline: Headline, text: Text) -> Opening:
    """The opening and closing of an article whose headline and text are known."""
    opening = Opening()
    if headline.chunk is None:
        start = max(0, text.first - BEFORE)
        opening.below = [c for c in page.chunks[start : text.first] if not c.zones & NOT_OPENING]
    else:
        at = opening.headline_at = headline.chunk.index
        opening.above = _above(page, headline.chunk)
        opening.below = [
            c
            for c in page.chunks[at + 1 : min(text.first, at + 40)]
            if not c.zones & NOT_OPENING and folded(c.text) not in page.wording.furniture
        ]
    if text.prose:
        start = text.prose[-1].index + 1
        opening.closing = text.signed + [
            c
            for c in page.chunks[start : start + AFTER]
            if not c.zones & (NOT_OPENING & ~Zone.FOOTER)
        ]
    opening.signed = [
        c for c in text_closing(opening) if is_signature(c) and not _belongs_to_story(page, c)
    ]
    opening.closing = [c for c in opening.closing if not _belongs_to_story(page, c)]
    opening.below = [c for c in opening.below if not _belongs_to_story(page, c)]
    opening.above = [c for c in opening.above if not _belongs_to_story(page, c)]
    _find_meta_line(page, opening)
    return opening


def _belongs_to_story(page: Page, chunk: Chunk) -> bool:
    """Whether a line is the date of a card."""
    return printed_date(chunk.text) is not None and stands_in_card(page, chunk)


def stands_in_card(page: Page, chunk: Chunk) -> bool:
    """Whether a dated line's smallest box also holds a link to another story."""
    if links_story(page, chunk) or _leads_to_story(page, chunk):
        return True
    outline = page.outline
    around = page.chunks[max(0, chunk.index - CARD_CHUNKS) : chunk.index + CARD_CHUNKS + 1]
    for element in outline.ancestors(outline.parents[chunk.element]):
        box = [c for c in around if c is not chunk and outline.is_inside(c.element, element)]
        near = [c for c in box if not c.zones & Zone.SHARE]
        if near:
            return (
                len(box) <= CARD_CHUNKS
                and any(c.link_density > 0.8 and links_story(page, c) for c in near)
                and not any(c.tag == "h1" for c in near)
            )
    return False


def _leads_to_story(page: Page, chunk: Chunk) -> bool:
    """Whether an unsigned date line stands right over a link to another story."""
    line = meta_line(chunk.text)
    following = page.chunks[chunk.index + 1 : chunk.index + 2]
    return (
        line is not None
        and line.byline is None
        and any(c.link_density > 0.8 and links_story(page, c) for c in following)
    )


#: A card holds at most so many lines.
CARD_CHUNKS = 6


def links_story(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk holds a link whose words are a story's title."""
    return any(
        len(piece.text.split()) > STORY_WORDS
        and not AUTHOR_PATH.search(piece.href or "")
        and bare_address(absolute(page.said.base, piece.href)) != bare_address(page.url)
        for piece in chunk.links
    )


def _above(page: Page, headline: Chunk) -> list[Chunk]:
    """Chunks before the headline that belong to it: no breadcrumb, no navigation, no prose."""
    above: list[Chunk] = []
    bare = folded(headline.text)
    for chunk in reversed(page.chunks[max(0, headline.index - BEFORE) : headline.index]):
        own = folded(chunk.text)
        if chunk.zones & (NOT_OPENING | Zone.BREADCRUMB) or prose_weight(chunk) > 100:
            break
        if own == bare or (own.endswith(bare) and len(own) < len(bare) + 80):
            break
        if chunk.link_density > 0.9 and chunk.words > STORY_WORDS:
            break
        above.append(chunk)
    above.reverse()
    return _without_breadcrumb(page, above, headline)


def _without_breadcrumb(page: Page, above: list[Chunk], headline: Chunk) -> list[Chunk]:
    """Drops a breadcrumb printed as a list: from its "Home" on, all that stand in the same box."""
    for number, chunk in enumerate(above):
        if folded(chunk.text) in page.wording.home:
            box = page.outline.parents[chunk.element]
            if page.outline.is_inside(headline.element, box) and len(above) == number + 2:
                return above[number + 1 :]
            return [c for c in above[number + 1 :] if not page.outline.is_inside(c.element, box)]
    return above


def text_closing(opening: Opening) -> list[Chunk]:
    """The lines right after the text that may sign it: none after a heading or a story's link."""
    lines: list[Chunk] = []
    for chunk in opening.closing[:5]:
        if chunk.is_heading or (chunk.link_density > 0.9 and chunk.words > STORY_WORDS):
            break
        lines.append(chunk)
    return lines


def _find_meta_line(page: Page, opening: Opening) -> None:
    """Looks for the meta line in one chunk, else in neighbouring chunks read as one line."""
    single: tuple[MetaLine, str] | None = None
    for chunk in opening.around + text_closing(opening):
        line = meta_line(chunk.text)
        if line and (line.category or line.byline or line.language):
            single = line, chunk.text
            break
    if single is None or single[0].byline is None:
        single = _joined_line(page, opening) or single
    if single is not None:
        opening.line, opening.line_raw = single


#: A chunk of more links is a menu, not a part of a meta line.
LINE_LINKS = 4


def _line_end(chunks: list[Chunk], start: int) -> int:
    """Where a line that begins at ``start`` ends at the latest: six chunks on, or at its token."""
    for number, chunk in enumerate(chunks[start : start + 6]):
        if is_language_token(chunk.text):
            return start + number + 1
    return min(len(chunks), start + 6)


def _joined_line(page: Page, opening: Opening) -> tuple[MetaLine, str] | None:
    """The meta line whose parts stand in chunks of their own; a kicker is none of them."""
    for side in (opening.below, opening.above, opening.closing[:6]):
        short = [
            chunk
            for chunk in side
            if len(chunk.text) <= 120
            and not chunk.zones & (Zone.DECK | Zone.CAPTION | Zone.FIGURE)
            and not is_caption_by_place(page.outline, chunk)
            and folded(chunk.text) not in page.wording.kickers
            and len(chunk.links) <= LINE_LINKS
        ]
        for start in range(len(short)):
            for end in range(_line_end(short, start), start + 1, -1):
                joined = " ".join(chunk.text for chunk in short[start:end])
                line = meta_line(joined)
                if line and (line.byline or line.language) and (line.category or start == 0):
                    return line, joined
    return None


#: Shorter lines under a headline are labels, and shorter headings.
DECK_WORDS, HEADING_DECK_WORDS = 7, 5


def _last_signature(page: Page, opening: Opening) -> int:
    """Index of the last line under the headline that signs or dates; past all without one."""
    signing = [
        c.index for c in opening.below if is_signature(c) or c.zones & (Zone.BYLINE | Zone.DATE)
    ]
    return max(signing, default=len(page.chunks))


def read_deck(page: Page, opening: Opening, text: Text) -> str | None:
    """The standfirst: set apart between headline and text by class, place or the head's words."""
    if not page.knows_printing:
        return _deck_of_any_site(page, opening, text)
    return _deck_of_known_site(page, opening, text)


def _deck_of_known_site(page: Page, opening: Opening, text: Text) -> str | None:
    """The deck on a site whose printing is known: it stands before the line that signs."""
    described = {
        folded(content).rstrip("…. ")
        for name in ("og:description", "description", "twitter:description")
        for content in page.said.meta.get(name, [])[:1]
    }
    signed_at = _last_signature(page, opening)
    for chunk in opening.below:
        if any(p.tag == "time" or p.zones & Zone.BYLINE for p in chunk.pieces):
            continue
        if chunk.words < 4 or chunk.zones & (
            Zone.BYLINE | Zone.CAPTION | Zone.FIGURE | Zone.CREDIT
        ):
            continue
        if introduced(chunk.text) is not None and chunk.words < 12:
            continue
        if is_caption_by_place(page.outline, chunk) or is_notice(chunk, page.wording.notice):
            continue
        if meta_line(chunk.text) is not None or chunk.link_density > 0.5:
            continue
        bare = folded(chunk.text)
        if chunk.zones & Zone.DECK or any(p.zones & Zone.DECK for p in chunk.pieces):
            page.came_from("deck", f"class:{page.outline.names[chunk.element][:60]}", chunk.text)
            return chunk.text
        if (
            chunk.words >= DECK_WORDS
            and not page.outline.is_inside(chunk.element, text.container)
            and chunk.tag not in ("li", "td")
            and chunk.index < signed_at
        ):
            page.came_from("deck", "place:under-headline", chunk.text)
            return chunk.text
        if any(
            len(each) > 30 and (bare.startswith(each) or each.startswith(bare))
            for each in described
        ):
            page.came_from("deck", "meta:description", chunk.text)
            return chunk.text
    return None


#: Zones that no deck stands in unless its own name says so.
_SELDOM_DECK = (
    Zone.BYLINE | Zone.DATE | Zone.SHARE | Zone.RELATED | Zone.PROMOTION | Zone.ASIDE | Zone.TAGS
)
#: A line that shares this much of its words with a stated title is the headline over again.
REPEATS = 0.6
#: What outlets tell their readers of themselves over a text.
_ADDRESS_TO_READERS = re.compile(
    r"\baffiliate|\bcommission\b.*\blinks?\b|\bnewsletter|\bcookies?\b|\bhotline\b|\bmessenger\b"
    r"|\bsubscri(?:be|bing|ption)\b|\bread the \w+ version\b",
    re.I,
)
#: A line with a date and no more words is no deck unless it is called one.
DATED_WORDS = 16


def _deck_of_any_site(page: Page, opening: Opening, text: Text) -> str | None:
    """The deck by the strongest of its marks: in the text, described, named, its place."""
    if text.deck:
        words = " ".join(chunk.text for chunk in text.deck)
        page.came_from("deck", "paragraph:first", words)
        return words
    descriptions = descriptions_of(page)
    under = [c for c in _under_headline(page, opening, text) if _may_be_deck(page, c)]
    described = [c for c in under if is_described(c.text, descriptions)]
    named = [c for c in under if _is_named(page, c)]
    for source, found in (
        ("meta:description", described),
        ("class", named),
        ("place", _alone_under_headline(page, under, text)),
    ):
        if found:
            words = " ".join(c.text for c in _whole_deck(page, found[0], under))
            if source == "class":
                source = f"class:{page.outline.names[found[0].element][:60]}"
            page.came_from("deck", source, words)
            return words
    return None


def _under_headline(page: Page, opening: Opening, text: Text) -> list[Chunk]:
    """The chunks from the headline to the text; a headline printed twice counts from the first."""
    at = opening.headline_at
    if at < 0:
        start = max(0, text.first - BEFORE)
        return page.chunks[start : text.first]
    bare = folded(page.chunks[at].text)
    for chunk in page.chunks[max(0, at - BEFORE) : at]:
        if folded(chunk.text) == bare and not chunk.zones & NEVER_DECK:
            at = chunk.index
            break
    return page.chunks[at + 1 : min(text.first, at + DECK_REACH)]


def _is_named(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk is called a deck, by its own class or by that of a box it stands in."""
    if page.outline.own_zones[chunk.element] & Zone.DECK:
        return True
    named = chunk.zones & Zone.DECK or any(p.zones & Zone.DECK for p in chunk.pieces)
    return bool(named) and not chunk.zones & _SELDOM_DECK


def _may_be_deck(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk under the headline is neither byline, date, caption, notice nor link."""
    if chunk.words < 3 or chunk.zones & NEVER_DECK or chunk.link_density > 0.5:
        return False
    if any(p.tag == "time" or p.zones & Zone.BYLINE for p in chunk.pieces):
        return False
    if introduced(chunk.text) is not None and chunk.words < 12:
        return False
    if is_caption_by_place(page.outline, chunk) or is_notice(chunk, page.wording.notice):
        return False
    if meta_line(chunk.text) is not None or is_signature(chunk):
        return False
    return 3 * sum(map(str.isdigit, chunk.text)) < len(chunk.text)


def _alone_under_headline(page: Page, under: list[Chunk], text: Text) -> list[Chunk]:
    """The chunks that are a deck by their place, less those that say the headline once more."""
    found = [c for c in under if _stands_as_deck(page, c, text)]
    if not found:
        return []
    titles = read_titles(page)
    return [c for c in found if titles.likeness(folded(c.text)) < REPEATS]


def _stands_as_deck(page: Page, chunk: Chunk, text: Text) -> bool:
    """Whether a chunk is a deck by where it stands alone: under the headline, not in the text."""
    least = HEADING_DECK_WORDS if chunk.is_heading else DECK_WORDS
    return (
        chunk.words >= least
        and not chunk.zones & _SELDOM_DECK
        and not (chunk.words <= DATED_WORDS and printed_date(chunk.text))
        and not _ADDRESS_TO_READERS.search(chunk.text)
        and not page.outline.is_inside(chunk.element, text.container)
        and chunk.tag not in ("li", "td")
    )


def _whole_deck(page: Page, chunk: Chunk, under: list[Chunk]) -> list[Chunk]:
    """A deck's paragraphs or list items: those of the same box that follow without a gap."""
    parents = page.outline.parents
    boxes = {parents[chunk.element], chunk.element, parents[parents[chunk.element]]}
    deck = [chunk]
    for following in under:
        if following.index != deck[-1].index + 1 or len(deck) == MOST_PARTS:
            continue
        alike = (
            following.tag == chunk.tag
            and page.outline.names[following.element] == page.outline.names[chunk.element]
        )
        if alike and _is_named(page, following) and parents[following.element] in boxes:
            deck.append(following)
    return deck
