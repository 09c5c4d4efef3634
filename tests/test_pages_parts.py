"""Articles that are split over several pages: told by the parser, fetched and joined into one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.article import Article, Block, goes_on_in, joined, missing_part, with_missing_part
from crawler.profile import generic_profile
from storage import Archive
from tests.broadsheet import HEADLINE, TEXT, paragraphs, read, sheet
from tests.crawling import Page, Shelf, crawled, shelf
from tests.running import Command
from tests.storing import Desk, address, article, capture, desk
from tests.storing import paragraphs as blocks

__all__ = ["desk"]

SITE = "https://tide-courier.example"
STORY = f"{SITE}/2024/05/14/harbour-bridge-closes"

MORE = [
    "The bridge was opened in 1908, when the harbour was still full of sails, and has been turned "
    "some 600,000 times since then.",
    "Its engine house, a brick building with a copper roof, was listed in 1979; the engine itself "
    "is a copy, for the first one went down with the barge that brought it.",
    "Two men are needed to turn it: one at the lever, and one who looks whether anybody is still "
    "on it.",
    "In the winter of 1947 it froze in place, half open, for eleven days, and people walked over "
    "the ice instead.",
]
LAST = [
    "The new piers will be of concrete, faced with the old stone. They are to last for a hundred "
    "and twenty years, the engineer said.",
    "Until then there is the ferry, and there are those who say that it ought to stay for good.",
    "The first boat leaves on Monday at five in the morning, and it will be full.",
]


def pager(*numbers: str, words: str = "") -> str:
    return f'<div class="page-links">Pages: {" ".join(numbers)} {words}</div>'


def link(url: str, text: str, rel: str = "") -> str:
    mark = f' rel="{rel}"' if rel else ""
    return f'<a href="{url}"{mark}>{text}</a>'


# --- what the parser says -------------------------------------------------------------------------

FIRST_PAGES = {
    "a pager of numbers": (STORY, "", pager("<b>1</b>", link(f"{STORY}/2/", "2")), f"{STORY}/2/"),
    "rel=next in the head": (
        STORY,
        f'<link rel="next" href="{STORY}?page=2">',
        "",
        f"{STORY}?page=2",
    ),
    "a relative address": (
        f"{STORY}/",
        "",
        pager(words=link("?page=2", "Next page »", "next")),
        f"{STORY}/?page=2",
    ),
    "the first page written out": (
        f"{STORY}?page=1",
        "",
        pager("1", link("?page=2", "2")),
        f"{STORY}?page=2",
    ),
    "seite": (
        f"{STORY}",
        "",
        pager(words=link(f"{STORY}/seite-2", "Weiter")),
        f"{STORY}/seite-2",
    ),
    "spanish words": (
        f"{STORY}",
        "",
        pager(words=link(f"{STORY}/pagina/2", "Página siguiente")),
        f"{STORY}/pagina/2",
    ),
    "a file name": (
        f"{STORY}.html",
        "",
        pager("1", link(f"{STORY}_2.html", "2")),
        f"{STORY}_2.html",
    ),
    "a query that names the story": (
        f"{SITE}/story.php?id=4711",
        "",
        pager(words=link("story.php?page=2&id=4711", "Next")),
        f"{SITE}/story.php?id=4711&page=2",
    ),
    "tracking": (
        f"{STORY}?utm_source=letter",
        "",
        pager(words=link(f"{STORY}/2", "Next page")),
        f"{STORY}/2",
    ),
    "a canonical address": (
        f"{SITE}/amp/harbour",
        f'<link rel="canonical" href="{STORY}">',
        pager(words=link(f"{STORY}/2", "Next page")),
        f"{STORY}/2",
    ),
}


@pytest.mark.parametrize("name", FIRST_PAGES)
def test_a_page_says_where_its_article_goes_on(name: str) -> None:
    url, head, below, following = FIRST_PAGES[name]
    found = read(sheet(paragraphs(TEXT) + below, head=head), url=url)
    assert (found.next_page, found.first_page) == (following, None)
    assert [block.text for block in found.body] == TEXT


OTHER_NEXTS = {
    "the next article": f'<link rel="next" href="{SITE}/2024/05/15/lighthouse-sold">',
    "the next article by date": f'<link rel="next" href="{SITE}/2024/05/15/harbour-bridge-closes">',
    "a second story of the same title": f'<link rel="next" href="{STORY}-2">',
    "a later page": f'<link rel="next" href="{STORY}/3">',
    "another site's page": '<link rel="next" href="https://other.example/a-b-c-d/2">',
    "the section's next page": f'<link rel="next" href="{SITE}/news?page=2">',
    "a page that is not said to be next": f'<link rel="alternate" href="{STORY}/2">',
    "comments": f'<link rel="next" href="{STORY}/comment-page-2">',
}


@pytest.mark.parametrize("name", OTHER_NEXTS)
def test_what_else_is_called_next_is_no_part(name: str) -> None:
    found = read(sheet(paragraphs(TEXT), head=OTHER_NEXTS[name]), url=STORY)
    assert (found.next_page, found.first_page) == (None, None)


def test_an_article_known_by_its_number_does_not_go_on_in_the_next_number() -> None:
    head = f'<link rel="prev" href="{SITE}/news/11"><link rel="next" href="{SITE}/news/13">'
    found = read(sheet(paragraphs(TEXT), head=head), url=f"{SITE}/news/12")
    assert (found.next_page, found.first_page) == (None, None)


def test_the_pager_of_the_comments_is_none_of_the_article() -> None:
    comments = (
        '<section class="comments"><p>A reader writes that the ferry was always better than any '
        f"bridge.</p>{link('?page=2', 'Next page')}</section>"
    )
    assert read(sheet(paragraphs(TEXT), after=comments), url=STORY).next_page is None


def test_a_link_in_the_prose_is_no_pager() -> None:
    text = [*TEXT[:2], f"How the ferry was built is told on {link(f'{STORY}/2', 'another page')}."]
    html = sheet("".join(f"<p>{each}</p>" for each in [*text, *TEXT[2:]]))
    assert read(html, url=STORY).next_page is None


LATER_PAGES = {
    "the number one": (f"{STORY}/2/", "", pager(link(f"{STORY}/", "1"), "2")),
    "previous": (f"{STORY}?page=2", "", pager(words=link(STORY, "Previous page"))),
    "rel=prev": (f"{STORY}/2", f'<link rel="prev" href="{STORY}">', ""),
    "canonical": (f"{STORY}/2", f'<link rel="canonical" href="{STORY}">', ""),
}


@pytest.mark.parametrize("name", LATER_PAGES)
def test_a_later_page_says_where_its_article_begins(name: str) -> None:
    url, head, below = LATER_PAGES[name]
    found = read(sheet(paragraphs(MORE) + below, head=head), url=url)
    assert (found.first_page or "").rstrip("/") == STORY
    assert found.next_page is None


def test_a_page_in_the_middle_says_both() -> None:
    below = pager(link(STORY, "1"), "2", link(f"{STORY}/3", "3"), link(f"{STORY}/4", "4"))
    found = read(sheet(paragraphs(MORE) + below), url=f"{STORY}/2")
    assert (found.first_page, found.next_page) == (STORY, f"{STORY}/3")


# --- joining --------------------------------------------------------------------------------------


def part(number: int, *texts: str, **fields: Any) -> Article:
    return article(1, url=f"{address(1)}/{number}", body=blocks(*texts), **fields)


def test_what_pages_repeat_at_their_beginning_and_end_stands_once() -> None:
    first = article(1, body=blocks("Intro.", "Yes.", "One.", "The author writes on boats."))
    second = part(2, "Intro.", "Two.", "Yes.", "Three.", "The author writes on boats.")
    whole = joined([first, second])
    assert whole.body == blocks(
        *("Intro.", "Yes.", "One.", "Two.", "Yes.", "Three.", "The author writes on boats.")
    )
    assert whole.pages == (address(1), f"{address(1)}/2")
    assert whole.provenance["body"].source == "joined:2"


def test_the_analysis_goes_on_where_it_had_begun() -> None:
    first = article(1, body=blocks("One."), analysis=blocks("Why."))
    whole = joined([first, part(2, "Because.")])
    assert (whole.body, whole.analysis) == (blocks("One."), blocks("Why.", "Because."))


def test_a_page_that_repeats_the_article_is_no_part_of_it() -> None:
    first = article(1, body=blocks("One.", "Two."))
    assert not goes_on_in(first, part(2, "One.", "Two.", first_page=first.url))
    assert goes_on_in(first, part(2, "Three.", first_page=first.url))
    assert not goes_on_in(first, part(2, "Three.", headline="Another story"))


def test_a_missing_part_is_told_until_it_is_there() -> None:
    first = article(1, body=blocks("One."), next_page=f"{address(1)}/2")
    marked = with_missing_part(first)
    assert marked.notices == (missing_part(f"{address(1)}/2"),)
    assert with_missing_part(marked) == marked
    assert with_missing_part(joined([marked, part(2, "Two.")])).notices == ()


# --- the crawl ------------------------------------------------------------------------------------


def story(here: Shelf, number: int, texts: list[str], *, pages: int = 3) -> Page:
    """One page of the story, as the tiny site serves it."""
    own = "/2024/05/14/harbour-bridge-closes"
    addresses = {each: own if each == 1 else f"{own}/{each}" for each in range(1, pages + 1)}
    links = [
        f"<b>{each}</b>" if each == number else link(url, str(each))
        for each, url in addresses.items()
    ]
    html = sheet(paragraphs(texts) + pager(*links), cards=False).replace(SITE, here.url.rstrip("/"))
    return Page(html, headers={"ETag": f'"{number}-{len(html)}"'})


class Paper:
    """A tiny site with one article of three pages, and its archive."""

    def __init__(self, here: Shelf, archive: Path) -> None:
        self.here, self.archive = here, archive
        self.url = f"{here.url}2024/05/14/harbour-bridge-closes"
        self.path = "/2024/05/14/harbour-bridge-closes"
        for number, texts in ((1, TEXT), (2, MORE), (3, LAST)):
            self.print(number, texts)
        self.list(self.path)

    def print(self, number: int, texts: list[str]) -> None:
        path = self.path if number == 1 else f"{self.path}/{number}"
        self.here.pages[path] = story(self.here, number, texts)

    def list(self, *paths: str) -> None:
        locations = "".join(
            f"<url><loc>{self.here.url.rstrip('/')}{path}</loc></url>" for path in paths
        )
        self.here.pages["/sitemap.xml"] = Page(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>',
            content_type="application/xml",
        )

    def crawl(self, **options: Any) -> dict[str, Any]:
        self.here.requests.clear()
        (report,) = crawled(self.archive, generic_profile(self.here.url), **options)
        return report

    def recheck(self) -> dict[str, Any]:
        return self.crawl(mode="recheck", since="2000-01-01")

    def stored(self) -> Any:
        with Archive.open(self.archive) as opened:
            return opened.article(self.url)

    def revisions(self) -> int:
        with Archive.open(self.archive) as opened:
            return len(opened.history(self.url).revisions)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.archive)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def paper(tmp_path: Path) -> Any:
    with shelf() as here:
        yield Paper(here, tmp_path / "hemeroteca.db")


def texts_of(stored: Any) -> list[str]:
    return [block.text for block in stored.article.body]


def test_the_pages_of_an_article_are_fetched_and_joined_into_one(paper: Paper) -> None:
    report = paper.crawl()
    assert (report["new"], report["part"], report["failed"]) == (1, 0, {})
    assert paper.rows("SELECT count(*) FROM articles") == [(1,)]
    stored = paper.stored()
    assert texts_of(stored) == [*TEXT, *MORE, *LAST]
    assert stored.article.headline == HEADLINE
    assert stored.article.pages == (paper.url, f"{paper.url}/2", f"{paper.url}/3")
    assert (stored.article.next_page, stored.article.notices) == (None, ())
    assert paper.revisions() == 1


def test_every_page_is_kept_as_it_was_sent_and_leads_to_the_article(paper: Paper) -> None:
    paper.crawl()
    with Archive.open(paper.archive) as opened:
        for number, outcome in ((1, "new"), (2, "part"), (3, "part")):
            path = paper.path if number == 1 else f"{paper.path}/{number}"
            (kept,) = opened.captures(paper.here.url.rstrip("/") + path)
            assert (kept.outcome, kept.article_id) == (outcome, 1)
            assert opened.capture_body(kept.id).decode() == paper.here.pages[path].body
        named = opened.article(f"{paper.url}/2")
    assert named is not None
    assert named.id == 1


def test_a_second_run_asks_for_no_part(paper: Paper) -> None:
    paper.crawl()
    paper.crawl()
    assert not [path for path in paper.here.asked() if path.startswith(paper.path)]


def test_a_part_that_a_list_names_is_no_article_of_its_own(paper: Paper) -> None:
    paper.list(f"{paper.path}/2", f"{paper.path}/3")
    paper.crawl()
    assert paper.rows("SELECT count(*) FROM articles") == [(1,)]
    assert texts_of(paper.stored()) == [*TEXT, *MORE, *LAST]
    assert paper.revisions() == 1


def test_pages_that_are_as_they_were_are_no_revision(paper: Paper) -> None:
    paper.crawl()
    report = paper.recheck()
    assert (report["unchanged"], report["revised"]) == (1, 0)
    assert [path for path in paper.here.asked() if path.startswith(paper.path)] == [
        paper.path,
        f"{paper.path}/2",
        f"{paper.path}/3",
    ]
    assert paper.revisions() == 1


def test_an_edit_on_a_later_page_is_one_revision(paper: Paper) -> None:
    paper.crawl()
    paper.print(2, [MORE[0].replace("600,000", "700,000"), *MORE[1:]])
    report = paper.recheck()
    assert (report["unchanged"], report["revised"]) == (0, 1)
    assert "700,000" in paper.stored().article.body_text
    assert texts_of(paper.stored())[-3:] == LAST
    assert paper.revisions() == 2


def test_a_missing_part_is_marked_retried_and_joined_without_a_revision(paper: Paper) -> None:
    whole = paper.here.pages[f"{paper.path}/2"]
    paper.here.pages[f"{paper.path}/2"] = Page("<h1>Too busy</h1>", 500)
    report = paper.crawl(settings={"RETRY_ENABLED": False})
    assert report["new"] == 1
    assert report["failed"] == {"the server failed (500)": 1}
    stored = paper.stored()
    assert texts_of(stored) == TEXT
    assert stored.article.notices == (missing_part(f"{paper.url}/2"),)
    with Archive.open(paper.archive, mode="write") as opened:
        assert [each.url for each in opened.failures()] == [f"{paper.url}/2"]
        opened.retry_failures(now=stored.first_seen_at)
    paper.here.pages[f"{paper.path}/2"] = whole
    report = paper.crawl()
    assert paper.here.asked()[-2:] == [f"{paper.path}/2", f"{paper.path}/3"]
    assert (report["part"], report["new"], report["revised"]) == (1, 0, 0)
    stored = paper.stored()
    assert texts_of(stored) == [*TEXT, *MORE, *LAST]
    assert stored.article.notices == ()
    assert paper.revisions() == 1
    with Archive.open(paper.archive) as opened:
        assert opened.failures() == []


def test_a_part_that_fails_later_takes_nothing_away(paper: Paper) -> None:
    paper.crawl()
    paper.here.pages[f"{paper.path}/3"] = Page("<h1>Too busy</h1>", 500)
    report = paper.recheck()
    assert (report["unchanged"], report["revised"]) == (1, 0)
    assert texts_of(paper.stored()) == [*TEXT, *MORE, *LAST]
    assert paper.stored().article.notices == ()


def test_a_site_that_answers_every_number_with_one_page_has_one_page(paper: Paper) -> None:
    for number in (2, 3):
        paper.here.pages[f"{paper.path}/{number}"] = paper.here.pages[paper.path]
    paper.crawl()
    stored = paper.stored()
    assert texts_of(stored) == TEXT
    assert (stored.article.pages, stored.article.notices) == ((), ())
    assert len([path for path in paper.here.asked() if path.startswith(paper.path)]) == 2


def test_what_robots_forbids_is_not_fetched_as_a_part(paper: Paper) -> None:
    paper.here.pages["/robots.txt"] = Page(
        f"User-agent: *\nDisallow: {paper.path}/3\n", content_type="text/plain"
    )
    report = paper.crawl()
    assert report["refused_by_robots"] == 1
    assert f"{paper.path}/3" not in paper.here.asked()
    assert texts_of(paper.stored()) == [*TEXT, *MORE]
    assert paper.stored().article.notices == (missing_part(f"{paper.url}/3"),)


# --- the archive ----------------------------------------------------------------------------------


def test_parts_that_come_before_their_article_are_joined_to_it(desk: Desk) -> None:
    first = article(1, body=blocks("One."), next_page=f"{address(1)}/2")
    second = part(2, "Two.", first_page=first.url)

    def reread(page: Any) -> Article:
        return second

    assert desk.save(second, url=second.url) == "part"
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]
    assert desk.rows("SELECT url, state FROM frontier ORDER BY url") == [
        (first.url, "waiting"),
        (second.url, "part"),
    ]
    assert desk.save(first, reread=reread) == "new"
    stored = desk.archive.article(1)
    assert stored is not None
    assert stored.article.body == blocks("One.", "Two.")
    assert stored.article.notices == ()


def test_a_better_parser_reads_all_pages_of_an_article_again(desk: Desk) -> None:
    pages = {
        address(1): article(1, body=blocks("One."), next_page=f"{address(1)}/2"),
        f"{address(1)}/2": part(2, "Two.", first_page=address(1)),
    }
    sent = capture(1, b"second", url=f"{address(1)}/2", fetched_at=desk.now)
    old = joined([pages[address(1)], article(1, url=f"{address(1)}/2", body=blocks("Tow."))])
    desk.save(old, parts=[sent])

    def reread(page: Any) -> Article:
        return pages[page.address]

    new = joined(list(pages.values()))
    assert desk.save(Article.from_dict(new.to_dict() | {"parser": "example/2"}), reread=reread) == (
        "unchanged"
    )
    assert len(desk.archive.history(1).revisions) == 1
    assert desk.archive.history(1).revisions[0].article.body == blocks("One.", "Two.")


def test_the_record_keeps_what_it_is_made_of() -> None:
    whole = joined([article(1, body=(Block("paragraph", "One."),)), part(2, "Two.")])
    record = json.loads(json.dumps(whole.to_dict()))
    assert record["pages"] == [address(1), f"{address(1)}/2"]
    assert Article.from_dict(record) == whole


def test_saved_pages_of_one_article_are_added_as_one(hemeroteca: Command, tmp_path: Path) -> None:
    names = []
    for number, texts in ((2, MORE), (1, TEXT)):
        name = tmp_path / f"{number}.html"
        own = STORY if number == 1 else f"{STORY}/{number}"
        below = pager(link(STORY, "1"), link(f"{STORY}/2", "2"))
        head = f'<meta property="og:url" content="{own}">'
        name.write_text(sheet(paragraphs(texts) + below, head=head))
        names.append(str(name))
    answer = hemeroteca("--archive", "h.db", "add", *names)
    assert (answer.code, answer.err) == (0, "")
    with Archive.open(tmp_path / "h.db") as opened:
        stored = opened.article(STORY)
    assert texts_of(stored) == [*TEXT, *MORE]
