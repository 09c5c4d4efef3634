"""The record: what an article is once it has been read.

Every key of the public record is documented here, under itself. A field that the page does not
give is ``None`` or empty, never guessed. :meth:`Article.to_dict` is the JSON that scripts rely on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

BlockKind = Literal["paragraph", "heading", "list_item", "quote", "table", "preformatted"]
BLOCK_KINDS: tuple[str, ...] = get_args(BlockKind)

#: No article has more pages than this, against pagers that never end; the longest seen have twenty.
MOST_PARTS = 30

Precision = Literal["day", "minute", "second"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of prose in page order. A paragraph split by links or ``<br>`` is one text."""

    kind: BlockKind
    """What the block is on the page."""
    text: str
    """Its words; tables keep one line for each row, preformatted text its lines."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer to another page: an in-text SEE ALSO, or a related card."""

    url: str | None
    """Absolute address, or None where nothing is linked."""
    title: str | None = None
    """The title as printed."""
    category: str | None = None
    """The card's own category as printed."""
    date: str | None = None
    """ISO 8601 date as the card prints it; never the article's own."""
    teaser: str | None = None
    """The cut text of a card."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A link in the prose."""

    text: str
    """The words that are linked."""
    url: str
    """Absolute address."""
    internal: bool
    """True for a page of the same site."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article with what is printed about it."""

    url: str | None
    """Absolute address, or None for a caption whose picture is not in the page."""
    caption: str | None = None
    """The words printed under it, without the credit."""
    credit: str | None = None
    """Who took it, as printed."""
    alt: str | None = None
    """Its alternative text."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The same article in another language."""

    language: str
    """BCP 47 primary tag."""
    url: str
    """Absolute address."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's value came from."""

    source: str
    """``json-ld:datePublished``, ``meta:og:title``, ``line:meta``, ``heading:h1``, …"""
    raw: str | None = None
    """The text as the page has it."""
    losing: tuple[tuple[str, str], ...] = ()
    """Other candidates that disagreed, as (source, raw) pairs."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as one version of the parser read it from one page."""

    url: str
    """The address the page was read under."""
    canonical_url: str
    """The address the page gives itself, normalised."""
    site: str
    """Name of the site's profile, or the host where no profile is known."""
    language: str | None
    """BCP 47 primary tag of the article's own text."""
    headline: str
    """The headline as printed."""
    kicker: str | None = None
    """The type label over the headline, as shown."""
    deck: str | None = None
    """The standfirst."""
    category: str | None = None
    """The one category of the meta line or breadcrumb."""
    tags: tuple[str, ...] = ()
    """The tags shown with the article."""
    authors: tuple[str, ...] = ()
    """Names in print order and conventional case."""
    organisation_byline: bool = False
    """True where an organisation signs."""
    byline_raw: str | None = None
    """The byline's words on the page."""
    published: str | None = None
    """ISO 8601; with offset where the page says a time, a plain date where it says only a day."""
    published_precision: Precision | None = None
    """How much of ``published`` the page says: ``day``, ``minute`` or ``second``."""
    published_raw: str | None = None
    """The printed or embedded text that ``published`` was read from."""
    modified: str | None = None
    """ISO 8601 instant or day of the last change that the page states."""
    body: tuple[Block, ...] = ()
    """The reporting, in page order."""
    analysis: tuple[Block, ...] | None = None
    """The newsroom's own analysis where a heading sets it apart, without that heading."""
    see_also: tuple[Pointer, ...] = ()
    """In-text pointers, in page order."""
    related: tuple[Pointer, ...] = ()
    """The cards below the article."""
    citations: tuple[Citation, ...] = ()
    """Links in the prose, in page order."""
    images: tuple[Image, ...] = ()
    """Pictures of the article, in page order."""
    notices: tuple[str, ...] = ()
    """Corrections, editor's notes, republication and series notes, paywall marks."""
    translations: tuple[Translation, ...] = ()
    """The same article in other languages, as the page links them."""
    licence: str | None = None
    """The licence that the page states, by its URL or name."""
    pages: tuple[str, ...] = ()
    """The addresses of the pages that were joined, in order; empty for an article of one page."""
    next_page: str | None = None
    """Where the article goes on, if it does and that page is not part of this record."""
    first_page: str | None = None
    """Where the article begins, if this page is a later part of it."""
    provenance: dict[str, Source] = field(default_factory=dict)
    """Per field: where the value came from."""
    parser: str = ""
    """Profile and version that read it."""

    @property
    def body_text(self) -> str:
        """The reporting as plain text, blocks separated by a blank line."""
        return text_of(self.body)

    @property
    def analysis_text(self) -> str | None:
        """The analysis as plain text, or None where the page has none."""
        return None if self.analysis is None else text_of(self.analysis)

    @property
    def words(self) -> int:
        """How many words body and analysis have."""
        return sum(word_count(block.text) for block in (*self.body, *(self.analysis or ())))

    def to_dict(self) -> dict[str, Any]:
        """The public record: plain JSON types, the keys of ``docs/reference/record.md``."""
        record: dict[str, Any] = {"article": True, **_plain(self)}
        record["body_text"] = self.body_text
        record["analysis_text"] = self.analysis_text
        return record

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Article:
        """The article of a record that :meth:`to_dict` wrote; unknown keys are left out."""

        def many(key: str, kind: type) -> tuple[Any, ...]:
            return tuple(kind(**item) for item in record.get(key) or ())

        analysis = record.get("analysis")
        given = {each.name: record[each.name] for each in fields(cls) if each.name in record}
        given |= {
            "pages": tuple(record.get("pages") or ()),
            "tags": tuple(record.get("tags") or ()),
            "authors": tuple(record.get("authors") or ()),
            "notices": tuple(record.get("notices") or ()),
            "body": many("body", Block),
            "analysis": None if analysis is None else many("analysis", Block),
            "see_also": many("see_also", Pointer),
            "related": many("related", Pointer),
            "citations": many("citations", Citation),
            "images": many("images", Image),
            "translations": many("translations", Translation),
            "provenance": {
                name: Source(
                    source=item["source"],
                    raw=item.get("raw"),
                    losing=tuple((pair[0], pair[1]) for pair in item.get("losing") or ()),
                )
                for name, item in (record.get("provenance") or {}).items()
            },
        }
        return cls(**given)


