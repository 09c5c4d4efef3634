"""Whether an archive is whole: every byte against its hash, every row against what it came from.

Nothing is changed, and a crawl may run meanwhile: all is read in one transaction, so that what is
compared belongs together. What is damaged is named; a damage does not end the search for others.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, exc, func, select, text

from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import ArchiveDamaged, BadInput, MachineFault, NotAnArticle, Unreadable
from storage.captures import SEEN, WithoutBytes, body_of, capture_of, gone_since_by
from storage.content import Content, article_of, columns_of, fingerprint
from storage.dictionaries import dictionary
from storage.heads import unpacked
from storage.opening import address_to_read
from storage.parts import image_rows, links_of
from storage.revisions import with_stored_parts
from storage.schema import (
    aliases,
    article_authors,
    article_tags,
    articles,
    authors,
    bodies,
    captures,
    dictionaries,
    images,
    links,
    metadata,
    readings,
    revisions,
    tags,
)
from storage.statements import Statement

#: Reads a capture of a site as today's parser does.
Reader = Callable[[Capture, str], Article | NotAnArticle | Unreadable]

#: What a reading of today's parser says, beside what was read.
Progress = Callable[[str, int, int], None]

#: A database that is damaged in many places says little more by naming all of them.
MOST_NAMED = 1000

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was stored."""

    kind: str
    """file, schema, reference, dictionary, capture, article, revision, reading, index, counts."""
    id: int | None
    """The number of the row, where it is one."""
    url: str | None
    what: str
    """What is wrong with it, in words."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": self.kind, "id": self.id, "url": self.url, "what": self.what}


@dataclass(slots=True)
class Findings:
    """What a verification came to."""

    checked: Counter[str] = field(default_factory=Counter)
    """How many rows of each kind were looked at."""
    damaged: list[Damage] = field(default_factory=list)
    unnamed: int = 0
    """Damages beyond the first thousand."""
    differing: list[Damage] = field(default_factory=list)
    """Captures that a newer parser reads otherwise: no damage. Only a deep verification looks."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damaged

    def add(self, kind: str, what: str, number: int | None = None, url: str | None = None) -> None:
        """Name a damage."""
        if len(self.damaged) < MOST_NAMED:
            self.damaged.append(Damage(kind, number, url, what))
        else:
            self.unnamed += 1

    def to_dict(self) -> dict[str, Any]:
        """What ``verify --json`` prints."""
        return {
            "whole": self.is_whole,
            "checked": dict(self.checked),
            "damaged": [each.to_dict() for each in self.damaged],
            "unnamed": self.unnamed,
            "differing": [each.to_dict() for each in self.differing],
        }


def verified(
    connection: Connection,
    path: Path | None,
    reader: Reader | None = None,
    progress: Progress = lambda *_: None,
) -> Findings:
    """Look at everything; with a *reader* every capture is read again, too."""
    found = Findings()
    checks: list[tuple[str, Callable[[], None]]] = [
        ("dictionaries", lambda: _check_dictionaries(connection, found)),
        ("bodies", lambda: _check_bodies(connection, found, progress)),
        ("captures", lambda: _check_captures(connection, found, progress)),
        ("readings", lambda: _check_readings(connection, found, progress)),
        ("articles", lambda: _check_articles(connection, found, progress)),
        ("times and addresses", lambda: _check_evidence(connection, found)),
    ]
    if connection.dialect.name == "sqlite":
        checks[:0] = [
            ("file", lambda: _check_file(connection, found)),
            ("schema", lambda: _check_schema(connection, found)),
            ("references", lambda: _check_references(connection, found)),
        ]
        checks.append(("counts", lambda: _check_counts(connection, found)))
    if path is not None:
        checks.append(("index", lambda: _check_index(path, found)))
    if reader is not None:
        checks.append(("deep", lambda: _check_deep(connection, found, reader, progress)))
    for name, check in checks:
        try:
            check()
        except (exc.DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, exc.DBAPIError) else error
            found.add("file", f"the check of {name} could not be finished: {cause}")
    return found


# --- the database's own


def _check_file(connection: Connection, found: Findings) -> None:
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(100)"):
        for line in str(said).splitlines():
            if line != "ok":
                found.add("file", line.removeprefix("*** in database main ***").strip())


def _check_schema(connection: Connection, found: Findings) -> None:
    """What the program needs in the file besides rows: a dropped trigger is damage to come."""
    there = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    for name in (*metadata.tables, *_INDEXING):
        if name not in there:
            found.add("schema", f"{name} is missing")


