"""A search in words: what was asked of what archive, when, and how complete that is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scripts.desk.visit import Visit
from storage.folding import folded
from storage.statistics import in_all

#: Letters of a file's name that are taken from a query.
_NAMED = 40


def told_search(
    visit: Visit, asked: Mapping[str, str], total: int, ledger: list[dict[str, Any]]
) -> str:
    """One paragraph to print under what was found: query, filters, archive, day, completeness.

    *asked* holds words, columns and filters under the names that the page's address has for them,
    and under ``some`` of how many words each article has at least, where none has all. *ledger* is
    the rows of the sites and the time that were asked for.
    """
    words = visit.words
    path = visit.desk.archive.path
    said = [
        visit.filter_in_words(name, value)
        for name, value in asked.items()
        if name not in ("q", "some")
    ]
    if "some" in asked:
        said.insert(0, words("some_words", least=asked["some"]))
    query = asked.get("q")
    what = [words("quoted", query=query) if query else words("all_articles"), *said]
    parts = [
        words(
            "search_told",
            total,
            what="; ".join(what),
            archive=path.name if path else "",
            day=words.day(datetime.now(UTC).date()),
        )
    ]
    if visit.excerpt:
        parts.append(visit.excerpt)
    held = in_all(ledger)
    if held["complete"] is not None:
        parts.append(words("search_complete", percent=words.percent(held["complete"])))
    if gaps := len({row["month"] for row in ledger if row["gap"] and row["month"]}):
        parts.append(words("search_gaps", gaps))
    return " ".join(parts)


def file_name(query: str | None, *more: str, ending: str) -> str:
    """A telling name for a file: the program, what was asked, the day.

    >>> file_name("Extorsión OR /etc", "years", ending="csv")[:33]
    'hemeroteca-extorsion-or-etc-years'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", folded(query or ""))[:_NAMED].strip("-")
    parts = ["hemeroteca", plain, *more, f"{datetime.now(UTC):%Y-%m-%d}"]
    return f"{'-'.join(part for part in parts if part)}.{ending}"
