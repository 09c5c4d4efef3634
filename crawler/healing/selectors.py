"""Ways to name an element of a page, the likeliest to last first.

What a newsroom's own programs hold on to lasts longest (``data-testid``, ``itemprop``), then names
that somebody gave, then where a link leads. A class that a build made is as good as any until the
next build; after it come all classes of an element together, the words before it, and its place
among its neighbours. None is believed for what it looks like: the pages tell (looking.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.parsing.text import clean

#: How long a name is likely to last: what it goes by, best first.
TOLD, NAMED, LINKED, BUILT, DRESSED, LABELLED, PLACED, LOOSE = range(8)

#: Attributes that tell what an element holds.
_TELLING = (
    "itemprop", "rel", "property", "data-testid", "data-test-id", "data-test", "data-qa", "data-cy",
    "data-field", "data-component", "data-type", "data-name", "role",
)  # fmt: skip
#: Tags that are one thing, so that others can be found beside or inside them.
_ANCHORS = ("h1", "time", "address", "article", "main", "header", "footer", "figure", "aside")
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*")
#: What a build makes: a name with a figure in it, or with none of a word's vowels.
_IS_BUILT = re.compile(r"\d|^[^aeiouyAEIOUY]+$|[a-z][A-Z]+[a-z]+[A-Z]")
#: What CSS modules make of a name, and what of it stays from build to build.
_MODULE = re.compile(r"([A-Za-z][\w-]*?_{1,2}[A-Za-z][\w-]*?_{1,3})[\w-]{4,10}")
#: Ancestors whose names make a selector narrower.
_MOST_ANCESTORS = 4
#: Steps of a path from an anchor.
_MOST_STEPS = 6
#: Classes that are looked at of one element: a page of utility classes has dozens.
_MOST_CLASSES = 6

Selector = tuple[str, int]
"""A selector and how long it is likely to last."""


def selectors_of(node: LexborNode) -> list[Selector]:
    """Selectors that find an element, each once, and how long each is likely to last."""
    found: dict[str, int] = {}
    for way in _WAYS:
        for selector, lasts in way(node):
            found.setdefault(selector, lasts)
    return list(found.items())


def names_of(node: LexborNode) -> list[str]:
    """An element's own names, by which styles and programs find it."""
    return [selector for selector, _ in _own_names(node)]


def _own_names(node: LexborNode) -> list[Selector]:
    attributes = node.attributes
    names: list[Selector] = []
    for telling in _TELLING:
        value = attributes.get(telling)
        if value and re.fullmatch(r"[\w :./-]{1,60}", value):
            names.append((f'[{telling}="{value}"]', TOLD))
    for each in (attributes.get("class") or "").split()[:_MOST_CLASSES]:
        names += _class_names(each)
    name = attributes.get("id") or ""
    if _PLAIN_NAME.fullmatch(name) and not any(map(str.isdigit, name)):
        names.append((f"#{name}", NAMED))
    return names


def _class_names(name: str) -> list[Selector]:
    module = _MODULE.fullmatch(name)
    if module:
        return [(f'[class*="{module[1]}"]', NAMED), (f".{name}", BUILT)]
    if not _PLAIN_NAME.fullmatch(name):
        return []
    return [(f".{name}", BUILT if _IS_BUILT.search(name) else NAMED)]


def _by_name(node: LexborNode) -> Iterator[Selector]:
    """Its own names, alone and in the boxes around it."""
    own = _own_names(node)
    yield from own
    bare = own or [(node.tag or "*", LOOSE)]
    for depth, box in enumerate(_boxes(node)):
        for name, lasts in _own_names(box)[:3]:
            yield from ((f"{name} {each}", max(lasts, own_lasts)) for each, own_lasts in bare[:3])
            if not depth:
                yield f"{name} > {node.tag}", max(lasts, NAMED)
        if box.tag in _ANCHORS:
            yield from ((f"{box.tag} {each}", own_lasts) for each, own_lasts in bare[:3])


