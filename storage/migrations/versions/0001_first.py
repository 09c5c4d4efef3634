"""The first schema: tables, full-text index, and views for researchers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

#: The columns of the full-text index, in the order of the index.
INDEXED = (
    "headline",
    "deck",
    "kicker",
    "byline",
    "tags",
    "body",
    "analysis",
    "captions",
    "notices",
)


def upgrade() -> None:
    """Make everything."""
    create_tables()
    if op.get_bind().dialect.name == "sqlite":
        create_sqlite_index()
    else:
        create_postgresql_index()
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def create_tables() -> None:
    """The tables, as ``storage.schema`` described them in this version."""
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("published", sa.Text()),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_at", INSTANT),
        sa.Column("modified", sa.Text()),
        sa.Column("kicker", sa.Text()),
        sa.Column("kicker_folded", sa.Text()),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("deck", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("category_folded", sa.Text()),
        sa.Column("byline", sa.Text()),
        sa.Column("tags", sa.Text()),
        sa.Column("licence", sa.Text()),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("gone_at", INSTANT),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Text()),
        sa.Column("captions", sa.Text()),
        sa.Column("notices", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_category_folded", "articles", ["category_folded"])
    op.create_index("ix_articles_kicker_folded", "articles", ["kicker_folded"])
    op.create_index("ix_articles_published_on", "articles", ["published_on"])
    op.create_index("ix_articles_site_published_on", "articles", ["site", "published_on"])
    op.create_table(
        "authors",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authors"),
        sa.UniqueConstraint("name", name="uq_authors_name"),
    )
    op.create_index("ix_authors_folded", "authors", ["folded"])
    op.create_table(
        "crawls",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("outcome", sa.Text()),
        sa.Column("report", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_crawls"),
    )
    op.create_table(
        "dictionaries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("trained_at", INSTANT, nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dictionaries"),
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("next_allowed_at", INSTANT),
        sa.Column("crawl_delay_seconds", sa.Float()),
        sa.Column("backoff_seconds", sa.Float()),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )
    op.create_table(
        "sources",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_sha256", sa.Text()),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("site", "url", name="pk_sources"),
    )
    op.create_table(
        "tags",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("name", name="uq_tags_name"),
    )
    op.create_index("ix_tags_folded", "tags", ["folded"])
    op.create_table(
        "aliases",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_aliases_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("url", name="pk_aliases"),
    )
    op.create_index("ix_aliases_article_id", "aliases", ["article_id"])
    op.create_index("ix_aliases_key", "aliases", ["key"])
    op.create_table(
        "article_authors",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_authors_article_id_articles"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["authors.id"], name="fk_article_authors_author_id_authors"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_authors"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_authors_author_id", "article_authors", ["author_id"])
    op.create_table(
        "article_tags",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_tags_article_id_articles"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_article_tags_tag_id_tags"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_tags"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_tags_tag_id", "article_tags", ["tag_id"])
    op.create_table(
        "bodies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("dictionary_id", KEY),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dictionary_id"], ["dictionaries.id"], name="fk_bodies_dictionary_id_dictionaries"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bodies"),
        sa.UniqueConstraint("sha256", name="uq_bodies_sha256"),
    )
    op.create_table(
        "frontier",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("lastmod_at", INSTANT),
        sa.Column("listed_at", INSTANT, nullable=False),
        sa.Column("first_listed_at", INSTANT, nullable=False),
        sa.Column("last_fetched_at", INSTANT),
        sa.Column("next_due_at", INSTANT),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_frontier_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_frontier"),
        sa.UniqueConstraint("site", "url", name="uq_frontier_site_url"),
    )
    op.create_index("ix_frontier_article_id", "frontier", ["article_id"])
    op.create_index("ix_frontier_order", "frontier", ["site", "place", "id", "next_due_at"])
    op.create_table(
        "images",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("caption", sa.Text()),
        sa.Column("credit", sa.Text()),
        sa.Column("alt", sa.Text()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_images_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_images"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "links",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("key", sa.Text()),
        sa.Column("target_id", KEY),
        sa.Column("title", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("date", sa.Text()),
        sa.Column("teaser", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("internal", sa.Boolean()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_links_article_id_articles"
        ),
        sa.ForeignKeyConstraint(["target_id"], ["articles.id"], name="fk_links_target_id_articles"),
        sa.PrimaryKeyConstraint("article_id", "role", "position", name="pk_links"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_links_target_id",
        "links",
        ["target_id"],
        sqlite_where=sa.text("target_id IS NOT NULL"),
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )
    op.create_index(
        "ix_links_waiting",
        "links",
        ["key"],
        sqlite_where=sa.text("target_id IS NULL"),
        postgresql_where=sa.text("target_id IS NULL"),
    )
    op.create_table(
        "captures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text()),
        sa.Column("redirects", sa.JSON()),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("body_id", KEY, nullable=False),
        sa.Column("article_id", KEY),
        sa.Column("crawl_id", KEY),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_captures_article_id_articles"
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name="fk_captures_body_id_bodies"),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name="fk_captures_crawl_id_crawls"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
    )
    op.create_index("ix_captures_article_id", "captures", ["article_id"])
    op.create_index("ix_captures_body_id", "captures", ["body_id"])
    op.create_index("ix_captures_url", "captures", ["url"])
    op.create_table(
        "failures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", INSTANT, nullable=False),
        sa.Column("last_failed_at", INSTANT, nullable=False),
        sa.Column("next_try_at", INSTANT),
        sa.Column("capture_id", KEY),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name="fk_failures_capture_id_captures"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
        sa.UniqueConstraint("site", "url", name="uq_failures_site_url"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("captured_at", INSTANT, nullable=False),
        sa.Column("capture_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_revisions_article_id_articles"
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name="fk_revisions_capture_id_captures"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )
    op.create_index(
        "ix_revisions_article_id_captured_at", "revisions", ["article_id", "captured_at"]
    )
    op.create_index("ix_revisions_captured_at", "revisions", ["captured_at"])
    op.create_table(
        "readings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision_id", KEY, nullable=False),
        sa.Column("capture_id", KEY, nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("replaced_at", INSTANT),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name="fk_readings_capture_id_captures"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_readings_revision_id_revisions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
    )
    op.create_index("ix_readings_revision_id", "readings", ["revision_id"])


def create_sqlite_index() -> None:
    """An FTS5 index without a copy of the texts; triggers keep it in step with the articles."""
    columns = ", ".join(INDEXED)
    old, new = (", ".join(f"{row}.{name}" for name in INDEXED) for row in ("old", "new"))
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in INDEXED)
    into = "INSERT INTO articles_fts"
    forget = f"{into}(articles_fts, rowid, {columns}) VALUES ('delete', old.id, {old});"
    learn = f"{into}(rowid, {columns}) VALUES (new.id, {new});"
    op.execute(
        f"CREATE VIRTUAL TABLE articles_fts USING fts5({columns}, content='articles', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(f"CREATE TRIGGER articles_indexed AFTER INSERT ON articles BEGIN {learn} END")
    op.execute(f"CREATE TRIGGER articles_unindexed AFTER DELETE ON articles BEGIN {forget} END")
    op.execute(
        f"CREATE TRIGGER articles_reindexed AFTER UPDATE OF {columns} ON articles "
        f"WHEN {changed} BEGIN {forget} {learn} END"
    )


def create_postgresql_index() -> None:
    """A text-search vector that the database computes, over words without accents.

    Punctuation becomes a space first: PostgreSQL would read ``AK-47`` as a word and a number.
    """
    accented, bare = (
        "áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ",
        "aaaaaaeeeeiiiiooooouuuunc",
    )
    op.execute(
        "CREATE FUNCTION unaccented(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ "
        "SELECT regexp_replace("
        f"translate(coalesce(words, ''), '{accented}', '{bare * 2}'), "
        r"'[!-/:-@\[-`{-~¡¿«»“”„‘’–—…]+', ' ', 'g') $$"
    )
    texts = " || ' ' || ".join(f"unaccented({name})" for name in INDEXED)
    op.execute(
        "ALTER TABLE articles ADD COLUMN search_vector tsvector "
        f"GENERATED ALWAYS AS (to_tsvector('simple', {texts})) STORED"
    )
    op.execute("CREATE INDEX ix_articles_search_vector ON articles USING gin (search_vector)")


VIEWS = {
    "v_articles": """
        SELECT a.id, a.site, a.published_on,
               substr(CAST(a.published_on AS text), 1, 4) AS year,
               substr(CAST(a.published_on AS text), 1, 7) AS month,
               a.kicker AS kind, a.category, a.headline, a.deck, a.byline AS authors, a.tags,
               a.language, a.words, a.body, a.analysis, a.captions, a.notices, a.licence,
               a.url, a.canonical_url, a.first_seen_at, a.gone_at,
               (SELECT max(f.last_fetched_at) FROM frontier f WHERE f.article_id = a.id)
                   AS last_checked_at,
               (SELECT count(*) FROM revisions r WHERE r.article_id = a.id) AS revisions
        FROM articles a
    """,
    "v_authors": """
        SELECT u.name AS author, count(*) AS articles, count(DISTINCT a.site) AS sites,
               min(a.published_on) AS first_on, max(a.published_on) AS last_on,
               sum(a.words) AS words
        FROM authors u
        JOIN article_authors s ON s.author_id = u.id
        JOIN articles a ON a.id = s.article_id
        GROUP BY u.id, u.name
    """,
    "v_links": """
        SELECT l.article_id, a.headline, a.published_on, l.role, l.position, l.title, l.url,
               l.target_id, t.headline AS target_headline, t.published_on AS target_published_on
        FROM links l
        JOIN articles a ON a.id = l.article_id
        LEFT JOIN articles t ON t.id = l.target_id
    """,
    "v_revisions": """
        SELECT r.id, r.article_id, a.site, a.headline, a.url,
               row_number() OVER (PARTITION BY r.article_id ORDER BY r.captured_at, r.id)
                   AS number,
               r.captured_at, r.capture_id, b.sha256, b.bytes, d.parser
        FROM revisions r
        JOIN articles a ON a.id = r.article_id
        JOIN captures c ON c.id = r.capture_id
        JOIN bodies b ON b.id = c.body_id
        LEFT JOIN readings d ON d.revision_id = r.id AND d.replaced_at IS NULL
    """,
    "v_coverage": """
        SELECT f.site,
               coalesce(substr(CAST(a.published_on AS text), 1, 7),
                        substr(CAST(f.lastmod_at AS text), 1, 7)) AS month,
               count(*) AS listed,
               count(f.article_id) AS stored,
               sum(CASE WHEN f.state = 'waiting' THEN 1 ELSE 0 END) AS waiting,
               sum(CASE WHEN f.state = 'not_article' THEN 1 ELSE 0 END) AS not_articles,
               sum(CASE WHEN f.state = 'gone' THEN 1 ELSE 0 END) AS gone,
               sum(CASE WHEN f.state = 'refused' THEN 1 ELSE 0 END) AS refused,
               sum(CASE WHEN f.state IN ('failed', 'unreadable') THEN 1 ELSE 0 END) AS failed
        FROM frontier f
        LEFT JOIN articles a ON a.id = f.article_id
        GROUP BY 1, 2
    """,
}
