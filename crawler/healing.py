"""Where the fields of a redesigned site stand now: found by what is known of its articles.

An archive knows what many pages of a site said before the redesign. Their new pages still say it,
somewhere: so the known headline, names, day, labels and tags are looked up in the new page, and the
selectors that find them on page after page become a proposal. What opens the analysis is the line
before its known first words; what the reader takes for text and the article never said is
furniture. Half of the pages are learned from, the others only checked with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.article import Article, Block
from crawler.errors import NotAnArticle, Unreadable
from crawler.parsing import parse_article
from crawler.parsing.dates import machine_date, printed_date
from crawler.parsing.decoding import text_of_page
from crawler.parsing.names import names_in
from crawler.parsing.places import Found, found_at, found_in
from crawler.parsing.text import clean, folded
from crawler.profile import Hints, Landmarks, Places, Profile
from crawler.sites.patches import Patch, entries_of

#: The fields that are compared, in the order of a page.
FIELDS = (
    "kicker", "headline", "deck", "category", "authors", "published", "tags", "body", "analysis",
)  # fmt: skip
#: Those whose place can be named.
PLACED = ("kicker", "headline", "deck", "category", "authors", "published", "tags")

#: Where at least this share of what is known is read right, a field is left alone.
GOOD = 0.95
#: Fewer pages are too few to tell a rule from chance.
FEWEST_PAGES = 4
#: A selector must be right on so many of the pages learned from, and wrong on at most this share.
FEWEST_RIGHT, MOST_WRONG = 2, 0.1
#: So many selectors for one field: a site has a few kinds of page, and a patch is to be read.
MOST_SELECTORS = 3
#: Two texts are the same when they share this part of their words: newsrooms edit.
SAME_TEXT = 0.97
#: A paragraph that so many articles have, and this share of them, is furniture; on fewer pages it
#: may be a note that a newsroom has added to some of its articles.
FEWEST_SHARED, LEAST_SHARED = 3, 0.1
#: An element of more text holds more than one field.
LONGEST_FIELD = 600
#: Words over the analysis are a heading, and no sentence.
LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Known:
    """An article as it was read before, and its page as it is now."""

    article: Article
    url: str
    html: bytes
    content_type: str | None = None
    fetched_at: datetime | None = None
    shared: frozenset[str] = frozenset()
    """Paragraphs, folded, that several articles have: neither missed nor taken for furniture."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one entry of a patch is proposed."""

    part: str
    """``places.authors``, ``landmarks.analysis``, …"""
    entry: str
    right: int
    """Pages on which it gives what is known."""
    wrong: int
    """Pages on which it gives something else."""
    url: str
    example: str
    """What it finds at ``url``."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Healing:
    """How a site's pages are read now, and how they would be read with a patch."""

    pages: int
    """Pages compared, of which every second was only checked with, if there are enough."""
    checked: int
    """Pages that the figures are of."""
    before: dict[str, tuple[int, int]]
    """Field → (read right, known), as the profile is."""
    after: dict[str, tuple[int, int]]
    """The same with the patch."""
    patch: Patch
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether the pages read well as they are, so that nothing is proposed."""
        return not self.patch.to_dict()

    @staticmethod
    def share(counted: dict[str, tuple[int, int]]) -> float | None:
        """Of all known fields, the share that is read right; None where nothing is known."""
        known = sum(of for _, of in counted.values())
        return sum(right for right, _ in counted.values()) / known if known else None


def healing(pages: Sequence[Known], profile: Profile) -> Healing:
    """What could be read better on a site's pages, and how.

    ``pages`` are known articles with their pages of today, best those captured last.
    """
    learned, checked = _halves(_with_shared(pages))
    before = _counted(checked, profile)
    broken = _broken(_counted(learned, profile)) | _broken(before)
    patch, evidence = _Search(learned, profile, broken).run()
    patch, evidence = _what_helps(patch, evidence, checked, profile)
    after = _counted(checked, patch.applied_to(profile))
    return Healing(len(pages), len(checked), before, after, patch, tuple(evidence))


def _with_shared(pages: Sequence[Known]) -> list[Known]:
    """The pages with the paragraphs that several articles have: an offer of a newsletter that was
    taken for text, say, or a note on how a series came about."""
    shown = Counter(
        text for page in pages for text in {folded(block.text) for block in _blocks(page.article)}
    )
    shared = frozenset(text for text, number in shown.items() if number >= FEWEST_SHARED)
    return [replace(page, shared=shared) for page in pages]


def _blocks(article: Article) -> tuple[Block, ...]:
    """All paragraphs of an article, its analysis' among them."""
    return (*article.body, *(article.analysis or ()))


