"""The headline: the chunk that the page's own statements and its make-up agree on.

Two questions: *where* it stands, since the text begins there, and in *which words*, since a heading
may hold the topic as well, and an outlet may print another line than the one it is known by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.parsing.lines import meta_line
from crawler.parsing.outline import Chunk, is_caption_by_place, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.structured import absolute, bare_address, texts_of
from crawler.parsing.text import folded, may_begin
from crawler.parsing.titles import Titles, is_same_printing, read_titles, squeezed
from crawler.parsing.walking import LARGE
from crawler.parsing.zones import Zone
from crawler.profile import path_of

_AWAY = (
    Zone.NAVIGATION
    | Zone.FOOTER
    | Zone.ASIDE
    | Zone.FORM
    | Zone.COMMENTS
    | Zone.RELATED
    | Zone.PROMOTION
    | Zone.BREADCRUMB
    | Zone.HIDDEN
    | Zone.BIO
    | Zone.CAPTION
    | Zone.SHARE
)
#: Of these zones an ``<h1>`` that the head confirms is taken nevertheless: pages set their headline
#: in a banner, over the picture, beside a form.
_MISNAMED = Zone.ASIDE | Zone.FORM | Zone.RELATED | Zone.PROMOTION | Zone.BIO | Zone.CAPTION
_BY_TAG = {"h1": 4.0, "h2": 1.5, "h3": 0.5}
_TITLE_CLASS = re.compile(r"headline|title|titel|titulo|titre|itemTitle", re.I)
#: Below this score no chunk is taken, and a title stated in the head is used instead.
ENOUGH = 3.0
#: The headline is looked for among so many chunks, and is never longer.
MOST_CHUNKS, MOST_CHARACTERS, MOST_WORDS = 3000, 400, 60


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline and the chunk that holds it; ``chunk`` is None where only the head states it."""

    text: str
    chunk: Chunk | None


def read_headline(page: Page) -> Headline | None:
    """The headline, or None where the page has nothing that could be one."""
    titles = read_titles(page)
    ends, near = _article_ends(page), _near(page)
    best: tuple[float, Chunk] | None = None
    for chunk in _candidates(page, titles, near):
        score = _score(page, chunk, titles, ends, near)
        if score is not None and (best is None or score > best[0]):
            best = (score, chunk)
    if best is not None and best[0] >= ENOUGH:
        return _printed(page, best[1], titles)
    last = _last_heading(page, titles.site_names)
    if titles.stated and not (last is not None and _is_of_outlet(page, titles, last)):
        source, text = titles.cut[0]
        if folded(text) not in titles.site_names:
            page.came_from("headline", source, titles.stated[0][1])
            return Headline(text, None)
    return _printed(page, last, None) if last is not None else None


def _is_of_outlet(page: Page, titles: Titles, heading: Chunk) -> bool:
    """Whether a page's only title says less of its text than a heading does: the outlet's name.

    Old pages carry the same title throughout, and no other statement.
    """
    if page.knows_printing or {name for name, _ in titles.stated} != {"title"}:
        return False
    prose = [
        c.text for c in page.chunks[heading.index + 1 : heading.index + TOLD_BY] if c.words > 8
    ]
    words = set(folded(" ".join(prose)).split())

    def told(title: str) -> float:
        own = {word for word in folded(title).split() if len(word) > SMALL_WORD}
        return len(own & words) / len(own) if own else 0.0

    return told(heading.text) > max(LEAST_TOLD, told(titles.cut[0][1]))


#: A title is compared with the text in so many chunks; with its words of more letters than that;
#: and it says something of the text if the text has more than this share of them.
TOLD_BY, SMALL_WORD, LEAST_TOLD = 40, 3, 0.3


@dataclass(slots=True)
class _Near:
    """What stands near which chunks, by index."""

    lines: set[int] = field(default_factory=set)
    """Chunks beside a line that may be the meta line."""
    crumbs: dict[int, list[str]] = field(default_factory=dict)
    """Breadcrumbs run together, folded, that a chunk is or follows."""
    is_only_h1: bool = False
    """Whether the page, of a site that nobody has described, has one ``<h1>``."""


