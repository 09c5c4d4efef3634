"""The address that a saved page gives itself, for a page that came without one."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from crawler.errors import Unreadable
from crawler.parsing.decoding import text_of_page
from crawler.parsing.structured import read_structured
from crawler.profile import host_of
from crawler.urls import canonical_url


def stated_address(html: bytes, content_type: str | None = None) -> str | None:
    """The page's canonical address, or the one it names for sharing; None where it names neither.

    Only a complete address counts: a relative one says nothing without the page's own.

    >>> stated_address(b'<link rel="canonical" href="https://x.example/news/a-story">')
    'https://x.example/news/a-story'
    >>> stated_address(b'<link rel="canonical" href="/news/a-story">') is None
    True
    """
    try:
        text = text_of_page(html, content_type)
    except Unreadable:
        return None
    said = read_structured(LexborHTMLParser(text), "")
    for address in (said.canonical, said.first("og:url")):
        if address and host_of(address) and address.lower().startswith(("http:", "https:")):
            return canonical_url(address)
    return None
