"""The page around a plot: its words, its axes, and the shade of a gap.

Everything is told by place, length, label and hatching; colour adds nothing that a grey print or a
reader who sees no colours would miss.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scripts.plots import words
from scripts.plots.chart import AMOUNTS, Chart, Row

#: A column of text in a paper, and a slide's half.
WIDTH = 7.2

INK = "#1d1d1f"
SOFT = "#6b6f76"
FILL = "#41607c"
RULE = "#dcdfe3"
SHADE = "#b4b9c0"

#: Letters in a line over or under the plot.
_LINE = 108
_TITLE_LINE = 68
_FOOT_LINE = 132


def sheet(height: float) -> Figure:
    """An empty page, of a height in inches."""
    return Figure(figsize=(WIDTH, height), facecolor="white")


def finish(figure: Figure, chart: Chart, *, has_gaps: bool, notes: Sequence[str] = ()) -> Figure:
    """Set title, conditions and foot around what was drawn."""
    height = figure.get_figheight()
    heading = textwrap.wrap(words.title(chart), _TITLE_LINE, max_lines=3, placeholder=" …")
    under = textwrap.wrap(words.conditions(chart), _LINE, max_lines=3, placeholder=" …")
    below = textwrap.wrap(
        " · ".join([words.foot(chart), *notes]), _FOOT_LINE, break_on_hyphens=False
    )
    inch = 1 / height
    top = 1 - 0.12 * inch
    figure.text(0.02, top, "\n".join(heading), size=12.5, weight="bold", color=INK, va="top")
    top -= (0.235 * len(heading)) * inch
    figure.text(0.02, top, "\n".join(under), size=9, color=SOFT, va="top", linespacing=1.35)
    top -= (0.18 * len(under) + 0.16) * inch
    bottom = 0.12 * inch
    figure.text(0.02, bottom, "\n".join(below), size=7.5, color=SOFT, va="bottom", linespacing=1.4)
    bottom += 0.155 * len(below) * inch
    if has_gaps:
        name = "gap" if chart.measure in AMOUNTS else "gap of a share"
        _legend(figure, bottom + 0.05 * inch, words.said(chart.tongue, name))
        bottom += 0.2 * inch
    figure.subplots_adjust(left=0.02, right=0.98, top=top, bottom=bottom + 0.34 * inch)
    say_nothing_found(figure, chart)
    return figure


def _legend(figure: Figure, bottom: float, text: str) -> None:
    inch = 1 / figure.get_figheight()
    box = Rectangle((0.02, bottom), 0.028, 0.12 * inch, transform=figure.transFigure, **_gap())
    figure.add_artist(box)
    figure.text(0.056, bottom + 0.06 * inch, text, size=7.5, color=SOFT, va="center")


def _gap() -> dict[str, Any]:
    return {"facecolor": "#f6f7f8", "edgecolor": SHADE, "hatch": "/////", "linewidth": 0}


def shade_gaps(axes: Axes, rows: Sequence[Row]) -> bool:
    """Hatch the periods in which the archive has a gap; whether there are any."""
    start = None
    found = False
    for place, row in enumerate([*rows, {"gap": False}]):
        if row["gap"] and start is None:
            start = place
        elif not row["gap"] and start is not None:
            axes.axvspan(start - 0.5, place - 0.5, zorder=0, **_gap())
            start, found = None, True
    return found


def plain_axes(axes: Axes) -> None:
    """Axes without a box: a line to stand on."""
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    axes.spines["bottom"].set_linewidth(0.8)
    axes.tick_params(axis="both", length=0, colors=SOFT, labelsize=8)


def measure_axis(axes: Axes, chart: Chart, highest: float) -> None:
    """Thin lines across, with their numbers at the left."""
    axes.set_ylim(0, highest * 1.12 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=chart.measure != "length"))
    if chart.measure in ("analysis", "share"):
        axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _: words.value(value, chart.measure, chart.tongue) if value else ""
        )
    )
    axes.grid(axis="y", color=RULE, linewidth=0.7, zorder=0.5)
    axes.set_axisbelow(True)


def say_nothing_found(figure: Figure, chart: Chart) -> None:
    """Say so, where an empty page would leave open whether something went wrong."""
    if not chart.articles:
        text = words.said(chart.tongue, "nothing")
        figure.text(0.5, 0.5, text, size=11, color=SOFT, ha="center", va="center")


def shortened(name: str, letters: int) -> str:
    """A name that fits where there is room for so many letters.

    >>> shortened("Ministerio", 6), shortened("Gold", 6)
    ('Minis…', 'Gold')
    """
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"


def cleared() -> dict[str, Any]:
    """White behind a number, so that it reads over a line and over the shade of a gap.

    An outline around its letters would turn them into shapes, which nobody can search in an SVG.
    """
    return {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
