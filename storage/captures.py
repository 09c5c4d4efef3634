"""Captures: bytes kept once, whoever sent them and however often, and every time they were sent.

The bytes are addressed by their SHA-256 and held as one zstd frame: alone, against the dictionary
of the site (``dictionary_id``), or as what differs from an earlier body of the same address
(``base_id``). A base is never such a difference itself, so that two frames at most are opened for
one body. What came gzipped is kept unwrapped where the very bytes can be made again (``wrapping``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from threading import RLock
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    func,
    literal,
    select,
    update,
)

from crawler.capture import Capture
from crawler.errors import ArchiveDamaged, BadInput
from storage.dictionaries import (
    Sample,
    SitePacking,
    better_dictionary,
    dictionary,
    keep_dictionary,
    sample_of,
)
from storage.heads import SiteHeads, keep_head, text_of, unpacked
from storage.packing import applied, compressed, delta, expanded
from storage.schema import WITHOUT_BYTES, UTCDateTime, bodies, captures
from storage.statements import Statement, adding
from storage.wrapping import unwrapped, wrapped

#: A difference is kept where it takes at most this share of what the whole body would. What takes
#: more is another page under the same address, and the better base for the next one.
SMALL_DIFFERENCE = 0.5

#: After so many gzipped bodies of a site in a row whose wrapping could not be told …
FRUITLESS = 5
#: … only one in this many is tried.
RARELY = 50

#: How the bytes of a body are kept.
_PACKING = ("dictionary_id", "base_id", "wrapping", "content")

#: The pages of one article are asked for one after the other, at the host's pace.
ONE_VISIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """What is known about one response, without its bytes."""

    id: int
    url: str
    final_url: str | None
    fetched_at: datetime
    status: int
    outcome: str
    """What came of it: new, revised, unchanged, part, not_article, unreadable, gone, failed; moved
    for a redirect out of somebody's web archive."""
    reason: str | None
    truncated: bool
    sha256: str
    bytes: int
    article_id: int | None
    origin: str | None = None
    """Where it was taken from, if not from its own address: a web archive, a feed; else None."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "id": self.id,
            "url": self.url,
            "final_url": self.final_url,
            "fetched_at": self.fetched_at.isoformat(),
            "status": self.status,
            "outcome": self.outcome,
            "reason": self.reason,
            "truncated": self.truncated,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "origin": self.origin,
        }


@dataclass(frozen=True, slots=True)
class Packed:
    """A capture's bytes made ready before the transaction, so that the lock is held briefly."""

    sha256: str
    size: int
    content: bytes
    dictionary_id: int | None = None
    base_id: int | None = None
    wrapping: str | None = None
    head_id: int | None = None
    """The whole head of which ``head`` tells the difference; None for a page without one."""
    head: bytes | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture that is in the archive already, of which something else has come now."""

    id: int
    reason: str
    """What it was taken for before."""


class Packer:
    """Makes the captures of a crawl ready: for a body the smallest of three ways is taken.

    It remembers between two pages what the archive knows of their site, and makes the site's
    dictionaries when they are due, in transactions of their own.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        writing: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._sites: dict[str, SitePacking] = {}
        self._heads: dict[str, SiteHeads] = {}
        self._lock = RLock()

    def packed(self, capture: Capture, site: str) -> Packed:
        """The body and the head of a capture, compressed."""
        sha256 = hashlib.sha256(capture.body).hexdigest()
        with self._lock:
            with self._reading() as connection:
                state = self._sites.get(site)
                if state is None:
                    state = self._sites[site] = SitePacking.of(connection, site)
                known = _WHOLE_BODY_ID.one(connection, {"sha256": sha256}) is not None
                base = None if known else _base_of(connection, capture.url)
            head_id, head = self._head(capture, site)
            if known:
                return Packed(sha256, len(capture.body), b"", head_id=head_id, head=head)
            content, wrapping = self._unwrapped(capture.body, state)
            if state.is_due:
                self._train(state)
            whole = Packed(
                sha256,
                len(capture.body),
                content,
                wrapping=wrapping,
                head_id=head_id,
                head=head,
            )
            return _smallest(whole, state, base)

    def _head(self, capture: Capture, site: str) -> tuple[int | None, bytes | None]:
        """The head as what differs from one that is kept whole, if need be from now on."""
        text = text_of(capture)
        if text is None:
            return None, None
        known = self._heads.get(site)
        if known is None:
            with self._reading() as connection:
                known = self._heads[site] = SiteHeads.of(connection, site)
        found = known.packed(text)
        if found is None:
            with self._writing() as connection:
                number = keep_head(connection, site, text)
            found = known.learn(number, text)
        return found

    def _unwrapped(self, body: bytes, state: SitePacking) -> tuple[bytes, str | None]:
        """What a gzipped body holds, where it can be wrapped again; else the body."""
        if body[:2] != b"\x1f\x8b":
            return body, None
        if state.fruitless > FRUITLESS and state.fruitless % RARELY:
            state.fruitless += 1
            return body, None
        found = unwrapped(body, state.wrapping)
        if found is None:
            state.fruitless += 1
            return body, None
        state.fruitless, state.wrapping = 0, found[1]
        return found

    def _train(self, state: SitePacking) -> None:
        """Try whether another dictionary would do better, and keep it if so."""
        with self._reading() as connection:
            samples = sample_of(connection, state.site, _sample)
        made = better_dictionary(samples, state.current)
        found = None
        if made is not None:
            with self._writing() as connection:
                found = keep_dictionary(connection, state.site, made, samples)
        state.settle(found, len(samples))


