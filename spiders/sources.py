"""Discovery: reading a site's own lists of its articles into the archive's frontier.

The newest lists are read first, and the caller is given its turn after each, so that new articles
can be fetched before old lists are even asked for. A list counts as read only when all that it
names stands in the frontier: a run that is killed in between simply reads it again.
"""

from __future__ import annotations

import asyncio
import hashlib
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.capture import Capture
from crawler.discovery import (
    Child,
    Listed,
    api_of_link_header,
    is_article_sitemap,
    is_posts,
    next_posts,
    posts_of,
    read_list,
    sitemaps_of_robots,
)
from crawler.errors import OF_THE_ARCHIVE, Unreadable
from crawler.parsing.decoding import decode_content
from crawler.profile import Profile
from crawler.urls import calendar_day, is_calendar, is_own, page_number
from spiders.clock import Clock
from spiders.pace import HostPaused, RequestsSpent
from spiders.reasons import UNREACHABLE
from spiders.reports import Report
from spiders.wire import capture_of
from storage import Archive
from storage.crawls import ListsRead, SourceState

Mode = Literal["due", "latest", "backfill", "recheck"]

#: Asks for a list; conditional headers in, the answer out. Raises with a sentence when it can't be.
Ask = Callable[[str, dict[str, str]], Awaitable[Response]]
#: The text of the robots.txt that holds for an address.
Robots = Callable[[str], Awaitable[str]]

#: Where sitemaps usually are on a site that names none, asked for until one is there.
SITEMAP_GUESSES = (
    "/sitemap_index.xml",
    "/sitemap.xml",
    "/wp-sitemap.xml",
    "/sitemap-index.xml",
    "/news-sitemap.xml",
    "/sitemap.xml.gz",
    "/sitemap/",
    "/sitemap.txt",
)
#: Where feeds usually are on a site without a sitemap that announces none.
FEED_GUESSES = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml")
#: A list whose own index says that it has not changed is still asked for once in this time.
TRUSTED_FOR = timedelta(days=1)
#: A guess that found nothing is not made again for this long.
WRONG_GUESS_FOR = timedelta(days=30)
#: A month of a calendar that began so long ago gets no new articles; it is read again rarely.
PAST_MONTH, PAST_MONTH_FOR = timedelta(days=62), timedelta(days=30)
#: What WordPress answers for a page behind the last one of its list of posts.
PAST_THE_LAST = 400
#: Statuses by which a server says that there is no such list, or none for us.
MISSING = (401, 403, 404, 410)
#: Pages of a listing that the mode ``latest`` looks at.
LATEST_PAGES = 3
#: Sections, and sections below them, that are looked at where a site has no other lists.
MOST_SECTIONS = 60
#: So many stories of one page of a list may bear the names of others by chance.
FEW_STORIES = 3

#: Lists of so many bytes are read in a thread: 64 MB take seconds, and the crawl goes on meanwhile.
LARGE_BYTES = 200_000
#: Addresses that are taken in at once.
AT_ONCE = 2_000

#: Of so many pages that were fetched before, a list rightly says that some have changed, and not
#: so large a share of them; then so many are looked at.
MANY_PAGES, MOST_CHANGED, SAMPLE = 20, 0.5, 10

#: A front page with more links than these is no empty shell for a script.
MOST_LINKS_OF_A_SHELL = 3

#: The order of lists: what is shortest and newest first.
_NEWS, _START, _SITEMAP, _LISTING = range(4)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one run takes from a site's lists at most; ``crawler/settings.py`` says why so much."""

    lists: int = 20_000
    index_depth: int = 10
    list_pages: int = 20_000
    repeated_pages: int = 3
    vain_pages: int = 200
    new_addresses: int = 1_000_000


@dataclass(order=True, slots=True)
class _List:
    """A list to be read; ordered by rank, then the latest change first."""

    rank: int
    age: float
    number: int
    url: str = field(compare=False)
    lastmod_at: datetime | None = field(compare=False, default=None)
    is_guess: bool = field(compare=False, default=False)
    is_front: bool = field(compare=False, default=False)
    depth: int = field(compare=False, default=0)


