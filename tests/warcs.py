"""WARC files as other people's programs write them: made with warcio, or by hand where that is too
well-behaved."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable

import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.warc.answers import Answer, LeftOut, answers
from crawler.warc.records import Broken

DATE = "2020-05-17T12:00:00Z"


def answered(url: str, body: bytes, **more: object) -> bytes:
    """One record of an answer, not compressed: what ``more`` gives replaces the usual."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    headers = more.get("headers", [("Content-Type", "text/html; charset=utf-8")])
    head = StatusAndHeaders(str(more.get("status", "200 OK")), headers, protocol="HTTP/1.1")
    fields = {"WARC-Date": more.get("date", DATE), **(more.get("fields") or {})}  # type: ignore[dict-item]
    record = writer.create_warc_record(
        url,
        str(more.get("type", "response")),
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=head,
        warc_headers_dict=fields,
    )
    writer.write_record(record)
    return out.getvalue()


def repeated(url: str, digest: str, of: str, of_date: str, date: str = DATE) -> bytes:
    """One revisit record, as warcio writes it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    head = StatusAndHeaders("200 OK", [("X-Seen", "again")], protocol="HTTP/1.1")
    fields = {"WARC-Date": date}
    writer.write_record(
        writer.create_revisit_record(
            url, digest, of, of_date, http_headers=head, warc_headers_dict=fields
        )
    )
    return out.getvalue()


def by_hand(fields: Iterable[str], block: bytes) -> bytes:
    """One record whose header lines are given."""
    lines = ["WARC/1.0", *fields, f"Content-Length: {len(block)}", "", ""]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def record_of(kind: str, url: str | None, block: bytes, *fields: str) -> bytes:
    """One record of any type, in the fewest fields."""
    named = [] if url is None else [f"WARC-Target-URI: {url}"]
    return by_hand([f"WARC-Type: {kind}", f"WARC-Date: {DATE}", *named, *fields], block)


def zipped(*records: bytes) -> bytes:
    """Each record compressed by itself, as WARC.gz wants it."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def zstd_packed(*records: bytes, dictionary: bytes | None = None) -> bytes:
    """Each record a zstd frame; with a dictionary, it comes first in a frame to be skipped."""
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    packer = zstandard.ZstdCompressor(dict_data=known)
    head = b""
    if dictionary:
        head = b"\x5d\x2a\x4d\x18" + len(dictionary).to_bytes(4, "little") + dictionary
    return head + b"".join(packer.compress(each) for each in records)


def found_in(content: bytes, **options: bool) -> list[Answer | LeftOut | Broken]:
    """What is read from a file of this content."""
    return list(answers(io.BytesIO(content), **options))


def bodies(content: bytes) -> list[bytes]:
    """The bodies of the answers in a file."""
    return [each.capture.body for each in found_in(content) if isinstance(each, Answer)]


def losses(content: bytes) -> list[Broken]:
    """What could not be read of a file."""
    return [each for each in found_in(content) if isinstance(each, Broken)]
