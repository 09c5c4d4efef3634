"""The archive: what is remembered, and how it is asked.

>>> Archive.open("/nowhere/at/all.db")
Traceback (most recent call last):
    ...
crawler.errors.BadInput: There is no archive at /nowhere/at/all.db: crawl a site into it first, \
or name another with --archive.
"""

from __future__ import annotations

from storage.archive import Archive

__all__ = ["Archive"]
