"""A crawl's report in words, short enough to be read at breakfast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from scripts.printing import minute, number_of

Report = dict[str, Any]

#: Outcomes of pages in the order of their weight, each with its words for one and for several.
_CAME = (
    ("new", "new article", "new articles"),
    ("revised", "edited", "edited"),
    ("gone", "gone from the site", "gone from the site"),
    ("as_before", "as before", "as before"),
    ("part", "further page of an article", "further pages of articles"),
    ("not_articles", "page that is no article", "pages that are no articles"),
    ("refused_by_robots", "refused by robots.txt", "refused by robots.txt"),
    ("unreadable", "that could not be read", "that could not be read"),
)


def told(report: Report) -> str:
    """The whole report as a few lines of text.

    >>> print(told({"site": "gazette", "outcome": "finished", "new": 1, "unchanged": 4,
    ...     "listed": 9, "listed_new": 1, "due": 5, "failed": {"timeout": 2}, "body_bytes": 2048,
    ...     "usual": {"runs": 9, "new": 3, "revised": 1}, "duration_seconds": 90}))
    gazette: 1 new article, 4 as before, 2 failed.
      The site's lists named 9 addresses, 1 of them for the first time; 5 pages were due.
      Failed: timeout (2). They are tried again by themselves.
      It took 1 min 30 s, 4.7 pages a minute, 2 kB. Usual are 3 new, 1 edited (the last 9 runs).
    """
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    began = report.get("started_at")
    when = f", {minute(began)} UTC" if began else ""
    ended = report.get("result") or report.get("outcome")
    how = "" if ended in ("finished", None) else f" ({ended})"
    yield f"{report['site']}{when}{how}: {_what_came(report)}."
    nexts = [each["next"] for each in report.get("alarm_details") or []]
    for alarm, step in zip_longest(report.get("alarms") or [], nexts):
        yield f"  ALARM: {alarm}." + (f" Now {step}." if step else "")
    for says in report.get("taken_as_normal") or []:
        yield f"  Taken as normal now: {says}."
    for each in report.get("accepted") or []:
        yield f"  Accepted ({each['because']}): {each['says']}."
    due = number_of(report.get("due") or 0, "page")
    were = "was" if report.get("due") == 1 else "were"
    yield f"  {_listed(report)}; {due} {were} due."
    yield from _troubles(report)
    yield f"  {_effort(report)}{_usual(report)}"


def _what_came(report: Report) -> str:
    counts = dict(report)
    counts["as_before"] = (report.get("unchanged") or 0) + (report.get("not_modified") or 0)
    parts = [
        f"{counts[key]} {_one_or_more(counts[key], *words)}"
        for key, *words in _CAME
        if counts.get(key)
    ]
    failed = sum((report.get("failed") or {}).values())
    parts += [f"{failed} failed"] if failed else []
    left = sum((report.get("put_back") or {}).values())
    parts += [f"{left} left for a later run"] if left else []
    if not parts and report.get("lists_failed") and not _lists_read(report):
        return "none of its lists could be read"
    return ", ".join(parts) or "nothing was due"


def _lists_read(report: Report) -> int:
    return sum(report.get(key) or 0 for key in ("lists_read", "lists_not_modified"))


def _one_or_more(number: int, one: str, more: str) -> str:
    return one if number == 1 else more


def _listed(report: Report) -> str:
    """What the site's lists named, or that they are as they were.

    >>> _listed({"lists_not_modified": 3, "lists_changed_at": "2026-11-22T03:17:00+00:00"})
    "The site's 3 lists named nothing new since 2026-11-22 03:17"
    """
    listed = report.get("addresses") or report.get("listed") or 0
    new, lists = report.get("listed_new") or 0, _lists_read(report)
    if lists and not new and report.get("lists_not_modified") and not listed:
        which = "one list" if lists == 1 else f"{lists} lists"
        changed_at = report.get("lists_changed_at")
        return f"The site's {which} named nothing new" + (
            f" since {minute(changed_at)}" if changed_at else ""
        )
    if not lists and not listed:
        return "No list of the site was read"
    addresses = number_of(listed, "address") if listed == 1 else f"{listed} addresses"
    which = f"{new} of them for the first time" if new else "none new"
    return f"The site's lists named {addresses}, {which}"


def _troubles(report: Report) -> Iterator[str]:
    if report.get("failed"):
        yield f"  Failed: {_by_reason(report['failed'])}. They are tried again by themselves."
    if report.get("put_back"):
        yield f"  Left for a later run: {_by_reason(report['put_back'])}."
    lists = report.get("lists_failed") or {}
    for url, reason in list(lists.items())[:3]:
        yield f"  The list {url} could not be read ({reason})."
    if len(lists) > 3:
        yield f"  {len(lists) - 3} more lists could not be read."
    if report.get("read_from_feeds"):
        number = number_of(report["read_from_feeds"], "article")
        yield f"  {number} came from the site's feed, since the page itself gave no text."
    thin = report.get("thin_pages") or {}
    for url, figures in list(thin.items())[:3]:
        yield f"  {url} gave less than half of its feed's text ({figures})."
    doubted = report.get("lists_doubted") or {}
    for url, reason in list(doubted.items())[:3]:
        yield f"  The times of change in {url} are not believed: {reason}."


def _by_reason(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{reason} ({number})" for reason, number in ordered)


def _effort(report: Report) -> str:
    parts = []
    seconds = report.get("duration_seconds")
    if seconds is not None:
        parts.append(f"It took {duration(seconds)}")
        pages = _asked_for(report)
        if pages and seconds >= 1:
            parts.append(f"{60 * pages / seconds:.1f} pages a minute")
    parts.append(size(report.get("body_bytes") or 0))
    return f"{', '.join(parts)}."


def _asked_for(report: Report) -> int:
    """Pages that were answered, or not in time."""
    keys = [key for key, *_ in _CAME if key not in ("as_before", "refused_by_robots")]
    counted: int = sum(report.get(key) or 0 for key in (*keys, "unchanged", "not_modified"))
    failed: dict[str, int] = report.get("failed") or {}
    return counted + sum(failed.values())


def _usual(report: Report) -> str:
    """What earlier runs brought, to hold this one against."""
    usual = report.get("usual") or {}
    if not usual.get("runs"):
        return ""
    each = f"{usual['new']:g} new, {usual['revised']:g} edited"
    if usual["runs"] == 1:
        return f" The run before brought {each}."
    return f" Usual are {each} (the last {usual['runs']:g} runs)."


def duration(seconds: float) -> str:
    """A time as a person says it.

    >>> duration(4.2), duration(75), duration(7500)
    ('4 s', '1 min 15 s', '2 h 5 min')
    """
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


def size(number: int) -> str:
    """A number of bytes as a person says it.

    >>> size(400), size(2048), size(5_600_000)
    ('400 bytes', '2 kB', '5.6 MB')
    """
    if number < 1000:
        return f"{number} bytes"
    for unit, step in (("GB", 1e9), ("MB", 1e6)):
        if number >= step:
            return f"{number / step:.1f} {unit}"
    return f"{number / 1000:.0f} kB"
