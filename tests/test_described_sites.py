"""A profile adds to what the general rules read of any site, and takes nothing from it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from crawler.article import Article
from crawler.errors import NotAnArticle
from crawler.parsing import parse_article
from crawler.profile import Landmarks, Profile
from tests.typesetting import ANALYSIS, HEADLINE, REPORTING, set_in

HOST = "harbourgazette.example"
URL = f"https://{HOST}/2019/ferry"
BARE = Profile(name="gazette", title="Harbour Gazette", hosts=(HOST,), languages=("en",))
SAVED = sorted((Path(__file__).parent / "pages").glob("*/page.html"))

#: What a profile may tell otherwise: whose page it is, and which parser read it.
OF_THE_SITE = {"site": "", "parser": "", "provenance": {}}


def printed(opening: str, text: str = "") -> str:
    """A page in whose mark-up nothing but the words says what they are."""
    return f"""<!DOCTYPE html><html lang="en"><head><title>{HEADLINE}</title></head><body>
        <div class="q7"><div class="q8">{HEADLINE}</div>{opening}
        {text or set_in(REPORTING)}</div></body></html>"""


def read(html: str, **known: object) -> Article:
    profile = dataclasses.replace(BARE, **known)  # type: ignore[arg-type]
    return parse_article(html.encode(), url=URL, profile=profile)


def texts(article: Article) -> list[str]:
    return [block.text for block in article.body]


@pytest.mark.parametrize("page", SAVED, ids=[page.parent.name for page in SAVED])
def test_a_profile_that_says_nothing_changes_no_field(page: Path) -> None:
    html = page.read_bytes()
    profile = dataclasses.replace(BARE, title="saved.example", hosts=("saved.example",))
    url = "https://saved.example/news/a-story-told-here/"
    try:
        undescribed = parse_article(html, url=url)
    except NotAnArticle as refusal:
        with pytest.raises(NotAnArticle, match=refusal.reason):
            parse_article(html, url=url, profile=profile)
        return
    described = parse_article(html, url=url, profile=profile)
    assert dataclasses.replace(described, **OF_THE_SITE) == dataclasses.replace(
        undescribed, **OF_THE_SITE
    )


def test_a_date_and_a_byline_that_any_sites_rules_find_stay_found() -> None:
    line = '<div class="q9"><span>By Nora Quill</span><span>February 4, 2021</span></div>'
    article = read(printed(line))
    assert (article.authors, article.published) == (("Nora Quill",), "2021-02-04")
    assert texts(article) == REPORTING


def test_the_day_order_of_the_profile_goes_before_that_of_the_language() -> None:
    line = "<div>By Nora Quill, 02/03/2021</div>"
    assert read(printed(line)).published == "2021-02-03"
    assert read(printed(line), day_order="DMY").published == "2021-03-02"


def test_a_printed_time_is_one_of_the_sites_own_zone() -> None:
    line = "<div>By Nora Quill</div><div>February 4, 2021 18:45</div>"
    assert read(printed(line)).published == "2021-02-04T18:45:00"
    assert read(printed(line), timezone="America/Panama").published == "2021-02-04T18:45:00-05:00"


def test_an_organisation_of_the_profile_is_one_and_a_name_has_the_profiles_case() -> None:
    article = read(printed("<div>By Coastal Lookout</div>"), organisations=("Coastal Lookout",))
    assert article.organisation_byline
    article = read(
        printed("<div>By HELEN VAN DER MOLEN</div>"),
        name_case={"HELEN VAN DER MOLEN": "Helen Van Der Molen"},
    )
    assert article.authors == ("Helen Van Der Molen",)


@pytest.mark.parametrize(
    "heading",
    [
        "<p><b>What We Make of It</b></p>",
        "<h3>What we make of it</h3>",
        f"<p>{REPORTING[-1]}<br><b>What we make of it</b><br>{ANALYSIS[0]}</p>",
    ],
)
def test_the_analysis_under_a_profiles_heading_stands_in_the_record_once(heading: str) -> None:
    run_in = ANALYSIS[0] in heading
    text = set_in(REPORTING[:-1] if run_in else REPORTING)
    text += heading + set_in(ANALYSIS[1:] if run_in else ANALYSIS)
    below = "<div><p>Most read</p><ul><li><a href='/a'>One</a></li></ul></div>"
    article = read(
        printed("<div>By Nora Quill</div>", text + below),
        landmarks=Landmarks(analysis=("What we make of it",)),
    )
    assert texts(article) == REPORTING
    assert [block.text for block in article.analysis or ()] == ANALYSIS


def test_where_the_printing_is_known_the_rules_of_any_site_are_left_out() -> None:
    line = '<div class="q9"><span>By Nora Quill</span><span>February 4, 2021</span></div>'
    assert read(printed(line), knows_printing=True).published is None


def test_a_path_that_the_profile_says_is_none_is_refused() -> None:
    with pytest.raises(NotAnArticle, match="the address is /2019/ferry"):
        read(printed("<div>By Nora Quill</div>"), other_paths=(r"^/2019/",))
