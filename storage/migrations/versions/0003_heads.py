"""Heads of responses with their status line, told by what differs; bodies by 32 bytes, not 64."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

#: Rows that are read and written at a time.
PORTION = 1000

#: The share of itself above which a head is kept whole.
ALIKE = 0.5


def upgrade() -> None:
    """Rebuild the two tables of what was received; the bytes themselves stay as they are packed."""
    op.execute("DROP VIEW v_revisions")
    op.create_table(
        "heads",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heads"),
    )
    op.create_index("ix_heads_site", "heads", ["site"])
    if op.get_bind().dialect.name == "sqlite":
        rebuild_bodies()
        rebuild_captures()
    else:
        alter_on_server()
    op.create_index(
        "ix_captures_gone",
        "captures",
        ["fetched_at"],
        sqlite_where=sa.text("outcome = 'gone'"),
        postgresql_where=sa.text("outcome = 'gone'"),
    )
    create_views()


# --- SQLite: new tables in the place of the old ones, as its documentation says


def rebuild_bodies() -> None:
    """``sha256`` as bytes. A column that is unique can't be changed in place."""
    op.create_table(
        "new_bodies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("dictionary_id", KEY),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("base_id", KEY),
        sa.Column("wrapping", sa.Text()),
        sa.ForeignKeyConstraint(
            ["dictionary_id"], ["dictionaries.id"], name="fk_bodies_dictionary_id_dictionaries"
        ),
        sa.ForeignKeyConstraint(["base_id"], ["bodies.id"], name="fk_bodies_base_id_bodies"),
        sa.PrimaryKeyConstraint("id", name="pk_bodies"),
        sa.UniqueConstraint("sha256", name="uq_bodies_sha256"),
    )
    raw = op.get_bind().connection.driver_connection
    raw.create_function("from_hex", 1, bytes.fromhex, deterministic=True)  # type: ignore[union-attr]
    op.execute(
        "INSERT INTO new_bodies (id, sha256, bytes, dictionary_id, content, base_id, wrapping) "
        "SELECT id, from_hex(sha256), bytes, dictionary_id, content, base_id, wrapping FROM bodies"
    )
    op.execute("DROP TABLE bodies")
    op.execute("ALTER TABLE new_bodies RENAME TO bodies")
    op.create_index("ix_bodies_dictionary_id", "bodies", ["dictionary_id"])


def rebuild_captures() -> None:
    """``head_id`` and ``head`` in the place of ``headers``."""
    op.create_table(
        "new_captures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text()),
        sa.Column("redirects", sa.JSON()),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("head_id", KEY),
        sa.Column("head", sa.LargeBinary()),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("body_id", KEY, nullable=False),
        sa.Column("article_id", KEY),
        sa.Column("crawl_id", KEY),
        sa.ForeignKeyConstraint(["head_id"], ["heads.id"], name="fk_captures_head_id_heads"),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name="fk_captures_body_id_bodies"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_captures_article_id_articles"
        ),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name="fk_captures_crawl_id_crawls"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
    )
    add = sa.text(COPY_CAPTURE)
    connection = op.get_bind()
    for row in packed_heads(connection):
        connection.execute(add, row)
    op.execute("DROP TABLE captures")
    op.execute("ALTER TABLE new_captures RENAME TO captures")
    for column in ("site", "url", "body_id", "article_id"):
        op.create_index(f"ix_captures_{column}", "captures", [column])


# --- PostgreSQL: in place


def alter_on_server() -> None:
    """The same, where columns can change their type."""
    op.execute("ALTER TABLE bodies ALTER COLUMN sha256 TYPE bytea USING decode(sha256, 'hex')")
    op.add_column("captures", sa.Column("head_id", KEY))
    op.add_column("captures", sa.Column("head", sa.LargeBinary()))
    op.create_foreign_key("fk_captures_head_id_heads", "captures", "heads", ["head_id"], ["id"])
    connection = op.get_bind()
    change = sa.text("UPDATE captures SET head_id = :head_id, head = :head WHERE id = :number")
    for row in packed_heads(connection):
        if row["head_id"] is not None:
            connection.execute(change, row)
    op.drop_column("captures", "headers")
    op.execute("UPDATE captures SET redirects = NULL WHERE CAST(redirects AS text) = 'null'")