#: The full-text index, and the triggers that keep it and the counts.
_INDEXING = (
    "articles_fts",
    *(f"articles_{act}" for act in ("indexed", "unindexed", "reindexed")),
    *(f"articles_{act}" for act in ("tallied", "untallied", "retallied", "redated")),
    *(f"frontier_{act}" for act in ("entered", "struck", "reentered")),
)


def _check_references(connection: Connection, found: Findings) -> None:
    for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        what = f"a row of {table} refers to a row of {target} that is missing"
        found.add("reference", what, row)


# --- bytes


def _check_dictionaries(connection: Connection, found: Findings) -> None:
    for number in _numbers(connection, dictionaries):
        found.checked["dictionaries"] += 1
        try:
            dictionary(connection, number)
        except ArchiveDamaged as damage:
            found.add("dictionary", str(damage), number)


def _check_bodies(connection: Connection, found: Findings, progress: Progress) -> None:
    total = connection.scalar(select(func.count()).select_from(bodies)) or 0
    for number in _numbers(connection, bodies):
        found.checked["bodies"] += 1
        progress("bodies", found.checked["bodies"], total)
        try:
            what = _body_damage(connection, number)
        except WithoutBytes:
            found.checked["without bytes"] += 1
            continue
        if what is not None:
            _name_captures(connection, found, number, what)


def _body_damage(connection: Connection, number: int) -> str | None:
    try:
        body = body_of(connection, number)
        size = _SIZE.one(connection, {"number": number})
    except ArchiveDamaged as damage:
        return str(damage)
    except (exc.DBAPIError, sqlite3.Error, TypeError) as error:
        return f"its bytes can't be read ({_cause(error)})"
    return None if size == len(body) else f"it has {len(body)} bytes, and {size} were sent"


_SIZE = Statement(select(bodies.c.bytes).where(bodies.c.id == bindparam("number")))


def _name_captures(connection: Connection, found: Findings, body_id: int, what: str) -> None:
    """A damaged body is named by the captures that it belongs to."""
    query = select(captures.c.id, captures.c.url).where(captures.c.body_id == body_id)
    named = connection.execute(query).all()
    for number, url in named:
        found.add("capture", what, number, url)
    if not named:
        found.add("capture", f"body {body_id} belongs to no capture, and {what}")


def _check_captures(connection: Connection, found: Findings, progress: Progress) -> None:
    """Every capture can be made up again, and a body is there because of a capture."""
    shown = _revisions_by_capture(connection)
    for number, row in _rows(connection, captures):
        found.checked["captures"] += 1
        if isinstance(row, Exception):
            found.add("capture", f"its row can't be read ({_cause(row)})", number)
            continue
        try:
            _ = unpacked(connection, row.head_id, row.head), row.fetched_at.tzinfo
        except ArchiveDamaged as damage:
            found.add("capture", str(damage), number, row.url)
            continue
        except (ValueError, TypeError, AttributeError) as error:
            found.add("capture", f"its row can't be read ({_cause(error)})", number, row.url)
            continue
        if row.outcome in ("new", "revised") and (number not in shown or row.article_id is None):
            found.add("capture", "the revision that it brought is missing", number, row.url)
    for (number,) in connection.execute(_ORPHANS):
        found.add("capture", f"body {number} belongs to no capture: one is missing", None)


_CAPTURE = select(captures).where(captures.c.id == bindparam("number"))
_ORPHANS = select(bodies.c.id).where(
    ~select(captures.c.id).where(captures.c.body_id == bodies.c.id).exists()
)


def _revisions_by_capture(connection: Connection) -> set[int]:
    return set(connection.scalars(select(revisions.c.capture_id)))


# --- when, where and with which answer


def _check_evidence(connection: Connection, found: Findings) -> None:
    """What captures, revisions, articles and addresses say of one another's times and places.

    Who changes all of them alike is not found out; who changes one is.
    """
    for kind, what, query in _EVIDENCE:
        for number, url in connection.execute(query):
            found.add(kind, what, number, url)


