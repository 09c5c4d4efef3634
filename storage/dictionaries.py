"""When a site's dictionary is made, and when another takes its place.

The first is made of a site's first four pages, so that small archives gain, too. After that a new
one is tried when the site has brought three times as many pages, at most a thousand, or when its
pages have come to pack worse than they used to: a redesign. It takes the old one's place only where
it packs pages that neither was made of better. The old one stays for the bodies that need it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, delete, func, or_, select

from crawler.errors import ArchiveDamaged
from storage.packing import Dictionary, compressed, dictionary_of, lasting
from storage.schema import bodies, captures, dictionaries
from storage.statements import Changing, Statement, adding

#: Pages after which a site gets its first dictionary.
FIRST_PAGES = 4
#: A dictionary is tried anew after this many times the pages that it was made of, …
GROWTH = 3
#: … but at the latest after so many; then after three times as many, as long as none is better, so
#: that what the tries cost does not grow with the archive.
MOST_PAGES = 1000
#: A site's pages pack worse when these many in a row take on average so much more than before.
DRIFT_PAGES = 30
DRIFT = 1.5
#: What another dictionary has to save for it to be kept.
GAIN = 0.05

#: The sample, the latest pages first: enough for the layouts that a site uses at a time, and read,
#: weighed and packed within a second.
SAMPLE_PAGES = 240
SAMPLE_BYTES = 8_000_000

#: A dictionary is packed once and kept for good: seven outlets' were 4 to 7 % smaller than at level
#: 12, which is a tenth of the work. A site's first is soon replaced if the site goes on, and where
#: very many pages share one, its own size says little.
LASTING_LEVEL, PASSING_LEVEL = 19, 12
FEW_PAGES, MANY_PAGES = GROWTH * FIRST_PAGES, 100

#: What packs to no less than this share is packed already, and nothing is to be learned from it.
WORTH_LEARNING = 0.9

#: What shows how a site's pages look; errors and lists do not.
_TELLING = ("new", "revised", "unchanged", "part")

_ADD = adding(dictionaries)
_CHANGE_BODY = Changing(bodies)
_OF_ID = Statement(select(dictionaries.c.content).where(dictionaries.c.id == bindparam("number")))
_LATEST = Statement(
    select(dictionaries.c.id, dictionaries.c.samples)
    .where(dictionaries.c.site == bindparam("site"))
    .order_by(dictionaries.c.id.desc())
    .limit(1)
)
_PACKED_WITH = Statement(
    select(func.count()).select_from(bodies).where(bodies.c.dictionary_id == bindparam("number"))
)
_IS_PACKED_WITH = select(bodies.c.id).where(bodies.c.dictionary_id == bindparam("number"))
_TELLING_BODIES = (
    select(captures.c.url, captures.c.body_id)
    .where(
        captures.c.site == bindparam("site"),
        or_(*(captures.c.outcome == each for each in _TELLING)),
    )
    .order_by(captures.c.id.desc())
)

_SPAN = select(func.min(captures.c.id), func.max(captures.c.id)).where(
    captures.c.site == bindparam("site")
)
_FROM = Statement(_TELLING_BODIES.where(captures.c.id <= bindparam("point")).limit(1))

#: Dictionaries that have been opened, by archive: a crawl reads with few.
_SHELVES: WeakKeyDictionary[Engine, dict[int, Dictionary]] = WeakKeyDictionary()
_SHELF_SIZE = 16


def dictionary(connection: Connection, number: int) -> Dictionary:
    """A dictionary of the archive; :class:`ArchiveDamaged` where it is missing."""
    shelf = _SHELVES.setdefault(connection.engine, {})
    known = shelf.get(number)
    if known is None:
        content = _OF_ID.one(connection, {"number": number})
        if content is None:
            raise ArchiveDamaged(f"Dictionary {number} is missing: restore the last backup.")
        while len(shelf) >= _SHELF_SIZE:
            shelf.pop(next(iter(shelf)), None)
        known = shelf[number] = Dictionary(number, bytes(content))
    return known


def forget_dictionaries(archive: Engine) -> None:
    """Open dictionaries anew when they are needed: some were made in vain."""
    _SHELVES.pop(archive, None)


@dataclass
class SitePacking:
    """How the pages of a site are packed at present."""

    site: str
    current: Dictionary | None = None
    kept: int = 0
    """Whole bodies since the dictionary was made, or since there is none."""
    next_try: int = FIRST_PAGES
    """How many it takes until another dictionary is tried."""
    wrapping: str | None = None
    """How the site's server wraps its pages."""
    fruitless: int = 0
    """Gzipped bodies in a row whose wrapping could not be told."""
    usual: float = 0.0
    """The mean share that the first pages took."""
    recent: float = 0.0
    """The same of the latest, each of them weighing less the older it is."""
    measured: int = 0
    patience: int = DRIFT_PAGES
    """How many pages to wait after a try that brought nothing; twice as many each time."""
    waiting: int = 0

    @classmethod
    def of(cls, connection: Connection, site: str) -> SitePacking:
        """The state of a site in an archive."""
        row = _LATEST.run(connection, {"site": site}).fetchone()
        if row is None:
            seen = select(func.count()).select_from(_TELLING_BODIES.limit(FIRST_PAGES).subquery())
            return cls(site, kept=connection.scalar(seen, {"site": site}) or 0)
        number, samples = row
        kept = int(_PACKED_WITH.one(connection, {"number": number}))
        after = cls(site, dictionary(connection, number), kept)
        after.next_try = _step(int(samples))
        while after.next_try <= kept:
            after.next_try *= 2
        return after

    def note(self, size: int, packed: int) -> None:
        """A whole body was packed."""
        self.kept += 1
        self.waiting -= 1
        share = packed / max(size, 1)
        self.measured += 1
        if self.measured <= DRIFT_PAGES:
            self.usual += (share - self.usual) / self.measured
            self.recent = self.usual
        else:
            self.recent += (share - self.recent) / DRIFT_PAGES

    @property
    def is_due(self) -> bool:
        """Whether another dictionary should be tried now."""
        if self.kept >= self.next_try:
            return True
        is_settled = self.current is not None and self.measured > DRIFT_PAGES
        return is_settled and self.waiting <= 0 and self.recent > DRIFT * self.usual

    def settle(self, found: Dictionary | None, samples: int) -> None:
        """A try is over; *found* is the better dictionary, if there is one."""
        if found is not None:
            self.current, self.kept = found, 0
            self.measured, self.patience = 0, DRIFT_PAGES
            self.usual = self.recent = 0.0
        else:
            self.waiting = self.patience
            self.patience *= 2
        self.next_try = max(_step(samples), GROWTH * self.kept)


