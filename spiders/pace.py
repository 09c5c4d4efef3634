"""When each host may be asked again: within a run, over several sites, and across runs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, TypeVar

from scrapy.exceptions import IgnoreRequest

from spiders.clock import Clock
from storage import Archive

#: Delays shorter than this need no memory across runs: starting a run takes longer.
SHORTEST_REMEMBERED_SECONDS = 0.5
#: A pause that a server asks for is believed up to this length.
LONGEST_BELIEVED = timedelta(days=30)
#: So many failed answers in a row are a host in trouble, not a few bad pages. To get no answer at
#: all weighs twice as much as an error.
FAILURES_IN_A_ROW = 10
NO_ANSWER = 2
#: After such a pause the host is on trial, and so many failures bring the next: the tries that one
#: page is given.
FAILURES_ON_TRIAL = 3
#: Where the doubling of unexplained pauses ends.
LONGEST_BACKOFF_SECONDS = 3600.0


T = TypeVar("T")


class HostPaused(IgnoreRequest):
    """The host is not to be asked in this run; the page stays due."""


class RequestsSpent(HostPaused):
    """The run has asked the host as often as it may."""


#: So many answers must tell the time before it is believed.
FEWEST_TIMES = 3


@dataclass(frozen=True, slots=True)
class ServerTimes:
    """What time it is by the servers that a run has asked."""

    ahead_seconds: float
    """By how much they are ahead of this machine's clock: the median of the hosts."""
    hosts: int
    answers: int


