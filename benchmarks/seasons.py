"""A newsroom that lives through a year, and a clock by which the year takes minutes.

The newsroom is a list of events made from a seed: stories appear, are edited, corrected, moved,
taken away and put back; the server is down for two days, asks for pauses, in seconds and by a date,
and for a longer delay for a while, closes a section to crawlers, and in the eighth month all pages
get a new layout, of one of several makes, which says less in its head and puts a letter's offer
into the text. What stands at an address depends on nothing but the moment, so that a crawl can be
held against what was there to be seen.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from twisted.web.resource import Resource
from twisted.web.server import Request as Asked
from twisted.web.server import Site

from crawler.profile import Hints
from crawler.sites.patches import Patch, SitePatch, patch_path, written
from scripts.newsroom.layouts import Redesign
from scripts.newsroom.layouts.makes import Make, element
from spiders.clock import Clock

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECTIONS = ("world", "harbour", "opinion")
#: What a robots.txt that was changed may still be taken for what it was (crawler/settings.py).
ROBOTS_HOLDS = timedelta(hours=6)
#: Seconds of the pauses that the server asks for: once as a number, once as a date.
PAUSE = 7200
#: Seconds of the Crawl-delay that its robots.txt asks for, for some weeks.
SLOWER = 6.0


class Simulated(Clock):
    """A clock that stands still while things happen, and jumps wherever somebody would wait."""

    moment: ClassVar[datetime] = NEW_YEAR

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return (self.moment - NEW_YEAR).total_seconds()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        if not event.is_set():
            type(self).moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class Story:
    """One article and everything that ever happens to it."""

    number: int
    section: str
    editions: list[datetime]
    """When each state of its text was published; the first is the story's own time."""
    told: list[bool]
    """Whether the sitemap says so (``lastmod``)."""
    away: tuple[datetime, datetime] | None = None
    """From when till when it is not there."""
    moved_at: datetime | None = None

    @property
    def born_at(self) -> datetime:
        return self.editions[0]

    def path(self, at: datetime) -> str:
        where = "archive" if self.moved_at and at >= self.moved_at else self.section
        return f"/{where}/report-number-{self.number}-from-the-{self.section}"

    def paths(self) -> set[str]:
        return {self.path(self.born_at), self.path(datetime.max.replace(tzinfo=UTC))}

    def edition(self, at: datetime) -> int | None:
        """The number of the text that stands at a moment; None where there is none."""
        if at < self.born_at or (self.away and self.away[0] <= at < self.away[1]):
            return None
        return sum(moment <= at for moment in self.editions) - 1

    def told_at(self, at: datetime) -> datetime:
        """What the sitemap gives as the time of the last change."""
        told = (moment for moment, is_told in zip(self.editions, self.told, strict=True) if is_told)
        return max(moment for moment in told if moment <= at)