def _candidates(page: Page, titles: Titles, near: _Near) -> list[Chunk]:
    """The chunks worth a closer look: headings, beginnings of stated titles, lines beside others.

    A page has thousands of chunks, so each is asked cheap questions only.
    """
    return [
        chunk
        for chunk in page.chunks[:MOST_CHUNKS]
        if chunk.tag in _BY_TAG
        or chunk.index in near.lines
        or chunk.index in near.crumbs
        or _may_be_stated(chunk, titles)
    ]


def _may_be_stated(chunk: Chunk, titles: Titles) -> bool:
    """Whether a chunk may be the beginning of a stated title."""
    return (
        chunk.words <= MOST_WORDS
        and len(chunk.text) < MOST_CHARACTERS
        and may_begin(chunk.text, titles.firsts)
    )


_DIGIT = re.compile(r"\d")
_SIGNED = re.compile(r"(?<!\w)(?:by|por)(?!\w)", re.I)


def _near(page: Page) -> _Near:
    """Looks once for the lines that a headline may stand beside."""
    near = _Near()
    home = tuple(page.wording.home)
    firsts = {phrase[:2] for phrase in home}
    known = page.knows_printing
    headings = 0
    for chunk in page.chunks[:MOST_CHUNKS]:
        headings += chunk.tag == "h1"
        if len(chunk.text) > LINE_CHARACTERS:
            continue
        at = chunk.index
        if (known or _may_sign(chunk.text)) and _DIGIT.search(chunk.text):
            near.lines.update(range(at - (LINE_CHUNKS + 1 if known else 2), at))
            if known:
                near.lines.update(range(at + 1, at + LINE_CHUNKS + 1))
        if may_begin(chunk.text, firsts):
            crumb = folded(chunk.text)
            if crumb.startswith(home):
                for index in range(at, at + CRUMB_CHUNKS + 1):
                    near.crumbs.setdefault(index, []).append(crumb)
    near.is_only_h1 = headings == 1 and not known
    return near


def _may_sign(text: str) -> bool:
    """Whether a line holds the word that signs."""
    small = text.lower()
    return ("by" in small or "por" in small) and _SIGNED.search(text) is not None


def _last_heading(page: Page, site_names: set[str]) -> Chunk | None:
    """The last heading over the first paragraph, on a page whose head says nothing of use."""
    found: Chunk | None = None
    for chunk in page.chunks[:MOST_CHUNKS]:
        if prose_weight(chunk) > 60 and not chunk.zones & _AWAY:
            return found
        bare = folded(chunk.text)
        if (
            (chunk.tag in _BY_TAG or _is_called_heading(page, chunk))
            and chunk.words >= 3
            and not chunk.zones & _AWAY
            and (chunk.link_density < 0.5 or _links_itself(page, chunk))
            and bare not in site_names
            and not _is_landmark(page, bare)
        ):
            found = chunk
    return found


_HEADING_CLASS = re.compile(
    r"headline|heading|(?:article|post|entry|page|item|story)[-_ ]?title", re.I
)


def _is_called_heading(page: Page, chunk: Chunk) -> bool:
    """Whether a line's own class calls it a heading: pages set headlines in table cells."""
    name = page.outline.names[chunk.element]
    if name and _HEADING_CLASS.search(name) is not None:
        return True
    return chunk.words <= LARGE_WORDS and any(
        LARGE in piece.words and piece.text == chunk.text for piece in chunk.pieces
    )


#: A line in a large font that has more words is text.
LARGE_WORDS = 25


def _links_itself(page: Page, chunk: Chunk) -> bool:
    """Whether a line is nothing but a link to the page that it stands on."""
    own = bare_address(page.url)
    return all(bare_address(absolute(page.said.base, link.href)) == own for link in chunk.links)


def _is_landmark(page: Page, bare: str) -> bool:
    """Whether a folded text is wording that stands around articles, and so is none's headline."""
    wording = page.wording
    return (
        bare in wording.kickers
        or bare in wording.furniture
        or bare in wording.related
        or bare in wording.analysis
    )


