"""Character sets: what the bytes are, whatever header and page say of them."""

from __future__ import annotations

import codecs

import pytest

from tests.broadsheet import paragraphs as set_in
from tests.broadsheet import read, sheet, told
from tests.tongues import (
    ARABIC,
    CHINESE,
    FRENCH,
    GERMAN,
    HEBREW,
    JAPANESE,
    KOREAN,
    POLISH,
    RUSSIAN,
    SPANISH,
    TAIWANESE,
    THAI,
    Tongue,
)

#: Label as pages print it, the codec, and a language that is written in it.
SETS = [
    ("windows-1252", "cp1252", SPANISH),
    ("iso-8859-1", "cp1252", GERMAN),
    ("ISO-8859-15", "iso8859-15", FRENCH),
    ("windows-1250", "cp1250", POLISH),
    ("iso-8859-2", "iso8859-2", POLISH),
    ("windows-1251", "cp1251", RUSSIAN),
    ("koi8-r", "koi8-r", RUSSIAN),
    ("gb2312", "gb18030", CHINESE),
    ("GBK", "gbk", CHINESE),
    ("big5", "big5", TAIWANESE),
    ("Shift_JIS", "cp932", JAPANESE),
    ("x-sjis", "cp932", JAPANESE),
    ("euc-jp", "euc-jp", JAPANESE),
    ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ("euc-kr", "cp949", KOREAN),
    ("ks_c_5601-1987", "cp949", KOREAN),
    ("windows-1256", "cp1256", ARABIC),
    ("windows-1255", "cp1255", HEBREW),
    ("iso-8859-8-i", "iso8859-8", HEBREW),
    ("tis-620", "tis-620", THAI),
]
BY_SET = pytest.mark.parametrize(
    ("label", "codec", "tongue"), SETS, ids=[f"{label}-{t.code}" for label, _, t in SETS]
)


def printed(tongue: Tongue, codec: str, charset: str = "") -> bytes:
    """The report as bytes; what a character set lacks is replaced as its writers do."""
    html = page_of(tongue, charset)
    if codec in ("iso8859-2", "iso8859-8", "cp1250"):
        html = html.replace("„", '"').replace("”", '"')
    return html.encode(codec, "xmlcharrefreplace")


def page_of(tongue: Tongue, charset: str) -> str:
    opening = '<time datetime="2024-05-14T07:30:00+02:00">2024-05-14</time>'
    return sheet(
        set_in(tongue.paragraphs),
        headline=tongue.headline,
        opening=opening,
        language=tongue.code,
        charset=charset,
        cards=False,
    )


def assert_read(tongue: Tongue, html: bytes, content_type: str | None = None) -> None:
    found = read(html, content_type=content_type)
    assert found.headline == tongue.headline
    expected = [text.replace("„", '"').replace("”", '"') for text in tongue.paragraphs]
    assert [t.replace("„", '"').replace("”", '"') for t in told(found.body)] == expected


# --- who says the set --------------------------------------------------------------------------


@BY_SET
def test_the_header_says_it(label: str, codec: str, tongue: Tongue) -> None:
    assert_read(tongue, printed(tongue, codec), f"text/html; charset={label}")


@BY_SET
def test_the_page_says_it(label: str, codec: str, tongue: Tongue) -> None:
    html = printed(tongue, codec, f'<meta charset="{label}">')
    assert_read(tongue, html, "text/html")


@BY_SET
def test_the_page_says_it_in_the_old_way(label: str, codec: str, tongue: Tongue) -> None:
    old = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'
    assert_read(tongue, printed(tongue, codec, old), None)


@BY_SET
def test_the_header_says_utf_8_and_the_page_knows_better(
    label: str, codec: str, tongue: Tongue
) -> None:
    html = printed(tongue, codec, f'<meta charset="{label}">')
    assert_read(tongue, html, "text/html; charset=utf-8")


@BY_SET
def test_the_header_says_what_the_server_says_of_every_page(
    label: str, codec: str, tongue: Tongue
) -> None:
    html = printed(tongue, codec, f'<meta charset="{label}">')
    assert_read(tongue, html, "text/html; charset=ISO-8859-1")


#: Languages whose usual set can be told from the bytes once the language is known.
UNNAMED = [
    ("cp1252", SPANISH),
    ("cp1251", RUSSIAN),
    ("gb18030", CHINESE),
    ("cp932", JAPANESE),
    ("euc-jp", JAPANESE),
    ("cp949", KOREAN),
    ("cp1255", HEBREW),
    ("cp1256", ARABIC),
    ("tis-620", THAI),
]


