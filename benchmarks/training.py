"""Learns the judgement of chunks (``crawler/parsing/judgement.json``) from the labelled pages.

    python benchmarks/training.py               # figures by cross-validation, nothing written
    python benchmarks/training.py --write       # ... and the judgement learned from all pages

A page's chunks are measured as ``crawler.parsing.judging`` measures them; a chunk is right if most
of it stands in the truth. Publishers are kept together: a page is never judged by what was learned
from its own outlet. Needs LightGBM (``pip install -e '.[train]'``), which nothing else here does.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.labelled import BENCH, SETS, Bench, NoLabelledPages, bench_at
from crawler.errors import NotAnArticle, Unreadable
from crawler.parsing import judging, parse_article, review
from crawler.parsing.judging import MEASURES, Judgement, log_odds

JUDGEMENT = Path(judging.__file__).with_name("judgement.json")
NOTHING = Judgement([], {}, {}, {})
PARTS = 6
LEARNING = {
    "objective": "binary",
    "learning_rate": 0.15,
    "num_leaves": 8,
    "min_child_samples": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "verbose": -1,
    "num_threads": 2,
    "seed": 1,
    "deterministic": True,
}
TREES = 50
#: A word is learned if so many publishers use it so often; of each kind so many are kept.
LEAST_PUBLISHERS, LEAST_TIMES = 4, 5
KEPT = {"words": 500, "openings": 150, "names": 250}


@dataclass
class Row:
    """One judged chunk: its measures, its words, what the rules did with it, what is right."""

    values: list[float]
    words: list[str]
    names: list[str]
    index: int
    text: str
    taken: bool
    right: bool | None = None
    weight: float = 0.0


@dataclass
class Labelled:
    """One labelled page as the rules read it."""

    name: str
    page_id: str
    group: str
    truth: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    certain: list[tuple[int, str]] = field(default_factory=list)
    """Blocks that are not judged."""


def read_pages(bench: Bench) -> list[Labelled]:
    """All labelled pages whose text is known, read by the rules alone."""
    tasks = [(bench.folder, name, sorted(bench.truths(name))[part::8])
             for name in SETS for part in range(8)]  # fmt: skip
    with ProcessPoolExecutor() as pool:
        return [page for some in pool.map(_read, *zip(*tasks, strict=True)) for page in some]


def _read(folder: Path, name: str, ids: list[str]) -> list[Labelled]:
    bench = bench_at(folder)
    truths = bench.truths(name)
    found = []
    for page_id in ids:
        truth = truths[page_id]
        if "with" in truth or truth.get("body_nosummary") or truth.get("body"):
            page = Labelled(name, page_id, truth["group"], truth)
            _measure(page, bench.page(name, page_id))
            _label(page, bench.harness)
            found.append(page)
    return found


def _measure(page: Labelled, html: bytes) -> None:
    """The page's rows and the blocks beside them, by a look over the parser's shoulder."""

    def look_on(read: Any, text: Any, headline: Any, _: Judgement) -> dict[int, float]:
        taken = {chunk.index for chunk, _ in text.blocks}
        page.rows = [
            Row(each.values, each.words, each.names, each.chunk.index, each.chunk.text,
                each.chunk.index in taken)
            for each in judging.measured(read, text, headline, NOTHING)
        ]  # fmt: skip
        judged = {row.index for row in page.rows}
        page.certain = [(c.index, b.text) for c, b in text.blocks if c.index not in judged]
        return {}

    with mock.patch.object(review, "judged", look_on):
        try:
            parse_article(html, url=page.truth["url"])
        except (NotAnArticle, Unreadable):
            return


def _label(page: Labelled, harness: Any) -> None:
    """What is right for each row, and how much it counts: its share of the page's words."""
    truth = page.truth
    if "with" in truth:
        for row in page.rows:
            text = harness.ws(row.text)
            if any(harness.ws(part) in text for part in truth["with"]):
                row.right = True
            elif any(harness.ws(part) in text for part in truth["without"] if len(part) > 3):
                row.right = False
            row.weight = 0.15 if row.right is not None else 0.0
        return
    share = _shares(page, harness)
    words = sum(len(row.text.split()) for row in page.rows if share(row.text) > 0.5)
    used = " ".join(row.text for row in page.rows if row.taken)
    deck = harness.ws(" ".join(truth.get("summary") or []))
    for row in page.rows:
        agreed = share(row.text)
        row.right = agreed > 0.5
        if row.right and not row.taken and len(row.text) > 40:
            row.right = row.text[:60].rstrip("… .") not in used
        if not row.right and deck and len(row.text) > 20 and harness.ws(row.text) in deck:
            row.right = None
            continue
        long = min(1.0, len(row.text.split()) / max(words, 80))
        row.weight = (6 * long + 0.04) * max(2 * abs(agreed - 0.5), 0.3)


