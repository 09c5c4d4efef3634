"""Alarms for what a site lists: nothing new, nothing at all, lists that can't be read, backlogs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import takewhile
from statistics import median

from spiders.alarms.evidence import (
    Evidence,
    Report,
    in_days,
    lists_were_read,
    middle_of,
    moment_of,
    target_of,
)
from spiders.alarms.rhythm import Rhythm
from storage.alarms import Alarm
from storage.crawls import KnownList

#: A week has its rhythm: two of them, and so many runs that found something new, must be known
#: before a silence is told by the longest pause that there was.
RHYTHM, FEWEST_TIMES = timedelta(days=14), 8
#: So many times the longest pause between new articles is a silence.
SILENCE = 2.0
#: Where less is known, so many times, and no less than this;
EARLY_SILENCE, EARLIEST_SILENCE = 4.0, timedelta(days=30)
#: and this where nothing new has come since the first run.
NEVER_ANY = timedelta(days=90)

#: So many runs in a row, and for so long, must find lists empty, or not find them.
EMPTY_RUNS, EMPTY_FOR = 3, timedelta(days=1)
#: So many runs before must have named something.
FEWEST_NAMING = 3
#: Lists that usually name fewer may well be empty for a while.
FEWEST_LISTED = 5
#: A list that was not read for so long is none that is still in use: a month of a calendar.
IN_USE = timedelta(days=35)
#: Lists that are told by their addresses.
TOLD_LISTS = 3
#: So many pages of a site must have been no articles before it is said that none is.
FEWEST_PAGES = 20

#: How far the archive's share of what a site lists may fall below what is usual.
LEAST_FALL = 0.05
#: Runs that there must be before what they usually bring is known.
FEWEST_RUNS = 8

#: Of these a run that reads no lists tells nothing.
LIST_KINDS = ("silent", "empty", "lists")


def of_lists(evidence: Evidence) -> Iterator[Alarm]:
    """What is wrong with a site's lists, and with how much of them is held."""
    runs = [
        each
        for each in (evidence.report, *evidence.before)
        if each.get("finished_at") and lists_were_read(each)
    ]
    yield from _forbidden(evidence)
    if lists_were_read(evidence.report):
        yield from _silent(evidence)
        yield from _empty(evidence, runs)
    yield from _broken(evidence)
    yield from _nothing(evidence)
    yield from _coverage(evidence)


# Robots


def _forbidden(evidence: Evidence) -> Iterator[Alarm]:
    """The site's robots.txt forbids all of it."""
    address = evidence.report.get("robots_forbid")
    if not address:
        return
    allowed = next((each for each in evidence.before if not each.get("robots_forbid")), None)
    last = f"; on {moment_of(allowed):%Y-%m-%d} it still allowed it" if allowed else ""
    yield Alarm(
        evidence.site,
        "robots",
        f"its robots.txt forbids this program the whole site ({address}){last}",
        "read docs/explanation/manners.md, 'If a site asks you to stop': nothing of it is fetched "
        "while that stands, what is held stays, and the job goes on by itself should the site "
        "allow it again; else take the site out of the jobs file",
        figures={"weight": 0.0},
    )


# Nothing new


def _silent(evidence: Evidence) -> Iterator[Alarm]:
    """The site's lists have named nothing new for longer than by its rhythm."""
    told = evidence.report.get("rhythm")
    if not told:
        return
    rhythm = Rhythm.of(told)
    silence, longest = evidence.now - rhythm.last, timedelta(hours=rhythm.longest_hours)
    if silence <= _patience(rhythm):
        return
    usual = f"the longest pause before was {in_days(longest)}"
    if not rhythm.times:
        usual = "it has named none since the first run"
    yield Alarm(
        evidence.site,
        "silent",
        f"its lists have named no new article for {in_days(silence)}; {usual}",
        "look at the site: if it goes on publishing, its sitemap or feed has moved, and "
        f"`hemeroteca crawl {target_of(evidence.site)} --mode backfill` looks through all its "
        "lists again",
        figures={
            "silent_hours": round(silence / timedelta(hours=1), 1),
            "longest_pause_hours": rhythm.longest_hours,
            "weight": 0.0,
        },
        since=rhythm.last,
    )


def _patience(rhythm: Rhythm) -> timedelta:
    """How long the site may name nothing new before that is told."""
    longest = timedelta(hours=rhythm.longest_hours)
    if not rhythm.times:
        return NEVER_ANY
    if rhythm.times > FEWEST_TIMES and rhythm.last - rhythm.first >= RHYTHM:
        return SILENCE * longest
    return max(EARLIEST_SILENCE, EARLY_SILENCE * longest)


# Nothing at all


