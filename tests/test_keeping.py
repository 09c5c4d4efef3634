"""Visits of a crawl on their way into the archive: those that end together are kept together."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from spiders.pipelines import KeepInArchive, Visit
from spiders.reports import Report
from tests.storing import NOW, SITE, TOMORROW, Desk, article, capture, desk

__all__ = ["desk"]


class Crawl:
    """As much of a crawl as the pipeline knows."""

    def __init__(self, desk: Desk) -> None:
        self.archive = desk.archive
        self.crawl_id = desk.crawl_id
        self.report = Report(SITE, "due", NOW)
        self.profile = SimpleNamespace(name=SITE)
        self.spider = self
        self.settled: list[str] = []
        self.faults: list[Exception] = []
        self.reread = None

    def settle(self, url: str, outcome: str, reason: str | None) -> None:
        self.settled.append(outcome)

    def give_up(self, fault: Exception) -> None:
        self.faults.append(fault)


def visit(number: int) -> Visit:
    about = {"capture": capture(number), "reading": article(number), "next_due_at": TOMORROW}
    return Visit(capture(number).url, "read", NOW, **about)  # type: ignore[arg-type]


def kept(crawl: Crawl, *visits: Visit) -> list[Any]:
    """What becomes of visits that end at once."""

    async def all_of_them() -> list[Any]:
        pipeline = KeepInArchive(crawl)  # type: ignore[arg-type]
        coming = (pipeline.process_item(each) for each in visits)
        return await asyncio.gather(*coming, return_exceptions=True)

    return asyncio.run(all_of_them())


def test_visits_that_end_together_are_kept_in_one_transaction(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    together = desk.archive.together
    monkeypatch.setattr(desk.archive, "together", lambda: begun.append(True) or together())
    crawl = Crawl(desk)
    found = kept(crawl, *map(visit, range(5)))
    assert [each["headline"] for each in found] == [f"Headline {number}" for number in range(5)]
    assert crawl.settled == ["new"] * 5
    assert len(begun) == 1
    assert desk.archive.sites() == {SITE: 5}


def test_of_visits_that_end_together_all_are_kept_or_none(desk: Desk) -> None:
    crawl = Crawl(desk)
    nowhere = Visit("https://example.org/", "read", NOW, reading=article(3))  # without a capture
    found = kept(crawl, visit(1), visit(2), nowhere)
    assert [str(each) for each in found] == ["the archive could not be written"] * 3
    assert all(isinstance(each, DropItem) for each in found)
    assert len(crawl.faults) == 1
    assert crawl.settled == []
    assert desk.archive.sites() == {}
