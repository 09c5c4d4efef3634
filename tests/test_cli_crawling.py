"""What the words after `crawl` mean, and what its exit code says."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import BadInput
from scripts.commands import Setting
from scripts.commands.runs import conclude, is_anonymous, overridden, profile_for, summary
from scripts.newsroom import Newsroom
from tests.running import ROOT, in_own_process


def test_a_name_is_a_known_site() -> None:
    assert profile_for("insightcrime", None).name == "insightcrime"


def test_an_address_of_a_known_site_is_read_with_its_profile() -> None:
    assert profile_for("https://www.insightcrime.org/news/", None).name == "insightcrime"


def test_a_crawl_by_hand_tells_the_contact_of_the_jobs_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "hemeroteca.toml").write_text('contact = "desk@daily.example"\n')
    with Newsroom() as room:
        words = ("crawl", room.url, "--site", "faro", "--delay", "0", "--limit", "1")
        in_own_process(*words, cwd=tmp_path)
        in_own_process(*words, "--contact", "other@daily.example", cwd=tmp_path)
        agents = {each.headers["user-agent"] for each in room.requests}
    assert len(agents) == 2
    assert all(("desk@" in each) != ("other@" in each) for each in agents)


def test_a_contact_by_which_nobody_could_be_reached_is_refused(tmp_path: Path) -> None:
    answer = in_own_process("crawl", "http://127.0.0.1:9/", "--contact", "nobody", cwd=tmp_path)
    assert (answer.code, "'nobody' is no mail address and no web page" in answer.err) == (2, True)


def test_an_unknown_address_gets_the_generic_profile() -> None:
    profile = profile_for("https://news.example:8443/latest", None)
    assert (profile.name, profile.is_generic) == ("news.example:8443", True)


def test_an_address_read_with_a_known_profile_takes_the_place_of_its_hosts() -> None:
    profile = profile_for("http://127.0.0.1:8000/", "insightcrime")
    assert (profile.name, profile.hosts) == ("insightcrime", ("127.0.0.1:8000",))
    assert all(url.startswith("http://127.0.0.1:8000/") for url in profile.start)


@pytest.mark.parametrize(
    ("address", "contact", "anonymous"),
    [
        ("https://news.example/", None, True),
        ("https://news.example/", "", True),
        ("https://news.example/", "me@example.org", False),
        ("http://127.0.0.1:8000/", None, False),
        ("http://localhost:8000/", None, False),
        ("http://[::1]:8000/", None, False),
    ],
)
def test_whoever_crawls_somebody_elses_site_is_asked_for_a_contact(
    address: str, contact: str | None, anonymous: bool
) -> None:
    assert is_anonymous([profile_for(address, None)], contact) is anonymous


def a_report(**counts: Any) -> dict[str, Any]:
    return {"site": "gazette", "outcome": "finished", "failed": {}, "lists_read": 4, **counts}


@pytest.mark.parametrize(
    ("report", "tolerance", "code"),
    [
        (a_report(new=10), 0, 0),
        (a_report(), 0, 0),
        (a_report(new=95, failed={"the server failed (500)": 5}), 5, 0),
        (a_report(new=94, failed={"the server failed (500)": 6}), 5, 1),
        (a_report(new=94, unreadable=6), 5, 1),
        (a_report(new=99, failed={"timeout": 1}), 0, 1),
        (a_report(failed={"timeout": 1}), 100, 0),
        (a_report(new=9, gone=3, refused_by_robots=4, not_articles=5), 0, 0),
        (a_report(lists_failed={"https://x.example/sitemap.xml": "timeout"}), 5, 1),
        (a_report(lists_read=99, lists_failed={"https://x.example/s.xml": "timeout"}), 5, 0),
        (a_report(put_back={"the host asked for a pause": 3}), 5, 1),
        (a_report(new=1, outcome="interrupted"), 5, 130),
    ],
)
def test_the_exit_code_follows_from_the_report(
    report: dict[str, Any], tolerance: float, code: int
) -> None:
    assert conclude(Setting(quiet=True), [report], tolerance) == code


def test_of_several_sites_the_worst_counts(capsys: pytest.CaptureFixture[str]) -> None:
    reports = [a_report(new=1), a_report(failed={"timeout": 2})]
    assert conclude(Setting(quiet=True), reports, 5) == 1
    assert capsys.readouterr().err == (
        "hemeroteca: gazette: 2 pages failed (`hemeroteca failures` lists them).\n"
    )


def test_an_alarm_ends_in_1_whatever_is_tolerated(capsys: pytest.CaptureFixture[str]) -> None:
    alarm = "8 of the last 20 pages could not be read (2 of 90 before)"
    report = a_report(new=500, unreadable=8, alarms=[alarm])
    assert conclude(Setting(quiet=True), [report], 100) == 1
    assert f"gazette: ALARM: {alarm}; 8 pages failed" in capsys.readouterr().err


def test_a_setting_is_named_with_or_without_our_name_before_it() -> None:
    given = ["MOST_LISTS=5", "HEMEROTECA_GRACE_SECONDS=0.5", "download_timeout=9"]
    assert overridden(given) == {
        "HEMEROTECA_MOST_LISTS": "5",
        "HEMEROTECA_GRACE_SECONDS": "0.5",
        "DOWNLOAD_TIMEOUT": "9",
    }


@pytest.mark.parametrize(
    "given",
    ["MOST_LISTS", "NOTHING=5", "MOST_LISTS=many", "MOST_LISTS=-1", "ROBOTSTXT_OBEY=0", "=", ""],
)
def test_a_setting_that_is_none_is_a_sentence(given: str) -> None:
    with pytest.raises(BadInput, match="--set"):
        overridden([given])


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (a_report(), "gazette: nothing was due."),
        (
            a_report(lists_failed={"https://x.example/s.xml": "timeout"}),
            "gazette: nothing was due.",
        ),
        (
            a_report(lists_read=0, lists_failed={"https://x.example/s.xml": "timeout"}),
            "gazette: no list could be read.",
        ),
        (a_report(new=2, unchanged=1), "gazette: 2 new, 1 unchanged."),
    ],
)
def test_the_closing_line_says_why_nothing_came(report: dict[str, Any], line: str) -> None:
    assert summary(report) == line


def test_a_site_that_is_down_is_told(tmp_path: Path) -> None:
    with Newsroom() as room:
        crawl = ("crawl", room.url, "--site", "faro", "--delay", "0")
        assert in_own_process(*crawl, "--limit", "3", cwd=tmp_path).code == 0
    quick = ("--set", "FIRST_PAUSE_SECONDS=0.1")
    again = (*crawl, "--mode", "recheck", "--since", "1990-01-01", *quick)
    answer = in_own_process(*again, cwd=tmp_path)
    assert answer.code == 1
    assert "2 pages failed" in answer.err  # robots.txt is still known from the run before
    assert "1 page was left for a later run" in answer.err


def test_the_report_has_the_documented_keys(tmp_path: Path, newsroom: Newsroom) -> None:
    answer = in_own_process(
        "--quiet", "crawl", newsroom.url, "--site", "faro", "--delay", "0", "--limit", "1",
        "--report", "-", cwd=tmp_path,
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    assert {
        "site", "started_at", "finished_at", "listed", "due", "fetched", "not_modified", "new",
        "revised", "unchanged", "not_articles", "gone", "refused_by_robots", "failed",
    } <= set(answer.json)  # fmt: skip


def test_a_progress_bar_can_be_asked_for_and_stays_off_standard_output(
    tmp_path: Path, newsroom: Newsroom
) -> None:
    crawl = ("crawl", newsroom.url, "--site", "faro", "--delay", "0", "--limit", "5")
    shown = in_own_process(*crawl, "--progress", cwd=tmp_path)
    assert (shown.code, shown.out) == (0, "")
    assert "faro" in shown.err
    assert "5/" in shown.err


@contextmanager
def running_crawl(room: Newsroom, place: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A crawl that has stored something and takes long; killed at the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.cli", "--archive", str(place / "hemeroteca.db"),
         "crawl", room.url, "--site", "faro", "--delay", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            _wait_for_pages(process, room)
            yield process
        finally:
            process.kill()
            process.communicate()


def _wait_for_pages(process: subprocess.Popen[bytes], room: Newsroom) -> None:
    paths = {article.path for article in room.articles}
    deadline = time.monotonic() + 120
    while sum(request.path in paths for request in room.requests) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_crawl_ends_safely_and_goes_on(tmp_path: Path, sign: signal.Signals) -> None:
    with Newsroom() as room:
        with running_crawl(room, tmp_path) as process:
            process.send_signal(sign)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (130, b"")
        assert b"Traceback" not in err
        assert err.decode().rstrip().endswith("run the same command again to go on.")
        held = in_own_process("search", "a OR the OR la", "--count", cwd=tmp_path)
        assert 0 < int(held.out) < len(room.articles)
        again = in_own_process(
            "crawl", room.url, "--site", "faro", "--delay", "0", "--report", "-", cwd=tmp_path
        )
        assert again.code == 0
        assert again.json["new"] > 0
        sites = in_own_process("sites", "--json", cwd=tmp_path).json
        assert sites[0]["articles"] == len(room.articles)


def test_a_second_crawl_leaves_the_first_alone(tmp_path: Path) -> None:
    with Newsroom() as room, running_crawl(room, tmp_path) as process:
        second = in_own_process("crawl", room.url, "--site", "faro", cwd=tmp_path)
        assert second.code == 3
        assert second.out == ""
        assert second.err.startswith("hemeroteca: ")
        assert second.err.count("\n") == 1
        assert str(process.pid) in second.err
