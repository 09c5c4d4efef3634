"""What of a jobs file can be tried on this machine before a night depends on it.

Whether the folders it names are there and can be written, whether apprise understands its
addresses, whether others may read its secrets. Each complaint is a sentence with line and key.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crawler.errors import HemerotecaError
from crawler.tomlfile import Keys
from scripts.jobs.plan import Job, Plan
from scripts.logbook import Logbook

#: What a file's mode says of others than its owner.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def usable(plan: Plan) -> Plan:
    """The plan without what is of no use tonight: a log that can't be written, addresses that
    nobody understands. Each is one of its faults."""
    faults = [*plan.faults, *_of_log(plan), *_of_addresses(plan)]
    alerts = replace(plan.alerts, to=tuple(filter(is_understood, plan.alerts.to)))
    log = None if list(_of_log(plan)) else plan.log
    return replace(plan, alerts=alerts, log=log, faults=tuple(dict.fromkeys(faults)))


def complaints(plan: Plan) -> list[str]:
    """All that will be in the way of the jobs."""
    found = [*_of_log(plan), *_of_addresses(plan)]
    for job in plan.jobs.values():
        found += _of_folders(plan, job)
    return list(dict.fromkeys(found))


def warnings(plan: Plan) -> list[str]:
    """What works, and should be otherwise."""
    if plan.secrets is None or not plan.secrets.stat().st_mode & _OTHERS:
        return []
    words = f"names {plan.secrets}, which others may read, too: `chmod 600 {plan.secrets}`"
    return [plan.file.told(("secrets",), words)]


def is_understood(address: str) -> bool:
    """Whether apprise knows what to do with an address."""
    from scripts.jobs.alerts import messenger_for

    return messenger_for(address) is not None


def _of_log(plan: Plan) -> Iterator[str]:
    try:
        Logbook(plan.log)
    except HemerotecaError as error:
        words = f"can't be written, and the jobs run without: {str(error).rstrip('. ')}"
        yield plan.file.told(("log",), words)


def _of_addresses(plan: Plan) -> Iterator[str]:
    for position, address in enumerate(plan.alerts.to, 1):
        if not is_understood(address):
            kind = address.partition("://")[0]
            words = f"holds as its number {position} ({kind}) nothing that apprise understands"
            yield plan.file.told(("alerts", "to"), f"{words}: see the list of its services")


def _of_folders(plan: Plan, job: Job) -> Iterator[str]:
    where = ("jobs", job.name)
    if job.place is not None:
        named = (*where, "archive") if (*where, "archive") in plan.file.lines else ("archive",)
        yield from _of_folder(plan, named, job.place.parent)
        if job.place.exists() and not os.access(job.place, os.W_OK):
            yield plan.file.told(named, f"can't be written: check the permissions of {job.place}")
    if job.to is not None:
        yield from _of_folder(plan, (*where, "to"), Path(job.to))


def _of_folder(plan: Plan, keys: Keys, folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        yield plan.file.told(keys, f"stands in {folder}, where there is no directory: make it")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield plan.file.told(keys, f"can't be written: check the permissions of {folder}")
