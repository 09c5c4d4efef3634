"""What is counted over time on a page: over all the time asked for, gaps and zeros included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scripts.desk.drawing import Saying, chart, told_articles
from scripts.desk.timeline import Bar, Measure, Timeline, Unit, timeline_of
from scripts.desk.visit import Visit
from storage import Archive
from storage.filters import day_of

#: What bounds the time and the sites that a timeline is of.
BOUNDS = ("site", "since", "until")

MEASURES: tuple[Measure, ...] = ("articles", "share")
UNITS: tuple[Unit, ...] = ("year", "month")


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
    found. With a *query* every period has its share, and the address's ``measure=share`` draws
    that; ``by=year`` or ``by=month`` sets the periods. *given* is what the links keep.

    :raises BadInput: a filter is no date.
    """
    bounds: dict[str, Any] = {name: filters[name] for name in BOUNDS if name in filters}
    span = await visit.ask_once(
        ("span", *sorted(bounds.items())),
        lambda archive: archive.span(**bounds),
    )
    ledger = await ledger_of(visit, bounds)
    whole = await _whole(visit, filters) if query and months else None
    asked = visit.arguments
    timeline = timeline_of(
        months,
        ledger,
        span=span,
        whole=whole,
        shows_listed=shows_listed,
        by=next((unit for unit in UNITS if unit == asked.get("by")), None),
        measure="share" if asked.get("measure") == "share" else "articles",
    )
    latest = await visit.ask_once("latest", lambda archive: archive.latest_at())
    return shown(visit, timeline, given, latest if asked.get("at") is None else None)


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


def shown(
    visit: Visit, timeline: Timeline, given: dict[str, Any], latest: datetime | None
) -> dict[str, Any]:
    """The drawing, its axis and its rows, every period leading to its articles.

    *latest* is when the archive last saw something: a year that goes on says so.
    """
    words = visit.words

    def link(bar: Bar) -> str:
        less = {name: value for name, value in given.items() if name != "by"}
        return visit.link("search", **less | {"since": bar.key, "until": bar.key})

    what = "share_by_" if timeline.measure == "share" else "by_"
    saying = Saying(
        words(f"{what}{timeline.unit}"),
        told_articles(words, timeline.measure),
        words("gap_legend"),
        words("pale_legend"),
        until=_until(visit, timeline, latest),
    )
    return chart(timeline, words, saying, link) | {"switches": _switches(visit, timeline)}


def _until(visit: Visit, timeline: Timeline, latest: datetime | None) -> str:
    """How far the last year goes, where it is the one in which the archive last saw something."""
    if latest is None or not timeline.bars:
        return ""
    day = latest.astimezone(UTC).date()
    is_over = (day.month, day.day) == (12, 31) or timeline.bars[-1].key != f"{day:%Y}"
    return "" if is_over else visit.words("until_day", day=visit.words.day_of_year(day))


def _switches(visit: Visit, timeline: Timeline) -> list[dict[str, Any]]:
    """The other ways to draw the same, each with its address; none where there is one way."""
    has_shares = any(bar.whole is not None for bar in timeline.bars)
    ways = [
        (name, value, value == current)
        for name, values, current, is_worth in (
            ("measure", MEASURES, timeline.measure, has_shares),
            ("by", UNITS, timeline.unit, _is_long(timeline)),
        )
        if is_worth
        for value in values
    ]
    return [
        {
            "label": visit.words(f"measure_{value}" if name == "measure" else f"unit_by_{value}"),
            "href": visit.again(**{name: value, "page": None}),
            "is_set": is_set,
            "name": name,
        }
        for name, value, is_set in ways
    ]


def _is_long(timeline: Timeline) -> bool:
    """Whether there are both years and months to choose from."""
    keys = [bar.key for bar in timeline.bars]
    if not keys:
        return False
    years = int(keys[-1][:4]) - int(keys[0][:4])
    return 1 <= years <= 20
