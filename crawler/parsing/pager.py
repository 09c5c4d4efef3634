"""Articles that go on on another page: where the next part stands, and where the first.

A pager of an article and one of a listing look alike, and the next *article* is linked in the same
words as the next *page*. So an address is a part only if it is the article's own address and a page
number, nothing else; and only if the page says in so many words that it goes on there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.parsing.outline import Piece
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.structured import absolute
from crawler.parsing.zones import Zone
from crawler.profile import host_of
from crawler.urls import canonical_url, is_article_like

#: How pagers word the way to the next page, without marks; the languages of the test pages.
_NEXT = re.compile(
    r"^\W*(?:(?:go to |read |see |continue (?:reading )?(?:on|to) )?(?:the )?next(?: page)?"
    r"|continue(?: reading)?(?: on page \d+)?|(?:p[aá]gina )?siguiente|siguiente p[aá]gina"
    r"|pr[oó]xima(?: p[aá]gina)?|weiter(?: (?:auf|zu) seite \d+)?|n[aä]chste seite"
    r"|auf (?:der n[aä]chsten seite|einer seite) lesen"
    r"|(?:page )?suivante?|(?:pagina )?successiva|avanti|volgende(?: pagina)?"
    r"|nast[eę]pna(?: strona)?"
    r"|n[aä]sta(?: sida)?|neste(?: side)?|n[aæ]ste(?: side)?|seuraava(?: sivu)?"
    r"|следующая(?: страница)?|далее|下一页|下一頁|下页|次のページ(?:へ)?|次へ|다음(?: 페이지)?"
    r"|الصفحة التالية|التالي|לעמוד הבא|הבא|[›»→>]+)\W*(?:\d{1,2}\W*)?$",
    re.I,
)
_PREVIOUS = re.compile(
    r"^\W*(?:(?:go to )?(?:the )?(?:previous|first|prev)(?: page)?|back to (?:the )?first page"
    r"|(?:p[aá]gina )?(?:anterior|primera)|(?:vorherige|erste) seite|zur[uü]ck"
    r"|(?:page )?pr[eé]c[eé]dente|(?:pagina )?precedente|indietro|vorige(?: pagina)?"
    r"|上一页|上一頁|首页|前のページ(?:へ)?|前へ|이전(?: 페이지)?|[‹«←<]+)\W*$",
    re.I,
)
#: "2", "Page 2", "Seite 2", "2/5".
_NUMBER = re.compile(
    r"^\W*(?:page|p[aá]gina|seite|pag\.?|p\.|teil|part|parte)?\s*(\d{1,2})\W*(?:(?:/|of|de|von)\W*\d{1,2})?\W*$",
    re.I,
)
_WORDS = "page|pagina|seite|pag|part|parte|teil|p"
#: A page number at the end of a path: /story/2, /story/page/2, /story/seite-2; story,page-2.html,
#: story_2.html. A number alone after a hyphen is a second story of the same title.
_PATHS = (
    re.compile(rf"^(?P<stem>.+?)/(?:(?:{_WORDS})[-/]?)?(?P<number>\d{{1,2}})/?(?P<end>)$", re.I),
    re.compile(
        rf"^(?P<stem>.+?)[-_,.](?:{_WORDS})[-_]?(?P<number>\d{{1,2}})(?P<end>(?:\.[a-z]{{3,5}})?)/?$",
        re.I,
    ),
    re.compile(r"^(?P<stem>.+?)_(?P<number>\d{1,2})(?P<end>\.[a-z]{3,5})$", re.I),
)
_PARAMETERS = frozenset(("page", "pagina", "pag", "seite", "p", "pg", "part", "teil", "paged"))
_ID_IN_QUERY = re.compile(r"(?:^|&)[a-z]*id=[0-9a-f-]{3,}", re.I)
#: Links of a pager are short, and stand within so many chunks after the text.
LINK_CHARACTERS, REACH = 40, 60
#: A pager has at most so many links worth a look.
MOST_LINKS = 400


class Numbered(NamedTuple):
    """An address as a page of something: what it is a page of, and its number."""

    stem: str
    number: int


class _Link(NamedTuple):
    url: str
    text: str
    rel: str


def read_pages(page: Page, text: Text) -> tuple[str | None, str | None]:
    """(the next part's address, the first part's address where this page is a later one)."""
    own = {_bare(url): url for url in (page.url, page.said.canonical) if url}
    here = [each for url in own.values() for each in numbered(url) if _is_article(each.stem)]
    links = [link for link in _links(page, text) if host_of(link.url) == host_of(page.url)]
    first = next((each for each in here if _is_later_part(page, each, links)), None)
    following = [(each, link) for link in links for each in numbered(link.url)]
    for each, link in following:
        if first is not None:
            fits = each.stem == first.stem and each.number == first.number + 1
        else:
            fits = each.number == 2 and _is_stem(each.stem, own) and _is_article(each.stem)
        if fits and _says_next(link, each.number):
            page.came_from("next_page", "link:next", link.text or link.rel)
            return canonical_url(link.url), first and _first_address(page, first, links)
    return None, first and _first_address(page, first, links)


def numbered(url: str) -> list[Numbered]:
    """The ways to take an address as a numbered page; none for most addresses.

    >>> numbered("https://x.example/big-story/2/")
    [Numbered(stem='x.example/big-story', number=2)]
    >>> numbered("https://x.example/story.php?id=77&page=3")
    [Numbered(stem='x.example/story.php?id=77', number=3)]
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    found = []
    query = parse_qsl(parts.query) if parts.query else []
    for name, value in query:
        if name.lower() in _PARAMETERS and value.isascii() and value.isdigit() and len(value) < 3:
            rest = urlencode(sorted(pair for pair in query if pair != (name, value)))
            path = f"{parts.path}?{rest}" if rest else parts.path
            found.append(Numbered(_bare(f"https://{parts.netloc}{path}"), int(value)))
    if found or not any(map(str.isdigit, parts.path[-10:])):
        return found
    for pattern in _PATHS:
        match = pattern.match(parts.path)
        if match:
            query_kept = f"?{parts.query}" if parts.query else ""
            stem = f"https://{parts.netloc}{match['stem']}{match['end']}{query_kept}"
            found.append(Numbered(_bare(stem), int(match["number"])))
            break
    return found


