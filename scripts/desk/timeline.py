"""Counts over time as an inline SVG: bars that lead to their articles, gaps shaded.

The picture has no text of its own, so that it may be drawn as wide as a page or a phone; the years
stand under it in HTML, and the same figures in a table beside it. Everything is told by shape and
shade, nothing by hue alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from scripts.desk.wording import Words

#: More bars than this are too thin to hit: months become years.
_MOST_BARS = 48

#: Height and width of the drawing's own units; it is stretched to its place.
_HEIGHT, _STEP, _BAR = 100, 10, 8

#: Fewer bars than this are drawn slimmer, so that three of them are no wall.
_FEW = 16

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
    """What the sites listed of that time, or 0 where that is not asked."""
    has_gap: bool = False
    """The archive lacks some of what was listed."""


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
    months: Iterable[dict[str, Any]], coverage: Iterable[dict[str, Any]] = ()
) -> Timeline:
    """The timeline of counts by month; with what sites listed for those months, where it is given.

    A month of which either says that there is a gap has one.

    >>> rows = [{"key": "2017-01", "articles": 2}, {"key": "2017-03", "articles": 1}]
    >>> [(bar.key, bar.articles) for bar in timeline_of(rows).bars]
    [('2017-01', 2), ('2017-02', 0), ('2017-03', 1)]
    """
    found: dict[str, Bar] = {}
    undated = 0
    for row in months:
        key = str(row["key"] or "")[:7]
        if not _is_month(key):
            undated += row["articles"]
            continue
        bar, gap = found.get(key, Bar(key)), bool(row.get("gap"))
        articles = bar.articles + row["articles"]
        found[key] = replace(bar, articles=articles, has_gap=bar.has_gap or gap)
    for row in coverage:
        key = str(row["month"] or "")
        if _is_month(key):
            bar = found.get(key, Bar(key))
            gap = bar.has_gap or bool(row.get("gap"))
            found[key] = replace(bar, listed=bar.listed + row["listed"], has_gap=gap)
    bars = list(_whole(found, _months_between))
    if len(bars) > _MOST_BARS:
        bars = list(_whole(_by_year(found.values()), _years_between))
    return Timeline(tuple(bars), undated)


def _is_month(key: str) -> bool:
    year, _, month = key.partition("-")
    is_number = year.isdecimal() and month.isdecimal()
    return is_number and int(year) in _YEARS and 1 <= int(month) <= 12


def _by_year(bars: Iterable[Bar]) -> dict[str, Bar]:
    years: dict[str, Bar] = {}
    for bar in bars:
        key = bar.key[:4]
        year = years.get(key, Bar(key))
        years[key] = Bar(
            key, year.articles + bar.articles, year.listed + bar.listed, year.has_gap or bar.has_gap
        )
    return years


def _whole(found: dict[str, Bar], between: Callable[[str, str], Iterator[str]]) -> Iterator[Bar]:
    if found:
        yield from (found.get(key, Bar(key)) for key in between(min(found), max(found)))


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
    return words(
        "timeline",
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


def axis_of(timeline: Timeline) -> list[str]:
    """A label, mostly empty, for each bar: as many periods as there is room to name."""
    every = -(-len(timeline.bars) // _MOST_LABELS)
    return [bar.key if at % every == 0 else "" for at, bar in enumerate(timeline.bars)]
