"""Pointers to other pages: SEE ALSO lines in the text, the cards below it, links in the prose.

A card is a box of its own around one link. Where a page has no boxes (or no links: a printed
page), cards are told apart by the line that opens each.
"""

from __future__ import annotations

import re
from html import unescape

from bs4 import BeautifulSoup, Tag

from crawler.article import Citation, Pointer, Translation
from crawler.parsing.dates import machine_date, printed_date
from crawler.parsing.language import stated_language
from crawler.parsing.lines import meta_line
from crawler.parsing.names import introduced
from crawler.parsing.opening import AUTHOR_PATH
from crawler.parsing.outline import HEADINGS, Chunk
from crawler.parsing.page import Page
from crawler.parsing.roles import Role, Text
from crawler.parsing.structured import absolute, bare_address
from crawler.parsing.text import begins, clean, folded, is_capitals, may_begin
from crawler.parsing.wording import LISTING_PATH
from crawler.parsing.zones import Zone
from crawler.profile import host_of, path_of

#: A card's title is shorter than this; longer link text is a teaser.
TITLE_CHARACTERS = 110
#: No page shows more related cards than this beside one article; the rest is a listing.
MOST_CARDS = 12


def read_see_also(page: Page, text: Text) -> tuple[Pointer, ...]:
    """The in-text pointers in page order, one for each link."""
    pointers: list[Pointer] = []
    for chunks in text.see_also:
        links = [piece for chunk in chunks for piece in chunk.links if piece.text]
        titles: dict[str, str] = {}
        for piece in links:
            url = absolute(page.said.base, piece.href)
            words = _after_label(piece.text, page.wording.see_also)
            if url and words and folded(words) not in page.wording.see_also:
                titles[url] = f"{titles[url]} {words}" if url in titles else words
        pointers += [Pointer(url, title) for url, title in titles.items()]
        if not links:
            title = _after_label(" ".join(chunk.text for chunk in chunks), page.wording.see_also)
            if title:
                pointers.append(Pointer(None, title))
    if pointers:
        page.came_from(
            "see_also",
            "landmark:see-also",
            " | ".join(c.text for each in text.see_also for c in each),
        )
    return tuple(dict.fromkeys(pointers))


def _after_label(line: str, openings: tuple[str, ...]) -> str:
    """A pointer's words after its label, where nothing is linked.

    >>> _after_label("SEE ALSO: Mexico News", ("see also",))
    'Mexico News'
    """
    words = line.strip("[] ").split()
    for count in range(min(5, len(words)), 0, -1):
        if folded(" ".join(words[:count])) in openings:
            return " ".join(words[count:]).strip(" :–—-")
    return line


def read_citations(page: Page, text: Text) -> tuple[Citation, ...]:
    """Links in the prose, in page order."""
    found: list[Citation] = []
    for chunk in text.prose:
        for piece in chunk.links:
            url = absolute(page.said.base, piece.href)
            if url and piece.text and not (piece.href or "").startswith("#"):
                found.append(Citation(piece.text, url, is_internal(page, url)))
    return tuple(found)


def is_internal(page: Page, url: str) -> bool:
    """Whether an address is on the article's own site."""
    if page.profile is not None and page.profile.is_own_host(url):
        return True
    return host_of(url) == host_of(page.url)


def read_translations(page: Page, language: str | None) -> tuple[Translation, ...]:
    """Other languages' versions by hreflang, without the page itself and ``x-default``."""
    own = {bare_address(page.url), bare_address(page.said.canonical)}
    found: dict[str, Translation] = {}
    for tag, url in page.said.alternates:
        code = stated_language(tag)
        if (
            code
            and code != language
            and tag.lower() != "x-default"
            and bare_address(url) not in own
        ):
            found.setdefault(url, Translation(code, url))
    if found:
        page.came_from("translations", "link:hreflang")
    return tuple(found.values())


# --- related cards ------------------------------------------------------------------------------


def read_related(page: Page, text: Text, headline: Chunk | None) -> tuple[Pointer, ...]:
    """The cards under a heading such as "Related Content", in page order."""
    start = headline.index + 1 if headline is not None else 0
    firsts = {words[:2] for words in page.wording.related}
    tried = 0
    for chunk in page.chunks[start:]:
        if (
            chunk.words > 10
            or chunk.zones & Zone.NAVIGATION
            or not _opens_related(page, chunk, firsts)
            or text.roles.get(chunk.index) is Role.SEE_ALSO
            or tried >= MOST_HEADINGS
        ):
            continue
        tried += 1
        cards = _cards_in_box(page, chunk, text) or _cards_in_line(page, chunk)
        if cards:
            page.came_from("related", "landmark:related", chunk.text)
            return tuple(cards[:MOST_CARDS])
    return _unheaded(page, text)


