"""What an article is filed under: kicker, category, tags, and the licence it stands under."""

from __future__ import annotations

import re

from crawler.parsing.asides import is_see_also
from crawler.parsing.dates import printed_date
from crawler.parsing.headline import Headline
from crawler.parsing.lines import is_language_token, meta_line
from crawler.parsing.opening import Opening
from crawler.parsing.outline import Chunk
from crawler.parsing.page import Page, own_names, squeezed
from crawler.parsing.roles import Text
from crawler.parsing.structured import absolute, bare_address, texts_of
from crawler.parsing.text import begins, clean, folded, is_capitals, may_begin
from crawler.parsing.wording import phrases
from crawler.parsing.zones import Zone

_LABELLED = re.compile(
    r"^(?:categor(?:y|ies|[ií]as?)|published in|posted in|publicado en|filed under|archivado en"
    r"|section|secci[oó]n)\b\s*:?\s*(.+)$",
    re.I,
)


def read_kicker(page: Page, opening: Opening) -> str | None:
    """The type label as shown, or None."""
    if opening.line is not None and len(opening.line.labels) > 1:
        first = opening.line.labels[0]
        if folded(first) in page.wording.kickers:
            page.came_from("kicker", "line:meta", opening.line_raw)
            return first
    for chunk in opening.above[::-1] + opening.below:
        label = _label_of(page, chunk, near=chunk in opening.above[-1:])
        if label:
            page.came_from("kicker", "label:opening", chunk.text)
            return label
    for chunk in opening.closing:
        label = _stated_label(page, chunk) or (
            _class_label(page, chunk) if chunk.zones & Zone.KICKER else None
        )
        if label:
            page.came_from("kicker", "label:closing", chunk.text)
            return label
    return None


#: A label is one link or two; a row of more is a menu.
LABEL_LINKS = 2


#: Kinds of texts, as a line of its own right over the headline says them on any site.
_GENRES = frozenset(
    folded(genre)
    for genre in phrases(
        """
        Analysis | News Analysis | Opinion | Editorial | Commentary | Comment | Interview | Feature
        | Long Read | Review | Explainer | Exclusive | Exclusive Report | Special Report |
        Investigation | Obituary | Column | Essay | Profile | Fact Check | In Pictures | Q&A |
        Análisis | Opinión | Entrevista | Reportaje | Crónica | Columna | Reseña | Exclusiva |
        Investigación | Obituario | Perfil | Análise | Opinião | Reportagem | Entrevista exclusiva |
        Crônica | Resenha | Analyse | Kommentar | Meinung | Reportage | Leitartikel | Kolumne |
        Gastbeitrag | Nachruf | Glosse | Rezension | Exklusiv | Porträt | Faktencheck | Tribune |
        Enquête | Décryptage | Entretien | Éditorial | Chronique | Critique | Récit | Portrait |
        Opinioni | Analisi | Intervista | Inchiesta | Recensione | Opinie | Interview exclusief |
        Ledare | Krönika | Debatt | Intervju | Kronikk | Analyysi | Wywiad | Opinia | Reportaż |
        Мнение | Интервью | Репортаж | Анализ | 社論 | 社说 | 社説 | 评论 | 評論 | 사설 |
        رأي | مقابلة
        """
    )
)


def _label_of(page: Page, chunk: Chunk, *, near: bool) -> str | None:
    if chunk.words > 8 or chunk.zones & (Zone.BYLINE | Zone.DECK | Zone.CAPTION):
        return _stated_label(page, chunk)
    if is_language_token(chunk.text):
        return None
    if folded(chunk.text) in page.wording.kickers:
        return chunk.text
    stated = _stated_label(page, chunk)
    if stated:
        return stated
    linked = [piece.text for piece in chunk.links if folded(piece.text) in page.wording.kickers]
    if linked and len(chunk.links) <= LABEL_LINKS:
        return linked[0]
    if chunk.zones & Zone.KICKER or any(piece.zones & Zone.KICKER for piece in chunk.pieces):
        return _class_label(page, chunk)
    if near and not page.knows_printing and folded(chunk.text) in _GENRES:
        return chunk.text
    if near and is_capitals(chunk.text) and chunk.words <= 4 and meta_line(chunk.text) is None:
        return chunk.text if not chunk.links or chunk.link_density > 0.9 else None
    return None


