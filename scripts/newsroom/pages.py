"""The newsroom's pages that are no articles: lists, tags, people, actors, forms, errors."""

from __future__ import annotations

from collections.abc import Callable

from scripts.newsroom.actors import ACTORS, actor_at
from scripts.newsroom.article import NewsroomArticle
from scripts.newsroom.layouts import linked
from scripts.newsroom.layouts.wording import (
    author_path,
    esc,
    label_path,
    long_day,
    root,
    short_day,
    slug,
    tag_path,
)

Articles = tuple[NewsroomArticle, ...]
Query = dict[str, list[str]]

PER_PAGE = 8


def page(path: str, query: Query, articles: Articles, base: str) -> tuple[int, str]:
    """(status, HTML) of a page that is no article; 404 where nothing stands at the path."""
    standing = _STANDING.get(path)
    if standing:
        return 200, standing(articles, query)
    actor = actor_at(path)
    if actor:
        return 200, _actor(actor.slug, base)
    stem, number = _numbered(path)
    for prefix, listed in _lists(stem, articles):
        if listed:
            return _list_page(prefix, listed, stem, number)
    return 404, missing(404)


def _numbered(path: str) -> tuple[str, int]:
    """The list and the number of its page: ``/tag/ports/page/2/`` is page 2 of ``/tag/ports/``."""
    stem, mark, rest = path.partition("page/")
    number = rest.strip("/")
    return (stem, int(number)) if mark and number.isdecimal() else (path, 1)


def _lists(stem: str, articles: Articles) -> list[tuple[str, Articles]]:
    """(title, articles) of every kind of list that could stand at the path."""
    labels = {each.label: each.language for each in articles if each.label}
    found: list[tuple[str, Articles]] = []
    for label, language in labels.items():
        if stem == label_path(label, language):
            found.append((label, tuple(each for each in articles if each.label == label)))
    if stem.startswith(("/tag/", "/es/etiqueta/")):
        found.append(_tagged(stem, "es" if stem.startswith("/es/") else "en", articles))
    if stem.startswith("/author/"):
        found.append(_signed(stem, articles))
    return found


def _tagged(stem: str, language: str, articles: Articles) -> tuple[str, Articles]:
    name = stem.rstrip("/").rpartition("/")[2]
    same = [each for each in articles if each.language == language]
    listed = [each for each in same if name in map(slug, (*each.tags, each.term or ""))]
    title = next((tag for each in listed for tag in each.tags if slug(tag) == name), name)
    return title, tuple(listed)


def _signed(stem: str, articles: Articles) -> tuple[str, Articles]:
    listed = [each for each in articles if stem in map(author_path, each.authors)]
    names = [name for each in listed for name in each.authors if author_path(name) == stem]
    return (names[0] if names else ""), tuple(listed)


