"""Lists that sites keep of their articles, as they should be and as they are."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import (
    POSTS_PER_PAGE,
    Child,
    Found,
    Listed,
    is_article_sitemap,
    next_posts,
    posts_of,
    read_feed,
    read_instant,
    read_list,
    read_listing,
    read_sitemap,
    sitemaps_of_robots,
    unzipped,
)
from crawler.errors import Unreadable
from crawler.profile import Profile

HOME = "https://daily.example"
SITE = Profile("daily", "The Daily", ("daily.example",), ("en",))
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(*entries: str, attributes: str = f'xmlns="{MAP}" xmlns:news="{NEWS}"') -> bytes:
    return f"<?xml version='1.0'?><urlset {attributes}>{''.join(entries)}</urlset>".encode()


def test_a_sitemap_lists_addresses_and_when_they_changed() -> None:
    listed = read_sitemap(
        urlset(
            f"<url><loc>{HOME}/a-b-c/</loc><lastmod>2016-07-11T10:00:00Z</lastmod></url>",
            f"<url><loc> {HOME}/d-e-f/ </loc></url>",
        ),
        url=HOME + "/sitemap.xml",
    )
    assert listed.kind == "sitemap"
    assert listed.founds == (
        Found(HOME + "/a-b-c/", datetime(2016, 7, 11, 10, tzinfo=UTC), "sitemap"),
        Found(HOME + "/d-e-f/", None, "sitemap"),
    )


def test_a_sitemap_index_names_its_children_and_when_they_changed() -> None:
    body = (
        f"<sitemapindex xmlns='{MAP}'>"
        "<sitemap><loc>/post-sitemap.xml.gz</loc><lastmod>2020-01-02</lastmod></sitemap>"
        f"<sitemap><loc>{HOME}/page-sitemap.xml</loc></sitemap></sitemapindex>"
    ).encode()
    listed = read_sitemap(gzip.compress(body), url=HOME + "/sitemap_index.xml")
    assert listed.kind == "index"
    assert listed.children == (
        Child(HOME + "/post-sitemap.xml.gz", datetime(2020, 1, 2, tzinfo=UTC)),
        Child(HOME + "/page-sitemap.xml"),
    )


def test_an_instant_that_all_entries_share_is_the_lists_own_and_says_nothing() -> None:
    def stamped(moment: str, number: int) -> bytes:
        entries = (
            f"<url><loc>{HOME}/a-b-{n}/</loc><lastmod>{moment}</lastmod></url>"
            for n in range(number)
        )
        return urlset(*entries)

    made = read_sitemap(stamped("2024-05-01T08:13:27Z", 10), url=HOME)
    assert {found.lastmod_at for found in made.founds} == {None}
    one_day = read_sitemap(stamped("2024-05-01", 10), url=HOME)
    assert {found.lastmod_at for found in one_day.founds} == {datetime(2024, 5, 1, tzinfo=UTC)}
    few = read_sitemap(stamped("2024-05-01T08:13:27Z", 2), url=HOME)
    assert None not in {found.lastmod_at for found in few.founds}


def test_a_news_sitemap_gives_title_date_and_language() -> None:
    listed = read_sitemap(
        urlset(
            f"<url><loc>{HOME}/a-b-c</loc><news:news><news:publication><news:name>D</news:name>"
            "<news:language>es-MX</news:language></news:publication>"
            "<news:publication_date>2024-05-01T08:00+02:00</news:publication_date>"
            "<news:title>Uno  &amp; dos</news:title></news:news></url>"
        ),
        url=HOME,
    )
    assert listed.founds == (
        Found(
            HOME + "/a-b-c",
            datetime(2024, 5, 1, 6, tzinfo=UTC),
            "news-sitemap",
            "Uno & dos",
            "es",
            datetime(2024, 5, 1, 6, tzinfo=UTC),
        ),
    )


def test_broken_relative_and_foreign_addresses_cost_their_entry_alone_and_are_counted() -> None:
    body = urlset(
        "<url><loc>/relative-to-the-map/</loc></url>",
        "<url><loc>mailto:desk@daily.example</loc></url>",
        "<url><loc></loc></url>",
        "<url></url>",
        "<url><loc>https://[broken/</loc></url>",
        "<url><loc>https://other.example/a-long-title-here/</loc></url>",
        f"<url><loc>{HOME}/tag/a-tag-of-words/</loc></url>",
        f"<url><loc>{HOME}/a-b-c/?utm_source=map</loc></url>",
        f"<url><loc>{HOME}/a-b-c/</loc></url>",
    )
    listed = read_list(body, url=HOME + "/maps/sitemap.xml", profile=SITE)
    assert [found.url for found in listed.founds] == [
        HOME + "/relative-to-the-map/",
        HOME + "/a-b-c/",
    ]
    assert listed.skipped == 7


def test_a_sitemap_without_namespace_or_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = urlset(*(f"<url><loc>{HOME}/a-b-{n}/</loc></url>" for n in range(9)), attributes="")
    assert len(read_sitemap(whole, url=HOME).founds) == 9
    assert len(read_sitemap(whole[: len(whole) // 2], url=HOME).founds) in (3, 4, 5)
    packed = gzip.compress(whole)
    assert len(read_sitemap(packed[:-9], url=HOME).founds) > 4
    assert (
        len(read_sitemap(gzip.compress(whole[:200]) + gzip.compress(whole[200:]), url=HOME).founds)
        == 9
    )


def test_a_sitemap_in_plain_text() -> None:
    listed = read_list(f"{HOME}/a-b-c/\r\n\r\n{HOME}/d-e-f/\n".encode(), url=HOME, profile=SITE)
    assert [found.url for found in listed.founds] == [HOME + "/a-b-c/", HOME + "/d-e-f/"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"\xef\xbb\xbf\r\n\r\n<?xml version='1.0'?>", b""),
        (b"<br />\n<b>Warning</b>: no such file in <b>x.php</b>\n<?xml version='1.0'?>", b""),
        (b"<?xml version='1.0' encoding='UTF-16'?>", b""),
        (b"<!-- made by a plug-in -->\n", b""),
        (b"", b"<url><loc>/cut-off-in-the-mid"),
    ],
)
def test_a_sitemap_is_read_whatever_a_server_prints_around_it(before: bytes, after: bytes) -> None:
    entry = f"<url><loc>{HOME}/story.php?id=9&lang=en</loc></url><url><loc>/b-c-d/</loc></url>"
    body = before + f"<urlset xmlns='{MAP}'>{entry}".encode() + after + b"</urlset>" * (not after)
    listed = read_list(body, url=HOME + "/map.xml", profile=SITE, content_type="text/html")
    found = [found.url for found in listed.founds]
    assert found[:2] == [HOME + "/story.php?id=9&lang=en", HOME + "/b-c-d/"]


def test_an_address_in_a_cdata_section_is_taken_as_it_stands() -> None:
    listed = read_sitemap(
        urlset(f"<url><loc>\n <![CDATA[ {HOME}/a?id=1&amp=2 ]]></loc></url>"), url=HOME
    )
    assert [found.url for found in listed.founds] == [HOME + "/a?amp=2&id=1"]


def test_a_list_that_was_packed_twice_is_unpacked_twice() -> None:
    body = gzip.compress(gzip.compress(urlset("<url><loc>/a-b-c/</loc></url>")))
    assert len(read_list(body, url=HOME + "/map.xml.gz").founds) == 1


def test_pictures_in_a_sitemap_are_no_pages() -> None:
    listed = read_sitemap(
        urlset(
            "<url><image:image><image:loc>https://x.example/p.jpg</image:loc></image:image>"
            f"<loc>{HOME}/a-b-c</loc></url>",
            attributes='xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"',
        ),
        url=HOME,
    )
    assert [found.url for found in listed.founds] == [HOME + "/a-b-c"]


def test_documents_that_define_entities_are_refused_unread() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        b"<urlset>&b;</urlset>"
    )
    with pytest.raises(Unreadable, match="entities"):
        read_sitemap(bomb, url=HOME)
    utf16 = bomb.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")
    with pytest.raises(Unreadable, match="entities"):
        read_sitemap(utf16, url=HOME)


def test_outside_entities_are_never_fetched() -> None:
    body = (
        b'<!DOCTYPE urlset SYSTEM "file:///etc/hostname"><urlset><url><loc>https://daily.example/a'
        b"</loc></url></urlset>"
    )
    assert [found.url for found in read_sitemap(body, url=HOME).founds] == [HOME + "/a"]


def test_a_sitemap_in_plain_text_may_have_remarks() -> None:
    body = f"\ufeff# stories\r\n{HOME}/a-b-c/\r\n\r\n{HOME}/d-e-f/\r\n".encode()
    found = read_list(body, url=HOME + "/map.txt", content_type="text/plain").founds
    assert [each.url for each in found] == [HOME + "/a-b-c/", HOME + "/d-e-f/"]


def test_a_gzip_bomb_is_unpacked_up_to_the_limit_only() -> None:
    with pytest.raises(Unreadable, match="longer"):
        unzipped(gzip.compress(b"\0" * 5_000_000), limit=1_000_000)


def test_robots_names_sitemaps_in_any_case_anywhere_in_the_file() -> None:
    text = f"User-agent: *\nDisallow: /x\n\nsitemap: {HOME}/a.xml\r\n  SiteMap :/b.xml\nSitemap:\n"
    assert sitemaps_of_robots(text, base=HOME + "/robots.txt") == (HOME + "/a.xml", HOME + "/b.xml")


@pytest.mark.parametrize(
    ("name", "articles"),
    [
        ("post-sitemap.xml", True),
        ("sitemap-news.xml", True),
        ("sitemap-posttype-post.2016-07.xml", True),
        ("category-sitemap.xml", False),
        ("author-sitemap2.xml", False),
        ("sitemap-tags-1.xml.gz", False),
        ("post_tag-sitemap.xml", False),
    ],
)
def test_sitemaps_of_tags_and_authors_are_known_by_name(name: str, articles: bool) -> None:
    assert is_article_sitemap(f"{HOME}/{name}") is articles


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<atom:link href="{HOME}/feed/" rel="self"/><title>The Daily</title><link>{HOME}</link>
<item><title>One &amp; two</title><link>{HOME}/one-and-two/?utm_source=rss</link>
<pubDate>Mon, 11 Jul 2016 10:00:00 +0000</pubDate>
<guid isPermaLink="false">{HOME}/?p=1</guid></item>
<item><title>Three</title><guid>{HOME}/three-four-five/</guid></item>
<item><title>None</title><guid isPermaLink="false">77</guid></item>
</channel></rss>""".encode()


