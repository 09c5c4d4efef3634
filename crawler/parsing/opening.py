"""What stands around the headline: kicker, deck, meta line, byline, dates, category, tags.

The *opening* is what a reader sees from the breadcrumb down to the first paragraph; the *closing*
is the few lines right after the last. Visible words near the headline are believed before
statements in the head, which are believed before nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.parsing.dates import Moment, days_apart, is_plausible, machine_date, printed_date
from crawler.parsing.headline import Headline
from crawler.parsing.lines import MetaLine, meta_line
from crawler.parsing.names import (
    introduced,
    is_name_like,
    is_organisation,
    is_written_as_name,
    names_in,
    person,
    same_in_other_case,
)
from crawler.parsing.outline import Chunk, Piece, Zone, is_caption_by_place, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.prose import Text, is_notice, is_see_also, is_signature
from crawler.parsing.structured import absolute, bare_address, texts_of
from crawler.parsing.text import begins, folded, is_capitals

#: How many chunks before the headline may still be the opening, and after the text the closing.
BEFORE, AFTER = 8, 14
#: A link of more words than this is a story's title, not a label.
STORY_WORDS = 4

_NOT_OPENING = (
    Zone.NAVIGATION
    | Zone.FOOTER
    | Zone.FORM
    | Zone.COMMENTS
    | Zone.RELATED
    | Zone.SHARE
    | Zone.HIDDEN
    | Zone.PROMOTION
)


@dataclass(slots=True)
class Opening:
    """The chunks around the headline, and the meta line if there is one."""

    above: list[Chunk] = field(default_factory=list)
    below: list[Chunk] = field(default_factory=list)
    closing: list[Chunk] = field(default_factory=list)
    signed: list[Chunk] = field(default_factory=list)
    """Lines of the closing that are nothing but byline or date."""
    line: MetaLine | None = None
    line_raw: str | None = None

    @property
    def around(self) -> list[Chunk]:
        """Below the headline first, then above it, nearest first."""
        return self.below + self.above[::-1]


def read_opening(page: Page, headline: Headline, text: Text) -> Opening:
    """The opening and closing of an article whose headline and text are known."""
    opening = Opening()
    if headline.chunk is None:
        start = max(0, text.first - BEFORE)
        opening.below = [c for c in page.chunks[start : text.first] if not c.zones & _NOT_OPENING]
    else:
        at = headline.chunk.index
        opening.above = _above(page, headline.chunk)
        opening.below = [
            c
            for c in page.chunks[at + 1 : min(text.first, at + 40)]
            if not c.zones & _NOT_OPENING and folded(c.text) not in page.wording.furniture
        ]
    if text.prose:
        start = text.prose[-1].index + 1
        opening.closing = text.signed + [
            c
            for c in page.chunks[start : start + AFTER]
            if not c.zones & (_NOT_OPENING & ~Zone.FOOTER)
        ]
    opening.signed = [
        c for c in text_closing(opening) if is_signature(c) and not _belongs_to_story(page, c)
    ]
    opening.closing = [c for c in opening.closing if not _belongs_to_story(page, c)]
    opening.below = [c for c in opening.below if not _belongs_to_story(page, c)]
    opening.above = [c for c in opening.above if not _belongs_to_story(page, c)]
    _find_meta_line(page, opening)
    return opening


def _belongs_to_story(page: Page, chunk: Chunk) -> bool:
    """Whether a dated line's smallest box also holds a link to another story: a card's date."""
    if printed_date(chunk.text) is None:
        return False
    outline = page.outline
    for element in outline.ancestors(outline.parents[chunk.element]):
        near = [
            c
            for c in page.chunks[max(0, chunk.index - 4) : chunk.index + 5]
            if c is not chunk and outline.is_inside(c.element, element) and not c.zones & Zone.SHARE
        ]
        if near:
            return any(
                len(piece.text.split()) > STORY_WORDS
                and not _AUTHOR_PATH.search(piece.href or "")
                and bare_address(absolute(page.said.base, piece.href)) != bare_address(page.url)
                for c in near
                for piece in c.links
                if c.link_density > 0.8
            ) and not any(c.tag == "h1" for c in near)
    return False


def _above(page: Page, headline: Chunk) -> list[Chunk]:
    """Chunks before the headline that belong to it: no breadcrumb, no navigation, no prose."""
    above: list[Chunk] = []
    bare = folded(headline.text)
    for chunk in reversed(page.chunks[max(0, headline.index - BEFORE) : headline.index]):
        own = folded(chunk.text)
        if chunk.zones & (_NOT_OPENING | Zone.BREADCRUMB) or prose_weight(chunk) > 100:
            break
        if own == bare or (own.endswith(bare) and len(own) < len(bare) + 80):
            break
        if chunk.link_density > 0.9 and chunk.words > STORY_WORDS:
            break
        above.append(chunk)
    above.reverse()
    return _without_breadcrumb(page, above)


def _without_breadcrumb(page: Page, above: list[Chunk]) -> list[Chunk]:
    """Drops a breadcrumb printed as a list: from its "Home" on, all that stand in the same box."""
    for number, chunk in enumerate(above):
        if folded(chunk.text) in page.wording.home:
            box = page.outline.parents[chunk.element]
            return [c for c in above[number + 1 :] if not page.outline.is_inside(c.element, box)]
    return above


def text_closing(opening: Opening) -> list[Chunk]:
    """The lines right after the text that may sign it: none after a heading or a story's link."""
    lines: list[Chunk] = []
    for chunk in opening.closing[:5]:
        if chunk.is_heading or (chunk.link_density > 0.9 and chunk.words > STORY_WORDS):
            break
        lines.append(chunk)
    return lines


