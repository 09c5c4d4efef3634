"""A copy for publication: all of the articles and their history, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.article import Citation
from crawler.errors import BadInput
from storage import Archive, Leaving
from tests.running import Command, in_own_process
from tests.storing import SITE, Desk, address, article, desk
from tests.test_coverage import Found
from tests.test_packing import page

__all__ = ["desk"]


@pytest.fixture
def slim(desk: Desk, tmp_path: Path) -> Path:
    """A copy of an archive with an edited article, one in Spanish, one gone, and a list."""
    from crawler.errors import NotAnArticle

    there = (Citation("there", address(2), True),)
    desk.save(article(1, citations=there), page(1))
    desk.save(article(2, language="es", tags=("B",), authors=("Iván Paz",)), page(2))
    desk.save(article(1, headline="Edited", citations=there), page(1) + b"!")
    desk.save(NotAnArticle("a list"), b"a list", url=address("list"))
    desk.gone(2)
    desk.archive.fail(
        address(9), reason="timeout", site=SITE, crawl_id=1, now=desk.now, retry_at=None
    )
    assert desk.archive.publish(tmp_path / "slim.db") == 2
    return tmp_path / "slim.db"


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_a_copy_answers_what_the_archive_answers(slim: Path, desk: Desk) -> None:
    with Archive.open(slim) as copy:
        for number in (1, 2):
            ours, theirs = (each.history(number).to_dict() for each in (desk.archive, copy))
            assert [each["changes"] for each in ours["revisions"]] == [
                each["changes"] for each in theirs["revisions"]
            ]
            assert [each["sha256"] for each in ours["captures"]] == [
                each["sha256"] for each in theirs["captures"]
            ]
            mine, other = desk.archive.article(number), copy.article(number)
            assert mine
            assert other
            assert mine.article == other.article
            assert mine.gone_at == other.gone_at
        assert [hit.id for hit in copy.search("edited")] == [1]
        assert list(copy.articles()) == list(desk.archive.articles())


def test_a_copy_holds_no_bytes_and_nothing_of_the_crawl(slim: Path) -> None:
    assert rows(slim, "SELECT DISTINCT length(content) FROM bodies") == [(0,)]
    assert rows(slim, "SELECT DISTINCT head_id, head FROM captures") == [(None, None)]
    assert rows(slim, "SELECT count(*) FROM heads") == [(0,)]
    assert rows(slim, "SELECT DISTINCT mode FROM crawls") == [("excerpt",)]
    for table in ("frontier", "sources", "hosts", "failures", "dictionaries"):
        assert rows(slim, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert b"a list" not in slim.read_bytes()
    assert [each.name for each in slim.parent.glob("slim.db*")] == ["slim.db"]


def test_a_copy_says_that_it_has_no_bytes(slim: Path) -> None:
    with Archive.open(slim) as copy, pytest.raises(BadInput, match="a copy for publication"):
        copy.capture(1)


def test_a_copy_is_whole(slim: Path) -> None:
    with Archive.open(slim) as copy:
        found = copy.verify()
    assert found.damaged == []
    assert found.checked["articles"] == 2


def test_the_filters_of_search_choose_what_is_in_it(slim: Path, desk: Desk) -> None:
    path = slim.with_name("spanish.db")
    assert desk.archive.publish(path, language="es") == 1
    assert rows(path, "SELECT id, url FROM articles") == [(2, address(2))]
    assert rows(path, "SELECT name FROM authors") == [("Iván Paz",)]
    path = slim.with_name("edited.db")
    assert desk.archive.publish(path, query="edited") == 1
    assert rows(path, "SELECT article_id, target_id FROM links") == [(1, None)]
    for each in (path, slim.with_name("spanish.db")):
        with Archive.open(each) as copy:
            assert copy.verify().damaged == []


def test_a_copy_is_made_while_a_crawl_writes(desk: Desk, tmp_path: Path) -> None:
    desk.save(article(1), page(1))
    with desk.archive._writing() as connection:
        connection.exec_driver_sql("DELETE FROM aliases")
        with Archive.open(desk.archive.path or "") as reader:
            assert reader.publish(tmp_path / "slim.db") == 1
    assert rows(tmp_path / "slim.db", "SELECT count(*) FROM aliases") == [(1,)]


def test_a_crawl_may_go_on_in_a_copy(slim: Path, desk: Desk) -> None:
    desk.archive.close()
    with Archive.open(slim, mode="write") as copy:
        desk.archive, desk.crawl_id = copy, copy.start_crawl(SITE, "due", {}, desk.now)
        assert desk.save(article(1, headline="Edited again"), page(1) + b"!!") == "revised"
        number = max(each.id for each in copy.captures(address(1)))
        assert copy.capture_body(number) == page(1) + b"!!"
        assert copy.verify().damaged == []


# --- the command


def test_the_command_makes_a_copy_beside_a_note_of_what_it_is(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    answer = hemeroteca("export", "-o", "slim.db", "--language", "es")
    assert answer.code == 0, answer.err
    (number,) = rows(tmp_path / "slim.db", "SELECT count(*) FROM articles")[0]
    assert number
    note = json.loads((tmp_path / "slim.db.meta.json").read_text())
    assert (note["format"], note["rows"], note["query"]) == ("sqlite", number, {"language": "es"})
    assert {each.name for each in tmp_path.glob("slim.db*")} == {"slim.db", "slim.db.meta.json"}
    assert hemeroteca("--archive", "slim.db", "verify").code == 0
    shown = hemeroteca("--archive", "slim.db", "search", "--count", "el")
    assert int(shown.out) > 0


def test_another_copy_takes_the_first_one_s_place_whole(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        assert hemeroteca("export", "--format", "sqlite", "-o", "slim").code == 0
    assert hemeroteca("--archive", "slim", "verify").code == 0


def test_a_copy_goes_to_standard_output(archive: Path, tmp_path: Path) -> None:
    answer = in_own_process(
        "--archive", archive, "export", "--format", "sqlite", cwd=tmp_path, out=tmp_path / "out"
    )
    assert answer.code == 0, answer.err
    assert rows(tmp_path / "out", "SELECT count(*) > 0 FROM articles") == [(1,)]


def test_a_copy_that_cannot_be_written_leaves_nothing(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    answer = hemeroteca("export", "-o", "nowhere/slim.db")
    assert answer.code == 2
    assert "There is no directory 'nowhere'; make it first." in answer.err
    assert hemeroteca("export", "-o", archive.name).code == 2


# --- a part says that it is one


@pytest.fixture
def part(desk: Desk, slim: Path, tmp_path: Path) -> Path:
    """A copy of the one article in Spanish, whose site was looked through to its end."""
    founds = [
        Found(address(number), datetime(2020, 5, number, tzinfo=UTC)) for number in range(1, 9)
    ]
    desk.archive.enlist(SITE, founds, crawl_id=desk.crawl_id, now=desk.now)
    desk.archive.finish_crawl(desk.crawl_id, {"lists_to_end": True}, desk.now, "finished")
    assert desk.archive.publish(tmp_path / "part.db", query="number", language="es") == 1
    return tmp_path / "part.db"


def test_an_excerpt_knows_of_what_it_is_one(part: Path, slim: Path, desk: Desk) -> None:
    with Archive.open(part) as copy, Archive.open(slim) as whole:
        found = copy.excerpt()
        assert found is not None
        assert (found.articles, found.of) == (1, 2)
        assert found.asked == {"query": "number", "language": "es"}
        assert str(found) == "number · language es"
        assert whole.excerpt() is None
        assert desk.archive.excerpt() is None
        assert copy.to_dataframe().attrs["excerpt"]["of"] == 2


def test_an_excerpt_has_the_ledger_of_its_origin(part: Path, desk: Desk) -> None:
    with Archive.open(part) as copy:
        ledger = desk.archive.coverage()
        assert copy.coverage() == ledger
        assert ledger
        assert copy.coverage(SITE, "2020-05", "2020-05") == desk.archive.coverage(
            SITE, "2020-05", "2020-05"
        )
        assert copy.coverage("another") == copy.coverage(since="2021", until="2021-01") == []
        (year,) = copy.stats("year")
        assert (year["articles"], year["listed"], year["gap"]) == (1, 8, True)
        assert copy.coverage(at="2020") == []


def test_an_excerpt_of_an_excerpt_has_it_still(part: Path, tmp_path: Path) -> None:
    with Archive.open(part) as copy:
        copy.publish(tmp_path / "again.db", since="2020")
        with Archive.open(tmp_path / "again.db") as again:
            assert again.coverage() == copy.coverage()
            assert again.excerpt()


def test_commands_and_plots_say_that_it_is_an_excerpt(
    hemeroteca: Command, part: Path, tmp_path: Path
) -> None:
    plot, table = tmp_path / "plot.svg", tmp_path / "table.csv"
    for command in (
        ("stats",),
        ("sites",),
        ("export", "-o", table),
        ("stats", "--plot", plot, "--lang", "en"),
    ):
        answer = hemeroteca("--archive", part, *command)
        assert answer.code == 0, answer.err
        assert "is an excerpt: 1 of 2 articles, taken on 2026-" in answer.err
        assert "by number · language es." in answer.err
        assert "excerpt" not in answer.out
    assert "an excerpt: number · language es" in plot.read_text()
    assert "the whole archive" not in plot.read_text()
    note = json.loads(Path(f"{table}.meta.json").read_text())
    assert note["excerpt"]["query"] == {"query": "number", "language": "es"}
    assert note["coverage"]["listed"] == 9


# --- bytes that follow


def test_bytes_that_come_later_fill_a_copy(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    copy, web_archive, again = (tmp_path / name for name in ("pub.db", "all.warc.gz", "out.warc"))
    assert hemeroteca("export", "-o", copy, "--author", "Ruth Pemberton").code == 0
    assert hemeroteca("export", "-o", web_archive).code == 0
    place = ("--archive", copy)
    assert "Of " in hemeroteca(*place, "verify").err
    refused = hemeroteca(*place, "export", "-o", again)
    assert (refused.code, again.exists()) == (2, False)
    added = in_own_process(*place, "add", "--warc", web_archive, cwd=tmp_path)
    assert added.code == 0, added.err
    checked = hemeroteca(*place, "verify")
    assert (checked.code, "publication" in checked.err) == (0, False), checked.out
    with Archive.open(copy) as filled, Archive.open(archive) as source:
        assert not filled.lacks_bytes
        assert {_whole(each) for each in filled.leaving()} == {
            _whole(each) for each in source.leaving()
        }


def _whole(leaving: Leaving) -> tuple[object, ...]:
    """A capture by all that was sent."""
    sent = leaving.capture
    return sent.url, sent.fetched_at, sent.status, sent.sha256, sent.headers, sent.reason_phrase


def test_a_copy_of_which_some_bytes_came_gives_those(slim: Path, desk: Desk) -> None:
    first = desk.archive.capture(1)
    with Archive.open(slim, mode="write") as copy:
        assert copy.lacks_bytes
        copy.fill(first, site=SITE)
        copy.fill(first, site=SITE)
        copy.note_filled()
        assert copy.lacks_bytes
        assert copy.capture(1) == first
        assert [each.id for each in copy.leaving()] == [1]
        found = copy.verify()
        assert found.damaged == []
        assert found.checked["without bytes"] == 3


def test_nothing_is_filled_in_an_archive_that_has_its_bytes(desk: Desk) -> None:
    desk.save(article(1), page(1))
    before = desk.rows("SELECT * FROM bodies")
    desk.archive.fill(desk.archive.capture(1), site=SITE)
    desk.archive.note_filled()
    assert desk.rows("SELECT * FROM bodies") == before
