"""The instants that people mean: by a day, a month, a year, or a time of day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from crawler.errors import BadInput
from storage.filters import day_of

#: What stands for an instant: itself, or a day or a text that names one.
Moment = datetime | date | str

#: What a time of day means that is written to the minute or the second: up to its end.
_PARTS = {
    len("2020-05-17T20:56"): timedelta(minutes=1),
    len("2020-05-17T20:56:30"): timedelta(0, 1),
}

#: What stands before the zone of a time.
_WITHOUT_ZONE = re.compile(r"\d+-\d+-\d+[T ][\d:.]+")

_SMALLEST = timedelta(microseconds=1)


def first_instant(value: Moment) -> datetime:
    """The beginning of what is meant, in UTC where no zone is given.

    >>> first_instant("2020-02").isoformat(), first_instant(date(2020, 5, 17)).isoformat()
    ('2020-02-01T00:00:00+00:00', '2020-05-17T00:00:00+00:00')

    :raises BadInput: it is no date.
    """
    known = _timed(value)
    return known or datetime.combine(day_of(value, is_last=False), time.min, tzinfo=UTC)


def last_instant(value: Moment) -> datetime:
    """The end of what is meant: of a day or month its last instant, of a minute its last second.

    >>> last_instant("2020-02").isoformat()
    '2020-02-29T23:59:59.999999+00:00'
    >>> last_instant("2020-05-17 20:56").isoformat()
    '2020-05-17T20:56:59.999999+00:00'
    >>> last_instant(datetime(2020, 5, 17, 20, 56)).isoformat()
    '2020-05-17T20:56:00+00:00'

    :raises BadInput: it is no date.
    """
    known = _timed(value)
    if known is None:
        return datetime.combine(day_of(value, is_last=True), time.max, tzinfo=UTC)
    digits = _WITHOUT_ZONE.match(value.strip()) if isinstance(value, str) else None
    part = _PARTS.get(len(digits[0])) if digits else None
    return known + part - _SMALLEST if part else known


def _timed(value: Moment) -> datetime | None:
    """The instant where a time of day is given; without a zone it is UTC."""
    instant: object = value
    if isinstance(value, str) and ":" in value:
        try:
            instant = datetime.fromisoformat(value.strip())
        except ValueError:
            raise BadInput(
                f"{value!r} is no time: write it as 2020-05-17T20:56 (UTC), or as a day."
            ) from None
    if not isinstance(instant, datetime):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
