"""A query as PostgreSQL takes it: over text-search vectors, which fold case and accents.

``search_vector`` has the words as they stand; ``stem_vector`` has what the dictionary of the
article's language, Spanish or English, makes of them, so that a word is found in all its forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, func, literal_column, not_, or_

from storage.folding import folded
from storage.query import Either, Every, Near, Node, Phrase, Within, phrases_of
from storage.schema import articles
from storage.wordforms import LANGUAGES

_LEXEME = re.compile(r"[^\W_]+")


def condition(node: Node, columns: tuple[str, ...] = ()) -> ColumnElement[bool]:
    """Whether an article fits: by the stored vectors, or by some columns of it."""
    match node:
        case Within(inner, child):
            return condition(child, tuple(name for name in inner if name in (columns or inner)))
        case Either(nodes):
            return or_(*(condition(each, columns) for each in nodes))
        case Every(nodes, without):
            wanted = [condition(each, columns) for each in nodes]
            return and_(*wanted, *(not_(condition(each, columns)) for each in without))
        case Near(phrases, _):
            return and_(*(condition(each, columns) for each in phrases))
        case Phrase():
            return or_(_exactly(node, columns), *_in_other_forms(node, columns))


def number_of(nodes: Sequence[Node]) -> ColumnElement[int]:
    """Of how many of some words an article has a form."""
    having = (cast(condition(each), Integer) for each in nodes)
    return reduce(add, having)


def score(node: Node) -> ColumnElement[Any]:
    """How well an article fits."""
    return func.ts_rank(literal_column("search_vector"), _any_of(node)) + func.ts_rank(
        literal_column("stem_vector"), _any_stem_of(node)
    )


def passage(node: Node, marks: tuple[str, str], words: int) -> ColumnElement[Any]:
    """The passage of the text that fits best."""
    options = f'StartSel="{marks[0]}",StopSel="{marks[1]}",MaxWords={words}'
    text = func.concat_ws("\n", articles.c.body, articles.c.analysis)
    return func.ts_headline("simple", text, _any_of(node), options)


def _exactly(phrase: Phrase, columns: tuple[str, ...]) -> ColumnElement[bool]:
    words = " <-> ".join(_lexemes(phrase.text, is_prefix=phrase.is_prefix))
    vector: ColumnElement[Any] = literal_column("articles.search_vector")
    if columns:
        vector = func.to_tsvector("simple", _texts(columns))
    return vector.op("@@")(func.to_tsquery("simple", words))


def _in_other_forms(phrase: Phrase, columns: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """One condition per language; none for a prefix, a quotation, or more than a word."""
    words = _lexemes(phrase.text, is_prefix=False)
    if phrase.is_exact or phrase.is_prefix or len(words) != 1:
        return []
    found: list[ColumnElement[bool]] = []
    for language, dictionary in LANGUAGES.items():
        vector: ColumnElement[Any] = literal_column("articles.stem_vector")
        if columns:
            vector = func.to_tsvector(dictionary, _texts(columns))
        fits = vector.op("@@")(func.to_tsquery(dictionary, words[0]))
        found.append(and_(articles.c.language == language, fits))
    return found


def _texts(columns: tuple[str, ...]) -> ColumnElement[Any]:
    return func.unaccented(func.concat_ws(" ", *(articles.c[name] for name in columns)))


def _any_of(node: Node) -> ColumnElement[Any]:
    words = [
        word for each in phrases_of(node) for word in _lexemes(each.text, is_prefix=each.is_prefix)
    ]
    return func.to_tsquery("simple", " | ".join(words))


def _any_stem_of(node: Node) -> ColumnElement[Any]:
    words = " | ".join(
        word for each in phrases_of(node) for word in _lexemes(each.text, is_prefix=False)
    )
    spanish, english = (func.to_tsquery(each, words) for each in LANGUAGES.values())
    return spanish.op("||")(english)


def _lexemes(text: str, *, is_prefix: bool) -> list[str]:
    """The words of a text as the index holds them: folded, parted by all punctuation."""
    words = _LEXEME.findall(folded(text)) or [""]
    return [*words[:-1], f"{words[-1]}:*"] if is_prefix else words
