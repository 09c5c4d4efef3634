"""The article's text: which chunks are it, and what each of them is.

First what the page's names get wrong is put right (``mending``). Then the *stretch* is found: the
innermost element that holds most of the page's prose after the headline (``container``), cut where
a landmark says that the article is over (``stretch``). Each chunk of it gets a *role*
(``assigning``); only prose roles become body or analysis, everything else goes to its own field or
nowhere. Last, a learned judgement is heard (``review``).
"""

from __future__ import annotations

from crawler.parsing.analysis import set_analysis_apart
from crawler.parsing.asides import is_signature
from crawler.parsing.assigning import assign_roles
from crawler.parsing.container import (
    container_of,
    of_own_article,
    with_intro,
    with_lead,
    with_parts,
    without_copy,
)
from crawler.parsing.following import next_article
from crawler.parsing.mending import free_analysis, free_ticker, mend_open_link, show_hidden
from crawler.parsing.outline import Chunk, is_caption_by_place, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.review import review, strike_box_titles, strike_repeated
from crawler.parsing.roles import Text
from crawler.parsing.stretch import (
    NEVER,
    captions_only,
    deck_parts,
    end_of_article,
    first_chunk,
    last_chunk,
    outside_chunks,
    short_sentences,
    text_inside,
)


def read_text(page: Page, headline: Chunk | None) -> Text:
    """The article's text; empty blocks where the page has none."""
    after = headline.index if headline is not None else -1
    free_analysis(page)
    mend_open_link(page.chunks)
    show_hidden(page)
    free_ticker(page)
    end = min(end_of_article(page, after), next_article(page, headline))
    outside = outside_chunks(page, headline)
    candidates = [
        chunk
        for chunk in page.chunks[after + 1 : end]
        if prose_weight(chunk)
        and not chunk.zones & NEVER
        and chunk.index not in outside
        and not is_caption_by_place(page.outline, chunk)
        and not is_signature(chunk)
    ]
    text = Text(first=end, last=after, end=end)
    candidates = candidates or captions_only(page, after, end, outside)
    candidates = candidates or short_sentences(page, after, end, outside)
    if not candidates:
        return text
    candidates = of_own_article(page, without_copy(candidates), headline)
    text.container = with_lead(page, candidates, container_of(page, candidates))
    text.container = with_parts(page, candidates, text.container)
    text.container = with_intro(page, candidates, text.container)
    inside = text_inside(page, candidates, text.container) or text_inside(
        page, candidates, text.container, lenient=True
    )
    if not inside:
        return text
    parts = deck_parts(page, inside, after)
    if parts:
        text.deck, inside = inside[:parts], inside[parts:]
        after = text.deck[-1].index
    text.first = first_chunk(page, inside[0], after, text.container)
    text.last = last_chunk(page, inside[-1], end, text.container)
    assign_roles(page, text, headline)
    if not page.knows_printing:
        review(page, text, headline)
        strike_box_titles(page, text)
        strike_repeated(text)
        set_analysis_apart(page, text)
    return text
