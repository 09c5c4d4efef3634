"""The commands, one module per kind of errand, and what every command is given.

    crawling        sites, crawl, failures: what comes in, and what did not
    adding          add: pages from disk, web archives, lists of addresses
    reading         parse: one page, without an archive
    asking          search, show: what the archive answers
    counting        stats: how much of it, in tables and plots
    comparing       history, changes: what newsrooms edited
    rereading       reparse: stored captures, read with today's parser
    taking_away     export, cite: what leaves the archive
    web_archives    WARC and WACZ, for add and export
    keeping         verify, backup, migrate: an archive that is whole, and stays so
    watching        crawls, alarms: what the runs did, and what somebody has to look at
    healing         heal: sites that look different now
    scheduling      schedule, run: crawls that run by themselves
    serving         serve: the archive in a browser
    showing         demo: all of it, on the bundled newsroom

The libraries behind a command (Scrapy, SQLAlchemy, the parser) are imported when it runs, not
when its name is looked up: `hemeroteca --help` answers in a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from crawler.errors import BadInput
from scripts.printing import say

if TYPE_CHECKING:
    from storage import Archive

DEFAULT_ARCHIVE = "hemeroteca.db"

#: The exit code of what was interrupted, and is safe: 128 + SIGINT, as shells count.
INTERRUPTED = 130

#: The module of each command, in the order of the help page; loaded when the command is called.
HOMES = {
    "sites": "crawling",
    "crawl": "crawling",
    "failures": "crawling",
    "add": "adding",
    "parse": "reading",
    "search": "asking",
    "show": "asking",
    "stats": "counting",
    "history": "comparing",
    "changes": "comparing",
    "reparse": "rereading",
    "export": "taking_away",
    "cite": "taking_away",
    "verify": "keeping",
    "backup": "keeping",
    "migrate": "keeping",
    "crawls": "watching",
    "alarms": "watching",
    "heal": "healing",
    "schedule": "scheduling",
    "run": "scheduling",
    "serve": "serving",
    "demo": "showing",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """The global options, as every command receives them."""

    archive: str = DEFAULT_ARCHIVE
    quiet: bool = False

    @property
    def sites_folder(self) -> Path:
        """Where what `heal` learned of sites stands, unless $HEMEROTECA_SITES says otherwise."""
        beside = Path() if "://" in self.archive else Path(self.archive).parent
        return beside / "hemeroteca-sites"

    @property
    def is_named(self) -> bool:
        """Whether somebody chose the archive, by option or environment."""
        return self.archive != DEFAULT_ARCHIVE

    def remark(self, message: str) -> None:
        """Say something beside the answer, unless quiet was asked for."""
        if not self.quiet:
            say(message)

    def open(self) -> Archive:
        """The archive, read-only: for commands that ask."""
        from storage import Archive

        return Archive.open(self.archive)

    def open_to_change(self) -> Archive:
        """An archive that exists, to be written to; none is made."""
        self.open().close()
        return self.open_to_write()

    def open_to_write(self) -> Archive:
        """The archive, made if there is none: for commands that bring something in."""
        from storage import Archive

        return Archive.open(self.archive, mode="write")


def setting_of(context: typer.Context) -> Setting:
    """The global options of the command that runs."""
    return cast(Setting, context.obj)


def day(text: str) -> date:
    """The day that an option names in full; :mod:`.filters` knows months and years.

    >>> day("2016-07-11")
    datetime.date(2016, 7, 11)

    Raises :class:`BadInput` for anything that is not ``YYYY-MM-DD``: ``03/04/2024`` is one day to
    a reader in Washington and another in Bogotá, so it is not guessed.
    """
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"{text!r} is not a date; write it as YYYY-MM-DD, YYYY-MM or YYYY, such as 2016-07-11, "
            "or as a time ago, such as '90 days'."
        ) from None
