"""Articles that are not a column of paragraphs: live blogs, interviews, lists, recipes, letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.broadsheet import HEADLINE, TEXT, paragraphs, read, sheet, told


@dataclass(frozen=True)
class Form:
    """A page and what a careful reader records of it."""

    name: str
    html: str
    body: list[str]
    fields: dict[str, Any] = field(default_factory=dict)


# --- live blogs ----------------------------------------------------------------------------------

LIVE_BLOG = Form(
    "live-blog",
    sheet(
        """<div class="live-entries">
        <div class="live-entry" id="e3"><time datetime="2024-05-14T18:05:00+01:00">18:05</time>
        <h2>Ferry to run free of charge</h2>
        <p>The city says that it will run the ferry free of charge from next week, from five in
        the morning until midnight.</p></div>
        <div class="live-entry" id="e2"><time datetime="2024-05-14T12:40:00+01:00">12:40</time>
        <h2>Traders gather at the town hall</h2>
        <p>About sixty shopkeepers of the east bank are standing in front of the town hall.
        They want to know who pays for the lost year.</p>
        <p>“Nobody has come out to talk to us,” says a fishmonger.</p></div>
        <div class="live-entry" id="e1"><time datetime="2024-05-14T09:12:00+01:00">09:12</time>
        <h2>The bridge closes to lorries at once</h2>
        <p>The port authority has closed the bridge to lorries, effective immediately.</p></div>
        </div>""",
        headline="Swing bridge closes: the day as it went",
    ),
    [
        "heading: Ferry to run free of charge",
        "The city says that it will run the ferry free of charge from next week, from five in the "
        "morning until midnight.",
        "heading: Traders gather at the town hall",
        "About sixty shopkeepers of the east bank are standing in front of the town hall. They "
        "want to know who pays for the lost year.",
        "“Nobody has come out to talk to us,” says a fishmonger.",
        "heading: The bridge closes to lorries at once",
        "The port authority has closed the bridge to lorries, effective immediately.",
    ],
)

LIVE_TICKER_DE = Form(
    "live-ticker-de",
    sheet(
        """<div class="ticker">
        <div class="ticker-item"><span class="ticker-time">17:45 Uhr</span>
        <p>Der Fährverkehr beginnt am Montag um fünf Uhr früh und kostet nichts, teilte die Stadt
        am frühen Abend mit.</p></div>
        <div class="ticker-item"><span class="ticker-time">14:20 Uhr</span>
        <p>Vor dem Rathaus stehen rund sechzig Händler vom Ostufer. Sie wollen wissen, wer ihnen
        das verlorene Jahr bezahlt.</p></div>
        <div class="ticker-item"><span class="ticker-time">09:12 Uhr</span>
        <p>Die Hafenbehörde sperrt die Drehbrücke mit sofortiger Wirkung für Lastwagen.</p></div>
        </div>""",
        headline="Drehbrücke gesperrt: der Tag im Überblick",
        opening='<p class="byline">Von <span class="author">Jule Harms</span></p>'
        '<time datetime="2024-05-14T17:45:00+02:00">14. Mai 2024, 17:45 Uhr</time>',
        language="de",
    ),
    [
        "Der Fährverkehr beginnt am Montag um fünf Uhr früh und kostet nichts, teilte die Stadt am "
        "frühen Abend mit.",
        "Vor dem Rathaus stehen rund sechzig Händler vom Ostufer. Sie wollen wissen, wer ihnen das "
        "verlorene Jahr bezahlt.",
        "Die Hafenbehörde sperrt die Drehbrücke mit sofortiger Wirkung für Lastwagen.",
    ],
    {"language": "de", "authors": ("Jule Harms",)},
)

# --- galleries -----------------------------------------------------------------------------------


def slide(number: int, caption: str, credit: str) -> str:
    return (
        f'<figure class="slide"><img src="/img/bridge-{number}.jpg" alt="Bridge {number}">'
        f'<figcaption><span class="caption">{caption}</span> '
        f'<span class="credit">{credit}</span></figcaption></figure>'
    )


GALLERY = Form(
    "gallery",
    sheet(
        paragraphs(TEXT[:2])
        + '<div class="gallery">'
        + slide(1, "The bridge on the morning of its opening in 1908.", "Harbour Museum")
        + slide(2, "A steamer passes the open span in the summer of 1934.", "Lise Aas/Archive")
        + slide(3, "A diver comes up beside the third pier.", "Port Authority")
        + "</div>"
        + paragraphs(TEXT[2:])
    ),
    TEXT,
    {
        "images": [
            (
                "https://tide-courier.example/img/bridge-1.jpg",
                "The bridge on the morning of its opening in 1908.",
                "Harbour Museum",
                "Bridge 1",
            ),
            (
                "https://tide-courier.example/img/bridge-2.jpg",
                "A steamer passes the open span in the summer of 1934.",
                "Lise Aas/Archive",
                "Bridge 2",
            ),
            (
                "https://tide-courier.example/img/bridge-3.jpg",
                "A diver comes up beside the third pier.",
                "Port Authority",
                "Bridge 3",
            ),
        ]
    },
)

GALLERY_OF_DIVS = Form(
    "gallery-of-divs",
    sheet(
        paragraphs(TEXT[:2])
        + """<div class="photo-gallery"><div class="gallery-item">
        <img src="/img/pier.jpg" alt=""><div class="gallery-caption">The cracked pier, seen from
        the ferry on Tuesday. Photo: Tor Eide</div></div>
        <div class="gallery-item"><img src="/img/stall.jpg" alt="A stall with fish">
        <div class="gallery-caption">A stall at the bridge's foot. Photo: Tor Eide</div></div>
        </div>"""
        + paragraphs(TEXT[2:])
    ),
    TEXT,
    {
        "images": [
            (
                "https://tide-courier.example/img/pier.jpg",
                "The cracked pier, seen from the ferry on Tuesday.",
                "Tor Eide",
                None,
            ),
            (
                "https://tide-courier.example/img/stall.jpg",
                "A stall at the bridge's foot.",
                "Tor Eide",
                "A stall with fish",
            ),
        ]
    },
)

# --- interviews ----------------------------------------------------------------------------------

INTERVIEW = Form(
    "interview-bold-questions",
    sheet(
        """<p>Ola Brandvik has looked after the swing bridge for thirty-one years. On Monday she
        will close it.</p>
        <p><strong>When did you first hear of the cracks?</strong></p>
        <p>In February. A diver showed me a photograph, and I asked him to go down again because I
        did not believe it.</p>
        <p><b>Could they have been found earlier?</b></p>
        <p>Yes. We asked for money for divers in 2014, in 2017 and in 2021.</p>
        <p><strong>The Tide Courier: And what did they say?</strong></p>
        <p><strong>Brandvik:</strong> Nothing. There was never an answer, not even a no.</p>
        <p><strong>Will you miss it?</strong></p>
        <p>No.</p>""",
        headline="“I asked him to go down again”",
    ),
    [
        "Ola Brandvik has looked after the swing bridge for thirty-one years. On Monday she will "
        "close it.",
        "heading: When did you first hear of the cracks?",
        "In February. A diver showed me a photograph, and I asked him to go down again because I "
        "did not believe it.",
        "heading: Could they have been found earlier?",
        "Yes. We asked for money for divers in 2014, in 2017 and in 2021.",
        "heading: The Tide Courier: And what did they say?",
        "Brandvik: Nothing. There was never an answer, not even a no.",
        "heading: Will you miss it?",
        "No.",
    ],
)

INTERVIEW_ES = Form(
    "interview-es-letters",
    sheet(
        """<p>Ola Brandvik cuida el puente giratorio desde hace treinta y un años. El lunes lo va a
        cerrar.</p>
        <p><strong>P. ¿Cuándo supo de las grietas?</strong></p>
        <p>R. En febrero. Un buzo me mostró una foto y le pedí que bajara otra vez, porque no me lo
        creía.</p>
        <p><strong>P. ¿Se habrían podido hallar antes?</strong></p>
        <p>R. Sí.</p>
        <p><strong>P. ¿Y qué le respondieron las tres veces que pidió dinero para los buzos, en
        2014, en 2017 y en 2021?</strong></p>
        <p>R. Nada. Nunca hubo respuesta, ni siquiera un no.</p>""",
        headline="“Le pedí que bajara otra vez”",
        opening='<p class="firma">Por <a href="/autor/mira-solberg">Mira Solberg</a></p>'
        '<time datetime="2024-05-14T07:30:00+02:00">14 de mayo de 2024, 07:30</time>',
        language="es",
    ),
    [
        "Ola Brandvik cuida el puente giratorio desde hace treinta y un años. El lunes lo va a "
        "cerrar.",
        "heading: P. ¿Cuándo supo de las grietas?",
        "R. En febrero. Un buzo me mostró una foto y le pedí que bajara otra vez, porque no me lo "
        "creía.",
        "heading: P. ¿Se habrían podido hallar antes?",
        "R. Sí.",
        "P. ¿Y qué le respondieron las tres veces que pidió dinero para los buzos, en 2014, en "
        "2017 y en 2021?",
        "R. Nada. Nunca hubo respuesta, ni siquiera un no.",
    ],
    {"language": "es", "authors": ("Mira Solberg",)},
)

# --- lists, tables, code, quotations -------------------------------------------------------------

LISTS = Form(
    "lists",
    sheet(
        paragraphs(TEXT[:2])
        + """<h2>What changes on Monday</h2><ul><li>The bridge is closed to everyone, walkers
        too.</li><li>The ferry runs every ten minutes.</li><li>Bus 14 ends at the west bank.</li>
        </ul><p>The first three boats go like this:</p>
        <ol><li>5.00, west bank</li><li>5.10, east bank</li><li>5.20, west bank</li></ol>"""
        + paragraphs(TEXT[2:])
    ),
    [
        *TEXT[:2],
        "heading: What changes on Monday",
        "list_item: The bridge is closed to everyone, walkers too.",
        "list_item: The ferry runs every ten minutes.",
        "list_item: Bus 14 ends at the west bank.",
        "The first three boats go like this:",
        "list_item: 5.00, west bank",
        "list_item: 5.10, east bank",
        "list_item: 5.20, west bank",
        *TEXT[2:],
    ],
)

TABLE = Form(
    "table",
    sheet(
        paragraphs(TEXT[:2])
        + """<table><thead><tr><th>Year</th><th>Asked for</th><th>Given</th></tr></thead><tbody>
        <tr><td>2014</td><td>1.2 million</td><td>0</td></tr>
        <tr><td>2017</td><td>2.5 million</td><td>0</td></tr>
        <tr><td>2021</td><td>4 million</td><td>0.3 million</td></tr></tbody></table>"""
        + paragraphs(TEXT[2:])
    ),
    [
        *TEXT[:2],
        "table: Year | Asked for | Given / 2014 | 1.2 million | 0 / 2017 | 2.5 million | 0 / "
        "2021 | 4 million | 0.3 million",
        *TEXT[2:],
    ],
)

CODE = Form(
    "code",
    sheet(
        paragraphs(TEXT[:2])
        + """<p>The harbour publishes the height of the tide for anyone to ask for, with the
        command <code>curl</code>:</p>
        <pre><code>curl https://tides.example/now
{"height": 2.1, "unit": "m"}</code></pre>"""
        + paragraphs(TEXT[2:])
    ),
    [
        *TEXT[:2],
        "The harbour publishes the height of the tide for anyone to ask for, with the command "
        "curl:",
        'preformatted: curl https://tides.example/now / {"height": 2.1, "unit": "m"}',
        *TEXT[2:],
    ],
)

TWEET = Form(
    "embedded-post",
    sheet(
        paragraphs(TEXT[:2])
        + """<blockquote class="twitter-tweet"><p lang="en" dir="ltr">We close the bridge on Monday
        at six. Please do not wait for the last minute to cross it.</p>&mdash; Port Authority
        (@portauthority) <a href="https://twitter.com/portauthority/status/1">May 14, 2024</a>
        </blockquote><script async src="https://platform.twitter.com/widgets.js"></script>"""
        + paragraphs(TEXT[2:])
    ),
    [
        *TEXT[:2],
        "quote: We close the bridge on Monday at six. Please do not wait for the last minute to "
        "cross it.",
        "quote: — Port Authority (@portauthority) May 14, 2024",
        *TEXT[2:],
    ],
    {"published": "2024-05-14T07:30:00+01:00", "authors": ("Mira Solberg",)},
)

LONG_QUOTATION = Form(
    "long-quotation",
    sheet(
        paragraphs(TEXT[:3])
        + """<blockquote><p>The piers numbered two and five show cracks of up to four millimetres,
        which run around the whole of the masonry.</p>
        <p>We advise closing the bridge to all traffic without delay.</p></blockquote>"""
        + paragraphs(TEXT[3:])
    ),
    [
        *TEXT[:3],
        "quote: The piers numbered two and five show cracks of up to four millimetres, which run "
        "around the whole of the masonry.",
        "quote: We advise closing the bridge to all traffic without delay.",
        *TEXT[3:],
    ],
)

# --- recipes and letters -------------------------------------------------------------------------

RECIPE = Form(
    "recipe",
    sheet(
        """<p>My grandmother cooked this soup on the day the boats came home, from whatever nobody
        had bought. It wants an hour, and most of that is waiting.</p>
        <div class="recipe"><h2>Ingredients</h2><ul class="ingredients">
        <li>1 kg small fish, cleaned</li><li>2 onions</li><li>300 g potatoes</li>
        <li>a sprig of dill</li></ul>
        <h2>Method</h2><ol class="method">
        <li>Cover the fish with two litres of cold water and simmer for half an hour.</li>
        <li>Strain. Fry the onions in butter until they are golden, not brown.</li>
        <li>Add the potatoes and the broth, and cook until the potatoes fall apart.</li>
        </ol></div>
        <p>Serve it with dark bread, and without hurry.</p>""",
        headline="The soup of the day the boats came home",
    ),
    [
        "My grandmother cooked this soup on the day the boats came home, from whatever nobody had "
        "bought. It wants an hour, and most of that is waiting.",
        "heading: Ingredients",
        "list_item: 1 kg small fish, cleaned",
        "list_item: 2 onions",
        "list_item: 300 g potatoes",
        "list_item: a sprig of dill",
        "heading: Method",
        "list_item: Cover the fish with two litres of cold water and simmer for half an hour.",
        "list_item: Strain. Fry the onions in butter until they are golden, not brown.",
        "list_item: Add the potatoes and the broth, and cook until the potatoes fall apart.",
        "Serve it with dark bread, and without hurry.",
    ],
)

LETTERS = Form(
    "letters",
    sheet(
        """<h2>A bridge is not a museum</h2>
        <p>Sir, your leader of Friday mourns the swing bridge as if it were a cathedral. It is a
        road, and roads wear out.</p><p>Henrik Dahl<br>West Bank</p>
        <h2>Who remembers the old ferry?</h2>
        <p>Before 1908 my great-grandfather rowed people over for a penny. Nobody complained of the
        wait, because nobody was in a hurry.</p><p>Astrid Moe<br>Lower Quay</p>""",
        headline="Letters: the bridge and the ferry",
        opening='<time datetime="2024-05-14T07:30:00+01:00">14 May 2024</time>',
    ),
    [
        "heading: A bridge is not a museum",
        "Sir, your leader of Friday mourns the swing bridge as if it were a cathedral. It is a "
        "road, and roads wear out.",
        "Henrik Dahl West Bank",
        "heading: Who remembers the old ferry?",
        "Before 1908 my great-grandfather rowed people over for a penny. Nobody complained of the "
        "wait, because nobody was in a hurry.",
        "Astrid Moe Lower Quay",
    ],
)

# --- endless pages -------------------------------------------------------------------------------

SECOND = [
    "A collector from inland has bought the lighthouse on the northern point for a sum that "
    "neither side wants to name.",
    "The light itself went out in 1998. Since then the tower has stood empty, but for the gulls "
    "and a radio mast of the coast guard.",
    "What the new owner has in mind he did not say when we asked him on the telephone on Thursday.",
    "The town had hoped to turn the tower into a hostel, and had even had drawings made for it.",
]

ENDLESS = Form(
    "endless-page",
    sheet(
        paragraphs(TEXT),
        head="""<script type="application/ld+json">{"@context": "https://schema.org", "@type":
        "NewsArticle", "headline": "Harbour bridge closes for a year of repairs", "url":
        "https://tide-courier.example/2024/05/14/harbour-bridge-closes", "datePublished":
        "2024-05-14T07:30:00+01:00", "author": {"@type": "Person", "name": "Mira Solberg"}}
        </script>""",
        after=f"""<article><h1>A lighthouse is sold, and nobody says to whom</h1>
        <p class="byline">By <a rel="author" href="/by/jon-vik">Jon Vik</a></p>
        <time datetime="2024-04-11T06:00:00+01:00">11 April 2024, 6am</time>
        <div class="article-body">{paragraphs(SECOND)}</div></article>""",
        cards=False,
    ),
    TEXT,
    {
        "headline": HEADLINE,
        "authors": ("Mira Solberg",),
        "published": "2024-05-14T07:30:00+01:00",
    },
)

ENDLESS_IN_ONE_BOX = Form(
    "endless-page-in-one-box",
    sheet(
        paragraphs(TEXT)
        + """<h1><a href="/2024/04/11/lighthouse-sold">A lighthouse is sold, and nobody says to
        whom</a></h1><p class="byline">By <a rel="author" href="/by/jon-vik">Jon Vik</a></p>
        <time datetime="2024-04-11T06:00:00+01:00">11 April 2024, 6am</time>"""
        + paragraphs(SECOND),
        cards=False,
    ),
    TEXT,
    {"headline": HEADLINE, "authors": ("Mira Solberg",)},
)

FORMS = [
    LIVE_BLOG,
    LIVE_TICKER_DE,
    GALLERY,
    GALLERY_OF_DIVS,
    INTERVIEW,
    INTERVIEW_ES,
    LISTS,
    TABLE,
    CODE,
    TWEET,
    LONG_QUOTATION,
    RECIPE,
    LETTERS,
    ENDLESS,
    ENDLESS_IN_ONE_BOX,
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_text_of_a_form_is_its_blocks_in_order(form: Form) -> None:
    assert told(read(form.html).body) == form.body


NAMED = [(form, name) for form in FORMS for name in form.fields]


@pytest.mark.parametrize(
    ("form", "name"), NAMED, ids=[f"{form.name}-{name}" for form, name in NAMED]
)
def test_the_fields_of_a_form(form: Form, name: str) -> None:
    value = getattr(read(form.html), name)
    if name == "images":
        value = [(image.url, image.caption, image.credit, image.alt) for image in value]
    assert value == form.fields[name]


# --- what is no second article -------------------------------------------------------------------


def test_an_embedded_card_does_not_end_the_article() -> None:
    card = (
        '<div class="inline-card"><h2><a href="/2024/05/02/ferry-fares-rise">Ferry fares rise for '
        "the third time in a year</a></h2><p>By Jon Vik</p></div>"
    )
    html = sheet(paragraphs(TEXT[:2]) + card + paragraphs(TEXT[2:]), cards=False)
    assert TEXT[-1] in told(read(html).body)


def test_headings_of_the_highest_rank_inside_a_text_do_not_end_it() -> None:
    html = sheet(
        paragraphs(TEXT[:2])
        + "<h1>What the divers saw on Tuesday</h1>"
        + paragraphs(TEXT[2:3])
        + "<h1>Who pays</h1>"
        + paragraphs(TEXT[3:])
    )
    assert told(read(html).body) == [
        *TEXT[:2],
        "heading: What the divers saw on Tuesday",
        TEXT[2],
        "heading: Who pays",
        TEXT[3],
    ]


def test_the_entries_of_a_live_blog_are_one_article_even_under_headings_of_the_highest_rank() -> (
    None
):
    said = """<script type="application/ld+json">{"@context": "https://schema.org", "@type":
        "LiveBlogPosting", "headline": "Harbour bridge closes for a year of repairs"}</script>"""
    entries = "".join(
        f'<h1>Entry number {number} of the day</h1><p class="byline">By Jon Vik</p>'
        f"{paragraphs([text])}"
        for number, text in enumerate(TEXT, 1)
    )
    found = told(read(sheet(entries, head=said)).body)
    assert [text for text in found if not text.startswith("heading: ")] == TEXT
