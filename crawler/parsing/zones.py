"""Zones: what tags, class words and attributes say about the text inside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


class Zone:
    """What tags and class words say about the text inside them: bits of one number."""

    NAVIGATION = 1
    HEADER = 2
    FOOTER = 4
    ASIDE = 8
    FORM = 16
    FIGURE = 32
    CAPTION = 64
    CREDIT = 128
    QUOTE = 256
    PULL_QUOTE = 512
    LIST = 1024
    TABLE = 2048
    SHARE = 4096
    COMMENTS = 8192
    RELATED = 16384
    PROMOTION = 32768
    BYLINE = 65536
    DATE = 1 << 17
    TAGS = 1 << 18
    BREADCRUMB = 1 << 19
    HIDDEN = 1 << 20
    DECK = 1 << 21
    KICKER = 1 << 22
    BIO = 1 << 23
    CONTENTS = 1 << 24
    NOTICE = 1 << 25
    BODY = 1 << 29
    MODIFIED = 1 << 30


#: Zones whose text is furniture wherever it stands.
FURNITURE = (
    Zone.NAVIGATION
    | Zone.FOOTER
    | Zone.ASIDE
    | Zone.FORM
    | Zone.SHARE
    | Zone.COMMENTS
    | Zone.RELATED
    | Zone.PROMOTION
    | Zone.BREADCRUMB
    | Zone.HIDDEN
    | Zone.TAGS
    | Zone.BIO
    | Zone.CONTENTS
)
#: Zones that are not the text of the article that they stand in or beside.
ELSEWHERE = FURNITURE | Zone.CAPTION | Zone.FIGURE | Zone.CREDIT
#: Zones that a wrapper of the whole article may carry by accident, and are then not believed.
DOUBTFUL = (
    FURNITURE
    | Zone.HEADER
    | Zone.CAPTION
    | Zone.DECK
    | Zone.KICKER
    | Zone.BYLINE
    | (Zone.DATE | Zone.CREDIT | Zone.PULL_QUOTE | Zone.NOTICE | Zone.FIGURE)
)

BY_TAG = {
    "nav": Zone.NAVIGATION,
    "footer": Zone.FOOTER,
    "aside": Zone.ASIDE,
    "form": Zone.FORM,
    "button": Zone.FORM,
    "dialog": Zone.PROMOTION,
    "figure": Zone.FIGURE,
    "figcaption": Zone.CAPTION,
    "header": Zone.HEADER,
    "blockquote": Zone.QUOTE,
    "ul": Zone.LIST,
    "ol": Zone.LIST,
    "menu": Zone.NAVIGATION,
    "table": Zone.TABLE,
    "address": Zone.BYLINE,
    "fieldset": Zone.FORM,
}


#: Words in classes and ids, compared at word boundaries of kebab-, snake- and camelCase names.
_BY_WORD: tuple[tuple[int, str], ...] = (
    # Names that only sound like a zone: the sentences that a voice may read out are the text's own.
    (0, "speakable summary"),
    (
        Zone.NAVIGATION,
        """
        nav | navbar | navigation | menu | megamenu | submenu | skip | pagination | pager |
        toolbar
        """,
    ),
    (Zone.BREADCRUMB, "breadcrumbs? | crumbs? | brotkrumen"),
    (Zone.FOOTER, "footer | colophon | copyright"),
    (Zone.ASIDE, "sidebar | aside | rail | widget area"),
    (
        Zone.SHARE,
        """
        share | shares | sharing | social | socials | sharedaddy | addtoany | essb | addthis |
        sharebar | share bar
        """,
    ),
    (
        Zone.COMMENTS,
        """
        comments? | commentlist | disqus | respond | kommentare? | comentarios? | commentaires?
        | livefyre
        """,
    ),
    (
        Zone.RELATED,
        """
        related | relateditems | relatedposts | recommended | recommendations? | recirc |
        recirculation | trending | most read | mostread | popular | more stories | read more |
        readmore | read next | also like | relacionad[oa]s? | outbrain | taboola | teasers? |
        latestnews | latest news | most viewed | yarpp | upnext | up next
        """,
    ),
    (
        Zone.PROMOTION,
        """
        newsletter | subscribe | subscription | donate | donation | promo | promotion | advert |
        advertisement | advertising | ads? | adunit | sponsored? | cookie | cookies | consent |
        cmplz | modal | popup | paywall promo | cta | banner | signup | sign up | anzeige |
        publicidad | gdpr | onetrust | didomi | marketing | appeal
        """,
    ),
    (
        Zone.BYLINE,
        """
        byline | bylines | author | authors | autor | autores | autoren | auteur | writer |
        journalist | createdby | vcard | contributor | contributors | byname | reporter |
        itemauthor | firma | creator
        """,
    ),
    (
        Zone.DATE,
        """
        date | dates | dateline | datetime | published | publish | pubdate | timestamp | time |
        posted on | fecha | datum | created | datecreated | itemdatecreated
        """,
    ),
    (
        Zone.MODIFIED,
        """
        updated | modified | lastmod | last updated | date modified | actualizado | aktualisiert
        """,
    ),
    (
        Zone.TAGS,
        """
        tags? | tagcloud | taglist | tag list | keywords | topics? | schlagworte | etiquetas
        """,
    ),
    (
        Zone.CAPTION,
        """
        caption | captions | image description | figcaption | bildunterschrift | legend |
        leyenda | cutline
        """,
    ),
    (
        Zone.CREDIT,
        """
        credit | credits | photocredit | image credit | photographer | copyright holder |
        bildquelle
        """,
    ),
    (
        Zone.PULL_QUOTE,
        """
        pullquote | pull quote | wp block pullquote | blockquote pull | quote pull
        """,
    ),
    (
        Zone.DECK,
        """
        subtitle | sub title | subhead | sub head | subheadline | sub headline | deck | dek |
        standfirst | lede | intro | introduction | summary | excerpt | teaser text | lead | chapo |
        entradilla | bajada | sumario | copete | vorspann | volanta abajo | kicker text |
        abstract | strapline | sommaire | preamble | preface | ingress | einleitung | anriss |
        untertitel | undertitel | sottotitolo | sommario | subtitulo | perex | manchet | chapeau |
        bulletpoints | bullet points | key points | keypoints
        """,
    ),
    (
        Zone.KICKER,
        """
        kicker | entry category | cat links | category name | itemcategory | item category |
        article type | section label | category label | overline | eyebrow | tax category |
        volanta | dachzeile
        """,
    ),
    (
        Zone.BIO,
        """
        author bio | author box | authorbox | about author | about the author | bio | author card
        """,
    ),
    (Zone.CONTENTS, "toc | table of contents | contents list | inhaltsverzeichnis"),
    (Zone.NOTICE, "correction | corrections | editor note | editors note | editornote"),
    (
        Zone.BODY,
        """
        articlebody | article body | entry content | post content | article content | story body
        | storybody | post body | article text | articletext | td post content | item page |
        itembody | theme post content | richtext | content body | body content | main content |
        body text | story content | article main
        """,
    ),
)


def _phrases() -> dict[str, tuple[tuple[str, int], ...]]:
    """The phrases that name zones by their first word, the first to be believed first.

    A "?" after a phrase's last letter says that it may be missing, "[oa]" that it is either.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for zone, phrases in _BY_WORD:
        for phrase in (" ".join(each.split()) for each in phrases.split("|")):
            for spelt in _spellings(phrase):
                found.setdefault(spelt.split()[0], []).append((spelt, zone))
    return {first: tuple(phrases) for first, phrases in found.items()}