def _stated_label(page: Page, chunk: Chunk) -> str | None:
    """``Category: News Briefs`` and its like."""
    match = _LABELLED.match(chunk.text)
    if match and len(match.group(1)) <= 60:
        return _chosen(page, [part.strip() for part in match.group(1).split(",")])
    return None


def _class_label(page: Page, chunk: Chunk) -> str | None:
    names = [piece.text for piece in chunk.links if piece.text] or [chunk.text]
    names = [name for name in names if len(name) <= 60 and printed_date(name) is None]
    return _chosen(page, names)


def _chosen(page: Page, names: list[str]) -> str | None:
    """The first label that says something; a known one before others."""
    names = [name for name in names if folded(name) not in ("uncategorized", "sin categoria", "")]
    known = [name for name in names if folded(name) in page.wording.kickers]
    return next(iter(known or names), None)


def read_category(page: Page, opening: Opening, kicker: str | None) -> str | None:
    """The meta line's term; where there is none, the label; never from the address."""
    crumb = _last_crumb(page, opening) if not page.knows_printing else None
    if crumb:
        page.came_from("category", "line:breadcrumb", crumb)
        return crumb
    marked = _marked_category(page, opening) if not page.knows_printing else None
    if marked:
        return marked
    if opening.line is not None:
        terms = _terms(page, opening.line.labels)
        if len(terms) > 1 and folded(terms[0]) in page.wording.kickers:
            terms = terms[1:]
        if terms:
            page.came_from("category", "line:meta", opening.line_raw)
            return " / ".join(terms)
        linked = _category_beside_line(page, opening)
        if linked:
            return linked
    if kicker and not page.knows_printing and folded(kicker) in _GENRES:
        section = _stated_section(page)
        if section:
            return section
    if kicker:
        page.came_from("category", "label:kicker", kicker)
        return kicker
    return _stated_section(page) if not page.knows_printing else None


#: What themes print between date and byline that files nothing: acts, counts, invitations.
_NO_TERM = re.compile(
    r"^(?:\d|(?:leave|no|add|post) (?:a |your )?(?:comments?|reply)|comments?\b|deja un comentario"
    r"|(?:sin|no hay) comentarios|nenhum coment[aá]rio|deixe um coment[aá]rio"
    r"|laisser un commentaire|schreibe? (?:einen )?kommentar|keine kommentare"
    r"|(?:enviado|words|submitted|sent|inviato|publi[eé]|pubblicato|scritto|stories|text|story)\W*$)",
    re.I,
)


def _terms(page: Page, labels: tuple[str, ...]) -> list[str]:
    """A meta line's labels that may file the article; on a known site all."""
    if page.knows_printing:
        return list(labels)
    return [label for label in labels if not _NO_TERM.match(label)]


#: What classes call the label of the section.
_CATEGORY_CLASS = re.compile(
    r"(?:^|[\s_-])(?:categor(?:y|ies|ias?|[ií]as?|ie)|section|rubri[ckq](?:ue)?s?|ressorts?|secci[oó]n"
    r"|editoria|vignette|overline|primary[-_]tag)(?:$|[\s_-](?:link|name|label|item|tag)?)",
    re.I,
)
#: A category has at most so many words, and the line under the headline that links it.
CATEGORY_WORDS, LINE_WORDS = 4, 24
_CATEGORY_PATH = re.compile(r"/(?:category|categories|categorias?|kategorien?|rubrik)/[^/]", re.I)