class Sources:
    """The lists of one site, read into the frontier."""

    def __init__(
        self,
        profile: Profile,
        mode: Mode,
        *,
        archive: Archive,
        crawl_id: int,
        report: Report,
        ask: Ask,
        robots: Robots,
        clock: Clock,
        on_feed: Callable[[Capture], None] = lambda feed: None,
        bounds: Bounds = Bounds(),
    ) -> None:
        self._profile = profile
        self._bounds = bounds
        self._mode = mode
        self._archive = archive
        self._crawl_id = crawl_id
        self._report = report
        self._ask = ask
        self._clock = clock
        self._on_feed = on_feed
        self._robots = robots
        self._waiting: list[_List] = []
        self._named: set[str] = set()
        self._has_sitemap = False
        self._has_gaps = False
        self._is_walking = False
        self._is_exhausted = False
        self._news: set[int] = set()
        self._has_feed = False
        self._sections_left = MOST_SECTIONS
        self._named_sections: list[str] = []
        self._at_the_end: list[tuple[str, Response]] = []
        self.seen = ListsRead()

    async def read(self) -> AsyncIterator[None]:
        """Read all lists that the mode asks for, giving the caller its turn after each."""
        await self._stated()
        async for _ in self._read_waiting():
            yield
        for url in self._guesses(SITEMAP_GUESSES):
            if self._has_sitemap:
                break
            self._add(url, _rank_of(url), is_guess=True)
            async for _ in self._read_waiting():
                yield
        for stage in (self._front_pages, self._guess_feeds, self._sections):
            stage()
            async for _ in self._read_waiting():
                yield
        self._is_exhausted = True
        if self._mode != "latest":
            self.seen.named.update(self._named)
        if not self._has_gaps:
            for url, answer in self._at_the_end:
                self._keep(url, answer, _sha256(answer), kind="listing")

    @property
    def are_read_to_end(self) -> bool:
        """Whether the lists have named all that they name; a site with sitemaps needs no others."""
        if self._mode == "latest" or self._has_gaps or self._is_walking:
            return False
        left = any(entry.rank in (_START, _SITEMAP) for entry in self._waiting)
        return self._is_exhausted or (self._has_sitemap and not left)

    async def _read_waiting(self) -> AsyncIterator[None]:
        while self._waiting:
            async for _ in self._read(heapq.heappop(self._waiting)):
                yield

    # Which lists there are

    async def _stated(self) -> None:
        """What robots.txt and the profile name."""
        for home in self._homes():
            for url in sitemaps_of_robots(await self._robots(home), base=home):
                self._add(url, _rank_of(url))
        for url in self._profile.start:
            if urlsplit(url).path not in ("", "/"):
                self._add(url, _rank_of(url))
        self._add_remembered()

    def _add_remembered(self) -> None:
        """Feeds and lists of posts that a page has announced: it may not have changed since, or
        need not be asked for today."""
        for url in self._archive.sources_read(self._profile.name):
            if is_posts(url) or _rank_of(url) == _NEWS:
                self._add(url, _SITEMAP if is_posts(url) else _NEWS, is_guess=True)

    def _guesses(self, paths: tuple[str, ...]) -> list[str]:
        return [urljoin(home, path) for path in paths for home in self._homes()]

    def _guess_feeds(self) -> None:
        """Where feeds usually are, unless one is known or a sitemap makes them needless."""
        for url in () if self._has_sitemap or self._has_feed else self._guesses(FEED_GUESSES):
            self._add(url, _NEWS, is_guess=True)

    def _front_pages(self) -> None:
        """The front page; once a day is enough where a sitemap lists the site and nobody starts
        there: it announces feeds and other lists, which tell what the sitemap forgot."""
        for home in self._homes():
            is_start = home in self._profile.start or not self._has_sitemap
            if is_start or (self._mode != "latest" and not self._is_fresh(home, TRUSTED_FOR)):
                self._add(home, _LISTING, is_front=True)

    def _sections(self) -> None:
        """The sections and the calendar that the front page names, unless a list has it all."""
        for url in () if self._has_sitemap else self._named_sections:
            self._add(url, _LISTING)

    def _homes(self) -> list[str]:
        """The front page of every host that the profile starts from."""
        starts = [urlsplit(url) for url in self._profile.start]
        homes = [f"{parts.scheme}://{parts.netloc}/" for parts in starts]
        return list(dict.fromkeys(homes)) or [f"https://{self._profile.hosts[0]}/"]

    def _add(
        self,
        url: str,
        rank: int,
        lastmod_at: datetime | None = None,
        *,
        is_guess: bool = False,
        is_front: bool = False,
        depth: int = 0,
    ) -> None:
        if url in self._named:
            return
        if depth > self._bounds.index_depth:
            self._report.lists_failed[url] = "an index of sitemaps too deep in others"
            return
        if len(self._named) >= self._bounds.lists:
            self._report.lists_failed.setdefault(
                self._profile.start[0] if self._profile.start else url,
                f"the site names more than {self._bounds.lists:,} lists; the others were not read",
            )
            return
        if not is_own(url, self._profile):
            self._report.entries_skipped += 1
            return
        self._named.add(url)
        age = -lastmod_at.timestamp() if lastmod_at else 0.0
        number = len(self._named)
        entry = _List(rank, age, number, url, lastmod_at, is_guess, is_front, depth)
        heapq.heappush(self._waiting, entry)

    # Reading one

    async def _read(self, entry: _List) -> AsyncIterator[None]:
        state = self._archive.source_state(self._profile.name, entry.url)
        if state and self._is_trusted(entry, state):
            self._has_sitemap |= _is_sitemap_name(entry.url) and state.body_sha256 is not None
            return
        validators = _validators(state.etag, state.last_modified) if state else {}
        answer = await self._answer(entry, validators)
        if answer is None:
            return
        if state and (answer.status == 304 or state.body_sha256 == _sha256(answer)):
            self._report.lists_not_modified += 1
            self.seen.read[entry.url] = state.kind or _kind_of(entry)
            self._has_sitemap |= _is_sitemap_name(entry.url)
            self._keep(entry.url, answer, state.body_sha256, state)
            return
        listed = await self._listed(entry, answer)
        if listed is None:
            return
        self.seen.read[entry.url] = listed.kind
        if listed.kind != "index":  # which is read in full each time, changed or not
            self.seen.changed.add(entry.url)
        if listed.kind in ("sitemap", "posts") and listed.founds and entry.rank != _NEWS:
            self._has_sitemap = True
        self._has_feed |= listed.kind == "feed"
        if listed.kind in ("listing", "posts") or listed.next_page:
            is_complete = state is not None and state.body_sha256 is not None
            self._is_walking = listed.kind == "posts"
            async for _ in self._read_pages(entry, answer, listed, is_complete=is_complete):
                yield
            self._is_walking = False
            return
        await self._enlist(self._believed(entry, listed, state) if state else listed)
        self._add_children(listed.children, entry.depth + 1)
        if listed.kind != "index":
            # An index is asked for in full each time: only its text names the children.
            self._keep(entry.url, answer, _sha256(answer), kind=listed.kind)
        yield

    async def _read_pages(
        self, entry: _List, answer: Response, listed: Listed, *, is_complete: bool
    ) -> AsyncIterator[None]:
        """A listing and the pages it goes on with.

        Where the listing was once walked to its end, or a sitemap lists the site anyway, the walk
        stops at the first page without news. While it is under way it counts as unread, so a run
        that breaks off walks it again. A page that names nothing but what the walk has seen, under
        whatever addresses, has no news; some of them in a row are a trap.
        """
        names, repeated, is_same = _names_of(listed), 0, True
        articles, settled = self._report.articles, self._report.settled
        latest = listed.founds
        first, pages, new = answer, 1, await self._enlist(listed)
        if new or not is_complete:
            self._keep(entry.url, None, None)
        self._add_announced(entry, listed)
        yield
        is_enough = is_complete or (self._has_sitemap and listed.kind != "posts")
        may_stop = self._mode != "backfill" and is_enough
        while listed.next_page and self._goes_on(pages) and listed.next_page not in self._named:
            if may_stop and not new:
                break
            if self._report.articles > articles:
                articles, settled = self._report.articles, self._report.settled
            if self._report.settled - settled >= self._bounds.vain_pages:
                self._fail(entry, "it goes on and on, and what it names are no articles")
                break
            self._named.add(listed.next_page)
            pages += 1
            page = _List(entry.rank, 0.0, 0, listed.next_page)
            following = await self._answer(page, {}, is_further_posts=listed.kind == "posts")
            if following is not None and following.status == PAST_THE_LAST:
                break
            further = await self._listed(page, following) if following else None
            if further is None:
                self._has_gaps = True
                return
            listed = further
            is_same &= listed.founds == latest
            latest = listed.founds
            if _repeats(listed, names):
                repeated, new = repeated + 1, False
                if repeated >= self._bounds.repeated_pages:
                    if not is_same:  # else the server gives its last page for all behind it
                        self._fail(page, "it goes on for ever with the same stories")
                    break
                continue
            names, repeated, is_same = names | _names_of(listed), 0, True
            new = await self._enlist(listed)
            yield
            if not listed.founds:
                break
        if entry.is_front:
            self._at_the_end.append((entry.url, first))
        elif self._mode != "latest" or not listed.next_page:
            self._keep(entry.url, first, _sha256(first), kind=listed.kind)

    def _goes_on(self, pages: int) -> bool:
        return pages < (LATEST_PAGES if self._mode == "latest" else self._bounds.list_pages)

    async def _answer(
        self, entry: _List, validators: dict[str, str], *, is_further_posts: bool = False
    ) -> Response | None:
        """The server's answer if it is one to work with; failures are noted in the report."""
        try:
            answer = await self._ask(entry.url, validators)
        except RequestsSpent:
            self._has_gaps = True
            return None
        except HostPaused as pause:  # one word for all lists that the host may have
            self._has_gaps = True
            self._report.lists_failed.setdefault(urljoin(entry.url, "/"), str(pause))
            return None
        except OF_THE_ARCHIVE:
            raise
        except Exception as fault:
            self._fail(entry, str(fault) or type(fault).__name__)
            return None
        if is_further_posts and answer.status == PAST_THE_LAST:
            return answer
        if answer.status not in (200, 304):
            self._fail(entry, f"status {answer.status}", is_certain=answer.status in MISSING)
            return None
        return answer

    async def _listed(self, entry: _List, answer: Response) -> Listed | None:
        """What a list says; a large one is read beside the crawl, which goes on meanwhile."""
        capture = capture_of(answer, entry.url)
        if capture.truncated:
            self._fail(entry, "it broke off")
            return None
        try:
            read = partial(_read, capture, answer.url, self._profile)
            is_large = len(answer.body) >= LARGE_BYTES
            listed = await asyncio.to_thread(read) if is_large else read()
        except Unreadable as refusal:
            self._fail(entry, str(refusal))
            return None
        if listed.kind == "listing" and (entry.is_guess or self._was_no_page(entry.url)):
            # Some sites answer every address with a page.
            self._fail(entry, "a page, not a list", is_certain=True)
            return None
        if entry.is_front:
            page = decode_content(capture.body, capture.headers)
            self._report.front_page_is_shell = is_shell(page, listed)
        if listed.kind == "feed":
            self._on_feed(capture)
        self._report.lists_read += 1
        self._report.lists_empty += not (listed.founds or listed.children)
        self._report.entries_skipped += listed.skipped
        if listed.kind == "posts":
            pages = _number(answer.headers.get("X-WP-TotalPages"))
            return replace(listed, next_page=next_posts(answer.url, listed, pages))
        api = api_of_link_header(_text(answer.headers.get("Link")) or "")
        if api and not listed.posts and is_own(api, self._profile):
            return replace(listed, posts=posts_of(api))
        return listed

    def _fail(self, entry: _List, reason: str, *, is_certain: bool = False) -> None:
        """Note a list that can't be read; a guess that is surely wrong is not made again soon."""
        state = self._archive.source_state(self._profile.name, entry.url)
        is_open_to_doubt = entry.is_guess and (is_certain or not is_posts(entry.url))
        if is_open_to_doubt and (state is None or state.read_at is None):
            if is_certain:  # an announced list of posts is closed to strangers on many sites
                self._keep(entry.url, None, None)
            return
        # the page that announced it must be read again, or nothing names it in the next run
        self._has_gaps |= is_posts(entry.url)
        self._report.lists_failed[entry.url] = reason
        if reason != UNREACHABLE:  # which is no word on this list
            self.seen.failed[entry.url] = reason

    def _was_no_page(self, url: str) -> bool:
        """Whether a list that is a page now was none when it was last read."""
        state = self._archive.source_state(self._profile.name, url)
        return state is not None and state.kind not in (None, "listing")

    def _believed(self, entry: _List, listed: Listed, state: SourceState) -> Listed:
        """The list with those times of change that are to be believed.

        Some sites stamp every entry with today. Where a list says of most known pages that they
        have changed, a few are looked at; the others are believed to have changed when, of those
        looked at since it was last read, many had.
        """
        claims = self._archive.claims(
            self._profile.name, listed.founds, since=state.fetched_at, now=self._clock.now()
        )
        said = len(claims.changed)
        if claims.known < MANY_PAGES or said < MOST_CHANGED * claims.known:
            return listed
        if claims.looked_at >= SAMPLE / 2 and claims.came_true >= MOST_CHANGED * claims.looked_at:
            return listed
        named = [found.url for found in listed.founds if found.url in claims.changed]
        sample = set(named[:: max(said // SAMPLE, 1)][:SAMPLE])
        doubted = claims.changed - sample
        self._report.lists_doubted[entry.url] = (
            f"it says that {said} of {claims.known} known pages have changed; {len(sample)} of "
            "them are looked at, and the others when their time comes"
        )
        founds = tuple(
            replace(found, lastmod_at=None) if found.url in doubted else found
            for found in listed.founds
        )
        return replace(listed, founds=founds)

    async def _enlist(self, listed: Listed) -> bool:
        """Take what a list names into the frontier; whether it had news for this run.

        News that another short list of this run has named before is news still: what stands
        behind it here may stand nowhere else.
        """
        if not listed.founds:
            return False
        room = max(self._bounds.new_addresses - self._report.listed_new, 0)
        if len(listed.founds) > room:
            self._report.lists_failed[self._profile.name] = (
                f"more than {self._bounds.new_addresses:,} new addresses; the others were left out"
            )
        before = self._report.listed_new
        for start in range(0, min(len(listed.founds), room), AT_ONCE):
            founds = listed.founds[start : min(start + AT_ONCE, room)]
            count = self._archive.enlist(
                self._profile.name,
                founds,
                crawl_id=self._crawl_id,
                now=self._clock.now(),
                began_at=self._report.started_at,
            )
            self._report.listed += count.listed
            self._report.addresses += count.listed - count.again
            self._report.listed_new += count.new
            await asyncio.sleep(0)  # other sites of the run have their turns
        has_new = self._report.listed_new > before
        if listed.kind == "sitemap":
            return has_new
        names = {hash(found.url) for found in listed.founds}
        is_news = has_new or not names.isdisjoint(self._news)
        if has_new:
            self._news |= names
        return is_news

    def _keep(
        self,
        url: str,
        answer: Response | None,
        body_sha256: str | None,
        before: SourceState | None = None,
        kind: str | None = None,
    ) -> None:
        """Remember that a list is read, and with ``kind`` that it is another than before; without
        an answer, that it is not read to its end.

        A 304 need not repeat the validators: those of ``before`` hold on.
        """
        headers = answer.headers if answer is not None else {}
        self._archive.keep_source(
            self._profile.name,
            url,
            etag=_text(headers.get("ETag")) or (before.etag if before else None),
            last_modified=_text(headers.get("Last-Modified"))
            or (before.last_modified if before else None),
            body_sha256=body_sha256,
            now=self._clock.now(),
            kind=kind,
        )

    # What a list leads to

    def _add_children(self, children: tuple[Child, ...], depth: int) -> None:
        wanted = [child for child in children if is_article_sitemap(child.url)]
        self._report.entries_skipped += len(children) - len(wanted)
        if self._mode == "latest":
            wanted = _newest(wanted)
        for child in wanted:
            rank = _NEWS if _rank_of(child.url) == _NEWS else _SITEMAP
            self._add(child.url, rank, child.lastmod_at, depth=depth)

    def _add_announced(self, entry: _List, listed: Listed) -> None:
        """What a page leads to besides its articles: feeds, and a front page's sections."""
        for feed in listed.feeds:
            self._has_feed = True
            self._add(feed, _NEWS)
        for sitemap in listed.sitemaps:
            self._add(sitemap, _rank_of(sitemap))
        if listed.posts:
            self._add(listed.posts, _SITEMAP, is_guess=True)
        if self._mode == "latest" or self._has_sitemap:
            return
        children = [child.url for child in listed.children if not page_number(child.url)]
        months = [url for url in children if is_calendar(url) and not self._is_to_come(url)]
        sections = [url for url in children if not is_calendar(url)]
        if entry.is_front:
            self._sections_left = max(self._sections_left - len(sections), 0)
            self._named_sections += [*sections[:MOST_SECTIONS], *months]
            return
        below = [url for url in sections if url.startswith(entry.url.rstrip("/") + "/")]
        below = [url for url in below if url not in self._named][: self._sections_left]
        self._sections_left -= len(below)
        for url in [*below, *months]:
            self._add(url, _LISTING)

    def _is_to_come(self, url: str) -> bool:
        """Whether a month or year of a calendar lies ahead: a trap, or an empty page."""
        month = calendar_day(url)
        return month is not None and month > self._clock.now().date()

    def _is_fresh(self, url: str, time: timedelta) -> bool:
        """Whether a list was read within such a time."""
        state = self._archive.source_state(self._profile.name, url)
        return state is not None and self._clock.now() - state.fetched_at < time

    def _is_trusted(self, entry: _List, state: SourceState) -> bool:
        """Whether the list need not be asked for.

        That is where its index says that it is as it was, or where it was guessed in vain.
        """
        if self._mode == "backfill":
            return False
        age = self._clock.now() - state.fetched_at
        if entry.is_guess and state.body_sha256 is None and state.read_at is None:
            return age < WRONG_GUESS_FOR
        month = calendar_day(entry.url) if is_calendar(entry.url) else None
        if month and state.body_sha256 and self._clock.now().date() - month > PAST_MONTH:
            return age < PAST_MONTH_FOR
        if entry.lastmod_at is None or state.body_sha256 is None:
            return False
        return age < TRUSTED_FOR and entry.lastmod_at < state.fetched_at - timedelta(days=1)


def _read(capture: Capture, url: str, profile: Profile) -> Listed:
    """What a list's answer holds; :class:`Unreadable` for none."""
    body = decode_content(capture.body, capture.headers)
    return read_list(body, url=url, profile=profile, content_type=capture.content_type)


def is_shell(body: bytes, listed: Listed) -> bool:
    """Whether a front page names nothing because a script is to fill it in.

    >>> from crawler.discovery import Listed
    >>> is_shell(b"<div id=app></div><script src=/app.js></script>", Listed("listing"))
    True
    """
    page = body.lower()
    links = page.count(b"<a ") + page.count(b"<a\n")
    return not listed.founds and b"<script" in page and links <= MOST_LINKS_OF_A_SHELL


def _kind_of(entry: _List) -> str:
    """What a list is by its name, where it was read by a version that did not note its kind."""
    return {_NEWS: "feed", _LISTING: "listing"}.get(entry.rank, "sitemap")


def _names_of(listed: Listed) -> set[str]:
    """What the stories of a list are called in their addresses, as far as they have names."""
    return {_name_of(found.url) for found in listed.founds}


def _name_of(url: str) -> str:
    """The last part of an address where it has words, which a session's number before it or in
    the query does not change; else the whole address."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return last if last.count("-") + last.count("_") >= 2 else url


def _repeats(listed: Listed, names: set[str]) -> bool:
    """Whether all stories of a page were named before, and are too many for a chance."""
    here = _names_of(listed)
    return len(here) >= FEW_STORIES and here <= names


def _rank_of(url: str) -> int:
    """When to read a list, as far as its name tells: what is short and new first, pages last."""
    path = urlsplit(url).path.lower()
    if any(word in path for word in ("feed", "rss", "atom", "news-site")):
        return _NEWS
    return _START if "sitemap" in path or path.endswith((".xml", ".gz", ".txt")) else _LISTING


def _is_sitemap_name(url: str) -> bool:
    return "sitemap" in urlsplit(url).path.lower() and _rank_of(url) != _NEWS


def _newest(children: list[Child]) -> list[Child]:
    """The sitemaps in which the newest articles stand: the last changed, else first and last."""
    dated = [(child.lastmod_at, child) for child in children if child.lastmod_at is not None]
    if dated:
        return [max(dated, key=lambda pair: pair[0])[1]]
    return list(dict.fromkeys([*children[:1], *children[-1:]]))


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, section 13.1)."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def _sha256(answer: Response) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _number(value: bytes | None) -> int | None:
    text = _text(value) or ""
    return int(text[:9]) if text.isascii() and text.isdigit() else None


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1") if value else None
