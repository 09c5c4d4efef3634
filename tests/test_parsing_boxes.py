"""Where the text stands: boxes that are misnamed, hidden, split or beside the article."""

from __future__ import annotations

from tests.broadsheet import HEADLINE, TEXT, URL, paragraphs, read, sheet, told

SIDE = [
    "The Tide Courier has been the paper of the coast since 1871, and is read in every harbour "
    "from the lighthouse to the sound, by more than forty thousand people every day.",
    "Our reporters are at work in nine towns. Whoever sees something that should be in the paper "
    "may ring the desk at any hour, and will be asked for nothing but the truth.",
]

MORE = [
    "The authority has asked three yards for offers. The cheapest would take fourteen months and "
    "cost nine million crowns, a third more than the council had put aside in the spring.",
    "The council meets on Thursday. Its members will then be asked whether the ferry may go on "
    "running at night, which the ferrymen's union has refused so far.",
]


def test_a_text_in_a_box_named_like_a_label_is_read() -> None:
    """Words such as "tag", "date" and "share" are in the names of boxes that hold whole texts."""
    for name in ("tag-style", "post-date-wide", "share-layout", "headline-with-tags"):
        html = sheet(f'<div class="{name}">{paragraphs(TEXT)}</div>', cards=False)
        assert told(read(html).body) == TEXT, name


def test_a_short_article_is_read_rather_than_the_longer_text_beside_it() -> None:
    aside = f'<aside class="sidebar"><h4>About us</h4>{paragraphs(SIDE * 2)}</aside>'
    html = sheet(f"<div>{TEXT[2]}</div>", after=aside, cards=False)
    assert told(read(html).body) == [TEXT[2]]


def test_hidden_paragraphs_are_read_where_they_are_most_of_the_text() -> None:
    """A newsroom that sends its text whole lets a script show the rest of it."""
    html = sheet(
        f"{paragraphs(TEXT[:1])}<div style='display:none'>{paragraphs(TEXT[1:])}</div>",
    )
    assert told(read(html).body) == TEXT


def test_a_hidden_box_beside_a_whole_text_stays_hidden() -> None:
    html = sheet(f"{paragraphs(TEXT)}<div style='display:none'>{paragraphs(SIDE[:1])}</div>")
    assert told(read(html).body) == TEXT


def test_a_text_split_into_boxes_of_the_same_make_is_read_whole() -> None:
    boxes = "".join(
        f'<section class="row"><div class="body-part">{paragraphs(part)}</div></section>'
        for part in (TEXT[:1], TEXT[1:3], TEXT[3:])
    )
    html = sheet("", after=f'<div class="parts">{boxes}</div>', cards=False)
    assert told(read(html).body) == TEXT


def test_a_single_paragraph_beside_its_picture_is_the_text() -> None:
    html = sheet(f'<div><img src="/bridge.jpg" alt=""><p>{TEXT[1]}</p></div>', cards=False)
    assert told(read(html).body) == [TEXT[1]]


def test_cells_that_lay_out_a_page_hold_paragraphs() -> None:
    html = (
        f"<title>{HEADLINE}</title><table><tr><td><h1>{HEADLINE}</h1></td></tr>"
        f"<tr><td>{'<br><br>'.join(TEXT)}</td></tr></table>"
    )
    assert told(read(html).body) == TEXT


def test_a_list_under_a_related_heading_inside_the_text_is_no_part_of_it() -> None:
    links = "".join(f'<li><a href="/{n}">{text}</a></li>' for n, text in enumerate(SIDE))
    for heading in ("Don’t Miss:", "Recommended by Our Editors", "Weitere Themen", "По теме"):
        html = sheet(
            f"{paragraphs(TEXT[:2])}<h2>{heading}</h2><ul>{links}</ul>{paragraphs(TEXT[2:])}"
        )
        assert told(read(html).body) == TEXT, heading


def test_the_next_article_may_be_signed_above_its_headline() -> None:
    following = (
        '<article><div class="author">Ola Ness</div><div class="date">13 May 2024</div>'
        f'<h1 class="title">A lighthouse is sold</h1>{paragraphs(SIDE)}</article>'
    )
    opening = '<div class="author">Mira Solberg</div><div class="date">14 May 2024</div>'
    html = (
        f"<title>{HEADLINE}</title><main><article>{opening}"
        f'<h1 class="title">{HEADLINE}</h1>{paragraphs(TEXT)}</article>{following}</main>'
    )
    assert told(read(html, url=URL).body) == TEXT


def test_embedded_posts_are_part_of_the_text() -> None:
    post = f'<div class="social-media-embed"><blockquote><p>{SIDE[1]}</p></blockquote></div>'
    html = sheet(f"{paragraphs(TEXT[:2])}{post}{paragraphs(TEXT[2:])}")
    assert told(read(html).body) == [*TEXT[:2], f"quote: {SIDE[1]}", *TEXT[2:]]


def test_other_articles_on_a_page_are_not_the_headlines_own() -> None:
    others = "".join(
        f'<article class="story"><h2><a href="/{n}">{text[:40]}</a></h2>'
        f"<blockquote><p>{text}</p></blockquote></article>"
        for n, text in enumerate(SIDE * 4)
    )
    html = (
        f'<title>{HEADLINE}</title><section><article class="story"><h1>{HEADLINE}</h1>'
        f'<div class="content">{paragraphs([*TEXT, *MORE])}</div></article></section>'
        f"<section>{others}</section>"
    )
    assert told(read(html).body) == [*TEXT, *MORE]


def test_parts_of_a_text_under_a_wrapper_named_like_a_deck_are_read() -> None:
    html = (
        f'<title>{HEADLINE}</title><section class="story-summary"><h1>{HEADLINE}</h1>'
        f'<div class="story-text">{paragraphs(TEXT[:3])}</div></section>'
        f'<section><div class="story-text">{paragraphs([*TEXT[3:], *MORE])}</div></section>'
    )
    assert told(read(html).body) == [*TEXT, *MORE]


def test_the_sentences_that_a_voice_may_read_out_are_text() -> None:
    html = sheet(f'<p id="speakable-summary">{TEXT[0]}</p>{paragraphs(TEXT[1:])}')
    assert told(read(html).body) == TEXT


def test_a_list_of_entries_keeps_the_intro_above_it() -> None:
    entries = "".join(
        f'<li class="entry"><h2>Bridge number {number}</h2><div class="words">'
        f"{paragraphs([text, f'It is the {number}. of its kind on this coast, and the dearest.'])}"
        "</div></li>"
        for number, text in enumerate((*SIDE, *MORE), 1)
    )
    html = sheet("", cards=False).replace(
        '<div class="article-body"></div>',
        f'<div class="lot">{paragraphs(TEXT[1:3])}<ul class="entries">{entries}</ul></div>',
    )
    body = told(read(html).body)
    assert body[:2] == TEXT[1:3]
    assert body[2:4] == ["heading: Bridge number 1", SIDE[0]]
    assert len(body) == 2 + 3 * 4


def test_teasers_that_break_off_under_linked_titles_are_no_text() -> None:
    teasers = "".join(
        f'<h3><a href="/{n}">A story of another day</a></h3>'
        f"<p>{3 + n} May 2024</p><p>{text[:70]}…</p>"
        for n, text in enumerate(SIDE)
    )
    broken_off = "“It is not that we did not know,” the engineer said, and then fell silent…"
    html = sheet(paragraphs([*TEXT, broken_off]) + teasers, cards=False)
    assert told(read(html).body) == [*TEXT, broken_off]
