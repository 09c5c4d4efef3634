"""Pointers to other pages: SEE ALSO lines, cards, links in the prose, pictures."""

from __future__ import annotations

import pytest

from crawler.article import Pointer
from tests.typesetting import (
    ANALYSIS,
    ANALYSIS_ES,
    HEADING,
    HEADING_ES,
    REPORTING,
    REPORTING_ES,
    URL_ES,
    after_second,
    page,
    page_es,
    read,
    set_in,
    texts,
)

SITE = "https://insightcrime.org"
LINK = '<a href="/coverage-of-fuel/">Coverage of Fuel Smuggling</a>'
COVERAGE = Pointer(f"{SITE}/coverage-of-fuel/", "Coverage of Fuel Smuggling")
TEXT = set_in(REPORTING) + HEADING + set_in(ANALYSIS)

# --- SEE ALSO ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        f"<p>SEE ALSO: {LINK}</p>",
        f"<p>SEE ALSO:{LINK}</p>",
        f"<p>See also: {LINK}</p>",
        f"<p>See Also – {LINK}</p>",
        f"<p>SEE ALSO: {LINK}.</p>",
        f"<p>[SEE ALSO: {LINK}]</p>",
        f"<p>&gt;&gt; SEE ALSO: {LINK}</p>",
        f"<p><strong>SEE ALSO:</strong> {LINK}</p>",
        f"<p><strong>SEE ALSO</strong>: {LINK}</p>",
        f"<p><strong>SEE ALSO: {LINK}</strong></p>",
        f"<p><em>SEE ALSO:&nbsp;</em>{LINK}</p>",
        f"<p>SEE ALSO<br>{LINK}</p>",
        f"<h4>SEE ALSO: {LINK}</h4>",
        f"<h3>SEE ALSO:</h3><h4>{LINK}</h4>",
        f"<p>SEE ALSO:</p><p>{LINK}</p>",
        f"<p>SEE ALSO</p><ul><li>{LINK}</li></ul>",
        f"<ul><li>SEE ALSO: {LINK}</li></ul>",
        f"<table><tr><td>SEE ALSO:</td><td>{LINK}</td></tr></table>",
        f"<div><div>SEE ALSO:</div><div>{LINK}</div></div>",
        f"<div><span>SEE ALSO:</span> <span>{LINK}</span></div>",
        f"<aside><p>SEE ALSO: {LINK}</p></aside>",
        f'<div class="related"><p>SEE ALSO: {LINK}</p></div>',
        f'<blockquote class="wp-block-quote"><p><strong><mark>SEE ALSO:</mark></strong> {LINK}</p>'
        "</blockquote>",
        '<p><a href="/coverage-of-fuel/">SEE ALSO: Coverage of Fuel Smuggling</a></p>',
        '<p><a href="/coverage-of-fuel/"><b>SEE ALSO:</b> Coverage of Fuel Smuggling</a></p>',
        '<p>SEE ALSO: <a href="/coverage-of-fuel/">Coverage of</a> <a href="/coverage-of-fuel/">'
        "Fuel Smuggling</a></p>",
        f"<p>VEA TAMBIÉN: {LINK}</p>",
        f"<p>LEA TAMBIÉN: {LINK}</p>",
        f"<p>VER TAMBIÉN: {LINK}</p>",
    ],
)
def test_a_pointer_is_taken_out_of_the_text_however_it_is_set(line: str) -> None:
    article = read(page(after_second(line)))
    assert article.see_also == (COVERAGE,)
    assert texts(article.body) == REPORTING
    assert texts(article.analysis) == ANALYSIS


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_pointer_may_stand_at_either_end(place: str) -> None:
    line = f"<p>SEE ALSO: {LINK}</p>"
    article = read(page(line + TEXT if place == "first" else TEXT + line))
    assert article.see_also == (COVERAGE,)
    assert (texts(article.body), texts(article.analysis)) == (REPORTING, ANALYSIS)


