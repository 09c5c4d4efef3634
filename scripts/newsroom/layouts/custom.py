"""The custom theme: crumbs run together, a meta line in capitals, cards with dates of their own."""

from __future__ import annotations

from datetime import datetime

from scripts.newsroom.article import LICENCE, Card, NewsroomArticle, Picture, picture_of
from scripts.newsroom.layouts.wording import (
    alternates,
    esc,
    joined_names,
    label_path,
    root,
    short_day,
    tag_path,
)
from scripts.newsroom.prose import Part, inline_html

WORDS = {
    "en": {
        "section": "News",
        "by": "BY",
        "share": "share",
        "useful": "Did you find this useful?",
        "appeal": "Keeping the largest public record of crime on the isthmus costs money, and we "
        "have no owner to pay for it.",
        "donate": "DONATE",
        "feedback": "Do you have something to add? <a href='mailto:letters@faro.example'>Write to "
        "us</a> and an editor of Faro del Istmo will answer.",
        "licence": "Our articles may be copied and passed on for <a href='{0}'>non-commercial "
        "use</a> as long as Faro del Istmo is named as the author and a link leads back to the "
        "original. The terms are those of <a href='{0}'>Creative Commons</a>.",
        "related": "Related Content",
        "about": "About Faro del Istmo",
        "footer": "Faro del Istmo is an invented newsroom.",
    },
    "es": {
        "section": "Noticias",
        "by": "POR",
        "share": "compartir",
        "useful": "¿Le fue útil este contenido?",
        "appeal": "Mantener el mayor registro público del crimen en el istmo cuesta dinero, y no "
        "tenemos dueño que lo pague.",
        "donate": "DONAR",
        "feedback": "¿Tiene algo que agregar? <a href='mailto:cartas@faro.example'>Escríbanos</a> "
        "y un editor de Faro del Istmo le responderá.",
        "licence": "Nuestros artículos pueden copiarse y difundirse con <a href='{0}'>fines no "
        "comerciales</a> siempre que se cite a Faro del Istmo como autor y un enlace lleve al "
        "original. Las condiciones son las de <a href='{0}'>Creative Commons</a>.",
        "related": "Contenido relacionado",
        "about": "Sobre Faro del Istmo",
        "footer": "Faro del Istmo es una redacción inventada.",
    },
}
ABOUT = {
    "en": (
        (
            "INSIDE FARO",
            "A Second Prize for the Harbour Series",
            "9 JUN 2023",
            "The jury of a regional award praised our reporters for two years of patience with "
            "shipping registers…",
        ),
        (
            "JOIN US",
            "Open Position: Data Editor",
            "30 MAY 2023",
            "We are looking for a data editor "
            "who enjoys court files as much as spreadsheets and can work from Colón or from home…",
        ),
        (
            "INSIDE FARO",
            "Where Our Prison Figures Come From",
            "INSIDE FARO / 22 MAY 2023",
            "Readers asked how we count deaths behind bars. Here is the method, with its gaps.",
        ),
    ),
    "es": (
        (
            "LA REDACCIÓN",
            "Segundo premio para la serie de los muelles",
            "9 JUN 2023",
            "El jurado "
            "de un premio regional elogió dos años de paciencia con los registros navieros…",
        ),
        (
            "LA REDACCIÓN",
            "De dónde salen nuestras cifras de cárceles",
            "22 MAY 2023",
            "Varios lectores preguntaron cómo contamos las muertes en prisión. Este es el método…",
        ),
    ),
}


def page(article: NewsroomArticle) -> str:
    """The whole page."""
    words = WORDS[article.language]
    appeal = _appeal(words)
    licence = words["licence"].format(LICENCE).replace("'", '"')
    return f"""<!DOCTYPE html>
<html lang="{article.language}">
<head>
<meta charset="{article.charset}">
<title>{esc(article.headline)} | Faro del Istmo</title>
<meta name="description" content="{esc(article.teaser)}">
<link rel="canonical" href="{esc(article.url)}">
{alternates(article)}
<meta property="og:title" content="{esc(article.headline)}">
<meta property="og:type" content="article">
<meta property="og:url" content="{esc(article.url)}">
<meta property="og:site_name" content="Faro del Istmo">
<style>.fi-lede {{ font-size: 1.2em }} .fi-hidden {{ display: none }}</style>
</head>
<body class="fi-page fi-page--story">
{_masthead(article)}
<main class="fi-main">
{_crumbs(article, words)}
<div class="fi-story">
{_opening(article, words)}
{_picture(article.picture) if article.picture else ""}
<div class="fi-text">
{_text(article.parts)}
</div>
<div class="fi-share"><span>{words["share"]}</span> {_icons()}</div>
{appeal}
<p class="fi-feedback">{words["feedback"].replace("'", '"')}</p>
<p class="fi-terms">{licence}</p>
</div>
{appeal}
{_related(article, words)}
{_about(article.language, words)}
</main>
<footer class="fi-foot"><p>{words["footer"]}</p></footer>
</body>
</html>
"""


