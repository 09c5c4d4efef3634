"""What outlets print around a text on sites of unknown make, and sentences that look like it."""

from __future__ import annotations

import pytest

from crawler.article import Article
from crawler.parsing import parse_article

PROSE = [
    f"The council of {town} decided on Wednesday that the old crossing is to be replaced before "
    "the winter. The mayor said that the work would begin in autumn and last a year."
    for town in ("Arda", "Belm", "Corven", "Dunholt", "Elsby")
]
TEXT = "".join(f"<p>{each}</p>" for each in PROSE)
CARDS = "".join(
    f"<div><div>THE HOUSE</div><div>{title}</div><div>{day} JUN 2023</div><div>We were glad to "
    f"read how widely our report on {title.lower()} was quoted by papers of four countries, and "
    "we thank all who sent us letters on it.</div></div>"
    for title, day in (("Harbours", 3), ("Rivers", 9), ("Old Bridges", 12))
)


def read(main: str) -> Article:
    html = (
        "<html lang=en><head><title>A bridge at last - Lume Times</title></head><body>"
        f"<div id=root><h1>A bridge at last</h1><p>By Ana Ruiz | 3 May 2024</p>{main}</div></body>"
    )
    return parse_article(html.encode(), url="https://lume.example/news/a-bridge")


def body(main: str) -> list[str]:
    return [block.text for block in read(main).body]


@pytest.mark.parametrize(
    "line",
    [
        "<p>What are your thoughts? Click here to send the Lume Times your comments.</p>",
        "<p>¿Qué opina sobre este tema? Haga clic aquí para enviar sus comentarios.</p>",
        "<p>Tell us what you think about the bridges of the country.</p>",
        "<p>share icon icon icon</p>",
        "<div>Compartir Facebook WhatsApp Correo</div>",
        "<p>We want to keep the largest map of bridges alive, but for that we need resources.</p>"
        "<a href=/give><div>DONATE</div></a>",
        "<p>Queremos sostener este mapa de puentes, y para hacerlo necesitamos tu apoyo.</p>"
        "<button>Donar ahora</button>",
        "<p>We encourage readers to copy and distribute our work for non-commercial purposes, "
        "with attribution to the Lume Times.</p>",
        "<p>Alentamos a los lectores a copiar y distribuir nuestro trabajo con fines no "
        "comerciales, con atribución a la casa.</p>",
        "<p>Was this article helpful?</p>",
        "<p>¿Fue útil este contenido?</p>",
        "<p>[See our <a href=/floods>coverage of all the floods since</a>]</p>",
        "<p>[Vea el perfil: <a href=/rios>Noticias de los ríos del norte</a>]</p>",
    ],
)
@pytest.mark.parametrize("place", [3, 5])
def test_lines_around_a_text_are_left_out(line: str, place: int) -> None:
    around = "".join(f"<p>{each}</p>" for each in PROSE[:place]) + line
    rest = "" if "?</p>" in line else "".join(f"<p>{each}</p>" for each in PROSE[place:])
    assert body(around + rest) == (PROSE if rest else PROSE[:place])


def test_what_stands_under_the_question_of_use_is_no_text() -> None:
    assert body(f"{TEXT}<h4>Was this content helpful?</h4>{CARDS}") == PROSE


@pytest.mark.parametrize(
    "sentence",
    [
        "Was this article useful to the council? Nobody who was asked on Thursday could say.",
        "What do you think a bridge of this length costs, the mayor asked, and nobody replied.",
        "We need resources, the mayor said, and our support for the ferry must go on.",
        "The firm was told to copy and distribute the plans to every house on the north bank.",
        "See how the river rises, said the mayor, and read the marks on the old wall.",
        "Share prices of the builder fell by a tenth on Friday.",
        "Click here is what the page of the council says, and nothing happens.",
    ],
)
def test_sentences_that_look_like_them_stay(sentence: str) -> None:
    main = "".join(f"<p>{each}</p>" for each in (*PROSE[:3], sentence, *PROSE[3:]))
    assert body(main) == [*PROSE[:3], sentence, *PROSE[3:]]


@pytest.mark.parametrize("line", ["Ana Ruiz, 3 May 2024", "Belm, 3 May 2024"])
def test_a_name_or_a_place_with_a_date_signs_the_text(line: str) -> None:
    assert body(f"<p>{line}</p>{TEXT}") == PROSE
    assert body(f"{TEXT}<p>{line}</p>") == PROSE


def test_an_appeal_needs_a_button() -> None:
    sentence = "We can only go on with your support, our ferryman told those who stood by him."
    main = "".join(f"<p>{each}</p>" for each in (*PROSE, sentence))
    assert body(main + "<p>He was given a coat.</p>")[-2] == sentence
    assert body(main + "<button>Donate</button>") == PROSE