def test_an_rss_feed() -> None:
    listed = read_feed(RSS, url=HOME + "/feed/")
    assert listed.founds == (
        Found(
            HOME + "/one-and-two/",
            datetime(2016, 7, 11, 10, tzinfo=UTC),
            "feed",
            "One & two",
            published_at=datetime(2016, 7, 11, 10, tzinfo=UTC),
        ),
        Found(HOME + "/three-four-five/", None, "feed", "Three"),
    )
    assert listed.skipped == 1


def test_an_atom_feed() -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="{HOME}"/>
      <entry><title>Uno</title><link rel="edit" href="/edit/1"/><link href="/uno-dos-tres/"/>
      <published>2020-01-01T00:00:00Z</published><updated>2020-02-01T00:00:00Z</updated></entry>
      </feed>""".encode()
    (found,) = read_feed(body, url=HOME + "/atom.xml").founds
    assert (found.url, found.source, found.title) == (HOME + "/uno-dos-tres/", "feed", "Uno")
    assert found.lastmod_at == datetime(2020, 2, 1, tzinfo=UTC)
    assert found.stated_on == date(2020, 1, 1)


def test_an_rdf_feed() -> None:
    body = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <item><title>Uno</title><link>{HOME}/uno-dos-tres/</link><dc:date>2009-03-01</dc:date></item>
      </rdf:RDF>""".encode()
    (found,) = read_list(body, url=HOME, profile=SITE).founds
    assert (found.url, found.title) == (HOME + "/uno-dos-tres/", "Uno")
    assert found.lastmod_at == found.published_at == datetime(2009, 3, 1, tzinfo=UTC)


