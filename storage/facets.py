"""The values found in the fields of what a search finds, each with its number of articles."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, Protocol, TypedDict, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    cast,
    func,
    literal_column,
    select,
)

from storage.folding import folded
from storage.schema import article_authors, article_tags, articles, authors, tags, tallies


class FacetValue(TypedDict):
    """A value of a field, and how many of the articles found have it."""

    value: str
    articles: int


Facets = dict[str, list[FacetValue]]

#: Values listed per facet.
_MOST_VALUES = 50


def year_of_publication(day: ColumnElement[Any] = articles.c.published_on) -> ColumnElement[str]:
    """The year of publication as text, or NULL."""
    return func.substr(cast(day, String), 1, 4)


def month_of_publication(day: ColumnElement[Any] = articles.c.published_on) -> ColumnElement[str]:
    """Year and month of publication as text, or NULL."""
    return func.substr(cast(day, String), 1, 7)


Counted = dict[str, Counter[str]]
"""Per field the values found, each with the number of articles."""

Part = Literal["labels", "tag", "author"]
PARTS: tuple[Part, ...] = get_args(Part)
"""What is counted in one statement: the fields that an article has one of, or many."""


class Asked(Protocol):
    """A question, as far as its facts are concerned."""

    @property
    def is_narrow(self) -> bool:
        """Whether anything less than every article is asked for."""

    def cells(self, dialect: str) -> list[ColumnElement[bool]] | None:
        """Conditions on the database's own counts, or None where those do not tell."""

    def marked(self, dialect: str) -> Select[Any]:
        """The ids of what is found."""

    def facts(self, dialect: str) -> tuple[FromClause, FromClause, list[ColumnElement[bool]]]:
        """The rows that hold what is counted, where to look, and under which conditions."""


def counted_values(connection: Connection, question: Asked) -> Counted:
    """Per field, and by ``month``, the values found, each with the number of articles."""
    found: Counted = {}
    for part in PARTS:
        found |= counted_part(connection, question, part)
    return found


def counted_part(connection: Connection, question: Asked, part: Part) -> Counted:
    """Some of the same: each part is a statement of its own, so that several may run at once."""
    if part == "labels":
        return _labels(connection, question)
    ids = question.marked(connection.dialect.name) if question.is_narrow else None
    owned, known = {"tag": (article_tags, tags), "author": (article_authors, authors)}[part]
    return {part: _names(connection, ids, owned, known, f"{part}_id")}


def _labels(connection: Connection, question: Asked) -> Counted:
    names = ("site", "month", "category", "language", "kind")
    counted: dict[str, Counter[str]] = {name: Counter() for name in (*names, "year")}
    for *values, number in connection.execute(_alike(connection, question)):
        for name, value in zip(names, values, strict=True):
            if value is not None:
                counted[name][value] += number
    for month, number in counted["month"].items():
        counted["year"][month[:4]] += number
    return counted


def _alike(connection: Connection, question: Asked) -> Select[Any]:
    """Site, month, category, language and kind of what is found, and how many are alike in them."""
    cells = question.cells(connection.dialect.name)
    if cells is not None:
        labels = ("month", "category", "language", "kicker")
        known = (func.nullif(tallies.c[name], "") for name in labels)
        return select(tallies.c.site, *known, tallies.c.articles).where(*cells)
    rows, source, conditions = question.facts(connection.dialect.name)
    month = month_of_publication(rows.c.published_on)
    columns = (rows.c.site, month, rows.c.category, rows.c.language, rows.c.kicker)
    return select(*columns, func.count()).select_from(source).where(*conditions).group_by(*columns)


def listed_values(counted: Counted) -> Facets:
    """Per field that is counted the commonest values, most first."""
    for name in ("category", "kind"):
        if name in counted:
            counted[name] = _in_one_spelling(counted[name])
    order = ("site", "year", "category", "tag", "author", "language", "kind")
    return {name: _values(counted[name]) for name in order if name in counted}


def _in_one_spelling(counted: Counter[str]) -> Counter[str]:
    """Labels that the filters hold for one, under the commonest spelling."""
    spelling: dict[str, str] = {}
    merged: Counter[str] = Counter()
    for value, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        merged[spelling.setdefault(folded(value), value)] += number
    return merged


def _names(
    connection: Connection, found: Select[Any] | None, owned: Table, known: Table, name: str
) -> Counter[str]:
    """The names that articles own, tags or authors; those of all articles where none are given."""
    number: ColumnElement[Any] = owned.c[name]
    numbered = select(number.label("number"), func.count().label("articles"))
    if found is not None:
        # A number that SQLite can't go through in the order of an index: articles come first.
        number = number + literal_column("0")
        ids = found.subquery()
        numbered = select(number.label("number"), func.count().label("articles"))
        numbered = numbered.join_from(ids, owned, owned.c.article_id == ids.c.id)
    counted = numbered.group_by(number).order_by(func.count().desc()).subquery()
    query = select(known.c.name, counted.c.articles).join(counted, counted.c.number == known.c.id)
    return Counter(dict(connection.execute(query).all()))


def _values(counted: Counter[str]) -> list[FacetValue]:
    most = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_MOST_VALUES]
    return [{"value": value, "articles": number} for value, number in most]
