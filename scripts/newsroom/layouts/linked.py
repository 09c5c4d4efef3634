"""The machine-readable description (JSON-LD) that two of the layouts carry."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

from scripts.newsroom.article import OUTLET, NewsroomArticle
from scripts.newsroom.layouts.wording import author_path, root


def single(article: NewsroomArticle) -> str:
    """One NewsArticle object, as a theme writes it; its change is stated only if there was one."""
    thing: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "url": article.url,
        "inLanguage": article.language,
        "publisher": {"@type": "Organization", "name": OUTLET},
    }
    if article.published:
        thing["datePublished"] = article.published
    if article.modified:
        thing["dateModified"] = article.modified
    if article.authors:
        thing["author"] = [_author(article, name) for name in article.authors]
    return _script(thing)


def graph(article: NewsroomArticle) -> str:
    """A graph of page, article, crumbs, site and authors, as an SEO plugin writes it."""
    home = urljoin(article.base, root(article.language))
    story: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": f"{article.url}#article",
        "isPartOf": {"@id": article.url},
        "headline": article.headline,
        "mainEntityOfPage": {"@id": article.url},
        "publisher": {"@id": f"{article.base}#organization"},
        "keywords": list(article.tags),
        "articleSection": [article.label] if article.label else [],
        "inLanguage": article.language,
    }
    page: dict[str, Any] = {
        "@type": "WebPage",
        "@id": article.url,
        "url": article.url,
        "name": f"{article.headline} - {OUTLET}",
        "isPartOf": {"@id": f"{article.base}#website"},
        "breadcrumb": {"@id": f"{article.url}#crumbs"},
    }
    if article.published:
        dates = {"datePublished": article.published, "dateModified": article.modified}
        story |= dates
        page |= dates
    people = [_author(article, name) for name in article.authors]
    if people:
        story["author"] = [{"@id": person["@id"], "name": person["name"]} for person in people]
    return _script(
        {
            "@context": "https://schema.org",
            "@graph": [
                story,
                page,
                _crumbs(article, home),
                {"@type": "WebSite", "@id": f"{article.base}#website", "name": OUTLET, "url": home},
                {"@type": "Organization", "@id": f"{article.base}#organization", "name": OUTLET},
                *people,
            ],
        }
    )


def _crumbs(article: NewsroomArticle, home: str) -> dict[str, Any]:
    steps = [("Home", home), (article.headline, article.url)]
    return {
        "@type": "BreadcrumbList",
        "@id": f"{article.url}#crumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": to}
            for at, (name, to) in enumerate(steps, start=1)
        ],
    }


def _author(article: NewsroomArticle, name: str) -> dict[str, Any]:
    to = urljoin(article.base, author_path(name))
    kind = "Organization" if article.organisation_byline else "Person"
    return {"@type": kind, "@id": f"{to}#author", "name": name, "url": to}


def profile(base: str, path: str, name: str, about: str) -> str:
    """A profile page's description: it has a headline and a date, and is no article."""
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "ProfilePage",
            "url": urljoin(base, path),
            "headline": name,
            "description": about,
            "datePublished": "2019-05-06T09:00:00-05:00",
            "dateModified": "2024-02-19T16:20:00-05:00",
            "mainEntity": {"@type": "Organization", "name": name},
        }
    )


def _script(thing: dict[str, Any]) -> str:
    text = json.dumps(thing, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'
