"""What was learned of a site since its profile was written: one small TOML file for each.

`hemeroteca heal SITE --apply` writes them; they may be edited, and taken into the profile by hand.
A patch adds to the profile and takes nothing from it, so older layouts stay readable.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from crawler.errors import BadInput
from crawler.profile import Hints, Landmarks, Places, Profile
from crawler.sites.checking import Table, table_fault

#: The folder of the patches. `hemeroteca` takes the one beside the archive where it is not set.
FOLDER_VARIABLE = "HEMEROTECA_SITES"

_PARTS = {"places": Places, "hints": Hints, "landmarks": Landmarks}


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to be added to a site's profile."""

    places: Places = field(default_factory=Places)
    hints: Hints = field(default_factory=Hints)
    landmarks: Landmarks = field(default_factory=Landmarks)

    def applied_to(self, profile: Profile) -> Profile:
        """The profile with the patch's entries before its own."""
        return replace(
            profile,
            places=joined(self.places, profile.places),
            hints=joined(self.hints, profile.hints),
            landmarks=joined(self.landmarks, profile.landmarks),
        )

    def after(self, older: Patch) -> Patch:
        """This patch, with the entries of an older one behind its own."""
        return Patch(
            joined(self.places, older.places),
            joined(self.hints, older.hints),
            joined(self.landmarks, older.landmarks),
        )

    def to_dict(self) -> dict[str, dict[str, list[str]]]:
        """Part → field → entries, without what is empty."""
        parts: dict[str, Table] = {
            "places": self.places, "hints": self.hints, "landmarks": self.landmarks,
        }  # fmt: skip
        told = {
            part: {name: list(each) for name, each in entries_of(table) if each}
            for part, table in parts.items()
        }
        return {part: entries for part, entries in told.items() if entries}

    @classmethod
    def from_dict(cls, parts: dict[str, dict[str, Sequence[str]]]) -> Patch:
        """The patch of which :meth:`to_dict` tells."""

        def given(part: str) -> dict[str, tuple[str, ...]]:
            return {name: tuple(each) for name, each in parts.get(part, {}).items()}

        return cls(
            Places(**given("places")), Hints(**given("hints")), Landmarks(**given("landmarks"))
        )


def entries_of(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(field, its entries) of a part of a profile."""
    for each in fields(table):
        yield each.name, getattr(table, each.name)


def joined(new: Table, old: Table) -> Any:
    """Two tables of one kind as one, the new one's entries first."""
    both = {}
    for name, entries in entries_of(new):
        both[name] = tuple(dict.fromkeys((*entries, *getattr(old, name))))
    return type(old)(**both)


@dataclass(frozen=True, slots=True)
class SitePatch:
    """The patch of a site, and the how-manieth it is."""

    site: str
    patch: Patch
    version: int = 1
    """Counted up with each change: readings tell which one made them."""

    def applied_to(self, profile: Profile) -> Profile:
        """The profile with the patch, of a version of its own."""
        return replace(self.patch.applied_to(profile), version=profile.version + self.version)


def patch_path(folder: str | os.PathLike[str], site: str) -> Path:
    """The file of a site's patch: its name, with what no file name should hold as hyphens."""
    return Path(folder, re.sub(r"[^\w.-]+", "-", site) + ".toml")


def patch_of(site: str, folder: str | os.PathLike[str] | None) -> SitePatch | None:
    """A site's patch, or None. Raises BadInput with file and key for one that can't be right."""
    if not folder:
        return None
    path = patch_path(folder, site)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadInput(f"The site file {path} can't be read: {error}.") from error
    _check(path, raw, site)
    patch = Patch.from_dict({name: raw[name] for name in _PARTS if name in raw})
    for part in _PARTS:
        if fault := table_fault(part, getattr(patch, part)):
            raise BadInput(f"The site file {path}: {fault}.")
    return SitePatch(site, patch, raw.get("version", 1))


def _check(path: Path, raw: dict[str, Any], site: str) -> None:
    if raw.get("site") != site:
        raise BadInput(f"The site file {path} should say `site = {json.dumps(site)}`.")
    version = raw.get("version", 1)
    if not isinstance(version, int) or version < 1:
        raise BadInput(f"The site file {path}: `version` should be a number from 1.")
    for part, table in raw.items():
        if part in ("site", "version"):
            continue
        if part not in _PARTS or not isinstance(table, dict):
            raise BadInput(f"The site file {path}: {part} is none of {', '.join(_PARTS)}.")
        known = [each.name for each in fields(_PARTS[part])]
        for name, entries in table.items():
            if name not in known:
                raise BadInput(
                    f"The site file {path}: {part}.{name} is none of {', '.join(known)}."
                )
            if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries):
                raise BadInput(f"The site file {path}: {part}.{name} should be a list of texts.")


def written(patch: SitePatch) -> str:
    """A patch as the text of its file."""
    lines = [
        "# Where the fields of this site's articles stand since its redesign: proposed by",
        "# `hemeroteca heal`, which compared known articles with their new pages.",
        f"site = {json.dumps(patch.site, ensure_ascii=False)}",
        f"version = {patch.version}",
    ]
    for part, table in patch.patch.to_dict().items():
        lines += ["", f"[{part}]"]
        for name, entries in table.items():
            listed = "".join(f"\n    {json.dumps(each, ensure_ascii=False)}," for each in entries)
            lines.append(f"{name} = [{listed}\n]")
    return "\n".join(lines) + "\n"
