"""Full-text search: which articles, in what order, with what shown of them.

On SQLite the index is FTS5 and on PostgreSQL a text-search vector; nothing outside this module
knows. Both fold case and accents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    true,
)

from crawler.errors import BadInput
from storage.filters import Filters
from storage.folding import folded
from storage.query import (
    COLUMNS,
    Either,
    Every,
    Near,
    Node,
    Phrase,
    Within,
    checked_columns,
    fts5,
    parsed_query,
)
from storage.schema import article_authors, article_tags, articles, authors, revisions, tags

Sort = Literal["relevance", "newest", "oldest"]
Facets = dict[str, list[dict[str, Any]]]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

#: How much a word counts in each column: a headline names the subject, a caption rarely does.
WEIGHTS = {
    "headline": 10.0,
    "deck": 5.0,
    "kicker": 1.0,
    "byline": 2.0,
    "tags": 4.0,
    "body": 1.0,
    "analysis": 1.0,
    "captions": 0.5,
    "notices": 0.5,
}

#: Words in a snippet: two printed lines.
_SNIPPET_WORDS = 28

#: Values listed per facet.
_MOST_VALUES = 50

_LEXEME = re.compile(r"[^\W_]+")

_INDEX = table("articles_fts", column("rowid"))
_WHOLE_ROW: ColumnElement[Any] = literal_column("articles_fts")


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found."""

    id: int
    url: str
    headline: str
    published: str | None
    """ISO 8601, as precise as the page says."""
    published_on: date | None
    site: str
    category: str | None
    authors: tuple[str, ...]
    snippet: str
    """The passage that fits best, what was found between the given marks."""
    score: float
    """Higher is better; comparable within one search only."""

    def to_dict(self) -> dict[str, Any]:
        """What ``search --json`` prints for a hit."""
        return {
            "id": self.id,
            "url": self.url,
            "headline": self.headline,
            "published": self.published,
            "site": self.site,
            "category": self.category,
            "authors": list(self.authors),
            "snippet": self.snippet,
            "score": float(f"{self.score:.6g}"),
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: a parsed query, or none for every article, and the filters."""

    node: Node | None
    filters: Filters
    standing_at: datetime | None = None
    """Only articles that were known then, and stand today as they stood."""

    @classmethod
    def of(cls, query: str | None, inside: Sequence[str] | None, filters: Filters) -> Question:
        """Read a user's query; :class:`BadInput` says where it is wrong."""
        if query is None:
            return cls(None, filters)
        node = parsed_query(query)
        columns = checked_columns(tuple(inside or ()))
        return cls(Within(columns, node) if columns else node, filters)

    @property
    def is_narrow(self) -> bool:
        """Whether anything less than every article is asked for."""
        return self.node is not None or bool(self._conditions)

    @property
    def _conditions(self) -> list[ColumnElement[bool]]:
        conditions = self.filters.conditions
        if self.standing_at is not None:
            of_article = select(revisions.c.id).where(revisions.c.article_id == articles.c.id)
            later = of_article.where(revisions.c.captured_at > self.standing_at)
            earlier = of_article.where(revisions.c.captured_at <= self.standing_at)
            conditions += [~later.exists(), earlier.exists()]
        return conditions

    def found_in(self, dialect: str) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Where to look, and under which conditions; the articles' table is always there."""
        conditions = self._conditions
        if self.node is None:
            return articles, conditions
        if dialect == "sqlite":
            joined = _INDEX.join(articles, articles.c.id == _INDEX.c.rowid)
            return joined, [self._match, *conditions]
        return articles, [_postgresql(self.node, ()), *conditions]

    def ids(self, dialect: str, sort: Sort) -> Select[Any]:
        """The ids and scores of what is found, in order."""
        if sort not in SORTS:
            raise BadInput(f"Results can't be sorted by {sort!r}: choose {', '.join(SORTS)}.")
        score = self._score(dialect).label("score")
        if sort == "relevance" and self._index_answers(dialect):
            query = select(_INDEX.c.rowid.label("id"), score).where(self._match)
            return query.order_by(score.desc(), _INDEX.c.rowid.desc())
        source, conditions = self.found_in(dialect)
        query = select(articles.c.id, score).select_from(source).where(*conditions)
        return query.order_by(*_order(sort, self.node is not None))

    def numbers(self, dialect: str) -> Select[Any]:
        """The ids of what is found, as it lies in the archive: what is read soonest from a disk."""
        source, conditions = self.found_in(dialect)
        found = select(articles.c.id).select_from(source).where(*conditions)
        return found.order_by(articles.c.id)

    def count(self, dialect: str) -> Select[Any]:
        """How many are found."""
        if self._index_answers(dialect):
            return select(func.count()).select_from(_INDEX).where(self._match)
        source, conditions = self.found_in(dialect)
        return select(func.count()).select_from(source).where(*conditions)

    def _index_answers(self, dialect: str) -> bool:
        """Whether the articles' own rows can stay unread, which halves the work."""
        return dialect == "sqlite" and self.node is not None and not self._conditions

    @property
    def _match(self) -> ColumnElement[bool]:
        return _WHOLE_ROW.op("MATCH")(fts5(self.node)) if self.node else true()

    def _score(self, dialect: str) -> ColumnElement[Any]:
        if self.node is None:
            return literal(0.0)
        if dialect == "sqlite":
            return -func.bm25(_WHOLE_ROW, *(WEIGHTS[name] for name in COLUMNS))
        words = func.to_tsquery("simple", " | ".join(_lexemes_of(self.node)))
        return func.ts_rank(literal_column("search_vector"), words)


def _order(sort: Sort, has_query: bool) -> list[Any]:
    newest = [articles.c.published_on.desc().nulls_last(), articles.c.id.desc()]
    if sort == "oldest":
        return [articles.c.published_on.nulls_last(), articles.c.id]
    if sort == "newest" or not has_query:
        return newest
    return [literal_column("score").desc(), *newest]


@dataclass
class Hits:
    """The hits of one page of results; ``total`` and ``facets`` count all that was found.

    They are counted when they are first asked for, while the archive is open.
    """

    query: str | None
    hits: list[Hit]
    _question: Question = field(repr=False)
    _reading: Callable[[], AbstractContextManager[Connection]] = field(repr=False)
    _counted: tuple[int, Facets] | None = field(default=None, repr=False)
    """Total and facets where they are known already."""

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, index: int) -> Hit:
        return self.hits[index]

    @cached_property
    def total(self) -> int:
        """How many articles were found in all."""
        if self._counted is not None:
            return self._counted[0]
        with self._reading() as connection:
            query = self._question.count(connection.dialect.name)
            return int(connection.execute(query).scalar_one())

    @cached_property
    def facets(self) -> Facets:
        """Per field the values found, each with the number of articles, most first."""
        if self._counted is not None:
            return self._counted[1]
        with self._reading() as connection:
            return listed_values(counted_values(connection, self._question))

    def to_dict(self) -> dict[str, Any]:
        """What ``search --json`` prints."""
        return {
            "query": self.query,
            "total": self.total,
            "hits": [hit.to_dict() for hit in self.hits],
            "facets": self.facets,
        }


