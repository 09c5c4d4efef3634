"""What crawls remember from one to the next: addresses, lists, hosts, failures, alarms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from storage.archive.door import Door
from storage.lazily import later

if TYPE_CHECKING:
    from storage import alarms, crawls, failures, frontier, measures, mementos
    from storage.alarms import Alarm, StoredAlarm
    from storage.crawls import Crawl, HostState, KnownList, ListsRead, SourceState
    from storage.failures import Failure
    from storage.frontier import Claims, Due, Listed, ListedCount
    from storage.measures import Measures
    from storage.mementos import Sighting, Wanted, Which
else:  # what a method needs is loaded by its first call
    globals().update(later("alarms", "crawls", "failures", "frontier", "measures", "mementos"))


class Remembering(Door):
    """The memory of crawls: runs, addresses, failures, lists, hosts, web archives, alarms."""

    # --- runs

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

    def crawls(
        self,
        site: str | None = None,
        *,
        limit: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Crawl]:
        """All crawls, or the last so many, the latest first; those that began within a time."""
        with self._reading() as connection:
            return crawls.listed(connection, site, limit, since=since, until=until)

    def crawl(self, number: int) -> Crawl | None:
        """One crawl by its number, or None."""
        with self._reading() as connection:
            return crawls.numbered(connection, number)

    def last_of_job(
        self, site: str, job: str, mode: str, *, before: datetime | None = None
    ) -> Crawl | None:
        """The last crawl of a site that was a run of a job, and began before an instant.

        ``mode`` tells the runs of versions that did not note their job.
        """
        with self._reading() as connection:
            return crawls.last_of_job(connection, site, job, mode, before)

    def measures(self, site: str, *, limit: int) -> list[Measures]:
        """How the fields of the last so many revisions came out, the latest first."""
        with self._reading() as connection:
            return measures.measured(connection, site, limit)

    # --- the frontier

    def enlist(
        self,
        site: str,
        founds: Iterable[Listed],
        *,
        crawl_id: int | None,
        now: datetime,
        began_at: datetime | None = None,
    ) -> ListedCount:
        """Take a list of canonical addresses in: unknown ones wait, changed ones become due.

        With ``began_at``, the beginning of the crawl, it is told how many that has seen before.
        """
        with self._writing() as connection:
            return frontier.enlist(
                connection, site, founds, crawl_id=crawl_id, now=now, began_at=began_at
            )

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

    # --- lists and hosts

    def source_state(self, site: str, url: str) -> SourceState | None:
        """The validators of a sitemap, feed or listing, or None when it was never read."""
        with self._reading() as connection:
            return crawls.source_state(connection, site, url)

    def sources_read(self, site: str) -> list[str]:
        """The addresses of a site's lists that were read to their end."""
        with self._reading() as connection:
            return crawls.sources_read(connection, site)

    def known_lists(self, site: str) -> list[KnownList]:
        """The lists of a site that could be read once, and since when some can't be."""
        with self._reading() as connection:
            return crawls.known_lists(connection, site)

    def note_lists(self, site: str, seen: ListsRead, now: datetime) -> None:
        """Note which of a site's lists a run could read, and which it could not."""
        with self._writing() as connection:
            crawls.note_lists(connection, site, seen, now)

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
        kind: str | None = None,
    ) -> None:
        """Keep the validators of a sitemap, feed or listing, or where a list is to be read on.

        With ``kind`` (sitemap, feed, listing …) it was read, and is another than before.
        """
        values: dict[str, Any] = {
            "etag": etag, "last_modified": last_modified, "body_sha256": body_sha256,
            "goes_on_at": goes_on_at, "fetched_at": now,
        }  # fmt: skip
        if kind is not None:
            values |= {"kind": kind, "read_at": now, "changed_at": now, "failing_runs": 0}
        with self._writing() as connection:
            crawls.keep_source(connection, site, url, values)

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

    # --- alarms

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

    def accept_alarms(
        self, which: Collection[StoredAlarm], because: str | None, *, now: datetime
    ) -> None:
        """Let alarms stand without ringing, for a reason in words; None lets them ring again.

        They ring by themselves when they get clearly worse, and when they come back after they
        were over.
        """
        with self._writing() as connection:
            alarms.accept(connection, [each.id for each in which], because, now)

    def take_as_normal(self, which: Collection[StoredAlarm], now: datetime) -> None:
        """End alarms whose state has lasted so long that it is what is usual now."""
        with self._writing() as connection:
            alarms.take_as_normal(connection, [each.id for each in which], now)

    def normal_since(self, site: str) -> dict[tuple[str, str], datetime]:
        """(kind of alarm, what it is about) → since when that state is taken as normal."""
        with self._reading() as connection:
            return alarms.normal_since(connection, site)
