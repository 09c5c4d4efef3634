"""Which edits there are, of which classes, without their words: to be counted, and paged through.

To tell what an edit is, two whole texts are held against each other. That costs a millisecond or
two, is the same for ever after, and so is done once: whoever counts brings a memory along, and
says how long it may take. What there was no time for is told, not guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import Connection, func, select

from storage.changes import Change, Kind, changes_between
from storage.content import article_of
from storage.edits import ADDRESS, Edit, edit_of_event, edit_of_revision
from storage.filters import EDITED, Filters
from storage.presence import Event, events
from storage.question import Question
from storage.records import naming
from storage.redesigns import Redesign, redesign_of, redesigns
from storage.schema import articles, readings, revisions

Pair = tuple[int, int]
"""Two readings of an article that follow each other, by their numbers."""

Known = MutableMapping[Pair, tuple[Change, ...]]
"""What differs between two readings; in place of long texts stand their digests."""


@dataclass(frozen=True, slots=True)
class EditMark:
    """One edit, without its words."""

    id: int
    """The article's number."""
    site: str
    captured_at: datetime
    """When it was first seen so."""
    changes: tuple[Change, ...]
    """In the order of the page; in place of long texts stand their digests."""
    revision_id: int | None = None
    """The revision's row; None of what happened to the page."""
    event: Event | None = None
    """What happened to the page, where it is that."""
    redesign: Redesign | None = None
    """The redesign of its site that made it, where no newsroom did."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """Every class that any of its changes has."""
        return frozenset(kind for change in self.changes for kind in change.kinds)

    @property
    def fields(self) -> frozenset[str]:
        """Every field that changed."""
        return frozenset(change.field for change in self.changes)


@dataclass(frozen=True, slots=True)
class EditMarks:
    """The edits that are asked for, the newest first."""

    marks: tuple[EditMark, ...]
    """Each without its words, the newest first."""
    untold: int = 0
    """How many revisions there was no time to look into."""


def edit_marks(
    connection: Connection,
    question: Question,
    *,
    since: datetime | None,
    until: datetime | None,
    known: Known,
    seconds: float | None = None,
) -> EditMarks:
    """The edits within a time, of the articles that are asked for; *known* is added to.

    With *seconds*, what was not compared by then is left out and counted. Which edits a redesign
    made is only told once all of its site can be: until then one, at least, is untold.
    """
    comparing = _Comparing(connection, known, seconds)
    every = _revised(connection, Question(None, Filters()))
    asked = _revised(connection, question) if question.is_narrow and every else every
    rows = [
        row
        for row in asked
        if (since is None or row.captured_at >= since)
        and (until is None or row.captured_at <= until)
    ]
    compared = [(row, comparing.changes(row)) for row in rows]
    made = _redesigns(connection, comparing, every)
    found = [_mark(connection, row, changes, made or ()) for row, changes in compared if changes]
    found += _happened(connection, question, since, until)
    found.sort(key=lambda mark: (mark.captured_at, mark.revision_id or 0), reverse=True)
    untold = sum(changes is None for _, changes in compared)
    return EditMarks(tuple(found), untold or int(made is None))


def _mark(
    connection: Connection, row: Any, changes: tuple[Change, ...], made: Sequence[Redesign]
) -> EditMark:
    about = (row.site, row.article_id, row.captured_at, changes)
    redesign = redesign_of(connection, made, *about)
    return EditMark(
        row.article_id, row.site, row.captured_at, changes, row.revision_id, redesign=redesign
    )


class _Comparing:
    """Compares as long as there is time, and remembers."""

    def __init__(self, connection: Connection, known: Known, seconds: float | None) -> None:
        self._connection = connection
        self._known = known
        self._until = None if seconds is None else monotonic() + seconds

    def changes(self, row: Any) -> tuple[Change, ...] | None:
        """What a revision changed; None where there is no time to tell."""
        pair = (row.before_id, row.reading_id)
        found = self._known.get(pair)
        if found is None:
            if self._until is not None and monotonic() > self._until:
                return None
            found = self._known[pair] = _compared(self._connection, row)
        return found


class _NoTime(Exception):
    """Not everything is compared yet."""


def _redesigns(
    connection: Connection, comparing: _Comparing, every: Sequence[Any]
) -> list[Redesign] | None:
    """The redesigns that the whole history shows; None where there was no time to tell."""
    if not every:
        return []
    rows = {row.revision_id: row for row in every}

    def changes_of(revision_id: int) -> tuple[Change, ...]:
        row = rows.get(revision_id)
        changes = comparing.changes(row) if row is not None else ()
        if changes is None:
            raise _NoTime
        return changes

    try:
        return redesigns(connection, changes_of)
    except _NoTime:
        return None


def is_any_edited(connection: Connection) -> bool:
    """Whether any article has more than one revision: told by the first that has."""
    return connection.execute(EDITED.limit(1)).first() is not None


def edits_of(connection: Connection, marks: Sequence[EditMark]) -> Iterator[Edit]:
    """The same edits with their words, in the same order."""
    for mark in marks:
        if mark.event is not None:
            yield edit_of_event(connection, mark.id, mark.event)
        elif mark.revision_id is not None:
            yield replace(edit_of_revision(connection, mark.revision_id), redesign=mark.redesign)


def _revised(connection: Connection, question: Question) -> list[Any]:
    """The revisions that are not their article's first, with their reading and the one before, the
    newest first."""
    order = (revisions.c.captured_at, revisions.c.id)
    states = (
        select(
            revisions.c.id.label("revision_id"),
            revisions.c.article_id,
            revisions.c.captured_at,
            readings.c.id.label("reading_id"),
            func.lag(readings.c.id)
            .over(partition_by=revisions.c.article_id, order_by=order)
            .label("before_id"),
        )
        .join(readings, readings.c.revision_id == revisions.c.id)
        .where(readings.c.replaced_at.is_(None), revisions.c.article_id.in_(EDITED))
    )
    if question.is_narrow:
        source, conditions = question.found_in(connection.dialect.name)
        asked = select(articles.c.id).select_from(source).where(*conditions)
        states = states.where(revisions.c.article_id.in_(asked.correlate(None)))
    each = states.subquery()
    query = (
        select(each, articles.c.site)
        .join(articles, articles.c.id == each.c.article_id)
        .where(each.c.before_id.is_not(None))
        .order_by(each.c.captured_at.desc(), each.c.revision_id.desc())
    )
    return list(connection.execute(query))


def _compared(connection: Connection, row: Any) -> tuple[Change, ...]:
    query = select(readings.c.id, readings.c.record)
    query = query.where(readings.c.id.in_((row.before_id, row.reading_id)))
    records: dict[int, bytes] = dict(connection.execute(query).all())
    with naming(row.article_id):
        before, after = (article_of(records[n]) for n in (row.before_id, row.reading_id))
    return tuple(
        replace(change, before=_digest(change.before), after=_digest(change.after))
        for change in changes_between(before, after)
    )


#: Letters of a text that is kept as it is, and bytes of the digest that stands for a longer one.
_SHORT, _DIGEST = 16, 10


def _digest(text: str | None) -> str | None:
    if text is None or len(text) <= _SHORT:
        return text
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).hexdigest()


def _happened(
    connection: Connection, question: Question, since: datetime | None, until: datetime | None
) -> list[EditMark]:
    happened = [
        (number, event)
        for number, event in events(connection, question)
        if (since is None or event.seen_at >= since) and (until is None or event.seen_at <= until)
    ]
    sites = _sites_of(connection, sorted({number for number, _ in happened}))
    return [
        EditMark(number, sites[number], event.seen_at, (_as_change(event),), event=event)
        for number, event in happened
    ]


def _as_change(event: Event) -> Change:
    return Change(ADDRESS, event.kind, None, None, (event.kind,))


#: Numbers in one statement: PostgreSQL and SQLite take some thirty thousand.
_AT_ONCE = 1_000


def _sites_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = articles.c.id.in_(numbers[start : start + _AT_ONCE])
        rows = connection.execute(select(articles.c.id, articles.c.site).where(part))
        found |= dict(rows.all())
    return found
