"""What the archive remembers: every table, and what each column means.

The tables are plain SQLAlchemy and run on SQLite and PostgreSQL. What only a database can keep
itself (the full-text index, its triggers, the researchers' views) is written in the migrations.
A column's ``comment`` is its documentation: ``docs/reference/schema.md`` is made from it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

#: Version of the schema: the newest migration. Raised together with a new file in ``migrations``.
VERSION = "0010"

#: ``PRAGMA application_id`` of an archive, the letters "Heme": tells it from other SQLite files.
APPLICATION_ID = 0x48656D65


#: Makes the words of the full-text index known to a connection, for as long as it lives: the table
#: ``temp.words`` has a row per occurrence, in order of the words.
VOCABULARY = "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'articles_fts', 'instance')"

#: ``PRAGMA user_version`` of a copy for publication, in which bodies have no content.
WITHOUT_BYTES = 1


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. SQLite forgets zones, so a naive value is refused on the way in.

    Comes back aware, in UTC, from every database.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC, as the database takes it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"An instant needs its zone, and {value.isoformat()} has none.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant as an aware value in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SHA256(TypeDecorator[str]):
    """A SHA-256: hex in Python, 32 bytes in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """The bytes that the hex digits say."""
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """The hex digits, in small letters."""
        return value.hex() if isinstance(value, bytes | memoryview) else value


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite numbers rows itself only where the key is exactly ``INTEGER``.
Key = BigInteger().with_variant(Integer(), "sqlite")


def _key() -> Column[Any]:
    return Column("id", Key, primary_key=True, comment="Number of the row.")


def _refers(name: str, target: str, comment: str, **options: Any) -> Column[Any]:
    return Column(name, Key, ForeignKey(target), comment=comment, **options)


crawls = Table(
    "crawls",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site, as on the command line."),
    Column(
        "mode",
        Text,
        nullable=False,
        comment="due, latest, backfill, recheck; add, wayback, …",
    ),
    Column("options", JSON, nullable=False, comment="The options that the crawl was given."),
    Column("started_at", UTCDateTime, nullable=False, comment="When it began."),
    Column("finished_at", UTCDateTime, comment="Empty for a crawl that was killed or still runs."),
    Column("outcome", Text, comment="finished or interrupted; empty while unknown."),
    Column("report", JSON, comment="What `crawl --report` wrote."),
    comment="Every run that added to the archive.",
)

dictionaries = Table(
    "dictionaries",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site, as on the command line."),
    Column("trained_at", UTCDateTime, nullable=False, comment="When it was made."),
    Column("samples", Integer, nullable=False, comment="How many bodies it was trained on."),
    Column(
        "content", LargeBinary, nullable=False, comment="Pages of the site, one zstd frame of them."
    ),
    comment="zstd dictionaries, trained per site; a body names the one that it needs.",
)

bodies = Table(
    "bodies",
    metadata,
    _key(),
    Column("sha256", SHA256, nullable=False, unique=True, comment="SHA-256 of the bytes as sent."),
    Column("bytes", Integer, nullable=False, comment="How many bytes were sent."),
    _refers(
        "dictionary_id", "dictionaries.id", "Dictionary needed to decompress, or empty.", index=True
    ),
    Column("content", LargeBinary, nullable=False, comment="The bytes as one zstd frame."),
    _refers("base_id", "bodies.id", "The whole body that `content` differs from, or empty."),
    Column(
        "wrapping", Text, comment="How `content` was gzipped when it was sent; empty if it was not."
    ),
    comment="The payloads that servers sent, each kept once whatever the number of captures.",
)

