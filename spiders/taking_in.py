"""Somebody else's web archive, taken in: every answer in it is read and kept as a crawl would.

Records come in any order; the archive puts revisions in the order in which they were captured.
What the archive holds already is neither read nor stored again, so that a run can be repeated, and
gone on with after it was killed. Pages are read by processes beside this one, each page within its
time; this one opens the file and writes, in the order of the records.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Self
from urllib.parse import urljoin

from crawler import settings
from crawler.article import Article
from crawler.capture import Capture
from crawler.profile import Profile
from crawler.revisits import next_due
from crawler.warc.answers import Answer, LeftOut, answers
from crawler.warc.records import Broken
from spiders.reading import Reader, Reading, read
from storage import Archive

#: Statuses that send on (RFC 9110, section 15.4), and those that do so for good.
REDIRECTS, PERMANENT = (301, 302, 303, 307, 308), (301, 308)

#: Repetitions that may wait for what they repeat, and digests that are remembered to find it by:
#: some 100 MB at most.
MOST_WAITING, MOST_REMEMBERED = 100_000, 500_000

#: Pages that wait for each process, and the most bytes of all of them. Half of them are written at
#: a time, in one transaction, while the processes read the other half.
AHEAD, AHEAD_BYTES = 16, 128 << 20

#: Answers that are looked up at a time, whether they are held already, and their most bytes.
LOOKED_UP, LOOKED_UP_BYTES = 16, 8 << 20

#: Losses that are kept to be told one by one.
MOST_TOLD = 20


@dataclass
class Tally:
    """What came of the records of one file."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """new, revised, unchanged, part, not_article, unreadable, gone, moved, failed; held already."""
    left_out: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    """The first of what could not be had whole."""
    broken_count: int = 0

    @property
    def lost(self) -> int:
        """How many records could not be had whole, repeat what is nowhere, or are too large."""
        return self.broken_count + self.left_out["too large"] + self.left_out["repeats nothing"]

    def note_broken(self, broken: Broken) -> None:
        """Count a loss."""
        self.broken_count += 1
        if len(self.broken) < MOST_TOLD:
            self.broken.append(broken)


@dataclass(frozen=True, slots=True)
class _Coming:
    """An answer whose page is being read, if it is one."""

    capture: Capture
    profile: Profile
    tally: Tally
    reading: asyncio.Future[Reading] | None

    @property
    def key(self) -> tuple[object, ...]:
        """What no two answers in a web archive have in common."""
        return _key(self.capture)


def _key(capture: Capture) -> tuple[object, ...]:
    return capture.url, capture.fetched_at, capture.status, capture.body


class TakingIn:
    """One run: the answers of several files, into one archive. A context manager.

    *jobs* processes read; with 0 this one does, without a bound of time.
    """

    def __init__(
        self,
        archive: Archive,
        profile_for: Callable[[str, str | None], Profile],
        *,
        everything: bool = False,
        jobs: int = 0,
    ) -> None:
        self._archive = archive
        self._profile_for = profile_for
        self._everything = everything
        self._lacks_bytes = archive.lacks_bytes
        self._crawls: dict[str, tuple[int, Counter[str]]] = {}
        self._waiting: list[tuple[Answer, Tally]] = []
        self._bodies: dict[str, bytes] = {}
        seconds = settings.HEMEROTECA_LONGEST_READING_SECONDS if jobs else 0
        self._readers = [Reader(seconds) for _ in range(max(jobs, 1))]
        self._arrived: list[tuple[Answer, Tally]] = []
        self._coming: deque[_Coming] = deque()
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        for reader in self._readers:
            reader.take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._loop as loop:
            for coming in self._coming:  # after an error, nobody waits for them any more
                if coming.reading is not None:
                    coming.reading.cancel()
            for reader in self._readers:
                loop.run(reader.stop())

    def take(
        self, file: IO[bytes], tally: Tally, on_progress: Callable[[], None] = lambda: None
    ) -> None:
        """Take in what a WARC file holds; *on_progress* is called with each record."""
        self._loop.run(self._take_all(file, tally, on_progress))

    async def _take_all(
        self, file: IO[bytes], tally: Tally, on_progress: Callable[[], None]
    ) -> None:
        for found in answers(file, everything=self._everything):
            if isinstance(found, Broken):
                tally.note_broken(found)
            elif isinstance(found, LeftOut):
                tally.left_out[found.reason] += 1
            else:
                await self._take_one(found, tally)
            on_progress()
        await self._settle()

    def finish(self) -> None:
        """Try once more what repeats answers that came later, and note what the run did."""
        self._loop.run(self._take_waiting())
        if self._lacks_bytes:
            self._archive.note_filled()
        for site, (crawl_id, counts) in self._crawls.items():
            report = {"site": site, **counts}
            self._archive.finish_crawl(crawl_id, report, datetime.now(UTC), "finished")

    async def _take_waiting(self) -> None:
        for answer, tally in self._waiting:
            whole = self._completed(answer)
            if whole is None:
                tally.left_out["repeats nothing"] += 1
            else:
                await self._read(whole, tally)
        self._waiting.clear()
        await self._settle()

    async def _take_one(self, answer: Answer, tally: Tally) -> None:
        if answer.repeats is None:
            self._remember(answer)
            await self._read(answer, tally)
            return
        whole = self._completed(answer)
        if whole is None and (self._arrived or self._coming):  # it may repeat one of those
            await self._settle()
            whole = self._completed(answer)
        if whole is not None:
            await self._read(whole, tally)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append((answer, tally))
        else:
            tally.left_out["repeats nothing"] += 1

    def _remember(self, answer: Answer) -> None:
        """Keep a digest by which later records may name this body; SHA-256 needs no memory."""
        if answer.digest is None or _sha256_of(answer.digest):
            return
        if len(self._bodies) >= MOST_REMEMBERED:
            del self._bodies[next(iter(self._bodies))]
        self._bodies[answer.digest] = bytes.fromhex(answer.capture.sha256)

    def _completed(self, answer: Answer) -> Answer | None:
        """A repetition with the body that it repeats, from the archive; None if it isn't there."""
        original, repeats = None, answer.repeats
        if repeats is None:
            return answer
        known = _sha256_of(answer.digest) or self._bodies.get(answer.digest or "")
        if known:
            original = self._archive.capture_with(known.hex())
        if original is None and repeats.url and repeats.fetched_at:
            original = self._archive.capture_at(repeats.url, repeats.fetched_at)
        if original is None:
            return None
        capture = replace(answer.capture, body=original.body)
        if not repeats.has_head:
            capture = replace(
                capture,
                status=original.status,
                headers=original.headers,
                http_version=original.http_version,
                reason_phrase=original.reason_phrase,
            )
        return replace(answer, capture=capture, repeats=None)

    async def _read(self, answer: Answer, tally: Tally) -> None:
        """Have an answer read with the next group, unless it is held, and keep those that are."""
        self._arrived.append((answer, tally))
        size = sum(len(each.capture.body) for each, _ in self._arrived)
        if len(self._arrived) >= LOOKED_UP or size > LOOKED_UP_BYTES:
            await self._look_up()

    async def _look_up(self) -> None:
        """Have those that arrived read, unless they are held."""
        arrived, self._arrived = self._arrived, []
        held = self._archive.each_held([answer.capture for answer, _ in arrived])
        coming = {each.key for each in self._coming}
        for (answer, tally), is_held in zip(arrived, held, strict=True):
            key = _key(answer.capture)
            if is_held and self._lacks_bytes:
                profile = self._profile_for(answer.capture.address, answer.site)
                self._archive.fill(answer.capture, site=profile.name)
            if is_held or key in coming:  # the file may hold it twice
                tally.outcomes["held"] += 1
            else:
                coming.add(key)
                self._coming.append(self._handed_over(answer, tally))
        while self._are_enough():
            await self._keep(len(self._coming) // 2 + 1)

    def _handed_over(self, answer: Answer, tally: Tally) -> _Coming:
        """An answer whose page is on its way to a process, if it is a page."""
        capture = answer.capture
        profile = self._profile_for(capture.address, answer.site)
        reading = None
        if capture.status == 200 and not capture.truncated:
            reader = min(self._readers, key=lambda each: each.waiting)
            reading = reader.hand(capture, profile)
        return _Coming(capture, profile, tally, reading)

    def _are_enough(self) -> bool:
        """Whether some have to be kept before another is taken."""
        sizes = [len(each.capture.body) for each in self._coming]
        return len(sizes) > AHEAD * len(self._readers) or sum(sizes) > AHEAD_BYTES

    async def _settle(self) -> None:
        """Keep all that is being read."""
        await self._look_up()
        while self._coming:
            await self._keep(len(self._coming) // 2 + 1)

    async def _keep(self, count: int) -> None:
        """Keep the first so many, together."""
        first = [self._coming.popleft() for _ in range(count)]
        readings = [None if each.reading is None else await each.reading for each in first]
        with self._archive.together():
            for coming, reading in zip(first, readings, strict=True):
                self._keep_one(coming, reading)

    def _keep_one(self, coming: _Coming, reading: Reading | None) -> None:
        crawl_id, counts = self._crawl_of(coming.profile.name)
        outcome = self._outcome(coming.capture, coming.profile, reading, crawl_id)
        coming.tally.outcomes[outcome] += 1
        counts[outcome] += 1

    def _outcome(
        self, capture: Capture, profile: Profile, reading: Reading | None, crawl_id: int
    ) -> str:
        """What is made of an answer, as in a crawl; but nothing is tried again because of it."""
        archive, now = self._archive, datetime.now(UTC)
        site, status = profile.name, capture.status
        if status in (404, 410):
            return archive.gone(capture, site=site, crawl_id=crawl_id, now=now)
        if reading is not None:
            due_at = now + next_due(now - capture.fetched_at)
            return archive.save(
                capture,
                reading,
                site=site,
                crawl_id=crawl_id,
                now=now,
                next_due_at=due_at if isinstance(reading, Article) else None,
                reread=lambda older: _article_of(older, profile),
            )
        target = _target(capture)
        outcome = "moved" if target else "failed"
        reason = "the page broke off" if status == 200 else f"status {status}"
        archive.keep(
            capture,
            site=site,
            outcome=outcome,
            reason=f"to {target}" if target else reason,
            crawl_id=crawl_id,
            now=now,
        )
        if target and status in PERMANENT:
            moment = capture.fetched_at
            archive.moved(capture.url, target, site=site, crawl_id=crawl_id, now=moment)
        return outcome

    def _crawl_of(self, site: str) -> tuple[int, Counter[str]]:
        """The number under which the archive knows this run, one per site, and its counts."""
        if site not in self._crawls:
            number = self._archive.start_crawl(site, "add", {"warc": True}, datetime.now(UTC))
            self._crawls[site] = number, Counter()
        return self._crawls[site]


def _target(capture: Capture) -> str | None:
    """Where a redirect sends on to."""
    location = capture.header("location")
    if capture.status not in REDIRECTS or not location:
        return None
    try:
        target = urljoin(capture.address, location.strip())
    except ValueError:
        return None
    is_elsewhere = target.startswith(("http://", "https://")) and target != capture.url
    return target if is_elsewhere else None


def _article_of(capture: Capture, profile: Profile) -> Article | None:
    """An older capture as today's parser reads it; None where it finds no article."""
    reading = read(capture, profile)
    return reading if isinstance(reading, Article) else None


def _sha256_of(digest: str | None) -> bytes | None:
    """The SHA-256 that a record names, in base 32 or 16; None where it names another digest."""
    algorithm, _, value = (digest or "").partition(":")
    if algorithm.strip().lower() not in ("sha256", "sha-256"):
        return None
    try:
        known = bytes.fromhex(value) if len(value) == 64 else base64.b32decode(value.upper())
    except (ValueError, binascii.Error):
        return None
    return known if len(known) == 32 else None
