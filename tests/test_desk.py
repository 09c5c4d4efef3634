"""The browser desk, page by page, without a browser: what it answers, and what it never does."""

from __future__ import annotations

import asyncio
import csv
import gzip
import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from crawler.article import Citation, Image, Pointer, Source, Translation
from crawler.discovery import Found
from crawler.errors import BadInput
from scripts.desk.aligning import aligned
from scripts.desk.drawing import axis_of, numbers_of, summary
from scripts.desk.serving import SETTINGS, address_of, desk_of, listening
from scripts.desk.timeline import timeline_of
from scripts.desk.wording import _TEXTS, Words
from scripts.newsroom import NewsroomArticle
from storage import Archive
from storage.alarms import Alarm
from storage.folding import folded
from storage.opening import place_of
from tests.storing import Desk as Writing
from tests.storing import address, article, paragraphs
from tests.storing import desk as desk

Get = Callable[..., httpx.Response]


def asking(datasette: Any) -> Get:
    def get(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found: httpx.Response = asyncio.run(datasette.client.request(method, path, headers=named))
        return found

    return get


@pytest.fixture(scope="module")
def get(crawled: Path) -> Iterator[Get]:
    """Ask the desk over the newsroom's archive."""
    with Archive.open(crawled) as archive:
        datasette = desk_of(archive)
        yield asking(datasette)
        datasette.close()


@dataclass
class Own:
    """A desk over an archive of the test's own."""

    writing: Writing
    get: Get


@pytest.fixture
def own(desk: Writing) -> Iterator[Own]:
    assert desk.archive.path is not None
    with Archive.open(desk.archive.path) as archive:
        datasette = desk_of(archive)
        yield Own(desk, asking(datasette))
        datasette.close()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]
        assert not [name for name, _ in attrs if name.startswith("on")], attrs

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(answer: httpx.Response) -> _Reader:
    reader = _Reader()
    reader.feed(answer.text)
    return reader


def text_of(answer: httpx.Response) -> str:
    return " ".join(" ".join(read(answer).text).split())