def _find_meta_line(page: Page, opening: Opening) -> None:
    """Looks for the meta line in one chunk, else in neighbouring chunks read as one line."""
    for chunk in opening.around + text_closing(opening):
        line = meta_line(chunk.text)
        if line and (line.category or line.byline or line.language):
            opening.line, opening.line_raw = line, chunk.text
            return
    for side in (opening.below, opening.above, opening.closing[:6]):
        short = [chunk for chunk in side if len(chunk.text) <= 120 and not chunk.zones & Zone.DECK]
        for start in range(len(short)):
            for end in range(min(len(short), start + 6), start + 1, -1):
                joined = " ".join(chunk.text for chunk in short[start:end])
                line = meta_line(joined)
                if line and (line.byline or line.language) and (line.category or start == 0):
                    opening.line, opening.line_raw = line, joined
                    return


# --- kicker and category ------------------------------------------------------------------------

_LABELLED = re.compile(
    r"^(?:categor(?:y|ies|[ií]as?)|published in|posted in|publicado en|filed under|archivado en"
    r"|section|secci[oó]n)\b\s*:?\s*(.+)$",
    re.I,
)


def read_kicker(page: Page, opening: Opening) -> str | None:
    """The type label as shown, or None."""
    if opening.line is not None and len(opening.line.labels) > 1:
        first = opening.line.labels[0]
        if folded(first) in page.wording.kickers:
            page.came_from("kicker", "line:meta", opening.line_raw)
            return first
    for chunk in opening.above[::-1] + opening.below:
        label = _label_of(page, chunk, near=chunk in opening.above[-1:])
        if label:
            page.came_from("kicker", "label:opening", chunk.text)
            return label
    for chunk in opening.closing:
        label = _stated_label(page, chunk) or (
            _class_label(page, chunk) if chunk.zones & Zone.KICKER else None
        )
        if label:
            page.came_from("kicker", "label:closing", chunk.text)
            return label
    return None


