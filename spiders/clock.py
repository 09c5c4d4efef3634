"""The time as a crawl sees it: everything in ``spiders`` asks here, so that it can be another.

The setting ``HEMEROTECA_CLOCK`` names the class. A crawl of a year is tried in minutes by a clock
whose waiting takes no time (``benchmarks/year.py``).
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object


class Clock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only ever grow, also when the time of day is corrected."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for so many seconds, or until the event comes."""
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return


def clock_of(settings: BaseSettings) -> Clock:
    """The clock that the settings name."""
    clock: Clock = load_object(settings["HEMEROTECA_CLOCK"])()
    return clock
