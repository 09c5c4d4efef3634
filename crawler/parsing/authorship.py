"""Who wrote an article of a site whose printing is not known.

What the head states and what the page prints are two witnesses. A person is believed who is stated
*and* printed, or printed in a place or with words that sign; an organisation also where only the
head of a news article states it. Of the labelled pages' stated people who are printed nowhere, one
in forty was the author: the others are accounts of the software and of webmasters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from crawler.parsing.dates import printed_date
from crawler.parsing.given_names import begins_with_given_name
from crawler.parsing.opening import AUTHOR_PATH
from crawler.parsing.outline import BREAK, Chunk, Piece, is_caption_by_place
from crawler.parsing.page import Page, own_names, squeezed
from crawler.parsing.roles import Text
from crawler.parsing.signers import (
    Signer,
    is_desk,
    is_firm,
    is_nobody,
    is_whole_name,
    prepared,
    signed_part,
    signers,
    without_job,
)
from crawler.parsing.structured import texts_of, types_of
from crawler.parsing.text import folded
from crawler.parsing.zones import Zone


@dataclass(frozen=True, slots=True)
class Claim:
    """What one witness says: names, where it says so, its words, and how much that is worth."""

    signers: tuple[Signer, ...]
    source: str
    raw: str
    strong: bool = True
    one_line: bool = False
    printed: str | None = None
    """The byline's words on the page, where it prints one."""

    @property
    def people(self) -> tuple[Signer, ...]:
        return tuple(each for each in self.signers if not each.organisation)

    @property
    def names(self) -> set[str]:
        return {folded(each.name) for each in self.signers}


def read_authorship(page: Page, text: Text, headline: Chunk | None) -> Claim | None:
    """The claim that is believed, or None for an unsigned page; losers go to provenance."""
    place = _Place(page, text, headline)
    stated = [claim for claim in _stated(place) if claim.signers]
    printed = _best_printed(place)
    helpers = _helpers(place) if any(len(claim.signers) > 1 for claim in stated) else set()
    believed = [kept for claim in stated if (kept := _confirmed(place, claim, helpers)).signers]
    chosen = _settled(place, believed, printed)
    if chosen is None:
        return None
    losing = tuple(
        (claim.source, each.name)
        for claim in stated
        for each in claim.signers
        if folded(each.name) not in chosen.names
    )
    page.came_from("authors", chosen.source, chosen.raw, losing)
    if printed is not None and printed.names & chosen.names:
        return replace(chosen, printed=printed.raw)
    return chosen


def _best_printed(place: _Place) -> Claim | None:
    """The first printed claim of a whole name, else the first of any."""
    first: Claim | None = None
    for claim in _printed(place):
        kept = _without_outlet(place, claim)
        again = first is not None and first.raw == kept.raw
        if kept.strong and not again and any(each.full for each in kept.signers):
            return kept
        first = first or (kept if kept.signers else None)
    return first


def _without_outlet(place: _Place, claim: Claim) -> Claim:
    """A claim without the outlet's own name beside people's."""
    if not any(each.full for each in claim.signers) or len(claim.signers) < 2:
        return claim
    own = place.own
    kept = tuple(
        each
        for each in claim.signers
        if squeezed(each.name) not in own and squeezed(each.name.split()[0]) not in own
    )
    return replace(claim, signers=kept or claim.signers)


def _settled(place: _Place, believed: list[Claim], printed: Claim | None) -> Claim | None:
    """One claim out of those of the head and the one of the page."""
    people = next((claim for claim in believed if claim.people), None)
    whole = printed is not None and any(
        each.full and squeezed(each.name) not in place.own for each in printed.signers
    )
    if people is not None and printed is not None and printed.strong and whole:
        agreed = any(printed.names == claim.names for claim in believed)
        if (printed.one_line or agreed) and people.names < printed.names:
            return printed
        if not any(each.full for each in people.signers):
            return printed
        if agreed and printed.names < people.names:
            return printed
        doubted = not people.strong or (printed.one_line and people.source.startswith("meta"))
        if doubted and not _overlap(people, printed):
            return printed
    if people is not None:
        return people
    if whole:
        return printed
    foreign = (c for c in believed if not any(squeezed(s.name) in place.own for s in c.signers))
    return next(foreign, believed[0] if believed else printed)


