"""The same article in other clothes: AMP, print views, text without paragraphs, text in data."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from crawler.errors import NotAnArticle
from tests.broadsheet import HEADLINE, TEXT, URL, paragraphs, read, sheet, told

AUTHOR = ("Mira Solberg",)


def assert_whole(html: str, *, url: str = URL, source: str | None = None) -> None:
    found = read(html, url=url)
    assert told(found.body) == TEXT
    assert found.headline == HEADLINE
    assert found.authors == AUTHOR
    assert (found.published or "")[:10] == "2024-05-14"
    if source is not None:
        assert found.provenance["body"].source == source


# --- AMP and print -----------------------------------------------------------------------------

AMP = f"""<!doctype html><html amp lang="en"><head><meta charset="utf-8"><title>{HEADLINE}</title>
<link rel="canonical" href="{URL}"><script async src="https://cdn.ampproject.org/v0.js"></script>
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "{HEADLINE}", "datePublished": "2024-05-14T07:30:00+01:00",
"author": {{"@type": "Person", "name": "Mira Solberg"}}}}</script>
<style amp-boilerplate>body {{ visibility: hidden }}</style></head><body>
<amp-sidebar id="menu" layout="nodisplay"><ul><li><a href="/news">News</a></li>
<li><a href="/sport">Sport</a></li></ul></amp-sidebar>
<header><a href="/">The Tide Courier</a></header>
<main><h1>{HEADLINE}</h1><p class="amp-byline">By Mira Solberg</p>
<amp-img src="/i/bridge.jpg" width="800" height="450" alt="The bridge"></amp-img>
{paragraphs(TEXT[:2])}
<amp-ad width="300" height="250" type="doubleclick"><div placeholder>Advertisement</div></amp-ad>
{paragraphs(TEXT[2:])}
<amp-social-share type="email"></amp-social-share></main>
<amp-consent id="consent"><div id="ui"><p>We use cookies to measure how this site is read.</p>
<button>Accept</button></div></amp-consent>
<footer><p>© 2024 The Tide Courier</p></footer></body></html>"""


def test_an_amp_page_is_the_article() -> None:
    assert_whole(AMP, url=f"{URL}/amp")
    found = read(AMP, url=f"{URL}/amp")
    assert found.canonical_url == URL
    assert [(image.url, image.alt) for image in found.images] == [
        ("https://tide-courier.example/i/bridge.jpg", "The bridge")
    ]


PRINTED = f"""<html><head><title>The Tide Courier - {HEADLINE}</title></head>
<body onload="window.print()"><p><img src="/logo.gif" alt="The Tide Courier logo"></p>
<h1>{HEADLINE}</h1><p>By Mira Solberg</p><p>14 May 2024</p><hr>
{paragraphs(TEXT)}<hr><p>Printed from {URL}</p><p>© 2024 The Tide Courier. All rights reserved.</p>
</body></html>"""


def test_a_print_view_is_the_article() -> None:
    assert_whole(PRINTED, url=f"{URL}?print=1")


# --- without paragraphs ------------------------------------------------------------------------

WITHOUT_PARAGRAPHS = {
    "two line breaks": "<br><br>".join(TEXT),
    "two line breaks, spaced": " <br />\n<br />\n".join(TEXT),
    "divs": paragraphs(TEXT, "div"),
    "sections": paragraphs(TEXT, "section"),
    "spans in divs": "".join(f"<div><span>{text}</span></div>" for text in TEXT),
    "a first line, then paragraphs": TEXT[0] + paragraphs(TEXT[1:]),
}


@pytest.mark.parametrize("name", WITHOUT_PARAGRAPHS)
def test_a_text_without_paragraph_tags_has_paragraphs(name: str) -> None:
    assert_whole(sheet(WITHOUT_PARAGRAPHS[name]))


def test_a_single_line_break_is_a_space() -> None:
    first, rest = TEXT[0].split(", ", 1)
    assert_whole(sheet(f"<p>{first},<br>{rest}</p>" + paragraphs(TEXT[1:])))


# --- text in data ------------------------------------------------------------------------------


def shell(data: str, *, text: str = '<div class="skeleton"></div>', head: str = "") -> str:
    """The page as it comes before its scripts have run."""
    return sheet(text, head=head, cards=False).replace("</body>", f"{data}</body>")


def script(value: Any, mark: str = 'id="__NEXT_DATA__" type="application/json"') -> str:
    return f"<script {mark}>{json.dumps(value)}</script>"


CARDS = [
    {"title": f"Story number {number} of the day", "teaser": "A teaser of a line or so. " * 8}
    for number in range(12)
]
DATA = {
    "a list of texts": script({"props": {"article": {"body": TEXT, "more": CARDS}}}),
    "mark-up": script({"props": {"pageProps": {"post": {"content": paragraphs(TEXT)}}}}),
    "blocks": script(
        {"blocks": [{"type": "paragraph", "model": {"text": text}} for text in TEXT], "c": CARDS}
    ),
    "an editor's document": script(
        {
            "doc": {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [
                            {"type": "text", "text": text[:30]},
                            {"type": "text", "marks": [{"type": "bold"}], "text": text[30:]},
                        ],
                    }
                    for text in TEXT
                ],
            }
        }
    ),
    "an assignment": f"<script>window.__STATE__ = {json.dumps({'a': {'body': TEXT}})};</script>",
    "any json": script({"a": [CARDS, [TEXT]]}, 'type="application/json"'),
}


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("shown", ["nothing", "a teaser"])
def test_a_text_that_stands_only_in_data_is_read_from_there(name: str, shown: str) -> None:
    text = paragraphs(TEXT[:1]) if shown == "a teaser" else '<div class="skeleton"></div>'
    html = shell(DATA[name], text=text)
    assert_whole(html)
    assert read(html).provenance["body"].source.startswith("json:")


def article_body(text: str, **fields: Any) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": HEADLINE,
        "articleBody": text,
        **fields,
    }
    return script(node, 'type="application/ld+json"')


@pytest.mark.parametrize("joint", ["\n\n", "\n", "\r\n"])
def test_the_article_body_of_json_ld_is_read_where_nothing_is_shown(joint: str) -> None:
    assert_whole(shell(article_body(joint.join(TEXT))), source="json-ld:articleBody")


def test_kinds_in_data_are_kept() -> None:
    blocks = [
        {"type": "paragraph", "text": TEXT[0]},
        {"type": "heading", "text": "What the divers saw"},
        {"type": "paragraph", "text": TEXT[1]},
        {"type": "quote", "text": TEXT[2]},
    ]
    assert told(read(shell(script({"body": blocks}))).body) == [
        TEXT[0],
        "heading: What the divers saw",
        TEXT[1],
        f"quote: {TEXT[2]}",
    ]


def test_what_is_shown_is_believed_before_data() -> None:
    other = [text.replace("bridge", "tunnel") for text in TEXT] * 3
    html = shell(script({"body": other}) + article_body("\n".join(other)), text=paragraphs(TEXT))
    found = read(html)
    assert told(found.body) == TEXT
    assert found.provenance["body"].source == "stretch"


def test_what_a_page_holds_back_is_not_taken_from_its_data() -> None:
    html = shell(
        script({"body": TEXT}) + article_body("\n".join(TEXT), isAccessibleForFree=False),
        text=paragraphs(TEXT[:1]),
    )
    found = read(html)
    assert told(found.body) == TEXT[:1]
    assert len(found.notices) == 1


def test_a_shell_that_is_no_article_stays_none() -> None:
    html = shell(script({"stories": CARDS, "texts": TEXT})).replace(
        '<meta property="og:type" content="article">', '<meta property="og:type" content="website">'
    )
    with pytest.raises(NotAnArticle):
        read(html)


@pytest.mark.parametrize(
    "data",
    [
        "<script>window.a = {</script>",
        script([[[[[[[[]]]]]]]]),
        "<script type='application/json'>" + "[" * 5_000 + "</script>",
        "<script type='application/json'>" + '{"a":' * 5_000 + "</script>",
        script({"a": ["x" * 40_000] * 50}),
        script(["a b " * 100] * 5_000),
        script({"a": "<p>" * 20_000}),
        script({"a": "<p>" + "<" * 300_000}),
        script({"a": "<p " * 100_000}),
        "<script>" + " " * 300_000 + "</script>",
    ],
    ids=[
        *("broken", "empty", "brackets", "braces", "long", "many", "mark-up"),
        *("open-marks", "open-tags", "spaces"),
    ],
)
def test_hostile_data_breaks_nothing(data: str) -> None:
    with contextlib.suppress(NotAnArticle):
        assert read(shell(data)).headline == HEADLINE
