"""How the fields of a site's articles came out, capture by capture: what a redesign shows in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, exists, select

from crawler.article import Article
from storage.content import article_of
from storage.schema import articles, captures, readings, revisions

#: An article that was first captured later than this after its publication was printed anew by the
#: template of some later year, or by an older one: it tells nothing of the site's pages today.
FRESH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Measures:
    """The lengths of one reading's fields; 0 for a field that was not found."""

    crawl_id: int | None
    captured_at: datetime
    is_fresh: bool
    """Whether it shows how the site prints its articles at the time of capture."""
    lengths: dict[str, int]
    """Field → how many characters; of authors and tags, how many there are."""


def measured(connection: Connection, site: str, limit: int) -> list[Measures]:
    """The last so many revisions of a site's articles, the latest first."""
    earlier = revisions.alias("earlier")
    has_earlier = exists().where(
        earlier.c.article_id == revisions.c.article_id,
        earlier.c.captured_at < revisions.c.captured_at,
    )
    query = (
        select(
            readings.c.record,
            revisions.c.captured_at,
            captures.c.crawl_id,
            articles.c.published_on,
            has_earlier.label("is_again"),
        )
        .select_from(revisions)
        .join(articles, articles.c.id == revisions.c.article_id)
        .join(captures, captures.c.id == revisions.c.capture_id)
        .join(
            readings, (readings.c.revision_id == revisions.c.id) & readings.c.replaced_at.is_(None)
        )
        .where(articles.c.site == site)
        .order_by(revisions.c.captured_at.desc(), revisions.c.id.desc())
        .limit(limit)
    )
    return [
        Measures(
            crawl_id=row.crawl_id,
            captured_at=row.captured_at,
            is_fresh=row.is_again or _is_young(row.published_on, row.captured_at),
            lengths=lengths_of(article_of(row.record)),
        )
        for row in connection.execute(query)
    ]


def _is_young(published_on: date | None, captured_at: datetime) -> bool:
    """Whether a page was captured soon after its publication, as far as that is known."""
    return published_on is None or captured_at.date() - FRESH <= published_on


def lengths_of(article: Article) -> dict[str, int]:
    """Field → how much of it there is."""
    texts = {
        name: getattr(article, name) or ""
        for name in ("headline", "deck", "kicker", "category", "published", "body_text")
    }
    lengths = {name: len(text) for name, text in texts.items()}
    return lengths | {"authors": len(article.authors), "tags": len(article.tags)}
