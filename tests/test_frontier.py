"""The frontier: what is due, in which order, and what a list changes about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.errors import NotAnArticle
from storage import Due, ListedCount
from tests.storing import NOW, SITE, TOMORROW, Desk, address, article, capture, desk

__all__ = ["desk"]


@dataclass(frozen=True)
class Found:
    """An address on a list."""

    url: str
    lastmod_at: datetime | None = None
    source: str = "sitemap"
    stated_on: date | None = None


def day(number: int) -> datetime:
    return datetime(2026, 2, number, tzinfo=UTC)


def enlist(desk: Desk, *founds: Found, crawl_id: int | None = None) -> ListedCount:
    return desk.archive.enlist(SITE, founds, crawl_id=crawl_id or desk.crawl_id, now=desk.now)


def due(desk: Desk, **which: object) -> list[str]:
    which = {"limit": 100, "now": desk.now} | which
    return [each.url.rpartition("/")[2] for each in desk.archive.due(SITE, **which)]  # type: ignore[arg-type]


def found(number: int | str, lastmod_at: datetime | None = None) -> Found:
    return Found(address(number), lastmod_at)


def fetch(desk: Desk, number: int, next_due_at: datetime = TOMORROW) -> None:
    desk.save(article(number), next_due_at=next_due_at)


def test_a_list_is_taken_in_once(desk: Desk) -> None:
    assert enlist(desk, found(1), found(2), found(1)) == ListedCount(listed=2, new=2, due=2)
    assert enlist(desk, found(2), found(3)) == ListedCount(listed=2, new=1, due=2)
    assert desk.archive.frontier_counts(SITE) == {"waiting": 3}


def test_a_long_list_is_taken_in_whole(desk: Desk) -> None:
    founds = [found(number) for number in range(1234)]
    assert enlist(desk, *founds) == ListedCount(1234, 1234, 1234)
    assert enlist(desk, *founds) == ListedCount(1234, 0, 1234)


def test_an_empty_list_is_no_error(desk: Desk) -> None:
    assert enlist(desk) == ListedCount(0, 0, 0)


def test_newest_first_then_the_undated_as_listed_those_of_a_later_crawl_before(desk: Desk) -> None:
    enlist(desk, found("a"), found("old", day(1)), found("b"), found("new", day(20)))
    later = desk.archive.start_crawl(SITE, "latest", {}, NOW)
    enlist(desk, found("c"), found("d"), found("middle", day(10)), crawl_id=later)
    assert due(desk) == ["new", "middle", "old", "c", "d", "a", "b"]


def test_the_queue_can_be_read_in_parts(desk: Desk) -> None:
    founds = [found(number, day(1 + number % 5)) for number in range(7)]
    enlist(desk, *founds, found("x"), found("y"))
    whole, parts = due(desk), []
    after = None
    while part := desk.archive.due(SITE, limit=2, now=desk.now, after=after):
        parts += [each.url.rpartition("/")[2] for each in part]
        after = part[-1]
    assert parts == whole
    assert due(desk, after=address("x")) == ["y"]
    assert due(desk, after="https://example.org/unknown") == whole


def test_a_fetched_page_is_not_due_before_its_time(desk: Desk) -> None:
    enlist(desk, found(1), found(2))
    fetch(desk, 1)
    assert due(desk) == ["2"]
    assert due(desk, now=TOMORROW) == ["1", "2"]
    assert due(desk, now=TOMORROW, known_only=True) == ["1"]
    assert desk.archive.frontier_counts(SITE) == {"waiting": 1, "article": 1}


def test_what_is_due_says_what_a_conditional_request_needs(desk: Desk) -> None:
    enlist(desk, found(1, day(3)))
    headers = (("Etag", 'W/"7"'), ("last-modified", "Sun, 01 Mar 2026 10:00:00 GMT"))
    desk.save(article(1), headers=headers)
    (one,) = desk.archive.due(SITE, limit=1, now=TOMORROW)
    assert (one.etag, one.last_modified) == ('W/"7"', "Sun, 01 Mar 2026 10:00:00 GMT")
    assert (one.known, one.last_fetched_at, one.lastmod_at) == (True, desk.now, day(3))


def test_a_truncated_answer_gives_no_validators(desk: Desk) -> None:
    desk.save(article(1), truncated=True)
    (one,) = desk.archive.due(SITE, limit=1, now=TOMORROW)
    assert one.etag is None


def test_a_page_that_the_list_says_has_changed_is_due(desk: Desk) -> None:
    enlist(desk, found(1, day(1)), found(2, day(1)))
    fetch(desk, 1)
    fetch(desk, 2)
    assert enlist(desk, found(1, day(1)), found(2, day(2))) == ListedCount(2, 0, 0)
    desk.pass_time(hours=2)
    assert enlist(desk, found(1, day(1)), found(2, desk.now)) == ListedCount(2, 0, 1)
    assert due(desk) == ["2"]


def test_a_change_dated_in_the_future_counts_once(desk: Desk) -> None:
    future = NOW + timedelta(days=400)
    enlist(desk, found(1, future))
    fetch(desk, 1)
    assert enlist(desk, found(1, future)).due == 0
    soon = desk.now + timedelta(hours=9)
    assert enlist(desk, found(1, soon)).due == 0  # it gives way to what may be true
    assert enlist(desk, found(1, soon + timedelta(hours=1))).due == 1
    fetch(desk, 1)
    assert enlist(desk, found(1, soon + timedelta(hours=1))).due == 0


def test_a_change_dated_years_ahead_is_an_error_of_the_list(desk: Desk) -> None:
    enlist(desk, found(1))
    fetch(desk, 1)
    for years in (1, 2, 50):
        assert enlist(desk, found(1, NOW + timedelta(days=365 * years))).due == 0
    desk.pass_time(hours=1)
    assert enlist(desk, found(1, desk.now)).due == 1


def test_a_new_day_means_a_change_where_a_list_states_days_alone(desk: Desk) -> None:
    enlist(desk, found(1, day(1)))
    fetch(desk, 1, desk.now + timedelta(days=9))
    midnight = desk.now.replace(hour=0, minute=0, second=0, microsecond=0)
    assert enlist(desk, found(1, midnight)).due == 1
    fetch(desk, 1, desk.now + timedelta(days=9))
    assert enlist(desk, found(1, midnight)).due == 0


def test_a_feed_that_tells_of_publication_takes_nothing_back(desk: Desk) -> None:
    enlist(desk, found(1, day(20)))
    enlist(desk, Found(address(1), day(3), "feed"))
    (one,) = desk.archive.due(SITE, limit=1, now=desk.now)
    assert one.lastmod_at == day(20)


def test_a_page_that_says_only_today_is_as_young_as_its_first_capture(desk: Desk) -> None:
    enlist(desk, found(1))
    desk.save(article(1, published=f"{desk.now:%Y-%m-%d}"), next_due_at=TOMORROW)
    (one,) = desk.archive.due(SITE, limit=1, now=TOMORROW)
    assert one.changed_at == desk.now


def test_what_stands_and_since_when_follows_the_page(desk: Desk) -> None:
    def now_due() -> Due:
        (one,) = desk.archive.due(SITE, limit=1, now=TOMORROW)
        return one

    enlist(desk, found(1))
    desk.save(article(1), next_due_at=TOMORROW, edited_due_at=NOW)
    published = datetime(2020, 5, 17, 23, 59, 59, 999999, UTC)  # that day, who knows when
    assert now_due().changed_at == published
    assert due(desk) == []
    desk.save(article(1), next_due_at=TOMORROW, edited_due_at=NOW)
    assert (now_due().changed_at, due(desk)) == (published, [])
    desk.save(article(1, headline="Edited"), next_due_at=TOMORROW, edited_due_at=NOW)
    assert (now_due().changed_at, now_due().edits, due(desk)) == (desk.now, 1, ["1"])
    edited_at = desk.now
    fail(desk, address(1), NOW)
    desk.save(article(1, headline="Edited"), next_due_at=TOMORROW)
    assert now_due().changed_at == edited_at
    for number in range(2):
        desk.gone(1)
        if not number:
            gone_at = desk.now
    rows = desk.rows("SELECT state, changed_at FROM frontier")
    assert rows == [("gone", f"{gone_at:%Y-%m-%d %H:%M:%S.%f}")]
    desk.save(article(1, headline="Edited"), next_due_at=TOMORROW)
    assert (now_due().state, now_due().changed_at) == ("article", desk.now)


def test_a_second_look_at_what_is_old_can_be_left_for_later(desk: Desk) -> None:
    enlist(desk, found(1), found(2, day(1)), found(3))
    fetch(desk, 1)  # published in 2020
    desk.save(article(3, published=f"{desk.now:%Y-%m-%d}"), next_due_at=TOMORROW)
    week = TOMORROW - timedelta(days=7)
    assert set(due(desk, now=TOMORROW)) == {"1", "2", "3"}
    assert set(due(desk, now=TOMORROW, young_since=week)) == {"2", "3"}


def test_the_day_in_an_address_orders_what_has_no_other(desk: Desk) -> None:
    enlist(
        desk,
        found("undated"),
        Found(address("may"), None, "listing", date(2019, 5, 1)),
        Found(address("june"), None, "listing", date(2019, 6, 1)),
    )
    assert due(desk) == ["june", "may", "undated"]


def test_a_period_leaves_out_what_cannot_have_been_published_in_it(desk: Desk) -> None:
    enlist(desk, found(1, day(1)), found(2, day(20)), found(3))
    assert due(desk, since=date(2026, 2, 10)) == ["2", "3"]
    assert due(desk, until=date(2026, 2, 10)) == [
        "2",
        "1",
        "3",
    ]  # all may be older than their change
    fetch(desk, 2)  # published in 2020, as the page says
    assert due(desk, now=TOMORROW, since=date(2026, 2, 10)) == ["3"]
    assert due(desk, now=TOMORROW, until=date(2019, 2, 10)) == ["1", "3"]


def test_a_page_that_is_as_it_was_is_due_again_later(desk: Desk) -> None:
    fetch(desk, 1, NOW)
    desk.archive.not_modified(
        address(1), site=SITE, crawl_id=desk.crawl_id, now=desk.now, next_due_at=TOMORROW
    )
    assert due(desk) == []
    assert desk.archive.article(1).last_checked_at == desk.now  # type: ignore[union-attr]
    assert [each.outcome for each in desk.archive.captures(address(1))] == ["new"]


def test_gone_and_moved_pages_are_not_due_until_a_list_says_they_changed(desk: Desk) -> None:
    enlist(desk, found(1), found(2))
    desk.gone(1)
    desk.archive.moved(address(2), address(3), site=SITE, crawl_id=desk.crawl_id, now=desk.now)
    assert due(desk, now=TOMORROW) == []
    desk.pass_time(hours=1)
    enlist(desk, found(1, desk.now))
    assert due(desk) == ["1"]


def test_a_refused_page_is_asked_for_again_when_the_rules_may_have_changed(desk: Desk) -> None:
    enlist(desk, found(1))
    for number in (1, 2):
        desk.archive.refuse(
            address(number),
            site=SITE,
            reason="robots.txt",
            crawl_id=desk.crawl_id,
            now=NOW,
            next_due_at=TOMORROW,
        )
    assert due(desk) == []
    assert desk.archive.frontier_counts(SITE) == {"refused": 2}
    assert due(desk, now=TOMORROW) == ["1", "2"]
    assert desk.archive.failures() == []


def fail(desk: Desk, url: str, retry_at: datetime | None = TOMORROW) -> None:
    desk.archive.fail(
        url,
        site=SITE,
        reason="no answer",
        crawl_id=desk.crawl_id,
        now=desk.now,
        retry_at=retry_at,
    )


def test_failures_are_counted_until_the_page_is_fetched(desk: Desk) -> None:
    enlist(desk, found(1))
    fail(desk, address(1))
    fail(desk, address(1))
    (one,) = desk.archive.due(SITE, limit=1, now=TOMORROW)
    assert one.failures == 2
    assert desk.archive.failures(SITE)[0].count == 2
    assert desk.archive.failures("another") == []
    fetch(desk, 1)
    (one,) = desk.archive.due(SITE, limit=1, now=TOMORROW)
    assert one.failures == 0
    assert desk.archive.failures(SITE) == []


def test_a_list_that_fails_is_a_failure_and_no_page_to_fetch(desk: Desk) -> None:
    fail(desk, "https://example.org/sitemap.xml")
    assert len(desk.archive.failures()) == 1
    assert due(desk, now=TOMORROW) == []


def test_failures_can_be_retried_now_or_forgotten(desk: Desk) -> None:
    enlist(desk, found(1), found(2), found(3))
    fail(desk, address(1))
    fail(desk, address(2), None)
    fetch(desk, 3)
    assert desk.archive.retry_failures("another", now=desk.now) == 0
    assert desk.archive.retry_failures(SITE, now=desk.now) == 2
    assert due(desk) == ["1", "2"]
    assert desk.archive.forget_failures(url=address(1)) == 1
    assert due(desk) == ["2"]
    assert desk.archive.forget_failures(SITE) == 1
    assert due(desk, now=TOMORROW) == ["3"]
    assert desk.archive.failures() == []


def test_a_redirected_page_settles_both_of_its_addresses(desk: Desk) -> None:
    enlist(desk, found("short"), found(1))
    desk.save(article(1), url=address("short"), final_url=address(1), next_due_at=TOMORROW)
    assert due(desk) == []
    known = {each.url: each.etag for each in desk.archive.due(SITE, limit=9, now=TOMORROW)}
    assert known == {address("short"): None, address(1): '"1"'}


def test_sites_have_frontiers_of_their_own(desk: Desk) -> None:
    enlist(desk, found(1))
    desk.archive.enlist("other", [found(1)], crawl_id=None, now=NOW)
    desk.save(NotAnArticle("tag"))
    assert desk.archive.frontier_counts(SITE) == {"not_article": 1}
    assert desk.archive.frontier_counts("other") == {"waiting": 1}


def test_what_a_crawl_remembers_for_the_next_one(desk: Desk) -> None:
    archive, url = desk.archive, "https://example.org/feed"
    assert archive.source_state(SITE, url) is None
    archive.keep_source(SITE, url, etag='"1"', now=NOW)
    archive.keep_source(SITE, url, last_modified="then", body_sha256="ab", now=TOMORROW)
    state = archive.source_state(SITE, url)
    assert state is not None
    assert (state.etag, state.last_modified, state.body_sha256) == (None, "then", "ab")
    assert state.fetched_at == TOMORROW
    assert archive.host_state("example.org") is None
    archive.keep_host_state("example.org", next_allowed_at=TOMORROW, backoff_seconds=8.0)
    archive.keep_host_state("example.org", next_allowed_at=TOMORROW, crawl_delay_seconds=2.5)
    host = archive.host_state("example.org")
    assert host is not None
    assert (host.next_allowed_at, host.crawl_delay_seconds, host.backoff_seconds) == (
        TOMORROW,
        2.5,
        None,
    )


def test_crawls_are_told_latest_first_and_a_killed_one_has_no_end(desk: Desk) -> None:
    second = desk.archive.start_crawl("other", "latest", {"limit": 5}, NOW)
    desk.archive.finish_crawl(second, {"new": 3}, TOMORROW, "finished")
    latest, killed = desk.archive.crawls()
    assert (latest.options, latest.report, latest.outcome) == ({"limit": 5}, {"new": 3}, "finished")
    assert (killed.finished_at, killed.outcome, killed.report) == (None, None, None)
    assert desk.archive.crawls("other") == [latest]


@pytest.mark.parametrize("number", [0, 3])
def test_no_more_are_due_than_were_asked_for(desk: Desk, number: int) -> None:
    enlist(desk, *(found(each) for each in range(5)))
    assert len(due(desk, limit=number)) == number


def test_a_page_that_was_added_by_hand_is_not_fetched_again_at_once(desk: Desk) -> None:
    desk.archive.save(
        capture(1), article(1), site=SITE, crawl_id=None, now=NOW, next_due_at=TOMORROW
    )
    assert enlist(desk, found(1)) == ListedCount(1, 0, 0)
