"""Imported once by the server that forks the tests' crawls, so that each need not load it."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.misc import load_object

import spiders.run
from crawler.parsing import parse_article
from storage import Archive
from tests.crawling import article

settings = Settings()
settings.setmodule("crawler.settings", priority="project")
for kind in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS"):
    for path in settings.get_component_priority_dict_with_base(kind):
        with contextlib.suppress(ImportError):
            load_object(path)
for name in ("SCHEDULER", "STATS_CLASS", "LOG_FORMATTER", "SCHEDULER_PRIORITY_QUEUE"):
    load_object(settings[name])

parse_article(
    article("The strike at the port").encode(), url="https://news.example/the-strike-at-the-port/"
)
with tempfile.TemporaryDirectory() as folder:
    Archive.open(Path(folder) / "warm.db", mode="write").close()

__all__ = ["spiders"]
