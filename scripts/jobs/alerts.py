"""Telling somebody what rings and nobody knows of yet: by mail, webhook, or what apprise knows.

The archive remembers who was told, so that an alarm that stands is told once, again when it goes on
for long, and once more when it clears. No message and no complaint holds an address of the jobs
file: they hold passwords.
"""

from __future__ import annotations

import logging
import platform
import shlex
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.errors import HemerotecaError
from scripts.commands import INTERRUPTED
from scripts.jobs.memory import OF_A_JOB, OF_THE_FILE, Memory
from scripts.jobs.plan import Alerts, Job, Plan
from scripts.jobs.running import Outcome
from scripts.jobs.scheduler import MOST_MISSED, is_missing, last_begun, missed_before
from scripts.logbook import Logbook
from scripts.printing import line, say
from scripts.telling import told
from storage import Archive
from storage.alarms import NEVER_ACCEPTED, Alarm, StoredAlarm

#: What a receiver sorts messages by, in apprise's words.
Severity = Literal["info", "success", "failure"]

#: A single night without a run is told by `missing` while it lasts, and no news afterwards.
FEWEST_MISSED = 2
#: What stands in for an address's secrets.
HIDDEN = "…"
#: A password shorter than this would hide ordinary words.
SHORTEST_SECRET = 4


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending one message to one address."""

    address: str
    """The address by its number and kind alone: ``alerts.to[1] (json)``."""
    is_taken: bool
    why: str = ""
    """What the other side said, when it took nothing."""


class Teller:
    """Notes what rings after a run, and tells what nobody knows of yet."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._log = Logbook(plan.log)
        self._memory = Memory(plan.path)

    def tell(self, job: Job, outcome: Outcome) -> None:
        """Note what a run came to and what did not run, then send what is to be told."""
        self._memory.note_outcome(outcome)
        try:
            with Archive.open(job.archive, mode="write") as archive:
                self._note(archive, job, outcome)
                self._send_untold(archive, outcome)
        except HemerotecaError as error:
            if outcome.is_failure:
                self._tell_without_archive(_of_run(self._plan, job, outcome, str(error)))
            if self._plan.faults:
                self._tell_without_archive(_of_file(self._plan, self._plan.faults))

    def tell_broken(self, fault: str) -> None:
        """Tell that no job can be run: the jobs file, or the job that was asked for, is broken."""
        self._tell_without_archive(_of_file(self._plan, self._plan.faults or [fault]))

    def _tell_without_archive(self, alarm: Alarm) -> None:
        """Tell what no archive can remember; once, as far as anything else remembers it."""
        now = datetime.now(UTC)
        kept = self._memory.note_alarm(alarm, now)
        if not self._plan.alerts.to or not kept.is_to_be_told(now, self._plan.alerts.remind_days):
            return
        title = f"Hemeroteca: {'still' if kept.told_at else 'ALARM'}: {alarm.site}"
        if self._send(title, _about(alarm), "failure"):
            self._memory.note_told(kept, now)

    def _note(self, archive: Archive, job: Job, outcome: Outcome) -> None:
        now = datetime.now(UTC)
        jobs = self._plan.jobs.values()
        self._memory.hand_on(
            archive, but=[each.name for each in jobs if each.archive != job.archive]
        )
        faults = [_of_file(self._plan, self._plan.faults)] if self._plan.faults else []
        archive.note_alarms(_file_of(self._plan), faults, looked_for=["run"], now=now)
        is_told_by_its_sites = outcome.is_failure and not needs_alarm(outcome)
        if outcome.code != INTERRUPTED and not is_told_by_its_sites:
            failed = [_of_run(self._plan, job, outcome)] if needs_alarm(outcome) else []
            archive.note_alarms(f"{OF_A_JOB}{job.name}", failed, looked_for=["run"], now=now)
        for stands in archive.alarms():
            if is_retired(stands.alarm, self._plan):
                kind = [stands.alarm.kind]
                archive.note_alarms(stands.alarm.site, [], looked_for=kind, now=now)
        for each, found in missing(self._plan, now).items():
            if each == job.name:
                found = _of_gap(self._plan, job, outcome)
            if self._plan.jobs[each].archive == job.archive:
                archive.note_alarms(f"{OF_A_JOB}{each}", found, looked_for=["missing"], now=now)

    def _send_untold(self, archive: Archive, outcome: Outcome) -> None:
        now, days = datetime.now(UTC), self._plan.alerts.remind_days
        untold = archive.untold_alarms(now - timedelta(days=days) if days else None)
        if not untold or not self._plan.alerts.to:
            return
        reports = "\n\n".join(told(report) for report in outcome.reports)
        body = "\n\n".join([*map(_told, untold), reports]).strip()
        stands = any(each.cleared_at is None for each in untold)
        if self._send(_title(untold), body, "failure" if stands else "success"):
            archive.note_told(untold, now)

    def _send(self, title: str, body: str, severity: Severity) -> bool:
        """Send to every address; whether any took it. What fails is said and logged."""
        hide = secrets_of(self._plan)
        taken = False
        told = masked(f"{body}\n\n{place_of(self._plan)}", hide)
        for delivery in send(self._plan.alerts, masked(title, hide), told, severity):
            taken = taken or delivery.is_taken
            event = "alert_sent" if delivery.is_taken else "alert_failed"
            self._log.note(event, to=delivery.address, title=masked(title, hide), why=delivery.why)
            if not delivery.is_taken:
                say(f"hemeroteca: no alert could be sent to {delivery.address}: {delivery.why}")
        return taken


