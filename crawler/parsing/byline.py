"""Who signs: the visible byline near the headline, and what the head states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.parsing.authorship import Claim, read_authorship
from crawler.parsing.dates import printed_date
from crawler.parsing.lines import without_language
from crawler.parsing.names import (
    introduced,
    is_name_like,
    is_organisation,
    is_written_as_name,
    names_in,
    same_in_other_case,
)
from crawler.parsing.opening import AUTHOR_PATH, STORY_WORDS, Opening, text_closing
from crawler.parsing.outline import Chunk, Piece
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.structured import texts_of
from crawler.parsing.text import folded, is_capitals
from crawler.parsing.zones import Zone


@dataclass(slots=True)
class Byline:
    authors: tuple[str, ...] = ()
    organisation: bool = False
    raw: str | None = None


def read_byline(page: Page, opening: Opening, text: Text, headline: Chunk | None = None) -> Byline:
    """Who signs.

    On a site whose printing is known the visible byline near the headline is believed first, then
    what the head states; on any other both are heard (:mod:`crawler.parsing.authorship`).
    """
    if not page.knows_printing:
        claim = read_authorship(page, text, headline)
        if claim is None:
            return Byline()
        return _as_profile_knows(page, claim)
    stated = _stated_authors(page)
    visible = list(_byline_candidates(page, opening, text))
    if opening.line is not None and opening.line.byline is None:
        stated = []
    joined = [(stated[0][0], "; ".join(name for _, name in stated))] if stated else []
    for source, raw in visible + joined:
        names = _signing(page, raw, stated)
        if names:
            losing = tuple(
                (each, name) for each, name in stated if folded(name) not in map(folded, names)
            )
            page.came_from("authors", source, raw, losing)
            shown = None if (source, raw) in joined else raw
            organisations = _organisations(page)
            return Byline(names, all(is_organisation(n, organisations) for n in names), shown)
    return _signed_by_outlet(page, stated)


def _as_profile_knows(page: Page, claim: Claim) -> Byline:
    """The names of a claim in the case, and with the organisations, that a profile knows."""
    case = page.profile.name_case if page.profile else {}
    cased = {folded(capitals): name for capitals, name in case.items()}
    organisations = page.profile.organisations if page.profile else ()
    return Byline(
        tuple(cased.get(folded(each.name), each.name) for each in claim.signers),
        all(
            each.organisation or is_organisation(each.name, organisations) for each in claim.signers
        ),
        claim.printed,
    )


def _signed_by_outlet(page: Page, stated: list[tuple[str, str]]) -> Byline:
    """The organisation that the head names as author, where no person signs."""
    names = tuple(dict.fromkeys(name for _, name in stated if is_name_like(name)))
    if not names:
        return Byline()
    page.came_from("authors", stated[0][0], "; ".join(names))
    return Byline(names, organisation=True)


def _signing(page: Page, raw: str, stated: list[tuple[str, str]]) -> tuple[str, ...]:
    """The names that a byline's words give, in the case that the page writes elsewhere."""
    known = page.profile.name_case if page.profile else None
    names = names_in(without_language(raw), known, _organisations(page))
    return tuple(_settled_case(name, raw, stated) for name in names)


def _organisations(page: Page) -> tuple[str, ...]:
    own = (*page.profile.organisations, page.profile.title) if page.profile else ()
    return own + tuple(page.said.meta.get("og:site_name", [])[:1])


def _settled_case(name: str, raw: str, stated: list[tuple[str, str]]) -> str:
    """A name out of capitals as the head writes it, where it does."""
    if is_capitals(raw) or is_capitals(introduced(raw) or raw):
        return same_in_other_case(name, [other for _, other in stated]) or name
    return name


def _stated_authors(page: Page) -> list[tuple[str, str]]:
    """(source, name) pairs of JSON-LD, else of meta tags."""
    names = texts_of(page.said.article.get("author") or page.said.article.get("creator"), "name")
    if names:
        return [("json-ld:author", name) for name in names[:20]]
    for meta in (
        "author",
        "article:author",
        "dc.creator",
        "sailthru.author",
        "parsely-author",
        "twitter:data1",
    ):
        found = [name for name in page.said.meta.get(meta, []) if not name.startswith("http")]
        if meta == "twitter:data1" and not _labels_author(page):
            continue
        if found:
            return [(f"meta:{meta}", name) for name in found[:20]]
    return []