def _shares(page: Labelled, harness: Any) -> Callable[[str], float]:
    """How much of a text stands in the truth, by runs of four words."""
    truth = page.truth.get("body_nosummary") or page.truth["body"]
    tokens = harness.tokens(truth)
    runs = set(zip(*(tokens[i:] for i in range(4)), strict=False))
    line = f" {' '.join(tokens)} "

    def share(text: str) -> float:
        own = harness.tokens(text)
        if len(own) < 4:
            return float(bool(own) and f" {' '.join(own)} " in line)
        mine = list(zip(*(own[i:] for i in range(4)), strict=False))
        return sum(run in runs for run in mine) / len(mine)

    return share


# --- learning -------------------------------------------------------------------------------------


def part_of(group: str) -> int:
    """Which part of the publishers one belongs to, the same in every run."""
    return sha256(group.encode()).digest()[0] % PARTS


def odds_of_words(pages: Iterable[Labelled]) -> dict[str, dict[str, float]]:
    """Log odds of words, openings and box names, each page counting few times for each."""
    seen: dict[str, dict[str, list[float]]] = {kind: {} for kind in KEPT}
    publishers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for page in pages:
        counted: Counter[tuple[str, str, bool]] = Counter()
        for row in page.rows:
            if row.right is None:
                continue
            for kind, words in (
                ("words", set(row.words)),
                ("openings", set(row.words[:2])),
                ("names", set(row.names)),
            ):
                for word in words:
                    if counted[kind, word, row.right] < 3:
                        counted[kind, word, row.right] += 1
                        seen[kind].setdefault(word, [0.0, 0.0])[not row.right] += 1
                        publishers[kind, word].add(page.group)
    found = {}
    for kind, counts in seen.items():
        right = sum(count[0] for count in counts.values()) or 1
        wrong = sum(count[1] for count in counts.values()) or 1
        odds = {
            word: math.log((a + 1.5) / right) - math.log((b + 1.5 * wrong / right) / wrong)
            for word, (a, b) in counts.items()
            if len(publishers[kind, word]) >= LEAST_PUBLISHERS and a + b >= LEAST_TIMES
        }
        telling = sorted(odds, key=lambda w: -abs(odds[w]) * math.sqrt(sum(counts[w])))
        found[kind] = {word: round(odds[word], 2) for word in sorted(telling[: KEPT[kind]])}
    return found


def examples(
    pages: Iterable[Labelled], words: dict[str, dict[str, float]]
) -> tuple[list[list[float]], list[bool], list[float]]:
    """Measures, labels and weights of all rows that are labelled."""
    judgement = Judgement([], **words)
    rows = [row for page in pages for row in page.rows if row.right is not None]
    return (
        [complete(row, judgement) for row in rows],
        [bool(row.right) for row in rows],
        [row.weight for row in rows],
    )


def complete(row: Row, judgement: Judgement) -> list[float]:
    """A row's measures with the log odds of its words."""
    odds = log_odds(judgement, row.words, row.names)
    return [float(value) for value in row.values[: -len(odds)]] + odds