_IS_SHOWN = captures.c.article_id.is_not(None) & captures.c.outcome.in_(SEEN)
_shows = captures.alias("shows")
_SHOWN_THEN = select(_shows.c.id).where(
    _shows.c.article_id == revisions.c.article_id,
    _shows.c.fetched_at == revisions.c.captured_at,
    _shows.c.outcome.in_(SEEN),
)
_FIRST_SHOWN = (
    select(func.min(captures.c.fetched_at))
    .where(captures.c.article_id == articles.c.id, captures.c.outcome.in_(SEEN))
    .correlate(articles)
    .scalar_subquery()
)
_KNOWN_ADDRESS = select(aliases.c.url).where(
    aliases.c.url.in_((captures.c.url, captures.c.final_url))
)
_EVIDENCE: tuple[tuple[str, str, Select[Any]], ...] = (
    (
        "capture",
        "its address is none of those under which its article is known",
        select(captures.c.id, captures.c.url).where(_IS_SHOWN, ~_KNOWN_ADDRESS.exists()),
    ),
    (
        "capture",
        "its status is no answer of which that outcome comes",
        select(captures.c.id, captures.c.url).where(
            (captures.c.outcome.in_(SEEN) & (captures.c.status >= 400))
            | ((captures.c.outcome == "gone") & captures.c.status.not_in((404, 410)))
        ),
    ),
    (
        "revision",
        "no capture of its article was made when it is said to have been seen",
        select(revisions.c.id, articles.c.url)
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(~_SHOWN_THEN.exists()),
    ),
    (
        "article",
        "its first capture was made at another time than it is said to have been seen first",
        select(articles.c.id, articles.c.url).where(
            articles.c.first_seen_at.is_distinct_from(_FIRST_SHOWN)
        ),
    ),
    (
        "article",
        "it is said to be gone, or not to be, against what its captures show",
        select(articles.c.id, articles.c.url).where(
            articles.c.gone_at.is_distinct_from(gone_since_by(articles.c.id))
        ),
    ),
)


# --- what was read


def _check_readings(connection: Connection, found: Findings, progress: Progress) -> None:
    """Every record opens and says what its fingerprint says; every revision has one that holds."""
    total = connection.scalar(select(func.count()).select_from(readings)) or 0
    for number, row in _rows(connection, readings):
        found.checked["readings"] += 1
        progress("readings", found.checked["readings"], total)
        try:
            if isinstance(row, Exception):
                raise row
            article = article_of(row.record)
            same = (fingerprint(article), article.headline) == (row.content_sha256, row.headline)
        except _UNREADABLE as error:
            found.add("reading", f"its record can't be read ({_cause(error)})", number)
            continue
        if not same:
            found.add("reading", "its record is not what was stored", number)
    for number, url, current in connection.execute(_REVISIONS):
        found.checked["revisions"] += 1
        if current != 1:
            found.add("revision", f"it has {current} readings that hold, not one", number, url)
    for number, url in connection.execute(_STRAYED):
        found.add("revision", "the capture that showed it is another article's", number, url)


_UNREADABLE = (
    ArchiveDamaged,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    exc.SQLAlchemyError,
)
_REVISIONS = (
    select(revisions.c.id, articles.c.url, func.count(readings.c.id))
    .outerjoin(articles, articles.c.id == revisions.c.article_id)
    .outerjoin(
        readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None)
    )
    .group_by(revisions.c.id, articles.c.url)
)
_STRAYED = (
    select(revisions.c.id, captures.c.url)
    .join(captures, captures.c.id == revisions.c.capture_id)
    .where(captures.c.article_id.is_distinct_from(revisions.c.article_id))
)


def _check_articles(connection: Connection, found: Findings, progress: Progress) -> None:
    """Every article's row and parts say what its latest reading says."""
    total = connection.scalar(select(func.count()).select_from(articles)) or 0
    for number, row in _rows(connection, articles):
        found.checked["articles"] += 1
        progress("articles", found.checked["articles"], total)
        url = getattr(row, "url", None)
        try:
            if isinstance(row, Exception):
                raise row
            latest = _LATEST.one(connection, {"number": number})
            if latest is None:
                found.add("article", "it has no revision", number, url)
                continue
            wrong = _differences(connection, row, article_of(bytes(latest)))
        except _UNREADABLE as error:
            found.add("article", f"it can't be read ({_cause(error)})", number, url)
            continue
        if wrong:
            found.add("article", f"not as it was read: {', '.join(wrong)}", number, url)


_LATEST = Statement(
    select(readings.c.record)
    .join(revisions, revisions.c.id == readings.c.revision_id)
    .where(revisions.c.article_id == bindparam("number"), readings.c.replaced_at.is_(None))
    .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    .limit(1)
)


