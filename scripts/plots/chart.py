"""What a plot shows: rows of counts, what was asked, and what the reader has to know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from scripts.printing import Tongue

Row = Mapping[str, Any]
Measure = Literal["articles", "words", "length", "analysis", "share"]

#: Measures that are numbers of something, and so stand on zero as columns; the others are ratios.
AMOUNTS = ("articles", "words")

#: Measures from 0 to 1, which can be held against each other.
SHARES = ("analysis", "share")


@dataclass(frozen=True, slots=True)
class Chart:
    """One plot to draw."""

    by: str
    """What is counted by: a name of ``stats --by``."""
    rows: Sequence[Row]
    """What ``stats --json`` prints."""
    measure: Measure = "articles"
    over: Literal["year", "month"] | None = None
    """Whether each row is drawn over time."""
    query: str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    articles: int = 0
    """How many articles were counted; one with two authors counts once."""
    archive: str = ""
    """Its file name, without its place."""
    as_of: datetime | None = None
    """When the archive last learned something."""
    complete: float | None = None
    """The share of what the sites listed that is settled, 0 to 1; None where it is not known."""
    tongue: Tongue = "en"

    @property
    def known(self) -> list[Row]:
        """The rows with a key."""
        return [row for row in self.rows if row["key"] is not None]

    @property
    def unknown(self) -> int:
        """How many articles have no key, such as a day of publication."""
        return sum(row["articles"] for row in self.rows if row["key"] is None)


def value_of(row: Row, measure: Measure) -> float | None:
    """The measure of one row; None where there is nothing to measure.

    ``share`` is of all articles of that key, ``analysis`` of the counted ones: both 0 to 1.

    >>> value_of({"articles": 4, "words": 1000, "with_analysis": 1}, "length")
    250.0
    """
    articles = row["articles"]
    if measure in AMOUNTS:
        return float(row[measure])
    if measure == "share":
        return float(row["share"]) if row.get("all") else None
    if not articles:
        return None
    return float(row["words" if measure == "length" else "with_analysis"] / articles)
