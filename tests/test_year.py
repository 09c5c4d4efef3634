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
    from benchmarks.year import broken_promises, figures_of, in_reactor, live

    year = Year(days, a_day=2.0, older=20)
    lived = in_reactor(live(year, timedelta(hours=hours), archive))
    answers.send((figures_of(lived), broken_promises(lived), lived.reports))


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
    found, _, _ = lived
    assert found.articles >= 30
    assert found.edits >= 5
    assert found.articles_kept == found.articles, found.missing
    assert found.edits_kept >= 0.95 * found.edits, found.missing


def test_removals_and_moves_are_known(lived: Any) -> None:
    found, _, _ = lived
    assert (found.gone_known, found.moved_known) == (found.gone, found.moved)


def test_no_promise_to_the_server_is_broken(lived: Any) -> None:
    _, broken, _ = lived
    assert broken == []


def test_no_run_fails_for_what_a_site_may_do(lived: Any) -> None:
    _, _, reports = lived
    assert {report["outcome"] for report in reports} == {"finished"}
    faults = [reason for report in reports for reason in report["failed"] if "fault" in reason]
    assert faults == []
