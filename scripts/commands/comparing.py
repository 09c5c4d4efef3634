"""`history`, `changes`: what newsrooms edited, word by word. Both open the archive read-only."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from crawler.errors import BadInput
from scripts.commands import filters, setting_of
from scripts.commands.asking import Json, Which, stored_article
from scripts.printing import (
    console,
    is_coloured,
    line,
    minute,
    number_of,
    print_json,
    print_table,
    word_difference,
)

if TYPE_CHECKING:
    from storage import Change, Edit, History, Revision
    from storage.changes import Kind
    from storage.presence import Event
    from storage.redesigns import Redesign

app = typer.Typer()

#: What `history` says of each capture, beside its time.
CAPTURE_COLUMNS = ("status", "outcome", "bytes", "sha256")

Field = Annotated[
    str | None,
    typer.Option("--field", metavar="NAME", help="Only changes of this field: headline, body, …"),
]


@app.command()
def history(
    context: typer.Context,
    which: Which,
    field: Field = None,
    as_json: Json = False,
) -> None:
    """Show an article's captures and revisions, and what changed, word by word."""
    check_field(field)
    with setting_of(context).open() as archive:
        known = archive.history(str(stored_article(archive, which).id))
    revisions = [_only(revision, field) for revision in known.revisions]
    if as_json:
        print_json(known.to_dict() | {"revisions": [each.to_dict() for each in revisions]})
    else:
        _print_history(known, [each for each in revisions if each.changes or not field])


def _only(revision: Revision, field: str | None) -> Revision:
    """The revision with the changes of one field, or all."""
    wanted = (change for change in revision.changes if field in (None, change.field))
    return replace(revision, changes=tuple(wanted))


def check_field(field: str | None) -> None:
    """Refuse a field that has no history, and name those that have one."""
    from storage.edits import check_fields

    check_fields([] if field is None else [field])


def _print_history(known: History, revisions: Iterable[Revision]) -> None:
    out = console()
    for each in known.captures:
        if each.origin:
            seen = f"{minute(each.fetched_at)}  seen at {line(each.origin)}"
            out.print(Text(seen, style="bold"), soft_wrap=True)
    for event in known.events:
        out.print(Text(f"{minute(event.seen_at)}  {_event(event)}", style="bold"), soft_wrap=True)
    for revision in revisions:
        out.print(Text(f"{revision.number}  {minute(revision.captured_at)}", style="bold"))
        _print_changes(revision.changes)
    is_from_elsewhere = any(each.origin for each in known.captures)
    columns = [*CAPTURE_COLUMNS, *(["origin"] if is_from_elsewhere else [])]
    print_table(
        ["captured", *columns],
        [
            [minute(each.fetched_at), *(getattr(each, name) for name in columns)]
            for each in known.captures
        ],
    )


def _event(event: Event) -> str:
    """What happened to the page, in words."""
    if event.kind == "moved":
        return f"moved from {line(event.url)} to {line(event.to_url)}"
    return f"{event.kind} (status {event.status}): {line(event.url)}"


def _print_changes(changes: Iterable[Change]) -> None:
    out, coloured = console(), is_coloured()
    for change in changes:
        if change.kind == "missing":
            sentence = "the text changed; no notice was added, and the stated date did not move"
            out.print(Text(f"   missing notice: {sentence}", style="yellow"), soft_wrap=True)
            continue
        if change.kind in ("gone", "moved", "returned"):
            way = " to ".join(line(each) for each in (change.before, change.after) if each)
            out.print(Text(f"   {change.kind}: {way}", style="yellow"), soft_wrap=True)
            continue
        about = Text(f"   {change.field} ({', '.join(change.kinds)}): ")
        words = word_difference(change.before, change.after, coloured=coloured)
        out.print(about + words, soft_wrap=True)


_Kicker = Annotated[
    str | None, typer.Option("--kicker", metavar="KICKER", help="Only with this label: brief, …")
]
_PublishedSince = Annotated[
    date | None,
    filters.since("Published then or later.", name="--published-since"),
]
_PublishedUntil = Annotated[
    date | None,
    filters.until("Published then or before.", name="--published-until"),
]


