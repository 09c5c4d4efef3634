"""Manners towards hosts, as Scrapy middlewares: robots.txt, Retry-After, staying on the site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from crawler.errors import Unreadable
from crawler.parsing.decoding import TooLong, decode_content
from crawler.urls import canonical_url, host_of, is_own
from spiders.wire import PAUSING, capture_of

#: A robots.txt holds no longer than this, whatever its server says (RFC 9309, section 2.4), ...
LONGEST_ROBOTS = timedelta(days=1)
#: ... nor is it asked for before every page because its server wants nothing kept.
SHORTEST_ROBOTS = timedelta(minutes=10)
#: A robots.txt that can't be had is asked for again after this time.
UNREACHABLE_FOR = timedelta(minutes=30)
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d+)", re.I)

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


class RobotsRules(RobotsTxtMiddleware):
    """Scrapy's judge of addresses by robots.txt, which asks for rules anew when they run out."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlsplit(request.url).netloc
        answers = self.crawler.get_downloader_middleware(RobotsAnswers)
        known = self._parsers.get(netloc, self)
        is_read = known is None or isinstance(known, RobotParser)  # and not just being asked for
        if is_read and answers is not None and not answers.hold(host_of(request.url)):
            del self._parsers[netloc]
        return await super().robot_parser(request)


class RobotsAnswers(_Manner):
    """What a server's answer to the question for robots.txt means (RFC 9309, section 2.3.1).

    :class:`RobotsRules` asks once per host and judges addresses by the rules; this one stands
    behind it and turns answers into rules: 4xx allows everything; a server that fails or can't be
    reached forbids everything for a while, and its pages stay due. Texts are kept in ``texts`` for
    the sitemaps they name, and in the archive for later runs, as long as they hold; the
    Crawl-delay is passed on to the pace.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.texts: dict[str, str] = {}
        self.unreachable: set[str] = set()
        self._until: dict[str, datetime] = {}
        self._usual = timedelta(seconds=crawler.settings.getfloat("HEMEROTECA_ROBOTS_SECONDS"))
        self._most_bytes = crawler.settings.getint("HEMEROTECA_LONGEST_ROBOTS_BYTES")
        crawler.signals.connect(self.slow_down, signals.robots_parsed)
        crawler.signals.connect(self.hang_up, signals.bytes_received)

    def hold(self, host: str) -> bool:
        """Whether what is known of the host's robots.txt holds now."""
        return host in self._until and self.spider.clock.now() < self._until[host]

    def forbid_all(self, urls: Iterable[str]) -> bool:
        """Whether robots.txt, as it was last had, forbids each of some addresses to us."""
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        rules: dict[str, RobotParser] = {}
        for url in urls:
            host = host_of(url)
            if host in self.unreachable or host not in self.texts:
                return False
            if host not in rules:
                text = rules_for(agent, self.texts[host]).encode()
                rules[host] = ProtegoRobotParser(text, self.spider)
            if rules[host].allowed(url, agent):
                return False
        return True

    def process_request(self, request: Request) -> Response | None:
        """The rules as an earlier run, or another site's crawl, has read them, while they hold."""
        if not _is_robots(request) or "redirect_urls" in request.meta:
            return None
        host = host_of(request.url)
        now = self.spider.clock.now()
        text, until = self.spider.archive.robots(host) or ("", now)
        if not now < until <= now + LONGEST_ROBOTS:
            return None
        self.texts[host], self._until[host] = text, until
        request.meta["robots_known"] = True
        return self._rules(request, text)

    def process_response(self, request: Request, response: Response) -> Response:
        if not _is_robots(request) or "robots_known" in request.meta:
            return response
        if response.status >= 500 or response.status == 429:
            return self._unreachable(request)
        text = self._text(response) if response.status == 200 else b""
        host, rules = _asked_host(request), text.decode("utf-8-sig", "replace").replace("\x00", "")
        self.unreachable.discard(host)
        self.texts[host] = rules
        self._until[host] = self.spider.clock.now() + self._lifetime(response)
        self.spider.archive.keep_robots(host, rules, until=self._until[host])
        return self._rules(request, rules)

    def _rules(self, request: Request, text: str) -> Response:
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        return Response(request.url, body=rules_for(agent, text).encode(), request=request)

    def _lifetime(self, response: Response) -> timedelta:
        """How long an answer holds: as its Cache-Control says, within bounds, or as usual."""
        stated = _MAX_AGE.search((response.headers.get("Cache-Control") or b"").decode("latin-1"))
        if stated is None:
            return min(self._usual, LONGEST_ROBOTS)
        least = min(self._usual, SHORTEST_ROBOTS)
        return min(max(timedelta(seconds=int(stated[1][:9])), least), LONGEST_ROBOTS)

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
            host = host_of(request.url)
            self.spider.pace.slow_down(host, float(seconds), self.spider.delay_of(host))

    def _unreachable(self, request: Request) -> Response:
        host = _asked_host(request)
        request.meta["robots_known"] = True  # this answer is ours, and comes by here again
        self.unreachable.add(host)
        self._until[host] = self.spider.clock.now() + UNREACHABLE_FOR
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


class TimesTold(_Manner):
    """Notes what time it is by the servers: this machine's clock may be wrong."""

    def process_response(self, request: Request, response: Response) -> Response:
        stated = (response.headers.get("Date") or b"").decode("latin-1")
        age = (response.headers.get("Age") or b"").decode("latin-1")
        with suppress(ValueError, TypeError, OverflowError):
            told = parsedate_to_datetime(stated)
            told += timedelta(seconds=int(age[:9]) if age.isdecimal() else 0)
            self.spider.pace.note_time(host_of(request.url), told.astimezone(UTC))
        return response


class StayOnSite(_Manner):
    """No request leaves for a host that is not the site's own, redirected or not.

    That covers private addresses too: a public site can't send the crawler into a local network,
    since only a site that was itself named by such an address has it among its hosts. A web archive
    that the run is to ask stays on its own host, too.
    """

    def process_request(self, request: Request) -> None:
        if not (is_own(request.url, self.spider.profile) or self._is_guest(request.url)):
            raise OffSite(f"not on the site: {request.url}")

    def _is_guest(self, url: str) -> bool:
        return host_of(url) in self.spider.guests

    def process_response(self, request: Request, response: Response) -> Response:
        location = response.headers.get("Location")
        if location and 300 <= response.status < 400 and response.status != 304:
            target = urljoin(request.url, location.decode("latin-1"))
            is_kept = self._is_guest(request.url) and self._is_guest(target)
            if not (is_kept or is_own(canonical_url(target), self.spider.profile)):
                raise OffSite(f"redirected off site, to {host_of(target) or target[:200]}")
        return response
