"""Verifying: a whole archive passes, and whatever is done to one behind its back is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.article import Article, Citation, Image
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from storage import Archive, Findings
from tests.running import Command
from tests.storing import Desk, article, desk
from tests.test_packing import page

__all__ = ["desk"]


@pytest.fixture
def path(desk: Desk) -> Path:
    """An archive with a dictionary, revisions, an edit kept as a difference, and other pages."""
    pages = {
        number: article(
            number,
            tags=("A", "B"),
            images=(Image("https://example.org/i.jpg", "A caption", None, None),),
            citations=(Citation("there", "https://example.org/there", True),),
        )
        for number in range(8)
    }
    for number, whole in pages.items():
        desk.save(whole, page(number))
    desk.save(replace(pages[7], headline="Edited"), page(7) + b"<p>edited</p>")
    desk.save(pages[4], page(4) + b"<!-- moved -->")
    desk.save(NotAnArticle("a list"), b"a list", url="https://example.org/list")
    desk.save(Unreadable("no page"), b"\x00", url="https://example.org/broken")
    desk.gone(5)
    desk.archive.close()
    assert desk.archive.path
    return desk.archive.path


def findings(path: Path, **given: Any) -> Findings:
    with Archive.open(path) as archive:
        return archive.verify(**given)


def damage(path: Path, *statements: str) -> None:
    """Change an archive behind the program's back: no triggers of ours, no foreign keys."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_whole_archive_is_whole(path: Path) -> None:
    found = findings(path)
    assert found.damaged == []
    assert found.is_whole
    assert found.checked["captures"] == 13
    assert found.checked["articles"] == found.checked["indexed"] == 8
    assert found.checked["revisions"] == 9
    assert found.checked["dictionaries"] == 1


def test_an_empty_archive_is_whole(desk: Desk) -> None:
    assert desk.archive.verify().is_whole


def test_verifying_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    findings(path)
    assert path.read_bytes() == before


WITHOUT_TRIGGERS = "DROP TRIGGER articles_reindexed"

