"""A year of crawls in minutes: ``python benchmarks/year.py [--days 365] [--every 60]``.

The newsroom of ``benchmarks/seasons.py`` lives through a year, and a crawl runs every so many
minutes of it, by a clock whose waiting takes no time. Afterwards the archive is held against what
there was to be seen, and the server's own log against what was promised to it:

- every article that stood longer than the time between two runs is in the archive;
- of the edits that stood longer than the plan of visits leaves a page alone, how many were caught;
- what was taken away, moved and put back is known;
- no two requests came closer than the delay, none during the pause that the server asked for, none
  against its robots.txt, and few while it was down;
- what this cost in requests per captured change, beside asking for everything every day, and
  beside asking for a story again every six hours as long as the feed of the latest twenty names it,
  as news-please does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.seasons import (  # noqa: E402
    DAY,
    NEW_YEAR,
    PAUSE,
    ROBOTS_HOLDS,
    Press,
    Simulated,
    Story,
    Year,
    profile_of,
    sentence_of,
)
from crawler.profile import Profile  # noqa: E402
from crawler.revisits import VISITS  # noqa: E402
from storage import Archive  # noqa: E402

#: Seconds between two requests to the host.
DELAY = 2.0


@dataclass
class Lived:
    """What a year left behind."""

    year: Year
    every: timedelta
    press: Press
    archive: Path
    reports: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


async def live(year: Year, every: timedelta, archive: Path) -> Lived:
    """Crawl the newsroom every so often, for all of the year."""
    Simulated.moment = NEW_YEAR
    press = Press(year)
    profile = profile_of(press.open())
    lived, began = Lived(year, every, press, archive), time.perf_counter()
    run_at = NEW_YEAR
    while run_at < year.end:
        Simulated.moment = max(Simulated.moment, run_at)
        lived.reports.append(await crawl_once(archive, profile))
        run_at += every
    lived.seconds = time.perf_counter() - began
    return lived


async def crawl_once(archive: Path, profile: Profile) -> dict[str, Any]:
    """One run, as ``hemeroteca crawl`` makes it, by the simulated clock."""
    from spiders.run import crawl_here

    settings = {
        "HEMEROTECA_CLOCK": Simulated,
        "HEMEROTECA_LONGEST_READING_SECONDS": 0.0,
        "HEMEROTECA_CONTACT": "year@hemeroteca.example",
    }
    (report,) = await crawl_here(archive, [profile], delay_seconds=DELAY, settings=settings)
    return report


# What there was to be seen


def seen(story: Story, year: Year, start: datetime, end: datetime) -> timedelta:
    """How long a state of a story could be seen: not while the server was down or it was away."""
    hidden = [year.outage, *([story.away] if story.away else [])]
    if story.section == "opinion":
        hidden.append((year.closed_at, year.end))
    total = max(end, start) - start
    for off, on in hidden:
        total -= max(min(on, end) - max(off, start), timedelta(0))
    return total


def states(story: Story, year: Year) -> list[tuple[int, datetime, datetime]]:
    """The editions of a story in the year, each with when it came and when the next one did."""
    ends = [*story.editions[1:], year.end]
    return [
        (number, max(start, NEW_YEAR), end)
        for number, (start, end) in enumerate(zip(story.editions, ends, strict=True))
        if end > NEW_YEAR
    ]


def longest_wait(age: timedelta, every: timedelta) -> timedelta:
    """How long the plan of visits may leave a page of this age alone."""
    edges = [timedelta(0), *VISITS]
    place = bisect_right(edges, age)
    if place == len(edges):
        return timedelta(days=365) + every
    return edges[place] - edges[place - 1] + every


# What was kept


@dataclass
class Kept:
    """A story in the archive."""

    texts: list[str]
    gone_at: datetime | None
    addresses: set[str]


def kept_in(archive: Path) -> dict[str, Kept]:
    """The stories in the archive by every path under which they are known."""
    found: dict[str, Kept] = {}
    with Archive.open(archive) as opened, opened._reading() as connection:
        rows = connection.exec_driver_sql("SELECT article_id, url FROM aliases").fetchall()
        by_article: dict[int, set[str]] = {}
        for number, url in rows:
            by_article.setdefault(number, set()).add("/" + url.split("/", 3)[3])
        for number, paths in by_article.items():
            stored = opened.article(number)
            assert stored is not None
            history = opened.history(number)
            read = (opened.article_at(number, each.captured_at) for each in history.revisions)
            texts = [each.to_dict()["body_text"] for each in read if each is not None]
            kept = Kept(texts, stored.gone_at, paths)
            found |= dict.fromkeys(paths, kept)
    return found


@dataclass
class Figures:
    """The year in numbers."""

    articles: int = 0
    articles_kept: int = 0
    edits: int = 0
    edits_kept: int = 0
    short_edits: int = 0
    short_edits_kept: int = 0
    gone: int = 0
    gone_known: int = 0
    moved: int = 0
    moved_known: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """Everything that was captured: articles, edits, removals, moves."""
        edits = self.edits_kept + self.short_edits_kept
        return self.articles_kept + edits + self.gone_known + self.moved_known


def figures_of(lived: Lived) -> Figures:
    """What the archive has of what there was to be seen."""
    year, every, found = lived.year, lived.every, Figures()
    kept = kept_in(lived.archive)
    for story in year.stories:
        held = next((kept[path] for path in story.paths() if path in kept), None)
        _count_texts(story, held, year, every, found)
        _count_fate(story, held, year, every, found)
    return found


def _count_texts(
    story: Story, held: Kept | None, year: Year, every: timedelta, found: Figures
) -> None:
    is_kept_at_all = held is not None
    if seen(story, year, max(story.born_at, NEW_YEAR), year.end) > every:
        found.articles += 1
        found.articles_kept += is_kept_at_all
        if not is_kept_at_all:
            found.missing.append(f"{story.path(story.born_at)} born {story.born_at}")
    for number, start, end in states(story, year):
        if number == 0 or start == NEW_YEAR:
            continue
        sentence = sentence_of(story, number)
        is_kept = held is not None and any(sentence in text for text in held.texts)
        visible = seen(story, year, start, end)
        if visible > longest_wait(start - story.born_at, every):
            found.edits += 1
            found.edits_kept += is_kept
            if not is_kept:
                found.missing.append(
                    f"{story.path(start)} edition {number} of {start}, stood {visible}"
                )
        else:
            found.short_edits += 1
            found.short_edits_kept += is_kept


def _count_fate(
    story: Story, held: Kept | None, year: Year, every: timedelta, found: Figures
) -> None:
    if held is None or story.section == "opinion":
        return
    if story.away and story.away[0] > story.born_at + every:
        stays_away = story.away[1] > year.end
        since = year.end - story.away[0]
        if stays_away and since > longest_wait(story.away[0] - story.born_at, every):
            found.gone += 1
            found.gone_known += held.gone_at is not None
    moved_at = story.moved_at
    if moved_at and NEW_YEAR + every < moved_at < year.end - DAY:
        found.moved += 1
        found.moved_known += story.paths() <= held.addresses


# What was promised


def broken_promises(lived: Lived) -> list[str]:
    """What the server's log says against the crawl, in sentences; none is as it should be."""
    year, log = lived.year, lived.press.log
    found = []
    gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(log)]
    if gaps and min(gaps) < DELAY:
        early = sum(gap < DELAY for gap in gaps)
        pair = next((a, b) for a, b in pairwise(log) if (b.at - a.at).total_seconds() < DELAY)
        found.append(
            f"{early} requests came earlier than {DELAY:g} s after the one before, such as {pair}"
        )
    told_at = next((line.at for line in log if line.status == 429), None)
    if told_at is not None:
        until = told_at + timedelta(seconds=PAUSE)
        inside = [line for line in log if told_at < line.at < until]
        found += [f"{len(inside)} requests during the pause of {PAUSE} s"] if inside else []
    holds = year.closed_at + ROBOTS_HOLDS
    against = [line for line in log if line.at > holds and line.path.startswith("/opinion/")]
    found += [f"{len(against)} requests against robots.txt"] if against else []
    down = [line for line in log if year.outage[0] <= line.at < year.outage[1]]
    runs = (year.outage[1] - year.outage[0]) / lived.every
    if len(down) > 4 * runs:
        found.append(f"{len(down)} requests in {runs:.0f} runs while it was down")
    if any(not line.agent.startswith("Hemeroteca/") for line in log):
        found.append("a request did not say who asks")
    return found


