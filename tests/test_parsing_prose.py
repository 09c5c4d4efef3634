"""The text: which blocks are the reporting, which the analysis, and what is in neither."""

from __future__ import annotations

import pytest

from crawler.sites import site_named
from tests.typesetting import (
    ANALYSIS,
    ANALYSIS_ES,
    HEADING,
    REPORTING,
    REPORTING_ES,
    URL_ES,
    after_second,
    kinds,
    page,
    page_es,
    read,
    set_in,
    texts,
)

LANDMARKS = site_named("insightcrime").landmarks
#: The longest of the outlet's appeals: the text of its donation box.
APPEAL = max(LANDMARKS.furniture, key=len)
TAIL = (
    "<div>share icon icon icon</div><p>Was this content helpful?</p>"
    "<p>We keep the largest database on organized crime in the region, and need resources for "
    "it.</p><a>DONATE</a><p>Click <a href=/c>here</a> to send us your comments.</p>"
)


def assert_only_the_text(html: str) -> None:
    article = read(html)
    assert texts(article.body) == REPORTING
    assert texts(article.analysis) == ANALYSIS


# --- body and analysis ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>InSight Crime Analysis</h2>",
        "<h3>InSight Crime Analysis</h3>",
        "<h4>InSight Crime’s Analysis</h4>",
        "<h2>INSIGHT CRIME ANALYSIS</h2>",
        "<h2>InSight Crime Analysis:</h2>",
        "<h2>InSight&nbsp;Crime Analysis&nbsp;</h2>",
        "<h2>InSight Crime<br>Analysis</h2>",
        "<h2><span>InSight Crime</span> <span>Analysis</span></h2>",
        '<h2><a href="/analysis">InSight Crime Analysis</a></h2>',
        '<h2><img src="/logo.png" alt="icon"> InSight Crime Analysis</h2>',
        '<h2 id="h-insight-crime-analysis" class="wp-block-heading"><strong>InSight Crime Analysis'
        "</strong></h2>",
        "<h1>InSight Crime Analysis</h1>",
        "<p><strong>InSight Crime Analysis</strong></p>",
        "<p><u>InSight Crime Analysis</u></p>",
        "<p>InSight Crime Analysis</p>",
        "<div>InSight Crime Analysis</div>",
        "<span>InSight Crime Analysis</span>",
        "<dl><dt>InSight Crime Analysis</dt></dl>",
        "<table><tr><td>InSight Crime Analysis</td></tr></table>",
        "<header><h2>InSight Crime Analysis</h2></header>",
        "<hr><h2>InSight Crime Analysis</h2><hr>",
    ],
)
def test_the_analysis_begins_after_its_heading_whatever_the_tag(heading: str) -> None:
    assert_only_the_text(page(set_in(REPORTING) + heading + set_in(ANALYSIS), after=TAIL))


@pytest.mark.parametrize(
    "text",
    [
        f"{set_in(REPORTING)}<p><b>InSight Crime Analysis</b><br>{ANALYSIS[0]}</p>"
        f"{set_in(ANALYSIS[1:])}",
        f"{set_in(REPORTING)}<p><b>InSight Crime Analysis</b><br><br>{ANALYSIS[0]}</p>"
        f"{set_in(ANALYSIS[1:])}",
        f"{set_in(REPORTING)}<p><b>InSight Crime Analysis:</b> {ANALYSIS[0]}</p>"
        f"{set_in(ANALYSIS[1:])}",
        f"{set_in(REPORTING[:-1])}<p>{REPORTING[-1]}<br><b>InSight Crime Analysis</b></p>"
        f"{set_in(ANALYSIS)}",
        f"{set_in(REPORTING[:-1])}<p>{REPORTING[-1]}<br><br><b>InSight Crime Analysis</b></p>"
        f"{set_in(ANALYSIS)}",
    ],
)
def test_the_heading_may_share_a_paragraph_with_what_stands_around_it(text: str) -> None:
    assert_only_the_text(page(text, after=TAIL))


