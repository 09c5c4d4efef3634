"""Known articles beside their pages of today: which of them a redesign can be held against."""

from __future__ import annotations

from datetime import timedelta

from crawler.errors import NotAnArticle, Unreadable
from tests.storing import SITE, Desk, article, desk

__all__ = ["desk"]


def test_an_article_that_was_captured_once_is_no_evidence(desk: Desk) -> None:
    desk.save(article(1))
    assert desk.archive.known_pages(SITE, limit=9) == []


def test_the_fullest_of_the_earlier_readings_is_what_is_known(desk: Desk) -> None:
    desk.save(article(1, kicker="News", deck="The standfirst."))
    desk.save(article(1, headline="Edited", kicker="News", deck="The standfirst."))
    redesigned = desk.now
    desk.save(article(1, authors=(), published=None))
    desk.save(article(1, authors=(), published=None, headline="Edited again"))
    (known,) = desk.archive.known_pages(SITE, limit=9)
    assert known.article.headline == "Edited"
    assert desk.archive.capture(known.capture_id).fetched_at == desk.now
    (earlier,) = desk.archive.known_pages(SITE, limit=9, before=redesigned)
    assert earlier.article.headline == "Headline 1"


def test_a_page_that_can_be_read_no_more_counts_for_its_article(desk: Desk) -> None:
    for number, refusal in enumerate((NotAnArticle("empty"), Unreadable("a wall")), 1):
        first = article(number)
        desk.save(first)
        desk.save(refusal, url=first.url)
        (known,) = [
            each
            for each in desk.archive.known_pages(SITE, limit=9)
            if each.article.url == first.url
        ]
        assert desk.archive.capture(known.capture_id).fetched_at == desk.now


def test_of_many_pages_the_latest_are_taken(desk: Desk) -> None:
    for _ in range(2):
        for number in range(6):
            desk.save(article(number, headline=f"At {desk.now + timedelta(0)}"))
    known = desk.archive.known_pages(SITE, limit=3)
    assert [each.article.url.rpartition("/")[2] for each in known] == ["5", "4", "3"]
    assert desk.archive.known_pages("other", limit=3) == []
