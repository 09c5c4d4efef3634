"""What is remembered of jobs outside of their archives: how each ended last, and untold alarms.

An alarm's home is the archive. One about a run that could not write there, since the archive was
closed to it, full or damaged, waits here until a run can hand it on; it is told once meanwhile, and
again when it goes on for long, like any other.

A small file for each job stands in a folder beside the jobs file, or, where nothing can be written
there, in the user's state folder (XDG Base Directory Specification).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scripts.jobs.running import Outcome
from storage import Archive
from storage.alarms import Alarm

#: What the folder's name adds to that of the jobs file.
ENDING = ".state"
#: Alarms of a job stand under this and its name, those of the jobs file itself under the other.
OF_A_JOB, OF_THE_FILE = "job ", "jobs file "
#: No job has this name.
_THE_FILE = "_file"


@dataclass(frozen=True, slots=True)
class Kept:
    """An alarm that waits for an archive."""

    alarm: Alarm
    began_at: datetime
    last_at: datetime
    told_at: datetime | None = None
    """When a message about it was taken by somebody."""

    def is_to_be_told(self, now: datetime, remind_days: float) -> bool:
        """Whether nobody was told of it yet, or so long ago that it is time again."""
        if self.told_at is None:
            return True
        return bool(remind_days) and self.told_at <= now - timedelta(days=remind_days)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, as :meth:`storage.alarms.StoredAlarm.to_dict` gives them."""
        moments = {
            "began_at": self.began_at.isoformat(),
            "last_at": self.last_at.isoformat(),
            "cleared_at": None,
            "told_at": self.told_at and self.told_at.isoformat(),
        }
        return {**self.alarm.to_dict(), **moments}


class Memory:
    """What is remembered of the jobs of one jobs file; what can't be written is forgotten."""

    def __init__(self, jobs_file: Path) -> None:
        self._folders = list(_folders(jobs_file))

    def outcome(self, job: str) -> Outcome | None:
        """What the last run of a job came to, as far as known."""
        raw = self._read(job).get("outcome")
        try:
            return raw and _outcome(raw)
        except (KeyError, TypeError, ValueError):
            return None

    def note_outcome(self, outcome: Outcome) -> None:
        """Keep what a run came to, in the place of the one before."""
        self._write(outcome.job, self._read(outcome.job) | {"outcome": outcome.to_dict()})

    def alarms(self) -> list[Kept]:
        """The alarms that no archive could be told."""
        names = {path.stem for folder in self._folders for path in folder.glob("*.json")}
        found = [self._alarm(name) for name in sorted(names)]
        return [each for each in found if each is not None]

    def note_alarm(self, alarm: Alarm, now: datetime) -> Kept:
        """Keep an alarm, with since when it stands; returned also where nothing could be written.

        There is one for each job, and one for the jobs file.
        """
        known = self._alarm(_name_of(alarm))
        kept = replace(known, alarm=alarm, last_at=now) if known else Kept(alarm, now, now)
        self._put(kept)
        return kept

    def note_told(self, kept: Kept, now: datetime) -> None:
        """Note that somebody was told of an alarm."""
        self._put(replace(kept, told_at=now))

    def hand_on(self, archive: Archive, but: Iterable[str] = ()) -> None:
        """Give an archive what waits for one, and forget it here; not for the jobs in ``but``."""
        others = set(but)
        for kept in self.alarms():
            name = _name_of(kept.alarm)
            if name not in others:
                _give(archive, kept)
                self._write(name, self._read(name) | {"alarm": None})

    def _alarm(self, name: str) -> Kept | None:
        raw = self._read(name).get("alarm")
        try:
            return raw and _kept(raw)
        except (KeyError, TypeError, ValueError):
            return None

    def _put(self, kept: Kept) -> None:
        name = _name_of(kept.alarm)
        self._write(name, self._read(name) | {"alarm": kept.to_dict()})

    def _read(self, name: str) -> dict[str, Any]:
        """What was written last, wherever there was room for it then."""
        found = [_content_of(folder / f"{name}.json") for folder in self._folders]
        return max(found, key=lambda content: str(content.get("at", "")))

    def _write(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(
            content | {"at": datetime.now(UTC).isoformat()}, ensure_ascii=False, indent=1
        )
        for folder in self._folders:
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                _replace(folder / f"{name}.json", text)
                return


def _folders(jobs_file: Path) -> Iterator[Path]:
    yield jobs_file.with_name(jobs_file.name + ENDING)
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    with suppress(RuntimeError):  # this user has no home
        name = hashlib.sha256(os.fsencode(jobs_file)).hexdigest()[:16]
        yield Path(state).expanduser() / "hemeroteca" / name


def _name_of(alarm: Alarm) -> str:
    is_job = alarm.site.startswith(OF_A_JOB)
    return alarm.site.removeprefix(OF_A_JOB) if is_job else _THE_FILE


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _content_of(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _outcome(raw: dict[str, Any]) -> Outcome:
    began, ended = (datetime.fromisoformat(raw[name]) for name in ("started_at", "finished_at"))
    return Outcome(raw["job"], int(raw["code"]), began, ended, words=str(raw["words"]))


def _kept(raw: dict[str, Any]) -> Kept:
    figures = dict(raw["figures"])
    alarm = Alarm(raw["site"], raw["kind"], raw["says"], raw["next"], raw["about"], figures)
    began, last = (datetime.fromisoformat(raw[name]) for name in ("began_at", "last_at"))
    told = raw["told_at"]
    return Kept(alarm, began, last, told and datetime.fromisoformat(told))


def _give(archive: Archive, kept: Kept) -> None:
    """Note an alarm in an archive as if it had been there since it began."""
    alarm = kept.alarm
    archive.note_alarms(alarm.site, [alarm], looked_for=(), now=kept.began_at)
    if kept.told_at is None:
        return
    key = (alarm.kind, alarm.about)
    standing = archive.alarms(alarm.site)
    same = [each for each in standing if (each.alarm.kind, each.alarm.about) == key]
    archive.note_told(same, kept.told_at)
