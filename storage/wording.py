"""Texts held against each other word by word, in any script.

What is only set otherwise (white space, curly or straight quotes, the kind of dash) is the same
text. Words are found in scripts without spaces, too: there, each character is one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

#: Scripts that put no spaces between words, by character: kana, CJK ideographs, Hangul is spaced.
_IDEOGRAPH = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)

#: Thai, Lao, Burmese and Khmer, whose vowels and tones are marks on the letter before them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd"
)

#: A letter or figure, with the marks that Python does not count as one (vowel signs of Indic
#: scripts, Hebrew and Arabic points, combining accents).
_LETTER = (
    rf"(?:[^\W_{_IDEOGRAPH}{_UNSPACED}]"
    r"|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff])"
)
_WORD = (
    rf"[{_IDEOGRAPH}]|[{_UNSPACED}][{_MARKS}]*"
    rf"|\d+(?:[.,]\d+)*{_LETTER}*|{_LETTER}+(?:['’]{_LETTER}+)*"
)
_WORDS = re.compile(_WORD)
_PIECES = re.compile(rf"(?P<piece>{_WORD}|\S)\s*")
_IS_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPH}{_UNSPACED}]")

_SINGLE = "‘’‚‛′´`‹›＇"
_DOUBLE = "“”„‟″«»＂"
_DASHES = "‐‑‒–—―−﹣－"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SET_SO = {
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE), ""),
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "＇＂－"},
    **{ord("…"): "...", ord("ﬁ"): "fi", ord("ﬂ"): "fl"},
}
_IS_SET = re.compile("[{}]".format("".join(map(chr, _SET_SO))))
_DASHED = re.compile(r"--+")
#: Marks that no space says anything beside, and those that none says anything before.
_TIGHT, _CLOSING = '"-', ":;!?%.,)"

#: Comparisons of more pairs of words than this pass over the words that make up more than 1 % of a
#: text, which says little (*the*) and costs most; beyond the other number, what both have only once
#: parts the texts first, and what is still that long between two such places is one stretch.
#: Two texts of 2,000 words, all *ab* or *cd*, took 1.3 s without the first bound, 2 ms with it.
_MANY_PAIRS, _MOST_PAIRS = 250_000, 4_000_000

#: How many times as many pairs may be compared in all between such places.
_IN_ALL = 4

#: Words in a row by which two long texts are held against each other: three hardly come twice.
_SHINGLE = 3

Tag = Literal["kept", "removed", "added"]


class Piece(NamedTuple):
    """Some words of two texts: in both, in the old one only, or in the new one only."""

    tag: Tag
    text: str


def plain(text: str) -> str:
    """The text without what is only a matter of setting: two texts alike in this are one text.

    >>> plain("“The  dogs’ day” – over…") == plain('"The dogs\\' day" -- over...')
    True
    >>> plain("He left, alone.") == plain("He left alone.")
    False
    """
    if not text.isascii():
        text = _IS_SET.sub(lambda found: _SET_SO[ord(found[0])], text)
    folded = " ".join(text.split())
    if "'" in folded:  # to look for a character is much cheaper than to replace two
        folded = folded.replace("''", '"')
    for mark in _TIGHT:
        if mark in folded:
            folded = folded.replace(f" {mark}", mark).replace(f"{mark} ", mark)
    for mark in _CLOSING:
        if mark in folded:
            folded = folded.replace(f" {mark}", mark)
    return _DASHED.sub("-", folded) if "--" in folded else folded


def words_of(text: str) -> list[str]:
    """The words and figures of a text, without punctuation; hyphens part words.

    >>> words_of("It’s 1,200.5 t, a 43-year-old said.")
    ['It’s', '1,200.5', 't', 'a', '43', 'year', 'old', 'said']
    >>> words_of("東京で12人")
    ['東', '京', 'で', '12', '人']
    """
    return _WORDS.findall(text)


def pieces_of(text: str) -> list[str]:
    """The text cut into words and marks, each with the white space after it; joined, the text."""
    return [found[0] for found in _PIECES.finditer(text.lstrip())]


Span = tuple[bool, int, int, int, int]
"""Whether two stretches are alike, and from where to where in each sequence."""


def spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Span]:
    """The stretches of two sequences: whether they are alike, and from where to where in each.

    What both begin and end with is set apart first, so that a small edit of a long text costs
    little. Long texts are parted where they have the same words in a row that neither has twice;
    two long stretches without any are told as one.
    """
    if len(old) * len(new) <= _MOST_PAIRS:
        yield from _spans(old, new, _MOST_PAIRS)
        return
    left = _IN_ALL * _MOST_PAIRS
    i = j = 0
    held: Span | None = None
    for i_next, j_next in (*_anchors(old, new), (len(old), len(new))):
        for alike, a, a_end, b, b_end in _spans(
            old[i:i_next], new[j:j_next], min(left, _MOST_PAIRS)
        ):
            part = (alike, i + a, i + a_end, j + b, j + b_end)
            if held and held[0] == alike:
                part = (alike, held[1], part[2], held[3], part[4])
            elif held:
                yield held
            held = part
        left -= min(left, (i_next - i) * (j_next - j))
        i, j = i_next, j_next
    if held:
        yield held


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places in both sequences at which the same begins: in order, as many as there can be."""
    here, there = _once(old), _once(new)
    common = sorted((at, there[key]) for key, at in here.items() if key in there)
    ends: list[int] = []  # the smallest place at which a row of so many ends
    which: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(common):
        length = bisect_left(ends, place)
        before.append(which[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        which[length : length + 1] = [number]
    found: list[tuple[int, int]] = []
    number = which[-1] if which else -1
    while number >= 0:
        found.append(common[number])
        number = before[number]
    runs = set(found)
    return [(i, j) for i, j in found[::-1] if (i - 1, j - 1) not in runs]


def _once(words: Sequence[Hashable]) -> dict[tuple[Hashable, ...], int]:
    """Where each row of words begins that comes only once."""
    rows = list(zip(*(words[at:] for at in range(_SHINGLE)), strict=False))
    number = Counter(rows)
    return {row: at for at, row in enumerate(rows) if number[row] == 1}


def _spans(old: Sequence[Hashable], new: Sequence[Hashable], most: int) -> Iterator[Span]:
    """The stretches of two sequences that are not both long, or are told as one."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    if start:
        yield True, 0, start, 0, start
    middle, other = old[start : len(old) - end], new[start : len(new) - end]
    if middle and other and len(middle) * len(other) <= most:
        is_long = len(middle) * len(other) > _MANY_PAIRS
        matcher = SequenceMatcher(None, middle, other, autojunk=is_long)
        for tag, i, i_end, j, j_end in matcher.get_opcodes():
            yield tag == "equal", start + i, start + i_end, start + j, start + j_end
    elif middle or other:
        yield False, start, len(old) - end, start, len(new) - end
    if end:
        yield True, len(old) - end, len(old), len(new) - end, len(new)


def compared(before: str, after: str) -> list[Piece]:
    """Two texts as one: what stayed, what went, and what came, in reading order.

    The kept and added pieces make the new text, the kept and removed ones the old one, but for
    typography.

    >>> compared("It killed 12 people.", "It killed 14 people.")
    [Piece(tag='kept', text='It killed '), Piece(tag='removed', text='12 '), \
Piece(tag='added', text='14 '), Piece(tag='kept', text='people.')]
    """
    old, new = pieces_of(before), pieces_of(after)
    found: list[Piece] = []
    keys = ([plain(piece) or piece for piece in pieces] for pieces in (old, new))
    for alike, i, i_end, j, j_end in _without_crumbs(list(spans(*keys)), old):
        if alike:
            words = "".join(new[j:j_end])
            if j_end == len(new):  # the space before what went stands in the old text only
                words += old[i_end - 1][len(old[i_end - 1].rstrip()) :]
            found.append(Piece("kept", words))
            continue
        if i < i_end:
            found.append(Piece("removed", "".join(old[i:i_end])))
        if j < j_end:
            found.append(Piece("added", "".join(new[j:j_end])))
    return found


def _without_crumbs(parts: list[Span], old: Sequence[str]) -> list[Span]:
    """The stretches, without likeness by chance: one mark or one ideograph between two changes."""
    kept: list[Span] = []
    for at, part in enumerate(parts):
        alike, i, i_end, _, j_end = part
        is_between = 0 < at < len(parts) - 1 and i_end - i == 1
        if alike and is_between and kept and not kept[-1][0] and _is_crumb(old[i]):
            part = (False, i, i_end, part[3], j_end)
        if kept and not part[0] and not kept[-1][0]:
            before = kept.pop()
            part = (False, before[1], part[2], before[3], part[4])
        kept.append(part)
    return kept


def _is_crumb(piece: str) -> bool:
    return not piece[0].isalnum() or _IS_IDEOGRAPH.match(piece) is not None
