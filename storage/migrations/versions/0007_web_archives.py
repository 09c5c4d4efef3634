"""What web archives hold of pages that are lost, and which captures were taken from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two columns, empty for all that is there, and a table."""
    op.add_column("captures", sa.Column("origin", sa.Text()))
    op.add_column("sources", sa.Column("goes_on_at", sa.Text()))
    op.create_table(
        "mementos",
        sa.Column(
            "frontier_id",
            KEY,
            sa.ForeignKey("frontier.id", name="fk_mementos_frontier_id_frontier"),
            nullable=False,
        ),
        sa.Column("web_archive", sa.Text(), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("byte_range", sa.Text()),
        sa.Column("asked_at", INSTANT),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("frontier_id", "web_archive", "taken_at", name="pk_mementos"),
        sqlite_with_rowid=False,
    )
