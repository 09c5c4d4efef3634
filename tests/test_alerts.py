"""Telling somebody: once, with what to do, without a secret, and again when it is over."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.jobs.alerts import missing, secrets_of, send
from scripts.jobs.jobs_file import plan_at
from scripts.jobs.plan import Alerts
from scripts.jobs.scheduler import last_run_of
from scripts.newsroom import Newsroom
from storage import Archive
from tests.mailbox import Mailbox, Webhook, mailbox, webhook
from tests.running import Command, in_own_process
from tests.test_run import free_port


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as there:
        yield there


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as there:
        yield there


def write_jobs(place: Path, url: str, *to: str) -> None:
    """A jobs file with one job for the newsroom, and whom to tell."""
    (place / "hemeroteca.toml").write_text(
        f'log = "log.jsonl"\n[alerts]\nto = {json.dumps(to)}\npause = 0.01\n'
        f'[jobs.nightly]\nsites = ["{url}"]\nsite = "faro"\nschedule = "0 3 * * *"\n'
        "delay = 0\nlimit = 2\n"
    )


def test_a_test_message_arrives_everywhere(
    hook: Webhook, box: Mailbox, tmp_path: Path, hemeroteca: Command
) -> None:
    write_jobs(tmp_path, "http://127.0.0.1:9/", hook.address, box.address)
    answer = hemeroteca("alarms", "--test")
    assert (answer.code, answer.err) == (
        0, "alerts.to[1] (json): taken\nalerts.to[2] (mailto): taken\n"
    )  # fmt: skip
    assert hook.posts[0]["title"] == box.mails[0]["Subject"] == "Hemeroteca: a test"
    assert "Alarms of the jobs nightly will come this way." in box.mails[0].get_content()
    assert hook.paths == ["/s3cret-token/"]


def test_an_address_that_takes_nothing_is_tried_again_and_then_told(
    hook: Webhook, tmp_path: Path, hemeroteca: Command
) -> None:
    hook.refuse = 2
    alerts = Alerts((hook.address,), tries=3, pause=0.01)
    assert send(alerts, "title", "body")[0].is_taken
    assert len(hook.paths) == 3
    nobody = f"json://user:s3cret-word@localhost:{free_port()}/s3cret-token/"
    write_jobs(tmp_path, "http://127.0.0.1:9/", nobody, "nonsense://x")
    answer = hemeroteca("alarms", "--test")
    assert answer.code == 1
    refused, unknown = answer.err.splitlines()
    assert refused.startswith("alerts.to[1] (json): ")
    assert "taken" not in refused.split()
    assert "s3cret" not in answer.err
    assert unknown.startswith("alerts.to[2] (nonsense): it is no address that apprise understands")


def test_without_an_address_the_test_says_where_it_belongs(
    tmp_path: Path, hemeroteca: Command
) -> None:
    (tmp_path / "hemeroteca.toml").write_text(
        '[jobs.a]\nsites = "http://127.0.0.1:9/"\nschedule = "@daily"'
    )
    answer = hemeroteca("alarms", "--test")
    assert (answer.code, "put addresses under [alerts]" in answer.err) == (2, True)


def test_a_run_that_fails_is_told_once_and_again_when_it_is_over(
    newsroom: Newsroom, hook: Webhook, tmp_path: Path
) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/", hook.address)
    for _ in range(2):
        assert in_own_process("run", "--once", "nightly", cwd=tmp_path).code == 1
    (told,) = hook.posts
    assert (told["title"], told["type"]) == ("Hemeroteca: ALARM: job nightly", "failure")
    assert told["message"].endswith(f"On {platform.node()}, in {tmp_path} (hemeroteca.toml).")
    assert "could not be read (its robots.txt can't be reached)" in told["message"]
    assert "Now see what it says with `hemeroteca run --once nightly`." in told["message"]
    assert in_own_process("alarms", cwd=tmp_path).code == 1
    write_jobs(tmp_path, newsroom.url, hook.address)
    assert in_own_process("run", "--once", "nightly", cwd=tmp_path).code == 0
    assert hook.posts[1]["title"] == "Hemeroteca: over: job nightly"
    assert hook.posts[1]["type"] == "success"
    assert in_own_process("alarms", cwd=tmp_path).code == 0
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [each["to"] for each in events if each["event"] == "alert_sent"] == [
        "alerts.to[1] (json)"
    ] * 2


def test_a_job_whose_log_cannot_be_written_runs_without_one_and_tells_all_the_same(
    hook: Webhook, tmp_path: Path
) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/", hook.address)
    file = tmp_path / "hemeroteca.toml"
    file.write_text(file.read_text().replace("log.jsonl", "nowhere/log.jsonl"))
    answer = in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert (answer.code, len(hook.posts)) == (1, 1)
    where = f"{file}, line 1: log can't be written, and the jobs run without: There is no directory"
    assert where in answer.err
    assert where in hook.posts[0]["message"]


def test_an_alarm_that_goes_on_is_told_again_after_a_week(hook: Webhook, tmp_path: Path) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/", hook.address)
    archive = tmp_path / "hemeroteca.db"

    def told_days_ago(days: int) -> None:
        then = datetime.now(UTC) - timedelta(days=days)
        with Archive.open(archive, mode="write") as opened:
            opened.note_told(opened.alarms(), then)

    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    told_days_ago(6)
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert [each["title"] for each in hook.posts] == ["Hemeroteca: ALARM: job nightly"]
    told_days_ago(8)
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert hook.posts[-1]["title"] == "Hemeroteca: still: job nightly"
    assert "This goes on since 20" in hook.posts[-1]["message"]
    file = tmp_path / "hemeroteca.toml"
    file.write_text(file.read_text().replace("pause = 0.01", "pause = 0.01\nremind_days = 0"))
    told_days_ago(800)
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert len(hook.posts) == 2


def test_the_alarm_of_a_job_that_was_taken_out_is_over(
    newsroom: Newsroom, hook: Webhook, tmp_path: Path
) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/", hook.address)
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    write_jobs(tmp_path, newsroom.url, hook.address)
    file = tmp_path / "hemeroteca.toml"
    file.write_text(file.read_text().replace("[jobs.nightly]", "[jobs.daily]"))
    assert in_own_process("alarms", cwd=tmp_path).code == 0
    in_own_process("run", "--once", "daily", cwd=tmp_path)
    assert hook.posts[-1]["title"] == "Hemeroteca: over: job nightly"


def test_what_nobody_could_be_told_is_told_by_the_next_run(hook: Webhook, tmp_path: Path) -> None:
    write_jobs(tmp_path, f"http://127.0.0.1:{free_port()}/", hook.address)
    hook.refuse = 3
    first = in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert "no alert could be sent to alerts.to[1] (json): " in first.err
    assert hook.posts == []
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert len(hook.posts) == 1


def test_a_run_whose_archive_cannot_be_opened_is_told_all_the_same(
    newsroom: Newsroom, hook: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "hemeroteca.db").write_text("no archive")
    write_jobs(tmp_path, newsroom.url, hook.address)
    assert in_own_process("run", "--once", "nightly", cwd=tmp_path).code == 4
    assert hook.posts[0]["title"] == "Hemeroteca: ALARM: job nightly"
    assert "exit code 4" in hook.posts[0]["message"]


def test_a_site_that_cannot_be_read_any_more_is_told_with_what_to_run(
    hook: Webhook, tmp_path: Path
) -> None:
    with Newsroom() as room:
        write_jobs(tmp_path, room.url, hook.address)
        text = (tmp_path / "hemeroteca.toml").read_text()
        (tmp_path / "hemeroteca.toml").write_text(text.replace("limit = 2", "limit = 30"))
        assert in_own_process("run", "--once", "nightly", cwd=tmp_path).code == 0
        room.fail("*", status=403, times=10_000)
        room.fail("/robots.txt", status=404, times=10_000)
        in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert hook.posts
    assert "Now " in hook.posts[0]["message"]


def test_a_run_that_did_not_happen_is_found_by_every_other_job_and_by_hand(
    hook: Webhook, tmp_path: Path, hemeroteca: Command
) -> None:
    write_jobs(tmp_path, "http://127.0.0.1:9/", hook.address)
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        archive.start_crawl("faro", "due", {}, datetime.now(UTC) - timedelta(days=3))
    plan = plan_at(str(tmp_path / "hemeroteca.toml"))
    (alarm,) = missing(plan, datetime.now(UTC))["nightly"]
    assert alarm.says.startswith("a run did not happen; the last began ")
    answer = hemeroteca("alarms", "--json")
    assert answer.code == 1
    assert [each["kind"] for each in answer.json] == ["missing"]


def test_a_crawl_by_hand_is_no_run_of_a_job_and_other_jobs_hide_none(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    write_jobs(tmp_path, newsroom.url, "json://localhost/")
    assert in_own_process("run", "--once", "nightly", cwd=tmp_path).code == 0
    words = ("crawl", newsroom.url, "--site", "faro", "--limit", 1, "--delay", 0)
    assert in_own_process(*words, cwd=tmp_path).code == 0
    job = plan_at(str(tmp_path / "hemeroteca.toml")).job("nightly")
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        by_hand, by_job = archive.crawls("faro")
        assert (by_hand.job, by_job.job) == (None, "nightly")
        for _ in range(120):
            archive.start_crawl("faro", "due", {"job": "hourly"}, datetime.now(UTC))
    assert last_run_of(job) == by_job.started_at


def test_runs_that_were_missed_are_told_by_the_first_that_comes(
    newsroom: Newsroom, hook: Webhook, tmp_path: Path
) -> None:
    write_jobs(tmp_path, newsroom.url, hook.address)
    began = datetime.now(UTC) - timedelta(days=40)
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        crawl_id = archive.start_crawl("faro", "due", {"job": "nightly"}, began)
        archive.finish_crawl(crawl_id, {}, began, "finished")
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert "of its runs did not happen, from 20" in hook.posts[0]["message"]
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        (alarm,) = archive.alarms("job nightly")
        assert 38 <= alarm.alarm.figures["missed"] <= 40
        assert timedelta(0) < alarm.began_at - began < timedelta(days=1)
    in_own_process("run", "--once", "nightly", cwd=tmp_path)
    assert hook.posts[1]["title"] == "Hemeroteca: over: job nightly"


def test_a_job_that_never_ran_is_missing_once_its_time_is_past(tmp_path: Path) -> None:
    write_jobs(tmp_path, "http://127.0.0.1:9/", "json://localhost/")
    file = tmp_path / "hemeroteca.toml"
    plan, now = plan_at(str(file)), datetime.now(UTC)
    assert missing(plan, now)["nightly"] == []
    long_ago = (now - timedelta(days=4)).timestamp()
    os.utime(file, (long_ago, long_ago))
    assert "it never ran" in missing(plan, now)["nightly"][0].says


def test_no_secret_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORD", "open%20sesame")
    (tmp_path / "x.env").write_text("TOKEN=abcdef123\n")
    (tmp_path / "hemeroteca.toml").write_text(
        'contact = "desk@daily.example"\nsecrets = "x.env"\n'
        'archive = "postgresql://me:hidden-one@db.example/news"\n'
        '[alerts]\nto = ["mailtos://desk:${WORD}@mail.example?to=a@b.example", '
        '"slack://${TOKEN}/xyzw/"]\n[jobs.a]\nsites = "faro"\nschedule = "@daily"\n'
    )
    hidden = secrets_of(plan_at(str(tmp_path / "hemeroteca.toml")))
    assert {"open%20sesame", "open sesame", "abcdef123", "xyzw", "hidden-one"} <= hidden
    assert not {"mail.example", "desk@daily.example", "mailtos"} & hidden
