"""When an article was published and changed, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.parsing.dates import Moment, days_apart, is_plausible, machine_date, printed_date
from crawler.parsing.opening import NOT_OPENING, Opening, text_closing
from crawler.parsing.outline import Chunk
from crawler.parsing.page import Page
from crawler.parsing.structured import texts_of
from crawler.parsing.zones import Zone
from crawler.profile import path_of


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
        if chunk.zones & Zone.DATE and chunk.words < 16 and not chunk.zones & NOT_OPENING:
            for source, moment, changed in _moments_of(page, chunk):
                if not changed:
                    yield source, moment
    match = _PATH_DATE.search(path_of(page.url))
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
    for piece in chunk.pieces if not times else ():
        if piece.zones & Zone.DATE and (moment := _printed(page, piece.text)):
            yield "class:date", moment, bool(piece.zones & Zone.MODIFIED and several)
    if times or chunk.words > 20 or chunk.zones & Zone.DECK:
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
