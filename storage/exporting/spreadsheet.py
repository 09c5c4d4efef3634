"""XLSX: a workbook that a double click opens, whatever the language of the spreadsheet program.

CSV says neither its character set nor its separator: a Spanish Excel takes UTF-8 for Windows-1252
and looks for semicolons.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any

from crawler.errors import BadInput
from storage.exporting.tables import COLUMNS

Record = dict[str, Any]

#: What a sheet of the format holds: rows with the head, characters in a cell.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767

#: The columns of a sheet: those of a CSV, the day near the front.
SHEET = (*COLUMNS[:2], "published_on", *COLUMNS[2:-1])

_NUMBERS = ("id", "words")


def write_xlsx(
    records: Iterable[Record],
    stream: IO[bytes],
    *,
    columns: Sequence[str] = SHEET,
    note: dict[str, Any] | None = None,
) -> int:
    """A workbook of two sheets: a row an article, and the *note* on what the rows are.

    Days are days, numbers numbers, and everything else is text that nothing runs. A text longer
    than a cell is cut, and ends in ``…``.

    :raises BadInput: more articles than a sheet has rows.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_urls": False})
    with book:
        head = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("articles")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, head)
        rows = 0
        for record in records:
            rows += 1
            if rows >= MOST_ROWS:
                raise BadInput(
                    f"A spreadsheet has no more than {MOST_ROWS:,} rows: narrow the articles "
                    "down, or use --format csv."
                )
            for column, name in enumerate(columns):
                _write(sheet, rows, column, name, record.get(name), day)
        if note is not None:
            about = book.add_worksheet("about")
            for row, (name, value) in enumerate(note.items()):
                about.write_string(row, 0, name, head)
                about.write_string(row, 1, _text(value))
    return rows


def _write(sheet: Any, row: int, column: int, name: str, value: Any, day: Any) -> None:
    if value is None or value == []:
        return
    if name in _NUMBERS:
        sheet.write_number(row, column, value)
    elif name == "published_on" and value >= _FIRST_DAY:
        sheet.write_datetime(row, column, date.fromisoformat(value), day)
    else:
        sheet.write_string(row, column, _text(value))


#: Excel counts days from here; those before are text.
_FIRST_DAY = "1900-01-01"


def _text(value: Any) -> str:
    """A value as the text of a cell; lists as in CSV.

    >>> _text(["Ana Ruiz", "Iván Paz"]), _text(True), _text({"rows": 2}), len(_text("a" * 40_000))
    ('Ana Ruiz; Iván Paz', 'true', '{"rows": 2}', 32767)
    """
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dict) or (isinstance(value, list) and value and value[0] == {}):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
