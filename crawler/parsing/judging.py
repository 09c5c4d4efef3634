"""The learned judgement: how likely a chunk is the article's text, on a page of any site.

The rules of ``prose`` say what a chunk is by its tags, its wording and its place. Where no wording
is known for a site's appeals, teasers, boxes and signatures, what is left to go by is how a chunk
differs from the paragraphs around it: its make, its box, its words, its neighbours. These are
measured here and weighed by a few dozen small decision trees, learned from labelled pages of many
publishers by ``benchmarks/training.py`` and kept as data in ``judgement.json``.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from crawler.parsing.outline import Chunk, Outline, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.roles import Role, Text
from crawler.parsing.text import WORD, folded
from crawler.parsing.zones import Zone, words_of

#: So many chunks before and after the stretch are judged, too.
BEFORE, AFTER = 12, 40
#: So many chunks of one page are judged: of the labelled pages, the fullest has 700 in doubt.
MOST_JUDGED = 1_000
#: Statistics of boxes are kept for so many of the elements around a chunk.
LEVELS = 12
#: Words of a longer chunk say nothing that its length does not say; of a name only so many count.
MOST_WORDS, WORDS_READ, NAMES_READ = 80, 40, 12
#: A shape that holds this share of the stretch's prose is its paragraphs'.
MAIN_SHARE = 0.15

#: A paragraph of so many words, set as most are, is text; one of so few, or so much linked, that
#: the rules did not take, is none: of a thousand such, hardly one was, or was told by the trees.
WHOLE_WORDS, FEW_WORDS, MOST_LINKED = 20, 3, 0.8

#: From this score on, for or against, the trees that are left are not asked: they seldom turn it.
SETTLED = 2.5

_TAGS = {
    **dict.fromkeys(("p",), 0),
    **dict.fromkeys(("li", "dd", "dt"), 2),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), 3),
    **dict.fromkeys(("td", "th"), 4),
    "blockquote": 5,
    "pre": 6,
    "figcaption": 7,
}
_OTHER_TAG = 1
_OUTSIDE = 8
_ROLES = {role: number for number, role in enumerate(Role)}

#: What is measured of a chunk, in the order of a tree's features.
MEASURES = (
    # The chunk: words, share of linked letters, tag, end, emphasis, digits.
    *("words", "link_density", "tag", "period", "closing", "emphasised", "digits"),
    # What the rules took it and its neighbours for, and how the neighbours look.
    *("role", "role_before", "role_after", "density_before", "density_after", "words_after"),
    # How much of the stretch's prose is set exactly so: in this box, in such boxes, with this name.
    *("shape", "path", "path_count", "make"),
    # The box it stands in, and the branch of the text's element: prose, links, chunks, depth.
    *("box_prose", "box_density", "box_count"),
    *("branch_prose", "branch_density", "branch_count", "depth"),
    # Where it stands: prose before, place in the stretch, behind its end, after the headline, to
    # the nearest main paragraphs, to the last picture and heading, after how many signatures.
    *("prose_before", "place", "behind", "after_headline", "to_next", "from_last"),
    *("since_picture", "since_heading", "signatures", "same_article"),
    # The page: prose in all. The head: whether it describes the page in these words.
    *("prose_in_all", "described"),
    # What its boxes are called.
    *("zone_body", "zone_tags", "zone_deck", "zone_list"),
    # Log odds of its words: mean, least, its first two, the least three; of its boxes' names.
    *("word_mean", "word_least", "opening", "word_low", "name_low", "name_most"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """One chunk as measured, with the words that its odds were read from."""

    chunk: Chunk
    values: list[float]
    words: list[str]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was learned: trees over the measures, and log odds of words."""

    trees: list[Any]
    """Each a leaf's number or ``[measure, threshold, tree if not above, tree if above]``."""
    words: dict[str, float]
    openings: dict[str, float]
    names: dict[str, float]

    def odds(self, values: list[float]) -> float:
        """Probability, from 0 to 1, that a chunk so measured is the article's text."""
        score = 0.0
        for tree in self.trees:
            while tree.__class__ is list:
                tree = tree[2] if values[tree[0]] <= tree[1] else tree[3]
            score += tree
            if not -SETTLED < score < SETTLED:
                break
        return 1 / (1 + math.exp(-score))


