"""Citations: one article, as one capture showed it, in the forms that editors and programs take.

Pure: a reference in, text out. A web page changes and goes away, so each form tells when the page
was captured and the SHA-256 of the bytes, by which `hemeroteca show --raw SHA256` gives them back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Literal, get_args

from crawler.article import Article
from crawler.errors import BadInput
from storage.folding import folded

Form = Literal["text", "bibtex", "ris", "csl-json"]
Tongue = Literal["en", "es"]
Outlets = Mapping[str, str]
NO_NAMES: Outlets = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation points at: an article and the capture that it was read from."""

    id: int
    """The article's number in the archive."""
    article: Article
    captured_at: datetime
    sha256: str
    """Hex, of the bytes as the server sent them."""
    gone_at: datetime | None = None
    """Since when the server says 404 or 410, or None."""
    is_earlier: bool = False
    """Whether the article has changed since: this is how it stood once."""
    version: tuple[int, int] | None = None
    """Which of the states that were seen, and how many there are; None where not asked for."""
    origin: str | None = None
    """Where the capture was taken from, if not from its own address: a web archive, a feed."""


def citation(
    reference: Reference, form: Form, *, outlets: Outlets = NO_NAMES, tongue: Tongue = "en"
) -> str:
    """A reference in one of the forms, with a line break at its end: see :func:`citations`."""
    return citations([reference], form, outlets=outlets, tongue=tongue)


def citations(
    references: Iterable[Reference],
    form: Form,
    *,
    outlets: Outlets = NO_NAMES,
    tongue: Tongue = "en",
) -> str:
    """References in one of the forms, as one text that can be a file.

    *outlets* gives the title of a site by its name; one that it lacks goes by its name. *tongue* is
    the language of a citation in words, and of the note in the other forms.

    :raises BadInput: there is no such form.
    """
    if form not in get_args(Form):
        known = ", ".join(get_args(Form))
        raise BadInput(f"There is no citation in the form {form!r}: choose {known}.")
    if form == "csl-json":
        items = [csl(each, outlets, tongue) for each in references]
        return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
    if form == "text":
        return "\n".join(f"{in_words(each, outlets, tongue)}\n" for each in references)
    if form == "bibtex":
        return "\n".join(bibtex(each, outlets, tongue) for each in references)
    return "\r\n".join(ris(each, outlets, tongue) for each in references)


# --- what all forms say


def key_of(reference: Reference) -> str:
    """The key to cite by: surname, year, a word of the headline and the article's number.

    The number makes it unique within an archive. A key stays as it is when the page changes; an
    earlier state of a page has the time of its capture added. Letters are plain ASCII, since older
    programs take no others.
    """
    article = reference.article
    name = _sort_name(article)
    year = _day_parts(article.published)[:1]
    word = next((each for each in _plain_words(article.headline) if len(each) > _SHORT), "")
    start = "".join((_plain_letters(name), *(f"{each:04}" for each in year), word)) or "article"
    when = f"-{reference.captured_at.astimezone(UTC):%Y%m%d%H%M%S}" if reference.is_earlier else ""
    return f"{start}-{reference.id}{when}"


#: Words of a headline up to this length (the, los, when …) tell one article from another badly.
_SHORT = 4


def _sort_name(article: Article) -> str:
    if not article.authors:
        return article.site
    first = article.authors[0]
    return first if article.organisation_byline else name_parts(first)[0]


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", folded(text).translate(_LETTERS).replace("'", ""))


def _plain_letters(text: str) -> str:
    return "".join(_plain_words(text))


#: Letters that Unicode doesn't take apart (casefold has made ß and ẞ an ss already).
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
                          "ı": "i", "’": ""})  # fmt: skip

#: Words before a surname that belong to it: Spanish, Portuguese, Italian, French, Dutch, German …
_PARTICLES = frozenset((
    "al", "bin", "da", "das", "de", "dei", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "la", "las", "le", "los", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
))  # fmt: skip
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))


def _listed_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Surnames that, before a last word, are the first of two, whatever the language of the text; those
#: on -ez are known by it. None of these is a usual first name.
_FIRST_OF_TWO = _listed_words(
    """
    acosta aguilar arango arias bautista cabrera campos cardenas castillo castro contreras
    cortes cruz delgado diaz escobar espinosa espinoza figueroa flores fuentes garcia garzon gil
    giraldo guerrero herrera londono medina mejia mendoza molina morales moreno munoz navarro
    ortega ortiz osorio pacheco pena quintero ramos restrepo reyes rivas rivera rojas romero
    ruiz salazar salinas sandoval serrano silva soto torres valencia vargas vega villalobos
    zamora zapata
    """
)

