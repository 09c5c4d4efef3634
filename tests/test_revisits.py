"""When a page is asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article
from crawler.revisits import LONGEST_RETRY, SHORTEST_WAIT, VISITS, YEAR, next_due, next_retry
from spiders.articles import _after, _gone, _unedited
from storage import Due
from tests.storing import article

AGES = st.timedeltas(timedelta(days=-30), timedelta(days=40_000))


def test_a_new_article_is_looked_at_at_every_age_of_the_plan_and_then_yearly() -> None:
    age, visits = timedelta(0), []
    for _ in range(len(VISITS) + 2):
        age += next_due(age)
        visits.append(age)
    assert tuple(visits[:-2]) == VISITS
    assert [after - before for before, after in zip(visits[-3:], visits[-2:], strict=False)] == [
        YEAR,
        YEAR,
    ]


@given(AGES, st.integers(-3, 1000))
def test_waits_are_bounded_and_never_longer_for_a_page_that_is_edited(
    age: timedelta, edits: int
) -> None:
    assert SHORTEST_WAIT <= next_due(age, edits) <= next_due(age) <= YEAR


@given(st.integers(-3, 10**6))
def test_pauses_after_failures_grow_up_to_a_limit(failures: int) -> None:
    assert next_retry(failures) <= next_retry(failures + 1) <= LONGEST_RETRY


# What the spider makes of an answer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FRESH = Due("https://news.example/a-strike", None, None, None, 0, None)


def known(changed: timedelta, edits: int = 0, state: str = "article") -> Due:
    """A page that has stood as it does for so long."""
    return replace(FRESH, last_fetched_at=NOW, state=state, changed_at=NOW - changed, edits=edits)


def reading(published: str | None, modified: str | None = None) -> Article:
    return replace(article(), published=published, modified=modified)


def waits(*instants: datetime) -> list[timedelta]:
    return [instant - NOW for instant in instants]


def test_a_page_that_is_as_it_was_moves_one_step_on_and_not_by_doubling() -> None:
    for before, after in pairwise((*VISITS, VISITS[-1] + YEAR)):
        assert _unedited(known(before), NOW) == NOW + after - before


def test_a_new_article_is_asked_for_by_the_age_that_its_page_states() -> None:
    due_at = [
        _after(reading(f"{NOW - age:%Y-%m-%dT%H:%M:%SZ}"), FRESH, NOW)
        for age in (timedelta(minutes=5), timedelta(hours=2), timedelta(days=20))
    ]
    assert waits(*due_at) == [timedelta(minutes=15), timedelta(hours=1), timedelta(days=10)]


def test_without_a_date_on_the_page_that_of_the_list_holds_or_this_very_moment() -> None:
    listed = replace(FRESH, lastmod_at=NOW - timedelta(days=2))
    assert _after(reading(None), listed, NOW) == NOW + timedelta(days=1)
    assert _after(reading(None), FRESH, NOW) == NOW + VISITS[0]
    assert _after(reading("2099-01-01"), FRESH, NOW) == NOW + VISITS[0]


def test_what_was_edited_is_looked_at_oftener() -> None:
    calm, edited = (_unedited(known(timedelta(hours=4), edits), NOW) for edits in (0, 2))
    assert edited - NOW <= (calm - NOW) / 2
    year = [_unedited(known(VISITS[-1], edits), NOW) - NOW for edits in (0, 1, 3, 99)]
    assert year == [YEAR, YEAR / 2, YEAR / 4, YEAR / 4]


def test_a_page_that_is_gone_is_asked_for_again_after_a_day_and_then_ever_more_rarely() -> None:
    assert _gone(known(timedelta(days=300)), NOW) == NOW + timedelta(days=1)
    since = (timedelta(days=1), timedelta(days=3), timedelta(days=30))
    assert waits(*(_gone(known(age, state="gone"), NOW) for age in since)) == [
        timedelta(days=2),
        timedelta(days=27),
        YEAR,
    ]


def test_a_page_that_is_back_is_looked_at_like_a_new_one() -> None:
    assert _unedited(known(timedelta(days=300), state="gone"), NOW) == NOW + VISITS[0]
