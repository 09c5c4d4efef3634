"""Pages as content systems and papers of many countries print them, each with its own quirk."""

from __future__ import annotations

import json

import pytest

from crawler.article import Article
from tests.broadsheet import HEADLINE, TEXT, URL, paragraphs, read, sheet, told

DATE = '<time datetime="2024-05-14T07:30:00+01:00">14 May 2024</time>'
HALVES = paragraphs(TEXT[:2]), paragraphs(TEXT[2:])
ARTICLE = '<meta property="og:type" content="article">'


def page(
    opening: str, text: str = paragraphs(TEXT), *, head: str = ARTICLE, above: str = ""
) -> str:
    """A page of few words, whose headline has something above and below it."""
    return (
        f'<html lang="en"><head><meta charset="utf-8"><title>{HEADLINE}</title>{head}</head><body>'
        f"{above}<h1>{HEADLINE}</h1>{opening}<div>{text}</div></body></html>"
    )


# --- who signs ---------------------------------------------------------------------------------

PORTRAIT = '<img src="/a.jpg" width="40" height="40" alt="Hannah Okafor">'
UNMARKED = {
    "a list of name and date, as Wix prints it": (
        "<ul><li><span>Hannah Okafor</span></li><li><span>May 14, 2024</span></li>"
        "<li><span>3 min read</span></li></ul>"
    ),
    "a name over the date, as Webflow prints it": (
        "<div><div>Hannah Okafor</div><div><div>May 14, 2024</div><div>3 min read</div></div></div>"
    ),
    "date, minutes and name in a line, as Hugo prints it": (
        '<div><span title="2024-05-14">May 14, 2024</span>&nbsp;·&nbsp;3 min&nbsp;·&nbsp;'
        "Hannah Okafor</div>"
    ),
    "a portrait beside name and date": (
        f'<div class="flex">{PORTRAIT}<div class="col"><span>Hannah Okafor</span>'
        "<span>May 14, 2024 · 3 min read</span></div></div>"
    ),
}


@pytest.mark.parametrize("name", UNMARKED)
def test_a_name_beside_the_date_signs(name: str) -> None:
    found = read(page(UNMARKED[name]))
    assert found.authors == ("Hannah Okafor",)
    assert (found.published or "")[:10] == "2024-05-14"
    assert told(found.body) == TEXT


def test_a_place_beside_the_date_signs_nothing() -> None:
    found = read(page("<div><div>Harbour Bridge</div><div>May 14, 2024</div></div>"))
    assert found.authors == ()


