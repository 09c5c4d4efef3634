"""How answers look: tables, JSON, and text that a page's author can't use against a terminal.

Answers go to standard output, everything else to standard error. Colour is for terminals only
(rich decides, and honours ``NO_COLOR``); a pipe gets plain, unwrapped text.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from crawler.article import Article, Block

#: The languages in which citations and plots speak.
Tongue = Literal["en", "es"]

#: Wide enough that nothing is cut or wrapped where no terminal sets a width.
PIPE_WIDTH = 10_000

#: What stands around a found word in a snippet: no cleaned text contains these.
MARKS = ("\x02", "\x03")

# Control characters drive a terminal (C0 but tab and newline, DEL, C1: ECMA-48), and bidirectional
# controls make text read otherwise than it is written (Unicode UAX #9, section 2; "Trojan Source",
# CVE-2021-42574). A headline needs none of them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # what drives a terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # what turns text round
)


def settle_streams() -> None:
    """Standard output in UTF-8 whatever the locale: names and JSON are not cut down to ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def own_tongue() -> Tongue:
    """The language of the user's system (POSIX, "Environment Variables"); English if it is not one
    of :data:`Tongue`."""
    set_to = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "es" if next(filter(None, set_to), "").startswith("es") else "en"


def printable(text: str) -> str:
    """The text with everything that could steer a terminal shown as a replacement character.

    >>> printable("quiet \\x1b[2J words")
    'quiet �[2J words'
    """
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def line(text: object) -> str:
    """The printable text on one line; unknown is shown as a dash.

    >>> line("two\\n lines"), line(None), line(0)
    ('two lines', '–', '0')
    """
    return "–" if text is None else " ".join(printable(str(text)).split())


def number_of(count: int, noun: str, more: str = "") -> str:
    """A number with its noun; ``more`` of them, where that is not the noun with an *s*.

    >>> number_of(1, "page"), number_of(0, "page"), number_of(2, "copy", "copies")
    ('1 page', '0 pages', '2 copies')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {more or f'{noun}s'}"


def say(message: str) -> None:
    """One remark on standard error, after everything that was answered before it."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    print(printable(message), file=sys.stderr, flush=True)  # noqa: T201


def console() -> Console:
    """Where answers are printed: as wide as the terminal, or unbounded into a pipe."""
    if sys.stdout.isatty():
        return Console(file=sys.stdout, highlight=False, emoji=False)
    return Console(
        file=sys.stdout, width=PIPE_WIDTH, highlight=False, emoji=False, color_system=None
    )