def _overlap(one: Claim, other: Claim) -> bool:
    """Whether two claims share a name, or the beginning of one: ``Ana RuizReporter``."""
    return any(a.startswith(b) or b.startswith(a) for a in one.names for b in other.names)


# --------------------------------------------------------------------------------- the head


#: Meta tags that name the author, the surer first. Dialects: article:author (Open Graph),
#: DC and DCTERMS (Dublin Core), Parse.ly, Sailthru, Cxense, Google Scholar, BBC, Dotdash.
_META = (
    "author",
    "article:author",
    "og:article:author",
    "articleauthor",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "cxenseparse:recs:author",
    "cxeparse:author",
    "dc.creator",
    "dcterms.creator",
    "dc.author",
    "citation_author",
    "og:author",
    "byl",
    "byline",
    "bylines",
)
_AUTHOR_LABELS = frozenset(
    """written by|escrito por|author|autor|verfasst von|geschrieben von|ecrit par|scritto da
    |geschreven door|skrevet av|skriven av|von|par|auteur|autore""".replace("\n    ", "").split("|")
)
#: An article's types of which the outlet states itself as author on purpose.
_NEWS_TYPES = re.compile(r"News|^(?:Report|LiveBlogPosting)$")


def _stated(place: _Place) -> Iterator[Claim]:
    """What JSON-LD and the meta tags state, the surer first."""
    page = place.page
    entries = list(_entries(page.said.article))
    named = tuple(signer for entry in entries for signer in _signers_of(place, entry, json_ld=True))
    yield Claim(_unique(named), "json-ld:author", "; ".join(_name(each) for each in entries))
    for meta in _META:
        contents = page.said.meta.get(meta, ())[:12]
        named = tuple(signer for each in contents for signer in _signers_of(place, each))
        if named:
            yield Claim(_unique(named), f"meta:{meta}", "; ".join(contents))
    for number in ("1", "2"):
        label = folded(page.said.first(f"twitter:label{number}") or "")
        value = page.said.first(f"twitter:data{number}")
        if value and label in _AUTHOR_LABELS:
            source = f"meta:twitter:data{number}"
            yield Claim(_unique(_signers_of(place, value)), source, value)


def _entries(article: dict[str, Any]) -> Iterator[Any]:
    """The author entries of a JSON-LD article: strings and nodes."""
    value = article.get("author") or article.get("creator")
    waiting = [value]
    for _ in range(40):
        if not waiting:
            return
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting[:0] = each
        elif isinstance(each, dict) and isinstance(each.get("name"), list):
            waiting[:0] = each["name"]
        elif isinstance(each, str | dict):
            yield each


def _name(entry: Any) -> str:
    """A name as stated: ``name``, else ``givenName`` and ``familyName`` (schema.org)."""
    if isinstance(entry, dict) and not entry.get("name"):
        parts = [*texts_of(entry.get("givenName"))[:1], *texts_of(entry.get("familyName"))[:1]]
        return " ".join(parts)
    return next(iter(texts_of(entry, "name")), "")


def _signers_of(place: _Place, entry: Any, *, json_ld: bool = False) -> tuple[Signer, ...]:
    """The signers of one entry; an outlet's own name only where it is stated on purpose."""
    name = _name(entry)
    if not name or len(name) > 300 or "//" in name:
        return ()
    page = place.page
    own = squeezed(name) in place.own
    types = types_of(entry) if isinstance(entry, dict) else []
    if own and "Person" in types and "Organization" in types:
        return (Signer(name),)
    if own:
        purpose = json_ld and _states_outlet(page, entry)
        return (Signer(name, organisation=True),) if purpose else ()
    if ("Person" in types or not json_ld) and _is_own_staff(place, name):
        return ()
    if json_ld and types and "Person" not in types and " " in name and not is_nobody(name):
        return (Signer(name, organisation=True),)
    found = signers(name, page.language)
    if (
        len(found) > 1
        and "," not in name
        and all(each.organisation or squeezed(each.name) in place.own for each in found)
    ):
        return (Signer(name, organisation=True),)
    if not found or (len(found) == 1 and not found[0].organisation and found[0].name != name):
        return (Signer(name),) if is_whole_name(name) else found
    return found


