"""The words of a plot, in English and Spanish."""

from __future__ import annotations

from datetime import date, datetime

from scripts.plots.chart import Chart, Measure
from scripts.printing import Tongue

_SAID: dict[Tongue, dict[str, str]] = {
    "en": {
        "articles": "Articles",
        "words": "Words",
        "length": "Words per article",
        "analysis": "Share of articles with an analysis of their own",
        "share": "Share of all articles",
        "year": "by year",
        "month": "by month",
        "category": "by category",
        "author": "by author",
        "language": "by language",
        "site": "by site",
        "kind": "by kind",
        "tag": "by tag",
        "parser": "by parser",
        "over year": "and year",
        "over month": "and month",
        "everything": "the whole archive",
        "nothing": "nothing found",
        "gap": "gap in the archive: the true number is higher, or not known",
        "gap of a share": "gap in the archive: a share of what it has",
        "counted": "{articles} articles",
        "counted one": "1 article",
        "undated": "without a known day, not shown: {number}",
        "unnamed": "without one, not shown: {number}",
        "in": "in {archive}",
        "as of": "as of {day}",
        "complete": "{share} complete, by what the sites listed",
        "complete unknown": "completeness unknown: lists not read to their end",
        "until": "to {day} {month}",
        "own scale": "each panel has its own scale",
        "most": "the {shown} most frequent of {number}",
        "day": "{day} {month} {year}",
    },
    "es": {
        "articles": "Artículos",
        "words": "Palabras",
        "length": "Palabras por artículo",
        "analysis": "Proporción de artículos con análisis propio",
        "share": "Proporción de todos los artículos",
        "year": "por año",
        "month": "por mes",
        "category": "por categoría",
        "author": "por autor",
        "language": "por idioma",
        "site": "por sitio",
        "kind": "por género",
        "tag": "por etiqueta",
        "parser": "por analizador",
        "over year": "y año",
        "over month": "y mes",
        "everything": "todo el archivo",
        "nothing": "nada encontrado",
        "gap": "laguna en el archivo: la cifra real es mayor o no se conoce",
        "gap of a share": "laguna en el archivo: proporción de lo que hay en él",
        "counted": "{articles} artículos",
        "counted one": "1 artículo",
        "undated": "sin fecha conocida, no mostrados: {number}",
        "unnamed": "sin este dato, no mostrados: {number}",
        "in": "en {archive}",
        "as of": "estado del {day}",
        "complete": "completo al {share}, según lo que listaron los sitios",
        "complete unknown": "no se sabe cuán completo: listas sin leer hasta el final",
        "until": "al {day} {month}",
        "own scale": "cada cuadro tiene su propia escala",
        "most": "los {shown} más frecuentes de {number}",
        "day": "{day} de {month} de {year}",
    },
}

_FILTERS: dict[Tongue, dict[str, str]] = {
    "en": {
        "inside": "in {}",
        "site": "site {}",
        "category": "category {}",
        "tag": "tag {}",
        "author": "author {}",
        "language": "language {}",
        "kind": "kind {}",
        "since": "since {}",
        "until": "until {}",
        "edited": "edited",
        "translated": "translated",
        "excerpt": "an excerpt: {}",
    },
    "es": {
        "inside": "en {}",
        "site": "sitio {}",
        "category": "categoría {}",
        "tag": "etiqueta {}",
        "author": "autor {}",
        "language": "idioma {}",
        "kind": "género {}",
        "since": "desde {}",
        "until": "hasta {}",
        "edited": "editados",
        "translated": "traducidos",
        "excerpt": "un extracto: {}",
    },
}

_MONTHS: dict[Tongue, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip


def said(tongue: Tongue, name: str, **values: object) -> str:
    """A label in one of the languages."""
    return _SAID[tongue][name].format(**values)


def title(chart: Chart) -> str:
    """What is counted by what.

    >>> title(Chart("month", [], query="extortion"))
    'Articles by month: extortion'
    """
    parts = [said(chart.tongue, chart.measure), said(chart.tongue, chart.by)]
    if chart.over:
        parts.append(said(chart.tongue, f"over {chart.over}"))
    asked = f": {chart.query}" if chart.query else ""
    return " ".join(parts) + asked


def conditions(chart: Chart) -> str:
    """The filters, or that there are none."""
    known = _FILTERS[chart.tongue]
    told = [known[name].format(_plain(value)) for name, value in chart.filters.items()]
    if told:
        return " · ".join(told)
    return "" if chart.query else said(chart.tongue, "everything")


def _complete(share: float | None, tongue: Tongue) -> str:
    if share is None:
        return said(tongue, "complete unknown")
    return said(tongue, "complete", share=percent(share, tongue))


def foot(chart: Chart) -> str:
    """How many articles, in which archive, of when, and how complete."""
    tongue = chart.tongue
    name = "counted one" if chart.articles == 1 else "counted"
    counted = said(tongue, name, articles=number(chart.articles, tongue))
    parts = [f"{counted} {said(tongue, 'in', archive=chart.archive)}" if chart.archive else counted]
    parts.append(said(tongue, "as of", day=spoken(chart.as_of, tongue)) if chart.as_of else "")
    if chart.archive:
        parts.append(_complete(chart.complete, tongue))
    if chart.unknown:
        name = "undated" if chart.by in ("year", "month") else "unnamed"
        parts.append(said(tongue, name, number=number(chart.unknown, tongue)))
    return " · ".join(part for part in parts if part)


def spoken(day: date | datetime, tongue: Tongue) -> str:
    """A day in words.

    >>> spoken(date(2026, 11, 3), "es")
    '3 de noviembre de 2026'
    """
    month = _MONTHS[tongue][day.month - 1]
    return said(tongue, "day", day=day.day, month=month, year=day.year)


def month_name(month: int, tongue: Tongue) -> str:
    """Three letters of a month.

    >>> month_name(1, "es")
    'ene'
    """
    return _MONTHS[tongue][month - 1][:3]


def number(value: float, tongue: Tongue) -> str:
    """A number as the language writes it, with as many decimals as it needs.

    >>> number(12345, "en"), number(12345, "es"), number(0.5, "es"), number(1234, "es")
    ('12,345', '12.345', '0,5', '1234')
    """
    text = f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
    if tongue == "en":
        return text
    # Four digits stand together in Spanish (Ortografía de la lengua española, 2010).
    whole, _, decimals = text.partition(".")
    whole = whole.replace(",", "" if len(whole) < 6 else ".")
    return f"{whole},{decimals}" if decimals else whole


def percent(share: float, tongue: Tongue) -> str:
    """A share of one, in percent; what is not all is never rounded to all.

    >>> percent(1, "en"), percent(0.9996, "en"), percent(0.125, "es"), percent(0.004, "en")
    ('100%', '99.9%', '12,5\\xa0%', '0.4%')
    """
    exact = 100 * share
    text = f"{min(exact, 99.9) if share < 1 else exact:.1f}".removesuffix(".0")
    return f"{text}%" if tongue == "en" else f"{text.replace('.', ',')}\xa0%"


def value(amount: float, measure: Measure, tongue: Tongue) -> str:
    """A measured value as a label."""
    if measure in ("analysis", "share"):
        return percent(round(amount, 3), tongue)
    return number(round(amount), tongue)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
