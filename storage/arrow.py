"""Articles as Arrow tables: the one place that says which type a field of the record has.

Parquet files and data frames are made of these. pyarrow is loaded when a table is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
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
        }
    )


def batches(
    records: Iterable[Mapping[str, Any]], schema: pyarrow.Schema
) -> Iterator[pyarrow.RecordBatch]:
    """Public records in the columns of a schema, some hundred at a time."""
    import pyarrow

    held: list[Record] = []
    characters = 0
    for record in records:
        held.append(typed(record))
        characters += len(record["body_text"])
        if len(held) >= BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield pyarrow.RecordBatch.from_pylist(held, schema)
            held, characters = [], 0
    if held:
        yield pyarrow.RecordBatch.from_pylist(held, schema)


def typed(record: Mapping[str, Any]) -> Record:
    """A record with its dates as days and instants beside their text."""
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
