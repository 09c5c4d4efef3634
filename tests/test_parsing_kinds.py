"""Articles are told from pages that are none, and short briefs are not mistaken for them."""

from __future__ import annotations

import pytest

from crawler.errors import NotAnArticle
from crawler.parsing import parse_article
from crawler.sites import site_named
from tests.typesetting import HEADLINE, REPORTING, page, read, set_in

SITE = "https://insightcrime.org"
STORY = f"{SITE}/news/brief/ferry-crew-held-over-smuggled-fuel/"
STORIES = [
    ("A Port Is Shut", "A port on the north coast was shut for a week after guards found a second "
     "tank under its oldest dock"),
    ("Nobody's Ship", "Nobody claims the ship that drifted ashore in May, although its papers name "
     "three owners in four countries"),
    ("Fuel Without Tax", "A trade that once fed fishermen now moves more diesel than the only "
     "refinery on the coast, officials reckon"),
    ("The Last Pilot", "The last pilot who knew the channel has retired, and the ferries wait for "
     "high water every afternoon"),
    ("Night Watch", "Three guards watch forty miles of docks at night, and two of them are asleep, "
     "a report to the council says"),
]  # fmt: skip


def listing(style: str, number: int = 5) -> str:
    """A page of cards in one of the usual styles."""
    cards = []
    for index, (title, teaser) in enumerate(STORIES[:number]):
        link, day = f"/news/story-of-the-day-{index}/", f"{12 - index} MAR 2021"
        cards.append(
            {
                "titles": f"<article><h2><a href='{link}'>{title}</a></h2><div>NEWS / {day}</div>"
                f"<p>{teaser}…</p></article>",
                "sentences": f"<div><h3><a href='{link}'>{title}</a></h3><p>{teaser}.</p></div>",
                "boxes": f"<a href='{link}'><div>{title}</div><p>{teaser}…</p></a>",
                "lines": f"<div>BARRIO 18 / {day}</div><a href='{link}'>{teaser}…</a>",
                "buttons": f"<div><h3>{title}</h3><p>{teaser}.</p><a href='{link}'>Read more</a>"
                "</div>",
            }[style]
        )
    return "".join(cards)


def bare(main: str, title: str = "InSight Crime") -> str:
    return (
        f"<html><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav>"
        f"<main>{main}</main></body></html>"
    )


def reason_of(html: str, url: str = STORY, *, generic: bool = False) -> str:
    with pytest.raises(NotAnArticle) as refused:
        read(html, url=url, generic=generic)
    assert str(refused.value)
    return refused.value.reason


@pytest.mark.parametrize("style", ["titles", "sentences", "boxes", "lines", "buttons"])
@pytest.mark.parametrize("heading", ["<h1>Latest</h1>", ""])
def test_a_list_of_stories_is_a_listing_at_any_address(style: str, heading: str) -> None:
    html = bare(heading + listing(style), "Latest - InSight Crime")
    assert reason_of(html, f"{SITE}/all-the-latest-stories/") in ("listing", "landing", "empty")


@pytest.mark.parametrize("style", ["titles", "sentences", "buttons"])
def test_a_short_list_with_a_word_of_its_own_is_a_listing_too(style: str) -> None:
    intro = "<h1>Fuel at Sea</h1><p>A series in five chapters on a trade that nobody stops.</p>"
    html = bare(intro + listing(style, 3), "Fuel at Sea - InSight Crime")
    assert reason_of(html, f"{SITE}/investigations/fuel-at-sea/") == "listing"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/tag/barrio-18/", "tag"),
        ("/tag/coca/page/9/", "tag"),
        ("/category/news/page/2", "listing"),
        ("/2017/03/page/3/", "listing"),
        ("/author/ines-caldera/", "profile"),
        ("/colombia-organized-crime-news/dock-18-profile/", "profile"),
        ("/es/", "landing"),
        ("/", "landing"),
    ],
)
def test_the_sites_own_paths_tell_what_a_page_is(path: str, reason: str) -> None:
    assert reason_of(page(set_in(REPORTING)), SITE + path) == reason


PROFILE = (
    "<h1>Dock 18</h1><p>Dock 18 is the oldest gang of the harbor, with some four hundred members "
    "and a say in every cargo that leaves the northern quays by night.</p><h2>History</h2><p>It "
    "began as a burial club of stevedores, who paid a coin a week and buried each other well until "
    "the first containers came.</p><h2>Leadership</h2><p>The founder drowned in 2009, and his "
    "widow has led the group ever since from a bakery near the gate.</p><h2>Geography</h2><p>Its "
    "home is the old harbor, with some men on two islands.</p><h2>Allies and Enemies</h2><p>It "
    "works with the ferrymen and fights nobody, which is why it has lasted.</p><h2>Prospects</h2>"
    "<p>The new harbor may do what the police did not.</p>"
)


@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'])
def test_a_standing_page_on_a_group_is_a_profile_even_if_it_calls_itself_an_article(
    head: str,
) -> None:
    html = bare(PROFILE, "Dock 18 - InSight Crime").replace("</head>", f"{head}</head>")
    assert reason_of(html, f"{SITE}/news/dock-eighteen-of-the-harbor/") == "profile"