def _spellings(phrase: str) -> list[str]:
    """All that a phrase of the list stands for.

    >>> _spellings("relacionad[oa]s?")
    ['relacionados', 'relacionado', 'relacionadas', 'relacionada']
    """
    if "[oa]" in phrase:
        return [each for letter in "oa" for each in _spellings(phrase.replace("[oa]", letter))]
    return [phrase[:-1], phrase[:-2]] if phrase.endswith("?") else [phrase]


_PHRASES = _phrases()
#: What follows a phrase where it names something else: a post of a social network.
_BUT_NOT_BEFORE = {"social": (" media embed", " embed"), "socials": (" embed",)}


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of some words, each beginning tried once.

    >>> _any_of(["ad", "ads", "aside"])
    'a(?:d(?:s)?|side)'
    """
    following: dict[str, list[str]] = {}
    for word in words:
        following.setdefault(word[:1], []).append(word[1:])
    ends = following.pop("", None) is not None
    ways = [re.escape(letter) + _any_of(rest) for letter, rest in following.items()]
    if not ways:
        return ""
    if ends:
        return f"(?:{'|'.join(ways)})?"
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


#: The words that phrases begin with, whole.
_FIRST_WORD = re.compile(f"(?<![a-z0-9]){_any_of(_PHRASES)}(?![a-z0-9])")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
#: WordPress writes a post's tags and categories into classes; they say nothing about the element.
_TAXONOMIES = re.compile(
    r"(?<!\S)(?:tag|category|term|topic|section|format|post|postid|author|type)-"
)
_TAXONOMY = re.compile(
    _TAXONOMIES.pattern
    + r"(?!list|cloud|links?(?!\S)|items?(?!\S)|name|label|template|bio|box|content|body|title|meta"
    r"|date|text|header|info|related|share|byline|summary|excerpt|intro|subtitle|standfirst)\S+"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDING_CLASSES = frozenset(
    [
        *("screen-reader-text", "sharing-screen-reader-text", "sr-only", "element-invisible"),
        *("visually-hidden", "visuallyhidden", "u-hidden", "is-hidden", "hidden", "hide"),
        *("a11y-hidden", "offscreen"),
    ]
)


def words_of(name: str) -> str:
    """A class or id as words: kebab-, snake- and camelCase taken apart, in small letters.

    >>> words_of("itemIntroText td-post_content")
    'item intro text td post content'
    """
    if not name.islower():
        name = _CAMEL.sub(" ", name).lower()
    return name.replace("-", " ").replace("_", " ")


_zones_of_name: dict[str, int] = {}
_NUMBER = re.compile("[0-9]+")


def zones_named(name: str) -> int:
    """Zones that the words of a class or id stand for, remembered, since pages repeat them.

    Names that differ in their numbers alone name the same: ``menu-item-17``, ``menu-item-18``.
    """
    found = _zones_of_name.get(name)
    if found is None:
        found = _zones_of_words(_NUMBER.sub("0", name))
        small = name.lower()
        if _may_hide(small) and not _HIDING_CLASSES.isdisjoint(small.split()):
            found |= Zone.HIDDEN
        if len(_zones_of_name) > 50_000:
            _zones_of_name.clear()
        _zones_of_name[name] = found
    return found


def _may_hide(name: str) -> bool:
    """Whether one of the hiding classes may be in a name: a cheap test first."""
    return "hid" in name or "screen" in name or "sr-only" in name or "invisible" in name


@lru_cache(maxsize=50_000)
def _zones_of_words(name: str) -> int:
    """Zones that the words and phrases of a class or id stand for, from left to right."""
    spaced = words_of(name)
    word = _FIRST_WORD.search(spaced)
    if word is None:
        return 0
    if "-" in name and _TAXONOMIES.search(name):
        spaced = words_of(_TAXONOMY.sub(" ", name))
        word = _FIRST_WORD.search(spaced)
    found = 0
    while word is not None:
        start, end = word.span()
        for phrase, zone in _PHRASES[word[0]]:
            after = start + len(phrase)
            if spaced.startswith(phrase, start) and not _goes_on(spaced, phrase, after):
                found |= zone
                end = after
                break
        word = _FIRST_WORD.search(spaced, end)
    return found


def _goes_on(text: str, phrase: str, at: int) -> bool:
    """Whether a phrase that ends at a place is part of a longer word, or of another phrase."""
    if at < len(text) and text[at] in _LETTERS:
        return True
    return phrase in _BUT_NOT_BEFORE and text.startswith(_BUT_NOT_BEFORE[phrase], at)


_ITEMPROP_ZONES = {
    "articlebody": Zone.BODY,
    "author": Zone.BYLINE,
    "creator": Zone.BYLINE,
    "datepublished": Zone.DATE,
    "datecreated": Zone.DATE,
    "datemodified": Zone.MODIFIED,
    "keywords": Zone.TAGS,
    "caption": Zone.CAPTION,
    "genre": Zone.KICKER,
    "articlesection": Zone.KICKER,
    "alternativeheadline": Zone.DECK,
}
_ROLE_ZONES = {
    "navigation": Zone.NAVIGATION,
    "menu": Zone.NAVIGATION,
    "search": Zone.FORM,
    "complementary": Zone.ASIDE,
    "contentinfo": Zone.FOOTER,
    "dialog": Zone.PROMOTION,
    "doc-pullquote": Zone.PULL_QUOTE,
}


def zones_of_attributes(attributes: dict[str, str | None]) -> int:
    """Zones that attributes other than class and id stand for."""
    zones = 0
    if "hidden" in attributes or _HIDING_STYLE.search(attributes.get("style") or ""):
        zones |= Zone.HIDDEN
    prop = attributes.get("itemprop")
    if prop:
        zones |= _ITEMPROP_ZONES.get(prop.lower(), 0)
    role = attributes.get("role")
    if role:
        zones |= _ROLE_ZONES.get(role.lower(), 0)
    if attributes.get("rel") == "author":
        zones |= Zone.BYLINE
    return zones
