"""Web archives as a source for what a site no longer gives: their lists, and their captures.

A web archive is a host like any other, with a pace and a robots.txt of its own. Its lists go into
the frontier as one more kind of list; what it holds of pages that are lost is had one capture after
the other, and kept under the page's own address, at the time at which it was captured there.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.article import Article
from crawler.capture import Capture
from crawler.cdx import (
    Holdings,
    Memento,
    as_once_sent,
    commoncrawl_indexes,
    commoncrawl_question,
    leads_to,
    out_of_piece,
    read_holdings,
    read_index,
    wayback_question,
)
from crawler.errors import NotAnArticle, Unreadable
from crawler.parsing.decoding import decode_content
from crawler.profile import Profile
from crawler.urls import host_of
from spiders.clock import Clock
from spiders.pace import HostPaused, RequestsSpent
from spiders.reading import Reader, ReadingStopped
from spiders.reasons import is_robots_refusal
from spiders.reports import Report
from spiders.sources import Bounds
from spiders.wire import PAUSING, capture_of
from storage import Archive
from storage.mementos import Wanted, Which

#: What a run asks: the site itself, or a web archive for what the site no longer gives.
Source = Literal["site", "wayback", "commoncrawl"]

#: How the web archives are called in sentences.
TITLES = {"wayback": "the Wayback Machine", "commoncrawl": "Common Crawl"}

#: What a web archive lists of a site changes slowly, and to list it is work for it.
LISTED_FOR = timedelta(days=30)
#: Whether a page that robots.txt forbids is allowed by now is looked up once in this time.
REFUSED_FOR = timedelta(days=1)
#: Captures drawn from the archive at once.
BATCH = 50
#: A capture that sends on to another one of the same page so often leads nowhere.
MOST_REDIRECTS = 3

#: Asks for an address of the web archive; raises with a sentence when it can't be had.
Ask = Callable[[str, dict[str, str]], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a web archive is asked."""

    name: str
    base: str
    """Scheme and host, without a slash at the end."""
    data: str
    """The same of where the captures are."""
    delay_seconds: float
    """The least pause between two requests to it."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are asked."""
        return frozenset({host_of(self.base), host_of(self.data)})


def place_of(source: Source, settings: BaseSettings) -> Place | None:
    """Where the settings say that a web archive stands; None for the site itself."""
    if source == "site":
        return None
    base = settings[f"HEMEROTECA_{source.upper()}"].rstrip("/")
    data = base if source == "wayback" else settings["HEMEROTECA_COMMONCRAWL_DATA"].rstrip("/")
    return Place(source, base, data, settings.getfloat("HEMEROTECA_WEB_ARCHIVE_DELAY_SECONDS"))


class Site(Protocol):
    """What a run knows of the site and lends."""

    profile: Profile
    archive: Archive
    report: Report
    clock: Clock
    reader: Reader
    crawl_id: int

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be asked for."""

    async def allows(self, url: str) -> bool:
        """Whether the site's own robots.txt lets a page be read, as far as it can be had."""

    def reread(self, capture: Capture) -> Article | None:
        """An older capture as today's parser reads it."""

    def settle(self, url: str, outcome: str, reason: str | None = None) -> None:
        """What became of a page."""


