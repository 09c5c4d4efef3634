"""Scrapy's item pipeline into the archive: every visit ends here, whatever came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.article import Article
from crawler.capture import Capture
from crawler.discovery import Found
from crawler.urls import canonical_url
from spiders.reading import Reading
from spiders.reports import Report

Verdict = Literal["read", "not_modified", "gone", "refused", "failed", "put_back"]

#: How the report counts what the archive answers.
_COUNTED = {"not_article": "not_articles"}


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking for one page."""

    url: str
    """The address as the frontier has it."""
    verdict: Verdict
    now: datetime
    capture: Capture | None = None
    """The answer, where there was one worth keeping."""
    reading: Reading | None = None
    """What was read from it, for the verdict ``read``."""
    reason: str | None = None
    next_due_at: datetime | None = None
    """When to ask again; None is never."""
    edited_due_at: datetime | None = None
    """When to ask again if the page turns out to be edited; else ``next_due_at`` holds."""
    parts: tuple[Capture, ...] = ()
    """The answers for the further pages of an article, whose text ``reading`` holds."""
    moved_to: str | None = None
    """Where the server says that the page stands for good."""


#: Visits that end within so many seconds are written in one transaction, since to begin and end one
#: costs a third of what a page does. Pages that are read together come together.
TOGETHER_SECONDS = 0.01


class KeepInArchive:
    """Writes each visit into the archive, whole or not at all, and counts it in the report.

    Hands the record of an article on to later pipelines and feed exports; other visits end here.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._arrived: list[tuple[Visit, asyncio.Future[str | None]]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Visit):
            return item
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[str | None] = loop.create_future()
        if not self._arrived:
            loop.call_later(TOGETHER_SECONDS, self._write)
        self._arrived.append((item, kept))
        outcome = await kept
        if outcome is None:
            raise DropItem("the archive could not be written")
        if isinstance(item.reading, Article):
            return item.reading.to_dict()
        raise DropItem(outcome)

    def _write(self) -> None:
        """Write what has arrived, and tell those who wait what became of it."""
        arrived, self._arrived = self._arrived, []
        spider: Any = self.crawler.spider
        outcomes: Sequence[str | None]
        try:
            with spider.archive.together():
                outcomes = [self._keep(visit, spider) for visit, _ in arrived]
        except Exception as fault:
            spider.give_up(fault)
            outcomes = [None] * len(arrived)
        for (visit, kept), outcome in zip(arrived, outcomes, strict=True):
            if outcome is not None:
                spider.settle(visit.url, outcome, visit.reason)
            if not kept.done():
                kept.set_result(outcome)

    def _keep(self, visit: Visit, spider: Any) -> str:
        """Write it; the word under which the report counts it."""
        archive, report = spider.archive, spider.report
        about = {"site": spider.profile.name, "crawl_id": spider.crawl_id, "now": visit.now}
        received = (visit.capture, *visit.parts)
        report.body_bytes += sum(len(each.body) for each in received if each is not None)
        outcome: str
        match visit.verdict:
            case "read":
                outcome = archive.save(
                    visit.capture,
                    visit.reading,
                    next_due_at=visit.next_due_at,
                    edited_due_at=visit.edited_due_at,
                    reread=spider.reread,
                    parts=visit.parts,
                    **about,
                )
                if visit.moved_to:
                    archive.moved(visit.url, visit.moved_to, **about)
                report.fetched += 1
            case "not_modified":
                archive.not_modified(visit.url, next_due_at=visit.next_due_at, **about)
                if visit.moved_to:  # the page stands there as it stood here, validators and all
                    there = Found(canonical_url(visit.moved_to), None, "link")
                    named = {name: about[name] for name in ("crawl_id", "now")}
                    archive.enlist(spider.profile.name, [there], **named)
                    archive.moved(visit.url, visit.moved_to, **about)
                outcome = "not_modified"
            case "gone":
                outcome = archive.gone(visit.capture, next_due_at=visit.next_due_at, **about)
            case "refused":
                archive.refuse(
                    visit.url, reason=visit.reason, next_due_at=visit.next_due_at, **about
                )
                outcome = "refused_by_robots"
            case "failed":
                archive.fail(
                    visit.url,
                    reason=visit.reason,
                    retry_at=visit.next_due_at,
                    capture=visit.capture,
                    **about,
                )
                outcome = "failed"
            case "put_back":
                outcome = "put_back"
        _count(report, visit, outcome)
        return _COUNTED.get(outcome, outcome)


def _count(report: Report, visit: Visit, outcome: str) -> None:
    if outcome == "failed":
        report.failed[visit.reason or "unknown"] += 1
    elif outcome == "put_back":
        report.leave(visit.reason or "unknown")
    else:
        report.outcomes[_COUNTED.get(outcome, outcome)] += 1
