"""Cron lines and systemd units for the jobs of a plan: texts, and nothing is done with them here.

Every path in them is absolute, since cron and systemd know neither the user's directory nor PATH.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

from scripts.jobs.plan import Job, Plan

#: Spread over so many seconds, timers of many machines don't all ask at one instant.
SPREAD_SECONDS = 300
#: A crawl that is told to end gets so long before it is killed; it needs less.
STOP_SECONDS = 30


def program() -> list[str]:
    """The command as cron can run it: an absolute path, or this interpreter with our module."""
    called = Path(sys.argv[0])
    found = str(called.absolute()) if called.name == "hemeroteca" else shutil.which("hemeroteca")
    return [found] if found else [sys.executable, "-P", "-m", "scripts.cli"]


def words_of(plan: Plan, job: Job) -> list[str]:
    """The whole command of one run of a job."""
    return [*program(), "--quiet", "run", "--jobs", str(plan.path), "--once", job.name]


def marks_of(plan: Plan) -> tuple[str, str]:
    """The lines between which the jobs of a plan stand in a crontab."""
    where = f"the jobs of {plan.path}"
    return f"# hemeroteca: {where}, made by `schedule`", f"# hemeroteca: end of {where}"


def crontab_of(plan: Plan) -> str:
    """The plan's part of a crontab.

    What a run has to say goes to standard error, which cron mails where it can; the jobs file's
    ``log`` and ``alerts`` work without a mail server, too.
    """
    first, last = marks_of(plan)
    lines = [_cron_line(plan, job) for job in plan.jobs.values()]
    return "\n".join([first, *lines, last]) + "\n"


def _cron_line(plan: Plan, job: Job) -> str:
    there = shlex.quote(str(plan.path.parent))
    # crontab(5): a percent sign ends the command unless it is escaped.
    command = f"cd {there} && {shlex.join(words_of(plan, job))}".replace("%", "\\%")
    return f"{job.schedule.fields} {command}"


def units_of(plan: Plan) -> dict[str, str]:
    """The plan's systemd units: file name → text, a service and a timer for each job."""
    units = {}
    for job in plan.jobs.values():
        units[f"{unit_of(plan, job)}.service"] = _service(plan, job)
        units[f"{unit_of(plan, job)}.timer"] = _timer(plan, job)
    return units


def unit_of(plan: Plan, job: Job) -> str:
    """What the units of a job are called: by the folder of its jobs file, too, since two folders
    may both have a job *nightly*; a few letters tell folders of one name apart."""
    folder = re.sub(r"[^A-Za-z0-9]+", "-", plan.path.parent.name).strip("-")
    letters = hashlib.sha256(os.fsencode(plan.path)).hexdigest()[:4]
    return "-".join(filter(None, ("hemeroteca", folder, letters, job.name)))


def unit_mark(plan: Plan) -> str:
    """The first line of each unit: by it, the units of this plan are known again."""
    return f"# Made by `hemeroteca schedule` from {plan.path}"


def _service(plan: Plan, job: Job) -> str:
    command = " ".join(_quoted(word) for word in words_of(plan, job))
    return f"""{unit_mark(plan)}
[Unit]
Description=Hemeroteca: {job.name} of {str(plan.path.parent).replace("%", "%%")}

[Service]
Type=oneshot
WorkingDirectory={str(plan.path.parent).replace("%", "%%")}
ExecStart={command}
# 3: an earlier run of the job was still at work, which is no failure of this one.
SuccessExitStatus=3
KillMode=mixed
TimeoutStopSec={STOP_SECONDS}
Nice=10
"""


def _timer(plan: Plan, job: Job) -> str:
    times = "\n".join(f"OnCalendar={each}" for each in job.schedule.on_calendar())
    return f"""{unit_mark(plan)}
[Unit]
Description=Hemeroteca: {job.name}, {job.schedule.text.replace("%", "%%")}

[Timer]
{times}
Persistent=true
RandomizedDelaySec={SPREAD_SECONDS}

[Install]
WantedBy=timers.target
"""


def _quoted(word: str) -> str:
    """A word of ExecStart=: systemd.service(5) reads quotes, backslashes, $ and %.

    >>> _quoted("/home/me/my archive/50%.toml")
    '"/home/me/my archive/50%%.toml"'
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$").replace("%", "%%")
    return escaped if re.fullmatch(r"[\w@/:.,+=%-]+", word) else f'"{escaped}"'
