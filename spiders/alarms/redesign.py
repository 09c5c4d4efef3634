"""Most pages of a site changed alike: its newsroom edited none, and the reader may misread all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from spiders.alarms.evidence import Evidence
from storage.alarms import Alarm

#: What has not been healed in so long is how the site is now.
RINGS_FOR = timedelta(days=14)


def of_redesign(evidence: Evidence) -> Iterator[Alarm]:
    """The latest redesign, while it is news: a box in every text leaves no field empty, so nothing
    else tells of it."""
    recent = [each for each in evidence.redesigns if evidence.now - each.seen_at < RINGS_FOR]
    if not recent:
        return
    latest = max(recent, key=lambda each: each.seen_at)
    site, fields = evidence.site, ", ".join(latest.fields)
    yield Alarm(
        site,
        "redesign",
        f"{latest.articles} pages changed alike in {fields} about {latest.seen_at:%Y-%m-%d}",
        f"look at them with `hemeroteca changes --site {site} --redesigns`; if they are misread, "
        f"run `hemeroteca heal {site}`",
        figures={"pages": latest.articles, "weight": len(latest.fields)},
    )
