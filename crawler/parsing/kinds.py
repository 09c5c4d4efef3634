"""What kind of page this is: an article, or one of the pages that are none.

A short brief has few words but one headline, one date and one stretch of its own; a listing has
many headlines that all lead away. Evidence of several kinds is asked for before a page is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate, islice

from crawler.errors import NotAnArticle
from crawler.parsing.asides import is_signature
from crawler.parsing.dates import printed_date
from crawler.parsing.headline import Headline
from crawler.parsing.lines import meta_line
from crawler.parsing.outline import Chunk
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.structured import (
    ARTICLE_TYPES,
    OTHER_PAGE_TYPES,
    TOPIC_TYPES,
    absolute,
    bare_address,
)
from crawler.parsing.text import folded
from crawler.parsing.wording import LISTING_PATH
from crawler.parsing.zones import Zone
from crawler.profile import path_of

#: An article has at least this many letters of prose; the shortest of 1,113 real ones has some 200.
LEAST_PROSE = 120
#: With so many paragraphs of its own, only what stands up to the last of them is held against a
#: page: the cards of a short brief come after it, those of a listing between.
OWN_PARAGRAPHS = 3
#: Teasers end like this.
_CUT = ("…", "...", "[…]", "[...]")
_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:error )?(?:404|410|403|50[0-4])\W*(?:$|error|not found|page|forbidden|gone"
    r"|internal|bad|service)|error\b.{0,12}(?:404|403|5\d\d)|(?:that )?page (?:not found"
    r"|can.t be found)|not found|p[aá]gina no encontrada"
    r"|no se encontr[oó]|access denied|acceso denegado|service unavailable|forbidden"
    r"|seite nicht gefunden|page introuvable"
    r"|oops|algo sali[oó] mal|internal server error|bad gateway|attention required|just a moment"
    r"|are you a robot|are you human|sorry, you have been blocked|you have been blocked"
    r"|checking your browser|connection timed out|verify you are human)\b",
    re.I,
)
#: Standing pages: policies, self-portraits, walls. Refused where nothing dates or signs them.
_STANDING_TITLE = re.compile(
    r"^\W*(?:privacy (?:policy|notice)|terms (?:of|and) |about us|about\W*$|sobre nosotros"
    r"|qui[eé]nes somos|aviso legal|pol[ií]tica de privacidad|contact(?: us)?\W*$|contacto\W*$"
    r"|we'?(?:ll| will) be (?:right )?back|under maintenance|en mantenimiento"
    r"|impressum|datenschutz|newsletter\W*$|donate\W*$"
    r"|donar\W*$)",
    re.I,
)
_LOGIN_TITLE = re.compile(
    r"^\W*(?:log ?in|sign in|iniciar sesi[oó]n|acceder|ingresar|anmelden|connexion|registrarse"
    r"|register|create account)\W*$|^\W*(?:subscribe to continue|suscr[ií]base para)\b",
    re.I,
)
_CONSENT_TITLE = re.compile(
    r"^\W*(?:before you continue|antes de continuar|we value your privacy|your privacy"
    r"|cookie (?:consent|settings|preferences|policy)"
    r"|manage (?:cookie )?consent|valoramos (?:tu|su) privacidad|pol[ií]tica de cookies"
    r"|gestionar (?:el )?consentimiento|consent)\b",
    re.I,
)
_SEARCH_TITLE = re.compile(
    r"^\W*(?:search results?|you searched for|results for|search\W*$|resultados (?:de|para)"
    r"|resultados de (?:la )?b[uú]squeda|b[uú]squeda\b|buscar\W*$|suchergebnisse)",
    re.I,
)
_PROFILE_HEADINGS = (
    "what's in this profile",
    "que hay en este perfil",
    "en este perfil",
    "recent news on",
    "noticias recientes sobre",
    "allies and enemies",
    "aliados y enemigos",
    "criminal activities",
    "actividades criminales",
    "modus operandi",
    "prospects",
    "perspectivas",
    "leadership",
    "liderazgo",
    "geography",
    "geografia",
    "history",
    "historia",
    "origins",
    "origenes",
    "criminal profile",
    "political profile",
    "perfil criminal",
    "facebook",
    "timeline",
    "linea de tiempo",
    "resources",
    "recursos",
)
_PROFILE_QUESTION = re.compile(
    r"^(?:what is .+ story|what criminal markets is|where does .+ operate|who are .+ allies"
    r"|what lies ahead for|recent news on"
    r"|cual es la historia de|en que mercados|donde opera|quienes son los aliados"
    r"|que le espera a|noticias recientes sobre|who (?:is|are) (?:its|the|his) )"
)


def refuse_other_pages(page: Page, headline: Headline | None, text: Text) -> None:
    """Raises :class:`NotAnArticle` for a page that is none; returns for an article."""
    title = headline.text if headline is not None else (page.said.title or "")
    prose = sum(map(_letters, text.prose))
    _refuse_by_title(title, page.said.title or "", prose)
    _refuse_by_address(page, prose)
    if headline is None:
        raise NotAnArticle("empty" if prose < LEAST_PROSE else "landing", "no headline")
    _refuse_profiles(page, text)
    _refuse_listings(page, headline, text, prose)
    if prose < LEAST_PROSE and not _signed_and_dated(page, text, prose):
        raise NotAnArticle("empty", f"{prose} characters of text")


#: A letter of a script without spaces says as much as so many of others.
DENSE = 2.5


def _letters(chunk: Chunk) -> int:
    """A chunk's letters, those of dense scripts counted for as much as they say."""
    if chunk.text.isascii():
        return len(chunk.text)
    dense = sum(len(run) for run in _DENSE_LETTERS.findall(chunk.text))
    return len(chunk.text) + round((DENSE - 1) * dense)


