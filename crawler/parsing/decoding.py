"""From bytes to text: content codings undone within bounds, and the character set that is true.

Servers and pages lie about character sets. A byte-order mark never does; text that is valid UTF-8
and not plain ASCII practically never is anything else (the chance falls by a factor of ten or so
with every accented letter), so it is believed before headers and meta tags are.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable

import brotli  # type: ignore[import-untyped]
import zstandard

from crawler.errors import Unreadable

#: The largest page that is unpacked; 98 % of 1,850 pages measured are below 1 MB, the largest 5.
CONTENT_BYTES = 64 * 1024 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)

#: Codecs that no page is written in: code tools, and what would contradict the bytes read so far.
_NOT_FOR_PAGES = frozenset(
    (
        *("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "idna", "punycode", "undefined"),
        *("unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape"),
        *("mbcs", "oem"),
    )
)
#: Labels that browsers read as another set (WHATWG Encoding Standard, "names and labels").
_BROWSER_SETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
#: Labels that browsers know and Python doesn't (the same standard).
_LABELS = {
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-windows-949": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "dos-874": "cp874",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
}
#: The sets of old pages by language, where nobody names one (the same standard's "locale" table,
#: and Japanese by trial).
_USUAL = {
    tag: sets.split()
    for tags, sets in (
        ("ja", "euc_jp cp932"),
        ("zh zh-cn zh-hans", "gb18030 big5hkscs"),
        ("zh-tw zh-hk zh-hant", "big5hkscs gb18030"),
        ("ko", "cp949"),
        ("ru uk be bg mk sr", "cp1251"),
        ("pl cs sk hu sl hr bs ro sq", "cp1250"),
        ("el", "cp1253"),
        ("tr az", "cp1254"),
        ("he iw yi", "cp1255"),
        ("ar fa ur", "cp1256"),
        ("lt lv et", "cp1257"),
        ("vi", "cp1258"),
        ("th", "cp874"),
    )
    for tag in tags.split()
}


def decode_content(
    body: bytes, headers: Iterable[tuple[str, str]], limit: int = CONTENT_BYTES
) -> bytes:
    """The payload with its ``Content-Encoding`` undone, never more than ``limit`` bytes.

    Raises :class:`~crawler.errors.Unreadable` where the coding is broken, unknown, or unpacks to
    more. A body that is plain although the header says otherwise is taken as it is.
    """
    codings = [
        coding.strip().lower()
        for name, value in headers
        if name.lower() == "content-encoding"
        for coding in value.split(",")
        if coding.strip().lower() not in ("", "identity")
    ]
    for coding in reversed(codings):
        body = _decoded(body, coding, limit)
    return body


def _decoded(body: bytes, coding: str, limit: int) -> bytes:
    try:
        if coding in ("gzip", "x-gzip"):
            return _inflated(body, 31, limit) if body[:2] == b"\x1f\x8b" else body
        if coding == "deflate":
            try:
                return _inflated(body, 15, limit)
            except zlib.error:
                return _inflated(body, -15, limit)
        if coding == "br":
            return _unbrotlied(body, limit)
        if coding == "zstd":
            with zstandard.ZstdDecompressor().stream_reader(body) as reader:
                return _bounded(reader.read(limit + 1), limit)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as fault:
        raise Unreadable(f"the {coding} coding of the page is broken ({fault})") from None
    raise Unreadable(f"the page is packed as {coding!r}, which is not known here")


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    """Unzipped bytes; a stream that ends early gives what it holds."""
    reader = zlib.decompressobj(window)
    return _bounded(reader.decompress(body, limit + 1), limit)


def _unbrotlied(body: bytes, limit: int) -> bytes:
    reader = brotli.Decompressor()
    return _bounded(reader.process(body, output_buffer_limit=limit + 1), limit)


class TooLong(Unreadable):
    """A body that unpacks to more than it may; ``beginning`` is what fits."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__(f"the page unpacks to more than {len(beginning):,} bytes")
        self.beginning = beginning


