"""Reading stored captures again with a newer parser: no edit of the newsroom, but of our own.

Every revision keeps its place and its time; its reading is replaced, and the old one stays beside
the new until it is pruned. A run writes down in ``crawls`` how far it is, in the same transaction
as the readings, so that a killed one goes on where it was; its beginning is the mark by which
``undo`` finds what it replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import ArchiveDamaged, BadInput, NotAnArticle, Unreadable
from storage.captures import capture_of
from storage.content import Content, article_of, content_of, is_beginning_of
from storage.revisions import (
    add_reading,
    latest_state,
    rewrite_article,
    with_stored_parts,
)
from storage.schema import captures, crawls, readings, revisions
from storage.statements import Statement

#: What a capture of a site says when it is read: an article, or why it is none.
Read = Callable[[str, Capture], Article | NotAnArticle | Unreadable]

Outcome = Literal["same", "other", "not_article", "unreadable", "damaged", "admitted", "still_none"]

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

MODE = "reparse"

#: Fields that say how, not what: a difference in them alone is no other reading.
_HOW = ("parser", "site", "url", "provenance")

#: Per field, so many examples are kept, each so many characters long from where they part.
_MOST_EXAMPLES, _BEFORE, _LENGTH = 3, 40, 200

#: A list of such is told in a line: authors, tags.
_LONGEST_NAME = 60

#: Numbers times the one, modulo the other, are as good as shuffled (Knuth's multiplicative hash).
_SCATTER, _SCALE = 40_503, 65_536

#: Rows that are put back or pruned in one transaction.
_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is read otherwise, with the place where the two readings part."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rereading:
    """What came of reading a capture again: a revision's, or one that was refused once."""

    revision_id: int
    """0, as the next two, for a capture that was refused: it shows no article yet."""
    article_id: int
    reading_id: int
    capture_id: int
    url: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    reason: str | None = None
    content: Content | None = None
    """The new reading, where it differs."""
    captured_at: datetime | None = None
    next_due_at: datetime | None = None
    """When an article that was admitted is to be asked for."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read again: of a site, captured within a time."""

    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    share: float = 1.0
    """Only about so much of it, from all over the archive, and the same each time."""

    def of(self, query: Select[Any], number: ColumnElement[int]) -> Select[Any]:
        """The query of *number*, narrowed to the selection; it names ``captures`` already."""
        if self.share < 1:
            query = query.where(number * _SCATTER % _SCALE < max(1, round(self.share * _SCALE)))
        if self.site is not None:
            query = query.where(captures.c.site == self.site)
        if self.since is not None:
            query = query.where(captures.c.fetched_at >= self.since)
        if self.until is not None:
            query = query.where(captures.c.fetched_at <= self.until)
        return query


@dataclass
class Tally:
    """What a run has found so far: per outcome how many, per field what changed, with examples."""

    counts: dict[str, int] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[dict[str, str | None]] = field(default_factory=list)
    """Examples of articles that today's parser takes for none; they keep their old reading."""
    no_edits: int = 0
    """Revisions that say what the one before says, now that both were read right."""

    @property
    def read(self) -> int:
        """How many revisions were read again."""
        return sum(self.counts.values())

    def add(self, each: Rereading) -> None:
        """Count one."""
        self.counts[each.outcome] = self.counts.get(each.outcome, 0) + 1
        if each.reason is not None and len(self.refused) < _MOST_EXAMPLES:
            self.refused.append({"url": each.url, "reason": each.reason})
        for difference in each.differences:
            told = self.fields.setdefault(
                difference.field, {"changed": 0, "filled": 0, "emptied": 0, "examples": []}
            )
            how = "filled" if not difference.before else "changed"
            told["emptied" if not difference.after else how] += 1
            if len(told["examples"]) < _MOST_EXAMPLES:
                before, after = difference.before, difference.after
                told["examples"].append({"url": each.url, "before": before, "after": after})

    def to_dict(self) -> dict[str, Any]:
        """What ``reparse --json`` prints of it."""
        order = [each.name for each in fields(Article)]
        told = sorted(self.fields.items(), key=lambda item: order.index(item[0]))
        counted: dict[str, Any] = {name: self.counts.get(name, 0) for name in OUTCOMES}
        counted["no_edits"] = self.no_edits
        return {"read": self.read, **counted, "fields": dict(told), "refused": self.refused}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Tally:
        """The tally that :meth:`to_dict` told."""
        counts: dict[str, int] = {name: told[name] for name in OUTCOMES if told.get(name)}
        examples = list(told.get("refused", []))
        return cls(counts, dict(told.get("fields", {})), examples, told.get("no_edits", 0))