_DENSE_LETTERS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def _refuse_by_title(title: str, head: str, prose: int) -> None:
    dated = re.search(r"\b(?:19|20)\d\d\b", title) is not None
    for pattern, reason, most in (
        (_STANDING_TITLE, "landing", 0 if dated else 10**6),
        (_ERROR_TITLE, "error", 1200),
        (_LOGIN_TITLE, "login", 1500),
        (_CONSENT_TITLE, "consent", 4000),
        (_SEARCH_TITLE, "search", 10**6),
    ):
        for words in (title, head):
            if prose < most and pattern.search(words[:80]):
                raise NotAnArticle(reason, f"titled {words[:60]!r}")


def _refuse_by_address(page: Page, prose: int) -> None:
    """A path that the profile, or on any site the usual words, say is never an article's."""
    path = path_of(page.url)
    if page.profile is None:
        if LISTING_PATH.search(path) and not _is_stated_article(page):
            raise NotAnArticle(_reason_of_path(path), f"the address is {path}")
        return
    for pattern in page.profile.other_paths:
        if re.search(pattern, path):
            raise NotAnArticle(_reason_of_path(path), f"the address is {path}")
    if path.strip("/") in ("", "es", "en"):
        raise NotAnArticle("landing", "the address is a front page")


def _reason_of_path(path: str) -> str:
    if "/tag" in path or "/etiqueta" in path:
        return "tag"
    if "organized-crime-news" in path or "author" in path or "profile" in path:
        return "profile"
    return "listing"


def _refuse_profiles(page: Page, text: Text) -> None:
    """Profiles and hubs: a standing page about a group or person, divided by stock headings."""
    if "ProfilePage" in page.said.types and not ARTICLE_TYPES & page.said.types:
        raise NotAnArticle("profile", "JSON-LD says ProfilePage")
    headings = [folded(chunk.text) for chunk in page.chunks if chunk.is_heading or chunk.emphasised]
    stock = sum(heading in _PROFILE_HEADINGS for heading in headings)
    asked = sum(bool(_PROFILE_QUESTION.match(heading)) for heading in headings)
    contents = any(heading in _PROFILE_HEADINGS[:3] for heading in headings)
    if stock >= 3 or asked >= 2 or (contents and asked + stock >= 2):
        raise NotAnArticle("profile", "divided by a profile's stock headings")