articles = Table(
    "articles",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site, as on the command line."),
    Column("url", Text, nullable=False, comment="The address under which it was first fetched."),
    Column(
        "canonical_url", Text, nullable=False, comment="The address that the page gives itself."
    ),
    Column("language", Text, comment="BCP 47 primary tag of the article's own text."),
    Column("published", Text, comment="ISO 8601 as precise as the page says; empty when unknown."),
    Column("published_on", Date, comment="The day of `published`."),
    Column("published_at", UTCDateTime, comment="The instant of `published` where it has a zone."),
    Column("modified", Text, comment="ISO 8601 time of the last change, as the page states it."),
    Column("kicker", Text, comment="The type label over the headline, as shown."),
    Column("kicker_folded", Text, comment="`kicker` without case and accents, to filter by."),
    Column("headline", Text, nullable=False, comment="The headline as printed."),
    Column("deck", Text, comment="The standfirst."),
    Column("category", Text, comment="The one category of the meta line or breadcrumb."),
    Column("category_folded", Text, comment="`category` without case and accents, to filter by."),
    Column("byline", Text, comment="The authors' names, or else the printed byline."),
    Column("tags", Text, comment="The tags, separated by commas."),
    Column("licence", Text, comment="The licence that the page states."),
    Column("words", Integer, nullable=False, comment="Words in body and analysis."),
    Column("parser", Text, nullable=False, comment="Profile and version that read it."),
    Column("first_seen_at", UTCDateTime, nullable=False, comment="When it was first captured."),
    Column("gone_at", UTCDateTime, comment="Since when the server says 404 or 410; else empty."),
    Column("body", Text, nullable=False, comment="The reporting, blocks parted by a blank line."),
    Column("analysis", Text, comment="The newsroom's own analysis; empty where the page has none."),
    Column("captions", Text, comment="Captions and credits of the images, one a line."),
    Column("notices", Text, comment="Corrections and editor's notes, parted by a blank line."),
    Column(
        "has_analysis",
        Boolean,
        Computed("analysis IS NOT NULL"),
        comment="Whether the newsroom's own analysis stands apart; kept by the database.",
    ),
    Index(None, "published_on"),
    Index(None, "site", "published_on"),
    Index(None, "language", "published_on"),
    Index(None, "category_folded", "published_on"),
    Index(None, "kicker_folded", "published_on"),
    Index(
        "ix_articles_facts",
        "id",
        "site",
        "language",
        "published_on",
        "category_folded",
        "category",
        "kicker_folded",
        "kicker",
        "words",
        "has_analysis",
    ),
    comment="One row per article, as it was last read; the full-text index covers these texts.",
)

aliases = Table(
    "aliases",
    metadata,
    Column("url", Text, primary_key=True, comment="An address of the article."),
    Column("key", Text, nullable=False, index=True, comment="The address without what varies."),
    _refers("article_id", "articles.id", "The article.", nullable=False, index=True),
    Column(
        "role", Text, nullable=False, comment="fetched; or claimed: canonical, redirect, moved."
    ),
    comment="Every address under which an article is known, its own among them.",
)

heads = Table(
    "heads",
    metadata,
    _key(),
    Column(
        "site",
        Text,
        nullable=False,
        index=True,
        comment="Name of the site, as on the command line.",
    ),
    Column(
        "content", Text, nullable=False, comment="JSON: HTTP version, reason phrase, header pairs."
    ),
    comment="Heads of responses, by which the others of a site are told.",
)

captures = Table(
    "captures",
    metadata,
    _key(),
    Column(
        "site",
        Text,
        nullable=False,
        index=True,
        comment="Name of the site, as on the command line.",
    ),
    Column("url", Text, nullable=False, index=True, comment="The address that was asked for."),
    Column("final_url", Text, comment="Where redirects ended, if there were any."),
    Column(
        "redirects",
        JSON(none_as_null=True),
        comment="The addresses passed through, without the last.",
    ),
    Column("fetched_at", UTCDateTime, nullable=False, comment="When the response arrived."),
    Column("status", Integer, nullable=False, comment="HTTP status; 200 for a page from a file."),
    _refers("head_id", "heads.id", "The head of which `head` tells the difference, or empty."),
    Column("head", LargeBinary, comment="Status line and header fields, as a zstd frame."),
    Column("truncated", Boolean, nullable=False, comment="Ended before the promised length."),
    Column("outcome", Text, nullable=False, comment="What came of it: new, revised, unchanged, …"),
    Column("reason", Text, comment="Why it was no article, unreadable or failed."),
    _refers("body_id", "bodies.id", "The bytes.", nullable=False, index=True),
    _refers("article_id", "articles.id", "The article that it shows.", index=True),
    _refers("crawl_id", "crawls.id", "The crawl that fetched it."),
    Column(
        "origin",
        Text,
        comment="Where it was taken from, if not from its own address: a web archive, a feed.",
    ),
    Index(
        "ix_captures_gone",
        "fetched_at",
        sqlite_where=text("outcome = 'gone'"),
    ),
    comment="Every response that was kept: the evidence.",
)

