"""What rings and what does not, told by a site's own history."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spiders.alarms import Evidence, alarms, rhythm_of
from spiders.reports import ASKED_PAUSE
from storage import Archive
from storage.alarms import Alarm
from storage.measures import Measures
from tests.running import Command
from tests.storing import NOW, SITE, article, capture

TODAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def run(days_ago: float = 0, **counts: Any) -> dict[str, Any]:
    """A report of a run that went well, but for what is given."""
    finished_at = (TODAY - timedelta(days=days_ago)).isoformat()
    usual = {"site": "gazette", "mode": "due", "finished_at": finished_at, "outcome": "finished"}
    return (
        usual
        | {"lists_read": 3, "lists_empty": 0, "listed": 40, "listed_new": 0, "fetched": 5}
        | counts
    )


def months(number: int = 60, **counts: Any) -> list[dict[str, Any]]:
    """A run a day, two in three of which brought something new."""
    return [run(day, listed_new=2 if day % 3 else 0, **counts) for day in range(1, number + 1)]


def rings(*, before: list[dict[str, Any]] = [], measures: Any = (), **now: Any) -> dict[str, str]:  # noqa: B006
    report = run(**now)
    rhythm = rhythm_of(report, before)
    report["rhythm"] = rhythm and rhythm.to_dict()
    found = alarms(Evidence(report, before, measures))
    assert all(each.site == "gazette" and each.next_step for each in found)
    return {f"{each.kind}:{each.about}".rstrip(":"): each.says for each in found}


def test_a_site_as_ever_is_silent() -> None:
    assert rings(before=months(), listed_new=2) == {}
    assert rings() == {}


def test_a_growing_share_of_unreadable_pages_rings() -> None:
    found = rings(before=[run(1, fetched=90, unreadable=2)], fetched=20, unreadable=8)
    assert found == {"unreadable": "8 of the last 20 pages could not be read (2 of 90 before)"}
    assert rings(before=[run(1, fetched=90, unreadable=40)], fetched=20, unreadable=8) == {}


def test_runs_of_few_pages_are_taken_together() -> None:
    few = [run(day, fetched=4, unreadable=3) for day in range(1, 6)]
    found = rings(before=[*few, *months()], fetched=1, unreadable=1)
    assert found == {"unreadable": "16 of the last 21 pages could not be read (0 of 300 before)"}


def test_errors_ring_when_they_grow_and_not_when_they_are_usual() -> None:
    found = rings(before=months(), fetched=12, failed={"timeout": 9})
    assert found == {"errors": "9 of the last 21 pages could not be had (0 of 300 before)"}
    bad = months(failed={"timeout": 4})
    assert rings(before=bad, fetched=12, failed={"timeout": 9}) == {}


def test_pages_that_have_not_changed_count_among_those_that_could_be_had() -> None:
    before = months(fetched=1, not_modified=30)
    assert rings(before=before, fetched=1, not_modified=30, failed={"timeout": 3}) == {}


def test_a_site_that_is_down_rings_at_once_and_no_more_when_it_is_up() -> None:
    down = {
        "fetched": 0, "lists_read": 0, "lists_failed": {"/sitemap.xml": "no", "/feed/": "no"},
        "put_back": {"its robots.txt can't be reached": 2},
    }  # fmt: skip
    assert rings(before=months(), **down) == {
        "errors": "4 of the last 24 pages could not be had (0 of 280 before)"
    }
    night = [run(hour / 24, **down) for hour in range(1, 9)]
    assert "errors" in rings(before=[*night, *months()[1:]], fetched=1)  # too few to be sure
    assert rings(before=[*night, *months()[1:]], fetched=1, not_modified=2) == {}


def test_a_pause_that_the_host_asks_for_rings_only_if_there_is_no_end_of_it() -> None:
    paused = {
        "fetched": 0, "lists_read": 0, "lists_failed": {"/sitemap.xml": "not to be asked"},
        "put_back": {ASKED_PAUSE: 9},
    }  # fmt: skip
    assert rings(before=months(), **paused) == {}
    hours = [run(hour / 24, **paused) for hour in range(1, 9)]
    assert rings(before=[*hours, *months()[1:]], **paused) == {}
    idle = paused | {"put_back": {}, "was_paused": True}
    assert rings(before=months(), **idle) == {}
    days = [run(day / 2, **paused) for day in range(1, 4)]
    assert rings(before=[*days, *months()[2:]], **paused) == {
        "errors:pause": "its host has asked for a pause in each of the last 4 runs, for 36 hours"
    }


def test_a_site_that_stopped_publishing_rings_after_twice_its_longest_pause() -> None:
    quiet = [run(day / 2) for day in range(1, 5)]
    before = [each for each in months() if each["finished_at"] < quiet[-1]["finished_at"]]
    assert rings(before=[*quiet, *before]) == {}
    longer = [run(day / 2) for day in range(1, 12)]
    before = [each for each in months() if each["finished_at"] < longer[-1]["finished_at"]]
    found = rings(before=[*longer, *before])
    assert list(found) == ["silent"]
    assert found["silent"].startswith("its lists have named no new article for 7.0 days")


def test_a_weekend_is_no_silence_before_a_weekend_was_seen() -> None:
    week = [run(3 + hour / 24, listed_new=1) for hour in range(100)]
    assert rings(before=week) == {}


def test_lists_that_name_nothing_ring() -> None:
    empty = [run(day, listed=0, lists_empty=3) for day in (1, 2)]
    now = {"listed": 0, "lists_empty": 3}
    found = rings(before=[*empty, *months()[2:]], **now)
    assert found["empty"] == "its lists have named no article since 2026-11-21; usual are 40 a run"
    assert "empty" not in rings(before=months(), **now)


def test_lists_that_have_not_changed_since_they_were_bare_are_bare_still() -> None:
    unchanged = {"listed": 0, "lists_read": 0, "lists_not_modified": 3}
    before = [run(1, **unchanged), run(2, listed=0, lists_empty=3), *months()[2:]]
    assert "empty" in rings(before=before, **unchanged)


def test_lists_are_not_empty_for_having_nothing_new() -> None:
    quiet = [run(day, listed=0, lists_read=1, lists_not_modified=2) for day in range(1, 9)]
    assert rings(before=[*quiet, *months()[8:]], listed_new=1) == {}


def test_lists_that_were_empty_for_a_while_before_may_be_so_again() -> None:
    weekend = [run(day, listed=0, lists_empty=3) for day in (1, 2)]
    last_one = [run(8, listed=0, lists_empty=3)]
    before = [*weekend, *months()[2:7], *last_one, *months()[8:]]
    assert "empty" not in rings(before=before, listed=0, lists_empty=3)


def test_coverage_that_falls_behind_rings() -> None:
    found = rings(before=months(complete=0.98), complete=0.8, listed_new=1)
    assert found == {"coverage": "the archive holds 80% of what the site has listed; usual is 98%"}
    assert rings(before=months(complete=0.98), complete=0.95, listed_new=1) == {}
    varied = [run(day, complete=0.5 + day % 10 / 20, listed_new=1) for day in range(1, 40)]
    assert rings(before=varied, complete=0.45, listed_new=1) == {}


def test_a_disk_that_fills_rings_by_what_a_run_adds() -> None:
    sizes = [run(day, archive_bytes=10**9 - day * 50_000_000, listed_new=1) for day in range(1, 20)]
    now = {"archive_bytes": 10**9, "listed_new": 1}
    found = rings(before=sizes, free_bytes=1_400_000_000, **now)
    assert found == {"disk": "1,400.0 MB are left on the archive's disk; a run adds up to 50.0 MB"}
    assert rings(before=sizes, free_bytes=1_600_000_000, **now) == {}
    assert list(rings(free_bytes=50_000_000)) == ["disk"]


# Fields


def measured(number: int, *, fresh: bool = True, **lengths: Any) -> list[Measures]:
    """So many readings; a length is a number, or a function that draws one."""
    draw = random.Random(7)
    usual = {
        "headline": lambda: draw.randint(30, 90),
        "authors": 1,
        "deck": lambda: 80 * (draw.random() < 0.6),
    }
    usual["body_text"] = lambda: int(4000 * draw.lognormvariate(0, 0.5))
    drawn = usual | lengths
    return [
        Measures(
            1, TODAY, fresh, {name: how() if callable(how) else how for name, how in drawn.items()}
        )
        for _ in range(number)
    ]


def test_fields_as_ever_are_silent() -> None:
    assert rings(measures=measured(400)) == {}


def test_a_field_that_is_found_more_often_or_whole_again_is_no_alarm() -> None:
    before = measured(200, authors=0, headline=12)
    assert rings(measures=[*measured(40), *before]) == {}


def test_three_articles_are_enough_where_none_ever_lacked_the_field() -> None:
    assert "field:authors" in rings(measures=[*measured(3, authors=0), *measured(380)])
    assert rings(measures=[*measured(2, authors=0), *measured(380)]) == {}
    assert rings(measures=[*measured(3, authors=0), *measured(50)]) == {}


@pytest.mark.parametrize("number", [5, 12, 40])
def test_a_field_that_is_found_no_more_rings_soon(number: int) -> None:
    found = rings(measures=[*measured(number, authors=0), *measured(200)])
    assert list(found) == ["field:authors"]
    assert re.match(r"0 of the last (5|10) articles have authors \(200 of ", found["field:authors"])


def test_a_field_that_most_articles_lack_may_be_missing_for_a_while() -> None:
    assert rings(measures=[*measured(5, deck=0), *measured(200)]) == {}
    assert "field:deck" in rings(measures=[*measured(40, deck=0), *measured(200)])


def test_a_text_that_grew_by_what_stands_around_it_rings() -> None:
    found = rings(measures=[*measured(40, body_text=15_000), *measured(300)])
    assert "is longer than usual: 15000 characters" in found["field:body_text"]


def test_too_few_articles_tell_nothing() -> None:
    assert rings(measures=[*measured(5, authors=0), *measured(20)]) == {}


def test_old_articles_taken_in_late_are_no_redesign() -> None:
    """A backfill reads pages of years ago, which were printed by other templates."""
    old = measured(60, fresh=False, authors=0, headline=12)
    assert rings(measures=[*old, *measured(200)]) == {}


# In the archive


def an_alarm(says: str = "8 of 20", about: str = "") -> Alarm:
    return Alarm(SITE, "field" if about else "unreadable", says, "look", about, {"bad": 8})


def test_an_alarm_is_one_row_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", mode="write") as archive:
        kinds = ["unreadable", "field"]
        archive.note_alarms(SITE, [an_alarm()], looked_for=kinds, now=NOW)
        later = NOW + timedelta(hours=1)
        archive.note_alarms(SITE, [an_alarm("9 of 21")], looked_for=kinds, now=later)
        (stands,) = archive.alarms()
        assert (stands.began_at, stands.last_at, stands.alarm.says) == (NOW, later, "9 of 21")
        assert [each.id for each in archive.untold_alarms()] == [stands.id]
        archive.note_told([stands], later)
        assert archive.untold_alarms() == []
        end = NOW + timedelta(hours=2)
        archive.note_alarms(SITE, [], looked_for=["field"], now=end)
        assert len(archive.alarms(SITE)) == 1  # nobody looked whether it still rings
        archive.note_alarms(SITE, [], looked_for=kinds, now=end)
        assert archive.alarms() == []
        (over,) = archive.untold_alarms()
        assert over.cleared_at == end
        archive.note_told([over], end)
        assert archive.untold_alarms() == []
        archive.note_alarms(SITE, [an_alarm()], looked_for=kinds, now=end)
        assert len(archive.alarms(cleared=True)) == 2


def test_an_alarm_that_cleared_before_anybody_was_told_is_not_told(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", mode="write") as archive:
        archive.note_alarms(SITE, [an_alarm()], looked_for=["unreadable"], now=NOW)
        archive.note_alarms(SITE, [], looked_for=["unreadable"], now=NOW)
        assert archive.untold_alarms() == []


def test_each_field_has_an_alarm_of_its_own(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", mode="write") as archive:
        both = [an_alarm(about="deck"), an_alarm(about="authors")]
        archive.note_alarms(SITE, both, looked_for=["field"], now=NOW)
        archive.note_alarms(SITE, both[:1], looked_for=["field"], now=NOW)
        assert [each.alarm.about for each in archive.alarms()] == ["deck"]


def test_measures_tell_what_is_fresh(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", mode="write") as archive:
        old, new = article(1, published="2016-07-11"), article(2, published=NOW.date().isoformat())
        for number, each in enumerate((old, new), 1):
            archive.save(capture(number), each, site=SITE, crawl_id=None, now=NOW, next_due_at=None)
        latest, first = archive.measures(SITE, limit=10)
        assert {latest.is_fresh, first.is_fresh} == {True, False}
        assert latest.lengths["headline"] == len(new.headline)
        assert archive.measures("other", limit=10) == []


def test_the_archive_knows_its_room(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", mode="write") as archive:
        taken, free = archive.room()
        assert taken >= (tmp_path / "a.db").stat().st_size
        assert free is not None
        assert free > 0


def test_an_archive_of_the_version_before_gets_a_table_of_alarms(tmp_path: Path) -> None:
    from storage.migrating import migrate
    from storage.opening import _sqlite_engine, upgrade
    from storage.schema import APPLICATION_ID

    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0004")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO crawls (site, mode, options, started_at, report) "
            "VALUES ('gazette', 'due', '{}', '2026-01-01 00:00:00.000000', '{\"new\": 3}')"
        )
    migrate(path)
    with Archive.open(path, mode="write") as archive:
        assert archive.crawls()[0].report == {"new": 3}
        archive.note_alarms("gazette", [an_alarm()], looked_for=[], now=NOW)
        assert len(archive.alarms()) == 1


def test_a_mistyped_site_gets_no_all_clear(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("alarms", "--site", "fario")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean 'faro'?" in answer.err
    assert hemeroteca("alarms", "--site", "faro").code == 0
    assert hemeroteca("alarms", "--site", "job nightly").code == 0


def test_with_a_jobs_file_the_name_is_that_of_a_job_or_a_site(
    hemeroteca: Command, archive: Path
) -> None:
    jobs = archive.with_name("hemeroteca.toml")
    jobs.write_text(
        f'contact = "desk@example.org"\n[jobs.nightly]\nsites = ["insightcrime"]\n'
        f'schedule = "17 3 * * *"\narchive = "{archive}"\n'
    )
    for known in ("insightcrime", "job nightly", "faro"):
        answer = hemeroteca("alarms", "--jobs", jobs, "--site", known)
        assert answer.code in (0, 1), answer.err
    wrong = hemeroteca("alarms", "--jobs", jobs, "--site", "insightcrim")
    assert wrong.code == 2
    assert "No job watches 'insightcrim': did you mean 'insightcrime'?" in wrong.err
    other = hemeroteca("alarms", "--jobs", jobs, "--site", "zzz")
    assert "No job watches 'zzz': choose insightcrime, job nightly." in other.err
