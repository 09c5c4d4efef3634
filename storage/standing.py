"""The archive as it stood at a moment: what `--at` finds, counts and takes away.

Most articles stand as they stood: the full-text index answers for them. Those that were edited
since, as they were then, are put into an archive of their own, beside, which lives for as long as
the search; the same question is asked of both.

A moment is one of captures: what newsrooms' pages said by then, read as well as they are today.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, insert, select

from crawler.errors import BadInput
from storage.content import Content, article_of, columns_of
from storage.facets import Counted, counted_values
from storage.filters import Filters
from storage.opening import scratch
from storage.parts import write_names
from storage.question import Question, Sort
from storage.schema import articles, links, readings, revisions
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
) -> tuple[list[Hit], int, Counted]:
    """One page of results, how many there are in all, and the values found in their fields.

    An article that was edited since is ranked as it is now, if it is still found, and else by how
    it fits among the edited ones.
    """
    most = None if limit is None else limit + offset
    with standing(connection, question, moment) as parts:
        unedited = parts[0].question
        if len(parts) == 1:
            found = hits_of(
                connection, unedited, sort=sort, limit=limit, offset=offset, marks=marks
            )
            total = int(connection.execute(unedited.count(connection.dialect.name)).scalar_one())
            return found, total, counted_values(connection, unedited)
        then, question = parts[1]
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
        counted = _together(counted_values(connection, unedited), counted_values(then, question))
    return both[offset:most], total, counted


def _order(hit: Hit, sort: Sort, question: Question) -> tuple[Any, ...]:
    day = hit.published_on
    if sort == "oldest":
        return (day or date.max, hit.id)
    newest = (-(day.toordinal() if day else 0), -hit.id)
    if sort == "newest" or question.node is None:
        return newest
    return (-hit.score, *newest)


def _together(one: Counted, other: Counted) -> Counted:
    return {name: one[name] + other[name] for name in one}


class Part(NamedTuple):
    """A part of the archive as it stood, and what is asked of it."""

    connection: Connection
    question: Question


@contextmanager
def standing(
    connection: Connection, question: Question, moment: datetime
) -> Iterator[tuple[Part, ...]]:
    """The archive as it stood, in one part or two: what stands so today, and what was edited since.

    The question comes as it was asked, and is widened by the words of each part. No article is in
    both.
    """
    unedited = replace(question, standing_at=moment).with_forms(connection)
    if connection.execute(_known_and_edited(moment).limit(1)).first() is None:
        yield (Part(connection, unedited),)
        return
    with _as_they_were(connection, moment) as then:
        yield Part(connection, unedited), Part(then, question.with_forms(then))


def numbers_at(parts: Iterable[Part], sort: Sort | None) -> Iterator[int]:
    """The numbers of what is found in all parts; without an order, by number and as a stream."""
    streams = (
        part.connection.execution_options(yield_per=500).execute(_sorted_by(part)) for part in parts
    )
    if sort is None:
        yield from (row.id for row in heapq.merge(*streams, key=lambda row: row.id))
        return
    if sort not in ("newest", "oldest"):
        raise BadInput(f"The archive of a day is sorted by newest or oldest, not by {sort!r}.")
    found = sorted((row.published_on or date.max, row.id) for each in streams for row in each)
    if sort == "newest":
        found.sort(key=lambda each: (each[0] != date.max, *each), reverse=True)
    yield from (number for _, number in found)


def _sorted_by(part: Part) -> Select[Any]:
    numbers = part.question.numbers(part.connection.dialect.name)
    return numbers.add_columns(articles.c.published_on)


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
            _take_along(connection, then, [row.id for row in part], moment)
        yield then


def _take_along(
    connection: Connection, then: Connection, numbers: list[int], moment: datetime
) -> None:
    """What filters ask of articles beside their texts: revisions by then, and translations."""
    seen = revisions.c.article_id.in_(numbers) & (revisions.c.captured_at <= moment)
    of_them = links.c.article_id.in_(numbers) | links.c.target_id.in_(numbers)
    told = of_them & (links.c.role == "translation")
    for table, wanted in ((revisions, seen), (links, told)):
        rows = [dict(row) for row in connection.execute(select(table).where(wanted)).mappings()]
        if rows:
            then.execute(insert(table).prefix_with("OR IGNORE"), rows)


def _known_and_edited(moment: datetime) -> Select[Any]:
    """The numbers of the articles that were known by then and edited since: one index has it all,
    and most articles were never edited."""
    first, last = func.min(revisions.c.captured_at), func.max(revisions.c.captured_at)
    numbers = select(revisions.c.article_id).group_by(revisions.c.article_id)
    return numbers.having(first <= moment, last > moment).correlate(None)


def _edited_since(moment: datetime) -> Any:
    """The articles that stand otherwise today, each with its reading of then."""
    between = revisions.alias("between")
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
            revisions.c.article_id.in_(_known_and_edited(moment)),
            ~select(between.c.id).where(is_between).exists(),
        )
    )
