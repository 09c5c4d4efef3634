"""`crawls`, `alarms`: what the crawls did, and what somebody has to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from crawler.errors import BadInput, HemerotecaError
from scripts.commands import Setting, filters, setting_of
from scripts.commands.accepting import Wanted, accept_them
from scripts.commands.asking import Json
from scripts.commands.runs import failed_pages, put_back
from scripts.commands.scheduling import Jobs, plan_of, warn
from scripts.printing import console, line, minute, print_json, print_table, say
from scripts.telling import duration, told

if TYPE_CHECKING:
    from scripts.jobs.plan import Plan
    from storage import Archive
    from storage.alarms import Alarm
    from storage.crawls import Crawl

app = typer.Typer()

#: What a crawl is told to have come to while its end is not known.
AT_WORK, DIED = "at work", "died"

#: Alarms of a job's runs stand under this and its name.
OF_A_JOB = "job "


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
        found = [_as_it_stands(each, is_held=archive.is_held) for each in found]
    if number is None:
        _print_all(found, as_json=as_json)
    elif not found:
        raise BadInput(f"There is no crawl {number}; `hemeroteca crawls` lists them.")
    elif as_json:
        print_json(found[0].to_dict())
    else:
        console().print(Text(told(_report_of(found[0]))), soft_wrap=True)


@app.command()
def alarms(
    context: typer.Context,
    jobs: Jobs = None,
    site: filters.Site = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only of this kind: field, lists, silent …"),
    ] = None,
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="FIELD", help="Only about this field: tags, deck …"),
    ] = None,
    history: Annotated[bool, typer.Option("--all", help="Those that have cleared, too.")] = False,
    accept: Annotated[
        str | None,
        typer.Option(
            "--accept",
            metavar="WORDS",
            help="Let those of --site stand without ringing, for the reason given; they ring again "
            "when they get clearly worse, or come back.",
        ),
    ] = None,
    ring_again: Annotated[
        bool, typer.Option("--ring-again", help="Let accepted ones of --site ring again.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test message to every address of the jobs file.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what somebody has to look at, and what to run next; exit code 1 if there is anything.

    With a jobs file, runs that did not happen are looked for, too. Alarms are found by each crawl,
    and told by `run` to the addresses that the jobs file names under [alerts]. What needs nothing
    done is accepted: it is listed, and neither told nor counted in any exit code.
    """
    setting = setting_of(context)
    if test:
        _send_test(setting, jobs)
        return
    wanted = Wanted(site, kind, about)
    if accept is not None or ring_again:
        accept_them(setting, jobs, wanted, accept, undo=ring_again)
        return
    found = [
        each for each in _standing(setting, jobs, site, history=history) if wanted.includes(each)
    ]
    if as_json:
        print_json(found)
    else:
        _print_alarms(found)
        if not any(map(_rings, found)):
            setting.remark("Nothing rings.")
    raise typer.Exit(1 if any(map(_rings, found)) else 0)


def _rings(alarm: dict[str, Any]) -> bool:
    """Whether an alarm stands and nobody has accepted it."""
    return alarm["cleared_at"] is None and not alarm.get("accepted_at")


def _send_test(setting: Setting, jobs: str | None) -> None:
    from scripts.jobs.alerts import place_of, send

    plan = plan_of(setting, jobs)
    warn(setting, plan)
    if not plan.alerts.to:
        raise BadInput(f"{plan.path} names nobody to tell: put addresses under [alerts], to = […].")
    body = (
        "This is a test: `hemeroteca alarms --test` sent it, and nothing is wrong.\n"
        f"Alarms of the jobs {', '.join(plan.jobs)} will come this way.\n\n{place_of(plan)}"
    )
    answers = send(plan.alerts, "Hemeroteca: a test", body)
    for each in answers:
        say(f"{each.address}: {'taken' if each.is_taken else each.why}")
    if not all(each.is_taken for each in answers):
        raise typer.Exit(1)


