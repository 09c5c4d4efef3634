"""The labelled pages of InSight Crime, the seed page and the complete texts of 2020.

None of them is part of this repository: they are read where they stand beside a checkout, and
without them these tests are skipped.
"""

from __future__ import annotations

import html
import importlib.util
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crawler.article import Article, Block
from crawler.parsing import parse_article
from crawler.sites import site_of

SHARED = Path(__file__).parents[2] / "shared" / "insightcrime"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the labelled pages of InSight Crime are not beside this checkout"
)


def texts(blocks: tuple[Block, ...] | None) -> list[str]:
    return [block.text for block in blocks or ()]


def module_of(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SHARED / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- the labelled pages --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scored() -> dict[str, Any]:
    """The measure of all labelled pages, read by InSight Crime's profile."""
    without_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        score, adaptor = module_of("score"), module_of("adaptor")
    finally:
        sys.dont_write_bytecode = without_bytecode

    def read(page: str, url: str) -> Any:
        return adaptor.insightcrime(Path(page).read_bytes(), url)

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ResourceWarning
        )  # the measure leaves files to the collector
        measured: dict[str, Any] = score.run(str(SHARED / "pages"), read)
    return measured


@pytest.mark.parametrize(
    ("metric", "floor"),
    [
        ("headline", 0.98),
        ("published", 0.98),
        ("authors", 0.98),
        ("kicker", 0.98),
        ("category", 0.98),
        ("language", 0.98),
        ("see_also_urls", 0.98),
        ("see_also_details", 0.98),
        ("related_urls", 0.98),
        ("related_details", 0.98),
        ("body_f1", 0.99),
        ("analysis_f1", 0.99),
        ("para_exact_recall", 0.95),
        ("para_exact_precision", 0.95),
        ("pages_without_any_leak", 1.0),
    ],
)
def test_the_labelled_pages_are_read_at_least_this_well(
    scored: dict[str, Any], metric: str, floor: float
) -> None:
    assert scored["overall"][metric] >= floor, scored["failures"]


@pytest.mark.parametrize(
    "leak", ["boilerplate", "see_also", "caption", "notice", "pullquote_dup", "headline"]
)
def test_nothing_leaks_into_the_text_of_a_labelled_page(scored: dict[str, Any], leak: str) -> None:
    assert scored["overall"][f"leak_{leak}"] == 0, scored["failures"]


def test_labelled_articles_are_articles_and_the_others_are_none(scored: dict[str, Any]) -> None:
    assert scored["articles"] >= 60
    assert scored["wrongly_rejected"] == 0
    assert scored["exceptions"] == 0
    assert scored["non_articles_rejected"] == scored["non_articles"] >= 10


# --- the seed page -------------------------------------------------------------------------------

SEED_URL = "https://insightcrime.org/news/brief/panama-mexico-agree-joint-crime-fighting-effort/"


@dataclass
class Seed:
    """The page's lines, and what a reader sees in them."""

    lines: list[str]

    def between(self, first: str, last: str) -> list[str]:
        start = self.lines.index(first) + 1
        return self.lines[start : self.lines.index(last, start)]

    @property
    def meta(self) -> str:
        return self.lines[3]

    @property
    def body(self) -> list[str]:
        return self.between(self.meta, "InSight Crime Analysis")

    @property
    def analysis(self) -> list[str]:
        rest = self.between("InSight Crime Analysis", "share icon icon icon")
        return [line for line in rest if not line.startswith("SEE ALSO")]

    @property
    def cards(self) -> list[tuple[str, str]]:
        """(line, teaser) pairs."""
        lines = self.between("Related Content", "About InSight Crime")
        return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.fixture(scope="module")
def seed() -> Seed:
    lines = (SHARED / "seed.txt").read_text(encoding="utf-8").splitlines()
    return Seed([" ".join(line.split()) for line in lines if line.strip()])


def as_text(seed: Seed) -> tuple[bytes, str]:
    return "\n\n".join(seed.lines).encode(), "text/plain; charset=utf-8"


def as_lines(seed: Seed) -> tuple[bytes, str]:
    """Every line a box without a class, as a page is when nothing is known of it."""
    boxes = "\n".join(f"<div>{html.escape(line)}</div>" for line in seed.lines)
    return f"<html><body>{boxes}</body></html>".encode(), "text/html; charset=utf-8"


