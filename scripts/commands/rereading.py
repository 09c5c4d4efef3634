"""`reparse`: stored captures, read again with today's parser; nothing is fetched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from crawler.errors import BadInput
from scripts.commands import INTERRUPTED, Setting, filters, setting_of
from scripts.commands.asking import Json
from scripts.printing import (
    console,
    is_coloured,
    line,
    number_of,
    print_json,
    print_table,
    word_difference,
)

if TYPE_CHECKING:
    from spiders.rereading import Wanted
    from storage import Archive

app = typer.Typer()


@app.command()
def reparse(
    context: typer.Context,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only tell what would be read otherwise; write nothing."),
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back the readings that the last run replaced.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Forget all replaced readings; then nothing undoes.")
    ] = False,
    site: filters.Site = None,
    since: Annotated[
        date | None,
        filters.since("Captured then or later."),
    ] = None,
    until: Annotated[
        date | None,
        filters.until("Captured then or before."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many captures.")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, help="With --dry-run: about so many, from all over."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, help="So many processes; if not given, all cores."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read stored captures again with today's parser, and tell field by field what changes.

    No revision is added, since no newsroom edited anything, and one that was nothing but a
    misreading is taken out of the history; the old readings are kept until --prune. Pages that
    were taken for no article once and are one today are admitted. Nothing is fetched. A run that
    was stopped or killed goes on when it is run again.
    """
    setting = setting_of(context)
    chosen = sum((dry_run, undo, prune))
    if chosen > 1:
        raise BadInput("--dry-run, --undo and --prune exclude each other; choose one.")
    if sample and not dry_run:
        raise BadInput("--sample tells of a part; add --dry-run, or leave it out to read all.")
    if (undo or prune) and any((site, since, until, limit)):
        raise BadInput("--undo and --prune concern whole runs; leave the filters out.")
    filters.check_order(since, until)
    if undo or prune:
        _take_back(setting, is_undo=undo)
        return
    from spiders.rereading import Wanted, cores
    from storage.moments import first_instant, last_instant
    from storage.rereading import Selection

    first = first_instant(since) if since else None
    selection = Selection(site, first, last_instant(until) if until else None)
    wanted = Wanted(selection, limit, sample, jobs or cores(), is_dry=dry_run)
    with setting.open() if dry_run else setting.open_to_change() as archive:
        filters.check_site(archive, site)
        try:
            told = _reread(setting, archive, wanted)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(told)
    else:
        _print_report(told)
        setting.remark(_verdict(told, is_dry=dry_run))
    raise typer.Exit(1 if told["damaged"] else 0)


def _take_back(setting: Setting, *, is_undo: bool) -> None:
    with setting.open_to_change() as archive, archive.hold():
        if is_undo:
            count = archive.undo_rereading(datetime.now(UTC))
            setting.remark(f"{number_of(count, 'old reading')} brought back.")
        else:
            count = archive.prune_readings()
            setting.remark(f"{number_of(count, 'replaced reading')} forgotten.")


def _reread(setting: Setting, archive: Archive, wanted: Wanted) -> dict[str, Any]:
    from spiders.rereading import reparse

    held = nullcontext() if wanted.is_dry else archive.hold()
    with held, _progress(shown=sys.stderr.isatty() and not setting.quiet) as on_progress:
        return reparse(archive, wanted, on_progress).to_dict()


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    if not shown:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr, highlight=False), transient=True) as bars:
        task = bars.add_task("reading again", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _print_report(told: dict[str, Any]) -> None:
    rows = [
        [name, *(counted[how] for how in ("changed", "filled", "emptied"))]
        for name, counted in told["fields"].items()
    ]
    if rows:
        print_table(["field", "changed", "filled", "emptied"], rows)
    out, coloured = console(), is_coloured()
    for name, counted in told["fields"].items():
        for example in counted["examples"]:
            words = word_difference(example["before"], example["after"], coloured=coloured)
            out.print(Text(f"{name}  {line(example['url'])}", style="dim"), soft_wrap=True)
            out.print(Text("   ") + words, soft_wrap=True)
    for example in told["refused"]:
        about = f"not read  {line(example['url'])}: {line(example['reason'])}"
        out.print(Text(about, style="dim"), soft_wrap=True)


def _verdict(told: dict[str, Any], *, is_dry: bool) -> str:
    read = number_of(told["read"], "capture")
    kept = told["not_article"] + told["unreadable"] + told["damaged"]
    beside = f", {kept} could not be read and keep their reading" if kept else ""
    if told["admitted"]:
        would_be = "would be" if is_dry else "are"
        beside += f", {told['admitted']} of those once refused {would_be} admitted as articles"
    if told["no_edits"]:
        were, ones = ("were", "revisions") if told["no_edits"] > 1 else ("was", "revision")
        beside += f", {told['no_edits']} {ones} {were} no edit of the newsroom and taken out"
    if is_dry:
        return f"{read} read again, {told['other']} would be read otherwise{beside}."
    hint = ""
    if told["other"] or told["admitted"]:
        hint = "; `hemeroteca reparse --undo` brings the old readings back"
    return f"{read} read again, {told['other']} read otherwise{beside}{hint}."
