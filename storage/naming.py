"""Names that an archive knows (of authors, tags, categories, kinds), by a part of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, or_, select

from storage.folding import folded
from storage.schema import articles, authors, tags

#: What has names, and where these stand, as printed and folded.
_NAMED = {
    "category": (articles.c.category, articles.c.category_folded),
    "kind": (articles.c.kicker, articles.c.kicker_folded),
    "tag": (tags.c.name, tags.c.folded),
    "author": (authors.c.name, authors.c.folded),
}


def names_like(
    connection: Connection, words: Sequence[str], *, limit: int
) -> list[tuple[str, str]]:
    """Pairs of what is named (``category``, ``kind``, ``tag``, ``author``) and the name.

    A name fits that contains any of the words, whatever their case and accents.
    """
    wanted = [folded(word) for word in words if word.strip()]
    found: list[tuple[str, str]] = []
    for kind, (name, plain) in _NAMED.items():
        if wanted:
            fits = or_(*(plain.contains(word, autoescape=True) for word in wanted))
            query = select(func.min(name)).where(fits).group_by(plain).order_by(plain).limit(limit)
            found += [(kind, each) for each in connection.scalars(query)]
    return found
