"""What is asked of an archive, and the statements that find it, put it in order and count it.

On SQLite the index is FTS5 and on PostgreSQL text-search vectors (:mod:`storage.lexemes`). Both
fold case and accents, and find a word in all its forms.

**The order.** First come the articles that answer the whole query in headline, deck, kicker or
tags, then the others; within both by bm25, in which a headline weighs most. So a question about a
common word is answered from the articles that are about it, and the hundreds of thousands that
mention it need not be ranked. Where some of the words are enough, the order is by bm25 alone, to
which every word brings as much as it is rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Float,
    FromClause,
    Integer,
    Select,
    bindparam,
    case,
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
from storage.easing import eased, without_small_words
from storage.filters import Filters
from storage.query import (
    COLUMNS,
    Node,
    Widen,
    Within,
    checked_columns,
    fts5,
    parsed_query,
    phrases_of,
    wanted,
    widened,
)
from storage.schema import articles, revisions, tallies
from storage.wordforms import Forms, Vocabulary, with_irregular

Sort = Literal["relevance", "recent", "newest", "oldest"]
Page = tuple[Sort, int | None, int]
"""Order, how many, and how many before them."""

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

#: The full-text index of SQLite, and what MATCH and its functions call a row of it.
INDEX = table("articles_fts", column("rowid"))
WHOLE_ROW: ColumnElement[Any] = literal_column("articles_fts")

#: What articles are filtered, counted and put in order by, without their texts: one index holds it.
FACTS = table(
    "v_facts",
    column("id", Integer),
    column("site"),
    column("language"),
    column("published_on", Date),
    column("category"),
    column("category_folded"),
    column("kicker"),
    column("kicker_folded"),
    column("words", Integer),
    column("has_analysis", Boolean),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: a parsed query, or none for every article, and the filters."""

    node: Node | None
    filters: Filters
    standing_at: datetime | None = None
    """Only articles that were known then, and stand today as they stood."""
    words: tuple[Node, ...] = ()
    """Where not all words are needed: each of them. The node asks for any of them then."""
    typed: tuple[str, ...] = ()
    """The same as they were typed."""
    least: int = 0
    """How many of :attr:`words` an article has at least."""

    @classmethod
    def of(cls, query: str | None, inside: Sequence[str] | None, filters: Filters) -> Question:
        """Read a user's query; :class:`BadInput` says where it is wrong."""
        if query is None:
            return cls(None, filters)
        columns = checked_columns(tuple(inside or ()))
        return cls(None, filters).asking(query, columns)

    def asking(self, query: str, columns: tuple[str, ...] | None = None) -> Question:
        """The same for another query, in the columns of this one where none are given."""
        node = without_small_words(parsed_query(query))
        if columns is None:
            columns = self.node.columns if isinstance(self.node, Within) else ()
        return replace(
            self, node=Within(columns, node) if columns else node, words=(), typed=(), least=0
        )

    def with_forms(self, connection: Connection) -> Question:
        """The question with every word in the forms that an archive has.

        PostgreSQL finds them itself, but for irregular plurals.
        """
        if self.node is None:
            return self
        question = self._widened(self.node, with_irregular)
        if connection.dialect.name != "sqlite" or question.node is None:
            return question
        language = self.filters.language and self.filters.language.lower()
        return question._widened(question.node, Forms(Vocabulary(connection), language))

    def forms(self, connection: Connection) -> dict[str, list[str]]:
        """What the words of a question not yet widened stand for: each as it is typed, with the
        folded forms of it that the archive has; only words that have others than themselves.

        Empty on PostgreSQL, whose dictionaries tell no forms.
        """
        if self.node is None or connection.dialect.name != "sqlite":
            return {}
        language = self.filters.language and self.filters.language.lower()
        forms = Forms(Vocabulary(connection), language)
        found = {
            phrase.text: sorted({form for one in with_irregular(phrase) for form in forms.of(one)})
            for phrase in phrases_of(self.node)
        }
        return {word: others for word, others in found.items() if len(others) > 1}

    def _widened(self, node: Node, widen: Widen) -> Question:
        words = tuple(widened(word, widen) for word in self.words)
        return replace(self, node=widened(node, widen), words=words)

    def eased(self) -> list[Question]:
        """The same for articles that have half of the words, and for those that have any of them.

        To be asked before the words are widened; empty where there is no word to spare.
        """
        easy = None if self.node is None else eased(self.node)
        if easy is None:
            return []
        half = (len(easy.words) + 1) // 2
        return [
            replace(self, node=easy.node, words=easy.words, typed=easy.typed, least=least)
            for least in sorted({half, 1}, reverse=True)
        ]

    @property
    def is_narrow(self) -> bool:
        """Whether anything less than every article is asked for."""
        return self.node is not None or bool(self._conditions(articles))

    def _conditions(self, rows: FromClause) -> list[ColumnElement[bool]]:
        """What is asked of the articles' rows, or of their facts."""
        conditions = self.filters.conditions_on(rows)
        if self.standing_at is not None:
            # The last entry of one index tells both: known by then, and not edited since.
            last = select(func.max(revisions.c.captured_at))
            last = last.where(revisions.c.article_id == rows.c.id)
            conditions.append(last.scalar_subquery() <= self.standing_at)
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
            fits = [matches("query", self._asked), *self._has_enough()]
            return INDEX.join(rows, rows.c.id == _ROW), [*fits, *conditions]
        fits = [lexemes.condition(self.node)]
        if self.least > 1:
            fits.append(lexemes.number_of(self.words) >= literal_column(str(self.least)))
        return articles, [*fits, *conditions]

    def _has_enough(self) -> list[ColumnElement[bool]]:
        """That an article has so many words: FTS5 itself only knows all of them, or any."""
        if self.least < 2:
            return []
        having = (
            select(INDEX.c.rowid.label("number")).where(matches(f"word_{place}", fts5(word)))
            for place, word in enumerate(self.words, start=1)
        )
        every = union_all(*having).subquery("having")
        numbers = select(every.c.number).group_by(every.c.number)
        return [_ROW.in_(numbers.having(func.count() >= literal_column(str(self.least))))]

    @property
    def _asked(self) -> str:
        return fts5(self.node) if self.node else ""

    @property
    def _asked_of_heads(self) -> str:
        if self.node is None:
            return ""
        found = wanted(self.node)
        asked = fts5(Within(HEAD, found))
        return asked if found == self.node else f"({asked}) AND {self._asked}"

    # --- in order

    def ids(self, dialect: str, sort: Sort) -> Select[Any]:
        """The ids and scores of all that is found, in order."""
        if sort not in SORTS:
            raise BadInput(f"Results can't be sorted by {sort!r}: choose {', '.join(SORTS)}.")
        if self.node is None or sort in ("newest", "oldest"):
            return self._by_day(dialect, sort)
        if dialect != "sqlite":
            return self._by_vectors(sort)
        return self._ranked(sort, self._in_heads if self.has_tiers(sort) else None)

    def has_tiers(self, sort: Sort) -> bool:
        """Whether articles that answer in their heads come before the others."""
        if self.node is None or self.words or sort in ("newest", "oldest"):
            return False
        return not (isinstance(self.node, Within) and {*self.node.columns} <= {*HEAD})

    def heads(self) -> Select[Any]:
        """The ids of the articles that answer in their heads, as they lie: soon found."""
        source, conditions = self._source(False)
        return select(INDEX.c.rowid).select_from(source).where(self._fits_heads, *conditions)

    def ids_of_heads(self, sort: Sort) -> Select[Any]:
        """The first of :meth:`ids`: those that answer in their heads. The others aren't ranked."""
        return self._ranked(sort, self._in_heads).where(self._in_heads)

    def ids_with_heads(self, sort: Sort, heads: Sequence[int]) -> Select[Any]:
        """The same as :meth:`ids`, where it is known which answer in their heads."""
        return self._ranked(sort, INDEX.c.rowid.in_(heads))

    @property
    def _fits_heads(self) -> ColumnElement[bool]:
        return matches("in_head", self._asked_of_heads)

    @property
    def _in_heads(self) -> ColumnElement[bool]:
        return _ROW.in_(select(INDEX.c.rowid).where(self._fits_heads).correlate(None))

    def _ranked(self, sort: Sort, in_head: ColumnElement[bool] | None) -> Select[Any]:
        """The ids and scores of what fits, best first."""
        source, conditions = self._source(sort == "recent")
        score: ColumnElement[Any] = -func.bm25(WHOLE_ROW, *_WEIGHTS)
        if sort == "recent":
            score = score / (literal_column("1") + _age_in_days() / literal_column(str(_HALF_DAYS)))
        if in_head is not None:
            bonus: ColumnElement[Any] = literal_column(str(_HEAD_BONUS))
            score = score + case((in_head, bonus), else_=literal_column("0.0"))
        number, score = INDEX.c.rowid.label("id"), score.label("score")
        query = select(number, score).select_from(source).order_by(score.desc(), number.desc())
        return query.where(matches("query", self._asked), *self._has_enough(), *conditions)

    def _source(self, needs_facts: bool) -> tuple[FromClause, list[ColumnElement[bool]]]:
        conditions = self._conditions(FACTS)
        if conditions or needs_facts:
            return INDEX.join(FACTS, FACTS.c.id == _ROW), conditions
        return INDEX, []

    def _by_day(self, dialect: str, sort: Sort) -> Select[Any]:
        rows: FromClause = articles if dialect != "sqlite" or self._is_walked else FACTS
        source, conditions = self._found_in(dialect, rows)
        none: ColumnElement[Any] = literal_column("0.0")
        query = select(rows.c.id, none.label("score")).select_from(source).where(*conditions)
        if sort == "oldest":
            return query.order_by(rows.c.published_on.nulls_last(), rows.c.id)
        return query.order_by(rows.c.published_on.desc().nulls_last(), rows.c.id.desc())

    @property
    def _is_walked(self) -> bool:
        """Whether an index has what is asked for in the order of days: then one page of it is read
        and no more. Of two labels that seldom meet, it would read very many articles' rows.
        """
        given = self.filters
        labels = (given.site, given.category, given.kind, given.language)
        others = (self.node, given.tag, given.author)
        return not any(each is not None for each in others) and (
            sum(each is not None for each in labels) < 2
        )

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
        if (cells := self.cells(dialect)) is not None:
            return select(func.coalesce(func.sum(tallies.c.articles), 0)).where(*cells)
        return select(func.count()).select_from(self.marked(dialect).subquery())

    def marked(self, dialect: str) -> Select[Any]:
        """The ids of what is found, in no order, from as little as knows them."""
        rows, source, conditions = self.facts(dialect)
        if rows is FACTS and self.node is not None and not self._conditions(FACTS):
            return select(INDEX.c.rowid.label("id")).where(*conditions)
        return select(rows.c.id).select_from(source).where(*conditions)

    def facts(self, dialect: str) -> tuple[FromClause, FromClause, list[ColumnElement[bool]]]:
        """The rows that hold what is counted, where to look, and under which conditions."""
        rows: FromClause = FACTS if dialect == "sqlite" else articles
        return rows, *self._found_in(dialect, rows)

    def cells(self, dialect: str) -> list[ColumnElement[bool]] | None:
        """The same asked of the database's own counts (:data:`storage.schema.tallies`), or None
        where those do not tell.
        """
        if dialect != "sqlite" or self.node is not None or self.standing_at is not None:
            return None
        return self.filters.conditions_on_tallies

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


def matches(name: str, asked: str) -> ColumnElement[bool]:
    """That a row of the index fits what FTS5 is asked, which is given as a named parameter."""
    return WHOLE_ROW.op("MATCH")(bindparam(name, asked))


def _age_in_days() -> ColumnElement[Any]:
    """How much older an article is than the newest; where no day is known, very much."""
    newest = select(func.max(articles.c.published_on)).scalar_subquery()
    age: ColumnElement[Any] = func.julianday(newest) - func.julianday(FACTS.c.published_on)
    return func.coalesce(age, literal_column("100000"))


def _order(found: FromClause, sort: Sort, has_query: bool) -> tuple[ColumnElement[Any], ...]:
    newest = (articles.c.published_on.desc().nulls_last(), articles.c.id.desc())
    if sort == "oldest":
        return articles.c.published_on.nulls_last(), articles.c.id
    if sort == "newest" or not has_query:
        return newest
    return found.c.score.desc(), found.c.id.desc()
