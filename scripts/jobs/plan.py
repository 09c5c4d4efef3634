"""The jobs file: `hemeroteca.toml`, read, checked, and told wrong in words with line and key.

Paths in it are meant from where the file stands. A text may hold ``${NAME}``, which an environment
variable takes the place of, or a line of the file that ``secrets`` names: addresses with passwords
need not stand in a file that is shown around.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from crawler.errors import BadInput
from scripts.commands.filters import first_day, last_day
from scripts.commands.pages import refusal
from scripts.commands.runs import is_anonymous, overridden, profile_for
from scripts.jobs.times import Times, parsed

#: Looked for where the command is run.
USUAL_NAME = "hemeroteca.toml"
#: Where the scheduler tells how it is, unless the file says otherwise.
USUAL_HEALTH = "127.0.0.1:8753"
USUAL_ARCHIVE = "hemeroteca.db"
MODES = ("due", "latest", "backfill", "recheck")
SOURCES = ("site", "wayback", "commoncrawl")
#: A run waits so long for another one on the same archive, unless its job says otherwise.
WAIT_MINUTES = 60.0

_JOB_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl that is run again and again."""

    name: str
    sites: tuple[str, ...]
    """Known sites' names, or addresses."""
    schedule: Times
    archive: str
    """A path, made absolute, or a database URL."""
    contact: str | None
    mode: str = "due"
    source: str = "site"
    """Whom to ask: the site, or a web archive for what the site no longer gives."""
    site: str | None = None
    """The profile that addresses among the sites are read with."""
    limit: int | None = None
    requests: int | None = None
    minutes: float | None = None
    since: date | str | None = None
    """A day, or what ``--since`` understands: a time ago is counted anew by every run."""
    until: date | str | None = None
    delay: float | None = None
    concurrency: int | None = None
    tolerance: float | None = None
    wait_minutes: float = WAIT_MINUTES
    settings: tuple[str, ...] = ()
    """Further bounds, as ``crawl --set`` takes them."""

    @property
    def told_mode(self) -> str:
        """What the archive calls the job's runs."""
        return self.mode if self.source == "site" else self.source

    @property
    def place(self) -> Path | None:
        """The archive's file, or None on a database server."""
        return None if "://" in self.archive else Path(self.archive)

    def site_names(self) -> list[str]:
        """The sites under the names that the archive knows them by."""
        return [profile_for(each, self.site if "://" in each else None).name for each in self.sites]

    def command(self, report: Path) -> list[str]:
        """The words after `hemeroteca` for one run of the job."""
        options: dict[str, object] = {
            "--mode": self.mode,
            "--source": None if self.source == "site" else self.source,
            "--site": self.site,
            "--limit": self.limit,
            "--requests": self.requests,
            "--minutes": self.minutes,
            "--since": self.since,
            "--until": self.until,
            "--delay": self.delay,
            "--concurrency": self.concurrency,
            "--tolerance": self.tolerance,
            "--contact": self.contact,
            "--job": self.name,
            "--report": report,
        }
        words = ["--archive", self.archive, "--quiet", "crawl", "--no-progress"]
        words += [f"{name}={value}" for name, value in options.items() if value is not None]
        words += [f"--set={each}" for each in self.settings]
        return [*words, "--", *self.sites]


@dataclass(frozen=True, slots=True)
class Alerts:
    """Whom to tell when something is wrong."""

    to: tuple[str, ...] = field(default=(), repr=False)
    """Addresses in apprise's writing: mail, webhooks and a hundred services. They hold secrets."""
    tries: int = 3
    """An address that takes no message is tried so often."""
    pause: float = 10.0
    """Seconds before the second try; it doubles with each."""
    remind_days: float = 7.0
    """An alarm that goes on is told again after so many days; 0: never."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the jobs file says."""

    path: Path
    jobs: dict[str, Job]
    alerts: Alerts
    log: str | None
    """File for the structured log, or None."""
    health: tuple[str, int]
    """Where the scheduler tells how it is: a host of this machine, and a port."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables that the secrets file adds to the environment."""
    borrowed: frozenset[str] = frozenset()
    """Variables that were found in the environment alone: neither cron nor systemd knows them."""

    def job(self, name: str) -> Job:
        """The job of that name. Raises :class:`BadInput` for an unknown one."""
        if name in self.jobs:
            return self.jobs[name]
        raise BadInput(f"{self.path} has no job {name!r}: {_meant(name, self.jobs)}.")

    def archives(self) -> list[str]:
        """Every archive that a job writes to, once."""
        return list(dict.fromkeys(job.archive for job in self.jobs.values()))


