"""The text corrected: by the learned judgement where rules were unsure, and by what boxes hold."""

from __future__ import annotations

from collections import Counter

from crawler.article import Block, BlockKind
from crawler.parsing.asides import is_aside_of_any_site, is_notice, is_see_also, is_signature
from crawler.parsing.assigning import is_subheading, kind_of
from crawler.parsing.judging import judged, learned
from crawler.parsing.outline import Chunk, is_caption_by_place
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.text import folded
from crawler.parsing.wording import MACHINERY, MACHINERY_WORDS, is_wall
from crawler.parsing.zones import Zone

#: A box's other lines stand within so many chunks from its title.
BOX_CHUNKS = 6


def strike_box_titles(page: Page, text: Text) -> None:
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
    if len(kept) < len(text.blocks):
        text.write(kept)


#: Zones of what is asked of readers in a box.
_BOXES = Zone.FORM | Zone.PROMOTION | Zone.SHARE
#: A block of so many letters says nothing twice in one text.
REPEATED_LETTERS = 60


def strike_repeated(text: Text) -> None:
    """Takes out what the text has had already: a run of paragraphs, or the one right before.

    Refrains, lists of alike things and signs between parts stay.
    """
    words = [block.text if block.kind in _REPEATED else "" for _, block in text.blocks]
    first: dict[str, int] = {}
    struck: set[int] = set()
    for number, each in enumerate(words):
        before = first.setdefault(each, number)
        if before == number or len(each) < REPEATED_LETTERS:
            continue
        run = before + 1 < number and words[before - 1 : before] == words[number - 1 : number]
        if before == number - 1 or (run and len(words[before - 1]) >= REPEATED_LETTERS):
            struck |= {number} if before == number - 1 else {number - 1, number}
    if not struck:
        return
    text.write([pair for number, pair in enumerate(text.blocks) if number not in struck])


_REPEATED = ("paragraph", "quote")


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


def _is_known(page: Page, chunk: Chunk, bare: str) -> bool:
    """Whether the wording of a chunk says that it is something else than text."""
    wording = page.wording
    return (
        bare in wording.furniture
        or bare in wording.related
        or (chunk.words <= MACHINERY_WORDS and MACHINERY.match(chunk.text) is not None)
        or is_aside_of_any_site(chunk)
        or is_wall(chunk.text)
        or is_see_also(chunk, wording.see_also)
        or is_notice(chunk, wording.notice)
        or is_caption_by_place(page.outline, chunk)
    )


def review(page: Page, text: Text, headline: Chunk | None) -> None:
    """Corrects the blocks by the learned judgement where the rules were unsure.

    Of a page that says that it is an article, something has to be the text.
    """
    odds = judged(page, text, headline, learned())
    _strike_known(page, text, odds)
    blocks: dict[int, list[tuple[Chunk, Block]]] = {}
    for chunk, block in text.blocks:
        blocks.setdefault(chunk.index, []).append((chunk, block))
    words = {index: pairs[0][0].words for index, pairs in blocks.items()}
    kept = reviewed(list(blocks), words, odds)
    if kept == list(blocks) or (not kept and page.said.articles):
        return
    text.struck = [
        (f"judged:{odds[index]:.2f}", block.text)
        for index, pairs in blocks.items()
        if index not in kept
        for _, block in pairs
    ]
    for index in kept:
        if index not in blocks:
            chunk = page.chunks[index]
            kind: BlockKind = "heading" if is_subheading(chunk) else kind_of(chunk)
            blocks[index] = [(chunk, Block(kind, chunk.text))]
    text.write([pair for index in kept for pair in blocks[index]])
    if kept:
        text.first, text.last = min(text.first, kept[0]), max(text.last, kept[-1])
