"""How often a site's lists name something new, carried on from run to run.

The last runs would not do: two hundred hourly ones are a week, and a silence may last for months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Self

from spiders.alarms.evidence import Report, lists_were_read, moment_of

#: A time between two runs that is so many times the usual one is one at which nobody looked.
UNWATCHED = 3.0
#: Where no usual time between runs is known.
USUAL_STEP = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of the pauses between a site's new articles."""

    first: datetime
    """When its lists were first read, which named all that there was."""
    last: datetime
    """When they last named anything new."""
    looked: datetime
    """When they were last read."""
    times: int = 0
    """By how many runs since the first something new was found."""
    longest_hours: float = 0.0
    """The longest pause between two of these, without the time at which nobody looked."""
    quiet_hours: float = 0.0
    """The pause that goes on, counted in the same way."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """The rhythm that a report tells."""
        moments = {name: datetime.fromisoformat(told[name]) for name in ("first", "last", "looked")}
        return cls(**told | moments)

    def after(self, report: Report, step: timedelta) -> Rhythm:
        """The rhythm with one run more; ``step`` is the usual time between two."""
        moment = moment_of(report)
        passed = min(max(moment - self.looked, timedelta(0)), UNWATCHED * step)
        quiet = round(self.quiet_hours + passed / timedelta(hours=1), 2)
        if not report.get("listed_new"):
            return replace(self, looked=moment, quiet_hours=quiet)
        longest = max(self.longest_hours, quiet)
        return Rhythm(self.first, moment, moment, self.times + 1, longest)


def rhythm_of(report: Report, before: Sequence[Report]) -> Rhythm | None:
    """The rhythm up to a run; ``before`` are the earlier reports, the latest first.

    None for a site whose lists were never read.
    """
    runs = [each for each in (report, *before) if each.get("finished_at") and lists_were_read(each)]
    told = next((number for number, each in enumerate(runs) if each.get("rhythm")), len(runs))
    rhythm = Rhythm.of(runs[told]["rhythm"]) if told < len(runs) else None
    moments = [moment_of(each).timestamp() for each in runs[1:30]]
    gaps = [later - earlier for later, earlier in pairwise(moments)]
    step = timedelta(seconds=median(gaps)) if gaps else USUAL_STEP
    for run in reversed(runs[:told]):
        if rhythm is None:
            rhythm = Rhythm(moment_of(run), moment_of(run), moment_of(run))
        else:
            rhythm = rhythm.after(run, step)
    return rhythm
