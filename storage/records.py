"""Articles and their history, as the archive gives them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, false, func, select

from crawler.article import Article
from crawler.errors import ArchiveDamaged
from storage.captures import StoredCapture, captures_of_article, gone_since_by
from storage.changes import Change, changes_between
from storage.citing import Reference
from storage.content import article_of, moments_of, record_of
from storage.presence import Event, events_of
from storage.schema import (
    UTCDateTime,
    aliases,
    articles,
    bodies,
    captures,
    frontier,
    readings,
    revisions,
)

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """One article with what the archive knows about it."""

    id: int
    article: Article
    """The record as it was last read."""
    first_seen_at: datetime
    last_checked_at: datetime | None
    """When the server was last asked for it."""
    gone_at: datetime | None
    """Since when the server says that it is no more, or None."""
    aliases: tuple[str, ...]
    """Every address under which it is known."""
    revisions: int
    """How many states of its text were seen."""
    captures: tuple[StoredCapture, ...]
    captured_at: datetime
    """When the capture was made that the record was read from."""
    capture_sha256: str
    """Hex, of that capture's bytes as they were sent."""
    capture_origin: str | None
    """Where that capture was taken from, if not from its own address: a web archive, a feed."""

    def to_dict(self) -> dict[str, Any]:
        """The public record with the archive's own keys."""
        return {
            "id": self.id,
            **self.article.to_dict(),
            "words": self.article.words,
            "first_seen_at": self.first_seen_at.isoformat(),
            "last_checked_at": _iso(self.last_checked_at),
            "gone_at": _iso(self.gone_at),
            "captured_at": self.captured_at.isoformat(),
            "capture_sha256": self.capture_sha256,
            "capture_origin": self.capture_origin,
            "published_on": _day(self.article.published),
            "aliases": list(self.aliases),
            "revisions": self.revisions,
            "captures": [capture.to_dict() for capture in self.captures],
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article's text."""

    number: int
    """From 1, by time."""
    captured_at: datetime
    capture_id: int
    parser: str
    article: Article
    changes: tuple[Change, ...]
    """What differs from the revision before; nothing for the first."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "number": self.number,
            "captured_at": self.captured_at.isoformat(),
            "capture_id": self.capture_id,
            "parser": self.parser,
            "changes": [change.to_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class State:
    """One state of an article, without its text: what a list of revisions shows."""

    number: int
    """From 1, by time."""
    captured_at: datetime
    capture_id: int
    parser: str


@dataclass(frozen=True, slots=True)
class StoredReading:
    """What one version of a parser made of a revision."""

    revision: int
    """The revision's number, from 1."""
    capture_id: int
    parser: str
    read_at: datetime
    replaced_at: datetime | None
    """Since when another reading stands in its place; None for the one that stands."""
    article: Article


@dataclass(frozen=True, slots=True)
class Absence:
    """A time during which the server said that the page is no more."""

    gone_at: datetime
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was seen of one article, oldest first."""

    id: int
    url: str
    captures: tuple[StoredCapture, ...]
    revisions: tuple[Revision, ...]
    events: tuple[Event, ...] = ()
    """When the page vanished, came back, and went to another address."""

    @property
    def absences(self) -> tuple[Absence, ...]:
        """When the page was gone, and when it came back."""
        gone = [each.seen_at for each in self.events if each.kind == "gone"]
        back = [each.seen_at for each in self.events if each.kind == "returned"]
        return tuple(Absence(*each) for each in zip_longest(gone, back))

    def to_dict(self) -> dict[str, Any]:
        """What ``history --json`` prints."""
        return {
            "id": self.id,
            "url": self.url,
            "captures": [capture.to_dict() for capture in self.captures],
            "revisions": [revision.to_dict() for revision in self.revisions],
            "absences": [
                {"gone_at": each.gone_at.isoformat(), "returned_at": _iso(each.returned_at)}
                for each in self.absences
            ],
            "events": [event.to_dict() for event in self.events],
        }


_READ = (
    select(revisions.c.captured_at, revisions.c.capture_id, readings.c.parser, readings.c.record)
    .join(readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None))
    .where(revisions.c.article_id == bindparam("article_id"))
    .order_by(revisions.c.captured_at, revisions.c.id)
)
_STATES = _READ.with_only_columns(
    revisions.c.captured_at, revisions.c.capture_id, readings.c.parser
)
_NUMBERED = _READ.limit(1).offset(bindparam("before"))
_AT = (
    _READ.where(revisions.c.captured_at <= bindparam("moment", type_=UTCDateTime()))
    .order_by(None)
    .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    .limit(1)
)


def stored_article(connection: Connection, article_id: int) -> StoredArticle:
    """An article that exists, as it was last read."""
    row = connection.execute(_CURRENT, {"ids": [article_id]}).one_or_none()
    if row is None:
        raise ArchiveDamaged(f"Article {article_id}: {_UNREAD}")
    states = select(func.count()).where(revisions.c.article_id == article_id)
    return StoredArticle(
        id=article_id,
        article=_article(article_id, row.record),
        first_seen_at=row.first_seen_at,
        last_checked_at=connection.scalar(
            select(func.max(frontier.c.last_fetched_at)).where(frontier.c.article_id == article_id)
        ),
        gone_at=row.gone_at,
        aliases=_aliases(connection, article_id),
        revisions=int(connection.execute(states).scalar_one()),
        captures=tuple(captures_of_article(connection, article_id)),
        captured_at=row.captured_at,
        capture_sha256=row.capture_sha256,
        capture_origin=row.capture_origin,
    )


def article_at(connection: Connection, article_id: int, moment: datetime) -> Article | None:
    """The article as it stood at a moment, or None when it was not known yet."""
    row = connection.execute(_AT, {"article_id": article_id, "moment": moment}).one_or_none()
    return None if row is None else _article(article_id, row.record)


def reference(connection: Connection, article_id: int, moment: datetime | None) -> Reference | None:
    """What to cite: the article as it was last read, or as it stood at a moment; None before it."""
    at = {"article_id": article_id, "moment": moment or datetime.max.replace(tzinfo=UTC)}
    row = connection.execute(_EVIDENCE, at).one_or_none()
    if row is None:
        return None
    seen = [state.captured_at for state in states(connection, article_id)]
    return Reference(
        id=article_id,
        article=_article(article_id, row.record),
        captured_at=row.fetched_at,
        sha256=row.sha256,
        gone_at=row.gone_at,
        is_earlier=row.captured_at < seen[-1],
        version=(sum(each <= row.captured_at for each in seen), len(seen)),
        origin=row.origin,
    )


#: A reading with the capture that it was read from, the latest of those up to a moment.
_EVIDENCE = (
    select(
        readings.c.record,
        revisions.c.captured_at,
        captures.c.fetched_at,
        bodies.c.sha256,
        captures.c.origin,
        articles.c.gone_at,
    )
    .select_from(revisions)
    .join(articles, articles.c.id == revisions.c.article_id)
    .join(readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None))
    .join(captures, captures.c.id == readings.c.capture_id)
    .join(bodies, bodies.c.id == captures.c.body_id)
    .where(
        revisions.c.article_id == bindparam("article_id"),
        revisions.c.captured_at <= bindparam("moment", type_=UTCDateTime()),
    )
    .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    .limit(1)
)


def history(connection: Connection, article_id: int) -> History:
    """Captures and revisions of an article that exists."""
    url = connection.execute(select(articles.c.url).where(articles.c.id == article_id)).scalar_one()
    read = connection.execute(_READ, {"article_id": article_id})
    return History(
        id=article_id,
        url=url,
        captures=tuple(captures_of_article(connection, article_id)),
        revisions=tuple(_revisions(article_id, read)),
        events=tuple(events_of(connection, article_id)),
    )


def states(connection: Connection, article_id: int) -> list[State]:
    """The states of an article, oldest first; no text is read."""
    found = connection.execute(_STATES, {"article_id": article_id})
    return [State(number, *row) for number, row in enumerate(found, start=1)]


def article_in(connection: Connection, article_id: int, number: int) -> Article | None:
    """The article as it stood in a revision, or None where it has no such."""
    asked = {"article_id": article_id, "before": number - 1}
    row = connection.execute(_NUMBERED, asked).one_or_none()
    return None if row is None else _article(article_id, row.record)


def readings_of(connection: Connection, article_id: int) -> list[StoredReading]:
    """Every reading of an article that is kept, by revision and time."""
    query = (
        select(revisions.c.id.label("revision_id"), readings)
        .join(readings, readings.c.revision_id == revisions.c.id)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.captured_at, revisions.c.id, readings.c.id)
    )
    numbers: dict[int, int] = {}
    return [
        StoredReading(
            revision=numbers.setdefault(row.revision_id, len(numbers) + 1),
            capture_id=row.capture_id,
            parser=row.parser,
            read_at=row.read_at,
            replaced_at=row.replaced_at,
            article=_article(article_id, row.record),
        )
        for row in connection.execute(query)
    ]


def records(
    connection: Connection,
    ids: Iterable[int],
    damaged: list[int] | None = None,
    moment: datetime | None = None,
) -> Iterator[dict[str, Any]]:
    """The public records of some articles, one at a time, in their order; as of a moment if given.

    The rows are fetched in parts, so that memory does not grow with their number. What is
    *damaged* is left out and its number put there; without such a list it is an error.
    """
    return _standing(connection, ids, _record, damaged, moment)


def references(
    connection: Connection,
    ids: Iterable[int],
    damaged: list[int] | None = None,
    moment: datetime | None = None,
) -> Iterator[Reference]:
    """What to cite of some articles, as :func:`records` gives them."""
    return _standing(connection, ids, _reference, damaged, moment)


def numbers(connection: Connection, ids: Select[Any]) -> Iterator[int]:
    """The numbers that a query of ids names, as a stream."""
    for part in connection.execution_options(yield_per=_TOGETHER).execute(ids).partitions():
        yield from (row.id for row in part)


def _record(row: Any) -> dict[str, Any]:
    record = record_of(row.record)
    words = article_of(row.record).words if row.is_earlier else row.words
    day = _day(record["published"])
    return {"id": row.id, **record, "words": words, **_known(row), "published_on": day}


def _day(published: str | None) -> str | None:
    """The day of publication as text, or None."""
    day, _ = moments_of(published)
    return day.isoformat() if day else None


def _reference(row: Any) -> Reference:
    return Reference(
        row.id,
        article_of(row.record),
        row.captured_at,
        row.capture_sha256,
        row.gone_at,
        is_earlier=bool(row.is_earlier),
        origin=row.capture_origin,
    )


def _known(row: Any) -> dict[str, Any]:
    """What the archive adds to a record: when it was seen, and the evidence for it.

    Instants are in UTC, ISO 8601; ``capture_sha256`` is of the bytes as they were sent, in hex;
    ``capture_origin`` is where they were taken from, if not from their own address, or None.
    """
    return {
        "first_seen_at": row.first_seen_at.isoformat(),
        "gone_at": _iso(row.gone_at),
        "captured_at": row.captured_at.isoformat(),
        "capture_sha256": row.capture_sha256,
        "capture_origin": row.capture_origin,
    }


def _standing(
    connection: Connection,
    ids: Iterable[int],
    make: Callable[[Any], Made],
    damaged: list[int] | None,
    moment: datetime | None,
) -> Iterator[Made]:
    """What is made of the articles, each with its record and evidence."""
    query, at = (_CURRENT, {}) if moment is None else (_THEN, {"moment": moment})
    for numbers in _batches(ids, _TOGETHER):
        found = {row.id: row for row in connection.execute(query, {"ids": numbers, **at})}
        for number in numbers:
            try:
                with naming(number):
                    if number not in found:
                        raise ArchiveDamaged(_UNREAD)
                    made = make(found[number])
            except ArchiveDamaged:
                if damaged is None:
                    raise
                damaged.append(number)
            else:
                yield made


def _batches(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    left = iter(numbers)
    while batch := list(islice(left, size)):
        yield batch


_UNREAD = "its reading is missing: restore the last backup."


@contextmanager
def naming(article_id: int) -> Iterator[None]:
    """Say of a damage to which article it was done."""
    try:
        yield
    except ArchiveDamaged as damage:
        raise ArchiveDamaged(f"Article {article_id}: {damage}") from damage


#: Articles that are fetched together: enough to ask rarely, few enough to hold.
_TOGETHER = 100

_LAST = (
    select(revisions.c.id)
    .where(revisions.c.article_id == articles.c.id)
    .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    .limit(1)
    .correlate(articles)
)
_MOMENT = bindparam("moment", type_=UTCDateTime())


def _evident(last: Select[Any], gone_at: ColumnElement[Any], is_earlier: Any) -> Select[Any]:
    """Articles in one of their revisions, each with its record and the capture that shows it."""
    is_read = readings.c.revision_id == last.scalar_subquery()
    return (
        select(
            articles.c.id,
            readings.c.record,
            articles.c.words,
            articles.c.first_seen_at,
            gone_at.label("gone_at"),
            captures.c.fetched_at.label("captured_at"),
            bodies.c.sha256.label("capture_sha256"),
            captures.c.origin.label("capture_origin"),
            is_earlier.label("is_earlier"),
        )
        .select_from(articles)
        .join(readings, is_read & readings.c.replaced_at.is_(None))
        .join(captures, captures.c.id == readings.c.capture_id)
        .join(bodies, bodies.c.id == captures.c.body_id)
        .where(articles.c.id.in_(bindparam("ids", expanding=True)))
    )


_CURRENT = _evident(_LAST, articles.c.gone_at, false())
_THEN = _evident(
    _LAST.where(revisions.c.captured_at <= _MOMENT),
    gone_since_by(articles.c.id, _MOMENT),
    select(revisions.c.id)
    .where(revisions.c.article_id == articles.c.id, revisions.c.captured_at > _MOMENT)
    .correlate(articles)
    .exists(),
)


def _revisions(article_id: int, rows: Any) -> Iterator[Revision]:
    previous: Article | None = None
    row: Row[Any]
    for number, row in enumerate(rows, start=1):
        article = _article(article_id, row.record)
        changes = changes_between(previous, article) if previous else []
        yield Revision(number, row.captured_at, row.capture_id, row.parser, article, tuple(changes))
        previous = article


def _article(article_id: int, record: bytes) -> Article:
    with naming(article_id):
        return article_of(record)


def _aliases(connection: Connection, article_id: int) -> tuple[str, ...]:
    query = select(aliases.c.url).where(aliases.c.article_id == article_id)
    return tuple(connection.scalars(query.order_by(aliases.c.url)))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