revisions = Table(
    "revisions",
    metadata,
    _key(),
    _refers("article_id", "articles.id", "The article.", nullable=False),
    Column("captured_at", UTCDateTime, nullable=False, comment="When it was first seen so."),
    _refers("capture_id", "captures.id", "The capture that showed it.", nullable=False),
    Index(None, "article_id", "captured_at"),
    Index(None, "captured_at"),
    comment="Each state of an article's text that a newsroom published and we saw, by time.",
)

readings = Table(
    "readings",
    metadata,
    _key(),
    _refers("revision_id", "revisions.id", "What was read.", nullable=False, index=True),
    _refers("capture_id", "captures.id", "The capture it was read from.", nullable=False),
    Column("parser", Text, nullable=False, comment="Profile and version that read it."),
    Column("read_at", UTCDateTime, nullable=False, comment="When it was read."),
    Column("replaced_at", UTCDateTime, comment="When a better reading took over; else empty."),
    Column("content_sha256", Text, nullable=False, comment="Of what makes a revision."),
    Column(
        "record", LargeBinary, nullable=False, comment="The whole record: JSON, one zstd frame."
    ),
    Column("headline", Text, comment="The headline in `record`."),
    comment="What a parser made of a revision. A newer parser replaces, and the old one stays.",
)

links = Table(
    "links",
    metadata,
    _refers("article_id", "articles.id", "The article that points.", primary_key=True),
    Column("role", Text, primary_key=True, comment="see_also, related, citation, translation."),
    Column("position", Integer, primary_key=True, comment="From 0, in page order."),
    Column("url", Text, comment="Where it points, as printed; empty for a pointer without link."),
    Column("key", Text, comment="The address without what varies, to find the target by."),
    _refers("target_id", "articles.id", "The article pointed at, once the archive holds it."),
    Column("title", Text, comment="The words of the link."),
    Column("category", Text, comment="Of a card."),
    Column("date", Text, comment="Of a card: ISO 8601, as printed there."),
    Column("teaser", Text, comment="Of a card."),
    Column("language", Text, comment="Of a translation."),
    Column("internal", Boolean, comment="Of a citation: to the same site."),
    comment="Where articles point.",
    sqlite_with_rowid=False,
)
Index(
    "ix_links_waiting",
    links.c.key,
    sqlite_where=text("target_id IS NULL"),
)
Index(
    "ix_links_target_id",
    links.c.target_id,
    sqlite_where=text("target_id IS NOT NULL"),
)

images = Table(
    "images",
    metadata,
    _refers("article_id", "articles.id", "The article.", primary_key=True),
    Column("position", Integer, primary_key=True, comment="From 0, in page order."),
    Column("url", Text, comment="Where the picture is."),
    Column("caption", Text, comment="The words under it."),
    Column("credit", Text, comment="Whose picture it is."),
    Column("alt", Text, comment="What stands in for it where it can't be seen."),
    comment="The pictures of an article and what is printed about them.",
    sqlite_with_rowid=False,
)

authors = Table(
    "authors",
    metadata,
    _key(),
    Column("name", Text, nullable=False, unique=True, comment="In conventional case."),
    Column("folded", Text, nullable=False, index=True, comment="Without case and accents."),
    comment="Who signs.",
)

article_authors = Table(
    "article_authors",
    metadata,
    _refers("article_id", "articles.id", "The article.", primary_key=True),
    Column("position", Integer, primary_key=True, comment="From 0, in print order."),
    _refers("author_id", "authors.id", "The author.", nullable=False, index=True),
    comment="Who signed what.",
    sqlite_with_rowid=False,
)

tags = Table(
    "tags",
    metadata,
    _key(),
    Column("name", Text, nullable=False, unique=True, comment="As printed."),
    Column("folded", Text, nullable=False, index=True, comment="Without case and accents."),
    comment="The tags that newsrooms give.",
)

article_tags = Table(
    "article_tags",
    metadata,
    _refers("article_id", "articles.id", "The article.", primary_key=True),
    Column("position", Integer, primary_key=True, comment="From 0, in print order."),
    _refers("tag_id", "tags.id", "The tag.", nullable=False, index=True),
    comment="Which tags an article has.",
    sqlite_with_rowid=False,
)