@cache
def learned() -> Judgement:
    """The judgement that is kept as data beside this module."""
    data = json.loads(files(__package__).joinpath("judgement.json").read_text("utf-8"))
    return Judgement(data["trees"], data["words"], data["openings"], data["names"])


def judged(
    page: Page, text: Text, headline: Chunk | None, judgement: Judgement
) -> dict[int, float]:
    """Per index of a chunk in or near the stretch: how likely it is the article's text.

    Only chunks that the rules are unsure of are judged (:data:`~crawler.parsing.roles.UNSURE`).
    """
    return {
        each.chunk.index: judgement.odds(each.values)
        for each in measured(page, text, headline, judgement)
    }


def measured(
    page: Page, text: Text, headline: Chunk | None, judgement: Judgement
) -> Iterator[Measured]:
    """The chunks in and near the stretch that the rules are unsure of, measured."""
    survey = _Survey(page, text, headline)
    number = 0
    for chunk in survey.chunks:
        survey.step(chunk)
        if number < MOST_JUDGED and survey.is_in_doubt(chunk):
            number += 1
            words, names = survey.words(chunk), survey.names(chunk)
            yield Measured(
                chunk, survey.values(chunk) + log_odds(judgement, words, names), words, names
            )
        survey.leave(chunk)


def log_odds(judgement: Judgement, words: list[str], names: list[str]) -> list[float]:
    """The last six measures: what a chunk's words and its boxes' names speak for."""
    odds = judgement.words
    said = sorted([odds.get(word, 0.0) for word in words])
    called = sorted([judgement.names.get(name, 0.0) for name in names])
    return [
        sum(said) / max(3, len(said)),
        said[0] if said else 0.0,
        sum(judgement.openings.get(word, 0.0) for word in words[:2]),
        sum(said[:3]),
        sum(called[:3]),
        called[-1] if called else 0.0,
    ]


