"""The counts that the database keeps itself: always those of its rows, and used where they tell."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import NotAnArticle
from storage import Archive
from storage.filters import Filters
from storage.migrating import migrate
from storage.opening import _sqlite_engine, upgrade
from storage.question import Question
from storage.schema import APPLICATION_ID
from tests.storing import SITE, Desk, article, desk, paragraphs

__all__ = ["desk"]

LABELS: dict[str, tuple[str | None, ...]] = {
    "site": ("gazette", "heraldo"),
    "published_on": (None, "2020-01-31", "2020-02-01", "2021-02-01"),
    "language": (None, "en", "es"),
    "category": (None, "Arms", "ARMS"),
    "category_folded": (None, "arms"),
    "kicker": (None, "Brief"),
    "kicker_folded": (None, "brief"),
    "words": ("1", "20"),
    "analysis": (None, "", "So it is."),
}
ADDRESS: dict[str, tuple[str | None, ...]] = {
    "site": ("gazette", "heraldo"),
    "state": ("waiting", "article", "gone"),
    "stated_on": (None, "2019-12-01"),
    "lastmod_at": (None, "2022-05-01 00:00:00.000000"),
}


def miscounted(connection: sqlite3.Connection) -> list[Any]:
    """What is kept and not so, and what is so and not kept; worked out here once more."""
    return [
        row
        for kept, anew in ((TALLIED, "tallies"), (LISTED, "ledger"))
        for one, other in ((kept, anew), (anew, kept))
        for row in connection.execute(
            f"SELECT * FROM {_table(one)} EXCEPT SELECT * FROM {_table(other)}"
        )
    ]


def _table(query: str) -> str:
    return f"({query})" if " " in query else query


TALLIED = """
    SELECT site, ifnull(strftime('%Y-%m', published_on), ''), ifnull(language, ''),
           ifnull(category_folded, ''), ifnull(category, ''), ifnull(kicker_folded, ''),
           ifnull(kicker, ''), count(*), sum(words), count(analysis)
    FROM articles GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
