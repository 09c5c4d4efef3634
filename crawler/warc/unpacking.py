"""The bytes of a WARC file, unpacked as a stream, whatever is broken in it.

Compression is told by the first bytes, never by the name. Where a compressed part does not open,
a :class:`Gap` stands for it, and the stream goes on with the next part that does.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO
from zipfile import BadZipFile

import zstandard

#: How much is read, and unpacked, at a time: a bomb of any size costs no more memory than this.
PIECE_BYTES = 1 << 16
#: The same for zstd, which can't be told to stop: four bytes unpack to 128 KB at most.
ZSTD_PIECE_BYTES = 1 << 8

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
ZIP = b"PK\x03\x04"
#: A skippable frame that holds the dictionary of all others (WARC compression with zstd, 1.0).
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"

#: The largest dictionary that is loaded; the specification's own tools make them of some 100 KB.
DICTIONARY_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the file's content, in order."""

    content: bytes
    starts_part: bool = False
    """Whether a compressed part begins here: in most files, a record does, too."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Here bytes are missing."""

    reason: str


class _Careful:
    """A file that ends where it can't be read: in a damaged ZIP, or on a failing disk."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = PIECE_BYTES) -> bytes:
        """The next bytes."""
        try:
            return self._file.read(size)
        except (OSError, EOFError, zlib.error, BadZipFile):
            return b""


def unpacked(given: IO[bytes]) -> Iterator[Piece | Gap]:
    """The content of a file, piece by piece."""
    file = _Careful(given)
    start = file.read(4)
    if start.startswith(GZIP):
        return _gunzipped(_pieces(file, start))
    if start in (ZSTD, ZSTD_DICTIONARY):
        return _from_zstd(file, start)
    return (Piece(piece) for piece in _pieces(file, start))


def _pieces(file: _Careful, start: bytes = b"", size: int = PIECE_BYTES) -> Iterator[bytes]:
    if start:
        yield start
    while piece := file.read(size):
        yield piece


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[Piece | Gap]:
    """The members of a gzip file one after the other; a broken one is passed over."""
    rest = next(pieces, b"")
    while rest:
        if rest.startswith(GZIP):
            rest = yield from _member(rest, pieces)
        else:
            yield Gap("a part of it is not compressed as the rest is")
            rest = _from_next(GZIP, rest, pieces)


def _member(rest: bytes, pieces: Iterator[bytes]) -> Generator[Piece | Gap, None, bytes]:
    """One member; what follows it."""
    member, starts = zlib.decompressobj(31), True
    while True:
        try:
            content = member.decompress(rest, PIECE_BYTES)
        except zlib.error as error:
            yield Gap(f"a compressed part does not open ({str(error).split(': ')[-1]})")
            return _from_next(GZIP, rest[1:], pieces)
        if content:
            yield Piece(content, starts)
            starts = False
        if member.eof:
            return _topped_up(member.unused_data, pieces)
        rest = member.unconsumed_tail
        if not rest and len(content) < PIECE_BYTES:
            rest = next(pieces, b"")
            if not rest:
                yield Gap("the file breaks off")
                return b""


def _topped_up(rest: bytes, pieces: Iterator[bytes]) -> bytes:
    """Enough of what follows to tell how it begins; zeros that fill up a block are left out."""
    while len(rest) < len(ZSTD) and (piece := next(pieces, b"")):
        rest += piece
    return b"" if rest.strip(b"\0") == b"" and len(rest) < PIECE_BYTES else rest


def _from_next(magic: bytes, rest: bytes, pieces: Iterator[bytes]) -> bytes:
    """What remains from the next place that begins like a compressed part."""
    while (place := rest.find(magic)) < 0:
        piece = next(pieces, b"")
        if not piece:
            return b""
        rest = rest[-len(magic) + 1 :] + piece
    return rest[place:]


def _from_zstd(file: _Careful, start: bytes) -> Iterator[Piece | Gap]:
    """The frames of a zstd file, with the dictionary that it may begin with."""
    dictionary = None
    if start == ZSTD_DICTIONARY:
        size = int.from_bytes(file.read(4), "little")
        dictionary, start = _dictionary(file.read(min(size, DICTIONARY_BYTES))), b""
    pieces = _pieces(file, start, ZSTD_PIECE_BYTES)
    rest = _topped_up(b"", pieces)
    while rest:
        if rest.startswith(ZSTD) or rest[1:4] == ZSTD_DICTIONARY[1:]:
            rest = yield from _frame(rest, pieces, dictionary)
        else:
            yield Gap("a part of it is not compressed as the rest is")
            rest = _from_next(ZSTD, rest, pieces)


def _frame(
    rest: bytes, pieces: Iterator[bytes], dictionary: zstandard.ZstdCompressionDict | None
) -> Generator[Piece | Gap, None, bytes]:
    """One frame; what follows it."""
    frame = zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
    starts = True
    while True:
        try:
            content = frame.decompress(rest)
        except zstandard.ZstdError as error:
            yield Gap(f"a compressed part does not open ({str(error).split(': ')[-1]})")
            return _from_next(ZSTD, rest[1:], pieces)
        if content:
            yield Piece(content, starts)
            starts = False
        if frame.eof:
            return _topped_up(frame.unused_data, pieces)
        rest = next(pieces, b"")
        if not rest:
            yield Gap("the file breaks off")
            return b""


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict | None:
    if content.startswith(ZSTD):
        reader = zstandard.ZstdDecompressor().stream_reader(content)
        try:
            content = reader.read(DICTIONARY_BYTES)
        except zstandard.ZstdError:
            return None
    return zstandard.ZstdCompressionDict(content[:DICTIONARY_BYTES])
