"""`export`, `cite`: what leaves the archive; an export as a stream, with a note beside it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal

import typer

from crawler.errors import BadInput
from scripts.commands import day, filters, setting_of
from scripts.commands.asking import Which, end_of, not_known_on, stored_article
from scripts.commands.pages import refusal_to_write
from scripts.commands.web_archives import write_captures
from scripts.printing import Tongue, number_of, own_tongue, printable

if TYPE_CHECKING:
    from storage import Archive

app = typer.Typer()

Format = Literal["csv", "jsonl", "warc", "wacz", "sqlite"]
Record = dict[str, Any]


#: The columns of a CSV, one row per article; lists are joined by "; ", blocks by a blank line.
COLUMNS = (
    "id",
    "url",
    "canonical_url",
    "site",
    "language",
    "kicker",
    "headline",
    "deck",
    "category",
    "tags",
    "authors",
    "organisation_byline",
    "byline_raw",
    "published",
    "published_precision",
    "published_raw",
    "modified",
    "body_text",
    "analysis_text",
    "notices",
    "licence",
    "first_seen_at",
    "gone_at",
    "parser",
)

#: A cell that begins so is run as a formula by spreadsheets (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@app.command()
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
    site: filters.Site = None,
    category: filters.Category = None,
    tag: filters.Tag = None,
    author: filters.Author = None,
    language: filters.Language = None,
    kind: filters.Kind = None,
    since: filters.Since = None,
    until: filters.Until = None,
) -> None:
    """Write articles to a file, one record each, or their captures as a web archive; as a stream.

    WARC and WACZ hold every capture where no filter, or --site alone, is given. SQLite is a copy
    for publication: articles and history, without the captured bytes.
    Beside FILE comes FILE.meta.json: the filters, the number of rows, the date, the archive.
    """
    setting = setting_of(context)
    chosen = form or _format_of(output)
    given = filters.given(
        site=site, category=category, tag=tag, author=author, language=language, kind=kind,
        since=since, until=until,
    )  # fmt: skip
    with setting.open() as archive:
        if archive.path is not None and _is_same_file(output, archive.path):
            raise BadInput(f"{output!r} is the archive itself; name another file.")
        filters.check_site(archive, site)
        fields = filters.columns(inside)
        asked = filters.given(query=query, inside=inside) | given
        if chosen in ("warc", "wacz"):
            about = {"description": _description(asked)}
            plain = output.lower().endswith(".warc")
            with _destination(output, binary=True) as stream:
                captures = archive.leaving(query=query, inside=fields, **given)
                rows = write_captures(captures, chosen, stream, compress=not plain, about=about)
        elif chosen == "sqlite":
            rows = _publish(archive, output, query=query, inside=fields, **given)
        else:
            with _destination(output) as stream:
                records = archive.articles(query=query, inside=fields, **given)
                rows = _write(records, chosen, stream)
    if _is_plain_file(output):
        note = _note(setting.archive, chosen, asked, rows)
        _write_note(Path(f"{output}.meta.json"), note)
    place = "standard output" if output == "-" else output
    noun = "capture" if chosen in ("warc", "wacz") else "article"
    setting.remark(f"{number_of(rows, noun)} written to {place}.")


@app.command()
def cite(
    context: typer.Context,
    which: Which,
    form: Annotated[
        Literal["text", "bibtex", "ris", "csl-json"],
        typer.Option("--format", help="For a footnote, or for a program that keeps references."),
    ] = "text",
    at: Annotated[
        date | None,
        typer.Option(
            "--at", metavar="DATE", parser=day, help="As it stood at the end of this day (UTC)."
        ),
    ] = None,
    tongue: Annotated[
        Tongue | None,
        typer.Option("--lang", help="The language of a citation in words; else your system's."),
    ] = None,
) -> None:
    """Cite an article, with the time of its capture (UTC) and the SHA-256 of what was captured.

    `show --raw SHA256` gives back the bytes.
    """
    from storage.citing import citation

    with setting_of(context).open() as archive:
        stored = stored_article(archive, which)
        reference = archive.reference(stored.id, at=end_of(at) if at else None)
    if reference is None:
        raise not_known_on(stored, at)
    entry = citation(reference, form, outlets=outlets(), tongue=tongue or own_tongue())
    sys.stdout.write("\r\n".join(printable(part) for part in entry.split("\r\n")))


def outlets() -> dict[str, str]:
    """The titles of the sites that are known by name."""
    from crawler.sites import all_sites

    return {profile.name: profile.title for profile in all_sites()}


def _write(records: Iterable[Record], form: Format, stream: IO[str]) -> int:
    """Write record after record; how many."""
    top, line_of = FORMATS[form]
    stream.write(top)
    return sum(1 for record in records if stream.write(line_of(record)))


def _publish(archive: Archive, output: str, **asked: Any) -> int:
    """Write a copy for publication; a database needs a file of its own to be made in."""
    if output == "-" or not _is_plain_file(output):
        with tempfile.TemporaryDirectory(prefix="hemeroteca-") as place:
            draft = Path(place, "copy.db")
            rows = archive.publish(draft, **asked)
            with _destination(output, binary=True) as stream, draft.open("rb") as copy:
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
        raise BadInput(refusal_to_write(output, error)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return rows


def _format_of(output: str) -> Format:
    for ending, known in ENDINGS.items():
        if output.lower().endswith(ending):
            return known
    raise BadInput(f"{output!r} doesn't say in which format; add --format csv or --format jsonl.")


def _description(asked: dict[str, Any]) -> str:
    """What a web archive holds, in words for its readers."""
    words = ", ".join(f"{name}: {value}" for name, value in asked.items())
    return f"News pages ({words})" if words else "News pages"


def _csv_line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _csv_record(record: Record) -> str:
    return _csv_line(cell(record.get(name)) for name in COLUMNS)


def cell(value: object) -> str:
    """One value as the cell of a table; what a spreadsheet would run gets an apostrophe before it.

    >>> cell(["Ana Ruiz", "Iván Paz"]), cell(None), cell(True), cell("=HYPERLINK(1)")
    ('Ana Ruiz; Iván Paz', '', 'true', "'=HYPERLINK(1)")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _jsonl_record(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


#: Per format: what stands at the top, and how a record is written.
FORMATS: dict[str, tuple[str, Callable[[Record], str]]] = {
    "csv": (_csv_line(COLUMNS), _csv_record),
    "jsonl": ("", _jsonl_record),
}


#: What names of files end in, by format.
ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wacz": "wacz",
    ".db": "sqlite",
    ".sqlite": "sqlite",
}


