"""The four kinds of page that the newsroom has printed over the years."""

from __future__ import annotations

from scripts.newsroom.article import NewsroomArticle
from scripts.newsroom.layouts import custom, joomla, newspack, tagdiv

_PAGES = {
    "joomla": joomla.page,
    "tagdiv": tagdiv.page,
    "custom": custom.page,
    "newspack": newspack.page,
}


def rendered(article: NewsroomArticle) -> str:
    """The page of an article, in its layout."""
    return _PAGES[article.layout](article)
