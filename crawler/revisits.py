"""When a page is asked for again: often while it is young or being edited, rarely when it is old.

Pure arithmetic on ages; the caller has the clock.
"""

from __future__ import annotations

from datetime import timedelta

#: Ages at which an article is looked at again. Newsrooms make nearly all their edits in the first
#: day, corrections come within weeks, and a page that vanishes does so at any time.
VISITS = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=30),
)
YEAR = timedelta(days=365)

#: However often a page is edited, it is not asked for more often than this.
SHORTEST_WAIT = timedelta(minutes=15)

#: More edits than these make no page due more often: a ticker of a hundred states ends, too.
MOST_EDITS = 3

#: A page that is gone is asked for again like a new one, but for the first hours: a server that
#: takes pages away by mistake needs more than one.
SHORTEST_WAIT_FOR_GONE = timedelta(days=1)

#: First pause after a failure; it doubles with every further one, up to ``LONGEST_RETRY``.
FIRST_RETRY = timedelta(minutes=30)
LONGEST_RETRY = timedelta(days=7)


def next_due(age: timedelta, edits: int = 0) -> timedelta:
    """How long to wait before a page of this age is asked for again.

    ``age`` is the time since the page became as it is: published, edited, or gone; so that an edit
    sets the plan back to its beginning. ``edits`` is the number of changes seen so far: with one,
    there is another visit in the middle between every two of the plan, with two, two, and so on.

    >>> next_due(timedelta(minutes=20)), next_due(timedelta(days=30))
    (datetime.timedelta(seconds=2400), datetime.timedelta(days=365))
    >>> next_due(timedelta(days=30), edits=1)
    datetime.timedelta(days=182, seconds=43200)
    """
    age = max(age, timedelta(0))
    last, following = _visits_around(age)
    step = (following - last) / (1 + min(max(edits, 0), MOST_EDITS))
    following = last + step * ((age - last) // step + 1)
    return max(following - age, SHORTEST_WAIT)


def _visits_around(age: timedelta) -> tuple[timedelta, timedelta]:
    """The ages of the latest visit of the plan and of the next one."""
    last = timedelta(0)
    for visit in VISITS:
        if visit > age:
            return last, visit
        last = visit
    last += YEAR * ((age - last) // YEAR)
    return last, last + YEAR


def next_retry(failures: int) -> timedelta:
    """How long to wait after the ``failures``-th failure in a row, counted from 1.

    >>> [str(next_retry(count)) for count in (1, 2, 50)]
    ['0:30:00', '1:00:00', '7 days, 0:00:00']
    """
    doublings = min(max(failures, 1) - 1, 30)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
