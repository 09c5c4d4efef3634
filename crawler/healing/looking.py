"""Looks on known pages for the places of fields, and for what tells the text from what is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.healing.known import FEWEST_PAGES, FEWEST_SHARED, LEAST_SHARED, Known, blocks_of, read
from crawler.healing.selectors import LABELLED, names_in_boxes, selectors_of
from crawler.healing.sheets import Answer, Sheet, answer, sheet_of, standing
from crawler.parsing.places import found_at
from crawler.parsing.text import clean, folded
from crawler.profile import Hints, Landmarks, Places, Profile
from crawler.sites.patches import Patch

#: The fields whose place can be named.
PLACED_FIELDS = ("kicker", "headline", "deck", "category", "authors", "published", "tags")
#: A selector must be right on so many of the pages learned from, and wrong on at most this share.
FEWEST_RIGHT, MOST_WRONG = 2, 0.1
#: So many selectors for one field: a site has a few kinds of page, and a patch is to be read.
MOST_SELECTORS = 3
#: So many are tried for one field, those first that would name it on most pages.
_MOST_TRIED = 240
#: Of two selectors the one that is likely to last longer is taken, unless it finds this share of
#: pages fewer, for each step between them (crawler/healing/selectors.py).
_LESS_LASTING = 0.03
#: Words over the analysis are a heading, and no sentence.
_LONGEST_HEADING = 60


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


class Search:
    """Looks for all that a patch may say, on the pages to learn from."""

    def __init__(self, pages: Sequence[Known], profile: Profile, broken: set[str]) -> None:
        self._pages = pages
        self._profile = profile
        self._broken = broken
        self._sheets = [sheet_of(page) for page in pages] if broken else []
        self._evidence: list[Evidence] = []

    def run(self) -> tuple[Patch, list[Evidence]]:
        """The patch, whole, and why."""
        if not self._broken or len(self._pages) < FEWEST_PAGES:
            return Patch(), []
        places = {name: self._place(name) for name in PLACED_FIELDS if name in self._broken}
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
        tried = self._tried(name)
        while left and len(chosen) < MOST_SELECTORS:
            best = self._best(tried, left)
            if best is None:
                break
            self._give_evidence(name, best, tried[best].answers)
            chosen.append(best)
            left = [number for number in left if tried[best].answers[number] == "none"]
        return tuple(chosen)

    def _tried(self, name: str) -> dict[str, _Tried]:
        """The selectors that name the field on several pages, each with its answers on all."""
        pages, lasts = Counter[str](), dict[str, int]()
        for sheet in self._sheets:
            here: dict[str, int] = {}
            for node in standing(sheet, name, self._profile):
                here.update(selectors_of(node))
            pages.update(here.keys())
            lasts.update(here)
        often = [each for each, number in pages.items() if number >= FEWEST_RIGHT]
        often.sort(key=lambda each: (-pages[each], lasts[each], len(each)))
        found = {}
        for selector in often[:_MOST_TRIED]:
            answers = [answer(sheet, name, selector, self._profile) for sheet in self._sheets]
            tried = _Tried(answers, lasts[selector])
            if tried.is_reliable and not self._is_of_one_story(selector, lasts[selector]):
                found[selector] = tried
        return found

    def _is_of_one_story(self, selector: str, lasts: int) -> bool:
        """Whether words that a selector asks for are what articles say, and not their layout."""
        if lasts != LABELLED:
            return False
        said = {
            folded(value)
            for page in self._pages
            for value in (
                page.article.kicker, page.article.category, page.article.headline,
                page.article.deck, *page.article.authors, *page.article.tags,
            )
            if value
        }  # fmt: skip
        asked = selector.partition(':lexbor-contains("')[2].partition('")')[0]
        return bool(asked) and folded(asked) in said

    def _best(self, tried: dict[str, _Tried], left: Sequence[int]) -> str | None:
        """The selector that is right on most of the pages left, and wrong on hardly any."""

        def merit(selector: str) -> tuple[float, int, int]:
            here = tried[selector]
            right, wrong = here.number("right", left), here.number("wrong", left)
            last = right * (1 - _LESS_LASTING * here.lasts) - 2 * wrong
            return last, -self._characters_at(selector, left), -len(selector)

        best = max(tried, key=merit, default=None)
        return best if best and tried[best].number("right", left) >= FEWEST_RIGHT else None

    def _characters_at(self, selector: str, numbers: Sequence[int]) -> int:
        """How much stands where a selector points: the narrower place is the field's own."""
        for number in numbers:
            found = found_at(self._sheets[number].tree, selector)
            if found is not None:
                return sum(map(len, found.texts))
        return 0

    def _give_evidence(self, name: str, selector: str, answers: Sequence[Answer]) -> None:
        at = self._sheets[answers.index("right")]
        found = found_at(at.tree, selector)
        example = ", ".join(found.texts or found.times) if found else ""
        right, wrong = answers.count("right"), answers.count("wrong")
        self._note(f"places.{name}", selector, right, wrong, at, example)

    def _note(
        self, part: str, entry: str, right: int, wrong: int, sheet: Sheet, example: str
    ) -> None:
        about = Evidence(part, entry, right, wrong, sheet.page.url, example[:200])
        self._evidence.append(about)

    # The text

    def _analysis(self) -> tuple[str, ...]:
        """The words that stand over the analysis, wherever its first words are known."""
        found: dict[str, list[Sheet]] = {}
        for sheet in self._sheets:
            heading = self._heading_over(sheet)
            if heading is not None:
                found.setdefault(heading, []).append(sheet)
        for heading, sheets in found.items():
            if len(sheets) >= FEWEST_RIGHT:
                self._note("landmarks.analysis", heading, len(sheets), 0, sheets[0], heading)
        return tuple(heading for heading, sheets in found.items() if len(sheets) >= FEWEST_RIGHT)

    @staticmethod
    def _heading_over(sheet: Sheet) -> str | None:
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
        is_one = heading and len(heading) <= _LONGEST_HEADING and folded(heading) not in said
        return heading if is_one else None

    def _without_furniture(self, patch: Patch) -> Patch:
        """The patch with what else the reader takes for text, and the article never said."""
        profile = patch.applied_to(self._profile)
        single: list[tuple[Sheet, str]] = []
        for sheet in self._sheets:
            article = read(sheet.page, profile)
            if article is None:
                continue
            known = sheet.page.article
            said = {folded(each.text) for each in blocks_of(known)} | sheet.page.shared
            read_so = blocks_of(article)
            single += [(sheet, each.text) for each in read_so if folded(each.text) not in said]
        shown = {text: self._showing(text) for _, text in single}
        enough = max(FEWEST_SHARED, LEAST_SHARED * len(self._sheets))
        repeated = {text for text, sheets in shown.items() if len(sheets) >= enough}
        for text in sorted(repeated):
            self._note("landmarks.furniture", text, len(shown[text]), 0, shown[text][0], text)
        landmarks = replace(patch.landmarks, furniture=tuple(sorted(repeated)))
        drop = self._dropped([each for each in single if each[1] not in repeated])
        return replace(patch, landmarks=landmarks, hints=Hints(drop=drop))

    def _showing(self, text: str) -> list[Sheet]:
        """The pages on which a text stands by itself, whether or not it was taken for theirs."""
        bare = folded(text)
        return [
            sheet for sheet in self._sheets if any(folded(here) == bare for _, here in sheet.nodes)
        ]

    def _dropped(self, single: Sequence[tuple[Sheet, str]]) -> tuple[str, ...]:
        """The selectors of what changes from page to page and is never the text: captions, say."""
        candidates = Counter[str]()
        where: dict[str, set[tuple[str, str]]] = {}
        for sheet, text in single:
            selectors = {
                selector
                for node, here in sheet.nodes
                if folded(here) == folded(text)
                for selector in names_in_boxes(node)
            }
            candidates.update(selectors)
            for selector in selectors:
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
            said = {folded(each.text) for each in blocks_of(known)}
            for node in sheet.tree.css(selector):
                words = folded(clean(node.text() or ""))
                if any(each in words for each in said if each):
                    return True
        return False


def _in_order(sheet: Sheet) -> Iterator[tuple[LexborNode, str]]:
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


@dataclass(frozen=True, slots=True)
class _Tried:
    """A selector with what it gives on each page."""

    answers: list[Answer]
    lasts: int

    @property
    def is_reliable(self) -> bool:
        """Whether it hardly ever gives what is wrong, and never what is another field's."""
        right, wrong = self.answers.count("right"), self.answers.count("wrong")
        return "foreign" not in self.answers and wrong <= MOST_WRONG * (right + wrong)

    def number(self, what: Answer, pages: Sequence[int]) -> int:
        """On how many of some pages it answers so."""
        return sum(self.answers[number] == what for number in pages)
