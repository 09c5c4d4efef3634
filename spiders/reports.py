"""What a crawl did, in numbers: the report of ``crawl --report`` and of the archive's crawls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from storage.alarms import Alarm, StoredAlarm

#: Outcomes of a page that the report counts under a name of its own.
OUTCOMES = (
    "not_modified",
    "new",
    "revised",
    "unchanged",
    "part",
    "not_articles",
    "unreadable",
    "gone",
    "refused_by_robots",
)


#: Why a page is left for a later run by a bound of this one: no fault of anybody's.
ENOUGH_ASKED = "the run has asked its host often enough"
#: The host said how long it is to be left alone: its right, and a fault only if it never ends.
ASKED_PAUSE = "the host asked for a pause"
#: The host failed without saying when it will be well again.
LEFT_ALONE = "the host is in trouble and left alone for a while"


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a crawl, for whoever watches it."""

    site: str
    outcome: str
    """What became of the page: one of :data:`OUTCOMES`, or ``failed``."""
    url: str
    settled: int
    """Pages settled so far in this run."""
    listed: int
    """Addresses that the site's lists have named so far in this run."""
    outstanding: int
    """Pages known to be due that this run has not settled yet; grows while lists are read."""
    reason: str | None = None
    """Why the page could not be had, was refused or put back."""


