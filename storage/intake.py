"""The way in: what each answer of a server leaves in the archive.

Every function here runs inside one transaction that its caller opens: the capture, what was read
from it, and the state of its address are kept together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, bindparam, select, update

from crawler.article import Article, goes_on_in, joined, with_missing_part
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from storage import failures, frontier
from storage.captures import Kept, Packed, gone_since, keep_capture, next_sighting
from storage.content import (
    Content,
    article_of,
    columns_of,
    content_of,
    is_beginning_of,
    moments_of,
)
from storage.folding import address_key
from storage.identity import (
    article_id_at,
    article_id_by_key,
    certain_article_id,
    claims_of,
    current_article,
    keep_addresses,
    known_article,
    rows_of,
)
from storage.parts import write_parts
from storage.revisions import (
    Reread,
    State,
    add_revision,
    date_back,
    is_same_text,
    latest_state,
    neighbours,
    read_again,
    renew,
    rewrite_article,
    with_stored_parts,
)
from storage.sameness import is_coarser
from storage.schema import articles, captures
from storage.statements import Changing, Statement, adding
from storage.uniting import are_one, unite

_ADD_ARTICLE = adding(articles)
_CHANGE_ARTICLE = Changing(articles)
_GONE_BEFORE = Statement(
    select(articles.c.id).where(
        articles.c.id == bindparam("number"), articles.c.gone_at <= bindparam("moment")
    )
)
_SEEN_BEFORE = Statement(
    update(articles)
    .where(articles.c.id == bindparam("number"), articles.c.first_seen_at > bindparam("moment"))
    .values(first_seen_at=bindparam("moment"))
)


#: A capture that is older comes out of a web archive, and tells nothing of where pages are now.
_TODAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """The circumstances of a fetch."""

    site: str
    crawl_id: int | None
    now: datetime
    next_due_at: datetime | None
    edited_due_at: datetime | None = None
    """When the page is due again if it turns out to be edited; None: as any other."""
    kept: Kept | None = None
    """The capture, where it is no new one."""


def save_article(
    connection: Connection,
    capture: Capture,
    body: Packed,
    content: Content,
    visit: Visit,
    reread: Reread | None = None,
    parts: Sequence[tuple[Capture, Packed]] = (),
) -> str:
    """Keep a page that is an article: ``new``, ``revised`` or ``unchanged``.

    ``parts`` are the captures of its further pages, whose text ``content`` holds already.
    """
    if content.article.next_page and reread:
        content = content_of(with_stored_parts(connection, content.article, capture, reread))
    claims = claims_of(capture, content.article)
    known = rows_of(connection, claims)
    article_id = known_article(connection, claims, known, content.article)
    if article_id is None:
        article_id = _add_article(connection, capture, content, visit)
        outcome = "new"
        _ask_namesakes(connection, capture, content, visit)
        capture_id = _keep(connection, capture, body, visit, outcome, article_id=article_id)
        add_revision(connection, article_id, capture.fetched_at, capture_id, content, visit.now)
    else:
        outcome = _save_again(connection, article_id, capture, body, content, visit, reread)
    keep_addresses(connection, article_id, claims, known)
    if outcome == "revised" and visit.edited_due_at is not None:
        visit = replace(visit, next_due_at=visit.edited_due_at)
    _note_answer(
        connection,
        capture,
        visit,
        "article",
        article_id=article_id,
        changed_at=_changed_at(capture, content, outcome),
        is_whole=not (content.article.pages or content.article.next_page),
    )
    for page, sent in parts:
        _keep_part(connection, page, sent, visit, article_id, content.article.url)
    return outcome


def _ask_namesakes(
    connection: Connection, capture: Capture, content: Content, visit: Visit
) -> None:
    """Ask the page at which a new article may have stood before, if it is new today."""
    day, _ = moments_of(content.article.published)
    if day is not None and capture.fetched_at > visit.now - _TODAY:
        headline = content.article.headline
        frontier.ask_namesakes(connection, visit.site, day, headline, now=visit.now)


def _changed_at(capture: Capture, content: Content, outcome: str) -> datetime | None:
    """Since when the page stands as it does, if this answer tells: published, or just edited."""
    if outcome == "revised":
        return capture.fetched_at
    day, instant = moments_of(content.article.published)
    if outcome != "new" or day is None:
        return None
    # Of a day alone its end is taken: a page that is believed older than it is would miss a visit.
    return min(instant or datetime.combine(day, time.max, UTC), capture.fetched_at)


def save_part(
    connection: Connection,
    capture: Capture,
    body: Packed,
    part: Article,
    visit: Visit,
    further: Sequence[tuple[Capture, Packed]] = (),
) -> str:
    """Keep a later page of an article: a part, and never an article of its own.

    Where the article is held and this very part was missing, it is joined, which is no revision.
    Where the article is not known, its first page becomes due.
    """
    first = part.first_page or part.url
    article_id = article_id_by_key(connection, address_key(first))
    if article_id is None:
        named = [_Listed(first, None, "link")]
        frontier.enlist(connection, visit.site, named, crawl_id=visit.crawl_id, now=visit.now)
    else:
        article, state = (
            current_article(connection, article_id),
            latest_state(connection, article_id),
        )
        is_missing = article.next_page in (capture.address, capture.url, part.url)
        if state is not None and is_missing and goes_on_in(article, part):
            whole = content_of(with_missing_part(joined([article, part])))
            renew(connection, article_id, state, whole, state.capture_id, visit.now)
    for page, sent in ((capture, body), *further):
        _keep_part(connection, page, sent, visit, article_id, first)
    return "part"


@dataclass(frozen=True, slots=True)
class _Listed:
    """An address as a list would name it."""

    url: str
    lastmod_at: datetime | None
    source: str
    stated_on: date | None = None


def _keep_part(
    connection: Connection,
    capture: Capture,
    body: Packed,
    visit: Visit,
    article_id: int | None,
    first: str,
) -> None:
    """A part's capture; its address is asked for with the first page, not on its own."""
    reason = f"a part of {first}"
    _keep(connection, capture, body, visit, "part", reason, article_id)
    of_part = replace(visit, next_due_at=None)
    _note_answer(
        connection, capture, of_part, "part", reason=reason, article_id=article_id, is_whole=False
    )
    if article_id is not None:
        claims = {capture.address: "part"}
        keep_addresses(connection, article_id, claims, rows_of(connection, claims))