DAMAGES = [
    # what is done, then: kind and words of a damage that has to be named
    (
        "UPDATE bodies SET content = substr(content, 1, length(content) - 1) || x'00' WHERE id = 6",
        "capture",
        "https://example.org/news/5",
    ),
    ("UPDATE bodies SET content = x'' WHERE id = 2", "capture", "https://example.org/news/1"),
    ("UPDATE bodies SET content = zeroblob(100) WHERE id = 2", "capture", "does not open"),
    ("UPDATE bodies SET sha256 = 'abc' WHERE id = 6", "capture", "not what was stored"),
    ("UPDATE bodies SET bytes = bytes + 1 WHERE id = 6", "capture", "bytes, and"),
    ("UPDATE bodies SET dictionary_id = NULL WHERE id = 7", "capture", "news/6"),
    ("UPDATE bodies SET base_id = 1 WHERE base_id = 8", "capture", "news/7"),
    ("UPDATE bodies SET base_id = NULL WHERE base_id = 8", "capture", "news/7"),
    ("UPDATE bodies SET wrapping = 'gzip 6 8 15 00' WHERE id = 7", "capture", "news/6"),
    ("UPDATE bodies SET wrapping = 'nonsense' WHERE id = 7", "capture", "news/6"),
    ("DELETE FROM bodies WHERE id = 4", "reference", "a row of captures refers to a row of bodies"),
    ("DELETE FROM bodies WHERE id = 8", "capture", "body 8 is missing"),
    ("DELETE FROM dictionaries", "reference", "bodies refers to a row of dictionaries"),
    ("DELETE FROM dictionaries", "capture", "Dictionary 1 is missing"),
    ("UPDATE dictionaries SET content = x'28b52ffd00'", "dictionary", "does not open"),
    ("UPDATE dictionaries SET content = zeroblob(9000)", "capture", "news/6"),
    ("DELETE FROM captures WHERE outcome = 'gone'", "capture", "belongs to no capture"),
    ("DELETE FROM captures WHERE id = 1", "reference", "revisions refers to a row of captures"),
    ("UPDATE captures SET head = x'00' WHERE id = 3", "capture", "its head does not open"),
    ("UPDATE captures SET head = 'x' WHERE id = 3", "capture", "its row can't be read"),
    (
        "UPDATE heads SET content = replace(content, 'ETag', 'Etag')",
        "capture",
        "its head does not open",
    ),
    ("DELETE FROM heads WHERE id = 1", "reference", "refers to a row of heads that is missing"),
    ("UPDATE captures SET fetched_at = 'noon' WHERE id = 3", "capture", "its row can't be read"),
    ("UPDATE captures SET article_id = 2 WHERE id = 1", "revision", "another article's"),
    ("DELETE FROM articles WHERE id = 3", "reference", "refers to a row of articles"),
    ("UPDATE articles SET body = 'Another text.' WHERE id = 2", "article", "as it was read: body"),
    ("UPDATE articles SET headline = 'Never said' WHERE id = 2", "article", "headline"),
    ("UPDATE articles SET published_on = '1999-01-01' WHERE id = 2", "article", "published_on"),
    ("UPDATE articles SET published_on = 'never' WHERE id = 2", "article", "it can't be read"),
    ("UPDATE articles SET words = 9 WHERE id = 2", "article", "words"),
    ("DELETE FROM aliases WHERE article_id = 2", "article", "addresses"),
    ("DELETE FROM links WHERE article_id = 2", "article", "links"),
    ("DELETE FROM images WHERE article_id = 2", "article", "images"),
    ("UPDATE images SET caption = 'Another' WHERE article_id = 2", "article", "images"),
    ("DELETE FROM article_tags WHERE article_id = 2 AND position = 1", "article", "tag names"),
    ("UPDATE authors SET name = 'Somebody Else'", "article", "author names"),
    ("DELETE FROM authors", "reference", "article_authors refers to a row of authors"),
    ("DELETE FROM revisions WHERE article_id = 2", "article", "it has no revision"),
    (
        "DELETE FROM revisions WHERE article_id = 2",
        "capture",
        "revision that it brought is missing",
    ),
    ("DELETE FROM revisions WHERE id = 9", "capture", "revision that it brought is missing"),
    ("DELETE FROM readings WHERE id = 9", "revision", "it has 0 readings that hold"),
    ("UPDATE readings SET replaced_at = read_at WHERE id = 2", "revision", "0 readings"),
    ("UPDATE readings SET content_sha256 = 'abc' WHERE id = 2", "reading", "not what was stored"),
    ("UPDATE readings SET record = x'00' WHERE id = 2", "reading", "can't be read"),
    (
        "UPDATE readings SET record = (SELECT record FROM readings WHERE id = 1) WHERE id = 2",
        "reading",
        "not what was stored",
    ),
    ("DELETE FROM crawls", "reference", "captures refers to a row of crawls"),
    ("DROP TRIGGER articles_unindexed", "schema", "articles_unindexed is missing"),
    ("DROP TABLE hosts", "schema", "hosts is missing"),
    ("DROP TABLE articles_fts", "schema", "articles_fts is missing"),
    ("DELETE FROM articles_fts_docsize WHERE id = 2", "index", "search does not find it"),
    ("INSERT INTO articles_fts_docsize VALUES (99, x'00')", "index", "an article that is not ther"),
    (
        "INSERT INTO articles_fts (rowid, headline) VALUES (2, 'secretly')",
        "index",
        "does not say what the articles say",
    ),
    ("DELETE FROM articles_fts_data WHERE id > 10", "index", "does not say what the articles say"),
]


