"""Which lists named an address; since when a page is as it is; what a host's robots.txt said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add table and columns, and fill them with what the archive knows already."""
    for table, column, kind in (
        ("frontier", "stated_on", sa.Date()),
        ("frontier", "changed_at", INSTANT),
        ("hosts", "robots", sa.Text()),
        ("hosts", "robots_until", INSTANT),
    ):
        op.add_column(table, sa.Column(column, kind))
    op.create_table(
        "listings",
        sa.Column(
            "frontier_id",
            KEY,
            sa.ForeignKey("frontier.id", name="fk_listings_frontier_id_frontier"),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first_listed_at", INSTANT, nullable=False),
        sa.Column("last_listed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("frontier_id", "source", name="pk_listings"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO listings (frontier_id, source, first_listed_at, last_listed_at) "
        "SELECT id, source, first_listed_at, listed_at FROM frontier"
    )
    op.execute(CHANGED)
    op.execute("DROP VIEW v_coverage")
    op.execute(f"CREATE VIEW v_coverage AS {COVERAGE}")


#: When its latest revision was first seen or, of an article that was never edited, when it was
#: published, as far as is known.
CHANGED = """
UPDATE frontier SET changed_at = coalesce(
    (SELECT max(r.captured_at) FROM revisions r WHERE r.article_id = frontier.article_id
     HAVING count(*) > 1),
    (SELECT a.gone_at FROM articles a WHERE a.id = frontier.article_id),
    (SELECT a.published_at FROM articles a WHERE a.id = frontier.article_id),
    lastmod_at,
    last_fetched_at)
WHERE last_fetched_at IS NOT NULL
"""

COVERAGE = """
        SELECT f.site,
               coalesce(substr(CAST(a.published_on AS text), 1, 7),
                        substr(CAST(f.stated_on AS text), 1, 7),
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
"""
