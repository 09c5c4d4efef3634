"""What is counted over time on a page: over all the time asked for, gaps and zeros included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.desk.timeline import (
    Bar,
    Timeline,
    axis_of,
    drawn,
    numbers_of,
    summary,
    timeline_of,
    told_of,
)
from scripts.desk.visit import Visit
from storage import Archive
from storage.filters import day_of

#: What bounds the time and the sites that a timeline is of.
BOUNDS = ("site", "since", "until")


async def coverage_of(visit: Visit, site: str | None) -> list[dict[str, Any]]:
    """The ledger of a site, or of all."""
    return await visit.ask_once(("coverage", site), lambda archive: archive.coverage(site))


async def over_time(
    visit: Visit,
    months: list[dict[str, Any]],
    given: dict[str, Any],
    *,
    filters: Mapping[str, Any],
    query: str | None = None,
    shows_listed: bool = False,
) -> dict[str, Any]:
    """The timeline of counts by month, as the templates take it.

    It spans the time that the *filters* ask for, as far as the archive knows of it, whatever was
    found. With a *query* every period has its share. *given* is what the links keep.

    :raises BadInput: a filter is no date.
    """
    bounds: dict[str, Any] = {name: filters[name] for name in BOUNDS if name in filters}
    span = await visit.ask_once(
        ("span", *sorted(bounds.items())),
        lambda archive: archive.span(**bounds),
    )
    ledger = await ledger_of(visit, bounds)
    whole = await _whole(visit, filters) if query and months else None
    timeline = timeline_of(months, ledger, span=span, whole=whole, shows_listed=shows_listed)
    return shown(visit, timeline, given)


async def _whole(visit: Visit, filters: Mapping[str, Any]) -> dict[str | None, int]:
    def count(archive: Archive) -> dict[str | None, int]:
        return archive.numbers_by_month(**filters)

    return await visit.ask_once(("whole", *sorted(filters.items())), count)


async def ledger_of(visit: Visit, bounds: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of the ledger whose site and month are asked for.

    :raises BadInput: a bound is no date.
    """
    ledger = await coverage_of(visit, bounds.get("site"))
    first = f"{day_of(bounds['since'], is_last=False):%Y-%m}" if "since" in bounds else "0000-00"
    last = f"{day_of(bounds['until'], is_last=True):%Y-%m}" if "until" in bounds else "9999-99"
    return [row for row in ledger if row["month"] and first <= row["month"] <= last]


def shown(visit: Visit, timeline: Timeline, given: dict[str, Any]) -> dict[str, Any]:
    """The drawing, its axis and its rows, every period leading to its articles."""
    words = visit.words
    what = words(f"by_{timeline.unit}")

    def link(bar: Bar) -> str:
        return visit.link("search", **given | {"since": bar.key, "until": bar.key})

    is_drawn = timeline.is_worth_drawing
    return {
        "timeline": timeline,
        "drawing": drawn(timeline, words, link, what, "time") if is_drawn else None,
        "axis": axis_of(timeline, words) if is_drawn else [],
        "numbers": numbers_of(timeline, words) if is_drawn else [],
        "summary": summary(timeline, words, what) if is_drawn else "",
        "unit": timeline.unit,
        "periods": [
            {
                "name": words.day(bar.key),
                "href": link(bar) if bar.articles else None,
                "told": told_of(bar, words),
                "share": None if bar.share is None else words.share(bar.share),
            }
            for bar in timeline.bars
        ],
        "has_shares": any(bar.whole is not None for bar in timeline.bars),
    }
