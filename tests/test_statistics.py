"""Counts that tell the truth: every period, its gaps, and what a number is a share of."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from crawler.discovery import Found
from crawler.errors import BadInput
from scripts.commands.counting import By
from storage import Archive
from storage.statistics import BY
from tests.running import Command
from tests.storing import SITE, Desk, address, article, paragraphs
from tests.storing import desk as desk


def enlist(desk: Desk, month: str, number: int, start: int = 100) -> None:
    """The site's sitemap names some addresses of a month."""
    at = datetime.fromisoformat(f"{month}-10").replace(tzinfo=UTC)
    names = [address(f"{month}/{each}") for each in range(start, start + number)]
    founds = [Found(name, at, "sitemap") for name in names]
    desk.archive.enlist(SITE, founds, crawl_id=desk.crawl_id, now=desk.now)


def looked(desk: Desk) -> None:
    """A crawl has read the site's sitemap to its end."""
    desk.archive.finish_crawl(desk.crawl_id, {"lists_to_end": True}, desk.now, "finished")


def save(
    desk: Desk, number: int, published: str | None, text: str = "the port", **more: Any
) -> None:
    desk.save(article(number, published=published, body=paragraphs(text), **more))


def counted(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in ("key", *names)) for row in rows]


def test_a_month_without_any_article_is_a_row_and_a_gap_if_nobody_looked(desk: Desk) -> None:
    save(desk, 1, "2019-11-02")
    save(desk, 2, "2020-02-01")
    rows = desk.archive.stats("month")
    assert counted(rows, "articles", "gap") == [
        ("2019-11", 1, True),
        ("2019-12", 0, True),
        ("2020-01", 0, True),
        ("2020-02", 1, True),
    ]
    enlist(desk, "2020-02", 1)
    desk.archive.finish_crawl(desk.crawl_id, {}, desk.now, "finished")
    rows = desk.archive.stats("month")
    assert counted(rows, "articles", "gap")[:3] == [
        ("2019-11", 1, False), ("2019-12", 0, False), ("2020-01", 0, False),
    ]  # fmt: skip


def test_a_month_of_which_the_archive_lacks_most_is_a_gap_and_no_dip(desk: Desk) -> None:
    for number, month in enumerate(("2020-01", "2020-02", "2020-03")):
        save(desk, number, f"{month}-05")
    enlist(desk, "2020-02", 9)
    looked(desk)
    rows = desk.archive.stats("month")
    assert counted(rows, "articles", "listed", "complete", "gap") == [
        ("2020-01", 1, 1, 1.0, False), ("2020-02", 1, 10, 0.1, True), ("2020-03", 1, 1, 1.0, False),
    ]  # fmt: skip
    (year,) = desk.archive.stats("year")
    assert (year["listed"], year["complete"], year["gap"]) == (12, 0.25, True)


def test_a_month_of_nothing_but_what_was_listed_is_told(desk: Desk) -> None:
    save(desk, 1, "2020-01-05")
    enlist(desk, "2020-03", 4)
    assert counted(desk.archive.stats("month"), "articles", "gap")[-1] == ("2020-03", 0, True)


def test_a_small_gap_does_not_taint_a_year(desk: Desk) -> None:
    for number in range(40):
        save(desk, number, f"2020-{1 + number % 10:02}-05")
    enlist(desk, "2020-03", 2)
    looked(desk)
    (year,) = desk.archive.stats("year")
    assert (year["complete"], year["gap"]) == (round(40 / 42, 4), False)


def test_only_the_period_and_the_site_in_question_are_filled(desk: Desk) -> None:
    save(desk, 1, "2015-01-05")
    save(desk, 2, "2020-02-05")
    save(desk, 3, "2021-02-05")
    rows = desk.archive.stats("year", since="2019", until="2020-12-31")
    assert counted(rows, "articles", "gap") == [("2019", 0, True), ("2020", 1, True)]
    assert desk.archive.stats("year", site="nobody") == []


def test_rows_span_the_time_that_was_asked_for_and_end_today(desk: Desk) -> None:
    save(desk, 1, "2020-03-05")
    rows = desk.archive.stats("month", since="2020-01", until="2020-05")
    assert counted(rows, "articles", "gap") == [
        ("2020-01", 0, True), ("2020-02", 0, True), ("2020-03", 1, True),
        ("2020-04", 0, True), ("2020-05", 0, True),
    ]  # fmt: skip
    quiet = desk.archive.stats("year", since="2018", until="2019")
    assert counted(quiet, "articles") == [("2018", 0), ("2019", 0)]
    to_come = desk.archive.stats("year", since="2020", until="9999")
    assert to_come[-1]["key"] == f"{datetime.now(UTC):%Y}"