def _add_article(connection: Connection, capture: Capture, content: Content, visit: Visit) -> int:
    row = columns_of(content) | {
        "site": visit.site,
        "url": capture.address,
        "first_seen_at": capture.fetched_at,
    }
    article_id = int(_ADD_ARTICLE.one(connection, row))
    write_parts(connection, article_id, content.article)
    return article_id


def _save_again(
    connection: Connection,
    article_id: int,
    capture: Capture,
    body: Packed,
    content: Content,
    visit: Visit,
    reread: Reread | None,
) -> str:
    """Hold a page of a known article against what is stored."""
    moment = capture.fetched_at
    before, after = neighbours(connection, article_id, moment)
    if before and reread and not after and _is_read_otherwise(before, body, content):
        before = read_again(connection, article_id, before, reread, visit.now)
    if before and after is None and not is_same_text(before, body, content):
        content = _settle_parts(connection, article_id, before, content, visit.now)
        before = latest_state(connection, article_id) or before
    stood, follows = (is_same_text(state, body, content) for state in (before, after))
    until = after.captured_at if after else None
    seen = next_sighting(connection, article_id, moment, until) if before else None
    is_dated_back = follows and not stood and seen is None
    outcome = "unchanged" if stood or is_dated_back else "revised"
    capture_id = _keep(connection, capture, body, visit, outcome, article_id=article_id)
    if outcome == "revised":
        add_revision(connection, article_id, moment, capture_id, content, visit.now)
        if before and seen:  # what stood before was seen again later: the page went back to it
            again = content_of(article_of(before.record))
            add_revision(connection, article_id, seen[1], seen[0], again, visit.now)
        elif after is None:
            rewrite_article(connection, article_id, content)
    elif stood and before and after is None and seen is None and not _says_less(content, before):
        renew(connection, article_id, before, content, capture_id, visit.now)
    elif is_dated_back and after:
        date_back(connection, after, moment)
    _note_presence(connection, article_id, moment)
    return outcome


