"""Cron lines and systemd units: what they say, and how they get in and out again."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.jobs.entries import unit_of
from scripts.jobs.jobs_file import plan_at
from tests.running import ROOT, Command

JOBS = """
contact = "desk@daily.example"

[jobs.nightly]
sites = ["insightcrime"]
schedule = "17 3 * * 1-5"

[jobs.weekly]
sites = ["insightcrime"]
schedule = "5 4 1 * sun"
mode = "recheck"
"""

FAKE_CRONTAB = """#!/bin/sh
# A crontab in one file; like the real one, it has none at first.
if [ "$1" = -l ]; then
    [ -f "$CRON_FILE" ] || { echo "no crontab for tester" >&2; exit 1; }
    cat "$CRON_FILE"
else
    cat >"$CRON_FILE"
fi
"""

FAKE_SYSTEMCTL = """#!/bin/sh
echo "$@" >>"$SYSTEMCTL_LOG"
"""


@pytest.fixture
def here(hemeroteca: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a blank and a percent sign in its name, a jobs file, and a user's machine."""
    place = tmp_path / "my 50% archive"
    place.mkdir()
    (place / "hemeroteca.toml").write_text(JOBS)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"crontab": FAKE_CRONTAB, "systemctl": FAKE_SYSTEMCTL}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("CRON_FILE", str(tmp_path / "crontab"))
    monkeypatch.setenv("SYSTEMCTL_LOG", str(tmp_path / "systemctl.log"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(place)
    return place


def lines_of(crontab: str) -> list[str]:
    return [line for line in crontab.splitlines() if not line.startswith("#")]


def test_a_cron_line_needs_nothing_of_the_users_shell(here: Path, hemeroteca: Command) -> None:
    """cron's own shell runs it: in another directory, with hardly any environment."""
    answer = hemeroteca("schedule")
    assert answer.code == 0, answer.err
    nightly, weekly = lines_of(answer.out)
    assert nightly.startswith("17 3 * * 1-5 cd ")
    assert weekly.startswith("5 4 1 * sun cd ")
    command = nightly.split(" ", 5)[5].replace("\\%", "%")  # as crontab(5) says
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("run --jobs", "schedule --jobs").split(" --once")[0]],
        cwd="/",
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(here / "hemeroteca.toml") in done.stdout


def test_systemd_understands_the_units(here: Path, hemeroteca: Command, tmp_path: Path) -> None:
    assert hemeroteca("schedule", "--install", "systemd").code == 0
    folder = tmp_path / ".config/systemd/user"
    units = {path.name.rpartition("-")[2]: path for path in folder.iterdir()}
    timer = units["weekly.timer"].read_text()
    assert "OnCalendar=*-*-01 04:05:00\nOnCalendar=Sun *-*-* 04:05:00\n" in timer
    assert "Persistent=true\nRandomizedDelaySec=300\n" in timer
    service = units["nightly.service"].read_text()
    assert "network-online" not in service  # a user's own systemd knows no such target
    escaped = str(here).replace("%", "%%")
    assert f"WorkingDirectory={escaped}\n" in service
    assert f'--jobs "{escaped}/hemeroteca.toml" --once nightly\n' in service
    analyse = shutil.which("systemd-analyze")
    if analyse is not None:
        done = subprocess.run(
            [analyse, "--user", "verify", *map(str, sorted(folder.iterdir()))],
            capture_output=True,
            text=True,
            check=False,
        )
        complaints = [line for line in done.stderr.splitlines() if "hemeroteca-" in line]
        assert complaints == []
        for each in ("*-*-01 04:05:00", "Mon,Tue,Wed,Thu,Fri *-*-* 03:17:00"):
            subprocess.run([analyse, "calendar", each], capture_output=True, check=True)


def test_lines_go_into_the_crontab_once_and_come_out_again(
    here: Path, hemeroteca: Command, tmp_path: Path
) -> None:
    crontab = tmp_path / "crontab"
    crontab.write_text("0 1 * * * mine")  # without a line end, as editors leave it
    assert hemeroteca("schedule", "--install", "cron").code == 0
    once = crontab.read_text()
    assert once.startswith("0 1 * * * mine\n")
    assert len(lines_of(once)) == 3
    again = hemeroteca("schedule", "--install", "cron")
    assert "Nothing to change" in again.err
    assert crontab.read_text() == once
    (here / "hemeroteca.toml").write_text(JOBS.replace("17 3", "18 3"))
    assert hemeroteca("schedule", "--install", "cron").code == 0
    assert [line[:4] for line in lines_of(crontab.read_text())] == ["0 1 ", "18 3", "5 4 "]
    assert hemeroteca("schedule", "--remove", "cron").code == 0
    assert crontab.read_text() == "0 1 * * * mine\n"
    assert "Nothing of" in hemeroteca("schedule", "--remove", "cron").err


def test_two_jobs_files_leave_each_others_lines_alone(
    here: Path, hemeroteca: Command, tmp_path: Path
) -> None:
    (here / "other.toml").write_text(JOBS)
    hemeroteca("schedule", "--install", "cron")
    hemeroteca("schedule", "--jobs", "other.toml", "--install", "cron")
    assert len(lines_of((tmp_path / "crontab").read_text())) == 4
    hemeroteca("schedule", "--remove", "cron")
    left = lines_of((tmp_path / "crontab").read_text())
    assert len(left) == 2
    assert all("other.toml" in line for line in left)


def test_a_crontab_that_cannot_be_read_is_left_alone(
    here: Path, hemeroteca: Command, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "crontab"
    program.write_text("#!/bin/sh\necho 'not allowed to use this program' >&2\nexit 1\n")
    answer = hemeroteca("schedule", "--install", "cron")
    assert answer.code == 2
    assert "can't be read: not allowed to use this program; nothing was changed" in answer.err


def test_units_are_started_followed_and_removed(
    here: Path, hemeroteca: Command, tmp_path: Path
) -> None:
    folder, log = tmp_path / ".config/systemd/user", tmp_path / "systemctl.log"
    hemeroteca("schedule", "--install", "systemd")
    weekly, nightly = (
        next(folder.glob(f"hemeroteca-my-50-archive-*-{job}.timer")).name
        for job in ("weekly", "nightly")
    )
    assert f"--user enable --now {nightly} {weekly}" in log.read_text()
    (here / "hemeroteca.toml").write_text(JOBS.partition("[jobs.weekly]")[0])
    hemeroteca("schedule", "--install", "systemd")
    assert sorted(path.name for path in folder.iterdir()) == [
        nightly.replace(".timer", ".service"),
        nightly,
    ]
    assert f"--user disable --now {weekly}" in log.read_text()
    assert "Nothing to change" in hemeroteca("schedule", "--install", "systemd").err
    hemeroteca("schedule", "--remove", "systemd")
    assert list(folder.iterdir()) == []


def test_a_unit_that_was_not_made_here_is_not_written_over(
    here: Path, hemeroteca: Command, tmp_path: Path
) -> None:
    folder = tmp_path / ".config/systemd/user"
    folder.mkdir(parents=True)
    plan = plan_at(None)
    mine = f"{unit_of(plan, plan.jobs['nightly'])}.timer"
    (folder / mine).write_text("[Timer]\nOnCalendar=daily\n")
    answer = hemeroteca("schedule", "--install", "systemd")
    assert (answer.code, "was not made from" in answer.err) == (2, True)
    assert [path.name for path in folder.iterdir()] == [mine]


def test_two_folders_may_each_have_a_nightly_job(
    here: Path, hemeroteca: Command, tmp_path: Path
) -> None:
    folder = tmp_path / ".config/systemd/user"
    (tmp_path / "other" / here.name).mkdir(parents=True)
    other = tmp_path / "other" / here.name / "hemeroteca.toml"
    other.write_text(JOBS)
    for jobs in (here / "hemeroteca.toml", other):
        assert hemeroteca("schedule", "--jobs", jobs, "--install", "systemd").code == 0
    assert len(list(folder.glob("*-nightly.service"))) == 2
    hemeroteca("schedule", "--remove", "systemd")
    (left,) = folder.glob("*-nightly.service")
    assert str(other.parent).replace("%", "%%") in left.read_text()


def test_what_only_this_shell_knows_is_not_installed(
    here: Path, hemeroteca: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cron would run the job without it, every night, in vain."""
    monkeypatch.setenv("HEMEROTECA_CONTACT", "desk@daily.example")
    (here / "hemeroteca.toml").write_text(JOBS.replace("contact", "# contact"))
    answer = hemeroteca("schedule", "--install", "cron")
    assert answer.code == 2
    assert "HEMEROTECA_CONTACT stands in this shell's environment alone" in answer.err


@pytest.mark.parametrize("line", ["COPY", "RUN", "HEALTHCHECK", "ENTRYPOINT", "CMD"])
def test_the_dockerfile_names_what_there_is(line: str) -> None:
    """No image is built here: what it copies and calls is looked up instead."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    steps = [each.split() for each in text.splitlines() if each.startswith(line)]
    assert steps
    for step in steps:
        if line == "COPY" and "--from=build" not in step:
            assert [name for name in step[1:-1] if not (ROOT / name).exists()] == []
    assert "--require-hashes -r requirements.lock" in text
    assert "USER archivist" in text
    assert ":8753/health" in text


def test_the_image_copies_every_package() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    copied = (ROOT / "Dockerfile").read_text()
    missing = [name for name in packages if f"COPY {name.rstrip('*')} " not in copied]
    assert missing == []
