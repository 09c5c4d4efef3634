"""Dates: machine-readable ones first, then printed ones by the page's language, order and zone.

The printed forms (``11 JUL 2016``, ``March 18, 2020``, ``3 de agosto de 2017``, ``2024年1月5日``,
``Thursday, 26 March 2015 17:12``, ``24.12.2023``) are read by one expression per order, with the
names of the months in some forty languages. A missing part is never filled in: a day without its
year is no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.article import Precision
from crawler.parsing.months import (
    AFTER_AGO,
    BEFORE_AGO,
    ONE,
    TODAY_YESTERDAY,
    UNIT_MINUTES,
    month_of,
)
from crawler.parsing.text import clean, folded

#: No news site is older than the web.
FIRST_YEAR = 1990
#: How far the calendar of a page can be ahead of UTC: a date beyond it is after the capture.
AHEAD = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as read: ISO 8601, how precise, and the words it was read from."""

    value: str
    precision: Precision
    raw: str

    @property
    def day(self) -> str:
        return self.value[:10]


_ISO = re.compile(
    r"^\s*(\d{4})(?:-(\d{2})-(\d{2})(?!\d)|(\d{2})(\d{2}))"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,:]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.I,
)
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?\s*$")
_RFC_2822 = re.compile(r"^\s*(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")


def machine_date(text: str | None) -> Moment | None:
    """A date in a machine's form: ISO 8601 and its common misspellings, RFC 2822, Unix time.

    >>> machine_date("2020-03-18T11:42:00Z").value
    '2020-03-18T11:42:00+00:00'
    >>> machine_date("2020-03-18").precision
    'day'
    """
    if not text:
        return None
    text = clean(text[:80])
    epoch = _EPOCH.match(text)
    if epoch:
        return _moment(datetime.fromtimestamp(int(epoch.group(1)), UTC), "second", text)
    match = _ISO.match(text)
    if match:
        return _iso_moment(match, text)
    if _RFC_2822.match(text):
        try:
            return _moment(parsedate_to_datetime(text), "second", text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return None


def _iso_moment(match: re.Match[str], raw: str) -> Moment | None:
    year, month, day, packed_month, packed_day, hour, minute, second, zone = match.groups()
    try:
        date_alone = datetime(  # noqa: DTZ001
            int(year), int(month or packed_month), int(day or packed_day)
        )
    except ValueError:
        return None
    if hour is None or int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return _moment(date_alone, "day", raw)
    when = date_alone.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
    offset = _offset(zone)
    aware = when.replace(tzinfo=offset) if offset is not None else when
    return _moment(aware, "second" if second else "minute", raw)


def _offset(zone: str | None) -> tzinfo | None:
    if zone is None:
        return None
    if zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if delta > timedelta(hours=15):
        return None
    return timezone(-delta if zone[0] == "-" else delta)


def _moment(when: datetime, precision: Precision, raw: str) -> Moment | None:
    if not FIRST_YEAR <= when.year <= 2200:
        return None
    value = when.isoformat(timespec="seconds")
    return Moment(value[:10] if precision == "day" else value, precision, raw.strip())


#: Zones as printed: an offset, or an abbreviation that means one zone on news pages.
_ZONES = {
    "UTC": "Z", "GMT": "Z", "Z": "Z", "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00",
    "MDT": "-06:00", "MST": "-07:00", "PDT": "-07:00", "PST": "-08:00", "BRT": "-03:00",
    "CET": "+01:00", "CEST": "+02:00", "MEZ": "+01:00", "MESZ": "+02:00", "EET": "+02:00",
    "EEST": "+03:00", "MSK": "+03:00", "SAST": "+02:00", "WIB": "+07:00", "HKT": "+08:00",
    "JST": "+09:00", "KST": "+09:00", "AEST": "+10:00", "AEDT": "+11:00",
}  # fmt: skip
_ZONE = rf"(?P<zone>(?:(?:UTC|GMT)\s?)?[+-]\d{{2}}:?\d{{2}}\b|(?:{'|'.join(_ZONES)})\b)"
_NOT_AFTER = r"(?<![\d/.–-])"
_DAY = r"(?P<day>\d{1,2})"
_NUMBER = r"(?P<month>\d{1,2})"
_NAME = r"(?P<name>[^\W\d_]{3,14})\.?"
_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_SHORT = r"['’]?(?P<short>\d{2})"
_AT = r"at|a las?|às?|um|a|à|kl|klo|o godz|alle(?: ore)?|om"
_TIME = (
    rf"(?:\W{{0,4}}(?:\b(?:{_AT})\b\.?\s*)?"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?!\d|\.\d)"
    rf"\s*(?:Uhr)?\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*\(?{_ZONE}?)?"
)
#: Dates with a year of four digits, in the order in which they are tried at one place of a text.
_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_NOT_AFTER}{_DAY}(?:st|nd|rd|th|er|º|ª|\.)?\s*(?:de\s+|d[’']|of\s+|/|-)?\s*{_NAME},?"
        rf"\s*(?:de\s+|del\s+|/|-)?\s*{_YEAR}{_TIME}",
        rf"(?<!\w){_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+(?:del?\s+)?{_YEAR}{_TIME}",
        rf"{_NOT_AFTER}{_YEAR}\s?([./年-]|년)\s?{_NUMBER}\s?([./月-]|월)\s?{_DAY}(?!\d)[日일.]?{_TIME}",
        rf"{_NOT_AFTER}(?P<one>\d{{1,2}})\s?(?P<mark>[./-])\s?(?P<two>\d{{1,2}})\s?(?P=mark)\s?{_YEAR}"
        rf"(?!/){_TIME}",
        rf"{_NOT_AFTER}{_YEAR}(?:\.|-|\s?m\.)?\s?{_NAME}[\s-]\s?{_DAY}(?!\d)(?:\.|\s?d\.)?{_TIME}",
        rf"(?<!\w){_NAME}\s+{_DAY},?\s+(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})"
        rf"(?::(?P<second>\d{{2}}))?\s+(?:{_ZONE}\s+)?{_YEAR}",
        rf"{_NOT_AFTER}{_DAY}\s+tháng\s+{_NUMBER}\s*(?:,|năm)?\s*{_YEAR}{_TIME}",
    )
)
#: Dates with a year of two digits, believed only in a line that is nothing but date and byline.
_SHORT_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        r"(?<![\d/.,:–-])(?P<one>\d{1,2})(?P<mark>[./])(?P<two>\d{1,2})(?P=mark)"
        rf"{_SHORT}(?![/.:]?\d){_TIME}",
        rf"(?<![\d/.,:–-]){_DAY}[\s.-]\s?{_NAME}[\s,-]\s?{_SHORT}(?=\s*(?:$|[|/,–-]))",
    )
)
_DIGIT = re.compile(r"\d")
_WHOLE_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_ASCII_DIGITS = {
    ord(digits[value]): str(value)
    for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９")
    for value in range(10)
}
_GOES_ON = re.compile(r"(?:\s?[./年년-]|\s?m\.)?\s?(?:[^\W\d_]{3,14}\.?)?[\s-]?\s?\d")
#: A date is looked for so many characters before and after a year, around so many years of a text.
BEFORE_YEAR, AFTER_YEAR, MOST_YEARS = 28, 48, 40