def plan_at(name: str | None, *, archive: str | None = None) -> Plan:
    """The jobs file of that name, or the one in the working directory.

    ``archive`` is meant where the file names none. Raises :class:`BadInput` with file, line and key
    for whatever can't be right.
    """
    path = Path(name or USUAL_NAME).absolute()
    if name is None and not path.exists():
        raise BadInput(
            f"There is no {USUAL_NAME} here: name the jobs file with --jobs FILE, or write one "
            "(docs/how-to/run-on-a-schedule.md)."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(refusal(str(path), error)) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no UTF-8 text (byte {error.start}).") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path} can't be read as TOML: {_toml_fault(str(error))}.") from error
    return _Reader(path, text, raw, archive).plan()


def _toml_fault(message: str) -> str:
    """What the TOML reader says, in words of this file.

    >>> _toml_fault("Cannot declare ('jobs', 'nightly') twice (at line 9, column 14)")
    'line 9: jobs.nightly stands there twice'
    >>> _toml_fault("Invalid value (at line 3, column 9)")
    'line 3, column 9: invalid value'
    """
    match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message)
    if match is None:
        return message[:1].lower() + message[1:].replace(" (at end of document)", " at its end")
    what, line, column = match.groups()
    twice = re.fullmatch(r"Cannot declare \((.*)\) twice", what)
    if twice:
        named = ".".join(re.findall(r"'([^']*)'", twice[1]))
        return f"line {line}: {named} stands there twice"
    if what == "Cannot overwrite a value":
        return f"line {line}: a key stands there twice"
    return f"line {line}, column {column}: {what[:1].lower()}{what[1:]}"


#: What each key holds: the Python type that TOML gives, and how a person says it.
_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "text": (str, "a text in quotes"),
    "texts": ((list, str), "a list of texts, such as ['insightcrime']"),
    "number": ((int, float), "a number"),
    "count": (int, "a whole number"),
    "day": ((date, str), "a day, such as 2016-07-11, or a time ago, such as '90 days'"),
    "table": (dict, "a table of its own"),
}

_TOP = {
    "archive": "text", "contact": "text", "log": "text", "secrets": "text", "health": "text",
    "alerts": "table", "jobs": "table",
}  # fmt: skip
_ALERTS = {"to": "texts", "tries": "count", "pause": "number", "remind_days": "number"}
_HOW_TO_TELL = ("tries", "pause", "remind_days")
_JOB = {
    "sites": "texts", "schedule": "text", "archive": "text", "contact": "text", "mode": "text",
    "source": "text", "site": "text", "limit": "count", "requests": "count",
    "minutes": "number", "since": "day",
    "until": "day", "delay": "number", "concurrency": "count", "tolerance": "number",
    "wait_minutes": "number", "settings": "table",
}  # fmt: skip
#: Numbers below these, or above, can't be meant.
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "limit": (1, None), "requests": (1, None), "minutes": (0, None), "delay": (0, None),
    "concurrency": (1, None), "tolerance": (0, 100),
    "wait_minutes": (0, None), "tries": (1, None), "pause": (0, None),
    "remind_days": (0, None),
}  # fmt: skip


