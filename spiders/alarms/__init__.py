"""What should not stay unseen: told by a site's own history, and silent while there is too little.

One unreadable page is a failure among others, and a quiet night is no outage. So what the latest
runs brought is held against what the same site usually brings, by medians and shares that a few odd
runs don't move; each alarm says which figures made it ring, and what to run next. What began to
ring is over when it is well again, not when it has lasted so long that the last runs know nothing
else; only what no longer harms is taken as normal in the end, and that is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from spiders.alarms.clock import THIS_MACHINE, of_clock
from spiders.alarms.evidence import Evidence, Report, moment_of, target_of
from spiders.alarms.fields import READINGS, of_fields
from spiders.alarms.lists import LIST_KINDS, broken_lists, of_lists
from spiders.alarms.pages import of_pages
from spiders.alarms.redesign import of_redesign
from spiders.alarms.rhythm import Rhythm, rhythm_of
from spiders.alarms.room import of_room
from storage.alarms import Alarm, Kind, StoredAlarm

__all__ = ["KINDS", "LIST_KINDS", "READINGS", "RUNS", "THIS_MACHINE", "Evidence", "alarms",
           "lasting", "of_clock", "rhythm_of", "target_of"]  # fmt: skip

#: Runs that are looked at.
RUNS = 200

KINDS: tuple[Kind, ...] = (
    "unreadable", "not_articles", "errors", "silent", "empty", "field", "coverage", "disk", "thin",
    "lists", "robots", "redesign",
)  # fmt: skip

#: What has lasted so long, by so many articles, is how the site is now,
NORMAL_AFTER, NORMAL_ARTICLES = timedelta(days=60), 50
#: but an article has these, and a site that shows none of them is misread.
NEVER_NORMAL = ("headline", "body_text", "published")


def alarms(evidence: Evidence) -> list[Alarm]:
    """Everything that is found, what weighs most first."""
    of_site = (*of_pages(evidence), *of_fields(evidence), *of_redesign(evidence))
    return [*of_site, *of_lists(evidence), *of_room(evidence)]


def lasting(evidence: Evidence) -> list[StoredAlarm]:
    """Alarms that stand and are to be taken as normal now.

    A field that articles may well lack, pages that are no articles, a backlog: after sixty days
    and fifty articles; lists that are gone, where others go on naming new articles.
    """
    return [each for each in evidence.standing.values() if _is_normal(each, evidence)]


def _is_normal(stands: StoredAlarm, evidence: Evidence) -> bool:
    kind, about, since = stands.alarm.kind, stands.alarm.about, stands.began_at
    if evidence.now - since < NORMAL_AFTER:
        return False
    if kind == "field":
        fresh = [each for each in evidence.measures if each.is_fresh and each.captured_at >= since]
        return about not in NEVER_NORMAL and len(fresh) >= NORMAL_ARTICLES
    if kind in ("not_articles", "coverage"):
        pages = (each.get("fetched") or 0 for each in evidence.before if _is_since(each, since))
        return sum(pages) >= NORMAL_ARTICLES
    if kind == "lists" and not about and evidence.report.get("rhythm"):
        last = Rhythm.of(evidence.report["rhythm"]).last
        return last - since >= NORMAL_AFTER / 2 and len(broken_lists(evidence)) < _in_use(evidence)
    return False


def _is_since(report: Report, moment: datetime) -> bool:
    return bool(report.get("finished_at")) and moment_of(report) >= moment


def _in_use(evidence: Evidence) -> int:
    return sum(each.failing_since is None for each in evidence.lists) + len(broken_lists(evidence))
