"""CSV and JSON lines: one article a row, one a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

Record = dict[str, Any]

#: The columns of a CSV, one row per article; lists are joined by "; ", blocks by a blank line.
COLUMNS = (
    "id",
    "url",
    "canonical_url",
    "site",
    "language",
    "kicker",
    "headline",
    "deck",
    "category",
    "tags",
    "authors",
    "organisation_byline",
    "byline_raw",
    "published",
    "published_precision",
    "published_raw",
    "modified",
    "body_text",
    "analysis_text",
    "notices",
    "licence",
    "first_seen_at",
    "gone_at",
    "parser",
    "words",
    "captured_at",
    "capture_sha256",
    "capture_origin",
    "published_on",
)

#: A cell that begins so is run as a formula by spreadsheets (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_csv(
    records: Iterable[Record],
    stream: IO[bytes],
    *,
    columns: Sequence[str] = COLUMNS,
    bom: bool = False,
) -> int:
    """A table with :data:`COLUMNS`, or some of them, safe to open in a spreadsheet.

    *bom* puts a byte order mark first: by it spreadsheets know UTF-8, and programs stumble over it.
    """
    with _as_text(stream) as text:
        text.write("\ufeff" if bom else "")
        table = csv.writer(text, lineterminator="\n")
        table.writerow(columns)
        rows = 0
        for record in records:
            table.writerow([cell(record.get(name)) for name in columns])
            rows += 1
    return rows


def write_jsonl(records: Iterable[Record], stream: IO[bytes]) -> int:
    """The public records, one a line."""
    dump = json.JSONEncoder(ensure_ascii=False).encode
    with _as_text(stream) as text:
        rows = 0
        for record in records:
            text.write(f"{dump(record)}\n")
            rows += 1
    return rows


def cell(value: object) -> str:
    """One value as the cell of a table; what a spreadsheet would run gets an apostrophe before it.

    >>> cell(["Ana Ruiz", "Iván Paz"]), cell(None), cell(True), cell("=HYPERLINK(1)")
    ('Ana Ruiz; Iván Paz', '', 'true', "'=HYPERLINK(1)")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


@contextmanager
def _as_text(stream: IO[bytes]) -> Iterator[io.TextIOWrapper]:
    """The stream for text, in UTF-8 on every system; it stays open."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()