@dataclass(slots=True)
class Report:
    """The counts of one site's crawl."""

    site: str
    mode: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = "running"
    """``finished``, ``interrupted``, or ``running``."""
    listed: int = 0
    """Articles that the site's lists named; one that several lists name counts for each."""
    listed_new: int = 0
    """Of these, addresses that the archive did not know."""
    lists_read: int = 0
    lists_not_modified: int = 0
    lists_empty: int = 0
    """Of the lists read, those that named nothing at all."""
    lists_failed: dict[str, str] = field(default_factory=dict)
    """Sitemaps, feeds and listings that could not be read, and why."""
    lists_changed_at: datetime | None = None
    """When any of the lists that the run asked for was last seen to change."""
    addresses: int = 0
    """What the lists named, each address counted once."""
    front_page_is_shell: bool = False
    """Whether the front page names nothing by itself, and is to be filled in by a script."""
    robots_forbid: str | None = None
    """The address of the robots.txt that forbids the whole site."""
    rhythm: dict[str, Any] | None = None
    """How often the lists have named something new so far (:mod:`spiders.alarms.rhythm`)."""
    lists_to_end: bool = False
    """Whether all that names the site's articles was read, so that none is unknown."""
    thin: int = 0
    """Pages that gave less than half of the words that the site's own feed gives."""
    thin_pages: dict[str, str] = field(default_factory=dict)
    """The first of them, with the figures."""
    read_from_feeds: int = 0
    """Articles whose page gave no text, read from a feed of the site."""
    lists_doubted: dict[str, str] = field(default_factory=dict)
    """Lists whose times of change are not believed, and why."""
    entries_skipped: int = 0
    """Entries of lists that are no articles of this site."""
    due: int = 0
    """Pages that the run set out to ask for."""
    fetched: int = 0
    """Pages that came whole and were looked at."""
    outcomes: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    """Pages that could not be had, by reason; each is tried again later."""
    put_back: Counter[str] = field(default_factory=Counter)
    """Pages left for a later run, by reason: nothing was wrong with them."""
    was_paused: bool = False
    """Whether the host had asked to be left alone when the run ended."""
    body_bytes: int = 0
    stopped_by: str | None = None
    """The bound that ended the run before all was done: ``limit``, ``requests``, ``minutes``."""
    usual: dict[str, float] = field(default_factory=dict)
    """What earlier runs brought, to hold this one against (:func:`usual_of`)."""
    complete: float | None = None
    """Of all that the site's lists ever named, the share of which nothing more is to be had."""
    had: float | None = None
    """The same with what robots.txt refuses, which is no backlog."""
    archive_bytes: int | None = None
    free_bytes: int | None = None
    """Left on the archive's disk."""
    alarms: list[Alarm] = field(default_factory=list)
    """What somebody has to look at (:mod:`spiders.alarms`)."""
    accepted: list[StoredAlarm] = field(default_factory=list)
    """What was found, too, and somebody has accepted."""
    taken_as_normal: list[StoredAlarm] = field(default_factory=list)
    """What rang for so long that it is how the site is now."""

    @property
    def articles(self) -> int:
        """Pages that turned out to be articles, or were known to be and have not changed."""
        return sum(self.outcomes[name] for name in ("new", "revised", "unchanged", "not_modified"))

    @property
    def has_read_lists(self) -> bool:
        """Whether it was heard of any list what it names."""
        return bool(self.lists_read or self.lists_not_modified)

    @property
    def settled(self) -> int:
        """Pages of which the archive now knows what became of them."""
        return self.outcomes.total() + self.failed.total()

    def leave(self, reason: str) -> None:
        """Count a page that is left for a later run, unless a bound of this one is the reason."""
        if reason != ENOUGH_ASKED:
            self.put_back[reason] += 1

    @property
    def duration_seconds(self) -> float | None:
        """How long the run took; None while it goes on."""
        if self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, with the keys that scripts rely on."""
        finished_at = self.finished_at.isoformat() if self.finished_at else None
        return {
            "site": self.site,
            "mode": self.mode,
            "started_at": self.started_at.isoformat(),
            "finished_at": finished_at,
            "outcome": self.outcome,
            "listed": self.listed,
            "listed_new": self.listed_new,
            "due": self.due,
            "fetched": self.fetched,
            **{name: self.outcomes[name] for name in OUTCOMES},
            "failed": dict(self.failed),
            "put_back": dict(self.put_back),
            "lists_read": self.lists_read,
            "lists_not_modified": self.lists_not_modified,
            "lists_empty": self.lists_empty,
            "lists_failed": dict(self.lists_failed),
            "lists_doubted": dict(self.lists_doubted),
            "lists_changed_at": self.lists_changed_at and self.lists_changed_at.isoformat(),
            "addresses": self.addresses,
            "front_page_is_shell": self.front_page_is_shell,
            "robots_forbid": self.robots_forbid,
            "rhythm": self.rhythm,
            "thin": self.thin,
            "thin_pages": dict(self.thin_pages),
            "read_from_feeds": self.read_from_feeds,
            "lists_to_end": self.lists_to_end,
            "entries_skipped": self.entries_skipped,
            "was_paused": self.was_paused,
            "body_bytes": self.body_bytes,
            "stopped_by": self.stopped_by,
            "duration_seconds": self.duration_seconds,
            "usual": dict(self.usual),
            "complete": self.complete,
            "had": self.had,
            "archive_bytes": self.archive_bytes,
            "free_bytes": self.free_bytes,
            "alarms": [each.says for each in self.alarms],
            "alarm_details": [each.to_dict() for each in self.alarms],
            "accepted": [
                {**each.alarm.to_dict(), "because": each.accepted_because} for each in self.accepted
            ],
            "taken_as_normal": [each.alarm.says for each in self.taken_as_normal],
        }


#: So many runs before tell what is usual.
USUAL_RUNS = 14
#: What is told of them.
COMPARED = ("listed", "listed_new", "due", "fetched", "new", "revised", "gone", "body_bytes")


def usual_of(mode: str, before: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The medians of the last whole runs of a mode, and of how many; empty where there are none.

    ``before`` are the reports of earlier runs, the latest first.

    >>> reports = [{"mode": "due", "outcome": "finished", "new": new} for new in (2, 9, 4)]
    >>> usual_of("due", reports)["new"], usual_of("latest", reports)
    (4, {})
    """
    whole = [
        each for each in before if (each.get("mode"), each.get("outcome")) == (mode, "finished")
    ][:USUAL_RUNS]
    if not whole:
        return {}
    counts = {key: median(each.get(key) or 0 for each in whole) for key in COMPARED}
    failed = median(sum((each.get("failed") or {}).values()) for each in whole)
    return {"runs": len(whole), **counts, "failed": failed}
