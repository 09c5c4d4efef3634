"""A site is a value: everything that the parser and the crawler need to know about one site.

A profile is plain data. It says which *wording* marks which part of a page (landmarks), and may
give selectors as hints for what wording can't say. Nothing in it is code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

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
    """Blocks at which the article is over: share bars, feedback boxes, licence notices. Beginnings."""
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
    """CSS selectors that help, each a list to try in order. No field depends on them alone."""

    headline: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    deck: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    """Parts to leave out before anything is read."""


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
    """Absolute addresses of sitemaps, feeds and listings to begin with; robots.txt is always asked."""
    article_paths: tuple[str, ...] = ()
    """Regular expressions for the path of an article; empty means any path that looks like one."""
    other_paths: tuple[str, ...] = ()
    """Regular expressions for paths that are never articles; they win."""
    day_order: DayOrder = "DMY"
    """How the site writes all-number dates."""
    timezone: str = "UTC"
    """IANA zone of times that the site prints without one."""
    organisations: tuple[str, ...] = ()
    """Bylines that are an organisation's, compared without case."""
    name_case: dict[str, str] = field(default_factory=dict)
    """Names whose conventional case can't be told from capitals: ``{"DE LA VEGA": "de la Vega"}``."""
    acronyms: tuple[str, ...] = ()
    """Words that stay in capitals inside labels and names."""
    landmarks: Landmarks = Landmarks()
    hints: Hints = Hints()
    delay_seconds: float = 2.0
    """Pause between two requests to one host, before robots.txt asks for more."""

    def is_own_host(self, url: str) -> bool:
        """Whether the address is on one of the site's hosts.

        >>> Profile("x", "X", ("x.org",), ("en",)).is_own_host("https://www.x.org/a")
        True
        """
        try:
            host = (urlsplit(url).hostname or "").removeprefix("www.")
        except ValueError:
            return False
        return host in self.hosts
