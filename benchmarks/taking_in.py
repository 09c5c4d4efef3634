"""How fast a web archive is taken in, against reading its pages alone.

    python benchmarks/taking_in.py [PAGES] [--labelled]

Writes a gzipped WARC of made-up pages of one site (23 kB of HTML, 1,250 words), or of the labelled
pages beside the checkout (240 kB, most of them the only one of their outlet); reads all of them
with ``parse_article`` in this process, before and after, and takes the file in with all cores, as
``add --warc`` does. Prints pages per second; which share of the cores' speed is reached by the
clock, one core's being that of ``parse_article`` alone; the same by processor time, which other
programs on the machine disturb less; how fast the file is gone through again, when all of it is
held; and how much of the processor's time went into ``parse_article``, told by the processes that
read: that one run is held against itself, so that it is the steadiest of the figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter

from labelled import BENCH
from reparse import page

from crawler.capture import Capture
from crawler.parsing import parse_article
from crawler.profile import generic_profile
from crawler.warc.writing import WarcFile, capture_record
from spiders import reading
from spiders.rereading import cores
from spiders.taking_in import TakingIn, Tally
from storage import Archive

NOW = datetime(2026, 1, 1, tzinfo=UTC)

#: A reading process that notes what it spent on ``parse_article``; it is killed at the end.
MEASURED = """
import sys, time; sys.path[:] = {path!r}
from pathlib import Path
import spiders.reading as beside
spent, note = 0.0, Path({folder!r}, str(time.monotonic_ns()))
def parse_article(*given, parse=beside.parse_article, **named):
    global spent
    begun = time.process_time()
    try:
        return parse(*given, **named)
    finally:
        spent += time.process_time() - begun
def receive(pipe, receive=beside._receive):
    note.write_text(str(spent))
    return receive(pipe)
beside.parse_article, beside._receive = parse_article, receive
beside.serve()
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How fast a web archive is taken in.")
    parser.add_argument("pages", nargs="?", type=int, default=5_000, help="how many (5000)")
    parser.add_argument("--labelled", action="store_true", help="the labelled pages, no more")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        warc, archive = Path(place, "pages.warc.gz"), Path(place, "news.db")
        made_up = (made(number) for number in range(options.pages))
        captures = list(islice(labelled(), options.pages)) if options.labelled else list(made_up)
        write(warc, captures)
        compare(warc, archive, captures)


def compare(warc: Path, archive: Path, captures: list[Capture]) -> None:
    """Read, take in, go through again, read; and print what came of it."""
    pages, jobs, folder = len(captures), cores(), warc.parent / "spent"
    folder.mkdir()
    reading._PROGRAM = MEASURED.replace("{folder!r}", repr(str(folder)))
    before = timed(lambda: read_all(captures))
    runs = {f"add --warc, {jobs} processes": timed(lambda: take(warc, archive, jobs))}
    share = sum(float(each.read_text()) for each in folder.iterdir()) / next(iter(runs.values()))[1]
    runs["the same again, all held"] = timed(lambda: take(warc, archive, jobs))
    after = timed(lambda: read_all(captures))
    alone, alone_used = (sum(both) / 2 for both in zip(before, after, strict=True))
    print(f"parse_article alone, one process {pages / alone:8.0f} pages/s")
    for name, (seconds, used) in runs.items():
        print(
            f"{name:32} {pages / seconds:8.0f} pages/s  {alone / seconds / jobs:5.2f} × the"
            f" cores by the clock  {alone_used / used:5.2f} by processor time"
        )
    print(f"of the processor's time of add --warc, parse_article took {share:.2f}")
    print(f"{archive.stat().st_size / pages / 1000:.1f} kB a page in the archive")


def labelled() -> Iterator[Capture]:
    """The labelled pages, each under its own address."""
    truths = sorted(BENCH.glob("data/*/*/truth.json"))
    if not truths:
        raise SystemExit(f"There are no labelled pages at {BENCH}.")
    for number, truth in enumerate(truths):
        url = json.loads(truth.read_text("utf-8")).get("url")
        page = truth.with_name("page.html.gz")
        if url and page.exists():
            kind = (("Content-Type", "text/html"),)
            moment = NOW + timedelta(minutes=number)
            yield Capture(url, moment, 200, kind, gzip.decompress(page.read_bytes()))


def made(number: int) -> Capture:
    """A page as a server sends it."""
    url = f"https://example.org/news/{number}"
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{number}"'))
    return Capture(url, NOW + timedelta(minutes=number), 200, headers, page(number))


def write(path: Path, captures: list[Capture]) -> None:
    """The web archive."""
    with path.open("wb") as out:
        file = WarcFile(out)
        for number, each in enumerate(captures, start=1):
            file.add(capture_record(each, number, site="", sha256=each.sha256))


def read_all(captures: list[Capture]) -> None:
    """The floor: reading, and nothing else."""
    for each in captures:
        profile = generic_profile(each.url)
        parse_article(each.body, url=each.url, profile=profile, content_type=each.content_type)


def take(warc: Path, archive: Path, jobs: int) -> None:
    """What `add --warc` does."""
    with (
        Archive.open(archive, mode="write") as opened,
        TakingIn(opened, lambda url, _: generic_profile(url), jobs=jobs) as taking,
        warc.open("rb") as file,
    ):
        taking.take(file, Tally())
        taking.finish()


def timed(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and those that this process and its children worked."""
    begun, used = perf_counter(), processor_seconds()
    act()
    return perf_counter() - begun, processor_seconds() - used


def processor_seconds() -> float:
    """Of this process and those that it has ended."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, both))


if __name__ == "__main__":
    main()
