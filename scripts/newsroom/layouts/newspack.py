"""The Newspack-like pages: the headline stands outside the article element, the text is blocks."""

from __future__ import annotations

from datetime import datetime

from scripts.newsroom.article import Card, NewsroomArticle, Picture, picture_of
from scripts.newsroom.layouts import linked
from scripts.newsroom.layouts.wording import (
    AND,
    alternates,
    author_path,
    esc,
    label_path,
    long_day,
    root,
    slug,
    tag_path,
)
from scripts.newsroom.prose import Part, inline_html

WORDS = {
    "en": {
        "menu": "News|Investigations",
        "posted": "Posted in",
        "by": "by",
        "share": "Share this:",
        "click": "Click to share on",
        "tagged": "Tagged:",
        "related": "More on This Story",
        "credit": "Credit:",
        "support": "Support Our Work",
        "appeal": "Reporting where people would rather not be reported on is slow and dear. A gift "
        "of any size keeps the lamp lit.",
        "consent": "Manage Consent",
        "cookies": "We keep one cookie to remember your language and none to remember you.",
        "buttons": "Accept|Deny",
        "skip": "Skip to content",
    },
    "es": {
        "menu": "Noticias|Investigaciones",
        "posted": "Publicado en",
        "by": "por",
        "share": "Comparte esto:",
        "click": "Haz clic para compartir en",
        "tagged": "Etiquetado:",
        "related": "Más sobre esta historia",
        "credit": "Crédito:",
        "support": "Apoye nuestro trabajo",
        "appeal": "Contar lo que otros prefieren callar es lento y caro. Un aporte de cualquier "
        "tamaño mantiene encendida la lámpara.",
        "consent": "Gestionar el consentimiento",
        "cookies": "Guardamos una cookie para recordar su idioma y ninguna para recordarlo.",
        "buttons": "Aceptar|Denegar",
        "skip": "Saltar al contenido",
    },
}


def page(article: NewsroomArticle) -> str:
    """The whole page."""
    words = WORDS[article.language]
    return f"""<!doctype html>
<html lang="{article.language}">
<head>
<meta charset="{article.charset}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{esc(article.headline)} - Faro del Istmo</title>
<meta name="description" content="{esc(article.deck or article.teaser)}" />
<link rel="canonical" href="{esc(article.url)}" />
{alternates(article)}
<meta property="og:type" content="article" />
<meta property="og:title" content="{esc(article.headline)}" />
<meta property="og:url" content="{esc(article.url)}" />
{_times(article)}
{linked.graph(article)}
</head>
<body class="post-template-default single single-post wp-embed-responsive">
<div id="page" class="site">
<a class="skip-link screen-reader-text" href="#main">{words["skip"]}</a>
<header id="masthead" class="site-header">{_menu(article, words)}</header>
<div id="content" class="site-content">
<section id="primary" class="content-area">
<main id="main" class="site-main">
{_opening(article, words)}
<div class="main-content">
{_picture(article.picture, "post-thumbnail", words) if article.picture else ""}
<article id="post-{_number(article)}" class="post type-post entry">
<div class="entry-content">
{_text(article, words)}
</div>
{_tags(article, words)}
</article>
{_related(article, words)}
</div>
</main>
</section>
</div>
<aside class="widget-area"><h2 class="widgettitle">{words["support"]}</h2>
<p>{words["appeal"]}</p></aside>
<footer id="colophon" class="site-footer"><span class="copyright">© Faro del Istmo</span></footer>
</div>
{_consent(words)}
</body>
</html>
"""


def _number(article: NewsroomArticle) -> int:
    return 1000 + sum(map(ord, article.path)) % 9000


def _times(article: NewsroomArticle) -> str:
    if article.published_at is None:
        return ""
    both = (("published", article.published), ("modified", article.modified))
    return "\n".join(
        f'<meta property="article:{name}_time" content="{value}" />' for name, value in both
    )


def _menu(article: NewsroomArticle, words: dict[str, str]) -> str:
    language = article.language
    links = [(label_path(name, language), name) for name in words["menu"].split("|")]
    items = "".join(f'<li class="menu-item"><a href="{to}">{name}</a></li>' for to, name in links)
    others = "".join(
        f'<a class="lang-item" hreflang="{tongue}" lang="{tongue}" href="{esc(url)}">'
        f"{'Español' if tongue == 'es' else 'English'}</a>"
        for tongue, url in article.translations
    )
    return (
        f'<p class="site-title"><a href="{root(language)}" rel="home">Faro del Istmo</a></p>'
        f'<nav class="main-navigation"><ul>{items}</ul></nav>{others}'
    )


def _opening(article: NewsroomArticle, words: dict[str, str]) -> str:
    label = deck = ""
    if article.label:
        to = label_path(article.label, article.language)
        label = (
            f'<span class="cat-links"><span class="screen-reader-text">{words["posted"]}</span>'
            f'<a href="{to}" rel="category tag">{esc(article.label)}</a></span>\n'
        )
    if article.deck:
        deck = f'<div class="newspack-post-subtitle">{esc(article.deck)}</div>\n'
    kind = "entry-title entry-title--with-subtitle" if article.deck else "entry-title"
    return (
        f'<header class="entry-header">\n{label}<h1 class="{kind}">\n\t{esc(article.headline)}\t'
        f'</h1>\n{deck}<div class="entry-subhead"><div class="entry-meta">'
        f"{_byline(article, words)}{_posted(article)}</div>\n{_share(words)}</div>\n</header>"
    )


