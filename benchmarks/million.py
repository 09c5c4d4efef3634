"""What a large archive costs: a million articles with their captures in one file.

    python benchmarks/million.py ARCHIVE [--articles 1000000] [--read 10000] [--build-only]
    python benchmarks/million.py ARCHIVE --beside SMALL

Fills the archive with the synthetic articles of ``benchmarks/synthetic.py`` through
``Archive.save``, one transaction each, and goes on where it stands when it is called again. At
10,000, 100,000 and 1,000,000 articles it stops to measure: the size of the file, what it cost to
save the latest articles against the first, ``hemeroteca verify`` over everything, and
``hemeroteca reparse --dry-run`` of ``--read`` pages by one process, spread over the whole archive.

What it takes to make up an article is not counted. Beside the seconds that passed stand those that
the processor worked, since other work on the machine lengthens the first and hardly the second:
the growth of the cost is told by the second. Every portion of the build and every measurement is
kept in ``ARCHIVE.json``, so that a run that was stopped loses none; the table is made of it.

On a machine that is never quiet, even that tells little over hours. So with ``--beside`` the same
3,000 further articles are saved into the archive and into a small one, a hundred each in turns, and
what one took in the large is told as a multiple of what it took in the small.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median
from time import perf_counter, process_time
from typing import Any

from synthetic import made

from crawler.article import Article
from crawler.capture import Capture
from storage import Archive

#: Articles in each portion of the build that is timed by itself.
PORTION = 5_000
STOPS = (10_000, 100_000, 1_000_000)

#: Articles that are saved in turns, so many each, whose numbers no archive has yet.
FURTHER, TURN = range(2_000_000, 2_003_000), 100

Told = dict[str, Any]


def main() -> None:
    """Build as far as asked, measure at every stop, print the table."""
    asked = _asked()
    if asked.beside:
        print(beside(asked.beside, asked.archive))
        return
    notes = Notes(asked.archive)
    stops = sorted({stop for stop in STOPS if stop < asked.articles} | {asked.articles})
    for stop in stops:
        build(asked.archive, stop, notes)
        if not asked.build_only and str(stop) not in notes.measured:
            notes.measured[str(stop)] = measured(asked.archive, min(asked.read, stop))
            notes.keep()
    for line in table(notes, stops):
        print(line)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--read", type=int, default=10_000, help="pages to read again")
    parser.add_argument("--beside", type=Path, help="a small archive to save into by turns")
    parser.add_argument("--build-only", action="store_true", help="measure nothing but the build")
    return parser.parse_args()


class Notes:
    """What was measured so far, in a file beside the archive."""

    def __init__(self, archive: Path) -> None:
        self._path = archive.with_name(f"{archive.name}.json")
        told = json.loads(self._path.read_text()) if self._path.exists() else {}
        self.portions: list[Told] = told.get("portions", [])
        self.measured: dict[str, Told] = told.get("measured", {})

    def keep(self) -> None:
        """Write everything down."""
        told = {"portions": self.portions, "measured": self.measured}
        self._path.write_text(json.dumps(told, indent=1))


# --- the build


def build(path: Path, until: int, notes: Notes) -> None:
    """Save what is missing of the first so many articles, a portion at a time."""
    with Archive.open(path, mode="write") as archive, get_context("spawn").Pool(1) as maker:
        held = sum(archive.sites().values())
        while held < until:
            goal = min(until, held - held % PORTION + PORTION)
            told = saved(archive, maker.imap(made, range(held, goal), chunksize=100))
            told |= {"from": held, "to": goal}
            told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            told["log_mb"] = _size(path.with_name(f"{path.name}-wal")) / 1e6
            notes.portions.append(told)
            notes.keep()
            held = goal
            print(
                f"{held:9,} articles: {told['ms']:6.2f} ms each, {told['cpu_ms']:6.2f} ms of"
                f" processor, peak {told['peak_mb']:.0f} MB, log {told['log_mb']:.0f} MB",
                file=sys.stderr,
                flush=True,
            )


def beside(small: Path, large: Path) -> str:
    """How many times what saving costs in a small archive it costs in a large one."""
    with (
        Archive.open(small, mode="write") as one,
        Archive.open(large, mode="write") as other,
        get_context("spawn").Pool(1) as maker,
    ):
        held = [sum(each.sites().values()) for each in (one, other)]
        turns = []
        for place in range(FURTHER.start, FURTHER.stop, TURN):
            pages = maker.map(made, range(place, place + TURN))
            both = (one, other) if place // TURN % 2 else (other, one)
            costs = {each: saved(each, pages) for each in both}
            turns.append([costs[each][name] for name in ("ms", "cpu_ms") for each in (one, other)])
    passed, worked = ([turn[at + 1] / turn[at] for turn in turns] for at in (0, 2))
    means = [mean(column) for column in zip(*turns, strict=True)]
    return (
        f"{held[0]:,} and {held[1]:,} articles: {means[2]:.2f} and {means[3]:.2f} ms of processor"
        f" each; {median(worked):.3f} × in the median turn, {means[3] / means[2]:.3f} × in all;"
        f" by the clock {median(passed):.3f} ×"
    )


def saved(archive: Archive, pages: Iterable[tuple[Capture, Article]]) -> Told:
    """Save articles; the milliseconds that one took, on the clock and of the processor."""
    passed, worked, number = 0.0, 0.0, 0
    for capture, article in pages:
        number += 1
        started, began = perf_counter(), process_time()
        archive.save(
            capture,
            article,
            site=article.site,
            crawl_id=None,
            now=capture.fetched_at,
            next_due_at=None,
        )
        passed += perf_counter() - started
        worked += process_time() - began
    return {"ms": passed / number * 1e3, "cpu_ms": worked / number * 1e3}


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


# --- what it costs to keep


def measured(path: Path, pages: int) -> Told:
    """The size of the archive, and what the commands that go over all of it cost."""
    verify = run(path, "verify", "--json")
    spread = f"--sample={pages}"
    again = run(path, "reparse", "--dry-run", "--json", "--jobs=1", spread)
    checked = json.loads(verify["out"])["checked"]
    read = json.loads(again["out"])["read"]
    return {
        "size_gb": _size(path) / 1e9,
        "verify": {name: verify[name] for name in ("s", "cpu_s", "peak_mb", "code")}
        | {"captures": checked["captures"]},
        "reparse": {name: again[name] for name in ("s", "cpu_s", "peak_mb", "code")}
        | {"read": read},
    }


def run(path: Path, *words: str) -> Told:
    """Run a command to its end: its answer, seconds, processor seconds, peak memory."""
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.cli", "--archive", str(path), *words],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "out": out,
        "code": process.returncode,
        "s": perf_counter() - started,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1e3,
    }


# --- the table


def table(notes: Notes, stops: list[int]) -> Iterator[str]:
    """One line per stop; the growth is against the first ten thousand."""
    yield (
        f"{'articles':>9} {'GB':>6} {'kB each':>8} {'save ms':>8} {'of cpu':>7} {'growth':>7}"
        f" {'peak MB':>8} {'log MB':>7} | {'verify /s':>9} {'MB':>5} | {'reparse /s':>10} {'MB':>5}"
    )
    base = _latest(notes, stops[0])
    for stop in stops:
        told, kept = _latest(notes, stop), notes.measured.get(str(stop))
        line = (
            f"{stop:9,} {kept['size_gb'] if kept else 0:6.2f}"
            f" {(kept['size_gb'] if kept else 0) * 1e6 / stop:8.2f}"
            f" {told['ms']:8.2f} {told['cpu_ms']:7.2f} {told['cpu_ms'] / base['cpu_ms'] - 1:7.0%}"
            f" {told['peak_mb']:8.0f} {told['log_mb']:7.1f}"
        )
        if kept:
            verify, again = kept["verify"], kept["reparse"]
            line += (
                f" | {verify['captures'] / verify['cpu_s']:9.0f} {verify['peak_mb']:5.0f}"
                f" | {again['read'] / again['cpu_s']:10.0f} {again['peak_mb']:5.0f}"
            )
        yield line


def _latest(notes: Notes, stop: int) -> Told:
    """The mean of the last portions before a stop: a tenth of all, at least two."""
    before = [each for each in notes.portions if each["to"] <= stop]
    some = before[-max(2, len(before) // 10) :]
    means = {name: sum(each[name] for each in some) / len(some) for name in ("ms", "cpu_ms")}
    peaks = {name: max(each[name] for each in before) for name in ("peak_mb", "log_mb")}
    return means | peaks


if __name__ == "__main__":
    main()
