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
#: Servers in Java write a visitor's session behind the path.
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.I)
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
    unsigned = _SESSION_IN_PATH.sub("", address.path)
    path = _without_dots(_normal_escapes(unsigned, "/:@!$&'()*+,;=")) or "/"
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
        "member", "members", "perfil", "profile", "user", "users", "usuario", "usuarios",
        "page", "pagina", "search", "buscar", "busqueda", "login", "logout", "signin", "signup",
        "register", "registro", "subscribe", "suscripcion", "suscribete", "account", "cuenta",
        "cart", "checkout", "feed", "rss", "atom", "wp-json", "wp-admin", "wp-login",
        "wp-content", "wp-includes", "xmlrpc", "cdn-cgi", "print", "imprimir", "email",
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
#: A story's number behind the word for a story: ``/noticia/55``, ``/story/88.html``.
_NUMBERED_STORY = re.compile(
    r"/(?:art[ií]culo|article|articolo|artigo|artikel|content|nachricht|node|not[ií]cia|nota|post|"
    r"story)/\d+(?:\.\w+)?/?$",
    re.I,
)
#: Query parameters that name a story, as software writes them that has one page for all.
_STORY_PARAMETER = re.compile(
    r"(?:id_?)?(?:article|articulo|art|content|news|node|nota|noticia|post|story)_?(?:id|no|nr)?|"
    r"a?id|nid|cod(?:igo)?",
    re.I,
)
_PLAIN = re.compile(r"p=\d+")
_PROGRAM = re.compile(r"\.(?:aspx?|cgi|cfm|do|html?|jsp|php\d?|shtml)$")
_STORY_NUMBER = re.compile(r"[\w-]*\d[\w-]*")
#: Sections of newspapers that bear the names of services elsewhere: with a title behind them.
_SECTIONS_TOO = frozenset({"media", "jobs", "careers"})

#: A last segment of this many words is a title; sections and services rarely have more than two.
TITLE_WORDS = 3
#: Where the site lists the address among its articles, fewer words are enough.
LISTED_TITLE_WORDS = 2


def is_article_like(url: str, profile: Profile | None = None, *, listed: bool = False) -> bool:
    """Whether an address looks like that of an article.

    A profile's ``other_paths`` and ``article_paths`` decide where it has them. Otherwise the path
    must look like a title, a dated path or a numbered one, or the query name a story, and none
    like a list, a service or a file. ``listed`` says that a sitemap or feed lists it: then short
    titles are acceptable, and any page below another or with a query of its own.

    >>> site = "https://news.example"
    >>> is_article_like(site + "/news/port-strike-enters-third-week/")
    True
    >>> is_article_like(site + "/tag/port-strike-and-unions/"), is_article_like(site + "/a.pdf")
    (False, False)
    >>> is_article_like(site + "/story.php?id=900"), is_article_like(site + "/world/quake")
    (True, False)
    >>> is_article_like(site + "/world/quake", listed=True)
    True
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


_ARCHIVE = r"(?:archives?|archivos?|arquivo|hemeroteca|calendar(?:io)?|date)"
_CALENDAR = re.compile(
    rf"(?:(?:^|/(?:[a-z]{{2}}|{_ARCHIVE}))/(?:19|20)\d\d|/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])|"
    rf"/{_ARCHIVE}/(?:19|20)\d\d/?-?\d\d?/?-?\d\d?)/?$",
    re.I,
)
_ARCHIVE_PAGE = re.compile(rf"/{_ARCHIVE}(?:\.\w+)?/?$", re.I)
_YEARS = ("year", "y", "anio", "ano", "any", "yr")
_MONTHS = ("month", "mes", "mon", "mm")
_DAYS = ("day", "dia", "d", "dd")
#: Those that hold a whole day or month, as ``2019-05-17`` or ``201905``.
_DATES = ("date", "fecha", "m", "data")
_CALENDAR_PARAMETERS = {*_YEARS, *_MONTHS, *_DAYS, *_DATES}
_DATE = re.compile(r"((?:19|20)\d\d)[-/.]?(0[1-9]|1[0-2])(?:[-/.]?(0[1-9]|[12]\d|3[01]))?")


def is_calendar(url: str) -> bool:
    """Whether an address is that of a year or a month of an archive: ``/archive/2019/05/``.

    A day is one only below a word for an archive: the days of other calendars stand in their
    months, too.

    >>> is_calendar("https://x.example/2019/05/"), is_calendar("https://x.example/2019/05/17/")
    (True, False)
    >>> is_calendar("https://x.example/archive/2019/"), is_calendar("https://x.example/news/2019")
    (True, False)
    >>> is_calendar("https://x.example/archive/2019/05/17")
    True
    >>> is_calendar("https://x.example/archive?year=2019&month=5")
    True
    """
    address = _parsed(_cleaned(url))
    return address is not None and _is_calendar(address)


def _is_calendar(address: _Address) -> bool:
    if address.query:
        return _day_in_query(address) is not None
    return bool(_CALENDAR.search(address.path))


def calendar_day(url: str) -> date | None:
    """The first day of the month or day that a calendar's address names; None for a whole year.

    >>> calendar_day("https://x.example/archive?month=5&year=2019")
    datetime.date(2019, 5, 1)
    """
    address = _parsed(_cleaned(url))
    if address is not None and address.query:
        return _day_in_query(address)
    return day_in_path(url)


def _day_in_query(address: _Address) -> date | None:
    """The day that the query of an archive's page names, if it names nothing else."""
    query = {name.lower(): value for name, value in parse_qsl(address.query)}
    if not _ARCHIVE_PAGE.search(address.path) or not query.keys() <= _CALENDAR_PARAMETERS:
        return None
    whole = _DATE.fullmatch(_of(query, _DATES) or "")
    parts = whole.groups() if whole else [_of(query, names) for names in (_YEARS, _MONTHS, _DAYS)]
    try:
        return date(int(parts[0] or 0), int(parts[1] or 1), int(parts[2] or 1))
    except ValueError:
        return None


