"""Opening: every file that is no archive is left as it is, with one sentence that helps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import ArchiveBusy, ArchiveDamaged, BadInput, HemerotecaError, MachineFault
from storage import Archive
from storage.opening import place_of
from storage.schema import VERSION
from tests.storing import NOW, SITE, Desk, article, capture, desk

__all__ = ["desk"]


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER)")


def of_version(version: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        Archive.open(path, mode="write").close()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))

    return make


def without_its_end(path: Path) -> None:
    Archive.open(path, mode="write").close()
    with path.open("r+b") as file:
        file.truncate(20_000)


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (
            lambda path: path.write_bytes(b""),
            ArchiveDamaged,
            "{path} is empty, which no archive is: remove it, or name another file.",
        ),
        (
            lambda path: path.write_text("Dear diary,\n" * 100),
            ArchiveDamaged,
            "{path} is no archive but another kind of file: name another one.",
        ),
        (
            lambda path: path.write_bytes(b"SQLite format 3\x00"),
            ArchiveDamaged,
            "{path} is no archive but another kind of file: name another one.",
        ),
        (
            foreign_database,
            ArchiveDamaged,
            "{path} is a database, but no archive of this program: name another one.",
        ),
        (
            of_version("9999"),
            ArchiveDamaged,
            "{path} was written by a newer version (9999, this one knows {version}): "
            "update hemeroteca.",
        ),
        (
            of_version("0000"),
            ArchiveDamaged,
            "{path} is of an older version (0000, this one needs {version}): "
            "run `hemeroteca migrate`, which makes a backup first.",
        ),
        (
            Path.mkdir,
            BadInput,
            "{path} is a directory: name the archive's file, as in {path}/hemeroteca.db.",
        ),
    ],
)
def test_what_is_no_archive_is_refused_in_one_sentence_and_left_as_it_is(
    tmp_path: Path,
    mode: str,
    make: Callable[[Path], object],
    error: type[HemerotecaError],
    sentence: str,
) -> None:
    path = tmp_path / "it"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error) as refusal:
        Archive.open(path, mode=mode)  # type: ignore[arg-type]
    assert str(refusal.value) == sentence.format(path=path, version=VERSION)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_an_archive_that_lost_its_end_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    without_its_end(path)
    with pytest.raises(ArchiveDamaged, match=r"damaged, its last \d+ bytes are missing"):
        Archive.open(path)


def test_reading_makes_no_archive(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"There is no archive at .*crawl a site into it first"):
        Archive.open(tmp_path / "news.db")
    assert not list(tmp_path.iterdir())


def test_writing_makes_an_archive_and_leaves_no_draft(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "news.db", mode="write") as archive:
        assert archive.sites() == {}
        assert archive.path == tmp_path / "news.db"
    assert [path.name for path in tmp_path.iterdir()] == ["news.db"]


def test_a_directory_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"There is no directory .*: make it first\."):
        Archive.open(tmp_path / "nowhere" / "news.db", mode="write")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://host/news", "An archive lives in SQLite or PostgreSQL, not in mysql"),
        ("http://host/news", "An archive lives in SQLite or PostgreSQL, not in http"),
        ("://", "is no database address"),
        ("", "needs the name of a file"),
        ("sqlite://", "needs the name of a file"),
        ("a\x00b", "needs the name of a file"),
    ],
)
def test_an_address_that_names_no_archive_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        Archive.open(address)


def test_a_name_may_hold_anything_that_a_file_system_allows(tmp_path: Path) -> None:
    path = tmp_path / "año #1? 100% ;mode=rw.db"
    Archive.open(path, mode="write").close()
    with Archive.open(path) as archive:
        assert archive.sites() == {}


def test_a_password_is_not_shown() -> None:
    assert "secret" not in str(place_of("postgresql://user:secret@host/news"))


def test_a_reader_cannot_change_anything(desk: Desk) -> None:
    desk.save(article())
    with Archive.open(desk.archive.path or "") as reader:
        with pytest.raises(BadInput, match="open for reading only"):
            reader.save(capture(), article(), site=SITE, crawl_id=None, now=NOW, next_due_at=None)
        with (
            pytest.raises(MachineFault, match="can't be written"),
            reader._reading() as connection,
        ):
            connection.exec_driver_sql("DELETE FROM aliases")
        assert reader.sites() == {SITE: 1}


def test_a_reader_sees_what_a_crawl_has_written_so_far_and_waits_for_nothing(desk: Desk) -> None:
    desk.save(article(1))
    with Archive.open(desk.archive.path or "") as reader, desk.archive._writing():
        assert reader.sites() == {SITE: 1}
        assert len(reader.search("text")) == 1


def test_a_second_writer_is_told_when_it_has_waited_too_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.opening.BUSY_SECONDS", 0.05)
    with (
        Archive.open(desk.archive.path or "", mode="write") as other,
        desk.archive._writing(),
        pytest.raises(ArchiveBusy, match="is being written by another program"),
    ):
        other.start_crawl(SITE, "due", {}, NOW)


def test_garbage_inside_is_damage(desk: Desk) -> None:
    for number in range(40):
        desk.save(article(number, body=()))
    path = desk.archive.path
    desk.archive.close()
    assert path
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(ArchiveDamaged, match="is damaged"), Archive.open(path) as archive:
        archive.sites()


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that any user of this machine can reach."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    place.chmod(0o755)
    shutil.rmtree(place)


def without_rights(act: Callable[[], str]) -> str:
    """What a user who owns nothing gets: root may write anywhere, so the test steps down."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.write(writer, act().encode())
        except HemerotecaError as error:
            os.write(writer, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        text = answer.read().decode()
    os.waitpid(child, 0)
    return text


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="rights are POSIX's")
forks = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@needs_fork
@forks
def test_an_archive_in_a_read_only_place_can_be_read(open_place: Path) -> None:
    path = open_place / "news.db"
    with Archive.open(path, mode="write") as archive:
        archive.save(capture(), article(), site=SITE, crawl_id=None, now=NOW, next_due_at=None)
    path.chmod(0o444)
    open_place.chmod(0o555)

    def read() -> str:
        with Archive.open(path) as archive:
            return f"{archive.sites()} {len(archive.search('text'))}"

    before = path.read_bytes()
    assert without_rights(read) == "{'example': 1} 1"
    assert [each.name for each in open_place.iterdir()] == ["news.db"]
    assert path.read_bytes() == before


