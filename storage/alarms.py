"""Alarms that stand: since when, with which figures, and whether anybody was told.

An alarm is known again by its site, its kind and what it is about. While it stands it is one row,
however many runs find it; when it clears, the row stays as history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from storage.schema import alarms

Kind = Literal[
    "unreadable", "not_articles", "errors", "silent", "empty", "field", "coverage", "disk",
    "run", "missing", "thin",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about a site, or a job, that somebody has to look at."""

    site: str
    """The site's name; ``job NAME`` for what concerns a job."""
    kind: Kind
    says: str
    """One sentence without its full stop, with the figures that made it ring."""
    next_step: str
    """What to run or to do now, as a sentence without its full stop."""
    about: str = ""
    """The field, for alarms of the kind ``field``; of a job's, the jobs file."""
    figures: dict[str, float] = field(default_factory=dict)
    """What it was told by: the value now, the usual one, and how many were looked at."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "site": self.site,
            "kind": self.kind,
            "about": self.about,
            "says": self.says,
            "next": self.next_step,
            "figures": dict(self.figures),
        }


@dataclass(frozen=True, slots=True)
class StoredAlarm:
    """An alarm as the archive remembers it."""

    id: int
    alarm: Alarm
    began_at: datetime
    last_at: datetime
    """When it was last found to ring."""
    cleared_at: datetime | None
    """Since when it rings no more; None while it stands."""
    told_at: datetime | None
    """When a message about it was taken by somebody."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        moments = {
            name: moment and moment.isoformat()
            for name, moment in (
                ("began_at", self.began_at),
                ("last_at", self.last_at),
                ("cleared_at", self.cleared_at),
                ("told_at", self.told_at),
            )
        }
        return {"id": self.id, **self.alarm.to_dict(), **moments}


def note(
    connection: Connection,
    site: str,
    found: Iterable[Alarm],
    *,
    looked_for: Collection[str],
    now: datetime,
) -> None:
    """Note what rings for a site; of the kinds that were looked for, the others have cleared."""
    standing = {
        (row.kind, row.about): row.id
        for row in connection.execute(
            select(alarms.c.kind, alarms.c.about, alarms.c.id).where(
                alarms.c.site == site, alarms.c.cleared_at.is_(None)
            )
        )
    }
    for each in found:
        values = {
            "says": each.says, "next_step": each.next_step, "figures": each.figures, "last_at": now,
        }  # fmt: skip
        row = standing.pop((each.kind, each.about), None)
        if row is None:
            same = {"site": site, "kind": each.kind, "about": each.about, "began_at": now}
            connection.execute(insert(alarms), same | values)
        else:
            connection.execute(update(alarms).where(alarms.c.id == row).values(**values))
    over = [row for (kind, _), row in standing.items() if kind in looked_for]
    connection.execute(update(alarms).where(alarms.c.id.in_(over)).values(cleared_at=now))


def listed(
    connection: Connection, site: str | None = None, *, cleared: bool = False
) -> list[StoredAlarm]:
    """The alarms that stand, or all that ever did, the latest first."""
    query = select(alarms).order_by(alarms.c.began_at.desc(), alarms.c.id.desc())
    if site is not None:
        query = query.where(alarms.c.site == site)
    if not cleared:
        query = query.where(alarms.c.cleared_at.is_(None))
    return [_stored(row) for row in connection.execute(query)]


def untold(connection: Connection, told_before: datetime | None = None) -> list[StoredAlarm]:
    """What nobody was told yet: that an alarm rings, or that one that was told of has cleared.

    With ``told_before`` also the alarms that go on, and were told last before that.
    """
    is_untold: ColumnElement[bool] = alarms.c.told_at.is_(None)
    if told_before is not None:
        is_untold = or_(is_untold, alarms.c.told_at <= told_before)
    rings = is_untold & alarms.c.cleared_at.is_(None)
    is_over = (
        alarms.c.told_at.is_not(None)
        & alarms.c.cleared_at.is_not(None)
        & alarms.c.clear_told_at.is_(None)
    )
    query = select(alarms).where(or_(rings, is_over)).order_by(alarms.c.id)
    return [_stored(row) for row in connection.execute(query)]


def note_told(connection: Connection, told: Iterable[StoredAlarm], now: datetime) -> None:
    """Note that somebody was told of these, as they stood."""
    for each in told:
        column = "told_at" if each.cleared_at is None else "clear_told_at"
        connection.execute(update(alarms).where(alarms.c.id == each.id).values(**{column: now}))


def _stored(row: Any) -> StoredAlarm:
    alarm = Alarm(row.site, row.kind, row.says, row.next_step, row.about, row.figures)
    return StoredAlarm(row.id, alarm, row.began_at, row.last_at, row.cleared_at, row.told_at)
