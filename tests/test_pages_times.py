"""Pages of other times and kinds: table layouts, forums, texts that stand on their page twice."""

from __future__ import annotations

import pytest

from crawler import parsing
from crawler.errors import NotAnArticle
from tests.broadsheet import HEADLINE, TEXT, paragraphs, read, told

URL = "http://www.tide-courier.example/story.asp?id=3"
NAME = "Hannah Okafor"


def page(body: str, *, title: str = HEADLINE, head: str = "", language: str = "en") -> str:
    return (
        f'<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


# --- tables that lay out the page --------------------------------------------------------------


def test_a_text_of_line_breaks_in_a_cell_is_read_without_the_columns_beside_it() -> None:
    html = page(
        '<table width="760"><tr><td width="120" bgcolor="#cccccc"><font size="1">'
        '<a href="/index.asp">Home</a><br><a href="/sport.asp">Sport</a></font></td>'
        f'<td><font size="5"><b>{HEADLINE}</b></font><br><br><font size="2"><b>By {NAME}</b><br>'
        f"May 14, 2003</font><br><br><font>{'<br><br>'.join(TEXT)}</font><br><br>"
        '<a href="mailto:x@tide.example">E-mail this story</a></td><td><font size="1">'
        '<b>Also today</b><br><br><a href="/s.asp?id=4">Ferry fares rise again</a></font></td></tr>'
        '<tr><td colspan="3"><font size="1">Copyright 2003 The Tide Courier.</font></td></tr>'
        "</table>",
        title=f"The Tide Courier: {HEADLINE}",
    )
    found = read(html, url=URL)
    assert found.headline == HEADLINE
    assert told(found.body) == TEXT
    assert found.authors == (NAME,)
    assert (found.published or "")[:10] == "2003-05-14"


SPANISH = [
    "El viejo puente giratorio se cerrará el lunes por un año, informó la autoridad portuaria, "
    "luego de que unos buzos hallaran grietas en dos de sus siete pilares.",
    "Unas nueve mil personas cruzan el puente cada día. Desde la semana próxima deberán tomar el "
    "transbordador, que será gratuito desde las cinco de la mañana.",
    '"Debimos hacerlo hace diez años", dijo el ingeniero Julián Ferreyra. "Cada invierno que '
    'esperamos lo hizo más caro".',
]


def test_a_large_font_is_a_headline_where_the_title_is_the_outlets_name() -> None:
    headline = "El puente del puerto se cierra por un año"
    html = page(
        '<table><tr><td class="fecha">Martes 14 de mayo de 2002</td></tr><tr><td><table>'
        f'<tr><td><font size="1">SOCIEDAD</font></td></tr><tr><td><font size="5">{headline}</font>'
        '</td></tr><tr><td><font size="1">Por <b>Marta Iglesias</b><br>Enviada especial</font>'
        f'</td></tr><tr><td><font size="2">{"<br><br>".join(SPANISH)}</font></td></tr></table>'
        "</td></tr></table>",
        title="La Gaceta de la Costa",
        language="es",
    )
    found = read(html, url="http://www.gaceta-costa.example/nota.php?nota=123")
    assert found.headline == headline
    assert found.authors == ("Marta Iglesias",)
    assert told(found.body) == SPANISH
    assert found.published == "2002-05-14"


def test_the_line_that_dates_a_web_page_is_no_text() -> None:
    html = page(
        f"<center><font size=+3>{HEADLINE}</font></center><p><font size=-1>Web posted at: 9:14 "
        f"p.m. EDT (0114 GMT)<br>May 14, 2001</font><p>{'<p>'.join(TEXT)}",
        title=f"{HEADLINE} - May 14, 2001",
    )
    assert told(read(html, url=URL).body) == TEXT


HEADINGS = {
    "a cell called heading": (
        f'<table><tr><td class="contentheading">{HEADLINE}</td></tr></table>'
        f'<table><tr><td><span class="small">Written by {NAME}</span></td></tr>'
        f'<tr><td class="createdate">Tuesday, 14 May 2024</td></tr>'
        f"<tr><td>{paragraphs(TEXT)}</td></tr></table>"
    ),
    "a heading that links to its own page": (
        f'<div class="item-page"><h2><a href="{URL}">{HEADLINE}</a></h2><dl>'
        f'<dd class="createdby">Written by {NAME}</dd><dd class="published">Published: 14 May 2024'
        f"</dd></dl>{paragraphs(TEXT)}</div>"
    ),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_a_page_without_a_title_has_its_headline_in(name: str) -> None:
    found = read(page(HEADINGS[name], title=""), url=URL)
    assert found.headline == HEADLINE
    assert found.authors == (NAME,)
    assert told(found.body) == TEXT


def test_inline_elements_that_a_style_sets_as_blocks_are_paragraphs() -> None:
    spans = "".join(f'<span style="margin: 0; display: block">{text}</span>' for text in TEXT)
    assert told(read(page(f"<h1>{HEADLINE}</h1><div>{spans}</div>"), url=URL).body) == TEXT
    inline = "".join(f'<span style="display: inline-block">{text} </span>' for text in TEXT)
    found = read(page(f"<h1>{HEADLINE}</h1><div>{inline}</div>"), url=URL)
    assert told(found.body) == [" ".join(TEXT)]


# --- a name without any mark -------------------------------------------------------------------

DATE = "<div>May 14, 2024</div>"
ALONE = {
    "over the date": f"<p>{NAME}</p>{DATE}",
    "under the date": f"{DATE}<p>{NAME}</p>",
    "over outlet and date": f"<p>{NAME}</p><p>The Tide Courier</p>{DATE}",
    "with the outlet": f"<p>{NAME} / The Tide Courier</p>{DATE}",
    "with a job": f"<p>{NAME} Staff Writer</p>",
    "with a job behind a bar": f"<p>{NAME} | Political Reporter</p>",
    "with a job in its own line": f"<p>{NAME}<br>Senior Crime Correspondent</p>",
    "with a job in Spanish": f"<p>{NAME}, Corresponsal</p>",
    "with a job in Portuguese": f"<p>{NAME}, da Redação</p>",
    "with an address": f'<p>{NAME} <a href="mailto:h@tide.example">h@tide.example</a></p>',
}


@pytest.mark.parametrize("name", ALONE)
def test_a_name_alone_under_the_headline_signs(name: str) -> None:
    found = read(page(f"<h1>{HEADLINE}</h1>{ALONE[name]}<div>{paragraphs(TEXT)}</div>"))
    assert found.authors == (NAME,)
    assert told(found.body) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        f"<p>{NAME}</p>",  # nothing says that she wrote it
        f"<p>Harbour Bridge</p>{DATE}",
        f"<p>{NAME}, Harbour Master</p>",
        f"<p>{NAME} is the engineer</p>{DATE}",
    ],
)
def test_other_lines_under_the_headline_sign_nothing(line: str) -> None:
    html = page(f"<h1>{HEADLINE}</h1>{line}<div>{paragraphs(TEXT)}</div>")
    assert read(html).authors == ()


