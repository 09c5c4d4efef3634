"""A crawl as its user sees it: which sites are meant, a progress bar, a report, a verdict."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from crawler.errors import BadInput
from scripts.commands import INTERRUPTED, Setting
from scripts.commands.pages import profile_of, refusal_to_write, web_address
from scripts.logbook import Logbook
from scripts.printing import number_of, print_json, say

if TYPE_CHECKING:
    from crawler.profile import Profile
    from spiders.reports import Progress

Report = dict[str, Any]


#: What a crawl's closing line counts, in this order, and how it is said.
COUNTED = {
    "new": "new",
    "revised": "revised",
    "unchanged": "unchanged",
    "not_modified": "not modified",
    "part": "parts of articles",
    "gone": "gone",
    "not_articles": "no articles",
    "refused_by_robots": "refused by robots.txt",
}


Delay = Annotated[
    float | None,
    typer.Option(
        "--delay", metavar="SECONDS", min=0, help="Pause between two requests to one host."
    ),
]
Contact = Annotated[
    str | None,
    typer.Option(
        "--contact",
        envvar="HEMEROTECA_CONTACT",
        metavar="ADDRESS",
        help="Your address or web page, told to the sites in the user agent.",
    ),
]
Tolerance = Annotated[
    float,
    typer.Option(
        "--tolerance",
        metavar="PERCENT",
        min=0,
        max=100,
        help="End with exit code 1 when more than this share of pages failed.",
    ),
]
ShowProgress = Annotated[
    bool | None,
    typer.Option("--progress/--no-progress", help="A progress bar; by default on a terminal."),
]


def crawled(
    setting: Setting,
    profiles: list[Profile],
    progress: bool | None,
    *,
    contact: str | None,
    log: Logbook,
    mode: str = "due",
    **options: Any,
) -> list[Report]:
    """Crawl sites as :func:`spiders.run.crawl` does, told to a terminal and to a log."""
    from spiders.run import crawl

    contact = contact or _contact_here()
    check_contact(contact)
    if is_anonymous(profiles, contact):
        setting.remark(
            "The sites are not told whom to write to; name yourself with --contact, "
            "or once for all in HEMEROTECA_CONTACT or hemeroteca.toml."
        )
    shown = sys.stderr.isatty() and not setting.quiet if progress is None else progress
    for profile in profiles:
        log.note("crawl_began", site=profile.name, mode=mode)
    with progress_of(profiles, shown=shown) as show:
        on_progress = heard_by(show, log.note_page)
        reports = crawl(
            setting.archive,
            profiles,
            mode=mode,
            contact=contact,
            on_progress=on_progress,
            **options,
        )
    for each in reports:
        log.note("crawl_ended", **each)
    return reports


def profile_for(target: str, site: str | None) -> Profile:
    """The profile that a word on the command line means.

    A name is a known site's; an address may come with the name of the profile to read it with.
    """
    from crawler.sites import site_named

    if "://" not in target:
        if site is not None:
            raise BadInput(f"--site says how to read an address, and {target!r} is none.")
        if "." in target or "/" in target:
            web_address(target)
        return site_named(target)
    return profile_of(web_address(target), site)


def is_anonymous(profiles: list[Profile], contact: str | None) -> bool:
    """Whether a site of somebody else's would be asked by nobody in particular."""
    return not contact and any(not _is_here(host) for each in profiles for host in each.hosts)


def _contact_here() -> str | None:
    """The contact of the jobs file in the working directory, if there is one and it says so."""
    from crawler.tomlfile import toml_at

    try:
        contact = toml_at(Path("hemeroteca.toml")).raw.get("contact")
    except BadInput:  # there is none, or it is for `schedule` to complain of
        return None
    return contact if isinstance(contact, str) and "${" not in contact else None


#: A mail address, or a web page on a host that others can find.
_CONTACT = re.compile(
    r"(?:mailto:)?[^@\s<>]+@[\w-]+(?:\.[\w-]+)+|https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?"
)


def check_contact(contact: str | None) -> None:
    """Refuse a contact by which nobody could be reached.

    >>> check_contact("desk@daily.example"), check_contact("https://daily.example/about")
    (None, None)
    >>> check_contact("nobody")
    Traceback (most recent call last):
    crawler.errors.BadInput: 'nobody' is no mail address and no web page: write one such as \
'you@example.org' or 'https://example.org/about'.
    """
    if contact and not _CONTACT.fullmatch(contact.strip()):
        raise BadInput(
            f"{contact!r} is no mail address and no web page: write one such as "
            "'you@example.org' or 'https://example.org/about'."
        )


