"""The passage that is shown of each article that was found, and which words it lacks.

FTS5 chooses the passages. Asked of the archive's own index, it would read every word's list of
articles anew for each article that is shown, which takes longer than to find the best of a million.
So the few articles of a page are indexed by themselves, in memory, for as long as that takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import Connection, func, select

from storage import lexemes
from storage.query import COLUMNS, fts5
from storage.question import Question
from storage.schema import articles

#: Words in a passage: two printed lines.
_WORDS = 28

#: FTS5 looks for the best passage in a time that grows with the square of what is found in a text
#: (a word a million times in one article: more than twenty seconds), so longer texts show how they
#: begin.
_LONG = 50_000

#: Characters that surely hold the words of a passage.
_OPENING = 2_000

#: Where a passage is taken from, by preference: the text, and else wherever something was found.
_SHOWN_COLUMNS = (COLUMNS.index("body"), COLUMNS.index("analysis"), COLUMNS.index("deck"), -1)

#: What no cleaned text contains.
_MARKS = ("\x02", "\x03")

#: How the archive's own index parts texts into words.
TOKENIZER = "tokenize='unicode61 remove_diacritics 2'"

_INDEX = f"CREATE VIRTUAL TABLE shown USING fts5({', '.join(COLUMNS)}, {TOKENIZER})"
_FILL = f"INSERT INTO shown (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608
_SNIPPETS = ", ".join(
    f"snippet(shown, {at}, char(2), char(3), '…', {_WORDS})" for at in _SHOWN_COLUMNS
)
_PASSAGES = f"SELECT rowid, {_SNIPPETS} FROM shown WHERE shown MATCH ?"  # noqa: S608
_FITTING = "SELECT rowid FROM shown WHERE shown MATCH ?"

Passages = dict[int, str]
Missing = dict[int, list[str]]


def passages_of(
    connection: Connection, question: Question, ids: Sequence[int], marks: tuple[str, str]
) -> tuple[Passages, Missing]:
    """The best passage of each of some hits, plain text with what was found between *marks*, and
    the words of the question that it lacks, as they were typed.
    """
    if question.node is None:
        return _openings(connection, ids), {}
    if connection.dialect.name != "sqlite":
        return _on_server(connection, question, ids, marks)
    openings = _openings(connection, ids, longer_than=_LONG)
    wanted = ids if question.words else [each for each in ids if each not in openings]
    with closing(_indexed(connection, wanted)) as shown:
        found = shown.execute(_PASSAGES, [fts5(question.node)]) if wanted else ()
        passages = {number: _best_of(texts, marks) for number, *texts in found}
        having = [{row[0] for row in shown.execute(_FITTING, [fts5(w)])} for w in question.words]
    return passages | openings, _lacking(question, ids, having)


def _lacking(question: Question, ids: Sequence[int], having: Sequence[set[int]]) -> Missing:
    words = list(zip(question.typed, having, strict=True))
    return {number: [typed for typed, held in words if number not in held] for number in ids}


def _openings(
    connection: Connection, ids: Sequence[int], *, longer_than: int | None = None
) -> Passages:
    """How the texts of some articles begin, or of those that have more than so many words."""
    begun = func.substr(articles.c.body, 1, _OPENING)
    query = select(articles.c.id, begun).where(articles.c.id.in_(ids))
    if longer_than is not None:
        query = query.where(articles.c.words > longer_than)
    return {number: _shortened(body) for number, body in connection.execute(query)}


def _indexed(connection: Connection, ids: Sequence[int]) -> sqlite3.Connection:
    """A full-text index of some articles alone."""
    texts = select(articles.c.id, *(articles.c[name] for name in COLUMNS))
    rows = connection.execute(texts.where(articles.c.id.in_(ids))) if ids else ()
    index = sqlite3.connect(":memory:")
    index.execute(_INDEX)
    index.executemany(_FILL, map(tuple, rows))
    return index


def _on_server(
    connection: Connection, question: Question, ids: Sequence[int], marks: tuple[str, str]
) -> tuple[Passages, Missing]:
    assert question.node is not None  # noqa: S101
    passage = lexemes.passage(question.node, marks, _WORDS)
    query = select(articles.c.id, passage).where(articles.c.id.in_(ids))
    passages = {number: " ".join(text.split()) for number, text in connection.execute(query)}
    some = select(articles.c.id).where(articles.c.id.in_(ids))
    having = [
        set(connection.scalars(some.where(lexemes.condition(word)))) for word in question.words
    ]
    return passages, _lacking(question, ids, having)


def _best_of(texts: Sequence[str | None], marks: tuple[str, str]) -> str:
    """The passage in which most was found; the first of those in which as much was."""
    best = max((text or "" for text in texts), key=lambda text: text.count(_MARKS[0]))
    return " ".join(best.replace(_MARKS[0], marks[0]).replace(_MARKS[1], marks[1]).split())


def _shortened(text: str) -> str:
    words = text.split(maxsplit=_WORDS)
    return " ".join(words[:_WORDS]) + ("…" if len(words) > _WORDS else "")