@pytest.mark.parametrize(
    "text",
    [
        f"<section>{set_in(REPORTING)}</section><section>{HEADING}{set_in(ANALYSIS)}</section>",
        f"<div>{set_in(REPORTING)}</div><aside>{HEADING}{set_in(ANALYSIS)}</aside>",
        f"<div><div>{set_in(REPORTING)}</div></div><div><div>{HEADING}</div>"
        f"<div>{set_in(ANALYSIS)}</div></div>",
    ],
)
def test_the_analysis_may_stand_in_a_box_of_its_own(text: str) -> None:
    assert_only_the_text(page(text, after=TAIL))


def test_an_article_without_the_heading_has_no_analysis() -> None:
    article = read(page(set_in(REPORTING + ANALYSIS), after=TAIL))
    assert texts(article.body) == REPORTING + ANALYSIS
    assert article.analysis is None


@pytest.mark.parametrize(
    "heading",
    ["Análisis de InSight Crime", "ANÁLISIS DE INSIGHT CRIME:", "Analisis de InSight Crime"],
)
def test_the_analysis_is_found_in_spanish_too(heading: str) -> None:
    html = page_es(set_in(REPORTING_ES) + f"<h3>{heading}</h3>" + set_in(ANALYSIS_ES))
    article = read(html, url=URL_ES)
    assert texts(article.body) == REPORTING_ES
    assert texts(article.analysis) == ANALYSIS_ES


# --- mark-up of paragraphs -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        set_in(REPORTING, "div") + HEADING + set_in(ANALYSIS, "div"),
        "<br><br>".join(REPORTING) + "<br><br><b>InSight Crime Analysis</b><br><br>"
        + "<br><br>".join(ANALYSIS),
        "".join(f"<div>{text}</div><div><br></div>" for text in REPORTING)
        + "<div><b>InSight Crime Analysis</b></div>" + set_in(ANALYSIS, "div"),
        "".join(f"<div><div><span>{text}</span></div></div>" for text in REPORTING)
        + HEADING + "".join(f"<div><div><span>{text}</span></div></div>" for text in ANALYSIS),
        "\n<p>".join(["", *REPORTING]) + HEADING + "\n<p>".join(["", *ANALYSIS]),
        "".join(f'<div class="s{n}"><p>{t}</p></div>' for n, t in enumerate(REPORTING))
        + HEADING + "".join(f'<div class="t{n}"><p>{t}</p></div>' for n, t in enumerate(ANALYSIS)),
        (set_in(REPORTING) + HEADING + set_in(ANALYSIS)).replace(" the ", " the&nbsp;"),
        (set_in(REPORTING) + HEADING + set_in(ANALYSIS)).replace("ferry", "fer&shy;ry"),
        (set_in(REPORTING) + HEADING + set_in(ANALYSIS)).replace("ferry", '<a href="/x">ferry</a>'),
        (set_in(REPORTING) + HEADING + set_in(ANALYSIS)).replace("deck", "<em>de<b>c</b>k</em>"),
    ],
    ids=["div", "br", "blogger", "nested", "unclosed", "boxes", "nbsp", "shy", "links", "inline"],
)  # fmt: skip
def test_paragraphs_come_out_the_same_from_any_markup(text: str) -> None:
    assert_only_the_text(page(text, after=TAIL))


