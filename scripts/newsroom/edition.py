"""What the newsroom publishes at this moment: its articles, and the answer to every address.

An edition is a state and pure functions of it. The same state gives the same bytes, always.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import parse_qs, urljoin, urlsplit

from scripts.newsroom.article import Card, NewsroomArticle
from scripts.newsroom.layouts import Redesign, rendered
from scripts.newsroom.pages import missing, page
from scripts.newsroom.syndication import document

FOUNDED_AT = datetime(2010, 11, 8, 9, 0, tzinfo=UTC)
"""Last-Modified of pages that carry no article."""
RELATED = 3
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the newsroom answers to one address."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    changed_at: datetime = FOUNDED_AT
    location: str | None = None

    @property
    def etag(self) -> str:
        """A strong validator: a hash of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True)
class Edition:
    """One state of the newsroom, served at ``base``."""

    base: str
    filed: Mapping[str, NewsroomArticle]
    """Path to article, without those that were withdrawn."""
    withdrawn: Mapping[str, int]
    """Path to status of articles that are no more."""
    crawl_delay: float | None = None
    relaunched_at: datetime | None = None
    """Since when every article stands on a page of the new make; None before the relaunch."""
    redesigned: Redesign = "boxes"
    """Which make that is."""

    @cached_property
    def articles(self) -> tuple[NewsroomArticle, ...]:
        """Every article as served here, newest first, the undated last."""
        ordered = sorted(self.filed.values(), key=lambda article: article.path)
        ordered.sort(key=lambda article: article.published_at or FOUNDED_AT, reverse=True)
        return tuple(self._served(article) for article in ordered)

    @cached_property
    def _by_path(self) -> dict[str, NewsroomArticle]:
        return {article.path: article for article in self.articles}

    @cached_property
    def _redirects(self) -> dict[str, str]:
        moved = {old: article.path for article in self.filed.values() for old in article.moved_from}
        bare = {path.rstrip("/"): path for path in self.filed if path.endswith("/")}
        return bare | moved

    @cached_property
    def _neighbours(self) -> dict[tuple[str, str], list[str]]:
        """Paths by language and first tag, in order of path."""
        shelves: dict[tuple[str, str], list[str]] = {}
        for path in sorted(self.filed):
            article = self.filed[path]
            for tag in (*article.tags[:1], ""):
                shelves.setdefault((article.language, tag), []).append(path)
        return shelves

    def article(self, path: str) -> NewsroomArticle | None:
        """The article at that path, as served here."""
        return self._by_path.get(path)

    def _served(self, article: NewsroomArticle) -> NewsroomArticle:
        cards = tuple(self._card(article, path) for path in self._related(article))
        other = self.filed.get(article.translated_as or "")
        there = ((other.language, urljoin(self.base, other.path)),) if other else ()
        return article.on(self.base, cards=cards, translations=there)

    def _related(self, article: NewsroomArticle) -> list[str]:
        chosen = [path for path in article.related_paths if path in self.filed]
        shelf = self._neighbours.get((article.language, (*article.tags, "")[0]), [])
        if len(shelf) <= RELATED:
            shelf = self._neighbours[article.language, ""]
        at = shelf.index(article.path) + 1 if article.path in shelf else 0
        following = shelf[at : at + RELATED] + shelf[:RELATED]
        chosen += [path for path in following if path not in (article.path, *chosen)]
        return list(dict.fromkeys(chosen))[:RELATED]

    def _card(self, article: NewsroomArticle, path: str) -> Card:
        shown = self.filed[path]
        category = shown.label
        if article.layout == "custom":
            category = (shown.term or shown.label or "").upper() or None
        day = shown.published_at.date().isoformat() if shown.published_at else None
        url = urljoin(self.base, path)
        return Card(url, shown.headline, category, day, shown.teaser)

    def answer(self, target: str) -> Answer:
        """The answer to a path with or without a query."""
        parts = urlsplit(target)
        path = parts.path or "/"
        article = self._by_path.get(path)
        if article:
            return self._article(article)
        if path in self._redirects:
            return Answer(301, location=urljoin(self.base, self._redirects[path]))
        if path in self.withdrawn:
            return Answer(self.withdrawn[path], _utf8(missing(self.withdrawn[path])))
        return self._standing(path, parse_qs(parts.query))

    def _article(self, article: NewsroomArticle) -> Answer:
        make = None if self.relaunched_at is None else self.redesigned
        body = rendered(article, redesigned=make).encode(article.charset, "xmlcharrefreplace")
        changed_at = max(
            article.touched_at or article.filed_at or FOUNDED_AT, self.relaunched_at or FOUNDED_AT
        )
        return Answer(200, body, f"text/html; charset={article.charset}", changed_at)

    def _standing(self, path: str, query: dict[str, list[str]]) -> Answer:
        """Everything that is no article: lists, profiles, feeds, sitemaps, forms."""
        syndicated = document(path, self.articles, self.base, self.crawl_delay)
        if syndicated is not None:
            content_type, body = syndicated
            return Answer(200, body, content_type, self._newest_at)
        status, text = page(path, query, self.articles, self.base)
        return Answer(status, _utf8(text), HTML, self._newest_at if status == 200 else FOUNDED_AT)

    @cached_property
    def _newest_at(self) -> datetime:
        moments = [article.touched_at for article in self.articles if article.touched_at]
        return max(moments, default=FOUNDED_AT)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8")


def packed(body: bytes) -> bytes:
    """Gzip with no clock in it."""
    return gzip.compress(body, mtime=0)