class _Reader:
    """Turns the tables of one jobs file into a :class:`Plan`."""

    def __init__(self, path: Path, text: str, raw: dict[str, Any], archive: str | None) -> None:
        self.path = path
        self.raw = raw
        self.lines = _lines_of(text)
        self.archive = archive
        self.environment: dict[str, str] = {}
        self.borrowed: set[str] = set()

    def refuse(self, keys: tuple[str, ...], words: str) -> NoReturn:
        """Raise BadInput with the line at which the key, or what is nearest around it, stands."""
        known = (
            self.lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in self.lines
        )
        raise BadInput(f"{self.path}, line {next(known, 1)}: {'.'.join(keys)} {words}.")

    def plan(self) -> Plan:
        self._check((), self.raw, _TOP)
        if "secrets" in self.raw:
            self.environment = self._secrets(self._text(("secrets",), self.raw["secrets"]))
        tables = self.raw.get("jobs", {})
        if not tables:
            self.refuse(("jobs",), "is missing: a job is a table such as [jobs.nightly]")
        jobs = {name: self._job(name, table) for name, table in tables.items()}
        self._refuse_twins(jobs)
        log = self.raw.get("log")
        return Plan(
            path=self.path,
            jobs=jobs,
            alerts=self._alerts(self.raw.get("alerts", {})),
            log=log and str(self._beside(self._text(("log",), log))),
            health=self._health(self.raw.get("health", USUAL_HEALTH)),
            environment=self.environment,
            borrowed=frozenset(self.borrowed),
        )

    # Any table

    def _check(self, where: tuple[str, ...], table: dict[str, Any], known: dict[str, str]) -> None:
        """Refuse unknown keys, wrong kinds, and numbers out of bounds."""
        for key, value in table.items():
            if key not in known:
                self.refuse((*where, key), f"is no key of the jobs file: {_meant(key, known)}")
            kinds, words = _KINDS[known[key]]
            if not isinstance(value, kinds) or isinstance(value, bool):
                self.refuse((*where, key), f"is {value!r}; it should be {words}")
            if known[key] == "texts":
                self._check_texts((*where, key), value)
            self._check_bounds((*where, key), value)

    def _check_bounds(self, keys: tuple[str, ...], value: Any) -> None:
        low, high = _BOUNDS.get(keys[-1], (None, None))
        if (low is not None and value < low) or (high is not None and value > high):
            between = f"{low} or more" if high is None else f"between {low} and {high}"
            self.refuse(keys, f"is {value}; it should be {between}")

    def _check_texts(self, keys: tuple[str, ...], value: Any) -> None:
        each = [value] if isinstance(value, str) else value
        if not each or not all(isinstance(text, str) and text for text in each):
            self.refuse(keys, f"should be {_KINDS['texts'][1]}")

    def _text(self, keys: tuple[str, ...], value: str) -> str:
        """The text with every ``${NAME}`` filled in."""

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            found = self._variable(name)
            if not found:
                self.refuse(keys, f"asks for the environment variable {name}, which is not set")
            return found

        return _VARIABLE.sub(filled, value)

    def _variable(self, name: str) -> str | None:
        """What an environment variable holds, or a line of the secrets file; None for neither."""
        if name in os.environ and name not in self.environment:
            self.borrowed.add(name)
        return os.environ.get(name, self.environment.get(name)) or None

    def _beside(self, name: str) -> Path:
        """A path as it is meant in the file: from where that stands."""
        return self.path.parent / Path(name).expanduser()

    # The parts of the file

    def _secrets(self, name: str) -> dict[str, str]:
        """The variables of a file of NAME=VALUE lines."""
        place = self._beside(name)
        try:
            lines = place.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            self.refuse(("secrets",), f"names {place}, which can't be read ({error})")
        found = {}
        for number, line in enumerate(lines, 1):
            variable, sign, value = line.strip().removeprefix("export ").partition("=")
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if not sign or not variable.strip().isidentifier():
                raise BadInput(f"{place}, line {number}: it should be NAME=value.")
            found[variable.strip()] = value.strip().strip("'\"")
        return found

    def _alerts(self, table: dict[str, Any]) -> Alerts:
        self._check(("alerts",), table, _ALERTS)
        to = table.get("to", [])
        texts = [to] if isinstance(to, str) else to
        filled = tuple(self._text(("alerts", "to"), text) for text in texts)
        for position, address in enumerate(filled, 1):
            if "://" not in address:
                self.refuse(
                    ("alerts", "to"),
                    f"holds no address of apprise's as its number {position}: one such as "
                    "'mailtos://user:password@example.org' or 'json://localhost:8080/'",
                )
        return Alerts(filled, **{key: table[key] for key in _HOW_TO_TELL if key in table})

    def _health(self, text: str) -> tuple[str, int]:
        host, _, port = self._text(("health",), text).rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            self.refuse(("health",), f"is {text!r}; it should be HOST:PORT, such as {USUAL_HEALTH}")
        return host.strip("[]"), int(port)

    def _job(self, name: str, table: object) -> Job:
        where = ("jobs", name)
        if not isinstance(table, dict):
            self.refuse(where, "is no table: a job begins with a line such as [jobs.nightly]")
        if not _JOB_NAME.fullmatch(name):
            self.refuse(where, "is no name for a job: use small letters, digits and hyphens")
        self._check(where, table, _JOB)
        for key in ("sites", "schedule"):
            if key not in table:
                self.refuse(where, f"has no {key!r}: {_NEEDED[key]}")
        sites = table["sites"]
        job = Job(
            name=name,
            sites=tuple(
                self._text((*where, "sites"), each)
                for each in ([sites] if isinstance(sites, str) else sites)
            ),
            schedule=self._times((*where, "schedule"), table["schedule"]),
            archive=self._archive_of(where, table),
            contact=self._contact_of(where, table),
            settings=self._settings((*where, "settings"), table.get("settings", {})),
            **{key: table[key] for key in _AS_THEY_ARE if key in table},
        )
        self._check_period(where, job)
        self._check_sites(where, job)
        return job

    def _check_period(self, where: tuple[str, ...], job: Job) -> None:
        for key, day_of, given in (
            ("since", first_day, job.since),
            ("until", last_day, job.until),
        ):
            try:
                day_of(str(given)) if given is not None else None
            except BadInput as error:
                self.refuse((*where, key), f"can't be understood: {str(error).rstrip('.')}")

    def _times(self, keys: tuple[str, ...], text: str) -> Times:
        try:
            return parsed(text)
        except ValueError as error:
            self.refuse(keys, f"is {text!r}: {error}")

    def _archive_of(self, where: tuple[str, ...], table: dict[str, Any]) -> str:
        if "archive" in table:
            given = self._text((*where, "archive"), table["archive"])
        elif "archive" in self.raw:
            given = self._text(("archive",), self.raw["archive"])
        elif self.archive is not None:
            return self.archive if "://" in self.archive else str(Path(self.archive).absolute())
        else:
            given = USUAL_ARCHIVE
        return given if "://" in given else str(self._beside(given))

    def _contact_of(self, where: tuple[str, ...], table: dict[str, Any]) -> str | None:
        for keys, holder in (((*where, "contact"), table), (("contact",), self.raw)):
            if "contact" in holder:
                return self._text(keys, holder["contact"])
        return self._variable("HEMEROTECA_CONTACT")

    def _settings(self, keys: tuple[str, ...], table: dict[str, Any]) -> tuple[str, ...]:
        given = tuple(f"{name}={value}" for name, value in table.items())
        for each in given:
            try:
                overridden([each])
            except BadInput as error:
                named = each.partition("=")[0]
                self.refuse((*keys, named), str(error).removeprefix("--set ").rstrip("."))
        return given

    def _check_sites(self, where: tuple[str, ...], job: Job) -> None:
        if job.mode not in MODES:
            self.refuse((*where, "mode"), f"is {job.mode!r}: {_meant(job.mode, MODES)}")
        if job.source not in SOURCES:
            self.refuse((*where, "source"), f"is {job.source!r}: {_meant(job.source, SOURCES)}")
        if job.source != "site" and job.mode not in ("due", "backfill"):
            self.refuse((*where, "mode"), f"is {job.mode!r}: a web archive takes due or backfill")
        profiles = []
        for each in job.sites:
            try:
                profiles.append(profile_for(each, job.site if "://" in each else None))
            except BadInput as error:
                self.refuse((*where, "sites"), f"can't be crawled: {str(error).rstrip('.')}")
        if is_anonymous(profiles, job.contact):
            self.refuse(
                where,
                'has no contact: put `contact = "you@example.org"` at the top of the file, so '
                "that the sites know whom to write to",
            )

    def _refuse_twins(self, jobs: dict[str, Job]) -> None:
        seen: dict[object, str] = {}
        for name, job in jobs.items():
            same = (sorted(job.sites), job.mode, job.source, job.archive, job.schedule.fields)
            twin = seen.setdefault(repr(same), name)
            if twin != name:
                self.refuse(("jobs", name), f"does the same as jobs.{twin}: remove one of them")


