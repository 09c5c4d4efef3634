"""The walk through a page's tree that writes its outline: once, and without recursion.

The tree is not asked for its nodes: it writes itself anew as HTML in which every mark is whole and
every "<" begins one, and that is parted at each "<".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from crawler.article import word_count
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
from crawler.parsing.text import clean
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
        "rt",
        "rtc",
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
        "nobr",
        "picture",
        "source",
        "blink",
        "center-inline",
    ]
)
#: Tags that hold nothing and are never left again: inline ones, and ones that end a line.
VOID = frozenset(["br", "img", "wbr", "source"])
EMPTY = frozenset(["hr", "area", "col", "param", "track", "basefont", "bgsound", "keygen"])
SKIPPED_EMPTY = frozenset(["input", "embed", "link", "meta", "base", "frame"])
EMPHASIS = frozenset(["em", "strong", "b", "i", "u", "mark"])
#: Elements whose text is written as it is, with "<" in it.
VERBATIM = frozenset(["iframe", "noembed", "noframes", "xmp", "plaintext", "script", "style"])

#: Plain boxes that are set as what they stand in: a heading, a list item.
_SETS_INSIDE = {
    **{heading: {"div": heading, "section": heading} for heading in HEADINGS},
    "li": {"p": "li"},
}

#: Bounds that keep a hostile page's cost linear: chunks kept, tags walked.
MOST_CHUNKS = 40_000
MOST_TAGS = 2_000_000
#: Deeper elements count as part of the one at this depth (browsers stop at 512), and inline tags
#: nested deeper than this are not looked at one by one.
MOST_DEPTH = 200
MOST_PIECES = 48

#: What a mark (the words between "<" and ">") stands for; those up to ``_VERBATIM`` end a chunk.
_ENDS, _OPENS, _EMPTY, _VERBATIM, _OPENS_INLINE, _ENDS_INLINE = range(6)
_BREAK, _IMAGE, _SKIPPED, _COMMENT, _NOTHING = range(6, 11)
_KINDS = {
    **dict.fromkeys(VERBATIM, _VERBATIM),
    **dict.fromkeys(EMPTY, _EMPTY),
    **dict.fromkeys(SKIPPED, _SKIPPED),
    **dict.fromkeys(SKIPPED_EMPTY, _NOTHING),
    **dict.fromkeys(INLINE, _OPENS_INLINE),
    **dict.fromkeys(VOID, _NOTHING),
    **dict.fromkeys(("img", "amp-img"), _IMAGE),
    "br": _BREAK,
}

_Mark = tuple[int, str, str, int]
"""What it stands for; the tag; class and id; the zones that they and other attributes name."""

#: Marks seen before, since pages repeat theirs: none that is long, and none with an address in it.
_known_marks: dict[str, _Mark] = {}
MOST_KNOWN_MARKS, KNOWN_MARK_CHARACTERS = 16_000, 200
_A_COMMENT: _Mark = (_COMMENT, "", "", 0)
_A_DECLARATION: _Mark = (_NOTHING, "", "", 0)
_PICTURES: dict[str, _Mark] = {tag: (_IMAGE, tag, "", 0) for tag in ("img", "amp-img")}


def _read_mark(mark: str) -> _Mark:
    """A mark that is not known yet, and is from now on if it may come again."""
    tag, _, attributes = mark.partition(" ")
    first = tag[:1]
    if first == "a" and tag == "a":
        before, found, after = mark.partition(' href="')
        if found:
            mark = before + after[after.find('"') + 1 :]
            known = _known_marks.get(mark)
            if known is not None:
                return known
    elif first in "!?":
        return _A_COMMENT if tag.startswith("!--") else _A_DECLARATION
    elif tag in _PICTURES:
        return _PICTURES[tag]
    if first == "/":
        tag = tag[1:]
        read: _Mark = (_ENDS_INLINE if tag in INLINE else _ENDS, tag, "", 0)
    else:
        kind = _KINDS.get(tag, _OPENS)
        alone = kind <= _VERBATIM
        name, zones = "", BY_TAG.get(tag, 0) if alone else 0
        if attributes and kind <= _OPENS_INLINE:
            name = _name(mark)
            if name:
                zones |= zones_named(name)
            if tag == "font":
                name = f"{name} {LARGE}" if attribute(mark, "size") in _LARGE_SIZES else name
            told = _TELLING.findall(mark)
            if told:
                zones |= zones_of_attributes({key: _plain(value) or None for key, value in told})
        read = (kind, tag, name, zones)
    if len(mark) <= KNOWN_MARK_CHARACTERS:
        if len(_known_marks) >= MOST_KNOWN_MARKS:
            _known_marks.clear()
        _known_marks[mark] = read
    return read


def attribute(mark: str, name: str) -> str | None:
    """An attribute of a mark, None for an empty one. The tree writes all as ``name="value"``.

    >>> attribute('a href="/x?a=1&amp;b" rel=""', "href")
    '/x?a=1&b'
    """
    start = mark.find(f' {name}="')
    if start < 0:
        return None
    start += len(name) + 3
    value = mark[start : mark.find('"', start)]
    return (_plain(value) if "&" in value else value) or None


def _address(mark: str) -> str:
    """The address of a link, empty without one: the attribute that pages are full of."""
    start = mark.find(' href="') + 7
    if start < 7:
        return ""
    address = mark[start : mark.find('"', start)]
    return _plain(address) if "&" in address else address


def _plain(text: str) -> str:
    """A text without the five references that the tree writes."""
    if "&nbsp;" in text:
        text = text.replace("&nbsp;", "\u00a0")
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")


def _name(mark: str) -> str:
    """Class and id of an element, as one string of bounded length."""
    name = ""
    start = mark.find(' class="')
    if start > 0:
        name = mark[start + 8 : mark.find('"', start + 8)]
    start = mark.find(' id="')
    if start > 0 and mark[start + 5] != '"':
        identity = mark[start + 5 : mark.find('"', start + 5)]
        name = f"{name} {identity}"
    return (_plain(name) if "&" in name else name)[:300]


def _picture_address(mark: str) -> str | None:
    """Where a picture is: one that loads late names a stand-in as its source."""
    for name in ("data-src", "data-lazy-src", "data-original", "src"):
        address = attribute(mark, name)
        if address and not address.startswith("data:"):
            return address
    sources = attribute(mark, "srcset") or attribute(mark, "data-srcset") or ""
    return sources.strip().partition(" ")[0].rstrip(",") or attribute(mark, "src")


#: Stands in the name of a ``<font>`` that is set larger than text (HTML 3.2: the base is 3).
LARGE = "large-font"
_LARGE_SIZES = frozenset(("4", "5", "6", "7", "+1", "+2", "+3", "+4"))

#: Stands in the name of an inline element that its style sets as a paragraph of its own.
BLOCK = "set-as-block"
_SET_AS_BLOCK = re.compile(' style="[^"]*display: ?(?:block|flex|grid|table)(?![a-z-])')
_TWO_BREAKS = (BREAK, BREAK)

#: Attributes other than class and id that zones are read from.
_TELLING = re.compile(' (hidden|style|itemprop|role|rel)="([^"]*)"')

_Runs = Iterator[tuple[int, str]]
"""Numbered runs of a page's source, each a mark and the text after it, parted by ">"."""


