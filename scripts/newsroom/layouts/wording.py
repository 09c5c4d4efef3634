"""Words that the layouts print around an article, in both languages, and how dates are written."""

from __future__ import annotations

import html
from datetime import datetime

from scripts.newsroom.article import NewsroomArticle

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre",
}
SHORT_MONTHS = {
    "en": "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
    "es": "ENE FEB MAR ABR MAY JUN JUL AGO SEP OCT NOV DIC",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "Lunes Martes Miércoles Jueves Viernes Sábado Domingo",
}
AND = {"en": "and", "es": "y"}


def esc(text: str | None) -> str:
    """Text for HTML, in an attribute or between tags."""
    return html.escape(text or "", quote=True)


def slug(text: str) -> str:
    """A label as it stands in an address.

    >>> slug("Noticias del día")
    'noticias-del-dia'
    """
    plain = text.lower().translate(str.maketrans("áéíóúüñ", "aeiouun"))
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def root(language: str) -> str:
    """Where a language's part of the site begins."""
    return "/es/" if language == "es" else "/"


def label_path(label: str, language: str) -> str:
    """The listing of a label.

    >>> label_path("Noticias del día", "es")
    '/es/categoria/noticias-del-dia/'
    """
    return f"{root(language)}{'categoria' if language == 'es' else 'category'}/{slug(label)}/"


def tag_path(tag: str, language: str) -> str:
    """The listing of a tag."""
    return f"{root(language)}{'etiqueta' if language == 'es' else 'tag'}/{slug(tag)}/"


def author_path(name: str) -> str:
    """The page of an author."""
    return f"/author/{slug(name)}/"


def month(moment: datetime, language: str) -> str:
    """The month's name in full."""
    return MONTHS[language].split()[moment.month - 1]


def long_day(moment: datetime, language: str) -> str:
    """A day as a sentence would print it: ``March 18, 2020``, ``18 de marzo de 2020``."""
    if language == "es":
        return f"{moment.day} de {month(moment, 'es')} de {moment.year}"
    return f"{month(moment, 'en')} {moment.day}, {moment.year}"


def short_day(moment: datetime, language: str) -> str:
    """A day as a meta line prints it: ``18 MAR 2020``, ``2 ENE 2013``."""
    return f"{moment.day} {SHORT_MONTHS[language].split()[moment.month - 1]} {moment.year}"


def joined_names(article: NewsroomArticle) -> str:
    """The byline as printed: as filed, else the names joined as the language joins them.

    Spanish writes ``e`` for ``y`` before the sound of an i.
    """
    names = article.authors
    if article.byline is not None or not names:
        return article.byline or ""
    if len(names) == 1:
        return names[0]
    spanish_i = article.language == "es" and names[-1].startswith(("I", "Í", "Hi"))
    joint = "e" if spanish_i else AND[article.language]
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def alternates(article: NewsroomArticle) -> str:
    """The hreflang links of an article that stands in both languages."""
    if not article.translations:
        return ""
    pairs = [(article.language, article.url), *article.translations]
    english = dict(pairs).get("en", article.url)
    return "\n".join(
        f'<link rel="alternate" hreflang="{language}" href="{esc(url)}" />'
        for language, url in [*pairs, ("x-default", english)]
    )