@pytest.mark.parametrize(
    ("codec", "tongue"), UNNAMED, ids=[f"{codec}-{t.code}" for codec, t in UNNAMED]
)
def test_nobody_says_it_but_the_page_states_its_language(codec: str, tongue: Tongue) -> None:
    assert_read(tongue, printed(tongue, codec), "text/html")


# --- UTF-8 and UTF-16 --------------------------------------------------------------------------

LIES = [
    ("windows-1252", ""),
    ("iso-8859-1", '<meta charset="iso-8859-1">'),
    ("shift_jis", '<meta charset="shift_jis">'),
    ("utf-16", '<meta charset="utf-16">'),
    ("no-such-set", '<meta charset="no-such-set">'),
    ("unicode_escape", '<meta charset="rot13">'),
]


@pytest.mark.parametrize(("header", "meta"), LIES)
@pytest.mark.parametrize("tongue", [SPANISH, JAPANESE, ARABIC], ids=lambda tongue: tongue.code)
def test_bytes_that_are_utf_8_are_read_so_whatever_is_said(
    header: str, meta: str, tongue: Tongue
) -> None:
    html = printed(tongue, "utf-8", meta)
    assert_read(tongue, html, f"text/html; charset={header}")


def test_a_byte_order_mark_is_believed_before_all() -> None:
    html = codecs.BOM_UTF8 + printed(SPANISH, "utf-8", '<meta charset="koi8-r">')
    assert_read(SPANISH, html, "text/html; charset=shift_jis")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("marked", [True, False], ids=["mark", "no-mark"])
@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-16", None])
@pytest.mark.parametrize("tongue", [GERMAN, CHINESE], ids=lambda tongue: tongue.code)
def test_utf_16_with_or_without_a_mark(
    codec: str, marked: bool, content_type: str | None, tongue: Tongue
) -> None:
    mark = codecs.BOM_UTF16_LE if codec.endswith("le") else codecs.BOM_UTF16_BE
    html = printed(tongue, codec, '<meta charset="utf-16">')
    assert_read(tongue, (mark if marked else b"") + html, content_type)


@pytest.mark.parametrize("tongue", [SPANISH, FRENCH, GERMAN], ids=lambda tongue: tongue.code)
def test_windows_1252_in_utf_8_clothing(tongue: Tongue) -> None:
    html = printed(tongue, "cp1252", '<meta charset="utf-8">')
    assert_read(tongue, html, "text/html; charset=utf-8")


def test_a_page_in_utf_8_with_a_damaged_place_stays_utf_8() -> None:
    html = printed(SPANISH, "utf-8").replace(b"</footer>", b"caf\xe9 del puerto</footer>")
    assert_read(SPANISH, html, "text/html; charset=utf-8")


def test_text_that_was_encoded_twice_is_left_as_the_page_prints_it() -> None:
    twice = [text.encode().decode("latin-1") for text in SPANISH.paragraphs]
    html = sheet(set_in(twice), headline=SPANISH.headline).encode()
    assert "BegoÃ±a" in told(read(html).body)[2]


# --- where a name stands that is none ----------------------------------------------------------

DISTRACTIONS = {
    "a picture in a link": '<link rel="icon" href="data:image/svg+xml;charset=utf-8,%3csvg%3e">',
    "a picture in a meta tag": '<meta name="msapplication-TileImage" content="data:image/svg+xml;'
    'charset=utf-8,%3csvg xmlns=%22http://www.w3.org/2000/svg%22%3e">',
    "a comment": '<!-- <meta charset="utf-8"> -->',
    "a script": '<script src="/a.js" charset="utf-8"></script>',
    "much before it": "<style>" + "p { margin: 0 }\n" * 900 + "</style>",
}


@pytest.mark.parametrize("name", DISTRACTIONS)
def test_only_the_page_itself_says_its_set(name: str) -> None:
    html = printed(RUSSIAN, "koi8-r", f'{DISTRACTIONS[name]}<meta charset="koi8-r">')
    assert_read(RUSSIAN, html, "text/html")


def test_a_name_that_python_knows_and_no_browser_is_not_believed() -> None:
    html = printed(SPANISH, "cp1252", '<meta charset="utf-7">')
    assert_read(SPANISH, html, "text/html; charset=idna")
