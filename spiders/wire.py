"""The wire: where requests leave in their host's turn, and answers arrive as they were sent."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from crawler.capture import Capture
from crawler.urls import host_of


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, behind the host's turn.

    Everything that goes out passes here, robots.txt and redirects included, so this is where the
    pace of a host is kept.
    """

    async def download_request(self, request: Request) -> Response:
        spider = self._crawler.spider
        delay_seconds = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        await spider.pace.turn(host_of(request.url), delay_seconds)  # type: ignore[union-attr]
        response = await super().download_request(request)
        request.meta["answered_at"] = datetime.now(UTC)
        return response


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
        truncated="dataloss" in response.flags,
    )


def _headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
