"""What a newsroom changed between two states of an article, in words a reader can check.

Texts are compared block by block. Each difference is classed by what it touches: ``headline``,
``byline``, ``date`` and ``notice`` by their field; in running text ``added`` and ``removed`` whole
blocks, and changed ones by the gravest thing in them: ``numbers`` where a figure or date differs,
``names`` where a name does, else ``wording``. A text that changed without a word of it on the page
is ``missing`` its notice. Of the page itself, and not of its text, tell ``gone``, ``moved`` and
``returned`` (:mod:`storage.presence`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from crawler.article import Article
from storage.content import captions_of, instant_of
from storage.figures import figures_in, is_figure, is_weak
from storage.folding import folded
from storage.sameness import is_same_byline, is_same_date, is_same_label, is_same_labels
from storage.wording import plain, spans, words_of

Kind = Literal[
    "headline",
    "byline",
    "date",
    "numbers",
    "names",
    "wording",
    "added",
    "removed",
    "notice",
    "missing",
    "gone",
    "moved",
    "returned",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Two blocks are one block rewritten when at least this share of their words is common: half, as a
#: reader would say; below it the old text went and a new one came.
_REWRITTEN = 0.5

#: How many blocks further on a rewritten block is looked for.
_LOOKED_AT = 20

#: The fields that a reader takes for the text: a change of them calls for a notice.
_TEXT = frozenset(("headline", "deck", "body", "analysis"))

#: What may stand before a sentence's first word, whose capital says nothing.
_SENTENCE_ENDS = re.compile(r"[.!?:…¿¡\n][\s\"'“”‘’«»(\[¿¡-]*$|^[\s\"'“”‘’«»(\[¿¡-]+$")


def _listed_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words in lower case inside names.
_PARTICLES = _listed_words(
    "al bin da das de del den der des di do dos du e el ibn la las le los of san the van von y zu"
)

#: Words that begin sentences and name nobody, in the languages of :mod:`storage.figures`.
_BEGINNING = _listed_words(
    """
    a after all also although an and another any as at because before but by de del despite during
    each even few for from he her his how however i if in into it its later many meanwhile more most
    my no not now of on one only or other our over she since so some such than that the their then
    there these they this those though through to two under until we what when where which while who
    why with without you your
    ahora al algunos antes aquel asi aun aunque cada como con contra cual cuando dado desde despues
    dicho donde durante el ella ellos en entre era es esa esas ese eso esos esta estas este esto
    estos fue ha hace han hasta hay la las le lo los luego mas mientras mucho muchos muy ni otra
    otro otros para pero por porque pues que quien se segun ser si sin sobre solo son su sus tal
    tambien tanto te tras un una unas uno unos y ya
    """
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two consecutive revisions."""

    field: str
    kind: Kind
    """The class: of a field by its name, of running text by the gravest difference in it."""
    before: str | None
    after: str | None
    kinds: tuple[Kind, ...] = ()
    """Every class that fits, ``kind`` first: a headline in which a figure changed has both."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "field": self.field,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
        }


def changes_between(before: Article, after: Article) -> list[Change]:
    """Everything that differs in what a reader reads, in the order of the page.

    Nothing where the two states are one revision, and nothing for what is only set otherwise.
    """
    told = _Comparison(before, after)
    found = [
        *told.label("kicker"),
        *told.single("headline", "headline"),
        *told.single("deck"),
        *told.label("category"),
        *told.bylines(),
        *told.date(),
        *told.blocks("body", _texts(before.body), _texts(after.body)),
        *told.blocks("analysis", _texts(before.analysis), _texts(after.analysis)),
        *told.listed("notices", list(before.notices), list(after.notices), "notice"),
        *told.listed("captions", captions_of(before), captions_of(after)),
    ]
    if any(change.field in _TEXT for change in found) and _is_silent(before, after, found):
        found.append(Change("notices", "missing", None, None, ("missing",)))
    return found


def _is_silent(before: Article, after: Article, changes: list[Change]) -> bool:
    """Whether the page says nothing of its change: its date of change stands, no notice is new.

    A page that states no date of change is not judged.
    """
    noted = any(change.field == "notices" and change.after for change in changes)
    stated = instant_of(after.modified)
    return stated is not None and not noted and instant_of(before.modified) == stated


def _texts(blocks: tuple[Any, ...] | None) -> list[str]:
    return [block.text for block in blocks or ()]


class _Comparison:
    """Two states of an article, and what they say together about its words."""

    def __init__(self, before: Article, after: Article) -> None:
        self._before = before
        self._after = after

    @cached_property
    def _lower(self) -> frozenset[str]:
        """The words that either state has in lower case: a capital makes none of them a name."""
        texts = (
            text
            for each in (self._before, self._after)
            for text in (each.deck or "", *_texts(each.body), *_texts(each.analysis))
        )
        return frozenset(word for text in texts for word in words_of(text) if word.islower())

    def label(self, field: str) -> Iterator[Change]:
        """The change of a label; capitals are its layout's, and so is where it stands."""
        before, after = self._before, self._after
        is_one = is_same_label(getattr(before, field), getattr(after, field))
        if not is_one and not is_same_labels(before, after):
            yield from self.single(field)

    def single(self, field: str, kind: Kind | None = None) -> Iterator[Change]:
        """The change of a field that holds one text."""
        yield from self._single(
            field, getattr(self._before, field), getattr(self._after, field), kind
        )

    def bylines(self) -> Iterator[Change]:
        """The change of who signs: by name where there are names."""
        before, after = self._before, self._after
        if before.authors != after.authors:
            old, new = (", ".join(each.authors) or None for each in (before, after))
            yield from self._single("authors", old, new, "byline")
        elif not is_same_byline(before, after):
            yield from self.single("byline_raw", "byline")

    def date(self) -> Iterator[Change]:
        """The change of the date of publication; one that only says less or more is none."""
        before, after = self._before.published, self._after.published
        if not is_same_date(before, after):
            yield self._change("published", before, after, "date")

    def blocks(self, field: str, before: list[str], after: list[str]) -> Iterator[Change]:
        """The changes of running text; a paragraph that is only parted otherwise is none."""
        if _joined(before) != _joined(after):
            yield from self.listed(field, before, after)

    def listed(
        self, field: str, before: list[str], after: list[str], kind: Kind | None = None
    ) -> Iterator[Change]:
        """The changes of a list of texts."""
        for old, new in _pairs(before, after):
            yield self._change(field, old, new, kind)

    def _single(
        self, field: str, before: str | None, after: str | None, kind: Kind | None = None
    ) -> Iterator[Change]:
        if plain(before or "") != plain(after or ""):
            yield self._change(field, before or None, after or None, kind)

    def _change(
        self, field: str, before: str | None, after: str | None, kind: Kind | None
    ) -> Change:
        kinds = _kinds(before, after, lambda word: word in self._lower)
        if kind:
            kinds = (kind, *(each for each in kinds if each in ("numbers", "names", "wording")))
        return Change(field, kinds[0], before, after, kinds)


