"""The jobs file: `hemeroteca.toml`, read, checked, and told wrong in words with line and key.

Paths in it are meant from where the file stands. A text may hold ``${NAME}``, which an environment
variable takes the place of, or a line of the file that ``secrets`` names: addresses with passwords
need not stand in a file that is shown around.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

from crawler.errors import BadInput
from crawler.tomlfile import Keys, TomlFile, meant, text_of, toml_at
from scripts.commands.filters import first_day, last_day
from scripts.commands.runs import check_contact, is_anonymous, overridden, profile_for
from scripts.jobs.plan import (
    MODES,
    SOURCES,
    USUAL_ARCHIVE,
    USUAL_HEALTH,
    USUAL_NAME,
    Alerts,
    Job,
    Plan,
)
from scripts.jobs.times import Times, parsed

T = TypeVar("T")
P = ParamSpec("P")

_JOB_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")


def plan_at(name: str | None, *, archive: str | None = None, lenient: bool = False) -> Plan:
    """The jobs file of that name, or the one in the working directory.

    ``archive`` is meant where the file names none. Raises :class:`BadInput` with file, line and key
    for whatever can't be right. With ``lenient``, what is wrong about whom to tell, about the log
    or about single jobs stands in the plan's ``faults`` instead, and the other jobs can be run.
    """
    return _Reader(toml_at(path_of(name)), archive, lenient=lenient).plan()


def path_of(name: str | None) -> Path:
    """Where the jobs file stands. Raises :class:`BadInput` where none is named and none is here."""
    path = Path(name or USUAL_NAME).absolute()
    if name is None and not path.exists():
        raise BadInput(
            f"There is no {USUAL_NAME} here: name the jobs file with --jobs FILE, or write one "
            "(docs/how-to/run-on-a-schedule.md)."
        )
    return path


def to_tell(path: Path) -> Plan:
    """Whom a jobs file that can't be used names to be told of that: a plan without jobs.

    What of the file is still to be read counts: addresses that need nothing, or what can be had.
    """
    try:
        text = text_of(path)
    except BadInput:
        text = ""
    return _Reader(TomlFile(path, text, {}, {}), None, lenient=True).plan_to_tell()


def _without_jobs(file: TomlFile, alerts: Alerts, environment: dict[str, str]) -> Plan:
    nowhere = ("", 0)
    return Plan(file.path, {}, alerts, None, nowhere, file, environment=environment)


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
    "minutes": "number", "since": "day", "to": "text", "keep": "count",
    "until": "day", "delay": "number", "concurrency": "count", "tolerance": "number",
    "wait_minutes": "number", "settings": "table",
}  # fmt: skip
#: Numbers below these, or above, can't be meant.
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "limit": (1, None), "requests": (1, None), "minutes": (0, None), "delay": (0, None),
    "concurrency": (1, None), "tolerance": (0, 100),
    "wait_minutes": (0, None), "tries": (1, None), "pause": (0, None),
    "remind_days": (0, None), "keep": (1, None),
}  # fmt: skip


class _Reader:
    """Turns the tables of one jobs file into a :class:`Plan`."""

    def __init__(self, file: TomlFile, archive: str | None, *, lenient: bool) -> None:
        self.file = file
        self.path = file.path
        self.raw = file.raw
        self.archive = archive
        self.lenient = lenient
        self.environment: dict[str, str] = {}
        self.borrowed: set[str] = set()
        self.secrets: Path | None = None
        self.faults: list[str] = []
        self.broken: dict[str, str] = {}

    def refuse(self, keys: Keys, words: str) -> NoReturn:
        """Raise BadInput with the line at which the key stands."""
        self.file.refuse(keys, words)

    def tolerated(self, instead: T, read: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
        """What a part of the file says, or else ``instead``, if the plan may do without."""
        try:
            return read(*given, **more)
        except BadInput as fault:
            if not self.lenient:
                raise
            self.faults.append(str(fault))
            return instead

    def plan(self) -> Plan:
        self._check((), self.raw, _TOP)
        self._read_secrets()
        tables = self.raw.get("jobs", {})
        if not tables:
            self.refuse(("jobs",), "is missing: a job is a table such as [jobs.nightly]")
        jobs = self._jobs(tables)
        self.tolerated(None, self._refuse_twins, jobs)
        log, health = self.raw.get("log"), self.raw.get("health", USUAL_HEALTH)
        usual = self._health(USUAL_HEALTH)
        alerts = self.raw.get("alerts", {})
        return Plan(
            path=self.path,
            jobs=jobs,
            alerts=self.tolerated(Alerts(), self._alerts, alerts),
            log=self.tolerated(None, self._log, log) if log else None,
            health=self.tolerated(usual, self._health, health),
            environment=self.environment,
            borrowed=frozenset(self.borrowed),
            secrets=self.secrets,
            file=self.file,
            faults=tuple(dict.fromkeys(self.faults)),
            broken=self.broken,
        )

    def plan_to_tell(self) -> Plan:
        """The addresses of a file that is broken elsewhere, and no more of it."""
        text = self.file.text
        if secrets := re.search(r"""^\s*secrets\s*=\s*["']([^"']+)""", text, re.M):
            self.environment = self.tolerated({}, self._secrets, secrets[1])
        lines = f"\n{text}".partition("\n[alerts]")[2].partition("\n[")[0].splitlines()
        written = [line for line in lines if not line.lstrip().startswith("#")]
        named = [each for line in written for each in _QUOTED.findall(line)]
        to = [self.tolerated("", self._address, each) for each in named]
        alerts = Alerts(tuple(each for each in to if "://" in each))
        return _without_jobs(self.file, alerts, self.environment)

    # Any table

    def _check(self, where: tuple[str, ...], table: dict[str, Any], known: dict[str, str]) -> None:
        """Refuse unknown keys, wrong kinds, and numbers out of bounds."""
        for key, value in table.items():
            if key not in known:
                self.refuse((*where, key), f"is no key of the jobs file: {meant(key, known)}")
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
                self.refuse(keys, f"asks for the environment variable {name}, {self._nowhere()}")
            return found

        return _VARIABLE.sub(filled, value)

    def _nowhere(self) -> str:
        """Where a variable was looked for in vain."""
        beside = f", nor is it in {self.secrets.name}" if self.secrets else ""
        return f"which is not set{beside}"

    def _variable(self, name: str) -> str | None:
        """What an environment variable holds, or a line of the secrets file; None for neither."""
        if name in os.environ and name not in self.environment:
            self.borrowed.add(name)
        return os.environ.get(name, self.environment.get(name)) or None

    def _beside(self, name: str) -> Path:
        """A path as it is meant in the file: from where that stands."""
        return self.path.parent / Path(name).expanduser()

    # The parts of the file

    def _read_secrets(self) -> None:
        if "secrets" in self.raw:
            name = self._text(("secrets",), self.raw["secrets"])
            self.environment = self.tolerated({}, self._secrets, name)

    def _secrets(self, name: str) -> dict[str, str]:
        """The variables of a file of NAME=VALUE lines."""
        place = self.secrets = self._beside(name)
        try:
            lines = text_of(place).splitlines()
        except BadInput as error:
            self.refuse(("secrets",), f"can't be read: {str(error).rstrip('.')}")
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
        filled = [
            self.tolerated("", self._address, each, position)
            for position, each in enumerate(texts, 1)
        ]
        how = {key: table[key] for key in _HOW_TO_TELL if key in table}
        return Alerts(tuple(filter(None, filled)), **how)

    def _address(self, text: str, position: int = 1) -> str:
        """An address of apprise's, filled in; whether apprise knows it, it says when it is used."""
        address = self._text(("alerts", "to"), text)
        if "://" not in address:
            self.refuse(
                ("alerts", "to"),
                f"holds no address of apprise's as its number {position}: one such as "
                "'mailtos://user:password@example.org' or 'json://localhost:8080/'",
            )
        return address

    def _log(self, name: str) -> str | None:
        return str(self._beside(self._text(("log",), name)))

    def _health(self, text: str) -> tuple[str, int]:
        host, _, port = self._text(("health",), text).rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            self.refuse(("health",), f"is {text!r}; it should be HOST:PORT, such as {USUAL_HEALTH}")
        return host.strip("[]"), int(port)

    def _jobs(self, tables: dict[str, object]) -> dict[str, Job]:
        """The jobs that can be run; of a lenient reading the others are noted, with why."""
        jobs = {}
        for name, table in tables.items():
            try:
                jobs[name] = self._job(name, table)
            except BadInput as fault:
                if not self.lenient:
                    raise
                self.broken[name] = str(fault)
                self.faults.append(str(fault))
        return jobs

    def _job(self, name: str, table: object) -> Job:
        where = ("jobs", name)
        if not isinstance(table, dict):
            self.refuse(where, "is no table: a job begins with a line such as [jobs.nightly]")
        if not _JOB_NAME.fullmatch(name):
            self.refuse(where, "is no name for a job: use small letters, digits and hyphens")
        self._check(where, table, _JOB)
        mode = table.get("mode", "due")
        if mode not in MODES:
            self.refuse((*where, "mode"), f"is {mode!r}: {meant(mode, MODES)}")
        self._check_keys(where, table, mode)
        job = Job(
            name=name,
            sites=self._sites(where, table),
            schedule=self._times((*where, "schedule"), table["schedule"]),
            archive=self._archive_of(where, table),
            contact=self._contact_of(where, table),
            settings=self._settings((*where, "settings"), table.get("settings", {})),
            to=self._folder(where, table),
            **{key: table[key] for key in _AS_THEY_ARE if key in table},
        )
        self._check_period(where, job)
        self._check_sites(where, job)
        return job

    def _check_keys(self, where: Keys, table: dict[str, Any], mode: str) -> None:
        """Refuse keys that mean nothing to a job of that mode, and miss what it needs."""
        known = {*_ANY, *_KEYS_OF.get(mode, _OF_A_CRAWL)}
        for key in table:
            if key not in known:
                self.refuse((*where, key), f"means nothing to a job whose mode is {mode!r}")
        needed = {"backup": ("schedule", "to"), "verify": ("schedule",)}
        for key in needed.get(mode, ("sites", "schedule")):
            if key not in table:
                self.refuse(where, f"has no {key!r}: {_NEEDED[key]}")

    def _sites(self, where: Keys, table: dict[str, Any]) -> tuple[str, ...]:
        given = table.get("sites", [])
        each = [given] if isinstance(given, str) else given
        return tuple(self._text((*where, "sites"), name) for name in each)

    def _folder(self, where: Keys, table: dict[str, Any]) -> str | None:
        if "to" not in table:
            return None
        return str(self._beside(self._text((*where, "to"), table["to"])))

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
                contact = self._text(keys, holder["contact"])
                try:
                    check_contact(contact)
                except BadInput as error:
                    self.refuse(keys, str(error).rstrip("."))
                return contact
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
        if job.source not in SOURCES:
            self.refuse((*where, "source"), f"is {job.source!r}: {meant(job.source, SOURCES)}")
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
            what = (sorted(job.sites), job.mode, job.source, job.archive, job.to)
            same = (*what, job.schedule.fields)
            twin = seen.setdefault(repr(same), name)
            if twin != name:
                self.refuse(("jobs", name), f"does the same as jobs.{twin}: remove one of them")


_NEEDED = {
    "sites": "name what to crawl, such as sites = ['insightcrime']",
    "schedule": "say when, such as schedule = '17 3 * * *' for every night at 3:17",
    "to": "name the folder for the copies, such as to = '/mnt/elsewhere'",
}
#: Keys whose values go into the job unchanged.
_AS_THEY_ARE = (
    "mode", "source", "site", "limit", "requests", "minutes", "since", "until", "delay",
    "concurrency", "tolerance", "wait_minutes", "keep",
)  # fmt: skip
#: Keys that any job may have, those of a crawl, and those of what is none.
_ANY = ("schedule", "archive", "mode", "wait_minutes")
_OF_A_CRAWL = tuple(key for key in _JOB if key not in ("to", "keep"))
_KEYS_OF: dict[str, tuple[str, ...]] = {"verify": (), "backup": ("to", "keep")}

#: A text in quotes that may be an address.
_QUOTED = re.compile(r"""["']([^"']*(?:://|\$\{)[^"']*)["']""")