# --- both


def packed_heads(connection: sa.Connection) -> Any:
    """Per capture the whole head by which its own is told, and how it differs from it.

    The status line was not kept before this version.
    """
    wholes: dict[str, list[tuple[int, bytes]]] = {}
    add = sa.text("INSERT INTO heads (site, content) VALUES (:site, :content) RETURNING id")
    query = sa.text(
        "SELECT id, site, CAST(headers AS text) AS headers FROM captures WHERE id > :after "
        "ORDER BY id LIMIT :portion"
    )
    after = -(2**62)
    while rows := connection.execute(query, {"after": after, "portion": PORTION}).all():
        for number, site, headers in rows:
            pairs = json.loads(headers)
            if not pairs:
                yield {"number": number, "head_id": None, "head": None}
                continue
            text = json.dumps([None, None, pairs], ensure_ascii=False, separators=(",", ":"))
            known = wholes.setdefault(site, [])
            head_id, frame = told_by(known, text.encode())
            if head_id is None:
                head_id = connection.execute(add, {"site": site, "content": text}).scalar_one()
                wholes[site] = [(head_id, text.encode()), *known][:4]
                frame = difference(text.encode(), text.encode())
            yield {"number": number, "head_id": head_id, "head": frame}
        after = rows[-1].id


def told_by(known: list[tuple[int, bytes]], text: bytes) -> tuple[int | None, bytes | None]:
    """The whole head that a head is like, and how it differs from it."""
    for number, whole in known:
        frame = difference(text, whole)
        if len(frame) <= ALIKE * len(text):
            return number, frame
    return None, None


def difference(text: bytes, whole: bytes) -> bytes:
    """One zstd frame without a magic number, against a whole head."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3,
        source_size=len(text),
        dict_size=len(whole),
        write_content_size=True,
        write_checksum=True,
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
    )
    given = zstandard.ZstdCompressionDict(whole, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(dict_data=given, compression_params=parameters).compress(text)


def create_views() -> None:
    """SHA-256 in hex, as everybody else writes it."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    sha256 = "lower(hex(b.sha256))" if is_sqlite else "encode(b.sha256, 'hex')"
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query.format(sha256=sha256)}")


COPY_CAPTURE = """
    INSERT INTO new_captures
          (id, site, url, final_url, redirects, fetched_at, status, head_id, head, truncated,
           outcome, reason, body_id, article_id, crawl_id)
    SELECT id, site, url, final_url, nullif(redirects, 'null'), fetched_at, status, :head_id, :head,
           truncated, outcome, reason, body_id, article_id, crawl_id
    FROM captures WHERE id = :number
"""

VIEWS = {
    "v_revisions": """
        SELECT r.id, r.article_id, a.site, a.headline, a.url,
               row_number() OVER (PARTITION BY r.article_id ORDER BY r.captured_at, r.id)
                   AS number,
               r.captured_at, r.capture_id, {sha256} AS sha256, b.bytes, d.parser
        FROM revisions r
        JOIN articles a ON a.id = r.article_id
        JOIN captures c ON c.id = r.capture_id
        JOIN bodies b ON b.id = c.body_id
        LEFT JOIN readings d ON d.revision_id = r.id AND d.replaced_at IS NULL
    """,
    "v_captures": """
        SELECT c.id, c.article_id, c.site, c.url, c.final_url, c.fetched_at, c.status, c.outcome,
               c.reason, c.truncated, {sha256} AS sha256, b.bytes, c.crawl_id
        FROM captures c
        JOIN bodies b ON b.id = c.body_id
    """,
}