@dataclass
class Year:
    """What happens in a year, or a part of one."""

    days: int = 365
    a_day: float = 4.0
    seed: int = 7
    older: int = 200
    """Stories that stand there when the year begins."""
    redesign: Redesign = "boxes"
    """The make of all pages since the redesign."""
    stories: list[Story] = field(default_factory=list)
    by_path: dict[str, Story] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        births = [NEW_YEAR - chance.uniform(1, 900) * DAY for _ in range(self.older)]
        new = int(self.days * self.a_day)
        births += [NEW_YEAR + chance.uniform(0, self.days) * DAY for _ in range(new)]
        self.stories = [self._story(number, at, chance) for number, at in enumerate(sorted(births))]
        for story in self.stories:
            for path in story.paths():
                self.by_path[path] = story

    def part(self, share: float) -> datetime:
        """The moment at which such a share of the year is over."""
        return NEW_YEAR + share * self.days * DAY

    @property
    def outage(self) -> tuple[datetime, datetime]:
        lasts = max(2 * DAY * self.days / 365, timedelta(hours=6))
        return self.part(0.2), self.part(0.2) + lasts

    @property
    def closed_at(self) -> datetime:
        """When robots.txt begins to forbid the opinion section."""
        return self.part(0.4)

    @property
    def slow(self) -> tuple[datetime, datetime]:
        """While robots.txt asks for a longer delay."""
        return self.part(0.45), self.part(0.55)

    @property
    def pauses_at(self) -> tuple[datetime, datetime]:
        """When the server asks for a pause: in seconds, and until a date."""
        return self.part(0.5), self.part(0.6)

    @property
    def redesigned_at(self) -> datetime:
        return self.part(8 / 12)

    @property
    def end(self) -> datetime:
        return self.part(1.0)

    def _story(self, number: int, at: datetime, chance: random.Random) -> Story:
        """Most edits come within hours, corrections within weeks, and some whenever."""
        at = at.replace(microsecond=0)
        ages = [chance.lognormvariate(0.7, 1.2) / 24 for _ in range(_poisson(0.8, chance))]
        ages += [chance.uniform(1, 30)] * (chance.random() < 0.08)
        ages += [chance.uniform(30, 400)] * (chance.random() < 0.03)
        editions = [at, *sorted(at + timedelta(days=age) for age in ages)]
        editions = [moment.replace(microsecond=0) for moment in editions if moment < self.end]
        story = Story(number, chance.choice(SECTIONS), editions, [True])
        story.told += [chance.random() < 0.6 for _ in editions[1:]]
        if chance.random() < 0.03:
            leaves = at + chance.uniform(0.1, 90) * DAY
            stays = chance.choice((2, 20, 4000))
            story.away = (leaves, leaves + stays * DAY)
        elif chance.random() < 0.02:
            story.moved_at = at + chance.uniform(1, 120) * DAY
        return story


def _poisson(mean: float, chance: random.Random) -> int:
    total, number = chance.expovariate(mean), 0
    while total < 1:
        total, number = total + chance.expovariate(mean), number + 1
    return number


# Its pages


def sentence_of(story: Story, edition: int) -> str:
    """What tells one edition of a story from all others."""
    boats = 1000 + 17 * edition + story.number % 13
    return f"In edition {edition} of report {story.number} the harbour office counts {boats} boats."


@dataclass(frozen=True, slots=True)
class Said:
    """What a page of a story says, whatever its layout: what a reading is held against."""

    headline: str
    deck: str
    category: str
    authors: tuple[str, ...]
    published: str
    """The day, as ISO 8601."""
    tags: tuple[str, ...]
    body: str
    """Paragraphs, with blank lines between them."""


AUTHORS = (("Ana Prado",), ("Luis Ferrer",), ("Mary Cole", "Ana Prado"))
TAGS = ("Boats", "Fishing quotas", "Harbour office", "Storms", "Ferries")
#: What the new layout puts among the paragraphs of every story.
LETTER = "The Tide comes by mail each morning: leave your address and read it before the boats go."


def said_in(story: Story, edition: int) -> Said:
    """What one edition of a story says."""
    number = story.number
    text = [
        f"Report {number} from the {story.section}: what the {word} witness saw that day, "
        f"who was on the quay with number {number * 31 % 997}, and what the office says."
        for word in ("first", "second", "third", "fourth")
    ]
    text.insert(1, sentence_of(story, edition))
    return Said(
        headline=f"Report number {number} from the {story.section}",
        deck=f"What {2 + number % 7} people on the quay remember of boat {number * 17 % 461}.",
        category=story.section.capitalize(),
        authors=AUTHORS[number % 3],
        published=f"{story.born_at:%Y-%m-%d}",
        tags=tuple(sorted((TAGS[number % 5], TAGS[(number + 2) % 5]))),
        body="\n\n".join(text),
    )


def page_of(story: Story, edition: int, redesign: Redesign | None = None) -> str:
    """The story's page, in its old layout or that of a redesign: the same text, and no class and
    no order that both have."""
    said = said_in(story, edition)
    if redesign is None:
        return _old_page(story, said)
    return _boxes(story, said) if redesign == "boxes" else _made(story, said, redesign)


