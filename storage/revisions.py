"""Two causes of change, two operations.

The newsroom edited the page: a revision is added. We read the same page better: the reading of
the revision is replaced, and the old reading stays.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from crawler.article import MOST_PARTS, Article, goes_on_in, joined, with_missing_part
from crawler.capture import Capture
from storage.captures import Packed, capture_of, part_captured
from storage.content import (
    Content,
    article_of,
    columns_of,
    content_of,
)
from storage.parts import rewrite_parts
from storage.sameness import is_one_text
from storage.schema import UTCDateTime, articles, bodies, captures, readings, revisions
from storage.statements import Changing, adding

#: Reads an older capture with today's parser; None where it can't.
Reread = Callable[[Capture], Article | None]

#: A revision with its current reading and the SHA-256 of the page that was read.
State = Row[Any]

_MOMENT = bindparam("moment", type_=UTCDateTime())
_STATE = (
    select(
        revisions.c.id,
        revisions.c.captured_at,
        readings.c.id.label("reading_id"),
        readings.c.capture_id,
        readings.c.parser,
        readings.c.content_sha256,
        readings.c.record,
        bodies.c.sha256,
    )
    .join(readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None))
    .join(captures, captures.c.id == readings.c.capture_id)
    .join(bodies, bodies.c.id == captures.c.body_id)
    .where(revisions.c.article_id == bindparam("article_id"))
    .limit(1)
)
_LATEST = _STATE.order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
_BEFORE = _LATEST.where(revisions.c.captured_at <= _MOMENT)
_AFTER = _STATE.where(revisions.c.captured_at > _MOMENT).order_by(
    revisions.c.captured_at, revisions.c.id
)
_ADD_REVISION = adding(revisions)
_ADD_READING = adding(readings)
_CHANGE_READING = Changing(readings)
_CHANGE_REVISION = Changing(revisions)
_CHANGE_ARTICLE = Changing(articles)


def neighbours(
    connection: Connection, article_id: int, moment: datetime
) -> tuple[State | None, State | None]:
    """The revision that stood at a moment, and the one that followed it.

    Nothing follows unless the page is an older one, taken in late from a file or a web archive.
    """
    latest = _one(connection, _LATEST, article_id=article_id)
    if latest is not None and latest.captured_at <= moment:
        return latest, None
    return (
        _one(connection, _BEFORE, article_id=article_id, moment=moment),
        _one(connection, _AFTER, article_id=article_id, moment=moment),
    )


def is_same_text(state: State | None, body: Packed, content: Content) -> bool:
    """Whether a page says what the revision says: the same bytes, or the same content.

    The bytes of a first page say nothing of an article's other pages.
    """
    if state is None:
        return False
    is_one_page = not (content.article.pages or content.article.next_page)
    is_same_page: bool = is_one_page and state.sha256 == body.sha256
    if is_same_page or state.content_sha256 == content.content_sha256:
        return True
    # An older version may have taken the fingerprint of more than what makes a revision today.
    return is_one_text(article_of(state.record), content.article)


def read_again(
    connection: Connection, article_id: int, state: State, reread: Reread, now: datetime
) -> State:
    """The revision, read again with today's parser from the page it was read from."""
    capture = capture_of(connection, state.capture_id)
    article = reread(capture)
    if article is None:
        return state
    article = with_stored_parts(connection, article, capture, reread)
    renew(connection, article_id, state, content_of(article), state.capture_id, now)
    again = _one(connection, _LATEST, article_id=article_id)
    return state if again is None else again


def with_stored_parts(
    connection: Connection, article: Article, capture: Capture, reread: Reread
) -> Article:
    """The article with those of its further pages that were captured with its first or before."""
    parts = [article]
    while (url := parts[-1].next_page) and len(parts) < MOST_PARTS:
        number = part_captured(connection, url, capture.fetched_at)
        part = reread(capture_of(connection, number)) if number is not None else None
        if part is None or not goes_on_in(joined(parts), part):
            break
        parts.append(part)
    return with_missing_part(joined(parts))


def add_revision(
    connection: Connection,
    article_id: int,
    captured_at: datetime,
    capture_id: int,
    content: Content,
    now: datetime,
) -> None:
    """A new state of the text. The article's row is the caller's to write."""
    row = {"article_id": article_id, "captured_at": captured_at, "capture_id": capture_id}
    revision_id = _ADD_REVISION.one(connection, row)
    add_reading(connection, revision_id, capture_id, content, now)


def renew(
    connection: Connection,
    article_id: int,
    state: State,
    content: Content,
    capture_id: int,
    now: datetime,
) -> None:
    """A newer reading of the current revision; that of another parser is kept beside it."""
    if state.record == content.record:
        return
    row = _reading(state.id, capture_id, content, now)
    if state.parser == content.article.parser:
        _CHANGE_READING.run(connection, state.reading_id, row)
    else:
        _CHANGE_READING.run(connection, state.reading_id, {"replaced_at": now})
        _ADD_READING.one(connection, row)
    rewrite_article(connection, article_id, content)


def date_back(connection: Connection, state: State, captured_at: datetime) -> None:
    """An older capture shows that a revision stood earlier than was known."""
    _CHANGE_REVISION.run(connection, state.id, {"captured_at": captured_at})


def rewrite_article(connection: Connection, article_id: int, content: Content) -> None:
    """Bring the article's row, links, images, authors and tags in step with its reading."""
    values = columns_of(content)
    del values["site"]
    _CHANGE_ARTICLE.run(connection, article_id, values)
    rewrite_parts(connection, article_id, content.article)


def latest_state(connection: Connection, article_id: int) -> State | None:
    """The current revision with its reading."""
    return _one(connection, _LATEST, article_id=article_id)


def add_reading(
    connection: Connection, revision_id: int, capture_id: int, content: Content, now: datetime
) -> None:
    """The reading of a revision that has no current one."""
    _ADD_READING.one(connection, _reading(revision_id, capture_id, content, now))


def _reading(revision_id: int, capture_id: int, content: Content, now: datetime) -> dict[str, Any]:
    return {
        "revision_id": revision_id,
        "capture_id": capture_id,
        "parser": content.article.parser,
        "read_at": now,
        "content_sha256": content.content_sha256,
        "record": content.record,
        "headline": content.article.headline,
    }


def _one(connection: Connection, query: Select[Any], **values: Any) -> State | None:
    return connection.execute(query, values).one_or_none()
