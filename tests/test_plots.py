"""Plots: that they show what was counted, tell what is lacking, and are the same each time."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from scripts.plots.chart import Chart
from scripts.plots.picture import drawn, write_picture
from tests.running import ROOT, Command


def row(key: str | None, articles: int, **more: Any) -> dict[str, Any]:
    counts = {"words": 250 * articles, "with_analysis": articles // 2}
    return {"key": key, "articles": articles, **counts, "gap": False, **more}


def years(*counts: int, gaps: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    return [row(str(2015 + at), count, gap=at in gaps) for at, count in enumerate(counts)]


def chart(rows: list[dict[str, Any]], by: str = "year", **more: Any) -> Chart:
    count = sum(each["articles"] for each in rows)
    return Chart(by, rows, **{"archive": "news.db", "articles": count, **more})


def svg(asked: Chart) -> str:
    stream = io.BytesIO()
    assert write_picture(asked, stream, "svg")
    return stream.getvalue().decode()


def columns(figure: Figure, panel: int = 0) -> list[Rectangle]:
    """The columns of a panel, without the shades behind them."""
    axes = figure.axes[panel]
    return [each for each in axes.containers[0] if isinstance(each, Rectangle)]


def shades(figure: Figure, panel: int = 0) -> list[tuple[float, float]]:
    """From where to where the gaps of a panel are hatched."""
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in figure.axes[panel].patches
        if isinstance(patch, Rectangle) and patch.get_hatch()
    ]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts] + [
        text.get_text() for axes in figure.axes for text in axes.texts
    ]


def test_a_column_is_as_high_as_its_count_and_says_it() -> None:
    figure = drawn(chart(years(3, 0, 12)))
    assert [each.get_height() for each in columns(figure)] == [3, 0, 12]
    assert {"3", "0", "12"} <= set(texts(figure))
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == [
        "2015", "2016", "2017",
    ]  # fmt: skip


def test_a_gap_is_hatched_and_its_column_hollow() -> None:
    figure = drawn(chart(years(3, 1, 0, 12, gaps=(1, 2))))
    assert shades(figure) == [(0.5, 2.5)]
    white = (1.0, 1.0, 1.0, 1.0)
    assert [each.get_facecolor() == white for each in columns(figure)] == [False, True, True, False]
    assert "0" not in texts(figure)
    assert any("gap in the archive" in text for text in texts(figure))
    assert not any("gap" in text for text in texts(drawn(chart(years(3, 1)))))


def test_a_line_is_broken_where_there_is_nothing_to_measure() -> None:
    rows = years(4, 0, 4, 2)
    (line, *_) = drawn(chart(rows, measure="length")).axes[0].lines
    known = [None if value != value else value for value in line.get_ydata()]
    assert known == [250, None, 250, 250]


def test_a_share_is_of_what_there_was() -> None:
    rows = [row("2020", 1, all=4, share=0.25), row("2021", 0, all=0, share=None)]
    figure = drawn(chart(rows, measure="share", query="port"))
    assert "25%" in texts(figure)


def test_the_page_says_what_was_asked_and_of_which_archive() -> None:
    asked = chart(
        [*years(1200, 34), row(None, 5)],
        query='"human trafficking" NOT $border$',
        filters={"language": "es", "since": "2015-01-01"},
        as_of=datetime(2016, 7, 9, tzinfo=UTC),
        complete=0.9996,
    )
    text = svg(asked)
    for words in (
        "Articles by year: &quot;human trafficking&quot; NOT $border$",
        "language es · since 2015-01-01",
        "1,239 articles in news.db · as of 9 July 2016",
        "99.9% complete, by what the sites listed",
        "without a known day, not shown: 5",
        "to 9 Jul",
        ">1,200<",
    ):
        assert words.replace("&quot;", '"') in text.replace("&quot;", '"'), words


def test_in_spanish_it_says_the_same() -> None:
    text = svg(chart(years(1, 34567, gaps=(0,)), tongue="es", complete=0.5))
    for words in (
        "Artículos por año", "todo el archivo", "laguna en el archivo", "34.568 artículos en",
        "completo al 50\xa0%",
    ):  # fmt: skip
        assert words in text, words


def test_months_are_named_where_they_are_few_and_years_where_they_are_many() -> None:
    few = [row(f"2020-{month:02}", month) for month in range(11, 13)] + [row("2021-01", 2)]
    labels = [each.get_text() for each in drawn(chart(few, "month")).axes[0].get_xticklabels()]
    assert labels == ["Nov\n2020", "Dec", "Jan\n2021"]
    many = [row(f"{year}-{month:02}", 1) for year in range(2000, 2020) for month in range(1, 13)]
    labels = [each.get_text() for each in drawn(chart(many, "month")).axes[0].get_xticklabels()]
    assert labels[-1] == "2019"
    assert len(labels) <= 18


def test_bars_have_names_and_the_rest_is_told() -> None:
    rows = [row(f"Author {number} {'x' * 60}", 60 - number) for number in range(30)]
    figure = drawn(chart(rows, "author"))
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(names) == 20
    assert all(len(name) <= 40 for name in names)
    assert any("the 20 most frequent of 30" in text for text in texts(figure))


def test_shares_of_several_panels_have_one_scale() -> None:
    rows = [
        row(name, 4, with_analysis=number, over=[
            {**part, "with_analysis": number} for part in years(4, 4)
        ])
        for name, number in (("A", 4), ("B", 2))
    ]  # fmt: skip
    figure = drawn(chart(rows, "category", over="year", measure="analysis"))
    assert len({axes.get_ylim() for axes in figure.axes}) == 1
    assert not any("its own scale" in text for text in texts(figure))


def test_categories_over_the_years_are_a_panel_each() -> None:
    rows = [
        row(name, 9, over=[*years(count, 0, 2, gaps=(1,)), row(None, 1)])
        for name, count in (("Gangs", 7), ("Ports", 3))
    ]
    figure = drawn(chart(rows, "category", over="year"))
    assert [each.get_title(loc="left") for each in figure.axes] == ["Gangs", "Ports"]
    assert [each.get_height() for each in columns(figure, 1)] == [3, 0, 2]
    assert shades(figure, 0) == shades(figure, 1) == [(0.5, 1.5)]
    assert any("each panel has its own scale" in text for text in texts(figure))


def test_a_long_name_stays_over_its_own_panel() -> None:
    name = "Ministerio de Relaciones Exteriores, Comercio Internacional y Culto de la República"
    rows = [row(f"{name} {number}", 9, over=years(3, 4)) for number in range(4)]
    figure = drawn(chart(rows, "category", over="year"))
    figure.draw_without_rendering()
    for axes in figure.axes:
        title = axes._left_title.get_window_extent()  # type: ignore[attr-defined]
        total = axes._right_title.get_window_extent()  # type: ignore[attr-defined]
        assert axes.get_title(loc="left").endswith("…")
        assert title.x1 < total.x0


def test_a_single_column_is_no_wall() -> None:
    (alone,) = columns(drawn(chart(years(21))))
    assert alone.get_width() < 0.2
    assert columns(drawn(chart(years(*range(1, 13)))))[0].get_width() > 0.7


@pytest.mark.parametrize("by", ["year", "month", "author"])
def test_nothing_found_is_said(by: str) -> None:
    assert "nothing found" in texts(drawn(chart([], by)))
    assert "nothing found" in texts(drawn(chart([], "category", over="year")))


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_rows_are_the_same_bytes(form: Any) -> None:
    asked = chart(years(3, 4, gaps=(1,)), as_of=datetime(2016, 7, 9, tzinfo=UTC))
    one, other = io.BytesIO(), io.BytesIO()
    for stream in (one, other):
        write_picture(asked, stream, form)
    assert one.getvalue() == other.getvalue()
    assert b"dc:date" not in one.getvalue()


def test_a_png_is_large_enough_to_print() -> None:
    stream = io.BytesIO()
    assert write_picture(chart(years(3)), stream, "png")
    assert stream.getvalue()[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", stream.getvalue()[16:24]) == (2160, 1170)


# on the command line


def test_a_plot_of_the_newsroom(hemeroteca: Command, archive: Path, tmp_path: Path) -> None:
    answer = hemeroteca("stats", "--plot", "years.svg", "--lang", "en")
    assert (answer.code, answer.out, answer.err) == (0, "", "Plot written to years.svg.\n")
    text = (tmp_path / "years.svg").read_text()
    rows = hemeroteca("stats", "--json").json["rows"]
    assert f"{sum(each['articles'] for each in rows)} articles in hemeroteca.db" in text
    assert hemeroteca("stats", "--by", "category", "--plot", "c.svg", "--lang", "es").code == 0
    assert "Artículos por categoría y año" in (tmp_path / "c.svg").read_text()
    assert hemeroteca("stats", "--by", "author", "--plot", "a.png").code == 0
    assert hemeroteca("stats", "puerto", "--measure", "share", "--plot", "s.png").code == 0
    answer = hemeroteca("stats", "--plot", "both.svg", "--json")
    assert answer.json["rows"] == rows


def test_letters_without_a_font_are_told(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("stats", "港口", "--plot", "port.png")
    assert answer.code == 0
    assert "Some letters are not in the plot's font; --plot port.svg keeps them." in answer.err
    assert "font" not in hemeroteca("stats", "港口", "--plot", "port.svg").err


def loads(archive: Path, *words: str) -> set[str]:
    """The matplotlib modules that a command has loaded at its end."""
    code = (
        "import sys, scripts.cli\n"
        f"try: scripts.cli.main(['--archive', {str(archive)!r}, *{words!r}])\n"
        "except SystemExit: pass\n"
        "print(*[name for name in sys.modules if name.startswith('matplotlib')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_matplotlib_is_loaded_for_plots_alone_and_never_pyplot(
    archive: Path, tmp_path: Path
) -> None:
    assert not loads(archive, "stats", "--json")
    loaded = loads(archive, "stats", "--plot", str(tmp_path / "years.png"))
    assert "matplotlib.figure" in loaded
    assert "matplotlib.pyplot" not in loaded
