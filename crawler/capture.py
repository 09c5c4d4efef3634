"""A capture: the bytes that a server sent, with everything needed to prove and to read them
again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """One response, as it was received.

    ``body`` is the payload before any content decoding (gzip, br, zstd as sent);
    ``content()`` of the reader undoes that. ``fetched_at`` is an aware UTC instant.
    """

    url: str
    """The address that was asked for."""
    fetched_at: datetime
    """When the response arrived, aware, UTC."""
    status: int
    """The HTTP status; 200 for a page taken from a file."""
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers in the order received, names as sent, values as latin-1 text."""
    body: bytes = b""
    """The payload as it came over the wire, before content decoding."""
    final_url: str | None = None
    """Where redirects ended, or None when there were none."""
    redirects: tuple[str, ...] = ()
    """The addresses passed through on the way, in order, without the last."""
    truncated: bool = False
    """True where the body ended before the length that the server had promised."""
    http_version: str | None = None
    """What the status line begins with, as ``HTTP/1.1``; None where it is not known."""
    reason_phrase: str | None = None
    """What the status line ends with, as ``Not Found``; None where it is not known."""
    origin: str | None = None
    """Where it was taken from, if not from its own address: somebody's web archive, or the feed of
    the site that gave its text; else None."""

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of ``body``."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def address(self) -> str:
        """Where the page really stands: ``final_url`` if there was a redirect, else ``url``."""
        return self.final_url or self.url

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def content_type(self) -> str | None:
        """The ``Content-Type`` header as the server sent it, or None."""
        return self.header("content-type")
