"""A stand-in for the Wayback Machine on loopback: its list of captures, and the captures.

It speaks as the real one does, and misbehaves on request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from crawler.cdx import instant_of
from tests.serving import Answering, served
from tests.storing import NOW


@dataclass
class Held:
    """One capture."""

    timestamp: str
    original: str
    body: bytes = b""
    status: str = "200"
    type: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    """What the site once sent."""
    answer: int = 200
    """What the stand-in answers for it."""
    location: str | None = None
    """Where the stand-in sends on instead."""
    truth: str | None = None
    """The time that it really is of, where the list lies."""


@dataclass
class StandIn:
    """What it holds, how it behaves, and what it was asked."""

    url: str = ""
    held: list[Held] = field(default_factory=list)
    rows_at_once: int = 1000
    robots: str = ""
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Answers to the next questions, whatever they ask."""
    raw: list[bytes] = field(default_factory=list)
    """Answers to the next questions for the list, as they are."""
    filters: bool = True
    """Whether it leaves out of its list what it was told to."""
    endless: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def lists(self) -> list[str]:
        """The questions for the list."""
        return [each for each in self.asked if each.startswith("/cdx/")]

    @property
    def mementos(self) -> list[str]:
        """The captures asked for."""
        return [each for each in self.asked if each.startswith("/web/")]

    def rows(self, query: dict[str, list[str]]) -> bytes:
        """The list, or the part of it that was asked for."""
        if self.raw:
            return self.raw.pop(0)
        found = sorted(self.held, key=lambda each: (each.original, each.timestamp))
        if self.filters:
            found = [each for each in found if (each.status, each.type) == ("200", "text/html")]
        start = int(query.get("resumeKey", ["0"])[0])
        shown = found[start : start + self.rows_at_once]
        lines = [["timestamp", "original", "mimetype", "statuscode"]]
        lines += [[each.timestamp, each.original, each.type, each.status] for each in shown]
        end = start + len(shown)
        if self.endless or end < len(found):
            lines += [[], [str(0 if self.endless else end)]]
        return ("[" + ",\n".join(json.dumps(line) for line in lines) + "]\n").encode()

    def capture(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """One capture, by its address."""
        match = re.match(r"/web/(\d+)id_/(.*)", path)
        for each in self.held:
            if match and (each.timestamp, each.original) == match.groups():
                return self._answer(each)
        return 404, {}, b"no capture"

    @staticmethod
    def _answer(held: Held) -> tuple[int, dict[str, str], bytes]:
        if held.location:
            return 302, {"Location": held.location}, b""
        taken_at = instant_of(held.truth or held.timestamp, NOW)
        headers = {f"x-archive-orig-{name.lower()}": text for name, text in held.headers.items()}
        headers["Content-Type"] = "text/html"
        if taken_at:
            headers["Memento-Datetime"] = format_datetime(taken_at, usegmt=True)
        return held.answer, headers, held.body


@contextmanager
def wayback(*held: Held) -> Iterator[StandIn]:
    """Serve on loopback."""
    here = StandIn(held=list(held))

    class Handler(Answering):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/robots.txt":
                self.answer(200 if here.robots else 404, here.robots.encode())
                return
            here.asked.append(self.path)
            if here.refusals:
                status, headers = here.refusals.pop(0)
                self.answer(status, headers=headers)
            elif parts.path == "/cdx/search/cdx":
                rows = here.rows(parse_qs(parts.query))
                self.answer(200, rows, {"Content-Type": "application/json"})
            else:
                status, headers, body = here.capture(self.path)
                self.answer(status, body, headers)

    with served(Handler) as port:
        here.url = f"http://127.0.0.1:{port}"
        yield here