def _standing(
    setting: Setting, jobs: str | None, site: str | None, *, history: bool
) -> list[dict[str, Any]]:
    """The alarms of the archive, and of every archive of the jobs file where there is one."""
    from scripts.jobs.plan import USUAL_NAME

    if jobs is None and not Path(USUAL_NAME).exists():
        with setting.open() as archive:
            if site is not None and not site.startswith(OF_A_JOB) and not _knows(archive, site):
                filters.check_site(archive, site)
            return [each.to_dict() for each in archive.alarms(site, cleared=history)]
    from scripts.jobs.alerts import is_retired, missing
    from scripts.jobs.memory import Memory
    from storage import Archive

    plan, now = plan_of(setting, jobs), datetime.now(UTC)
    _check_watched(site, plan)
    found = []
    for address in plan.archives():
        if "://" in address or Path(address).exists():
            try:
                with Archive.open(address) as archive:
                    listed = archive.alarms(site, cleared=history)
            except HemerotecaError as error:  # what else stands is told all the same
                found.append(_found_now(_of_closed_archive(plan, error), now))
                continue
            found += [each.to_dict() for each in listed if not is_retired(each.alarm, plan)]
    found += [
        each.to_dict() for each in Memory(plan.path).alarms() if site in (None, each.alarm.site)
    ]
    known = {(each["site"], each["kind"]) for each in found if each["cleared_at"] is None}
    for alarm in (each for rings in missing(plan, now).values() for each in rings):
        if (alarm.site, alarm.kind) not in known and site in (None, alarm.site):
            found.append(_found_now(alarm, now))
    return found


def _of_closed_archive(plan: Plan, error: HemerotecaError) -> Alarm:
    from storage.alarms import Alarm

    says = f"what it remembers can't be read: {str(error).rstrip('. ')}"
    jobs = f"see what the jobs said last in {plan.log}" if plan.log else "run its jobs again then"
    return Alarm("archive", "run", says, f"mend that; {jobs}", str(plan.path))


def _found_now(alarm: Alarm, now: datetime) -> dict[str, Any]:
    """An alarm that no archive holds, in the form of those that one does."""
    began_at = alarm.since or now
    moments = {"began_at": began_at.isoformat(), "last_at": now.isoformat()}
    return {**alarm.to_dict(), **moments, "cleared_at": None, "told_at": None}


def _knows(archive: Archive, name: str) -> bool:
    """Whether an archive has anything under a name that alarms may stand under."""
    return bool(
        name in archive.sites() or archive.crawls(name) or archive.alarms(name, cleared=True)
    )


def _check_watched(site: str | None, plan: Plan) -> None:
    """Refuse a name of which no job and no archive knows: that nothing rings would mislead."""
    from scripts.jobs.memory import Memory

    watched = {each for job in plan.jobs.values() for each in (*job.sites, *job.site_names())}
    watched |= {f"{OF_A_JOB}{name}" for name in plan.jobs}
    watched |= {each.alarm.site for each in Memory(plan.path).alarms()}
    if site is None or site in watched:
        return
    from storage import Archive

    for address in plan.archives():
        if "://" in address or Path(address).exists():
            with Archive.open(address) as archive:
                if _knows(archive, site):
                    return
    if near := get_close_matches(site, watched, 1):
        raise BadInput(f"No job watches {site!r}: did you mean {near[0]!r}?")
    raise BadInput(f"No job watches {site!r}: choose {', '.join(sorted(watched))}.")


def _print_alarms(found: list[dict[str, Any]]) -> None:
    out = console()
    for each in found:
        out.print(Text(f"{line(each['site'])}: {line(each['says'])}", style="bold"), soft_wrap=True)
        what = (
            f"{each['kind']} {each['about']}".strip() if each["kind"] == "field" else each["kind"]
        )
        out.print(Text(f"  {line(what)}, since {minute(each['began_at'])}{_end(each)}"),
                  soft_wrap=True)  # fmt: skip
        for words in _rest(each):
            out.print(Text(f"  {words}"), soft_wrap=True)


def _end(alarm: dict[str, Any]) -> str:
    if not alarm["cleared_at"]:
        return ""
    over = "taken as normal" if alarm.get("normal_since") else "over"
    return f", {over} since {minute(alarm['cleared_at'])}"


def _rest(alarm: dict[str, Any]) -> Iterator[str]:
    """Whether somebody has accepted it, or what to do."""
    because = line(alarm.get("accepted_because") or "")
    if alarm.get("accepted_at"):
        yield f"Accepted {minute(alarm['accepted_at'])}: {because}"
    elif _rings(alarm):
        if because:
            yield f"It was accepted ({because}), and has got worse since."
        yield f"Now {line(alarm['next'])}."


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


def _as_it_stands(crawl: Crawl, *, is_held: bool) -> Crawl:
    """The crawl; one whose end is unknown is at work, if any is, or was killed."""
    if crawl.outcome is not None:
        return crawl
    return replace(crawl, outcome=AT_WORK if is_held else DIED)


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
        crawl.result,
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
        "outcome": crawl.outcome,
    }
    return known | (crawl.report or {}) | {"result": crawl.result}
