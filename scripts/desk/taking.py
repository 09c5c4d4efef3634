"""What is taken away from a page of results: its articles as a table, its plot, its numbers."""

from __future__ import annotations

import csv
import io
from threading import Lock
from typing import Any

from datasette.utils.asgi import Response

from crawler.errors import BadInput
from scripts.desk.complaining import complaint
from scripts.desk.finding import MOST_TAKEN, Asked, form_of
from scripts.desk.sharing import file_name
from scripts.desk.visit import Visit
from storage import Archive
from storage.exporting.spreadsheet import SHEET, write_xlsx
from storage.exporting.tables import cell, write_csv
from storage.moments import last_instant
from storage.statistics import lacking

#: A table to look through and cite from; whoever needs the texts takes an export.
TAKEN = tuple(
    name for name in SHEET
    if name not in ("body_text", "analysis_text", "notices", "published_raw", "byline_raw")
)  # fmt: skip

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
}

#: matplotlib's settings are its process's.
_DRAWING = Lock()


async def rows(request: Any, datasette: Any) -> Any:
    """Every article that was found, as a table that a spreadsheet opens."""
    visit = Visit(datasette, request)
    ending = visit.part("ending")
    return await _given(visit, ending, lambda asked: lambda archive: _rows(archive, asked, ending))


async def numbers(request: Any, datasette: Any) -> Any:
    """The counts over time, as a table or as the plot of ``stats --plot``."""
    visit = Visit(datasette, request)
    ending = visit.part("ending")
    by = "month" if visit.arguments.get("by") == "month" else "year"
    measure = visit.arguments.get("measure", "articles")
    tongue = visit.words.language

    def made(asked: Asked) -> Any:
        if ending == "csv":
            return lambda archive: _numbers(archive, asked, by)
        return lambda archive: _picture(archive, asked, by, measure, tongue, ending)

    named = [f"{by}s", *(["share"] if measure == "share" else [])]
    return await _given(visit, ending, made, *named)


async def _given(visit: Visit, ending: str, made: Any, *named: str) -> Any:
    """A file with a telling name, or a sentence that says why there is none."""
    try:
        asked = Asked.of(visit)
        content = await visit.ask(made(asked), is_long=True)
    except BadInput as error:
        sentence = complaint(str(error), visit.words.language)
        return visit.shown("refused.html", 400, sentence=sentence, **await form_of(visit))
    name = file_name(asked.query, *named, ending=ending)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=_KINDS[ending])


def _rows(archive: Archive, asked: Asked, ending: str) -> bytes:
    total = archive.search(**asked.within, limit=0, every_word=True, at=asked.at).total
    if total > MOST_TAKEN:
        raise BadInput(
            f"{total:,} articles are more than a page gives away ({MOST_TAKEN:,}): narrow them "
            f"down, or run `hemeroteca export -o articles.{ending}`."
        )
    stream = io.BytesIO()
    found = archive.articles(sort="oldest", at=asked.at, **asked.within)
    if ending == "csv":
        write_csv(found, stream, columns=TAKEN, bom=True)
    else:
        write_xlsx(found, stream, columns=TAKEN, note=_note(archive, asked, total))
    return stream.getvalue()


def _note(archive: Archive, asked: Asked, total: int) -> dict[str, Any]:
    """What the rows are, in the terms of an export's note."""
    held = lacking(archive.coverage(at=asked.at, **asked.bounds))
    as_of = last_instant(asked.at) if asked.at else archive.latest_at()
    return {
        "archive": archive.path.name if archive.path else "",
        **{name: value for name, value in asked.within.items() if value is not None},
        "rows": total,
        "as_of": as_of.isoformat() if as_of else None,
        "listed": held["listed"],
        "stored": held["stored"],
        "complete": held["complete"],
        "gaps": [f"{gap['site']} {gap['month']}" for gap in held["gaps"]],
    }


def _numbers(archive: Archive, asked: Asked, by: str) -> bytes:
    counted = archive.stats(by, at=asked.at, **asked.within)
    text = io.StringIO()
    text.write("\ufeff")
    table = csv.writer(text, lineterminator="\n")
    names = [name for name in (counted[0] if counted else {}) if name != "key"]
    table.writerow([by, *names])
    for row in counted:
        table.writerow([cell(row["key"]), *(cell(row[name]) for name in names)])
    return text.getvalue().encode()


def _picture(
    archive: Archive, asked: Asked, by: str, measure: str, tongue: Any, ending: Any
) -> bytes:
    from scripts.commands.counting import chart_of
    from scripts.plots.picture import write_picture

    if measure not in ("articles", "share") or (measure == "share" and not asked.query):
        measure = "articles"
    within = {name: value for name, value in asked.within.items() if value is not None}
    within |= {"at": last_instant(asked.at)} if asked.at else {}
    chart = chart_of(
        archive,
        within,
        by=by,
        rows=archive.stats(by, **within),
        measure=measure,
        articles=archive.search(**{"query": None, **within}, limit=0, every_word=True).total,
        tongue=tongue,
    )
    stream = io.BytesIO()
    with _DRAWING:
        write_picture(chart, stream, ending)
    return stream.getvalue()