def _unheaded(page: Page, text: Text) -> tuple[Pointer, ...]:
    """Cards under a heading in unknown words: told by two date lines with cut texts after them."""
    after = text.prose[-1].index + 1 if text.prose else len(page.chunks)
    chunks = page.chunks[after : after + 80]
    starts = [
        number
        for number, chunk in enumerate(chunks[:-1])
        if (line := meta_line(chunk.text)) is not None
        and line.byline is None
        and chunks[number + 1].text.endswith(("…", "..."))
    ]
    if len(starts) < 2 or starts[0] == 0:
        return ()
    heading = chunks[starts[0] - 1]
    if heading.words > 8 or begins(heading.text, page.wording.end):
        return ()
    cards = _cards_in_box(page, heading, text) or _cards_in_line(page, heading)
    if cards:
        page.came_from("related", "shape:cards", heading.text)
    return tuple(cards[:MOST_CARDS])


#: How many related headings of a page are tried, how far up a heading's box is looked for, how many
#: links of it are read, and how large it may be: a hostile page costs no more than that.
MOST_HEADINGS, BOX_DEPTH, BOX_LINKS, BOX_CHARACTERS = 6, 8, 60, 400_000


def _opens_related(page: Page, chunk: Chunk, firsts: set[str]) -> bool:
    """Whether a chunk, or a piece of it, is a heading over related stories."""
    return any(
        may_begin(text, firsts) and folded(text) in page.wording.related
        for text in (chunk.text, *[piece.text for piece in chunk.pieces])
    )


def _cards_in_box(page: Page, heading: Chunk, text: Text) -> list[Pointer]:
    """Cards of the smallest box around the heading that holds links to other articles.

    Where heading and cards are siblings in the article's own box, the elements after the heading
    are the box, as far as the next heading or landmark.
    """
    outline = page.outline
    taken = {element for chunk in text.prose[:400] for element in outline.ancestors(chunk.element)}
    linking = _story_links_after(page, heading)
    below = heading.element
    if heading.element in taken:
        return _cards_in(page, _siblings_after(page, heading, heading.element, -1), heading)
    for element in list(outline.ancestors(heading.element))[1 : BOX_DEPTH + 1]:
        if element in taken or element <= 0:
            return _cards_in(page, _siblings_after(page, heading, element, below), heading)
        below = element
        if not any(outline.is_inside(chunk.element, element) for chunk in linking):
            continue
        cards = _cards_in(page, [element], heading)
        if cards:
            return cards
    return []


def _cards_in(page: Page, elements: list[int], heading: Chunk) -> list[Pointer]:
    """The cards of one or several elements read as one box."""
    html = "".join(page.outline.html(element) for element in elements)
    if not html or len(html) > BOX_CHARACTERS:
        return []
    if not any(_article_address(page, unescape(href)) for href in _HREF.findall(html)):
        return []
    return _cards_after(page, BeautifulSoup(_plainly_marked(html), "lxml"), heading)


#: A mark with attributes as the fast tree writes it, and those that are read here.
_MARK = re.compile("<([a-zA-Z][^ <>]*)( [^<>]*)>")
_ATTRIBUTE_READ = re.compile(' (?:href|rel|datetime)="[^"]*"')


def _plainly_marked(html: str) -> str:
    """A box without the attributes that nobody asks for: the soup would take each apart.

    >>> _plainly_marked('<p class="x">So <a href="/y" class="z">a="b"</a></p>')
    '<p>So <a href="/y">a="b"</a></p>'
    """
    return _MARK.sub(lambda mark: f"<{mark[1]}{''.join(_ATTRIBUTE_READ.findall(mark[2]))}>", html)


#: The address of a link, as the fast tree writes it.
_HREF = re.compile('<a [^<>]*?href="([^"]*)"')


def _tags_in(box: Tag, names: frozenset[str]) -> list[Tag]:
    """The elements of those names inside a box, in order: much faster than ``find_all``."""
    return [each for each in box.descendants if isinstance(each, Tag) and each.name in names]


