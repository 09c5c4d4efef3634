"""A stand-in for Common Crawl on loopback: its indexes, and the files that they name."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.capture import Capture
from crawler.warc.writing import WarcFile, capture_record
from tests.serving import Answering, served


@dataclass
class Crawls:
    """What it holds and what it was asked."""

    url: str = ""
    indexes: dict[str, list[list[dict[str, Any]]]] = field(default_factory=dict)
    """Pages of rows by the name of the index."""
    file: io.BytesIO = field(default_factory=io.BytesIO)
    refuses_ranges: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Paths, and the ranges asked for."""

    def hold(self, index: str, url: str, timestamp: str, page: str, **more: Any) -> None:
        """Add a capture, on an index's page of its own."""
        taken_at = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        headers = (("Content-Type", "text/html"), ("Content-Length", str(len(page.encode()))))
        capture = Capture(url, taken_at, 200, headers, page.encode(), http_version="HTTP/1.1")
        out = WarcFile(self.file)
        start = self.file.tell()
        record = capture_record(capture, start, site="x", sha256=capture.sha256)
        _, length = out.add(record)
        row = {"url": url, "timestamp": timestamp, "status": "200", "mime": "text/html"}
        row |= {"filename": "crawl-data/one.warc.gz", "offset": str(start), "length": str(length)}
        self.indexes.setdefault(index, []).append([row | more])

    def answer(self, target: str, ranges: str | None) -> tuple[int, bytes]:
        """Status and body."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path == "/collinfo.json":
            named = [{"id": each, "cdx-api": f"{self.url}/{each}-index"} for each in self.indexes]
            return 200, json.dumps([*named, {"id": "broken"}, 7]).encode()
        if path == "/crawl-data/one.warc.gz":
            match = re.fullmatch(r"bytes=(\d+)-(\d+)", ranges or "")
            whole = self.file.getvalue()
            if match is None or self.refuses_ranges:
                return 200, whole
            return 206, whole[int(match[1]) : int(match[2]) + 1]
        pages = self.indexes.get(path.removeprefix("/").removesuffix("-index"), [])
        number = int(query.get("page", ["0"])[0])
        if number >= len(pages):
            return (400 if pages else 404), b"{}"
        return 200, "".join(json.dumps(row) + "\n" for row in pages[number]).encode()


@contextmanager
def common_crawl() -> Iterator[Crawls]:
    """Serve on loopback."""
    here = Crawls()

    class Handler(Answering):
        def do_GET(self) -> None:
            status, body = 404, b""
            if self.path != "/robots.txt":
                here.asked.append((self.path, self.headers.get("Range")))
                status, body = here.answer(self.path, self.headers.get("Range"))
            self.answer(status, body)

    with served(Handler) as port:
        here.url = f"http://127.0.0.1:{port}"
        yield here
