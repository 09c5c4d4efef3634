"""What a new field of the record needs besides the parser: each place says so if it is forgotten.

`storage/arrow.py` has a test of its own, and docs/reference/record.md is made from the class.
"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from crawler.article import Article
from storage.exporting.tables import COLUMNS

FIELDS = [each.name for each in fields(Article)]

#: Lists of more than texts, which no cell of a table holds; the other formats have them.
NO_CELLS = {
    "body", "analysis", "see_also", "related", "citations", "images", "translations", "pages",
    "next_page", "first_page", "provenance",
}  # fmt: skip

#: Told under another field, or of the reading rather than of the article.
TOLD_ELSEWHERE = {"url", "site", "published_precision", "published_raw", "provenance", "parser"}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_has_a_column_of_a_csv_or_is_no_cell(name: str) -> None:
    assert (name in COLUMNS) is (name not in NO_CELLS)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_explained_or_told_elsewhere(name: str) -> None:
    page = Path(__file__).parent.parent / "docs" / "explanation" / "fields.md"
    rows = re.findall(r"^\| (`[^|]+) \|", page.read_text("utf-8"), re.M)
    explained = {each for row in rows for each in re.findall(r"`(\w+)`", row)}
    assert (name in explained) is (name not in TOLD_ELSEWHERE)
