"""`serve`: the archive in a browser. It is opened read-only, and a crawl may run meanwhile."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from scripts.commands import Setting, setting_of

app = typer.Typer()

#: Where a browser looks for the desk if nobody says otherwise: this machine, Datasette's own port.
HOST, PORT = "127.0.0.1", 8001


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; 0.0.0.0 is everywhere."),
    ] = HOST,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="On which port; 0 is any free one.")
    ] = PORT,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open it in your browser, too.")
    ] = False,
) -> None:
    """Search, read, compare and cite in a browser: the research desk, on this machine alone.

    Read-only, whatever is asked; a crawl may run meanwhile. Ctrl-C stops it.
    """
    serve_desk(setting_of(context), host=host, port=port, open_browser=open_browser)


def serve_desk(
    setting: Setting, *, host: str = HOST, port: int = PORT, open_browser: bool = False
) -> None:
    """Serve an archive until somebody says stop."""

    def tell(address: str) -> None:
        setting.remark(f"The desk is open on {address} (Ctrl-C closes it).")
        if open_browser and not webbrowser.open(address):
            setting.remark("There is no browser to open here: give one that address.")

    with setting.open() as archive:
        from scripts.desk.serving import serve as serve_archive

        serve_archive(archive, host, port, started=tell)
    setting.remark("The desk is closed.")
