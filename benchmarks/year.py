"""A year of crawls in minutes: ``python benchmarks/year.py [--days 365] [--redesign styled]``.

The newsroom of ``benchmarks/seasons.py`` lives through a year, and a crawl runs every so many
minutes of it, by a clock whose waiting takes no time. A day after the redesign, if an alarm said
so, somebody runs ``hemeroteca heal SITE --apply`` and ``hemeroteca reparse --site SITE``.
Afterwards (``benchmarks/hindsight.py``) the archive is held against what there was to be seen, and
the server's own log against what was promised to it:

- every article that stood longer than the time between two runs is in the archive;
- of the edits that stood longer than the plan of visits leaves a page alone, how many were caught;
- what was taken away, moved and put back is known;
- which alarms rang, and whether for something;
- how many fields were right before and after the redesign, and when it was healed;
- no two requests came closer than the delay, or the one that robots.txt asked for; none during the
  pauses that the server asked for, none against its robots.txt, and few while it was down;
- what this cost in requests per captured change, beside asking for everything every day, asking
  for each story once, and asking for it every six hours while the feed of the latest twenty
  names it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.hindsight import (  # noqa: E402
    Counted,
    Figures,
    alarms_in,
    broken_promises,
    cause_of,
    cost_of,
    edits_that_were_none,
    everything_daily,
    fields_since,
    figures_of,
    once,
    share_of,
    while_in_the_feed,
)
from benchmarks.seasons import DAY, NEW_YEAR, Press, Simulated, Year, describe  # noqa: E402
from crawler.profile import Profile  # noqa: E402
from crawler.sites import profile_at  # noqa: E402
from crawler.sites.patches import FOLDER_VARIABLE  # noqa: E402
from scripts.newsroom.layouts import REDESIGNS  # noqa: E402

#: Seconds between two requests to the host.
DELAY = 2.0
#: Lists that a visit of another policy reads: the news, and the index with the latest month.
LISTS = 3


@dataclass
class Healed:
    """What became of the redesigned site when it was healed."""

    at: datetime
    pages: int
    """Known articles that `heal` compared with their pages of that day."""
    before: Counted
    after: Counted
    false_edits_before: int
    taken_out: int
    """Of these, as `reparse` told."""
    false_edits_after: int


@dataclass
class Lived:
    """What a year left behind."""

    year: Year
    every: timedelta
    press: Press
    archive: Path
    site: str
    reports: list[dict[str, Any]] = field(default_factory=list)
    before_redesign: Counted = field(default_factory=dict)
    healed: Healed | None = None
    seconds: float = 0.0

    @property
    def promises(self) -> list[str]:
        """What was promised to the server and broken."""
        return broken_promises(self.year, self.every, self.press.log, DELAY)


async def live(year: Year, every: timedelta, archive: Path) -> Lived:
    """Crawl the newsroom every so often, for all of the year."""
    Simulated.moment = NEW_YEAR
    press = Press(year)
    home = press.open()
    site = home.removeprefix("http://").rstrip("/")
    folder = archive.parent / "hemeroteca-sites"
    os.environ[FOLDER_VARIABLE] = str(folder)
    describe(site, folder)
    lived, began = Lived(year, every, press, archive, site), time.perf_counter()
    run_at, look_at = NEW_YEAR, year.redesigned_at + DAY
    while run_at < year.end:
        if not lived.before_redesign and run_at >= year.redesigned_at:
            lived.before_redesign = fields_since(archive, year, NEW_YEAR)
        if lived.healed is None and run_at >= look_at:
            lived.healed = heal(lived, run_at)
            look_at += DAY
        Simulated.moment = max(Simulated.moment, run_at)
        lived.reports.append(await crawl_once(archive, profile_at(home)))
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


def heal(lived: Lived, now: datetime) -> Healed | None:
    """What an operator does whom an alarm has told to; None while none rings, or pages are too
    few."""
    archive, year = lived.archive, lived.year
    if not any(
        "heal" in each.alarm.next_step for each in alarms_in(archive) if not each.cleared_at
    ):
        return None
    before = fields_since(archive, year, year.redesigned_at)
    false_edits = len(edits_that_were_none(archive))
    told = command(archive, "heal", lived.site, "--apply")
    if told is None:
        return None
    read = command(archive, "reparse", "--site", lived.site, "--jobs", "1") or {}
    after = fields_since(archive, year, year.redesigned_at)
    left = len(edits_that_were_none(archive))
    return Healed(now, told["pages"], before, after, false_edits, read.get("no_edits", 0), left)


def command(archive: Path, *words: str) -> Any:
    """What a command of the program answers in JSON; None where it fails."""
    program = [sys.executable, "-m", "scripts.cli", "--archive", str(archive), *words, "--json"]
    answer = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    return json.loads(answer.stdout) if answer.returncode == 0 else None


# The report


def main() -> None:
    """Live a year and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=float, default=120, help="minutes between two runs")
    parser.add_argument(
        "--redesign", choices=REDESIGNS, default="boxes", help="the new pages' make"
    )
    parser.add_argument("--missing", action="store_true", help="list what is not in the archive")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        every = timedelta(minutes=options.every)
        year = Year(options.days, redesign=options.redesign)
        lived = in_reactor(live(year, every, Path(folder) / "year.db"))
        found = figures_of(lived.archive, lived.year, every)
        print(as_markdown(lived, found))
        if options.missing:
            print("\n".join((*found.missing, *edits_that_were_none(lived.archive))))


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
    parts = (
        f"{lived.year.days} days, {len(lived.year.stories):,} stories, {len(lived.reports):,} runs "
        f"in {lived.seconds:.0f} s.",
        kept_table(found),
        cost_table(lived, found),
        alarm_table(lived),
        field_table(lived),
        f"Promises broken: {'; '.join(lived.promises) or 'none'}.",
    )
    return "\n\n".join(parts)


