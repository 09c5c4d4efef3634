"""Pictures of the article: address, caption, credit, alternative text."""

from __future__ import annotations

import re

from crawler.article import Image
from crawler.parsing.outline import Chunk, Picture, is_caption_by_place, is_sign
from crawler.parsing.page import Page
from crawler.parsing.prose import Text
from crawler.parsing.structured import absolute
from crawler.parsing.text import clean
from crawler.parsing.zones import FURNITURE, Zone

_CREDIT = re.compile(
    r"\b(?:credit|cr[eé]dito|photo(?: by| courtesy)?|foto(?:graf[ií]a)?|image|imagen|picture"
    r"|bild|source|fuente|quelle)\s*:\s*(.+)$",
    re.I,
)


def read_images(page: Page, headline: Chunk | None, text: Text) -> tuple[Image, ...]:
    """Pictures between the headline and the end of the text, each caption with its picture."""
    first = (headline.index - 3) if headline is not None else text.first - 6
    last = text.prose[-1].index + 2 if text.prose else text.last + 2
    captions = [
        chunk
        for chunk in page.chunks[max(0, first) : last + 1]
        if _is_caption(chunk) or is_caption_by_place(page.outline, chunk)
    ]
    pictures = [
        picture
        for picture in page.outline.pictures
        if first <= picture.before <= last - 2 and _is_shown(page, picture)
    ]
    images: list[Image] = []
    used: set[int] = set()
    free = {chunk.index: chunk for chunk in captions}
    for picture in pictures:
        caption = _caption_of(page, picture, free)
        if caption is not None:
            used.add(caption.index)
            del free[caption.index]
        image = _image(page, picture, caption)
        if image.url or image.caption:
            images.append(image)
    images += [
        _image(page, None, chunk)
        for chunk in captions
        if chunk.index not in used and chunk.words > 2
    ]
    if images:
        page.came_from("images", "element:figure")
    return _merged(images)


def _is_caption(chunk: Chunk) -> bool:
    if chunk.zones & (FURNITURE & ~Zone.RELATED):
        return False
    return bool(chunk.zones & Zone.CAPTION) or (
        bool(chunk.zones & Zone.FIGURE)
        and chunk.tag not in ("td", "th", "blockquote")
        and not chunk.zones & Zone.QUOTE
    )


def _is_shown(page: Page, picture: Picture) -> bool:
    """Whether a picture belongs to the article: not an avatar, an icon, a card's thumbnail."""
    if not picture.src or is_sign(picture):
        return False
    zones = 0
    for element in page.outline.ancestors(picture.element):
        zones |= page.outline.own_zones[element]
        if page.outline.tags[element] in ("figure", "article", "main"):
            break
    return not zones & (FURNITURE | Zone.BYLINE)


def _caption_of(page: Page, picture: Picture, captions: dict[int, Chunk]) -> Chunk | None:
    """The caption right after a picture, in the same figure or right beside it."""
    outline = page.outline
    for index in (picture.before, picture.before + 1):
        chunk = captions.get(index)
        if chunk is None:
            continue
        around = outline.common(chunk.element, picture.element) if picture.element >= 0 else 0
        above = sum(1 for _ in outline.ancestors(around))
        if sum(1 for _ in outline.ancestors(chunk.element)) - above <= 4:
            return chunk
    return None


def _image(page: Page, picture: Picture | None, caption: Chunk | None) -> Image:
    words, credit = _split_credit(caption) if caption is not None else (None, None)
    return Image(
        absolute(page.said.base, picture.src) if picture else None,
        words,
        credit,
        clean(picture.alt or "") or None if picture else None,
    )


def _split_credit(chunk: Chunk) -> tuple[str | None, str | None]:
    """Caption and credit of a caption chunk: by the credit's own mark-up, else by "Photo:"."""
    credited = [
        p for p in chunk.pieces if p.zones & Zone.CREDIT and p.text and p.text != chunk.text
    ]
    for piece in sorted(credited, key=lambda p: -len(p.text))[:1]:
        if piece.text:
            words = clean(chunk.text.replace(piece.text, " "))
            match = _CREDIT.search(piece.text)
            return words or None, match.group(1) if match else piece.text
    if chunk.zones & Zone.CREDIT and not chunk.zones & Zone.CAPTION:
        return None, chunk.text
    match = _CREDIT.search(chunk.text)
    if match and match.start() > 0:
        return clean(chunk.text[: match.start()]).rstrip(" (|–-") or None, match.group(1).rstrip(
            ")"
        )
    return chunk.text, None


def _merged(images: list[Image]) -> tuple[Image, ...]:
    """Each address once; a credit that stood as a caption of its own goes to the picture before."""
    found: list[Image] = []
    seen: set[str] = set()
    for image in images:
        alone = image.url is None and image.caption is None and image.credit
        if found and alone and not found[-1].credit:
            last = found[-1]
            found[-1] = Image(last.url, last.caption, image.credit, last.alt)
        elif image.url is None or image.url not in seen:
            found.append(image)
            seen.add(image.url or "")
    return tuple(found)
