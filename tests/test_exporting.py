"""What leaves the archive, read by other people's readers: parquet, bibliographies, graphs."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import bibtexparser
import networkx
import pandas
import polars
import pyarrow.parquet
import pytest
import rispy

from crawler.article import Citation, Image, Pointer, Translation
from crawler.discovery import Found
from crawler.errors import BadInput
from scripts.newsroom import Newsroom
from storage import Edge, Node, arrow
from storage.exporting import parquet
from storage.exporting.graphml import write_graphml
from storage.exporting.spreadsheet import write_xlsx
from tests.running import Command, in_own_process
from tests.storing import Desk, address, article, paragraphs
from tests.storing import desk as desk


def full_article() -> Any:
    """An article with something in every field that has a shape of its own."""
    return article(
        published="2020-05-17T08:30:00-05:00",
        published_precision="minute",
        modified="2020-06-01",
        tags=("Gangs", "Peace"),
        authors=("Ana Ruiz", "Iván Paz"),
        analysis=paragraphs("What it means."),
        see_also=(Pointer(address(2), "An earlier one"),),
        citations=(Citation("a report", "https://report.example/a?b=1&c=2", internal=False),),
        images=(Image("https://example.org/p.jpg", "A caption", None, None),),
        translations=(Translation("es", address("dos")),),
        notices=("Corrected.",),
    )


def written(desk: Desk, **asked: Any) -> pyarrow.Table:
    """The archive's articles as a Parquet file, read back."""
    stream = io.BytesIO()
    rows = parquet.write_parquet(desk.archive.articles(**asked), stream)
    table = pyarrow.parquet.read_table(io.BytesIO(stream.getvalue()))
    assert rows == table.num_rows
    return table


# parquet


def test_a_parquet_file_has_the_record_in_types(desk: Desk) -> None:
    desk.save(full_article())
    (row,) = written(desk).to_pylist()
    (record,) = desk.archive.articles()
    changed = {"first_seen_at", "gone_at", "captured_at", "published_on"}
    assert record["published_on"] == "2020-05-17"
    for name, value in record.items():
        if name in row and name not in changed:
            assert row[name] == value, name
    assert set(record) - set(row) == {"article", "provenance", "next_page", "first_page"}
    assert row["published_on"] == date(2020, 5, 17)
    assert row["published_at"] == datetime(2020, 5, 17, 13, 30, tzinfo=UTC)
    assert (row["modified_on"], row["modified_at"]) == (date(2020, 6, 1), None)
    assert row["captured_at"] == datetime.fromisoformat(record["captured_at"])
    assert row["body"] == [{"kind": "paragraph", "text": "The text of number 1."}]
    assert row["see_also"][0]["title"] == "An earlier one"


def test_what_is_unknown_is_null_in_parquet(desk: Desk) -> None:
    desk.save(article(published=None, authors=(), language=None))
    (row,) = written(desk).to_pylist()
    for name in ("published", "published_on", "published_at", "language", "analysis", "gone_at"):
        assert row[name] is None, name
    assert row["authors"] == []


