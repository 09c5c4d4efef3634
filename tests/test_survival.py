"""``kill -9`` at any moment leaves a whole archive, and the next run goes on where it stopped."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import Archive
from tests.storing import NOW, SITE, TOMORROW, address, article, capture

PAGES = 120

#: A crawl without a network: lists its pages, and keeps what is due until nothing is.
CRAWL = """
import sys
from tests.test_survival import crawl_all
crawl_all(sys.argv[1])
"""


class Found:
    """An address on the list."""

    source = "sitemap"
    lastmod_at = None
    stated_on = None

    def __init__(self, number: int) -> None:
        self.url = address(number)


def crawl_all(path: str) -> None:
    with Archive.open(path, mode="write") as archive, archive.hold():
        crawl_id = archive.start_crawl(SITE, "due", {}, NOW)
        archive.enlist(SITE, map(Found, range(PAGES)), crawl_id=crawl_id, now=NOW)
        while due := archive.due(SITE, limit=10, now=NOW):
            for one in due:
                number = int(one.url.rpartition("/")[2])
                archive.save(
                    capture(number, b"page of %d" % (number % 50)),
                    article(number, tags=(f"tag {number % 7}", "all")),
                    site=SITE,
                    crawl_id=crawl_id,
                    now=NOW,
                    next_due_at=TOMORROW,
                )
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()
        archive.finish_crawl(crawl_id, {}, NOW, "finished")


def started(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CRAWL, str(path)], stdout=subprocess.PIPE, text=True
    )


def contents(path: Path) -> dict[str, list[Any]]:
    """Everything that does not depend on when and how often a crawl began."""
    questions = {
        "articles": "SELECT url, headline, body, tags FROM articles ORDER BY url",
        "captures": "SELECT url, status, outcome, sha256 FROM captures "
        "JOIN bodies ON bodies.id = body_id ORDER BY url",
        "revisions": "SELECT url, count(*) FROM v_revisions GROUP BY url ORDER BY url",
        "frontier": "SELECT url, state, next_due_at FROM frontier ORDER BY url",
        "tags": "SELECT name, count(*) FROM tags JOIN article_tags ON tag_id = id GROUP BY name",
        "bodies": "SELECT sha256 FROM bodies ORDER BY sha256",
        "aliases": "SELECT url, role FROM aliases ORDER BY url",
    }
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(query).fetchall() for name, query in questions.items()}


def check_whole(path: Path) -> None:
    """What must hold after any death."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute(
            "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"
        )
        (unread,) = connection.execute(
            "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM revisions "
            "JOIN readings ON revision_id = revisions.id WHERE replaced_at IS NULL)"
        ).fetchone()
        assert unread == 0
        (unequal,) = connection.execute(
            "SELECT (SELECT count(*) FROM articles) - (SELECT count(*) FROM captures) "
            "+ (SELECT count(*) FROM frontier WHERE state = 'article') "
            "- (SELECT count(*) FROM captures)"
        ).fetchone()
        assert unequal == 0
    with Archive.open(path) as archive:
        for number in range(PAGES):
            for kept in archive.captures(address(number)):
                archive.capture_body(kept.id)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("undisturbed") / "news.db"
    with started(path) as crawl:
        assert crawl.stdout
        assert len(crawl.stdout.readlines()) == PAGES
    return path


@pytest.mark.parametrize("seed", range(2))
def test_a_crawl_that_is_killed_again_and_again_ends_like_one_that_was_not(
    undisturbed: Path, tmp_path: Path, seed: int
) -> None:
    chance, path, printed = random.Random(seed), tmp_path / "news.db", 0
    for _ in range(3):
        with started(path) as crawl:
            assert crawl.stdout
            for _ in range(chance.randint(1, 35)):
                printed += bool(crawl.stdout.readline())
            time.sleep(chance.random() / 500)
            crawl.kill()
        check_whole(path)
    with Archive.open(path) as archive:
        assert printed <= archive.sites()[SITE] < PAGES
    with started(path) as crawl:
        assert crawl.wait() == 0
    check_whole(path)
    assert contents(path) == contents(undisturbed)


def test_an_archive_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    chance = random.Random(7)
    for _ in range(5):
        with started(path) as crawl:
            time.sleep(0.2 + chance.random() / 2)
            crawl.kill()
        if path.exists():
            check_whole(path)
            break
    with started(path) as crawl:
        assert crawl.wait() == 0
    check_whole(path)
