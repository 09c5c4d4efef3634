"""Pages of today as trees, and what an element or a selector gives of a field there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.healing.known import Known, blocks_of, value_of, without_label
from crawler.parsing.dates import machine_date, printed_date
from crawler.parsing.decoding import text_of_page
from crawler.parsing.names import names_in
from crawler.parsing.page import usual_day_order
from crawler.parsing.places import Found, found_at, found_in
from crawler.parsing.text import clean, folded
from crawler.profile import Profile

#: An element of more text holds more than one field.
LONGEST_FIELD = 600
#: Names and dates stand in less.
_LONGEST_BYLINE, _LONGEST_DATE = 300, 120
#: An element that gives a field holds no more of such than this.
_MOST_GIVEN = 3

Answer = Literal["right", "wrong", "foreign", "none"]
"""What a selector gives on a page: what is known; something else; another field's value; nothing.

Where the field is not known, whatever it gives is wrong: an article without a standfirst has none.
"""


@dataclass(slots=True)
class Sheet:
    """A page of today as a tree, with the short texts that stand on it."""

    page: Known
    tree: LexborHTMLParser
    nodes: list[tuple[LexborNode, str]] = field(default_factory=list)
    """Elements of little text in page order, each with its text."""


def sheet_of(page: Known) -> Sheet:
    """The page as a tree, without scripts and styles."""
    tree = LexborHTMLParser(text_of_page(page.html, page.content_type))
    sheet = Sheet(page, tree)
    if tree.root is not None:
        tree.root.strip_tags(["script", "style"])
    for node in tree.css("body *"):
        text = clean(node.text() or "")
        if (text and len(text) <= LONGEST_FIELD) or node.attributes.get("datetime"):
            sheet.nodes.append((node, text))
    return sheet


def standing(sheet: Sheet, name: str, profile: Profile) -> Iterator[LexborNode]:
    """The elements that hold what is known of a field, and nothing else."""
    known = value_of(sheet.page.article, name)
    if not known:
        return
    for node, text in sheet.nodes:
        bare = folded(text)
        is_tag = name == "tags" and bare in known
        if is_tag or _holds_alone(sheet, name, node, bare, profile):
            yield node


def _holds_alone(sheet: Sheet, name: str, node: LexborNode, bare: str, profile: Profile) -> bool:
    """Whether an element gives what is known of a field."""
    known = value_of(sheet.page.article, name)
    is_given = _may_hold(name, known, bare) and given(sheet, name, found_in(node), profile) == known
    return bool(is_given)


def _may_hold(name: str, known: Any, bare: str) -> bool:
    """Whether it is worth a closer look."""
    if name == "published":
        return len(bare) <= _LONGEST_DATE
    if name == "authors":
        return len(bare) <= _LONGEST_BYLINE and all(each in bare for each in known)
    if name == "tags":
        return all(each in bare for each in known)
    return known in bare


def given(sheet: Sheet, name: str, found: Found, profile: Profile) -> Any:
    """The field as the parser would read it there, in the form in which it is compared.

    Something that is no field's value where the texts found are not one.
    """
    if name == "published":
        return _day(sheet, found, profile)
    if name == "tags":
        return sorted({folded(text.strip(" ,#")) for text in found.texts})
    if name == "authors":
        own = (*profile.organisations, profile.title)
        names = (names_in(text, profile.name_case, own) for text in found.texts)
        return sorted({folded(each) for each in chain.from_iterable(names)})
    texts = [without_label(text) if name == "category" else text for text in found.texts]
    return " | ".join(dict.fromkeys(map(folded, texts)))


def _day(sheet: Sheet, found: Found, profile: Profile) -> str:
    machine = (machine_date(time) for time in found.times)
    days = {moment.day for moment in machine if moment is not None}
    if not days:
        printed = (_printed(sheet, text, profile) for text in found.texts[: _MOST_GIVEN + 1])
        days = {day for day in printed if day}
    return " | ".join(sorted(days))


def _printed(sheet: Sheet, text: str, profile: Profile) -> str:
    article = sheet.page.article
    moment = printed_date(
        text[:LONGEST_FIELD],
        day_order=profile.day_order or usual_day_order(article.url, article.language),
        timezone=profile.timezone,
        language=article.language,
        now=sheet.page.fetched_at,
        thorough=True,
    )
    return moment.day if moment is not None else ""


def answer(sheet: Sheet, name: str, selector: str, profile: Profile) -> Answer:
    """What a selector gives of a field on a page."""
    try:
        found = found_at(sheet.tree, selector)
    except SelectolaxError:
        return "wrong"
    if found is None:
        return "none"
    value, known = given(sheet, name, found, profile), value_of(sheet.page.article, name)
    if known and value == known:
        return "right"
    return "foreign" if is_of_another_field(sheet.page, name, found.texts) else "wrong"


def is_of_another_field(page: Known, name: str, texts: tuple[str, ...]) -> bool:
    """Whether texts that were found for a field are what is known of another."""
    article, bare = page.article, folded(" ".join(texts))
    if not bare or name == "published":
        return False
    others = (each for each in ("headline", "deck", "kicker", "category") if each != name)
    labels = ("kicker", "category")
    values = [
        value_of(article, each)
        for each in others
        if not (name in labels and each in labels and not getattr(article, name))
    ]
    own = value_of(article, name)
    if bare in (value for value in values if value and value != own):
        return True
    if name != "authors" and _is_byline(bare, value_of(article, "authors")):
        return True
    return bare in {folded(block.text) for block in blocks_of(article)}


def _is_byline(bare: str, names: list[str]) -> bool:
    """Whether a text is hardly more than the authors' names."""
    held = sum(len(each) for each in names if each in bare)
    return held > 0 and len(bare) <= 2 * held
