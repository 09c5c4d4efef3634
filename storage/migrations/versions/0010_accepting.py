"""Alarms that were accepted, and since when each list of a site has been read or could not be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns; a list whose text is known was read when it was last asked for."""
    for column in ("accepted_at", "normal_since"):
        op.add_column("alarms", sa.Column(column, INSTANT))
    op.add_column("alarms", sa.Column("accepted_because", sa.Text()))
    op.add_column("alarms", sa.Column("accepted_figures", sa.JSON()))
    for column in ("read_at", "changed_at", "failing_since"):
        op.add_column("sources", sa.Column(column, INSTANT))
    op.add_column("sources", sa.Column("kind", sa.Text()))
    op.add_column("sources", sa.Column("failing_runs", sa.Integer()))
    op.add_column("sources", sa.Column("failing_reason", sa.Text()))
    op.execute("UPDATE sources SET read_at = fetched_at WHERE body_sha256 IS NOT NULL")