def _pairs(before: list[str], after: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """The blocks that differ, each with its counterpart where it has one."""
    old, new = [plain(text) for text in before], [plain(text) for text in after]
    for alike, i, i_end, j, j_end in spans(old, new):
        if not alike and _joined(before[i:i_end]) != _joined(after[j:j_end]):
            yield from _matched(before[i:i_end], after[j:j_end])


def _joined(texts: list[str]) -> str:
    return plain(" ".join(texts))


class _Block:
    """A block with its words, which are held against those of many others."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self._number = Counter(self.words)

    def is_rewritten(self, new: _Block) -> bool:
        """Whether the other is this one, rewritten: half of the words are common, in order."""
        whole = len(self.words) + len(new.words)
        least = _REWRITTEN * whole / 2
        if min(len(self.words), len(new.words)) < least:
            return False
        if (self._number & new._number).total() < least:
            return False
        stretches = spans(self.words, new.words)
        return sum(i_end - i for alike, i, i_end, _, _ in stretches if alike) >= least


def _matched(olds: list[str], news: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Rewritten blocks in pairs, in order; the rest as gone or come."""
    start = 0
    blocks = [_Block(text) for text in news]
    for old in map(_Block, olds):
        ahead = range(start, min(start + _LOOKED_AT, len(news)))
        found = next((j for j in ahead if old.is_rewritten(blocks[j])), None)
        if found is None:
            yield old.text, None
            continue
        for new in news[start:found]:
            yield None, new
        if plain(old.text) != plain(news[found]):
            yield old.text, news[found]
        start = found + 1
    for new in news[start:]:
        yield None, new


def _kinds(
    before: str | None, after: str | None, is_common: Callable[[str], bool] = lambda _: False
) -> tuple[Kind, ...]:
    """The classes of a difference in running text, the gravest first.

    >>> _kinds("It killed twelve people.", "It killed 13 people.")
    ('numbers',)
    >>> _kinds("The police in Cali said", "The police in Bogotá said")
    ('names',)
    >>> _kinds("They were killed.", "They were shot dead.")
    ('wording',)
    >>> _kinds("It killed twelve people.", "It killed 12 people.")
    ('wording',)
    """
    if not before:
        return ("added",)
    if not after:
        return ("removed",)
    found: set[Kind] = set()
    old, new = _Line(before, is_common), _Line(after, is_common)
    for alike, i, i_end, j, j_end in spans(old.words, new.words):
        if not alike:
            found |= _kinds_of_span(old, new, (i, i_end), (j, j_end))
    order: tuple[Kind, ...] = ("numbers", "names", "wording")
    return tuple(kind for kind in order if kind in found) or ("wording",)


class _Line:
    """A text by its words, and which of them are names."""

    def __init__(self, text: str, is_common: Callable[[str], bool]) -> None:
        self.text = text
        self.words = words_of(text)
        self._is_common = is_common

    @cached_property
    def _places(self) -> list[int]:
        places, at = [], 0
        for word in self.words:
            at = self.text.index(word, at)
            places.append(at)
            at += len(word)
        return places

    @cached_property
    def _is_title(self) -> bool:
        """Whether nearly all longer words begin with a capital, as in a headline in English."""
        longer = [word for word in self.words if len(word) > 3 and word[0].isalpha()]
        return sum(word[0].isupper() for word in longer) > 0.7 * len(longer)

    def is_name(self, number: int) -> bool:
        """Whether a word is a name: a capital that does not come from the sentence's beginning."""
        word = self.words[number]
        if not word[0].isupper() or is_figure(word):
            return False
        place = self._places[number]
        begins = _SENTENCE_ENDS.search(self.text[max(0, place - 8) : place] or "\n")
        if not begins and not self._is_title:
            return True
        return folded(word) not in _BEGINNING and not self._is_common(word.lower())

    def names(self, start: int, end: int) -> list[str]:
        """The names among some of the words."""
        return [self.words[number] for number in range(start, end) if self.is_name(number)]


def _kinds_of_span(
    old: _Line, new: _Line, went: tuple[int, int], came: tuple[int, int]
) -> set[Kind]:
    """The classes of one stretch of words that was put in the place of another."""
    before, after = old.words[slice(*went)], new.words[slice(*came)]
    numbers = [figures_in(words) for words in (before, after)]
    if all(map(is_figure, (*before, *after))) and any(numbers):
        return {"numbers"} if numbers[0] != numbers[1] else {"wording"}
    names = [old.names(*went), new.names(*came)]
    all_named = len(names[0]) + len(names[1]) + sum(
        word in _PARTICLES for word in (*before, *after)
    ) == len(before) + len(after)
    if all_named and any(names):
        return {"names"}
    found: set[Kind] = {"wording"}
    sure = [[value for value in values if not is_weak(value)] for values in numbers]
    if all(sure) and sure[0] != sure[1]:
        found.add("numbers")
    if all(names) and names[0] != names[1]:
        found.add("names")
    return found
