"""What the jobs file says: the jobs, whom to tell, and where it is all written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crawler.errors import BadInput
from crawler.tomlfile import TomlFile, meant
from scripts.commands.runs import profile_for
from scripts.jobs.times import Times

#: Looked for where the command is run.
USUAL_NAME = "hemeroteca.toml"
#: Where the scheduler tells how it is, unless the file says otherwise.
USUAL_HEALTH = "127.0.0.1:8753"
USUAL_ARCHIVE = "hemeroteca.db"
CRAWLS = ("due", "latest", "backfill", "recheck")
#: What keeps an archive whole, and asks no site anything.
UPKEEP = ("verify", "backup")
MODES = (*CRAWLS, *UPKEEP)
SOURCES = ("site", "wayback", "commoncrawl")
#: A run waits so long for another one on the same archive, unless its job says otherwise.
WAIT_MINUTES = 60.0
#: So many copies a backup job keeps, unless it says otherwise.
USUAL_KEEP = 8


@dataclass(frozen=True, slots=True)
class Job:
    """What is run again and again: a crawl, or what keeps the archive whole."""

    name: str
    sites: tuple[str, ...]
    """Known sites' names, or addresses; none for what is no crawl."""
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
    to: str | None = None
    """Of a backup: the folder, made absolute."""
    keep: int = USUAL_KEEP
    """Of a backup: so many copies stay."""

    @property
    def is_crawl(self) -> bool:
        """Whether the job asks sites for pages."""
        return self.mode in CRAWLS

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
        """The words after `hemeroteca` for one run of the job; a crawl writes the report."""
        if self.mode == "verify":
            return ["--archive", self.archive, "--quiet", "verify"]
        if self.mode == "backup":
            where = ["--keep", str(self.keep), "--", str(self.to)]
            return ["--archive", self.archive, "--quiet", "backup", *where]
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
    file: TomlFile = field(repr=False)
    """The file itself: for sentences about its keys."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables that the secrets file adds to the environment."""
    borrowed: frozenset[str] = frozenset()
    """Variables that were found in the environment alone: neither cron nor systemd knows them."""
    secrets: Path | None = None
    """The secrets file."""
    faults: tuple[str, ...] = ()
    """What is wrong in the file and keeps the other jobs from nothing, as sentences."""
    broken: Mapping[str, str] = field(default_factory=dict)
    """Jobs that can't be run, and why."""

    def job(self, name: str) -> Job:
        """The job of that name. Raises :class:`BadInput` for one that is unknown or broken."""
        if name in self.jobs:
            return self.jobs[name]
        if name in self.broken:
            raise BadInput(self.broken[name])
        raise BadInput(f"{self.path} has no job {name!r}: {meant(name, self.jobs)}.")

    def archives(self) -> list[str]:
        """Every archive that a job writes to, once."""
        return list(dict.fromkeys(job.archive for job in self.jobs.values()))