def _label_of(page: Page, chunk: Chunk, *, near: bool) -> str | None:
    if chunk.words > 8 or chunk.zones & (Zone.BYLINE | Zone.DECK | Zone.CAPTION):
        return _stated_label(page, chunk)
    if folded(chunk.text) in page.wording.kickers:
        return chunk.text
    stated = _stated_label(page, chunk)
    if stated:
        return stated
    linked = [piece.text for piece in chunk.links if folded(piece.text) in page.wording.kickers]
    if linked:
        return linked[0]
    if chunk.zones & Zone.KICKER or any(piece.zones & Zone.KICKER for piece in chunk.pieces):
        return _class_label(page, chunk)
    if near and is_capitals(chunk.text) and chunk.words <= 4 and meta_line(chunk.text) is None:
        return chunk.text if not chunk.links or chunk.link_density > 0.9 else None
    return None


def _stated_label(page: Page, chunk: Chunk) -> str | None:
    """``Category: News Briefs`` and its like."""
    match = _LABELLED.match(chunk.text)
    if match and len(match.group(1)) <= 60:
        return _chosen(page, [part.strip() for part in match.group(1).split(",")])
    return None


def _class_label(page: Page, chunk: Chunk) -> str | None:
    names = [piece.text for piece in chunk.links if piece.text] or [chunk.text]
    names = [name for name in names if len(name) <= 60 and printed_date(name) is None]
    return _chosen(page, names)


def _chosen(page: Page, names: list[str]) -> str | None:
    """The first label that says something; a known one before others."""
    names = [name for name in names if folded(name) not in ("uncategorized", "sin categoria", "")]
    known = [name for name in names if folded(name) in page.wording.kickers]
    return next(iter(known or names), None)


def read_category(page: Page, opening: Opening, kicker: str | None) -> str | None:
    """The meta line's term; where there is none, the label; never from the address."""
    if opening.line is not None:
        if opening.line.category:
            page.came_from("category", "line:meta", opening.line_raw)
            return opening.line.category
        linked = _category_beside_line(page, opening)
        if linked:
            return linked
    if kicker:
        page.came_from("category", "label:kicker", kicker)
    return kicker


def _category_beside_line(page: Page, opening: Opening) -> str | None:
    """A term in capitals of its own chunk right before a meta line without one."""
    raw = opening.line_raw or ""
    for chunk in opening.below:
        if raw.startswith(chunk.text) or chunk.text == raw:
            return None
        if is_capitals(chunk.text) and chunk.words <= 6:
            page.came_from("category", "line:meta", chunk.text)
            return chunk.text.strip(" /|·")
    return None


# --- deck ---------------------------------------------------------------------------------------


#: Shorter lines under a headline are labels.
DECK_WORDS = 7


def read_deck(page: Page, opening: Opening, text: Text) -> str | None:
    """The standfirst: set apart between headline and text by class, place or the head's words."""
    described = {
        folded(content).rstrip("…. ")
        for name in ("og:description", "description", "twitter:description")
        for content in page.said.meta.get(name, [])[:1]
    }
    for chunk in opening.below:
        if any(p.tag == "time" or p.zones & Zone.BYLINE for p in chunk.pieces):
            continue
        if chunk.words < 4 or chunk.zones & (
            Zone.BYLINE | Zone.CAPTION | Zone.FIGURE | Zone.CREDIT
        ):
            continue
        if introduced(chunk.text) is not None and chunk.words < 12:
            continue
        if is_caption_by_place(page.outline, chunk) or is_notice(chunk, page.wording.notice):
            continue
        if meta_line(chunk.text) is not None or chunk.link_density > 0.5:
            continue
        bare = folded(chunk.text)
        if chunk.zones & Zone.DECK or any(p.zones & Zone.DECK for p in chunk.pieces):
            page.came_from("deck", f"class:{page.outline.names[chunk.element][:60]}", chunk.text)
            return chunk.text
        if (
            chunk.words >= DECK_WORDS
            and not page.outline.is_inside(chunk.element, text.container)
            and (chunk.tag not in ("li", "td"))
        ):
            page.came_from("deck", "place:under-headline", chunk.text)
            return chunk.text
        if any(
            len(each) > 30 and (bare.startswith(each) or each.startswith(bare))
            for each in described
        ):
            page.came_from("deck", "meta:description", chunk.text)
            return chunk.text
    return None


