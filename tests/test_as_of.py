"""What was counted and taken away on a day comes out the same when it is asked for later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import BadInput, NotAnArticle
from storage import Archive
from tests.running import Command
from tests.storing import NOW, SITE, Desk, address, article, desk, paragraphs
from tests.test_coverage import Found

__all__ = ["desk"]

#: What is asked on each day, and again of each day at the end. ``None`` for the archive of now.
QUESTIONS: dict[str, Callable[[Archive, Any], Any]] = {
    "years": lambda archive, at: archive.stats("year", at=at),
    "months": lambda archive, at: archive.stats("month", at=at, since="2020", until="2021-03"),
    "share": lambda archive, at: archive.stats("year", query="heroin", at=at),
    "authors": lambda archive, at: archive.stats("author", at=at),
    "tags": lambda archive, at: archive.stats("tag", at=at, author="iván paz"),
    "categories": lambda archive, at: archive.stats("category", query="coca*", over="year", at=at),
    "bare": lambda archive, at: archive.stats("category", at=at, bare=True),
    "one site": lambda archive, at: archive.stats("kind", at=at, site=SITE),
    "records": lambda archive, at: list(archive.articles(at=at)),
    "as they lie": lambda archive, at: list(archive.articles(at=at, sort=None)),
    "newest": lambda archive, at: list(archive.articles(at=at, sort="newest", query="heroin")),
    "labelled": lambda archive, at: list(archive.articles(at=at, category="drugs")),
    "cited": lambda archive, at: [_evidence(each) for each in archive.references(at=at)],
    "frame": lambda archive, at: archive.to_dataframe(at=at).to_dict("records"),
    "polars": lambda archive, at: archive.to_polars(at=at).to_dicts(),
    "lacking": lambda archive, at: archive.to_dataframe(at=at).attrs["coverage"],
}


def _evidence(reference: Any) -> tuple[Any, ...]:
    return reference.id, reference.article, reference.captured_at, reference.sha256


Answers = dict[str, str]


def answers(desk: Desk, at: datetime | None) -> Answers:
    """All questions with what they came to; `nan` is like `nan` as a text."""
    return {name: repr(ask(desk.archive, at)) for name, ask in QUESTIONS.items()}


@pytest.fixture
def days(desk: Desk) -> list[tuple[datetime, Answers]]:
    """Four days of an archive, each with what it answered in the evening."""
    told = []
    for day in (_first, _second, _third, _fourth):
        day(desk)
        desk.pass_time(minutes=1)
        desk.archive.finish_crawl(desk.crawl_id, {"lists_to_end": True}, desk.now, "finished")
        told.append((desk.now, answers(desk, None)))
        desk.pass_time(days=1)
        desk.crawl_id = desk.archive.start_crawl(SITE, "due", {}, desk.now)
    return told


def _list(desk: Desk, *named: tuple[int, str]) -> None:
    desk.pass_time(minutes=1)
    founds = [Found(address(number), datetime.fromisoformat(f"{day}T00Z")) for number, day in named]
    desk.archive.enlist(SITE, founds, crawl_id=desk.crawl_id, now=desk.now)


def _first(desk: Desk) -> None:
    _list(desk, (1, "2020-05-17"), (2, "2020-06-01"), (3, "2021-01-01"), (9, "2020-08-01"))
    desk.save(article(1, headline="Heroin seized", category="DRUGS", tags=("Ports",)))
    desk.save(article(2, headline="Heroin again", authors=("Iván Paz",), category="Drugs"))


def _second(desk: Desk) -> None:
    desk.save(
        article(1, headline="Cocaine seized", category="CRIME", authors=("Iván Paz",)),
    )
    desk.save(NotAnArticle("listing"), url=address(9))
    desk.gone(2)


def _third(desk: Desk) -> None:
    _list(desk, (4, "2020-02-01"))
    desk.save(article(3, headline="Heroin and cocaine", published="2021-01-01", category="drugs"))
    desk.save(article(2, headline="Heroin again", authors=("Iván Paz",), category="Drugs"))


def _fourth(desk: Desk) -> None:
    body = paragraphs("Cocaine, it was thought, and then it was not.", "It was heroin.")
    desk.save(article(1, headline="Fentanyl seized", body=body, published="2020-05-18"))
    desk.save(article(4, headline="Late", published="2020-02-01", analysis=body))
    desk.gone(3, 410)


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_of_a_day_can_be_had_again(
    desk: Desk, days: list[tuple[datetime, Answers]], name: str
) -> None:
    then = [told[name] for _, told in days]
    assert len(set(then)) > 1, "a question that every day answers alike proves nothing"
    again = [repr(QUESTIONS[name](desk.archive, moment)) for moment, _ in days]
    assert again == then


def test_before_the_first_day_nothing_is_known(desk: Desk, days: object) -> None:
    archive = desk.archive
    assert archive.stats("year", at="2026-02") == []
    assert list(archive.articles(at="2026-02")) == []
    assert archive.coverage(at="2026-02") == []


def test_pages_of_a_day_have_no_rank(desk: Desk, days: object) -> None:
    with pytest.raises(BadInput, match="sorted by newest or oldest, not by 'relevance'"):
        list(desk.archive.articles(query="heroin", sort="relevance", at="2027"))


def test_the_commands_count_draw_and_export_a_day(
    hemeroteca: Command, desk: Desk, days: list[tuple[datetime, Answers]], tmp_path: Path
) -> None:
    place = ("--archive", desk.archive.path)
    at = f"{NOW + timedelta(days=1):%Y-%m-%d}"  # the second day
    counted = hemeroteca(*place, "stats", "--by", "category", "--at", at, "--json").json
    assert [(row["key"], row["articles"]) for row in counted["rows"]] == [
        ("CRIME", 1),
        ("Drugs", 1),
    ]
    plot, table = tmp_path / "plot.svg", tmp_path / "table.csv"
    drawn = hemeroteca(*place, "stats", "heroin", "--at", at, "--plot", plot, "--lang", "en")
    assert drawn.code == 0, drawn.err
    assert "as of 2 March 2026" in plot.read_text()
    exported = hemeroteca(*place, "export", "--at", at, "-o", table)
    assert exported.code == 0, exported.err
    assert "Cocaine seized" in table.read_text()
    assert "Fentanyl" not in table.read_text()
    note = json.loads(Path(f"{table}.meta.json").read_text())
    assert note["query"]["at"] == f"{at}T23:59:59.999999+00:00"
    assert (note["rows"], note["coverage"]["listed"]) == (2, 4)


@pytest.mark.parametrize("form", ["graphml", "warc", "wacz", "sqlite"])
def test_what_holds_links_and_histories_has_no_past(
    hemeroteca: Command, archive: Path, form: str
) -> None:
    answer = hemeroteca("export", "--format", form, "--at", "2027")
    assert (answer.code, answer.out) == (2, "")
    sentence, _, offered = answer.err.partition(": choose ")
    assert sentence == f"hemeroteca: --at is not for {form}"
    assert {"csv", "jsonl", "parquet", "ris"} <= set(offered.strip(" .\n").split(", "))
    assert form not in offered
    refused = hemeroteca("stats", "--coverage", "--at", "2027")
    assert refused.code == 2
