"""Facts of every article in one index, for filters and counts; word forms on PostgreSQL."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: What articles are filtered, counted and put in order by.
FACTS = (
    "id",
    "site",
    "language",
    "published_on",
    "category_folded",
    "category",
    "kicker_folded",
    "kicker",
)

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
    """Add an index, the view that reads it, and on PostgreSQL a second vector."""
    op.create_index("ix_articles_facts", "articles", list(FACTS))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # SQLite would look a row up among the articles' texts, and read a page of them for each fact.
    held = "articles INDEXED BY ix_articles_facts" if is_sqlite else "articles"
    op.execute(f"CREATE VIEW v_facts AS SELECT {', '.join(FACTS)} FROM {held}")  # noqa: S608
    if not is_sqlite:
        add_stems()


def add_stems() -> None:
    """A text-search vector of word stems, by the dictionary of the article's language."""
    texts = " || ' ' || ".join(f"unaccented({name})" for name in INDEXED)
    op.execute(
        "ALTER TABLE articles ADD COLUMN stem_vector tsvector GENERATED ALWAYS AS (CASE language "
        f"WHEN 'es' THEN to_tsvector('spanish', {texts}) "
        f"WHEN 'en' THEN to_tsvector('english', {texts}) "
        f"ELSE to_tsvector('simple', {texts}) END) STORED"
    )
    op.execute("CREATE INDEX ix_articles_stem_vector ON articles USING gin (stem_vector)")