_STAFF = re.compile(r"\s+(?:staff|team|editors|brandroom)$", re.I)


def _is_own_staff(place: _Place, name: str) -> bool:
    """Whether a name is the outlet's own with "Staff" behind it: an account of the software."""
    bare = _STAFF.sub("", name)
    return bare != name and squeezed(bare) in place.own


def _states_outlet(page: Page, entry: Any) -> bool:
    """Whether a news article names its publisher as author, and does not mean "no byline".

    schema.org's ``noBylinesPolicy`` says why an outlet's articles name no author.
    """
    if isinstance(entry, dict) and entry.get("noBylinesPolicy"):
        return False
    article = page.said.article
    publisher = next(iter(texts_of(article.get("publisher"), "name")), "")
    return publisher.casefold() == _name(entry).casefold() and any(
        map(_NEWS_TYPES.search, types_of(article))
    )


def _unique(named: Iterable[Signer]) -> tuple[Signer, ...]:
    return tuple({folded(each.name): each for each in reversed(list(named))}.values())[::-1]


# ------------------------------------------------------------------------- is it printed?


#: Lines longer than this are prose, in which a name signs nothing.
LINE = 400
_LEGAL = re.compile(
    r"©|\(c\)|copyright|impressum|all rights|alle rechte|webdesign|realisierung", re.I
)


class _Place:
    """Where on the page an article begins and ends, and the outlet's own names."""

    def __init__(self, page: Page, text: Text, headline: Chunk | None) -> None:
        self.page = page
        self.text = text
        kinds = page.said.meta.get("og:type", [])[:1]
        self.is_article = bool(page.said.articles) or "article" in kinds
        self.own = own_names(page)
        chunks = page.chunks
        first = min(text.begins, text.prose[0].index) if text.prose else text.first
        last = text.prose[-1].index if text.prose else text.first
        at = headline.index if headline is not None else first - 9
        below = chunks[max(0, at + 1) : min(first + 2, at + 60)]
        #: From below the headline to the first prose, then above the headline, nearest first.
        self.head = below + chunks[max(0, at - 10) : max(0, at)][::-1]
        #: Those of them that stand between the headline and the text.
        self.below = [c for c in below if at < c.index < first] if headline is not None else []
        start = max(last - 1, first + 1)
        #: The last two lines of the text and what follows it.
        self.tail = [c for c in text.signed if c.index < start]
        for chunk in chunks[start : last + 12]:
            if chunk.is_heading and chunk.index > last and not _opens_author_box(chunk):
                break
            self.tail.append(chunk)
        #: The last line and the two after it, where a text is signed.
        self.ending = [c for c in self.tail if max(last, first + 1) <= c.index < last + 3]
        self._near: str | None = None
        self._near_folded: str | None = None

    def prints(self, name: str, *, in_any_order: bool = False) -> bool:
        """Whether the article's opening or closing prints a name, or its words in one line."""
        if self._near is None:
            self._near = _LINE_END.join(c.text for c in self.head + self.tail if c.words <= 60)
        if " " in name and name in self._near:
            return True
        if self._near_folded is None:
            self._near_folded = folded.__wrapped__(self._near)
        bare = folded(name)
        if " " not in bare and len(bare) <= 9:
            return re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", self._near_folded) is not None
        if bare in self._near_folded:
            return True
        words = bare.split()
        return in_any_order and any(
            all(word in line for word in words) for line in self._near_folded.split(_LINE_END)
        )


_LINE_END = " ¦ "