def as_page(seed: Seed) -> tuple[bytes, str]:
    """The page as its theme may have set it."""
    e = html.escape
    headline = seed.lines[2]
    paragraphs = [f"<p>{e(line)}</p>" for line in seed.body]
    for line in seed.between("InSight Crime Analysis", "share icon icon icon"):
        label, found, title = line.partition("SEE ALSO: ")
        linked = f'SEE ALSO: <a href="/mexico-organized-crime-news/">{e(title)}</a>'
        paragraphs.append(f"<p>{linked if found and not label else e(line)}</p>")
    paragraphs.insert(len(seed.body), "<h2>InSight Crime Analysis</h2>")
    tail = [f"<p>{e(line)}</p>" for line in seed.between("share icon icon icon", "Related Content")]
    cards = [
        f"<div><div>{e(line)}</div><a href='/news/card-number-{number}/'>{e(teaser)}</a></div>"
        for number, (line, teaser) in enumerate(seed.cards)
    ]
    about = seed.lines[seed.lines.index("About InSight Crime") + 1 :]
    others = "".join(f"<div>{e(line)}</div>" for line in about)
    page = (
        f"<html lang=en><head><title>{e(headline)} - InSight Crime</title></head><body>"
        "<ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/news/brief>Brief</a>"
        f"<li>{e(headline)}</ul><main><span>{seed.lines[1]}</span><h1>{e(headline)}</h1>"
        f"<div>{e(seed.meta)}</div><div>{''.join(paragraphs)}</div>"
        f"<div>share <i>icon</i> <i>icon</i> <i>icon</i></div>{''.join(tail)}"
        f"<section><h3>Related Content</h3>{''.join(cards)}</section>"
        f"<section><h3>About InSight Crime</h3>{others}</section></main></body></html>"
    )
    return page.encode(), "text/html; charset=utf-8"


@pytest.fixture(scope="module", params=[as_text, as_lines, as_page], ids=lambda made: made.__name__)
def seed_article(request: pytest.FixtureRequest, seed: Seed) -> Article:
    made: Callable[[Seed], tuple[bytes, str]] = request.param
    body, content_type = made(seed)
    return parse_article(body, url=SEED_URL, profile=site_of(SEED_URL), content_type=content_type)


def test_the_seed_pages_opening_is_exact(seed: Seed, seed_article: Article) -> None:
    assert seed_article.kicker == "BRIEF"
    assert seed_article.headline == seed.lines[2]
    assert seed_article.category == "DRUG POLICY"
    assert seed_article.published == "2016-07-11"
    assert seed_article.authors == ("Sofia Liemann",)
    assert seed_article.language == "en"
    assert seed_article.deck is None


def test_the_seed_page_has_four_reporting_and_five_analysis_paragraphs(
    seed: Seed, seed_article: Article
) -> None:
    assert texts(seed_article.body) == seed.body
    assert texts(seed_article.analysis) == seed.analysis
    assert (len(seed_article.body), len(seed_article.analysis or ())) == (4, 5)


def test_the_seed_page_points_to_one_page_and_shows_three_cards(
    seed: Seed, seed_article: Article
) -> None:
    assert [pointer.title for pointer in seed_article.see_also] == ["Mexico News and Profiles"]
    assert [(card.category, card.teaser) for card in seed_article.related] == [
        (line.split(" / ")[0], teaser) for line, teaser in seed.cards
    ]
    assert [card.date for card in seed_article.related] == [
        "2022-12-21", "2023-04-17", "2022-09-21",
    ]  # fmt: skip


def test_the_seed_pages_licence_is_recognised_and_nothing_else_of_its_foot_is_anywhere(
    seed: Seed, seed_article: Article
) -> None:
    assert seed_article.licence is not None
    assert seed_article.notices == ()
    text = f"{seed_article.body_text}\n{seed_article.analysis_text}"
    foot = seed.lines[seed.lines.index("share icon icon icon") :]
    assert not [line for line in foot if line in text]


# --- the complete texts of 2020 ------------------------------------------------------------------

REAL = sorted((SHARED / "real2020").glob("*.txt"))
HEADING = "InSight Crime Analysis"
_CLOSED = re.compile(r"[.!?”\"’')\]:*…]$")


@dataclass
class RealText:
    """A text of 2020, put together from its text nodes."""

    url: str
    stated: dict[str, str]
    caption: str | None = None
    body: list[str] = field(default_factory=list)
    analysis: list[str] | None = None
    see_also: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    """(kind, text) in page order."""


def nodes_of(lines: list[str]) -> Iterator[tuple[str, str]]:
    """(kind, text) of each line: a text node, or one of the lines that stand alone."""
    waiting = False
    for line in (" ".join(line.split()) for line in lines):
        if not line or (waiting and line == ":"):
            continue
        if waiting:
            yield "see also", line
            waiting = False
        elif line.rstrip(" :") == "SEE ALSO":
            waiting = True
        elif line in (HEADING, "SHARE", "Click on the map to enlarge"):
            yield ("heading" if line == HEADING else "furniture"), line
        else:
            yield "text", line


