"""The crawl lock: one at a time, at once, and a dead holder holds nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.errors import ArchiveBusy
from storage import Archive
from tests.storing import Desk, desk

__all__ = ["desk"]

HOLD = """
import sys
from storage import Archive
archive = Archive.open(sys.argv[1], mode="write")
with archive.hold():
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the archive until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_crawl_is_told_at_once_who_holds_the_archive(desk: Desk) -> None:
    path = desk.archive.path
    assert path
    with holding(path) as other:
        sentence = rf"{path} is held by another crawl \(process {other.pid} since 2.* UTC\): "
        with pytest.raises(ArchiveBusy, match=sentence + "wait for it, or stop it"):
            desk.archive.hold().__enter__()
        assert other.stdin
        other.stdin.close()
        other.wait()
        with desk.archive.hold():
            pass


def test_the_lock_of_a_killed_crawl_is_in_nobodys_way(desk: Desk) -> None:
    path = desk.archive.path
    assert path
    with holding(path) as other:
        other.kill()
        other.wait()
    assert f"process {other.pid}" in Path(f"{path}.lock").read_text()
    with desk.archive.hold():
        assert f"process {os.getpid()}" in Path(f"{path}.lock").read_text()


def test_the_lock_is_let_go_when_the_crawl_fails(desk: Desk) -> None:
    with pytest.raises(RuntimeError), desk.archive.hold():
        raise RuntimeError
    with desk.archive.hold():
        pass


def test_the_lock_holds_on_a_disk_without_room_for_its_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with (
        desk.archive.hold(),
        pytest.raises(ArchiveBusy, match="another process"),
        desk.archive.hold(),
    ):
        pass


def test_readers_do_not_mind_the_lock(desk: Desk) -> None:
    with desk.archive.hold(), Archive.open(desk.archive.path or "") as reader:
        assert reader.sites() == {}
