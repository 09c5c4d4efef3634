"""One measure by author, tag, category …: bars, each with its name and its number."""

from __future__ import annotations

from matplotlib.figure import Figure

from scripts.plots import words
from scripts.plots.chart import Chart, value_of
from scripts.plots.sheet import FILL, INK, finish, plain_axes, sheet, shortened

#: More bars than these nobody reads; the table has them all.
MOST = 20

#: Letters of a name.
_NAME = 40


def by_name(chart: Chart) -> Figure:
    """The plot of ``stats --by`` anything but time."""
    rows = [row for row in chart.known if value_of(row, chart.measure) is not None][:MOST]
    figure = sheet(1.5 + 0.235 * max(len(rows), 3))
    axes = figure.add_subplot()
    plain_axes(axes)
    values = [value_of(row, chart.measure) or 0 for row in rows]
    places = range(len(rows))
    axes.barh(places, values, height=0.72, color=FILL, zorder=2)
    axes.set_ylim(max(len(rows), 3) - 0.4, -0.6)
    axes.set_xlim(0, max(values, default=0) * 1.1 or 1)
    axes.set_yticks(places, [shortened(str(row["key"]), _NAME) for row in rows])
    axes.tick_params(axis="y", labelsize=8.5, labelcolor=INK, pad=4)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=3)
    for place, value in enumerate(values):
        axes.annotate(
            words.value(value, chart.measure, chart.tongue),
            (value, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=8,
            color=INK,
        )
    finish(figure, chart, has_gaps=False, notes=_notes(chart, len(rows)))
    longest = max((len(shortened(str(row["key"]), _NAME)) for row in rows), default=0)
    figure.subplots_adjust(
        left=min(0.05 + 0.0118 * longest, 0.46),
        bottom=figure.subplotpars.bottom - 0.25 / figure.get_figheight(),
    )
    return figure


def _notes(chart: Chart, shown: int) -> list[str]:
    number = len(chart.known)
    if shown == number:
        return []
    return [
        words.said(chart.tongue, "most", shown=shown, number=words.number(number, chart.tongue))
    ]
