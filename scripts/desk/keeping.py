"""Pages about what the archive lacks: counted by site and month, and address by address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from scripts.desk.drawing import Saying, chart, told_articles
from scripts.desk.timeline import Bar, timeline_of
from scripts.desk.visit import Visit, web_link
from storage import Archive, Missing
from storage.statistics import COUNTED, summed

#: Sites that are told month by month on one page; of more, the page of each one tells.
_SITES = 6

#: Addresses that are missing on a page, and the furthest page.
_LISTED, _MOST_PAGES = 100, 10_000

#: Incomplete months that stand over the others.
_GAPS = 60


async def coverage(request: Any, datasette: Any) -> Any:
    """Listed against stored, per site and month."""
    visit = Visit(datasette, request)
    site = visit.arguments.get("site")
    rows = await visit.ask_once(("coverage", site), lambda archive: archive.coverage(site))
    by_site = [(name, list(months)) for name, months in groupby(rows, key=lambda row: row["site"])]
    return visit.shown(
        "coverage.html",
        sums=[(name, summed(months)) for name, months in by_site],
        sites=[
            _site(visit, name, months, number)
            for number, (name, months) in enumerate(by_site[:_SITES])
        ],
        site=site,
        counted=COUNTED,
        lacking=_lacking,
    )


def _is_incomplete(row: dict[str, Any]) -> bool:
    """Whether the archive lacks anything that was listed of a month."""
    return _lacking(row) > 0


def _unseen(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The first and last month of every time at which nobody looked."""
    months = [row for row in _whole_years(rows) if row["month"]]
    for is_seen, part in groupby(months, key=lambda row: bool(row["seen"])):
        if not is_seen:
            keys = [row["month"] for row in part]
            yield keys[0], keys[-1]


def _lacking(row: dict[str, Any]) -> int:
    """How many addresses of a month the archive lacks."""
    return int(row["waiting"] + row["refused"] + row["failed"])


async def missing(request: Any, datasette: Any) -> Any:
    """What the archive lacks, address by address: why, and what comes next."""
    visit = Visit(datasette, request)
    given = visit.arguments
    bounds = {name: given[name] for name in ("site", "since", "until") if name in given}
    page = visit.number("page", 1, _MOST_PAGES)
    first = (page - 1) * _LISTED

    def ask(archive: Archive) -> tuple[list[dict[str, Any]], list[Missing]]:
        rows = archive.missing(**bounds, limit=_LISTED + 1, offset=first)
        return archive.why_missing(**bounds), rows

    reasons, rows = await visit.ask(ask, is_long=True)
    return visit.shown(
        "missing.html",
        bounds=bounds,
        reasons=reasons,
        total=sum(row["addresses"] for row in reasons),
        rows=rows[:_LISTED],
        now=datetime.now(UTC),
        web_link=web_link,
        previous=visit.again(page=page - 1) if page > 1 else None,
        next=visit.again(page=page + 1) if len(rows) > _LISTED else None,
    )


def _site(visit: Visit, name: str, rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """One site: its sum, its drawing and its months by year."""
    words = visit.words
    counted = [{"key": row["month"], "articles": row["stored"]} for row in rows]
    timeline = timeline_of(counted, rows, shows_listed=True)
    what = f"{visit.outlet(name)}: {words(f'by_{timeline.unit}')}"

    def link(bar: Bar) -> str:
        return visit.link("search", site=name, since=bar.key, until=bar.key)

    saying = Saying(
        what,
        told_articles(words),
        words("gap_legend"),
        words("pale_legend"),
        name=f"site-{number}",
    )
    return {
        "name": name,
        "over_time": chart(timeline, words, saying, link),
        "years": _by_year(rows),
        "gaps": [row for row in rows if _is_incomplete(row)][:_GAPS],
        "unseen": list(_unseen(rows)),
    }


def _whole_years(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, with one for every month between them of which nothing was listed."""
    known = {row["month"]: row for row in rows}
    months = [bar.key for bar in timeline_of([], rows, is_fine=True).bars]
    nothing = {**dict.fromkeys(COUNTED, 0), "complete": None, "gap": False, "seen": True}
    return [
        *(row for row in rows if row["month"] not in months),
        *(known.get(key) or {"month": key, **nothing} for key in months),
    ]


def _by_year(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The months under their years, the newest year first, what has no date last."""
    years = [(year, list(months)) for year, months in groupby(_whole_years(rows), key=_year)]
    years.sort(key=lambda item: item[0], reverse=True)
    return [
        {"name": year, "months": months, "sum": summed(months),
         "gaps": sum(bool(row["gap"]) for row in months if row["month"])}
        for year, months in years
    ]  # fmt: skip


def _year(row: dict[str, Any]) -> str:
    return row["month"][:4] if row["month"] else ""
