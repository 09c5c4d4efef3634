"""`crawls`: what the crawls did, run by run, and each in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from crawler.errors import BadInput
from scripts.commands import filters, setting_of
from scripts.commands.asking import Json
from scripts.commands.runs import failed_pages, put_back
from scripts.printing import console, minute, print_json, print_table
from scripts.telling import duration, told

if TYPE_CHECKING:
    from storage.crawls import Crawl

app = typer.Typer()


@app.command()
def crawls(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="One crawl, in words.")
    ] = None,
    site: filters.Site = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    as_json: Json = False,
) -> None:
    """List the crawls that the archive remembers, the latest first, or tell one of them in words.

    What stands there is what `crawl --report` writes, kept with the archive.
    """
    with setting_of(context).open() as archive:
        filters.check_site(archive, site)
        if number is None:
            found = archive.crawls(site, limit=limit)
        else:
            found = [each for each in archive.crawls(site) if each.id == number]
    if number is None:
        _print_all(found, as_json=as_json)
    elif not found:
        raise BadInput(f"There is no crawl {number}; `hemeroteca crawls` lists them.")
    elif as_json:
        print_json(found[0].to_dict())
    else:
        console().print(Text(told(_report_of(found[0]))), soft_wrap=True)


def _print_all(found: list[Crawl], *, as_json: bool) -> None:
    if as_json:
        print_json([each.to_dict() for each in found])
        return
    print_table(
        ["crawl", "began", "took", "site", "mode", "outcome", *_COLUMNS, "failed", "alarms"],
        [_row(each) for each in found],
    )


#: What of a report stands in the list, by the words of its column.
_COLUMNS = {
    "new": ("new",),
    "revised": ("revised",),
    "as before": ("unchanged", "not_modified"),
    "gone": ("gone",),
}


def _row(crawl: Crawl) -> list[object]:
    report = crawl.report or {}
    took = crawl.finished_at - crawl.started_at if crawl.finished_at else None
    counts = [sum(report.get(key) or 0 for key in keys) for keys in _COLUMNS.values()]
    return [
        crawl.id,
        minute(crawl.started_at),
        duration(took.total_seconds()) if took is not None else None,
        crawl.site,
        crawl.mode,
        crawl.outcome,
        *(counts if report else [None] * len(counts)),
        failed_pages(report) + put_back(report) if report else None,
        len(report.get("alarms") or []) if report else None,
    ]


def _report_of(crawl: Crawl) -> dict[str, Any]:
    """The crawl's report; of one that was killed, what is known without."""
    known = {
        "site": crawl.site,
        "mode": crawl.mode,
        "started_at": crawl.started_at.isoformat(),
        "finished_at": crawl.finished_at and crawl.finished_at.isoformat(),
        "outcome": crawl.outcome or "killed, or still at work",
    }
    return known | (crawl.report or {})
