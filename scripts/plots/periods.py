"""One measure by year or month: columns where it is a number of something, else a line.

A period of which the archive has a gap is hatched, and a column in it is hollow: it is at least
so high. Nothing is drawn over a period in which there is nothing to measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.plots import words
from scripts.plots.chart import AMOUNTS, Chart, Measure, Row, value_of
from scripts.plots.sheet import (
    FILL,
    INK,
    SOFT,
    cleared,
    finish,
    measure_axis,
    plain_axes,
    shade_gaps,
    sheet,
)
from scripts.printing import Tongue

#: Up to so many months each has its name.
_MONTHS_NAMED = 25

#: Up to so many columns each has its number on top, and no axis is needed.
_LABELLED = 20


def by_period(chart: Chart) -> Figure:
    """The plot of ``stats --by year`` or ``month``."""
    rows = chart.known
    figure = sheet(3.9)
    axes = figure.add_subplot()
    has_gaps = draw(axes, rows, chart.measure)
    highest = max((value_of(row, chart.measure) or 0 for row in rows), default=0)
    measure_axis(axes, chart, highest)
    if len(rows) <= _LABELLED:
        axes.set_yticks([])
        _label_each(axes, rows, chart)
    elif highest:
        _label_highest(axes, rows, chart)
    period_axis(axes, [row["key"] for row in rows], chart.tongue)
    _tell_the_unfinished(axes, rows, chart)
    finish(figure, chart, has_gaps=has_gaps)
    if len(rows) > _LABELLED:
        figure.subplots_adjust(left=0.075)
    return figure


def draw(axes: Axes, rows: Sequence[Row], measure: Measure) -> bool:
    """The rows as columns or as a line, with the gaps behind them; whether there are any."""
    plain_axes(axes)
    places = range(len(rows))
    values = [value_of(row, measure) for row in rows]
    axes.set_xlim(-0.6, len(rows) - 0.4)
    if measure in AMOUNTS:
        hollow = [bool(row["gap"]) for row in rows]
        axes.bar(
            places,
            [value or 0 for value in values],
            width=_width(len(rows)),
            color=["white" if each else FILL for each in hollow],
            edgecolor=[FILL if each or len(rows) <= 72 else "white" for each in hollow],
            linewidth=0.8 if len(rows) <= 72 else 0.25,
            zorder=2,
        )
    else:
        known = [nan if value is None else value for value in values]
        axes.plot(places, known, color=INK, linewidth=1.5, zorder=2)
        if len(rows) <= 72:
            axes.plot(places, known, "o", color=INK, markersize=4, zorder=3)
        alone = [place for place in places if _stands_alone(values, place)]
        axes.plot(alone, [known[place] for place in alone], "o", color=INK, markersize=3, zorder=3)
    return shade_gaps(axes, rows)


def _width(columns: int) -> float:
    """How wide each of so many columns is, of the room for one: a few are no wall.

    >>> [round(_width(number), 2) for number in (1, 3, 12, 100)]
    [0.16, 0.48, 0.78, 1.0]
    """
    return 1.0 if columns > 72 else min(0.78, 0.16 * columns)


def _stands_alone(values: Sequence[float | None], place: int) -> bool:
    """Whether a value has no neighbour to be joined to, and so would not be seen as a line."""
    near = [values[each] for each in (place - 1, place + 1) if 0 <= each < len(values)]
    return values[place] is not None and all(value is None for value in near)


def _label_each(axes: Axes, rows: Sequence[Row], chart: Chart) -> None:
    values = [value_of(row, chart.measure) for row in rows]
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        if value is not None and (value or not row["gap"]):
            below = chart.measure not in AMOUNTS and _is_low(values, place)
            aside = 0 if chart.measure in AMOUNTS or below else _way_of(values, place)
            _label(axes, place, value, chart, below=below, aside=aside)


def _is_low(values: Sequence[float | None], place: int) -> bool:
    """Whether the line comes down to a value and goes up again, so that its number is best below.

    >>> [_is_low([3, 1, 2], place) for place in range(3)]
    [False, True, False]
    """
    near = [values[each] for each in (place - 1, place + 1) if 0 <= each < len(values)]
    value = values[place] or 0
    return all(each is None or each > value for each in near) and value > 0


def _label_highest(axes: Axes, rows: Sequence[Row], chart: Chart) -> None:
    """Name the peak, so that a reader has one number to hold on to."""
    place = max(range(len(rows)), key=lambda each: value_of(rows[each], chart.measure) or 0)
    _label(axes, place, value_of(rows[place], chart.measure) or 0, chart)


def _way_of(values: Sequence[float | None], place: int) -> int:
    """Where a number is out of a steep line's way: 1, right, where it falls; -1 where it rises.

    >>> [_way_of([1, 2, 3, 2, 1], place) for place in range(5)]
    [-1, -1, 0, 1, 0]
    """
    steep = 0.12 * max(value or 0 for value in values)
    before = values[place - 1] if place else None
    after = values[place + 1] if place + 1 < len(values) else None
    value = values[place] or 0
    if after is not None and after > value + steep and (before is None or before <= value):
        return -1
    return 1 if before is not None and before > value + steep and after is not None else 0


def _label(
    axes: Axes, place: int, value: float, chart: Chart, *, below: bool = False, aside: int = 0
) -> None:
    distance = 3 if chart.measure in AMOUNTS else 6
    axes.annotate(
        words.value(value, chart.measure, chart.tongue),
        (place, value),
        (9 * aside, -distance if below else distance),
        textcoords="offset points",
        ha="center",
        va="top" if below else "bottom",
        size=8,
        color=INK,
        zorder=4,
        bbox=cleared(),
    )


def _tell_the_unfinished(axes: Axes, rows: Sequence[Row], chart: Chart) -> None:
    """Say under the last year how far it goes, where it was not over when the archive last looked.

    Half a year would be taken for a fall by half.
    """
    if not rows or chart.as_of is None or chart.by != "year":
        return
    day = chart.as_of.date()
    is_over = (day.month, day.day) == (12, 31)
    if rows[-1]["key"] != f"{day.year:04}" or is_over:
        return
    labels = [label.get_text() for label in axes.get_xticklabels()]
    month = words.month_name(day.month, chart.tongue)
    labels[-1] += f"\n{words.said(chart.tongue, 'until', day=day.day, month=month)}"
    axes.set_xticks(axes.get_xticks(), labels)


def period_axis(axes: Axes, keys: Sequence[str], tongue: Tongue, *, most: int = 18) -> None:
    """Years under the axis; months between them where there are few."""
    if keys and "-" in keys[0]:
        if len(keys) <= _MONTHS_NAMED and most > _MONTHS_NAMED // 2:
            labels = [_month_label(key, place == 0, tongue) for place, key in enumerate(keys)]
            axes.set_xticks(range(len(keys)), labels)
            return
        years = [place for place, key in enumerate(keys) if key.endswith("-01")]
        starts = years or [0]
    else:
        starts = list(range(len(keys)))
    step = -(-len(starts) // most) or 1
    # Counted from the end, so that the latest year is named.
    shown = starts[::-1][::step][::-1]
    axes.set_xticks(shown, [keys[place][:4] for place in shown])
    if keys and "-" in keys[0]:
        axes.tick_params(axis="x", length=3, color=SOFT)


def _month_label(key: str, is_first: bool, tongue: Tongue) -> str:
    year, month = key.split("-")
    name = words.month_name(int(month), tongue)
    return f"{name}\n{year}" if is_first or month == "01" else name
