"""Two articles that turn out to be one: a page that moved, and was met at both its addresses."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from storage.folding import folded
from storage.schema import (
    aliases,
    article_authors,
    article_tags,
    articles,
    captures,
    frontier,
    images,
    links,
    readings,
    revisions,
)

#: What the articles' table has beside the texts that were last read: these stay the older one's,
#: or are the database's own to say.
_OWN = ("id", "url", "first_seen_at", "has_analysis")

#: Tables of what was last read of an article, and of what was ever seen of it.
_LAST_READ = (links, images, article_authors, article_tags)
_EVER_SEEN = (captures, revisions, aliases, frontier)


def are_one(connection: Connection, one: int, other: int) -> bool:
    """Whether two articles print the same headline: sites also send readers on to other stories."""
    headlines = connection.scalars(
        select(articles.c.headline).where(articles.c.id.in_((one, other)))
    )
    return len({folded(each) for each in headlines}) == 1


def unite(connection: Connection, kept: int, taken: int) -> None:
    """Make the article *taken* a part of the article *kept*, whose number stays.

    Captures, revisions and addresses of both are the one's from now on, in the order of time; a
    state that both show is one revision. What was read of the later state is what the article says.
    """
    if _last_shown(connection, taken) >= _last_shown(connection, kept):
        _take_text(connection, kept, taken)
    for table in _LAST_READ:
        connection.execute(delete(table).where(table.c.article_id == taken))
    for table in _EVER_SEEN:
        connection.execute(update(table).where(table.c.article_id == taken).values(article_id=kept))
    connection.execute(update(links).where(links.c.target_id == taken).values(target_id=kept))
    seen_at = select(articles.c.first_seen_at).where(articles.c.id.in_((kept, taken)))
    first = min(connection.scalars(seen_at))
    connection.execute(update(articles).where(articles.c.id == kept).values(first_seen_at=first))
    connection.execute(delete(articles).where(articles.c.id == taken))
    _drop_repeated_revisions(connection, kept)


def _last_shown(connection: Connection, article_id: int) -> tuple[object, int]:
    """When the current state of an article was first seen, and the number of its revision."""
    newest = (
        select(revisions.c.captured_at, revisions.c.id)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
        .limit(1)
    )
    row = connection.execute(newest).one()
    return row.captured_at, row.id


def _take_text(connection: Connection, kept: int, taken: int) -> None:
    """What was last read of the one article becomes what was last read of the other."""
    row = connection.execute(select(articles).where(articles.c.id == taken)).mappings().one()
    values = {name: value for name, value in row.items() if name not in _OWN}
    connection.execute(update(articles).where(articles.c.id == kept).values(**values))
    for table in _LAST_READ:
        connection.execute(delete(table).where(table.c.article_id == kept))
        connection.execute(update(table).where(table.c.article_id == taken).values(article_id=kept))


def _drop_repeated_revisions(connection: Connection, article_id: int) -> None:
    """A revision whose text is that of the one before is none; its reading is the newer one."""
    states = connection.execute(
        select(
            revisions.c.id,
            revisions.c.capture_id,
            readings.c.id.label("reading_id"),
            readings.c.read_at,
            readings.c.content_sha256,
        )
        .join(readings, readings.c.revision_id == revisions.c.id)
        .where(revisions.c.article_id == article_id, readings.c.replaced_at.is_(None))
        .order_by(revisions.c.captured_at, revisions.c.id)
    ).all()
    stays, current = states[0], states[0].reading_id
    for state in states[1:]:
        if state.content_sha256 != stays.content_sha256:
            stays, current = state, state.reading_id
            continue
        older = update(readings).where(readings.c.id == current)
        connection.execute(older.values(replaced_at=state.read_at))
        theirs = update(readings).where(readings.c.revision_id == state.id)
        connection.execute(theirs.values(revision_id=stays.id))
        connection.execute(delete(revisions).where(revisions.c.id == state.id))
        shown = update(captures).where(captures.c.id == state.capture_id)
        connection.execute(shown.values(outcome="unchanged"))
        current = state.reading_id
