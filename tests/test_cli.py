"""The command as a whole: its help, its exit codes, what it prints where, and how it fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

from crawler.errors import ArchiveBusy, ArchiveDamaged, BadInput
from scripts import cli
from scripts.commands import HOMES, Setting, asking
from scripts.reference import command_names, help_of
from tests.running import ROOT, Command, in_own_process

COMMANDS = (
    "sites", "crawl", "failures", "add", "parse", "search", "show", "stats", "history", "changes",
    "reparse", "export", "cite", "verify", "backup", "migrate", "crawls", "alarms", "heal",
    "schedule", "run", "serve", "demo",
)  # fmt: skip


def test_these_are_the_commands_and_no_others() -> None:
    assert tuple(command_names()) == COMMANDS


def test_every_command_is_where_it_is_looked_for() -> None:
    homes = {name: get_group(import_module(f"scripts.commands.{home}").app)
             for name, home in HOMES.items()}  # fmt: skip
    assert all(name in group.commands for name, group in homes.items())
    assert {name for group in homes.values() for name in group.commands} == set(HOMES)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text()
    assert f"## `hemeroteca {command}`" in page
    assert help_of(command) in page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_and_argument_says_what_it_does(command: str) -> None:
    from typer.main import get_command

    parameters = get_command(cli.app).get_command(None, command).params  # type: ignore[attr-defined]
    assert [each.name for each in parameters if not getattr(each, "help", None)] == []


def test_the_version_is_the_one_in_pyproject(hemeroteca: Command) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    answer = hemeroteca("--version")
    assert (answer.code, answer.out) == (0, f"hemeroteca {project['version']}\n")


def test_help_goes_to_standard_output(hemeroteca: Command) -> None:
    for words in (["--help"], ["search", "--help"], ["-h"]):
        answer = hemeroteca(*words)
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith("Usage: hemeroteca")


def test_without_a_command_the_help_is_the_complaint(hemeroteca: Command) -> None:
    answer = hemeroteca()
    assert (answer.code, answer.out) == (2, "")
    assert "Commands:" in answer.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["serach"], "No such command 'serach'. Did you mean 'search'? See `hemeroteca --help`."),
        (["show"], "Missing argument 'ID_OR_URL'; see `hemeroteca show --help`."),
        (["search", "a", "--frm"], "No such option: --frm; see `hemeroteca search --help`."),
        (
            ["search", "a", "--archive", "b.db"],
            "--archive stands before the command: hemeroteca --archive … COMMAND.",
        ),
    ],
)
def test_a_mistyped_command_gets_one_sentence(
    hemeroteca: Command, words: list[str], complaint: str
) -> None:
    answer = hemeroteca(*words)
    assert (answer.code, answer.out) == (2, "")
    assert re.sub(r"\s+", " ", answer.err).strip() == f"hemeroteca: {complaint}"


def test_a_number_that_is_none_is_told_by_its_option(hemeroteca: Command) -> None:
    answer = hemeroteca("search", "a", "--limit", "many")
    assert answer.code == 2
    assert answer.err == (
        "hemeroteca: Invalid value for '--limit': Input should be a valid integer; "
        "see `hemeroteca search --help`.\n"
    )


def test_a_choice_that_is_none_is_told_with_those_there_are(hemeroteca: Command) -> None:
    answer = hemeroteca("search", "a", "--sort", "best")
    assert answer.code == 2
    assert answer.err == (
        "hemeroteca: Invalid value for '--sort': "
        "'best' is not one of 'relevance', 'recent', 'newest', 'oldest'; "
        "see `hemeroteca search --help`.\n"
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("The input is wrong."), 2),
        (ArchiveBusy("Another crawl is at work."), 3),
        (ArchiveDamaged("The archive is damaged."), 4),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    hemeroteca: Command, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    monkeypatch.setattr(Setting, "open", lambda _: _raise(error))
    answer = hemeroteca("stats")
    assert (answer.code, answer.out, answer.err) == (code, "", f"hemeroteca: {error}\n")


def _raise(error: BaseException) -> None:
    raise error


def test_an_unexpected_error_is_a_sentence_that_says_how_to_see_more(
    hemeroteca: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Setting, "open", lambda _: _raise(ZeroDivisionError("one\nby zero")))
    answer = hemeroteca("stats")
    assert answer.code == 1
    assert answer.err == (
        "hemeroteca: This should not have happened (ZeroDivisionError: one by zero); "
        "set HEMEROTECA_DEBUG=1 and run it again to see where, and please report it.\n"
    )


def test_with_debugging_switched_on_the_traceback_is_shown(tmp_path: Path) -> None:
    answer = in_own_process("stats", cwd=tmp_path, HEMEROTECA_DEBUG="1")
    assert "Traceback" in answer.err
    assert "BadInput" in answer.err


def test_an_interrupt_is_safe_and_says_so(
    hemeroteca: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Setting, "open", lambda _: _raise(KeyboardInterrupt()))
    answer = hemeroteca("stats")
    assert answer.code == 130
    assert answer.err.strip() == (
        "Interrupted. What was stored is safe; run the same command again to go on."
    )


def test_a_reader_who_has_enough_is_no_error(archive: Path) -> None:
    """As with `hemeroteca export --format jsonl | head -c 1`."""
    command = [sys.executable, "-m", "scripts.cli", "--archive", str(archive)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, "export", "--format", "jsonl"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
    assert "Traceback" not in said
    assert "Error" not in said
    assert process.returncode == 0


def test_the_archive_may_come_from_the_environment(
    hemeroteca: Command, archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = archive.rename(tmp_path / "elsewhere.db")
    monkeypatch.setenv("HEMEROTECA_ARCHIVE", str(elsewhere))
    assert hemeroteca("stats").code == 0
    assert hemeroteca("--archive", "none.db", "stats").code == 2


def test_quiet_leaves_only_the_answer(hemeroteca: Command, archive: Path) -> None:
    assert hemeroteca("search", "the").err.endswith("the next.\n")
    assert hemeroteca("--quiet", "search", "the").err == ""
    assert hemeroteca("--quiet", "search", "the").out == hemeroteca("search", "the").out


def test_commands_that_ask_change_nothing(hemeroteca: Command, archive: Path) -> None:
    before = archive.read_bytes()
    for words in (
        ["sites"], ["failures"], ["search", "the"], ["show", "1"], ["history", "1"], ["stats"],
        ["export", "--format", "jsonl"],
    ):  # fmt: skip
        assert hemeroteca(*words).code == 0
    assert archive.read_bytes() == before
    beside = {path for path in archive.parent.iterdir() if path != archive}
    assert all(path.name.endswith(("-wal", "-shm")) for path in beside), "SQLite's own, no more"


def test_answers_into_a_pipe_carry_no_colour(hemeroteca: Command, archive: Path) -> None:
    for words in (["sites"], ["search", "the"], ["show", "1"], ["history", "1"], ["stats"]):
        assert "\x1b" not in hemeroteca(*words).out


def test_names_stay_readable_in_a_locale_without_them(archive: Path) -> None:
    answer = in_own_process(
        "stats", "--by", "language", "--json", cwd=archive.parent, LC_ALL="C", PYTHONUTF8="0"
    )
    assert answer.code == 0
    told = in_own_process("search", "puerto", cwd=archive.parent, LC_ALL="POSIX", PYTHONUTF8="0")
    assert re.search("[áéíóúñ]", told.out)


def test_what_is_printed_of_a_hit_comes_from_the_archive_alone() -> None:
    """The commands keep no knowledge of SQL, pages or sites of their own."""
    source = Path(asking.__file__).read_text()
    assert "select" not in source.lower()
