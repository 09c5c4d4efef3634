"""`add --warc` and `export --format warc|wacz`: archives taken in and handed over."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from scripts.newsroom import Newsroom
from tests.crawling import article, content_of, damage_in
from tests.running import Answer, Command, in_own_process
from tests.warcs import answered, record_of, repeated, zipped

URL = "https://news.example/2020/05/a-story/"


def page(headline: str = "Port strike ends after nine days", **more: str) -> bytes:
    return article(headline, **more).encode()


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive)) as connection:
        return connection.execute(query).fetchall()


def counted(answer: Answer) -> dict[str, int]:
    """The one row of what `add --warc` prints."""
    head, row = (line.split("  ") for line in answer.out.splitlines())
    names, numbers = ([cell.strip() for cell in line if cell.strip()] for line in (head, row))
    return dict(zip(names[1:], map(int, numbers[1:]), strict=True))


CAPTURES = (
    "SELECT c.url, c.final_url, c.redirects, c.fetched_at, c.status, c.truncated, "
    "c.outcome, c.reason, c.site, b.sha256, b.bytes FROM captures c JOIN bodies b "
    "ON b.id = c.body_id ORDER BY c.fetched_at, c.url"
)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of many kinds of captures: a newsroom's, which was edited, and somebody else's."""
    place = tmp_path_factory.mktemp("edited")
    with Newsroom() as room:
        words = ("crawl", room.url, "--site", "faro", "--delay", "0")
        assert in_own_process(*words, cwd=place).code == 0
        changed, gone = room.articles[3:5]
        room.edit(changed.path, headline="Another headline altogether")
        room.remove(gone.path)
        again = ("--mode", "recheck", "--since", "2000-01-01")
        assert in_own_process(*words, *again, cwd=place).code == 0
    headers = [("Content-Type", "text/html"), ("Server", "theirs")]
    same = [
        answered(URL, page(), date=f"{year}-01-01T00:00:00Z", headers=headers)
        for year in (2020, 2021, 2022)
    ]
    bare = record_of("resource", f"{URL}bare", page("From a file"), "Content-Type: text/html")
    redirect = answered(f"{URL}old", b"", status="301 Moved", headers=[("Location", URL)])
    half = answered(f"{URL}half", b"<p>", headers=[("Content-Length", "9")])
    (place / "theirs.warc").write_bytes(b"".join((*same, bare, redirect, half)))
    assert in_own_process("add", "--warc", "theirs.warc", cwd=place).code == 0
    return place / "hemeroteca.db"


# A round trip


@pytest.mark.parametrize("name", ["all.warc.gz", "all.warc", "all.wacz"])
def test_a_round_trip_loses_nothing(
    hemeroteca: Command, tmp_path: Path, edited: Path, name: str
) -> None:
    shutil.copy(edited, tmp_path / "old.db")
    assert hemeroteca("-a", "old.db", "export", "-o", name).code == 0
    answer = hemeroteca("-a", "new.db", "add", "--warc", name)
    assert (answer.code, answer.err) == (0, "")
    assert rows(tmp_path / "new.db", CAPTURES) == rows(edited, CAPTURES)
    assert damage_in(tmp_path / "new.db") == []
    assert hemeroteca("-a", "new.db", "verify").code == 0
    old, new = (content_of(path) for path in (edited, tmp_path / "new.db"))
    for table in ("articles", "authors", "tags", "links", "images", "article_authors", "heads"):
        assert new[table] == old[table], table
    moments = "SELECT a.url, r.captured_at FROM revisions r JOIN articles a ON a.id = r.article_id"
    for question in (moments, "SELECT url, gone_at, first_seen_at FROM articles"):
        assert sorted(rows(tmp_path / "new.db", question), key=repr) == sorted(
            rows(edited, question), key=repr
        )


def test_the_edited_archive_has_something_to_lose(edited: Path) -> None:
    outcomes = dict(rows(edited, "SELECT outcome, count(*) FROM captures GROUP BY outcome"))
    assert outcomes["revised"] == outcomes["gone"] == outcomes["moved"] == outcomes["failed"] == 1
    assert outcomes["unchanged"] >= 2
    assert outcomes["new"] > 50


def test_adding_twice_stores_nothing_twice(
    hemeroteca: Command, tmp_path: Path, edited: Path
) -> None:
    shutil.copy(edited, tmp_path / "hemeroteca.db")
    hemeroteca("export", "-o", "all.warc.gz")
    before = {table: len(found) for table, found in content_of(tmp_path / "hemeroteca.db").items()}
    answer = hemeroteca("add", "--warc", "all.warc.gz")
    assert counted(answer) == {"held already": before["captures"]}
    after = {table: len(found) for table, found in content_of(tmp_path / "hemeroteca.db").items()}
    assert after == before


# What leaves


