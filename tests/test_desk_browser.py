"""The browser desk in a real browser: ten errands of a student, and what every page owes everybody.

Without a Chromium these are skipped; `tests/test_desk.py` asks the same pages without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import archive_with_a_past, chromium, chromium_path, served
from tests.crawling import shelf
from tests.storing import Desk as Writing
from tests.storing import desk as desk
from tests.test_desk import hostile_capture

pytest.importorskip("playwright", reason="the tests in a browser need playwright")
pytestmark = pytest.mark.skipif(
    chromium_path() is None, reason="the tests in a browser need chromium (apt install chromium)"
)

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}

#: A page of every kind.
PAGES = {
    "start": "/",
    "results": "/search?q=police",
    "nothing found": "/search?q=zzzz",
    "mistyped": "/search?q=(",
    "article": "/article/40",
    "old state": "/article/40/revision/1",
    "gone": "/article/19",
    "comparison": "/article/40/compare",
    "side by side": "/article/3/beside/4",
    "citation": "/article/40/cite",
    "authors": "/authors",
    "author": "/author/Owen%20Prescott",
    "tag": "/tag/Extortion",
    "site": "/site/faro",
    "edits": "/changes",
    "coverage": "/coverage",
    "crawls": "/crawls",
    "run": "/crawls/1",
    "edits of a class": "/changes?kind=gone&since=2010",
    "shares by month": "/search?q=police&measure=share&by=month",
    "tables": "/archive",
    "table": "/archive/v_authors",
    "statement": "/archive?sql=select+id%2C+headline+from+articles+limit+3",
}

Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(archive_with_a_past(tmp_path_factory.mktemp("past"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def opened(browser: Any, site: str) -> Iterator[Opened]:
    """Open a page in a window of its own; a request to anybody but the desk fails the test."""
    windows = []
    strangers: list[str] = []

    def page(path: str = "/", **options: Any) -> Any:
        window = browser.new_context(
            base_url=site, **{"viewport": DESKTOP, "locale": "en-GB", **options}
        )
        windows.append(window)
        shown = window.new_page()
        shown.set_default_timeout(5_000)
        shown.on(
            "request",
            lambda request: request.url.startswith(f"{site}/") or strangers.append(request.url),
        )
        shown.goto(path)
        return shown

    yield page
    for window in windows:
        window.close()
    assert strangers == [], "a request left the machine"


def test_a_hostile_capture_runs_nothing_and_loads_nothing(browser: Any, desk: Writing) -> None:
    assert desk.archive.path is not None
    with shelf() as elsewhere, served(desk.archive.path) as address:
        path = hostile_capture(desk, elsewhere.url)
        window = browser.new_context()
        page = window.new_page()
        page.goto(address + path)
        page.wait_for_timeout(300)
        assert page.title().startswith("As it was captured")
        assert page.get_by_text("Niños heridos").is_visible()
        assert page.url == address + path
        window.close()
        assert elsewhere.requests == []


def headline(page: Any) -> str:
    return str(page.locator("h1").inner_text())


# --- the errands


def test_search_and_read(opened: Opened) -> None:
    page = opened()
    page.get_by_label("Words to search for").fill("extortion minibuses")
    page.get_by_role("button", name="Search").click()
    assert "1 article found" in page.get_by_role("status").inner_text()
    assert page.locator("mark").count() > 0
    page.get_by_role("link", name="Why the Ghost Buses of El Tamarindo Never Stop").click()
    assert headline(page).replace("\n", " ") == "Why the Ghost Buses of El Tamarindo Never Stop"
    analysis = page.get_by_role("region", name="The newsroom's own analysis")
    assert "a tax on business" in analysis.inner_text()
    assert "twenty-four minibuses" not in analysis.inner_text()


def test_narrow_down_and_take_away_again(opened: Opened) -> None:
    page = opened("/search?q=police+OR+policía")
    before = page.get_by_role("status").inner_text()
    facet = page.locator("aside section", has=page.get_by_role("heading", name="Language"))
    number = facet.locator("li", has_text="Spanish").locator(".count").inner_text()
    facet.get_by_role("link", name="Spanish").click()
    assert page.get_by_role("status").inner_text().startswith(f"{number} article")
    page.get_by_role("link", name="take away: Language: Spanish").click()
    assert page.get_by_role("status").inner_text() == before


def test_page_on_and_back(opened: Opened) -> None:
    page = opened("/search")
    first = page.locator(".hit h3").all_inner_texts()
    page.get_by_role("link", name="Next page").click()
    second = page.locator(".hit h3").all_inner_texts()
    assert len(first) == len(second) == 20
    assert not set(first) & set(second)
    page.get_by_role("link", name="Previous page").click()
    assert page.locator(".hit h3").all_inner_texts() == first


def test_sort_by_date(opened: Opened) -> None:
    page = opened("/search?q=police")
    page.get_by_role("link", name="oldest first").click()
    days = [each.get_attribute("datetime") for each in page.locator(".hit time").all()]
    assert days == sorted(days)
    assert page.locator(".sorts [aria-current]").inner_text() == "oldest first"


def test_follow_a_bar_of_the_timeline(opened: Opened) -> None:
    page = opened()
    page.get_by_role("link", name="2017: 4 articles").click()
    assert page.get_by_role("status").inner_text().startswith("4 articles found")
    assert page.get_by_role("link", name="take away: From: 2017").count() == 1


def test_where_a_field_comes_from(opened: Opened) -> None:
    page = opened("/article/40")
    source = page.locator(".provenance .raw", has_text="BY FIONA MCALISTER").first
    assert not source.is_visible()
    page.get_by_text("Where each field comes from").click()
    page.locator(".provenance summary", has_text="Authors").click()
    assert source.is_visible()


def test_compare_two_revisions(opened: Opened) -> None:
    page = opened("/article/40")
    page.get_by_role("link", name="What changed").first.click()
    assert page.locator("del", has_text="Minibuses").count() >= 1
    assert page.locator("ins", has_text="Buses").count() >= 1
    assert page.locator("ins", has_text="four").count() >= 1
    page.get_by_label("From").select_option("2")
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_text("Nothing that a reader reads differs").is_visible()


def test_cite(opened: Opened, tmp_path: Path) -> None:
    page = opened("/article/40", accept_downloads=True)
    page.get_by_role("link", name="Cite", exact=True).click()
    assert "SHA-256" in page.get_by_role("region", name="In words").inner_text()
    with page.expect_download() as saving:
        page.get_by_role("link", name="download .bib").click()
    saving.value.save_as(tmp_path / "a.bib")
    assert (tmp_path / "a.bib").read_text().startswith("@")


def test_an_author_and_what_they_write_about(opened: Opened) -> None:
    page = opened("/article/40")
    page.get_by_role("link", name="Fiona McAlister").first.click()
    assert headline(page) == "Fiona McAlister"
    page.get_by_label("Search within these").fill("police")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("link", name="take away: Author: Fiona McAlister").count() == 1


def test_what_the_archive_lacks(opened: Opened) -> None:
    page = opened()
    page.get_by_role("link", name="See what is missing").click()
    assert headline(page) == "What is missing, and why"
    assert page.get_by_text("robots.txt forbids it").first.is_visible()
    page.get_by_role("link", name="How complete the archive is").click()
    assert headline(page) == "How complete the archive is"
    page.locator("summary", has_text="2016").click()
    assert page.get_by_role("link", name="November 2016").is_visible()


def test_switch_the_language_and_keep_it(opened: Opened) -> None:
    page = opened("/search?q=police", locale="es-MX")
    assert page.get_by_role("button", name="Buscar").count() == 1
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("button", name="Search").count() == 1
    page.locator(".hit h3 a").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "About this article" in page.inner_text("body")


def test_with_the_keyboard_alone(opened: Opened) -> None:
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("extortion minibuses")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {const e = document.activeElement;
            const outlined = getComputedStyle(e).outlineStyle !== 'none';
            return [e.closest('h3') !== null, outlined || e.closest('svg') !== null]}"""
        )
        assert seen[1], "the focus can't be seen"
        if seen[0]:
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/40*")


