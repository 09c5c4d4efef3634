"""One Scrapy spider per known site, made from its profile: what ``scrapy list`` shows."""

from __future__ import annotations

from crawler.profile import Profile
from crawler.sites import all_sites
from spiders.articles import ArticleSpider


def spider_of(profile: Profile) -> type[ArticleSpider]:
    """The spider class of a site."""
    words = {
        "name": profile.name,
        "profile": profile,
        "__doc__": f"Crawls {profile.title}.",
        "__module__": __name__,
    }
    return type(f"{profile.name.title().replace('-', '')}Spider", (ArticleSpider,), words)


globals().update({spider.__name__: spider for spider in map(spider_of, all_sites())})