def _of(query: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((query[name] for name in names if name in query), None)


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
    query = parse_qsl(address.query, keep_blank_values=True)
    others = _OTHER_SEGMENTS.intersection(_PROGRAM.sub("", segment) for segment in segments)
    if len(_words(segments)) >= TITLE_WORDS:
        others -= _SECTIONS_TOO
    return (
        not (segments or _names_story(query) or _is_plain_permalink(address))
        or _ASSET.search(address.path) is not None
        or _ONLY_DATES.match(address.path) is not None
        or _is_calendar(address)
        or bool(others)
        or bool({name.lower() for name, _ in query} & _OTHER_QUERIES)
    )


def _is_title_like(address: _Address, listed: bool) -> bool:
    segments = [segment for segment in address.path.split("/") if segment]
    if len(_words(segments)) >= (LISTED_TITLE_WORDS if listed else TITLE_WORDS):
        return True
    query = parse_qsl(address.query)
    return (
        _DATED.match(address.path) is not None
        or _ID.search(_last(segments)) is not None
        or _NUMBERED_STORY.search(address.path) is not None
        or _names_story(query)
        or (listed and _is_plain_permalink(address))
        or (listed and (len(segments) > 1 or bool(query)) and _page_number(address) is None)
    )


def _is_plain_permalink(address: _Address) -> bool:
    """Whether this is how WordPress names a story where nobody chose another way: ``/?p=123``."""
    return address.path in ("", "/", "/index.php") and bool(_PLAIN.fullmatch(address.query))


def _last(segments: list[str]) -> str:
    """The segment that may be a title: the last one, but for a mark of another form of the page."""
    if len(segments) > 1 and segments[-1] == "amp":
        return segments[-2]
    return segments[-1] if segments else ""


def _words(segments: list[str]) -> list[str]:
    return [word for word in _WORDS.split(_last(segments)) if word]


def _names_story(query: list[tuple[str, str]]) -> bool:
    """Whether a query says which story is wanted: ``?id=900``, ``?newsId=a7``."""
    return any(
        _STORY_PARAMETER.fullmatch(name) and _STORY_NUMBER.fullmatch(value) for name, value in query
    )


def _matches(patterns: tuple[str, ...], address: _Address) -> bool:
    path = address.path or "/"
    full = f"{path}?{address.query}" if address.query else path
    return any(_pattern(each).search(full) or _pattern(each).search(path) for each in patterns)


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


# Lists that go on

_PAGE_PATH = re.compile(
    r"^(?P<list>.*?)/(?:page|pagina|pag|p|seite|side|sida|strona)[-_/]?(?P<number>\d{1,5})/?$", re.I
)
_PAGE_PARAMETERS = ("page", "paged", "pagina", "pag", "p", "pg", "start", "limitstart", "offset")
#: ``/latest/2``, ``/index2.html``: a list's further page where something else says that it is one.
_ENDS_IN_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?:\.\w{3,5})?/?$")


def page_number(url: str) -> tuple[str, int] | None:
    """The list that an address is a further page of, and its place in it; None for other addresses.

    The place is a page number or, for ``start`` and ``offset``, the number of items before it.

    >>> page_number("https://news.example/world/page/3/")
    ('https://news.example/world', 3)
    >>> page_number("https://news.example/world?start=20&limit=10")
    ('https://news.example/world', 20)
    """
    address = _parsed(_cleaned(url))
    return _page_number(address) if address is not None else None


def _page_number(address: _Address) -> tuple[str, int] | None:
    """What :func:`page_number` says of an address that is in its parts already."""
    home = f"{address.scheme}://{address.netloc}"
    if match := _PAGE_PATH.match(address.path):
        return home + match["list"].rstrip("/"), int(match["number"])
    query = {name.lower(): value for name, value in parse_qsl(address.query)}
    for name in _PAGE_PARAMETERS:
        if query.get(name, "").isascii() and query.get(name, "").isdigit():
            return home + address.path.rstrip("/"), int(query[name][:9])
    return None


def may_go_on(url: str, here: str) -> bool:
    """Whether an address may be that of a list's next page, where its link's words say so.

    >>> may_go_on("https://x.example/?after=t3_9k", "https://x.example/")
    True
    >>> may_go_on("https://x.example/latest/2", "https://x.example/")
    True
    >>> may_go_on("https://x.example/sport/", "https://x.example/")
    False
    """
    there, at = _parsed(_cleaned(url)), _parsed(_cleaned(here))
    if there is None or at is None:
        return False
    is_same = there.path.rstrip("/") == at.path.rstrip("/") and there.query not in ("", at.query)
    return is_same or bool(_ENDS_IN_NUMBER.search(there.path)) or page_number(url) is not None


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
