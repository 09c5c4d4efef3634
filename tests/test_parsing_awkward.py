"""What stands among the paragraphs of pages whose class names say nothing, on any site."""

from __future__ import annotations

import pytest

from crawler.article import Article
from crawler.parsing import parse_article
from crawler.profile import Profile
from tests.typesetting import ANALYSIS, HEADLINE, REPORTING, set_in

HOST = "harbourgazette.example"


def read(between: str = "", after: str = "", *, line: str = "", lang: str = "en") -> Article:
    """An article of bare elements with something between two paragraphs, or after the last."""
    html = f"""<!DOCTYPE html><html lang="{lang}"><head><title>{HEADLINE}</title></head><body>
        <div class="q1"><h1 class="q2">{HEADLINE}</h1><div class="q3">{line}</div>
        <div class="q4">{set_in(REPORTING[:1])}{between}{set_in(REPORTING[1:])}{after}</div></div>
        </body></html>"""
    return parse_article(html.encode(), url=f"https://{HOST}/2019/ferry")


def texts(article: Article) -> list[str]:
    return [block.text for block in article.body]


BOX = """<div class="q9"><{tag}>{title}</{tag}><p>{words}</p><a href="/give/">{button}</a></div>"""


@pytest.mark.parametrize("tag", ["h4", "p", "h2"])
@pytest.mark.parametrize(
    ("title", "words", "button"),
    [
        ("Reporting costs money", "Join for the price of a coffee.", "Donate now"),
        ("Su apoyo cuenta", "Done hoy y siga leyendo cada semana.", "Done"),
    ],
)
def test_a_box_that_ends_in_a_button_to_donate_is_left_out_with_its_title(
    tag: str, title: str, words: str, button: str
) -> None:
    assert texts(read(BOX.format(tag=tag, title=title, words=words, button=button))) == REPORTING


def test_paragraphs_before_a_button_that_has_no_box_of_its_own_stay() -> None:
    assert texts(read(after='<a href="/give/">Donate now</a>')) == REPORTING


def test_a_long_box_with_such_a_button_is_text() -> None:
    box = f'<div class="q9">{set_in(ANALYSIS * 2)}<a href="/give/">Donate now</a></div>'
    assert texts(read(box))[1 : 1 + len(ANALYSIS)] == ANALYSIS


LINKS = "<p><a href='/a-first-story'>A first story</a></p><p><a href='/a-second'>A second</a></p>"


@pytest.mark.parametrize("label", ["See also", "Lea también"])
def test_links_under_a_label_amid_the_text_are_pointers_and_below_it_related(label: str) -> None:
    box = f"<div class='q7'><p>{label}</p>{LINKS}</div>"
    amid = read(box)
    assert [each.title for each in amid.see_also] == ["A first story", "A second"]
    assert amid.related == ()
    assert texts(amid) == REPORTING


def test_a_label_of_both_kinds_below_the_text_opens_related_stories() -> None:
    below = read(after=f"<div class='q7'><h3>Lea también</h3>{LINKS}</div>")
    assert [each.title for each in below.related] == ["A first story", "A second"]
    assert below.see_also == ()


@pytest.mark.parametrize(
    "words",
    [
        "Fe de errores: El puente se cerró en mayo.",
        "Errata: El puente se cerró en mayo.",
        "Erratum: the bridge was closed in May.",
        "Correção: a ponte fechou em maio.",
    ],
)
def test_an_outlets_word_for_a_mistake_opens_a_notice(words: str) -> None:
    article = read(after=f"<p>{words}</p>")
    assert article.notices == (words,)
    assert texts(article) == REPORTING


def test_a_sentence_that_begins_with_such_a_word_is_text() -> None:
    words = "Errata in the ministry's own figures were what made the auditors come back in spring."
    assert words in texts(read(after=f"<p>{words}</p>"))


@pytest.mark.parametrize(
    "line",
    ["13/05/2019 10:15 · {}", "{} | 13/05/2019", "13 May 2019 – {}"],
)
@pytest.mark.parametrize("names", ["Dinis Pacheco and Ana Quental and Rui Salvado", "Rui Salvado"])
def test_names_beside_a_date_sign_and_are_no_text(line: str, names: str) -> None:
    article = read(f"<p>{line.format(names)}</p>")
    assert texts(article) == REPORTING


@pytest.mark.parametrize("label", ["Opinión de", "Columna de", "Crónica de", "Una entrevista de"])
def test_the_word_for_a_kind_of_text_is_no_part_of_its_authors_name(label: str) -> None:
    assert read(line=f"{label} Nuria Cantalejo", lang="es").authors == ("Nuria Cantalejo",)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("<p><b>Análisis de la redacción</b></p>", True),
        ("<h3>Newsroom Analysis</h3>", True),
        ("<h3>Analyse der Redaktion</h3>", True),
        ("<h3>Análisis de la sangre</h3>", False),
        ("<h3>Our analysis</h3>", False),
    ],
)
def test_a_heading_that_names_the_newsroom_opens_its_analysis(heading: str, parts: bool) -> None:
    article = read(after=heading + set_in(ANALYSIS))
    assert (article.analysis is not None) is parts


def test_a_page_laid_out_in_a_table_has_subheadings_as_any_other() -> None:
    cell = f"<h1>{HEADLINE}</h1>{set_in(REPORTING)}<p><b>Three ways on</b></p>{set_in(ANALYSIS)}"
    html = f"""<html><head><title>{HEADLINE}</title></head><body><table><tr><td>Menu</td>
        <td>{cell}</td></tr></table></body></html>"""
    article = parse_article(html.encode(), url=f"https://{HOST}/2019/ferry")
    assert ("heading", "Three ways on") in [(each.kind, each.text) for each in article.body]


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("02/03/2019", ("order:DMY", "2019-03-02")),
        ("02/13/2019", None),
        ("03/03/2019", None),
        ("March 2, 2019", None),
    ],
)
def test_a_date_that_may_be_two_days_tells_the_other(
    printed: str, other: tuple[str, str] | None
) -> None:
    losing = read(line=f"By Nora Quill | {printed}").provenance["published"].losing
    assert (other in losing) is (other is not None)
    assert bool(losing) is (other is not None)


def test_a_site_that_states_its_day_order_leaves_no_doubt() -> None:
    html = f"""<html><head><title>{HEADLINE}</title></head><body><div><h1>{HEADLINE}</h1>
        <div>By Nora Quill | 02/03/2019</div>{set_in(REPORTING)}</div></body></html>"""
    profile = Profile("gazette", "Gazette", (HOST,), ("en",), day_order="MDY")
    article = parse_article(html.encode(), url=f"https://{HOST}/2019/ferry", profile=profile)
    assert (article.published, article.provenance["published"].losing) == ("2019-02-03", ())