#: First names that Spanish gives in twos: after two of them, two words are two surnames.
_GIVEN = _listed_words(
    """
    alberto alejandra alejandro ana andrea andres angel antonio beatriz camilo carlos carmen
    carolina cristina daniel daniela david diego eduardo elena enrique esteban felipe fernanda
    fernando francisco gabriel gabriela guadalupe ignacio isabel javier jesus jorge jose juan
    julia laura lucia luis luisa manuel manuela maria mauricio miguel pablo paola patricia pedro
    pilar rafael ricardo roberto sebastian sofia teresa victoria
    """
)


def name_parts(name: str) -> tuple[str, str, str]:
    """Surname, first names and suffix of a person; all surname where it is one word.

    The last word is the surname, with the small words before it (*de la*, *van der*). There are two
    where the word before is a Spanish surname, or where two first names stand before two words;
    nothing else tells where a surname of two words begins, so others need a look.

    >>> name_parts("Lucía de la Rivera")
    ('de la Rivera', 'Lucía', '')
    >>> name_parts("José Ortega y Gasset")
    ('Ortega y Gasset', 'José', '')
    >>> name_parts("Gabriel García Márquez"), name_parts("Juan Carlos Garrido Vergara")
    (('García Márquez', 'Gabriel', ''), ('Garrido Vergara', 'Juan Carlos', ''))
    >>> name_parts("John Smith Jr.")
    ('Smith', 'John', 'Jr.')
    """
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    start = _without_particles(words, len(words) - 1)
    if start > 2 and words[start - 1] == "y":
        start -= 2
    elif start > 1 and _begins_surname(words, start - 1):
        start = _without_particles(words, start - 1)
    return " ".join(words[start:]), " ".join(words[:start]).rstrip(","), suffix


def _without_particles(words: list[str], start: int) -> int:
    """Where the small words before a surname begin."""
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return start


def _begins_surname(words: list[str], at: int) -> bool:
    """Whether the word before the last surname is the first of two."""
    word = folded(words[at])
    is_spanish = word in _FIRST_OF_TWO or (len(word) > 4 and word.endswith("ez"))
    return is_spanish or (at == 2 and {folded(each) for each in words[:2]} <= _GIVEN)


def _day_parts(stated: str | None) -> list[int]:
    """Year, month and day of an ISO 8601 date, or nothing."""
    try:
        day = date.fromisoformat((stated or "")[:10])
    except ValueError:
        return []
    return [day.year, day.month, day.day]


def _outlet(reference: Reference, outlets: Outlets) -> str:
    return outlets.get(reference.article.site, reference.article.site)


_NOTES = {
    "en": {
        "captured": "Captured {at}, SHA-256 {sha256}.",
        "origin": "Taken from {address}.",
        "earlier": "An earlier state of the page.",
        "gone": "Gone since {at}.",
    },
    "es": {
        "captured": "Capturado {at}, SHA-256 {sha256}.",
        "origin": "Tomado de {address}.",
        "earlier": "Un estado anterior de la página.",
        "gone": "Ya no está en línea desde {at}.",
    },
}


def _evidence(reference: Reference, tongue: Tongue) -> str:
    """The note that every form carries, for programs as well: ISO 8601 and hex."""
    words = _NOTES[tongue]
    said = [words["captured"].format(at=_instant(reference.captured_at), sha256=reference.sha256)]
    if reference.origin:
        said.append(words["origin"].format(address=reference.origin))
    if reference.is_earlier:
        said.append(words["earlier"])
    if reference.gone_at:
        said.append(words["gone"].format(at=_instant(reference.gone_at)))
    return " ".join(said)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


