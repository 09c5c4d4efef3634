"""The archive: one door to everything that is remembered.

Each part of it holds the methods of one kind of user:

- :mod:`~storage.archive.door` opens, holds and closes, one transaction at a time;
- :mod:`~storage.archive.looking_up`, :mod:`~storage.archive.asking` and
  :mod:`~storage.archive.taking_away` are for who reads;
- :mod:`~storage.archive.taking_in`, :mod:`~storage.archive.remembering` and
  :mod:`~storage.archive.reading_again` are for crawls, and for `reparse` and `heal`.

What a method does is told where it is done, in the modules beside this package.
"""

from __future__ import annotations

from storage.archive.looking_up import LookingUp
from storage.archive.reading_again import ReadingAgain
from storage.archive.remembering import Remembering
from storage.archive.taking_away import TakingAway
from storage.archive.taking_in import TakingIn

__all__ = ["Archive"]


class Archive(LookingUp, TakingAway, TakingIn, ReadingAgain, Remembering):
    """An archive of news pages: what was fetched, what was read from it, and how it changed.

    Open it with :meth:`open`, as a context manager. By default it is read-only and can't be
    changed; several readers and one crawl work on the same archive without waiting for each other.
    """
