"""Revisions that no newsroom made: what a misreading took for an edit, until it was read right.

A page that was redesigned may be read with the text of boxes around its article, or without its
byline, and that is a difference. When the capture is read again as it should be, its revision says
what the one before it says. It is a revision no longer then: its readings stand with the superseded
ones of the revision before, and its capture says that it was ``once revised``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.admitting import ONCE
from storage.content import article_of, content_of
from storage.rereading import Undoing
from storage.revisions import latest_state, rewrite_article
from storage.sameness import is_one_text
from storage.schema import articles, captures, readings, revisions

#: Articles that are looked at in one transaction.
TOGETHER = 200


def edited_articles(
    connection: Connection, site: str | None, *, after: int, limit: int = TOGETHER
) -> list[int]:
    """The numbers of the next articles with several revisions, in order."""
    query = (
        select(revisions.c.article_id)
        .where(revisions.c.article_id > after)
        .group_by(revisions.c.article_id)
        .having(func.count() > 1)
        .order_by(revisions.c.article_id)
        .limit(limit)
    )
    if site is not None:
        query = query.join(articles, articles.c.id == revisions.c.article_id)
        query = query.where(articles.c.site == site)
    return list(connection.scalars(query))


def take_out(connection: Connection, numbers: Sequence[int], began: datetime) -> int:
    """Take out the revisions of these articles that say what the one before says; how many.

    ``began`` is when the run began that read them so, by which :func:`bring_back` finds them.
    """
    query = (
        select(
            revisions.c.article_id,
            revisions.c.id,
            revisions.c.capture_id,
            readings.c.id.label("reading_id"),
            readings.c.content_sha256,
        )
        .join(readings, readings.c.revision_id == revisions.c.id)
        .where(revisions.c.article_id.in_(numbers), readings.c.replaced_at.is_(None))
        .order_by(revisions.c.article_id, revisions.c.captured_at, revisions.c.id)
    )
    count = 0
    for number, states in groupby(connection.execute(query).all(), lambda row: row.article_id):
        taken = list(_repeated(connection, list(states)))
        for state, stays in taken:
            _take_out(connection, state, stays, began)
        if taken:
            _rewrite(connection, number)
        count += len(taken)
    return count


def _repeated(connection: Connection, states: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each state that says what the one before says, and the one that stays in its place."""
    stays = states[0]
    for state in states[1:]:
        if _is_same(connection, stays, state):
            yield state, stays
        else:
            stays = state


def _is_same(connection: Connection, one: Any, other: Any) -> bool:
    if one.content_sha256 == other.content_sha256:
        return True
    both = readings.c.id.in_((one.reading_id, other.reading_id))
    records = connection.scalars(select(readings.c.record).where(both))
    return is_one_text(*map(article_of, records))


def _take_out(connection: Connection, state: Any, stays: Any, began: datetime) -> None:
    current = update(readings).where(readings.c.id == state.reading_id)
    connection.execute(current.values(replaced_at=began))
    theirs = update(readings).where(readings.c.revision_id == state.id)
    connection.execute(theirs.values(revision_id=stays.id))
    connection.execute(delete(revisions).where(revisions.c.id == state.id))
    shown = update(captures).where(captures.c.id == state.capture_id)
    connection.execute(shown.values(outcome="unchanged", reason=_reason(began)))


def _reason(began: datetime) -> str:
    return f"{ONCE}revised, until it was read again at {began.isoformat()}"


def _rewrite(connection: Connection, article_id: int) -> None:
    """Bring an article in step with the revision that is its latest now."""
    latest = latest_state(connection, article_id)
    if latest is not None:
        rewrite_article(connection, article_id, content_of(article_of(latest.record)))


# --- back


def bring_back(connection: Connection, undoing: Undoing) -> Undoing | None:
    """Make some of a run's revisions revisions again, the latest first; None when all are."""
    rows = connection.execute(
        select(captures.c.id, captures.c.article_id, captures.c.fetched_at)
        .where(captures.c.outcome == "unchanged", captures.c.reason == _reason(undoing.started_at))
        .order_by(captures.c.fetched_at.desc(), captures.c.id.desc())
        .limit(TOGETHER)
    ).all()
    for row in rows:
        _bring_back(connection, row, undoing.started_at)
    return undoing if rows else None


def _bring_back(connection: Connection, capture: Any, began: datetime) -> None:
    stays = (
        select(revisions.c.id)
        .where(
            revisions.c.article_id == capture.article_id,
            revisions.c.captured_at <= capture.fetched_at,
        )
        .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
        .limit(1)
    )
    theirs = list(
        connection.scalars(
            select(readings.c.id)
            .join(captures, captures.c.id == readings.c.capture_id)
            .where(
                readings.c.revision_id == stays.scalar_subquery(),
                readings.c.replaced_at <= began,
                captures.c.fetched_at >= capture.fetched_at,
            )
            .order_by(readings.c.id)
        )
    )
    again = {"outcome": "revised", "reason": None} if theirs else {"reason": None}
    connection.execute(update(captures).where(captures.c.id == capture.id).values(again))
    if not theirs:  # they were pruned, so there is nothing to bring back
        return
    row = {
        "article_id": capture.article_id,
        "captured_at": capture.fetched_at,
        "capture_id": capture.id,
    }
    number = connection.execute(insert(revisions).values(row).returning(revisions.c.id))
    mine = update(readings).where(readings.c.id.in_(theirs))
    connection.execute(mine.values(revision_id=number.scalar_one()))
    current = update(readings).where(readings.c.id == theirs[-1])
    connection.execute(current.values(replaced_at=None))
    _rewrite(connection, capture.article_id)
