"""From WARC records to captures: what a server once sent, as the crawl would have kept it.

The body is the payload before any content decoding; chunks, which belong to the connection and not
to the page, are undone, as they are in a crawl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Literal

from crawler.capture import Capture
from crawler.warc.records import Broken, Interrupted, Record, records

#: The largest answer that is taken in, as in a crawl.
BODY_BYTES = 64 << 20
#: The largest HTTP header; servers commonly allow 8 to 64 KB.
HEAD_BYTES = 1 << 20

#: The header fields that only this program writes.
VIA, SITE = "Hemeroteca-Via", "Hemeroteca-Site"
#: Where a record was taken from when that was no server of its own address: what pywb writes where
#: it copies out of other web archives.
SOURCE = "WARC-Source-URI"

#: Types under which pages are sent; a page without a type may be one, too.
_PAGE_TYPES = re.compile(
    r"(?:text/(?:html|plain|xml)|application/(?:xhtml\+xml|xml|octet-stream|http|.*html.*))?\Z"
)
_STATUS = re.compile(rb"(HTTP/\d(?:\.\d)?)[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]{0,1024})?\r?\n")
_DATE = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:T?(\d\d):?(\d\d):?(\d\d)(\.\d+)?)?)?)?Z?\Z")

#: Statuses whose answers have no body (RFC 9110, section 6.4.1).
_BODILESS = (204, 205, 304)

Reason = Literal[
    "request", "no page", "not modified", "not on the web", "in segments", "too large", "other"
]
#: What becomes of records that hold no answer.
_OTHERS: dict[str, Reason] = {
    "request": "request",
    "metadata": "request",
    "conversion": "request",
    "continuation": "in segments",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server once sent."""

    capture: Capture
    """Of a repetition, without its body."""
    repeats: Original | None = None
    """Where the body is, if it is not here."""
    digest: str | None = None
    """What the record calls its payload by: an algorithm and a value."""
    site: str | None = None
    """The site as which this program read it, where this program wrote the record."""


@dataclass(frozen=True, slots=True)
class Original:
    """What a repetition repeats."""

    url: str | None
    fetched_at: datetime | None
    has_head: bool
    """Whether the repetition has a status and headers of its own."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is no answer to keep."""

    reason: Reason
    uri: str | None


def answers(file: IO[bytes], *, everything: bool = False) -> Iterator[Answer | LeftOut | Broken]:
    """What a WARC file holds, record by record: :class:`~crawler.warc.records.NoWarc` if nothing.

    Pictures, scripts and styles are left out unless ``everything`` is asked for or this program
    wrote the file: what it exports, it had kept as pages.
    """
    for record in records(file):
        if isinstance(record, Broken):
            yield record
            continue
        try:
            if record.type == "warcinfo":
                everything = everything or b"software: hemeroteca" in record.read(
                    min(record.left, 1 << 16)
                )
                continue
            found = _found(record, everything)
        except Interrupted:
            continue
        yield found


def _found(record: Record, everything: bool) -> Answer | LeftOut | Broken:
    uri = record.uri
    if record.type not in ("response", "resource", "revisit"):
        return LeftOut(_OTHERS.get(record.type, "other"), uri)
    if uri is None or not uri.lower().startswith(("http://", "https://")):
        return LeftOut("not on the web", uri)
    if "server-not-modified" in (record.field("WARC-Profile") or ""):
        return LeftOut("not modified", uri)
    if (record.field("WARC-Segment-Number") or "1").strip() != "1":
        return LeftOut("in segments", uri)
    moment = instant(record.field("WARC-Date"))
    if moment is None:
        return Broken("it does not say when it was captured", uri)
    via = (record.field(VIA) or "").split() or [uri]
    capture = Capture(
        url=via[0],
        fetched_at=moment,
        status=200,
        final_url=uri if uri != via[0] else None,
        redirects=tuple(via[1:]),
        truncated=bool(record.field("WARC-Truncated")),
        origin=(record.field(SOURCE) or "").strip("<> ") or None,
    )
    answer = Answer(capture, None, record.field("WARC-Payload-Digest"), record.field(SITE))
    if record.type == "resource":
        return _resource(record, answer, everything)
    return _response(record, answer, everything)


