"""Running crawls from Python: several sites at once, in this process, politely and to an end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import repeat
from os import PathLike
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
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
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
    delay_seconds: float | None = None,
    concurrency: int | None = None,
    contact: str | None = None,
    addresses: Sequence[Sequence[str]] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    settings: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Crawl sites into an archive; one report per site (``spiders.reports.Report``).

    Runs Scrapy's reactor, which works once per process. SIGINT and SIGTERM end the run cleanly; the
    report's ``outcome`` is then ``interrupted``. ``delay_seconds`` takes the place of the profiles'
    own delays; ``addresses`` gives canonical ones for each profile, and then nothing else is asked
    for; ``concurrency`` is the number of connections to one host; ``settings`` overrides
    Scrapy's. Raises :class:`~crawler.errors.ArchiveBusy` while another crawl holds the archive, and
    whatever kept the archive from being written.
    """
    if delay_seconds is not None:
        profiles = [replace(each, delay_seconds=delay_seconds) for each in profiles]
    options = {"mode": mode, "since": since, "until": until, "limit": limit}
    chosen = _settings(concurrency, contact, settings)
    with Archive.open(archive, mode="write") as opened, opened.hold():
        process = AsyncCrawlerProcess(chosen)
        pace, reader = pace_of(opened, chosen), reader_of(chosen)
        shared = {"archive": opened, "pace": pace, "reader": reader}
        crawlers = [process.create_crawler(spider_of(profile)) for profile in profiles]
        tasks = [
            process.crawl(
                crawler,
                addresses=wanted,
                on_progress=on_progress,
                **shared,
                **options,
            )
            for crawler, wanted in zip(crawlers, addresses or repeat(None), strict=False)
        ]
        process.start()
        for task in tasks:
            if task.done() and not task.cancelled():
                task.result()
        return [_report_of(crawler.spider) for crawler in crawlers]


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
