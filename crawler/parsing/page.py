"""One page on the way to becoming an article: what was read of it, and by whose rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.article import Source
from crawler.parsing.outline import Chunk, Outline
from crawler.parsing.structured import Structured, texts_of
from crawler.parsing.text import folded, printable
from crawler.parsing.wording import Wording
from crawler.profile import Profile, host_of

#: Where English is printed with the month first (CLDR, short dates).
MONTH_FIRST = frozenset(["en-us", "en-ph", "en-pr", "en-gu"])


def own_names(page: Page) -> set[str]:
    """What the outlet calls itself, :func:`squeezed`."""
    host = host_of(page.url).split(":")[0].removeprefix("www.")
    names = [
        *page.said.meta.get("og:site_name", [])[:1],
        *page.said.meta.get("application-name", [])[:1],
        *texts_of(page.said.article.get("publisher"), "name")[:1],
        host,
        host.rsplit(".", 1)[0],
        *((page.profile.title,) if page.profile is not None else ()),
    ]
    return {squeezed(each) for each in names}


def squeezed(name: str) -> str:
    """The letters and digits of a name alone, folded: ``InSight Crime`` is ``insightcrime``."""
    return "".join(filter(str.isalnum, folded(name)))


def usual_day_order(url: str, language: str | None, stated: Sequence[str] = ()) -> str:
    """Day order of all-number dates where a text's readers live, for a site that states none.

    ``stated`` are the page's own language tags, whose regions tell more than the language.

    >>> usual_day_order("https://x.example/", "en"), usual_day_order("https://x.co.uk/", "en")
    ('MDY', 'DMY')
    """
    if language not in (None, "en"):
        return "YMD" if language in ("zh", "ja", "ko", "hu", "lt") else "DMY"
    tags = [tag.lower().replace("_", "-") for tag in stated]
    regions = [tag for tag in tags if "-" in tag]
    if regions:
        return "MDY" if regions[0] in MONTH_FIRST else "DMY"
    if tags and not tags[0].startswith("en"):
        return "DMY"
    country = host_of(url).rsplit(".", 1)[-1]
    return "DMY" if len(country) == 2 and country != "us" else "MDY"


@dataclass(slots=True)
class Page:
    """Everything the readers of single fields share. They add to ``provenance`` as they decide."""

    url: str
    profile: Profile | None
    wording: Wording
    said: Structured
    outline: Outline
    fetched_at: datetime | None = None
    language: str | None = None
    provenance: dict[str, Source] = field(default_factory=dict)

    @property
    def chunks(self) -> list[Chunk]:
        return self.outline.chunks

    @property
    def knows_printing(self) -> bool:
        """Whether the profile alone tells how the page is printed, without any site's rules."""
        return self.profile is not None and self.profile.knows_printing

    @property
    def day_order(self) -> str:
        """Day order of all-number dates: the site's, else what the language's readers expect."""
        if self.profile is not None and self.profile.day_order is not None:
            return self.profile.day_order
        return usual_day_order(self.url, self.language, self.said.languages)

    @property
    def timezone(self) -> str | None:
        return self.profile.timezone if self.profile is not None else None

    def came_from(
        self,
        name: str,
        source: str,
        raw: str | None = None,
        losing: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Notes where a field's value came from, and which other candidates disagreed."""
        self.provenance[name] = Source(
            printable(source),
            None if raw is None else printable(raw),
            tuple((each, printable(words)) for each, words in losing),
        )
