"""The one spider: reads a site's lists into the frontier, and asks for what is due.

The frontier is a table in the archive; nothing that matters is held in memory, so a run can be
killed at any moment and the next one goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self, get_args
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.article import MOST_PARTS, Article, goes_on_in, joined
from crawler.capture import Capture
from crawler.discovery import Found
from crawler.errors import (
    OF_THE_ARCHIVE,
    BadInput,
    HemerotecaError,
    NotAnArticle,
    Unreadable,
)
from crawler.profile import Profile
from crawler.revisits import SHORTEST_WAIT_FOR_GONE, next_due, next_retry
from crawler.urls import host_of, is_own
from spiders.alarms import (
    KINDS,
    LIST_KINDS,
    READINGS,
    RUNS,
    THIS_MACHINE,
    Evidence,
    alarms,
    lasting,
    of_clock,
    rhythm_of,
)
from spiders.clock import Clock, clock_of
from spiders.manners import RobotsAnswers, RobotsRules
from spiders.names import PublicNames
from spiders.pace import HostPaused, Pace, RequestsSpent
from spiders.pipelines import Visit
from spiders.reading import Reader, Reading, ReadingStopped, read
from spiders.reasons import UNREACHABLE, is_robots_refusal, reason_of_fault, reason_of_status
from spiders.reports import (
    ASKED_PAUSE,
    ENOUGH_ASKED,
    LEFT_ALONE,
    Progress,
    Report,
    usual_of,
)
from spiders.second_readings import SecondReadings
from spiders.sources import Bounds, Mode, Sources
from spiders.web_archives import KINDS as KNOWN_ARCHIVES
from spiders.web_archives import REFUSED_FOR, TITLES, Place, Source, place_of
from spiders.wire import PAUSING, capture_of
from storage import Archive
from storage.crawls import ListsRead
from storage.frontier import Due
from storage.statistics import in_all

#: Addresses drawn from the frontier at once.
BATCH = 50
#: Addresses that somebody named, looked up at once.
AMONG = 500
#: When this many pages had to be left for a later run, their hosts are not to be had today.
MOST_PUT_BACK = 1000
#: A page that is no article today may be one later: an announcement, a live page.
OTHER_PAGES_AFTER = timedelta(days=90)
#: A page that has not changed for so long is looked at again when all others have been.
OLD_AFTER = timedelta(days=30)
#: Statuses that say for good where a page stands (RFC 9110, section 15.4).
PERMANENT = {301, 308}
#: A time that comes after every due time.
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


class ArticleSpider(Spider):
    """Crawls the site of ``profile`` into an archive; ``spiders.sites`` makes one class per site.

    Arguments (``-a`` on Scrapy's command line): ``mode`` (due, latest, backfill, recheck),
    ``since`` and ``until`` (days), ``limit`` (articles), ``at`` (the address of a mirror to crawl
    in the site's place), ``source`` (site, wayback, commoncrawl). With ``addresses`` (canonical
    ones, from Python only) just these are asked for, as far as they are due, and no list is read.
    """

    profile: Profile
    delay_seconds: float
    clock: Clock

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("DOWNLOAD_DELAY", cls.profile.delay_seconds, priority="spider")
        settings.set("USER_AGENT", user_agent(settings["HEMEROTECA_CONTACT"]), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.delay_seconds = crawler.settings.getfloat("DOWNLOAD_DELAY")
        crawler.settings.set("DOWNLOAD_DELAY", 0.0, priority="cmdline")  # spiders.pace keeps it
        spider.open()  # not by a signal: Scrapy would log its failure and crawl on
        crawler.signals.connect(spider.close_up, signals.spider_closed)
        return spider

    def __init__(
        self,
        *,
        archive: Archive | None = None,
        pace: Pace | None = None,
        reader: Reader | None = None,
        at: str | None = None,
        mode: str = "due",
        since: date | str | None = None,
        until: date | str | None = None,
        limit: int | str | None = None,
        addresses: Sequence[str] | None = None,
        source: str = "site",
        job: str | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if at is not None:
            self.profile = self.profile.at(at)
        self.mode = _mode(mode)
        self.source = _source(source, self.mode)
        self.guests: frozenset[str] = frozenset()
        self.addresses = addresses
        self.job = job
        self.since = _day(since, "since")
        self.until = _day(until, "until")
        self.limit = _limit(limit)
        self.fault: Exception | None = None
        self._given = (archive, pace, reader)
        self._on_progress = on_progress
        self._closing = ExitStack()
        self._closing_tasks: set[asyncio.Task[None]] = set()
        self._under_way: set[str] = set()
        self._put_back: set[str] = set()
        self._freed = asyncio.Event()
        self._expected = 0
        self._read_from: Sources | None = None

    @property
    def _mode_told(self) -> str:
        """What the archive calls the run."""
        if self.source != "site":
            return self.source
        return self.mode if self.addresses is None else "add"

    # Opening and closing

    def open(self) -> None:
        """Take the archive, or open and hold the one that the settings name."""
        archive, pace, reader = self._given
        self.clock = clock_of(self.settings)
        self.report = Report(self.profile.name, self._mode_told, self.clock.now())
        self.second = SecondReadings(self.profile, self.report)
        if archive is None:
            address = self.settings["HEMEROTECA_ARCHIVE"]
            archive = self._closing.enter_context(Archive.open(address, mode="write"))
            self._closing.enter_context(archive.hold())
        self.archive = archive
        self.reader = reader or reader_of(self.settings)
        self.reader.take()
        self.pace = pace or pace_of(archive, self.settings)
        self._place = place_of(self.source, self.settings)
        if self._place is not None:
            self.guests = self._place.hosts
        options = {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "limit": self.limit,
            "job": self.job,
        }
        self._expected = archive.frontier_counts(self.profile.name).get("waiting", 0)
        self.crawl_id = archive.start_crawl(
            self.profile.name, self._mode_told, options, self.report.started_at
        )

    async def close_up(self, reason: str) -> None:
        """Write the report; what is not settled is still due."""
        await self.reader.leave()
        self.report.finished_at = self.clock.now()
        self.report.outcome = "finished" if reason == "finished" else "interrupted"
        self.report.was_paused = any(map(self._asked_for_pause, self.profile.start))
        with self._closing:
            if self.fault is not None:
                return
            try:
                self._note_lists()
                self._finish()  # the ledger counts with this run
                self._hold_against_earlier()
                self._finish()
            except HemerotecaError as fault:
                self.fault = fault

    def _note_lists(self) -> None:
        """Keep what the run heard of the site's lists, and whether all of it is forbidden."""
        report = self.report
        if self._read_from is None:
            return
        seen, site = self._read_from.seen, report.site
        if not seen.read:  # an outage tells nothing of a list, unless the server said so
            certain = {url: why for url, why in seen.failed.items() if why.startswith("status 4")}
            seen = ListsRead(failed=certain)
        self.archive.note_lists(site, seen, report.finished_at or self.clock.now())
        changed = (
            each.changed_at for each in self.archive.known_lists(site) if each.url in seen.read
        )
        report.lists_changed_at = max(filter(None, changed), default=None)
        report.robots_forbid = self._forbidding()

    def _forbidding(self) -> str | None:
        """The address of the robots.txt that forbids the whole site, or None.

        A sitemap may still be allowed; so what a run could ask for counts, and once nothing is due
        any more, that it was so before.
        """
        answers = self.crawler.get_downloader_middleware(RobotsAnswers)
        report = self.report
        if answers is None or any(report.outcomes[name] for name in ("not_modified", "gone")):
            return None
        homes = {urljoin(url, "/") for url in self.profile.start}
        known = self.archive.due(self.profile.name, limit=BATCH, now=END_OF_TIME)
        pages = {urljoin(home, "any-page-of-the-site") for home in homes}
        pages |= {each.url for each in known}
        if report.fetched or not homes or not answers.forbid_all(homes | pages):
            return None
        was_refused = report.outcomes["refused_by_robots"] or not report.has_read_lists
        return urljoin(min(homes), "/robots.txt") if was_refused or self._was_forbidden() else None

    def _was_forbidden(self) -> bool:
        earlier = self.archive.crawls(self.profile.name, limit=2)[1:]
        return any((each.report or {}).get("robots_forbid") for each in earlier)

    def _finish(self) -> None:
        told = self.report.to_dict()
        self.archive.finish_crawl(self.crawl_id, told, self.clock.now(), self.report.outcome)

    def _hold_against_earlier(self) -> None:
        """Put into the report what is usual, and what has grown beyond chance since."""
        report = self.report
        if self._place is not None:  # what a web archive lists is no habit of the site
            report.complete = in_all(self.archive.coverage(report.site))["complete"]
            return
        earlier = [
            each
            for each in self.archive.crawls(self.profile.name, limit=RUNS)
            if each.id != self.crawl_id and each.mode not in TITLES
        ]
        reports = [each.report for each in earlier if each.report]
        report.usual = usual_of(self.mode, reports)
        ledger = self.archive.coverage(report.site)
        report.complete = in_all(ledger)["complete"]
        report.had = in_all(map(_as_if_refusals_were_settled, ledger))["complete"]
        report.archive_bytes, report.free_bytes = self.archive.room()
        rhythm = rhythm_of(report.to_dict(), reports)
        report.rhythm = rhythm.to_dict() if rhythm else None
        self._note_alarms(reports)

    def _note_alarms(self, before: list[dict[str, Any]]) -> None:
        """Put into the report what rings, what is accepted, and what is taken as normal now."""
        report, archive, now = self.report, self.archive, self.clock.now()
        told_by_fields = self.mode != "backfill" and self._may_tell_by_fields()
        evidence = self._evidence(before, told_by_fields=told_by_fields)
        report.taken_as_normal = lasting(evidence)
        if report.taken_as_normal:
            archive.take_as_normal(report.taken_as_normal, now)
            evidence = self._evidence(before, told_by_fields=told_by_fields)
        found = alarms(evidence)
        left_out = {"field"} if not told_by_fields else set()
        if self.mode == "recheck" or self.addresses is not None:
            left_out.update(LIST_KINDS)
        if not self._may_show_a_redesign():
            left_out.add("redesign")
        kinds = [kind for kind in KINDS if kind not in left_out]
        looked_for = kinds if report.outcome == "finished" else ()
        archive.note_alarms(report.site, found, looked_for=looked_for, now=now)
        times = self.pace.server_times
        off = of_clock(times) if times else []
        if times is not None:
            archive.note_alarms(THIS_MACHINE, off, looked_for=["clock"], now=now)
        standing = [*archive.alarms(report.site), *archive.alarms(THIS_MACHINE)]
        stand = {(each.alarm.kind, each.alarm.about): each for each in standing}
        for each in (*found, *off):
            stands = stand[each.kind, each.about]
            if stands.rings:
                report.alarms.append(each)
            else:
                report.accepted.append(stands)

    def _evidence(self, before: list[dict[str, Any]], *, told_by_fields: bool) -> Evidence:
        site, archive = self.report.site, self.archive
        reads_lists = self.mode != "recheck" and self.addresses is None
        return Evidence(
            self.report.to_dict(),
            before,
            archive.measures(site, limit=READINGS) if told_by_fields else (),
            {(each.alarm.kind, each.alarm.about): each for each in archive.alarms(site)},
            archive.normal_since(site),
            archive.known_lists(site) if reads_lists else (),
            archive.frontier_counts(site) if reads_lists else None,
            [each for each in archive.redesigns() if each.site == site]
            if self._may_show_a_redesign()
            else (),
        )

    def _may_show_a_redesign(self) -> bool:
        """Whether pages differed in this run, or an alarm for a redesign may be over."""
        stands = any(
            each.alarm.kind == "redesign" for each in self.archive.alarms(self.report.site)
        )
        return bool(self.report.outcomes["revised"]) or stands

    def _may_tell_by_fields(self) -> bool:
        """Whether what the pages give may have changed: by this run, or by a better reading."""
        if self.report.outcomes["new"] or self.report.outcomes["revised"]:
            return True
        return any(each.alarm.kind == "field" for each in self.archive.alarms(self.report.site))

    def give_up(self, fault: Exception) -> None:
        """The archive can't be written: fetching on would only be a burden to the site."""
        if self.fault is None:
            self.fault = fault
            self.pace.close()
            engine = self.crawler.engine
            asyncio.get_running_loop().create_task(engine.close_spider_async(reason="archive"))

    # What to ask for, and when

    async def start(self) -> AsyncIterator[Request]:
        """The requests for pages: new and young ones after each list, the rest at the end.

        So what nobody has seen yet never waits for a second look at what is old.
        """
        try:
            if self.addresses is not None:
                async for request in self._given_addresses(self.addresses):
                    yield request
                return
            if self._place is not None:
                async for request in self._from(self._place):
                    yield request
                return
            if self.mode != "recheck":
                sources = self._read_from = self._sources()
                async for _ in sources.read():
                    self.report.lists_to_end = sources.are_read_to_end
                    async for request in self._drawn(young_since=self._young_since):
                        yield request
                    if self.is_done:
                        break
                self.report.lists_to_end = sources.are_read_to_end
            again = True
            while again:  # what was fetched may have named pages that nobody had listed
                await self._settled(room=1)
                again = False
                for which in self._kinds:
                    async for request in self._drawn(**which):
                        again = self.mode != "recheck"
                        yield request
            await self._settled(room=1)
        except HemerotecaError as fault:
            self.give_up(fault)
        except asyncio.CancelledError:
            self._hurry()
            raise

    async def _given_addresses(self, addresses: Sequence[str]) -> AsyncIterator[Request]:
        """Requests for the addresses that somebody named, as far as they are due."""
        founds = [Found(url, None, "user") for url in addresses]
        count = self.archive.enlist(
            self.profile.name, founds, crawl_id=self.crawl_id, now=self.clock.now()
        )
        self.report.listed += count.listed
        self.report.listed_new += count.new
        for start in range(0, len(addresses), AMONG):
            async for request in self._drawn(among=addresses[start : start + AMONG]):
                yield request
        await self._settled(room=1)

    async def _from(self, place: Place) -> AsyncIterator[Request]:
        """Requests to the site for what a web archive lists, and then what only that still has.

        With the mode ``backfill`` the site is not asked: it may be no more.
        """
        web_archive = KNOWN_ARCHIVES[place.name](
            place, self, ask=self._ask_web_archive, bounds=bounds_of(self.settings)
        )
        await web_archive.list(again=self.mode == "backfill")
        if self.mode != "backfill":
            async for request in self._drawn(remembered=True):
                yield request
            await self._settled(room=1)
        await web_archive.fetch("all" if self.mode == "backfill" else "lost")

    async def _ask_web_archive(self, url: str, headers: dict[str, str]) -> Response:
        return await self._ask(url, headers, dont_redirect=True)

    async def allows(self, url: str) -> bool:
        """Whether the site's robots.txt lets a page be read; where it can't be had, the site is
        no more, and forbids nothing of what was kept of it."""
        rules = self.crawler.get_downloader_middleware(RobotsRules)
        answers = self.crawler.get_downloader_middleware(RobotsAnswers)
        if rules is None or answers is None:
            return True
        parser = await rules.robot_parser(Request(url))
        if parser is None or host_of(url) in answers.unreachable:
            return True
        return bool(parser.allowed(url, self.settings["ROBOTSTXT_USER_AGENT"]))

    def delay_of(self, host: str) -> float:
        """Seconds between two requests to a host: the site's own, or a web archive's if longer."""
        if self._place is None or host not in self.guests:
            return self.delay_seconds
        return max(self.delay_seconds, self._place.delay_seconds)

    @property
    def _kinds(self) -> tuple[dict[str, Any], ...]:
        """What to draw from the frontier at the end of a run, one kind after the other."""
        if self.mode == "recheck":
            return ({"known_only": True},)
        return ({"young_since": self._young_since}, {})

    @property
    def _young_since(self) -> datetime:
        return self.clock.now() - OLD_AFTER

    def _hurry(self) -> None:
        """The run is to end: no more waiting, and little time for what is under way."""
        self.pace.close()
        grace = self.settings.getfloat("HEMEROTECA_GRACE_SECONDS")
        loop = asyncio.get_running_loop()
        loop.call_later(
            grace, lambda: self._closing_tasks.add(loop.create_task(self.reader.stop()))
        )

    async def _drawn(self, **which: Any) -> AsyncIterator[Request]:
        """Requests for what is due, newest first, a few at a time and until nothing is left."""
        after: Due | None = None
        while not self.is_done:
            batch = self._batch(after, **which)
            if not batch:
                return
            for due in batch:
                await self._settled(room=self._room)
                if self.is_done:
                    return
                reason = self._reason_to_put_back(due)
                if reason:
                    self._put_back.add(due.url)
                    self.report.leave(reason)
                    continue
                self._under_way.add(due.url)
                self.report.due += 1
                self._expected += due.known
                yield self._request(due)
            if self._is_full_recheck:
                after = batch[-1]

    def _reason_to_put_back(self, due: Due) -> str | None:
        """Why a page that is due is not even asked for in this run, or None."""
        if not is_own(due.url, self.profile):
            return "it stands at another address of the site"
        if self.pace.is_spent(host_of(due.url)):
            return ENOUGH_ASKED
        return self._why_paused(due.url) if self.pace.is_paused(host_of(due.url)) else None

    def _why_paused(self, url: str) -> str:
        return LEFT_ALONE if self.pace.is_in_trouble(host_of(url)) else ASKED_PAUSE

    def _asked_for_pause(self, url: str) -> bool:
        host = host_of(url)
        return self.pace.is_paused(host) and not self.pace.is_in_trouble(host)

    def _batch(self, after: Due | None, **which: Any) -> list[Due]:
        taken = self._under_way | self._put_back
        drawn = self.archive.due(
            self.profile.name,
            limit=BATCH + len(taken),
            now=END_OF_TIME if self._is_full_recheck else self.clock.now(),
            since=self.since,
            until=self.until,
            after=after,
            looked_before=self.report.started_at if self._is_full_recheck else None,
            **which,
        )
        return [due for due in drawn if due.url not in taken][:BATCH]

    @property
    def _is_full_recheck(self) -> bool:
        """A recheck of a stated period asks for all that is known of it, due or not, what was
        looked at longest ago first: so limited runs go through all of it, one after the other."""
        return self.mode == "recheck" and bool(self.since or self.until)

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be asked for in this run."""
        if self.report.stopped_by is None:
            self.report.stopped_by = self._bound_reached()
        is_stopped = self.report.stopped_by is not None
        return is_stopped or self.fault is not None or len(self._put_back) >= MOST_PUT_BACK

    def _bound_reached(self) -> str | None:
        """What the run was given and has used up, or None."""
        minutes = self.settings.getfloat("HEMEROTECA_MOST_MINUTES")
        if self.limit is not None and self.report.articles >= self.limit:
            return "limit"
        if minutes and self.clock.now() - self.report.started_at >= timedelta(minutes=minutes):
            return "minutes"
        return "requests" if self._is_spent else None

    @property
    def _is_spent(self) -> bool:
        """Whether no host of the site may be asked any more in this run."""
        return all(self.pace.is_spent(host) for host in self.guests or self.profile.hosts)

    @property
    def _room(self) -> int:
        """How many requests may be under way: a few more than are sent at once."""
        room = 2 * self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        if self.limit is not None:
            room = min(room, self.limit - self.report.articles)
        return max(room, 1)

    async def _settled(self, room: int) -> None:
        """Wait until there are fewer requests under way than there is room for."""
        while len(self._under_way) >= room:
            self._freed.clear()
            await self._freed.wait()
            room = min(room, self._room)

    def settle(self, url: str, outcome: str, reason: str | None = None) -> None:
        """The archive knows what became of a page."""
        self._under_way.discard(url)
        if outcome == "put_back":
            self._put_back.add(url)
        self._freed.set()
        if self._on_progress is not None:
            report = self.report
            left = self._expected + report.listed_new - report.settled
            outstanding = max(left, len(self._under_way))
            self._on_progress(
                Progress(
                    report.site, outcome, url, report.settled, report.listed, outstanding, reason
                )
            )

    def _request(self, due: Due) -> Request:
        headers = {}
        if due.etag:
            headers["If-None-Match"] = due.etag
        if due.last_modified:
            headers["If-Modified-Since"] = due.last_modified
        return Request(
            due.url,
            callback=self.answered,
            errback=self.not_answered,
            cb_kwargs={"due": due},
            headers=headers,
            meta={"download_maxsize": self.settings.getint("HEMEROTECA_LONGEST_PAGE_BYTES")},
            dont_filter=True,
        )

    # The site's lists

    def _sources(self) -> Sources:
        return Sources(
            self.profile,
            self.mode,
            archive=self.archive,
            crawl_id=self.crawl_id,
            report=self.report,
            ask=self._ask,
            robots=self._robots,
            clock=self.clock,
            on_feed=self.second.note,
            bounds=bounds_of(self.settings),
        )

    async def _ask(self, url: str, headers: dict[str, str], **meta: Any) -> Response:
        request = Request(url, headers=headers, dont_filter=True, priority=10, meta=meta)
        try:
            return await self.crawler.engine.download_async(request)
        except (RequestsSpent, *OF_THE_ARCHIVE):
            raise
        except IgnoreRequest as refusal:
            if self._is_unreachable(url, refusal):
                if self.pace.is_paused(host_of(url)):
                    raise HostPaused(self._why_paused(url)) from refusal
                raise Unreadable(self._why_unreachable(url)) from refusal
            raise
        except Exception as fault:
            words = reason_of_fault(fault).replace("the page", "the list")
            raise Unreadable(words) from fault

    async def _robots(self, url: str) -> str:
        rules = self.crawler.get_downloader_middleware(RobotsRules)
        answers = self.crawler.get_downloader_middleware(RobotsAnswers)
        if rules is None or answers is None:
            return ""
        await rules.robot_parser(Request(url))
        return answers.texts.get(host_of(url), "")

    def _is_unreachable(self, url: str, refusal: BaseException) -> bool:
        """Whether robots.txt forbids the address only because it can't be had."""
        answers = self.crawler.get_downloader_middleware(RobotsAnswers)
        return is_robots_refusal(refusal) and bool(answers and host_of(url) in answers.unreachable)

    @staticmethod
    def _why_unreachable(url: str) -> str:
        """Why a host's robots.txt forbids everything for now."""
        if urlsplit(url).hostname in PublicNames.refused:
            return "the host's name leads into a private network"
        return UNREACHABLE

    # What came of a request

    async def answered(self, response: Response, due: Due) -> list[Visit]:
        """What the server's answer means for the page: one visit, whatever goes wrong.

        For an article of several pages there is one more where a page could not be had, and where
        a page gave no text and the site's feed does, one for that.
        """
        try:
            visits = await self._with_parts(await self._visit(response, due))
            return self.second.beside(visits)
        except ReadingStopped:
            return [Visit(due.url, "put_back", self.clock.now(), reason="the run was ended")]
        except OF_THE_ARCHIVE as fault:
            self.give_up(fault)
            return [Visit(due.url, "put_back", self.clock.now(), reason="the run was ended")]
        except Exception as fault:
            return [self._failed(due, f"a fault of this program: {type(fault).__name__}: {fault}")]

    async def _with_parts(self, visit: Visit) -> list[Visit]:
        """An article together with its further pages, asked for one after the other.

        A page that can't be had is a visit of its own, so that it is listed and tried again; the
        archive then joins it to the article, which is kept without it in the meantime.
        """
        if not isinstance(visit.reading, Article):
            return [visit]
        whole, captures, missing = visit.reading, [visit.capture], []
        while url := whole.next_page:
            if len(captures) >= MOST_PARTS or url in whole.pages:
                break
            following = await self._part(url)
            reading = following.reading
            if isinstance(reading, Article) and goes_on_in(whole, reading):
                whole = joined([whole, reading])
                captures.append(following.capture)
                continue
            if following.verdict == "read":
                whole = replace(whole, next_page=None)
            else:
                missing.append(following)
            break
        parts = tuple(each for each in captures[1:] if each is not None)
        return [replace(visit, reading=whole, parts=parts), *missing]

    async def _part(self, url: str) -> Visit:
        """What came of asking for a further page of an article."""
        due = Due(url, None, None, None, 0, None)
        try:
            response = await self.crawler.engine.download_async(self._request(due))
        except Exception as fault:
            visit = self._unanswered(due, fault)
        else:
            visit = await self._visit(response, due)
        if visit.verdict != "read":
            self._under_way.add(url)  # until the archive knows of the visit
            named = [Found(url, None, "link")]
            self.archive.enlist(
                self.profile.name, named, crawl_id=self.crawl_id, now=self.clock.now()
            )
        return visit

    async def _visit(self, response: Response, due: Due) -> Visit:
        capture, now = capture_of(response, due.url), self.clock.now()
        status = response.status
        if status == 304 and due.known:
            moved_to = _moved_to(response, capture)
            due_at = _unedited(due, now)
            return Visit(due.url, "not_modified", now, next_due_at=due_at, moved_to=moved_to)
        if status in (404, 410):
            return Visit(due.url, "gone", now, capture, next_due_at=_gone(due, now))
        if status != 200:
            return self._failed(due, reason_of_status(status), capture, response)
        if capture.truncated:
            return self._failed(due, "the page broke off", capture, response)
        reading = await self.reader.read(capture, self.profile)
        return Visit(
            due.url,
            "read",
            now,
            capture,
            reading,
            next_due_at=_after(reading, due, now),
            edited_due_at=now + next_due(timedelta(0), due.edits + 1),
            moved_to=_moved_to(response, capture),
        )

    def not_answered(self, failure: Any) -> list[Visit]:
        """What it means that there was no answer, or that none was asked for."""
        return [self._unanswered(failure.request.cb_kwargs["due"], failure.value)]

    def _unanswered(self, due: Due, fault: BaseException) -> Visit:
        now = self.clock.now()
        if isinstance(fault, RequestsSpent):
            return Visit(due.url, "put_back", now, reason=ENOUGH_ASKED)
        if isinstance(fault, HostPaused) or self.pace.is_paused(host_of(due.url)):
            return Visit(due.url, "put_back", now, reason=self._why_paused(due.url))
        if self._is_unreachable(due.url, fault):
            return Visit(due.url, "put_back", now, reason=self._why_unreachable(due.url))
        if is_robots_refusal(fault):
            return Visit(
                due.url, "refused", now, reason="robots.txt", next_due_at=now + REFUSED_FOR
            )
        return self._failed(due, reason_of_fault(fault))

    def reread(self, capture: Capture) -> Article | None:
        """An older capture as today's parser reads it; None where it finds no article."""
        reading = read(capture, self.profile)
        return reading if isinstance(reading, Article) else None

    def _failed(
        self,
        due: Due,
        reason: str,
        capture: Capture | None = None,
        response: Response | None = None,
    ) -> Visit:
        now = self.clock.now()
        wait = next_retry(due.failures + 1)
        if response is not None and response.status in PAUSING:
            wait = max(wait, timedelta(seconds=response.meta.get("pause_seconds", 0)))
        return Visit(due.url, "failed", now, capture, reason=reason, next_due_at=now + wait)


def user_agent(contact: str) -> str:
    """The one name under which every request goes out.

    >>> user_agent("desk@daily.example").partition("/")[0]
    'Hemeroteca'
    """
    try:
        number = version("hemeroteca")
    except PackageNotFoundError:
        number = "0"
    return f"Hemeroteca/{number} ({'+' + contact if contact else 'news archive'})"


def reader_of(settings: BaseSettings) -> Reader:
    """The reader that the settings ask for."""
    return Reader(settings.getfloat("HEMEROTECA_LONGEST_READING_SECONDS"))


def bounds_of(settings: BaseSettings) -> Bounds:
    """The bounds of lists that the settings ask for."""
    return Bounds(
        lists=settings.getint("HEMEROTECA_MOST_LISTS"),
        index_depth=settings.getint("HEMEROTECA_DEEPEST_INDEX"),
        list_pages=settings.getint("HEMEROTECA_MOST_LIST_PAGES"),
        repeated_pages=settings.getint("HEMEROTECA_MOST_REPEATED_PAGES"),
        vain_pages=settings.getint("HEMEROTECA_MOST_VAIN_PAGES"),
        new_addresses=settings.getint("HEMEROTECA_MOST_NEW_ADDRESSES"),
    )


def pace_of(archive: Archive, settings: BaseSettings) -> Pace:
    """The pace that the settings ask for."""
    return Pace(
        archive,
        longest_pause=settings.getfloat("HEMEROTECA_LONGEST_PAUSE_SECONDS"),
        first_pause=settings.getfloat("HEMEROTECA_FIRST_PAUSE_SECONDS"),
        grace=settings.getfloat("HEMEROTECA_GRACE_SECONDS"),
        most_requests=settings.getint("HEMEROTECA_MOST_REQUESTS"),
        at_once=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
        clock=clock_of(settings),
    )


# When to ask again


def _after(reading: Reading, due: Due, now: datetime) -> datetime:
    """When a page that was just read, and had not been edited, is asked for again."""
    if isinstance(reading, NotAnArticle):
        return now + OTHER_PAGES_AFTER
    if isinstance(reading, Unreadable):
        return now + next_retry(due.failures + 1)
    if due.changed_at is not None:
        return _unedited(due, now)
    dates = (_instant(reading.published), due.lastmod_at, _instant(reading.modified))
    became_at = next((instant for instant in dates if instant and instant <= now), now)
    return now + next_due(now - became_at)


def _unedited(due: Due, now: datetime) -> datetime:
    """When a page that is as it was is asked for again: the next step of the plan by its age.

    A page that was gone and is back begins the plan anew.
    """
    became_at = due.changed_at or due.lastmod_at or due.last_fetched_at or now
    age = timedelta(0) if due.state == "gone" else now - became_at
    return now + next_due(age, due.edits)


def _gone(due: Due, now: datetime) -> datetime:
    """When a page that is gone is asked for again: it may come back."""
    is_known = due.state == "gone" and due.changed_at is not None
    age = now - due.changed_at if is_known and due.changed_at else timedelta(0)
    return now + max(next_due(age), SHORTEST_WAIT_FOR_GONE)


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _as_if_refusals_were_settled(month: Mapping[str, Any]) -> dict[str, Any]:
    """A month of the ledger without what robots.txt refuses: no crawl could ever work that off."""
    if month["complete"] is None:
        return dict(month)
    settled = month["complete"] + month["refused"] / month["listed"]
    return {**month, "complete": min(settled, 1.0)}


def _moved_to(response: Response, capture: Capture) -> str | None:
    """Where the page stands for good, if every redirect on the way says so."""
    reasons = response.meta.get("redirect_reasons", [])
    is_permanent = bool(reasons) and all(reason in PERMANENT for reason in reasons)
    return capture.final_url if is_permanent else None


# Arguments as Scrapy's command line gives them


def _mode(text: str) -> Mode:
    for mode in get_args(Mode):
        if text == mode:
            return mode  # type: ignore[no-any-return]
    raise BadInput(f"{text!r} is no mode: use {', '.join(get_args(Mode))}.")


def _source(text: str, mode: Mode) -> Source:
    for source in get_args(Source):
        if text != source:
            continue
        if text != "site" and mode not in ("due", "backfill"):
            raise BadInput(
                f"A web archive is asked for what is lost (--mode due) or for all (--mode "
                f"backfill), not with --mode {mode}."
            )
        return source  # type: ignore[no-any-return]
    raise BadInput(f"{text!r} is no source: use {', '.join(get_args(Source))}.")


def _day(given: date | str | None, name: str) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput(f"{name}={given} is no day: write it as 2016-07-11.") from None


def _limit(given: int | str | None) -> int | None:
    if given is None:
        return None
    try:
        limit = int(given)
    except ValueError:
        limit = 0
    if limit < 1:
        raise BadInput(f"limit={given} is no number of articles: give 1 or more.")
    return limit
