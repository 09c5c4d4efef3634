"""Bad input at every door: one sentence that helps, the right exit code, and nothing changed."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scripts.newsroom import Newsroom
from tests.running import Answer, Command, in_own_process

PAGE_URL = "https://news.example/2020/a-page/"


def sentence(answer: Answer) -> str:
    """The one sentence of a refusal; anything else that was printed fails the test."""
    assert answer.out == ""
    assert answer.err.startswith("hemeroteca: ")
    assert answer.err.count("\n") == 1, answer.err
    return answer.err.removeprefix("hemeroteca: ").rstrip("\n")


def contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}


# parse: one page


def test_parse_no_such_file(hemeroteca: Command) -> None:
    answer = hemeroteca("parse", "gone.html", "--url", PAGE_URL)
    assert (answer.code, sentence(answer)) == (
        2, "There is no file 'gone.html'; check the path."
    )  # fmt: skip


def test_parse_a_directory(hemeroteca: Command, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    answer = hemeroteca("parse", "pages", "--url", PAGE_URL)
    assert (answer.code, sentence(answer)) == (
        2, "'pages' is a directory; name the files in it."
    )  # fmt: skip


def test_parse_without_the_address(hemeroteca: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>text")
    answer = hemeroteca("parse", "a.html")
    assert (answer.code, sentence(answer)) == (
        2, "Missing option '--url'; see `hemeroteca parse --help`."
    )  # fmt: skip


@pytest.mark.parametrize("url", ["news.example/a", "ftp://news.example/a", "http://", "http://["])
def test_parse_with_an_address_that_is_none(hemeroteca: Command, tmp_path: Path, url: str) -> None:
    (tmp_path / "a.html").write_text("<p>text")
    answer = hemeroteca("parse", "a.html", "--url", url)
    assert answer.code == 2
    assert sentence(answer) == (
        f"{url!r} is not a web address; "
        "write it in full, such as https://example.org/news/a-story/."
    )


def test_parse_with_an_unknown_site(hemeroteca: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>text")
    answer = hemeroteca("parse", "a.html", "--url", PAGE_URL, "--site", "insihgtcrime")
    assert answer.code == 2
    assert sentence(answer).startswith("No site is named 'insihgtcrime': did you mean")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not-html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-html"),
        (b"<html><title>404 Not Found</title><body><h1>Not Found</h1><p>Nothing here.", "error"),
    ],
    ids=["empty", "blank", "pdf", "png", "404"],
)
def test_parse_a_page_that_is_no_article(
    hemeroteca: Command, tmp_path: Path, body: bytes, reason: str
) -> None:
    (tmp_path / "page").write_bytes(body)
    answer = hemeroteca("parse", "page", "--url", PAGE_URL)
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["article"] is False
    assert answer.json["reason"].split(":")[0] == reason


def test_parse_reads_standard_input(tmp_path: Path) -> None:
    answer = in_own_process("parse", "-", "--url", PAGE_URL, cwd=tmp_path)
    assert (answer.code, answer.json["article"]) == (0, False)


# the archive: every command that asks


ASKING = (
    ["failures"],
    ["search", "port"],
    ["show", "1"],
    ["history", "1"],
    ["stats"],
    ["export", "--format", "csv"],
)


@pytest.mark.parametrize("words", ASKING, ids=lambda words: words[0])
class TestAnArchiveThatIsNone:
    def test_no_such_file(self, hemeroteca: Command, words: list[str]) -> None:
        answer = hemeroteca("--archive", "none.db", *words)
        assert (answer.code, sentence(answer)) == (
            2,
            "There is no archive at none.db: crawl a site into it first, "
            "or name another with --archive.",
        )
        assert contents(Path.cwd()) == {}

    def test_a_directory(self, hemeroteca: Command, words: list[str], tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        answer = hemeroteca("--archive", "folder", *words)
        assert answer.code == 2
        assert sentence(answer).startswith("folder is a directory: name the archive's file")

    def test_a_page(self, hemeroteca: Command, words: list[str], tmp_path: Path) -> None:
        (tmp_path / "page.html").write_text("<!doctype html>" + "<p>no archive" * 100)
        before = contents(tmp_path)
        answer = hemeroteca("--archive", "page.html", *words)
        assert answer.code == 4
        assert sentence(answer).startswith("page.html is no archive")
        assert contents(tmp_path) == before

    def test_an_empty_file(self, hemeroteca: Command, words: list[str], tmp_path: Path) -> None:
        (tmp_path / "empty.db").touch()
        answer = hemeroteca("--archive", "empty.db", *words)
        assert answer.code == 4
        assert sentence(answer).startswith("empty.db is empty, which no archive is")
        assert contents(tmp_path) == {"empty.db": b""}

    def test_another_database(self, hemeroteca: Command, words: list[str], tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "birds.db") as connection:
            connection.execute("CREATE TABLE birds (name TEXT)")
        connection.close()
        before = contents(tmp_path)
        answer = hemeroteca("--archive", "birds.db", *words)
        assert answer.code == 4
        assert sentence(answer).startswith("birds.db is a database, but no archive of this program")
        assert contents(tmp_path) == before

    def test_an_archive_cut_short(
        self, hemeroteca: Command, words: list[str], archive: Path
    ) -> None:
        os.truncate(archive, archive.stat().st_size // 2)
        before = contents(archive.parent)
        answer = hemeroteca("--archive", archive.name, *words)
        assert answer.code == 4
        assert "is damaged" in sentence(answer)
        assert contents(archive.parent) == before


def test_a_server_that_is_none(hemeroteca: Command) -> None:
    answer = hemeroteca("--archive", "mongodb://localhost/x", "stats")
    assert answer.code == 2
    sentence(answer)


# questions


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2016-13-01", "'2016-13-01'"), ("03/04/2024", "'03/04/2024'"), ("yesterday", "'yesterday'"),
     ("20160711", "'20160711'"), ("", "''")],
)  # fmt: skip
@pytest.mark.parametrize(
    "words",
    [["search", "a"], ["stats"], ["export", "--format", "csv"], ["crawl", "faro"]],
    ids=lambda words: words[0],
)
def test_a_wrong_date(hemeroteca: Command, words: list[str], text: str, shown: str) -> None:
    answer = hemeroteca(*words, "--since", text)
    assert (answer.code, sentence(answer)) == (
        2,
        f"{shown} is not a date; write it as YYYY-MM-DD, YYYY-MM or YYYY, such as 2016-07-11, "
        "or as a time ago, such as '90 days'.",
    )


@pytest.mark.parametrize(
    "words",
    [
        ["search", "the"], ["stats"], ["export", "-o", "a.csv"], ["failures"],
        ["failures", "--retry"],
    ],
)  # fmt: skip
def test_an_unknown_site_is_not_an_empty_answer(
    hemeroteca: Command, archive: Path, words: list[str]
) -> None:
    answer = hemeroteca(*words, "--site", "farro")
    assert answer.code == 2
    assert sentence(answer).startswith("No site is named 'farro': did you mean 'faro'?")
    assert not list(archive.parent.glob("a.csv*"))
    assert hemeroteca(*words, "--site", "insightcrime").code == 0


def test_show_prints_bytes_or_json_not_both(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("show", "1", "--raw", "--json")
    assert (answer.code, sentence(answer)) == (
        2,
        "--raw and --json exclude each other; choose one.",
    )


def test_a_period_that_ends_before_it_begins(hemeroteca: Command) -> None:
    for words in (["search", "a"], ["stats"], ["crawl", "faro"]):
        answer = hemeroteca(*words, "--since", "2020-02-01", "--until", "2020-01-01")
        assert (answer.code, sentence(answer)) == (
            2, "--since 2020-02-01 is after --until 2020-01-01; exchange them."
        )  # fmt: skip


def test_an_unknown_article(hemeroteca: Command, archive: Path) -> None:
    for which in ("999999", "https://news.example/never/"):
        answer = hemeroteca("show", which)
        assert (answer.code, sentence(answer)) == (
            2,
            f"The archive has no article {which!r}; `hemeroteca search` shows each one's number.",
        )
        answer = hemeroteca("history", which)
        assert answer.code == 2
        assert which in sentence(answer)


def test_a_day_before_the_first_capture(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("show", "1", "--at", "2001-01-01")
    assert answer.code == 2
    assert sentence(answer).endswith("how it stood on 2001-01-01 is not known.")


def test_an_unknown_field_of_history(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("history", "1", "--field", "heading")
    assert (answer.code, sentence(answer)) == (
        2,
        "'heading' is no field with a history; choose kicker, headline, deck, category, authors, "
        "byline_raw, published, body, analysis, notices, captions or address.",
    )


def test_a_mistyped_query_is_told_where(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("search", 'harbour "strike')
    assert (answer.code, answer.out) == (2, "")
    said, query, caret = answer.err.splitlines()
    assert said == "hemeroteca: This quotation mark is never closed, at character 9:"
    assert query[caret.index("^")] == '"'


def test_an_unknown_column(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("search", "port", "--in", "title")
    assert answer.code == 2
    assert "title" in sentence(answer)


def test_an_export_says_its_format(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("export", "-o", "articles")
    assert (answer.code, sentence(answer)) == (
        2, "'articles' doesn't say in which format; add --format, such as --format csv."
    )  # fmt: skip


def test_an_export_never_overwrites_the_archive(hemeroteca: Command, archive: Path) -> None:
    before = archive.read_bytes()
    answer = hemeroteca("export", "--format", "csv", "-o", archive.name)
    assert (answer.code, sentence(answer)) == (
        2, f"{archive.name!r} is the archive itself; name another file."
    )  # fmt: skip
    assert archive.read_bytes() == before


def test_an_export_to_nowhere(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("export", "-o", "no/such/place.csv")
    assert answer.code == 2
    assert sentence(answer) == "There is no directory 'no/such'; make it first."


# what comes in


def test_crawl_an_unknown_site(hemeroteca: Command, tmp_path: Path) -> None:
    answer = hemeroteca("crawl", "fara")
    assert answer.code == 2
    assert sentence(answer).startswith("No site is named 'fara': did you mean 'faro'?")
    assert contents(tmp_path) == {}


def test_crawl_a_bare_host(hemeroteca: Command) -> None:
    answer = hemeroteca("crawl", "news.example")
    assert (answer.code, sentence(answer)) == (
        2,
        "'news.example' is not a web address; "
        "write it in full, such as https://example.org/news/a-story/.",
    )


def test_crawl_a_name_with_the_profile_of_another(hemeroteca: Command) -> None:
    answer = hemeroteca("crawl", "insightcrime", "--site", "faro")
    assert (answer.code, sentence(answer)) == (
        2, "--site says how to read an address, and 'insightcrime' is none."
    )  # fmt: skip


def test_crawl_with_a_report_that_cant_be_written(hemeroteca: Command, tmp_path: Path) -> None:
    answer = hemeroteca("crawl", "faro", "--report", "no/such/report.json")
    assert answer.code == 2
    assert sentence(answer) == "There is no directory 'no/such'; make it first."
    assert contents(tmp_path) == {}


def test_crawl_into_something_else(tmp_path: Path, newsroom: Newsroom) -> None:
    """It is noticed before the first request."""
    (tmp_path / "page.db").write_text("<!doctype html>" + "<p>no archive" * 100)
    before, asked = contents(tmp_path), len(newsroom.requests)
    answer = in_own_process(
        "--archive", "page.db", "crawl", newsroom.url, "--site", "faro", cwd=tmp_path
    )
    assert answer.code == 4
    assert sentence(answer).startswith("page.db is no archive")
    assert contents(tmp_path) == before
    assert len(newsroom.requests) == asked


def test_crawl_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Port 9 is the discard service: nothing listens on it."""
    answer = in_own_process("crawl", "http://127.0.0.1:9/", "--delay", "0", cwd=tmp_path)
    assert answer.code == 1
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert "127.0.0.1:9" in answer.err.splitlines()[-1]


