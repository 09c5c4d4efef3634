"""One measure of several categories, authors …, each over time: small plots.

Categories differ by a factor of a hundred, and it is their courses that are compared; so the height
of each is its own highest value, which stands in it, beside its total. Shares have one scale.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.plots import words
from scripts.plots.chart import AMOUNTS, SHARES, Chart, Row, value_of
from scripts.plots.periods import draw, period_axis
from scripts.plots.sheet import INK, SOFT, cleared, finish, sheet, shortened

#: Two columns of four: what a page holds and an eye compares.
MOST = 8
_COLUMNS = 2

#: Letters of a panel's name, beside its number.
_NAME = 36


def over_time(chart: Chart) -> Figure:
    """The plot of ``stats --by category --over year``."""
    rows = chart.known[:MOST]
    lines = max(-(-len(rows) // _COLUMNS), 1)
    figure = sheet(1.55 + 1.1 * lines)
    has_gaps = False
    for place, row in enumerate(rows):
        axes = figure.add_subplot(lines, min(_COLUMNS, max(len(rows), 1)), place + 1)
        parts = _dated(row)
        has_gaps |= draw(axes, parts, chart.measure)
        is_last = place + _COLUMNS >= len(rows)
        _dress(axes, row, chart, rows if chart.measure in SHARES else [row])
        period_axis(axes, [part["key"] for part in parts], chart.tongue, most=6)
        axes.tick_params(axis="x", labelbottom=is_last, length=2, color=SOFT)
    has_own = len(rows) > 1 and chart.measure not in SHARES
    notes = [words.said(chart.tongue, "own scale")] if has_own else []
    if len(chart.known) > len(rows):
        numbers = {"shown": len(rows), "number": words.number(len(chart.known), chart.tongue)}
        notes.append(words.said(chart.tongue, "most", **numbers))
    finish(figure, chart, has_gaps=has_gaps, notes=notes)
    top = figure.subplotpars.top - 0.2 / figure.get_figheight()
    figure.subplots_adjust(hspace=0.5, wspace=0.08, top=top)
    return figure


def _dated(row: Row) -> list[Row]:
    return [part for part in row["over"] if part["key"] is not None]


def _highest(row: Row, chart: Chart) -> float:
    return max((value_of(part, chart.measure) or 0 for part in _dated(row)), default=0)


def _dress(axes: Axes, row: Row, chart: Chart, scaled: list[Row]) -> None:
    """The panel's name, what it comes to, and its highest value, on the scale of some panels."""
    highest = max(_highest(each, chart) for each in scaled)
    is_share = chart.measure in SHARES
    axes.set_ylim(-0.06 * highest if is_share else 0, highest * 1.3 or 1)
    axes.set_yticks([])
    total = value_of(row, chart.measure)
    told = "" if total is None else words.value(total, chart.measure, chart.tongue)
    axes.set_title(
        shortened(str(row["key"]), _NAME), loc="left", size=8.5, color=INK, pad=3, weight="bold"
    )
    axes.set_title(told, loc="right", size=8.5, color=SOFT, pad=3)
    parts = _dated(row)
    values = [value_of(part, chart.measure) or 0 for part in parts]
    if any(values):
        place = values.index(max(values))
        axes.annotate(
            words.value(values[place], chart.measure, chart.tongue),
            (place, values[place]),
            (0, 2 if chart.measure in AMOUNTS else 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=7,
            color=INK,
            bbox=cleared(),
        )
