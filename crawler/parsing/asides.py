"""Lines that are not the story though they stand in it: what each of them says of itself.

Signatures, pointers to other pages, notices, licences, and what speaks to the readers.
"""

from __future__ import annotations

import re

from crawler.parsing.dates import printed_date
from crawler.parsing.lines import meta_line
from crawler.parsing.names import introduced, is_written_as_name
from crawler.parsing.outline import Chunk
from crawler.parsing.text import begins, folded
from crawler.parsing.wording import (
    ABOUT_ITSELF,
    APPEAL,
    APPEAL_LETTERS,
    APPEAL_WORDS,
    CONTRIBUTION,
    CREDITS,
    DATED,
    REPUBLISHING,
)
from crawler.parsing.zones import Zone

#: A byline or date line has at most this many words.
SIGNATURE_WORDS = 16


def is_signature(chunk: Chunk) -> bool:
    """Whether a line says who wrote the article or when, rather than being part of it."""
    if chunk.words > SIGNATURE_WORDS or chunk.text[-1:] in '.!?…”"':
        return False
    if meta_line(chunk.text) is not None:
        return True
    date = printed_date(chunk.text)
    rest = chunk.text.replace(date.raw, " ") if date else chunk.text
    names = introduced(rest)
    if names is not None:
        return is_written_as_name(names)
    return date is not None and (
        not rest.strip(" ,.-–|")
        or DATED.match(rest) is not None
        or _is_dated_name(chunk, rest)
        or _names_beside_date(rest)
    )


#: A date and the names beside it have one of these between them.
_BESIDE = re.compile(r"^\s*[|·•–—]\s*([^|·•–—]+?)\s*$|^\s*([^|·•–—]+?)\s*[|·•–—]\s*$")


def _names_beside_date(rest: str) -> bool:
    """Whether nothing but names stands beside a date: ``03/05/2024 · Ana Ruiz and Tom Ferris``."""
    match = _BESIDE.match(rest)
    return match is not None and is_written_as_name(match[1] or match[2])


#: A name or a place before a date has at most so many words.
NAME_WORDS = 4


def _is_dated_name(chunk: Chunk, name: str) -> bool:
    """Whether a line is a name or a place and, behind a comma, a date: "Ana Ruiz, 3 May 2024"."""
    name = name.rstrip()
    return (
        name.endswith(",")
        and chunk.text.startswith(name)
        and not chunk.emphasised
        and len(name.split()) <= NAME_WORDS
        and is_written_as_name(f"{name} Name")
    )


#: A line that is nothing but a time of day.
_CLOCK = re.compile(
    r"^\W*\d{1,2}(?:[:.h]\d\d\s*(?:uhr|[ap]\.? ?m\.?|h(?:oras|rs)?)?|\s*(?:uhr|[ap]\.? ?m\.?))\W*$",
    re.I,
)


def is_aside_of_any_site(chunk: Chunk) -> bool:
    """Whether a chunk speaks to the readers, or only says at what time an entry was written."""
    if len(chunk.text) > APPEAL_LETTERS:
        return False
    if chunk.words <= APPEAL_WORDS and APPEAL.match(chunk.text):
        return True
    return not chunk.zones & Zone.TABLE and _CLOCK.match(chunk.text) is not None


#: A licence line has at most this many words.
LICENCE_WORDS = 80


def states_licence(chunk: Chunk) -> bool:
    """Whether a chunk states the licence: a short text with a link to one, or an invitation."""
    return chunk.words <= LICENCE_WORDS and (
        (
            chunk.link_chars > 0
            and any("creativecommons.org/licenses/" in (piece.href or "") for piece in chunk.links)
        )
        or (chunk.words >= 8 and REPUBLISHING.match(chunk.text) is not None)
    )


def is_see_also(chunk: Chunk, openings: tuple[str, ...]) -> bool:
    """Whether a chunk is a pointer: a label of the list, then hardly anything but links.

    Joomla's years print it in brackets: ``[See InSight Crime's FARC profile]``.
    """
    text = chunk.text
    if chunk.is_heading and not chunk.links and not text.endswith(":"):
        return False
    points = bool(chunk.links) and chunk.words <= POINTER_WORDS and _POINTS.match(text)
    if not points and not begins(text.lstrip("[( "), openings):
        return False
    rest = sum(map(str.isalnum, text)) - sum(
        sum(map(str.isalnum, piece.text)) for piece in chunk.links if piece.text
    )
    if chunk.links:
        return rest <= 28
    label = _UNLINKED.match(text)
    if label and chunk.words <= 20 and folded(label.group(1)) in openings:
        return not label.group(2) or label.group(2)[-1:] not in ".!"
    return chunk.words <= 4 and text.isupper()


#: A line that only sends the reader to another page: "[See our coverage of floods]".
_POINTS = re.compile(r"^[\[(]?\s*(?:see|read|vea|lea|consulte)\b(?!.*[.!?…]$)", re.I)
POINTER_WORDS = 14
_UNLINKED = re.compile(r"^[\[(]?([^:]{2,40}):\s*(.*?)[\])]?$")
#: A longer paragraph that opens with a photo credit is a paragraph with a stray credit in it.
MOST_CREDIT_WORDS = 20
#: The longest notice on the labelled pages has 88 words.
MOST_NOTICE_WORDS = 150
#: A paragraph that begins with "This article is …" and is longer tells a story.
ABOUT_ITSELF_WORDS = 70
_FOOTNOTE = re.compile(r"^\s*(?:\*+|†|‡|\[\d+\])\s*\w")


def is_notice(chunk: Chunk, openings: tuple[str, ...]) -> bool:
    """Whether a chunk is a note about the article rather than part of it.

    Either it begins like one, or it begins with a footnote mark and is not a list item.
    """
    if chunk.zones & Zone.NOTICE:
        return True
    if chunk.tag == "li" or chunk.is_heading:
        return False
    if _FOOTNOTE.match(chunk.text):
        return True
    sentence = chunk.text.endswith(".") and chunk.words > 10
    if chunk.words <= MOST_CREDIT_WORDS and not sentence and begins(chunk.text, CREDITS):
        return True
    if chunk.words <= MOST_CREDIT_WORDS + 10 and CONTRIBUTION.search(chunk.text):
        return True
    if chunk.words <= MOST_NOTICE_WORDS and _opens_notice(chunk.text, openings):
        return True
    return chunk.words <= ABOUT_ITSELF_WORDS and ABOUT_ITSELF.match(chunk.text) is not None


#: "Correction, March 9: …", "Update (March 9): …"
_LABEL_DATED = re.compile(r"[ ,(]*[^:.]{3,24}:")


def _opens_notice(text: str, openings: tuple[str, ...]) -> bool:
    """Whether a text begins with one of the openings; a single word must be a label of its own."""
    bare = folded(text[:200])
    for opening in openings:
        if bare.startswith(opening):
            following = bare[len(opening) : len(opening) + 1]
            if " " in opening and not following.isalnum():
                return True
            if following in (",", " ") and _LABEL_DATED.match(bare[len(opening) :]):
                return True
            if following in (":", "", "]", ")") or bare[len(opening) :].startswith(
                (" -", " –", " —")
            ):
                return True
    return False
