"""The lines that date an article on a page of unknown make, nearest to the headline first.

They stand in the headline itself, between headline and text, above the headline, at the head of
the first paragraph ("Berlin, 3 May 2021 –"), beside the text with a date's class, and after the
text. Dates of cards, comments, events and spans of time are none of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from crawler.parsing.dates import Moment, days_apart, machine_date, printed_date
from crawler.parsing.headline import Headline
from crawler.parsing.opening import links_story, stands_in_card
from crawler.parsing.outline import Chunk, Piece
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.zones import Zone

#: How far a dated line may stand before the headline, after it, and after the text, in chunks.
ABOVE, MARKED_ABOVE, NEAR_ABOVE, BELOW, CLOSING = 12, 20, 3, 60, 14
#: A dated line has at most so many words; one with a date's class may be longer.
LINE_WORDS, MARKED_WORDS = 16, 26
#: The first paragraph is looked for among so many chunks, and has at most so many words.
LEAD_LINES, LEAD_LINE = 3, 400
#: So many different dates in lines of one make are a list of stories.
LIST = 3
#: A last line that is but a place or a name and a date.
LAST_WORDS = 7
#: A caption under a headline's picture that holds the article's date holds little else.
CAPTION_WORDS = 4
#: The date at the head of a first paragraph begins within so many characters.
LEAD_CHARACTERS = 60

#: Before it stand at most a place, an agency, a "press release of".
LEAD_WORDS = 5

_DIGIT = re.compile(r"\d")
#: A year in the digits of any script.
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
#: Words before a date that make it the publication's, folded; stems.
_PUBLISHED = re.compile(
    r"publi|posted|veroffentlicht|erstellt|erschienen|pressemitteilung|meldung vom|eingestellt"
    r"|gespeichert|created|submitted|geplaatst|opublikowano|dodano|zverejneno|vydano|julkais"
    r"|udgivet|yayin|eklenme|δημοσ|опублик|публик|kozzetet|megjelen|diterbitkan|mise? en ligne"
    r"|発表|公開|掲載|配信|发布|發布|发表|נכתב|פורסם|نشر",
    re.I,
)
#: Words before a date that make it a change's.
_UPDATED = re.compile(
    r"updat|modif|aktualisiert|aktualisierung|geändert|geaendert|überarbeitet|actualiz|atualiz"
    r"|mise? à jour|\bmaj\b|aggiorna|bijgewerkt|gewijzigd|zaktualizowan|aktualizac|aktualizov"
    r"|uppdatera|opdatere|oppdatert|päivitetty|muokattu|güncelle|ενημερ|обновлен|оновлен|актуализ"
    r"|frissít|更新|수정|diperbarui|last edited|revised|last change|zuletzt bearbeitet|\bstand\b",
    re.I,
)
#: Words before a date that make it an event's, and what makes two dates a span.
_EVENT = re.compile(
    r"\b(?:wann|termin|termine|beginn|event|when|bis|until|through|starts?|ab|from|seit|since"
    r"|gültig|valid|expires|deadline|bewerbungsfrist|born|geboren|erscheint|release)\W*$",
    re.I,
)
_SPAN = re.compile(r"^\s*(?:[–—-]|bis|to|until|al|au|-)\s*(?:\d{1,2}[./ ]|\w+ \d{1,2}\b)", re.I)
#: What stands between the date at a paragraph's head and the paragraph.
_LEAD_ENDS = re.compile(r"^\)|^\W{0,3}\s*(?:[–—|:·-]|\(\w+\)|\.\s)")
#: Nothing stands between a headline's date and the headline but a mark.
_HEADLINE_DATE = re.compile(r"^\s*[–—|:-]\s")

_ELSEWHERE = (
    Zone.NAVIGATION
    | Zone.FORM
    | Zone.COMMENTS
    | Zone.RELATED
    | Zone.PROMOTION
    | Zone.HIDDEN
    | Zone.BREADCRUMB
)
#: Class words that a box between headline and text carries without being what they say.
_BETWEEN = Zone.FOOTER | Zone.SHARE | Zone.PROMOTION | Zone.RELATED | Zone.BREADCRUMB


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that a line gives the article."""

    source: str
    moment: Moment
    changed: bool
    """Whether the line says that it is the date of a change."""


