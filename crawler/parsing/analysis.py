"""The heading by which a newsroom sets its own analysis apart from the reporting."""

from __future__ import annotations

import re

from crawler.parsing.outline import BREAK, Chunk
from crawler.parsing.page import Page, own_names, squeezed
from crawler.parsing.roles import Text
from crawler.parsing.text import clean, folded


def is_analysis(page: Page, text: str, *, set_apart: bool = False) -> bool:
    """Whether a text is a heading of the newsroom's own analysis; spaces don't matter.

    A single word is one only where it is ``set_apart`` as a heading: it is a section's name, too.
    """
    if len(text) > 80:
        return False
    bare = folded(text)
    if " " not in bare and not set_apart and len(bare) < 12:
        return False
    return bare in page.wording.analysis or bare.replace(" ", "") in page.wording.analysis_squeezed


def around_analysis(page: Page, chunk: Chunk) -> tuple[str, str, str]:
    """What stands before the analysis heading in a chunk, the heading, and what stands after.

    The heading may be the whole chunk, one of its lines, or run in with a colon; it is empty where
    the chunk has none.
    """
    if is_analysis(page, chunk.text, set_apart=chunk.is_heading or bool(chunk.bold_tags)):
        return "", chunk.text, ""
    if BREAK in chunk.raw:
        lines = [clean(line) for line in chunk.raw.split(BREAK)]
        for number, line in enumerate(lines):
            if is_analysis(page, line):
                return " ".join(lines[:number]).strip(), line, " ".join(lines[number + 1 :]).strip()
    head, colon, _ = chunk.text[:80].partition(":")
    if colon and chunk.bold_tags and is_analysis(page, head):
        return "", head, chunk.text[len(head) + 1 :].strip()
    return "", "", ""


#: A heading with the outlet's own name: "Gazette Analysis", "Gazette's Analysis", "Análisis de …".
_OWN = re.compile(
    r"^(?:the\s)?(.{2,40}?)(?:['’]s?)?\s(?:analysis|an[aá]lisis)$"
    r"|^an[aá]lisis\s(?:de|del|por)\s(.{2,40})$",
    re.I,
)


#: A heading that says in general words that the newsroom itself analyses.
_NEWSROOMS = re.compile(
    r"^(?:(?:el\s)?an[aá]lisis\s(?:de|por)\s(?:la|nuestra)\sredacci[oó]n"
    r"|an[aá]lise\sda\s(?:nossa\s)?reda[cç][aã]o|(?:the\s|our\s)?newsroom(?:['’]s)?\sanalysis"
    r"|analyse\s(?:der|unserer)\sredaktion|l['’]analyse\sde\s(?:la|notre)\sr[eé]daction)$",
    re.I,
)


def _is_own_heading(page: Page, text: str) -> bool:
    """Whether a heading says that the outlet itself analyses, by its name or as the newsroom."""
    match = _OWN.match(text)
    named = match is not None and squeezed(match[1] or match[2]) in own_names(page)
    return named or _NEWSROOMS.match(text) is not None


def set_analysis_apart(page: Page, text: Text) -> None:
    """Parts the analysis from the reporting on a page of any site, by the outlet's own name.

    A heading that only says "Analysis" is a section's name as often, and parts nothing. What a
    profile's landmarks have set apart already stays so.
    """
    if text.analysis is not None:
        return
    for number, (chunk, block) in enumerate(text.blocks):
        if number > 0 and block.kind == "heading" and _is_own_heading(page, block.text):
            before, after = text.blocks[:number], text.blocks[number + 1 :]
            if after:
                text.analysis_heading, text.analysis_at = block.text, chunk.index
                text.write([*before, *after])
            return
