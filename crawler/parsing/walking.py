"""The walk through a page's tree that writes its outline: once, and without recursion."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.outline import (
    BREAK,
    HEADINGS,
    Chunk,
    Outline,
    Picture,
    Piece,
    settle_captions,
    settle_zones,
)
from crawler.parsing.text import clean, word_count
from crawler.parsing.zones import BY_TAG, Zone, zones_named, zones_of_attributes
from crawler.profile import Hints

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


#: Bounds that keep a hostile page's cost linear: chunks kept, elements walked.
MOST_CHUNKS = 40_000
MOST_NODES = 2_000_000
#: Deeper elements count as part of the one at this depth (browsers stop at 512), and inline tags
#: nested deeper than this are not looked at one by one.
MOST_DEPTH = 200
MOST_PIECES = 48


def _picture_address(attributes: dict[str, str | None]) -> str | None:
    """Where a picture is: one that loads late names a stand-in as its source."""
    for name in ("data-src", "data-lazy-src", "data-original", "src"):
        address = attributes.get(name)
        if address and not address.startswith("data:"):
            return address
    sources = attributes.get("srcset") or attributes.get("data-srcset") or ""
    return sources.strip().partition(" ")[0].rstrip(",") or attributes.get("src")


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
        zones = BY_TAG.get(tag, 0) | (zones_named(name) if name else 0)
        if attributes:
            zones |= zones_of_attributes(attributes)
        if self.hinted:
            zones |= self.hinted.get(node.mem_id, 0)
        outline.tags.append(self._effective(tag))
        outline.names.append(name)
        outline.parents.append(self.element)
        outline.own_zones.append(zones)
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
                    _picture_address(attributes),
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
        piece = Piece(tag, name, "", zones=zones_named(name) if name else 0)
        if attributes:
            piece.zones |= zones_of_attributes(attributes)
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
        if self.emphasis_tags:
            self.emphasis_tags = {p.tag for p, _ in self.open_pieces if p.tag in EMPHASIS}
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
    settle_zones(outline)
    settle_captions(outline)
    return outline