def _is_here(host: str) -> bool:
    return host.startswith(("127.", "::1")) or host.partition(":")[0] == "localhost"


def overridden(given: list[str]) -> dict[str, str]:
    """The settings that were given as ``NAME=VALUE``, by their full names.

    >>> overridden(["most_lists=500"])
    {'HEMEROTECA_MOST_LISTS': '500'}
    """
    from crawler import settings

    chosen = {}
    for each in given:
        name, sign, value = each.partition("=")
        full = name.strip().upper()
        full = full if hasattr(settings, full) else f"HEMEROTECA_{full}"
        if not sign or not hasattr(settings, full) or full in PROMISES:
            raise BadInput(
                f"--set {each!r} names no setting: give NAME=VALUE, such as MOST_LISTS=500; "
                "docs/reference/settings.md lists them."
            )
        _check_kind(full, value, getattr(settings, full))
        chosen[full] = value
    return chosen


def bounds_given(requests: int | None, minutes: float | None) -> dict[str, str]:
    """The settings that the bounds of a run stand for, by their full names.

    >>> bounds_given(500, None)
    {'HEMEROTECA_MOST_REQUESTS': '500'}
    """
    given = {"HEMEROTECA_MOST_REQUESTS": requests, "HEMEROTECA_MOST_MINUTES": minutes}
    return {name: str(value) for name, value in given.items() if value is not None}


#: What the program promises to sites and users, and what is an option of its own.
PROMISES = frozenset(
    {"ROBOTSTXT_OBEY", "COOKIES_ENABLED", "HEMEROTECA_ARCHIVE", "HEMEROTECA_CONTACT"}
)


def _check_kind(name: str, value: str, usual: object) -> None:
    """Refuse words where a number belongs."""
    if isinstance(usual, int | float) and not isinstance(usual, bool):
        try:
            if float(value) >= 0:
                return
        except ValueError:
            pass
        raise BadInput(f"--set {name}={value}: it is a number, such as {usual}.")


def prepare_report(name: str | None) -> None:
    """Refuse a report that can't be written before anything is fetched."""
    if name in (None, "-"):
        return
    try:
        with Path(str(name)).open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise refusal_to_write(str(name), error) from error


def write_report(name: str | None, reports: list[Report]) -> None:
    """One site's report as an object, several sites' as a list."""
    answer = reports[0] if len(reports) == 1 else reports
    if name == "-":
        print_json(answer)
    elif name is not None:
        text = json.dumps(answer, ensure_ascii=False, indent=2)
        Path(name).write_text(text + "\n", encoding="utf-8")


def heard_by(
    *listeners: Callable[[Progress], None] | None,
) -> Callable[[Progress], None] | None:
    """All who listen as one; None for nobody."""
    there = [each for each in listeners if each is not None]

    def tell(step: Progress) -> None:
        for each in there:
            each(step)

    return tell if there else None


@contextmanager
def progress_of(
    profiles: list[Profile], *, shown: bool
) -> Iterator[Callable[[Progress], None] | None]:
    """A bar per site on standard error while the block runs; nothing where it is not wanted."""
    if not shown:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[outcome]}", style="dim"),
    )
    with Bars(*columns, console=Console(file=sys.stderr, highlight=False)) as bars:
        tasks = {
            profile.name: bars.add_task(profile.name, total=None, outcome="reading lists", rate="")
            for profile in profiles
        }

        def show(step: Progress) -> None:
            total = step.settled + step.outstanding
            task = bars.tasks[tasks[step.site]]
            elapsed = task.elapsed or 0
            rate = f"{60 * step.settled / elapsed:.0f} pages/min" if elapsed >= 1 else ""
            bars.update(
                task.id, completed=step.settled, total=total, outcome=step.outcome, rate=rate
            )

        yield show


def conclude(setting: Setting, reports: list[Report], tolerance: float) -> int:
    """Say what each crawl came to; the exit code that follows from all of them."""
    codes = [_verdict(report, tolerance) for report in reports]
    for report in reports:
        setting.remark(summary(report))
    if INTERRUPTED in codes:
        return INTERRUPTED
    for report, code in zip(reports, codes, strict=True):
        if code:
            say(f"hemeroteca: {_complaint(report)}")
    return max(codes, default=0)