def _says_less(content: Content, state: State) -> bool:
    """Whether a page says the day of publication alone, where the time of day is known."""
    return is_coarser(content.article, article_of(state.record))


def _settle_parts(
    connection: Connection, article_id: int, state: State, content: Content, now: datetime
) -> Content:
    """The content to go on with where the old or the new reading lacks pages of the article.

    A page that could not be had this time takes nothing away, and one that is there at last is no
    edit: the reading of the revision is completed.
    """
    held = article_of(state.record)
    if content.article.next_page and is_beginning_of(content.article, held):
        return content_of(held)
    if held.next_page and is_beginning_of(held, content.article):
        renew(connection, article_id, state, content, state.capture_id, now)
    return content


def _is_read_otherwise(state: State, body: Packed, content: Content) -> bool:
    """Whether a difference may come from the parser rather than from the newsroom."""
    return state.parser != content.article.parser and not is_same_text(state, body, content)


def _note_presence(connection: Connection, article_id: int, moment: datetime) -> None:
    """The article was in place at a moment: it is not gone, and may be older than was known."""
    at = {"number": article_id, "moment": moment}
    if _GONE_BEFORE.one(connection, at) is not None:
        gone_at = gone_since(connection, article_id)
        _CHANGE_ARTICLE.run(connection, article_id, {"gone_at": gone_at})
    _SEEN_BEFORE.run(connection, at)


def save_other(
    connection: Connection, capture: Capture, body: Packed, reading: NotAnArticle, visit: Visit
) -> str:
    """Keep a page that is no article. One that used to be an article stays one."""
    article_id = certain_article_id(connection, capture.address)
    outcome = "not_article"
    _keep(connection, capture, body, visit, outcome, str(reading), article_id)
    _note_answer(connection, capture, visit, outcome, reason=str(reading))
    return outcome


def save_unreadable(
    connection: Connection, capture: Capture, body: Packed, reading: Unreadable, visit: Visit
) -> str:
    """Keep a page that could not be read, and list it under failures."""
    article_id = certain_article_id(connection, capture.address)
    outcome = "unreadable"
    capture_id = _keep(connection, capture, body, visit, outcome, str(reading), article_id)
    _note_answer(connection, capture, visit, outcome, reason=str(reading))
    failures.note(
        connection,
        visit.site,
        capture.url,
        kind="read",
        reason=str(reading),
        now=visit.now,
        next_try_at=visit.next_due_at,
        capture_id=capture_id,
    )
    return outcome


def save_gone(connection: Connection, capture: Capture, body: Packed, visit: Visit) -> str:
    """The server says that the page is no more: the article keeps its text and is marked."""
    article_id = certain_article_id(connection, capture.url)
    _keep(connection, capture, body, visit, "gone", f"status {capture.status}", article_id)
    if article_id is not None:
        gone_at = gone_since(connection, article_id)
        _CHANGE_ARTICLE.run(connection, article_id, {"gone_at": gone_at})
    _note_answer(connection, capture, visit, "gone", reason=f"status {capture.status}")
    return "gone"


def save_aside(
    connection: Connection,
    capture: Capture,
    body: Packed,
    outcome: str,
    reason: str,
    visit: Visit,
) -> None:
    """Keep what was received, and do nothing because of it: it comes from somebody's archive."""
    article_id = certain_article_id(connection, capture.address)
    _keep(connection, capture, body, visit, outcome, reason, article_id)