def _confirmed(place: _Place, claim: Claim, helpers: set[str]) -> Claim:
    """A claim of the head, less the people whom the page prints nowhere or as helpers."""
    sure = claim.source.startswith("json-ld")
    kept: list[Signer] = []
    close = False
    for each in claim.signers[:12]:
        if each.organisation:
            if (sure and not is_firm(each.name)) or place.prints(each.name):
                kept.append(each)
        elif place.prints(each.name, in_any_order=True):
            kept.append(each)
            close = True
        elif each.full and _is_on_page(place.page, each.name):
            kept.append(each)
    authors = [each for each in kept if folded(each.name) not in helpers]
    return Claim(tuple(authors or kept), claim.source, claim.raw, close)


def _is_on_page(page: Page, name: str) -> bool:
    """Whether a line of the page, but a legal one, prints a person's name."""
    words = folded(name).split()
    surname = name.split()[-1].casefold()
    for chunk in page.chunks:
        if surname in chunk.text.casefold() and len(chunk.text) <= LINE:
            printed = folded(chunk.text)
            if all(word in printed for word in words) and not _LEGAL.search(chunk.text):
                return True
    return False


# -------------------------------------------------------------------------------- the page


_ELSEWHERE = (
    Zone.NAVIGATION
    | Zone.COMMENTS
    | Zone.FORM
    | Zone.HIDDEN
    | Zone.BREADCRUMB
    | Zone.TAGS
    | Zone.FIGURE
    | Zone.CAPTION
    | Zone.CREDIT
    | Zone.PULL_QUOTE
    | Zone.RELATED
    | Zone.ASIDE
    | Zone.PROMOTION
    | Zone.SHARE
    | Zone.FOOTER
)
#: Zones inside of which a line that is itself marked as a byline is still believed.
_FORGIVEN = (
    Zone.SHARE
    | Zone.RELATED
    | Zone.ASIDE
    | Zone.FOOTER
    | Zone.PROMOTION
    | Zone.TAGS
    | Zone.NAVIGATION
)
#: A byline has at most so many words, roles and dates with it.
BYLINE_WORDS = 26
#: A line of at most so many words is a byline even where decks or biographies stand.
SHORT_BYLINE = 6
_NAME_CLASS = re.compile(r"author|autor|\bfn\b|\bname|byline|contributor|username", re.I)
_ABOUT = re.compile(
    r"^(?:about the author|about|[üu]ber (?:den|die) autor(?:in)?|zur person|der autor|die autorin"
    r"|sobre (?:el|la|o|a) autora?|acerca del autor|[àa] propos de l['’]auteure?|l['’]autore"
    r"|over de auteur|o autorze|om forfatteren|om författaren)\b\s*[:–—-]?\s*(.*)$",
    re.I,
)


def _opens_author_box(chunk: Chunk) -> bool:
    return bool(chunk.zones & (Zone.BYLINE | Zone.BIO)) or (
        len(chunk.text) <= 80 and _ABOUT.match(chunk.text) is not None
    )


def _printed(place: _Place) -> Iterator[Claim]:
    """What the page prints, the surer first."""
    head = [chunk for chunk in place.head if _is_here(place.page, chunk)]
    tail = [chunk for chunk in place.tail if _is_here(place.page, chunk)]
    yield from _marked(place.page, head)
    yield from _introduced(place.page, head)
    yield from _linked(place.page, head)
    yield from _introduced(place.page, tail)
    yield from _marked(place.page, tail)
    yield from _beside_date(place, head)
    yield from _alone(place, [c for c in head if c in place.below])
    yield from _signature(place)
    yield from _about(place)
    yield from _dateline(place)


_TEXT_BY = re.compile(r"^\W*(?:texte?|texto|words|autor(?:in|en)?|authors?)\s*[:：]", re.I)


