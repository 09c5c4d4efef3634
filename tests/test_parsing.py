"""Whole pages: saved ones field by field, and what holds for every page there may be."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article
from crawler.errors import NotAnArticle, Unreadable
from crawler.parsing import PARSER_VERSION, _without_attribute_soup, parse_article
from crawler.parsing.address import stated_address
from crawler.sites import site_named
from tests.typesetting import (
    ANALYSIS,
    HEADLINE,
    META,
    REPORTING,
    URL,
    page,
    read,
    set_in,
    texts,
    values,
)

# --- saved pages ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class SavedPage:
    """A folder of ``tests/pages``: the page, what a careful reader records, how it was served."""

    name: str

    @property
    def folder(self) -> Path:
        return Path(__file__).parent / "pages" / self.name

    @property
    def expected(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.folder / "record.json").read_text("utf-8"))
        return record

    def read(self) -> dict[str, Any]:
        meta = json.loads((self.folder / "meta.json").read_text("utf-8"))
        try:
            return parse_article(
                (self.folder / "page.html").read_bytes(),
                url=meta["url"],
                profile=site_named(meta["site"]) if meta["site"] else None,
                content_type=meta["content_type"],
            ).to_dict()
        except NotAnArticle as none:
            return {"article": False, "reason": none.reason}


SAVED = [
    SavedPage(path.parent.name) for path in sorted(Path(__file__).parent.glob("pages/*/page.html"))
]
FIELDS = [(saved, name) for saved in SAVED for name in saved.expected]


@cache
def record_of(saved: SavedPage) -> dict[str, Any]:
    return saved.read()


@pytest.mark.parametrize(
    ("saved", "name"), FIELDS, ids=[f"{saved.name}-{name}" for saved, name in FIELDS]
)
def test_a_saved_page_is_read_field_by_field(saved: SavedPage, name: str) -> None:
    assert record_of(saved).get(name) == saved.expected[name]


# --- the record ----------------------------------------------------------------------------------


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("body_text", "analysis_text", "provenance"):
                yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)


def assert_well_formed(article: Article) -> None:
    """What the record promises of every page: JSON, NFC, no control characters, folded spaces."""
    record = article.to_dict()
    json.dumps(record, allow_nan=False).encode()
    assert Article.from_dict(record).to_dict() == record
    for text in strings_of(record):
        assert unicodedata.is_normalized("NFC", text)
        assert text == " ".join(text.split())
        assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
    assert article.headline
    assert all(block.text for block in (*article.body, *(article.analysis or ())))


@pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
def test_the_record_of_a_saved_page_is_well_formed(saved: SavedPage) -> None:
    record = record_of(saved)
    if record["article"]:
        assert_well_formed(Article.from_dict(record))


def test_the_parser_says_who_it_is() -> None:
    version = site_named("insightcrime").version
    assert read(page()).parser == f"insightcrime-{version}/{PARSER_VERSION}"
    assert read(page(), generic=True).parser == f"generic/{PARSER_VERSION}"


def test_every_field_that_has_a_value_says_where_it_came_from() -> None:
    article = read(page())
    assert {"headline", "kicker", "category", "published", "authors", "body", "analysis"} <= set(
        article.provenance
    )
    assert article.provenance["published"].source == "line:meta"
    assert article.provenance["headline"].raw == HEADLINE


def test_reading_a_page_twice_gives_the_same_record() -> None:
    assert read(page()).to_dict() == read(page()).to_dict()


def test_the_same_article_is_read_without_a_profile_but_for_what_only_the_site_knows() -> None:
    known, any_site = read(page()), read(page(), generic=True)
    names = ("headline", "authors", "published", "language")
    assert values(any_site, *names) == values(known, *names)
    assert any_site.site == "insightcrime.org"


# --- pages that are no HTML ----------------------------------------------------------------------


def as_lines() -> str:
    heading = "InSight Crime Analysis"
    return "\n\n".join(
        ["BRIEF", HEADLINE, META, *REPORTING, heading, *ANALYSIS, "share icon icon icon"]
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (as_lines(), "text/plain; charset=utf-8"),
        (as_lines().replace("\n", "\r\n"), "text/plain"),
        (as_lines(), None),
        (f"<html><body><pre>{as_lines()}</pre></body></html>", "text/html"),
    ],
    ids=["text", "windows-text", "unnamed", "pre"],
)
def test_a_page_saved_as_text_is_read_line_by_line(body: str, content_type: str | None) -> None:
    article = read(body, content_type=content_type)
    assert values(article, "kicker", "headline", "category", "published", "authors") == (
        "BRIEF", HEADLINE, "FUEL", "2019-03-09", ("Inés Caldera",),
    )  # fmt: skip
    assert texts(article.body) == REPORTING
    assert texts(article.analysis) == ANALYSIS


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_a_page_is_the_same_in_any_character_set(charset: str) -> None:
    html = page().replace('<meta charset="utf-8">', "").replace("liter", "litér")
    article = read(html.encode(charset))
    assert texts(article.body) == [text.replace("liter", "litér") for text in REPORTING]


# --- any page there may be -----------------------------------------------------------------------

PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='byline'>", "<div>", "</div>", "<h1>", "</h1>", "<h2>", "<b>",
     "</b>", "<br>", '<a href="/a-b-c/">', '<a href="http://[">', '<a href="//x:99999/a-b">',
     '<a href="\x1b/x">', "</a>", '<time datetime="2018-03-07T25:00">', "</time>", "<table>",
     "<tr>", "<td>", "<ul>", "<li>", "<figure>", "<figcaption>", '<img src="http://[" alt="x">',
     '<meta name=date content="2018-13-45">', '<meta name="author" content="&#0;&#xD800;">',
     '<link rel=canonical href="http://[::1">', '<base href="http://[">', "<html lang='\ud7ff'>",
     '<script type="application/ld+json">', "</script>", '{"@type":"NewsArticle","headline":',
     '"x"', "[", "]", "{", "}", "null", "1e999", '"author":', '{"@id":"a"}', "SEE ALSO:",
     "Related Content", "InSight Crime Analysis", "By Inés Caldera", META, "31 FEB 2018",
     "share icon icon icon", "*Correction:", "Photo:", REPORTING[0], "\x00", "\u0301", "\u2028",
     "\u200b", "&#55296;", "&nbsp;", "&amp;#8217;", "<!--", "-->", "<![CDATA[", "<svg>", "<math>",
     "<template>", "<title>", "</title>", "<plaintext>", "<frameset>", "<select>", "<pre>",
     '<blockquote class="pullquote">', "10/10/2018", "12:99", "Tags:", "٧ MAR 2018",
     "７ MAR ２０１８"]
)  # fmt: skip
CONTENT_TYPES = st.sampled_from(
    [None, "text/plain", "text/html; charset=utf-7", "text/html; charset=rot13",
     "text/html; charset=\x00", "text/html; charset=idna", "text/html; charset=iso-8859-1"]
)  # fmt: skip


def parsed(body: bytes, *, url: str = URL, generic: bool = False, kind: str | None = None) -> None:
    """Reads a page that may be anything: the record is well formed, or a sentence says why not."""
    profile = None if generic else site_named("insightcrime")
    with contextlib.suppress(NotAnArticle, Unreadable):
        assert_well_formed(parse_article(body, url=url, profile=profile, content_type=kind))


@given(st.binary(max_size=2000), st.booleans(), CONTENT_TYPES)
def test_any_bytes_are_an_article_or_a_reason(body: bytes, generic: bool, kind: str | None) -> None:
    parsed(body, generic=generic, kind=kind)


@given(st.lists(PIECES, max_size=60).map("".join), st.booleans(), CONTENT_TYPES)
def test_any_markup_is_an_article_or_a_reason(html: str, generic: bool, kind: str | None) -> None:
    parsed(html.encode("utf-8", "surrogatepass"), generic=generic, kind=kind)
    parsed(html.encode("utf-8", "surrogatepass") + b"\xff\x81", generic=generic, kind=kind)


@given(st.lists(st.tuples(st.integers(0, 1500), PIECES | st.text(max_size=6)), max_size=8))
def test_a_damaged_page_is_an_article_or_a_reason(damage: list[tuple[int, str]]) -> None:
    html = page()
    for place, piece in damage:
        html = html[:place] + piece + html[place:]
    parsed(html.encode("utf-8", "surrogatepass"))
    parsed(html.encode("utf-8", "surrogatepass"), generic=True)


@given(st.text(max_size=40))
def test_a_page_is_read_whatever_its_address(address: str) -> None:
    for url in (address, f"http://{address}"):
        with contextlib.suppress(NotAnArticle):
            assert read(page(), url=url, generic=True).headline == HEADLINE


@pytest.mark.parametrize("end", ["", "</div>"])
def test_an_abyss_of_elements_is_read_and_what_it_holds_kept(end: str) -> None:
    deep, last = "<div>" * 200_000, "<p>The last of the tanks was found beneath the cars.</p>"
    article = read(page(set_in(REPORTING) + deep + last + end * 200_000), generic=True)
    assert texts(article.body) == [*REPORTING, last[3:-4]]


def test_a_page_of_very_many_tags_keeps_its_boxes() -> None:
    rows = "<ul>" + "<li><a href=/x><b>Ports</b></a><br><img src=/i.png>" * 8_000 + "</ul>"
    article = read(page(after=rows + "<footer><p>Imprint.</p></footer>"))
    assert (texts(article.body), texts(article.analysis)) == (REPORTING, ANALYSIS)


@pytest.mark.parametrize("url", ["http://[", "", "\x00", "http://x.example:99999/a-b"])
def test_a_page_with_a_topic_in_its_title_is_read_whatever_its_address(url: str) -> None:
    title = f"Fuel: {HEADLINE}"
    head = f'<meta property="og:title" content="{title}"><link rel=canonical href="http://[">'
    article = read(page(title=title, head=head), url=url, generic=True)
    assert article.headline in (title, HEADLINE)


def test_an_address_that_is_none_is_not_what_a_page_calls_itself() -> None:
    for stated in ("http://[", "/news/a", "ftp://x.example/a", "http:"):
        html = f'<meta property="og:url" content="{stated}">'
        assert stated_address(html.encode()) is None
    html = '<meta property="og:url" content="HTTP://x.example/a">'
    assert stated_address(html.encode()) == "http://x.example/a"


def test_a_licence_and_its_provenance_hold_no_control_characters() -> None:
    link = '<a href="https://creativecommons.org/licenses/by/4.0\x7f/">CC BY</a>'
    article = read(page(after=f"<p>{link}</p>"), generic=True)
    assert article.licence == "https://creativecommons.org/licenses/by/4.0%7F/"
    article = read(page().replace("h1>", "my-h1\x1b[>").replace('"en"', '"en\x7f"'), generic=True)
    told = [(each.source, each.raw or "") for each in article.provenance.values()]
    assert "line:my-h1[" in [source for source, _ in told]
    assert all(source.isprintable() and raw.isprintable() for source, raw in told)


@pytest.mark.parametrize(
    "soup",
    [
        "<div>" * 20_000,
        "<b><p>text here" * 2_000,
        "<ul><li>item" * 2_000,
        "<table><tr><td>cell" * 2_000,
        "<p>" + "<span class=byline>word " * 2_000,
        "<p>" + "some words <a href=/x>link</a><br><br>" * 2_000,
        "<div " + " ".join(f"a{number}=b" for number in range(20_000)) + ">",
        "<div><h3>Related Content</h3>" * 500,
        "<div><h3>Related Content</h3>"
        + "".join(f"<div><a href='/news/a-b-{n}/'>Story {n}</a></div>" for n in range(500)),
        '<script type="application/ld+json">' + "[" * 20_000 + "</script>",
        "<" * 20_000,
        "<x<" * 20_000 + ">",
        "<svg>" * 20_000 + "<xmp>" + "<!--" * 20_000,
        "<p>" + "é" * 200_000,
        "<div><p>We and our 842 partners store and access information on your device, such as "
        "cookies, and process personal data to show you advertising.</p>" * 3_000,
    ],
    ids=["deep", "misnested", "lists", "tables", "spans", "breaks", "attributes", "headings",
         "cards", "json", "brackets", "names", "verbatim", "long", "consent"],
)  # fmt: skip
def test_hostile_markup_is_read_to_its_end(soup: str) -> None:
    parsed(page().replace("</main>", f"{soup}</main>").encode())


@pytest.mark.parametrize("before", [0, 1, 3_999, 4_000, 4_001, 8_000])
@pytest.mark.parametrize("end", [">", ""])
def test_a_tag_of_thousands_of_attributes_is_emptied_wherever_it_stands(
    before: int, end: str
) -> None:
    soup = "<p " + "ab " * 3_000
    assert _without_attribute_soup("x" * before + soup + end) == "x" * before + "<div>"
    few = f"<p title='{'ab' * 5_000}'{end}"
    assert _without_attribute_soup("x" * before + few) == "x" * before + few