def _refuse_listings(page: Page, headline: Headline, text: Text, prose: int) -> None:
    """Pages whose headlines lead elsewhere, or whose prose is teasers."""
    for kind, reason in OTHER_PAGE_TYPES.items():
        if kind in page.said.types and not ARTICLE_TYPES & page.said.types:
            raise NotAnArticle(reason, f"JSON-LD says {kind}")
    own = [
        chunk for chunk in text.prose if chunk.link_density < 0.5 and not chunk.text.endswith(_CUT)
    ]
    own_prose = sum(len(chunk.text) for chunk in own if not chunk.is_heading)
    teasers = [chunk for chunk in text.prose if chunk.text.endswith(_CUT) and len(chunk.text) > 30]
    leads = headline.chunk is not None and headline.chunk.link_density > 0.9
    if _is_stated_article(page) and not (leads and own_prose < 1500) and len(teasers) < 2:
        return  # nothing below is believed against it
    paragraphs = sum(len(chunk.text) >= 60 and not chunk.is_heading for chunk in own)
    last = text.last if paragraphs >= OWN_PARAGRAPHS else len(page.chunks)
    main = [chunk for chunk in page.chunks[: last + 1] if not chunk.zones & _NOT_MAIN]
    leading = _leading_away(page, headline, main)
    lines = [(chunk, line) for chunk in main if (line := meta_line(chunk.text)) is not None]
    cards = [c.index for c, line in lines if line.byline is None and _dates_story(page, c)]
    dated = len(cards)
    signed = any(line.byline and not _is_under_story(page, chunk) for chunk, line in lines)
    if leads and leading >= 3 and own_prose < 1500:
        raise NotAnArticle("listing", "its headline leads to another page")
    listed = [c for c in own if _leads_with_story(page, c)]
    if (
        len(listed) >= LEAST_CARDS
        and sum(len(c.text) for c in listed) >= own_prose / 2
        and not (signed or _is_stated_article(page))
    ):
        raise NotAnArticle("listing", f"{len(listed)} lines that each begin with a story's link")
    lines_to = [c for c in main if c.tag == "li" and _is_story_line(page, c)]
    if (
        len(lines_to) >= MANY_LINES
        and own_prose < LINE_PROSE * len(lines_to)
        and not (signed or _is_stated_article(page))
        and not _is_dated(page, headline.chunk.index if headline.chunk else 0, lines_to[0].index)
    ):
        raise NotAnArticle("listing", f"{len(lines_to)} dated lines with a story's link")
    boxes, held = _cards(page, text)
    if boxes >= LEAST_CARDS and held >= own_prose / 2 and not (signed or _is_stated_article(page)):
        raise NotAnArticle("listing", f"{boxes} boxes of the same make around one story each")
    if not _is_stated_article(page) and (posts := _posts(page, text)):
        raise NotAnArticle("listing", f"{posts} posts of a forum's readers")
    if not signed and _opens_as_article(page, headline, text, cards):
        return
    if (
        len(teasers) >= 3
        and sum(len(c.text) for c in teasers) > own_prose
        and not signed
        and not (not page.knows_printing and _is_stated_article(page))
    ):
        raise NotAnArticle("listing", f"{len(teasers)} teasers")
    if len(teasers) >= 2 and own_prose < LEAST_PROSE and not signed:
        raise NotAnArticle("listing", f"nothing but {len(teasers)} teasers")
    if leading >= 4 and own_prose < 160 * leading and not signed and not _is_stated_article(page):
        raise NotAnArticle("listing", f"{leading} headlines that lead elsewhere")
    if dated >= 4 and own_prose < 150 * dated and not signed and not _is_stated_article(page):
        raise NotAnArticle("listing", f"{dated} dated cards")


#: Zones whose lines tell nothing about what kind of page it is: an article has them, too.
_NOT_MAIN = Zone.NAVIGATION | Zone.FOOTER | Zone.ASIDE | Zone.RELATED | Zone.COMMENTS
#: A card's date stands so many chunks at most from the link to its story.
CARD_LINES = 3


def _dates_story(page: Page, chunk: Chunk) -> bool:
    """Whether a dated line is a card's: a link of some words to another page stands by it."""
    own = bare_address(page.url)
    near = page.chunks[max(0, chunk.index - CARD_LINES) : chunk.index + CARD_LINES + 1]
    return any(
        len(piece.text.split()) >= 2
        and bare_address(absolute(page.said.base, piece.href)) not in (own, None)
        for each in near
        for piece in each.links
    )


#: So many letters of prose under a headline are more than the words that introduce a list.
OPENING_PROSE = 400
#: A headline has so many words; names of persons, sections and tags have fewer.
HEADLINE_WORDS = 4


