"""Reading stored captures again with today's parsers: better readings take the place of old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from crawler.errors import BadInput
from storage.archive.door import Door
from storage.lazily import later

if TYPE_CHECKING:
    from crawler.article import Article
    from storage import admitting, healing, misreadings, rereading, revisions
    from storage.healing import KnownPage
    from storage.rereading import Read, Rereading, Run, Selection
else:  # what a method needs is loaded by its first call
    globals().update(later("admitting", "healing", "misreadings", "rereading", "revisions"))


class ReadingAgain(Door):
    """The second reading: what is replaced is kept beside the new, and can be brought back."""

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

    # --- what there is to read

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

    def known_pages(
        self, site: str, *, limit: int, before: datetime | None = None
    ) -> list[KnownPage]:
        """Articles captured again last, each with the best of its earlier readings."""
        with self._reading() as connection:
            return healing.known_pages(connection, site, limit=limit, before=before)

    # --- a run, its end and its way back

    def begin_rereading(self, options: dict[str, Any], now: datetime) -> Run:
        """A run that replaces readings: the one with these options that was killed, or a new."""
        with self._writing() as connection:
            return rereading.begin(connection, options, now)

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
