"""What stands around the headline: label, category, deck, byline, dates, tags, licence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.article import Article
from tests.typesetting import (
    ANALYSIS,
    HEADING,
    HEADLINE,
    HEADLINE_ES,
    REPORTING,
    URL,
    URL_ES,
    page,
    page_es,
    read,
    set_in,
    texts,
    values,
)

TEXT = set_in(REPORTING) + HEADING + set_in(ANALYSIS)
CARDS = (
    "<div><h3>Related Content</h3><div><div>PORTS / 21 DEC 2022</div><a href='/news/a-port-shut/'>"
    "A port on the north coast has been shut for a week after guards found a second tank, and…</a>"
    "</div><div><div>SHIPS / 9 FEB 2023</div><a href='/news/ship-of-nobody/'>Nobody claims the ship"
    " that drifted ashore in May, but its papers name three owners in four…</a></div></div>"
)


def json_ld(**statements: Any) -> str:
    node = {"@type": "NewsArticle", **statements}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def opened(meta: str = "", **parts: str) -> Article:
    return read(page(TEXT, meta=meta, after=CARDS, **parts))


# --- headline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headline",
    [
        f"<h1>{HEADLINE}</h1>",
        f"<h2>{HEADLINE}</h2>",
        f"<div>{HEADLINE}</div>",
        f'<h1><a href="{URL}">{HEADLINE}</a></h1>',
        f"<h1><span>Ferry Crew Held</span> <span>Over Smuggled Fuel</span></h1><h3>{HEADLINE}</h3>",
        f"<h1>InSight Crime</h1><h2>{HEADLINE}</h2>",
        f"<h1>News Briefs</h1><h2>{HEADLINE}</h2>",
        f"<h1>{HEADLINE.replace('Over', 'Over&nbsp;')}</h1>",
    ],
)
def test_the_headline_is_the_printed_title_in_any_tag(headline: str) -> None:
    article = opened("<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>", headline=headline)
    assert article.headline == HEADLINE
    assert texts(article.body) == REPORTING


def test_the_printed_headline_beats_the_heads_titles_which_are_kept_as_losers() -> None:
    head = '<meta property="og:title" content="Inside the fuel ferry">'
    article = opened(head=head, title="Fuel ferry: what we know | InSight Crime")
    assert article.headline == HEADLINE
    assert ("meta:og:title", "Inside the fuel ferry") in article.provenance["headline"].losing


# --- kicker and category -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kicker", "meta", "expected"),
    [
        ("<div>BRIEF</div>", "FUEL / 9 MAR 2019 BY INÉS CALDERA EN", ("BRIEF", "FUEL")),
        ("<a href=/news/brief/>Analysis</a>", "FUEL / 9 MAR 2019 BY INÉS CALDERA EN",
         ("Analysis", "FUEL")),
        ("", "FUEL / 9 MAR 2019 BY INÉS CALDERA EN", (None, "FUEL")),
        ("", "BRIEF | FUEL / 9 MAR 2019 BY INÉS CALDERA EN", ("BRIEF", "FUEL")),
        ("<div>BRIEF</div>", "By Inés Caldera</div><div>March 9, 2019", ("BRIEF", "BRIEF")),
        ('<span class="cat-links"><a href="/category/news/" rel="category tag">News</a></span>',
         "By Inés Caldera</div><div>March 9, 2019", ("News", "News")),
        ('<span class="cat-links"><a rel="category tag">Uncategorized</a></span>',
         "By Inés Caldera</div><div>March 9, 2019", (None, None)),
        ("", "By Inés Caldera</div><div>March 9, 2019", (None, None)),
        ("<div>Home &gt; News &gt; Brief &gt; " + HEADLINE + "</div>",
         "FUEL / 9 MAR 2019 BY INÉS CALDERA EN", (None, "FUEL")),
        ("<ul><li>Home</li><li>News</li></ul><div>BRIEF</div>",
         "DOCK 18 / 9 MAR 2019 BY INÉS CALDERA EN", ("BRIEF", "DOCK 18")),
    ],
)  # fmt: skip
def test_the_label_is_the_kicker_and_the_meta_lines_term_the_category(
    kicker: str, meta: str, expected: tuple[str | None, str | None]
) -> None:
    assert values(opened(f"<div>{meta}</div>", kicker=kicker), "kicker", "category") == expected


@pytest.mark.parametrize(
    "meta",
    [
        "<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>",
        "<div><span>FUEL</span> / <span>9 MAR 2019</span> <span>BY</span> <a>INÉS CALDERA</a> "
        "<a href=/es/>EN</a></div>",
        "<div><div>FUEL</div><div>/</div><div>9 MAR 2019</div><div>BY</div><div>INÉS CALDERA</div>"
        "<div>EN</div></div>",
        "<ul><li>FUEL</li><li>9 MAR 2019</li><li>BY INÉS CALDERA</li><li>EN</li></ul>",
        "<p>FUEL&nbsp;/&nbsp;9&nbsp;MAR&nbsp;2019&nbsp;BY&nbsp;INÉS&nbsp;CALDERA&nbsp;EN</p>",
    ],
)
def test_a_meta_line_is_read_however_it_is_cut_into_tags(meta: str) -> None:
    article = opened(meta)
    assert values(article, "category", "published", "authors") == (
        "FUEL", "2019-03-09", ("Inés Caldera",),
    )  # fmt: skip
    assert texts(article.body) == REPORTING


@pytest.mark.parametrize("place", ["above", "after the text"])
def test_a_meta_line_may_stand_elsewhere(place: str) -> None:
    line = "<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>"
    if place == "above":
        html = page(TEXT, kicker=f"<div>BRIEF</div>{line}", meta="", after=CARDS)
    else:
        html = page(TEXT, meta="", after=line + CARDS)
    article = read(html)
    assert values(article, "kicker", "category", "published", "authors") == (
        "BRIEF", "FUEL", "2019-03-09", ("Inés Caldera",),
    )  # fmt: skip


# --- deck ----------------------------------------------------------------------------------------

DECK = "The captain denies that he knew, and the owners do not answer the phone."


@pytest.mark.parametrize(
    "deck",
    [
        f"<h2>{DECK}</h2>",
        f'<div class="subtitle">{DECK}</div>',
        f'<p class="standfirst">{DECK}</p>',
        f'<div class="newspack-post-subtitle">{DECK}</div>',
    ],
)
def test_a_standfirst_set_apart_under_the_headline_is_the_deck(deck: str) -> None:
    meta = f"{deck}<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>"
    article = opened(meta)
    assert article.deck == DECK
    assert texts(article.body) == REPORTING


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"<div><p>{REPORTING[0]}</p></div><div>{set_in(REPORTING[1:])}{HEADING}{set_in(ANALYSIS)}"
        "</div>",
    ],
)
def test_the_first_paragraph_is_no_deck_even_in_a_box_of_its_own(text: str) -> None:
    head = f'<meta name="description" content="{REPORTING[0]}">'
    article = read(page(text, head=head))
    assert article.deck is None
    assert texts(article.body) == REPORTING


# --- byline --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Inés Caldera", ("Inés Caldera",)),
        ("Written by Inés Caldera", ("Inés Caldera",)),
        ("By: Inés Caldera", ("Inés Caldera",)),
        ("<b>By</b> Inés Caldera", ("Inés Caldera",)),
        ("Inés Caldera", ("Inés Caldera",)),
        ("By <a href=/author/ic>Inés Caldera</a> and <a href=/author/tf>Tom Ferris</a>",
         ("Inés Caldera", "Tom Ferris")),
        ("By Inés Caldera, Tom Ferris, Rosa Machado and Sean O&#8217;Dowd*",
         ("Inés Caldera", "Tom Ferris", "Rosa Machado", "Sean O’Dowd")),
        ("By Inés Caldera - March 9, 2019", ("Inés Caldera",)),
        ("By Inés Caldera<br>March 9, 2019", ("Inés Caldera",)),
        ("Posted on March 9, 2019 by Inés Caldera", ("Inés Caldera",)),
        ("By</div><div>Inés Caldera", ("Inés Caldera",)),
        ("By Inés Caldera</div><div>Saturday, 09 March 2019 09:12", ("Inés Caldera",)),
        ("By Inés Caldera</div><div>Published: 9 March 2019", ("Inés Caldera",)),
        ('<span class="byline"><span>by</span> <span class="author vcard"><a href="/author/ic/">'
         'Inés Caldera</a></span> and <span class="author vcard"><a>Tom Ferris</a></span></span>',
         ("Inés Caldera", "Tom Ferris")),
        ('<span itemprop="author">Inés Caldera</span>', ("Inés Caldera",)),
        ('<address class="vcard">By Inés Caldera</address>', ("Inés Caldera",)),
    ],
)  # fmt: skip
def test_whoever_signs_near_the_headline_is_an_author(
    byline: str, authors: tuple[str, ...]
) -> None:
    article = opened(f"<div>{byline}</div>")
    assert article.authors == authors
    assert article.organisation_byline is False
    assert texts(article.body) == REPORTING


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("JEREMY MCALLISTER", ("Jeremy McAllister",)),
        ("EIMHIN O'DOWD", ("Eimhin O'Dowd",)),
        ("ANA DE LA VEGA AND JOSÉ MUÑOZ-PÉREZ*", ("Ana de la Vega", "José Muñoz-Pérez")),
        ("LUIS DEL VALLE Y SOTO", ("Luis del Valle y Soto",)),
        ("INSIGHT CRIME", ("InSight Crime",)),
    ],
)
def test_names_in_capitals_come_back_in_conventional_case(
    names: str, authors: tuple[str, ...]
) -> None:
    assert opened(f"<div>FUEL / 9 MAR 2019 BY {names} EN</div>").authors == authors


@pytest.mark.parametrize(
    "token",
    ["EN", "ES", "EN | ES", "EN ES", "| EN", "<a href=/es/x>ES</a>", "", "ESPAÑOL", "ENGLISH",
     "EN ESPAÑOL", "<a href=/es/x>LEER EN ESPAÑOL</a>", "READ IN SPANISH", "5 MIN READ"],
)  # fmt: skip
def test_the_language_switch_is_no_part_of_the_name(token: str) -> None:
    article = opened(f"<div>FUEL / 9 MAR 2019 BY INÉS CALDERA {token}</div>")
    assert article.authors == ("Inés Caldera",)


@pytest.mark.parametrize(
    ("names", "authors", "is_one"),
    [
        ("INSIGHT CRIME", ("InSight Crime",), True),
        ("VENEZUELA INVESTIGATIVE UNIT", ("Venezuela Investigative Unit",), True),
        ("INÉS CALDERA AND VENEZUELA INVESTIGATIVE UNIT",
         ("Inés Caldera", "Venezuela Investigative Unit"), False),
    ],
)  # fmt: skip
def test_an_organisation_may_sign(names: str, authors: tuple[str, ...], is_one: bool) -> None:
    article = opened(f"<div>FUEL / 9 MAR 2019 BY {names} EN</div>")
    assert values(article, "authors", "organisation_byline") == (authors, is_one)


@pytest.mark.parametrize(
    "signature",
    ["<p>By Inés Caldera</p><p>March 9, 2019</p>", "<p><em>By Inés Caldera, 9 March 2019</em></p>"],
)
@pytest.mark.parametrize("place", ["inside", "outside"])
def test_a_byline_after_the_text_counts_where_none_stands_before(
    signature: str, place: str
) -> None:
    text = TEXT + signature if place == "inside" else TEXT
    after = signature + CARDS if place == "outside" else CARDS
    article = read(page(text, meta="", after=after))
    assert values(article, "authors", "published") == (("Inés Caldera",), "2019-03-09")
    assert texts(article.analysis) == ANALYSIS


def test_the_visible_byline_beats_the_head() -> None:
    article = opened("<div>By Inés Caldera</div>", head=json_ld(headline=HEADLINE, author="admin"))
    assert article.authors == ("Inés Caldera",)
    assert article.provenance["authors"].losing == (("json-ld:author", "admin"),)


@pytest.mark.parametrize(
    "author",
    ["Inés Caldera and Tom Ferris", ["Inés Caldera", "Tom Ferris"],
     [{"@type": "Person", "name": "Inés Caldera"}, {"name": "Tom Ferris"}]],
)  # fmt: skip
def test_the_head_signs_where_the_page_does_not(author: Any) -> None:
    article = opened(head=json_ld(headline=HEADLINE, author=author))
    assert article.authors == ("Inés Caldera", "Tom Ferris")


def test_an_article_that_nobody_signs_has_no_authors() -> None:
    article = opened()
    assert values(article, "authors", "byline_raw", "organisation_byline") == ((), None, False)


# --- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "published"),
    [
        ("<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>", "2019-03-09"),
        ("<div>FUEL / 9 ENE 2019 BY INÉS CALDERA EN</div>", "2019-01-09"),
        ("<div>By Inés Caldera</div><div>March 9, 2019</div>", "2019-03-09"),
        ("<div>By Inés Caldera</div><div>Saturday, 09 March 2019</div>", "2019-03-09"),
        ("<div>By Inés Caldera</div><time datetime='2019-03-09T14:05:00-05:00'>March 9</time>",
         "2019-03-09T14:05:00-05:00"),
        ("<div>By Inés Caldera</div><time datetime='2019-03-08T23:30:00-05:00'>March 8</time>",
         "2019-03-08T23:30:00-05:00"),
    ],
)  # fmt: skip
def test_the_date_beside_the_headline_is_the_publication(meta: str, published: str) -> None:
    assert opened(meta).published == published


SPANISH = ["ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"]


@pytest.mark.parametrize(("number", "month"), list(enumerate(SPANISH, 1)))
def test_every_spanish_month_is_read_in_a_meta_line(number: int, month: str) -> None:
    meta = f"<div>PUERTOS / 9 {month} 2013 POR INÉS CALDERA ES</div>"
    article = read(page_es(meta=meta), url=URL_ES)
    assert article.published == f"2013-{number:02d}-09"


CARD_BEFORE = (
    "<div><div><a href='/news/a-port-was-shut/'>A port on the north coast was shut for a week</a>"
    "<span>3 FEB 2023</span></div><div><a href='/news/ship-of-nobody/'>The ship that nobody claims"
    " drifts on</a><span>1 FEB 2023</span></div></div>"
)


@pytest.mark.parametrize(
    ("kicker", "after"),
    [
        ("<div>BRIEF</div>", CARDS),
        (f"{CARD_BEFORE}<div>BRIEF</div>", ""),
        ("<div>BRIEF</div>", "<div>PORTS / 21 DEC 2022</div><p><a href='/news/a-port-was-shut/'>"
         "A port on the north coast has been shut for a week after guards found…</a></p>"),
        ("<div>BRIEF</div>", f"<aside><h4>Latest</h4>{CARD_BEFORE}</aside>"),
    ],
)  # fmt: skip
def test_a_cards_date_is_never_the_articles(kicker: str, after: str) -> None:
    article = read(page(TEXT, kicker=kicker, meta="", after=after))
    assert values(article, "published", "published_precision", "published_raw") == (
        None, None, None,
    )  # fmt: skip


def test_a_date_in_the_deck_is_not_the_publication() -> None:
    meta = (
        '<div class="subtitle">What the fire of January 3, 2018 has to do with it.</div>'
        '<div>By Inés Caldera</div><time datetime="2019-03-09">March 9, 2019</time>'
    )
    assert opened(meta).published == "2019-03-09"


def test_a_printed_day_becomes_the_instant_that_the_head_gives_for_it() -> None:
    head = json_ld(headline=HEADLINE, datePublished="2019-03-09T14:05:00+00:00")
    article = opened("<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>", head=head)
    assert values(article, "published", "published_precision") == (
        "2019-03-09T14:05:00+00:00", "second",
    )  # fmt: skip


def test_a_head_that_disagrees_with_the_printed_day_loses() -> None:
    head = json_ld(headline=HEADLINE, datePublished="2023-10-04T00:00:00+00:00")
    article = opened("<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>", head=head)
    assert article.published == "2019-03-09"
    assert article.provenance["published"].losing[0][0] == "json-ld:datePublished"


def test_the_head_of_another_article_says_nothing_about_this_one() -> None:
    head = json_ld(
        headline="A Port Is Shut",
        url="https://insightcrime.org/news/a-port-is-shut/",
        datePublished="2023-03-07T10:15:00Z",
        author="Tom Ferris",
    )
    assert values(opened(head=head), "published", "authors") == (None, ())


@pytest.mark.parametrize(
    "times",
    [
        '<time class="entry-date published" datetime="2019-03-09">March 9</time>'
        '<time class="updated" datetime="2019-03-11">March 11</time>',
        '<span>Updated <time class="updated" datetime="2019-03-11">March 11</time></span> '
        '<span>Published <time class="published" datetime="2019-03-09">March 9</time></span>',
    ],
)
def test_an_update_is_the_modification_not_the_publication(times: str) -> None:
    article = opened(f"<div>By Inés Caldera</div><div>{times}</div>")
    assert values(article, "published", "modified") == ("2019-03-09", "2019-03-11")


def test_a_publication_after_the_capture_is_not_believed() -> None:
    html = page(TEXT, meta="<div>FUEL / 9 MAR 2019 BY INÉS CALDERA EN</div>")
    article = read(html, fetched_at=datetime(2018, 1, 1, tzinfo=UTC))
    assert article.published is None


# --- tags, translations, licence, language, address ----------------------------------------------


@pytest.mark.parametrize(
    ("html", "tags"),
    [
        ('<div class="tags"><a href="/tag/fuel/" rel="tag">Fuel</a>, <a href="/tag/ports/" '
         'rel="tag">Ports</a></div>', ("Fuel", "Ports")),
        ('<span>Tagged: </span><a href="/tag/fuel/" rel="tag">Fuel</a> <a href="/tag/fuel/" '
         'rel="tag">Fuel</a>', ("Fuel",)),
        ('<p><a href="/tag/fuel/">Fuel</a> <a href="/tag/dock-18/">Dock 18</a></p>',
         ("Fuel", "Dock 18")),
        ("<p>Tags: Fuel, Ports</p>", ("Fuel", "Ports")),
        ("", ()),
    ],
)  # fmt: skip
def test_the_tags_shown_with_the_article_are_kept_in_their_order(
    html: str, tags: tuple[str, ...]
) -> None:
    assert read(page(TEXT, after=html)).tags == tags


def test_other_languages_are_translations_and_the_page_itself_is_none() -> None:
    head = (
        f'<link rel="alternate" hreflang="en" href="{URL}">'
        f'<link rel="alternate" hreflang="es" href="{URL_ES}">'
        f'<link rel="alternate" hreflang="x-default" href="{URL}">'
    )
    article = read(page(TEXT, head=head))
    assert [(each.language, each.url) for each in article.translations] == [("es", URL_ES)]


@pytest.mark.parametrize(
    ("after", "head", "licence"),
    [
        ('<p>Licensed under <a href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC</a>'
         "</p>", "", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("", '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">',
         "https://creativecommons.org/licenses/by/4.0/"),
        ("", json_ld(headline=HEADLINE, license="https://faro.example/licence"),
         "https://faro.example/licence"),
        ("<p>© 2019 InSight Crime. All rights reserved.</p>", "", None),
    ],
)  # fmt: skip
def test_the_licence_is_what_the_page_states(after: str, head: str, licence: str | None) -> None:
    assert read(page(TEXT, after=after, head=head)).licence == licence


def test_the_invitation_to_copy_is_a_licence_in_words() -> None:
    after = (
        "<p>We encourage readers to copy and distribute our work for non-commercial ends. See the "
        "Creative Commons website.</p>"
    )
    assert read(page(TEXT, after=after)).licence == "Creative Commons"


@pytest.mark.parametrize("language", ["en", "es", "fr", "", "en-US"])
def test_the_language_is_the_texts_own_whatever_the_page_claims(language: str) -> None:
    assert read(page(TEXT, language=language)).language == "en"
    spanish = page_es(language=language)
    assert read(spanish, url=URL_ES).language == "es"
    assert read(spanish, url=URL_ES).headline == HEADLINE_ES


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("", URL),
        ('<link rel="canonical" href="https://insightcrime.org/news/other-address/?utm_source=x">',
         "https://insightcrime.org/news/other-address/"),
        ('<meta property="og:url" content="https://www.insightcrime.org/news/other-address/">',
         "https://www.insightcrime.org/news/other-address/"),
        ('<link rel="canonical" href="https://copies.example/stolen/">', URL),
        ('<link rel="canonical" href="https://insightcrime.org/">', URL),
    ],
)  # fmt: skip
def test_the_page_may_give_itself_another_address_on_its_own_site(
    head: str, canonical: str
) -> None:
    assert read(page(TEXT, head=head)).canonical_url == canonical
