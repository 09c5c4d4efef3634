"""`stats`: how many articles, of what, when, and how complete that is; as a table or a plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.text import Text

from crawler.errors import BadInput
from scripts.commands import Setting, filters, setting_of
from scripts.commands.asking import Json
from scripts.commands.completeness import tell_coverage
from scripts.commands.taking_away import destination
from scripts.printing import Tongue, line, own_tongue, percent, print_json, print_table

if TYPE_CHECKING:
    from scripts.plots.chart import Chart
    from storage import Archive

app = typer.Typer()

By = Literal["year", "month", "category", "author", "language", "site", "kind", "tag", "parser"]
Over = Literal["year", "month", "all"]

#: What is best seen over the years, if nobody says otherwise; the rest as bars.
OVER_THE_YEARS = ("category", "kind", "language", "site", "tag")


@app.command()
@filters.filtered()
def stats(
    context: typer.Context,
    query: filters.OptionalQuery = None,
    by: Annotated[By, typer.Option("--by", help="What to count by.")] = "year",
    over: Annotated[
        Over | None,
        typer.Option("--over", help="Tell each author, category … by year or month, too."),
    ] = None,
    inside: filters.Inside = None,
    given: filters.Given = filters.NONE,
    at: filters.At = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage",
            help="What sites listed per year (--by month: per month), and what became of it.",
        ),
    ] = False,
    missing: Annotated[
        bool,
        typer.Option("--missing", help="With --coverage: only where something is missing."),
    ] = False,
    plot: Annotated[
        str | None,
        typer.Option("--plot", metavar="FILE", help="Draw it: FILE ends in .png or .svg."),
    ] = None,
    measure: Annotated[
        Literal["articles", "words", "length", "analysis", "share"],
        typer.Option(
            "--measure",
            help="What the plot shows: articles, their words, words per article, the share with an "
            "analysis, or the share that QUERY finds.",
        ),
    ] = "articles",
    tongue: Annotated[
        Tongue | None,
        typer.Option("--lang", help="The language of the plot; else your system's."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Count articles by year, month, category, author, language, site, kind, tag or parser.

    Years and months say what the sites listed, which share of it is settled, and where the archive
    has a gap, so that nobody takes a gap for a dip. With --at, all of this is told as it stood:
    what was listed and captured by then, edited articles by what they said.
    """
    setting = setting_of(context)
    asked = {**filters.given(query=query, inside=inside, at=at), **given}
    if missing and not coverage:
        raise BadInput("--missing is of what sites listed; add --coverage.")
    _check(by, over, measure, plot, query)
    with setting.open() as archive:
        filters.check_site(archive, given.get("site"))
        filters.tell_excerpt(setting, archive)
        if coverage:
            _check_coverage(asked, plot, by)
            tell_coverage(archive, dict(given), by="month" if by == "month" else "year",
                          only_missing=missing, as_json=as_json)  # fmt: skip
            return
        period = _period(by, over, is_plotted=plot is not None)
        rows = archive.stats(
            by, query=query, inside=filters.columns(query, inside), over=period, at=at, **given
        )
        columns = filters.columns(query, inside)
        found = archive.search(query, inside=columns, limit=0, every_word=True, at=at, **given)
        forms = found.forms
        if plot:
            chart = chart_of(archive, asked, by=by, rows=rows, measure=measure, over=period,
                           articles=found.total, tongue=tongue or own_tongue())  # fmt: skip
            _draw(setting, chart, plot)
        counted = any(row["articles"] for row in rows)
        why = None if counted else filters.unknown_name(archive, given)
    filters.tell_forms(setting, forms)
    if why:
        setting.remark(why)
    if as_json:
        print_json({"by": by, "rows": rows, "forms": forms})
    elif not plot:
        _print(by, rows)


def _check(by: str, over: str | None, measure: str, plot: str | None, query: str | None) -> None:
    if over in ("year", "month") and by in ("year", "month"):
        raise BadInput(f"--by {by} is over time already; leave out --over {over}.")
    if measure == "share" and query is None:
        raise BadInput("--measure share is of what a QUERY finds; give one.")
    if measure != "articles" and plot is None:
        raise BadInput("--measure is for a plot; add --plot FILE, or look at the table's columns.")
    if plot is not None and not plot.lower().endswith((".png", ".svg")):
        raise BadInput(f"{plot!r} can't be drawn; name a file that ends in .png or .svg.")


def _period(by: str, over: Over | None, *, is_plotted: bool) -> Literal["year", "month"] | None:
    if over is None:
        return "year" if is_plotted and by in OVER_THE_YEARS else None
    return None if over == "all" else over


# --- tables


def _print(by: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows and "over" in rows[0]:
        _print_over(by, rows)
        return
    names = [name for name in (rows[0] if rows else {"articles": 0}) if name != "key"]
    told = ([row["key"], *(_cell(name, row[name]) for name in names)] for row in rows)
    print_table([by, *names], told)


def _print_over(by: str, rows: Sequence[dict[str, Any]]) -> None:
    """A line a key and a column a period; a period with a gap has a mark."""
    periods = {part["key"]: part["gap"] for row in rows for part in row["over"]}
    keys = sorted(periods, key=lambda key: (key is None, key))
    heads = [f"{line(key)}{'*' if periods[key] else ''}" for key in keys]
    told = []
    for row in rows:
        counted = {part["key"]: part["articles"] for part in row["over"]}
        told.append([row["key"], row["articles"], *(counted.get(key, 0) for key in keys)])
    print_table([by, "articles", *heads], told)
    if any(periods.values()):
        print_table(["* a gap in the archive: the count is too low, or there is none"], [])


def _cell(name: str, value: Any) -> object:
    if name == "gap":
        return Text("gap", style="bold red") if value else Text("")
    if name in ("complete", "share"):
        return percent(value)
    return value


def _check_coverage(asked: dict[str, Any], plot: str | None, by: str) -> None:
    if set(asked) - {"site", "since", "until"} or plot:
        raise BadInput(
            "--coverage is of sites and months, whatever was written: it takes --site, --since "
            "and --until alone."
        )
    if by not in ("year", "month"):
        raise BadInput(f"--coverage is told --by year or month, not --by {by}.")


# --- plots


def chart_of(archive: Archive, asked: dict[str, Any], **counted: Any) -> Chart:
    """What was counted, with what its reader has to know of the archive."""
    from scripts.plots.chart import Chart
    from storage.statistics import in_all

    bounds = {name: asked[name] for name in ("site", "since", "until", "at") if name in asked}
    told = {name: value for name, value in asked.items() if name not in ("query", "at")}
    if part := archive.excerpt():
        told["excerpt"] = part
    return Chart(
        query=asked.get("query"),
        filters=told,
        archive=archive.path.name if archive.path else "",
        as_of=asked.get("at") or archive.latest_at(),
        complete=in_all(archive.coverage(**bounds))["complete"],
        **counted,
    )


def _draw(setting: Setting, chart: Chart, plot: str) -> None:
    from scripts.plots.picture import write_picture

    with destination(plot) as stream:
        is_whole = write_picture(chart, stream, "svg" if plot.lower().endswith(".svg") else "png")
    setting.remark(f"Plot written to {plot}.")
    if not is_whole:
        name = f"{Path(plot).stem}.svg"
        setting.remark(f"Some letters are not in the plot's font; --plot {name} keeps them.")
