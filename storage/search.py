"""Full-text search: one page of what a question finds, with what is shown of every hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Connection,
    select,
)

from crawler.errors import BadInput
from storage.facets import Counted, Facets, Part, counted_part, counted_values, listed_values
from storage.passages import passages_of
from storage.question import Page, Question, Sort
from storage.schema import article_authors, articles, authors
from storage.spelling import better_spelling
from storage.wordforms import Vocabulary


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
    missing: tuple[str, ...] = ()
    """The words of the query that the article has in no form, as they were typed."""

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
            "missing": list(self.missing),
        }


@dataclass
class Hits:
    """The hits of one page of results; ``total`` and ``facets`` count all that was found.

    What takes time of its own (``total``, ``facets``, ``suggestion``) is worked out when it is
    first asked for, while the archive is open.
    """

    query: str | None
    """The query as it was given."""
    hits: list[Hit]
    """Those of this page; iterating gives them, too."""
    _question: Question = field(repr=False)
    _reading: Callable[[], AbstractContextManager[Connection]] = field(repr=False)
    _page: Page = field(default=("relevance", 20, 0), repr=False)
    _counted: tuple[int, Counted] | None = field(default=None, repr=False)
    """What was counted, where it is known already: of the archive as it stood at a moment."""

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, index: int) -> Hit:
        return self.hits[index]

    @property
    def every_word(self) -> bool:
        """Whether what was found has every word of the query; else no article has.

        Then :attr:`least_words` are enough, and :attr:`Hit.missing` tells what each lacks.
        """
        return not self._question.words

    @property
    def words(self) -> int:
        """How many words an article may lack some of; 0 where it has to have every one."""
        return len(self._question.words)

    @property
    def least_words(self) -> int:
        """How many of those :attr:`words` every hit has at least."""
        return self._question.least

    @cached_property
    def total(self) -> int:
        """How many articles were found in all."""
        if self._counted is not None:
            return self._counted[0]
        if "_values" in self.__dict__:
            return sum(self._values["site"].values())
        with self._reading() as connection:
            query = self._question.count(connection.dialect.name)
            return int(connection.execute(query).scalar_one())

    @cached_property
    def facets(self) -> Facets:
        """The values found in ``site``, ``year``, ``category``, ``tag``, ``author``, ``language``
        and ``kind``, each ``{"value", "articles"}``, most first, at most 50 of each.

        A value is what the filter of that name takes (a year, what ``since`` and ``until`` take).
        """
        return listed_values(self._values)

    @property
    def months(self) -> dict[str, int]:
        """How many articles were found by month (``2020-05``), in order; what has no date is not
        among them.
        """
        return dict(sorted(self._values["month"].items()))

    def counted(self, part: Part) -> Counted:
        """All that was found by some of its fields: for who asks for several parts at once."""
        if self._counted is not None:
            return self._counted[1]
        with self._reading() as connection:
            return counted_part(connection, self._question, part)

    @cached_property
    def _values(self) -> Counted:
        """All that was found, counted in one go."""
        if self._counted is not None:
            return self._counted[1]
        with self._reading() as connection:
            return counted_values(connection, self._question)

    @cached_property
    def forms(self) -> dict[str, list[str]]:
        """The words of the query that are found in more forms than one, each with all of them."""
        if self.query is None or self._counted is not None:
            return {}
        with self._reading() as connection:
            return self._question.asking(self.query).forms(connection)

    @cached_property
    def suggestion(self) -> str | None:
        """A query that finds something, spelled as the archive spells it; None where any article
        has every word of this one, no word of it is misspelled, or none is near.
        """
        if self.query is None or self._question.node is None:
            return None
        if self.every_word and (self.hits or self.total):
            return None
        with self._reading() as connection:
            if connection.dialect.name != "sqlite":
                return None
            better = better_spelling(Vocabulary(connection), self.query)
            if better is None:
                return None
            asked = self._question.asking(better)
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
            "every_word": self.every_word,
            "least_words": self.least_words,
            "forms": self.forms,
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


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
    return [
        hit
        for start in range(0, len(ranked), _TOGETHER)
        for hit in _shown(connection, question, ranked[start : start + _TOGETHER], marks)
    ]


def _shown(
    connection: Connection, question: Question, ranked: Sequence[Any], marks: tuple[str, str]
) -> Iterator[Hit]:
    """Some hits with what is shown of them; no more than one statement names."""
    ids = [row.id for row in ranked]
    shown = {row.id: row for row in connection.execute(_SHOWN.where(articles.c.id.in_(ids)))}
    signed = _authors_of(connection, ids)
    passages, missing = passages_of(connection, question, ids, marks)
    for row in ranked:
        yield Hit(
            **shown[row.id]._mapping,
            authors=tuple(signed.get(row.id, ())),
            snippet=passages.get(row.id, ""),
            score=float(row.score),
            missing=tuple(missing.get(row.id, ())),
        )


def _ranked_rows(
    connection: Connection, question: Question, sort: Sort, limit: int | None, offset: int
) -> Sequence[Any]:
    """The ids and scores of one page; no more is ranked than has to be."""
    dialect = connection.dialect.name
    ranked = question.ids(dialect, sort)
    if limit == 0:
        return ()
    if limit is not None and dialect == "sqlite" and question.has_tiers(sort):
        most = offset + limit
        heads = connection.scalars(question.heads().limit(most)).all()
        if len(heads) == most:
            ranked = question.ids_of_heads(sort)
        elif most <= _TOGETHER:
            ranked = question.ids_with_heads(sort, heads)
    return connection.execute(ranked.limit(limit).offset(offset)).all()


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
