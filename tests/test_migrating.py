"""Migrating: a backup first, then all of it or nothing; and no archive of the future is touched."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.errors import ArchiveBusy, ArchiveDamaged, MachineFault
from storage import Archive
from storage.migrating import migrate
from storage.opening import _sqlite_engine, upgrade
from storage.schema import APPLICATION_ID, VERSION
from tests.running import Command
from tests.storing import NOW, SITE, TOMORROW, article, capture

FIRST_CAPTURE = (
    "INSERT INTO captures (site, url, fetched_at, status, headers, truncated, outcome, body_id) "
    "VALUES ('example', 'https://example.org/news/1', '2026-01-01 00:00:00.000000', 200, '[]', 0, "
    "'not_article', 1)"
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An archive of the first version that holds one capture."""
    import zstandard

    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0001")
    engine.dispose()
    sha256 = capture(1, b"old bytes").sha256
    with closing(sqlite3.connect(path)) as connection, connection:
        row = (sha256, 9, zstandard.compress(b"old bytes"))
        connection.execute("INSERT INTO bodies (sha256, bytes, content) VALUES (?, ?, ?)", row)
        connection.execute(FIRST_CAPTURE)
    return path


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_an_old_archive_is_brought_up_to_date_and_kept_beside_as_it_was(old: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="run `hemeroteca migrate`"):
        Archive.open(old)
    done = migrate(old)
    assert (done.before, done.after) == ("0001", VERSION)
    assert done.backup == old.with_name("old.db.0001.backup")
    assert version_of(done.backup) == "0001"
    with Archive.open(old, mode="write") as archive:
        assert archive.capture_body(1) == b"old bytes"
        archive.save(capture(2), article(2), site=SITE, crawl_id=None, now=NOW, next_due_at=None)
    assert not list(old.parent.glob("*.part"))


def test_a_migrated_archive_has_the_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    migrate(old)
    Archive.open(tmp_path / "new.db", mode="write").close()
    schemas = []
    for path in (old, tmp_path / "new.db"):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
            schemas.append(rows.fetchall())
    assert schemas[0] == schemas[1]


def test_migrating_twice_does_nothing_more(old: Path) -> None:
    migrate(old)
    before = sorted(old.parent.iterdir())
    done = migrate(old)
    assert (done.before, done.backup) == (VERSION, None)
    assert sorted(old.parent.iterdir()) == before


def test_no_backup_takes_the_place_of_another(old: Path) -> None:
    earlier = old.with_name("old.db.0001.backup")
    earlier.write_bytes(b"precious")
    assert migrate(old).backup == old.with_name("old.db.0001.backup-2")
    assert earlier.read_bytes() == b"precious"


