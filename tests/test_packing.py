"""Packing: a site's pages small beside each other, its edits smaller still, every byte kept."""

from __future__ import annotations

import gzip
import hashlib
import random
import sqlite3
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Capture
from crawler.errors import ArchiveDamaged, BadInput
from storage import Archive, captures, dictionaries
from storage.packing import (
    DICTIONARY_BYTES,
    Dictionary,
    applied,
    compressed,
    delta,
    dictionary_of,
    expanded,
)
from storage.wrapping import unwrapped, wrapped
from tests.storing import SITE, Desk, address, article, desk

__all__ = ["desk"]


def words(seed: str, number: int) -> str:
    """Made-up prose that no other seed has."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdeilmnorst", k=6)) for _ in range(number))


def page(number: int | str, design: str = "first", text: int = 120) -> bytes:
    """A page of a made-up site: its design, which all pages share, and some prose."""
    return f"<html>{words(design, 1500)}<p>{words(f'text {number}', text)}</p></html>".encode()


def fill(desk: Desk, numbers: range, design: str = "first") -> None:
    for number in numbers:
        desk.save(article(number), page(number, design))


def bodies(desk: Desk) -> list[tuple[int, int, int | None, int | None]]:
    """Of each body: bytes sent, bytes kept, dictionary, base."""
    query = "SELECT bytes, length(content), dictionary_id, base_id FROM bodies ORDER BY id"
    return desk.rows(query)  # type: ignore[return-value]


def all_bodies_are_whole(desk: Desk) -> None:
    for number, sha256 in desk.rows("SELECT id, sha256 FROM v_captures"):
        assert hashlib.sha256(desk.archive.capture_body(number)).hexdigest() == sha256


def test_a_site_gets_its_first_dictionary_after_four_pages(desk: Desk) -> None:
    fill(desk, range(4))
    assert desk.rows("SELECT count(*) FROM dictionaries") == [(0,)]
    fill(desk, range(4, 8))
    assert desk.rows("SELECT id, site, samples FROM dictionaries") == [(1, SITE, 4)]
    kept = bodies(desk)
    assert [row[2] for row in kept[4:]] == [1] * 4
    gzipped = [len(gzip.compress(page(number))) for number in range(4, 8)]
    assert all(4 * row[1] < size for row, size in zip(kept[4:], gzipped, strict=True))
    all_bodies_are_whole(desk)


def test_the_pages_that_came_before_the_dictionary_are_packed_with_it_too(desk: Desk) -> None:
    fill(desk, range(5))
    assert [row[2] for row in bodies(desk)] == [1] * 5
    all_bodies_are_whole(desk)


def test_each_site_has_its_own_dictionary(desk: Desk) -> None:
    for number in range(6):
        desk.save(article(number), page(number))
        other = f"https://example.com/{number}"
        desk.save(article(number, url=other, canonical_url=other), page(number, "b"), site="other")
    assert desk.rows("SELECT site, count(*) FROM dictionaries GROUP BY site ORDER BY site") == [
        (SITE, 1),
        ("other", 1),
    ]


def test_a_redesign_brings_another_dictionary_and_the_old_pages_stay_readable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictionaries, "DRIFT_PAGES", 8)
    monkeypatch.setattr(dictionaries.SitePacking, "patience", 8)
    monkeypatch.setattr(dictionaries, "GROWTH", 1000)
    monkeypatch.setattr(dictionaries, "SAMPLE_PAGES", 12)
    fill(desk, range(25))
    assert desk.rows("SELECT count(*) FROM dictionaries") == [(1,)]
    fill(desk, range(25, 80), "second")
    assert desk.rows("SELECT count(*) > 1 FROM dictionaries") == [(1,)]
    assert {row[2] for row in bodies(desk)} >= {1, 2}
    last = bodies(desk)[-1]
    assert 4 * last[1] < len(gzip.compress(page(79, "second")))
    all_bodies_are_whole(desk)


def test_a_dictionary_that_only_the_pages_of_the_new_one_needed_is_taken_away(desk: Desk) -> None:
    fill(desk, range(5))
    fill(desk, range(5, 18), "second")  # tried after 4 pages, and again after 12 more
    assert desk.rows("SELECT count(*), max(samples) > 4 FROM dictionaries") == [(1, 1)]
    assert len({row[2] for row in bodies(desk)}) == 1
    all_bodies_are_whole(desk)


def test_what_is_kept_together_is_there_together_or_not_at_all(desk: Desk) -> None:
    with Archive.open(desk.archive.url) as other, desk.archive.together():
        fill(desk, range(6))
        assert not other.sites()
    assert desk.archive.sites() == {SITE: 6}
    all_bodies_are_whole(desk)


def test_a_dictionary_that_was_made_in_vain_is_forgotten(desk: Desk) -> None:
    with pytest.raises(BadInput), desk.archive.together():
        _fill_and_fail(desk)
    assert bodies(desk) == []
    fill(desk, range(8), design="another")
    assert desk.rows("SELECT id, samples FROM dictionaries") == [(1, 4)]
    all_bodies_are_whole(desk)


def _fill_and_fail(desk: Desk) -> None:
    fill(desk, range(8))
    all_bodies_are_whole(desk)
    raise BadInput("The pages after these could not be written.")


def test_a_dictionary_that_would_save_nothing_is_not_kept(desk: Desk) -> None:
    for number in range(40):
        desk.save(article(number), words(f"noise {number}", 300).encode())
    assert desk.rows("SELECT count(*) FROM dictionaries") == [(0,)]


def test_an_archive_that_is_opened_again_goes_on_with_its_dictionary(desk: Desk) -> None:
    fill(desk, range(6))
    path = desk.archive.path
    assert path
    desk.archive.close()
    with Archive.open(path, mode="write") as again:
        desk.archive = again
        fill(desk, range(6, 9))
        assert desk.rows("SELECT count(*) FROM dictionaries") == [(1,)]
        assert [row[2] for row in bodies(desk)[6:]] == [1] * 3
        all_bodies_are_whole(desk)


def test_an_edited_page_is_kept_as_what_differs(desk: Desk) -> None:
    fill(desk, range(8))
    before = page(7)
    for number, word in enumerate(("yesterday", "today", "tomorrow")):
        edited = before.replace(b"<p>", f"<p>{word} ".encode())
        desk.save(article(7, headline=f"Edited {number}"), edited)
        size, kept, number_of_dictionary, base = bodies(desk)[-1]
        assert (size, number_of_dictionary, base) == (len(edited), None, 8)
        assert 20 * kept < len(gzip.compress(edited))
    all_bodies_are_whole(desk)


def test_another_page_under_the_same_address_is_kept_whole_and_is_the_next_base(
    desk: Desk,
) -> None:
    desk.save(article(1), page(1))
    other = page("other", "second", 3000)
    desk.save(article(1, headline="Other"), other)
    desk.save(article(1, headline="Other, edited"), other + b"<!-- edited -->")
    assert [row[3] for row in bodies(desk)] == [None, None, 2]
    all_bodies_are_whole(desk)


def test_two_frames_at_most_are_opened_for_a_body(desk: Desk) -> None:
    for number in range(30):
        desk.save(article(1, headline=f"Edit {number}"), page(1) + b"<i>edit</i>" * number)
    assert desk.rows(
        "SELECT count(*) FROM bodies d JOIN bodies b ON b.id = d.base_id WHERE b.base_id NOTNULL"
    ) == [(0,)]
    all_bodies_are_whole(desk)


def test_a_base_cannot_be_taken_away_from_under_a_difference(desk: Desk) -> None:
    desk.save(article(1), page(1))
    desk.save(article(1, headline="Edited"), page(1) + b"!")
    with (
        desk.archive._writing() as connection,
        pytest.raises(Exception, match="FOREIGN KEY"),
    ):
        connection.exec_driver_sql("DELETE FROM bodies WHERE id = 1")


def test_the_same_bytes_are_stored_once(desk: Desk) -> None:
    for _ in range(3):
        desk.save(article(1), page(1))
    desk.save(article(2), page(1))
    assert desk.rows("SELECT count(*) FROM bodies") == [(1,)]
    assert desk.rows("SELECT count(*) FROM captures") == [(4,)]


@pytest.mark.parametrize(
    "lost", ["DELETE FROM dictionaries", "UPDATE dictionaries SET content = x'00'"]
)
def test_a_lost_dictionary_is_damage_and_is_named(desk: Desk, lost: str) -> None:
    fill(desk, range(6))
    path = desk.archive.path
    assert path
    with sqlite3.connect(path) as connection:  # no foreign keys: something else was at work
        connection.execute(lost)
    connection.close()
    with (
        Archive.open(path) as archive,
        pytest.raises(ArchiveDamaged, match=r"Capture 6 of https://example.org/news/5: "),
    ):
        archive.capture(6)


def test_status_headers_time_and_redirects_come_back_as_they_were(desk: Desk) -> None:
    fill(desk, range(6))
    odd = Capture(
        url=address("odd"),
        fetched_at=desk.now + timedelta(microseconds=123_456),
        status=203,
        headers=(("X-Twice", "a"), ("x-twice", "b"), ("Set-Cookie", "é=1; path=/")),
        body=gzip.compress(page("odd"), mtime=0),
        final_url=address("end"),
        redirects=(address("middle"), address("middle-2")),
        truncated=True,
    )
    about = {"site": SITE, "crawl_id": None, "now": desk.now, "next_due_at": None}
    desk.archive.save(odd, article("odd"), **about)  # type: ignore[arg-type]
    (stored,) = desk.archive.captures(odd.url)
    assert desk.archive.capture(stored.id) == odd
    assert desk.rows("SELECT wrapping IS NULL FROM bodies ORDER BY id DESC LIMIT 1") == [(0,)]


def test_gzipped_pages_share_the_dictionary_and_come_back_to_the_byte(desk: Desk) -> None:
    for number in range(9):
        desk.save(article(number), gzip.compress(page(number), mtime=0))
    size, kept, number_of_dictionary, _ = bodies(desk)[-1]
    assert number_of_dictionary == 1
    assert 4 * kept < size
    all_bodies_are_whole(desk)


def test_a_server_whose_gzip_cannot_be_made_again_is_not_searched_for_each_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    monkeypatch.setattr(captures, "unwrapped", lambda *given: tried.append(given))
    for number in range(60):
        desk.save(article(number), b"\x1f\x8b\x08 another maker's gzip %d" % number)
    assert len(tried) == captures.FRUITLESS + 2
    all_bodies_are_whole(desk)


def test_a_hostile_page_makes_no_dictionary_that_does_not_open(desk: Desk) -> None:
    magic = b"\x37\xa4\x30\xec"  # what begins a dictionary that zstd trained
    for number in range(6):
        desk.save(article(number), magic + page(number))
    assert desk.rows("SELECT count(*) FROM dictionaries") == [(1,)]
    all_bodies_are_whole(desk)


def test_a_dictionary_has_a_bound() -> None:
    pages = [random.Random(number).randbytes(700_000) for number in range(5)]
    assert len(Dictionary(1, dictionary_of(pages)).content) <= DICTIONARY_BYTES
    assert len(Dictionary(1, dictionary_of([b"x" * 5_000_000])).content) == DICTIONARY_BYTES


@given(base=st.binary(max_size=3000), edit=st.binary(max_size=50), at=st.integers(0, 3000))
def test_any_difference_gives_the_bytes_back(base: bytes, edit: bytes, at: int) -> None:
    body = base[:at] + edit + base[at + 7 :]
    assert applied(delta(body, base), base) == body


@given(
    content=st.binary(max_size=3000),
    level=st.integers(1, 9),
    memory=st.sampled_from([8, 9]),
    name=st.sampled_from([b"", b"a"]),
)
def test_whatever_is_unwrapped_is_wrapped_again_to_the_byte(
    content: bytes, level: int, memory: int, name: bytes
) -> None:
    writer = zlib.compressobj(level, zlib.DEFLATED, 31, memory)
    body = writer.compress(content) + writer.flush()
    found = unwrapped(body)
    assert found is not None
    assert found[0] == content
    assert wrapped(*found) == body
    for broken in (body + name + b"\x00", body[:-1], body[:5], b"", body[:3] + b"\x08" + body[4:]):
        assert unwrapped(broken) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_search_for_a_wrapping(tail: bytes) -> None:
    body = b"\x1f\x8b\x08\x00" + tail
    found = unwrapped(body)
    assert found is None or wrapped(*found) == body


def test_a_wrapping_from_the_future_is_damage_and_says_so(desk: Desk) -> None:
    desk.save(article(1), page(1))
    with desk.archive._writing() as connection:
        connection.exec_driver_sql("UPDATE bodies SET wrapping = 'brotli 5'")
    with pytest.raises(ArchiveDamaged, match="its wrapping is not known"):
        desk.archive.capture(1)


def test_a_reader_of_many_pages_opens_a_dictionary_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk, range(12))
    opened: list[int] = []
    original = dictionaries.Dictionary

    def counted(number: int, content: bytes) -> Dictionary:
        opened.append(number)
        return original(number, content)

    monkeypatch.setattr(dictionaries, "Dictionary", counted)
    path = desk.archive.path
    assert path
    with Archive.open(path) as reader:
        for number in range(1, 13):
            reader.capture(number)
    assert len(opened) == len(set(opened))


def test_what_a_capture_says_is_what_was_received(desk: Desk, tmp_path: Path) -> None:
    """The bytes survive a copy of the file: nothing of them is anywhere else."""
    fill(desk, range(6))
    desk.save(article(1, headline="Edited"), page(1) + b"!")
    path = desk.archive.path
    assert path
    desk.archive.close()
    copy = tmp_path / "elsewhere.db"
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    with Archive.open(copy) as archive:
        assert archive.capture_body(7) == page(1) + b"!"
        assert archive.capture(7) == replace(archive.capture(7), body=page(1) + b"!")


def test_a_site_whose_pages_only_grow_worse_is_not_weighed_again_and_again(desk: Desk) -> None:
    state = dictionaries.SitePacking(SITE, Dictionary(1, b"x"), next_try=10**9)
    for _ in range(40):
        state.note(1000, 100)
    tries = 0
    for _ in range(1000):
        state.note(1000, 900)
        if state.is_due:
            tries += 1
            state.settle(None, 10**9)
            state.next_try = 10**9
    assert 3 <= tries <= 6


def test_several_threads_pack_at_once() -> None:
    texts = [words(f"thread {number}", 20_000).encode() for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        frames = list(threads.map(compressed, texts))
    assert [expanded(frame) for frame in frames] == texts
