"""The five fields of a cron line, understood once for cron, systemd and the scheduler.

The meaning is that of crontab(5): Sunday is 0 and 7, and a line that names both days of the month
and days of the week comes on either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

#: So many days every month may have; a line that asks for more of all its months never comes.
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


class _Field(NamedTuple):
    name: str
    first: int
    last: int
    words: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, MONTHS),
    _Field("day of the week", 0, 7, WEEKDAYS),
)

_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")


@dataclass(frozen=True, slots=True)
class Times:
    """When a job runs: the minutes that a cron line names."""

    text: str
    """As it was written."""
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    """0 is Sunday."""

    @property
    def fields(self) -> str:
        """The five fields, a name such as ``@daily`` written out."""
        return MACROS.get(self.text.lower(), self.text)

    def next_after(self, moment: datetime) -> datetime:
        """The first time after a moment, in this machine's time zone."""
        found = self.trigger().get_next_fire_time(moment, moment)
        if found is None:
            raise ValueError(f"{self.text!r} never comes")
        return datetime.fromisoformat(found.isoformat())

    def trigger(self) -> Any:
        """The same times as an APScheduler trigger, in this machine's time zone."""
        from apscheduler.triggers.combining import OrTrigger
        from apscheduler.triggers.cron import CronTrigger

        made = [
            CronTrigger(
                minute=_listed(self.minutes, _FIELDS[0]),
                hour=_listed(self.hours, _FIELDS[1]),
                day=_listed(days, _FIELDS[2]),
                month=_listed(self.months, _FIELDS[3]),
                day_of_week="*" if len(weekdays) == 7 else _named(weekdays),
            )
            for days, weekdays in self._alternatives()
        ]
        return made[0] if len(made) == 1 else OrTrigger(made)

    def on_calendar(self) -> list[str]:
        """The same times as systemd's OnCalendar= expressions, which hold together.

        >>> parsed("17 3 * * 1-5").on_calendar()
        ['Mon,Tue,Wed,Thu,Fri *-*-* 03:17:00']
        """
        found = []
        for days, weekdays in self._alternatives():
            names = "" if len(weekdays) == 7 else f"{_named(weekdays).title()} "
            months, hours = (_two(self.months, _FIELDS[3]), _two(self.hours, _FIELDS[1]))
            clock = f"{hours}:{_two(self.minutes, _FIELDS[0])}:00"
            found.append(f"{names}*-{months}-{_two(days, _FIELDS[2])} {clock}")
        return found

    def _alternatives(self) -> list[tuple[Sequence[int], Sequence[int]]]:
        """(days of the month, days of the week) that must both hold; any one pair suffices."""
        every_day, every_weekday = tuple(range(1, 32)), tuple(range(7))
        if self.days != every_day and self.weekdays != every_weekday:
            return [(self.days, every_weekday), (every_day, self.weekdays)]
        return [(self.days, self.weekdays)]


def parsed(text: str) -> Times:
    """The times that a cron line's five fields, or a name such as ``@daily``, stand for.

    Raises ValueError with what is wrong, in words.

    >>> parsed("*/20 6-8 * * *").minutes, parsed("@weekly").weekdays
    ((0, 20, 40), (0,))
    >>> parsed("61 3 * * *")
    Traceback (most recent call last):
    ValueError: its minute '61' is not between 0 and 59
    """
    words = MACROS.get(text.strip().lower(), text).split()
    if text.strip().startswith("@") and len(words) == 1:
        raise ValueError(f"it is none of {', '.join(MACROS)}")
    if len(words) != len(_FIELDS):
        raise ValueError(
            f"it has {len(words)} fields, not five: minute, hour, day, month, day of the week, "
            "such as '17 3 * * *'"
        )
    minutes, hours, days, months, weekdays = map(_numbers, words, _FIELDS)
    weekdays = tuple(sorted({day % 7 for day in weekdays}))
    times = Times(" ".join(text.split()), minutes, hours, days, months, weekdays)
    if len(weekdays) == 7 and min(days) > max(_LONGEST.get(month, 31) for month in months):
        raise ValueError("none of its months has such a day")
    return times


def _numbers(word: str, field: _Field) -> tuple[int, ...]:
    """All numbers that one field names, in order."""
    found: set[int] = set()
    for part in word.split(","):
        match = _PART.fullmatch(part)
        if match is None or (match[1] == "*" and match[2]):
            raise ValueError(f"its {field.name} {part!r} can't be understood")
        first, last, step = match.groups()
        low, high = (
            (field.first, field.last - (field.last == 7))
            if first == "*"
            else (_number(first, field), _number(last or first, field))
        )
        if step and last is None and first != "*":
            high = field.last
        if low > high:
            raise ValueError(f"its {field.name} {part!r} ends before it begins")
        if step and int(step) == 0:
            raise ValueError(f"its {field.name} {part!r} goes on in steps of 0")
        found.update(range(low, high + 1, int(step or 1)))
    return tuple(sorted(found))


def _number(word: str, field: _Field) -> int:
    name = word.lower()
    if name in field.words:
        return field.words.index(name) + field.first
    if not word.isdecimal() or not field.first <= int(word) <= field.last:
        between = f"between {field.first} and {field.last}"
        raise ValueError(f"its {field.name} {word!r} is not {between}")
    return int(word)


def _listed(numbers: Sequence[int], field: _Field) -> str:
    whole = field.last - field.first + 1
    return "*" if len(numbers) == whole else ",".join(map(str, numbers))


def _two(numbers: Sequence[int], field: _Field) -> str:
    whole = field.last - field.first + 1
    return "*" if len(numbers) == whole else ",".join(f"{number:02}" for number in numbers)


def _named(weekdays: Sequence[int]) -> str:
    return ",".join(WEEKDAYS[day] for day in weekdays)
