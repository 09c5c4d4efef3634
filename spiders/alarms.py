"""What should not stay unseen: told by a site's own history, and silent while there is too little.

One unreadable page is a failure among others, and a quiet night is no outage. So what the latest
runs brought is held against what the same site usually brings, by medians and shares that a few odd
runs don't move; each alarm says which figures made it ring, and what to run next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from math import comb, log, sqrt
from statistics import median
from typing import Any

from spiders.reports import ASKED_PAUSE
from storage.alarms import Alarm, Kind
from storage.measures import Measures

Report = dict[str, Any]

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

#: Runs that are looked at.
RUNS = 200
#: Runs that there must be before what they usually bring is known.
FEWEST_RUNS = 8

#: A week has its rhythm: two of them must be known before a silence is one.
RHYTHM = timedelta(days=14)
#: So many times the longest pause between new articles is a silence.
SILENCE = 2.0
#: So many runs in a row must find their lists empty.
EMPTY_RUNS = 3
#: Lists that usually name fewer may well be empty for a while.
FEWEST_LISTED = 5

#: The chance below which a field's share is none: with 400 looks a year at ten fields each, an
#: alarm in a hundred years.
LEAST_CHANCE = 2e-7
#: The share must have moved by so much, too: what is sure may still be small.
LEAST_MOVE = 0.25
#: So many readings must be known before, and so many since.
FEWEST_BEFORE, FEWEST_SINCE = 30, 3
#: Of lengths, which vary more than whether there is any, so many.
FEWEST_LENGTHS = 5
#: How many of the latest readings are held against the others, in turn.
WINDOWS = (3, 5, 10, 20, 40)
#: Readings that are looked at.
READINGS = 400
#: So many standard errors between two medians of lengths are no chance, and so many times as long.
LEAST_ERRORS, LEAST_FACTOR = 6.0, 1.5
#: From the median of absolute deviations to a standard deviation, for normal figures; and from that
#: to the standard error of a median.
MAD_TO_DEVIATION, DEVIATION_TO_ERROR = 1.4826, 1.2533

#: Of these the length tells nothing: how many there are, or whether a date has a time of day.
COUNTED_FIELDS = ("authors", "tags", "published")
#: The field that grows where boxes around the article are taken for it.
TEXT = "body_text"
#: How a field is called where its name is none that a reader would use.
FIELD_WORDS = {"published": "date", "body_text": "text"}

#: The disk is full when so many runs as they usually are fill it,
RUNS_TO_FULL = 30
#: or when so little is left that SQLite may not finish what it writes.
LEAST_FREE_BYTES = 100 * 1000 * 1000
#: How far the archive's share of what a site lists may fall below what is usual.
LEAST_FALL = 0.05

KINDS: tuple[Kind, ...] = (
    "unreadable", "not_articles", "errors", "silent", "empty", "field", "coverage", "disk", "thin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run is judged by."""

    report: Report
    before: Sequence[Report]
    """The reports of earlier runs, the latest first."""
    measures: Sequence[Measures] = ()
    """The latest readings of the site's articles, the latest first."""

    @property
    def site(self) -> str:
        """The site's name."""
        return str(self.report.get("site", ""))


def alarms(evidence: Evidence) -> list[Alarm]:
    """Everything that rings, what weighs most first."""
    return [*_of_pages(evidence), *_of_fields(evidence), *_of_lists(evidence), *_of_room(evidence)]


# Shares of pages that came out badly


def _of_pages(evidence: Evidence) -> Iterator[Alarm]:
    site = evidence.site
    recent, earlier = _parted([evidence.report, *evidence.before])
    heal = f"look at them with `hemeroteca failures --site {site}`; after a redesign, run "
    heal += f"`hemeroteca heal {site}`"
    yield from _share(
        evidence, "unreadable", recent, earlier, "could not be read", heal, LEAST_SHARE
    )
    if earlier:
        again = f"look at the site; after a redesign, run `hemeroteca heal {site}`"
        yield from _share(
            evidence, "not_articles", recent, earlier, "were no articles", again,
            LEAST_SHARE_OF_OTHERS,
        )  # fmt: skip
        half = "have less than half of the text that the site's feed gives"
        yield from _share(evidence, "thin", recent, earlier, half, heal, LEAST_SHARE)
    yield from _errors_of(evidence)