def _old_page(story: Story, said: Said) -> str:
    paragraphs = "".join(f"<p>{each}</p>" for each in said.body.split("\n\n"))
    tags = "".join(
        f"<a rel='tag' href='/topic/{each[:4].lower()}'>{each}</a> " for each in said.tags
    )
    return (
        f"<!doctype html><html lang='en'><head><title>{said.headline} - The Tide</title>"
        f"<meta property='og:type' content='article'><meta property='article:section' "
        f"content='{said.category}'><meta property='article:published_time' "
        f"content='{story.born_at:%Y-%m-%dT%H:%M:%S+00:00}'></head><body><nav><a href='/'>Home</a>"
        f"</nav><article><h1>{said.headline}</h1><p class='standfirst'>{said.deck}</p>"
        f"<p class='story-author'>By {' and '.join(said.authors)}</p>"
        f"<div class='story-text'>{paragraphs}</div><p class='tags'>{tags}</p></article></body>"
    )


def _boxes(story: Story, said: Said) -> str:
    paragraphs = [f"<div class='x7'>{each}</div>" for each in said.body.split("\n\n")]
    paragraphs.insert(2, f"<div class='x7'>{LETTER}</div>")
    tags = "".join(f"<i class='x9'>{each}</i>" for each in said.tags)
    return _bare(
        f"<div class='x1'><div class='x6'>{said.category}</div><h1 class='x2'>{said.headline}</h1>"
        f"<div class='x3'>{said.deck}</div><div class='x0'>{''.join(paragraphs)}</div>"
        f"<p><span class='x4'>{', '.join(said.authors)}</span> "
        f"<span class='x5'>{story.born_at:%d.%m.%y}</span></p>"
        f"<div class='x8'>{tags}</div></div>"
    )


def _made(story: Story, said: Said, make: Make) -> str:
    """In one of today's makes, with a few other words around the names and the date."""
    put = partial(element, make)
    paragraphs = [put("paragraph", each) for each in said.body.split("\n\n")]
    paragraphs.insert(2, put("letter", f"<p>{LETTER}</p>"))
    names = " + ".join(f"<a href='/people/{each[:3].lower()}'>{each}</a>" for each in said.authors)
    facts = put("byline", names) + put("date", f"{story.born_at:%d.%m.%Y}")
    tags = " ".join(f"<a href='/topic/{each[:4].lower()}'>{each}</a>" for each in said.tags)
    opening = (
        put("kicker", said.category.upper()),
        put("headline", said.headline),
        put("deck", said.deck),
        put("facts", facts),
    )
    inside = put("opening", "".join(opening)) + put("text", "".join(paragraphs))
    return _bare(put("page", put("story", inside + put("tags", tags))))


def _bare(inside: str) -> str:
    """A page whose head says nothing but the outlet's name."""
    return (
        f"<!doctype html><html lang='en'><head><title>The Tide</title></head><body>{inside}</body>"
    )


# Its lists


def robots_of(year: Year, home: str, at: datetime) -> str:
    rules = "Disallow: /opinion/\n" if at >= year.closed_at else "Disallow:\n"
    if year.slow[0] <= at < year.slow[1]:
        rules += f"Crawl-delay: {SLOWER:g}\n"
    return f"User-agent: *\n{rules}Sitemap: {home}sitemap.xml\nSitemap: {home}news-sitemap.xml\n"


def listed_of(year: Year, at: datetime) -> Iterator[Story]:
    return (story for story in year.stories if story.edition(at) is not None)


def sitemap_of(year: Year, home: str, at: datetime, month: str) -> str:
    entries = (
        f"<url><loc>{home}{story.path(at)[1:]}</loc>"
        f"<lastmod>{story.told_at(at):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
        for story in listed_of(year, at)
        if f"{story.born_at:%Y-%m}" == month
    )
    return f"<urlset>{''.join(entries)}</urlset>"


def index_of(year: Year, home: str, at: datetime) -> str:
    months: dict[str, datetime] = {}
    for story in listed_of(year, at):
        month, told = f"{story.born_at:%Y-%m}", story.told_at(at)
        months[month] = max(months.get(month, told), told)
    entries = (
        f"<sitemap><loc>{home}posts-{month}.xml</loc>"
        f"<lastmod>{told:%Y-%m-%dT%H:%M:%SZ}</lastmod></sitemap>"
        for month, told in months.items()
    )
    return f"<sitemapindex>{''.join(entries)}</sitemapindex>"