def needs_alarm(outcome: Outcome) -> bool:
    """Whether a run failed otherwise than by alarms of its sites, which stand for themselves."""
    return outcome.is_failure and not any(report.get("alarms") for report in outcome.reports)


def is_retired(alarm: Alarm, plan: Plan) -> bool:
    """Whether an alarm is of a job that this jobs file had and has no more."""
    is_job, name = alarm.site.startswith(OF_A_JOB), alarm.site.removeprefix(OF_A_JOB)
    return is_job and alarm.about == str(plan.path) and name not in plan.jobs


def _of_run(plan: Plan, job: Job, outcome: Outcome, more: str = "") -> Alarm:
    why = " ".join(filter(None, (outcome.words, more))) or "it gave no reason"
    return Alarm(
        f"{OF_A_JOB}{job.name}",
        "run",
        f"its run ended with exit code {outcome.code}: {line(why)[:600].rstrip('. ')}",
        f"see what it says with `hemeroteca run --once {job.name}`",
        str(plan.path),
        figures={"code": outcome.code},
    )


def _file_of(plan: Plan) -> str:
    return f"{OF_THE_FILE}{plan.path}"


def _of_file(plan: Plan, faults: Iterable[str]) -> Alarm:
    """What is wrong in the jobs file, or in what it names."""
    return Alarm(
        _file_of(plan),
        "run",
        f"something in it can't be used: {' '.join(faults).rstrip('. ')}",
        "mend it, and see with `hemeroteca schedule` whether all is well",
        str(plan.path),
    )


def missing(plan: Plan, now: datetime) -> dict[str, list[Alarm]]:
    """Job → its alarm if a run of it did not happen; nothing for a job whose archive can't tell."""
    found: dict[str, list[Alarm]] = {}
    since = datetime.fromtimestamp(plan.path.stat().st_mtime, UTC)
    for job in plan.jobs.values():
        try:
            last = last_begun(plan, job)
        except HemerotecaError:
            continue
        found[job.name] = (
            [_of_missing(plan, job, last)] if is_missing(job, last or since, now) else []
        )
    return found


def _of_gap(plan: Plan, job: Job, outcome: Outcome) -> list[Alarm]:
    """That runs of the job did not happen before this one, which its next run tells to be over."""
    missed = missed_before(job, outcome.started_at)
    if len(missed) < FEWEST_MISSED:
        return []
    number = f"more than {len(missed)}" if len(missed) >= MOST_MISSED else f"{len(missed)}"
    return [
        Alarm(
            f"job {job.name}",
            "missing",
            f"{number} of its runs did not happen, from {missed[0]:%Y-%m-%d %H:%M} on; it has "
            f"run again on {outcome.started_at:%Y-%m-%d %H:%M} UTC",
            "look why: whether the machine was off, or its cron or systemd timer",
            str(plan.path),
            {"missed": len(missed)},
            since=missed[0],
        )
    ]


def _of_missing(plan: Plan, job: Job, last: datetime | None) -> Alarm:
    began = f"the last began {last:%Y-%m-%d %H:%M} UTC" if last else "it never ran"
    return Alarm(
        f"{OF_A_JOB}{job.name}",
        "missing",
        f"a run did not happen; {began}, and its schedule is {job.schedule.text}",
        "look whether cron, the systemd timer or `hemeroteca run` is at work: "
        f"`hemeroteca schedule`, or run it now with `hemeroteca run --once {job.name}`",
        str(plan.path),
        since=job.schedule.next_after(last) if last else None,
    )


def _title(untold: Sequence[StoredAlarm]) -> str:
    standing = [each for each in untold if each.cleared_at is None]
    rings = [each.alarm.site for each in standing if each.told_at is None]
    still = [each.alarm.site for each in standing if each.told_at is not None]
    over = [each.alarm.site for each in untold if each.cleared_at is not None]
    parts = [f"ALARM: {', '.join(dict.fromkeys(rings))}"] if rings else []
    parts += [f"still: {', '.join(dict.fromkeys(still))}"] if still else []
    parts += [f"over: {', '.join(dict.fromkeys(over))}"] if over else []
    return f"Hemeroteca: {'; '.join(parts)}"


