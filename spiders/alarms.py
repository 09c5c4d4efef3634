"""Whether a site has changed so that it is no longer read: told by shares over several crawls.

One unreadable page is a failure among others. A growing share of them is a new layout, a wall, or
a server that has gone wrong, and somebody has to look. A single run of every hour brings a page or
two, so the latest runs are taken together and held against those before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

#: The latest runs that together looked at so many pages are held against those before.
RECENT_PAGES = 20
#: Fewer unreadable pages than this are chance.
FEWEST = 3
#: A share below this is no alarm, whatever it was before.
LEAST_SHARE = 0.1
#: For pages that are no articles: there are always some, and on some sites many.
LEAST_SHARE_OF_OTHERS = 0.5
#: So many times what it was before is growth.
GROWTH = 2.0

#: Runs that are looked at.
RUNS = 200


def alarms(report: dict[str, Any], before: Sequence[dict[str, Any]]) -> list[str]:
    """Sentences on what has grown; ``before`` are the reports of earlier runs, the latest first.

    >>> alarms({"fetched": 20, "unreadable": 8}, [{"fetched": 90, "unreadable": 2}])
    ['8 of the last 20 pages could not be read (2 of 90 before)']
    >>> alarms({"fetched": 20, "unreadable": 8}, [{"fetched": 90, "unreadable": 40}])
    []
    """
    recent, earlier = _parted([report, *before])
    found = (
        _alarm(recent, earlier, "unreadable", "could not be read", LEAST_SHARE),
        _alarm(recent, earlier, "not_articles", "were no articles", LEAST_SHARE_OF_OTHERS)
        if earlier
        else None,
    )
    return [sentence for sentence in found if sentence]


def _parted(
    reports: Iterable[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The latest runs with enough pages to tell, and the others."""
    recent, earlier = list[dict[str, Any]](), list[dict[str, Any]]()
    for report in _with_pages(reports):
        (recent if _sum(recent, "fetched") < RECENT_PAGES else earlier).append(report)
    return recent, earlier


def _with_pages(reports: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (report for report in reports if report.get("fetched"))


def _alarm(
    recent: Sequence[dict[str, Any]],
    earlier: Sequence[dict[str, Any]],
    key: str,
    words: str,
    least: float,
) -> str | None:
    bad, pages = _sum(recent, key), _sum(recent, "fetched")
    bad_before, pages_before = _sum(earlier, key), _sum(earlier, "fetched")
    if bad < FEWEST or bad < least * pages:
        return None
    if pages_before and bad * pages_before < GROWTH * bad_before * pages:
        return None
    held = f" ({bad_before} of {pages_before} before)" if pages_before else ""
    return f"{bad} of the last {pages} pages {words}{held}"


def _sum(reports: Iterable[dict[str, Any]], key: str) -> int:
    return sum(int(report.get(key) or 0) for report in reports)
