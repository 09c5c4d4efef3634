"""Addresses: their one normal form, whose they are, and whether they look like an article's.

Everything here takes any string and never raises: addresses come from other people's pages.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from crawler.profile import Profile

#: Query parameters that say how a reader came, or who is reading; never which page it is.
#: Each was seen in shared links of news sites or is documented by the service that adds it.
TRACKING_PARAMETERS = frozenset(
    {
        "_ga", "_gl", "_hsenc", "_hsmi", "__twitter_impression", "dclid", "fb_action_ids",
        "fb_action_types", "fb_ref", "fb_source", "fbclid", "gbraid", "gclid", "gclsrc",
        "guccounter", "hsctatracking", "igshid", "igsh", "jsessionid", "mc_cid", "mc_eid",
        "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id", "phpsessid", "sharetype", "si",
        "twclid", "vero_id", "wbraid", "yclid", "wt_mc", "xtor", "trk", "s_cid", "cmpid",
        "ncid", "soc_src", "soc_trk", "share_source", "_branch_match_id", "sessionid",
    }
)  # fmt: skip
_TRACKING_BEGINNINGS = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "at_", "hsa_", "sc_")

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SPACES_AND_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\ufffe\uffff]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")

#: Longer addresses are refused: the sitemap protocol's own limit is 2,048 characters.
URL_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class _Address:
    """An http(s) address in its parts; ``netloc`` is normal, the rest as it came."""

    scheme: str
    netloc: str
    path: str
    query: str


def canonical_url(url: str, base: str | None = None) -> str:
    """The one normal form of an address; text that is no web address comes back trimmed.

    Relative addresses are resolved against ``base``. Host and scheme become lower case, IDN
    becomes punycode, default ports, dot segments, the fragment and tracking parameters go, percent
    escapes are normal (RFC 3986, section 6.2.2), and the query is sorted. Scheme, ``www.`` and the
    trailing slash stay: only the site can say that they don't matter.

    >>> canonical_url("HTTP://News.Example:80/a/../b%7e/?utm_source=x&b=2&a=1#top")
    'http://news.example/b~/?a=1&b=2'
    >>> canonical_url("../2016/peña", base="https://news.example/world/today/")
    'https://news.example/world/2016/pe%C3%B1a'
    """
    text = _cleaned(url)
    if base is not None:
        with suppress(ValueError):  # a base that is no address resolves nothing
            text = urljoin(_cleaned(base), text)
    address = _parsed(text)
    if address is None:
        return text
    path = _without_dots(_normal_escapes(address.path, "/:@!$&'()*+,;=")) or "/"
    return urlunsplit((address.scheme, address.netloc, path, _sorted_query(address.query), ""))


def is_web_address(url: str) -> bool:
    """Whether this is an absolute http or https address that can be asked for.

    >>> is_web_address("https://news.example/"), is_web_address("mailto:desk@news.example")
    (True, False)
    """
    return len(url) <= URL_CHARACTERS and _parsed(_cleaned(url)) is not None


def host_of(url: str) -> str:
    """Host of an address, with the port where it is not the scheme's own; empty when there is none.

    >>> host_of("https://WWW.News.example:443/a"), host_of("http://127.0.0.1:8123/")
    ('www.news.example', '127.0.0.1:8123')
    """
    address = _parsed(_cleaned(url))
    return address.netloc if address else ""


def is_own(url: str, profile: Profile) -> bool:
    """Whether the address is on one of the site's hosts; ``www.`` makes no difference.

    A host that the profile names with a port is compared with its port, others without.

    >>> site = Profile("x", "X", ("x.example", "127.0.0.1:8123"), ("en",))
    >>> [is_own(url, site) for url in ("http://www.x.example:8080/", "http://127.0.0.1/")]
    [True, False]
    """
    host = host_of(url).removeprefix("www.").rstrip(".")
    bare = re.sub(r":\d+$", "", host)
    return bool(host) and (host in profile.hosts or bare in profile.hosts)


# What an article's address looks like

_ASSET = re.compile(
    r"\.(?:7z|avi|bmp|css|csv|docx?|eot|epub|exe|gif|gz|ico|ics|jpe?g|js|json|kml|m3u8?|m4a|map|"
    r"mobi|mov|mp[34]|odt|ogg|otf|pdf|png|pptx?|rar|rss|atom|svg|swf|tar|tiff?|ttf|txt|wav|webm|"
    r"webp|woff2?|xlsx?|xml|zip)$",
    re.IGNORECASE,
)
#: Path segments of pages that are lists, services or machinery. Whole segments only.
_OTHER_SEGMENTS = frozenset(
    {
        "tag", "tags", "etiqueta", "etiquetas", "category", "categories", "categoria",
        "categorias", "topic", "topics", "tema", "temas", "author", "authors", "autor", "autores",
        "page", "pagina", "search", "buscar", "busqueda", "login", "logout", "signin", "signup",
        "register", "registro", "subscribe", "suscripcion", "suscribete", "account", "cuenta",
        "cart", "checkout", "feed", "rss", "atom", "wp-json", "wp-admin", "wp-login.php",
        "wp-content", "wp-includes", "xmlrpc.php", "cdn-cgi", "print", "imprimir", "email",
        "share", "comments", "comment-page-1", "trackback", "embed", "attachment", "sitemap",
        "sitemaps", "static", "assets", "media", "images", "component", "privacy",
        "privacy-policy", "politica-de-privacidad", "terms", "terms-of-use", "cookies", "contact",
        "contacto", "about", "about-us", "quienes-somos", "donate", "donar", "newsletter",
        "newsletters", "boletin", "jobs", "careers", "advertise", "publicidad",
    }
)  # fmt: skip
_OTHER_QUERIES = frozenset({"s", "q", "search", "print", "share", "replytocom", "tmpl", "feed"})
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?/?")
_ONLY_DATES = re.compile(r"^(?:/[a-z]{2})?/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$")
_ID = re.compile(r"(?:^|[-_/.])(?:[a-z]{0,3}\d{4,}|[0-9a-f]{16,}|[0-9a-f-]{32,})(?:\.\w+)?$", re.I)
_WORDS = re.compile(r"[-_+]|%20")

#: A last segment of this many words is a title; sections and services rarely have more than two.
TITLE_WORDS = 3
#: Where the site lists the address among its articles, fewer words are enough.
LISTED_TITLE_WORDS = 2


def is_article_like(url: str, profile: Profile | None = None, *, listed: bool = False) -> bool:
    """Whether an address looks like that of an article.

    A profile's ``other_paths`` and ``article_paths`` decide where it has them. Otherwise the path
    must look like a title, a dated path or a numbered one, and not like a list, a service or a
    file. ``listed`` says that a sitemap or feed lists it, which makes short titles acceptable.

    >>> site = "https://news.example"
    >>> is_article_like(site + "/news/port-strike-enters-third-week/")
    True
    >>> is_article_like(site + "/tag/port-strike-and-unions/"), is_article_like(site + "/a.pdf")
    (False, False)
    """
    address = _parsed(_cleaned(url))
    if address is None or len(url) > URL_CHARACTERS:
        return False
    if profile is not None:
        if _matches(profile.other_paths, address):
            return False
        if profile.article_paths:
            return _matches(profile.article_paths, address)
    return not _is_other(address) and _is_title_like(address, listed)


_DAY_IN_PATH = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<by>[/-]?)(?P<month>0[1-9]|1[0-2])"
    r"(?:(?P=by)(?P<day>0[1-9]|[12]\d|3[01]))?(?=[/-]|$)"
)


def day_in_path(url: str) -> date | None:
    """The day that an address names in its path, or the first day of the month; None without one.

    >>> day_in_path("https://news.example/2019/05/17/a-strike-at-the-port")
    datetime.date(2019, 5, 17)
    >>> day_in_path("https://news.example/world/2019-05/strike"), day_in_path("https://x.example/")
    (datetime.date(2019, 5, 1), None)
    """
    match = _DAY_IN_PATH.search(url, url.find("//") + 2)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return None


_CALENDAR = re.compile(
    r"(?:(?:^|/(?:[a-z]{2}|archives?|archivos?|arquivo|hemeroteca|calendar(?:io)?|date))"
    r"/(?:19|20)\d\d|/(?:19|20)\d\d/(?:0?[1-9]|1[0-2]))/?$",
    re.I,
)


def is_calendar(url: str) -> bool:
    """Whether an address is that of a year or a month of an archive: ``/archive/2019/05/``.

    >>> is_calendar("https://x.example/2019/05/"), is_calendar("https://x.example/2019/05/17/")
    (True, False)
    >>> is_calendar("https://x.example/archive/2019/"), is_calendar("https://x.example/news/2019")
    (True, False)
    """
    address = _parsed(_cleaned(url))
    return address is not None and not address.query and bool(_CALENDAR.search(address.path))


#: Sections stand near the root; deeper lists are reached through them.
SECTION_SEGMENTS = 2
_LIST_SEGMENTS = frozenset(
    {
        "tag", "tags", "etiqueta", "etiquetas", "category", "categories", "categoria",
        "categorias", "topic", "topics", "tema", "temas",
    }
)  # fmt: skip


def is_section_like(url: str) -> bool:
    """Whether an address looks like that of a section: a list of articles near the site's root.

    >>> is_section_like("https://x.example/world/"), is_section_like("https://x.example/login")
    (True, False)
    """
    address = _parsed(_cleaned(url))
    if address is None or address.query or _ASSET.search(address.path):
        return False
    segments = [segment.lower() for segment in address.path.split("/") if segment]
    services = _OTHER_SEGMENTS - _LIST_SEGMENTS
    return 0 < len(segments) <= SECTION_SEGMENTS and not services.intersection(segments)


def _is_other(address: _Address) -> bool:
    segments = [segment.lower() for segment in address.path.split("/") if segment]
    names = {name.lower() for name, _ in parse_qsl(address.query, keep_blank_values=True)}
    return (
        not segments
        or _ASSET.search(address.path) is not None
        or _ONLY_DATES.match(address.path) is not None
        or _CALENDAR.search(address.path) is not None
        or any(segment in _OTHER_SEGMENTS for segment in segments)
        or bool(names & _OTHER_QUERIES)
    )


def _is_title_like(address: _Address, listed: bool) -> bool:
    segments = [segment for segment in address.path.split("/") if segment]
    last = segments[-2] if segments[-1] == "amp" and len(segments) > 1 else segments[-1]
    words = [word for word in _WORDS.split(last) if word]
    if len(words) >= (LISTED_TITLE_WORDS if listed else TITLE_WORDS):
        return True
    return _DATED.match(address.path) is not None or _ID.search(last) is not None


def _matches(patterns: tuple[str, ...], address: _Address) -> bool:
    path = address.path or "/"
    full = f"{path}?{address.query}" if address.query else path
    return any(_pattern(each).search(full) or _pattern(each).search(path) for each in patterns)


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


# Lists that go on

_PAGE_PATH = re.compile(r"^(?P<list>.*?)/(?:page|pagina|pag|p)/?(?P<number>\d{1,5})/?$", re.I)
_PAGE_PARAMETERS = ("page", "paged", "pagina", "pag", "p", "pg", "start", "limitstart", "offset")


def page_number(url: str) -> tuple[str, int] | None:
    """The list that an address is a further page of, and its place in it; None for other addresses.

    The place is a page number or, for ``start`` and ``offset``, the number of items before it.

    >>> page_number("https://news.example/world/page/3/")
    ('https://news.example/world', 3)
    >>> page_number("https://news.example/world?start=20&limit=10")
    ('https://news.example/world', 20)
    """
    address = _parsed(_cleaned(url))
    if address is None:
        return None
    home = f"{address.scheme}://{address.netloc}"
    if match := _PAGE_PATH.match(address.path):
        return home + match["list"].rstrip("/"), int(match["number"])
    query = {name.lower(): value for name, value in parse_qsl(address.query)}
    for name in _PAGE_PARAMETERS:
        if query.get(name, "").isascii() and query.get(name, "").isdigit():
            return home + address.path.rstrip("/"), int(query[name][:9])
    return None


# The parts of an address


def _cleaned(url: str) -> str:
    """The address without white space and control characters, which browsers drop too."""
    text = _SPACES_AND_CONTROLS.sub(" ", url).strip()
    return text.encode("utf-8", "replace").decode("utf-8").replace(" ", "%20")


@lru_cache(maxsize=1024)  # one address is looked at several times in a row
def _parsed(url: str) -> _Address | None:
    """The parts of an absolute http(s) address with a normal host, or None for anything else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc:
        return None
    host = _ascii_host(f"[{host}]" if ":" in host else host)
    if not _HOST.fullmatch(host):
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    return _Address(scheme, netloc, parts.path, parts.query)


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4: the path without ``.`` and ``..`` segments."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _normal_escapes(text: str, safe: str) -> str:
    """Escapes of ordinary letters undone, the others in capitals, all else escaped."""

    def normal(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code in _UNRESERVED else match[0].upper()

    return quote(_ESCAPE.sub(normal, text), safe=safe + "%~")


def _sorted_query(query: str) -> str:
    """The query without tracking parameters, sorted by name; values keep their order."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        return quote(query, safe="=&%~")
    kept = [(name, value) for name, value in pairs if not _is_tracking(name)]
    kept.sort(key=lambda pair: pair[0])
    return urlencode(kept, errors="surrogateescape")


def _is_tracking(name: str) -> bool:
    lowered = name.lower()
    return lowered in TRACKING_PARAMETERS or lowered.startswith(_TRACKING_BEGINNINGS)
