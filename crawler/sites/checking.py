"""What a site's profile can't be: mistakes that would show as a crawl that finds nothing.

Whoever writes a profile is told of them at once, by its field, whether it stands in a Python file
or in a patch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import get_args
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.profile import DayOrder, Hints, Landmarks, Places, Profile, host_of

Table = Landmarks | Hints | Places

#: Fields that hold regular expressions.
_PATTERNS = ("article_paths", "other_paths", "end_patterns")
_LISTS = (*_PATTERNS[:2], "hosts", "languages", "start", "organisations")


def fault_of(profile: Profile) -> str | None:
    """What is wrong with a profile first, as a sentence without its end; None for a sound one.

    >>> fault_of(Profile("x", "X", ("https://x.org/",), ("en",)))
    "`hosts` holds 'https://x.org/': write the host alone, without www., as 'x.org'"
    """
    faults = (_lists, _names, _hosts, _start, _facts)
    told = (fault for each in faults for fault in each(profile))
    tables: dict[str, Table] = {
        "landmarks": profile.landmarks,
        "hints": profile.hints,
        "places": profile.places,
    }
    in_tables = (fault for part, table in tables.items() if (fault := table_fault(part, table)))
    return next(told, None) or next(in_tables, None)


def table_fault(part: str, table: Table) -> str | None:
    """What is wrong first with a part of a profile; None for a sound one.

    >>> table_fault("places", Places(deck=("p[",)))
    "`places.deck` holds 'p[', which is no CSS selector"
    """
    for each in fields(table):
        name, entries = f"{part}.{each.name}", getattr(table, each.name)
        fault = next(_list(name, entries), None) or next(_entries(name, entries, table), None)
        if fault:
            return fault
    return None


def _list(name: str, entries: object) -> Iterator[str]:
    if isinstance(entries, str):
        yield f"`{name}` is a single text: write ({entries!r},), with the comma"
    elif not isinstance(entries, tuple) or not all(isinstance(each, str) for each in entries):
        yield f"`{name}` should be texts in parentheses"


def _entries(name: str, entries: tuple[str, ...], table: Table) -> Iterator[str]:
    for entry in entries:
        if name.endswith(_PATTERNS):
            yield from _pattern(name, entry)
        elif isinstance(table, Landmarks) and not any(map(str.isalnum, entry)):
            yield f"`{name}` holds {entry!r}, which has no letter or digit to be found by"
        elif not isinstance(table, Landmarks) and not _is_selector(entry):
            yield f"`{name}` holds {entry!r}, which is no CSS selector"


def _pattern(name: str, entry: str) -> Iterator[str]:
    try:
        re.compile(entry)
    except re.error as error:
        yield f"`{name}` holds {entry!r}, which is no regular expression ({error})"


def _is_selector(entry: str) -> bool:
    try:
        LexborHTMLParser("<p>").css(entry)
    except (SelectolaxError, ValueError):
        return False
    return bool(entry.strip())


def _lists(profile: Profile) -> Iterator[str]:
    for name in _LISTS:
        yield from _list(name, getattr(profile, name))
    for name in _PATTERNS[:2]:
        for entry in getattr(profile, name):
            yield from _pattern(name, entry)


def _names(profile: Profile) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9-]+", profile.name):
        yield f"`name` is {profile.name!r}: take lower-case letters, digits and hyphens"
    if not profile.title:
        yield "`title` is empty: write the outlet's name as a reader knows it"
    if not profile.languages:
        yield '`languages` is empty: write at least one, as ("en",)'


def _hosts(profile: Profile) -> Iterator[str]:
    if not profile.hosts:
        yield '`hosts` is empty: write at least one, as ("example.org",)'
    for host in profile.hosts:
        usual = host_of(host if "://" in host else f"https://{host}")
        if host != usual:
            example = usual or "example.org"
            yield f"`hosts` holds {host!r}: write the host alone, without www., as {example!r}"


def _start(profile: Profile) -> Iterator[str]:
    for url in profile.start:
        if not url.startswith(("http://", "https://")):
            yield f"`start` holds {url!r}: write the whole address, with https://"
        elif not profile.is_own_host(url):
            hosts = ", ".join(profile.hosts)
            yield f"`start` holds {url!r}, whose host is none of `hosts` ({hosts})"


def _facts(profile: Profile) -> Iterator[str]:
    orders = get_args(DayOrder)
    if profile.day_order not in (None, *orders):
        known = ", ".join(orders)
        yield f"`day_order` is {profile.day_order!r}: take one of {known}, or leave it out"
    if profile.timezone is not None and not _is_zone(profile.timezone):
        yield f"`timezone` is {profile.timezone!r}: take an IANA name, such as 'America/Bogota'"
    delay: object = profile.delay_seconds
    if not isinstance(delay, int | float) or not 0 <= delay < float("inf"):
        yield f"`delay_seconds` is {delay!r}: take a number of seconds"


def _is_zone(name: object) -> bool:
    try:
        ZoneInfo(str(name))
    except (OSError, ValueError, LookupError):
        return False
    return True