frontier = Table(
    "frontier",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site, as on the command line."),
    Column("url", Text, nullable=False, comment="Canonical address of a page of the site."),
    Column("state", Text, nullable=False, comment="waiting until fetched; then what came of it."),
    Column("reason", Text, comment="Why it was refused, failed, or is no article."),
    Column(
        "source", Text, nullable=False, comment="What named it first: a source as in `listings`."
    ),
    Column("place", BigInteger, nullable=False, comment="Smaller is fetched sooner."),
    Column("lastmod_at", UTCDateTime, comment="Last change as the site's own lists say."),
    Column("stated_on", Date, comment="Day of publication as a list or the address states it."),
    Column("listed_at", UTCDateTime, nullable=False, comment="When a list last named it."),
    Column("first_listed_at", UTCDateTime, nullable=False, comment="When a list first named it."),
    Column("last_fetched_at", UTCDateTime, comment="When the server last answered for it."),
    Column(
        "changed_at", UTCDateTime, comment="Since when it is as it is: published, edited, gone, …"
    ),
    Column("next_due_at", UTCDateTime, comment="When to fetch it again; empty is never."),
    Column("etag", Text, comment="Validator of the last full answer."),
    Column("last_modified", Text, comment="Validator of the last full answer, as sent."),
    Column("failures", Integer, nullable=False, comment="Failed tries since the last answer."),
    _refers("article_id", "articles.id", "The article found there.", index=True),
    UniqueConstraint("site", "url"),
    Index("ix_frontier_order", "site", "place", "id", "next_due_at"),
    comment="Every address that a site has listed, and when it is due.",
)

listings = Table(
    "listings",
    metadata,
    _refers("frontier_id", "frontier.id", "The address.", primary_key=True),
    Column(
        "source",
        Text,
        primary_key=True,
        comment="sitemap, news-sitemap, feed, listing, wordpress, web-archive; link: a page of the "
        "site; user: a list of yours.",
    ),
    Column("first_listed_at", UTCDateTime, nullable=False, comment="When one first named it."),
    Column("last_listed_at", UTCDateTime, nullable=False, comment="When one last did."),
    comment="Which kinds of lists have named an address: what several sources know, or only one.",
    sqlite_with_rowid=False,
)

sources = Table(
    "sources",
    metadata,
    Column("site", Text, primary_key=True, comment="Name of the site, as on the command line."),
    Column("url", Text, primary_key=True, comment="A sitemap, feed or listing."),
    Column("etag", Text, comment="Validator of the last answer."),
    Column("last_modified", Text, comment="Validator of the last answer, as sent."),
    Column("body_sha256", Text, comment="Hex SHA-256 of what it held."),
    Column("fetched_at", UTCDateTime, nullable=False, comment="When it was last read."),
    Column(
        "goes_on_at",
        Text,
        comment="Of a web archive's list, where the next run reads on; empty when it was read "
        "to its end.",
    ),
    Column("kind", Text, comment="What it was when it was last read: sitemap, index, feed, …"),
    Column("read_at", UTCDateTime, comment="When it could last be read; empty if it never could."),
    Column("changed_at", UTCDateTime, comment="When its text last was another than before."),
    Column("failing_since", UTCDateTime, comment="Since when it can't be read, though it could."),
    Column("failing_runs", Integer, comment="By how many runs it could not be read since then."),
    Column("failing_reason", Text, comment="Why, in words."),
    comment="Lists that sites publish, with what a conditional request needs.",
)

mementos = Table(
    "mementos",
    metadata,
    _refers("frontier_id", "frontier.id", "The address on the site.", primary_key=True),
    Column("web_archive", Text, primary_key=True, comment="wayback or commoncrawl."),
    Column("taken_at", UTCDateTime, primary_key=True, comment="When it was captured there."),
    Column("address", Text, nullable=False, comment="Where it can be had."),
    Column("byte_range", Text, comment="Which bytes of a WARC file; empty for a page by itself."),
    Column("asked_at", UTCDateTime, comment="When it was asked for; empty while it was not."),
    Column("outcome", Text, comment="What came of it, as in `captures`; missing."),
    comment="The first and the last capture that a web archive has of an address of which no "
    "article is held.",
    sqlite_with_rowid=False,
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True, comment="Host, with its port if it has one."),
    Column("next_allowed_at", UTCDateTime, comment="No request before this instant."),
    Column("crawl_delay_seconds", Float, comment="What its robots.txt asks for."),
    Column("backoff_seconds", Float, comment="The extra pause that its refusals have earned."),
    Column("robots", Text, comment="Its robots.txt as it was last read; empty where it has none."),
    Column("robots_until", UTCDateTime, comment="Until when that holds without asking again."),
    comment="What politeness has to remember between two crawls.",
)

