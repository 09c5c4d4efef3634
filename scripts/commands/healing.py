"""`heal`: where a redesigned site's fields stand now, and how well its pages read with that."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from crawler.errors import MachineFault
from scripts.commands import Setting, filters, setting_of
from scripts.commands.asking import Json
from scripts.printing import console, line, number_of, print_json, print_table, say

if TYPE_CHECKING:
    from crawler.healing import Healing, Known, Left
    from crawler.profile import Profile
    from storage import Archive

app = typer.Typer()


@app.command()
def heal(
    context: typer.Context,
    site: Annotated[
        str, typer.Argument(metavar="SITE", help="The site's name, as `stats --by site` shows it.")
    ],
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=4, help="Compare at most so many pages.")
    ] = 60,
    before: Annotated[
        date | None,
        filters.since(
            "The redesign was on this day: only what was captured before it is known.",
            name="--before",
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the proposal, so that every command reads by it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare known articles with their pages of today, and propose where each field stands now.

    After a redesign. Half of the pages are learned from, and the figures are of the other half.
    Where the pages read well, nothing is proposed. Nothing is fetched and nothing changed without
    --apply. Exits with 1 where the pages hold a field that would still not be read; what was found
    is written with --apply all the same.
    """
    from crawler.healing import FEWEST_PAGES, healing

    setting = setting_of(context)
    with setting.open() as archive:
        filters.check_site(archive, site)
        first = datetime.combine(before, time.min, tzinfo=UTC) if before else None
        pages = _pages(archive, site, limit, first)
    if len(pages) < FEWEST_PAGES:
        say(_too_few(site, len(pages)))
        raise typer.Exit(1)
    profile = _profile(site, pages)
    found = healing(pages, profile)
    place = _written(setting, site, found) if apply and not found.is_well else None
    if as_json:
        print_json(_told(site, found, place))
    else:
        _print(setting, site, found, place)
        _print_left(setting, site, found)
    raise typer.Exit(1 if found.lost else 0)


def _pages(archive: Archive, site: str, limit: int, before: datetime | None) -> list[Known]:
    """Known articles with their latest captures, unpacked; after a redesign, of its pages."""
    from crawler.errors import HemerotecaError
    from crawler.healing import Known, redesigned
    from crawler.parsing.decoding import decode_content

    pages = []
    for each in archive.known_pages(site, limit=limit, before=before):
        capture, known = archive.capture(each.capture_id), archive.capture(each.known_capture_id)
        try:
            html = decode_content(capture.body, capture.headers)
            known_html = decode_content(known.body, known.headers)
        except HemerotecaError:  # nothing can be learned from bytes that nobody can unpack
            continue
        address, kind = capture.address, capture.content_type
        pages.append((Known(each.article, address, html, kind, capture.fetched_at), known_html))
    return redesigned(pages)


def _too_few(site: str, number: int) -> str:
    from spiders.alarms import target_of

    were = "was" if number == 1 else "were"
    return (
        f"hemeroteca: {number_of(number, 'known article')} of {site} {were} captured again since "
        "first read, too few to learn from: fetch some with `hemeroteca crawl "
        f"{target_of(site)} --mode recheck --since DATE --limit 40`, then run this again."
    )


def _profile(site: str, pages: list[Known]) -> Profile:
    from spiders.rereading import profile_of

    return profile_of(site, pages[0].url)


# The proposal, kept


def sites_folder(setting: Setting) -> Path:
    """Where proposals are kept: $HEMEROTECA_SITES, else a folder beside the archive."""
    from crawler.sites.patches import FOLDER_VARIABLE

    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else setting.sites_folder


def _written(setting: Setting, site: str, found: Healing) -> Path:
    """Write the site's file, an older one's entries behind the new ones; its path."""
    from crawler.sites.patches import SitePatch, patch_of, patch_path, written

    folder = sites_folder(setting).absolute()
    older = patch_of(site, folder)
    patch = found.patch.after(older.patch) if older else found.patch
    version = older.version + 1 if older else 1
    path = patch_path(folder, site)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(written(SitePatch(site, patch, version)), encoding="utf-8")
    except OSError as error:
        raise MachineFault(f"{path} can't be written: {error.strerror or error}.") from error
    return path


