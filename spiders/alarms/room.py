"""The alarm for a disk that fills."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import log2

from spiders.alarms.evidence import Evidence
from storage.alarms import Alarm

#: The disk is full when so many runs as they usually are fill it,
RUNS_TO_FULL = 30
#: or when so little is left that SQLite may not finish what it writes.
LEAST_FREE_BYTES = 100 * 1000 * 1000
#: Runs that there must be before what they usually add is known.
FEWEST_RUNS = 8


def of_room(evidence: Evidence) -> Iterator[Alarm]:
    """The disk fills: told by what is left and what a run usually adds."""
    free = evidence.report.get("free_bytes")
    if free is None:
        return
    sizes = [
        each["archive_bytes"]
        for each in (evidence.report, *evidence.before)
        if each.get("archive_bytes")
    ]
    grown = [later - earlier for later, earlier in pairwise(sizes)]
    added = sorted(each for each in grown if each > 0)
    usual = added[int(0.9 * (len(added) - 1))] if len(added) >= FEWEST_RUNS else 0
    if free >= max(LEAST_FREE_BYTES, RUNS_TO_FULL * usual):
        return
    about = f"; a run adds up to {_megabytes(usual)}" if usual else ""
    yield Alarm(
        evidence.site,
        "disk",
        f"{_megabytes(free)} are left on the archive's disk{about}",
        "make room, or move the archive, which is one file, and name it with --archive",
        figures={
            "free_bytes": free, "bytes_a_run": usual, "weight": -round(log2(max(free, 1)), 3),
        },
    )  # fmt: skip


def _megabytes(number: float) -> str:
    return f"{number / 1e6:,.1f} MB"