def test_one_line_may_point_to_several_pages() -> None:
    line = f'<p>SEE ALSO: {LINK} and <a href="/ferries/">Ferries</a></p>'
    assert read(page(after_second(line))).see_also == (
        COVERAGE,
        Pointer(f"{SITE}/ferries/", "Ferries"),
    )


@pytest.mark.parametrize(
    "title", ["Coverage of Fuel Smuggling", "Will the 'Ghost Ferry' Sail Again?"]
)
def test_a_pointer_without_a_link_keeps_its_words(title: str) -> None:
    article = read(page(after_second(f"<p>SEE ALSO: {title}</p>")))
    assert article.see_also == (Pointer(None, title),)
    assert texts(article.body) == REPORTING


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ('<p>[See InSight Crime\'s <a href="/ports/dock-18">Dock 18 profile</a>]</p>',
         Pointer(f"{SITE}/ports/dock-18", "Dock 18 profile")),
        ('<p>See InSight Crime\'s <a href="/ports/dock-18">profile of Dock 18</a></p>',
         Pointer(f"{SITE}/ports/dock-18", "profile of Dock 18")),
    ],
)  # fmt: skip
def test_the_pointers_of_early_years_are_known(line: str, pointer: Pointer) -> None:
    assert read(page(after_second(line))).see_also == (pointer,)


def test_addresses_of_a_moved_page_are_seen_from_its_base() -> None:
    head = '<base href="https://www.insightcrime.org/">'
    line = '<p>SEE ALSO: <a href="ports/dock-18">Dock 18</a></p>'
    (pointer,) = read(page(after_second(line), head=head)).see_also
    assert pointer.url == "https://www.insightcrime.org/ports/dock-18"


def test_a_link_inside_a_sentence_is_a_citation_and_no_pointer() -> None:
    sentence = 'Read <a href="/the-law/">the law</a> and <a href="https://x.example/a">a study</a>.'
    article = read(page(after_second(f"<p>{sentence}</p>")))
    assert article.see_also == ()
    assert [(each.text, each.url, each.internal) for each in article.citations] == [
        ("the law", f"{SITE}/the-law/", True),
        ("a study", "https://x.example/a", False),
    ]


# --- cards ---------------------------------------------------------------------------------------

PORT, SHIP = "/news/a-port-is-shut/", "/news/ship-of-nobody/"
PORT_TEASER = (
    "A port on the north coast has been shut for a week after guards found a second tank under…"
)
SHIP_TEASER = "Nobody claims the ship that drifted ashore in May, but its papers name three owners…"


def card(**parts: str | None) -> tuple[str | None, ...]:
    names = ("title", "url", "category", "date", "teaser")
    return tuple(parts.get(name) for name in names)


def cards_of(html: str, **parts: str) -> list[tuple[str | None, ...]]:
    article = read(page(TEXT, after=html, **parts))
    assert (texts(article.body), texts(article.analysis)) == (REPORTING, ANALYSIS)
    return [(c.title, c.url, c.category, c.date, c.teaser) for c in article.related]


@pytest.mark.parametrize(
    "html",
    [
        f"<div><h3>Related Content</h3><div><div>PORTS / 21 DEC 2022</div><a href='{PORT}'>"
        f"{PORT_TEASER}</a></div><div><div>SHIPS / 9 FEB 2023</div><a href='{SHIP}'>{SHIP_TEASER}"
        "</a></div></div>",
        f"<section><h2>Related Content</h2><a href='{PORT}'><img src=/a.jpg><div>PORTS / 21 DEC "
        f"2022</div><p>{PORT_TEASER}</p></a><a href='{SHIP}'><img src=/b.jpg><div>SHIPS / 9 FEB "
        f"2023</div><p>{SHIP_TEASER}</p></a></section>",
        f"<div><h3>Related Content</h3><ul><li><a href='{PORT}'><img src=/a.jpg></a><span>PORTS / "
        f"21 DEC 2022</span><p><a href='{PORT}'>{PORT_TEASER}</a></p></li><li><a href='{SHIP}'>"
        f"<img src=/b.jpg></a><span>SHIPS / 9 FEB 2023</span><p><a href='{SHIP}'>{SHIP_TEASER}</a>"
        "</p></li></ul></div>",
    ],
    ids=["lines", "linked-boxes", "list"],
)
def test_a_card_gives_its_category_date_and_teaser(html: str) -> None:
    assert cards_of(html) == [
        card(url=SITE + PORT, category="PORTS", date="2022-12-21", teaser=PORT_TEASER),
        card(url=SITE + SHIP, category="SHIPS", date="2023-02-09", teaser=SHIP_TEASER),
    ]


