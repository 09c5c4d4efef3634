"""A capture as a page to look at: what was received, with all that acts or loads left out.

Such a page is somebody else's, and whoever wrote it may mean harm. Three things hold it: its tags
that load, send on or ask the network for anything are taken out; the answer's own policy (see
:mod:`scripts.desk.guarding`) lets it run nothing, load nothing and send nothing; and it stands in
a sandbox without an origin, so that it can read nothing of the desk.
"""

from __future__ import annotations

import re
from typing import Any

from datasette.utils.asgi import NotFound, Response
from markupsafe import Markup

from crawler.capture import Capture
from crawler.errors import Unreadable
from crawler.parsing.decoding import decode_content, text_of_page
from scripts.desk.visit import Visit, web_link

#: Tags that load something, lead away by themselves, or set what other tags load. What stands
#: between them is left where it is text, and is nothing that a reader saw where it is not.
_TAGS = "link|meta|base|iframe|frame|frameset|object|embed|applet|portal|fencedframe"
_ACTING = re.compile(rf"<\s*/?\s*(?:{_TAGS})\b[^>]*>?", re.IGNORECASE)
_SCRIPTS = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)

#: More than this is no page that a browser should be given.
_MOST_CHARACTERS = 20_000_000


async def capture_page(request: Any, datasette: Any) -> Any:
    """``/capture/SHA256/page``: the page as it was received, harmless."""
    visit = Visit(datasette, request)
    sha256 = visit.part("sha256")
    capture = await visit.ask(lambda archive: archive.capture_with(sha256))
    if capture is None:
        raise NotFound(visit.words("no_capture"))
    kind = (capture.header("content-type") or "text/html").partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml"):
        raise NotFound(visit.words("no_page", kind=kind[:60]))
    try:
        page = await visit.ask(lambda _: _shown(capture))
    except Unreadable:
        raise NotFound(visit.words("no_page", kind=kind)) from None
    return Response.html(f"{_head(visit, capture, sha256)}{page}")


def _shown(capture: Capture) -> str:
    html = decode_content(capture.body, capture.headers)
    return harmless(text_of_page(html, capture.header("content-type"))[:_MOST_CHARACTERS])


def harmless(html: str) -> str:
    """A page without what acts, loads or leads away by itself.

    A space stands for what is taken out, so that what stood around it makes no new tag.

    >>> harmless('<base href="//x.example"><p>a <script>b()</script><scr<script></script>ipt>c')
    ' <p>a  <scr ipt>c'
    """
    return _ACTING.sub(" ", _SCRIPTS.sub(" ", html))


#: Of its own, since the desk's style sheet is not let into the page.
_STYLE = (
    "all:initial;display:block;padding:.6rem 1rem;border-bottom:3px double #000;background:#fff;"
    "color:#000;font:14px/1.5 sans-serif"
)


def _head(visit: Visit, capture: Capture, sha256: str) -> str:
    """The line over the page that says what it is; the page's own links lead where they led."""
    words, url = visit.words, web_link(capture.final_url or capture.url)
    base = Markup('<base href="{}">').format(url) if url else ""
    address = (
        Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(url, url) if url else ""
    )
    return Markup(
        '<!DOCTYPE html><html lang="{lang}"><meta charset="utf-8">{base}<title>{title}</title>'
        '<div lang="{lang}" style="{style}"><strong>{title}</strong> {address} · {day} · '
        '{note} <a href="{back}">{read}</a></div>'
    ).format(
        lang=words.language,
        base=base,
        title=words("capture_title"),
        style=_STYLE,
        address=address,
        day=words.moment(capture.fetched_at),
        note=words("capture_note"),
        read=words("as_read"),
        back=visit.whole(visit.link("article", url=capture.url, sha256=sha256)),
    )
