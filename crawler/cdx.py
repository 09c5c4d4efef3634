"""Web archives asked for a site: what they list (CDX), and their captures as the site sent them.

Two are known: the Wayback Machine, which gives each capture by itself and without its bar, and
Common Crawl, which gives pieces of WARC files, listed in one index for each of its crawls. Rows
that are broken, not of a page, or of a time that can't be are left out and counted; none of them
costs another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from crawler.capture import Capture
from crawler.discovery import read_instant
from crawler.errors import Unreadable
from crawler.profile import Profile
from crawler.urls import canonical_url, day_in_path, host_of, is_article_like, is_own
from crawler.warc.answers import BODY_BYTES, Answer, answers, is_page_type
from crawler.warc.records import Broken, NoWarc

#: Rows that one question asks for: about a megabyte.
ROWS = 10_000
#: The oldest captures of any web archive are of 1996.
FIRST = datetime(1996, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Memento:
    """One capture of a page in somebody's web archive (RFC 7089 calls it so)."""

    url: str
    """The page, by the normal form of its address on the site."""
    taken_at: datetime
    """When it was captured: aware, UTC, to the second."""
    address: str
    """Where it can be had."""
    byte_range: str | None = None
    """Which bytes of a WARC file, as ``first-last``; None for a page by itself."""

    lastmod_at: None = None
    source: str = "web-archive"

    @property
    def stated_on(self) -> date | None:
        """Day of publication as the address states it."""
        return day_in_path(self.url)


@dataclass(frozen=True, slots=True)
class Holdings:
    """One answer of a web archive to the question what it holds."""

    mementos: tuple[Memento, ...]
    rows: int
    """How many it named, usable or not."""
    skipped: int
    """Rows that are broken, impossible, or of no article of the site."""
    goes_on_at: str | None = None
    """With what to ask for the rest; None at the end."""


# Questions


def wayback_question(base: str, host: str) -> str:
    """The address that lists all pages of a host and its subdomains that the Wayback Machine holds.

    Without ``collapse``: collapsed by address, only the first capture of each would be named.

    >>> wayback_question("https://web.archive.org", "a.example").partition("&")[0]
    'https://web.archive.org/cdx/search/cdx?url=a.example'
    """
    asked = [
        ("url", host),
        ("matchType", "domain"),
        ("output", "json"),
        ("fl", "timestamp,original,mimetype,statuscode"),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("limit", str(ROWS)),
        ("showResumeKey", "true"),
    ]
    return f"{base}/cdx/search/cdx?{urlencode(asked)}"


def wayback_address(base: str, timestamp: str, original: str) -> str:
    """Where a capture is had as it was sent (``id_``), without the archive's bar and links.

    >>> wayback_address("https://web.archive.org", "20150601120000", "http://a.example/b")
    'https://web.archive.org/web/20150601120000id_/http://a.example/b'
    """
    return f"{base}/web/{timestamp}id_/{quote(original, safe=_KEPT)}"


_KEPT = "/:@!$&'()*+,;=?%~-._[]"


# Answers


def read_holdings(body: bytes, *, base: str, profile: Profile, now: datetime) -> Holdings:
    """What an answer of the Wayback Machine's CDX server names of a site's articles.

    Raises :class:`~crawler.errors.Unreadable` for what is no such answer.
    """
    rows, key = _wayback_rows(body)
    found = [_memento(row, base, profile, now) for row in rows]
    kept = _ends(each for each in found if each is not None)
    return Holdings(kept, len(rows), sum(each is None for each in found), key)


def _wayback_rows(body: bytes) -> tuple[list[dict[str, str]], str | None]:
    """The rows by name, broken ones as empty, and the key behind an empty row."""
    text = body.decode("utf-8", "replace").strip()
    if not text:
        return [], None
    if not text.startswith("["):
        raise Unreadable("the web archive's answer is no list of captures")
    lists = _lists(text)
    head = next(lists, None) or []
    rows: list[dict[str, str]] = []
    for each in lists:
        if each == []:
            key = next(lists, None)
            return rows, str(key[0]) if key else None
        is_whole = each is not None and len(each) == len(head)
        rows.append(dict(zip(head, each, strict=True)) if is_whole and each else {})
    return rows, None


