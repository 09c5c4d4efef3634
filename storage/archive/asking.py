"""What is asked of many articles: search, counts, what was edited, and what is lacking."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import func, select

from crawler.errors import BadInput
from storage.archive.door import Door
from storage.filters import Filters
from storage.lazily import later
from storage.moments import first_instant, last_instant
from storage.question import Question
from storage.schema import revisions as revisions_table
from storage.schema import tallies
from storage.search import Hits, hits_of

if TYPE_CHECKING:
    from storage import (
        changes,
        coverage,
        edit_marks,
        edits,
        excerpts,
        former,
        missing,
        naming,
        nights,
        standing,
        statistics,
        verifying,
    )
    from storage.changes import Kind
    from storage.edit_marks import EditMark, EditMarks, Known
    from storage.edits import Edit
    from storage.excerpts import Excerpt
    from storage.filters import Day, FilterOptions
    from storage.former import Former
    from storage.missing import Missing
    from storage.moments import Moment
    from storage.question import Page, Sort
    from storage.redesigns import Redesign
    from storage.statistics import Period
    from storage.verifying import Findings, Progress, Reader
else:  # what a method needs is loaded by its first call
    globals().update(
        later(
            "changes",
            "coverage",
            "edit_marks",
            "edits",
            "excerpts",
            "former",
            "missing",
            "naming",
            "nights",
            "standing",
            "statistics",
            "verifying",
        )
    )


class Asking(Door):
    """What is asked of all articles that fit; most methods take the filters. Nothing is written."""

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
                found, total, counted = standing.search_at(
                    connection, question, at, sort=sort, limit=limit, offset=offset, marks=marks
                )
                return Hits(query, found, question, self._reading, page, (total, counted))
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

    def formerly(self, query: str, *, limit: int = 5) -> list[Former]:
        """Earlier states of articles that have all words of a query, the latest first.

        Words are looked for as they are typed, in the last thousand states that were edited.

        :raises BadInput: a mistyped query, with a caret under the place.
        """
        with self._reading() as connection:
            return former.formerly(connection, query, limit=limit)

    def names_like(self, words: Sequence[str], *, limit: int = 5) -> list[tuple[str, str]]:
        """Names of categories, kinds, tags and authors that contain any of some words: pairs of
        what is named (``category``, ``kind``, ``tag``, ``author``) and the name, *limit* of each.
        """
        with self._reading() as connection:
            return naming.names_like(connection, words, limit=limit)

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
        :meth:`search`, on the articles as they are now. *kinds* are classes of change (``numbers``,
        ``names``, ``missing``, ``gone`` …) and *fields* those of the record: an edit has only its
        changes of these, and one that has none is left out.

        :raises BadInput: a mistyped query, date, class, field or filter.
        """
        question = self._question(query, inside, filters)
        edits.check_fields(fields)
        for kind in kinds:
            if kind not in changes.KINDS:
                raise BadInput(
                    f"{kind!r} is no class of change: choose {', '.join(changes.KINDS)}."
                )
        since = None if edited_since is None else first_instant(edited_since)
        until = None if edited_until is None else last_instant(edited_until)
        return self._edits(question, since, until, kinds, fields)

    def redesigns(self) -> list[Redesign]:
        """The redesigns of sites that the history shows: most pages differed alike within days.

        Edits that one made say so (``edit.redesign``).
        """
        with self._reading() as connection:
            return edits.redesigns_in(connection)

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

    def edit_marks(
        self,
        *,
        edited_since: Moment | None = None,
        edited_until: Moment | None = None,
        query: str | None = None,
        inside: Sequence[str] | None = None,
        known: Known | None = None,
        seconds: float | None = None,
        **filters: Unpack[FilterOptions],
    ) -> EditMarks:
        """Which edits there are, the newest first, without their words: to count and to page.

        What is asked is asked as of :meth:`changes`. *known* is what an earlier call filled: what
        it holds is not compared again. After so many *seconds* what was not yet compared is only
        counted.
        """
        question = self._question(query, inside, filters)
        since = None if edited_since is None else first_instant(edited_since)
        until = None if edited_until is None else last_instant(edited_until)
        with self._reading() as connection:
            return edit_marks.edit_marks(
                connection,
                question,
                since=since,
                until=until,
                known={} if known is None else known,
                seconds=seconds,
            )

    def is_any_edited(self) -> bool:
        """Whether any article was seen to be edited."""
        with self._reading() as connection:
            return edit_marks.is_any_edited(connection)

    def edits_of(self, marks: Sequence[EditMark]) -> list[Edit]:
        """Edits with their words, by their marks."""
        with self._reading() as connection:
            return list(edit_marks.edits_of(connection, marks))

    def nights(
        self, site: str | None = None, *, since: datetime | None = None
    ) -> list[dict[str, Any]]:
        """What runs brought, a row for each day on which one began: see :mod:`storage.nights`."""
        with self._reading() as connection:
            return nights.nights(connection, site, since)

    def days_looked(self, site: str | None = None) -> list[str]:
        """The days on which any run began, the oldest first."""
        with self._reading() as connection:
            return nights.days_looked(connection, site)

    # --- counts

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

        :raises BadInput: there is nothing of that name to count *by*, or to count it *over*; a
            mistyped query, date or filter.
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
        """Every ``author`` or ``tag``: rows ``{"key", "articles"}``, most first; sooner had than
        from :meth:`stats`.

        :raises BadInput: it is neither of them.
        """
        with self._reading() as connection:
            return statistics.names(connection, by)

    def counting_sql(self, by: str) -> tuple[str, dict[str, Any]]:
        """What :meth:`stats` counts by something, as one plain statement with its parameters.

        It runs as it stands in ``sqlite3`` and Datasette; two spellings of a label are two rows.

        :raises BadInput: there is nothing of that name to count by.
        """
        return statistics.counting(by, Question.of(None, None, Filters()))

    def sites(self) -> dict[str, int]:
        """How many articles the archive holds of each site, by its name."""
        query = select(tallies.c.site, func.sum(tallies.c.articles)).group_by(tallies.c.site)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(tallies.c.site))
            return {site: int(number) for site, number in rows}

    def latest_at(self) -> datetime | None:
        """When a text was last seen in a new state, in UTC; None in an empty archive."""
        with self._reading() as connection:
            latest = select(func.max(revisions_table.c.captured_at))
            return connection.execute(latest).scalar_one_or_none()

    # --- what is there, and what is not

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

    def compared_sources(
        self, site: str | None = None, since: Day | None = None, until: Day | None = None
    ) -> list[dict[str, Any]]:
        """What each kind of list (sitemap, feed, …) has named, and what only it has.

        The keys of a row are told in :func:`storage.coverage.compared_sources`.

        :raises BadInput: ``since`` or ``until`` is no date.
        """
        with self._reading() as connection:
            return coverage.compared_sources(connection, site, since, until)

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

    def excerpt(self) -> Excerpt | None:
        """What this copy for publication was taken by; None for any other archive."""
        with self._reading() as connection:
            return excerpts.excerpt_of(connection)

    def verify(self, reader: Reader | None = None, *, progress: Progress | None = None) -> Findings:
        """Hold everything against everything else, and name what is damaged; nothing is changed.

        With a *reader* every capture is read again, too, and compared with what was read of it.
        *progress* is told what is looked at, how many of it were, and how many there are.
        """
        with self._reading() as connection:
            return verifying.verified(connection, self.path, reader, progress or (lambda *_: None))
