"""Alarms that stand: since when, with which figures, and whether anybody was told.

An alarm is known again by its site, its kind and what it is about. While it stands it is one row,
however many runs find it; when it clears, the row stays as history. One that somebody has accepted
stands without ringing, until it is over, or clearly worse than what was accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, insert, null, or_, select, update

from storage.schema import alarms

Kind = Literal[
    "unreadable", "not_articles", "errors", "silent", "empty", "field", "coverage", "disk",
    "run", "missing", "thin", "lists", "robots", "clock", "redesign",
]  # fmt: skip

#: Whoever accepted these would hear of no failure of the job any more.
NEVER_ACCEPTED: tuple[Kind, ...] = ("run", "missing")
#: The figure by which an accepted alarm is seen to get worse.
WEIGHT = "weight"
#: It is worse when its weight has grown by so much.
WORSE = 1.0


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
    """What it was told by: the value now, the usual one, and how many were looked at; as
    ``weight``, how bad it is on a scale on which one more is clearly worse."""
    since: datetime | None = None
    """Since when what it tells is so; None for since it was first found."""

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
    accepted_at: datetime | None = None
    """When somebody accepted it; None while it rings."""
    accepted_because: str | None = None
    """In whose words; with no ``accepted_at``, it has got worse since."""
    normal_since: datetime | None = None
    """Since when what it told is taken as normal, which ended it."""

    @property
    def rings(self) -> bool:
        """Whether it stands and nobody has accepted it."""
        return self.cleared_at is None and self.accepted_at is None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        moments = {
            name: moment and moment.isoformat()
            for name, moment in (
                ("began_at", self.began_at),
                ("last_at", self.last_at),
                ("cleared_at", self.cleared_at),
                ("told_at", self.told_at),
                ("accepted_at", self.accepted_at),
                ("normal_since", self.normal_since),
            )
        }
        words = {"accepted_because": self.accepted_because}
        return {"id": self.id, **self.alarm.to_dict(), **moments, **words}


def note(
    connection: Connection,
    site: str,
    found: Iterable[Alarm],
    *,
    looked_for: Collection[str],
    now: datetime,
) -> None:
    """Note what is found of a site; of the kinds that were looked for, the others have cleared."""
    standing = {(each.alarm.kind, each.alarm.about): each for each in listed(connection, site)}
    for each in found:
        stands = standing.pop((each.kind, each.about), None)
        values = {
            "says": each.says, "next_step": each.next_step, "figures": each.figures, "last_at": now,
        }  # fmt: skip
        if stands is None:
            same = {"site": site, "kind": each.kind, "about": each.about}
            connection.execute(insert(alarms), same | {"began_at": each.since or now} | values)
            continue
        if stands.accepted_at is not None and _is_worse(connection, stands.id, each):
            values |= {"accepted_at": None, "told_at": None}
        connection.execute(update(alarms).where(alarms.c.id == stands.id).values(**values))
    over = [each.id for (kind, _), each in standing.items() if kind in looked_for]
    connection.execute(update(alarms).where(alarms.c.id.in_(over)).values(cleared_at=now))


def _is_worse(connection: Connection, row: int, found: Alarm) -> bool:
    """Whether what is found now is told by other figures than what was accepted, or is worse."""
    query = select(alarms.c.accepted_figures).where(alarms.c.id == row)
    accepted: dict[str, float] = connection.scalar(query) or {}
    if accepted.keys() != found.figures.keys():
        return True
    return found.figures.get(WEIGHT, 0.0) >= accepted.get(WEIGHT, 0.0) + WORSE


def accept(
    connection: Connection, which: Collection[int], because: str | None, now: datetime
) -> None:
    """Let alarms stand without ringing; with no words for it, let them ring again."""
    accepted_at = None if because is None else now
    connection.execute(
        update(alarms)
        .where(alarms.c.id.in_(which))
        .values(
            accepted_at=accepted_at,
            accepted_because=because,
            accepted_figures=null() if because is None else alarms.c.figures,
        )
    )


def take_as_normal(connection: Connection, which: Collection[int], now: datetime) -> None:
    """End alarms whose state has lasted so long that it is what is usual now."""
    connection.execute(
        update(alarms)
        .where(alarms.c.id.in_(which))
        .values(cleared_at=now, normal_since=alarms.c.began_at)
    )


def normal_since(connection: Connection, site: str) -> dict[tuple[str, str], datetime]:
    """(kind, what it is about) → since when a site is as such an alarm once told, for good."""
    query = (
        select(alarms.c.kind, alarms.c.about, alarms.c.normal_since)
        .where(alarms.c.site == site, alarms.c.normal_since.is_not(None))
        .order_by(alarms.c.normal_since)
    )
    return {(row.kind, row.about): row.normal_since for row in connection.execute(query)}


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

    An alarm that somebody accepted is known to him.

    With ``told_before`` also the alarms that go on, and were told last before that.
    """
    is_untold: ColumnElement[bool] = alarms.c.told_at.is_(None)
    if told_before is not None:
        is_untold = or_(is_untold, alarms.c.told_at <= told_before)
    rings = is_untold & alarms.c.cleared_at.is_(None) & alarms.c.accepted_at.is_(None)
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
    return StoredAlarm(
        row.id, alarm, row.began_at, row.last_at, row.cleared_at, row.told_at,
        row.accepted_at, row.accepted_because, row.normal_since,
    )  # fmt: skip
