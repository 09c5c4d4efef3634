"""Data frames for pandas and polars: one row per article, each column with a type of its own.

Both libraries are extras, and loaded when a frame is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crawler.errors import BadInput
from storage.arrow import LABELS, schema_of_articles, tables

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: The columns of a frame, unless others are asked for: what is counted, sorted and read.
FRAME_COLUMNS = (
    "id",
    "site",
    "published_on",
    "published_at",
    "published",
    "language",
    "kicker",
    "category",
    "headline",
    "deck",
    "authors",
    "tags",
    "words",
    "body_text",
    "analysis_text",
    "notices",
    "licence",
    "modified",
    "url",
    "canonical_url",
    "parser",
    "first_seen_at",
    "gone_at",
    "captured_at",
    "capture_sha256",
    "capture_origin",
)


def pandas_frame(
    records: Iterable[Mapping[str, Any]], columns: Sequence[str] | None, attrs: Mapping[str, Any]
) -> pandas.DataFrame:
    """A pandas ``DataFrame``; lists stay lists, and *attrs* say what it is.

    :raises BadInput: pandas is not installed, or a column is unknown.
    """
    try:
        import pandas
    except ModuleNotFoundError:
        raise BadInput("A data frame needs pandas: pip install 'hemeroteca[pandas]'.") from None
    table = _table(records, columns)
    frame = table.to_pandas(date_as_object=False)
    for field in table.schema:
        if str(field.type).startswith("list"):
            frame[field.name] = pandas.Series(table[field.name].to_pylist(), dtype=object)
        elif field.name in LABELS:
            frame[field.name] = frame[field.name].astype("category")
    frame.attrs = dict(attrs)
    return frame


def polars_frame(
    records: Iterable[Mapping[str, Any]], columns: Sequence[str] | None
) -> polars.DataFrame:
    """A polars ``DataFrame``.

    :raises BadInput: polars is not installed, or a column is unknown.
    """
    try:
        import polars
    except ModuleNotFoundError:
        raise BadInput("A polars frame needs polars: pip install 'hemeroteca[polars]'.") from None
    frame = polars.DataFrame(_table(records, columns))
    labels = [name for name in frame.columns if name in LABELS]
    return frame.with_columns(polars.col(labels).cast(polars.Categorical))


def _table(records: Iterable[Mapping[str, Any]], columns: Sequence[str] | None) -> pyarrow.Table:
    import pyarrow

    whole = schema_of_articles()
    for name in columns or ():
        if name not in whole.names:
            raise BadInput(f"There is no column {name!r}: choose {', '.join(whole.names)}.")
    schema = pyarrow.schema([whole.field(name) for name in columns or FRAME_COLUMNS])
    parts = list(tables(records, schema))
    return pyarrow.concat_tables(parts) if parts else schema.empty_table()
