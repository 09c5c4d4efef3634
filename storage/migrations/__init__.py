"""The history of the schema: one file per version in ``versions``, run by Alembic.

A change of ``storage.schema`` comes with a new file here and raises ``schema.VERSION``; a test
holds the two against each other. A released version is never edited.
"""
