"""What an outlet says of the people who wrote an article, below its text: who they are, no more.

The text is read before the byline is, so such a paragraph can only be told once the authors are
known: it begins with an author's name and says what the person is or does.
"""

from __future__ import annotations

import re

from crawler.parsing.roles import Text
from crawler.parsing.text import folded

#: So many of the last blocks are looked at, and so many words at most has what they say.
LAST_BLOCKS, MOST_WORDS = 4, 110
#: What follows the name: a verb that introduces a person, or how to reach one.
_IS = re.compile(
    r"^[\s,(:–—-]*(?:is|are|was|were|has|have|covers|writes|reports|works|joined|can be|contributed"
    r"|lives|leads|edits|hosts|teaches|serves|graduated|currently|also|a |an |the "
    r"|ist|sind|war|schreibt|arbeitet|berichtet|leitet|studierte|volontierte|jahrgang|geboren"
    r"|es |son |fue|escribe|trabaja|cubre|dirige|periodista|reportero|reportera|corresponsal"
    r"|est |sont |écrit|ecrit|travaille|dirige|journaliste"
    r"|é |e |são|sao|escreve|trabalha|jornalista|è |scrive|lavora|giornalista|jest|pracuje"
    r"|är|ar |er |on |je |arbejder|skriver|schrijft|werkt|[@(])"
)
#: Before the name: what the person does for the outlet.
_BEFORE = re.compile(r"^(?:(?:about|über|uber|sobre|zur person|zum autor|zur autorin)\W*)?$")


def without_signoff(text: Text, authors: tuple[str, ...]) -> None:
    """Takes the paragraphs that introduce the authors off the end of a text."""
    names = [name for author in authors if " " in (name := folded(author))]
    if not names or len(text.blocks) < 3 or text.analysis is not None:
        return
    cut = len(text.blocks)
    for number in range(len(text.blocks) - 1, max(1, len(text.blocks) - 1 - LAST_BLOCKS), -1):
        chunk, block = text.blocks[number]
        if chunk.words <= MOST_WORDS and _introduces(block.text, names):
            cut = number
    if cut == len(text.blocks):
        return
    while cut and text.blocks[cut - 1][1].kind == "heading":
        cut -= 1
    if sum(chunk.words for chunk, _ in text.blocks[cut:]) * 2 > sum(
        chunk.words for chunk, _ in text.blocks
    ):
        return
    text.write(text.blocks[:cut])


def _introduces(words: str, names: list[str]) -> bool:
    """Whether a paragraph begins with one of the names and says who that is."""
    bare = folded(words[:300])
    for name in names:
        before, found, after = bare.partition(name)
        if found and len(before) <= 40 and _BEFORE.match(before.strip()) and _IS.match(after):
            return True
    return False
