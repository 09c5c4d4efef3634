"""Accepting alarms: what needs nothing done is let rest, for a reason that is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import BadInput
from scripts.commands import Setting
from scripts.commands.scheduling import plan_of
from scripts.printing import line

if TYPE_CHECKING:
    from storage import Archive
    from storage.alarms import StoredAlarm


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alarms are meant."""

    site: str | None
    kind: str | None
    about: str | None

    def includes(self, alarm: dict[str, Any]) -> bool:
        asked = (("site", self.site), ("kind", self.kind), ("about", self.about))
        return all(wanted in (None, alarm[name]) for name, wanted in asked)

    @property
    def words(self) -> str:
        given = filter(None, (self.kind, self.about))
        return " ".join(["of", str(self.site), *(f"({each})" for each in given)])


def accept_them(
    setting: Setting, jobs: str | None, wanted: Wanted, because: str | None, *, undo: bool
) -> None:
    """Accept alarms, or let them ring again, and say which."""
    if because is not None and undo:
        raise BadInput("--accept and --ring-again exclude each other; choose one.")
    if wanted.site is None:
        raise BadInput("Say of which site, with --site; --kind and --about say which of several.")
    if because is not None and not because.strip():
        raise BadInput("Say why, so that it is understood next year: --accept 'no tags any more'.")
    known, now = 0, datetime.now(UTC)
    for archive in _archives_to_change(setting, jobs):
        with archive:
            there = archive.alarms(wanted.site)
            chosen = [each for each in there if wanted.includes(each.to_dict())]
            _refuse_runs(chosen if not undo else [])
            chosen = [each for each in chosen if (each.accepted_at is not None) == undo]
            archive.accept_alarms(chosen, because and line(because), now=now)
        known += len(chosen)
        for each in chosen:
            done = "Rings again" if undo else "Accepted"
            setting.remark(f"{done}: {line(each.alarm.site)}: {line(each.alarm.says)}.")
    if not known and undo:
        raise BadInput(f"Nothing {wanted.words} is accepted: `hemeroteca alarms` lists what is.")
    if not known:
        raise BadInput(f"Nothing {wanted.words} rings: `hemeroteca alarms` lists what does.")


def _refuse_runs(chosen: list[StoredAlarm]) -> None:
    from storage.alarms import NEVER_ACCEPTED

    for each in chosen:
        if each.alarm.kind in NEVER_ACCEPTED:
            raise BadInput(
                f"That the {each.alarm.site} fails can't be accepted, since then no failure of it "
                "would ever be told: mend it, or take it out of the jobs file."
            )


def _archives_to_change(setting: Setting, jobs: str | None) -> Iterator[Archive]:
    """The archive, or every one of the jobs file where there is one, open for changes."""
    from scripts.jobs.plan import USUAL_NAME
    from storage import Archive

    if jobs is None and not Path(USUAL_NAME).exists():
        yield setting.open_to_change()
        return
    for address in plan_of(setting, jobs).archives():
        if "://" in address or Path(address).exists():
            yield Archive.open(address, mode="write")
