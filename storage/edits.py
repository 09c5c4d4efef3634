"""What newsrooms edited, over the whole archive: revision after revision, the newest first."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from crawler.errors import BadInput
from storage.changes import Change, changes_between
from storage.content import REVISED_BY, article_of
from storage.filters import EDITED
from storage.presence import WHEREABOUTS, Event, events
from storage.question import Question
from storage.records import naming
from storage.redesigns import Redesign, redesign_of, redesigns
from storage.schema import UTCDateTime, articles, readings, revisions

#: The field of a change that is none of the text, but of where it stands.
ADDRESS = "address"

#: The fields that have a history.
FIELDS = (*REVISED_BY, "captions", ADDRESS)


def check_fields(names: Iterable[str]) -> None:
    """:raises BadInput: a field has no history; those that have one are named."""
    for name in names:
        if name not in FIELDS:
            known = f"{', '.join(FIELDS[:-1])} or {FIELDS[-1]}"
            raise BadInput(f"{name!r} is no field with a history; choose {known}.")


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision that differs from the one before: which article, since when, in what.

    Or what happened to the article's page, under the field ``address``: it vanished (``gone``),
    came back (``returned``), or went from one address to another (``moved``).
    """

    id: int
    """The article's number."""
    url: str
    site: str
    headline: str
    """As it is after the edit."""
    number: int
    """The revision's, from 2, as ``history`` counts; with an event the one that stood then."""
    captured_at: datetime
    """When it was first seen so; it was made since the capture before."""
    seen_before_at: datetime
    """When the revision before was first seen."""
    changes: tuple[Change, ...]
    redesign: Redesign | None = None
    """The redesign of its site that made it, where no newsroom did (:mod:`storage.redesigns`)."""

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
            "redesign": self.redesign and self.redesign.to_dict(),
        }


