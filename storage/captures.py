"""Captures: bytes kept once, whoever sent them and however often, and every time they were sent.

The bytes are addressed by their SHA-256 and held as one zstd frame, against a dictionary where
``dictionary_id`` names one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import zstandard
from sqlalchemy import Connection, Row, bindparam, select

from crawler.capture import Capture
from crawler.errors import ArchiveDamaged, BadInput
from storage.schema import bodies, captures, dictionaries
from storage.statements import Statement, adding

#: Measured on 30 KB news pages: level 3 packs them in a tenth of a millisecond; level 9 takes five
#: times as long for 5 % less.
LEVEL = 3

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
    """What came of it: new, revised, unchanged, part, not_article, unreadable, gone, failed."""
    reason: str | None
    truncated: bool
    sha256: str
    bytes: int
    article_id: int | None

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
        }


@dataclass(frozen=True, slots=True)
class Packed:
    """A body made ready before the transaction begins, so that the write lock is held briefly."""

    sha256: str
    size: int
    content: bytes


def packed(body: bytes) -> Packed:
    """The body with its address, compressed."""
    return Packed(hashlib.sha256(body).hexdigest(), len(body), compressed(body))


def compressed(content: bytes) -> bytes:
    """One zstd frame."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(content)


def expanded(frame: bytes, dictionary: bytes | None = None) -> bytes:
    """The content of one zstd frame; :class:`ArchiveDamaged` when it does not open."""
    kept = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    try:
        return zstandard.ZstdDecompressor(dict_data=kept).decompress(frame)
    except zstandard.ZstdError as error:
        raise ArchiveDamaged(
            f"A compressed part of the archive does not open ({error}): restore the last backup."
        ) from None


_BODY_ID = Statement(select(bodies.c.id).where(bodies.c.sha256 == bindparam("sha256")))
_ADD_BODY = adding(bodies)
_ADD_CAPTURE = adding(captures)


def _keep_body(connection: Connection, body: Packed) -> int:
    """The id of the body, stored now unless the same bytes are there."""
    known = _BODY_ID.one(connection, {"sha256": body.sha256})
    if known is not None:
        return int(known)
    row = {"sha256": body.sha256, "bytes": body.size, "content": body.content}
    return int(_ADD_BODY.one(connection, row))


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
) -> int:
    """Note that these bytes were received, and what came of it; the id of the capture."""
    row = {
        "site": site,
        "url": capture.url,
        "final_url": capture.final_url,
        "redirects": list(capture.redirects) or None,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "headers": [list(pair) for pair in capture.headers],
        "truncated": capture.truncated,
        "outcome": outcome,
        "reason": reason,
        "body_id": _keep_body(connection, body),
        "article_id": article_id,
        "crawl_id": crawl_id,
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
).join(bodies, bodies.c.id == captures.c.body_id)
_IN_ORDER = (captures.c.fetched_at, captures.c.id)


def captures_of_article(connection: Connection, article_id: int) -> list[StoredCapture]:
    """All captures that show an article, oldest first."""
    query = _STORED.where(captures.c.article_id == article_id).order_by(*_IN_ORDER)
    return [StoredCapture(*row) for row in connection.execute(query)]


def captures_of_address(connection: Connection, url: str) -> list[StoredCapture]:
    """All captures that were asked for under an address, oldest first."""
    query = _STORED.where(captures.c.url == url).order_by(*_IN_ORDER)
    return [StoredCapture(*row) for row in connection.execute(query)]


_WHOLE = (
    select(captures, bodies.c.content, bodies.c.sha256, dictionaries.c.content.label("dictionary"))
    .join(bodies, bodies.c.id == captures.c.body_id)
    .outerjoin(dictionaries, dictionaries.c.id == bodies.c.dictionary_id)
    .where(captures.c.id == bindparam("capture_id"))
)


def capture_of(connection: Connection, capture_id: int) -> Capture:
    """The response as it was received; its bytes are held against their SHA-256."""
    row = connection.execute(_WHOLE, {"capture_id": capture_id}).one_or_none()
    if row is None:
        raise BadInput(f"There is no capture {capture_id}: `hemeroteca history` lists them.")
    return Capture(
        url=row.url,
        fetched_at=row.fetched_at,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        body=_proven(row),
        final_url=row.final_url,
        redirects=tuple(row.redirects or ()),
        truncated=row.truncated,
    )


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


def _proven(row: Row[Any]) -> bytes:
    body = expanded(row.content, row.dictionary)
    if hashlib.sha256(body).hexdigest() != row.sha256:
        raise ArchiveDamaged(
            f"Capture {row.id} of {row.url} is not what was stored: restore the last backup."
        )
    return body
