"""The way in: what each answer of a server leaves in the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.article import Article, Block, Citation, Image, Pointer, Source, Translation
from crawler.capture import Capture
from crawler.errors import ArchiveDamaged, BadInput, NotAnArticle, Unreadable
from storage import Archive
from storage.captures import StoredCapture
from tests.storing import NOW, SITE, Desk, address, article, capture, desk, paragraphs

__all__ = ["desk"]


def outcomes(desk: Desk, number: int | str = 1) -> list[str]:
    return [each.outcome for each in desk.archive.captures(address(number))]


def numbers(desk: Desk) -> int:
    """How many revisions the first article has."""
    return len(desk.archive.history(1).revisions)


# --- captures


def test_a_capture_comes_back_byte_for_byte(desk: Desk) -> None:
    sent = Capture(
        url=address(1),
        fetched_at=NOW + timedelta(microseconds=1),
        status=203,
        headers=(("X-Odd", "café \x81"), ("Set-Cookie", "a"), ("set-cookie", "b")),
        body=bytes(range(256)) * 9,
        final_url=address("moved"),
        redirects=(address("on-the-way"),),
        truncated=True,
    )
    desk.archive.save(sent, article(), site=SITE, crawl_id=desk.crawl_id, now=NOW, next_due_at=None)
    assert desk.archive.capture(1) == sent
    assert desk.archive.capture_body(1) == sent.body


def test_an_empty_body_is_kept_too(desk: Desk) -> None:
    desk.save(Unreadable("The page is empty."), b"")
    assert desk.archive.capture_body(1) == b""


def test_the_same_bytes_are_stored_once_and_every_capture_is_noted(desk: Desk) -> None:
    for number in (1, 2, 1):
        desk.save(article(number), b"the same")
    assert desk.rows("SELECT count(*) FROM bodies") == [(1,)]
    assert desk.rows("SELECT count(*) FROM captures") == [(3,)]


def test_bytes_that_were_tampered_with_are_not_handed_out(desk: Desk) -> None:
    desk.save(article(), b"as it was")
    with desk.archive._writing() as connection:
        connection.exec_driver_sql("UPDATE bodies SET sha256 = 'another'")
    with pytest.raises(ArchiveDamaged, match=r"Capture 1 of .*: its bytes are not what was stored"):
        desk.archive.capture_body(1)


def test_a_capture_that_does_not_exist_is_bad_input(desk: Desk) -> None:
    with pytest.raises(BadInput, match="There is no capture 7"):
        desk.archive.capture(7)


def test_a_body_packed_with_a_dictionary_is_read_with_it(desk: Desk) -> None:
    zstandard = pytest.importorskip("zstandard")
    body = b"<html>" + b"as every page of this site begins " * 20
    dictionary = zstandard.ZstdCompressionDict(body * 3)
    frame = zstandard.ZstdCompressor(dict_data=dictionary).compress(body)
    desk.save(article(), body)
    with desk.archive._writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO dictionaries VALUES (1, 'example', '2026-01-01 00:00:00.000000', 3, ?)",
            (dictionary.as_bytes(),),
        )
        connection.exec_driver_sql("UPDATE bodies SET dictionary_id = 1, content = ?", (frame,))
    assert desk.archive.capture_body(1) == body


def test_an_instant_without_zone_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    naive = capture(fetched_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="needs its zone"):
        desk.archive.save(naive, article(), site=SITE, crawl_id=None, now=NOW, next_due_at=None)
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]
    assert desk.rows("SELECT count(*) FROM bodies") == [(0,)]


# --- new, revised, unchanged


def test_every_part_of_an_article_comes_back(desk: Desk) -> None:
    whole = article(
        kicker="BRIEF",
        deck="What stands below.",
        category="DRUG POLICY",
        tags=("Cocaine", "Colombia"),
        authors=("Ana Ruiz", "Iván Paz"),
        byline_raw="By ANA RUIZ and IVÁN PAZ*",
        published="2016-07-11T23:30:00-05:00",
        published_precision="minute",
        modified="2016-07-12",
        body=(Block("heading", "One"), Block("list_item", "Two")),
        analysis=paragraphs("What it means."),
        see_also=(Pointer(None, "Mexico Profile"),),
        related=(Pointer(address(2), "Another", "EXTORTION", "2016-07-01", "Teaser"),),
        citations=(Citation("said", "https://example.com/a", False),),
        images=(Image("https://example.org/i.jpg", "A caption", "A credit", "An alt"),),
        notices=("Correction: it was Tuesday.",),
        translations=(Translation("es", address("uno")),),
        licence="CC BY-NC 4.0",
        provenance={"headline": Source("heading:h1", "HEADLINE", (("meta:og", "Head"),))},
    )
    assert desk.save(whole) == "new"
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article == whole
    assert stored.to_dict().items() >= whole.to_dict().items()


def test_an_edited_headline_is_a_revision_and_the_old_one_stays(desk: Desk) -> None:
    assert desk.save(article()) == "new"
    assert desk.save(article(headline="Another")) == "revised"
    history = desk.archive.history(1)
    assert [each.article.headline for each in history.revisions] == ["Headline 1", "Another"]
    assert history.to_dict()["revisions"][0]["changes"] == []
    assert history.to_dict()["revisions"][1]["changes"] == [
        {
            "field": "headline",
            "kind": "headline",
            "before": "Headline 1",
            "after": "Another",
        }
    ]
    assert [hit.headline for hit in desk.archive.search("another")] == ["Another"]
    assert len(desk.archive.search('"headline 1"')) == 0


@pytest.mark.parametrize(
    "edit",
    [
        {"kicker": "NEWS"},
        {"headline": "Another"},
        {"deck": "A standfirst"},
        {"category": "EXTORTION"},
        {"authors": ("Ana Ruiz", "Iván Paz")},
        {"byline_raw": "From our newsroom"},
        {"published": "2020-05-18"},
        {"body": paragraphs("Other text.")},
        {"analysis": paragraphs("What it means.")},
        {"notices": ("Correction.",)},
        {"images": (Image("https://example.org/1.jpg", caption="A caption"),)},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_what_a_reader_reads_makes_a_revision(desk: Desk, edit: dict[str, object]) -> None:
    desk.save(article())
    assert desk.save(article(**edit)) == "revised"
    (change, *_) = desk.archive.history(1).revisions[1].changes
    assert change.before != change.after


@pytest.mark.parametrize(
    "drift",
    [
        {"tags": ("Cocaine",)},
        {"modified": "2026-01-01"},
        {"related": (Pointer(address(9), "A new card"),)},
        {"see_also": (Pointer(address(9), "A pointer"),)},
        {"images": (Image("https://cdn.example.org/another.jpg"),)},
        {"translations": (Translation("es", address("uno")),)},
        {"licence": "CC BY 4.0"},
        {"provenance": {"headline": Source("heading:h1")}},
    ],
    ids=lambda drift: next(iter(drift)),
)
def test_what_moves_by_itself_is_brought_up_to_date_and_makes_no_revision(
    desk: Desk, drift: dict[str, object]
) -> None:
    desk.save(article())
    assert desk.save(article(**drift)) == "unchanged"
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article == article(**drift)
    assert stored.revisions == 1


def test_a_text_that_is_changed_back_is_a_third_revision(desk: Desk) -> None:
    for headline in ("One", "Two", "One"):
        desk.save(article(headline=headline))
    assert [each.article.headline for each in desk.archive.history(1).revisions] == [
        "One",
        "Two",
        "One",
    ]


def test_characters_that_no_database_takes_are_left_out(desk: Desk) -> None:
    desk.save(article(headline="One\x00 two\ud800", body=paragraphs("\x1b[31m red \u202e")))
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.headline == "One two"
    assert len(desk.archive.search("red")) == 1


# --- reading again


def test_the_same_bytes_read_by_a_better_parser_are_no_revision(desk: Desk) -> None:
    desk.save(article(), b"the page")
    better = article(headline="Read better", parser="example/2")
    assert desk.save(better, b"the page") == "unchanged"
    assert desk.archive.article(1).article == better  # type: ignore[union-attr]
    assert numbers(desk) == 1
    readings = "SELECT parser, replaced_at IS NULL FROM readings ORDER BY id"
    assert desk.rows(readings) == [("example/1", 0), ("example/2", 1)]


def test_reading_an_article_again_keeps_the_old_reading(desk: Desk) -> None:
    desk.save(article())
    better = article(tags=("New",), parser="example/2")
    desk.archive.reread(1, better, now=desk.now)
    assert desk.archive.article(1).article == better  # type: ignore[union-attr]
    assert numbers(desk) == 1
    assert desk.rows("SELECT count(*) FROM readings") == [(2,)]
    with pytest.raises(BadInput, match="There is no article 5"):
        desk.archive.reread(5, better)


def test_a_page_that_only_the_new_parser_reads_otherwise_is_no_revision(desk: Desk) -> None:
    desk.save(article(), b"an advertisement, and the text")

    def reread(page: Capture) -> Article | None:
        assert page.body == b"an advertisement, and the text"
        return article(headline="Read better", parser="example/2")

    same = article(headline="Read better", parser="example/2")
    assert desk.save(same, b"another advertisement", reread=reread) == "unchanged"
    edited = replace(same, headline="Edited", parser="example/3")

    def reread_again(_page: Capture) -> Article | None:
        return replace(same, parser="example/3")

    assert desk.save(edited, b"an edit", reread=reread_again) == "revised"
    (change,) = desk.archive.history(1).revisions[1].changes
    assert (change.before, change.after) == ("Read better", "Edited")


def test_a_page_that_cannot_be_read_again_is_held_against_its_old_reading(desk: Desk) -> None:
    desk.save(article())
    edited = article(headline="Edited", parser="example/2")
    assert desk.save(edited, reread=lambda _: None) == "revised"


# --- other outcomes


def test_a_page_that_is_no_article_is_counted_and_its_capture_kept(desk: Desk) -> None:
    assert desk.save(NotAnArticle("listing", "40 links")) == "not_article"
    assert outcomes(desk) == ["not_article"]
    assert desk.archive.captures(address(1))[0].reason == "listing: 40 links"
    assert desk.archive.frontier_counts(SITE) == {"not_article": 1}
    assert desk.archive.sites() == {}


def test_a_login_page_in_its_place_does_not_touch_an_article(desk: Desk) -> None:
    desk.save(article())
    desk.save(NotAnArticle("login"))
    assert desk.archive.article(1).article == article()  # type: ignore[union-attr]
    assert [each.outcome for each in desk.archive.history(1).captures] == ["new", "not_article"]


def test_a_page_that_cannot_be_read_is_listed_under_failures_until_it_can(desk: Desk) -> None:
    assert desk.save(Unreadable("It is a PDF.")) == "unreadable"
    (failure,) = desk.archive.failures(SITE)
    assert (failure.kind, failure.reason, failure.count) == ("read", "It is a PDF.", 1)
    assert failure.capture_id == 1
    desk.save(Unreadable("It is a PDF."))
    assert desk.archive.failures()[0].count == 2
    desk.save(article())
    assert desk.archive.failures() == []


def test_a_gone_page_keeps_its_text_and_is_marked_until_it_returns(desk: Desk) -> None:
    desk.save(article())
    assert desk.gone() == "gone"
    gone_at = desk.now
    desk.gone(status=410)
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article == article()
    assert stored.gone_at == gone_at
    assert len(desk.archive.search("text")) == 1
    assert desk.save(article()) == "unchanged"
    assert desk.archive.article(1).gone_at is None  # type: ignore[union-attr]
    history = desk.archive.history(1)
    assert [each.outcome for each in history.captures] == ["new", "gone", "gone", "unchanged"]
    assert history.to_dict()["absences"] == [
        {"gone_at": gone_at.isoformat(), "returned_at": desk.now.isoformat()}
    ]
    assert len(history.revisions) == 1


def test_a_page_that_was_never_an_article_can_be_gone(desk: Desk) -> None:
    assert desk.gone(8) == "gone"
    assert desk.archive.frontier_counts(SITE) == {"gone": 1}


def test_a_failed_try_keeps_what_was_received_and_when_to_try_again(desk: Desk) -> None:
    retry_at = NOW + timedelta(hours=1)
    desk.archive.fail(
        address(1),
        site=SITE,
        reason="status 503",
        crawl_id=desk.crawl_id,
        now=NOW,
        retry_at=retry_at,
        capture=capture(status=503),
    )
    (failure,) = desk.archive.failures()
    assert (failure.kind, failure.reason, failure.next_try_at) == ("fetch", "status 503", retry_at)
    assert outcomes(desk) == ["failed"]
    assert failure.to_dict()["next_try_at"] == "2026-03-01T13:00:00+00:00"


# --- one article, several addresses


def test_fetched_and_canonical_address_are_one_article(desk: Desk) -> None:
    amp = article(1, url=address("1/amp"))
    assert desk.save(amp) == "new"
    assert desk.save(article(1)) == "unchanged"
    assert desk.save(amp) == "unchanged"
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.aliases == (address(1), address("1/amp"))
    assert desk.archive.sites() == {SITE: 1}


def test_http_and_https_or_a_last_slash_make_no_second_article(desk: Desk) -> None:
    desk.save(article(1))
    for variant in ("http://example.org/news/1", "https://www.example.org/news/1/"):
        same = article(1, url=variant, canonical_url=variant)
        assert desk.save(same) == "unchanged"
    assert desk.archive.sites() == {SITE: 1}


def test_articles_that_all_claim_the_home_page_as_canonical_stay_apart(desk: Desk) -> None:
    home = "https://example.org/"
    for number in (1, 2, 3):
        assert desk.save(article(number, canonical_url=home)) == "new"
    assert desk.save(article(2, canonical_url=home)) == "unchanged"
    front = article("front", url=home, canonical_url=home, headline="Today")
    assert desk.save(front) == "new"
    assert desk.archive.article(home).article.headline == "Today"  # type: ignore[union-attr]


def test_a_weekly_column_of_the_same_headline_stays_apart(desk: Desk) -> None:
    one = article(1, headline="The week", published="2020-05-01", canonical_url=address("week"))
    two = article(2, headline="The week", published="2020-05-08", canonical_url=address("week"))
    assert [desk.save(one), desk.save(two)] == ["new", "new"]


def test_an_article_that_moved_is_the_same_article(desk: Desk) -> None:
    desk.save(article("old"))
    moved = article("new")
    moved = replace(moved, headline="Headline old", body=article("old").body)
    assert desk.save(moved, url=address("old"), final_url=address("new")) == "unchanged"
    assert desk.archive.article(address("new")).id == 1  # type: ignore[union-attr]
    assert desk.archive.article(address("old")).id == 1  # type: ignore[union-attr]


def test_a_permanent_redirect_gives_an_article_a_second_address(desk: Desk) -> None:
    desk.save(article(1))
    desk.archive.moved(address("old"), address(1), site=SITE, crawl_id=desk.crawl_id, now=desk.now)
    assert desk.archive.article(address("old")).id == 1  # type: ignore[union-attr]
    desk.archive.moved(address(1), address("new"), site=SITE, crawl_id=desk.crawl_id, now=desk.now)
    assert desk.archive.article(address("new")).id == 1  # type: ignore[union-attr]
    assert desk.archive.frontier_counts(SITE) == {"moved": 2}


@pytest.mark.parametrize(
    "named",
    [
        1,
        "1",
        "https://example.org/news/1",
        "example.org/news/1",
        "http://www.example.org/news/1/#top",
    ],
)
def test_an_article_is_found_by_its_number_or_any_of_its_addresses(
    desk: Desk, named: int | str
) -> None:
    desk.save(article())
    assert desk.archive.article(named).id == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("named", [2, "0", "9" * 40, "example.org/other", "", "[::1", "%"])
def test_an_article_that_is_not_there_is_none(desk: Desk, named: int | str) -> None:
    desk.save(article())
    assert desk.archive.article(named) is None
    with pytest.raises(BadInput, match="holds no article"):
        desk.archive.history(named)


# --- links


def test_a_link_finds_its_target_whichever_was_stored_first(desk: Desk) -> None:
    desk.save(article(1, related=(Pointer("http://www.example.org/news/2/#more"),)))
    targets = "SELECT article_id, target_id FROM links ORDER BY article_id"
    assert desk.rows(targets) == [(1, None)]
    desk.save(article(2, citations=(Citation("this", address(1), True),)))
    assert desk.rows(targets) == [(1, 2), (2, 1)]


def test_links_of_an_edited_page_are_written_anew(desk: Desk) -> None:
    desk.save(article(1, related=(Pointer(address(2)), Pointer(address(3)))))
    desk.save(article(1, related=(Pointer(address(4)),), see_also=(Pointer(None, "A hub"),)))
    assert desk.rows("SELECT role, url, title FROM links ORDER BY role") == [
        ("related", address(4), None),
        ("see_also", None, "A hub"),
    ]


# --- pages taken in late


def test_an_older_capture_is_sorted_into_the_history(desk: Desk) -> None:
    def taken(headline: str, year: int) -> str:
        page = capture(
            body=f"{headline} {year}".encode(), fetched_at=datetime(year, 1, 1, tzinfo=UTC)
        )
        return desk.archive.save(
            page,
            article(headline=headline),
            site=SITE,
            crawl_id=None,
            now=desk.now,
            next_due_at=None,
        )

    assert taken("Second", 2020) == "new"
    assert taken("Third", 2024) == "revised"
    assert taken("First", 2016) == "revised"
    assert taken("Second", 2018) == "unchanged"
    assert taken("Second", 2022) == "unchanged"
    history = desk.archive.history(1)
    states = [(each.captured_at.year, each.article.headline) for each in history.revisions]
    assert states == [(2016, "First"), (2018, "Second"), (2024, "Third")]
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.headline == "Third"
    assert stored.first_seen_at.year == 2016
    assert desk.archive.article_at(1, datetime(2019, 1, 1, tzinfo=UTC)).headline == "Second"  # type: ignore[union-attr]
    assert desk.archive.article_at(1, datetime(2010, 1, 1, tzinfo=UTC)) is None
    assert desk.archive.article_at(7, NOW) is None


# --- one transaction


def test_a_page_is_kept_whole_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("the machine breaks down")

    monkeypatch.setattr("storage.frontier.note_answer", break_down)
    with pytest.raises(RuntimeError):
        desk.save(article(1, tags=("New",)))
    for table in ("articles", "captures", "bodies", "readings", "aliases", "tags", "authors"):
        assert desk.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    monkeypatch.undo()
    assert desk.save(article(1, tags=("New",))) == "new"


def test_captures_are_told_in_plain_types(desk: Desk) -> None:
    desk.save(article())
    (kept,) = desk.archive.captures(address(1))
    assert isinstance(kept, StoredCapture)
    assert kept.to_dict() == {
        "id": 1,
        "url": address(1),
        "final_url": None,
        "fetched_at": desk.now.isoformat(),
        "status": 200,
        "outcome": "new",
        "reason": None,
        "truncated": False,
        "sha256": desk.archive.capture(1).sha256,
        "bytes": len(desk.archive.capture_body(1)),
        "origin": None,
    }


def test_what_was_kept_is_there_when_the_archive_is_opened_again(desk: Desk) -> None:
    desk.save(article())
    desk.archive.close()
    with Archive.open(desk.archive.path or "") as archive:
        assert archive.article(1).article == article()  # type: ignore[union-attr]
