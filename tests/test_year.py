"""Weeks of crawls by a clock whose waiting takes no time: a small ``benchmarks/year.py``."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.seasons import Year

_CONTEXT = multiprocessing.get_context("forkserver")


def _live(days: int, hours: float, archive: Path, answers: Any) -> None:
    """In a process of its own: a reactor runs once per process."""
    from benchmarks.hindsight import alarms_in, cause_of, figures_of
    from benchmarks.year import in_reactor, live

    year, every = Year(days, a_day=2.0, older=20), timedelta(hours=hours)
    lived = in_reactor(live(year, every, archive))
    found = figures_of(archive, year, every)
    causes = [
        (each.alarm.says, lived.healed and cause_of(each, year, every, lived.healed.at))
        for each in alarms_in(archive)
    ]
    answers.send((found, lived.promises, lived.reports, lived.healed, causes))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Any:
    here, there = _CONTEXT.Pipe(duplex=False)
    archive = tmp_path_factory.mktemp("year") / "year.db"
    process = _CONTEXT.Process(target=_live, args=(14, 4.0, archive, there))
    process.start()
    there.close()
    answer = here.recv()
    process.join()
    return answer


def test_every_article_and_nearly_every_edit_that_stood_long_enough_is_captured(lived: Any) -> None:
    found = lived[0]
    assert found.articles >= 30
    assert found.edits >= 5
    assert found.articles_kept == found.articles, found.missing
    assert found.edits_kept >= 0.95 * found.edits, found.missing


def test_removals_and_moves_are_known(lived: Any) -> None:
    found = lived[0]
    assert (found.gone_known, found.moved_known) == (found.gone, found.moved)


def test_no_promise_to_the_server_is_broken(lived: Any) -> None:
    assert lived[1] == []


def test_no_run_fails_for_what_a_site_may_do(lived: Any) -> None:
    reports = lived[2]
    assert {report["outcome"] for report in reports} == {"finished"}
    faults = [reason for report in reports for reason in report["failed"] if "fault" in reason]
    assert faults == []


def test_alarms_ring_for_the_outage_and_the_redesign_and_for_nothing_else(lived: Any) -> None:
    causes = lived[4]
    assert {cause for _, cause in causes} == {"outage", "redesign"}, causes


def test_the_redesigned_site_is_healed_and_its_false_edits_are_none(lived: Any) -> None:
    from benchmarks.hindsight import share_of

    healed = lived[3]
    assert healed.pages >= 4
    assert share_of(healed.before) < 0.6
    assert share_of(healed.after) >= 0.95
    assert healed.taken_out == healed.false_edits_before > 0
    assert healed.false_edits_after == 0
