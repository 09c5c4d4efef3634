"""The same archive on PostgreSQL: skipped where there is no server or no driver.

A server of its own is started for the tests, in a temporary directory and on a socket only, or the
one is taken that ``HEMEROTECA_TEST_POSTGRESQL`` names: a database whose tables are dropped.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import create_engine, text

import spiders.rereading
from crawler.article import Image, Pointer
from crawler.errors import ArchiveBusy, ArchiveDamaged, BadInput, MachineFault, NotAnArticle
from crawler.parsing import parse_article
from crawler.sites import site_named
from scripts.newsroom import load_articles
from scripts.newsroom.edition import Edition
from scripts.newsroom.layouts import Redesign, rendered
from spiders.rereading import Wanted, reparse
from storage import Archive
from storage.alarms import Alarm
from storage.migrating import migrate
from storage.opening import place_of, upgrade
from tests.running import Answer, in_own_process
from tests.storing import NOW, SITE, TOMORROW, Desk, address, article, capture, paragraphs

pytest.importorskip("psycopg", reason="psycopg, the PostgreSQL extra, is not installed")


def server_programs() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` are."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a database server."""
    if given := os.environ.get("HEMEROTECA_TEST_POSTGRESQL"):
        yield given
        return
    programs = server_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine")
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    place = Path(tempfile.mkdtemp())
    shutil.chown(place, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", place / "data", *arguments],
            user=user if os.geteuid() == 0 else None,
            cwd=place,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    run("initdb", "-U", user, "-E", "UTF8", "--locale=C", "--no-sync", "-A", "trust")
    options = f"-c listen_addresses='' -c unix_socket_directories={place} -c fsync=off"
    run("pg_ctl", "-w", "-l", str(place / "log"), "-o", options, "start")
    yield f"postgresql://{user}@/postgres?host={place}"
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(place)


@pytest.fixture
def url(server: str) -> str:
    """A server without tables."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return server


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """A new archive in which a crawl has begun."""
    with Archive.open(url, mode="write") as archive:
        yield Desk(archive, archive.start_crawl(SITE, "due", {"limit": 3}, NOW))


def test_pages_are_kept_revised_gone_and_found_again(desk: Desk) -> None:
    assert desk.save(article(1, related=(Pointer(address(2)),))) == "new"
    assert desk.save(article(2, headline="Más cárteles", tags=("Colombia",))) == "new"
    assert desk.save(article(1, headline="Edited\x00")) == "revised"
    assert desk.save(article(1, headline="Edited", tags=("New",))) == "unchanged"
    assert desk.save(NotAnArticle("tag"), url=address("tag")) == "not_article"
    assert desk.gone(2) == "gone"
    stored = desk.archive.article("example.org/news/2")
    assert stored is not None
    assert stored.gone_at == desk.now
    history = desk.archive.history(1).to_dict()
    assert [len(each["changes"]) for each in history["revisions"]] == [0, 1]
    assert desk.archive.capture(1).body == desk.archive.capture_body(1)
    assert desk.archive.frontier_counts(SITE) == {"article": 1, "not_article": 1, "gone": 1}


def test_the_frontier_gives_the_newest_first(desk: Desk) -> None:
    class Found:
        source = "feed"
        stated_on = None

        def __init__(self, number: int) -> None:
            self.url = address(number)
            self.lastmod_at = NOW.replace(day=1, hour=number) if number < 3 else None

    founds = [Found(number) for number in range(5)]
    assert desk.archive.enlist(SITE, founds, crawl_id=1, now=NOW).new == 5
    first, *rest = desk.archive.due(SITE, limit=2, now=NOW)
    rest += desk.archive.due(SITE, limit=9, now=NOW, after=rest[-1])
    assert [each.url[-1] for each in (first, *rest)] == ["2", "1", "0", "3", "4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cartel", {1, 2}),
        ("CÁRTEL", {1, 2}),
        ("cart*", {1, 2}),
        ('"precursor chemicals"', {1}),
        ('"chemicals precursor"', set()),
        ("cartel NOT police", {2}),
        ("headline:precios OR analysis:extortion", {1, 2}),
        ("body:extortion", set()),
        ("AK-47", {2}),
        ("O'Dowd", {2}),
        ("NEAR(police cartel, 5)", {1}),
        ("tepito", {2}),
        ("how did the police find chemicals?", {1}),
        ("forged chemicals paid", {1}),
        ("forged tepito", {2}),
        ('"forged" tepito', set()),
        ("forged tepito -cartel", set()),
    ],
)
def test_search_finds_what_sqlite_finds(desk: Desk, query: str, found: set[int]) -> None:
    one = paragraphs("Police found precursor chemicals.", "A cartel paid.")
    analysis = paragraphs("The extortion pays.")
    desk.save(article(1, body=one, analysis=analysis, category="COCAINE", kicker="BRIEF"))
    two = paragraphs("El cártel cobra.", "O'Dowd sold an AK-47.")
    images = (Image("i.jpg", "A stall in Tepito"),)
    desk.save(article(2, headline="Precios", body=two, language="es", images=images))
    hits = desk.archive.search(query)
    assert {hit.id for hit in hits} == found
    assert hits.total == len(found)
    assert all(hit.snippet and hit.score > 0 for hit in hits)
    assert sum(facet["articles"] for facet in hits.facets["language"]) == len(found)


def test_filters_counts_views_and_records_answer(desk: Desk) -> None:
    desk.save(article(1, kicker="BRIEF", tags=("Cocaine",)))
    desk.save(article(2, published=None))
    archive = desk.archive
    assert [hit.id for hit in archive.search(None)] == [1, 2]
    assert [hit.id for hit in archive.search(None, kind="brief", tag="COCAINE", since="2020")] == [
        1
    ]
    assert [hit.id for hit in archive.search(None, edited=False, translated=False)] == [1, 2]
    assert [hit.id for hit in archive.search("text", edited=True)] == []
    assert [row["key"] for row in archive.stats("month")] == ["2020-05", None]
    assert [row["share"] for row in archive.stats("tag", query="text", over="year")] == [1.0, 1.0]
    assert [record["id"] for record in archive.articles()] == [1, 2]
    assert [record["id"] for record in archive.articles(sort=None, query="text")] == [1, 2]
    assert [each.id for each in archive.references()] == [1, 2]
    reference = archive.reference(2)
    assert reference is not None
    assert len(reference.sha256) == 64
    kinds = [each.kind for each in archive.graph()]
    assert kinds == ["article", "article", "author", "wrote", "wrote"]
    assert archive.to_dataframe(tag="cocaine")["id"].tolist() == [1]
    assert archive.latest_at() is not None
    assert archive.coverage(SITE)[0]["stored"] == 1
    for view in ("v_articles", "v_authors", "v_links", "v_revisions", "v_captures", "v_coverage"):
        desk.rows(f"SELECT * FROM {view}")


def test_one_crawl_at_a_time(desk: Desk, url: str) -> None:
    with (
        desk.archive.hold(),
        Archive.open(url) as other,
        pytest.raises(ArchiveBusy, match="is held by another crawl"),
    ):
        other.hold().__enter__()
    with desk.archive.hold():
        pass


def test_a_reader_changes_nothing(desk: Desk, url: str) -> None:
    with Archive.open(url) as reader:
        with pytest.raises(BadInput, match="open for reading only"):
            reader.save(
                capture(), article(), site=SITE, crawl_id=None, now=NOW, next_due_at=TOMORROW
            )
        with pytest.raises(MachineFault, match="can't be written"), reader._reading() as connection:
            connection.exec_driver_sql("DELETE FROM crawls")


def test_a_database_without_archive_is_refused(url: str) -> None:
    with pytest.raises(ArchiveDamaged, match="is a database, but no archive"):
        Archive.open(url)


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="can't be reached"):
        Archive.open("postgresql://nobody@/news?host=/nowhere")
    with pytest.raises(BadInput, match="can't be reached"):
        migrate("postgresql://nobody@/news?host=/nowhere")


def test_what_vanishes_and_what_is_admitted_is_told_as_in_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save(article(1))
    desk.gone(1)
    desk.save(NotAnArticle("a list"), url=address(2))
    assert [each.kind for each in desk.archive.history(1).events] == ["gone"]
    assert [each.id for each in desk.archive.changes(kinds=["gone"])] == [1]
    monkeypatch.setattr(
        spiders.rereading,
        "read_as_stored",
        lambda _site, page: article(int(page.url[-1])),
    )
    assert reparse(desk.archive, Wanted()).counts == {"same": 1, "admitted": 1}
    assert len(desk.archive.search("headline")) == 2
    assert desk.archive.verify().damaged == []
    desk.archive.undo_rereading(desk.now)
    assert len(desk.archive.search("headline")) == 1
    assert desk.archive.verify().damaged == []


def test_edits_and_runs_are_counted_as_in_a_file(desk: Desk) -> None:
    desk.save(article(1))
    desk.save(article(1, headline="Another headline"))
    desk.gone(1)
    archive = desk.archive
    marks = archive.edit_marks(query="another").marks
    assert [mark.fields for mark in marks] == [{"address"}, {"headline"}]
    assert archive.edits_of(marks) == list(archive.changes())
    assert archive.is_any_edited()
    archive.finish_crawl(desk.crawl_id, {"new": 1, "failed": {"timeout": 2}}, desk.now, "finished")
    (night,) = archive.nights()
    assert (night["day"], night["new"], night["failed"]) == ("2026-03-01", 1, 2)
    assert archive.days_looked() == ["2026-03-01"]


def test_rows_of_an_older_version_come_through(url: str) -> None:
    engine = create_engine(place_of(url).url)
    upgrade(engine, to="0002")
    sha256 = capture(1, b"old bytes").sha256
    headers = [["ETag", "1"], ["Date", "é"]]
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO bodies (id, sha256, bytes, content) VALUES (7, :sha, 9, :content)"),
            {"sha": sha256, "content": zstandard.compress(b"old bytes")},
        )
        connection.execute(
            text(
                "INSERT INTO captures (site, url, fetched_at, status, redirects, headers, "
                "truncated, outcome, body_id) VALUES ('example', :url, now(), 200, 'null', :heads, "
                "false, 'not_article', 7)"
            ),
            {"url": address(1), "heads": json.dumps(headers)},
        )
    engine.dispose()
    with pytest.raises(BadInput, match="make one with pg_dump"):
        migrate(url)
    assert migrate(url, backup=False).before == "0002"
    with Archive.open(url) as archive:
        kept = archive.capture(1)
        assert (kept.body, kept.headers) == (b"old bytes", (("ETag", "1"), ("Date", "é")))
        assert archive.verify().damaged == []


def test_jobs_runs_that_died_lists_and_accepted_alarms_are_as_in_a_file(desk: Desk) -> None:
    from storage.crawls import ListsRead

    archive = desk.archive
    number = archive.start_crawl(SITE, "due", {"job": "nightly"}, TOMORROW)
    found = archive.last_of_job(SITE, "nightly", "due")
    assert (found and found.id) == number
    assert archive.last_of_job(SITE, "nightly", "due", before=NOW) is None
    assert not archive.is_held
    with archive.hold():
        assert archive.is_held
    assert archive.crawls(SITE, limit=1)[0].result == "died"
    feed = f"https://{SITE}.org/feed/"
    archive.note_lists(SITE, ListsRead({feed: "feed"}, {feed}), NOW)
    archive.note_lists(SITE, ListsRead(failed={feed: "status 404"}), TOMORROW)
    (known,) = archive.known_lists(SITE)
    assert (known.failing_since, known.failing_runs, known.changed_at) == (TOMORROW, 1, NOW)
    lost = Alarm(SITE, "field", "0 of 9", "heal", "tags", {"filled": 0, "weight": 4.0})
    archive.note_alarms(SITE, [lost], looked_for=["field"], now=NOW)
    archive.accept_alarms(archive.alarms(SITE), "no tags", now=NOW)
    archive.note_alarms(SITE, [lost], looked_for=["field"], now=TOMORROW)
    assert [each.rings for each in archive.alarms(SITE)] == [False]
    archive.take_as_normal(archive.alarms(SITE), TOMORROW)
    assert archive.normal_since(SITE) == {("field", "tags"): NOW}


def test_alarms_known_pages_and_misreadings_are_as_in_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = desk.archive
    rings = Alarm(SITE, "field", "0 of 9", "heal", "authors", {"filled": 0})
    archive.note_alarms(SITE, [rings], looked_for=["field"], now=NOW)
    archive.note_told(archive.untold_alarms(), NOW)
    assert archive.untold_alarms(NOW - timedelta(days=7)) == []
    assert [each.alarm for each in archive.untold_alarms(NOW)] == [rings]
    archive.note_alarms(SITE, [], looked_for=["field"], now=TOMORROW)
    assert [each.cleared_at for each in archive.alarms(cleared=True)] == [TOMORROW]
    desk.save(article(1), b"as it was")
    desk.save(article(1, authors=()), b"redesigned")
    assert [each.lengths["authors"] for each in archive.measures(SITE, limit=9)] == [0, 1]
    (page,) = archive.known_pages(SITE, limit=9)
    assert (page.article.authors, page.known_capture_id) == (article(1).authors, 1)
    better = article(1, parser="example/2")
    monkeypatch.setattr(spiders.rereading, "read_as_stored", lambda *_: better)
    assert reparse(archive, Wanted()).no_edits == 1
    assert list(archive.changes()) == []
    archive.undo_rereading(desk.now)
    assert len(list(archive.changes())) == 1


def test_a_redesigned_site_is_healed_by_command(url: str, tmp_path: Path) -> None:
    """Articles known by their old pages, and captured again since: nothing is fetched."""
    edition = Edition("https://faro.example/", {each.path: each for each in load_articles()}, {})
    with Archive.open(url, mode="write") as archive:
        known = Desk(archive, archive.start_crawl("faro", "due", {}, NOW))
        makes: tuple[Redesign | None, ...] = (None, "styled")
        for make in makes:
            for each in edition.articles:
                page = rendered(each, redesigned=make).encode(each.charset, "xmlcharrefreplace")
                kind = f"text/html; charset={each.charset}"
                about = {"url": each.url, "content_type": kind}
                try:
                    reading = parse_article(page, profile=site_named("faro"), **about)
                except NotAnArticle as none:
                    reading = none
                heads = (("Content-Type", kind),)
                known.save(reading, page, url=each.url, site="faro", headers=heads)
            known.pass_time(days=30)

    def run(*words: str) -> Answer:
        return in_own_process("--archive", url, *words, cwd=tmp_path)

    told = run("heal", "faro", "--apply", "--json")
    assert told.code == 0, told.json["left"]
    assert told.json["before"] < 0.2
    assert told.json["after"] >= 0.95
    assert Path(told.json["file"]).read_text().startswith("# Where the fields")
    assert run("reparse", "--site", "faro", "--jobs", "1").code == 0
    well = run("heal", "faro")
    assert (well.code, "faro reads well" in well.err) == (0, True)
