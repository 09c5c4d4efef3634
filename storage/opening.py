"""How an archive is found, checked, created and opened.

Nothing here ever repairs by deleting: a file that is no archive, is damaged, or belongs to another
version is left byte for byte as it is, and the error says what to do. A new archive appears under
its name only when it is complete.
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, exc, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from crawler.errors import ArchiveBusy, ArchiveDamaged, BadInput, HemerotecaError, MachineFault
from storage.schema import APPLICATION_ID, VERSION, VOCABULARY

#: How long a writer waits for another one's page before it gives up. A page takes milliseconds.
BUSY_SECONDS = 30

#: For every connection. With a write-ahead log, NORMAL never damages the file; what a power cut may
#: take back are whole last pages, which the next crawl fetches again.
_PRAGMAS = ("foreign_keys = ON", "synchronous = NORMAL", "cache_size = -16000")

#: For those that write. Every article touches leaves all over the indexes of addresses, which are
#: random: with room for them, and a log that is put into the file every 16 MB instead of every 4,
#: saving costs less on a large archive.
_WRITING = ("cache_size = -64000", "wal_autocheckpoint = 4000")

_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive is: a file, or the URL of a database server."""

    url: str
    path: Path | None

    def __str__(self) -> str:
        return str(self.path) if self.path else make_url(self.url).render_as_string()


def place_of(address: str | os.PathLike[str]) -> Place:
    """The place that a path or a URL names.

    >>> place_of("sqlite:///news.db").path
    PosixPath('news.db')
    """
    given = os.fspath(address)
    if "://" not in given:
        return _file_place(given)
    try:
        url = make_url(given)
    except exc.ArgumentError:
        raise BadInput(f"{given} is no database address: give a path or postgresql://…") from None
    if url.get_backend_name() == "sqlite":
        return _file_place(url.database or "")
    if url.get_backend_name() != "postgresql":
        raise BadInput(
            f"An archive lives in SQLite or PostgreSQL, not in {url.get_backend_name()}: "
            "give a path or postgresql://…"
        )
    modern = url if "+" in url.drivername else url.set(drivername="postgresql+psycopg")
    return Place(modern.render_as_string(hide_password=False), None)


def _file_place(given: str) -> Place:
    if not given or "\x00" in given:
        raise BadInput("The archive needs the name of a file: give a path with --archive.")
    path = Path(given).expanduser()
    return Place(f"sqlite:///{path}", path)


def open_engine(place: Place, *, write: bool) -> Engine:
    """The engine of an archive that has passed every check; in writing mode it may be new."""
    if place.path is None:
        return _open_server(place, write=write)
    return _open_file(place, place.path, write=write)


# --- SQLite


def _open_file(place: Place, path: Path, *, write: bool) -> Engine:
    if path.is_dir():
        raise BadInput(
            f"{path} is a directory: name the archive's file, as in {path}/hemeroteca.db."
        )
    if not path.exists():
        if not write:
            raise BadInput(
                f"There is no archive at {path}: crawl a site into it first, "
                "or name another with --archive."
            )
        _create_file(path)
    check_file(path)
    if write and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise MachineFault(
            f"{path} can't be written: check the permissions of it and its directory."
        )
    engine = _sqlite_engine(path, "rw" if write else _reading_mode(path))
    return _checked(engine, place)


