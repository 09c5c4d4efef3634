"""Synthetic articles with captures, as many as wanted: load, not news.

``made(number)`` is always the same article for the same number, whoever asks and in whatever
order, so that an archive can be built in pieces, by several processes, and gone on with after a
break. Words follow the law of real prose (the thousandth word is a thousand times rarer than the
first): the commonest are those of the bundled newsroom, in English and Spanish, and behind them
stands a long tail of made-up ones. The capture's page really holds the article, and is read back.

    python benchmarks/synthetic.py ARCHIVE ARTICLES     fills an archive, or goes on filling it
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from itertools import accumulate
from time import perf_counter

from crawler.article import Article, Block, Citation, Image, Pointer
from crawler.capture import Capture
from scripts.newsroom.loading import load_articles
from storage import Archive

#: Different words of each language: about what a few million words of prose hold.
VOCABULARY = 60_000

#: Articles that one site has; a larger archive has more of each, not more sites.
SITES = ("gazette", "heraldo", "observer", "tribuna")
CATEGORIES = (
    "COCAINE", "EXTORTION", "HOMICIDE", "DRUG POLICY", "PRISONS", "CORRUPTION", "MIGRATION",
    "ARMS TRAFFICKING", "FENTANYL", "ILLEGAL MINING", "GANGS", "KIDNAPPING", "MONEY LAUNDERING",
    "JUSTICE", "ENVIRONMENT", "SECURITY POLICY",
)  # fmt: skip
KINDS = ("News", "News", "News", "Brief", "Brief", "Analysis", "Investigation", "Interview")
FIRST = datetime(2010, 1, 4, 6, tzinfo=UTC)
LAST = datetime(2026, 6, 30, 22, tzinfo=UTC)

#: What makes a page heavier than its text, the same on every page of a site.
_FURNITURE = 1_500

_WORD = re.compile(r"[^\W\d_]{2,}")
_SYLLABLES = {
    "en": _WORD.findall(
        "ack al an ber bran con dale der ell en fer gar hol ing ker land lin mar mont ness or per "
        "ridge ster ton ver ward wick win yard"
    ),
    "es": _WORD.findall(
        "al bar ca co cue da de dor ga gri la le lle ma men mi na no pa que ra rei ri sa so ta te "
        "to va za"
    ),
}
_ENDINGS = {"en": ("", "", "s", "ed", "ing"), "es": ("", "", "s", "ción", "ciones", "dores")}


@cache
def vocabulary(language: str) -> list[str]:
    """The words of a language, commonest first."""
    seen = Counter(
        word.lower()
        for article in load_articles()
        if article.language == language
        for word in _WORD.findall(article.text)
    )
    words = dict.fromkeys(word for word, _ in seen.most_common())
    chance = random.Random(language)
    while len(words) < VOCABULARY:
        stem = "".join(chance.choices(_SYLLABLES[language], k=chance.randint(2, 4)))
        words.setdefault(stem + chance.choice(_ENDINGS[language]))
    return list(words)


@cache
def running_words(language: str) -> list[str]:
    """Words as they come in running text, each as often as its rank makes it (Zipf): to draw from.

    A million of them, so that the rarest words of the vocabulary are seldom or never among them.
    """
    words = vocabulary(language)
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    return random.Random(language).choices(words, cum_weights=weights, k=1_000_000)


def made(number: int) -> tuple[Capture, Article]:
    """The article of a number, from 0, and the capture that shows it."""
    article = article_of(number)
    fetched_at = datetime.fromisoformat(article.published or "") + timedelta(hours=1)
    capture = Capture(
        url=article.url,
        fetched_at=fetched_at,
        status=200,
        headers=_headers(fetched_at, number),
        body=gzip.compress(page_of(article), 1, mtime=0),
    )
    return capture, article


def _headers(fetched_at: datetime, number: int) -> tuple[tuple[str, str], ...]:
    return (
        ("Date", f"{fetched_at:%a, %d %b %Y %H:%M:%S} GMT"),
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Encoding", "gzip"),
        ("Server", "nginx"),
        ("Cache-Control", "max-age=300"),
        ("ETag", f'"{number:x}"'),
    )


def article_of(number: int) -> Article:
    """The article of a number."""
    chance = random.Random(number)
    site = SITES[number % len(SITES)]
    language = "es" if site in ("heraldo", "tribuna") else "en"
    words = running_words(language)

    def some(least: int, most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(least, most))).capitalize()

    def paragraph() -> Block:
        return Block("paragraph", ". ".join(some(9, 24) for _ in range(chance.randint(2, 4))) + ".")

    published = FIRST + (LAST - FIRST) * chance.random() ** 0.7
    url = f"https://{site}.example/{published:%Y/%m}/{number}/"
    has_analysis = chance.random() < 0.4
    citation = Citation(some(2, 4), f"https://source.example/{chance.randrange(99)}", False)
    first = Block("paragraph", f"{paragraph().text} {citation.text}")
    return Article(
        url=url,
        canonical_url=url,
        site=site,
        language=language,
        kicker=chance.choice(KINDS),
        headline=some(6, 12),
        deck=some(12, 25) + ".",
        category=_ranked(CATEGORIES, chance),
        tags=tuple(dict.fromkeys(_ranked(_tags(), chance) for _ in range(3))),
        authors=(_ranked(_authors(), chance),),
        published=published.replace(microsecond=0).isoformat(),
        published_precision="second",
        body=(first, *(paragraph() for _ in range(chance.randint(1, 4)))),
        analysis=tuple(paragraph() for _ in range(chance.randint(1, 2))) if has_analysis else None,
        related=tuple(_card(site, number, chance, some(5, 9)) for _ in range(2)),
        citations=(citation,),
        images=(Image(f"{url}1.jpg", some(5, 12), "Gazette", None),),
        parser="synthetic/1",
    )


def _card(site: str, number: int, chance: random.Random, title: str) -> Pointer:
    other = max(0, number - chance.randint(1, 40) * len(SITES))
    return Pointer(f"https://{site}.example/about/{other}/", title)


def _ranked(names: tuple[str, ...], chance: random.Random) -> str:
    """One of the names, the first ones far oftener than the last."""
    return names[int(len(names) * chance.random() ** 2.5)]


@cache
def _tags() -> tuple[str, ...]:
    words = vocabulary("en")
    return tuple(f"{a} {b}".title() for a, b in zip(words[300:800], words[900:1400], strict=True))


@cache
def _authors() -> tuple[str, ...]:
    chance = random.Random("authors")
    given = _WORD.findall("Ana Luis Marta Diego Sofía Helen Owen Carla Iván Ruth Paul Inés Nora")
    names = ("".join(chance.choices(_SYLLABLES["en"], k=2)).title() for _ in range(400))
    return tuple(dict.fromkeys(f"{chance.choice(given)} {name}" for name in names))


@cache
def _furniture(site: str) -> str:
    chance = random.Random(site)
    words = vocabulary("en")
    links = (f'<li><a href="/{word}/">{word}</a></li>' for word in chance.sample(words, 3000))
    html = ""
    while len(html) < _FURNITURE:
        html += next(links)
    return f"<nav><ul>{html}</ul></nav>"


def _day(article: Article) -> str:
    return f"{datetime.fromisoformat(article.published or ''):%d %b %Y}"


def page_of(article: Article) -> bytes:
    """A page that holds the article."""
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "datePublished": article.published,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "articleSection": article.category,
        "keywords": list(article.tags),
    }
    image, citation = article.images[0], article.citations[0]
    analysis = "".join(f"<p>{escape(block.text)}</p>" for block in article.analysis or ())
    cards = "".join(
        f'<li class="card"><a href="{card.url}">{escape(card.title or "")}</a></li>'
        for card in article.related
    )
    tags = ", ".join(f'<a rel="tag" href="/tag/">{tag}</a>' for tag in article.tags)
    first, *others = article.body
    cited = f'<a href="{citation.url}">{escape(citation.text)}</a>'
    html = f"""<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8">
