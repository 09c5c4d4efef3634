"""`hemeroteca run`: one job now, or all of them at their times, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.jobs.jobs_file import plan_at
from scripts.jobs.plan import Job
from scripts.jobs.running import BUSY, Outcome, Runner
from scripts.jobs.scheduler import Scheduler, is_missing
from scripts.jobs.times import Times
from scripts.newsroom import Newsroom
from storage import Archive
from storage.locking import held_file
from tests.running import ROOT, in_own_process


def write_jobs(place: Path, url: str, **keys: object) -> None:
    """A jobs file with one job for the newsroom."""
    usual = {"schedule": "0 0 1 1 *", "site": "faro", "limit": 3, "delay": 0} | keys
    lines = [f"{name} = {json.dumps(value)}" for name, value in usual.items()]
    text = "\n".join([f'health = "127.0.0.1:{free_port()}"', "[jobs.nightly]", *lines])
    (place / "hemeroteca.toml").write_text(f"{text}\nsites = [{json.dumps(url)}]\n")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_job_is_run_now_into_its_archive(newsroom: Newsroom, tmp_path: Path) -> None:
    write_jobs(tmp_path, newsroom.url, archive="kept here.db")
    answer = in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert answer.code == 0, answer.err
    assert ": 3 new articles.\n" in answer.err
    with Archive.open(tmp_path / "kept here.db") as archive:
        assert archive.sites() == {"faro": 3}


def test_nothing_in_the_working_directory_is_taken_for_the_program(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    write_jobs(tmp_path, newsroom.url)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "cli.py").write_text("raise SystemExit(9)")
    plan = plan_at(str(tmp_path / "hemeroteca.toml"))
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        os.environ["PYTHONPATH"] = str(ROOT)
        assert Runner(plan).run(plan.job("nightly")).code == 0
    finally:
        os.chdir(before)
        del os.environ["PYTHONPATH"]


def test_what_a_killed_run_left_behind_is_removed_by_the_next(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    there = tmp_path / "tmp"
    for process in (gone.pid, os.getpid()):
        (there / f"hemeroteca-run-{process}-x").mkdir(parents=True)
    (there / "hemeroteca-run-by-hand").mkdir()
    write_jobs(tmp_path, newsroom.url)
    answer = in_own_process("run", "--once", "nightly", cwd=tmp_path, TMPDIR=str(there))
    assert answer.code == 0, answer.err
    assert {path.name for path in there.glob("hemeroteca-run-*")} == {
        f"hemeroteca-run-{os.getpid()}-x",
        "hemeroteca-run-by-hand",
    }


def test_a_job_that_fails_says_so_with_its_exit_code(tmp_path: Path) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/")
    answer = in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert answer.code == 1
    assert "nightly: faro: " in answer.err
    assert "robots.txt can't be reached" in answer.err


def test_a_job_does_not_run_twice_at_once(newsroom: Newsroom, tmp_path: Path) -> None:
    write_jobs(tmp_path, newsroom.url)
    with held_file(tmp_path / "hemeroteca.db.nightly"):
        answer = in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert (answer.code, "an earlier run is at work" in answer.err) == (3, True)


def test_a_job_waits_for_another_crawl_on_its_archive(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.jobs.running.ASK_AGAIN_SECONDS", 0.01)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    write_jobs(tmp_path, newsroom.url, wait_minutes=0.02)
    plan = plan_at(str(tmp_path / "hemeroteca.toml"))
    Archive.open(tmp_path / "hemeroteca.db", mode="write").close()
    with held_file(tmp_path / "hemeroteca.db"):
        outcome = Runner(plan).run(plan.job("nightly"))
    assert outcome.code == BUSY
    assert outcome.finished_at - outcome.started_at > timedelta(seconds=1.2)
    assert Runner(plan).run(plan.job("nightly")).code == 0


def test_a_crawl_that_is_killed_is_told_of(tmp_path: Path) -> None:
    with Newsroom(crawl_delay=5) as room:
        write_jobs(tmp_path, room.url)
        with running(tmp_path, "--once", "nightly") as process:
            child = child_of(process.pid)
            os.kill(child, signal.SIGKILL)
            _, told = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "the crawl was ended by SIGKILL" in told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_crawl_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with Newsroom(crawl_delay=5) as room:
        write_jobs(tmp_path, room.url)
        with running(tmp_path, "--once", "nightly") as process:
            child = child_of(process.pid)
            wait_for(lambda: len(room.requests) > 1)
            process.send_signal(number)
            process.communicate(timeout=20)
    assert process.returncode == 130
    assert not Path(f"/proc/{child}").exists()
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert [each.outcome for each in archive.crawls()] == ["interrupted"]


def test_the_scheduler_catches_up_once_and_tells_how_it_is(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    write_jobs(tmp_path, newsroom.url)
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        archive.start_crawl("faro", "due", {}, datetime.now(UTC) - timedelta(days=900))
    with running(tmp_path) as process:
        wait_for(lambda: outcome_in(health(tmp_path)) is not None)
        code, told = health(tmp_path)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert (process.returncode, code, told["ok"]) == (0, 200, True)
    job = told["jobs"]["nightly"]
    assert job["last_outcome"]["code"] == 0
    assert datetime.fromisoformat(job["next_run_at"]) > datetime.now(UTC)
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert len(archive.crawls()) == 2  # two years were missed, and one run made up for them


def test_a_job_that_failed_makes_the_scheduler_unhealthy(tmp_path: Path) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/")
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        archive.start_crawl("faro", "due", {}, datetime.now(UTC) - timedelta(days=900))
    with running(tmp_path) as process:
        wait_for(lambda: outcome_in(health(tmp_path)) is not None)
        code, told = health(tmp_path)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert (process.returncode, code, told["failing"]) == (0, 503, ["nightly"])


def test_a_run_that_did_not_happen_makes_it_unhealthy(newsroom: Newsroom, tmp_path: Path) -> None:
    write_jobs(tmp_path, newsroom.url, schedule="0 * * * *")
    plan = plan_at(str(tmp_path / "hemeroteca.toml"))
    scheduler = Scheduler(plan, Runner(plan), lambda job, outcome: None)
    assert scheduler.health()[0]
    scheduler.states["nightly"].since -= timedelta(hours=5)
    assert scheduler.health()[1]["failing"] == ["nightly"]
    scheduler.states["nightly"].is_running = True
    assert scheduler.health()[0]


def test_a_run_is_missing_only_when_it_is_long_overdue(newsroom: Newsroom, tmp_path: Path) -> None:
    write_jobs(tmp_path, newsroom.url, schedule="0 * * * *", wait_minutes=30)
    job = plan_at(str(tmp_path / "hemeroteca.toml")).job("nightly")
    last = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)
    assert not is_missing(job, last, last + timedelta(minutes=104))
    assert is_missing(job, last, last + timedelta(minutes=106))


def test_a_port_that_is_taken_is_a_sentence(newsroom: Newsroom, tmp_path: Path) -> None:
    write_jobs(tmp_path, newsroom.url)
    host, port = plan_at(str(tmp_path / "hemeroteca.toml")).health
    with socket.socket() as taken:
        taken.bind((host, port))
        taken.listen()
        answer = in_own_process("run", cwd=tmp_path)
    assert answer.code == 2
    assert f"Nothing can listen on 127.0.0.1:{port}" in answer.err


# A run in the background


@contextmanager
def running(place: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.cli", "run", *options],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def child_of(pid: int) -> int:
    """The crawl that a run has started."""

    def children() -> list[str]:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

    wait_for(lambda: bool(children()))
    return int(children()[0])


def wait_for(question: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def health(place: Path) -> tuple[int, Any]:
    host, port = plan_at(str(place / "hemeroteca.toml")).health
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/health", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, json.load(answer)
    except OSError:
        return 0, None


def outcome_in(answer: tuple[int, Any]) -> Any:
    return answer[1] and answer[1]["jobs"]["nightly"]["last_outcome"]


def test_a_run_whose_time_comes_too_soon_is_left_out_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from apscheduler.triggers.interval import IntervalTrigger

    class SlowRunner(Runner):
        def run(self, job: Job) -> Outcome:
            time.sleep(1.5)
            os.kill(os.getpid(), signal.SIGTERM)
            now = datetime.now(UTC)
            return Outcome(job.name, 0, now, now, words="")

    write_jobs(tmp_path, "http://127.0.0.1:9/")
    file = tmp_path / "hemeroteca.toml"
    file.write_text(f'log = "log.jsonl"\n{file.read_text()}')
    monkeypatch.setattr(Times, "trigger", lambda _: IntervalTrigger(seconds=0.4))
    plan = plan_at(str(file))
    Scheduler(plan, SlowRunner(plan), lambda *_: None).run()
    (first, *_) = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    words = "its time came while its earlier run is at work; it was left out"
    assert (first["event"], first["job"], first["words"]) == ("job_left_out", "nightly", words)
    assert set(capsys.readouterr().err.splitlines()) == {f"hemeroteca: nightly: {words}."}
