"""What is damaged is told in a sentence, and stands in the way of nothing else."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import ArchiveDamaged
from storage import Archive
from storage.packing import compressed
from tests.running import Answer, Command

#: Records as they are after a bit has tipped: no frame, no JSON, no record, one without a text.
NO_RECORDS = [
    b"no frame",
    compressed(b'{"url": "x'),
    compressed(b"[1]"),
    compressed(b'{"body": 1}'),
]


def damage(path: Path, statement: str, *values: object) -> None:
    """Change an archive behind the program's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


@pytest.fixture
def damaged(archive: Path) -> int:
    """The number of an article whose one reading is no JSON any more."""
    with closing(sqlite3.connect(archive)) as connection:
        query = "SELECT min(article_id) FROM revisions GROUP BY article_id HAVING count(*) = 1"
        number = int(connection.execute(query).fetchone()[0])
    spoil(archive, number, NO_RECORDS[1])
    return number


def spoil(path: Path, article_id: int, record: bytes) -> None:
    """Put something else in the place of an article's readings."""
    mine = "(SELECT id FROM revisions WHERE article_id = ?)"
    damage(path, f"UPDATE readings SET record = ? WHERE revision_id IN {mine}", record, article_id)


def told(answer: Answer, sentence: str) -> bool:
    return answer.err.strip().endswith(sentence) and "should not have happened" not in answer.err


@pytest.mark.parametrize("record", NO_RECORDS)
@pytest.mark.parametrize(
    "command", [["show"], ["show", "--json"], ["history"], ["cite"], ["show", "--at", "2027-01-01"]]
)
def test_a_damaged_article_is_named_in_one_sentence(
    hemeroteca: Command, archive: Path, damaged: int, command: list[str], record: bytes
) -> None:
    spoil(archive, damaged, record)
    answer = hemeroteca(*command, damaged)
    assert (answer.code, answer.out) == (4, "")
    assert told(
        answer,
        f"hemeroteca: Article {damaged}: its record is damaged: `hemeroteca verify` names all that "
        "is, a backup has it whole.",
    )


def test_an_article_without_its_reading_is_named_too(
    hemeroteca: Command, archive: Path, damaged: int
) -> None:
    mine = "(SELECT id FROM revisions WHERE article_id = ?)"
    damage(archive, f"DELETE FROM readings WHERE revision_id IN {mine}", damaged)
    answer = hemeroteca("show", damaged)
    assert answer.code == 4
    assert told(answer, f"Article {damaged}: its reading is missing: restore the last backup.")
    exported = hemeroteca("export", "--format", "jsonl")
    assert (exported.code, len(exported.out.splitlines())) == (4, _articles(archive) - 1)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "bibtex", "ris", "csl-json"])
def test_an_export_leaves_out_what_is_damaged_and_says_so(
    hemeroteca: Command, archive: Path, damaged: int, form: str, tmp_path: Path
) -> None:
    whole = _articles(archive)
    file = tmp_path / "out"
    answer = hemeroteca("export", "--format", form, "-o", file)
    assert answer.code == 4
    assert f"{whole - 1} articles written" in answer.err
    assert told(
        answer,
        f"hemeroteca: 1 damaged article left out (no. {damaged}): `hemeroteca verify` names all "
        "damage; restore the last backup.",
    )
    note = json.loads(Path(f"{file}.meta.json").read_text())
    assert (note["rows"], note["damaged"]) == (whole - 1, [damaged])


def test_a_web_archive_leaves_out_captures_that_are_damaged(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    damage(archive, "UPDATE bodies SET content = x'00' WHERE id = (SELECT max(id) FROM bodies)")
    with Archive.open(archive) as stored:
        lost: list[int] = []
        kept = [each.id for each in stored.leaving(damaged=lost)]
        with pytest.raises(ArchiveDamaged, match=f"Capture {lost[0]} of"):
            list(stored.leaving())
    file = tmp_path / "out.warc.gz"
    answer = hemeroteca("export", "-o", file)
    assert answer.code == 4
    assert f"{len(kept)} captures written" in answer.err
    assert f"{len(lost)} damaged capture" in answer.err
    assert json.loads(Path(f"{file}.meta.json").read_text())["damaged"] == lost
    again = hemeroteca("--archive", tmp_path / "again.db", "add", "--warc", file)
    assert again.code == 0


def test_a_program_is_told_of_damage_unless_it_asks_to_go_on(archive: Path, damaged: int) -> None:
    with Archive.open(archive) as stored:
        with pytest.raises(ArchiveDamaged, match=f"^Article {damaged}: its record is damaged"):
            list(stored.articles())
        with pytest.raises(ArchiveDamaged, match=f"^Article {damaged}: its record is damaged"):
            list(stored.references())
        lost: list[int] = []
        assert len(list(stored.articles(damaged=lost))) == _articles(archive) - 1
        assert lost == [damaged]


def _articles(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