# --- in words

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip
_WORDS = {
    "en": {
        "and": "and",
        "title": "“{}”",
        "undated": "n.d.",
        "day": "{day} {month} {year}",
        "captured": "Captured on {day} at {time} UTC; SHA-256 of the capture {sha256}.",
        "origin": "Taken from {address}.",
        "version": "Version {} of {}.",
        "earlier": "The page has changed since.",
        "gone": "The page has been gone since {day}.",
    },
    "es": {
        "and": "y",
        "title": "«{}»",
        "undated": "s. f.",
        "day": "{day} de {month} de {year}",
        "captured": "Capturado el {day} a las {time} UTC; SHA-256 de la captura {sha256}.",
        "origin": "Tomado de {address}.",
        "version": "Versión {} de {}.",
        "earlier": "La página ha cambiado desde entonces.",
        "gone": "La página ya no está en línea desde el {day}.",
    },
}


def in_words(reference: Reference, outlets: Outlets = NO_NAMES, tongue: Tongue = "en") -> str:
    """One paragraph to print: authors, headline, outlet, day, address, capture and its hash.

    Names stand as the page prints them, since nothing says which part a style would put first.
    """
    article, words = reference.article, _WORDS[tongue]
    parts = _day_parts(article.published)
    day = _spoken_day(parts, tongue) if parts else words["undated"]
    moment = reference.captured_at.astimezone(UTC)
    said = [
        _closed(_listed(article.authors, tongue)),
        _closed(words["title"].format(_without_quotes(article.headline, tongue))),
        f"{_outlet(reference, outlets)}, {_closed(day)}",
        f"{article.canonical_url or article.url}.",
        words["captured"].format(
            day=_spoken_day([moment.year, moment.month, moment.day], tongue),
            time=f"{moment:%H:%M:%S}",
            sha256=reference.sha256,
        ),
    ]
    if reference.origin:
        said.append(words["origin"].format(address=reference.origin))
    if reference.version and reference.version[1] > 1:
        said.append(words["version"].format(*reference.version))
    if reference.is_earlier:
        said.append(words["earlier"])
    if reference.gone_at:
        gone = reference.gone_at.astimezone(UTC)
        day = _spoken_day([gone.year, gone.month, gone.day], tongue)
        said.append(words["gone"].format(day=day))
    return " ".join(part for part in said if part)


def _spoken_day(parts: list[int], tongue: Tongue) -> str:
    year, month, day = parts
    return _WORDS[tongue]["day"].format(day=day, month=_MONTHS[tongue][month - 1], year=year)


def _listed(names: Iterable[str], tongue: Tongue) -> str:
    """Names as a language lists them; Spanish *y* is *e* before the sound of an i.

    >>> _listed(["Joaquín Núñez", "Inés Peñalba"], "es"), _listed(["Ana Paz", "Hielo Gris"], "es")
    ('Joaquín Núñez e Inés Peñalba', 'Ana Paz y Hielo Gris')
    """
    *others, last = [*names] or [""]
    is_i = tongue == "es" and re.match(r"h?i(?!e)|y(?![aeiou])", folded(last))
    conjunction = "e" if is_i else _WORDS[tongue]["and"]
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def _closed(text: str) -> str:
    """The text with a full stop, unless it ends in one; a question mark in quotes needs one, too.

    >>> _closed("n.d."), _closed("“Why?”"), _closed("")
    ('n.d.', '“Why?”.', '')
    """
    return text if not text or text.endswith(".") else f"{text}."


def _without_quotes(headline: str, tongue: Tongue) -> str:
    """The headline with its own quotation marks made the inner ones.

    >>> _without_quotes('The “truce” and "peace"', "en")
    'The ‘truce’ and ‘peace’'
    """
    inner = ("‘", "’") if tongue == "en" else ("“", "”")
    return re.sub(r'[“"«„]([^“”"«»„]*)[”"»]', rf"{inner[0]}\1{inner[1]}", headline)


# --- BibTeX

_BIBTEX_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip

#: What TeX would take for a command. A brace is written by name, since BibTeX counts braces and
#: counts those behind a backslash, too.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)

#: Names of languages as babel and biblatex know them.
_BABEL = {
    "ca": "catalan",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}


