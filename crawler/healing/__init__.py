"""Where the fields of a redesigned site stand now: found by what is known of its articles.

An archive knows what many pages of a site said before the redesign. Their new pages still say it,
somewhere: so the known headline, names, day, labels and tags are looked up in the new page, and the
selectors that find them on page after page, and never anything else, become a proposal. What opens
the analysis is the line before its known first words; what the reader takes for text and the
article never said is furniture. Half of the pages are learned from, the others only checked with;
then all are read by the proposal, and what reads any of them worse is taken out of it.

    known       articles beside their pages of today, and how well these are read
    selectors   ways to name an element
    sheets      what an element or a selector gives of a field on a page
    looking     the search for places, and for what is no text
    left        what remains unread, and where it stands
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.healing.known import (
    FEWEST_PAGES,
    FIELDS,
    GOOD,
    TEXTS,
    Counted,
    Known,
    Reading,
    broken,
    counted,
    read,
    read_all,
    redesigned,
    value_of,
    with_shared,
)
from crawler.healing.left import Left, left_in
from crawler.healing.looking import MOST_WRONG, PLACED_FIELDS, Evidence, Search
from crawler.healing.sheets import is_of_another_field
from crawler.profile import Hints, Landmarks, Places, Profile
from crawler.sites.patches import Patch, entries_of

__all__ = [
    "FEWEST_PAGES",
    "FIELDS",
    "GOOD",
    "PLACED_FIELDS",
    "Evidence",
    "Healing",
    "Known",
    "Left",
    "healing",
    "read",
    "redesigned",
]


@dataclass(frozen=True, slots=True)
class Healing:
    """How a site's pages are read now, and how they would be read with a patch."""

    pages: int
    """Pages compared, of which every second was only checked with, if there are enough."""
    checked: int
    """Pages that the figures are of."""
    before: Counted
    """Field → (read right, known), as the profile is."""
    after: Counted
    """The same with the patch."""
    patch: Patch
    evidence: tuple[Evidence, ...] = ()
    left: tuple[Left, ...] = ()
    """The fields that the patch leaves unread on some of all pages."""

    @property
    def is_well(self) -> bool:
        """Whether nothing is proposed: the pages read well as they are, or nothing would help."""
        return not self.patch.to_dict()

    @property
    def lost(self) -> tuple[Left, ...]:
        """The fields that would still not be read: held by the pages, or what no article lacks."""
        needed = ("headline", "body")
        return tuple(
            each for each in self.left if each.is_lost or (each.is_gone and each.field in needed)
        )

    @property
    def no_longer_there(self) -> tuple[Left, ...]:
        """The fields that the pages carried before, and do not carry any more."""
        return tuple(each for each in self.left if each.is_gone and each not in self.lost)

    @staticmethod
    def share(found: Counted) -> float | None:
        """Of all known fields, the share that is read right; None where nothing is known."""
        known = sum(of for _, of in found.values())
        return sum(right for right, _ in found.values()) / known if known else None


def healing(pages: Sequence[Known], profile: Profile) -> Healing:
    """What could be read better on a site's pages, and how.

    ``pages`` are known articles with their pages of today, best those captured last.
    """
    pages = with_shared(pages)
    now = read_all(pages, profile)
    learned, checked = _halves(pages)
    before = counted(_half(now, checked))
    patch, evidence = Search(learned, profile, broken(counted(now)) | broken(before)).run()
    patch, then = _without_harm(patch, now, profile)
    after = counted(_half(then, checked))
    entries = {
        (f"{part}.{name}", entry)
        for part, table in patch.to_dict().items()
        for name, listed in table.items()
        for entry in listed
    }
    why = tuple(each for each in evidence if (each.part, each.entry) in entries)
    left = tuple(left_in(then, profile))
    return Healing(len(pages), len(checked), before, after, patch, why, left)


def _halves(pages: Sequence[Known]) -> tuple[Sequence[Known], Sequence[Known]]:
    """Pages to learn from and pages to check with; of a few pages all are both."""
    if len(pages) < 2 * FEWEST_PAGES:
        return pages, pages
    return pages[::2], pages[1::2]


def _half(readings: Sequence[Reading], pages: Sequence[Known]) -> list[Reading]:
    """The readings of some of the pages."""
    wanted = {id(page) for page in pages}
    return [each for each in readings if id(each.page) in wanted]


# What is worth proposing


def _without_harm(
    patch: Patch, now: Sequence[Reading], profile: Profile
) -> tuple[Patch, list[Reading]]:
    """The patch without what reads any page worse or no field better, and the pages by it."""
    pages = [each.page for each in now]
    while True:
        if not patch.to_dict():
            return patch, list(now)
        then = read_all(pages, patch.applied_to(profile))
        slimmer = _slimmer(patch, now, then)
        if slimmer == patch:
            return _without_idle(patch, then, profile), then
        patch = slimmer


def _without_idle(patch: Patch, then: Sequence[Reading], profile: Profile) -> Patch:
    """The patch without the places but for which the pages read as well, the last ones first."""
    by_it, pages = counted(then), [each.page for each in then]
    for name, entries in entries_of(patch.places):
        for entry in entries[:0:-1]:
            fewer = tuple(each for each in getattr(patch.places, name) if each != entry)
            slimmer = replace(patch, places=replace(patch.places, **{name: fewer}))
            if counted(read_all(pages, slimmer.applied_to(profile))) == by_it:
                patch = slimmer
    return patch


def _slimmer(patch: Patch, now: Sequence[Reading], then: Sequence[Reading]) -> Patch:
    before, after = counted(now), counted(then)
    harmful = _harmful(then)
    kept = {
        name: tuple(each for each in entries if (name, each) not in harmful)
        for name, entries in entries_of(patch.places)
        if after.get(name, (0, 0))[0] > before.get(name, (0, 0))[0]
    }
    slimmer = replace(patch, places=Places(**kept))
    if slimmer.places != patch.places:
        return slimmer
    gained = [after.get(name, (0, 0))[0] - before.get(name, (0, 0))[0] for name in TEXTS]
    if sum(gained) <= 0:
        slimmer = replace(slimmer, hints=Hints(), landmarks=Landmarks())
    return slimmer


def _harmful(then: Sequence[Reading]) -> set[tuple[str, str]]:
    """(field, selector) of the places that give another field's value, or too often a wrong one."""
    good, bad = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    foreign = set[tuple[str, str]]()
    for each in then:
        for name, selector in _places_of(each):
            place = name, selector
            if each.right.get(name):
                good[place] += 1
                continue
            bad[place] += 1
            if _is_foreign(each, name):
                foreign.add(place)
    often = {place for place in bad if bad[place] > MOST_WRONG * (good[place] + bad[place])}
    return foreign | often


def _places_of(reading: Reading) -> list[tuple[str, str]]:
    """(field, selector) of the places by which a page was read."""
    told = reading.article.provenance if reading.article else {}
    return [
        (name, source.source.removeprefix("place:"))
        for name, source in told.items()
        if source.source.startswith("place:")
    ]


def _is_foreign(reading: Reading, name: str) -> bool:
    value = value_of(reading.article, name) if reading.article else ""
    texts = tuple(value) if isinstance(value, list) else (value,)
    return is_of_another_field(reading.page, name, texts)
