"""Full-text search: which articles, in what order, with what shown of them.

On SQLite the index is FTS5 and on PostgreSQL text-search vectors; nothing outside this module and
:mod:`storage.lexemes` knows. Both fold case and accents, and find a word in all its forms.

**The order.** First come the articles that answer the whole query in headline, deck, kicker or
tags, then the others; within both by bm25, in which a headline weighs most. So a question about a
common word is answered from the articles that are about it, and the hundreds of thousands that
mention it need not be ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Float,
    FromClause,
    Integer,
    Select,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)

from crawler.errors import BadInput
from storage import lexemes
from storage.facets import Facets, counted_values, listed_values
from storage.filters import Filters
from storage.query import (
    COLUMNS,
    Node,
    Within,
    checked_columns,
    fts5,
    parsed_query,
    wanted,
    widened,
)
from storage.schema import article_authors, articles, authors, revisions
from storage.spelling import better_spelling
from storage.wordforms import Forms, Vocabulary, with_irregular

Sort = Literal["relevance", "recent", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "recent", "newest", "oldest")

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

#: What says what an article is about. An article that answers there is above those that do not.
HEAD = ("headline", "deck", "kicker", "tags")
_HEAD_BONUS = 1000.0

#: In the order ``recent``, an article so much older than the newest counts half.
_HALF_DAYS = 1461.0

#: Words in a snippet: two printed lines.
_SNIPPET_WORDS = 28

_INDEX = table("articles_fts", column("rowid"))
_WHOLE_ROW: ColumnElement[Any] = literal_column("articles_fts")

#: What articles are filtered, counted and put in order by, without their texts: one index holds it.
_FACTS = table(
    "v_facts",
    column("id", Integer),
    column("site"),
    column("language"),
    column("published_on", Date),
    column("category"),
    column("category_folded"),
    column("kicker"),
    column("kicker_folded"),
)


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
    language: str | None
    """BCP 47 primary tag of the article's own text."""
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

    def with_forms(self, connection: Connection) -> Question:
        """The question with every word in the forms that an archive has.

        PostgreSQL finds them itself, but for irregular plurals.
        """
        if self.node is None:
            return self
        node = widened(self.node, with_irregular)
        if connection.dialect.name != "sqlite":
            return replace(self, node=node)
        language = self.filters.language and self.filters.language.lower()
        forms = Forms(Vocabulary(connection), language)
        return replace(self, node=widened(node, forms))

    @property
    def is_narrow(self) -> bool:
        """Whether anything less than every article is asked for."""
        return self.node is not None or bool(self._conditions(articles))

    def _conditions(self, rows: FromClause) -> list[ColumnElement[bool]]:
        """What is asked of the articles' rows, or of their facts."""
        conditions = self.filters.conditions_on(rows)
        if self.standing_at is not None:
            of_article = select(revisions.c.id).where(revisions.c.article_id == rows.c.id)
            later = of_article.where(revisions.c.captured_at > self.standing_at)
            earlier = of_article.where(revisions.c.captured_at <= self.standing_at)
            conditions += [~later.exists(), earlier.exists()]
        return conditions

    def found_in(self, dialect: str) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Where to look, and under which conditions; the articles' table is always there."""
        return self._found_in(dialect, articles)

    def _found_in(
        self, dialect: str, rows: FromClause
    ) -> tuple[FromClause, list[ColumnElement[bool]]]:
        conditions = self._conditions(rows)
        if self.node is None:
            return rows, conditions
        if dialect == "sqlite":
            return _INDEX.join(rows, rows.c.id == _ROW), [
                _matches("query", self._asked),
                *conditions,
            ]
        return articles, [lexemes.condition(self.node), *conditions]

    @property
    def _asked(self) -> str:
        return fts5(self.node) if self.node else ""

    @property
    def _asked_of_heads(self) -> str:
        if self.node is None:
            return ""
        return f"({fts5(Within(HEAD, wanted(self.node)))}) AND {self._asked}"

    # --- in order

    def ids(self, dialect: str, sort: Sort) -> Select[Any]:
        """The ids and scores of all that is found, in order."""
        if sort not in SORTS:
            raise BadInput(f"Results can't be sorted by {sort!r}: choose {', '.join(SORTS)}.")
        if self.node is None or sort in ("newest", "oldest"):
            return self._by_day(dialect, sort)
        if dialect != "sqlite":
            return self._by_vectors(sort)
        in_head = select(_INDEX.c.rowid).where(_matches("in_head", self._asked_of_heads))
        in_head = in_head.correlate(None)
        others = self._ranked("query", self._asked, sort, 0.0).where(_INDEX.c.rowid.not_in(in_head))
        found = union_all(self._heads(sort), others).subquery("found")
        return select(found.c.id, found.c.score).order_by(*_best_first(found))

    def best_ids(self, sort: Sort) -> Select[Any] | None:
        """The first of :meth:`ids`: those that answer in their heads, so that few need be ranked.

        None where the order is another, or the database.
        """
        if self.node is None or sort in ("newest", "oldest"):
            return None
        found = self._heads(sort).subquery("found")
        return select(found.c.id, found.c.score).order_by(*_best_first(found))

    def _heads(self, sort: Sort) -> Select[Any]:
        return self._ranked("in_head", self._asked_of_heads, sort, _HEAD_BONUS)

    def _ranked(self, name: str, asked: str, sort: Sort, bonus: float) -> Select[Any]:
        """The ids and scores of the articles that fit an expression, in no order."""
        source, conditions = self._source(sort == "recent")
        score: ColumnElement[Any] = -func.bm25(_WHOLE_ROW, *_WEIGHTS)
        if sort == "recent":
            score = score / (literal_column("1") + _age_in_days() / literal_column(str(_HALF_DAYS)))
        if bonus:
            score = literal_column(str(bonus)) + score
        query = select(_INDEX.c.rowid.label("id"), score.label("score")).select_from(source)
        return query.where(_matches(name, asked), *conditions)

    def _source(self, needs_facts: bool) -> tuple[FromClause, list[ColumnElement[bool]]]:
        conditions = self._conditions(_FACTS)
        if conditions or needs_facts:
            return _INDEX.join(_FACTS, _FACTS.c.id == _ROW), conditions
        return _INDEX, []

    def _by_day(self, dialect: str, sort: Sort) -> Select[Any]:
        rows: FromClause = _FACTS if self.node is not None and dialect == "sqlite" else articles
        source, conditions = self._found_in(dialect, rows)
        none: ColumnElement[Any] = literal_column("0.0")
        query = select(rows.c.id, none.label("score")).select_from(source).where(*conditions)
        if sort == "oldest":
            return query.order_by(rows.c.published_on.nulls_last(), rows.c.id)
        return query.order_by(rows.c.published_on.desc().nulls_last(), rows.c.id.desc())

    def _by_vectors(self, sort: Sort) -> Select[Any]:
        source, conditions = self._found_in("postgresql", articles)
        score: ColumnElement[Any] = lexemes.score(self.node) if self.node else literal(0.0)
        if sort == "recent":
            newest = select(func.max(articles.c.published_on)).scalar_subquery()
            age = cast(newest - articles.c.published_on, Float)
            score = score / (1 + func.coalesce(age, 100_000) / _HALF_DAYS)
        query = select(articles.c.id, score.label("score")).select_from(source).where(*conditions)
        return query.order_by(
            literal_column("score").desc(),
            articles.c.published_on.desc().nulls_last(),
            articles.c.id.desc(),
        )

    # --- counted

    def numbers(self, dialect: str) -> Select[Any]:
        """The ids of what is found, as it lies in the archive: what is read soonest from a disk."""
        source, conditions = self.found_in(dialect)
        found = select(articles.c.id).select_from(source).where(*conditions)
        return found.order_by(articles.c.id)

    def count(self, dialect: str) -> Select[Any]:
        """How many are found."""
        rows, source, conditions = self.facts(dialect)
        if rows is _FACTS and len(conditions) == 1:
            source = _INDEX
        return select(func.count()).select_from(source).where(*conditions)

    def facts(self, dialect: str) -> tuple[FromClause, FromClause, list[ColumnElement[bool]]]:
        """The rows that hold what is counted, where to look, and under which conditions."""
        rows = articles if self.node is None or dialect != "sqlite" else _FACTS
        return rows, *self._found_in(dialect, rows)

    # --- as SQL

    def statement(self, dialect: str, sort: Sort, limit: int | None, offset: int) -> Select[Any]:
        """One statement for one page of results, with the columns that a reader needs."""
        page = self.ids(dialect, sort)
        page = page.limit(None if limit is None else bindparam("limit", limit, Integer))
        found = page.offset(bindparam("offset", offset, Integer)).subquery("page")
        shown = ("id", "published_on", "headline", "category", "byline", "site", "url")
        query = select(*(articles.c[name] for name in shown), found.c.score)
        query = query.join_from(found, articles, articles.c.id == found.c.id)
        return query.order_by(*_order(found, sort, self.node is not None))


