"""Counts of articles by one of their properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from crawler.errors import BadInput
from storage.schema import article_authors, article_tags, articles, authors, tags
from storage.search import Question, month_of_publication, year_of_publication

_COLUMNS: dict[str, ColumnElement[Any]] = {
    "year": year_of_publication(),
    "month": month_of_publication(),
    "category": articles.c.category,
    "author": authors.c.name,
    "language": articles.c.language,
    "site": articles.c.site,
    "kind": articles.c.kicker,
    "tag": tags.c.name,
    "parser": articles.c.parser,
}

#: Labels are one when they differ in case and accents alone, as the filters see them.
_FOLDED: dict[str, ColumnElement[Any]] = {
    "category": articles.c.category_folded,
    "kind": articles.c.kicker_folded,
}

#: What articles can be counted by.
BY = tuple(_COLUMNS)


def counts(connection: Connection, by: str, question: Question) -> list[dict[str, Any]]:
    """Rows ``{"key", "articles", "words", "with_analysis"}``.

    Years and months come in order, others by number, most first. The key is None where an article
    has no such property. An article with two authors or tags counts for both.
    """
    if by not in _COLUMNS:
        raise BadInput(f"Articles can't be counted by {by!r}: choose {', '.join(BY)}.")
    key = _COLUMNS[by].label("key")
    number = func.count().label("articles")
    source, conditions = question.found_in(connection.dialect.name)
    if by == "author":
        source = source.outerjoin(article_authors).outerjoin(authors)
    if by == "tag":
        source = source.outerjoin(article_tags).outerjoin(tags)
    one = _FOLDED.get(by, _COLUMNS[by])
    query = (
        select(
            one.label("one"),
            key,
            number,
            func.sum(articles.c.words).label("words"),
            func.count(articles.c.analysis).label("with_analysis"),
        )
        .select_from(source)
        .where(*conditions)
        .group_by(one, key)
        .order_by(number.desc(), key)
    )
    rows = _merged(dict(row) for row in connection.execute(query).mappings())
    if by in ("year", "month"):
        return sorted(rows, key=lambda row: (row["key"] is None, row["key"]))
    return sorted(rows, key=lambda row: -row["articles"])


def _merged(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The spellings of one label as one row, under the commonest; the filters don't part them."""
    merged: dict[Any, dict[str, Any]] = {}
    for row in rows:
        one = row.pop("one")
        known = merged.setdefault(one, row)
        if known is not row:
            for name in ("articles", "words", "with_analysis"):
                known[name] += row[name]
    return list(merged.values())


def in_all(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows of :func:`storage.coverage.coverage` as one: ``listed``, ``stored``, ``complete``, and
    how many months are ``gaps``.

    >>> in_all([{"listed": 10, "stored": 8, "complete": 0.8, "gap": True}])
    {'listed': 10, 'stored': 8, 'complete': 0.8, 'gaps': 1}
    """
    held = list(rows)
    listed = sum(row["listed"] for row in held)
    settled = sum(row["listed"] * (row["complete"] or 0) for row in held)
    return {
        "listed": listed,
        "stored": sum(row["stored"] for row in held),
        "complete": round(settled / listed, 4) if listed else None,
        "gaps": sum(bool(row["gap"]) for row in held),
    }
