"""What articles said once and say no more: words that only an earlier state of a page had."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from crawler.errors import ArchiveDamaged
from storage.content import article_of
from storage.folding import folded
from storage.query import parsed_query, phrases_of
from storage.schema import readings, revisions

#: Earlier states that are looked through, the latest first: some half a second.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier state of an article that has what was asked for."""

    id: int
    """The article's number."""
    number: int
    """The revision's, from 1."""
    headline: str
    """As it was then."""
    captured_at: datetime


def formerly(connection: Connection, query: str, *, limit: int) -> list[Former]:
    """Earlier states that have all words of a query as they are typed, but for accents and case.

    The last :data:`MOST` of them are looked through, the latest first.

    :raises BadInput: the query can't be understood.
    """
    words = [_as_words(folded(phrase.text)) for phrase in phrases_of(parsed_query(query))]
    patterns = [re.compile(rf"\b{re.escape(word)}\b") for word in words if word]
    found: list[Former] = []
    if not patterns:
        return found
    for row in connection.execute(_earlier()):
        try:
            article = article_of(row.record)
        except ArchiveDamaged:  # stands in the way of no other; `verify` names it
            continue
        texts = (article.headline, article.deck, article.body_text, article.analysis_text)
        text = _as_words(folded(" ".join(part or "" for part in texts)))
        if all(pattern.search(text) for pattern in patterns):
            found.append(Former(row.article_id, row.number, article.headline, row.captured_at))
            if len(found) == limit:
                break
    return found


def _as_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def _earlier() -> Select[Any]:
    """The states that are not their article's last, with their readings."""
    edited = (
        select(revisions.c.article_id)
        .group_by(revisions.c.article_id)
        .having(func.count() > 1)
        .scalar_subquery()
    )
    one, order = revisions.c.article_id, (revisions.c.captured_at, revisions.c.id)
    numbered = (
        select(
            revisions.c.id,
            revisions.c.article_id,
            revisions.c.captured_at,
            func.row_number().over(partition_by=one, order_by=order).label("number"),
            func.count().over(partition_by=one).label("all"),
        )
        .where(revisions.c.article_id.in_(edited))
        .subquery()
    )
    return (
        select(numbered.c.article_id, numbered.c.number, numbered.c.captured_at, readings.c.record)
        .join(
            readings, (readings.c.revision_id == numbered.c.id) & readings.c.replaced_at.is_(None)
        )
        .where(numbered.c.number < numbered.c.all)
        .order_by(numbered.c.captured_at.desc(), numbered.c.id.desc())
        .limit(MOST)
    )
