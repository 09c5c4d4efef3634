"""Datasette, made ready for one archive and served until somebody says stop."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import secrets
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted
from datasette.plugins import pm

import scripts.desk
from crawler.errors import BadInput
from scripts.desk.finding import MOST_ROWS
from scripts.desk.visit import DATABASE, Desk
from storage import Archive
from storage.describe import meanings
from storage.question import INDEX

#: Bounds on what anybody may ask of Datasette's own pages.
SETTINGS = {
    "sql_time_limit_ms": 5_000,
    "facet_time_limit_ms": 500,
    "max_returned_rows": MOST_ROWS,
    "default_page_size": 50,
    "num_sql_threads": 3,
    "suggest_facets": False,
    "allow_download": False,
    "truncate_cells_html": 200,
    "max_csv_mb": 0,
}

#: How long a page under way may take when the desk is told to stop.
_GRACE_SECONDS = 3


class _ArchiveFile(Database):  # type: ignore[misc]
    """The archive as Datasette's database: every connection is one that can't write."""

    def __init__(self, datasette: Any, archive: Archive) -> None:
        super().__init__(datasette, path=str(archive.path), is_mutable=True)
        self._archive = archive

    def connect(self, write: bool = False) -> Any:
        """A connection for reading, whatever is asked for."""
        connection = self._archive.sqlite_connection()
        self._all_file_connections.append(connection)
        return connection

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Rows by table, but for the full-text index's own: to count these reads all of them, and
        no limit of time stops a count, which is one step of SQLite's.
        """
        counted: dict[str, int | None] = dict.fromkeys(await self.table_names())
        for name in counted:
            if not name.startswith(INDEX.name):
                with suppress(QueryInterrupted):
                    found = await self.execute(f"SELECT count(*) FROM [{name}]")  # noqa: S608
                    counted[name] = found.rows[0][0]
        return counted

    async def execute(self, *given: Any, **named: Any) -> Any:
        """A mistyped statement is told to who typed it, and not to the terminal."""
        return await super().execute(*given, **named | {"log_sql_errors": False})


def desk_of(archive: Archive, names: frozenset[str] = frozenset()) -> Any:
    """Datasette with our pages over an archive; *names* are hosts that it answers to.

    :raises BadInput: the archive is on a database server.
    """
    if archive.path is None:
        raise BadInput(
            "The desk reads SQLite archives, and this one is on a database server: "
            "`search`, `show`, `changes`, `stats` and `export` ask it from the command line."
        )
    _register()
    return _Desk(archive, names)


class _Desk(Datasette):  # type: ignore[misc]
    """Datasette that knows, before it makes its routes, whose desk it is."""

    def __init__(self, archive: Archive, names: frozenset[str]) -> None:
        self.desk = Desk(archive, names | {"localhost"})
        super().__init__(
            memory=False,
            settings=SETTINGS,
            secret=secrets.token_hex(32),
            metadata={"databases": {DATABASE: {"tables": _described()}}},
        )
        self.remove_database("_memory")
        self.add_database(_ArchiveFile(self, archive), name=DATABASE)

    def close(self) -> None:
        """Close every connection of Datasette's; the archive is its owner's to close."""
        self.desk.close()
        self.executor.shutdown(wait=True, cancel_futures=True)
        for database in self.databases.values():
            database.close()


def _described() -> dict[str, Any]:
    """What the tables and their columns mean, for Datasette to say."""
    described: dict[str, Any] = {
        name: {"description": meaning, "columns": columns}
        for name, (meaning, columns) in meanings().items()
    }
    return described | {"alembic_version": {"hidden": True}}


def _register() -> None:
    """Make our hooks known, once; ours alone answer for errors, Datasette's print tracebacks."""
    if not pm.has_plugin("hemeroteca"):
        pm.register(scripts.desk, name="hemeroteca")
        pm.unregister(name="datasette.handle_exception")
        pm.unregister(name="datasette.forbidden")


# --- serving


def serve(archive: Archive, host: str, port: int, *, started: Callable[[str], object]) -> None:
    """Serve the desk until SIGINT or SIGTERM; *started* is told its address.

    :raises BadInput: the port is taken, or there is no such host.
    """
    with listening(host, port) as place:
        datasette = desk_of(archive, _names(host))
        server = _Server(
            uvicorn.Config(
                datasette.app(),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            ),
            lambda: started(address_of(place)),
        )
        try:
            asyncio.run(server.until_stopped(place))
        finally:
            datasette.close()


def listening(host: str, port: int) -> socket.socket:
    """A socket that nobody else has; port 0 is any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named: 40 ms for every page.
    place = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind((host, port))
        place.listen(128)
    except (OSError, OverflowError) as error:
        place.close()
        raise BadInput(_refusal(host, port, error)) from None
    return place


def _refusal(host: str, port: int, error: Exception) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken, by another desk perhaps: "
            "choose another with --port, or any free one with --port 0."
        )
    if code in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be used by you: choose one above 1023 with --port."
    return f"The desk can't be opened on {host}, port {port}: give an address of this machine."


def address_of(place: socket.socket) -> str:
    """Where a browser finds the desk."""
    host, port = place.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "127.0.0.1" if place.family == socket.AF_INET else "::1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _names(host: str) -> frozenset[str]:
    """What the desk is called: the host as given and, where it listens to others, the machine."""
    names = {host.lower()}
    try:
        is_own = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_own = host.lower() == "localhost"
    return frozenset(names if is_own else names | {socket.gethostname().lower()})


class _Server(uvicorn.Server):
    """uvicorn that ends with its work done when it is told to stop, and not by the signal."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], object]) -> None:
        super().__init__(config)
        self._tell = started

    def capture_signals(self) -> Any:
        """Signals are ours: uvicorn would raise them again when all is closed."""
        return nullcontext()

    async def until_stopped(self, place: socket.socket) -> None:
        """Serve until SIGINT or SIGTERM; a second one waits for nobody."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self.handle_exit, each, None)
        await self.serve([place])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when the first request can come."""
        await super().startup(sockets)
        self._tell()
