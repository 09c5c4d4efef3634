"""How fast stored captures are read again, by one process and by all cores.

    python benchmarks/reparse.py [PAGES]

Saves made-up pages (23 kB of HTML with menus, cards and scripts, 1,250 words of text),
then reads them again with `reparse`: dry with one process and with one per core, and once writing,
after every stored reading was spoilt. Prints pages per second, the share of the cores' speed that
is reached by the clock, the same by processor time (which other programs on the machine disturb
less), and the peak memory of the largest process.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from crawler.capture import Capture
from crawler.profile import generic_profile
from spiders.reading import read
from spiders.rereading import Wanted, cores, reparse
from storage import Archive

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = (
    "the port police said on Monday that two men were held near Cali after a raid on a warehouse "
    "where officers found chemicals that are used to make cocaine and papers of a firm in Panama"
)


def page(number: int) -> bytes:
    """A made-up article among what stands around one."""
    some, known = random.Random(number), TEXT.split()

    def words(count: int) -> str:
        return " ".join(some.choices(known, k=count)).capitalize()

    menu = "".join(f'<li><a href="/section/{each}">{words(2)}</a></li>' for each in range(60))
    text = "".join(f"<p>{words(some.randint(30, 70))}.</p>" for _ in range(25))
    cards = "".join(
        f'<div class="card"><a href="/news/{each}"><h3>{words(7)}</h3></a><p>{words(20)}…</p></div>'
        for each in range(25)
    )
    script = "var settings = {" + ",".join(f'"k{each}": "{words(6)}"' for each in range(150)) + "};"
    return (
        f"<!doctype html><html lang=en><head><title>{words(7)} {number}</title>"
        f'<meta property="og:title" content="{words(7)}"><script>{script}</script></head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{words(8)} {number}</h1>"
        f'<p class="byline">By Ana Ruiz</p><time datetime="2020-05-17">17 May 2020</time>{text}'
        f"</article></main><aside>{cards}</aside><footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def filled(archive: Archive, pages: int) -> None:
    """Save the pages, each read wrongly."""
    crawl_id = archive.start_crawl("example.org", "add", {}, NOW)
    for number in range(pages):
        url = f"https://example.org/news/{number}"
        moment = NOW + timedelta(minutes=number)
        capture = Capture(url, moment, 200, (("Content-Type", "text/html"),), page(number))
        reading = read(capture, generic_profile(url))
        if isinstance(reading, Exception):
            raise SystemExit(f"Page {number} is no article: {reading}")
        spoilt = replace(reading, headline=f"Misread {number}", parser="generic/0")
        about = {"site": "example.org", "crawl_id": crawl_id, "now": moment}
        archive.save(capture, spoilt, next_due_at=None, **about)  # type: ignore[arg-type]


def processor_seconds() -> float:
    """Of this process and those that it has ended."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, both))


def measured(archive: Archive, wanted: Wanted) -> tuple[float, float, int]:
    """Seconds by the clock and by the processor, and how many were read otherwise."""
    begun, used = perf_counter(), processor_seconds()
    tally = reparse(archive, wanted)
    return perf_counter() - begun, processor_seconds() - used, tally.counts.get("other", 0)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How fast stored captures are read again.")
    parser.add_argument("pages", nargs="?", type=int, default=3_000, help="how many (3000)")
    pages = parser.parse_args().pages
    number = cores()
    with (
        tempfile.TemporaryDirectory() as place,
        Archive.open(Path(place, "news.db"), mode="write") as archive,
    ):
        filled(archive, pages)
        runs = (("dry, 1 process", 1, True), (f"dry, {number} processes", number, True))
        alone = alone_used = 0.0
        for name, jobs, is_dry in (*runs, (f"writing, {number} processes", number, False)):
            seconds, used, other = measured(archive, Wanted(jobs=jobs, is_dry=is_dry))
            alone, alone_used = alone or seconds, alone_used or used
            print(
                f"{name:24} {pages / seconds:8.0f} pages/s  "
                f"{alone / seconds / jobs:5.2f} × the cores by the clock  "
                f"{alone_used / used:5.2f} by processor time  {other} read otherwise"
            )
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(each.ru_maxrss for each in map(resource.getrusage, both))
    print(f"peak memory {peak / 1024:.0f} MB")


if __name__ == "__main__":
    main()
