"""`stats --coverage`: the ledger of what sites listed, as a table that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import typer
from rich.text import Text

from scripts.printing import percent, print_json, print_table

if TYPE_CHECKING:
    from storage import Archive

#: Columns of the ledger, as ``Archive.coverage`` names them.
LEDGER = ("listed", "stored", "waiting", "not_articles", "gone", "refused", "failed", "complete")
#: Of these something is still to be had, or was not to be.
LACKING = ("waiting", "refused", "failed")

Row = Mapping[str, Any]


def tell_coverage(
    archive: Archive,
    bounds: dict[str, Any],
    *,
    by: Literal["year", "month"],
    only_missing: bool,
    as_json: bool,
) -> None:
    """Print the ledger by site and year or month, each site's sum, and that of all.

    A program gets all months, whatever a person is shown, with the sums besides. With
    ``only_missing`` periods of which nothing is missing are left out, and still count in the sums.
    """
    rows, sources = archive.coverage(**bounds), archive.compared_sources(**bounds)
    if as_json:
        shown = (row for row in rows if lacks(row) or not only_missing)
        told = [{"key": row["month"], "articles": row["stored"], **row} for row in shown]
        sums = list(_sums(rows))
        print_json({"by": "coverage", "rows": told, "sums": sums, "sources": sources})
        return
    print_table(["site", by, *LEDGER, "gaps"], _lines(rows, by, only_missing=only_missing))
    if sources:
        typer.echo()
        print_table(list(sources[0]), [list(row.values()) for row in sources])


def lacks(row: Row) -> bool:
    """Whether anything is missing of a period: addresses, or a look at it."""
    return bool(row.get("gap") or row.get("gaps") or any(row[name] for name in LACKING))


def _sums(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """The sum of each site, and of all where there are several; ``site`` is None there."""
    from storage.statistics import summed

    rows = list(rows)
    sites = [(site, list(held)) for site, held in groupby(rows, key=lambda row: row["site"])]
    for site, held in sites:
        yield {"site": site, **summed(held)}
    if len(sites) > 1:
        yield {"site": None, **summed(rows)}


def _lines(rows: Iterable[Row], by: str, *, only_missing: bool) -> Iterator[list[object]]:
    from storage.statistics import summed

    rows = list(rows)
    sums = {each["site"]: each for each in _sums(rows)}
    for site, held in groupby(rows, key=lambda row: row["site"]):
        shown = 0
        for period, months in groupby(held, key=lambda row: _period(row, by)):
            told = summed(months)
            if lacks(told) or not only_missing:
                yield [site, period, *_cells(told)]
                shown += 1
        if shown != 1:
            yield [site, "all", *_cells(sums[site])]
    if None in sums:
        yield ["all sites", "all", *_cells(sums[None])]


def _period(row: Row, by: str) -> str | None:
    month: str | None = row["month"]
    return month[:4] if month and by == "year" else month


def _cells(told: Row) -> list[object]:
    gaps = Text(str(told["gaps"]), style="bold red") if told["gaps"] else Text("")
    return [*(told[name] for name in LEDGER[:-1]), percent(told["complete"]), gaps]
