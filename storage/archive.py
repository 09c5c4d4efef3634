"""The archive: one door to everything that is remembered."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, Unpack

from sqlalchemy import Connection, func, select

from crawler.errors import BadInput, NotAnArticle
from storage.filters import Filters
from storage.lazily import Lazily
from storage.moments import first_instant, last_instant
from storage.opening import (
    Place,
    open_engine,
    place_of,
    reading_connection,
    transaction,
    translated,
)
from storage.question import Question
from storage.schema import revisions as revisions_table
from storage.schema import tallies
from storage.search import Hits, hits_of

if TYPE_CHECKING:
    import pandas
    import polars

    from crawler.article import Article
    from crawler.capture import Capture
    from crawler.errors import Unreadable
    from storage import (
        admitting,
        alarms,
        captures,
        changes,
        coverage,
        crawls,
        dictionaries,
        edits,
        excerpts,
        failures,
        former,
        frames,
        frontier,
        graph,
        healing,
        identity,
        intake,
        leaving,
        locking,
        measures,
        mementos,
        misreadings,
        missing,
        naming,
        pointing,
        records,
        remarks,
        rereading,
        revisions,
        slimming,
        standing,
        statistics,
        verifying,
    )
    from storage.alarms import Alarm, StoredAlarm
    from storage.captures import Packed, Packer, StoredCapture
    from storage.changes import Kind
    from storage.citing import Reference
    from storage.crawls import Crawl, HostState, SourceState
    from storage.edits import Edit
    from storage.excerpts import Excerpt
    from storage.failures import Failure
    from storage.filters import Day
    from storage.former import Former
    from storage.frontier import Claims, Due, Listed, ListedCount
    from storage.graph import Edge, Node
    from storage.healing import KnownPage
    from storage.leaving import Leaving
    from storage.measures import Measures
    from storage.mementos import Sighting, Wanted, Which
    from storage.missing import Missing
    from storage.moments import Moment
    from storage.pointing import Link
    from storage.question import Page, Sort
    from storage.records import History, State, StoredArticle, StoredReading
    from storage.remarks import Remark
    from storage.rereading import Read, Rereading, Run, Selection
    from storage.revisions import Reread
    from storage.statistics import Period
    from storage.verifying import Findings, Progress, Reader

    Reading = Article | NotAnArticle | Unreadable
else:  # what a method needs is loaded by its first call
    _LATER = (
        "admitting",
        "alarms",
        "captures",
        "changes",
        "coverage",
        "crawls",
        "dictionaries",
        "edits",
        "excerpts",
        "failures",
        "former",
        "frames",
        "frontier",
        "graph",
        "healing",
        "identity",
        "intake",
        "leaving",
        "locking",
        "measures",
        "mementos",
        "misreadings",
        "missing",
        "naming",
        "pointing",
        "records",
        "remarks",
        "rereading",
        "revisions",
        "slimming",
        "standing",
        "statistics",
        "verifying",
    )
    globals().update({name: Lazily(name) for name in _LATER})

Mode = Literal["read", "write"]


class FilterOptions(TypedDict, total=False):
    """The filters of search, counts and export: see :class:`storage.filters.Filters`."""

    site: str | None
    category: str | None
    tag: str | None
    author: str | None
    language: str | None
    kind: str | None
    since: Day | None
    until: Day | None


class Archive:
    """An archive of news pages: what was fetched, what was read from it, and how it changed.

    Open it with :meth:`open`, as a context manager. By default it is read-only and can't be
    changed; several readers and one crawl work on the same archive without waiting for each other.
    """

    def __init__(self, place: Place, *, write: bool) -> None:
        self._place = place
        self._is_writable = write
        self._engine = open_engine(place, write=write)
        self._together: Connection | None = None

    @classmethod
    def open(cls, address: str | os.PathLike[str], *, mode: Mode = "read") -> Self:
        """Open the archive at a path or URL; ``mode="write"`` makes it where there is none.

        :raises BadInput: nothing is there, or it can't be reached or written.
        :raises ArchiveDamaged: no archive, damaged, or of another version; it is left as it is.
        """
        return cls(place_of(address), write=mode == "write")

    def close(self) -> None:
        """Let go of the archive. Closing twice does no harm."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path | None:
        """The archive's file, or None on a database server."""
        return self._place.path

    @property
    def url(self) -> str:
        """The archive's database URL."""
        return self._place.url

    def hold(self) -> AbstractContextManager[None]:
        """Hold the archive for one crawl; :class:`ArchiveBusy` at once if another crawl does."""
        if self.path is not None:
            return locking.held_file(self.path)
        return locking.held_server(self._engine, str(self._place))

    def sqlite_connection(self) -> sqlite3.Connection:
        """A connection of its own to the archive's file, read-only, for tools that bring their SQL.

        :raises BadInput: the archive is on a server.
        """
        if self.path is None:
            raise BadInput(f"{self._place} is on a server: no SQLite tool can read it.")
        return reading_connection(self.path)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._together is not None:
            yield self._together
            return
        with (
            translated(self._place, self._engine),
            transaction(self._engine, write=False) as connection,
        ):
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if not self._is_writable:
            raise BadInput(f'{self._place} is open for reading only: open it with mode="write".')
        if self._together is not None:
            yield self._together
            return
        with (
            translated(self._place, self._engine),
            transaction(self._engine, write=True) as connection,
        ):
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is kept within is kept in one transaction: all of it or, after an error, none.

        For a few pages that are ready: it takes a fraction of as many transactions, and whoever
        else writes waits meanwhile. Not for several threads at once.
        """
        try:
            with self._writing() as connection:
                self._together = connection
                yield
        except BaseException:
            self.__dict__.pop("_packer", None)  # it knows what is not there now
            dictionaries.forget_dictionaries(self._engine)
            raise
        finally:
            self._together = None

    @cached_property
    def _packer(self) -> Packer:
        return captures.Packer(self._reading, self._writing)

    def _packed(self, capture: Capture, site: str) -> Packed:
        if not self._is_writable:
            raise BadInput(f'{self._place} is open for reading only: open it with mode="write".')
        return self._packer.packed(capture, site)

    # --- crawls

    def start_crawl(self, site: str, mode: str, options: dict[str, Any], now: datetime) -> int:
        """Note that a crawl of a site begins; its id."""
        with self._writing() as connection:
            return crawls.start(connection, site, mode, options, now)

    def finish_crawl(
        self, crawl_id: int, report: dict[str, Any], now: datetime, outcome: str
    ) -> None:
        """Note how a crawl ended: ``finished`` or ``interrupted``."""
        with self._writing() as connection:
            crawls.finish(connection, crawl_id, report, now, outcome)

    def note_alarms(
        self, site: str, found: Iterable[Alarm], *, looked_for: Collection[str], now: datetime
    ) -> None:
        """Note what rings for a site, or for ``job NAME``.

        Of the kinds that were looked for, what does not ring any more has cleared.
        """
        with self._writing() as connection:
            alarms.note(connection, site, found, looked_for=looked_for, now=now)

    def alarms(self, site: str | None = None, *, cleared: bool = False) -> list[StoredAlarm]:
        """The alarms that stand, or all that ever did, the latest first."""
        with self._reading() as connection:
            return alarms.listed(connection, site, cleared=cleared)

    def untold_alarms(self, told_before: datetime | None = None) -> list[StoredAlarm]:
        """What nobody was told yet: new alarms, and those told of that have cleared.

        With ``told_before`` also those that go on, and were told last before that instant.
        """
        with self._reading() as connection:
            return alarms.untold(connection, told_before)

    def note_told(self, told: Iterable[StoredAlarm], now: datetime) -> None:
        """Note that somebody was told of these alarms, as they stood."""
        with self._writing() as connection:
            alarms.note_told(connection, told, now)

    def measures(self, site: str, *, limit: int) -> list[Measures]:
        """How the fields of the last so many revisions came out, the latest first."""
        with self._reading() as connection:
            return measures.measured(connection, site, limit)

    def room(self) -> tuple[int, int | None]:
        """How many bytes the archive takes, and how many are left on its disk.

        On a database server what is left is not known: None.
        """
        if self.path is None:
            with self._reading() as connection:
                size = func.pg_database_size(func.current_database())
                return int(connection.scalar(select(size)) or 0), None
        log = Path(f"{self.path}-wal")
        taken = self.path.stat().st_size + (log.stat().st_size if log.exists() else 0)
        return taken, shutil.disk_usage(self.path.absolute().parent).free

    def crawls(self, site: str | None = None, *, limit: int | None = None) -> list[Crawl]:
        """All crawls, or the last so many, the latest first."""
        with self._reading() as connection:
            return crawls.listed(connection, site, limit)

    # --- the frontier

    def enlist(
        self, site: str, founds: Iterable[Listed], *, crawl_id: int | None, now: datetime
    ) -> ListedCount:
        """Take a list of canonical addresses in: unknown ones wait, changed ones become due."""
        with self._writing() as connection:
            return frontier.enlist(connection, site, founds, crawl_id=crawl_id, now=now)

    def claims(
        self, site: str, founds: Sequence[Listed], *, since: datetime, now: datetime
    ) -> Claims:
        """What a list says of the changes of pages that were fetched before, and how much of what
        it said when it was read before has come true."""
        with self._reading() as connection:
            return frontier.claims(connection, site, founds, since=since, now=now)

    def due(
        self,
        site: str,
        *,
        limit: int,
        now: datetime,
        known_only: bool = False,
        young_since: datetime | None = None,
        since: date | None = None,
        until: date | None = None,
        after: Due | str | None = None,
        among: Sequence[str] | None = None,
        remembered: bool = False,
        looked_before: datetime | None = None,
    ) -> list[Due]:
        """The addresses that are due, newest first; *after* goes on behind one of them.

        With *looked_before*, only those that were last fetched before then, longest ago first, and
        *after* has to be the :class:`Due` as it was drawn. With *young_since*, revisits of
        what has not changed since then are left out; *among*, at most a few hundred addresses,
        leaves out all others; *remembered* all of which no web archive is known to hold a capture
        that was not asked for.
        """
        with self._reading() as connection:
            return frontier.due(
                connection,
                site,
                limit=limit,
                now=now,
                known_only=known_only,
                young_since=young_since,
                since=since,
                until=until,
                after=after,
                among=among,
                remembered=remembered,
                looked_before=looked_before,
            )

    def frontier_counts(self, site: str) -> dict[str, int]:
        """How many addresses of a site are in each state."""
        with self._reading() as connection:
            return frontier.counts(connection, site)

    # --- the way in: one transaction each

    def save(
        self,
        capture: Capture,
        reading: Reading,
        *,
        site: str,
        crawl_id: int | None,
        now: datetime,
        next_due_at: datetime | None,
        edited_due_at: datetime | None = None,
        reread: Reread | None = None,
        parts: Sequence[Capture] = (),
    ) -> str:
        """Keep a response with what was read from it.

        The answer is ``new``, ``revised``, ``unchanged``, ``part``, ``not_article`` or
        ``unreadable``. It is due again at *next_due_at* or, where it is ``revised``, at
        *edited_due_at* if that is given. *parts* are the responses for the article's further
        pages, whose text *reading* holds already (:func:`crawler.article.joined`).
        *reread* reads an older capture with today's parser; with it, a page that differs only
        because the parser has changed is no revision.
        """
        from crawler.article import Article, with_missing_part
        from storage.content import content_of

        visit = intake.Visit(site, crawl_id, now, next_due_at, edited_due_at)
        body = self._packed(capture, site)
        if isinstance(reading, Article):
            further = [(each, self._packed(each, site)) for each in parts]
            if reading.first_page:
                with self._writing() as connection:
                    return intake.save_part(connection, capture, body, reading, visit, further)
            content = content_of(with_missing_part(reading))
            with self._writing() as connection:
                return intake.save_article(
                    connection, capture, body, content, visit, reread, further
                )
        with self._writing() as connection:
            if isinstance(reading, NotAnArticle):
                return intake.save_other(connection, capture, body, reading, visit)
            return intake.save_unreadable(connection, capture, body, reading, visit)

    def not_modified(
        self,
        url: str,
        *,
        site: str,
        crawl_id: int | None,
        now: datetime,
        next_due_at: datetime | None,
    ) -> None:
        """The server answered 304: the page is as it was."""
        with self._writing() as connection:
            frontier.note_same(connection, site, url, now=now, next_due_at=next_due_at)
            failures.settle(connection, site, [url])

    def gone(
        self,
        capture: Capture,
        *,
        site: str,
        crawl_id: int | None,
        now: datetime,
        next_due_at: datetime | None = None,
    ) -> str:
        """The server answered 404 or 410: the article keeps its text and is marked.

        It is asked for again at ``next_due_at``, since pages come back; None is never.
        """
        body = self._packed(capture, site)
        visit = intake.Visit(site, crawl_id, now, next_due_at)
        with self._writing() as connection:
            return intake.save_gone(connection, capture, body, visit)

    def moved(
        self, url: str, to_url: str, *, site: str, crawl_id: int | None, now: datetime
    ) -> None:
        """A permanent redirect: both addresses lead to one article."""
        with self._writing() as connection:
            intake.note_move(connection, url, to_url, intake.Visit(site, crawl_id, now, None))

    def refuse(
        self,
        url: str,
        *,
        site: str,
        reason: str,
        crawl_id: int | None,
        now: datetime,
        next_due_at: datetime | None,
    ) -> None:
        """The address may not be fetched, for example by robots.txt."""
        with self._writing() as connection:
            frontier.note_refusal(
                connection, site, url, reason=reason, now=now, next_due_at=next_due_at
            )

    def fail(
        self,
        url: str,
        *,
        site: str,
        reason: str,
        crawl_id: int | None,
        now: datetime,
        retry_at: datetime | None,
        capture: Capture | None = None,
    ) -> None:
        """The address could not be fetched: it is listed under failures and tried again."""
        visit = intake.Visit(site, crawl_id, now, retry_at)
        body = None if capture is None else self._packed(capture, site)
        with self._writing() as connection:
            intake.save_failure(connection, url, capture, body, reason, visit)

    def keep(
        self,
        capture: Capture,
        *,
        site: str,
        outcome: str,
        reason: str,
        crawl_id: int | None,
        now: datetime,
    ) -> None:
        """Keep an answer as evidence alone: nothing is asked for, or read, because of it."""
        visit, body = intake.Visit(site, crawl_id, now, None), self._packed(capture, site)
        with self._writing() as connection:
            intake.save_aside(connection, capture, body, outcome, reason, visit)

    def reread(self, article_id: int, article: Article, *, now: datetime | None = None) -> None:
        """Replace the reading of the current revision by a better one; the old one is kept."""
        from storage.content import content_of

        content = content_of(article)
        with self._writing() as connection:
            state = revisions.latest_state(connection, article_id)
            if state is None:
                raise BadInput(f"There is no article {article_id} to read again.")
            moment = now or datetime.now(UTC)
            revisions.renew(connection, article_id, state, content, state.capture_id, moment)

    # --- reading again

    def revisions_to_read(self, selection: Selection, *, after: int, limit: int) -> list[int]:
        """The numbers of the revisions to read again that follow one, in order."""
        with self._reading() as connection:
            return rereading.revisions_to_read(connection, selection, after=after, limit=limit)

    def count_to_read(self, selection: Selection, *, after: int = 0) -> int:
        """How many revisions there are to read again."""
        with self._reading() as connection:
            return rereading.count_to_read(connection, selection, after=after)

    def rereading(self, revision_id: int, read: Read) -> Rereading:
        """Read the capture of a revision again, with those of its further pages; writes nothing."""
        with self._reading() as connection:
            return rereading.rereading(connection, revision_id, read)

    def begin_rereading(self, options: dict[str, Any], now: datetime) -> Run:
        """A run that replaces readings: the one with these options that was killed, or a new."""
        with self._writing() as connection:
            return rereading.begin(connection, options, now)

    def refused_to_read(self, selection: Selection, *, after: int, limit: int) -> list[int]:
        """The numbers of the captures to read again that were refused, in order."""
        with self._reading() as connection:
            return admitting.captures_to_read(connection, selection, after=after, limit=limit)

    def count_refused(self, selection: Selection, *, after: int = 0) -> int:
        """How many captures that were refused there are to read again."""
        with self._reading() as connection:
            return admitting.count_to_read(connection, selection, after=after)

    def refused_rereading(self, capture_id: int, read: Read) -> Rereading:
        """Read a capture again that was refused; writes nothing."""
        with self._reading() as connection:
            return admitting.reading_of(connection, capture_id, read)

    def keep_rereadings(self, run: Run, found: Sequence[Rereading]) -> None:
        """Replace readings, and admit what was refused, in one transaction with how far the run is.

        The old readings stay beside the new.
        """
        with self._writing() as connection:
            rereading.write(connection, run, found)
            admitting.admit(connection, run, found)

    def take_out_misreadings(self, run: Run, site: str | None = None) -> int:
        """Take out the revisions that, read again, say what the one before says; how many.

        Their readings stay, with those of the revision before.
        """
        taken, after = 0, 0
        while True:
            with self._writing() as connection:
                numbers = misreadings.edited_articles(connection, site, after=after)
                if not numbers:
                    return taken
                taken += misreadings.take_out(connection, numbers, run.started_at)
            after = numbers[-1]

    def end_rereading(self, run: Run, outcome: str, now: datetime) -> None:
        """Note that a run is ``finished`` or ``interrupted``."""
        with self._writing() as connection:
            rereading.end(connection, run, outcome, now)

    def undo_rereading(self, now: datetime) -> int:
        """Bring back what the last run replaced, and refuse what it admitted; how many readings.

        :raises BadInput: there is no run, or all have been taken back.
        """
        with self._reading() as connection:
            undoing = rereading.last_run(connection)
        ways = (
            misreadings.bring_back,
            partial(rereading.put_back, now=now),
            admitting.take_back,
        )
        for undo in ways:
            while True:
                with self._writing() as connection:
                    further = undo(connection, undoing)
                if further is None:
                    break
                undoing = further
        self.end_rereading(rereading.Run(undoing.run_id, undoing.started_at), "undone", now)
        return undoing.put_back

    def prune_readings(self) -> int:
        """Forget every reading that was replaced by a better one; how many."""
        pruned = 0
        while True:
            with self._writing() as connection:
                some = rereading.prune(connection)
            if not some:
                return pruned
            pruned += some

    # --- keeping it whole

    def verify(self, reader: Reader | None = None, *, progress: Progress | None = None) -> Findings:
        """Hold everything against everything else, and name what is damaged; nothing is changed.

        With a *reader* every capture is read again, too, and compared with what was read of it.
        """
        with self._reading() as connection:
            return verifying.verified(connection, self.path, reader, progress or (lambda *_: None))

    # --- memory between crawls

    def source_state(self, site: str, url: str) -> SourceState | None:
        """The validators of a sitemap, feed or listing, or None when it was never read."""
        with self._reading() as connection:
            return crawls.source_state(connection, site, url)

    def sources_read(self, site: str) -> list[str]:
        """The addresses of a site's lists that were read to their end."""
        with self._reading() as connection:
            return crawls.sources_read(connection, site)

    def keep_source(
        self,
        site: str,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        body_sha256: str | None = None,
        now: datetime,
        goes_on_at: str | None = None,
    ) -> None:
        """Keep the validators of a sitemap, feed or listing, or where a list is to be read on."""
        values = {"etag": etag, "last_modified": last_modified, "body_sha256": body_sha256}
        values["goes_on_at"] = goes_on_at
        with self._writing() as connection:
            crawls.keep_source(connection, site, url, {**values, "fetched_at": now})

    # --- web archives of others

    def note_mementos(
        self,
        site: str,
        web_archive: str,
        found: Sequence[Sighting],
        *,
        crawl_id: int | None,
        now: datetime,
    ) -> ListedCount:
        """List the addresses that a web archive names, and remember its captures of those that
        have no article here."""
        with self._writing() as connection:
            return mementos.note(connection, site, web_archive, found, crawl_id=crawl_id, now=now)

    def wanted_mementos(
        self, site: str, web_archive: str, *, which: Which, limit: int
    ) -> list[Wanted]:
        """Captures to ask a web archive for: of what is lost, or of all that has no article."""
        with self._reading() as connection:
            return mementos.wanted(connection, site, web_archive, which=which, limit=limit)

    def settle_memento(
        self, web_archive: str, which: Wanted, outcome: str, *, now: datetime
    ) -> None:
        """Note what came of asking for a capture: it is not asked for again."""
        with self._writing() as connection:
            mementos.settle(connection, web_archive, which, outcome, now)

    def host_state(self, host: str) -> HostState | None:
        """What politeness remembers of a host, or None."""
        with self._reading() as connection:
            return crawls.host_state(connection, host)

    def keep_host_state(
        self,
        host: str,
        *,
        next_allowed_at: datetime | None,
        crawl_delay_seconds: float | None = None,
        backoff_seconds: float | None = None,
    ) -> None:
        """Keep what politeness has to remember of a host."""
        values = {
            "next_allowed_at": next_allowed_at,
            "crawl_delay_seconds": crawl_delay_seconds,
            "backoff_seconds": backoff_seconds,
        }
        with self._writing() as connection:
            crawls.keep_host_state(connection, host, values)

    def robots(self, host: str) -> tuple[str, datetime] | None:
        """A host's robots.txt as it was last read (empty: it has none), and until when it holds."""
        with self._reading() as connection:
            return crawls.robots(connection, host)

    def keep_robots(self, host: str, text: str, *, until: datetime) -> None:
        """Keep a host's robots.txt."""
        with self._writing() as connection:
            values = {"robots": text, "robots_until": until}
            crawls.keep_host_state(connection, host, values)

    # --- failures

    def failures(self, site: str | None = None) -> list[Failure]:
        """What could not be fetched or read, the latest first."""
        with self._reading() as connection:
            return failures.listed(connection, site)

    def retry_failures(
        self, site: str | None = None, *, url: str | None = None, now: datetime
    ) -> int:
        """Make failed addresses due now; how many."""
        with self._writing() as connection:
            return failures.retry(connection, site, url, now)

    def forget_failures(self, site: str | None = None, *, url: str | None = None) -> int:
        """Give up on failed addresses; how many."""
        with self._writing() as connection:
            return failures.forget(connection, site, url)

    # --- the way out

    def article(self, named: int | str) -> StoredArticle | None:
        """One article by its number or any of its addresses, or None."""
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            return None if article_id is None else records.stored_article(connection, article_id)

    def find(self, addresses: Iterable[object]) -> dict[Any, int | None]:
        """The number of the article at each address, or None where the archive has none.

        Scheme, ``www.``, the last slash, the fragment and what a mailing or a social network adds
        (``utm_…``, ``fbclid``) make no difference, as in :meth:`article`. What is no text, as an
        empty cell of a table, has no article.
        """
        with self._reading() as connection:
            return {
                each: identity.article_id_like(connection, each) if isinstance(each, str) else None
                for each in addresses
            }

    def article_at(self, named: int | str, moment: Moment) -> Article | None:
        """The record of an article as it stood at a moment, or None when it was not known yet.

        The moment is an instant, or a day or a text that names one: ``"2026-03-01"`` is the end of
        that day, ``"2026-03-01T20:56"`` of that minute; what has no zone is UTC.

        :raises BadInput: it is no date.
        """
        instant = last_instant(moment)
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            if article_id is None:
                return None
            return records.article_at(connection, article_id, instant)

    def reference(self, named: int | str, *, at: Moment | None = None) -> Reference | None:
        """What to cite of an article, as it is now or as it stood at a moment: see
        :meth:`article_at` for how to write one.

        :func:`storage.citing.citation` makes a text, BibTeX, RIS or CSL-JSON of it. None where the
        archive holds no such article, or did not know it yet.
        """
        instant = None if at is None else last_instant(at)
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            if article_id is None:
                return None
            return records.reference(connection, article_id, instant)

    def history(self, named: int | str) -> History:
        """The captures and revisions of an article, with what changed.

        :raises BadInput: the archive holds no such article.
        """
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            if article_id is None:
                raise BadInput(
                    f"{self._place} holds no article {named}: `search` finds its number."
                )
            return records.history(connection, article_id)

    def states(self, article_id: int) -> list[State]:
        """The revisions of an article by number and time, without their texts, oldest first."""
        with self._reading() as connection:
            return records.states(connection, article_id)

    def article_in(self, article_id: int, number: int) -> Article | None:
        """The record of an article in one of its revisions, or None where it has no such."""
        with self._reading() as connection:
            return records.article_in(connection, article_id, number) if number > 0 else None

    def readings(self, named: int | str) -> list[StoredReading]:
        """Every reading of an article that is kept, the replaced ones among them."""
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            return [] if article_id is None else records.readings_of(connection, article_id)

    def changes(
        self,
        *,
        edited_since: Moment | None = None,
        edited_until: Moment | None = None,
        kinds: Sequence[Kind] = (),
        fields: Sequence[str] = (),
        query: str | None = None,
        inside: Sequence[str] | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Generator[Edit]:
        """What newsrooms edited, the newest first, one revision at a time.

        *edited_since* and *edited_until* bound the time at which an edit was first seen: instants,
        days, or texts such as ``"2026-11"`` (:meth:`article_at`). The filters are those of
        :meth:`search`, on the articles as they are now.
        """
        question = self._question(query, inside, filters)
        for kind in kinds:
            if kind not in changes.KINDS:
                raise BadInput(
                    f"{kind!r} is no class of change: choose {', '.join(changes.KINDS)}."
                )
        since = None if edited_since is None else first_instant(edited_since)
        until = None if edited_until is None else last_instant(edited_until)
        return self._edits(question, since, until, kinds, fields)

    def _edits(
        self,
        question: Question,
        since: datetime | None,
        until: datetime | None,
        kinds: Sequence[Kind],
        fields: Sequence[str],
    ) -> Generator[Edit]:
        with self._reading() as connection:
            yield from edits.edits(
                connection, question, since=since, until=until, kinds=kinds, fields=fields
            )

    def links_from(self, article_id: int) -> list[Link]:
        """The links of an article that lead to articles of the archive, in page order."""
        with self._reading() as connection:
            return pointing.links_from(connection, article_id)

    def links_to(self, article_id: int, *, limit: int | None = None) -> list[Link]:
        """The links of other articles that lead to an article, the newest article's first."""
        with self._reading() as connection:
            return pointing.links_to(connection, article_id, limit)

    def captures(self, url: str) -> list[StoredCapture]:
        """Every response that was received for an address, oldest first."""
        with self._reading() as connection:
            return captures.captures_of_address(connection, url)

    def known_pages(
        self, site: str, *, limit: int, before: datetime | None = None
    ) -> list[KnownPage]:
        """Articles captured again last, each with the best of its earlier readings."""
        with self._reading() as connection:
            return healing.known_pages(connection, site, limit=limit, before=before)

    def capture(self, capture_id: int) -> Capture:
        """One response as it was received."""
        with self._reading() as connection:
            return captures.capture_of(connection, capture_id)

    def holds(self, capture: Capture) -> bool:
        """Whether this very answer is kept: same bytes, same address, same instant."""
        with self._reading() as connection:
            return captures.captured(connection, capture)

    def fill(self, capture: Capture, *, site: str) -> None:
        """Bytes of a response that is held without them, in a copy for publication, have come."""
        if not self.lacks_bytes:
            return
        body = self._packed(capture, site)
        with self._writing() as connection:
            captures.fill_capture(connection, capture, body)

    def note_filled(self) -> None:
        """A copy for publication that has all its bytes by now is an archive like any other."""
        if self.lacks_bytes:
            with self._writing() as connection:
                captures.note_filled(connection)

    @property
    def lacks_bytes(self) -> bool:
        """Whether this is a copy for publication, in which responses may have no bytes."""
        with self._reading() as connection:
            return captures.is_without_bytes(connection)

    def capture_with(self, sha256: str) -> Capture | None:
        """A response of the bytes with this hex SHA-256, or None."""
        with self._reading() as connection:
            return captures.capture_with(connection, sha256)

    def capture_at(self, url: str, moment: datetime) -> Capture | None:
        """The response for an address that arrived at an instant, or None."""
        with self._reading() as connection:
            return captures.capture_at(connection, url, moment)

    def leaving(
        self,
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        damaged: list[int] | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Leaving]:
        """The responses that show the articles that fit, one at a time, in order of time.

        Without a query and filters, or with the site alone, these are all that the archive keeps.
        A response that is damaged is left out and its number put into *damaged*; without that list
        :class:`ArchiveDamaged` is raised.
        """
        question = self._question(query, inside, filters)
        with self._reading() as connection:
            yield from leaving.leaving(connection, question, damaged)

    def capture_body(self, capture_id: int) -> bytes:
        """The bytes of one response, before content decoding."""
        return self.capture(capture_id).body

    def sites(self) -> dict[str, int]:
        """How many articles of each site the archive holds."""
        query = select(tallies.c.site, func.sum(tallies.c.articles)).group_by(tallies.c.site)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(tallies.c.site))
            return {site: int(number) for site, number in rows}

    def latest_at(self) -> datetime | None:
        """When a newsroom's text was last seen in a new state, or None in an empty archive."""
        with self._reading() as connection:
            latest = select(func.max(revisions_table.c.captured_at))
            return connection.execute(latest).scalar_one_or_none()

    def coverage(
        self,
        site: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        *,
        at: Moment | None = None,
    ) -> list[dict[str, Any]]:
        """Per site and month, what was listed, what became of it, and where the holes are.

        The keys of a row are told in :func:`storage.coverage.coverage`. With *at*, as it stood then
        (:meth:`article_at`), without the counts by state.

        :raises BadInput: ``since``, ``until`` or ``at`` is no date.
        """
        instant = None if at is None else last_instant(at)
        with self._reading() as connection:
            return coverage.coverage(connection, site, since, until, instant)

    def missing(
        self,
        site: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        *,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Missing]:
        """The addresses that sites listed and the archive lacks, each with the reason.

        The newest month comes first, what has none last.

        :raises BadInput: ``since`` or ``until`` is no date.
        """
        with self._reading() as connection:
            return missing.missing(connection, site, since, until, limit=limit, offset=offset)

    def why_missing(
        self, site: str | None = None, since: Day | None = None, until: Day | None = None
    ) -> list[dict[str, Any]]:
        """How many addresses are missing, by ``state`` and ``reason``: rows with ``addresses``.

        :raises BadInput: ``since`` or ``until`` is no date.
        """
        with self._reading() as connection:
            return missing.why_missing(connection, site, since, until)

    def names_like(self, words: Sequence[str], *, limit: int = 5) -> list[tuple[str, str]]:
        """Names of categories, kinds, tags and authors that contain any of some words."""
        with self._reading() as connection:
            return naming.names_like(connection, words, limit=limit)

    def formerly(self, query: str, *, limit: int = 5) -> list[Former]:
        """Earlier states of articles that have all words of a query, the latest first.

        Words are looked for as they are typed, in the last thousand states that were edited.

        :raises BadInput: a mistyped query, with a caret under the place.
        """
        with self._reading() as connection:
            return former.formerly(connection, query, limit=limit)

    def remarks(self, ids: Sequence[int]) -> dict[int, Remark]:
        """Of some articles, by number: how often edited, whether gone, and their translations."""
        with self._reading() as connection:
            return remarks.remarks(connection, ids)

    def compared_sources(
        self, site: str | None = None, since: Day | None = None, until: Day | None = None
    ) -> list[dict[str, Any]]:
        """What each kind of list (sitemap, feed, …) has named, and what only it has.

        The keys of a row are told in :func:`storage.coverage.compared_sources`.

        :raises BadInput: ``since`` or ``until`` is no date.
        """
        with self._reading() as connection:
            return coverage.compared_sources(connection, site, since, until)

    def search(
        self,
        query: str | None,
        *,
        inside: Sequence[str] | None = None,
        sort: Sort = "relevance",
        limit: int | None = 20,
        offset: int = 0,
        marks: tuple[str, str] = ("[", "]"),
        at: Moment | None = None,
        every_word: bool = False,
        **filters: Unpack[FilterOptions],
    ) -> Hits:
        """Full-text search; the query language is told in :mod:`storage.query`.

        *inside* names the columns to search in, *marks* stand around what was found in a snippet
        (which is plain text, not HTML). Without a query every article is found. With *at*, the
        archive is searched as it stood then: texts, labels and filters are those of that moment,
        written as for :meth:`article_at`.

        Where no article has all words of a query in plain words, those that have half of them are
        found, or at least one, rare words weighing most: :attr:`Hits.every_word` tells, and
        *every_word* forbids it.

        :raises BadInput: a mistyped query, with a caret under the place; an unknown column or date.
        """
        page = (sort, limit, offset)
        question = Question.of(query, inside, Filters.of(**filters))
        instant = None if at is None else last_instant(at)
        hits = self._hits(query, question, page, marks, instant)
        if every_word or hits.hits or query is None or hits.total:
            return hits
        easier = (self._hits(query, each, page, marks, instant) for each in question.eased())
        return next((some for some in easier if some.hits or some.total), hits)

    def _hits(
        self,
        query: str | None,
        question: Question,
        page: Page,
        marks: tuple[str, str],
        at: datetime | None,
    ) -> Hits:
        """One page of what is asked for, as it is asked."""
        sort, limit, offset = page
        with self._reading() as connection:
            if at is not None:
                found, total, facets = standing.search_at(
                    connection, question, at, sort=sort, limit=limit, offset=offset, marks=marks
                )
                return Hits(query, found, question, self._reading, page, (total, facets))
            question = question.with_forms(connection)
            hits = hits_of(connection, question, sort=sort, limit=limit, offset=offset, marks=marks)
        return Hits(query, hits, question, self._reading, page)

    def _question(
        self, query: str | None, inside: Sequence[str] | None, filters: FilterOptions
    ) -> Question:
        """What is asked for, with every word in the forms that the archive has."""
        question = Question.of(query, inside, Filters.of(**filters))
        with self._reading() as connection:
            return question.with_forms(connection)

    def stats(
        self,
        by: str = "year",
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        over: Period | None = None,
        bare: bool = False,
        at: Moment | None = None,
        **filters: Unpack[FilterOptions],
    ) -> list[dict[str, Any]]:
        """Counts by year, month, category, author, language, site, kind, tag or parser.

        Rows of ``{"key", "articles", "words", "with_analysis", …}``; what else they have with a
        query, by year and month, and *over* these, is told in :mod:`storage.statistics`; *bare*
        ones have nothing else, and are in the order of their keys. With *at*, the archive is
        counted as it stood then (:meth:`articles`), its completeness, too.
        """
        if at is None:
            question = self._question(query, inside, filters)
        else:
            question = Question.of(query, inside, Filters.of(**filters))
        instant = None if at is None else last_instant(at)
        with self._reading() as connection:
            return statistics.statistics(connection, by, question, over, bare=bare, at=instant)

    def span(self, **filters: Unpack[FilterOptions]) -> list[str]:
        """The first and the last month (``2017-10``) of what the archive has of a site and period.

        Nothing where it has no article with a date; filters other than these two don't matter.
        """
        with self._reading() as connection:
            return statistics.span(connection, Filters.of(**filters))

    def numbers_by_month(self, **filters: Unpack[FilterOptions]) -> dict[str | None, int]:
        """How many articles fit the filters, by month (``2017-10``), and none else is counted.

        What a share is of. The key is None for what has no date.
        """
        question = Question.of(None, None, Filters.of(**filters))
        with self._reading() as connection:
            return statistics.numbers_by_month(connection, question)

    def names(self, by: str) -> list[dict[str, Any]]:
        """Every author or tag, ``{"key", "articles"}``, most first: sooner than :meth:`stats`."""
        with self._reading() as connection:
            return statistics.names(connection, by)

    def counting_sql(self, by: str) -> tuple[str, dict[str, Any]]:
        """What :meth:`stats` counts by something, as one plain statement with its parameters.

        It runs as it stands in ``sqlite3`` and Datasette; two spellings of a label are two rows.
        """
        return statistics.counting(by, Question.of(None, None, Filters()))

    def articles(
        self,
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        sort: Sort | None = "oldest",
        damaged: list[int] | None = None,
        at: Moment | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[dict[str, Any]]:
        """The records of all articles that fit, one at a time, whatever their number.

        ``sort=None`` is by their number, as they lie in the archive: far the fastest where there
        are more than memory holds. An article whose record is damaged is left out and its number
        put into *damaged*; without that list :class:`ArchiveDamaged` is raised.

        With *at*, the archive as it stood then (:meth:`article_at` says how to write it): what had
        been captured by that moment, edited articles by what they said, ``gone_at`` as was known.
        What was captured by then is read as well as it is today, and what comes later from a file
        or a web archive counts by the time of its capture.
        """
        question = Question.of(query, inside, Filters.of(**filters))
        instant = None if at is None else last_instant(at)
        return self._records(question, sort, damaged, instant)

    def references(
        self,
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        sort: Sort | None = "oldest",
        damaged: list[int] | None = None,
        at: Moment | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Reference]:
        """What to cite of all articles that fit, one at a time: a bibliography.

        *damaged* and *at* are those of :meth:`articles`.
        """
        question = Question.of(query, inside, Filters.of(**filters))
        instant = None if at is None else last_instant(at)
        return self._references(question, sort, damaged, instant)

    def graph(
        self,
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Iterator[Node | Edge]:
        """The articles that fit with their authors and where they point: nodes, then edges."""
        question = self._question(query, inside, filters)
        return self._graph(question)

    def _graph(self, question: Question) -> Iterator[Node | Edge]:
        with self._reading() as connection:
            yield from graph.graph(connection, question)

    def _references(
        self, question: Question, sort: Sort | None, damaged: list[int] | None, at: datetime | None
    ) -> Iterator[Reference]:
        with self._reading() as connection, _numbers(connection, question, sort, at) as numbers:
            yield from records.references(connection, numbers, damaged, at)

    def _records(
        self, question: Question, sort: Sort | None, damaged: list[int] | None, at: datetime | None
    ) -> Iterator[dict[str, Any]]:
        with self._reading() as connection, _numbers(connection, question, sort, at) as numbers:
            yield from records.records(connection, numbers, damaged, at)

    def publish(
        self,
        draft: str | os.PathLike[str],
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        **filters: Unpack[FilterOptions],
    ) -> int:
        """Write the articles that fit into a new SQLite file, without captured bytes; how many.

        The file is an archive of its own, which says what it is an :meth:`excerpt` of. A crawl may
        run meanwhile.

        :raises BadInput: this archive is on a server.
        """
        if self.path is None:
            raise BadInput(
                f"{self._place} is on a server, and a copy for publication is made of a file: "
                "export --format jsonl instead."
            )
        question = self._question(query, inside, filters)
        with translated(self._place, self._engine):
            asked = {"query": query, "inside": inside, **filters}
            return slimming.slim_copy(self.path, question, Path(draft), asked)

    def excerpt(self) -> Excerpt | None:
        """What this archive was taken by, where it is a copy for publication of a part."""
        with self._reading() as connection:
            return excerpts.excerpt_of(connection)

    def to_dataframe(
        self,
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        sort: Sort = "oldest",
        columns: Sequence[str] | None = None,
        at: Moment | None = None,
        **filters: Unpack[FilterOptions],
    ) -> pandas.DataFrame:
        """A pandas ``DataFrame``, one row per article; lists (authors, tags) stay lists.

        Days and instants are ``datetime64``, labels (site, language, category …) categories.
        *columns* chooses among those of :func:`storage.arrow.schema_of_articles`.
        ``frame.attrs`` has the ``archive``, the ``query``, and the ``coverage`` of its sites and
        its time, with the ``gaps``. *at* is that of :meth:`articles`, and among the ``query``.

        :raises BadInput: pandas is not installed, or there is no such column.
        """
        rows = self.articles(query=query, inside=inside, sort=sort, at=at, **filters)
        asked = {"query": query, "inside": list(inside) if inside else None, **filters}
        asked["at"] = at
        bounds = Filters.of(**filters)
        ledger = self.coverage(bounds.site, bounds.since, bounds.until, at=at)
        attrs = {
            "archive": str(self._place),
            "query": {name: str(value) for name, value in asked.items() if value is not None},
            "coverage": statistics.lacking(ledger),
        }
        if part := self.excerpt():
            attrs["excerpt"] = part.to_dict()
        return frames.pandas_frame(rows, columns, attrs)

    def to_polars(
        self,
        *,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        sort: Sort = "oldest",
        columns: Sequence[str] | None = None,
        at: Moment | None = None,
        **filters: Unpack[FilterOptions],
    ) -> polars.DataFrame:
        """The same as a polars ``DataFrame``, with lists as lists and days as days.

        It has no ``attrs``; :meth:`coverage` tells the gaps.

        :raises BadInput: polars is not installed, or there is no such column.
        """
        rows = self.articles(query=query, inside=inside, sort=sort, at=at, **filters)
        return frames.polars_frame(rows, columns)


@contextmanager
def _numbers(
    connection: Connection, question: Question, sort: Sort | None, at: datetime | None
) -> Iterator[Iterator[int]]:
    """The numbers of what is found, today or as of a moment."""
    if at is not None:
        with standing.standing(connection, question, at) as parts:
            yield standing.numbers_at(parts, sort)
        return
    dialect, question = connection.dialect.name, question.with_forms(connection)
    ids = question.numbers(dialect) if sort is None else question.ids(dialect, sort)
    yield records.numbers(connection, ids)
