"""The four kinds of page that the newsroom has printed over the years."""

from __future__ import annotations

from scripts.newsroom.article import NewsroomArticle
from scripts.newsroom.layouts import custom, joomla, newspack, relaunch, tagdiv

_PAGES = {
    "joomla": joomla.page,
    "tagdiv": tagdiv.page,
    "custom": custom.page,
    "newspack": newspack.page,
}


def rendered(article: NewsroomArticle, *, relaunched: bool = False) -> str:
    """The page of an article, in its layout, or as it stands since the relaunch."""
    return relaunch.page(article) if relaunched else _PAGES[article.layout](article)
