"""WARC records, one after the other, whatever stands between them (ISO 28500:2017).

A record that is broken is told as :class:`Broken`, and the next one is looked for: by the line
that every record begins with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from crawler.warc.unpacking import Gap, Piece, unpacked

#: What a record begins with; all versions from 0.17 to 1.1 are read alike.
VERSIONS = (b"WARC/0.", b"WARC/1.")

#: Bounds on a record's own headers; the longest seen hold a few kilobytes of JSON.
LINE_BYTES, HEADER_BYTES = 1 << 18, 1 << 20


class NoWarc(Exception):
    """The file does not begin as a WARC file does."""


class Interrupted(Exception):
    """The bytes of a record end before the record does.

    Whoever reads a block may meet it, and asks for the next record: :class:`Broken` tells of it.
    """


@dataclass(frozen=True, slots=True)
class Broken:
    """A record, or what should have been one, that can't be had whole."""

    reason: str
    uri: str | None = None
    """What it was a record of, if that can be told."""
    is_last: bool = False
    """Whether the file ends there."""


class Record:
    """One record: its headers, and its block while the next record has not been asked for."""

    def __init__(self, fields: list[tuple[str, str]], length: int, source: _Source) -> None:
        self._fields = fields
        self._source = source
        self.length = length
        """How many bytes its block has."""
        self.left = length
        """How many of them have not been read."""

    def field(self, name: str) -> str | None:
        """The first header of that name, whatever its case, or None."""
        wanted = name.lower()
        return next((value for key, value in self._fields if key.lower() == wanted), None)

    @property
    def type(self) -> str:
        """``response``, ``revisit``, ``request`` …"""
        return (self.field("WARC-Type") or "").strip().lower()

    @property
    def uri(self) -> str | None:
        """What it is a record of, without the angle brackets that some programs put around it."""
        uri = (self.field("WARC-Target-URI") or "").strip()
        if uri.startswith("<") and uri.endswith(">"):
            uri = uri[1:-1]
        return uri.replace(" ", "%20") or None

    def read(self, most: int) -> bytes:
        """The next bytes of its block, no more than so many, fewer only at the end."""
        content = self._source.take(min(most, self.left))
        self.left -= len(content)
        return content

    def skip(self) -> None:
        """Pass over the rest of its block."""
        while self.left:
            self.read(1 << 16)


class _Source:
    """The bytes of a file as lines and blocks."""

    def __init__(self, parts: Iterator[Piece | Gap]) -> None:
        self._parts = parts
        self._bytes = bytearray()
        self.gap: str | None = None
        self._part_begins_at: int | None = None
        self.is_at_end = False

    def _fill(self) -> bool:
        """Read on; False where there is no more, or where bytes are missing."""
        if self.gap is not None or self.is_at_end:
            return False
        part = next(self._parts, None)
        if isinstance(part, Piece):
            if part.starts_part and part.content.startswith(VERSIONS):
                self._part_begins_at = len(self._bytes)
            self._bytes += part.content
            return True
        if part is None:
            self.is_at_end = True
        else:
            self.gap = part.reason
        return False

    def line(self) -> bytes:
        """The next line with its end; nothing at the end of the file."""
        while (end := self._bytes.find(b"\n")) < 0:
            if len(self._bytes) > LINE_BYTES:
                raise Interrupted("a line of its headers is too long")
            if not self._fill():
                if self.gap is not None:
                    raise Interrupted(self.gap)
                end = len(self._bytes) - 1
                break
        return self._cut(end + 1)

    def take(self, size: int) -> bytes:
        """So many bytes of a record's block."""
        while len(self._bytes) < size and self._part_begins_at is None and self._fill():
            pass
        if self._part_begins_at is not None and self._part_begins_at < size:
            raise Interrupted("it ends before its stated length")
        if len(self._bytes) < size:
            raise Interrupted(self.gap or "the file breaks off")
        return self._cut(size)

    def _cut(self, size: int) -> bytes:
        content = bytes(self._bytes[:size])
        del self._bytes[:size]
        if self._part_begins_at is not None:
            self._part_begins_at -= size
            if self._part_begins_at <= 0:
                self._part_begins_at = None
        return content

    def start(self) -> bytes:
        """How the bytes that come next begin."""
        while len(self._bytes) < len(VERSIONS[0]) and self._fill():
            pass
        return bytes(self._bytes[: len(VERSIONS[0])])

    def pass_blanks(self) -> None:
        """Pass over empty lines."""
        while self.start()[:1] in (b"\r", b"\n"):
            self._cut(1)

    def pass_to_record(self) -> None:
        """Pass over everything up to a line that begins a record."""
        self.gap = None
        if self._part_begins_at:
            self._cut(self._part_begins_at)
        if self.start().startswith(VERSIONS):
            return
        while True:
            places = [self._bytes.find(b"\n" + version) for version in VERSIONS]
            found = min((place for place in places if place >= 0), default=-1)
            if found >= 0:
                self._cut(found + 1)
                return
            self._cut(max(len(self._bytes) - len(VERSIONS[0]), 0))
            held = len(self._bytes)
            if not self._fill():
                if self.gap is None:
                    self._bytes.clear()
                    return
                self.gap = None
                self._bytes[:] = b"\n"
            elif self._part_begins_at == held:
                self._cut(held)
                return

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.is_at_end and not self._bytes


def records(file: IO[bytes]) -> Iterator[Record | Broken]:
    """The records of a file, plain, gzip or zstd; :class:`NoWarc` where it holds none.

    A record's block is read before the next record is asked for; what is left of it is passed
    over. To read it may raise :class:`Interrupted`.
    """
    source = _Source(unpacked(file))
    source.pass_blanks()
    if not source.start().startswith(VERSIONS):
        raise NoWarc
    while not source.is_done:
        record: Record | None = None
        try:
            source.pass_blanks()
            if not source.start():
                if source.gap is None:
                    return
                raise Interrupted(source.gap)
            record = _headers(source)
            yield record
            record.skip()
        except Interrupted as interruption:
            uri = record.uri if record else None
            source.pass_to_record()
            yield Broken(str(interruption), uri, is_last=not source.start())


def _headers(source: _Source) -> Record:
    """The headers of the record that begins here."""
    if not source.line().startswith(VERSIONS):
        raise Interrupted("what follows a record is none")
    fields: list[tuple[str, str]] = []
    size = 0
    while line := source.line():
        size += len(line)
        if size > HEADER_BYTES:
            raise Interrupted("its headers are too long")
        if not line.strip():
            break
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[0] in " \t" and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}")
        else:
            name, _, value = text.partition(":")
            fields.append((name.strip(), value.strip()))
    else:
        raise Interrupted("the file breaks off")
    stated = next((value for name, value in fields if name.lower() == "content-length"), "")
    record = Record(fields, 0, source)
    if not (stated.isascii() and stated.isdigit() and len(stated) < 16):
        raise Interrupted(f"it does not say how long it is{_of(record)}")
    record.length = record.left = int(stated)
    return record


def _of(record: Record) -> str:
    return f" ({record.uri})" if record.uri else ""
