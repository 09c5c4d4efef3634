"""The schema: migrations, documentation and views say the same as the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite

import storage
from storage.describe import reference
from storage.schema import VERSION, UTCDateTime, metadata
from tests.storing import Desk, article, desk

__all__ = ["desk"]

ROOT = Path(__file__).parent.parent


def test_the_migrations_make_the_tables_that_the_schema_describes(desk: Desk) -> None:
    with desk.archive._reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: (
                    kind != "table" or not str(name).startswith("articles_fts")
                ),
            },
        )
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_version_of_the_schema() -> None:
    scripts = ScriptDirectory(str(Path(storage.__file__).with_name("migrations")))
    assert scripts.get_current_head() == VERSION


def test_the_reference_is_what_the_schema_says(desk: Desk) -> None:
    with desk.archive._reading() as connection:
        said = reference(connection)
    assert (ROOT / "docs/reference/schema.md").read_text(encoding="utf-8") == said, (
        "run: python -m storage.describe > docs/reference/schema.md"
    )


def test_every_table_and_column_is_documented() -> None:
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if not column.comment
    ]
    assert missing == []
    assert all(table.comment for table in metadata.sorted_tables)


def test_an_instant_is_kept_in_utc_whatever_its_zone() -> None:
    kind, lima = UTCDateTime(), timezone(timedelta(hours=-5))
    moment = datetime(2016, 7, 11, 23, 30, tzinfo=lima)
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        kept = kind.process_bind_param(moment, dialect)
        back = kind.process_result_value(kept, dialect)
        assert back == moment
        assert back is not None
        assert back.tzinfo is UTC
    assert kind.process_bind_param(None, sqlite.dialect()) is None
    with pytest.raises(ValueError, match="needs its zone, and 2016-07-11T00:00:00 has none"):
        kind.process_bind_param(datetime(2016, 7, 11), sqlite.dialect())  # noqa: DTZ001


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "SELECT month, kind, category, headline, authors, tags, revisions FROM v_articles",
            [("2020-05", "BRIEF", None, "Headline", "Ana Ruiz, Iván Paz", "A, B", 2)],
        ),
        (
            "SELECT author, articles, sites, first_on FROM v_authors ORDER BY author",
            [("Ana Ruiz", 1, 1, "2020-05-17"), ("Iván Paz", 1, 1, "2020-05-17")],
        ),
        (
            "SELECT role, headline, target_id FROM v_links",
            [("citation", "Headline", 1)],
        ),
        (
            "SELECT number, headline, captured_at, parser, bytes FROM v_revisions",
            [
                (1, "Before", "2026-03-01 12:01:00.000000", "example/1", 5),
                (2, "Headline", "2026-03-01 12:02:00.000000", "example/1", 6),
            ],
        ),
        (
            "SELECT outcome, status, origin FROM v_captures",
            [("new", 200, None), ("revised", 200, None)],
        ),
        (
            "SELECT site, month, listed, stored, gone FROM v_coverage",
            [("example", "2020-05", 1, 1, 0)],
        ),
    ],
)
def test_a_researcher_can_ask_in_plain_sql(
    desk: Desk, question: str, answer: list[tuple[object, ...]]
) -> None:
    from crawler.article import Citation

    whole = article(
        kicker="BRIEF",
        headline="Headline",
        authors=("Ana Ruiz", "Iván Paz"),
        tags=("A", "B"),
        citations=(Citation("itself", "https://example.org/news/1", True),),
    )
    desk.save(article(headline="Before"), b"first")
    desk.save(whole, b"second")
    assert desk.rows(question) == answer
