"""What should not stay unseen: told by a site's own history, and silent while there is too little.

One unreadable page is a failure among others, and a quiet night is no outage. So what the latest
runs brought is held against what the same site usually brings, by medians and shares that a few odd
runs don't move; each alarm says which figures made it ring, and what to run next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import comb, log, sqrt
from statistics import median
from typing import Any

from storage.alarms import Alarm, Kind
from storage.measures import Measures

Report = dict[str, Any]

#: The latest runs that together looked at so many pages are held against those before.
RECENT_PAGES = 20
#: Fewer bad pages than this are chance.
FEWEST = 3
#: A share below this is no alarm, whatever it was before.
LEAST_SHARE = 0.1
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
FEWEST_BEFORE, FEWEST_SINCE = 30, 5
#: How many of the latest readings are held against the others, in turn.
WINDOWS = (5, 10, 20, 40)
#: Readings that are looked at.
READINGS = 400
#: So many standard errors between two medians of lengths are no chance, and so many times as long.
LEAST_ERRORS, LEAST_FACTOR = 6.0, 1.5
#: From the median of absolute deviations to a standard deviation, for normal figures; and from that
#: to the standard error of a median.
MAD_TO_DEVIATION, DEVIATION_TO_ERROR = 1.4826, 1.2533

#: Of these it is known how many there are: one more or less is nothing.
COUNTED_FIELDS = ("authors", "tags")
#: How a field is called where its name is none that a reader would use.
FIELD_WORDS = {"published": "date", "body_text": "text"}

#: The disk is full when so many runs as they usually are fill it,
RUNS_TO_FULL = 30
#: or when so little is left that SQLite may not finish what it writes.
LEAST_FREE_BYTES = 100 * 1000 * 1000
#: How far the archive's share of what a site lists may fall below what is usual.
LEAST_FALL = 0.05

KINDS: tuple[Kind, ...] = (
    "unreadable", "not_articles", "errors", "silent", "empty", "field", "coverage", "disk",
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
        see = f"see why with `hemeroteca failures --site {site}`"
        yield from _share(evidence, "errors", recent, earlier, "could not be had", see, LEAST_SHARE)


def _parted(reports: Iterable[Report]) -> tuple[list[Report], list[Report]]:
    """The latest runs with enough pages to tell, and the others."""
    recent, earlier = list[Report](), list[Report]()
    for report in reports:
        if _asked(report):
            (recent if _sum(recent, _asked) < RECENT_PAGES else earlier).append(report)
    return recent, earlier


def _asked(report: Report) -> int:
    """Pages that the run asked for and got, or did not."""
    return int(report.get("fetched") or 0) + _errors(report)


def _errors(report: Report) -> int:
    return sum(sum((report.get(key) or {}).values()) for key in ("failed", "put_back"))


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

    def of(report: Report) -> int:
        return _asked(report) if kind == "errors" else int(report.get("fetched") or 0)

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
        if each.get("finished_at") and (each.get("lists_read") or each.get("lists_not_modified"))
    ]
    yield from _silent(evidence, runs)
    yield from _empty(evidence, [each for each in runs if each.get("lists_read")])
    yield from _coverage(evidence)


def _silent(evidence: Evidence, runs: Sequence[Report]) -> Iterator[Alarm]:
    """The site's lists have named nothing new for longer than ever before, and longer still."""
    news = [_moment(each) for each in runs if each.get("listed_new")][:-1]  # the first lists all
    if len(news) <= FEWEST_RUNS or news[0] - news[-1] < RHYTHM or not _lists_were_read(evidence):
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


def _lists_were_read(evidence: Evidence) -> bool:
    report = evidence.report
    return bool(report.get("lists_read") or report.get("lists_not_modified"))


def _empty(evidence: Evidence, runs: Sequence[Report]) -> Iterator[Alarm]:
    """Lists that are there and name nothing, where they used to name many."""
    latest, earlier = runs[:EMPTY_RUNS], runs[EMPTY_RUNS:]
    usual = median(each.get("listed") or 0 for each in earlier) if earlier else 0
    if len(earlier) < FEWEST_RUNS or usual < FEWEST_LISTED:
        return
    if latest[0] is not evidence.report or any(each.get("listed") for each in latest):
        return
    yield Alarm(
        evidence.site,
        "empty",
        f"the lists of its last {EMPTY_RUNS} runs named no article; usual are {usual:g}",
        "look at its sitemap and feeds: they may have moved, or their articles' addresses "
        "may look different now",
        figures={"runs": EMPTY_RUNS, "usual": usual},
    )


def _coverage(evidence: Evidence) -> Iterator[Alarm]:
    """The archive holds less of what the site lists than it usually does."""
    now = evidence.report.get("complete")
    known = [each["complete"] for each in evidence.before if each.get("complete") is not None]
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
    if abs(share - share_before) >= LEAST_MOVE:
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
    if len(full) < FEWEST_SINCE or len(full_before) < FEWEST_BEFORE:
        return None
    middle, spread = _middle(full_before)
    error = DEVIATION_TO_ERROR * max(spread, 0.1) / sqrt(len(full))
    move = median(full) - middle
    if abs(move) < max(LEAST_ERRORS * error, log(LEAST_FACTOR)):
        return None
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
