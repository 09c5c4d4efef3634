"""What is put into an archive: each answer of a site with what was read from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.errors import BadInput, NotAnArticle
from storage.archive.door import Door
from storage.lazily import later

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.capture import Capture
    from crawler.errors import Unreadable
    from storage import captures, dictionaries, failures, frontier, intake
    from storage.captures import Packed, Packer
    from storage.revisions import Reread

    Reading = Article | NotAnArticle | Unreadable
else:  # what a method needs is loaded by its first call
    globals().update(later("captures", "dictionaries", "failures", "frontier", "intake"))


class TakingIn(Door):
    """The ways in, one transaction each: what belongs together is kept, or none of it."""

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

    # --- bytes

    @cached_property
    def _packer(self) -> Packer:
        return captures.Packer(self._reading, self._writing)

    def _packed(self, capture: Capture, site: str) -> Packed:
        if not self._is_writable:
            raise BadInput(f'{self._place} is open for reading only: open it with mode="write".')
        return self._packer.packed(capture, site)

    def holds(self, capture: Capture) -> bool:
        """Whether this very answer is kept: same bytes, same address, same instant."""
        return self.each_held([capture])[0]

    def each_held(self, answers: Sequence[Capture]) -> list[bool]:
        """The same of each of several, in their order."""
        with self._reading() as connection:
            return [captures.captured(connection, each) for each in answers]

    @property
    def lacks_bytes(self) -> bool:
        """Whether this is a copy for publication, in which responses may have no bytes."""
        with self._reading() as connection:
            return captures.is_without_bytes(connection)

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
