"""What is looked up by its name: one article, what it said when, and its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.errors import BadInput
from storage.archive.door import Door
from storage.lazily import later
from storage.moments import last_instant

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.capture import Capture
    from storage import captures, identity, pointing, records, remarks
    from storage.captures import StoredCapture
    from storage.citing import Reference
    from storage.moments import Moment
    from storage.pointing import Link
    from storage.records import History, State, StoredArticle, StoredReading
    from storage.remarks import Remark
else:  # what a method needs is loaded by its first call
    globals().update(later("captures", "identity", "pointing", "records", "remarks"))

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class LookingUp(Door):
    """What is asked of one article, or of one response, by its number or address."""

    def article(self, named: int | str) -> StoredArticle | None:
        """One article by its number or any of its addresses (see :meth:`find`), or None."""
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            return None if article_id is None else records.stored_article(connection, article_id)

    def find(self, addresses: Iterable[object]) -> dict[Any, int | None]:
        """The number of the article at each address, or None where the archive has none.

        Scheme, ``www.``, the last slash, the fragment and what a mailing or a social network adds
        (``utm_…``, ``fbclid``) make no difference, as in :meth:`article`. What is no text, as an
        empty cell of a table, has no article.
        """
        with self._reading() as connection:
            return {
                each: identity.article_id_like(connection, each) if isinstance(each, str) else None
                for each in addresses
            }

    def article_at(self, named: int | str, moment: Moment) -> Article | None:
        """The record of an article as it stood at a moment, or None when it was not known yet.

        The moment is an instant, or a day or a text that names one: ``"2026-03-01"`` is the end of
        that day, ``"2026-03-01T20:56"`` of that minute; what has no zone is UTC.

        :raises BadInput: it is no date.
        """
        instant = last_instant(moment)
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            if article_id is None:
                return None
            return records.article_at(connection, article_id, instant)

    def article_in(self, article_id: int, number: int) -> Article | None:
        """The record of an article in one of its revisions, from 1; None where it has no such."""
        with self._reading() as connection:
            return records.article_in(connection, article_id, number) if number > 0 else None

    def reference(self, named: int | str, *, at: Moment | None = None) -> Reference | None:
        """What to cite of an article, as it is now or as it stood at a moment: see
        :meth:`article_at` for how to write one.

        :func:`storage.citing.citation` makes a text, BibTeX, RIS or CSL-JSON of it. None where the
        archive holds no such article, or did not know it yet.
        """
        instant = None if at is None else last_instant(at)
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            if article_id is None:
                return None
            return records.reference(connection, article_id, instant)

    def history(self, named: int | str) -> History:
        """The captures and revisions of an article, with what changed.

        :raises BadInput: the archive holds no such article.
        """
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            if article_id is None:
                raise BadInput(
                    f"{self._place} holds no article {named}: `search` finds its number."
                )
            return records.history(connection, article_id)

    def states(self, article_id: int) -> list[State]:
        """The revisions of an article by number and time, without their texts, oldest first."""
        with self._reading() as connection:
            return records.states(connection, article_id)

    def readings(self, named: int | str) -> list[StoredReading]:
        """Every reading of an article that is kept, the replaced ones among them."""
        with self._reading() as connection:
            article_id = identity.article_id_of(connection, named)
            return [] if article_id is None else records.readings_of(connection, article_id)

    def links_from(self, article_id: int) -> list[Link]:
        """The links of an article that lead to articles of the archive, in page order."""
        with self._reading() as connection:
            return pointing.links_from(connection, article_id)

    def links_to(self, article_id: int, *, limit: int | None = None) -> list[Link]:
        """The links of other articles that lead to an article, the newest article's first."""
        with self._reading() as connection:
            return pointing.links_to(connection, article_id, limit)

    def remarks(self, ids: Sequence[int]) -> dict[int, Remark]:
        """Of some articles, by number: how often edited, whether gone, and their translations."""
        with self._reading() as connection:
            return remarks.remarks(connection, ids)

    # --- its evidence

    def captures(self, url: str) -> list[StoredCapture]:
        """Every response that was received for an address, oldest first; their bytes by
        :meth:`capture`.
        """
        with self._reading() as connection:
            return captures.captures_of_address(connection, url)

    def capture(self, capture_id: int) -> Capture:
        """One response as it was received: status, headers, bytes.

        :raises BadInput: there is none of that number, or a copy for publication lacks its bytes.
        :raises ArchiveDamaged: its bytes are not what was stored.
        """
        with self._reading() as connection:
            return captures.capture_of(connection, capture_id)

    def capture_body(self, capture_id: int) -> bytes:
        """The bytes of one response as they were sent; it raises what :meth:`capture` does."""
        return self.capture(capture_id).body

    def capture_with(self, sha256: str) -> Capture | None:
        """A response of the bytes with this hex SHA-256, or None.

        :raises BadInput: it is no SHA-256.
        """
        if not _SHA256.fullmatch(sha256):
            raise BadInput(f"{sha256!r} is no SHA-256: it has 64 digits, from 0 to 9 and a to f.")
        with self._reading() as connection:
            return captures.capture_with(connection, sha256)

    def capture_at(self, url: str, moment: datetime) -> Capture | None:
        """The response for an address that arrived at this very instant, or None.

        :raises BadInput: the instant has no zone.
        """
        if moment.tzinfo is None:
            raise BadInput(f"{moment.isoformat()} has no zone: give one, such as datetime.UTC.")
        with self._reading() as connection:
            return captures.capture_at(connection, url, moment)