@pytest.mark.parametrize(
    ("inserted", "kind", "text"),
    [
        ("<h3>A Trade That Moved</h3>", "heading", "A Trade That Moved"),
        ("<p><strong>A Trade That Moved</strong></p>", "heading", "A Trade That Moved"),
        ("<h3>1. Tanks on No Drawing</h3>", "heading", "1. Tanks on No Drawing"),
        ("<ul><li>Two cooks were freed on Friday.</li></ul>", "list_item",
         "Two cooks were freed on Friday."),
        ("<ul><li><p>Two cooks were freed on Friday.</p></li></ul>", "list_item",
         "Two cooks were freed on Friday."),
        ("<blockquote><p>“Nobody asked us,” a sailor said.</p></blockquote>", "quote",
         "“Nobody asked us,” a sailor said."),
        ("<pre>TANK 1   900 L\nTANK 2  3100 L</pre>", "preformatted",
         "TANK 1 900 L / TANK 2 3100 L"),
        ("<table><tr><td>Tank</td><td>Liters</td></tr><tr><td>Second</td><td>3,100</td></tr>"
         "</table>", "table", "Tank | Liters / Second | 3,100"),
        ("<p>No.</p>", "paragraph", "No."),
        ("<p>“Nobody asked,” a sailor said</p>", "paragraph", "“Nobody asked,” a sailor said"),
        ("<p><b>The owners:</b> They live abroad.</p>", "paragraph",
         "The owners: They live abroad."),
        ('<p><a href="/x">The whole of this paragraph is linked, as a careless editor does at '
         "times.</a></p>", "paragraph",
         "The whole of this paragraph is linked, as a careless editor does at times."),
    ],
)  # fmt: skip
def test_each_block_keeps_its_kind_and_place(inserted: str, kind: str, text: str) -> None:
    article = read(page(after_second(inserted), after=TAIL))
    assert texts(article.body) == [*REPORTING[:2], text, *REPORTING[2:]]
    assert kinds(article.body)[2] == kind


# --- what stands in the text and is none of it ---------------------------------------------------


@pytest.mark.parametrize(
    "inserted",
    [
        "<p>Advertisement</p>",
        "<p>Reading time: 4 minutes</p>",
        "<p>Listen to this article</p>",
        "<p>123 views</p>",
        "<p>View this post on Instagram</p>",
        "<p>https://video.example/watch/1</p>",
        "<p>Share on WhatsApp</p>",
        "<p><a href='/es/x/'>Leer en español</a></p>",
        "<p>.</p>",
        '<p><a href="/news/brief/other-story/">Read more</a></p>',
        "<script>var story = 'The ferry sailed on time.';</script><noscript>Turn it on.</noscript>",
        "<figure><img src=/a.jpg><figcaption>The ferry at its berth</figcaption></figure>",
        '<div class="wp-caption"><img src=/a.jpg><p class="wp-caption-text">The ferry</p></div>',
        "<div><img src=/a.jpg><span>The ferry at its berth</span></div>",
        '<figure class="wp-block-embed"><iframe src="https://video.example/1"></iframe>'
        "<figcaption>Watch the search</figcaption></figure>",
        '<p>SEE ALSO: <a href="/coverage-of-fuel/">Coverage of Fuel Smuggling</a></p>',
        '<div class="newsletter-box"><h4>Our newsletter</h4><p>The best of our work, every '
        "Friday.</p><form><input><button>Sign up</button></form></div>",
        f"<div><h4>Support Our Work</h4><p>{APPEAL}</p><a>Donate</a></div>",
        '<div class="table-of-contents"><ul><li><a href="#a">A Trade</a></li></ul></div>',
        f"<figure class='wp-block-pullquote'><blockquote>{REPORTING[2]}</blockquote></figure>",
        f"<blockquote>{ANALYSIS[0].split(',')[0]}</blockquote>",
        "<div><h3>Related Content</h3><div>FUEL / 2 MAY 2018</div><a href='/news/other-ferry-day/'>"
        "A second ferry has been stopped with hidden tanks, and its owners are the same ones…</a>"
        "</div>",
    ],
)
def test_what_only_stands_between_paragraphs_is_left_out(inserted: str) -> None:
    assert_only_the_text(page(after_second(inserted), after=TAIL))