failures = Table(
    "failures",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site, as on the command line."),
    Column("url", Text, nullable=False, comment="What could not be fetched or read."),
    Column("kind", Text, nullable=False, comment="fetch: no answer to keep; read: unreadable."),
    Column("reason", Text, nullable=False, comment="In words."),
    Column("count", Integer, nullable=False, comment="How often in a row."),
    Column("first_failed_at", UTCDateTime, nullable=False, comment="The first of these failures."),
    Column("last_failed_at", UTCDateTime, nullable=False, comment="The latest of them."),
    Column("next_try_at", UTCDateTime, comment="Empty is never."),
    _refers("capture_id", "captures.id", "What was received, if anything was."),
    UniqueConstraint("site", "url"),
    comment="The quarantine: what could not be fetched or read. A success takes the row away.",
)

alarms = Table(
    "alarms",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site; `job NAME` for a job's."),
    Column("kind", Text, nullable=False, comment="unreadable, errors, silent, field, disk, …"),
    Column(
        "about", Text, nullable=False, comment="The field, for alarms of that kind; the jobs file."
    ),
    Column("says", Text, nullable=False, comment="In words, with the figures that made it ring."),
    Column("next_step", Text, nullable=False, comment="What to run or to do."),
    Column("figures", JSON, nullable=False, comment="The value now, the usual one, of how many."),
    Column("began_at", UTCDateTime, nullable=False, comment="Since when what it tells is so."),
    Column("last_at", UTCDateTime, nullable=False, comment="When it was last found to ring."),
    Column("cleared_at", UTCDateTime, comment="Since when it rings no more; empty while it does."),
    Column("told_at", UTCDateTime, comment="When a message about it arrived somewhere."),
    Column("clear_told_at", UTCDateTime, comment="When a message arrived that it is over."),
    Column("accepted_at", UTCDateTime, comment="When somebody accepted it; it does not ring then."),
    Column("accepted_because", Text, comment="In whose words; kept when it has got worse."),
    Column("accepted_figures", JSON, comment="The figures that were accepted."),
    Column("normal_since", UTCDateTime, comment="Since when what it told is taken as normal."),
    Index(None, "site", "cleared_at"),
    comment="What somebody has to look at, and whether anybody was told.",
)


# --- counts that the database keeps itself, by triggers; on a server views that count

tallies = Table(
    "tallies",
    metadata,
    Column("site", Text, primary_key=True, comment="Name of the site, as on the command line."),
    Column("month", Text, primary_key=True, comment="`2020-05`; empty where no day is known."),
    Column("language", Text, primary_key=True, comment="As in `articles`; empty where unknown."),
    Column("category_folded", Text, primary_key=True, comment="As in `articles`, or empty."),
    Column("category", Text, primary_key=True, comment="As in `articles`, or empty."),
    Column("kicker_folded", Text, primary_key=True, comment="As in `articles`, or empty."),
    Column("kicker", Text, primary_key=True, comment="As in `articles`, or empty."),
    Column("articles", Integer, nullable=False, comment="How many articles are alike in these."),
    Column("words", Integer, nullable=False, comment="Their words."),
    Column("analyses", Integer, nullable=False, comment="How many of them have an analysis."),
    comment="Articles counted by what they are filtered by, so that no count reads them all.",
    sqlite_with_rowid=False,
)

ledger = Table(
    "ledger",
    metadata,
    Column("site", Text, primary_key=True, comment="Name of the site, as on the command line."),
    Column(
        "month",
        Text,
        primary_key=True,
        comment="Of the article held, else as lists state it; empty where no day is known.",
    ),
    Column("state", Text, primary_key=True, comment="As in `frontier`."),
    Column("listed", Integer, nullable=False, comment="How many addresses."),
    Column("stored", Integer, nullable=False, comment="How many of them hold an article."),
    comment="Addresses of the frontier counted by month and state.",
    sqlite_with_rowid=False,
)