def kept_table(found: Figures) -> str:
    """What there was, and what the archive has of it."""
    lines = ["| what | there was | in the archive | share |", "|---|---:|---:|---:|"]
    for words, there, held in (
        ("articles that stood longer than a run is off", found.articles, found.articles_kept),
        ("edits that stood longer than the plan leaves a page", found.edits, found.edits_kept),
        ("shorter ones", found.short_edits, found.short_edits_kept),
        ("removals", found.gone, found.gone_known),
        ("moves", found.moved, found.moved_known),
    ):
        share = f"{held / there:.1%}" if there else "–"
        lines.append(f"| {words} | {there:,} | {held:,} | {share} |")
    return "\n".join(lines)


def cost_table(lived: Lived, found: Figures) -> str:
    """Requests per change, of this crawl and of other policies."""
    year, a_day = lived.year, int(DAY / lived.every)
    edits = found.edits_kept + found.short_edits_kept
    policies = [("this crawl", len(lived.press.log), found.changes, edits)]
    for words, policy, lists in (
        ("each story once, by every run", once(lived.every), LISTS * a_day),
        ("every 6 h while in the feed", while_in_the_feed, 24),
        ("everything daily", everything_daily, LISTS),
    ):
        policies.append((words, *cost_of(policy, year, lists)))
    lines = [
        "| policy | requests | changes captured | edits among them | requests per change |",
        "|---|---:|---:|---:|---:|",
    ]
    for words, asked, changes, caught in policies:
        per_change = asked / max(changes, 1)
        lines.append(f"| {words} | {asked:,} | {changes:,} | {caught:,} | {per_change:.1f} |")
    return "\n".join(lines)


def alarm_table(lived: Lived) -> str:
    """Each kind of alarm by what made it ring, and how soon."""
    year, every = lived.year, lived.every
    healed_at = lived.healed.at if lived.healed else year.end
    began = {"outage": year.outage[0], "redesign": year.redesigned_at}
    counted: dict[tuple[str, str | None], list[datetime]] = {}
    for each in alarms_in(lived.archive):
        kind = f"{each.alarm.kind} {each.alarm.about}".strip()
        key = kind, cause_of(each, year, every, healed_at)
        counted.setdefault(key, []).append(each.began_at)
    lines = ["| alarm | for | times | in its run |", "|---|---|---:|---:|"]
    for (kind, cause), moments in counted.items():
        run = f"{1 + int((moments[0] - began[cause]) / every)}." if cause else "–"
        lines.append(f"| {kind} | {cause or 'nothing: false'} | {len(moments)} | {run} |")
    false = sum(len(moments) for (_, cause), moments in counted.items() if cause is None)
    months = year.days / 365 * 12
    return "\n".join([*lines, "", f"{false} false alarms in {months:.1f} months."])


def field_table(lived: Lived) -> str:
    """How the fields came out before and after the redesign, and when it was healed."""
    healed, archive, year = lived.healed, lived.archive, lived.year
    at_the_end = fields_since(archive, year, year.redesigned_at)
    columns: dict[str, Counted] = {"before the redesign": lived.before_redesign}
    if healed:
        columns |= {"after it": healed.before, "healed": healed.after}
    columns["at the end"] = at_the_end
    lines = [f"| field | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name in at_the_end:
        cells = (each.get(name, (0, 0)) for each in columns.values())
        lines.append(f"| {name} | {' | '.join(f'{right} of {of}' for right, of in cells)} |")
    shares = (f"{share_of(each):.1%}" for each in columns.values())
    lines.append(f"| **all** | {' | '.join(shares)} |")
    if healed is None:
        return "\n".join([*lines, "", "Nobody was told to heal it, or too little was known."])
    told = (
        f"Healed {(healed.at - year.redesigned_at) / timedelta(hours=1):.0f} h after the redesign "
        f"by {healed.pages} known pages. Edits that were none: {healed.false_edits_before}, of "
        f"which `reparse` took out {healed.taken_out}; {healed.false_edits_after} then, "
        f"{len(edits_that_were_none(archive))} at the end."
    )
    return "\n".join([*lines, "", told])


if __name__ == "__main__":
    main()
