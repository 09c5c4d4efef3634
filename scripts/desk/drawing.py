"""A timeline as an inline SVG: bars that lead to their articles, gaps hatched, a scale beside it.

The picture has no text of its own, so that it may be drawn as wide as a page or a phone; periods
and scale stand around it in HTML, and the same figures in a table below. Everything is told by
shape and shade, nothing by hue alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from scripts.desk.timeline import Bar, Measure, Timeline
from scripts.desk.wording import Words

#: Height and width of the drawing's own units; it is stretched to its place.
_HEIGHT, _STEP, _BAR = 100, 10, 8

#: What a bar may be high: the rest is air under what stands above.
_ROOM_FOR_BARS = 96

#: Fewer bars than this are drawn slimmer, so that three of them are no wall.
_FEW = 16

#: Figures over the bars that a phone has room for.
_ROOM = 36

#: Periods named under the bars, where there is room for no more.
_MOST_LABELS = 8

#: More months than this are named by their years.
_MONTHS_NAMED = 24

#: Lines of the scale, the ground not counted.
_LINES = 3


@dataclass(frozen=True)
class Saying:
    """What is said around a timeline."""

    what: str
    """What is counted over which periods: the plot's title."""
    told: Callable[[Bar], str]
    """What a bar shows, in words."""
    gap: str
    """What hatching means."""
    pale: str = ""
    """What is drawn pale, where anything is."""
    name: str = "time"
    """What tells the drawing from others on the page."""
    until: str = ""
    """How far the last period goes, where it is not over."""
    is_numbered: bool = True
    """Whether numbers may stand over the bars, in place of a scale."""
    pale_leads: bool = False
    """Whether a bar that is only pale leads somewhere, too."""


def chart(
    timeline: Timeline, words: Words, saying: Saying, link: Callable[[Bar], str]
) -> dict[str, Any]:
    """The drawing with all that stands around it, as the templates take it; *link* is where a bar
    leads. Nothing is drawn of a single period."""
    is_drawn = timeline.is_worth_drawing
    numbers = numbers_of(timeline, words) if saying.is_numbered else []
    return {
        "timeline": timeline,
        "drawing": drawn(timeline, words, link, saying) if is_drawn else None,
        "axis": axis_of(timeline, words, saying.until) if is_drawn else [],
        "numbers": list(_placed(numbers, timeline)) if is_drawn else [],
        "cut": list(_cut(timeline, words)) if is_drawn else [],
        "scale": scale_of(timeline, words) if is_drawn and not numbers else [],
        "summary": summary(timeline, words, saying.what) if is_drawn else "",
        "unit": timeline.unit,
        "measure": timeline.measure,
        "gap": saying.gap if timeline.has_gaps else "",
        "pale": saying.pale if any(bar.listed > bar.articles for bar in timeline.bars) else "",
        "what": saying.what,
        "switches": [],
        "periods": [_period(bar, words, saying, link) for bar in timeline.bars],
        "has_shares": any(bar.whole is not None for bar in timeline.bars),
    }


def _placed(numbers: list[str], timeline: Timeline) -> Iterator[tuple[str, float, float]]:
    """Each number, and where it stands: from the left and from the ground, in percent."""
    for at, (number, bar) in enumerate(zip(numbers, timeline.bars, strict=False)):
        height = timeline.height(bar) / (timeline.top or 1) * _ROOM_FOR_BARS
        yield number, (at + 0.5) / len(numbers) * 100, height


def _cut(timeline: Timeline, words: Words) -> Iterator[tuple[str, float]]:
    """What a bar that is cut comes to, and where it stands."""
    for at, bar in enumerate(timeline.bars):
        if timeline.is_over(bar):
            more = f"+{words.number(bar.listed - bar.articles)} \N{UPWARDS ARROW}"
            yield more, (at + 0.5) / len(timeline.bars) * 100


def _period(
    bar: Bar, words: Words, saying: Saying, link: Callable[[Bar], str]
) -> Mapping[str, str | None]:
    return {
        "name": words.day(bar.key),
        "href": link(bar) if bar.articles or (bar.listed and saying.pale_leads) else None,
        "told": saying.told(bar),
        "share": None if bar.share is None else words.share(bar.share),
    }


