"""What a page says about itself to machines: JSON-LD, meta tags, links, microdata on ``<meta>``.

Everything here is a witness, not the truth: each value is weighed against the visible page by the
module that reads the field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.parsing.text import clean

#: schema.org types that stand for one article (schema.org, "Article" and its subtypes).
ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "TechArticle",
        "ScholarlyArticle",
        "Report",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "Review",
        "Recipe",
    ]
)
#: schema.org types of pages that list or describe something else than an article.
OTHER_PAGE_TYPES = {
    "CollectionPage": "listing",
    "SearchResultsPage": "search",
    "ProfilePage": "profile",
    "ContactPage": "landing",
    "AboutPage": "landing",
    "CheckoutPage": "landing",
}
#: schema.org types of a page on which readers write.
TOPIC_TYPES = frozenset(("DiscussionForumPosting", "QAPage"))
#: schema.org types of the page around an article, or of a work that is one in all but name.
PAGE_TYPES = frozenset(
    [
        "WebPage",
        "ItemPage",
        "MedicalWebPage",
        "FAQPage",
        "QAPage",
        "HowTo",
        "CreativeWork",
        "PodcastEpisode",
        "VideoObject",
        "AudioObject",
    ]
)
#: JSON-LD beyond this is not read: the largest of 1,113 real pages has 400 kB.
JSON_CHARACTERS = 4_000_000
_DEPTH = 60


@dataclass(slots=True)
class Structured:
    """The machine-readable statements of a page, addresses absolute."""

    url: str
    title: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    """Contents by name, property or itemprop, in lower case."""
    canonical: str | None = None
    alternates: list[tuple[str, str]] = field(default_factory=list)
    language: str | None = None
    """The language of ``<html lang>``."""
    articles: list[dict[str, Any]] = field(default_factory=list)
    """JSON-LD nodes that are articles, references resolved, in page order."""
    pages: list[dict[str, Any]] = field(default_factory=list)
    """JSON-LD nodes that are the page itself, and what could be saved of broken ones."""
    types: set[str] = field(default_factory=set)
    """All JSON-LD types of the page."""
    breadcrumb: list[str] = field(default_factory=list)
    base: str = ""
    licence_links: list[str] = field(default_factory=list)
    neighbours: list[tuple[str, str]] = field(default_factory=list)
    """``rel`` and address of links to the next and the previous page."""

    def first(self, *names: str) -> str | None:
        """The first non-empty meta content of those names."""
        for name in names:
            for content in self.meta.get(name, ()):
                if content:
                    return content
        return None

    @property
    def languages(self) -> list[str]:
        """The language tags that the page gives itself, most trusted first."""
        tags = [self.language, *texts_of(self.article.get("inLanguage"), "alternateName")[:1]]
        tags += [self.first(name) for name in ("og:locale", "content-language", "dc.language")]
        return [tag for tag in tags if tag]

    @property
    def article(self) -> dict[str, Any]:
        """The JSON-LD article of this page, or an empty one."""
        return self.articles[0] if self.articles else {}


def read_structured(tree: LexborHTMLParser, url: str) -> Structured:
    """Everything that a page states for machines."""
    said = Structured(url=url, base=url)
    root = tree.root
    if root is None:
        return said
    found = _found(tree)
    if found["base"]:
        said.base = absolute(url, found["base"][0].attributes.get("href")) or url
    html = tree.css_first("html")
    if html is not None:
        attributes = html.attributes
        said.language = attributes.get("lang") or attributes.get("xml:lang")
    title = _title(found["title"])
    if title is not None:
        said.title = clean(title.text() or "") or None
    _read_meta(found["meta"], said)
    _read_links(found["link"], said)
    for node in _json_ld(found["script"], said):
        _sort_node(node, said)
    said.articles = [node for node in said.articles if _is_this_page(node, said)]
    said.articles.sort(key=lambda node: _is_about_another_page(node, said))
    return said


_SELECTORS = 'base[href],title,meta[content],link[rel][href],script[type*="ld+json"]'


def _found(tree: LexborHTMLParser) -> dict[str, list[LexborNode]]:
    """The elements that state something, by tag, in page order: sought in one go."""
    found: dict[str, list[LexborNode]] = {
        tag: [] for tag in ("base", "title", "meta", "link", "script")
    }
    for node in tree.css(_SELECTORS):
        found[node.tag or ""].append(node)
    return found


def _title(titles: list[LexborNode]) -> LexborNode | None:
    """The page's title: the head's if it has one; pictures have titles, too."""
    for title in titles:
        around = title.parent
        for _ in range(3):
            if around is None:
                break
            if around.tag == "head":
                return title
            around = around.parent
    return titles[0] if titles else None


_LINE_ENDS = re.compile(r"[\t\n\r]")
_UNPRINTED = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def _percent_encoded(match: re.Match[str]) -> str:
    """Characters that no address may hold, as browsers send them."""
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))


#: Addresses that stay as they are: absolute, nothing to encode, nothing to resolve.
_TAIL = r"(?:\?[\w/.~%+,=&@!*'():$|?-]+)?(?:#[\w/.~%+,=&@!*'():$|?-]+)?"
_PATH = r"[\w/.~%+,=&@!*'():$|-]*"
_PLAIN_ADDRESS = re.compile(rf"https?://[\w.-]+(?::\d+)?(?:/{_PATH})?{_TAIL}", re.A)
_PLAIN_PATH = re.compile(rf"/(?!/){_PATH}{_TAIL}", re.A)
_ORIGIN = re.compile(r"https?://[\w.-]+(?::\d+)?(?=[/?#]|$)", re.A)


@lru_cache(maxsize=64)
def _origin(base: str) -> str | None:
    """Scheme and host of an address, None for one that is not on the web."""
    match = _ORIGIN.match(base)
    return match.group() if match else None


def absolute(base: str, address: str | None) -> str | None:
    """An absolute http(s) address, or None for anything that is none.

    >>> absolute("https://x.org/a/", "b"), absolute("https://x.org/", "javascript:x()")
    ('https://x.org/a/b', None)
    """
    if not address:
        return None
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    if address[0] == "/" and "/." not in address and _PLAIN_PATH.fullmatch(address):
        origin = _origin(base)
        if origin is not None:
            return origin + address
    address = _UNPRINTED.sub(_percent_encoded, _LINE_ENDS.sub("", address.strip()))
    try:
        joined = urljoin(base, address)
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


def _read_meta(nodes: list[LexborNode], said: Structured) -> None:
    for node in nodes:
        attributes = node.attributes
        content = clean(attributes.get("content") or "")
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name is None and (attributes.get("http-equiv") or "").lower() == "content-language":
            name = "content-language"
        if name and content:
            for key in name.lower().split():
                said.meta.setdefault(key, []).append(content)


_LINKS_READ = frozenset(["canonical", "alternate", "license", "next", "prev"])


def _read_links(nodes: list[LexborNode], said: Structured) -> None:
    for node in nodes:
        attributes = node.attributes
        kinds = (attributes.get("rel") or "").lower().split()
        if _LINKS_READ.isdisjoint(kinds):
            continue
        address = absolute(said.base, attributes.get("href"))
        if address is None:
            continue
        if "canonical" in kinds and said.canonical is None:
            said.canonical = address
        elif "alternate" in kinds and attributes.get("hreflang"):
            said.alternates.append((attributes.get("hreflang") or "", address))
        elif "license" in kinds:
            said.licence_links.append(address)
        elif "next" in kinds or "prev" in kinds:
            said.neighbours.append(("next" if "next" in kinds else "prev", address))


_CONTROL = re.compile(r"[\x00-\x1f]")
_STRAY_BACKSLASH = re.compile(r"\\(?![\"\\/bfnrtu])")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


#: A statement of a date in JSON-LD that is broken beyond mending.
_DATE_STATED = re.compile(r"\"(datePublished|dateModified)\"\s*:\s*\"([^\"]{8,40})\"")


def _saved_dates(text: str) -> dict[str, Any]:
    """The dates of broken JSON-LD, where it gives one day for each and not several."""
    found: dict[str, set[str]] = {}
    for key, stated in _DATE_STATED.findall(text):
        found.setdefault(key, set()).add(stated)
    return {
        key: min(stated)
        for key, stated in found.items()
        if len({each[:10] for each in stated}) == 1
    }


def _json_ld(scripts: list[LexborNode], said: Structured) -> Iterator[dict[str, Any]]:
    """All JSON-LD nodes of a page, outermost first, with ``@id`` references filled in."""
    nodes: list[dict[str, Any]] = []
    for script in scripts:
        text = script.text() or ""
        if text and len(text) <= JSON_CHARACTERS:
            loaded = _loaded(text)
            if loaded is not None:
                nodes.extend(_nodes_of(loaded))
            elif saved := _saved_dates(text):
                said.pages.append(saved)
    known = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1
    }
    for node in nodes:
        yield _resolved(node, known)


def _loaded(text: str) -> Any:
    """The JSON of a script, with the usual breakages mended; None where it can't be."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    mended = _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", text))
    for attempt in (text, mended, _STRAY_BACKSLASH.sub(r"\\\\", mended)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _nodes_of(loaded: Any) -> Iterator[dict[str, Any]]:
    """Typed nodes at the top, in ``@graph`` and in the keys that wrap a page's main entity."""
    waiting: list[tuple[Any, int]] = [(loaded, 0)]
    while waiting:
        value, depth = waiting.pop(0)
        if depth > _DEPTH:
            continue
        if isinstance(value, list):
            waiting[:0] = [(item, depth + 1) for item in value]
        elif isinstance(value, dict):
            if "@type" in value or "@id" in value:
                yield value
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"):
                inner = value.get(key)
                if isinstance(inner, dict | list) and key != "itemListElement":
                    waiting.append((inner, depth + 1))


def _resolved(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A node with references to other nodes replaced by those nodes, one level deep."""

    def fill(value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("@id"), str):
            other = known.get(value["@id"])
            return {**other, **value} if other is not None and other is not value else value
        if isinstance(value, list):
            return [fill(item) for item in value]
        return value

    return {key: fill(value) for key, value in node.items()}


def types_of(node: dict[str, Any]) -> list[str]:
    """The types of a JSON-LD node, without their vocabulary."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in listed if isinstance(kind, str)]


def _sort_node(node: dict[str, Any], said: Structured) -> None:
    kinds = types_of(node)
    said.types.update(kinds)
    if ARTICLE_TYPES.intersection(kinds):
        said.articles.append(node)
    elif PAGE_TYPES.intersection(kinds) and _is_about_another_page(node, said) < 2:
        said.pages.append(node)
    elif "BreadcrumbList" in kinds and not said.breadcrumb:
        items = node.get("itemListElement")
        said.breadcrumb = [
            name for item in (items if isinstance(items, list) else []) if (name := _crumb(item))
        ]


def _crumb(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    name = item.get("name")
    if not isinstance(name, str) and isinstance(item.get("item"), dict):
        name = item["item"].get("name")
    return clean(name) if isinstance(name, str) else None


def _is_about_another_page(node: dict[str, Any], said: Structured) -> int:
    """0 for an article that says it is this page, 1 for one that says nothing, 2 for another."""
    own = {bare_address(said.url), bare_address(said.canonical), bare_address(said.first("og:url"))}
    stated = node.get("mainEntityOfPage")
    if isinstance(stated, dict):
        stated = stated.get("@id") or stated.get("url")
    for address in (node.get("url"), stated, node.get("@id")):
        if isinstance(address, str) and "/" in address:
            return 0 if bare_address(address.split("#")[0]) in own else 2
    return 1


def _is_this_page(node: dict[str, Any], said: Structured) -> bool:
    """Whether a node may be this page's article: not one of another address and headline."""
    if _is_about_another_page(node, said) < 2:
        return True
    headline = "".join(texts_of(node.get("headline"))[:1]).casefold()
    titles = [said.title, said.first("og:title"), said.first("twitter:title")]
    return not headline or any(headline in title.casefold() for title in titles if title)


def bare_address(address: str | None) -> str | None:
    """An address without scheme, ``www.``, query and final slash, to tell pages apart.

    >>> bare_address("https://www.x.org/a/?b=1")
    'x.org/a'
    """
    if not address:
        return None
    bare = address.split("?")[0].split("#")[0].split("://", 1)[-1]
    return bare.removeprefix("www.").rstrip("/").lower()


def texts_of(value: Any, *keys: str) -> list[str]:
    """Strings of a JSON-LD value: itself, the items of a list, or a node's first of ``keys``."""
    found: list[str] = []
    waiting = [value]
    while waiting and len(found) < 200:
        item = waiting.pop(0)
        if isinstance(item, str):
            text = clean(item)
            if text:
                found.append(text)
        elif isinstance(item, list):
            waiting[:0] = item
        elif isinstance(item, dict):
            waiting[:0] = [next((item[key] for key in keys if item.get(key)), None)]
    return found
