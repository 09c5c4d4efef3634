"""What a misreading took for an edit is taken out of the history when it is read right."""

from __future__ import annotations

from typing import Any

import pytest

import spiders.rereading
from crawler.article import Article
from crawler.capture import Capture
from spiders.rereading import Wanted, reparse
from storage import Archive
from storage.rereading import Selection
from tests.crawling import damage_in
from tests.storing import Desk, article, desk

__all__ = ["desk"]

BETTER = "example/2"
NEWSLETTER = "Our newsletter comes every morning: leave your address and read it first."


@pytest.fixture
def by_page(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, Article]:
    """Today's parser, as made-up readings by what was captured."""
    readings: dict[bytes, Article] = {}
    monkeypatch.setattr(
        spiders.rereading, "read_as_stored", lambda _site, page: _read(readings, page)
    )
    return readings


def _read(readings: dict[bytes, Article], page: Capture) -> Article:
    return readings[page.body]


@pytest.fixture
def redesigned(desk: Desk, by_page: dict[bytes, Article]) -> Desk:
    """An article whose byline was missed after a redesign, and that was edited after that."""
    desk.save(article(1), b"as it was")
    desk.pass_time(days=1)
    desk.save(article(1, authors=()), b"redesigned")
    desk.pass_time(days=1)
    desk.save(article(1, authors=()), b"redesigned, with another card")
    desk.pass_time(days=1)
    desk.save(article(1, authors=(), headline="Edited"), b"edited")
    better = article(1, parser=BETTER)
    by_page |= {
        b"as it was": better,
        b"redesigned": better,
        b"redesigned, with another card": better,
        b"edited": article(1, parser=BETTER, headline="Edited"),
    }
    return desk


def changed_fields(archive: Archive) -> list[list[str]]:
    return [[change.field for change in edit.changes] for edit in archive.changes()]


def test_a_revision_that_was_a_misreading_is_none_any_more(redesigned: Desk) -> None:
    archive = redesigned.archive
    assert changed_fields(archive) == [["headline"], ["authors"]]
    tally = reparse(archive, Wanted())
    assert tally.to_dict()["no_edits"] == 1
    assert changed_fields(archive) == [["headline"]]
    assert len(archive.history(1).revisions) == 2
    stored = archive.article(1)
    assert stored is not None
    assert (stored.revisions, stored.article.headline) == (2, "Edited")
    assert stored.article.authors == article(1).authors
    assert damage_in(archive.path) == []
    assert archive.verify().is_whole


def test_its_readings_stay_on_record(redesigned: Desk) -> None:
    reparse(redesigned.archive, Wanted())
    of_first = [each for each in redesigned.archive.readings(1) if each.revision == 1]
    assert [len(each.article.authors) for each in of_first if each.replaced_at] == [0, 1]
    outcomes = [row[0] for row in redesigned.rows("SELECT outcome FROM captures ORDER BY id")]
    assert outcomes == ["new", "unchanged", "unchanged", "revised"]


def test_undo_makes_it_a_revision_again(redesigned: Desk) -> None:
    archive = redesigned.archive
    before = archive.history(1).to_dict()
    reparse(archive, Wanted())
    archive.undo_rereading(redesigned.now)
    assert archive.history(1).to_dict() == before
    assert changed_fields(archive) == [["headline"], ["authors"]]
    assert damage_in(archive.path) == []
    assert reparse(archive, Wanted()).no_edits == 1


def test_when_its_readings_were_pruned_undo_leaves_it_out(redesigned: Desk) -> None:
    archive = redesigned.archive
    reparse(archive, Wanted())
    archive.prune_readings()
    archive.undo_rereading(redesigned.now)
    assert changed_fields(archive) == [["headline"]]
    assert damage_in(archive.path) == []


def test_the_last_revision_may_be_the_misread_one(
    desk: Desk, by_page: dict[bytes, Article]
) -> None:
    right, wrong = article(1), article(1, deck=NEWSLETTER)
    desk.save(right, b"as it was")
    desk.save(wrong, b"redesigned")
    by_page |= {b"as it was": right, b"redesigned": article(1, parser=BETTER)}
    assert reparse(desk.archive, Wanted()).no_edits == 1
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.deck == right.deck
    assert damage_in(desk.archive.path) == []
    desk.archive.undo_rereading(desk.now)
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.deck == NEWSLETTER
    assert damage_in(desk.archive.path) == []


def test_an_edit_that_was_taken_back_is_two_edits(
    desk: Desk, by_page: dict[bytes, Article]
) -> None:
    pages: dict[bytes, dict[str, Any]] = {
        b"one": {}, b"other": {"headline": "Other"}, b"one again": {},
    }  # fmt: skip
    for page, fields in pages.items():
        desk.save(article(1, **fields), page)
        desk.pass_time(days=1)
        by_page[page] = article(1, parser=BETTER, **fields)
    assert reparse(desk.archive, Wanted()).no_edits == 0
    assert len(changed_fields(desk.archive)) == 2


def test_other_sites_articles_are_left_alone(redesigned: Desk) -> None:
    assert redesigned.archive.take_out_misreadings(_run(redesigned), "another") == 0
    assert reparse(redesigned.archive, Wanted(Selection(site="another"))).no_edits == 0
    assert len(changed_fields(redesigned.archive)) == 2


