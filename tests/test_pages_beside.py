"""What stands around a text and is no part of it: quotes, captions, paywalls, licences, links."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.article import Citation, Image, Pointer, Translation
from tests.broadsheet import CARDS, TEXT, URL, paragraphs, read, sheet, told

SITE = "https://tide-courier.example"


def around(inserted: str) -> str:
    """The article's text with something between its second and third paragraph."""
    return paragraphs(TEXT[:2]) + inserted + paragraphs(TEXT[2:])


# --- pull quotes ---------------------------------------------------------------------------------

PULL_QUOTES = {
    "by its class": '<aside class="pullquote"><p>“Every winter has made it dearer.”</p></aside>',
    "block editor": '<figure class="wp-block-pullquote"><blockquote><p>“We should have done this '
    "ten years ago.”</p><cite>Ola Brandvik</cite></figure>",
    "a repeated sentence": "<blockquote><p>“Every winter that we waited has made it dearer.”</p>"
    "</blockquote>",
    "by its role": '<div role="doc-pullquote">Ten years ago would have been the time for it.</div>',
    "aside": "<aside><p>“We should have done this ten years ago”</p></aside>",
    "in german": '<div class="zitat-box pull-quote"><p>„Jeder Winter hat es teurer gemacht.“</p>'
    "<footer>Ola Brandvik</footer></div>",
}


@pytest.mark.parametrize("name", PULL_QUOTES)
def test_a_pull_quote_is_left_out(name: str) -> None:
    assert told(read(sheet(around(PULL_QUOTES[name]))).body) == TEXT


# --- captions and credits ------------------------------------------------------------------------

