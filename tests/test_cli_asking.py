"""`sites`, `search`, `show`, `history`, `stats`, `export`, `failures`: what an archive answers."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import shlex
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from scripts.newsroom import Newsroom, NewsroomArticle
from storage import Archive
from tests.running import ROOT, Command, in_own_process


def number_of(hemeroteca: Command, article: NewsroomArticle) -> int:
    """The number under which the archive holds an article of the newsroom."""
    return int(hemeroteca("show", article.url, "--json").json["id"])


# sites


def test_sites_lists_every_profile(hemeroteca: Command) -> None:
    answer = hemeroteca("sites", "--json")
    by_name = {row["name"]: row for row in answer.json}
    assert set(by_name) >= {"faro", "insightcrime"}
    assert by_name["insightcrime"]["languages"] == ["en", "es"]
    assert by_name["insightcrime"]["start"]
    assert by_name["insightcrime"]["articles"] is None


def test_sites_counts_what_the_archive_holds(
    hemeroteca: Command, archive: Path, newsroom: Newsroom
) -> None:
    by_name = {row["name"]: row for row in hemeroteca("sites", "--json").json}
    assert by_name["faro"]["articles"] == len(newsroom.articles)
    assert by_name["insightcrime"]["articles"] == 0


def test_a_site_crawled_by_its_address_is_listed_too(
    hemeroteca: Command, tmp_path: Path, newsroom: Newsroom
) -> None:
    (tmp_path / "page.html").write_bytes(newsroom.answer(newsroom.articles[0].path).body)
    url = "https://news.example/2020/05/a-story-of-some-length/"
    assert hemeroteca("add", "page.html", "--url", url).code == 0
    row = next(row for row in hemeroteca("sites", "--json").json if row["name"] == "news.example")
    assert (row["articles"], row["title"], row["start"]) == (1, None, [])


def test_adding_a_site_is_adding_one_file(
    hemeroteca: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler import sites

    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "gazette.py").write_text(
        "from crawler.profile import Profile\n"
        "PROFILE = Profile('gazette', 'The Gazette', ('gazette.example',), ('en',))\n"
    )
    monkeypatch.setattr(sites, "__path__", [*sites.__path__, str(folder)])
    sites.all_sites.cache_clear()
    try:
        assert "gazette" in hemeroteca("sites").out
        assert hemeroteca("crawl", "gazete").err.startswith(
            "hemeroteca: No site is named 'gazete': did you mean 'gazette'?"
        )
    finally:
        sites.all_sites.cache_clear()


# search


def test_a_phrase_of_an_analysis_is_found_there_and_not_in_the_reporting(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle
) -> None:
    assert analysed.analysis is not None
    phrase = '"' + " ".join(analysed.analysis[0]["text"].replace('"', " ").split()[:6]) + '"'
    found = hemeroteca("search", phrase, "--in", "analysis", "--json").json
    assert [hit["url"] for hit in found["hits"]] == [analysed.url]
    assert hemeroteca("search", phrase, "--in", "body", "--json").json["total"] == 0


def test_search_in_json_has_the_documented_keys(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("search", "the", "--limit", "2", "--json").json
    assert list(answer) == [
        "query", "total", "hits", "facets", "suggestion", "every_word", "least_words", "forms",
    ]  # fmt: skip
    assert len(answer["hits"]) == 2 < answer["total"]
    assert list(answer["hits"][0]) == [
        "id", "url", "headline", "published", "site", "category", "authors", "snippet", "score",
        "missing",
    ]  # fmt: skip


def test_accents_and_case_dont_matter(hemeroteca: Command, archive: Path) -> None:
    counts = {hemeroteca("search", word, "--count").out for word in ("POLICÍA", "policia")}
    assert len(counts) == 1
    assert int(counts.pop()) > 0


def test_filters_narrow_the_search(
    hemeroteca: Command, archive: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    def total(*options: str) -> int:
        return int(hemeroteca("search", "a OR the OR de OR la", "--count", *options).out)

    everything = total()
    assert total("--site", "faro") == everything
    assert total("--site", "insightcrime") == 0
    english, spanish = total("--language", "en"), total("--language", "es")
    assert english + spanish == everything
    assert spanish == sum(article.language == "es" for article in newsroom.articles)
    assert analysed.published is not None
    day = analysed.published[:10]
    hits = hemeroteca(
        "search", "a OR the", "--since", day, "--until", day, "--author", analysed.authors[0],
        "--json",
    ).json["hits"]  # fmt: skip
    assert analysed.url in [hit["url"] for hit in hits]
    assert all(hit["published"][:10] == day for hit in hits)


def test_pages_of_results_follow_each_other(hemeroteca: Command, archive: Path) -> None:
    def ids(*options: str) -> list[int]:
        answer = hemeroteca("search", "the", "--sort", "newest", "--json", *options).json
        return [hit["id"] for hit in answer["hits"]]

    assert ids("--limit", "3") + ids("--limit", "3", "--offset", "3") == ids("--limit", "6")
    newest = ids("--limit", "999")
    assert len(newest) == len(set(newest)) == int(hemeroteca("search", "the", "--count").out)


def test_sorting_by_date(hemeroteca: Command, archive: Path) -> None:
    for order, backwards in (("oldest", False), ("newest", True)):
        hits = hemeroteca("search", "the", "--sort", order, "--limit", "999", "--json").json["hits"]
        days = [hit["published"][:10] for hit in hits if hit["published"]]
        assert days == sorted(days, reverse=backwards)
        assert len(set(days)) > 5


def test_a_search_to_read(hemeroteca: Command, archive: Path, analysed: NewsroomArticle) -> None:
    phrase = '"' + " ".join(analysed.headline.replace('"', " ").split()[:5]) + '"'
    answer = hemeroteca("search", phrase, "--in", "headline")
    headline, about, *_, url = answer.out.splitlines()
    assert headline == analysed.headline
    assert all(name in about for name in analysed.authors)
    assert url.strip() == analysed.url
    assert answer.err == "1 found.\n"


def test_the_last_page_of_results_promises_no_next_one(hemeroteca: Command, archive: Path) -> None:
    total = int(hemeroteca("search", "the", "--count").out)

    def closing(*options: str) -> str:
        return hemeroteca("search", "the", *options).err

    shown = f"2 of {total} found"
    assert closing("--limit", "2") == f"{shown}; --offset 2 shows the next.\n"
    assert closing("--limit", "9", "--offset", str(total - 2)) == f"{shown}.\n"
    assert closing("--limit", "0") == f"0 of {total} found.\n"


def test_nothing_found_is_said_and_is_no_error(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("search", "xylophonist")
    assert (answer.code, answer.out, answer.err) == (0, "", "Nothing found.\n")


def test_most_of_the_words_are_given_where_no_article_has_all_and_it_is_said(
    hemeroteca: Command, archive: Path
) -> None:
    query = "forged refilled insulin"
    answer = hemeroteca("search", query, "--language", "en")
    assert "  without: forged\n" in answer.out
    said = "No article has all 3 words; these have at least 2 of them. "
    assert answer.err.startswith(said)

    read = hemeroteca("search", query, "--language", "en", "--json").json
    assert (read["every_word"], read["least_words"]) == (False, 2)
    assert read["hits"][0]["missing"] == ["forged"]

    assert hemeroteca("search", query, "--count").out == "0\n"
    strict = hemeroteca("search", query, "--every-word")
    assert (strict.out, strict.err) == ("", "Nothing found.\n")


def commands_of(page: str) -> list[list[str]]:
    """The commands that a page of the documentation shows, as a shell parts them."""
    text = (ROOT / "docs" / page).read_text()
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    typed = (shlex.split(line, comments=True) for block in blocks for line in block.splitlines())
    return [words[1:] for words in typed if words[:1] == ["hemeroteca"]]


@pytest.mark.parametrize(
    "words", commands_of("how-to/search-the-archive.md"), ids=lambda words: " ".join(words)
)
def test_what_the_how_to_shows_can_be_typed(
    hemeroteca: Command, archive: Path, words: list[str]
) -> None:
    known = ["faro" if word == "insightcrime" else word for word in words]
    answer = hemeroteca(*known)
    assert answer.code == 0
    assert answer.out or answer.err.startswith("Nothing found.")


# show


def test_show_prints_the_whole_article(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle
) -> None:
    printed = hemeroteca("show", analysed.url).out
    assert analysed.headline in printed
    assert analysed.analysis is not None
    for block in (*analysed.body, *analysed.analysis):
        assert block["text"] in printed
    assert printed.index(analysed.body[-1]["text"]) < printed.index("\nAnalysis\n")
    assert printed.index("\nAnalysis\n") < printed.index(analysed.analysis[0]["text"])


def test_show_knows_an_article_by_number_and_by_address(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle
) -> None:
    number = number_of(hemeroteca, analysed)
    assert hemeroteca("show", number).out == hemeroteca("show", analysed.url).out


@pytest.mark.parametrize("command", ["show", "history"])
def test_a_pasted_address_may_carry_what_a_mailing_added(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle, command: str
) -> None:
    pasted = f"{analysed.url}?utm_source=letter&fbclid=abc#top"
    assert hemeroteca(command, pasted, "--json").json["url"] == analysed.url


def test_show_in_json_is_the_record_and_what_the_archive_knows(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle
) -> None:
    answer = hemeroteca("show", analysed.url, "--json").json
    for key, value in analysed.record().items():
        expected = list(value) if isinstance(value, tuple) else value
        assert answer[key] == expected, key
    assert answer["article"] is True
    assert answer["provenance"]["headline"]["source"]
    assert len(answer["captures"]) == answer["revisions"] == 1


def test_show_raw_gives_the_captured_bytes(archive: Path, analysed: NewsroomArticle) -> None:
    import subprocess
    import sys

    from tests.running import ROOT

    done = subprocess.run(
        [sys.executable, "-m", "scripts.cli", "--archive", archive, "show", analysed.url, "--raw"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    with sqlite3.connect(archive) as connection:
        (known,) = connection.execute(
            "SELECT sha256 FROM v_captures WHERE url = ?",
            [analysed.url],
        ).fetchone()
    connection.close()
    assert hashlib.sha256(done.stdout).hexdigest() == known
    assert b"gzip-encoded, and so are these bytes; `gunzip` undoes that." in done.stderr
    assert analysed.headline in gzip.decompress(done.stdout).decode()


def test_show_at_a_day_shows_the_article_as_it_stood(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle
) -> None:
    today = hemeroteca("show", analysed.url, "--json").json["first_seen_at"][:10]
    assert hemeroteca("show", analysed.url, "--at", today).out == (
        hemeroteca("show", analysed.url).out
    )


# history and stats


def test_the_first_revision_has_no_changes(
    hemeroteca: Command, archive: Path, analysed: NewsroomArticle
) -> None:
    answer = hemeroteca("history", analysed.url, "--json").json
    assert answer["url"] == analysed.url
    assert [(each["number"], each["changes"]) for each in answer["revisions"]] == [(1, [])]
    assert len(answer["captures"]) == 1
    assert datetime.fromisoformat(answer["revisions"][0]["captured_at"]).tzinfo is not None


@pytest.mark.parametrize(
    "by", ["year", "month", "category", "author", "language", "site", "kind", "tag"]
)
def test_stats_in_json_has_the_documented_keys(hemeroteca: Command, archive: Path, by: str) -> None:
    answer = hemeroteca("stats", "--by", by, "--json").json
    assert list(answer) == ["by", "rows", "forms"]
    assert answer["by"] == by
    assert all(list(row)[:2] == ["key", "articles"] for row in answer["rows"])


def test_stats_agree_with_plain_sql(hemeroteca: Command, archive: Path) -> None:
    with sqlite3.connect(archive) as connection:
        known = dict(connection.execute("SELECT language, count(*) FROM articles GROUP BY 1"))
    connection.close()
    rows = hemeroteca("stats", "--by", "language", "--json").json["rows"]
    assert {row["key"]: row["articles"] for row in rows} == known


def test_stats_can_count_what_a_query_finds(hemeroteca: Command, archive: Path) -> None:
    rows = hemeroteca("stats", "puerto", "--by", "site", "--json").json["rows"]
    assert rows[0]["articles"] == int(hemeroteca("search", "puerto", "--count").out)


def test_a_table_into_a_pipe_is_plain_and_aligned(hemeroteca: Command, archive: Path) -> None:
    head, *rows = hemeroteca("stats", "--by", "language").out.splitlines()
    assert head.split()[:2] == ["language", "articles"]
    end = head.index("articles") + len("articles")
    assert all(row[end - 1].isdigit() and row == row.rstrip() for row in rows)


# export


def test_jsonl_holds_every_article_as_show_prints_it(
    hemeroteca: Command, archive: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    lines = hemeroteca("export", "--format", "jsonl").out.splitlines()
    records = {record["url"]: record for record in map(json.loads, lines)}
    assert len(lines) == len(records) == len(newsroom.articles)
    shown = hemeroteca("show", analysed.url, "--json").json
    for key, value in records[analysed.url].items():
        assert value == shown[key], key


def test_csv_has_a_row_an_article_and_reads_back(
    hemeroteca: Command, archive: Path, newsroom: Newsroom, analysed: NewsroomArticle
) -> None:
    text = hemeroteca("export", "--format", "csv").out
    rows = {row["url"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == len(newsroom.articles)
    assert rows[analysed.url]["headline"] == analysed.headline
    assert rows[analysed.url]["authors"] == "; ".join(analysed.authors)
    assert rows[analysed.url]["body_text"] == "\n\n".join(block["text"] for block in analysed.body)


def test_an_export_takes_the_filters_of_search(hemeroteca: Command, archive: Path) -> None:
    lines = hemeroteca("export", "--format", "jsonl", "puerto", "--language", "es").out
    count = hemeroteca("search", "puerto", "--language", "es", "--count").out
    assert len(lines.splitlines()) == int(count) > 0


def test_a_note_beside_the_file_says_what_it_is(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    hemeroteca("export", "puerto", "--language", "es", "--since", "2000-01-01", "-o", "es.csv")
    note = json.loads((tmp_path / "es.csv.meta.json").read_text())
    assert note["query"] == {"query": "puerto", "language": "es", "since": "2000-01-01"}
    assert note["archive"] == str(archive.resolve())
    rows = list(csv.DictReader(io.StringIO((tmp_path / "es.csv").read_text())))
    assert note["rows"] == len(rows)
    assert "puertos" in note["forms"]["puerto"]
    assert all(row["published_on"] == row["published"][:10] for row in rows)
    counted = hemeroteca("stats", "puerto", "--language", "es", "--by", "site")
    assert "puerto is found as" in counted.err
    answer = hemeroteca("export", "--since", "1900-01-01", "--until", "1900-01-01", "-o", "no.csv")
    assert answer.err == "0 articles written to no.csv.\n"
    assert datetime.fromisoformat(note["exported_at"]).tzinfo is not None


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        (("--author", "helen"), "No article has --author 'helen': did you mean 'Helen van"),
        (("--tag", "Extorsion!"), "No article has --tag 'Extorsion!': did you mean 'Extorsión'"),
        (("--category", "zzz"), "`hemeroteca stats --by category` lists them."),
    ],
)
def test_a_name_that_nothing_has_is_told_with_those_that_are_near(
    hemeroteca: Command, archive: Path, option: tuple[str, str], hint: str
) -> None:
    search = ["search", "the"]
    for words in (["export", "--format", "csv"], ["stats"], search, [*search, "--count"]):
        answer = hemeroteca(*words, *option)
        assert answer.code == 0
        assert hint in answer.err
    both = hemeroteca("export", "--format", "csv", "--language", "es", "--until", "1990")
    assert "No article has" not in both.err


def test_a_month_or_a_year_is_a_date(hemeroteca: Command, archive: Path) -> None:
    def count(since: str, until: str) -> str:
        rows = hemeroteca("stats", "--since", since, "--until", until, "--json").json["rows"]
        return " ".join(f"{row['key']}:{row['articles']}" for row in rows)

    assert count("2019", "2020") == count("2019-01-01", "2020-12-31")
    assert count("2019-02", "2020-02") == count("2019-02-01", "2020-02-29")


def test_an_export_that_fails_leaves_the_old_file_as_it_was(
    hemeroteca: Command, archive: Path, tmp_path: Path
) -> None:
    old = tmp_path / "articles.csv"
    old.write_text("yesterday's")
    assert hemeroteca("export", 'a "b', "-o", "articles.csv").code == 2
    assert old.read_text() == "yesterday's"
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob("*.json"))


def test_a_password_stays_out_of_the_note() -> None:
    from scripts.commands.taking_away import _named

    assert _named("postgresql://me:secret@host/db") == "postgresql://me:***@host/db"


# failures


def test_failures_are_listed_retried_and_forgotten(hemeroteca: Command, tmp_path: Path) -> None:
    with Newsroom() as room:
        broken = room.articles[0]
        room.fail(broken.path, 500, times=99)
        crawl = ("crawl", room.url, "--site", "faro", "--delay", "0", "--limit", "3")
        answer = in_own_process(*crawl, "--tolerance", "0", cwd=tmp_path)
    assert answer.code == 1
    assert "1 page failed (`hemeroteca failures` lists it)" in answer.err
    (failure,) = hemeroteca("failures", "--json").json
    assert (failure["url"], failure["count"]) == (broken.url, 1)
    assert "500" in failure["reason"]
    assert broken.url in hemeroteca("failures").out
    assert "<h1>500</h1>" in hemeroteca("failures", "--raw", str(failure["capture_id"])).out
    assert hemeroteca("failures", "--url", "http://x.example/").err == "No failures.\n"
    other = hemeroteca("failures", "--retry", "--url", "http://x.example/")
    assert other.err == "0 due again; the next crawl asks for them.\n"
    assert hemeroteca("failures", "--retry").err == "1 due again; the next crawl asks for them.\n"
    assert hemeroteca("failures", "--forget").err == "1 given up.\n"
    assert hemeroteca("failures").err == "No failures.\n"
    assert hemeroteca("failures", "--json").json == []


def test_without_a_query_what_fits_the_filters_is_listed_newest_first(
    hemeroteca: Command, archive: Path
) -> None:
    listed = hemeroteca("search", "--author", "Ruth Pemberton", "--json").json
    days = [hit["published"] for hit in listed["hits"]]
    assert listed["total"] == len(days) > 1
    assert days == sorted(days, reverse=True)
    assert all("Ruth Pemberton" in hit["authors"] for hit in listed["hits"])
    everything = hemeroteca("search", "--count")
    assert everything.out.strip() == str(sum(_sites(archive).values()))


def _sites(path: Path) -> dict[str, int]:
    with Archive.open(path) as archive:
        return archive.sites()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("search", ("-gang",)),
        ("search", ("prison", "-gang")),
        ("search", ("prison", "gang")),
        ("stats", ("prison", "gang")),
        ("export", ("prison", "-gang")),
        ("changes", ("prison", "gang")),
    ],
)
def test_a_query_without_its_quotes_is_told_to_have_them(
    hemeroteca: Command, archive: Path, command: str, words: tuple[str, ...]
) -> None:
    answer = hemeroteca(command, *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.strip().endswith(
        "a query of several words, or with a minus, stands in quotes, "
        f"as in `hemeroteca {command} 'prison -gang'`."
    )


def test_an_option_that_there_is_not_is_told_as_ever(hemeroteca: Command, archive: Path) -> None:
    answer = hemeroteca("search", "prison", "--sitee", "x")
    assert (answer.code, "quotes" in answer.err, "--site" in answer.err) == (2, False, True)
