"""Any sequence of what a newsroom and a crawler may do leaves what a simple model says."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import spiders.rereading
import storage.intake
from crawler.article import Article, Pointer
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from spiders.rereading import Wanted, reparse
from storage import Archive
from tests.storing import NOW, SITE, address, article, capture, paragraphs
from tests.storing import _blank as blank

PAGES = st.integers(1, 2)
TEXTS = st.sampled_from(["one", "two", "three 3"])

#: What stands on every page, so that one is kept as what differs from another.
TEMPLATE = " ".join(f'<div class="box-{number}">furniture</div>' for number in range(60))


@dataclass
class Page:
    """What the model knows of one page."""

    text: str = "one"
    cards: int = 0
    parser: int = 1
    revisions: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    gone_at: datetime | None = None
    is_failed: bool = False


class PulledPlugError(Exception):
    """The process ends in the middle of a transaction."""


class Life(RuleBasedStateMachine):
    """An archive beside its model."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.path = Path(self.place.name, "news.db")
        self.path.write_bytes(blank())
        self.archive = Archive.open(self.path, mode="write")
        self.now = NOW
        self.pages = {number: Page() for number in (1, 2)}
        self.reading = 0

    def teardown(self) -> None:
        assert self.archive.verify().damaged == []
        self.archive.close()
        self.place.cleanup()

    def _about(self) -> dict[str, Any]:
        return {"site": SITE, "crawl_id": None, "now": self.now}

    def _captured(self, number: int, body: bytes, status: int = 200) -> Any:
        self.now += timedelta(minutes=1)
        return replace(capture(number, body, status=status), fetched_at=self.now)

    def _sent(self, number: int, *, wrapped: bool) -> bytes:
        page = self.pages[number]
        body = f"{TEMPLATE}|{number}|{page.text}|{page.cards}".encode()
        return gzip.compress(body, mtime=0) if wrapped else body

    def _read(self, sent: Capture) -> Article | NotAnArticle:
        """What today's parser makes of a page; its tags tell how it is read at present."""
        body = gzip.decompress(sent.body) if sent.body[:2] == b"\x1f\x8b" else sent.body
        if b"|" not in body:
            return NotAnArticle("nothing")
        _, number, text, cards = body.decode().split("|")
        return article(
            number,
            headline=f"Headline {number}",
            body=paragraphs("what stays", text),
            tags=(f"read {self.reading}",),
            related=tuple(Pointer(address(each)) for each in range(int(cards))),
            parser=f"example/{self.pages[int(number)].parser}",
        )

    @rule(number=PAGES, text=TEXTS, new_cards=st.integers(0, 1), wrapped=st.booleans())
    def fetch(self, number: int, text: str, new_cards: int, *, wrapped: bool = False) -> None:
        """The newsroom may have edited the text, or only moved its cards."""
        page = self.pages[number]
        page.text, page.cards = text, page.cards + new_cards
        sent = self._captured(number, self._sent(number, wrapped=wrapped))
        outcome = self.archive.save(sent, self._read(sent), next_due_at=None, **self._about())
        expected = "new"
        if page.revisions:
            expected = "unchanged" if page.revisions[-1] == page.text else "revised"
        assert outcome == expected
        if expected != "unchanged":
            page.revisions.append(page.text)
        page.outcomes.append(expected)
        page.gone_at, page.is_failed = None, False

    @rule(text=TEXTS)
    def fetch_the_first(self, text: str) -> None:
        """Drawn often, so that most sequences hold what can follow on a fetch."""
        self.fetch(1, text, 0)

    @rule()
    def fetch_with_new_cards(self) -> None:
        self.fetch(1, self.pages[1].text, 1)

    @rule(number=PAGES)
    def read_better(self, number: int) -> None:
        page = self.pages[number]
        page.parser += 1
        stored = self.archive.article(address(number))
        if stored:
            better = replace(stored.article, parser=f"example/{page.parser}")
            self.archive.reread(stored.id, better, now=self.now)

    @rule(number=PAGES)
    def vanish(self, number: int) -> None:
        page = self.pages[number]
        sent = self._captured(number, b"gone", status=404)
        assert self.archive.gone(sent, **self._about()) == "gone"
        page.outcomes.append("gone")
        page.is_failed = False
        if page.revisions and page.gone_at is None:
            page.gone_at = self.now

    @rule(number=PAGES)
    def show_a_login(self, number: int) -> None:
        sent = self._captured(number, b"log in")
        self.archive.save(sent, NotAnArticle("login"), next_due_at=None, **self._about())
        self.pages[number].outcomes.append("not_article")
        self.pages[number].is_failed = False

    @rule(number=PAGES)
    def send_garbage(self, number: int) -> None:
        sent = self._captured(number, b"%PDF")
        self.archive.save(sent, Unreadable("It is a PDF."), next_due_at=None, **self._about())
        self.pages[number].outcomes.append("unreadable")
        self.pages[number].is_failed = True

    @rule(number=PAGES)
    def answer_304(self, number: int) -> None:
        self.now += timedelta(minutes=1)
        self.archive.not_modified(address(number), next_due_at=None, **self._about())
        self.pages[number].is_failed = False

    @rule(number=PAGES, text=TEXTS)
    def die_while_saving(self, number: int, text: str) -> None:
        """Nothing of the page is there, and the archive opens again."""
        page = self.pages[number]
        sent = replace(
            self._captured(number, b""), body=f"{TEMPLATE}|{number}|{text} |{page.cards}".encode()
        )

        def pull(*_: Any, **__: Any) -> None:
            raise PulledPlugError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(storage.intake, "keep_addresses", pull)
            with pytest.raises(PulledPlugError):
                self.archive.save(sent, self._read(sent), next_due_at=None, **self._about())
        self.open_again()

    def _reparse(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(spiders.rereading, "read_as_stored", lambda _, sent: self._read(sent))
            reparse(self.archive, Wanted())

    def _tags(self) -> list[list[tuple[str, ...]]]:
        known = [number for number, page in self.pages.items() if page.revisions]
        histories = [self.archive.history(address(number)) for number in known]
        return [[each.article.tags for each in history.revisions] for history in histories]

    @rule()
    def read_everything_again(self) -> None:
        """With a parser that reads one thing otherwise, which is no edit."""
        self.reading += 1
        self._reparse()
        assert {tags for history in self._tags() for tags in history} <= {(f"read {self.reading}",)}

    @rule()
    def read_everything_again_and_think_better_of_it(self) -> None:
        before = self._tags()
        self.reading += 1
        self._reparse()
        self.archive.undo_rereading(self.now)
        self.reading -= 1
        assert self._tags() == before

    @rule()
    def forget_the_old_readings(self) -> None:
        self.archive.prune_readings()
        for number, page in self.pages.items():
            assert len(self.archive.readings(address(number))) == len(page.revisions)

    @rule()
    def open_again(self) -> None:
        self.archive.close()
        self.archive = Archive.open(self.path, mode="write")

    def _each(self, check: Callable[[Page, Any], None]) -> None:
        for number, page in self.pages.items():
            if page.revisions:
                check(page, self.archive.history(address(number)))

    @invariant()
    def history_is_what_happened(self) -> None:
        def check(page: Page, history: Any) -> None:
            texts = [each.article.body[1].text for each in history.revisions]
            assert texts == page.revisions
            assert [bool(each.changes) for each in history.revisions] == [
                number > 0 for number in range(len(texts))
            ]
            first = page.outcomes.index("new")
            assert [each.outcome for each in history.captures] == page.outcomes[first:]

        self._each(check)

    @invariant()
    def articles_are_as_last_seen(self) -> None:
        known = {number: page for number, page in self.pages.items() if page.revisions}
        assert self.archive.sites() == ({SITE: len(known)} if known else {})
        for number, page in known.items():
            stored = self.archive.article(address(number))
            assert stored
            assert stored.gone_at == page.gone_at
            assert stored.article.body_text.endswith(page.revisions[-1])
            assert len(stored.article.related) == page.cards

    @invariant()
    def every_capture_is_kept_and_the_quarantine_is_current(self) -> None:
        for number, page in self.pages.items():
            kept = self.archive.captures(address(number))
            assert [each.outcome for each in kept] == page.outcomes
        failed = {address(number) for number, page in self.pages.items() if page.is_failed}
        assert {each.url for each in self.archive.failures()} == failed

    @invariant()
    def the_index_finds_the_current_text_only(self) -> None:
        for text in ("one", "two", "three"):
            found = {hit.url for hit in self.archive.search(f"body:{text}")}
            expected = {
                address(number)
                for number, page in self.pages.items()
                if page.revisions and page.revisions[-1].startswith(text)
            }
            assert found == expected


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