LISTING = """<!doctype html><html><head><link rel="alternate" type="application/rss+xml"
  href="/feed/"><link rel="alternate" type="application/rss+xml" href="/comments/feed/"></head>
  <body><a href="/world/">World</a><a href="/world/sport/">Sport</a>
  <a href="/login">Log in</a><article><h2><a href="/world/a-strike-at-the-port/">A strike</a>
  </h2><a href="/world/a-strike-at-the-port/#more">Read more</a></article>
  <article><a href="https://daily.example/world/b-rain-for-three-days/">Rain</a></article>
  <a href="https://elsewhere.example/a-long-title-here/">x</a>{}</body></html>"""


def test_a_listing_gives_its_articles_in_page_order_and_its_feed() -> None:
    listed = read_listing(LISTING.format("").encode(), url=HOME + "/world/", profile=SITE)
    assert [(found.url, found.title) for found in listed.founds] == [
        (HOME + "/world/a-strike-at-the-port/", "A strike"),
        (HOME + "/world/b-rain-for-three-days/", "Rain"),
    ]
    assert listed.children == (Child(HOME + "/world/sport/"),)
    assert listed.feeds == (HOME + "/feed/",)
    assert listed.next_page is None


@pytest.mark.parametrize(
    ("here", "links", "there"),
    [
        ("/world/", '<a rel="next" href="/world/page/2/">»</a>', "/world/page/2/"),
        ("/world/", '<a href="page/3/">3</a><a href="page/2/">2</a>', "/world/page/2/"),
        (
            "/world/page/2/",
            '<a href="/world/">1</a><a href="/world/page/3/">3</a>',
            "/world/page/3/",
        ),
        ("/world?page=2", '<a href="?page=1">1</a><a href="?page=3">3</a>', "/world?page=3"),
        (
            "/world",
            '<a href="/world?start=0">1</a><a href="/world?start=10">2</a>',
            "/world?start=10",
        ),
        ("/world?start=10", '<a href="?start=0">1</a><a href="?start=20">3</a>', "/world?start=20"),
        ("/world/page/9/", '<a href="/world/page/8/">8</a><a href="/world/">1</a>', None),
        ("/world/", '<a href="/sport/page/2/">2</a>', None),
        ("/world/", '<a rel="next" href="https://elsewhere.example/2">»</a>', None),
        ("/world/", '<a href="/archive?p=2">Older posts »</a>', "/archive?p=2"),
        ("/world", '<a href="?page=1">2</a><a href="?page=2">3</a>', "/world?page=1"),
        ("/world", '<button data-next-url="/more?page=2">+</button>', "/more?page=2"),
        ("/world", '<div data-next="/ajax/list/b"></div>', "/ajax/list/b"),
        ("/world", '<div data-next="5"></div>', None),
        ("/world", '<button hx-get="/list?page=2">Load more stories</button>', "/list?page=2"),
        ("/world", '<a class="load-more" href="/latest/2">+</a>', "/latest/2"),
        ("/world", '<a href="/index2.html">Next &gt;</a>', "/index2.html"),
        ("/world", '<a href="?after=t3_9k">Older posts</a>', "/world?after=t3_9k"),
        ("/world", '<a href="/sport/">More news</a>', None),
        ("/world", '<a href="/world/page-2/">Weiter</a>', "/world/page-2/"),
        ("/world", '<a href="/seite/2/">weiter</a>', "/seite/2/"),
        ("/world", '<a href="/list/2" title="Next page"><b>Next page</b> Next</a>', "/list/2"),
        ("/", '<a href="/?p=12">The mayor resigns at last</a>', None),
    ],
)
def test_where_a_listing_goes_on(here: str, links: str, there: str | None) -> None:
    listed = read_listing(LISTING.format(links).encode(), url=HOME + here, profile=SITE)
    assert listed.next_page == (HOME + there if there else None)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2016", datetime(2016, 1, 1, tzinfo=UTC)),
        ("2016-07", datetime(2016, 7, 1, tzinfo=UTC)),
        ("2016-07-11", datetime(2016, 7, 11, tzinfo=UTC)),
        ("20160711", datetime(2016, 7, 11, tzinfo=UTC)),
        ("2016-07-11T10:15Z", datetime(2016, 7, 11, 10, 15, tzinfo=UTC)),
        ("2016-07-11 10:15:30", datetime(2016, 7, 11, 10, 15, 30, tzinfo=UTC)),
        ("2016-07-11T10:15:30.123456-05:00", datetime(2016, 7, 11, 15, 15, 30, tzinfo=UTC)),
        ("2016-07-11T10:15:30+0530", datetime(2016, 7, 11, 4, 45, 30, tzinfo=UTC)),
        ("Mon, 11 Jul 2016 10:15:00 -0000", datetime(2016, 7, 11, 10, 15, tzinfo=UTC)),
        ("2016-13-01", None),
        ("2016-02-30", None),
        ("0000-00-00T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_instants_as_lists_write_them(text: str | None, instant: datetime | None) -> None:
    assert read_instant(text) == instant


@given(st.text())
def test_any_text_is_an_instant_or_unknown(text: str) -> None:
    instant = read_instant(text)
    assert instant is None or instant.tzinfo is UTC


FRAGMENTS = st.lists(
    st.sampled_from(
        [b"<urlset>", b"<url>", b"<loc>", b"https://daily.example/a-b-c", b"</loc>", b"</url>",
         b"<rss>", b"<item>", b"<link>", b"</link>", b"<feed>", b"<entry>", b"<a href='", b"'>",
         b"<!DOCTYPE", b"[", b"]>", b"<!--", b"&amp;", b"&x;", b"\x00", b"\xff", b"\x1f\x8b", b"<"]
    )
).map(b"".join)  # fmt: skip


@given(st.one_of(st.binary(), FRAGMENTS))
def test_any_bytes_are_a_list_or_one_sentence(body: bytes) -> None:
    try:
        listed = read_list(body, url=HOME + "/", profile=SITE)
    except Unreadable:
        return
    assert all(found.url.startswith(HOME) for found in listed.founds)


def test_an_entry_names_its_page_in_other_languages_too() -> None:
    body = urlset(
        f"<url><loc>{HOME}/a-strike-at-sea/</loc><lastmod>2024-05-01T10:00:00Z</lastmod>"
        f'<x:link rel="alternate" hreflang="en" href="{HOME}/a-strike-at-sea/"/>'
        '<x:link rel="alternate" hreflang="es-MX" href="/es/una-huelga-en-el-mar/"/>'
        '<x:link rel="alternate" hreflang="fr" href="mailto:nobody"/></url>',
        attributes='xmlns:x="http://www.w3.org/1999/xhtml"',
    )
    first, second = read_sitemap(body, url=HOME).founds
    assert (first.url, first.lastmod_at) == (
        HOME + "/a-strike-at-sea/",
        datetime(2024, 5, 1, 10, tzinfo=UTC),
    )
    assert second == Found(HOME + "/es/una-huelga-en-el-mar/", None, "sitemap", None, "es")


def test_wordpress_lists_its_posts_with_both_dates() -> None:
    body = (
        b'[{"link":"/a-strike-at-sea/","date_gmt":"2019-05-01T10:00:00",'
        b'"modified_gmt":"2020-01-02T03:04:05"},{"link":7},"x",{"date_gmt":"2019-05-01T10:00:00"}]'
    )
    listed = read_list(body, url=HOME + "/wp-json/wp/v2/posts", content_type="application/json")
    assert (listed.kind, listed.skipped) == ("posts", 3)
    (found,) = listed.founds
    assert (found.url, found.source) == (HOME + "/a-strike-at-sea/", "wordpress")
    assert found.lastmod_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found.stated_on == date(2019, 5, 1)
    for other in (b'{"code":"rest_no_route"}', b"[" * 100_000, b"[1"):
        with pytest.raises(Unreadable, match="no list of posts"):
            read_list(other, url=HOME, content_type="application/json")


def test_a_list_of_posts_goes_on_for_as_many_pages_as_the_server_says() -> None:
    first = posts_of(HOME + "/wp-json/")
    full = Listed("posts", tuple(Found(HOME, None, "wordpress") for _ in range(POSTS_PER_PAGE)))
    second = next_posts(first, full, 2)
    assert second is not None
    assert "&page=2&per_page=100" in second
    few = Listed("posts", full.founds[:3])
    assert next_posts(second, few, 2) is None
    assert next_posts(second, full, 2) == second.replace("page=2", "page=3")
    assert next_posts(second, few, None) == second.replace("page=2", "page=3")
    assert next_posts(second, full, None) == second.replace("page=2", "page=3")
    assert next_posts(second, Listed("posts"), None) is None
    assert next_posts(HOME, full, 9) is None


@pytest.mark.parametrize(
    "words",
    ["Older news", "Cargar más noticias", "Más antiguas »", "Mehr laden", "Voir plus…", "Ver mais"],
)
@pytest.mark.parametrize("shape", ["<a href='{}'>{}</a>", "<button data-url='{}'>{}</button>"])
def test_a_listing_says_in_many_tongues_that_it_goes_on(words: str, shape: str) -> None:
    body = LISTING.format(shape.format("/archive?p=2", words)).encode()
    assert read_listing(body, url=HOME + "/world/", profile=SITE).next_page == HOME + "/archive?p=2"


def test_a_page_names_the_months_of_its_calendar_and_the_posts_of_its_wordpress() -> None:
    links = '<a href="/2019/05/">May</a><a href="/2019/05/17/">a day</a>'
    head = '<link rel="https://api.w.org/" href="/wp-json/">'
    listed = read_listing((head + LISTING.format(links)).encode(), url=HOME + "/", profile=SITE)
    assert HOME + "/2019/05/" in [child.url for child in listed.children]
    assert HOME + "/2019/05/17/" not in [child.url for child in listed.children]
    assert listed.posts == posts_of(HOME + "/wp-json/")


def test_robots_txt_may_end_its_lines_in_any_way_and_spell_sitemap_in_some() -> None:
    text = "\ufeffsitemap:/a.xml\rSitemaps: b.xml\r\nSite-Map : /c.xml # new\nSitemap=/d.xml"
    assert sitemaps_of_robots(text, base=HOME) == (
        HOME + "/a.xml",
        HOME + "/b.xml",
        HOME + "/c.xml",
    )


ATOM = "http://www.w3.org/2005/Atom"


def atom(*entries: str, more: str = "", base: str = "") -> bytes:
    within = f" xml:base='{base}'" if base else ""
    made = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f"<feed xmlns='{ATOM}'{within}>{more}{made}</feed>".encode()


def test_links_of_a_feed_are_relative_to_its_xml_base() -> None:
    body = atom(
        "<link href='a-b-c'/>", "<link xml:base='/sport/' href='d-e-f'/>", base=HOME + "/news/"
    )
    found = read_feed(body, url="https://feeds.example/all").founds
    assert [each.url for each in found] == [HOME + "/news/a-b-c", HOME + "/sport/d-e-f"]


@pytest.mark.parametrize("relation", ["next", "prev-archive"])
def test_a_feed_says_where_it_goes_on(relation: str) -> None:
    entry = "<link href='/a-b-c'/><link rel='next' href='/no'/>"
    goes_on = atom(entry, more=f"<link rel='{relation}' href='?page=2'/>")
    assert read_feed(goes_on, url=HOME + "/feed").next_page == HOME + "/feed?page=2"
    assert read_feed(atom(entry), url=HOME + "/feed").next_page is None
    rss = (
        f"<rss><channel xmlns:a='{ATOM}'><a:link rel='self' href='/feed'/>"
        f"<a:link rel='{relation}' href='/feed?page=2'/><item><link>/a-b-c</link></item>"
        "</channel></rss>"
    ).encode()
    listed = read_feed(rss, url=HOME + "/feed")
    assert (listed.next_page, len(listed.founds)) == (HOME + "/feed?page=2", 1)


def test_a_guid_on_the_feeds_own_host_goes_before_a_counted_link() -> None:
    link, guid = "<link>https://count.example/~r/1</link>", f"{HOME}/a-b-c/"
    for permanent, expected in (("true", guid), ("false", "https://count.example/~r/1")):
        item = f"{link}<guid isPermaLink='{permanent}'>{guid}</guid>"
        body = f"<rss><channel><item>{item}</item></channel></rss>".encode()
        (found,) = read_feed(body, url=HOME + "/feed").founds
        assert found.url == expected


def test_a_json_feed() -> None:
    body = b"""{"version": "https://jsonfeed.org/version/1.1", "next_url": "/feed.json?n=2",
        "items": [{"id": "1", "url": "/a-b-c", "title": "T", "date_published": "2024-05-01",
        "date_modified": "2024-05-02", "language": "es-MX"}, {"id": 7}, 5]}"""
    listed = read_list(body, url=HOME + "/feed.json", content_type="application/feed+json")
    (found,) = listed.founds
    assert (listed.kind, listed.skipped) == ("feed", 2)
    assert listed.next_page == HOME + "/feed.json?n=2"
    assert (found.url, found.title, found.language) == (HOME + "/a-b-c", "T", "es")
    assert (found.published_at, found.lastmod_at) == (
        datetime(2024, 5, 1, tzinfo=UTC),
        datetime(2024, 5, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("head", "body", "feeds"),
    [
        ("<link rel=alternate type='application/rdf+xml' href=/a.rdf>", "", ["/a.rdf"]),
        ("<LINK REL='Alternate' TYPE='application/feed+json' HREF=/a.json>", "", ["/a.json"]),
        ("<link rel=alternate type=text/xml href=/a.xml>", "", ["/a.xml"]),
        (
            "",
            "<a href=/rss/all.xml>RSS</a><a href=/a-b-c.rss>RSS</a>",
            ["/rss/all.xml", "/a-b-c.rss"],
        ),
        (
            "<link rel=alternate type='application/rss+xml' href=/f>",
            "<a href=/rss/>RSS</a>",
            ["/f"],
        ),
    ],
)
def test_feeds_are_announced_in_many_ways(head: str, body: str, feeds: list[str]) -> None:
    page = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    assert read_listing(page, url=HOME, profile=SITE).feeds == tuple(HOME + feed for feed in feeds)


def test_a_page_announces_its_sitemap_or_links_it() -> None:
    page = b"""<html><head><link rel="sitemap" href="/all"></head><body>
        <a href="/mapa-del-sitio.xml">Mapa</a><a href="/a-map-of-the-war.xml">x</a></body></html>"""
    assert read_listing(page, url=HOME, profile=SITE).sitemaps == (
        HOME + "/all",
        HOME + "/mapa-del-sitio.xml",
    )


def test_a_list_that_only_a_script_would_show_is_read_from_its_data() -> None:
    page = b"""<html><body><script type="application/ld+json">{"@type": "ItemList",
        "itemListElement": [{"url": "https://daily.example/world/a-b-c/"}]}</script>
        <script id="__NEXT_DATA__" type="application/json">{"props": {"stories": [
        {"href": "/world/d-e-f/", "image": {"url": "/i/d-e-f.jpg"}}, {"url": 5}]}}</script>
        <script type="application/json">{broken</script></body></html>"""
    found = read_listing(page, url=HOME, profile=SITE).founds
    assert [each.url for each in found] == [HOME + "/world/a-b-c/", HOME + "/world/d-e-f/"]


def test_a_headline_makes_a_link_a_storys() -> None:
    page = b"""<a href="/world/quake">Quake destroys old harbour</a>
        <a href="/world/europe">Europe</a><a href="/?p=12">The mayor resigns at last</a>
        <a href="/list?sort=old">Show the oldest first
        here</a>"""
    found = read_listing(page, url=HOME, profile=SITE).founds
    assert [each.url for each in found] == [HOME + "/world/quake", HOME + "/?p=12"]


def test_a_calendar_may_be_chosen_from_a_list() -> None:
    page = b"""<select><option value="">Month</option><option value="/2019/05/">May</option>
        <option value="/archives?year=2019&amp;month=4">April</option></select>"""
    assert read_listing(page, url=HOME, profile=SITE).children == (
        Child(HOME + "/2019/05/"),
        Child(HOME + "/archives?month=4&year=2019"),
    )


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"<br />\n<b>Notice</b>: undefined in <b>x.php</b><br />\n"]
)
def test_what_a_server_prints_before_a_list_of_posts_is_passed_over(before: bytes) -> None:
    body = before + b'[{"link": "/a-b-c/"}]'
    listed = read_list(body, url=posts_of(HOME + "/wp-json/"), content_type="application/json")
    assert [found.url for found in listed.founds] == [HOME + "/a-b-c/"]
