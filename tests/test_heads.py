"""Heads: every status line and header field comes back as it was, and takes next to nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.errors import ArchiveDamaged
from storage.heads import TRIED, SiteHeads, head_of, text_of
from tests.storing import NOW, SITE, Desk, address, article, capture, desk

__all__ = ["desk"]

HEADERS = (
    ("Date", "Thu, 01 Jan 2026 00:00:{:02d} GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("ETag", '"{:040x}"'),
    ("Cache-Control", "public, max-age=600, stale-while-revalidate=30"),
    ("Link", '<https://example.org/api/>; rel="https://api.w.org/"'),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
)


def headers(number: int) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.format(number)) for name, value in HEADERS)


def save(desk: Desk, number: int, **head: object) -> None:
    page = replace(capture(number), fetched_at=NOW + timedelta(minutes=number), **head)  # type: ignore[arg-type]
    desk.archive.save(page, article(number), site=SITE, crawl_id=None, now=NOW, next_due_at=None)


def test_status_line_and_headers_come_back_as_they_were_sent(desk: Desk) -> None:
    odd = (("x-ODD", ""), ("X-Odd", "twice"), ("Set-Cookie", "ñ=\xff; \x7f"), ("A", '"["'))
    save(desk, 1, headers=odd, http_version="HTTP/1.0", reason_phrase="No Such\tLuck")
    save(desk, 2, headers=odd, http_version="HTTP/1.1", reason_phrase="")
    save(desk, 3, headers=())
    first, second, third = (desk.archive.capture(number) for number in (1, 2, 3))
    assert (first.headers, first.http_version) == (odd, "HTTP/1.0")
    assert first.reason_phrase == "No Such\tLuck"
    assert (second.http_version, second.reason_phrase) == ("HTTP/1.1", "")
    assert (third.headers, third.http_version, third.reason_phrase) == ((), None, None)


def test_a_head_takes_a_fifth_of_what_it_says(desk: Desk) -> None:
    for number in range(40):
        save(desk, number, headers=headers(number), http_version="HTTP/1.1", reason_phrase="OK")
    assert desk.rows("SELECT count(*) FROM heads") == [(1,)]
    ((frames,),) = desk.rows("SELECT sum(length(head)) FROM captures")
    assert 5 * frames < 40 * len(json.dumps(headers(1)))
    for number in range(40):
        (kept,) = desk.archive.captures(address(number))
        assert desk.archive.capture(kept.id).headers == headers(number)


def test_another_kind_of_head_is_kept_whole_once(desk: Desk) -> None:
    error = tuple((f"X-Field-{n}", f"{n * 7919:x} and so on") for n in range(9))
    for number in range(12):
        save(desk, number, headers=headers(number) if number % 2 else error)
    assert desk.rows("SELECT count(*) FROM heads") == [(2,)]


def test_an_archive_that_is_opened_again_goes_on_with_its_heads(desk: Desk) -> None:
    save(desk, 1, headers=headers(1))
    desk.archive._packer._heads.clear()
    save(desk, 2, headers=headers(2))
    assert desk.rows("SELECT count(*) FROM heads") == [(1,)]


def test_a_site_of_ever_other_heads_remembers_few() -> None:
    known = SiteHeads()
    for number in range(50):
        text = json.dumps([None, None, [[str(n * number), str(n - number)] for n in range(30)]])
        if known.packed(text) is None:
            known.learn(number, text)
    assert len(known._known) <= TRIED


PAIRS = some.lists(some.tuples(some.text(), some.text()).map(tuple)).map(tuple)
LINES = some.none() | some.text(some.characters(exclude_categories=["Cs"]))


@given(PAIRS.filter(lambda pairs: "\\ud" not in json.dumps(pairs)), LINES, LINES)
def test_whatever_a_head_says_its_text_says_it_too(
    pairs: tuple[tuple[str, str], ...], version: str | None, phrase: str | None
) -> None:
    text = text_of(replace(capture(), headers=pairs, http_version=version, reason_phrase=phrase))
    if text is None:
        assert (pairs, version or None, phrase or None) == ((), None, None)
        return
    head = head_of(text)
    assert (head.headers, head.http_version, head.reason_phrase) == (pairs, version, phrase)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE captures SET head = substr(head, 1, length(head) - 2)",
        "UPDATE captures SET head = NULL",
        "UPDATE heads SET content = replace(content, 'max-age', 'min-age')",
        "UPDATE heads SET content = ''",
        "DELETE FROM heads",
    ],
)
def test_a_damaged_head_is_never_taken_for_what_was_sent(desk: Desk, statement: str) -> None:
    save(desk, 1, headers=headers(1))
    save(desk, 2, headers=headers(2))
    with desk.archive._engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(statement)
    for number in (1, 2):
        with pytest.raises(ArchiveDamaged, match=f"Capture {number} of .*head"):
            desk.archive.capture(number)