def test_articles_without_a_day_are_counted_last(desk: Desk) -> None:
    save(desk, 1, None)
    save(desk, 2, "2020-02-05")
    assert counted(desk.archive.stats("year"), "articles") == [("2020", 1), (None, 1)]


def test_hits_are_told_as_a_share_of_everything_of_that_period(desk: Desk) -> None:
    save(desk, 1, "2019-01-05", "extortion")
    save(desk, 2, "2019-02-05")
    save(desk, 3, "2019-03-05")
    save(desk, 4, "2021-02-05", "extortion", language="es")
    rows = desk.archive.stats("year", query="extortion")
    assert counted(rows, "articles", "all", "share") == [
        ("2019", 1, 3, 0.333333), ("2020", 0, 0, None), ("2021", 1, 1, 1.0),
    ]  # fmt: skip
    rows = desk.archive.stats("language", query="extortion")
    assert counted(rows, "articles", "all") == [("en", 1, 3), ("es", 1, 1)]
    assert "share" not in desk.archive.stats("year")[0]


def test_categories_are_told_over_the_years(desk: Desk) -> None:
    save(desk, 1, "2019-01-05", category="Gangs")
    save(desk, 2, "2021-02-05", category="GANGS", analysis=paragraphs("Why."))
    save(desk, 3, "2021-02-05", category="Ports")
    save(desk, 4, None, category="Ports")
    gangs, ports = desk.archive.stats("category", over="year")
    assert (gangs["articles"], ports["articles"]) == (2, 2)
    assert counted(gangs["over"], "articles", "with_analysis") == [
        ("2019", 1, 0), ("2020", 0, 0), ("2021", 1, 1),
    ]  # fmt: skip
    assert counted(ports["over"], "articles") == [("2019", 0), ("2020", 0), ("2021", 1), (None, 1)]


def test_a_share_over_the_years_is_of_that_category_in_that_year(desk: Desk) -> None:
    save(desk, 1, "2019-01-05", "extortion", category="Gangs")
    save(desk, 2, "2019-02-05", category="Gangs")
    save(desk, 3, "2020-02-05", "extortion", category="Ports")
    gangs, ports = desk.archive.stats("category", query="extortion", over="year")
    assert counted(gangs["over"], "articles", "all", "share") == [
        ("2019", 1, 2, 0.5), ("2020", 0, 0, None),
    ]  # fmt: skip
    assert counted(ports["over"], "share") == [("2019", None), ("2020", 1.0)]


def test_what_is_over_time_already_is_not_told_over_time(desk: Desk) -> None:
    with pytest.raises(BadInput, match="is counted by something else"):
        desk.archive.stats("month", over="year")


# on the command line


def test_a_gap_is_marked_in_the_table(hemeroteca: Command, desk: Desk) -> None:
    for number, month in enumerate(("2020-01", "2020-02", "2020-03")):
        save(desk, number, f"{month}-05", category="Ports")
    enlist(desk, "2020-02", 9)
    looked(desk)
    lines = hemeroteca("-a", "news.db", "stats", "--by", "month").out.splitlines()
    assert lines[0].split()[-3:] == ["listed", "complete", "gap"]
    assert [line.split()[-2:] for line in lines[1:]] == [
        ["1", "100.0%"], ["10.0%", "gap"], ["1", "100.0%"],
    ]  # fmt: skip
    head, row, remark = hemeroteca(
        "-a", "news.db", "stats", "--by", "category", "--over", "month"
    ).out.splitlines()
    assert head.split() == ["category", "articles", "2020-01", "2020-02*", "2020-03"]
    assert row.split() == ["Ports", "3", "1", "1", "1"]
    assert remark.startswith("* a gap in the archive")


def test_the_ledger_holds_what_was_listed_against_what_is_stored(
    hemeroteca: Command, desk: Desk
) -> None:
    save(desk, 1, "2020-01-05")
    enlist(desk, "2020-02", 3)
    looked(desk)
    answer = hemeroteca("-a", "news.db", "stats", "--coverage", "--json").json
    assert answer["by"] == "coverage"
    (first, second) = answer["rows"]
    assert (first["key"], first["articles"], first["listed"], first["gap"]) == (
        "2020-01", 1, 1, False,
    )  # fmt: skip
    assert (second["key"], second["waiting"], second["complete"], second["gap"]) == (
        "2020-02", 3, 0.0, True,
    )  # fmt: skip
    words = ("stats", "--coverage", "--by", "month", "--since", "2020-02-01")
    lines = hemeroteca("-a", "news.db", *words).out
    months, sources = (part.splitlines() for part in lines.split("\n\n"))
    assert [line.split()[:4] for line in months[1:]] == [[SITE, "2020-02", "3", "0"]]
    assert sources[0].split() == ["site", "source", "listed", "only", "stored", "missing"]
    assert [line.split() for line in sources[1:]] == [[SITE, "sitemap", "3", "3", "0", "3"]]
    (told,) = answer["sources"]
    assert (told["source"], told["listed"], told["only"]) == ("sitemap", 3, 3)


