"""A page as a reader meets it: a flat sequence of chunks of text, each knowing where it stands.

The whole page goes through a fast tree (lexbor) and is walked once, without recursion, so that
depth costs nothing. A *chunk* is what a browser would set as one block of text: a paragraph, a
heading, a caption, a list item. Inline tags don't break it, so a paragraph split by links is one
chunk; two ``<br>`` in a row end it, one is a space.

Each chunk carries *zones*: what the tags and class words around it say about it (navigation,
share bar, comments, caption …). A zone word on an element that holds most of the page's prose says
nothing about that prose and is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntFlag

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.text import clean, word_count
from crawler.profile import Hints


class Zone(IntFlag):
    """What tags and class words say about the text inside them."""

    NONE = 0
    NAVIGATION = 1
    HEADER = 2
    FOOTER = 4
    ASIDE = 8
    FORM = 16
    FIGURE = 32
    CAPTION = 64
    CREDIT = 128
    QUOTE = 256
    PULL_QUOTE = 512
    LIST = 1024
    TABLE = 2048
    SHARE = 4096
    COMMENTS = 8192
    RELATED = 16384
    PROMOTION = 32768
    BYLINE = 65536
    DATE = 1 << 17
    TAGS = 1 << 18
    BREADCRUMB = 1 << 19
    HIDDEN = 1 << 20
    DECK = 1 << 21
    KICKER = 1 << 22
    BIO = 1 << 23
    CONTENTS = 1 << 24
    NOTICE = 1 << 25
    EMBED = 1 << 26
    PREFORMATTED = 1 << 27
    ARTICLE = 1 << 28
    BODY = 1 << 29
    MODIFIED = 1 << 30


#: Zones whose text is furniture wherever it stands.
FURNITURE = (
    Zone.NAVIGATION
    | Zone.FOOTER
    | Zone.ASIDE
    | Zone.FORM
    | Zone.SHARE
    | Zone.COMMENTS
    | Zone.RELATED
    | Zone.PROMOTION
    | Zone.BREADCRUMB
    | Zone.HIDDEN
    | Zone.TAGS
    | Zone.BIO
    | Zone.CONTENTS
)
#: Zones that a wrapper of the whole article may carry by accident, and are then not believed.
DOUBTFUL = (
    FURNITURE
    | Zone.HEADER
    | Zone.CAPTION
    | Zone.DECK
    | Zone.KICKER
    | Zone.BYLINE
    | (Zone.DATE | Zone.CREDIT | Zone.PULL_QUOTE | Zone.NOTICE | Zone.EMBED | Zone.FIGURE)
)

_BY_TAG = {
    "nav": Zone.NAVIGATION,
    "footer": Zone.FOOTER,
    "aside": Zone.ASIDE,
    "form": Zone.FORM,
    "button": Zone.FORM,
    "dialog": Zone.PROMOTION,
    "figure": Zone.FIGURE,
    "figcaption": Zone.CAPTION,
    "header": Zone.HEADER,
    "blockquote": Zone.QUOTE,
    "ul": Zone.LIST,
    "ol": Zone.LIST,
    "menu": Zone.NAVIGATION,
    "table": Zone.TABLE,
    "pre": Zone.PREFORMATTED,
    "article": Zone.ARTICLE,
    "address": Zone.BYLINE,
    "fieldset": Zone.FORM,
}


#: Words in classes and ids, compared at word boundaries of kebab-, snake- and camelCase names.
_BY_WORD: tuple[tuple[Zone, str], ...] = (
    (
        Zone.NAVIGATION,
        """
        nav | navbar | navigation | menu | megamenu | submenu | skip | pagination | pager |
        toolbar
        """,
    ),
    (Zone.BREADCRUMB, "breadcrumbs? | crumbs? | brotkrumen"),
    (Zone.FOOTER, "footer | colophon | copyright"),
    (Zone.ASIDE, "sidebar | aside | rail | widget area"),
    (
        Zone.SHARE,
        """
        share | shares | sharing | social | socials | sharedaddy | addtoany | essb | addthis |
        sharebar | share bar
        """,
    ),
    (
        Zone.COMMENTS,
        """
        comments? | commentlist | disqus | respond | kommentare? | comentarios? | commentaires?
        | livefyre
        """,
    ),
    (
        Zone.RELATED,
        """
        related | relateditems | relatedposts | recommended | recommendations? | recirc |
        recirculation | trending | most read | mostread | popular | more stories | read more |
        readmore | read next | also like | relacionad[oa]s? | outbrain | taboola | teasers? |
        latestnews | latest news | most viewed | yarpp | upnext | up next
        """,
    ),
    (
        Zone.PROMOTION,
        """
        newsletter | subscribe | subscription | donate | donation | promo | promotion | advert |
        advertisement | advertising | ads? | adunit | sponsored? | cookie | cookies | consent |
        cmplz | modal | popup | paywall promo | cta | banner | signup | sign up | anzeige |
        publicidad | gdpr | onetrust | didomi | marketing | appeal
        """,
    ),
    (
        Zone.BYLINE,
        """
        byline | bylines | author | authors | autor | autores | autoren | auteur | writer |
        journalist | createdby | vcard | contributor | contributors | byname | reporter |
        itemauthor | firma | creator
        """,
    ),
    (
        Zone.DATE,
        """
        date | dates | dateline | datetime | published | publish | pubdate | timestamp | time |
        posted on | fecha | datum | created | datecreated | itemdatecreated
        """,
    ),
    (
        Zone.MODIFIED,
        """
        updated | modified | lastmod | last updated | date modified | actualizado | aktualisiert
        """,
    ),
    (
        Zone.TAGS,
        """
        tags? | tagcloud | taglist | tag list | keywords | topics? | schlagworte | etiquetas
        """,
    ),
    (
        Zone.CAPTION,
        """
        caption | captions | figcaption | bildunterschrift | legend | leyenda | cutline | wp
        caption text
        """,
    ),
    (
        Zone.CREDIT,
        """
        credit | credits | photocredit | image credit | photographer | copyright holder |
        bildquelle
        """,
    ),
    (
        Zone.PULL_QUOTE,
        """
        pullquote | pull quote | wp block pullquote | blockquote pull | quote pull
        """,
    ),
    (
        Zone.DECK,
        """
        subtitle | sub title | subhead | subheadline | sub headline | deck | dek | standfirst |
        lede | intro | introduction | summary | excerpt | teaser text | lead | chapo |
        entradilla | bajada | sumario | copete | vorspann | volanta abajo | kicker text |
        abstract | strapline | sommaire
        """,
    ),
    (
        Zone.KICKER,
        """
        kicker | entry category | cat links | category name | itemcategory | item category |
        article type | section label | category label | overline | eyebrow | tax category | post
        category | volanta | dachzeile
        """,
    ),
    (
        Zone.BIO,
        """
        author bio | author box | authorbox | about author | about the author | bio | author
        info | author card
        """,
    ),
    (Zone.CONTENTS, "toc | table of contents | contents list | inhaltsverzeichnis"),
    (
        Zone.EMBED,
        """
        twitter tweet | twitter | tweet | instagram media | embed | fb post | tiktok embed
        """,
    ),
    (Zone.NOTICE, "correction | corrections | editor note | editors note | editornote"),
    (
        Zone.BODY,
        """
        articlebody | article body | entry content | post content | article content | story body
        | storybody | post body | article text | articletext | td post content | item page |
        itembody | theme post content | richtext | content body | body content | main content |
        body text | story content | article main
        """,
    ),
)


def _alternatives(words: str) -> str:
    """A list of words as a regular expression's alternatives."""
    return "|".join(word.strip() for word in words.split("|"))


