"""How well and how fast news pages are read, here and by others, in one run.

    python benchmarks/extraction.py                          this project and every peer installed
    python benchmarks/extraction.py --peers none --worst 10  this project, and where it does worst
    python benchmarks/extraction.py --halves --sets aed      each half of the publishers by itself
    python benchmarks/extraction.py --write-quality          raises the floors in quality.json

The labelled pages stand in ``../shared/bench`` (or ``--bench FOLDER``), with the harness that
compares and the peers' adaptors; nothing of them is copied here. The peers come with
``pip install '.[peers]'``, best into an environment of their own; those whose package is missing
are left out. Truth that the page itself contradicts is left out for everybody.

Each extractor has a fresh process for each set, is warmed up, and gets its pages in turns with the
others, so that a busy machine slows all alike. Speed is processor time of the call alone, all
threads counted; memory is the peak of the process that reads ``aed``.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.labelled import (  # noqa: E402
    BENCH,
    SETS,
    Answer,
    Bench,
    NoLabelledPages,
    Score,
    bench_at,
    half_of,
    hemeroteca,
    module_at,
    worst,
)

OURS = "hemeroteca"

#: The peers: the name of their adaptor, and the packages that it needs.
PEERS = {
    "trafilatura": ("trafilatura",),
    "trafilatura_precision": ("trafilatura",),
    "trafilatura_fast": ("trafilatura",),
    "trafilatura_lang": ("trafilatura", "py3langid"),
    "newspaper4k": ("newspaper4k",),
    "news_please": ("news-please",),
    "readability": ("readability-lxml", "html-text"),
    "goose3": ("goose3",),
    "justext": ("justext",),
    "resiliparse": ("resiliparse",),
    "boilerpy3": ("boilerpy3",),
    "extruct": ("extruct",),
    "htmldate": ("htmldate",),
    "floor_lxml": ("lxml",),
    "floor_selectolax": ("selectolax",),
}

#: Those that are left out unless named: other settings of the same, and bare trees.
ON_REQUEST = {
    "trafilatura_fast", "trafilatura_lang", "news_please", "floor_lxml", "floor_selectolax",
}  # fmt: skip

#: Pages read before the clock runs, pages in a turn, and seconds after which one is given up.
WARM_UP, TURN, GIVE_UP = 10, 20, 60

#: The fields of an answer that are compared.
FIELDS = ("headline", "authors", "published", "language", "body", "deck")

Extractor = Callable[[bytes, str], Answer]


# --- an extractor in a process of its own --------------------------------------------------------


class _GivenUp(BaseException):
    """Not an Exception: extractors that catch everything must not catch this."""


def _give_up(*_: object) -> None:
    raise _GivenUp(f"given up after {GIVE_UP} s")


def extractor_named(name: str, bench: Bench) -> Extractor:
    """This project, or the peer's adaptor that comes with the labelled pages."""
    if name == OURS:
        return hemeroteca
    adaptor: Extractor = getattr(module_at(bench.folder / "peers.py"), name)
    return adaptor


def answer_of(extract: Extractor, html: bytes, url: str) -> Answer:
    """What the extractor says about a page, in what processor time, or how it failed."""
    answer: Answer = {"bytes": len(html), "out": {}}
    found: Answer = {}
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(GIVE_UP)
    start = time.process_time()
    try:
        found = extract(html, url) or {}
    except (Exception, _GivenUp) as error:
        answer["error"] = f"{type(error).__name__}: {error}"[:300]
    answer["ms"] = (time.process_time() - start) * 1e3
    signal.alarm(0)
    if "refused" in found:
        answer["refused"] = found["refused"]
    answer["out"] = {name: found[name] for name in FIELDS if found.get(name) not in (None, "", [])}
    return answer


def _serve(questions: Connection, folder: Path, extractor: str, name: str) -> None:
    """Answers about pages of a set until asked for none, then tells the peak of its memory."""
    bench = bench_at(folder)
    extract = extractor_named(extractor, bench)
    while (question := questions.recv()) is not None:
        page_id, url = question
        questions.send(answer_of(extract, bench.page(name, page_id), url))
    questions.send(bench.harness.rss_mb("VmHWM"))


@dataclass
class Worker:
    """An extractor in its own process, started again when a page kills it."""

    bench: Bench
    extractor: str
    set_name: str
    peak: float = 0.0

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(theirs, self.bench.folder, self.extractor, self.set_name)
        )
        self.process.start()
        theirs.close()

    def ask(self, page_id: str, url: str) -> Answer:
        """The answer about a page; a page that kills the process counts as an error."""
        with suppress(EOFError, ConnectionError):
            self.pipe.send((page_id, url))
            if self.pipe.poll(4 * GIVE_UP):
                answer: Answer = self.pipe.recv()
                return answer
        self.process.kill()
        self.process.join()
        self._start()
        return {"bytes": 0, "out": {}, "ms": float("nan"), "error": "the process died"}

    def close(self) -> None:
        """Ends the process and notes the peak of its memory, in MB."""
        with suppress(EOFError, ConnectionError):
            self.pipe.send(None)
            self.peak = self.pipe.recv()
        self.process.join()


