"""Pages about the runs: what rings, what each night brought, one run in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from datasette.utils.asgi import NotFound
from markupsafe import Markup

from crawler.errors import BadInput
from scripts.desk.complaining import complaint
from scripts.desk.drawing import Saying, chart
from scripts.desk.timeline import Bar, by_days
from scripts.desk.visit import Visit, web_link
from storage import Archive, Crawl
from storage.moments import first_instant, last_instant

#: Runs, failures and alarms on a page.
_RUNS, _FAILURES, _ALARMS = 50, 100, 50

#: The days that are drawn, unless others are asked for; and those that a site's sums are of.
_DAYS, _SUMMED_DAYS = 60, 30
_SPANS = (60, 365, 3650)

#: What is drawn of each night, one under the other.
_DRAWN = ("new", "revised", "gone", "failed")

#: What a report counts, in the order in which it is told.
_COUNTED = ("listed", "listed_new", "due", "fetched", "new", "revised", "unchanged", "not_modified",
            "part", "not_articles", "gone", "refused_by_robots", "unreadable", "lists_read",
            "lists_not_modified", "lists_empty")  # fmt: skip

#: What it tells by reason, or by address.
_TOLD = ("failed", "put_back", "lists_failed", "lists_doubted", "thin_pages")

#: Addresses or reasons of one kind that are shown.
_MOST_TOLD = 20


async def crawls(request: Any, datasette: Any) -> Any:
    """What rings, the last runs night by night, each site's state, and what is in quarantine."""
    visit = Visit(datasette, request)
    given = visit.arguments
    site, day = given.get("site"), given.get("day")
    days = visit.number("days", _DAYS, _SPANS[-1])
    now = datetime.now(UTC)
    try:
        bounds = {"since": first_instant(day), "until": last_instant(day)} if day else {}
    except BadInput as error:
        sentence = complaint(str(error), visit.words.language)
        return visit.shown("told.html", 400, sentence=sentence)

    def ask(archive: Archive) -> dict[str, Any]:
        failed = archive.failures(site)
        alarms = archive.alarms(site)
        latest = archive.crawls(site, limit=1)
        end = latest[0].started_at if latest else now
        start = end - timedelta(days=max(days, _SUMMED_DAYS))
        return {
            "crawls": archive.crawls(site, limit=_RUNS, **bounds),
            "latest": latest[0] if latest else None,
            "failures": failed[:_FAILURES],
            "failed": len(failed),
            "alarms": [each for each in alarms if each.rings][:_ALARMS],
            "accepted": [each for each in alarms if each.accepted_at][:_ALARMS],
            "nights": archive.nights(site, since=start),
        }

    found = await visit.ask(ask)
    latest = found["latest"]
    return visit.shown(
        "crawls.html",
        **found,
        site=site,
        day=day,
        days=days,
        spans=_SPANS,
        now=now,
        since_last=(now - latest.started_at).days if latest else 0,
        plots=_plots(visit, found["nights"], days, latest),
        sites=_sites(visit, found["nights"], found["alarms"], latest) if not site else [],
        outcome=outcome_of,
        took=took,
        number_failed=_number_failed,
        commands=commands,
        web_link=web_link,
    )


def _plots(
    visit: Visit, nights: Sequence[dict[str, Any]], days: int, latest: Crawl | None
) -> list[dict[str, Any]]:
    """One timeline for each of what a night brings, all over the same days."""
    if latest is None:
        return []
    words = visit.words
    start = f"{latest.started_at - timedelta(days=days - 1):%Y-%m-%d}"
    shown = [row for row in nights if row["day"] >= start]
    looked = {row["day"] for row in shown}

    def link(bar: Bar) -> str:
        return visit.link("crawls", site=visit.arguments.get("site"), day=bar.key)

    def told(bar: Bar) -> str:
        said = words.number(bar.articles)
        return f"{said}, {words('gap_no_run')}" if bar.has_gap else said

    found = []
    for name in _DRAWN:
        counted: Counter[str] = Counter()
        for row in shown:
            counted[row["day"]] += row[name]
        timeline = by_days(counted, looked)
        what = words(f"night_{name}")
        saying = Saying(
            what, told, words("gap_no_run_told"), name=f"night-{name}", is_numbered=False
        )
        total = sum(counted.values())
        found.append(chart(timeline, words, saying, link) | {"total": total, "kind": name})
    return found


def _sites(
    visit: Visit, nights: Sequence[dict[str, Any]], alarms: Iterable[Any], latest: Crawl | None
) -> list[dict[str, Any]]:
    """Each site with its last run and the sums of its last days, those that ring first."""
    if latest is None:
        return []
    start = f"{latest.started_at - timedelta(days=_SUMMED_DAYS - 1):%Y-%m-%d}"
    rings = Counter(each.alarm.site for each in alarms)
    found: dict[str, dict[str, Any]] = {}
    for row in nights:
        nothing = {"runs": 0, "alarms": rings[row["site"]], **dict.fromkeys(_DRAWN, 0)}
        sums = found.setdefault(row["site"], {"site": row["site"], **nothing})
        sums["last"] = row["day"]
        sums["last_failed"] = row["failed"]
        if row["day"] >= start:
            for name in ("runs", *_DRAWN):
                sums[name] += row[name]
    return sorted(found.values(), key=lambda row: (-row["alarms"], visit.outlet(row["site"])))


async def crawl(request: Any, datasette: Any) -> Any:
    """One run: what it was to do, what came, what failed and why, what rang."""
    visit = Visit(datasette, request)
    number = int(visit.part("id")[:18])
    found = await visit.ask(lambda archive: archive.crawl(number))
    if found is None:
        raise NotFound(visit.words("no_crawl", named=number))
    report = found.report or {}
    told = {name: _rows(report.get(name)) for name in _TOLD}
    return visit.shown(
        "crawl.html",
        crawl=found,
        report=report,
        counted=[(name, report[name]) for name in _COUNTED if isinstance(report.get(name), int)],
        told={name: rows for name, rows in told.items() if rows},
        alarms=report.get("alarm_details") or [],
        usual=report.get("usual") or {},
        outcome=outcome_of,
        took=took,
        commands=commands,
        web_link=web_link,
    )


def _rows(told: Any) -> list[tuple[str, object]]:
    rows = list(told.items()) if isinstance(told, dict) else []
    rows.sort(key=lambda row: (-row[1] if isinstance(row[1], int) else 0, row[0]))
    return rows[:_MOST_TOLD]


def outcome_of(crawl: Crawl) -> str:
    """The key of the words for what a run came to."""
    return f"outcome_{(crawl.result or 'open').removesuffix('.txt').replace(' ', '_')}"


def _number_failed(crawl: Crawl) -> int:
    report = crawl.report or {}
    sums = (sum((report.get(name) or {}).values()) for name in ("failed", "put_back"))
    return int(sum(sums)) + int(report.get("unreadable") or 0)


def took(started_at: datetime, finished_at: datetime | None) -> str:
    """How long a crawl took, to the second.

    >>> took(datetime(2026, 1, 1), datetime(2026, 1, 1, 1, 2, 3)), took(datetime(2026, 1, 1), None)
    ('1:02:03', '–')
    """
    return str(finished_at - started_at).partition(".")[0] if finished_at else "–"


def commands(sentence: str) -> Markup:
    """A sentence with its commands, which stand between backticks, set as such.

    >>> commands("run `hemeroteca heal <site>`")
    Markup('run <code>hemeroteca heal &lt;site&gt;</code>')
    """
    parts = re.split(r"`([^`]+)`", sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts)
    )