def _smallest(body: Packed, state: SitePacking, base: _Base | None) -> Packed:
    """The body as a difference if that is small, else whole, with the dictionary if it serves."""
    content = body.content
    whole = compressed(content) if state.current is None else state.current.compressed(content)
    number = state.current.id if state.current else None
    if base is not None:
        differing = delta(content, base.content)
        if len(differing) <= SMALL_DIFFERENCE * len(whole):
            return replace(body, content=differing, base_id=base.id)
    state.note(len(content), len(whole))
    return replace(body, content=whole, dictionary_id=number)


class WithoutBytes(BadInput):
    """The capture came without its bytes, in a copy for publication, and they never followed."""


#: In a copy for publication bodies have no content, until their bytes come.
_IS_EMPTY = func.length(bodies.c.content) == 0
_OF_BYTES = select(bodies.c.id).where(bodies.c.sha256 == bindparam("sha256"))
_BODY_ID = Statement(_OF_BYTES)
_WHOLE_BODY_ID = Statement(_OF_BYTES.where(~_IS_EMPTY))
_FILL_BODY = Statement(
    update(bodies)
    .where(bodies.c.id == bindparam("number"), _IS_EMPTY)
    .values({name: bindparam(f"to_{name}") for name in _PACKING})
)
_SAY_ANEW = Statement(
    update(captures)
    .where(captures.c.id == bindparam("number"))
    .values(outcome=bindparam("came"), reason=bindparam("why"), article_id=bindparam("shown"))
)
_ADD_BODY = adding(bodies)
_ADD_CAPTURE = adding(captures)


def _keep_body(connection: Connection, body: Packed) -> int:
    """The id of the body, stored now unless the same bytes are there."""
    known = _BODY_ID.one(connection, {"sha256": body.sha256})
    packing = {name: getattr(body, name) for name in _PACKING}
    if known is not None:
        if body.content:
            given = {f"to_{name}": value for name, value in packing.items()}
            _FILL_BODY.run(connection, {"number": known, **given})
        return int(known)
    if not body.content:
        raise ArchiveDamaged(f"Body {body.sha256} was taken from the archive: run it again.")
    return int(_ADD_BODY.one(connection, {"sha256": body.sha256, "bytes": body.size, **packing}))


