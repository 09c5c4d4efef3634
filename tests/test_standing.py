"""`search --at` and `show --at`: the archive as it stood."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import storage.standing
from storage import Archive
from tests.running import Command
from tests.storing import NOW, Desk, article, desk, paragraphs

__all__ = ["desk"]

DAY = timedelta(days=1)


@pytest.fixture
def edited(desk: Desk) -> Desk:
    """Three articles; the first was edited on the second and the third day, one came late."""
    desk.save(article(1, headline="Heroin seized", category="DRUGS", tags=("Ports",)))
    desk.save(article(2, headline="Heroin again", authors=("Iván Paz",)))
    desk.now = NOW + DAY
    desk.save(article(1, headline="Cocaine seized", category="CRIME", authors=("Iván Paz",)))
    desk.save(article(3, headline="Heroin and cocaine", published="2021-01-01"))
    desk.now = NOW + 2 * DAY
    desk.save(article(1, headline="Fentanyl seized", body=paragraphs("Cocaine, it was thought.")))
    return desk


MORNING = timedelta(hours=1)


def found(desk: Desk, query: str | None, days: float, **more: Any) -> list[int]:
    """What a search finds in the archive as it stood so many days after the first."""
    hits = desk.archive.search(query, at=NOW + days * DAY + MORNING, **more)
    assert hits.total == len(hits)
    return sorted(hit.id for hit in hits)


def test_a_search_finds_what_stood_then(edited: Desk) -> None:
    assert found(edited, "heroin", -1) == []
    assert found(edited, "heroin", 0) == [1, 2]
    assert found(edited, "heroin", 1) == [2, 3]
    assert found(edited, "cocaine", 0) == []
    assert found(edited, "cocaine", 1) == [1, 3]
    assert found(edited, "cocaine", 2) == [1, 3]
    assert found(edited, "headline:cocaine", 2) == [3]
    assert found(edited, None, 0) == [1, 2]
    assert found(edited, None, 2) == [1, 2, 3]


def test_nothing_is_indexed_anew_where_nothing_was_edited_since(
    edited: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(edited, "heroin OR cocaine", 3)

    def refuse() -> None:
        raise AssertionError("an archive beside was made")

    monkeypatch.setattr(storage.standing, "scratch", refuse)
    assert found(edited, "heroin OR cocaine", 3) == before == [1, 2, 3]
    hits = edited.archive.search("heroin", at=edited.now, limit=1, offset=1)
    assert (len(hits), hits.total) == (1, 2)
    assert hits.facets["site"] == edited.archive.search("heroin").facets["site"]
    with pytest.raises(AssertionError):
        found(edited, "heroin", 0)


def test_filters_are_those_of_that_time(edited: Desk) -> None:
    assert found(edited, None, 0, category="drugs") == [1]
    assert found(edited, None, 1, category="drugs") == []
    assert found(edited, None, 1, category="crime") == [1]
    assert found(edited, None, 0, author="ivan paz") == [2]
    assert found(edited, None, 1, author="ivan paz") == [1, 2]
    assert found(edited, None, 0, tag="ports") == [1]
    assert found(edited, None, 1, tag="ports") == []
    assert found(edited, None, 1, since="2021") == [3]


def test_hits_are_shown_as_they_stood_and_in_one_order(edited: Desk) -> None:
    at = NOW + DAY + MORNING
    hits = edited.archive.search("cocaine OR heroin", at=at, sort="newest")
    assert [(hit.id, hit.headline) for hit in hits] == [
        (3, "Heroin and cocaine"),
        (2, "Heroin again"),
        (1, "Cocaine seized"),
    ]
    assert hits[2].authors == ("Iván Paz",)
    assert hits[2].category == "CRIME"
    assert "[Cocaine]" in hits[2].snippet
    oldest = edited.archive.search("cocaine OR heroin", at=at, sort="oldest")
    assert [hit.id for hit in oldest] == [1, 2, 3]
    pages = [
        hit.id
        for offset in range(3)
        for hit in edited.archive.search(
            "cocaine OR heroin", at=at, sort="newest", limit=1, offset=offset
        )
    ]
    assert pages == [3, 2, 1]
    assert hits.facets["category"] == [{"value": "CRIME", "articles": 1}]
    assert hits.facets["author"] == [
        {"value": "Iván Paz", "articles": 2},
        {"value": "Ana Ruiz", "articles": 1},
    ]


def test_relevance_ranks_edited_and_unedited_articles_together(desk: Desk) -> None:
    desk.save(article(1, body=paragraphs("A text on ports and much else " * 9)))
    desk.save(article(2, headline="Ports"))
    desk.save(article(3, body=paragraphs("Also on ports, in passing. " + "More words. " * 50)))
    then = desk.now
    desk.pass_time(days=1)
    desk.save(article(2, headline="Ports", deck="Edited."))
    hits = desk.archive.search("ports", at=then)
    assert hits[0].id == 2
    assert {hit.id for hit in hits} == {1, 2, 3}


def test_every_moment_agrees_with_a_look_at_every_article(edited: Desk) -> None:
    for hours in range(-1, 60, 4):
        moment: datetime = NOW + timedelta(hours=hours)
        known = {number: edited.archive.article_at(number, moment) for number in (1, 2, 3)}
        for word in ("heroin", "cocaine", "fentanyl"):
            expected = [
                number
                for number, held in known.items()
                if held and word in f"{held.headline} {held.body_text}".lower()
            ]
            hits = edited.archive.search(word, at=moment)
            assert sorted(hit.id for hit in hits) == expected, (word, moment)


def test_a_better_reading_is_read_in_what_stood(edited: Desk) -> None:
    """The text of then, as it is read today."""
    better = article(2, headline="Heroin, misread before", parser="example/2")
    edited.archive.reread(2, better, now=edited.now)
    assert found(edited, "misread", 0) == [2]


# the command


@pytest.fixture
def newsdesk(tmp_path: Path, hemeroteca: Command) -> Command:
    with Archive.open(tmp_path / "hemeroteca.db", mode="write") as archive:
        desk = Desk(archive, archive.start_crawl("example", "due", {}, NOW))
        desk.save(article(1, headline="Heroin seized"))
        desk.pass_time(days=1)
        desk.save(article(1, headline="Cocaine seized"))
    return hemeroteca


def test_search_and_show_as_the_archive_stood(newsdesk: Command) -> None:
    assert newsdesk("search", "heroin").out == ""
    then = newsdesk("search", "heroin", "--at", "2026-03-01")
    assert then.out.startswith("Heroin seized\n")
    answer = newsdesk("search", "heroin", "--at", "2026-03-01", "--json").json
    assert (answer["total"], [hit["id"] for hit in answer["hits"]]) == (1, [1])
    assert answer["facets"]["site"] == [{"value": "example", "articles": 1}]
    assert newsdesk("search", "heroin", "--at", "2026-03-02", "--count").out == "0\n"
    assert newsdesk("search", "heroin", "--at", "2026-02-28", "--count").out == "0\n"
    assert newsdesk("show", 1, "--at", "2026-03-01").out.startswith("Heroin seized\n")
    assert newsdesk("show", 1, "--at", "2026-03-02").out.startswith("Cocaine seized\n")
    assert newsdesk("show", 1, "--at", "2026-02-28").code == 2
