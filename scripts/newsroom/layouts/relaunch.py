"""The newsroom after a relaunch: other classes, another order, other words around its articles.

Any article can be shown so, whatever layout it had: what its page said before it says here, too.
No head states anything but a title, class names tell nothing, and who wrote it, when and under
what stand in a box below the text, in words that the site never used before.
"""

from __future__ import annotations

from datetime import UTC

from scripts.newsroom.article import Card, NewsroomArticle, Picture, picture_of
from scripts.newsroom.layouts.wording import (
    alternates,
    author_path,
    esc,
    joined_names,
    long_day,
    root,
    tag_path,
)
from scripts.newsroom.prose import Part, inline_html

WORDS = {
    "en": {
        "words": "Words",
        "out": "Out since",
        "file": "From our file on",
        "threads": "Threads",
        "verdict": "What Faro Makes of It",
        "useful": "Worth your time? Tell a friend about us.",
        "letter": "Our Sunday letter brings the isthmus to your kitchen table.",
        "more": "Keep on reading",
        "foot": "Faro del Istmo, an invented newsroom since 2010.",
    },
    "es": {
        "words": "Texto",
        "out": "Desde el",
        "file": "De nuestra carpeta",
        "threads": "Hilos",
        "verdict": "Lo que Faro concluye",
        "useful": "¿Valió la pena? Hable de nosotros con un amigo.",
        "letter": "Nuestra carta del domingo lleva el istmo a su cocina.",
        "more": "Siga leyendo",
        "foot": "Faro del Istmo, una redacción inventada desde 2010.",
    },
}


def page(article: NewsroomArticle) -> str:
    """The whole page."""
    words = WORDS[article.language]
    return f"""<!DOCTYPE html>
<html lang="{article.language}">
<head>
<meta charset="{article.charset}">
<title>Faro del Istmo · {esc(article.headline)}</title>
<link rel="canonical" href="{esc(article.url)}">
{alternates(article)}
</head>
<body class="k1">
<div class="k2"><a href="{root(article.language)}">Faro del Istmo</a> {_menu(article)}</div>
<div class="k3">
{_opening(article)}
{_picture(article.picture) if article.picture else ""}
<div class="k7">
{_text(article, words)}
</div>
<div class="k8"><p>{words["useful"]}</p><p>{words["letter"]}</p></div>
<div class="k9">
{_facts(article, words)}
</div>
{_related(article, words)}
</div>
<div class="k20">{words["foot"]}</div>
</body>
</html>
"""


def _menu(article: NewsroomArticle) -> str:
    return " ".join(
        f'<a href="{esc(url)}">{"Español" if language == "es" else "English"}</a>'
        for language, url in article.translations
    )


def _opening(article: NewsroomArticle) -> str:
    deck = f'<div class="k5">{esc(article.deck)}</div>\n' if article.deck else ""
    kicker = f'<div class="k4">{esc(article.kicker)}</div>\n' if article.kicker else ""
    return f'{kicker}{deck}<div class="k6">{esc(article.headline)}</div>'


def _facts(article: NewsroomArticle, words: dict[str, str]) -> str:
    """The box below the text: a row for each thing that is known."""
    rows = []
    if article.published_at is not None:
        day = article.published_at
        if article.layout == "tagdiv":
            day = day.astimezone(UTC)
        rows.append((words["out"], "k11", f"<b>{long_day(day, article.language)}</b>"))
    if article.category and article.category != article.kicker:
        to = tag_path(article.category, article.language)
        rows.append((words["file"], "k12", f'<a href="{to}">{esc(article.category)}</a>'))
    if article.authors or article.byline:
        rows.append((words["words"], "k13", _names(article)))
    if article.shown_tags:
        links = "".join(
            f'<a href="{tag_path(tag, article.language)}">{esc(tag)}</a>'
            for tag in article.shown_tags
        )
        rows.append((words["threads"], "k14", links))
    return "\n".join(
        f'<div class="k10"><span>{label}</span> <span class="{name}">{value}</span></div>'
        for label, name, value in rows
    )


def _names(article: NewsroomArticle) -> str:
    if article.byline or not article.authors:
        return esc(joined_names(article))
    return " + ".join(f'<a href="{author_path(name)}">{esc(name)}</a>' for name in article.authors)


def _text(article: NewsroomArticle, words: dict[str, str]) -> str:
    return "\n".join(_block(part, words) for part in article.parts)


def _block(part: Part, words: dict[str, str]) -> str:
    if part.kind == "list":
        items = "".join(f"<li>{inline_html(row[0])}</li>" for row in part.rows)
        return f"<ul>{items}</ul>"
    if part.kind == "table":
        return f"<table>{rows(part)}</table>"
    if part.kind == "picture":
        return _picture(picture_of(part))
    if part.kind == "analysis":
        return f'<div class="k15">{words["verdict"]}</div>'
    return {
        "paragraph": '<div class="k16">{}</div>',
        "heading": "<h3>{}</h3>",
        "quote": "<blockquote><p>{}</p></blockquote>",
        "pull_quote": '<aside class="k17" aria-hidden="true"><p>{}</p></aside>',
        "notice": '<p class="k18"><em>{}</em></p>',
        "see_also": "<p>{}</p>",
        "promotion": '<div class="k19"><p>{}</p></div>',
        "break": "<hr>{}",
    }[part.kind].format(part.html)


def rows(part: Part) -> str:
    """The rows of a table, the first one its head."""
    head, *rest = part.rows
    found = ["<tr>" + "".join(f"<th>{inline_html(cell)}</th>" for cell in head) + "</tr>"]
    found += ["<tr>" + "".join(f"<td>{inline_html(c)}</td>" for c in row) + "</tr>" for row in rest]
    return "".join(found)


def _picture(picture: Picture) -> str:
    below = "".join(
        f'<span class="{name}">{esc(text)}</span>'
        for name, text in (("k21", picture.caption), ("k22", picture.credit))
        if text
    )
    return f'<div class="k23"><img src="{esc(picture.src)}" alt="{esc(picture.alt)}">{below}</div>'


def _related(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.cards:
        return ""
    cards = "\n".join(_card(card) for card in article.cards)
    return f'<div class="k24"><div>{words["more"]}</div>\n{cards}\n</div>'


def _card(card: Card) -> str:
    return f'<div class="k25"><a href="{esc(card.url)}">{esc(card.title)}</a></div>'
