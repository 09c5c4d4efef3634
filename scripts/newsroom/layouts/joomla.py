"""The Joomla-like pages of the site's first years: an item, details as a list, side modules."""

from __future__ import annotations

from datetime import datetime

from scripts.newsroom.article import Card, NewsroomArticle, Picture, picture_of
from scripts.newsroom.layouts.wording import (
    WEEKDAYS,
    alternates,
    esc,
    joined_names,
    label_path,
    month,
    root,
    tag_path,
)
from scripts.newsroom.prose import Part, inline_html

WORDS = {
    "en": {
        "menu": "Home|News Briefs|News Analysis|Investigations",
        "written": "Written by",
        "category": "Category",
        "created": "Created on",
        "updated": "Last Updated on",
        "print": "Print",
        "email": "Email",
        "tagged": "Tagged under",
        "related": "Related Articles",
        "latest": "Latest News",
        "letter": "Our Weekly Letter",
        "letter_text": "The week on the isthmus in your inbox every Monday.",
        "footer": "Faro del Istmo, an invented newsroom. All rights imaginary.",
    },
    "es": {
        "menu": "Inicio|Noticias del día|Análisis|Investigaciones",
        "written": "Escrito por",
        "category": "Categoría",
        "created": "Creado el",
        "updated": "Última actualización el",
        "print": "Imprimir",
        "email": "Correo electrónico",
        "tagged": "Etiquetado como",
        "related": "Artículos relacionados",
        "latest": "Últimas noticias",
        "letter": "Nuestra carta semanal",
        "letter_text": "La semana del istmo en su correo todos los lunes.",
        "footer": "Faro del Istmo, una redacción inventada. Todos los derechos imaginarios.",
    },
}


def page(article: NewsroomArticle) -> str:
    """The whole page."""
    words = WORDS[article.language]
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="{article.language}">
<head>
<base href="{esc(article.url)}" />
<meta http-equiv="content-type" content="text/html; charset={article.charset}" />
<meta name="generator" content="Joomla! - Open Source Content Management" />
<title>{esc(article.headline)}</title>
<link href="{esc(article.url)}" rel="canonical" />
{alternates(article)}
</head>
<body id="faro">
<div id="top">{_menu(article.language, words)}</div>
<div id="content">
{_item(article, words)}
</div>
<div id="side">
<div class="moduletable"><h3>{words["letter"]}</h3><p>{words["letter_text"]}</p></div>
{_related(article.cards, words)}
</div>
<div id="foot"><p>{words["footer"]}</p></div>
</body>
</html>
"""


def _menu(language: str, words: dict[str, str]) -> str:
    names = words["menu"].split("|")
    paths = [root(language), *(label_path(name, language) for name in names[1:])]
    items = "".join(
        f'<li><a href="{to}"><span>{name}</span></a></li>'
        for to, name in zip(paths, names, strict=True)
    )
    return f'<ul class="menu">{items}</ul>'


def _item(article: NewsroomArticle, words: dict[str, str]) -> str:
    heading = f'<h2><a href="{esc(article.path)}">{esc(article.headline)}</a></h2>'
    return "\n".join(
        (
            '<div class="item-page">',
            f'<div class="page-header">{heading}</div>',
            _actions(article, words),
            _details(article, words),
            _picture(article.picture) if article.picture else "",
            "\n".join(_block(part) for part in article.parts),
            _tags(article, words),
            "</div>",
        )
    )


def _actions(article: NewsroomArticle, words: dict[str, str]) -> str:
    printed = f"{esc(article.path)}?tmpl=component&amp;print=1"
    return (
        f'<ul class="actions"><li class="print-icon"><a href="{printed}" rel="nofollow">'
        f'<img src="/static/print.png" alt="{words["print"]}" /></a></li><li class="email-icon">'
        f'<a href="#email"><img src="/static/mail.png" alt="{words["email"]}" /></a></li></ul>'
    )


def _details(article: NewsroomArticle, words: dict[str, str]) -> str:
    lines = []
    if article.label:
        name = esc(article.label)
        lines.append(f'<dd class="category-name">{words["category"]}: <span>{name}</span></dd>')
    if article.authors:
        names = esc(joined_names(article))
        lines.append(f'<dd class="createdby">{words["written"]} {names}</dd>')
    if article.published_at:
        moment = _moment(article.published_at, article.language)
        lines.append(f'<dd class="create">{words["created"]} {moment}</dd>')
    if article.modified_at and article.published_at:
        moment = _moment(article.modified_at, article.language)
        lines.append(f'<dd class="modified">{words["updated"]} {moment}</dd>')
    return f'<dl class="article-info">{"".join(lines)}</dl>'


def _moment(moment: datetime, language: str) -> str:
    """``Tuesday, 14 June 2011 10:05``, ``Martes, 14 de Junio de 2011 10:05``."""
    weekday = WEEKDAYS[language].split()[moment.weekday()]
    of = " de " if language == "es" else " "
    day = f"{moment.day}{of}{month(moment, language).capitalize()}{of}{moment.year}"
    return f"{weekday}, {day} {moment:%H:%M}"


def _block(part: Part) -> str:
    if part.kind == "list":
        return "<ul>" + "".join(f"<li>{inline_html(row[0])}</li>" for row in part.rows) + "</ul>"
    if part.kind == "table":
        return f'<table border="1">{part.table_rows()}</table>'
    if part.kind == "picture":
        return _picture(picture_of(part))
    return {
        "paragraph": "<p>{}</p>",
        "heading": "<h3>{}</h3>",
        "analysis": "<p><strong>{}</strong></p>",
        "quote": "<blockquote>{}</blockquote>",
        "pull_quote": '<div class="pullquote">{}</div>',
        "notice": "<p><em>{}</em></p>",
        "see_also": "<p><strong>{}</strong></p>",
        "promotion": '<div class="custom">{}</div>',
        "break": '<hr class="system-pagebreak" />{}',
    }[part.kind].format(part.html)


def _picture(picture: Picture) -> str:
    image = f'<img src="{esc(picture.src)}" alt="{esc(picture.alt)}" class="caption" />'
    below = f'<p class="img_caption">{esc(picture.caption)}</p>' if picture.caption else ""
    return f'<div class="img_caption">{image}{below}</div>'


def _tags(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.tags:
        return ""
    links = " ".join(
        f'<a href="{tag_path(tag, article.language)}" class="label">{esc(tag)}</a>'
        for tag in article.tags
    )
    return f'<div class="tags"><span>{words["tagged"]}</span> {links}</div>'


def _related(cards: tuple[Card, ...], words: dict[str, str]) -> str:
    if not cards:
        return ""
    items = "\n".join(
        f'<li><a href="{esc(card.url)}"><img src="/static/card.jpg" alt="{esc(card.title)}" /></a>'
        f'<a href="{esc(card.url)}">{esc(card.title)}</a></li>'
        for card in cards
    )
    return (
        f'<div class="moduletable"><h3>{words["related"]}</h3><ul class="relateditems">\n{items}\n'
        "</ul></div>"
    )