# --- a set --------------------------------------------------------------------------------------


@dataclass
class Result:
    """What one extractor made of one set."""

    figures: dict[str, Any]
    scores: dict[str, Score]
    halves: list[dict[str, Any]] = field(default_factory=list)


def results_of(bench: Bench, name: str, extractors: list[str]) -> dict[str, Result]:
    """All extractors on one set, in turns."""
    truths = bench.truths(name)
    workers = {extractor: Worker(bench, extractor, name) for extractor in extractors}
    answers: dict[str, dict[str, Answer]] = {extractor: {} for extractor in extractors}
    ids = list(truths)
    for worker in workers.values():
        for page_id in ids[:WARM_UP]:
            worker.ask(page_id, truths[page_id]["url"])
    for start in range(0, len(ids), TURN):
        for extractor, worker in workers.items():
            for page_id in ids[start : start + TURN]:
                answers[extractor][page_id] = worker.ask(page_id, truths[page_id]["url"])
    for worker in workers.values():
        worker.close()
    return {
        extractor: _result(workers[extractor], truths, answers[extractor])
        for extractor in extractors
    }


def _result(
    worker: Worker, truths: dict[str, dict[str, Any]], answers: dict[str, Answer]
) -> Result:
    bench = worker.bench
    scores = {page_id: bench.scored(truths[page_id], answer) for page_id, answer in answers.items()}
    returned = {name for answer in answers.values() for name in answer["out"]}

    def figures(half: int | None = None) -> dict[str, Any]:
        part = {
            each: score
            for each, score in scores.items()
            if half is None or half_of(score["group"]) == half
        }
        found = bench.figures(part, returned)
        if worker.extractor != OURS:  # the others don't say that a page is no article
            del found["refused"]
        return found

    return Result(figures() | {"peak": worker.peak}, scores, [figures(0), figures(1)])


# --- the table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure of a set, or of all sets, and what is aimed at."""

    label: str
    key: str
    sets: tuple[str, ...]
    goal: str = ""
    digits: int = 3


THREE = ("aed", "fundus", "trafilatura")

ROWS = (
    Row("body F1, aeb", "bF1", ("aeb",), "≥ .978"),
    Row("body F1, mean per page, aeb", "bF1m", ("aeb",)),
    Row("body F1, mean per page, aed", "bF1m", ("aed",), "≥ .950"),
    Row("body F1, mean per page, fundus (deck apart)", "core", ("fundus",), "≥ .962"),
    Row("deck, fundus", "deck", ("fundus",), "≥ .85"),
    Row("snippets F1, trafilatura", "sF1", ("trafilatura",), "≥ .940"),
    Row("snippets F1, trafilatura, the deck with the text", "sF1 whole", ("trafilatura",)),
    *(
        Row(f"headline exact, {name}", "hEx", (name,), goal)
        for name, goal in zip(THREE, ("≥ .92", "≥ .95", "≥ .85"), strict=True)
    ),
    *(
        Row(f"authors, set F1, {name}", "aF1", (name,), goal)
        for name, goal in zip(THREE, ("≥ .88", "≥ .93", "≥ .70"), strict=True)
    ),
    Row("an author where there is none, aed", "aFP", ("aed",), "≤ .30"),
    Row("an author where there is none, trafilatura", "aFP", ("trafilatura",), "≤ .30"),
    *(
        Row(f"day, {name}", "dDay", (name,), goal)
        for name, goal in zip(THREE, ("≥ .985", "≥ .99", "≥ .92"), strict=True)
    ),
    Row("language, fundus", "lang", ("fundus",), "≥ .99"),
    *(Row(f"articles refused, {name}", "refused", (name,), "≤ 1 %", 0) for name in SETS),
    Row("articles without a text, all sets", "textless", SETS, "", 0),
    Row("pages that raise an exception, all sets", "errors", SETS, "0", 0),
    *(Row(f"pages/s, {name}", "pps", (name,), "", 1) for name in SETS),
    Row("pages/s, all sets", "pps", SETS, "5 × trafilatura", 1),
    Row("peak memory, aed, MB", "peak", ("aed",), "≤ 100", 0),
)

Results = dict[str, dict[str, Result]]
"""By set and extractor."""


def cells(results: Results, extractors: list[str]) -> Iterator[list[str]]:
    """The lines of the table, the first one the heads of its columns."""
    yield ["", "goal", *extractors]
    for row in ROWS:
        sets = [name for name in row.sets if name in results]
        if not sets:
            continue
        values = [
            _value(row, [results[name][each].figures for name in sets]) for each in extractors
        ]
        if any(value is not None for value in values):
            yield [row.label, row.goal, *(_shown(value, row.digits) for value in values)]