class WebArchive(ABC):
    """One web archive, asked for one site in one run."""

    #: Statuses by which it says that a list has no such part.
    past_the_last: tuple[int, ...] = ()

    def __init__(self, place: Place, site: Site, *, ask: Ask, bounds: Bounds) -> None:
        self._place = place
        self._site = site
        self._ask = ask
        self._bounds = bounds

    # What differs from one to the other

    @abstractmethod
    async def _firsts(self, host: str) -> Sequence[str]:
        """The addresses of its lists of a host, the newest first."""

    @abstractmethod
    def _part(self, first: str, key: str | None) -> str:
        """The address of a list from its beginning, or from a place on that it has named."""

    @abstractmethod
    def _read(self, body: bytes, key: str | None) -> Holdings:
        """What a part of a list says."""

    @abstractmethod
    def _is_fresh(self, read_at: datetime) -> bool:
        """Whether a list that was read then to its end is good enough."""

    @abstractmethod
    async def _capture(self, memento: Memento) -> Capture | None:
        """The page as the site once sent it; None where the web archive has no such capture."""

    # What it lists

    async def list(self, *, again: bool) -> None:
        """Read what it holds of every host of the site; ``again`` also where that is known.

        A list that a run leaves off in the middle is gone on with by the next.
        """
        for host in self._site.profile.hosts:
            for first in () if self._site.is_done else await self._firsts(host):
                if not self._site.is_done:
                    await self._list(first, again=again)

    async def _list(self, first: str, *, again: bool) -> None:
        site = self._site
        name = site.profile.name
        state = site.archive.source_state(name, first)
        key = state.goes_on_at if state else None
        is_known = state is not None and self._is_fresh(state.fetched_at)
        if is_known and key is None and not again:
            site.report.lists_not_modified += 1
            return
        seen, vain = {key}, 0
        for _ in range(self._bounds.list_pages):
            holdings = await self._holdings(first, key)
            if holdings is None:
                return
            vain = 0 if self._enlist(holdings) else vain + 1
            key = holdings.goes_on_at
            is_trap = key in seen or (vain >= self._bounds.repeated_pages and not holdings.rows)
            if key is not None and is_trap:
                site.report.lists_failed[first] = "it goes on for ever with the same rows"
                key = None
            site.archive.keep_source(name, first, now=site.clock.now(), goes_on_at=key)
            if key is None or site.is_done:
                return
            seen.add(key)

    async def _holdings(self, first: str, key: str | None) -> Holdings | None:
        """One part of a list; None where there is none to work with, which the report tells."""
        site = self._site
        try:
            answer = await self._ask(self._part(first, key), {})
            if answer.status in self.past_the_last:
                return Holdings((), 0, 0)
            if answer.status != 200:
                if key and 400 <= answer.status < 500 and answer.status != 429:
                    site.archive.keep_source(  # a key that is not taken any more: begin anew
                        site.profile.name, first, now=site.clock.now() - LISTED_FOR
                    )
                raise Unreadable(f"status {answer.status}")
            capture = capture_of(answer, answer.url)
            if capture.truncated:
                raise Unreadable("it broke off")
            body = decode_content(capture.body, capture.headers)
            holdings = await asyncio.to_thread(self._read, body, key)
        except RequestsSpent:
            return None
        except (Unreadable, IgnoreRequest) as refusal:
            site.report.lists_failed[first] = _words(refusal)
            return None
        site.report.lists_read += 1
        site.report.entries_skipped += holdings.skipped
        return holdings

    def _enlist(self, holdings: Holdings) -> bool:
        """Take in what was listed; whether any of it was new."""
        report, bounds = self._site.report, self._bounds
        if not holdings.mementos:
            return False
        if report.listed_new >= bounds.new_addresses:
            report.lists_failed[report.site] = (
                f"more than {bounds.new_addresses:,} new addresses; the others were left out"
            )
            return False
        count = self._site.archive.note_mementos(
            report.site,
            self._place.name,
            holdings.mementos,
            crawl_id=self._site.crawl_id,
            now=self._site.clock.now(),
        )
        report.listed += count.listed
        report.listed_new += count.new
        return count.new > 0

    # What it holds

    async def fetch(self, which: Which) -> None:
        """Have the captures of pages of which no article is held, the last of each first."""
        put_off: set[int] = set()
        while True:
            batch = self._site.archive.wanted_mementos(
                self._site.profile.name,
                self._place.name,
                which=which,
                limit=BATCH + 2 * len(put_off),
            )
            fresh = [each for each in batch if each.frontier_id not in put_off]
            if not fresh:
                return
            for wanted in _one_of_each(fresh):
                came = "stopped" if self._site.is_done else await self._fetch(wanted)
                if came == "stopped":
                    return
                if came == "failed":  # its earlier capture is no substitute for one that is there
                    put_off.add(wanted.frontier_id)

    async def _fetch(self, wanted: Wanted) -> Literal["settled", "failed", "stopped"]:
        """Have one capture and keep what it shows."""
        site = self._site
        try:
            if not await site.allows(wanted.url):
                self._refuse(wanted)
                return "settled"
            site.report.due += 1
            memento = Memento(wanted.url, wanted.taken_at, wanted.address, wanted.byte_range)
            capture = await self._capture(memento)
            if capture is None:
                self._settle(wanted, "missing", None)
                return "settled"
            reading = await site.reader.read(capture, site.profile)
        except (RequestsSpent, ReadingStopped):
            return "stopped"
        except HostPaused:
            site.report.leave(f"{TITLES[self._place.name]} asked for a pause")
            return "stopped"
        except (Unreadable, IgnoreRequest) as refusal:
            site.report.failed[_words(refusal)] += 1
            site.settle(wanted.url, "failed", _words(refusal))
            return "failed"
        self._keep(wanted, capture, reading)
        return "settled"

    def _keep(
        self, wanted: Wanted, capture: Capture, reading: Article | NotAnArticle | Unreadable
    ) -> None:
        """Write it into the archive, at its own time, and never over what came later."""
        site, now = self._site, self._site.clock.now()
        site.report.body_bytes += len(capture.body)
        if site.archive.holds(capture):
            self._settle(wanted, "held", "unchanged")
            return
        about: dict[str, Any] = {"site": site.profile.name, "crawl_id": site.crawl_id, "now": now}
        site.report.fetched += 1
        if isinstance(reading, Article):  # how the page is today is for the site to say
            outcome = site.archive.save(
                capture, reading, next_due_at=now, reread=site.reread, **about
            )
            self._settle(wanted, outcome, outcome)
            return
        outcome = "not_article" if isinstance(reading, NotAnArticle) else "unreadable"
        site.archive.keep(capture, outcome=outcome, reason=str(reading), **about)
        self._settle(wanted, outcome, "not_articles" if outcome == "not_article" else outcome)

    def _refuse(self, wanted: Wanted) -> None:
        """The site forbids the page: it is one that was refused, until a crawl finds otherwise."""
        site, now = self._site, self._site.clock.now()
        site.archive.refuse(
            wanted.url,
            site=site.profile.name,
            reason="robots.txt",
            crawl_id=site.crawl_id,
            now=now,
            next_due_at=now + REFUSED_FOR,
        )
        site.report.outcomes["refused_by_robots"] += 1
        site.settle(wanted.url, "refused_by_robots")

    def _settle(self, wanted: Wanted, outcome: str, counted: str | None) -> None:
        site = self._site
        site.archive.settle_memento(self._place.name, wanted, outcome, now=site.clock.now())
        if counted:
            site.report.outcomes[counted] += 1
        site.settle(wanted.url, counted or outcome)


