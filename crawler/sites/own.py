"""Sites that somebody has described beside an archive: a whole profile as one TOML file each.

What a Python file in ``crawler/sites`` says, for a program that was installed: the fields of
:class:`~crawler.profile.Profile` by their names, its parts as tables.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from crawler.errors import BadInput
from crawler.profile import Hints, Landmarks, Places, Profile
from crawler.sites.checking import fault_of

#: Their folder within that of the patches, which are named like the sites that they are for.
FOLDER = "own"
_PARTS = {"landmarks": Landmarks, "hints": Hints, "places": Places}
#: What a described site can't say of itself.
_NOT_SAID = frozenset(("is_generic",))


def own_profiles(folder: str | os.PathLike[str] | None) -> Iterator[tuple[Path, Profile]]:
    """Each file of the folder's ``own`` with its profile, by name. Raises BadInput for a wrong one.

    A profile without a ``name`` has that of its file.
    """
    if not folder:
        return
    for path in sorted(Path(folder, FOLDER).glob("*.toml")):
        yield path, _profile_at(path)


def _profile_at(path: Path) -> Profile:
    try:
        raw = {"name": path.stem} | tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"The site file {path} can't be read: {error}.") from error
    said: dict[str, Any] = {}
    for key, value in _known(path, raw, Profile, "").items():
        part = _PARTS.get(key)
        if part is not None:
            said[key] = part(**_known(path, value, part, f"{key}."))
        else:
            said[key] = value
    for key in ("title", "hosts", "languages"):
        if key not in said:
            raise BadInput(f"The site file {path} has no `{key}`: add it.")
    profile = Profile(**said)
    try:
        fault = fault_of(profile)
    except (AttributeError, TypeError) as error:
        raise BadInput(f"The site file {path} has a value of another kind: {error}.") from error
    if fault:
        raise BadInput(f"The site file {path}: {fault}.")
    return profile


def _known(path: Path, raw: object, kind: type, within: str) -> dict[str, Any]:
    """A table's entries with tuples for lists, if the kind of value has all of its keys."""
    names = [each.name for each in fields(kind) if each.name not in _NOT_SAID]
    if not isinstance(raw, dict):
        raise BadInput(f"The site file {path}: `{within.rstrip('.')}` should be a table.")
    for key in raw:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(names)}."
            raise BadInput(f"The site file {path}: there is no `{within}{key}`: {hint}")
    return {key: tuple(each) if isinstance(each, list) else each for key, each in raw.items()}
