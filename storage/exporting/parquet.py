"""Parquet: typed columns, for pandas, polars, DuckDB and R."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from storage.content import moments_of

if TYPE_CHECKING:
    import pyarrow

Record = dict[str, Any]

#: Arrow's bytes in a row group, some 750 articles: enough to compress well, little enough to hold.
#: With the copies that Arrow and zstd make, a file of any number of articles takes some 35 MB.
_GROUP_BYTES = 3_000_000
_GROUP_ROWS = 10_000

#: A batch: when it is full, its records are let go of.
_BATCH_ROWS = 250
_BATCH_CHARACTERS = 2_000_000

#: Columns by which a reader leaves out whole row groups. Limits of texts would only fill the
#: footer, which is held until the end.
_SOUGHT = ("id", "site", "language", "category", "published_on", "published_at", "words")


def write_parquet(
    records: Iterable[Record], stream: IO[bytes], *, note: dict[str, Any] | None = None
) -> int:
    """A Parquet file, compressed with zstd, written by row groups.

    *note* tells what the file holds; pandas gives it back as ``frame.attrs``.
    """
    import pyarrow.parquet

    about = {"PANDAS_ATTRS": json.dumps(note)} if note else None
    schema = schema_of_articles().with_metadata(about)
    rows = 0
    with (
        _frugal(),
        pyarrow.parquet.ParquetWriter(
            pyarrow.PythonFile(_Forward(stream), mode="w"),
            schema,
            compression="zstd",
            use_dictionary=["site", "language", "kicker", "category", "licence", "parser"],
            write_statistics=list(_SOUGHT),
        ) as writer,
    ):
        for table in _groups(records, schema):
            writer.write_table(table)
            rows += table.num_rows
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


def schema_of_articles() -> pyarrow.Schema:
    """The columns of an article, with their types.

    ``published_on`` is the printed day, ``published_at`` the instant where the page gives one;
    likewise ``modified_on`` and ``modified_at``. Texts and lists are those of the public record.
    """
    import pyarrow as pa

    text, instant, texts = pa.string(), pa.timestamp("us", tz="UTC"), pa.list_(pa.string())
    blocks = pa.list_(pa.struct({"kind": text, "text": text}))
    pointers = pa.list_(
        pa.struct(dict.fromkeys(("url", "title", "category", "date", "teaser"), text))
    )
    return pa.schema(
        {
            "id": pa.int64(),
            "url": text,
            "canonical_url": text,
            "site": text,
            "language": text,
            "kicker": text,
            "headline": text,
            "deck": text,
            "category": text,
            "tags": texts,
            "authors": texts,
            "organisation_byline": pa.bool_(),
            "byline_raw": text,
            "published": text,
            "published_on": pa.date32(),
            "published_at": instant,
            "published_precision": text,
            "published_raw": text,
            "modified": text,
            "modified_on": pa.date32(),
            "modified_at": instant,
            "words": pa.int32(),
            "body": blocks,
            "body_text": text,
            "analysis": blocks,
            "analysis_text": text,
            "see_also": pointers,
            "related": pointers,
            "citations": pa.list_(pa.struct({"text": text, "url": text, "internal": pa.bool_()})),
            "images": pa.list_(pa.struct(dict.fromkeys(("url", "caption", "credit", "alt"), text))),
            "notices": texts,
            "translations": pa.list_(pa.struct({"language": text, "url": text})),
            "licence": text,
            "pages": texts,
            "parser": text,
            "first_seen_at": instant,
            "gone_at": instant,
            "captured_at": instant,
            "capture_sha256": text,
        }
    )


def _groups(records: Iterable[Record], schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """The records as tables, each a row group."""
    import pyarrow

    held: list[pyarrow.RecordBatch] = []
    rows = characters = 0
    for batch in _batches(records, schema):
        held.append(batch)
        rows += batch.num_rows
        characters += batch.nbytes
        if rows >= _GROUP_ROWS or characters >= _GROUP_BYTES:
            yield pyarrow.Table.from_batches(held, schema)
            held, rows, characters = [], 0, 0
    if held:
        yield pyarrow.Table.from_batches(held, schema)


def _batches(records: Iterable[Record], schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
    import pyarrow

    held: list[Record] = []
    characters = 0
    for record in records:
        held.append(typed(record))
        characters += len(record["body_text"])
        if len(held) >= _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield pyarrow.RecordBatch.from_pylist(held, schema)
            held, characters = [], 0
    if held:
        yield pyarrow.RecordBatch.from_pylist(held, schema)


def typed(record: Record) -> Record:
    """A record with its dates as dates and instants, and its words counted."""
    published_on, published_at = moments_of(record["published"])
    modified_on, modified_at = moments_of(record["modified"])
    return {
        **record,
        "published_on": published_on,
        "published_at": published_at,
        "modified_on": modified_on,
        "modified_at": modified_at,
        **{name: _instant(record[name]) for name in ("first_seen_at", "gone_at", "captured_at")},
    }


def _instant(stated: str | None) -> datetime | None:
    return datetime.fromisoformat(stated) if stated else None


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
