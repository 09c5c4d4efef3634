"""Text from right to left and text without spaces: whole, in order, and its words counted."""

from __future__ import annotations

import pytest

from crawler.article import word_count
from tests.broadsheet import paragraphs as set_in
from tests.broadsheet import read, sheet, told
from tests.storing import Desk, article, desk
from tests.storing import paragraphs as blocks
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

__all__ = ["desk"]

ALL = [
    *(SPANISH, GERMAN, FRENCH, POLISH, RUSSIAN, ARABIC, HEBREW),
    *(CHINESE, TAIWANESE, JAPANESE, KOREAN, THAI),
]
EVERY = pytest.mark.parametrize("tongue", ALL, ids=lambda each: f"{each.code}-{each.headline[:2]}")

OPENING = '<time datetime="2024-05-14T07:30:00+02:00">2024-05-14 07:30</time>'


def page(tongue: Tongue, text: str | None = None, **parts: str) -> str:
    html = sheet(
        text if text is not None else set_in(tongue.paragraphs),
        headline=tongue.headline,
        language=tongue.code,
        **{"opening": OPENING, **parts},
    )
    return html.replace("<body>", f'<body dir="{tongue.direction}">')


@EVERY
def test_an_article_of_any_script_is_read_whole(tongue: Tongue) -> None:
    found = read(page(tongue))
    assert found.headline == tongue.headline
    assert told(found.body) == list(tongue.paragraphs)
    assert found.language == tongue.code
    assert (found.published or "")[:10] == "2024-05-14"


@EVERY
def test_the_language_is_the_texts_whatever_the_page_states(tongue: Tongue) -> None:
    html = page(tongue).replace(f'<html lang="{tongue.code}">', '<html lang="en">')
    assert read(html).language == tongue.code


@EVERY
def test_paragraphs_without_tags_are_paragraphs_in_any_script(tongue: Tongue) -> None:
    assert told(read(page(tongue, "<br><br>".join(tongue.paragraphs))).body) == list(
        tongue.paragraphs
    )


@EVERY
def test_a_subheading_and_a_list_in_any_script(tongue: Tongue) -> None:
    first, *rest = tongue.paragraphs
    text = f"<p>{first}</p><h2>1908: {tongue.headline}</h2><ul><li>{rest[0]}</li></ul>"
    text += set_in(rest[1:])
    assert told(read(page(tongue, text)).body) == [
        first,
        f"heading: 1908: {tongue.headline}",
        f"list_item: {rest[0]}",
        *rest[1:],
    ]


def test_a_joiner_that_a_script_needs_is_kept_and_marks_of_direction_do_no_harm() -> None:
    persian = Tongue(
        "fa",
        "پل بندر یک سال بسته می‌شود",
        (
            "پل قدیمی بندر از روز دوشنبه به مدت یک سال بسته می‌شود، زیرا غواصان در دو پایه از هفت "
            "پایهٔ آن ترک‌هایی پیدا کرده‌اند و بندر می‌خواهد آن‌ها را تعمیر کند.",
            "روزانه حدود نه هزار نفر از این پل می‌گذرند. از هفتهٔ آینده باید با قایقی بروند که شهر "
            "آن را از پنج صبح تا نیمه‌شب رایگان به راه می‌اندازد.",
            "مهندس بندر گفت این کار را باید ده سال پیش می‌کردیم و هر زمستانی که صبر کردیم هزینه را "
            "بیشتر کرد.",
        ),
        "rtl",
    )
    found = read(page(persian))
    assert told(found.body) == list(persian.paragraphs)
    assert "می‌شود" in found.headline


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Nine thousand people cross it every day.", 7),
        ("每天约有九千人过桥", 4),
        ("毎日およそ九千人がこの橋を渡っている", 9),
        ("매일 약 구천 명이 이 다리를 건넌다", 7),
        ("يعبر الجسر نحو تسعة آلاف شخص كل يوم", 8),
        ("港口 bridge 关闭", 3),
    ],
)
def test_words_are_counted_in_scripts_that_put_no_spaces_between_them(
    text: str, words: int
) -> None:
    assert word_count(text) == words


def test_the_archive_counts_the_words_of_any_script(desk: Desk) -> None:
    text = "每天约有九千人过桥"
    desk.save(article(1, body=blocks(text, text), analysis=blocks("Nine thousand people.")))
    assert desk.rows("SELECT words FROM articles") == [(2 * word_count(text) + 3,)]