def _text_after_comment(runs: _Runs, run: str) -> str:
    """The text after a comment, whose first run is given."""
    end = run.find("-->", 3)
    while end < 0:
        following = next(runs, None)
        if following is None:
            return ""
        run = following[1]
        end = run.find("-->")
    return run[end + 3 :]


def _text_after_element(runs: _Runs, tag: str) -> str:
    """The text after an element that is not read, whose first run has been."""
    if tag in VERBATIM:
        return _verbatim(runs, tag, "")[1]
    depth = 1
    for _, run in runs:
        mark, _, text = run.partition(">")
        if mark == f"/{tag}":
            depth -= 1
            if not depth:
                return text
        elif mark.startswith("!--"):
            _text_after_comment(runs, run)
        elif (opened := mark.partition(" ")[0]) == tag:
            depth += 1
        elif opened in VERBATIM:
            _verbatim(runs, opened, "")
    return ""


def _verbatim(runs: _Runs, tag: str, text: str) -> tuple[str, str]:
    """What an element holds as it is, and the text after it."""
    held = [text]
    for _, run in runs:
        if run.startswith(f"/{tag}>"):
            return "<".join(held), run[len(tag) + 2 :]
        held.append(run)
    return "<".join(held), ""


def _whole_mark(runs: _Runs, run: str) -> tuple[str, str]:
    """A mark with a "<" in its tag or in an attribute's name, and the text after it."""
    held = [run]
    for _, following in runs:
        held.append(following)
        if ">" in following:
            break
    mark, _, text = "<".join(held).partition(">")
    return mark, text


_Open = tuple[str, str, str | None, str | None, int, str, int]
"""An inline tag that is open: tag, name, address, moment, zones, ``rel``; where its text begins."""

#: Carries the zones that a profile's selectors give an element.
_HINT = "hemeroteca-zones"


