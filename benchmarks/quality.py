"""How well this project reads the labelled pages, and the floors that it must not fall below.

``quality.json`` has a floor for each field and set, a share of 1 throughout: a figure that is good
when small (invented authors, articles refused) stands there as what is left of 1. A floor is the
figure of the day less :data:`SLACK`, cut off behind the third digit. It is only ever raised, with
``python benchmarks/extraction.py --write-quality``; one that has to give way is changed by hand,
with the reason in the commit.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.labelled import (
    ROOT,
    SETS,
    Answer,
    Bench,
    Score,
    bench_at,
    hemeroteca,
    module_at,
)

FLOORS = ROOT / "benchmarks" / "quality.json"

#: What a figure may lose unnoticed: less than half a page of the smallest set counts for, so that a
#: newer version of a library that reads a letter differently stops nobody, and a page lost does.
SLACK = 0.002

Figures = dict[str, dict[str, float]]
"""By set and field, a share of 1."""

#: The fields of each set, and what they are called in the harness' figures.
FIELDS = {
    "aeb": {"body": "bF1", "body by page": "bF1m"},
    "aed": {"body by page": "bF1m", "headline": "hEx", "authors": "aF1", "day": "dDay"},
    "fundus": {
        "body by page": "core",
        "deck": "deck",
        "headline": "hEx",
        "authors": "aF1",
        "day": "dDay",
        "language": "lang",
    },
    "trafilatura": {"snippets": "sF1", "headline": "hEx", "authors": "aF1", "day": "dDay"},
}

#: Fields of the pages of InSight Crime, in the words of their own measure.
INSIGHTCRIME = {
    "profile": (
        "headline", "kicker", "category", "language", "published", "authors", "deck", "tags",
        "see_also_urls", "related_urls", "body_f1", "analysis_f1", "text_f1",
        "pages_without_any_leak",
    ),
    "generic": ("headline", "language", "published", "authors", "text_f1"),
}  # fmt: skip

#: Pages that one process reads before it gets others.
PORTION = 25


def measured(bench: Bench) -> Figures:
    """Every figure of today, each page read once, on all cores."""
    context = multiprocessing.get_context("spawn")
    portions = [
        (name, ids[start : start + PORTION])
        for name in SETS
        for ids in [sorted(bench.truths(name))]
        for start in range(0, len(ids), PORTION)
    ]
    scores: dict[str, dict[str, Score]] = {name: {} for name in SETS}
    returned: dict[str, set[str]] = {name: set() for name in SETS}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        others = {
            name: pool.submit(_insightcrime, bench.folder.parent / "insightcrime", name)
            for name in INSIGHTCRIME
        }
        done = pool.map(_scores, *zip(*((bench.folder, *each) for each in portions), strict=True))
        for (name, _), (some, fields) in zip(portions, done, strict=True):
            scores[name] |= some
            returned[name] |= fields
        figures = {name: _shares(bench, name, scores[name], returned[name]) for name in SETS}
        for name, future in others.items():
            figures[f"insightcrime, {name}"] = future.result()
    return {name: fields for name, fields in figures.items() if fields}


def _scores(folder: Path, name: str, ids: list[str]) -> tuple[dict[str, Score], set[str]]:
    """Scores of some pages of a set, and the fields that were found on any."""
    bench = bench_at(folder)
    truths = bench.truths(name)
    scores, returned = {}, set()
    for page_id in ids:
        answer = _answer(bench.page(name, page_id), truths[page_id]["url"])
        returned |= set(answer["out"])
        scores[page_id] = bench.scored(truths[page_id], answer)
    return scores, returned


def _answer(html: bytes, url: str) -> Answer:
    try:
        found = hemeroteca(html, url)
    except Exception as error:
        return {"out": {}, "ms": 1.0, "error": repr(error)}
    return {"out": found, "ms": 1.0, "refused": found.pop("refused", None)}


def _shares(
    bench: Bench, name: str, scores: dict[str, Score], returned: set[str]
) -> dict[str, float]:
    found = bench.figures(scores, returned)
    shares = {field: float(found[key]) for field, key in FIELDS[name].items()}
    shares["articles taken as such"] = 1 - found["refused"] / found["pages"]
    shares["no exception"] = 1 - found["errors"] / found["pages"]
    if "aFP" in found:
        shares["no author invented"] = 1 - found["aFP"]
    return shares


def _insightcrime(folder: Path, adaptor: str) -> dict[str, float]:
    """The figures of the pages of InSight Crime; none where they are not there."""
    if not (folder / "pages").is_dir():
        return {}
    score, adaptors = module_at(folder / "score.py"), module_at(folder / "adaptor.py")
    read: Callable[[bytes, str], Any] = getattr(
        adaptors, "insightcrime" if adaptor == "profile" else adaptor
    )
    found = score.run(str(folder / "pages"), lambda page, url: read(Path(page).read_bytes(), url))
    shares = {field: float(found["overall"][field]) for field in INSIGHTCRIME[adaptor]}
    shares["articles taken as such"] = 1 - found["wrongly_rejected"] / found["articles"]
    shares["others refused"] = found["non_articles_rejected"] / found["non_articles"]
    shares["no exception"] = 1 - found["exceptions"] / found["articles"]
    return shares


# --- floors --------------------------------------------------------------------------------------


def floor_of(figure: float) -> float:
    """The floor under a figure of today; what is perfect stays perfect.

    >>> floor_of(0.96512), floor_of(1.0), floor_of(0.0)
    (0.963, 1.0, 0.0)
    """
    return 1.0 if figure == 1 else max(0.0, math.floor((figure - SLACK) * 1000) / 1000)


def raised(floors: Figures, figures: Figures) -> Figures:
    """The floors after these figures: none is lower than before, none is lost.

    >>> raised({"aed": {"day": 0.9, "deck": 0.5}}, {"aed": {"day": 0.95, "deck": 0.4}})
    {'aed': {'day': 0.948, 'deck': 0.5}}
    """
    after: Figures = {name: dict(fields) for name, fields in floors.items()}
    for name, fields in figures.items():
        of_set = after.setdefault(name, {})
        for each, figure in fields.items():
            of_set[each] = max(of_set.get(each, 0.0), floor_of(figure))
    return after


def floors() -> Figures:
    """The floors as they are written down."""
    written: Figures = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    return written


def raise_floors(bench: Bench) -> str:
    """Measures, raises what can be raised in ``quality.json``, and tells what has changed."""
    before, figures = floors(), measured(bench)
    after = raised(before, figures)
    FLOORS.write_text(json.dumps(after, indent=2, ensure_ascii=False) + "\n", "utf-8")
    lines = []
    for name, fields in after.items():
        for each, floor in fields.items():
            old, now = before.get(name, {}).get(each), figures.get(name, {}).get(each)
            mark = " BELOW ITS FLOOR" if now is not None and now < floor else ""
            mark = mark or ("" if old == floor else " raised" if old is not None else " new")
            shown = "–" if now is None else f"{now:.4f}"
            lines.append(f"{name:24}{each:26}{shown:>8}  floor {floor:.3f}{mark}")
    return "\n".join(lines)
