"""`parse` and `add`: pages that a person has."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from scripts.newsroom import Newsroom, NewsroomArticle
from storage import Archive
from tests.running import Command, in_own_process


def saved(place: Path, room: Newsroom, article: NewsroomArticle, name: str = "page.html") -> Path:
    """The article's page as a file."""
    path = place / name
    path.write_bytes(room.answer(article.path).body)
    return path


def test_parse_prints_the_record(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    saved(tmp_path, newsroom, analysed)
    answer = hemeroteca("parse", "page.html", "--url", analysed.url, "--site", "faro")
    assert (answer.code, answer.err) == (0, "")
    for key, value in analysed.record().items():
        assert answer.json[key] == (list(value) if isinstance(value, tuple) else value), key


def test_parse_leaves_nothing_behind(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    saved(tmp_path, newsroom, analysed)
    hemeroteca("parse", "page.html", "--url", analysed.url)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_parse_takes_the_charset_from_the_content_type(hemeroteca: Command, tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>La policía detuvo a {n} señores en la bahía.</p>" for n in range(9))
    page = f"<html><body><article><h1>Día de redadas en la bahía</h1>{paragraphs}</article>"
    (tmp_path / "page.html").write_bytes(page.encode("latin-1"))
    url = "https://news.example/2020/05/dia-de-redadas/"
    words = ("parse", "page.html", "--url", url, "--content-type", "text/html; charset=latin-1")
    assert hemeroteca(*words).json["headline"] == "Día de redadas en la bahía"


def test_add_stores_a_page_as_a_crawl_would(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    saved(tmp_path, newsroom, analysed)
    answer = hemeroteca("add", "page.html", "--url", analysed.url, "--site", "faro")
    assert answer.code == 0
    assert answer.out.splitlines()[1].split()[:2] == ["page.html", "new"]
    parsed = hemeroteca("parse", "page.html", "--url", analysed.url, "--site", "faro").json
    shown = hemeroteca("show", analysed.url, "--json").json
    assert {key: shown[key] for key in parsed} == parsed


def test_add_twice_stores_once(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    saved(tmp_path, newsroom, analysed)
    words = ("add", "page.html", "--url", analysed.url, "--site", "faro")
    assert " new " in hemeroteca(*words).out
    assert " unchanged " in hemeroteca(*words).out
    assert hemeroteca("history", analysed.url, "--json").json["revisions"][1:] == []


def test_a_page_that_names_its_address_needs_no_url(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom
) -> None:
    articles = newsroom.articles[:5]
    names = [
        saved(tmp_path, newsroom, article, f"{n}.html").name for n, article in enumerate(articles)
    ]
    answer = hemeroteca("add", *names, "--site", "faro")
    assert answer.code == 0, answer
    stored = {hemeroteca("show", article.url, "--json").json["url"] for article in articles}
    assert stored == {article.url for article in articles}


def test_a_page_that_names_none_is_told_and_the_others_are_added(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    saved(tmp_path, newsroom, analysed)
    (tmp_path / "list.html").write_text("<h1>Tag: ports</h1><ul><li><a href=/a>A</a></ul>")
    answer = hemeroteca("add", "list.html", "page.html", "--site", "faro")
    assert answer.code == 1
    assert answer.err == "hemeroteca: 1 of 2 pages could not be added; see the list.\n"
    rows = answer.out.splitlines()
    assert "the page names none; give it with --url" in rows[1]
    assert hemeroteca("show", analysed.url).code == 0


def test_a_page_counts_as_captured_when_its_file_was_last_changed(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    page = saved(tmp_path, newsroom, analysed)
    then = datetime(2021, 3, 4, 5, 6, tzinfo=UTC)
    os.utime(page, (then.timestamp(), then.timestamp()))
    hemeroteca("add", "page.html", "--url", analysed.url)
    (capture,) = hemeroteca("history", analysed.url, "--json").json["captures"]
    assert datetime.fromisoformat(capture["fetched_at"]) == then


def test_the_pages_at_a_list_of_addresses_are_fetched_and_nothing_else(tmp_path: Path) -> None:
    with Newsroom() as room:
        first, second = room.articles[-1], room.articles[-2]
        gone = f"{room.url}news/nobody-wrote-this/"
        wanted = f"# to look at\n{first.url}?utm_source=mail\n\n{second.url}\n{gone}\n"
        (tmp_path / "list.txt").write_text(wanted)
        arguments = ("add", "--urls", "list.txt", "--site", "faro", "--delay", "0")
        answer = in_own_process(*arguments, cwd=tmp_path)
        again = in_own_process(*arguments, cwd=tmp_path)
    assert (answer.code, answer.out) == (0, "")
    assert "2 new, 1 gone" in answer.err
    assert "nothing was due" in again.err
    kept = in_own_process("stats", "--by", "site", "--json", cwd=tmp_path)
    assert [row["articles"] for row in kept.json["rows"]] == [2]


def test_a_list_of_addresses_that_fail_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("http://127.0.0.1:9/nobody-listens/\n")
    answer = in_own_process("add", "--urls", "list.txt", "--delay", "0", cwd=tmp_path)
    assert answer.code == 1
    assert "left for a later run" in answer.err
    with Archive.open(tmp_path / "hemeroteca.db") as archive:  # and nothing is forbidden by that
        assert archive.robots("127.0.0.1:9") is None


def test_later_needs_a_list(tmp_path: Path) -> None:
    answer = in_own_process("add", "page.html", "--later", cwd=tmp_path)
    assert answer.code == 2
    assert "--urls" in answer.err


def test_addresses_of_a_list_may_be_left_to_the_next_crawl(tmp_path: Path) -> None:
    with Newsroom() as room:
        wanted = room.articles[-1]
        (tmp_path / "list.txt").write_text(f"# to look at\n{wanted.url}?utm_source=mail\n\n")
        answer = in_own_process(
            "add", "--urls", "list.txt", "--later", "--site", "faro", cwd=tmp_path
        )
        assert answer.code == 0
        assert answer.out.splitlines()[1].split() == ["faro", "1", "1"]
        in_own_process("crawl", room.url, "--site", "faro", "--delay", "0", cwd=tmp_path)
    answer = in_own_process("show", wanted.url, "--json", cwd=tmp_path)
    assert answer.json["headline"] == wanted.headline


def test_add_waits_for_no_crawl_that_holds_the_archive(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom, archive: Path
) -> None:
    from storage import Archive

    saved(tmp_path, newsroom, newsroom.articles[0])
    with Archive.open(archive, mode="write") as held, held.hold():
        answer = in_own_process("add", "page.html", cwd=tmp_path)
    assert answer.code == 3
    assert answer.out == ""
    assert answer.err.count("\n") == 1
