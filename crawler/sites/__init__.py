"""The sites known by name: every module beside this one that has a ``PROFILE``.

Adding a site is adding one file, here or, in TOML, beside an archive (:mod:`crawler.sites.own`);
nothing lists them a second time. What `hemeroteca heal` found out
since a profile was written (:mod:`crawler.sites.patches`) is added to it here.
"""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
from collections.abc import Iterable, Iterator
from functools import lru_cache

from crawler.errors import BadInput
from crawler.profile import Profile, generic_profile
from crawler.sites.checking import fault_of
from crawler.sites.own import own_profiles
from crawler.sites.patches import FOLDER_VARIABLE, patch_of


def patched(profile: Profile) -> Profile:
    """A profile with what was learned of its site since it was written."""
    patch = patch_of(profile.name, os.environ.get(FOLDER_VARIABLE))
    return profile if patch is None else patch.applied_to(profile)


def profile_at(address: str) -> Profile:
    """The profile of the site that an address belongs to, of a known one or of any other.

    >>> profile_at("https://news.example/a").is_generic
    True
    """
    return site_of(address) or patched(generic_profile(address))


@lru_cache(maxsize=1)
def all_sites() -> tuple[Profile, ...]:
    """All known profiles, by name, with what was learned of them since."""
    found: dict[str, Profile] = {}
    for profile in _described():
        if profile.name in found:
            raise BadInput(f"Two site files say that their site is {profile.name!r}: rename one.")
        _refuse_shared_hosts(profile, found.values())
        found[profile.name] = profile
    return tuple(patched(found[name]) for name in sorted(found))


def _described() -> Iterator[Profile]:
    """The profiles that come along, and those that somebody keeps beside an archive."""
    for module in pkgutil.iter_modules(__path__):
        if module.name not in _NO_SITES:
            yield _profile_in(module.name)
    for _, profile in own_profiles(os.environ.get(FOLDER_VARIABLE)):
        yield profile


#: The modules here that are about sites and are none.
_NO_SITES = frozenset(("checking", "own", "patches"))


def _refuse_shared_hosts(profile: Profile, others: Iterable[Profile]) -> None:
    """A page of a host that two profiles have would be read by either, as it happens."""
    for other in others:
        for host in set(profile.hosts) & set(other.hosts):
            raise BadInput(
                f"Two site files have the host {host!r}, {other.name!r} and "
                f"{profile.name!r}: take it out of one."
            )


def _profile_in(name: str) -> Profile:
    """The profile of one site file. Raises BadInput with the file's name for a broken one."""
    file = f"crawler/sites/{name}.py"
    try:
        profile = getattr(importlib.import_module(f"{__name__}.{name}"), "PROFILE", None)
    except Exception as fault:
        kind = type(fault).__name__
        raise BadInput(f"The site file {file} can't be read ({kind}: {fault}): mend it.") from fault
    if not isinstance(profile, Profile):
        raise BadInput(f"The site file {file} has no `PROFILE = Profile(...)`: add it.")
    if wrong := fault_of(profile):
        raise BadInput(f"The site file {file}: {wrong}.")
    return profile


def site_of(url: str) -> Profile | None:
    """The profile of the site that an address belongs to, or None.

    >>> site_of("https://www.insightcrime.org/news/brief/x/").name
    'insightcrime'
    >>> site_of("https://example.org/") is None
    True
    """
    return next((each for each in all_sites() if each.is_own_host(url)), None)


def site_named(name: str) -> Profile:
    """The profile of that name. Raises :class:`~crawler.errors.BadInput` for an unknown one."""
    names = [each.name for each in all_sites()]
    if name in names:
        return all_sites()[names.index(name)]
    near = difflib.get_close_matches(name.lower(), names, 1, 0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}."
    raise BadInput(f"No site is named {name!r}: {hint} `hemeroteca sites` lists them.")