LISTED = """
    SELECT f.site, ifnull(strftime('%Y-%m', coalesce(a.published_on, f.stated_on, f.lastmod_at)),
           ''), f.state, count(*), count(f.article_id)
    FROM frontier AS f LEFT JOIN articles AS a ON a.id = f.article_id GROUP BY 1, 2, 3
"""


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_written_the_counts_are_those_of_the_rows(desk: Desk, seed: int) -> None:
    assert desk.archive.path
    chance = random.Random(seed)
    with closing(sqlite3.connect(desk.archive.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        done = 0
        for act in _acts(chance):
            try:
                connection.execute(*act)
            except sqlite3.IntegrityError:  # an article that an address leads to
                continue
            done += 1
            assert miscounted(connection) == [], act
        assert done > 150
        assert connection.execute("SELECT count(*) FROM tallies").fetchone() > (3,)


def _acts(chance: random.Random) -> Iterator[tuple[str, list[Any]]]:
    """Additions, changes and deletions of articles and addresses."""
    for number in range(1, 200):
        articles = {name: chance.choice(values) for name, values in LABELS.items()}
        address = {name: chance.choice(values) for name, values in ADDRESS.items()}
        one = chance.randrange(1, number + 1)
        address["article_id"] = chance.choice((None, str(one)))
        act = chance.randrange(8)
        if act < 2:
            fixed = {"url": number, "canonical_url": number, "headline": "H", "parser": "p/1"}
            more = {"id": number, "first_seen_at": "2026-01-01", "body": "B"}
            yield _insert("articles", articles | fixed | more)
        elif act < 4:
            times = dict.fromkeys(("listed_at", "first_listed_at"), "2026-01-01")
            more = {"id": number, "url": number, "source": "feed", "place": 0, "failures": 0}
            yield _insert("frontier", address | more | times)
        elif act < 7:
            table, row = chance.choice((("articles", articles), ("frontier", address)))
            some = dict(chance.sample(sorted(row.items()), k=2))
            changed = ", ".join(f"{name} = ?" for name in some)
            yield f"UPDATE {table} SET {changed} WHERE id <= ?", [*some.values(), one]
        else:
            table = chance.choice(("articles", "frontier"))
            yield f"DELETE FROM {table} WHERE id = ?", [one]


def _insert(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()]


@pytest.fixture
def told(desk: Desk) -> Archive:
    """An archive of articles that differ in everything that they are counted by."""
    days = ("2019-12-31", "2020-01-01", "2020-05-17", "2020-05-31", None)
    for number in range(20):
        desk.save(
            article(
                number,
                published=days[number % 5],
                language=("en", "es", None)[number % 3],
                category=("Arms", "ARMS", None, "Coal")[number % 4],
                kicker=("Brief", None)[number % 2],
                tags=("A", "B")[: number % 3],
                analysis=paragraphs("So it is.") if number % 4 == 0 else None,
            ),
            site=("gazette", "heraldo", SITE)[number % 3],
        )
    desk.save(article(3, published="2021-01-01", category="Coal", kicker="Brief"))
    desk.save(NotAnArticle("a list"), url="https://example.org/list")
    desk.gone(4)
    return desk.archive


ASKED: list[dict[str, str]] = [
    {},
    {"site": "gazette"},
    {"category": "arms"},
    {"kind": "BRIEF", "language": "es"},
    {"since": "2020"},
    {"until": "2020-05"},
    {"since": "2020-01-01", "until": "2020-05-31", "category": "coal"},
    {"since": "2020-05-18"},
    {"until": "2020-05-30"},
    {"until": "9999"},
    {"tag": "a"},
    {"author": "ana ruiz", "since": "2020"},
]


@pytest.mark.parametrize("filters", ASKED, ids=str)
def test_what_is_answered_from_the_counts_is_what_the_rows_say(
    told: Archive, filters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers() -> list[Any]:
        hits = told.search(None, **filters)
        counts = [told.stats(by, **filters) for by in ("year", "month", "category", "kind", "site")]
        return [hits.total, hits.facets, hits.months, told.numbers_by_month(**filters), *counts]

    known = answers()
    assert known[0] == sum(1 for _ in told.articles(**filters))
    with monkeypatch.context() as without:
        without.setattr(Question, "cells", lambda *_: None)
        assert answers() == known


def test_counts_stand_for_no_more_than_they_know() -> None:
    def is_told(**filters: Any) -> bool:
        return Question(None, Filters(**filters)).cells("sqlite") is not None

    assert is_told(site="a", category="b", kind="c", language="d", since="2020", until="2020-02")
    assert not is_told(since="2020-05-17")
    assert not is_told(until="2020-02-28")
    assert is_told(until="2021-02-28")
    assert not is_told(tag="a")
    assert not is_told(author="a")


def test_what_was_there_before_is_counted_by_the_migration(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0007")
    engine.dispose()
    chance = random.Random(7)
    with closing(sqlite3.connect(path)) as connection, connection:
        for act in _acts(chance):
            if act[0].startswith("INSERT"):
                connection.execute(*act)
        there = "SELECT id FROM articles"
        dangling = f"article_id NOT IN ({there})"
        connection.execute(f"UPDATE frontier SET article_id = NULL WHERE {dangling}")
    migrate(path, backup=False)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert miscounted(connection) == []
        assert connection.execute("SELECT sum(articles) FROM tallies").fetchone() > (10,)
        analysed = connection.execute(
            "SELECT count(*) FROM articles WHERE has_analysis IS NOT (analysis IS NOT NULL)"
        )
        assert analysed.fetchone() == (0,)
    with Archive.open(path) as archive:
        assert sum(archive.sites().values()) == len(list(archive.search(None, limit=None)))


def test_wrong_counts_are_found_and_can_be_made_anew(told: Archive) -> None:
    assert told.path
    assert told.verify().damaged == []
    with closing(sqlite3.connect(told.path)) as connection, connection:
        connection.execute("UPDATE tallies SET articles = articles + 1 WHERE site = 'gazette'")
        connection.execute("DELETE FROM ledger WHERE state = 'gone'")
    named = [each.what for each in told.verify().damaged]
    assert len(named) == 2
    assert "INSERT INTO ledger SELECT * FROM ledger_anew" in named[1]
    with closing(sqlite3.connect(told.path)) as connection, connection:
        for name in ("tallies", "ledger"):
            connection.execute(f"DELETE FROM {name}")
            connection.execute(f"INSERT INTO {name} SELECT * FROM {name}_anew")
    assert told.verify().damaged == []