def _labels_author(page: Page) -> bool:
    label = folded(page.said.first("twitter:label1") or "")
    return label in ("written by", "escrito por", "author", "autor")


def _byline_candidates(page: Page, opening: Opening, text: Text) -> Iterable[tuple[str, str]]:
    """(source, raw) pairs, the most trusted first."""
    if opening.line is not None and opening.line.byline:
        yield "line:meta", opening.line.byline
    yield from _whole_bylines(page, opening.around)
    for chunk in opening.around:
        rest = introduced(chunk.text)
        if rest is not None and len(rest) >= 2 and chunk.words <= 16 and _may_sign(chunk):
            yield "line:byline", _before_date(chunk.text)
    for chunk in opening.around:
        signed = [p for p in chunk.links if AUTHOR_PATH.search(p.href or "") and p.text]
        if signed:
            yield "link:author", ", ".join(piece.text for piece in signed)
    for chunk in opening.below:
        if _may_sign(chunk) and _is_bare_name(_before_date(chunk.text), page):
            yield "line:name", _before_date(chunk.text)
    closing = [c for c in text_closing(opening) if not c.zones & Zone.BIO]
    yield from _whole_bylines(page, closing)
    for chunk in closing:
        if introduced(chunk.text) is not None and chunk.words <= 16 and _may_sign(chunk):
            yield "line:byline", _before_date(chunk.text)


def _may_sign(chunk: Chunk) -> bool:
    """Whether a line can be a byline at all: no deck, no caption, no link to another story."""
    if chunk.zones & (Zone.DECK | Zone.CAPTION | Zone.KICKER) or chunk.is_heading:
        return False
    return not (
        chunk.link_density > 0.9
        and chunk.words > STORY_WORDS
        and not any(AUTHOR_PATH.search(piece.href or "") for piece in chunk.links)
    )


def _is_bare_name(text: str, page: Page) -> bool:
    """Whether a line under the headline is nothing but a name: two to eight capitalised words."""
    text = text.strip(" -–—|·*,")
    if (
        folded(text) in page.wording.kickers
        or folded(text) in page.wording.furniture
        or is_capitals(text)
    ):
        return folded(text) in {folded(each) for each in _organisations(page)}
    return text[-1:] not in ".:!?" and is_written_as_name(text)


def _whole_bylines(page: Page, chunks: list[Chunk]) -> Iterable[tuple[str, str]]:
    """Chunks or pieces that stand in a byline's zone; neighbours in one box are joined."""
    done: set[int] = set()
    for chunk in chunks:
        if chunk.index in done or chunk.zones & Zone.BIO:
            continue
        if chunk.zones & Zone.BYLINE:
            box = _byline_box(page, chunk)
            together = [
                c
                for c in chunks
                if c.zones & Zone.BYLINE and page.outline.is_inside(c.element, box)
            ]
            done.update(c.index for c in together)
            raw = " ".join(_names_of(c) for c in sorted(together, key=lambda c: c.index))
            if raw.strip() and len(raw) < 300:
                yield f"class:{page.outline.names[box][:60] or 'byline'}", raw
        else:
            marked = [p for p in chunk.pieces if p.zones & Zone.BYLINE and not p.zones & Zone.DATE]
            outer = _outermost(marked)
            if outer:
                yield f"class:{outer[0].words[:60]}", ", ".join(p.text for p in outer)


def _byline_box(page: Page, chunk: Chunk) -> int:
    """The outermost element around a chunk that is itself marked as a byline."""
    box = chunk.element
    for element in page.outline.ancestors(chunk.element):
        if page.outline.own_zones[element] & Zone.BYLINE:
            box = element
    return box


def _outermost(pieces: list[Piece]) -> list[Piece]:
    return [
        p
        for p in pieces
        if not any(o is not p and p.text in o.text and len(o.text) > len(p.text) for o in pieces)
    ]


def _names_of(chunk: Chunk) -> str:
    """A byline chunk's words without dates and images' words."""
    return _before_date(chunk.text)


def _before_date(text: str) -> str:
    """The part of a byline before a date printed in the same line."""
    moment = printed_date(text)
    if moment is None:
        return text
    at = text.find(moment.raw)
    before = text[:at].strip(" |·•–—-,/")
    return before if any(map(str.isalpha, before)) else text[at + len(moment.raw) :]
