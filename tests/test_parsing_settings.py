"""One article, set at random in the ways that pages are set: it always reads the same.

The settings are those of the known layouts and of page builders: which tags, how many boxes around
a part, where the label stands, how the meta line is cut into pieces, what stands beside the text.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tests.typesetting import (
    ANALYSIS,
    ANALYSIS_ES,
    HEADLINE,
    HEADLINE_ES,
    REPORTING,
    REPORTING_ES,
    URL,
    URL_ES,
    read,
    texts,
)


@dataclass(frozen=True)
class Edition:
    """The same page's words in one language."""

    url: str
    headline: str
    kicker: str
    trail: tuple[str, ...]
    date: str
    day: str
    by: str
    token: str
    reporting: list[str]
    analysis: list[str]
    heading: str
    pointer: str
    caption: str
    tail: tuple[str, ...]
    related: str
    teasers: tuple[str, str]
    card_dates: tuple[str, str]


ENGLISH = Edition(
    url=URL,
    headline=HEADLINE,
    kicker="BRIEF",
    trail=("Home", "News", "Brief"),
    date="9 MAR 2019",
    day="2019-03-09",
    by="BY",
    token="EN",  # noqa: S106 - a language's token
    reporting=REPORTING,
    analysis=ANALYSIS,
    heading="InSight Crime Analysis",
    pointer="SEE ALSO",
    caption="The ferry at its berth",
    tail=(
        "Was this content helpful?",
        "We run the largest database of its kind in the region, and need resources to keep it.",
        "Click here to send InSight Crime your comments.",
        "We encourage readers to copy and distribute our work for non-commercial ends.",
    ),
    related="Related Content",
    teasers=(
        "A port on the north coast has been shut for a week after guards found a second tank…",
        "Nobody claims the ship that drifted ashore in May, but its papers name three owners…",
    ),
    card_dates=("21 DEC 2022", "9 FEB 2023"),
)
SPANISH = Edition(
    url=URL_ES,
    headline=HEADLINE_ES,
    kicker="NOTICIAS DEL DÍA",
    trail=("Home", "Noticias", "Noticias del día"),
    date="9 ENE 2019",
    day="2019-01-09",
    by="POR",
    token="ES",  # noqa: S106 - a language's token
    reporting=REPORTING_ES,
    analysis=ANALYSIS_ES,
    heading="Análisis de InSight Crime",
    pointer="VEA TAMBIÉN",
    caption="El ferry en su muelle",
    tail=(
        "¿Le resultó útil este contenido?",
        "Mantenemos la mayor base de datos de crimen organizado de la región, y para ello "
        "necesitamos recursos.",
        "Haga clic aquí para enviar sus comentarios a InSight Crime.",
        "Los lectores pueden copiar y distribuir nuestro trabajo con fines no comerciales.",
    ),
    related="Contenido relacionado",
    teasers=(
        "Un puerto de la costa norte lleva una semana cerrado desde que hallaron otro tanque…",
        "Nadie reclama el barco que encalló en mayo, aunque sus papeles nombran a tres dueños…",
    ),
    card_dates=("21 DIC 2022", "9 FEB 2023"),
)
CATEGORIES = ("FUEL", "DOCK 18", "EL TUERTO", "SHIPS AND PORTS")

#: Each names the ways in which one part may be set.
BOXES = ("{}", "<div>{}</div>", "<section class='css-1x'><div>{}</div></section>",
         "<div class='elementor-widget'><div class='widget-container'>{}</div></div>")  # fmt: skip
