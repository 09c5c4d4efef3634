"""The archive as it stood at a moment: what `search --at` finds.

Most articles stand as they stood: the full-text index answers for them. Those that were edited
since, as they were then, are put into an archive of their own, beside, which lives for as long as
the search; the same question is asked of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from storage.content import Content, article_of, columns_of
from storage.facets import Facets, counted_values, listed_values
from storage.filters import Filters
from storage.opening import scratch
from storage.parts import write_names
from storage.question import Question, Sort
from storage.schema import articles, readings, revisions
from storage.search import Hit, hits_of, scores_of


def search_at(
    connection: Connection,
    question: Question,
    moment: datetime,
    *,
    sort: Sort,
    limit: int | None,
    offset: int,
    marks: tuple[str, str],
) -> tuple[list[Hit], int, Facets]:
    """One page of results, how many there are in all, and the values found in their fields.

    An article that was edited since is ranked as it is now, if it is still found, and else by how
    it fits among the edited ones.
    """
    most = None if limit is None else limit + offset
    unedited = replace(question, standing_at=moment).with_forms(connection)
    if connection.execute(_edited_since(moment).limit(1)).first() is None:
        found = hits_of(connection, unedited, sort=sort, limit=limit, offset=offset, marks=marks)
        total = int(connection.execute(unedited.count(connection.dialect.name)).scalar_one())
        return found, total, listed_values(counted_values(connection, unedited))
    with _as_they_were(connection, moment) as then:
        question = question.with_forms(then)
        found = hits_of(connection, unedited, sort=sort, limit=most, offset=0, marks=marks)
        edited = hits_of(then, question, sort=sort, limit=None, offset=0, marks=marks)
        if sort in ("relevance", "recent") and question.node is not None:
            today = replace(unedited, standing_at=None, filters=Filters())
            scores = scores_of(connection, today, sort, [hit.id for hit in edited])
            edited = [replace(hit, score=scores.get(hit.id, hit.score)) for hit in edited]
        both = sorted([*found, *edited], key=lambda hit: _order(hit, sort, question))
        total = sum(
            int(each.execute(asked.count(each.dialect.name)).scalar_one())
            for each, asked in ((connection, unedited), (then, question))
        )
        facets = _together(counted_values(connection, unedited), counted_values(then, question))
    return both[offset:most], total, facets


def _order(hit: Hit, sort: Sort, question: Question) -> tuple[Any, ...]:
    day = hit.published_on
    if sort == "oldest":
        return (day or date.max, hit.id)
    newest = (-(day.toordinal() if day else 0), -hit.id)
    if sort == "newest" or question.node is None:
        return newest
    return (-hit.score, *newest)


def _together(one: dict[str, Counter[str]], other: dict[str, Counter[str]]) -> Facets:
    return listed_values({name: one[name] + other[name] for name in one})


@contextmanager
def _as_they_were(connection: Connection, moment: datetime) -> Iterator[Connection]:
    """An archive of the articles that were edited since, as they were."""
    with scratch() as then:
        edited = _edited_since(moment)
        found = connection.execute(edited, execution_options={"yield_per": 100})
        for part in found.partitions():
            for row in part:
                article = article_of(row.record)
                kept = {"id": row.id, "url": row.url, "site": row.site}
                values = columns_of(Content(article, b"", "")) | kept
                then.execute(insert(articles).values(values | {"first_seen_at": row.first_seen_at}))
                write_names(then, row.id, article)
        yield then


def _edited_since(moment: datetime) -> Any:
    """The articles that stand otherwise today, each with its reading of then."""
    later, between = revisions.alias("later"), revisions.alias("between")
    is_later = and_(later.c.article_id == revisions.c.article_id, later.c.captured_at > moment)
    is_between = and_(
        between.c.article_id == revisions.c.article_id,
        between.c.captured_at <= moment,
        (between.c.captured_at > revisions.c.captured_at)
        | ((between.c.captured_at == revisions.c.captured_at) & (between.c.id > revisions.c.id)),
    )
    return (
        select(
            articles.c.id,
            articles.c.url,
            articles.c.site,
            articles.c.first_seen_at,
            readings.c.record,
        )
        .join(revisions, revisions.c.article_id == articles.c.id)
        .join(
            readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None)
        )
        .where(
            revisions.c.captured_at <= moment,
            select(later.c.id).where(is_later).exists(),
            ~select(between.c.id).where(is_between).exists(),
        )
    )
