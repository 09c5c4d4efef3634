"""Counts of articles by one of their properties, and how complete they are.

A count over time is only worth what the archive holds of that time. Rows by year and month
therefore stand for every period, those without any article too, and say what the sites listed in
it, which share of that is settled, and whether the archive has a gap there
(:mod:`storage.coverage`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.dialects import sqlite

from crawler.errors import BadInput
from storage.coverage import ENOUGH, coverage
from storage.facets import month_of_publication, year_of_publication
from storage.filters import Filters
from storage.question import Question
from storage.schema import article_authors, article_tags, articles, authors, tags

Row = dict[str, Any]
Period = Literal["year", "month"]

#: A period's key, by the length of what it is cut out of: 2020 or 2020-05.
PERIODS: dict[str, int] = {"year": 4, "month": 7}

_COLUMNS: dict[str, ColumnElement[Any]] = {
    "year": year_of_publication(),
    "month": month_of_publication(),
    "category": articles.c.category,
    "author": authors.c.name,
    "language": articles.c.language,
    "site": articles.c.site,
    "kind": articles.c.kicker,
    "tag": tags.c.name,
    "parser": articles.c.parser,
}

#: Labels are one when they differ in case and accents alone, as the filters see them.
_FOLDED: dict[str, ColumnElement[Any]] = {
    "category": articles.c.category_folded,
    "kind": articles.c.kicker_folded,
}

#: What articles can be counted by.
BY = tuple(_COLUMNS)

_COUNTED = ("articles", "words", "with_analysis")


def statistics(
    connection: Connection,
    by: str,
    question: Question,
    over: Period | None = None,
    *,
    bare: bool = False,
) -> list[Row]:
    """Rows ``{"key", "articles", "words", "with_analysis", …}``.

    Years and months come in order, others by number, most first. The key is None where an article
    has no such property. An article with two authors or tags counts for both.

    With a query a row also has ``all``, the articles of the same key and filters whatever they
    say, and ``share``, from 0 to 1. Years and months have ``listed``, ``complete`` and ``gap``, for
    the sites and not for the query. With *over* a row has ``over``: its counts by year or month.
    *bare* leaves all of this out, and the work that it takes.
    """
    if by not in _COLUMNS:
        raise BadInput(f"Articles can't be counted by {by!r}: choose {', '.join(BY)}.")
    if over and (over not in PERIODS or by in PERIODS):
        raise BadInput(
            f"Counts by {by} can't be told over each {over}: what is counted over year or month "
            "is counted by something else."
        )
    rows = _merged(_counted(connection, by, question))
    if bare:
        return sorted(_without_one(rows), key=lambda row: row["key"] or "")
    if question.node is not None:
        everything = _merged(_counted(connection, by, Question(None, question.filters)))
        rows = _with_shares(rows, everything, keep=by in PERIODS)
    if over:
        rows = _with_periods(connection, by, question, over, rows)
    if by in PERIODS:
        return _over_time(connection, by, question, rows)
    return sorted(_without_one(rows), key=lambda row: (-row["articles"], row["key"] or ""))


def numbers_by_month(connection: Connection, question: Question) -> dict[str | None, int]:
    """How many articles there are of each month: from an index alone, so that a million take less
    than their texts would.
    """
    rows, source, conditions = question.facts(connection.dialect.name)
    month = month_of_publication(rows.c.published_on)
    query = select(month, func.count()).select_from(source).where(*conditions).group_by(month)
    return dict(connection.execute(query).all())


def counting(by: str, question: Question) -> tuple[str, dict[str, Any]]:
    """A plain statement for SQLite that counts, with its parameters.

    Its rows have ``key``, ``articles``, ``words`` and ``with_analysis``; two spellings of a label
    are two rows.

    :raises BadInput: articles can't be counted by this.
    """
    if by not in _COLUMNS:
        raise BadInput(f"Articles can't be counted by {by!r}: choose {', '.join(BY)}.")
    query = _counts("sqlite", by, question)
    shown = [query.selected_columns[name] for name in ("key", *_COUNTED)]
    named = sqlite.dialect(paramstyle="named")
    made = query.with_only_columns(*shown).compile(dialect=named)
    return str(made), dict(made.params)


def _counted(
    connection: Connection, by: str, question: Question, over: Period | None = None
) -> Iterator[Row]:
    for row in connection.execute(_counts(connection.dialect.name, by, question, over)).mappings():
        yield {**row, "words": int(row["words"])}


def _counts(dialect: str, by: str, question: Question, over: Period | None = None) -> Select[Any]:
    source, conditions = question.found_in(dialect)
    if by == "author":
        source = source.outerjoin(article_authors).outerjoin(authors)
    if by == "tag":
        source = source.outerjoin(article_tags).outerjoin(tags)
    key, one = _COLUMNS[by], _FOLDED.get(by, _COLUMNS[by])
    period = [_COLUMNS[over].label("period")] if over else []
    number = func.count().label("articles")
    return (
        select(
            one.label("one"),
            *period,
            key.label("key"),
            number,
            func.sum(articles.c.words).label("words"),
            func.count(articles.c.analysis).label("with_analysis"),
        )
        .select_from(source)
        .where(*conditions)
        .group_by(one, key, *period)
        .order_by(number.desc(), key)
    )


def _merged(rows: Iterable[Row]) -> list[Row]:
    """The spellings of one label as one row, under the commonest; the filters don't part them."""
    merged: dict[Any, Row] = {}
    for row in rows:
        known = merged.setdefault(row["one"], row)
        if known is not row:
            for name in _COUNTED:
                known[name] += row[name]
    return list(merged.values())