def records(path: Path) -> list[tuple[str, str]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
            for record in ArchiveIterator(file, check_digests="raise")
            if record.content_stream().read() is not None
        ]


def test_warcio_and_py_wacz_find_an_export_right(
    hemeroteca: Command, tmp_path: Path, edited: Path
) -> None:
    shutil.copy(edited, tmp_path / "hemeroteca.db")
    hemeroteca("export", "-o", "all.warc.gz")
    hemeroteca("export", "-o", "all.wacz")
    for words in (
        ["warcio.cli", "check", "-v", "all.warc.gz"],
        ["wacz", "validate", "-f", "all.wacz"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "fail" not in done.stdout
    kinds = [kind for kind, _ in records(tmp_path / "all.warc.gz")]
    (kept,) = rows(edited, "SELECT count(*), count(DISTINCT body_id) FROM captures")
    assert len(kinds) - 1 == kept[0]
    assert kinds.count("revisit") == kept[0] - kept[1] >= 2
    assert kinds.count("resource") == 1


def test_filters_choose_the_captures_that_leave(
    hemeroteca: Command, tmp_path: Path, archive: Path, newsroom: Newsroom
) -> None:
    hemeroteca("export", "--language", "es", "-o", "spanish.warc.gz")
    spanish = {each.url for each in newsroom.articles if each.language == "es"}
    assert {url for kind, url in records(tmp_path / "spanish.warc.gz") if url} == spanish
    note = json.loads((tmp_path / "spanish.warc.gz.meta.json").read_text())
    assert (note["format"], note["rows"], note["query"]) == (
        "warc",
        len(spanish),
        {"language": "es"},
    )
    wanted = newsroom.articles[0]
    hemeroteca("export", f'"{wanted.headline}"', "--in", "headline", "-o", "one.warc")
    assert [url for _, url in records(tmp_path / "one.warc")][1:] == [wanted.url]


def test_a_web_archive_goes_to_standard_output(tmp_path: Path, crawled: Path) -> None:
    for form, magic in (("warc", b"\x1f\x8b"), ("wacz", b"PK")):
        words = ("--archive", str(crawled), "export", "--format", form)
        answer = in_own_process(*words, cwd=tmp_path, out=tmp_path / "out")
        assert answer.code == 0
        assert (tmp_path / "out").read_bytes().startswith(magic)
        answer = in_own_process("-a", f"{form}.db", "add", "--warc", "out", cwd=tmp_path)
        assert answer.code == 0, answer.err


def test_an_export_that_fails_leaves_no_file(
    hemeroteca: Command, tmp_path: Path, archive: Path
) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("DROP TABLE heads")
        connection.commit()
    for name in ("all.warc.gz", "all.wacz"):
        answer = hemeroteca("export", "-o", name)
        assert answer.code == 4
        assert "lacks a table: restore the last backup." in answer.err
        assert not list(tmp_path.glob("all.*"))


# What comes in


def test_other_peoples_records_are_read_as_a_crawl_reads_pages(
    hemeroteca: Command, tmp_path: Path
) -> None:
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    content = zipped(
        record_of("warcinfo", None, b"software: Heritrix\r\n"),
        record_of("request", URL, b"GET / HTTP/1.1\r\n\r\n"),
        answered(URL, gzip.compress(page()), headers=headers),
        answered(f"{URL}picture", b"\x89PNG", headers=[("Content-Type", "image/png")]),
        answered("http://news.example/old", b"", status="301 Moved", headers=[("Location", URL)]),
        answered("https://other.example/gone", b"no", status="410 Gone"),
        answered("https://other.example/busy", b"no", status="503 Busy"),
        answered("https://news.example/half", page(), headers=[("Content-Length", "99999")]),
        answered("https://news.example/", b"<html><title>Home</title><body><a href=/a>a</a>"),
    )  # fmt: skip
    (tmp_path / "theirs.warc.gz").write_bytes(content)
    answer = hemeroteca("add", "--warc", "theirs.warc.gz")
    assert answer.code == 0
    assert counted(answer) == {"new": 1, "no articles": 1, "gone": 1, "moved": 1, "failed then": 2}
    assert "1 no page (pictures" in answer.err
    assert "1 request or metadata" in answer.err
    shown = hemeroteca("show", URL, "--json").json
    assert shown["headline"] == "Port strike ends after nine days"
    assert shown["site"] == "news.example"
    assert shown["captures"][0]["fetched_at"] == "2020-05-17T12:00:00+00:00"
    assert hemeroteca("show", "http://news.example/old", "--json").json["id"] == shown["id"]
    assert hemeroteca("failures").out.count("example") == 0


def test_a_repetition_is_resolved_in_the_file_and_in_the_archive(
    hemeroteca: Command, tmp_path: Path
) -> None:
    record = answered(URL, page())
    digest = next(ArchiveIterator(io.BytesIO(record))).rec_headers.get_header("WARC-Payload-Digest")
    by_digest = repeated(
        URL, digest, "http://x.example/", "2001-01-01T00:00:00Z", "2021-01-01T00:00:00Z"
    )
    by_place = repeated(URL, "sha1:AAAA", URL, "2020-05-17T12:00:00Z", "2022-01-01T00:00:00Z")
    nowhere = repeated(URL, "sha1:BBBB", URL, "2001-01-01T00:00:00Z", "2023-01-01T00:00:00Z")
    (tmp_path / "a.warc").write_bytes(by_digest + record)  # what it repeats comes after it
    (tmp_path / "b.warc").write_bytes(by_place + nowhere)
    assert counted(hemeroteca("add", "--warc", "a.warc")) == {"new": 1, "unchanged": 1}
    answer = hemeroteca("add", "--warc", "b.warc")
    assert counted(answer) == {"unchanged": 1}
    assert answer.code == 1
    assert "b.warc: left out: 1 that repeat an answer which is neither here nor" in answer.err
    kept = rows(
        tmp_path / "hemeroteca.db", "SELECT count(*), count(DISTINCT body_id) FROM captures"
    )
    assert kept == [(3, 1)]


def states(archive: Path) -> Any:
    moments = "SELECT captured_at, capture_id FROM revisions ORDER BY captured_at"
    hashes = dict(rows(archive, "SELECT id, sha256 FROM v_captures"))
    return [(moment, hashes[capture]) for moment, capture in rows(archive, moments)] + rows(
        archive, "SELECT headline, first_seen_at, gone_at FROM articles"
    )


def test_revisions_come_in_the_order_of_their_capture_whatever_that_of_the_records(
    hemeroteca: Command, tmp_path: Path
) -> None:
    first, other = page(), page("Port strike ends after ten days")
    told = [("2020", first), ("2021", other), ("2022", first), ("2023", None), ("2024", first)]
    made = [
        answered(
            URL, body or b"gone", date=f"{year}-01-01T00:00:00Z", status="200" if body else "404"
        )
        for year, body in told
    ]
    found = []
    for number, order in enumerate(itertools.permutations(made)):
        if number % 7 == 0:
            (tmp_path / "a.warc").write_bytes(b"".join(order))
            assert hemeroteca("-a", f"{number}.db", "add", "--warc", "a.warc").code == 0
            found.append(states(tmp_path / f"{number}.db"))
    years = [state[0][:4] for state in found[0][:-1]]
    assert years == ["2020", "2021", "2022"]
    assert found[0][-1][2] is None
    assert [each for each in found if each != found[0]] == []


def test_a_page_that_is_gone_at_the_end_is_gone_whatever_the_order(
    hemeroteca: Command, tmp_path: Path
) -> None:
    dates = {"2020": "200", "2021": "404", "2022": "200", "2023": "404", "2024": "404"}
    made = [
        answered(
            URL, page() if status == "200" else b"", date=f"{year}-01-01T00:00:00Z", status=status
        )
        for year, status in dates.items()
    ]
    for name, order in (
        ("a", made),
        ("b", [made[2], *made[::-1]]),
        ("c", [made[0], made[4], *made]),
    ):
        (tmp_path / "x.warc").write_bytes(b"".join(order))
        assert hemeroteca("-a", f"{name}.db", "add", "--warc", "x.warc").code == 0
        ((gone_at,),) = rows(tmp_path / f"{name}.db", "SELECT gone_at FROM articles")
        assert gone_at.startswith("2023-01-01"), name


def test_an_older_answer_does_not_put_back_what_is_known_of_an_address(
    hemeroteca: Command, tmp_path: Path
) -> None:
    newer = answered(URL, page(), headers=[("ETag", "new")], date="2024-01-01T00:00:00Z")
    older = answered(URL, b"no", status="404", date="2014-01-01T00:00:00Z")
    (tmp_path / "a.warc").write_bytes(newer)
    (tmp_path / "b.warc").write_bytes(older)
    hemeroteca("add", "--warc", "a.warc")
    question = "SELECT state, etag, last_fetched_at, next_due_at FROM frontier"
    before = rows(tmp_path / "hemeroteca.db", question)
    assert [row[:2] for row in before] == [("article", "new")]
    assert counted(hemeroteca("add", "--warc", "b.warc")) == {"gone": 1}
    assert rows(tmp_path / "hemeroteca.db", question) == before
    assert rows(tmp_path / "hemeroteca.db", "SELECT gone_at FROM articles") == [(None,)]


def test_several_files_of_several_kinds_are_taken_in_one_run(
    hemeroteca: Command, tmp_path: Path
) -> None:
    for number, pack in enumerate((zipped, lambda record: record)):
        record = answered(f"{URL}{number}", page(f"A story of number {number}"))
        (tmp_path / f"{number}.warc").write_bytes(pack(record))
    with zipfile.ZipFile(tmp_path / "2.wacz", "w") as package:
        package.writestr("archive/a.warc", answered(f"{URL}2", page("A story of number two")))
        package.writestr("archive/b.warc.gz", zipped(answered(f"{URL}3", page("Of number three"))))
        package.writestr("pages/pages.jsonl", "{}")
    answer = hemeroteca("add", "--warc", "0.warc", "1.warc", "2.wacz")
    assert answer.code == 0, answer
    assert [line.split()[-1] for line in answer.out.splitlines()[1:]] == ["1", "1", "2"]


def test_everything_keeps_the_pictures_too(hemeroteca: Command, tmp_path: Path) -> None:
    picture = answered(f"{URL}x.png", b"\x89PNG", headers=[("Content-Type", "image/png")])
    (tmp_path / "a.warc").write_bytes(picture)
    assert hemeroteca("add", "--warc", "a.warc").out.split() == ["file", "a.warc"]
    assert counted(hemeroteca("add", "--warc", "a.warc", "--everything")) == {"no articles": 1}


# Bad input


def test_a_file_that_breaks_off_is_taken_as_far_as_it_goes(
    hemeroteca: Command, tmp_path: Path
) -> None:
    content = zipped(*(answered(f"{URL}{n}", page(f"A story of number {n}")) for n in range(3)))
    (tmp_path / "a.warc.gz").write_bytes(content[:-200])
    answer = hemeroteca("add", "--warc", "a.warc.gz")
    assert (answer.code, counted(answer)) == (1, {"new": 2})
    assert answer.err == (
        f"hemeroteca: a.warc.gz: its last record ({URL}2) is lost, since the file breaks off; "
        "everything before it was read.\n"
    )


def test_one_bad_record_costs_no_other(hemeroteca: Command, tmp_path: Path) -> None:
    bad = record_of("response", f"{URL}bad", b"nothing of HTTP")
    good = [answered(f"{URL}{n}", page(f"A story of number {n}")) for n in range(2)]
    (tmp_path / "a.warc").write_bytes(b"".join((good[0], bad, good[1])))
    answer = hemeroteca("add", "--warc", "a.warc")
    assert (answer.code, counted(answer)) == (1, {"new": 2})
    assert answer.err == (
        f"hemeroteca: a.warc: a record ({URL}bad) is lost, since it holds no HTTP answer; "
        "the others were read.\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "'x' is empty; add saved pages without --warc."),
        (b"<html>", "'x' is no WARC or WACZ file; add saved pages without --warc."),
        (gzip.compress(b"<html>"), "'x' is no WARC or WACZ file; add saved pages without --warc."),
        (b"PK\x03\x04broken", "'x' does not open as a WACZ file: File is not a zip file."),
        (None, "There is no file 'x'; check the path."),
    ],
)
def test_what_is_no_web_archive_is_refused_before_anything_is_added(
    hemeroteca: Command, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    (tmp_path / "a.warc").write_bytes(answered(URL, page()))
    if content is not None:
        (tmp_path / "x").write_bytes(content)
    answer = hemeroteca("add", "--warc", "a.warc", "--warc", "x")
    assert (answer.code, answer.out, answer.err) == (2, "", f"hemeroteca: {sentence}\n")
    assert not (tmp_path / "hemeroteca.db").exists()


def test_a_zip_without_a_warc_is_refused(hemeroteca: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.wacz", "w") as package:
        package.writestr("pages/pages.jsonl", "{}")
    answer = hemeroteca("add", "--warc", "x.wacz")
    assert answer.code == 2
    assert "is a ZIP file without a WARC in it" in answer.err


def test_a_web_archive_is_not_taken_for_a_page(hemeroteca: Command, tmp_path: Path) -> None:
    (tmp_path / "a.WARC.gz").write_bytes(b"x")
    answer = hemeroteca("add", "a.WARC.gz")
    assert (answer.code, answer.err) == (
        2, "hemeroteca: 'a.WARC.gz' is a web archive: add it with --warc.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "words", [["--url", URL], ["--urls", "x"], ["--content-type", "text/html"]]
)
def test_what_a_warc_says_itself_is_not_said_beside_it(
    hemeroteca: Command, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "a.warc").write_bytes(answered(URL, page()))
    assert hemeroteca("add", "--warc", "a.warc", *words).code == 2


def test_no_other_command_loads_what_reads_web_archives() -> None:
    tell = (
        "import sys, scripts.cli\n"
        "try: scripts.cli.main(['--version'])\nexcept SystemExit: pass\n"
        "import storage; print([name for name in sys.modules if name.startswith('crawler.warc')])"
    )
    done = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