def hits_of(
    connection: Connection,
    question: Question,
    *,
    sort: Sort,
    limit: int | None,
    offset: int,
    marks: tuple[str, str],
) -> list[Hit]:
    """One page of results."""
    if (limit is not None and limit < 0) or offset < 0:
        raise BadInput("The number of results and their offset can't be negative.")
    dialect = connection.dialect.name
    ranked = connection.execute(question.ids(dialect, sort).limit(limit).offset(offset)).all()
    ids = [row.id for row in ranked]
    shown = {row.id: row for row in connection.execute(_SHOWN.where(articles.c.id.in_(ids)))}
    signed = _authors_of(connection, ids)
    snippets = _snippets(connection, question.node, ids, marks)
    return [
        Hit(
            **shown[row.id]._mapping,
            authors=tuple(signed.get(row.id, ())),
            snippet=snippets[row.id],
            score=float(row.score),
        )
        for row in ranked
    ]


def scores_of(connection: Connection, node: Node, ids: Sequence[int]) -> dict[int, float]:
    """The scores of those of some articles that a query finds."""
    dialect, question = connection.dialect.name, Question(node, Filters())
    found: dict[int, float] = {}
    for start in range(0, len(ids), _TOGETHER):
        source, conditions = question.found_in(dialect)
        some = articles.c.id.in_(ids[start : start + _TOGETHER])
        query = select(articles.c.id, question._score(dialect)).select_from(source)
        found.update(
            (row[0], float(row[1])) for row in connection.execute(query.where(*conditions, some))
        )
    return found


#: Numbers named in one statement.
_TOGETHER = 500

_SHOWN = select(
    articles.c.id,
    articles.c.url,
    articles.c.headline,
    articles.c.published,
    articles.c.published_on,
    articles.c.site,
    articles.c.category,
)


def _authors_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(article_authors.c.article_id, authors.c.name)
        .join(authors, authors.c.id == article_authors.c.author_id)
        .where(article_authors.c.article_id.in_(ids))
        .order_by(article_authors.c.article_id, article_authors.c.position)
    )
    found: dict[int, list[str]] = {}
    for article_id, name in connection.execute(query):
        found.setdefault(article_id, []).append(name)
    return found


def _snippets(
    connection: Connection, node: Node | None, ids: Sequence[int], marks: tuple[str, str]
) -> dict[int, str]:
    """The best passage of each article; asked for apart, since ranking needs none of them."""
    if node is None:
        opening = select(articles.c.id, articles.c.body).where(articles.c.id.in_(ids))
        return {number: _shortened(body) for number, body in connection.execute(opening)}
    if connection.dialect.name == "sqlite":
        passage = func.snippet(_WHOLE_ROW, -1, *marks, "…", _SNIPPET_WORDS)
        query = select(_INDEX.c.rowid, passage).where(
            _WHOLE_ROW.op("MATCH")(fts5(node)), _INDEX.c.rowid.in_(ids)
        )
    else:
        words = func.to_tsquery("simple", " | ".join(_lexemes_of(node)))
        options = f'StartSel="{marks[0]}",StopSel="{marks[1]}",MaxWords={_SNIPPET_WORDS}'
        text = func.concat_ws("\n", articles.c.body, articles.c.analysis)
        passage = func.ts_headline("simple", text, words, options)
        query = select(articles.c.id, passage).where(articles.c.id.in_(ids))
    return {number: " ".join(text.split()) for number, text in connection.execute(query)}


