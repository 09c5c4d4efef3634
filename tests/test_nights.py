"""What runs brought, day by day."""

from __future__ import annotations

from datetime import timedelta

from tests.storing import NOW, Desk
from tests.storing import desk as desk


def test_the_runs_of_a_day_are_one_row_and_those_of_other_sites_are_left_out(desk: Desk) -> None:
    archive = desk.archive
    report = {"new": 3, "revised": 1, "gone": 0, "failed": {"timeout": 2, "status 500": 1},
              "put_back": {"the host asked for a pause": 4}, "unreadable": 1,
              "lists_failed": {"https://example.org/feed": "status 500"}}  # fmt: skip
    archive.finish_crawl(desk.crawl_id, report, NOW + timedelta(minutes=4), "finished")
    later = archive.start_crawl("example", "due", {}, NOW + timedelta(hours=6))
    archive.finish_crawl(later, {"new": 2}, NOW + timedelta(hours=7), "interrupted")
    archive.start_crawl("other", "due", {}, NOW + timedelta(days=2))
    day = {"day": "2026-03-01", "site": "example", "runs": 2, "unfinished": 1, "new": 5,
           "revised": 1, "gone": 0, "failed": 9}  # fmt: skip
    assert archive.nights("example") == [day]
    assert [row["day"] for row in archive.nights()] == ["2026-03-01", "2026-03-03"]
    assert archive.nights()[1] | {"unfinished": 0} == dict.fromkeys(day, 0) | {
        "day": "2026-03-03", "site": "other", "runs": 1,
    }  # fmt: skip
    assert archive.nights(since=NOW + timedelta(days=3)) == []
    assert archive.days_looked() == ["2026-03-01", "2026-03-03"]
    assert archive.days_looked("other") == ["2026-03-03"]