# --- byline -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Byline:
    authors: tuple[str, ...] = ()
    organisation: bool = False
    raw: str | None = None


def read_byline(page: Page, opening: Opening, text: Text) -> Byline:
    """Who signs.

    On a site whose printing is known the visible byline near the headline is believed first, then
    what the head states; on any other site the other way round, since there a line of two names may
    be anything, and 97 % of the publishers' own parsers read the author from JSON-LD or meta tags.
    """
    stated = _stated_authors(page)
    visible = list(_byline_candidates(page, opening, text))
    if opening.line is not None and page.profile is not None and opening.line.byline is None:
        stated = []
    joined = [(stated[0][0], "; ".join(name for _, name in stated))] if stated else []
    ranked = visible + joined if page.profile is not None else joined + visible
    for source, raw in ranked:
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
    names = names_in(raw, known, _organisations(page))
    names = tuple(_settled_case(name, raw, stated) for name in names)
    if page.profile is not None:
        return names
    own = {folded(each) for each in _own_names(page)}
    people = [found for name in names if (found := person(name)) and folded(found) not in own]
    if any(" " in name for name in people):
        people = [name for name in people if not is_organisation(name) or len(people) == 1]
    return tuple(dict.fromkeys(people))


def _own_names(page: Page) -> Iterable[str]:
    """What the outlet calls itself: a publisher is no author."""
    yield from page.said.meta.get("og:site_name", [])[:1]
    yield from page.said.meta.get("application-name", [])[:1]
    yield from texts_of(page.said.article.get("publisher"), "name")[:1]
    host = urlsplit(page.url).hostname or ""
    yield host
    yield host.removeprefix("www.")
    yield host.removeprefix("www.").rsplit(".", 1)[0]


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
        signed = [p for p in chunk.links if _AUTHOR_PATH.search(p.href or "") and p.text]
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


_AUTHOR_PATH = re.compile(
    r"/(?:author|authors|autor|autores|autora|auteur|by|people|staff|reporter|journalist)s?/[^/]",
    re.I,
)


def _may_sign(chunk: Chunk) -> bool:
    """Whether a line can be a byline at all: no deck, no caption, no link to another story."""
    if chunk.zones & (Zone.DECK | Zone.CAPTION | Zone.KICKER) or chunk.is_heading:
        return False
    return not (
        chunk.link_density > 0.9
        and chunk.words > STORY_WORDS
        and not any(_AUTHOR_PATH.search(piece.href or "") for piece in chunk.links)
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


# --- dates --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Dates:
    published: Moment | None = None
    modified: Moment | None = None


_PUBLISHED_META = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "og:published_time",
    "article.published",
    "dcterms.issued",
    "dc.date.created",
    "citation_date",
    "last-modified-none",
    "rnews:datepublished",
    "datecreated",
    "article_date_original",
    "bt:pubdate",
)
_MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dc.date.modified",
    "dcterms.modified",
    "article:modified",
    "lastmod",
)
_UPDATED = re.compile(
    r"\b(?:updated|modified|actualizad[oa]|actualizaci[oó]n|modificad[oa]|aktualisiert"
    r"|atualizado|mis à jour|aggiornato)\b",
    re.I,
)