def news_of(year: Year, home: str, at: datetime) -> str:
    entries = (
        f"<url><loc>{home}{story.path(at)[1:]}</loc><n:news><n:publication_date>"
        f"{story.born_at:%Y-%m-%dT%H:%M:%SZ}</n:publication_date></n:news></url>"
        for story in listed_of(year, at)
        if at - story.born_at < 2 * DAY
    )
    return f"<urlset xmlns:n='http://n'>{''.join(entries)}</urlset>"


# Its server


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the server's log, by the simulated clock."""

    at: datetime
    path: str
    status: int
    agent: str
    pause_until: datetime | None = None
    """Until when this answer asked to be left alone."""


class Press(Resource):
    """The newsroom's server, in the crawl's own reactor; keeps a log."""

    isLeaf = True

    def __init__(self, year: Year) -> None:
        super().__init__()
        self.year = year
        self.log: list[Noted] = []
        self._pauses = list(year.pauses_at)
        self._port: Any = None

    def open(self) -> str:
        """Begin to serve on loopback; the address."""
        from twisted.internet import reactor  # only now: importing it starts the wrong one

        listen: Any = reactor
        self._port = listen.listenTCP(0, Site(self), interface="127.0.0.1")
        self.home = f"http://127.0.0.1:{self._port.getHost().port}/"
        return self.home

    def render_GET(self, asked: Asked) -> bytes:
        at, path = Simulated.moment, asked.path.decode()
        status, body, headers = self._answer(path, at)
        validator = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and asked.getHeader("if-none-match") == validator:
            status, body = 304, b""
        agent = asked.getHeader("user-agent") or ""
        until = at + timedelta(seconds=PAUSE) if "Retry-After" in headers else None
        self.log.append(Noted(at, path, status, str(agent), until))
        asked.setResponseCode(status)
        if status in (200, 304):
            asked.setHeader("ETag", validator)
        asked.setHeader("Date", format_datetime(at.astimezone(UTC), usegmt=True))
        for name, value in headers.items():
            asked.setHeader(name, value)
        return body

    def _answer(self, path: str, at: datetime) -> tuple[int, bytes, dict[str, str]]:
        year = self.year
        if year.outage[0] <= at < year.outage[1]:
            return 503, b"down", {}
        if self._pauses and at >= self._pauses[0]:
            return self._pause(at)
        if story := year.by_path.get(path):
            return self._page(story, path, at)
        text = {
            "/robots.txt": lambda: robots_of(year, self.home, at),
            "/sitemap.xml": lambda: index_of(year, self.home, at),
            "/news-sitemap.xml": lambda: news_of(year, self.home, at),
        }.get(path)
        kind = "text/plain" if path == "/robots.txt" else "text/xml"
        if text is not None:
            return 200, text().encode(), {"Content-Type": kind}
        if path.startswith("/posts-"):
            month = path[len("/posts-") : -len(".xml")]
            return 200, sitemap_of(year, self.home, at, month).encode(), {"Content-Type": kind}
        return 404, b"<h1>Not found</h1>", {"Content-Type": "text/html"}

    def _pause(self, at: datetime) -> tuple[int, bytes, dict[str, str]]:
        """The first pause is asked for in seconds, the second by a date."""
        if self._pauses.pop(0) == self.year.pauses_at[0]:
            return 429, b"slowly", {"Retry-After": str(PAUSE)}
        until = (at + timedelta(seconds=PAUSE)).replace(microsecond=0)
        return 503, b"back soon", {"Retry-After": format_datetime(until, usegmt=True)}

    def _page(self, story: Story, path: str, at: datetime) -> tuple[int, bytes, dict[str, str]]:
        edition = story.edition(at)
        if edition is None:
            return 410, b"<h1>Gone</h1>", {"Content-Type": "text/html"}
        if path != story.path(at):
            return 301, b"", {"Location": story.path(at)}
        is_new = at >= self.year.redesigned_at
        page = page_of(story, edition, self.year.redesign if is_new else None)
        return 200, page.encode(), {"Content-Type": "text/html; charset=utf-8"}


def describe(site: str, folder: Path) -> None:
    """Write what somebody knew of the site's pages before the redesign, as a site file."""
    hints = Hints(body=(".story-text",), byline=(".story-author",))
    folder.mkdir(exist_ok=True)
    text = written(SitePatch(site, Patch(hints=hints)))
    patch_path(folder, site).write_text(text, encoding="utf-8")
