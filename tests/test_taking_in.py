"""A web archive is taken in by several processes, and comes to the same as by one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from crawler import settings
from crawler.profile import generic_profile
from spiders.taking_in import TakingIn, Tally
from storage import Archive
from tests.crawling import article, content_of, damage_in
from tests.running import ROOT
from tests.warcs import answered, repeated

PAGES, MORE = 40, 200


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """Articles, lists, a page that is gone, one that moved, one that is there twice, a revisit."""
    path = tmp_path / "many.warc"
    records = []
    for number in range(PAGES):
        url = f"https://news.example/2020/05/story-{number}/"
        body = article(f"The strike of the port of {number} ends").encode()
        records.append(answered(url, body if number % 5 else b"<p>a list", **_at(number)))
    records.append(answered("https://news.example/gone/", b"no", status="404 Gone", **_at(50)))
    to = [("Location", "https://news.example/2020/05/story-1/"), ("Content-Type", "text/html")]
    records.append(
        answered("https://news.example/old/", b"", status="301 Moved", headers=to, **_at(51))
    )
    records.append(records[7])
    first = "https://news.example/2020/05/story-39/"
    digest = "sha1:MF2XI2DFOJSSA5DINFZSA2LTEBXG6ZLR"
    records.append(repeated(first, digest, first, _at(39)["date"], date=_at(55)["date"]))
    path.write_bytes(b"".join(records))
    return path


def _at(minute: int) -> dict[str, str]:
    return {"date": f"2020-05-17T12:{minute:02}:00Z"}


def taken(warc: Path, archive: Path, jobs: int) -> Tally:
    tally = Tally()
    with (
        Archive.open(archive, mode="write") as opened,
        TakingIn(opened, lambda url, _: generic_profile(url), jobs=jobs) as taking,
        warc.open("rb") as file,
    ):
        taking.take(file, tally)
        taking.finish()
    return tally


def test_several_processes_come_to_what_one_comes_to(warc: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    first, second = taken(warc, one, 0), taken(warc, two, 3)
    assert first.outcomes == second.outcomes
    assert first.outcomes["held"] == 1
    assert first.outcomes["unchanged"] == 1
    assert first.outcomes["new"] == PAGES - PAGES // 5
    assert content_of(one) == content_of(two)
    assert damage_in(two) == []


def test_a_page_that_takes_too_long_is_kept_unread_and_the_rest_goes_on(
    warc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HEMEROTECA_LONGEST_READING_SECONDS", 0.001)
    path = tmp_path / "slow.db"
    small = tmp_path / "small.warc"
    small.write_bytes(warc.read_bytes()[:20_000])
    tally = taken(small, path, 1)
    assert tally.outcomes["unreadable"] == sum(tally.outcomes.values()) > 1
    with Archive.open(path) as archive:
        assert {each.reason for each in archive.failures()} == {
            "reading it took longer than 0.001 s"
        }
        assert archive.verify().damaged == []


def test_what_was_killed_goes_on_where_it_was(warc: Path, tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "undisturbed.db", tmp_path / "killed.db"
    with warc.open("ab") as file:  # enough for many transactions
        for number in range(MORE):
            url = f"https://news.example/2020/05/report-{number}/"
            body = article(f"The report of number {number} is out").encode()
            date = f"2020-05-18T{number // 60:02}:{number % 60:02}:00Z"
            file.write(answered(url, body, date=date))
    taken(warc, undisturbed, 1)
    command = [sys.executable, "-m", "scripts.cli", "--archive", str(killed), "add", "--warc"]
    about = {"cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        [*command, str(warc), "--jobs", "2"], **about, start_new_session=True
    ) as adding:
        until = time.monotonic() + 60
        while _captures(killed) < 5 and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(adding.pid, signal.SIGKILL)
    assert 5 <= _captures(killed) < PAGES + MORE
    done = subprocess.run([*command, str(warc)], **about, timeout=120, check=False)
    assert (done.returncode, b"held already" in done.stdout) == (0, True)
    assert content_of(killed) == content_of(undisturbed)
    assert damage_in(killed) == []


def _captures(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            return int(connection.execute("SELECT count(*) FROM captures").fetchone()[0])
    except sqlite3.OperationalError:  # it is just being made
        return 0