def _is_here(page: Page, chunk: Chunk) -> bool:
    """Whether a chunk is part of the article's frame, not of what stands beside it."""
    astray = chunk.zones & _ELSEWHERE
    if astray and chunk.zones & Zone.BYLINE:
        astray &= ~_FORGIVEN
    elif astray in (Zone.CREDIT, Zone.FOOTER):
        signs = astray == Zone.FOOTER and any(p.zones & Zone.BYLINE for p in chunk.pieces)
        astray = 0 if signs or _TEXT_BY.match(chunk.text) else astray
    return (
        not astray
        and chunk.tag not in ("h1", "h2")
        and chunk.words <= BYLINE_WORDS * 2
        and len(chunk.text) <= LINE
    )


def _marked(page: Page, chunks: list[Chunk]) -> Iterator[Claim]:
    """Lines and words that a class, ``rel`` or ``itemprop`` marks as a byline."""
    done: set[int] = set()
    for number, chunk in enumerate(chunks):
        if chunk.index in done:
            continue
        if chunk.zones & Zone.BYLINE:
            box = _box(page, chunk)
            together = [c for c in chunks[number : number + 8] if c.zones & Zone.BYLINE]
            together = [c for c in together if page.outline.is_inside(c.element, box)]
            together.sort(key=lambda each: each.index)
            done.update(c.index for c in together)
            yield _of_lines(page, together, f"class:{page.outline.names[box][:60] or 'byline'}")
        else:
            pieces = [p for p in chunk.pieces if p.zones & Zone.BYLINE and p.text]
            if pieces and not chunk.zones & Zone.DECK:
                yield _of_lines(page, [chunk], f"class:{pieces[0].words[:60] or 'byline'}")


def _box(page: Page, chunk: Chunk) -> int:
    """The outermost element around a chunk that is itself marked as a byline."""
    box = chunk.element
    for element in page.outline.ancestors(chunk.element):
        if page.outline.own_zones[element] & Zone.BYLINE:
            box = element
    return box


def _of_lines(page: Page, chunks: list[Chunk], source: str) -> Claim:
    """The claim of neighbouring lines in one byline's box."""
    found: list[Signer] = []
    sure = False
    box_tag = page.outline.tags[_box(page, chunks[0])] if chunks[0].zones & Zone.BYLINE else ""
    for chunk in chunks:
        if chunk.words > BYLINE_WORDS:
            continue
        if _HELPER.match(chunk.text):
            break
        named, spoken = _of_line(page, chunk)
        postal = box_tag == "address" and _POSTAL.search(chunk.text) is not None
        if (sure or postal) and not spoken:
            continue
        sure = sure or (spoken and bool(named))
        for each in named:
            if each.full or not found or (each.is_letters and found[-1].is_letters):
                found.append(each)
    if any(each.full for each in found):
        found = [each for each in found if each.full or each.organisation]
    raw = " ".join(chunk.text for chunk in chunks)
    return Claim(_unique(found), source, raw[:300], one_line=len(chunks) == 1)


#: Lines that name who helped: those after them in a byline's box are no authors.
_HELPER = re.compile(
    r"^\W*(?:(?:medically |additional |with )?(?:contributions?|reviewed|edited|fact.?checked"
    r"|photos?|photograph(?:s|y)|illustrat(?:ions?|ed)|translat(?:ed|ion)|videos?)\s*(?:by|from|:)"
    r"|(?:bearbeitet|redigiert|übersetzt|fotografiert|geprüft) von"
    r"|(?:foto(?:s|grafía|graf)?|übersetzung|traducci[óo]n|traduction|illustration(?:en)?|redaktion"
    r"|edici[óo]n|faktencheck|lektorat)\s*:)\s*(.*)$",
    re.I,
)


def _helpers(place: _Place) -> set[str]:
    """Reviewers, editors, photographers and translators whom the opening and closing name."""
    found: set[str] = set()
    waits = False
    for chunk in place.head + place.tail:
        match = _HELPER.match(chunk.text) if len(chunk.text) <= LINE_OF_HELPERS else None
        words = match.group(1) if match else chunk.text if waits else ""
        waits = match is not None and not words
        if words and len(words) <= LINE_OF_HELPERS:
            found |= {folded(each.name) for each in signers(words, place.page.language)}
    return found


