"""The reference of Python: it names all there is, says what it means, and its examples run."""

from __future__ import annotations

import inspect
import re
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import storage
from crawler.errors import BadInput
from scripts.python_reference import READING, RETURNED, WRITING
from storage import Archive
from tests.running import ROOT, Command
from tests.storing import Desk, desk

__all__ = ["desk"]

PAGE = (ROOT / "docs/reference/python.md").read_text()
#: Pages whose examples are run, one after the other as they stand there.
RUN = [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
       if "```python" in path.read_text() and path.stem != "add-a-site"]  # fmt: skip


def test_every_method_of_an_archive_is_on_the_page() -> None:
    names = {name for name, _ in inspect.getmembers(Archive) if not name.startswith("_")}
    assert set(re.findall(r"^#### [Aa]rchive\.(\w+)$", PAGE, re.M)) == names


def test_every_part_and_every_name_of_the_package_is_on_the_page() -> None:
    parts = {path.stem for path in (ROOT / "storage/archive").glob("[!_]*.py")}
    assert {*READING, *WRITING} == parts
    assert sorted(RETURNED) == sorted({*storage.__all__} - {"Archive"})


def test_every_field_says_what_it_means() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`.+`) \| (.*) \|$", PAGE, re.M)
    assert len(rows) > 150
    assert [name for name, _, meaning in rows if not meaning.endswith((".", "…", "`"))] == []


def test_the_page_of_the_record_names_every_key_that_the_archive_adds(archive: Path) -> None:
    page = (ROOT / "docs/reference/record.md").read_text().partition("## What the archive adds")[2]
    both, alone = (set(re.findall(r"^\| `(\w+)`", each, re.M)) for each in page.split("alone has"))
    with Archive.open(archive) as opened:
        record, stored = next(opened.articles()), opened.article(1)
    assert stored is not None
    plain = set(stored.article.to_dict())
    assert both == set(record) - plain
    assert both | alone == set(stored.to_dict()) - plain


def test_nothing_is_left_of_how_docstrings_are_written() -> None:
    assert re.findall(r":(?:meth|class|func|attr|mod|data|raises)\b[^\n]*", PAGE) == []


@pytest.fixture
def surroundings(archive: Path, hemeroteca: Command, tmp_path: Path) -> Path:
    """What the examples find in their folder: an archive, exports, a saved page, a table."""
    with Archive.open(archive) as opened:
        stored = opened.article(1)
        assert stored is not None
        (tmp_path / "page.html").write_bytes(opened.capture_body(stored.captures[0].id))
    (tmp_path / "shared.csv").write_text(f"url,likes\n{stored.article.url}?utm_source=x,5\nx,1\n")
    for name in ("everything.parquet", "extorsion.parquet"):
        assert hemeroteca("export", "-o", name).code == 0
    return archive


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_the_examples_run(page: Path, surroundings: Path) -> None:
    known: dict[str, Any] = {}
    with Archive.open(surroundings) as opened:
        for example in re.findall(r"^```python\n(.*?)^```", page.read_text(), re.M | re.S):
            if ".wait()" in example:  # a server for another terminal
                continue
            known["archive"] = opened
            exec(compile(example, page.name, "exec"), known)  # noqa: S102


def test_what_nobody_can_answer_is_told_in_a_sentence(desk: Desk) -> None:
    archive = desk.archive
    with pytest.raises(BadInput, match="'zz' is no SHA-256"):
        archive.capture_with("zz")
    with pytest.raises(BadInput, match="has no zone: give one"):
        archive.capture_at("https://example.org/", datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(BadInput, match="no names of 'site': choose author or tag"):
        archive.names("site")
    with pytest.raises(BadInput, match="'colour' is no field with a history; choose kicker"):
        archive.changes(fields=["colour"])
    with closing(archive.changes(fields=["headline", "address"])) as found:
        assert list(found) == []