@pytest.mark.parametrize(
    ("main", "reasons"),
    [
        ("<h1>404</h1><p>Sorry, that page could not be found. It may have been moved.</p>",
         ["error", "empty"]),
        ("<h1>Page Not Found</h1><p>Nothing was found at this location. Try a search?</p>",
         ["error"]),
        ("<h2>Oops! That page can’t be found.</h2><p>Maybe try one of the links below?</p>",
         ["error", "empty"]),
        ("<h1>Página no encontrada</h1><p>La página que busca no existe o fue movida.</p>",
         ["error"]),
        ("<h1>403 Forbidden</h1><p>You do not have permission to see this page.</p>", ["error"]),
        ("<h1>Internal Server Error</h1><p>The server met an error and could not go on.</p>",
         ["error"]),
        ("<h1>Just a moment...</h1><p>The security of your connection is being reviewed.</p>",
         ["error"]),
        ("<h1>Sorry, you have been blocked</h1><p>This site uses a service against attacks online."
         " What you just did set it off.</p>", ["error"]),
        ("<h1>Too Many Requests</h1><p>Please try again in some minutes.</p>", ["error", "empty"]),
        ("<h1>We'll be back soon</h1><p>The site is down for maintenance. Thank you for waiting "
         "with us until it returns.</p>", ["error", "landing"]),
        ("<h1>Log In</h1><form><input><input type=password><button>Log In</button></form>"
         "<p><a href=/lost>Lost your password?</a></p>", ["login"]),
        ("<h1>Iniciar sesión</h1><p>Escriba su correo y su contraseña para leer lo que es solo "
         "para suscriptores.</p><form><input type=password></form>", ["login"]),
        ("<h1>Subscribe to continue reading</h1><p>You have read all your free articles of this "
         "month. Become a member today and read as many as you like.</p>", ["login", "landing"]),
        ("<h1>We value your privacy</h1><p>We and our partners keep cookies on your device and "
         "read personal data from it.</p><button>Accept all</button>", ["consent"]),
        ("<h2>Manage Cookie Consent</h2><p>To give you the best experience we keep things called "
         "cookies on your device, and read them.</p>", ["consent", "empty"]),
        ("<h1>Search results for: fuel</h1><p>Nothing matched. Try other words.</p>", ["search"]),
        ("<h1>About Us</h1><p>We are a newsroom that has covered crime in the region since 2010 "
         "and is paid for by its readers and by foundations.</p>", ["landing"]),
        ("<h1>Privacy Policy</h1><p>This policy explains how we collect and use your data when you "
         "visit our website, and what you may ask of us.</p>", ["landing", "consent"]),
        ("<h1>Photo of the day</h1><figure><img src=/a.jpg><figcaption>The ferry at its berth"
         "</figcaption></figure>", ["empty"]),
        ("<div id=root></div><noscript>You need JavaScript to run this app.</noscript>",
         ["empty", "landing"]),
        ("", ["empty", "landing"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("generic", [False, True], ids=["profile", "any-site"])
def test_pages_that_say_something_else_are_refused_with_the_reason(
    main: str, reasons: list[str], generic: bool
) -> None:
    assert reason_of(bare(main), generic=generic) in reasons


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7\n...", "not-html"),
        (b"\x89PNG\r\n\x1a\n", "not-html"),
        (b"PK\x03\x04", "not-html"),
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"<html></html>", "empty"),
    ],
)
def test_what_is_no_page_at_all_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        read(body)
    assert refused.value.reason == reason


def test_every_reason_is_one_of_the_documented_words() -> None:
    assert set(NotAnArticle.REASONS) >= {
        "listing", "tag", "profile", "landing", "search", "login", "consent", "error", "empty",
        "not-html",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Court Frees Captain", "<p>A court has freed the captain of the ferry.</p>"),
        ("Login Data of Port Police Stolen", set_in(REPORTING)),
        ("404 Liters of Acid Found on Ferry", set_in(REPORTING)),
        ("500 Kilos of Cocaine Seized at Sea", set_in(REPORTING)),
        ("Search for Missing Ferry Ends", set_in(REPORTING)),
        ("Error by Pilot Sank Ferry, Report Says", set_in(REPORTING)),
        ("Privacy Law Shields Ferry Owners", set_in(REPORTING)),
        ("Correction to Our March 7 Article on Ferries", set_in(REPORTING[:1])),
    ],
)
def test_an_article_is_an_article_however_short_or_strangely_titled(
    headline: str, text: str
) -> None:
    html = page(text, headline=f"<h1>{headline}</h1>", title=f"{headline} - InSight Crime")
    assert read(html).headline == headline


def test_a_short_brief_with_many_cards_below_is_no_listing() -> None:
    cards = f"<div><h3>Related Content</h3>{listing('titles')}</div>"
    html = page(set_in(REPORTING[:1]), after=f"<div>share icon icon icon</div>{cards}")
    assert read(html).headline == HEADLINE


def test_an_article_beside_a_full_sidebar_is_no_listing() -> None:
    html = page(set_in(REPORTING)).replace("<main>", f"<aside>{listing('titles')}</aside><main>")
    assert read(html).headline == HEADLINE


@pytest.mark.parametrize("heading", ["", "<h1>Latest</h1>"])
def test_a_footers_sentence_under_a_list_of_teasers_is_no_brief(heading: str) -> None:
    cards = "".join(
        f"<div>DOCK {day} / {day} MAR 2021</div><a href='/news/gates-were-shut-{day}/'>The gates of"
        " the port were shut for a week after guards had found a second tank under…</a>"
        for day in (3, 5, 9)
    )
    foot = "<footer><p>InSight Crime is a newsroom on organized crime and its money.</p></footer>"
    html = f"<title>InSight Crime</title><main>{heading}{cards}</main>{foot}"
    url = "https://insightcrime.org/latest-of-all/"
    with pytest.raises(NotAnArticle):
        parse_article(html.encode(), url=url, profile=site_named("insightcrime"))
