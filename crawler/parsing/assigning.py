"""What each chunk of the stretch is: text, a heading, or one of the things that stand between."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from crawler.article import Block, BlockKind
from crawler.parsing.analysis import around_analysis
from crawler.parsing.asides import (
    is_aside_of_any_site,
    is_notice,
    is_see_also,
    is_signature,
    states_licence,
)
from crawler.parsing.container import CLOSING, is_cut_teaser, is_dated_card
from crawler.parsing.outline import FIRST_PARAGRAPH, Chunk, is_caption_by_place, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.roles import Role, Text
from crawler.parsing.text import begins, clean_lines, folded
from crawler.parsing.wording import (
    APPEAL_WORDS,
    MACHINERY,
    MACHINERY_WORDS,
    asks_for_money,
    asks_of_use,
    is_donate_button,
    is_wall,
    without_anchor,
)
from crawler.parsing.zones import ELSEWHERE, FURNITURE, Zone


def assign_roles(page: Page, text: Text, headline: Chunk | None) -> None:
    """Gives each chunk of the stretch its role and writes the blocks."""
    chunks = [
        chunk
        for chunk in page.chunks[text.first : text.last + 1]
        if page.outline.is_inside(chunk.element, text.container)
    ]
    whole = [folded(chunk.text) for chunk in chunks]
    _Assignment(page, text, chunks, whole, headline=folded(headline.text) if headline else "").run()


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
            if prose_weight(chunk) > FIRST_PARAGRAPH and not chunk.zones & ELSEWHERE
        )
        self.shapes = {shape for shape, number in shapes.items() if number > 1 or len(shapes) == 1}
        position = 0
        while position < len(self.chunks):
            chunk = self.chunks[position]
            role = self.text.roles[chunk.index] = self._role(position)
            if role is Role.ANALYSIS:
                self._take_analysis_heading(chunk)
            elif role is Role.SEE_ALSO:
                position = self._take_see_also(position)
            elif role is Role.NOTICE:
                position = self._take_notice(position)
            elif role is Role.CAPTION:
                self.text.captions.append(chunk)
            elif role in (Role.PROSE, Role.HEADING):
                self._take_prose(chunk, role)
            position += 1
        self.text.write(self.blocks)
        self.text.begins = self.blocks[0][0].index if self.blocks else self.text.first

    def _role(self, position: int) -> Role:
        chunk = self.chunks[position]
        wording, zones, bare = self.page.wording, chunk.zones, self.whole[position]
        if self._is_boxed(chunk) or self._is_recommended(chunk):
            return Role.FURNITURE
        if wording.analysis and self.blocks and around_analysis(self.page, chunk)[1]:
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
        if bare in wording.see_also and self._points_amid_text(position):
            return Role.SEE_ALSO
        if bare in wording.related and chunk.words <= 8:
            self._box_from(position)
            self.recommending = True
            return Role.FURNITURE
        if begins(chunk.text, wording.licence) and (chunk.links or chunk.words <= 6):
            return Role.FURNITURE
        if chunk.words <= MACHINERY_WORDS and MACHINERY.match(chunk.text):
            return Role.FURNITURE
        if not self.page.knows_printing and is_aside_of_any_site(chunk):
            return Role.FURNITURE
        if asks_of_use(chunk.text):
            return Role.FURNITURE
        if is_wall(chunk.text) or states_licence(chunk) or self._asks_for_money(chunk):
            return Role.FURNITURE
        if is_notice(chunk, wording.notice):
            return Role.NOTICE
        if not self.page.knows_printing and self._opens_appeal(chunk):
            return Role.FURNITURE
        if self._is_pull_quote(position):
            return Role.FURNITURE
        if is_signature(chunk) and self._may_be_signature(chunk):
            self.text.signed.append(chunk)
            return Role.FURNITURE
        if chunk.link_density > 0.8 and chunk.is_heading and chunk.words > 3:
            return Role.FURNITURE
        if not self.page.knows_printing and (
            is_cut_teaser(self.page, chunk) or is_dated_card(self.page, chunk)
        ):
            return Role.FURNITURE
        if is_subheading(chunk):
            return Role.HEADING
        return Role.PROSE if _is_prose(chunk) or self._is_shaped_as_prose(chunk) else Role.UNLIKELY

    def _asks_for_money(self, chunk: Chunk) -> bool:
        """Whether a chunk asks for money, with the button that takes it below."""
        after = self.page.chunks[chunk.index + 1 : chunk.index + 2]
        return bool(after) and asks_for_money(chunk.text, after[0].text)

    def _opens_appeal(self, chunk: Chunk) -> bool:
        """Whether a chunk begins a box that ends in a button to donate; the box is left out."""
        outline, container = self.page.outline, self.text.container
        for after in self.page.chunks[chunk.index + 1 : chunk.index + 1 + APPEAL_LINES]:
            if not after.links or not is_donate_button(after.text):
                continue
            box = outline.common(chunk.element, after.element)
            if box == container or not outline.is_inside(box, container):
                return False
            held = [c for c in self.chunks if outline.is_inside(c.element, box)]
            taken = any(outline.is_inside(each.element, box) for each, _ in self.blocks)
            if not taken and sum(each.words for each in held) <= APPEAL_WORDS:
                self.boxes.add(box)
                return True
        return False

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

    def _take_analysis_heading(self, chunk: Chunk) -> None:
        """Sets apart what follows a heading of the analysis; a second such heading says nothing."""
        if self.text.analysis_at is not None:
            return
        before, self.text.analysis_heading, rest = around_analysis(self.page, chunk)
        self.text.analysis_at = chunk.index
        if before:
            self.text.before_heading = Block("paragraph", before)
            self.blocks.append((chunk, self.text.before_heading))
        if rest:
            self.blocks.append((chunk, Block("paragraph", rest)))

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

    def _points_amid_text(self, position: int) -> bool:
        """Whether a label stands alone over links after which the text goes on: no cards below."""
        end = position + 1
        while end < len(self.chunks) and _is_link_only(self.chunks[end]):
            end += 1
        return (
            position + 1 < end <= position + 1 + MOST_POINTERS
            and not self.page.knows_printing
            and any(
                prose_weight(each) > FIRST_PARAGRAPH and not each.zones & ELSEWHERE
                for each in self.chunks[end:]
            )
        )

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
        kind: BlockKind = "heading" if role is Role.HEADING else kind_of(chunk)
        lines = _in_lines(chunk) if kind == "preformatted" else chunk.text
        if kind == "heading" and chunk.links and not self.page.knows_printing:
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


#: A box amid the text points to so many pages at most; a longer list is of another kind.
MOST_POINTERS = 6
#: A box that asks for money has its button so many lines after its first at most.
APPEAL_LINES = 4
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


def kind_of(chunk: Chunk) -> BlockKind:
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
    return chunk.words >= 4 and (chunk.words >= 12 or chunk.text[-1:] in CLOSING)


#: The link at the end of a teaser.
_TEASER_END = re.compile(
    r"^(?:read|see|view|learn|find out|show) (?:more|on|all|full story)\W*$|^(?:leer|ver"
    r"|lea) m[aá]s\W*$"
    r"|^mehr(?: lesen| dazu)?\W*$|^weiterlesen\W*$|^lire (?:plus|la suite)\W*$|^leggi (?:tutto"
    r"|di pi[uù])\W*$",
    re.I,
)


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


def _is_link_only(chunk: Chunk) -> bool:
    return chunk.link_density > 0.9 and bool(chunk.links)
