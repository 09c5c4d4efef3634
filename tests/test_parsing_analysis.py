"""The newsroom's own analysis on pages of sites that nobody has described."""

from __future__ import annotations

import pytest

from crawler.article import Article
from crawler.parsing import parse_article
from tests.typesetting import ANALYSIS, HEADLINE, REPORTING, set_in


def read(
    heading: str, *, site_name: str = "Harbour Gazette", after: list[str] = ANALYSIS
) -> Article:
    html = f"""<!DOCTYPE html><html lang="en"><head><title>{HEADLINE}</title>
        <meta property="og:site_name" content="{site_name}"><meta property="og:type"
        content="article"></head><body><main><article><h1>{HEADLINE}</h1>
        {set_in(REPORTING)}{heading}{set_in(after)}</article></main></body></html>"""
    return parse_article(
        html.encode(), url="https://harbourgazette.example/2019/ferry", profile=None
    )


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Harbour Gazette Analysis</h2>",
        "<h3>HARBOUR GAZETTE'S ANALYSIS</h3>",
        "<h2>HarbourGazette analysis</h2>",
        "<p><strong>The Harbour Gazette Analysis</strong></p>",
        "<h2>Análisis de Harbour Gazette</h2>",
    ],
)
def test_a_heading_with_the_outlets_own_name_parts_its_analysis_from_the_reporting(
    heading: str,
) -> None:
    article = read(heading)
    assert [block.text for block in article.body] == REPORTING
    assert [block.text for block in article.analysis or ()] == ANALYSIS
    assert article.provenance["analysis"].raw is not None


def test_the_address_tells_the_outlets_name_where_the_page_does_not() -> None:
    assert read("<h2>Harbour Gazette Analysis</h2>", site_name="").analysis is not None


@pytest.mark.parametrize(
    "heading", ["<h2>Analysis</h2>", "<h2>River Courier Analysis</h2>", "<h2>Further Analysis</h2>"]
)
def test_another_heading_is_part_of_the_text(heading: str) -> None:
    article = read(heading)
    assert article.analysis is None
    assert [block.text for block in article.body if block.kind == "paragraph"] == [
        *REPORTING,
        *ANALYSIS,
    ]


def test_a_heading_that_nothing_follows_parts_nothing() -> None:
    article = read("<h2>Harbour Gazette Analysis</h2>", after=[])
    assert article.analysis is None
    assert [block.text for block in article.body] == REPORTING