@pytest.mark.parametrize(
    "line", [f"By {NAME}<br>Tide Courier", f"By {NAME}, Political Editor", f"BY {NAME} | STAFF"]
)
def test_job_and_outlet_are_no_part_of_a_name(line: str) -> None:
    html = page(f"<h1>{HEADLINE}</h1><p><b>{line}</b></p>{DATE}<div>{paragraphs(TEXT)}</div>")
    assert read(html).authors == (NAME,)


# --- what stands twice -------------------------------------------------------------------------

ONCE = paragraphs(TEXT)
TWICE = {
    "the text": f'<h1>{HEADLINE}</h1><div class="wide">{ONCE}</div><div class="small">{ONCE}</div>',
    "all of the article": (
        f'<div class="d1"><h1>{HEADLINE}</h1><div>{ONCE}</div></div>'
        f'<div class="m1"><h1>{HEADLINE}</h1><div>{ONCE}</div></div>'
    ),
    "each paragraph": f"<h1>{HEADLINE}</h1><div>"
    + "".join(f'<p class="wide">{text}</p><p class="small">{text}</p>' for text in TEXT)
    + "</div>",
}


@pytest.mark.parametrize("name", TWICE)
def test_what_stands_on_a_page_for_wide_and_for_small_screens_is_read_once(name: str) -> None:
    assert told(read(page(TWICE[name])).body) == TEXT


