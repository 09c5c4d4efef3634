"""Known articles beside their pages of today: what a redesign is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crawler.article import Article
from storage.content import article_of
from storage.identity import article_id_of
from storage.schema import captures, readings, revisions

#: Captures looked through for each page that is wanted: most articles are captured once.
LOOKED_THROUGH = 20
#: What a page of an article may have come to, before or after a redesign.
_OUTCOMES = ("new", "revised", "unchanged", "unreadable", "not_article")
#: Fields that a good reading mostly has.
_COUNTED = ("headline", "deck", "kicker", "category", "authors", "published", "tags", "analysis")


@dataclass(frozen=True, slots=True)
class KnownPage:
    """An article as an earlier page of it was read, and the number of its latest capture."""

    article_id: int
    article: Article
    capture_id: int
    known_at: datetime
    """When the earlier page was captured."""
    known_capture_id: int
    """The number of its capture."""


def known_pages(
    connection: Connection, site: str, *, limit: int, before: datetime | None = None
) -> list[KnownPage]:
    """The site's articles captured again last, each with the best of its earlier readings.

    The best is the one with most fields, the latest of several. With ``before``, only readings of
    pages captured before that instant count.
    """
    found: dict[int, KnownPage] = {}
    for capture in _latest(connection, site, limit * LOOKED_THROUGH):
        if len(found) >= limit:
            break
        article_id = capture.article_id or article_id_of(connection, capture.url)
        if article_id is None or article_id in found:
            continue
        page = _known(connection, article_id, capture, before)
        if page is not None:
            found[article_id] = page
    return list(found.values())


def _latest(connection: Connection, site: str, limit: int) -> Iterator[Any]:
    query = (
        select(captures.c.id, captures.c.url, captures.c.article_id, captures.c.fetched_at)
        .where(captures.c.site == site, captures.c.outcome.in_(_OUTCOMES))
        .order_by(captures.c.fetched_at.desc(), captures.c.id.desc())
        .limit(limit)
    )
    seen: set[str] = set()
    for row in connection.execute(query).all():
        if row.url not in seen:
            seen.add(row.url)
            yield row


def _known(
    connection: Connection,
    article_id: int,
    capture: Any,
    before: datetime | None,
) -> KnownPage | None:
    """The article with its best reading of a page older than a capture, or None."""
    end = min(filter(None, (capture.fetched_at, before)))
    query = (
        select(readings.c.record, revisions.c.captured_at, readings.c.capture_id)
        .join(revisions, revisions.c.id == readings.c.revision_id)
        .where(
            revisions.c.article_id == article_id,
            readings.c.replaced_at.is_(None),
            readings.c.capture_id != capture.id,
            revisions.c.captured_at < end,
        )
        .order_by(revisions.c.captured_at)
    )
    rows = connection.execute(query).all()
    earlier = [(article_of(row.record), row.captured_at, row.capture_id) for row in rows]
    if not earlier:
        return None
    article, known_at, known_id = max(earlier, key=lambda each: (_fields_of(each[0]), each[1]))
    return KnownPage(article_id, article, capture.id, known_at, known_id)


def _fields_of(article: Article) -> int:
    return sum(bool(getattr(article, name)) for name in _COUNTED)