def fill_capture(connection: Connection, capture: Capture, body: Packed) -> None:
    """Give a capture that is held without its bytes those that have come now, and its head."""
    number = _keep_body(connection, body)
    connection.execute(
        update(captures)
        .where(
            captures.c.body_id == number,
            captures.c.url == capture.url,
            captures.c.fetched_at == capture.fetched_at,
            captures.c.head.is_(None),
            captures.c.head_id.is_(None),
        )
        .values(head_id=body.head_id, head=body.head)
    )


def note_filled(connection: Connection) -> None:
    """Take the mark of a copy for publication away once every body has its bytes."""
    if connection.scalar(select(bodies.c.id).where(_IS_EMPTY).limit(1)) is None:
        connection.exec_driver_sql("PRAGMA user_version = 0")


def keep_capture(
    connection: Connection,
    capture: Capture,
    body: Packed,
    *,
    site: str,
    crawl_id: int | None,
    outcome: str,
    reason: str | None = None,
    article_id: int | None = None,
    kept: Kept | None = None,
) -> int:
    """Note that these bytes were received, and what came of it; the id of the capture.

    Of a capture that is *kept* already, only what came of it is noted anew.
    """
    if kept is not None:
        anew = {"number": kept.id, "came": outcome, "why": kept.reason, "shown": article_id}
        _SAY_ANEW.run(connection, anew)
        return kept.id
    row = {
        "site": site,
        "url": capture.url,
        "final_url": capture.final_url,
        "redirects": list(capture.redirects) or None,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "head_id": body.head_id,
        "head": body.head,
        "truncated": capture.truncated,
        "outcome": outcome,
        "reason": reason,
        "body_id": _keep_body(connection, body),
        "article_id": article_id,
        "crawl_id": crawl_id,
        "origin": capture.origin,
    }
    return int(_ADD_CAPTURE.one(connection, row))


_STORED = select(
    captures.c.id,
    captures.c.url,
    captures.c.final_url,
    captures.c.fetched_at,
    captures.c.status,
    captures.c.outcome,
    captures.c.reason,
    captures.c.truncated,
    bodies.c.sha256,
    bodies.c.bytes,
    captures.c.article_id,
    captures.c.origin,
).join(bodies, bodies.c.id == captures.c.body_id)
_IN_ORDER = (captures.c.fetched_at, captures.c.id)


def captures_of_article(connection: Connection, article_id: int) -> list[StoredCapture]:
    """All captures that show an article, oldest first."""
    query = _STORED.where(captures.c.article_id == article_id).order_by(*_IN_ORDER)
    return [StoredCapture(*row) for row in connection.execute(query)]


def captures_by_article(
    connection: Connection, numbers: Sequence[int]
) -> Iterator[tuple[int, list[StoredCapture]]]:
    """The same of up to a few thousand articles: one question for all."""
    query = _STORED.where(captures.c.article_id.in_(numbers))
    query = query.order_by(captures.c.article_id, *_IN_ORDER).execution_options(yield_per=500)
    found = (StoredCapture(*row) for row in connection.execute(query))
    for number, each in groupby(found, key=lambda capture: capture.article_id):
        if number is not None:
            yield number, list(each)


def captures_of_address(connection: Connection, url: str) -> list[StoredCapture]:
    """All captures that were asked for under an address, oldest first."""
    query = _STORED.where(captures.c.url == url).order_by(*_IN_ORDER)
    return [StoredCapture(*row) for row in connection.execute(query)]


_WHOLE = (
    select(captures, bodies.c.sha256)
    .join(bodies, bodies.c.id == captures.c.body_id)
    .where(captures.c.id == bindparam("capture_id"))
)


def capture_of(connection: Connection, capture_id: int) -> Capture:
    """The response as it was received; its bytes are held against their SHA-256."""
    row = connection.execute(_WHOLE, {"capture_id": capture_id}).one_or_none()
    if row is None:
        raise BadInput(f"There is no capture {capture_id}: `hemeroteca history` lists them.")
    try:
        body = body_of(connection, row.body_id)
        head = unpacked(connection, row.head_id, row.head)
    except ArchiveDamaged as damage:
        raise ArchiveDamaged(f"Capture {row.id} of {row.url}: {damage}") from None
    return Capture(
        url=row.url,
        fetched_at=row.fetched_at,
        status=row.status,
        headers=head.headers,
        body=body,
        final_url=row.final_url,
        redirects=tuple(row.redirects or ()),
        truncated=row.truncated,
        http_version=head.http_version,
        reason_phrase=head.reason_phrase,
        origin=row.origin,
    )


