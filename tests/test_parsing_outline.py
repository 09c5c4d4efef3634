"""A page as a flat sequence of chunks, each knowing what the mark-up around it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.parsing.outline import Outline, is_caption_by_place
from crawler.parsing.walking import read_outline
from crawler.parsing.zones import Zone

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