#: A number that SQLite can't look an article's row up by in the index: the index comes first.
_ROW: ColumnElement[Any] = literal_column("+articles_fts.rowid")

_WEIGHTS: list[ColumnElement[Any]] = [literal_column(str(WEIGHTS[name])) for name in COLUMNS]


def _matches(name: str, asked: str) -> ColumnElement[bool]:
    return _WHOLE_ROW.op("MATCH")(bindparam(name, asked))


def _age_in_days() -> ColumnElement[Any]:
    """How much older an article is than the newest; where no day is known, very much."""
    newest = select(func.max(articles.c.published_on)).scalar_subquery()
    age: ColumnElement[Any] = func.julianday(newest) - func.julianday(_FACTS.c.published_on)
    return func.coalesce(age, literal_column("100000"))


def _best_first(found: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return found.c.score.desc(), found.c.id.desc()


def _order(found: FromClause, sort: Sort, has_query: bool) -> tuple[ColumnElement[Any], ...]:
    newest = (articles.c.published_on.desc().nulls_last(), articles.c.id.desc())
    if sort == "oldest":
        return articles.c.published_on.nulls_last(), articles.c.id
    if sort == "newest" or not has_query:
        return newest
    return found.c.score.desc(), found.c.id.desc()


@dataclass
class Hits:
    """The hits of one page of results; ``total`` and ``facets`` count all that was found.

    What takes time of its own (``total``, ``facets``, ``suggestion``) is worked out when it is
    first asked for, while the archive is open.
    """

    query: str | None
    hits: list[Hit]
    _question: Question = field(repr=False)
    _reading: Callable[[], AbstractContextManager[Connection]] = field(repr=False)
    _page: tuple[Sort, int | None, int] = field(default=("relevance", 20, 0), repr=False)
    _counted: tuple[int, Facets] | None = field(default=None, repr=False)
    """Total and facets where they are known already: of the archive as it stood at a moment."""

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
        """The values found in ``site``, ``year``, ``category``, ``tag``, ``author``, ``language``
        and ``kind``, each ``{"value", "articles"}``, most first, at most 50 of each.

        A value is what the filter of that name takes (a year, what ``since`` and ``until`` take).
        """
        if self._counted is not None:
            return self._counted[1]
        with self._reading() as connection:
            return listed_values(counted_values(connection, self._question))

    @cached_property
    def suggestion(self) -> str | None:
        """A query that finds something, spelled as the archive spells it; None unless nothing was
        found, no word of it is misspelled, or none is near.
        """
        if self.query is None or self._question.node is None or self.hits or self.total:
            return None
        with self._reading() as connection:
            if connection.dialect.name != "sqlite":
                return None
            better = better_spelling(Vocabulary(connection), self.query)
            if better is None:
                return None
            inside = self._question.node
            asked = replace(self._question, node=_in_place(inside, parsed_query(better)))
            query = asked.with_forms(connection).count(connection.dialect.name)
            return better if connection.execute(query).scalar_one() else None

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any]] | None:
        if self._counted is not None:
            return None
        with self._reading() as connection:
            dialect = connection.dialect
            statement = self._question.statement(dialect.name, *self._page)
            named: Any = type(dialect)
            made = statement.compile(dialect=named(paramstyle="named"))
        return str(made), {name: _plain(value) for name, value in made.params.items()}

    @property
    def sql(self) -> str | None:
        """One statement over the archive's tables that gives these hits in this order.

        It runs as it stands in ``sqlite3`` and Datasette with :attr:`parameters`, which it names as
        ``:query``, ``:site``, ``:limit`` …; its columns are those of a hit without authors and
        snippet. None for the archive as it stood at a moment: that is no single statement.
        """
        return self._compiled and self._compiled[0]

    @property
    def parameters(self) -> dict[str, str | int | float | None]:
        """The values that :attr:`sql` names, as texts and numbers.

        ``query`` and ``in_head`` are what FTS5 is asked, with every word in the forms that the
        archive has at this moment.
        """
        return self._compiled[1] if self._compiled else {}

    def to_dict(self) -> dict[str, Any]:
        """What ``search --json`` prints."""
        return {
            "query": self.query,
            "total": self.total,
            "hits": [hit.to_dict() for hit in self.hits],
            "facets": self.facets,
            "suggestion": self.suggestion,
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _in_place(node: Node, better: Node) -> Node:
    """The better query in the columns that the first was asked of."""
    return Within(node.columns, better) if isinstance(node, Within) else better


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
    ranked = _ranked_rows(connection, question, sort, limit, offset)
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


def _ranked_rows(
    connection: Connection, question: Question, sort: Sort, limit: int | None, offset: int
) -> Sequence[Any]:
    """The ids and scores of one page; no more is ranked than has to be."""
    dialect = connection.dialect.name
    whole = question.ids(dialect, sort)
    if limit == 0:
        return ()
    first = question.best_ids(sort) if dialect == "sqlite" and limit is not None else None
    if first is not None:
        rows = connection.execute(first.limit(limit).offset(offset)).all()
        if len(rows) == limit:
            return rows
    return connection.execute(whole.limit(limit).offset(offset)).all()


def scores_of(
    connection: Connection, question: Question, sort: Sort, ids: Sequence[int]
) -> dict[int, float]:
    """The scores of those of some articles that a question finds."""
    found: dict[int, float] = {}
    for start in range(0, len(ids), _TOGETHER):
        every = question.ids(connection.dialect.name, sort).subquery()
        some = every.c.id.in_(ids[start : start + _TOGETHER])
        rows = connection.execute(select(every.c.id, every.c.score).where(some))
        found.update((row[0], float(row[1])) for row in rows)
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
    articles.c.language,
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
    opening = select(articles.c.id, func.substr(articles.c.body, 1, _OPENING)).where(
        articles.c.id.in_(ids)
    )
    if node is None:
        return {number: _shortened(body) for number, body in connection.execute(opening)}
    if connection.dialect.name != "sqlite":
        passage = lexemes.passage(node, marks, _SNIPPET_WORDS)
        query = select(articles.c.id, passage).where(articles.c.id.in_(ids))
        return {number: " ".join(text.split()) for number, text in connection.execute(query)}
    passages = (func.snippet(_WHOLE_ROW, at, *_MARKS, "…", _SNIPPET_WORDS) for at in _SHOWN_COLUMNS)
    long = connection.execute(opening.where(articles.c.words > _LONG))
    openings = {number: _shortened(body) for number, body in long}
    found = select(_INDEX.c.rowid, *passages).where(_matches("query", fts5(node)))
    rows = connection.execute(found.where(_INDEX.c.rowid.in_(set(ids) - set(openings))))
    return openings | {number: _best_of(texts, marks) for number, *texts in rows}


#: FTS5 looks for the best passage in a time that grows with the square of what is found in a text
#: (a word a million times in one article: more than twenty seconds), so longer texts show how they
#: begin.
_LONG = 50_000

#: Characters that surely hold the words of a snippet.
_OPENING = 2_000

#: Where a snippet is taken from, by preference: the text, and else wherever something was found.
_SHOWN_COLUMNS = (COLUMNS.index("body"), COLUMNS.index("analysis"), COLUMNS.index("deck"), -1)

#: What no cleaned text contains.
_MARKS = ("\x02", "\x03")


def _best_of(texts: Sequence[str | None], marks: tuple[str, str]) -> str:
    """The passage in which most was found; the first of those in which as much was."""
    best = max((text or "" for text in texts), key=lambda text: text.count(_MARKS[0]))
    return " ".join(best.replace(_MARKS[0], marks[0]).replace(_MARKS[1], marks[1]).split())


def _shortened(text: str) -> str:
    words = text.split(maxsplit=_SNIPPET_WORDS)
    return " ".join(words[:_SNIPPET_WORDS]) + ("…" if len(words) > _SNIPPET_WORDS else "")
