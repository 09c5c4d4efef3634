"""Zones: what tags, class words and attributes say about the text inside them."""

from __future__ import annotations

import re


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
        share | shares | sharing | social(?! media embed| embed) | socials(?! embed) | sharedaddy |
        addtoany | essb | addthis | sharebar | share bar
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
        leyenda | cutline | wp caption text
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
        subtitle | sub title | subhead | subheadline | sub headline | deck | dek | standfirst |
        lede | intro | introduction | summary | excerpt | teaser text | lead | chapo |
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
        article type | section label | category label | overline | eyebrow | tax category | post
        category | volanta | dachzeile
        """,
    ),
    (
        Zone.BIO,
        """
        author bio | author box | authorbox | about author | about the author | bio | author
        info | author card
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


def _alternatives(words: str) -> str:
    """A list of words as a regular expression's alternatives."""
    return "|".join(word.strip() for word in words.split("|"))


_WORD_PATTERN = re.compile(
    "|".join(
        f"(?P<Z{zone}>(?<![a-z0-9])(?:{_alternatives(words)})(?![a-z0-9]))"
        for zone, words in _BY_WORD
    )
)
#: WordPress writes a post's tags and categories into classes; they say nothing about the element.
_TAXONOMY = re.compile(
    r"(?<!\S)(?:tag|category|term|topic|section|format|post|postid|author|type)-"
    r"(?!list|cloud|links?(?!\S)|items?(?!\S)|name|label|template|bio|box|content|body|title|meta|date|text|header|info|related|share|byline|summary|excerpt|intro|subtitle|standfirst)\S+"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|u-hidden|is-hidden|hidden|hide"
    r"|sharing-screen-reader-text|element-invisible|a11y-hidden|offscreen)(?=\s|$)",
    re.I,
)


def words_of(name: str) -> str:
    """A class or id as words: kebab-, snake- and camelCase taken apart, in small letters.

    >>> words_of("itemIntroText td-post_content")
    'item intro text td post content'
    """
    return _CAMEL.sub(" ", name).replace("-", " ").replace("_", " ").lower()


_zones_of_name: dict[str, int] = {}


def zones_named(name: str) -> int:
    """Zones that the words of a class or id stand for, remembered, since pages repeat them."""
    found = _zones_of_name.get(name)
    if found is None:
        spaced = (
            _CAMEL.sub(" ", _TAXONOMY.sub(" ", name)).replace("-", " ").replace("_", " ").lower()
        )
        found = 0
        for match in _WORD_PATTERN.finditer(spaced):
            found |= int((match.lastgroup or "Z0")[1:])
        if _HIDING_CLASS.search(name):
            found |= Zone.HIDDEN
        if len(_zones_of_name) > 50_000:
            _zones_of_name.clear()
        _zones_of_name[name] = found
    return found


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
