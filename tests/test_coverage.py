"""The coverage ledger: what was listed, what is held, and where nobody looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.errors import BadInput, NotAnArticle
from storage.statistics import in_all
from tests.storing import NOW, SITE, Desk, address, article, desk

__all__ = ["desk"]


@dataclass(frozen=True)
class Found:
    """An address on a list."""

    url: str
    lastmod_at: datetime | None = None
    source: str = "sitemap"
    stated_on: date | None = None


def listed(desk: Desk, *founds: Found) -> None:
    desk.archive.enlist(SITE, founds, crawl_id=desk.crawl_id, now=desk.now)


def of(number: int, month: str | None, source: str = "sitemap") -> Found:
    day = datetime.fromisoformat(f"{month}-15").replace(tzinfo=UTC) if month else None
    return Found(address(number), day, source)


def finished(desk: Desk, day: datetime, mode: str = "due", **report: Any) -> None:
    crawl_id = desk.archive.start_crawl(SITE, mode, {}, day)
    desk.archive.finish_crawl(crawl_id, report, day, "finished")


def months(rows: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in ("month", *keys)) for row in rows]


def test_a_month_tells_what_became_of_what_was_listed(desk: Desk) -> None:
    listed(desk, *(of(number, "2020-05") for number in range(1, 6)))
    desk.save(article(1))
    desk.save(article(2))
    desk.gone(2)
    desk.save(NotAnArticle("a listing"), url=address(3))
    desk.archive.refuse(
        address(4), reason="robots.txt", site=SITE, crawl_id=None, now=NOW, next_due_at=None
    )
    finished(desk, NOW)
    (row,) = desk.archive.coverage(SITE)
    assert row == {
        "site": SITE,
        "month": "2020-05",
        "listed": 5,
        "stored": 2,
        "waiting": 1,
        "not_articles": 1,
        "gone": 1,
        "refused": 1,
        "failed": 0,
        "seen": True,
        "complete": 0.6,
        "gap": True,
    }


def test_a_gone_article_counts_once(desk: Desk) -> None:
    listed(desk, of(1, "2020-05"))
    desk.save(article(1))
    desk.gone(1)
    finished(desk, NOW)
    (row,) = desk.archive.coverage(SITE)
    assert (row["stored"], row["gone"], row["complete"], row["gap"]) == (1, 1, 1.0, False)


def test_the_month_is_that_of_the_article_rather_than_that_of_the_list(desk: Desk) -> None:
    listed(desk, of(1, "2024-02"), of(2, "2024-02"), of(3, None))
    desk.save(article(1, published="2020-05-17"))
    expected = [(None, 1), ("2020-05", 1), ("2024-02", 1)]
    rows = [row for row in desk.archive.coverage(SITE) if row["listed"]]
    assert months(rows, "listed") == expected


def test_a_month_at_which_nobody_looked_is_a_gap_and_one_without_articles_is_none(
    desk: Desk,
) -> None:
    listed(desk, of(1, "2020-01", "feed"), of(2, "2020-05", "feed"))
    finished(desk, datetime(2020, 3, 20, tzinfo=UTC))
    rows = desk.archive.coverage(SITE)
    assert months([row for row in rows if not row["listed"]], "gap", "complete") == [
        ("2020-04", True, None)
    ]
    listed(desk, of(3, "2020-05", "sitemap"))
    finished(desk, datetime(2020, 6, 1, tzinfo=UTC))
    assert months(desk.archive.coverage(SITE)) == [("2020-01",), ("2020-05",)]


def test_a_run_that_was_broken_off_or_added_files_has_not_looked(desk: Desk) -> None:
    listed(desk, of(1, "2020-01"), of(2, "2020-03"))
    for mode, outcome in (("due", "interrupted"), ("add", "finished"), ("recheck", "finished")):
        crawl_id = desk.archive.start_crawl(SITE, mode, {}, NOW)
        desk.archive.finish_crawl(crawl_id, {}, NOW, outcome)
    assert months(desk.archive.coverage(SITE)) == [("2020-01",), ("2020-02",), ("2020-03",)]


@pytest.mark.parametrize(
    ("mode", "report"),
    [
        ("due", {"lists_to_end": False, "stopped_by": "limit"}),
        ("due", {"stopped_by": "limit"}),  # of an earlier version
        ("latest", {"lists_to_end": False}),
    ],
)
def test_a_crawl_that_a_bound_ended_knows_of_no_month_how_much_there_is(
    desk: Desk, mode: str, report: dict[str, Any]
) -> None:
    listed(desk, of(1, "2020-01"), of(2, "2020-03"))
    desk.save(article(1, published="2020-01-05"))
    finished(desk, NOW, mode, **report)
    rows = desk.archive.coverage(SITE, since="2019-11", until="2020-04")
    names = ("stored", "seen", "complete", "gap")
    assert months(rows, *names) == [
        ("2019-11", 0, False, None, True),
        ("2019-12", 0, False, None, True),
        ("2020-01", 1, False, None, True),
        ("2020-02", 0, False, None, True),
        ("2020-03", 0, False, None, True),
        ("2020-04", 0, False, None, True),
    ]
    assert in_all(rows)["complete"] is None
    finished(desk, NOW, lists_to_end=True)
    rows = desk.archive.coverage(SITE, since="2019-11", until="2020-04")
    assert months(rows, *names) == [
        ("2020-01", 1, True, 1.0, False),
        ("2020-03", 0, True, 0.0, True),
    ]
    assert in_all(rows)["complete"] == 0.5


def test_months_to_come_and_ages_ago_have_no_rows(desk: Desk) -> None:
    listed(desk, of(1, "2020-01"))
    finished(desk, NOW, stopped_by="limit")
    rows = desk.archive.coverage(SITE, since="0001", until="9999")
    first, last = rows[0]["month"], rows[-1]["month"]
    assert first == "1970-01"
    assert last == f"{datetime.now(UTC):%Y-%m}"


def test_a_period_leaves_out_other_months_and_the_unknown_one(desk: Desk) -> None:
    listed(desk, of(1, "2020-01"), of(2, "2020-02"), of(3, "2020-03"), of(4, None))
    finished(desk, NOW)
    rows = desk.archive.coverage(SITE, since="2020-02", until=NOW.date())
    assert months(rows) == [("2020-02",), ("2020-03",)]
    assert months(desk.archive.coverage(SITE, until="2019")) == []
    with pytest.raises(BadInput, match="yesterday"):
        desk.archive.coverage(SITE, since="yesterday")


def test_sites_do_not_mix(desk: Desk) -> None:
    listed(desk, of(1, "2020-01"), of(2, "2020-03"))
    other = [Found("https://other.example/a", NOW - timedelta(days=800))]
    desk.archive.enlist("other", other, crawl_id=None, now=NOW)
    assert {row["site"] for row in desk.archive.coverage()} == {SITE, "other"}
    assert months(desk.archive.coverage("other"), "listed") == [("2023-12", 1)]


def test_sources_are_held_against_each_other(desk: Desk) -> None:
    listed(desk, of(1, "2020-01"), of(2, "2020-03"), of(3, "2020-03"))
    listed(desk, of(3, "2020-03", "feed"), of(4, "2020-03", "feed"))
    desk.save(article(3, published="2020-03-05"))
    rows = desk.archive.compared_sources(SITE)
    keys = ("source", "listed", "only", "stored", "missing")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("sitemap", 3, 2, 1, 2),
        ("feed", 2, 1, 1, 1),
    ]
    (march, _) = desk.archive.compared_sources(SITE, since="2020-02", until="2020-03")
    assert march["listed"] == 2
    assert desk.archive.compared_sources("nobody") == []
