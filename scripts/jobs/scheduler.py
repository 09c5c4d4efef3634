"""`hemeroteca run`: all jobs of a plan in the foreground, for containers.

Jobs of one archive follow one another; what was missed while the scheduler was down is caught up
once. How things stand is told on loopback, for a container's health check.
"""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from crawler.errors import BadInput, HemerotecaError
from scripts.commands import INTERRUPTED
from scripts.jobs.memory import Memory
from scripts.jobs.plan import Job, Plan
from scripts.jobs.running import Outcome, Runner
from scripts.logbook import Logbook
from scripts.printing import say

#: Missed runs are counted so far.
MOST_MISSED = 1000
#: A run that has not begun so long after its time, and after the patience of its job, is missing.
LATE_AFTER = timedelta(minutes=15)

if TYPE_CHECKING:
    from storage.crawls import Crawl

Told = Callable[[Job, Outcome], None]


@dataclass(slots=True)
class State:
    """How a job stands."""

    job: Job
    began_at: datetime | None
    """When its last run began, as far as known."""
    since: datetime
    """Since when it is watched."""
    last: Outcome | None = None
    is_running: bool = False

    def is_missing(self, now: datetime) -> bool:
        """Whether a run should have begun by now and did not."""
        return not self.is_running and is_missing(self.job, self.began_at or self.since, now)

    def to_dict(self, now: datetime) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "schedule": self.job.schedule.text,
            "running": self.is_running,
            "last_started_at": self.began_at and self.began_at.isoformat(),
            "last_outcome": self.last and self.last.to_dict(),
            "missing": self.is_missing(now),
            "next_run_at": self.job.schedule.next_after(now).isoformat(),
        }


def is_missing(job: Job, last: datetime, now: datetime) -> bool:
    """Whether the run that was due after the last one has not begun, long after its time."""
    late = LATE_AFTER + timedelta(minutes=job.wait_minutes)
    return job.schedule.next_after(last) + late < now


def last_run_of(job: Job) -> datetime | None:
    """When the last crawl for a job began: of the site of its sites whose last is the oldest.

    A job's run crawls all its sites; a site that was never crawled so makes it None.
    """
    crawls = _last_crawls(job)
    return min((each.started_at for each in crawls), default=None)


def missed_before(job: Job, began_at: datetime) -> list[datetime]:
    """The times at which a run should have begun after the last one and long before this one."""
    crawls = _last_crawls(job, before=began_at)
    if not crawls:
        return []
    moment = max(each.finished_at or each.started_at for each in crawls)
    until = began_at - LATE_AFTER - timedelta(minutes=job.wait_minutes)
    found: list[datetime] = []
    while len(found) < MOST_MISSED and (moment := job.schedule.next_after(moment)) < until:
        found.append(moment)
    return found


def _last_crawls(job: Job, before: datetime | None = None) -> list[Crawl]:
    """The last crawl of each of a job's sites; none where one of them was never crawled so."""
    from storage import Archive

    if job.place is not None and not job.place.exists():
        return []
    found = []
    with Archive.open(job.archive) as archive:
        for site in job.site_names():
            last = archive.last_of_job(site, job.name, job.told_mode, before=before)
            if last is None:
                return []
            found.append(last)
    return found


def last_begun(plan: Plan, job: Job) -> datetime | None:
    """When a job last ran, as far as its archive tells, or, of what is no crawl, its outcome."""
    if job.is_crawl:
        return last_run_of(job)
    outcome = Memory(plan.path).outcome(job.name)
    return outcome.started_at if outcome else None