def bibtex(reference: Reference, outlets: Outlets = NO_NAMES, tongue: Tongue = "en") -> str:
    """One entry for BibTeX or biblatex, in UTF-8.

    A dated article is an ``@article`` of its outlet, an undated one a ``@misc``. The title stands
    in braces of its own: styles that lower its case would make a name of Laredo a laredo.
    """
    article = reference.article
    day = _day_parts(article.published)
    captured = reference.captured_at.astimezone(UTC)
    fields = {
        "author": " and ".join(_tex_name(article, name) for name in article.authors),
        "title": f"{{{_tex(article.headline)}}}",
        "journal" if day else "howpublished": _tex(_outlet(reference, outlets)),
        "year": str(day[0]) if day else "",
        "month": _BIBTEX_MONTHS[day[1] - 1] if day else "",
        "day": str(day[2]) if day else "",
        "url": _tex_address(article.canonical_url or article.url),
        "urldate": f"{captured:%Y-%m-%d}",
        "langid": _BABEL.get(article.language or "", ""),
        "keywords": _tex(", ".join(article.tags)),
        "note": _tex(_evidence(reference, tongue)),
    }
    lines = [
        f"  {name} = {text if name == 'month' else f'{{{text}}}'},\n"
        for name, text in fields.items()
        if text
    ]
    kind = "article" if day else "misc"
    return f"@{kind}{{{key_of(reference)},\n{''.join(lines)}}}\n"


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)


def _tex_name(article: Article, name: str) -> str:
    if article.organisation_byline:
        return f"{{{_tex(name)}}}"
    surname, first, suffix = name_parts(name)
    if not first:
        return f"{{{_tex(name)}}}"
    # A comma or an "and" within a part would end it.
    parts = [surname, *([suffix] if suffix else []), first]
    return ", ".join(_tex(part) if _is_plain(part) else f"{{{_tex(part)}}}" for part in parts)


def _is_plain(part: str) -> bool:
    return "," not in part and "and" not in part.lower().split()


def _tex_address(url: str) -> str:
    """An address for a field that is taken literally: only what would end it is encoded."""
    signs = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
    return "".join(signs.get(sign, sign) for sign in url)


# --- RIS


def ris(reference: Reference, outlets: Outlets = NO_NAMES, tongue: Tongue = "en") -> str:
    """One entry in RIS, whose lines end as its specification (2011) asks, in CR and LF.

    A dated article is a newspaper article (``NEWS``), an undated one a web page (``ELEC``).
    """
    article = reference.article
    day = _day_parts(article.published)
    captured = reference.captured_at.astimezone(UTC)
    lines = [
        ("TY", "NEWS" if day else "ELEC"),
        ("ID", key_of(reference)),
        *(("AU", _ris_name(article, name)) for name in article.authors),
        ("TI", article.headline),
        ("T2", _outlet(reference, outlets)),
        ("PY", f"{day[0]:04}" if day else ""),
        ("DA", "{:04}/{:02}/{:02}".format(*day) if day else ""),
        ("AB", article.deck or ""),
        *(("KW", tag) for tag in article.tags),
        ("LA", article.language or ""),
        ("UR", article.canonical_url or article.url),
        ("Y2", f"{captured:%Y/%m/%d}"),
        ("N1", _evidence(reference, tongue)),
    ]
    said = "".join(f"{tag}  - {' '.join(text.split())}\r\n" for tag, text in lines if text)
    return f"{said}ER  - \r\n"


def _ris_name(article: Article, name: str) -> str:
    """``Surname, First, Suffix``. A name without a comma is taken as a whole."""
    if article.organisation_byline:
        return name.replace(",", "")
    return ", ".join(part for part in name_parts(name) if part)


# --- CSL-JSON


def csl(reference: Reference, outlets: Outlets = NO_NAMES, tongue: Tongue = "en") -> dict[str, Any]:
    """One item of CSL-JSON (csl-data.json, 1.0.2), as citeproc, pandoc and Zotero read it."""
    article = reference.article
    day = _day_parts(article.published)
    captured = reference.captured_at.astimezone(UTC)
    item = {
        "id": key_of(reference),
        "type": "article-newspaper" if day else "webpage",
        "title": article.headline,
        "author": [_csl_name(article, name) for name in article.authors],
        "container-title": _outlet(reference, outlets),
        "issued": {"date-parts": [day]} if day else None,
        "accessed": {"date-parts": [[captured.year, captured.month, captured.day]]},
        "URL": article.canonical_url or article.url,
        "language": article.language,
        "abstract": article.deck,
        "keyword": ", ".join(article.tags),
        "note": _evidence(reference, tongue),
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(article: Article, name: str) -> dict[str, str]:
    surname, first, suffix = name_parts(name)
    if article.organisation_byline or not first:
        return {"literal": name}
    named = {"family": surname, "given": first, "suffix": suffix}
    return {part: text for part, text in named.items() if text}
