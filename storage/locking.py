"""The crawl lock: one crawl at a time holds an archive, and a dead one holds nothing.

The operating system keeps the lock and drops it with the process, so a lock file that is left
over from a killed crawl, however old, is in nobody's way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from crawler.errors import ArchiveBusy, BadInput, MachineFault

#: Names the lock of an archive on a PostgreSQL server: any number that nobody else uses.
_SERVER_LOCK = 0x48656D65


@contextmanager
def held_file(path: Path) -> Iterator[None]:
    """Hold the lock of the archive at *path*; :class:`ArchiveBusy` at once if another has it."""
    import fcntl

    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError:
        raise BadInput(f"There is no directory {path.parent}: make it first.") from None
    except OSError as error:
        raise MachineFault(f"{path}.lock can't be written: {error.strerror or error}.") from None
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read(200).strip() or "another process"
            raise ArchiveBusy(
                f"{path} is held by another crawl ({holder}): wait for it, or stop it."
            ) from None
        words = f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n"
        with suppress(OSError):  # a full disk has no room for words; the lock holds without them
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, words.encode(), 0)
        try:
            yield
        finally:
            with suppress(OSError):
                os.truncate(descriptor, 0)  # the name stays: removing it could let two in


@contextmanager
def held_server(engine: Engine, name: str) -> Iterator[None]:
    """Hold the lock of the archive on a server, for as long as the connection lives."""
    with engine.connect() as connection:
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({_SERVER_LOCK})")):
            raise ArchiveBusy(f"{name} is held by another crawl: wait for it, or stop it.")
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock({_SERVER_LOCK})"))
            connection.commit()


def is_held_file(path: Path) -> bool:
    """Whether the process that last took the lock of the archive at *path* holds it still.

    It is not tried, so that nobody who takes it in the meantime is turned away.
    """
    try:
        words = Path(f"{path}.lock").read_text(encoding="utf-8").split()
        os.kill(int(words[1]), 0)
    except PermissionError:  # another user's process
        return True
    except (OSError, ValueError, IndexError):
        return False
    return True


def is_held_server(engine: Engine) -> bool:
    """Whether anybody holds the lock of the archive on a server."""
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted"
    with engine.connect() as connection:
        return bool(connection.scalar(text(query), {"key": _SERVER_LOCK}))