def _parted(reports: Iterable[Report]) -> tuple[list[Report], list[Report]]:
    """The latest runs with enough pages to tell, and the others."""
    recent, earlier = list[Report](), list[Report]()
    for report in reports:
        if report.get("fetched"):
            (recent if _sum(recent, _fetched) < RECENT_PAGES else earlier).append(report)
    return recent, earlier


def _fetched(report: Report) -> int:
    return int(report.get("fetched") or 0)


def _errors_of(evidence: Evidence) -> Iterator[Alarm]:
    """Pages that could not be had; a run that got all it asked for is the end of what was before.

    Otherwise the errors of an outage would be among the last pages for days, where a run asks for
    few.
    """
    recent, earlier = list[Report](), list[Report]()
    is_over = False
    for report in filter(_asked, (evidence.report, *evidence.before)):
        is_over = is_over or (not _errors(report) and _asked(report) >= FEWEST)
        counts = not (is_over and _errors(report))
        is_recent = counts and _sum(recent, _asked) < RECENT_PAGES
        (recent if is_recent else earlier).append(report)
    see = f"see why with `hemeroteca failures --site {evidence.site}`"
    if earlier:
        yield from _share(evidence, "errors", recent, earlier, "could not be had", see, LEAST_SHARE)
    yield from _paused(evidence)


def _asked(report: Report) -> int:
    """Pages and lists that the run asked for and got, or did not."""
    return _errors(report) + sum(int(report.get(key) or 0) for key in ANSWERED)


def _errors(report: Report) -> int:
    """Pages that could not be had, but for a pause that the host asked for; and the lists, where
    not one could be had."""
    lists = report.get("lists_failed") or {}
    pages = (report.get("failed") or {}, report.get("put_back") or {})
    found = sum(int(sum(each.values())) - int(each.get(ASKED_PAUSE, 0)) for each in pages)
    return found + (len(lists) if not _lists_were_read(report) and not _is_paused(report) else 0)


def _is_paused(report: Report) -> bool:
    """Whether the run was kept from asking by a pause that the host asked for."""
    return bool(report.get("was_paused") or (report.get("put_back") or {}).get(ASKED_PAUSE))


def _paused(evidence: Evidence) -> Iterator[Alarm]:
    """A host that asks for one pause after the other is never asked anything."""
    runs = list(takewhile(_is_paused, (evidence.report, *evidence.before)))
    if len(runs) < PAUSED_RUNS or _moment(runs[0]) - _moment(runs[-1]) < PAUSED_FOR:
        return
    lasts = _days(_moment(runs[0]) - _moment(runs[-1]))
    yield Alarm(
        evidence.site,
        "errors",
        f"its host has asked for a pause in each of the last {len(runs)} runs, for {lasts}",
        "look at the site in a browser; let the job run more rarely, or crawl with a longer "
        "--delay",
        "pause",
        {"runs": len(runs)},
    )


def _share(
    evidence: Evidence,
    kind: Kind,
    recent: Sequence[Report],
    earlier: Sequence[Report],
    words: str,
    next_step: str,
    least: float,
) -> Iterator[Alarm]:
    def bad_in(report: Report) -> int:
        return _errors(report) if kind == "errors" else int(report.get(kind) or 0)

    of = _asked if kind == "errors" else _fetched

    bad, pages = _sum(recent, bad_in), _sum(recent, of)
    bad_before, pages_before = _sum(earlier, bad_in), _sum(earlier, of)
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
        },
    )  # fmt: skip


def _sum(reports: Iterable[Report], count: Any) -> int:
    return sum(count(report) for report in reports)


# What a site lists


def _of_lists(evidence: Evidence) -> Iterator[Alarm]:
    runs = [
        each
        for each in (evidence.report, *evidence.before)
        if each.get("finished_at") and _lists_were_read(each)
    ]
    yield from _silent(evidence, runs)
    yield from _empty(evidence, runs)
    yield from _coverage(evidence)


