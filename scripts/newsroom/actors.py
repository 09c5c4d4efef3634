"""The newsroom's reference pages about invented groups: long prose with headings, no articles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A group that the newsroom keeps a page about."""

    slug: str
    name: str
    about: str
    history: str
    today: str


ACTORS = (
    Actor(
        "los-calafates",
        "Los Calafates",
        "Los Calafates are a smuggling network of two hundred people on the Gulf of San Telmo, "
        "known for moving fuel by day and cocaine by night.",
        "The group grew out of a fishermen's cooperative that lost its licences in 1998. Its "
        "founders knew every sandbank of the gulf and sold that knowledge first to cigarette "
        "traders and later to anybody who paid in advance.",
        "Since the arrest of two of its pilots the network has rented out its landing places "
        "instead of its boats, which keeps it out of most indictments.",
    ),
    Actor(
        "hermandad-del-torno",
        "Hermandad del Torno",
        "The Hermandad del Torno is a prison gang that took its name from the workshop lathe on "
        "which its first members made their knives.",
        "It was formed in the penitentiary of Puerto Lirio after a riot over water in 2004. Men "
        "who could not pay the previous bosses organised a common purse and kept it.",
        "The brotherhood now collects from shops and minibuses outside, through relatives who "
        "bring the takings on visiting days.",
    ),
    Actor(
        "red-del-alerce",
        "Red del Alerce",
        "The Red del Alerce buys timber cut without a permit in the southern provinces and sells "
        "it with papers from plantations that were felled years ago.",
        "Its first documented shipments date from 2009, when a sawmill in Río Pardo exported three "
        "times the volume that its forest could have given.",
        "Prosecutors have charged middlemen on four occasions; the owners of the sawmills have "
        "appeared only as witnesses.",
    ),
)


def actor_at(path: str) -> Actor | None:
    """The actor whose page stands at that path."""
    return next((actor for actor in ACTORS if path == f"/actors/{actor.slug}/"), None)
