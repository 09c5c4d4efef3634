"""The bundled newsroom: what it publishes, and that its truth agrees with its pages."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from http.client import HTTPConnection, IncompleteRead
from urllib.parse import urlsplit

import pytest
from lxml import etree as Tree

from crawler.article import BLOCK_KINDS, Article
from crawler.sites import site_named
from scripts.newsroom import LAYOUTS, Newsroom, NewsroomArticle, load_articles

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TODAY = date(2026, 10, 1)
DAY_OR_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?")
FAIR = "/news/the-bail-machine/"
ARTICLES = load_articles()


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(today=TODAY) as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def standing() -> Iterator[Newsroom]:
    """A newsroom that tests may read and never edit."""
    with Newsroom(today=TODAY) as newsroom:
        yield newsroom


class Reply:
    """A response, read to its end."""

    def __init__(self, room: Newsroom, path: str, method: str = "GET", **headers: str) -> None:
        connection = HTTPConnection(urlsplit(room.url).netloc, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            self.status = response.status
            self.headers = response.headers
            self.body = response.read()
        finally:
            connection.close()

    @property
    def text(self) -> str:
        charset = self.headers.get_content_charset() or "utf-8"
        return self.body.decode(charset)


def words_of(markup: str) -> str:
    """What a browser would show, white space folded; elements are parted by a space."""
    return " ".join(unescape(re.sub(r"</?(?:a|strong|em|span)\b[^>]*>", "", markup)).split())


def locations(document: bytes) -> list[str]:
    return [each.text or "" for each in Tree.fromstring(document).iter(f"{SITEMAP}loc")]


# What it holds.


def test_it_holds_at_least_sixty_articles_in_both_languages() -> None:
    languages = Counter(article.language for article in ARTICLES)
    assert len(ARTICLES) >= 60
    assert languages["en"] >= 35
    assert languages["es"] >= 20
    assert set(languages) == {"en", "es"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_prints_both_languages(layout: str) -> None:
    assert {each.language for each in ARTICLES if each.layout == layout} == {"en", "es"}


def test_no_two_articles_share_a_paragraph() -> None:
    seen: dict[str, str] = {}
    for article in ARTICLES:
        for block in article.body + (article.analysis or ()):
            if block["kind"] == "paragraph":
                assert block["text"] not in seen, (article.path, seen[block["text"]])
                seen[block["text"]] = article.path


def test_no_two_articles_share_an_address_or_a_headline() -> None:
    assert len({each.path for each in ARTICLES}) == len(ARTICLES)
    assert len({each.headline for each in ARTICLES}) == len(ARTICLES)


@pytest.mark.parametrize(
    ("what", "exists"),
    [
        ("no date", lambda a: a.published is None),
        ("no author", lambda a: not a.authors),
        ("an organisation", lambda a: a.organisation_byline),
        ("a footnoted name", lambda a: "*" in (a.byline or "")),
        ("three names", lambda a: len(a.authors) == 3),
        ("no analysis", lambda a: a.analysis is None),
        ("a deck", lambda a: a.deck),
        ("a correction", lambda a: any("orrec" in text for text in a.notices)),
        ("a notice printed twice", lambda a: _printed_twice(a)),
        ("a pull quote", lambda a: a.pull_quotes),
        ("a table", lambda a: any(each["kind"] == "table" for each in a.body)),
        ("a list", lambda a: any(each["kind"] == "list_item" for each in a.body)),
        ("a quotation", lambda a: any(each["kind"] == "quote" for each in a.body)),
        ("a translation", lambda a: a.translated_as),
        ("a former address", lambda a: a.moved_from),
        ("an old encoding", lambda a: a.charset != "utf-8"),
        ("two paragraphs", lambda a: len(a.body) == 2 and a.analysis is None),
    ],
)
def test_the_kinds_of_difficulty_are_there(what: str, exists: object) -> None:
    assert callable(exists)
    assert any(exists(article) for article in ARTICLES), what


def _printed_twice(article: NewsroomArticle) -> bool:
    printed = [part.text for part in article.parts if part.kind == "notice"]
    return len(printed) > len(article.notices)


# The truth.


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.path)
def test_the_truth_of_an_article_is_a_record(article: NewsroomArticle) -> None:
    truth = article.record()
    known = Article(url="", canonical_url="", site="", language=None, headline="").to_dict()
    assert set(truth) <= set(known)
    assert truth["body"]
    for block in truth["body"] + (truth["analysis"] or []):
        assert block["kind"] in BLOCK_KINDS
        assert block["text"] == " ".join(block["text"].split())
        assert not re.search(
            r"\]\(|\*\*|\{nbsp\}|\{br\}|^([#>|!@%=-]|SEE |VEA |LEA )", block["text"]
        )
    for name in ("published", "modified"):
        assert truth[name] is None or DAY_OR_INSTANT.fullmatch(truth[name])
    assert truth["published"] is None or datetime.fromisoformat(truth["published"]) is not None
    assert (truth["published"] is None) == (truth["published_precision"] is None)


def test_translations_point_at_each_other(standing: Newsroom) -> None:
    pairs = [article for article in standing.articles if article.translations]
    assert len(pairs) >= 8
    for article in pairs:
        ((language, url),) = article.translations
        other = standing.article(url)
        assert language == other.language != article.language
        assert other.translations == ((article.language, article.url),)


def test_see_also_lines_and_related_cards_lead_to_pages_that_exist(standing: Newsroom) -> None:
    for article in standing.articles:
        assert len(article.related) == 3
        assert article.url not in [card["url"] for card in article.related]
        for pointer in article.see_also + article.related:
            path = str(pointer["url"]).removeprefix(standing.url.rstrip("/"))
            assert standing.answer(path).status == 200, (article.path, path)


# The pages.


@pytest.mark.parametrize("path", [article.path for article in ARTICLES])
def test_a_page_prints_its_headline_and_its_blocks_in_order(standing: Newsroom, path: str) -> None:
    article = standing.article(path)
    reply = Reply(standing, path)
    assert reply.status == 200
    shown = words_of(reply.text)
    assert article.headline in shown
    at = 0
    for block in article.body + (article.analysis or ()):
        text = block["text"].split(" | ")[0] if block["kind"] == "table" else block["text"]
        found = shown.replace("<br />", " ").replace("  ", " ").find(text, at)
        assert found >= 0, block
        at = found


def test_a_page_in_an_old_encoding_says_so(standing: Newsroom) -> None:
    article = next(each for each in standing.articles if each.charset == "windows-1252")
    reply = Reply(standing, article.path)
    assert reply.headers["Content-Type"] == "text/html; charset=windows-1252"
    assert "señora" in reply.body.decode("windows-1252")


def test_two_layouts_carry_json_ld_and_two_do_not(standing: Newsroom) -> None:
    carriers = {
        article.layout: b"application/ld+json" in standing.answer(article.path).body
        for article in standing.articles
    }
    assert carriers == {"joomla": False, "tagdiv": True, "custom": False, "newspack": True}


def test_the_same_state_gives_the_same_bytes() -> None:
    with Newsroom(today=TODAY) as first:
        before = {each.path: first.answer(each.path).body for each in first.articles}
        port = urlsplit(first.url).port or 0
    with Newsroom(port, today=TODAY) as second:
        assert {each.path: second.answer(each.path).body for each in second.articles} == before


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/es/",
        "/latest",
        "/latest?page=3",
        "/es/latest?page=2",
        "/category/brief/",
        "/category/brief/page/2/",
        "/es/categoria/analisis/",
        "/tag/courts/",
        "/es/etiqueta/puertos/",
        "/author/owen-prescott/",
        "/actors/",
        "/actors/los-calafates/",
        "/special/harbours/",
        "/about/",
        "/search?s=gold",
        "/login",
        "/consent/",
    ],
)
def test_pages_that_are_no_articles(standing: Newsroom, path: str) -> None:
    reply = Reply(standing, path)
    assert reply.status == 200
    assert "<html" in reply.text


def test_lists_reach_every_article_page_by_page(standing: Newsroom) -> None:
    linked: set[str] = set()
    for stem in ("/latest", "/es/latest"):
        page: str | None = stem
        while page:
            text = Reply(standing, page).text
            linked |= set(re.findall(r'<h2><a href="([^"]+)"', text))
            following = re.search(r'<a rel="next" href="([^"]+)"', text)
            page = following[1] if following else None
    assert linked == {article.path for article in standing.articles}


def test_what_is_not_there_is_404_and_what_was_withdrawn_is_410(standing: Newsroom) -> None:
    assert Reply(standing, "/news/brief/nothing-of-the-kind/").status == 404
    assert Reply(standing, "/tag/nothing/").status == 404
    assert Reply(standing, "/latest?page=99").status == 200
    assert Reply(standing, "/category/brief/page/99/").status == 404
    assert Reply(standing, "/news/brief/withdrawn-report/").status == 410


def test_former_addresses_redirect_for_good(standing: Newsroom) -> None:
    article = next(each for each in standing.articles if each.moved_from)
    for old in (*article.moved_from, article.path.rstrip("/")):
        reply = Reply(standing, old)
        assert (reply.status, reply.headers["Location"]) == (301, article.url)


# What it tells machines.


def test_robots_names_what_is_closed_and_where_the_sitemaps_are(standing: Newsroom) -> None:
    text = Reply(standing, "/robots.txt").text
    assert "Disallow: /search" in text
    assert "Disallow: /login" in text
    assert "Disallow: /wp-admin/" in text
    assert f"Sitemap: {standing.url}sitemap_index.xml" in text
    assert "Crawl-delay" not in text


def test_a_crawl_delay_can_be_asked_for() -> None:
    with Newsroom(crawl_delay=1.5) as room:
        assert "Crawl-delay: 1.5" in Reply(room, "/robots.txt").text


def test_the_sitemaps_list_exactly_the_articles(standing: Newsroom) -> None:
    index = locations(Reply(standing, "/sitemap_index.xml").body)
    assert len(index) > 10
    listed: list[str] = []
    for url in index:
        reply = Reply(standing, urlsplit(url).path)
        assert reply.headers["Content-Type"] == "application/gzip"
        assert reply.headers["Content-Encoding"] is None
        listed += locations(gzip.decompress(reply.body))
    assert sorted(listed) == sorted(article.url for article in standing.articles)


def test_an_article_without_a_date_has_no_lastmod(standing: Newsroom) -> None:
    reply = Reply(standing, "/sitemaps/undated-en.xml.gz")
    text = gzip.decompress(reply.body).decode()
    assert "<loc>" in text
    assert "<lastmod>" not in text


def test_the_feeds_carry_the_newest_articles(standing: Newsroom) -> None:
    newest = [each for each in standing.articles if each.language == "en"][:15]
    rss = Tree.fromstring(Reply(standing, "/feed/").body)
    assert [each.findtext("title") for each in rss.iter("item")] == [a.headline for a in newest]
    content = "{http://purl.org/rss/1.0/modules/content/}encoded"
    first = rss.find(f"channel/item/{content}")
    assert first is not None
    assert newest[0].body[0]["text"][:60] in words_of(first.text or "")
    atom = Tree.fromstring(Reply(standing, "/es/feed/").body)
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == 15


# How it serves.


def test_an_entity_tag_or_a_date_saves_the_page(standing: Newsroom) -> None:
    for path in (FAIR, "/", "/feed/", "/sitemap_index.xml", "/sitemaps/2016-en.xml.gz"):
        first = Reply(standing, path)
        tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
        again = Reply(standing, path, If_None_Match=tag)
        assert (again.status, again.body) == (304, b"")
        assert Reply(standing, path, If_Modified_Since=changed).status == 304
        assert (
            Reply(standing, path, If_None_Match='"other"', If_Modified_Since=changed).status == 200
        )


def test_pages_are_compressed_for_those_who_ask(standing: Newsroom) -> None:
    plain = Reply(standing, FAIR)
    packed = Reply(standing, FAIR, Accept_Encoding="gzip")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_head_sends_the_headers_alone(standing: Newsroom) -> None:
    reply = Reply(standing, FAIR, method="HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) > 1000


def test_one_connection_serves_many_requests_and_all_are_logged(room: Newsroom) -> None:
    connection = HTTPConnection(urlsplit(room.url).netloc, timeout=10)
    for path in ("/", FAIR, "/nowhere"):
        connection.request("GET", path, headers={"User-Agent": "tester"})
        connection.getresponse().read()
    connection.close()
    assert [(each.method, each.path, each.status) for each in room.requests] == [
        ("GET", "/", 200),
        ("GET", FAIR, 200),
        ("GET", "/nowhere", 404),
    ]
    assert room.requests[0].headers["user-agent"] == "tester"
    assert room.requests[0].time <= room.requests[1].time


# Its life.


def test_an_edit_moves_the_validators_and_the_sitemap(room: Newsroom) -> None:
    before = Reply(room, FAIR)
    edited = room.edit(FAIR, headline="The Bail Machine Stops")
    after = Reply(room, FAIR, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert "The Bail Machine Stops" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == "Thu, 01 Oct 2026 12:01:00 GMT"
    assert edited.modified == "2026-10-01T12:01:00+00:00"
    year = gzip.decompress(Reply(room, "/sitemaps/2023-en.xml.gz").body).decode()
    assert "2026-10-01T12:01:00+00:00" in year


def test_without_a_set_day_an_edit_is_later_than_any_answer_before_it() -> None:
    with Newsroom() as room:
        first = room.edit(FAIR, headline="One").touched_at
        second = room.edit(FAIR, headline="Two").touched_at
    assert first is not None
    assert second is not None
    assert second > first


def test_a_removed_article_is_gone_everywhere_and_can_come_back(room: Newsroom) -> None:
    before = Reply(room, FAIR).body
    room.remove(FAIR, status=410)
    assert Reply(room, FAIR).status == 410
    assert FAIR not in gzip.decompress(Reply(room, "/sitemaps/2023-en.xml.gz").body).decode()
    assert all(FAIR not in str(card) for each in room.articles for card in each.related)
    room.restore(FAIR)
    assert Reply(room, FAIR).body == before


def test_a_new_article_can_be_added_and_all_be_reset(room: Newsroom) -> None:
    count = len(room.articles)
    room.add(
        NewsroomArticle(
            path="/news/brief/fresh/",
            layout="tagdiv",
            language="en",
            headline="Fresh",
            text="One short paragraph.",
        )
    )
    assert Reply(room, "/news/brief/fresh/").status == 200
    assert len(room.articles) == count + 1
    room.reset()
    assert len(room.articles) == count
    assert room.requests == []


def test_it_fails_as_often_as_it_was_told_to(room: Newsroom) -> None:
    room.fail(FAIR, status=429, retry_after=7, times=2)
    first, second, third = Reply(room, FAIR), Reply(room, FAIR), Reply(room, FAIR)
    assert [each.status for each in (first, second, third)] == [429, 429, 200]
    assert first.headers["Retry-After"] == "7"
    room.fail("*", status=500)
    assert Reply(room, "/").status == 500


def test_it_can_hang_up_half_way(room: Newsroom) -> None:
    room.fail(FAIR, status=200, cut=True)
    with pytest.raises(IncompleteRead):
        Reply(room, FAIR)
    assert Reply(room, FAIR).status == 200


def test_a_big_newsroom_is_made_of_copies_that_differ() -> None:
    with Newsroom(size=200) as room:
        assert len(room.articles) == 200
        copies = [article for article in room.articles if article.headline.endswith("(2)")]
        assert copies
        original = room.article(copies[0].path.replace("-2", ""))
        assert copies[0].body != original.body
        assert Reply(room, copies[0].path).status == 200


def test_the_profile_knows_an_article_by_its_address(standing: Newsroom) -> None:
    profile = site_named("faro")
    for article in standing.articles:
        assert any(re.search(path, article.path) for path in profile.article_paths), article.path
        assert not any(re.search(path, article.path) for path in profile.other_paths), article.path


def test_it_runs_in_the_foreground() -> None:
    command = [sys.executable, "-m", "scripts.newsroom", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        process.terminate()
    assert "articles on http://127.0.0.1:" in line


def test_a_port_that_is_taken_is_told(room: Newsroom) -> None:
    port = str(urlsplit(room.url).port)
    command = [sys.executable, "-m", "scripts.newsroom", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"port {port} can't be served" in done.stderr
    assert "Traceback" not in done.stderr
