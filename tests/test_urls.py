"""Addresses from other people's pages: one normal form, never an exception."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.profile import Profile
from crawler.urls import (
    canonical_url,
    host_of,
    is_article_like,
    is_own,
    is_web_address,
    page_number,
)

SITE = Profile("daily", "The Daily", ("daily.example", "127.0.0.1:8123"), ("en",))

PIECES = st.lists(
    st.sampled_from(
        ["http://", "HTTPS://", "a.example", "peña.example", "[::1]", ":80", ":99999", "/", "..",
         "/./", "%2e", "%zz", "%E1", "é", " ", "\x00", "?", "&", "=", "utm_source=x", "a=1", "#",
         "@", "\ud800", "[", "]", "\\", "+", ";"]
    )
)  # fmt: skip
ADDRESSES = st.one_of(
    st.text(), PIECES.map("".join), PIECES.map(lambda p: "http://a.example/" + "".join(p))
)


@given(ADDRESSES)
def test_the_normal_form_never_raises_and_is_its_own_normal_form(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once


@given(ADDRESSES, ADDRESSES)
@example("HTTP://0", "A://[")
def test_relative_addresses_never_raise_and_give_normal_forms(text: str, base: str) -> None:
    once = canonical_url(text, base=base)
    assert canonical_url(once) == once


@given(ADDRESSES)
def test_every_question_about_an_address_has_an_answer(text: str) -> None:
    assert is_own(text, SITE) in (True, False)
    assert is_article_like(text, SITE) in (True, False)
    assert is_article_like(text, listed=True) in (True, False)
    assert is_web_address(text) in (True, False)
    assert page_number(text) is None or page_number(text)[1] >= 0  # type: ignore[index]
    assert isinstance(host_of(text), str)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://A.example", "https://a.example/"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("https://a.example/x#comments", "https://a.example/x"),
        ("https://a.example/x?fbclid=1&UTM_Source=2", "https://a.example/x"),
        ("https://a.example/x?b=2&a=1&b=1", "https://a.example/x?a=1&b=2&b=1"),
        ("https://a.example/?p=351087", "https://a.example/?p=351087"),
        ("https://a.example/a/./b/../c/", "https://a.example/a/c/"),
        ("https://a.example/../../x", "https://a.example/x"),
        ("https://a.example/%7euser/%c3%b1", "https://a.example/~user/%C3%B1"),
        ("https://a.example/niño", "https://a.example/ni%C3%B1o"),
        ("https://peña.example/", "https://xn--pea-8ma.example/"),
        (" https://a.example/a\n b ", "https://a.example/a%20b"),
        ("https://www.a.example/x/", "https://www.a.example/x/"),
        ("mailto:desk@a.example", "mailto:desk@a.example"),
        ("not an address", "not%20an%20address"),
        ("https://x.example/a-b;JSESSIONID=0A1B?c=1", "https://x.example/a-b?c=1"),
        ("", ""),
    ],
)
def test_normal_forms(given: str, expected: str) -> None:
    assert canonical_url(given) == expected


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://daily.example/x", True),
        ("http://www.daily.example/x", True),
        ("https://daily.example.evil.example/x", False),
        ("https://notdaily.example/x", False),
        ("https://user@daily.example/x", False),
        ("http://127.0.0.1:8123/x", True),
        ("http://127.0.0.1:8124/x", False),
        ("/relative", False),
        ("javascript:void(0)", False),
    ],
)
def test_whose_address_it_is(url: str, own: bool) -> None:
    assert is_own(url, SITE) is own


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/news/brief/has-panama-kicked-its-habit/", True),
        ("/2016/07/11/budget", True),
        ("/world/story-387582", True),
        ("/es/noticias/entrevista-con-la-fiscal/amp/", True),
        ("/media/how-the-port-was-sold", True),
        ("/story.php?id=900", True),
        ("/leer.aspx?idNoticia=a7", True),
        ("/noticia/55", True),
        ("/story/88.html", True),
        ("/author.php?id=7", False),
        ("/list.php?page=7", False),
        ("/calendar/2026/11/05/", False),
        ("/archives?year=2019&month=5", False),
        ("/news/", False),
        ("/", False),
        ("/tag/barrio-18/", False),
        ("/category/news/page/2", False),
        ("/2017/03/", False),
        ("/2017/03/page/3/", False),
        ("/author/sofia-maria-liemann/", False),
        ("/about-us", False),
        ("/wp-json/wp/v2/posts/how-it-all-began", False),
        ("/files/report-on-the-year.pdf", False),
        ("/news/feed/", False),
        ("/?s=arms+trafficking+routes", False),
        ("/news/port-strike-goes-on?print=1", False),
    ],
)
def test_what_looks_like_an_article(path: str, article: bool) -> None:
    assert is_article_like("https://daily.example" + path, SITE) is article


def test_a_sitemap_may_list_short_titles_that_a_listing_may_not() -> None:
    url = "https://daily.example/news/port-strike/"
    assert not is_article_like(url)
    assert is_article_like(url, listed=True)
    assert is_article_like("https://daily.example/?p=123", listed=True)
    assert not is_article_like("https://daily.example/world", listed=True)
    assert not is_article_like("https://daily.example/world?page=2", listed=True)


def test_the_paths_of_a_profile_decide_and_exclusions_win() -> None:
    site = Profile(
        "x", "X", ("x.example",), ("en",), article_paths=(r"^/n/\d+$",), other_paths=(r"^/n/13$",)
    )
    assert is_article_like("https://x.example/n/12", site)
    assert not is_article_like("https://x.example/n/13", site)
    assert not is_article_like("https://x.example/a-title-of-many-words/", site)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://x.example/page/2/", ("https://x.example", 2)),
        ("https://x.example/world/pagina/12", ("https://x.example/world", 12)),
        ("https://x.example/news?page=4", ("https://x.example/news", 4)),
        ("https://x.example/news?limit=10&start=40", ("https://x.example/news", 40)),
        ("https://x.example/news?page=two", None),
        ("https://x.example/page/", None),
    ],
)
def test_further_pages_of_a_list(url: str, place: tuple[str, int] | None) -> None:
    assert page_number(url) == place
