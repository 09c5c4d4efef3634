"""Clocks for crawls of later days: ``tests.clocks.days_later_9`` is nine days ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from spiders.clock import Clock

_PREFIX = "days_later_"


def __getattr__(name: str) -> type[Clock]:
    if not name.startswith(_PREFIX):
        raise AttributeError(name)
    days = float(name.removeprefix(_PREFIX).replace("_", ".").replace("minus", "-"))

    class Later(Clock):
        def now(self) -> datetime:
            return super().now() + timedelta(days=days)

    return Later


def days_later(days: float) -> dict[str, str]:
    """The settings of a crawl that takes place so many days from now."""
    name = str(days).replace(".", "_").replace("-", "minus")
    return {"HEMEROTECA_CLOCK": f"tests.clocks.{_PREFIX}{name}"}
