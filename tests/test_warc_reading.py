"""Web archives that somebody else wrote: what is read from them, and what survives damage."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as some

from crawler.capture import Capture
from crawler.warc.answers import Answer, LeftOut, Original, answers
from crawler.warc.records import NoWarc
from tests.warcs import (
    DATE,
    answered,
    bodies,
    by_hand,
    found_in,
    losses,
    record_of,
    repeated,
    zipped,
    zstd_packed,
)

URL = "https://news.example/a/"
PAGES = [f"<p>page {number} {'words ' * 50}</p>".encode() for number in range(5)]
RECORDS = [answered(f"{URL}{number}", page) for number, page in enumerate(PAGES)]


def only(content: bytes, **options: bool) -> Answer:
    (found,) = found_in(content, **options)
    assert isinstance(found, Answer)
    return found


# Containers


@pytest.mark.parametrize(
    "content",
    [
        b"".join(RECORDS),
        zipped(*RECORDS),
        gzip.compress(b"".join(RECORDS)),
        zstd_packed(*RECORDS),
        zstd_packed(b"".join(RECORDS)),
        zstd_packed(*RECORDS, dictionary=b"".join(RECORDS[:2])),
        zstd_packed(
            *RECORDS, dictionary=zstandard.ZstdCompressor().compress(b"".join(RECORDS[:2]))
        ),
        b"\r\n\r\n" + b"".join(RECORDS),
        zipped(*RECORDS) + bytes(512),
    ],
    ids=[
        *("plain", "gzip", "one gzip member", "zstd", "one frame", "dictionary"),
        *("packed dictionary", "blank lines first", "filled up with zeros"),
    ],
)
def test_every_container_is_read(content: bytes, request: pytest.FixtureRequest) -> None:
    if "packed dictionary" in request.node.name:
        dictionary = b"".join(RECORDS[:2])
        packed = zstandard.ZstdCompressor().compress(dictionary)
        frames = zstd_packed(*RECORDS, dictionary=dictionary)[8 + len(dictionary) :]
        content = b"\x5d\x2a\x4d\x18" + len(packed).to_bytes(4, "little") + packed + frames
    assert bodies(content) == PAGES
    assert losses(content) == []


def test_a_record_may_be_spread_over_several_gzip_members() -> None:
    whole = b"".join(RECORDS)
    parts = [whole[at : at + 300] for at in range(0, len(whole), 300)]
    assert bodies(zipped(*parts)) == PAGES


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"<html>", b"PK\x05\x06", gzip.compress(b"<html>"), b"\x1f\x8b\x08"]
)
def test_what_is_no_warc_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NoWarc):
        found_in(content)


def test_a_bomb_costs_no_memory() -> None:
    bomb = by_hand(["WARC-Type: response", f"WARC-Target-URI: {URL}", f"WARC-Date: {DATE}"], b"")
    bomb = bomb.replace(b"Content-Length: 0", b"Content-Length: 300000000")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    content = packer.compress(bomb.rstrip() + b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
    for _ in range(300):
        content += packer.compress(bytes(1_000_000))
    content += packer.flush()
    tracemalloc.start()
    found = [each for each in answers(io.BytesIO(content)) if isinstance(each, LeftOut)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each.reason for each in found] == ["too large"]
    assert peak < 8_000_000


# Answers


def test_an_answer_is_kept_as_it_was_sent() -> None:
    headers = [
        ("Date", "now"),
        ("Content-Type", "text/html"),
        ("Set-Cookie", "a"),
        ("set-cookie", "b"),
    ]
    record = answered(URL, b"<p>x", status="203 Fine", headers=headers, date=DATE)
    assert only(record).capture == Capture(
        url=URL,
        fetched_at=datetime(2020, 5, 17, 12, tzinfo=UTC),
        status=203,
        headers=tuple(headers),
        body=b"<p>x",
        http_version="HTTP/1.1",
        reason_phrase="Fine",
    )


def test_chunks_are_undone_and_codings_are_not() -> None:
    coded = gzip.compress(b"<p>coded")
    chunked = b"%x\r\n" % 10 + coded[:10] + b"\r\n%X;note=1\r\n" % len(coded[10:]) + coded[10:]
    headers = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
    capture = only(answered(URL, chunked + b"\r\n0\r\n\r\n", headers=headers)).capture
    assert (capture.body, capture.truncated) == (coded, False)
    assert capture.headers == (("Content-Encoding", "gzip"),)


@pytest.mark.parametrize("body", [b"<p>no chunks", b"", b"abc\r\n<p>no chunks, and it looks so"])
def test_a_body_without_chunks_is_taken_as_it_is_whatever_its_header_says(body: bytes) -> None:
    capture = only(answered(URL, body, headers=[("Transfer-Encoding", "chunked")])).capture
    assert (capture.body, capture.truncated) == (body, False) or body.startswith(b"abc")


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"5\r\nwhole\r\n9\r\nbro", b"wholebro"),
        (b"5\r\nwhole\r\n", b"whole"),
        (b"5\r\nwhole\r\n3\r\nlies beyond", b"whole3\r\nlies beyond"),
    ],
)
def test_broken_chunks_lose_nothing_and_are_marked(body: bytes, kept: bytes) -> None:
    capture = only(answered(URL, body, headers=[("Transfer-Encoding", "chunked")])).capture
    assert (capture.body, capture.truncated) == (kept, True)


def test_a_body_shorter_than_promised_is_marked() -> None:
    assert only(answered(URL, b"<p>", headers=[("Content-Length", "9")])).capture.truncated
    assert not only(answered(URL, b"<p>", headers=[("Content-Length", "3")])).capture.truncated
    assert not only(
        answered(URL, b"", status="304 Same", headers=[("Content-Length", "9")])
    ).capture.truncated
    assert only(answered(URL, b"<p>", fields={"WARC-Truncated": "length"})).capture.truncated


def test_a_resource_is_a_page_without_headers() -> None:
    capture = only(record_of("resource", URL, b"<p>page", "Content-Type: text/html")).capture
    assert (capture.status, capture.body) == (200, b"<p>page")
    assert capture.headers == (("Content-Type", "text/html"),)


def test_a_repetition_names_what_it_repeats() -> None:
    found = only(repeated(URL, "sha1:ABC", "http://other.example/", "2019-01-02T03:04:05Z"))
    moment = datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found.repeats == Original("http://other.example/", moment, has_head=True)
    assert (found.digest, found.capture.headers) == ("sha1:ABC", (("X-Seen", "again"),))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (record_of("request", URL, b"GET / HTTP/1.1\r\n\r\n"), "request"),
        (record_of("metadata", URL, b"via: x"), "request"),
        (record_of("conversion", URL, b"text"), "request"),
        (record_of("continuation", URL, b"text"), "in segments"),
        (record_of("odd", URL, b"text"), "other"),
        (record_of("response", "dns:news.example", b"text"), "not on the web"),
        (record_of("response", None, b"text"), "not on the web"),
        (record_of("resource", "urn:pageinfo:x", b"{}"), "not on the web"),
        (record_of("revisit", URL, b"", "WARC-Profile: x/server-not-modified"), "not modified"),
        (answered(URL, b"x", headers=[("Content-Type", "image/png")]), "no page"),
        (answered(URL, b"x", headers=[("content-type", "text/css;a=b")]), "no page"),
        (record_of("resource", URL, b"{}", "Content-Type: application/json"), "no page"),
    ],
)
def test_what_is_no_answer_is_left_out_with_its_reason(record: bytes, reason: str) -> None:
    found = found_in(record + RECORDS[0])
    assert [each.reason for each in found if isinstance(each, LeftOut)] == [reason]
    assert bodies(record + RECORDS[0]) == PAGES[:1]


def test_everything_is_kept_if_asked_for() -> None:
    picture = answered(URL, b"\x89PNG", headers=[("Content-Type", "image/png")])
    assert only(picture, everything=True).capture.body == b"\x89PNG"


@pytest.mark.parametrize("uri", [f"<{URL}>", f" {URL} "])
def test_addresses_in_brackets_are_understood(uri: str) -> None:
    record = record_of("response", uri, b"HTTP/1.1 200 OK\r\n\r\n<p>")
    assert only(record).capture.url == URL


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        (b"HTTP/1.0 200\nA: 1\n b\n\n", (("A", "1 b"),)),
        (b"HTTP/2 200 \r\nA:1\r\nno header\r\n: none\r\n\r\n", (("A", "1"),)),
        (b"HTTP/1.1 200 OK\r\nA: caf\xe9\r\n\r\n", (("A", "café"),)),
        (b"HTTP/1.1 200 OK\r\n\r\n", ()),
    ],
)
def test_odd_heads_are_read(head: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    capture = only(record_of("response", URL, head + b"body")).capture
    assert (capture.headers, capture.body) == (headers, b"body")


# Damage: one bad record never costs another


@pytest.mark.parametrize("pack", [b"".join, lambda records: zipped(*records)])
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record_of("response", URL, b"no HTTP at all"), "it holds no HTTP answer"),
        (by_hand(["WARC-Type: response", f"WARC-Target-URI: {URL}"], b""), "does not say when"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "it does not say how long it is"),
        (b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", "it does not say how long it is"),
        (b"WARC/1.0\r\nContent-Length: 9e9\r\n\r\n", "it does not say how long it is"),
        (b"some words\r\nwithout meaning\r\n\r\n", "what follows a record is none"),
        (b"WARC/1.0\r\n" + b"x" * 2**19 + b"\r\n\r\n", "too long"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 2**18 + b"\r\n", "too long"),
    ],
)
def test_a_bad_record_is_told_and_the_others_are_read(
    pack: object, bad: bytes, reason: str
) -> None:
    content = pack([*RECORDS[:2], bad, *RECORDS[2:]])  # type: ignore[operator]
    assert bodies(content) == PAGES
    (loss,) = losses(content)
    assert reason in loss.reason
    assert not loss.is_last


@pytest.mark.parametrize("pack", [zipped, zstd_packed])
def test_bytes_that_do_not_unpack_cost_their_record(pack: object) -> None:
    parts = [pack(record) for record in RECORDS]  # type: ignore[operator]
    middle = bytearray(parts[2])
    middle[len(middle) // 2 :] = b"\xff" * (len(middle) - len(middle) // 2)
    content = b"".join((*parts[:2], bytes(middle), *parts[3:]))
    assert set(bodies(content)) >= {*PAGES[:2], *PAGES[3:]} - {PAGES[2]}
    assert losses(content)


def test_a_record_that_states_too_much_does_not_swallow_the_next() -> None:
    bad = RECORDS[1].replace(b"Content-Length: ", b"Content-Length: 9")
    content = zipped(RECORDS[0], bad, *RECORDS[2:])
    assert bodies(content) == [PAGES[0], *PAGES[2:]]
    (loss,) = losses(content)
    assert (loss.reason, loss.uri) == ("it ends before its stated length", f"{URL}1")


def test_a_record_that_states_too_little_is_followed_by_the_next() -> None:
    bad = record_of("response", URL, b"HTTP/1.1 200 OK\r\n\r\n<p>words and words")
    bad = bad.replace(b"Content-Length: 37", b"Content-Length: 27")
    content = b"".join((RECORDS[0], bad, *RECORDS[1:]))
    assert set(bodies(content)) >= set(PAGES)
    assert [loss.reason for loss in losses(content)] == ["what follows a record is none"]


@pytest.mark.parametrize("pack", [b"".join, lambda records: zipped(*records)])
@pytest.mark.parametrize("missing", [60, 100])
def test_a_last_record_that_breaks_off_is_told_and_the_rest_is_kept(
    pack: object, missing: int
) -> None:
    content = pack(RECORDS)[:-missing]  # type: ignore[operator]
    assert bodies(content) == PAGES[:-1]
    (loss,) = losses(content)
    assert loss.is_last
    assert loss.reason == "the file breaks off"


def test_a_file_that_ends_within_a_checksum_has_lost_no_record_and_says_where_it_ends() -> None:
    content = zipped(*RECORDS)[:-5]
    assert bodies(content) == PAGES
    assert [(loss.reason, loss.uri) for loss in losses(content)] == [("the file breaks off", None)]


def test_a_zstd_file_that_breaks_off_keeps_the_rest() -> None:
    content = zstd_packed(*RECORDS)[:-40]
    assert bodies(content) == PAGES[:-1]
    assert [loss.is_last for loss in losses(content)] == [True]


def test_a_zstd_bomb_costs_little_memory() -> None:
    head = record_of("response", URL, b"").replace(b"Length: 0", b"Length: 500000000").rstrip()
    bomb = zstandard.ZstdCompressor().compress(head + b"\r\n\r\n" + bytes(500_000_000))
    tracemalloc.start()
    found = found_in(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 1
    assert peak < 30_000_000


@given(
    some.lists(some.tuples(some.integers(0, 3000), some.binary(max_size=9)), max_size=6),
    some.sampled_from([b"".join(RECORDS), zipped(*RECORDS), zstd_packed(*RECORDS)]),
)
def test_no_damage_raises_anything(edits: list[tuple[int, bytes]], content: bytes) -> None:
    damaged = bytearray(content)
    for at, put in edits:
        damaged[at : at + len(put)] = put
    try:
        found = found_in(bytes(damaged))
    except NoWarc:
        return
    intact = [each for each in found if isinstance(each, Answer)]
    assert len(intact) >= 5 - 2 * len(edits) or content.startswith(b"\x28\xb5")


def test_reading_takes_time_in_proportion() -> None:
    """Lines without end and thousands of false beginnings are passed over in one go."""
    noise = random.Random(1).randbytes(1 << 20).replace(b"\n", b"") * 8
    false = b"\nWARC/1.0 " * 20_000
    content = b"".join((RECORDS[0], noise, false, b"\n\n", RECORDS[1]))
    assert bodies(content) == PAGES[:2]
