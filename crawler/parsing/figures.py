"""Pictures of the article: address, caption, credit, alternative text."""

from __future__ import annotations

import re

from crawler.article import Image
from crawler.parsing.asides import is_signature
from crawler.parsing.outline import Chunk, Picture, Piece, is_caption_by_place, is_sign
from crawler.parsing.page import Page
from crawler.parsing.roles import Text
from crawler.parsing.structured import absolute, bare_address
from crawler.parsing.text import clean, folded
from crawler.parsing.wording import phrases
from crawler.parsing.zones import FURNITURE, Zone

#: How a credit is worded at the end of a caption: after a label, "by", or a sign of rights.
_CREDIT = re.compile(
    r"(?:\b(?:(?:photo|foto)(?:s|gra(?:ph|f)\w*)?|cr[eé]dit[os]?|images?|im[aá]gen(?:es)?|imagem|pictures?"
    r"|bild(?:er|quelle|nachweis|rechte)?|illustrations?|ilustraci[oó]n|graphics?|source|fuente|fonte"
    r"|quelle|fot|kuva|zdj[eę]cie|фото|rights)\.?"
    r"(?: (?:credit|by|courtesy(?: of)?|photo|cr[eé]dit|de|via|von)){0,3}\s*[:：]"
    r"|[(\[](?:(?:photo|foto)(?:s|gra(?:ph|f)\w*)?|images?|im[aá]gen(?:es)?|pictures?|bild|illustrations?)"
    r" (?:by|courtesy(?: of)?|via|von|de|di|af|av)\b"
    r"|(?:图片来源|图源|摄影|攝影|图|写真|写真提供|撮影|사진)\s*[:：/=]"
    r"|©|\(c\))\s*(?:(?:19|20)\d\d\b)?\s*(.+)$",
    re.I,
)
#: Tags in which the credit at the end of a caption may stand, and the words it then has at most.
_SET_SMALL = ("small", "cite")
CREDIT_WORDS = 12


def read_images(
    page: Page, headline: Chunk | None, text: Text, authors: tuple[str, ...] = ()
) -> tuple[Image, ...]:
    """Pictures between the headline and the end of the text, each caption with its picture.

    The portraits of ``authors`` are none of them.
    """
    portrayed = {folded(name) for name in authors}
    first = (headline.index - 3) if headline is not None else text.first - 6
    last = _last(text)
    captions = [
        chunk
        for chunk in page.chunks[max(0, first) : last + 1]
        if any(map(str.isalpha, chunk.text))
        and (
            _is_caption(chunk)
            or (is_caption_by_place(page.outline, chunk) and not is_signature(chunk))
        )
    ]
    pictures = [
        picture
        for picture in page.outline.pictures
        if first <= picture.before <= last - 2 and _is_shown(page, picture, headline)
    ]
    placed: list[tuple[int, bool, Image]] = []
    free = {chunk.index: chunk for chunk in captions}
    for picture in pictures:
        caption = _caption_of(page, picture, free)
        name = folded(picture.alt or "")
        if name in portrayed:
            if caption is not None and name in folded(caption.text):
                del free[caption.index]
            continue
        if caption is not None:
            del free[caption.index]
            if folded(caption.text) in _ADVERTS:
                continue
        image = _image(page, picture, caption)
        if image.url or image.caption:
            placed.append((picture.before, False, image))
    placed += [
        (chunk.index, True, _image(page, None, chunk))
        for chunk in free.values()
        if chunk.words > 2 or chunk.zones & Zone.CREDIT
    ]
    in_order = (image for _, _, image in sorted(placed, key=lambda each: each[:2]))
    images = [image for image in in_order if image.url or image.caption or image.credit]
    if images:
        page.came_from("images", "element:figure")
    return _merged(images)


def _last(text: Text) -> int:
    """Index of the last chunk that may be a caption: two after the text, or after a gallery's."""
    last = text.prose[-1].index + 2 if text.prose else text.last + 2
    for caption in text.captions:
        if caption.index <= last and caption.zones & (Zone.CAPTION | Zone.FIGURE):
            last = max(last, caption.index + 2)
    return last


def _is_caption(chunk: Chunk) -> bool:
    if chunk.zones & (FURNITURE & ~Zone.RELATED):
        return False
    return bool(chunk.zones & (Zone.CAPTION | Zone.CREDIT)) or (
        bool(chunk.zones & Zone.FIGURE)
        and chunk.tag not in ("td", "th", "blockquote")
        and not chunk.zones & Zone.QUOTE
    )


