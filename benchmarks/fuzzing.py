"""Pages that nobody would write: how the parser takes them, and what large ones cost.

    python benchmarks/fuzzing.py [--minutes 60] [--seed 1] [--keep FOLDER]   damaged real pages
    python benchmarks/fuzzing.py --case 1:4711 --keep FOLDER                 one of them again
    python benchmarks/fuzzing.py --sizes [0.1 1 10 50]                       large pages, by shape

Damaged pages are made from real ones (the labelled pages beside the checkout, and those of the
tests): a case is a function of seed and number, so that each can be made again. Three things are
looked for: an exception that is neither ``NotAnArticle`` nor ``Unreadable`` (or the death of the
process), a record that is not well formed (:func:`faults_of`), and a page that takes longer than
its size allows (:data:`PATIENCE`). With ``--keep`` the first page of every finding is written down.

``--sizes`` prints seconds per megabyte for shapes that are known to hurt parsers; a time that is
linear in the size keeps its figure from column to column.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import multiprocessing
import pstats
import random
import re
import signal
import sys
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from crawler.article import Article  # noqa: E402
from crawler.errors import NotAnArticle, Unreadable  # noqa: E402
from crawler.parsing import parse_article  # noqa: E402
from crawler.sites import site_named  # noqa: E402

SHARED = ROOT.parent / "shared"

#: Where real pages stand, beside the checkout and in it.
FOLDERS = (SHARED / "bench" / "data", SHARED / "insightcrime" / "pages", ROOT / "tests" / "pages")

#: Milliseconds that any page may take, and those that each of its kilobytes and each of its tags
#: adds: some five times what the slowest of the unharmed labelled pages takes, so that only another
#: order shows.
PATIENCE = (100.0, 0.4, 0.1)

#: Seconds after which a page is given up.
GIVE_UP = 60

#: Damages that one page gets at most.
MOST_DAMAGES = 5

Mutation = Callable[[bytes, bytes, random.Random], bytes]


# --- real pages ----------------------------------------------------------------------------------


def real_pages(folders: tuple[Path, ...] = FOLDERS) -> list[Path]:
    """The pages below the folders that exist, in an order of their own."""
    return [
        path
        for folder in folders
        for pattern in ("*/page.html", "*/*/page.html.gz")
        for path in sorted(folder.glob(pattern))
    ]


def page_of(path: Path) -> tuple[bytes, str]:
    """The page's bytes and the address it came from."""
    body = path.read_bytes()
    about = next(each for each in ("truth.json", "meta.json") if (path.parent / each).exists())
    url = json.loads((path.parent / about).read_text("utf-8"))["url"]
    return (gzip.decompress(body) if path.suffix == ".gz" else body), url


# --- damages -------------------------------------------------------------------------------------