def _without_one(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        del row["one"]
        yield row


def _with_shares(rows: list[Row], everything: list[Row], *, keep: bool) -> list[Row]:
    """The rows with what they are a share of; those of which nothing was found only with *keep*."""
    found = {row["one"]: row for row in rows}
    shared = []
    for row in everything:
        one = found.get(row["one"])
        if one is None and not keep:
            continue
        counted = one or {**row, **dict.fromkeys(_COUNTED, 0)}
        shared.append({**counted, **_share_of(counted, row)})
    return shared


def _with_periods(
    connection: Connection, by: str, question: Question, over: Period, rows: list[Row]
) -> list[Row]:
    """The rows with their counts by period, and whether the archive has a gap there."""
    found = _by_period(_counted(connection, by, question, over))
    everything: dict[Any, dict[str | None, Row]] = {}
    if question.node is not None:
        whole = Question(None, question.filters)
        everything = _by_period(_counted(connection, by, whole, over))
    span = _over_time(connection, over, Question(None, question.filters), [])
    for row in rows:
        parts, alls = found.get(row["one"], {}), everything.get(row["one"], {})
        keys = [each["key"] for each in span] + [None] * (None in parts)
        gaps = {each["key"]: each["gap"] for each in span}
        row["over"] = [
            {
                **(parts.get(key) or {"key": key, **dict.fromkeys(_COUNTED, 0)}),
                **(_share_of(parts.get(key), alls.get(key)) if question.node is not None else {}),
                "gap": gaps.get(key, False),
            }
            for key in keys
        ]
    return rows


def _share_of(part: Row | None, whole: Row | None) -> Row:
    every = whole["articles"] if whole else 0
    return {"all": every, "share": round((part or {"articles": 0})["articles"] / every, 6)
            if every else None}  # fmt: skip


def _by_period(rows: Iterable[Row]) -> dict[Any, dict[str | None, Row]]:
    """Counts by what is one, then by period; the spellings of one label added up."""
    counted: dict[Any, dict[str | None, Row]] = defaultdict(dict)
    for row in rows:
        part = {"key": row["period"], **{name: row[name] for name in _COUNTED}}
        known = counted[row["one"]].setdefault(row["period"], part)
        if known is not part:
            for name in _COUNTED:
                known[name] += part[name]
    return counted


# --- over time


def _over_time(connection: Connection, by: str, question: Question, rows: list[Row]) -> list[Row]:
    """A row for every period that the archive knows anything of, with how complete it is."""
    filters = question.filters
    ledger = coverage(connection, filters.site, filters.since, filters.until)
    length = PERIODS[by]
    months: dict[str | None, list[Row]] = defaultdict(list)
    for month in ledger:
        months[month["month"] and month["month"][:length]].append(month)
    found = {row["key"]: row for row in _without_one(rows)}
    known = [key for key in (*(key[:length] for key in span(connection, filters)), *months) if key]
    like = {"all": 0, "share": None} if question.node is not None else {}
    counted = [
        found.get(key) or {"key": key, **dict.fromkeys(_COUNTED, 0), **like}
        for key in _between(min(known), max(known))
    ] if known else []  # fmt: skip
    counted += [found[None]] if None in found else []
    return [{**row, **completeness(months.get(row["key"], []))} for row in counted]


def span(connection: Connection, filters: Filters) -> list[str]:
    """The first and the last month in which the archive has an article of the site, or of any.

    Of the filters only site and period matter. Nothing where there is no article with a date.
    """
    days = select(func.min(articles.c.published_on), func.max(articles.c.published_on))
    within = Filters(site=filters.site, since=filters.since, until=filters.until)
    row = connection.execute(days.where(*within.conditions_on(articles))).one()
    return [day.isoformat()[:7] for day in row if day]


def _between(first: str, last: str) -> Iterator[str]:
    """Every year or month from one to another.

    >>> list(_between("2019-11", "2020-01")), list(_between("2019", "2020"))
    (['2019-11', '2019-12', '2020-01'], ['2019', '2020'])
    """
    period = first
    while period <= last:
        yield period
        year, _, month = period.partition("-")
        if not month or month == "12":
            period = f"{int(year) + 1:04}" + ("-01" if month else "")
        else:
            period = f"{year}-{int(month) + 1:02}"


def completeness(months: list[Row]) -> Row:
    """What sites listed of a period, which share is settled, and whether the archive has a gap.

    *months* are the rows of :func:`storage.coverage.coverage` for that period.

    It has one where it lacks more than a tenth: of what was listed, or of the months of sites, at
    which nobody looked.
    """
    summed = in_all(months)
    complete = summed["complete"]
    lacks = complete is not None and complete < ENOUGH
    return {
        "listed": summed["listed"],
        "complete": complete,
        "gap": lacks or _is_unknown(months),
    }


def _is_unknown(months: Sequence[Mapping[str, Any]]) -> bool:
    """Whether at more than a few of the months nobody looked."""
    return sum(not month["seen"] for month in months) > (1 - ENOUGH) * len(months)


def in_all(rows: Iterable[Mapping[str, Any]]) -> Row:
    """Rows of :func:`storage.coverage.coverage` as one: ``listed``, ``stored``, ``complete``, and
    how many months are ``gaps``. ``complete`` is None where nothing is listed, and where nobody
    looked at more than a few of the months: what there would be to list is unknown.

    >>> month = {"listed": 10, "stored": 8, "seen": True, "complete": 0.8, "gap": True}
    >>> in_all([month])
    {'listed': 10, 'stored': 8, 'complete': 0.8, 'gaps': 1}
    >>> in_all([month, month | {"seen": False, "complete": None}])["complete"]
    """
    held = list(rows)
    listed = sum(row["listed"] for row in held)
    seen = sum(row["listed"] for row in held if row["seen"])
    settled = sum(row["listed"] * (row["complete"] or 0) for row in held)
    return {
        "listed": listed,
        "stored": sum(row["stored"] for row in held),
        "complete": round(settled / seen, 4) if seen and not _is_unknown(held) else None,
        "gaps": sum(bool(row["gap"]) for row in held),
    }


def lacking(rows: Iterable[Mapping[str, Any]]) -> Row:
    """The same with the gaps themselves: what a file or a frame of counted articles should say."""
    held = list(rows)
    told = ("site", "month", "listed", "stored", "complete")
    gaps = [{name: row[name] for name in told} for row in held if row["gap"]]
    for gap in gaps:
        gap["complete"] = gap["complete"] and round(gap["complete"], 4)
    return {**in_all(held), "gaps": gaps}
