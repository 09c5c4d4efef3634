"""Heads of responses: the status line and the header fields, kept by what differs from others.

One server's heads are nearly alike: of half a kilobyte, the date, a validator and a few numbers
differ. So a few heads of a site are kept whole, and every other one is a zstd frame against one of
them, with a checksum, since heads have no SHA-256. That takes some eighty bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import zstandard
from sqlalchemy import Connection, bindparam, select

from crawler.capture import Capture
from crawler.errors import ArchiveDamaged
from storage.schema import heads
from storage.statements import Statement, adding

#: A head that takes more than this share of itself is another kind, and kept whole for the next.
ALIKE = 0.5

#: So many whole heads of a site are tried: pages, errors and redirects, of one server or two.
TRIED = 4

#: Measured on heads of half a kilobyte: no level gave less than the third.
_LEVEL = 3
_RAW = zstandard.DICT_TYPE_RAWCONTENT
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS

_ADD = adding(heads)
_OF_ID = Statement(select(heads.c.content).where(heads.c.id == bindparam("number")))
_LATEST = Statement(
    select(heads.c.id, heads.c.content)
    .where(heads.c.site == bindparam("site"))
    .order_by(heads.c.id.desc())
    .limit(TRIED)
)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a body."""

    http_version: str | None
    reason_phrase: str | None
    headers: Pairs


def text_of(capture: Capture) -> str | None:
    """The head of a capture as it is kept; None where there is nothing to keep, as of a file."""
    if not (capture.headers or capture.http_version or capture.reason_phrase):
        return None
    head = [capture.http_version, capture.reason_phrase, capture.headers]
    return json.dumps(head, ensure_ascii=False, separators=(",", ":"))


def head_of(text: str) -> Head:
    """The head that such a text says."""
    try:
        version, phrase, pairs = json.loads(text)
        return Head(version, phrase, tuple((str(name), str(value)) for name, value in pairs))
    except (ValueError, TypeError):
        raise ArchiveDamaged("its head is not what was stored: restore the last backup.") from None


@dataclass
class Whole:
    """A head that is kept whole, ready to tell others by."""

    id: int
    text: str
    _packer: zstandard.ZstdCompressor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = self.text.encode()
        parameters = zstandard.ZstdCompressionParameters.from_level(
            _LEVEL,
            source_size=2 * len(known),
            dict_size=len(known),
            write_content_size=True,
            write_checksum=True,
            format=_FORMAT,
        )
        given = zstandard.ZstdCompressionDict(known, dict_type=_RAW)
        given.precompute_compress(compression_params=parameters)
        self._packer = zstandard.ZstdCompressor(dict_data=given, compression_params=parameters)

    def differing(self, text: str) -> bytes:
        """How a head differs from this one: a dozen bytes where it does not."""
        return self._packer.compress(text.encode())


class SiteHeads:
    """The whole heads of a site that are tried, the one that served last before the others."""

    def __init__(self, known: Iterable[Whole] = ()) -> None:
        self._known = list(known)

    @classmethod
    def of(cls, connection: Connection, site: str) -> SiteHeads:
        """Those that the archive has."""
        rows = _LATEST.run(connection, {"site": site}).fetchall()
        return cls(Whole(int(number), text) for number, text in rows)

    def packed(self, text: str) -> tuple[int, bytes] | None:
        """The whole head by which a head is told, and how; None where none is alike."""
        for place, whole in enumerate(self._known):
            frame = whole.differing(text)
            if len(frame) <= ALIKE * len(text):
                if place:
                    self._known.insert(0, self._known.pop(place))
                return whole.id, frame
        return None

    def learn(self, number: int, text: str) -> tuple[int, bytes]:
        """Another head was kept whole: how it is told itself."""
        whole = Whole(number, text)
        self._known = [whole, *self._known][:TRIED]
        return number, whole.differing(text)


def keep_head(connection: Connection, site: str, text: str) -> int:
    """Keep a head whole; its number."""
    return int(_ADD.one(connection, {"site": site, "content": text}))


def unpacked(connection: Connection, number: int | None, frame: bytes | None) -> Head:
    """A head as it was received.

    :raises ArchiveDamaged: it does not open, or is not what was stored.
    """
    if number is None:
        return Head(None, None, ())
    known = _OF_ID.one(connection, {"number": number})
    if known is None:
        raise ArchiveDamaged(f"head {number} is missing: restore the last backup.")
    return head_of(_applied(bytes(frame or b""), known))


def _applied(frame: bytes, known: str) -> str:
    given = zstandard.ZstdCompressionDict(known.encode(), dict_type=_RAW)
    try:
        opened = zstandard.ZstdDecompressor(dict_data=given, format=_FORMAT).decompress(frame)
        return opened.decode()
    except (zstandard.ZstdError, MemoryError, UnicodeDecodeError):
        raise ArchiveDamaged("its head does not open: restore the last backup.") from None
