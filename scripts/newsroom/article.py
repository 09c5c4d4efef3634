"""An article of the bundled newsroom: as it was filed, and what its page must be read as.

The same words stand on four kinds of page. What a page shows depends on its layout: the custom
layout has a meta line with a category and a day, the others print their section label and a time.
The properties here say what a careful reader finds on *that* page, in the names of the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from urllib.parse import urljoin, urlsplit

from scripts.newsroom.prose import Part, inline_text, parts_of

Layout = Literal["joomla", "tagdiv", "custom", "newspack"]
LAYOUTS: tuple[str, ...] = get_args(Layout)

OUTLET = "Faro del Istmo"
LICENCE = "https://creativecommons.org/licenses/by-nc/4.0/"
TEASER_WORDS = 18

_BLOCK_KINDS = {"paragraph": "paragraph", "heading": "heading", "quote": "quote"}


@dataclass(frozen=True, slots=True)
class Card:
    """A pointer to another page: a related article on its card, or an in-text SEE ALSO."""

    url: str
    title: str | None = None
    category: str | None = None
    date: str | None = None
    teaser: str | None = None

    def record(self) -> dict[str, str | None]:
        """The pointer in the record's keys."""
        return {
            name: getattr(self, name) for name in ("url", "title", "category", "date", "teaser")
        }


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was filed."""

    src: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsroomArticle:
    """One article: the fields as filed first, then what its page shows, as properties."""

    path: str
    """Begins with a slash; the article's one address in the newsroom."""
    layout: str
    language: str
    headline: str
    text: str
    """The words in the markup of :mod:`scripts.newsroom.prose`."""
    label: str | None = None
    """The type label over the headline, in the case of a title."""
    deck: str | None = None
    term: str | None = None
    """The one category of the custom layout's meta line."""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    byline: str | None = None
    """The names as printed, where they aren't simply joined."""
    organisation_byline: bool = False
    published_at: datetime | None = None
    modified_at: datetime | None = None
    filed_at: datetime | None = None
    """For a page without a date: when its file was written, for the Last-Modified header."""
    picture: Picture | None = None
    translated_as: str | None = None
    """Path of the same article in the other language."""
    related_paths: tuple[str, ...] = ()
    moved_from: tuple[str, ...] = ()
    """Former paths, answered with a permanent redirect."""
    charset: str = "utf-8"
    base: str = "https://faro.example/"
    """The root of the newsroom that serves it."""
    cards: tuple[Card, ...] = ()
    """The related articles as the newsroom's current state gives them, complete."""
    translations: tuple[tuple[str, str], ...] = ()
    """(language, absolute address) of the same article elsewhere."""

    def on(self, base: str, **state: Any) -> NewsroomArticle:
        """The article as served by the newsroom at ``base``."""
        return replace(self, base=base, **state)

    @property
    def url(self) -> str:
        """The absolute address, which is the canonical one as well."""
        return urljoin(self.base, self.path)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The filed text as blocks of every kind."""
        return parts_of(self.text)

    @property
    def touched_at(self) -> datetime | None:
        """The last change: modified, else published."""
        return self.modified_at or self.published_at

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The lead picture and those in the text."""
        inside = [picture_of(part) for part in self.parts if part.kind == "picture"]
        return (*((self.picture,) if self.picture else ()), *inside)

    # What the page shows, in the names of the record.

    @property
    def kicker(self) -> str | None:
        """The label as shown: in capitals on the custom layout."""
        return self.label.upper() if self.label and self.layout == "custom" else self.label

    @property
    def category(self) -> str | None:
        """The meta line's term on the custom layout, elsewhere the label itself."""
        if self.layout != "custom":
            return self.label
        return self.term.upper() if self.term and self.published_at else None

    @property
    def shown_tags(self) -> tuple[str, ...]:
        """The tags; the custom layout shows none."""
        return () if self.layout == "custom" else self.tags

    @property
    def published(self) -> str | None:
        """ISO 8601 to the precision that the layout gives."""
        return self._instant(self.published_at)

    @property
    def published_precision(self) -> str | None:
        """``day``, ``minute`` or ``second``; None without a date."""
        if self.published_at is None:
            return None
        return {"custom": "day", "joomla": "minute"}.get(self.layout, "second")

    @property
    def modified(self) -> str | None:
        """The last change that the page states. Newspack pages always state one."""
        if self.layout == "custom" or self.published_at is None:
            return None
        if self.layout == "newspack":
            return self._instant(self.touched_at)
        return self._instant(self.modified_at)

    def _instant(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        if self.layout == "custom":
            return moment.date().isoformat()
        if self.layout == "tagdiv":
            moment = moment.astimezone(UTC)
        return moment.isoformat()

    @property
    def body(self) -> tuple[dict[str, str], ...]:
        """The reporting: blocks up to the analysis heading."""
        return _blocks(self._halves()[0])

    @property
    def analysis(self) -> tuple[dict[str, str], ...] | None:
        """The blocks after the analysis heading, or None without one."""
        after = self._halves()[1]
        return None if after is None else _blocks(after)

    def _halves(self) -> tuple[tuple[Part, ...], tuple[Part, ...] | None]:
        kinds = [part.kind for part in self.parts]
        if "analysis" not in kinds:
            return self.parts, None
        at = kinds.index("analysis")
        return self.parts[:at], self.parts[at + 1 :]

    @property
    def see_also(self) -> tuple[dict[str, str | None], ...]:
        """The in-text pointers."""
        pointers = [part.links[0] for part in self.parts if part.kind == "see_also"]
        return tuple(Card(urljoin(self.url, to), title).record() for title, to in pointers)

    @property
    def citations(self) -> tuple[dict[str, Any], ...]:
        """The links in the prose."""
        prose = [part for part in self.parts if part.kind in {*_BLOCK_KINDS, "list", "table"}]
        found = [(text, urljoin(self.url, to)) for part in prose for text, to in part.links]
        own = urlsplit(self.base).netloc
        return tuple(
            {"text": text, "url": url, "internal": urlsplit(url).netloc == own}
            for text, url in found
        )

    @property
    def related(self) -> tuple[dict[str, str | None], ...]:
        """The cards as far as the layout shows them."""
        shown = {
            "joomla": ("title",),
            "tagdiv": ("title", "category"),
            "custom": ("category", "date", "teaser"),
            "newspack": ("title", "category", "date", "teaser"),
        }[self.layout]
        return tuple(
            {
                name: value if name in ("url", *shown) else None
                for name, value in card.record().items()
            }
            for card in self.cards
        )

    @property
    def images(self) -> tuple[dict[str, str | None], ...]:
        """The pictures with what the layout prints about them."""
        credited = self.layout in ("custom", "newspack")
        return tuple(
            {
                "url": urljoin(self.url, each.src),
                "caption": each.caption,
                "credit": each.credit if credited else None,
                "alt": each.alt or None,
            }
            for each in self.pictures
        )

    @property
    def captions(self) -> tuple[str, ...]:
        """The printed captions."""
        return tuple(each.caption for each in self.pictures if each.caption)

    @property
    def notices(self) -> tuple[str, ...]:
        """Each notice once, however often it is printed."""
        return tuple(dict.fromkeys(part.text for part in self.parts if part.kind == "notice"))

    @property
    def pull_quotes(self) -> tuple[str, ...]:
        """Sentences that the page prints a second time for show."""
        return tuple(part.text for part in self.parts if part.kind == "pull_quote")

    @property
    def licence(self) -> str | None:
        """The licence by its address, where the layout prints it."""
        return LICENCE if self.layout in ("custom", "tagdiv") else None

    @property
    def teaser(self) -> str:
        """The beginning of the first paragraph, cut as cards cut it."""
        words = self.body[0]["text"].split()
        if len(words) <= TEASER_WORDS:
            return " ".join(words)
        return " ".join(words[:TEASER_WORDS]).rstrip(",;:.") + "…"

    def record(self) -> dict[str, Any]:
        """The truth: the record's keys that can be known from the page, and what they must hold."""
        same = ("url", "language", "headline", "kicker", "deck", "category", "organisation_byline")
        dated = ("published", "published_precision", "modified", "licence")
        many = ("authors", "body", "see_also", "related", "citations", "images", "notices")
        truth: dict[str, Any] = {"article": True, "canonical_url": self.url}
        truth |= {name: getattr(self, name) for name in (*same, *dated)}
        truth |= {name: list(getattr(self, name)) for name in many}
        truth["tags"] = list(self.shown_tags)
        truth["analysis"] = None if self.analysis is None else list(self.analysis)
        truth["translations"] = [{"language": a, "url": b} for a, b in self.translations]
        truth["body_text"] = _text(self.body)
        truth["analysis_text"] = None if self.analysis is None else _text(self.analysis)
        return truth


def picture_of(part: Part) -> Picture:
    """The picture that a ``@@`` block files."""
    fields = [field.strip() or None for field in part.source.split("|")]
    src, caption, credit, alt = [*fields, None, None, None][:4]
    return Picture(src or "", inline_text(caption) if caption else None, credit, alt)


def _blocks(parts: tuple[Part, ...]) -> tuple[dict[str, str], ...]:
    blocks: list[dict[str, str]] = []
    for part in parts:
        if part.kind in _BLOCK_KINDS:
            blocks.append({"kind": _BLOCK_KINDS[part.kind], "text": part.text})
        elif part.kind == "list":
            blocks += [{"kind": "list_item", "text": inline_text(row[0])} for row in part.rows]
        elif part.kind == "table":
            rows = [" | ".join(inline_text(cell) for cell in row) for row in part.rows]
            blocks.append({"kind": "table", "text": " / ".join(rows)})
    return tuple(blocks)


def _text(blocks: tuple[dict[str, str], ...]) -> str:
    return "\n\n".join(block["text"] for block in blocks)
