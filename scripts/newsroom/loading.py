"""Takes the filed articles off the shelf: one TOML file each, in ``articles/``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from scripts.newsroom.article import NewsroomArticle, Picture
from scripts.newsroom.prose import parts_of

SHELF = Path(__file__).parent / "articles"
_NUMBER = re.compile(r"(?<![\w/.,{-])([1-9]\d?)(?![\w/.,}%-])")


@cache
def load_articles() -> tuple[NewsroomArticle, ...]:
    """Every filed article, in order of path."""
    articles = [_article(path) for path in SHELF.glob("*.toml")]
    return tuple(sorted(articles, key=lambda article: article.path))


def _article(path: Path) -> NewsroomArticle:
    filed: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    if "picture" in filed:
        filed["picture"] = Picture(**filed["picture"])
    for name in ("authors", "tags", "related_paths", "moved_from"):
        filed[name] = tuple(filed.get(name, ()))
    return NewsroomArticle(**filed)


def multiplied(articles: tuple[NewsroomArticle, ...], size: int) -> tuple[NewsroomArticle, ...]:
    """At least ``size`` articles, for benchmarks: the filed ones, then synthetic copies of them.

    A copy has another path, headline and day, its paragraphs in another order and other small
    numbers in them. It stands for load, not for news.
    """
    copies = [
        _copy(article, number)
        for number in range(2, 2 + max(0, -(-size // len(articles)) - 1))
        for article in articles
    ]
    return (articles + tuple(copies))[: max(size, len(articles))]


def _copy(article: NewsroomArticle, number: int) -> NewsroomArticle:
    slash = "/" if article.path.endswith("/") else ""
    later = timedelta(days=number)
    return replace(
        article,
        path=f"{article.path.rstrip('/')}-{number}{slash}",
        headline=f"{article.headline} ({number})",
        text=_shuffled(article.text, number),
        published_at=article.published_at and article.published_at + later,
        modified_at=article.modified_at and article.modified_at + later,
        translated_as=None,
        related_paths=(),
        moved_from=(),
    )


def _shuffled(text: str, number: int) -> str:
    """The text with the paragraphs of its reporting moved round and its small numbers raised."""
    head, mark, tail = text.strip().partition("\n\n===")
    blocks = head.split("\n\n")
    plain = [at for at, block in enumerate(blocks) if parts_of(block)[0].kind == "paragraph"]
    turn = 1 + number % max(1, len(plain) - 1)
    moved = [blocks[at] for at in plain[turn:] + plain[:turn]]
    for at, block in zip(plain, moved, strict=True):
        blocks[at] = block
    words = "\n\n".join(blocks) + mark + tail
    return _NUMBER.sub(lambda found: str(int(found[1]) + number), words)
