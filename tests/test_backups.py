"""Copies of an archive elsewhere: whole, named by their moment, and never fewer for a failure."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler.errors import ArchiveDamaged, BadInput, MachineFault
from scripts.jobs.jobs_file import plan_at
from storage import Archive
from storage.backups import backed_up, copies_in
from tests.running import Command, in_own_process

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def own(archive: Path, tmp_path: Path) -> Path:
    """An archive that a test may damage."""
    return Path(shutil.copy(archive, tmp_path / "news.db"))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_copy_is_whole_and_has_its_moment_in_its_name(own: Path, elsewhere: Path) -> None:
    done = backed_up(own, elsewhere, keep=None, now=NOW)
    assert names(elsewhere) == ["news-20261123T063000Z.db"]
    with Archive.open(own) as original, Archive.open(done.path) as copy:
        assert list(copy.articles()) == list(original.articles())
    assert (done.captures > 0, done.size) == (True, done.path.stat().st_size)


def test_what_is_not_yet_in_the_file_itself_is_copied(own: Path, elsewhere: Path) -> None:
    connection = sqlite3.connect(own)
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("UPDATE crawls SET mode = 'latest'")
    connection.commit()
    assert Path(f"{own}-wal").stat().st_size
    done = backed_up(own, elsewhere, keep=None, now=NOW)
    connection.close()
    rows = sqlite3.connect(done.path).execute("SELECT DISTINCT mode FROM crawls").fetchall()
    assert rows == [("latest",)]


def test_the_latest_are_kept_and_other_files_are_left_alone(own: Path, elsewhere: Path) -> None:
    others = ["news-old.db", "other-20200101T000000Z.db", "notes.txt"]
    for name in others:
        (elsewhere / name).write_text("mine")
    days = [backed_up(own, elsewhere, keep=2, now=NOW + timedelta(days=day)) for day in range(4)]
    assert [each.name for each in copies_in(elsewhere, own)] == [
        "news-20261126T063000Z.db",
        "news-20261125T063000Z.db",
    ]
    assert set(others) < set(names(elsewhere))
    assert [each.name for each in days[3].removed] == ["news-20261124T063000Z.db"]


def test_a_damaged_archive_costs_no_older_copy(own: Path, elsewhere: Path) -> None:
    backed_up(own, elsewhere, keep=1, now=NOW)
    with sqlite3.connect(own) as connection:
        connection.execute("UPDATE bodies SET content = zeroblob(length(content))")
    with pytest.raises(ArchiveDamaged, match=r"The copy of .* is not whole, as little as the arch"):
        backed_up(own, elsewhere, keep=1, now=NOW + timedelta(days=7))
    assert names(elsewhere) == ["news-20261123T063000Z.db"]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_folder_without_room_is_told_before_it_is_full(
    own: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.backups.shutil.disk_usage", lambda _: Usage(10, 9, 1))
    with pytest.raises(
        MachineFault, match=r"has room for 0\.0 MB: make room, or keep fewer copies"
    ):
        backed_up(own, elsewhere, keep=None, now=NOW)
    assert names(elsewhere) == []


@pytest.mark.parametrize(
    ("address", "folder", "told"),
    [
        ("postgresql://there/news", ".", "is backed up there"),
        ("news.db", "nowhere", "make it first, or mount its disk"),
        ("none.db", ".", "There is no archive"),
    ],
)
def test_what_can_not_be_copied_is_told(
    own: Path, monkeypatch: pytest.MonkeyPatch, address: str, folder: str, told: str
) -> None:
    monkeypatch.chdir(own.parent)
    with pytest.raises(BadInput, match=told):
        backed_up(address, Path(folder), keep=None, now=NOW)


def test_the_command_says_what_was_copied(own: Path, elsewhere: Path, hemeroteca: Command) -> None:
    answer = hemeroteca("--archive", str(own), "backup", str(elsewhere), "--keep", "3")
    assert (answer.code, "verified. 1 copy kept." in answer.err) == (0, True)
    told: dict[str, Any] = json.loads(
        hemeroteca("--archive", str(own), "backup", str(elsewhere), "--json").out
    )
    assert Path(told["path"]).exists()
    assert told["captures"] > 0


def test_upkeep_is_done_by_jobs(own: Path, elsewhere: Path, tmp_path: Path) -> None:
    (tmp_path / "hemeroteca.toml").write_text(
        'archive = "news.db"\n'
        '[jobs.check]\nschedule = "@weekly"\nmode = "verify"\n'
        '[jobs.copy]\nschedule = "@weekly"\nmode = "backup"\nto = "elsewhere"\nkeep = 1\n'
    )
    for job in ("check", "copy", "copy"):
        assert in_own_process("run", "--once", job, cwd=tmp_path).code == 0
    assert len(names(elsewhere)) == 1
    answer = in_own_process("alarms", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "Nothing rings.\n")
    with sqlite3.connect(own) as connection:
        connection.execute("UPDATE bodies SET content = zeroblob(length(content))")
    assert in_own_process("run", "--once", "check", cwd=tmp_path).code == 4
    answer = in_own_process("alarms", cwd=tmp_path)
    assert (answer.code, "job check" in answer.out) == (1, True)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('mode = "backup"', "line 1: jobs.a has no 'to': name the folder for the copies"),
        ('mode = "verify"\nsites = "faro"', "line 4: jobs.a.sites means nothing to a job whose m"),
        ('mode = "backup"\nto = "b"\nlimit = 3', "line 5: jobs.a.limit means nothing to a job"),
        ('mode = "backup"\nto = "b"\nkeep = 0', "line 5: jobs.a.keep is 0; it should be 1 or mo"),
        ("keep = 3", "line 3: jobs.a.keep means nothing to a job whose mode is 'due'"),
    ],
)
def test_what_means_nothing_to_a_job_is_refused(tmp_path: Path, lines: str, told: str) -> None:
    file = tmp_path / "hemeroteca.toml"
    file.write_text(f'[jobs.a]\nschedule = "@weekly"\n{lines}\n')
    with pytest.raises(BadInput) as refusal:
        plan_at(str(file))
    assert told in str(refusal.value)