def check_file(path: Path) -> None:
    """Refuse a file that is no SQLite database, or one that lost its end. Reads 100 bytes."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise MachineFault(f"{path} can't be read: {error.strerror or error}.") from None
    if not header:
        raise ArchiveDamaged(
            f"{path} is empty, which no archive is: remove it, or name another file."
        )
    if not header.startswith(_MAGIC) or len(header) < 100:
        raise ArchiveDamaged(f"{path} is no archive but another kind of file: name another one.")
    page_bytes, pages = struct.unpack(">H", header[16:18])[0], struct.unpack(">I", header[28:32])[0]
    missing = (65536 if page_bytes == 1 else page_bytes) * pages - path.stat().st_size
    if missing > 0 and not _has_content(_beside(path, "-wal")):
        raise ArchiveDamaged(
            f"{path} is damaged, its last {missing} bytes are missing: restore it from a backup."
        )


def _reading_mode(path: Path) -> str:
    """How to open for reading: SQLite wants to write beside a file that it reads in WAL mode.

    Where it can't, and no other process is at work or has left anything there, the file is as good
    as unchanging.
    """
    log, shared = _beside(path, "-wal"), _beside(path, "-shm")
    is_used = _has_content(log) or (log.exists() and shared.exists())
    return "ro" if is_used or os.access(path.parent, os.W_OK) else "ro&immutable=1"


def address_to_read(path: Path) -> str:
    """What SQLite is told to open an archive by for reading, on a read-only medium, too."""
    return _address(path, _reading_mode(path))


def _address(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _sqlite_engine(path: Path, mode: str) -> Engine:
    return create_engine(
        "sqlite://",
        creator=lambda: _connected(path, mode),
        poolclass=QueuePool,
        json_serializer=_json_text,
    )


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _address(path, mode),
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute(VOCABULARY)  # nothing can be made once only queries are allowed
    for pragma in (*_PRAGMAS, *(_WRITING if mode == "rw" else ("query_only = ON",))):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def reading_connection(path: Path) -> sqlite3.Connection:
    """A connection of its own to an archive that has been opened; nothing can be written with it.

    For tools that bring their own SQL.
    """
    return _connected(path, _reading_mode(path))


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One transaction. A writer takes the lock at once: an upgrade half-way could fail.

    SQLite's ``BEGIN`` is said here and not by a listener on the engine, whose mere presence makes
    every statement slower.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
        yield connection


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _create_file(path: Path) -> None:
    """Make a whole new archive beside the name, then give it the name in one step."""
    if not path.parent.is_dir():
        raise BadInput(f"There is no directory {path.parent}: make it first.")
    draft = _beside(path, f".new-{os.getpid()}")
    try:
        with draft.open("xb"):
            pass
    except OSError as error:
        raise MachineFault(f"{path} can't be created: {error.strerror or error}.") from None
    try:
        fill(draft)
        _publish(draft, path)
    except (exc.DBAPIError, sqlite3.Error, OSError) as error:
        raise MachineFault(f"{path} can't be created: {_cause(error)}.") from None
    finally:
        for leftover in (draft, _beside(draft, "-wal"), _beside(draft, "-shm")):
            leftover.unlink(missing_ok=True)


def fill(draft: Path) -> None:
    """Make a new archive under a name that nothing has, or an empty file."""
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    engine = _sqlite_engine(draft, "rw")
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(draft)) as connection:
        # Closing brings the log into the file, too, but says nothing where there is no room for it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def scratch() -> Iterator[Connection]:
    """A connection to an empty archive that is gone afterwards: to work out one answer."""
    with tempfile.TemporaryDirectory(prefix="hemeroteca-") as place:
        path = Path(place, "scratch.db")
        fill(path)
        engine = _sqlite_engine(path, "rw")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA synchronous = OFF")
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # it is a part of another
                connection.exec_driver_sql("BEGIN")
                yield connection
        finally:
            engine.dispose()


def _publish(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was quicker, and its archive is as good
    except OSError:  # a file system without hard links
        if not path.exists():
            draft.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


# --- PostgreSQL


def _open_server(place: Place, *, write: bool) -> Engine:
    try:
        engine = create_engine(
            place.url,
            json_serializer=_json_text,
            execution_options={} if write else {"postgresql_readonly": True},
        )
    except ModuleNotFoundError:
        raise BadInput(
            "PostgreSQL needs a driver: pip install 'hemeroteca[postgresql]', "
            "or give the path of a SQLite archive."
        ) from None
    try:
        if write and _is_blank(engine):
            upgrade(engine)
        return _checked(engine, place)
    except exc.OperationalError as error:
        raise BadInput(f"{place} can't be reached: {_cause(error)}.") from None


def _is_blank(engine: Engine) -> bool:
    with engine.connect() as connection:
        return not engine.dialect.get_table_names(connection)


# --- versions


def upgrade(
    engine: Engine, *, to: str = "head", first: Callable[[], object] = lambda: None
) -> None:
    """Bring the schema to the newest version, in one transaction or not at all.

    *first* is done while nobody else can write, before anything is changed.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(__file__).with_name("migrations")))
    with (
        _references_at_rest(engine),
        transaction(engine, write=True) as connection,
        EnvironmentContext(
            Config(), script, fn=lambda revision, _: script._upgrade_revs(to, revision)
        ) as environment,
    ):
        first()
        environment.configure(
            connection=connection, render_as_batch=connection.dialect.name == "sqlite"
        )
        environment.run_migrations()
        if connection.dialect.name == "sqlite":
            _check_references(connection)


