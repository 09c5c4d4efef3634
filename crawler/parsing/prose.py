"""The article's text: which chunks are it, and what each of them is.

Two steps. First the *stretch*: the innermost element that holds most of the page's prose after the
headline, cut where a landmark says that the article is over. Then each chunk of the stretch gets a
*role*; only prose roles become body or analysis, everything else goes to its own field or nowhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from crawler.article import Block, BlockKind
from crawler.parsing.dates import printed_date
from crawler.parsing.following import next_article
from crawler.parsing.judging import judged, learned
from crawler.parsing.lines import meta_line
from crawler.parsing.names import introduced, is_written_as_name
from crawler.parsing.outline import (
    BREAK,
    Chunk,
    is_caption_by_place,
    prose_weight,
    settle_zones,
    settle_zones_around,
)
from crawler.parsing.page import Page
from crawler.parsing.roles import Role, Text
from crawler.parsing.standfirst import leading_deck
from crawler.parsing.structured import absolute, bare_address
from crawler.parsing.text import begins, clean, clean_lines, folded
from crawler.parsing.wording import (
    ABOUT_ITSELF,
    APPEAL,
    APPEAL_LETTERS,
    APPEAL_WORDS,
    COMMENTS_HEADING,
    CONTRIBUTION,
    CREDITS,
    DATED,
    MACHINERY,
    MACHINERY_WORDS,
    REPUBLISHING,
    asks_for_money,
    asks_of_use,
    is_wall,
    without_anchor,
)
from crawler.parsing.zones import FURNITURE, Zone, words_of

#: The stretch's element is entered as long as one child holds this share of its prose.
DESCEND_SHARE = 0.8
#: A landmark of the end counts only after at least one chunk of this much prose.
FIRST_PARAGRAPH = 60

#: Zones that no article's text has even where its wrapper is misnamed.
_NEVER = Zone.HIDDEN | Zone.CAPTION
_ELSEWHERE = FURNITURE | Zone.CAPTION | Zone.FIGURE | Zone.CREDIT


def read_text(page: Page, headline: Chunk | None) -> Text:
    """The article's text; empty blocks where the page has none."""
    after = headline.index if headline is not None else -1
    _free_analysis(page)
    _mend_open_link(page.chunks)
    _show_hidden(page)
    _free_ticker(page)
    end = min(_end(page, after), next_article(page, headline))
    outside = _outside(page, headline)
    candidates = [
        chunk
        for chunk in page.chunks[after + 1 : end]
        if prose_weight(chunk)
        and not chunk.zones & _NEVER
        and chunk.index not in outside
        and not is_caption_by_place(page.outline, chunk)
        and not is_signature(chunk)
    ]
    text = Text(first=end, last=after, end=end)
    candidates = candidates or _captions_only(page, after, end, outside)
    candidates = candidates or _short_sentences(page, after, end, outside)
    if not candidates:
        return text
    candidates = _of_own_article(page, candidates, headline)
    text.container = _with_lead(page, candidates, _container(page, candidates))
    text.container = _with_parts(page, candidates, text.container)
    text.container = _with_intro(page, candidates, text.container)
    inside = _inside(page, candidates, text.container) or _inside(
        page, candidates, text.container, lenient=True
    )
    if not inside:
        return text
    parts = _deck_parts(page, inside, after)
    if parts:
        text.deck, inside = inside[:parts], inside[parts:]
        after = text.deck[-1].index
    text.first = _first(page, inside[0], after, text.container)
    text.last = _last(page, inside[-1], end, text.container)
    _assign(page, text, headline)
    if page.profile is None:
        _review(page, text, headline)
        _strike_box_titles(page, text)
    return text


#: A box's other lines stand within so many chunks from its title.
BOX_CHUNKS = 6


def _strike_box_titles(page: Page, text: Text) -> None:
    """Takes out headings of boxes of which nothing else is text: a newsletter's, a form's."""
    outline = page.outline
    held: Counter[int] = Counter()
    for chunk in text.prose:
        held.update(outline.ancestors(chunk.element))

    def titles_box(chunk: Chunk) -> bool:
        box = chunk.element
        while box > text.container and held[outline.parents[box]] == 1:
            box = outline.parents[box]
        near = page.chunks[chunk.index + 1 : chunk.index + BOX_CHUNKS]
        others = [c for c in near if outline.is_inside(c.element, box)]
        return box != chunk.element and any(c.zones & _BOXES for c in others)

    kept = [pair for pair in text.blocks if pair[1].kind != "heading" or not titles_box(pair[0])]
    if len(kept) < len(text.blocks) and text.analysis is None:
        text.blocks = kept
        text.body = _without_loose_headings([block for _, block in kept])
        text.prose = [chunk for chunk, _ in kept]


#: Zones of what is asked of readers in a box.
_BOXES = Zone.FORM | Zone.PROMOTION | Zone.SHARE