def test_without_javascript_the_errands_work_all_the_same(opened: Opened) -> None:
    page = opened(java_script_enabled=False)
    page.get_by_label("Words to search for").fill("police")
    page.get_by_role("button", name="Search").click()
    page.locator(".values a").first.click()
    page.locator(".hit h3 a").first.click()
    page.get_by_text("Where each field comes from").click()
    assert page.locator(".provenance details").first.is_visible()
    page.get_by_role("link", name="Cite", exact=True).click()
    assert "SHA-256" in page.inner_text("body")


# --- every page


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_every_page_passes_axe_in_light_and_dark(opened: Opened, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(path, locale="es-CO")
    contrast = {"runOnly": ["color-contrast"]}
    for scheme, options in (("light", {}), ("dark", contrast)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=options).response["violations"]
        grave = [
            f"{each['id']} ({scheme}): {each['help']}: {node['html'][:160]}"
            for each in found
            for node in each["nodes"]
            if each["impact"] in ("serious", "critical")
        ]
        assert grave == []


def test_no_page_scrolls_sideways_on_a_phone_or_says_anything_to_the_console(
    opened: Opened,
) -> None:
    page = opened(viewport=PHONE, is_mobile=True, locale="es-CO")  # whose words are longer
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES.values():
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], path
    assert [text for text in said if not re.search(r"status of 400", text)] == []


def test_on_paper_an_article_is_its_text_without_the_desk(opened: Opened) -> None:
    page = opened("/article/40")
    page.emulate_media(media="print")
    assert page.locator("article .text").first.is_visible()
    assert not page.locator("header.masthead nav").is_visible()
    assert not page.locator(".actions").is_visible()
