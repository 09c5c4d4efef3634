"""Complaints in Spanish: what deeper rooms say in English of a query, a date or a filter.

Errors are one sentence each and belong to who raises them; here stands what the same says in
Spanish. What is not here is told as it was raised.
"""

from __future__ import annotations

import re

_SAID = (
    (r"This parenthesis closes none that was opened", "Este paréntesis no cierra ninguno abierto"),
    (r"This parenthesis is never closed", "Este paréntesis no se cierra nunca"),
    (r"This quotation mark is never closed", "Estas comillas no se cierran nunca"),
    (r"Only words to leave out are given, and none to find",
     "Solo hay palabras que excluir, y ninguna que buscar"),
    (r"Parentheses are nested too deeply", "Hay demasiados paréntesis unos dentro de otros"),
    (r"(AND|OR) needs a word on both sides", r"\1 necesita una palabra a cada lado"),
    (r"NOT needs a word after it", "NOT necesita una palabra después"),
    (r"A column needs a word after it", "Una columna necesita una palabra después"),
    (r"A word is missing here", "Aquí falta una palabra"),
    (r"NEAR needs two words or phrases, as in (.+?)(?=, at character)",
     r"NEAR necesita dos palabras o frases, como en \1"),
    (r"There is no column (\S+)", r"No hay ninguna columna \1"),
    (r"to search in(?=[ :(])", "en la que buscar"),
    (r": they are (.+)\.$", r": son \1."),
    (r"\(did you mean (.+?)\?\)", r"(¿quiso decir \1?)"),
    (r", at character (\d+):", r", en el carácter \1:"),
    (r"The query is longer than ([\d,]+) characters: shorten it\.",
     r"La consulta tiene más de \1 caracteres: acórtela."),
    (r"The query has more than ([\d,]+) words: shorten it\.",
     r"La consulta tiene más de \1 palabras: acórtela."),
    (r"The query holds no word to search for: give one, as in `cartel`\.",
     "La consulta no tiene ninguna palabra que buscar: escriba una, como `cartel`."),
    (r"^(.+) is no date: write it as (\S+), (\S+) or (\S+)\.$",
     r"\1 no es una fecha: escríbala como \2, \3 o \4."),
    (r"^(.+) is no date: write it as (\S+)\.$", r"\1 no es una fecha: escríbala como \2."),
    (r"^Database not found.*$|^Table not found.*$|^Row not found.*$|^Record not found.*$",
     "Esa página no existe."),
)  # fmt: skip
_SPANISH = [(re.compile(english, re.MULTILINE), spanish) for english, spanish in _SAID]


def complaint(sentence: str, language: str) -> str:
    """What somebody did wrong, in the language of the page.

    >>> complaint("'x' is no date: write it as 2020-05-17, 2020-05 or 2020.", "es")
    "'x' no es una fecha: escríbala como 2020-05-17, 2020-05 o 2020."
    """
    if language == "es":
        for english, spanish in _SPANISH:
            sentence = english.sub(spanish, sentence, count=1)
    return sentence
