"""The values found in the fields of what a search finds, each with its number of articles."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol, TypedDict

from sqlalchemy import ColumnElement, Connection, FromClause, String, cast, func, select

from storage.folding import folded
from storage.schema import article_authors, article_tags, articles, authors, tags


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


class Asked(Protocol):
    """A question, as far as its facts are concerned."""

    def facts(self, dialect: str) -> tuple[FromClause, FromClause, list[ColumnElement[bool]]]:
        """The rows that hold what is counted, where to look, and under which conditions."""


def counted_values(connection: Connection, question: Asked) -> dict[str, Counter[str]]:
    """Per field the values found, each with the number of articles."""
    rows, source, conditions = question.facts(connection.dialect.name)
    plain = {
        "site": rows.c.site,
        "year": year_of_publication(rows.c.published_on),
        "category": rows.c.category,
        "language": rows.c.language,
        "kind": rows.c.kicker,
    }
    counted: dict[str, Counter[str]] = {name: Counter() for name in plain}
    together = select(*plain.values(), func.count()).select_from(source).where(*conditions)
    for *values, number in connection.execute(together.group_by(*plain.values())):
        for name, value in zip(plain, values, strict=True):
            if value is not None:
                counted[name][value] += number
    found = select(rows.c.id).select_from(source).where(*conditions)
    counted["tag"] = _names(connection, found, article_tags, tags, "tag_id")
    counted["author"] = _names(connection, found, article_authors, authors, "author_id")
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


def _names(connection: Connection, found: Any, owned: Any, known: Any, name: str) -> Counter[str]:
    """The names that articles own: tags or authors."""
    ids = found.subquery()
    numbered = (
        select(owned.c[name].label("number"), func.count().label("articles"))
        .join_from(ids, owned, owned.c.article_id == ids.c.id)
        .group_by(owned.c[name])
        .order_by(func.count().desc())
        .subquery()
    )
    query = select(known.c.name, numbered.c.articles).join(
        numbered, numbered.c.number == known.c.id
    )
    return Counter(dict(connection.execute(query).all()))


def _values(counted: Counter[str]) -> list[FacetValue]:
    most = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_MOST_VALUES]
    return [{"value": value, "articles": number} for value, number in most]