def dated_lines(page: Page, headline: Headline, text: Text) -> Iterator[Dated]:
    """The dates that the page's lines give the article, nearest to the headline first."""
    head = headline.chunk
    if head is not None:
        yield from _in_headline(page, head)
    if head is None or head.index > text.first:
        at, near = text.first - 1, 0
    else:
        at, near = head.index, head.zones
    for chunk in _that_may_date(page.chunks[at + 1 : min(text.first, at + BELOW)], LEAD_LINE):
        next_to_it = chunk.index == at + 1 or _is_signed(chunk)
        if _may_stand_between(chunk, near) and (next_to_it or not _follows_story(page, chunk)):
            yield from _of_line(page, chunk, own=True)
            yield from _in_lead(page, chunk) if chunk.words > LINE_WORDS else ()
    for chunk in _above(page, at, head, near):
        yield from _of_line(page, chunk)
    for chunk in _that_may_date(page.chunks[text.first : text.first + LEAD_LINES], LEAD_LINE):
        yield from _in_lead(page, chunk)
        is_line = chunk.words <= LINE_WORDS and chunk.text[-1:] not in ".!?…"
        if is_line and not _follows_story(page, chunk):
            yield from _of_line(page, chunk)
    yield from _beside_and_after(page, text)


def unread_lines(page: Page, headline: Headline, text: Text) -> Iterator[tuple[str, str]]:
    """(source, words) of lines that stand as dates near the headline and that our forms can't read.

    Between headline and text a line with a year is taken without a date's class, too.
    """
    head = headline.chunk
    known = head is not None and head.index < text.first
    at = head.index if known and head is not None else text.first - 1
    near = head.zones if known and head is not None else 0
    between = page.chunks[at + 1 : min(text.first, at + BELOW)]
    below = [c for c in _that_may_date(between, LINE_WORDS) if _may_stand_between(c, near)]
    around = [*below, *_above(page, at, head, near)]
    around += _that_may_date(page.chunks[text.first : text.first + 1], LINE_WORDS)
    for chunk in sorted(around, key=lambda chunk: not _is_marked(chunk)):
        marked = _is_marked(chunk)
        if not (marked or (chunk.index > at and _YEAR.search(chunk.text))):
            continue
        if not (_follows_story(page, chunk) or stands_in_card(page, chunk)):
            pieces = [p.text for p in chunk.pieces if p.tag == "time" or p.zones & Zone.DATE]
            for words in pieces or [chunk.text]:
                if words and _read(page, words) is None:
                    yield ("class:date" if marked else "line:date"), words


def _may_stand_between(chunk: Chunk, near: int) -> bool:
    """Whether a line between headline and text may be the article's; themes hide machine dates."""
    blocked = _ELSEWHERE & ~_BETWEEN & ~near
    if any(piece.when for piece in chunk.pieces):
        blocked &= ~Zone.HIDDEN
    return not chunk.zones & blocked or _is_signed(chunk)


def _follows_story(page: Page, chunk: Chunk) -> bool:
    """Whether a line under a headline is a card's: under or in a link to a story.

    A link that is the date itself leads to the day's archive or to the article.
    """
    if any(printed_date(piece.text) for piece in chunk.links):
        return False
    before = page.chunks[max(0, chunk.index - 1)]
    return links_story(page, chunk) or (before.link_density > 0.8 and links_story(page, before))


def _that_may_date(chunks: list[Chunk], words: int) -> list[Chunk]:
    """The chunks that a date can stand in: not too long, and with a digit or a ``<time>``."""
    return [
        chunk
        for chunk in chunks
        if chunk.words <= words
        and (_DIGIT.search(chunk.text) or any(piece.tag == "time" for piece in chunk.pieces))
    ]


def _above(page: Page, at: int, head: Chunk | None, near: int) -> list[Chunk]:
    """The lines over the headline that may be the article's, nearest first."""
    above = _that_may_date(page.chunks[max(0, at - MARKED_ABOVE) : at + 1], MARKED_WORDS)
    return _without_lists(
        page,
        [c for c in above[::-1] if c is not head and _may_stand_above(c, at - c.index, near)],
    )