def _halves(pages: Sequence[Known]) -> tuple[Sequence[Known], Sequence[Known]]:
    """Pages to learn from and pages to check with; of a few pages all are both."""
    if len(pages) < 2 * FEWEST_PAGES:
        return pages, pages
    return pages[::2], pages[1::2]


def _broken(counted: dict[str, tuple[int, int]]) -> set[str]:
    return {name for name, (right, known) in counted.items() if known and right < GOOD * known}


# Which pages are of another layout than those that were read before

#: Two pages of one layout share at least this part of the names in their markup.
SAME_LAYOUT = 0.6


def redesigned(pages: Sequence[tuple[Known, bytes]]) -> list[Known]:
    """Of known articles, each with the page it was known by, those whose layout is another now.

    Of a page in the layout of today nothing is known but what is read of it today, right or wrong.
    All pages where too few are of another layout to learn from.
    """
    found = [known for known, before in pages if not _is_one_layout(before, known.html)]
    return found if len(found) >= FEWEST_PAGES else [known for known, _ in pages]


def _is_one_layout(before: bytes, after: bytes) -> bool:
    one, other = _markup(before), _markup(after)
    return len(one & other) >= SAME_LAYOUT * len(one | other)


def _markup(html: bytes) -> frozenset[str]:
    """The names of a page's elements: tags in tags, classes, what tells what they hold."""
    names = set[str]()
    for node in LexborHTMLParser(html).css("body *"):
        above = node.parent.tag if node.parent is not None else ""
        names.add(f"{above}>{node.tag}")
        names.update(_names_of(node))
    return frozenset(names)


# How well pages are read


def read(page: Known, profile: Profile) -> Article | None:
    """The article that the page shows; None where it shows none that can be read."""
    try:
        return parse_article(
            page.html,
            url=page.url,
            profile=profile,
            content_type=page.content_type,
            fetched_at=page.fetched_at,
        )
    except (NotAnArticle, Unreadable):
        return None


def _counted(pages: Iterable[Known], profile: Profile) -> dict[str, tuple[int, int]]:
    """Field → (pages on which it is read right, pages on which it is known)."""
    right, known = Counter[str](), Counter[str]()
    for page in pages:
        article = read(page, profile)
        for name in FIELDS:
            value = _own_value(page.article, name, page.shared)
            if value:
                known[name] += 1
                right[name] += article is not None and _is_same(
                    name, value, _own_value(article, name, page.shared)
                )
    return {name: (right[name], known[name]) for name in FIELDS if known[name]}


def _own_value(article: Article, name: str, shared: frozenset[str]) -> Any:
    """A field as it is compared, a text without what several articles have."""
    if name not in ("body", "analysis"):
        return _value(article, name)
    texts = (block.text for block in getattr(article, name) or ())
    return "\n\n".join(text for text in texts if folded(text) not in shared)


def _value(article: Article, name: str) -> Any:
    """A field as it is compared."""
    if name == "published":
        return (article.published or "")[:10]
    if name == "category":
        return folded(_LABEL.sub("", article.category or ""))
    value = getattr(article, name)
    return sorted(map(folded, value)) if isinstance(value, tuple) else folded(value or "")


#: What some layouts print before a value: ``Category: Investigations``.
_LABEL = re.compile(r"^\w{2,15}\s*:\s+")


def _is_same(name: str, known: Any, found: Any) -> bool:
    if name not in ("body", "analysis"):
        return bool(known == found)
    one, other = Counter(folded(known).split()), Counter(folded(found or "").split())
    shared = (one & other).total()
    return shared >= SAME_TEXT * max(one.total(), other.total())


# Looking for the places


@dataclass(slots=True)
class _Sheet:
    """A page of today as a tree, with the short texts that stand on it."""

    page: Known
    tree: LexborHTMLParser
    nodes: list[tuple[LexborNode, str]] = field(default_factory=list)
    """Elements of little text in page order, each with its text."""


