"""The headline: the chunk that the page's own statements and its make-up agree on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.parsing.lines import meta_line
from crawler.parsing.outline import Chunk, is_caption_by_place, prose_weight
from crawler.parsing.page import Page
from crawler.parsing.structured import texts_of
from crawler.parsing.text import folded
from crawler.parsing.zones import Zone

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
_BY_TAG = {"h1": 4.0, "h2": 1.5, "h3": 0.5}
_TITLE_CLASS = re.compile(r"headline|title|titel|titulo|titre|itemTitle", re.I)
_AFFIX = re.compile(r"\s+[|–—·:»«\-]+\s+|\s*[|»]\s*")
#: Below this score no chunk is taken, and a title stated in the head is used instead.
ENOUGH = 3.0


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline and the chunk that holds it; ``chunk`` is None where only the head states it."""

    text: str
    chunk: Chunk | None


def stated_titles(page: Page) -> list[tuple[str, str]]:
    """(source, title) pairs that the head states, most trusted first."""
    said = page.said
    titles = [("json-ld:headline", text) for text in texts_of(said.article.get("headline"))[:1]]
    for name in ("og:title", "twitter:title", "dc.title", "headline", "title"):
        titles += [(f"meta:{name}", text) for text in said.meta.get(name, [])[:1]]
    if said.title:
        titles.append(("title", said.title))
    return titles


def read_headline(page: Page) -> Headline | None:
    """The headline, or None where the page has nothing that could be one."""
    titles = stated_titles(page)
    site_names = {folded(text) for text in page.said.meta.get("og:site_name", [])}
    if page.profile is not None:
        site_names.add(folded(page.profile.title))
    exact = {folded(text) for _, text in titles}
    exact |= {folded(without_site(text, site_names)) for _, text in titles}
    best: tuple[float, Chunk] | None = None
    for chunk in page.chunks[:3000]:
        score = _score(page, chunk, exact, site_names)
        if score is not None and (best is None or score > best[0]):
            best = (score, chunk)
    if best is not None and best[0] >= ENOUGH:
        return _printed(page, best[1], titles)
    if titles:
        source, text = titles[0]
        text = without_site(text, site_names)
        if folded(text) not in site_names:
            page.came_from("headline", source, titles[0][1])
            return Headline(text, None)
    last = _last_heading(page, site_names)
    return _printed(page, last, []) if last is not None else None


def _last_heading(page: Page, site_names: set[str]) -> Chunk | None:
    """The last heading over the first paragraph, on a page whose head says nothing of use."""
    found: Chunk | None = None
    for chunk in page.chunks[:3000]:
        if prose_weight(chunk) > 60 and not chunk.zones & _AWAY:
            return found
        bare = folded(chunk.text)
        if (
            chunk.tag in _BY_TAG
            and chunk.words >= 3
            and not chunk.zones & _AWAY
            and chunk.link_density < 0.5
            and bare not in site_names
            and not _is_landmark(page, bare)
        ):
            found = chunk
    return found


def _is_landmark(page: Page, bare: str) -> bool:
    """Whether a folded text is wording that stands around articles, and so is none's headline."""
    wording = page.wording
    return (
        bare in wording.kickers
        or bare in wording.furniture
        or bare in wording.related
        or bare in wording.analysis
    )


