"""InSight Crime's pages, served on loopback under their own paths and crawled by its profile.

Every article is stored once, equals what ``parse`` says of its page, and is found by a phrase of
its analysis in the analysis and nowhere else. The pages are not part of this repository: without
them the test is skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest

from crawler.parsing import NotAnArticle, parse_article
from crawler.sites import site_named
from storage import Archive
from tests.running import in_own_process
from tests.serving import Answering, served

PAGES = Path(__file__).parents[2] / "shared" / "insightcrime" / "pages"
pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the labelled pages of InSight Crime are not beside this checkout"
)


class Served(Answering):
    """Answers with the pages by path, and a sitemap of all of them."""

    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path == "/sitemap_index.xml":
            places = "".join(f"<url><loc>{base}{path}</loc></url>" for path in self.pages)
            body, kind = f"<urlset>{places}</urlset>".encode(), "application/xml"
        else:
            body, kind = self.pages.get(self.path, b""), "text/html"
        self.answer(200 if body else 404, body, {"Content-Type": kind})


def pages_by_path() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Page and truth by path; of two that claim one path the first."""
    found: dict[str, tuple[bytes, dict[str, Any]]] = {}
    for folder in sorted(PAGES.iterdir()):
        if folder.is_dir():
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            path = urlsplit(truth["url"]).path
            found.setdefault(path, ((folder / "page.html").read_bytes(), truth))
    return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(address of the site, archive) after one crawl."""
    Served.pages = {path: page for path, (page, _) in pages_by_path().items()}
    folder = tmp_path_factory.mktemp("shared")
    with served(Served) as port:
        base = f"http://127.0.0.1:{port}"
        done = in_own_process(
            *("crawl", f"{base}/", "--site", "insightcrime", "--delay", 0),
            cwd=folder,
            HEMEROTECA_CONTACT="tests@hemeroteca.example",
        )
        assert done.code == 0, done.err
        yield base, folder / "hemeroteca.db"


def test_every_article_is_stored_once_and_equals_what_parse_says(crawled: tuple[str, Path]) -> None:
    base, path = crawled
    profile = site_named("insightcrime").at(f"{base}/")
    wanted = {}
    for place, (page, truth) in pages_by_path().items():
        if truth["article"]:
            url = f"{base}{place}"
            wanted[url] = parse_article(page, url=url, profile=profile, content_type="text/html")
    with Archive.open(path) as archive:
        stored = {record["url"]: record for record in archive.articles()}
        assert sorted(stored) == sorted(wanted)
        for url, article in wanted.items():
            record = json.loads(json.dumps(article.to_dict()))
            kept = archive.article(url)
            assert kept is not None
            shown = kept.to_dict()
            assert {key: shown[key] for key in record} == record


def test_no_other_page_became_an_article(crawled: tuple[str, Path]) -> None:
    base, path = crawled
    with Archive.open(path) as archive:
        for place, (page, truth) in pages_by_path().items():
            if not truth["article"]:
                assert archive.article(f"{base}{place}") is None
                with pytest.raises(NotAnArticle):
                    parse_article(page, url=truth["url"], profile=site_named("insightcrime"))


def test_a_phrase_of_the_analysis_is_found_there_and_not_in_the_reporting(
    crawled: tuple[str, Path],
) -> None:
    base, path = crawled
    with Archive.open(path) as archive:
        tried = 0
        for place, (_, truth) in pages_by_path().items():
            paragraphs = [p for p in truth.get("analysis") or () if isinstance(p, str)]
            if not paragraphs:
                continue
            phrase = '"' + " ".join(paragraphs[0].replace('"', " ").split()[2:9]) + '"'
            url = f"{base}{place}"
            assert url in [hit.url for hit in archive.search(phrase, inside=["analysis"])]
            assert url not in [hit.url for hit in archive.search(phrase, inside=["body"])]
            tried += 1
        assert tried >= 35
