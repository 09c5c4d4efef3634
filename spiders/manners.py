"""Manners towards hosts, as Scrapy middlewares: robots.txt, Retry-After, staying on the site."""

from __future__ import annotations

import re
from typing import Any, Self
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.errors import Unreadable
from crawler.parsing.decoding import TooLong, decode_content
from crawler.urls import canonical_url, host_of, is_own
from spiders.wire import PAUSING, capture_of

#: How often one page is tried again after such pauses within a run.
PATIENCE = 2

_FORBIDDEN = b"User-agent: *\nDisallow: /\n"
_AGENT_LINE = re.compile(r"[ \t]*user[ -]?agent[ \t]*:?[ \t]*([^#]*)", re.I)
#: Stands for everybody whom a group of rules may mean and who is not us.
_SOMEBODY_ELSE = "-"


class OffSite(IgnoreRequest):
    """The address is not one of the site's own."""


class _Manner:
    """What the middlewares share: the crawler, its spider and its site."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def spider(self) -> Any:
        return self.crawler.spider


class RobotsAnswers(_Manner):
    """What a server's answer to the question for robots.txt means (RFC 9309, section 2.3.1).

    Scrapy's own middleware asks once per host and judges addresses by the rules; this one stands
    behind it and turns answers into rules: 4xx allows everything; a server that fails or can't be
    reached forbids everything for this run, and its pages stay due. Texts are kept in ``texts`` for
    the sitemaps they name, and the Crawl-delay is passed on to the pace.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.texts: dict[str, str] = {}
        self.unreachable: set[str] = set()
        self._most_bytes = crawler.settings.getint("HEMEROTECA_LONGEST_ROBOTS_BYTES")
        crawler.signals.connect(self.slow_down, signals.robots_parsed)
        crawler.signals.connect(self.hang_up, signals.bytes_received)

    def process_response(self, request: Request, response: Response) -> Response:
        if not _is_robots(request):
            return response
        if response.status >= 500 or response.status == 429:
            return self._unreachable(request)
        text = self._text(response) if response.status == 200 else b""
        self.texts[_asked_host(request)] = rules = text.decode("utf-8-sig", "replace")
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        return Response(response.url, body=rules_for(agent, rules).encode(), request=request)

    def hang_up(self, data: bytes, request: Request) -> None:
        """Take no more of a robots.txt than is read."""
        if not _is_robots(request):
            return
        received = request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
        if received > self._most_bytes:
            raise StopDownload(fail=False)

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        if not _is_robots(request) or isinstance(exception, OffSite):
            return None
        return self._unreachable(request)

    def slow_down(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        seconds = robotparser.crawl_delay(agent)
        if seconds:
            host, usual = host_of(request.url), self.spider.delay_seconds
            self.spider.pace.slow_down(host, float(seconds), usual)

    def _unreachable(self, request: Request) -> Response:
        self.unreachable.add(_asked_host(request))
        return Response(request.url, body=_FORBIDDEN, request=request)

    def _text(self, response: Response) -> bytes:
        """Its beginning, in whole lines: half a rule may forbid what it doesn't mean."""
        capture = capture_of(response, response.url)
        try:
            text = decode_content(capture.body, capture.headers, self._most_bytes)
        except TooLong as fault:
            text = fault.beginning
        except Unreadable:
            return b""
        is_cut = len(text) >= self._most_bytes or "download_stopped" in response.flags
        return text[: self._most_bytes].rpartition(b"\n")[0] if is_cut else text


def rules_for(agent: str, text: str) -> str:
    """A robots.txt in which everybody whom its groups name beside us is one and the same.

    A parser keeps every rule for every name: some thousand names over some thousand rules, which
    fit in the bytes that are read, would fill its memory.

    >>> rules_for("Hemeroteca", "User-agent: x\\nUser-agent: y\\nUser-agent: *\\nDisallow: /x")
    'User-agent: -\\nUser-agent: *\\nDisallow: /x'
    """
    kept: list[str] = []
    group: set[str] = set()
    for line in text.splitlines():
        match = _AGENT_LINE.match(line)
        if match is None:
            if line.strip() and not line.lstrip().startswith("#"):
                group = set()
            kept.append(line)
            continue
        named = match[1].strip().lower()
        is_us = named == "*" or (bool(named) and named.replace("*", "") in agent.lower())
        name = named if is_us else _SOMEBODY_ELSE
        if name not in group:
            group.add(name)
            kept.append(f"User-agent: {name}")
    return "\n".join(kept)


def _is_robots(request: Request) -> bool:
    """Whether Scrapy asks for a robots.txt: only then does it pass its own check."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def _asked_host(request: Request) -> str:
    """The host whose robots.txt was asked for, before any redirects."""
    return host_of(request.meta.get("redirect_urls", [request.url])[0])


class Patience(_Manner):
    """After a 429 or 503 and the pause that comes with it, the same page is asked for again."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        tries = request.meta.get("patience", 0)
        is_over = tries >= PATIENCE or self.spider.pace.is_paused(host_of(request.url))
        if response.status not in PAUSING or is_over:
            return response
        again = request.replace(dont_filter=True)
        again.meta["patience"] = tries + 1
        return again


class StayOnSite(_Manner):
    """No request leaves for a host that is not the site's own, redirected or not.

    That covers private addresses too: a public site can't send the crawler into a local network,
    since only a site that was itself named by such an address has it among its hosts.
    """

    def process_request(self, request: Request) -> None:
        if not is_own(request.url, self.spider.profile):
            raise OffSite(f"not on the site: {request.url}")

    def process_response(self, request: Request, response: Response) -> Response:
        location = response.headers.get("Location")
        if location and 300 <= response.status < 400 and response.status != 304:
            target = urljoin(request.url, location.decode("latin-1"))
            if not is_own(canonical_url(target), self.spider.profile):
                raise OffSite(f"redirected off site, to {host_of(target) or target[:200]}")
        return response