<title>{escape(article.headline)}</title>
<meta property="og:site_name" content="{article.site.title()}">
<link rel="canonical" href="{article.url}">
<script type="application/ld+json">{json.dumps(stated, ensure_ascii=False)}</script></head><body>
<header>{_furniture(article.site)}</header><main><article>
<p class="kicker">{article.kicker}</p><h1>{escape(article.headline)}</h1>
<p class="deck">{escape(article.deck or "")}</p>
<p class="meta">{article.category} / <time datetime="{article.published}">{_day(article)}</time>
 by <a rel="author" href="/author/">{escape(article.authors[0])}</a></p>
<figure><img src="{image.url}"><figcaption>{escape(image.caption or "")}</figcaption></figure>
<p>{escape(first.text.removesuffix(citation.text))}{cited}</p>
{"".join(f"<p>{escape(block.text)}</p>" for block in others)}
{f"<h2>{article.site.title()} Analysis</h2>{analysis}" if analysis else ""}
<p class="tags">Tags: {tags}</p>
</article></main><aside class="related"><h3>Related</h3><ul>{cards}</ul></aside>
<footer>{_furniture(article.site)[:900]}</footer></body></html>"""
    return html.encode()


def filled(archive: Archive, until: int, *, begin: int = 0) -> Iterator[int]:
    """Save the articles of the numbers up to one; each number once it is saved."""
    for number in range(begin, until):
        capture, article = made(number)
        archive.save(
            capture,
            article,
            site=article.site,
            crawl_id=None,
            now=capture.fetched_at,
            next_due_at=None,
        )
        yield number


def main() -> None:
    """Fill an archive from where it stands up to a number of articles."""
    path, number = sys.argv[1], int(sys.argv[2])
    with Archive.open(path, mode="write") as archive:
        begin, started = sum(archive.sites().values()), perf_counter()
        for each in filled(archive, number, begin=begin):
            if (each + 1) % 10_000 == 0:
                rate = (each + 1 - begin) / (perf_counter() - started)
                print(f"{each + 1:9,} articles  {rate:6.0f} a second", flush=True)


if __name__ == "__main__":
    main()