def _score(page: Page, chunk: Chunk, titles: Titles, ends: int, near: _Near) -> float | None:
    """How much speaks for a chunk as the headline; None where it can't be one.

    After ``ends`` a heading unlike all statements is the next article's.
    """
    base = _BY_TAG.get(chunk.tag, 0.0)
    bare = folded(chunk.text) if base or len(chunk.text) < MOST_CHARACTERS else ""
    if not bare or chunk.words > MOST_WORDS or chunk.tag == "title":
        return None
    agrees = bare in titles.exact
    contained = 0.0 if agrees else _contained(page, bare, titles)
    beside_line = chunk.index in near.lines
    crumbs = near.crumbs.get(chunk.index, [])
    beside_meta = beside_line and _stands_over_meta_line(page, chunk)
    ends_crumb = not agrees and _ends_breadcrumb(chunk, bare, crumbs)
    under_meta = beside_line and not (agrees or beside_meta)
    under_meta = under_meta and _stands_under_meta_line(page, chunk)
    if not (base or agrees or contained or beside_meta or ends_crumb or under_meta):
        return None
    if _is_landmark(page, bare) or chunk.text[-1] in "/|·" or _is_breadcrumb(page, chunk, bare):
        return None
    score = (
        base + 4.0 * agrees + contained + 4.0 * beside_meta + 4.0 * ends_crumb + 3.5 * under_meta
    )
    if chunk.tag == "li" and not beside_meta:
        score -= 2.0
    if not (agrees or contained) and base:
        score += 2.0 * titles.likeness(bare)
    if chunk.zones & _AWAY:
        score -= _away(page, chunk, confirmed=agrees or contained > 0)
    if bare in titles.site_names or squeezed(bare) in titles.hosts or bare in titles.beside:
        score -= 6.0
    if not any(map(str.isalpha, bare)):
        score -= 6.0
    if chunk.words == 1 and not agrees and not (base >= ENOUGH and near.is_only_h1):
        score -= 1.5
    if chunk.link_density > 0.9 and chunk.tag != "h1":
        score -= 1.5
    if base and _TITLE_CLASS.search(page.outline.names[chunk.element]):
        score += 0.5
    if base >= ENOUGH and chunk.index > ends and not page.knows_printing:
        unlike = len(titles.stated) > 1 and titles.likeness(bare) <= UNLIKE
        score -= 3.0 * (unlike and not beside_meta)
    if score >= ENOUGH and _is_masthead(page, chunk):
        score -= 6.0
    return score - chunk.index / 10_000


def _contained(page: Page, bare: str, titles: Titles) -> float:
    """How much it speaks for a line that a statement holds it: as its beginning, as a part."""
    if len(bare) <= 12:
        return 0.0
    holding = [title for title in titles.exact if title.startswith(bare)]
    if page.knows_printing:
        return 3.5 if holding else 0.0
    if bare in titles.parts:
        return 3.5
    return max((3.0 + len(bare) / len(title) for title in holding), default=0.0)


def _away(page: Page, chunk: Chunk, *, confirmed: bool) -> float:
    """How much a place away from articles speaks against a chunk.

    Little for an ``<h1>`` that the head confirms in a box whose name may be an accident, nothing
    where only its own class names it so.
    """
    if not page.knows_printing and confirmed and chunk.tag == "h1":
        outline = page.outline
        around = 0
        for element in outline.ancestors(outline.parents[chunk.element]):
            around |= outline.own_zones[element]
        if not (chunk.zones & Zone.HIDDEN or around & chunk.zones & _AWAY):
            return 0.0
        if not chunk.zones & _AWAY & ~_MISNAMED:
            return 2.0
    return 5.0


#: So much prose before a heading is an article of its own; a heading that shares no more of its
#: words with any statement is not what they speak of.
AN_ARTICLE, UNLIKE = 1000, 0.25