def _shortened(text: str) -> str:
    words = text.split(maxsplit=_SNIPPET_WORDS)
    return " ".join(words[:_SNIPPET_WORDS]) + ("…" if len(words) > _SNIPPET_WORDS else "")


# --- facets


def year_of_publication() -> ColumnElement[str]:
    """The year of publication as text, or NULL."""
    return func.substr(cast(articles.c.published_on, String), 1, 4)


def month_of_publication() -> ColumnElement[str]:
    """Year and month of publication as text, or NULL."""
    return func.substr(cast(articles.c.published_on, String), 1, 7)


def counted_values(connection: Connection, question: Question) -> dict[str, Counter[str]]:
    """Per field the values found, each with the number of articles."""
    source, conditions = question.found_in(connection.dialect.name)
    plain = {
        "site": articles.c.site,
        "year": year_of_publication(),
        "category": articles.c.category,
        "language": articles.c.language,
        "kind": articles.c.kicker,
    }
    counted: dict[str, Counter[str]] = {name: Counter() for name in plain}
    together = select(*plain.values(), func.count()).select_from(source).where(*conditions)
    for *values, number in connection.execute(together.group_by(*plain.values())):
        for name, value in zip(plain, values, strict=True):
            if value is not None:
                counted[name][value] += number
    ids = select(articles.c.id).select_from(source).where(*conditions)
    counted["tag"] = _names(connection, ids, article_tags, tags, "tag_id")
    counted["author"] = _names(connection, ids, article_authors, authors, "author_id")
    return counted


def listed_values(counted: dict[str, Counter[str]]) -> Facets:
    """Per field the commonest values, most first."""
    for name in ("category", "kind"):
        counted[name] = _in_one_spelling(counted[name])
    order = ("site", "year", "category", "tag", "author", "language", "kind")
    return {name: _values(counted[name]) for name in order}


def _in_one_spelling(counted: Counter[str]) -> Counter[str]:
    """Labels that the filters hold for one, under the commonest spelling."""
    spelling: dict[str, str] = {}
    merged: Counter[str] = Counter()
    for value, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        merged[spelling.setdefault(folded(value), value)] += number
    return merged


def _names(
    connection: Connection, ids: Select[Any], owned: Any, known: Any, name: str
) -> Counter[str]:
    query = (
        select(known.c.name, func.count())
        .join(owned, owned.c[name] == known.c.id)
        .where(owned.c.article_id.in_(ids))
        .group_by(known.c.name)
    )
    return Counter(dict(connection.execute(query).all()))


def _values(counted: Counter[str]) -> list[dict[str, Any]]:
    most = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_MOST_VALUES]
    return [{"value": value, "articles": number} for value, number in most]


# --- PostgreSQL


def _postgresql(node: Node, columns: tuple[str, ...]) -> ColumnElement[bool]:
    """The query over text-search vectors: the stored one, or one of some columns."""
    match node:
        case Within(inner, child):
            return _postgresql(child, tuple(name for name in inner if name in (columns or inner)))
        case Either(nodes):
            return or_(*(_postgresql(each, columns) for each in nodes))
        case Every(nodes, without):
            wanted = [_postgresql(each, columns) for each in nodes]
            return and_(*wanted, *(not_(_postgresql(each, columns)) for each in without))
        case Near(phrases, _):
            return and_(*(_postgresql(each, columns) for each in phrases))
        case Phrase(text, is_prefix):
            words = " <-> ".join(_lexemes(text, is_prefix=is_prefix))
            vector: ColumnElement[Any] = literal_column("articles.search_vector")
            if columns:
                texts = func.concat_ws(" ", *(articles.c[name] for name in columns))
                vector = func.to_tsvector("simple", func.unaccented(texts))
            return vector.op("@@")(func.to_tsquery("simple", words))


def _lexemes_of(node: Node) -> list[str]:
    """The words that a query looks for, without those it leaves out."""
    match node:
        case Phrase(text, is_prefix):
            return _lexemes(text, is_prefix=is_prefix)
        case Near(phrases, _):
            return [word for phrase in phrases for word in _lexemes_of(phrase)]
        case Within(_, child):
            return _lexemes_of(child)
        case Every(nodes, _) | Either(nodes):
            return [word for each in nodes for word in _lexemes_of(each)]


def _lexemes(text: str, *, is_prefix: bool) -> list[str]:
    """The words of a text as the index holds them: folded, parted by all punctuation."""
    words = _LEXEME.findall(folded(text)) or [""]
    return [*words[:-1], f"{words[-1]}:*"] if is_prefix else words
