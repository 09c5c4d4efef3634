"""What of a record makes a revision, and how a record is kept.

A newsroom *edits* when it changes what a reader reads: labels, headline, byline, date, text,
notices, captions. Tags, cards, pointers, image addresses and the stated time of change move on
their own and make no revision; nor does what is only set otherwise: white space, the parting into
blocks, curly or straight quotes, the kind of dash, the zone in which an instant is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from crawler.article import Article, Block
from crawler.errors import ArchiveDamaged
from storage.folding import folded
from storage.packing import compressed, expanded
from storage.wording import plain

#: The fields of the record that make a revision when they differ. Captions stand in ``images``.
REVISED_BY = (
    "kicker",
    "headline",
    "deck",
    "category",
    "authors",
    "byline_raw",
    "published",
    "body",
    "analysis",
    "notices",
)


@dataclass(frozen=True, slots=True)
class Content:
    """An article made ready to be stored, before the transaction begins."""

    article: Article
    record: bytes
    """The whole record as JSON, compressed."""
    content_sha256: str
    """Of the fields that make a revision."""


def content_of(article: Article) -> Content:
    """The article with its fingerprints. Characters that no database takes are left out."""
    record = article.to_dict()
    for derived in ("article", "body_text", "analysis_text"):
        del record[derived]
    dump = _dump(record)
    if "\\u0000" in dump or not _is_encodable(dump):
        record = _storable(record)
        article, dump = Article.from_dict(record), _dump(record)
    return Content(
        article=article,
        record=compressed(dump.encode()),
        content_sha256=fingerprint(article),
    )


def article_of(record: bytes) -> Article:
    """The article of a stored record.

    :raises ArchiveDamaged: it is none any more.
    """
    with _told():
        return Article.from_dict(json.loads(expanded(record)))


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a damaged record breaks, in one sentence."""
    try:
        yield
    except (ArchiveDamaged, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArchiveDamaged(
            "its record is damaged: `hemeroteca verify` names all that is, a backup has it whole."
        ) from error


def record_of(record: bytes) -> dict[str, Any]:
    """The public record of a stored one, as ``article_of(record).to_dict()`` gives it.

    A record that has all of today's keys, which is every one but old ones, is taken as it is: to
    make an article of it and a record again takes as long as everything else that an export does.

    :raises ArchiveDamaged: it is none any more.
    """
    with _told():
        stored: dict[str, Any] = json.loads(expanded(record))
        if tuple(stored) != _KEYS:
            return Article.from_dict(stored).to_dict()
        analysis = stored["analysis"]
        return {
            "article": True,
            **stored,
            "body_text": _text(stored["body"]),
            "analysis_text": None if analysis is None else _text(analysis),
        }


def _text(blocks: list[dict[str, str]]) -> str:
    return "\n\n".join([block["text"] for block in blocks])


_KEYS = tuple(each.name for each in fields(Article))


def captions_of(article: Article) -> list[str]:
    """What is printed about the images: caption and credit in one line each."""
    lines = (" ".join(filter(None, (image.caption, image.credit))) for image in article.images)
    return [line for line in lines if line]


def columns_of(content: Content) -> dict[str, Any]:
    """The values of the ``articles`` row that come from the record."""
    article = content.article
    text, analysis = article.body_text, article.analysis_text
    published_on, published_at = moments_of(article.published)
    return {
        "site": article.site,
        "canonical_url": article.canonical_url,
        "language": article.language,
        "published": article.published,
        "published_on": published_on,
        "published_at": published_at,
        "modified": article.modified,
        "kicker": article.kicker,
        "kicker_folded": folded(article.kicker) if article.kicker else None,
        "headline": article.headline,
        "deck": article.deck,
        "category": article.category,
        "category_folded": folded(article.category) if article.category else None,
        "byline": ", ".join(article.authors) or article.byline_raw,
        "tags": ", ".join(article.tags) or None,
        "licence": article.licence,
        "words": article.words,
        "parser": article.parser,
        "body": text,
        "analysis": analysis,
        "captions": "\n".join(captions_of(article)) or None,
        "notices": "\n\n".join(article.notices) or None,
    }


def moments_of(published: str | None) -> tuple[date | None, datetime | None]:
    """The day that was printed, and the instant where a zone is known.

    >>> moments_of("2016-07-11")
    (datetime.date(2016, 7, 11), None)
    >>> moments_of("2016-07-11T23:30:00-05:00")[1]
    datetime.datetime(2016, 7, 12, 4, 30, tzinfo=datetime.timezone.utc)
    """
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return None, None
    try:
        moment = datetime.fromisoformat(published or "")
        return day, moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return day, None


def is_same_article(one: Article, other: Article) -> bool:
    """Whether two pages that claim to be one article are: no contrary date, and shared text.

    Pages have been seen that name the home page as the canonical address of every article. To
    believe them would pile a whole site into one record.
    """
    days = {moments_of(each.published)[0] for each in (one, other)} - {None}
    if len(days) > 1:
        return False
    if folded(one.headline) == folded(other.headline):
        return True
    blocks, others = ({block.text for block in each.body} for each in (one, other))
    return 2 * len(blocks & others) >= max(len(blocks), len(others)) > 0


def is_beginning_of(article: Article, whole: Article) -> bool:
    """Whether an article that lacks its later pages says what the first pages of another say."""
    analysis = whole.analysis
    if analysis is not None:
        kept = article.analysis
        analysis = None if kept is None else analysis[: len(kept)]
    cut = replace(
        whole,
        body=whole.body[: len(article.body)],
        analysis=analysis,
        notices=article.notices,
        images=whole.images[: len(article.images)],
    )
    return content_of(cut).content_sha256 == content_of(article).content_sha256


def instant_of(stated: str | None) -> str | None:
    """What a date says, however it is written: one instant in two zones is one date.

    >>> instant_of("2020-05-17T12:00:00+02:00") == instant_of("2020-05-17T10:00:00Z")
    True
    """
    moment = moments_of(stated)[1]
    return moment.isoformat() if moment else stated or None


def fingerprint(article: Article) -> str:
    """Of what makes a revision: two readings alike in it are one state of the text."""
    said = [
        [plain(getattr(article, name) or "") for name in _LABELS],
        [plain(name) for name in article.authors],
        instant_of(article.published),
        *(plain(" ".join(block.text for block in each or ())) for each in _running(article)),
        [plain(notice) for notice in article.notices],
        [plain(caption) for caption in captions_of(article)],
    ]
    return hashlib.sha256(_dump(said).encode()).hexdigest()


_LABELS = ("kicker", "headline", "deck", "category", "byline_raw")


def _running(article: Article) -> tuple[tuple[Block, ...] | None, ...]:
    return article.body, article.analysis


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _storable(value: Any) -> Any:
    """The value without NULs and lone surrogates, which databases refuse."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="ignore").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