def test_a_person_reads_the_ledger_by_years_and_sums_and_a_program_by_months(
    hemeroteca: Command, desk: Desk
) -> None:
    save(desk, 1, "2019-05-05")
    save(desk, 2, "2020-01-05")
    enlist(desk, "2020-02", 3)
    looked(desk)

    def lines(*words: str) -> list[list[str]]:
        out = hemeroteca("-a", "news.db", "stats", "--coverage", *words).out
        return [line.split() for line in out.split("\n\n")[0].splitlines()]

    head, *years = lines()
    assert (head[:3], head[-2:]) == (["site", "year", "listed"], ["complete", "gaps"])
    assert [line[:4] for line in years] == [
        [SITE, "2019", "1", "1"], [SITE, "2020", "4", "1"], [SITE, "all", "5", "2"],
    ]  # fmt: skip
    assert [line[1] for line in lines("--missing")[1:]] == ["2020"]
    assert [line[1] for line in lines("--missing", "--by", "month")[1:]] == ["2020-02"]
    answer = hemeroteca("-a", "news.db", "stats", "--coverage", "--json").json
    assert [row["key"] for row in answer["rows"]] == ["2019-05", "2020-01", "2020-02"]
    (whole,) = answer["sums"]
    assert (whole["site"], whole["listed"], whole["waiting"], whole["gaps"]) == (SITE, 5, 3, 1)
    less = hemeroteca("-a", "news.db", "stats", "--coverage", "--missing", "--json").json
    assert [row["key"] for row in less["rows"]] == ["2020-02"]
    assert less["sums"] == answer["sums"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--coverage", "--category", "Gangs"], "it takes --site, --since and --until alone"),
        (["extortion", "--coverage"], "it takes --site, --since and --until alone"),
        (["--coverage", "--by", "tag"], "--coverage is told --by year or month, not --by tag."),
        (["--missing"], "--missing is of what sites listed; add --coverage."),
        (["--by", "month", "--over", "year"], "--by month is over time already"),
        (["--plot", "a.pdf"], "'a.pdf' can't be drawn; name a file that ends in .png or .svg."),
        (["--measure", "share", "--plot", "a.png"], "is of what a QUERY finds; give one."),
        (["--measure", "words"], "--measure is for a plot; add --plot FILE"),
        (["--plot", "no/such/place.svg"], "There is no directory 'no/such'; make it first."),
    ],
)
def test_what_cant_be_counted_is_told_in_a_sentence(
    hemeroteca: Command, desk: Desk, words: list[str], sentence: str
) -> None:
    answer = hemeroteca("-a", "news.db", "stats", *words)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("by", ["author", "category", "tag", "site", "year"])
def test_a_plain_statement_counts_as_stats_does(crawled: Path, by: str) -> None:
    with Archive.open(crawled) as archive, closing(archive.sqlite_connection()) as connection:
        statement, parameters = archive.counting_sql(by)
        rows = connection.execute(statement, parameters).fetchall()
        counted = [row for row in archive.stats(by) if row["key"] or by not in ("author", "tag")]
        if by in ("author", "tag"):
            assert archive.names(by) == [
                {"key": row["key"], "articles": row["articles"]} for row in counted
            ]
    assert sum(row[1] for row in rows) == sum(row["articles"] for row in counted)
    assert {row["key"] for row in counted if row["articles"]} <= {row[0] for row in rows}


def test_bare_counts_are_the_same_without_what_they_are_a_share_of(crawled: Path) -> None:
    with Archive.open(crawled) as archive:
        bare = archive.stats("month", query="police", bare=True)
        whole = {row["key"]: row for row in archive.stats("month", query="police")}
    assert bare
    assert [row["key"] for row in bare] == sorted(row["key"] for row in bare)
    for row in bare:
        assert row == {name: whole[row["key"]][name] for name in row}
        assert set(row) == {"key", "articles", "words", "with_analysis"}


def test_a_plain_statement_of_nothing_known_is_refused(crawled: Path) -> None:
    with Archive.open(crawled) as archive, pytest.raises(BadInput, match="can't be counted by"):
        archive.counting_sql("colour")


def test_the_command_counts_by_all_that_the_archive_counts_by() -> None:
    assert get_args(By) == BY
