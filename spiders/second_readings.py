"""What a site's own feeds give of its articles, held against what its pages give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from crawler.feeds import full_texts
from crawler.parsing.decoding import decode_content
from crawler.profile import Profile
from spiders.pipelines import Visit
from spiders.reading import read
from spiders.reports import Report

#: A page with less than this share of the words that the feed gives shows a part of its article.
LEAST_SHARE = 0.5
#: Why a page was taken for none that a feed may stand in for.
WITHOUT_TEXT = ("empty",)
#: Addresses that are told one by one; feeds that are remembered in a run.
MOST_TOLD, MOST_FEEDS = 20, 100


class SecondReadings:
    """The full texts of the feeds that a run has read.

    A feed whose server says that it is as it was gives none: its articles were looked at before.
    """

    def __init__(self, profile: Profile, report: Report) -> None:
        self._profile = profile
        self._report = report
        self._feeds: list[Capture] = []
        self._texts: dict[str, tuple[int, int]] = {}

    def note(self, feed: Capture) -> None:
        """Remember what a feed gives."""
        if len(self._feeds) >= MOST_FEEDS:
            return
        try:
            found = full_texts(decode_content(feed.body, feed.headers), url=feed.address)
        except Unreadable:
            return
        if found:
            self._feeds.append(feed)
            number = len(self._feeds) - 1
            self._texts |= {url: (words, number) for url, words in found.items()}

    def beside(self, visits: Sequence[Visit]) -> list[Visit]:
        """The visits, the first of which is of a page, with one of the feed's text where the page
        gave none; a page that gave far less than the feed is told of in the report."""
        page = visits[0]
        words, number = self._texts.get(page.url, (0, 0))
        if not words or page.verdict != "read" or page.capture is None:
            return list(visits)
        if isinstance(page.reading, Article):
            if page.reading.words < LEAST_SHARE * words:
                self._tell(page.url, page.reading.words, words)
            return list(visits)
        if isinstance(page.reading, NotAnArticle) and page.reading.reason in WITHOUT_TEXT:
            feed = self._feeds[number]
            instead = replace(feed, url=page.url, final_url=None, redirects=(), origin=feed.address)
            reading = read(instead, self._profile)
            if isinstance(reading, Article):
                self._report.read_from_feeds += 1
                return [replace(page, capture=instead, reading=reading, moved_to=None), *visits]
        return list(visits)

    def _tell(self, url: str, words: int, in_feed: int) -> None:
        self._report.thin += 1
        if len(self._report.thin_pages) < MOST_TOLD:
            self._report.thin_pages[url] = f"{words} words, and {in_feed} in the feed"
