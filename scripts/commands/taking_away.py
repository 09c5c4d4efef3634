"""`export`, `cite`: what leaves the archive; an export as a stream, with a note beside it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

import typer

from crawler.errors import ArchiveDamaged, BadInput
from scripts.commands import filters, setting_of
from scripts.commands.asking import reference_to, stored_article
from scripts.commands.pages import refusal_to_write
from scripts.commands.web_archives import write_captures
from scripts.printing import Tongue, number_of, own_tongue, printable, say

if TYPE_CHECKING:
    from storage import Archive

app = typer.Typer()

Passing = TypeVar("Passing")

Format = Literal[
    "csv", "xlsx", "jsonl", "parquet", "bibtex", "ris", "csl-json", "graphml", "warc", "wacz",
    "sqlite",
]  # fmt: skip

#: What names of files end in, by format.
ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
    ".bib": "bibtex",
    ".ris": "ris",
    ".csl.json": "csl-json",
    ".graphml": "graphml",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wacz": "wacz",
    ".db": "sqlite",
    ".sqlite": "sqlite",
}

#: Of what a file of that format is a number; articles where it isn't named.
NOUNS = {"warc": "capture", "wacz": "capture"}

#: What holds links, histories or captures, which are those of today.
WITHOUT_A_PAST = ("graphml", "warc", "wacz", "sqlite")

#: Of what is damaged; the file beside the export has all numbers.
_MOST_NAMED = 10


@app.command()
@filters.filtered()
def export(
    context: typer.Context,
    query: filters.OptionalQuery = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to; - is standard output.")
    ] = "-",
    form: Annotated[
        Format | None,
        typer.Option("--format", help="If not given, what FILE ends in."),
    ] = None,
    inside: filters.Inside = None,
    given: filters.Given = filters.NONE,
    bom: Annotated[
        bool,
        typer.Option("--bom", help="A byte order mark in a CSV, by which Excel knows its letters."),
    ] = False,
    at: filters.At = None,
) -> int | None:
    """Write articles to a file, or their captures as a web archive; as a stream.

    csv, xlsx, jsonl and parquet hold one record an article; bibtex, ris and csl-json a citation;
    graphml is a graph of articles, authors and where they point. WARC and WACZ hold every capture
    where no filter, or --site alone, is given. With --at, tables and citations say what articles
    said then, of those captured by then. SQLite is a copy for publication: articles and
    history, without the captured bytes.
    Beside FILE comes FILE.meta.json: the query, the number of rows, the time, the archive, which
    parsers read it, and what the archive lacks of the time and the sites in question.
    """
    setting = setting_of(context)
    chosen = form or _format_of(output)
    if bom and chosen != "csv":
        raise BadInput(f"--bom is for CSV, and {chosen} needs none; leave it out.")
    if at is not None and chosen in WITHOUT_A_PAST:
        known = [each for each in get_args(Format) if each not in WITHOUT_A_PAST]
        raise BadInput(f"--at is not for {chosen}: choose {', '.join(known)}.")
    with setting.open() as archive:
        if archive.path is not None and _is_same_file(output, archive.path):
            raise BadInput(f"{output!r} is the archive itself; name another file.")
        filters.check_site(archive, given.get("site"))
        filters.tell_excerpt(setting, archive)
        asked = {**filters.given(query=query, inside=inside, at=at), **given}
        searched = {**given, "query": query, "inside": filters.columns(query, inside)}
        searched |= filters.given(at=at)
        note = _note(setting.archive, archive, chosen, asked, searched)
        parsers: Counter[str] = Counter()
        damaged: list[int] = []
        if chosen == "sqlite":
            rows = _publish(archive, output, **searched)
        else:
            with destination(output) as stream:
                rows = _written(
                    archive, chosen, stream, note, output, searched, parsers, damaged, bom=bom
                )
        if not parsers and _is_plain_file(output):
            parsers.update(_parsers(archive, searched))
        why = None if rows else filters.unknown_name(archive, given)
    place = "standard output" if output == "-" else output
    setting.remark(f"{number_of(rows, NOUNS.get(chosen, 'article'))} written to {place}.")
    if why:
        setting.remark(why)
    if _is_plain_file(output):
        beside = Path(f"{output}.meta.json")
        at_its_end = {"rows": rows, "parsers": dict(parsers)}
        if damaged:
            at_its_end["damaged"] = damaged
        _write_note(beside, note | at_its_end)
        months = {gap["month"] for gap in note["coverage"]["gaps"] if gap["month"]}
        if months:
            lacks = f"The archive has gaps in {number_of(len(months), 'month')} of that time"
            setting.remark(f"{lacks}; {beside} lists them.")
    if not damaged:
        return None
    say(f"hemeroteca: {_left_out(damaged, NOUNS.get(chosen, 'article'))}")
    return ArchiveDamaged.exit_code


def _left_out(damaged: list[int], noun: str) -> str:
    """What is missing in the file, and what to do about it."""
    numbers = ", ".join(str(number) for number in damaged[:_MOST_NAMED])
    more = ", …" if len(damaged) > _MOST_NAMED else ""
    return (
        f"{number_of(len(damaged), 'damaged ' + noun)} left out (no. {numbers}{more}): "
        "`hemeroteca verify` names all damage; restore the last backup."
    )


def _written(
    archive: Archive,
    form: Format,
    stream: IO[bytes],
    note: dict[str, Any],
    output: str,
    searched: dict[str, Any],
    parsers: Counter[str],
    damaged: list[int],
    *,
    bom: bool,
) -> int:
    """Write what was searched for in one of the formats that stream; how many were written.

    Where articles pass, their parsers are counted, and what is damaged is left out. Each writer is
    imported when it is asked for: a table needs no Arrow.
    """
    if form in ("warc", "wacz"):
        about = {"description": _description(note["query"])}
        plain = output.lower().endswith(".warc")
        captures = archive.leaving(damaged=damaged, **searched)
        return write_captures(captures, form, stream, compress=not plain, about=about)
    if form == "graphml":
        from storage.exporting.graphml import write_graphml

        return write_graphml(archive.graph(**searched), stream)
    if form in ("bibtex", "ris", "csl-json"):
        from storage.exporting.bibliography import write_bibliography

        cited = archive.references(sort=None, damaged=damaged, **searched)
        cited = _counted(cited, parsers, lambda reference: reference.article.parser)
        return write_bibliography(cited, stream, form=form, outlets=outlets())
    records = archive.articles(sort=None, damaged=damaged, **searched)
    records = _counted(records, parsers, lambda record: record["parser"])
    if form == "parquet":
        from storage.exporting.parquet import write_parquet

        return write_parquet(records, stream, note=note | {"parsers": parsers})
    if form == "xlsx":
        from storage.exporting.spreadsheet import write_xlsx

        return write_xlsx(records, stream, note=note)
    from storage.exporting.tables import write_csv, write_jsonl

    return write_csv(records, stream, bom=bom) if form == "csv" else write_jsonl(records, stream)


def _counted(
    passing: Iterator[Passing], counts: Counter[str], name: Callable[[Passing], str]
) -> Iterator[Passing]:
    """The same, counted by a name of theirs: a million need not be read twice."""
    for each in passing:
        counts[name(each)] += 1
        yield each


def _parsers(archive: Archive, searched: dict[str, Any]) -> dict[str, int]:
    return {row["key"]: row["articles"] for row in archive.stats("parser", **searched)}


@app.command()
def cite(
    context: typer.Context,
    which: Annotated[
        list[str],
        typer.Argument(
            metavar="ID_OR_URL...", help="Articles' numbers, or any of their addresses."
        ),
    ],
    form: Annotated[
        Literal["text", "bibtex", "ris", "csl-json"],
        typer.Option("--format", help="For a footnote, or for a program that keeps references."),
    ] = "text",
    at: filters.At = None,
    tongue: Annotated[
        Tongue | None,
        typer.Option("--lang", help="The language of a citation in words; else your system's."),
    ] = None,
) -> None:
    """Cite articles, with the time of its capture (UTC) and the SHA-256 of what was captured.

    `show --raw SHA256` gives back the bytes.
    """
    from storage.citing import citations

    with setting_of(context).open() as archive:
        found = [reference_to(archive, stored_article(archive, each), at) for each in which]
    entries = citations(found, form, outlets=outlets(), tongue=tongue or own_tongue())
    sys.stdout.write("\r\n".join(printable(part) for part in entries.split("\r\n")))


def outlets() -> dict[str, str]:
    """The titles of the sites that are known by name."""
    from crawler.sites import all_sites

    return {profile.name: profile.title for profile in all_sites()}


def _publish(archive: Archive, output: str, **asked: Any) -> int:
    """Write a copy for publication; a database needs a file of its own to be made in."""
    if output == "-" or not _is_plain_file(output):
        with tempfile.TemporaryDirectory(prefix="hemeroteca-") as place:
            draft = Path(place, "copy.db")
            rows = archive.publish(draft, **asked)
            with destination(output) as stream, draft.open("rb") as copy:
                shutil.copyfileobj(copy, stream)
        return rows
    path = Path(output)
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb"):  # what an earlier run left behind is no part of this one
            pass
        rows = archive.publish(draft, **asked)
        draft.replace(path)
    except OSError as error:
        raise refusal_to_write(output, error) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return rows


def _format_of(output: str) -> Format:
    for ending, known in ENDINGS.items():
        if output.lower().endswith(ending):
            return known
    raise BadInput(f"{output!r} doesn't say in which format; add --format, such as --format csv.")


def _description(asked: dict[str, Any]) -> str:
    """What a web archive holds, in words for its readers."""
    words = ", ".join(f"{name}: {value}" for name, value in asked.items())
    return f"News pages ({words})" if words else "News pages"


def _is_plain_file(output: str) -> bool:
    """Whether the output is a file of its own, and not standard output, a pipe or a device."""
    return output != "-" and (Path(output).is_file() or not Path(output).exists())


def _is_same_file(output: str, archive: Path) -> bool:
    return output != "-" and Path(output).exists() and Path(output).samefile(archive)


@contextmanager
def destination(output: str) -> Iterator[IO[bytes]]:
    """The stream to write to; a file appears, or is replaced, only when it is complete."""
    if output == "-":
        yield sys.stdout.buffer
        return
    path = Path(output)
    draft = path.with_name(f"{path.name}.part") if _is_plain_file(output) else path
    try:
        with draft.open("wb") as stream:
            yield stream
            if draft != path:
                stream.flush()
                os.fsync(stream.fileno())  # its name must not come before its text
        if draft != path:
            draft.replace(path)
    except OSError as error:
        raise refusal_to_write(output, error) from error
    finally:
        if draft != path:
            with suppress(OSError):  # a read-only place has no draft, and says so for any name
                draft.unlink(missing_ok=True)


def _note(
    named: str,
    archive: Archive,
    form: Format,
    given: dict[str, Any],
    searched: dict[str, Any],
) -> dict[str, Any]:
    """What a file is, but for what is known at its end: its rows, and who read them."""
    from storage.statistics import lacking

    bounds = {name: searched[name] for name in ("site", "since", "until", "at") if name in searched}
    query = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
    }
    part = archive.excerpt()
    held = lacking(archive.coverage(**bounds))
    if "at" not in bounds:
        held["missing"] = archive.why_missing(**bounds)
    return {
        "archive": _named(named),
        **({"excerpt": part.to_dict()} if part else {}),
        "format": form,
        "query": query,
        "forms": archive.search(limit=0, every_word=True, **searched).forms,
        "rows": 0,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": f"hemeroteca {version('hemeroteca')}",
        "coverage": held,
    }


def _named(archive: str) -> str:
    """The archive's full path, or its address without the password."""
    if "://" in archive:
        return re.sub(r"://([^:/@]*):[^@]*@", r"://\1:***@", archive)
    return os.fspath(Path(archive).resolve())


def _write_note(path: Path, note: dict[str, Any]) -> None:
    path.write_text(json.dumps(note, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
