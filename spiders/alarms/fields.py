"""Alarms for fields that are no longer found, or no longer what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import comb, log, sqrt
from statistics import median

from spiders.alarms.evidence import Evidence, middle_of
from storage.alarms import Alarm
from storage.measures import Measures

#: The chance below which a field's share is none: with 400 looks a year at ten fields each, an
#: alarm in a hundred years.
LEAST_CHANCE = 2e-7
#: The share must have moved by so much, too: what is sure may still be small.
LEAST_MOVE = 0.25
#: So many readings must be known before, and so many since.
FEWEST_BEFORE, FEWEST_SINCE = 30, 3
#: Of lengths, which vary more than whether there is any, so many.
FEWEST_LENGTHS = 5
#: How many of the latest readings are held against the others, in turn.
WINDOWS = (3, 5, 10, 20, 40)
#: Readings that are looked at.
READINGS = 400
#: So many standard errors between two medians of lengths are no chance, and so many times as long.
LEAST_ERRORS, LEAST_FACTOR = 6.0, 1.5
#: From a standard deviation to the standard error of a median.
DEVIATION_TO_ERROR = 1.2533

#: Of these the length tells nothing: how many there are, or whether a date has a time of day.
COUNTED_FIELDS = ("authors", "tags", "published")
#: The field that grows where boxes around the article are taken for it.
TEXT = "body_text"
#: How a field is called where its name is none that a reader would use.
FIELD_WORDS = {"published": "date", "body_text": "text"}


def of_fields(evidence: Evidence) -> Iterator[Alarm]:
    """Fields whose share or length left its usual range: the template has changed."""
    fresh = [each for each in evidence.measures if each.is_fresh]
    for name in fresh[0].lengths if len(fresh) >= FEWEST_SINCE else ():
        for window in WINDOWS:
            since, before = _held(evidence, fresh, name, window)
            usual = evidence.usual("field", name)
            if len(since) < window or (len(before) < FEWEST_BEFORE and usual is None):
                break
            alarm = _of_field(evidence.site, name, since, before, usual or {})
            if alarm is not None:
                yield alarm
                break


def _held(
    evidence: Evidence, fresh: Sequence[Measures], name: str, window: int
) -> tuple[Sequence[Measures], Sequence[Measures]]:
    """The latest readings, and those that tell what is usual."""
    normal = evidence.normal.get(("field", name))
    if normal is not None:
        fresh = [each for each in fresh if each.captured_at >= normal]
    since, before = fresh[:window], fresh[window:]
    if len(before) < FEWEST_BEFORE:  # an archive that was just filled has little fresh
        known = {id(each) for each in since}
        all_of_them = (each for each in evidence.measures if id(each) not in known)
        before = [each for each in all_of_them if normal is None or each.captured_at >= normal]
    return since, before


def _of_field(
    site: str,
    name: str,
    since: Sequence[Measures],
    before: Sequence[Measures],
    usual: Mapping[str, float],
) -> Alarm | None:
    """What rings of a field; ``usual`` are the figures of an alarm that stands."""
    lengths = [each.lengths[name] for each in since]
    lengths_before = [each.lengths[name] for each in before]
    lost = _lost(site, name, lengths, lengths_before, usual)
    if lost is not None or name in COUNTED_FIELDS:
        return lost
    return _of_another_length(site, name, lengths, lengths_before, usual)


def _lost(
    site: str,
    name: str,
    lengths: Sequence[int],
    lengths_before: Sequence[int],
    usual: Mapping[str, float],
) -> Alarm | None:
    """The field is found much more rarely."""
    found = sum(map(bool, lengths))
    found_before = int(usual.get("filled_before", sum(map(bool, lengths_before))))
    looked_at = int(usual.get("articles_before", len(lengths_before)))
    if not looked_at or found_before / looked_at - found / len(lengths) < LEAST_MOVE:
        return None  # what is found more often is not lost
    share = (found_before + 1) / (looked_at + 2)  # Laplace: nothing is certain
    if _chance(found, len(lengths), share) >= LEAST_CHANCE:
        return None
    words = FIELD_WORDS.get(name, name)
    return Alarm(
        site,
        "field",
        f"{found} of the last {len(lengths)} articles have {_a(words)}{words} "
        f"({found_before} of {looked_at} before)",
        _heal(site),
        name,
        {
            "articles": len(lengths), "filled": found,
            "articles_before": looked_at, "filled_before": found_before,
            "weight": round((1 - found / len(lengths)) / LEAST_MOVE, 3),
        },
    )  # fmt: skip


def _of_another_length(
    site: str,
    name: str,
    lengths: Sequence[int],
    lengths_before: Sequence[int],
    usual: Mapping[str, float],
) -> Alarm | None:
    """The field is much shorter, or the text much longer."""
    full = [each for each in lengths if each]
    full_before = [log(each) for each in lengths_before if each]
    if len(full) < FEWEST_LENGTHS:
        return None
    if "median_before" in usual:
        middle, spread = log(usual["median_before"]), usual.get("spread_before", 0.0)
    elif len(full_before) >= FEWEST_BEFORE:
        middle, spread = middle_of(full_before)
    else:
        return None
    error = DEVIATION_TO_ERROR * max(spread, 0.1) / sqrt(len(full))
    move = median(map(log, full)) - middle
    if abs(move) < max(LEAST_ERRORS * error, log(LEAST_FACTOR)):
        return None
    if move > 0 and name != TEXT:
        return None  # a headline that was cut off and is whole again: nothing is lost
    longer = "longer" if move > 0 else "shorter"
    now = median(full)
    before = usual.get("median_before") or median(filter(None, lengths_before))
    return Alarm(
        site,
        "field",
        f"the {FIELD_WORDS.get(name, name)} of the last {len(full)} articles is {longer} than "
        f"usual: {now:g} characters, and {before:g} before (medians)",
        _heal(site),
        name,
        {
            "articles": len(full), "median": now, "median_before": before,
            "spread_before": round(spread, 3), "weight": round(abs(move) / log(LEAST_FACTOR), 3),
        },
    )  # fmt: skip


def _heal(site: str) -> str:
    return f"run `hemeroteca heal {site}`: it says where the field stands now"


def _a(word: str) -> str:
    return "" if word.endswith("s") else "a "


def _chance(found: int, looked_at: int, share: float) -> float:
    """How likely so many, or so few, of so many are, when each has the field by that share.

    >>> _chance(0, 10, 0.5) == 0.5 ** 10
    True
    """
    counts = range(found + 1) if found < share * looked_at else range(found, looked_at + 1)
    return sum(
        comb(looked_at, count) * share**count * (1 - share) ** (looked_at - count)
        for count in counts
    )
