"""`add`: pages from disk, web archives, and addresses from a list, brought into the archive."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import BadInput, NotAnArticle, Unreadable
from crawler.revisits import next_due
from scripts.commands import INTERRUPTED, Setting, runs, setting_of
from scripts.commands.pages import check_readable, page_bytes, profile_of, web_address
from scripts.commands.web_archives import SUFFIXES, add_web_archives
from scripts.logbook import LOG_VARIABLE, Logbook
from scripts.printing import number_of, print_table, say

if TYPE_CHECKING:
    from crawler.article import Article
    from crawler.capture import Capture
    from crawler.profile import Profile
    from storage import Archive

app = typer.Typer()

#: Outcomes of a page that could not be added.
FAILED = ("no address", "unreadable")


@app.command()
def add(
    context: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE", help="Saved pages.")] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="The address of the one FILE; without it, the one that the page gives itself.",
        ),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="NAME", help="Read the pages as this known site's."),
    ] = None,
    content_type: Annotated[
        str | None,
        typer.Option("--content-type", metavar="TYPE", help="The type as the server sent it."),
    ] = None,
    warc: Annotated[
        list[str] | None,
        typer.Option(
            "--warc",
            metavar="FILE",
            help="A web archive: WARC (plain, gzip, zstd) or WACZ. FILEs beside it are such, too.",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--everything", help="Keep the pictures, scripts … of --warc, too."),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", min=1, help="So many processes read --warc; if not given, all cores."
        ),
    ] = None,
    urls: Annotated[
        str | None,
        typer.Option(
            "--urls",
            metavar="FILE",
            help="Fetch a list of addresses, one a line, or - for standard input.",
        ),
    ] = None,
    later: Annotated[
        bool,
        typer.Option("--later", help="Leave --urls to the next crawl of their site."),
    ] = False,
    delay: runs.Delay = None,
    contact: runs.Contact = None,
    tolerance: runs.Tolerance = 5.0,
    progress: runs.ShowProgress = None,
) -> None:
    """Take saved pages, web archives, or the pages at a list of addresses into the archive.

    A page counts as captured when its file was last changed; in a WARC, when that says. Adding it
    twice stores it once.
    """
    setting = setting_of(context)
    if warc:
        if urls or url or content_type:
            raise BadInput("--warc files say by themselves what --url, --urls, --content-type say.")
        names = [*warc, *(files or ())]
        try:
            code = add_web_archives(setting, names, site=site, everything=everything, jobs=jobs)
        except KeyboardInterrupt:
            say("hemeroteca: interrupted; run it again, and what is there is not read again.")
            code = INTERRUPTED
        raise typer.Exit(code)
    if bool(files) == bool(urls):
        raise BadInput("Name the pages to add, or a list of addresses with --urls, one of the two.")
    if later and not urls:
        raise BadInput("--later puts off --urls; name a list of addresses with that.")
    if urls and later:
        _enlist(setting, urls, site)
        return
    if urls:
        profiles, addresses = _sites_of(urls, site)
        reports = runs.crawled(
            setting,
            profiles,
            progress,
            addresses=addresses,
            delay_seconds=delay,
            contact=contact,
            log=Logbook(os.environ.get(LOG_VARIABLE)),
        )
        raise typer.Exit(runs.conclude(setting, reports, tolerance))
    assert files is not None  # noqa: S101 - for the type checker: it is not empty
    if url is not None and len(files) > 1:
        raise BadInput("--url is the address of one page; add several pages without it.")
    address = web_address(url) if url else None
    for name in files:
        check_readable(name)
        if name.lower().endswith(SUFFIXES):
            raise BadInput(f"{name!r} is a web archive: add it with --warc.")
    with setting.open_to_write() as archive, archive.hold():
        intake = _Intake(archive, site, content_type)
        rows = [[name, *intake.take(name, address)] for name in files]
        intake.finish()
    print_table(["file", "outcome", "about"], rows)
    failed = sum(outcome in FAILED for _, outcome, _ in rows)
    if failed:
        whole = number_of(len(rows), "page")
        say(f"hemeroteca: {failed} of {whole} could not be added; see the list.")
    raise typer.Exit(1 if failed else 0)


class _Intake:
    """One run of `add`: each page is read and kept as if it had been fetched."""

    def __init__(self, archive: Archive, site: str | None, content_type: str | None) -> None:
        self._archive = archive
        self._site = site
        self._content_type = content_type
        self._crawls: dict[str, int] = {}
        self._counts: Counter[str] = Counter()

    def take(self, name: str, address: str | None) -> tuple[str, str]:
        """Keep one page: what came of it, and its headline or the reason."""
        from crawler.parsing.address import stated_address

        body = page_bytes(name)
        url = address or stated_address(body, self._content_type)
        if url is None:
            return "no address", "the page names none; give it with --url"
        capture = self._capture(name, url, body)
        profile = profile_of(url, self._site)
        reading = self._reading(capture, profile)
        site, now = profile.name, datetime.now(UTC)
        outcome = self._archive.save(
            capture,
            reading,
            site=site,
            crawl_id=self._crawl_of(site),
            now=now,
            next_due_at=now + next_due(now - capture.fetched_at),
            reread=lambda older: _article_of(older, profile),
        )
        self._counts[outcome] += 1
        return outcome, str(reading) if isinstance(reading, Exception) else reading.headline

    def finish(self) -> None:
        """Note in the archive what the run did."""
        for site, crawl_id in self._crawls.items():
            report = {"site": site, **self._counts}
            self._archive.finish_crawl(crawl_id, report, datetime.now(UTC), "finished")

    def _capture(self, name: str, url: str, body: bytes) -> Capture:
        from crawler.capture import Capture

        changed_at = datetime.now(UTC)
        if name != "-":
            changed_at = datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
        headers = (("Content-Type", self._content_type),) if self._content_type else ()
        return Capture(url=url, fetched_at=changed_at, status=200, headers=headers, body=body)

    def _reading(self, capture: Capture, profile: Profile) -> Article | NotAnArticle | Unreadable:
        from crawler.parsing import parse_article

        try:
            return parse_article(
                capture.body,
                url=capture.url,
                profile=profile,
                content_type=self._content_type,
                fetched_at=capture.fetched_at,
            )
        except (NotAnArticle, Unreadable) as refusal:
            return refusal

    def _crawl_of(self, site: str) -> int:
        """The number under which the archive knows this run, one per site."""
        if site not in self._crawls:
            self._crawls[site] = self._archive.start_crawl(site, "add", {}, datetime.now(UTC))
        return self._crawls[site]


def _article_of(capture: Capture, profile: Profile) -> Article | None:
    """An older capture as today's parser reads it; None where it finds no article."""
    from crawler.article import Article
    from spiders.reading import read

    reading = read(capture, profile)
    return reading if isinstance(reading, Article) else None


