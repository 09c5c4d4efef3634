"""From captures to WARC 1.1 records (ISO 28500:2017), one by one and as a stream.

A record says what was kept, and nothing that was not: requests are not kept, so none are written;
of a redirect only the addresses are known, so they stand in a header field of the record and no
answer is made up for them. A page that was added from a file has no HTTP answer around it and
becomes a ``resource``.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.capture import Capture
from crawler.warc.answers import SITE, SOURCE, VIA

VERSION = b"WARC/1.1\r\n"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
SPECIFICATION = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

#: Speed against size of gzip; 9 costs twice as much time for half a percent less.
GZIP_LEVEL = 6

#: The usual words for a status, since only its number is kept (RFC 9110, section 15).
PHRASES = {
    200: "OK",
    203: "Non-Authoritative Information",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    410: "Gone",
    429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}

_BLANK = re.compile(r"[\x00-\x20\x7f]")
_LINE_END = re.compile(rb"[\r\n]+")
_VERSION = re.compile(r"HTTP/\d(\.\d)?")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The record that holds the same bytes already."""

    address: str
    fetched_at: datetime
    record_id: str


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record, ready to be written."""

    type: str
    fields: tuple[tuple[str, str], ...]
    block: bytes

    @property
    def content(self) -> bytes:
        """The record as it stands in a file."""
        fields = "".join(
            f"{name}: {value}\r\n"
            for name, value in (*self.fields, ("Content-Length", str(len(self.block))))
        )
        return b"".join((VERSION, fields.encode(), b"\r\n", self.block, b"\r\n\r\n"))


def record_id(number: int, url: str, fetched_at: datetime) -> str:
    """The name of a capture's record: the same in every export of an archive."""
    name = f"{number} {url} {fetched_at.isoformat()}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def digest_of(content: bytes) -> str:
    """A digest as WARC files carry it.

    >>> digest_of(b"")
    'sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ===='
    """
    return f"sha256:{base64.b32encode(hashlib.sha256(content).digest()).decode()}"


def digest_from_hex(sha256: str) -> str:
    """The same from a hex SHA-256."""
    return f"sha256:{base64.b32encode(bytes.fromhex(sha256)).decode()}"


def warc_date(moment: datetime) -> str:
    """An aware UTC instant as WARC 1.1 writes it; parts of a second only where there are any.

    >>> from datetime import UTC
    >>> warc_date(datetime(2016, 7, 11, 12, 0, 0, 500, UTC))
    '2016-07-11T12:00:00.000500Z'
    """
    return moment.replace(tzinfo=None).isoformat() + "Z"


def warcinfo(software: str, made_at: datetime, about: dict[str, str]) -> WarcRecord:
    """The record at a file's head: what wrote it, when, and of what."""
    lines = {"software": software, "format": "WARC file version 1.1", "conformsTo": SPECIFICATION}
    text = "".join(
        f"{name}: {' '.join(value.split())}\r\n" for name, value in (lines | about).items()
    )
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"{made_at.isoformat()} {text}")
    fields = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<urn:uuid:{named}>"),
        ("WARC-Date", warc_date(made_at)),
        ("Content-Type", "application/warc-fields"),
    )
    return WarcRecord("warcinfo", fields, text.encode())


def capture_record(
    capture: Capture, number: int, *, site: str, sha256: str, earlier: Earlier | None = None
) -> WarcRecord:
    """A capture as a record; with ``earlier``, whose bytes are the same, without its body."""
    kind, block = "response", _head(capture) + capture.body
    if earlier:
        kind, block = "revisit", _head(capture)
    elif _is_bare(capture):
        kind, block = "resource", capture.body
    via = (capture.url, *capture.redirects)
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", record_id(number, capture.url, capture.fetched_at)),
        ("WARC-Date", warc_date(capture.fetched_at)),
        ("WARC-Target-URI", _uri(capture.address)),
        ("WARC-Payload-Digest", digest_from_hex(sha256)),
        ("WARC-Block-Digest", digest_of(block)),
    ]
    if earlier:
        fields += [
            ("WARC-Profile", SAME_PAYLOAD),
            ("WARC-Refers-To", earlier.record_id),
            ("WARC-Refers-To-Target-URI", _uri(earlier.address)),
            ("WARC-Refers-To-Date", warc_date(earlier.fetched_at)),
        ]
    if capture.truncated:
        fields.append(("WARC-Truncated", "disconnect"))
    if capture.final_url or capture.redirects:
        fields.append((VIA, " ".join(map(_uri, via))))
    if capture.origin:
        fields.append((SOURCE, _uri(capture.origin)))
    fields.append((SITE, _uri(site)))
    if kind != "resource":
        fields.append(("Content-Type", "application/http; msgtype=response"))
    elif capture.content_type:
        fields.append(("Content-Type", " ".join(capture.content_type.split())))
    return WarcRecord(kind, tuple(fields), block)


def _is_bare(capture: Capture) -> bool:
    """Whether there was no HTTP answer, as with a page from a file."""
    if capture.http_version or capture.reason_phrase:
        return False
    names = [name for name, _ in capture.headers]
    return capture.status == 200 and not capture.truncated and names in ([], ["Content-Type"])


def _head(capture: Capture) -> bytes:
    """The status line and headers. The body's chunks are undone, so that no header speaks of them.

    Where the status line was not kept, its version is 1.1, which the crawl speaks.
    """
    version, phrase = capture.http_version or "", capture.reason_phrase
    if not _VERSION.fullmatch(version):
        version = "HTTP/1.1"
    if phrase is None:
        phrase = PHRASES.get(capture.status, "")
    lines = [_LINE_END.sub(b" ", _in_latin(f"{version} {capture.status} {phrase}"))]
    lines += [
        _LINE_END.sub(b" ", _in_latin(name) + b": " + _in_latin(value))
        for name, value in capture.headers
        if name.lower() != "transfer-encoding"
    ]
    return b"\r\n".join((*lines, b"", b""))


def _in_latin(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _uri(url: str) -> str:
    return _BLANK.sub(lambda found: f"%{ord(found[0]):02X}", url)


class Sink(Protocol):
    """What can be written to."""

    def write(self, content: bytes, /) -> object:
        """Write on."""


class WarcFile:
    """A WARC file that is being written, each record compressed by itself."""

    def __init__(self, out: Sink, *, compress: bool = True) -> None:
        self._out = out
        self._compress = compress
        self.size = 0

    def add(self, record: WarcRecord) -> tuple[int, int]:
        """Write a record: where it stands and how long it is there."""
        content = record.content
        if self._compress:
            packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
            content = packer.compress(content) + packer.flush()
        self._out.write(content)
        place = self.size, len(content)
        self.size += len(content)
        return place
