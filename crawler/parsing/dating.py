"""When an article was published and changed, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import chain

from crawler.parsing.datelines import dated_lines, unread_lines
from crawler.parsing.dates import Moment, days_apart, is_plausible, machine_date, printed_date
from crawler.parsing.foreign_dates import asked_date
from crawler.parsing.headline import Headline
from crawler.parsing.months import month_of
from crawler.parsing.opening import Opening, text_closing
from crawler.parsing.outline import Chunk
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
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


def read_dates(page: Page, opening: Opening, headline: Headline, text: Text) -> Dates:
    """Publication and last change, each with its evidence."""
    if not page.knows_printing:
        seen = [
            (each.source, each.moment, each.changed) for each in dated_lines(page, headline, text)
        ]
    else:
        seen = list(_visible_moments(page, opening))
    stated = _stated_moments(page, "datePublished", _PUBLISHED_META)
    visible = [(source, moment) for source, moment, updated in seen if not updated]
    if not visible and seen and not stated and len({moment.day for _, moment, _ in seen}) == 1:
        visible = [(seen[0][0], seen[0][1])]
    dates = Dates()
    if not page.knows_printing:
        changed = [(source, moment) for source, moment, updated in seen if updated]
        published = _chosen(page, stated, visible, changed, list(_of_address(page)))
    else:
        published = _weighed(page, visible, stated)
    published = published or _asked(page, headline, text)
    if published:
        source, dates.published, losing = published
        losing += _in_other_order(page, dates.published)
        page.came_from("published", source, dates.published.raw, losing)
    changed = [(source, moment) for source, moment, updated in seen if updated]
    changed += _stated_moments(page, "dateModified", _MODIFIED_META)
    changed = [each for each in changed if is_plausible(each[1], page.fetched_at)]
    if changed:
        source, dates.modified = changed[0]
        page.came_from("modified", source, dates.modified.raw)
    return dates


#: A date all in numbers that is one day or another: ``03/04/2024``.
_EITHER_WAY = re.compile(r"^\D*(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-](?:\d{4}|\d\d)\b")


def _in_other_order(page: Page, taken: Moment) -> tuple[tuple[str, str], ...]:
    """The other day that a printed date may name on a site whose day order nobody has stated."""
    match = _EITHER_WAY.match(taken.raw or "")
    stated = page.profile is not None and page.profile.day_order is not None
    if stated or match is None or match[1] == match[2] or machine_date(taken.raw or ""):
        return ()
    order = "MDY" if page.day_order == "DMY" else "DMY"
    other = printed_date(taken.raw, day_order=order, timezone=page.timezone)
    return ((f"order:{order}", other.value),) if other and other.day != taken.day else ()


def _asked(page: Page, headline: Headline, text: Text) -> Choice | None:
    """The date of a page that gives none in a form known here: see :mod:`foreign_dates`."""
    lines = [
        (f"meta:{name}", words)
        for name in _PUBLISHED_META
        for words in page.said.meta.get(name, [])[:1]
    ]
    found = asked_date(
        chain(lines, unread_lines(page, headline, text)),
        page.language,
        page.day_order,
        page.fetched_at,
    )
    if found is None or not is_plausible(found[1], page.fetched_at):
        return None
    return *found, ()


Sourced = tuple[str, Moment]
#: A day in an address: a folder each for year, month and day, or one name of digits or hyphens.
_PATH_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d{2})"
    r"(?:(?P<mark>[/-])(?P<month>0?[1-9]|1[0-2])(?P=mark)|/(?P<packed>0[1-9]|1[0-2])"
    r"|/(?P<name>[a-z]{3,9})/)(?P<day>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
#: A day in the last name of an address, at its beginning or end, year or day first.
_SLUG_DATE = re.compile(
    r"(?:(?<=/)|(?P<end>[-_.]))(?P<year>(?:19|20)\d{2})(?P<mark>[-_.]?)(?P<month>[01]\d)(?P=mark)"
    r"(?P<day>[0-3]\d)(?(end)(?:\.\w{2,5})?/?$|(?=$|[/_.-]))"
)
_SLUG_DAY_FIRST = re.compile(
    r"(?<=/)(?P<day>[0-3]\d)(?P<mark>[-_.])(?P<month>[01]\d)(?P=mark)(?P<year>(?:19|20)\d{2})"
    r"(?=$|[/_.-])"
)


def _of_address(page: Page) -> Iterable[Sourced]:
    """The day that an address names: in folders of its own, else in the page's own name."""
    path = path_of(page.url).lower()
    for source, form in (
        ("address", _PATH_DATE),
        ("address:name", _SLUG_DATE),
        ("address:name", _SLUG_DAY_FIRST),
    ):
        match = form.search(path)
        if match is None:
            continue
        parts = match.groupdict()
        month = (
            parts["month"] or parts.get("packed") or str(month_of(parts.get("name") or "") or "")
        )
        stated = machine_date(f"{parts['year']}-{month.zfill(2)}-{parts['day'].zfill(2)}")
        if stated is not None:
            yield source, stated
            return


Choice = tuple[str, Moment, tuple[tuple[str, str], ...]]
#: Names that also stand for a record's, a file's or an issue's date: a line of the page that gives
#: an earlier day is believed before them.
_WEAK = frozenset(
    f"meta:{name}"
    for name in ("date", "dc.date", "dc.date.created", "dcterms.created", "datecreated")
)
#: An address so many days older than what the head states keeps the day of the first publication,
#: where the page was moved to another system.
MOVED_DAYS = 7


