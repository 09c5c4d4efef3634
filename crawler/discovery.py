"""Reading the lists that a site keeps of its own articles: sitemaps, feeds, listing pages.

Bytes in, values out. What is wrong in a list costs that entry alone and is counted; what is hostile
(an XML bomb, a gzip bomb, a list without end) is refused within bounded time and memory.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.errors import Unreadable
from crawler.parsing.decoding import text_of_page
from crawler.profile import Profile
from crawler.urls import (
    canonical_url,
    day_in_path,
    host_of,
    is_article_like,
    is_calendar,
    is_own,
    is_section_like,
    is_web_address,
    may_go_on,
    page_number,
)

Origin = Literal[
    "sitemap", "news-sitemap", "feed", "listing", "wordpress", "web-archive", "link", "user"
]
Kind = Literal["sitemap", "index", "feed", "listing", "posts"]

#: The sitemap protocol allows 50 MB unpacked and 50,000 entries; some sites go a little over.
LIST_BYTES = 64 * 1024 * 1024
LIST_ENTRIES = 100_000
#: Gzip within gzip, as servers make it.
MOST_WRAPPINGS = 3
#: Feeds that a page links without saying so in its head.
MOST_LINKED_FEEDS = 5
#: Of the data that scripts of a page read, so many bytes are looked through for links.
DATA_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """An address that a site lists as an article's, with what the list says about it."""

    url: str
    """The address in its normal form."""
    lastmod_at: datetime | None
    """When the list says that the page last changed: aware, UTC; None when unknown."""
    source: Origin
    """What kind of list it stood in."""
    title: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    """When the list says that it was published: aware, UTC; None when unknown."""

    @property
    def stated_on(self) -> date | None:
        """Day of publication as the list or else the address itself states it."""
        return self.published_at.date() if self.published_at else day_in_path(self.url)


@dataclass(frozen=True, slots=True)
class Child:
    """A list that another list names: a sitemap of an index, a section that a page links to."""

    url: str
    lastmod_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What one list holds, in its own order."""

    kind: Kind
    founds: tuple[Found, ...] = ()
    children: tuple[Child, ...] = ()
    next_page: str | None = None
    """Where a listing goes on."""
    feeds: tuple[str, ...] = ()
    """Feeds that a page announces (RSS autodiscovery), or else links."""
    sitemaps: tuple[str, ...] = ()
    """Sitemaps that a page announces or links."""
    posts: str | None = None
    """The list of all posts that a WordPress site offers to programs."""
    skipped: int = 0
    """Entries left out: broken addresses, other sites', or none that an article could have."""


