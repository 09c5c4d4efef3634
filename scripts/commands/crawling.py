"""`sites`, `crawl`, `add`, `failures`: what comes into the archive, and what did not."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crawler.errors import BadInput
from scripts.commands import Setting, filters, setting_of
from scripts.commands.runs import (
    Contact,
    Delay,
    ShowProgress,
    Tolerance,
    bounds_given,
    conclude,
    crawled,
    overridden,
    prepare_report,
    profile_for,
    write_report,
)
from scripts.logbook import LOG_VARIABLE, Logbook
from scripts.printing import minute, print_json, print_table

if TYPE_CHECKING:
    from crawler.profile import Profile
    from storage import Failure

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a program.")]


@app.command()
def sites(context: typer.Context, as_json: Json = False) -> None:
    """List the sites that are known by name, and how many articles of each are held."""
    from crawler.sites import all_sites

    held = _articles_held(setting_of(context))
    rows = [_site_row(profile, held) for profile in all_sites()]
    known = {row["name"] for row in rows}
    rows += [_unknown_row(name, count) for name, count in (held or {}).items() if name not in known]
    if as_json:
        print_json(rows)
        return
    print_table(
        ["name", "title", "languages", "articles", "starts at"],
        [
            [
                row["name"],
                row["title"],
                ", ".join(row["languages"]) or None,
                row["articles"],
                " ".join(row["start"]) or None,
            ]
            for row in rows
        ],
    )


def _articles_held(setting: Setting) -> dict[str, int] | None:
    """Site → number of articles; None where there is no archive yet and none was named."""
    if not setting.is_named and not Path(setting.archive).exists():
        return None
    with setting.open() as archive:
        filters.tell_excerpt(setting, archive)
        return archive.sites()


def _site_row(profile: Profile, held: dict[str, int] | None) -> dict[str, Any]:
    return {
        "name": profile.name,
        "title": profile.title,
        "languages": list(profile.languages),
        "start": list(profile.start),
        "articles": None if held is None else held.get(profile.name, 0),
    }


def _unknown_row(name: str, count: int) -> dict[str, Any]:
    """A site that was crawled by its address."""
    return {"name": name, "title": None, "languages": [], "start": [], "articles": count}


@app.command()
def crawl(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="SITE_OR_URL...", help="A known site's name, or any site's address."
        ),
    ],
    mode: Annotated[
        Literal["due", "latest", "backfill", "recheck"],
        typer.Option(
            "--mode",
            help="due: what is new or due again; latest: only the newest lists are looked "
            "through; backfill: all lists to their very end; recheck: only what is held "
            "already: what is due, or all that --since and --until allow, "
            "what was looked at longest ago first.",
        ),
    ] = "due",
    source: Annotated[
        Literal["site", "wayback", "commoncrawl"],
        typer.Option(
            "--source",
            help="wayback, commoncrawl: ask the Wayback Machine or Common Crawl which pages the "
            "site once had, the site for those, and the web archive again for what the site no "
            "longer gives; with --mode backfill for all that is not held, without asking the "
            "site.",
        ),
    ] = "site",
    since: Annotated[
        date | None,
        filters.since(
            "Leave out what was last changed before this day, month or year, or so long ago: "
            "'90 days'."
        ),
    ] = None,
    until: Annotated[
        date | None,
        filters.until("Leave out what is known to be published after this day, month or year."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="At most N articles a site.")
    ] = None,
    requests: Annotated[
        int | None,
        typer.Option(
            "--requests",
            metavar="N",
            min=1,
            help="Ask one host at most N times, lists and robots.txt included; the rest stays due.",
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            "--minutes",
            metavar="N",
            min=0,
            help="Ask for nothing more after N minutes; the rest stays due.",
        ),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(
            "--site",
            metavar="NAME",
            help="Read an address with this site's profile: a mirror, a staging copy, a replay.",
        ),
    ] = None,
    delay: Delay = None,
    concurrency: Annotated[
        int | None,
        typer.Option("--concurrency", metavar="N", min=1, help="Requests under way at once."),
    ] = None,
    contact: Contact = None,
    tolerance: Tolerance = 5.0,
    report: Annotated[
        str | None,
        typer.Option("--report", metavar="FILE", help="Write what was done as JSON; - prints it."),
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Another bound or waiting time, by its name in docs/reference/settings.md.",
        ),
    ] = None,
    job: Annotated[
        str | None,
        typer.Option(
            "--job",
            metavar="NAME",
            help="Note it as a run of this job of your jobs file, as `run` does.",
        ),
    ] = None,
    progress: ShowProgress = None,
    log: Annotated[
        str | None,
        typer.Option(
            "--log",
            envvar=LOG_VARIABLE,
            metavar="FILE",
            help="Add one line of JSON for each event: crawl_began, page, crawl_ended.",
        ),
    ] = None,
) -> None:
    """Bring in what is new or due on one or several sites.

    Safe to interrupt and to kill: run again, it goes on where it was. robots.txt is always obeyed.
    """
    setting = setting_of(context)
    filters.check_order(since, until)
    profiles = [profile_for(target, site) for target in targets]
    chosen = overridden(overrides or []) | bounds_given(requests, minutes)
    prepare_report(report)
    reports = crawled(
        setting,
        profiles,
        progress,
        log=Logbook(log),
        mode=mode,
        source=source,
        since=since,
        until=until,
        limit=limit,
        job=job,
        delay_seconds=delay,
        concurrency=concurrency,
        contact=contact,
        settings=chosen,
    )
    write_report(report, reports)
    raise typer.Exit(conclude(setting, reports, tolerance))


@app.command()
def failures(
    context: typer.Context,
    site: filters.Site = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Make them due now, for the next crawl.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Give them up: they are not asked for again.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Only this address."),
    ] = None,
    raw: Annotated[
        int | None,
        typer.Option(
            "--raw",
            metavar="NUMBER",
            help="Write the bytes of this capture, as they were received.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """List what could not be fetched or read, why, how often, and when it is tried again.

    Where an answer was kept, its capture's number is told, for --raw.
    """
    if retry and forget:
        raise BadInput("--retry and --forget exclude each other; choose one.")
    if raw is not None and (retry or forget):
        raise BadInput("--raw only shows; leave out --retry and --forget.")
    setting = setting_of(context)
    if raw is not None:
        with setting.open() as archive:
            body = archive.capture_body(raw)
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    if retry or forget:
        with setting.open_to_change() as archive:
            filters.check_site(archive, site)
            if retry:
                count = archive.retry_failures(site, url=url, now=datetime.now(UTC))
                setting.remark(f"{count} due again; the next crawl asks for them.")
            else:
                setting.remark(f"{archive.forget_failures(site, url=url)} given up.")
        return
    with setting.open() as archive:
        filters.check_site(archive, site)
        listed = [each for each in archive.failures(site) if url in (None, each.url)]
    if as_json:
        print_json([failure.to_dict() for failure in listed])
    elif listed:
        _print_failures(listed)
    else:
        setting.remark("No failures.")


def _print_failures(listed: list[Failure]) -> None:
    print_table(
        ["times", "last", "next try", "capture", "reason", "site", "url"],
        [
            [
                failure.count,
                minute(failure.last_failed_at),
                minute(failure.next_try_at),
                failure.capture_id,
                failure.reason,
                failure.site,
                failure.url,
            ]
            for failure in listed
        ],
    )
