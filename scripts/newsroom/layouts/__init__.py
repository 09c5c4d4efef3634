"""The four kinds of page that the newsroom has printed over the years, and those of a redesign."""

from __future__ import annotations

from typing import Literal, get_args

from scripts.newsroom.article import NewsroomArticle
from scripts.newsroom.layouts import custom, joomla, newspack, redesign, relaunch, tagdiv
from scripts.newsroom.layouts.makes import Make

_PAGES = {
    "joomla": joomla.page,
    "tagdiv": tagdiv.page,
    "custom": custom.page,
    "newspack": newspack.page,
}

#: What all pages may become: boxes below the text, or one of today's makes.
Redesign = Literal["boxes"] | Make
REDESIGNS: tuple[Redesign, ...] = ("boxes", *get_args(Make))


def rendered(article: NewsroomArticle, *, redesigned: Redesign | None = None) -> str:
    """The page of an article, in its layout, or as it stands since a redesign."""
    if redesigned is None:
        return _PAGES[article.layout](article)
    return relaunch.page(article) if redesigned == "boxes" else redesign.page(article, redesigned)