def _silent(evidence: Evidence, runs: Sequence[Report]) -> Iterator[Alarm]:
    """The site's lists have named nothing new for longer than ever before, and longer still."""
    news = [_moment(each) for each in runs if each.get("listed_new")][:-1]  # the first lists all
    if (
        len(news) <= FEWEST_RUNS
        or news[0] - news[-1] < RHYTHM
        or not _lists_were_read(evidence.report)
    ):
        return
    silence = _moment(evidence.report) - news[0]
    pauses = [later - earlier for later, earlier in pairwise(news)]
    if silence <= SILENCE * max(pauses):
        return
    yield Alarm(
        evidence.site,
        "silent",
        f"its lists have named no new article for {_days(silence)}; the longest pause before "
        f"was {_days(max(pauses))}",
        "look at the site: if it goes on publishing, its sitemap or feed has moved, and "
        f"`hemeroteca crawl {target_of(evidence.site)} --mode backfill` looks through all its "
        "lists again",
        figures={
            "silent_hours": round(silence / timedelta(hours=1), 1),
            "longest_pause_hours": round(max(pauses) / timedelta(hours=1), 1),
        },
    )


def _lists_were_read(report: Report) -> bool:
    return bool(report.get("lists_read") or report.get("lists_not_modified"))


def _empty(evidence: Evidence, runs: Sequence[Report]) -> Iterator[Alarm]:
    """Lists that are there and name nothing, where they used to name many.

    Lists that have not changed are not read again, and a run in which none changed tells nothing.
    """
    latest = list(takewhile(lambda each: not _named(each), runs))
    earlier = runs[len(latest) :]
    if not any(map(_is_bare, latest)) or any(map(_is_bare, earlier)):
        return  # lists that were bare before may well be again: a news sitemap on a quiet weekend
    usual = median([each["listed"] for each in earlier if each.get("listed")] or [0])
    if len(latest) < EMPTY_RUNS or len(earlier) < FEWEST_RUNS or usual < FEWEST_LISTED:
        return
    yield Alarm(
        evidence.site,
        "empty",
        f"the lists of its last {len(latest)} runs named no article; usual are {usual:g}",
        "look at its sitemap and feeds: they may have moved, or their articles' addresses "
        "may look different now",
        figures={"runs": len(latest), "usual": usual},
    )


def _named(report: Report) -> bool:
    """Whether a list that was read named anything."""
    return int(report.get("lists_read") or 0) > int(report.get("lists_empty") or 0)


def _is_bare(report: Report) -> bool:
    """Whether all lists were read, and named nothing."""
    is_all = bool(report.get("lists_read")) and not report.get("lists_not_modified")
    return is_all and not _named(report)


def _coverage(evidence: Evidence) -> Iterator[Alarm]:
    """The archive holds less of what the site lists than it usually does."""
    now = _had(evidence.report)
    known = [had for had in map(_had, evidence.before) if had is not None]
    if now is None or len(known) < FEWEST_RUNS:
        return
    usual, spread = _middle(known)
    if now >= usual - max(LEAST_FALL, 4 * spread):
        return
    yield Alarm(
        evidence.site,
        "coverage",
        f"the archive holds {now:.0%} of what the site has listed; usual is {usual:.0%}",
        f"`hemeroteca stats --coverage --site {evidence.site}` shows which months; "
        f"`hemeroteca crawl {target_of(evidence.site)} --mode backfill` fetches what is missing",
        figures={"complete": now, "usual": round(usual, 4), "runs": len(known)},
    )


def _had(report: Report) -> float | None:
    """Of what the site lists, the share that is settled or may not be had."""
    had: float | None = report.get("had", report.get("complete"))
    return had


def target_of(site: str) -> str:
    """What to give to `crawl` for a site: its name, or an address where its host is its name.

    >>> target_of("faro"), target_of("www.example.org")
    ('faro', 'https://www.example.org/')
    """
    return f"https://{site}/" if "." in site else site


def _moment(report: Report) -> datetime:
    return datetime.fromisoformat(report["finished_at"])


def _days(time: timedelta) -> str:
    """A time in the unit that fits it.

    >>> _days(timedelta(hours=30)), _days(timedelta(days=9))
    ('30 hours', '9.0 days')
    """
    hours = time / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.1f} days"


# Fields that are no longer found, or no longer what they were


def _of_fields(evidence: Evidence) -> Iterator[Alarm]:
    """Fields whose share or length left its usual range: the template has changed."""
    fresh = [each for each in evidence.measures if each.is_fresh]
    if len(fresh) < FEWEST_SINCE:
        return
    for name in fresh[0].lengths:
        for window in WINDOWS:
            since = fresh[:window]
            before = fresh[window:]
            if len(before) < FEWEST_BEFORE:  # an archive that was just filled has little fresh
                known = {id(each) for each in since}
                before = [each for each in evidence.measures if id(each) not in known]
            if len(since) < window or len(before) < FEWEST_BEFORE:
                break
            alarm = _of_field(evidence.site, name, since, before)
            if alarm is not None:
                yield alarm
                break


