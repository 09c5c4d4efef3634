"""Stored captures, read again with today's parser by all cores.

First the revisions of articles, then the pages that were refused when they came: what is an article
today is admitted. Each process opens the archive for itself and reads by number, so that no page
goes through a pipe; only what is read otherwise comes back. One process writes, in the numbers'
order, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, NamedTuple

from crawler.capture import Capture
from crawler.errors import Unreadable
from crawler.parsing import PARSER_VERSION
from crawler.profile import Profile
from crawler.revisits import next_due
from crawler.sites import all_sites, profile_at
from spiders.reading import Reading, read
from storage import Archive
from storage.rereading import Rereading, Run, Selection, Tally

#: Revisions that a process takes at a time: a tenth of a second's work.
TOGETHER = 16

#: Batches that wait for each process, so that none is idle while another's are written.
AHEAD = 4

#: Numbers of revisions that are asked for at a time.
_NUMBERS = 2_000

OnProgress = Callable[[int, int], None]


class Target(NamedTuple):
    """What is read again: a revision's capture, or one that was refused."""

    is_revision: bool
    number: int


Batch = tuple[Target, ...]


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read again, by how many processes, and whether anything is written."""

    selection: Selection = field(default_factory=Selection)
    limit: int | None = None
    sample: int | None = None
    """So many from all over the archive; only of a dry run."""
    jobs: int = 1
    is_dry: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """What makes two runs one: a killed run with the same goes on."""
        chosen = self.selection
        return {
            "site": chosen.site,
            "since": chosen.since and chosen.since.isoformat(),
            "until": chosen.until and chosen.until.isoformat(),
            "limit": self.limit,
            "parser": PARSER_VERSION,
        }


def reparse(archive: Archive, wanted: Wanted, on_progress: OnProgress | None = None) -> Tally:
    """Read captures again, and replace what is read otherwise unless the run is dry.

    The caller holds the archive. ``on_progress`` is told how many are done, of how many.
    """
    if wanted.is_dry:
        run = Run(0, datetime.now(UTC))
    else:
        run = archive.begin_rereading(wanted.options, datetime.now(UTC))
    left = _left(archive, wanted.selection, run)
    if wanted.sample is not None:
        share = wanted.sample / max(left, wanted.sample)
        wanted = replace(wanted, selection=replace(wanted.selection, share=share))
        left = _left(archive, wanted.selection, run)
    total = run.tally.read + left
    total = total if wanted.limit is None else min(total, wanted.limit)
    outcome = "interrupted"
    try:
        for found in _found(archive, wanted, run):
            run.note(found)
            if not wanted.is_dry:
                archive.keep_rereadings(run, found)
            if on_progress:
                on_progress(run.tally.read, total)
        if not wanted.is_dry:
            run.tally.no_edits += archive.take_out_misreadings(run, wanted.selection.site)
        outcome = "finished"
    finally:
        if not wanted.is_dry:
            archive.end_rereading(run, outcome, datetime.now(UTC))
    return run.tally


def _left(archive: Archive, selection: Selection, run: Run) -> int:
    """How many are still to be read."""
    revisions = archive.count_to_read(selection, after=run.after)
    return revisions + archive.count_refused(selection, after=run.refused_after)


def _found(archive: Archive, wanted: Wanted, run: Run) -> Iterator[list[Rereading]]:
    batches = _batches(_targets(archive, wanted, run))
    if wanted.jobs == 1:
        for batch in batches:
            yield [reread(archive, target, is_dry=wanted.is_dry) for target in batch]
    else:
        yield from _by_all(archive, wanted, batches)


def _batches(targets: Iterator[Target]) -> Iterator[Batch]:
    while batch := tuple(islice(targets, TOGETHER)):
        yield batch


def _targets(archive: Archive, wanted: Wanted, run: Run) -> Iterator[Target]:
    """What is left, as far as was asked for."""
    left = None if wanted.limit is None else max(0, wanted.limit - run.tally.read)
    return islice(_all_targets(archive, wanted.selection, run), left)


def _all_targets(archive: Archive, selection: Selection, run: Run) -> Iterator[Target]:
    """The revisions and then the refused captures that are left, a few at a time."""
    ways = (
        (True, archive.revisions_to_read, run.after),
        (False, archive.refused_to_read, run.refused_after),
    )
    for is_revision, numbers_after, after in ways:
        while numbers := numbers_after(selection, after=after, limit=_NUMBERS):
            yield from (Target(is_revision, number) for number in numbers)
            after = numbers[-1]


def _by_all(
    archive: Archive, wanted: Wanted, batches: Iterable[Batch]
) -> Iterator[list[Rereading]]:
    """The batches' rereadings in order, at most a few of them waiting at any time."""
    pool = _pool(archive, wanted)
    waiting: deque[tuple[Batch, Future[list[Rereading]]]] = deque()
    coming = iter(batches)
    try:
        while True:
            for batch in coming:
                waiting.append((batch, _submitted(pool, batch)))
                if len(waiting) >= AHEAD * wanted.jobs:
                    break
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                found = future.result()
            except BrokenProcessPool:
                found = [_alone(archive, wanted, target) for target in batch]
                pool.shutdown(cancel_futures=True)
                pool = _pool(archive, wanted)
                again = [each for each, _ in waiting]
                waiting = deque((each, _submitted(pool, each)) for each in again)
            yield found
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, batch: Batch) -> Future[list[Rereading]]:
    """The batch's future; a pool that broke meanwhile says so when it is asked for the result."""
    try:
        return pool.submit(_reread_all, batch)
    except BrokenProcessPool as fault:
        future: Future[list[Rereading]] = Future()
        future.set_exception(fault)
        return future


