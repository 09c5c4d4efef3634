"""Data frames: rows of articles in the types that an analysis needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas
import polars
import pytest

from crawler.discovery import Found
from crawler.errors import BadInput
from tests.storing import NOW, SITE, Desk, address, article, paragraphs
from tests.storing import desk as desk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """An archive of three articles, one of them Spanish, one without a date."""
    desk.save(article(1, published="2020-05-17T23:30:00-05:00", category="Gangs"))
    desk.save(article(2, published="2021-01-02", language="es", authors=("Zoë Ng", "Ana Ruiz")))
    desk.save(article(3, published=None, analysis=paragraphs("What it means.")))
    return desk


def test_days_and_instants_are_datetimes(filled: Desk) -> None:
    frame = filled.archive.to_dataframe(query=None)
    assert pandas.api.types.is_datetime64_any_dtype(frame["published_on"])
    assert frame["published_on"].dt.year.tolist()[:2] == [2020, 2021]
    assert frame["published_on"].isna().tolist() == [False, False, True]
    assert str(frame["published_at"].dt.tz) == "UTC"
    assert frame["published_at"][0] == datetime.fromisoformat("2020-05-18T04:30:00+00:00")
    for name in ("first_seen_at", "captured_at", "gone_at"):
        assert str(frame[name].dt.tz) == "UTC", name


def test_labels_are_categories_and_lists_stay_lists(filled: Desk) -> None:
    frame = filled.archive.to_dataframe()
    for name in ("site", "language", "kicker", "category", "parser"):
        assert isinstance(frame[name].dtype, pandas.CategoricalDtype), name
    assert frame["authors"][1] == ["Zoë Ng", "Ana Ruiz"]
    assert frame.explode("authors").groupby("authors").size()["Ana Ruiz"] == 3
    assert frame["words"].tolist() == [5, 5, 8]


def test_a_frame_says_what_it_is_and_what_it_lacks(filled: Desk) -> None:
    at = datetime.fromisoformat("2021-01-09T00:00:00+00:00")
    founds = [Found(address(f"lost/{each}"), at, "sitemap") for each in range(4)]
    filled.archive.enlist(SITE, founds, crawl_id=filled.crawl_id, now=NOW)
    frame = filled.archive.to_dataframe(query="text", since=date(2021, 1, 1))
    assert frame.attrs["query"] == {"query": "text", "since": "2021-01-01"}
    (gap,) = frame.attrs["coverage"]["gaps"]
    assert (gap["month"], gap["listed"], gap["stored"]) == ("2021-01", 5, 1)
    assert frame.attrs["archive"].endswith("news.db")


def test_other_columns_can_be_chosen(filled: Desk) -> None:
    frame = filled.archive.to_dataframe(columns=["id", "body", "citations"])
    assert list(frame) == ["id", "body", "citations"]
    assert frame["body"][0] == [{"kind": "paragraph", "text": "The text of number 1."}]
    with pytest.raises(BadInput, match="There is no column 'date': choose id, url"):
        filled.archive.to_dataframe(columns=["date"])


def test_an_empty_frame_has_its_types(filled: Desk) -> None:
    frame = filled.archive.to_dataframe(language="fr")
    assert len(frame) == 0
    assert frame["published_on"].dt.year.tolist() == []


def test_polars_has_the_same_in_its_own_types(filled: Desk) -> None:
    frame = filled.archive.to_polars(sort="newest")
    assert frame.height == 3
    schema = frame.schema
    assert schema["published_on"] == polars.Date
    assert schema["published_at"] == polars.Datetime("us", "UTC")
    assert schema["authors"] == polars.List(polars.String)
    assert schema["category"] == polars.Categorical
    by_year = frame.group_by(polars.col("published_on").dt.year()).len()
    assert sorted(by_year["len"].to_list()) == [1, 1, 1]


@pytest.mark.parametrize(
    ("library", "method"), [("pandas", "to_dataframe"), ("polars", "to_polars")]
)
def test_a_frame_without_its_library_says_what_to_install(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, library: str, method: str
) -> None:
    import builtins

    usual = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == library:
            raise ModuleNotFoundError(name)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(BadInput, match=rf"pip install 'hemeroteca\[{library}\]'"):
        getattr(filled.archive, method)()