_WORD_PATTERN = re.compile(
    "|".join(
        f"(?P<Z{zone.value}>(?<![a-z0-9])(?:{_alternatives(words)})(?![a-z0-9]))"
        for zone, words in _BY_WORD
    )
)
#: WordPress writes a post's tags and categories into classes; they say nothing about the element.
_TAXONOMY = re.compile(
    r"(?<!\S)(?:tag|category|term|topic|section|format|post|postid|author|type)-"
    r"(?!list|cloud|links?(?!\S)|items?(?!\S)|name|label|template|bio|box|content|body|title|meta|date|text|header|info|related|share|byline)\S+"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|u-hidden|is-hidden|hidden|hide"
    r"|sharing-screen-reader-text|element-invisible|a11y-hidden|offscreen)(?=\s|$)",
    re.I,
)

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "head",
        "select",
        "option",
        "datalist",
        "textarea",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "math",
        "input",
        "progress",
        "meter",
        "rp",
        "link",
        "meta",
        "base",
        "frame",
        "frameset",
        "amp-ad",
        "amp-analytics",
        "amp-iframe",
        "amp-sidebar",
        "amp-consent",
        "-comment",
        "_comment",
    ]
)
INLINE = frozenset(
    [
        "a",
        "span",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "mark",
        "small",
        "sub",
        "sup",
        "time",
        "abbr",
        "acronym",
        "cite",
        "q",
        "code",
        "font",
        "label",
        "bdi",
        "bdo",
        "ins",
        "del",
        "s",
        "strike",
        "tt",
        "kbd",
        "var",
        "samp",
        "big",
        "dfn",
        "wbr",
        "img",
        "amp-img",
        "br",
        "data",
        "ruby",
        "rb",
        "rt",
        "rtc",
        "nobr",
        "picture",
        "source",
        "blink",
        "center-inline",
    ]
)
#: Inline tags that hold nothing and are never left again.
VOID = frozenset(["br", "img", "wbr", "source"])
EMPHASIS = frozenset(["em", "strong", "b", "i", "u", "mark"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

#: Stands for a ``<br>`` in a chunk's raw text, so that a newline of the source isn't taken for one.
BREAK = "\u2028"

#: Bounds that keep a hostile page's cost linear: chunks kept, elements walked.
MOST_CHUNKS = 40_000
MOST_NODES = 2_000_000
#: Deeper elements count as part of the one at this depth (browsers stop at 512), and inline tags
#: nested deeper than this are not looked at one by one.
MOST_DEPTH = 200
MOST_PIECES = 48


@dataclass(slots=True)
class Piece:
    """A run of text inside a chunk that is marked by an inline tag of its own."""

    tag: str
    words: str
    text: str
    href: str | None = None
    when: str | None = None
    """The machine-readable moment of a ``<time>``."""
    zones: int = 0
    rel: str = ""
    start: int = 0
    """Where the piece begins in the chunk's uncleaned text; pieces may nest."""


@dataclass(slots=True)
class Picture:
    """An image and where it stands: after how many chunks, under which element."""

    element: int
    before: int
    src: str | None
    alt: str | None


@dataclass(slots=True)
class Chunk:
    """One block of text in page order."""

    index: int
    element: int
    tag: str
    text: str
    pieces: list[Piece]
    zones: int
    link_chars: int
    emphasised: bool
    """Whether all of it is bold or italic, as a heading in disguise is."""
    raw: str = ""
    """Text with line breaks, for preformatted text and first lines."""
    words: int = 0
    bold_tags: tuple[str, ...] = ()
    """The emphasis tags used in it."""

    @property
    def links(self) -> list[Piece]:
        """The pieces that are links."""
        return [piece for piece in self.pieces if piece.href is not None]

    @property
    def is_heading(self) -> bool:
        return self.tag in HEADINGS

    @property
    def link_density(self) -> float:
        return self.link_chars / len(self.text) if self.text else 0.0


@dataclass(slots=True)
class Outline:
    """The chunks of a page and the block elements that they stand in."""

    chunks: list[Chunk] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    """Per element: its tag."""
    names: list[str] = field(default_factory=list)
    """Per element: its class and id."""
    parents: list[int] = field(default_factory=list)
    """Per element: the element around it; the root's is -1. Parents come before children."""
    own_zones: list[int] = field(default_factory=list)
    nodes: list[LexborNode] = field(default_factory=list)
    boxed: dict[int, bool] = field(default_factory=dict)
    """Chunks, by index, that share a small box with a picture and nothing else."""

    def ancestors(self, element: int) -> Iterator[int]:
        """The element and those around it, inside out."""
        while element >= 0:
            yield element
            element = self.parents[element]

    def is_inside(self, element: int, container: int) -> bool:
        """Whether an element is the container or stands in it."""
        while element > container:
            element = self.parents[element]
        return element == container

    def common(self, one: int, other: int) -> int:
        """The innermost element around both."""
        while one != other:
            if one > other:
                one = self.parents[one]
            else:
                other = self.parents[other]
        return one

    def inside(self, container: int) -> list[Chunk]:
        """The chunks inside an element, in page order."""
        return [chunk for chunk in self.chunks if self.is_inside(chunk.element, container)]

    def child_towards(self, container: int, element: int) -> int:
        """The child of ``container`` around ``element``; the container itself if there is none."""
        while element > container and self.parents[element] != container:
            element = self.parents[element]
        return element


_zones_of_name: dict[str, int] = {}


def _zones_named(name: str) -> int:
    """Zones that the words of a class or id stand for, remembered, since pages repeat them."""
    found = _zones_of_name.get(name)
    if found is None:
        spaced = (
            _CAMEL.sub(" ", _TAXONOMY.sub(" ", name)).replace("-", " ").replace("_", " ").lower()
        )
        found = 0
        for match in _WORD_PATTERN.finditer(spaced):
            found |= int((match.lastgroup or "Z0")[1:])
        if _HIDING_CLASS.search(name):
            found |= Zone.HIDDEN
        if len(_zones_of_name) > 50_000:
            _zones_of_name.clear()
        _zones_of_name[name] = found
    return found


def _name(attributes: dict[str, str | None]) -> str:
    """Class and id of an element, as one string of bounded length."""
    name = attributes.get("class") or ""
    identity = attributes.get("id")
    if identity:
        name = f"{name} {identity}"
    return name[:300]


class _Walker:
    """Walks a tree once and writes the outline. State is what is open at the present node."""

    def __init__(self, hinted: dict[int, int]) -> None:
        self.hinted = hinted
        self.outline = Outline()
        self.element = -1
        self.text: list[str] = []
        self.open_pieces: list[tuple[Piece, int]] = []  # piece, position in self.text
        self.pieces: list[Piece] = []
        self.link_depth = 0
        self.emphasis = 0
        self.characters = self.linked = self.emphasised = 0
        self.emphasis_tags: set[str] = set()
        self.depth = 0
        self.too_deep = 0
        self.pieces_too_deep = 0

    def walk(self, root: LexborNode) -> Outline:
        node = root
        nodes = 0
        while True:
            nodes += 1
            entered = self._enter(node)
            child = node.first_child if entered else None
            if child is not None and nodes < MOST_NODES:
                node = child
                continue
            while True:
                if entered:
                    self._leave(node.tag)
                if node.mem_id == root.mem_id:
                    self._flush()
                    return self.outline
                following = node.next
                if following is not None and nodes < MOST_NODES:
                    node = following
                    break
                parent = node.parent
                if parent is None:
                    self._flush()
                    return self.outline
                node, entered = parent, True

    def _enter(self, node: LexborNode) -> bool:
        tag = node.tag
        if tag == "-text":
            self._add_text(node.text_content or "")
            return False
        if tag in SKIPPED or not tag:
            return False
        if tag in INLINE:
            self._enter_inline(tag, node)
            return tag not in VOID
        self._flush()
        self._open_element(tag, node)
        return True

    def _leave(self, tag: str | None) -> None:
        if tag is None:
            return
        if tag in INLINE:
            self._leave_inline(tag)
        else:
            self._flush()
            if self.too_deep:
                self.too_deep -= 1
            elif self.element >= 0:
                self.element = self.outline.parents[self.element]
                self.depth -= 1

    def _open_element(self, tag: str, node: LexborNode) -> None:
        if self.depth >= MOST_DEPTH:
            self.too_deep += 1
            return
        self.depth += 1
        outline = self.outline
        attributes = node.attributes
        name = _name(attributes) if attributes else ""
        zones = _BY_TAG.get(tag, 0) | (_zones_named(name) if name else 0)
        if attributes:
            zones |= _zones_of_attributes(attributes)
        if self.hinted:
            zones |= self.hinted.get(node.mem_id, 0)
        outline.tags.append(self._effective(tag))
        outline.names.append(name)
        outline.parents.append(self.element)
        outline.own_zones.append(int(zones))
        outline.nodes.append(node)
        self.element = len(outline.tags) - 1

    def _effective(self, tag: str) -> str:
        """A plain box inside a heading, paragraph or list item is set as that."""
        if tag in ("div", "span", "section") and self.element >= 0:
            around = self.outline.tags[self.element]
            if around in HEADINGS:
                return around
        if tag == "p" and self.element >= 0 and self.outline.tags[self.element] == "li":
            return "li"
        return tag

    def _enter_inline(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self.text.append(BREAK)
            return
        if tag in ("img", "amp-img"):
            attributes = node.attributes
            self.outline.pictures.append(
                Picture(
                    self.element,
                    len(self.outline.chunks) + bool(self.characters),
                    attributes.get("src") or attributes.get("data-src"),
                    attributes.get("alt"),
                )
            )
            if tag == "amp-img" and len(self.open_pieces) >= MOST_PIECES:
                self.pieces_too_deep += 1
            elif tag == "amp-img":
                self._open_piece(Piece(tag, "", ""))
            return
        if tag in VOID:
            return
        if len(self.open_pieces) >= MOST_PIECES:
            self.pieces_too_deep += 1
            return
        attributes = node.attributes
        name = _name(attributes) if attributes else ""
        piece = Piece(tag, name, "", zones=_zones_named(name) if name else 0)
        if attributes:
            piece.zones |= _zones_of_attributes(attributes)
        if self.hinted:
            piece.zones |= self.hinted.get(node.mem_id, 0)
        if tag == "a":
            piece.href = attributes.get("href") or ""
            piece.rel = attributes.get("rel") or ""
            self.link_depth += 1
        elif tag == "time":
            piece.when = attributes.get("datetime")
        elif tag in EMPHASIS:
            self.emphasis += 1
            self.emphasis_tags.add(tag)
        self._open_piece(piece)

    def _open_piece(self, piece: Piece) -> None:
        self.open_pieces.append((piece, len(self.text)))

    def _leave_inline(self, tag: str) -> None:
        if self.pieces_too_deep:
            self.pieces_too_deep -= 1
            return
        if not self.open_pieces or self.open_pieces[-1][0].tag != tag:
            return
        piece, start = self.open_pieces.pop()
        if tag == "a":
            self.link_depth -= 1
        elif tag in EMPHASIS:
            self.emphasis -= 1
        self._close_piece(piece, start)

    def _close_piece(self, piece: Piece, start: int) -> None:
        """Writes a finished inline run into the chunk in the making."""
        if piece.tag in EMPHASIS and not piece.words:
            return
        raw = "".join(self.text[start:])
        text = clean(raw)
        if text or piece.when:
            piece.text = text
            piece.start = start
            self.pieces.append(piece)

    def _add_text(self, text: str) -> None:
        self.text.append(text)
        size = len(text) if not text.isspace() else 0
        if size:
            self.characters += size
            if self.link_depth:
                self.linked += size
            if self.emphasis:
                self.emphasised += size

    def _flush(self) -> None:
        """Ends the chunk in the making. Inline tags still open go on in the next one."""
        if self.characters and len(self.outline.chunks) < MOST_CHUNKS:
            for piece, start in reversed(self.open_pieces):
                copy = Piece(
                    piece.tag, piece.words, "", piece.href, piece.when, piece.zones, piece.rel
                )
                self._close_piece(copy, start)
            self._write_chunk()
        self.text.clear()
        self.pieces = []
        self.characters = self.linked = self.emphasised = 0
        self.emphasis_tags = {piece.tag for piece, _ in self.open_pieces if piece.tag in EMPHASIS}
        if self.open_pieces:
            self.open_pieces = [(piece, 0) for piece, _ in self.open_pieces]

    def _write_chunk(self) -> None:
        raw = "".join(self.text)
        tag = self.outline.tags[self.element] if self.element >= 0 else "body"
        broken = BREAK in raw and tag != "pre"
        parts = self._split_at_breaks() if broken else [(raw, self.pieces)]
        for part, pieces in parts:
            text = clean(part)
            if not text:
                continue
            self.outline.chunks.append(
                Chunk(
                    index=len(self.outline.chunks),
                    element=self.element,
                    tag=tag,
                    text=text,
                    pieces=pieces,
                    zones=0,
                    link_chars=(
                        min(self.linked, len(text))
                        if len(parts) == 1
                        else sum(len(piece.text) for piece in pieces if piece.href is not None)
                    ),
                    emphasised=self.emphasised >= self.characters,
                    raw=part if tag == "pre" or BREAK in part else "",
                    words=word_count(text),
                    bold_tags=tuple(self.emphasis_tags),
                )
            )

    def _split_at_breaks(self) -> list[tuple[str, list[Piece]]]:
        """Parts of the chunk between two or more ``<br>`` in a row, with their pieces."""
        parts: list[tuple[int, int]] = []
        start = breaks = 0
        for position, run in enumerate(self.text):
            if run == BREAK:
                breaks += 1
                if breaks == 2:
                    parts.append((start, position))
            elif not run.isspace():
                if breaks > 1:
                    start = position
                breaks = 0
        if breaks < 2:
            parts.append((start, len(self.text)))
        if len(parts) == 1:
            return [("".join(self.text[slice(*parts[0])]), self.pieces)]
        return [
            ("".join(self.text[begin:end]), pieces)
            for (begin, end), pieces in zip(parts, self._pieces_of(parts), strict=True)
        ]

    def _pieces_of(self, parts: list[tuple[int, int]]) -> list[list[Piece]]:
        """The pieces that begin in each part, in one pass over both."""
        shared: list[list[Piece]] = [[] for _ in parts]
        number = 0
        for piece in sorted(self.pieces, key=lambda each: each.start):
            while number < len(parts) - 1 and piece.start >= parts[number][1]:
                number += 1
            shared[number].append(piece)
        return shared


_ITEMPROP_ZONES = {
    "articlebody": Zone.BODY,
    "author": Zone.BYLINE,
    "creator": Zone.BYLINE,
    "datepublished": Zone.DATE,
    "datecreated": Zone.DATE,
    "datemodified": Zone.MODIFIED,
    "keywords": Zone.TAGS,
    "caption": Zone.CAPTION,
    "genre": Zone.KICKER,
    "articlesection": Zone.KICKER,
    "alternativeheadline": Zone.DECK,
}
_ROLE_ZONES = {
    "navigation": Zone.NAVIGATION,
    "menu": Zone.NAVIGATION,
    "search": Zone.FORM,
    "complementary": Zone.ASIDE,
    "contentinfo": Zone.FOOTER,
    "dialog": Zone.PROMOTION,
    "doc-pullquote": Zone.PULL_QUOTE,
}


def _zones_of_attributes(attributes: dict[str, str | None]) -> int:
    """Zones that attributes other than class and id stand for."""
    zones = 0
    if "hidden" in attributes or _HIDING_STYLE.search(attributes.get("style") or ""):
        zones |= Zone.HIDDEN
    prop = attributes.get("itemprop")
    if prop:
        zones |= _ITEMPROP_ZONES.get(prop.lower(), 0)
    role = attributes.get("role")
    if role:
        zones |= _ROLE_ZONES.get(role.lower(), 0)
    if attributes.get("rel") == "author":
        zones |= Zone.BYLINE
    return zones


_HINTED = {
    "body": Zone.BODY,
    "kicker": Zone.KICKER,
    "deck": Zone.DECK,
    "byline": Zone.BYLINE,
    "date": Zone.DATE,
    "tags": Zone.TAGS,
    "caption": Zone.CAPTION,
    "drop": Zone.HIDDEN,
}


def _hinted(tree: LexborHTMLParser, hints: Hints) -> dict[int, int]:
    """Zones by node that a profile's selectors give."""
    found: dict[int, int] = {}
    for name, zone in _HINTED.items():
        for selector in getattr(hints, name):
            for node in tree.css(selector):
                found[node.mem_id] = found.get(node.mem_id, 0) | zone
    return found


def read_outline(tree: LexborHTMLParser, hints: Hints | None = None) -> Outline:
    """The outline of a parsed page; empty for a page without a body."""
    root = tree.body or tree.root
    if root is None:
        return Outline()
    outline = _Walker(_hinted(tree, hints) if hints else {}).walk(root)
    _settle_zones(outline)
    _settle_captions(outline)
    return outline


#: A zone is not believed on an element that holds this share of the page's prose.
MOST_OF_THE_PROSE = 0.5


def prose_weight(chunk: Chunk) -> int:
    """How much prose a chunk looks like, in characters: 0 for labels, links, headings."""
    if chunk.is_heading or chunk.words < 8 or chunk.link_density > 0.5:
        return 0
    return len(chunk.text)


def _settle_zones(outline: Outline) -> None:
    """Gives each chunk the zones of the elements around it, less those that can't be meant."""
    weight = [0] * len(outline.tags)
    for chunk in outline.chunks:
        if chunk.element >= 0:
            weight[chunk.element] += prose_weight(chunk)
    for element in range(len(weight) - 1, 0, -1):
        weight[outline.parents[element]] += weight[element]
    total = weight[0] if weight else 0
    zones: list[int] = []
    for element, own in enumerate(outline.own_zones):
        if own & DOUBTFUL and (
            element == 0 or (total and weight[element] > total * MOST_OF_THE_PROSE)
        ):
            own &= ~int(DOUBTFUL)
        parent = outline.parents[element]
        zones.append(own | (zones[parent] if parent >= 0 else 0))
    for chunk in outline.chunks:
        chunk.zones = zones[chunk.element] if chunk.element >= 0 else 0
        _add_piece_zones(chunk)


def settle_zones_around(outline: Outline, container: int) -> None:
    """Settles zones anew when the article's container is known.

    An element that holds the article's text says nothing about any part of it: only elements that
    do not hold the container, or that stand inside it, are believed.
    """
    holding = set(outline.ancestors(container))
    zones: list[int] = []
    for element, own in enumerate(outline.own_zones):
        kept = own & ~int(DOUBTFUL) if element in holding else own
        parent = outline.parents[element]
        zones.append(kept | (zones[parent] if parent >= 0 else 0))
    for chunk in outline.chunks:
        chunk.zones = zones[chunk.element] if chunk.element >= 0 else 0
        _add_piece_zones(chunk)


def _add_piece_zones(chunk: Chunk) -> None:
    for piece in chunk.pieces:
        if piece.zones and len(piece.text) >= len(chunk.text) - 2:
            chunk.zones |= piece.zones


#: A caption has at most this many words (the longest of the labelled pages: 63).
CAPTION_WORDS = 70


def is_caption_by_place(outline: Outline, chunk: Chunk) -> bool:
    """Whether a chunk stands right under a picture in a small box of their own."""
    return outline.boxed.get(chunk.index, False) if chunk.words <= CAPTION_WORDS else False


def _settle_captions(outline: Outline) -> None:
    """Finds the chunks that share a box with the picture before them and with no other text."""
    held: dict[int, int] = {}
    for chunk in outline.chunks:
        for element in outline.ancestors(chunk.element):
            held[element] = held.get(element, 0) + 1
    for picture in outline.pictures:
        if picture.element < 0 or picture.before >= len(outline.chunks):
            continue
        chunk = outline.chunks[picture.before]
        box = outline.common(picture.element, chunk.element)
        if chunk.zones & (Zone.BYLINE | Zone.DATE) or any(
            piece.tag == "time" for piece in chunk.pieces
        ):
            continue
        if box > 0 and held.get(box) == 1 and chunk.link_density < 0.5 and not chunk.is_heading:
            outline.boxed[chunk.index] = True
