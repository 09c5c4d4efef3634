"""The order in which a page is read, and the record made of it."""

from __future__ import annotations

from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Article
from crawler.parsing.byline import read_byline
from crawler.parsing.dating import read_dates
from crawler.parsing.figures import read_images
from crawler.parsing.headline import read_headline
from crawler.parsing.kinds import refuse_other_pages
from crawler.parsing.labels import read_category, read_kicker, read_licence, read_tags
from crawler.parsing.language import language_of
from crawler.parsing.opening import read_deck, read_opening
from crawler.parsing.page import Page
from crawler.parsing.pager import read_pages
from crawler.parsing.paywall import read_wall
from crawler.parsing.places import headline_at, placed, texts_at
from crawler.parsing.pointers import read_citations, read_related, read_see_also, read_translations
from crawler.parsing.prose import read_text
from crawler.parsing.signoff import without_signoff
from crawler.parsing.structured import absolute, read_structured
from crawler.parsing.walking import read_outline
from crawler.parsing.wording import wording_of
from crawler.profile import Hints, Profile, generic_profile, host_of, path_of
from crawler.urls import canonical_url

#: Raised when a change of the parser changes readings.
PARSER_VERSION = 3


#: What is known of any site: its pages are read by what news pages have in common.
_NOTHING_KNOWN = generic_profile("http://any.invalid/")


def read_page(
    tree: LexborHTMLParser, *, url: str, profile: Profile | None, fetched_at: datetime | None
) -> Article:
    """The article of a parsed page. Raises :class:`~crawler.errors.NotAnArticle`."""
    site = profile.name if profile else host_of(url)
    healed = profile or _NOTHING_KNOWN
    if profile is not None and profile.is_generic:
        profile = None
    found = texts_at(tree, healed.places)
    page = Page(
        url=url,
        profile=profile,
        wording=wording_of(healed.landmarks),
        said=read_structured(tree, url),
        outline=read_outline(tree, healed.hints if healed.hints != Hints() else None),
        fetched_at=fetched_at,
    )
    headline = read_headline(page) or headline_at(page, found.get("headline"))
    chunk = headline.chunk if headline else None
    text = read_text(page, chunk)
    refuse_other_pages(page, headline, text)
    assert headline is not None  # noqa: S101 - refuse_other_pages refuses a page without one
    words = " ".join(block.text for block in (*text.body, *(text.analysis or ())))
    page.language = language_of(words, *page.said.languages)
    page.came_from("language", "text" if page.language else "none", page.said.language)
    opening = read_opening(page, headline, text)
    kicker = read_kicker(page, opening)
    dates = read_dates(page, opening, headline, text)
    byline = read_byline(page, opening, text, chunk)
    if not page.knows_printing:
        without_signoff(text, byline.authors)
    page.came_from(
        "body",
        "stretch",
        page.outline.names[text.container] or None if page.outline.names else None,
        tuple(text.struck),
    )
    next_page, first_page = read_pages(page, text)
    wall = read_wall(page, text)
    if wall is not None and wall not in text.notices:
        text.notices.append(wall)
    if text.analysis is not None:
        page.came_from("analysis", "landmark:analysis", text.analysis_heading)
    article = Article(
        url=url,
        canonical_url=_canonical(page),
        site=site,
        language=page.language,
        headline=headline.text,
        kicker=kicker,
        deck=read_deck(page, opening, text),
        category=read_category(page, opening, kicker),
        tags=read_tags(page, headline, text),
        authors=byline.authors,
        organisation_byline=byline.organisation,
        byline_raw=byline.raw,
        published=dates.published.value if dates.published else None,
        published_precision=dates.published.precision if dates.published else None,
        published_raw=dates.published.raw if dates.published else None,
        modified=dates.modified.value if dates.modified else None,
        body=tuple(text.body),
        analysis=None if text.analysis is None else tuple(text.analysis),
        see_also=read_see_also(page, text),
        related=read_related(page, text, chunk),
        citations=read_citations(page, text),
        images=read_images(page, chunk, text, byline.authors),
        notices=tuple(text.notices),
        translations=read_translations(page, page.language),
        licence=read_licence(page),
        next_page=next_page,
        first_page=first_page,
        provenance=page.provenance,
        parser=_parser(healed),
    )
    return placed(page, article, found) if found else article


def _parser(profile: Profile) -> str:
    """Profile and version: ``insightcrime-1/1``; ``generic/1`` on a site that nobody described."""
    name = "generic" if profile.is_generic else profile.name
    is_plain = profile.is_generic and profile.version == 1
    return f"{name}/{PARSER_VERSION}" if is_plain else f"{name}-{profile.version}/{PARSER_VERSION}"


def _canonical(page: Page) -> str:
    """The address the page gives itself, if it is on the same site, normalised."""
    for source, address in (
        ("link:canonical", page.said.canonical),
        ("meta:og:url", absolute(page.said.base, page.said.first("og:url"))),
    ):
        if address and _same_site(page, address) and path_of(address).strip("/"):
            page.came_from("canonical_url", source, address)
            return canonical_url(address)
    page.came_from("canonical_url", "address", page.url)
    return canonical_url(page.url)


def _same_site(page: Page, address: str) -> bool:
    if page.profile is not None and page.profile.is_own_host(address):
        return True
    one, other = host_of(address).split("."), host_of(page.url).split(".")
    return one[-2:] == other[-2:]