@lru_cache(maxsize=512)
def printed_date(
    text: str,
    *,
    day_order: str = "DMY",
    timezone: str | None = None,
    language: str | None = None,
    now: datetime | None = None,
    thorough: bool = False,
) -> Moment | None:
    """The first date printed in a text, or None.

    ``thorough`` is for lines that are known to be dates: years of two digits count, and relative
    dates are read against ``now``; without ``now`` a relative date stays unknown.

    >>> printed_date("DRUG POLICY / 11 JUL 2016 BY SOFIA LIEMANN EN").value
    '2016-07-11'
    >>> printed_date("3 de agosto de 2017").value, printed_date("March 18, 2020").value
    ('2017-08-03', '2020-03-18')
    >>> printed_date("03/04/2024", day_order="MDY").value
    '2024-03-04'
    >>> printed_date("28.01.22", thorough=True).value
    '2022-01-28'
    """
    if not text.isascii():
        text = text.translate(_ASCII_DIGITS)
    for number, year in enumerate(_WHOLE_YEAR.finditer(text)):
        near = max(0, year.start() - BEFORE_YEAR), year.end() + AFTER_YEAR
        if not (_DIGIT.search(text, near[0], year.start()) or _GOES_ON.match(text, year.end())):
            continue
        found = _first(_FORMS, text, near, day_order, timezone, language)
        if found or number > MOST_YEARS:
            return found
    if not thorough or len(text) > BRIEF:
        return None
    if _DIGIT.search(text):
        found = _first(_SHORT_FORMS, text, (0, BRIEF), day_order, timezone, language)
        if found:
            return found
    return _relative(text, now, language) if now is not None else None


#: A line that is nothing but date and byline has at most so many characters.
BRIEF = 120


def _first(
    forms: tuple[re.Pattern[str], ...],
    text: str,
    near: tuple[int, int],
    order: str,
    timezone: str | None,
    language: str | None,
) -> Moment | None:
    """The date that begins first between two places of a text, of any of the forms."""
    best, at = None, near[1]
    for form in forms:
        for match in form.finditer(text, *near):
            if match.start() >= at:
                break
            moment = _moment_of(match, order, timezone, language)
            if moment:
                best, at = moment, match.start()
                break
    return best