_CAPTURED = Statement(
    select(captures.c.id)
    .join(bodies, bodies.c.id == captures.c.body_id)
    .where(
        captures.c.url == bindparam("asked"),
        captures.c.fetched_at == bindparam("moment"),
        captures.c.status == bindparam("came"),
        bodies.c.sha256 == bindparam("hash"),
    )
    .limit(1)
)


def captured(connection: Connection, capture: Capture) -> bool:
    """Whether this very answer is kept: the same bytes from the same address at the same instant.

    In a web archive, two answers can't differ in anything else.
    """
    given = {
        "asked": capture.url,
        "moment": capture.fetched_at,
        "came": capture.status,
        "hash": capture.sha256,
    }
    return _CAPTURED.one(connection, given) is not None


def capture_with(connection: Connection, sha256: str) -> Capture | None:
    """A capture that holds the bytes of this hex SHA-256, or None."""
    query = select(captures.c.id).join(bodies).where(bodies.c.sha256 == sha256).limit(1)
    number = connection.scalar(query)
    return None if number is None else capture_of(connection, number)


def capture_at(connection: Connection, url: str, moment: datetime) -> Capture | None:
    """The capture that was made of an address at an instant, or None."""
    query = select(captures.c.id).where(captures.c.url == url, captures.c.fetched_at == moment)
    number = connection.scalar(query.limit(1))
    return None if number is None else capture_of(connection, number)


#: Outcomes of a capture that shows an article in place.
SEEN = ("new", "revised", "unchanged")


def next_sighting(
    connection: Connection, article_id: int, moment: datetime, until: datetime | None = None
) -> tuple[int, datetime] | None:
    """The first capture that shows an article after a moment, and when it was made.

    Only where pages are taken in late, from a file or a web archive, is there any.
    """
    query = (
        select(captures.c.id, captures.c.fetched_at)
        .where(
            captures.c.article_id == article_id,
            captures.c.fetched_at > moment,
            captures.c.outcome.in_(SEEN),
        )
        .order_by(*_IN_ORDER)
        .limit(1)
    )
    if until is not None:
        query = query.where(captures.c.fetched_at < until)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.id, row.fetched_at)


def gone_since(connection: Connection, article_id: int) -> datetime | None:
    """When the server first said that an article is no more, after it was last seen; or None."""
    found: datetime | None = connection.scalar(select(gone_since_by(literal(article_id))))
    return found


def gone_since_by(
    article_id: ColumnElement[Any], moment: ColumnElement[Any] | None = None
) -> ColumnElement[Any]:
    """The same as a part of a statement about articles; with a moment, as it was known then."""

    def known(*outcomes: str) -> tuple[FromClause, Select[Any]]:
        rows = captures.alias()
        found = select(rows.c.fetched_at).where(
            rows.c.article_id == article_id, rows.c.outcome.in_(outcomes)
        )
        return rows, found if moment is None else found.where(rows.c.fetched_at <= moment)

    (shown, seen), (missing, gone) = known(*SEEN), known("gone")
    last = seen.with_only_columns(func.max(shown.c.fetched_at)).correlate_except(shown)
    since = gone.with_only_columns(func.min(missing.c.fetched_at)).where(
        missing.c.fetched_at > func.coalesce(last.scalar_subquery(), _NEVER)
    )
    return since.correlate_except(missing).scalar_subquery()


_NEVER = literal(datetime.min.replace(tzinfo=UTC), UTCDateTime())


