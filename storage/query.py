"""The language that a user searches in, and what is wrong with a mistyped query.

Words, ``"quoted phrases"``, ``prefix*``, ``AND OR NOT`` (or ``-word``), parentheses,
``NEAR(one two, 5)``, and ``column:word``. Words that stand side by side must all be there, but for
the small ones among them, and unless no article has them all (:mod:`storage.easing`). A word
is found in all its forms (:mod:`storage.wordforms`), and exactly as it is typed between quotation
marks. Any other punctuation means nothing: ``AK-47``, ``O'Dowd``, ``10%`` and ``cartel?`` are plain
words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Literal, Protocol

from crawler.errors import BadInput

#: The columns of the full-text index, in its order.
COLUMNS = (
    "headline",
    "deck",
    "kicker",
    "byline",
    "tags",
    "body",
    "analysis",
    "captions",
    "notices",
)

#: Bounds on a query, far above any that a person types.
_MOST_CHARACTERS, _MOST_WORDS, _MOST_LEVELS = 10_000, 500, 40

#: Words between two neighbours where NEAR names no number: what FTS5 takes.
_NEAR = 10

#: Combinations of word forms that NEAR is asked with.
_MOST_NEAR = 64

_QUOTES = '"“”„«»'
_WORD = re.compile(rf"[^\s(){_QUOTES}]+")
_COLUMN = re.compile(r"([^\W\d_]+)\s*:")
_COLUMNS = re.compile(r"\{([^{}]*)\}\s*:")
_NEAR_END = re.compile(r",\s*(\d+)\s*$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; the last may be the beginning of a word."""

    text: str
    is_prefix: bool = False
    is_exact: bool = False
    """Whether it was typed between quotation marks: as it stands, in no other form."""


@dataclass(frozen=True, slots=True)
class Near:
    """Phrases with no more than so many words between them."""

    phrases: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Within:
    """A query in some columns only."""

    columns: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Every:
    """All of these, and none of those."""

    nodes: tuple[Node, ...]
    without: tuple[Node, ...] = ()
    is_loose: bool = field(default=False, repr=False, compare=False)
    """Whether they were put side by side, with no AND that insists on them."""


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    nodes: tuple[Node, ...]


Node = Phrase | Near | Within | Every | Either


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["phrase", "near", "column", "and", "or", "not", "(", ")", "end"]
    at: int
    """Where it begins, from 0."""
    node: Phrase | Near | None = None
    columns: tuple[str, ...] = ()


def parsed_query(query: str) -> Node:
    """What a query means; :class:`BadInput` with a caret under the place where it goes wrong.

    >>> parsed_query('cartel* NOT "El Chapo"')
    Every(nodes=(Phrase(text='cartel', is_prefix=True, is_exact=False),), \
without=(Phrase(text='El Chapo', is_prefix=False, is_exact=True),))
    """
    if len(query) > _MOST_CHARACTERS:
        raise BadInput(f"The query is longer than {_MOST_CHARACTERS:,} characters: shorten it.")
    return _Parser(query).whole()