def _differences(connection: Connection, row: Any, article: Article) -> list[str]:
    """The columns and parts in which a stored article is not what was read."""
    values = columns_of(Content(article, b"", ""))
    del values["site"]  # the crawl's name for it
    wrong = [name for name, value in values.items() if getattr(row, name) != value]
    owned = {"number": row.id}
    for name, stored in _PARTS.items():
        rows = [tuple(each) for each in stored.run(connection, owned).fetchall()]
        if rows != _read_parts(name, article):
            wrong.append(name)
    known = _ADDRESS.one(connection, owned)
    return wrong if known else [*wrong, "addresses"]


def _read_parts(name: str, article: Article) -> list[tuple[Any, ...]]:
    """The rows that a part of an article should have."""
    if name == "author names":
        return [(each,) for each in article.authors]
    if name == "tag names":
        return [(each,) for each in article.tags]
    if name == "links":
        said = links_of(article)
        return sorted((e["role"], e["position"], e["url"], e.get("title")) for e in said)
    return [(e["url"], e["caption"], e["credit"], e["alt"]) for e in image_rows(0, article)]


def _names_of(owned: Table, known: Table, column: str) -> Statement:
    return Statement(
        select(known.c.name)
        .join(owned, owned.c[column] == known.c.id)
        .where(owned.c.article_id == bindparam("number"))
        .order_by(owned.c.position)
    )


_PARTS = {
    "author names": _names_of(article_authors, authors, "author_id"),
    "tag names": _names_of(article_tags, tags, "tag_id"),
    "links": Statement(
        select(links.c.role, links.c.position, links.c.url, links.c.title)
        .where(links.c.article_id == bindparam("number"))
        .order_by(links.c.role, links.c.position)
    ),
    "images": Statement(
        select(images.c.url, images.c.caption, images.c.credit, images.c.alt)
        .where(images.c.article_id == bindparam("number"))
        .order_by(images.c.position)
    ),
}
_ADDRESS = Statement(
    select(aliases.c.url).where(aliases.c.article_id == bindparam("number")).limit(1)
)


# --- counts


def _check_counts(connection: Connection, found: Findings) -> None:
    """The counts that the database keeps itself against the rows that they are of."""
    for name in ("tallies", "ledger"):
        found.checked["counts"] += int(connection.execute(_NUMBER[name]).scalar_one())
        wrong = connection.execute(_MISCOUNTED[name]).scalar_one()
        if wrong:
            found.add("counts", _TO_COUNT_ANEW.format(wrong=wrong, name=name))


_TO_COUNT_ANEW = (
    "{wrong} rows of {name} are not what is counted now: once the articles are whole, "
    "empty it, and INSERT INTO {name} SELECT * FROM {name}_anew"
)

_NUMBER = {name: text(f"SELECT count(*) FROM {name}") for name in ("tallies", "ledger")}  # noqa: S608
_MISCOUNTED = {
    name: text(
        "SELECT count(*) FROM ("  # noqa: S608
        f"SELECT * FROM (SELECT * FROM {name} EXCEPT SELECT * FROM {name}_anew) UNION ALL "
        f"SELECT * FROM (SELECT * FROM {name}_anew EXCEPT SELECT * FROM {name}))"
    )
    for name in ("tallies", "ledger")
}


# --- the index


def _check_index(path: Path, found: Findings) -> None:
    """The full-text index against the rows.

    SQLite's own check of it is a statement that writes. So it is asked of a copy of the index in a
    temporary place, over a view of the archive's articles, and the archive is only read.
    """
    with closing(sqlite3.connect(address_to_read(path), uri=True)) as connection:
        connection.execute("BEGIN")
        _check_index_rows(connection, found)
        made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'")
        statement = str(made.fetchone()[0])
        connection.execute("CREATE TEMP VIEW index_rows AS SELECT * FROM main.articles")
        connection.execute(
            statement.replace("articles_fts", "temp.index_copy", 1).replace(
                "content='articles'", "content='index_rows'"
            )
        )
        for part in ("data", "idx", "docsize", "config"):
            connection.execute(f"DELETE FROM temp.index_copy_{part}")  # noqa: S608
            connection.execute(
                f"INSERT INTO temp.index_copy_{part} SELECT * FROM main.articles_fts_{part}"  # noqa: S608
            )
        try:
            connection.execute(
                "INSERT INTO temp.index_copy(index_copy, rank) VALUES ('integrity-check', 1)"
            )
        except sqlite3.DatabaseError:
            found.add(
                "index",
                "the full-text index does not say what the articles say; once they are whole, "
                "INSERT INTO articles_fts(articles_fts) VALUES ('rebuild') makes it anew",
            )


