"""Loopback stand-ins for whom an alarm is told: a webhook, and a mail server that takes all."""

from __future__ import annotations

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from tests.serving import Answering, served


@dataclass
class Webhook:
    """A webhook, and what was posted to it; ``refuse`` lets the next so many posts fail."""

    port: int
    posts: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    refuse: int = 0

    @property
    def address(self) -> str:
        """In apprise's writing, with a token that nobody else may see."""
        return f"json://localhost:{self.port}/s3cret-token/"


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A webhook on loopback while the block runs."""

    class Handler(Answering):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.paths.append(self.path)
            if here.refuse:
                here.refuse -= 1
                self.send_error(500)
                return
            here.posts.append(json.loads(body))
            self.answer(200)

    with served(Handler) as port:
        here = Webhook(port)
        yield here


@dataclass
class Mailbox:
    """A mail server, and what it was given: (from, to, message)."""

    port: int
    mails: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        """In apprise's writing."""
        return f"mailto://localhost:{self.port}?from=archive@daily.example&to=desk@daily.example"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback while the block runs (RFC 5321, as little as a client needs)."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 localhost")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "DATA":
                    self._say("354 go on")
                    self._take()
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            here.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self._say("250 taken")

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with served(Handler) as port:
        here = Mailbox(port)
        yield here
