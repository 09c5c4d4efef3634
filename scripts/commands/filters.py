"""The filters that `search`, `stats` and `export` share: declared once, the same everywhere."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import BadInput
from scripts.commands import day

if TYPE_CHECKING:
    from storage import Archive

QUERY_HELP = 'Words, "a phrase", AND, OR, NOT, prefix*, NEAR(one two, 5).'

Query = Annotated[str, typer.Argument(metavar="QUERY", help=QUERY_HELP)]
OptionalQuery = Annotated[str | None, typer.Argument(metavar="[QUERY]", help=QUERY_HELP)]
Inside = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="FIELDS",
        help="Look for QUERY only here, separated by commas: headline, deck, kicker, body, "
        "analysis, byline, tags, captions, notices.",
    ),
]
Site = Annotated[str | None, typer.Option("--site", metavar="NAME", help="Only this site.")]
Category = Annotated[
    str | None, typer.Option("--category", metavar="NAME", help="Only this category.")
]
Tag = Annotated[str | None, typer.Option("--tag", metavar="TAG", help="Only with this tag.")]
Author = Annotated[
    str | None, typer.Option("--author", metavar="NAME", help="Only by this author.")
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help="Only in this language, such as es."),
]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KICKER", help="Only with this label: brief, …")
]
Since = Annotated[
    date | None,
    typer.Option(
        "--since", metavar="DATE", parser=day, help="Published on this day or later (YYYY-MM-DD)."
    ),
]
Until = Annotated[
    date | None,
    typer.Option(
        "--until", metavar="DATE", parser=day, help="Published on this day or before (YYYY-MM-DD)."
    ),
]


def check_order(since: date | None, until: date | None) -> None:
    """Refuse a period that ends before it begins: it would find nothing, and not say why."""
    if since and until and since > until:
        raise BadInput(f"--since {since} is after --until {until}; exchange them.")


def check_site(archive: Archive, name: str | None) -> None:
    """Refuse a site that neither the archive nor the program knows: nothing found would mislead."""
    if name is None or name in archive.sites() or archive.crawls(name):
        return
    from crawler.sites import site_named

    site_named(name)


def given(**filters: Any) -> dict[str, Any]:
    """The filters that were given, ready to be passed on."""
    check_order(filters.get("since"), filters.get("until"))
    return {name: value for name, value in filters.items() if value is not None}


def columns(inside: str | None) -> list[str] | None:
    """The fields that ``--in`` names.

    >>> columns("headline, body")
    ['headline', 'body']
    """
    return [name.strip() for name in inside.split(",")] if inside is not None else None