def test_a_refrain_and_lists_of_alike_things_stay() -> None:
    refrain = "And the ferry goes, and the ferry goes, over the harbour and home again it goes."
    song = [TEXT[0], refrain, TEXT[1], refrain, TEXT[2], refrain]
    assert told(read(page(f"<h1>{HEADLINE}</h1><div>{paragraphs(song)}</div>")).body) == song


# --- captions ----------------------------------------------------------------------------------

CAPTION = "The swing bridge on Sunday evening"
CAPTIONED = {
    "italics in the next paragraph": f'<p><img src="/b.jpg"></p><p><em>{CAPTION}</em></p>',
    "small letters behind a break": f'<p><img src="/b.jpg"><br><small>{CAPTION}</small></p>',
    "italics in a centred box": f'<center><img src="/b.jpg"><br><i>{CAPTION}</i></center>',
}


@pytest.mark.parametrize("name", CAPTIONED)
def test_the_line_under_a_picture_is_its_caption(name: str) -> None:
    html = f"<h1>{HEADLINE}</h1><p>{TEXT[0]}</p>{CAPTIONED[name]}{paragraphs(TEXT[1:])}"
    found = read(page(html))
    assert told(found.body) == TEXT
    assert [(image.caption, image.credit) for image in found.images] == [(CAPTION, None)]


@pytest.mark.parametrize("credit", ["Lena Holt", "AFP/Getty Images", "Courtesy of the port"])
def test_small_letters_that_name_a_source_are_a_credit(credit: str) -> None:
    box = f'<p><img src="/b.jpg"><br><small>{credit}</small></p>'
    found = read(page(f"<h1>{HEADLINE}</h1><p>{TEXT[0]}</p>{box}{paragraphs(TEXT[1:])}"))
    assert [(image.caption, image.credit) for image in found.images] == [(None, credit)]


def test_italics_between_paragraphs_stay_text() -> None:
    line = "What follows is told by those who were there."
    html = f"<h1>{HEADLINE}</h1><p>{TEXT[0]}</p><p><em>{line}</em></p>{paragraphs(TEXT[1:])}"
    assert told(read(page(html)).body) == [TEXT[0], line, *TEXT[1:]]


# --- forums ------------------------------------------------------------------------------------

POSTS = [
    "I am trying to run the ferry timetable at home and it fails to start. Has anyone seen this?",
    "Yes, I had the same last week. You need the older driver, then restart the service twice.",
    "Thank you, that worked for me. I had to remove the configuration folder first, though.",
    "For anyone who finds this later: the newest version does not need any of it, just update.",
]


def topic(post: str, *, head: str = "", posts: list[str] = POSTS) -> str:
    """A forum's page; ``post`` is a format of name and text."""
    held = "".join(
        post.format(name=f"user{number}", n=number, text=text) for number, text in enumerate(posts)
    )
    return page(f"<h1>Timetable fails to start</h1><div>{held}</div>", title="Timetable", head=head)


TOPICS = {
    "Discourse": (
        '<div id="post_{n}" class="topic-body"><span class="creator"><a href="/u/{name}">{name}</a>'
        '</span><time datetime="2024-05-1{n}">May 1{n}</time><div class="post"><p>{text}</p></div>'
        "</div>"
    ),
    "phpBB": (
        '<div id="p{n}" class="post bg{n}"><p>by <a href="./memberlist.php?u={n}">{name}</a> » '
        'Tue May 1{n}, 2024 8:12 am</p><div class="content">{text}</div></div>'
    ),
    "vBulletin": (
        '<li class="postbit"><a href="member.php?{n}-{name}">{name}</a><blockquote>{text}'
        "</blockquote></li>"
    ),
}