def checked_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of columns to search in, or :class:`BadInput` that lists them."""
    for name in names:
        if name not in COLUMNS:
            raise BadInput(
                f"There is no column {name!r} to search in{_meant(name)}: "
                f"they are {', '.join(COLUMNS)}."
            )
    return names


def fts5(node: Node) -> str:
    """The query as SQLite's FTS5 takes it, everything quoted and in parentheses.

    >>> fts5(parsed_query("AK-47 headline:cartel"))
    '("AK-47" AND {headline} : ("cartel"))'
    """
    match node:
        case Phrase(text, is_prefix, _):
            return f'"{text}"*' if is_prefix else f'"{text}"'
        case Near(phrases, distance):
            return f"NEAR({' '.join(map(fts5, phrases))}, {distance})"
        case Within(columns, inner):
            return f"{{{' '.join(columns)}}} : ({fts5(inner)})"
        case Either(nodes):
            return f"({' OR '.join(map(fts5, nodes))})"
        case Every(nodes, without):
            found = f"({' AND '.join(map(fts5, nodes))})"
            return f"({found} NOT ({' OR '.join(map(fts5, without))}))" if without else found


def wanted(node: Node) -> Node:
    """The query without what it leaves out.

    >>> fts5(wanted(parsed_query("drug cartel -gang")))
    '("drug" AND "cartel")'
    """
    match node:
        case Within(columns, inner):
            return Within(columns, wanted(inner))
        case Either(nodes):
            return Either(tuple(map(wanted, nodes)))
        case Every(nodes, _):
            return wanted(nodes[0]) if len(nodes) == 1 else Every(tuple(map(wanted, nodes)))
        case _:
            return node


def phrases_of(node: Node) -> Iterator[Phrase]:
    """The words and phrases that a query looks for, without those it leaves out.

    >>> [phrase.text for phrase in phrases_of(parsed_query("drug NEAR(one two) -gang"))]
    ['drug', 'one', 'two']
    """
    match node:
        case Phrase():
            yield node
        case Near(phrases, _):
            yield from phrases
        case Within(_, inner):
            yield from phrases_of(inner)
        case Every(nodes, _) | Either(nodes):
            for each in nodes:
                yield from phrases_of(each)


class Widen(Protocol):
    """Tells in which forms a word or phrase is to be found: itself first, at least."""

    def __call__(self, phrase: Phrase, /) -> Sequence[Phrase]: ...


def widened(node: Node, widen: Widen) -> Node:
    """The query with every word in all its forms.

    >>> fts5(widened(parsed_query("drug cartel"), lambda word: [word, Phrase(word.text + "s")]))
    '(("drug" OR "drugs") AND ("cartel" OR "cartels"))'
    """
    match node:
        case Phrase():
            return _either([*widen(node)])
        case Near(phrases, distance):
            together = product(*map(widen, phrases))
            return _either([Near(each, distance) for each in islice(together, _MOST_NEAR)])
        case Within(columns, inner):
            return Within(columns, widened(inner, widen))
        case Either(nodes):
            return Either(tuple(widened(each, widen) for each in nodes))
        case Every(nodes, without):
            found = tuple(widened(each, widen) for each in nodes)
            return Every(found, tuple(widened(each, widen) for each in without))


def _either(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))


class _Parser:
    """Recursive descent over the tokens; ``or`` binds least, words side by side are ``and``."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = list(_Lexer(query).tokens())
        self._next = 0
        if sum(token.kind == "phrase" for token in self._tokens) > _MOST_WORDS:
            raise BadInput(f"The query has more than {_MOST_WORDS} words: shorten it.")

    def whole(self) -> Node:
        if self._token.kind == "end":
            raise BadInput("The query holds no word to search for: give one, as in `cartel`.")
        node = self._any(0)
        if self._token.kind == ")":
            raise self._error("This parenthesis closes none that was opened", self._token)
        return node

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._token
        self._next += 1
        return token

    def _any(self, level: int) -> Node:
        nodes = [self._every(level)]
        while self._token.kind == "or":
            operator = self._take()
            nodes.append(self._every(level, operator))
        return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))

    def _every(self, level: int, operator: _Token | None = None) -> Node:
        """Words side by side, until OR, a closing parenthesis, or the end."""
        first = self._token
        nodes: list[Node] = []
        without: list[Node] = []
        is_loose = True
        while self._token.kind not in ("or", ")", "end"):
            if self._token.kind == "and":
                if operator or not (nodes or without):
                    break
                operator = self._take()
                is_loose = False
                continue
            if self._token.kind == "not":
                negation = self._take()
                without.append(self._one(level, negation))
            else:
                nodes.append(self._one(level, None))
            operator = None
        if operator or not (nodes or without):
            raise self._dangling(operator or first)
        if not nodes:
            raise self._error("Only words to leave out are given, and none to find", first)
        if len(nodes) == 1 and not without:
            return nodes[0]
        return Every(tuple(nodes), tuple(without), is_loose)

    def _one(self, level: int, operator: _Token | None) -> Node:
        token = self._token
        if level > _MOST_LEVELS:
            raise self._error("Parentheses are nested too deeply", token)
        if token.kind == "(":
            self._take()
            node = self._any(level + 1)
            if self._token.kind != ")":
                raise self._error("This parenthesis is never closed", token)
            self._take()
            return node
        if token.kind == "column":
            self._take()
            return Within(token.columns, self._one(level + 1, token))
        if token.node is not None:
            self._take()
            return token.node
        raise self._dangling(operator or token)

    def _dangling(self, token: _Token) -> BadInput:
        words = {
            "and": "AND needs a word on both sides",
            "or": "OR needs a word on both sides",
            "not": "NOT needs a word after it",
            "column": "A column needs a word after it",
        }
        return self._error(words.get(token.kind, "A word is missing here"), token)

    def _error(self, sentence: str, token: _Token) -> BadInput:
        return _error(self._query, sentence, token.at)