def test_a_migration_that_fails_leaves_the_archive_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("pulled the plug")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(RuntimeError, match="pulled the plug"):
        migrate(old)
    assert version_of(old) == "0001"
    with closing(sqlite3.connect(old)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(bodies)")]
    assert "base_id" not in columns
    monkeypatch.undo()
    assert migrate(old).after == VERSION


def test_without_room_for_the_backup_nothing_is_changed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(MachineFault, match=r"The backup .* can't be made .* nothing was changed"):
        migrate(old)
    assert version_of(old) == "0001"
    assert not list(old.parent.glob("*backup*"))


def test_an_archive_that_a_crawl_holds_is_not_migrated(old: Path) -> None:
    from storage.locking import held_file

    with held_file(old), pytest.raises(ArchiveBusy):
        migrate(old)
    assert version_of(old) == "0001"


def test_the_command_says_what_it_did(old: Path, hemeroteca: Command) -> None:
    first = hemeroteca("--archive", old, "migrate")
    assert first.code == 0
    assert f"was of version 0001 and is now of {VERSION}" in first.err
    assert "old.db.0001.backup" in first.err
    again = hemeroteca("--archive", old, "migrate")
    assert (again.code, "nothing was to be done" in again.err) == (0, True)


def test_a_newer_archive_is_refused_with_a_sentence(old: Path, hemeroteca: Command) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = old.read_bytes()
    answer = hemeroteca("--archive", old, "migrate")
    assert answer.code == 4
    assert "was written by a newer version" in answer.err
    assert old.read_bytes() == before
    assert hemeroteca("--archive", old.parent / "none.db", "migrate").code == 2


HEADS = [
    (("Date", f"Thu, 01 Jan 2026 00:00:{second:02d} GMT"), ("ETag", f'"{second:x}"'), ("X", "é"))
    for second in range(30)
]


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """An archive of the second version as it was left by a crawl: real rows, by its own tables."""
    new, old = tmp_path / "new.db", tmp_path / "second.db"
    with Archive.open(new, mode="write") as archive:
        crawl_id = archive.start_crawl(SITE, "due", {}, NOW)
        for number, headers in enumerate(HEADS):
            page = capture(number, b"<p>A page of the site. " * 40 + b"%d" % number)
            page = replace(page, headers=headers, redirects=("https://example.org/r",))
            archive.save(
                page, article(number), site=SITE, crawl_id=crawl_id, now=NOW, next_due_at=NOW
            )
            later = replace(page, body=page.body + b"!", fetched_at=TOMORROW, redirects=())
            edited = article(number, headline=f"Other {number}")
            archive.save(later, edited, site=SITE, crawl_id=crawl_id, now=TOMORROW, next_due_at=NOW)
        shown = [archive.history(number + 1).to_dict() for number in range(len(HEADS))]
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(old, "rw")
    upgrade(engine, to="0002")
    engine.dispose()
    with closing(sqlite3.connect(old)) as connection:
        connection.create_function("headers_of", 1, lambda n: json.dumps(HEADS[(n - 1) // 2]))
        connection.execute("ATTACH ? AS new", (str(new),))
        tables = "SELECT name FROM new.sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts%'"
        for (name,) in connection.execute(tables).fetchall():
            if name not in NEWER:
                _copy(connection, name)
        connection.commit()
    (tmp_path / "shown.json").write_text(json.dumps(shown))
    return old


#: Tables that later versions brought.
NEWER = ("alembic_version", "alarms", "heads", "listings", "mementos", "tallies", "ledger")


def _copy(connection: sqlite3.Connection, name: str) -> None:
    """The rows of a table as the second version kept them."""
    there = [row[1] for row in connection.execute(f"PRAGMA main.table_info({name})")]
    given = {"headers": "headers_of(id)", "redirects": "coalesce(redirects, 'null')"}
    if name == "bodies":
        given["sha256"] = "lower(hex(sha256))"
    taken = ", ".join(given.get(column, column) for column in there)
    connection.execute(
        f"INSERT INTO main.{name} ({', '.join(there)}) SELECT {taken} FROM new.{name}"
    )


def test_the_rows_of_the_second_version_come_through_whole(second: Path, tmp_path: Path) -> None:
    done = migrate(second)
    assert (done.before, done.after) == ("0002", VERSION)
    assert done.backup == second.with_name("second.db.0002.backup")
    shown = json.loads((tmp_path / "shown.json").read_text())
    with Archive.open(second) as archive:
        assert archive.verify().damaged == []
        for number, headers in enumerate(HEADS):
            assert archive.history(number + 1).to_dict() == shown[number]
            first, later = (archive.capture(2 * number + each) for each in (1, 2))
            assert (first.headers, later.headers) == (headers, headers)
            assert (first.redirects, later.redirects) == (("https://example.org/r",), ())
            assert (first.http_version, first.reason_phrase) == (None, None)
    with closing(sqlite3.connect(second)) as connection:
        packed = connection.execute("SELECT count(*), max(length(head)) FROM captures").fetchone()
        assert packed == (2 * len(HEADS), packed[1])
        assert packed[1] < len(json.dumps(HEADS[0]))
        assert connection.execute("SELECT count(*) FROM heads").fetchone() == (1,)
        view = connection.execute("SELECT DISTINCT length(sha256) FROM v_captures").fetchall()
        assert view == [(64,)]
        states = "SELECT number, headline FROM v_revisions WHERE article_id = 3 ORDER BY number"
        assert connection.execute(states).fetchall() == [(1, "Headline 2"), (2, "Other 2")]


def test_a_damaged_record_has_no_headline_and_hinders_no_migration(second: Path) -> None:
    with closing(sqlite3.connect(second)) as connection, connection:
        connection.execute("UPDATE readings SET record = x'28b52f' WHERE id = 1")
    migrate(second)
    with closing(sqlite3.connect(second)) as connection:
        states = "SELECT number, headline FROM v_revisions WHERE article_id = 1 ORDER BY number"
        assert connection.execute(states).fetchall() == [(1, None), (2, "Other 0")]
    with Archive.open(second) as archive:
        (damage,) = [each for each in archive.verify().damaged if each.id == 1]
    assert damage.what.startswith("its record can't be read")


def test_an_archive_whose_rows_refer_to_nothing_is_not_migrated(second: Path) -> None:
    with closing(sqlite3.connect(second)) as connection, connection:
        connection.execute("DELETE FROM bodies WHERE id = 1")
    with pytest.raises(ArchiveDamaged, match=r"Rows of \w+ refer to rows that are missing"):
        migrate(second)
    assert version_of(second) == "0002"
    with closing(sqlite3.connect(second)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(captures)")]
    assert "headers" in columns


def test_what_was_listed_and_when_pages_changed_is_known_after_migrating(tmp_path: Path) -> None:
    path = tmp_path / "third.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0003")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO frontier (site, url, state, source, place, lastmod_at, listed_at, "
            "first_listed_at, last_fetched_at, failures) VALUES ('example', ?, ?, 'feed', 0, ?, "
            "'2026-02-01 00:00:00.000000', '2026-01-01 00:00:00.000000', ?, 0)",
            [
                ("https://example.org/a", "waiting", None, None),
                (
                    "https://example.org/b",
                    "not_article",
                    "2025-12-01 00:00:00.000000",
                    "2026-01-02 00:00:00.000000",
                ),
            ],
        )
    assert migrate(path).before == "0003"
    with closing(sqlite3.connect(path)) as connection:
        listed = connection.execute("SELECT source, first_listed_at, last_listed_at FROM listings")
        first_and_last = ("2026-01-01 00:00:00.000000", "2026-02-01 00:00:00.000000")
        assert listed.fetchall() == [("feed", *first_and_last)] * 2
        changed = connection.execute("SELECT changed_at FROM frontier ORDER BY url").fetchall()
    assert changed == [(None,), ("2025-12-01 00:00:00.000000",)]


def test_articles_of_before_are_found_by_word_forms_and_filters(tmp_path: Path) -> None:
    """Version 0006 adds an index of what articles are filtered by, over those that are there."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0005")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO articles (site, url, canonical_url, language, published_on, kicker, "
            "kicker_folded, headline, words, parser, first_seen_at, body) VALUES ('example', 'u', "
            "'u', 'es', '2020-05-17', 'Análisis', 'analisis', 'Los cárteles', 5, 'p/1', "
            "'2026-01-01', 'El cártel del puerto.')"
        )
    migrate(path, backup=False)
    with Archive.open(path) as archive:
        hits = archive.search("cartel", kind="análisis", since="2020", language="es")
        assert [hit.headline for hit in hits] == ["Los cárteles"]
        assert hits.facets["kind"] == [{"value": "Análisis", "articles": 1}]


def test_what_was_captured_before_is_from_the_site_itself(tmp_path: Path) -> None:
    """Version 0007 tells captures out of web archives from those that a site sent."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0006")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO sources (site, url, etag, fetched_at) "
            "VALUES ('example', 'https://example.org/sitemap.xml', 'tag', '2026-01-01 00:00:00')"
        )
        connection.execute("INSERT INTO bodies (sha256, bytes, content) VALUES ('00', 0, x'')")
        connection.execute(FIRST_CAPTURE.replace(", headers", "").replace(", '[]'", ""))
    migrate(path, backup=False)
    with Archive.open(path) as archive:
        (capture,) = archive.captures("https://example.org/news/1")
        assert (capture.outcome, capture.origin) == ("not_article", None)
        state = archive.source_state("example", "https://example.org/sitemap.xml")
        assert state is not None
        assert (state.etag, state.goes_on_at) == ("tag", None)
        assert archive.wanted_mementos("example", "wayback", which="all", limit=9) == []


def test_lists_that_were_read_before_are_known_to_have_been(tmp_path: Path) -> None:
    """Version 0010 remembers accepted alarms, and which lists could be read."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(path, "rw")
    upgrade(engine, to="0008")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO sources (site, url, body_sha256, fetched_at) "
            "VALUES ('example', ?, ?, '2026-01-01 00:00:00.000000')",
            [("https://example.org/feed/", "00"), ("https://example.org/no-feed/", None)],
        )
        connection.execute(
            "INSERT INTO alarms (site, kind, about, says, next_step, figures, began_at, last_at) "
            "VALUES ('example', 'field', 'deck', 'no decks', 'heal', '{}', '2026-01-01', "
            "'2026-01-01')"
        )
    migrate(path, backup=False)
    with Archive.open(path) as archive:
        (known,) = archive.known_lists("example")
        assert (known.url, known.failing_since) == ("https://example.org/feed/", None)
        (stands,) = archive.alarms()
        assert (stands.rings, stands.accepted_because) == (True, None)