@pytest.mark.parametrize("software", TOPICS)
def test_a_forums_topic_is_no_article(software: str) -> None:
    with pytest.raises(NotAnArticle) as refusal:
        read(topic(TOPICS[software]), url="https://forum.tide.example/t/timetable/512")
    assert refusal.value.reason == "listing"


def test_a_topic_that_its_head_calls_so_is_no_article() -> None:
    head = '<script type="application/ld+json">{"@type": "QAPage", "name": "Timetable"}</script>'
    post = '<article id="post_{n}"><b>{name}</b><div class="cooked"><p>{text}</p></div></article>'
    with pytest.raises(NotAnArticle):
        read(topic(post, head=head), url="https://forum.tide.example/t/timetable/512")


def test_an_announcement_under_which_readers_write_is_an_article() -> None:
    posts = [" ".join(TEXT), "Thank you, that is good to know for all of us.", "Well, finally."]
    found = read(topic(TOPICS["Discourse"], posts=posts), url="https://forum.tide.example/t/b/7")
    assert told(found.body)[0] == " ".join(TEXT)


# --- pages out of a web archive ----------------------------------------------------------------

ARCHIVE = "https://web.archive.org/web/20240601000000"
OWN = "https://tide-courier.example/2024/05/14/harbour-bridge-closes"
BAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div><p>The crawl collects pages of the whole web every "
    "month and gives them away to everyone who asks for them.</p></div>"
    "<!-- END WAYBACK TOOLBAR INSERT -->"
)
KEPT = page(
    f"{BAR}<h1>{HEADLINE}</h1>"
    f'<img src="/web/20240601000000im_/https://tide-courier.example/b.jpg" alt="The bridge">'
    f'<div><p>{TEXT[0]} <a href="{ARCHIVE}/https://tide-courier.example/cracks">More.</a></p>'
    f"{paragraphs(TEXT[1:])}</div>",
    head=f'<link rel="canonical" href="{ARCHIVE}/{OWN}">',
)


@pytest.mark.parametrize("url", [OWN, f"{ARCHIVE}/{OWN}"])
def test_a_page_out_of_a_web_archive_is_read_as_it_was(url: str) -> None:
    found = read(KEPT, url=url)
    assert found.url == url
    assert told(found.body) == [f"{TEXT[0]} More.", *TEXT[1:]]
    assert [image.url for image in found.images] == ["https://tide-courier.example/b.jpg"]
    assert [(link.url, link.internal) for link in found.citations] == [
        ("https://tide-courier.example/cracks", True)
    ]


def test_a_large_page_out_of_a_web_archive_is_told_by_its_end() -> None:
    notice = "<!-- RETRIEVED FROM THE INTERNET ARCHIVE ON 2026. BY WAYBACK MACHINE. -->"
    filler = f"<script>{'x' * 300_000}</script>"
    html = KEPT.replace(BAR, filler).replace("</body>", notice)
    assert [image.url for image in read(html).images] == ["https://tide-courier.example/b.jpg"]


def test_a_link_to_an_archived_copy_stays_one() -> None:
    copy = f"{ARCHIVE}/https://minister.example/promise"
    html = page(f'<h1>{HEADLINE}</h1><p>{TEXT[0]} <a href="{copy}">Once.</a></p><p>{TEXT[1]}</p>')
    assert [link.url for link in read(html).citations] == [copy]


# --- what asks for consent ---------------------------------------------------------------------