class _Search:
    """Looks for all that a patch may say, on the pages to learn from."""

    def __init__(self, pages: Sequence[Known], profile: Profile, broken: set[str]) -> None:
        self._pages = pages
        self._profile = profile
        self._broken = broken
        self._sheets = [_sheet(page) for page in pages] if broken else []
        self._evidence: list[Evidence] = []

    def run(self) -> tuple[Patch, list[Evidence]]:
        """The patch, whole, and why."""
        if not self._broken or len(self._pages) < FEWEST_PAGES:
            return Patch(), []
        places = {name: self._place(name) for name in PLACED if name in self._broken}
        patch = Patch(Places(**places))
        if "analysis" in self._broken or "body" in self._broken:
            patch = replace(patch, landmarks=Landmarks(analysis=self._analysis()))
        if self._broken & {"body", "analysis"}:
            patch = self._without_furniture(patch)
        return patch, self._evidence

    # One field

    def _place(self, name: str) -> tuple[str, ...]:
        """The selectors under which a field stands, those that find most first."""
        left = list(range(len(self._sheets)))
        chosen: list[str] = []
        counted = self._counted_selectors(name)
        while left and len(chosen) < MOST_SELECTORS:
            best = self._best(name, counted, left)
            if best is None:
                break
            chosen.append(best)
            left = [number for number in left if not counted[best][number]]
        return tuple(chosen)

    def _counted_selectors(self, name: str) -> dict[str, list[bool | None]]:
        """Selector → per page, whether it gives what is known; None where it selects nothing."""
        candidates: dict[str, None] = {}
        for sheet in self._sheets:
            for node in self._standing(sheet, name):
                candidates.update(dict.fromkeys(_selectors_of(node)))
        return {
            selector: [self._is_right(sheet, name, selector) for sheet in self._sheets]
            for selector in candidates
        }

    def _standing(self, sheet: _Sheet, name: str) -> Iterator[LexborNode]:
        """The elements that hold what is known of the field, and nothing else."""
        known = _value(sheet.page.article, name)
        if not known:
            return
        for node, text in sheet.nodes:
            is_tag = name == "tags" and folded(text) in known
            if is_tag or self._gives(sheet, name, found_in(node)) == known:
                yield node

    def _is_right(self, sheet: _Sheet, name: str, selector: str) -> bool | None:
        try:
            found = found_at(sheet.tree, selector)
        except SelectolaxError:
            return False
        if found is None:
            return None
        return bool(self._gives(sheet, name, found) == _value(sheet.page.article, name))

    def _gives(self, sheet: _Sheet, name: str, found: Found) -> Any:
        """The field as the parser would read it there, in the form in which it is compared."""
        if name == "published":
            return self._day(sheet, found)
        if name == "tags":
            return sorted({folded(text) for text in found.texts})
        if name == "authors":
            profile = self._profile
            own = (*profile.organisations, profile.title)
            names = (names_in(text, profile.name_case, own) for text in found.texts)
            return sorted({folded(each) for each in chain.from_iterable(names)})
        if not found.texts:
            return ""
        return folded(_LABEL.sub("", found.texts[0]) if name == "category" else found.texts[0])

    def _day(self, sheet: _Sheet, found: Found) -> str:
        for time in found.times:
            moment = machine_date(time)
            if moment is not None:
                return moment.day
        for text in found.texts:
            moment = printed_date(
                text,
                day_order=self._profile.day_order,
                timezone=self._profile.timezone,
                language=sheet.page.article.language,
                now=sheet.page.fetched_at,
                thorough=True,
            )
            if moment is not None:
                return moment.day
        return ""

    def _best(
        self, name: str, counted: dict[str, list[bool | None]], left: Sequence[int]
    ) -> str | None:
        """The selector that is right on most of the pages left, and wrong on hardly any."""

        def is_reliable(selector: str) -> bool:
            right = sum(answer is True for answer in counted[selector])
            wrong = sum(answer is False for answer in counted[selector])
            return wrong <= MOST_WRONG * (right + wrong)

        def merit(selector: str) -> tuple[int, int, int]:
            right = sum(counted[selector][number] is True for number in left)
            wrong = sum(counted[selector][number] is False for number in left)
            return right - 2 * wrong, -self._characters_at(selector, left), -len(selector)

        best = max(filter(is_reliable, counted), key=merit, default=None)
        gained = sum(counted[best][number] is True for number in left) if best else 0
        if best is None or gained < FEWEST_RIGHT:
            return None
        right = sum(answer is True for answer in counted[best])
        wrong = sum(answer is False for answer in counted[best])
        at = next(number for number in left if counted[best][number])
        found = found_at(self._sheets[at].tree, best)
        example = ", ".join(found.texts or found.times) if found else ""
        self._note(f"places.{name}", best, right, wrong, self._sheets[at], example)
        return best

    def _characters_at(self, selector: str, numbers: Sequence[int]) -> int:
        """How much stands where a selector points: the narrower place is the field's own."""
        for number in numbers:
            found = found_at(self._sheets[number].tree, selector)
            if found is not None:
                return sum(map(len, found.texts))
        return 0

    def _note(
        self, part: str, entry: str, right: int, wrong: int, sheet: _Sheet, example: str
    ) -> None:
        about = Evidence(part, entry, right, wrong, sheet.page.url, example[:200])
        self._evidence.append(about)

    # The text

    def _analysis(self) -> tuple[str, ...]:
        """The words that stand over the analysis, wherever its first words are known."""
        found: dict[str, list[_Sheet]] = {}
        for sheet in self._sheets:
            heading = self._heading_over(sheet)
            if heading is not None:
                found.setdefault(heading, []).append(sheet)
        for heading, sheets in found.items():
            if len(sheets) >= FEWEST_RIGHT:
                self._note("landmarks.analysis", heading, len(sheets), 0, sheets[0], heading)
        return tuple(heading for heading, sheets in found.items() if len(sheets) >= FEWEST_RIGHT)

    @staticmethod
    def _heading_over(sheet: _Sheet) -> str | None:
        article = sheet.page.article
        if not article.analysis:
            return None
        first = folded(article.analysis[0].text)[:60]
        said = {folded(block.text) for block in article.body}
        before: list[str] = []
        for _, text in _in_order(sheet):
            if first and folded(text).startswith(first):
                break
            before.append(text)
        else:
            return None
        heading = before[-1] if before else ""
        is_one = heading and len(heading) <= LONGEST_HEADING and folded(heading) not in said
        return heading if is_one else None

    def _without_furniture(self, patch: Patch) -> Patch:
        """The patch with what else the reader takes for text, and the article never said."""
        profile = patch.applied_to(self._profile)
        single: list[tuple[_Sheet, str]] = []
        for sheet in self._sheets:
            article = read(sheet.page, profile)
            if article is None:
                continue
            known = sheet.page.article
            said = {folded(each.text) for each in _blocks(known)} | sheet.page.shared
            read_so = _blocks(article)
            single += [(sheet, each.text) for each in read_so if folded(each.text) not in said]
        shown = {text: self._showing(text) for _, text in single}
        enough = max(FEWEST_SHARED, LEAST_SHARED * len(self._sheets))
        repeated = {text for text, sheets in shown.items() if len(sheets) >= enough}
        for text in sorted(repeated):
            self._note("landmarks.furniture", text, len(shown[text]), 0, shown[text][0], text)
        landmarks = replace(patch.landmarks, furniture=tuple(sorted(repeated)))
        drop = self._dropped([each for each in single if each[1] not in repeated])
        return replace(patch, landmarks=landmarks, hints=Hints(drop=drop))

    def _showing(self, text: str) -> list[_Sheet]:
        """The pages on which a text stands by itself, whether or not it was taken for theirs."""
        bare = folded(text)
        return [
            sheet for sheet in self._sheets if any(folded(here) == bare for _, here in sheet.nodes)
        ]

    def _dropped(self, single: Sequence[tuple[_Sheet, str]]) -> tuple[str, ...]:
        """The selectors of what changes from page to page and is never the text: captions, say."""
        candidates = Counter[str]()
        where: dict[str, set[tuple[str, str]]] = {}
        for sheet, text in single:
            standing = {
                selector
                for node, here in sheet.nodes
                if folded(here) == folded(text)
                for selector in _selectors_of(node)
            }
            candidates.update(standing)
            for selector in standing:
                where.setdefault(selector, set()).add((sheet.page.url, text))
        chosen: list[str] = []
        left = {(sheet.page.url, text) for sheet, text in single}
        for selector, count in candidates.most_common(20):
            is_new = bool(where[selector] & left)
            if count >= FEWEST_RIGHT and is_new and not self._selects_text(selector):
                left -= where[selector]
                sheet, text = single[0]
                self._note("hints.drop", selector, count, 0, sheet, text)
                chosen.append(selector)
                if len(chosen) == MOST_SELECTORS:
                    break
        return tuple(chosen)

    def _selects_text(self, selector: str) -> bool:
        """Whether a selector meets, anywhere, an element that holds some of the known text."""
        for sheet in self._sheets:
            known = sheet.page.article
            said = {folded(each.text) for each in _blocks(known)}
            for node in sheet.tree.css(selector):
                words = folded(clean(node.text() or ""))
                if any(each in words for each in said if each):
                    return True
        return False