def _beside_and_after(page: Page, text: Text) -> Iterator[Dated]:
    """Lines in the text that are marked or labelled as dates, and those that sign it at its end."""
    last = text.prose[-1].index if text.prose else text.first
    beside = _that_may_date(page.chunks[text.first : last], LINE_WORDS)
    beside = [c for c in beside if not c.zones & _ELSEWHERE]
    for chunk in _without_lists(page, beside):
        if _is_marked(chunk) or _is_labelled(page, chunk):
            yield from _of_line(page, chunk)
    after = _that_may_date(page.chunks[last : last + 1 + CLOSING], MARKED_WORDS)
    after = [c for c in after if not c.zones & (_ELSEWHERE | Zone.ASIDE)]
    signed = {chunk.index for chunk in text.signed}
    for chunk in chain(text.signed, _without_lists(page, after)):
        if chunk.index in signed or _is_marked(chunk) or _is_signed(chunk) or _ends(page, chunk):
            own = page.outline.is_inside(chunk.element, text.container)
            yield from _of_line(page, chunk, own=own)


def _is_labelled(page: Page, chunk: Chunk) -> bool:
    """Whether the chunk before is a label that makes this one the publication's date."""
    label = page.chunks[chunk.index - 1].text if chunk.index else ""
    return len(label) <= PIECE_CHARACTERS and bool(
        _PUBLISHED.search(label) and not _DIGIT.search(label)
    )


def _may_stand_above(chunk: Chunk, distance: int, near: int) -> bool:
    """Whether a line so far above the headline may be the article's: further up, marked ones."""
    blocked = _ELSEWHERE | Zone.FOOTER
    if distance <= NEAR_ABOVE:
        blocked &= ~Zone.RELATED
        if any(piece.when for piece in chunk.pieces):
            blocked &= ~Zone.NAVIGATION
    return not chunk.zones & ~near & blocked and (distance <= ABOVE or _is_marked(chunk))


def _ends(page: Page, chunk: Chunk) -> bool:
    """Whether a line is a place or a name and a date: "Bonn, 3 May 2021"."""
    moment = _read(page, chunk.text, thorough=False) if chunk.words <= LAST_WORDS else None
    return moment is not None and chunk.text.endswith(moment.raw)


def _is_marked(chunk: Chunk) -> bool:
    """Whether tags or class words make a chunk a date."""
    return bool(chunk.zones & Zone.DATE) or any(
        piece.tag == "time" or piece.zones & Zone.DATE for piece in chunk.pieces
    )


def _is_signed(chunk: Chunk) -> bool:
    """Whether words make a short chunk a date: "Veröffentlicht am", "Stand:"."""
    return chunk.words <= LINE_WORDS and bool(
        _PUBLISHED.search(chunk.text) or _UPDATED.search(chunk.text)
    )


def _without_lists(page: Page, chunks: list[Chunk]) -> list[Chunk]:
    """Chunks less those that repeat with different dates, as a list of stories does."""
    days: dict[str, set[str]] = defaultdict(set)
    if len(chunks) < LIST:
        return chunks
    for chunk in chunks:
        times = (_of_time(page, piece) for piece in chunk.pieces if piece.tag == "time")
        moment = next(times, None) or _read(page, chunk.text)
        if moment:
            days[_kind(page, chunk)].add(moment.value)
    lists = {name for name, found in days.items() if len(found) >= LIST}
    return [c for c in chunks if _kind(page, c) not in lists] if lists else chunks


def _kind(page: Page, chunk: Chunk) -> str:
    """What the chunks of one list have in common: tag and class, without their numbers."""
    name = page.outline.names[chunk.element] if chunk.element >= 0 else ""
    return f"{chunk.tag} {_DIGIT.sub('', name)}"


def _read(page: Page, text: str, *, thorough: bool = True) -> Moment | None:
    return printed_date(
        text,
        day_order=page.day_order,
        timezone=page.timezone,
        language=page.language,
        now=page.fetched_at,
        thorough=thorough,
    )


def _in_headline(page: Page, chunk: Chunk) -> Iterator[Dated]:
    """A date printed inside the headline's own tag, or set before it by a mark."""
    for piece in chunk.pieces:
        if piece.tag == "time" or piece.zones & Zone.DATE:
            moment = _of_time(page, piece)
            if moment:
                yield Dated("headline:date", moment, False)
    moment = _read(page, chunk.text, thorough=False)
    if moment and chunk.text.startswith(moment.raw):
        rest = chunk.text[len(moment.raw) :]
        if _HEADLINE_DATE.match(rest) and not _SPAN.match(rest):
            yield Dated("headline:date", moment, False)


