"""What several tests need: the command as a user runs it, and an archive of the newsroom."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from scripts.newsroom import Newsroom, NewsroomArticle
from tests.running import Answer, Command, in_own_process

# Hypothesis stops an example after 200 ms by default: on a busy machine that tells of the machine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def hemeroteca(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Command:
    """The command, run within this process in an empty directory of its own."""
    from scripts.cli import main

    monkeypatch.chdir(tmp_path)
    for name in ("HEMEROTECA_ARCHIVE", "HEMEROTECA_DEBUG", "HEMEROTECA_CONTACT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Answer(int(ending.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def newsroom() -> Iterator[Newsroom]:
    """The bundled newsroom on loopback; tests that change it make one of their own."""
    with Newsroom() as room:
        yield room


@pytest.fixture(scope="session")
def crawled(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of one crawl of the newsroom. Only to be read: ``archive`` is a copy."""
    place = tmp_path_factory.mktemp("crawled")
    answer = in_own_process("crawl", newsroom.url, "--site", "faro", "--delay", "0", cwd=place)
    assert answer.code == 0, answer.err
    return place / "hemeroteca.db"


@pytest.fixture
def archive(crawled: Path, tmp_path: Path) -> Path:
    """The newsroom's archive, this test's own."""
    return Path(shutil.copy(crawled, tmp_path / "hemeroteca.db"))


@pytest.fixture
def analysed(newsroom: Newsroom) -> NewsroomArticle:
    """An article of the newsroom with an analysis of its own."""
    return next(
        article
        for article in newsroom.articles
        if article.analysis and article.language == "en" and article.authors
    )
