"""`serve` as a process: it opens, answers, and closes in order when it is told to."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from scripts.desk.serving import listening
from tests.running import ROOT, Command


@contextmanager
def served(*words: object, cwd: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address that it tells."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.cli", *map(str, words)],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(cwd)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if address := re.search(r"open on (http://\S+/)", line):
                yield process, address[1]
                return
        raise AssertionError(f"never opened; it ended with {process.wait(10)}")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_desk_opens_answers_and_closes_when_told(
    crawled: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with (
        served("-a", crawled, "serve", "--port", "0", cwd=tmp_path) as (process, address),
        httpx.Client() as browser,  # its connection is still open when the signal comes
    ):
        assert "What it holds" in browser.get(address).text
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (0, "")
    assert err.strip() == "The desk is closed."


def test_a_page_that_fails_is_one_line_on_the_terminal(crawled: Path, tmp_path: Path) -> None:
    with served("-a", crawled, "serve", "--port", "0", cwd=tmp_path) as (process, address):
        assert httpx.get(f"{address}no/such/page/at/all").status_code == 404
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
    assert err.strip() == "The desk is closed."


def test_what_stops_the_desk_from_opening_is_one_sentence(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    missing = hemeroteca("-a", tmp_path / "none.db", "serve")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "There is no archive at" in missing.err
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        answer = hemeroteca("-a", archive, "serve", "--port", port)
    assert answer.code == 2
    assert answer.err == (
        f"hemeroteca: Port {port} of 127.0.0.1 is taken, by another desk perhaps: "
        "choose another with --port, or any free one with --port 0.\n"
    )


def test_the_demo_ends_in_the_browser(tmp_path: Path) -> None:
    words = ("demo", "--into", tmp_path / "shown.db", "--serve", "--port", "0")
    with served(*words, cwd=tmp_path) as (process, address):
        assert "Faro del Istmo" in httpx.get(f"{address}sites").text
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert (process.returncode, err.strip()) == (0, "The desk is closed.")
