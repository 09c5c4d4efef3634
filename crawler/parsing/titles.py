"""What a page's head says that the headline is, and how two printings of one title are compared.

Each statement is a witness: JSON-LD, the meta dialects and ``<title>`` often carry the outlet's
name, a topic before a colon, or a wording made for search engines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.parsing.page import Page
from crawler.parsing.structured import texts_of
from crawler.parsing.text import folded
from crawler.profile import host_of, path_of

_AFFIX = re.compile(r"\s+[|–—·:»«\-]+\s+|\s*[|»]\s*")
_WORD = re.compile(r"\w+")
#: How much a statement weighs where statements disagree: JSON-LD is the newsroom's own record, the
#: others are also written for networks and search engines; it takes more than three of them.
_WEIGHT = {"json-ld:headline": 3}
_QUOTES = str.maketrans("‘’‚‛“”„‟«»‹›`´–—−", '\'\'\'\'""""""""\'\'---')


@dataclass(slots=True)
class Titles:
    """The head's statements, and the forms of them that a printed line is compared with."""

    stated: list[tuple[str, str]]
    """(source, title) pairs, most trusted first."""
    site_names: set[str]
    """The outlet's names, folded."""
    hosts: frozenset[str] = frozenset()
    """The names that the address gives the outlet, squeezed."""
    cut: list[tuple[str, str]] = field(default_factory=list)
    """The pairs without the outlet's name."""
    exact: set[str] = field(default_factory=set)
    """Folded, with and without the outlet's name."""
    parts: set[str] = field(default_factory=set)
    """The longest part of each statement that is more than one, folded: a topic, the outlet's name
    or a section stands beside it."""
    beside: set[str] = field(default_factory=set)
    """What stands after the longest part of ``<title>``, folded: the outlet's name, most likely."""
    words: list[set[str]] = field(default_factory=list)
    """The words of each of ``exact``."""
    firsts: set[str] = field(default_factory=set)
    """The first two letters of each: a line that begins otherwise is none of them."""

    def weight_of(self, text: str) -> int:
        """How much the statements that say this very title weigh together."""
        own = squeezed(text)
        return sum(_WEIGHT.get(name, 1) for name, title in self.cut if squeezed(title) == own)

    def likeness(self, bare: str) -> float:
        """Share of words in common with the most similar statement."""
        words = set(bare.split())
        if not words:
            return 0.0
        return max(
            (len(words & other) / max(len(words), len(other)) for other in self.words), default=0.0
        )


def stated_titles(page: Page) -> list[tuple[str, str]]:
    """(source, title) pairs that the head states, most trusted first."""
    said = page.said
    titles = [("json-ld:headline", text) for text in texts_of(said.article.get("headline"))[:1]]
    for name in ("og:title", "twitter:title", "dc.title", "headline", "title"):
        titles += [(f"meta:{name}", text) for text in said.meta.get(name, [])[:1]]
    if said.title:
        titles.append(("title", said.title))
    return titles


def read_titles(page: Page) -> Titles:
    """The statements of a page, ready for comparison."""
    site_names = {folded(text) for text in page.said.meta.get("og:site_name", [])}
    if page.profile is not None:
        site_names.add(folded(page.profile.title))
    stated = stated_titles(page)
    hosts = host_names(page.url) if not page.knows_printing else frozenset[str]()
    titles = Titles(stated, site_names, hosts)
    titles.cut = [(name, without_site(text, site_names, hosts)) for name, text in stated]
    titles.exact = {folded(text) for _, text in (*stated, *titles.cut)} - {""}
    titles.parts = {folded(part) for _, text in titles.cut if (part := _longest_part(text))}
    if not page.knows_printing and page.said.title:
        titles.beside = _beside_longest(page.said.title, page.url) - titles.exact
    titles.words = [set(title.split()) for title in titles.exact]
    titles.firsts = {title[:2] for title in titles.exact | titles.parts}
    return titles


_PART = re.compile(rf"{_AFFIX.pattern}|:\s+")
#: A part of a title with fewer letters may be a section's name.
LEAST_PART = 16


def _longest_part(title: str) -> str | None:
    """The longest of the parts that a title is set together from, None for a title of one piece.

    >>> _longest_part("Harbour: Lighthouse sold to its keeper | The Post")
    'Lighthouse sold to its keeper'
    """
    parts = _PART.split(title)
    longest = max(parts, key=len)
    return longest if len(parts) > 1 and len(longest) >= LEAST_PART else None


def _beside_longest(title: str, url: str) -> set[str]:
    """The last part of a title, folded, if the first is its longest and the address has it not."""
    cuts = list(_AFFIX.finditer(title))
    if not cuts:
        return set()
    first, last = title[: cuts[0].start()], folded(title[cuts[-1].end() :])
    address = squeezed(path_of(url)).casefold()
    if first != _longest_part(title) or squeezed(last) in address:
        return set()
    return {last} - {""}


def host_names(url: str) -> frozenset[str]:
    """The names that an address gives its outlet, squeezed.

    >>> sorted(host_names("https://www.daily-news.co.uk/a"))
    ['dailynews', 'dailynewscouk']
    """
    labels = [part for part in host_of(url).split(".") if part != "www"]
    if len(labels) < 2:
        return frozenset()
    names = {"".join(labels), max(labels[:-1], key=len)}
    return frozenset(squeezed(name).casefold() for name in names)


def without_site(title: str, site_names: set[str], hosts: frozenset[str] = frozenset()) -> str:
    """A ``<title>`` without the outlet's name at either end, as its own or its address' name.

    >>> without_site("Ports - InSight Crime", {"insight crime"})
    'Ports'
    >>> without_site("Ports | Daily News", set(), frozenset({"dailynews"}))
    'Ports'
    """
    parts = list(_AFFIX.finditer(title))
    for cut in (parts[-1:] + parts[:1]) if parts else []:
        before, after = title[: cut.start()], title[cut.end() :]
        if folded(after) in site_names or squeezed(after).casefold() in hosts:
            return before
        if folded(before) in site_names or squeezed(before).casefold() in hosts:
            return after
    return title


def squeezed(text: str) -> str:
    """Letters and digits alone: what two printings share that differ in punctuation and spaces.

    >>> squeezed("Ports: a “new” route")
    'Portsanewroute'
    """
    return "".join(_WORD.findall(text))


def is_same_printing(one: str, other: str) -> bool:
    """Whether two titles differ in nothing but the shape of quotes and dashes."""
    return one.translate(_QUOTES) == other.translate(_QUOTES)
