"""The alarm for a clock that is wrong: told by what servers say the time is."""

from __future__ import annotations

from datetime import timedelta

from spiders.alarms.evidence import in_days
from spiders.pace import ServerTimes
from storage.alarms import Alarm

#: The alarm is of no site: it stands under this.
THIS_MACHINE = "this machine"
#: A clock that is off by less gives no article a wrong day, and no page a wrong turn.
WRONG_BY = timedelta(days=1)


def of_clock(told: ServerTimes) -> list[Alarm]:
    """An alarm where the clock is off by a day or more, as far as servers have told the time."""
    off = timedelta(seconds=abs(told.ahead_seconds))
    if off < WRONG_BY:
        return []
    way = "behind" if told.ahead_seconds > 0 else "ahead of"
    servers = "one server says" if told.hosts == 1 else f"{told.hosts} servers say"
    return [
        Alarm(
            THIS_MACHINE,
            "clock",
            f"its clock is {in_days(off)} {way} what {servers} ({told.answers} answers)",
            "set the clock (`timedatectl set-ntp true`): articles lose their dates and pages their "
            "turns by it; of one server alone, the clock may be wrong as well",
            figures={"days": round(off / timedelta(days=1), 1), "weight": 0.0},
        )
    ]
