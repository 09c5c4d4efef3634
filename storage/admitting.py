"""Pages that were refused when they came, and are articles to a better parser.

Their captures are kept. Once one is read as an article, it takes its place as if it had been read
so at first: at the time of its capture, as a new article or among the revisions of a known one. The
capture says what it was taken for before, so that ``undo`` can take it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import ArchiveDamaged
from storage import intake
from storage.captures import Kept, Packed, capture_of
from storage.content import content_of
from storage.intake import Visit
from storage.rereading import Read, Rereading, Run, Selection, Undoing
from storage.revisions import with_stored_parts
from storage.schema import (
    aliases,
    article_authors,
    article_tags,
    articles,
    captures,
    failures,
    frontier,
    images,
    links,
    readings,
    revisions,
)

#: Outcomes of a capture in which nothing to read was found.
REFUSED = ("not_article", "unreadable")

#: Begins the reason of a capture that was admitted; its former outcome and reason follow.
ONCE = "once "

_TOGETHER = 200

_REFUSED = select(captures.c.id).where(captures.c.outcome.in_(REFUSED))
_ROW = select(
    captures.c.url, captures.c.site, captures.c.outcome, captures.c.reason, captures.c.crawl_id
).where(captures.c.id == bindparam("number"))


def captures_to_read(
    connection: Connection, selection: Selection, *, after: int, limit: int
) -> list[int]:
    """The numbers of the next captures that were refused, in order."""
    query = selection.of(_REFUSED, captures.c.id).where(captures.c.id > after)
    return list(connection.scalars(query.order_by(captures.c.id).limit(limit)))


def count_to_read(connection: Connection, selection: Selection, *, after: int) -> int:
    """How many such captures there are to read."""
    targets = selection.of(_REFUSED, captures.c.id).where(captures.c.id > after).subquery()
    return int(connection.execute(select(func.count()).select_from(targets)).scalar_one())


def reading_of(connection: Connection, capture_id: int, read: Read) -> Rereading:
    """Read a refused capture again; nothing is written."""
    row = connection.execute(_ROW, {"number": capture_id}).one()
    about = (0, 0, 0, capture_id, row.url)
    try:
        capture = capture_of(connection, capture_id)
        found = read(row.site, capture)
        if not isinstance(found, Article):
            return Rereading(*about, "still_none")

        def article_in(other: Capture) -> Article | None:
            again = read(row.site, other)
            return again if isinstance(again, Article) else None

        whole = with_stored_parts(connection, found, capture, article_in)
    except ArchiveDamaged as damage:
        return Rereading(*about, "damaged", reason=str(damage))
    return Rereading(*about, "admitted", content=content_of(whole), captured_at=capture.fetched_at)


def admit(connection: Connection, run: Run, found: Iterable[Rereading]) -> None:
    """Let those that are articles today take their places."""
    for each in found:
        if each.outcome != "admitted" or each.content is None:
            continue
        row = connection.execute(_ROW, {"number": each.capture_id}).one()
        if row.outcome not in REFUSED:
            continue
        capture = capture_of(connection, each.capture_id)
        kept = Kept(each.capture_id, f"{ONCE}{row.outcome}: {row.reason}")
        visit = Visit(row.site, row.crawl_id, run.started_at, each.next_due_at, kept=kept)
        body = Packed(capture.sha256, len(capture.body), b"")
        if each.content.article.first_page:
            intake.save_part(connection, capture, body, each.content.article, visit)
        else:
            intake.save_article(connection, capture, body, each.content, visit)


# --- back


_ADMITTED = (
    select(captures.c.id, captures.c.reason, captures.c.url, revisions.c.article_id)
    .join(revisions, revisions.c.capture_id == captures.c.id)
    .join(readings, readings.c.revision_id == revisions.c.id)
    .where(
        readings.c.read_at == bindparam("began", type_=readings.c.read_at.type),
        captures.c.outcome == "new",
        captures.c.reason.startswith(ONCE),
        captures.c.id > bindparam("after"),
    )
    .order_by(captures.c.id)
    .limit(_TOGETHER)
)
_CAPTURES_OF = select(func.count()).where(captures.c.article_id == bindparam("number"))


def take_back(connection: Connection, undoing: Undoing) -> Undoing | None:
    """Take some of the articles out again that a run admitted; None when all are.

    One that has been captured again since then is there by more than that run, and stays.
    """
    rows = connection.execute(
        _ADMITTED, {"began": undoing.started_at, "after": undoing.refused_after}
    ).all()
    taken = 0
    for row in rows:
        if connection.execute(_CAPTURES_OF, {"number": row.article_id}).scalar_one() == 1:
            _refuse_again(connection, row.id, row.article_id, row.reason)
            taken += 1
    if not rows:
        return None
    return Undoing(
        undoing.run_id, undoing.started_at, undoing.after, undoing.put_back + taken, rows[-1].id
    )


def _refuse_again(connection: Connection, capture_id: int, article_id: int, said: str) -> None:
    outcome, _, reason = said.removeprefix(ONCE).partition(": ")
    as_before = {"outcome": outcome, "reason": reason, "article_id": None}
    connection.execute(update(captures).where(captures.c.id == capture_id).values(as_before))
    listed = update(frontier).where(frontier.c.article_id == article_id)
    connection.execute(listed.values(article_id=None, state=outcome, reason=reason))
    if outcome == "unreadable":
        _list_failure(connection, capture_id, reason)
    mine = select(revisions.c.id).where(revisions.c.article_id == article_id)
    connection.execute(delete(readings).where(readings.c.revision_id.in_(mine)))
    waiting = update(links).where(links.c.target_id == article_id).values(target_id=None)
    connection.execute(waiting)
    for table in (revisions, links, images, article_authors, article_tags, aliases):
        connection.execute(delete(table).where(table.c.article_id == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))


def _list_failure(connection: Connection, capture_id: int, reason: str) -> None:
    """An unreadable page is in the quarantine again."""
    row = connection.execute(
        select(captures.c.site, captures.c.url, captures.c.fetched_at).where(
            captures.c.id == capture_id
        )
    ).one()
    values = {
        "site": row.site,
        "url": row.url,
        "kind": "read",
        "reason": reason,
        "count": 1,
        "first_failed_at": row.fetched_at,
        "last_failed_at": row.fetched_at,
        "capture_id": capture_id,
    }
    known = select(failures.c.id).where(failures.c.site == row.site, failures.c.url == row.url)
    if connection.scalar(known) is None:
        connection.execute(insert(failures).values(values))