def read_dates(page: Page, opening: Opening) -> Dates:
    """Publication and last change, each with its evidence."""
    seen = list(_visible_moments(page, opening))
    stated = _stated_moments(page, "datePublished", _PUBLISHED_META)
    visible = [(source, moment) for source, moment, updated in seen if not updated]
    if not visible and len(seen) == 1 and not stated:
        visible = [(seen[0][0], seen[0][1])]
    dates = Dates()
    if page.profile is None:
        published = _weighed(page, stated, visible + list(_elsewhere(page, opening)))
    else:
        published = _weighed(page, visible, stated)
    if published:
        source, dates.published, losing = published
        page.came_from("published", source, dates.published.raw, losing)
    changed = [(source, moment) for source, moment, updated in seen if updated]
    changed += _stated_moments(page, "dateModified", _MODIFIED_META)
    changed = [each for each in changed if is_plausible(each[1], page.fetched_at)]
    if changed:
        source, dates.modified = changed[0]
        page.came_from("modified", source, dates.modified.raw)
    return dates


Sourced = tuple[str, Moment]
_PATH_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-])")
#: How far from the headline a dated line may stand to be the article's on a page of unknown make.
DATE_REACH = 40


def _elsewhere(page: Page, opening: Opening) -> Iterable[Sourced]:
    """On a site of unknown make: dates marked as such near the text, then the address's own."""
    near = opening.above + opening.below + opening.closing
    start = near[0].index if near else 0
    for chunk in page.chunks[max(0, start - DATE_REACH) : start + 2 * DATE_REACH]:
        if chunk.zones & Zone.DATE and chunk.words < 16 and not chunk.zones & _NOT_OPENING:
            for source, moment, changed in _moments_of(page, chunk):
                if not changed:
                    yield source, moment
    match = _PATH_DATE.search(urlsplit(page.url).path)
    if match:
        stated = machine_date("-".join(part.zfill(2) for part in match.groups()))
        if stated is not None:
            yield "address", stated


def _weighed(
    page: Page, first: list[Sourced], second: list[Sourced]
) -> tuple[str, Moment, tuple[tuple[str, str], ...]] | None:
    """The most trusted plausible moment; a source that agrees with a day makes it an instant."""
    ranked = [each for each in first + second if is_plausible(each[1], page.fetched_at)]
    if not ranked:
        return None
    source, moment = ranked[0]
    if moment.precision == "day":
        for other, instant in ranked[1:]:
            if instant.precision != "day" and days_apart(instant, moment) <= 1:
                source, moment = other, instant
                break
    losing = tuple(
        (other, each.raw)
        for other, each in ranked
        if other != source and days_apart(each, moment) > 1
    )
    return source, moment, losing


def _stated_moments(page: Page, key: str, names: tuple[str, ...]) -> list[Sourced]:
    found: list[Sourced] = []
    for text in texts_of(page.said.article.get(key))[:1]:
        moment = machine_date(text)
        if moment:
            found.append((f"json-ld:{key}", moment))
    for name in names:
        for content in page.said.meta.get(name, [])[:1]:
            moment = machine_date(content) or printed_date(content, day_order=page.day_order)
            if moment:
                found.append((f"meta:{name}", moment))
    return found


def _visible_moments(page: Page, opening: Opening) -> Iterable[tuple[str, Moment, bool]]:
    """(source, moment, whether it is a change's) of the opening, nearest to the headline first."""
    if opening.line is not None:
        zoned = printed_date(
            opening.line_raw or "", day_order=page.day_order, timezone=page.timezone
        )
        yield "line:meta", zoned or opening.line.date, False
    for chunk in opening.around:
        if not chunk.zones & Zone.CAPTION:
            yield from _moments_of(page, chunk)
    for chunk in text_closing(opening):
        signs = chunk in opening.signed or chunk.zones & (Zone.DATE | Zone.BYLINE)
        if signs and chunk.words < 16:
            yield from _moments_of(page, chunk)


def _moments_of(page: Page, chunk: Chunk) -> Iterable[tuple[str, Moment, bool]]:
    times = [piece for piece in chunk.pieces if piece.tag == "time"]
    several = len(times) > 1
    for piece in times:
        moment = machine_date(piece.when) or _printed(page, piece.text)
        if moment:
            words = piece.words.lower()
            changed = several and "updated" in words and "published" not in words
            yield "time:datetime" if piece.when else "time:text", moment, changed
    if times or chunk.words > 20:
        return
    moment = _printed(page, chunk.text, thorough=bool(chunk.zones & Zone.DATE))
    if moment:
        yield "line:date", moment, bool(_UPDATED.search(chunk.text))