@pytest.mark.parametrize("words", [[], ["a.html", "--urls", "list.txt"]])
def test_add_wants_pages_or_addresses(hemeroteca: Command, words: list[str]) -> None:
    answer = hemeroteca("add", *words)
    assert (answer.code, sentence(answer)) == (
        2, "Name the pages to add, or a list of addresses with --urls, one of the two."
    )  # fmt: skip


def test_add_is_all_or_nothing_about_files_that_are_not_there(
    hemeroteca: Command, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text("<p>text")
    answer = hemeroteca("add", "a.html", "gone.html")
    assert (answer.code, sentence(answer)) == (
        2, "There is no file 'gone.html'; check the path."
    )  # fmt: skip
    assert list(contents(tmp_path)) == ["a.html"]


def test_add_one_address_for_many_pages(hemeroteca: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>text")
    answer = hemeroteca("add", "a.html", "a.html", "--url", PAGE_URL)
    assert (answer.code, sentence(answer)) == (
        2, "--url is the address of one page; add several pages without it."
    )  # fmt: skip


def test_add_a_list_without_addresses(hemeroteca: Command, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# none yet\n\n")
    answer = hemeroteca("add", "--urls", "list.txt")
    assert (answer.code, sentence(answer)) == (
        2, "'list.txt' lists no address; write one a line."
    )  # fmt: skip


def test_failures_can_be_retried_or_forgotten_not_both(hemeroteca: Command) -> None:
    answer = hemeroteca("failures", "--retry", "--forget")
    assert (answer.code, sentence(answer)) == (
        2, "--retry and --forget exclude each other; choose one."
    )  # fmt: skip


@pytest.mark.parametrize("words", [["--retry"], ["--forget"]])
def test_failures_makes_no_archive(hemeroteca: Command, words: list[str], tmp_path: Path) -> None:
    assert hemeroteca("failures", *words).code == 2
    assert contents(tmp_path) == {}


def test_the_demo_touches_no_archive_but_its_own(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text(ARTICLE)
    assert hemeroteca("add", "a.html", "--url", PAGE_URL).code == 0
    before = archive.read_bytes()
    answer = hemeroteca("demo", "--into", archive.name)
    assert answer.code == 2
    assert sentence(answer) == (
        f"{archive.name} is not the demo's own archive, it holds news.example; "
        "name another file with --into."
    )
    assert archive.read_bytes() == before


# a place that can't be written to


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_place(hemeroteca: Command, archive: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert hemeroteca("search", "port").code == 0
        answer = hemeroteca("failures", "--retry")
        assert answer.code == 5
        assert "can't be written" in sentence(answer)
        answer = hemeroteca("export", "-o", "articles.csv")
        assert answer.code == 5
        assert sentence(answer) == "'articles.csv' can't be written: Permission denied."
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
class TestAPlaceWhereNotEvenRootMayWrite:
    def test_add(self, hemeroteca: Command, tmp_path: Path) -> None:
        (tmp_path / "a.html").write_text(ARTICLE)
        answer = hemeroteca("--archive", "/proc/a.db", "add", "a.html", "--url", PAGE_URL)
        assert answer.code == 5
        assert sentence(answer).startswith("/proc/a.db can't be created: ")

    def test_crawl(self, tmp_path: Path, newsroom: Newsroom) -> None:
        asked = len(newsroom.requests)
        answer = in_own_process("--archive", "/proc/a.db", "crawl", newsroom.url, cwd=tmp_path)
        assert answer.code == 5
        assert sentence(answer).startswith("/proc/a.db can't be created: ")
        assert len(newsroom.requests) == asked

    def test_export(self, hemeroteca: Command, archive: Path) -> None:
        answer = hemeroteca("export", "-o", "/proc/articles.csv")
        assert answer.code == 5
        assert sentence(answer).startswith("'/proc/articles.csv' can't be written: ")

    def test_report(self, hemeroteca: Command) -> None:
        answer = hemeroteca("crawl", "faro", "--report", "/proc/report.json")
        assert answer.code == 5
        assert sentence(answer).startswith("'/proc/report.json' can't be written: ")


def test_a_device_that_takes_nothing(archive: Path) -> None:
    """/dev/full answers every write as a full disk does."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    answer = in_own_process("export", "--format", "jsonl", "-o", "/dev/full", cwd=archive.parent)
    assert answer.code == 5
    assert sentence(answer) == "'/dev/full' can't be written: No space left on device."


@pytest.mark.parametrize(
    "words", [["search", "the"], ["stats", "--json"], ["export", "--format", "csv"]]
)
def test_a_full_disk_under_the_answer(archive: Path, words: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    answer = in_own_process(*words, cwd=archive.parent, out=Path("/dev/full"))
    assert answer.code == 5
    assert sentence(answer) == "The answer can't be written in full: No space left on device."


def test_an_export_into_a_place_that_refuses_even_to_clean_up(
    hemeroteca: Command, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only file system refuses to remove what isn't there."""

    def refuse(path: Path, *_: object, **__: object) -> NoReturn:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    def opened(path: Path, *how: Any, **more: Any) -> Any:
        return refuse(path) if path.suffix == ".part" else open_file(path, *how, **more)

    open_file = Path.open
    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(Path, "unlink", refuse)
    answer = hemeroteca("export", "-o", "articles.csv")
    assert answer.code == 5
    assert sentence(answer) == "'articles.csv' can't be written: Read-only file system."


ARTICLE = """<!doctype html><html lang="en"><head><title>Harbour Reopens After a Week</title>
<meta property="og:type" content="article"></head><body><article>
<h1>Harbour Reopens After a Week</h1><p>By Ana Ruiz, 3 May 2020</p>
<p>The harbour of Puerto Lirio opened again on Sunday after a week in which no ship could enter
or leave, the port captain said at a meeting with the owners of the fishing fleet.</p>
<p>Nobody has been charged. The captain said that divers had found nothing under the quay, and
that the inquiry would go on until the end of the month.</p></article></body></html>"""
