"""Alarms for shares of pages that came out badly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import takewhile

from spiders.alarms.evidence import (
    Evidence,
    Report,
    in_days,
    lists_were_read,
    moment_of,
    sum_of,
)
from spiders.reports import ASKED_PAUSE
from storage.alarms import Alarm, Kind

#: The latest runs that together looked at so many pages are held against those before.
RECENT_PAGES = 20
#: Fewer bad pages than this are chance.
FEWEST = 3
#: A share below this is no alarm, whatever it was before.
LEAST_SHARE = 0.1
#: What of a report counts the answers that are as they should be.
ANSWERED = ("fetched", "not_modified", "gone")
#: A host that has asked for pauses in so many runs, for so long, will ask for more of them.
PAUSED_RUNS, PAUSED_FOR = 3, timedelta(days=1)
#: For pages that are no articles: there are always some, and on some sites many.
LEAST_SHARE_OF_OTHERS = 0.5
#: So many times what it was before is growth.
GROWTH = 2.0
#: An accepted share that has grown by so much is worse.
SHARE_STEP = 0.25


def of_pages(evidence: Evidence) -> Iterator[Alarm]:
    """Pages that could not be read, were no articles, gave little text, or could not be had."""
    site = evidence.site
    heal = f"look at them with `hemeroteca failures --site {site}`; after a redesign, run "
    heal += f"`hemeroteca heal {site}`"
    again = f"look at the site; after a redesign, run `hemeroteca heal {site}`"
    half = "have less than half of the text that the site's feed gives"
    yield from _of_fetched(evidence, "unreadable", "could not be read", heal, LEAST_SHARE)
    yield from _of_fetched(evidence, "not_articles", "were no articles", again,
                           LEAST_SHARE_OF_OTHERS, needs_before=True)  # fmt: skip
    yield from _of_fetched(evidence, "thin", half, heal, LEAST_SHARE, needs_before=True)
    yield from _of_errors(evidence)
    yield from _paused(evidence)


def _of_fetched(
    evidence: Evidence,
    kind: Kind,
    words: str,
    next_step: str,
    least: float,
    *,
    needs_before: bool = False,
) -> Iterator[Alarm]:
    def bad_in(report: Report) -> int:
        return int(report.get(kind) or 0)

    recent, earlier = _parted([evidence.report, *evidence.comparable(kind)])
    if needs_before and not earlier and evidence.usual(kind) is None:
        return
    counted = _Shares(bad_in, _fetched, recent, earlier)
    yield from _share(evidence, kind, counted, words, next_step, least)


def _parted(reports: Iterable[Report]) -> tuple[list[Report], list[Report]]:
    """The latest runs with enough pages to tell, and the others."""
    recent, earlier = list[Report](), list[Report]()
    for report in reports:
        if report.get("fetched"):
            (recent if sum_of(recent, _fetched) < RECENT_PAGES else earlier).append(report)
    return recent, earlier


def _fetched(report: Report) -> int:
    return int(report.get("fetched") or 0)


class _Shares:
    """Bad pages among all, lately and before."""

    def __init__(
        self,
        bad: Callable[[Report], int],
        of: Callable[[Report], int],
        recent: Sequence[Report],
        earlier: Sequence[Report],
    ) -> None:
        self.bad, self.pages = sum_of(recent, bad), sum_of(recent, of)
        self.bad_before, self.pages_before = sum_of(earlier, bad), sum_of(earlier, of)


def _share(
    evidence: Evidence, kind: Kind, counted: _Shares, words: str, next_step: str, least: float
) -> Iterator[Alarm]:
    """An alarm where the share is high, and was not before, or before it began to ring."""
    bad, pages = counted.bad, counted.pages
    bad_before, pages_before = counted.bad_before, counted.pages_before
    usual = evidence.usual(kind) or {}
    if usual.get("pages_before"):
        bad_before, pages_before = int(usual["bad_before"]), int(usual["pages_before"])
    if bad < FEWEST or bad < least * pages:
        return
    if pages_before and bad * pages_before < GROWTH * bad_before * pages:
        return
    held = f" ({bad_before} of {pages_before} before)" if pages_before else ""
    yield Alarm(
        evidence.site,
        kind,
        f"{bad} of the last {pages} pages {words}{held}",
        next_step,
        figures={
            "pages": pages, "bad": bad, "pages_before": pages_before, "bad_before": bad_before,
            "weight": round(bad / pages / SHARE_STEP, 3),
        },
    )  # fmt: skip


# Pages that could not be had


def _of_errors(evidence: Evidence) -> Iterator[Alarm]:
    """Pages that could not be had; a run that got all it asked for is the end of what was before.

    Otherwise the errors of an outage would be among the last pages for days, where a run asks for
    few.
    """
    recent, earlier = list[Report](), list[Report]()
    is_over = False
    for report in filter(asked_for, (evidence.report, *evidence.before)):
        is_over = is_over or (not errors_in(report) and asked_for(report) >= FEWEST)
        counts = not (is_over and errors_in(report))
        is_recent = counts and sum_of(recent, asked_for) < RECENT_PAGES
        (recent if is_recent else earlier).append(report)
    see = f"see why with `hemeroteca failures --site {evidence.site}`"
    if earlier or evidence.usual("errors"):
        counted = _Shares(errors_in, asked_for, recent, earlier)
        yield from _share(evidence, "errors", counted, "could not be had", see, LEAST_SHARE)


def asked_for(report: Report) -> int:
    """Pages and lists that the run asked for and got, or did not."""
    return errors_in(report) + sum(int(report.get(key) or 0) for key in ANSWERED)


def errors_in(report: Report) -> int:
    """Pages that could not be had, but for a pause that the host asked for; and the lists, where
    not one could be had and robots.txt does not forbid them."""
    lists = report.get("lists_failed") or {}
    pages = (report.get("failed") or {}, report.get("put_back") or {})
    found = sum(int(sum(each.values())) - int(each.get(ASKED_PAUSE, 0)) for each in pages)
    counts = not lists_were_read(report) and not is_paused(report)
    return found + (len(lists) if counts and not report.get("robots_forbid") else 0)


def is_paused(report: Report) -> bool:
    """Whether the run was kept from asking by a pause that the host asked for."""
    return bool(report.get("was_paused") or (report.get("put_back") or {}).get(ASKED_PAUSE))


def _paused(evidence: Evidence) -> Iterator[Alarm]:
    """A host that asks for one pause after the other is never asked anything."""
    runs = list(takewhile(is_paused, (evidence.report, *evidence.before)))
    if len(runs) < PAUSED_RUNS or moment_of(runs[0]) - moment_of(runs[-1]) < PAUSED_FOR:
        return
    lasts = in_days(moment_of(runs[0]) - moment_of(runs[-1]))
    yield Alarm(
        evidence.site,
        "errors",
        f"its host has asked for a pause in each of the last {len(runs)} runs, for {lasts}",
        "look at the site in a browser; let the job run more rarely, or crawl with a longer "
        "--delay",
        "pause",
        {"runs": len(runs), "weight": 0.0},
        since=moment_of(runs[-1]),
    )