#: An ``<article>`` with the headline in it and so much prose needs no other ``<article>``.
WHOLE_ARTICLE = 800


def _of_own_article(page: Page, candidates: list[Chunk], headline: Chunk | None) -> list[Chunk]:
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


def _outside(page: Page, headline: Chunk | None) -> set[int]:
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
    if not boxes:
        return set()
    covered = outline.covered(boxes)
    return {chunk.index for chunk in page.chunks if covered[chunk.element]}


def _in_article(page: Page, element: int) -> bool:
    return any(page.outline.tags[each] == "article" for each in page.outline.ancestors(element))


def _captions_only(page: Page, after: int, end: int, outside: set[int]) -> list[Chunk]:
    """The texts that would be captions by their place, where the page has no other text."""
    found = [
        chunk
        for chunk in page.chunks[after + 1 : end]
        if prose_weight(chunk) >= FIRST_PARAGRAPH
        and not chunk.zones & _ELSEWHERE
        and chunk.index not in outside
        and not is_signature(chunk)
    ]
    for chunk in found:
        page.outline.boxed.pop(chunk.index, None)
    return found


def _short_sentences(page: Page, after: int, end: int, outside: set[int]) -> list[Chunk]:
    """The sentences of a text too short for a paragraph: a brief of one line, a list of facts."""
    return [
        chunk
        for chunk in page.chunks[after + 1 : end]
        if (chunk.words >= 4 or (chunk.tag == "p" and chunk.zones & Zone.BODY))
        and chunk.text[-1:] in '.!?”»"'
        and not chunk.is_heading
        and not chunk.zones & _ELSEWHERE
        and chunk.index not in outside
        and chunk.link_density < 0.5
        and after >= 0
        and (end < len(page.chunks) or chunk.zones & Zone.BODY)
    ]


def _free_analysis(page: Page) -> None:
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


def is_analysis(page: Page, text: str, *, set_apart: bool = False) -> bool:
    """Whether a text is a heading of the newsroom's own analysis; spaces don't matter.

    A single word is one only where it is ``set_apart`` as a heading: it is a section's name, too.
    """
    if len(text) > 80:
        return False
    bare = folded(text)
    if " " not in bare and not set_apart and len(bare) < 12:
        return False
    return bare in page.wording.analysis or bare.replace(" ", "") in page.wording.analysis_squeezed


def _show_hidden(page: Page) -> None:
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


def _free_ticker(page: Page) -> None:
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


def _mend_open_link(chunks: list[Chunk]) -> None:
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


#: A landmark of so many words is no accident of prose; a shorter one must be the whole text.
SURE_WORDS = 4
#: A line that marks the end by its pattern has at most this many words.
END_WORDS = 80


def _end(page: Page, after: int) -> int:
    """Index of the chunk at which a landmark says that the article is over.

    Nothing ends an article whose analysis is still to come.
    """
    seen = False
    least = _last_analysis(page, after)
    for chunk in page.chunks[after + 1 :]:
        if chunk.index > least and (ends := _marks_end(page, chunk)) and (seen or ends == "sure"):
            return chunk.index
        seen = seen or (prose_weight(chunk) >= FIRST_PARAGRAPH and not chunk.zones & _ELSEWHERE)
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
    if page.profile is None and asks_of_use(chunk.text):
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


#: Zones beside the article, not in it.
_BESIDE = Zone.COMMENTS | Zone.ASIDE | Zone.FORM | Zone.FOOTER | Zone.NAVIGATION
#: A link of so many words right above a text is the title of the page that the text leads to.
TITLE_WORDS = 3


def _trust(page: Page, chunk: Chunk) -> float:
    """How much a chunk's prose counts in the search for the article's element."""
    if chunk.zones & (_BESIDE if not chunk.zones & Zone.BODY else Zone.COMMENTS):
        return 0.05
    trust = 2.0 if chunk.zones & Zone.BODY else 1.0
    if chunk.zones & _ELSEWHERE:
        trust *= 0.2
    elif _is_teaser(page, chunk):
        trust *= 0.4
    return trust if chunk.tag in ("p", "td", "blockquote") else trust * 0.6


#: The title of a card stands so many chunks above its teaser at most: a date may be between.
CARD_LINES = 3


def _is_cut_teaser(page: Page, chunk: Chunk) -> bool:
    """Whether a text breaks off with dots under a heading that leads to another page."""
    return chunk.text.endswith(("…", "...", "[…]", "[...]")) and any(
        title.is_heading and title.link_density > 0.9 and title.words >= TITLE_WORDS
        for title in page.chunks[max(0, chunk.index - CARD_LINES) : chunk.index]
    )


#: The date of a card in one chunk stands within so many characters before its story's link.
CARD_DATE = 32


def _is_dated_card(page: Page, chunk: Chunk) -> bool:
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