CRUMBS = ("", "ul", "spans", "text", "run together")
KICKER_TAGS = ("div", "span", "p", "a", "h4", "strong")
HEADLINE_TAGS = ("h1", "h2", "div", "p")
META_LINES = (
    "<div>{category} / {date} {by} {name} {token}</div>",
    "<p>{category} / {date} {by} {name} {token}</p>",
    "<div><span>{category}</span> / <span>{date}</span> <span>{by} {name}</span> <a>{token}</a>"
    "</div>",
    "<div><div>{category}</div><div>/</div><div>{date}</div><div>{by} {name}</div>"
    "<div>{token}</div></div>",
    "<p><a href='/tag/x/'>{category}</a> / {date} {by} <a href='/author/x/'>{name}</a> "
    "<a href='/es/x/'>{token}</a></p>",
    "<div><span>{category}</span><span> / </span><time>{date}</time></div>"
    "<div>{by} {name} <a>{token}</a></div>",
    "<ul><li>{category} /</li><li>{date}</li><li>{by} {name}</li><li>{token}</li></ul>",
    "<div>{category} / {date}</div><div>{by} {name}</div><div>{token}</div>",
)
PARAGRAPHS = ("<p>{}</p>", "<p class='css-9'>{}</p>", "<div>{}</div>", "<p><span>{}</span></p>",
              "<div class='row'><p>{}</p></div>", "{}<br><br>", "<p>{}")  # fmt: skip
HEADINGS = ("<h2>{}</h2>", "<h3><strong>{}</strong></h3>", "<p><b>{}</b></p>", "<h4>{}:</h4>",
            "<p>{}</p>")  # fmt: skip
POINTERS = (
    "",
    "<p>{}: <a href='/coverage/'>Dock 18</a></p>",
    "<blockquote><p><em>{}:&nbsp;</em><a href='/coverage/'>Dock 18</a></p></blockquote>",
    "<p>{}:</p><p><a href='/coverage/'>Dock 18</a></p>",
    "<h4>{}: <a href='/coverage/'>Dock 18</a></h4>",
    "<a href='/coverage/'><div>{}</div><div>Dock 18</div></a>",
)
FIGURES = (
    "",
    "<figure><img src=/a.jpg><figcaption>{}</figcaption></figure>",
    "<div><img src=/a.jpg><div>{}</div></div>",
    "<div><div><img src=/a.jpg></div><p class='caption'>{}</p></div>",
)
CARDS = (
    "<div><div>{category} / {date}</div><a href='{url}'>{teaser}</a></div>",
    "<a href='{url}'><img src=/c.jpg><div>{category} / {date}</div><p>{teaser}</p></a>",
    "<article><a href='{url}'><img src=/c.jpg alt=''></a><div><p>{category} / {date}</p>"
    "<div><a href='{url}'>{teaser}</a></div></div></article>",
    "<li><a href='{url}'><img src=/c.jpg></a><span>{category} / {date}</span>"
    "<p><a href='{url}'>{teaser}</a></p></li>",
)
SIDES = (
    "",
    "<aside><h3>Latest</h3><div><div>GANGS / 3 FEB 2024</div><a href='/news/night-watch-of-three/'>"
    "Three guards watch forty miles of docks at night</a></div></aside>",
)


def one_of(draw: st.DrawFn, ways: tuple[str, ...]) -> str:
    return draw(st.sampled_from(ways))


@dataclass(frozen=True)
class SetPage:
    """A page as set, and what of it was left to chance."""

    html: str
    edition: Edition
    category: str
    points: bool
    pictured: bool


@st.composite
def set_pages(draw: st.DrawFn) -> SetPage:
    """A whole page of one edition in settings drawn at random."""
    edition = draw(st.sampled_from([ENGLISH, SPANISH]))
    category = one_of(draw, CATEGORIES)
    pointer, figure = one_of(draw, POINTERS), one_of(draw, FIGURES)
    text = _text(draw, edition, pointer, figure)
    foot = "".join(f"<p>{line}</p>" for line in edition.tail)
    share = one_of(draw, ("<div>share icon icon icon</div>", "", "<div class=share>Share</div>"))
    inside, outside = draw(st.sampled_from([(foot, ""), ("", foot)]))
    opening = _crumbs(draw, edition) + one_of(draw, BOXES).format(_opening(draw, edition, category))
    body = one_of(draw, BOXES).format(f"<div>{text}{share}{inside}</div>")
    main = f"<main>{opening}{body}{outside}{_cards(draw, edition)}</main>"
    title = one_of(draw, ("{} - InSight Crime", "{}", "{} | InSight Crime", "InSight Crime"))
    html = (
        f"<!doctype html><html lang='en'><head><title>{title.format(edition.headline)}</title>"
        "</head><body><header><nav><a href='/'>Home</a> <a href='/news/'>News</a></nav></header>"
        f"{one_of(draw, SIDES)}{main}<footer><p>A newsroom for the region.</p></footer></body>"
        "</html>"
    )
    return SetPage(html, edition, category, bool(pointer), bool(figure))