def _opens_as_article(page: Page, headline: Headline, text: Text, cards: list[int]) -> bool:
    """Whether most of the prose stands under a dated headline, before any card of another story.

    Sites of unknown make are meant, whose lists may hold more headlines than a short text has
    sentences; ``cards`` are the indices of dated lines of cards.
    """
    own, title = bare_address(page.url), headline.chunk
    if page.knows_printing or title is None or title.link_density > 0.9:
        return False
    if len(headline.text.split()) < HEADLINE_WORDS and not _is_written_without_spaces(headline):
        return False
    after = page.chunks[title.index + 1 :]
    first = next((c.index for c in after if _is_lead_away(c, own)), len(page.chunks))
    first = min([first, *(index for index in cards if index > text.first)])
    prose = [c for c in text.prose if not c.is_heading and c.link_density < 0.5]
    before = sum(len(c.text) for c in prose if c.index < first)
    if before < OPENING_PROSE or 2 * before < sum(len(c.text) for c in prose):
        return False
    return _is_dated(page, title.index, first)


#: An article's date stands so many chunks above its headline at most; a dated line's words.
DATED_ABOVE, DATED_WORDS = 3, 16


def _is_dated(page: Page, title: int, end: int) -> bool:
    """Whether a line by the headline, or under it and before ``end``, gives a date."""
    return any(
        chunk.words <= DATED_WORDS
        and chunk.index != title
        and not chunk.zones & _NOT_MAIN
        and (printed_date(chunk.text) or any(piece.when for piece in chunk.pieces))
        for chunk in page.chunks[max(0, title - DATED_ABOVE) : end]
    )


#: Letters of scripts that put no spaces between words: Japanese, Chinese, Thai.
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]{4}")


def _is_written_without_spaces(headline: Headline) -> bool:
    return len(headline.text) >= 10 and _NO_SPACES.search(headline.text) is not None


def _is_under_story(page: Page, chunk: Chunk) -> bool:
    """Whether a line that signs is a card's: the heading right above it leads to another page."""
    above = page.chunks[max(0, chunk.index - 2) : chunk.index][::-1]
    heading = next((each for each in above if each.is_heading), None)
    return heading is not None and _is_lead_away(heading, bare_address(page.url))


#: So many lines of links to stories, and no more prose than so many letters for each, are a list.
MANY_LINES, LINE_PROSE = 5, 100
#: A story's title has so many words at least.
TITLE_WORDS = 4


def _is_story_line(page: Page, chunk: Chunk) -> bool:
    """Whether a line is little more than the linked title of another story and its date."""
    return (
        chunk.link_density > 0.5
        and printed_date(chunk.text) is not None
        and any(len(piece.text.split()) >= TITLE_WORDS for piece in chunk.links)
        and bool(_stories_linked(page, chunk, bare_address(page.url)))
    )


def _leads_with_story(page: Page, chunk: Chunk) -> bool:
    """Whether a line begins with the linked title of another story."""
    first = chunk.links[0] if chunk.links else None
    return (
        first is not None
        and chunk.tag == "li"
        and len(first.text.split()) >= 3
        and chunk.text.startswith(first.text)
        and bare_address(absolute(page.said.base, first.href)) != bare_address(page.url)
    )


#: So many boxes of one make, each around the link to one story, are a list.
LEAST_CARDS = 3


def _cards(page: Page, text: Text) -> tuple[int, int]:
    """(number, prose in letters) of the largest family of boxes that each hold one story's link.

    A box is told by its tag, class and parent, holds two chunks or more, and one of them is nothing
    but the link: paragraphs with a link in them are no boxes.
    """
    outline = page.outline
    own = bare_address(page.url)
    families: dict[tuple[int, str, str], dict[int, set[str]]] = {}
    for chunk in page.chunks:
        if chunk.zones & (Zone.NAVIGATION | Zone.FOOTER | Zone.ASIDE) or chunk.link_density < 0.8:
            continue
        stories = _stories_linked(page, chunk, own)
        if len(stories) != 1:
            continue
        for element in islice(outline.ancestors(chunk.element), 5):
            family = (outline.parents[element], outline.tags[element], outline.names[element])
            families.setdefault(family, {}).setdefault(element, set()).update(stories)
    best = (0, 0)
    for boxes in families.values():
        alone = {box for box, stories in boxes.items() if len(stories) == 1}
        if len(alone) < LEAST_CARDS:
            continue
        inside = [c for c in text.prose if not alone.isdisjoint(outline.ancestors(c.element))]
        held = sum(len(c.text) for c in inside if c.link_density < 0.8)
        best = max(best, (len(alone), held), key=lambda pair: pair[1])
    return best


