"""Putting a plan's jobs where the machine runs them, and taking them out again.

Doing it twice is doing it once, and nothing else in the crontab or among the units is touched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from crawler.errors import BadInput
from scripts.jobs.entries import crontab_of, marks_of, unit_mark, units_of
from scripts.jobs.plan import Plan

#: Both answer at once; one that does not is broken.
PATIENCE_SECONDS = 30


def install_cron(plan: Plan) -> bool:
    """Put the plan's lines into the user's crontab; whether that changed."""
    before = _crontab()
    return _put_crontab(before, _without(before, plan) + crontab_of(plan))


def remove_cron(plan: Plan) -> bool:
    """Take the plan's lines out of the user's crontab; whether any were there."""
    before = _crontab()
    return _put_crontab(before, _without(before, plan))


def _without(crontab: str, plan: Plan) -> str:
    """A crontab without the plan's part, and with a line end at its end."""
    first, last = (re.escape(mark) for mark in marks_of(plan))
    left = re.sub(rf"^{first}\n.*?^{last}(?:\n|\Z)", "", crontab, flags=re.M | re.S)
    return left if not left or left.endswith("\n") else f"{left}\n"


def _crontab() -> str:
    """The user's crontab; empty where there is none."""
    done = _run("crontab", "-l")
    if done.returncode and "no crontab" not in done.stderr.lower():
        raise BadInput(f"The crontab can't be read: {_told(done)}; nothing was changed.")
    return "" if done.returncode else done.stdout


def _put_crontab(before: str, after: str) -> bool:
    if before == after:
        return False
    done = _run("crontab", "-", text=after)
    if done.returncode:
        raise BadInput(f"The crontab can't be written: {_told(done)}; it is as it was.")
    return True


def units_folder() -> Path:
    """Where a user's own units stand."""
    return Path("~/.config/systemd/user").expanduser()


def install_systemd(plan: Plan) -> bool:
    """Write the plan's units and start its timers; whether any unit changed."""
    folder, units = units_folder(), units_of(plan)
    for name in units:
        _refuse_foreign(folder / name, plan)
    folder.mkdir(parents=True, exist_ok=True)
    stale = [path for path in _own_units(plan) if path.name not in units]
    timers = [name for name in units if name.endswith(".timer")]
    changed = [name for name, text in units.items() if _text_of(folder / name) != text]
    _stop([path.name for path in stale if path.suffix == ".timer"])
    for path in stale:
        path.unlink()
    for name in changed:
        (folder / name).write_text(units[name], encoding="utf-8")
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", *timers)
    if any(name.endswith(".timer") for name in changed):
        _systemctl("restart", *timers)  # a running timer keeps its old times
    return bool(changed or stale)


def remove_systemd(plan: Plan) -> bool:
    """Stop the plan's timers and remove its units; whether any were there."""
    own = _own_units(plan)
    _stop([path.name for path in own if path.suffix == ".timer"])
    for path in own:
        path.unlink()
    if own:
        _systemctl("daemon-reload")
    return bool(own)


def _stop(timers: list[str]) -> None:
    if timers:
        _systemctl("disable", "--now", *timers)


def _own_units(plan: Plan) -> list[Path]:
    """The units in the user's folder that were made from this plan's file."""
    found = sorted(units_folder().glob("hemeroteca-*"))
    return [path for path in found if _is_own(path, plan)]


def _is_own(path: Path, plan: Plan) -> bool:
    return (_text_of(path) or "").startswith(f"{unit_mark(plan)}\n")


def _refuse_foreign(path: Path, plan: Plan) -> None:
    if path.exists() and not _is_own(path, plan):
        raise BadInput(
            f"{path} was not made from {plan.path}: rename the job, or remove that unit first."
        )


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _systemctl(*words: str) -> None:
    done = _run("systemctl", "--user", *words)
    if done.returncode:
        raise BadInput(
            f"`systemctl --user {' '.join(words)}` failed: {_told(done)}. The units stand in "
            f"{units_folder()}; run it again when the user's systemd is at work."
        )


def _run(program: str, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program)
    if found is None:
        raise BadInput(
            f"There is no `{program}` on this machine: `hemeroteca run` needs neither cron nor "
            "systemd."
        )
    return subprocess.run(  # noqa: S603 - a program that was looked up, no shell
        [found, *words],
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def _told(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stderr or done.stdout).split()) or f"exit code {done.returncode}"
