"""`search`, `show`: what the archive answers. Both open it read-only."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from crawler.errors import BadInput
from scripts.commands import Setting, filters, setting_of
from scripts.printing import (
    MARKS,
    console,
    line,
    marked,
    minute,
    print_article,
    print_json,
    print_pairs,
)

if TYPE_CHECKING:
    from crawler.capture import Capture
    from storage import Archive, FacetValue, Hits, Reference, StoredArticle

app = typer.Typer()

#: Values that ``--facets`` prints of each field.
_MOST_VALUES = 10

#: The usual programs that undo what a server does to a page on its way.
UNPACKING = {"gzip": "gunzip", "br": "brotli -d", "zstd": "zstd -d"}

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a program.")]
Which = Annotated[
    str, typer.Argument(metavar="ID_OR_URL", help="An article's number, or one of its addresses.")
]


@app.command()
@filters.filtered()
def search(
    context: typer.Context,
    query: filters.OptionalQuery = None,
    inside: filters.Inside = None,
    given: filters.Given = filters.NONE,
    sort: Annotated[
        Literal["relevance", "recent", "newest", "oldest"],
        typer.Option(
            "--sort", help="In which order; recent is relevance that fades within four years."
        ),
    ] = "relevance",
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many.")] = 20,
    offset: Annotated[
        int, typer.Option("--offset", min=0, help="Leave out the first so many.")
    ] = 0,
    at: filters.At = None,
    facets: Annotated[
        bool, typer.Option("--facets", help="Also count by site, year, category, tag, author, …")
    ] = False,
    every_word: Annotated[
        bool,
        typer.Option(
            "--every-word", help="Nothing, rather than what has most of the words but not all."
        ),
    ] = False,
    count: Annotated[
        bool, typer.Option("--count", help="Print only how many there are that have every word.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Search the full text, best first; without QUERY, list what fits the filters, newest first.

    A query of several words stands in quotes, with more of them inside for a phrase, a minus for
    what must not be there and a field's name for where: '"human trafficking" -border
    headline:cartel'. Words are found in all their forms, English and Spanish, phrases as they
    stand. Case and accents don't matter.
    """
    setting = setting_of(context)
    with setting.open() as archive:
        filters.check_site(archive, given.get("site"))
        hits = archive.search(
            query,
            inside=filters.columns(query, inside),
            sort=sort,
            limit=0 if count else limit,
            offset=offset,
            marks=("[", "]") if as_json else MARKS,
            at=at,
            every_word=every_word or count,
            **given,
        )
        why = None if at or hits.total else filters.unknown_name(archive, given)
        if count:
            print_json({"query": query, "total": hits.total} if as_json else hits.total)
        elif as_json:
            print_json(hits.to_dict())
        else:
            print_hits(hits)
            if facets:
                print_facets(hits)
            setting.remark(_count_of_hits(hits, offset))
            filters.tell_forms(setting, hits.forms)
            if hits.suggestion:
                setting.remark(f"Did you mean: {hits.suggestion}")
    if why:
        setting.remark(why)


def print_hits(hits: Hits) -> None:
    """Each hit with its headline, what is known of it, the passage and the address."""
    out = console()
    for hit in hits:
        out.print(Text(line(hit.headline), style="bold"), soft_wrap=True)
        about = [hit.published_on, hit.category, ", ".join(hit.authors), hit.site, f"no. {hit.id}"]
        out.print(Text("  " + " · ".join(line(part) for part in about if part)), soft_wrap=True)
        if hit.snippet:
            out.print(Text("  ") + marked(hit.snippet), soft_wrap=True)
        if hit.missing:
            out.print(Text(f"  without: {line(', '.join(hit.missing))}"), soft_wrap=True)
        out.print(Text(f"  {line(hit.url)}", style="dim"), soft_wrap=True)


def print_facets(hits: Hits) -> None:
    """The values found in each field with their numbers, a field per line."""
    print_pairs((name, _values_of(values)) for name, values in hits.facets.items())


