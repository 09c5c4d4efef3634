"""Dates: machine-readable ones first, then printed ones by the page's language, order and zone.

The commonest printed forms (``11 JUL 2016``, ``March 18, 2020``, ``3 de agosto de 2017``,
``Thursday, 26 March 2015 17:12``, ``24.12.2023``) are read by one expression per order with a table
of month names; what they don't cover goes to dateparser, told the language and the order, and
never allowed to fill a missing part from today's date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.article import Precision
from crawler.parsing.text import folded

#: No news site is older than the web, and no date may lie this far after the capture.
FIRST_YEAR = 1990
AHEAD = timedelta(days=2)


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
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.I,
)
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?\s*$")


def machine_date(text: str | None) -> Moment | None:
    """A date in a machine's form: ISO 8601 and its common misspellings, RFC 2822, Unix time.

    >>> machine_date("2020-03-18T11:42:00Z").value
    '2020-03-18T11:42:00+00:00'
    >>> machine_date("2020-03-18").precision
    'day'
    """
    if not text:
        return None
    text = text[:80]
    epoch = _EPOCH.match(text)
    if epoch:
        return _moment(datetime.fromtimestamp(int(epoch.group(1)), UTC), "second", text)
    match = _ISO.match(text)
    if match:
        return _iso_moment(match, text)
    if "," in text or " GMT" in text:
        try:
            return _moment(parsedate_to_datetime(text), "second", text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return None


def _iso_moment(match: re.Match[str], raw: str) -> Moment | None:
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        if hour is None:
            return _moment(datetime(int(year), int(month), int(day)), "day", raw)  # noqa: DTZ001
        naive = datetime(  # noqa: DTZ001
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0)
        )
    except ValueError:
        return None
    offset = _offset(zone)
    aware = naive.replace(tzinfo=offset) if offset is not None else naive
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


#: Month names by language, as (folded) stems: a printed word is a month if it is the stem, or
#: begins with it and is a beginning of the full name. Sources: CLDR wide and abbreviated names.
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "es2": "- - - - - - - - setiembre - - -",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "de2": "janner feber maerz - - - - - - - - -",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta "
    "elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika "
    "listopada grudnia",
    "cs": "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "ca": "gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
    "tr": "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "hu": "januar februar marcius aprilis majus junius julius augusztus szeptember oktober "
    "november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie "
    "noiembrie decembrie",
}


def _month_table() -> dict[str, int]:
    """Every full name and every unambiguous abbreviation of three letters or more."""
    table: dict[str, int] = {}
    clashes: set[str] = set()
    for language, names in _MONTHS.items():
        for number, name in enumerate(names.split(), 1):
            if name == "-":
                continue
            for length in range(3, len(name) + 1):
                stem = name[:length]
                if table.get(stem, number) != number:
                    if length == len(name) or language in ("en", "es"):
                        table.setdefault(stem, number)
                    else:
                        clashes.add(stem)
                else:
                    table[stem] = number
    for stem in clashes:
        if not any(stem == name for names in _MONTHS.values() for name in names.split()):
            english = [name[:3] for name in _MONTHS["en"].split()]
            spanish = [name[:3] for name in _MONTHS["es"].split()]
            if stem[:3] not in english + spanish:
                table.pop(stem, None)
    table["sept"] = 9
    table["set"] = 9
    return table


MONTHS = _month_table()

_MONTH = r"([^\W\d_]{3,14})\.?"
_TIME = (
    r"(?:\W{0,4}(?:\b(?:at|a las?|às?|um|a|à|klo|kl|o godz|alle(?: ore)?|om)\b\.?\s*)?"
    r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(Uhr)?\s*([ap]\.?\s?m\b\.?)?"
    r"\s*(UTC|GMT|Z\b|[+-]\d{2}:?\d{2}\b)?)?"
)
_NAMED = re.compile(
    rf"(?<![\d/.-])(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?\s*(?:de\s+|d[’']|of\s+|/|-)?\s*{_MONTH},?\s*(?:de\s+|del\s+|/|-)?"
    rf"\s*((?:19|20)\d{{2}})(?!\d){_TIME}",
    re.I,
)
_NAMED_US = re.compile(
    rf"(?<!\w){_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})(?!\d){_TIME}", re.I
)
_NUMBERS = re.compile(
    rf"(?<![\d/.-])(\d{{1,2}})([./-])\s?(\d{{1,2}})\2\s?((?:19|20)\d{{2}})(?![\d/]){_TIME}"
)
_YEAR_FIRST = re.compile(
    rf"(?<![\d/.-])((?:19|20)\d{{2}})\s?([./年-]|년)\s?(\d{{1,2}})\s?([./月-]|월)\s?(\d{{1,2}})(?!\d)[日일.]?{_TIME}"
)


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

    ``thorough`` lets dateparser try what the common forms don't cover, and relative dates against
    ``now``; without ``now`` a relative date stays unknown.

    >>> printed_date("DRUG POLICY / 11 JUL 2016 BY SOFIA LIEMANN EN").value
    '2016-07-11'
    >>> printed_date("3 de agosto de 2017").value, printed_date("March 18, 2020").value
    ('2017-08-03', '2020-03-18')
    >>> printed_date("03/04/2024", day_order="MDY").value
    '2024-03-04'
    """
    best: tuple[int, Moment] | None = None
    if not _DIGIT.search(text):
        return None
    for read in (_read_named, _read_named_us, _read_year_first, _read_numbers):
        found = read(text, day_order, timezone)
        if found and (best is None or found[0] < best[0]):
            best = found
    if best:
        return best[1]
    return _by_dateparser(text, day_order, language, now) if thorough else None


