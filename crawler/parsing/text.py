"""Small pure functions on text: cleaning what a page prints, and folding it for comparison.

Every cleaner has two properties that the tests hold: it never raises, and doing it twice is doing
it once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache
from html import unescape

#: C0 and C1 control characters but tab, newline and return, which are white space; surrogates that
#: a lenient decoder lets through; and invisible marks that change how a line is displayed or
#: compared: zero-width space and no-break, bidirectional overrides, soft hyphen.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
#: Combining marks of the scripts that news is printed in with accents.
_COMBINING = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f]+")
#: From the first letter or digit to the last; read from both ends, so that its time is linear.
_INNER = re.compile(r"[^\W_](?:.*[^\W_])?", re.S)


#: A character reference that is still there after parsing: the newsroom's system escaped twice.
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d{0,2});", re.I)


#: "&amp;amp;lt;" is "&lt;" however often it was escaped.
_ESCAPED_AGAIN = re.compile(r"&(?:amp;)+(?=(?:#\d|#x[0-9a-f]|[a-z])[a-z0-9]{0,8};)", re.I)
#: Words as a reader counts them, digits apart.
WORD = re.compile(r"[^\W\d_]+")


def _unescaped(text: str) -> str:
    """A text without left-over character references, however often they were escaped."""
    while _ENTITY.search(text):
        plain = _UNWANTED.sub("", unescape(_ESCAPED_AGAIN.sub("&", text)))
        if plain == text:
            break
        text = plain
    return text


def clean(text: str) -> str:
    """NFC, no control characters, white space folded to single spaces, ends stripped.

    >>> clean(" Two\\u00a0words\\x00\\n")
    'Two words'
    """
    text = text.strip()
    if text.isprintable():  # so the only white space in it are plain spaces, and nothing unwanted
        if "&" not in text and "  " not in text:
            return text if text.isascii() else unicodedata.normalize("NFC", text)
    else:
        text = _UNWANTED.sub("", text)
    if "&" in text:
        text = _unescaped(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def printable(text: str) -> str:
    """A text as a page has it, but for what no archive can keep: control characters, line breaks.

    >>> printable("en-US\\x00")
    'en-US'
    """
    return text if text.isprintable() else " ".join(_UNWANTED.sub("", text).split())


def clean_lines(text: str) -> str:
    """Like :func:`clean`, but line breaks stay: for tables and preformatted text.

    >>> clean_lines("a  b \\n\\n c")
    'a b\\nc'
    """
    return "\n".join(line for line in map(clean, text.splitlines()) if line)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text as landmarks are compared: no case, no accents, no outer punctuation, spaces folded.

    >>> folded("  ANÁLISIS  de InSight Crime: ")
    'analisis de insight crime'
    """
    text = text.replace("’", "'").replace("‘", "'").replace("´", "'")
    bare = text.casefold()
    if not bare.isascii():
        bare = _COMBINING.sub("", unicodedata.normalize("NFD", bare))
    inner = _INNER.search(bare)
    return " ".join(inner.group().split()) if inner else ""


def begins(text: str, openings: frozenset[str] | tuple[str, ...]) -> bool:
    """Whether a text begins, at a word's end, with one of the folded openings."""
    bare = folded(text[:200])
    if not bare.startswith(tuple(openings)):
        return False
    return any(
        bare.startswith(opening)
        and (
            len(bare) == len(opening)
            or not bare[len(opening)].isalnum()
            or not opening[-1:].isalnum()
        )
        for opening in openings
    )


_FIRST_LETTERS = re.compile(r"[^\W_].?")


def may_begin(text: str, firsts: Set[str]) -> bool:
    """Whether a text may begin, once folded, with words of which ``firsts`` are the first two
    letters: a cheap test first. One that begins beyond ASCII always may.

    >>> may_begin("· Home / News", {"ho"}), may_begin("News", {"ho"}), may_begin("Él", {"ho"})
    (True, False, True)
    """
    first = text[:2]
    if not first.isalnum():
        found = _FIRST_LETTERS.search(text)
        if found is None:
            return False
        first = found[0]
    return first.casefold() in firsts or not first.isascii()


def is_capitals(text: str) -> bool:
    """Whether a text is printed in capitals: at least two cased letters, none of them small.

    >>> is_capitals("BARRIO 18"), is_capitals("McDermott"), is_capitals("18")
    (True, False, False)
    """
    return sum(letter.isupper() for letter in text) > 1 and not any(map(str.islower, text))
