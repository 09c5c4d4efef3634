"""Running crawls from Python: several sites at once, in this process, politely and to an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import repeat
from os import PathLike
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings

from crawler.errors import BadInput
from crawler.profile import Profile
from spiders.articles import ArticleSpider, pace_of, reader_of
from spiders.reports import Progress
from spiders.sites import spider_of
from storage import Archive


def crawl(
    archive: str | PathLike[str],
    profiles: Sequence[Profile],
    *,
    mode: str = "due",
    source: str = "site",
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
    delay_seconds: float | None = None,
    concurrency: int | None = None,
    contact: str | None = None,
    addresses: Sequence[Sequence[str]] | None = None,
    job: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    settings: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Crawl sites into an archive; one report per site (``spiders.reports.Report``).

    Runs Scrapy's reactor, which works once per process. SIGINT and SIGTERM end the run cleanly; the
    report's ``outcome`` is then ``interrupted``. ``delay_seconds`` takes the place of the profiles'
    own delays; ``addresses`` gives canonical ones for each profile, and then nothing else is asked
    for; ``concurrency`` is the number of connections to one host; ``settings`` overrides
    Scrapy's; ``job`` is the name of the job that it is a run of. Raises
    :class:`~crawler.errors.ArchiveBusy` while another crawl holds the archive, and whatever kept
    the archive from being written.
    """
    options: dict[str, Any] = {"mode": mode, "since": since, "until": until, "limit": limit}
    options |= {"source": source, "job": job}
    options["on_progress"] = on_progress
    chosen = _settings(concurrency, contact, settings)
    with Archive.open(archive, mode="write") as opened, opened.hold():
        process = AsyncCrawlerProcess(chosen)
        there = _at_pace(profiles, delay_seconds)
        crawlers, tasks = _started(process, opened, there, options, addresses)
        process.start()
        for task in tasks:
            if task.done() and not task.cancelled():
                task.result()
        return [_report_of(crawler.spider) for crawler in crawlers]


async def crawl_here(
    archive: str | PathLike[str],
    profiles: Sequence[Profile],
    *,
    delay_seconds: float | None = None,
    contact: str | None = None,
    settings: dict[str, Any] | None = None,
    **options: Any,
) -> list[dict[str, Any]]:
    """What :func:`crawl` does, in a reactor that runs already, and as often as one likes there.

    ``options`` are ``mode``, ``source``, ``since``, ``until``, ``limit`` and ``on_progress``.
    """
    chosen = _settings(None, contact, settings)
    with Archive.open(archive, mode="write") as opened, opened.hold():
        runner = AsyncCrawlerRunner(chosen)
        crawlers, tasks = _started(runner, opened, _at_pace(profiles, delay_seconds), options)
        for task in tasks:
            await task
        return [_report_of(crawler.spider) for crawler in crawlers]


def _at_pace(profiles: Sequence[Profile], delay_seconds: float | None) -> Sequence[Profile]:
    if delay_seconds is None:
        return profiles
    return [replace(each, delay_seconds=delay_seconds) for each in profiles]


def _started(
    runner: AsyncCrawlerRunner,
    archive: Archive,
    profiles: Sequence[Profile],
    options: Any,
    addresses: Sequence[Sequence[str]] | None = None,
) -> tuple[list[Crawler], list[asyncio.Task[None]]]:
    """A crawler per site, and its crawl; all of them share archive, pace and reader."""
    shared = {
        "archive": archive,
        "pace": pace_of(archive, runner.settings),
        "reader": reader_of(runner.settings),
    }
    crawlers = [runner.create_crawler(spider_of(profile)) for profile in profiles]
    return crawlers, [
        runner.crawl(crawler, addresses=wanted, **shared, **options)
        for crawler, wanted in zip(crawlers, addresses or repeat(None), strict=False)
    ]


def _settings(
    concurrency: int | None, contact: str | None, overrides: dict[str, Any] | None
) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    if contact:
        settings.set("HEMEROTECA_CONTACT", contact, priority="cmdline")
    if concurrency is not None:
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", concurrency, priority="cmdline")
        settings.set("CONCURRENT_REQUESTS", max(8, 2 * concurrency), priority="cmdline")
    settings.setdict(overrides or {}, priority="cmdline")
    return settings


def _report_of(spider: Spider | None) -> dict[str, Any]:
    if not isinstance(spider, ArticleSpider):
        raise BadInput("The crawl could not be started.")
    if spider.fault is not None:
        raise spider.fault
    return spider.report.to_dict()
