"""Counts over time as an inline SVG: bars that lead to their articles, gaps shaded.

The picture has no text of its own, so that it may be drawn as wide as a page or a phone; the years
stand under it in HTML, and the same figures in a table beside it. Everything is told by shape and
shade, nothing by hue alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from scripts.desk.wording import Words
from storage.statistics import completeness

#: More bars than this are too thin to hit: months become years.
_MOST_BARS = 48

#: Height and width of the drawing's own units; it is stretched to its place.
_HEIGHT, _STEP, _BAR = 100, 10, 8

#: Fewer bars than this are drawn slimmer, so that three of them are no wall.
_FEW = 16

#: Figures over the bars that a phone has room for.
_ROOM = 36

#: Periods named under the bars, where there is room for no more.
_MOST_LABELS = 8

_YEARS = range(1500, 2200)
"""Years that a date may truthfully say; a mistyped 0201 must not stretch the axis."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: a year or a month."""

    key: str
    """``2017`` or ``2017-10``."""
    articles: int = 0
    listed: int = 0
    """What the sites listed of that time, or 0 where that is not shown."""
    has_gap: bool = False
    """The archive lacks something of that time, as `stats` counts it."""
    whole: int | None = None
    """How many articles there are whatever they say, where that is known."""

    @property
    def share(self) -> float | None:
        """What was found of all there are, from 0 to 1; None of nothing."""
        return self.articles / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without a hole between the first and the last, and what has no date."""

    bars: tuple[Bar, ...]
    undated: int

    @property
    def is_worth_drawing(self) -> bool:
        """Whether there is more than one period."""
        return len(self.bars) > 1

    @property
    def has_gaps(self) -> bool:
        """Whether any period lacks something."""
        return any(bar.has_gap for bar in self.bars)

    @property
    def unit(self) -> str:
        """``month`` or ``year``."""
        return "month" if self.bars and "-" in self.bars[0].key else "year"


def timeline_of(
    months: Iterable[dict[str, Any]],
    coverage: Iterable[dict[str, Any]] = (),
    *,
    span: Iterable[str] = (),
    whole: Mapping[str | None, int] | None = None,
    shows_listed: bool = False,
    is_fine: bool = False,
) -> Timeline:
    """The timeline of counts by month, over all the time that any of its arguments knows.

    *months* are rows of ``Archive.stats``, *coverage* those of ``Archive.coverage``, by which a
    period has a gap exactly where `stats` says so; *span* names further months, *whole* the number
    of all articles by month. More months than fit become years, unless *is_fine*.

    >>> rows = [{"key": "2017-01", "articles": 2}, {"key": "2017-03", "articles": 1}]
    >>> [(bar.key, bar.articles) for bar in timeline_of(rows, span=["2017-04"]).bars]
    [('2017-01', 2), ('2017-02', 0), ('2017-03', 1), ('2017-04', 0)]
    """
    counted: Counter[str | None] = Counter()
    for row in months:
        counted[str(row["key"] or "")[:7]] += row["articles"]
    ledger = [row for row in coverage if _is_month(str(row["month"] or ""))]
    named = (*(key or "" for key in counted), *span)
    known = {*filter(_is_month, named), *(row["month"] for row in ledger)}
    keys = list(_months_between(min(known), max(known))) if known else []
    length = 7
    if len(keys) > _MOST_BARS and not is_fine:
        length, keys = 4, list(_years_between(keys[0][:4], keys[-1][:4]))
    listed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ledger:
        listed[row["month"][:length]].append(row)
    found, all_of = _summed(counted, length), _summed(whole or {}, length)
    bars = (
        Bar(
            key,
            found[key],
            sum(row["listed"] for row in listed[key]) if shows_listed else 0,
            completeness(listed[key])["gap"],
            None if whole is None else all_of[key],
        )
        for key in keys
    )
    undated = sum(number for key, number in counted.items() if not _is_month(key or ""))
    return Timeline(tuple(bars), undated)


def _summed(months: Mapping[str | None, int], length: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in months.items():
        found[(key or "")[:length]] += number
    return found


def _is_month(key: str) -> bool:
    year, _, month = key.partition("-")
    is_number = year.isdecimal() and month.isdecimal()
    return is_number and int(year) in _YEARS and 1 <= int(month) <= 12


def _months_between(first: str, last: str) -> Iterator[str]:
    start, end = (int(key[:4]) * 12 + int(key[5:]) - 1 for key in (first, last))
    for number in range(start, end + 1):
        yield f"{number // 12}-{number % 12 + 1:02}"


def _years_between(first: str, last: str) -> Iterator[str]:
    yield from (str(year) for year in range(int(first), int(last) + 1))


def drawn(
    timeline: Timeline, words: Words, link: Callable[[Bar], str], what: str, name: str
) -> Markup:
    """The timeline as SVG; *link* is where a bar leads, *what* is counted, *name* is its own id."""
    bars = timeline.bars
    top = max((max(bar.articles, bar.listed) for bar in bars), default=0) or 1
    wide = min(_BAR, max(1, _BAR * len(bars) // _FEW))
    parts = [_one(at, bar, top, wide, words, link(bar), name) for at, bar in enumerate(bars)]
    legend = words("gap_legend") if timeline.has_gaps else ""
    return Markup(
        '<svg class="timeline" viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        'role="group" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{what}</title><desc id="{name}-desc">{told} {legend}</desc>'
        "{hatching}{bars}</svg>"
    ).format(
        width=len(bars) * _STEP,
        height=_HEIGHT,
        name=name,
        what=what,
        told=summary(timeline, words, what),
        legend=legend,
        hatching=_HATCHING.format(name=name) if timeline.has_gaps else "",
        bars=Markup("").join(parts),
    )


def summary(timeline: Timeline, words: Words, what: str) -> str:
    """From when to when, and when the most."""
    bars = timeline.bars
    most = max(bars, key=lambda bar: bar.articles)
    peaks = sum(bar.articles == most.articles for bar in bars)
    return words(
        "timeline" if peaks == 1 else "timeline_even",
        what=what,
        first=words.day(bars[0].key),
        last=words.day(bars[-1].key),
        most=words.number(most.articles),
        peak=words.day(most.key),
    )


_HATCHING = Markup(
    '<defs><pattern id="{name}-gap" width="4" height="6" patternUnits="userSpaceOnUse">'
    '<path class="hatch" d="M0 6L4 0"/></pattern></defs>'
)


def _one(at: int, bar: Bar, top: int, wide: int, words: Words, href: str, name: str) -> Markup:
    left = at * _STEP
    shapes = [Markup('<rect class="room" x="{}" y="0" width="{}" height="{}"/>')]
    values: list[Any] = [left, _STEP, _HEIGHT]
    if bar.has_gap:
        shapes.append(Markup('<rect fill="url(#{}-gap)" x="{}" y="0" width="{}" height="{}"/>'))
        values += [name, left, _STEP, _HEIGHT]
    for kind, count in (("listed", bar.listed), ("stored", bar.articles)):
        if count:
            height = max(2, round(count / top * (_HEIGHT - 4)))
            shapes.append(Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'))
            values += [kind, left + (_STEP - wide) / 2, _HEIGHT - height, wide, height]
    drawing = Markup("").join(shapes).format(*values)
    label = f"{words.day(bar.key)}: {told_of(bar, words)}"
    if not bar.articles:
        return Markup("<g><title>{}</title>{}</g>").format(label, drawing)
    return Markup('<a href="{}" aria-label="{}"><title>{}</title>{}</a>').format(
        href, label, label, drawing
    )


def told_of(bar: Bar, words: Words) -> str:
    """What a bar shows, in words."""
    told = words("n_articles", bar.articles)
    if bar.listed:
        told += f", {words('listed').lower()} {words.number(bar.listed)}"
    return f"{told}, {words('gap_mark')}" if bar.has_gap else told


def axis_of(timeline: Timeline, words: Words) -> list[str]:
    """A label, mostly empty, for each bar: as many periods as there is room to name.

    Counted from the end, so that the latest is named; a month says its year where that changes.
    """
    bars = timeline.bars
    every = -(-len(bars) // _MOST_LABELS) or 1
    labels, year = [], ""
    for at, bar in enumerate(bars):
        is_named = (len(bars) - 1 - at) % every == 0
        labels.append(words.short_day(bar.key, year) if is_named else "")
        year = bar.key[:4] if is_named else year
    return labels


def numbers_of(timeline: Timeline, words: Words) -> list[str]:
    """The number of each bar, to stand over it; none where there is no room for all.

    Nothing stands over a gap that has nothing: that it is zero is not known.
    """
    bars = timeline.bars
    told = ["" if bar.has_gap and not bar.articles else words.number(bar.articles) for bar in bars]
    has_room = len(bars) <= _FEW and len(bars) * max(map(len, told), default=0) <= _ROOM
    return told if has_room else []
