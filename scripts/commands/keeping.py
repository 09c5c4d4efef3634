"""`verify`, `backup`, `migrate`: an archive that is whole, and stays so through the years."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import ArchiveDamaged, BadInput
from scripts.commands import setting_of
from scripts.commands.pages import profile_of
from scripts.printing import number_of, print_json, print_table, say
from scripts.telling import size

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.capture import Capture
    from crawler.errors import NotAnArticle, Unreadable
    from storage import Findings

app = typer.Typer()


@app.command()
def verify(
    context: typer.Context,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Read every capture again with today's parser, too, and compare."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a program.")] = False,
) -> int | None:
    """Check that the archive is whole, and name what is damaged; exit code 4 if anything is.

    Every capture is held against its hash, every article against its capture, the index against
    the rows, and every reference must lead somewhere. Nothing is changed, and a crawl may run.
    """
    setting = setting_of(context)
    shows = sys.stderr.isatty() and not setting.quiet
    with setting.open() as archive, _progress(shown=shows) as progress:
        found = archive.verify(read_today if deep else None, progress=progress)
    if as_json:
        print_json({"archive": setting.archive, **found.to_dict()})
    elif found.damaged or found.differing:
        _print_findings(found)
    setting.remark(_summary(found))
    if found.is_whole:
        return None
    say(f"hemeroteca: {_complaint(found)}")
    return ArchiveDamaged.exit_code


def read_today(capture: Capture, site: str) -> Article | NotAnArticle | Unreadable:
    """A capture as today's parser reads it, with the profile of its site if there is one."""
    from spiders.reading import read

    try:
        profile = profile_of(capture.address, site)
    except BadInput:  # a site without a profile of its own
        profile = profile_of(capture.address, None)
    return read(capture, profile)


def _print_findings(found: Findings) -> None:
    rows = [("damaged", each) for each in found.damaged]
    rows += [("differs", each) for each in found.differing]
    print_table(
        ["", "kind", "id", "what", "url"],
        [[state, each.kind, each.id, each.what, each.url] for state, each in rows],
    )


def _summary(found: Findings) -> str:
    checked = found.checked
    parts = [
        number_of(checked["captures"], "capture"),
        number_of(checked["articles"], "article"),
        number_of(checked["revisions"], "revision"),
    ]
    text = f"Checked: {', '.join(parts)}."
    if missing := checked["without bytes"]:
        text += f" Of {missing} answers the bytes are elsewhere: this is a copy for publication."
    if found.differing:
        number = number_of(len(found.differing), "capture")
        text += f" Today's parser reads {number} otherwise, which is no damage."
    return text if found.damaged else f"{text} The archive is whole."


def _complaint(found: Findings) -> str:
    number = len(found.damaged) + found.unnamed
    rest = f" ({len(found.damaged)} of them are named)" if found.unnamed else ""
    return (
        f"{number_of(number, 'thing')} damaged{rest}: "
        "keep a copy of the archive as it is, and restore the last backup."
    )


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar per check on standard error while the block runs."""
    if not shown:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr, highlight=False), transient=True) as bars:
        tasks: dict[str, int] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            if done % 20 == 0 or done == total:
                bars.update(tasks[what], completed=done)  # type: ignore[arg-type]

        yield show


@app.command()
def backup(
    context: typer.Context,
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="Where the copies stand: another disk.")
    ],
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            metavar="N",
            min=1,
            help="Remove older copies but the latest N; if not given, none is removed.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a program.")] = False,
) -> None:
    """Copy the archive into a folder, and verify the copy; a crawl may run meanwhile.

    The copy is of one moment, has that moment (UTC) in its name, and has its name only when it was
    found whole. Older copies are removed after that, and none if anything went wrong.
    """
    setting = setting_of(context)
    from storage.backups import backed_up

    done = backed_up(setting.archive, Path(folder), keep=keep, now=datetime.now(UTC))
    if as_json:
        print_json(done.to_dict())
        return
    removed = f", {number_of(len(done.removed), 'older one')} removed" if done.removed else ""
    setting.remark(
        f"{done.path}: {size(done.size)}, {number_of(done.captures, 'capture')} verified. "
        f"{number_of(len(done.kept), 'copy', 'copies')} kept{removed}."
    )


@app.command()
def migrate(
    context: typer.Context,
    without_backup: Annotated[
        bool,
        typer.Option(
            "--without-backup", help="Make no copy first: there is a backup already, or a server's."
        ),
    ] = False,
) -> None:
    """Bring an archive of an older version up to date, after a backup beside it.

    It is done in one step: an archive whose migration was interrupted is as it was before. An
    archive of a newer version is refused with exit code 4.
    """
    setting = setting_of(context)
    from storage.migrating import migrate as migrated

    done = migrated(setting.archive, backup=not without_backup)
    if done.before == done.after:
        setting.remark(f"The archive is of version {done.after} already; nothing was to be done.")
        return
    kept = f" As it was, it is kept in {done.backup}." if done.backup else ""
    setting.remark(f"The archive was of version {done.before} and is now of {done.after}.{kept}")
