"""Sites of unknown make: articles of odd build are read, lists of any build are refused."""

from __future__ import annotations

import pytest

from crawler.article import Article
from crawler.errors import NotAnArticle
from crawler.parsing import parse_article

TOWNS = ("Arda", "Belm", "Corven", "Dunholt", "Elsby", "Farrow", "Gant", "Hovel")
TITLES = [f"{town} council votes for a new bridge over the river" for town in TOWNS]
TEASERS = [
    f"The council of {town} decided on Wednesday that the old crossing is to be replaced before "
    "the winter, at a cost that nobody would name."
    for town in TOWNS
]
DAYS = [f"{day} May 2024" for day in range(10, 18)]
TEXT = "".join(
    f"<p>{sentence} The mayor said that the work would begin in autumn and last a year, and that "
    "the ferry would go on until then.</p>"
    for sentence in TEASERS[:4]
)


def whole(main: str, *, title: str = "Lume Times", head: str = "") -> str:
    return (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><header><a href=/>Lume "
        f"Times</a><nav><ul><li><a href=/news>News</a><li><a href=/sport>Sport</a></ul></nav>"
        f"</header><main>{main}</main><footer>© 2024 Lume Media</footer></body></html>"
    )


def read(html: str, path: str = "/2024/05/a-bridge") -> Article:
    return parse_article(html.encode(), url=f"https://lume.example{path}")


def cards(style: str, number: int = 8) -> str:
    found = []
    for at, (title, teaser, day) in enumerate(
        zip(TITLES[:number], TEASERS[:number], DAYS[:number], strict=True)
    ):
        link = f"/2024/05/{at}-story-of-the-day"
        found.append(
            {
                "dated": f"<article><h2><a href='{link}'>{title}</a></h2><time>{day}</time>"
                f"<p>{teaser}</p></article>",
                "signed": f"<article><h2><a href='{link}'>{title}</a></h2><p>By Ana Ruiz | {day}"
                f"</p><p>{teaser}</p></article>",
                "linked": f"<a href='{link}'><h3>{title}</h3><p>{day}</p><p>{teaser}</p></a>",
                "short": f"<li><span>{day}</span> <a href='{link}'>{title}</a></li>",
                "table": f"<tr><td>{day}</td><td><a href='{link}'>{title}</a></td></tr>",
                "cut": f"<div class=post><h2><a href='{link}'>{title}</a></h2><p>{day}</p>"
                f"<p>{teaser[:80]}…</p></div>",
            }[style]
        )
    wrapped = "".join(found)
    return {"short": f"<ul>{wrapped}</ul>", "table": f"<table>{wrapped}</table>"}.get(
        style, wrapped
    )


@pytest.mark.parametrize("style", ["dated", "linked", "short", "table", "cut"])
@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("<h1>Politics</h1>", "/politics"),
        ("<h1>Tag: bridges</h1>", "/tag/bridges"),
        ("<h1>Ana Ruiz</h1><p>Ana Ruiz writes about rivers and what crosses them.</p>", "/by/ana"),
        ("<h1>12 results for “bridge”</h1>", "/find?q=bridge"),
        ("<h1>May 2024</h1>", "/2024/05"),
        ("", "/news-front"),
    ],
)
def test_lists_of_stories_are_no_articles(style: str, heading: str, path: str) -> None:
    with pytest.raises(NotAnArticle):
        read(whole(heading + cards(style)), path)


@pytest.mark.parametrize("heading", ["<h1>Politics</h1>", "<h1>Tag: bridges</h1>"])
def test_signed_cards_are_a_list_too(heading: str) -> None:
    with pytest.raises(NotAnArticle):
        read(whole(heading + cards("signed")), "/politics")


@pytest.mark.parametrize(
    "beside",
    [
        f"<aside class=sidebar>{cards('dated')}</aside>",
        f"<div class=related-posts><h3>More</h3>{cards('dated')}</div>",
        f"<section><h2>Latest</h2>{cards('dated')}</section>",
    ],
)
def test_an_article_with_dated_cards_beside_it_is_one(beside: str) -> None:
    found = read(whole(f"<article><h1>A bridge at last</h1>{TEXT}</article>{beside}"))
    assert found.headline == "A bridge at last"
    assert found.body_text.count("The mayor said") == 4


INTRODUCTION = (
    "<p>Ana Ruiz has followed the rivers of the north for twenty years, first as a pilot and then "
    "as a reporter, and there is no bridge between Arda and the sea that she has not crossed on "
    "foot. She wrote two books on ferries, one on floods, and lives on a boat with a dog that "
    "can't swim. Letters reach her at the harbour office, where they wait until she is back from "
    "wherever the water took her this time.</p>"
)


