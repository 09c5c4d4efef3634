"""Bodies kept as what differs from an earlier one, and unwrapped; a site's captures found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns in place: the bodies themselves stay as they are."""
    if op.get_bind().dialect.name == "sqlite":  # adds a foreign key without copying the table
        op.execute(
            "ALTER TABLE bodies ADD COLUMN base_id INTEGER "
            "CONSTRAINT fk_bodies_base_id_bodies REFERENCES bodies (id)"
        )
    else:
        base = sa.ForeignKey("bodies.id", name="fk_bodies_base_id_bodies")
        op.add_column("bodies", sa.Column("base_id", KEY, base))
    op.execute("ALTER TABLE bodies ADD COLUMN wrapping TEXT")
    op.create_index("ix_bodies_dictionary_id", "bodies", ["dictionary_id"])
    op.create_index("ix_captures_site", "captures", ["site"])
