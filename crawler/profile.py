"""A site is a value: everything that the parser and the crawler need to know about one site.

A profile is plain data. It says which *wording* marks which part of a page (landmarks), and may
give selectors as hints for what wording can't say. Nothing in it is code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from crawler.errors import BadInput

DayOrder = Literal["DMY", "MDY", "YMD"]


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The wording by which a reader recognises the parts of a page.

    Each entry is compared with a block's whole text, without case, accents, outer punctuation and
    white space, unless the field says that it marks a beginning.
    """

    analysis: tuple[str, ...] = ()
    """Headings that open the newsroom's own analysis."""
    see_also: tuple[str, ...] = ()
    """Beginnings of an in-text pointer line."""
    end: tuple[str, ...] = ()
    """Blocks at which the article is over: share bars, feedback boxes, licence notices. "
    "Beginnings."""
    end_patterns: tuple[str, ...] = ()
    """Regular expressions, searched in a chunk's folded text, that mark the end if words vary."""
    related: tuple[str, ...] = ()
    """Headings over the cards of related articles."""
    furniture: tuple[str, ...] = ()
    """Blocks that are never part of an article, wherever they stand. Whole texts."""
    notice: tuple[str, ...] = ()
    """Beginnings of editor's notes, corrections, republication and series notes."""
    licence: tuple[str, ...] = ()
    """Beginnings of the licence notice."""
    kickers: tuple[str, ...] = ()
    """Type labels that may stand over a headline."""
    home: tuple[str, ...] = ()
    """First words of a breadcrumb."""


@dataclass(frozen=True, slots=True)
class Hints:
    """CSS selectors that say what an element holds, each a list. No field depends on them alone.

    A hint gives an element the same mark that a telling class name would give it.
    """

    body: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    deck: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    """Parts that are never read."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where single fields stand, as CSS selectors, each a list: what `hemeroteca heal` finds.

    What the first selector that selects anything holds goes before all else that the page says of
    the field. Where none selects anything the page is read as ever: so older layouts stay readable,
    and the next redesign costs no more than it would have.
    """

    headline: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    deck: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Of the byline, or of each name."""
    published: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Of each tag, or of the links around them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One site: where it is, how it writes, what it prints around its articles."""

    name: str
    """Short name on the command line: lower-case letters, digits, hyphens."""
    title: str
    """The outlet's name as a reader knows it."""
    hosts: tuple[str, ...]
    """Hosts that belong to the site, without ``www.``; the first is the main one."""
    languages: tuple[str, ...]
    """BCP 47 primary tags, the main one first."""
    version: int = 1
    """Raised when a change of the profile changes readings."""
    start: tuple[str, ...] = ()
    """Absolute addresses of sitemaps, feeds and listings to begin with; robots.txt is always "
    "asked."""
    article_paths: tuple[str, ...] = ()
    """Regular expressions for the path of an article; empty means any path that looks like one."""
    other_paths: tuple[str, ...] = ()
    """Regular expressions for paths that are never articles; they win."""
    day_order: DayOrder | None = None
    """How the site writes all-number dates; None where its language and country tell."""
    timezone: str | None = None
    """IANA zone of times that the site prints without one; None leaves such a time without "
    "offset."""
    organisations: tuple[str, ...] = ()
    """Bylines that are an organisation's, compared without case."""
    name_case: dict[str, str] = field(default_factory=dict)
    """Names whose conventional case can't be told from capitals: ``{"DE LA VEGA": "de la "
    "Vega"}``."""
    landmarks: Landmarks = Landmarks()
    hints: Hints = Hints()
    places: Places = Places()
    is_generic: bool = False
    """True for a site that nobody has described: nothing is known of it but its host."""
    knows_printing: bool = False
    """True where the wording above is enough to read each page that the site has printed. The rules
    for any site's pages, which else go on holding beside the profile, are then left out."""
    delay_seconds: float = 2.0
    """Pause between two requests to one host, before robots.txt asks for more."""

    def is_own_host(self, url: str) -> bool:
        """Whether the address is on one of the site's hosts.

        >>> Profile("x", "X", ("x.org",), ("en",)).is_own_host("https://www.x.org/a")
        True
        """
        return host_of(url) in self.hosts

    def at(self, address: str) -> Profile:
        """This profile for a mirror, a staging copy or a replay of the site at another address.

        The address's host takes the place of the site's own hosts, and its start points move there.
        Raises :class:`~crawler.errors.BadInput` for what is no http address.
        """
        host = named_host(address)
        parts = urlsplit(address)
        starts = (
            urlunsplit((parts.scheme, parts.netloc, old.path, old.query, ""))
            for old in map(urlsplit, self.start)
        )
        return replace(self, hosts=(host,), start=(address, *dict.fromkeys(starts)))


@lru_cache(maxsize=2048)
def host_of(url: str) -> str:
    """The host of an address, with its port where it has one of its own, without ``www.``.

    >>> host_of("https://www.x.org/a"), host_of("http://127.0.0.1:8000/"), host_of("http://[")
    ('x.org', '127.0.0.1:8000', '')
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{host}:{port}" if port and port != usual else host


@lru_cache(maxsize=2048)
def path_of(url: str) -> str:
    """The path of an address; "/" where it has none or is none.

    >>> path_of("https://x.org/a?b"), path_of("http://[")
    ('/a', '/')
    """
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"


def named_host(address: str) -> str:
    """The host of an address that a person gave; BadInput with advice where there is none."""
    host = host_of(address)
    if not host or urlsplit(address).scheme not in ("http", "https"):
        raise BadInput(
            f"{address!r} is no address of a site: give one that begins with http:// or https://."
        )
    return host


def generic_profile(address: str) -> Profile:
    """A profile for a site that nobody has described: its host is its name, the rest is unknown.

    >>> generic_profile("https://www.example.org/news").name
    'example.org'
    """
    host = named_host(address)
    return Profile(
        name=host,
        title=host,
        hosts=(host,),
        languages=(),
        start=(address,),
        is_generic=True,
        timezone=None,
    )