def _in_order(sheet: _Sheet) -> Iterator[tuple[LexborNode, str]]:
    """Elements with text that have no such element inside them, in page order."""
    for node in sheet.tree.css("body *"):
        if node.tag in _BLOCKS and not any(each.tag in _BLOCKS for each in node.css("*")[1:]):
            text = clean(node.text() or "")
            if text:
                yield node, text


_BLOCKS = frozenset(
    (
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "section", "article",
        "td", "th", "figcaption", "header", "footer", "aside", "dt", "dd", "pre", "tr", "table",
        "ul", "ol",
    )
)  # fmt: skip


def _sheet(page: Known) -> _Sheet:
    tree = LexborHTMLParser(text_of_page(page.html, page.content_type))
    sheet = _Sheet(page, tree)
    if tree.root is not None:
        tree.root.strip_tags(["script", "style"])
    for node in tree.css("body *"):
        text = clean(node.text() or "")
        if (text and len(text) <= LONGEST_FIELD) or node.attributes.get("datetime"):
            sheet.nodes.append((node, text))
    return sheet


# Selectors


_PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*")
#: A class that ends in many digits, or in a digest, names one page or one build, not a part.
_PASSING = re.compile(r"\d{3,}|[a-f0-9]{6,}$|(?=\w*\d)(?=\w*[A-Z])(?=\w*[a-z])\w{6,}$")
#: Attributes that tell what an element holds.
_TELLING = ("itemprop", "rel", "property", "data-testid", "data-field", "role")
#: Ancestors whose names make a selector narrower.
MOST_ANCESTORS = 4


