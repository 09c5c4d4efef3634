"""Which article an address belongs to. A page has several addresses, and one article one row.

An address under which an article was *fetched* is certain. What a page claims (its canonical
address, the end of a redirect) is believed only where the texts agree.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from crawler.article import Article
from crawler.capture import Capture
from crawler.urls import canonical_url
from storage.content import article_of, is_same_article
from storage.folding import address_key
from storage.schema import aliases, articles, links, readings, revisions
from storage.statements import Statement

_BY_KEY = Statement(
    select(aliases.c.url, aliases.c.article_id, aliases.c.role).where(
        aliases.c.key == bindparam("wanted")
    )
)
_FIRST_BY_KEY = Statement(
    select(func.min(aliases.c.article_id)).where(aliases.c.key == bindparam("wanted"))
)
_CERTAIN = (aliases.c.url == bindparam("url"), aliases.c.role == "fetched")
_BY_ADDRESS = select(aliases.c.article_id).where(aliases.c.url == bindparam("url"))
_CURRENT_RECORD = (
    select(readings.c.record)
    .join(revisions, revisions.c.id == readings.c.revision_id)
    .where(revisions.c.article_id == bindparam("article_id"), readings.c.replaced_at.is_(None))
    .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
    .limit(1)
)
_ADD_ALIAS = Statement(insert(aliases))
_RESOLVE = Statement(
    update(links)
    .where(links.c.key == bindparam("wanted"), links.c.target_id.is_(None))
    .values(target_id=bindparam("target"))
)


class Alias(NamedTuple):
    """An address that the archive knows."""

    url: str
    article_id: int
    role: str


def claims_of(capture: Capture, article: Article) -> dict[str, str]:
    """The addresses that a page goes by, each with why, the certain one first."""
    claims = {capture.address: "fetched"}
    claims.setdefault(article.url, "fetched")
    claims.setdefault(article.canonical_url, "canonical")
    for passed in (capture.url, *capture.redirects):
        claims.setdefault(passed, "redirect")
    return claims


def rows_of(connection: Connection, claims: dict[str, str]) -> list[Alias]:
    """What the archive knows of addresses like these."""
    keys = {address_key(url) for url in claims}
    return [
        Alias(*row) for key in keys for row in _BY_KEY.run(connection, {"wanted": key}).fetchall()
    ]


def known_article(
    connection: Connection, claims: dict[str, str], known: list[Alias], article: Article
) -> int | None:
    """The article that this page shows, or None when it shows a new one."""
    fetched = next(iter(claims))
    for alias in known:
        if alias.url == fetched and alias.role == "fetched":
            return alias.article_id
    for candidate in sorted({alias.article_id for alias in known}):
        if is_same_article(current_article(connection, candidate), article):
            return candidate
    return None


def current_article(connection: Connection, article_id: int) -> Article:
    """The article as it was last read."""
    return article_of(connection.execute(_CURRENT_RECORD, {"article_id": article_id}).scalar_one())


def keep_addresses(
    connection: Connection, article_id: int, claims: dict[str, str], known: list[Alias]
) -> None:
    """Note the addresses, and let the links that waited for them point at the article."""
    roles = {alias.url: alias.role for alias in known}
    for url, role in claims.items():
        if url not in roles:
            key = address_key(url)
            row = {"url": url, "key": key, "article_id": article_id, "role": role}
            _ADD_ALIAS.run(connection, row)
            _RESOLVE.run(connection, {"wanted": key, "target": article_id})
        elif role == "fetched" and roles[url] != "fetched":
            _make_certain(connection, url, article_id)


def _make_certain(connection: Connection, url: str, article_id: int) -> None:
    connection.execute(
        update(aliases).where(aliases.c.url == url).values(article_id=article_id, role="fetched")
    )


def article_id_at(connection: Connection, url: str) -> int | None:
    """The article that was fetched, or is said to stand, under exactly this address."""
    return connection.scalar(_BY_ADDRESS, {"url": url})


def certain_article_id(connection: Connection, url: str) -> int | None:
    """The article that was fetched under exactly this address."""
    return connection.scalar(select(aliases.c.article_id).where(*_CERTAIN), {"url": url})


def article_id_by_key(connection: Connection, key: str) -> int | None:
    """The article under an address like this, the first where there are several."""
    found: int | None = _FIRST_BY_KEY.one(connection, {"wanted": key})
    return found


def article_id_of(connection: Connection, named: int | str) -> int | None:
    """The article that a user means: by its number, or by any of its addresses."""
    text = str(named).strip()
    if text.isdecimal():
        return _existing(connection, int(text))
    return article_id_like(connection, text)


def article_id_like(connection: Connection, written: str) -> int | None:
    """The article at an address as people write it: scheme, ``www.``, the last slash, the fragment
    and what a mailing or a social network adds make no difference."""
    text = written.strip()
    exact = article_id_at(connection, text)
    if exact is not None:
        return exact
    address = _with_scheme(text)
    for like in dict.fromkeys((address, canonical_url(address))):
        found = article_id_by_key(connection, address_key(like))
        if found is not None:
            return found
    return None


def _existing(connection: Connection, number: int) -> int | None:
    if number >= 2**63:
        return None
    return connection.scalar(select(articles.c.id).where(articles.c.id == number))


def _with_scheme(text: str) -> str:
    return text if "://" in text else f"https://{text}"
