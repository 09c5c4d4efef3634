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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.parsing.zones import DOUBTFUL, Zone

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

#: Stands for a ``<br>`` in a chunk's raw text, so that a newline of the source isn't taken for one.
BREAK = "\u2028"


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
    href: str | None = None
    """Where the link around it leads."""


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
        if not self.pieces:
            return []
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
    ends: list[int] = field(default_factory=list)
    """Per element: the number of the first element after it that does not stand in it."""
    source: list[str] = field(default_factory=list)
    """The page's body as the tree writes it, parted at each "<"."""
    first_runs: list[int] = field(default_factory=list)
    last_runs: list[int] = field(default_factory=list)
    """Per element: the numbers of the runs in ``source`` that open and end it."""
    boxed: dict[int, bool] = field(default_factory=dict)
    """Chunks, by index, that share a small box with a picture and nothing else."""

    def ancestors(self, element: int) -> Iterator[int]:
        """The element and those around it, inside out."""
        while element >= 0:
            yield element
            element = self.parents[element]

    def is_inside(self, element: int, container: int) -> bool:
        """Whether an element is the container or stands in it."""
        return container <= element < self.ends[container] if container >= 0 else True

    def covered(self, elements: Iterable[int]) -> bytearray:
        """Per element, 1 where it is one of those or stands in one; a 0 more for no element."""
        covered = bytearray(len(self.tags) + 1)
        for element in elements:
            if not covered[element]:
                end = self.ends[element]
                covered[element:end] = b"\1" * (end - element)
        return covered

    def depth_below(self, element: int, container: int, most: int) -> int:
        """How many elements deep in the container an element stands, counted up to ``most``."""
        depth = 0
        while element > container and depth < most:
            element = self.parents[element]
            depth += 1
        return depth

    def html(self, element: int) -> str:
        """An element as HTML, without scripts and styles."""
        held = self.source[self.first_runs[element] : self.last_runs[element] + 1]
        held[-1] = held[-1].partition(">")[0] + ">"
        return "<" + "<".join(held)

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


#: A zone is not believed on an element that holds this share of the page's prose.
MOST_OF_THE_PROSE = 0.5
#: A box with more letters of prose is no deck, whatever it is called.
DECK_LETTERS = 450
#: Zones of labels, which a chunk of so many words is not: "tag", "date" and "share" are also words
#: in the names of boxes that hold whole texts.
LABELS = Zone.TAGS | Zone.DATE | Zone.MODIFIED | Zone.KICKER | Zone.BREADCRUMB | Zone.SHARE
LABEL_WORDS = 25


#: So many characters of prose are a paragraph of an article: what ends one stands behind it.
FIRST_PARAGRAPH = 60


def prose_weight(chunk: Chunk) -> int:
    """How much prose a chunk looks like, in characters: 0 for labels, links, headings."""
    if chunk.words < 8 or chunk.is_heading or chunk.link_density > 0.5:
        return 0
    return len(chunk.text)


def settle_zones(outline: Outline) -> None:
    """Gives each chunk the zones of the elements around it, less those that can't be meant."""
    weight = [0] * len(outline.tags)
    for chunk in outline.chunks:
        if chunk.element >= 0:
            weight[chunk.element] += prose_weight(chunk)
    for element in range(len(weight) - 1, 0, -1):
        weight[outline.parents[element]] += weight[element]
    total = weight[0] if weight else 0
    for element, own in enumerate(outline.own_zones):
        if own & Zone.DECK and weight[element] > DECK_LETTERS:
            outline.own_zones[element] = own & ~Zone.DECK
    most = total * MOST_OF_THE_PROSE
    holding = [element for element, held in enumerate(weight) if held > most or element == 0]
    _settle_chunks(outline, _zones_around(outline, holding))


def settle_zones_around(outline: Outline, container: int, *, lenient: bool = False) -> None:
    """Settles zones anew when the article's container is known.

    An element that holds the article's text says nothing about any part of it: only elements that
    do not hold the container, or that stand inside it, are believed. ``lenient`` does not believe
    those inside, either, that hold more than half of the container's prose.
    """
    around = set(outline.ancestors(container))
    holding = around | _heavy_inside(outline, container) if lenient else around
    _settle_chunks(outline, _zones_around(outline, holding, layout=around))


