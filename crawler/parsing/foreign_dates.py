"""Dates in words of languages that have no table here, read by dateparser.

It is the last resort: asked only for a page that gave no date otherwise, only about short lines
that stand where an article's date does, and believed only where its answer agrees with the numbers
printed. It costs a tenth of a second to load, so no other page loads it.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from crawler.parsing.dates import FIRST_YEAR, Moment, printed_date
from crawler.parsing.text import clean

#: So many lines of a page are asked about at most; an answer takes about a millisecond.
MOST_ASKED = 6
#: A line that is nothing but a date has at most so many characters.
LONGEST = 60
#: "5 weeks ago" names no day; the answers to what lies further back are guesses.
FURTHEST_BACK = timedelta(days=21)
#: Years of the Buddhist calendar, as Thai pages print them, are ahead by so many.
BUDDHIST_AHEAD = 543

#: The months of the Persian calendar, as Iran and Afghanistan print them, and their order.
_PERSIAN_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("فروردین|حمل", "اردیبهشت|ثور", "خرداد|جوزا", "تیر|سرطان", "مرداد|اسد"),
            *("شهریور|سنبله", "مهر|میزان", "آبان|عقرب", "آذر|قوس", "دی|جدی", "بهمن|دلو"),
            "اسفند|حوت",
        ),
        start=1,
    )
    for name in names.split("|")
}
_PERSIAN_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s+({'|'.join(_PERSIAN_MONTHS)})(?:\s*ماه)?\s+(1[34]\d\d)(?!\d)"
    r"|(?<!\d)(1[34]\d\d)[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)"
)
_NUMBER = re.compile(r"\d+")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d|\.)")
_BUDDHIST = re.compile(r"(?<!\d)25[3-9]\d(?!\d)")
#: What a line is made of: a label before a colon, parts between marks.
_LABEL = re.compile(r"^[^\d:：]{1,40}[:：]\s*")
_MARK = re.compile(r"\s*[|•·]\s*|\s[–—-]\s")
#: Abbreviated zones mean one thing here and another there: IST is India's, Israel's, Ireland's.
_ZONE = re.compile(r"\s*\(?\b(?!AM\b|PM\b)[A-Z]{2,5}\b\)?\s*$")


def asked_date(
    lines: Iterable[tuple[str, str]], language: str | None, order: str, now: datetime | None
) -> tuple[str, Moment] | None:
    """The first line's source and date that dateparser reads in a language, or None.

    ``lines`` are (source, text), the most trusted first. ``order`` is that of dates in numbers;
    ``now`` is when the page was captured, to count back from.
    """
    if language is None:
        return None
    asked = 0
    for source, line in lines:
        for part in _parts(line):
            if asked >= MOST_ASKED:
                return None
            asked += 1
            moment = _asked(part, language.split("-")[0], order, now)
            if moment is not None:
                return source, moment
    return None


def _parts(line: str) -> Iterable[str]:
    """What of a line may be a date: it holds a number, and is short."""
    line = clean(line)
    if len(line) > 4 * LONGEST:
        return
    for part in _MARK.split(_ascii_numbers(line)):
        bare = _ZONE.sub("", _LABEL.sub("", part))
        if len(bare) <= LONGEST and _NUMBER.search(bare) and not bare.isdecimal():
            yield bare


def _ascii_numbers(text: str) -> str:
    """A text with the digits of any script as ASCII, and with years of the common calendar.

    >>> _ascii_numbers("३ मई २०२४"), _ascii_numbers("3 พ.ค. 2567")
    ('3 मई 2024', '3 พ.ค. 2024')
    """
    digits = "".join(str(unicodedata.decimal(each, each)) for each in text)
    return _BUDDHIST.sub(lambda year: str(int(year[0]) - BUDDHIST_AHEAD), digits)


@lru_cache(maxsize=512)
def _asked(text: str, language: str, order: str, now: datetime | None) -> Moment | None:
    """What a short text says, by our own reader in its new digits, else by dateparser."""
    if (day := persian_day(text)) is not None:
        return Moment(day.isoformat(), "day", text)
    numbers = {int(number) for number in _NUMBER.findall(text)}
    named = any(FIRST_YEAR <= number <= 2200 for number in numbers)
    if named:
        found = printed_date(text, day_order=order, language=language, thorough=True)
        if found is not None:
            return found
        when = _answer(text, language, {"PARSERS": ["absolute-time"], "DATE_ORDER": order})
        if when is None or not {when.year, when.day} <= numbers:
            return None
        return _moment(when.replace(tzinfo=None), text, is_day=not _CLOCK.search(text))
    if now is None:
        return None
    base = (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    when = _answer(text, language, {"PARSERS": ["relative-time"], "RELATIVE_BASE": base})
    if when is None or not timedelta() < base - when.replace(tzinfo=None) <= FURTHEST_BACK:
        return None
    back = base - when.replace(tzinfo=None)
    return _moment(when.replace(tzinfo=UTC), text, is_day=back % timedelta(days=1) == timedelta())


#: 1 Farvardin 1: the ordinal of the day from which the Persian calendar's years are counted.
_PERSIAN_EPOCH = date(622, 3, 21).toordinal()
#: The leap years of the 33-year cycle, right for the years 1178 to 1633.
_LEAP_YEARS = (1, 5, 9, 13, 17, 22, 26, 30)


def persian_day(text: str) -> date | None:
    """The day that a text of ASCII digits names in the Persian calendar, or None.

    >>> persian_day("22 اسفند 1402"), persian_day("1403/01/01"), persian_day("31 اسفند 1402")
    (datetime.date(2024, 3, 12), datetime.date(2024, 3, 20), None)
    """
    match = _PERSIAN_DAY.search(text)
    if match is None:
        return None
    if match[1]:
        day, month, year = int(match[1]), _PERSIAN_MONTHS[match[2]], int(match[3])
    else:
        year, month, day = int(match[4]), int(match[5]), int(match[6])
    leap = year % 33 in _LEAP_YEARS
    longest = 31 if month <= 6 else 30 if month < 12 or leap else 29
    if not (1 <= month <= 12 and 1 <= day <= longest):
        return None
    cycles, rest = divmod(year, 33)
    leaps = 8 * cycles + sum(each < rest for each in _LEAP_YEARS)
    days = 365 * (year - 1) + leaps + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return date.fromordinal(_PERSIAN_EPOCH + days)


def _moment(when: datetime, text: str, *, is_day: bool) -> Moment | None:
    value = when.isoformat(timespec="seconds")
    return Moment(value[:10], "day", text) if is_day else Moment(value, "minute", text)


def _answer(text: str, language: str, settings: dict[str, object]) -> datetime | None:
    """dateparser's answer, or None, also where it doesn't know the language or fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import dateparser

            when = dateparser.parse(
                text,
                languages=[language],
                settings={"STRICT_PARSING": True, "TIMEZONE": "UTC", **settings},
            )
        except Exception:  # a library's failure at odd words is no answer
            return None
    return when if isinstance(when, datetime) else None
