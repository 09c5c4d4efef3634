"""What stands for an instant or a day, in Python and on the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from crawler.errors import BadInput
from storage.moments import Moment, first_instant, last_instant
from tests.running import Command
from tests.storing import Desk, article, desk

__all__ = ["desk"]

BOGOTA = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2020", "2020-01-01T00:00:00", "2020-12-31T23:59:59.999999"),
        ("2020-02", "2020-02-01T00:00:00", "2020-02-29T23:59:59.999999"),
        (" 2020-05-17 ", "2020-05-17T00:00:00", "2020-05-17T23:59:59.999999"),
        (date(2020, 5, 17), "2020-05-17T00:00:00", "2020-05-17T23:59:59.999999"),
        ("2020-05-17T20:56", "2020-05-17T20:56:00", "2020-05-17T20:56:59.999999"),
        ("2020-05-17T20:56:30Z", "2020-05-17T20:56:30", "2020-05-17T20:56:30.999999"),
        ("2020-05-17T20:56-05:00", "2020-05-18T01:56:00", "2020-05-18T01:56:59.999999"),
        ("2020-05-17T20:56:30.5", "2020-05-17T20:56:30.500000", "2020-05-17T20:56:30.500000"),
        (datetime(2020, 5, 17, 20, 56), "2020-05-17T20:56:00", "2020-05-17T20:56:00"),  # noqa: DTZ001
        (datetime(2020, 5, 17, 20, tzinfo=BOGOTA), "2020-05-18T01:00:00", "2020-05-18T01:00:00"),
    ],
)
def test_a_moment_may_be_written_in_any_of_these_ways(
    written: Moment, first: str, last: str
) -> None:
    found = [each.astimezone(UTC).replace(tzinfo=None) for each in _both(written)]
    assert [each.isoformat() for each in found] == [first, last]


def _both(written: Moment) -> tuple[datetime, datetime]:
    return first_instant(written), last_instant(written)


@pytest.mark.parametrize("written", ["yesterday", "2020-13", "17:56", "2020-05-17T25:00", "", 5])
def test_what_is_no_moment_is_told_in_a_sentence(written: Any) -> None:
    for meant in (first_instant, last_instant):
        with pytest.raises(BadInput, match=r"is no (date|time): write it as"):
            meant(written)


@pytest.fixture
def edited(desk: Desk) -> Desk:
    """An article that says *bells* at 12:01 and *chimes* at 12:02."""
    desk.save(article(1, headline="The bells"))
    desk.save(article(1, headline="The chimes"))
    return desk


@pytest.mark.parametrize(
    ("moment", "headline"),
    [
        ("2026-03-01T12:01", "The bells"),
        ("2026-03-01", "The chimes"),
        (date(2026, 3, 1), "The chimes"),
        (datetime(2026, 3, 1, 12, 1, 30), "The bells"),  # noqa: DTZ001
        ("2026-02", None),
    ],
)
def test_every_call_that_takes_a_moment_takes_them(
    edited: Desk, moment: Moment, headline: str | None
) -> None:
    archive = edited.archive
    known, cited = archive.article_at(1, moment), archive.reference(1, at=moment)
    found = [hit.headline for hit in archive.search(None, at=moment)]
    assert (known and known.headline) == (cited and cited.article.headline) == headline
    assert found == ([headline] if headline else [])
    later = len(list(archive.changes(edited_since=moment)))
    until = len(list(archive.changes(edited_until=moment)))
    assert (later, until) == (1, int(headline == "The chimes"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sitee": "x"}, "There is no filter 'sitee': did you mean site?"),
        ({"authors": "x"}, "There is no filter 'authors': did you mean author?"),
        ({"query_": "x"}, "There is no filter 'query_': choose site, category, tag, author, "),
        ({"author": ["x"]}, "author=['x'] is no text: give one, in quotes."),
        ({"since": 2020}, "since=2020 is no text: give one, in quotes."),
        ({"until": "May"}, "'May' is no date: write it as 2020-05-17, 2020-05 or 2020."),
    ],
)
def test_a_mistyped_filter_is_told_in_a_sentence(
    desk: Desk, given: dict[str, Any], sentence: str
) -> None:
    asked = desk.archive
    for call in (asked.to_dataframe, asked.articles, asked.stats, asked.changes, asked.coverage):
        if call == asked.coverage and set(given) != {"until"}:
            continue
        with pytest.raises(BadInput) as told:
            list(call(**given))
        assert str(told.value).startswith(sentence)
    with pytest.raises(BadInput):
        asked.search("x", **given)


def test_a_month_or_a_year_will_do_on_every_command_line(
    hemeroteca: Command, archive: object
) -> None:
    for command in (
        ("changes", "--since", "2026"),
        ("changes", "--since", "2000-01", "--until", "2001", "--published-since", "2000"),
        ("show", 1, "--at", "2099"),
        ("show", 1, "--at", "2099-01-01T10:30"),
        ("search", "prison", "--at", "2099-12"),
        ("cite", 1, "--at", "2099"),
        ("reparse", "--dry-run", "--since", "2099", "--until", "2100-02"),
    ):
        answer = hemeroteca(*command)
        assert answer.code == 0, answer.err
    wrong = hemeroteca("search", "prison", "--since", "2020-1")
    assert wrong.code == 2
    assert "'2020-1' is not a date; write it as YYYY-MM-DD, YYYY-MM or YYYY" in wrong.err
    wrong = hemeroteca("show", 1, "--at", "2020-01-01T99:00")
    assert "is no time: write it as 2020-05-17T20:56 (UTC), or as a day." in wrong.err


def test_two_states_of_one_day_can_be_told_apart(hemeroteca: Command, edited: Desk) -> None:
    edited.save(replace(article(2), headline="Another"))
    place = ("--archive", edited.archive.path)
    said = [
        hemeroteca(*place, "show", 1, "--at", f"2026-03-01T12:0{minute}").out.splitlines()[0]
        for minute in (1, 2)
    ]
    assert said == ["The bells", "The chimes"]