def _marked_category(page: Page, opening: Opening) -> str | None:
    """What the page marks as the category: by ``rel``, by a class, or by a link on the headline."""
    lines = opening.above[::-1] + opening.below + opening.closing
    for chunk in lines:
        for piece in chunk.links:
            if "category" in piece.rel and _may_file(page, piece.text):
                page.came_from("category", "link:rel=category", chunk.text)
                return piece.text
    for chunk in opening.above[::-1] + opening.below:
        named = _CATEGORY_CLASS.search(page.outline.names[chunk.element]) is not None
        label = chunk.links[0].text if chunk.pieces and chunk.links else chunk.text
        if named and chunk.words <= CATEGORY_WORDS and _may_file(page, label):
            page.came_from("category", "class:category", chunk.text)
            return label
        for piece in chunk.pieces:
            if _CATEGORY_CLASS.search(piece.words or "") and _may_file(page, piece.text):
                page.came_from("category", "class:category", chunk.text)
                return piece.text
    for chunk in opening.below:
        for piece in chunk.links if chunk.words <= LINE_WORDS else ():
            if _CATEGORY_PATH.search(piece.href or "") and _may_file(page, piece.text):
                page.came_from("category", "link:category", chunk.text)
                return piece.text
    for chunk in opening.above[-1:]:
        if len(chunk.links) == 1 and chunk.link_density > 0.9 and _may_file(page, chunk.text):
            page.came_from("category", "link:over-headline", chunk.text)
            return chunk.text
    return None


def _may_file(page: Page, text: str) -> bool:
    """Whether a label can be a category's: short, no date, not the way home, not the outlet."""
    site = page.said.meta.get("og:site_name", [])[:1]
    bare = folded(text)
    return (
        0 < len(text) <= CRUMB_CHARACTERS
        and len(text.split()) <= CATEGORY_WORDS
        and any(map(str.isalpha, text))
        and bare not in page.wording.home
        and bare not in ("uncategorized", "sin categoria", "")
        and bare not in map(folded, site)
        and not _NO_TERM.match(text)
        and printed_date(text) is None
    )


#: A breadcrumb stands within so many chunks from the page's beginning to the headline; a crumb is
#: no longer than this.
MOST_CRUMBS, CRUMB_CHARACTERS = 400, 40


def _last_crumb(page: Page, opening: Opening) -> str | None:
    """The last link of the breadcrumb before the headline: where the page files the article."""
    last: str | None = None
    end = opening.below[0].index if opening.below else MOST_CRUMBS
    for chunk in page.chunks[: min(end, MOST_CRUMBS)]:
        if not (chunk.zones & Zone.BREADCRUMB or _is_crumbs(page, chunk)):
            continue
        for piece in chunk.links:
            name = piece.text.strip(" /|·›»>")
            if 0 < len(name) <= CRUMB_CHARACTERS and folded(name) not in page.wording.home:
                own = bare_address(absolute(page.said.base, piece.href)) == bare_address(page.url)
                last = last if own else name
    return last


#: What parts a breadcrumb in one line, which has so many links at most.
_CRUMB_SIGNS, CRUMB_LINKS = frozenset("»›>/→|"), 6


def _is_crumbs(page: Page, chunk: Chunk) -> bool:
    """Whether a line without any mark is a breadcrumb: the way home, a sign, and on."""
    links = chunk.links
    if not 2 <= len(links) <= CRUMB_LINKS or folded(links[0].text) not in page.wording.home:
        return False
    rest = chunk.text
    for link in links:
        rest = rest.replace(link.text, " ", 1)
    signs = rest.split()
    return chunk.text.startswith(links[0].text) and (
        len(signs) >= len(links) - 1
        and all(_CRUMB_SIGNS.issuperset(sign) for sign in signs[: len(links) - 1])
        and len(set(signs[: len(links) - 1])) == 1
        and signs[0] != "|"
    )


def _stated_section(page: Page) -> str | None:
    """The section that the head states, where the page shows none."""
    for source, named in (
        ("json-ld:articleSection", texts_of(page.said.article.get("articleSection"))),
        ("meta:article:section", page.said.meta.get("article:section", [])),
    ):
        names = [name for name in named if 0 < len(name) <= CRUMB_CHARACTERS]
        if names:
            page.came_from("category", source, " | ".join(named[:5]))
            return names[0]
    return None