def _is_shown(page: Page, picture: Picture, headline: Chunk | None) -> bool:
    """Whether a picture belongs to the article: not an avatar, an icon, a card's thumbnail."""
    if not picture.src or is_sign(picture):
        return False
    zones = 0
    for element in page.outline.ancestors(picture.element):
        zones |= page.outline.own_zones[element]
        if page.outline.tags[element] in ("figure", "article", "main"):
            break
    return not zones & (FURNITURE | Zone.BYLINE) and not _is_of_card(page, picture, headline)


#: A card's title stands so many chunks at most from its picture, and has so many words at least.
CARD_LINES, TITLE_WORDS = 2, 3


def _is_of_card(page: Page, picture: Picture, headline: Chunk | None) -> bool:
    """Whether a picture leads to another page, and a title beside it leads there, too."""
    if picture.href is None:
        return False
    address = bare_address(absolute(page.said.base, picture.href))
    if address is None or address == bare_address(page.url):
        return False
    near = page.chunks[max(0, picture.before - CARD_LINES) : picture.before + CARD_LINES]
    return any(
        chunk.link_density > 0.8
        and chunk.words >= TITLE_WORDS
        and chunk is not headline
        and not (_is_caption(chunk) or is_caption_by_place(page.outline, chunk))
        and bare_address(absolute(page.said.base, link.href)) == address
        for chunk in near
        for link in chunk.links
    )


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


#: What a picture's box says of itself, not of the picture.
_LABELS = frozenset(
    folded(label)
    for label in phrases(
        """
        image | images | photo | photos | picture | foto | fotos | bild | bilder | imagen | imagem |
        image credit | image credits | photo credit | enlarge | enlarge image | click to enlarge |
        view gallery | view image in fullscreen | open image in gallery | toggle caption |
        hide caption | caption | bild vergrößern | vergrößern | ampliar | ampliar imagen |
        ampliar foto | agrandir | agrandir l'image | ingrandisci | play | play video | watch
        """
    )
)


#: What stands by an advertiser's picture.
_ADVERTS = frozenset(
    """advertisement ad advert anzeige werbung reklama publicidad publicidade publicité pubblicità
    annonce advertentie annons reklame sponsored mainos""".split()  # noqa: SIM905
)


def _told(words: str | None) -> str | None:
    """A caption's words, or None where they are only the label of its box."""
    return None if words is None or folded(words) in _LABELS else words


def _image(page: Page, picture: Picture | None, caption: Chunk | None) -> Image:
    words, credit = _split_credit(caption) if caption is not None else (None, None)
    return Image(
        absolute(page.said.base, picture.src) if picture else None,
        _told(words),
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
    small = [piece for piece in chunk.pieces if piece.tag in _SET_SMALL and piece.text]
    if small and chunk.text.endswith(small[-1].text) and _is_credit(chunk, small[-1]):
        words = clean(chunk.text.removesuffix(small[-1].text))
        return words.rstrip(_JOINTS) or None, _bare_credit(small[-1].text)
    match = _CREDIT.search(chunk.text)
    if match and (match.start() > 0 or _is_short(match.group(1))):
        words = clean(chunk.text[: match.start()])
        return words.rstrip(_JOINTS) or None, _bare_credit(match.group(1))
    return chunk.text, None


def _is_credit(chunk: Chunk, small: Piece) -> bool:
    """Whether the small words that end a caption, or are all of it, are its credit."""
    if not _is_short(small.text):
        return False
    whole = small.tag == "small" and small.text == chunk.text
    return not whole or _SOURCE.search(small.text) is not None


#: What the name of a picture's source has in it.
_SOURCE = re.compile(
    r"\w/|/\w|©|(?i:\b(?:getty|reuters|afp|ap|epa|efe|dpa|imago|alamy|shutterstock|i?stock"
    r"|courtesy|photo|foto|unsplash|pixabay|pexels|collection|archive?s?|archivo|via|by|von)\b)"
    r"|^(?:[^\W\d_a-z][\w.’'-]+ ?){2,3}$",
)


#: What stands between a caption and its credit.
_JOINTS = " (|–-[/"


def _is_short(text: str) -> bool:
    return len(text.split()) <= CREDIT_WORDS


def _bare_credit(text: str) -> str:
    """A credit without its label and brackets."""
    match = _CREDIT.search(text)
    words = (match.group(1) if match and match.start() <= 1 else text).strip()
    if words[-1:] in ")]" and "(" not in words and "[" not in words:
        words = words[:-1]
    return words.strip()


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