_ASIDE = Zone.ASIDE | Zone.NAVIGATION | Zone.FOOTER


def _siblings_after(page: Page, heading: Chunk, parent: int, own: int) -> list[int]:
    """The children of ``parent`` that stand after the heading, up to what ends the cards."""
    outline = page.outline
    found: dict[int, None] = {}
    for chunk in page.chunks[heading.index + 1 : heading.index + BOX_LINKS]:
        element = outline.child_towards(parent, chunk.element)
        if chunk.zones & _ASIDE and not heading.zones & _ASIDE:
            break
        if chunk.is_heading and not chunk.links and chunk.words <= 3 and element not in found:
            break
        if begins(chunk.text, page.wording.end) or outline.parents[element] != parent:
            break
        if element != own:
            found[element] = None
    return list(found)


def _story_links_after(page: Page, heading: Chunk) -> list[Chunk]:
    """The chunks soon after a heading that hold links."""
    return [c for c in page.chunks[heading.index : heading.index + BOX_LINKS] if c.links]


def _cards_after(page: Page, soup: BeautifulSoup, heading: Chunk) -> list[Pointer]:
    """Cards of a box: for each address linked, the largest element that links nothing else."""
    found: dict[str, Pointer] = {}
    links = [link for link in _tags_in(soup, _LINK) if link.get("href") is not None][:BOX_LINKS]
    addresses = _addresses_held(page, links)
    for link in links:
        url = _card_address(page, link)
        if url is None or url in found or folded(link.get_text(" ")) in page.wording.related:
            continue
        found[url] = _card(page, _card_box(link, url, heading.text, addresses), url)
        if len(found) >= MOST_CARDS:
            break
    return list(found.values())


def _addresses_held(page: Page, links: list[Tag]) -> dict[int, set[str]]:
    """The addresses that each element around the links holds, by the element's identity."""
    held: dict[int, set[str]] = {}
    for link in links:
        url = _card_address(page, link)
        if url is not None:
            for around in [link, *list(link.parents)[:50]]:
                held.setdefault(id(around), set()).add(url)
    return held


def _card_address(page: Page, link: Tag) -> str | None:
    """The article address that a link leads to, or None for anchors, tags and this very page."""
    rel = link.get("rel") or ()
    if "tag" in rel and "bookmark" not in rel:
        return None
    return _article_address(page, str(link.get("href") or ""))


def _article_address(page: Page, href: str) -> str | None:
    """An address made absolute if it may be another article's on this site."""
    if href.startswith("#"):
        return None
    url = absolute(page.said.base, href)
    if url is None or not is_internal(page, url):
        return None
    path = path_of(url).strip("/")
    if not path or bare_address(url) == bare_address(page.url):
        return None
    return None if LISTING_PATH.search(f"/{path}/") or AUTHOR_PATH.search(f"/{path}/") else url


def _card_box(link: Tag, url: str, heading: str, addresses: dict[int, set[str]]) -> Tag:
    """The largest element around a link that holds no other card's address and not the heading."""
    box = link
    squeezed = folded(heading).replace(" ", "")
    for around in list(link.parents)[:50]:
        if around.name in ("body", "html", "[document]") or addresses.get(id(around), set()) - {
            url
        }:
            break
        if squeezed in folded(_opening_words(around, len(heading) + 40)).replace(" ", ""):
            break
        box = around
    return box


def _opening_words(box: Tag, length: int) -> str:
    """So much of a box's text, without reading the rest."""
    words = ""
    for text in box.strings:
        words += f"{text} "
        if len(words) > length:
            break
    return words[:length]


def _card(page: Page, box: Tag, url: str) -> Pointer:
    """Title, category, date and teaser of one card."""
    title = category = date = teaser = None
    linked = {clean(a.get_text(" ")) for a in _tags_in(box, _LINK) if _card_address(page, a) == url}
    if box.name == "a":
        linked.add(clean(box.get_text(" ")))
    heading = next(iter(_tags_in(box, HEADINGS)), None)
    if heading is not None and clean(heading.get_text(" ")):
        title = clean(heading.get_text(" "))
    when = next(iter(_tags_in(box, _TIME)), None)
    if when is not None:
        moment = machine_date(str(when.get("datetime") or "")) or printed_date(
            when.get_text(" "), day_order=page.day_order
        )
        date = moment.day if moment else None
    for text in _lines(box):
        line = meta_line(text)
        if line is not None:
            category, date = category or line.category, date or line.date.day
        elif text == title or (date and printed_date(text) and len(text) < 40):
            continue
        elif _is_teaser(text, title, linked):
            teaser = teaser or text
        elif title is None and _is_title(text, linked):
            title = text
        elif printed_date(text) and len(text) < 40:
            found = printed_date(text, day_order=page.day_order)
            date = date or (found.day if found else None)
        elif _LIST_PLACE.match(text) or introduced(text) is not None:
            continue
        elif len(text.split()) <= 5 and text not in linked and category is None:
            category = text.strip(" /|·")
    return Pointer(url, title, category, date, teaser)