ASKING = {
    "en": [
        "We and our 812 partners store and access personal data, like browsing data, on your "
        "device. Selecting I Accept enables tracking technologies.",
        "You can withdraw your consent at any time by clicking the link at the foot of the page, "
        "and the trackers will be disabled from then on.",
    ],
    "de": [
        "Wir und unsere Partner verarbeiten Daten, um Inhalte und Anzeigen zu personalisieren und "
        "die Zugriffe auf unsere Website zu analysieren.",
        "Mit einem Klick auf „Alle akzeptieren“ stimmen Sie der Verwendung von Cookies zu.",
    ],
    "es": [
        "Nosotros y nuestros socios almacenamos datos personales en su dispositivo para medir el "
        "rendimiento de los anuncios y del contenido.",
        "Puede retirar su consentimiento cuando quiera; las cookies dejarán de usarse entonces.",
    ],
}


@pytest.mark.parametrize("language", ASKING)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_box_without_any_name_that_asks_for_consent_is_no_text(language: str, place: str) -> None:
    box = f'<div id="x1"><h2>Privacy</h2>{paragraphs(ASKING[language])}</div>'
    article = f"<div><h1>{HEADLINE}</h1><p>By {NAME}</p>{DATE}{paragraphs(TEXT[:2])}</div>"
    found = read(page(box + article if place == "before" else article + box))
    assert told(found.body) == TEXT[:2]
    assert found.headline == HEADLINE


def test_a_story_about_consent_is_text() -> None:
    story = [
        "The ministry wants websites to ask for consent to cookies only once a year, it said.",
        "“We and our partners process personal data to provide better news,” the publishers' "
        "lobby wrote in a letter.",
        "Readers will be able to withdraw their consent at any time, the draft of the law says.",
    ]
    assert told(read(page(f"<h1>{HEADLINE}</h1><div>{paragraphs(story)}</div>")).body) == story


# --- pictures, and the kind of text ------------------------------------------------------------

PICTURE = '<figure><img src="/b.jpg"><figcaption>The bridge on Sunday</figcaption></figure>'


def card(number: int) -> str:
    link = f'<a href="/2024/05/0{number}/story-{number}">'
    picture, title = (
        f'<img src="/t/{number}.jpg" width="300">',
        f"Ferry fares rise again, part {number}",
    )
    return f"<div>{link}{picture}</a><h4>{link}{title}</a></h4></div>"


def test_the_pictures_of_cards_in_the_text_are_none_of_the_article() -> None:
    cards = "".join(map(card, range(1, 4)))
    html = page(
        f"<h1>{HEADLINE}</h1>{PICTURE}<div>{paragraphs(TEXT[:2])}<div>{cards}</div>"
        f"{paragraphs(TEXT[2:])}</div>"
    )
    found = read(html)
    assert [image.url for image in found.images] == ["https://tide-courier.example/b.jpg"]
    assert told(found.body) == TEXT


def test_a_picture_that_leads_to_its_large_version_is_the_articles() -> None:
    html = page(
        f'<h1>{HEADLINE}</h1><div><p>{TEXT[0]}</p><a href="/large/b.jpg"><img src="/b.jpg">'
        f"</a>{paragraphs(TEXT[1:])}</div>"
    )
    assert [image.url for image in read(html).images] == ["https://tide-courier.example/b.jpg"]


def test_a_gallery_under_the_text_is_read_whole() -> None:
    names = ["east", "west", "third pier", "lamp"]
    figures = "".join(
        f'<figure><img src="/g/{number}.jpg"><figcaption>The {name} of the bridge on Sunday'
        "</figcaption></figure>"
        for number, name in enumerate(names)
    )
    html = page(
        f"<h1>{HEADLINE}</h1><div><p>{TEXT[0]}</p><p>{TEXT[1]}</p><div>{figures}</div></div>"
    )
    found = read(html)
    assert [image.caption for image in found.images] == [
        f"The {name} of the bridge on Sunday" for name in names
    ]
    assert all(image.url for image in found.images)


