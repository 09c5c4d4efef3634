"""Statements of the way in, compiled once and handed to the driver as they are.

A page takes some twenty small statements. To run one through SQLAlchemy costs several times what
SQLite needs for it; compiled by SQLAlchemy and run by the driver, in the same transaction, it costs
little more than SQL written by hand, and stays one source for both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
    update,
)

Values = Mapping[str, Any]


class _Ready(NamedTuple):
    """A statement in one database's words."""

    sql: str
    values: Callable[[Values], Any]
    """Turns values by name into what the driver takes."""


class Statement:
    """A statement whose parameters are given by name; a name that is left out means NULL."""

    def __init__(self, statement: Insert | Update | Delete | Select[Any]) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def run(self, connection: Connection, values: Values) -> Any:
        """Run it; the driver's cursor."""
        ready = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.execute(ready.sql, ready.values(values))
        return cursor

    def run_many(self, connection: Connection, rows: Iterable[Values]) -> None:
        """Run it once for each of the rows."""
        ready = self._for(connection.dialect)
        given = [ready.values(row) for row in rows]
        if given:
            connection.connection.cursor().executemany(ready.sql, given)

    def one(self, connection: Connection, values: Values) -> Any:
        """The first column of the only row, or None where there is no row."""
        rows = self.run(connection, values).fetchall()
        return rows[0][0] if rows else None

    def _for(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _compiled(self._statement, dialect)
        return ready


class Changing:
    """The statements that give columns of one row, found by its number, other values."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._statements: dict[tuple[str, ...], Statement] = {}

    def run(self, connection: Connection, number: int, values: Values) -> int:
        """Change those columns of the row; how many rows there are of that number."""
        columns = tuple(values)
        statement = self._statements.get(columns)
        if statement is None:
            statement = self._statements[columns] = self._setting(columns)
        named = {f"to_{name}": value for name, value in values.items()}
        return int(statement.run(connection, {"number": number, **named}).rowcount)

    def _setting(self, columns: tuple[str, ...]) -> Statement:
        table = self._table
        given = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
        return Statement(update(table).where(table.c.id == bindparam("number")).values(given))


def adding(table: Table) -> Statement:
    """The statement that adds a row to a table; its ``one`` is the number of the row."""
    statement = insert(table)
    return Statement(statement.returning(table.c.id) if "id" in table.c else statement)


def _compiled(statement: Insert | Update | Delete | Select[Any], dialect: Dialect) -> _Ready:
    keys = None
    if isinstance(statement, Insert):
        columns: Any = statement.table.columns
        keys = [each.name for each in columns if each.name != "id" and each.computed is None]
    compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
    named = {name: _source(name, each, dialect) for each, name in compiled.bind_names.items()}
    if compiled.positional:
        return _Ready(str(compiled), _in_order([named[name] for name in compiled.positiontup]))
    return _Ready(
        str(compiled), lambda given: {name: each.value(given) for name, each in named.items()}
    )


class _Source(NamedTuple):
    """Where a parameter comes from: what was given under its name, as the driver takes it."""

    name: str
    literal: Any
    """What it is where nothing was given."""
    convert: Callable[[Any], Any] | None

    def value(self, given: Values) -> Any:
        """What the driver takes."""
        value = given.get(self.name, self.literal)
        return value if self.convert is None else self.convert(value)


def _source(name: str, parameter: BindParameter[Any], dialect: Dialect) -> _Source:
    literal = None if parameter.required else parameter.value
    return _Source(name, literal, parameter.type.dialect_impl(dialect).bind_processor(dialect))


def _in_order(sources: list[_Source]) -> Callable[[Values], list[Any]]:
    """The values one after the other; written out, since a page takes some two hundred of them."""
    plain = [(each.name, each.literal) for each in sources]
    converted = [(at, each.convert) for at, each in enumerate(sources) if each.convert is not None]

    def values(given: Values) -> list[Any]:
        found = [given.get(name, literal) for name, literal in plain]
        for at, convert in converted:
            found[at] = convert(found[at])
        return found

    return values
