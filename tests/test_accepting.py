"""Alarms that somebody accepts: they stand without ringing, until they are worse or come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.commands.runs import conclude
from spiders.alarms import NORMAL_AFTER, Evidence, alarms, lasting
from storage import Archive
from storage.alarms import Alarm, StoredAlarm
from tests.running import Answer, Command
from tests.storing import NOW, SITE, article, capture
from tests.test_alarms import TODAY, measured, months, run

DAY = timedelta(days=1)


def of_tags(filled: int = 0, of: int = 40) -> Alarm:
    figures = {"articles": of, "filled": filled, "articles_before": 43, "filled_before": 21,
               "weight": (1 - filled / of) / 0.25}  # fmt: skip
    says = f"{filled} of the last {of} articles have tags (21 of 43 before)"
    return Alarm(SITE, "field", says, "run heal", "tags", figures)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An archive in which two alarms stand, one of them of a job."""
    path = tmp_path / "hemeroteca.db"
    with Archive.open(path, mode="write") as archive:
        archive.save(capture(1), article(1), site=SITE, crawl_id=None, now=NOW, next_due_at=None)
        note(archive, of_tags())
        failed = Alarm("job nightly", "run", "its run ended with exit code 1", "see")
        archive.note_alarms("job nightly", [failed], looked_for=["run"], now=NOW)
    return path


def note(archive: Archive, *found: Alarm, now: datetime = NOW) -> StoredAlarm | None:
    archive.note_alarms(SITE, found, looked_for=["field"], now=now)
    return next(iter(archive.alarms(SITE)), None)


def accept(hemeroteca: Command, place: Path, *words: str) -> Answer:
    return hemeroteca("--archive", place, "alarms", "--site", SITE, *words)


def test_an_accepted_alarm_stands_and_does_not_ring(hemeroteca: Command, place: Path) -> None:
    assert accept(hemeroteca, place).code == 1
    said = accept(hemeroteca, place, "--kind", "field", "--accept", "the new design has no tags")
    assert (said.code, said.err) == (
        0, f"Accepted: {SITE}: 0 of the last 40 articles have tags (21 of 43 before).\n"
    )  # fmt: skip
    answer = accept(hemeroteca, place)
    assert answer.code == 0
    assert ": the new design has no tags\n" in answer.out
    assert answer.err == "Nothing rings.\n"
    told = accept(hemeroteca, place, "--json").json[0]
    assert told["accepted_because"] == "the new design has no tags"
    assert datetime.fromisoformat(told["accepted_at"]).tzinfo
    with Archive.open(place) as archive:
        assert [each.alarm.site for each in archive.untold_alarms()] == ["job nightly"]


def test_it_can_be_taken_back(hemeroteca: Command, place: Path) -> None:
    assert accept(hemeroteca, place, "--accept", "so it is").code == 0
    assert accept(hemeroteca, place, "--ring-again").err.startswith("Rings again: ")
    answer = accept(hemeroteca, place)
    assert (answer.code, "accepted" in answer.out.lower()) == (1, False)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--site", SITE, "--accept", " "], "Say why"),
        (["--accept", "so"], "Say of which site, with --site"),
        (["--site", SITE, "--accept", "so", "--ring-again"], "exclude each other"),
        (["--site", SITE, "--about", "deck", "--accept", "so"], f"Nothing of {SITE} (deck) rings"),
        (["--site", SITE, "--ring-again"], f"Nothing of {SITE} is accepted"),
        (["--site", "job nightly", "--accept", "so"], "That the job nightly fails can't be"),
    ],
)
def test_what_cannot_be_accepted_is_told_in_a_sentence(
    words: list[str], complaint: str, hemeroteca: Command, place: Path
) -> None:
    answer = hemeroteca("--archive", place, "alarms", *words)
    assert (answer.code, answer.out) == (2, "")
    assert complaint in answer.err


def test_it_rings_again_when_it_gets_worse_or_comes_back(place: Path) -> None:
    with Archive.open(place, mode="write") as archive:
        half = note(archive, of_tags(20))
        assert half is not None
        archive.accept_alarms([half], "half of them have none", now=NOW)
        little_worse = note(archive, of_tags(15), now=NOW + DAY)
        assert little_worse is not None
        assert not little_worse.rings
        much_worse = note(archive, of_tags(0), now=NOW + 2 * DAY)
        assert much_worse is not None
        assert (much_worse.rings, much_worse.accepted_because) == (True, "half of them have none")
        assert much_worse.id in [each.id for each in archive.untold_alarms()]
        archive.accept_alarms([much_worse], "none at all", now=NOW)
        assert note(archive, now=NOW + 3 * DAY) is None
        back = note(archive, of_tags(0), now=NOW + 4 * DAY)
        assert back is not None
        assert (back.rings, back.accepted_because) == (True, None)


def test_what_is_told_by_other_figures_is_another_matter(place: Path) -> None:
    with Archive.open(place, mode="write") as archive:
        archive.accept_alarms(archive.alarms(SITE), "no tags", now=NOW)
        shorter = Alarm(SITE, "field", "shorter", "heal", "tags", {"median": 3, "weight": 0.0})
        found = note(archive, shorter, now=NOW + DAY)
        assert found is not None
        assert found.rings


