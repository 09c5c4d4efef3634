"""Sets an invented article in mark-up, so that a test can say only what is special about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.article import Article, Block
from crawler.parsing import parse_article
from crawler.profile import Profile
from crawler.sites import site_of

URL = "https://insightcrime.org/news/brief/ferry-crew-held-over-smuggled-fuel/"
HEADLINE = "Ferry Crew Held Over Smuggled Fuel"
META = "FUEL / 9 MAR 2019 BY INÉS CALDERA EN"
HEADING = "<h2>InSight Crime Analysis</h2>"

REPORTING = [
    "Coast guards have detained the whole crew of a passenger ferry after they found 4,000 liters "
    "of smuggled diesel under its car deck.",
    "The fuel was hidden in tanks that appear on no drawing of the ship, a spokeswoman told "
    "reporters on Thursday. Nobody among the 212 passengers knew what they were sitting on.",
    "The captain has denied any knowledge of the tanks.",
]
ANALYSIS = [
    "The find shows how a trade once left to fishermen has moved to larger vessels, which are "
    "rarely searched because they sail to a timetable.",
    "It also pays better: a liter bought for a few cents on one shore fetches almost a dollar on "
    "the other, and a ferry crosses twice a day.",
    "Whether the owners knew is a question for the court.",
]

URL_ES = "https://insightcrime.org/es/noticias/detienen-tripulacion-ferry-combustible/"
HEADLINE_ES = "Detienen a tripulación de un ferry por combustible de contrabando"
META_ES = "COMBUSTIBLE / 9 ENE 2019 POR INÉS CALDERA ES"
HEADING_ES = "<h2>Análisis de InSight Crime</h2>"

REPORTING_ES = [
    "La guardia costera detuvo a toda la tripulación de un ferry de pasajeros tras hallar 4.000 "
    "litros de diésel de contrabando bajo la cubierta de los autos.",
    "El combustible iba en tanques que no figuran en ningún plano del barco, dijo una portavoz el "
    "jueves. Ninguno de los 212 pasajeros sabía sobre qué iba sentado.",
    "El capitán negó conocer los tanques.",
]
ANALYSIS_ES = [
    "El hallazgo muestra cómo un negocio que antes se dejaba a los pescadores pasó a barcos más "
    "grandes, que rara vez se revisan porque navegan con horario.",
    "También rinde más: un litro comprado por centavos en una orilla vale casi un dólar en la "
    "otra, y el ferry cruza dos veces al día.",
    "Si los dueños lo sabían lo dirá el tribunal.",
]


def set_in(paragraphs: list[str], tag: str = "p") -> str:
    """Paragraphs, each in a tag of its own."""
    return "\n".join(f"<{tag}>{text}</{tag}>" for text in paragraphs)


def page(
    text: str | None = None,
    *,
    kicker: str = "<div>BRIEF</div>",
    headline: str = f"<h1>{HEADLINE}</h1>",
    meta: str = f"<div>{META}</div>",
    after: str = "",
    head: str = "",
    title: str = f"{HEADLINE} - InSight Crime",
    language: str = "en",
) -> str:
    """An English page: label, headline, meta line, text, and what stands after it."""
    text = set_in(REPORTING) + HEADING + set_in(ANALYSIS) if text is None else text
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'{head}</head><body><nav><a href="/">Home</a> <a href="/news/">News</a></nav>'
        f"<main>{kicker}{headline}{meta}<div>{text}</div>{after}</main>"
        "<footer><p>All rights reserved by the outlet and its partners in the region.</p></footer>"
        "</body></html>"
    )


def page_es(text: str | None = None, **parts: str) -> str:
    """The same in Spanish."""
    text = set_in(REPORTING_ES) + HEADING_ES + set_in(ANALYSIS_ES) if text is None else text
    usual = {
        "kicker": "<div>NOTICIAS DEL DÍA</div>",
        "headline": f"<h1>{HEADLINE_ES}</h1>",
        "meta": f"<div>{META_ES}</div>",
        "title": f"{HEADLINE_ES} - InSight Crime",
        "language": "es",
    }
    return page(text, **{**usual, **parts})


def read(
    html: str | bytes,
    *,
    url: str = URL,
    profile: Profile | None = None,
    generic: bool = False,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
) -> Article:
    """The article of a page of InSight Crime, or by the rules for any site."""
    body = html.encode() if isinstance(html, str) else html
    rules = None if generic else profile or site_of(url)
    return parse_article(
        body, url=url, profile=rules, content_type=content_type, fetched_at=fetched_at
    )


def texts(blocks: tuple[Block, ...] | None) -> list[str] | None:
    """The words of blocks."""
    return None if blocks is None else [block.text for block in blocks]


def kinds(blocks: tuple[Block, ...]) -> list[str]:
    """The kinds of blocks."""
    return [block.kind for block in blocks]


def after_second(inserted: str) -> str:
    """The article's text with something between its second and third paragraph."""
    return set_in(REPORTING[:2]) + inserted + set_in(REPORTING[2:]) + HEADING + set_in(ANALYSIS)


def values(article: Article, *names: str) -> tuple[Any, ...]:
    """Several fields of an article at once."""
    return tuple(getattr(article, name) for name in names)
