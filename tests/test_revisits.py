"""When a page is asked for again."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.revisits import LONGEST_RETRY, SHORTEST_WAIT, VISITS, YEAR, next_due, next_retry

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