def test_a_run_in_which_all_that_is_wrong_is_accepted_is_a_good_run() -> None:
    class Quiet:
        def remark(self, words: str) -> None:
            pass

    def code(**report: Any) -> int:
        return conclude(Quiet(), [{"site": "gazette", **report}], 5.0)  # type: ignore[arg-type]

    lists = {"lists_read": 1, "lists_failed": {"https://example.org/feed/": "status 500"}}
    assert code(**lists) == 1
    assert code(**lists, accepted=[{"kind": "lists"}]) == 0
    assert code(**lists, accepted=[{"kind": "field"}]) == 1
    forbidden = {"lists_failed": {"https://example.org/": "Forbidden by robots.txt"}}
    assert code(**forbidden, accepted=[{"kind": "robots"}]) == 0
    assert code(**forbidden, accepted=[{"kind": "robots"}], alarms=["more"]) == 1


# What lasts


def standing(alarm: Alarm, days: float) -> dict[tuple[str, str], StoredAlarm]:
    began = TODAY - timedelta(days=days)
    return {(alarm.kind, alarm.about): StoredAlarm(1, alarm, began, TODAY, None, None)}


def ring(evidence: Evidence) -> list[str]:
    return [f"{each.kind} {each.about}".strip() for each in alarms(evidence)]


def test_an_alarm_is_not_over_because_the_history_has_forgotten_better_days() -> None:
    lost = of_tags()
    worse = [*measured(400, tags=0)]
    assert ring(Evidence(run(), months(), worse)) == []
    assert ring(Evidence(run(), months(), worse, standing(lost, 30))) == ["field tags"]
    shorter = {"articles": 40, "median": 12, "median_before": 60, "spread_before": 0.2}
    cut = Alarm(SITE, "field", "shorter", "heal", "headline", shorter)
    cut_off = measured(400, headline=12)
    assert ring(Evidence(run(), months(), cut_off, standing(cut, 30))) == ["field headline"]
    bad = {"pages": 20, "bad": 20, "pages_before": 300, "bad_before": 0}
    unread = Alarm(SITE, "unreadable", "20 of 20", "heal", figures=bad)
    for_long = months(unreadable=5)
    again = Evidence(run(unreadable=5), for_long, (), standing(unread, 90))
    assert ring(Evidence(run(unreadable=5), for_long)) == []
    assert ring(again) == ["unreadable"]


def test_it_is_over_when_the_field_is_there_again() -> None:
    well = measured(40, tags=3) + measured(360, tags=0)
    assert ring(Evidence(run(), months(), well, standing(of_tags(), 30))) == []


def test_a_field_that_articles_may_lack_is_taken_as_normal_in_the_end() -> None:
    after = NORMAL_AFTER.days + 1
    found = standing(of_tags(), after)
    many, few = measured(50, tags=0), measured(49, tags=0)
    assert lasting(Evidence(run(), (), many, found)) == list(found.values())
    assert lasting(Evidence(run(), (), few, found)) == []
    assert lasting(Evidence(run(), (), many, standing(of_tags(), after - 2))) == []
    lost = Alarm(SITE, "field", "no text", "heal", "body_text", {})
    assert lasting(Evidence(run(), (), many, standing(lost, 900))) == []


def test_what_is_normal_rings_no_more_until_it_changes_again(tmp_path: Path) -> None:
    since = TODAY - 70 * DAY
    with Archive.open(tmp_path / "a.db", mode="write") as archive:
        archive.note_alarms(SITE, [of_tags()], looked_for=["field"], now=since)
        archive.note_told(archive.alarms(), since)
        archive.take_as_normal(archive.alarms(), TODAY)
        assert archive.alarms() == []
        assert archive.normal_since(SITE) == {("field", "tags"): since}
        (told,) = archive.untold_alarms()
        assert (told.cleared_at, told.normal_since) == (TODAY, since)
        normal = archive.normal_since(SITE)
    old = [replace_day(each, since - DAY) for each in measured(200, tags=3)]
    new = measured(60, tags=0)
    assert ring(Evidence(run(), months(), new + old)) == ["field tags"]
    assert ring(Evidence(run(), months(), new + old, normal=normal)) == []
    lost = measured(5, tags=0) + measured(60, tags=3) + new + old
    assert ring(Evidence(run(), months(), lost, normal=normal)) == []


def replace_day(measures: Any, day: datetime) -> Any:
    from dataclasses import replace

    return replace(measures, captured_at=day)


@pytest.mark.parametrize("with_jobs", [False, True])
def test_what_concerns_the_machine_is_asked_for_and_accepted_by_its_name(
    hemeroteca: Command, place: Path, with_jobs: bool
) -> None:
    clock = Alarm("this machine", "clock", "its clock is 3 days behind", "set the clock")
    with Archive.open(place, mode="write") as archive:
        archive.note_alarms(clock.site, [clock], looked_for=["clock"], now=NOW)
    if with_jobs:
        (place.parent / "hemeroteca.toml").write_text(
            '[jobs.nightly]\nsites = "http://127.0.0.1:9/"\nschedule = "@daily"\n'
        )
    asked = ("alarms", "--site", "this machine")
    assert hemeroteca(*asked).code == 1
    assert hemeroteca(*asked, "--kind", "clock", "--accept", "it is a test").code == 0
    assert hemeroteca(*asked).code == 0
    assert hemeroteca("alarms", "--site", "that machine").code == 2
