"""Parquet: typed columns, for pandas, polars, DuckDB and R."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from storage.arrow import LABELS, schema_of_articles, tables

if TYPE_CHECKING:
    import pyarrow

Record = dict[str, Any]

#: Arrow's bytes in a row group, some 2,000 articles: enough to pack well, little enough to hold.
#: With the copies that Arrow and zstd make this takes some 50 MB; what the footer will say of each
#: group is held until the end, some 30 MB for a million articles.
_GROUP_BYTES = 8_000_000
_GROUP_ROWS = 10_000

#: Columns by which a reader leaves out whole row groups. Limits of texts would only fill the
#: footer, which is held until the end.
_SOUGHT = ("id", "site", "language", "category", "published_on", "published_at", "words")


def write_parquet(
    records: Iterable[Record], stream: IO[bytes], *, note: dict[str, Any] | None = None
) -> int:
    """A Parquet file, compressed with zstd, written by row groups.

    *note* tells what the file holds, and is written at its end with the number of ``rows``; pandas
    gives it back as ``frame.attrs``.
    """
    import pyarrow.parquet

    schema = schema_of_articles()
    rows = 0
    with (
        _frugal(),
        pyarrow.parquet.ParquetWriter(
            pyarrow.PythonFile(_Forward(stream), mode="w"),
            schema,
            compression="zstd",
            use_dictionary=list(LABELS),
            write_statistics=list(_SOUGHT),
            # Parquet's own types say all of it; Arrow's copy would hide what is noted at the end.
            store_schema=False,
        ) as writer,
    ):
        for table in _groups(records, schema):
            writer.write_table(table)
            rows += table.num_rows
        if note:
            about = json.dumps(note | {"rows": rows})
            writer.add_key_value_metadata({"PANDAS_ATTRS": about})
    return rows


@contextmanager
def _frugal() -> Iterator[None]:
    """Arrow with the system's memory: its own keeps for later what was let go of, 30 MB here."""
    import pyarrow

    usual = pyarrow.default_memory_pool()
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    try:
        yield
    finally:
        pyarrow.set_memory_pool(usual)


def _groups(records: Iterable[Record], schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """The records as tables, each a row group."""
    import pyarrow

    held: list[pyarrow.Table] = []
    rows = size = 0
    for table in tables(records, schema):
        held.append(table)
        rows += table.num_rows
        size += table.nbytes
        if rows >= _GROUP_ROWS or size >= _GROUP_BYTES:
            yield pyarrow.concat_tables(held)
            held, rows, size = [], 0, 0
    if held:
        yield pyarrow.concat_tables(held)


class _Forward:
    """A stream that is only written to: a Parquet writer asks where it is, and a pipe can't say."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._written = 0

    def write(self, content: bytes) -> int:
        self._stream.write(content)
        self._written += len(content)
        return len(content)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        """The stream belongs to whoever opened it."""
