"""When an article was where: what is told of its address, beside what is told of its text.

A page that the server says is no more is *gone* from its first such answer on, and has *returned*
with the first capture that shows it again. It has *moved* where its server sent on for good from an
address at which it had been seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection, bindparam, literal_column, select

from storage.captures import SEEN, StoredCapture, captures_by_article, captures_of_article
from storage.question import Question
from storage.schema import articles, captures, frontier

Whereabouts = Literal["gone", "returned", "moved"]
WHEREABOUTS: tuple[Whereabouts, ...] = get_args(Whereabouts)


@dataclass(frozen=True, slots=True)
class Event:
    """A page vanished, came back, or went to another address."""

    kind: Whereabouts
    """``gone``, ``returned`` or ``moved``."""
    seen_at: datetime
    """When it was first seen so; it happened since the capture before."""
    url: str
    """The address that is meant; of a move, the old one."""
    to_url: str | None = None
    """Of a move, the new address."""
    status: int | None = None
    """What the server answered, where that is known."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kind": self.kind,
            "seen_at": self.seen_at.isoformat(),
            "url": self.url,
            "to_url": self.to_url,
            "status": self.status,
        }


class Move(NamedTuple):
    """A redirect for good."""

    url: str
    to_url: str
    seen_at: datetime


_MOVED = select(
    frontier.c.article_id, frontier.c.url, frontier.c.reason, frontier.c.last_fetched_at
).where(frontier.c.state == "moved", frontier.c.last_fetched_at.is_not(None))
#: Said outright, since a partial index answers to no parameter.
_GONE = (
    select(captures.c.article_id)
    .where(captures.c.outcome == literal_column("'gone'"), captures.c.article_id.is_not(None))
    .distinct()
)
_MOVED_ONE = _MOVED.where(frontier.c.article_id == bindparam("article_id"))


def events_of(connection: Connection, article_id: int) -> list[Event]:
    """What happened to the page of an article, oldest first."""
    moves = [_move(row) for row in connection.execute(_MOVED_ONE, {"article_id": article_id})]
    return told(captures_of_article(connection, article_id), moves)


def events(connection: Connection, question: Question) -> Iterator[tuple[int, Event]]:
    """What ever happened to the pages that are asked for, each with its article's number."""
    moves: dict[int, list[Move]] = {}
    for row in connection.execute(_MOVED.where(frontier.c.article_id.is_not(None))):
        moves.setdefault(row.article_id, []).append(_move(row))
    numbers = {*moves, *connection.scalars(_GONE)}
    for asked in _asked_for(connection, question, sorted(numbers)):
        for number, sightings in captures_by_article(connection, asked):
            for event in told(sightings, moves.get(number, ())):
                yield number, event


def _move(row: Any) -> Move:
    return Move(row.url, (row.reason or "").removeprefix("to "), row.last_fetched_at)


def told(sightings: Sequence[StoredCapture], moves: Iterable[Move] = ()) -> list[Event]:
    """The events that captures, oldest first, and redirects come to."""
    found = [*_absences(sightings), *_moves(sightings, moves)]
    return sorted(found, key=lambda each: each.seen_at)


def _absences(sightings: Sequence[StoredCapture]) -> Iterator[Event]:
    is_gone = False
    for each in sightings:
        if each.outcome == "gone" and not is_gone:
            yield Event("gone", each.fetched_at, each.url, status=each.status)
            is_gone = True
        elif each.outcome in SEEN and is_gone:
            address = each.final_url or each.url
            yield Event("returned", each.fetched_at, address, status=each.status)
            is_gone = False


def _moves(sightings: Sequence[StoredCapture], moves: Iterable[Move]) -> Iterator[Event]:
    """A redirect from an address that never showed the article is only another name for it."""
    for move in moves:
        if any(
            each.outcome in SEEN
            and (each.final_url or each.url) == move.url
            and each.fetched_at <= move.seen_at
            for each in sightings
        ):
            yield Event("moved", move.seen_at, move.url, move.to_url)


#: Numbers in one statement: PostgreSQL and SQLite take some thirty thousand.
_AT_ONCE = 1_000


def _asked_for(
    connection: Connection, question: Question, numbers: Sequence[int]
) -> Iterator[list[int]]:
    """Those of the articles that a question finds, so many at once."""
    if question.is_narrow:
        source, conditions = question.found_in(connection.dialect.name)
        found = select(articles.c.id).select_from(source).where(*conditions)
        wanted = set(connection.scalars(found))
        numbers = [number for number in numbers if number in wanted]
    for start in range(0, len(numbers), _AT_ONCE):
        yield list(numbers[start : start + _AT_ONCE])
