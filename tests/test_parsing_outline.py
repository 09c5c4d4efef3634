"""A page as a flat sequence of chunks, each knowing what the mark-up around it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.parsing.outline import Outline, is_caption_by_place
from crawler.parsing.text import clean
from crawler.parsing.walking import SKIPPED, read_outline
from crawler.parsing.zones import Zone, zones_named

STORY = "".join(
    f"<p>The ferry to the island was stopped for the {number} time this week, and the crew has "
    "not said when it will sail again or who will pay for the repairs.</p>"
    for number in ("first", "second", "third", "fourth")
)


def outline_of(html: str) -> Outline:
    return read_outline(LexborHTMLParser(f"<body>{html}</body>"))


def texts(html: str) -> list[str]:
    return [chunk.text for chunk in outline_of(html).chunks]


def zones_of(html: str, text: str) -> int:
    return next(c.zones for c in outline_of(STORY + html).chunks if c.text == text)


@pytest.mark.parametrize(
    ("html", "chunks"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("<p>One <a href=/x>linked</a> <b>text</b>.</p>", ["One linked text."]),
        ("<p>One<br>line.</p>", ["One line."]),
        ("<p>One.<br><br>Two.</p>", ["One.", "Two."]),
        ("<p>One.<br/> <br/>\n<br>Two.</p>", ["One.", "Two."]),
        ("<div>One.<p>Two.</p>Three.</div>", ["One.", "Two.", "Three."]),
        ("<ul><li>One<li>Two</ul>", ["One", "Two"]),
        ("<p>One.<p>Two.", ["One.", "Two."]),
        ("<p><b>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("<p>One.<script>var a = 'x';</script><style>p{}</style></p>", ["One."]),
        ("<noscript>Turn it on.</noscript><template>T</template><p>One.</p>", ["One."]),
        ("<!-- hidden --><p>One.</p>", ["One."]),
        ("<p> \n </p><p>One.</p>", ["One."]),
        ("One.", ["One."]),
        ("", []),
    ],
)  # fmt: skip
def test_a_chunk_is_what_a_browser_sets_as_one_block(html: str, chunks: list[str]) -> None:
    assert texts(html) == chunks


def test_links_keep_their_words_and_addresses() -> None:
    (chunk,) = outline_of('<p>As <a href="/x">the crew</a> said.</p>').chunks
    assert [(piece.text, piece.href) for piece in chunk.links] == [("the crew", "/x")]
    assert 0 < chunk.link_density < 1


def test_a_time_keeps_its_moment() -> None:
    (chunk,) = outline_of('<p><time datetime="2016-07-11">11 July</time></p>').chunks
    assert [(piece.tag, piece.when) for piece in chunk.pieces] == [("time", "2016-07-11")]


@pytest.mark.parametrize(
    ("html", "zone"),
    [
        ("<nav><p>Here</p></nav>", Zone.NAVIGATION),
        ("<footer><p>Here</p></footer>", Zone.FOOTER),
        ("<aside><p>Here</p></aside>", Zone.ASIDE),
        ("<form><p>Here</p></form>", Zone.FORM),
        ("<figure><figcaption>Here</figcaption></figure>", Zone.CAPTION),
        ("<blockquote><p>Here</p></blockquote>", Zone.QUOTE),
        ("<div class='share-bar'><p>Here</p></div>", Zone.SHARE),
        ("<div id='comments'><p>Here</p></div>", Zone.COMMENTS),
        ("<div class='relatedPosts'><p>Here</p></div>", Zone.RELATED),
        ("<div class='newsletter_signup'><p>Here</p></div>", Zone.PROMOTION),
        ("<div class='entry-byline'><p>Here</p></div>", Zone.BYLINE),
        ("<div itemprop='author'>Here</div>", Zone.BYLINE),
        ("<p hidden>Here</p>", Zone.HIDDEN),
        ("<p style='display: none'>Here</p>", Zone.HIDDEN),
        ("<div role='navigation'>Here</div>", Zone.NAVIGATION),
        ("<p class='wp-caption-text'>Here</p>", Zone.CAPTION),
        ("<div class='wp-block-pullquote'><p>Here</p></div>", Zone.PULL_QUOTE),
        ("<ul><li>Here</li></ul>", Zone.LIST),
        ("<table><tr><td>Here</td></tr></table>", Zone.TABLE),
    ],
)
def test_tags_classes_and_attributes_say_where_a_text_stands(html: str, zone: int) -> None:
    assert zones_of(html, "Here") & zone


@pytest.mark.parametrize(
    "name", ["sharecropper", "tag-newsletter", "tag-popular", "shadow", "headers", "dates2"]
)
def test_a_word_inside_another_or_a_posts_own_tags_say_nothing(name: str) -> None:
    zones = zones_of(f"<div class='{name}'><p>Here</p></div>", "Here")
    assert not zones & (Zone.SHARE | Zone.PROMOTION | Zone.RELATED | Zone.DATE)


@pytest.mark.parametrize("name", ["sidebar", "related", "caption", "newsletter", "hidden-xs share"])
def test_a_zone_around_most_of_the_prose_is_not_believed(name: str) -> None:
    chunks = outline_of(f"<div class='{name}'>{STORY}</div>").chunks
    assert not any(chunk.zones & (Zone.ASIDE | Zone.RELATED | Zone.SHARE) for chunk in chunks)


def test_words_in_one_small_box_with_a_picture_are_its_caption_by_place() -> None:
    outline = outline_of(f"<div><img src=/a.jpg><span>The ferry at dusk</span></div>{STORY}")
    assert [is_caption_by_place(outline, chunk) for chunk in outline.chunks] == [
        True, False, False, False, False,
    ]  # fmt: skip


TAGS = [
    "<p>", "</p>", "<div class=related>", "</div>", "<b>", "</b>", "<br>", "<a href=x>", "</a>",
    "<ul>", "<li>", "<table>", "<td>", "<img src=x>", "<pre>", "<h1>", "<select>", "<svg>", "x",
    "two words", "\u2028", "&nbsp;", "<!--", "<span class=byline>", "<time datetime=x>",
]  # fmt: skip


@given(st.lists(st.sampled_from(TAGS), max_size=40).map("".join) | st.text())
def test_any_markup_has_an_outline_in_page_order(html: str) -> None:
    outline = outline_of(html)
    assert [chunk.index for chunk in outline.chunks] == list(range(len(outline.chunks)))
    assert all(chunk.text for chunk in outline.chunks)
    assert all(parent < element for element, parent in enumerate(outline.parents))


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote>"])
def test_depth_costs_no_recursion(tag: str) -> None:
    assert texts(tag * 3000 + "Deep down.")[-1:] == ["Deep down."]


#: Marks that are hard to tell from text, and text that looks like marks.
HARD = (
    *("<div<b>One", "</div<b>", '<p a<b="x" c">Two', "<a href='/q?a>b&amp;c&quot;'>Three</a>"),
    *("<!-- <p>no > no </p> -->", "<!-->Four", "<?php echo '<p>no'; ?>Five", "</ no>", "<! no>"),
    *("<iframe><p>no<iframe></p></body></html></iframe>", "<svg><title>no</title><svg/></svg>"),
    *("<noscript>no<iframe><noscript></noscript></body></iframe></noscript>Six"),
    *("<script><!-- <script>no</script> no --></script>", "<script>'<p>no'</script>"),
    *("<xmp>a < b</xmp>", "<noembed><p>7</noembed>", "<textarea>no<p></textarea>", "<hr>Eight"),
    *("<template><p>no<template></template></template>", "Nine &amp;lt; &lt;p&gt; &nbsp;"),
    *("<br>", "<img alt='a>b'>", "<input value='<p>'>", "<p>", "</p>", "<li>", "<b>", "</b>", "<"),
)  # fmt: skip


def text_in(tree: LexborHTMLParser) -> str:
    """The text of a page by its nodes, without white space and elements that are not read."""
    found, waiting = [], [tree.body]
    while waiting:
        node = waiting.pop()
        if node is None or node.tag in SKIPPED:
            continue
        if node.tag == "-text":
            found.append(node.text_content or "")
        children = []
        child = node.first_child
        while child is not None:
            children.append(child)
            child = child.next
        waiting += reversed(children)
    return "".join("".join(found).split())


@given(st.lists(st.sampled_from(HARD), max_size=12).map("".join))
def test_the_outline_holds_the_text_of_the_tree_and_nothing_else(html: str) -> None:
    page = f"<body>{html}</body>"
    told = "".join(chunk.text for chunk in outline_of(html).chunks)
    assert "".join(told.split()) == clean(text_in(LexborHTMLParser(page))).replace(" ", "")


def test_a_mark_that_is_not_read_hides_nothing_after_it() -> None:
    for hard in HARD:
        assert texts(f"<p>Before.</p>{hard}</p></b></li><p>After.</p>")[-1] == "After.", hard


def test_an_attribute_keeps_its_value_whatever_is_in_it() -> None:
    (chunk,) = outline_of("""<p><a rel=x href='/q?a=">"&b=<c>&amp;amp;'>One</a></p>""").chunks
    (link,) = chunk.links
    assert (link.href, link.rel) == ('/q?a=">"&b=<c>&amp;', "x")


def test_an_element_is_given_as_html_without_its_scripts() -> None:
    outline = outline_of('<div id="a">x<ul><li>One<script>no</script></ul><hr></div>y')
    assert outline.html(1) == '<div id="a">x<ul><li>One</li></ul><hr></div>'
    assert outline.html(outline.tags.index("ul")) == "<ul><li>One</li></ul>"
    assert outline.html(outline.tags.index("hr")) == "<hr>"


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        ("sponsored", Zone.PROMOTION),
        ("item-kommentar x", Zone.COMMENTS),
        ("personasRelacionadas", Zone.RELATED),
        ("unrelated", 0),
        ("entry--content", 0),
        ("entry_content", Zone.BODY),
        ("most-read author-bio", Zone.RELATED | Zone.BYLINE | Zone.BIO),
        ("category-sports tag-navigation", 0),
        ("Visually-Hidden", Zone.HIDDEN),
        ("hiddenly", 0),
        ("social-embed", 0),
        ("social-links", Zone.SHARE),
    ],
)  # fmt: skip
def test_a_name_says_what_its_words_and_phrases_say(name: str, zones: int) -> None:
    assert zones_named(name) == zones


def test_names_that_differ_in_numbers_alone_name_the_same() -> None:
    assert zones_named("menu-item-17") == zones_named("menu-item-18") == Zone.NAVIGATION
    assert zones_named("a11y-hidden") == Zone.HIDDEN
    assert zones_named("menu2 post-7 author7") == 0


@pytest.mark.parametrize(
    "html",
    [
        "<div><p>One.<ul><li>Two<li>Three</ul></div><hr><section><xmp><p></xmp>Four</section>",
        "<div>" * 300 + "<p>Deep.</p>" + "</div>" * 200 + "<p>Less deep.",
    ],
)
def test_an_element_is_inside_those_around_it_and_no_others(html: str) -> None:
    outline = outline_of(html)
    elements = range(len(outline.tags))
    for element in elements:
        around = set(outline.ancestors(element))
        assert {other for other in elements if outline.is_inside(element, other)} == around
        inside = [other for other in elements if outline.is_inside(other, element)]
        assert [i for i, each in enumerate(outline.covered([element])) if each] == inside
