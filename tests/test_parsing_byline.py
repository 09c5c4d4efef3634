"""Who signs an article of a site whose printing is not known: head and page as two witnesses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article
from crawler.parsing import parse_article
from crawler.parsing.signers import signed_part, signers

PARAGRAPHS = "".join(
    f"<p>The harbour office said on day {number} that the ferry would sail again as soon as the "
    "crew had mended the engine and the storm over the bay had passed.</p>"
    for number in range(1, 7)
)


def read(
    *, above: str = "", below: str = "", after: str = "", head: str = "", author: Any = None
) -> Article:
    """The article of a page with those lines around its text, and that author in its JSON-LD."""
    statement = ""
    if author is not None:
        node = {"@type": "NewsArticle", "headline": "Ferry Crew Mends Its Engine", "author": author}
        node["publisher"] = {"@type": "Organization", "name": "Harbour Daily"}
        statement = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    page = (
        '<html lang="en"><head><title>Ferry Crew Mends Its Engine</title>'
        f'<meta property="og:site_name" content="Harbour Daily">{head}{statement}</head><body>'
        f"<main>{above}<h1>Ferry Crew Mends Its Engine</h1>{below}<article>{PARAGRAPHS}</article>"
        f"{after}</main></body></html>"
    )
    return parse_article(page.encode(), url="https://harbour.example/ferry-crew-mends")


def names(raw: str, language: str | None = None) -> list[str]:
    return [each.name for each in signers(raw, language)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Inés Caldera", ["Inés Caldera"]),
        ("By Inés Caldera and Tom Ferris", ["Inés Caldera", "Tom Ferris"]),
        ("Inés Caldera, Tom Ferris & Rosa Machado", ["Inés Caldera", "Tom Ferris", "Rosa Machado"]),
        ("Von Jana Petersen und Uwe Kroll", ["Jana Petersen", "Uwe Kroll"]),
        ("Jana Petersen/Uwe Kroll", ["Jana Petersen", "Uwe Kroll"]),
        ("Inés Caldera, Senior Reporter", ["Inés Caldera"]),
        ("Inés Caldera, Senior Reporter, and Tom Ferris", ["Inés Caldera", "Tom Ferris"]),
        ("Inés Caldera, Chief Engineer and Head of Ferries", ["Inés Caldera"]),
        ("Inés Caldera, Harbour Staff Writer", ["Inés Caldera"]),
        ("Inés Caldera Harbour Times staff reporter", ["Inés Caldera"]),
        ("Inés Caldera in Berlin", ["Inés Caldera"]),
        ("Inés Caldera, Berlin", ["Inés Caldera"]),
        ("Inés Caldera, BBC News, New York", ["Inés Caldera"]),
        ("Inés Caldera/Reuters", ["Inés Caldera"]),
        ("Inés Caldera Reuters", ["Inés Caldera"]),
        ("Inés Caldera und Tom Ferris, dpa", ["Inés Caldera", "Tom Ferris", "dpa"]),
        ("MDR THÜRINGEN REDAKTION", ["MDR Thüringen Redaktion"]),
        ("Inés Caldera (dpa)", ["Inés Caldera"]),
        ("Inés Caldera For The Harbour Daily", ["Inés Caldera"]),
        ("Inés Caldera @icaldera", ["Inés Caldera"]),
        ("Inés Caldera ines@harbour.example", ["Inés Caldera"]),
        ("Inés Caldera MS, RDN", ["Inés Caldera"]),
        ("Dr. Jana Petersen", ["Jana Petersen"]),
        ("Online-Redakteurin Jana Petersen", ["Jana Petersen"]),
        ("Inés Caldera Foto: Tom Ferris", ["Inés Caldera"]),
        ("Text: Inés Caldera / Foto: Tom Ferris", ["Inés Caldera"]),
        ("Inés Caldera, Photos by Tom Ferris", ["Inés Caldera"]),
        ("Inés Caldera, translated by Tom Ferris", ["Inés Caldera"]),
        ("Inés Caldera • Updated 3 May 2020, 05:00 AM EST", ["Inés Caldera"]),
        ("INÉS CALDERA", ["Inés Caldera"]),
        ("dpa/lno", ["dpa/lno"]),
        ("dpa/lno;ssi", ["dpa/lno", "ssi"]),
        ("Harbour Staff", ["Harbour Staff"]),
        ("The Associated Press", ["The Associated Press"]),
        ("Redaktion", ["Redaktion"]),
        ("admin", []),
        ("Getty Images", []),
        ("https://harbour.example/", []),
        ("Senior Reporter", []),
        ("5 min read", []),
        ("", []),
        ("山田太郎", ["山田太郎"]),
        ("Γιώργος Παππάς", ["Γιώργος Παππάς"]),
        ("Оксана Коваль", ["Оксана Коваль"]),
        ("أحمد منصور", ["أحمد منصور"]),
        ("דנה לוי", ["דנה לוי"]),
        ("Þóra Björk Jónsdóttir", ["Þóra Björk Jónsdóttir"]),
        ("Nomvula Dlamini", ["Nomvula Dlamini"]),
    ],
)
def test_a_bylines_people_are_told_from_roles_places_and_agencies(
    raw: str, expected: list[str]
) -> None:
    assert names(raw) == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("Inés Caldera y Luis Soto", "es", ["Inés Caldera", "Luis Soto"]),
        ("Luis Ortega y Gasset", "es", ["Luis Ortega y Gasset"]),
        ("Inés Caldera e Ivo Soto", "it", ["Inés Caldera", "Ivo Soto"]),
        ("Anne Duval et Luc Morel", "fr", ["Anne Duval", "Luc Morel"]),
        ("Anne Duval avec AFP", "fr", ["Anne Duval", "AFP"]),
        ("Eva Dvořáková a Jan Novák", "cs", ["Eva Dvořáková", "Jan Novák"]),
        ("Оксана Коваль и Иван Петров", "ru", ["Оксана Коваль", "Иван Петров"]),
    ],
)
def test_and_is_the_pages_languages_own(raw: str, language: str, expected: list[str]) -> None:
    assert names(raw, language) == expected


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        ("By Inés Caldera", "Inés Caldera"),
        ("ByInés Caldera", "Inés Caldera"),
        ("Veröffentlicht vonInés Caldera", "Inés Caldera"),
        ("Autor: Inés Caldera", "Inés Caldera"),
        ("Eingestellt von Inés Caldera um 21:11", "Inés Caldera"),
        ("Posted in Ports by ana on 3 May 2020", "ana"),
        ("3 May 2020 · Tips · von Inés Caldera", "Inés Caldera"),
        ("Escrito por: Inés Caldera", "Inés Caldera"),
        ("Text und Fotos: Inés Caldera", None),
        ("作者：焦鹏", "焦鹏"),
        ("Photo by Inés Caldera", None),
        ("Translated by Inés Caldera", None),
        ("Powered by WordPress", None),
        ("The ferry sails", None),
        ("Byron sails", None),
    ],
)
def test_the_words_that_sign_are_found_in_a_line(raw: str, part: str | None) -> None:
    assert signed_part(raw) == part


@given(st.text(max_size=300))
def test_any_text_is_taken_apart_without_an_error(raw: str) -> None:
    for each in signers(raw):
        assert each.name.strip() == each.name != ""
    signed_part(raw)


PERSON = {"@type": "Person", "name": "Inés Caldera"}


@pytest.mark.parametrize(
    ("below", "after", "authors"),
    [
        ("<p>By Inés Caldera</p>", "", ("Inés Caldera",)),
        ('<div class="byline">Inés Caldera | 3 May 2020</div>', "", ("Inés Caldera",)),
        (
            '<p>3 May 2020 by <a rel="author" href="/a/7">ferryfan</a> in Ports</p>',
            "",
            ("ferryfan",),
        ),
        ('<div><a href="/author/ic/">Inés Caldera</a></div>', "", ("Inés Caldera",)),
        ("<div>3 May 2020 | Inés Caldera</div>", "", ("Inés Caldera",)),
        ("", "<p>Autor: Inés Caldera</p>", ("Inés Caldera",)),
        ("", "<p>(ssi/dpa)</p>", ("ssi/dpa",)),
        ("", "<p>Martina Hoffmann</p>", ("Martina Hoffmann",)),
        ("", "<p>Weitere Informationen</p>", ()),
        ("<div>3 May 2020 | Ferry Timetables</div>", "", ()),
        ("<div>3 May 2020 | Paid Content</div>", "", ()),
        ('<div><a href="/members/7/">ferryfan</a> wrote</div>', "", ("ferryfan",)),
        ("<figure><img src='a.jpg'><figcaption>By Tom Ferris</figcaption></figure>", "", ()),
        ("<p>Foto: Tom Ferris</p>", "", ()),
        ("", "<h2>Related</h2><ul><li>By Tom Ferris</li></ul>", ()),
        ("", '<div class="comments"><div class="author">Tom Ferris</div></div>', ()),
        ("", "<address>Port Street 9, 22767 Harbour</address>", ()),
    ],
)
def test_without_a_statement_the_page_is_read(
    below: str, after: str, authors: tuple[str, ...]
) -> None:
    article = read(below=below, after=after)
    assert article.authors == authors
    assert (article.byline_raw is not None) is bool(authors)


def test_a_stated_person_who_is_printed_nowhere_is_an_account_of_the_software() -> None:
    assert read(author=PERSON).authors == ()
    assert read(author=PERSON, below="<p>Inés Caldera</p>").authors == ("Inés Caldera",)


@pytest.mark.parametrize("printed", ["CALDERA Inés", "Inés María Caldera", "ines caldera"])
def test_a_stated_person_may_be_printed_in_another_order_or_case(printed: str) -> None:
    assert read(author=PERSON, below=f"<p>{printed}</p>").authors == ("Inés Caldera",)


def test_an_agency_in_the_dateline_signs_where_nobody_else_does() -> None:
    page = (
        "<html><head><title>Ferry Crew Mends Its Engine</title></head><body>"
        "<h1>Ferry Crew Mends Its Engine</h1>{}<article>{}</article></body></html>"
    )
    text = PARAGRAPHS.replace("<p>", "<p>HARBOUR (dpa/hb) – ", 1)
    url = "https://harbour.example/ferry-crew-mends"
    article = parse_article(page.format("", text).encode(), url=url)
    assert (article.authors, article.organisation_byline) == (("dpa/hb",), True)
    signed = parse_article(page.format("<p>By Inés Caldera</p>", text).encode(), url=url)
    assert signed.authors == ("Inés Caldera",)


def test_a_stated_agency_or_desk_signs_though_the_page_does_not_print_it() -> None:
    article = read(author={"@type": "Organization", "name": "Deutsche Presse-Agentur"})
    assert article.authors == ("Deutsche Presse-Agentur",)
    assert read(author={"@type": "Organization", "name": "Harbour Ferries GmbH"}).authors == ()
    assert article.organisation_byline


def test_an_outlet_signs_where_a_news_article_names_its_publisher_as_author() -> None:
    outlet = {"@type": "Organization", "name": "Harbour Daily"}
    assert read(author=outlet).authors == ("Harbour Daily",)
    assert read(author=outlet).organisation_byline
    assert read(author={**outlet, "noBylinesPolicy": "https://harbour.example/b"}).authors == ()
    assert read(head='<meta name="author" content="Harbour Daily">').authors == ()


def test_a_printed_person_comes_before_a_stated_outlet() -> None:
    outlet = {"@type": "Organization", "name": "Harbour Daily"}
    article = read(author=outlet, below="<p>By Inés Caldera</p>")
    assert article.authors == ("Inés Caldera",)
    assert not article.organisation_byline
    assert article.byline_raw == "By Inés Caldera"


def test_a_printed_line_that_adds_a_name_to_the_stated_one_is_believed() -> None:
    below = "<p>By Inés Caldera and Tom Ferris</p>"
    assert read(author=PERSON, below=below).authors == ("Inés Caldera", "Tom Ferris")


def test_a_printed_byline_comes_before_a_stated_name_from_elsewhere_on_the_page() -> None:
    author = {"@type": "Person", "name": "Rosa Machado"}
    far = '<div class="sidebar">' + "<p>Sail</p>" * 20 + "<p>Rosa Machado</p></div>"
    assert read(author=author, below="<p>By Inés Caldera</p>", after=far).authors == (
        "Inés Caldera",
    )


@pytest.mark.parametrize("helping", ["Contributions from", "Edited by", "Übersetzt von", "Photos:"])
def test_who_helped_is_no_author_though_the_head_states_so(helping: str) -> None:
    author = [PERSON, {"@type": "Person", "name": "Rosa Machado"}]
    together = "<p>Inés Caldera and Rosa Machado</p>"
    assert read(author=author, below=together).authors == ("Inés Caldera", "Rosa Machado")
    apart = f'<p>By Inés Caldera</p><p>{helping} <a href="/author/rm/">Rosa Machado</a></p>'
    assert read(author=author, below=apart).authors == ("Inés Caldera",)


def test_the_outlets_staff_is_an_account_unless_the_page_prints_it() -> None:
    author = {"@type": "Person", "name": "Harbour Daily Staff"}
    assert read(author=author).authors == ()
    printed = read(author=author, below="<p>By Harbour Daily Staff</p>")
    assert printed.authors == ("Harbour Daily Staff",)
    assert printed.organisation_byline


def test_a_name_in_two_parts_is_put_together() -> None:
    author = {"@type": "Person", "givenName": "Inés", "familyName": "Caldera"}
    assert read(author=author, below="<p>Inés Caldera</p>").authors == ("Inés Caldera",)


def test_the_losing_statement_is_kept_in_the_provenance() -> None:
    head = '<meta name="author" content="harbouradmin">'
    article = read(head=head, below="<p>By Inés Caldera</p>")
    assert article.authors == ("Inés Caldera",)
    outlet = {"@type": "Person", "name": "Rosa Machado"}
    article = read(author=outlet, below="<p>By Inés Caldera</p>")
    assert ("json-ld:author", "Rosa Machado") in article.provenance["authors"].losing
