"""A misbehaving site on loopback: it answers with whatever bytes it is told to, or never ends."""

from __future__ import annotations

import contextlib
import itertools
import socket
import socketserver
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.crawling import article
from tests.serving import served

#: What a path is answered with: bytes as they are, or somebody who writes to the connection.
Answer = bytes | Callable[[socket.socket], None]

#: No answer goes on for longer than this, so that a site can be shut down.
LONGEST_SECONDS = 60.0


def response(
    body: str | bytes = b"", *headers: str, status: str = "200 OK", kind: str = "text/html"
) -> bytes:
    """A well-formed answer; a header given as ``Name: value`` takes the place of a usual one."""
    content = body.encode() if isinstance(body, str) else body
    usual = {"Content-Type": kind, "Content-Length": str(len(content)), "Connection": "close"}
    named = {each.partition(":")[0].lower() for each in headers}
    lines = [f"HTTP/1.1 {status}", *headers]
    lines += [f"{name}: {value}" for name, value in usual.items() if name.lower() not in named]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + content


def endless(head: bytes, piece: bytes, pause_seconds: float = 0.0) -> Callable[..., None]:
    """An answer that begins with ``head`` and goes on with ``piece`` until nobody listens."""

    def send(connection: socket.socket) -> None:
        until = time.monotonic() + LONGEST_SECONDS
        connection.sendall(head)
        while time.monotonic() < until:
            connection.sendall(piece)
            if pause_seconds:
                time.sleep(pause_seconds)

    return send


def silent(connection: socket.socket) -> None:
    """The server takes the question and says nothing."""
    connection.settimeout(LONGEST_SECONDS)
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """The connection breaks half-way, by a reset."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<html><body><p>The first ")
    time.sleep(0.05)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def headline(number: int) -> str:
    return f"Harbour report number {number}"


def path(number: int) -> str:
    return f"/world/harbour-report-number-{number}/"


def listing(paths: Iterable[str], more: str = "") -> bytes:
    """A page that links to others."""
    links = "".join(f"<h2><a href='{each}'>A headline of many words</a></h2>" for each in paths)
    return response(f"<html><body>{links}{more}</body></html>")


@dataclass
class HostileSite:
    """What is served, and the paths that were asked for."""

    url: str
    answers: dict[str, Answer]
    otherwise: Callable[[str], Answer | None] | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self, target: str) -> Answer:
        """What a path is answered with; 404 for one that nobody thought of."""
        if target in self.answers:
            return self.answers[target]
        found = self.otherwise(target) if self.otherwise else None
        return found or response("<h1>Not found</h1>", status="404 Not Found")


@contextmanager
def hostile(
    answers: dict[str, Answer] | None = None,
    *,
    good: int = 5,
    otherwise: Callable[[str], Answer | None] | None = None,
) -> Iterator[HostileSite]:
    """A site of ``good`` articles, linked from the front page, and of what is given besides.

    The front page links to everything given under ``/world/``; what is given takes the place of
    what would be there otherwise. ``otherwise`` answers for paths that nobody named.
    """
    given = dict(answers or {})
    pages: dict[str, Answer] = {path(n): response(article(headline(n))) for n in range(good)}
    named = dict.fromkeys([*(each for each in given if each.startswith("/world/")), *pages])
    site = HostileSite("", {"/": listing(named), **pages, **given}, otherwise)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                target = _asked(self.request)
                if target is None:
                    return
                site.asked.append(target)
                answer = site.answer(target)
                if isinstance(answer, bytes):
                    self.request.sendall(answer)
                else:
                    answer(self.request)

    with served(Handler) as port:
        site.url = f"http://127.0.0.1:{port}/"
        yield site


def _asked(connection: socket.socket) -> str | None:
    """The path of the request on a connection, once its head is in."""
    connection.settimeout(LONGEST_SECONDS)
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return None
        head += piece
    return head.split(b" ", 2)[1].decode("latin-1")


def counted(template: str) -> Callable[[], str]:
    """Ever new texts from a template with one ``{}``."""
    numbers = itertools.count()
    return lambda: template.format(next(numbers))
