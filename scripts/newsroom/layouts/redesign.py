"""The newsroom after a redesign in one of today's makes (:mod:`scripts.newsroom.layouts.makes`).

Its head states nothing but the outlet's name, what a page holds says the page alone, and the words
around its articles are other ones than before.
"""

from __future__ import annotations

from datetime import UTC
from functools import partial

from scripts.newsroom.article import NewsroomArticle, Picture, picture_of
from scripts.newsroom.layouts.makes import Make, element
from scripts.newsroom.layouts.relaunch import WORDS, rows
from scripts.newsroom.layouts.wording import (
    alternates,
    author_path,
    esc,
    joined_names,
    label_path,
    long_day,
    root,
    tag_path,
)
from scripts.newsroom.prose import Part, inline_html


def page(article: NewsroomArticle, make: Make) -> str:
    """The whole page."""
    words, put = WORDS[article.language], partial(element, make)
    menu = " ".join(
        f'<a href="{esc(url)}">{"Español" if language == "es" else "English"}</a>'
        for language, url in article.translations
    )
    inside = (
        put("opening", _opening(article, make)),
        _picture(article.picture, make) if article.picture else "",
        put("text", "\n".join(_block(part, words, make) for part in article.parts)),
        put("letter", f"<p>{words['useful']}</p><p>{words['letter']}</p>"),
        _tags(article, make),
    )
    story = put("story", "\n".join(inside))
    return f"""<!DOCTYPE html>
<html lang="{article.language}">
<head>
<meta charset="{article.charset}">
<title>Faro del Istmo</title>
<link rel="canonical" href="{esc(article.url)}">
{alternates(article)}
</head>
<body>
{put("top", f"<a href='{root(article.language)}'>Faro del Istmo</a> {menu}")}
{put("page", story + _related(article, words, make))}
{put("foot", words["foot"])}
</body>
</html>
"""


def _opening(article: NewsroomArticle, make: Make) -> str:
    put = partial(element, make)
    parts = (
        put("kicker", esc(article.kicker)) if article.kicker else "",
        put("headline", esc(article.headline)),
        put("deck", esc(article.deck)) if article.deck else "",
        _facts(article, make),
    )
    return "\n".join(filter(None, parts))


def _facts(article: NewsroomArticle, make: Make) -> str:
    """Who, when, and under what, as far as it is known."""
    put, found = partial(element, make), []
    if article.authors or article.byline:
        found.append(put("byline", _names(article)))
    if article.published_at is not None:
        day = article.published_at
        day = day.astimezone(UTC) if article.layout == "tagdiv" else day
        found.append(put("date", long_day(day, article.language)))
    if article.category and article.category != article.kicker:
        to = label_path(article.category, article.language)
        found.append(put("category", f'<a href="{to}">{esc(article.category)}</a>'))
    return put("facts", " ".join(found)) if found else ""


def _names(article: NewsroomArticle) -> str:
    if article.byline or not article.authors:
        return esc(joined_names(article))
    return ", ".join(f'<a href="{author_path(name)}">{esc(name)}</a>' for name in article.authors)


def _tags(article: NewsroomArticle, make: Make) -> str:
    if not article.shown_tags:
        return ""
    links = " ".join(
        f'<a href="{tag_path(tag, article.language)}">{esc(tag)}</a>' for tag in article.shown_tags
    )
    return element(make, "tags", links)


def _block(part: Part, words: dict[str, str], make: Make) -> str:
    put = partial(element, make)
    if part.kind == "list":
        return f"<ul>{''.join(f'<li>{inline_html(row[0])}</li>' for row in part.rows)}</ul>"
    if part.kind == "table":
        return f"<table>{rows(part)}</table>"
    if part.kind == "picture":
        return _picture(picture_of(part), make)
    if part.kind == "analysis":
        return put("analysis", words["verdict"])
    if part.kind in ("heading", "quote", "break"):
        form = {"heading": "<h3>{}</h3>", "quote": "<blockquote>{}</blockquote>", "break": "<hr>"}
        return form[part.kind].format(part.html)
    role = {"pull_quote": "pull", "notice": "notice", "promotion": "promotion"}
    return put(role.get(part.kind, "paragraph"), part.html)


def _picture(picture: Picture, make: Make) -> str:
    put = partial(element, make)
    below = put("caption", esc(picture.caption)) if picture.caption else ""
    below += put("credit", esc(picture.credit)) if picture.credit else ""
    return put("figure", f'<img src="{esc(picture.src)}" alt="{esc(picture.alt)}">{below}')


def _related(article: NewsroomArticle, words: dict[str, str], make: Make) -> str:
    put = partial(element, make)
    cards = "\n".join(
        put("card", f'<a href="{esc(card.url)}">{esc(card.title)}</a>') for card in article.cards
    )
    return put("related", put("related_title", words["more"]) + cards) if cards else ""
