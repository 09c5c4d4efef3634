"""A job that can't even begin is told to whom it can be, remembered, and over with a good run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.jobs.memory import Memory
from scripts.newsroom import Newsroom
from storage import Archive
from storage.alarms import Alarm
from tests.mailbox import Webhook, webhook
from tests.running import in_own_process
from tests.test_alerts import write_jobs

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as there:
        yield there


@pytest.fixture
def place(newsroom: Newsroom, hook: Webhook, tmp_path: Path) -> Path:
    write_jobs(tmp_path, newsroom.url, hook.address)
    return tmp_path


def titles(hook: Webhook) -> list[str]:
    return [post["title"] for post in hook.posts]


def run(place: Path, job: str = "nightly") -> int:
    return in_own_process("run", "--once", job, cwd=place).code


def changed(place: Path, old: str, new: str) -> None:
    file = place / "hemeroteca.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_an_archive_that_cannot_be_opened_is_told_once_and_remembered_until_it_can(
    place: Path, hook: Webhook
) -> None:
    archive = place / "hemeroteca.db"
    archive.write_bytes(b"this is no archive" * 100)
    assert [run(place), run(place)] == [4, 4]
    assert titles(hook) == ["Hemeroteca: ALARM: job nightly"]
    answer = in_own_process("alarms", cwd=place)
    assert (answer.code, "job nightly" in answer.out) == (1, True)
    archive.unlink()
    assert run(place) == 0
    assert titles(hook)[1:] == ["Hemeroteca: over: job nightly"]
    assert in_own_process("alarms", cwd=place).code == 0


def test_an_archive_of_a_newer_version_is_told(place: Path, hook: Webhook) -> None:
    assert run(place) == 0
    with sqlite3.connect(place / "hemeroteca.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run(place) == 4
    assert titles(hook) == ["Hemeroteca: ALARM: job nightly"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("limit = 2", 'limit = "two"', "jobs.nightly.limit is 'two'"),
        ("[jobs.nightly]", "[jobs.nightly", "line 5, column 14"),
        ('schedule = "0 3 * * *"', "", "has no 'schedule'"),
    ],
)
def test_a_jobs_file_that_was_broken_since_is_told(
    place: Path, hook: Webhook, old: str, new: str, told: str
) -> None:
    whole = (place / "hemeroteca.toml").read_text()
    changed(place, old, new)
    assert [run(place), run(place)] == [2, 2]
    (post,) = hook.posts
    assert post["title"].startswith("Hemeroteca: ALARM: jobs file ")
    assert told in post["message"]
    (place / "hemeroteca.toml").write_text(whole)
    assert run(place) == 0
    assert titles(hook)[1:] == [f"Hemeroteca: over: jobs file {place}/hemeroteca.toml"]


def test_secrets_that_cannot_be_read_keep_neither_the_crawl_nor_other_addresses(
    place: Path, hook: Webhook
) -> None:
    changed(place, "to = [", 'to = ["${ALERT_MAIL}", ')
    changed(place, "log =", 'secrets = "hemeroteca.env"\nlog =')
    assert run(place) == 1
    with Archive.open(place / "hemeroteca.db") as archive:
        assert len(list(archive.articles())) == 2
    (post,) = hook.posts
    assert "secrets can't be read: There is no file" in post["message"]
    (place / "hemeroteca.env").write_text(f"ALERT_MAIL={hook.address}\n")
    assert run(place) == 0
    assert {each.rpartition(":")[0] for each in titles(hook)[1:]} == {"Hemeroteca: over"}


def test_a_broken_job_keeps_no_other_from_running(place: Path, hook: Webhook) -> None:
    file = place / "hemeroteca.toml"
    file.write_text(file.read_text() + '[jobs.other]\nschedule = "@daily"\nsites = "nonsense"\n')
    assert run(place) == 1
    assert "jobs.other.sites can't be crawled" in hook.posts[0]["message"]
    with Archive.open(place / "hemeroteca.db") as archive:
        assert len(list(archive.articles())) == 2
    assert run(place, "other") == 2


def test_schedule_installs_nothing_while_something_is_in_the_way(place: Path) -> None:
    changed(place, '"log.jsonl"', '"nowhere/log.jsonl"')
    changed(place, "to = [", 'to = ["htp://nobody/", ')
    changed(place, "[jobs.nightly]", '[jobs.nightly]\narchive = "missing/news.db"')
    answer = in_own_process("schedule", "--install", "cron", cwd=place)
    assert answer.code == 2
    log, address, folder = answer.err.strip().splitlines()
    assert "line 1: log can't be written" in log
    assert (
        "line 3: alerts.to holds as its number 1 (htp) nothing that apprise understand" in address
    )
    assert "line 6: jobs.nightly.archive stands in" in folder


def test_a_file_that_others_may_read_is_no_place_for_secrets(place: Path) -> None:
    secrets = place / "hemeroteca.env"
    secrets.write_text("A=b\n")
    changed(place, "log =", 'secrets = "hemeroteca.env"\nlog =')
    for mode, told in ((0o644, True), (0o600, False)):
        secrets.chmod(mode)
        answer = in_own_process("schedule", cwd=place)
        assert (answer.code, f"`chmod 600 {secrets}`" in answer.err) == (0, told)


def test_a_jobs_file_may_begin_with_a_byte_order_mark(place: Path) -> None:
    file = place / "hemeroteca.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert in_own_process("schedule", cwd=place).code == 0


def test_what_is_remembered_stands_elsewhere_where_the_folder_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "hemeroteca.toml.state").write_text("no folder")
    alarm = Alarm("job nightly", "run", "it says", "do this", str(tmp_path))
    Memory(tmp_path / "hemeroteca.toml").note_alarm(alarm, NOW)
    (kept,) = Memory(tmp_path / "hemeroteca.toml").alarms()
    assert (kept.alarm, kept.began_at, kept.told_at) == (alarm, NOW, None)
    assert Memory(tmp_path / "another.toml").alarms() == []


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"alarm": {"site": 5}, "outcome": {"job": 1}}']
)
def test_what_is_remembered_may_be_damaged(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "hemeroteca.toml.state"
    folder.mkdir()
    (folder / "nightly.json").write_text(content)
    memory = Memory(tmp_path / "hemeroteca.toml")
    assert (memory.alarms(), memory.outcome("nightly")) == ([], None)


def test_a_log_that_was_moved_away_begins_anew(place: Path) -> None:
    assert run(place) == 0
    (place / "log.jsonl").rename(place / "log.jsonl.1")
    assert run(place) == 0
    events = [json.loads(line)["event"] for line in (place / "log.jsonl").read_text().splitlines()]
    assert (events[0], events[-1]) == ("job_began", "job_ended")
