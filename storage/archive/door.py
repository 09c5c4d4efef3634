"""An opened archive: where it is, who may write, and one transaction at a time."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from sqlalchemy import func, select

from crawler.errors import BadInput
from storage.lazily import later
from storage.opening import open_engine, place_of, reading_connection, transaction, translated

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage import crawls, locking
    from storage.opening import Place
else:  # what a method needs is loaded by its first call
    globals().update(later("crawls", "locking"))

Mode = Literal["read", "write"]


class Door:
    """What all parts of an archive share: it is opened, held for a crawl, and closed."""

    def __init__(self, place: Place, *, write: bool) -> None:
        self._place = place
        self._is_writable = write
        self._engine = open_engine(place, write=write)
        self._together: Connection | None = None

    @classmethod
    def open(cls, address: str | os.PathLike[str], *, mode: Mode = "read") -> Self:
        """Open the archive at a path or URL; ``mode="write"`` makes it where there is none.

        :raises BadInput: nothing is there, or it can't be reached.
        :raises MachineFault: it can't be read or written.
        :raises ArchiveDamaged: no archive, damaged, or of another version; it is left as it is.
        """
        return cls(place_of(address), write=mode == "write")

    def close(self) -> None:
        """Let go of the archive. Closing twice does no harm."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- where it is

    @property
    def path(self) -> Path | None:
        """The archive's file, or None on a database server."""
        return self._place.path

    @property
    def url(self) -> str:
        """The archive's database URL."""
        return self._place.url

    def room(self) -> tuple[int, int | None]:
        """How many bytes the archive takes, and how many are left on its disk.

        On a database server what is left is not known: None.
        """
        if self.path is None:
            with self._reading() as connection:
                size = func.pg_database_size(func.current_database())
                return int(connection.scalar(select(size)) or 0), None
        log = Path(f"{self.path}-wal")
        taken = self.path.stat().st_size + (log.stat().st_size if log.exists() else 0)
        return taken, shutil.disk_usage(self.path.absolute().parent).free

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the archive for one crawl; :class:`ArchiveBusy` at once if another crawl does.

        Crawls of before whose end is not known are noted to have died.
        """
        held = (
            locking.held_file(self.path)
            if self.path is not None
            else locking.held_server(self._engine, str(self._place))
        )
        with held:
            if self._is_writable:
                with self._writing() as connection:
                    crawls.note_dead(connection)
            yield

    @property
    def is_held(self) -> bool:
        """Whether a crawl is at work on it."""
        if self.path is not None:
            return locking.is_held_file(self.path)
        return locking.is_held_server(self._engine)

    def sqlite_connection(self) -> sqlite3.Connection:
        """A connection of its own to the archive's file, read-only, for tools that bring their SQL.

        :raises BadInput: the archive is on a server.
        """
        if self.path is None:
            raise BadInput(f"{self._place} is on a server: no SQLite tool can read it.")
        return reading_connection(self.path)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._together is not None:
            yield self._together
            return
        with (
            translated(self._place, self._engine),
            transaction(self._engine, write=False) as connection,
        ):
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if not self._is_writable:
            raise BadInput(f'{self._place} is open for reading only: open it with mode="write".')
        if self._together is not None:
            yield self._together
            return
        with (
            translated(self._place, self._engine),
            transaction(self._engine, write=True) as connection,
        ):
            yield connection
