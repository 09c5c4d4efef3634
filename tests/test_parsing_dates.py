"""Dates: a machine's first, then printed ones, by language, order and zone; never from nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing.dates import (
    Moment,
    days_apart,
    is_plausible,
    machine_date,
    printed_date,
)
from crawler.parsing.months import MONTHS

NOW = datetime(2024, 5, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "value", "precision"),
    [
        ("2020-03-18", "2020-03-18", "day"),
        ("20200318", "2020-03-18", "day"),
        ("2020-03-18T11:42", "2020-03-18T11:42:00", "minute"),
        ("2020-03-18T11:42:05", "2020-03-18T11:42:05", "second"),
        ("2020-03-18T11:42:05Z", "2020-03-18T11:42:05+00:00", "second"),
        ("2020-03-18T11:42:05.123456Z", "2020-03-18T11:42:05+00:00", "second"),
        ("2020-03-18T11:42:05-05:00", "2020-03-18T11:42:05-05:00", "second"),
        ("2020-03-18T11:42:05-0500", "2020-03-18T11:42:05-05:00", "second"),
        ("2020-03-18 11:42:05 +02:00", "2020-03-18T11:42:05+02:00", "second"),
        ("Wed, 18 Mar 2020 11:42:05 +0000", "2020-03-18T11:42:05+00:00", "second"),
        ("Wed, 18 Mar 2020 11:42:05 GMT", "2020-03-18T11:42:05+00:00", "second"),
        ("1584531725", "2020-03-18T11:42:05+00:00", "second"),
        ("1584531725000", "2020-03-18T11:42:05+00:00", "second"),
    ],
)
def test_machine_dates_keep_their_precision_and_offset(
    stated: str, value: str, precision: str
) -> None:
    moment = machine_date(stated)
    assert moment is not None
    assert (moment.value, moment.precision, moment.raw) == (value, precision, stated)


@pytest.mark.parametrize(
    "stated",
    [
        None, "", "yesterday", "2020-13-01", "2020-02-30", "0000-00-00", "1970-01-01T00:00:00Z",
        "2020-03-18T25:00:00Z", "2020-03-18T11:42:05+99:00", "9999-12-31", "99999999999999",
        "Wed, 99 Foo 2020", "-1",
    ],
)  # fmt: skip
def test_what_is_no_date_of_a_news_page_is_unknown_or_at_least_a_true_day(
    stated: str | None,
) -> None:
    moment = machine_date(stated)
    assert moment is None or moment.day == "2020-03-18"


def test_the_words_of_a_stated_date_are_kept_without_control_characters() -> None:
    moment = machine_date("2018-03-07T2\x1f5:00\x1b")
    assert moment is not None
    assert (moment.value, moment.raw) == ("2018-03-07", "2018-03-07T25:00")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("11 JUL 2016", "2016-07-11"),
        ("1 MAY 2013", "2013-05-01"),
        ("1º de mayo de 2013", "2013-05-01"),
        ("3 de agosto de 2017", "2017-08-03"),
        ("3 de setiembre del 2017", "2017-09-03"),
        ("3 SEPT 2017", "2017-09-03"),
        ("Thursday, 26 March 2015", "2015-03-26"),
        ("Jueves, 26 Marzo 2015", "2015-03-26"),
        ("March 18, 2020", "2020-03-18"),
        ("Mar. 18, 2020", "2020-03-18"),
        ("March 18th, 2020", "2020-03-18"),
        ("18th of March 2020", "2020-03-18"),
        ("marzo 18, 2020", "2020-03-18"),
        ("18-mar-2020", "2020-03-18"),
        ("18.03.2020", "2020-03-18"),
        ("2020-03-18", "2020-03-18"),
        ("Publicado el 18 de marzo de 2020", "2020-03-18"),
        ("Posted on March 18, 2020 by Inés Caldera", "2020-03-18"),
    ],
)
def test_printed_days_of_both_languages_are_read(printed: str, day: str) -> None:
    moment = printed_date(printed)
    assert moment is not None
    assert (moment.value, moment.precision) == (day, "day")


@pytest.mark.parametrize(
    "text",
    [
        "", "PORTS", "in March", "March 2020", "2020", "May we ask?", "18 of them", "31 FEB 2016",
        "12 monkeys 2016", "10/2016", "version 3.11.7", "call 555 12 2016", "July 4",
    ],
)  # fmt: skip
def test_a_text_without_a_whole_day_gives_none(text: str) -> None:
    assert printed_date(text) is None


@pytest.mark.parametrize(
    ("abbreviations", "language"),
    [
        ("jan feb mar apr may jun jul aug sep oct nov dec", "English"),
        ("ene feb mar abr may jun jul ago sep oct nov dic", "Spanish"),
        ("january february march april may june july august september october november december",
         "English"),
        ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
         "Spanish"),
    ],
)  # fmt: skip
def test_every_month_of_both_languages_has_its_number(abbreviations: str, language: str) -> None:
    assert [MONTHS[name] for name in abbreviations.split()] == list(range(1, 13)), language


@pytest.mark.parametrize(
    ("printed", "order", "day"),
    [
        ("03/04/2024", "DMY", "2024-04-03"),
        ("03/04/2024", "MDY", "2024-03-04"),
        ("25/04/2024", "MDY", "2024-04-25"),
        ("04/25/2024", "DMY", "2024-04-25"),
        ("3.4.2024", "MDY", "2024-04-03"),
    ],
)
def test_the_order_of_numbers_is_the_sites_unless_it_cannot_be(
    printed: str, order: str, day: str
) -> None:
    moment = printed_date(printed, day_order=order)
    assert moment is not None
    assert moment.day == day


@pytest.mark.parametrize(
    ("printed", "zone", "value"),
    [
        ("18 March 2020 14:05", None, "2020-03-18T14:05:00"),
        ("18 March 2020, 2:05 pm", None, "2020-03-18T14:05:00"),
        ("18 March 2020, 12:05 am", None, "2020-03-18T00:05:00"),
        ("18 de marzo de 2020 a las 14:05", None, "2020-03-18T14:05:00"),
        ("18 March 2020 14:05 UTC", None, "2020-03-18T14:05:00+00:00"),
        ("18 March 2020 14:05", "America/Bogota", "2020-03-18T14:05:00-05:00"),
        ("18 March 2020 14:05", "Nowhere/Land", "2020-03-18T14:05:00"),
        ("18 March 2020 14:05:09", "America/Bogota", "2020-03-18T14:05:09-05:00"),
    ],
)
def test_a_printed_time_has_an_offset_only_if_page_or_site_gives_one(
    printed: str, zone: str | None, value: str
) -> None:
    moment = printed_date(printed, timezone=zone)
    assert moment is not None
    assert moment.value == value


def test_the_first_of_several_dates_counts() -> None:
    moment = printed_date("Published 3 May 2012, updated 11 July 2016")
    assert moment is not None
    assert (moment.day, moment.raw) == ("2012-05-03", "3 May 2012")


@pytest.mark.parametrize(
    ("printed", "language", "day"),
    [("2 days ago", "en", "2024-05-18"), ("hace 3 días", "es", "2024-05-17")],
)
def test_a_relative_date_is_counted_from_the_capture(printed: str, language: str, day: str) -> None:
    moment = printed_date(printed, language=language, now=NOW, thorough=True)
    assert moment is not None
    assert moment.day == day


def test_a_relative_date_without_a_capture_time_stays_unknown() -> None:
    assert printed_date("2 days ago", language="en", thorough=True) is None


@pytest.mark.parametrize(
    ("printed", "language", "value"),
    [
        ("5. listopada 2023", "hr", "2023-10-05"),
        ("5 listopada 2023", "pl", "2023-11-05"),
        ("2024 m. sausio 5 d.", "lt", "2024-01-05"),
        ("2024년 1월 5일", "ko", "2024-01-05"),
        ("5 tháng 3, 2024", "vi", "2024-03-05"),
        ("5 בינואר 2024", "he", "2024-01-05"),
        ("٥ يناير ٢٠٢٤", "ar", "2024-01-05"),
        ("5 Kasım 2023", "tr", "2023-11-05"),
        ("21 ΑΠΡ 2020", "el", "2020-04-21"),
        ("12 Jan 24", "en", "2024-01-12"),
        ("26/10/13, 03:48 pm", "en", "2013-10-26T15:48:00"),
        ("12 Jan 10:30", "en", None),
        ("12.–14.03.2022", "de", None),
        ("March 18, 2020 at 2:05 p.m. EST", "en", "2020-03-18T14:05:00-05:00"),
        ("Wed Mar 18 2020 11:42:05 GMT+0100 (CET)", None, "2020-03-18T11:42:05+01:00"),
        ("πριν από 2 ώρες", "el", "2024-05-20T10:00:00+00:00"),
        ("5 часов назад", "ru", "2024-05-20T07:00:00+00:00"),
        ("2 godziny temu", "pl", "2024-05-20T10:00:00+00:00"),
        ("hier geht's lang", "de", None),
        ("hier, 10h30", "fr", "2024-05-19"),
    ],
)
def test_dates_are_read_in_the_languages_of_news(
    printed: str, language: str | None, value: str | None
) -> None:
    moment = printed_date(printed, language=language, now=NOW, thorough=True)
    assert (moment.value if moment else None) == value


def test_a_year_of_two_digits_counts_only_in_a_line_that_is_a_date() -> None:
    assert printed_date("28.01.22 / 0 Kommentare") is None
    moment = printed_date("28.01.22 / 0 Kommentare", thorough=True)
    assert moment is not None
    assert moment.value == "2022-01-28"


@pytest.mark.parametrize(
    ("value", "is_so"), [("2024-05-20", True), ("2024-05-21", True), ("2024-06-20", False)]
)
def test_a_publication_after_the_capture_is_not_believed(value: str, is_so: bool) -> None:
    moment = Moment(value, "day", value)
    assert is_plausible(moment, NOW) is is_so
    assert is_plausible(moment, None) is True


def test_days_between_two_moments_are_counted_as_written() -> None:
    late = Moment("2020-03-18T23:30:00-05:00", "second", "")
    assert days_apart(late, Moment("2020-03-19", "day", "")) == 1


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-?\d\d-?\d\d[T ]\d\d:?\d\d(:\d\d)?.{0,6}"))
def test_any_statement_is_a_valid_moment_or_none(text: str) -> None:
    moment = machine_date(text)
    if moment is not None:
        assert datetime.fromisoformat(moment.value).year >= 1990


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["18", "31", " ", "/", ".", "-", "March", "marzo", "de", "2016", "２０１６", "٣", "²",
             ",", "25:61", "12:30", "pm", "UTC", "+99:99", "年", "月", "日", "MAR", "\u00a0"]
        ),
        max_size=14,
    ).map("".join),
    st.sampled_from(["DMY", "MDY", "YMD"]),
    st.sampled_from([None, "America/Bogota", "../etc", ""]),
)  # fmt: skip
def test_any_printed_text_is_a_valid_moment_or_none(
    text: str, order: str, zone: str | None
) -> None:
    moment = printed_date(text, day_order=order, timezone=zone)
    if moment is not None:
        assert datetime.fromisoformat(moment.value).year >= 1990


@given(st.text(max_size=30))
def test_a_line_that_should_be_a_date_is_read_without_ever_raising(text: str) -> None:
    printed_date(text, now=NOW, thorough=True)