def _category_beside_line(page: Page, opening: Opening) -> str | None:
    """A term in capitals of its own chunk right before a meta line without one."""
    raw = opening.line_raw or ""
    for chunk in opening.below:
        if raw.startswith(chunk.text) or chunk.text == raw:
            return None
        if is_capitals(chunk.text) and chunk.words <= 6:
            page.came_from("category", "line:meta", chunk.text)
            return chunk.text.strip(" /|·")
    return None


_TAGS_LINE = re.compile(
    r"^(?:tags?|tagged|etiquetas?|temas|topics|keywords|schlagworte)\s*:\s*(.*)$", re.I
)


def read_tags(page: Page, headline: Headline, text: Text) -> tuple[str, ...]:
    """The tags that the page shows with the article, else those of the meta tags made for them."""
    start = headline.chunk.index if headline.chunk else 0
    last = text.prose[-1].index if text.prose else text.last
    names: list[str] = []
    for chunk in page.chunks[start:]:
        if chunk.zones & (Zone.NAVIGATION | Zone.RELATED | Zone.COMMENTS | Zone.ASIDE):
            continue
        found = _tags_of(chunk, text.last, last)
        if found and not is_see_also(chunk, page.wording.see_also):
            names += found
    source = "links:tags"
    names = [name for name in names if name.strip(" ,#")]
    if not names and not page.knows_printing:
        names, source = _under_tags_heading(page, last), "links:under-heading"
    if not names:
        names, source = list(page.said.meta.get("article:tag", [])), "meta:article:tag"
    if not names and not page.knows_printing:
        names, source = _keywords(page), "json-ld:keywords"
    tags = tuple(dict.fromkeys(name.strip(" ,#") for name in names if name.strip(" ,#")))
    if tags:
        page.came_from("tags", source, ", ".join(tags))
    return tags


_TAGS_HEADING = frozenset(
    """tags tagged topics topic keywords etiquetas temas themen schlagworte schlagwörter stichworte
    sujets thèmes mots-clés argomenti temi tópicos assuntos onderwerpen trefwoorden emner ämnen
    tagi tematy теги темы タグ キーワード 标签 關鍵字 关键词 태그""".split()  # noqa: SIM905
)
#: A tag has at most so many words, and an article so many tags.
TAG_WORDS, MOST_TAGS = 5, 20


def _under_tags_heading(page: Page, last: int) -> list[str]:
    """The links right under a heading such as "Topics" after the text."""
    after = page.chunks[last + 1 : last + 1 + 2 * MOST_TAGS]
    for number, chunk in enumerate(after):
        if chunk.text.lower().rstrip(" :") not in _TAGS_HEADING or chunk.links:
            continue
        names: list[str] = []
        for each in after[number + 1 :]:
            if each.link_density < 0.9 or any(
                len(piece.text.split()) > TAG_WORDS for piece in each.links
            ):
                break
            names += [piece.text for piece in each.links if piece.text]
        return names[:MOST_TAGS]
    return []


#: What newsrooms' systems write among the keywords for themselves.
_FOR_MACHINES = re.compile(r"[:_=]|^\W*\d|^[a-z]+(?:-[a-z]+){2,}$")


def _keywords(page: Page) -> list[str]:
    """The keywords of the article's JSON-LD, as a list or parted by commas."""
    stated = texts_of(page.said.article.get("keywords"))
    names = stated[0].split(",") if len(stated) == 1 else stated
    names = [clean(name) for name in names]
    own = own_names(page) | {"frontpage"}
    kept = [
        name
        for name in names
        if any(map(str.isalnum, name))
        and len(name.split()) <= TAG_WORDS
        and not _FOR_MACHINES.search(name)
        and squeezed(name) not in own
    ]
    return kept[:MOST_TAGS]