def _article_ends(page: Page) -> int:
    """Index of the chunk by which a page has printed an article's worth of prose."""
    prose = 0
    for chunk in page.chunks[:MOST_CHUNKS]:
        if not chunk.zones & _AWAY:
            prose += prose_weight(chunk)
            if prose > AN_ARTICLE:
                return chunk.index
    return MOST_CHUNKS


def _is_masthead(page: Page, chunk: Chunk) -> bool:
    """Whether a line is the outlet's own: nothing but a link to its first page."""
    if page.knows_printing or chunk.link_density < 0.9 or not chunk.links:
        return False
    address = absolute(page.said.base, chunk.links[0].href)
    return address is not None and not path_of(address).strip("/")


#: How many chunks a meta line may be printed in, and how long each may be.
LINE_CHUNKS, LINE_CHARACTERS = 5, 240


def _stands_over_meta_line(page: Page, chunk: Chunk) -> bool:
    """Whether a signed meta line follows, in one chunk or several, so that this is what it dates.

    A kicker may stand between.
    """
    reach = LINE_CHUNKS + 1 if page.knows_printing else 2
    following = page.chunks[chunk.index + 1 : chunk.index + 1 + reach]
    if chunk.words < 2 or prose_weight(chunk) > 300 or meta_line(chunk.text) is not None:
        return False
    if chunk.link_density > 0.8 and chunk.tag != "h1":
        return False
    if following and folded(following[0].text) in page.wording.kickers:
        following = following[1:]
    if following and not any(map(str.isalnum, following[0].text)):
        return False
    joined = ""
    for each in following[:LINE_CHUNKS]:
        if len(each.text) > 200:
            return False
        joined = f"{joined} {each.text}".strip()
        line = meta_line(joined)
        if line is not None and line.byline is not None:
            return page.knows_printing or joined == each.text
    return False


def _stands_under_meta_line(page: Page, chunk: Chunk) -> bool:
    """Whether a signed meta line with its language token stands right above a line like a headline.

    Only on a site whose printing is known: there the line is the article's own.
    """
    if not page.knows_printing or not 3 <= chunk.words <= 30 or chunk.text[-1] in ".:;,…":
        return False
    if chunk.zones & Zone.FIGURE or is_caption_by_place(page.outline, chunk):
        return False
    if chunk.link_density > 0.5:
        return False
    joined = ""
    for before in page.chunks[max(0, chunk.index - LINE_CHUNKS) : chunk.index][::-1]:
        joined = f"{before.text} {joined}".strip()
        line = meta_line(joined)
        if line is not None and line.byline is not None and line.language is not None:
            return True
    return False


#: So many chunks at most stand between a breadcrumb and the headline that it ends with.
CRUMB_CHUNKS = 10


def _is_breadcrumb(page: Page, chunk: Chunk, bare: str) -> bool:
    """Whether a chunk is a breadcrumb run together, which a line soon after repeats the end of."""
    if not bare.startswith(tuple(page.wording.home)):
        return False
    return any(
        8 < len(own := folded(after.text)) < len(bare) and bare.endswith(own)
        for after in page.chunks[chunk.index + 1 : chunk.index + 1 + CRUMB_CHUNKS]
    )


def _ends_breadcrumb(chunk: Chunk, bare: str, crumbs: list[str]) -> bool:
    """Whether a breadcrumb right before ends with this chunk's words: ``Home News Brief TITLE``."""
    if not crumbs or chunk.words < 2 or prose_weight(chunk) > 300:
        return False
    return any(
        len(crumb) < len(bare) + 80 and crumb != bare and crumb.endswith(bare) for crumb in crumbs
    )


def _printed(page: Page, chunk: Chunk, titles: Titles | None) -> Headline:
    """The headline that a chunk holds; its words may be another printing's."""
    source = f"heading:{chunk.tag}" if chunk.is_heading else f"line:{chunk.tag}"
    text = chunk.text
    if not page.knows_printing and titles is not None:
        source, text = _worded(page, chunk, titles, source)
    own = folded(text)
    stated = titles.stated if titles is not None else []
    losing = [pair for pair in stated if folded(pair[1]) != own and pair[0] != "title"]
    if text != chunk.text and folded(chunk.text) != own:
        losing.insert(0, (f"line:{chunk.tag}", chunk.text))
    page.came_from("headline", source, chunk.text, tuple(losing))
    return Headline(text, chunk)


