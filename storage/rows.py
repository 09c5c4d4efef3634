"""One row into a table, and the number that it was given."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Insert


def added(connection: Connection, statement: Insert, row: dict[str, Any]) -> int:
    """Insert a row and give back its ``id``."""
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None  # noqa: S101 - every table used here numbers its rows
    return int(key[0])