def blocks_of(lines: list[str]) -> list[tuple[str, str]]:
    """The blocks: nodes that a link split are one paragraph again."""
    blocks: list[tuple[str, str]] = []
    for kind, line in nodes_of(lines):
        begins = line[0].isupper() or line[0].isdigit() or line[0] in '“"*‘('
        open_end = blocks and blocks[-1][0] == "text" and not _CLOSED.search(blocks[-1][1])
        if kind == "text" and blocks and blocks[-1][0] == "text" and (open_end or not begins):
            gap = "" if line[0] in ".,;:)”’" or blocks[-1][1][-1] in "(“" else " "
            blocks[-1] = ("text", f"{blocks[-1][1]}{gap}{line}")
        else:
            blocks.append((kind, line))
    return blocks


def real_text(path: Path) -> RealText:
    url, about, *lines = path.read_text(encoding="utf-8").splitlines()
    stated = {name: text[1:-1] for name, text in re.findall(r"(\w+)=(.*?)(?=;|\]$)", about)}
    first = lines.index("SHARE")
    last = len(lines) - 1 - lines[::-1].index("SHARE")
    real = RealText(url, stated, caption=" ".join(" ".join(lines[:first]).split()) or None)
    part = real.body
    label = ""
    for kind, text in blocks_of(lines[first + 1 : last]):
        if label:
            real.notices.append(f"{label} {text}")
            real.blocks.append(("notice", text))
            label = ""
        elif kind == "heading":
            part = real.analysis = []
            real.blocks.append((kind, text))
        elif kind == "see also":
            real.see_also.append(text)
            real.blocks.append((kind, text))
        elif text.startswith(("*", "(Graphic ")):
            label = text if text.endswith(":") else ""
            real.notices += [] if label else [text]
            real.blocks.append(("notice", text))
        else:
            if kind == "text":
                part.append(text)
            real.blocks.append((kind, text))
    return real


def set_plainly(real: RealText) -> str:
    """The text in plain paragraphs under a heading and a byline, with its picture's caption."""
    e = html.escape
    blocks = {
        "heading": "<h2>{}</h2>",
        "see also": '<p>SEE ALSO: <a href="/pointed-to/">{}</a></p>',
    }
    text = "\n".join(
        blocks.get(kind, "<p>{}</p>").format(e(text, quote=False)) for kind, text in real.blocks
    )
    picture = f"<figure><img src=/top.jpg><figcaption>{e(real.caption or '')}</figcaption></figure>"
    return (
        f"<html lang=en><head><title>{e(real.stated['h1'])} - InSight Crime</title></head><body>"
        f"<ul><li><a>{real.stated['type']}</a></li></ul><h1>{e(real.stated['h1'])}</h1>"
        f"<div>By {e(real.stated['author'])}</div><time datetime={real.stated['date']}>"
        f"{real.stated['date']}</time><div>{picture if real.caption else ''}<div>SHARE</div>\n"
        f"{text}\n<div>SHARE</div></div><p>What are your thoughts? Click <a href=/contact>here</a>"
        " to send InSight Crime your comments.</p></body></html>"
    )


def set_in_boxes(real: RealText) -> str:
    """The same with boxes in place of paragraphs and bold lines in place of headings."""
    page = set_plainly(real).replace("<p>", "<div>").replace("</p>", "</div>")
    return page.replace("<h2>", "<div><b>").replace("</h2>", "</b></div>")


@pytest.mark.parametrize("setting", [set_plainly, set_in_boxes], ids=lambda made: made.__name__)
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_complete_text_comes_apart_as_its_heading_line_shows(
    path: Path, setting: Callable[[RealText], str]
) -> None:
    real = real_text(path)
    article = parse_article(setting(real).encode(), url=real.url, profile=site_of(real.url))
    assert article.headline == real.stated["h1"]
    assert (article.published or "")[:10] == real.stated["date"]
    assert texts(article.body) == real.body
    assert (article.analysis is None) == (real.analysis is None)
    assert texts(article.analysis) == (real.analysis or [])
    assert [pointer.title for pointer in article.see_also] == real.see_also
    assert set(real.notices) <= set(article.notices)
    captions = [image.caption for image in article.images if image.caption]
    assert captions == ([real.caption] if real.caption else [])


def test_all_seventeen_texts_are_there_and_thirteen_have_an_analysis() -> None:
    assert len(REAL) == 17
    assert sum(real_text(path).analysis is not None for path in REAL) == 13
