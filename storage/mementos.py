"""What web archives hold of a site's pages, as far as the archive itself holds no article of them.

Every address that a web archive names is listed like those of any other source. Of those without an
article the first and the last capture are remembered, until one of them has been had.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage import frontier as queue
from storage.folding import address_key
from storage.frontier import ListedCount
from storage.schema import aliases, frontier, mementos

#: What the site itself no longer gives.
LOST = ("gone", "moved")
#: What must not be had by another way, and what belongs to an article that is held.
NEVER = ("refused", "part", "article")

_TOGETHER = 400


class Sighting(Protocol):
    """A capture of a page in somebody's web archive, which is also a listing of its address."""

    @property
    def url(self) -> str:
        """Canonical address on the site."""

    @property
    def taken_at(self) -> datetime:
        """When it was captured there."""

    @property
    def address(self) -> str:
        """Where it can be had."""

    @property
    def byte_range(self) -> str | None:
        """Which bytes of a WARC file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A capture to be asked for."""

    frontier_id: int
    url: str
    taken_at: datetime
    address: str
    byte_range: str | None


@dataclass(frozen=True, slots=True)
class _Named:
    """An address as a list names it."""

    url: str
    stated_on: Any
    lastmod_at: None = None
    source: str = "web-archive"


def note(
    connection: Connection,
    site: str,
    web_archive: str,
    found: Sequence[Any],
    *,
    crawl_id: int | None,
    now: datetime,
) -> ListedCount:
    """List the addresses that a web archive names, and remember what it holds of them."""
    known = _known_addresses(connection, {address_key(each.url) for each in found})
    named = [(known.get(address_key(each.url), each.url), each) for each in found]
    listed = [_Named(url, each.stated_on) for url, each in named]
    count = queue.enlist(connection, site, listed, crawl_id=crawl_id, now=now)
    for start in range(0, len(named), _TOGETHER):
        _remember(connection, site, web_archive, named[start : start + _TOGETHER])
    return count


_ALIASES = select(aliases.c.key, aliases.c.url).where(
    aliases.c.key.in_(bindparam("keys", expanding=True)), aliases.c.role == "fetched"
)


def _known_addresses(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The addresses under which articles are held, by what does not vary of them.

    A web archive knows a page with and without its last slash, and lists it once for each.
    """
    wanted, found = list(keys), dict[str, str]()
    for start in range(0, len(wanted), _TOGETHER):
        rows = connection.execute(_ALIASES, {"keys": wanted[start : start + _TOGETHER]})
        found |= {row.key: row.url for row in rows}
    return found


_LACKING = select(frontier.c.id, frontier.c.url).where(
    frontier.c.site == bindparam("site"),
    frontier.c.url.in_(bindparam("urls", expanding=True)),
    frontier.c.article_id.is_(None),
)
_REMEMBERED = select(mementos).where(
    mementos.c.web_archive == bindparam("name"),
    mementos.c.frontier_id.in_(bindparam("ids", expanding=True)),
)


def _remember(
    connection: Connection, site: str, web_archive: str, named: Sequence[tuple[str, Any]]
) -> None:
    """Keep the first and the last capture of each address without an article."""
    urls = sorted({url for url, _ in named})
    ids = {row.url: row.id for row in connection.execute(_LACKING, {"site": site, "urls": urls})}
    asked = {"name": web_archive, "ids": list(ids.values())}
    known = {
        (row["frontier_id"], row["taken_at"]): dict(row)
        for row in connection.execute(_REMEMBERED, asked).mappings()
    }
    rows = dict(known)
    for url, each in named:
        if url in ids:
            rows.setdefault((ids[url], each.taken_at), _row(ids[url], web_archive, each))
    kept = _first_and_last(rows)
    surplus = [key for key, row in known.items() if key not in kept and row["asked_at"] is None]
    for number, taken_at in surplus:
        connection.execute(_one(delete(mementos), web_archive, number, taken_at))
    added = [row for key, row in kept.items() if key not in known]
    if added:
        connection.execute(insert(mementos), added)


def _row(number: int, web_archive: str, found: Sighting) -> dict[str, Any]:
    return {
        "frontier_id": number,
        "web_archive": web_archive,
        "taken_at": found.taken_at,
        "address": found.address,
        "byte_range": found.byte_range,
    }


def _first_and_last(rows: dict[tuple[int, datetime], dict[str, Any]]) -> dict[Any, Any]:
    times: dict[int, list[datetime]] = {}
    for number, taken_at in rows:
        times.setdefault(number, []).append(taken_at)
    ends = {(number, end) for number, all_ in times.items() for end in (min(all_), max(all_))}
    return {key: row for key, row in rows.items() if key in ends}


def _one(statement: Any, web_archive: str, number: int, taken_at: datetime) -> Any:
    return statement.where(
        mementos.c.frontier_id == number,
        mementos.c.web_archive == web_archive,
        mementos.c.taken_at == taken_at,
    )


Which = Literal["lost", "all"]


def wanted(
    connection: Connection, site: str, web_archive: str, *, which: Which, limit: int
) -> list[Wanted]:
    """Captures to ask for, of each page the last first, the newest pages first.

    ``lost`` are those of pages that the site no longer gives; ``all`` those of every page of which
    no article is held. What the site forbids is never among them.
    """
    query = (
        select(
            frontier.c.id,
            frontier.c.url,
            mementos.c.taken_at,
            mementos.c.address,
            mementos.c.byte_range,
        )
        .join(frontier, frontier.c.id == mementos.c.frontier_id)
        .where(
            frontier.c.site == site,
            frontier.c.article_id.is_(None),
            mementos.c.web_archive == web_archive,
            mementos.c.asked_at.is_(None),
        )
        .order_by(frontier.c.place, frontier.c.id, mementos.c.taken_at.desc())
        .limit(limit)
    )
    is_wanted = frontier.c.state.in_(LOST) if which == "lost" else frontier.c.state.not_in(NEVER)
    return [Wanted(*row) for row in connection.execute(query.where(is_wanted))]


def settle(
    connection: Connection, web_archive: str, which: Wanted, outcome: str, now: datetime
) -> None:
    """Note what came of asking for a capture."""
    values = {"asked_at": now, "outcome": outcome}
    of_it = _one(update(mementos), web_archive, which.frontier_id, which.taken_at)
    connection.execute(of_it.values(**values))
