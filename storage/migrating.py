"""An archive of an older version, brought up to date: a backup first, then all of it or nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crawler.errors import BadInput, MachineFault
from storage.locking import held_file, held_server
from storage.opening import open_any_version, place_of, translated, upgrade
from storage.schema import VERSION


@dataclass(frozen=True, slots=True)
class Migration:
    """What was done to an archive."""

    before: str
    """The version that it had."""
    after: str
    backup: Path | None
    """Where the archive is kept as it was; None where nothing was to be done."""


def migrate(address: str | os.PathLike[str], *, backup: bool = True) -> Migration:
    """Bring the archive at a path or URL to this version, in one transaction or not at all.

    The backup is a whole archive of its own, made beside the file before anything is changed.

    :raises ArchiveDamaged: no archive, damaged, or written by a newer version.
    :raises ArchiveBusy: a crawl holds it.
    :raises BadInput: no such file; no room for the backup; or a server, which keeps its own.
    """
    place = place_of(address)
    engine, version = open_any_version(place)
    try:
        if version == VERSION:
            return Migration(version, VERSION, None)
        if place.path is None and backup:
            raise BadInput(
                f"{place} is on a server, where no backup can be made beside it: "
                "make one with pg_dump, then add --without-backup."
            )
        copy = _free_name(place.path, version) if place.path and backup else None
        held = held_file(place.path) if place.path else held_server(engine, str(place))
        with held, translated(place, engine):
            upgrade(engine, first=partial(back_up, place.path, copy))
        return Migration(version, VERSION, copy)
    finally:
        engine.dispose()


def back_up(path: Path | None, copy: Path | None) -> None:
    """Copy an archive while it may be in use; the copy has its name only when it is complete."""
    if path is None or copy is None:
        return
    draft = copy.with_name(f"{copy.name}.part")
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(copy)
    except (OSError, sqlite3.Error) as error:
        raise MachineFault(
            f"The backup {copy} can't be made ({error}), and nothing was changed: make room for it."
        ) from None
    finally:
        for leftover in (draft, *(Path(f"{draft}{end}") for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)


def _free_name(path: Path, version: str) -> Path:
    """A name beside the archive that nothing has: no backup takes the place of another."""
    number, name = 1, path.with_name(f"{path.name}.{version}.backup")
    while name.exists():
        number += 1
        name = path.with_name(f"{path.name}.{version}.backup-{number}")
    return name
