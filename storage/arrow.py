"""Articles as Arrow tables: the one place that says which type a field of the record has.

Parquet files and data frames are made of these. pyarrow is loaded when a table is made.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from storage.content import moments_of

if TYPE_CHECKING:
    import pyarrow

Record = dict[str, Any]

#: A batch: when it is full, its records are let go of.
BATCH_ROWS = 250
_BATCH_CHARACTERS = 2_000_000

#: What repeats from article to article.
LABELS = ("site", "language", "kicker", "category", "licence", "parser")


def schema_of_articles() -> pyarrow.Schema:
    """The columns of an article, with their types.

    ``published_on`` is the printed day, ``published_at`` the instant where the page gives one with
    its zone; likewise ``modified_on`` and ``modified_at``. Texts and lists are those of the public
    record.
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
            "capture_origin": text,
        }
    )


def tables(records: Iterable[Mapping[str, Any]], schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """Public records in the columns of a schema, some hundred at a time."""
    held: list[str] = []
    characters = 0
    for record in records:
        told = _typed(record)
        held.append(_dump({name: told[name] for name in schema.names}))
        characters += len(held[-1])
        if len(held) >= BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield _table(held, schema)
            held, characters = [], 0
    if held:
        yield _table(held, schema)


def _table(lines: list[str], schema: pyarrow.Schema) -> pyarrow.Table:
    """The table of some lines of JSON.

    Arrow's own reader takes them several times faster than it takes Python's objects, and without
    loading pandas, which `pyarrow.array` does wherever it is installed: 45 MB and half a second.
    """
    import pyarrow.json

    content = "\n".join(lines).encode()
    table = pyarrow.json.read_json(
        io.BytesIO(content),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema),
    )
    return table.cast(schema)


_dump = json.JSONEncoder(ensure_ascii=False).encode

#: Days are told to Arrow as a number, counted from here.
_EPOCH = date(1970, 1, 1)


def _typed(record: Mapping[str, Any]) -> Record:
    """A record with its dates as days and instants beside their text, as Arrow reads them."""
    published_on, published_at = moments_of(record["published"])
    modified_on, modified_at = moments_of(record["modified"])
    stated = ("first_seen_at", "gone_at", "captured_at")
    return {
        **record,
        "published_on": _day(published_on),
        "published_at": _instant(published_at),
        "modified_on": _day(modified_on),
        "modified_at": _instant(modified_at),
        **{
            name: _instant(datetime.fromisoformat(record[name])) if record[name] else None
            for name in stated
        },
    }


def _day(day: date | None) -> int | None:
    return None if day is None else (day - _EPOCH).days


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