def _container(page: Page, candidates: list[Chunk]) -> int:
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
        if outline.tags[heaviest] in ("p", "li", "td", "blockquote"):
            return element
        element = heaviest


def _with_parts(page: Page, candidates: list[Chunk], container: int) -> int:
    """The container, or the element around it where boxes of its make hold more of the text."""
    outline = page.outline
    name = outline.names[container] if outline.names else ""
    if page.profile is not None or not name:
        return container
    for chunk in candidates:
        if outline.is_inside(chunk.element, container) or prose_weight(chunk) < FIRST_PARAGRAPH:
            continue
        if chunk.tag != "p" or chunk.zones & _ELSEWHERE or _is_teaser(page, chunk):
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


def _with_intro(page: Page, candidates: list[Chunk], container: int) -> int:
    """The container, or the element around it where a list of entries stands under its intro."""
    outline = page.outline
    if page.profile is not None or not _is_list_of_entries(page, candidates, container):
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
            (chunk.zones & _ELSEWHERE)
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


def _with_lead(page: Page, candidates: list[Chunk], container: int) -> int:
    """The container, or the element around it where the lead stands in a box of its own before it.

    Only on a site whose printing is known, and only after the line that signs or dates the article:
    what stands before that line is a deck.
    """
    outline = page.outline
    if page.profile is None:
        return container
    inside = [c for c in candidates if outline.is_inside(c.element, container)]
    leads = [
        c
        for c in candidates
        if c.index < inside[0].index
        and prose_weight(c) >= FIRST_PARAGRAPH
        and c.text[-1:] in _CLOSING
        and not c.zones & (_ELSEWHERE | Zone.HEADER | Zone.BYLINE)
        and (not c.zones & Zone.DECK or _is_lead(page, c))
    ]
    if not leads or leads[-1].index != inside[0].index - 1:
        return container
    signed = any(is_signature(c) for c in page.chunks[max(0, leads[0].index - 4) : leads[0].index])
    around = outline.common(leads[0].element, container)
    return around if signed and not outline.is_inside(leads[0].element, container) else container


def _first(page: Page, chunk: Chunk, after: int, container: int) -> int:
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


def _inside(
    page: Page, candidates: list[Chunk], container: int, *, lenient: bool = False
) -> list[Chunk]:
    """The candidates that are the container's text, by zones settled around it."""
    settle_zones_around(page.outline, container, lenient=lenient)
    return [
        chunk
        for chunk in candidates
        if page.outline.is_inside(chunk.element, container) and not chunk.zones & _ELSEWHERE
    ]


def _deck_parts(page: Page, inside: list[Chunk], after: int) -> int:
    """How many of the first paragraphs in the text's box are the deck."""
    if page.profile is None:
        return leading_deck(page, inside, after)
    return int(len(inside) > 2 and _is_deck(page, inside[0], inside[1]))


def _is_deck(page: Page, first: Chunk, second: Chunk) -> bool:
    """Whether the first paragraph of the text's box is the deck, by a class the next has not.

    On a site whose printing is known a first paragraph beside the others is set larger, no more.
    """
    if not first.zones & Zone.DECK or second.zones & Zone.DECK:
        return False
    if _is_lead(page, first):
        return False
    parents = page.outline.parents
    return parents[first.element] != parents[second.element]


_LEAD = re.compile(r"(?<![a-z])(?:lead|lede|intro|introduction|first)(?![a-z])", re.I)


def _is_lead(page: Page, chunk: Chunk) -> bool:
    """Whether the box of a chunk is named as a lead's, which is the text's first paragraph."""
    outline = page.outline
    names = (outline.names[e] for e in list(outline.ancestors(chunk.element))[:2])
    return any(_LEAD.search(words_of(name)) for name in names)


#: A byline or date line has at most this many words.
SIGNATURE_WORDS = 16


def is_signature(chunk: Chunk) -> bool:
    """Whether a line says who wrote the article or when, rather than being part of it."""
    if chunk.words > SIGNATURE_WORDS or chunk.text[-1:] in '.!?…”"':
        return False
    if meta_line(chunk.text) is not None:
        return True
    date = printed_date(chunk.text)
    rest = chunk.text.replace(date.raw, " ") if date else chunk.text
    names = introduced(rest)
    if names is not None:
        return is_written_as_name(names)
    return date is not None and (
        not rest.strip(" ,.-–|") or DATED.match(rest) is not None or _is_dated_name(chunk, rest)
    )


#: A name or a place before a date has at most so many words.
NAME_WORDS = 4


def _is_dated_name(chunk: Chunk, name: str) -> bool:
    """Whether a line is a name or a place and, behind a comma, a date: "Ana Ruiz, 3 May 2024"."""
    name = name.rstrip()
    return (
        name.endswith(",")
        and chunk.text.startswith(name)
        and not chunk.emphasised
        and len(name.split()) <= NAME_WORDS
        and is_written_as_name(f"{name} Name")
    )