def _zones_around(
    outline: Outline, holding: Iterable[int], layout: Iterable[int] = ()
) -> list[int]:
    """Per element: its zones and those around it, less the doubtful ones of some that hold text.

    A table of ``layout`` holds the page rather than figures.
    """
    zones = outline.own_zones.copy()
    for element in holding:
        zones[element] &= ~DOUBTFUL
    for element in layout:
        zones[element] &= ~Zone.TABLE
    for element, parent in enumerate(outline.parents):
        if parent >= 0:
            zones[element] |= zones[parent]
    return zones


def _heavy_inside(outline: Outline, container: int) -> set[int]:
    """The elements inside a container that hold more than half of its prose, alone or together
    with others of their name: texts are parted into boxes of one make where something stands
    between.
    """
    weight: dict[int, int] = {}
    total = 0
    for chunk in outline.chunks:
        amount = prose_weight(chunk)
        if amount and outline.is_inside(chunk.element, container):
            total += amount
            for element in outline.ancestors(chunk.element):
                weight[element] = weight.get(element, 0) + amount
    made: dict[str, int] = {}
    for element, amount in weight.items():
        made[outline.names[element]] = made.get(outline.names[element], 0) + amount
    return {
        element
        for element, amount in weight.items()
        if (made[outline.names[element]] if outline.names[element] else amount)
        > total * MOST_OF_THE_PROSE
    }


def _settle_chunks(outline: Outline, zones: list[int]) -> None:
    """Gives chunks their elements' zones and their only piece's, but no label's if it is prose."""
    for chunk in outline.chunks:
        own = zones[chunk.element] if chunk.element >= 0 else 0
        if own & LABELS and chunk.words >= LABEL_WORDS and chunk.link_density < 0.3:
            own &= ~LABELS
        for piece in chunk.pieces:
            if piece.zones and len(piece.text) >= len(chunk.text) - 2:
                own |= piece.zones
        chunk.zones = own


#: Pictures that are signs, not pictures: told by their file's name or alternative text.
_SIGN = re.compile(
    r"\b(?:print|imprimir|e-?mail|correo|icons?|logo|avatar|sprite|pixel|spacer|blank|share|button"
    r"|badge|gravatar)\b",
    re.I,
)


def is_sign(picture: Picture) -> bool:
    """Whether a picture is a sign: an icon, a logo, an avatar."""
    return _SIGN.search(f"{(picture.src or '').rsplit('/', 1)[-1]} {picture.alt or ''}") is not None


#: A caption has at most this many words (the longest of the labelled pages: 63).
CAPTION_WORDS = 70


def is_caption_by_place(outline: Outline, chunk: Chunk) -> bool:
    """Whether a chunk stands right under a picture in a small box of their own."""
    return outline.boxed.get(chunk.index, False) if chunk.words <= CAPTION_WORDS else False


def settle_captions(outline: Outline) -> None:
    """Finds the chunks that share a box with the picture before them and with no other text."""
    held = [0] * len(outline.tags)
    for chunk in outline.chunks:
        if chunk.element >= 0:
            held[chunk.element] += 1
    for element in range(len(held) - 1, 0, -1):
        held[outline.parents[element]] += held[element]
    for picture in outline.pictures:
        if picture.element < 0 or picture.before >= len(outline.chunks):
            continue
        chunk = outline.chunks[picture.before]
        if chunk.zones & (Zone.BYLINE | Zone.DATE) or chunk.is_heading or chunk.link_density >= 0.5:
            continue
        box = outline.common(picture.element, chunk.element)
        alone = box > 0 and held[box] == 1
        if not (alone or _is_set_as_caption(outline, picture, chunk)):
            continue
        if any(piece.tag == "time" for piece in chunk.pieces) or is_sign(picture):
            continue
        outline.boxed[chunk.index] = True


#: A line in italics under a picture that has more words is a paragraph.
ITALIC_WORDS = 30
_ITALICS = frozenset(("em", "i"))


def _is_set_as_caption(outline: Outline, picture: Picture, chunk: Chunk) -> bool:
    """Whether a chunk is nothing but a short line in italics, right under a picture in the text.

    Over the first paragraph such a line may as well lead the text in.
    """
    if (
        not chunk.emphasised
        or chunk.words > ITALIC_WORDS
        or not _ITALICS.issuperset(chunk.bold_tags)
    ):
        return False
    parents = outline.parents
    around = parents[chunk.element]
    if around not in (picture.element, parents[picture.element]):
        return False
    before = outline.chunks[max(0, chunk.index - BEFORE_PICTURE) : chunk.index]
    return any(prose_weight(each) >= FIRST_PARAGRAPH and each.tag == chunk.tag for each in before)


#: A paragraph stands so many chunks at most before the picture that it is told by.
BEFORE_PICTURE = 4