def _enlist(setting: Setting, name: str, site: str | None) -> None:
    """Make the addresses of a list due."""
    from crawler.discovery import Found

    rows = []
    with setting.open_to_write() as archive:
        for profile, addresses in zip(*_sites_of(name, site), strict=True):
            founds = [Found(address, None, "user") for address in addresses]
            count = archive.enlist(profile.name, founds, crawl_id=None, now=datetime.now(UTC))
            rows.append([profile.name, count.listed, count.new])
    print_table(["site", "addresses", "new"], rows)
    setting.remark("They are due; `hemeroteca crawl` with the site's name or address fetches them.")


def _sites_of(name: str, site: str | None) -> tuple[list[Profile], list[list[str]]]:
    """The sites that a list's addresses belong to, and for each of them its canonical addresses."""
    from crawler.urls import canonical_url

    profiles: dict[tuple[str, ...], Profile] = {}
    addresses: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for address in _addresses(name):
        profile = profile_of(address, site)
        key = (profile.name, *profile.hosts)
        profiles.setdefault(key, profile)
        addresses[key].append(canonical_url(address))
    return list(profiles.values()), list(addresses.values())


def _addresses(name: str) -> list[str]:
    """The addresses of a list; empty lines and lines that begin with # don't count."""
    text = page_bytes(name).decode("utf-8-sig", "replace")
    lines = (each.strip() for each in text.splitlines())
    wanted = [each for each in lines if each and not each.startswith("#")]
    if not wanted:
        raise BadInput(f"{name!r} lists no address; write one a line.")
    return [web_address(each) for each in wanted]