def _score(page: Page, chunk: Chunk, exact: set[str], site_names: set[str]) -> float | None:
    """How much speaks for a chunk as the headline; None where it can't be one."""
    base = _BY_TAG.get(chunk.tag, 0.0)
    bare = folded(chunk.text) if base or len(chunk.text) < 400 else ""
    if not bare or chunk.words > 60:
        return None
    agrees = bare in exact
    contained = not agrees and len(bare) > 12 and any(title.startswith(bare) for title in exact)
    beside_meta = _stands_over_meta_line(page, chunk)
    ends_crumb = not agrees and _ends_breadcrumb(page, chunk, bare)
    under_meta = not (agrees or beside_meta) and _stands_under_meta_line(page, chunk)
    if _is_landmark(page, bare) or chunk.text[-1] in "/|·" or _is_breadcrumb(page, chunk, bare):
        return None
    if not (base or agrees or contained or beside_meta or ends_crumb or under_meta):
        return None
    score = (
        base
        + 4.0 * agrees
        + 3.5 * contained
        + 4.0 * beside_meta
        + 4.0 * ends_crumb
        + 3.5 * under_meta
    )
    if chunk.tag == "li" and not beside_meta:
        score -= 2.0
    if not (agrees or contained) and base:
        score += 2.0 * _likeness(bare, exact)
    if chunk.zones & _AWAY:
        score -= 5.0
    if bare in site_names or not any(map(str.isalpha, bare)):
        score -= 6.0
    if chunk.words == 1 and not agrees:
        score -= 1.5
    if chunk.link_density > 0.9 and chunk.tag != "h1":
        score -= 1.5
    if base and _TITLE_CLASS.search(page.outline.names[chunk.element]):
        score += 0.5
    return score - chunk.index / 10_000


#: How many chunks a meta line may be printed in.
LINE_CHUNKS = 5


def _stands_over_meta_line(page: Page, chunk: Chunk) -> bool:
    """Whether a signed meta line follows, in one chunk or several, so that this is what it dates.

    A kicker may stand between.
    """
    if chunk.words < 2 or prose_weight(chunk) > 300 or meta_line(chunk.text) is not None:
        return False
    if chunk.link_density > 0.8 and chunk.tag != "h1":
        return False
    following = page.chunks[chunk.index + 1 : chunk.index + 2 + LINE_CHUNKS]
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
            return page.profile is not None or joined == each.text
    return False


def _stands_under_meta_line(page: Page, chunk: Chunk) -> bool:
    """Whether a signed meta line with its language token stands right above a line like a headline.

    Only on a site whose printing is known: there the line is the article's own.
    """
    if page.profile is None or not 3 <= chunk.words <= 30 or chunk.text[-1] in ".:;,…":
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


def _ends_breadcrumb(page: Page, chunk: Chunk, bare: str) -> bool:
    """Whether a breadcrumb right before ends with this chunk's words: ``Home News Brief TITLE``."""
    if chunk.words < 2 or prose_weight(chunk) > 300:
        return False
    for before in page.chunks[max(0, chunk.index - CRUMB_CHUNKS) : chunk.index]:
        crumb = folded(before.text)
        if (
            len(crumb) < len(bare) + 80
            and crumb != bare
            and crumb.endswith(bare)
            and crumb.startswith(tuple(page.wording.home))
        ):
            return True
    return False


def _likeness(bare: str, exact: set[str]) -> float:
    """Share of words in common with the most similar stated title."""
    words = set(bare.split())
    best = 0.0
    for title in exact:
        other = set(title.split())
        if words and other:
            best = max(best, len(words & other) / max(len(words), len(other)))
    return best


def _printed(page: Page, chunk: Chunk, titles: list[tuple[str, str]]) -> Headline:
    bare = folded(chunk.text)
    losing = tuple(
        (source, text) for source, text in titles if folded(text) != bare and source != "title"
    )
    source = f"heading:{chunk.tag}" if chunk.is_heading else f"line:{chunk.tag}"
    page.came_from("headline", source, chunk.text, losing)
    if page.profile is None:
        for _, text in titles:
            if _WORD.findall(text) == _WORD.findall(chunk.text):
                return Headline(text, chunk)
    return Headline(chunk.text, chunk)


#: Words by which two printings of a headline are the same but for punctuation: a topic set above
#: the headline in the same heading stands before a colon where the head repeats it.
_WORD = re.compile(r"\w+")


def without_site(title: str, site_names: set[str]) -> str:
    """A ``<title>`` without the outlet's name at either end.

    >>> without_site("Ports - InSight Crime", {"insight crime"})
    'Ports'
    """
    parts = list(_AFFIX.finditer(title))
    for cut in (parts[-1:] + parts[:1]) if parts else []:
        before, after = title[: cut.start()], title[cut.end() :]
        if folded(after) in site_names:
            return before
        if folded(before) in site_names:
            return after
    return title
