"""The tagDiv-like pages: a magazine theme with crumbs, a share line on both ends, a sidebar."""

from __future__ import annotations

from scripts.newsroom.article import LICENCE, Card, NewsroomArticle, Picture, picture_of
from scripts.newsroom.layouts import linked
from scripts.newsroom.layouts.wording import (
    alternates,
    esc,
    joined_names,
    label_path,
    long_day,
    root,
    tag_path,
)
from scripts.newsroom.prose import Part, inline_html

WORDS = {
    "en": {
        "home": "Home",
        "menu": "Brief|Analysis|Investigation",
        "share": "SHARE",
        "tags": "TAGS",
        "thoughts": "Have we missed something? <a href='/about/'>Tell the editors</a> of Faro del "
        "Istmo.",
        "licence": "You may copy this text for <a href='{0}'>non-commercial ends</a>, provided "
        "that Faro del Istmo stands in the byline and a link leads to the original page.",
        "related": "RELATED ARTICLES",
        "more": "MORE FROM AUTHOR",
        "latest": "LATEST NEWS",
        "letter": "Our weekly letter",
        "letter_text": "The week on the isthmus, every Monday, free of charge.",
        "form": "Name|Email|Comment",
    },
    "es": {
        "home": "Inicio",
        "menu": "Noticias|Análisis|Investigación",
        "share": "COMPARTIR",
        "tags": "ETIQUETAS",
        "thoughts": "¿Se nos escapó algo? <a href='/about/'>Escriba a los editores</a> de Faro del "
        "Istmo.",
        "licence": "Puede copiar este texto con <a href='{0}'>fines no comerciales</a>, siempre "
        "que Faro del Istmo figure en la firma y un enlace lleve a la página original.",
        "related": "ARTÍCULOS RELACIONADOS",
        "more": "MÁS DEL AUTOR",
        "latest": "LO MÁS RECIENTE",
        "letter": "Nuestra carta semanal",
        "letter_text": "La semana del istmo, cada lunes, sin costo.",
        "form": "Nombre|Correo|Comentario",
    },
}
LATEST = {
    "en": (
        ("Four Questions for the New Customs Chief", "2023-02-03"),
        ("Why the Coastguard Sold Its Fastest Boats", "2022-11-17"),
    ),
    "es": (
        ("Cuatro preguntas para la nueva jefa de aduanas", "2023-02-03"),
        ("Por qué la guardia costera vendió sus lanchas", "2022-11-17"),
    ),
}


def page(article: NewsroomArticle) -> str:
    """The whole page."""
    words = WORDS[article.language]
    return f"""<!doctype html>
<html lang="{article.language}" prefix="og: http://ogp.me/ns#">
<head>
<meta charset="{article.charset}" />
<title>{esc(article.headline)} - Faro del Istmo</title>
<link rel="canonical" href="{esc(article.url)}" />
{alternates(article)}
<meta property="og:type" content="article" />
<meta property="og:title" content="{esc(article.headline)}" />
<meta property="og:url" content="{esc(article.url)}" />
<meta property="og:description" content="{esc(article.teaser)}" />
{linked.single(article)}
</head>
<body class="post-template-default single single-post td-standard-pack">
<div id="td-outer-wrap">
<div class="td-header-wrap"><ul class="sf-menu">{_menu(article.language, words)}</ul></div>
<div class="td-container">
{_crumbs(article, words)}
<div class="td-pb-row">
<div class="td-pb-span8 td-main-content">
{_post(article, words)}
{_related(article, words)}
</div>
<div class="td-pb-span4 td-main-sidebar">{_sidebar(article.language, words)}</div>
</div>
</div>
<div class="td-sub-footer-container">© Faro del Istmo</div>
</div>
</body>
</html>
"""


def _menu(language: str, words: dict[str, str]) -> str:
    links = [(root(language), words["home"])]
    links += [(label_path(name, language), name) for name in words["menu"].split("|")]
    return "".join(f'<li class="menu-item"><a href="{to}">{name}</a></li>' for to, name in links)


def _crumbs(article: NewsroomArticle, words: dict[str, str]) -> str:
    start = f'<a class="entry-crumb" href="{root(article.language)}">{words["home"]}</a>'
    label = ""
    if article.label:
        to = label_path(article.label, article.language)
        label = f' <a class="entry-crumb" href="{to}">{esc(article.label)}</a>'
    last = f'<span class="td-bred-no-url-last">{esc(article.headline)}</span>'
    return f'<div class="entry-crumbs">{start}{label} {last}</div>'