#: What a faulty server prints before its JSON: a mark of order, warnings in HTML.
_JSON_BEGINNING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<[^\[{]{0,2000}(?=[\[{]))?")


def read_list(
    body: bytes, *, url: str, profile: Profile | None = None, content_type: str | None = None
) -> Listed:
    """Whatever kind of list this is, read: sitemap, sitemap index, feed, plain text or web page.

    ``body`` is the payload after HTTP decoding; a ``.gz`` file is unpacked here. With a profile,
    only article-like addresses of its own hosts are kept.

    Raises :class:`~crawler.errors.Unreadable` for what is no list or must not be unpacked.
    """
    body = unzipped(body)
    if "json" in (content_type or ""):
        body = _JSON_BEGINNING.sub(b"", body, count=1)
    if body.lstrip()[:1] in (b"[", b"{") and "json" in (content_type or "json"):
        read = read_json_feed if _JSON_FEED.search(body[:4096]) else read_posts
        return _kept(read(body, url=url), profile)
    root = root_name(body)
    if root in ("urlset", "sitemapindex"):
        return _kept(read_sitemap(body, url=url), profile)
    if root in ("rss", "rdf", "feed"):
        return _kept(read_feed(body, url=url), profile)
    if root == "html" or "html" in (content_type or ""):
        return read_listing(body, url=url, profile=profile, content_type=content_type)
    if _is_plain_list(body):
        return _kept(_read_plain(body, url), profile)
    return read_listing(body, url=url, profile=profile, content_type=content_type)


def unzipped(body: bytes, limit: int = LIST_BYTES) -> bytes:
    """The body of a gzip file, or the body itself where it is none; never more than ``limit``.

    A file that breaks off gives what it holds up to there; one that was packed again by a server
    that took it for text is unpacked again.
    """
    for _ in range(MOST_WRAPPINGS):
        if body[:2] != b"\x1f\x8b":
            break
        body = _unpacked(body, limit)
    if len(body) > limit:
        raise Unreadable(f"the list is longer than {limit:,} bytes; it was not read")
    return body


def _unpacked(packed: bytes, limit: int) -> bytes:
    """The contents of a gzip file (which may be several, one after the other), a little over
    ``limit`` bytes at most."""
    content = b""
    while packed[:2] == b"\x1f\x8b" and len(content) <= limit:
        reader = zlib.decompressobj(31)
        try:
            content += reader.decompress(packed, limit + 1 - len(content))
        except zlib.error as fault:
            raise Unreadable(f"the list's gzip file is broken ({fault})") from None
        packed = reader.unused_data
    return content


# Sitemaps


def read_sitemap(body: bytes, *, url: str) -> Listed:
    """A sitemap, a sitemap index (sitemaps.org, with Google's news entries), or a plain text list.

    Relative addresses are resolved against ``url``; entries without a usable address are counted in
    ``skipped``. A date that can't be read is None.
    """
    body = unzipped(body)
    root = root_name(body)
    if root == "sitemapindex":
        children, skipped = _entries(body, "sitemap", url)
        return Listed("index", children=tuple(map(_child, children)), skipped=skipped)
    if root == "urlset":
        entries, skipped = _entries(body, "url", url)
        founds = _without_own_date(tuple(found for each in entries for found in _founds(each)))
        return Listed("sitemap", founds=founds, skipped=skipped)
    if _is_plain_list(body):
        return _read_plain(body, url)
    raise Unreadable(f"{url} is no sitemap: it begins with <{root or '?'}>")


@dataclass(slots=True)
class _Entry:
    """One ``<url>`` or ``<sitemap>`` while it is being read."""

    url: str
    lastmod: str | None = None
    news_date: str | None = None
    title: str | None = None
    language: str | None = None
    is_news: bool = False
    alternates: tuple[tuple[str, str | None], ...] = ()
    """Addresses of the same page in other languages, with these."""


def _entries(body: bytes, tag: str, base: str) -> tuple[list[_Entry], int]:
    """The usable entries of a sitemap and the number of the others."""
    entries: list[_Entry] = []
    skipped = 0
    for element in elements(body, tag):
        if len(entries) >= LIST_ENTRIES or (entry := _entry(element, base)) is None:
            skipped += 1
        else:
            entries.append(entry)
    return entries, skipped


def _entry(element: etree._Element, base: str) -> _Entry | None:
    parts = _first_texts(element)
    address = canonical_url(parts.get("loc", ""), base=base) if parts.get("loc") else ""
    if not is_web_address(address):
        return None
    return _Entry(
        url=address,
        lastmod=parts.get("lastmod"),
        news_date=parts.get("publication_date"),
        title=parts.get("title"),
        language=parts.get("language"),
        is_news="publication_date" in parts,
        alternates=_alternates(element, base, address),
    )


def _alternates(
    element: etree._Element, base: str, address: str
) -> tuple[tuple[str, str | None], ...]:
    """What an entry names as its page in other languages (``xhtml:link`` with ``hreflang``)."""
    found: dict[str, str | None] = {}
    for link in element.findall("{*}link"):
        named = canonical_url(link.get("href") or "", base=base)
        if link.get("rel") == "alternate" and link.get("hreflang") and is_web_address(named):
            found.setdefault(named, _primary(link.get("hreflang")))
    found.pop(address, None)
    return tuple(found.items())


def _first_texts(element: etree._Element) -> dict[str, str]:
    """The first text of every kind of descendant, except those of pictures and videos."""
    texts: dict[str, str] = {}
    for node in element.iter(etree.Element):
        namespace, _, name = str(node.tag).rpartition("}")
        if "image" in namespace or "video" in namespace:
            continue
        text = " ".join((node.text or "").split())
        if text:
            texts.setdefault(name.lower(), text)
    return texts


def _child(entry: _Entry) -> Child:
    return Child(entry.url, read_instant(entry.lastmod))


def _founds(entry: _Entry) -> Iterator[Found]:
    """What an entry names: its page, and those in other languages, of whose changes it says no
    word."""
    yield _found(entry)
    for address, language in entry.alternates:
        yield Found(address, None, "sitemap", language=language)


def _found(entry: _Entry) -> Found:
    dates = [read_instant(text) for text in (entry.lastmod, entry.news_date)]
    known = [date for date in dates if date is not None]
    return Found(
        entry.url,
        max(known, default=None),
        "news-sitemap" if entry.is_news else "sitemap",
        entry.title if entry.is_news else None,
        _primary(entry.language) if entry.is_news else None,
        read_instant(entry.news_date),
    )


#: Fewer entries may share an instant by chance, or because an editor saved them together.
SHARED_DATE_ENTRIES = 10


def _without_own_date(founds: tuple[Found, ...]) -> tuple[Found, ...]:
    """The entries without a time of change that is really the list's own.

    Some sites stamp every entry with the moment at which the sitemap was made; believed, that would
    have every page fetched again each time. A day that all share may be true, so it stays.
    """
    instants = {found.lastmod_at for found in founds}
    shared = next(iter(instants)) if len(instants) == 1 else None
    if shared is None or len(founds) < SHARED_DATE_ENTRIES or shared.time() == time():
        return founds
    return tuple(replace(found, lastmod_at=None) for found in founds)


def _is_plain_list(body: bytes) -> bool:
    """Whether this is a sitemap in plain text: one absolute address a line (sitemaps.org)."""
    lines = body[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").split(b"\n")[:-1]
    words = [word for line in lines or [body] if (word := line.strip())[:1] not in (b"", b"#")][:2]
    return bool(words) and all(re.match(rb"https?://[^\s<>]+$", word, re.I) for word in words)


def _read_plain(body: bytes, url: str) -> Listed:
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines()]
    wanted = [canonical_url(line, base=url) for line in lines if line and line[0] != "#"]
    usable = [address for address in wanted if is_web_address(address)][:LIST_ENTRIES]
    founds = tuple(Found(address, None, "sitemap") for address in usable)
    return Listed("sitemap", founds=founds, skipped=len(wanted) - len(founds))


#: Sitemaps of things that are no articles, by the names that WordPress plug-ins give them.
_OTHER_SITEMAP = re.compile(
    r"(?:^|[-_/])(?:tags?|post_tag|categor(?:y|ies)|authors?|users?|images?|videos?|locations?|"
    r"products?|events?|archives?|attachments?|taxonom(?:y|ies))(?:[-_]?sitemap|[-_.]|$)",
    re.I,
)


def is_article_sitemap(url: str) -> bool:
    """Whether a sitemap may list articles, as far as its name tells.

    >>> is_article_sitemap("https://x.example/post-sitemap2.xml")
    True
    >>> is_article_sitemap("https://x.example/post_tag-sitemap.xml")
    False
    """
    return _OTHER_SITEMAP.search(urlsplit(url).path.rpartition("/")[2]) is None


#: A line that names one, in the spellings that search engines read, too.
_SITEMAP_LINE = re.compile(r"\s*site-?maps?\s*:\s*([^\s#]+)", re.I)


def sitemaps_of_robots(text: str, *, base: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, in its order, each once.

    >>> sitemaps_of_robots("User-agent: *\\nSITEMAP: /map.xml # new", base="https://x.example/")
    ('https://x.example/map.xml',)
    """
    lines = map(_SITEMAP_LINE.match, text.removeprefix("\ufeff").splitlines())
    addresses = [canonical_url(line[1], base=base) for line in lines if line]
    return tuple(dict.fromkeys(address for address in addresses if is_web_address(address)))


# Feeds


def read_feed(body: bytes, *, url: str) -> Listed:
    """An RSS (0.9x, 1.0, 2.0) or Atom feed: the entries' addresses, titles and dates."""
    body = unzipped(body)
    root = root_name(body)
    if root not in ("rss", "rdf", "feed"):
        raise Unreadable(f"{url} is no feed: it begins with <{root or '?'}>")
    founds: list[Found] = []
    skipped, next_page = 0, None
    name = "entry" if root == "feed" else "item"
    for element in elements(body, name, "link"):
        if etree.QName(element).localname == "link":
            next_page = next_page or _following(element, url)
            continue
        found = _feed_entry(element, url) if len(founds) < LIST_ENTRIES else None
        if found is None:
            skipped += 1
        else:
            founds.append(found)
    return Listed("feed", founds=tuple(founds), next_page=next_page, skipped=skipped)


def _following(link: etree._Element, url: str) -> str | None:
    """Where a feed goes on, if this link of it says so (RFC 5005)."""
    if link.get("rel") not in ("next", "prev-archive"):
        return None
    address = _address(link, link.get("href") or "", url)
    return address if is_web_address(address) and address != canonical_url(url) else None


def _address(element: etree._Element, link: str, base: str) -> str:
    """A link in its normal form, with what ``xml:base`` says where it stands."""
    within = canonical_url(element.base, base=base) if element.base else base
    return canonical_url(link, base=within) if link else ""


def _feed_entry(element: etree._Element, base: str) -> Found | None:
    texts = texts_of_entry(element)
    address = address_of_entry(element, texts, base)
    if not is_web_address(address):
        return None
    changed_at = _first_instant(texts, "updated", "modified", *_PUBLISHED)
    published_at = _first_instant(texts, *_PUBLISHED)
    return Found(address, changed_at, "feed", texts.get("title") or None, published_at=published_at)


def texts_of_entry(element: etree._Element) -> dict[str, str]:
    """The texts of an entry by the names of their elements, the first of each name."""
    return {
        str(child.tag).rpartition("}")[2].lower(): " ".join((child.text or "").split())
        for child in reversed(element.findall("*"))
    }


_PUBLISHED = ("pubdate", "published", "issued", "date")


def _first_instant(texts: dict[str, str], *names: str) -> datetime | None:
    """The first of these texts that is an instant."""
    return next((instant for name in names if (instant := read_instant(texts.get(name)))), None)


def address_of_entry(element: etree._Element, texts: dict[str, str], base: str) -> str:
    """The entry's own page, in its normal form: feedburner's original link, a link, or a guid that
    is one. A guid on the feed's own host goes before a link that leads to another."""
    link = texts.get("origlink") or _link_of_entry(element, texts)
    holder = next(
        (node for node in element.findall("{*}link") if node.get("href") == link), element
    )
    address, guid = _address(holder, link, base), element.find("{*}guid")
    if guid is None or guid.get("isPermaLink") == "false":
        return address
    named = _address(guid, (guid.text or "").strip(), base)
    is_nearer = host_of(named) == host_of(base) != host_of(address)
    return named if (is_nearer and is_web_address(named)) or not address else address


#: The relation of an Atom link to its entry that means its page, in the order of preference.
_OWN_PAGE = ("alternate", "http://www.iana.org/assignments/relation/alternate", "")


def _link_of_entry(element: etree._Element, texts: dict[str, str]) -> str:
    links = element.findall("{*}link")
    for link in links:
        if (link.text or "").strip():
            return (link.text or "").strip()
    for rel in _OWN_PAGE:
        for link in links:
            if link.get("href") and link.get("rel", "") == rel:
                return str(link.get("href"))
    return "" if element.find("{*}guid") is not None else texts.get("id", "")


_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')


def read_json_feed(body: bytes, *, url: str) -> Listed:
    """A JSON Feed (jsonfeed.org, versions 1 and 1.1): the items' addresses, titles and dates.

    Raises :class:`~crawler.errors.Unreadable` for other JSON.
    """
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        feed = None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        raise Unreadable(f"{url} is no feed")
    founds = [found for item in items[:LIST_ENTRIES] if (found := _json_item(item, url))]
    following = feed.get("next_url")
    address = canonical_url(following, base=url) if isinstance(following, str) else ""
    goes_on = is_web_address(address) and address != canonical_url(url)
    skipped = len(items) - len(founds)
    return Listed("feed", tuple(founds), next_page=address if goes_on else None, skipped=skipped)


def _json_item(item: object, base: str) -> Found | None:
    texts = _texts(item)
    link = texts.get("url") or texts.get("id", "")
    address = canonical_url(link, base=base) if link else ""
    if not is_web_address(address):
        return None
    published_at = read_instant(texts.get("date_published"))
    changed_at = read_instant(texts.get("date_modified")) or published_at
    title = texts.get("title") or None
    return Found(address, changed_at, "feed", title, _primary(texts.get("language")), published_at)


def _texts(item: object) -> dict[str, str]:
    """What of an object of JSON is text."""
    pairs = item.items() if isinstance(item, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


# WordPress

#: As many posts as one page of a WordPress site's own list holds at most.
POSTS_PER_PAGE = 100
_POSTS = (
    f"wp/v2/posts?_fields=link,date_gmt,modified_gmt&orderby=modified&page=1"
    f"&per_page={POSTS_PER_PAGE}"
)


def read_posts(body: bytes, *, url: str) -> Listed:
    """A page of the list of posts that WordPress offers to programs (its REST API).

    Raises :class:`~crawler.errors.Unreadable` for other JSON.
    """
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        posts = None
    if not isinstance(posts, list):
        raise Unreadable(f"{url} is no list of posts")
    founds = [found for post in posts[:LIST_ENTRIES] if (found := _post(post, url))]
    return Listed("posts", founds=tuple(founds), skipped=len(posts) - len(founds))


def _post(post: object, base: str) -> Found | None:
    texts = _texts(post)
    address = canonical_url(texts.get("link", ""), base=base) if texts.get("link") else ""
    if not is_web_address(address):
        return None
    published_at = read_instant(texts.get("date_gmt"))
    changed_at = read_instant(texts.get("modified_gmt")) or published_at
    return Found(address, changed_at, "wordpress", published_at=published_at)


def posts_of(api: str) -> str:
    """The list of all posts, the latest changed first, of a WordPress site's REST API.

    >>> posts_of("https://x.example/wp-json/").partition("?")[0]
    'https://x.example/wp-json/wp/v2/posts'
    >>> posts_of("https://x.example/?rest_route=/").partition("&")[0]
    'https://x.example/?rest_route=/wp/v2/posts'
    """
    if "rest_route=" in api:
        return api + _POSTS.replace("?", "&")
    return f"{api.rstrip('/')}/{_POSTS}"


def is_posts(url: str) -> bool:
    """Whether an address is one that :func:`posts_of` makes."""
    return "/wp/v2/posts" in url


def api_of_link_header(value: str) -> str | None:
    """The REST API that a WordPress site announces in its ``Link`` header (RFC 8288).

    >>> api_of_link_header('<https://x.example/wp-json/>; rel="https://api.w.org/"')
    'https://x.example/wp-json/'
    """
    match = re.search(r'<([^<>]+)>\s*;[^,]*rel="?https://api\.w\.org/"?', value)
    return match[1] if match else None


def next_posts(url: str, listed: Listed, pages: int | None) -> str | None:
    """Where a list of posts goes on: ``pages`` is how many the server says there are.

    Without a word of it, every page that names posts is followed by another, since sites bound
    what a page holds in their own ways; a full page is not believed to be the last.
    """
    match = re.search(r"(?<=[?&]page=)\d{1,6}", url)
    if match is None:
        return None
    number = int(match[0])
    is_last = number >= pages if pages is not None else not listed.founds
    is_last = is_last and len(listed.founds) < POSTS_PER_PAGE
    return None if is_last else f"{url[: match.start()]}{number + 1}{url[match.end() :]}"


# Listing pages

#: "Next page", "older posts", "load more" as listings say it, without case and arrows.
_NEXT_WORDS = re.compile(
    r"^(?:next(?: page)?|older(?: posts| entries| articles| news)?|previous posts|"
    r"(?:load|show|view) more(?: posts| articles| stories| news)?|siguientes?|"
    r"more (?:posts|articles|stories|news)|"
    r"p[aá]gina siguiente|(?:entradas |noticias |art[ií]culos )?(?:m[aá]s )?anteriores|"
    r"(?:entradas |noticias )?m[aá]s antigu[ao]s?|(?:ver|cargar|mostrar|leer) m[aá]s"
    r"(?: noticias| art[ií]culos| entradas)?|m[aá]s noticias|pr[oó]xim[ao]s?(?: p[aá]gina)?|"
    r"p[aá]gina seguinte|(?:carregar|ver|mostrar) mais(?: not[ií]cias)?|mais antig[ao]s|"
    r"(?:page )?suivante?s?|articles plus anciens|(?:voir|afficher|charger) plus(?: d'articles)?|"
    r"(?:n[aä]chste(?: seite)?|weiter|[aä]ltere (?:beitr[aä]ge|artikel)|mehr (?:laden|anzeigen))|"
    r"(?:pagina )?successiva|articoli (?:pi[uù] vecchi|precedenti)|carica altr[ei](?: notizie)?|"
    r"»|›|→|>>|>)[\s»›→>…+]*$",
    re.I,
)


def read_listing(
    body: bytes, *, url: str, profile: Profile | None = None, content_type: str | None = None
) -> Listed:
    """A web page that lists articles: article-like links in page order, and where it goes on."""
    tree = LexborHTMLParser(text_of_page(unzipped(body), content_type))
    base, here = _base(tree, url), canonical_url(url)
    links = _links(tree, base)
    links.pop(here, None)
    listed = Listed(
        "listing",
        founds=tuple(Found(address, None, "listing", text) for address, text in links.items()),
        children=_lists_below(tree, base, links, profile),
        next_page=_next_page(tree, base, url),
        feeds=_announced_feeds(tree, base),
        sitemaps=_announced_sitemaps(tree, base),
        posts=_announced_posts(tree, base),
    )
    return _kept(listed, profile)


def _links(tree: LexborHTMLParser, base: str) -> dict[str, str | None]:
    """The addresses that a page links, with the words of the link; those that only its data for
    scripts name come last."""
    links: dict[str, str | None] = {}
    for node in tree.css("a[href]"):
        address = canonical_url(node.attributes.get("href") or "", base=base)
        if is_web_address(address) and len(links) < LIST_ENTRIES:
            links[address] = links.get(address) or " ".join(node.text(deep=True).split()) or None
    for link in _links_in_data(tree):
        address = canonical_url(link, base=base)
        if is_web_address(address) and len(links) < LIST_ENTRIES:
            links.setdefault(address)
    return links


#: What data for scripts calls the address of a story.
_LINK_NAMES = ("url", "link", "href", "permalink", "path", "canonical", "canonicalurl", "uri")


def _links_in_data(tree: LexborHTMLParser) -> Iterator[str]:
    """Addresses in a page's JSON: lists that a script shows, lists for search engines."""
    room = DATA_BYTES
    for node in tree.css("script[type*='json' i]"):
        text = node.text(deep=True)
        room -= len(text)
        if room < 0:
            return
        try:
            waiting = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict):
                named = ((name.lower(), value) for name, value in part.items())
                yield from (
                    value
                    for name, value in named
                    if name in _LINK_NAMES
                    and isinstance(value, str)
                    and value.startswith(("/", "http:", "https:"))
                )
            if isinstance(part, dict | list):
                inner = part.values() if isinstance(part, dict) else reversed(part)
                waiting += [each for each in inner if isinstance(each, dict | list)]


def _lists_below(
    tree: LexborHTMLParser, base: str, links: Iterable[str], profile: Profile | None
) -> tuple[Child, ...]:
    """The sections and the calendar that a page names, in links or to choose from."""
    chosen = tree.css("option[value^='/'], option[value^='http']")
    values = (canonical_url(node.attributes.get("value") or "", base=base) for node in chosen)
    named = [*links, *(value for value in values if is_web_address(value))]
    return tuple(
        Child(address)
        for address in dict.fromkeys(named)
        if (is_section_like(address) or is_calendar(address))
        and not is_article_like(address, profile)
    )


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return canonical_url(node.attributes.get("href") or "", base=url) if node else url


def _next_page(tree: LexborHTMLParser, base: str, url: str) -> str | None:
    """Where the list goes on: as the page says it, else the lowest later number it links."""
    here = canonical_url(url)
    for node in tree.css("link[rel~=next i][href], a[rel~=next i][href]"):
        address = canonical_url(node.attributes.get("href") or "", base=base)
        if is_web_address(address) and address != here:
            return address
    return _next_number(tree, base, here) or _next_by_words(tree, base, here)


def _next_number(tree: LexborHTMLParser, base: str, here: str) -> str | None:
    current, place = page_number(here) or (_without_query(here), 0)
    later: dict[int, str] = {}
    for node in tree.css("a[href]"):
        address = canonical_url(node.attributes.get("href") or "", base=base)
        numbered = page_number(address) if is_web_address(address) else None
        if not numbered or numbered[0].rstrip("/") != current.rstrip("/") or numbered[1] <= place:
            continue
        words = " ".join(node.text(deep=True).split())
        is_here = numbered[1] == 1 and not place and words != "2"  # pages may count from nought
        if not is_here and not _is_headline(words):
            later.setdefault(numbered[1], address)
    return later[min(later)] if later else None


#: Where a button or a box says what a script is to load next.
_NEXT_DATA = (
    "data-next-url",
    "data-next-page-url",
    "data-next-href",
    "data-next",
    "data-next-page",
)
_NEXT_TARGETS = ("href", "data-href", "data-url", "hx-get", "data-load-more-url", "data-ajax-url")
_NEXT_CLASSES = {"next", "pager-next", "pagination-next", "load-more", "loadmore", "load_more"}


def _next_by_words(tree: LexborHTMLParser, base: str, here: str) -> str | None:
    for name in _NEXT_DATA:
        for node in tree.css(f"[{name}]"):
            value = node.attributes.get(name) or ""
            address = canonical_url(value, base=base)
            if ("/" in value or "?" in value) and is_web_address(address) and address != here:
                return address
    for node in tree.css("a[href], button, [hx-get]"):
        if not _says_next(node):
            continue
        where = (node.attributes.get(name) for name in _NEXT_TARGETS)
        address = canonical_url(next(filter(None, where), ""), base=base)
        if is_web_address(address) and address != here and may_go_on(address, here):
            return address
    return None


def _says_next(node: LexborNode) -> bool:
    """Whether a link or button is there to show what comes next, by its words or its class."""
    classes = (node.attributes.get("class") or "").lower().split()
    said = (node.text(deep=True), node.attributes.get("aria-label"), node.attributes.get("title"))
    return not _NEXT_CLASSES.isdisjoint(classes) or any(
        _NEXT_WORDS.match(" ".join(words.split())) for words in said if words
    )


def _without_query(url: str) -> str:
    return url.partition("?")[0]


def _addresses(nodes: Iterable[LexborNode], base: str) -> Iterator[str]:
    for node in nodes:
        address = canonical_url(node.attributes.get("href") or "", base=base)
        if is_web_address(address):
            yield address


_FEED_TYPES = ("rss", "atom", "rdf+xml", "feed+json")
_FEED_PATH = re.compile(r"(?:^|/)(?:rss|atom|feeds?)(?:/|\.\w+|$)|\.(?:rss|atom|rdf)$", re.I)
_SITEMAP_PATH = re.compile(
    r"(?:^|[/_-])(?:site-?map|mapa-?(?:del-?|do-?)?sit[ei]o?)[^/]*\.xml(?:\.gz)?$"
)


def _announced_feeds(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    """The feeds that a page's head names; where it names none, a few that the page links."""
    types = [f"[rel~=alternate i][type*='{name}' i]" for name in _FEED_TYPES]
    feeds = _feeds(tree, base, ", ".join(f"link{each}, a{each}" for each in types))
    if feeds:
        return feeds
    plain = ("text/xml", "application/xml", "application/json")
    of_xml = ", ".join(f"link[rel~=alternate i][type='{name}' i]" for name in plain)
    linked = [feed for feed in _feeds(tree, base, "a[href]") if _FEED_PATH.search(_path(feed))]
    return _feeds(tree, base, of_xml) or tuple(linked[:MOST_LINKED_FEEDS])


def _feeds(tree: LexborHTMLParser, base: str, selector: str) -> tuple[str, ...]:
    feeds = [feed for feed in _addresses(tree.css(selector), base) if "comments" not in feed]
    return tuple(dict.fromkeys(feeds))


def _announced_sitemaps(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    named = _addresses(tree.css("link[rel~=sitemap i][href]"), base)
    linked = _addresses(tree.css("a[href*='.xml']"), base)
    return tuple(
        dict.fromkeys([*named, *(each for each in linked if _SITEMAP_PATH.search(_path(each)))])
    )


def _path(url: str) -> str:
    return urlsplit(url).path


def _announced_posts(tree: LexborHTMLParser, base: str) -> str | None:
    """The list of posts of a site that says it is WordPress's."""
    addresses = _addresses(tree.css("link[rel='https://api.w.org/'][href]"), base)
    api = next(addresses, None)
    return posts_of(api) if api else None


# What all of them share


def _kept(listed: Listed, profile: Profile | None) -> Listed:
    """The list without what can't be an article of this site; without a profile, all of it."""
    if profile is None:
        return listed
    in_listing = listed.kind == "listing"
    founds = tuple(
        {
            found.url: found
            for found in listed.founds
            if is_own(found.url, profile)
            and is_article_like(found.url, profile, listed=not in_listing or _is_named_story(found))
        }.values()
    )
    children = tuple(child for child in listed.children if is_own(child.url, profile))
    left_out = len(listed.founds) - len(founds) + len(listed.children) - len(children)
    return Listed(
        listed.kind,
        founds,
        children,
        listed.next_page if listed.next_page and is_own(listed.next_page, profile) else None,
        tuple(feed for feed in listed.feeds if is_own(feed, profile)),
        tuple(sitemap for sitemap in listed.sitemaps if is_own(sitemap, profile)),
        listed.posts if listed.posts and is_own(listed.posts, profile) else None,
        listed.skipped if in_listing else listed.skipped + left_out,
    )


#: The words of a link that are a headline; the names of sections and services have fewer.
LINK_HEADLINE_WORDS = 4


def _is_headline(words: str | None) -> bool:
    return len((words or "").split()) >= LINK_HEADLINE_WORDS


def _is_named_story(found: Found) -> bool:
    """Whether a page links an address by a headline: a story's, even if it doesn't look like one.

    With a query it may as well be the same list in another order.
    """
    query = urlsplit(found.url).query
    return _is_headline(found.title) and (not query or query.startswith("p="))


_ROOT = re.compile(rb"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_PROLOGUE = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+[^\[>]*(?:\[.*?\]\s*)?>", re.S | re.I)


def root_name(body: bytes) -> str:
    """The first element's name without prefix, in lower case; empty when there is none."""
    head = _from_its_beginning(body)[:20_000].replace(b"\x00", b"")
    match = _ROOT.search(_PROLOGUE.sub(b" ", head))
    return match[1].decode("ascii", "replace").lower() if match else ""


_DECLARATION = re.compile(rb"<\?xml\b[^>]{0,200}\?>")
_WIDE = re.compile(rb"encoding\s*=\s*.(?:utf-?16|ucs-?[24]|utf-?32)", re.I)


def _from_its_beginning(body: bytes) -> bytes:
    """A document without what a faulty server printed before it: blank lines, warnings."""
    match = _DECLARATION.search(body, 0, 20_000)
    return body[match.start() :] if match else body.removeprefix(b"\xef\xbb\xbf").lstrip()


#: An address as an element's plain text; and in it an ampersand that stands for itself.
_ADDRESS_TEXT = re.compile(rb"<(?:[\w.-]+:)?(?:loc|link)\b[^<>]*>[^<]*&[^<]*<", re.I)
_BARE_AMPERSAND = re.compile(rb"&(?![\w#]+;)")


def _repaired(body: bytes) -> bytes:
    """A document as its makers meant it: one that says of itself to be in UTF-16, and is not, says
    nothing; an ``&`` in an address stands for itself."""
    body = _from_its_beginning(body)
    match = _DECLARATION.match(body)
    if match and _WIDE.search(match[0]):
        body = body[match.end() :].lstrip()
    return _ADDRESS_TEXT.sub(lambda each: _BARE_AMPERSAND.sub(b"&amp;", each[0]), body)


def elements(body: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements of these names, one at a time, each forgotten once it was looked at.

    Elements within others of these names come with them and not by themselves.

    Documents that define entities are refused: no list needs them, and bombs are made of them.
    """
    if b"<!ENTITY" in body[:100_000].replace(b"\x00", b""):
        raise Unreadable("the list defines XML entities, which no list needs; it was not read")
    events = etree.iterparse(
        io.BytesIO(_repaired(body)),
        tag=tuple(tag for name in names for tag in ("{*}" + name, name)),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            if len(names) > 1 and _is_within(element, names):
                continue
            yield element
            element.clear()
            while element.getprevious() is not None and element.getparent() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


def _is_within(element: etree._Element, names: tuple[str, ...]) -> bool:
    return any(
        etree.QName(above).localname in names for above in element.iterancestors(etree.Element)
    )


_W3C = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d{2})(?:-?(?P<day>\d{2}))?)?"
    r"(?:[T ]+(?P<clock>\d{1,2}:?\d{2}(?::?\d{2})?)(?:[.,]\d+)?\s*"
    r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{0,2})?)?",
    re.I,
)


def read_instant(text: str | None) -> datetime | None:
    """An instant as lists write it (every W3C form, RFC 822, and their usual misspellings), in UTC.

    A time without a zone is taken as UTC; a day, month or year as its beginning. None when unknown.

    >>> read_instant("2016-07-11T10:15+02:00").isoformat()
    '2016-07-11T08:15:00+00:00'
    >>> read_instant("Mon, 11 Jul 2016 10:15:00 GMT").isoformat()
    '2016-07-11T10:15:00+00:00'
    >>> read_instant("0000-00-00") is None
    True
    """
    text = (text or "").strip()
    try:
        if match := _W3C.fullmatch(text):
            return _instant_of(match)
        return _utc(parsedate_to_datetime(text)) if text else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _instant_of(match: re.Match[str]) -> datetime:
    digits = (match["clock"] or "0000").replace(":", "").rjust(4, "0").ljust(6, "0")
    day = f"{match['year']}-{match['month'] or '01'}-{match['day'] or '01'}"
    zone = (match["zone"] or "").upper().replace(":", "")
    offset = zone.ljust(5, "0") if zone[:1] in ("+", "-") and zone else "+0000"
    return _utc(datetime.strptime(f"{day} {digits} {offset}", "%Y-%m-%d %H%M%S %z"))


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC)


def _primary(language: str | None) -> str | None:
    """The primary tag of a language: ``es`` of ``es-MX`` or ``es_MX``."""
    tag = re.split(r"[-_]", (language or "").lower())[0]
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) else None