@pytest.mark.parametrize("words", ["Anzeige", "Publicidad", "Reklama"])
def test_an_advertisers_picture_is_none_of_the_article(words: str) -> None:
    box = f'<figure><img src="/ad.jpg"><figcaption>{words}</figcaption></figure>'
    html = page(f"<h1>{HEADLINE}</h1><div><p>{TEXT[0]}</p>{box}{paragraphs(TEXT[1:])}</div>")
    assert read(html).images == ()


@pytest.mark.parametrize("genre", ["Analysis", "Entrevista", "Kommentar", "Décryptage", "社説"])
def test_the_kind_of_text_over_the_headline_is_the_kicker(genre: str) -> None:
    html = page(f"<div><span>{genre}</span><h1>{HEADLINE}</h1>{DATE}{paragraphs(TEXT)}</div>")
    assert read(html).kicker == genre


def test_the_stated_section_is_the_category_beside_such_a_kicker() -> None:
    head = '<meta property="article:section" content="Ports">'
    html = page(f"<div><p>Analysis</p><h1>{HEADLINE}</h1>{paragraphs(TEXT)}</div>", head=head)
    found = read(html)
    assert (found.kicker, found.category) == ("Analysis", "Ports")


# --- scripts without spaces --------------------------------------------------------------------

CHINESE = [
    "港务局十四日宣布，潜水员在七个桥墩中的两个发现裂缝，港口的老旋转桥将从星期一起关闭一年。",
    "每天约有九千人过桥。从下周起，他们只能乘坐渡轮，市政府将从早上五点到午夜免费运营。",
    "“十年前就该这么做了，”港务局工程师王建国说。",
]
LINE = "2024-05-14 07:30 来源：海潮日报 作者：李明 编辑：陈红"


def test_a_short_text_in_chinese_is_an_article_and_the_label_among_others_names_its_author() -> (
    None
):
    headline = "港口大桥关闭一年进行维修"
    crumbs = '<div><a href="/">首页</a> &gt; <a href="/local/">本地新闻</a> &gt; 正文</div>'
    html = page(
        f"{crumbs}<h1>{headline}</h1><div>{LINE}</div><div>{paragraphs(CHINESE)}</div>",
        title=f"{headline}_海潮日报",
        language="zh",
    )
    found = read(html, url="https://haichao.example/local/20240514/a123.html")
    assert found.authors == ("李明",)
    assert told(found.body) == CHINESE
    assert (found.published or "")[:10] == "2024-05-14"


JAPANESE = [
    "港湾局は十四日、潜水士が七本の橋脚のうち二本にひび割れを見つけたことから、港にかかる古い旋回橋を月曜日から"
    "一年間閉鎖すると発表した。",
    "橋は毎日約九千人が利用している。来週からは市が午前五時から午前零時まで無料で運航する渡し船を使うことになる。",
]


@pytest.mark.parametrize(
    ("line", "authors"), [("（山田太郎）", ("山田太郎",)), ("（終）", ()), ("【関連記事】", ())]
)
def test_a_japanese_text_is_signed_in_brackets_at_its_end(
    line: str, authors: tuple[str, ...]
) -> None:
    html = page(
        f"<h1>港の橋、修理のため一年間閉鎖へ</h1><p>2024年5月14日 7時30分</p><div>"
        f"{paragraphs(JAPANESE)}</div><p>{line}</p>",
        title="港の橋、修理のため一年間閉鎖へ",
        language="ja",
    )
    assert read(html).authors == authors


def test_what_a_korean_system_prints_behind_the_job_is_no_part_of_the_name() -> None:
    line = '<div class="byline"><em>김지현 기자</em><em>승인 2024.05.14 07:30</em></div>'
    assert read(page(f"<h1>{HEADLINE}</h1>{line}{paragraphs(TEXT)}")).authors == ("김지현",)


# --- what it is filed under, and its tags ------------------------------------------------------