#: So many posts of readers that hold this share of the prose, none of them more than that share of
#: theirs, are a forum's topic: an announcement under which readers thank for it is none.
LEAST_POSTS, POSTED, ONE_POST = 3, 0.7, 0.5
#: The link to a member in the software of forums: Discourse, phpBB, vBulletin, XenForo, SMF.
_MEMBER = re.compile(
    r"/(?:u|users?|members?)/[^/]|memberlist\.php|member\.php|action=profile|/profile/\w", re.I
)
_DIGITS = re.compile(r"\d+")
#: A line that names a member has so many words at most, and stands so deep in its post.
BYLINE_WORDS, POST_LEVELS = 20, 8


def _posts(page: Page, text: Text) -> int:
    """The number of a forum's posts on a page whose text they are, else 0.

    Posts are boxes of one make, each of which links the member who wrote it, or which the head
    says to be posts. The comments under an article hold none of its text.
    """
    outline = page.outline
    prose = [chunk for chunk in text.prose if not chunk.is_heading]
    typed = bool(TOPIC_TYPES & page.said.types)
    families: dict[tuple[int, str, str], dict[int, set[str]]] = {}
    for chunk in prose if typed else page.chunks:
        members = {each.href for each in chunk.links if each.href and _MEMBER.search(each.href)}
        if not typed and (len(members) != 1 or chunk.words > BYLINE_WORDS):
            continue
        for element in islice(outline.ancestors(chunk.element), POST_LEVELS):
            name = _DIGITS.sub("", outline.names[element])
            family = (outline.parents[element], outline.tags[element], name)
            families.setdefault(family, {}).setdefault(element, set()).update(members)
    prose.sort(key=lambda chunk: chunk.element)
    elements = [chunk.element for chunk in prose]
    letters = [0, *accumulate(len(chunk.text) for chunk in prose)]

    def written(box: int) -> int:
        first, last = bisect_left(elements, box), bisect_left(elements, outline.ends[box])
        return letters[last] - letters[first]

    for boxes in families.values():
        if len(boxes) < LEAST_POSTS or not (typed or len(set().union(*boxes.values())) > 1):
            continue
        held = [written(box) for box in boxes]
        if sum(held) >= POSTED * letters[-1] and max(held) <= ONE_POST * sum(held):
            return len(boxes)
    return 0


def _stories_linked(page: Page, chunk: Chunk, own: str | None) -> set[str]:
    """The addresses of stories that a chunk links, without the page itself."""
    found = set()
    for piece in chunk.links:
        if piece.href and ("-" in piece.href or "-" in page.said.base):
            address = bare_address(absolute(page.said.base, piece.href))
            if address and address != own and "-" in address:
                found.add(address)
    return found


def _leading_away(page: Page, headline: Headline, chunks: list[Chunk]) -> int:
    """How many headings in the main part are links to other pages."""
    own = bare_address(page.url)
    return sum(
        _is_lead_away(chunk, own)
        for chunk in chunks
        if headline.chunk is None or chunk.index != headline.chunk.index
    )


def _is_lead_away(chunk: Chunk, own: str | None) -> bool:
    """Whether a chunk is a heading that is a link to another page."""
    return (
        chunk.is_heading
        and chunk.link_density > 0.8
        and any(bare_address(piece.href) not in (own, None) for piece in chunk.links)
    )


def _is_stated_article(page: Page) -> bool:
    """Whether the head says that this page is an article."""
    return bool(page.said.articles) or (page.said.first("og:type") or "").lower() in (
        "article",
        "news.article",
    )


def _signed_and_dated(page: Page, text: Text, prose: int) -> bool:
    """Whether a very short text is an article all the same: the head says so, or it is signed."""
    if prose < 20:
        return False
    near = page.chunks[max(0, text.first - LOOKED_AT) : text.first]
    signed = any(is_signature(c) and not _is_card_line(c) for c in near)
    return _is_stated_article(page) or bool(text.signed) or signed


def _is_card_line(chunk: Chunk) -> bool:
    """Whether a date line is a card's: a category, and nobody who signs."""
    line = meta_line(chunk.text)
    return line is not None and line.byline is None and bool(line.labels)


#: So many chunks before the text may sign it.
LOOKED_AT = 8
