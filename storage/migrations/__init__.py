"""The history of the schema: one file per version, run by Alembic."""
