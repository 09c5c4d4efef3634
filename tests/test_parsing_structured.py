"""What a page says of itself to machines: JSON-LD, meta tags, links, however broken."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.parsing.structured import (
    Structured,
    absolute,
    bare_address,
    read_structured,
    texts_of,
    types_of,
)

URL = "https://faro.example/news/brief/ferry-stopped/"


def said_by(html: str, url: str = URL) -> Structured:
    return read_structured(LexborHTMLParser(html), url)


def json_ld(*nodes: Any) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes
    )


@pytest.mark.parametrize(
    ("base", "address", "expected"),
    [
        (URL, "/a", "https://faro.example/a"),
        (URL, "b", "https://faro.example/news/brief/ferry-stopped/b"),
        (URL, "//other.example/c", "https://other.example/c"),
        (URL, "https://other.example/", "https://other.example/"),
        (URL, " /a ", "https://faro.example/a"),
        (URL, "/a\nb", "https://faro.example/ab"),
        (URL, "/a b", "https://faro.example/a%20b"),
        (URL, "/a\x1bb", "https://faro.example/a%1Bb"),
        (URL, "mailto:ines@faro.example", None),
        (URL, "javascript:void(0)", None),
        (URL, "data:text/html,x", None),
        (URL, "http://[", None),
        (URL, "", None),
        (URL, None, None),
    ],
)
def test_an_address_is_made_absolute_or_is_none(
    base: str, address: str | None, expected: str | None
) -> None:
    assert absolute(base, address) == expected


PARTS = (
    "https://",
    "HTTP://",
    "x.example",
    ":8",
    "/",
    "//",
    ".",
    "..",
    "a-b",
    "?",
    "#",
    "%20",
    "@",
)


@given(
    st.sampled_from([URL, "https://x.example", "HTTPS://X.example:8/a/b", "http://u@x.example/q"]),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join),
)
def test_an_address_is_resolved_as_the_standard_says(base: str, address: str) -> None:
    resolved = urljoin(base, address)
    assert absolute(base, address) == (resolved if resolved.startswith("http") else None)


def test_the_title_of_the_head_goes_before_that_of_a_picture() -> None:
    inside = "<svg><title>A logo</title></svg>"
    assert said_by(f"<body>{inside}<p>x").title == "A logo"
    assert said_by(f"<title>A ferry</title><body>{inside}").title == "A ferry"


@given(st.text(), st.text())
def test_any_address_is_absolute_and_printable_or_none(base: str, address: str) -> None:
    found = absolute(base, address)
    assert found is None or found.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://www.faro.example/a/?x=1#y", "faro.example/a"),
        ("http://faro.example/a", "faro.example/a"),
        ("https://FARO.example/A/", "faro.example/a"),
        ("", None),
        (None, None),
    ],
)
def test_pages_are_told_apart_without_scheme_www_and_query(
    address: str | None, bare: str | None
) -> None:
    assert bare_address(address) == bare


def test_meta_tags_are_kept_by_lower_case_name_property_and_itemprop() -> None:
    said = said_by(
        '<meta name="Author" content=" Inés&nbsp;Caldera "><meta property="og:title" content="T">'
        '<meta itemprop="datePublished" content="2016-07-11"><meta name="empty" content="">'
    )
    assert said.meta["author"] == ["Inés Caldera"]
    assert said.first("og:title") == "T"
    assert said.first("datepublished") == "2016-07-11"
    assert said.first("empty", "missing") is None


def test_canonical_translations_licence_language_and_title_are_read() -> None:
    said = said_by(
        '<html lang="en-GB"><title> Ferry  Stopped </title><link rel="canonical" href="/x">'
        '<link rel="alternate" hreflang="es" href="/es/x"><link rel="license" href="/cc">'
        '<link rel="alternate" type="application/rss+xml" href="/feed">'
    )
    assert (said.language, said.title) == ("en-GB", "Ferry Stopped")
    assert said.canonical == "https://faro.example/x"
    assert said.alternates == [("es", "https://faro.example/es/x")]
    assert said.licence_links == ["https://faro.example/cc"]


def test_addresses_are_seen_from_the_base_element() -> None:
    said = said_by('<base href="https://www.faro.example/old/"><link rel="canonical" href="x">')
    assert said.canonical == "https://www.faro.example/old/x"


@pytest.mark.parametrize(
    "node",
    [
        {"@type": "NewsArticle", "headline": "Ferry Stopped"},
        {"@type": ["Thing", "Article"], "headline": "Ferry Stopped"},
        {"@type": "http://schema.org/NewsArticle", "headline": "Ferry Stopped"},
        [{"@type": "Organization"}, {"@type": "Article", "headline": "Ferry Stopped"}],
        {"@graph": [{"@type": "WebPage"}, {"@type": "Article", "headline": "Ferry Stopped"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "Ferry Stopped"}},
    ],
)
def test_an_article_is_found_however_it_is_wrapped(node: Any) -> None:
    assert said_by(json_ld(node)).article["headline"] == "Ferry Stopped"


def test_references_between_nodes_are_followed() -> None:
    person = {"@type": "Person", "@id": "#ines", "name": "Inés Caldera"}
    article = {"@type": "Article", "headline": "T", "author": {"@id": "#ines"}}
    assert said_by(json_ld({"@graph": [article, person]})).article["author"]["name"] == (
        "Inés Caldera"
    )


def test_the_article_that_names_this_page_comes_before_others() -> None:
    other = {"@type": "Article", "url": "https://faro.example/news/other/", "headline": "Other"}
    own = {"@type": "Article", "mainEntityOfPage": {"@id": URL}, "headline": "Own"}
    assert said_by(json_ld(other, own)).article["headline"] == "Own"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"Article","headline":"T",}',
        '<!-- {"@type":"Article","headline":"T"} -->',
        '//<![CDATA[\n{"@type":"Article","headline":"T"}\n//]]>',
        '{"@type":"Article","headline":"T"};',
        '{"@type":"Article","headline":"T","articleBody":"line\nbreak"}',
        '{"@type":"Article","headline":"T","x":"a\\\'b"}',
        '{"@type":"Article","headline":"T"} and more',
    ],
)
def test_the_usual_breakages_of_json_ld_are_mended(script: str) -> None:
    html = f'<script type="application/ld+json">{script}</script>'
    assert said_by(html).article.get("headline") == "T"


@pytest.mark.parametrize("script", ["", "{", "[" * 20_000, "null", "1", '"x"', '{"@graph": 1}'])
def test_json_ld_that_cannot_be_mended_says_nothing(script: str) -> None:
    html = f'<script type="application/ld+json">{script}</script>'
    assert said_by(html).articles == []


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("Inés", ["Inés"]),
        (["Inés", " Tom "], ["Inés", "Tom"]),
        ({"name": "Inés"}, ["Inés"]),
        ([{"name": "Inés"}, {"@type": "Person"}, "Tom"], ["Inés", "Tom"]),
        ({"name": ["Inés", "Tom"]}, ["Inés", "Tom"]),
        (None, []),
        (3, []),
        ("", []),
    ],
)
def test_texts_are_drawn_from_strings_lists_and_nodes(value: Any, texts: list[str]) -> None:
    assert texts_of(value, "name") == texts


def test_types_lose_their_vocabulary() -> None:
    node = {"@type": ["schema:Article", "https://schema.org/Report", 3]}
    assert types_of(node) == ["Article", "Report"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["@type", "@id", "@graph", "name", "author", "headline", "url",
                         "mainEntityOfPage", "itemListElement", "item", "datePublished"])
        , inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_without_an_error(value: Any) -> None:
    article = {"@type": "Article", "author": value, "url": value, "@id": value}
    assert isinstance(said_by(json_ld(value, article)), Structured)