PICTURES = {
    "caption and credit each in a box": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption><span class="caption">The bridge '
        'on Monday.</span><span class="credit">Lise Aas</span></figcaption></figure>',
        ("The bridge on Monday.", "Lise Aas"),
    ),
    "credit after a label": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>The bridge on Monday. Photo: Lise '
        "Aas</figcaption></figure>",
        ("The bridge on Monday.", "Lise Aas"),
    ),
    "credit in brackets": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>The bridge on Monday. (Photo by '
        "Lise Aas/Harbour Press)</figcaption></figure>",
        ("The bridge on Monday.", "Lise Aas/Harbour Press"),
    ),
    "photograph": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>The bridge on Monday. Photograph: '
        "Lise Aas/Harbour Press</figcaption></figure>",
        ("The bridge on Monday.", "Lise Aas/Harbour Press"),
    ),
    "credit alone": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>Photo: Lise Aas</figcaption>'
        "</figure>",
        (None, "Lise Aas"),
    ),
    "rights sign": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>The bridge on Monday. © Lise Aas'
        "</figcaption></figure>",
        ("The bridge on Monday.", "Lise Aas"),
    ),
    "german": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>Die Brücke am Montag. Foto: Lise '
        "Aas/dpa</figcaption></figure>",
        ("Die Brücke am Montag.", "Lise Aas/dpa"),
    ),
    "spanish": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>El puente, el lunes. Crédito: Lise '
        "Aas</figcaption></figure>",
        ("El puente, el lunes.", "Lise Aas"),
    ),
    "french": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>Le pont, lundi. Crédit photo : '
        "Lise Aas</figcaption></figure>",
        ("Le pont, lundi.", "Lise Aas"),
    ),
    "small": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>The bridge on Monday. <small>Lise '
        "Aas / Harbour Press</small></figcaption></figure>",
        ("The bridge on Monday.", "Lise Aas / Harbour Press"),
    ),
    "a box of divs": (
        '<div class="image"><img src="/i/a.jpg" alt="A bridge"><p class="caption">The bridge on '
        'Monday.</p><p class="photo-credit">Lise Aas</p></div>',
        ("The bridge on Monday.", "Lise Aas"),
    ),
    "only a caption": (
        '<figure><img src="/i/a.jpg" alt="A bridge"><figcaption>The bridge on Monday, seen from '
        "the east bank by those who wait there.</figcaption></figure>",
        ("The bridge on Monday, seen from the east bank by those who wait there.", None),
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_its_caption_and_its_credit_apart(name: str) -> None:
    mark_up, (caption, credit) = PICTURES[name]
    found = read(sheet(around(mark_up)))
    assert found.images == (Image(f"{SITE}/i/a.jpg", caption, credit, "A bridge"),)
    assert told(found.body) == TEXT


def test_a_picture_that_loads_late_has_its_own_address() -> None:
    lazy = (
        '<figure><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/i/a.jpg" '
        'alt="A bridge"><noscript><img src="/i/a.jpg" alt="A bridge"></noscript><figcaption>The '
        "bridge on Monday.</figcaption></figure>"
    )
    assert read(sheet(around(lazy))).images == (
        Image(f"{SITE}/i/a.jpg", "The bridge on Monday.", None, "A bridge"),
    )


def test_pictures_of_cards_authors_and_the_page_are_none_of_the_article() -> None:
    html = sheet(
        paragraphs(TEXT),
        opening='<p class="byline"><img src="/avatar/solberg.jpg" alt="Mira Solberg"> By Mira '
        'Solberg</p><time datetime="2024-05-14">14 May 2024</time>',
    )
    assert read(html).images == ()


# --- paywalls ------------------------------------------------------------------------------------

WALLS = {
    "en": "Subscribe to continue reading",
    "en, sentence": "To continue reading this article, please subscribe or log in.",
    "en, subscribers": "This article is for subscribers only.",
    "en, account": "Already a subscriber? Log in to read the rest of this story.",
    "es": "Suscríbete para seguir leyendo",
    "es, contents": "Contenido exclusivo para suscriptores",
    "es, register": "Regístrese gratis para continuar leyendo esta noticia.",
    "de": "Jetzt weiterlesen mit einem Abo",
    "de, plus": "Dieser Artikel ist nur für Abonnenten zugänglich.",
    "fr": "Cet article est réservé aux abonnés.",
    "fr, rest": "Il vous reste 75% de cet article à lire. La suite est réservée aux abonnés.",
    "pt": "Conteúdo exclusivo para assinantes",
    "it": "Questo articolo è riservato agli abbonati.",
    "nl": "Dit artikel is alleen voor abonnees.",
}


@pytest.mark.parametrize("name", WALLS)
@pytest.mark.parametrize("place", ["plain", "paywall"])
def test_a_paywall_is_told_in_the_notices_and_is_no_text(name: str, place: str) -> None:
    wall = f'<div class="{place}-box"><p>{WALLS[name]}</p><a href="/abo">Offers</a></div>'
    found = read(sheet(paragraphs(TEXT[:2]) + wall))
    assert found.notices == (WALLS[name],)
    assert told(found.body) == TEXT[:2]
    assert found.provenance["notices"].source == "line:paywall"


def said(**fields: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


NOT_FREE = {
    "false": said(isAccessibleForFree=False),
    "in words": said(isAccessibleForFree="False"),
    "a part": said(
        hasPart={
            "@type": "WebPageElement",
            "isAccessibleForFree": "false",
            "cssSelector": ".article-body",
        }
    ),
    "meta": '<meta property="article:content_tier" content="locked">',
}


@pytest.mark.parametrize("name", NOT_FREE)
def test_a_page_that_says_to_machines_that_it_is_not_free_is_marked(name: str) -> None:
    found = read(sheet(paragraphs(TEXT[:2]), head=NOT_FREE[name]))
    assert len(found.notices) == 1
    assert "free" in found.notices[0] or "locked" in found.notices[0]
    assert found.provenance["notices"].source.startswith(("json-ld:", "meta:"))


def test_the_pages_own_words_come_before_what_it_says_to_machines() -> None:
    wall = '<div class="paywall"><p>Subscribe to continue reading</p></div>'
    found = read(sheet(paragraphs(TEXT[:2]) + wall, head=NOT_FREE["false"]))
    assert found.notices == ("Subscribe to continue reading",)


FREE = {
    "said to be free": said(isAccessibleForFree=True),
    "in words": said(isAccessibleForFree="true"),
    "nothing said": said(),
    "free tier": '<meta property="article:content_tier" content="free">',
}


@pytest.mark.parametrize("name", FREE)
def test_a_free_page_is_not_marked(name: str) -> None:
    assert read(sheet(paragraphs(TEXT), head=FREE[name])).notices == ()


def test_what_a_text_says_of_subscribers_is_text() -> None:
    text = [
        *TEXT[:2],
        "The operator of the ferry told its subscribers on Tuesday that they would have to log in "
        "again to read the timetable, and many could not.",
        "To continue reading from his notes the engineer had to put on his glasses, and the room "
        "grew quiet.",
        "“Already a member of the ferry club?” a girl with a bowl of stickers asked everybody who "
        "came up the quay.",
    ]
    found = read(sheet(paragraphs(text)))
    assert (told(found.body), found.notices) == (text, ())


def test_an_offer_after_the_whole_text_is_neither_text_nor_notice() -> None:
    offer = '<div class="promo"><p>Subscribe to The Tide Courier for 1 crown.</p></div>'
    found = read(sheet(paragraphs(TEXT) + offer))
    assert (told(found.body), found.notices) == (TEXT, ())


# --- notices -------------------------------------------------------------------------------------

NOTICES = [
    "Correction: An earlier version of this article gave the wrong number of piers.",
    "Editor's note: The engineer's name was misspelt in an earlier version.",
    "Corrección: En una versión anterior se daba un número equivocado de pilares.",
    "This article first appeared in the Harbour Museum's quarterly and is republished here.",
    "Jon Vik contributed reporting from the east bank.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_note_about_the_article_is_a_notice(notice: str) -> None:
    found = read(sheet(paragraphs([*TEXT, notice])))
    assert (told(found.body), found.notices) == (TEXT, (notice,))


# --- licence, tags, section, translations --------------------------------------------------------

LICENCES = {
    "link": (
        '<p class="licence">This text may be republished under <a href="https://creativecommons.org'
        '/licenses/by-nd/4.0/">CC BY-ND 4.0</a>.</p>',
        "",
        "https://creativecommons.org/licenses/by-nd/4.0/",
    ),
    "head": (
        "",
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">',
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "json-ld": (
        "",
        said(license="https://creativecommons.org/licenses/by-sa/4.0/"),
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "none": ("", "", None),
}


@pytest.mark.parametrize("name", LICENCES)
def test_the_licence(name: str) -> None:
    below, head, licence = LICENCES[name]
    found = read(sheet(paragraphs(TEXT) + below, head=head))
    assert (found.licence, told(found.body)) == (licence, TEXT)


TAGS = {
    "links marked as tags": '<ul class="tags"><li><a rel="tag" href="/tag/bridges">Bridges</a></li>'
    '<li><a rel="tag" href="/tag/harbour">Harbour</a></li></ul>',
    "links to tag pages": '<p>Topics: <a href="/topic/bridges">Bridges</a>, '
    '<a href="/topic/harbour">Harbour</a></p>',
    "words": "<p>Tags: Bridges, Harbour</p>",
}


@pytest.mark.parametrize("name", TAGS)
def test_tags_are_told_and_are_no_text(name: str) -> None:
    found = read(sheet(paragraphs(TEXT) + TAGS[name]))
    assert (found.tags, told(found.body)) == (("Bridges", "Harbour"), TEXT)


CRUMBS = (
    '<nav class="breadcrumb"><a href="/">Home</a> › <a href="/news">News</a> › '
    '<a href="/news/city">City</a></nav>'
)
SECTIONS = {
    "label over the headline": ('<p class="kicker"><a href="/news/city">City</a></p>', ""),
    "breadcrumb": (CRUMBS, ""),
    "breadcrumb in a list": (
        '<ol class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="/news/city">City</a>'
        f'</li><li><a href="{URL}">Harbour bridge closes for a year of repairs</a></li></ol>',
        "",
    ),
    "meta": ("", '<meta property="article:section" content="City">'),
    "json-ld": ("", said(articleSection=["City", "Harbour"])),
    "what is shown before what is stated": (CRUMBS, said(articleSection="Local-Desk")),
}


@pytest.mark.parametrize("name", SECTIONS)
def test_the_section(name: str) -> None:
    above, head = SECTIONS[name]
    found = read(sheet(paragraphs(TEXT), head=head).replace("<h1>", f"{above}<h1>"))
    assert (found.category, told(found.body)) == ("City", TEXT)


def test_a_page_that_states_no_section_has_none() -> None:
    assert read(sheet(paragraphs(TEXT))).category is None


def test_other_languages_are_told_by_hreflang() -> None:
    head = "".join(
        f'<link rel="alternate" hreflang="{tag}" href="{url}">'
        for tag, url in (
            ("en", URL),
            ("es-ES", f"{SITE}/es/2024/05/14/cierra-el-puente"),
            ("de", f"{SITE}/de/2024/05/14/bruecke-gesperrt"),
            ("x-default", URL),
        )
    )
    found = read(sheet(paragraphs(TEXT), head=head))
    assert found.translations == (
        Translation("es", f"{SITE}/es/2024/05/14/cierra-el-puente"),
        Translation("de", f"{SITE}/de/2024/05/14/bruecke-gesperrt"),
    )


# --- pointers and citations ----------------------------------------------------------------------


def test_cards_pointers_and_citations_are_kept_apart() -> None:
    text = (
        f"<p>{TEXT[0]}</p>"
        '<p>Some 9,000 people <a href="https://statistics.example/crossings">cross it every '
        "day</a>."
        " From next week they will have to take the ferry, as "
        '<a href="/2024/05/02/ferry-fares-rise">we reported</a> in early May.</p>'
        '<p><strong>Read also:</strong> <a href="/2024/03/01/tide-table">The tide table for the '
        "year</a></p>" + paragraphs(TEXT[2:])
    )
    found = read(sheet(text))
    assert found.citations == (
        Citation("cross it every day", "https://statistics.example/crossings", False),
        Citation("we reported", f"{SITE}/2024/05/02/ferry-fares-rise", True),
    )
    assert found.see_also == (
        Pointer(f"{SITE}/2024/03/01/tide-table", "The tide table for the year"),
    )
    assert found.related == tuple(Pointer(SITE + path, title) for path, title in CARDS.items())
    assert "Read also: The tide table for the year" not in told(found.body)


def test_a_deck_that_repeats_the_first_paragraph_is_not_printed_twice() -> None:
    opening = (
        f'<p class="standfirst">{TEXT[0]}</p><p class="byline">By Mira Solberg</p>'
        '<time datetime="2024-05-14">14 May 2024</time>'
    )
    assert told(read(sheet(paragraphs(TEXT), opening=opening)).body) == TEXT


@pytest.mark.parametrize("label", ["Image", "Bild vergrößern", "Enlarge image", "Ampliar foto"])
def test_the_label_of_a_pictures_box_is_no_caption(label: str) -> None:
    figure = f'<figure><img src="/pier.jpg" alt="A pier"><figcaption>{label}</figcaption></figure>'
    article = read(sheet(paragraphs(TEXT[:2]) + figure + paragraphs(TEXT[2:])))
    assert [(image.caption, image.alt) for image in article.images] == [(None, "A pier")]


def test_a_card_is_titled_by_its_link_and_filed_under_no_byline() -> None:
    card = (
        '<section><h2>Related stories</h2><ul><li><a href="/2024/05/02/ferry-fares-rise">'
        "<span><span>Ferry fares rise for the third time</span> <span>By Ola Ness</span></span></a>"
        '</li><li><span class="sr">list 2 of 2</span><a href="/2024/04/11/lighthouse-sold">'
        "A lighthouse is sold</a></li></ul></section>"
    )
    article = read(sheet(paragraphs(TEXT), after=card, cards=False))
    assert [(each.title, each.category) for each in article.related] == [
        ("Ferry fares rise for the third time", None),
        ("A lighthouse is sold", None),
    ]