#: A line that names helpers has at most so many characters.
LINE_OF_HELPERS = 160
_POSTAL = re.compile(r"\d{4,5}\s+\w|(?:str(?:\.|aße|asse)|street|road|avenue|ave\.?)\b", re.I)


def _of_line(page: Page, chunk: Chunk) -> tuple[tuple[Signer, ...], bool]:
    """The signers of a line marked as a byline, and whether words or links say so, too."""
    words = _in_lines(chunk)
    part = signed_part(words, marked=True)
    spoken = signers(part, page.language) if part else ()
    named, linked = _linked_names(page, chunk)
    if not named and spoken:
        return spoken, True
    if linked:
        more = {each.name for each in named} < {each.name for each in spoken}
        return (spoken if more else named), True
    return signers(words, page.language), False


_NEW_LINE = re.compile(rf"\s*{BREAK}\s*(?=[^\W\d_a-zß-öø-ÿ])")


def _in_lines(chunk: Chunk) -> str:
    """A chunk's words, with a sign between its lines: name and job, name and outlet."""
    return _NEW_LINE.sub(" | ", chunk.raw) if BREAK in chunk.raw else chunk.text


def _linked_names(page: Page, chunk: Chunk) -> tuple[tuple[Signer, ...], bool]:
    """The names in a line that are links to an author's page or marked as a name; if any were."""
    found: list[Signer] = []
    pieces = [p for p in chunk.pieces if p.text and _names_author(p)]
    for piece in pieces:
        inner = any(
            other is not piece and other.text != piece.text and other.text in piece.text
            for other in pieces
        )
        if not inner and len(piece.text) <= 80:
            part = signed_part(piece.text) or piece.text
            whole = is_whole_name(part)
            found.extend((Signer(part),) if whole else signers(part, page.language))
    return _unique(found), bool(pieces)


def _names_author(piece: Piece) -> bool:
    if piece.href is not None:
        return (
            AUTHOR_PATH.search(piece.href) is not None
            or _USER_PATH.search(piece.href) is not None
            or "author" in piece.rel
            or bool(piece.zones & Zone.BYLINE)
        )
    return bool(piece.zones & Zone.BYLINE) or bool(piece.words and _NAME_CLASS.search(piece.words))


def _introduced(page: Page, chunks: list[Chunk]) -> Iterator[Claim]:
    """Lines that begin like a byline."""
    for chunk in chunks:
        doubted = chunk.zones & (Zone.DECK | Zone.KICKER | Zone.BIO)
        if chunk.words > (SHORT_BYLINE if doubted else BYLINE_WORDS):
            continue
        part = signed_part(_in_lines(chunk))
        if part is None:
            continue
        named, _ = _of_line(page, chunk)
        if named and _ends_there(part, named):
            yield Claim(named, "line:byline", chunk.text, one_line=True)


def _ends_there(part: str, named: tuple[Signer, ...]) -> bool:
    """Whether the words after "by" are names and little else: no sentence goes on."""
    spent = sum(len(each.name.split()) for each in named)
    return len(part.split()) <= 2 * spent + 6 and part[-1:] not in "?!…"


_USER_PATH = re.compile(
    r"/(?:users?|user-\w+|members?|profiles?|profil|redaktion|reda[ck]teure?|teams?|contributors?"
    r"|writers?|columnists?|newsteam|autor(?:en|i|zy|y)|forfattere?|yazar(?:lar)?|firmas?|journaliste?n?|auteurs|skribent|periodistas?)/[^/]",
    re.I,
)


def _linked(page: Page, chunks: list[Chunk]) -> Iterator[Claim]:
    """Links to an author's page."""
    for chunk in chunks:
        if chunk.link_density < 0.3:
            continue
        short = chunk.words <= SHORT_BYLINE
        links = [
            p
            for p in chunk.links
            if AUTHOR_PATH.search(p.href or "")
            or "author" in p.rel
            or (short and _USER_PATH.search(p.href or ""))
        ]
        named = _unique(each for p in links for each in signers(p.text, page.language))
        if any(each.full for each in named) or (named and short and chunk.words > 1):
            yield Claim(named, "link:author", chunk.text)


