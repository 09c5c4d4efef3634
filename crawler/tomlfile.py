"""A file in TOML that a person wrote: what is wrong in it is told with its line and key.

The jobs file and the files of sites are such files.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from crawler.errors import BadInput

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, and where it says it."""

    path: Path
    text: str = field(repr=False)
    raw: dict[str, Any] = field(repr=False)
    lines: dict[Keys, int] = field(repr=False)
    """The line of each table and key, counted from 1."""

    def told(self, keys: Keys, words: str) -> str:
        """A sentence about a key, with the line at which it, or what is around it, stands."""
        known = (
            self.lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in self.lines
        )
        return f"{self.path}, line {next(known, 1)}: {'.'.join(keys)} {words}."

    def refuse(self, keys: Keys, words: str) -> NoReturn:
        """Raise BadInput with such a sentence."""
        raise BadInput(self.told(keys, words))


def text_of(path: Path) -> str:
    """The text of a file, without the byte order mark that some editors put before it.

    Raises BadInput, with what is in the way, for one that can't be read as UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"There is no file {str(path)!r}; check the path.") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadInput(f"{str(path)!r} can't be opened: {why}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path} is no UTF-8 text (byte {error.start}): save it as UTF-8."
        ) from error


def toml_at(path: Path) -> TomlFile:
    """The file at a path. Raises BadInput for one that can't be read, or is no TOML."""
    text = text_of(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path} can't be read as TOML: {_fault(str(error))}.") from error
    return TomlFile(path, text, raw, _lines_of(text))


def meant(given: str, known: Iterable[str]) -> str:
    """What was probably meant, or else all that could be.

    >>> meant("mod", ["mode", "limit"])
    "did you mean 'mode'"
    """
    names = list(known)
    near = difflib.get_close_matches(given.lower(), names, 1, 0.6)
    return f"did you mean {near[0]!r}" if near else f"use {', '.join(names)}"


def _fault(message: str) -> str:
    """What the TOML reader says, in words of this file.

    >>> _fault("Cannot declare ('jobs', 'nightly') twice (at line 9, column 14)")
    'line 9: jobs.nightly stands there twice'
    >>> _fault("Invalid value (at line 3, column 9)")
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
