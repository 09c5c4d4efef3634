"""Copies of an archive elsewhere: whole, verified, named by their moment, and the latest ones kept.

SQLite makes the copy, of one moment, while a crawl may write; copying the file with other tools
would miss what stands in the log beside it. A copy has its name only when it was found whole, and
only then an older one goes.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.errors import ArchiveDamaged, BadInput, MachineFault
from storage.archive import Archive
from storage.migrating import back_up
from storage.opening import place_of


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made, and what became of older ones."""

    path: Path
    size: int
    """In bytes."""
    captures: int
    """How many it holds, each of them verified."""
    kept: list[Path] = field(default_factory=list)
    """All copies that there are now, the latest first."""
    removed: list[Path] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "path": str(self.path),
            "bytes": self.size,
            "captures": self.captures,
            "kept": list(map(str, self.kept)),
            "removed": list(map(str, self.removed)),
        }


def backed_up(
    address: str | os.PathLike[str], folder: Path, *, keep: int | None, now: datetime
) -> Backup:
    """Copy an archive into a folder, verify the copy, and keep the latest so many; None: all.

    :raises BadInput: there is no such archive or folder, or it is on a server.
    :raises MachineFault: the folder takes no such copy.
    :raises ArchiveDamaged: the copy is not whole, and so the archive is not; older ones stay.
    """
    path = place_of(address).path
    if path is None:
        raise BadInput("An archive on a server is backed up there: with pg_dump, for example.")
    Archive.open(path).close()
    if not folder.is_dir():
        raise BadInput(f"There is no directory {folder}: make it first, or mount its disk.")
    _check_room(path, folder)
    copy = folder / f"{path.stem}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{path.suffix}"
    draft = folder / f"{path.name}.copying"
    try:
        draft.unlink(missing_ok=True)
        back_up(path, draft)
        captures = _verified(draft, path)
        draft.replace(copy)
        _settle(folder)
    except OSError as error:
        raise MachineFault(f"{copy} can't be written: {error.strerror or error}.") from None
    finally:
        _remove(draft)
    copies = copies_in(folder, path)
    for old in [] if keep is None else copies[keep:]:
        _remove(old)
    kept = copies_in(folder, path)
    removed = [each for each in copies if each not in kept]
    return Backup(copy, copy.stat().st_size, captures, kept, removed)


def copies_in(folder: Path, archive: Path) -> list[Path]:
    """The copies of an archive in a folder, the latest first: known by their names alone."""
    name = re.compile(rf"{re.escape(archive.stem)}-\d{{8}}T\d{{6}}Z{re.escape(archive.suffix)}")
    return sorted((each for each in folder.iterdir() if name.fullmatch(each.name)), reverse=True)


def _remove(copy: Path) -> None:
    """Remove a copy, with what a reader may have left beside it."""
    for path in (copy, *(Path(f"{copy}{end}") for end in ("-wal", "-shm"))):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _check_room(path: Path, folder: Path) -> None:
    """Refuse a copy that would fill the disk, before it does."""
    beside = path.with_name(f"{path.name}-wal")
    needed = path.stat().st_size + (beside.stat().st_size if beside.exists() else 0)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise MachineFault(
            f"A copy of {path} takes {_megabytes(needed)}, and {folder} has room for "
            f"{_megabytes(free)}: make room, or keep fewer copies."
        )


def _megabytes(number: int) -> str:
    return f"{number / 1e6:,.1f} MB"


def _verified(draft: Path, path: Path) -> int:
    """How many captures a copy holds that was found whole."""
    with Archive.open(draft) as archive:
        found = archive.verify()
    if not found.is_whole:
        number = len(found.damaged) + found.unnamed
        raise ArchiveDamaged(
            f"The copy of {path} is not whole, as little as the archive ({number} damaged, the "
            f"first: {found.damaged[0].what}); older copies stay. `hemeroteca verify` names all."
        )
    return found.checked["captures"]


def _settle(folder: Path) -> None:
    """Let the new name reach the disk before an old one goes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