def _chosen(
    page: Page,
    stated: list[Sourced],
    visible: list[Sourced],
    changed: list[Sourced],
    address: list[Sourced],
) -> Choice | None:
    """On a site of unknown make: the head's date, weighed against the lines and the address."""
    stated, visible, changed, address = (
        [each for each in group if is_plausible(each[1], page.fetched_at)]
        for group in (stated, visible, changed, address)
    )
    ranked = stated + visible + address
    if not ranked:
        return None
    source, moment = ranked[0]
    folder = next((each for each in address if each[0] == "address"), None)
    if not stated and visible:
        source, moment = _as_in_address(page, visible, folder)
    elif all(each[0] in _WEAK for each in stated):
        for earlier in (visible or changed)[:1]:
            if earlier[1].day < moment.day:
                source, moment = earlier
    elif stated and folder and folder[1].day < moment.day:
        agreed = any(days_apart(each, moment) <= 1 for _, each in visible)
        if not agreed and days_apart(folder[1], moment) > MOVED_DAYS:
            source, moment = folder
    if moment.precision == "day":
        source, moment = next(
            (each for each in ranked if each[1].precision != "day" and each[1].day == moment.day),
            (source, moment),
        )
    else:
        source, moment = _as_printed(source, moment, visible)
    return source, moment, _losing(ranked, source, moment)


def _as_in_address(page: Page, visible: list[Sourced], folder: Sourced | None) -> Sourced:
    """The first line that agrees with the address: its day or, where it has but one, its month."""
    if folder is not None:
        agreeing = (each for each in visible if days_apart(each[1], folder[1]) <= 1)
        return next(agreeing, folder)
    month = _PATH_MONTH.search(path_of(page.url))
    named = "-".join(month.groups()) if month else ""
    return next((each for each in visible if each[1].day.startswith(named)), visible[0])


_PATH_MONTH = re.compile(r"/((?:19|20)\d{2})/(0[1-9]|1[0-2])/")


def _as_printed(source: str, moment: Moment, visible: list[Sourced]) -> Sourced:
    """An instant in UTC on the day that the page prints, where that is the day before or after.

    Readers of the page are told its local day; systems state the instant in UTC. With a printed
    time the offset follows from both, without one the day alone is known.
    """
    instant = datetime.fromisoformat(moment.value)
    if instant.utcoffset() != timedelta(0):
        return source, moment
    for place, seen in visible:
        if seen.day == moment.day:
            break
        printed = datetime.fromisoformat(seen.value)
        if printed.tzinfo is not None:
            ahead = printed - instant
            if abs(ahead) <= SAME_MINUTE:
                return place, seen
            continue
        ahead = printed - instant.replace(tzinfo=None)
        if seen.precision == "day":
            if WEST - DAY < ahead <= EAST:
                return place, seen
        elif WEST <= ahead <= EAST and abs(ahead - QUARTER * round(ahead / QUARTER)) <= SAME_MINUTE:
            local = instant.astimezone(timezone(QUARTER * round(ahead / QUARTER)))
            return place, Moment(local.isoformat(timespec="seconds"), moment.precision, seen.raw)
    return source, moment


#: The clocks furthest behind and ahead of UTC, and by what they differ.
WEST, EAST, QUARTER = timedelta(hours=-12), timedelta(hours=14), timedelta(minutes=15)
DAY, SAME_MINUTE = timedelta(days=1), timedelta(minutes=2)


def _weighed(page: Page, first: list[Sourced], second: list[Sourced]) -> Choice | None:
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
    return source, moment, _losing(ranked, source, moment)


def _losing(ranked: list[Sourced], source: str, moment: Moment) -> tuple[tuple[str, str], ...]:
    """The candidates that disagree by more than a day."""
    return tuple(
        (other, each.raw)
        for other, each in ranked
        if other != source and days_apart(each, moment) > 1
    )


#: Other names of a publication date in the head: "shareaholic:article_published_time".
_PUBLISHED_NAME = re.compile(
    r"publish(?:ed)?[-_.:]?(?:time|date|at|on)|(?:date|time)[-_.:]?(?:of[-_])?(?:first[-_.]?)?publi"
    r"|publication[-_.:]?(?:date|time)|pub[-_.]?date|first[-_.]?published|released?[-_.:]?date"
    r"|article[-_.:]date|issued?[-_.]?date|date[-_.:]?(?:issued|posted|created)"
)


def _stated_moments(page: Page, key: str, names: tuple[str, ...]) -> list[Sourced]:
    """What the head states of a date, most trusted first."""
    meta = page.said.meta
    stated = [(f"json-ld:{key}", text) for text in texts_of(page.said.article.get(key))[:1]]
    stated += [(f"meta:{name}", text) for name in names for text in meta.get(name, [])[:1]]
    for node in page.said.pages:
        stated += [(f"json-ld:page:{key}", text) for text in texts_of(node.get(key))[:1]]
    if key == "datePublished" and not stated:
        stated += [
            (f"meta:{name}", texts[0])
            for name, texts in meta.items()
            if _PUBLISHED_NAME.search(name)
        ]
        stated += [
            ("json-ld:page:uploadDate", text)
            for node in page.said.pages
            for text in texts_of(node.get("uploadDate"))[:1]
        ]
    return [
        (source, moment)
        for source, text in stated
        if (moment := machine_date(text) or printed_date(text, day_order=page.day_order))
    ]


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
