"""When a page of unknown make was published: which of its dates is believed, and which never."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.article import Article
from crawler.parsing import parse_article

PROSE = "".join(
    f"<p>The harbour council of Porto Lume met for the {count} time this spring and heard what the "
    "fishermen had to say about the new quay, its cost, and the cranes that nobody had asked for."
    "</p>"
    for count in ("second", "third", "fourth", "fifth")
)
TITLE = "Council of Porto Lume hears the fishermen"
NOW = datetime(2024, 5, 20, 12, 0, tzinfo=UTC)


def article(
    *,
    head: str = "",
    above: str = "",
    title: str = TITLE,
    below: str = "",
    text: str = PROSE,
    after: str = "",
    lang: str = "en",
    url: str = "https://lume.example/news/council-hears-fishermen",
) -> Article:
    """A page of no known site with dates put in, read as captured at NOW."""
    html = (
        f'<html lang="{lang}"><head><title>{TITLE}</title>{head}</head><body><main>{above}'
        f"<h1>{title}</h1>{below}<div class='story'>{text}</div>{after}</main></body></html>"
    )
    return parse_article(html.encode(), url=url, fetched_at=NOW)


def json_ld(node: str) -> str:
    return f'<script type="application/ld+json">{node}</script>'


def stated(published: str) -> str:
    return json_ld(f'{{"@type": "NewsArticle", "datePublished": "{published}"}}')


@pytest.mark.parametrize(
    "head",
    [
        stated("2024-03-02T10:00:00+01:00"),
        json_ld('{"@type": "WebPage", "datePublished": "2024-03-02"}'),
        '<meta property="article:published_time" content="2024-03-02T10:00:00+01:00">',
        '<meta name="parsely-pub-date" content="2024-03-02T10:00:00Z">',
        '<meta name="sailthru.date" content="2024-03-02 10:00:00">',
        '<meta name="cXenseParse:recs:publishtime" content="2024-03-02T10:00:00Z">',
        '<meta name="DC.date.issued" content="2024-03-02">',
        '<meta name="date" content="2 March 2024">',
        '<meta itemprop="datePublished" content="20240302T100000Z">',
        '<meta property="somebody:article_published_time" content="2024-03-02T10:00:00Z">',
        '<meta name="publication_date" content="Sat Mar 02 2024 10:00:00 GMT+0100 (CET)">',
    ],
)
def test_the_head_says_the_day_in_many_dialects(head: str) -> None:
    assert (article(head=head).published or "")[:10] == "2024-03-02"


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type": "NewsArticle", "headline": "He said "no" twice", "datePublished": "2024-03-02"}',
        '{"@type": "NewsArticle", "datePublished": "2024-03-02T10:00:00Z", "author": {"name": ',
        '{"@type": "NewsArticle", "datePublished": "2024-03-02T10:00:00:123Z"}',
    ],
)
def test_broken_json_still_gives_its_date(broken: str) -> None:
    assert (article(head=json_ld(broken)).published or "")[:10] == "2024-03-02"


def test_broken_json_of_several_days_gives_none() -> None:
    broken = '[{"datePublished": "2024-03-02"}, {"datePublished": "2024-03-05"}, "so "what""]'
    assert article(head=json_ld(broken)).published is None


@pytest.mark.parametrize(
    ("below", "lang"),
    [
        ("<p>Published 2 March 2024, updated 9 March 2024</p>", "en"),
        ("<p>Updated: 9 March 2024. Published: 2 March 2024</p>", "en"),
        ('<div class="meta">Ana RuizMar 02, 20243 Shares</div>', None),
        ("<div><span>Ana Ruiz</span><span>Mar 02, 2024</span><span>3 Shares</span></div>", "en"),
        ('<div class="foot-note footer">2. März 2024 | 0 Kommentare</div>', "de"),
        ('<div class="posted">02.03.24 | 14:07 Uhr | Von Jana Beck</div>', "de"),
        ("<time>2 de março de 2024 às 10h30</time>", "pt"),
        ("<time>2024年3月2日 10:30</time>", "ja"),
        ("<time>2. maaliskuuta 2024</time>", "fi"),
        ("<time>2 Μαρτίου 2024</time>", "el"),
        ("<time>2 березня 2024 р.</time>", "uk"),
        ("<time>2024. március 2.</time>", "hu"),
        ("<time>٢ مارس ٢٠٢٤</time>", "ar"),
        ("<p><span>Erstellt:</span> 2. März 2024</p><p>Termin: 9. März 2024</p>", "de"),
        ('<p class="date">Mar 02 09:34 2024</p>', "en"),
    ],
)  # fmt: skip
def test_the_line_under_the_headline_says_the_day(below: str, lang: str | None) -> None:
    read = article(below=below, lang=lang or "en")
    assert (read.published or "")[:10] == ("2024-03-02" if lang else "")


@pytest.mark.parametrize(
    "where",
    [
        {"above": "<p class='teaser-meta'>Ana Ruiz / 02.03.2024 / 06:15</p>"},
        {"title": f"<span class='date'>02.03.2024</span>{TITLE}"},
        {"title": f"02.03.2024 – {TITLE}"},
        {"text": f"<p>Porto Lume, 2 March 2024 – {PROSE[3:]}"},
        {"text": f"<p>(Porto Lume, 2 March 2024) {PROSE[3:]}"},
        {"text": f"<p>Press release of 2 March 2024 | {PROSE[3:]}"},
        {"after": "<div class='submitted'>Submitted by ana on 2 March 2024 - 18:55</div>"},
        {"after": "<p>Porto Lume, 2 March 2024</p>"},
        {"text": f"{PROSE}<p>Stand: 2 March 2024</p>"},
        {"url": "https://lume.example/2024/03/02/council"},
        {"url": "https://lume.example/2024/mar/02/council"},
        {"url": "https://lume.example/news/2024-03-02-council"},
        {"url": "https://lume.example/news/council-20240302.html"},
        {"url": "https://lume.example/news/02-03-2024"},
    ],
)
def test_the_day_may_stand_elsewhere(where: dict[str, str]) -> None:
    assert (article(**where).published or "")[:10] == "2024-03-02"


CARD = (
    "<li><a href='/o{n}'>A story of the week about other things {n}</a>"
    "<time>{n} May 2024</time></li>"
)
COMMENT = "<li class='comment'><p>Ana, {n} May 2024, 10:00</p><p>Well said, all of it.</p></li>"


@pytest.mark.parametrize(
    "where",
    [
        {"after": "<ul>" + "".join(CARD.format(n=n) for n in (3, 4, 5)) + "</ul>"},
        {"above": "<ul>" + "".join(CARD.format(n=n) for n in (3, 4, 5)) + "</ul>"},
        {"after": "<ul>" + "".join(COMMENT.format(n=n) for n in (3, 4, 5)) + "</ul>"},
        {"after": "<ul>" + "".join(f"<li class='m{n}'><time>{n} May 2024</time></li>"
                                   for n in (3, 4, 5)) + "</ul>"},
        {"below": "<p>When: 3 May 2024</p>"},
        {"below": "<p>3 May 2024 – 5 May 2024, town hall</p>"},
        {"title": "Report on the storm of 3 May 2024 and what it left"},
        {"text": f"<p>On 3 May 2024 the {PROSE[3:]}"},
        {"after": "<footer>© 2024 Lume Media</footer>"},
        {"url": "https://lume.example/2024/03/council"},
        {"url": "https://lume.example/2021-22/2/council"},
        {"url": "https://lume.example/news/20249913"},
        {"url": "https://lume.example/news/council-of-20240302-and-after"},
    ],
)  # fmt: skip
def test_dates_of_cards_comments_events_and_texts_are_nobodys_publication(
    where: dict[str, str],
) -> None:
    assert article(**where).published is None


@pytest.mark.parametrize(
    ("printed", "lang", "published"),
    [
        ("3 hours ago", "en", "2024-05-20T09:00:00+00:00"),
        ("vor 2 Tagen", "de", "2024-05-18"),
        ("hace 3 horas", "es", "2024-05-20T09:00:00+00:00"),
        ("il y a une heure", "fr", "2024-05-20T11:00:00+00:00"),
        ("3時間前", "ja", "2024-05-20T09:00:00+00:00"),
        ("Gestern, 14:05", "de", "2024-05-19"),
        ("2 months ago", "en", None),
        ("5 min read", "en", None),
    ],
)
def test_relative_dates_count_back_from_the_capture(
    printed: str, lang: str, published: str | None
) -> None:
    words = {
        "de": "Der Rat der Stadt hat sich mit den Fischern und dem neuen Kai befasst, und es ging "
        "auch um die Kosten, die niemand im Blick hatte.",
        "es": "El consejo de la ciudad se reunió con los pescadores y habló del nuevo muelle, de "
        "lo que cuesta y de las grúas que nadie había pedido.",
        "fr": "Le conseil de la ville a reçu les pêcheurs et il a parlé du nouveau quai, de son "
        "prix et des grues que personne n’avait demandées.",
        "ja": "港の評議会は漁師たちの話を聞き、新しい岸壁とその費用について話し合いました。" * 3,
    }
    text = "".join(f"<p>{words[lang]}</p>" for _ in range(4)) if lang in words else PROSE
    assert article(below=f"<time>{printed}</time>", lang=lang, text=text).published == published


def test_without_a_capture_a_relative_date_stays_unknown() -> None:
    html = f"<html><body><h1>{TITLE}</h1><time>3 hours ago</time>{PROSE}</body></html>"
    assert parse_article(html.encode(), url="https://lume.example/a").published is None


@pytest.mark.parametrize(
    ("day", "believed"),
    [("2024-05-20", True), ("2024-05-21", True), ("2024-05-22", False), ("2031-01-01", False)],
)
def test_no_day_after_the_capture_is_believed_whoever_says_it(day: str, believed: bool) -> None:
    assert article(head=stated(day)).published == (day if believed else None)
    path = f"https://lume.example/{day.replace('-', '/')}/council"
    assert article(url=path).published == (day if believed else None)
    assert article(below=f"<time datetime='{day}'>soon</time>").published == (
        day if believed else None
    )


@pytest.mark.parametrize(
    ("lang", "head", "host", "day"),
    [
        ("en-US", "", "lume.example", "2024-03-04"),
        ("en-GB", "", "lume.example", "2024-04-03"),
        ("en", "", "lume.example", "2024-03-04"),
        ("en", '<meta property="og:locale" content="en_GB">', "lume.example", "2024-04-03"),
        ("en", "", "lume.co.uk", "2024-04-03"),
        ("en-US", "", "lume.co.uk", "2024-03-04"),
    ],
)
def test_the_order_of_day_and_month_follows_language_region_and_country(
    lang: str, head: str, host: str, day: str
) -> None:
    read = article(
        below="<time>03/04/2024</time>", lang=lang, head=head, url=f"https://{host}/council"
    )
    assert read.published == day


@pytest.mark.parametrize(
    "below",
    [
        '<p><a href="/archive/2024-03-02">Saturday the 2 March 2024</a></p>',
        '<p><a href="/author/ana">View all posts by Ana Ruiz</a></p><p>2 March 2024</p>',
        '<p><a href="/by?n=12">By Ana Ruiz For The Lume Mail</a></p><p>Published: 2 March 2024</p>',
        '<div class="breadcrumb"><span class="date">02 March 2024</span></div>',
        '<div class="hidden"><time datetime="2024-03-02">a while ago</time></div>',
        '<time datetime="Sat Mar 02 2024 10:00:00 GMT+0000 (GMT)">old</time>',
    ],
)
def test_a_line_between_headline_and_text_is_the_articles(below: str) -> None:
    assert (article(below=below).published or "")[:10] == "2024-03-02"


def test_a_date_right_over_the_headline_is_its_own_though_a_list_of_stories_ends_there() -> None:
    above = "".join(
        f"<ul><li><a href='/s{n}'>Another story of the week, number {n}</a></li></ul>"
        for n in range(4)
    )
    date = '<div class="catItemHeader"><span class="itemDate">Saturday, 02 March 2024</span></div>'
    assert article(above=above + date).published == "2024-03-02"


def test_a_headline_that_links_to_an_old_address_of_its_own_keeps_its_date() -> None:
    title = f'<a href="https://old.example/2008/council-hears-fishermen">{TITLE}</a>'
    assert article(title=title, below="<p>2 March 2024</p>").published == "2024-03-02"


def test_the_date_under_a_link_to_another_story_is_that_storys() -> None:
    below = '<p><a href="/other">A wholly different story of the week</a></p><p>2 March 2024</p>'
    assert article(below=below).published is None


@pytest.mark.parametrize(
    ("instant", "printed", "published"),
    [
        ("2024-03-02T05:30:59Z", "March 1, 2024 at 11:30 p.m.", "2024-03-01T23:30:59-06:00"),
        ("2024-03-02T05:30:59Z", "March 1, 2024", "2024-03-01"),
        ("2024-03-01T23:12:00+00:00", "2 March 2024", "2024-03-02"),
        ("2024-03-02T05:30:59Z", "March 2, 2024", "2024-03-02T05:30:59+00:00"),
        ("2024-03-02T15:30:59Z", "March 1, 2024", "2024-03-02T15:30:59+00:00"),
        ("2024-03-02T19:30:00+01:00", "March 3, 2024", "2024-03-02T19:30:00+01:00"),
    ],
)
def test_an_instant_in_utc_is_of_the_day_that_the_page_prints(
    instant: str, printed: str, published: str
) -> None:
    read = article(head=stated(instant), below=f"<p class='date'>{printed}</p>")
    assert read.published == published


def test_a_day_becomes_the_instant_of_a_source_that_agrees() -> None:
    read = article(
        head=stated("2024-03-02"), below="<time datetime='2024-03-02T10:00+01:00'>x</time>"
    )
    assert read.published == "2024-03-02T10:00:00+01:00"


def test_an_old_address_keeps_the_day_when_a_new_system_states_a_later_one() -> None:
    url = "https://lume.example/2017/07/12/council"
    assert article(head=stated("2019-06-17T18:28:00+02:00"), url=url).published == "2017-07-12"
    read = article(
        head=stated("2019-06-17"), url=url, below="<time datetime='2019-06-17'>17 June 2019</time>"
    )
    assert read.published == "2019-06-17"


def test_of_several_lines_the_one_that_the_address_names_counts() -> None:
    below = "<p>14.08.2023</p><p class='date'>9 September 2023</p>"
    at = "https://lume.example/{}/rezi.html"
    assert article(below=below, url=at.format("2023/09")).published == "2023-09-09"
    assert article(below=below, url=at.format("news")).published == "2023-08-14"


def test_a_bare_record_date_yields_to_an_earlier_line_of_the_page() -> None:
    read = article(head='<meta name="date" content="2024-03-09">', below="<p>2 March 2024</p>")
    assert read.published == "2024-03-02"


def test_a_placeholder_in_a_time_tag_yields_to_the_words_in_it() -> None:
    read = article(below="<time datetime='2019-09-03'>2 March 2024</time>")
    assert read.published == "2024-03-02"


def test_a_date_of_change_is_kept_apart() -> None:
    read = article(
        below="<p>Published 2 March 2024</p><p>Last updated</p><p class='date'>9 March 2024</p>"
    )
    assert (read.published, read.modified) == ("2024-03-02", "2024-03-09")