def _bounded(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise TooLong(content[:limit])
    return content


def text_of_page(html: bytes, content_type: str | None = None) -> str:
    """The page as text: byte-order mark, then proof of UTF-8, then header, meta tag and language.

    >>> text_of_page("Medellín".encode("utf-8"), "text/html; charset=iso-8859-1")
    'Medellín'
    >>> text_of_page("Medellín".encode("cp1252"), "text/html; charset=utf-8")
    'Medellín'
    """
    for mark, charset in _BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(charset, "replace")
    wide = _unmarked_utf16(html)
    if wide is not None:
        return html.decode(wide, "replace")
    if b"\x1b" in html and b"\x1b$" in html and "iso2022_jp" in _named_charsets(html, content_type):
        return html.decode("iso2022_jp_ext", "replace")
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = _named_charsets(html, content_type)
    if not named or "utf-8" in named:
        text = _damaged_utf8(html)
        if text is not None:
            return text
    others = [charset for charset in named if charset != "utf-8"]
    return _best(html, others or _usual_charsets(html) or ["cp1252"])


#: In so many bytes at the beginning, UTF-16 without a mark shows: every other byte is zero.
_LOOKED_AT = 40


def _unmarked_utf16(html: bytes) -> str | None:
    head = html[:_LOOKED_AT]
    if len(head) < 4 or b"\x00" not in head:
        return None
    even, odd = head[0::2], head[1::2]
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else None


#: The meta tag stands in the head, which on some pages is long.
_HEAD_BYTES = 64 * 1024


def _named_charsets(html: bytes, content_type: str | None) -> list[str]:
    """The sets that header and meta tags name, as browsers understand the names, best first.

    Latin-1 in the header is what servers say of every page, so what a page says goes before it.
    """
    head = _without_comments(html[:_HEAD_BYTES])
    metas = [
        match.group(1).decode("ascii", "replace")
        for match in _META.finditer(head)
        if b"data:" not in match.group()
    ]
    header = _HEADER.search(content_type or "")
    said = _codec_of(header.group(1)) if header else None
    pages = [codec for codec in map(_codec_of, metas[:5]) if codec]
    named = [*pages, said] if said == "cp1252" else [said, *pages]
    return list(dict.fromkeys(codec for codec in named if codec))


def _codec_of(name: str) -> str | None:
    """The codec by which a page that names this set is to be read; None for no set of pages."""
    try:
        info = codecs.lookup(_LABELS.get(name.lower(), name))
    except LookupError:
        return None
    if info.name in _NOT_FOR_PAGES or not info._is_text_encoding:
        return None
    return _BROWSER_SETS.get(info.name, info.name)


def _without_comments(head: bytes) -> bytes:
    kept: list[bytes] = []
    place = 0
    while (start := head.find(b"<!--", place)) >= 0:
        kept.append(head[place:start])
        end = head.find(b"-->", start + 4)
        if end < 0:
            return b" ".join(kept)
        place = end + 3
    return b" ".join([*kept, head[place:]])


_LANGUAGE = re.compile(rb"""<html[^>]{0,300}?\blang\s*=\s*["']?\s*([A-Za-z]{2,3}(?:-\w+)?)""", re.I)


def _usual_charsets(html: bytes) -> list[str]:
    """The sets in which pages of this page's language were written before UTF-8."""
    match = _LANGUAGE.search(html[:_HEAD_BYTES])
    if match is None:
        return []
    tag = match.group(1).decode("ascii").lower()
    return _USUAL.get(tag) or _USUAL.get(tag.partition("-")[0], [])


def _best(html: bytes, charsets: list[str]) -> str:
    """The text by the first of the sets that fits, or by the one that fits best."""
    best, least = "", -1
    for charset in charsets:
        text = html.decode(charset, "replace")
        bad = text.count("\ufffd")
        if least < 0 or bad < least:
            best, least = text, bad
        if not bad:
            break
    return best


#: At most this share of bad sequences is a damaged UTF-8 page; above, it is another set.
DAMAGED_SHARE = 0.05


def _damaged_utf8(html: bytes) -> str | None:
    """Text of a page that is UTF-8 but for some places; None for one in another set."""
    text = html.decode("utf-8", "replace")
    foreign = sum(byte > 127 for byte in html)
    bad = text.count("\ufffd")
    return None if bad == foreign or bad > max(1, foreign * DAMAGED_SHARE) else text