@dataclass(slots=True)
class _Host:
    """One host's state: times are of the monotonic clock."""

    delay_seconds: float
    next_at: float = 0.0
    backoff_seconds: float = 0.0
    crawl_delay_seconds: float | None = None
    failures: int = 0
    """In a row, since the last good answer or pause."""
    is_on_trial: bool = False
    """Whether a pause for its failures was the last that is known of it."""
    is_left: bool = False
    """Whether it is left alone for the rest of the run."""
    requests: int = 0
    """Turns taken in this run."""
    door: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """As many are inside as may ask the host at once."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Gives every request its host's next turn, and remembers in the archive what must last.

    Between two turns of a host lies its delay, whoever asks. One pace serves all spiders of a
    process, so that two sites on one host share its turns.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        longest_pause: float = 300.0,
        first_pause: float = 30.0,
        grace: float = 5.0,
        most_requests: int = 0,
        at_once: int = 1,
        clock: Clock | None = None,
    ) -> None:
        self._archive = archive
        self._clock = clock or Clock()
        self._grace = grace
        self._most_requests = most_requests
        self._at_once = at_once
        self._longest_pause = longest_pause
        self._first_pause = first_pause
        self._hosts: dict[str, _Host] = {}
        self._closing = asyncio.Event()
        self._ahead: dict[str, float] = {}
        self._times_told = 0

    def note_time(self, host: str, told: datetime) -> None:
        """A server has told the time; the latest that a host tells counts, since what stood in a
        cache tells that of then."""
        ahead = (told - self._clock.now()).total_seconds()
        self._ahead[host] = max(ahead, self._ahead.get(host, ahead))
        self._times_told += 1

    @property
    def server_times(self) -> ServerTimes | None:
        """By how much servers are ahead of this machine's clock; None where too few have told."""
        if self._times_told < FEWEST_TIMES:
            return None
        return ServerTimes(median(self._ahead.values()), len(self._ahead), self._times_told)

    def door(self, host: str, delay_seconds: float) -> asyncio.Semaphore:
        """Through which a request goes, ``async with``: no more than a few are inside at once."""
        return self._state(host, delay_seconds).door

    async def turn(self, host: str, delay_seconds: float) -> None:
        """Wait for the host's next turn and take it.

        Raises :class:`HostPaused` where that is further off than the longest pause of a run, or
        when the run ends first; :class:`RequestsSpent` where the run has had all its turns.
        """
        state = self._state(host, delay_seconds)
        async with state.turn:
            if self.is_spent(host):
                raise RequestsSpent(f"the run has asked {host} {state.requests:,} times")
            while (wait := self._wait_of(host, state)) > 0:
                if wait > self._longest_pause or self._closing.is_set():
                    raise HostPaused(f"{host} is not to be asked for {wait:.0f} s")
                await self._clock.wait(self._closing, wait)
            state.requests += 1
            state.next_at = self._clock.monotonic() + self._interval(state)
            if self._interval(state) >= SHORTEST_REMEMBERED_SECONDS:
                self._remember(host, state)

    def _wait_of(self, host: str, state: _Host) -> float:
        """Seconds until the host's next turn."""
        if state.is_left:
            raise HostPaused(f"{host} does not answer and is left alone for this run")
        return state.next_at - self._clock.monotonic()

    def is_paused(self, host: str) -> bool:
        """Whether the host's next turn is further off than this run waits."""
        state = self._hosts.get(_one_host(host))
        if state is None:
            return False
        return state.is_left or state.next_at - self._clock.monotonic() > self._longest_pause

    def is_in_trouble(self, host: str) -> bool:
        """Whether the host failed last without saying when it is to be asked again."""
        state = self._hosts.get(_one_host(host))
        return state is not None and state.backoff_seconds > 0

    def is_spent(self, host: str) -> bool:
        """Whether the run has asked the host as often as it may."""
        state = self._hosts.get(_one_host(host))
        return bool(self._most_requests and state and state.requests >= self._most_requests)

    def slow_down(self, host: str, crawl_delay_seconds: float, delay_seconds: float) -> None:
        """Keep the delay that the host's robots.txt asks for, from the next turn on."""
        state = self._state(host, delay_seconds)
        bound = LONGEST_BELIEVED.total_seconds()
        state.crawl_delay_seconds = min(max(crawl_delay_seconds, 0.0), bound)
        state.next_at = max(state.next_at, self._clock.monotonic() + self._interval(state))
        self._remember(host, state)

    def pause(self, host: str, asked_seconds: float | None, delay_seconds: float) -> float:
        """Leave the host alone as long as it asks, or ever longer if it does not say; how long."""
        state = self._state(host, delay_seconds)
        if asked_seconds is None:
            doubled = max(self._first_pause, state.backoff_seconds * 2)
            asked_seconds = state.backoff_seconds = min(doubled, LONGEST_BACKOFF_SECONDS)
        seconds = min(max(asked_seconds, 0.0), LONGEST_BELIEVED.total_seconds())
        state.next_at = max(state.next_at, self._clock.monotonic() + seconds)
        self._remember(host, state)
        return seconds

    def note_failure(self, host: str, delay_seconds: float, *, answered: bool) -> None:
        """The host failed, with an error or without any answer.

        After many failures in a row it gets a pause and is then on trial: where it goes on with
        errors, the pauses grow until none of them fits into the run; where it does not even
        answer, it is left alone for the rest of the run. The next run begins with a trial.
        """
        state = self._state(host, delay_seconds)
        state.failures += 1 if answered or state.is_on_trial else NO_ANSWER
        bound = FAILURES_ON_TRIAL if state.is_on_trial else FAILURES_IN_A_ROW
        if state.failures >= bound:
            state.is_left = state.is_on_trial and not answered
            state.failures, state.is_on_trial = 0, True
            self.pause(host, None, delay_seconds)

    def note_answer(self, host: str, delay_seconds: float) -> None:
        """The host answers as it should: the next unexplained pause is a short one again."""
        state = self._state(host, delay_seconds)
        state.failures, state.is_on_trial = 0, False
        if state.backoff_seconds:
            state.backoff_seconds = 0.0
            self._remember(host, state)

    def close(self) -> None:
        """End all waiting: those who wait are told that the host is paused."""
        self._closing.set()

    async def until_the_end(self, answer: Coroutine[Any, Any, T]) -> T:
        """The answer, unless the run ends and the time that it is granted after that, too.

        A server that drips would hold up the end of a run longer than a container is given.
        """
        asking, ending = asyncio.ensure_future(answer), asyncio.ensure_future(self._ended())
        try:
            await asyncio.wait({asking, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise HostPaused("the run ends before the answer does")
            return asking.result()
        finally:
            ending.cancel()
            asking.cancel()

    async def _ended(self) -> None:
        await self._closing.wait()
        await asyncio.sleep(self._grace)

    def _state(self, host: str, delay_seconds: float) -> _Host:
        host = _one_host(host)
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = self._recalled(host, delay_seconds)
            state.door = asyncio.Semaphore(self._at_once)
        state.delay_seconds = max(state.delay_seconds, delay_seconds)
        return state

    def _recalled(self, host: str, delay_seconds: float) -> _Host:
        """The host's state as earlier runs left it.

        A run that was killed has left no word of delays below the remembered ones, so the first
        turn at a known host comes one such delay after the start.
        """
        state = _Host(delay_seconds)
        known = self._archive.host_state(host)
        if known is None:
            self._remember(host, state)
            return state
        state.crawl_delay_seconds = known.crawl_delay_seconds
        state.backoff_seconds = known.backoff_seconds or 0.0
        state.is_on_trial = state.backoff_seconds > 0
        left = 0.0
        if known.next_allowed_at is not None:
            left = (known.next_allowed_at - self._clock.now()).total_seconds()
        if left > LONGEST_BELIEVED.total_seconds():
            left = 0.0  # nobody was granted so much: the clock was wrong when it was written
        soon = min(self._interval(state), SHORTEST_REMEMBERED_SECONDS)
        state.next_at = self._clock.monotonic() + max(left, soon)
        return state

    @staticmethod
    def _interval(state: _Host) -> float:
        return max(state.delay_seconds, state.crawl_delay_seconds or 0.0)

    def _remember(self, host: str, state: _Host) -> None:
        wait = max(state.next_at - self._clock.monotonic(), 0.0)
        self._archive.keep_host_state(
            _one_host(host),
            next_allowed_at=self._clock.now() + timedelta(seconds=wait),
            crawl_delay_seconds=state.crawl_delay_seconds,
            backoff_seconds=state.backoff_seconds,
        )


def _one_host(host: str) -> str:
    """The name that a host's turns go by: with and without ``www.`` it is one machine.

    >>> _one_host("www.news.example")
    'news.example'
    """
    return host.removeprefix("www.")