FOREIGN = {
    "Korean": ('<div class="writer">김지현 기자</div>', "김지현"),
    "Persian": ('<span class="author">نویسنده: نرگس کاظمی</span>', "نرگس کاظمی"),
    "Hindi": ('<span class="author">लेखक: प्रीति शर्मा</span>', "प्रीति शर्मा"),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_the_job_is_no_part_of_a_name(language: str) -> None:
    line, name = FOREIGN[language]
    assert read(page(line + DATE)).authors == (name,)


# --- what it is filed under --------------------------------------------------------------------

BYLINE = f'<p class="byline">By Mira Solberg</p>{DATE}'
FILED = {
    "a link over the headline": ('<div class="a1"><a href="/local">Local News</a></div>', BYLINE),
    "a class": ('<div class="article__category">Local News</div>', BYLINE),
    "a class in the date's line": (
        "",
        f'<p>{DATE} <span class="news-list-category">Local News</span></p>'
        '<p class="byline">By Mira Solberg</p>',
    ),
    "rel": (
        "",
        f'{BYLINE}<div>Filed <a href="/l" rel="category tag">Local News</a></div>',
    ),
    "a count of comments before it": (
        "",
        '<div class="entry-meta"><a href="#respond">Leave a Comment</a> / <a rel="category tag" '
        'href="/l">Local News</a> / By <a rel="author" href="/a">Mira Solberg</a> / '
        "May 14, 2024</div>",
    ),
}


@pytest.mark.parametrize("name", FILED)
def test_the_category_is_what_the_page_marks_as_one(name: str) -> None:
    above, opening = FILED[name]
    found = read(page(opening, above=above))
    assert found.category == "Local News"
    assert found.authors == ("Mira Solberg",)


@pytest.mark.parametrize("act", ["Enviado por Mira Solberg el", "Words by Mira Solberg |"])
def test_the_act_in_a_byline_is_no_category(act: str) -> None:
    assert read(page(f"<p>{act} 14/05/2024 - 09:15</p>")).category is None


# --- what is no text ---------------------------------------------------------------------------


def bodied(text: str, **given: str) -> Article:
    return read(sheet(text, cards=False, **given))


@pytest.mark.parametrize(
    "sign",
    [
        '<a class="anchor" href="#w">#</a>',
        '<span>[<a href="/e">edit</a>]</span>',
        '<a href="#w">¶</a>',
    ],
)
def test_a_headings_own_link_is_no_part_of_it(sign: str) -> None:
    found = bodied(f'{HALVES[0]}<h2 id="w">What comes next {sign}</h2>{HALVES[1]}')
    assert told(found.body) == [*TEXT[:2], "heading: What comes next", *TEXT[2:]]


def test_the_title_of_a_box_that_asks_for_an_address_is_no_text() -> None:
    box = (
        '<div class="block-7"><div class="inner"><h3>Stay in the picture</h3></div>'
        "<div><form><input><button>Send</button></form></div></div>"
    )
    assert told(bodied(f"{HALVES[0]}{box}{HALVES[1]}").body) == TEXT


def test_dated_lines_with_other_stories_titles_are_no_text() -> None:
    lines = "".join(
        f'<p class="news-item"><span>1{day}.05.2024</span> <a href="/n/{day}"><b>Ferry fares rise '
        f"for the {day}th time this year</b></a><br>Travellers will have to pay more again.</p>"
        for day in range(4)
    )
    assert told(bodied(paragraphs(TEXT) + f'<div class="lst">{lines}</div>').body) == TEXT


def test_a_days_date_with_a_link_stays_in_the_text() -> None:
    line = 'On 14 May 2024 <a href="/m">the meeting of the port authority</a> ended without a vote.'
    assert told(bodied(f"{paragraphs(TEXT)}<p>{line}</p>").body)[-1].startswith("On 14 May 2024")


@pytest.mark.parametrize(
    "line", ["(责编：周婷、吴磊)", "김지현 기자 jhkim@tide-courier.example", "责任编辑：周婷"]
)
def test_who_edited_is_no_text(line: str) -> None:
    assert told(bodied(f"{paragraphs(TEXT)}<p>{line}</p>").body) == TEXT


# --- whole pages -------------------------------------------------------------------------------

PERSIAN = [
    "پس از هفت سال خشکسالی، آب دوباره به دریاچه شورابه بازگشته و هزاران پرنده مهاجر در هفته‌های "
    "گذشته در کناره‌های آن دیده شده‌اند.",
    "به گفته کارشناسان محیط زیست، سطح آب دریاچه بیش از یک متر بالا آمده است.",
    "با این حال پژوهشگران هشدار می‌دهند که با آغاز فصل کشت، بخش بزرگی از این پیشرفت از دست برود.",
]


@pytest.mark.parametrize("day", ["۲۲ اسفند ۱۴۰۲", "۱۴۰۲/۱۲/۲۲", "۲۲ اسفند ۱۴۰۲ - ۱۰:۱۵"])
def test_a_date_of_the_persian_calendar_is_read(day: str) -> None:
    headline = "آب به دریاچه خشکیده بازگشت و پرندگان مهاجر برگشتند"
    html = (
        f'<html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{headline}</title></head>'
        f'<body><h1>{headline}</h1><div><span class="author">نویسنده: نرگس کاظمی</span>'
        f'</div><div class="date">تاریخ انتشار: {day}</div>{paragraphs(PERSIAN)}</body></html>'
    )
    found = read(html, url="https://tide-courier.example/news/99120")
    assert found.published == "2024-03-12"
    assert found.authors == ("نرگس کاظمی",)
    assert found.language == "fa"
    assert told(found.body) == PERSIAN


ASTRA = f"""<html lang="en"><head><meta charset="utf-8"><title>{HEADLINE} - The Tide Courier</title>
<script type="application/ld+json">{
    json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "Article",
                    "author": {"name": "Mira Solberg", "@id": "#1"},
                    "headline": HEADLINE,
                    "datePublished": "2024-05-14T06:30:00+00:00",
                    "articleSection": ["Local News"],
                }
            ],
        }
    )
}</script>
</head><body class="ast-single-post ast-right-sidebar"><header class="site-header">
<nav><ul><li><a href="/1">News</a></li><li><a href="/2">Sport</a></li></ul></nav></header>
<main class="site-main"><article class="post-11 post type-post category-local"><header
class="entry-header"><h1 class="entry-title">{HEADLINE}</h1><div class="entry-meta"><span
class="comments-link"><a href="#respond">Leave a Comment</a></span> / <span class="ast-terms-link">
<a href="/category/local/">Local News</a></span> / By <span class="posted-by vcard author"><a
href="/author/mira/" rel="author"><span class="author-name">Mira Solberg</span></a></span> /
<span class="posted-on"><span class="published">May 14, 2024</span></span></div></header>
<div class="entry-content clear"><div id="ez-toc-container"><p>Table of Contents</p><nav><ul><li>
<a href="#a">What comes next</a></li></ul></nav></div>{HALVES[0]}<h2 id="a">What comes next</h2>
{HALVES[1]}<div class="sharedaddy"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Click to
share on Facebook (Opens in new window)</a></li></ul></div></div></article>
<div class="ast-single-related-posts-container"><h2>Related Posts</h2><article><h3><a href="/s/1">
Ferry fares rise for the third time in a year</a></h3><div class="entry-meta"><a href="/s/1#r">
Leave a Comment</a> / <a href="/c">Sport</a> / By <a href="/author/x">Sue Kwan</a> / May 7</div>
</article></div><div id="comments"><h3>Leave a Comment <small>Cancel Reply</small></h3><form><p>Your
email address will not be published. Required fields are marked *</p></form></div></main>
<footer><p>© 2024 The Tide Courier</p></footer></body></html>"""


def test_a_theme_that_parts_its_line_with_slashes() -> None:
    found = read(ASTRA, url=URL)
    assert found.headline == HEADLINE
    assert found.authors == ("Mira Solberg",)
    assert found.category == "Local News"
    assert told(found.body) == [*TEXT[:2], "heading: What comes next", *TEXT[2:]]
