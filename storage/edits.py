"""What newsrooms edited, over the whole archive: revision after revision, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from storage.changes import Change, changes_between
from storage.content import article_of
from storage.schema import UTCDateTime, articles, readings, revisions
from storage.search import Question


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision that differs from the one before: which article, since when, in what."""

    id: int
    """The article's number."""
    url: str
    site: str
    headline: str
    """As it is after the edit."""
    number: int
    """The revision's, from 2, as ``history`` counts."""
    captured_at: datetime
    """When it was first seen so; it was made since the capture before."""
    seen_before_at: datetime
    """When the revision before was first seen."""
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "id": self.id,
            "url": self.url,
            "site": self.site,
            "headline": self.headline,
            "number": self.number,
            "captured_at": self.captured_at.isoformat(),
            "changes": [
                change.to_dict() | {"kinds": list(change.kinds)} for change in self.changes
            ],
        }


_before = revisions.alias("before")
_IS_EARLIER = and_(
    _before.c.article_id == revisions.c.article_id,
    or_(
        _before.c.captured_at < revisions.c.captured_at,
        and_(_before.c.captured_at == revisions.c.captured_at, _before.c.id < revisions.c.id),
    ),
)
_BEFORE = (
    select(revisions.c.captured_at, readings.c.record)
    .join(readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None))
    .where(
        revisions.c.article_id == bindparam("article_id"),
        or_(
            revisions.c.captured_at < bindparam("moment", type_=UTCDateTime()),
            and_(
                revisions.c.captured_at == bindparam("moment", type_=UTCDateTime()),
                revisions.c.id < bindparam("revision_id"),
            ),
        ),
    )
    .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    .limit(1)
)


def edits(
    connection: Connection,
    question: Question,
    *,
    since: datetime | None,
    until: datetime | None,
    kinds: Collection[str] = (),
    fields: Collection[str] = (),
) -> Iterator[Edit]:
    """The edits that were first seen within a time, of the articles that are asked for.

    With *kinds* or *fields*, only their changes, and only edits that have any. Memory does not
    grow with the number of edits.
    """
    found = connection.execute(
        _revised(connection.dialect.name, question, since, until),
        execution_options={"yield_per": 100},
    )
    for part in found.partitions():
        for row in part:
            edit = _edit_of(connection, row)
            wanted = tuple(
                change
                for change in edit.changes
                if (not fields or change.field in fields)
                and (not kinds or not set(kinds).isdisjoint(change.kinds))
            )
            if wanted:
                yield replace(edit, changes=wanted)


def _revised(
    dialect: str, question: Question, since: datetime | None, until: datetime | None
) -> Select[Any]:
    """The revisions of a time that are not their article's first."""
    count = select(func.count()).select_from(_before).where(_IS_EARLIER).scalar_subquery()
    query = (
        select(
            revisions.c.id.label("revision_id"),
            revisions.c.article_id,
            revisions.c.captured_at,
            readings.c.record,
            articles.c.url,
            articles.c.site,
            (count + 1).label("number"),
        )
        .join(
            readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None)
        )
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(select(_before.c.id).where(_IS_EARLIER).exists())
        .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    )
    if since is not None:
        query = query.where(revisions.c.captured_at >= since)
    if until is not None:
        query = query.where(revisions.c.captured_at <= until)
    if question.is_narrow:
        source, conditions = question.found_in(dialect)
        asked = select(articles.c.id).select_from(source).where(*conditions)
        query = query.where(revisions.c.article_id.in_(asked.correlate(None)))
    return query


def _edit_of(connection: Connection, row: Any) -> Edit:
    before = connection.execute(
        _BEFORE,
        {
            "article_id": row.article_id,
            "moment": row.captured_at,
            "revision_id": row.revision_id,
        },
    ).one()
    article = article_of(row.record)
    return Edit(
        id=row.article_id,
        url=row.url,
        site=row.site,
        headline=article.headline,
        number=row.number,
        captured_at=row.captured_at,
        seen_before_at=before.captured_at,
        changes=tuple(changes_between(article_of(before.record), article)),
    )