#: "list 1 of 4": a card's place in its list, for readers who hear the page.
_LIST_PLACE = re.compile(
    r"^\W*(?:list|item|lista|liste|slide)?\s*\d+\s*(?:of|de|von|/)\s*\d+\W*$", re.I
)
#: The most elements that a card has: those of the labelled pages have some 30 at most.
CARD_BOXES = 150
_LINK, _TIME = frozenset(["a"]), frozenset(["time"])
_BOXES = HEADINGS | frozenset(
    ["p", "div", "li", "span", "time", "a", "figcaption", "section", "article", "ul"]
)


def _lines(box: Tag) -> list[str]:
    """The texts of a card, one for each innermost box, in order, each once.

    What has more than :data:`CARD_BOXES` is no card, and would take the square of their number.
    """
    boxes = _tags_in(box, _BOXES)
    if len(boxes) > CARD_BOXES:
        return []
    texts = {id(each): clean(each.get_text(" ")) for each in (box, *boxes)}
    found: dict[str, None] = {}
    for each in (box, *boxes):
        text = texts[id(each)]
        if not text:
            continue
        holds_others = any(texts[id(inner)] for inner in _tags_in(each, _BOXES))
        if not holds_others or (_has_own_text(each) and meta_line(text) is not None):
            found[text] = None
    return list(found)


def _has_own_text(box: Tag) -> bool:
    return any(isinstance(child, str) and child.strip() for child in box.children) or all(
        child.name in ("span", "time", "a") for child in box.children if isinstance(child, Tag)
    )


#: A part of a link's words that is a title has so many words.
TITLE_WORDS = 3


def _is_title(text: str, linked: set[str]) -> bool:
    """Whether a line is what a card's link says, or the part of it that names the story."""
    if text in linked:
        return True
    named = len(text.split()) >= TITLE_WORDS and introduced(text) is None
    return named and any(text in words for words in linked)


def _is_teaser(text: str, title: str | None, linked: set[str]) -> bool:
    if text.endswith(("…", "...", "[…]")) and len(text) > 40:
        return True
    if len(text) > TITLE_CHARACTERS and text != title:
        return True
    return title is not None and text != title and len(text.split()) >= 9 and text not in linked


def _cards_in_line(page: Page, heading: Chunk) -> list[Pointer]:
    """Cards of a page without boxes: each opens with its date line; the next landmark ends them."""
    cards: list[Pointer] = []
    for chunk in page.chunks[heading.index + 1 : heading.index + 60]:
        if begins(chunk.text, page.wording.end):
            break
        if chunk.zones & _ASIDE and not heading.zones & _ASIDE:
            break
        line = meta_line(chunk.text)
        url = next((absolute(page.said.base, p.href) for p in chunk.links), None)
        if line is not None:
            cards.append(Pointer(url, None, line.category, line.date.day, None))
        elif cards and cards[-1].url in (None, url) and not (cards[-1].title or cards[-1].teaser):
            cards[-1] = _with_words(cards[-1], chunk.text, url)
        elif url and chunk.link_density > 0.9 and is_internal(page, url):
            cards.append(Pointer(url, chunk.text))
        elif not cards or is_capitals(chunk.text):
            break
        else:
            cards[-1] = _with_words(cards[-1], chunk.text, url)
    return cards


def _with_words(card: Pointer, words: str, url: str | None) -> Pointer:
    """A card with one more line of words: a teaser if it is cut or long, else the title."""
    teaser = words.endswith(("…", "...")) or len(words) > TITLE_CHARACTERS
    return Pointer(
        card.url or url,
        card.title if teaser else card.title or words,
        card.category,
        card.date,
        (card.teaser or words) if teaser else card.teaser,
    )
