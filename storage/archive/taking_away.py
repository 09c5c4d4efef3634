"""What is taken out of an archive: records, references, links, tables, whole copies."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from crawler.errors import BadInput
from storage.archive.asking import Asking
from storage.filters import Filters
from storage.lazily import later
from storage.moments import last_instant
from storage.opening import translated
from storage.question import Question

if TYPE_CHECKING:
    import pandas
    import polars
    from sqlalchemy import Connection

    from storage import frames, graph, leaving, records, slimming, standing, statistics
    from storage.citing import Reference
    from storage.filters import FilterOptions
    from storage.graph import Edge, Node
    from storage.leaving import Leaving
    from storage.moments import Moment
    from storage.question import Sort
else:  # what a method needs is loaded by its first call
    globals().update(
        later("frames", "graph", "leaving", "records", "slimming", "standing", "statistics")
    )


class TakingAway(Asking):
    """The ways out, for any number of articles; all methods take the filters."""

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

        Each has the keys of the public record, and ``id``, ``words``, ``first_seen_at``,
        ``gone_at``, ``captured_at``, ``capture_sha256``, ``capture_origin`` and ``published_on``.

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

    def _records(
        self, question: Question, sort: Sort | None, damaged: list[int] | None, at: datetime | None
    ) -> Iterator[dict[str, Any]]:
        with self._reading() as connection, _numbers(connection, question, sort, at) as numbers:
            yield from records.records(connection, numbers, damaged, at)

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

    def _references(
        self, question: Question, sort: Sort | None, damaged: list[int] | None, at: datetime | None
    ) -> Iterator[Reference]:
        with self._reading() as connection, _numbers(connection, question, sort, at) as numbers:
            yield from records.references(connection, numbers, damaged, at)

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