_DIGIT = re.compile(r"\d")
Found = tuple[int, Moment] | None


def _read_named(text: str, order: str, timezone: str | None) -> Found:
    for match in _NAMED.finditer(text):
        month = MONTHS.get(folded(match.group(2)))
        if month:
            moment = _composed(match, int(match.group(3)), month, int(match.group(1)), 4, timezone)
            if moment:
                return match.start(), moment
    return None


def _read_named_us(text: str, order: str, timezone: str | None) -> Found:
    for match in _NAMED_US.finditer(text):
        month = MONTHS.get(folded(match.group(1)))
        if month:
            moment = _composed(match, int(match.group(3)), month, int(match.group(2)), 4, timezone)
            if moment:
                return match.start(), moment
    return None


def _read_year_first(text: str, order: str, timezone: str | None) -> Found:
    for match in _YEAR_FIRST.finditer(text):
        year, month, day = int(match.group(1)), int(match.group(3)), int(match.group(5))
        moment = _composed(match, year, month, day, 6, timezone)
        if moment:
            return match.start(), moment
    return None


def _read_numbers(text: str, order: str, timezone: str | None) -> Found:
    for match in _NUMBERS.finditer(text):
        first, second = int(match.group(1)), int(match.group(3))
        month_first = (order == "MDY" and match.group(2) != ".") or second > 12
        month, day = (first, second) if month_first and first <= 12 else (second, first)
        moment = _composed(match, int(match.group(4)), month, day, 5, timezone)
        if moment:
            return match.start(), moment
    return None


def _composed(
    match: re.Match[str], year: int, month: int, day: int, at: int, timezone: str | None
) -> Moment | None:
    """The moment of a match whose groups from ``at`` on are hour, minute, second, -, half, zone."""
    hour, minute, second, _, half, zone = match.groups()[at - 1 : at + 5]
    try:
        if hour is None or int(hour) > 23 or int(minute) > 59:
            return _moment(datetime(year, month, day), "day", match.group(0))  # noqa: DTZ001
        when = datetime(  # noqa: DTZ001
            year, month, day, _hour(int(hour), half), int(minute), int(second or 0)
        )
    except ValueError:
        return None
    return _moment(_zoned(when, zone, timezone), "second" if second else "minute", match.group(0))


def _hour(hour: int, half: str | None) -> int:
    if half and half.lower().startswith("p") and hour < 12:
        return hour + 12
    if half and half.lower().startswith("a") and hour == 12:
        return 0
    return hour


def _zoned(when: datetime, zone: str | None, zone_name: str | None) -> datetime:
    offset = _offset(zone)
    if offset is not None:
        return when.replace(tzinfo=offset)
    if zone_name:
        try:
            return when.replace(tzinfo=ZoneInfo(zone_name))
        except (ZoneInfoNotFoundError, ValueError):
            return when
    return when


#: Languages that dateparser is asked about when a page's language is unknown.
_USUAL = ("en", "es")


@lru_cache(maxsize=1024)
def _by_dateparser(
    text: str, day_order: str, language: str | None, now: datetime | None
) -> Moment | None:
    if not 4 <= len(text) <= 60 or not any(letter.isdigit() for letter in text):
        return None
    import dateparser

    languages = [language] if language else list(_USUAL)
    parsers = ["absolute-time"] + (["relative-time"] if now else [])
    settings = {
        "DATE_ORDER": day_order,
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RETURN_AS_TIMEZONE_AWARE": False,
        "PARSERS": parsers,
        "PREFER_DATES_FROM": "past",
    }
    if now:
        settings["RELATIVE_BASE"] = now.replace(tzinfo=None)
    try:
        when = dateparser.parse(text, languages=languages, settings=settings)
    except (ValueError, OverflowError, RecursionError, AttributeError, TypeError):
        return None
    if when is None:
        return None
    if now is not None and abs(when - now.replace(tzinfo=None)) < timedelta(days=1):
        return _moment(when.replace(tzinfo=UTC), "minute", text)
    return _moment(when, "day", text)


def days_apart(one: Moment, other: Moment) -> int:
    """How many days lie between two moments, as written."""
    return abs((date.fromisoformat(one.day) - date.fromisoformat(other.day)).days)


def is_plausible(moment: Moment, fetched_at: datetime | None) -> bool:
    """Whether a publication date can be true of a page captured then: not after it."""
    if fetched_at is None:
        return True
    return moment.day <= (fetched_at + AHEAD).strftime("%Y-%m-%d")
