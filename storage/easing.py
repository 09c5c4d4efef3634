"""What a query in plain words need not insist on.

A question as people ask it holds small words (*who is the …*), which tell nothing about an article,
and words that the article says otherwise. The small ones are left out. Where no article has all
that remain, half of them are enough, rarest first. What a user insists on stays required:
quotation marks, AND, NOT, ``column:``, parentheses, ``prefix*`` and NEAR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeGuard

from storage.folding import folded
from storage.query import Either, Every, Node, Phrase, Within

#: Words that ask, folded: a query that has one is a question, whatever else is in it.
_WHO = """
what who whom whose which when where why how
que quien quienes cual cuales cuando donde adonde como cuanto cuanta cuantos cuantas
"""

#: Articles, prepositions, conjunctions, pronouns and auxiliaries, English and Spanish, folded. Left
#: out are those that name something in the other language or in the news: son, sin, era, us, may,
#: ante, bajo.
_IS = """
a an the this that these those there here
of in on at to from by for with about into between among through
and or but nor if than then as so not no
i you he she it we they me him her them my your his its our their
is are was were be been being am do does did done has have had having
will would can could should shall must might

el la los las lo un una unos unas este esta estos estas ese esa esos esas esto eso
de del al a en con por para sobre entre desde hasta hacia segun
y e o u ni pero si porque
yo tu ella ellos ellas nos se me te le les su sus mi mis nuestro nuestra
es fue fueron ser sido estan estaba ha han habia hay pudo puede pueden debe
"""

#: What an apostrophe leaves: *what's*, *don't*, *they're*.
_LEFT = frozenset(("s", "t", "re", "ve", "ll", "d", "m"))

_ASKING = frozenset(_WHO.split())
_SMALL = _ASKING | frozenset(_IS.split())

#: More words than this are not weighed against each other.
_MOST_WORDS = 32

_PART = re.compile(r"[^\W_]+")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True)
class Eased:
    """A query of which half of the words are enough."""

    node: Node
    """What articles have that have any of the words, and all that is insisted on."""
    words: tuple[Node, ...]
    typed: tuple[str, ...]
    """The words as they were typed, without punctuation around them."""


def without_small_words(node: Node) -> Node:
    """The query without small words, as far as they stand among others.

    A name may begin with one: beside a single other word they stay, unless something is asked.

    >>> from storage.query import fts5, parsed_query
    >>> fts5(without_small_words(parsed_query("who leads the Tren de Aragua?")))
    '("leads" AND "Tren" AND "Aragua?")'
    >>> fts5(without_small_words(parsed_query("la familia"))), fts5(
    ...     without_small_words(parsed_query("¿qué es el fentanilo?")))
    ('("la" AND "familia")', '"fentanilo?"')
    """
    match node:
        case Within(columns, inner):
            return Within(columns, without_small_words(inner))
        case Either(nodes):
            return Either(tuple(map(without_small_words, nodes)))
        case Every(nodes, without, is_loose):
            nodes = tuple(map(without_small_words, nodes))
            if is_loose:
                nodes = _telling(nodes)
            return nodes[0] if len(nodes) == 1 and not without else Every(nodes, without, is_loose)
        case _:
            return node


def eased(node: Node) -> Eased | None:
    """The query for any of its plain words; None where it has fewer than two of them.

    >>> from storage.query import fts5, parsed_query
    >>> fts5(eased(parsed_query('insulin vial "Santo Domingo" -cuba')).node)
    '((("insulin" OR "vial") AND "Santo Domingo") NOT ("cuba"))'
    """
    match node:
        case Within(columns, inner):
            easy = eased(inner)
            if easy is None:
                return None
            words = tuple(Within(columns, word) for word in easy.words)
            return Eased(Within(columns, easy.node), words, easy.typed)
        case Every(nodes, without, True):
            plain = tuple(filter(_is_plain, nodes))
            if not 2 <= len(plain) <= _MOST_WORDS:
                return None
            insisted = tuple(each for each in nodes if not _is_plain(each))
            typed = tuple(_AROUND.sub("", each.text) for each in plain)
            return Eased(Every((Either(plain), *insisted), without), plain, typed)
        case _:
            return None


def _telling(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Those of some words that tell what is looked for; all of them where hardly any does."""
    telling = tuple(each for each in nodes if not _is_small(each))
    is_question = any(_parts(each)[0] in _ASKING for each in nodes if _is_plain(each))
    return telling if len(telling) > 1 or (telling and is_question) else nodes


def _is_plain(node: Node) -> TypeGuard[Phrase]:
    """Whether it is a word of which nobody said how it has to be found."""
    return isinstance(node, Phrase) and not (node.is_exact or node.is_prefix)


def _is_small(node: Node) -> bool:
    if not _is_plain(node):
        return False
    first, *left = _parts(node)
    return first in _SMALL and all(part in _LEFT for part in left)


def _parts(word: Phrase) -> list[str]:
    return _PART.findall(folded(word.text)) or [""]