PAGES = (
    "/", "/search", "/search?q=extortion", "/search?q=(", "/search?q=nothingofthekind",
    "/article/40", "/article/40/revision/1", "/article/40/compare", "/article/3/beside/4",
    "/article/40/cite", "/authors", "/categories", "/tags", "/sites", "/author/Owen%20Prescott",
    "/tag/Extortion", "/category/extortion", "/site/faro", "/coverage", "/crawls", "/changes",
    "/crawls/1",
    "/missing", "/search?at=2026-01-01&language=es",
    "/article/999999", "/no/such/page/here", "/archive", "/archive/v_articles",
    "/archive/articles/40", "/archive?sql=select+1+as+one", "/archive?sql=selekt",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_is_whole_html_that_loads_nothing_from_elsewhere(
    get: Get, path: str, lang: str
) -> None:
    answer = get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert answer.status_code in (200, 400, 404)
    page = read(answer)
    assert f'<html lang="{lang}">' in answer.text
    assert page.tags.count("h1") == 1 or path.startswith("/archive"), path
    assert not {"script", "img", "iframe", "object", "embed", "style"} & set(page.tags)
    assert "</html>" in answer.text
    sources = re.findall(r'<link[^>]*href="([^"]+)"', answer.text)
    assert sources
    assert all(source.startswith("/-/static-plugins/") for source in sources), sources
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/archive")])
def test_links_keep_the_language_that_was_named(get: Get, path: str) -> None:
    page = get(f"{path}{'&' if '?' in path else '?'}lang=es")
    ours = [link for link in read(page).links if link.startswith("/") and "/archive" not in link]
    lost = [link for link in ours if "lang=es" not in link and "lang=en" not in link]
    assert ours
    assert lost == []


def test_the_browser_says_in_which_language_it_is_read(get: Get) -> None:
    assert "Lo que contiene" in text_of(get("/", accept_language="es-CO,es;q=0.9,en;q=0.5"))
    assert "What it holds" in text_of(get("/", accept_language="fr"))
    assert "What it holds" in text_of(get("/?lang=en", accept_language="es"))
    assert "accept-language" in get("/").headers["vary"].lower()


def test_every_text_is_there_in_both_languages_with_the_same_places() -> None:
    for key, (english, spanish) in _TEXTS.items():
        assert english.strip(), key
        assert spanish.strip(), key
        places = [set(re.findall(r"\{\w+\}", text)) for text in (english, spanish)]
        assert places[0] == places[1], key
        assert ("|" in english) == ("|" in spanish), key


def test_every_text_that_a_template_names_is_there() -> None:
    templates = Path(__file__).parent.parent / "scripts" / "desk" / "templates"
    named = {
        key
        for page in templates.glob("*.html")
        for key in re.findall(r"\bt\(\s*['\"]([\w,]+)['\"]\s*[,)]", page.read_text())
    }
    assert len(named) > 80
    assert named - set(_TEXTS) == set()


def test_every_text_is_shown_somewhere() -> None:
    """By its name, or as one of a family whose names are put together."""
    desk = Path(__file__).parent.parent / "scripts" / "desk"
    shown = "".join(
        path.read_text().partition("class Words")[2 if path.stem == "wording" else 0]
        for path in sorted([*desk.glob("*.py"), *desk.glob("templates/*.html")])
    )
    named = set(re.findall(r"""["']([\w.,-]+)["']""", shown))
    families = {*re.findall(r"""["'](\w+_)["'{]""", shown), *re.findall(r"f['\"](\w+_)\{", shown)}
    families |= {f"{name}_" for name in re.findall(r"""named\(["'](\w+)""", shown)}
    endings = {*re.findall(r"""["'](_\w+)["']""", shown), *re.findall(r"\}(_\w+)['\"]", shown)}
    assert len(named) > 300
    assert len(families) > 10
    assert [
        key
        for key in _TEXTS
        if key not in named
        and not key.startswith(tuple(families))
        and not key.endswith(tuple(endings))
    ] == []


# --- start, results


def test_the_start_page_says_what_the_archive_holds(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        held = sum(archive.sites().values())
        newest = archive.search(None, sort="newest", limit=1)[0]
    answer = get("/")
    assert f"{held} articles" in text_of(answer)
    assert newest.headline in text_of(answer)
    assert 'class="timeline"' in answer.text


def test_results_are_those_of_the_archive_with_what_was_found_marked(
    get: Get, crawled: Path
) -> None:
    with Archive.open(crawled) as archive:
        hits = archive.search("extortion", inside=["analysis"])
    answer = get("/search?q=extortion&in=analysis")
    shown = [int(n) for n in re.findall(r'<h3><a href="/article/(\d+)"', answer.text)]
    assert shown == [hit.id for hit in hits]
    assert re.search(r"<mark>extortion</mark>", answer.text, re.IGNORECASE)


def test_an_address_that_is_pasted_leads_to_its_article(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        stored = archive.article(40)
    assert stored is not None
    answer = get(f"/search?q={stored.article.url}&lang=es")
    assert (answer.status_code, answer.headers["location"]) == (302, "/article/40?lang=es")
    assert get("/search?q=https://nowhere.example/news").status_code == 200


def test_a_facet_narrows_the_results_to_as_many_as_it_says(get: Get) -> None:
    answer = get("/search?q=police")
    found = re.findall(
        r'<li><a href="(/search[^"]+)">[^<]*</a> <span class="count">(\d+)</span>', answer.text
    )
    assert found
    for href, number in found[:12]:
        narrowed = text_of(get(unescape(href)))
        assert re.search(rf"\b{number} articles? found", narrowed), href


def test_a_filter_is_shown_and_can_be_taken_away(get: Get) -> None:
    answer = get("/search?q=police&language=es&since=2014")
    assert "Language: Spanish" in text_of(answer)
    assert "/search?q=police&since=2014" in map(unescape, read(answer).links)


def test_edited_and_translated_articles_can_be_asked_for(own: Own) -> None:
    own.writing.save(article(1, headline="Heroin seized"))
    own.writing.save(article(2, translations=(Translation("es", address(3)),)))
    own.writing.save(article(3, language="es", headline="Titular"))
    own.writing.save(article(1, headline="Cocaine seized"))
    edited = own.get("/search?edited=1")
    assert "Cocaine seized" in text_of(edited)
    assert "1 article found" in text_of(edited)
    assert "Edited since it was first seen" in text_of(edited)
    assert '<input type="checkbox" name="edited" value="1" checked>' in edited.text
    assert '<input type="hidden" name="edited"' not in edited.text
    both = own.get("/search?translated=1&lang=es")
    assert "2 artículos" in text_of(both)
    assert own.get("/search.csv?translated=1").text.count("\n") == 3
    assert "1 article found" in text_of(own.get("/search?translated=1&language=es"))


def test_pages_of_results_show_every_article_once(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        total = sum(archive.sites().values())
    seen: list[str] = []
    address = "/search?sort=oldest"
    while address:
        answer = get(address)
        seen += re.findall(r'<h3><a href="/article/(\d+)"', answer.text)
        following = re.search(r'rel="next" href="([^"]+)"', answer.text)
        address = unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == total


def test_a_mistyped_query_is_told_where_it_is_wrong_and_can_be_mended(get: Get) -> None:
    answer = get("/search?q=cartel+AND+(port")
    assert answer.status_code == 400
    assert "This parenthesis is never closed, at character 12" in text_of(answer)
    assert 'value="cartel AND (port"' in answer.text


@pytest.mark.parametrize(
    "arguments",
    ["since=yesterday", "at=20260101T", "in=nowhere&q=a", "since=2020-13", "q=%00", "q=%22"],
)
def test_what_cannot_be_asked_is_a_sentence_and_no_failure(get: Get, arguments: str) -> None:
    answer = get(f"/search?{arguments}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "arguments", ["page=0", "page=-1", "page=99999999999", "page=x", "sort=best", "lang=xx"]
)
def test_nonsense_among_the_arguments_is_passed_over(get: Get, arguments: str) -> None:
    assert get(f"/search?q=police&{arguments}").status_code == 200


def test_the_archive_can_be_searched_as_it_stood(own: Own) -> None:
    own.writing.save(article(1, headline="Nine killed"))
    first = own.writing.now.date()
    own.writing.pass_time(days=3)
    own.writing.save(article(1, headline="Ten killed"))
    assert "Ten killed" in text_of(own.get("/search?q=killed"))
    assert "Nine killed" in text_of(own.get(f"/search?q=killed&at={first}"))


def test_an_empty_archive_says_so(own: Own) -> None:
    assert "The archive holds no article yet" in text_of(own.get("/"))
    for path in ("/search", "/coverage", "/crawls", "/changes", "/authors", "/tags"):
        assert own.get(path).status_code == 200


def test_an_empty_result_says_what_else_the_archive_knows_of_the_words(own: Own) -> None:
    own.writing.save(article(1, category="ÉLITES Y CRIMEN", tags=("Crimen organizado",),
                             body=paragraphs("the word Zoila Quispe said")))  # fmt: skip
    shown = own.get("/search?q=crimen&lang=es&in=body")
    assert "/category/%C3%89LITES%20Y%20CRIMEN?lang=es" in read(shown).links
    assert "/tag/Crimen%20organizado?lang=es" in read(shown).links
    both = text_of(own.get('/search?q="zoila" "pancho"&lang=es'))
    assert "Cada palabra por separado: zoila 1 · pancho 0" in both
    assert "Each word by itself" not in text_of(own.get("/search?q=word+zoila"))


def test_what_a_newsroom_took_out_is_found_in_the_earlier_version(own: Own) -> None:
    own.writing.save(article(1, headline="Who said so", body=paragraphs("It was Zoila Quispe.")))
    own.writing.pass_time(days=1)
    assert "Earlier versions" not in text_of(own.get("/search?q=soila"))
    own.writing.save(article(1, headline="Who said so", body=paragraphs("It was Soila Quispe.")))
    answer = own.get("/search?q=ZOILA")
    assert "Earlier versions of articles said so" in text_of(answer)
    assert "/article/1/revision/1" in read(answer).links
    assert "Earlier versions" not in text_of(own.get("/search?q=soila"))
    assert "Earlier versions" not in text_of(own.get("/search?q=zoil"))


def test_a_damaged_reading_hides_no_other_earlier_version(own: Own) -> None:
    for number in (1, 2):
        own.writing.save(article(number, body=paragraphs("It was Zoila Quispe.")))
        own.writing.save(article(number, body=paragraphs("It was Soila Quispe.")))
    with own.writing.archive._writing() as connection:
        connection.exec_driver_sql(
            "update readings set record = x'00' where revision_id = "
            "(select max(id) from revisions where article_id = 2) - 1"
        )
    found = own.writing.archive.formerly("zoila")
    assert [(each.id, each.number) for each in found] == [(1, 1)]


@pytest.mark.parametrize(
    ("asked", "better"),
    [("ecuador O colombia", "ecuador OR colombia"), ("etiqueta:Ecuador", "tags:Ecuador")],
)
def test_spanish_operators_and_fields_are_told_in_the_query_language(
    get: Get, asked: str, better: str
) -> None:
    answer = get(f"/search?q={asked}&lang=es")
    assert f"¿Quiso decir {better} ?" in text_of(answer)
    assert re.search(r"[1-9]\d* hallados?", text_of(get(f"/search?q={better}&lang=es")))


def test_a_filter_can_be_changed_for_another_and_names_in_a_hit_keep_the_search(get: Get) -> None:
    answer = get("/search?q=puerto&language=en")
    links = [unescape(link) for link in read(answer).links]
    assert "/search?q=puerto&language=es" in links
    assert 'aria-current="true">English</a>' in answer.text
    inside = [link for link in links if "author=" in link and "q=puerto" in link]
    assert any("language=en" in link for link in inside)
    assert not [link for link in links if link.startswith(("/author/", "/category/"))]
    assert '<option value="es">Spanish</option>' in answer.text


def test_what_contradicts_itself_is_told_and_a_page_too_far_is_the_last(get: Get) -> None:
    crossed = get("/search?q=police&since=2020&until=2015&lang=es")
    assert (crossed.status_code, "termina antes de empezar" in text_of(crossed)) == (400, True)
    assert get("/search?q=police&page=99").headers["location"] == "/search?q=police&page=1"
    assert "In: " not in text_of(get("/search?in=analysis")).partition("found")[0]


def test_the_examples_of_queries_find_something_in_their_language(get: Get) -> None:
    for language in ("en", "es"):
        found = [get(f"/search?q={query}&lang=en") for query, _ in Words(language).how_to_ask()]
        assert all(answer.status_code == 200 for answer in found)
        told = [re.search(r"\d+ articles? found", text_of(answer)) for answer in found]
        assert all(told), language


# --- an article


def test_an_article_is_shown_whole_with_its_analysis_apart(
    get: Get, crawled: Path, analysed: NewsroomArticle
) -> None:
    with Archive.open(crawled) as archive:
        stored = archive.article(analysed.url)
    assert stored is not None
    answer = get(f"/article/{stored.id}")
    shown, known = text_of(answer), stored.article
    assert f'<article lang="{known.language}" dir="ltr">' in answer.text
    body, _, rest = answer.text.partition('<section class="analysis"')
    for block in known.body:
        assert " ".join(block.text.split()) in shown
        assert unescape(body).count(block.text) == 1
    for block in known.analysis or ():
        assert block.text in unescape(rest)
    for author in known.authors:
        assert author in shown
    for name, source in known.provenance.items():
        assert source.source in shown, name
    assert stored.captures[-1].sha256 in shown


def test_a_revision_has_an_address_that_goes_on_showing_it(own: Own) -> None:
    own.writing.save(article(1, headline="Nine killed", body=paragraphs("Nine were killed.")))
    own.writing.pass_time(days=1)
    own.writing.save(article(1, headline="Ten killed", body=paragraphs("Ten were killed.")))
    now, then = own.get("/article/1"), own.get("/article/1/revision/1")
    assert "<h1>Ten killed</h1>" in now.text
    assert "<h1>Nine killed</h1>" in then.text
    assert "You are reading revision 1 of 2" in text_of(then)
    assert "You are reading" not in text_of(now)
    missing = own.get("/article/1/revision/3")
    assert (missing.status_code, "it has 2" in missing.text) == (404, True)


def test_two_revisions_are_compared_word_by_word(own: Own) -> None:
    own.writing.save(article(1, body=paragraphs("It killed nine people in Cali.", "It ended.")))
    own.writing.pass_time(days=1)
    own.writing.save(article(1, body=paragraphs("It killed ten people in Cali.", "It ended.")))
    answer = own.get("/article/1/compare")
    without = re.sub(r'<span class="unseen">.*?</span>', "", answer.text)
    assert "It killed <del>nine</del> <ins>ten</ins> people in Cali." in without
    assert "[removed:" in answer.text
    assert "numbers" in text_of(answer)
    assert "Nothing that a reader reads differs" in text_of(
        own.get("/article/1/compare?from=2&to=2")
    )
    assert "It killed <del>nine</del> <ins>ten</ins>" in re.sub(
        r'<span class="unseen">.*?</span>', "", own.get("/changes").text
    )


def test_an_article_that_is_gone_says_so_and_keeps_its_text(own: Own) -> None:
    own.writing.save(article(1, body=paragraphs("Words that stay.")))
    own.writing.gone(1)
    shown = text_of(own.get("/article/1"))
    assert "this page is no more" in shown
    assert "Words that stay." in shown


def test_links_lead_into_the_archive_where_it_holds_their_target(own: Own) -> None:
    target, other = article(1, headline="The target"), "https://elsewhere.example/x"
    own.writing.save(target)
    own.writing.save(
        article(
            2,
            see_also=(Pointer(target.url, "Look here"), Pointer(other, "Look there")),
            citations=(Citation("these words", target.url, internal=True),),
        )
    )
    links = read(own.get("/article/2")).links
    assert "/article/1" in links
    assert other in links
    assert target.url not in links
    pointed = own.get("/article/1")
    assert "/article/2" in read(pointed).links
    assert "Headline 2" in text_of(pointed)


def test_translations_stand_side_by_side_each_in_its_language(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        ids = [hit.id for hit in archive.search(None, limit=None)]
        pairs = [
            (number, link.id)
            for number in ids
            for link in archive.links_from(number)
            if link.role == "translation"
        ]
    assert pairs
    left, right = pairs[0]
    assert f"/article/{left}/beside/{right}" in read(get(f"/article/{left}")).links
    answer = get(f"/article/{left}/beside/{right}")
    assert 'lang="es" dir="ltr"' in answer.text
    assert 'lang="en" dir="ltr"' in answer.text


def test_translations_are_aligned_and_what_one_lacks_is_said() -> None:
    def texts(*lengths: int) -> tuple[Any, ...]:
        return paragraphs(*("x" * length for length in lengths))

    pairs = list(aligned(texts(100, 300, 40), texts(110, 45)))
    assert [(one and len(one.text), other and len(other.text)) for one, other in pairs] == [
        (100, 110), (300, None), (40, 45),
    ]  # fmt: skip
    numbered = list(aligned(paragraphs("In 2011", "In 2012"), paragraphs("En 2012")))
    assert [other and other.text for _, other in numbered] == [None, "En 2012"]
    assert len(list(aligned(texts(*[9] * 500), texts(*[9] * 400)))) == 500
    assert list(aligned((), ())) == []


def edits_of_a_year(own: Own) -> None:
    """Twelve articles of one day get another label on one day; one is edited twice, one goes."""
    for number in range(12):
        own.writing.save(
            article(number, category="PRISONS", published=f"2020-0{number % 3 + 1}-05")
        )
    own.writing.pass_time(days=40)
    for number in range(12):
        own.writing.save(article(number, category="Jails", published=f"2020-0{number % 3 + 1}-05"))
    own.writing.pass_time(days=40)
    said = {"category": "Jails", "published": "2020-01-05"}
    own.writing.save(article(0, body=paragraphs("Seven were hurt."), **said))
    own.writing.pass_time(days=1)
    own.writing.save(article(0, body=paragraphs("Eleven were hurt."), **said))
    own.writing.gone(5)


def test_edits_are_counted_over_time_and_what_changed_alike_is_one_entry(own: Own) -> None:
    edits_of_a_year(own)
    page = own.get("/changes")
    assert "3 edits seen in 2 articles, and 12 pages after a redesign" in text_of(page)
    assert page.text.count('class="edit"') == 4
    assert "12 pages of example after a redesign" in text_of(page)
    bars = re.findall(r'aria-label="([^"]+ edits?[^"]*)"', page.text)
    assert bars == ["April 2026: 12 edits, 12 of them many at once", "May 2026: 3 edits"]
    assert "+12 ↑" in page.text, "a pale bar that is cut says how high it is"
    # a bar leads to the edits of its month, and these are told by their days
    april = next(link for link in read(page).links if "edited_until=2026-04" in link)
    assert "0 edits seen in 0 articles, and 12 pages after a redesign" in text_of(own.get(april))


def test_edits_have_classes_with_numbers_and_carry_the_filters_of_a_search(own: Own) -> None:
    edits_of_a_year(own)
    page = own.get("/changes")
    numbers = next(link for link in read(page).links if "kind=numbers" in link)
    assert re.search(r"numbers</a> <span class=\"count\">1</span>", page.text)
    told = text_of(own.get(numbers))
    assert "1 edit seen in 1 article" in told
    assert "What changed: numbers: 1 edit seen in the archive news.db by " in told, "on paper"
    assert "All edits: 3 edits seen in the archive" in text_of(page)
    results = own.get("/search?q=hurt&until=2020-01&lang=es")
    onward = next(link for link in read(results).links if link.startswith("/changes?q=hurt"))
    assert "2 cambios vistos en 1 artículo, y 1 página tras un rediseño" in text_of(own.get(onward))
    assert "Published from" in own.get("/changes?since=2020").text
    assert own.get("/changes?since=x").status_code == 400
    assert own.get("/changes?page=99").headers["location"].endswith("page=1")


def test_edits_that_there_is_no_time_to_compare_are_told(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits_of_a_year(own)
    monkeypatch.setattr("scripts.desk.editing._SECONDS_TO_TELL", -1)
    assert "14 older changes are not counted yet" in text_of(own.get("/changes"))
    monkeypatch.setattr("scripts.desk.editing._SECONDS_TO_TELL", 60)
    assert "not counted yet" not in text_of(own.get("/changes"))
    monkeypatch.setattr("scripts.desk.editing._SECONDS_TO_TELL", -1)
    assert "3 edits seen" in text_of(own.get("/changes?lang=en")), "what was told is remembered"


@pytest.mark.parametrize("asked", ["", "site=faro", "category=extortion&by=month", "edited=1"])
@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_a_plot_is_taken_away_without_any_words_too(get: Get, asked: str, ending: str) -> None:
    given = get(f"/timeline.{ending}?{asked}")
    assert given.status_code == 200
    assert given.content[:4] in (b"\x89PNG", b"<?xm", b"\xef\xbb\xbfy", b"\xef\xbb\xbfm")


def test_edits_are_taken_away_with_their_words(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    edits_of_a_year(own)
    given = own.get("/changes.csv?kind=numbers")
    rows = list(csv.DictReader(io.StringIO(given.text.removeprefix("\ufeff"))))
    assert [(row["before"], row["after"]) for row in rows] == [
        ("Seven were hurt.", "Eleven were hurt.")
    ]
    assert "hemeroteca-edits-" in given.headers["content-disposition"]
    monkeypatch.setattr("scripts.desk.editing._MOST_TAKEN", 3)
    assert "15 cambios son más" in text_of(own.get("/changes.csv?lang=es"))


def test_a_search_is_drawn_by_months_and_as_a_share_of_all_articles(own: Own) -> None:
    own.writing.pass_time(days=30)
    for number, day in enumerate(("2024-05-01", "2024-05-02", "2025-07-01", "2026-02-01")):
        text = "a harbour" if number != 1 else "a mine"
        own.writing.save(article(number, published=day, body=paragraphs(text)))
    plain = own.get("/search?q=harbour&by=year")
    assert re.findall(r'<div class="numbers".*?</div>', plain.text)[0].count(">1<") == 3
    assert "2026 to 31 Mar" in text_of(plain), "the last year is not over"
    share = next(link for link in read(plain).links if "measure=share" in link)
    drawn = own.get(share)
    assert "Share of all articles by year, 2024 to 2026" in text_of(drawn)
    assert 'aria-label="2024: 1 article, 50.0% of all articles, with gaps"' in drawn.text
    months = own.get("/search?q=harbour&by=month&lang=es")
    assert "Artículos por mes, de mayo de 2024 a febrero de 2026" in text_of(months)
    assert months.text.count('<rect class="room"') == 22


def test_articles_that_are_no_translations_say_so_side_by_side(get: Get) -> None:
    warning = "No page says that these two are translations"
    assert warning not in text_of(get("/article/3/beside/4"))
    assert warning in text_of(get("/article/3/beside/50"))


HOSTILE_PAGE = """<!doctype html><html><head><base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=http://evil.example/">
<link rel="preconnect" href="http://evil.example"><LINK rel=stylesheet href=a.css>
<style>@import url(http://evil.example/b.css); p { background: url(http://evil.example/c) }</style>
<script>document.title = "run"</script></head><body onload="document.title = 'run'">
<scr<script>ipt></script>ipt>document.title = "run"</script>
<iframe src="http://evil.example/"></iframe><img src="http://evil.example/d.png" onerror="x()">
<li<link>nk rel=preconnect href=http://evil.example><p>Niños heridos</p>
<form action="http://evil.example/"><input autofocus onfocus="document.title = 'run'"></form>
<object data="http://evil.example/"></object><svg onload="document.title = 'run'"></svg>"""


def hostile_capture(writing: Writing, elsewhere: str = "http://evil.example/") -> str:
    """The address of a capture that means harm, as a page to look at."""
    page = HOSTILE_PAGE.replace("http://evil.example/", elsewhere)
    body = gzip.compress(page.encode("cp1252"))
    headers = (("Content-Type", "text/html; charset=iso-8859-1"), ("Content-Encoding", "gzip"))
    writing.save(article(1), body, headers=headers)
    return f"/capture/{hashlib.sha256(body).hexdigest()}/page"


def test_a_capture_is_shown_with_nothing_that_acts_or_loads(own: Own) -> None:
    shown = own.get(hostile_capture(own.writing))
    assert shown.status_code == 200
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow" not in policy
    assert "script" not in policy
    assert re.findall("<base[^>]*>", shown.text) == ['<base href="https://example.org/news/1">']
    for tag in ("<script", "<link", "<iframe", "<object", 'http-equiv="refresh"'):
        assert tag not in shown.text.lower(), tag
    assert "Niños heridos" in shown.text
    assert "As it was captured: https://example.org/news/1" in text_of_hostile(shown)
    back = next(link for link in re.findall('href="http://localhost(/article[^"]+)"', shown.text))
    assert own.get(unescape(back)).headers["location"] == "/article/1/revision/1"
    assert "sandbox" not in own.get("/article/1").headers["content-security-policy"]
    assert "look at the page as captured" in text_of(own.get("/article/1"))


def text_of_hostile(answer: httpx.Response) -> str:
    return " ".join(re.sub("<[^>]*>", " ", answer.text).split())


def test_a_capture_that_is_no_page_is_told(own: Own) -> None:
    own.writing.save(article(1), b"%PDF", headers=(("Content-Type", "application/pdf"),))
    shown = own.get(f"/capture/{hashlib.sha256(b'%PDF').hexdigest()}/page")
    assert shown.status_code == 404
    assert "no page that can be shown (application/pdf)" in text_of(shown)
    assert own.get(f"/capture/{'0' * 64}/page").status_code == 404


def test_a_list_of_revisions_says_what_each_changed(own: Own) -> None:
    own.writing.save(article(1, body=paragraphs("It killed 12 people.")))
    own.writing.save(article(1, body=paragraphs("It killed 14 people.")))
    assert re.search(r"UTC</a> <span class=\"aside\">numbers</span>", own.get("/article/1").text)


def test_edits_are_narrowed_down_by_kind_words_and_day(own: Own) -> None:
    for number, said in ((1, "alpha"), (2, "beta")):
        own.writing.save(article(number, headline=f"On {said}", body=paragraphs(f"{said} 9 dead")))
    own.writing.pass_time(days=1)
    own.writing.save(article(1, headline="On alpha", body=paragraphs("alpha 12 dead")))
    own.writing.save(article(2, headline="On beta too", body=paragraphs("beta 9 dead")))
    own.writing.gone(2)

    def found(arguments: str) -> list[str]:
        return re.findall(r'id="edit-\d+"><a href="/article/(\d+)"', own.get(arguments).text)

    assert found("/changes") == ["2", "2", "1"]
    assert found("/changes?kind=numbers") == ["1"]
    assert found("/changes?q=beta&kind=headline") == ["2"]
    assert found("/changes?edited=2099") == []
    assert "read the text that was kept" in text_of(own.get("/changes?kind=gone"))
    assert own.get("/changes?q=(").status_code == 400
    assert own.get("/article/1/compare?from=1&to=9").status_code == 404


def test_a_list_of_names_goes_by_name_too(get: Get) -> None:
    names = [link for link in read(get("/authors?sort=name")).links if link.startswith("/author/")]
    assert names == sorted(names, key=lambda link: folded(unquote(link)))
    assert "Joaquín Núñez" in text_of(get("/author/joaquin%20nunez")).partition("Author")[2]


def test_a_citation_comes_in_every_form_and_as_a_file(get: Get) -> None:
    page = get("/article/40/cite")
    assert "@" in page.text
    for ending, sign in (("txt", "SHA-256"), ("bib", "@"), ("ris", "TY  - "), ("json", '"id"')):
        answer = get(f"/article/40/cite.{ending}")
        assert sign in answer.text
        assert f"hemeroteca-40.{ending}" in answer.headers["content-disposition"]
        assert " ".join(answer.text.split()) in text_of(page)


def test_the_record_is_the_one_that_show_prints(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        stored = archive.article(40)
    assert stored is not None
    assert get("/article/40.json").json() == stored.to_dict()


def test_an_address_of_the_web_leads_to_its_article(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        stored = archive.article(40)
    assert stored is not None
    answer = get(f"/article?url={stored.article.url}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/article/40")
    assert get("/article?url=https://nowhere.example/").status_code == 404


# --- authors, tags, sites, coverage, crawls


@pytest.mark.parametrize(
    ("subject", "listing"),
    [("author", "authors"), ("category", "categories"), ("tag", "tags"), ("site", "sites")],
)
def test_each_name_of_a_list_has_a_page_with_its_articles(
    get: Get, crawled: Path, subject: str, listing: str
) -> None:
    with Archive.open(crawled) as archive:
        rows = [row for row in archive.stats(subject) if row["key"]]
    links = [link for link in read(get(f"/{listing}")).links if link.startswith(f"/{subject}/")]
    assert len(links) == len(rows)
    for link, row in list(zip(links, rows, strict=True))[:5]:
        answer = get(link)
        assert answer.status_code == 200
        assert f"{row['articles']} article" in text_of(answer), link


@pytest.mark.parametrize("name", ["A/B", "100%", "¿Qué?", "a.json", "..", "C#", "+", "日本 語"])
def test_names_of_any_letters_have_a_page(own: Own, name: str) -> None:
    own.writing.save(article(1, authors=(name,)))
    link = next(link for link in read(own.get("/article/1")).links if "/author/" in link)
    answer = own.get(link)
    assert answer.status_code == 200, link
    assert name in text_of(answer)


def test_coverage_holds_listed_against_stored(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        rows = archive.coverage()
    shown = text_of(get("/coverage"))
    assert str(sum(row["listed"] for row in rows)) in shown
    assert f"{sum(row['stored'] for row in rows)}" in shown


def test_crawls_stand_with_what_they_brought(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        (crawl,) = archive.crawls()
    shown = text_of(get("/crawls"))
    assert crawl.report is not None
    assert "finished" in shown
    assert f" {crawl.report['new']} " in shown


def nights_of(own: Own) -> None:
    """Five nights, of which one without a run, one that failed and one that was cut."""
    archive, now = own.writing.archive, own.writing.now
    archive.finish_crawl(1, {"new": 5, "fetched": 6, "lists_read": 1}, now, "finished")
    reports: list[tuple[int, dict[str, Any] | None, str]] = [
        (1, {"new": 2, "revised": 1, "fetched": 4, "failed": {"timeout": 3}, "listed": 9,
             "usual": {"runs": 4, "new": 2.0, "revised": 0.5}, "stopped_by": "limit",
             "lists_to_end": False, "lists_read": 1}, "finished"),
        (3, {"new": 0, "fetched": 0, "put_back": {"the host is in trouble": 7},
             "lists_failed": {"https://example.org/feed": "it can't be reached"}}, "finished"),
        (4, None, ""),
    ]  # fmt: skip
    for days, report, outcome in reports:
        began = now + timedelta(days=days)
        number = archive.start_crawl("example", "due", {}, began)
        if report is not None:
            archive.finish_crawl(number, report, began + timedelta(minutes=4), outcome)


def test_the_nights_are_drawn_and_a_night_without_a_run_is_hatched(own: Own) -> None:
    nights_of(own)
    page = own.get("/crawls")
    bars = re.findall(r'aria-label="(\d+ March 2026: [^"]+)"', page.text)
    assert bars == ["1 March 2026: 5", "2 March 2026: 2", "2 March 2026: 1", "2 March 2026: 3",
                    "4 March 2026: 8"]  # fmt: skip
    assert page.text.count('fill="url(#night-new-gap)"') == 1
    assert "<title>3 March 2026: 0, no run</title>" in page.text
    shown = text_of(page)
    assert "Nothing rings." in shown
    assert "The last run began 5 March 2026" in shown
    assert "the site could not be reached" in shown
    assert "running or killed" in shown
    day = next(link for link in read(page).links if "day=2026-03-04" in link)
    assert text_of(own.get(day)).count("the site could not be reached") == 1
    assert own.get("/crawls?day=never").status_code == 400
    assert "Noche a noche" in text_of(own.get("/crawls?lang=es&days=365"))


def test_a_run_is_told_with_its_reasons_and_what_is_usual(own: Own) -> None:
    nights_of(own)
    shown = text_of(own.get("/crawls/2"))
    assert "New articles 2 2" in shown, "beside what is usual"
    assert "timeout 3" in shown
    assert "stopped by --limit. Its lists were not read to their end" in shown
    assert "https://example.org/feed it can't be reached" in text_of(own.get("/crawls/3"))
    assert "This run left no report" in text_of(own.get("/crawls/4"))
    assert own.get("/crawls/99").status_code == 404
    assert own.get("/crawls/99999999999999999999").status_code == 404


def test_what_is_missing_is_listed_with_the_reason_and_what_comes_next(own: Own) -> None:
    own.writing.save(article(1, published="2020-05-17"))
    archive, now = own.writing.archive, own.writing.now
    founds = [
        Found(address(name), datetime(2020, month, 1, tzinfo=UTC), "sitemap")
        for name, month in (("kept-out", 5), ("broken", 7))
    ]
    archive.enlist("example", [*founds, Found(address("late"), None, "feed")],
                   crawl_id=own.writing.crawl_id, now=now)  # fmt: skip
    about: Any = {"site": "example", "crawl_id": own.writing.crawl_id, "now": now}
    archive.refuse(address("kept-out"), reason="robots.txt", next_due_at=None, **about)
    archive.fail(address("broken"), reason="status 500", retry_at=datetime(2099, 1, 2, tzinfo=UTC),
                 **about)  # fmt: skip
    shown = text_of(own.get("/missing?lang=es"))
    assert "Faltan 3 direcciones" in shown
    assert f"{address('kept-out')} No se permite pedirla: lo prohíbe el robots.txt" in shown
    assert "No se vuelve a pedir por sí sola." in shown
    assert "status 500. Se volverá a pedir a partir del 2 de enero de 2099" in shown
    assert f"{address('late')} Aún no se ha pedido. El próximo rastreo la pedirá." in shown
    assert shown.index("broken") < shown.index("kept-out") < shown.index("late")
    only = own.get("/missing?site=example&since=2020-05&until=2020-05")
    assert "1 address is missing" in text_of(only)
    assert "/missing?site=example&since=2020-05&until=2020-05" in map(
        unescape, read(own.get("/coverage")).links
    )
    assert own.get("/missing?since=x").status_code == 400


def test_coverage_tells_a_month_of_nothing_from_one_at_which_nobody_looked(own: Own) -> None:
    archive, crawl_id = own.writing.archive, own.writing.crawl_id
    founds = [Found(address(number), None, "sitemap") for number in (1, 2)]
    archive.enlist("example", founds, crawl_id=crawl_id, now=own.writing.now)
    for number, day in ((1, "2020-01-05"), (2, "2020-03-05")):
        own.writing.save(article(number, published=day))
    shown = text_of(own.get("/coverage"))
    assert "No crawl looked at this time: from January 2020 to March 2020" in shown
    assert "February 2020 Gap no crawl looked at that time" in shown
    archive.finish_crawl(crawl_id, {}, own.writing.now, "finished")
    shown = text_of(own.get("/coverage"))
    assert "No crawl looked at this time" not in shown
    assert "February 2020 nothing was listed" in shown


def test_an_edited_article_says_so_where_it_is_listed_and_read(own: Own) -> None:
    own.writing.save(article(1, headline="Nine killed"))
    own.writing.save(article(2, headline="Left alone"))
    assert "edited" not in text_of(own.get("/search")).partition("1 month")[2]
    own.writing.pass_time(days=1)
    own.writing.save(article(1, headline="Ten killed"))
    own.writing.gone(2)
    for path in ("/search", "/search?q=killed", "/author/Ana Ruiz", "/"):
        assert "/article/1/compare" in read(own.get(path)).links, path
        assert "/article/2/compare" not in read(own.get(path)).links, path
    assert "gone from the site" in text_of(own.get("/"))
    shown = text_of(own.get("/article/1"))
    assert "Edited since it was first captured: 1 change seen, the last on" in shown
    assert "Edited since" not in text_of(own.get("/article/2"))


def test_a_list_says_in_which_other_language_an_article_stands(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        hits = archive.search(None, limit=None)
        remarks = archive.remarks([hit.id for hit in hits])
        told = {hit.id: remarks[hit.id].translations for hit in hits}
    number, ((language, other),) = next((n, pairs) for n, pairs in told.items() if pairs)
    assert (told[other][0][1], language) == (number, "es" if language == "es" else "en")
    headline = next(hit.headline for hit in hits if hit.id == number)
    answer = get(f'/search?q="{headline}"')
    spoken = {"en": "English", "es": "Spanish"}[str(language)]
    link = f'<a href="/article/{other}" hreflang="{language}">also in {spoken}</a>'
    assert link in answer.text


def test_a_search_of_a_past_day_leads_to_the_text_of_that_day(own: Own) -> None:
    own.writing.save(article(1, headline="Nine killed"))
    first = own.writing.now.date()
    own.writing.pass_time(days=3)
    own.writing.save(article(1, headline="Ten killed"))
    page = own.get(f"/search?q=killed&at={first}&lang=en")
    link = next(link for link in read(page).links if link.startswith("/article/1?"))
    answer = own.get(unescape(link))
    assert answer.headers["location"] == "/article/1/revision/1?lang=en"
    table = own.get(f"/search.csv?q=killed&at={first}").content.decode("utf-8-sig")
    assert [row["headline"] for row in csv.DictReader(io.StringIO(table))] == ["Nine killed"]
    counted = own.get(f"/timeline.csv?q=nine&at={first}").content.decode("utf-8-sig")
    assert [row["articles"] for row in csv.DictReader(io.StringIO(counted))] == ["1"]
    before = own.get("/article/1?at=2001-01-01")
    assert (before.status_code, "was first captured on" in before.text) == (404, True)
    assert own.get("/article/1?at=soon").status_code == 400


def test_an_address_to_share_finds_a_capture_by_itself_and_not_by_its_number(own: Own) -> None:
    own.writing.save(article(1, headline="Nine killed"), b"nine")
    own.writing.pass_time(days=3)
    own.writing.save(article(1, headline="Ten killed"), b"ten")
    shared = {
        number: next(
            unescape(link)
            for link in read(own.get(f"/article/1/revision/{number}")).links
            if link.startswith("/article?url=")
        )
        for number in (1, 2)
    }
    for number, link in shared.items():
        assert own.get(link).headers["location"] == f"/article/1/revision/{number}"
    unknown = re.sub(r"sha256=\w+", f"sha256={'0' * 64}", shared[1])
    answer = own.get(unknown)
    assert answer.headers["location"].startswith("/article/1/revision/1?wanted=")
    assert "names a capture that this archive lacks" in text_of(own.get(answer.headers["location"]))
    sha256 = hashlib.sha256(b"nine").hexdigest()
    assert f"sha256={sha256}" in shared[1]
    page, sheet = own.get("/article/1"), own.get("/-/static-plugins/scripts.desk/desk.css").text
    printed = re.search(r'<p class="(\w+)">Address to share', page.text)
    assert printed
    assert f".{printed[1]}" not in sheet.partition("@media print")[2], "it stands on paper"
    bytes_ = own.get(f"/capture/{sha256}")
    assert (bytes_.content, bytes_.headers["content-type"]) == (b"nine", "application/octet-stream")
    assert "attachment" in bytes_.headers["content-disposition"]
    assert own.get(f"/capture/{'0' * 64}").status_code == 404


# --- as data


def data_links(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'<p class="data">(.*?)</p>', page.text, re.DOTALL)
    assert found, "the page has no links to its rows as data"
    pairs = re.findall(r'<a href="([^"]+)">(\w+)</a>', found[1])
    return {name: unescape(href) for href, name in pairs}


@pytest.mark.parametrize(
    "path",
    ["/", "/article/40", "/article/40/compare", "/article/3/beside/4", "/authors", "/tags",
     "/categories", "/sites", "/coverage", "/crawls", "/changes"],
)  # fmt: skip
def test_every_page_has_its_rows_as_sql_csv_and_json(get: Get, path: str) -> None:
    links = data_links(get(path))
    assert get(links["SQL"]).status_code == 200
    table = list(csv.reader(io.StringIO(get(links["CSV"]).text)))
    found = get(links["JSON"]).json()
    rows = found.get("rows", [found])
    assert rows or path == "/changes"
    assert len(table) == len(rows) + 1


def taken(answer: httpx.Response, ending: str) -> str:
    """The name of the file that an answer is."""
    assert answer.status_code == 200
    found = re.fullmatch(r'attachment; filename="(.*)"', answer.headers["content-disposition"])
    assert found
    assert found[1].endswith(f".{ending}")
    return found[1]


def test_what_was_found_is_a_file_that_a_spreadsheet_opens(get: Get, crawled: Path) -> None:
    answer = get("/search.csv?q=extortion+OR+extorsi%C3%B3n&language=es")
    assert re.match(r"hemeroteca-extortion-or-extorsion-\d{4}-\d\d-\d\d", taken(answer, "csv"))
    assert answer.content.startswith(b"\xef\xbb\xbfid,")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    with Archive.open(crawled) as archive:
        records = list(archive.articles(query="extortion OR extorsión", language="es"))
    assert len(records) == 3
    assert [row["headline"] for row in table] == [each["headline"] for each in records]
    assert [row["capture_sha256"] for row in table] == [each["capture_sha256"] for each in records]
    assert {"language", "tags", "kicker", "deck", "captured_at"} <= set(table[0])
    assert "score" not in table[0]
    assert "body_text" not in table[0]


def test_a_workbook_has_days_and_says_what_was_asked_of_which_archive(
    get: Get, crawled: Path
) -> None:
    answer = get("/search.xlsx?q=extorsi%C3%B3n")
    taken(answer, "xlsx")
    sheets = cells_of(answer.content)
    head, *rows = sheets["articles"]
    assert (head["A"], len(rows)) == ("id", 3)
    about = {row["A"]: row["B"] for row in sheets["about"]}
    assert (about["archive"], about["query"], about["rows"]) == (crawled.name, "extorsión", "3")
    assert about["complete"].startswith("0.")
    column = next(column for column, name in head.items() if name == "published_on")
    assert all(re.fullmatch(r"4\d{4}", row[column]) for row in rows), "a day is a number in Excel"


def test_a_plot_and_its_numbers_are_taken_away(get: Get, crawled: Path) -> None:
    page = get("/search?q=extortion&lang=es")
    links = {unescape(link) for link in read(page).links if link.startswith("/timeline.")}
    assert len(links) == 4
    for link in links:
        answer = get(link)
        ending = link.partition("?")[0].rpartition(".")[2]
        name = taken(answer, ending)
        assert ("share" in name) == ("measure=share" in link)
        if ending == "png":
            assert answer.content.startswith(b"\x89PNG")
        elif ending == "svg":
            assert "Artículos por año: extortion" in answer.text
        else:
            table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
            with Archive.open(crawled) as archive:
                counted = archive.stats("year", query="extortion")
            assert [int(row["articles"]) for row in table] == [row["articles"] for row in counted]
            assert {"share", "listed", "complete", "gap"} <= set(table[0])


def test_more_than_a_page_gives_away_is_not_offered(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        own.writing.save(article(number, published=f"201{number}-01-01"))
    assert "/search.csv" in own.get("/search").text
    for module in ("finding", "taking"):
        monkeypatch.setattr(f"scripts.desk.{module}.MOST_TAKEN", 1)
    assert "/search.csv" not in own.get("/search").text
    answer = own.get("/search.csv")
    assert (answer.status_code, "hemeroteca export" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "path", ["/search.csv?q=(", "/timeline.png?since=x", "/search.xlsx?at=soon"]
)
def test_a_file_that_can_not_be_made_is_a_sentence(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_an_excerpt_says_so_on_every_page_and_in_what_is_cited(
    crawled: Path, tmp_path: Path, get: Get
) -> None:
    with Archive.open(crawled) as archive:
        every = sum(archive.sites().values())
        taken = archive.publish(tmp_path / "part.db", query="police", since="2015")
    with Archive.open(tmp_path / "part.db") as archive:
        datasette = desk_of(archive)
        ask = asking(datasette)
        said = f"an excerpt of another: {taken} of {every} articles"
        for path in ("/", "/search?q=police", "/coverage", "/changes", "/archive/v_articles"):
            assert said in text_of(ask(path)), path
        told = text_of(ask("/search?q=police"))
        assert told.count(said) > 2, "neither the page's head nor what is to be cited"
        assert "“police”; From: 2015" in told
        assert "es un extracto de otro" in text_of(ask("/?lang=es"))
        datasette.close()
    assert "excerpt" not in text_of(get("/"))


def test_a_search_can_be_cited_in_words_and_pinned_to_today(get: Get) -> None:
    answer = get("/search?q=extorsi%C3%B3n&language=es&lang=es")
    shown = text_of(answer)
    assert re.search(
        r"«extorsión»; Idioma: español: 3 artículos hallados en el archivo \S+ el \d+ de", shown
    )
    assert "de lo que sus sitios listaron para ese tiempo" in shown
    pinned = next(unescape(link) for link in read(answer).links if "at=" in link)
    assert "3 hallados" in text_of(get(pinned))


def cells_of(workbook: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of a workbook's sheets, each with its cells by column, as texts."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        names = re.findall(r'<sheet name="(\w+)"', package.read("xl/workbook.xml").decode())
        return {
            name: [
                {
                    column: unescape(text)
                    for column, text in re.findall(
                        r'<c r="([A-Z]+)\d+".*?<(?:v|t)[^>]*>([^<]*)</', row
                    )
                }
                for row in re.findall(
                    r"<row .*?</row>", package.read(f"xl/worksheets/sheet{at}.xml").decode(), re.S
                )
            ]
            for at, name in enumerate(names, 1)
        }


# --- what it never does


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_sent(get: Get, method: str) -> None:
    for path in ("/", "/archive", "/archive/articles", "/-/logout"):
        assert get(path, method).status_code == 405


@pytest.mark.parametrize(
    "statement",
    ["delete from articles", "update articles set headline=''", "drop table articles",
     "insert into tags values (1,'a','a')", "attach 'x.db' as x", "vacuum", "pragma query_only=0",
     "with a as (select 1) delete from articles", "replace into tags values (1,'a','a')"],
)  # fmt: skip
def test_no_statement_writes(get: Get, crawled: Path, statement: str) -> None:
    before = crawled.read_bytes()
    assert get(f"/archive.json?sql={statement}").status_code == 400
    assert crawled.read_bytes() == before


def test_datasettes_own_connection_writes_nothing_either(crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        datasette = desk_of(archive)
        database = datasette.get_database("archive")
        with pytest.raises(Exception, match=r"readonly|query_only|attempt to write"):
            asyncio.run(database.execute_write("delete from articles"))
        datasette.close()


def test_a_statement_that_never_ends_is_stopped(
    crawled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "sql_time_limit_ms", 100)
    endless = "with recursive n(x) as (select 1 union all select x-1 from n) select max(x) from n"
    with Archive.open(crawled) as archive:
        datasette = desk_of(archive)
        answer = asking(datasette)(f"/archive?sql={endless}")
        datasette.close()
    assert answer.status_code == 400
    assert "SQL Interrupted" in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "localhost.evil.example", ""]
)
def test_a_name_that_is_not_its_own_gets_no_answer(get: Get, host: str) -> None:
    answer = get("/", host=host)
    assert answer.status_code == 421
    assert "Hemeroteca" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:8001", "[::1]:8001", "192.168.0.7"])
def test_its_names_and_numbers_get_an_answer(get: Get, host: str) -> None:
    assert get("/", host=host).status_code == 200


@pytest.mark.parametrize(
    "path", ["/-/threads", "/-/settings.json", "/-/databases", "/-/messages", "/_internal"]
)
def test_nothing_is_told_of_the_machine(get: Get, path: str) -> None:
    assert get(path).status_code == 404


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture
def hostile(own: Own) -> Own:
    link = "javascript:alert(document.domain)"
    wild = replace(
        article(1),
        headline=f"{HOSTILE} one",
        deck=HOSTILE,
        kicker=HOSTILE,
        category="'\"><svg onload=alert(1)>",
        authors=(HOSTILE, '"onmouseover="alert(1)'),
        tags=(HOSTILE, "=cmd|' /C calc'!A0"),
        notices=(HOSTILE,),
        licence=link,
        body=paragraphs(HOSTILE, "{{ 7*7 }} {% for %} needle"),
        analysis=paragraphs(HOSTILE),
        images=(Image(link, HOSTILE, HOSTILE, HOSTILE), Image("https://x.example/spy.png", "c")),
        see_also=(Pointer(link, "see"), Pointer("data:text/html,<script>1</script>", "data")),
        related=(Pointer("//evil.example", HOSTILE, HOSTILE, "2020-01-01", HOSTILE),),
        citations=(Citation("cited", link, internal=False),),
        provenance={HOSTILE: Source(HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),))},
    )
    own.writing.save(wild)
    own.writing.pass_time(days=1)
    own.writing.save(replace(wild, headline=f"=1+1 {HOSTILE}", body=paragraphs("needle" + HOSTILE)))
    return own


def test_what_a_hostile_page_says_is_text_on_every_page(hostile: Own) -> None:
    paths = [
        "/", "/search", "/search?q=needle", "/article/1", "/article/1/revision/1",
        "/article/1/compare", "/article/1/beside/1", "/article/1/cite", "/changes", "/authors",
        "/tags", "/categories", "/coverage", "/crawls", "/archive/articles", "/archive/v_articles",
        "/archive?sql=select+*+from+v_articles", "/archive/articles/1",
    ]  # fmt: skip
    for path in paths:
        answer = hostile.get(path)
        assert answer.status_code == 200, path
        page = read(answer)  # which refuses every on… attribute
        assert not {"script", "img"} & set(page.tags), path
        assert page.tags.count("svg") <= 2, path
        bad = [link for link in page.links if re.match(r"\s*(javascript|data|//)", link)]
        assert bad == [], path
    assert "{{ 7*7 }}" in hostile.get("/article/1/revision/1").text


def test_a_query_is_text_too(get: Get) -> None:
    answer = get(f"/search?q={HOSTILE}&tag={HOSTILE}")
    assert not {"script", "img"} & set(read(answer).tags)


def test_no_cell_of_a_table_that_is_taken_away_is_a_formula(hostile: Own) -> None:
    for path in ("/archive/articles.csv", "/archive.csv?sql=select+headline,id+from+articles"):
        rows = list(csv.reader(io.StringIO(hostile.get(path).text)))
        cells = [cell for row in rows for cell in row]
        assert any(cell.startswith("'=1+1") for cell in cells), path
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], path


def test_a_crawl_may_write_while_the_desk_is_open(own: Own) -> None:
    assert "Headline 1" not in own.get("/search").text
    own.writing.save(article(1))
    assert "Headline 1" in own.get("/search").text
    assert own.get("/archive/articles.json").json()["filtered_table_rows_count"] == 1


# --- timelines


def test_a_timeline_has_no_hole_and_becomes_years_when_it_is_long() -> None:
    rows = [{"key": "2001-11", "articles": 1}, {"key": "2002-02", "articles": 2}]
    months = timeline_of(rows)
    assert [bar.key for bar in months.bars] == ["2001-11", "2001-12", "2002-01", "2002-02"]
    years = timeline_of([*rows, {"key": "2019-01", "articles": 3}, {"key": None, "articles": 4}])
    assert (years.unit, len(years.bars), years.undated) == ("year", 19, 4)
    assert [bar.articles for bar in years.bars if bar.articles] == [1, 2, 3]
    assert len(axis_of(years, Words("en"))) == 19


def test_a_mistyped_year_does_not_stretch_a_timeline() -> None:
    rows = [{"key": "0201-01", "articles": 1}, {"key": "2019-01", "articles": 2}]
    timeline = timeline_of(rows)
    assert ([bar.key for bar in timeline.bars], timeline.undated) == (["2019-01"], 1)


def test_gaps_are_shaded_and_told(own: Own) -> None:
    rows = [{"key": "2019-01", "articles": 2}, {"key": "2019-03", "articles": 2}]
    gaps = [{"month": "2019-02", "listed": 5, "stored": 2, "complete": 0.4}]
    gaps[0] |= {"seen": True, "gap": True}
    timeline = timeline_of(rows, gaps)
    assert [bar.has_gap for bar in timeline.bars] == [False, True, False]
    assert numbers_of(timeline, Words("en")) == ["2", "", "2"]
    assert Words("en")("gap_legend").startswith("Hatched")


def test_the_months_of_a_timeline_are_named_and_a_peak_only_where_there_is_one() -> None:
    rows = [{"key": "2018-02", "articles": 1}, {"key": "2018-04", "articles": 1}]
    timeline = timeline_of(rows)
    assert axis_of(timeline, Words("es")) == ["feb\n2018", "mar", "abr"]
    assert "nunca más de 1" in summary(timeline, Words("es"), "Artículos")
    peaked = timeline_of([*rows, {"key": "2018-03", "articles": 2}])
    assert "the most, 2, in March 2018" in summary(peaked, Words("en"), "Articles")


@pytest.mark.parametrize("asked", ["q=needle", "author=Ana+Ruiz", "q=needle&language=en"])
def test_a_timeline_spans_all_the_time_of_the_archive_and_shows_its_gaps(
    own: Own, asked: str
) -> None:
    needle, ana = paragraphs("a needle"), ("Ana Ruiz",)
    own.writing.save(article(1, published="2010-01-05", authors=("Iván Paz",)))
    own.writing.save(article(2, published="2016-03-05", body=needle, authors=ana))
    own.writing.save(article(3, published="2022-06-05", authors=("Iván Paz",)))
    answer = own.get(f"/search?{asked}")
    shown = text_of(answer)
    assert "1 article found" in shown
    for told in ("2010: 0 articles", "2016: 1 article", "2022: 0 articles"):
        assert told in shown
    assert answer.text.count("<title>20") == 13
    with Archive.open(own.writing.archive.path or "") as archive:
        rows = archive.stats("year", query="needle")
    drawn = re.findall(r"<title>(\d{4}): \d+ articles?(, with gaps)?</title>", answer.text)
    assert [(row["key"], bool(row["gap"])) for row in rows] == [
        (year, bool(gap)) for year, gap in drawn
    ]
    assert any(gap for _, gap in drawn)


def test_a_timeline_of_a_period_ends_where_the_period_does(own: Own) -> None:
    for number, day in enumerate(("2010-01-05", "2016-03-05", "2016-05-05", "2022-06-05"), 1):
        own.writing.save(article(number, published=day))
    shown = text_of(own.get("/search?q=text&since=2016&until=2016"))
    assert "April 2016: 0 articles" in shown
    assert "2010" not in shown.partition("Look in")[2].partition("Order")[2]


def test_a_table_of_hits_tells_which_share_of_all_articles_they_are(own: Own) -> None:
    own.writing.save(article(1, published="2010-01-05", body=paragraphs("a needle")))
    for number in (2, 3, 4):
        own.writing.save(article(number, published="2010-01-06"))
    own.writing.save(article(5, published="2010-02-06", body=paragraphs("a needle")))
    answer = own.get("/search?q=needle&lang=es")
    assert re.findall(r'<td class="n">([\d,]+)\xa0%</td>', answer.text) == ["25,0", "100,0"]
    assert "De todos los artículos" not in own.get("/search?lang=es").text


# --- serving


def test_a_desk_over_a_database_server_says_what_works_instead() -> None:
    class OnServer:
        path = None

    with pytest.raises(BadInput, match=r"`search`, `show`.* ask it from the command line"):
        desk_of(OnServer())  # type: ignore[arg-type]
    assert place_of("postgresql://db/news").path is None


def test_a_port_that_is_taken_is_a_sentence() -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert address_of(taken) == f"http://127.0.0.1:{port}/"
        with pytest.raises(BadInput, match=rf"Port {port} of 127.0.0.1 is taken.* --port 0"):
            listening("127.0.0.1", port)
    with pytest.raises(BadInput, match="give an address of this machine"):
        listening("192.0.2.1", 0)


def test_an_error_of_a_json_page_is_json(get: Get) -> None:
    answer = get("/article/999999.json")
    assert answer.status_code == 404
    assert json.loads(answer.text)["error"] == "The archive holds no article 999999."


def test_a_text_as_long_as_a_book_is_not_compared_on_a_page(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.writing.save(article(1, body=paragraphs("nine " * 50)))
    own.writing.pass_time(days=1)
    own.writing.save(article(1, body=paragraphs("ten " * 50)))
    assert "as long as a book" not in text_of(own.get("/article/1/compare"))
    monkeypatch.setattr("scripts.desk.reading._MOST_WORDS", 40)
    assert "as long as a book" in text_of(own.get("/article/1/compare"))


WRONG = (
    '/search?q="a', "/search?q=(a", "/search?q=a)", "/search?q=-a", "/search?q=a+OR",
    "/search?q=NOT", "/search?q=a+AND", "/search?q=headline:", "/search?q=headlin:a",
    "/search?q=a+{headline+x}:b", "/search?q=NEAR(a)", "/search?q=" + "a" * 10_001,
    "/search?q=" + "a+" * 4_000, "/search?q=...", "/search?q=" + "(" * 60 + "a" + ")" * 60,
    "/search?q=a&in=heading", "/search?since=abril+2016", "/search?until=2020-13",
    "/search?at=ayer", "/nada", "/article/abc", "/archive/nada", "/article/999999",
)  # fmt: skip

#: Words of English complaints that no Spanish one has.
_ENGLISH = re.compile(r"\b(the|this|never|needs?|is|are|write|shorten|found|did|you|they|there)\b")


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path[:30])
def test_what_went_wrong_is_told_in_spanish_on_a_spanish_page(get: Get, path: str) -> None:
    english, spanish = (get(path, accept_language=language) for language in ("en", "es"))
    assert english.status_code >= 400
    assert spanish.status_code == english.status_code
    told = re.search(r"(?s)<main.*?</main>", spanish.text)
    assert told
    complaint = re.search(r'(?s)role="alert"[^>]*>(.*?)</', told[0]) or told
    said = re.sub(r"<[^>]+>", " ", complaint[complaint.re.groups])
    assert not _ENGLISH.findall(said.lower()), said


def test_a_book_that_was_edited_throughout_is_marked_word_by_word_as_far_as_a_page_goes(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.desk.visit.LIMIT_SECONDS", 300)  # whatever else the machine does
    chance = random.Random(1)
    words = [f"w{chance.randrange(3000)}" for _ in range(200_000)]
    for number, every in ((1, 400), (2, 10)):
        edited = [f"x{at % 97}" if at % every == 0 else word for at, word in enumerate(words)]
        for text in (words, edited):
            pages = [" ".join(text[at : at + 4_000]) for at in range(0, len(text), 4_000)]
            own.writing.save(article(number, body=paragraphs(*pages)))
    told = own.get("/article/1/compare")
    assert told.text.count("<ins>") == 2 * 500  # among the changes, and in the whole text
    assert "only the first part" not in told.text
    most = own.get("/article/2/compare")
    assert "only the first part is marked here" in text_of(most)
    assert len(most.content) < 5_000_000
    monkeypatch.setattr("scripts.desk.editing._SECONDS", 300)
    monkeypatch.setattr("scripts.desk.editing._SECONDS_TO_TELL", 300)
    newest = own.get("/changes")
    assert text_of(newest).count("More has changed in this edit") == 2
    assert len(newest.content) < 500_000
    monkeypatch.setattr("scripts.desk.editing._SECONDS", 0)
    hasty = own.get("/changes")
    assert hasty.text.count('class="edit"') == 2
    assert 0 < hasty.text.count("<ins>") < newest.text.count("<ins>")
    assert text_of(hasty).count("More has changed in this edit") == 2


def test_what_takes_too_long_is_told(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.desk.visit.LIMIT_SECONDS", 0)
    answer = own.get("/article/1")
    assert answer.status_code == 503
    assert "took longer than 0 seconds" in text_of(answer)


def test_hits_over_time_show_where_the_archive_has_holes(own: Own) -> None:
    for number, day in ((1, "2020-01-05"), (2, "2020-03-05")):
        own.writing.save(article(number, published=day))
    assert "url(#time-gap)" in own.get("/search?q=text").text
    assert "February 2020: 0 articles, with gaps" in own.get("/search?q=text").text


def test_what_needs_a_look_stands_over_the_crawls(own: Own) -> None:
    assert "What needs a look" not in text_of(own.get("/crawls"))
    alarm = Alarm("example", "missing", "Nothing was new for nine days", "Look at its front page")
    note = own.writing.archive.note_alarms
    note("example", [alarm], looked_for=["missing"], now=own.writing.now)
    shown = text_of(own.get("/crawls"))
    assert "Nothing was new for nine days. since 1 March 2026 → Look at its front page." in shown
    assert "1 alarm stands." in shown
    assert "Nothing was new" not in text_of(own.get("/crawls?site=other"))


@pytest.mark.parametrize(
    ("subject", "listing"),
    [("author", "authors"), ("category", "categories"), ("tag", "tags"), ("site", "sites")],
)
def test_the_rows_of_a_list_as_data_are_those_of_the_list(
    get: Get, crawled: Path, subject: str, listing: str
) -> None:
    with Archive.open(crawled) as archive:
        counted = [row for row in archive.stats(subject) if row["key"]]
    links = data_links(get(f"/{listing}"))
    rows = [row for row in get(links["JSON"]).json()["rows"] if row["key"]]
    assert sum(row["articles"] for row in rows) == sum(row["articles"] for row in counted)
    assert {row["key"].casefold() for row in rows} >= {row["key"].casefold() for row in counted}
    table = list(csv.DictReader(io.StringIO(get(links["CSV"]).text)))
    assert [row["articles"] for row in table if row["key"]] == [
        str(row["articles"]) for row in rows
    ]


@pytest.mark.parametrize(
    "path",
    ["/search", "/search?sort=oldest&page=2", "/search?q=police", "/search?q=police&sort=newest",
     "/search?q=%22police%22+OR+cartel*&in=body,analysis&language=en&since=2013",
     "/search?tag=Extortion", "/search?category=extortion&author=fiona+mcalister",
     "/author/Owen%20Prescott", "/site/faro?page=2", "/search?q=police+NOT+mayor&until=2019-06"],
)  # fmt: skip
def test_the_very_rows_of_a_page_of_results_are_there_as_sql_csv_and_json(
    get: Get, path: str
) -> None:
    answer = get(path)
    shown = re.findall(r'<h3><a href="/article/(\d+)"', answer.text)
    links = data_links(answer)
    assert shown
    assert [str(row["id"]) for row in get(links["JSON"]).json()["rows"]] == shown
    table = csv.DictReader(io.StringIO(get(links["CSV"]).text))
    assert [row["id"] for row in table] == shown
    page = get(links["SQL"]).text
    assert re.findall(r'<td><a href="/article/(\d+)">\1</a></td>', page) == shown


def test_all_that_was_found_is_one_table_away(get: Get, crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        total = sum(archive.sites().values())
    answer = get("/search?page=2")
    href = re.search(r'<a href="([^"]+)">all as CSV</a>', answer.text)
    assert href
    assert len(list(csv.reader(io.StringIO(get(unescape(href[1])).text)))) == total + 1
    assert "all as CSV" not in get("/search?q=extortion").text


def test_a_misspelled_word_is_answered_with_one_that_finds_something(get: Get) -> None:
    answer = get("/search?q=extorsionn")
    suggested = re.search(r'<p class="suggestion">[^<]*<a href="([^"]+)">', answer.text)
    assert suggested
    assert "Nothing found" in text_of(answer)
    assert re.search(r"[1-9]\d* articles? found", text_of(get(unescape(suggested[1]))))


def test_where_no_article_has_all_words_it_is_said_in_both_languages(get: Get) -> None:
    path = "/search?q=forged+refilled+insulin&language=en"
    english, spanish = (text_of(get(f"{path}&lang={lang}")) for lang in ("en", "es"))
    assert re.search(r"No article has all 3 words. \d+ ha(s|ve) at least 2 of them", english)
    assert "without: forged" in english
    assert re.search(r"Ningún artículo tiene las 3 palabras. \d+ tienen? al menos 2", spanish)
    assert "sin: forged" in spanish

    rows = re.search(r'<a href="([^"]+)">JSON</a>', get(path).text)
    assert rows
    shown = re.findall(r'<h3><a href="/article/(\d+)', get(path).text)
    assert [str(row["id"]) for row in get(unescape(rows[1])).json()["rows"]] == shown != []


def test_headlines_and_passages_say_in_which_language_they_are(get: Get) -> None:
    answer = get("/search?q=policía&language=es&lang=en")
    assert '<html lang="en">' in answer.text
    assert re.search(r'<h3><a href="/article/\d+\?lang=en" lang="es" dir="auto">', answer.text)
    assert '<p class="snippet" lang="es" dir="auto">' in answer.text