def _masthead(article: NewsroomArticle) -> str:
    start = root(article.language)
    links = {
        "en": (("/category/brief/", "Briefs"), ("/actors/", "Actors"), ("/about/", "About")),
        "es": (("/es/categoria/noticias/", "Noticias"), ("/about/", "Quiénes somos")),
    }[article.language]
    items = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in links)
    return (
        f'<header class="fi-masthead"><a href="{start}"><img src="/static/faro.svg" alt="Faro del '
        f'Istmo"></a><nav><ul>{items}</ul></nav></header>'
    )


def _crumbs(article: NewsroomArticle, words: dict[str, str]) -> str:
    steps = [("Home", root(article.language)), (words["section"], "/latest")]
    if article.label:
        steps.append((article.label, label_path(article.label, article.language)))
    links = "".join(f'<a href="{to}">{esc(name)}</a>' for name, to in steps)
    return f'<div class="fi-crumbs">{links}<span>{esc(article.headline)}</span></div>'


def _opening(article: NewsroomArticle, words: dict[str, str]) -> str:
    kicker = f'<div class="fi-kicker">{esc(article.kicker)}</div>\n' if article.kicker else ""
    deck = f'\n<p class="fi-deck">{esc(article.deck)}</p>' if article.deck else ""
    meta = _meta(article, words)
    return f'{kicker}<h1 class="fi-title">{esc(article.headline)}</h1>{deck}\n{meta}'


def _meta(article: NewsroomArticle, words: dict[str, str]) -> str:
    """The line ``CATEGORY / D MON YYYY BY NAME EN``, as far as the article has its parts."""
    if article.published_at is None:
        return ""
    day = short_day(article.published_at, article.language)
    to = tag_path(article.term or "", article.language)
    term = f'<a href="{to}">{esc(article.category)}</a> / ' if article.term else ""
    names = joined_names(article).upper()
    by = f' {words["by"]} <span class="fi-by">{esc(names)}</span>' if names else ""
    tongue = article.language.upper()
    return f'<div class="fi-meta">{term}<span>{day}</span>{by} <span>{tongue}</span></div>'


def _text(parts: tuple[Part, ...]) -> str:
    return "\n".join(_block(part, first=not at) for at, part in enumerate(parts))


def _block(part: Part, *, first: bool) -> str:
    if part.kind == "paragraph":
        return f'<p class="fi-lede">{part.html}</p>' if first else f"<p>{part.html}</p>"
    if part.kind == "list":
        items = "".join(f"<li>{inline_html(row[0])}</li>" for row in part.rows)
        return f"<ul>{items}</ul>"
    if part.kind == "table":
        return f'<table class="fi-table">{part.table_rows(has_head=True)}</table>'
    if part.kind == "picture":
        return _picture(picture_of(part))
    return {
        "heading": "<h3>{}</h3>",
        "analysis": '<h2 class="fi-split">{}</h2>',
        "quote": "<blockquote><p>{}</p></blockquote>",
        "pull_quote": '<aside class="fi-pull" aria-hidden="true"><p>{}</p></aside>',
        "notice": '<p class="fi-note"><em>{}</em></p>',
        "see_also": "<p>{}</p>",
        "promotion": '<div class="fi-promo"><p>{}</p></div>',
        "break": "<hr>{}",
    }[part.kind].format(part.html)


def _picture(picture: Picture) -> str:
    caption = esc(picture.caption)
    if picture.credit:
        caption += f' <span class="fi-credit">{esc(picture.credit)}</span>'
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    alt = esc(picture.alt)
    return f'<figure class="fi-figure"><img src="{esc(picture.src)}" alt="{alt}">{below}</figure>'


def _icons() -> str:
    places = ("facebook", "x", "mail")
    return " ".join(f'<a href="#{place}"><span>icon</span></a>' for place in places)


def _appeal(words: dict[str, str]) -> str:
    return (
        f'<section class="fi-appeal"><h4>{words["useful"]}</h4><p>{words["appeal"]}</p>'
        f'<a href="/donate">{words["donate"]}</a></section>'
    )


def _related(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.cards:
        return ""
    cards = "\n".join(_card(card, article.language) for card in article.cards)
    return f'<section class="fi-related"><h3>{words["related"]}</h3>\n{cards}\n</section>'


def _card(card: Card, language: str) -> str:
    line = " / ".join(part for part in (card.category, _card_day(card, language)) if part)
    return (
        f'<div class="fi-card"><a href="{esc(card.url)}"><img src="/static/card.jpg" alt=""></a>'
        f'<p class="fi-card-line">{esc(line)}</p><p><a href="{esc(card.url)}">{esc(card.teaser)}'
        "</a></p></div>"
    )


def _card_day(card: Card, language: str) -> str | None:
    return short_day(datetime.fromisoformat(card.date), language) if card.date else None


def _about(language: str, words: dict[str, str]) -> str:
    cards = "\n".join(
        f'<div class="fi-card"><p>{kind}</p><h4><a href="/about/">{title}</a></h4><p>{day}</p>'
        f"<p>{text}</p></div>"
        for kind, title, day, text in ABOUT[language]
    )
    return f'<section class="fi-about"><h3>{words["about"]}</h3>\n{cards}\n</section>'