def _values_of(values: list[FacetValue]) -> str:
    shown = [f"{each['value']} ({each['articles']})" for each in values[:_MOST_VALUES]]
    return " · ".join([*shown, "…"] if len(values) > _MOST_VALUES else shown)


def _count_of_hits(hits: Hits, offset: int) -> str:
    if not hits.total:
        return "Nothing found."
    counted = _which_of(hits.total, len(hits), offset)
    if hits.every_word:
        return counted
    some = f"No article has all {hits.words} words; these have at least {hits.least_words} of them."
    return f"{some} {counted}"


def _which_of(total: int, shown: int, offset: int) -> str:
    if shown == total:
        return f"{total} found."
    if not shown or offset + shown >= total:
        return f"{shown} of {total} found."
    return f"{shown} of {total} found; --offset {offset + shown} shows the next."


@app.command()
def show(
    context: typer.Context,
    which: Which,
    at: filters.At = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="The bytes of its last capture, as they were sent.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Everything known, and where each field came from.")
    ] = False,
) -> None:
    """Show one article to read.

    With --raw, the SHA-256 of a citation names its capture as well.
    """
    if raw and as_json:
        raise BadInput("--raw and --json exclude each other; choose one.")
    setting = setting_of(context)
    with setting.open() as archive:
        capture = archive.capture_with(which.lower()) if raw and _SHA256.fullmatch(which) else None
        if capture is not None:
            _write_body(setting, capture)
            return
        stored = stored_article(archive, which)
        cited = reference_to(archive, stored, at)
        if raw:
            _write_raw(setting, archive, stored, at)
        elif as_json:
            evidence = {
                "captured_at": cited.captured_at.isoformat(),
                "capture_sha256": cited.sha256,
                "capture_origin": cited.origin,
            }
            print_json(stored.to_dict() | cited.article.to_dict() | evidence)
        else:
            print_article(cited.article)
            print_pairs(_about(stored))


def stored_article(archive: Archive, which: str) -> StoredArticle:
    """The article that a user names; :class:`BadInput` where there is none."""
    stored = archive.article(which)
    if stored is None:
        raise BadInput(
            f"The archive has no article {which!r}; `hemeroteca search` shows each one's number."
        )
    return stored


def reference_to(archive: Archive, stored: StoredArticle, at: datetime | None) -> Reference:
    """An article with its evidence, as it is or as it stood at a moment."""
    reference = archive.reference(stored.id, at=at)
    if reference is None:
        raise BadInput(
            f"Article {stored.id} was first captured on {stored.first_seen_at:%Y-%m-%d}; "
            f"how it stood on {at:%Y-%m-%d} is not known."
        )
    return reference


def _write_raw(
    setting: Setting, archive: Archive, stored: StoredArticle, at: datetime | None
) -> None:
    """The last capture that shows the article, until the given moment."""
    end = at or datetime.max.replace(tzinfo=UTC)
    shown = [
        each
        for each in stored.captures
        if each.outcome in ("new", "revised", "unchanged") and each.fetched_at <= end
    ]
    if not shown:
        raise BadInput(f"There is no capture of article {stored.id} from that time.")
    _write_body(setting, archive.capture(shown[-1].id))


def _write_body(setting: Setting, capture: Capture) -> None:
    """The bytes as they were sent, to be hashed, kept or unpacked."""
    sys.stdout.buffer.write(capture.body)
    sys.stdout.buffer.flush()
    encoding = capture.header("content-encoding")
    if encoding:
        hint = f"; `{UNPACKING[encoding]}` undoes that" if encoding in UNPACKING else ""
        setting.remark(
            f"The server sent this page {encoding}-encoded, and so are these bytes{hint}."
        )


def _about(stored: StoredArticle) -> list[tuple[str, object]]:
    article = stored.article
    return [
        ("number", stored.id),
        ("address", article.url),
        ("licence", article.licence),
        ("captured", ", ".join(minute(each.fetched_at) for each in stored.captures[-3:])),
        ("revisions", stored.revisions),
        ("gone since", minute(stored.gone_at) if stored.gone_at else None),
        ("also in", ", ".join(f"{each.language} ({each.url})" for each in article.translations)),
    ]