def _beside_date(place: _Place, chunks: list[Chunk]) -> Iterator[Claim]:
    """A line that is a date and a name, or a name in the line before or after the date's."""
    dated: list[tuple[Chunk, str]] = []
    for chunk in chunks:
        if chunk.words > 16:
            continue
        if is_caption_by_place(place.page.outline, chunk) and not _has_portrait(place, chunk):
            continue
        if "//" in chunk.text or "&" in chunk.text:
            continue
        line = prepared(chunk.text)
        if "|" in line and any(map(str.isdigit, chunk.text)):
            dated.append((chunk, line))
    for chunk, line in dated:
        named = [
            each
            for part in _PARTS.split(line)
            if _is_bare_name(part)
            and (place.is_article or begins_with_given_name(part.strip(" |·•–—-,")))
            for each in signers(part, place.page.language)
        ]
        if named:
            yield Claim(_unique(named), "line:date", chunk.text, strong=False)
    for chunk, _ in dated if place.is_article else ():
        for near in chunks:
            if abs(near.index - chunk.index) == 1 and _stands_as_name(place, near, chunk):
                named = list(signers(near.text, place.page.language))
                yield Claim(_unique(named), "line:beside-date", near.text, strong=False)


def _has_portrait(place: _Place, chunk: Chunk) -> bool:
    """Whether the picture before a line is named by words that the line begins with: a portrait."""
    return any(
        picture.before == chunk.index and picture.alt and chunk.text.startswith(picture.alt)
        for picture in place.page.outline.pictures
    )


#: What parts a line of date, name and reading time.
_PARTS = re.compile(r"[|·•]")


def _stands_as_name(place: _Place, chunk: Chunk, dated: Chunk) -> bool:
    """Whether a line beside the date's is nothing but a person's name in the same small box."""
    outline = place.page.outline
    return (
        2 <= chunk.words <= NAME_WORDS
        and not chunk.is_heading
        and not chunk.zones & (Zone.KICKER | Zone.DECK)
        and _is_bare_name(chunk.text)
        and begins_with_given_name(chunk.text)
        and outline.depth_below(chunk.element, outline.common(chunk.element, dated.element), 4) < 4
    )


#: A name that stands alone has at most so many words.
NAME_WORDS = 4
#: A name without any mark stands so many lines from the date at most.
DATE_LINES = 2
#: A name, its job and its desk have so many words at most.
ALONE_WORDS = 12


def _alone(place: _Place, below: list[Chunk]) -> Iterator[Claim]:
    """A name under the headline that nothing marks or introduces: "Ana Ruiz | Staff Writer".

    Its job, the outlet's name or an address stands behind it, or the date near it.
    """
    dated = [c.index for c in below if c.words <= DATED_WORDS and printed_date(c.text)]
    for chunk in below:
        if chunk.words > ALONE_WORDS or chunk.is_heading or chunk.text[-1] in "?!:":
            continue
        if chunk.zones & (Zone.KICKER | Zone.DECK) or is_caption_by_place(
            place.page.outline, chunk
        ):
            continue
        name, said = _name_and_rest(place, chunk)
        if not name or not begins_with_given_name(name):
            continue
        near = any(abs(index - chunk.index) <= DATE_LINES for index in dated)
        if said or near:
            named = signers(name, place.page.language)
            if named and all(each.full for each in named):
                yield Claim(named, "line:name", chunk.text, strong=False)


#: A line with a date has so many words at most.
DATED_WORDS = 16
_BEHIND_NAME = re.compile(r"\s*[|·•,/]\s*|\s+[–—-]\s+|\u2028")


def _without_the(words: list[str]) -> str:
    """An outlet's name squeezed, without its article: ``The Post`` is ``post``."""
    return squeezed(" ".join(words)).removeprefix("the")