def print_json(answer: object) -> None:
    """The answer for a program: one JSON document, UTF-8, keys in the documented order."""
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    sys.stdout.write(_UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; columns of numbers are set to the right.

    ``rows`` hold strings, numbers, None or :class:`rich.text.Text`.
    """
    held = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for position, name in enumerate(columns):
        numbers = all(isinstance(row[position], int | float | None) for row in held) and held
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in held:
        table.add_row(*(cell if isinstance(cell, Text) else Text(_cell(cell)) for cell in row))
    _print_without_trailing_space(table)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and sys.stdout.isatty() else line(value)


def _print_without_trailing_space(table: Table) -> None:
    out = console()
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as captured:
        out.print(table)
    for text in captured.get().splitlines():
        sys.stdout.write(text.rstrip() + "\n")


def marked(snippet: str) -> Text:
    """A snippet with what was found in it, between :data:`MARKS`, in bold, or [so] into a pipe.

    >>> marked("the \x02port\x03 strike").plain
    'the [port] strike'
    """
    opening, closing = ("", "") if sys.stdout.isatty() else ("[", "]")
    text = Text()
    for position, part in enumerate(re.split("|".join(MARKS), " ".join(snippet.split()))):
        found = position % 2 == 1
        words = f"{opening}{printable(part)}{closing}" if found else printable(part)
        text.append(words, style="bold yellow" if found else "")
    return text


def minute(moment: datetime | str | None) -> str:
    """An instant as a reader needs it: UTC, to the minute.

    >>> minute("2026-11-23T12:10:23+00:00")
    '2026-11-23 12:10'
    """
    if moment is None:
        return "–"
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{known.astimezone(UTC):%Y-%m-%d %H:%M}"


def print_pairs(values: Iterable[tuple[str, object]]) -> None:
    """A list of named values; unknown ones are left out."""
    out = console()
    known = [(name, line(value)) for name, value in values if value not in (None, "")]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        out.print(Text.assemble((f"{name:<{width}}  ", "dim"), value), soft_wrap=True)


def print_article(article: Article) -> None:
    """An article to read, from its label to its last pointer."""
    out = console()
    wraps = not out.is_terminal
    for text in _parts(article):
        out.print(text, soft_wrap=wraps)
        out.print()


def _parts(article: Article) -> Iterator[Text]:
    labels = dict.fromkeys(line(part) for part in (article.kicker, article.category) if part)
    label = " · ".join(labels)
    if label:
        yield Text(label, style="dim")
    yield Text(line(article.headline), style="bold")
    if article.deck:
        yield Text(line(article.deck), style="italic")
    byline = ", ".join(article.authors) or article.byline_raw
    about = [byline, article.published, article.site, article.language]
    yield Text(" · ".join(line(part) for part in about if part), style="dim")
    yield from (Text(line(notice), style="italic") for notice in article.notices)
    yield from map(_block, article.body)
    if article.analysis is not None:
        yield Text("Analysis", style="bold underline")
        yield from map(_block, article.analysis)
    for pointer in article.see_also:
        yield Text(f"See also: {line(pointer.title or pointer.url)}", style="dim")


def _block(block: Block) -> Text:
    text = printable(block.text)
    if block.kind == "list_item":
        return Text(f"• {text}")
    if block.kind == "quote":
        return Text(f"> {text}")
    return Text(text, style="bold" if block.kind == "heading" else "")


def word_difference(before: str | None, after: str | None, *, coloured: bool = False) -> Text:
    """Two texts as one: in colour on a terminal, else as `git diff --word-diff` marks it.

    >>> word_difference("It killed 12 people.", "It killed 14 people.").plain
    'It killed [-12-]{+14+} people.'
    """
    from storage.wording import compared

    pieces = compared(line(before or ""), line(after or ""))
    text = Text()
    for position, (tag, words) in enumerate(pieces):
        if tag == "kept":
            text.append(words)
            continue
        opening, closing, style = _EDIT_MARKS[tag]
        shown = words.rstrip()
        text.append(shown if coloured else f"{opening}{shown}{closing}", style=style)
        is_followed = position + 1 < len(pieces) and pieces[position + 1].tag == "added"
        if not is_followed or coloured:
            text.append(words[len(shown) :])
    return text


#: How words that went and came are shown: without colour between marks, with colour in a style.
_EDIT_MARKS = {"removed": ("[-", "-]", "red strike"), "added": ("{+", "+}", "bold green")}


def is_coloured() -> bool:
    """Whether answers appear in colour: on a terminal that has any, unless ``NO_COLOR`` is set."""
    out = console()
    return out.is_terminal and out.color_system is not None and not out.no_color


@contextlib.contextmanager
def bar(what: str, total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A bar of progress on standard error; what it gives is told how much more is done."""
    if not shown:
        yield lambda _: None
        return
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr, highlight=False), transient=True) as bars:
        task = bars.add_task(what, total=total)
        yield lambda done: bars.advance(task, done)


def percent(share: float | None) -> str | None:
    """A share in percent; what is not all is not rounded to all.

    >>> percent(0.9999), percent(1.0), percent(None)
    ('99.9%', '100.0%', None)
    """
    if share is None:
        return None
    return f"{min(100 * share, 99.9) if share < 1 else 100.0:.1f}%"