def test_a_card_of_a_theme_gives_title_category_and_machine_date() -> None:
    html = (
        '<div class="homepage-articles"><h2><span>Related Content</span></h2><article><figure>'
        f'<a href="{PORT}"><img src=/a.jpg></a></figure><div class="cat-links"><a href="/category/'
        f'news/">News</a></div><h3><a href="{PORT}">A Port Is Shut</a></h3><p>A second tank was '
        'found under its oldest dock, guards say.</p><time datetime="2023-05-01T00:00:00Z">May 1, '
        "2023</time></article></div>"
    )
    assert cards_of(html) == [
        card(
            title="A Port Is Shut",
            url=SITE + PORT,
            category="News",
            date="2023-05-01",
            teaser="A second tank was found under its oldest dock, guards say.",
        )
    ]


@pytest.mark.parametrize(
    "heading",
    ["Related Content", "RELATED ARTICLES", "Related Stories", "You may also like",
     "Contenido relacionado", "Artículos relacionados"],
)  # fmt: skip
def test_cards_stand_under_a_heading_in_either_language(heading: str) -> None:
    html = f"<div><h3>{heading}</h3><ul><li><a href='{PORT}'>A Port Is Shut</a></li></ul></div>"
    assert cards_of(html) == [card(title="A Port Is Shut", url=SITE + PORT)]


def test_a_title_that_a_picture_repeats_is_one_card() -> None:
    html = (
        f"<div><h3>Related Articles</h3><ul><li><a href='{PORT}'><img alt='A Port Is Shut' "
        f"src=/a.jpg></a><a href='{PORT}'>A Port Is Shut</a></li></ul></div>"
    )
    assert cards_of(html) == [card(title="A Port Is Shut", url=SITE + PORT)]


def test_cards_in_the_middle_of_the_text_are_taken_out_of_it() -> None:
    box = (
        f"<div><h3>Related Content</h3><ul><li><a href='{PORT}'>A Port Is Shut</a></li></ul></div>"
    )
    article = read(page(after_second(box)))
    assert [pointer.url for pointer in article.related] == [SITE + PORT]
    assert (texts(article.body), texts(article.analysis)) == (REPORTING, ANALYSIS)


@pytest.mark.parametrize(
    "html",
    [
        f"<aside><h3>Latest News</h3><ul><li><a href='{PORT}'>A Port Is Shut</a></li></ul></aside>",
        f"<div><h3>About InSight Crime</h3><div>THE ORGANIZATION</div><a href='{PORT}'>We Moved"
        "</a><div>2 JUN 2023</div></div>",
        f"<footer><ul><li><a href='{PORT}'>A Port Is Shut</a></li></ul></footer>",
    ],
)
def test_other_lists_of_stories_are_not_related(html: str) -> None:
    assert cards_of(html) == []


@pytest.mark.parametrize("tag", ["span", "h2"])
def test_a_sidebar_after_the_cards_is_none_of_them(tag: str) -> None:
    html = (
        f"<{tag}>Related Content</{tag}><article><div>PORTS / 21 DEC 2022</div><a href='{PORT}'>"
        f"{PORT_TEASER}</a></article></main><aside><h3>Latest</h3><div>GANGS / 3 FEB 2024</div>"
        f"<a href='{SHIP}'>The ship that nobody claims drifts on</a></aside><main>"
    )
    assert cards_of(html) == [
        card(url=SITE + PORT, category="PORTS", date="2022-12-21", teaser=PORT_TEASER)
    ]


