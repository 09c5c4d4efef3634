"""A figure as a file: PNG or SVG, the same bytes for the same rows, on every day."""

from __future__ import annotations

import logging
import warnings
from typing import IO, Any, Literal

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from scripts.plots import words
from scripts.plots.chart import Chart
from scripts.plots.multiples import over_time
from scripts.plots.names import by_name
from scripts.plots.periods import by_period

Format = Literal["png", "svg"]

#: For print: 7.2 inches are 2,160 dots wide.
DOTS_PER_INCH = 300

#: The font comes with matplotlib, so that a plot looks alike everywhere. A dollar sign in a
#: headline is no formula. In SVG text stays text, to be searched, read aloud and edited.
_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "text.parse_math": False,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "hemeroteca",
}


def drawn(chart: Chart) -> Figure:
    """The figure of a chart."""
    with matplotlib.rc_context(_SETTINGS):
        if chart.over:
            return over_time(chart)
        return by_period(chart) if chart.by in ("year", "month") else by_name(chart)


def write_picture(chart: Chart, stream: IO[bytes], form: Format) -> bool:
    """Write the plot; whether every letter could be drawn (SVG leaves that to whoever shows it)."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where its cache is, is no news
    figure = drawn(chart)
    with warnings.catch_warnings(record=True) as told, matplotlib.rc_context(_SETTINGS):
        warnings.simplefilter("always")
        _print(figure, chart, stream, form)
    return form == "svg" or not any("missing from" in str(each.message) for each in told)


def _print(figure: Figure, chart: Chart, stream: IO[bytes], form: Format) -> None:
    """Without the moment and the program's version in the file, which would differ each time."""
    title = words.title(chart)
    if form == "png":
        about: dict[str, Any] = {"Software": None, "Title": title}
        FigureCanvasAgg(figure).print_figure(
            stream, format="png", dpi=DOTS_PER_INCH, metadata=about
        )
        return
    about = {"Date": None, "Creator": None, "Title": title, "Language": chart.tongue}
    FigureCanvasSVG(figure).print_figure(stream, format="svg", metadata=about)
