"""What the newsroom tells machines: robots.txt, sitemaps and feeds."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from scripts.newsroom.article import OUTLET, NewsroomArticle
from scripts.newsroom.prose import Part, inline_html

Articles = tuple[NewsroomArticle, ...]

FEED_LENGTH = 15
NEWS_LENGTH = 8
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CLOSED = ("/search", "/login", "/wp-admin/", "/news/embargo/")


def document(
    path: str, articles: Articles, base: str, crawl_delay: float | None
) -> tuple[str, bytes] | None:
    """(content type, bytes) of a machine's document, or None where the path is none of them."""
    if path == "/robots.txt":
        return "text/plain; charset=utf-8", robots(base, crawl_delay).encode()
    if path == "/feed/":
        return "application/rss+xml; charset=utf-8", rss(_of(articles, "en"), base).encode()
    if path == "/es/feed/":
        return "application/atom+xml; charset=utf-8", atom(_of(articles, "es"), base).encode()
    if path == "/sitemap_index.xml":
        return "application/xml; charset=utf-8", sitemap_index(articles, base).encode()
    if path == "/news-sitemap.xml":
        return "application/xml; charset=utf-8", news_sitemap(articles).encode()
    inside = shelves(articles).get(path)
    if inside:
        return "application/gzip", gzip.compress(sitemap(inside).encode(), mtime=0)
    return None


def _of(articles: Articles, language: str) -> Articles:
    dated = [each for each in articles if each.language == language and each.published_at]
    return tuple(dated[:FEED_LENGTH])


def robots(base: str, crawl_delay: float | None) -> str:
    """The rules for crawlers."""
    delay = f"Crawl-delay: {crawl_delay:g}\n" if crawl_delay is not None else ""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    maps = "".join(
        f"Sitemap: {urljoin(base, name)}\n" for name in ("sitemap_index.xml", "news-sitemap.xml")
    )
    return f"User-agent: *\n{closed}{delay}\n{maps}"


def shelves(articles: Articles) -> dict[str, Articles]:
    """The sitemaps under the index: path to its articles, one per year and language."""
    found: dict[str, list[NewsroomArticle]] = {}
    for article in articles:
        year = article.published_at.year if article.published_at else "undated"
        path = f"/sitemaps/{year}-{article.language}.xml.gz"
        found.setdefault(path, []).append(article)
    return {path: tuple(inside) for path, inside in sorted(found.items())}


def sitemap_index(articles: Articles, base: str) -> str:
    """The index of the sitemaps, each with the last change inside it."""
    entries = []
    for path, inside in shelves(articles).items():
        moments = [article.touched_at for article in inside if article.touched_at]
        entries.append(_entry("sitemap", urljoin(base, path), max(moments, default=None)))
    return f'{XML}<sitemapindex xmlns="{SITEMAP}">\n{"".join(entries)}</sitemapindex>\n'


def sitemap(articles: Articles) -> str:
    """One sitemap. An article without a date has no lastmod."""
    entries = "".join(_entry("url", article.url, article.touched_at) for article in articles)
    return f'{XML}<urlset xmlns="{SITEMAP}">\n{entries}</urlset>\n'


def _entry(name: str, url: str, moment: datetime | None) -> str:
    changed = f"<lastmod>{moment.isoformat()}</lastmod>" if moment else ""
    return f"<{name}><loc>{escape(url)}</loc>{changed}</{name}>\n"


def news_sitemap(articles: Articles) -> str:
    """The newest articles with title and language, as news search engines ask for."""
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    entries = "".join(_news(article) for article in articles[:NEWS_LENGTH] if article.published_at)
    return f'{XML}<urlset xmlns="{SITEMAP}" xmlns:news="{news}">\n{entries}</urlset>\n'


def _news(article: NewsroomArticle) -> str:
    day = article.published_at.isoformat() if article.published_at else ""
    return (
        f"<url><loc>{escape(article.url)}</loc><news:news><news:publication><news:name>{OUTLET}"
        f"</news:name><news:language>{article.language}</news:language></news:publication>"
        f"<news:publication_date>{day}</news:publication_date>"
        f"<news:title>{escape(article.headline)}</news:title></news:news></url>\n"
    )


def rss(articles: Articles, base: str) -> str:
    """RSS 2.0 with the full text, for the newest English articles."""
    items = "".join(_item(article) for article in articles)
    return (
        f'{XML}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{OUTLET}</title>\n<link>{base}</link>\n"
        "<description>Reporting on crime and justice on the isthmus</description>\n"
        f"<language>en</language>\n{items}</channel>\n</rss>\n"
    )


def _item(article: NewsroomArticle) -> str:
    """One item; its link carries a tracking parameter, as feeds' links do."""
    moment = article.published_at.astimezone(UTC) if article.published_at else None
    day = f"<pubDate>{format_datetime(moment)}</pubDate>" if moment else ""
    names = " and ".join(article.authors)
    by = f"<dc:creator><![CDATA[{names}]]></dc:creator>" if names else ""
    return (
        f"<item>\n<title>{escape(article.headline)}</title>\n"
        f"<link>{escape(article.url)}?utm_source=feed&amp;utm_medium=rss</link>\n"
        f'{by}{day}<guid isPermaLink="true">{escape(article.url)}</guid>\n'
        f"<description>{escape(article.teaser)}</description>\n"
        f"<content:encoded><![CDATA[{_full(article)}]]></content:encoded>\n</item>\n"
    )


def _full(article: NewsroomArticle) -> str:
    ending = (
        f'<p>The post <a href="{article.url}">{article.headline}</a> was first lit at {OUTLET}.</p>'
    )
    return "".join(_shown(part) for part in article.parts) + ending


def _shown(part: Part) -> str:
    if part.rows:
        return "".join(f"<p>{' '.join(map(inline_html, row))}</p>" for row in part.rows)
    if part.kind in ("picture", "break"):
        return ""
    name = "h2" if part.kind in ("heading", "analysis") else "p"
    return f"<{name}>{part.html}</{name}>"


def atom(articles: Articles, base: str) -> str:
    """Atom, for the newest Spanish articles."""
    entries = "".join(_atom_entry(article) for article in articles)
    moments = [article.touched_at for article in articles if article.touched_at]
    updated = max(moments).isoformat() if moments else ""
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es">\n<title>{OUTLET}</title>\n'
        f'<id>{base}es/</id>\n<link rel="self" href="{base}es/feed/" />\n'
        f"<updated>{updated}</updated>\n{entries}</feed>\n"
    )


def _atom_entry(article: NewsroomArticle) -> str:
    changed = article.touched_at.isoformat() if article.touched_at else ""
    first = article.published_at.isoformat() if article.published_at else ""
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in article.authors)
    url = escape(article.url)
    return (
        f"<entry>\n<title>{escape(article.headline)}</title>\n"
        f'<link rel="alternate" href="{url}" />\n'
        f"<id>{url}</id>\n<published>{first}</published><updated>{changed}</updated>\n"
        f"{people}<summary>{escape(article.teaser)}</summary>\n</entry>\n"
    )
