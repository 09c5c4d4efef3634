"""How bytes are made small: zstd frames, alone, against a site's dictionary or an earlier body.

A dictionary here is made of whole pages of a site. What its template repeats, a few dozen kilobytes
on every page, then costs a page next to nothing. zstd's own trainer picks shreds of pages instead,
usually 110 kB: on the bundled newsroom that came to 1/2.2 of gzip, where whole pages came to 1/5.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from threading import Lock, local

import zstandard

from crawler.errors import ArchiveDamaged

#: Measured on 30 KB news pages: level 3 packs them in a tenth of a millisecond; level 9 takes five
#: times as long for 5 % less.
LEVEL = 3

#: Against a dictionary a higher level is worth it: on the newsroom's and six outlets' pages 6 to
#: 18 % less than level 3 for less than twice the time. Level 7 takes twice as long again for 3 to
#: 6 % less. Matches of less than six bytes are not worth looking for: 0 to 3 % less with level 5's
#: own five, in the same time.
DICTIONARY_LEVEL, SHORTEST_MATCH = 5, 6

#: A dictionary's size before it is packed itself. Six outlets' pages came to 1/2.3 of gzip with
#: 0.5 MB, to 1/3.3 with 1 MB and to 1/3.8 with 2 MB, and to no less with 4. To unpack it takes up
#: to a millisecond, once for each archive that is opened.
DICTIONARY_BYTES = 2_000_000

#: A page that the dictionary packs to this share brings it nothing new.
NOTHING_NEW = 0.02

#: What zstd reserves for a page beside the dictionary.
_USUAL_BYTES = 512 * 1024

_FRAME = b"\x28\xb5\x2f\xfd"
_RAW = zstandard.DICT_TYPE_RAWCONTENT


#: Of each thread: to make one takes as long as to pack a record.
_OWN = local()


def compressed(content: bytes) -> bytes:
    """One zstd frame that needs nothing beside it."""
    compressor: zstandard.ZstdCompressor | None = getattr(_OWN, "compressor", None)
    if compressor is None:
        compressor = _OWN.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return compressor.compress(content)


def expanded(frame: bytes) -> bytes:
    """The content of such a frame; :class:`ArchiveDamaged` when it does not open."""
    return _opened(frame, zstandard.ZstdDecompressor())


class Dictionary:
    """A site's dictionary, ready to pack and to unpack any number of bodies."""

    def __init__(self, number: int, content: bytes) -> None:
        self.id = number
        self.content = expanded(content) if content.startswith(_FRAME) else content
        self._lock = Lock()

    @cached_property
    def _compressor(self) -> zstandard.ZstdCompressor:
        return _compressor(self.content, _USUAL_BYTES)

    @cached_property
    def _known(self) -> zstandard.ZstdCompressionDict:
        return zstandard.ZstdCompressionDict(self.content, dict_type=_RAW)

    def compressed(self, content: bytes) -> bytes:
        """One zstd frame that opens with this dictionary."""
        with self._lock:
            return self._compressor.compress(content)

    def expanded(self, frame: bytes) -> bytes:
        """The content of such a frame; :class:`ArchiveDamaged` when it does not open."""
        return _opened(frame, zstandard.ZstdDecompressor(dict_data=self._known))


def delta(content: bytes, base: bytes) -> bytes:
    """One zstd frame that says how *content* differs from *base*."""
    return _compressor(base, len(content)).compress(content)


def applied(frame: bytes, base: bytes) -> bytes:
    """The content of a frame that :func:`delta` made.

    >>> applied(delta(b"a page, edited", b"a page"), b"a page")
    b'a page, edited'
    """
    known = zstandard.ZstdCompressionDict(base, dict_type=_RAW)
    return _opened(frame, zstandard.ZstdDecompressor(dict_data=known))


def dictionary_of(pages: Iterable[bytes], known: bytes = b"") -> bytes:
    """A dictionary of pages, the most telling first; those that bring nothing new are left out.

    *known* is one that was made already, of more telling pages.
    """
    content, weighed_with = known, 0
    weighed: zstandard.ZstdCompressor | None = None
    for page in pages:
        if len(page) + len(content) > DICTIONARY_BYTES:
            content = content or page[:DICTIONARY_BYTES]
            continue
        if len(content) > 2 * weighed_with:  # not for each page: that would take seconds
            weighed, weighed_with = _compressor(content, _USUAL_BYTES), len(content)
        if weighed is None or len(weighed.compress(page)) >= NOTHING_NEW * len(page):
            content = page + content
    return content


def lasting(dictionary: bytes, level: int) -> bytes:
    """A dictionary's own bytes as one zstd frame: pages of one site pack each other well."""
    parameters = _parameters(level, len(dictionary), 0)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(dictionary)


def _compressor(known: bytes, size: int) -> zstandard.ZstdCompressor:
    parameters = _parameters(DICTIONARY_LEVEL, size, len(known), min_match=SHORTEST_MATCH)
    given = zstandard.ZstdCompressionDict(known, dict_type=_RAW)
    given.precompute_compress(compression_params=parameters)
    return zstandard.ZstdCompressor(dict_data=given, compression_params=parameters)


def _parameters(
    level: int, size: int, known: int, **others: int
) -> zstandard.ZstdCompressionParameters:
    return zstandard.ZstdCompressionParameters.from_level(
        level, source_size=max(size, 1), dict_size=known, write_content_size=True, **others
    )


def _opened(frame: bytes, decompressor: zstandard.ZstdDecompressor) -> bytes:
    try:
        return decompressor.decompress(frame)
    except (zstandard.ZstdError, MemoryError) as error:
        raise ArchiveDamaged(
            f"A compressed part of the archive does not open ({error}): restore the last backup."
        ) from None
