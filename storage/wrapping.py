"""Bodies that came gzipped: what is inside is kept, with how to wrap it again to the same byte.

Packed bytes can't be packed again, whatever the dictionary. Most servers wrap their pages with
zlib, though, which gives the same bytes for the same settings; so the settings are looked for, and
kept only where wrapping the content again gave the body to the last byte.
"""

from __future__ import annotations

import zlib

#: What begins a gzip file with nothing in its head but the fixed ten bytes (RFC 1952, section 2.3).
_PLAIN_HEAD = b"\x1f\x8b\x08\x00"
_HEAD_BYTES = 10
_TAIL_BYTES = 8

#: zlib's settings: level, memory level and window. gzip's, Apache's and Python's defaults first.
_SETTINGS = tuple(
    f"{level} {memory} 15" for memory in (8, 9) for level in (6, 9, 1, 5, 4, 7, 8, 2, 3)
)

#: No page is larger unpacked; what is, is kept as it was sent.
_CONTENT_BYTES = 16 * 1024 * 1024


def unwrapped(body: bytes, first: str | None = None) -> tuple[bytes, str] | None:
    """What a gzipped body holds, and how to wrap it again; None where it can't be told.

    *first* is what was found for another body of the same server.

    >>> import gzip
    >>> body = gzip.compress(b"A page. " * 99, mtime=0)
    >>> content, how = unwrapped(body)
    >>> len(content), wrapped(content, how) == body
    (792, True)
    """
    content = _content(body)
    if content is None:
        return None
    head, deflated = body[:_HEAD_BYTES], body[_HEAD_BYTES:-_TAIL_BYTES]
    usual = [first.partition(" ")[2].rpartition(" ")[0]] if first else []
    for settings in dict.fromkeys((*usual, *_SETTINGS)):
        if _deflated(content, settings) == deflated:
            return content, f"gzip {settings} {head.hex()}"
    return None


def wrapped(content: bytes, how: str) -> bytes:
    """The body as it was sent. ValueError for a *how* that :func:`unwrapped` did not give."""
    kind, _, rest = how.partition(" ")
    settings, _, head = rest.rpartition(" ")
    if kind != "gzip":
        raise ValueError(f"no such wrapping: {how}")
    return bytes.fromhex(head) + _deflated(content, settings) + _tail(content)


def _content(body: bytes) -> bytes | None:
    if not body.startswith(_PLAIN_HEAD) or len(body) < _HEAD_BYTES + _TAIL_BYTES:
        return None
    reader = zlib.decompressobj(-15)
    try:
        content = reader.decompress(body[_HEAD_BYTES:], _CONTENT_BYTES)
    except zlib.error:
        return None
    is_whole = reader.eof and reader.unused_data == body[-_TAIL_BYTES:] == _tail(content)
    return content if is_whole else None


def _deflated(content: bytes, settings: str) -> bytes:
    level, memory, window = map(int, settings.split(" "))
    writer = zlib.compressobj(level, zlib.DEFLATED, -window, memory)
    return writer.compress(content) + writer.flush()


def _tail(content: bytes) -> bytes:
    length = len(content) & 0xFFFFFFFF
    return zlib.crc32(content).to_bytes(4, "little") + length.to_bytes(4, "little")