@pytest.mark.parametrize(("boxes", "teaser"), [(100, PORT_TEASER), (300, None)])
def test_what_has_hundreds_of_boxes_is_no_card(boxes: int, teaser: str | None) -> None:
    inside = "<div>" * boxes + PORT_TEASER + "</div>" * boxes
    html = f"<div><h3>Related Content</h3><div><a href='{PORT}'>{inside}</a></div></div>"
    assert cards_of(html) == [card(url=SITE + PORT, teaser=teaser)]


def test_links_to_tags_and_to_the_page_itself_are_no_cards() -> None:
    html = (
        "<div><h3>Related Content</h3><a href='#top'>Up</a><a href='/tag/fuel/' rel='tag'>Fuel</a>"
        f"<div><a href='{PORT}'>A Port Is Shut</a></div></div>"
    )
    assert cards_of(html) == [card(title="A Port Is Shut", url=SITE + PORT)]


def test_spanish_cards_have_spanish_dates() -> None:
    html = (
        "<div>compartir icon icon icon</div><div><h3>Contenido relacionado</h3><div><div>PUERTOS / "
        f"21 DIC 2022</div><a href='{PORT}'>Un puerto de la costa norte lleva una semana cerrado "
        "desde que hallaron otro tanque bajo su muelle más viejo…</a></div><div><div>BARCOS / 9 ENE"
        f" 2023</div><a href='{SHIP}'>Nadie reclama el barco que encalló en mayo, aunque sus "
        "papeles nombran a tres dueños en cuatro países…</a></div></div>"
    )
    text = set_in(REPORTING_ES) + HEADING_ES + set_in(ANALYSIS_ES)
    article = read(page_es(text, after=html), url=URL_ES)
    assert [(c.category, c.date) for c in article.related] == [
        ("PUERTOS", "2022-12-21"),
        ("BARCOS", "2023-01-09"),
    ]


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "caption", "credit", "alt"),
    [
        ("<figure><img src=/a.jpg alt='A ferry'><figcaption>The ferry at its berth</figcaption>"
         "</figure>", "The ferry at its berth", None, "A ferry"),
        ("<div class=wp-caption><img src=/a.jpg><p class=wp-caption-text>The ferry at its berth</p>"
         "</div>", "The ferry at its berth", None, None),
        ("<div><img src=/a.jpg><span>The ferry at its berth</span></div>",
         "The ferry at its berth", None, None),
        ("<figure><img src=/a.jpg><figcaption>The ferry at its berth. Credit: Rosa Machado"
         "</figcaption></figure>", "The ferry at its berth.", "Rosa Machado", None),
        ("<figure><img src=/a.jpg><figcaption>The ferry <span class=credit>Rosa Machado</span>"
         "</figcaption></figure>", "The ferry", "Rosa Machado", None),
        ("<p><img src=/a.jpg alt='A ferry'></p>", None, None, "A ferry"),
    ],
)  # fmt: skip
def test_a_picture_has_its_caption_credit_and_alternative_text(
    figure: str, caption: str | None, credit: str | None, alt: str | None
) -> None:
    article = read(page(figure + TEXT))
    assert [(i.url, i.caption, i.credit, i.alt) for i in article.images] == [
        (f"{SITE}/a.jpg", caption, credit, alt)
    ]
    assert texts(article.body) == REPORTING


@pytest.mark.parametrize(
    "html",
    [
        "<img src=/icons/print-icon.png alt=Print>",
        "<span class=author><img class=avatar src=/avatar.png></span>",
        "<div class=share><img src=/share/x.png alt=icon></div>",
    ],
)
def test_signs_are_no_pictures(html: str) -> None:
    assert read(page(html + TEXT)).images == ()
