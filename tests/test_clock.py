"""A clock that was wrong and was put right: nothing waits for a time that has not come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.crawls import HostState
from tests.storing import SITE, Desk, article, desk

__all__ = ["desk"]

YEARS = timedelta(days=5 * 365)


class Found:
    """An address on a list."""

    url = "https://news.example/a-page-on-a-list"
    source = "sitemap"
    lastmod_at = None
    stated_on = None


def ahead(desk: Desk) -> datetime:
    """A crawl under a clock that is years ahead, which leaves a page, an address and a host;
    the true time."""
    true = desk.now
    desk.now += YEARS
    desk.archive.start_crawl(SITE, "due", {}, desk.now)
    desk.save(article(1), next_due_at=desk.now + timedelta(days=3))
    desk.archive.enlist(SITE, [Found()], crawl_id=None, now=desk.now)
    desk.archive.keep_host_state("news.example", next_allowed_at=desk.now)
    return true


def test_what_was_planned_by_a_clock_that_was_ahead_is_counted_from_now(desk: Desk) -> None:
    true = ahead(desk)
    assert desk.archive.due(SITE, limit=9, now=true + timedelta(days=9)) == []
    desk.archive.start_crawl(SITE, "due", {}, true)
    assert [due.url for due in desk.archive.due(SITE, limit=9, now=true)] == [Found.url]
    later = desk.archive.due(SITE, limit=9, now=true + timedelta(days=4))
    assert len(later) == 2
    assert desk.archive.host_state("news.example") == HostState(true, None, None)


def test_a_clock_that_was_never_set_plans_nothing_anew(desk: Desk) -> None:
    ahead(desk)
    before = desk.rows("SELECT next_due_at FROM frontier ORDER BY id")
    desk.archive.start_crawl(SITE, "due", {}, datetime(1970, 1, 1, tzinfo=UTC))
    assert desk.rows("SELECT next_due_at FROM frontier ORDER BY id") == before
