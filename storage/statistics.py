"""Counts of articles by one of their properties, and how complete they are.

A count over time is only worth what the archive holds of that time. Rows by year and month
therefore stand for every period, those without any article too, and say what the sites listed in
it, which share of that is settled, and whether the archive has a gap there
(:mod:`storage.coverage`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import sqlite

from crawler.errors import BadInput
from storage.coverage import ENOUGH, coverage
from storage.facets import month_of_publication, year_of_publication
from storage.filters import Filters, day_of
from storage.question import Question
from storage.schema import article_authors, article_tags, articles, authors, tags, tallies
from storage.standing import Part, standing

Row = dict[str, Any]
Period = Literal["year", "month"]

#: A period's key, by the length of what it is cut out of: 2020 or 2020-05.
PERIODS: dict[str, int] = {"year": 4, "month": 7}

#: What articles can be counted by, as :data:`storage.question.FACTS` and `tallies` call it; names
#: are counted among what articles own, and parsers in their rows.
_LABELS = {"category": "category", "language": "language", "site": "site", "kind": "kicker"}
_NAMES = {"author": (article_authors, authors), "tag": (article_tags, tags)}

#: Labels are one when they differ in case and accents alone, as the filters see them.
_FOLDED = {"category": "category_folded", "kind": "kicker_folded"}

#: What articles can be counted by.
BY = ("year", "month", "category", "author", "language", "site", "kind", "tag", "parser")

_COUNTED = ("articles", "words", "with_analysis")


def statistics(
    connection: Connection,
    by: str,
    question: Question,
    over: Period | None = None,
    *,
    bare: bool = False,
    at: datetime | None = None,
) -> list[Row]:
    """Rows ``{"key", "articles", "words", "with_analysis", …}``; with *at*, as they stood then.

    Years and months come in order, others by number, most first. The key is None where an article
    has no such property. An article with two authors or tags counts for both.

    With a query a row also has ``all``, the articles of the same key and filters whatever they
    say, and ``share``, from 0 to 1. Years and months have ``listed``, ``complete`` and ``gap``, for
    the sites and not for the query. With *over* a row has ``over``: its counts by year or month.
    *bare* leaves all of this out, and the work that it takes.
    """
    if by not in BY:
        raise BadInput(f"Articles can't be counted by {by!r}: choose {', '.join(BY)}.")
    if over and (over not in PERIODS or by in PERIODS):
        raise BadInput(
            f"Counts by {by} can't be told over each {over}: what is counted over year or month "
            "is counted by something else."
        )
    if at is None:
        return _told((Part(connection, question),), by, over, bare=bare)
    with standing(connection, question, at) as parts:
        return _told(parts, by, over, bare=bare, at=at)


def _told(
    parts: Sequence[Part],
    by: str,
    over: Period | None,
    *,
    bare: bool,
    at: datetime | None = None,
) -> list[Row]:
    """The rows of an archive, or of the parts of one as it stood."""
    rows = _merged(_counted_in(parts, by))
    if bare:
        return sorted(_without_one(rows), key=lambda row: row["key"] or "")
    if parts[0].question.node is not None:
        everything = _merged(_counted_in(_whole(parts), by))
        rows = _with_shares(rows, everything, keep=by in PERIODS)
    if over:
        rows = _with_periods(parts, by, over, rows, at)
    if by in PERIODS:
        return _over_time(parts, by, rows, at)
    return sorted(_without_one(rows), key=lambda row: (-row["articles"], row["key"] or ""))


def _whole(parts: Iterable[Part]) -> list[Part]:
    """The same whatever the articles say: what shares are of."""
    return [
        Part(connection, Question(None, asked.filters, standing_at=asked.standing_at))
        for connection, asked in parts
    ]


def _counted_in(parts: Sequence[Part], by: str, over: Period | None = None) -> list[Row]:
    """The counts of all parts together, the commonest spelling of a label first."""
    rows = [row for part in parts for row in _counted(part.connection, by, part.question, over)]
    if len(parts) == 1:
        return rows
    summed: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        _add(summed, (row["key"], row.get("period")), row)
    return sorted(summed.values(), key=lambda row: (-row["articles"], row["key"] or ""))


def _add(counted: dict[Any, Row], key: Any, row: Row) -> None:
    """Put counts to those that are known under a key."""
    known = counted.setdefault(key, row)
    if known is not row:
        for name in _COUNTED:
            known[name] += row[name]


def numbers_by_month(connection: Connection, question: Question) -> dict[str | None, int]:
    """How many articles there are of each month."""
    return {row["key"]: row["articles"] for row in _counted(connection, "month", question)}


def counting(by: str, question: Question) -> tuple[str, dict[str, Any]]:
    """A plain statement for SQLite that counts, with its parameters.

    Its rows have ``key``, ``articles``, ``words`` and ``with_analysis``; two spellings of a label
    are two rows. Authors and tags have the first two only, and no row for articles without any.

    :raises BadInput: articles can't be counted by this.
    """
    if by not in BY:
        raise BadInput(f"Articles can't be counted by {by!r}: choose {', '.join(BY)}.")
    query = _of_names(by) if by in _NAMES else _counts("sqlite", by, question)
    shown = [each for each in query.selected_columns if each.name in ("key", *_COUNTED)]
    named = sqlite.dialect(paramstyle="named")
    made = query.with_only_columns(*shown).compile(dialect=named)
    return str(made), dict(made.params)


def names(connection: Connection, by: str) -> list[Row]:
    """Every author or tag with its number of articles, most first, from one index.

    :raises BadInput: it is neither of them.
    """
    if by not in _NAMES:
        raise BadInput(f"There are no names of {by!r}: choose {' or '.join(_NAMES)}.")
    return [dict(row) for row in connection.execute(_of_names(by)).mappings()]


def _of_names(by: str) -> Select[Any]:
    owned, known = _NAMES[by]
    number = func.count().label("articles")
    counted = select(owned.c[f"{by}_id"].label("number"), number)
    each = counted.group_by(owned.c[f"{by}_id"]).subquery("counted")
    query = select(known.c.name.label("key"), each.c.articles)
    query = query.join_from(each, known, known.c.id == each.c.number)
    return query.order_by(each.c.articles.desc(), known.c.name)


def _counted(
    connection: Connection, by: str, question: Question, over: Period | None = None
) -> Iterator[Row]:
    for row in connection.execute(_counts(connection.dialect.name, by, question, over)).mappings():
        yield {**row, **{name: int(row[name]) for name in _COUNTED}}


def _counts(dialect: str, by: str, question: Question, over: Period | None = None) -> Select[Any]:
    cells = question.cells(dialect)
    if cells is not None and (by in PERIODS or by in _LABELS):
        kept = [func.sum(tallies.c[name]) for name in ("articles", "words", "analyses")]
        return _grouped(select().select_from(tallies).where(*cells), by, tallies, over, kept)
    rows, source, conditions = question.facts(dialect)
    if by == "parser":
        rows, (source, conditions) = articles, question.found_in(dialect)
    analyses = func.sum(case((rows.c.has_analysis, 1), else_=0))
    sums: list[Any] = [func.count(), func.sum(rows.c.words), analyses]
    if by in _NAMES:
        return _named(by, rows, source, conditions, over, sums)
    return _grouped(select().select_from(source).where(*conditions), by, rows, over, sums)


def _named(
    by: str,
    rows: FromClause,
    source: FromClause,
    conditions: list[ColumnElement[bool]],
    over: Period | None,
    sums: list[Any],
) -> Select[Any]:
    """Sums by what articles own: counted by its number, and named when it is counted."""
    owned, known = _NAMES[by]
    number = owned.c[f"{by}_id"] + literal_column("0")
    period = [_key(over, rows).label("period")] if over else []
    counted = [each.label(name) for each, name in zip(sums, _COUNTED, strict=True)]
    joined = source.outerjoin(owned, owned.c.article_id == rows.c.id)
    inner = select(number.label("number"), *period, *counted).select_from(joined)
    each = inner.where(*conditions).group_by(number, *period).subquery("counted")
    periods = [each.c.period] if over else []
    shown = [each.c[name] for name in _COUNTED]
    name = known.c.name
    query = select(name.label("one"), *periods, name.label("key"), *shown)
    query = query.select_from(each.outerjoin(known, known.c.id == each.c.number))
    return query.order_by(each.c.articles.desc(), name)


def _grouped(
    query: Select[Any], by: str, rows: FromClause, over: Period | None, sums: list[Any]
) -> Select[Any]:
    """Sums by what is one and by its spelling, and by period where that is asked."""
    key, one = _key(by, rows), _key(by, rows, _FOLDED)
    period = [_key(over, rows).label("period")] if over else []
    named = [each.label(name) for each, name in zip(sums, _COUNTED, strict=True)]
    query = query.add_columns(one.label("one"), *period, key.label("key"), *named)
    return query.group_by(one, key, *period).order_by(sums[0].desc(), key)


def _key(by: str, rows: FromClause, labels: Mapping[str, str] = _LABELS) -> ColumnElement[Any]:
    """What articles are counted by, as some rows hold it; `tallies` have '' for unknown."""
    if by not in PERIODS:
        found = rows.c[labels.get(by, _LABELS.get(by, by))]
        return func.nullif(found, "") if rows is tallies else found
    if rows is tallies:
        return func.nullif(func.substr(rows.c.month, 1, PERIODS[by]), "")
    in_period = year_of_publication if by == "year" else month_of_publication
    return in_period(rows.c.published_on)


def _merged(rows: Iterable[Row]) -> list[Row]:
    """The spellings of one label as one row, under the commonest; the filters don't part them."""
    merged: dict[Any, Row] = {}
    for row in rows:
        _add(merged, row["one"], row)
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
    parts: Sequence[Part], by: str, over: Period, rows: list[Row], at: datetime | None
) -> list[Row]:
    """The rows with their counts by period, and whether the archive has a gap there."""
    found = _by_period(_counted_in(parts, by, over))
    is_asked = parts[0].question.node is not None
    everything: dict[Any, dict[str | None, Row]] = {}
    if is_asked:
        everything = _by_period(_counted_in(_whole(parts), by, over))
    span = _over_time(_whole(parts), over, [], at)
    for row in rows:
        mine, alls = found.get(row["one"], {}), everything.get(row["one"], {})
        keys = [each["key"] for each in span] + [None] * (None in mine)
        gaps = {each["key"]: each["gap"] for each in span}
        row["over"] = [
            {
                **(mine.get(key) or {"key": key, **dict.fromkeys(_COUNTED, 0)}),
                **(_share_of(mine.get(key), alls.get(key)) if is_asked else {}),
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
        _add(counted[row["one"]], row["period"], part)
    return counted


# --- over time


def _over_time(parts: Sequence[Part], by: str, rows: list[Row], at: datetime | None) -> list[Row]:
    """A row for every period that the archive knows anything of, with how complete it is."""
    connection, question = parts[0]
    filters = question.filters
    ledger = coverage(connection, filters.site, filters.since, filters.until, at)
    spans = [key for part in parts for key in span(part.connection, filters, at)]
    length = PERIODS[by]
    months: dict[str | None, list[Row]] = defaultdict(list)
    for month in ledger:
        months[month["month"] and month["month"][:length]].append(month)
    found = {row["key"]: row for row in _without_one(rows)}
    known = [key for key in (*(key[:length] for key in spans), *months) if key]
    known += [key[:length] for key in _asked(filters, at)]
    like = {"all": 0, "share": None} if question.node is not None else {}
    counted = [
        found.get(key) or {"key": key, **dict.fromkeys(_COUNTED, 0), **like}
        for key in _between(min(known), max(known))
    ] if known else []  # fmt: skip
    counted += [found[None]] if None in found else []
    return [{**row, **completeness(months.get(row["key"], []))} for row in counted]


def _asked(filters: Filters, at: datetime | None) -> Iterator[str]:
    """The first and the last month that the filters name, none that is to come."""
    now = f"{at or datetime.now(UTC):%Y-%m}"
    if filters.since is not None:
        yield min(now, f"{day_of(filters.since, is_last=False):%Y-%m}")
    if filters.until is not None:
        yield min(now, f"{day_of(filters.until, is_last=True):%Y-%m}")


def span(connection: Connection, filters: Filters, at: datetime | None = None) -> list[str]:
    """The first and the last month in which the archive has an article of the site, or of any.

    With *at*, only what was seen by then. Of the filters only site and period matter. Nothing where
    there is no article with a date.
    """
    within = Filters(site=filters.site, since=filters.since, until=filters.until)
    conditions = within.conditions_on(articles)
    if at is not None:
        conditions.append(articles.c.first_seen_at <= at)
    # One statement each: an index has either end at hand, and both only for who reads all of it.
    ends = (func.min(articles.c.published_on), func.max(articles.c.published_on))
    days = (connection.scalar(select(end).where(*conditions)) for end in ends)
    return [day.isoformat()[:7] for day in days if day]


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


#: What the rows of the ledger count.
COUNTED = ("listed", "stored", "waiting", "not_articles", "gone", "refused", "failed")


def summed(rows: Iterable[Mapping[str, Any]]) -> Row:
    """Rows of :func:`storage.coverage.coverage` added up: what they count by state (all of
    :data:`COUNTED`), with ``complete`` and ``gaps`` as in :func:`in_all`."""
    held = list(rows)
    counts = {name: sum(row[name] for row in held) for name in COUNTED}
    whole = in_all(held)
    return counts | {"complete": whole["complete"], "gaps": whole["gaps"]}


def lacking(rows: Iterable[Mapping[str, Any]]) -> Row:
    """The same with the gaps themselves: what a file or a frame of counted articles should say."""
    held = list(rows)
    told = ("site", "month", "listed", "stored", "complete")
    gaps = [{name: row[name] for name in told} for row in held if row["gap"]]
    for gap in gaps:
        gap["complete"] = gap["complete"] and round(gap["complete"], 4)
    return {**in_all(held), "gaps": gaps}
