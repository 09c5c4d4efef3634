"""A page as a web archive shows it, made what it was: without the archive's bar and addresses.

The Wayback Machine writes its bar between two comments, pywb its own; both lead every link and
picture through themselves. A page that merely links to an archived copy stays as it is.
"""

from __future__ import annotations

import re

#: What stands on pages that come out of a web archive (the Wayback Machine's, pywb's), and on no
#: others.
_MARKS = re.compile(
    r"BEGIN WAYBACK TOOLBAR INSERT|End Wayback Rewrite JS Include"
    r"|RETRIEVED FROM THE INTERNET ARCHIVE ON|wombat\.js"
)
_BAR = re.compile(
    r"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->", re.S
)
#: The archive's part of an address: a moment of up to 14 digits, and what is asked for (``im_``).
_REWRITTEN = re.compile(
    r"(?:(?:https?:)?//[\w.-]+(?::\d+)?)?/(?:[\w-]+/)?\d{4,14}(?:[a-z]{2}_)?/(?=https?:(?://|\\/\\/))"
)


#: A web archive marks a page within so many characters of its beginning, or of its end.
BEGINNING, END = 100_000, 10_000

_LED_THROUGH = re.compile(rf"^{_REWRITTEN.pattern}")


def address_as_it_was(url: str) -> str:
    """The address that a web archive's leads to; any other unchanged.

    >>> address_as_it_was("https://web.archive.org/web/20240601000000/https://a.example/b")
    'https://a.example/b'
    """
    return _LED_THROUGH.sub("", url)


def as_it_was(text: str) -> str:
    """A page's text without what a web archive wrote into it; any other page unchanged.

    >>> as_it_was('<a href="https://web.archive.org/web/20240601/https://a.example/b">b</a>')
    '<a href="https://web.archive.org/web/20240601/https://a.example/b">b</a>'
    >>> mark = "<!-- End Wayback Rewrite JS Include -->"
    >>> as_it_was(mark + '<img src="/web/20240601000000im_/https://a.example/b.jpg">')
    '<!-- End Wayback Rewrite JS Include --><img src="https://a.example/b.jpg">'
    """
    ends = text if len(text) <= BEGINNING + END else text[:BEGINNING] + text[-END:]
    named = "Wayback" in ends or "WAYBACK" in ends or "wombat" in ends
    if not named or _MARKS.search(ends) is None:
        return text
    return _REWRITTEN.sub("", _BAR.sub("", text))
