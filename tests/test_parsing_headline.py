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


@pytest.mark.parametrize(
    ("above", "title"),
    [
        pytest.param(
            f"<h1>A Quay Diary</h1><h2>{HEADLINE}</h2>", f"A Quay Diary » {HEADLINE}", id="before"
        ),
        pytest.param(
            f"<h1>A Quay Diary</h1><h2>{HEADLINE}</h2>", f"{HEADLINE} | A Quay Diary", id="after"
        ),
        pytest.param(
            f"<h1>harbour-post.example</h1><h2>{HEADLINE}</h2>", HEADLINE, id="the address"
        ),
        pytest.param(
            f"<h1>News reports</h1><h1>{HEADLINE}</h1>",
            f"Harbour Post – News reports – {HEADLINE}",
            id="a section's h1",
        ),
        pytest.param(
            f"<h1><div class='topic-label'>A hundred years</div><div>{HEADLINE}</div></h1>",
            f"A hundred years: {HEADLINE}",
            id="the topic's own line",
        ),
    ],
)
def test_an_unnamed_outlet_or_section_in_an_h1_is_not_the_headline(above: str, title: str) -> None:
    assert read(set_under(above), title=title).headline == HEADLINE


def test_a_headline_of_one_word_is_believed_if_it_is_the_only_h1() -> None:
    body = set_under("<h1>Lamplight</h1><h2>Why the keeper stayed</h2>")
    assert read(body, title="A town and its tower – Harbour Post").headline == "Lamplight"


def test_readings_over_characters_are_no_part_of_a_headline() -> None:
    printed = (
        "<ruby>港町<rt>みなとまち</rt></ruby>の"
        "<ruby>灯台<rp>(</rp><rt>とうだい</rt></ruby>、守り人の手に"
    )
    text = "<p>町議会は火曜日、四時間に及ぶ議論の末、北の灯台を売却した。</p>" * 12
    article = read(set_under(f"<h1>{printed}</h1>", text), title="港町の灯台、守り人の手に")
    assert article.headline == "港町の灯台、守り人の手に"


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


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>" + "<i class='x'>a</i>" * 20_000 + "</h1>",
        "<h1>Tower</h1>" * 5_000,
        "<h1>Home News Tower sold</h1>" * 3_000,
        "<h2>" + "Tower: " * 50 + "</h2>" * 2_000,
    ],
)
def test_headings_without_end_are_read_to_their_end(heading: str) -> None:
    article = read(set_under(heading), title="aaaaaa", og="Tower: " * 5_000, ld=HEADLINE)
    assert article.body[-1].text == PARAGRAPHS[-1]


# --- deck -----------------------------------------------------------------------------------------

DECK = "The tower has no road and half a roof, yet its lamp will burn on: a keeper buys her light."
TITLED = f"<h1>{HEADLINE}</h1>"


def deck_of(body: str, **stated: str) -> str | None:
    article = read(body, title=HEADLINE, **stated)
    texts = [block.text for block in article.body]
    assert texts == PARAGRAPHS
    return article.deck


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(set_under(f"{TITLED}<p>{DECK}</p>"), id="between headline and text"),
        pytest.param(set_under(f"{TITLED}<h2>{DECK}</h2>"), id="a heading under the headline"),
        pytest.param(set_under(TITLED, f"<p class='preamble'>{DECK}</p>{TEXT}"), id="by class"),
        pytest.param(
            set_under(TITLED, f"<div class='vorspann'><p>{DECK}</p></div>{TEXT}"), id="by box"
        ),
        pytest.param(
            set_under(TITLED, f"<p itemprop='alternativeHeadline'>{DECK}</p>{TEXT}"), id="itemprop"
        ),
        pytest.param(
            set_under(f"{TITLED}<div class='byline-share'><p class='strapline'>{DECK}</p></div>"),
            id="by its own class in a box of another name",
        ),
        pytest.param(
            set_under(f"{TITLED}<figure><img src='a.jpg'></figure><p class='summary'>{DECK}</p>"),
            id="after the picture",
        ),
    ],
)
def test_a_standfirst_set_apart_is_the_deck_and_not_the_text(body: str) -> None:
    assert deck_of(body) == DECK


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<p class='bold'>{DECK}</p>{TEXT}", id="a class of its own"),
        pytest.param(f"<p><strong>{DECK}</strong></p>{TEXT}", id="bold"),
        pytest.param(f"<div>{DECK}</div>{TEXT}", id="a tag of its own"),
        pytest.param(f"<p class='bold'>Hull. {DECK}</p>{TEXT}", id="after a dateline"),
    ],
)
@pytest.mark.parametrize("description", [DECK, DECK[:70] + "…"])
def test_a_first_paragraph_unlike_the_others_is_the_deck_if_the_head_repeats_it(
    text: str, description: str
) -> None:
    deck = deck_of(set_under(TITLED, text), description=description)
    assert deck is not None
    assert deck.removeprefix("Hull. ") == DECK


