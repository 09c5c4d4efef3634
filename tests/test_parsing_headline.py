"""The headline and the deck of a page whose site nobody has described."""

from __future__ import annotations

import json
from html import escape

import pytest

from crawler.article import Article
from crawler.parsing import parse_article

URL = "https://www.harbour-post.example/2024/05/lighthouse-sold-to-its-keeper.html"
HEADLINE = "Lighthouse Sold to Its Keeper for the Price of a Boat"
PARAGRAPHS = [
    "The town council sold the northern lighthouse on Tuesday evening, after a debate of four "
    "hours, to the woman who has looked after its lamp for thirty-one years.",
    "Nobody else had made an offer. The tower has no road, no running water and a roof that the "
    "last storm carried out to sea, the surveyor told the councillors.",
    "The buyer said that she would keep the lamp burning, and that visitors may come on Sundays "
    "if they bring a slate or a bucket of lime.",
]
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def head(**stated: str) -> str:
    """A head: ``title``, ``og`` and ``ld`` headlines, ``site`` name, ``description``."""
    names = {"og": "og:title", "site": "og:site_name", "description": "og:description"}
    metas = "".join(
        f'<meta property="{names[name]}" content="{escape(text)}">'
        for name, text in stated.items()
        if name in names
    )
    if "ld" in stated:
        node = {"@type": "NewsArticle", "headline": stated["ld"]}
        metas += f'<script type="application/ld+json">{json.dumps(node)}</script>'
    return f"<head><title>{escape(stated.get('title', ''))}</title>{metas}</head>"


def read(body: str, *, url: str = URL, **stated: str) -> Article:
    html = f"<!doctype html><html>{head(**stated)}<body>{body}</body></html>"
    return parse_article(html.encode(), url=url)


def set_under(above: str, text: str = TEXT) -> str:
    return f"<main><article>{above}<div class='story'>{text}</div></article></main>"


# --- headline: where it stands --------------------------------------------------------------------


@pytest.mark.parametrize(
    "above",
    [
        pytest.param(f"<h1>{HEADLINE}</h1>", id="one h1"),
        pytest.param(f"<h1>Harbour Post</h1><h2>{HEADLINE}</h2>", id="h1 is the site's name"),
        pytest.param(
            f"<h1><a href='/'>News From the Quay</a></h1><h2>{HEADLINE}</h2>",
            id="h1 links to the first page",
        ),
        pytest.param(
            f"<h1>Sections</h1><h1>{HEADLINE}</h1><h1>Most read this week</h1>", id="several h1"
        ),
        pytest.param(f"<div class='hero-banner'><h1>{HEADLINE}</h1></div>", id="h1 in a banner"),
        pytest.param(
            f"<figure><img src='a.jpg'><figcaption><h1>{HEADLINE}</h1></figcaption></figure>",
            id="h1 over the picture",
        ),
        pytest.param(f"<div class='title'>{HEADLINE}</div>", id="no heading"),
        pytest.param("", id="only in the head"),
    ],
)
@pytest.mark.parametrize(
    "title", [f"{HEADLINE} | Harbour Post", f"Harbour Post – {HEADLINE}", HEADLINE]
)
def test_the_headline_is_found_wherever_it_is_printed(above: str, title: str) -> None:
    assert read(set_under(above), title=title).headline == HEADLINE


def test_the_next_articles_heading_is_not_the_headline() -> None:
    following = "<article><h1 class='headline'>Ferry Timetable Changes</h1><p>More.</p></article>"
    long = TEXT + TEXT.replace("The", "This")
    article = read(
        set_under(f"<h2><a href='{URL}'>{HEADLINE}</a></h2>", long * 2) + following,
        title=HEADLINE,
        og=HEADLINE,
    )
    assert article.headline == HEADLINE
    assert article.body[0].text == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("headline", "text", "lang"),
    [
        (
            "港町の灯台、守り人の手に",
            "町議会は火曜日、四時間に及ぶ議論の末、北の灯台を売却した。" * 3,
            "ja",
        ),
        (
            "بيع المنارة لحارستها",
            "باع مجلس البلدة المنارة الشمالية مساء الثلاثاء بعد نقاش طويل. " * 3,
            "ar",
        ),
        (
            "המגדלור נמכר לשומרת שלו",
            "מועצת העיירה מכרה את המגדלור הצפוני ביום שלישי בערב. " * 3,
            "he",
        ),
    ],
)
def test_headlines_of_other_scripts_are_read_alike(headline: str, text: str, lang: str) -> None:
    body = set_under(f"<h1>Harbour Post</h1><h2>{headline}</h2>", f"<p>{text}</p>" * 3)
    assert read(body, title=f"{headline} | Harbour Post").headline == headline


# --- headline: in which words ---------------------------------------------------------------------


def test_soft_hyphens_are_no_part_of_a_headline() -> None:
    printed = HEADLINE.replace("Lighthouse", "Light&shy;house")
    assert read(set_under(f"<h1>{printed}</h1>"), title=HEADLINE).headline == HEADLINE


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        pytest.param(f"<span>Town council</span> {HEADLINE}", HEADLINE, id="the head knows none"),
        pytest.param(
            f"<span>Town council</span> <span>{HEADLINE}</span>",
            f"Harbour: {HEADLINE}",
            id="the head knows another",
        ),
        pytest.param(
            f"<time>14 May 2024</time> {HEADLINE}",
            f"{HEADLINE} - The Post at the Harbour",
            id="date",
        ),
    ],
)
def test_a_topic_inside_the_heading_is_no_part_of_the_headline(printed: str, stated: str) -> None:
    article = read(set_under(f"<h1>{printed}</h1>"), title=stated, og=stated)
    assert article.headline == HEADLINE
    assert article.provenance["headline"].raw != HEADLINE


def test_a_topic_that_all_of_the_head_repeats_stands_before_a_colon() -> None:
    full = f"Northern light: {HEADLINE}"
    body = set_under(f"<p>Northern light</p><h1>{HEADLINE}</h1>")
    assert read(body, title=full, og=full, ld=full).headline == full
    assert read(body, title=full, og=full).headline == HEADLINE


def test_a_sections_name_before_the_headline_is_no_topic() -> None:
    full = f"Harbour: {HEADLINE}"
    body = set_under(f"<h1>{HEADLINE}</h1>")
    address = "https://www.harbour-post.example/harbour/lighthouse.html"
    assert read(body, url=address, title=full, og=full, ld=full).headline == HEADLINE
    assert read(body, title=full, og=full, ld=full).headline == full


def test_an_h1_in_the_breadcrumb_has_the_words_where_json_ld_repeats_them() -> None:
    printed = "Lighthouse Sold to Its Keeper for a Small Price"
    body = (
        f"<nav class='breadcrumb'><ol><li><a href='/'>Start page</a></li>"
        f"<li><h1>{HEADLINE}</h1></li></ol></nav>"
        + set_under(f"<header><h2 class='headline'>{printed}</h2></header>")
    )
    article = read(body, title=HEADLINE, og=HEADLINE, ld=HEADLINE)
    assert article.headline == HEADLINE
    assert ("line:h2", printed) in article.provenance["headline"].losing
    assert read(body, title=HEADLINE, og=HEADLINE, ld=printed).headline == printed


def test_what_the_head_says_otherwise_is_kept_as_losing() -> None:
    article = read(set_under(f"<h1>{HEADLINE}</h1>"), title="x", og="Tower bought", ld="Sold!")
    assert article.headline == HEADLINE
    assert article.provenance["headline"].losing == (
        ("json-ld:headline", "Sold!"),
        ("meta:og:title", "Tower bought"),
    )