def bytes_flipped(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    damaged = bytearray(page)
    for _each in range(chance.choice((1, 5, 50))):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def tags_dropped(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Some tags are missing."""
    for _each in range(chance.choice((1, 5, 50))):
        start, end = _tag(page, chance)
        page = page[:start] + page[end:]
    return page


def tags_doubled(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Some tags stand there many times, the closing ones not."""
    for _each in range(chance.choice((1, 5, 20))):
        start, end = _tag(page, chance)
        page = page[:end] + page[start:end] * chance.choice((1, 2, 30)) + page[end:]
    return page


def attributes_added(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Some tags say more than they did."""
    for _each in range(chance.choice((1, 10, 50))):
        start, end = _tag(page, chance)
        noise = b" " + chance.choice(ATTRIBUTES) * chance.choice((1, 1, 1, 40))
        page = page[: max(start, end - 1)] + noise + page[max(start, end - 1) :]
    return page


def tags_renamed(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """One kind of element is another throughout."""
    old, new = chance.sample(ELEMENTS, 2)
    return re.sub(rb"(</?)" + old + rb"\b", rb"\1" + new, page, flags=re.IGNORECASE)


def nested(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """A piece of the page stands within itself, again and again."""
    start, _end = _tag(page, chance)
    piece = page[start : start + chance.choice((20, 200, 2000))]
    return page[:start] + piece * chance.choice((2, 20, 300)) + page[start:]


def opened(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Hundreds of elements are opened and not closed."""
    place = chance.randrange(len(page) + 1)
    return page[:place] + chance.choice(OPENINGS) * chance.choice((3, 100, 3000)) + page[place:]


def cut_short(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """The connection broke, or a piece of the page is missing."""
    start, end = sorted(chance.randrange(len(page) + 1) for _each in range(2))
    return page[:start] if chance.random() < 0.5 else page[:start] + page[end:]


def another_charset(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """The page is in another character set than it says, or says another than it is in."""
    charset = chance.choice(CHARSETS)
    if chance.random() < 0.3:
        return chance.choice(MARKS) + page
    if chance.random() < 0.5:
        return re.sub(rb"charset=[\"']?[\w-]+", b"charset=" + charset.encode(), page)
    return page.decode("utf-8", "replace").encode(charset, "replace")


def spliced(page: bytes, other: bytes, chance: random.Random) -> bytes:
    """The page goes on as another one, or holds a piece of it."""
    place = chance.randrange(len(page) + 1)
    start, end = sorted(chance.randrange(len(other) + 1) for _each in range(2))
    return page[:place] + (
        other[start:] if chance.random() < 0.5 else other[start:end] + page[place:]
    )


def strange_letters(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """NULs, control and direction marks, halves of characters, in text and in tags."""
    for _each in range(chance.choice((1, 20, 200))):
        place = chance.randrange(len(page) + 1)
        page = page[:place] + chance.choice(LETTERS) * chance.choice((1, 1, 30)) + page[place:]
    return page


def telling_words(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Words that the parser listens to stand where they shouldn't."""
    for _each in range(chance.choice((1, 10, 100))):
        _start, place = _tag(page, chance)
        page = page[:place] + chance.choice(WORDS) + page[place:]
    return page


def other_figures(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """Digits are others, as in dates that never were, or those of another script."""
    new = chance.choice(("0", "9", "99999", "٣", "３", "²", "-1", "")).encode()
    old = str(chance.randrange(10)).encode()
    return page.replace(old, new, chance.choice((3, 100, 10_000)))


def statements_damaged(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """The page's JSON-LD says strange things, or breaks off."""
    places = [match.end() for match in re.finditer(rb"[{\[:,]\s*", page[:400_000])]
    for _each in range(chance.choice((1, 5, 20))):
        place = chance.choice(places) if places else 0
        page = page[:place] + chance.choice(VALUES) + page[place:]
    return page


def grown(page: bytes, _: bytes, chance: random.Random) -> bytes:
    """One value, word or line is thousands of letters long."""
    place = chance.randrange(len(page) + 1)
    return page[:place] + chance.choice(LONG) * chance.choice((1000, 10_000)) + page[place:]


MUTATIONS: tuple[Mutation, ...] = (
    bytes_flipped, tags_dropped, tags_doubled, attributes_added, tags_renamed, nested, opened,
    cut_short, another_charset, spliced, strange_letters, telling_words, other_figures,
    statements_damaged, grown,
)  # fmt: skip

ATTRIBUTES = (
    b'class="byline author"', b'class="article-body content"', b'itemprop="articleBody"',
    b'itemprop="datePublished" content="2020-02-30T25:61:00+99:00"', b'hidden', b'dir="rtl"',
    b'style="display:none"', b'lang="\xff"', b'href="http://["', b'href="javascript:0"', b'"', b"'",
    b"=", b'id="&#0;"', b'datetime="99999999999999"', b'rel="author"', b'role="main"',
    b'src="data:image/gif;base64,"', b'xml:lang="ar"', b'property="og:title"', b"<", b"/",
)  # fmt: skip
ELEMENTS = (
    b"div", b"p", b"span", b"a", b"li", b"h1", b"h2", b"section", b"article", b"main", b"td",
    b"blockquote", b"figure", b"time", b"script", b"meta", b"title", b"template", b"svg", b"pre",
    b"textarea", b"option", b"table", b"noscript",
)  # fmt: skip
OPENINGS = (
    b"<div>", b"<p>", b"<b><p>", b"<a href=/news/a-b-c>", b"<table><tr><td>", b"<ul><li>", b"<h1>",
    b"<span class=byline>By ", b"<article>", b"<blockquote>", b"<svg><title>", b"<template>",
    b"<!--", b"<![CDATA[", b"<script>", b"<title>", b"<select><option>", b"<time>", b"<font><i>",
    b"<figure><figcaption>", b"<dl><dt>", b"<form>", b"<math><mtext>", b"<noscript>", b"<frameset>",
)  # fmt: skip
CHARSETS = (
    "utf-16", "utf-16-be", "utf-32", "cp1252", "iso-8859-1", "koi8-r", "shift_jis", "gb18030",
    "big5", "euc-kr", "utf-7", "cp037", "iso-2022-jp", "windows-1256",
)  # fmt: skip
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"+/v8-", b"\x00")
LETTERS = tuple(
    letter if isinstance(letter, bytes) else letter.encode("utf-8", "surrogatepass")
    for letter in (
        "\x00", "\x01", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\x85", "\xad", "\u0301", "\u200b",
        "\u200f", "\u202e", "\u2028", "\u2029", "\u2066", "\ufeff", "\ufffe", "\uffff", "\ud800",
        "\U000e0001", "\U0010ffff", "&#0;", "&#x0B;", "&#xD800;", "&#x110000;", "&nbsp",
        "&amp;amp;", "\r", "\t", b"\x81", b"\xff", b"\xc3", b"\xed\xa0\x80", "ﬁ", "İ", "ß", "ǅ",
        "가", "각",
    )
)  # fmt: skip
WORDS = tuple(
    word.encode()
    for word in (
        "By ", "by John Smith and ", "Von ", "Por ", "作者:", "بقلم ", "Updated: ",
        "Published 31/02/2020", "hace 3 horas", "vor 99999999999 Tagen", "yesterday",
        "12 de enero de 0000", "2020-13-45",
        "SEE ALSO:", "Read more:", "Related", "Comments", "Advertisement", "Photo: ",
        "(Reuters) - ", "Subscribe to continue", "Sign in", "Page not found", "Page 1 of 99999999",
        "Correction: ",
        "CC BY", "https://example.org/", "@somebody", "Share", "|", "—", "•", "...", "?", ": ",
    )
)  # fmt: skip
VALUES = (
    b"null,", b"[", b"{", b'"', b"]", b"}", b"1e999,", b"-0,", b"NaN,", b'"\\ud800",', b"true,",
    b'{"@type":["NewsArticle",null,3],"headline":["a",{}],"author":[[[{"name":{"name":7}}]]]},',
    b'"datePublished":{"@value":"2020-01-01"},', b'"datePublished":99999999999999999999,',
    b'"@graph":[[]],', b'"author":"' + b"a, " * 3000 + b'",',
    b'"articleBody":[1,2,{"@value":null}],', b"[" * 5000, b'{"a":' * 5000, b"\\", b"//", b"/*",
    b"<!--", b"]]>", b'"url":"http://[",',
    b'"image":{"url":[{"url":7}]},', b'"isPartOf":{"@id":"#a"},"@id":"#a",', b"9" * 5000 + b",",
)  # fmt: skip
LONG = (
    b"a", b" ", b"\n", b"<", b">", b"&", b"&#", b"&amp;", b"a ", b"A. ", b"by ", b"1", b"1 ",
    b"01/", b"-", b"|", b"/", b",", b"&nbsp;", b"\xc3\xa9", b"\xe4\xb8\xad", b"<br>", b"</p>",
    b"</div>",
    b"'", b'"', b" and ", b"\x00", b"http://a.b/", b"@", b"(", b"[", b"{", b"=", b".", b"\xcc\x81",
    b"<p>x",
)  # fmt: skip


def _tag(page: bytes, chance: random.Random) -> tuple[int, int]:
    """Start and end of a tag somewhere, or of an empty place where none follows."""
    place = chance.randrange(len(page) + 1)
    start = page.find(b"<", place)
    end = page.find(b">", start, start + 5000) + 1 if start >= 0 else 0
    return (start, end) if end > 0 else (place, place)


# --- one case ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A damaged page and how it is read."""

    page: bytes
    url: str
    damages: tuple[str, ...]
    site: str | None
    content_type: str | None
    fetched_at: datetime | None


CONTENT_TYPES = (
    None, None, None, "text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1",
    "text/html; charset=utf-16", "text/html; charset=rot13", "text/plain", "application/pdf",
    "\x00",
)  # fmt: skip


def case(pages: list[Path], seed: str, number: int) -> Case:
    """The case of that number: the same whenever it is asked for."""
    chance = random.Random(f"{seed}:{number}")
    (page, url), (other, _) = (page_of(chance.choice(pages)) for _each in range(2))
    damages = chance.choices(MUTATIONS, k=chance.randint(1, MOST_DAMAGES))
    for damage in damages:
        page = damage(page, other, chance)
    return Case(
        page=page,
        url=url if chance.random() < 0.95 else chance.choice(("", "http://[", "a b", "\x00")),
        damages=tuple(damage.__name__ for damage in damages),
        site=chance.choice((None, None, None, "insightcrime")),
        content_type=chance.choice(CONTENT_TYPES),
        fetched_at=chance.choice((None, datetime(2024, 7, 1, 12, tzinfo=UTC))),
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a case: ``read``, ``refused``, or what was found, in a line that recurs."""

    word: str
    finding: str | None
    milliseconds: float
    share: float
    """Of the time that the page is allowed."""


def outcome_of(case: Case) -> Outcome:
    """The case's page read, and what is wrong with that, if anything."""
    word, finding, seconds = _read(case)
    allowed = sum(
        share * each
        for share, each in zip(
            PATIENCE, (1, len(case.page) / 1e3, case.page.count(b"<")), strict=True
        )
    )
    if finding is None and seconds * 1e3 > allowed:  # what is loaded once is loaded by now
        _forget()
        word, finding, seconds = _read(case)
    if finding is None and seconds * 1e3 > allowed:
        _forget()
        word, finding = "slow", f"slow: in {_where_time_goes(case)}"
    return Outcome(word, finding, seconds * 1e3, seconds * 1e3 / allowed)


def _forget() -> None:
    """Empties what the parser remembers of one page for the next."""
    for name, module in list(sys.modules.items()):
        if name.startswith("crawler."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def _where_time_goes(case: Case) -> str:
    """The function of this project, and what it calls there, in which most of the time is spent."""
    profile = cProfile.Profile()
    with suppress(Exception, _GivenUp):
        profile.runcall(_parsed, case)
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    busiest = max(stats, key=lambda name: float(stats[name][2]))
    names, seen = [busiest[2]], {busiest}
    while "/crawler/" not in busiest[0] and (callers := set(stats[busiest][4]) - seen):
        seen |= callers
        busiest = max(callers, key=lambda name: float(stats[name][3]))
        names.append(busiest[2])
    return " < ".join([*names[-3:], Path(busiest[0]).name])


class _GivenUp(BaseException):
    """Nobody waits that long; no ``except Exception`` in between takes it for an error."""


def _give_up(*_: object) -> None:
    raise _GivenUp


def _read(case: Case) -> tuple[str, str | None, float]:
    """Word and finding, and the processor seconds that the reading took."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(GIVE_UP)
    article, start = None, time.process_time()
    try:
        article = _parsed(case)
        word, finding = "read", None
    except (NotAnArticle, Unreadable):
        word, finding = "refused", None
    except _GivenUp:
        word, finding = "slow", f"slow: given up after {GIVE_UP} s at {_place()}"
    except Exception as error:
        word, finding = "crash", f"crash: {type(error).__name__} at {_place()}: {error}"[:160]
    finally:
        signal.alarm(0)
    seconds = time.process_time() - start
    if article and (fault := next(faults_of(article, case.fetched_at), None)):
        word, finding = "malformed", f"malformed: {fault}"
    return word, finding, seconds


def _parsed(case: Case) -> Article:
    return parse_article(
        case.page,
        url=case.url,
        profile=site_named(case.site) if case.site else None,
        content_type=case.content_type,
        fetched_at=case.fetched_at,
    )


def _place() -> str:
    """Where the exception that is being handled was raised, within this project."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    inside = [frame for frame in frames if "/crawler/" in frame.filename] or frames
    return f"{Path(inside[-1].filename).name}:{inside[-1].lineno}"


def faults_of(article: Article, fetched_at: datetime | None = None) -> Iterator[str]:
    """What is not well formed in a record; nothing in a good one."""
    record = article.to_dict()
    try:
        again = Article.from_dict(
            json.loads(json.dumps(record, ensure_ascii=False, allow_nan=False).encode())
        )
        if again != article:
            yield "another article after its JSON is read"
    except ValueError as error:
        yield f"no JSON: {error}"
    for name, text in _strings(record | {"url": None}):  # the address is the caller's
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text if letter != "\n"):
            yield f"a control character in {name}"
        if not name.endswith("url") and not unicodedata.is_normalized("NFC", text):
            yield f"letters in pieces in {name}"
    if not article.headline.strip():
        yield "no headline"
    if not all(block.text.strip() for block in (*article.body, *(article.analysis or ()))):
        yield "an empty block"
    yield from _time_faults(article, fetched_at)


def _time_faults(article: Article, fetched_at: datetime | None) -> Iterator[str]:
    for name in ("published", "modified"):
        value = getattr(article, name)
        if value is None:
            continue
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            yield f"{name} is no date"
            continue
        if fetched_at and name == "published" and read.date() > (fetched_at + _A_DAY).date():
            yield "published after the page was fetched"


_A_DAY = timedelta(days=1)


def _strings(value: Any, name: str = "record") -> Iterator[tuple[str, str]]:
    """Every text of a record with the field that holds it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{name}.{key}" if name != "record" else key)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, name)


# --- many cases ----------------------------------------------------------------------------------


@dataclass
class Tally:
    """What has been seen so far."""

    cases: int = 0
    words: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[int]] = field(default_factory=dict)
    slowest: float = 0.0

    def add(self, number: int, outcome: Outcome) -> bool:
        """Whether this finding is new."""
        self.cases += 1
        self.words[outcome.word] += 1
        self.slowest = max(self.slowest, outcome.share)
        if outcome.finding is None:
            return False
        numbers = self.findings.setdefault(outcome.finding, [])
        numbers.append(number)
        return len(numbers) == 1

    def __str__(self) -> str:
        words = ", ".join(f"{count} {word}" for word, count in sorted(self.words.items()))
        lines = [f"{self.cases} cases: {words}; the slowest took {self.slowest:.2f} of its time"]
        for finding, numbers in sorted(self.findings.items()):
            lines.append(f"  {len(numbers):5d} x {finding}   [{', '.join(map(str, numbers[:5]))}]")
        return "\n".join(lines)


def fuzz(pages: list[Path], seed: str, minutes: float, keep: Path | None = None) -> Tally:
    """Cases until the time is up, in a process that is started again when one kills it."""
    tally, number, end = Tally(), 0, time.monotonic() + minutes * 60
    context = multiprocessing.get_context("spawn")
    while time.monotonic() < end:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(theirs, pages, seed, number, end))
        worker.start()
        theirs.close()
        with suppress(EOFError):
            while True:
                outcome = ours.recv() if ours.poll(2 * GIVE_UP) else _hung(worker.kill)
                if tally.add(number, outcome):
                    print(
                        f"[{seed}:{number}] {outcome.finding} ({outcome.milliseconds:.0f} ms)",
                        flush=True,
                    )
                    _keep(keep, pages, seed, number)
                number += 1
        worker.join()
        if worker.exitcode and time.monotonic() < end:
            death = Outcome("crash", f"crash: the process died ({worker.exitcode})", 0.0, 0.0)
            if tally.add(number, death):
                print(f"[{seed}:{number}] {death.finding}", flush=True)
                _keep(keep, pages, seed, number)
            number += 1
    return tally


def _hung(kill: Callable[[], None]) -> Outcome:
    """Stuck where no alarm is heard."""
    kill()
    return Outcome("slow", f"slow: stuck for {2 * GIVE_UP} s", 2e3 * GIVE_UP, 99.0)


def _work(answers: Connection, pages: list[Path], seed: str, number: int, end: float) -> None:
    parse_article(HEAD.encode(), url="https://example.org/2021/04/12/warm")
    while time.monotonic() < end:
        answers.send(outcome_of(case(pages, seed, number)))
        number += 1


def _keep(folder: Path | None, pages: list[Path], seed: str, number: int) -> None:
    """Writes the page down, with a line about how it is read."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    kept = case(pages, seed, number)
    (folder / f"{seed}-{number}.html").write_bytes(kept.page)
    about = {name: str(value) for name, value in vars(kept).items() if name != "page"}
    (folder / f"{seed}-{number}.json").write_text(json.dumps(about, indent=1))


# --- large pages ---------------------------------------------------------------------------------

SENTENCE = "The port of the old town was closed on Monday after the crews had refused to sail. "
PARAGRAPH = f"<p>{SENTENCE * 4}</p>\n"
HEAD = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>The strike at the port</title>"
    '<meta property="og:title" content="The strike at the port">'
    '<meta property="article:published_time" content="2021-04-12T06:45:00Z"></head><body><main>'
    "<article><h1>The strike at the port</h1><p class=byline>By Nora Quill</p>" + PARAGRAPH * 6
)

#: What is repeated within the article until the page is as large as asked.
SHAPES = {
    "a long article": PARAGRAPH,
    "one giant paragraph": SENTENCE,
    "one word": "port",
    "lines between breaks": f"{SENTENCE}<br><br>",
    "open elements, ever deeper": "<div>",
    "20,000 deep, closed, again": "<div>" * 20_000 + SENTENCE + "</div>" * 20_000,
    "misnested tags": "<b><p>The port <i><a href=/x>was</b> closed</p></i> on <table>Monday",
    "links": '<a href="/2021/04/12/strike-at-the-port/">The strike at the port</a> ',
    "cards": '<div class=card><a href="/2021/04/12/strike/"><img src="/i.jpg" alt=x><h3>The strike'
    " at the port</h3></a><p>Crews refused to sail.</p><time>12 April 2021</time></div>\n",
    "a table": "<table><tr><td>port</td><td>closed</td></tr></table>",
    "rows of a table": "<tr><td>port<td>closed",
    "a list": "<ul><li>The port was closed</li></ul>",
    "nested lists": "<ul><li>The port was closed",
    "bylines": "<span class=byline>By Nora Quill</span> ",
    "headings": "<h2>The strike at the port</h2>",
    "pictures": "<figure><img src=/i.jpg><figcaption>The port. Photo: Nora Quill</figcaption>"
    "</figure>",
    "statements": '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x",'
    '"author":{"name":"Nora Quill"}}</script>',
    "meta tags": '<meta name="author" content="Nora Quill"><meta name=date content="2021-04-12">',
    "dates": "<time>12 April 2021</time> <p>Updated: 3 hours ago</p>",
    "attributes of one tag": ' data-a="1"',
    "comments": "<!-- the port -->",
    "script": "if (a < b && c > d) { e('<p>'); }\n",
    "ampersands": "&amp;&#233;&nbsp;",
    "open brackets": "<",
    "boxes that ask for consent, in each other": "<div><p>We and our 842 partners store and access "
    "information on your device, such as cookies, and process personal data to show advertising."
    "</p>",
}
_BEFORE = {
    "one giant paragraph": "<p>",
    "one word": "<p>",
    "rows of a table": "<table>",
    "attributes of one tag": "<div",
    "script": "<script>",
    "ampersands": "<p>",
}
_AFTER = {"attributes of one tag": ">", "script": "</script>"}


def large(shape: str, megabytes: float) -> bytes:
    """A page of the shape, of about that size."""
    unit = SHAPES[shape]
    times = max(1, int(megabytes * 1e6 / len(unit.encode())))
    inside = _BEFORE.get(shape, "") + unit * times + _AFTER.get(shape, "")
    return f"{HEAD}{inside}</article></main></body></html>".encode()


def seconds_of(shape: str, megabytes: float) -> float | str:
    """Processor seconds that the page takes, or the name of what came instead of an article."""
    page = large(shape, megabytes)
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(4 * GIVE_UP)
    start = time.process_time()
    try:
        with suppress(NotAnArticle, Unreadable):
            parse_article(page, url="https://example.org/2021/04/12/the-strike-at-the-port")
        return time.process_time() - start
    except _GivenUp:
        return f"> {4 * GIVE_UP} s"
    except Exception as error:
        return type(error).__name__
    finally:
        signal.alarm(0)


def _seconds_into(answer: Connection, shape: str, megabytes: float) -> None:
    parse_article(HEAD.encode(), url="https://example.org/2021/04/12/warm")
    answer.send(seconds_of(shape, megabytes))


def seconds_in_own_process(shape: str, megabytes: float) -> float | str:
    """As :func:`seconds_of`, where a process that dies takes nothing along."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_seconds_into, args=(theirs, shape, megabytes))
    worker.start()
    theirs.close()
    try:
        answer: float | str = ours.recv() if ours.poll(8 * GIVE_UP) else "stuck"
    except EOFError:
        answer = "died"
    worker.kill()
    worker.join()
    return answer


def print_sizes(sizes: list[float], shapes: list[str]) -> None:
    """The table of seconds per megabyte."""
    print("seconds per MB (of the whole page)".ljust(36) + "".join(f"{s:>10g} MB" for s in sizes))
    for shape in shapes:
        cells = []
        for size in sizes:
            took = seconds_in_own_process(shape, size)
            cells.append(took if isinstance(took, str) else f"{took / size:.3f}")
            if isinstance(took, str):
                break
        print(shape.ljust(36) + "".join(f"{cell:>13}" for cell in cells), flush=True)


# --- the command ---------------------------------------------------------------------------------


def main() -> None:
    """What the options ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--case", metavar="SEED:NUMBER", help="make and read one case again")
    parser.add_argument("--pages", type=Path, nargs="*", metavar="FOLDER", default=FOLDERS)
    parser.add_argument("--sizes", type=float, nargs="*", metavar="MB")
    parser.add_argument("--shape", action="append", choices=list(SHAPES), help="only this one")
    options = parser.parse_args()
    if options.sizes is not None:
        print_sizes(options.sizes or [0.1, 1, 10, 50], options.shape or list(SHAPES))
        return
    pages = real_pages(tuple(options.pages))
    print(f"{len(pages)} real pages", flush=True)
    if options.case:
        seed, _, number = options.case.rpartition(":")
        print(outcome_of(case(pages, seed, int(number))))
        _keep(options.keep, pages, seed, int(number))
        return
    tally = fuzz(pages, options.seed, options.minutes, options.keep)
    print(tally)
    sys.exit(1 if tally.findings else 0)


if __name__ == "__main__":
    main()