class _Survey:
    """One walk along the stretch and its surroundings, with running counts."""

    def __init__(self, page: Page, text: Text, headline: Chunk | None) -> None:
        self.page, self.text = page, text
        outline = self.outline = page.outline
        start = headline.index + 1 if headline is not None else 0
        self.start = max(start, min(text.first, len(page.chunks)) - BEFORE)
        self.stop = min(text.end, text.last + 1 + AFTER)
        self.chunks = page.chunks[self.start : self.stop]
        self.headline_at = headline.index if headline is not None else self.start
        self.boxes: dict[int, list[int]] = {}
        self.inside: set[int] = set()
        self.weights = {chunk.index: prose_weight(chunk) for chunk in self.chunks}
        for chunk in self.chunks:
            self._count(chunk)
        self.total = sum(self.weights[i] for i in self.inside) or 1
        self._count_shapes()
        self._find_main()
        self.pictures = {picture.before for picture in outline.pictures}
        self.descriptions = " ".join(
            folded(content).rstrip("…. ")
            for name in ("og:description", "description")
            for content in page.said.meta.get(name, [])[:1]
        )
        self.article = self._article(self.main[0]) if self.main else -1
        self.before = 0
        self.from_last, self.since_picture, self.since_heading, self.signatures = 20, 50, 99, 0

    def _count(self, chunk: Chunk) -> None:
        """Adds a chunk to the boxes around it: letters, linked letters, chunks, prose."""
        parents = self.outline.parents
        weight, letters = self.weights[chunk.index], len(chunk.text)
        element = chunk.element
        for _ in range(LEVELS):
            if element <= 0:
                break
            box = self.boxes.get(element)
            if box is None:
                self.boxes[element] = [letters, chunk.link_chars, 1, weight]
            else:
                box[0] += letters
                box[1] += chunk.link_chars
                box[2] += 1
                box[3] += weight
            element = parents[element]
        if self.outline.is_inside(chunk.element, self.text.container):
            self.inside.add(chunk.index)

    def _count_shapes(self) -> None:
        """How much prose there is of each shape: exactly so, by path of names, by tag and name."""
        self.shapes: Counter[tuple[str, str, int]] = Counter()
        self.paths: Counter[tuple[str, ...]] = Counter()
        self.makes: Counter[tuple[str, str]] = Counter()
        self.path_counts: Counter[tuple[str, ...]] = Counter()
        self.path_of: dict[int, tuple[str, ...]] = {}
        names, parents = self.outline.names, self.outline.parents
        for chunk in self.chunks:
            path = self.path_of[chunk.index] = _path(self.outline, chunk)
            self.path_counts[path] += 1
            if self._is_prose(chunk) and (weight := self.weights[chunk.index]):
                name = names[chunk.element]
                self.shapes[chunk.tag, name, parents[chunk.element]] += weight
                self.makes[chunk.tag, name] += weight
                self.paths[path] += weight

    def _is_prose(self, chunk: Chunk) -> bool:
        return chunk.index in self.inside and self.text.roles.get(chunk.index) is Role.PROSE

    def _find_main(self) -> None:
        """The main paragraphs, and from each chunk the way to the next of them."""
        self.main = [
            chunk
            for chunk in self.chunks
            if self._is_prose(chunk)
            and self.weights[chunk.index]
            and self.paths[self.path_of[chunk.index]] > MAIN_SHARE * self.total
        ]
        self.main_at = {chunk.index for chunk in self.main}
        self.last_main = self.main[-1].index if self.main else self.stop
        self.to_next: dict[int, int] = {}
        way = 50
        for chunk in reversed(self.chunks):
            self.to_next[chunk.index] = min(way, 50)
            way = 0 if chunk.index in self.main_at else way + 1

    def _article(self, chunk: Chunk) -> int:
        """The nearest ``<article>`` around a chunk; -1 without one."""
        tags = self.outline.tags
        return next((e for e in self.outline.ancestors(chunk.element) if tags[e] == "article"), -1)

    def is_in_doubt(self, chunk: Chunk) -> bool:
        """Whether a chunk is worth judging: neither sure to be text nor sure to be none."""
        role = self.text.roles.get(chunk.index, Role.OUTSIDE)
        if role is Role.PROSE:
            return not self._is_sure(chunk)
        if not role.is_unsure or chunk.words < FEW_WORDS or chunk.link_density > MOST_LINKED:
            return role is Role.HEADING
        if chunk.index < self.text.first and not self._may_open(chunk):
            return False
        return not chunk.zones & (Zone.HIDDEN | Zone.COMMENTS)

    def _is_sure(self, chunk: Chunk) -> bool:
        """Whether a chunk is a whole paragraph set as the main ones are, before their end."""
        return (
            chunk.words >= WHOLE_WORDS
            and chunk.index <= self.last_main
            and chunk.link_density < 0.2
            and self.paths[self.path_of[chunk.index]] > MAIN_SHARE * self.total
        )

    def _may_open(self, chunk: Chunk) -> bool:
        """Whether a chunk before the stretch may be text: one set as the paragraphs, no deck."""
        outline = self.outline
        parent = outline.parents[chunk.element]
        own = outline.own_zones[chunk.element] | (outline.own_zones[parent] if parent >= 0 else 0)
        if own & (Zone.DECK | Zone.BYLINE | Zone.DATE) or chunk in self.text.deck:
            return False
        return self.paths[self.path_of[chunk.index]] > MAIN_SHARE * self.total

    def step(self, chunk: Chunk) -> None:
        """Takes note that a chunk is reached."""
        if chunk.index in self.pictures:
            self.since_picture = 0

    def leave(self, chunk: Chunk) -> None:
        """Takes note that a chunk is passed."""
        if chunk.index in self.inside:
            self.before += self.weights[chunk.index]
        self.since_heading = 0 if chunk.is_heading else self.since_heading + 1
        self.signatures += bool(chunk.zones & (Zone.BYLINE | Zone.DATE))
        self.from_last = 0 if chunk.index in self.main_at else self.from_last + 1
        self.since_picture += 1

    def words(self, chunk: Chunk) -> list[str]:
        """The words of a short chunk, folded."""
        if chunk.words > MOST_WORDS:
            return []
        found: list[str] = WORD.findall(folded(chunk.text[:400]))
        return found[:WORDS_READ]

    def names(self, chunk: Chunk) -> list[str]:
        """The words in the names of the nearest boxes that hold no more than half of the text."""
        outline, found = self.outline, []
        element = chunk.element
        for _ in range(3):
            if element <= 0 or element == self.text.container:
                break
            box = self.boxes.get(element)
            if outline.names[element] and (box is None or box[3] < 0.5 * self.total):
                found += words_of(outline.names[element]).split()
            element = outline.parents[element]
        return found[:NAMES_READ]

    def _role(self, index: int) -> int:
        role = self.text.roles.get(index)
        return _OUTSIDE if role is None else _ROLES[role]

    def values(self, chunk: Chunk) -> list[float]:
        """All measures but the log odds, in the order of :data:`MEASURES`."""
        outline, text, index, total = self.outline, self.text, chunk.index, self.total
        chunks, zones, words = self.page.chunks, chunk.zones, chunk.text
        before = chunks[index - 1] if index else None
        after = chunks[index + 1] if index + 1 < len(chunks) else None
        own = [len(words), chunk.link_chars, 1, self.weights[index]]
        parent = outline.parents[chunk.element]
        box = self.boxes.get(parent, own) if parent > 0 else own
        branch, depth = own, 0
        if index in self.inside:
            branch = self.boxes.get(outline.child_towards(text.container, chunk.element), own)
            depth = outline.depth_below(chunk.element, text.container, 8)
        path, name = self.path_of[index], outline.names[chunk.element]
        return [
            min(chunk.words, 120),
            chunk.link_density,
            _TAGS.get(chunk.tag, _OTHER_TAG),
            words[-1:] in '.!?…。"”»',
            words[-1:] in _CLOSING,
            chunk.emphasised,
            sum(map(str.isdigit, words[:200])) / max(1, min(len(words), 200)),
            self._role(index),
            self._role(index - 1),
            self._role(index + 1),
            before.link_density if before else 0.0,
            after.link_density if after else 0.0,
            min(after.words, 120) if after else 0,
            self.shapes[chunk.tag, name, parent] / total,
            self.paths[path] / total,
            min(self.path_counts[path], 40),
            self.makes[chunk.tag, name] / total,
            box[3] / total,
            box[1] / max(1, box[0]),
            min(box[2], 60),
            branch[3] / total,
            branch[1] / max(1, branch[0]),
            min(branch[2], 60),
            depth,
            self.before / total,
            (index - text.first) / max(1, text.last - text.first),
            max(0, index - self.last_main),
            min(index - self.headline_at, 80),
            self.to_next[index],
            min(self.from_last, 50),
            self.since_picture,
            min(self.since_heading, 30),
            min(self.signatures, 4),
            self._article(chunk) == self.article,
            math.log(total + 1),
            bool(self.descriptions) and folded(words[:200])[:60] in self.descriptions,
            bool(zones & Zone.BODY),
            bool(zones & Zone.TAGS),
            bool(zones & Zone.DECK),
            bool(zones & Zone.LIST),
        ]


_CLOSING = frozenset(".!?…:;\"”’'»)。！？」")


def _path(outline: Outline, chunk: Chunk) -> tuple[str, ...]:
    """A chunk's make: its tag and name, and those of the two elements around it."""
    element = chunk.element
    parent = outline.parents[element]
    if parent < 0:
        return (chunk.tag, outline.names[element])
    above = outline.parents[parent]
    return (
        chunk.tag,
        outline.names[element],
        outline.tags[parent],
        outline.names[parent],
        outline.names[above] if above >= 0 else "",
    )
