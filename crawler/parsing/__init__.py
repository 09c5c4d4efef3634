"""From bytes to a record: pure, no network, no clock, no site known by name.

:func:`parse_article` is the whole of it. The way of a page:

======================================  ===========================================================
bytes → text                            ``decoding``; ``archived`` where a web archive changed it
text → outline: chunks in zones         ``walking``, ``outline``, ``zones``; wording in ``wording``
what the head states                    ``structured``
headline                                ``titles``, ``headline``
text                                    ``prose``, step by step: ``mending``, ``container``,
                                        ``stretch``, then ``assigning`` of ``roles`` to ``asides``
                                        and ``analysis``, then ``review`` by ``judging`` where these
                                        are in doubt; ``following``, ``standfirst`` and ``signoff``
                                        at its ends; ``embedded`` where a script would set it
an article on several pages, walls      ``pager``, ``paywall``
language                                ``language``, ``smallwords``
what stands around the text             ``opening``, ``lines``, ``labels``
who signs                               ``byline``, ``names``; on any site ``authorship``,
                                        ``signers``, ``given_names``
when                                    ``dating``, ``datelines``, ``dates``, ``months``,
                                        ``foreign_dates``
what stands beside the text             ``pointers``, ``figures``
what is no article                      ``kinds``
the record                              ``reading``
======================================  ===========================================================
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Article
from crawler.errors import NotAnArticle, Unreadable
from crawler.parsing.archived import address_as_it_was, as_it_was
from crawler.parsing.decoding import text_of_page
from crawler.parsing.embedded import (
    CARRIES_DATA,
    SHELL_CHARACTERS,
    TIMES_SHOWN,
    embedded_run,
    is_shell,
    shell_of,
    told_from,
    with_run,
)
from crawler.parsing.reading import PARSER_VERSION, read_page
from crawler.profile import Profile, host_of
from crawler.urls import canonical_url

__all__ = ["PARSER_VERSION", "NotAnArticle", "Unreadable", "parse_article"]

_NOT_HTML = {
    b"%PDF-": "a PDF file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a ZIP file",
    b"\x1f\x8b": "a gzip file",
    b"RIFF": "a media file",
    b"{\\rtf": "an RTF file",
    b"\xd0\xcf\x11\xe0": "an Office file",
}


def parse_article(
    html: bytes,
    *,
    url: str,
    profile: Profile | None = None,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
) -> Article:
    """The article of a page.

    ``html`` is the page as bytes, content codings undone; ``url`` the address it came from;
    ``profile`` the site's, or None for any site; ``content_type`` as the server sent it;
    ``fetched_at`` the capture's time, against which relative dates are read and future refused.

    Raises :class:`NotAnArticle` for a page that is something else, with the reason, and
    :class:`Unreadable` for bytes that are no page.
    """
    kind = next((name for mark, name in _NOT_HTML.items() if html.startswith(mark)), None)
    if kind is not None:
        raise NotAnArticle("not-html", kind)
    text = text_of_page(html, content_type)
    if not text.strip():
        raise NotAnArticle("empty", "no text at all")
    if (content_type or "").lower().startswith("text/plain") or not _looks_like_html(text):
        text = _as_html(text)
    own = as_it_was(text)
    if own is not text and (address := address_as_it_was(url)) != url:
        article = _read(own, address, profile, fetched_at)
        site = profile.name if profile is not None else host_of(url)
        return replace(article, url=url, canonical_url=canonical_url(url), site=site)
    return _read(own, url, profile, fetched_at)


def _read(text: str, url: str, profile: Profile | None, fetched_at: datetime | None) -> Article:
    """The article of a page's text, or of what its scripts would show."""
    text = _without_abyss(_without_attribute_soup(text))
    tree = LexborHTMLParser(text)
    try:
        article = read_page(tree, url=url, profile=profile, fetched_at=fetched_at)
    except NotAnArticle as refusal:
        lines = _one_text(tree)
        if lines is not None:
            tree = LexborHTMLParser(_as_html(lines))
            return read_page(tree, url=url, profile=profile, fetched_at=fetched_at)
        if refusal.reason not in ("empty", "landing") or not _is_any_site(profile):
            raise
        found = _not_shown(text, None, url, fetched_at)
        if found is None:
            raise
        return found
    if is_shell(article) and _is_any_site(profile):
        return _not_shown(text, article, url, fetched_at) or article
    return article


def _is_any_site(profile: Profile | None) -> bool:
    return profile is None or not profile.knows_printing


def _not_shown(
    text: str, shown: Article | None, url: str, fetched_at: datetime | None
) -> Article | None:
    """The article of a page that shows hardly any text, from where it holds it; else None."""
    may_switch = _NOSCRIPT.search(text) is not None
    may_carry = CARRIES_DATA.search(text) is not None
    if not (may_switch or may_carry):
        return None
    tree = LexborHTMLParser(text)  # anew: reading a page takes its scripts out of the tree
    found = _without_scripts(tree, text, shown, url, fetched_at) if may_switch else None
    if found is None and may_carry:
        found = _with_embedded_text(tree, shown, url, fetched_at)
    return found


