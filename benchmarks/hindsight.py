"""A year of ``benchmarks/seasons.py`` in hindsight: what archive and server log tell of it.

What was kept of what there was to be seen; which edits were none; how the fields of a redesigned
site came out; which alarms rang for what; which promise to the server was broken; and what other
ways of crawling would have cost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.seasons import (
    DAY,
    NEW_YEAR,
    ROBOTS_HOLDS,
    SLOWER,
    Noted,
    Said,
    Story,
    Year,
    said_in,
    sentence_of,
)
from crawler.article import Article
from crawler.revisits import VISITS
from storage import Archive
from storage.alarms import StoredAlarm

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


def figures_of(archive: Path, year: Year, every: timedelta) -> Figures:
    """What the archive has of what there was to be seen."""
    found = Figures()
    kept = kept_in(archive)
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


# Edits that were none


_EDITION = re.compile(r"In edition (\d+) of")


def edits_that_were_none(archive: Path) -> list[str]:
    """Edits, each in a line, that show no other edition than the one before: misreadings."""
    found = []
    with Archive.open(archive) as opened:
        for edit in opened.changes():
            revisions = opened.history(edit.id).revisions[edit.number - 2 : edit.number]
            texts = [_EDITION.findall(each.article.to_dict()["body_text"]) for each in revisions]
            is_of_page = any(change.field == "address" for change in edit.changes)
            if not is_of_page and texts[0] == texts[1]:
                changed = ", ".join(f"{each.field}: {each.after}" for each in edit.changes)
                found.append(f"{edit.url} no edit at {edit.captured_at}: {changed}")
    return found


# Fields


Counted = dict[str, tuple[int, int]]


def fields_since(archive: Path, year: Year, start: datetime) -> Counted:
    """Field → (articles that have it right, articles), of those read since then."""
    right, known = Counter[str](), Counter[str]()
    for article, said in _read_since(archive, year, start):
        for name, value in _as_said(article).items():
            known[name] += 1
            right[name] += value == getattr(said, name)
    return {name: (right[name], known[name]) for name in known}


def _read_since(archive: Path, year: Year, start: datetime) -> Iterator[tuple[Article, Said]]:
    query = (
        "SELECT article_id, max(fetched_at) FROM captures "
        "WHERE outcome IN ('new', 'revised', 'unchanged') AND status = 200 AND fetched_at >= ? "
        "GROUP BY article_id"
    )
    with Archive.open(archive) as opened, opened._reading() as connection:
        found = connection.exec_driver_sql(query, (f"{start:%Y-%m-%d %H:%M:%S}",)).fetchall()
        for number, fetched_at in found:
            stored = opened.article(number)
            assert stored is not None
            story = year.by_path["/" + stored.article.url.split("/", 3)[3]]
            edition = story.edition(datetime.fromisoformat(f"{fetched_at}+00:00"))
            assert edition is not None
            yield stored.article, said_in(story, edition)


def _as_said(article: Article) -> dict[str, Any]:
    """The fields of a reading in the form of :class:`Said`, a label in whatever capitals."""
    return {
        "headline": article.headline,
        "deck": article.deck,
        "category": (article.category or "").capitalize(),
        "authors": article.authors,
        "published": (article.published or "")[:10],
        "tags": tuple(sorted(article.tags)),
        "body": article.body_text,
    }


def share_of(counted: Counted) -> float:
    """The share of fields that is right."""
    return sum(right for right, _ in counted.values()) / max(
        sum(of for _, of in counted.values()), 1
    )


# Alarms


def alarms_in(archive: Path) -> list[StoredAlarm]:
    """Every alarm that ever rang, the first first."""
    with Archive.open(archive) as opened:
        return opened.alarms(cleared=True)[::-1]


def cause_of(alarm: StoredAlarm, year: Year, every: timedelta, healed_at: datetime) -> str | None:
    """What made an alarm ring, told by when it began; None for a false one."""
    down, up = year.outage
    if down <= alarm.began_at < up + every and alarm.alarm.kind in ("errors", "coverage"):
        return "outage"
    shows = alarm.alarm.kind in ("field", "unreadable", "not_articles", "redesign")
    if year.redesigned_at <= alarm.began_at < healed_at + every and shows:
        return "redesign"
    return None


# What was promised


def broken_promises(year: Year, every: timedelta, log: Sequence[Noted], delay: float) -> list[str]:
    """What the server's log says against the crawl, in sentences; none is as it should be."""
    slow = (year.slow[0] + ROBOTS_HOLDS, year.slow[1])
    told = (
        *_too_close(log, delay),
        *_too_close([line for line in log if slow[0] <= line.at < slow[1]], SLOWER),
        *_during_pauses(log),
        *_against_robots(year, log),
        *_while_down(year, every, log),
        *_anonymous(log),
    )
    return list(told)


def _too_close(log: Sequence[Noted], delay: float) -> Iterator[str]:
    """Where no two requests are closer than the delay, no window holds more than it may."""
    early = [pair for pair in pairwise(log) if (pair[1].at - pair[0].at).total_seconds() < delay]
    if early:
        yield f"{len(early)} requests came within {delay:g} s after the one before: {early[0]}"


def _during_pauses(log: Sequence[Noted]) -> Iterator[str]:
    for told in log:
        until = told.pause_until
        inside = sum(told.at < line.at < until for line in log) if until else 0
        if inside:
            yield f"{inside} requests during the pause that was asked for at {told.at}"


def _against_robots(year: Year, log: Sequence[Noted]) -> Iterator[str]:
    holds = year.closed_at + ROBOTS_HOLDS
    against = sum(line.at > holds and line.path.startswith("/opinion/") for line in log)
    if against:
        yield f"{against} requests against robots.txt"


def _while_down(year: Year, every: timedelta, log: Sequence[Noted]) -> Iterator[str]:
    down = sum(year.outage[0] <= line.at < year.outage[1] for line in log)
    runs = (year.outage[1] - year.outage[0]) / every
    if down > 4 * runs:
        yield f"{down} requests in {runs:.0f} runs while it was down"


def _anonymous(log: Iterable[Noted]) -> Iterator[str]:
    if any(not line.agent.startswith("Hemeroteca/") for line in log):
        yield "a request did not say who asks"


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


def once(every: timedelta) -> Policy:
    """A visit by the first run after a story was listed, and never again: the way of Fundus and
    of news-please where nothing is asked for twice."""

    def visits(story: Story, year: Year) -> list[datetime]:
        since = max(story.born_at, NEW_YEAR) - NEW_YEAR
        visit = NEW_YEAR + every * -(-since // every)
        return [visit] if visit < year.end else []

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