def _lists(text: str) -> Iterator[list[str] | None]:
    """The rows of a list of lists; None for a broken one, which costs itself alone."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, list):
        yield from (_strings(each) for each in whole)
        return
    for line in text.splitlines():
        bare = line.strip().rstrip(",")
        bare = bare[1:] if bare.startswith("[[") else bare
        bare = bare[:-1] if bare.endswith("]]") else bare
        if bare in ("", "[", "]"):
            continue
        try:
            yield _strings(json.loads(bare))
        except (ValueError, RecursionError):
            yield None


def _strings(row: Any) -> list[str] | None:
    is_row = isinstance(row, list) and all(isinstance(each, str) for each in row)
    return row if is_row else None


def _memento(row: dict[str, str], base: str, profile: Profile, now: datetime) -> Memento | None:
    """The capture that a row names, if it is one of an article of the site."""
    timestamp, original = row.get("timestamp", ""), row.get("original", "")
    taken_at, url = instant_of(timestamp, now), address_on_site(original, profile)
    is_page = row.get("statuscode") == "200" and is_page_type(row.get("mimetype"))
    if taken_at is None or url is None or not is_page:
        return None
    return Memento(url, taken_at, wayback_address(base, timestamp, original))


def instant_of(timestamp: str, now: datetime) -> datetime | None:
    """The instant that 14 digits name; None where it can't be one of a capture.

    >>> instant_of("20150601120000", datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2015-06-01T12:00:00+00:00'
    >>> instant_of("20990601120000", datetime(2026, 1, 1, tzinfo=UTC)) is None
    True
    """
    if not re.fullmatch(r"[0-9]{14}", timestamp):
        return None
    try:
        moment = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if FIRST <= moment <= now else None


def address_on_site(original: str, profile: Profile) -> str | None:
    """How the site itself would name a page today; None for what is no article of it.

    A web archive names pages as they were asked for, with ``http`` and port 80 twenty years ago;
    where the host is the site's own, scheme and ``www.`` are those of today.

    >>> site = Profile("x", "X", ("x.example",), ("en",), start=("https://www.x.example/",))
    >>> address_on_site("http://x.example:80/2015/06/a-story-of-old/", site)
    'https://www.x.example/2015/06/a-story-of-old/'
    """
    url = canonical_url(original)
    if not is_own(url, profile):
        return None
    for home in profile.start:
        if _bare(host_of(home)) == _bare(host_of(url)):
            parts, today = urlsplit(url), urlsplit(home)
            url = urlunsplit((today.scheme, today.netloc, parts.path, parts.query, ""))
            break
    return url if is_article_like(url, profile) else None


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _ends(mementos: Iterable[Memento]) -> tuple[Memento, ...]:
    """Of every page the first and the last capture."""
    first: dict[str, Memento] = {}
    last: dict[str, Memento] = {}
    for each in mementos:
        if each.url not in first or each.taken_at < first[each.url].taken_at:
            first[each.url] = each
        if each.url not in last or each.taken_at > last[each.url].taken_at:
            last[each.url] = each
    return tuple(dict.fromkeys([*first.values(), *last.values()]))


# Common Crawl


def commoncrawl_indexes(body: bytes, *, base: str) -> list[str]:
    """The indexes that Common Crawl names in its ``collinfo.json``, the newest first.

    Raises :class:`~crawler.errors.Unreadable` for what is no such list.
    """
    try:
        named = json.loads(body)
    except (ValueError, RecursionError):
        named = None
    if not isinstance(named, list):
        raise Unreadable("the web archive's answer is no list of indexes")
    found = [each.get("cdx-api") for each in named if isinstance(each, dict)]
    addresses = [canonical_url(each, base=base) for each in found if isinstance(each, str)]
    return [each for each in dict.fromkeys(addresses) if host_of(each) == host_of(base)]


def commoncrawl_question(index: str, host: str) -> str:
    """The address that lists all pages of a host and its subdomains in one index.

    >>> commoncrawl_question("https://i.example/2024-10-index", "a.example").partition("&")[0]
    'https://i.example/2024-10-index?url=a.example'
    """
    asked = [
        ("url", host),
        ("matchType", "domain"),
        ("output", "json"),
        ("fl", "url,timestamp,status,mime,filename,offset,length"),
        ("filter", "=status:200"),
        ("filter", "=mime:text/html"),
    ]
    return f"{index}?{urlencode(asked)}"


def read_index(body: bytes, *, data: str, page: int, profile: Profile, now: datetime) -> Holdings:
    """What one page of an index names of a site's articles: a line of JSON for each capture."""
    lines = [line for line in body.decode("utf-8", "replace").splitlines() if line.strip()]
    found = [_piece(line, data, profile, now) for line in lines]
    kept = _ends(each for each in found if each is not None)
    following = str(page + 1) if lines else None
    return Holdings(kept, len(lines), sum(each is None for each in found), following)


def _piece(line: str, data: str, profile: Profile, now: datetime) -> Memento | None:
    """The capture that a line names, if it is one of an article of the site."""
    try:
        row = json.loads(line)
        first, length = int(row["offset"]), int(row["length"])
        taken_at, url = instant_of(row["timestamp"], now), address_on_site(row["url"], profile)
        is_page = str(row["status"]) == "200" and is_page_type(row.get("mime"))
        file = quote(row["filename"])
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    is_there = first >= 0 and 0 < length <= BODY_BYTES and file.endswith((".warc.gz", ".warc"))
    if taken_at is None or url is None or not is_page or not is_there:
        return None
    return Memento(url, taken_at, f"{data}/{file}", f"{first}-{first + length - 1}")


def out_of_piece(piece: bytes, memento: Memento, profile: Profile) -> Capture | None:
    """The capture in a piece of a WARC file; None where it holds another page, or none.

    Raises :class:`~crawler.errors.Unreadable` where the piece is damaged.
    """
    try:
        found = next(answers(BytesIO(piece)), None)
    except NoWarc:
        raise Unreadable("the piece of the web archive's file is damaged") from None
    if isinstance(found, Broken):
        raise Unreadable("the piece of the web archive's file is damaged")
    if not isinstance(found, Answer) or found.repeats or found.capture.status != 200:
        return None
    if address_on_site(found.capture.address, profile) != memento.url:
        return None
    origin = f"{memento.address}#bytes={memento.byte_range}"
    return replace(found.capture, url=memento.url, final_url=None, redirects=(), origin=origin)


# Captures

#: Before the headers that the site once sent, in the answers of a Wayback Machine.
_ORIGINAL = "x-archive-orig-"
#: Headers that tell of the answer at hand, not of what the site once sent.
_OF_NOW = ("content-encoding", "content-length", "content-type")
#: Speak of a connection that ended long ago, and of bytes that are no longer packed so.
_OF_THEN = ("content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive")


def as_once_sent(answer: Capture, memento: Memento) -> Capture:
    """A Wayback Machine's answer as the capture that it holds: the site's address, its headers.

    The time is that of ``Memento-Datetime`` or else of the address that answered, since a question
    for one capture may be answered with the nearest.
    """
    then = [
        (name[len(_ORIGINAL) :], value)
        for name, value in answer.headers
        if name.lower().startswith(_ORIGINAL)
    ]
    kept = [pair for pair in then if pair[0].lower() not in _OF_THEN]
    told = {name.lower() for name, _ in kept}
    kept += [
        (name, value)
        for name, value in answer.headers
        if name.lower() in _OF_NOW and name.lower() not in told
    ]
    return replace(
        answer,
        url=memento.url,
        fetched_at=_taken_at(answer) or memento.taken_at,
        headers=tuple(kept),
        final_url=None,
        redirects=(),
        http_version=None,
        reason_phrase=None,
        origin=answer.address,
    )


def _taken_at(answer: Capture) -> datetime | None:
    stated = read_instant(answer.header("memento-datetime"))
    return stated if stated and FIRST <= stated <= answer.fetched_at else None


def leads_to(answer: Capture, memento: Memento) -> str | None:
    """Where a web archive sends on for another capture of the same page; None for another page.

    >>> answer = Capture("https://w.example/web/2015id_/http://x.example/a", FIRST, 302,
    ...     (("Location", "/web/20150601120000id_/http://x.example/a"),))
    >>> leads_to(answer, Memento("http://x.example/a", FIRST, answer.url))
    'https://w.example/web/20150601120000id_/http://x.example/a'
    """
    target = canonical_url(answer.header("location") or "", base=answer.address)
    match = re.search(r"/web/\d{4,14}(?:id_)?/(https?:.*)", target)
    if match is None or host_of(target) != host_of(answer.address):
        return None
    here, there = urlsplit(memento.url), urlsplit(canonical_url(match[1]))
    is_same = (_bare(here.netloc), here.path.rstrip("/"), here.query) == (
        _bare(there.netloc),
        there.path.rstrip("/"),
        there.query,
    )
    return re.sub(r"(/web/\d{4,14})/", r"\1id_/", target) if is_same else None