def save_failure(
    connection: Connection,
    url: str,
    capture: Capture | None,
    body: Packed | None,
    reason: str,
    visit: Visit,
) -> None:
    """A try that has to be repeated; what was received is kept, if anything was."""
    capture_id = None
    if capture is not None and body is not None:
        article_id = certain_article_id(connection, url)
        capture_id = _keep(connection, capture, body, visit, "failed", reason, article_id)
    retry_at = visit.next_due_at
    frontier.note_failure(connection, visit.site, url, reason=reason, retry_at=retry_at)
    failures.note(
        connection,
        visit.site,
        url,
        kind="fetch",
        reason=reason,
        now=visit.now,
        next_try_at=retry_at,
        capture_id=capture_id,
    )


def note_move(connection: Connection, url: str, to_url: str, visit: Visit) -> None:
    """A permanent redirect: the old address leads to the article, the new one is to be fetched.

    Where both are known as articles, by a list that was sooner to name the new address, they are
    one from now on, if they print the same headline.
    """
    old, new = article_id_at(connection, url), article_id_at(connection, to_url)
    if old is not None and new is not None and old != new and are_one(connection, old, new):
        old, new = min(old, new), max(old, new)
        unite(connection, old, new)
        new = old
    elif old is None and new is not None:
        keep_addresses(connection, new, {url: "moved"}, [])
    elif old is not None and new is None:
        keep_addresses(connection, old, {to_url: "moved"}, [])
    frontier.note_answer(
        connection,
        visit.site,
        url,
        state="moved",
        reason=f"to {to_url}",
        now=visit.now,
        answered_at=visit.now,
        next_due_at=None,
        article_id=old if old is not None else new,
    )
    failures.settle(connection, visit.site, [url])


def _keep(
    connection: Connection,
    capture: Capture,
    body: Packed,
    visit: Visit,
    outcome: str,
    reason: str | None = None,
    article_id: int | None = None,
) -> int:
    return keep_capture(
        connection,
        capture,
        body,
        site=visit.site,
        crawl_id=visit.crawl_id,
        outcome=outcome,
        reason=reason,
        article_id=article_id,
        kept=visit.kept,
    )


def _note_answer(
    connection: Connection,
    capture: Capture,
    visit: Visit,
    state: str,
    *,
    reason: str | None = None,
    article_id: int | None = None,
    changed_at: datetime | None = None,
    is_whole: bool = True,
) -> None:
    """Bring the addresses that were asked up to date.

    A truncated answer gives no validators, nor does a page that is not the whole article: that it
    is as it was would say nothing of the other pages.
    """
    asked = dict.fromkeys((capture.url, capture.address))
    is_of_today = True
    for url in asked:
        validates = is_whole and url == capture.address and not capture.truncated
        is_of_today &= frontier.note_answer(
            connection,
            visit.site,
            url,
            state=state,
            reason=reason,
            now=visit.now,
            answered_at=capture.fetched_at,
            next_due_at=visit.next_due_at,
            article_id=article_id,
            changed_at=changed_at,
            etag=capture.header("etag") if validates else None,
            last_modified=capture.header("last-modified") if validates else None,
        )
    if article_id is not None and not is_of_today:
        _adopt_absences(connection, article_id, list(asked))
    if state != "unreadable":
        failures.settle(connection, visit.site, list(asked))


def _adopt_absences(connection: Connection, article_id: int, urls: Sequence[str]) -> None:
    """Give an article that is only found in an old capture what was seen of its page since.

    When the server said that the page is gone, nobody knew yet whose page it was.
    """
    adopted = connection.execute(
        update(captures)
        .where(captures.c.url.in_(urls), captures.c.outcome == "gone")
        .where(captures.c.article_id.is_(None))
        .values(article_id=article_id)
    )
    if adopted.rowcount:
        of_article = update(articles).where(articles.c.id == article_id)
        connection.execute(of_article.values(gone_at=gone_since(connection, article_id)))
