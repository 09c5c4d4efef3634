"""WACZ 1.1.1: a ZIP file that holds WARC files, an index of them, and a list of pages.

Written as a stream: the records go straight into the package, while the index and the pages wait
in temporary files. https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import hashlib
import heapq
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import IO, Any, Self, cast
from urllib.parse import quote, urlsplit

from crawler.capture import Capture
from crawler.warc.writing import WarcFile, WarcRecord

WACZ_VERSION = "1.1.1"
WARC_NAME, INDEX_NAME, PAGES_NAME = "archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": False}

#: Lines of the index that are sorted in memory; more of them are sorted in files and merged.
LINES_AT_ONCE = 100_000

#: The parts of a package that are read: WARC files, wherever they lie.
_WARC_NAME = re.compile(r"\.warc(?:\.gz|\.zst)?\Z", re.IGNORECASE)


class _Part:
    """A part of a package, counted and hashed while it is written."""

    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self._name = name
        self._file = package.open(name, "w", force_zip64=True)
        self._sha256 = hashlib.sha256()
        self._size = 0

    def write(self, content: bytes) -> None:
        """Write on."""
        self._sha256.update(content)
        self._size += len(content)
        self._file.write(content)

    def close(self) -> dict[str, Any]:
        """End it; what the package says of it."""
        self._file.close()
        return {
            "name": self._name.rpartition("/")[2],
            "path": self._name,
            "hash": f"sha256:{self._sha256.hexdigest()}",
            "bytes": self._size,
        }


class WaczFile:
    """A package that is being written; used as a context manager, so that nothing is left open."""

    def __init__(self, out: IO[bytes]) -> None:
        self._held = ExitStack()
        self._zip = self._held.enter_context(zipfile.ZipFile(out, "w", zipfile.ZIP_STORED))
        self._pages = self._temporary()
        self._pages.write(_json_line(_PAGES_HEAD))
        self._sorted: list[IO[bytes]] = []
        self._lines: list[bytes] = []
        self._part = _Part(self._zip, WARC_NAME)
        self._warc = WarcFile(self._part)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self._held:
            self._part.close()

    def add(self, record: WarcRecord, capture: Capture | None = None) -> None:
        """Write a record; with its capture, it can be looked up."""
        offset, length = self._warc.add(record)
        if capture is None:
            return
        entry = {
            "url": capture.address,
            "mime": "warc/revisit" if record.type == "revisit" else _type_of(capture),
            "status": str(capture.status),
            "digest": dict(record.fields)["WARC-Payload-Digest"],
            "length": str(length),
            "offset": str(offset),
            "filename": WARC_NAME.rpartition("/")[2],
        }
        key = f"{surt(capture.address)} {capture.fetched_at:%Y%m%d%H%M%S} "
        self._lines.append(key.encode() + _json_line(entry))
        if len(self._lines) >= LINES_AT_ONCE:
            self._sort_out()

    def add_page(self, capture: Capture, title: str) -> None:
        """Name a capture in the list of pages."""
        moment = capture.fetched_at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        named = hashlib.sha256(f"{capture.address} {moment}".encode()).hexdigest()[:22]
        page = {"id": named, "url": capture.address, "ts": moment, "title": title}
        self._pages.write(_json_line(page))

    def finish(self, software: str, made_at: datetime, title: str) -> None:
        """Write what tells about the records: index, pages, and the package's own description."""
        self._pages.seek(0)
        resources = [
            self._part.close(),
            self._resource(INDEX_NAME, heapq.merge(*self._sorted, sorted(self._lines))),
            self._resource(PAGES_NAME, self._pages),
        ]
        package = {
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            "software": software,
            "created": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
            "title": title,
            "resources": resources,
        }
        content = json.dumps(package, ensure_ascii=False, indent=2).encode()
        digest = {
            "path": "datapackage.json",
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        self._zip.writestr("datapackage.json", content)
        self._zip.writestr("datapackage-digest.json", json.dumps(digest, indent=2))

    def _temporary(self) -> IO[bytes]:
        return cast(IO[bytes], self._held.enter_context(tempfile.TemporaryFile()))

    def _sort_out(self) -> None:
        held = self._temporary()
        held.writelines(sorted(self._lines))
        held.seek(0)
        self._sorted.append(held)
        self._lines.clear()

    def _resource(self, name: str, lines: Iterable[bytes]) -> dict[str, Any]:
        part = _Part(self._zip, name)
        for line in lines:
            part.write(line)
        return part.close()


def _json_line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _type_of(capture: Capture) -> str:
    return (capture.content_type or "").partition(";")[0].strip() or "unk"


_WWW = re.compile(r"www\d*\.")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def surt(url: str) -> str:
    """An address in the order in which web archives sort: the host from its end, then the path.

    >>> surt("https://www.Example.org:443/News/?b=2&a=1#top")
    'org,example)/news?a=1&b=2'
    """
    try:
        parts = urlsplit(url.lower())
        host, port = _WWW.sub("", parts.hostname or "", count=1), parts.port
    except ValueError:
        return _in_ascii(url.lower())
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    turned = host if ":" in host else ",".join(reversed(host.split(".")))
    if port not in (None, {"http": 80, "https": 443}.get(parts.scheme)):
        turned += f":{port}"
    query = "&".join(sorted(parts.query.split("&")))
    path = parts.path.rstrip("/") or "/"
    return _in_ascii(f"{turned}){path}{'?' if query else ''}{query}")


def _in_ascii(text: str) -> str:
    return quote(text, safe=_PRINTABLE).lower()


def warc_parts(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """The WARC files in a package, each with its name.

    Raises :class:`zipfile.BadZipFile` where it is no ZIP file, or one that breaks off.
    """
    with zipfile.ZipFile(file) as package:
        for name in package.namelist():
            if _WARC_NAME.search(name):
                with package.open(name) as part:
                    yield name, part