def _of_field(
    site: str, name: str, since: Sequence[Measures], before: Sequence[Measures]
) -> Alarm | None:
    lengths = [each.lengths[name] for each in since]
    lengths_before = [each.lengths[name] for each in before]
    words = FIELD_WORDS.get(name, name)
    heal = f"run `hemeroteca heal {site}`: it says where the field stands now"
    found, found_before = sum(map(bool, lengths)), sum(map(bool, lengths_before))
    share, share_before = found / len(lengths), found_before / len(lengths_before)
    if share_before - share >= LEAST_MOVE:  # what is found more often is not lost
        usual = (found_before + 1) / (len(lengths_before) + 2)  # Laplace: nothing is certain
        if _chance(found, len(lengths), usual) < LEAST_CHANCE:
            return Alarm(
                site,
                "field",
                f"{found} of the last {len(lengths)} articles have {_a(words)}{words} "
                f"({found_before} of {len(lengths_before)} before)",
                heal,
                name,
                {
                    "articles": len(lengths), "filled": found,
                    "articles_before": len(lengths_before), "filled_before": found_before,
                },
            )  # fmt: skip
    if name in COUNTED_FIELDS:
        return None
    full = [log(each) for each in lengths if each]
    full_before = [log(each) for each in lengths_before if each]
    if len(full) < FEWEST_LENGTHS or len(full_before) < FEWEST_BEFORE:
        return None
    middle, spread = _middle(full_before)
    error = DEVIATION_TO_ERROR * max(spread, 0.1) / sqrt(len(full))
    move = median(full) - middle
    if abs(move) < max(LEAST_ERRORS * error, log(LEAST_FACTOR)):
        return None
    if move > 0 and name != TEXT:
        return None  # a headline that was cut off and is whole again: nothing is lost
    longer = "longer" if move > 0 else "shorter"
    now, usual = median(each for each in lengths if each), median(filter(None, lengths_before))
    return Alarm(
        site,
        "field",
        f"the {words} of the last {len(full)} articles is {longer} than usual: {now:g} "
        f"characters, and {usual:g} before (medians)",
        heal,
        name,
        {"articles": len(full), "median": now, "median_before": usual},
    )


def _a(word: str) -> str:
    return "" if word.endswith("s") else "a "


def _chance(found: int, looked_at: int, share: float) -> float:
    """How likely so many, or so few, of so many are, when each has the field by that share.

    >>> _chance(0, 10, 0.5) == 0.5 ** 10
    True
    """
    counts = range(found + 1) if found < share * looked_at else range(found, looked_at + 1)
    return sum(
        comb(looked_at, count) * share**count * (1 - share) ** (looked_at - count)
        for count in counts
    )


def _middle(figures: Sequence[float]) -> tuple[float, float]:
    """The median, and the deviation that the median of absolute deviations stands for."""
    middle = median(figures)
    return middle, MAD_TO_DEVIATION * median(abs(each - middle) for each in figures)


# Room on the disk


def _of_room(evidence: Evidence) -> Iterator[Alarm]:
    """The disk fills: told by what is left and what a run usually adds."""
    free = evidence.report.get("free_bytes")
    if free is None:
        return
    sizes = [
        each["archive_bytes"]
        for each in (evidence.report, *evidence.before)
        if each.get("archive_bytes")
    ]
    grown = [later - earlier for later, earlier in pairwise(sizes)]
    added = sorted(each for each in grown if each > 0)
    usual = added[int(0.9 * (len(added) - 1))] if len(added) >= FEWEST_RUNS else 0
    if free >= max(LEAST_FREE_BYTES, RUNS_TO_FULL * usual):
        return
    about = f"; a run adds up to {_megabytes(usual)}" if usual else ""
    yield Alarm(
        evidence.site,
        "disk",
        f"{_megabytes(free)} are left on the archive's disk{about}",
        "make room, or move the archive, which is one file, and name it with --archive",
        figures={"free_bytes": free, "bytes_a_run": usual},
    )


def _megabytes(number: float) -> str:
    return f"{number / 1e6:,.1f} MB"