@app.command()
@filters.filtered(kind=_Kicker, since=_PublishedSince, until=_PublishedUntil)
def changes(
    context: typer.Context,
    query: filters.OptionalQuery = None,
    since: Annotated[
        date | None,
        filters.since("Edits first seen on this day or later."),
    ] = None,
    until: Annotated[
        date | None,
        filters.until("Edits first seen on this day or before."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="CLASS",
            help="Only these, separated by commas: headline, byline, date, numbers, names, "
            "wording, added, removed, notice, missing; gone, moved, returned.",
        ),
    ] = None,
    field: Field = None,
    inside: filters.Inside = None,
    given: filters.Given = filters.NONE,
    redesigns: Annotated[
        bool,
        typer.Option("--redesigns", help="List, too, what a redesign of its site made of a page."),
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many revisions.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what newsrooms edited, over the whole archive, word by word, newest first.

    Pages that vanished (404, 410), moved for good, or came back are told, too. Where most pages of
    a site changed alike within days, that is told in one line; --redesigns lists each, and --json
    always does.

    QUERY and the filters choose articles, as in `search`. Days are in UTC.
    """
    check_field(field)
    filters.check_order(since, until)
    setting = setting_of(context)
    with setting.open() as archive:
        filters.check_site(archive, given.get("site"))
        found = archive.changes(
            edited_since=since,
            edited_until=until,
            kinds=_kinds(kind),
            fields=[field] if field else [],
            query=query,
            inside=filters.columns(query, inside),
            **given,
        )
        with closing(found):
            if as_json:
                asked = {"since": since and since.isoformat(), "until": until and until.isoformat()}
                _write_edits(asked, islice(found, limit))
                return
            folded: Counter[Redesign] = Counter()
            told = found if redesigns else _without(found, folded)
            shown = sum(_print_edit(edit) for edit in islice(told, limit))
        why = None if shown or folded else filters.unknown_name(archive, given, kind="kicker")
    for redesign, number in folded.items():
        setting.remark(_redesign(redesign, number))
    setting.remark(f"{number_of(shown, 'change')} found." if shown else "No change found.")
    if why:
        setting.remark(why)


def _without(edits: Iterable[Edit], folded: Counter[Redesign]) -> Iterator[Edit]:
    """The edits but those that redesigns made, which are counted."""
    for edit in edits:
        if edit.redesign is None:
            yield edit
        else:
            folded[edit.redesign] += 1


def _redesign(redesign: Redesign, number: int) -> str:
    fields = " and ".join(redesign.fields).replace(" and ", ", ", len(redesign.fields) - 2)
    return (
        f"{line(redesign.site)}: {number_of(number, 'page')} changed alike in {fields}, as a "
        f"redesign of the site about {redesign.seen_at:%Y-%m-%d} would have it; --redesigns lists "
        "each."
    )


def _kinds(named: str | None) -> list[Kind]:
    """The classes that ``--kind`` names."""
    from storage.changes import KINDS

    known: dict[str, Kind] = {each: each for each in KINDS}
    wanted = filters.parted(named) or []
    for name in wanted:
        if name not in known:
            raise BadInput(f"{name!r} is no class of change; choose {_or(KINDS)}.")
    return [known[name] for name in wanted]


def _print_edit(edit: Edit) -> int:
    out = console()
    about = f"{minute(edit.captured_at)}  {line(edit.headline)}"
    out.print(Text(about, style="bold"), soft_wrap=True)
    place = f"   {line(edit.site)} · no. {edit.id} · revision {edit.number} · {line(edit.url)}"
    out.print(Text(place, style="dim"), soft_wrap=True)
    _print_changes(edit.changes)
    return 1


def _write_edits(asked: dict[str, Any], edits: Iterable[Edit]) -> None:
    """One JSON document, written edit by edit, however many there are."""
    head = json.dumps(asked)
    sys.stdout.write(f'{head[:-1]}, "revisions": [')
    for position, edit in enumerate(edits):
        sys.stdout.write(",\n" if position else "\n")
        json.dump(edit.to_dict(), sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n]}\n")


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
