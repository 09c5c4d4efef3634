"""What the tests in a browser share: an archive with a past, a desk that serves it, a Chromium."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from scripts.desk.serving import address_of, desk_of, listening
from scripts.newsroom import Newsroom
from storage import Archive
from tests.running import in_own_process

#: Where Debian, and most others, put a browser of the Chromium family.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def archive_with_a_past(place: Path) -> Path:
    """The newsroom's archive after two crawls, between which it edited one article, took one away,
    and listed one that could not be had."""
    with Newsroom() as room:

        def crawl(*more: str) -> None:
            words = ("crawl", room.url, "--site", "faro", "--delay", "0", *more)
            assert in_own_process(*words, cwd=place).code == 0

        crawl()
        edited = next(each for each in room.articles if "Ghost Minibuses" in each.headline)
        text = edited.text.replace("twenty-two minibuses", "twenty-four minibuses")
        text = text.replace("ninety thousand trips", "ninety-five thousand trips")
        headline = edited.headline.replace("Ghost Minibuses", "Ghost Buses")
        assert edited.headline != headline
        assert edited.text.count("twenty-two minibuses") == 1
        room.edit(edited.path, headline=headline, text=text)
        gone = next(each for each in room.articles if "Insulin" in each.headline)
        room.remove(gone.path, 410)
        crawl("--mode", "recheck", "--since", "1990-01-01")
    return place / "hemeroteca.db"


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:  # signals are the tests' own
        yield


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The desk on a free port, within this process; its address."""
    with Archive.open(path) as archive, listening("127.0.0.1", 0) as place:
        datasette = desk_of(archive)
        server = _Quiet(uvicorn.Config(datasette.app(), log_config=None, access_log=False))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([place])))
        thread.start()
        try:
            yield address_of(place).rstrip("/")
        finally:
            server.should_exit = True
            thread.join()
            datasette.close()


def chromium_path() -> str | None:
    """The browser of this machine, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser that can reach nothing but this machine."""
    from playwright.sync_api import sync_playwright

    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", nowhere]
        )
        try:
            yield browser
        finally:
            browser.close()
