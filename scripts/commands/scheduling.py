"""`schedule`, `run`: the crawls of a jobs file, by cron, by systemd, or in the foreground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.errors import BadInput
from scripts.commands import Setting, setting_of
from scripts.printing import say

if TYPE_CHECKING:
    from scripts.jobs.plan import Job, Plan
    from scripts.jobs.running import Outcome

app = typer.Typer()

Jobs = Annotated[
    str | None,
    typer.Option("--jobs", metavar="FILE", help="The jobs file; if not given, ./hemeroteca.toml."),
]
By = Literal["cron", "systemd"]


def plan_of(setting: Setting, jobs: str | None) -> Plan:
    """The jobs file that is meant; its archive is the one on the command line if it names none."""
    from scripts.jobs.jobs_file import plan_at

    return plan_at(jobs, archive=setting.archive if setting.is_named else None)


@app.command()
def schedule(
    context: typer.Context,
    jobs: Jobs = None,
    by: Annotated[By, typer.Option("--print", help="What to print.")] = "cron",
    install: Annotated[
        By | None, typer.Option("--install", help="Put them in: into your crontab or systemd.")
    ] = None,
    remove: Annotated[
        By | None, typer.Option("--remove", help="Take out what --install put in.")
    ] = None,
) -> None:
    """Print the jobs of a jobs file as cron lines or systemd timers, or install them.

    What is installed stands between two marks, or in units of its own: installing twice changes
    nothing, and --remove takes out that and nothing else.
    """
    setting = setting_of(context)
    if install and remove:
        raise BadInput("--install and --remove exclude each other; choose one.")
    plan = plan_of(setting, jobs)
    if remove:
        setting.remark(_removed(plan, remove))
        return
    found = _in_the_way(plan)
    if install:
        if found:
            raise BadInput("\n".join(found))
        setting.remark(_installed(plan, install))
    else:
        _print(plan, by)
        for each in found:
            say(f"hemeroteca: {each}")
    warn(setting, plan)
    if found:
        raise typer.Exit(1)


def _print(plan: Plan, by: By) -> None:
    from scripts.jobs.entries import crontab_of, units_of

    if by == "cron":
        typer.echo(crontab_of(plan), nl=False)
        return
    for name, text in units_of(plan).items():
        typer.echo(f"# {name}\n{text}")


def _about_borrowed(plan: Plan) -> str:
    names = ", ".join(sorted(plan.borrowed))
    return (
        f"{names} stands in this shell's environment alone, which neither cron nor systemd knows: "
        'write it into a file of its own as NAME=value, and `secrets = "FILE"` into '
        f"{plan.path.name}."
    )


def _in_the_way(plan: Plan) -> list[str]:
    """What would keep the jobs, or their alerts, from working at night."""
    from scripts.jobs.checking import complaints

    return [*([_about_borrowed(plan)] if plan.borrowed else []), *complaints(plan)]


def warn(setting: Setting, plan: Plan) -> None:
    """Say what works, and should be otherwise."""
    from scripts.jobs.checking import warnings

    for each in warnings(plan):
        setting.remark(each)


def _installed(plan: Plan, by: By) -> str:
    from scripts.jobs import installing

    changed = installing.install_cron(plan) if by == "cron" else installing.install_systemd(plan)
    names = ", ".join(plan.jobs)
    where = "your crontab" if by == "cron" else str(installing.units_folder())
    if not changed:
        return f"Nothing to change: {names} stand in {where} already."
    hint = (
        ""
        if by == "cron"
        else " They run while you are logged in; `loginctl enable-linger` lets them run always."
    )
    return f"{names} now in {where}.{hint}"


def _removed(plan: Plan, by: By) -> str:
    from scripts.jobs import installing

    done = installing.remove_cron(plan) if by == "cron" else installing.remove_systemd(plan)
    return "Taken out." if done else f"Nothing of {plan.path} was there."


@app.command()
def run(
    context: typer.Context,
    jobs: Jobs = None,
    once: Annotated[
        str | None,
        typer.Option("--once", metavar="JOB", help="Run this job now, and nothing more."),
    ] = None,
) -> None:
    """Run the jobs of a jobs file at their times, in the foreground: for containers.

    How they stand is told as JSON on http://127.0.0.1:8753/health (status 503 when a job's last
    run failed or did not happen). SIGTERM ends it, and a crawl under way cleanly with it.
    """
    setting = setting_of(context)
    plan = _plan_to_run(setting, jobs, once)
    from scripts.jobs.running import Runner
    from scripts.jobs.scheduler import Scheduler, ended_by_signals

    runner = Runner(plan)
    if once is not None:
        job = plan.job(once)
        with ended_by_signals(runner.end):
            outcome = runner.run(job)
        _conclude(setting, plan, job, outcome)
        raise typer.Exit(outcome.code or int(bool(plan.faults)))
    scheduler = Scheduler(plan, runner, lambda job, done: _conclude(setting, plan, job, done))
    for state in scheduler.states.values():
        setting.remark(f"{state.job.name}: {state.job.schedule.text}")
    raise typer.Exit(scheduler.run())


def _plan_to_run(setting: Setting, jobs: str | None, once: str | None) -> Plan:
    """As much of the jobs file as can be run; whom it names is told of the rest.

    A night without a log, or without alerts, is no night without a crawl.
    """
    from scripts.jobs.alerts import Teller
    from scripts.jobs.checking import usable
    from scripts.jobs.jobs_file import path_of, plan_at, to_tell

    archive = setting.archive if setting.is_named else None
    path = path_of(jobs)
    try:
        plan = usable(plan_at(str(path), archive=archive, lenient=True))
    except BadInput as error:
        Teller(to_tell(path)).tell_broken(str(error))
        raise
    try:
        runs = [plan.job(once)] if once is not None else list(plan.jobs.values())
    except BadInput as error:
        Teller(plan).tell_broken(str(error))
        raise
    for fault in plan.faults:
        say(f"hemeroteca: {fault}")
    if not runs:
        Teller(plan).tell_broken(plan.faults[0])
        raise BadInput(plan.faults[0])
    return plan


def _conclude(setting: Setting, plan: Plan, job: Job, outcome: Outcome) -> None:
    """Say what a run came to, here and to whom the jobs file names."""
    from scripts.telling import told

    for report in outcome.reports:
        setting.remark(told(report))
    from scripts.jobs.alerts import Teller

    Teller(plan).tell(job, outcome)
    if outcome.is_failure and (outcome.words or not outcome.reports):
        words = outcome.words or f"it ended with exit code {outcome.code}"
        say(f"hemeroteca: {job.name}: {words}")