_NEEDED = {
    "sites": "name what to crawl, such as sites = ['insightcrime']",
    "schedule": "say when, such as schedule = '17 3 * * *' for every night at 3:17",
}
#: Keys whose values go into the job unchanged.
_AS_THEY_ARE = (
    "mode", "source", "site", "limit", "requests", "minutes", "since", "until", "delay",
    "concurrency", "tolerance", "wait_minutes",
)  # fmt: skip

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _lines_of(text: str) -> dict[tuple[str, ...], int]:
    """The line of each table and key, counted from 1; TOML's reader does not tell.

    >>> _lines_of('a = 1\\n[jobs.x]\\nmode = "due"')
    {('a',): 1, ('jobs',): 2, ('jobs', 'x'): 2, ('jobs', 'x', 'mode'): 3}
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not inside and (header := _HEADER.fullmatch(line)):
            table = _parts(header[1])
            for end in range(1, len(table) + 1):
                found.setdefault(table[:end], number)
        elif not inside and (key := _KEY.match(line)):
            found.setdefault((*table, *_parts(key[1])), number)
        if line.count('"""') % 2 or line.count("'''") % 2:
            inside = not inside
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    words = re.findall(r""""[^"]*"|'[^']*'|[\w-]+""", dotted)
    return tuple(word.strip("\"'") for word in words)


def _meant(given: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """What was probably meant, or else all that could be."""
    near = difflib.get_close_matches(given.lower(), list(known), 1, 0.6)
    return f"did you mean {near[0]!r}" if near else f"use {', '.join(known)}"
