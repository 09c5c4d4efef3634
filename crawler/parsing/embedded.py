"""The text of a page whose scripts would set it: found in the data that the page carries.

Pages that are built in the browser come as a shell, and their article stands in JSON: in the
article's JSON-LD (``articleBody``), in ``__NEXT_DATA__`` and its like, or in an assignment. No
outlet's keys are known here: the longest run of paragraph-like texts, or the longest piece of
mark-up, is taken. Only a page that shows hardly any text is looked at in this way, and never one
that says it is not free to read: what it holds back, it holds back here too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.article import Article, Source
from crawler.parsing.structured import Structured, read_structured
from crawler.parsing.text import clean

#: A text shorter than this, in characters, may be a shell's; the shortest real ones have some 200.
SHELL_CHARACTERS = 400
#: The data must hold so many times the text that is shown.
TIMES_SHOWN = 2
#: A paragraph of a list has at least this many characters; a run of them, this many together.
PARAGRAPH_CHARACTERS, RUN_CHARACTERS = 30, 200
#: How much of a page's data is read, in characters, scripts and values: against hostile ones.
MOST_CHARACTERS, MOST_SCRIPTS, MOST_VALUES, MOST_DEPTH = 4_000_000, 12, 200_000, 40

_ASSIGNED = re.compile(
    r"^\s*(?:(?:window|self|globalThis|var|let|const)\b)?[\w.\s$\[\]\"']{0,120}=\s*"
)
#: Whether a page carries data that may hold a text: a cheap look before it is parsed once more.
CARRIES_DATA = re.compile(
    r"""articleBody|application/json|<script[^>]{0,200}>\s{0,50}[\w.\s$\[\]"']{1,120}=\s*[{\[]"""
)
_MARK_UP = re.compile(r"<(?:p|h[2-6]|ul|ol|blockquote|br)\b[^<>]*>", re.I)
_ANY_TAG = re.compile(r"<[^<>]*>")
#: Keys under which a piece of text stands, whatever the system.
_TEXT_KEYS = (
    *("text", "html", "value", "content", "body", "children", "paragraph", "data", "model"),
    *("blocks", "items", "rendered", "markup"),
)
#: An entry with one of these is a story of a list, not a paragraph.
_CARD_KEYS = frozenset(("headline", "title", "slug", "href", "permalink", "teaser", "thumbnail"))


@dataclass(slots=True)
class Run:
    """Paragraphs found in a page's data, as mark-up, and where they stood."""

    html: str
    characters: int
    source: str


def embedded_run(tree: LexborHTMLParser, said: Structured) -> Run | None:
    """The longest run of text in a page's data, or None where there is none to speak of."""
    if _is_not_free(said):
        return None
    runs = [_run_of_article(said)]
    scripts = [node for node in tree.css("script") if _may_hold_text(node)]
    scripts.sort(key=lambda node: -len(node.text() or ""))
    left = MOST_CHARACTERS
    for node in scripts[:MOST_SCRIPTS]:
        text = node.text() or ""
        left -= len(text)
        if left < 0:
            break
        loaded = _loaded(text)
        if isinstance(loaded, dict | list):
            name = node.attributes.get("id") or "script"
            runs.append(_longest(loaded, f"json:{name}"))
    found = [run for run in runs if run is not None and run.characters >= RUN_CHARACTERS]
    return max(found, key=lambda run: run.characters, default=None)


#: Holds the place of the text while the page is written out.
_PLACE = "\ue000embedded-text\ue000"


def with_run(tree: LexborHTMLParser, said: Structured, run: Run) -> str | None:
    """The page with the text set in where its scripts would: in the article's element."""
    place = tree.css_first("article") or tree.css_first("main") or tree.body
    if place is None:
        return None
    title = ""
    if tree.css_first("h1") is None:
        stated = said.article.get("headline") or said.first("og:title") or said.title
        title = f"<h1>{escape(clean(str(stated)))}</h1>" if stated else ""
    place.insert_child(_PLACE)
    text = f'{title}<div class="article-body">{run.html}</div>'
    return (tree.html or "").replace(_PLACE, text, 1)


def is_shell(article: Article) -> bool:
    """Whether an article was read from a page that shows hardly any text."""
    return sum(len(block.text) for block in (*article.body, *(article.analysis or ()))) < (
        SHELL_CHARACTERS
    )


def told_from(article: Article, run: Run) -> Article:
    """The article with the source of its text; what the shell showed of it stands once."""
    last = {block.text: at for at, block in enumerate(article.body)}
    body = tuple(block for at, block in enumerate(article.body) if last[block.text] == at)
    provenance = article.provenance | {"body": Source(run.source, None)}
    return replace(article, body=body, provenance=provenance)


