"""The how-to for a new operator, followed to the letter on loopback."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scripts.newsroom import Newsroom
from tests.mailbox import mailbox, webhook
from tests.running import ROOT, Answer, in_own_process
from tests.test_run import free_port
from tests.test_schedule import FAKE_CRONTAB

PAGE = (ROOT / "docs/how-to/run-on-a-schedule.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.M | re.S)


def commands() -> list[str]:
    """The `hemeroteca` commands of the page, in its order."""
    lines = [
        line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines()
    ]
    return [line.removeprefix("hemeroteca ") for line in lines if line.startswith("hemeroteca ")]


def test_following_the_how_to_leads_to_a_nightly_job_and_an_alarm_that_arrived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "crontab").write_text(FAKE_CRONTAB)
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("CRON_FILE", str(tmp_path / "crontab"))
    place = tmp_path / "archive"
    place.mkdir()

    def run(command: str) -> Answer:
        assert command in commands(), f"the page does not say {command!r}"
        return in_own_process(*command.split(), cwd=place)

    first, trial = blocks("toml")
    with Newsroom() as room, webhook() as hook, mailbox() as box:
        first = first.replace('["insightcrime"]', f'["{room.url}"]')
        first = first.replace("limit = 500", 'limit = 5\ndelay = 0\nsite = "faro"')
        first = first.replace(
            'schedule = "17 3 * * *" ', 'site = "faro"\ndelay = 0\nschedule = "17 3 * * *" '
        )
        first = first.replace('"${ALERT_MAIL}"', '"${ALERT_MAIL}", "${ALERT_HOOK}"')
        first = first.replace("/mnt/elsewhere", "copies")
        (place / "copies").mkdir()
        (place / "hemeroteca.toml").write_text(first)
        (place / "hemeroteca.env").write_text(
            f"ALERT_MAIL={box.address}\nALERT_HOOK={hook.address}\n"
        )
        (place / "hemeroteca.env").chmod(0o600)
        assert run("alarms --test").err.count("taken") == 2
        nightly = run("run --once nightly")
        assert nightly.code == 0, nightly.err
        assert "63 new articles" in nightly.err
        assert "finished" in run("crawls").out
        assert "63 new articles" in run("crawls 1").out
        shown = run("schedule").out
        assert run("schedule --install cron").code == 0
        assert (tmp_path / "crontab").read_text() == shown
        assert run("schedule --print systemd").out.count("[Timer]") == 4
        (place / "copies").rmdir()
        refused = run("schedule --install cron")
        assert (refused.code, "copies, where there is no directory: make it" in refused.err) == (
            2, True
        )  # fmt: skip
        trial = trial.replace("127.0.0.1:9", f"127.0.0.1:{free_port()}")
        (place / "hemeroteca.toml").write_text(first + trial)
        assert [run("run --once trial").code for _ in range(2)] == [1, 1]
        subjects = ["Hemeroteca: a test", "Hemeroteca: ALARM: job trial"]
        assert [post["title"] for post in hook.posts] == subjects
        assert [mail["Subject"] for mail in box.mails] == subjects
        assert "Now see what it says with" in box.mails[1].get_content()
        assert run("alarms").code == 1
        assert "job trial" in run("alarms --all").out
    events = [
        json.loads(line)["event"] for line in (place / "hemeroteca.log").read_text().splitlines()
    ]
    assert {"job_began", "crawl_began", "page", "crawl_ended", "job_ended", "alert_sent"} == set(
        events
    )
    told = (place / "hemeroteca.log").read_text() + nightly.err
    assert "s3cret" not in told
    with closing(sqlite3.connect(place / "hemeroteca.db")) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (63,)


def test_every_alarm_that_there_is_is_explained() -> None:
    from typing import get_args

    from storage.alarms import Kind

    table = PAGE.partition("## What is told")[2].partition("\n## ")[0]
    rows = "".join(re.findall(r"^\| (`.*?) \|", table, re.M))
    assert set(re.findall(r"`(\w+)`", rows)) == set(get_args(Kind))


def test_every_key_of_a_job_is_named() -> None:
    from scripts.jobs.jobs_file import _ALERTS, _JOB, _TOP

    known = {*_TOP, *_JOB, *_ALERTS} - {"tries", "pause"}
    assert [
        key for key in known if not re.search(rf"`{key}`|^{key} = |{key} = |\[{key}", PAGE, re.M)
    ] == []
