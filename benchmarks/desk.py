"""What the browser desk costs, on the bundled newsroom: time, rate, weight of its pages, memory.

The desk is served as a user serves it, in a process of its own, and asked over one connection and
over four. The floor is Datasette's own page of one row: how much dearer is a page of ours?

    python benchmarks/desk.py                     prints the table
    python benchmarks/desk.py --pictures DIR      makes the pictures of docs/images instead
    python benchmarks/desk.py --archive FILE      asks a desk over an archive of synthetic.py or
                                                  search.py, however large: each page twice
"""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import httpx
from PIL import Image

from tests.browsing import archive_with_a_past, chromium, served

FLOOR = "/archive/articles/40"
PAGES = (
    FLOOR, "/", "/search", "/search?q=police", "/article/40", "/article/40/compare",
    "/article/3/beside/4", "/author/Owen%20Prescott", "/coverage", "/changes",
    "/archive?sql=select+id%2C+headline+from+articles+limit+20",
)  # fmt: skip
ROUNDS, TOGETHER = 60, 4
STYLE = "/-/static-plugins/scripts.desk/desk.css"

#: The pictures: name, page, width, height, dark, language.
SHOTS = (
    ("desk-start", "/", 1200, 860, False, "en"),
    ("desk-results", "/search?q=police+OR+policía", 1200, 860, False, "en"),
    ("desk-article", "/article/40", 1200, 980, False, "en"),
)
PHONES = (
    ("/article/40", False, "en"),
    ("/article/40/compare", True, "en"),
    ("/search?q=puerto", True, "es"),
)


@contextmanager
def own_process(archive: Path) -> Iterator[tuple[int, str]]:
    """``hemeroteca serve``; its process and address."""
    command = [sys.executable, "-m", "scripts.cli", "-a", str(archive), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = re.search(r"http://\S+\d", process.stderr.readline())
        assert told
        try:
            yield process.pid, told[0]
        finally:
            process.terminate()


class Measured(NamedTuple):
    """What one page costs."""

    milliseconds: float
    """By the clock, the quickest of all rounds: what other processes do is left out."""
    work: float
    """Milliseconds of processor time in the desk, on average."""
    rate: float
    """Requests a second, several at once."""
    size: int
    packed: int


def measured(process: int, browser: httpx.Client, path: str) -> Measured:
    """One page, asked for again and again."""
    times = []
    answer = browser.get(path)
    assert answer.status_code == 200, path
    worked = processor_seconds(process)
    for _ in range(ROUNDS):
        start = perf_counter()
        answer = browser.get(path)
        times.append(perf_counter() - start)
    work = (processor_seconds(process) - worked) / ROUNDS
    start = perf_counter()
    with ThreadPoolExecutor(TOGETHER) as threads:
        list(threads.map(lambda _: browser.get(path), range(ROUNDS)))
    rate = ROUNDS / (perf_counter() - start)
    packed = len(gzip.compress(answer.content))
    return Measured(min(times) * 1000, work * 1000, rate, len(answer.content), packed)


def processor_seconds(process: int) -> float:
    """The processor time that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(process: int) -> float:
    """The most memory that a process has had."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def table(archive: Path) -> None:
    with own_process(archive) as (process, address), httpx.Client(base_url=address) as browser:
        style = len(browser.get(STYLE).content)
        print(
            f"| page | ms | processor ms | × floor | a second, {TOGETHER} at once | kB | packed |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        floor = measured(process, browser, FLOOR).work
        for path in PAGES:
            cost = measured(process, browser, path)
            print(
                f"| {path} | {cost.milliseconds:.1f} | {cost.work:.1f} | {cost.work / floor:.2f} "
                f"| {cost.rate:.0f} | {cost.size / 1000:.1f} | {cost.packed / 1000:.1f} |"
            )
        print(f"\nstyle sheet: {style / 1000:.1f} kB; memory: {peak_megabytes(process):.0f} MB")


#: Pages of a large archive, with words that are rare, common, and in nearly every article.
WHOLE = (
    "/", "/search", "/search?q=ingberholing", "/search?q=drug", "/search?q=he",
    "/search?q=he&category=COCAINE&since=2016&until=2020", "/search?q=he&site=gazette&sort=newest",
    "/search?category=COCAINE&site=gazette", "/search?since=2020&until=2020", "/article/500",
    "/tag/Empty%20Page", "/category/COCAINE", "/site/gazette", "/authors", "/tags", "/sites",
    "/coverage", "/changes", "/archive",
)  # fmt: skip


def first_and_again(archive: Path) -> None:
    """What a page costs a desk that was just started, and what it costs the second time."""
    print("| page | first, ms | processor ms | again, ms | processor ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with own_process(archive) as (process, address), httpx.Client(base_url=address) as browser:
        for path in WHOLE:
            told = []
            for _ in range(2):
                worked, start = processor_seconds(process), perf_counter()
                answer = browser.get(path, timeout=60)
                told += [perf_counter() - start, processor_seconds(process) - worked]
            costs = " | ".join(f"{seconds * 1000:.0f}" for seconds in told)
            print(f"| {path} | {costs} |" + f" {answer.status_code}" * (not answer.is_success))
        print(f"\nmemory: {peak_megabytes(process):.0f} MB")


def pictures(archive: Path, place: Path) -> None:
    """The pictures of the documentation, with few colours, so that they stay small."""
    with served(archive) as address, chromium() as browser:
        for name, path, width, height, dark, language in SHOTS:
            _few_colours(_shot(browser, address + path, width, height, dark, language)).save(
                place / f"{name}.png", optimize=True
            )
        phones = [
            _shot(browser, address + path, 360, 740, dark, language)
            for path, dark, language in PHONES
        ]
        sheet = Image.new("RGB", (360 * len(phones) + 24 * (len(phones) - 1), 740), "#ffffff")
        for at, phone in enumerate(phones):
            sheet.paste(phone, (at * 384, 0))
        _few_colours(sheet).save(place / "desk-phone.png", optimize=True)


def _shot(browser: Any, url: str, width: int, height: int, dark: bool, language: str) -> Any:
    window = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=language,
    )
    page = window.new_page()
    page.goto(url)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    window.close()
    return shot


def _few_colours(image: Any) -> Any:
    return image.quantize(48)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--archive"]:
        first_and_again(Path(arguments[1]))
        return
    with tempfile.TemporaryDirectory() as place:
        archive = archive_with_a_past(Path(place))
        if arguments[:1] == ["--pictures"]:
            pictures(archive, Path(arguments[1]))
        else:
            table(archive)


if __name__ == "__main__":
    main(sys.argv[1:])