def _is_plain_file(output: str) -> bool:
    """Whether the output is a file of its own, and not standard output, a pipe or a device."""
    return output != "-" and (Path(output).is_file() or not Path(output).exists())


def _is_same_file(output: str, archive: Path) -> bool:
    return output != "-" and Path(output).exists() and Path(output).samefile(archive)


@contextmanager
def _destination(output: str, *, binary: bool = False) -> Iterator[IO[Any]]:
    """The stream to write to; a file appears, or is replaced, only when it is complete."""
    if output == "-":
        yield sys.stdout.buffer if binary else sys.stdout
        return
    path = Path(output)
    draft = path.with_name(f"{path.name}.part") if _is_plain_file(output) else path
    try:
        form: dict[str, Any] = {"mode": "wb"} if binary else {"encoding": "utf-8", "newline": ""}
        with draft.open(**({"mode": "w"} | form)) as stream:
            yield stream
            if draft != path:
                stream.flush()
                os.fsync(stream.fileno())  # its name must not come before its text
        if draft != path:
            draft.replace(path)
    except OSError as error:
        raise BadInput(refusal_to_write(output, error)) from error
    finally:
        if draft != path:
            with suppress(OSError):  # a read-only place has no draft, and says so for any name
                draft.unlink(missing_ok=True)


def _note(archive: str, form: Format, given: dict[str, Any], rows: int) -> dict[str, Any]:
    query = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
    }
    return {
        "archive": _named(archive),
        "format": form,
        "query": query,
        "rows": rows,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": f"hemeroteca {version('hemeroteca')}",
    }


def _named(archive: str) -> str:
    """The archive's full path, or its address without the password."""
    if "://" in archive:
        return re.sub(r"://([^:/@]*):[^@]*@", r"://\1:***@", archive)
    return os.fspath(Path(archive).resolve())


def _write_note(path: Path, note: dict[str, Any]) -> None:
    path.write_text(json.dumps(note, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