def _resource(record: Record, answer: Answer, everything: bool) -> Answer | LeftOut:
    """A page without an HTTP answer around it: one from a file, say."""
    kind = record.field("Content-Type")
    if not (everything or is_page_type(kind)):
        return LeftOut("no page", record.uri)
    if record.left > BODY_BYTES:
        return LeftOut("too large", record.uri)
    headers = (("Content-Type", kind),) if kind else ()
    body = record.read(record.left)
    return replace(answer, capture=replace(answer.capture, headers=headers, body=body))


def _response(record: Record, answer: Answer, everything: bool) -> Answer | LeftOut | Broken:
    head, rest = _head(record)
    status = _STATUS.match(head)
    is_revisit = record.type == "revisit"
    if status is None and not (is_revisit and not head.strip()):
        return Broken("it holds no HTTP answer", record.uri)
    headers = _headers(head)
    capture = replace(answer.capture, headers=_kept(headers))
    if status:
        capture = replace(
            capture,
            status=int(status[2]),
            http_version=status[1].decode("latin-1"),
            reason_phrase=status[3].decode("latin-1").rstrip(),
        )
    if is_revisit:
        moment = instant(record.field("WARC-Refers-To-Date"))
        url = (record.field("WARC-Refers-To-Target-URI") or "").strip("<> ") or record.uri
        original = Original(url, moment, has_head=status is not None)
        return replace(answer, capture=capture, repeats=original)
    if not (everything or is_page_type(capture.content_type)):
        return LeftOut("no page", record.uri)
    if record.left > BODY_BYTES:
        return LeftOut("too large", record.uri)
    body, is_whole = rest + record.read(record.left), True
    if "chunked" in (_first(headers, "transfer-encoding") or "").lower():
        body, is_whole = unchunked(body)
    elif (promised := _first(headers, "content-length") or "").isdecimal():
        is_whole = len(body) >= int(promised[:18]) or capture.status in _BODILESS
    truncated = capture.truncated or not is_whole
    return replace(answer, capture=replace(capture, body=body, truncated=truncated))


def _head(record: Record) -> tuple[bytes, bytes]:
    """The status line and headers, and what was read beyond them."""
    read = b""
    while record.left and len(read) < HEAD_BYTES:
        read += record.read(min(record.left, 1 << 16))
        if end := _BLANK_LINE.search(read):
            return read[: end.start()], read[end.end() :]
    return read, b""


def _headers(head: bytes) -> list[tuple[str, str]]:
    """The headers below a status line, in their order; folded lines are joined."""
    found: list[tuple[str, str]] = []
    for line in head.decode("latin-1").split("\n")[1:]:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif colon and name.strip():
            found.append((name.strip(), value.strip(" \t\r")))
    return found


def _kept(headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in headers if pair[0].lower() != "transfer-encoding")


def _first(headers: list[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def is_page_type(content_type: str | None) -> bool:
    """Whether something of this type may be a page.

    >>> [is_page_type(kind) for kind in ("Text/HTML; charset=utf-8", None, "image/png")]
    [True, True, False]
    """
    return bool(_PAGE_TYPES.match((content_type or "").partition(";")[0].strip().lower()))


def instant(text: str | None) -> datetime | None:
    """The instant that a record names, in UTC; None where it names none.

    >>> instant("2016-07-11T12:00:00.5Z")
    datetime.datetime(2016, 7, 11, 12, 0, 0, 500000, tzinfo=datetime.timezone.utc)
    >>> instant("2016-07"), instant("yesterday")
    (datetime.datetime(2016, 7, 1, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    found = _DATE.match((text or "").strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    micro = int(f"{found[7] or '.':0<7}"[1:7])
    try:
        return datetime(year, month or 1, day or 1, hour, minute, min(second, 59), micro, UTC)
    except ValueError:
        return None


def unchunked(body: bytes) -> tuple[bytes, bool]:
    r"""A body without its chunks (RFC 9112, section 7.1), and whether it is whole.

    Many programs undo the chunks and leave the header that speaks of them: such a body is taken
    as it is.

    >>> unchunked(b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"), unchunked(b"<p>Wikipedia")
    ((b'Wikipedia', True), (b'<p>Wikipedia', True))
    """
    parts: list[bytes] = []
    at = 0
    while size := _CHUNK.match(body, at):
        length, start = int(size[1], 16), size.end()
        if length == 0:
            return b"".join(parts), True
        end = start + length
        ending = body[end : end + 2]
        if ending and not ending.startswith((b"\r\n", b"\n")):
            break
        parts.append(body[start:end])
        at = end + (2 if ending == b"\r\n" else 1)
    if not parts:
        return body, True
    return b"".join((*parts, body[at:])), False