def _empty(evidence: Evidence, runs: Sequence[Report]) -> Iterator[Alarm]:
    """Lists that are there and name nothing, where they used to name many.

    Lists that have not changed are not read again, and a run in which none changed tells nothing.
    """
    latest = list(takewhile(lambda each: not _named(each), runs))
    before = evidence.usual("empty")
    if before is None:
        earlier = runs[len(latest) :]
        if not any(map(_is_bare, latest)) or any(map(_is_bare, earlier)):
            return  # lists that were bare before may be again: a news sitemap on a quiet weekend
        usual = median([each["listed"] for each in earlier if each.get("listed")] or [0])
        lasts = moment_of(latest[0]) - moment_of(latest[-1])
        if len(latest) < EMPTY_RUNS or lasts < EMPTY_FOR:
            return
        if len(earlier) < FEWEST_NAMING or usual < FEWEST_LISTED:
            return
    elif latest:
        usual = before["usual"]
    else:
        return
    since = evidence.standing["empty", ""].began_at if before else moment_of(latest[-1])
    yield Alarm(
        evidence.site,
        "empty",
        f"its lists have named no article since {since:%Y-%m-%d}; usual are {usual:g} a run",
        "look at its sitemap and feeds: they may have moved, or their articles' addresses "
        "may look different now",
        figures={"usual": usual, "weight": 0.0},
        since=since,
    )


def _named(report: Report) -> bool:
    """Whether a list that was read named anything."""
    return int(report.get("lists_read") or 0) > int(report.get("lists_empty") or 0)


def _is_bare(report: Report) -> bool:
    """Whether all lists were read, and named nothing."""
    is_all = bool(report.get("lists_read")) and not report.get("lists_not_modified")
    return is_all and not _named(report)


# Lists that can't be read


def _broken(evidence: Evidence) -> Iterator[Alarm]:
    """Lists that could be read once, and can't be for some runs and a day."""
    broken = broken_lists(evidence)
    if not broken or evidence.report.get("robots_forbid"):
        return
    since = min(each.failing_since for each in broken if each.failing_since)
    named = [f"{each.url} ({each.failing_reason})" for each in broken[:TOLD_LISTS]]
    more = f" and {len(broken) - TOLD_LISTS} more" if len(broken) > TOLD_LISTS else ""
    in_use = sum(_is_in_use(evidence, each) for each in evidence.lists)
    target = target_of(evidence.site)
    yield Alarm(
        evidence.site,
        "lists",
        f"{len(broken)} of {in_use} lists of this site can't be read since {since:%Y-%m-%d}: "
        f"{', '.join(named)}{more}",
        f"look at the site: they may have moved, and `hemeroteca crawl {target} --mode backfill` "
        "looks for others; if they are gone for good, accept this",
        figures={"broken": len(broken), "weight": float(len(broken))},
        since=since,
    )


def broken_lists(evidence: Evidence) -> list[KnownList]:
    """The lists that can't be read for so long that it is told, the latest to break first."""
    normal = evidence.normal.get(("lists", ""))
    return sorted(
        (
            each
            for each in evidence.lists
            if each.failing_since is not None
            and each.failing_runs >= EMPTY_RUNS
            and evidence.now - each.failing_since >= EMPTY_FOR
            and (normal is None or each.failing_since > normal)
        ),
        key=lambda each: (each.failing_since, each.url),
        reverse=True,
    )


def _is_in_use(evidence: Evidence, each: KnownList) -> bool:
    return each.failing_since is not None or evidence.now - each.read_at < IN_USE


def _nothing(evidence: Evidence) -> Iterator[Alarm]:
    """No list of the site has ever named an article: it is set up wrongly, or can't be read."""
    report, known = evidence.report, evidence.addresses
    if known is None:
        return
    articles = sum(known.get(state, 0) for state in ("article", "part", "gone", "moved"))
    others = known.get("not_article", 0) + known.get("unreadable", 0)
    failed = report.get("lists_failed") or {}
    was_answered = lists_were_read(report) or any("status" in why for why in failed.values())
    if articles or not was_answered or report.get("robots_forbid"):
        return
    if others >= FEWEST_PAGES:
        says = f"of {others} pages that its lists have named none is an article"
    elif not sum(known.values()):
        says = "none of its lists has ever named an article"
    else:
        return
    shell = report.get("front_page_is_shell")
    says += "; its front page is filled by a script, and holds no links by itself" if shell else ""
    yield Alarm(
        evidence.site,
        "lists",
        says,
        "look at the site in a browser, look for its sitemap or a feed, and crawl the address of "
        "that; docs/how-to/add-a-site.md says how a site is described",
        "nothing",
        {"weight": 0.0},
    )


# What is held of it


def _coverage(evidence: Evidence) -> Iterator[Alarm]:
    """The archive holds less of what the site lists than it usually does."""
    now = _had(evidence.report)
    known = [had for had in map(_had, evidence.comparable("coverage")) if had is not None]
    before = evidence.usual("coverage")
    if now is None or (len(known) < FEWEST_RUNS and before is None):
        return
    usual, spread = middle_of(known) if before is None else (before["usual"], 0.0)
    if now >= usual - max(LEAST_FALL, 4 * spread):
        return
    yield Alarm(
        evidence.site,
        "coverage",
        f"the archive holds {now:.0%} of what the site has listed; usual is {usual:.0%}",
        f"`hemeroteca stats --coverage --site {evidence.site}` shows which months; "
        f"`hemeroteca crawl {target_of(evidence.site)} --mode backfill` fetches what is missing",
        figures={
            "complete": now, "usual": round(usual, 4), "weight": round((1 - now) / LEAST_FALL, 3),
        },
    )  # fmt: skip


def _had(report: Report) -> float | None:
    """Of what the site lists, the share that is settled or may not be had."""
    had: float | None = report.get("had", report.get("complete"))
    return had