def _list_page(title: str, listed: Articles, stem: str, number: int) -> tuple[int, str]:
    language = listed[0].language
    part = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
    if not part:
        return 404, missing(404)
    last = -(-len(listed) // PER_PAGE)
    steps = _pager(last, number, lambda at: stem if at == 1 else f"{stem}page/{at}/")
    person = ""
    if stem.startswith("/author/"):
        person = f'<div class="person"><h1>{esc(title)}</h1><p>{_BIOGRAPHY[language]}</p></div>'
    heading = person or f'<h1 class="page-title">{esc(title)}</h1>'
    return 200, _shell(title, heading + _cards(part) + steps, language)


_BIOGRAPHY = {
    "en": "Writes for Faro del Istmo. All articles signed with this name:",
    "es": "Escribe para Faro del Istmo. Todos los artículos con esta firma:",
}


def _pager(last: int, number: int, address: Callable[[int], str]) -> str:
    links = [
        f'<a class="page-numbers" href="{address(at)}">{at}</a>'
        for at in range(1, last + 1)
        if at != number
    ]
    following = f'<a rel="next" href="{address(number + 1)}">»</a>' if number < last else ""
    return f'<nav class="pagination">{"".join(links)}{following}</nav>' if last > 1 else ""


def _cards(listed: Articles) -> str:
    return "\n".join(_card(article) for article in listed)


def _card(article: NewsroomArticle) -> str:
    line = (article.term or article.label or "").upper()
    if article.published_at:
        line += f" / {short_day(article.published_at, article.language)}"
    to = esc(article.path)
    return (
        f'<div class="card"><p class="line">{esc(line)}</p><h2><a href="{to}">'
        f'{esc(article.headline)}</a></h2><p>{esc(article.teaser)}</p><a href="{to}">'
        f"{'Leer' if article.language == 'es' else 'Read'}</a></div>"
    )


def _shell(title: str, body: str, language: str = "en", head: str = "") -> str:
    start = root(language)
    latest = f"{start}latest"
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{esc(title)} | Faro del Istmo</title>
<link rel="alternate" type="application/rss+xml" href="/feed/">
<link rel="alternate" type="application/atom+xml" href="/es/feed/">
{head}
</head>
<body>
<header><a href="{start}">Faro del Istmo</a> <nav><a href="{latest}">Latest</a>
<a href="/actors/">Actors</a> <a href="/special/harbours/">Special</a> <a href="/about/">About</a>
<a href="/search">Search</a> <a href="/login">Log in</a> <a href="/">English</a>
<a href="/es/">Español</a></nav></header>
<main>
{body}
</main>
<footer><p>Faro del Istmo is an invented newsroom. <a href="/consent/">Cookies</a></p></footer>
</body>
</html>
"""


def _front(language: str) -> Callable[[Articles, Query], str]:
    def front(articles: Articles, query: Query) -> str:
        own = tuple(each for each in articles if each.language == language)
        labels = sorted({each.label for each in own if each.label})
        tags = sorted({tag for each in own for tag in each.tags})
        sections = " ".join(f'<a href="{label_path(n, language)}">{esc(n)}</a>' for n in labels)
        words = " ".join(f'<a href="{tag_path(n, language)}">{esc(n)}</a>' for n in tags)
        coming = '<p>Embargoed: <a href="/news/embargo/the-week-ahead/">The Week Ahead</a></p>'
        top = f"<h1>Faro del Istmo</h1><p>{sections}</p>"
        body = f"{top}{_cards(own[:PER_PAGE])}{coming}<p>{words}</p>"
        return _shell("Faro del Istmo", body, language)

    return front


def _latest(language: str) -> Callable[[Articles, Query], str]:
    def latest(articles: Articles, query: Query) -> str:
        own = tuple(each for each in articles if each.language == language)
        asked = query.get("page", ["1"])[0]
        number = max(1, int(asked)) if asked.isdecimal() else 1
        part = own[(number - 1) * PER_PAGE : number * PER_PAGE]
        stem = f"{root(language)}latest"
        steps = _pager(-(-len(own) // PER_PAGE), number, lambda at: f"{stem}?page={at}")
        return _shell("Latest", f"<h1>Latest</h1>{_cards(part)}{steps}", language)

    return latest


def _actor(name: str, base: str) -> str:
    actor = next(actor for actor in ACTORS if actor.slug == name)
    path = f"/actors/{actor.slug}/"
    body = (
        f"<h1>{actor.name}</h1><p>Profile updated 19 FEB 2024</p><p>{actor.about}</p><h2>History"
        f"</h2><p>{actor.history}</p><h2>Where They Stand Today</h2><p>{actor.today}</p>"
    )
    head = linked.profile(base, path, actor.name, actor.about)
    return _shell(f"{actor.name} Profile", body, head=head)


def _actors(articles: Articles, query: Query) -> str:
    items = "".join(f'<li><a href="/actors/{a.slug}/">{a.name}</a></li>' for a in ACTORS)
    return _shell("Actors", f"<h1>Actors</h1><ul>{items}</ul>")


def _special(articles: Articles, query: Query) -> str:
    """The landing page of a series: an introduction and its chapters."""
    chapters = [each for each in articles if each.language == "en" and "Ports" in each.tags]
    items = "".join(
        f'<li><a href="{esc(each.path)}">{esc(each.headline)}</a>{_day(each)}</li>'
        for each in chapters
    )
    words = "Nine harbours, one trade: how containers became the safest hiding place on the coast."
    return _shell("Harbours", f"<h1>Harbours</h1><p>{words}</p><h2>Chapters</h2><ol>{items}</ol>")


def _day(article: NewsroomArticle) -> str:
    if article.published_at is None:
        return ""
    return f" <span>{long_day(article.published_at, article.language)}</span>"


def _about(articles: Articles, query: Query) -> str:
    words = (
        "Faro del Istmo exists only inside this package. Its reporters, towns, gangs and court "
        "cases are made up, so that a crawler can be tried on a whole site without troubling "
        "a real one.",
        "Letters go to letters@faro.example, an address that nobody reads.",
    )
    return _shell("About", "<h1>About us</h1>" + "".join(f"<p>{text}</p>" for text in words))


def _search(articles: Articles, query: Query) -> str:
    asked = query.get("s", [""])[0]
    found = tuple(each for each in articles if asked and asked.lower() in each.headline.lower())
    field = f'<input name="s" value="{esc(asked)}">'
    form = f'<form action="/search">{field}<button>Search</button></form>'
    count = f"<p>{len(found)} found</p>"
    return _shell("Search", f"<h1>Search results</h1>{form}{count}{_cards(found)}")


def _login(articles: Articles, query: Query) -> str:
    form = (
        '<form method="post"><label>Email <input name="email"></label><label>Password '
        '<input type="password" name="password"></label><button>Log in</button></form>'
    )
    return _shell("Log in", f"<h1>Log in</h1><p>Subscribers enter here.</p>{form}")


def _consent(articles: Articles, query: Query) -> str:
    words = "Before you go on we need to ask about cookies. Choose below; you can change it later."
    buttons = "<button>Accept all</button><button>Reject all</button>"
    return _shell("Your privacy", f"<h1>Your privacy</h1><p>{words}</p>{buttons}")


def _embargoed(articles: Articles, query: Query) -> str:
    """A page that robots.txt forbids: a polite crawler never sees it."""
    return _shell("The Week Ahead", "<h1>The Week Ahead</h1><p>Not to be read before Monday.</p>")


def missing(status: int) -> str:
    """The page of an address at which there is nothing, or nothing any more."""
    words = {404: "Page not found", 410: "This page has been withdrawn"}.get(status, "Error")
    return _shell(words, f"<h1>{words}</h1><p>Nothing stands at this address.</p>")


_STANDING: dict[str, Callable[[Articles, Query], str]] = {
    "/": _front("en"),
    "/es/": _front("es"),
    "/latest": _latest("en"),
    "/es/latest": _latest("es"),
    "/actors/": _actors,
    "/special/harbours/": _special,
    "/about/": _about,
    "/search": _search,
    "/login": _login,
    "/consent/": _consent,
    "/news/embargo/the-week-ahead/": _embargoed,
}