def _value(row: Row, figures: list[dict[str, Any]]) -> float | None:
    known = [each[row.key] for each in figures if each.get(row.key) is not None]
    if not known:
        return None
    if row.key == "pps":  # of all pages together: their number by the sum of their times
        pages = [each["pages"] for each in figures]
        return float(sum(pages) / sum(n / speed for n, speed in zip(pages, known, strict=True)))
    return float(sum(known))


def _shown(value: float | None, digits: int) -> str:
    if value is None:
        return "–"
    shown = f"{value:.{digits}f}"
    return shown.removeprefix("0") if digits == 3 and value < 1 else shown


def as_text(lines: list[list[str]]) -> str:
    """Columns side by side."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def as_markdown(lines: list[list[str]]) -> str:
    """A table for the README."""
    rule = ["---", *["---:"] * (len(lines[0]) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (lines[0], rule, *lines[1:]))


def about(extractors: list[str], results: Results) -> str:
    """One sentence: when, on what, with which versions, on how many pages."""
    pages = sum(next(iter(each.values())).figures["pages"] for each in results.values())
    versions = [
        f"{package} {version(package)}"
        for package in sorted({each for name in extractors for each in PEERS.get(name, ())})
    ]
    return (
        f"{pages:,} pages of {len(results)} sets, read on {datetime.now(UTC):%Y-%m-%d} with "
        f"{', '.join([f'Hemeroteca {_own_version()}', *versions])}; "
        f"Python {platform.python_version()}, lxml {version('lxml')}, "
        f"selectolax {version('selectolax')}."
    )


def _own_version() -> str:
    from crawler.parsing import PARSER_VERSION

    return f"(parser {PARSER_VERSION})"


def print_worst(bench: Bench, results: Results, number: int) -> None:
    """The pages whose text this project reads worst, with precision and recall, and the refused."""
    for name, each in results.items():
        truths, scores = bench.truths(name), each[OURS].scores
        print(f"\nworst of {name}")
        for value, page_id, score in worst(scores, number):
            if "snip" in score:
                found, wrong, missed, _ = score["snip"]
                parts = f"found {found}  wrong {wrong}  missed {missed}"
            else:
                parts = f"P {score['bP']:.2f}  R {score['bR']:.2f}"
            print(f"  {value:.3f}  {parts}  {page_id}  {truths[page_id]['url'][:100]}")
        for page_id, score in scores.items():
            if reason := score.get("error") or score.get("refused"):
                print(f"  {reason}: {page_id}  {truths[page_id]['url'][:100]}")


def print_halves(results: Results, extractors: list[str]) -> None:
    """The same table for each half of the publishers: a figure that holds on one only is luck."""
    for half in (0, 1):
        part = {
            name: {each: Result(result.halves[half], {}) for each, result in of_set.items()}
            for name, of_set in results.items()
        }
        pages = sum(each[extractors[0]].figures["pages"] for each in part.values())
        print(f"\nhalf {half + 1} of the publishers, {pages} pages")
        print(as_text(list(cells(part, extractors))))


# --- the command ---------------------------------------------------------------------------------


def installed(name: str) -> bool:
    """Whether the packages of a peer are there."""
    try:
        return all(version(package) for package in PEERS[name])
    except PackageNotFoundError:
        return False


def peers_asked_for(names: list[str]) -> list[str]:
    """The peers of the option, or a sentence about the one that can't be had."""
    if names == ["none"]:
        return []
    if names == ["all"]:
        return [name for name in PEERS if name not in ON_REQUEST and installed(name)]
    for name in names:
        if name not in PEERS:
            sys.exit(f"no peer {name!r}: there are none, all, {', '.join(PEERS)}")
        if not installed(name):
            sys.exit(f"{name} needs {' and '.join(PEERS[name])}: pip install '.[peers]'")
    return names


def main() -> None:
    """Measure what the options ask for, and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, default=BENCH, metavar="FOLDER")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--peers", nargs="+", default=["all"], metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything, page by page")
    parser.add_argument("--worst", type=int, default=0, metavar="N")
    parser.add_argument("--halves", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="the table for the README")
    parser.add_argument("--write-quality", action="store_true", help="raise the floors")
    options = parser.parse_args()
    try:
        bench = bench_at(options.bench)
    except NoLabelledPages as none:
        sys.exit(str(none))
    if options.write_quality:
        from benchmarks import quality

        print(quality.raise_floors(bench))
        return
    extractors = [OURS, *peers_asked_for(options.peers)]
    results: Results = {}
    for name in options.sets:
        start = time.monotonic()
        results[name] = results_of(bench, name, extractors)
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    lines = list(cells(results, extractors))
    print(as_markdown(lines) if options.markdown else as_text(lines))
    print("\n" + about(extractors, results))
    if options.halves:
        print_halves(results, extractors)
    if options.worst:
        print_worst(bench, results, options.worst)
    if options.json:
        plain = {
            name: {each: vars(result) for each, result in of_set.items()}
            for name, of_set in results.items()
        }
        options.json.write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