def _moment_of(
    match: re.Match[str], order: str, timezone: str | None, language: str | None
) -> Moment | None:
    """The moment of a form's match, or None where its numbers or its month are none."""
    parts = match.groupdict()
    if parts.get("name"):
        month = month_of(parts["name"], language)
        if month is None:
            return None
        day = int(parts["day"])
    elif parts.get("one"):
        day, month = _ordered(int(parts["one"]), int(parts["two"]), parts["mark"], order)
    else:
        day, month = int(parts["day"]), int(parts["month"])
    year = int(parts["year"]) if parts.get("year") else _whole_year(int(parts["short"]))
    return _composed(match.group(), parts, (year, month, day), timezone)


def _ordered(first: int, second: int, mark: str, order: str) -> tuple[int, int]:
    """Day and month of two numbers: points are never month first, and no month is above 12."""
    month_first = (order == "MDY" and mark != ".") or second > 12
    return (second, first) if month_first and first <= 12 else (first, second)


def _whole_year(short: int) -> int:
    return short + (1900 if short >= FIRST_YEAR % 100 else 2000)


def _composed(
    raw: str, parts: dict[str, str | None], day: tuple[int, int, int], timezone: str | None
) -> Moment | None:
    hour, minute, second = parts.get("hour"), parts.get("minute"), parts.get("second")
    try:
        if hour is None or minute is None or int(hour) > 23 or int(minute) > 59:
            return _moment(datetime(*day), "day", raw)  # noqa: DTZ001
        when = datetime(  # noqa: DTZ001
            *day, _hour(int(hour), parts.get("half")), int(minute), int(second or 0)
        )
    except ValueError:
        return None
    return _moment(_zoned(when, parts.get("zone"), timezone), "second" if second else "minute", raw)


def _hour(hour: int, half: str | None) -> int:
    if half and half.lower().startswith("p") and hour < 12:
        return hour + 12
    if half and half.lower().startswith("a") and hour == 12:
        return 0
    return hour


def _zoned(when: datetime, zone: str | None, zone_name: str | None) -> datetime:
    offset = _offset(_ZONES.get(zone, zone[-6:].strip("UTCGM ")) if zone else None)
    if offset is not None:
        return when.replace(tzinfo=offset)
    if zone_name:
        try:
            return when.replace(tzinfo=ZoneInfo(zone_name))
        except (ZoneInfoNotFoundError, ValueError):
            return when
    return when


_UNIT = "|".join(sorted(map(re.escape, UNIT_MINUTES), key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(ONE, key=len, reverse=True))})"
_BEFORE, _AFTER = "|".join(BEFORE_AGO), "|".join(AFTER_AGO)
_AGO = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\w)(?:{_BEFORE})\s+{_COUNT}\s?(?P<unit>{_UNIT})(?![a-z])",
        rf"(?<![a-z\d]){_COUNT}\s?(?P<unit>{_UNIT})\s?(?:{_AFTER})(?![a-z])",
    )
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?!\d)")
#: "Today, 14:05" has at most so many words; a longer line tells of something else.
TODAY_WORDS = 6


def _relative(text: str, now: datetime, language: str | None) -> Moment | None:
    """A moment counted back from the capture: "3 hours ago", "vor 2 Tagen", "ayer"."""
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    bare = folded(text)
    for form in _AGO:
        match = form.search(bare)
        if match:
            count = 1 if match["count"] in ONE else int(match["count"])
            minutes = UNIT_MINUTES[match["unit"]]
            when = now - timedelta(minutes=count * minutes)
            return _moment(when, "day" if minutes == DAY_MINUTES else "minute", text)
    for back, word in enumerate(TODAY_YESTERDAY.get(language or "", ())):
        if len(bare.split()) <= TODAY_WORDS and re.search(rf"(?<!\w){word}(?!\w)", bare):
            return _moment(now - timedelta(days=back), "day", text)
    return None


DAY_MINUTES = 24 * 60


def days_apart(one: Moment, other: Moment) -> int:
    """How many days lie between two moments, as written."""
    return abs((date.fromisoformat(one.day) - date.fromisoformat(other.day)).days)


def is_plausible(moment: Moment, fetched_at: datetime | None) -> bool:
    """Whether a date can be true of a page captured then: no later day anywhere on Earth.

    >>> is_plausible(Moment("2024-05-21", "day", ""), datetime(2024, 5, 20, 9, tzinfo=UTC))
    False
    """
    if fetched_at is None:
        return True
    latest = (fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)) + AHEAD
    return moment.day <= latest.astimezone(UTC).strftime("%Y-%m-%d")