class _Walker:
    """Reads a page's source once and writes the outline. State is what is open at present."""

    def __init__(self, *, hinted: bool) -> None:
        self.hinted = hinted
        self.outline = Outline()
        self.element = -1
        self.text: list[str] = []
        self.open_pieces: list[_Open] = []
        self.pieces: list[Piece] = []
        self.link_depth = 0
        self.emphasis = 0
        self.characters = self.linked = self.emphasised = 0
        self.emphasis_tags: set[str] = set()
        self.depth = 0
        self.too_deep = 0
        self.pieces_too_deep = 0
        self.begun = False
        """Whether emphasis or a piece has been noted since the last chunk."""
        self.raw = self.cleaned = ""
        """The last piece's text as it was and clean: often a piece is all of its chunk."""

    def walk(self, html: str) -> Outline:
        """The outline of an element that the tree has written: well-formed, all marks escaped."""
        source = html.split("<")
        del source[MOST_TAGS:]
        self.outline.source = source
        runs = enumerate(source)
        next(runs)  # nothing stands before the first mark
        known_marks, written = _known_marks.get, self.text
        for number, run in runs:
            mark, closed, text = run.partition(">")
            if not closed and not run.startswith("!--"):
                mark, text = _whole_mark(runs, run)
            kind, tag, name, zones = known_marks(mark) or _read_mark(mark)
            if kind <= _VERBATIM:
                if written or self.begun:
                    self._flush()
                if kind == _ENDS:
                    self._leave_block(number)
                else:
                    self._enter_block(number, mark, tag, name, zones)
                    if kind != _OPENS:
                        text = self._leave_at_once(runs, number, kind, tag, text)
            elif kind == _OPENS_INLINE:
                self._enter_inline(mark, tag, name, zones)
            elif kind == _ENDS_INLINE:
                self._leave_inline(tag)
            elif kind == _BREAK:
                written.append(BREAK)
            elif kind == _IMAGE:
                self._add_picture(mark, tag)
            elif kind == _COMMENT:
                text = _text_after_comment(runs, run)
            elif kind == _SKIPPED:
                text = _text_after_element(runs, tag)
            if text:
                if "&" in text:
                    text = _plain(text)
                if not text.isspace():
                    self._add_text(text)
                elif written:
                    written.append(text)
        self._flush()
        self._close_elements()
        return self.outline

    def _leave_at_once(self, runs: _Runs, number: int, kind: int, tag: str, text: str) -> str:
        """Leaves an element that holds nothing, or all of it as it is; gives the text after it."""
        if kind == _VERBATIM:
            held, text = _verbatim(runs, tag, text)
            self._add_text(held)
            self._flush()
        self._leave_block(number)
        return text

    def _close_elements(self) -> None:
        """Ends the elements that are still open where the source ends."""
        outline = self.outline
        while self.element >= 0:
            outline.ends[self.element] = len(outline.tags)
            self.element = outline.parents[self.element]

    def _enter_block(self, number: int, mark: str, tag: str, name: str, zones: int) -> None:
        if self.depth >= MOST_DEPTH:
            self.too_deep += 1
            return
        self.depth += 1
        outline = self.outline
        if self.hinted:
            zones |= _hint_in(mark)
        tags, around = outline.tags, self.element
        if around >= 0 and tags[around] in _SETS_INSIDE:
            tag = _SETS_INSIDE[tags[around]].get(tag, tag)
        outline.parents.append(around)
        self.element = len(tags)
        tags.append(tag)
        outline.names.append(name)
        outline.own_zones.append(zones)
        outline.ends.append(0)
        outline.first_runs.append(number)
        outline.last_runs.append(number)

    def _leave_block(self, number: int) -> None:
        if self.too_deep:
            self.too_deep -= 1
        elif self.element >= 0:
            outline, element = self.outline, self.element
            outline.last_runs[element] = number
            outline.ends[element] = len(outline.tags)
            self.element = outline.parents[element]
            self.depth -= 1

    def _add_picture(self, mark: str, tag: str) -> None:
        self.outline.pictures.append(
            Picture(
                self.element,
                len(self.outline.chunks) + bool(self.characters),
                _picture_address(mark),
                attribute(mark, "alt"),
                next((each[2] for each in reversed(self.open_pieces) if each[0] == "a"), None)
                if self.link_depth
                else None,
            )
        )
        if tag == "amp-img" and len(self.open_pieces) >= MOST_PIECES:
            self.pieces_too_deep += 1
        elif tag == "amp-img":
            self.open_pieces.append((tag, "", None, None, 0, "", len(self.text)))

    def _enter_inline(self, mark: str, tag: str, name: str, zones: int) -> None:
        if len(self.open_pieces) >= MOST_PIECES:
            self.pieces_too_deep += 1
            return
        if self.hinted:
            zones |= _hint_in(mark)
        href = when = None
        rel = ""
        if tag == "a":
            href = _address(mark)
            if ' rel="' in mark:
                rel = attribute(mark, "rel") or ""
            self.link_depth += 1
        elif tag == "time":
            when = attribute(mark, "datetime")
        elif tag in EMPHASIS:
            self.emphasis += 1
            self.emphasis_tags.add(tag)
            self.begun = True
        if ' style="' in mark and _SET_AS_BLOCK.search(mark):
            self.text += _TWO_BREAKS
            name = f"{name} {BLOCK}"
        self.open_pieces.append((tag, name, href, when, zones, rel, len(self.text)))

    def _leave_inline(self, tag: str) -> None:
        if self.pieces_too_deep:
            self.pieces_too_deep -= 1
            return
        opened = self.open_pieces
        if not opened or opened[-1][0] != tag:
            return
        closed = opened.pop()
        if tag == "a":
            self.link_depth -= 1
        elif tag in EMPHASIS:
            self.emphasis -= 1
        if closed[6] < len(self.text) or closed[3]:
            self._close_piece(closed)
        if closed[1].endswith(BLOCK):
            self.text += _TWO_BREAKS

    def _close_piece(self, opened: _Open) -> None:
        """Writes a finished inline run into the chunk in the making."""
        tag, name, href, when, zones, rel, start = opened
        if tag in EMPHASIS and not name:
            return
        self.raw = "".join(self.text[start:] if start else self.text)
        self.cleaned = text = clean(self.raw)
        if text or when:
            self.pieces.append(Piece(tag, name, text, href, when, zones, rel, start))
            self.begun = True

    def _add_text(self, text: str) -> None:
        self.text.append(text)
        if not text or text.isspace():
            return
        size = len(text)
        self.characters += size
        if self.link_depth:
            self.linked += size
        if self.emphasis:
            self.emphasised += size

    def _flush(self) -> None:
        """Ends the chunk in the making. Inline tags still open go on in the next one."""
        opened = self.open_pieces
        if self.characters:
            for each in reversed(opened):
                self._close_piece(each)
            self._write_chunk()
            self.characters = self.linked = self.emphasised = 0
        self.text.clear()
        self.pieces = []
        if self.emphasis_tags:
            self.emphasis_tags = {each[0] for each in opened if each[0] in EMPHASIS}
        self.begun = bool(self.emphasis_tags)
        if opened:
            self.open_pieces = [(*each[:6], 0) for each in opened]

    def _write_chunk(self) -> None:
        outline = self.outline
        if len(outline.chunks) >= MOST_CHUNKS:
            return
        raw = "".join(self.text)
        tag = outline.tags[self.element] if self.element >= 0 else "body"
        broken = BREAK in raw
        if broken and tag != "pre":
            parts = self._split_at_breaks()
            for part, pieces in parts:
                self._write_part(tag, part, pieces, alone=len(parts) == 1, broken=BREAK in part)
        else:
            self._write_part(tag, raw, self.pieces, alone=True, broken=broken)

    def _write_part(
        self, tag: str, part: str, pieces: list[Piece], *, alone: bool, broken: bool
    ) -> None:
        """Writes the chunk, or what stands of it between two breaks."""
        text = self.cleaned if part is self.raw else clean(part)
        if not text:
            return
        chunks = self.outline.chunks
        linked = self.linked
        if linked:
            linked = (
                min(linked, len(text))
                if alone
                else sum(len(piece.text) for piece in pieces if piece.href is not None)
            )
        chunks.append(
            Chunk(
                len(chunks),
                self.element,
                tag,
                text,
                pieces,
                0,
                linked,
                self.emphasised >= self.characters,
                part if broken or tag == "pre" else "",
                word_count(text),
                tuple(self.emphasis_tags) if self.emphasis_tags else (),
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


def _write_hints(tree: LexborHTMLParser, hints: Hints) -> None:
    """Writes the zones that a profile's selectors give onto the elements selected."""
    found: dict[int, int] = {}
    for name, zone in _HINTED.items():
        for selector in getattr(hints, name):
            for node in tree.css(selector):
                zones = found[node.mem_id] = found.get(node.mem_id, 0) | zone
                node.attrs[_HINT] = str(zones)


def _hint_in(mark: str) -> int:
    """The zones that a profile's selectors gave the element of a mark."""
    written = attribute(mark, _HINT)
    return int(written) if written and written.isdecimal() and len(written) < 12 else 0


#: Skipped elements that pages are full of: the tree is rid of them faster than they are skipped.
_STRIPPED = ["script", "style", "svg", "noscript", "iframe", "template", "select"]


def read_outline(tree: LexborHTMLParser, hints: Hints | None = None) -> Outline:
    """The outline of a parsed page; empty for a page without a body.

    The tree writes its body anew, well-formed and escaped, and that is read in one pass: much
    faster than asking it for one node after the other. Scripts and styles are gone from it then.
    """
    root = tree.body or tree.root
    if root is None:
        return Outline()
    if hints:
        _write_hints(tree, hints)
    root.strip_tags(_STRIPPED)
    outline = _Walker(hinted=hints is not None).walk(root.html or "")
    settle_zones(outline)
    settle_captions(outline)
    return outline
