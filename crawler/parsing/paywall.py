"""Walls: whether a page shows only the beginning of its article, and how it says so.

What stands behind a wall is unknown and stays so. A wall's template stands on many free pages, too,
so its words count only where hardly any text follows, and not on a page that says it is free.
"""

from __future__ import annotations

from typing import Any

from crawler.parsing.outline import Chunk, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.wording import is_wall
from crawler.parsing.zones import Zone

#: A wall stands within so many chunks after the last of the text.
REACH = 12
#: Where more prose follows than this, in characters, the text was not cut off.
MOST_AFTER = 400
#: What the notice says where the page tells machines only.
NOT_FREE = "The page says that this article is not free to read."
_LOCKED = ("locked", "premium", "paid", "subscriber", "subscribers")


def read_wall(page: Page, text: Text) -> str | None:
    """The notice of a page that holds back a part of its article; None for a free one."""
    free = _stated(page)
    if free is True:
        return None
    for chunk in page.chunks[text.first : text.last + 1 + REACH]:
        if _is_shown(chunk) and is_wall(chunk.text) and _ends_text(text, chunk):
            page.came_from("notices", "line:paywall", chunk.text)
            return chunk.text
    if free is False:
        page.came_from("notices", "json-ld:isAccessibleForFree", "false")
        return NOT_FREE
    tier = page.said.first("article:content_tier", "content_tier", "cxenseparse:articletier")
    if tier and tier.lower() in _LOCKED:
        page.came_from("notices", "meta:article:content_tier", tier)
        return NOT_FREE
    return None


def _is_shown(chunk: Chunk) -> bool:
    return not chunk.zones & (Zone.HIDDEN | Zone.NAVIGATION | Zone.FOOTER | Zone.COMMENTS)


def _ends_text(text: Text, wall: Chunk) -> bool:
    after = sum(prose_weight(chunk) for chunk in text.prose if chunk.index > wall.index)
    return after <= MOST_AFTER


def _stated(page: Page) -> bool | None:
    """What the page says of itself to machines (schema.org, ``isAccessibleForFree``)."""
    article = page.said.article
    parts = article.get("hasPart")
    nodes: list[Any] = [article, *(parts if isinstance(parts, list) else [parts])]
    said = [
        str(node["isAccessibleForFree"]).strip().lower()
        for node in nodes[:20]
        if isinstance(node, dict) and node.get("isAccessibleForFree") is not None
    ]
    if any(word.rsplit("/", 1)[-1] in ("false", "0", "no") for word in said):
        return False
    return True if said and said[0].rsplit("/", 1)[-1] in ("true", "1", "yes") else None