def summary(report: Report) -> str:
    """One line on one crawl.

    >>> summary({"site": "gazette", "new": 61, "gone": 1, "failed": {"timeout": 2}})
    'gazette: 61 new, 1 gone, 2 failed.'
    >>> print(summary({"site": "gazette", "new": 5, "stopped_by": "limit", "lists_to_end": True}))
    gazette: 5 new. Stopped by --limit.
    """
    counts = [f"{report[key]} {words}" for key, words in COUNTED.items() if report.get(key)]
    counts += [
        f"{number} {words}"
        for number, words in (
            (failed_pages(report), "failed"),
            (put_back(report), "left for a later run"),
        )
        if number
    ]
    return f"{report['site']}: {', '.join(counts) or _nothing(report)}.{_stopped(report)}"


def _stopped(report: Report) -> str:
    """Which bound ended a crawl, and whether its lists were read before that."""
    bound = report.get("stopped_by")
    if not bound:
        return ""
    unread = " before its lists were read to their end: what they name besides is not known yet"
    return f" Stopped by --{bound}{'' if report.get('lists_to_end') else unread}."


def _nothing(report: Report) -> str:
    """Why a crawl brought nothing: there was nothing, or nobody could say."""
    read = any(report.get(key) for key in ("lists_read", "lists_not_modified"))
    return "nothing was due" if read or not report.get("lists_failed") else "no list could be read"


def failed_pages(report: Report) -> int:
    """Pages that could not be fetched, or fetched and not read."""
    failed: dict[str, int] = report.get("failed") or {}
    return sum(failed.values()) + int(report.get("unreadable") or 0)


def put_back(report: Report) -> int:
    """Pages that were due and were not asked for: their host can't be asked today."""
    left: dict[str, int] = report.get("put_back") or {}
    return sum(left.values())


def _alarms(report: Report) -> list[str]:
    """What rings, each with what to do about it where that is known."""
    details = report.get("alarm_details")
    if details is None:
        return list(report.get("alarms") or [])
    return [f"{each['says']} ({each['next']})" for each in details]


#: A list that is not there fails no run in which another was read: a mirror has no feed, say.
MISSING = ("status 404", "status 410")


def _verdict(report: Report, tolerance: float) -> int:
    """0, 1 when too much failed, 130 when interrupted.

    Lists count as pages do: a sitemap that can't be read hides articles, and says so here. So
    do pages that had to be left for later: a site that is down is no crawl well done. An alarm
    counts whatever the tolerance is, and what somebody has accepted does not.
    """
    if report.get("outcome") == "interrupted":
        return INTERRUPTED
    if report.get("alarms"):
        return 1
    accepted = {each["kind"] for each in report.get("accepted") or ()}
    if accepted & {"robots", "errors"}:
        return 0
    lists_read = sum(report.get(key) or 0 for key in ("lists_read", "lists_not_modified"))
    lists_failed = sum(
        1
        for reason in (report.get("lists_failed") or {}).values()
        if not (lists_read and reason in MISSING) and "lists" not in accepted
    )
    lists = lists_failed + lists_read
    pages_failed = failed_pages(report) + put_back(report)
    pages = pages_failed + sum(report.get(key) or 0 for key in COUNTED)
    too_much = any(
        failed > whole * tolerance / 100
        for failed, whole in ((lists_failed, lists), (pages_failed, pages))
    )
    return 1 if too_much else 0


def _complaint(report: Report) -> str:
    """What failed, in one sentence."""
    lists, pages = report.get("lists_failed") or {}, failed_pages(report)
    parts = [f"ALARM: {alarm}" for alarm in _alarms(report)]
    if pages:
        them = "it" if pages == 1 else "them"
        parts.append(f"{number_of(pages, 'page')} failed (`hemeroteca failures` lists {them})")
    for reason, number in (report.get("put_back") or {}).items():
        was = "was" if number == 1 else "were"
        parts.append(f"{number_of(number, 'page')} {was} left for a later run ({reason})")
    if lists:
        url, reason = next(iter(lists.items()))
        others = f" and {number_of(len(lists) - 1, 'more list')}" if len(lists) > 1 else ""
        parts.append(f"{url}{others} could not be read ({reason})")
    return f"{report['site']}: {'; '.join(parts)}."