def learn(pages: list[Labelled]) -> Judgement:
    """A judgement from pages; words are weighed on other publishers than those they come from."""
    import lightgbm
    import numpy as np

    measures: list[list[float]] = []
    right: list[bool] = []
    weights: list[float] = []
    for part in range(PARTS):
        own = [page for page in pages if part_of(page.group) == part]
        others = odds_of_words(page for page in pages if part_of(page.group) != part)
        x, y, w = examples(own, others)
        measures, right, weights = measures + x, right + y, weights + w
    data = lightgbm.Dataset(
        np.array(measures, np.float32), np.array(right), weight=np.array(weights)
    )
    model = lightgbm.train(LEARNING, data, TREES).dump_model()
    trees = [_tree(each["tree_structure"]) for each in model["tree_info"]]
    return Judgement(trees, **odds_of_words(pages))


def _tree(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return round(node["leaf_value"], 3)
    return [
        node["split_feature"],
        float(f"{node['threshold']:.4g}"),
        _tree(node["left_child"]),
        _tree(node["right_child"]),
    ]


# --- figures --------------------------------------------------------------------------------------


def figures(pages: list[Labelled], text_of: Callable[[Labelled], str], harness: Any) -> str:
    """Mean F1 of each set, snippets' F1 last."""
    scores: dict[str, list[float]] = defaultdict(list)
    found = wrong = missed = 0
    for page in pages:
        text = text_of(page)
        truth = page.truth
        if "with" in truth:
            folded = harness.ws(text)
            hits = sum(harness.ws(part) in folded for part in truth["with"])
            found, missed = found + hits, missed + len(truth["with"]) - hits
            wrong += sum(harness.ws(part) in folded for part in truth["without"])
        else:
            counts = harness.shingle_tpfpfn(truth.get("body_nosummary") or truth["body"], text)
            scores[page.name].append(harness.prf(*counts)[2])
    shown = [f"{name} {sum(each) / len(each):.4f}" for name, each in scores.items()]
    return "  ".join([*shown, f"snippets {2 * found / ((2 * found + wrong + missed) or 1):.4f}"])


def by_rules(page: Labelled) -> str:
    """The text as the rules alone have it."""
    taken = [(row.index, row.text) for row in page.rows if row.taken]
    return "\n".join(text for _, text in sorted(page.certain + taken))


def by_judgement(page: Labelled, odds: dict[int, float]) -> str:
    """The text as :func:`crawler.parsing.review.reviewed` leaves it."""
    words = {row.index: len(row.text.split()) for row in page.rows}
    words |= {index: len(text.split()) for index, text in page.certain}
    taken = [row.index for row in page.rows if row.taken] + [index for index, _ in page.certain]
    texts = {row.index: row.text for row in page.rows} | dict(page.certain)
    kept = review.reviewed(sorted(taken), words, odds)
    return "\n".join(texts[index] for index in kept)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--bench", type=Path, default=BENCH, help="folder of the labelled pages")
    parser.add_argument("--write", action="store_true", help=f"write {JUDGEMENT.name}")
    asked = parser.parse_args()
    try:
        bench = bench_at(asked.bench)
    except NoLabelledPages as none:
        print(f"training: {none}", file=sys.stderr)
        return 2
    pages = read_pages(bench)
    print(f"{len(pages)} pages, {sum(len(page.rows) for page in pages)} chunks judged")
    print("rules alone      ", figures(pages, by_rules, bench.harness))
    odds: dict[tuple[str, str], dict[int, float]] = {}
    for part in range(PARTS):
        judgement = learn([page for page in pages if part_of(page.group) != part])
        for page in pages:
            if part_of(page.group) == part:
                odds[page.name, page.page_id] = {
                    row.index: judgement.odds(complete(row, judgement)) for row in page.rows
                }
    print(
        "cross-validated  ",
        figures(pages, lambda p: by_judgement(p, odds[p.name, p.page_id]), bench.harness),
    )
    if asked.write:
        judgement = learn(pages)
        data = {
            "about": "Learned by benchmarks/training.py; see crawler/parsing/judging.py.",
            "measures": list(MEASURES),
            "words": judgement.words,
            "openings": judgement.openings,
            "names": judgement.names,
            "trees": judgement.trees,
        }
        JUDGEMENT.write_text(
            "{\n"
            + ",\n".join(
                f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False, separators=(',', ':'))}"
                for k, v in data.items()
            )
            + "\n}\n",
            "utf-8",
        )
        print(f"written: {JUDGEMENT.name}, {JUDGEMENT.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