def _name_and_rest(place: _Place, chunk: Chunk) -> tuple[str, bool]:
    """The bare name that a line begins with, and whether the rest of it says that it signs.

    An empty name where the rest is anything else than a job, the outlet or an address.
    """
    parts = [part for part in _BEHIND_NAME.split(prepared(chunk.raw or chunk.text)) if part.strip()]
    tokens = parts[0].split() if parts else []
    name, job = without_job(tokens)
    if not 2 <= len(name) <= NAME_WORDS or not _is_bare_name(" ".join(name)):
        return "", False
    rest = [part.split() for part in parts[1:]]
    others = [part for part in rest if _without_the(part) not in place.own]
    if not all(without_job(part)[1] and len(without_job(part)[0]) < 2 for part in others):
        return "", False
    return " ".join(name), job or bool(rest) or "@" in chunk.text


_NAME_WORD = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*$")
_SMALL = frozenset("de del la van von der den di da dos al el bin und and y e et &".split())  # noqa: SIM905


def _is_bare_name(text: str) -> bool:
    """Whether a text is nothing but two to six capitalised words that can be names."""
    words = text.replace(",", " ").strip(" |·•–—-").split()
    return 2 <= len(words) <= 8 and all(
        _NAME_WORD.match(word) or word.lower() in _SMALL for word in words
    )


#: "ssi, dan; Foto: …": reporters' letters under the text.
_LETTERS = re.compile(
    r"^\W*([a-zäöüß]{2,4}(?:\s?[,/]\s?[a-zäöüß]{2,4}){1,3})\W*(?:$|(?=;? ?foto))", re.I
)
_INITIALS = re.compile(r"^[(\[–—（-]+\s*((?![終完了]|おわり)[\w./ ・-]{2,30}?)\s*[)\]）]?$")


_SIGNING_DESK = re.compile(r"(?:redaktion|redacci[óo]n|newsdesk|staff)$", re.I)


def _signature(place: _Place) -> Iterator[Claim]:
    """The line that signs the text at its end: a name, initials, an agency in brackets."""
    for chunk in place.ending:
        if chunk.words > 12 or len(chunk.text) > 80 or chunk.is_heading:
            continue
        if chunk.zones & (_ELSEWHERE & ~Zone.FOOTER):
            continue
        bracketed = _INITIALS.match(chunk.text) or _LETTERS.match(chunk.text)
        bare = _is_bare_name(chunk.text) and begins_with_given_name(chunk.text)
        if bracketed or bare or (chunk.words <= 4 and _SIGNING_DESK.search(chunk.text)):
            named = signers(bracketed.group(1) if bracketed else chunk.text, place.page.language)
            own = len(named) == 1 and squeezed(named[0].name) in place.own
            if named and chunk.link_density < 0.5 and not own:
                yield Claim(named, "line:signature", chunk.text, strong=False)
                return


def _about(place: _Place) -> Iterator[Claim]:
    """A box "About the author" with a name."""
    for chunk in place.tail:
        match = _ABOUT.match(chunk.text) if len(chunk.text) <= 80 else None
        if match is None:
            continue
        following = place.page.chunks[chunk.index + 1 : chunk.index + 2]
        words = match.group(1) or "".join(c.text for c in following if c.words <= 5)
        named = signers(words, place.page.language)
        if named and all(each.full for each in named):
            yield Claim(named, "line:about", chunk.text, strong=False)
            return


#: "Hamburg (dpa/lno) -", "WASHINGTON (AP) —": the agency in a dateline.
_DATELINE = re.compile(r"^[^\W\d_][\w .,/-]{1,40}?\(([\w/ -]{2,24})\)\s*(?:[–—-]|:)")


def _dateline(place: _Place) -> Iterator[Claim]:
    """The agency that a dateline names, where nobody signs."""
    for chunk in place.text.prose[:1]:
        match = _DATELINE.match(chunk.text[:80])
        if match and is_desk(match.group(1)):
            named = (Signer(match.group(1).strip(), organisation=True),)
            yield Claim(named, "line:dateline", match.group(), strong=False)