@contextmanager
def _references_at_rest(engine: Engine) -> Iterator[None]:
    """SQLite changes a table by making it anew, which a foreign key would not let go of.

    The switch works only outside of a transaction (https://sqlite.org/lang_altertable.html,
    section 7), so that the one connection of the pool is told before and after.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    _say(engine, "PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        _say(engine, "PRAGMA foreign_keys = ON")


def _say(engine: Engine, pragma: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(pragma)


def _check_references(connection: Connection) -> None:
    """No row may refer to one that is missing; what is damaged is not migrated."""
    table = connection.exec_driver_sql("PRAGMA foreign_key_check").scalar()
    if table is not None:
        raise ArchiveDamaged(
            f"Rows of {table} refer to rows that are missing, and nothing was changed: "
            "`hemeroteca verify` of the version before names them."
        )


def open_any_version(place: Place) -> tuple[Engine, str]:
    """An archive to be migrated, with its version; a newer one is refused."""
    if place.path is None:
        engine = create_engine(place.url, json_serializer=_json_text)
    else:
        if not place.path.exists():
            raise BadInput(f"There is no archive at {place.path}: name another with --archive.")
        check_file(place.path)
        engine = _sqlite_engine(place.path, "rw")
    try:
        with translated(place, engine), engine.connect() as connection:
            version = _version(connection)
            if version is None or version > VERSION:
                _check_version(version, place)
    except HemerotecaError:
        engine.dispose()
        raise
    except exc.OperationalError as error:
        engine.dispose()
        raise BadInput(f"{place} can't be reached: {_cause(error)}.") from None
    return engine, str(version)


def _checked(engine: Engine, place: Place) -> Engine:
    try:
        with translated(place, engine), engine.connect() as connection:
            _check_version(_version(connection), place)
    except HemerotecaError:
        engine.dispose()
        raise
    return engine


def _version(connection: Connection) -> str | None:
    if connection.dialect.name == "sqlite":
        if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
            return None
    elif "alembic_version" not in connection.dialect.get_table_names(connection):
        return None
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


def _check_version(version: str | None, place: Place) -> None:
    if version is None:
        raise ArchiveDamaged(
            f"{place} is a database, but no archive of this program: name another one."
        )
    if version > VERSION:
        raise ArchiveDamaged(
            f"{place} was written by a newer version ({version}, this one knows {VERSION}): "
            "update hemeroteca."
        )
    if version < VERSION:
        raise ArchiveDamaged(
            f"{place} is of an older version ({version}, this one needs {VERSION}): "
            "run `hemeroteca migrate`, which makes a backup first."
        )


# --- errors


@contextmanager
def translated(place: Place, engine: Engine) -> Iterator[None]:
    """Turn a database's own errors into ours: one sentence, with what to do."""
    try:
        yield
    except (exc.DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        cause = _cause(error)
        for sign, kind, sentence in _SENTENCES:
            if sign in cause:
                raise kind(sentence.format(place=place)) from error
        raise


def _cause(error: BaseException) -> str:
    inner = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner).strip().partition("\n")[0]


_SENTENCES: tuple[tuple[str, type[HemerotecaError], str], ...] = (
    (
        "database is locked",
        ArchiveBusy,
        f"{{place}} is being written by another program for more than {BUSY_SECONDS} seconds: "
        "wait for it, or stop it.",
    ),
    (
        "malformed",
        ArchiveDamaged,
        "{place} is damaged: keep a copy of it and restore the last backup.",
    ),
    ("not a database", ArchiveDamaged, "{place} is no archive but another kind of file."),
    ("no such table", ArchiveDamaged, "{place} lacks a table: restore the last backup."),
    ("disk is full", MachineFault, "The disk of {place} is full: make room and run it again."),
    ("disk I/O error", MachineFault, "The disk of {place} fails to read or write: check the disk."),
    (
        "readonly database",
        MachineFault,
        "{place} can't be written: open it for writing, check rights.",
    ),
    (
        "read-only transaction",
        MachineFault,
        "{place} can't be written: open it for writing, check rights.",
    ),
    ("unable to open", MachineFault, "{place} can't be opened: check the rights of its directory."),
    ("connection failed", BadInput, "{place} can't be reached: check that the server runs."),
)