def _run(desk: Desk) -> Any:
    return desk.archive.begin_rereading({"site": "another"}, desk.now)


# What a layout says in its own words


@pytest.mark.parametrize(
    "of_new_layout",
    [
        {"published": "2024-03-05"},
        {"byline_raw": "Ana Prado, Luis Paz"},
        {"published": "2024-03-05", "byline_raw": "Por Ana Prado y Luis Paz"},
        {"published": "2024-03-05T08:30:00"},
        {"category": "ENVIRONMENT", "kicker": "FEATURE"},
        {"byline_raw": "Words ANA PRADO, LUIS PAZ // 05.03.2024, 08:30"},
        {"byline_raw": "Published by Ana Prado and Luis Paz on Tuesday, 5 March 2024"},
        {"byline_raw": "Texto: Ana Prado, Luis Paz · 5 de marzo de 2024"},
    ],
)
def test_a_layout_that_words_it_otherwise_makes_no_revision(
    desk: Desk, of_new_layout: dict[str, Any]
) -> None:
    known: dict[str, Any] = {
        "published": "2024-03-05T08:30:00+00:00",
        "authors": ("Ana Prado", "Luis Paz"),
        "byline_raw": "By Ana Prado and Luis Paz",
        "category": "Environment",
        "kicker": "Feature",
    }
    desk.save(article(1, **known))
    assert desk.save(article(1, **known | of_new_layout)) == "unchanged"
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.published == known["published"]
    edited = {"headline": "Another"} | of_new_layout
    assert desk.save(article(1, **known | edited)) == "revised"
    assert changed_fields(desk.archive) == [["headline"]]


@pytest.mark.parametrize(
    ("before", "after", "is_edit"),
    [
        ((None, "Opinion"), ("OPINION", "Opinion"), False),
        (("Opinion", None), (None, "Opinion"), False),
        (("Opinion", None), ("Opinion", "Opinion"), False),
        ((None, "Nature"), ("Opinion", "Nature"), True),
        (("Opinion", "Nature"), ("Opinion", None), True),
        (("Feature", None), ("Analysis", None), True),
        (("Opinion", None), (None, None), True),
    ],
)
def test_a_label_that_stands_elsewhere_is_the_same_label(
    desk: Desk, before: tuple[str | None, ...], after: tuple[str | None, ...], is_edit: bool
) -> None:
    for kicker, category in (before, after):
        desk.save(article(1, kicker=kicker, category=category))
    assert len(changed_fields(desk.archive)) == is_edit


def test_a_layout_that_says_more_is_learned_from_and_makes_no_revision(desk: Desk) -> None:
    desk.save(article(1, published="2024-03-05"))
    for said in ("2024-03-05T08:30:00", "2024-03-05T08:30:00+01:00", "2024-03-05T08:30:41+01:00"):
        assert desk.save(article(1, published=said)) == "unchanged"
        stored = desk.archive.article(1)
        assert stored is not None
        assert stored.article.published == said
    assert changed_fields(desk.archive) == []


def test_edits_that_a_redesign_seemed_to_make_are_taken_out_of_the_history(
    desk: Desk, by_page: dict[bytes, Article]
) -> None:
    """As older versions took them: labels in capitals, a zone that went, a date by the names."""
    old = {"category": "Environment", "published": "2024-03-05T08:30:00-05:00"}
    new = {
        "category": "ENVIRONMENT",
        "published": "2024-03-05T08:30:00",
        "byline_raw": "By Ana Ruiz // 05.03.2024",
    }
    desk.save(article(1, **old), b"old")
    desk.save(article(1, headline="Edited", **old), b"edited")
    desk.save(article(1, headline="Other", **new), b"new")
    by_page |= {b"old": article(1, parser=BETTER, **old)}
    by_page |= {b"edited": article(1, parser=BETTER, headline="Edited", **old)}
    by_page |= {b"new": article(1, parser=BETTER, headline="Edited", **new)}
    assert reparse(desk.archive, Wanted()).no_edits == 1
    assert changed_fields(desk.archive) == [["headline"]]


@pytest.mark.parametrize(
    "edited",
    [
        {"published": "2024-03-06"},
        {"published": "2024-03-05T09:30:00+00:00"},
        {"byline_raw": "By Ana Prado and Luis Paz, Reuters"},
        {"byline_raw": "By Ana Prado", "authors": ("Ana Prado",)},
        {"authors": ()},
        {"published": "2024-03-05T08:31:00"},
        {"published": None},
        {"category": "Nature"},
        {"kicker": None},
        {"byline_raw": "By Ana Prado, Luis Paz, special correspondents"},
        {"byline_raw": "By Ana Prado in Lima and Luis Paz"},
    ],
)
def test_a_change_of_day_hour_or_signature_is_a_revision(
    desk: Desk, edited: dict[str, Any]
) -> None:
    known: dict[str, Any] = {
        "published": "2024-03-05T08:30:00+00:00",
        "authors": ("Ana Prado", "Luis Paz"),
        "byline_raw": "By Ana Prado and Luis Paz",
        "category": "Environment",
        "kicker": "Feature",
    }
    desk.save(article(1, **known))
    assert desk.save(article(1, **known | edited)) == "revised"
    assert len(changed_fields(desk.archive)) == 1