def _bare(url: str) -> str:
    """An address to compare parts by: normal, without scheme, ``www.`` and the last slash."""
    bare = canonical_url(url).split("://", 1)[-1].removeprefix("www.")
    path, mark, query = bare.partition("?")
    return path.rstrip("/") + mark + query


def _is_stem(stem: str, own: dict[str, str]) -> bool:
    """Whether a stem is the page's own address, or that of its first page written out."""
    return stem in own or any(
        each == Numbered(stem, 1) for url in own.values() for each in numbered(url)
    )


def _is_article(stem: str) -> bool:
    """Whether a stem looks like an article's address, not like a listing's."""
    return is_article_like(f"https://{stem}") or bool(_ID_IN_QUERY.search(stem.partition("?")[2]))


def _is_later_part(page: Page, own: Numbered, links: list[_Link]) -> bool:
    """Whether a numbered address is a later page of an article: the page itself leads back."""
    if own.number < 2:
        return False
    if page.said.canonical and _bare(page.said.canonical) == own.stem:
        return True
    for link in links:
        if not ("prev" in link.rel or _PREVIOUS.match(link.text) or _number_of(link.text)):
            continue
        before = {Numbered(_bare(link.url), 1), *numbered(link.url)}
        if before & {Numbered(own.stem, 1), Numbered(own.stem, own.number - 1)}:
            return True
    return False


def _first_address(page: Page, own: Numbered, links: list[_Link]) -> str:
    """The first page's address as it is linked, or put together."""
    for url in (page.said.canonical, *(link.url for link in links)):
        if url and _bare(url) == own.stem:
            return canonical_url(url)
    scheme, _, rest = page.url.partition("://")
    www = "www." if rest.startswith("www.") else ""
    return f"{scheme}://{www}{own.stem}"


def _says_next(link: _Link, number: int) -> bool:
    return (
        "next" in link.rel or _number_of(link.text) == number or _NEXT.match(link.text) is not None
    )


def _number_of(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match.group(1)) if match else None


def _links(page: Page, text: Text) -> Iterator[_Link]:
    """What the head and the pagers around the text lead to; comments have pagers of their own."""
    for rel, url in page.said.neighbours:
        yield _Link(url, "", rel)
    left = MOST_LINKS
    for chunk in page.chunks[max(0, text.first - 10) : text.last + REACH]:
        if not chunk.link_chars or chunk.zones & Zone.COMMENTS:
            continue
        for piece in chunk.links:
            address = absolute(page.said.base, piece.href) if _is_of_pager(piece) else None
            if address:
                yield _Link(address, piece.text[: LINK_CHARACTERS + 1], piece.rel)
                left -= 1
                if left <= 0:
                    return


def _is_of_pager(piece: Piece) -> bool:
    """Whether a link is worded as one of a pager's, or marked as one."""
    text = piece.text
    if "next" in piece.rel or "prev" in piece.rel:
        return True
    return len(text) <= LINK_CHARACTERS and any(
        pattern.match(text) for pattern in (_NUMBER, _NEXT, _PREVIOUS)
    )
