"""Stored captures, read again with today's parser by all cores.

Each process opens the archive for itself and reads revisions by their numbers, so that no page goes
through a pipe; only what is read otherwise comes back. One process writes, in the revisions' order,
so that a run that was killed goes on where it was.
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
from typing import Any

from crawler.capture import Capture
from crawler.errors import Unreadable
from crawler.parsing import PARSER_VERSION
from crawler.profile import Profile, generic_profile
from crawler.sites import all_sites, site_of
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


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which revisions are read again, by how many processes, and whether anything is written."""

    selection: Selection = field(default_factory=Selection)
    limit: int | None = None
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
    """Read the revisions again, and replace what is read otherwise unless the run is dry.

    The caller holds the archive. ``on_progress`` is told how many are done, of how many.
    """
    if wanted.is_dry:
        run = Run(0, datetime.now(UTC), 0, Tally())
    else:
        run = archive.begin_rereading(wanted.options, datetime.now(UTC))
    total = run.tally.read + archive.count_to_read(wanted.selection, after=run.after)
    total = total if wanted.limit is None else min(total, wanted.limit)
    outcome = "interrupted"
    try:
        for found in _found(archive, wanted, run):
            for each in found:
                run.tally.add(each)
            if not wanted.is_dry:
                archive.keep_rereadings(run, found, after=found[-1].revision_id)
            if on_progress:
                on_progress(run.tally.read, total)
        outcome = "finished"
    finally:
        if not wanted.is_dry:
            archive.end_rereading(run, outcome, datetime.now(UTC))
    return run.tally


def _found(archive: Archive, wanted: Wanted, run: Run) -> Iterator[list[Rereading]]:
    batches = _batches(_numbers(archive, wanted, run))
    if wanted.jobs == 1:
        for batch in batches:
            yield [reread(archive, number, is_dry=wanted.is_dry) for number in batch]
    else:
        yield from _by_all(archive, wanted, batches)


def _batches(numbers: Iterator[int]) -> Iterator[tuple[int, ...]]:
    while batch := tuple(islice(numbers, TOGETHER)):
        yield batch


def _numbers(archive: Archive, wanted: Wanted, run: Run) -> Iterator[int]:
    """The numbers of the revisions that are left, a few at a time."""
    left = None if wanted.limit is None else wanted.limit - run.tally.read
    after = run.after
    while left is None or left > 0:
        most = _NUMBERS if left is None else min(left, _NUMBERS)
        numbers = archive.revisions_to_read(wanted.selection, after=after, limit=most)
        if not numbers:
            return
        yield from numbers
        after = numbers[-1]
        left = None if left is None else left - len(numbers)


def _by_all(
    archive: Archive, wanted: Wanted, batches: Iterable[tuple[int, ...]]
) -> Iterator[list[Rereading]]:
    """The batches' rereadings in order, at most a few of them waiting at any time."""
    pool = _pool(archive, wanted)
    waiting: deque[tuple[tuple[int, ...], Future[list[Rereading]]]] = deque()
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
                found = [_alone(archive, wanted, number) for number in batch]
                pool.shutdown(cancel_futures=True)
                pool = _pool(archive, wanted)
                again = [each for each, _ in waiting]
                waiting = deque((each, _submitted(pool, each)) for each in again)
            yield found
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, batch: tuple[int, ...]) -> Future[list[Rereading]]:
    """The batch's future; a pool that broke meanwhile says so when it is asked for the result."""
    try:
        return pool.submit(_reread_all, batch)
    except BrokenProcessPool as fault:
        future: Future[list[Rereading]] = Future()
        future.set_exception(fault)
        return future


def _alone(archive: Archive, wanted: Wanted, number: int) -> Rereading:
    """One revision by a process of its own: what breaks it keeps its old reading."""
    with _pool(archive, replace(wanted, jobs=1)) as pool:
        try:
            return pool.submit(_reread_all, (number,)).result()[0]
        except BrokenProcessPool:
            refusal = Unreadable("it broke the process that was reading it")
            return archive.rereading(number, lambda _site, _capture: refusal)


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


def _reread_all(numbers: tuple[int, ...]) -> list[Rereading]:
    return [reread(_archive, number, is_dry=_is_dry) for number in numbers]


def reread(archive: Archive, revision_id: int, *, is_dry: bool) -> Rereading:
    """One revision, read again; without the reading itself where nobody will write it."""
    found = archive.rereading(revision_id, read_as_stored)
    return replace(found, content=None) if is_dry else found


def read_as_stored(site: str, capture: Capture) -> Reading:
    """A capture as today's parser reads it, with the profile of the site it was stored under."""
    return read(capture, profile_of(site, capture.address))


def profile_of(site: str, address: str) -> Profile:
    """The profile of a stored page: the site's own, moved to where the page was fetched."""
    named = next((each for each in all_sites() if each.name == site), None)
    if named is not None:
        return named if named.is_own_host(address) else named.at(address)
    return site_of(address) or generic_profile(address)