class Scheduler:
    """Runs a plan's jobs at their times until it is told to end."""

    def __init__(self, plan: Plan, runner: Runner, told: Told) -> None:
        self._plan = plan
        self._runner = runner
        self._told = told
        now = datetime.now(UTC)
        self.states = {
            job.name: State(job, _last_known(plan, job), now) for job in plan.jobs.values()
        }

    def run(self) -> int:
        """Until SIGTERM or Ctrl-C: 0, or 130 when that interrupted a crawl."""
        from apscheduler.events import EVENT_JOB_MAX_INSTANCES
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.blocking import BlockingScheduler

        lanes = {archive: ThreadPoolExecutor(1) for archive in self._plan.archives()}
        scheduler = BlockingScheduler(
            executors=lanes, job_defaults={"coalesce": True, "misfire_grace_time": None}
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it is told in our words instead
        scheduler.add_listener(lambda event: self._left_out(event.job_id), EVENT_JOB_MAX_INSTANCES)
        for state in self.states.values():
            scheduler.add_job(
                self._run,
                state.job.schedule.trigger(),
                args=[state],
                id=state.job.name,
                executor=state.job.archive,
                **self._at_once(state),
            )
        with ended_by_signals(lambda: self._end(scheduler)) as interrupted, self._health():
            scheduler.start()
        return INTERRUPTED if interrupted() else 0

    @staticmethod
    def _at_once(state: State) -> dict[str, Any]:
        """What was missed meanwhile is due now, once; a job that never ran waits for its time."""
        now = datetime.now(UTC)
        missed = state.began_at and state.job.schedule.next_after(state.began_at) < now
        return {"next_run_time": now} if missed else {}

    def _run(self, state: State) -> None:
        if self._runner.is_ended:
            return
        state.is_running, state.began_at = True, datetime.now(UTC)
        try:
            state.last = self._runner.run(state.job)
            self._told(state.job, state.last)
        except Exception as fault:  # the other jobs go on
            now = datetime.now(UTC)
            words = str(fault) if isinstance(fault, HemerotecaError) else repr(fault)
            state.last = Outcome(state.job.name, 1, state.began_at, now, words=words)
            self._told(state.job, state.last)
        finally:
            state.is_running = False

    def _left_out(self, name: str) -> None:
        """Tell of a run whose time came while the one before it was still at work."""
        words = "its time came while its earlier run is at work; it was left out"
        Logbook(self._plan.log).note("job_left_out", job=name, words=words)
        say(f"hemeroteca: {name}: {words}.")

    def _end(self, scheduler: Any) -> bool:
        """Run nothing more; whether a crawl had to be interrupted."""
        interrupted = self._runner.end()
        # In a thread: it waits for the crawl under way, and this is a signal's handler.
        threading.Thread(target=scheduler.shutdown).start()
        return interrupted

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and how each job stands."""
        now = datetime.now(UTC)
        jobs = {name: state.to_dict(now) for name, state in self.states.items()}
        failed = [
            name
            for name, state in self.states.items()
            if state.is_missing(now) or (state.last is not None and state.last.is_failure)
        ]
        return not failed, {"ok": not failed, "failing": failed, "jobs": jobs}

    @contextmanager
    def _health(self) -> Iterator[None]:
        """Answer /health while the block runs."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/health":
                    self.send_error(404)
                    return
                is_well, told = health()
                body = json.dumps(told, ensure_ascii=False).encode()
                self.send_response(200 if is_well else 503)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: object) -> None:
                pass

        health = self.health
        host, port = self._plan.health
        try:
            server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise BadInput(
                f"Nothing can listen on {host}:{port} ({error.strerror or error}): "
                "put another `health` into the jobs file."
            ) from error
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _last_known(plan: Plan, job: Job) -> datetime | None:
    """When the job last ran; None, too, where its archive can't tell: its run will say why."""
    with contextlib.suppress(HemerotecaError):
        return last_begun(plan, job)
    return None


@contextmanager
def ended_by_signals(end: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
    """Let SIGTERM and Ctrl-C call ``end``; gives a question: did that interrupt anything?"""
    interrupted = False

    def told(number: int, frame: object) -> None:
        nonlocal interrupted
        interrupted = end() or interrupted

    before = {each: signal.signal(each, told) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: interrupted
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