@needs_fork
@forks
def test_an_archive_that_cannot_be_written_is_not_opened_for_writing(open_place: Path) -> None:
    path = open_place / "news.db"
    Archive.open(path, mode="write").close()
    path.chmod(0o444)
    open_place.chmod(0o555)
    answer = without_rights(lambda: str(Archive.open(path, mode="write").sites()))
    assert answer == (
        f"MachineFault: {path} can't be written: check the permissions of it and its directory."
    )
    answer = without_rights(lambda: str(Archive.open(open_place / "new.db", mode="write").sites()))
    assert answer == f"MachineFault: {open_place}/new.db can't be created: Permission denied."


@pytest.mark.parametrize("kilobytes", [400, 500, 600])
def test_a_disk_that_has_no_room_for_a_new_archive_gets_none(
    tmp_path: Path, kilobytes: int
) -> None:
    """Its log may find room where the file then does not: half of one must not be left."""
    size = f"size={kilobytes}k"
    mounting = ["mount", "-t", "tmpfs", "-o", size, "hemeroteca-test", str(tmp_path)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        with pytest.raises(MachineFault, match=r"can't be created: .*full"):
            Archive.open(tmp_path / "news.db", mode="write")
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_reading_the_archive_loads_neither_crawler_nor_migrations(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Archive.open(path, mode="write").close()
    program = (
        "import sys; from storage import Archive; "
        f"Archive.open({str(path)!r}).sites(); "
        "print([m for m in ('scrapy', 'twisted', 'bs4', 'selectolax', 'alembic', 'pandas') "
        "if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


@needs_fork
@forks
def test_what_an_earlier_reader_left_beside_it_is_in_no_readers_way(open_place: Path) -> None:
    path = open_place / "news.db"
    Archive.open(path, mode="write").close()
    with Archive.open(path) as archive:
        assert archive.sites() == {}
    assert path.with_name("news.db-wal").exists()
    open_place.chmod(0o555)
    assert without_rights(lambda: str(Archive.open(path).sites())) == "{}"


@needs_fork
@forks
def test_an_archive_on_a_read_only_medium_is_whole_and_can_be_published(open_place: Path) -> None:
    medium, room = open_place / "medium", open_place / "room"
    medium.mkdir()
    path = medium / "news.db"
    with Archive.open(path, mode="write") as archive:
        archive.save(capture(), article(), site=SITE, crawl_id=None, now=NOW, next_due_at=None)
    room.mkdir()
    room.chmod(0o777)
    path.with_name("news.db-wal").write_bytes(b"")  # as a copy of the three files brings it
    path.chmod(0o444)
    medium.chmod(0o555)

    def use() -> str:
        with Archive.open(path) as archive:
            found = archive.verify()
            return f"{found.damaged} {found.checked['indexed']} {archive.publish(room / 'pub.db')}"

    assert without_rights(use) == "[] 1 1"


def test_a_tool_with_its_own_sql_reads_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Archive.open(path, mode="write").close()
    with Archive.open(path) as archive, closing(archive.sqlite_connection()) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM articles")
