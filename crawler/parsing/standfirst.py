"""What marks a standfirst: set apart from the paragraphs by class, by shape or by the head's words.

Many systems copy the first paragraph into the page's description, so that agreement with it alone
proves nothing: the paragraph must also look unlike those that follow it.
"""

from __future__ import annotations

from crawler.parsing.outline import Chunk
from crawler.parsing.page import Page
from crawler.parsing.text import folded
from crawler.parsing.zones import Zone

#: A deck has at most so many paragraphs or list items, and is compared with so many after it.
MOST_PARTS, COMPARED = 6, 5
#: More letters are an introduction, which is text (the longest of the labelled pages has 489).
MOST_LETTERS = 550
#: A description that agrees with fewer letters than this agrees with nothing; and one that goes on
#: for longer than a text speaks of more than it.
LEAST_AGREEING, MOST_CUT = 30, 0.6


def descriptions_of(page: Page) -> set[str]:
    """What the head says the article is about, folded, without the marks of a cut."""
    said = page.said
    texts = [
        content
        for name in ("og:description", "description", "twitter:description")
        for content in said.meta.get(name, [])[:1]
    ]
    value = said.article.get("description")
    if isinstance(value, str):
        texts.append(value)
    return {bare for text in texts if (bare := folded(text[:2000]).rstrip("…. "))}


def is_described(text: str, descriptions: set[str]) -> bool:
    """Whether the head says the same as a text, one of them perhaps cut or after a dateline."""
    bare = folded(text).rstrip("…. ")
    place, stop, _ = bare[:30].partition(". ")
    forms = [bare]
    if stop and place.count(" ") < 3:
        forms.append(bare[len(place) + 2 :])
    return any(
        form == each
        or (
            min(len(each), len(form)) >= max(LEAST_AGREEING, MOST_CUT * len(each))
            and (form.startswith(each) or each.startswith(form))
        )
        for each in descriptions
        for form in forms
    )


#: The deck stands at most so many chunks under the headline, and before the text.
DECK_REACH = 60
#: Where no deck stands, whatever it is called.
NEVER_DECK = (
    Zone.HIDDEN
    | Zone.NAVIGATION
    | Zone.BREADCRUMB
    | Zone.FOOTER
    | Zone.COMMENTS
    | Zone.FORM
    | Zone.CAPTION
    | Zone.FIGURE
    | Zone.CREDIT
    | Zone.BIO
)


def leading_deck(page: Page, prose: list[Chunk], after: int) -> int:
    """How many of the text's first paragraphs are its deck, on a site that nobody has described.

    They are named as one, or the first has a shape that no other has and the head repeats it; and
    nothing before them, from the headline's index ``after`` on, is a deck.
    """
    descriptions = descriptions_of(page)
    if any(
        not each.zones & NEVER_DECK
        and each.words >= 3
        and ((each.zones & Zone.DECK and each.words >= 7) or is_described(each.text, descriptions))
        for each in page.chunks[max(after + 1, prose[0].index - DECK_REACH) : prose[0].index]
    ):
        return 0
    named = 0
    while named < min(MOST_PARTS + 1, len(prose)) and prose[named].zones & Zone.DECK:
        named += 1
    if named:
        letters = sum(len(each.text) for each in prose[:named])
        is_deck = named <= MOST_PARTS and letters <= MOST_LETTERS
        return named if is_deck and len(prose) > named + 1 else 0
    if len(prose) < 4 or prose[0].is_heading or len(prose[0].text) > MOST_LETTERS:
        return 0
    own = _shape(page, prose[0])
    if any(_shape(page, each) == own for each in prose[1 : COMPARED + 1]):
        return 0
    return int(is_described(prose[0].text, descriptions))


def _shape(page: Page, chunk: Chunk) -> tuple[str, str, str, bool]:
    """What a paragraph looks like: tag, class, class of a run around all of it, emphasis."""
    whole = next((p.words for p in chunk.pieces if len(p.text) >= len(chunk.text) - 2), "")
    return chunk.tag, page.outline.names[chunk.element], whole, chunk.emphasised