def _byline(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.authors:
        return ""
    if article.byline:
        names = f'<span class="author vcard">{esc(article.byline)}</span>'
        return f'<span class="byline"><span>{words["by"]}</span> {names}</span>'
    vcards = [
        f'<span class="author vcard"><a class="url fn n" href="{author_path(name)}">{esc(name)}</a>'
        "</span>"
        for name in article.authors
    ]
    names = vcards[-1]
    if len(vcards) > 1:
        names = f"{', '.join(vcards[:-1])} {AND[article.language]} {names}"
    return f'<span class="byline"><span>{words["by"]}</span> {names}</span>'


def _posted(article: NewsroomArticle) -> str:
    if article.published_at is None:
        return ""
    times = _time(article.published_at, article.language, "published")
    if article.modified_at:
        times += _time(article.modified_at, article.language, "updated")
    return f'<span class="posted-on">{times}</span>'


def _time(moment: datetime, language: str, kind: str) -> str:
    shown = long_day(moment, language)
    return f'<time class="entry-date {kind}" datetime="{moment.isoformat()}">{shown}</time>'


def _share(words: dict[str, str]) -> str:
    items = "".join(
        f'<li><a href="#share"><span class="sharing-screen-reader-text">{words["click"]} {name}'
        "</span></a></li>"
        for name in ("Facebook", "X")
    )
    return (
        f'<div class="sharedaddy"><h3 class="sd-title">{words["share"]}</h3><ul>{items}</ul></div>'
    )


def _text(article: NewsroomArticle, words: dict[str, str]) -> str:
    return "\n\n".join(_block(part, words) for part in article.parts)


def _block(part: Part, words: dict[str, str]) -> str:
    if part.kind == "list":
        items = "".join(f"<li>{inline_html(row[0])}</li>" for row in part.rows)
        return f'<ul class="wp-block-list">{items}</ul>'
    if part.kind == "table":
        rows = part.table_rows()
        return f'<figure class="wp-block-table"><table><tbody>{rows}</tbody></table></figure>'
    if part.kind == "picture":
        return _picture(picture_of(part), "wp-block-image", words)
    anchor = f"h-{slug(part.text)}"
    return {
        "paragraph": '<p class="wp-block-paragraph">{}</p>',
        "heading": f'<h2 class="wp-block-heading" id="{anchor}">{{}}</h2>',
        "analysis": f'<h2 class="wp-block-heading" id="{anchor}"><strong>{{}}</strong></h2>',
        "quote": '<blockquote class="wp-block-quote"><p>{}</p></blockquote>',
        "pull_quote": '<figure class="wp-block-pullquote"><blockquote><p>{}</p></blockquote>'
        "</figure>",
        "notice": '<p class="wp-block-paragraph"><em>{}</em></p>',
        "see_also": '<blockquote class="wp-block-quote"><p class="wp-block-paragraph"><em>{}</em>'
        "</p></blockquote>",
        "promotion": '<div class="wp-block-group has-background"><p>{}</p></div>',
        "break": '<hr class="wp-block-separator" />{}',
    }[part.kind].format(part.html)


def _picture(picture: Picture, kind: str, words: dict[str, str]) -> str:
    caption = f"<span>{esc(picture.caption)}</span>" if picture.caption else ""
    if picture.credit:
        label = f'<span class="credit-label-wrapper">{words["credit"]}</span>'
        caption += f' <span class="image-credit">{label} {esc(picture.credit)}</span>'
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    image = f'<img src="{esc(picture.src)}" alt="{esc(picture.alt)}" class="wp-post-image" />'
    return f'<figure class="{kind}">{image}{below}</figure>'


def _tags(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.tags:
        return ""
    links = '<span class="sep">,&nbsp;</span>'.join(
        f'<a href="{tag_path(tag, article.language)}" rel="tag">{esc(tag)}</a>'
        for tag in article.tags
    )
    return (
        f'<footer class="entry-footer"><span class="tags-links"><span>{words["tagged"]} </span>'
        f"{links}</span></footer>"
    )


def _related(article: NewsroomArticle, words: dict[str, str]) -> str:
    if not article.cards:
        return ""
    cards = "\n".join(_card(card, article.language) for card in article.cards)
    return (
        '<div class="wp-block-newspack-blocks-homepage-articles">\n'
        f'<h2 class="article-section-title"><span>{words["related"]}</span></h2>\n{cards}\n</div>'
    )


def _card(card: Card, language: str) -> str:
    label = f'<div class="cat-links"><a href="#">{esc(card.category)}</a></div>'
    day = ""
    if card.date:
        shown = long_day(datetime.fromisoformat(card.date), language)
        day = f'<time class="entry-date published" datetime="{card.date}">{shown}</time>'
    return (
        f'<article class="post-has-image"><figure class="post-thumbnail"><a href="{esc(card.url)}">'
        f'<img src="/static/card.jpg" alt="" /></a></figure><div class="entry-wrapper">'
        f'{label if card.category else ""}<h3 class="entry-title"><a href="{esc(card.url)}">'
        f"{esc(card.title)}</a></h3><p>{esc(card.teaser)}</p>"
        f'<div class="entry-meta">{day}</div></div></article>'
    )


def _consent(words: dict[str, str]) -> str:
    buttons = "".join(f"<button>{name}</button>" for name in words["buttons"].split("|"))
    return (
        f'<div id="consent-banner" role="dialog" hidden><div>{words["consent"]}</div>'
        f"<p>{words['cookies']}</p>{buttons}</div>"
    )