def _check_index_rows(connection: sqlite3.Connection, found: Findings) -> None:
    found.checked["indexed"] = connection.execute(
        "SELECT count(*) FROM articles_fts_docsize"
    ).fetchone()[0]
    for number, url in connection.execute(
        "SELECT id, url FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)"
    ):
        found.add("index", "search does not find it: it is not in the index", number, url)
    for (number,) in connection.execute(
        "SELECT id FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles)"
    ):
        found.add("index", "search finds an article that is not there", number)


# --- reading again


def _check_deep(
    connection: Connection, found: Findings, reader: Reader, progress: Progress
) -> None:
    total = connection.scalar(select(func.count()).select_from(captures)) or 0
    for number in _numbers(connection, captures):
        found.checked["read again"] += 1
        progress("read again", found.checked["read again"], total)
        row = connection.execute(_CAPTURE, {"number": number}).one()
        try:
            what, is_damage = _reads_otherwise(connection, row, reader)
        except (ArchiveDamaged, BadInput, MachineFault):
            continue  # its bytes are named already, or left out of a copy
        if what and is_damage:
            found.add("reading", what, number, row.url)
        elif what:
            found.differing.append(Damage("capture", number, row.url, what))


def _reads_otherwise(connection: Connection, row: Any, reader: Reader) -> tuple[str | None, bool]:
    """What today's parser says of a capture that the archive does not, and if that is damage.

    It is where the same version of the parser read it before.
    """
    if row.outcome not in ("new", "revised", "unchanged", "not_article", "unreadable"):
        return None, False
    capture = capture_of(connection, row.id)
    reading = reader(capture, row.site)
    is_article = isinstance(reading, Article)
    if row.outcome in ("not_article", "unreadable"):
        return ("it is read as an article today" if is_article else None), False
    if not isinstance(reading, Article):
        return f"it is not read as an article today ({reading})", False

    def article_in(other: Capture) -> Article | None:
        again = reader(other, row.site)
        return again if isinstance(again, Article) else None

    whole = with_stored_parts(connection, reading, capture, article_in)
    known = connection.execute(_STATES, {"number": row.article_id}).all()
    if fingerprint(whole) in {each.content_sha256 for each in known}:
        return None, False
    is_same_parser = any(each.parser == whole.parser for each in known)
    return "it reads otherwise than the archive says", is_same_parser


_STATES = (
    select(readings.c.content_sha256, readings.c.parser)
    .join(revisions, revisions.c.id == readings.c.revision_id)
    .where(revisions.c.article_id == bindparam("number"))
)


def _rows(connection: Connection, table: Table) -> Iterator[tuple[int, Any]]:
    """All rows with their numbers, or in a row's place the error with which it can't be read."""
    after = -1
    while True:
        query = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(_PORTION)
        numbers = connection.scalars(query).all()
        if not numbers:
            return
        wanted = select(table).where(table.c.id.between(numbers[0], numbers[-1]))
        try:
            rows = connection.execute(wanted.order_by(table.c.id)).all()
            yield from ((row.id, row) for row in rows)
        except _UNREADABLE:
            yield from ((number, _row(connection, table, number)) for number in numbers)
        after = numbers[-1]


def _row(connection: Connection, table: Table, number: int) -> Any:
    try:
        return connection.execute(select(table).where(table.c.id == number)).one()
    except _UNREADABLE as error:
        return error


def _numbers(connection: Connection, table: Table) -> Iterator[int]:
    """The numbers of all rows, by portions, so that a statement is never open for long."""
    after = -1
    while True:
        query = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(_PORTION)
        portion = connection.scalars(query).all()
        yield from portion
        if len(portion) < _PORTION:
            return
        after = portion[-1]


def _cause(error: BaseException) -> str:
    if isinstance(error, ArchiveDamaged) and error.__cause__ is not None:
        return _cause(error.__cause__)
    inner = error.orig if isinstance(error, exc.DBAPIError) and error.orig else error
    if isinstance(inner, json.JSONDecodeError):
        return "no JSON"
    return str(inner).strip().partition("\n")[0] or type(inner).__name__
