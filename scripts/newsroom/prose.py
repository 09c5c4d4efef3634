"""The light markup in which the newsroom's articles are filed, and its two readings: HTML and text.

Blocks are separated by an empty line. A block's first characters say what it is::

    plain text              a paragraph
    ## Heading              a heading inside the article
    === Faro Analysis       the heading over the outlet's own analysis
    - one                   a list, an item a line
    | a | b |               a table, a row a line
    > words                 a quotation
    "" words                a pull quote, which repeats a sentence of the article
    !! words                a notice: correction, editor's note, republication, footnote
    @@ src | caption | credit | alt     a picture
    %% words                a promotion between two paragraphs
    SEE ALSO: [title](url)  a pointer (also VEA TAMBIÉN:, LEA TAMBIÉN:)
    ---                     a break

Inside a block: ``[text](url)``, ``**bold**``, ``_italic_``, ``{nbsp}`` and ``{br}``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ITALIC = re.compile(r"(?<!\w)_([^_]+)_(?!\w)")
_MARKS = {
    "## ": "heading",
    "=== ": "analysis",
    "> ": "quote",
    '"" ': "pull_quote",
    "!! ": "notice",
    "@@ ": "picture",
    "%% ": "promotion",
}
_POINTER = re.compile(r"(?:SEE ALSO|VEA TAMBIÉN|LEA TAMBIÉN)\s*:")


@dataclass(frozen=True, slots=True)
class Part:
    """One block as it was filed. ``rows`` holds the items of a list and the cells of a table."""

    kind: str
    source: str
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def html(self) -> str:
        """The words as HTML."""
        return inline_html(self.source)

    def table_rows(self, *, has_head: bool = False) -> str:
        """The rows of a table as HTML, the first of them its head if it has one."""
        return "".join(
            f"<tr>{''.join(f'<{cell}>{inline_html(each)}</{cell}>' for each in row)}</tr>"
            for place, row in enumerate(self.rows)
            for cell in ("th" if has_head and not place else "td",)
        )

    @property
    def text(self) -> str:
        """The words as a reader sees them."""
        return inline_text(self.source)

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """(words, address as written) of every link in the block."""
        sources = [cell for row in self.rows for cell in row] or [self.source]
        return tuple((inline_text(a), b) for text in sources for a, b in _LINK.findall(text))


@lru_cache(maxsize=8192)
def parts_of(filed: str) -> tuple[Part, ...]:
    """The blocks of a filed text, in order.

    >>> [part.kind for part in parts_of("One.\\n\\n## Two\\n\\n- three\\n- four")]
    ['paragraph', 'heading', 'list']
    """
    return tuple(_part(chunk) for chunk in re.split(r"\n\s*\n", filed.strip()))


def _part(chunk: str) -> Part:
    lines = [line.strip() for line in chunk.strip().splitlines()]
    if lines[0].startswith("- "):
        return Part("list", "", tuple((line[2:],) for line in lines))
    if lines[0].startswith("|"):
        return Part("table", "", tuple(_cells(line) for line in lines))
    words = " ".join(lines)
    if words == "---":
        return Part("break", "")
    if _POINTER.match(words):
        return Part("see_also", words)
    for mark, kind in _MARKS.items():
        if words.startswith(mark):
            return Part(kind, words[len(mark) :])
    return Part("paragraph", words)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def inline_html(source: str) -> str:
    """Filed words as HTML.

    >>> inline_html("AT&T, [said](/a){nbsp}it")
    'AT&amp;T, <a href="/a">said</a>&nbsp;it'
    """
    words = html.escape(source, quote=False)
    words = _LINK.sub(r'<a href="\2">\1</a>', words)
    words = _BOLD.sub(r"<strong>\1</strong>", words)
    words = _ITALIC.sub(r"<em>\1</em>", words)
    return words.replace("{nbsp}", "&nbsp;").replace("{br}", "<br />")


def inline_text(source: str) -> str:
    """Filed words as a reader sees them, white space folded.

    >>> inline_text("A **bold** [link](/a){br}and{nbsp}more")
    'A bold link and more'
    """
    words = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", _LINK.sub(r"\1", source)))
    return " ".join(words.replace("{nbsp}", " ").replace("{br}", " ").split())
