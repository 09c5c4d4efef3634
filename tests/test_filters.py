"""The filters that every question has: which articles are meant."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from crawler.article import Translation
from crawler.errors import BadInput
from scripts.commands.filters import OPTIONS
from storage import Archive
from storage.filters import FilterOptions, Filters
from tests.running import Command
from tests.storing import NOW, Desk, address, article, desk, paragraphs

__all__ = ["desk"]


@pytest.fixture
def mixed(desk: Desk) -> Desk:
    """No. 1 was edited, no. 2 and its translation no. 3 never, no. 4 links one that is not held."""
    desk.save(article(1, headline="Heroin seized"))
    desk.save(article(2, translations=(Translation("es", address(3)),)))
    desk.save(article(3, language="es", headline="Titular"))
    desk.save(article(4, translations=(Translation("es", address("elsewhere")),)))
    desk.now = NOW + timedelta(days=1)
    desk.save(article(1, headline="Cocaine seized"))
    return desk


def numbers(archive: Archive, **asked: Any) -> list[int]:
    return sorted(hit.id for hit in archive.search(None, **asked))


def test_the_command_line_and_python_have_the_same_filters() -> None:
    names = [each.name for each in fields(Filters)]
    assert list(OPTIONS) == names == list(FilterOptions.__annotations__)


def test_edited_articles_are_told_from_those_that_stand_as_they_were(mixed: Desk) -> None:
    assert numbers(mixed.archive, edited=True) == [1]
    assert numbers(mixed.archive, edited=False) == [2, 3, 4]
    assert numbers(mixed.archive, edited=True, language="es") == []


def test_a_translation_is_found_from_either_side_and_only_if_it_is_held(mixed: Desk) -> None:
    assert numbers(mixed.archive, translated=True) == [2, 3]
    assert numbers(mixed.archive, translated=False) == [1, 4]


def test_counts_records_and_graphs_keep_to_them(mixed: Desk) -> None:
    archive = mixed.archive
    assert archive.search("seized", edited=True).total == 1
    assert archive.search("seized", edited=False).total == 0
    assert [row["articles"] for row in archive.stats("language", translated=True)] == [1, 1]
    assert [row["articles"] for row in archive.stats("site", edited=True)] == [1]
    assert [record["id"] for record in archive.articles(edited=True)] == [1]
    assert [each.id for each in archive.references(translated=True)] == [2, 3]
    assert [edit.id for edit in archive.changes(translated=True)] == []
    assert [edit.id for edit in archive.changes(edited=True)] == [1]


def test_as_it_stood_nothing_was_edited_yet(mixed: Desk) -> None:
    before, after = NOW + timedelta(hours=1), NOW + timedelta(days=1, hours=1)
    assert numbers(mixed.archive, edited=True, at=before) == []
    assert numbers(mixed.archive, edited=False, at=before) == [1, 2, 3, 4]
    assert numbers(mixed.archive, edited=True, at=after) == [1]
    mixed.now += timedelta(days=1)
    spanish = (Translation("es", address(3)),)
    mixed.save(article(2, body=paragraphs("Otherwise."), translations=spanish))
    assert numbers(mixed.archive, edited=True, at=after) == [1]
    assert numbers(mixed.archive, edited=True) == [1, 2]
    assert numbers(mixed.archive, translated=True, at=after) == [2, 3]


def test_an_article_edited_twice_was_edited_between_the_two(mixed: Desk) -> None:
    between = mixed.now + timedelta(hours=1)
    mixed.now += timedelta(days=1)
    mixed.save(article(1, headline="Fentanyl seized"))
    hits = mixed.archive.search(None, edited=True, at=between)
    assert [hit.headline for hit in hits] == ["Cocaine seized"]


def test_what_is_neither_true_nor_false_is_told(mixed: Desk) -> None:
    with pytest.raises(BadInput, match="edited='yes' is neither True nor False"):
        mixed.archive.search(None, edited="yes")  # type: ignore[arg-type]


def test_a_copy_for_publication_says_so(mixed: Desk, tmp_path: Any) -> None:
    mixed.archive.publish(tmp_path / "part.db", edited=True, language="en")
    with Archive.open(tmp_path / "part.db") as part:
        excerpt = part.excerpt()
    assert str(excerpt) == "edited · language en"


def test_the_commands_have_them(hemeroteca: Command, mixed: Desk) -> None:
    where = ("--archive", str(mixed.archive.path))
    found = hemeroteca(*where, "search", "--edited", "--json").json
    assert [hit["headline"] for hit in found["hits"]] == ["Cocaine seized"]
    assert hemeroteca(*where, "search", "--translated", "--count").out.split() == ["2"]
    counted = hemeroteca(*where, "stats", "--by", "site", "--translated", "--json").json
    assert [row["articles"] for row in counted["rows"]] == [2]
    lines = hemeroteca(*where, "export", "--format", "jsonl", "--edited").out.splitlines()
    assert len(lines) == 1
    assert hemeroteca(*where, "changes", "--translated", "--json").json["revisions"] == []


@pytest.mark.parametrize(
    "command", [["search"], ["stats"], ["export", "--format", "csv"], ["changes"]]
)
def test_a_place_to_look_in_wants_something_to_look_for(
    hemeroteca: Command, mixed: Desk, command: list[str]
) -> None:
    answer = hemeroteca("--archive", str(mixed.archive.path), *command, "--in", "body")
    assert answer.code == 2
    assert "--in body says where a QUERY is looked for; give one" in answer.err


def test_no_changes_of_an_author_whom_nobody_knows_are_told_so(
    hemeroteca: Command, mixed: Desk
) -> None:
    where = ("--archive", str(mixed.archive.path), "changes")
    answer = hemeroteca(*where, "--author", "Ruiz")
    assert "No article has --author 'Ruiz': did you mean 'Ana Ruiz'?" in answer.err
    answer = hemeroteca(*where, "--kicker", "Brief")
    assert "No article has --kicker 'Brief'" in answer.err
    assert "No article" not in hemeroteca(*where, "--author", "ana ruiz", "--language", "es").err