def drawn(timeline: Timeline, words: Words, link: Callable[[Bar], str], saying: Saying) -> Markup:
    """The timeline as SVG; *link* is where a bar leads."""
    bars = timeline.bars
    wide = min(_BAR, max(1, _BAR * len(bars) // _FEW))
    parts = [_one(at, timeline, wide, words, saying, link(bar)) for at, bar in enumerate(bars)]
    return Markup(
        '<svg class="timeline" viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        'role="group" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{what}</title><desc id="{name}-desc">{told} {legend}</desc>'
        "{hatching}{lines}{bars}</svg>"
    ).format(
        width=len(bars) * _STEP,
        height=_HEIGHT,
        name=saying.name,
        what=saying.what,
        told=summary(timeline, words, saying.what),
        legend=saying.gap if timeline.has_gaps else "",
        hatching=_HATCHING.format(name=saying.name) if timeline.has_gaps else "",
        lines=_lines(timeline, words, saying),
        bars=Markup("").join(parts),
    )


_HATCHING = Markup(
    '<defs><pattern id="{name}-gap" width="4" height="6" patternUnits="userSpaceOnUse">'
    '<path class="hatch" d="M0 6L4 0"/></pattern></defs>'
)


def _lines(timeline: Timeline, words: Words, saying: Saying) -> Markup:
    """The scale's lines, where the bars have no numbers of their own."""
    if saying.is_numbered and numbers_of(timeline, words):
        return Markup("")
    width = len(timeline.bars) * _STEP
    line = Markup('<path class="line" d="M0 {}H{}"/>')
    return Markup("").join(
        line.format(round(_HEIGHT - percent, 2), width) for percent, _ in scale_of(timeline, words)
    )


def _one(at: int, timeline: Timeline, wide: int, words: Words, saying: Saying, href: str) -> Markup:
    bar, left = timeline.bars[at], at * _STEP
    shapes = [Markup('<rect class="room" x="{}" y="0" width="{}" height="{}"/>')]
    values: list[Any] = [left, _STEP, _HEIGHT]
    if bar.has_gap:
        shapes.append(Markup('<rect fill="url(#{}-gap)" x="{}" y="0" width="{}" height="{}"/>'))
        values += [saying.name, left, _STEP, _HEIGHT]
    for kind, count in (("listed", bar.listed), ("stored", timeline.height(bar))):
        if count:
            height = max(2, min(_HEIGHT, round(count / timeline.top * _ROOM_FOR_BARS)))
            shapes.append(Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'))
            values += [kind, left + (_STEP - wide) / 2, _HEIGHT - height, wide, height]
    drawing = Markup("").join(shapes).format(*values)
    label = f"{words.day(bar.key)}: {saying.told(bar)}"
    if not (bar.articles or (bar.listed and saying.pale_leads)):
        return Markup("<g><title>{}</title>{}</g>").format(label, drawing)
    return Markup('<a href="{}" aria-label="{}"><title>{}</title>{}</a>').format(
        href, label, label, drawing
    )


# --- in words


def summary(timeline: Timeline, words: Words, what: str) -> str:
    """From when to when, and when the most."""
    bars = timeline.bars
    most = max(bars, key=timeline.height)
    peaks = sum(timeline.height(bar) == timeline.height(most) for bar in bars)
    return words(
        "timeline" if peaks == 1 else "timeline_even",
        what=what,
        first=words.day(bars[0].key),
        last=words.day(bars[-1].key),
        most=_figure(timeline.height(most), timeline, words),
        peak=words.on(most.key),
    )


def told_articles(words: Words, measure: Measure = "articles") -> Callable[[Bar], str]:
    """How a bar of articles is told."""

    def told(bar: Bar) -> str:
        said = words("n_articles", bar.articles)
        if bar.share is not None and measure == "share":
            said += f", {words('share_of_whole', share=words.share(bar.share))}"
        if bar.listed:
            said += f", {words('listed').lower()} {words.number(bar.listed)}"
        return f"{said}, {words('gap_mark')}" if bar.has_gap else said

    return told


def axis_of(timeline: Timeline, words: Words, until: str = "") -> list[str]:
    """A label, mostly empty, for each bar: as many periods as there is room to name.

    Counted from the end, so that the latest is named; a month says its year where that changes, a
    day its month. *until* stands under a last year that is not over.
    """
    bars = timeline.bars
    if timeline.unit == "month" and len(bars) > _MONTHS_NAMED:
        return _januaries(timeline)
    every = -(-len(bars) // _MOST_LABELS) or 1
    labels, said = [], ""
    for at, bar in enumerate(bars):
        is_named = (len(bars) - 1 - at) % every == 0
        labels.append(words.short_day(bar.key, said) if is_named else "")
        said = bar.key if is_named else said
    if until and labels and timeline.unit == "year":
        labels[-1] = f"{labels[-1]}\n{until}"
    return labels


def _januaries(timeline: Timeline) -> list[str]:
    """The year under each January, as far as there is room."""
    starts = [bar.key for bar in timeline.bars if bar.key.endswith("-01")]
    every = -(-len(starts) // _MOST_LABELS) or 1
    named = set(starts[::-every])
    return [bar.key[:4] if bar.key in named else "" for bar in timeline.bars]


def numbers_of(timeline: Timeline, words: Words) -> list[str]:
    """The number of each bar, to stand over it; none where there is no room for all.

    Nothing stands over a gap that has nothing: that it is zero is not known.
    """
    bars = timeline.bars
    told = [
        "" if bar.has_gap and not bar.articles
        else _figure(timeline.height(bar), timeline, words)
        for bar in bars
    ]  # fmt: skip
    has_room = len(bars) <= _FEW and len(bars) * max(map(len, told), default=0) <= _ROOM
    return told if has_room else []


def scale_of(timeline: Timeline, words: Words) -> list[tuple[float, str]]:
    """Round figures, each with how high it stands in percent of the drawing.

    >>> from scripts.desk.timeline import Bar, Timeline
    >>> [label for _, label in scale_of(Timeline((Bar("2017", 31), Bar("2018", 4))), Words("en"))]
    ['10', '20', '30']
    """
    top = timeline.top
    if not top:
        return []
    step = _round_step(top, is_whole=timeline.measure == "articles")
    ticks = [step * number for number in range(1, int(top / step + 1e-9) + 1)]
    return [(tick / top * _ROOM_FOR_BARS, _figure(tick, timeline, words)) for tick in ticks]


def _round_step(top: float, *, is_whole: bool) -> float:
    """1, 2 or 5 of a power of ten, so that a few lines do."""
    unit = 10.0**-6
    while True:
        for factor in (1, 2, 5):
            step = factor * unit
            if top / step <= _LINES + 0.5 and (step >= 1 or not is_whole):
                return step
        unit *= 10


def _figure(height: float, timeline: Timeline, words: Words) -> str:
    if timeline.measure == "share":
        return words.short_share(height)
    return words.number(round(height))
