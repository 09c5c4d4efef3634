"""What to say where little or nothing was found: what else the archive knows of these words."""

from __future__ import annotations

import re
from typing import Any

from scripts.desk.visit import Visit
from storage import Archive, Former
from storage.query import parsed_query, phrases_of

#: Words that are counted one by one; names and earlier states that are shown.
_WORDS, _NAMES, _FORMER = 6, 3, 5

#: A word shorter than this is part of too many names.
_SHORTEST_NAME = 4

#: Operators and fields in Spanish, and what the query language calls them.
_OPERATORS = {"O": "OR", "U": "OR", "Y": "AND", "E": "AND", "NO": "NOT", "SIN": "NOT"}
_FIELDS = {
    "titular": "headline", "título": "headline", "titulo": "headline", "bajada": "deck",
    "antetítulo": "kicker", "antetitulo": "kicker", "firma": "byline", "autor": "byline",
    "autora": "byline", "autores": "byline", "author": "byline", "etiqueta": "tags",
    "etiquetas": "tags", "cuerpo": "body", "reportaje": "body", "texto": "body",
    "análisis": "analysis", "pie": "captions", "pies": "captions", "aviso": "notices",
    "avisos": "notices",
}  # fmt: skip

_QUOTED = re.compile(r'("[^"]*"|«[^»]*»|“[^”]*”)')
_OPERATOR = re.compile(rf"(?<=\s)({'|'.join(_OPERATORS)})(?=\s)")
_FIELD = re.compile(rf"(?<!\S)({'|'.join(_FIELDS)})\s*:\s*(?=\S)", re.IGNORECASE)


def meant(query: str) -> str | None:
    """The query with Spanish operators and fields as the query language has them, or None.

    >>> meant('ecuador O "Y no" autor:Prescott'), meant("gold OR oro"), meant("https://x.example/O")
    ('ecuador OR "Y no" byline:Prescott', None, None)
    """
    parts = _QUOTED.split(query)
    for at in range(0, len(parts), 2):
        parts[at] = _FIELD.sub(lambda m: f"{_FIELDS[m[1].lower()]}:", parts[at])
        parts[at] = _OPERATOR.sub(lambda m: _OPERATORS[m[1]], parts[at])
    better = "".join(parts)
    return better if better != query else None


async def help_with(visit: Visit, query: str, filters: dict[str, Any]) -> dict[str, Any]:
    """Each word with its number, names that have it, and earlier states that said it."""

    def ask(archive: Archive) -> dict[str, Any]:
        phrases = list(dict.fromkeys(phrase.text for phrase in phrases_of(parsed_query(query))))
        counted = [
            (text, archive.search(f'"{text}"' if " " in text else text, limit=0,
                                  every_word=True, **filters).total)
            for text in phrases[:_WORDS]
        ] if len(phrases) > 1 else []  # fmt: skip
        long = [text for text in phrases if len(text) >= _SHORTEST_NAME]
        former: list[Former] = archive.formerly(query, limit=_FORMER)
        return {
            "counted": counted,
            "names": archive.names_like(long[:_WORDS], limit=_NAMES),
            "former": former,
        }

    key = ("help", query, *sorted(filters.items()))
    memory = visit.desk.memory
    return await visit.ask(lambda archive: memory.answer(key, lambda: ask(archive)), is_long=True)