def filed(opening: str = "", *, above: str = "", after: str = "", head: str = "") -> str:
    text = f"<div>{paragraphs(TEXT)}</div>"
    return page(f"{above}<div><h1>{HEADLINE}</h1>{opening}{text}{after}</div>", head=head)


@pytest.mark.parametrize(
    ("above", "opening"),
    [
        ('<p><a href="/">Home</a> » <a href="/n">News</a> » <a href="/n/l">Local</a></p>', ""),
        (
            "",
            f'<p>Posted on May 14, 2024 by <a href="/author/h">{NAME}</a> in '
            '<a href="/category/local">Local</a></p>',
        ),
    ],
)
def test_a_breadcrumb_without_a_mark_and_a_link_to_a_category_file_the_article(
    above: str, opening: str
) -> None:
    assert read(filed(opening, above=above)).category == "Local"


def test_a_menu_that_begins_with_the_way_home_is_no_breadcrumb() -> None:
    menu = '<p><a href="/">Home</a> | <a href="/n">News</a> | <a href="/s">Sport</a></p>'
    assert read(filed(above=menu)).category is None


LINKS = '<li><a href="/t/1">Bridges</a></li><li><a href="/t/2">Ferries</a></li>'


@pytest.mark.parametrize("heading", ["Topics", "Temas:", "Schlagworte"])
def test_links_under_a_heading_that_says_so_are_tags(heading: str) -> None:
    found = read(filed(after=f"<div><h3>{heading}</h3><ul>{LINKS}</ul></div>"))
    assert found.tags == ("Bridges", "Ferries")


def stated(keywords: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": '
        f'"{HEADLINE}", "keywords": {keywords}}}</script>'
    )


@pytest.mark.parametrize(
    "keywords",
    [
        '["harbour", "port authority"]',
        '"harbour, port authority"',
        '["harbour", "type:article", "port authority", "Front Page", "tide-courier", "4711"]',
    ],
)
def test_keywords_are_tags_where_the_page_shows_none_but_not_the_systems_own(keywords: str) -> None:
    head = stated(keywords)
    assert read(filed(head=head)).tags == ("harbour", "port authority")
    shown = read(filed(after=f"<div><h3>Topics</h3><ul>{LINKS}</ul></div>", head=head))
    assert shown.tags == ("Bridges", "Ferries")


def test_a_short_heading_under_the_headline_is_the_deck() -> None:
    deck = "Divers found cracks; ferry free"
    found = read(filed(f"<h2>{deck}</h2><p>By {NAME}</p>{DATE}"))
    assert found.deck == deck


def test_the_authors_portrait_is_no_picture_of_the_article() -> None:
    portrait = f'<div><img src="/h.jpg" alt="{NAME}"><p>By {NAME}</p></div>'
    found = read(filed(f"{portrait}{DATE}{PICTURE}"))
    assert found.authors == (NAME,)
    assert [image.caption for image in found.images] == ["The bridge on Sunday"]


def test_what_a_drawing_is_called_is_no_title_of_a_card() -> None:
    sign = "<svg><title>article with video</title></svg>"
    link = f'<a href="/2024/05/02/ferry-fares-rise">{sign}Ferry fares rise for the third time</a>'
    found = read(filed(after=f"<div><h3>Related stories</h3><ul><li>{link}</li></ul></div>"))
    assert [card.title for card in found.related] == ["Ferry fares rise for the third time"]


def test_a_shell_is_parsed_twice_at_most_whatever_it_may_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[int] = []

    class Counted(parsing.LexborHTMLParser):  # type: ignore[name-defined,misc]
        def __init__(self, text: str) -> None:
            parsed.append(len(text))
            super().__init__(text)

    monkeypatch.setattr(parsing, "LexborHTMLParser", Counted)
    html = page(
        f"<h1>{HEADLINE}</h1><p>Loading the story, please wait.</p>"
        '<noscript>Please switch scripts on.</noscript><script>var data = {"items": []};</script>'
    )
    with pytest.raises(NotAnArticle):
        read(html)
    assert len(parsed) == 2