@pytest.mark.parametrize("style", ["dated", "linked", "short", "table", "cut", "signed"])
@pytest.mark.parametrize(
    "heading",
    ["Ana Ruiz", "All articles by Ana Ruiz", "Rivers and Bridges of the North", "Rivers"],
)
def test_a_list_with_a_long_introduction_is_a_list(style: str, heading: str) -> None:
    with pytest.raises(NotAnArticle):
        read(whole(f"<h1>{heading}</h1>{INTRODUCTION}{cards(style)}"), "/people/ana-ruiz")


@pytest.mark.parametrize("style", ["dated", "short", "cut"])
@pytest.mark.parametrize("line", ["<p>3 May 2024</p>", "<p><time>3 May 2024</time></p>"])
def test_a_dated_text_over_more_cards_than_sentences_is_an_article(style: str, line: str) -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in TEASERS[:4])
    found = read(
        whole(
            f"<h1>A bridge over the river at last</h1>{line}{text}"
            f"<div><h2>Newest</h2>{cards(style)}</div>"
        )
    )
    assert [block.text for block in found.body][:4] == TEASERS[:4]
    assert found.published == "2024-05-03"


def test_dated_comments_make_no_list_of_a_short_post() -> None:
    comments = "".join(
        f"<li><div>Reader {town} · {day}</div><p>What I think of it, I will not say here.</p></li>"
        for town, day in zip(TOWNS, DAYS, strict=True)
    )
    found = read(
        whole(
            f"<h1>A bridge at last</h1><div class=entry-content><p>{TEASERS[0]}</p></div>"
            f"<div id=comments><h5>8 Comments:</h5><ol>{comments}</ol></div>"
        )
    )
    assert found.body_text == TEASERS[0]


def test_dates_in_a_table_of_results_are_no_cards() -> None:
    rows = "".join(
        f"<tr><td>{d}</td><td>{t}</td><td>3:1</td></tr>" for d, t in zip(DAYS, TOWNS, strict=True)
    )
    found = read(whole(f"<h1>Results of the week</h1><p>{TEASERS[0]}</p><table>{rows}</table>"))
    assert TEASERS[0] in found.body_text


def test_a_text_parted_into_boxes_named_like_a_sidebar_is_read() -> None:
    grid = "<div class='sidebar-grid'><div class='sidebar-grid__content'>{}</div></div>"
    parts = [f"<p>{t}</p><p>{t.replace('Wednesday', 'Friday')}</p>" for t in TEASERS[:4]]
    ads = "<div class=ad>Advertisement</div>"
    found = read(
        whole(
            "<article class=main-article>"
            + grid.format("<h1>A bridge at last</h1>")
            + ads.join(grid.format(part) for part in parts)
            + "</article>"
        )
    )
    assert [block.text for block in found.body][::2] == TEASERS[:4]


def test_the_comments_of_a_matchs_ticker_are_its_text() -> None:
    lines = "".join(
        f"<div class='comment'><div class='comment-time'>{90 - 7 * at}'</div><div class="
        f"'comment-text'>{town} lose the ball at the edge of the box, and the guests run.</div>"
        "</div>"
        for at, town in enumerate(TOWNS)
    )
    found = read(whole(f"<h1>Arda against Belm, live</h1><section>{lines}</section>"))
    assert sum("lose the ball" in block.text for block in found.body) == len(TOWNS)


def test_a_tag_left_open_in_noscript_hides_no_page() -> None:
    page = whole(f"<h1>A bridge at last</h1>{TEXT}").replace(
        "<body>", "<body><noscript><div id=hint></noscript>"
    )
    assert read(page).body_text.count("The mayor said") == 4


def test_a_text_that_a_script_would_set_is_read_where_noscript_repeats_it() -> None:
    found = read(
        whole(
            f"<h1>A bridge at last</h1><div class=post-body><script type='text/template'>{TEXT}"
            f"</script><noscript>{TEXT}</noscript></div>"
        )
    )
    assert found.body_text.count("The mayor said") == 4


def test_a_hint_to_switch_on_scripts_is_no_text() -> None:
    hint = "<noscript>" + "<p>Please enable JavaScript to view this page. </p>" * 12 + "</noscript>"
    found = read(whole(f"<h1>A bridge at last</h1><article><p>{TEASERS[0]}</p></article>{hint}"))
    assert found.body_text == TEASERS[0]


def test_a_list_of_facts_under_a_headline_is_an_articles_text() -> None:
    facts = (
        "<h3>Where</h3><p>Arda, north bank.</p><h3>Who</h3><p>The council.</p>"
        "<h3>How long</h3><p>One year.</p><p>Perhaps two.</p>"
    )
    found = read(
        whole(
            f"<h1>The bridge in brief</h1><div class=entry-content>{facts}</div>",
            head="<meta property='og:type' content='article'>",
        )
    )
    assert "One year." in found.body_text


def test_a_page_of_nothing_but_a_menu_stays_empty() -> None:
    with pytest.raises(NotAnArticle) as refused:
        read(whole("<h1>A bridge at last</h1>", head="<meta property=og:type content=article>"))
    assert refused.value.reason == "empty"