class Wayback(WebArchive):
    """The Wayback Machine, or a web archive of one's own that answers as it does."""

    async def _firsts(self, host: str) -> Sequence[str]:
        return [wayback_question(self._place.base, host)]

    def _part(self, first: str, key: str | None) -> str:
        return f"{first}&{urlencode({'resumeKey': key})}" if key else first

    def _read(self, body: bytes, key: str | None) -> Holdings:
        site = self._site
        return read_holdings(
            body, base=self._place.base, profile=site.profile, now=site.clock.now()
        )

    def _is_fresh(self, read_at: datetime) -> bool:
        return self._site.clock.now() - read_at < LISTED_FOR

    async def _capture(self, memento: Memento) -> Capture | None:
        """The page as the site once sent it; None where the web archive has no such capture."""
        address = memento.address
        for _ in range(MOST_REDIRECTS):
            answer = await self._ask(address, {})
            received = capture_of(answer, address)
            if 300 <= answer.status < 400:
                target = leads_to(received, memento)
                if target is None:
                    return None
                address = target
                continue
            if answer.status in (401, 403, 404, 410, 451):
                return None
            _check(answer.status, 200)
            if received.truncated:
                raise Unreadable("the page broke off")
            return as_once_sent(received, memento)
        return None


class CommonCrawl(WebArchive):
    """Common Crawl: an index for each of its crawls, in pages, and captures in large WARC files."""

    past_the_last = (400, 404)
    _indexes: Sequence[str] | None = None

    async def _firsts(self, host: str) -> Sequence[str]:
        if self._indexes is None:
            self._indexes = await self._named()
        return [commoncrawl_question(index, host) for index in self._indexes]

    async def _named(self) -> Sequence[str]:
        """The indexes that there are, asked for once in a run."""
        address = f"{self._place.base}/collinfo.json"
        try:
            answer = await self._ask(address, {})
            if answer.status != 200:
                raise Unreadable(f"status {answer.status}")
            capture = capture_of(answer, address)
            body = decode_content(capture.body, capture.headers)
            return commoncrawl_indexes(body, base=self._place.base)
        except RequestsSpent:
            return []
        except (Unreadable, IgnoreRequest) as refusal:
            self._site.report.lists_failed[address] = _words(refusal)
            return []

    def _part(self, first: str, key: str | None) -> str:
        return f"{first}&page={key or 0}"

    def _read(self, body: bytes, key: str | None) -> Holdings:
        site, page = self._site, int(key or 0)
        return read_index(
            body, data=self._place.data, page=page, profile=site.profile, now=site.clock.now()
        )

    def _is_fresh(self, read_at: datetime) -> bool:
        return True  # an index never changes; what is captured later stands in a later one

    async def _capture(self, memento: Memento) -> Capture | None:
        answer = await self._ask(memento.address, {"Range": f"bytes={memento.byte_range}"})
        if answer.status in (401, 403, 404, 410, 416, 451):
            return None
        _check(answer.status, 206)
        return out_of_piece(answer.body, memento, self._site.profile)


#: The web archives that are known.
KINDS: dict[str, type[WebArchive]] = {"wayback": Wayback, "commoncrawl": CommonCrawl}


def _check(status: int, wanted: int) -> None:
    """Raise what a status means that is not the wanted one: a pause, or a failure."""
    if status in PAUSING:
        raise HostPaused(f"the web archive asked for a pause ({status})")
    if status != wanted:
        raise Unreadable(f"the web archive failed ({status})")


def _one_of_each(wanted: list[Wanted]) -> list[Wanted]:
    """The first of each page: whether another is wanted depends on what it shows."""
    first: dict[int, Wanted] = {}
    for each in wanted:
        first.setdefault(each.frontier_id, each)
    return list(first.values())


def _words(refusal: BaseException) -> str:
    if is_robots_refusal(refusal):
        return "its robots.txt forbids it"
    return str(refusal) or type(refusal).__name__
