"""What a run is judged by, and the few questions that every alarm asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from storage.alarms import Kind, StoredAlarm
from storage.crawls import KnownList
from storage.measures import Measures
from storage.redesigns import Redesign

Report = dict[str, Any]

#: From the median of absolute deviations to a standard deviation, for normal figures.
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run is judged by."""

    report: Report
    before: Sequence[Report]
    """The reports of earlier runs, the latest first."""
    measures: Sequence[Measures] = ()
    """The latest readings of the site's articles, the latest first."""
    standing: Mapping[tuple[str, str], StoredAlarm] = field(default_factory=dict)
    """(kind, what it is about) → the alarm that stands. It goes on being held against what was
    usual when it began to ring: what lasts is not forgotten for lasting."""
    normal: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """(kind, what it is about) → since when the site is, for good, as such an alarm once told:
    what was before that is no longer usual."""
    lists: Sequence[KnownList] = ()
    """The lists of the site that could be read once."""
    addresses: Mapping[str, int] | None = None
    """State → how many addresses of the site are in it; None where nobody asked."""

    redesigns: Sequence[Redesign] = ()
    """The redesigns that the site's history shows."""

    @property
    def site(self) -> str:
        """The site's name."""
        return str(self.report.get("site", ""))

    @property
    def now(self) -> datetime:
        """When the run ended."""
        return moment_of(self.report)

    def usual(self, kind: Kind, about: str = "") -> Mapping[str, float] | None:
        """The figures of the alarm of that kind that stands, or None."""
        stands = self.standing.get((kind, about))
        return stands.alarm.figures if stands else None

    def comparable(self, kind: Kind) -> list[Report]:
        """The earlier reports that tell what is usual now, the latest first."""
        normal = self.normal.get((kind, ""))
        whole = (each for each in self.before if each.get("finished_at"))
        return [each for each in whole if normal is None or moment_of(each) >= normal]


def moment_of(report: Report) -> datetime:
    """When a run ended."""
    return datetime.fromisoformat(report["finished_at"])


def sum_of(reports: Iterable[Report], count: Callable[[Report], int]) -> int:
    """What the reports count in all."""
    return sum(map(count, reports))


def lists_were_read(report: Report) -> bool:
    """Whether the run heard of any list what it names."""
    return bool(report.get("lists_read") or report.get("lists_not_modified"))


def middle_of(figures: Sequence[float]) -> tuple[float, float]:
    """The median, and the deviation that the median of absolute deviations stands for."""
    middle = median(figures)
    return middle, MAD_TO_DEVIATION * median(abs(each - middle) for each in figures)


def in_days(time: timedelta) -> str:
    """A time in the unit that fits it.

    >>> in_days(timedelta(hours=30)), in_days(timedelta(days=9)), in_days(timedelta(days=61.2))
    ('30 hours', '9.0 days', '61 days')
    """
    hours = time / timedelta(hours=1)
    if hours < 48:
        return f"{hours:.0f} hours"
    return f"{hours / 24:.1f} days" if hours < 24 * 30 else f"{hours / 24:.0f} days"


def target_of(site: str) -> str:
    """What to give to `crawl` for a site: its name, or an address where its host is its name.

    >>> target_of("faro"), target_of("www.example.org")
    ('faro', 'https://www.example.org/')
    """
    return f"https://{site}/" if "." in site else site