def _crumbs(draw: st.DrawFn, edition: Edition) -> str:
    way, trail = one_of(draw, CRUMBS), edition.trail
    if way == "ul":
        items = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in trail)
        return f"<ul>{items}<li>{edition.headline}</li></ul>"
    if way == "spans":
        items = "".join(f"<span><a href='/{name}'>{name}</a></span>" for name in trail)
        return f"<div>{items}<span>{edition.headline}</span></div>"
    if way == "text":
        return f"<div>{' &gt; '.join((*trail, edition.headline))}</div>"
    return f"<div>{''.join(trail)}{edition.headline}</div>" if way else ""


def _opening(draw: st.DrawFn, edition: Edition, category: str) -> str:
    tag = one_of(draw, KICKER_TAGS)
    kicker = one_of(draw, BOXES).format(f"<{tag}>{edition.kicker}</{tag}>")
    tag = one_of(draw, HEADLINE_TAGS)
    headline = one_of(draw, BOXES).format(f"<{tag}>{edition.headline}</{tag}>")
    meta = one_of(draw, META_LINES).format(
        category=category,
        date=edition.date,
        by=edition.by,
        name="INÉS CALDERA",
        token=edition.token,
    )
    boxed = one_of(draw, BOXES).format(meta)
    return draw(
        st.sampled_from(
            [kicker + headline + boxed, headline + kicker + boxed, kicker + boxed + headline]
        )
    )


def _text(draw: st.DrawFn, edition: Edition, pointer: str, figure: str) -> str:
    paragraph, heading = one_of(draw, PARAGRAPHS), one_of(draw, HEADINGS)
    reporting = [paragraph.format(text) for text in edition.reporting]
    place = draw(st.integers(1, len(reporting) - 1))
    reporting.insert(place, pointer.format(edition.pointer))
    parts = [figure.format(edition.caption), *reporting, heading.format(edition.heading)]
    return "\n".join([*parts, *(paragraph.format(text) for text in edition.analysis)])


def _cards(draw: st.DrawFn, edition: Edition) -> str:
    way, tag = one_of(draw, CARDS), one_of(draw, ("h2", "h3", "div", "p"))
    cards = [
        way.format(category=category, date=date, url=f"/news/story-number-{number}/", teaser=teaser)
        for number, (category, date, teaser) in enumerate(
            zip(("PORTS", "BARRIO 18"), edition.card_dates, edition.teasers, strict=True)
        )
    ]
    heading, listed = f"<{tag}>{edition.related}</{tag}>", "".join(cards)
    box = one_of(draw, BOXES[1:])
    beside = draw(st.booleans())
    return heading + box.format(listed) if beside else box.format(heading + listed)


@given(set_pages())
def test_an_article_reads_the_same_however_it_is_set(page: SetPage) -> None:
    edition = page.edition
    article = read(page.html, url=edition.url)
    assert article.headline == edition.headline
    assert article.kicker == edition.kicker
    assert article.category == page.category
    assert article.published == edition.day
    assert article.authors == ("Inés Caldera",)
    assert article.deck is None
    assert texts(article.body) == edition.reporting
    assert texts(article.analysis) == edition.analysis
    assert [pointer.title for pointer in article.see_also] == ["Dock 18"] * page.points
    assert [image.caption for image in article.images] == [edition.caption] * page.pictured
    assert [(card.category, card.date, card.teaser) for card in article.related] == [
        ("PORTS", "2022-12-21", edition.teasers[0]),
        ("BARRIO 18", "2023-02-09", edition.teasers[1]),
    ]
    assert article.notices == ()
    assert article.licence is not None
    assert article.language == edition.token.lower()