def _in_lead(page: Page, chunk: Chunk) -> Iterator[Dated]:
    """The date at the head of the first paragraph, set off from it by a mark."""
    head = chunk.text[: LEAD_CHARACTERS + 40]
    moment = _read(page, head, thorough=False)
    at = head.find(moment.raw) if moment else -1
    if moment is None or not 0 <= at <= LEAD_CHARACTERS:
        return
    before, after = head[:at], chunk.text[at + len(moment.raw) :]
    if len(before.split()) > LEAD_WORDS or _EVENT.search(before) or _SPAN.match(after):
        return
    if not after.strip() or _LEAD_ENDS.match(after):
        yield Dated("lead:date", moment, False)


def _of_line(page: Page, chunk: Chunk, *, own: bool = False) -> Iterator[Dated]:
    """The dates of one line: of its ``<time>`` tags, its pieces with a date's class, its words."""
    marked = _is_marked(chunk)
    if chunk.words > (MARKED_WORDS if marked else LINE_WORDS) or (
        chunk.zones & Zone.CAPTION and not (marked or chunk.words <= CAPTION_WORDS)
    ):
        return
    times = [piece for piece in chunk.pieces if piece.tag == "time"]
    found = list(_of_times(page, chunk)) if times else []
    if not found:
        for text, source in _parts(chunk, marked):
            found = list(_of_words(page, chunk, text, source))
            if found:
                break
    if found and (own or not stands_in_card(page, chunk)):
        yield from found


def _parts(chunk: Chunk, marked: bool) -> Iterator[tuple[str, str]]:
    """What of a line may be its date: pieces with a date's class, all of it, other pieces.

    The pieces count for themselves, since pages print "Ana RuizMay 3, 202112 comments" in tags
    that only a style sheet sets apart.
    """
    for piece in chunk.pieces:
        if piece.zones & Zone.DATE and piece.text:
            yield piece.text, "class:date"
    yield chunk.text, "class:date" if marked else "line:date"
    for piece in chunk.pieces:
        if len(piece.text) <= PIECE_CHARACTERS:
            yield piece.text, "line:date"


#: A piece of a line that is its date has at most so many characters.
PIECE_CHARACTERS = 40


def _of_times(page: Page, chunk: Chunk) -> Iterator[Dated]:
    times = [piece for piece in chunk.pieces if piece.tag == "time"]
    for piece in times:
        moment = _of_time(page, piece)
        if moment is None:
            continue
        words = piece.words.lower()
        changed = "publish" not in words and (
            bool(piece.zones & Zone.MODIFIED and len(times) > 1)
            or _is_of_change(page, chunk, piece.text)
        )
        yield Dated("time:datetime" if piece.when else "time:text", moment, changed)


def _of_time(page: Page, piece: Piece) -> Moment | None:
    """What a ``<time>`` states, or what it prints where the two differ, as in templates."""
    stated = machine_date(piece.when) or printed_date(piece.when or "")
    if stated is None:
        return _read(page, piece.text)
    printed = _read(page, piece.text, thorough=False)
    return printed if printed and days_apart(stated, printed) > 1 else stated


def _of_words(page: Page, chunk: Chunk, text: str, source: str) -> Iterator[Dated]:
    """The first date of a line and, where the line says which is which, the publication's."""
    moment = _read(page, text)
    if moment is None:
        return
    at = text.find(moment.raw)
    if at >= 0 and (_EVENT.search(text[:at]) or _SPAN.match(text[at + len(moment.raw) :])):
        return
    changed = _is_of_change(page, chunk, moment.raw)
    if changed and at >= 0:
        after = text[at + len(moment.raw) :]
        second = _read(page, after) if _PUBLISHED.search(after) else None
        if second:
            yield Dated(source, second, False)
    yield Dated(source, moment, changed)


def _is_of_change(page: Page, chunk: Chunk, raw: str) -> bool:
    """Whether the words before a date, or the label in a chunk before it, speak of a change."""
    at = chunk.text.find(raw)
    before = chunk.text[:at] if at > 0 else ""
    if not before.strip(" (–-|:") and chunk.index > 0:
        label = page.chunks[chunk.index - 1]
        before = label.text if label.words <= 5 and not _DIGIT.search(label.text) else ""
    words = list(_UPDATED.finditer(before))
    if not words:
        return False
    said = list(_PUBLISHED.finditer(before))
    return not said or said[-1].start() < words[-1].start()
