"""An invented outlet's page around whatever article a test sets: bars, boxes, cards and footers.

The outlet is nobody's: its page has what pages have (a menu, a share bar, a newsletter box in the
middle of the text, cards, a cookie box), so that a test can say only what is special about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from crawler.article import Article, Block
from crawler.parsing import parse_article

URL = "https://tide-courier.example/2024/05/14/harbour-bridge-closes"
HEADLINE = "Harbour bridge closes for a year of repairs"

TEXT = [
    "The old swing bridge over the harbour will close on Monday for a year, the port authority "
    "said, after divers found cracks in two of its seven piers.",
    "Some 9,000 people cross it every day. From next week they will have to take the ferry, which "
    "the city is going to run free of charge from five in the morning until midnight.",
    "“We should have done this ten years ago,” said the authority's engineer, Ola Brandvik. “Every "
    "winter that we waited has made it dearer.”",
    "Shopkeepers on the east bank fear for their trade. The fishmonger at the bridge's foot said "
    "that four of every five customers came to him on foot.",
]

#: What stands above, beside and below an article, by language.
_WORDS = {
    "en": ("News", "Sport", "Opinion", "Share", "Get the morning letter", "Related stories"),
    "es": ("Noticias", "Deportes", "Opinión", "Compartir", "Reciba el boletín", "Relacionadas"),
    "de": ("Nachrichten", "Sport", "Meinung", "Teilen", "Newsletter", "Mehr zum Thema"),
    "fr": ("Actualités", "Sports", "Opinions", "Partager", "La lettre", "Sur le même sujet"),
}  # fmt: skip

CARDS = {
    "/2024/05/02/ferry-fares-rise": "Ferry fares rise for the third time in a year",
    "/2024/04/11/lighthouse-sold": "A lighthouse is sold, and nobody says to whom",
}


def paragraphs(texts: Iterable[str], tag: str = "p") -> str:
    """Texts, each in a tag of its own."""
    return "\n".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for text in texts)


def sheet(
    text: str,
    *,
    headline: str = HEADLINE,
    opening: str = '<p class="byline">By <a rel="author" href="/by/mira-solberg">Mira Solberg</a>'
    '</p><time datetime="2024-05-14T07:30:00+01:00">14 May 2024, 7.30am</time>',
    head: str = "",
    after: str = "",
    language: str = "en",
    charset: str = '<meta charset="utf-8">',
    cards: bool = True,
) -> str:
    """A whole page around the article's ``text`` (mark-up)."""
    news, sport, opinion, share, letter, related = _WORDS.get(language, _WORDS["en"])
    listed = "".join(
        f'<li><a href="{path}"><img src="/thumb{path}.jpg" alt=""><h3>{title}</h3></a></li>'
        for path, title in CARDS.items()
    )
    below = f'<section class="related"><h2>{related}</h2><ul>{listed}</ul></section>'
    return f"""<!doctype html><html lang="{language}"><head>{charset}
<title>{escape(headline)} | The Tide Courier</title>
<meta property="og:title" content="{escape(headline)}"><meta property="og:type" content="article">
<meta property="og:site_name" content="The Tide Courier">
<meta property="article:published_time" content="2024-05-14T07:30:00+01:00">{head}</head><body>
<div class="cookie-consent"><p>We and our partners store information on your device so that this
site works, and to measure how it is read.</p><button>Accept all</button></div>
<header class="site-header"><a href="/" class="logo">The Tide Courier</a>
<nav><ul><li><a href="/news">{news}</a></li><li><a href="/sport">{sport}</a></li>
<li><a href="/opinion">{opinion}</a></li></ul></nav></header>
<main><article><h1>{headline}</h1>{opening}
<div class="share-bar"><a href="https://social.example/share">{share}</a></div>
<div class="article-body">{text}</div>
<div class="newsletter-box"><h4>{letter}</h4><form><input><button>OK</button></form></div>
</article>{after}{below if cards else ""}</main>
<footer><p>© 2024 The Tide Courier, a paper of the coast since 1871.</p>
<ul><li><a href="/imprint">Imprint</a></li><li><a href="/privacy">Privacy</a></li></ul></footer>
</body></html>"""


def read(
    html: str | bytes, *, url: str = URL, content_type: str | None = "text/html; charset=utf-8"
) -> Article:
    """The article of a page of a site that nobody has described."""
    body = html.encode() if isinstance(html, str) else html
    return parse_article(body, url=url, content_type=content_type)


def told(blocks: Iterable[Block]) -> list[str]:
    """The words of blocks; those that are no paragraphs say what they are: ``heading: Why now``."""
    return [
        block.text if block.kind == "paragraph" else f"{block.kind}: {block.text}"
        for block in blocks
    ]