@dataclass(slots=True)
class Run:
    """One run of `reparse` that writes."""

    id: int
    started_at: datetime
    after: int = 0
    """The last revision that is done."""
    refused_after: int = 0
    """The last capture that is done of those that were refused."""
    tally: Tally = field(default_factory=Tally)

    def note(self, found: Iterable[Rereading]) -> None:
        """Those are done."""
        for each in found:
            self.tally.add(each)
            if each.revision_id:
                self.after = each.revision_id
            else:
                self.refused_after = each.capture_id

    def to_dict(self) -> dict[str, Any]:
        """How far it is, as it is written down."""
        place = {"after": self.after, "refused_after": self.refused_after}
        return {**place, "tally": self.tally.to_dict()}


def revisions_to_read(
    connection: Connection, selection: Selection, *, after: int, limit: int
) -> list[int]:
    """The numbers of the next revisions, in order."""
    query = (
        selection.of(_TARGETS, revisions.c.id)
        .where(revisions.c.id > after)
        .order_by(revisions.c.id)
    )
    return list(connection.scalars(query.limit(limit)))


def count_to_read(connection: Connection, selection: Selection, *, after: int) -> int:
    """How many revisions there are to read."""
    targets = selection.of(_TARGETS, revisions.c.id).where(revisions.c.id > after).subquery()
    return int(connection.execute(select(func.count()).select_from(targets)).scalar_one())


_CURRENT = (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None)
_TARGETS = (
    select(revisions.c.id)
    .join(readings, _CURRENT)
    .join(captures, captures.c.id == readings.c.capture_id)
)
_STORED = (
    select(
        revisions.c.article_id,
        readings.c.id.label("reading_id"),
        readings.c.capture_id,
        readings.c.record,
        captures.c.url,
        captures.c.site,
    )
    .join(readings, _CURRENT)
    .join(captures, captures.c.id == readings.c.capture_id)
    .where(revisions.c.id == bindparam("revision_id"))
)


def rereading(connection: Connection, revision_id: int, read: Read) -> Rereading:
    """Read a revision's capture again, its further pages with it; nothing is written."""
    row = connection.execute(_STORED, {"revision_id": revision_id}).one()
    about = (revision_id, row.article_id, row.reading_id, row.capture_id, row.url)
    try:
        capture, held = capture_of(connection, row.capture_id), article_of(row.record)
        found = read(row.site, capture)
        if not isinstance(found, Article):
            is_none = isinstance(found, NotAnArticle)
            return Rereading(*about, "not_article" if is_none else "unreadable", reason=str(found))
        if found.first_page:
            reason = f"a later page of {found.first_page}"
            return Rereading(*about, "not_article", reason=reason)
        whole = with_stored_parts(
            connection, found, capture, lambda each: _article(read(row.site, each))
        )
    except ArchiveDamaged as damage:
        return Rereading(*about, "damaged", reason=str(damage))
    content = content_of(whole)
    differences = tuple(_differences(held, content.article))
    is_cut = whole.next_page is not None and is_beginning_of(whole, held)
    if not differences or is_cut:
        return Rereading(*about, "same")
    return Rereading(*about, "other", differences, content=content)


def _article(reading: Article | NotAnArticle | Unreadable) -> Article | None:
    return reading if isinstance(reading, Article) else None


def _differences(before: Article, after: Article) -> Iterator[Difference]:
    for each in fields(Article):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name not in _HOW and (old or None) != (new or None):
            yield Difference(each.name, *_where_they_part(_text(old), _text(new)))