def test_parquet_is_written_in_row_groups_as_records_come(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first group is out before the last record is asked for."""
    monkeypatch.setattr(arrow, "BATCH_ROWS", 2)
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 4)
    for number in range(10):
        desk.save(article(number))
    stream = io.BytesIO()
    sizes: list[int] = []

    def watched() -> Iterator[dict[str, Any]]:
        for record in desk.archive.articles():
            sizes.append(stream.tell())
            yield record

    assert parquet.write_parquet(watched(), stream) == 10
    assert sizes[-1] > sizes[0]
    read = pyarrow.parquet.ParquetFile(io.BytesIO(stream.getvalue()))
    groups = [read.metadata.row_group(each) for each in range(read.metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [4, 4, 2]
    assert {group.column(0).compression for group in groups} == {"ZSTD"}


def test_an_empty_parquet_file_has_its_columns(desk: Desk) -> None:
    table = written(desk)
    assert table.num_rows == 0
    assert table.schema.field("published_at").type == pyarrow.timestamp("us", tz="UTC")


def test_pandas_and_polars_read_the_file_with_what_it_is(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    assert hemeroteca("export", "--language", "es", "-o", "es.parquet").code == 0
    frame = pandas.read_parquet(tmp_path / "es.parquet")
    assert frame.attrs["query"] == {"language": "es"}
    assert frame.attrs["rows"] == len(frame) > 0
    assert sum(frame.attrs["parsers"].values()) == len(frame)
    assert str(frame["captured_at"].dtype).startswith("datetime64")
    other = polars.read_parquet(tmp_path / "es.parquet")
    counted = hemeroteca("stats", "--by", "language", "--json").json["rows"]
    spanish = next(row["articles"] for row in counted if row["key"] == "es")
    assert other.height == len(frame) == spanish
    assert other.schema["authors"] == polars.List(polars.String)


def test_parquet_goes_down_a_pipe(archive: Path, tmp_path: Path) -> None:
    options = ("--archive", archive, "export", "--format", "parquet")
    assert in_own_process(*options, cwd=tmp_path, out=tmp_path / "out").code == 0
    assert pyarrow.parquet.read_table(tmp_path / "out").num_rows > 60


# bibliographies


def test_a_bibliography_has_an_entry_an_article_and_no_key_twice(
    hemeroteca: Command, archive: Path, newsroom: Newsroom, tmp_path: Path
) -> None:
    for name in ("all.bib", "all.ris", "all.csl.json"):
        assert hemeroteca("export", "-o", name).code == 0
    library = bibtexparser.parse_file(str(tmp_path / "all.bib"))
    assert library.failed_blocks == []
    keys = [entry.key for entry in library.entries]
    entries = rispy.loads((tmp_path / "all.ris").read_bytes().decode())
    items = json.loads((tmp_path / "all.csl.json").read_text())
    assert keys == [entry["id"] for entry in entries] == [item["id"] for item in items]
    assert len(keys) == len(set(keys)) == len(newsroom.articles)
    headlines = Counter(each.headline for each in newsroom.articles)
    assert Counter(item["title"] for item in items) == headlines
    assert {item["container-title"] for item in items} == {"Faro del Istmo"}


def test_an_empty_bibliography_is_one(hemeroteca: Command, archive: Path) -> None:
    nothing = ("export", "--until", "1900-01-01", "--format")
    assert json.loads(hemeroteca(*nothing, "csl-json").out) == []
    assert hemeroteca(*nothing, "bibtex").out == hemeroteca(*nothing, "ris").out == ""


# graphs


def read_graph(parts: list[Node | Edge]) -> Any:
    stream = io.BytesIO()
    write_graphml(parts, stream)
    return networkx.read_graphml(io.BytesIO(stream.getvalue()), force_multigraph=True)


def test_a_graph_joins_articles_authors_and_pages(desk: Desk) -> None:
    desk.save(full_article())
    desk.save(article(2, headline="Tags & <angles> \ufffe", authors=("Ana Ruiz",)))
    found = read_graph(list(desk.archive.graph()))
    kinds = Counter(found.nodes[name]["kind"] for name in found)
    assert kinds == {"article": 2, "author": 2, "page": 2}
    assert found.nodes["article-1"] == {
        "kind": "article",
        "label": "Headline 1",
        "url": address(1),
        "site": "example",
        "language": "en",
        "published": "2020-05-17T08:30:00-05:00",
        "words": 8,
    }
    assert found.nodes["article-2"]["label"] == "Tags & <angles> "
    edges = {
        (found.nodes[one]["label"], found.nodes[other]["label"], about["kind"])
        for one, other, about in found.edges(data=True)
    }
    assert edges == {
        ("Ana Ruiz", "Headline 1", "wrote"),
        ("Iván Paz", "Headline 1", "wrote"),
        ("Ana Ruiz", "Tags & <angles> ", "wrote"),
        ("Headline 1", "Tags & <angles> ", "see_also"),
        ("Headline 1", "https://report.example/a?b=1&c=2", "citation"),
        ("Headline 1", address("dos"), "translation"),
    }
    page = next(name for name in found if "report" in found.nodes[name]["label"])
    assert found.nodes[page]["site"] == "report.example"


def test_an_article_outside_of_the_question_is_a_page_of_the_graph(desk: Desk) -> None:
    desk.save(replace(full_article(), language="es"))
    desk.save(article(2))
    parts = list(desk.archive.graph(language="es"))
    nodes = {part.url: part.kind for part in parts if isinstance(part, Node)}
    assert nodes[address(1)] == "article"
    assert nodes[address(2)] == "page"
    named = {part.id for part in parts if isinstance(part, Node)}
    ends = {end for part in parts if isinstance(part, Edge) for end in (part.source, part.target)}
    assert ends <= named


def test_a_link_twice_is_one_edge_of_more_weight(desk: Desk) -> None:
    twice = Citation("a report", "https://report.example/", internal=False)
    desk.save(article(citations=(twice, replace(twice, text="the same"))))
    (edge,) = [each for each in desk.archive.graph() if isinstance(each, Edge)
               and each.kind == "citation"]  # fmt: skip
    assert edge.weight == 2


def test_graphml_of_the_newsroom_has_every_article_and_link(
    hemeroteca: Command, archive: Path, newsroom: Newsroom, tmp_path: Path
) -> None:
    answer = hemeroteca("export", "-o", "all.graphml")
    assert answer.err == f"{len(newsroom.articles)} articles written to all.graphml.\n"
    text = (tmp_path / "all.graphml").read_text()
    assert text.rindex("<node ") < text.index("<edge ")
    found = networkx.read_graphml(tmp_path / "all.graphml", force_multigraph=True)
    kinds = Counter(found.nodes[name]["kind"] for name in found)
    assert kinds["article"] == len(newsroom.articles)
    assert not [name for name in found if not found.nodes[name]]
    signed = sum(about["kind"] == "wrote" for *_, about in found.edges(data=True))
    assert signed == sum(len(each.authors) for each in newsroom.articles)


# the note beside a file


def test_the_note_says_which_parsers_read_it_and_what_is_lacking(
    hemeroteca: Command, desk: Desk, tmp_path: Path
) -> None:
    for number in range(8):
        url = address(number)
        listed = Found(url, datetime(2020, 5, 17, tzinfo=UTC), "sitemap")
        desk.archive.enlist("example", [listed], crawl_id=desk.crawl_id, now=desk.now)
    desk.save(article(0))
    desk.archive.finish_crawl(desk.crawl_id, {"lists_to_end": True}, desk.now, "finished")
    answer = hemeroteca("-a", tmp_path / "news.db", "export", "-o", "all.jsonl")
    assert answer.err == (
        "1 article written to all.jsonl.\n"
        "The archive has gaps in 1 month of that time; all.jsonl.meta.json lists them.\n"
    )
    note = json.loads((tmp_path / "all.jsonl.meta.json").read_text())
    assert note["parsers"] == {"example/1": 1}
    assert note["coverage"]["listed"] == 8
    assert note["coverage"]["complete"] == 0.125
    waiting = {"state": "waiting", "reason": None, "addresses": 7}
    assert note["coverage"]["missing"] == [waiting]
    assert note["forms"] == {}
    (gap,) = note["coverage"]["gaps"]
    assert (gap["site"], gap["month"], gap["listed"], gap["stored"]) == (
        "example", "2020-05", 8, 1,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "a.ris", "a.graphml", "a.db", "a.warc.gz"])
def test_every_format_says_which_parsers_read_it(
    hemeroteca: Command, archive: Path, tmp_path: Path, name: str
) -> None:
    assert hemeroteca("export", "--language", "es", "-o", name).code == 0
    note = json.loads((tmp_path / f"{name}.meta.json").read_text())
    assert list(note["parsers"].values()) == [note["rows"]]


def test_an_export_goes_by_number(hemeroteca: Command, archive: Path) -> None:
    """So rows are read as they lie on the disk, which a million of them makes worth it."""
    lines = hemeroteca("export", "--format", "jsonl").out.splitlines()
    numbers = [json.loads(line)["id"] for line in lines]
    assert numbers == sorted(numbers)
    lines = hemeroteca("export", "--format", "jsonl", "puerto").out.splitlines()
    numbers = [json.loads(line)["id"] for line in lines]
    assert numbers == sorted(numbers) != []


def test_gaps_of_another_time_are_no_matter(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    hemeroteca("export", "--since", "2020-01-01", "-o", "new.csv")
    note = json.loads((tmp_path / "new.csv.meta.json").read_text())
    assert note["coverage"]["gaps"] == []
    assert note["coverage"]["listed"] == note["rows"]


# spreadsheets


def test_a_workbook_and_a_csv_with_a_mark_are_for_people(desk: Desk, tmp_path: Path) -> None:
    desk.save(replace(full_article(), headline="=1+1", authors=("Iván Paz",)))
    path = desk.archive.path
    answer = in_own_process("-a", path, "export", "-o", "a.xlsx", cwd=tmp_path)
    assert (answer.code, (tmp_path / "a.xlsx").read_bytes()[:2]) == (0, b"PK")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        about = package.read("xl/worksheets/sheet2.xml").decode()
    assert "<t>=1+1</t>" in sheet, "a headline is text"
    assert "<f>" not in sheet, "and nothing is a formula"
    assert "Iván Paz" in sheet
    assert "exported_at" in about
    for words, start in (((), b"id,"), (("--bom",), b"\xef\xbb\xbfid,")):
        answer = in_own_process("-a", path, "export", "-o", "a.csv", *words, cwd=tmp_path)
        assert answer.code == 0
        assert (tmp_path / "a.csv").read_bytes().startswith(start)
    refused = in_own_process("-a", path, "export", "-o", "a.jsonl", "--bom", cwd=tmp_path)
    assert (refused.code, "--bom is for CSV" in refused.err) == (2, True)


def test_a_text_longer_than_a_cell_is_cut_and_says_so(desk: Desk) -> None:
    desk.save(article(body=paragraphs("word " * 20_000)))
    stream = io.BytesIO()
    assert write_xlsx(desk.archive.articles(), stream, columns=("id", "body_text")) == 1
    with zipfile.ZipFile(stream) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "…</t>" in sheet


def test_more_articles_than_a_sheet_has_rows_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        desk.save(article(number))
    monkeypatch.setattr("storage.exporting.spreadsheet.MOST_ROWS", 2)
    with pytest.raises(BadInput, match="narrow the articles down, or use --format csv"):
        write_xlsx(desk.archive.articles(), io.BytesIO())
