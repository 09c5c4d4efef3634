"""How the elements of a redesigned page are named: five makes of today's websites.

Each gives every role of an element (the headline, a paragraph, a card's title) its tag and its
attributes, and nothing in them says more than that make would say on a real site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

Make = Literal["modules", "styled", "utility", "semantic", "testids"]


def digest(name: str, length: int) -> str:
    """What a build makes of a name: the same in every page of it.

    >>> digest("headline", 5) == digest("headline", 5) != digest("deck", 5)
    True
    """
    return hashlib.sha256(f"build 7 {name}".encode()).hexdigest()[:length]


#: Tags that mean something, where the others have boxes and spans.
_MEANT = {
    "page": "main", "story": "article", "opening": "header", "kicker": "p", "headline": "h1",
    "deck": "p", "facts": "div", "byline": "address", "date": "time", "category": "span",
    "text": "section", "paragraph": "p", "analysis": "h2", "tags": "footer", "figure": "figure",
    "caption": "figcaption", "credit": "small", "letter": "aside", "related": "aside",
    "related_title": "h2", "card": "div", "notice": "p", "pull": "aside", "promotion": "aside",
    "top": "header", "foot": "footer",
}  # fmt: skip
#: Boxes that stand in a line.
_IN_LINE = ("byline", "date", "category", "credit")

#: The looks of a page of utility classes: every one is shared by several roles.
_LOOKS = {
    "max-w-3xl mx-auto px-4": ("page", "top", "foot"),
    "mt-6 space-y-4": ("story", "opening", "text", "related", "letter"),
    "text-xs font-bold uppercase tracking-wide text-gray-500": (
        "kicker", "category", "related_title", "credit", "analysis",
    ),
    "text-3xl md:text-4xl font-bold": ("headline",),
    "text-lg leading-7 text-gray-800": ("deck", "paragraph", "notice", "promotion", "pull"),
    "text-sm text-gray-500": ("byline", "date", "caption"),
    "mt-2 flex gap-2": ("facts", "tags", "figure", "card"),
}  # fmt: skip


def _tag(role: str) -> str:
    return "span" if role in _IN_LINE else "div"


def _modules(role: str) -> tuple[str, str]:
    """CSS modules: the component, the role, and a digest of the build."""
    tag = "h1" if role == "headline" else _tag(role)
    component = "Card" if role in ("card", "related_title") else "Article"
    return tag, f'class="{component}_{role}__{digest(role, 5)}"'


def _styled(role: str) -> tuple[str, str]:
    """Styled components: a class for the kind of box and one of the build, and no other sign."""
    return _tag(role), f'class="sc-{digest(_tag(role), 6)} x{digest(role, 6)}"'


def _utility(role: str) -> tuple[str, str]:
    """Utility classes tell how an element looks, and others look so, too."""
    look = next(look for look, roles in _LOOKS.items() if role in roles)
    return "h1" if role == "headline" else _tag(role), f'class="{look}"'


def _semantic(role: str) -> tuple[str, str]:
    """No class at all."""
    return _MEANT[role], ""


def _testids(role: str) -> tuple[str, str]:
    """A name for the newsroom's own tests, beside a class of the build and its page."""
    tag = "h1" if role == "headline" else _tag(role)
    return tag, f'data-testid="article-{role.replace("_", "-")}" class="css-{digest(role, 6)}"'


_NAMED: dict[Make, Callable[[str], tuple[str, str]]] = {
    "modules": _modules,
    "styled": _styled,
    "utility": _utility,
    "semantic": _semantic,
    "testids": _testids,
}


def element(make: Make, role: str, inner: str, more: str = "") -> str:
    """An element of a role, with its inner HTML and what further attributes it has.

    >>> element("semantic", "headline", "So it is")
    '<h1>So it is</h1>'
    >>> element("semantic", "date", "Today", 'datetime="2024-05-14"')
    '<time datetime="2024-05-14">Today</time>'
    """
    tag, attributes = _NAMED[make](role)
    opened = " ".join(filter(None, (tag, attributes, more)))
    return f"<{opened}>{inner}</{tag}>"