@pytest.mark.parametrize(
    "sentence",
    [
        "See the rise of the fuel trade as a warning, the minister told the assembly on Tuesday.",
        "Related thefts have emptied the depots of three islands, the company said in May.",
        "Correction officers took the crew to a prison on the mainland, where they still are.",
        "Photos by the navy show the second tank, which nobody had mentioned before that day.",
        "InSight Crime analysis of port calls shows that the ferry was late on nine days.",
        "About InSight Crime's sources in the port, the minister said nothing.",
        "Share prices of the company fell by a tenth after the news was published.",
        "By law, ferries are searched once a year.",
        "By March 2017 the trade had moved to the ferries, officials say.",
        "On March 7, 2018, two tanks were found on a sister ship.",
        "In a report dated 7 March 2018, the office blames the harbor police.",
        "The ship was stopped on 3 May 2012 by the navy, which found nothing.",
        "Creative Commons pictures of the ship had shown the tanks for years.",
        "This is part of a wider trend along the coast, where ferries replace speedboats.",
        "This is the first in a decade that guards have searched a ferry.",
        "This investigation is part of a wider probe into the harbor office, a prosecutor said.",
        "This story is part of a bigger problem, the senator said.",
        "Follow the money, a prosecutor said.",
        "Video cameras had been broken for weeks.",
        "Edited videos of the raid went round the island.",
        "Home to three ferries, the island lives on them.",
        "Sign up at the gate, pay the fee, and nobody asks questions: so the port works.",
        "What are your thoughts on the new law? Three captains gave their answers.",
    ],
)
def test_a_sentence_that_begins_like_a_landmark_stays_in_the_text(sentence: str) -> None:
    article = read(page(after_second(f"<p>{sentence}</p>"), after=TAIL))
    assert texts(article.body) == [*REPORTING[:2], sentence, *REPORTING[2:]]
    assert texts(article.analysis) == ANALYSIS


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué opina del nuevo capitán?",
        "¿Cuál es su opinión sobre la ley?",
        "¿Le fue útil a la empresa el cierre?",
        "Sobre InSight Crime y sus fuentes el ministro no dijo nada.",
        "Vea usted: aquí nadie revisa nada.",
        "Esta es la primera vez que un capitán del puerto llega a juicio.",
        "Esta investigación forma parte de un caso mayor, dijo la fiscalía.",
        "Esta entrevista fue la última que dio el capitán.",
        "Este artículo de la ley no se aplica, dijo el juez.",
        "Compartir la ganancia era la regla, dijo un marinero.",
        "Relacionado con el caso hay otro detenido.",
        "Por ley, los ferris se revisan una vez al año.",
        "De noche nadie trabaja en el muelle.",
    ],
)
def test_an_interviews_question_does_not_end_the_article(question: str) -> None:
    text = (
        set_in([*REPORTING_ES[:2], question, *REPORTING_ES[2:]])
        + "<h2>Análisis de InSight Crime</h2>" + set_in(ANALYSIS_ES)
    )  # fmt: skip
    article = read(page_es(text, after="<div>compartir icon icon icon</div>"), url=URL_ES)
    assert texts(article.body) == [*REPORTING_ES[:2], question, *REPORTING_ES[2:]]
    assert texts(article.analysis) == ANALYSIS_ES


def test_a_sentence_printed_again_as_a_paragraph_of_its_own_stays() -> None:
    text = set_in(REPORTING) + HEADING + set_in([*ANALYSIS, REPORTING[2]])
    assert texts(read(page(text)).analysis) == [*ANALYSIS, REPORTING[2]]


def test_a_second_copy_of_the_text_for_small_screens_is_left_out() -> None:
    text = set_in(REPORTING) + HEADING + set_in(ANALYSIS)
    hidden = f'<div style="display:none">{text}</div>'
    assert_only_the_text(page(f"<div>{text}</div>{hidden}", after=TAIL))


# --- what stands after the text ------------------------------------------------------------------


@pytest.mark.parametrize(
    "tail",
    [
        TAIL,
        "<p>Was this content helpful?</p>",
        "<p>Was this article helpful?</p>",
        "<p>Did you find this article useful?</p>",
        f"<p>{LANDMARKS.licence[0]} for non-commercial purposes.</p>",
        "<p>The post Ferry Crew Held appeared first on InSight Crime.</p>",
        "<p>Filed under: Fuel, Ports</p>",
        "<p>Tags: Fuel, Ports</p>",
        "<p>Click to share on Twitter (Opens in new window)</p>",
        "<p>Like this: Like Loading...</p>",
        "<h3>Leave a Reply</h3><p>Your email address will not be published.</p>",
        "<p>0 Comments</p>",
        "<p>© 2019 InSight Crime</p>",
        "<p>Next article</p>",
        "<h2>Comments</h2><p>I sailed on that ship for years and we all smelled the diesel.</p>",
    ],
)
@pytest.mark.parametrize("place", ["inside", "outside"])
def test_nothing_after_the_last_paragraph_is_text(tail: str, place: str) -> None:
    text = set_in(REPORTING) + HEADING + set_in(ANALYSIS)
    html = page(text + tail) if place == "inside" else page(text, after=f"<div>{tail}</div>")
    assert_only_the_text(html)