_before = revisions.alias("before")
_IS_EARLIER = and_(
    _before.c.article_id == revisions.c.article_id,
    or_(
        _before.c.captured_at < revisions.c.captured_at,
        and_(_before.c.captured_at == revisions.c.captured_at, _before.c.id < revisions.c.id),
    ),
)
#: A plain statement for SQLite that gives the revisions that are not their article's first, the
#: newest first.
REVISED_SQL = """\
SELECT * FROM v_revisions
WHERE number > 1
  AND article_id IN (SELECT article_id FROM revisions GROUP BY article_id HAVING count(*) > 1)
ORDER BY captured_at DESC LIMIT :limit"""

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
    grow with the number of edits; it does with that of pages which vanished or moved.
    """
    seen = _texts(connection, question, since, until, kinds, fields)
    happened = _events(connection, question, since, until, kinds, fields)
    yield from heapq.merge(seen, happened, key=lambda each: each.captured_at, reverse=True)


def _events(
    connection: Connection,
    question: Question,
    since: datetime | None,
    until: datetime | None,
    kinds: Collection[str],
    fields: Collection[str],
) -> Iterator[Edit]:
    """What happened to pages within a time, the newest first."""
    if (fields and ADDRESS not in fields) or (kinds and not set(kinds) & set(WHEREABOUTS)):
        return
    found = [
        (number, event)
        for number, event in events(connection, question)
        if (since is None or event.seen_at >= since)
        and (until is None or event.seen_at <= until)
        and (not kinds or event.kind in kinds)
    ]
    for number, event in sorted(found, key=lambda each: each[1].seen_at, reverse=True):
        yield edit_of_event(connection, number, event)


def edit_of_event(connection: Connection, number: int, event: Event) -> Edit:
    """What happened to a page, told as an edit of its address."""
    row = connection.execute(_ARTICLE, {"number": number}).one()
    stood = _STOOD.where(revisions.c.captured_at <= event.seen_at)
    count, before = connection.execute(stood, {"number": number}).one()
    went = None if event.kind == "returned" else event.url
    came = event.url if event.kind == "returned" else event.to_url
    return Edit(
        id=number,
        url=row.url,
        site=row.site,
        headline=row.headline,
        number=count,
        captured_at=event.seen_at,
        seen_before_at=before or event.seen_at,
        changes=(Change(ADDRESS, event.kind, went, came, (event.kind,)),),
    )


_ARTICLE = select(articles.c.url, articles.c.site, articles.c.headline).where(
    articles.c.id == bindparam("number")
)
_NUMBER = select(func.count()).select_from(_before).where(_IS_EARLIER).scalar_subquery()
_REVISION = (
    select(
        revisions.c.id.label("revision_id"),
        revisions.c.article_id,
        revisions.c.captured_at,
        readings.c.record,
        articles.c.url,
        articles.c.site,
        (_NUMBER + 1).label("number"),
    )
    .join(readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None))
    .join(articles, articles.c.id == revisions.c.article_id)
    .where(revisions.c.id == bindparam("number"))
)
_STOOD = select(func.count(), func.max(revisions.c.captured_at)).where(
    revisions.c.article_id == bindparam("number")
)


def _texts(
    connection: Connection,
    question: Question,
    since: datetime | None,
    until: datetime | None,
    kinds: Collection[str],
    fields: Collection[str],
) -> Iterator[Edit]:
    """The revisions; none where only what happens to pages is asked for."""
    if (fields and set(fields) <= {ADDRESS}) or (kinds and set(kinds) <= set(WHEREABOUTS)):
        return
    known: list[Redesign] | None = None
    found = connection.execute(
        _revised(connection.dialect.name, question, since, until),
        execution_options={"yield_per": 100},
    )
    for part in found.partitions():
        for (number,) in part:
            edit = edit_of_revision(connection, number)
            if known is None:
                known = redesigns_in(connection)
            about = (edit.site, edit.id, edit.captured_at, edit.changes)
            edit = replace(edit, redesign=redesign_of(connection, known, *about))
            wanted = tuple(
                change
                for change in edit.changes
                if (not fields or change.field in fields)
                and (not kinds or not set(kinds).isdisjoint(change.kinds))
            )
            if wanted:
                yield replace(edit, changes=wanted)


def redesigns_in(connection: Connection) -> list[Redesign]:
    """The redesigns that the history shows."""
    return redesigns(connection, lambda number: edit_of_revision(connection, number).changes)


def _revised(
    dialect: str, question: Question, since: datetime | None, until: datetime | None
) -> Select[Any]:
    """The revisions of a time that are not their article's first: where they are, in order."""
    query = (
        select(revisions.c.id.label("revision_id"))
        .where(select(_before.c.id).where(_IS_EARLIER).exists())
        .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    )
    if since is None:
        # Of all times: most articles were never edited, and one index tells which were.
        query = query.where(revisions.c.article_id.in_(EDITED))
    else:
        query = query.where(revisions.c.captured_at >= since)
    if until is not None:
        query = query.where(revisions.c.captured_at <= until)
    if question.is_narrow:
        source, conditions = question.found_in(dialect)
        asked = select(articles.c.id).select_from(source).where(*conditions)
        query = query.where(revisions.c.article_id.in_(asked.correlate(None)))
    return query


def edit_of_revision(connection: Connection, revision_id: int) -> Edit:
    """One revision, not the first of its article, held against the one before."""
    row = connection.execute(_REVISION, {"number": revision_id}).one()
    before = connection.execute(
        _BEFORE,
        {
            "article_id": row.article_id,
            "moment": row.captured_at,
            "revision_id": row.revision_id,
        },
    ).one()
    with naming(row.article_id):
        article, earlier = article_of(row.record), article_of(before.record)
    return Edit(
        id=row.article_id,
        url=row.url,
        site=row.site,
        headline=article.headline,
        number=row.number,
        captured_at=row.captured_at,
        seen_before_at=before.captured_at,
        changes=tuple(changes_between(earlier, article)),
    )