def _is_not_free(said: Structured) -> bool:
    free = said.article.get("isAccessibleForFree")
    return str(free).strip().lower().rsplit("/", 1)[-1] in ("false", "0", "no")


def _run_of_article(said: Structured) -> Run | None:
    """The ``articleBody`` of the article's JSON-LD: mark-up, or lines."""
    text = said.article.get("articleBody")
    if not isinstance(text, str):
        return None
    if not _MARK_UP.search(text):
        lines = [line for line in re.split(r"\n\s*\n|\r\n|\n", text) if line.strip()]
        text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return Run(text, len(_ANY_TAG.sub("", text)), "json-ld:articleBody")


def _may_hold_text(node: LexborNode) -> bool:
    attributes = node.attributes
    kind = (attributes.get("type") or "").lower()
    if attributes.get("src") or "ld+json" in kind:
        return False
    text = node.text() or ""
    return len(text) > RUN_CHARACTERS and (
        "json" in kind or ("=" in text[:200] and "{" in text[:300])
    )


def _loaded(text: str) -> Any:
    """The JSON of a script, or the first value that it assigns; None for other scripts."""
    start = text.lstrip()
    if start[:1] not in ("{", "["):
        match = _ASSIGNED.match(text)
        if match is None:
            return None
        start = text[match.end() :]
    try:
        return json.JSONDecoder(strict=False).raw_decode(start.lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _longest(loaded: dict[str, Any] | list[Any], source: str) -> Run | None:
    """The longest mark-up or list of paragraphs anywhere in a value."""
    best: Run | None = None
    waiting: list[tuple[Any, int]] = [(loaded, 0)]
    seen = 0
    while waiting and seen < MOST_VALUES:
        value, depth = waiting.pop()
        seen += 1
        found: Run | None = None
        if isinstance(value, str):
            found = _run_of_text(value, source)
        elif depth < MOST_DEPTH:
            inner = value.values() if isinstance(value, dict) else value
            waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list | str)]
            if isinstance(value, list):
                found = _run_of_list(value, source)
        if found is not None and (best is None or found.characters > best.characters):
            best = found
    return best


def _run_of_text(text: str, source: str) -> Run | None:
    if len(text) < RUN_CHARACTERS or not _MARK_UP.search(text):
        return None
    return Run(text, len(_ANY_TAG.sub("", text)), source)


def _run_of_list(items: list[Any], source: str) -> Run | None:
    """A list as an article's blocks, if most of what it holds reads as paragraphs."""
    if len(items) < 2:
        return None
    blocks: list[str] = []
    characters = paragraphs = 0
    for item in items[:2_000]:
        if isinstance(item, dict) and _CARD_KEYS & item.keys():
            continue
        text = _text_of(item, 4).strip()
        bare = clean(_ANY_TAG.sub(" ", text))
        if len(bare) >= PARAGRAPH_CHARACTERS:
            characters += len(bare)
            paragraphs += 1
        elif not blocks or not bare:
            continue
        blocks.append(_as_block(item, text))
    return Run("".join(blocks), characters, source) if paragraphs > 1 else None


def _text_of(value: Any, depth: int) -> str:
    """The words of one entry: its own text, or that of the pieces it is made of."""
    if isinstance(value, str):
        return value
    if depth <= 0:
        return ""
    if isinstance(value, list):
        return "".join(_text_of(each, depth - 1) for each in value[:200])
    if isinstance(value, dict) and not _CARD_KEYS & value.keys():
        return "".join(_text_of(value[key], depth - 1) for key in _TEXT_KEYS if key in value)
    return ""


def _as_block(item: Any, text: str) -> str:
    """An entry as mark-up, by what it says of its own kind."""
    if _MARK_UP.search(text):
        return text
    kind = ""
    if isinstance(item, dict):
        kind = " ".join(
            str(item[key]).lower()
            for key in ("type", "kind", "tag", "style", "__typename")
            if key in item
        )
    words = text if _ANY_TAG.search(text) else escape(text, quote=False)
    if "head" in kind or re.search(r"\bh[2-6]\b", kind):
        return f"<h2>{words}</h2>"
    if "quote" in kind:
        return f"<blockquote><p>{words}</p></blockquote>"
    return f"<p>{words}</p>"


def shell_of(tree: LexborHTMLParser, url: str) -> Structured | None:
    """What a page without text states, if it states that it is an article; else None."""
    said = read_structured(tree, url)
    kind = (said.first("og:type") or "").lower()
    return said if said.articles or kind in ("article", "news.article") else None