@pytest.mark.parametrize(
    ("text", "description"),
    [
        pytest.param(TEXT, PARAGRAPHS[0], id="the head repeats the first paragraph"),
        pytest.param(
            f"<p class='x'>{PARAGRAPHS[0]}</p>" + TEXT[len(PARAGRAPHS[0]) + 7 :], "", id="shape"
        ),
        pytest.param(TEXT, DECK, id="the head alone has it"),
    ],
)
def test_a_first_paragraph_is_no_deck_by_one_mark_alone(text: str, description: str) -> None:
    assert deck_of(set_under(TITLED, text), description=description) is None


def test_a_deck_that_repeats_the_first_paragraph_stays_and_so_does_the_paragraph() -> None:
    body = set_under(f"{TITLED}<p class='standfirst'>{PARAGRAPHS[0]}</p>")
    assert deck_of(body, description=PARAGRAPHS[0]) == PARAGRAPHS[0]


def test_a_deck_in_a_list_is_its_items_in_one_line() -> None:
    items = ["The tower has no road.", "Nobody else made an offer for it.", "The lamp burns on."]
    listed = "".join(f"<li>{item}</li>" for item in items)
    assert deck_of(set_under(f"{TITLED}<ul class='key-points'>{listed}</ul>")) == " ".join(items)
    assert deck_of(set_under(TITLED, f"<ul class='summary'>{listed}</ul>{TEXT}")) == " ".join(items)


def test_a_deck_in_the_head_picks_its_paragraph_among_several_lines() -> None:
    above = (
        f"{TITLED}<p>This piece first stood in our Saturday edition of last week</p>"
        f"<div class='teaser-text'>{DECK}</div>"
    )
    assert deck_of(set_under(above), description=DECK) == DECK


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Inés Caldera</p>",
        "<p>created: 01 April 2025, 15:25 in: Harbour, 0 remarks so far</p>",
        "<div>2025年1月13日 20時01分 (1月14日 01時40分更新)</div>",
        "<aside><h3>Do you think that the town should have kept its lighthouse?</h3></aside>",
        "<p>If you buy a boat through the affiliate links on this page we are paid for it</p>",
        "<h3>Lighthouse Sold to Its Keeper for a Boat's Price</h3>",
        "<div class='image-description'>The lighthouse seen from the ferry, on the last day</div>",
    ],
)
def test_bylines_dates_asides_and_captions_are_no_deck(line: str) -> None:
    assert read(set_under(TITLED + line), title=HEADLINE).deck is None


def test_a_named_introduction_of_several_paragraphs_is_text() -> None:
    long = "".join(f"<p>{paragraph}</p>" for paragraph in [*PARAGRAPHS, *PARAGRAPHS[:1]])
    article = read(
        set_under(TITLED, f"<div class='intro'>{long}</div>{TEXT}{TEXT}"), title=HEADLINE
    )
    assert article.deck is None
    assert article.body[0].text == PARAGRAPHS[0]


def test_a_long_first_paragraph_is_text_though_it_looks_unlike_the_others() -> None:
    long = " ".join([*PARAGRAPHS, DECK, DECK])
    text = f"<p class='bold'>{long}</p>{TEXT}"
    article = read(set_under(TITLED, text), title=HEADLINE, description=long)
    assert (article.deck, article.body[0].text) == (None, long)


@pytest.mark.parametrize("url", ["http://[", "https://x]y/", "", "http://[::1", "/only/a/path"])
def test_an_address_that_is_none_does_no_harm(url: str) -> None:
    title = f"{HEADLINE} | A Quay Diary"
    article = read(set_under(TITLED), url=url, title=title, og=f"Quay: {HEADLINE}", ld=HEADLINE)
    assert article.headline == HEADLINE