def part_captured(connection: Connection, url: str, moment: datetime) -> int | None:
    """The capture of an article's later page that belongs to one of its first at a moment.

    That is the first one after it, within the same visit, or else the last one before.
    """
    query = select(captures.c.id).where(captures.c.url == url, captures.c.outcome == "part")
    after = query.where(
        captures.c.fetched_at >= moment, captures.c.fetched_at < moment + ONE_VISIT
    ).order_by(captures.c.fetched_at, captures.c.id)
    before = query.where(captures.c.fetched_at < moment).order_by(
        captures.c.fetched_at.desc(), captures.c.id.desc()
    )
    for wanted in (after, before):
        found: int | None = connection.scalar(wanted.limit(1))
        if found is not None:
            return found
    return None


class _Stored(NamedTuple):
    """A row of bodies, in the order of ``_BODY``."""

    id: int
    sha256: bytes
    content: bytes
    dictionary_id: int | None
    base_id: int | None
    wrapping: str | None


class _Base(NamedTuple):
    """An earlier body of an address, to tell the next by what differs."""

    id: int
    content: bytes


_COLUMNS = (
    bodies.c.id,
    bodies.c.sha256,
    bodies.c.content,
    bodies.c.dictionary_id,
    bodies.c.base_id,
    bodies.c.wrapping,
)
_BODY = Statement(select(*_COLUMNS).where(bodies.c.id == bindparam("number")))
_LAST_OF_ADDRESS = Statement(
    select(func.coalesce(bodies.c.base_id, bodies.c.id))
    .join(captures, captures.c.body_id == bodies.c.id)
    .where(captures.c.url == bindparam("url"))
    .order_by(captures.c.id.desc())
    .limit(1)
)


def body_of(connection: Connection, body_id: int) -> bytes:
    """The bytes as they were sent, held against their SHA-256."""
    row = _row(connection, body_id)
    if not row.content and is_without_bytes(connection):
        raise WithoutBytes(
            "This is a copy for publication, without the captured bytes: `hemeroteca add --warc` "
            "brings them from a web archive."
        )
    body = _sent(_content(connection, row), row.wrapping)
    if hashlib.sha256(body).digest() != row.sha256:
        raise ArchiveDamaged("its bytes are not what was stored: restore the last backup.")
    return body


def is_without_bytes(connection: Connection) -> bool:
    """Whether this is a copy for publication, in which bodies have no content."""
    if connection.dialect.name != "sqlite":
        return False
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar() == WITHOUT_BYTES)


def _sent(content: bytes, wrapping: str | None) -> bytes:
    try:
        return content if wrapping is None else wrapped(content, wrapping)
    except ValueError as error:
        raise ArchiveDamaged(f"its wrapping is not known ({error}): update hemeroteca.") from None


def _row(connection: Connection, body_id: int) -> _Stored:
    found = _BODY.run(connection, {"number": body_id}).fetchone()
    if found is None:
        raise ArchiveDamaged(f"body {body_id} is missing: restore the last backup.")
    return _Stored(*found)


def _content(connection: Connection, row: _Stored) -> bytes:
    """What the frame of a body holds: the body itself, or what it wraps."""
    frame = bytes(row.content)
    if row.base_id is not None:
        base = _row(connection, row.base_id)
        if base.base_id is not None:
            raise ArchiveDamaged(f"body {base.id} is no base: restore the last backup.")
        return applied(frame, _content(connection, base))
    if row.dictionary_id is not None:
        return dictionary(connection, row.dictionary_id).expanded(frame)
    return expanded(frame)


def _base_of(connection: Connection, url: str) -> _Base | None:
    """The whole body that the last capture of an address has, or differs from."""
    number = _LAST_OF_ADDRESS.one(connection, {"url": url})
    if number is None:
        return None
    try:
        return _Base(int(number), _content(connection, _row(connection, int(number))))
    except ArchiveDamaged:  # what is damaged, or not there, is no base for more
        return None


def _sample(connection: Connection, body_id: int) -> Sample | None:
    try:
        row = _row(connection, body_id)
        content, frame = _content(connection, row), len(row.content)
        return Sample(row.id, content, row.dictionary_id, row.base_id is None, frame)
    except ArchiveDamaged:
        return None
