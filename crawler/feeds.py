"""Feeds that carry whole articles, as a second reading of a page beside the page itself.

RSS gives an entry's text as ``content:encoded``, Atom as ``content``. A page is the first witness
of its article, always; the feed is read where the page gives no text at all, and told of where it
has far more than the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape

from lxml import etree

from crawler.article import Article, Source, word_count
from crawler.discovery import (
    address_of_entry,
    elements,
    read_instant,
    root_name,
    texts_of_entry,
    unzipped,
)
from crawler.errors import Unreadable
from crawler.parsing import parse_article
from crawler.profile import Profile
from crawler.urls import is_web_address

#: Fewer words are a teaser, whatever the element that holds them is called.
FULL_TEXT_WORDS = 100
#: Larger feeds are lists of everything, and no news of today.
MOST_BYTES = 8 * 1024 * 1024
#: What is said among the notices of an article that was read from a feed.
NOTICE = "Read from the site's feed: the page itself gave no text."

_TAG = re.compile(r"<[^<>]*>")
_WITH_CONTENT = re.compile(rb"<(?:\w+:encoded|content)\b")
#: Where the fields come from that an entry states by itself.
_STATED = {
    "headline": "feed:title",
    "authors": "feed:author",
    "byline_raw": "feed:author",
    "published": "feed:date",
}
_SIGNED = ("authors", "byline_raw")


def is_feed(body: bytes) -> bool:
    """Whether this is a feed."""
    return root_name(body) in ("rss", "rdf", "feed")


def full_texts(body: bytes, *, url: str) -> dict[str, int]:
    """The pages whose whole text a feed gives, and how many words each has there."""
    body = unzipped(body)
    if len(body) > MOST_BYTES or not _WITH_CONTENT.search(body):
        return {}
    found: dict[str, int] = {}
    for address, entry in _entries(body, url):
        words = word_count(" ".join(_TAG.sub(" ", _content(entry)).split()))
        if words >= FULL_TEXT_WORDS:
            found[address] = words
    return found


def article_in_feed(body: bytes, *, feed: str, url: str, profile: Profile | None) -> Article:
    """The article that a feed gives of a page; its provenance and a notice say so.

    Raises :class:`~crawler.errors.Unreadable` where the feed has no such entry, and
    :class:`~crawler.errors.NotAnArticle` where what it gives is none.
    """
    body = unzipped(body)
    entry = next((each for address, each in _entries(body, feed) if address == url), None)
    if entry is None:
        raise Unreadable(f"the feed {feed} has no entry of this page")
    article = parse_article(_page(entry).encode(), url=url, content_type="text/html; charset=utf-8")
    author = _author(entry, texts_of_entry(entry)) or None
    provenance = {
        name: Source(_STATED.get(name, "feed:content"), author if name in _SIGNED else each.raw)
        for name, each in article.provenance.items()
    }
    return replace(
        article,
        site=profile.name if profile is not None else article.site,
        byline_raw=author,
        notices=(*article.notices, NOTICE),
        provenance=provenance | {"body": provenance.get("body") or Source("feed:content")},
    )


def _entries(body: bytes, url: str) -> Iterator[tuple[str, etree._Element]]:
    name = "entry" if root_name(body) == "feed" else "item"
    for entry in elements(body, name):
        address = address_of_entry(entry, texts_of_entry(entry), url)
        if is_web_address(address):
            yield address, entry


def _content(entry: etree._Element) -> str:
    """The markup of an entry's whole text; empty where it has none."""
    for child in entry.findall("*"):
        if str(child.tag).rpartition("}")[2].lower() not in ("encoded", "content"):
            continue
        if child.get("type") == "xhtml":
            return "".join(
                etree.tostring(each, encoding="unicode", method="html") for each in child
            )
        if (child.get("type") or "html") in ("html", "text", "text/html"):
            return child.text or ""
    return ""


def _page(entry: etree._Element) -> str:
    """An entry as the plainest page, so that it is read by the same rules as all others."""
    texts = texts_of_entry(entry)
    title, author = texts.get("title", ""), _author(entry, texts)
    dates = (texts.get(name) for name in ("published", "pubdate", "date"))
    date = read_instant(next(filter(None, dates), None))
    stated: dict[str, object] = {"@type": "NewsArticle", "headline": title}
    if author:
        stated["author"] = {"@type": "Person", "name": author}
    if date:
        stated["datePublished"] = date.isoformat()
    signed = f'<p class="byline">By {escape(author)}</p>' if author else ""
    data = json.dumps(stated).replace("<", "\\u003c")
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>"
        f'<meta property="og:type" content="article">'
        f'<script type="application/ld+json">{data}</script></head>'
        f"<body><article><h1>{escape(title)}</h1>{signed}{_content(entry)}</article></body></html>"
    )


def _author(entry: etree._Element, texts: dict[str, str]) -> str:
    """Who signs: as Dublin Core says it, as Atom does, or as RSS, behind an address of mail."""
    if texts.get("creator"):
        return texts["creator"]
    names = entry.findall("{*}author/{*}name")
    if names:
        return " ".join((names[0].text or "").split())
    match = re.search(r"\(([^()]+)\)", texts.get("author", ""))
    return match[1].strip() if match else ""
