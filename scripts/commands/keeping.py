"""`migrate`: an archive kept whole through the years."""

from __future__ import annotations

from typing import Annotated

import typer

from scripts.commands import setting_of

app = typer.Typer()


@app.command()
def migrate(
    context: typer.Context,
    without_backup: Annotated[
        bool,
        typer.Option(
            "--without-backup", help="Make no copy first: there is a backup already, or a server's."
        ),
    ] = False,
) -> None:
    """Bring an archive of an older version up to date, after a backup beside it.

    It is done in one step: an archive whose migration was interrupted is as it was before. An
    archive of a newer version is refused with exit code 4.
    """
    setting = setting_of(context)
    from storage.migrating import migrate as migrated

    done = migrated(setting.archive, backup=not without_backup)
    if done.before == done.after:
        setting.remark(f"The archive is of version {done.after} already; nothing was to be done.")
        return
    kept = f" As it was, it is kept in {done.backup}." if done.backup else ""
    setting.remark(f"The archive was of version {done.before} and is now of {done.after}.{kept}")