def _boxes(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(_MOST_ANCESTORS):
        if parent is None or parent.tag in ("body", "html", "-document"):
            return
        yield parent
        parent = parent.parent


def _by_tag(node: LexborNode) -> Iterator[Selector]:
    """Tags that are one thing by themselves."""
    if node.tag in _ANCHORS:
        yield node.tag, NAMED


def _by_link(node: LexborNode) -> Iterator[Selector]:
    """Where its link leads, or the only links in it: to the pages of authors, of topics …"""
    links = [node] if node.tag == "a" else node.css("a")
    folders = {_folder(link) for link in links[:20]}
    if len(folders) != 1 or None in folders:
        return
    link = f'a[href*="{folders.pop()}"]'
    yield link, LINKED
    boxes = [node, *_boxes(node)] if node.tag != "a" else list(_boxes(node))
    for box in boxes:
        yield from ((f"{name} {link}", max(lasts, LINKED)) for name, lasts in _own_names(box)[:2])
        if box.tag in _ANCHORS:
            yield f"{box.tag} {link}", LINKED


def _folder(link: LexborNode) -> str | None:
    """The folder that a link leads into: ``/author/`` of ``/author/ana-prado/``."""
    try:
        path = urlsplit(link.attributes.get("href") or "").path
    except ValueError:
        return None
    folder = path.rstrip("/").rpartition("/")[0] + "/"
    return folder if len(folder) > 2 and re.fullmatch(r"[\w./-]{1,60}", folder) else None


def _by_dress(node: LexborNode) -> Iterator[Selector]:
    """All its classes together, alone and in their box."""
    dress = _dress(node)
    if dress is None:
        return
    yield dress, DRESSED
    for box in _boxes(node):
        outer = _dress(box)
        yield from ((f"{each} {dress}", DRESSED) for each in (outer, *_anchor(box)) if each)
        yield from ((f"{each} > {dress}", DRESSED) for each in (outer, *_anchor(box)) if each)


def _dress(node: LexborNode) -> str | None:
    worn = node.attributes.get("class") or ""
    is_telling = " " in worn.strip() and not set(worn) & set('"\\\n') and len(worn) <= 200
    return f'{node.tag}[class="{worn}"]' if is_telling else None


def _anchor(node: LexborNode) -> Iterator[str]:
    if node.tag in _ANCHORS:
        yield node.tag


def _by_label(node: LexborNode) -> Iterator[Selector]:
    """The words right before it, such as "Words" before the names."""
    label = label_before(node)
    if label is not None:
        own = _own_names(node)
        bare = own[0][0] if own else node.tag
        yield f'{label[0]}:lexbor-contains("{label[1]}") + {bare}', LABELLED


def label_before(node: LexborNode) -> tuple[str, str] | None:
    """(tag, words) of the short text right before an element."""
    before = _beside(node, lambda each: each.prev)
    if before is None:
        return None
    words = clean(before.text() or "")
    is_label = 2 <= len(words) <= 30 and not set(words) & set('"\\')
    return (before.tag or "", words) if is_label else None


def _beside(node: LexborNode, step: Callable[[LexborNode], LexborNode | None]) -> LexborNode | None:
    """The next element in a direction, if no text stands between."""
    other = step(node)
    while other is not None and (other.tag or "-").startswith("-"):
        if clean(other.text() or ""):
            return None
        other = step(other)
    return other


def _by_neighbour(node: LexborNode) -> Iterator[Selector]:
    """What it stands right after, or right before: a standfirst after the headline."""
    own = [(node.tag or "*", PLACED), *((name, lasts) for name, lasts in _own_names(node)[:1])]
    if dress := _dress(node):
        own.append((dress, DRESSED))
    before = _beside(node, lambda each: each.prev)
    after = _beside(node, lambda each: each.next)
    for name, lasts in own:
        for beside in _signs(before):
            yield f"{beside} + {name}", max(lasts, LABELLED)
        for beside in _signs(after):
            yield f"{name}:has(+ {beside})", max(lasts, LABELLED)


def _signs(node: LexborNode | None) -> list[str]:
    """What tells an element from others beside it."""
    if node is None:
        return []
    signs = [name for name, _ in _own_names(node)[:2]] + list(_anchor(node))
    inside = (each for each in ("h1", "time", "address") if each != node.tag and node.css(each))
    signs += [f"{node.tag}:has({each})" for each in inside]
    return [*signs, *filter(None, (_dress(node),))]


def _by_place(node: LexborNode) -> Iterator[Selector]:
    """The way to it from what it stands in: ``header > p:nth-of-type(1)``."""
    way: list[str] = []
    here: LexborNode | None = node
    own = {name for name, _ in _own_names(node)}
    for _ in range(_MOST_STEPS):
        parent = here.parent if here is not None else None
        if here is None or parent is None or here.tag in ("body", "html"):
            return
        way.insert(0, _step(here))
        starts = [*_anchor(parent), *(name for name, _ in _own_names(parent)[:2])]
        starts += [each for each in ("body",) if parent.tag == each]
        for start in starts:
            if start not in own:
                yield " > ".join((start, *way)), PLACED
                yield " > ".join((start, *_by_tags(way))), PLACED
        if any(child.tag == "h1" for child in parent.iter()) and len(way) <= 2:
            yield " > ".join((f"{parent.tag}:has(> h1)", *way)), PLACED
            yield " > ".join((f"{parent.tag}:has(> h1)", *_by_tags(way))), PLACED
        here = parent


def _step(node: LexborNode) -> str:
    """An element among those of its tag, counted from the nearer end."""
    parent = node.parent
    alike = [each for each in parent.iter() if each.tag == node.tag] if parent is not None else []
    if len(alike) < 2:
        return node.tag or "*"
    at = next((number for number, each in enumerate(alike) if each == node), 0)
    return f"{node.tag}:nth-of-type({at + 1})"


def _by_tags(way: list[str]) -> list[str]:
    """A way by tags alone."""
    return [step.partition(":")[0] for step in way]


_WAYS = (_by_name, _by_tag, _by_link, _by_dress, _by_label, _by_neighbour, _by_place)


def names_in_boxes(node: LexborNode) -> list[str]:
    """An element's own names, alone and in the boxes around it."""
    return [selector for selector, _ in _by_name(node)]