@pytest.mark.parametrize(
    "tail",
    [
        "compartir icon icon icon",
        "¿Le resultó útil este contenido?",
        "¿Ha sido útil este contenido?",
        "¿Le sirvió este contenido?",
        "Queremos mantener la mayor base de datos sobre crimen organizado de América Latina, pero "
        "para ello necesitamos recursos.",
        "¿Tiene comentarios? Envíelos a InSight Crime haciendo clic aquí.",
        "Animamos a los lectores a copiar y distribuir nuestro trabajo con fines no comerciales, "
        "con atribución a InSight Crime.",
        "Se permite copiar y distribuir este trabajo sin fines comerciales. Consulte Creative "
        "Commons.",
    ],
)
def test_spanish_tails_are_known_by_what_they_say_not_by_one_wording(tail: str) -> None:
    text = set_in(REPORTING_ES) + "<h2>Análisis de InSight Crime</h2>" + set_in(ANALYSIS_ES)
    article = read(page_es(f"{text}<p>{tail}</p>"), url=URL_ES)
    assert texts(article.analysis) == ANALYSIS_ES


# --- short articles ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "paragraph",
    [REPORTING[0], REPORTING[2], "Police have freed the captain."],
)
def test_a_brief_of_one_paragraph_is_its_whole_text(paragraph: str) -> None:
    article = read(page(f"<p>{paragraph}</p>", after=TAIL))
    assert texts(article.body) == [paragraph]
    assert article.analysis is None


# --- notices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "notice",
    [
        "*Correction: An earlier version of this article gave the wrong name of the ship.",
        "Correction, March 11: The ferry carries 212 passengers, not 221.",
        "*Editor's Note: This article was updated after the captain was freed.",
        "This article was originally published by a partner and is reprinted with permission.",
        "This article is part of a series on fuel at sea. Read the first part here.",
        "This is the second in a three-part series on fuel at sea.",
        "*This article was written with assistance from Tom Ferris.",
        "Managing Editor Rosa Machado contributed to this report.",
        "Additional reporting by Rosa Machado.",
        "Translated by Rosa Machado.",
        "* Tom Ferris is a lecturer in maritime law.",
        "Top photo by Rosa Machado",
        "Photo c/o the coast guard.",
        "*Corrección: Una versión anterior daba otro nombre del barco.",
        "Nota del editor: este artículo fue actualizado el 11 de marzo.",
        "Este artículo fue publicado originalmente por un medio aliado.",
    ],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_note_about_the_article_is_a_notice_wherever_it_stands(notice: str, place: str) -> None:
    note = f"<p><em>{notice}</em></p>"
    text = {
        "first": note + set_in(REPORTING) + HEADING + set_in(ANALYSIS),
        "middle": after_second(note),
        "last": set_in(REPORTING) + HEADING + set_in(ANALYSIS) + note,
    }[place]
    article = read(page(text, after=TAIL))
    assert texts(article.body) == REPORTING
    assert texts(article.analysis) == ANALYSIS
    assert article.notices == (notice,)


def test_a_notice_printed_twice_is_listed_once() -> None:
    note = "<p>*This article was first published by a partner and has been translated.</p>"
    article = read(page(note + set_in(REPORTING) + HEADING + set_in(ANALYSIS) + note))
    assert len(article.notices) == 1


def test_a_bare_label_takes_the_next_paragraph_along() -> None:
    article = read(page(after_second("<p>*Correction:</p><p>The ship has two decks.</p>")))
    assert article.notices == ("*Correction: The ship has two decks.",)
    assert texts(article.body) == REPORTING


def test_a_line_that_announces_a_report_takes_no_paragraph_along() -> None:
    article = read(page(after_second("<p>Read the full report below:</p>")))
    assert texts(article.body) == REPORTING