def _post(article: NewsroomArticle, words: dict[str, str]) -> str:
    share = f'<div class="td-share"><span>{words["share"]}</span> {_networks()}</div>'
    terms = words["licence"].format(LICENCE).replace("'", '"')
    picture = _picture(article.picture, "td-post-featured-image") if article.picture else ""
    return f"""<article class="post type-post hentry">
<header class="td-post-title">
{_labels(article)}
<h1 class="entry-title">{esc(article.headline)}</h1>
{f'<p class="td-post-sub-title">{esc(article.deck)}</p>' if article.deck else ""}
{_meta(article)}
</header>
<div class="td-post-content">
{picture}
{share}
{"".join(chr(10) + _block(part) for part in article.parts)}
{share}
<p>{words["thoughts"].replace("'", '"')}</p>
<div class="td-terms">{terms}</div>
{_form(words)}
</div>
{_tags(article, words)}
</article>"""


def _labels(article: NewsroomArticle) -> str:
    if not article.label:
        return ""
    to = label_path(article.label, article.language)
    link = f'<a href="{to}">{esc(article.label)}</a>'
    return f'<ul class="td-category"><li class="entry-category">{link}</li></ul>'


def _meta(article: NewsroomArticle) -> str:
    names = joined_names(article)
    by = f'<div class="td-post-author-name">{esc(names)}</div>' if names else ""
    day = ""
    if article.published_at:
        shown = long_day(article.published_at, article.language)
        time = f'<time class="entry-date" datetime="{article.published}">{shown}</time>'
        day = f'<span class="td-post-date">{time}</span>'
    return f'<div class="td-module-meta-info">{by}{day}</div>'


def _networks() -> str:
    return " ".join(f'<a href="#{name}" title="{name}"></a>' for name in ("facebook", "whatsapp"))


def _block(part: Part) -> str:
    if part.kind == "list":
        return "<ol>" + "".join(f"<li>{inline_html(row[0])}</li>" for row in part.rows) + "</ol>"
    if part.kind == "table":
        return f"<table><tbody>{part.table_rows()}</tbody></table>"
    if part.kind == "picture":
        return _picture(picture_of(part), "wp-caption aligncenter")
    return {
        "paragraph": '<p style="text-align: left;">{}</p>',
        "heading": "<h4><strong>{}</strong></h4>",
        "analysis": "<h3><strong>{}</strong></h3>",
        "quote": '<blockquote class="td_quote_box"><p>{}</p></blockquote>',
        "pull_quote": '<blockquote class="td_pull_quote"><p>{}</p></blockquote>',
        "notice": "<p><em>{}</em></p>",
        "see_also": '<p><span style="color: #b00;">{}</span></p>',
        "promotion": '<div class="td-a-rec"><p>{}</p></div>',
        "break": "<hr />{}",
    }[part.kind].format(part.html)


def _picture(picture: Picture, kind: str) -> str:
    below = ""
    if picture.caption:
        below = f'<figcaption class="wp-caption-text">{esc(picture.caption)}</figcaption>'
    image = f'<img class="entry-thumb" src="{esc(picture.src)}" alt="{esc(picture.alt)}" />'
    return f'<figure class="{kind}">{image}{below}</figure>'


def _form(words: dict[str, str]) -> str:
    fields = "".join(f"<label>{name}</label><input />" for name in words["form"].split("|"))
    return f'<form class="td-comment-form" style="display:none">{fields}</form>'


def _tags(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.tags:
        return ""
    items = "".join(
        f'<li><a href="{tag_path(tag, article.language)}">{esc(tag)}</a></li>'
        for tag in article.tags
    )
    return f'<ul class="td-tags"><li><span>{words["tags"]}</span></li>{items}</ul>'


def _related(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.cards:
        return ""
    cards = "\n".join(_card(card) for card in article.cards)
    return (
        f'<div class="td_block_related_posts"><h4><a href="#same">{words["related"]}</a> '
        f'<a href="#author">{words["more"]}</a></h4>\n{cards}\n</div>'
    )


def _card(card: Card) -> str:
    label = f'<span class="td-post-category">{esc(card.category)}</span>' if card.category else ""
    thumb = f'<a href="{esc(card.url)}"><img alt="" src="/static/card.jpg" /></a>'
    title = f'<a href="{esc(card.url)}" rel="bookmark">{esc(card.title)}</a>'
    return (
        f'<div class="td_module_related_posts">{thumb}{label}'
        f'<h3 class="entry-title">{title}</h3></div>'
    )


def _sidebar(language: str, words: dict[str, str]) -> str:
    items = "\n".join(
        f'<div class="td_module_6"><h3 class="entry-title"><a href="/latest">{title}</a></h3>'
        f'<time class="entry-date" datetime="{day}T10:00:00+00:00">{day}</time></div>'
        for title, day in LATEST[language]
    )
    return (
        f'<aside><h4 class="block-title"><span>{words["latest"]}</span></h4>\n{items}\n</aside>'
        f'<aside class="widget"><h4>{words["letter"]}</h4><p>{words["letter_text"]}</p></aside>'
    )
