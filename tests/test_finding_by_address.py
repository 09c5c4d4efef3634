"""Articles by the addresses that people have of them, one or many."""

from __future__ import annotations

import pytest

from tests.storing import Desk, address, article, desk

__all__ = ["desk"]


@pytest.mark.parametrize(
    "written",
    [
        "https://example.org/news/1",
        " http://www.example.org/news/1/ ",
        "example.org/news/1#top",
        "https://example.org/news/1?utm_source=letter&utm_medium=mail",
        "https://Example.org/news/1/?fbclid=IwAR0#comments",
    ],
)
def test_an_address_is_known_however_it_was_shared(desk: Desk, written: str) -> None:
    desk.save(article(1))
    found = desk.archive.article(written)
    assert found is not None
    assert found.id == 1
    assert desk.archive.find([written]) == {written: 1}


def test_what_tells_pages_apart_is_no_decoration(desk: Desk) -> None:
    desk.save(article(1, url=f"{address(1)}?id=7", canonical_url=f"{address(1)}?id=7"))
    wanted = [f"{address(1)}?id=7", f"{address(1)}?utm_source=x&id=7", f"{address(1)}?id=8"]
    assert list(desk.archive.find(wanted).values()) == [1, 1, None]


def test_a_column_of_addresses_becomes_one_of_numbers(desk: Desk) -> None:
    import pandas

    desk.save(article(1))
    desk.save(article(2))
    shared = [f"{address(2)}?utm_source=x", address(9), None, address(1), "1"]
    mine = pandas.DataFrame({"url": shared, "likes": [5, 6, 7, 8, 9]})
    mine["id"] = mine.url.map(desk.archive.find(mine.url)).astype("Int64")
    joined = desk.archive.to_dataframe().merge(mine, on="id")
    assert list(zip(joined.headline, joined.likes, strict=True)) == [
        ("Headline 1", 8),
        ("Headline 2", 5),
    ]
