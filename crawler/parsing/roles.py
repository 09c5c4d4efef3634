"""What a chunk of the article's stretch can be, and the text as it is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from crawler.article import Block
from crawler.parsing.outline import Chunk


class Role(Enum):
    """What a chunk of the stretch is."""

    PROSE = "prose"
    HEADING = "heading"
    ANALYSIS = "analysis"
    SEE_ALSO = "see also"
    NOTICE = "notice"
    CAPTION = "caption"
    FURNITURE = "furniture"
    UNLIKELY = "unlikely"
    """Nothing says what it is, but it does not look like text."""
    CELL = "cell"
    OUTSIDE = "outside"

    @property
    def is_unsure(self) -> bool:
        """Whether no wording proves the role, so that a judgement may overrule it."""
        return self in _UNSURE


_UNSURE = frozenset((Role.PROSE, Role.HEADING, Role.UNLIKELY, Role.OUTSIDE))


@dataclass(slots=True)
class Text:
    """The article's text as found: blocks, and the chunks that they came from."""

    body: list[Block] = field(default_factory=list)
    analysis: list[Block] | None = None
    analysis_heading: str | None = None
    analysis_at: int | None = None
    """Index of the chunk that opens the analysis; None where nothing is set apart."""
    before_heading: Block | None = None
    """What that chunk says before the analysis heading."""
    notices: list[str] = field(default_factory=list)
    captions: list[Chunk] = field(default_factory=list)
    see_also: list[list[Chunk]] = field(default_factory=list)
    prose: list[Chunk] = field(default_factory=list)
    signed: list[Chunk] = field(default_factory=list)
    """Byline and date lines that stand in the stretch itself."""
    deck: list[Chunk] = field(default_factory=list)
    """The paragraphs of the text's own box that are its deck; the stretch begins after them."""
    container: int = 0
    first: int = 0
    """Index of the first chunk of the stretch; the opening ends before it."""
    last: int = 0
    """Index of the last chunk of the stretch."""
    blocks: list[tuple[Chunk, Block]] = field(default_factory=list)
    """All blocks in page order, each with its chunk; of a table, the last cell's."""
    struck: list[tuple[str, str]] = field(default_factory=list)
    """What the learned judgement took out of the text: how likely it was text, and its words."""
    begins: int = 0
    """Index of the first block that the rules took: what was judged out of it opens nothing."""
    end: int = 0
    """Index of the chunk at which the article is over, by a landmark or the next article."""
    roles: dict[int, Role] = field(default_factory=dict)
    """Per index of a chunk of the stretch: what the rules took it for."""

    def write(self, blocks: list[tuple[Chunk, Block]]) -> None:
        """Makes these the blocks of the text: body, and analysis where a heading sets it apart."""
        self.blocks = blocks
        self.prose = [chunk for chunk, _ in blocks]
        body = [block for chunk, block in blocks if not self._is_analysis(chunk, block)]
        self.body = without_loose_headings(body)
        if self.analysis_at is not None:
            rest = [block for chunk, block in blocks if self._is_analysis(chunk, block)]
            self.analysis = without_loose_headings(rest)

    def _is_analysis(self, chunk: Chunk, block: Block) -> bool:
        at = self.analysis_at
        return at is not None and chunk.index >= at and block is not self.before_heading


def without_loose_headings(blocks: list[Block]) -> list[Block]:
    """Blocks without headings that nothing follows."""
    end = len(blocks)
    while end and blocks[end - 1].kind == "heading":
        end -= 1
    return blocks[:end]