# Other policies, on the same year

Policy = Callable[[Story, Year], list[datetime]]


def everything_daily(story: Story, year: Year) -> list[datetime]:
    """A visit every midnight, for as long as the story is listed."""
    return [
        NEW_YEAR + day * DAY
        for day in range(year.days)
        if story.edition(NEW_YEAR + day * DAY) is not None
    ]


def while_in_the_feed(story: Story, year: Year) -> list[datetime]:
    """A visit every six hours, for as long as the feed of the latest twenty names the story."""
    births = sorted(each.born_at for each in year.stories)
    pushed_out = bisect_right(births, story.born_at) + 19
    until = births[pushed_out] if pushed_out < len(births) else year.end
    visit, visits = max(story.born_at, NEW_YEAR) + timedelta(hours=1), []
    while visit < min(until, year.end):
        visits.append(visit)
        visit += timedelta(hours=6)
    return visits


def cost_of(policy: Policy, year: Year, lists_a_day: int) -> tuple[int, int, int]:
    """Requests, changes captured, and edits among them, of a policy on a server without faults."""
    requests, articles, edits = lists_a_day * year.days, 0, 0
    for story in year.stories:
        visits = policy(story, year)
        found = {story.edition(at) for at in visits} - {None}
        requests += len(visits)
        articles += bool(found)
        edits += max(len(found) - 1, 0)
    return requests, articles + edits, edits


