"""The language of an article's own text; the page's statement counts where the text is short."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

#: As much text as decides: the identifier's answer does not change beyond it on the labelled pages.
CHARACTERS = 2000
#: A text shorter than this is too little to tell by.
ENOUGH = 60
_TAG = re.compile(r"^[a-z]{2,3}")


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid.langid

    return py3langid.langid


def stated_language(tag: str | None) -> str | None:
    """The primary subtag of a language tag, or None.

    >>> stated_language("es-ES"), stated_language("")
    ('es', None)
    """
    match = _TAG.match((tag or "").strip().lower())
    return match.group() if match else None


def language_of(text: str, stated: str | None = None) -> str | None:
    """BCP 47 primary tag of a text; what the page states where the text is too short to tell."""
    sample = text[:CHARACTERS]
    if sum(map(str.isalpha, sample)) < ENOUGH:
        return stated_language(stated)
    found: str = _identifier().classify(sample)[0]
    return found