def _selectors_of(node: LexborNode) -> list[str]:
    """Ways to name an element by what is likely to stay: classes, telling attributes, its box."""
    own = _names_of(node)
    bare = own or [node.tag or "*"]
    found = list(own)
    parent = node.parent
    for _ in range(MOST_ANCESTORS):
        if parent is None or parent.tag in ("body", "html", "-document"):
            break
        found += [f"{box} {name}" for box in _names_of(parent)[:2] for name in bare[:2]]
        if parent == node.parent:
            found += [f"{box} > {node.tag}" for box in _names_of(parent)[:2]]
        parent = parent.parent
    label = _label_before(node)
    if label is not None:
        found.append(f'{label[0]}:lexbor-contains("{label[1]}") + {bare[0]}')
    return found


def _names_of(node: LexborNode) -> list[str]:
    attributes = node.attributes
    names = [
        f".{each}"
        for each in (attributes.get("class") or "").split()
        if _PLAIN_NAME.fullmatch(each) and not _PASSING.search(each)
    ]
    name = attributes.get("id") or ""
    if _PLAIN_NAME.fullmatch(name) and not any(map(str.isdigit, name)):
        names.append(f"#{name}")
    for telling in _TELLING:
        value = attributes.get(telling)
        if value and re.fullmatch(r"[\w :.-]+", value):
            names.append(f'[{telling}="{value}"]')
    return names


def _label_before(node: LexborNode) -> tuple[str, str] | None:
    """(tag, words) of the short text right before an element, such as "Words" before the names."""
    before = node.prev
    while before is not None and before.tag == "-text":
        if clean(before.text() or ""):
            return None
        before = before.prev
    if before is None:
        return None
    words = clean(before.text() or "")
    tag = before.tag or "-"
    is_label = 2 <= len(words) <= 30 and not set(words) & set('"\\') and tag[0] != "-"
    return (tag, words) if is_label else None


# What is worth proposing


def _what_helps(
    patch: Patch, evidence: list[Evidence], pages: Sequence[Known], profile: Profile
) -> tuple[Patch, list[Evidence]]:
    """The patch without the entries of places that read no field better on the pages checked."""
    if not patch.to_dict():
        return patch, evidence
    before = _counted(pages, profile)
    after = _counted(pages, patch.applied_to(profile))
    kept = {
        name: entries
        for name, entries in entries_of(patch.places)
        if entries and after.get(name, (0, 0))[0] > before.get(name, (0, 0))[0]
    }
    slimmer = replace(patch, places=Places(**kept))
    texts = ("body", "analysis")
    if all(after.get(name, (0, 0))[0] <= before.get(name, (0, 0))[0] for name in texts):
        slimmer = replace(slimmer, hints=Hints(), landmarks=Landmarks())
    entries = {f"{part}.{name}" for part, fields in slimmer.to_dict().items() for name in fields}
    return slimmer, [each for each in evidence if each.part in entries]
