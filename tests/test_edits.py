"""`history` and `changes`: what newsrooms edited, over the whole archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from crawler.errors import BadInput
from storage import Archive
from storage.schema import readings
from tests.running import Command
from tests.storing import NOW, Desk, address, article, desk, paragraphs

__all__ = ["desk"]

SET_OTHERWISE = "“It’s  over” – he said…", '"It\'s over" -- he said...'


def edited(desk: Desk) -> list[tuple[int, int, list[str]]]:
    """Every edit: the article, the revision, the classes."""
    return [
        (edit.id, edit.number, [change.kind for change in edit.changes])
        for edit in desk.archive.changes()
    ]


def test_what_is_only_set_otherwise_is_no_revision(desk: Desk) -> None:
    before, after = SET_OTHERWISE
    desk.save(article(headline=before, body=paragraphs(before)))
    assert desk.save(article(headline=after, body=paragraphs(after))) == "unchanged"
    assert edited(desk) == []


def test_a_fingerprint_of_an_older_version_invents_no_revision(desk: Desk) -> None:
    desk.save(article())
    with desk.archive._writing() as connection:
        connection.execute(update(readings).values(content_sha256="of another make"))
    assert desk.save(article(modified="2026-01-01")) == "unchanged"
    assert desk.save(article(headline="Edited")) == "revised"


def test_changes_come_newest_first_with_their_numbers(desk: Desk) -> None:
    desk.save(article(1))
    desk.save(article(2))
    desk.save(article(1, headline="Once more"))
    desk.save(article(2, body=paragraphs("The text of number 3.")))
    desk.save(article(1, headline="And again", deck="New."))
    assert edited(desk) == [
        (1, 3, ["headline", "added"]),
        (2, 2, ["numbers"]),
        (1, 2, ["headline"]),
    ]


def test_changes_within_a_time(desk: Desk) -> None:
    for headline in ("One", "Two", "Three"):
        desk.save(article(headline=headline))
        desk.pass_time(days=1)
    second = NOW + timedelta(days=1)
    found = desk.archive.changes(edited_since=second, edited_until=second + timedelta(hours=2))
    assert [edit.headline for edit in found] == ["Two"]


def test_changes_of_a_class_a_field_and_of_some_articles(desk: Desk) -> None:
    desk.save(article(1, language="es"))
    desk.save(article(2))
    desk.save(article(1, language="es", headline="13 dead", kicker="Brief"))
    desk.save(article(2, headline="Precursors seized"))
    ask = desk.archive.changes

    def ids(**asked: Any) -> list[int]:
        return [edit.id for edit in ask(**asked)]

    assert ids(kinds=["headline"]) == [2, 1]
    assert ids(kinds=["added"]) == ids(fields=["kicker"]) == [1]
    assert [len(edit.changes) for edit in ask(kinds=["added"])] == [1]
    assert ids(language="es") == ids(kind="brief") == [1]
    assert ids(query="precursors") == ids(query="precursors", inside=["headline"]) == [2]
    assert ids(query="precursors", inside=["body"]) == []
    with pytest.raises(BadInput, match="no class of change"):
        ask(kinds=["bold"])  # type: ignore[list-item]


def test_a_new_reading_is_no_edit(desk: Desk) -> None:
    desk.save(article())
    desk.archive.reread(1, article(headline="Read better", parser="example/2"), now=NOW)
    assert edited(desk) == []


def test_changes_stream(desk: Desk) -> None:
    for number in range(120):
        desk.save(article(number))
        desk.save(article(number, headline=f"Edited {number}"))
    found = desk.archive.changes()
    assert isinstance(found, Iterator)
    assert next(found).headline == "Edited 119"
    found.close()


# the commands


@pytest.fixture
def edited_archive(tmp_path: Path, hemeroteca: Command) -> Command:
    """An archive of two articles; the first was edited twice, once in silence."""
    stated = "2026-03-01T09:00:00+00:00"
    states = [
        article(1, modified=stated, body=paragraphs("It killed 12 people.")),
        article(2, headline="東京で12人が死亡した。"),
        article(1, modified=stated, body=paragraphs("It killed 14 people.")),
        article(2, headline="東京で13人が死亡した。"),
        article(
            1,
            modified="2026-03-02T09:00:00+00:00",
            body=paragraphs("It killed 14 people."),
            notices=("Correction: 14, not 12.",),
        ),
    ]
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        desk = Desk(archive, archive.start_crawl("example", "due", {}, NOW))
        for state in states:
            desk.save(state)
            desk.pass_time(days=1)
    return hemeroteca


def test_changes_marks_words_in_a_pipe(edited_archive: Command) -> None:
    answer = edited_archive("changes", "--since", "2026-03-01")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "2026-03-05 12:05  Headline 1",
        f"   example · no. 1 · revision 3 · {address(1)}",
        "   notices (notice): {+Correction: 14, not 12.+}",
        "2026-03-04 12:04  東京で13人が死亡した。",
        f"   example · no. 2 · revision 2 · {address(2)}",
        "   headline (headline, numbers): 東京で[-12-]{+13+}人が死亡した。",
        "2026-03-03 12:03  Headline 1",
        f"   example · no. 1 · revision 2 · {address(1)}",
        "   body (numbers): It killed [-12-]{+14+} people.",
        "   missing notice: the text changed; no notice was added, "
        "and the stated date did not move",
    ]
    assert answer.err == "3 changes found.\n"


def test_changes_in_json_is_one_document(edited_archive: Command) -> None:
    answer = edited_archive("changes", "--since", "2026-03-01", "--json").json
    assert (answer["since"], answer["until"]) == ("2026-03-01", None)
    first = answer["revisions"][0]
    assert (first["id"], first["url"], first["site"]) == (1, address(1), "example")
    assert (first["headline"], first["number"]) == ("Headline 1", 3)
    assert first["captured_at"].startswith("2026-03-05T12:05")
    assert first["changes"] == [
        {
            "field": "notices",
            "kind": "notice",
            "kinds": ["notice"],
            "before": None,
            "after": "Correction: 14, not 12.",
        }
    ]
    assert edited_archive("changes", "--since", "2027-01-01", "--json").json["revisions"] == []


@pytest.mark.parametrize(
    ("options", "revisions"),
    [
        ("--since 2026-03-04", [(1, 3), (2, 2)]),
        ("--until 2026-03-03", [(1, 2)]),
        ("--kind missing", [(1, 2)]),
        ("--kind numbers", [(2, 2), (1, 2)]),
        ("--kind notice,headline", [(1, 3), (2, 2)]),
        ("--field headline", [(2, 2)]),
        ("--site example --limit 1", [(1, 3)]),
        ("--author ana-nobody", []),
        ("killed", [(1, 3), (1, 2)]),
    ],
)
def test_changes_has_the_filters_of_search(
    edited_archive: Command, options: str, revisions: list[tuple[int, int]]
) -> None:
    answer = edited_archive("changes", *options.split(), "--json").json
    assert [(each["id"], each["number"]) for each in answer["revisions"]] == revisions


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--kind", "bold"), "'bold' is no class of change; choose headline, byline,"),
        (("--field", "colour"), "'colour' is no field with a history; choose kicker,"),
        (("--since", "yesterday"), "'yesterday' is not a date"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "exchange them"),
        (("--site", "nowhere"), "nowhere"),
    ],
)
def test_changes_refuses_what_it_does_not_know(
    edited_archive: Command, options: tuple[str, ...], sentence: str
) -> None:
    answer = edited_archive("changes", *options)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err


def test_changes_says_when_there_is_none(edited_archive: Command) -> None:
    answer = edited_archive("changes", "--since", "2027-01-01")
    assert (answer.code, answer.out, answer.err) == (0, "", "No change found.\n")


def test_history_tells_the_classes_and_a_missing_notice(edited_archive: Command) -> None:
    answer = edited_archive("history", "1")
    assert "   body (numbers): It killed [-12-]{+14+} people." in answer.out
    assert "   missing notice: " in answer.out
    revisions = edited_archive("history", "1", "--json").json["revisions"]
    assert [[change["kind"] for change in each["changes"]] for each in revisions] == [
        [],
        ["numbers", "missing"],
        ["notice"],
    ]


def test_colour_takes_the_place_of_marks_on_a_terminal(
    edited_archive: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    import scripts.commands.comparing as comparing

    monkeypatch.setattr(comparing, "is_coloured", lambda: True)
    shown = edited_archive("history", "1").out
    assert "[-" not in shown
    assert "It killed 12 14 people." in shown


def test_what_a_page_says_can_not_steer_the_terminal(tmp_path: Path, hemeroteca: Command) -> None:
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        desk = Desk(archive, archive.start_crawl("example", "due", {}, NOW))
        desk.save(article())
        desk.save(article(headline="A\x1b[2J\u202e [red]title[/red]"))
    for command in (("changes",), ("history", "1")):
        shown = hemeroteca(*command).out
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "[red]title[/red]" in shown


def test_json_of_many_changes_is_valid(tmp_path: Path, hemeroteca: Command) -> None:
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        desk = Desk(archive, archive.start_crawl("example", "due", {}, NOW))
        for number in range(3):
            desk.save(article(number))
            desk.save(article(number, headline='New "quoted"\n line'))
    answer = json.loads(hemeroteca("changes", "--json").out)
    assert [each["id"] for each in answer["revisions"]] == [3, 2, 1]
    assert datetime.fromisoformat(answer["revisions"][0]["captured_at"]).tzinfo == UTC


def test_states_are_told_without_their_texts_and_each_can_be_had(desk: Desk) -> None:
    for headline in ("One", "Two", "Three"):
        desk.save(article(1, headline=headline))
        desk.pass_time(days=1)
    states, known = desk.archive.states(1), desk.archive.history(1).revisions
    assert [(s.number, s.captured_at, s.capture_id, s.parser) for s in states] == [
        (r.number, r.captured_at, r.capture_id, r.parser) for r in known
    ]
    for revision in known:
        assert desk.archive.article_in(1, revision.number) == revision.article
    for number in (0, -1, 4):
        assert desk.archive.article_in(1, number) is None
    assert (desk.archive.states(9), desk.archive.article_in(9, 1)) == ([], None)