@pytest.mark.parametrize(("statement", "kind", "words"), DAMAGES)
def test_what_was_done_behind_its_back_is_named(
    path: Path, statement: str, kind: str, words: str
) -> None:
    damage(path, statement)
    told = [f"{each.kind}: {each.what} {each.url}" for each in findings(path).damaged]
    assert [each for each in told if each.startswith(f"{kind}: ") and words in each], told


def test_a_text_that_was_altered_without_the_index_is_named_twice(path: Path) -> None:
    damage(path, WITHOUT_TRIGGERS, "UPDATE articles SET headline = 'Never said' WHERE id = 2")
    kinds = {each.kind for each in findings(path).damaged}
    assert kinds == {"schema", "article", "index"}


def test_one_damaged_capture_is_the_only_one_named(path: Path) -> None:
    damage(path, "UPDATE bodies SET sha256 = 'abc' WHERE id = 6")
    (only,) = findings(path).damaged
    assert (only.kind, only.id, only.url) == ("capture", 6, "https://example.org/news/5")


def test_a_damaged_base_names_what_was_built_on_it(path: Path) -> None:
    damage(path, "UPDATE bodies SET content = x'' WHERE id = 8")
    named = {each.id for each in findings(path).damaged}
    assert named == {8, 9}


@pytest.mark.parametrize("part", range(1, 10))
def test_bytes_that_flip_in_the_file_never_pass_unnoticed_as_a_traceback(
    path: Path, part: int
) -> None:
    """Wherever the file is hit, there is either a finding or a sentence, and exit code 4."""
    from crawler.errors import ArchiveDamaged

    damage(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(sqlite3.connect(path)) as connection:
        pages = [
            row[0]
            for row in connection.execute(
                "SELECT pageno FROM dbstat WHERE name IN ('articles', 'bodies', 'captures', "
                "'readings', 'links', 'articles_fts_data') AND ncell > 0 ORDER BY pageno"
            )
        ]
    at = (pages[part * (len(pages) - 1) // 10] - 1) * 4096
    content = bytearray(path.read_bytes())
    content[at : at + 4096] = bytes(byte ^ 0xA5 for byte in content[at : at + 4096])
    path.write_bytes(content)
    try:
        found = findings(path)
    except ArchiveDamaged:
        return
    assert not found.is_whole


def test_a_great_damage_is_counted_and_not_listed_to_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.verifying.MOST_NAMED", 3)
    damage(path, "UPDATE bodies SET sha256 = id")
    found = findings(path)
    assert len(found.damaged) == 3
    assert found.unnamed == 10


def test_an_archive_is_verified_while_a_crawl_writes(desk: Desk) -> None:
    desk.save(article(1), page(1))
    with Archive.open(desk.archive.path or "") as reader, desk.archive._writing() as connection:
        connection.exec_driver_sql("DELETE FROM aliases")
        assert reader.verify().is_whole


# --- deep


def same_as_stored(path: Path) -> Callable[[Capture, str], Article | NotAnArticle | Unreadable]:
    """A parser that reads what was read."""
    with Archive.open(path) as archive:
        read = {}
        for number in range(1, 9):
            for revision in archive.history(number).revisions:
                read[archive.capture(revision.capture_id).sha256] = revision.article

    def reader(capture: Capture, site: str) -> Article | NotAnArticle | Unreadable:
        assert site == "example"
        if capture.body.endswith(b"<!-- moved -->"):
            return read[replace(capture, body=page(4)).sha256]
        return read.get(capture.sha256) or NotAnArticle("a list")

    return reader


def test_a_deep_verification_reads_every_page_again(path: Path) -> None:
    found = findings(path, reader=same_as_stored(path))
    assert (found.damaged, found.differing) == ([], [])
    assert found.checked["read again"] == 13


def test_what_a_newer_parser_reads_otherwise_is_told_and_is_no_damage(path: Path) -> None:
    stored = same_as_stored(path)

    def newer(capture: Capture, site: str) -> Article | NotAnArticle | Unreadable:
        reading = stored(capture, site)
        if isinstance(reading, Article):
            return replace(reading, parser="example/2", headline="Read better")
        return article(9)

    found = findings(path, reader=newer)
    assert found.is_whole
    assert len(found.differing) == 12
    assert {each.what for each in found.differing} == {
        "it reads otherwise than the archive says",
        "it is read as an article today",
    }


def test_what_the_same_parser_reads_otherwise_is_damage(path: Path) -> None:
    stored = same_as_stored(path)

    def reader(capture: Capture, site: str) -> Article | NotAnArticle | Unreadable:
        reading = stored(capture, site)
        if isinstance(reading, Article) and reading.url.endswith("/2"):
            return replace(reading, headline="What the page really says")
        return reading

    (only,) = findings(path, reader=reader).damaged
    assert (only.kind, only.url) == ("reading", "https://example.org/news/2")


# --- times, addresses and answers against each other


@pytest.mark.parametrize(
    ("statement", "kind", "what"),
    [
        (
            "UPDATE captures SET fetched_at = '2020-01-01 00:00:00.000000' WHERE id = 3",
            "revision",
            "no capture of its article was made when it is said to have been seen",
        ),
        (
            "UPDATE captures SET fetched_at = datetime(fetched_at, '-1 hour') || '.000000' "
            "WHERE id = 3",
            "article",
            "its first capture was made at another time than it is said to have been seen first",
        ),
        (
            "UPDATE captures SET url = 'https://example.org/forged' WHERE id = 3",
            "capture",
            "its address is none of those under which its article is known",
        ),
        (
            "UPDATE captures SET status = 200, outcome = 'unchanged' WHERE status = 404",
            "article",
            "it is said to be gone, or not to be, against what its captures show",
        ),
        (
            "UPDATE captures SET status = 200 WHERE outcome = 'gone'",
            "capture",
            "its status is no answer of which that outcome comes",
        ),
        (
            "UPDATE articles SET gone_at = '2020-01-01 00:00:00.000000' WHERE id = 3",
            "article",
            "it is said to be gone, or not to be, against what its captures show",
        ),
        (
            "UPDATE articles SET gone_at = NULL",
            "article",
            "it is said to be gone, or not to be, against what its captures show",
        ),
        (
            "UPDATE articles SET first_seen_at = '2001-01-01 00:00:00.000000' WHERE id = 3",
            "article",
            "its first capture was made at another time than it is said to have been seen first",
        ),
        (
            "UPDATE revisions SET captured_at = datetime(captured_at, '-1 hour') || '.000000' "
            "WHERE id = 3",
            "revision",
            "no capture of its article was made when it is said to have been seen",
        ),
    ],
)
def test_evidence_that_contradicts_itself_is_named(
    path: Path, statement: str, kind: str, what: str
) -> None:
    damage(path, statement)
    found = findings(path).damaged
    assert (kind, what) in {(each.kind, each.what) for each in found}
    assert all(each.url for each in found)


# --- the command


def test_the_command_finds_the_newsroom_s_archive_whole(hemeroteca: Command, archive: Path) -> None:
    for options in ([], ["--deep"]):
        answer = hemeroteca("verify", *options)
        assert (answer.code, answer.out) == (0, "")
        assert "The archive is whole." in answer.err


def test_the_command_names_the_damaged_and_exits_with_4(hemeroteca: Command, archive: Path) -> None:
    damage(archive, "UPDATE bodies SET sha256 = 'abc' WHERE id = 1")
    answer = hemeroteca("verify")
    assert answer.code == 4
    assert "its bytes are not what was stored" in answer.out
    assert "1 thing damaged" in answer.err
    told = hemeroteca("verify", "--json")
    assert told.code == 4
    assert told.json["whole"] is False
    (only,) = told.json["damaged"]
    assert (only["kind"], only["what"].startswith("its bytes are not")) == ("capture", True)
    assert set(told.json) == {"archive", "whole", "checked", "damaged", "unnamed", "differing"}