def _printed(page: Page, text: str, *, thorough: bool = False) -> Moment | None:
    return printed_date(
        text,
        day_order=page.day_order,
        timezone=page.timezone,
        language=page.language,
        now=page.fetched_at,
        thorough=thorough,
    )


# --- tags and licence ---------------------------------------------------------------------------

_TAGS_LINE = re.compile(
    r"^(?:tags?|tagged|etiquetas?|temas|topics|keywords|schlagworte)\s*:\s*(.*)$", re.I
)


def read_tags(page: Page, headline: Headline, text: Text) -> tuple[str, ...]:
    """The tags that the page shows with the article, else those of the meta tags made for them."""
    start = headline.chunk.index if headline.chunk else 0
    names: list[str] = []
    for chunk in page.chunks[start:]:
        if chunk.zones & (Zone.NAVIGATION | Zone.RELATED | Zone.COMMENTS | Zone.ASIDE):
            continue
        if is_see_also(chunk, page.wording.see_also):
            continue
        if chunk.zones & Zone.TAGS and chunk.words <= 80:
            names += _tag_names(chunk)
        elif chunk.index > text.last - 2 and _is_tag_links(chunk):
            names += [piece.text for piece in chunk.links if piece.text]
        elif any(
            "tag" in piece.rel.split() and "category" not in piece.rel for piece in chunk.links
        ):
            names += [
                p.text for p in chunk.links if "tag" in p.rel.split() and "category" not in p.rel
            ]
        else:
            match = _TAGS_LINE.match(chunk.text)
            if match and chunk.words <= 60 and chunk.index > text.last:
                names += match.group(1).split(",")
    source = "links:tags"
    if not names:
        names, source = list(page.said.meta.get("article:tag", [])), "meta:article:tag"
    tags = tuple(dict.fromkeys(name.strip(" ,#") for name in names if name.strip(" ,#")))
    if tags:
        page.came_from("tags", source, ", ".join(tags))
    return tags


_TAG_PATH = re.compile(r"/(?:tags?|etiquetas?|topics?|temas?|keyword|schlagwort)/", re.I)


def _is_tag_links(chunk: Chunk) -> bool:
    """Whether a line is nothing but links to tag pages."""
    return (
        bool(chunk.links)
        and all(_TAG_PATH.search(piece.href or "") for piece in chunk.links)
        and chunk.words - sum(len(piece.text.split()) for piece in chunk.links)
        <= 2 + len(chunk.links)
    )


def _tag_names(chunk: Chunk) -> list[str]:
    linked = [piece.text for piece in chunk.links if piece.text]
    if linked:
        return linked
    match = _TAGS_LINE.match(chunk.text)
    return match.group(1).split(",") if match else []


_LICENCE_URL = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/", re.I)


def read_licence(page: Page) -> str | None:
    """The licence that the page states, by its address or its words."""
    for chunk in page.chunks:
        licensed = [piece for piece in chunk.links if _LICENCE_URL.search(piece.href or "")]
        if licensed:
            page.came_from("licence", "link:licence", chunk.text[:300])
            return licensed[0].href
        if (
            begins(chunk.text, page.wording.licence)
            and (chunk.links or chunk.words <= 60)
            and chunk.words > 3
        ):
            page.came_from("licence", "line:licence", chunk.text[:300])
            return (
                "Creative Commons" if "creative commons" in folded(chunk.text) else chunk.text[:200]
            )
    stated = page.said.licence_links or texts_of(
        page.said.article.get("license"), "url", "@id", "name"
    )
    if stated:
        page.came_from(
            "licence",
            "link:rel=license" if page.said.licence_links else "json-ld:license",
            stated[0],
        )
        return stated[0]
    return None