# The report


def main() -> None:
    """Live a year and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=float, default=60, help="minutes between two runs")
    parser.add_argument("--missing", action="store_true", help="list what is not in the archive")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        every = timedelta(minutes=options.every)
        lived = in_reactor(live(Year(options.days), every, Path(folder) / "year.db"))
        found = figures_of(lived)
        print(as_markdown(lived, found))
        if options.missing:
            print("\n".join(found.missing))


def in_reactor(task: Any) -> Any:
    """What a coroutine comes to, run in Scrapy's reactor."""
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    done: Any = {}

    async def run() -> None:
        try:
            done["answer"] = await task
        except BaseException as fault:
            done["fault"] = fault
        finally:
            stop: Any = reactor
            stop.stop()

    loop = asyncio.get_event_loop()
    done["task"] = loop.create_task(run())
    start: Any = reactor
    start.run()
    if "fault" in done:
        raise done["fault"]
    return done["answer"]


def as_markdown(lived: Lived, found: Figures) -> str:
    """The figures as tables."""
    requests = len(lived.press.log)
    lines = [
        f"{lived.year.days} days, {len(lived.year.stories):,} stories, {len(lived.reports):,} runs "
        f"in {lived.seconds:.0f} s.",
        "",
        "| what | there was | in the archive | share |",
        "|---|---:|---:|---:|",
    ]
    for words, there, held in (
        ("articles that stood longer than a run is off", found.articles, found.articles_kept),
        ("edits that stood longer than the plan leaves a page", found.edits, found.edits_kept),
        ("shorter ones", found.short_edits, found.short_edits_kept),
        ("removals", found.gone, found.gone_known),
        ("moves", found.moved, found.moved_known),
    ):
        share = f"{held / there:.1%}" if there else "–"
        lines.append(f"| {words} | {there:,} | {held:,} | {share} |")
    lines += [
        "",
        "| policy | requests | changes captured | edits among them | requests per change |",
        "|---|---:|---:|---:|---:|",
    ]
    edits = found.edits_kept + found.short_edits_kept
    policies = [("this crawl", requests, found.changes, edits)]
    for words, policy, lists in (
        ("everything daily", everything_daily, 2),
        ("every 6 h while in the feed", while_in_the_feed, 24),
    ):
        policies.append((words, *cost_of(policy, lived.year, lists)))
    for words, asked, changes, caught in policies:
        lines.append(
            f"| {words} | {asked:,} | {changes:,} | {caught:,} | {asked / max(changes, 1):.1f} |"
        )
    promises = broken_promises(lived) or ["none"]
    lines += ["", f"Promises broken: {'; '.join(promises)}."]
    lines += [f"Alarms: {alarm_lines(lived)}."]
    return "\n".join(lines)


def alarm_lines(lived: Lived) -> str:
    """The first run with an alarm after the redesign, and how many there were before it: while
    the server was down, or else."""
    start = lived.year.redesigned_at
    alarmed = [
        (datetime.fromisoformat(report["started_at"]), report["alarms"])
        for report in lived.reports
        if report["alarms"]
    ]
    down, up = lived.year.outage
    during = sum(down <= at < up + DAY for at, _ in alarmed)
    before = sum(at < start for at, _ in alarmed) - during
    other = next((words for at, words in alarmed if at < down or up + DAY <= at < start), [])
    after = next(((at, words) for at, words in alarmed if at >= start), None)
    told = f"{(after[0] - start)} after it: {json.dumps(after[1])}" if after else "none after it"
    others = f"{before} else before the redesign {json.dumps(other)}" if before else "none else"
    return f"{during} runs around the outage, {others}, {told}"


if __name__ == "__main__":
    main()
