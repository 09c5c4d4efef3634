"""The labelled pages beside the checkout, and how well an answer about one of them agrees.

The pages, their truth and the harness that compares come from ``../shared/bench``; what is added
here is the deck, of which the harness knows nothing, and what was refused. Without that folder
:func:`bench_at` says so in a sentence.
"""

from __future__ import annotations

import difflib
import gzip
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent

#: Where the labelled pages stand beside a checkout.
BENCH = ROOT.parent / "shared" / "bench"

#: The sets, in the order of the tables.
SETS = ("aeb", "aed", "fundus", "trafilatura")

#: Two decks are the same from this likeness on (``difflib``'s ratio, white space folded).
ALIKE = 0.9

Answer = dict[str, Any]
Score = dict[str, Any]


class NoLabelledPages(Exception):
    """The folder isn't there, or holds something else."""


def bench_at(folder: Path) -> Bench:
    """The labelled pages of a folder; :class:`NoLabelledPages` where there are none."""
    if not (folder / "evaluate.py").is_file() or not (folder / "data").is_dir():
        raise NoLabelledPages(
            f"no labelled pages at {folder}: it should hold evaluate.py, suspects.json and data/ "
            "(another place: --bench FOLDER)"
        )
    return Bench(folder)


@dataclass(frozen=True)
class Bench:
    """Pages with what people found in them, and the harness that compares."""

    folder: Path

    @cached_property
    def harness(self) -> ModuleType:
        """``evaluate.py`` of the folder, which is left as it is."""
        return module_at(self.folder / "evaluate.py")

    def truths(self, name: str) -> dict[str, dict[str, Any]]:
        """By page, what is right; where the page itself says otherwise, that is left out."""
        suspects = json.loads((self.folder / "suspects.json").read_text("utf-8"))
        truths: dict[str, dict[str, Any]] = self.harness.load_truths(
            self.folder / "data" / name, suspects
        )
        return truths

    def page(self, name: str, page_id: str) -> bytes:
        """The page's bytes as they were stored."""
        path = self.folder / "data" / name / page_id / "page.html.gz"
        return gzip.decompress(path.read_bytes())

    def scored(self, truth: dict[str, Any], answer: Answer) -> Score:
        """The harness' scores of one page, and those that it has no word for."""
        score: Score = self.harness.score_page(truth, answer)
        if truth.get("summary") is not None:
            wanted = self.harness.ws(" ".join(truth["summary"]))
            score["deck"] = float(same_deck(wanted, answer["out"].get("deck")))
        if "snip" in score:
            score["snip whole"] = self.harness.score_page(truth, _with_deck(answer))["snip"]
        score["textless"] = not answer["out"].get("body")
        if answer.get("refused"):
            score["refused"] = answer["refused"]
        return score

    def figures(self, scores: dict[str, Score], returned: Iterable[str]) -> dict[str, Any]:
        """What the pages' scores come to; a field that is never returned has no figure."""
        returned = set(returned)
        figures: dict[str, Any] = self.harness.summarise(scores, returned) or {}
        if "deck" in returned:
            figures["deck"] = self.harness.mean_of(list(scores.values()), "deck")
        whole = [{"snip": s["snip whole"]} for s in scores.values() if "snip whole" in s]
        if whole and "body" in returned:
            figures["sF1 whole"] = self.harness.snippet_scores(whole)["sF1"]
        figures["refused"] = sum("refused" in score for score in scores.values())
        if "body" in returned:
            figures["textless"] = sum(score["textless"] for score in scores.values())
        return figures


def _with_deck(answer: Answer) -> Answer:
    """An answer whose text has the standfirst as well: labels of snippets count it as text."""
    out = answer["out"]
    text = "\n\n".join(filter(None, (out.get("deck"), out.get("body"))))
    return answer | {"out": out | {"body": text}}


def module_at(path: Path) -> ModuleType:
    """A Python file as a module, without writing anything beside it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def same_deck(wanted: str, found: str | None) -> bool:
    """Whether the deck is right: nearly the same words, and none where the article has none.

    >>> same_deck("The port is closed.", "The  port is closed")
    True
    >>> same_deck("", None), same_deck("", "The port is closed."), same_deck("A deck.", None)
    (True, False, False)
    """
    wanted, found = " ".join(wanted.split()), " ".join((found or "").split())
    if not wanted or not found:
        return wanted == found
    return difflib.SequenceMatcher(None, wanted, found, autojunk=False).ratio() >= ALIKE


def half_of(group: str) -> int:
    """Which half of the publishers one belongs to, 0 or 1, the same in every run."""
    return sha256(f"half:{group}".encode()).digest()[0] % 2


def worst(scores: dict[str, Score], number: int) -> Iterator[tuple[float, str, Score]]:
    """The pages with the worst text, with the figure that they are worst by."""

    def quality(score: Score) -> float | None:
        if "snip" in score:
            found, wrong, missed, _ = score["snip"]
            return 2 * found / ((2 * found + wrong + missed) or 1)
        value: float | None = score.get("core", score.get("bF1"))
        return value

    rated = ((quality(score), page_id) for page_id, score in scores.items())
    ranked = sorted((value, page_id) for value, page_id in rated if value is not None)
    return ((value, page_id, scores[page_id]) for value, page_id in ranked[:number])


def hemeroteca(html: bytes, url: str) -> Answer:
    """This project's answer about a page of which nothing is known, in the harness' form."""
    from crawler.errors import NotAnArticle, Unreadable
    from crawler.parsing import parse_article

    try:
        record = parse_article(html, url=url).to_dict()
    except (NotAnArticle, Unreadable) as none:
        return {"refused": str(none) or type(none).__name__}
    fields = ("headline", "deck", "authors", "published", "language")
    text = "\n\n".join(filter(None, (record["body_text"], record["analysis_text"])))
    return {name: record[name] for name in fields} | {"body": text}
