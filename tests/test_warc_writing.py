"""Web archives that leave the archive: other people's programs open them, and nothing is lost."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given
from hypothesis import strategies as some
from surt import surt as surt_of_others
from warcio.archiveiterator import ArchiveIterator

from crawler.capture import Capture
from crawler.warc import packages
from crawler.warc.answers import Answer, answers
from crawler.warc.packages import WaczFile, surt, warc_parts
from crawler.warc.writing import Earlier, WarcFile, capture_record, record_id, warcinfo

NOW = datetime(2026, 3, 1, 12, 0, 0, 1500, UTC)
PAGE = Capture(
    "https://news.example/a",
    NOW,
    200,
    (("Content-Type", "text/html"), ("X", "y")),
    b"<p>",
    http_version="HTTP/1.1",
    reason_phrase="OK",
)
URLS = some.sampled_from(
    ["https://news.example/a", "http://b.example/?q=1#c", "https://ñ.example/ü"]
)
WEB_BEGAN = datetime(1996, 1, 1, tzinfo=UTC)
CAPTURES = some.builds(
    Capture,
    url=URLS,
    fetched_at=some.integers(0, 4 * 10**15).map(lambda n: WEB_BEGAN + timedelta(microseconds=n)),
    status=some.sampled_from([200, 404, 410, 301, 500, 299]),
    headers=some.lists(
        some.tuples(
            some.sampled_from(["Content-Type", "ETag", "Set-Cookie", "X-Odd"]),
            some.text(some.characters(max_codepoint=255, exclude_categories=["C", "Z"])),
        )
    ).map(tuple),
    body=some.binary(),
    truncated=some.booleans(),
    http_version=some.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2"]),
    reason_phrase=some.sampled_from(["OK", "", "Not Found", "No such page"]),
)


def written(*captures: Capture, compress: bool = True) -> bytes:
    out = io.BytesIO()
    file = WarcFile(out, compress=compress)
    file.add(warcinfo("hemeroteca 1.0", NOW, {"description": "two\r\nlines: é"}))
    for number, capture in enumerate(captures, start=1):
        file.add(capture_record(capture, number, site="daily", sha256=capture.sha256))
    return out.getvalue()


def read_back(content: bytes) -> list[Capture]:
    return [each.capture for each in answers(io.BytesIO(content)) if isinstance(each, Answer)]


def by_warcio(content: bytes) -> list[Any]:
    """What warcio reads: type, address, date, status, payload; its digests have to be right."""
    found = []
    for record in ArchiveIterator(io.BytesIO(content), check_digests="raise"):
        field = record.rec_headers.get_header
        status = record.http_headers and record.http_headers.get_statuscode()
        payload = record.raw_stream.read()
        found.append((record.rec_type, field("WARC-Target-URI"), status, payload))
    return found


@given(CAPTURES, some.booleans())
def test_a_capture_comes_back_as_it_went(capture: Capture, compress: bool) -> None:
    (back,) = read_back(written(capture, compress=compress))
    stated = capture.header("content-length")
    assert stated is None
    assert back == capture


@pytest.mark.parametrize(
    ("final_url", "redirects"),
    [
        (None, ()),
        ("https://news.example/b", ()),
        ("https://news.example/c", ("https://news.example/b?x", "http://b.example/")),
        (None, ("https://news.example/b",)),
    ],
)
def test_the_way_over_redirects_comes_back(
    final_url: str | None, redirects: tuple[str, ...]
) -> None:
    capture = replace(PAGE, body=b"x", final_url=final_url, redirects=redirects)
    assert read_back(written(capture)) == [capture]


@given(some.lists(CAPTURES, max_size=4))
def test_warcio_reads_every_record_and_finds_every_digest_right(captures: list[Capture]) -> None:
    found = by_warcio(written(*captures))
    assert [each[0] for each in found][:1] == ["warcinfo"]
    assert [each[3] for each in found[1:]] == [capture.body for capture in captures]


def test_fastwarc_reads_every_record_and_finds_every_digest_right() -> None:
    pages = [
        Capture(PAGE.url, NOW + timedelta(number), 200, PAGE.headers, b"%d" % number)
        for number in range(9)
    ]
    for compress in (True, False):
        content = io.BytesIO(written(*pages, compress=compress))
        found = list(FastIterator(content, record_types=WarcRecordType.response, parse_http=False))
        assert len(found) == len(pages)
        content.seek(0)
        for record in FastIterator(content, record_types=WarcRecordType.response, parse_http=False):
            assert record.verify_block_digest()
        content.seek(0)
        for record, page in zip(
            FastIterator(content, record_types=WarcRecordType.response), pages, strict=True
        ):
            assert record.verify_payload_digest()
            assert record.reader.read() == page.body
            assert record.record_date == page.fetched_at


def test_the_same_bytes_are_a_revisit_without_them() -> None:
    named = record_id(1, PAGE.url, NOW)
    later = Capture(PAGE.url, NOW + timedelta(1), 200, (("X", "z"), ("Y", "z")), PAGE.body)
    earlier = Earlier(PAGE.url, NOW, named)
    record = capture_record(later, 2, site="daily", sha256=PAGE.sha256, earlier=earlier)
    assert record.block == b"HTTP/1.1 200 OK\r\nX: z\r\nY: z\r\n\r\n"
    (found,) = answers(io.BytesIO(record.content))
    assert isinstance(found, Answer)
    assert found.repeats is not None
    assert (found.repeats.url, found.repeats.fetched_at) == (PAGE.url, NOW)
    (theirs,) = ArchiveIterator(io.BytesIO(record.content))
    field = theirs.rec_headers.get_header
    assert (theirs.rec_type, field("WARC-Refers-To")) == ("revisit", named)
    assert theirs.http_headers.get_header("X") == "z"


def test_a_page_from_a_file_becomes_a_resource() -> None:
    bare = Capture(PAGE.url, NOW, 200, (("Content-Type", "text/html"),), b"<p>")
    assert [each[0] for each in by_warcio(written(bare, PAGE))] == [
        "warcinfo",
        "resource",
        "response",
    ]


def test_an_answer_that_broke_off_says_so() -> None:
    content = written(
        Capture(PAGE.url, NOW, 200, PAGE.headers, b"x", truncated=True), compress=False
    )
    assert b"\r\nWARC-Truncated: disconnect\r\n" in content


def test_no_header_can_begin_another() -> None:
    odd = Capture(
        "http://a.example/ \r\nX: 1", NOW, 200, (("A", "b\r\nInjected: 1\r\n\r\nx"),), b"body"
    )
    content = written(odd, compress=False)
    assert b"\r\nInjected" not in content
    assert b"\r\nX: 1" not in content
    assert by_warcio(content)[1][3] == b"body"


def test_the_same_archive_is_written_as_the_same_bytes() -> None:
    assert written(PAGE) == written(PAGE)


# Packages


def package(*captures: Capture) -> bytes:
    out = io.BytesIO()
    with WaczFile(out) as file:
        file.add(warcinfo("hemeroteca 1.0", NOW, {}))
        for number, each in enumerate(captures, start=1):
            file.add(capture_record(each, number, site="daily", sha256=each.sha256), each)
            file.add_page(each, "A «headline»")
        file.finish("hemeroteca 1.0", NOW, "News pages")
    return out.getvalue()


def wacz(*words: object) -> str:
    """What py-wacz says."""
    done = subprocess.run(
        [sys.executable, "-m", "wacz", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("count", [0, 1, 7])
def test_py_wacz_finds_a_package_valid(tmp_path: Path, count: int) -> None:
    pages = [Capture(f"{PAGE.url}/{n}", NOW, 200, PAGE.headers, b"%d" % n) for n in range(count)]
    (tmp_path / "a.wacz").write_bytes(package(*pages))
    said = wacz("validate", "-f", tmp_path / "a.wacz")
    assert "Validation succeeded" in said, said


def test_py_wacz_finds_a_damaged_package_invalid(tmp_path: Path) -> None:
    """So that the test above can fail."""
    with (
        zipfile.ZipFile(io.BytesIO(package(PAGE))) as old,
        zipfile.ZipFile(tmp_path / "a.wacz", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"\n" if "pages" in name else b""))
    assert "Validation failed" in wacz("validate", "-f", tmp_path / "a.wacz")


def test_the_index_leads_to_each_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LINES_AT_ONCE", 3)
    pages = [
        Capture(f"https://{name}.example/", NOW, 200, PAGE.headers, name.encode())
        for name in ("dd", "bb", "cc", "aa", "ff", "ee", "gg")
    ]
    with zipfile.ZipFile(io.BytesIO(package(*pages))) as opened:
        lines = opened.read("indexes/index.cdx").splitlines()
        warc = opened.read("archive/data.warc.gz")
    assert lines == sorted(lines)
    assert len(lines) == len(pages)
    for line in lines:
        key, stamp, entry = line.decode().split(" ", 2)
        told = json.loads(entry)
        start = int(told["offset"])
        (capture,) = read_back(warc[start : start + int(told["length"])])
        assert (told["url"], told["status"], told["mime"]) == (capture.url, "200", "text/html")
        assert key == surt(capture.url)
        assert stamp == "20260301120000"


def test_the_pages_are_listed_with_their_headlines() -> None:
    with zipfile.ZipFile(io.BytesIO(package(PAGE))) as opened:
        head, page = map(json.loads, opened.read("pages/pages.jsonl").splitlines())
        assert [each.compress_type for each in opened.infolist()][:1] == [zipfile.ZIP_STORED]
    assert head["format"] == "json-pages-1.0"
    assert (page["url"], page["title"]) == (PAGE.url, "A «headline»")
    assert page["ts"] == "2026-03-01T12:00:00.001Z"


def test_a_package_is_read() -> None:
    ((name, part),) = ((name, part.read()) for name, part in warc_parts(io.BytesIO(package(PAGE))))
    assert name == "archive/data.warc.gz"
    assert read_back(part) == [PAGE]


@pytest.mark.parametrize(
    "url",
    [
        *("http://www.example.com/", "https://example.com:8443/a/b/?x=1&y=2", "http://example.com"),
        *("http://127.0.0.1:8000/Foo", "https://www2.bbc.example/News/a%20b/?z=1&a=&Q"),
        *("https://example.org/a?", "https://münchen.example/ä", "http://[::1]:80/x"),
    ],
)
def test_addresses_are_sorted_as_others_sort_them(url: str) -> None:
    assert surt(url) == surt_of_others(url)


@given(some.text())
def test_no_address_breaks_the_index(url: str) -> None:
    for odd in (url, f"http://{url}"):
        assert " " not in surt(odd)
        assert surt(odd).isprintable()
