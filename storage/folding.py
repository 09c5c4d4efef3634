"""How addresses and names are compared: without what varies and means nothing."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import takewhile
from urllib.parse import urlsplit


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name or label without case, accents and surplus white space.

    >>> folded("  POLÍTICA  de Drogas")
    'politica de drogas'
    """
    apart = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


def common_beginning(one: str, other: str) -> str:
    """The letters with which both words begin.

    >>> common_beginning("extortion", "extorsion")
    'extor'
    """
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)


def address_key(url: str) -> str:
    """An address without scheme, ``www.``, fragment and last slash: two links to one page agree.

    Only used to find the target of a link or of a typed address, never to merge two articles.

    >>> address_key("http://www.Example.org/news/one/#top")
    'example.org/news/one'
    >>> address_key("https://example.org/news?id=1")
    'example.org/news?id=1'
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.lower()
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return host.removeprefix("www.") + parts.path.rstrip("/") + query