def _told(stored: StoredAlarm) -> str:
    alarm = stored.alarm
    if stored.cleared_at is None:
        is_known = stored.told_at is not None
        since = f"\nThis goes on since {stored.began_at:%Y-%m-%d %H:%M} UTC." if is_known else ""
        return _about(alarm) + since + _how_to_accept(stored)
    if stored.normal_since is not None:
        return (
            f"TAKEN AS NORMAL since {stored.cleared_at:%Y-%m-%d %H:%M} UTC: {alarm.site}: "
            f"{alarm.says} (since {stored.began_at:%Y-%m-%d %H:%M}). It rings no more."
        )
    return (
        f"OVER since {stored.cleared_at:%Y-%m-%d %H:%M} UTC: {alarm.site}: {alarm.says} "
        f"(since {stored.began_at:%Y-%m-%d %H:%M})."
    )


def _how_to_accept(stored: StoredAlarm) -> str:
    """The command for what needs nothing done; none for what must not be let rest."""
    alarm = stored.alarm
    if alarm.kind in NEVER_ACCEPTED:
        return ""
    words = ["hemeroteca", "alarms", "--site", alarm.site, "--kind", alarm.kind]
    words += ["--about", alarm.about] if alarm.about else []
    worse = (
        f"\nIt was accepted ({stored.accepted_because}), and has got worse since."
        if stored.accepted_because
        else ""
    )
    return f"{worse}\nIf it is to be left as it is: `{shlex.join(words)} --accept 'why'`."


def _about(alarm: Alarm) -> str:
    return f"ALARM: {alarm.site}: {alarm.says}.\nNow {alarm.next_step}."


def place_of(plan: Plan) -> str:
    """Where the commands of a message are to be run: a year later somebody else may read it."""
    return f"On {platform.node() or 'this machine'}, in {plan.path.parent} ({plan.path.name})."


# Sending


def send(alerts: Alerts, title: str, body: str, severity: Severity = "info") -> list[Delivery]:
    """Send a message to every address, each tried as often as the jobs file says."""
    return [
        _sent(alerts, position, address, title, body, severity)
        for position, address in enumerate(alerts.to, 1)
    ]


def _sent(
    alerts: Alerts, position: int, address: str, title: str, body: str, severity: Severity
) -> Delivery:
    named = f"alerts.to[{position}] ({address.partition('://')[0]})"
    pause, why = alerts.pause, ""
    for number in range(alerts.tries):
        if number:
            time.sleep(pause)
            pause *= 2
        why = _try(address, title, body, severity)
        if not why:
            return Delivery(named, is_taken=True)
    return Delivery(named, is_taken=False, why=why)


def messenger_for(address: str) -> Any:
    """Apprise with an address; None where it does not understand it."""
    import apprise

    messenger = apprise.Apprise()
    with warnings.catch_warnings(), _overheard():  # what its many services have to say beside
        warnings.simplefilter("ignore")
        return messenger if messenger.add(address) else None


def _try(address: str, title: str, body: str, severity: Severity) -> str:
    """Why the address took nothing; empty when it took the message."""
    import apprise

    messenger = messenger_for(address)
    if messenger is None:
        return "it is no address that apprise understands: see the list of its services"
    with _overheard() as said:
        is_taken = messenger.notify(
            body=body,
            title=title,
            notify_type=apprise.NotifyType(severity),
            body_format=apprise.NotifyFormat.TEXT,
        )
    if is_taken:
        return ""
    return masked(line(" ".join(said[-2:])), _secrets_in(address)).strip() or "it took no message"


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What apprise complains of while the block runs, and that nowhere else: it tells addresses."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    log, ear = logging.getLogger("apprise"), Ear(logging.WARNING)
    propagates, log.propagate = log.propagate, False
    log.addHandler(ear)
    try:
        yield said
    finally:
        log.removeHandler(ear)
        log.propagate = propagates


def secrets_of(plan: Plan) -> set[str]:
    """All that a message must not say: passwords in addresses, and the secrets file's values."""
    hidden = {secret for address in plan.alerts.to for secret in _secrets_in(address)}
    for archive in plan.archives():
        password = urlsplit(archive).password if "://" in archive else None
        hidden |= {password, unquote(password)} if password else set()
    hidden |= set(plan.environment.values()) - {job.contact for job in plan.jobs.values()}
    return {each for each in hidden if len(each) >= SHORTEST_SECRET}


#: What an address says in its query that is no secret.
_OPEN_KEYS = frozenset(("to", "from", "cc", "bcc", "name", "smtp", "mode", "format", "user"))


def _secrets_in(address: str) -> set[str]:
    """What in an address may be a password or a token: all but its kind, host and people."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    found = {parts.password or "", *parts.path.split("/"), parts.fragment}
    found |= {value for key, value in parse_qsl(parts.query) if key.lower() not in _OPEN_KEYS}
    if "." not in host and host != "localhost":  # some services take a token in its place
        found.add(parts.netloc.rpartition("@")[2].partition(":")[0])
    both = found | set(map(unquote, found))
    return {each for each in both if len(each) >= SHORTEST_SECRET and not each.isdecimal()}


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret in it hidden.

    >>> masked("login of desk:sesame failed", ["sesame"])
    'login of desk:… failed'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
