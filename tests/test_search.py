"""Search, counts and export: the way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from crawler.article import Image
from crawler.errors import BadInput
from storage import Archive, Hits
from storage.passages import TOKENIZER
from storage.question import SORTS
from tests.storing import NOW, SITE, Desk, article, desk, paragraphs

__all__ = ["desk"]


@pytest.fixture
def library(desk: Desk) -> Archive:
    """Five articles in two languages, one of them without a date."""
    desk.save(
        article(
            1,
            headline="Chemicals cross the border",
            category="COCAINE",
            kicker="BRIEF",
            published="2019-03-01",
            tags=("Cocaine", "Colombia"),
            body=paragraphs("Police found precursor chemicals.", "A cartel paid for them."),
            analysis=paragraphs("The extortion pays for the chemicals."),
        )
    )
    desk.save(
        article(
            2,
            headline="Los cárteles y la extorsión",
            category="EXTORSIÓN",
            kicker="Análisis",
            language="es",
            authors=("Iván Paz", "Ana Ruiz"),
            published="2020-05-17T10:00:00-05:00",
            tags=("Colombia",),
            body=paragraphs("El cártel de la región cobra extorsión."),
        )
    )
    desk.save(
        article(
            3,
            headline="A cartel splits",
            category="cocaine",
            kicker="Brief",
            authors=(),
            byline_raw="By our newsroom",
            published="2020-12-31",
            body=paragraphs("The cartel is the cartel that the cartel was. " * 30),
        )
    )
    desk.save(
        article(
            4,
            headline="An undated market",
            published=None,
            authors=("Ana Ruiz",),
            body=paragraphs("Prices rose by 10%.", "O'Dowd sold an AK-47."),
            images=(Image("https://example.org/4.jpg", "A stall in Tepito", "EFE"),),
            notices=("Correction: it was a Tuesday.",),
        )
    )
    desk.save(article(5, site="other", published="2020-06-01"), site="other")
    return desk.archive


def ids(archive: Archive, query: str | None, **how: Any) -> list[int]:
    return [hit.id for hit in archive.search(query, **how)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("chemicals", {1}),
        ("CHEMICALS", {1}),
        ("cartel", {1, 2, 3}),
        ("cártel", {1, 2, 3}),
        ("cart*", {1, 2, 3}),
        ('"precursor chemicals"', {1}),
        ('"chemicals precursor"', set()),
        ("police cartel", {1}),
        ("police OR cartel", {1, 2, 3}),
        ("cartel NOT police", {2, 3}),
        ("NEAR(police chemicals, 2)", {1}),
        ("NEAR(police cartel, 2)", set()),
        ("headline:cartel", {2, 3}),
        ("analysis:extortion", {1}),
        ("body:extortion", set()),
        ("AK-47", {4}),
        ("O'Dowd", {4}),
        ("10%", {4}),
        ("tepito", {4}),
        ("correction", {4}),
        ("newsroom", {3}),
        ('"iván paz"', {2}),
        ("colombia", {1, 2}),
        ("nothing-like-it", set()),
    ],
)
def test_what_is_there_is_found(library: Archive, query: str, found: set[int]) -> None:
    hits = library.search(query)
    assert {hit.id for hit in hits} == found
    assert hits.total == len(found)


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({"site": SITE}, [3, 2, 1, 4]),
        ({"site": "other"}, [5]),
        ({"category": "Cocaine"}, [3, 1]),
        ({"category": "extorsion"}, [2]),
        ({"kind": "brief"}, [3, 1]),
        ({"kind": "ANALISIS"}, [2]),
        ({"tag": "COLOMBIA"}, [2, 1]),
        ({"author": "ivan paz"}, [2]),
        ({"author": "Ana Ruiz", "language": "EN"}, [5, 1, 4]),
        ({"since": "2020"}, [3, 5, 2]),
        ({"until": "2020-05"}, [2, 1]),
        ({"since": "2020-05-17", "until": "2020-05-17"}, [2]),
        ({"since": "2020", "until": "2020"}, [3, 5, 2]),
        ({"tag": "nobody"}, []),
    ],
)
def test_filters_find_without_a_query_newest_first(
    library: Archive, how: dict[str, str], found: list[int]
) -> None:
    assert ids(library, None, **how) == found
    assert [record["id"] for record in library.articles(sort="newest", **how)] == found  # type: ignore[arg-type]


def test_query_and_filter_hold_together(library: Archive) -> None:
    assert ids(library, "cartel", category="cocaine", until="2019") == [1]


def test_a_word_in_the_headline_weighs_more_than_many_in_the_text(library: Archive) -> None:
    hits = library.search('"cartel"')
    assert hits[0].id == 3
    assert hits[0].score > hits[1].score > 0


@pytest.mark.parametrize(("sort", "found"), [("newest", [3, 2, 1]), ("oldest", [1, 2, 3])])
def test_hits_come_in_the_order_asked_for(library: Archive, sort: Any, found: list[int]) -> None:
    assert ids(library, "cartel", sort=sort) == found


def test_the_undated_come_last_in_either_order(library: Archive) -> None:
    assert ids(library, None, sort="newest")[-1] == 4
    assert ids(library, None, sort="oldest")[-1] == 4


def test_hits_come_in_pages(library: Archive) -> None:
    whole = ids(library, "cartel")
    assert ids(library, "cartel", limit=2) + ids(library, "cartel", limit=2, offset=2) == whole
    assert library.search("cartel", limit=0).total == 3
    assert ids(library, "cartel", limit=None) == whole
    with pytest.raises(BadInput, match="can't be negative"):
        library.search("cartel", limit=-1)


def test_columns_can_be_chosen(library: Archive) -> None:
    assert ids(library, "extortion", inside=["analysis"]) == [1]
    assert ids(library, "extortion", inside=["body", "headline"]) == []
    assert set(ids(library, "cartel OR extorsion", inside=["headline"])) == {2, 3}
    with pytest.raises(BadInput) as refusal:
        library.search("cartel", inside=["headlin"])
    assert str(refusal.value) == (
        "There is no column 'headlin' to search in (did you mean headline?): "
        "they are headline, deck, kicker, byline, tags, body, analysis, captions, notices."
    )


def test_a_snippet_shows_what_was_found_between_marks(library: Archive) -> None:
    (hit,) = library.search('"precursor chemicals"')
    assert hit.snippet == "Police found [precursor chemicals]. A cartel paid for them."
    (hit,) = library.search("región", marks=("<mark>", "</mark>"))
    assert "<mark>región</mark>" in hit.snippet
    assert len(library.search("splits")[0].snippet.split()) < 40
    assert library.search(None, limit=1)[0].snippet.endswith("…")


def test_the_json_that_scripts_rely_on(library: Archive) -> None:
    answer = library.search("chemicals").to_dict()
    keys = "query total hits facets suggestion every_word least_words forms"
    assert list(answer) == keys.split()
    assert (answer["query"], answer["total"]) == ("chemicals", 1)
    (hit,) = answer["hits"]
    assert list(hit) == [
        "id",
        "url",
        "headline",
        "published",
        "site",
        "category",
        "authors",
        "snippet",
        "score",
        "missing",
    ]
    assert hit["authors"] == ["Ana Ruiz"]
    assert hit["score"] > 0


def test_facets_count_all_that_was_found_not_one_page_of_it(library: Archive) -> None:
    facets = library.search("cartel", limit=1).facets
    assert facets == {
        "site": [{"value": "example", "articles": 3}],
        "year": [{"value": "2020", "articles": 2}, {"value": "2019", "articles": 1}],
        "category": [
            {"value": "COCAINE", "articles": 2},  # and cocaine
            {"value": "EXTORSIÓN", "articles": 1},
        ],
        "tag": [{"value": "Colombia", "articles": 2}, {"value": "Cocaine", "articles": 1}],
        "author": [{"value": "Ana Ruiz", "articles": 2}, {"value": "Iván Paz", "articles": 1}],
        "language": [{"value": "en", "articles": 2}, {"value": "es", "articles": 1}],
        "kind": [
            {"value": "BRIEF", "articles": 2},  # and Brief
            {"value": "Análisis", "articles": 1},
        ],
    }


@pytest.mark.parametrize("day", ["yesterday", "2020-13-01", "2020-02-30", "", "20200101"])
def test_a_wrong_date_is_a_sentence(library: Archive, day: str) -> None:
    with pytest.raises(BadInput, match="is no date: write it as 2020-05-17, 2020-05 or 2020"):
        library.search("cartel", since=day)


def test_a_wrong_order_is_a_sentence(library: Archive) -> None:
    with pytest.raises(BadInput, match="choose relevance, recent, newest, oldest"):
        library.search("cartel", sort="best")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("year", [("2019", 1), ("2020", 3), (None, 1)]),
        ("author", [("Ana Ruiz", 4), (None, 1), ("Iván Paz", 1)]),
        ("language", [("en", 4), ("es", 1)]),
        ("site", [("example", 4), ("other", 1)]),
        ("tag", [(None, 3), ("Colombia", 2), ("Cocaine", 1)]),
    ],
)
def test_articles_are_counted(library: Archive, by: str, rows: list[tuple[Any, int]]) -> None:
    assert [(row["key"], row["articles"]) for row in library.stats(by)] == rows


@pytest.mark.parametrize("by", ["kind", "category"])
def test_a_count_is_what_the_filter_of_that_name_finds(library: Archive, by: str) -> None:
    """BRIEF and Brief are one label to the filter, so they are one row."""
    rows = {row["key"]: row["articles"] for row in library.stats(by)}
    assert sum(rows.values()) == len(list(library.articles()))
    for label in set(rows) - {None}:
        assert len(list(library.articles(**{by: label}))) == rows[label]


def test_counts_take_query_and_filters_and_say_more_than_a_number(library: Archive) -> None:
    (row,) = library.stats("category", query="chemicals", site=SITE)
    counts = {"articles": 1, "words": 15, "with_analysis": 1}
    assert row == {"key": "COCAINE", **counts, "all": 2, "share": 0.5}
    assert library.stats("kind", query="nothing-like-it") == []
    with pytest.raises(BadInput, match="choose year, month, category, author"):
        library.stats("colour")


def test_coverage_holds_what_was_listed_against_what_is_stored(library: Archive) -> None:
    rows = library.coverage("other")
    assert [(row["month"], row["listed"], row["stored"]) for row in rows] == [("2020-06", 1, 1)]


def test_records_stream_with_every_key(library: Archive) -> None:
    first = next(iter(library.articles()))
    assert first["id"] == 1
    assert first["authors"] == ["Ana Ruiz"]
    assert first["analysis_text"] == "The extortion pays for the chemicals."
    assert {"first_seen_at", "gone_at"} <= set(first)
    assert [record["id"] for record in library.articles(query="cartel")] == [1, 2, 3]


def test_sites_are_counted(library: Archive) -> None:
    assert library.sites() == {"example": 4, "other": 1}


def test_a_data_frame_has_a_row_per_article(library: Archive) -> None:
    pytest.importorskip("pandas", reason="pandas is an extra")
    frame = library.to_dataframe(language="es")
    assert list(frame["headline"]) == ["Los cárteles y la extorsión"]
    assert frame["authors"][0] == ["Iván Paz", "Ana Ruiz"]
    assert len(library.to_dataframe(site="nobody")) == 0


def test_the_index_follows_every_change(desk: Desk) -> None:
    desk.save(article(1, body=paragraphs("An old word.")))
    desk.save(article(1, body=paragraphs("A new word.")))
    desk.save(article(1, body=paragraphs("A new word."), tags=("Label",)))
    with desk.archive._writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"
        )
    assert ids(desk.archive, "old") == []
    assert ids(desk.archive, "new label") == [1]


def run(archive: Archive, hits: Hits) -> list[tuple[int, str]]:
    """The rows of the one statement that a search tells, run by plain SQLite."""
    assert archive.path is not None
    assert hits.sql is not None
    with closing(sqlite3.connect(f"{archive.path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(hits.sql, hits.parameters).fetchall()
    return [(row["id"], row["headline"]) for row in rows]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("cartel", {}),
        ("cartel", {"limit": 1, "offset": 1}),
        ("cartel OR prices", {"limit": None}),
        ("cartel NOT police", {"since": "2020", "until": "2020-12-31", "site": SITE}),
        ("extortion", {"inside": ["analysis"], "author": "Ana Ruiz", "tag": "cocaine"}),
        ("cárteles", {"category": "Extorsión", "kind": "analisis", "language": "ES"}),
        (None, {"site": SITE, "limit": 3}),
        ("nothing-like-it", {}),
    ],
)
def test_one_plain_statement_gives_the_same_rows_in_the_same_order(
    library: Archive, query: str | None, how: dict[str, Any], sort: Any
) -> None:
    hits = library.search(query, sort=sort, **how)
    assert run(library, hits) == [(hit.id, hit.headline) for hit in hits]


def test_the_statement_names_its_parameters(library: Archive) -> None:
    hits = library.search("police", site=SITE, since="2019")
    assert hits.parameters == {
        "query": '"police"',
        "in_head": '{headline deck kicker tags} : ("police")',
        "site": SITE,
        "since": "2019-01-01",
        "limit": 20,
        "offset": 0,
    }


def test_what_answers_in_its_head_answers_the_whole_query(library: Archive) -> None:
    parameters = library.search("cartel -police").parameters
    assert parameters["in_head"] == (
        '({headline deck kicker tags} : ("cartel"*)) AND (("cartel"*) NOT ("police"))'
    )


@pytest.mark.parametrize("query", ["cartel", "cartel OR prices", "cart* -police", "the OR police"])
@pytest.mark.parametrize("sort", ["relevance", "recent"])
def test_pages_however_small_are_cut_from_one_order(
    library: Archive, query: str, sort: Any
) -> None:
    whole = [(hit.id, hit.score) for hit in library.search(query, sort=sort, limit=None)]
    for limit in (1, 2):
        pages = [
            (hit.id, hit.score)
            for at in range(0, len(whole) + 1, limit)
            for hit in library.search(query, sort=sort, limit=limit, offset=at)
        ]
        assert pages == whole


def test_passages_are_parted_into_words_as_the_index_is(library: Archive) -> None:
    with closing(library.sqlite_connection()) as plain:
        made = plain.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'")
        assert TOKENIZER in made.fetchone()[0]


def test_what_an_archive_said_at_a_moment_is_no_single_statement(library: Archive) -> None:
    hits = library.search("police", at=NOW + timedelta(days=1))
    assert (len(hits), hits.sql, hits.parameters) == (1, None, {})


def test_an_article_about_it_comes_before_those_that_mention_it_however_often(
    desk: Desk,
) -> None:
    often = "The tunnel below the tunnel leads to a tunnel. " * 30
    desk.save(article(1, headline="A quiet border", body=paragraphs(often)))
    desk.save(article(2, headline="A town", tags=("Tunnel",), body=paragraphs("A text. " * 300)))
    desk.save(article(3, headline="A river", deck="Over the tunnel", body=paragraphs("A text.")))
    assert [hit.id for hit in desk.archive.search("tunnel")][2:] == [1]
    pages = [desk.archive.search("tunnel", limit=1, offset=at)[0].id for at in range(3)]
    assert pages == [hit.id for hit in desk.archive.search("tunnel")]
    assert desk.archive.search("tunnel NOT river").total == 2


def test_what_is_recent_may_come_before_what_fits_a_little_better(desk: Desk) -> None:
    for number, day in enumerate(("1995-05-17", "2020-05-17", None), start=1):
        words = "A port strike. " if number == 2 else "A port port strike. "
        desk.save(article(number, published=day, body=paragraphs(words + "Words. " * 50)))
    for number in range(4, 9):
        desk.save(article(number, body=paragraphs("Words.")))
    assert ids(desk.archive, "port")[-1] == 2
    assert ids(desk.archive, "port", sort="recent")[0] == 2
    assert set(ids(desk.archive, "port", sort="recent")) == {1, 2, 3}


def test_a_book_of_one_word_shows_how_it_begins(desk: Desk) -> None:
    desk.save(article(1, body=paragraphs("It begins. " + "Port. " * 400_000)))
    desk.save(article(2, body=paragraphs("At the port a strike began.")))
    passages = {hit.id: hit.snippet for hit in desk.archive.search("port", marks=("[", "]"))}
    assert passages[1].startswith("It begins. Port.")
    assert passages[1].endswith("…")
    assert passages[2] == "At the [port] a strike began."
