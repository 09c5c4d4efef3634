"""`demo`: the whole way of an article, from a served page to an answer, without the internet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import BadInput
from scripts.commands import Setting, setting_of
from scripts.commands.asking import print_hits
from scripts.commands.runs import conclude, profile_for, progress_of
from scripts.commands.serving import PORT, serve_desk
from scripts.jobs.running import PROGRAM
from scripts.printing import MARKS

if TYPE_CHECKING:
    from scripts.newsroom import Newsroom

app = typer.Typer()

#: The profile of the bundled newsroom.
SITE = "faro"

#: What SQLite and the lock leave beside an archive.
BESIDE = ("", "-wal", "-shm", ".lock")


@app.command()
def demo(
    context: typer.Context,
    into: Annotated[
        str, typer.Option("--into", metavar="FILE", help="The archive of the demo, made anew.")
    ] = "hemeroteca-demo.db",
    serve: Annotated[
        bool, typer.Option("--serve", help="Then open the browser desk on it.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The desk's port; 0 is any free one.")
    ] = PORT,
) -> None:
    """Crawl the newsroom that comes with the program, on this machine alone, and ask it something.

    Run again, it replaces its own archive and nothing else.
    """
    setting = Setting(archive=into, quiet=setting_of(context).quiet)
    clear(into)
    crawl_newsroom(setting)
    with setting.open() as archive:
        setting.remark(f"\n$ {program()} --archive {into} search extortion --in analysis")
        print_hits(archive.search("extortion", inside=["analysis"], marks=MARKS))
        setting.remark(f"\n$ {program()} --archive {into} search extorsión --language es")
        print_hits(archive.search("extorsión", language="es", marks=MARKS))
    setting.remark(what_next(into))
    if serve:
        serve_desk(setting, port=port)


def clear(name: str) -> None:
    """Remove the archive of an earlier demo; refuse to touch any other."""
    from storage import Archive

    if not Path(name).exists():
        return
    with Archive.open(name) as archive:
        others = sorted(set(archive.sites()) - {SITE})
    if others:
        raise BadInput(
            f"{name} is not the demo's own archive, it holds {', '.join(others)}; "
            "name another file with --into."
        )
    for ending in BESIDE:
        Path(f"{name}{ending}").unlink(missing_ok=True)


def crawl_newsroom(setting: Setting) -> None:
    """Serve the newsroom on loopback for as long as it takes to crawl it."""
    from scripts.newsroom import Newsroom
    from spiders.run import crawl

    with Newsroom() as room:
        setting.remark(f"A newsroom of {len(room.articles)} articles is served on {room.url}")
        profile = profile_for(room.url, SITE)
        shown = sys.stderr.isatty() and not setting.quiet
        with progress_of([profile], shown=shown) as on_progress:
            reports = crawl(setting.archive, [profile], delay_seconds=0, on_progress=on_progress)
        code = conclude(setting, reports, tolerance=0)
        if code:
            raise typer.Exit(code)
        _crawl_again(setting, room)


#: What the newsroom of the demo edits between two crawls: part of an article's path, old and new.
EDITS = (
    ("insulin", "at least nine thousand of them", "at least eleven thousand of them"),
    ("sed", "dice Zoila Quispe", "dice Soila Quispe"),
)


def _crawl_again(setting: Setting, room: Newsroom) -> None:
    """Let the newsroom edit two articles, and crawl what changed: a past to look at."""
    for part, old, new in EDITS:
        article = next(each for each in room.articles if part in each.path and old in each.text)
        room.edit(article.path, text=article.text.replace(old, new))
    setting.remark("It edits two of them; what changed is crawled again")
    command = (*PROGRAM, "--archive", setting.archive, "--quiet", "crawl", room.url)
    options = ("--site", SITE, "--delay", "0", "--no-progress")
    # Scrapy runs once in a process.
    subprocess.run(  # noqa: S603 - our own program, no shell
        (*command, *options), check=False, stdout=subprocess.DEVNULL
    )


def program() -> str:
    """How the user can call this program from here."""
    called = Path(sys.argv[0]).absolute()
    found = shutil.which("hemeroteca")
    if called.name != "hemeroteca" or (found and Path(found).absolute() == called):
        return "hemeroteca"
    here = Path.cwd()
    return str(called.relative_to(here) if called.is_relative_to(here) else called)


def what_next(name: str) -> str:
    """Commands that work on the demo's archive."""
    command = f"{program()} --archive {name}"
    return f"""
The archive is {name}. Try next:

  {command} search '"weighed twice"'
  {command} show 1
  {command} changes
  {command} stats --by language
  {command} serve
  {command} export --format csv -o articles.csv
  {program()} --help
"""