def _step(samples: int) -> int:
    """How many pages after a try the next one comes."""
    return min(MOST_PAGES, max(FIRST_PAGES, GROWTH * samples))


@dataclass(frozen=True, slots=True)
class Sample:
    """A body to learn from."""

    body_id: int
    content: bytes
    dictionary_id: int | None
    is_whole: bool
    """False where only the difference from another body is stored."""
    frame_bytes: int
    """What it is packed to."""


def sample_of(
    connection: Connection, site: str, read: Callable[[Connection, int], Sample | None]
) -> list[Sample]:
    """Pages of a site, each address once: the latest by turns with some from all its time."""
    found: list[Sample] = []
    seen: set[object] = set()
    total = 0
    for url, body_id in _chosen(connection, site):
        if url in seen or body_id in seen:
            continue
        seen |= {url, body_id}
        sample = read(connection, body_id)
        total += len(sample.content) if sample else 0
        if total > SAMPLE_BYTES or len(found) >= SAMPLE_PAGES:
            break
        if sample and sample.frame_bytes < WORTH_LEARNING * len(sample.content):
            found.append(sample)
    return found


def _chosen(connection: Connection, site: str) -> list[Any]:
    latest = connection.execute(_TELLING_BODIES.limit(2 * SAMPLE_PAGES), {"site": site}).all()
    if len(latest) < 2 * SAMPLE_PAGES:  # these are all
        spread = latest[:: max(1, len(latest) // SAMPLE_PAGES)]
    else:
        spread = _from_all_its_time(connection, site)
    return [row for pair in zip_longest(latest, spread) for row in pair if row is not None]


def _from_all_its_time(connection: Connection, site: str) -> list[Any]:
    first, last = connection.execute(_SPAN, {"site": site}).one()
    step = max(1, (last - first) // SAMPLE_PAGES)
    points = (last - number * step for number in range(SAMPLE_PAGES))
    found = (_FROM.run(connection, {"site": site, "point": point}).fetchall() for point in points)
    return [row for rows in found for row in rows]


def better_dictionary(samples: list[Sample], current: Dictionary | None) -> bytes | None:
    """A dictionary of the samples, if it packs some that it was not made of better than before."""
    tested = [each.content for each in samples[1::4][:24]]
    learned = [each.content for each in samples if each.content not in tested]
    if not tested or not learned:
        return None
    made = dictionary_of(learned)
    before = current.compressed if current else compressed
    after = Dictionary(0, made).compressed
    if _size(tested, after) > (1 - GAIN) * _size(tested, before):
        return None
    level = LASTING_LEVEL if FEW_PAGES <= len(samples) < MANY_PAGES else PASSING_LEVEL
    return lasting(dictionary_of(tested, made), level)


def _size(pages: list[bytes], pack: Callable[[bytes], bytes]) -> int:
    return sum(len(pack(page)) for page in pages)


def keep_dictionary(
    connection: Connection, site: str, content: bytes, samples: list[Sample]
) -> Dictionary:
    """Keep a dictionary, and pack again with it those of its samples that are better off so.

    These are the bodies without a dictionary, and all bodies of a dictionary that only they need:
    it is taken away then, so that a small site has one and not three.
    """
    row = {
        "site": site,
        "trained_at": datetime.now(UTC),
        "samples": len(samples),
        "content": content,
    }
    number = int(_ADD.one(connection, row))
    made = Dictionary(number, content)
    replaced = _needed_by_none_but(connection, site, number, samples)
    for sample in samples:
        if sample.is_whole and (sample.dictionary_id in replaced or not sample.dictionary_id):
            frame = made.compressed(sample.content)
            packed = {"content": frame, "dictionary_id": number}
            _CHANGE_BODY.run(connection, sample.body_id, packed)
    connection.execute(delete(dictionaries).where(dictionaries.c.id.in_(replaced)))
    return made


def _needed_by_none_but(
    connection: Connection, site: str, newest: int, samples: list[Sample]
) -> list[int]:
    """The older dictionaries of a site that no other bodies than these need."""
    needed = Counter(sample.dictionary_id for sample in samples)
    older = select(dictionaries.c.id).where(
        dictionaries.c.site == site, dictionaries.c.id != newest
    )
    return [
        number
        for number in connection.scalars(older)
        if _packed_with(connection, number, most=needed[number] + 1) <= needed[number]
    ]


def _packed_with(connection: Connection, number: int, *, most: int) -> int:
    """How many bodies need a dictionary, counted no further than asked: there may be a million."""
    some = _IS_PACKED_WITH.limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some), {"number": number}) or 0