def _worded(page: Page, chunk: Chunk, titles: Titles, source: str) -> tuple[str, str]:
    """(source, words) of a headline on any site, its place known.

    What is printed there stands, unless the head shows that part of it is the topic over the
    headline, that it lacks its topic, or that the page's one ``<h1>`` stands elsewhere.
    """
    same = _same_words(chunk.text, titles)
    if same is not None:
        text = same
    elif (bare := _without_topic(chunk, titles)) is not None:
        text = bare
    elif (full := _with_topic(page, chunk, titles)) is not None:
        source, text = full
    else:
        text = chunk.text
    if chunk.tag != "h1":
        other = _other_h1(page, titles)
        if other is not None and titles.weight_of(other.text) > titles.weight_of(text):
            return "heading:h1", _same_words(other.text, titles) or other.text
    return source, text


def _same_words(text: str, titles: Titles) -> str | None:
    """The text as the head punctuates it: a topic run into it stands before a colon there."""
    own = squeezed(text)
    same = [title for _, title in titles.cut if squeezed(title) == own]
    if any(is_same_printing(text, title) for title in same):
        return text
    return next(iter(same), None)


def _without_topic(chunk: Chunk, titles: Titles) -> str | None:
    """The rest of a heading whose first words are a topic in an element of its own.

    The head must know that rest without the topic: as a whole, or after another topic.
    """
    for piece in chunk.pieces[:MOST_PIECES]:
        topic = piece.text
        if not topic or not chunk.text.startswith(topic) or len(topic) == len(chunk.text):
            continue
        rest = chunk.text[len(topic) :].lstrip(" :|/·•–—-")
        if len(rest.split()) < LEAST_REST and not rest[:1] > "\u2fff":
            continue
        if any(_is_set_apart(rest, title) for _, title in titles.cut):
            return rest
    return None


_APART = frozenset([*":|-–—·»/", ""])


def _is_set_apart(rest: str, title: str) -> bool:
    """Whether a statement holds a text whole, with at most a topic before or a name after it."""
    if squeezed(title) == squeezed(rest):
        return True
    before, found, after = title.partition(rest)
    return bool(found) and (before.rstrip()[-1:] in _APART and after.lstrip()[:1] in _APART)


#: A topic is one of the first runs of a heading.
MOST_PIECES = 8
#: A rest of fewer words is no headline.
LEAST_REST = 2
#: So much must the statements that add a topic weigh: JSON-LD, a network's title and ``<title>``.
AGREED = 5


def _with_topic(page: Page, chunk: Chunk, titles: Titles) -> tuple[str, str] | None:
    """The statement that all of the head agrees on, where it is a topic and the printed headline.

    A section's name is no topic.
    """
    for source, title in titles.cut:
        before, colon, after = title.partition(": ")
        if (
            colon
            and squeezed(after) == squeezed(chunk.text)
            and not _is_section(page, before)
            and titles.weight_of(title) >= AGREED
        ):
            return source, title
    return None


def _is_section(page: Page, name: str) -> bool:
    """Whether the page files itself under a name: in its JSON-LD, breadcrumb or address."""
    sections = texts_of(page.said.article.get("articleSection")) + page.said.breadcrumb
    sections += page.said.meta.get("article:section", []) + path_of(page.url).split("/")
    return folded(name) in map(folded, sections)


def _other_h1(page: Page, titles: Titles) -> Chunk | None:
    """The ``<h1>`` that most statements repeat, wherever it stands."""
    found = [
        chunk
        for chunk in page.chunks[:MOST_CHUNKS]
        if chunk.tag == "h1" and titles.weight_of(chunk.text)
    ]
    return max(found, key=lambda each: titles.weight_of(each.text), default=None)
