"""What words say in figures: numbers in digits and in words, and the days of a calendar.

English and Spanish in full, with the commonest words of Portuguese and French; Chinese and
Japanese numerals. Other languages are told by their digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storage.folding import folded

_FIGURE = re.compile(r"(\d+(?:[.,]\d+)*)\D*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def _numbered(start: int, step: int, *names: str) -> dict[str, int]:
    """The names in counting order; several for one number are parted by a stroke."""
    return {
        name: start + step * position
        for position, each in enumerate(names)
        for name in each.split("/")
    }


#: Numbers that are added up: *treinta y dos*, *doscientos tres*.
_ADDED = {
    **_numbered(
        0, 1,
        "zero/cero", "one/uno/un/una/um/uma/une", "two/dos/dois/duas/deux", "three/tres/trois",
        "four/cuatro/quatro/quatre", "five/cinco/cinq", "six/seis", "seven/siete/sete/sept",
        "eight/ocho/oito/huit", "nine/nueve/nove/neuf", "ten/diez/dez/dix", "eleven/once/onze",
        "twelve/doce/doze/douze", "thirteen/trece/treze/treize",
        "fourteen/catorce/quatorze/catorze", "fifteen/quince/quinze",
        "sixteen/dieciseis/dezesseis/seize", "seventeen/diecisiete/dezessete",
        "eighteen/dieciocho/dezoito", "nineteen/diecinueve/dezenove",
        "twenty/veinte/vinte/vingt", "veintiuno/veintiun/veintiuna", "veintidos", "veintitres",
        "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho", "veintinueve",
    ),
    **_numbered(
        30, 10,
        "thirty/treinta/trinta/trente", "forty/cuarenta/quarenta/quarante",
        "fifty/cincuenta/cinquenta/cinquante", "sixty/sesenta/sessenta/soixante",
        "seventy/setenta", "eighty/ochenta/oitenta", "ninety/noventa",
    ),
    **_numbered(
        100, 100,
        "cien/ciento/cem/cento", "doscientos/doscientas/duzentos", "trescientos/trescientas",
        "cuatrocientos/cuatrocientas", "quinientos/quinientas", "seiscientos/seiscientas",
        "setecientos/setecientas", "ochocientos/ochocientas", "novecientos/novecientas",
    ),
}  # fmt: skip

#: Numbers that multiply what stands before them.
_MULTIPLIED = {
    **dict.fromkeys(("hundred", "hundreds", "cent", "cents", "cientos", "centenares"), 100),
    **dict.fromkeys(("thousand", "thousands", "mil", "miles", "mille"), 1_000),
    **dict.fromkeys(("million", "millions", "millon", "millones", "milhao", "milhoes"), 10**6),
    **dict.fromkeys(("billion", "billions", "milliard", "milliards", "bilhoes"), 10**9),
    **dict.fromkeys(("billon", "billones", "trillion", "trillions"), 10**12),
    **dict.fromkeys(("dozen", "dozens", "docena", "docenas", "duzia", "douzaine"), 12),
}

#: Ordinals and parts. They have a value of their own: *the second* is not *two*.
_PLACED = {
    name: f"place {place}"
    for place, each in enumerate(
        (
            "half/mitad/medio/media", "first/primero/primer/primera/1st/1o/1a",
            "second/segundo/segunda/2nd/2o/2a", "third/tercero/tercer/tercera/tercio/3rd/3o/3a",
            "fourth/cuarto/cuarta/quarter/4th/4o/4a", "fifth/quinto/quinta/5th/5o/5a",
            "sixth/sexto/sexta/6th", "seventh/septimo/septima/7th", "eighth/octavo/octava/8th",
            "ninth/noveno/novena/9th", "tenth/decimo/decima/10th", "eleventh/11th",
            "twelfth/12th",
        )
    )
    for name in each.split("/")
}  # fmt: skip

#: Months and days of the week, each with its number, whatever the language.
_DATED = {
    name: f"{unit} {number}"
    for unit, each_one in (
        (
            "month",
            (
                "january/enero/janeiro/janvier", "february/febrero/fevereiro/fevrier",
                "march/marzo/marco/mars", "april/abril/avril", "may/mayo/maio/mai",
                "june/junio/junho/juin", "july/julio/julho/juillet", "august/agosto/aout",
                "september/septiembre/setiembre/setembro/septembre",
                "october/octubre/outubro/octobre", "november/noviembre/novembro/novembre",
                "december/diciembre/dezembro/decembre",
            ),
        ),
        (
            "day",
            (
                "monday/lunes/lundi", "tuesday/martes/mardi", "wednesday/miercoles/mercredi",
                "thursday/jueves/jeudi", "friday/viernes/vendredi", "saturday/sabado/samedi",
                "sunday/domingo/dimanche",
            ),
        ),
    )
    for number, names in enumerate(each_one, start=1)
    for name in names.split("/")
}  # fmt: skip

_NUMERALS = frozenset("〇零一二三四五六七八九十百千万億兆两兩萬亿")

#: Words between the words of a number or date, and units: they say nothing of their own.
_AND = ("and", "y", "e", "et", "of", "de", "del", "per", "por", "a", "an", "st", "nd", "rd", "th")
_BESIDE = frozenset((*_AND, "cent", "ciento", "percent", "percentage"))

#: Values that as often are no number: *one said*, *una casa*, *at first*.
_WEAK = frozenset((1.0, "place 0", "place 1", "place 2", "month 5"))

Value = float | str


def figures_in(words: Sequence[str]) -> list[Value]:
    """The numbers and dates that words name, in order, *twelve* and *12* alike.

    >>> figures_in(["twelve", "on", "12", "May"]), figures_in("treinta y dos mil".split())
    ([12.0, 12.0, 'month 5'], [32000.0])
    >>> figures_in(["12", "million"]) == figures_in(["12,000,000"])
    True
    """
    found: list[Value] = []
    sum_so_far: float | None = None
    for word in map(folded, words):
        number = _number(word)
        if sum_so_far is not None and word in _MULTIPLIED:
            sum_so_far *= _MULTIPLIED[word]
        elif number is not None and sum_so_far is not None and _adds_up(sum_so_far, number):
            sum_so_far += number
        elif number is not None or word not in _BESIDE:
            found += [] if sum_so_far is None else [sum_so_far]
            sum_so_far = number
            found += _named(word) if number is None else []
    return found + ([] if sum_so_far is None else [sum_so_far])


def is_figure(word: str) -> bool:
    """Whether a word belongs to a number or date; *and*, *percent* and the like do, too."""
    name = folded(word)
    return _number(name) is not None or name in _BESIDE or any(_named(name))


def is_weak(value: Value) -> bool:
    """Whether a value may be no number at all: *one said*, *at first*, *it may*."""
    return value in _WEAK


def _number(word: str) -> float | None:
    if figure := _FIGURE.fullmatch(word):
        return None if word in _PLACED else _digits(figure[1])
    number = _ADDED.get(word, _MULTIPLIED.get(word))
    return None if number is None else float(number)


def _digits(figure: str) -> float | None:
    """The number in digits; *1,200* and *1.200* are one, and *1.5* is *1,5*."""
    if _GROUPED.fullmatch(figure):
        figure = figure.replace(",", "").replace(".", "")
    whole, *parts = re.split("[.,]", figure)
    try:
        return float(".".join((whole, "".join(parts)))) if len(whole) < 300 else None
    except ValueError:  # digits that are no decimal ones
        return None


def _adds_up(high: float, low: float) -> bool:
    """Whether a number goes on with a smaller one: *two hundred and three*, not *2016 12*."""
    return 0 < low < high and low == int(low) and high % 10 ** len(str(int(low))) == 0


def _named(word: str) -> Iterator[Value]:
    if word in _PLACED:
        yield _PLACED[word]
    elif word in _DATED:
        yield _DATED[word]
    elif word in _NUMERALS:
        yield word
