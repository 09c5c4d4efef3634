"""What SQL was not told: each state's own headline, and where a capture was taken from."""

from __future__ import annotations

import contextlib
import json

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: Readings in one go.
PORTION = 500


def upgrade() -> None:
    """Add the column, fill it from the records, and make the views anew."""
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
    op.add_column("readings", sa.Column("headline", sa.Text()))
    fill()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    sha256 = "lower(hex(b.sha256))" if is_sqlite else "encode(b.sha256, 'hex')"
    for view, query in VIEWS.items():
        op.execute(f"CREATE VIEW {view} AS {query.format(sha256=sha256)}")


def fill() -> None:
    """The headlines of the readings that are there; none of one whose record is damaged."""
    connection = op.get_bind()
    query = sa.text("SELECT id, record FROM readings WHERE id > :after ORDER BY id LIMIT :portion")
    change = sa.text("UPDATE readings SET headline = :headline WHERE id = :number")
    after = -(2**62)
    unpacker = zstandard.ZstdDecompressor()
    while rows := connection.execute(query, {"after": after, "portion": PORTION}).all():
        found = []
        for number, record in rows:
            with contextlib.suppress(zstandard.ZstdError, ValueError, KeyError, TypeError):
                headline = json.loads(unpacker.decompress(record))["headline"]
                found.append({"number": number, "headline": headline})
        if found:
            connection.execute(change, found)
        after = rows[-1].id


VIEWS = {
    "v_captures": """
        SELECT c.id, c.article_id, c.site, c.url, c.final_url, c.fetched_at, c.status, c.outcome,
               c.reason, c.truncated, {sha256} AS sha256, b.bytes, c.crawl_id, c.origin
        FROM captures c
        JOIN bodies b ON b.id = c.body_id
    """,
    "v_revisions": """
        SELECT r.id, r.article_id, a.site, d.headline, a.url,
               (SELECT count(*) FROM revisions e WHERE e.article_id = r.article_id
                AND (e.captured_at, e.id) <= (r.captured_at, r.id)) AS number,
               r.captured_at, r.capture_id, {sha256} AS sha256, b.bytes, d.parser
        FROM revisions r
        JOIN articles a ON a.id = r.article_id
        JOIN captures c ON c.id = r.capture_id
        JOIN bodies b ON b.id = c.body_id
        LEFT JOIN readings d ON d.revision_id = r.id AND d.replaced_at IS NULL
    """,
}
