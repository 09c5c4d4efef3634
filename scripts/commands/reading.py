"""`parse`: one saved page, read without an archive and without the network."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.errors import BadInput, NotAnArticle, Unreadable
from scripts.commands.pages import page_bytes, profile_of, web_address
from scripts.printing import print_json

app = typer.Typer()


@app.command()
def parse(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A saved page, or - for standard input.")
    ],
    url: Annotated[
        str, typer.Option("--url", metavar="URL", help="The address the page was saved from.")
    ],
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="NAME", help="Read it as a page of this known site."),
    ] = None,
    content_type: Annotated[
        str | None,
        typer.Option("--content-type", metavar="TYPE", help="The type as the server sent it."),
    ] = None,
) -> None:
    """Read one saved page and print the record as JSON.

    A page that is not an article prints {"article": false, "reason": …} and is no error.
    """
    address = web_address(url)
    body = page_bytes(file)
    from crawler.parsing import parse_article

    profile = profile_of(address, site)
    try:
        article = parse_article(body, url=address, profile=profile, content_type=content_type)
    except NotAnArticle as reason:
        print_json({"article": False, "reason": str(reason)})
    except Unreadable as error:
        raise BadInput(f"{file} can't be read as a page: {error}") from error
    else:
        print_json(article.to_dict())
