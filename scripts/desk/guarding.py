"""What stands around every answer of the desk: who may ask, for what, and what a browser may load.

A web page elsewhere can make a browser ask this machine (DNS rebinding: its own name, pointed at
127.0.0.1), so only requests for a known name are answered. Nothing is ever written, so only
reading is let through. The Content-Security-Policy lets no page load anything from elsewhere and
runs no script at all, whatever a stored article says.
"""

from __future__ import annotations

import csv
import io
import ipaddress
import re
import sys
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from storage.exporting.tables import cell

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")

csv.field_size_limit(sys.maxsize)  # an article's text is one cell, and as long as it is

#: ``style-src-attr``: Datasette's own pages colour things by style attributes.
POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Of a page of somebody else's that is shown as it was received: it may run, load and send
#: nothing, and stands in a sandbox. Its own style attributes and sheets set its text.
ARCHIVED_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri http: https:; frame-ancestors 'none'"
)
_ARCHIVED = re.compile(r"/capture/[0-9a-f]{64}/page")

_HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-dns-prefetch-control": b"off",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}

#: Where Datasette's own pages lie: our own write safe cells.
_TABLES = "/archive"

#: What of Datasette tells about the machine rather than about the archive, or takes input.
_CLOSED = ("/-/threads", "/-/metadata", "/-/settings", "/-/config", "/-/plugins", "/-/databases",
           "/-/versions", "/-/actor", "/-/auth-token", "/-/logout", "/-/permissions",
           "/-/messages", "/-/allow-debug", "/-/patterns", "/_internal")  # fmt: skip


class Guard:
    """The outermost layer of the desk."""

    def __init__(self, app: App, names: Callable[[], Collection[str]]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        is_archived = _ARCHIVED.fullmatch(scope["path"]) is not None
        guarded = _with_headers(send, ARCHIVED_POLICY if is_archived else POLICY)
        if scope["path"].startswith(_TABLES) and scope["path"].endswith(".csv"):
            guarded = _with_safe_cells(guarded)
        if refused is None:
            await self._app(scope, receive, guarded)
        else:
            await _refuse(guarded, *refused)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "This desk only reads: nothing can be sent to it.\n"
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if not is_known(host, self._names()):
            sentence = f"This desk is not called {_shown(host)}: ask it by its number"
            return 421, f"{sentence}, or start it with --host {_shown(host)}.\n"
        path = scope["path"]
        if path.startswith(_CLOSED):
            return 404, "There is no such page here.\n"
        return None


def is_known(host: str, names: Collection[str]) -> bool:
    """Whether a ``Host`` header names this desk: by number, or by one of its names.

    >>> is_known("127.0.0.1:8001", []), is_known("[::1]:8001", []), is_known("desk:80", ["desk"])
    (True, True, True)
    >>> is_known("evil.example", ["localhost"]), is_known("", ["localhost"])
    (False, False)
    """
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    if name.lower() in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _shown(host: str) -> str:
    return "".join(letter for letter in host[:80] if letter.isprintable()) or "by no name"


async def _refuse(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


def _with_headers(send: Send, policy: str) -> Send:
    headers = _HEADERS | {b"content-security-policy": policy.encode()}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0].lower() not in _HEADERS]
            message = {**message, "headers": [*kept, *headers.items()]}
        await send(message)

    return sending


def _with_safe_cells(send: Send) -> Send:
    """Make CSV safe for spreadsheets, as an export is: Datasette writes cells as they are."""

    async def sending(message: Message) -> None:
        if message.get("body"):
            message = {**message, "body": safe_rows(message["body"].decode()).encode()}
        await send(message)

    return sending


def safe_rows(text: str) -> str:
    """Whole rows of CSV, with an apostrophe before what a spreadsheet would run.

    >>> safe_rows('-1,"=1+1"\\r\\n')
    "-1,'=1+1\\r\\n"
    """
    made = io.StringIO()
    written = csv.writer(made)
    for row in csv.reader(io.StringIO(text, newline="")):
        written.writerow(value if _NUMBER.fullmatch(value) else cell(value) for value in row)
    return made.getvalue()