class _Lexer:
    """Cuts a query into tokens; words without a letter or figure are left out."""

    def __init__(self, query: str) -> None:
        self._query = query

    def tokens(self) -> Iterator[_Token]:
        at = 0
        while at < len(self._query):
            letter = self._query[at]
            if letter.isspace() or letter == "\x00":
                at += 1
            elif letter in "()":
                yield _Token("(" if letter == "(" else ")", at)
                at += 1
            elif letter in _QUOTES:
                token, at = self._quoted(at)
                yield from token
            else:
                token, at = self._bare(at)
                yield from token
        yield _Token("end", at)

    def _quoted(self, at: int) -> tuple[list[_Token], int]:
        end = next((i for i in range(at + 1, len(self._query)) if self._query[i] in _QUOTES), None)
        if end is None:
            raise _error(self._query, "This quotation mark is never closed", at)
        starred = self._query.startswith("*", end + 1)
        return _phrase(self._query[at + 1 : end], starred, at, is_exact=True), end + 1 + starred

    def _bare(self, at: int) -> tuple[list[_Token], int]:
        if named := _COLUMNS.match(self._query, at) or _COLUMN.match(self._query, at):
            columns = tuple(named[1].replace(",", " ").split())
            if self._are_columns(columns, at, is_list=named[0].startswith("{")):
                return [_Token("column", at, columns=columns)], named.end()
        if self._is_minus(at):
            return [_Token("not", at)], at + 1
        found = _WORD.match(self._query, at)
        word = found[0] if found else ""
        end = at + len(word)
        if word == "NEAR" and self._query.startswith("(", end):
            return self._near(at, end)
        if word in ("AND", "OR", "NOT"):
            return [_Token({"AND": "and", "OR": "or", "NOT": "not"}[word], at)], end  # type: ignore[arg-type]
        return _phrase(word, word.endswith("*"), at), end

    def _are_columns(self, names: tuple[str, ...], at: int, *, is_list: bool) -> bool:
        """Whether these are columns. ``https:`` is a word, ``headlin:`` a slip of the finger."""
        if names and all(name in COLUMNS for name in names):
            return True
        for name in names:
            if name not in COLUMNS and (is_list or _meant(name)):
                raise _error(self._query, f"There is no column {name!r}{_meant(name)}", at)
        return False

    def _is_minus(self, at: int) -> bool:
        """A minus before a word leaves it out; inside a word it is a hyphen."""
        before, after = self._query[at - 1 : at], self._query[at + 1 : at + 2]
        starts = not before or before.isspace() or before == "("
        return (
            self._query[at] == "-"
            and starts
            and (after.isalnum() or after == "(" or (after != "" and after in _QUOTES))
        )

    def _near(self, at: int, opening: int) -> tuple[list[_Token], int]:
        end = self._query.find(")", opening)
        if end < 0:
            raise _error(self._query, "This parenthesis is never closed", opening)
        inner = self._query[opening + 1 : end]
        number = _NEAR_END.search(inner)
        distance = min(int(number[1]), 10_000) if number else _NEAR
        words = list(_Lexer(inner[: number.start()] if number else inner).tokens())[:-1]
        phrases = tuple(word.node for word in words if isinstance(word.node, Phrase))
        if len(phrases) < 2 or len(phrases) < len(words):
            raise _error(self._query, "NEAR needs two words or phrases, as in NEAR(one two, 5)", at)
        return [_Token("near", at, Near(phrases, distance))], end + 1


def _phrase(text: str, is_prefix: bool, at: int, *, is_exact: bool = False) -> list[_Token]:
    """A token for the words of a text, or none where it has none."""
    clean = " ".join(re.sub(rf"[{_QUOTES}*\x00]", " ", text).split())
    if not any(letter.isalnum() for letter in clean):
        return []
    return [_Token("phrase", at, Phrase(clean, is_prefix and clean[-1].isalnum(), is_exact))]


def _meant(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), COLUMNS, n=1, cutoff=0.75)
    return f" (did you mean {close[0]}?)" if close else ""


def _error(query: str, sentence: str, at: int) -> BadInput:
    line = "".join(letter if letter.isprintable() else " " for letter in query)
    start = max(0, at - 50)
    shown = line[start : at + 30]
    return BadInput(f"{sentence}, at character {at + 1}:\n  {shown}\n  {' ' * (at - start)}^")
