"""One run of one job: a crawl in a process of its own, waited for, and ended when asked.

The process is new for every run, so that the reactor starts anew and a crash costs that run alone.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import ArchiveBusy, HemerotecaError, MachineFault
from scripts.commands import INTERRUPTED
from scripts.jobs.plan import Job, Plan
from scripts.logbook import LOG_VARIABLE, Logbook

BUSY = ArchiveBusy.exit_code
#: While another crawl holds the archive, it is asked for again after so many seconds.
ASK_AGAIN_SECONDS = 20.0
#: A crawl that was told to end gets so long; it needs 5 seconds for what is under way.
GRACE_SECONDS = 20.0
#: The last lines on standard error that are kept, to tell in an alert.
LAST_LINES = 20

#: Where a run's crawl puts its report: a folder named by this and the run's process.
PLACE = "hemeroteca-run-"

#: The program, whatever directory it is run from: nothing in that is taken for its packages.
PROGRAM = (sys.executable, "-P", "-m", "scripts.cli")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of a job came to."""

    job: str
    code: int
    """The exit code of its crawl, as the command line documents it; 1 for one that crashed."""
    started_at: datetime
    finished_at: datetime
    reports: list[dict[str, Any]] = field(default_factory=list)
    """As `crawl --report` writes them, one per site; none when the crawl never began."""
    words: str = ""
    """What the crawl said on standard error, or why it could not be run."""

    @property
    def is_failure(self) -> bool:
        """Whether somebody should look at it."""
        return self.code not in (0, INTERRUPTED)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "job": self.job,
            "code": self.code,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
            "words": self.words,
        }


class Runner:
    """Runs jobs one at a time, each by itself, until :meth:`end` is called from anywhere."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[str]] = set()

    @property
    def is_ended(self) -> bool:
        """Whether no more is to be run."""
        return self._ended.is_set()

    def end(self) -> bool:
        """Run nothing more, and pass the signal on to what runs; whether anything did."""
        self._ended.set()
        with self._lock:
            running = list(self._children)
        for child in running:
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
            last_resort = threading.Timer(GRACE_SECONDS, _kill, (child,))
            last_resort.daemon = True
            last_resort.start()
        return bool(running)

    def run(self, job: Job) -> Outcome:
        """Run the job now; while another crawl holds its archive, wait as long as it allows.

        A second run of the same job is not begun while one is at work: the outcome's code is 3.
        """
        started_at, log = _now(), Logbook(self._plan.log)
        log.note("job_began", job=job.name)
        try:
            with _held(job):
                outcome = self._when_free(job, started_at)
        except ArchiveBusy:
            words = "an earlier run is at work"
            outcome = Outcome(job.name, BUSY, started_at, _now(), words=words)
        except HemerotecaError as fault:  # the job's lock can't be written
            outcome = Outcome(job.name, fault.exit_code, started_at, _now(), words=str(fault))
        except OSError as fault:  # no process can be started, no room for its report
            words = f"it could not be started: {fault.strerror or fault}"
            outcome = Outcome(job.name, MachineFault.exit_code, started_at, _now(), words=words)
        log.note("job_ended", **outcome.to_dict())
        return outcome

    def _when_free(self, job: Job, started_at: datetime) -> Outcome:
        patience = started_at + timedelta(minutes=job.wait_minutes)
        while True:
            outcome = self._crawl(job, started_at)
            if outcome.code != BUSY or _now() >= patience:
                return outcome
            if self._ended.wait(ASK_AGAIN_SECONDS):
                return Outcome(job.name, INTERRUPTED, started_at, _now())

    def _crawl(self, job: Job, started_at: datetime) -> Outcome:
        _sweep()
        with tempfile.TemporaryDirectory(prefix=f"{PLACE}{os.getpid()}-") as place:
            report = Path(place, "report.json")
            code, words = self._child([*PROGRAM, *job.command(report)])
            return Outcome(job.name, code, started_at, _now(), _reports_in(report), words)

    def _child(self, words: list[str]) -> tuple[int, str]:
        """Run a command to its end; its exit code, and the last that it said."""
        with self._lock:
            if self._ended.is_set():
                return INTERRUPTED, ""
            child = subprocess.Popen(  # noqa: S603 - our own program, no shell
                words,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C reaches it once, through us
            )
            self._children.add(child)
        with child:
            last = [line.rstrip() for line in deque(child.stderr or (), maxlen=LAST_LINES)]
        with self._lock:
            self._children.discard(child)
        return self._code_of(child.returncode, last)

    def _environment(self) -> dict[str, str]:
        log = {LOG_VARIABLE: self._plan.log} if self._plan.log else {}
        return {**self._plan.environment, **os.environ, **log}

    def _code_of(self, code: int, last: list[str]) -> tuple[int, str]:
        words = " ".join(line.removeprefix("hemeroteca: ") for line in last)
        if code >= 0:
            return code, words
        if self._ended.is_set():  # told to end before it could listen
            return INTERRUPTED, words
        name = signal.Signals(-code).name
        return 1, f"the crawl was ended by {name}. {words}".strip()


def _sweep() -> None:
    """Remove what runs left behind that were killed: nobody else will."""
    for place in Path(tempfile.gettempdir()).glob(f"{PLACE}*"):
        number = place.name.removeprefix(PLACE).partition("-")[0]
        if number.isdecimal() and not _is_alive(int(number)):
            shutil.rmtree(place, ignore_errors=True)  # another user's folder stays


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _kill(child: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        child.kill()


def _held(job: Job) -> Any:
    """The lock of a job: its name beside the archive, so that a job never runs twice at once."""
    from storage.locking import held_file

    place = job.place or Path(tempfile.gettempdir(), "hemeroteca")
    return held_file(place.with_name(f"{place.name}.{job.name}"))


def _reports_in(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it never came so far
        return []
    return found if isinstance(found, list) else [found]


def _now() -> datetime:
    return datetime.now(UTC)
