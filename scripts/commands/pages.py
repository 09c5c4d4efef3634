"""Pages and addresses that a person hands over: bounded, checked, and with a clear refusal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import BadInput, HemerotecaError, MachineFault

if TYPE_CHECKING:
    from crawler.profile import Profile

#: The largest page that is read: the largest of 1,113 measured news pages has 3 MB.
MAX_PAGE_BYTES = 64 * 1024 * 1024


def page_bytes(name: str) -> bytes:
    """The bytes of the file, or of standard input for ``-``.

    Raises :class:`BadInput` when there is no such file, it can't be read, or it is larger than
    :data:`MAX_PAGE_BYTES`.
    """
    try:
        if name == "-":
            body = sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        raise BadInput(refusal(name, error)) from error
    if len(body) > MAX_PAGE_BYTES:
        raise BadInput(f"{name} is larger than {MAX_PAGE_BYTES // 2**20} MB; that is no news page.")
    return body


def check_readable(name: str) -> None:
    """Refuse a file that can't be opened, before anything is done with the files before it."""
    if name != "-":
        try:
            Path(name).open("rb").close()
        except OSError as error:
            raise BadInput(refusal(name, error)) from error


def refusal(name: str, error: OSError) -> str:
    """Why the file can't be opened, as a sentence that says what to give instead."""
    if isinstance(error, FileNotFoundError):
        return f"There is no file {name!r}; check the path."
    if isinstance(error, IsADirectoryError):
        return f"{name!r} is a directory; name the files in it."
    if isinstance(error, PermissionError):
        return f"{name!r} can't be opened: permission denied."
    return f"{name!r} can't be opened: {error.strerror or error}."


def refusal_to_write(name: str, error: OSError) -> HemerotecaError:
    """Why the file can't be written, with what to do: another name, or more room."""
    if isinstance(error, FileNotFoundError) and not Path(name).parent.is_dir():
        return BadInput(f"There is no directory {str(Path(name).parent)!r}; make it first.")
    if isinstance(error, IsADirectoryError):
        return BadInput(f"{name!r} is a directory; name a file in it.")
    return MachineFault(f"{name!r} can't be written: {error.strerror or error}.")


def web_address(text: str) -> str:
    """The address, if it is one of a page on the web; :class:`BadInput` otherwise."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise BadInput(
            f"{text!r} is not a web address; "
            "write it in full, such as https://example.org/news/a-story/."
        )
    return text.strip()


def profile_of(address: str, site: str | None) -> Profile:
    """The profile that a page at an address is read with, by `parse`, `add` and `crawl` alike.

    That is the one named, moved to the address where that is no host of its own; or the one of the
    known site that the address belongs to; or the generic one.
    """
    from crawler.sites import profile_at, site_named

    if site is None:
        return profile_at(address)
    named = site_named(site)
    return named if named.is_own_host(address) else named.at(address)
