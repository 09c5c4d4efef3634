"""BibTeX, RIS and CSL-JSON: many citations in one file (the single one: :mod:`storage.citing`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import IO, NamedTuple

from storage.citing import NO_NAMES, Outlets, Reference, bibtex, csl, ris


class _Form(NamedTuple):
    """How references share a file."""

    before: str
    between: str
    after: str
    entry: Callable[[Reference, Outlets], str]


def _csl_entry(reference: Reference, outlets: Outlets) -> str:
    return json.dumps(csl(reference, outlets), ensure_ascii=False)


_FORMS = {
    "bibtex": _Form("", "\n", "", bibtex),
    "ris": _Form("", "\r\n", "", ris),
    "csl-json": _Form("[\n", ",\n", "\n]\n", _csl_entry),
}


def write_bibliography(
    references: Iterable[Reference],
    stream: IO[bytes],
    *,
    form: str,
    outlets: Outlets = NO_NAMES,
) -> int:
    """A file of citations in the form ``bibtex``, ``ris`` or ``csl-json``; how many."""
    before, between, after, entry = _FORMS[form]
    stream.write(before.encode())
    count = 0
    for count, reference in enumerate(references, start=1):
        text = entry(reference, outlets)
        stream.write(f"{between}{text}".encode() if count > 1 else text.encode())
    stream.write(after.encode())
    return count