def joined(parts: Sequence[Article]) -> Article:
    """One article of its pages, given in order; what its head says is the first page's.

    What two pages begin or end with alike (an introduction, a note on the author) stands once.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    body, analysis = list(first.body), None if first.analysis is None else list(first.analysis)
    for part in parts[1:]:
        goes_on = body if analysis is None else analysis
        _append(goes_on, part.body)
        if part.analysis is not None:
            analysis = [*(analysis or ()), *part.analysis]
    pages = tuple(url for part in parts for url in part.pages or (part.url,))
    return replace(
        first,
        body=tuple(body),
        analysis=None if analysis is None else tuple(analysis),
        notices=tuple(_once(part.notices for part in parts)),
        see_also=tuple(_once(part.see_also for part in parts)),
        citations=tuple(_once(part.citations for part in parts)),
        images=tuple(_once(part.images for part in parts)),
        related=next((part.related for part in parts if part.related), ()),
        pages=pages,
        next_page=parts[-1].next_page,
        provenance=first.provenance | {"body": Source(f"joined:{len(pages)}", " ".join(pages))},
    )


def _append(blocks: list[Block], following: tuple[Block, ...]) -> None:
    """Add a later page's blocks, without what it repeats at its beginning or both at their end."""
    known = {block.text for block in blocks}
    start = next((at for at, block in enumerate(following) if block.text not in known), None)
    if start is None:
        return
    alike = 0
    while alike < len(blocks) and blocks[-1 - alike : len(blocks) - alike] == list(
        following[len(following) - 1 - alike : len(following) - alike]
    ):
        alike += 1
    del blocks[len(blocks) - alike :]
    blocks += following[start:]


def goes_on_in(article: Article, part: Article) -> bool:
    """Whether a page is the next part of an article: it says so, and has text of its own.

    Some sites answer every page number with the same page, and some number a list below the text.
    """
    if part.first_page is None and part.headline.casefold() != article.headline.casefold():
        return False
    known = {block.text for block in (*article.body, *(article.analysis or ()))}
    blocks = [block.text for block in (*part.body, *(part.analysis or ()))]
    return 2 * sum(text not in known for text in blocks) >= len(blocks)


def missing_part(url: str) -> str:
    """The notice of an article of which a page could not be had."""
    return f"Incomplete: the article goes on at {url}, which could not be fetched."


def with_missing_part(article: Article) -> Article:
    """The article with a notice of the page that is missing; without it where none is."""
    notice = missing_part(article.next_page) if article.next_page else None
    kept = [each for each in article.notices if not _MISSING.fullmatch(each)]
    return replace(article, notices=tuple([*kept, notice] if notice else kept))


_MISSING = re.compile(re.escape(missing_part("@")).replace("@", r"\S+"))


def _once(groups: Iterable[tuple[Any, ...]]) -> dict[Any, None]:
    return dict.fromkeys(item for group in groups for item in group)


#: Scripts that put no spaces between words: CJK ideographs, kana, Thai, Lao, Khmer, Burmese.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def word_count(text: str) -> int:
    """Words of a text; in scripts without spaces two characters count as a word.

    >>> word_count("Two words"), word_count("東京新聞")
    (2, 2)
    """
    if text.isascii():
        return text.count(" ") + 1 if text else 0
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + unspaced // 2 if unspaced else len(text.split())


def text_of(blocks: tuple[Block, ...]) -> str:
    """Blocks as plain text, separated by a blank line.

    >>> text_of((Block("heading", "One"), Block("paragraph", "Two.")))
    'One\\n\\nTwo.'
    """
    return "\n\n".join(block.text for block in blocks)


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _LEAVES:
        return value
    if kind is tuple:
        return [_plain(item) for item in value]
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
    names = _names(kind)
    if not names:
        return value
    return {
        name: item if type(item := getattr(value, name)) in _LEAVES else _plain(item)
        for name in names
    }


_LEAVES = frozenset((str, type(None), bool, int, float))


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass, none of others; to ask each time costs more than the rest."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()