def _alone(archive: Archive, wanted: Wanted, target: Target) -> Rereading:
    """One capture by a process of its own: what breaks it keeps its old reading."""
    with _pool(archive, replace(wanted, jobs=1)) as pool:
        try:
            return pool.submit(_reread_all, (target,)).result()[0]
        except BrokenProcessPool:
            refusal = Unreadable("it broke the process that was reading it")
            again = archive.rereading if target.is_revision else archive.refused_rereading
            return again(target.number, lambda _site, _capture: refusal)


def _pool(archive: Archive, wanted: Wanted) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        wanted.jobs,
        mp_context=multiprocessing.get_context("spawn"),  # inherits no open archive and no thread
        initializer=_start,
        initargs=(archive.url, wanted.is_dry),
    )


# --- in each process


_archive: Archive
_is_dry: bool


def _start(address: str, is_dry: bool) -> None:
    """Open the archive; end with the process that asked, whatever ends it."""
    global _archive, _is_dry
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _archive, _is_dry = Archive.open(address), is_dry


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _reread_all(batch: Batch) -> list[Rereading]:
    return [reread(_archive, target, is_dry=_is_dry) for target in batch]


def reread(archive: Archive, target: Target, *, is_dry: bool) -> Rereading:
    """One capture, read again; without the reading itself where nobody will write it."""
    again = archive.rereading if target.is_revision else archive.refused_rereading
    found = again(target.number, read_as_stored)
    if is_dry:
        return replace(found, content=None)
    if found.captured_at is not None:
        now = datetime.now(UTC)
        return replace(found, next_due_at=now + next_due(now - found.captured_at))
    return found


def read_as_stored(site: str, capture: Capture) -> Reading:
    """A capture as today's parser reads it, with the profile of the site it was stored under."""
    return read(capture, profile_of(site, capture.address))


def profile_of(site: str, address: str) -> Profile:
    """The profile of a stored page: the site's own, moved to where the page was fetched."""
    named = next((each for each in all_sites() if each.name == site), None)
    if named is not None:
        return named if named.is_own_host(address) else named.at(address)
    return profile_at(address)
