"""Counts over time, period by period, without a hole between the first and the last."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from storage.statistics import completeness

Unit = Literal["day", "month", "year"]
Measure = Literal["articles", "share"]

#: More bars than this are too thin to hit: months become years.
_MOST_BARS = 48

#: Where the reader asks for months, there may be so many; where for nothing, so many days.
_MOST_MONTHS, _MOST_DAYS = 240, 62

#: How many times the highest full bar a pale one may be before it is cut.
_CUT_AT = 2.5

_YEARS = range(1500, 2200)
"""Years that a date may truthfully say; a mistyped 0201 must not stretch the axis."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: a year, a month or a day."""

    key: str
    """``2017``, ``2017-10`` or ``2017-10-09``."""
    articles: int = 0
    listed: int = 0
    """What the sites listed of that time, or 0 where that is not shown: drawn pale behind."""
    has_gap: bool = False
    """Of that time something is not known: as `stats` counts it, the archive lacks articles."""
    whole: int | None = None
    """How many articles there are whatever they say, where that is known."""

    @property
    def share(self) -> float | None:
        """What was found of all there are, from 0 to 1; None of nothing."""
        return self.articles / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without a hole between the first and the last, and what has no date."""

    bars: tuple[Bar, ...]
    undated: int = 0
    measure: Measure = "articles"
    """What the height of a bar is."""
    is_cut: bool = False
    """Whether what is pale may be cut off, so that the others stay to be seen."""

    @property
    def is_worth_drawing(self) -> bool:
        """Whether there is more than one period."""
        return len(self.bars) > 1

    @property
    def has_gaps(self) -> bool:
        """Whether any period lacks something."""
        return any(bar.has_gap for bar in self.bars)

    @property
    def unit(self) -> Unit:
        """What a period is."""
        units: tuple[Unit, ...] = ("year", "month", "day")
        return units[self.bars[0].key.count("-")] if self.bars else "year"

    def height(self, bar: Bar) -> float:
        """What is drawn of a period: a number, or a share from 0 to 1."""
        return (bar.share or 0.0) if self.measure == "share" else float(bar.articles)

    @property
    def top(self) -> float:
        """The most that is drawn."""
        full = max(map(self.height, self.bars), default=0.0)
        pale = float(max((bar.listed for bar in self.bars), default=0))
        return max(full, min(pale, _CUT_AT * full) if self.is_cut and full else pale)

    def is_over(self, bar: Bar) -> bool:
        """Whether what is pale is higher than the drawing."""
        return bar.listed > self.top


def timeline_of(
    months: Iterable[dict[str, Any]],
    coverage: Iterable[dict[str, Any]] = (),
    *,
    span: Iterable[str] = (),
    whole: Mapping[str | None, int] | None = None,
    shows_listed: bool = False,
    is_fine: bool = False,
    by: Unit | None = None,
    measure: Measure = "articles",
) -> Timeline:
    """The timeline of counts by month, over all the time that any of its arguments knows.

    *months* are rows of ``Archive.stats``, *coverage* those of ``Archive.coverage``, by which a
    period has a gap exactly where `stats` says so; *span* names further months, *whole* the number
    of all articles by month. More months than fit become years, unless *is_fine*, or as *by* says.

    >>> rows = [{"key": "2017-01", "articles": 2}, {"key": "2017-03", "articles": 1}]
    >>> [(bar.key, bar.articles) for bar in timeline_of(rows, span=["2017-04"]).bars]
    [('2017-01', 2), ('2017-02', 0), ('2017-03', 1), ('2017-04', 0)]
    """
    counted: Counter[str | None] = Counter()
    for row in months:
        counted[str(row["key"] or "")[:7]] += row["articles"]
    ledger = [row for row in coverage if _is_month(str(row["month"] or ""))]
    named = (*(key or "" for key in counted), *span)
    known = {*filter(_is_month, named), *(row["month"] for row in ledger)}
    keys = list(_months_between(min(known), max(known))) if known else []
    length = 7
    most = _MOST_MONTHS if by == "month" else _MOST_BARS
    if keys and (by == "year" or len(keys) > most) and not is_fine:
        length, keys = 4, list(_years_between(keys[0][:4], keys[-1][:4]))
    listed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ledger:
        listed[row["month"][:length]].append(row)
    found, all_of = _summed(counted, length), _summed(whole or {}, length)
    bars = (
        Bar(
            key,
            found[key],
            sum(row["listed"] for row in listed[key]) if shows_listed else 0,
            completeness(listed[key])["gap"],
            None if whole is None else all_of[key],
        )
        for key in keys
    )
    undated = sum(number for key, number in counted.items() if not _is_month(key or ""))
    return Timeline(tuple(bars), undated, "articles" if whole is None else measure)


def by_days(
    counted: Mapping[str, int],
    looked: Iterable[str],
    *,
    whole: Mapping[str, int] | None = None,
    unit: Unit | None = None,
) -> Timeline:
    """The timeline of counts by day, in days, or else in months or years where these are too many.

    *looked* are the days at which something was looked at: what lies between them and the others
    that are known is drawn, and a period without any is a gap. *whole* is drawn pale behind.

    >>> found = by_days({"2026-03-01": 2}, ["2026-03-01", "2026-03-03"])
    >>> [(bar.key[-2:], bar.articles, bar.has_gap) for bar in found.bars]
    [('01', 2, False), ('02', 0, True), ('03', 0, False)]
    """
    seen = {*looked, *counted}
    if not seen:
        return Timeline(())
    first, last = min(seen), max(seen)
    unit = unit or _unit_for(first, last)
    length = _LENGTHS[unit]
    drawn, pale, looks = Counter[str](), Counter[str](), {day[:length] for day in seen}
    for sums, each in ((drawn, counted), (pale, whole or {})):
        for day, number in each.items():
            sums[day[:length]] += number
    bars = tuple(
        Bar(key, drawn[key], pale[key], key not in looks)
        for key in _periods_between(first, last, unit)
    )
    return Timeline(bars, is_cut=True)


_LENGTHS: dict[Unit, int] = {"day": 10, "month": 7, "year": 4}


def _unit_for(first: str, last: str) -> Unit:
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if days <= _MOST_DAYS:
        return "day"
    return "month" if len(list(_months_between(first[:7], last[:7]))) <= _MOST_BARS else "year"


def _periods_between(first: str, last: str, unit: Unit) -> Iterator[str]:
    if unit == "year":
        return _years_between(first[:4], last[:4])
    return _months_between(first[:7], last[:7]) if unit == "month" else _days_between(first, last)


def _days_between(first: str, last: str) -> Iterator[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    for number in range((end - start).days + 1):
        yield (start + timedelta(number)).isoformat()


def _summed(months: Mapping[str | None, int], length: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, number in months.items():
        found[(key or "")[:length]] += number
    return found


def _is_month(key: str) -> bool:
    year, _, month = key.partition("-")
    is_number = year.isdecimal() and month.isdecimal()
    return is_number and int(year) in _YEARS and 1 <= int(month) <= 12


def _months_between(first: str, last: str) -> Iterator[str]:
    start, end = (int(key[:4]) * 12 + int(key[5:]) - 1 for key in (first, last))
    for number in range(start, end + 1):
        yield f"{number // 12}-{number % 12 + 1:02}"


def _years_between(first: str, last: str) -> Iterator[str]:
    yield from (str(year) for year in range(int(first), int(last) + 1))