#: So many ``<noscript>`` of a page are weighed.
MOST_NOSCRIPTS = 20
_NOSCRIPT = re.compile(r"</?noscript\b[^<>]*>", re.I)


def _without_scripts(
    whole: LexborHTMLParser,
    text: str,
    shown: Article | None,
    url: str,
    fetched_at: datetime | None,
) -> Article | None:
    """The article as readers without scripts see it, where that is where its text is; else None.

    Some pages write their text into ``<noscript>``, others forget to close a tag inside it, and so
    the tree holds all of the page in it.
    """
    held = whole.css("noscript")[:MOST_NOSCRIPTS]
    if sum(len(node.text() or "") for node in held) < SHELL_CHARACTERS:
        return None
    try:
        tree = LexborHTMLParser(_NOSCRIPT.sub("", text))
        article = read_page(tree, url=url, profile=None, fetched_at=fetched_at)
    except NotAnArticle:
        return None
    least = TIMES_SHOWN * len(shown.body_text) if shown is not None else SHELL_CHARACTERS
    return article if len(article.body_text) >= least else None


def _with_embedded_text(
    tree: LexborHTMLParser, shown: Article | None, url: str, fetched_at: datetime | None
) -> Article | None:
    """The article of a page that shows hardly any text and carries it as data; else None."""
    said = shell_of(tree, url)
    run = embedded_run(tree, said) if said is not None else None
    least = TIMES_SHOWN * len(shown.body_text) if shown is not None else 0
    if said is None or run is None or run.characters < least:
        return None
    whole = with_run(tree, said, run)
    if whole is None:
        return None
    try:
        tree = LexborHTMLParser(_without_abyss(_without_attribute_soup(whole)))
        article = read_page(tree, url=url, profile=None, fetched_at=fetched_at)
    except NotAnArticle:
        return None
    if shown is not None and len(article.body_text) <= len(shown.body_text):
        return None
    return told_from(article, run)


#: A tag longer than this is looked into, and emptied if it holds more attributes than any page
#: needs: the tree's cost grows with their square.
LONG_TAG, MOST_ATTRIBUTES = 8_000, 1_000
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{LONG_TAG},}}(?:>|$)")


def _without_attribute_soup(text: str) -> str:
    """A page without tags of thousands of attributes."""
    return _LONG_TAG.sub(_emptied, text) if _has_attribute_soup(text) else text


def _emptied(tag: re.Match[str]) -> str:
    """A long tag, empty if it has more attributes than any page needs."""
    words = tag.group().split(None, MOST_ATTRIBUTES + 1)
    return "<div>" if len(words) > MOST_ATTRIBUTES else tag.group()


def _has_attribute_soup(text: str) -> bool:
    """Whether there is such a tag. Only where half its length holds no mark is looked closely."""
    stretch = LONG_TAG // 2
    for start in range(0, len(text), stretch):
        if text.find("<", start, start + stretch) < 0 > text.find(">", start, start + stretch):
            opened = text.rfind("<", max(0, start - stretch), start)
            tag = _LONG_TAG.match(text, opened) if opened >= 0 else None
            if tag is not None and _emptied(tag) != tag.group():
                return True
    return False


#: A page of more tags than this (of 1,196 real ones, the fullest has 19,629) is
#: looked through for elements in elements, and keeps so many of them: the tree's cost grows with
#: the depth at every tag. Browsers stop at some 500.
MANY_TAGS, DEEPEST = 30_000, 1_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,30}+)[^<>]*+>")
#: Elements that end by themselves, or where the next of their kind begins.
_FLAT = frozenset(
    (
        "area", "base", "br", "circle", "col", "dd", "dt", "embed", "hr", "img", "input", "li",
        "line", "link", "meta", "option", "p", "param", "path", "polygon", "polyline", "ellipse",
        "rect", "rp", "rt", "source", "stop", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
        "use", "wbr",
    )
)  # fmt: skip


def _without_abyss(text: str) -> str:
    """A page without the tags that stand deeper than any page needs; what they hold stays."""
    if text.count("<") < MANY_TAGS:
        return text
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _FLAT:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < DEEPEST else ""
        depth += 1
        return match[0] if depth <= DEEPEST else ""

    return _TAG.sub(kept, text)


def _one_text(tree: LexborHTMLParser) -> str | None:
    """The text of a page that is nothing but one preformatted text, as print views are."""
    pre = tree.css_first("pre")
    body = tree.body
    if pre is None or body is None:
        return None
    text = pre.text() or ""
    return text if len(text) > 0.8 * len(body.text() or "") else None


def _looks_like_html(text: str) -> bool:
    return "<" in text and ">" in text


def _as_html(text: str) -> str:
    """A page saved as text: every line a paragraph."""
    from html import escape

    lines = (f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return "<body>" + "\n".join(lines) + "</body>"