def _text(value: Any) -> str:
    """A field's value in one line."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(each)}" for name, each in value.items())
    if isinstance(value, tuple | list):
        is_names = all(isinstance(each, str) and len(each) <= _LONGEST_NAME for each in value)
        return (", " if is_names else " ¶ ").join(map(_text, value))
    if hasattr(value, "__dataclass_fields__"):
        parts = (getattr(value, each.name) for each in fields(value))
        return " | ".join(_text(part) for part in parts if part not in (None, "", ()))
    return "" if value is None else str(value)


def _where_they_part(old: str, new: str) -> tuple[str, str]:
    """Both texts from shortly before the place where they differ."""
    shorter = min(len(old), len(new))
    place = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    start = max(0, place - _BEFORE)
    return tuple(  # type: ignore[return-value]
        ("…" if start and text else "") + text[start : start + _LENGTH] for text in (old, new)
    )


# --- runs


def begin(connection: Connection, options: dict[str, Any], now: datetime) -> Run:
    """A run with these options: the one that did not come to its end, or a new one."""
    last = connection.execute(
        select(crawls).where(crawls.c.mode == MODE).order_by(crawls.c.id.desc()).limit(1)
    ).one_or_none()
    if last and last.outcome in (None, "interrupted") and last.options == options and last.report:
        told = last.report
        tally = Tally.from_dict(told["tally"])
        return Run(last.id, last.started_at, told["after"], told.get("refused_after", 0), tally)
    row = {
        "site": options.get("site") or "",
        "mode": MODE,
        "options": options,
        "started_at": now,
        "report": Run(0, now).to_dict(),
    }
    added = connection.execute(insert(crawls).values(row).returning(crawls.c.id))
    return Run(added.scalar_one(), now)


def write(connection: Connection, run: Run, found: Iterable[Rereading]) -> None:
    """Put new readings in the place of the old, and note how far the run is."""
    for each in found:
        if each.revision_id and each.content is not None:
            _replace(connection, run, each, each.content)
    connection.execute(update(crawls).where(crawls.c.id == run.id).values(report=run.to_dict()))


_REPLACE = Statement(
    update(readings)
    .where(readings.c.id == bindparam("reading"), readings.c.replaced_at.is_(None))
    .values(replaced_at=bindparam("moment"))
)


def _replace(connection: Connection, run: Run, each: Rereading, content: Content) -> None:
    at = {"reading": each.reading_id, "moment": run.started_at}
    if _REPLACE.run(connection, at).rowcount:
        add_reading(connection, each.revision_id, each.capture_id, content, run.started_at)
        latest = latest_state(connection, each.article_id)
        if latest is not None and latest.id == each.revision_id:
            rewrite_article(connection, each.article_id, content)


def end(connection: Connection, run: Run, outcome: str, now: datetime) -> None:
    """Note that a run is over: finished, interrupted, or undone."""
    values: dict[str, Any] = {"outcome": outcome, "finished_at": now}
    if outcome == "finished":
        values["report"] = run.to_dict()
    connection.execute(update(crawls).where(crawls.c.id == run.id).values(values))


# --- back


@dataclass(frozen=True, slots=True)
class Undoing:
    """The run to take back, and how far that is."""

    run_id: int
    started_at: datetime
    after: int = 0
    put_back: int = 0
    refused_after: int = 0


def last_run(connection: Connection) -> Undoing:
    """The last run that was not taken back; :class:`BadInput` where there is none."""
    row = connection.execute(
        select(crawls.c.id, crawls.c.started_at)
        .where(crawls.c.mode == MODE, func.coalesce(crawls.c.outcome, "") != "undone")
        .order_by(crawls.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise BadInput("There is no run of `reparse` to undo.")
    return Undoing(row.id, row.started_at)


_new, _old = readings.alias("new"), readings.alias("old")


def put_back(connection: Connection, undoing: Undoing, now: datetime) -> Undoing | None:
    """Bring some of the old readings back, the new ones stay beside them; None when all are.

    A revision that was read once more since then keeps its reading.
    """
    pairs = connection.execute(
        select(_new.c.id, _old.c.id.label("old_id"), _old.c.record, revisions.c.article_id)
        .add_columns(revisions.c.id.label("revision_id"))
        .join(_old, _old.c.revision_id == _new.c.revision_id)
        .join(revisions, revisions.c.id == _new.c.revision_id)
        .where(
            _new.c.read_at == undoing.started_at,
            _new.c.replaced_at.is_(None),
            _old.c.replaced_at == undoing.started_at,
            _new.c.id > undoing.after,
        )
        .order_by(_new.c.id)
        .limit(_TOGETHER)
    ).all()
    for row in pairs:
        connection.execute(update(readings).where(readings.c.id == row.id).values(replaced_at=now))
        connection.execute(
            update(readings).where(readings.c.id == row.old_id).values(replaced_at=None)
        )
        latest = latest_state(connection, row.article_id)
        if latest is not None and latest.id == row.revision_id:
            rewrite_article(connection, row.article_id, content_of(article_of(row.record)))
    if not pairs:
        return None
    return Undoing(undoing.run_id, undoing.started_at, pairs[-1].id, undoing.put_back + len(pairs))


def prune(connection: Connection) -> int:
    """Forget some of the readings that were replaced; how many, 0 when none is left."""
    ids = select(readings.c.id).where(readings.c.replaced_at.is_not(None)).limit(_TOGETHER)
    found = list(connection.scalars(ids))
    if found:
        connection.execute(delete(readings).where(readings.c.id.in_(found)))
    return len(found)
