"""Bytes become text: codings undone within bounds, and the character set that is true."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Unreadable
from crawler.parsing.decoding import decode_content, text_of_page

PAGE = "<p>Los pescadores de Colón volvieron al muelle el miércoles.</p>"
PLAIN = PAGE.encode()


def deflated_raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKED = {
    "gzip": gzip.compress(PLAIN),
    "x-gzip": gzip.compress(PLAIN),
    "deflate": zlib.compress(PLAIN),
    "br": brotli.compress(PLAIN),
    "zstd": zstandard.compress(PLAIN),
    "identity": PLAIN,
    "": PLAIN,
}


@pytest.mark.parametrize("coding", PACKED)
def test_every_usual_content_coding_is_undone(coding: str) -> None:
    assert decode_content(PACKED[coding], [("Content-Encoding", coding)]) == PLAIN


def test_a_deflated_page_without_the_zlib_wrapper_is_read_too() -> None:
    assert decode_content(deflated_raw(PLAIN), [("content-encoding", "deflate")]) == PLAIN


def test_codings_are_undone_in_the_opposite_order() -> None:
    twice = gzip.compress(brotli.compress(PLAIN))
    assert decode_content(twice, [("Content-Encoding", "br, gzip")]) == PLAIN
    headers = [("Content-Encoding", "br"), ("Content-Encoding", "gzip")]
    assert decode_content(twice, headers) == PLAIN


def test_a_page_that_is_plain_although_its_header_says_gzip_is_taken_as_it_is() -> None:
    assert decode_content(PLAIN, [("Content-Encoding", "gzip")]) == PLAIN


def test_a_page_cut_off_on_the_way_gives_what_arrived() -> None:
    long = PLAIN * 5000
    assert decode_content(gzip.compress(long)[:-40], [("Content-Encoding", "gzip")]).startswith(
        PLAIN
    )


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_page_that_unpacks_to_more_than_the_bound_is_refused(coding: str) -> None:
    pack = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }[coding]
    with pytest.raises(Unreadable, match="more than 1,000 bytes"):
        decode_content(pack(b" " * 100_000), [("Content-Encoding", coding)], limit=1000)


@pytest.mark.parametrize(
    ("body", "coding", "told"),
    [
        (b"\x1f\x8b nonsense", "gzip", "gzip coding of the page is broken"),
        (b"nonsense", "deflate", "deflate coding of the page is broken"),
        (b"nonsense", "zstd", "zstd coding of the page is broken"),
        (PLAIN, "sdch", "packed as 'sdch', which is not known"),
    ],
)
def test_a_broken_or_unknown_coding_is_told_in_a_sentence(
    body: bytes, coding: str, told: str
) -> None:
    with pytest.raises(Unreadable, match=told):
        decode_content(body, [("Content-Encoding", coding)])


@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_any_bytes_are_unpacked_or_called_unreadable(body: bytes, coding: str) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(decode_content(body, [("Content-Encoding", coding)]), bytes)


@pytest.mark.parametrize(
    ("charset", "header", "meta"),
    [
        ("utf-8", None, None),
        ("utf-8", "text/html; charset=utf-8", None),
        ("utf-8", "text/html; charset=iso-8859-1", None),
        ("utf-8", None, "windows-1252"),
        ("cp1252", "text/html; charset=windows-1252", None),
        ("cp1252", "text/html; charset=iso-8859-1", None),
        ("cp1252", None, "iso-8859-1"),
        ("cp1252", "text/html; charset=utf-8", None),
        ("cp1252", None, "utf-8"),
        ("cp1252", None, None),
        ("cp1252", "text/html; charset=nonsense", "windows-1252"),
        ("cp1252", "text/html; charset=rot13", None),
        ("cp1252", None, "utf-16"),
        ("iso8859-15", 'text/html; charset="ISO-8859-15"', None),
    ],
)
def test_text_is_right_however_header_and_meta_tag_err(
    charset: str, header: str | None, meta: str | None
) -> None:
    head = f'<meta charset="{meta}">' if meta else ""
    assert text_of_page((head + PAGE).encode(charset), header) == head + PAGE


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_beats_every_statement(mark: bytes, charset: str) -> None:
    assert text_of_page(mark + PAGE.encode(charset), "text/html; charset=cp1252") == PAGE


def test_curly_quotes_of_windows_survive_a_page_that_calls_itself_latin() -> None:
    assert text_of_page(b"\x93S\xed\x94, dijo", "text/html; charset=iso-8859-1") == "“Sí”, dijo"


def test_a_utf8_page_with_one_broken_letter_stays_utf8() -> None:
    letters = "áéíóúñ" * 40
    text = text_of_page(letters.encode() + b"\xff", "text/html; charset=utf-8")
    assert text.startswith(letters)


@given(st.binary(), st.none() | st.text().map("text/html; charset=".__add__))
def test_any_bytes_under_any_header_become_text(body: bytes, header: str | None) -> None:
    assert isinstance(text_of_page(body, header), str)


@pytest.mark.parametrize(
    "name",
    ["rot13", "hex", "base64", "idna", "punycode", "undefined", "unicode_escape", "zlib", "bz2",
     "uu", "quopri", "raw_unicode_escape", "mbcs", "oem"],
)  # fmt: skip
def test_a_codec_that_is_no_character_set_is_not_believed(name: str) -> None:
    assert "miércoles" in text_of_page(PAGE.encode("cp1252"), f"text/html; charset={name}")