# What is said


def _told(site: str, found: Healing, place: Path | None) -> dict[str, Any]:
    fields = {
        name: {"known": known, "before": right, "after": found.after[name][0]}
        for name, (right, known) in found.before.items()
    }
    return {
        "site": site,
        "pages": found.pages,
        "checked": found.checked,
        "well": found.is_well,
        "before": found.share(found.before),
        "after": found.share(found.after),
        "fields": fields,
        "patch": found.patch.to_dict(),
        "evidence": [each.to_dict() for each in found.evidence],
        "left": [each.to_dict() for each in found.left],
        "file": place and str(place),
    }


def _print(setting: Setting, site: str, found: Healing, place: Path | None) -> None:
    rows = [
        [name, known, right, found.after[name][0]] for name, (right, known) in found.before.items()
    ]
    print_table(["field", "known", "read right now", "with the proposal"], rows)
    before, after = found.share(found.before), found.share(found.after)
    pages = number_of(found.checked, "page")
    if found.is_well:
        is_good = (before or 0) >= 0.95 and not found.lost
        well = "well" if is_good else "no better by anything that was tried"
        setting.remark(f"{site} reads {well}: {before:.1%} of {pages}' fields. Nothing proposed.")
        return
    out = console()
    for each in found.evidence:
        about = f"{each.part}: {each.entry}"
        out.print(Text(f"\n{line(about)}", style="bold"), soft_wrap=True)
        right = f"  right on {number_of(each.right, 'page')}, wrong on {each.wrong}; for example"
        out.print(Text(f"{right} {line(each.example)!r} on {line(each.url)}"), soft_wrap=True)
    learned = found.pages - found.checked
    aside = "" if learned else " (those that it was learned from: there are too few for both)"
    setting.remark(
        f"\nOf the fields of {pages}{aside}, {before:.1%} are read right now and {after:.1%} with "
        "this proposal."
    )
    if place is None:
        setting.remark(f"`hemeroteca heal {site} --apply` writes it down, to be read by.")
    else:
        setting.remark(
            f"Written to {place}. `hemeroteca reparse --site {site}` now reads by it what is "
            "stored, and `hemeroteca failures --retry` fetches again what could not be read."
        )


def _print_left(setting: Setting, site: str, found: Healing) -> None:
    """What is still not read: what to do about it, and what the pages no longer say."""
    for each in found.lost:
        setting.remark(f"\n{_lost(setting, site, each)}")
        if each.piece:
            console().print(Text(f"  {line(each.piece)}"), soft_wrap=True)
    for each in found.no_longer_there:
        setting.remark(
            f"\n{each.field}: {each.gone} of {number_of(each.known, 'page')} no longer say what "
            "they said before, anywhere: the new pages do not carry it. If that rings, accept it: "
            f"`hemeroteca alarms --site {site} --kind field --about {each.field} --accept "
            f"'the new pages have none'`."
        )


def _lost(setting: Setting, site: str, each: Left) -> str:
    """A field that is not read, and what can be done by hand."""
    from crawler.healing import PLACED_FIELDS
    from crawler.sites.patches import patch_path

    if not each.piece:
        return (
            f"{each.field}: {each.gone} of {number_of(each.known, 'page')} hold nothing of what is "
            "known: look at one in a browser; is it an article still, or a login?"
        )
    by_hand = f"places.{each.field}" if each.field in PLACED_FIELDS else "hints.body or hints.drop"
    return (
        f"{each.field}: not read right on {each.held} of {number_of(each.known, 'page')} that hold "
        f"it: write {by_hand} into {patch_path(sites_folder(setting), site)} by hand. On "
        f"{line(each.url)} what is known stands here:"
    )
