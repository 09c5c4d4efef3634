"""What the tests of the archive share: made-up pages, and a short way to keep them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.article import Article, Block
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from storage import Archive

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
SITE = "example"


def address(number: int | str) -> str:
    """The address of a made-up page."""
    return f"https://example.org/news/{number}"


def article(number: int | str = 1, **fields: Any) -> Article:
    """A made-up article; *fields* replace what it would have."""
    url = address(number)
    made = Article(
        url=url,
        canonical_url=url,
        site=SITE,
        language="en",
        headline=f"Headline {number}",
        authors=("Ana Ruiz",),
        published="2020-05-17",
        body=(Block("paragraph", f"The text of number {number}."),),
        parser="example/1",
    )
    return replace(made, **fields)


def paragraphs(*texts: str) -> tuple[Block, ...]:
    """Texts as blocks."""
    return tuple(Block("paragraph", text) for text in texts)


def capture(number: int | str = 1, body: bytes = b"", **fields: Any) -> Capture:
    """What a server sent for a made-up page."""
    made = Capture(address(number), NOW, 200, (("ETag", '"1"'),), body or f"page {number}".encode())
    return replace(made, **fields)


@dataclass
class Desk:
    """An archive that is open for writing, with a clock of its own."""

    archive: Archive
    crawl_id: int
    now: datetime = NOW

    def pass_time(self, **time: float) -> None:
        """Move the clock on."""
        self.now += timedelta(**time)

    def save(
        self,
        reading: Article | NotAnArticle | Unreadable,
        body: bytes | None = None,
        *,
        url: str | None = None,
        **more: Any,
    ) -> str:
        """Keep a page that was fetched now; its bytes are another each time if not given."""
        self.pass_time(minutes=1)
        url = url or (reading.url if isinstance(reading, Article) else address(1))
        fields = {name: more.pop(name) for name in list(more) if name in Capture.__slots__}
        sent = body if body is not None else f"{url} {self.now}".encode()
        page = replace(capture(), url=url, fetched_at=self.now, body=sent)
        about = {"crawl_id": self.crawl_id, "now": self.now, "next_due_at": self.now} | more
        return self.archive.save(replace(page, **fields), reading, **{"site": SITE, **about})

    def gone(self, number: int | str = 1, status: int = 404) -> str:
        """The server says that a page is no more."""
        self.pass_time(minutes=1)
        page = capture(number, b"no such page", fetched_at=self.now, status=status)
        return self.archive.gone(page, site=SITE, crawl_id=self.crawl_id, now=self.now)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a question in SQL."""
        with self.archive._reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]


@cache
def _blank() -> bytes:
    """An archive without content: made once, since to make one takes longer than most tests."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "blank.db")
        Archive.open(path, mode="write").close()
        return path.read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A new archive, open for writing, in which a crawl has begun."""
    (tmp_path / "news.db").write_bytes(_blank())
    with Archive.open(tmp_path / "news.db", mode="write") as archive:
        yield Desk(archive, archive.start_crawl(SITE, "due", {}, NOW))