def _may_open(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk before the first prose belongs to the text, not to the opening."""
    opening = Zone.BYLINE | Zone.DATE | Zone.DECK | Zone.KICKER | Zone.HEADER | Zone.TAGS
    if chunk.zones & (_ELSEWHERE | opening):
        return bool(chunk.zones & Zone.CAPTION)
    if is_signature(chunk) or folded(chunk.text) in page.wording.kickers:
        return False
    return chunk.tag == "p" or chunk.is_heading


def _last(page: Page, chunk: Chunk, end: int, container: int) -> int:
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


def _assign(page: Page, text: Text, headline: Chunk | None) -> None:
    """Gives each chunk of the stretch its role and writes the blocks."""
    chunks = [
        chunk
        for chunk in page.chunks[text.first : text.last + 1]
        if page.outline.is_inside(chunk.element, text.container)
    ]
    whole = [folded(chunk.text) for chunk in chunks]
    _Assignment(page, text, chunks, whole, headline=folded(headline.text) if headline else "").run()


#: A chunk that is less likely than this the article's text is dropped, a more likely one added.
LEAST_ODDS, ENOUGH_ODDS = 0.35, 0.6
#: Where a judgement would leave less than this share of the words, only those below these odds go.
LEAST_KEPT, HARDLY_ANY = 0.5, 0.1
#: A text of fewer words is too short for shares of it to mean anything.
SHORT_TEXT = 60


def reviewed(taken: list[int], words: dict[int, int], odds: dict[int, float]) -> list[int]:
    """The chunks of the text after a review, in page order.

    ``taken`` are those that the rules took, ``words`` their numbers of words, ``odds`` how likely
    the judged ones are text. A judgement that would leave too little is hardly believed.
    """
    had = sum(words[index] for index in taken)
    kept = [index for index in taken if odds.get(index, 1.0) > LEAST_ODDS]
    if had > SHORT_TEXT and sum(words[index] for index in kept) < LEAST_KEPT * had:
        kept = [index for index in taken if odds.get(index, 1.0) > HARDLY_ANY]
    before = set(taken)
    return sorted(kept + [i for i, each in odds.items() if each > ENOUGH_ODDS and i not in before])


#: What is added to a text may not repeat so many letters of it.
ECHO = 15


def _strike_known(page: Page, text: Text, odds: dict[int, float]) -> None:
    """Leaves out of the judged chunks those that some wording proves to be no text after all.

    The rules looked only into the stretch; what is to be added may stand around it.
    """
    taken = {chunk.index for chunk, _ in text.blocks}
    whole = ""
    for index in [i for i, each in odds.items() if each > ENOUGH_ODDS and i not in taken]:
        chunk = page.chunks[index]
        bare = folded(chunk.text)
        whole = whole or folded(" ".join(block.text for _, block in text.blocks))
        echo = len(bare) > ECHO and bare.rstrip("… ") in whole
        if echo or is_signature(chunk) or _is_known(page, chunk, bare):
            del odds[index]


#: A line that is nothing but a time of day.
_CLOCK = re.compile(
    r"^\W*\d{1,2}(?:[:.h]\d\d\s*(?:uhr|[ap]\.? ?m\.?|h(?:oras|rs)?)?|\s*(?:uhr|[ap]\.? ?m\.?))\W*$",
    re.I,
)


def _is_aside_of_any_site(chunk: Chunk) -> bool:
    """Whether a chunk speaks to the readers, or only says at what time an entry was written."""
    if len(chunk.text) > APPEAL_LETTERS:
        return False
    if chunk.words <= APPEAL_WORDS and APPEAL.match(chunk.text):
        return True
    return not chunk.zones & Zone.TABLE and _CLOCK.match(chunk.text) is not None


def _is_known(page: Page, chunk: Chunk, bare: str) -> bool:
    """Whether the wording of a chunk says that it is something else than text."""
    wording = page.wording
    return (
        bare in wording.furniture
        or bare in wording.related
        or (chunk.words <= MACHINERY_WORDS and MACHINERY.match(chunk.text) is not None)
        or _is_aside_of_any_site(chunk)
        or is_wall(chunk.text)
        or is_see_also(chunk, wording.see_also)
        or is_notice(chunk, wording.notice)
        or is_caption_by_place(page.outline, chunk)
    )


def _review(page: Page, text: Text, headline: Chunk | None) -> None:
    """Corrects the blocks by the learned judgement where the rules were unsure.

    Of a page that says that it is an article, something has to be the text.
    """
    odds = judged(page, text, headline, learned())
    _strike_known(page, text, odds)
    blocks = {chunk.index: (chunk, block) for chunk, block in text.blocks}
    words = {index: chunk.words for index, (chunk, _) in blocks.items()}
    kept = reviewed(list(blocks), words, odds)
    if kept == list(blocks) or (not kept and page.said.articles):
        return
    text.struck = [
        (f"judged:{odds[index]:.2f}", block.text)
        for index, (_, block) in blocks.items()
        if index not in kept
    ]
    for index in kept:
        if index not in blocks:
            chunk = page.chunks[index]
            kind: BlockKind = "heading" if is_subheading(chunk) else _kind(chunk)
            blocks[index] = chunk, Block(kind, chunk.text)
    text.blocks = [blocks[index] for index in kept]
    text.body = _without_loose_headings([block for _, block in text.blocks])
    text.prose = [chunk for chunk, _ in text.blocks]
    if kept:
        text.first, text.last = min(text.first, kept[0]), max(text.last, kept[-1])


@dataclass(slots=True)
class _Assignment:
    """One pass over the stretch. ``boxes`` are elements whose whole content is left out."""

    page: Page
    text: Text
    chunks: list[Chunk]
    whole: list[str]
    boxes: set[int] = field(default_factory=set)
    blocks: list[tuple[Chunk, Block]] = field(default_factory=list)
    shapes: set[tuple[str, str, int]] = field(default_factory=set)
    compared: int = 0
    recommending: bool = False
    """Whether the last chunks were a related heading and the links under it."""
    headline: str = ""
    """The headline folded: a chunk that repeats it is no part of the text."""
    joined: str = ""
    """All of ``whole``, one a line."""

    def run(self) -> None:
        self.joined = "\n".join(self.whole)
        shapes = Counter(
            self._shape(chunk)
            for chunk in self.chunks
            if prose_weight(chunk) > FIRST_PARAGRAPH and not chunk.zones & _ELSEWHERE
        )
        self.shapes = {shape for shape, number in shapes.items() if number > 1 or len(shapes) == 1}
        split: int | None = None
        position = 0
        while position < len(self.chunks):
            chunk = self.chunks[position]
            role = self.text.roles[chunk.index] = self._role(position)
            if role is Role.ANALYSIS and split is None:
                before, heading, rest = _around_analysis(self.page, chunk)
                if before:
                    self.blocks.append((chunk, Block("paragraph", before)))
                split = len(self.blocks)
                self.text.analysis_heading = heading
                if rest:
                    self.blocks.append((chunk, Block("paragraph", rest)))
            elif role is Role.SEE_ALSO:
                position = self._take_see_also(position)
            elif role is Role.NOTICE:
                position = self._take_notice(position)
            elif role is Role.CAPTION:
                self.text.captions.append(chunk)
            elif role in (Role.PROSE, Role.HEADING):
                self._take_prose(chunk, role)
            position += 1
        self._write(split)

    def _write(self, split: int | None) -> None:
        self.text.blocks = self.blocks
        body = self.blocks if split is None else self.blocks[:split]
        self.text.body = _without_loose_headings([block for _, block in body])
        if split is not None:
            self.text.analysis = _without_loose_headings(
                [block for _, block in self.blocks[split:]]
            )
        self.text.prose = [chunk for chunk, _ in self.blocks]
        self.text.begins = self.blocks[0][0].index if self.blocks else self.text.first

    def _role(self, position: int) -> Role:
        chunk = self.chunks[position]
        wording, zones, bare = self.page.wording, chunk.zones, self.whole[position]
        if self._is_boxed(chunk) or self._is_recommended(chunk):
            return Role.FURNITURE
        if wording.analysis and self.blocks and _around_analysis(self.page, chunk)[1]:
            return Role.ANALYSIS
        if is_see_also(chunk, wording.see_also):
            return Role.SEE_ALSO
        if (
            zones & (Zone.CAPTION | Zone.CREDIT)
            or (zones & Zone.FIGURE and not zones & Zone.TABLE)
            or (is_caption_by_place(self.page.outline, chunk))
        ):
            return Role.CAPTION
        if bare in wording.furniture or chunk.tag == "button":
            return Role.FURNITURE
        if zones & FURNITURE:
            return Role.FURNITURE if self._is_pull_quote(position) else Role.UNLIKELY
        if bare == self.headline or not any(map(str.isalnum, chunk.text)):
            return Role.FURNITURE
        if bare in wording.related and chunk.words <= 8:
            self._box_from(position)
            self.recommending = True
            return Role.FURNITURE
        if begins(chunk.text, wording.licence) and (chunk.links or chunk.words <= 6):
            return Role.FURNITURE
        if chunk.words <= MACHINERY_WORDS and MACHINERY.match(chunk.text):
            return Role.FURNITURE
        if self.page.profile is None and _is_aside_of_any_site(chunk):
            return Role.FURNITURE
        if asks_of_use(chunk.text):
            return Role.FURNITURE
        if is_wall(chunk.text) or _states_licence(chunk) or self._asks_for_money(chunk):
            return Role.FURNITURE
        if is_notice(chunk, wording.notice):
            return Role.NOTICE
        if self._is_pull_quote(position):
            return Role.FURNITURE
        if is_signature(chunk) and self._may_be_signature(chunk):
            self.text.signed.append(chunk)
            return Role.FURNITURE
        if chunk.link_density > 0.8 and chunk.is_heading and chunk.words > 3:
            return Role.FURNITURE
        if self.page.profile is None and (
            _is_cut_teaser(self.page, chunk) or _is_dated_card(self.page, chunk)
        ):
            return Role.FURNITURE
        if is_subheading(chunk):
            return Role.HEADING
        return Role.PROSE if _is_prose(chunk) or self._is_shaped_as_prose(chunk) else Role.UNLIKELY

    def _asks_for_money(self, chunk: Chunk) -> bool:
        """Whether a chunk asks for money, with the button that takes it below."""
        after = self.page.chunks[chunk.index + 1 : chunk.index + 2]
        return bool(after) and asks_for_money(chunk.text, after[0].text)

    def _may_be_signature(self, chunk: Chunk) -> bool:
        return not (chunk.tag == "li" or chunk.is_heading or chunk.zones & Zone.TABLE)

    def _is_shaped_as_prose(self, chunk: Chunk) -> bool:
        """Whether a short chunk has the very tag and class that the paragraphs here have."""
        return chunk.link_density < 0.5 and self._shape(chunk) in self.shapes

    def _shape(self, chunk: Chunk) -> tuple[str, str, int]:
        outline = self.page.outline
        return chunk.tag, outline.names[chunk.element], outline.parents[chunk.element]

    def _is_boxed(self, chunk: Chunk) -> bool:
        return any(self.page.outline.is_inside(chunk.element, box) for box in self.boxes)

    def _is_recommended(self, chunk: Chunk) -> bool:
        """Whether a chunk goes on with the list of links that a related heading opened."""
        goes_on = chunk.link_density > 0.5 or (chunk.tag == "li" and bool(chunk.links))
        self.recommending = self.recommending and goes_on
        return self.recommending

    def _box_from(self, position: int) -> None:
        """Leaves out the box that a related heading opens: its outermost element without prose."""
        outline, chunk = self.page.outline, self.chunks[position]
        taken = {element for each, _ in self.blocks for element in outline.ancestors(each.element)}
        box = chunk.element
        while outline.parents[box] not in taken and outline.parents[box] > self.text.container:
            box = outline.parents[box]
        if not any(outline.is_inside(each.element, box) for each, _ in self.blocks):
            self.boxes.add(box)

    def _is_pull_quote(self, position: int) -> bool:
        """Whether a set-apart text only repeats a sentence of the article."""
        chunk = self.chunks[position]
        if chunk.zones & Zone.PULL_QUOTE:
            return True
        bare = self.whole[position]
        if len(bare) <= REPEATED or self._shape(chunk) in self.shapes:
            return False
        self.compared += 1
        if self.compared > MOST_COMPARED or self.joined.count(bare) < 2:
            return False
        return any(
            bare in other and (len(other) > len(bare) or number < position)
            for number, other in enumerate(self.whole)
            if number != position
        )

    def _take_see_also(self, position: int) -> int:
        """Takes an in-text pointer, with the links that follow a label standing alone."""
        taken = [self.chunks[position]]
        if not taken[0].links or folded(taken[0].text) in self.page.wording.see_also:
            while position + 1 < len(self.chunks) and _is_link_only(self.chunks[position + 1]):
                position += 1
                taken.append(self.chunks[position])
            if len(taken) == 1 and not taken[0].links and self._is_bare_title(position + 1):
                position += 1
                taken.append(self.chunks[position])
        self.text.see_also.append(taken)
        return position

    def _is_bare_title(self, position: int) -> bool:
        """Whether the next chunk is a title without a link: short, and no sentence."""
        if position >= len(self.chunks):
            return False
        chunk = self.chunks[position]
        return chunk.words <= 12 and chunk.text[-1:] not in ".!?:" and not chunk.is_heading

    def _take_notice(self, position: int) -> int:
        """Takes a notice; a label standing alone (``*Correction:``) takes the next chunk along."""
        words = self.chunks[position].text
        if (
            words.rstrip().endswith(":")
            and len(words.split()) <= 3
            and position + 1 < len(self.chunks)
        ):
            position += 1
            words = f"{words} {self.chunks[position].text}"
        if words not in self.text.notices:
            self.text.notices.append(words)
        return position

    def _take_prose(self, chunk: Chunk, role: Role) -> None:
        if chunk.zones & Zone.TABLE and chunk.tag in ("td", "th") and not self._is_text(chunk):
            self._take_cell(chunk)
            return
        kind: BlockKind = "heading" if role is Role.HEADING else _kind(chunk)
        lines = _in_lines(chunk) if kind == "preformatted" else chunk.text
        if kind == "heading" and chunk.links and self.page.profile is None:
            lines = without_anchor(lines)
        self.blocks.append((chunk, Block(kind, lines)))

    def _is_text(self, chunk: Chunk) -> bool:
        """Whether a cell lays out the page rather than a table: it holds paragraphs."""
        if chunk.words >= CELL_WORDS:
            return True
        near = self.page.chunks[max(0, chunk.index - 1) : chunk.index + 2]
        return sum(each.element == chunk.element for each in near) > 1 and any(
            each.element == chunk.element and each.words >= CELL_WORDS / 2 for each in near
        )

    def _take_cell(self, chunk: Chunk) -> None:
        """Joins a table's cells: `` | `` between cells, `` / `` between rows."""
        self.text.roles[chunk.index] = Role.CELL
        outline = self.page.outline
        row = outline.parents[chunk.element]
        if self.blocks and self.blocks[-1][1].kind == "table":
            before, block = self.blocks[-1]
            if _table_of(outline.tags, outline.parents, before.element) == _table_of(
                outline.tags, outline.parents, chunk.element
            ):
                mark = " | " if outline.parents[before.element] == row else LINES
                self.blocks[-1] = (chunk, Block("table", f"{block.text}{mark}{chunk.text}"))
                return
        self.blocks.append((chunk, Block("table", chunk.text)))


#: A table's cell of more words than this is a text.
CELL_WORDS = 50
#: How many set-apart texts of a page are compared with all others.
MOST_COMPARED = 200
#: A chunk of more letters than this that stands whole in another one is a repetition.
REPEATED = 40


def _table_of(tags: list[str], parents: list[int], element: int) -> int:
    while element > 0 and tags[element] != "table":
        element = parents[element]
    return element


#: Stands between a table's rows and preformatted text's lines, since a record's strings are folded.
LINES = " / "


def _in_lines(chunk: Chunk) -> str:
    return LINES.join(clean_lines(chunk.raw or chunk.text).splitlines())


def _kind(chunk: Chunk) -> BlockKind:
    if chunk.tag == "pre":
        return "preformatted"
    if chunk.tag == "li" or (chunk.zones & Zone.LIST and chunk.tag in ("dd", "dt")):
        return "list_item"
    return "quote" if chunk.zones & Zone.QUOTE else "paragraph"


def _is_prose(chunk: Chunk) -> bool:
    """Whether a chunk that nothing else claimed reads as text of the article."""
    if chunk.links and _TEASER_END.search(chunk.links[-1].text) and chunk.words < 60:
        return False
    if (
        chunk.link_density > 0.6
        and chunk.tag == "p"
        and chunk.text.endswith(".")
        and chunk.words > 4
    ):
        return True
    if chunk.link_density > 0.6 and (chunk.words < 20 or chunk.tag == "li"):
        return chunk.link_density < 0.95 and chunk.tag == "p" and chunk.words > 8
    if (
        chunk.tag in ("p", "li", "pre", "blockquote", "td", "th", "dd", "dt")
        or chunk.zones & Zone.QUOTE
    ):
        return any(map(str.isalnum, chunk.text)) or (chunk.tag == "p" and len(chunk.text) > 3)
    return chunk.words >= 4 and (chunk.words >= 12 or chunk.text[-1:] in _CLOSING)


#: The link at the end of a teaser.
_TEASER_END = re.compile(
    r"^(?:read|see|view|learn|find out|show) (?:more|on|all|full story)\W*$|^(?:leer|ver"
    r"|lea) m[aá]s\W*$"
    r"|^mehr(?: lesen| dazu)?\W*$|^weiterlesen\W*$|^lire (?:plus|la suite)\W*$|^leggi (?:tutto"
    r"|di pi[uù])\W*$",
    re.I,
)
_CLOSING = frozenset(".!?…:;\"”’'»)。！？」")


def is_subheading(chunk: Chunk) -> bool:
    """Whether a chunk is a heading, or a short bold line that does a heading's work."""
    if chunk.is_heading:
        return chunk.words <= 40
    return (
        chunk.emphasised
        and chunk.words <= 14
        and chunk.tag in ("p", "div")
        and not chunk.zones & (Zone.QUOTE | Zone.LIST | Zone.TABLE)
        and chunk.text[-1:] not in ".,;:…"
        and not chunk.links
        and any(_is_bold(piece_tag) for piece_tag in chunk.bold_tags)
        and any(map(str.isalpha, chunk.text))
    )


def _is_bold(tag: str) -> bool:
    return tag in ("strong", "b")


def _around_analysis(page: Page, chunk: Chunk) -> tuple[str, str, str]:
    """What stands before the analysis heading in a chunk, the heading, and what stands after.

    The heading may be the whole chunk, one of its lines, or run in with a colon; it is empty where
    the chunk has none.
    """
    if is_analysis(page, chunk.text, set_apart=chunk.is_heading or bool(chunk.bold_tags)):
        return "", chunk.text, ""
    if BREAK in chunk.raw:
        lines = [clean(line) for line in chunk.raw.split(BREAK)]
        for number, line in enumerate(lines):
            if is_analysis(page, line):
                return " ".join(lines[:number]).strip(), line, " ".join(lines[number + 1 :]).strip()
    head, colon, _ = chunk.text[:80].partition(":")
    if colon and chunk.bold_tags and is_analysis(page, head):
        return "", head, chunk.text[len(head) + 1 :].strip()
    return "", "", ""


#: A licence line has at most this many words.
LICENCE_WORDS = 80


def _states_licence(chunk: Chunk) -> bool:
    """Whether a chunk states the licence: a short text with a link to one, or an invitation."""
    return chunk.words <= LICENCE_WORDS and (
        (
            chunk.link_chars > 0
            and any("creativecommons.org/licenses/" in (piece.href or "") for piece in chunk.links)
        )
        or (chunk.words >= 8 and REPUBLISHING.match(chunk.text) is not None)
    )


def is_see_also(chunk: Chunk, openings: tuple[str, ...]) -> bool:
    """Whether a chunk is a pointer: a label of the list, then hardly anything but links.

    Joomla's years print it in brackets: ``[See InSight Crime's FARC profile]``.
    """
    text = chunk.text
    if chunk.is_heading and not chunk.links and not text.endswith(":"):
        return False
    points = bool(chunk.links) and chunk.words <= POINTER_WORDS and _POINTS.match(text)
    if not points and not begins(text.lstrip("[( "), openings):
        return False
    rest = sum(map(str.isalnum, text)) - sum(
        sum(map(str.isalnum, piece.text)) for piece in chunk.links if piece.text
    )
    if chunk.links:
        return rest <= 28
    label = _UNLINKED.match(text)
    if label and chunk.words <= 20 and folded(label.group(1)) in openings:
        return not label.group(2) or label.group(2)[-1:] not in ".!"
    return chunk.words <= 4 and text.isupper()


#: A line that only sends the reader to another page: "[See our coverage of floods]".
_POINTS = re.compile(r"^[\[(]?\s*(?:see|read|vea|lea|consulte)\b(?!.*[.!?…]$)", re.I)
POINTER_WORDS = 14
_UNLINKED = re.compile(r"^[\[(]?([^:]{2,40}):\s*(.*?)[\])]?$")


def _is_link_only(chunk: Chunk) -> bool:
    return chunk.link_density > 0.9 and bool(chunk.links)


#: A longer paragraph that opens with a photo credit is a paragraph with a stray credit in it.
MOST_CREDIT_WORDS = 20
#: The longest notice on the labelled pages has 88 words.
MOST_NOTICE_WORDS = 150
#: A paragraph that begins with "This article is …" and is longer tells a story.
ABOUT_ITSELF_WORDS = 70
_FOOTNOTE = re.compile(r"^\s*(?:\*+|†|‡|\[\d+\])\s*\w")


def is_notice(chunk: Chunk, openings: tuple[str, ...]) -> bool:
    """Whether a chunk is a note about the article rather than part of it.

    Either it begins like one, or it begins with a footnote mark and is not a list item.
    """
    if chunk.zones & Zone.NOTICE:
        return True
    if chunk.tag == "li" or chunk.is_heading:
        return False
    if _FOOTNOTE.match(chunk.text):
        return True
    sentence = chunk.text.endswith(".") and chunk.words > 10
    if chunk.words <= MOST_CREDIT_WORDS and not sentence and begins(chunk.text, CREDITS):
        return True
    if chunk.words <= MOST_CREDIT_WORDS + 10 and CONTRIBUTION.search(chunk.text):
        return True
    if chunk.words <= MOST_NOTICE_WORDS and _opens_notice(chunk.text, openings):
        return True
    return chunk.words <= ABOUT_ITSELF_WORDS and ABOUT_ITSELF.match(chunk.text) is not None


#: "Correction, March 9: …", "Update (March 9): …"
_LABEL_DATED = re.compile(r"[ ,(]*[^:.]{3,24}:")


def _opens_notice(text: str, openings: tuple[str, ...]) -> bool:
    """Whether a text begins with one of the openings; a single word must be a label of its own."""
    bare = folded(text[:200])
    for opening in openings:
        if bare.startswith(opening):
            following = bare[len(opening) : len(opening) + 1]
            if " " in opening and not following.isalnum():
                return True
            if following in (",", " ") and _LABEL_DATED.match(bare[len(opening) :]):
                return True
            if following in (":", "", "]", ")") or bare[len(opening) :].startswith(
                (" -", " –", " —")
            ):
                return True
    return False


def _without_loose_headings(blocks: list[Block]) -> list[Block]:
    """Blocks without headings that nothing follows."""
    end = len(blocks)
    while end and blocks[end - 1].kind == "heading":
        end -= 1
    return blocks[:end]