def _tags_of(chunk: Chunk, stretch_end: int, last: int) -> list[str]:
    """The tags that a chunk prints, by its class, its links or its label; most print none.

    Links count from where the text's stretch ends, a label after the ``last`` prose.
    """
    if chunk.zones & Zone.TAGS and chunk.words <= 80:
        return _tag_names(chunk)
    if chunk.pieces:
        if chunk.index > stretch_end - 2 and _is_tag_links(chunk):
            return [piece.text for piece in chunk.links if piece.text]
        marked = [p for p in chunk.links if "tag" in p.rel.split() and "category" not in p.rel]
        if marked:
            return [piece.text for piece in marked]
    if chunk.words <= 60 and chunk.index > last:
        match = _TAGS_LINE.match(chunk.text)
        if match:
            return match.group(1).split(",")
    return []


_TAG_PATH = re.compile(r"/(?:(?:hash)?tags?|etiquetas?|topics?|temas?|keyword|schlagwort)/", re.I)


def _is_tag_links(chunk: Chunk) -> bool:
    """Whether a line is nothing but links to tag pages."""
    return (
        bool(chunk.links)
        and all(_TAG_PATH.search(piece.href or "") for piece in chunk.links)
        and chunk.words - sum(len(piece.text.split()) for piece in chunk.links)
        <= 2 + len(chunk.links)
    )


def _tag_names(chunk: Chunk) -> list[str]:
    linked = [piece.text for piece in chunk.links if piece.text]
    if linked:
        return linked
    match = _TAGS_LINE.match(chunk.text)
    return match.group(1).split(",") if match else []


_LICENCE_URL = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/", re.I)


#: A licence notice in any words: that a text may be copied, and on what terms.
_LICENCE_WORDS = re.compile(
    r"\b(?:copiar|copien|copia|reproducir|republicar|republiquen|copy|republish|reproduce|reprint)\b.{0,60}"
    r"\b(?:distribu|compart|difund|share|work|content|trabajo|contenido|articul).*"
    r"\b(?:no comercial|non-commercial|noncommercial|creative commons|atribu|attribut)"
)
#: One of these is in every notice that the words above match: a cheap test first.
_TERMS_OF_LICENCES = ("comercial", "commercial", "creative commons", "atribu", "attribut")
#: A licence notice has at most this many words.
LICENCE_WORDS = 120


#: Without one of these no text is a licence notice in any words.
_COPYING = re.compile(r"cop[iy]|repro|republi|reprint", re.I)


def _states_licence(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk is a licence notice."""
    bare = folded(chunk.text)
    if begins(chunk.text, page.wording.licence):
        return bare.startswith("creative commons") is False or bool(chunk.links) or chunk.words <= 6
    return (
        any(word in bare for word in _TERMS_OF_LICENCES) and _LICENCE_WORDS.search(bare) is not None
    )


def read_licence(page: Page) -> str | None:
    """The licence that the page states, by its address or its words."""
    firsts = {opening[:2] for opening in page.wording.licence}
    words = "\n".join([chunk.text for chunk in page.chunks]).lower()
    has_terms = any(term in words for term in _TERMS_OF_LICENCES)
    for chunk in page.chunks:
        licensed = chunk.pieces and [
            piece
            for piece in chunk.pieces
            if piece.href and "commons" in piece.href.lower() and _LICENCE_URL.search(piece.href)
        ]
        if licensed:
            page.came_from("licence", "link:licence", chunk.text[:300])
            return absolute(page.said.base, licensed[0].href)
        may_state = 3 < chunk.words <= LICENCE_WORDS and (
            may_begin(chunk.text, firsts) or (has_terms and _COPYING.search(chunk.text))
        )
        if may_state and _states_licence(page, chunk):
            page.came_from("licence", "line:licence", chunk.text[:300])
            return (
                "Creative Commons" if "creative commons" in folded(chunk.text) else chunk.text[:200]
            )
    stated = page.said.licence_links or texts_of(
        page.said.article.get("license"), "url", "@id", "name"
    )
    if stated:
        page.came_from(
            "licence",
            "link:rel=license" if page.said.licence_links else "json-ld:license",
            stated[0],
        )
        return stated[0]
    return None
