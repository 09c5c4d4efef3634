"""The wire: where requests leave in their host's turn, and answers arrive as they were sent."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from crawler.capture import Capture
from crawler.parsing.endings import is_unclosed
from crawler.urls import host_of
from spiders.pace import HostPaused, Pace

#: Scrapy hands headers on, but not the reason phrase: here it travels as the last of them.
PHRASE = b"Hemeroteca-Reason-Phrase"

#: Statuses by which a server asks for a pause (RFC 6585, section 4; RFC 9110, section 15.6.4).
PAUSING = (429, 503)


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, behind the host's turn.

    Everything that goes out passes here, robots.txt and redirects included, so this is where the
    pace of a host is kept. A pause that an answer asks for begins here too: the next request is
    already waiting, and would be on its way before any middleware has seen the answer.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        most_bytes = crawler.settings.getint("HEMEROTECA_LONGEST_HEAD_BYTES")
        # Twisted would send a request again by itself, out of turn, where a kept connection broke.
        self._pool.retryAutomatically = False
        patience = crawler.settings.getfloat("HEMEROTECA_SLOW_ANSWER_SECONDS")
        self._pool._factory = _with_whole_heads(self._pool._factory, most_bytes, patience)
        self._drip = Drip(patience, crawler.settings.getint("HEMEROTECA_SLOW_ANSWER_BYTES"))
        crawler.signals.connect(self._drip.note, signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        spider: Any = self._crawler.spider
        pace: Pace = spider.pace
        host = host_of(request.url)
        delay_seconds = spider.delay_of(host)
        async with pace.door(host, delay_seconds):
            await pace.turn(host, delay_seconds)
            try:
                response = await pace.until_the_end(super().download_request(request))
            except HostPaused:  # the run ends
                raise
            except Exception:
                pace.note_failure(host, delay_seconds, answered=False)
                raise
        now = request.meta["answered_at"] = spider.clock.now()
        if response.status in PAUSING:
            asked = retry_after(response.headers.get("Retry-After"), now)
            request.meta["pause_seconds"] = pace.pause(host, asked, delay_seconds)
        elif response.status >= 500:
            pace.note_failure(host, delay_seconds, answered=True)
        else:
            pace.note_answer(host, delay_seconds)
        return response

    async def close(self) -> None:
        """Let the connections end, for a moment at most.

        Scrapy's own way ends its waiting by a timer that, where many sites end at once and the loop
        is busy, comes after the end, and fills the terminal with tracebacks.
        """
        pool: Any = self._pool
        ended = pool.closeCachedConnections().asFuture(asyncio.get_running_loop())
        await asyncio.wait({ended}, timeout=self._disconnect_timeout)


class Drip:
    """Hangs up on answers that drip: they hold their host's turn, and a run, for nothing."""

    def __init__(self, seconds: float, bytes_a_second: int) -> None:
        self._seconds = seconds
        self._rate = bytes_a_second

    def note(self, data: bytes, request: Request) -> None:
        """Some of an answer's body has come.

        Raises :class:`StopDownload` where the whole is too slow after a while.
        """
        began, received = request.meta.get("body_so_far", (time.monotonic(), 0))
        received += len(data)
        request.meta["body_so_far"] = began, received
        elapsed = time.monotonic() - began
        if elapsed > self._seconds and received < elapsed * self._rate:
            raise StopDownload(fail=True)


def _with_whole_heads(factory: type[Any], most_bytes: int, most_seconds: float) -> type[Any]:
    """A maker of connections like ``factory`` that hand on the reason phrase of an answer, too.

    They hang up on an answer whose head never ends: Twisted bounds one line of a head, not their
    number nor the time that they take, and Scrapy's limit holds for bodies.
    """

    class WholeHeads(factory):  # type: ignore[misc]
        def buildProtocol(self, address: Any) -> Any:
            protocol = super().buildProtocol(address)
            receive, parser, received, began = protocol.dataReceived, None, 0, 0.0
            ask = protocol.request
            protocol.request = lambda request: ask(request).addCallback(_with_phrase)

            def bounded(data: bytes) -> None:
                nonlocal parser, received, began
                if protocol._parser is not parser:
                    parser, received, began = protocol._parser, 0, time.monotonic()
                if parser is not None and parser.state in ("STATUS", "HEADER"):
                    received += len(data)
                    if received > most_bytes or time.monotonic() - began > most_seconds:
                        protocol.transport.abortConnection()
                        return
                receive(data)

            protocol.dataReceived = bounded
            return protocol

    return WholeHeads


def _with_phrase(answer: Any) -> Any:
    answer.headers.addRawHeader(PHRASE, answer.phrase)
    return answer


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, in either of its forms; None without one,
    or where the time is over already: the server's clock is wrong, or its answer old.

    >>> retry_after(b"120", datetime(2024, 1, 1, tzinfo=UTC))
    120.0
    >>> retry_after(b"Mon, 01 Jan 2024 00:01:00 GMT", datetime(2024, 1, 1, tzinfo=UTC))
    60.0
    >>> retry_after(b"Mon, 01 Jan 2024 00:00:00 GMT", datetime(2024, 1, 2, tzinfo=UTC)) is None
    True
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    seconds = (instant.replace(tzinfo=instant.tzinfo or UTC) - now).total_seconds()
    return seconds if seconds > 0 else None


def capture_of(response: Response, url: str) -> Capture:
    """The answer to the question for ``url`` as it was received.

    The body is as it came, before any content decoding. Twisted hands headers on in the order of
    their first appearance and in its own capitalisation.
    """
    meta = response.request.meta if response.request else {}
    redirects = tuple(meta.get("redirect_urls", ()))
    return Capture(
        url=url,
        fetched_at=meta.get("answered_at") or datetime.now(UTC),
        status=response.status,
        headers=_headers_of(response),
        body=response.body,
        final_url=response.url if redirects and response.url != url else None,
        redirects=redirects[1:],
        truncated="dataloss" in response.flags or _is_potentially_cut(response),
        http_version=response.protocol,
        reason_phrase=_phrase_of(response),
    )


def _is_potentially_cut(response: Response) -> bool:
    """Whether nobody promised a length (HTTP/1.0), and a page was not closed when it ended."""
    return (
        "partial" in response.flags
        and not response.headers.get("Content-Encoding")
        and is_unclosed(response.body)
    )


def _headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        if name != PHRASE
        for value in values
    )


def _phrase_of(response: Response) -> str | None:
    phrases = response.headers.getlist(PHRASE)
    return phrases[-1].decode("latin-1") if phrases else None
