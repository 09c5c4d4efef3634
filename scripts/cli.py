"""The ``hemeroteca`` command: its global options, and what happens when something goes wrong.

The commands themselves stand in :mod:`scripts.commands`, one module per kind of errand. Whatever
they raise becomes one sentence on standard error and one of the documented exit codes here, and
nowhere else.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_group

from crawler.errors import BadInput, HemerotecaError, MachineFault
from scripts.commands import DEFAULT_ARCHIVE, HOMES, INTERRUPTED, Setting
from scripts.printing import say, settle_streams

GLOBAL_OPTIONS = ("--archive", "-a", "--quiet", "-q", "--version")
DEBUG_VARIABLE = "HEMEROTECA_DEBUG"
#: The folder of what `heal` learned of sites (:mod:`crawler.sites.patches`).
SITES_VARIABLE = "HEMEROTECA_SITES"

#: What the option parser says of itself rather than of the option.
_PARSER_TALK = re.compile(r"Value error, |, unable to parse string as an? \w+")


#: What a machine refuses that a command did nothing wrong to ask for.
_MACHINE = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EMFILE, errno.ENFILE)
)


class Commands(TyperGroup):
    """The commands, each loaded when it is asked for: a search need not wait for the others."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the help page."""
        return list(HOMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command by its name; of an unknown one, those that are near are told by all names."""
        for home in [HOMES[cmd_name]] if cmd_name in HOMES else dict.fromkeys(HOMES.values()):
            if cmd_name not in self.commands:
                own = typer.Typer(rich_markup_mode=None)
                own.add_typer(import_module(f"scripts.commands.{home}").app)
                self.commands.update(get_group(own).commands)
        return self.commands.get(cmd_name)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"hemeroteca {version('hemeroteca')}")  # noqa: T201
        raise typer.Exit


@app.callback()
def settings(
    context: typer.Context,
    archive: Annotated[
        str,
        typer.Option(
            "--archive",
            "-a",
            envvar="HEMEROTECA_ARCHIVE",
            metavar="PATH_OR_URL",
            help="The archive: a SQLite file, or postgresql://…",
        ),
    ] = DEFAULT_ARCHIVE,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but the answer and errors.")
    ] = False,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Crawl a news site politely, keep what it published and how it changed, and ask the archive.

    Exit codes: 0 done, 1 part of it failed, 2 the command or its input was wrong, 3 another crawl
    holds the archive, 4 the archive is damaged or of another version, 5 the machine stood in the
    way (disk full, no permission), 130 interrupted and safe.
    """
    setting = context.obj = Setting(archive=archive, quiet=quiet)
    if setting.sites_folder.is_dir():
        os.environ.setdefault(SITES_VARIABLE, str(setting.sites_folder.absolute()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    settle_streams()
    code = _exit_code_of(sys.argv[1:] if arguments is None else list(arguments))
    sys.exit(_with_output_closed(code))


def _exit_code_of(arguments: list[str]) -> int:
    """What the command came to; every failure has been told on standard error."""
    try:
        answer = app(arguments, prog_name="hemeroteca", standalone_mode=False)
    except HemerotecaError as error:
        return _failed(str(error), error.exit_code, error)
    except TyperException as error:
        return _failed(_usage_sentence(error), BadInput.exit_code, error)
    except SystemExit as error:
        # Typer turns a broken pipe into an exit: the reader, such as `head`, has had enough.
        if isinstance(error.__context__, BrokenPipeError):
            return 0
        raise
    except OSError as error:
        if error.errno in _MACHINE and error.filename:
            sentence = f"{error.filename} can't be used: {error.strerror}."
            return _failed(sentence, MachineFault.exit_code, error)
        if error.errno not in _MACHINE:
            return _failed(_unexpected_sentence(error), 1, error)
        _drop_output()
        return _failed(_full_sentence(error), MachineFault.exit_code, error)
    except Exception as error:  # the last door: no traceback reaches a user unasked
        return _failed(_unexpected_sentence(error), 1, error)
    if answer == INTERRUPTED:
        say("Interrupted. What was stored is safe; run the same command again to go on.")
    return answer if isinstance(answer, int) else 0


def _failed(sentence: str, code: int, error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        raise error
    say(f"hemeroteca: {sentence}")
    return code


def _usage_sentence(error: TyperException) -> str:
    """Typer's complaint as one sentence; a bare `hemeroteca` gets the help as it is."""
    message = _PARSER_TALK.sub("", error.format_message().strip())
    if type(error).__name__ == "NoArgsIsHelpError":
        return message
    option = getattr(error, "option_name", None)
    if option in GLOBAL_OPTIONS:
        return f"{option} stands before the command: hemeroteca {option} … COMMAND."
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "hemeroteca"
    if _is_bare_query(message, option, context):
        return (
            f"{message.rstrip('.')}: a query of several words, or with a minus, stands in quotes, "
            f"as in `{path} 'prison -gang'`."
        )
    if message.endswith("?"):
        return f"{message} See `{path} --help`."
    return f"{message.rstrip('.')}; see `{path} --help`."


def _is_bare_query(message: str, option: str | None, context: typer.Context | None) -> bool:
    """Whether words of a query were taken for options or for arguments too many."""
    if context is None or all(each.name != "query" for each in context.command.params):
        return False
    is_short = bool(option) and not str(option).startswith("--")
    return (is_short and "No such option" in message) or "extra argument" in message


def _unexpected_sentence(error: Exception) -> str:
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return (
        f"This should not have happened ({what}); "
        f"set {DEBUG_VARIABLE}=1 and run it again to see where, and please report it."
    )


def _full_sentence(error: OSError) -> str:
    return f"The answer can't be written in full: {error.strerror}."


def _with_output_closed(code: int) -> int:
    """Flush, so that a reader who has gone is noticed here and not after the last line of code."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _drop_output()
        if not isinstance(error, BrokenPipeError) and code == 0:
            say(f"hemeroteca: {_full_sentence(error)}")
            return MachineFault.exit_code
    return code


def _drop_output() -> None:
    """Send what is left of the answer nowhere: its place takes no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
