"""Fields whose place on the page is known: read there, before anything else that the page says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.article import Article, Source
from crawler.parsing.dates import Moment, is_plausible, machine_date, printed_date
from crawler.parsing.headline import Headline
from crawler.parsing.names import introduced, is_organisation, names_in
from crawler.parsing.page import Page
from crawler.parsing.text import clean, folded
from crawler.profile import Places

#: A place holds no more than this: a selector that meets half the page has gone astray.
MOST_NODES, MOST_CHARACTERS = 40, 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in one place."""

    selector: str
    texts: tuple[str, ...]
    """The text of each element selected, or of the links in it where it holds several."""
    times: tuple[str, ...] = ()
    """The ``datetime`` of the elements, or of what is in them."""


def texts_at(tree: LexborHTMLParser, places: Places) -> dict[str, Found]:
    """Field → what stands in its place, for the fields whose place is known and on this page."""
    if places == Places():
        return {}
    found = {}
    for field in fields(places):
        for selector in getattr(places, field.name):
            try:
                here = found_at(tree, selector)
            except SelectolaxError:  # somebody wrote it by hand: the page is read without it
                continue
            if here is not None:
                found[field.name] = here
                break
    return found


def found_at(tree: LexborHTMLParser, selector: str) -> Found | None:
    """What a selector finds on a page; None for nothing, or for more than a field can be.

    Raises ``selectolax.lexbor.SelectolaxError`` for what is no selector.
    """
    nodes = tree.css(selector)
    if not nodes or len(nodes) > MOST_NODES:
        return None
    found = Found(
        selector,
        tuple(text for node in nodes for text in _texts(node)),
        tuple(time for node in nodes for time in _times(node)),
    )
    is_field = (found.texts or found.times) and sum(map(len, found.texts)) <= MOST_CHARACTERS
    return found if is_field else None


def found_in(node: LexborNode) -> Found:
    """What an element holds, as a selector that selects it alone would find it."""
    return Found("", tuple(_texts(node)), tuple(_times(node)))


def _texts(node: LexborNode) -> list[str]:
    """The texts that an element gives: of its links where it holds several, else its own."""
    links = [clean(link.text() or "") for link in node.css("a")] if node.tag != "a" else []
    texts = links if len(links) > 1 else [clean(node.text() or "")]
    return [text for text in texts if text]


def _times(node: LexborNode) -> list[str]:
    inner = [node, *node.css("[datetime]")]
    return [time for each in inner if (time := each.attributes.get("datetime"))]


def headline_at(page: Page, found: Found | None) -> Headline | None:
    """The headline in its known place, on a page where nothing else tells it; None for none."""
    if found is None or not found.texts:
        return None
    text = found.texts[0]
    chunk = next((each for each in page.chunks if folded(each.text) == folded(text)), None)
    return None if chunk is None else Headline(text, chunk)


def placed(page: Page, article: Article, found: dict[str, Found]) -> Article:
    """The article with the fields whose place is known as they stand there."""
    values: dict[str, Any] = {}
    for name, here in found.items():
        values |= _READERS[name](page, article, name, here)
    if "category" not in found and not article.category and "kicker" in values:
        values["category"] = values[
            "kicker"
        ]  # as everywhere: the label files where nothing else does
    for name, here in found.items():
        if name in values:
            usual = getattr(article, name)
            losing = ((_source_of(page, name), str(usual)),) if usual else ()
            raw = ", ".join(here.texts or here.times)
            page.came_from(name, f"place:{here.selector}", raw, losing)
    return replace(article, **values)


def _source_of(page: Page, name: str) -> str:
    known = page.provenance.get(name)
    return known.source if isinstance(known, Source) else "none"


def _text(page: Page, article: Article, name: str, here: Found) -> dict[str, Any]:
    return {name: here.texts[0]} if here.texts else {}


def _tags(page: Page, article: Article, name: str, here: Found) -> dict[str, Any]:
    tags = tuple(dict.fromkeys(text.strip(" ,#") for text in here.texts if text.strip(" ,#")))
    return {"tags": tags} if tags else {}


def _authors(page: Page, article: Article, name: str, here: Found) -> dict[str, Any]:
    own = (*page.profile.organisations, page.profile.title) if page.profile else ()
    known = page.profile.name_case if page.profile else None
    if len(here.texts) > 1:
        listed = [each for text in here.texts for each in names_in(text, known, own)]
    else:
        listed = list(names_in(here.texts[0], known, own)) if here.texts else []
    if not listed:
        return {}
    raw = ", ".join(introduced(text) or text for text in here.texts)
    if {folded(each) for each in listed} == {folded(each) for each in article.authors}:
        return {}
    return {
        "authors": tuple(dict.fromkeys(listed)),
        "organisation_byline": all(is_organisation(each, own) for each in listed),
        "byline_raw": raw,
    }


def _published(page: Page, article: Article, name: str, here: Found) -> dict[str, Any]:
    moment = _moment(page, here)
    if moment is None or not is_plausible(moment, page.fetched_at):
        return {}
    if (article.published or "")[:10] == moment.day and moment.precision == "day":
        return {}  # read elsewhere to the same day, perhaps with its time
    return {
        "published": moment.value,
        "published_precision": moment.precision,
        "published_raw": moment.raw,
    }


def _moment(page: Page, here: Found) -> Moment | None:
    for time in here.times:
        moment = machine_date(time)
        if moment is not None:
            return moment
    for text in here.texts:
        moment = printed_date(
            text,
            day_order=page.day_order,
            timezone=page.timezone,
            language=page.language,
            now=page.fetched_at,
            thorough=True,
        )
        if moment is not None:
            return moment
    return None


_READERS: dict[str, Callable[[Page, Article, str, Found], dict[str, Any]]] = {
    "headline": _text,
    "kicker": _text,
    "deck": _text,
    "category": _text,
    "authors": _authors,
    "published": _published,
    "tags": _tags,
}
