"""After a redesign: where the fields stand now, found by what is known of the articles."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.seasons import Year, page_of, said_in
from crawler.article import Article, Block
from crawler.errors import BadInput
from crawler.healing import FIELDS, Healing, Known, healing, read, redesigned
from crawler.parsing import parse_article
from crawler.parsing.text import folded
from crawler.profile import Landmarks, Places, Profile, generic_profile
from crawler.sites import all_sites, site_named
from crawler.sites.patches import Patch, SitePatch, patch_of, patch_path, written
from scripts.newsroom import Newsroom, load_articles
from scripts.newsroom.edition import Edition
from scripts.newsroom.layouts import REDESIGNS, Redesign, rendered
from storage import Archive
from tests.crawling import Page, shelf
from tests.running import Answer, in_own_process

FARO = site_named("faro")
BASE = "https://faro.example/"


def pages(
    profile: Profile = FARO,
    *,
    redesigned: Redesign | None = "boxes",
    changed: Callable[[str], str] = str,
) -> list[Known]:
    """Every article of the newsroom as it was read before, with its page of today."""
    edition = Edition(BASE, {article.path: article for article in load_articles()}, {})
    found = []
    for article in edition.articles:
        kind = f"text/html; charset={article.charset}"
        old = rendered(article).encode(article.charset, "xmlcharrefreplace")
        known = parse_article(old, url=article.url, profile=profile, content_type=kind)
        new = changed(rendered(article, redesigned=redesigned))
        body = new.encode(article.charset, "xmlcharrefreplace")
        found.append(Known(known, article.url, body, kind))
    return found


@pytest.fixture(scope="module")
def healed() -> Healing:
    return healing(pages(), FARO)


def test_a_redesign_breaks_most_fields_and_healing_restores_them(healed: Healing) -> None:
    before, after = healed.share(healed.before), healed.share(healed.after)
    assert before is not None
    assert after is not None
    assert before < 0.5
    assert after >= 0.95
    assert all(healed.after[name][0] >= healed.before[name][0] for name in healed.after)


def test_the_figures_are_of_pages_that_nothing_was_learned_from(healed: Healing) -> None:
    known = pages()
    learned, checked = known[::2], known[1::2]
    assert (healed.pages, healed.checked) == (len(known), len(checked))
    assert all(each.url not in {page.url for page in checked} for each in healed.evidence)
    assert {each.url for each in healed.evidence} <= {page.url for page in learned}


def test_each_entry_has_its_evidence(healed: Healing) -> None:
    entries = {
        (f"{part}.{name}", entry)
        for part, table in healed.patch.to_dict().items()
        for name, entries in table.items()
        for entry in entries
    }
    assert {(each.part, each.entry) for each in healed.evidence} == entries
    assert all(each.right >= 2 and each.example for each in healed.evidence)
    assert healed.patch.places.authors == (".k13",)
    assert set(healed.patch.landmarks.analysis) == {"What Faro Makes of It", "Lo que Faro concluye"}


def test_older_pages_are_read_as_ever_with_the_patch(healed: Healing) -> None:
    profile = healed.patch.applied_to(FARO)
    for page in pages(redesigned=None):
        article = read(page, profile)
        assert article is not None
        assert article.to_dict() | {"parser": ""} == page.article.to_dict() | {"parser": ""}


def test_where_pages_read_well_nothing_is_proposed() -> None:
    found = healing(pages(redesigned=None), FARO)
    assert found.is_well
    assert found.share(found.before) == 1.0
    assert found.before == found.after


def test_a_site_that_nobody_described_is_healed_as_well() -> None:
    profile = generic_profile(BASE)
    found = healing(pages(profile), profile)
    before, after = found.share(found.before), found.share(found.after)
    assert before is not None
    assert after is not None
    assert before < 0.6
    assert after >= 0.95


def test_what_is_restored_is_right_and_not_only_as_it_was_read_before() -> None:
    """Held against the newsroom's own records, so that no misreading counts as known."""
    profile = generic_profile(BASE)
    found = healing(pages(profile), profile)
    before = right_of(pages(profile, redesigned=None), profile)
    broken = right_of(pages(profile), profile)
    healed = right_of(pages(profile), found.patch.applied_to(profile))
    assert broken < 0.7 * before
    assert healed >= before


def right_of(known: list[Known], profile: Profile) -> int:
    """How many headlines, decks, labels, signatures and days are those that were filed."""
    filed = {article.url: article for article in load_articles()}
    filed = {f"{BASE}{url.split('/', 3)[3]}": article for url, article in filed.items()}
    count = 0
    for page in known:
        article, truth = read(page, profile), filed[page.url]
        if article is None:
            continue
        day = truth.published_at.date().isoformat() if truth.published_at else ""
        count += folded(article.headline or "") == folded(truth.headline)
        count += folded(article.deck or "") == folded(truth.deck or "")
        count += folded(article.kicker or "") == folded(truth.label or "")
        count += article.authors == truth.authors
        count += (article.published or "")[:10] == day
    return count


@pytest.mark.parametrize("profile", [FARO, generic_profile(BASE)])
def test_pages_that_are_refused_for_want_of_a_headline_are_read_again(profile: Profile) -> None:
    known = pages(profile, changed=without_headline)
    assert all(read(page, profile) is None for page in known)
    found = healing(known, profile)
    after = found.share(found.after)
    assert after is not None
    assert after >= 0.95
    patched = found.patch.applied_to(profile)
    assert all(read(page, patched) is not None for page in known)


def without_headline(page: str) -> str:
    """The page without any sign of which text is its headline."""
    page = re.sub(r"<h1 class=(\S+)>(.*?)</h1>", r"<div class=\1>\2</div>", page, flags=re.S)
    return re.sub(r"<title>.*?</title>|<meta[^>]*>", "", page, flags=re.S)


def test_what_several_articles_say_is_not_missed_and_not_taken_for_text() -> None:
    letter = "Our letter comes on Sundays: leave your address, and it is with you by breakfast."
    old = [replace(page, article=with_paragraph(page.article, letter)) for page in pages()]
    found = healing(old, FARO)
    after = found.share(found.after)
    assert after is not None
    assert after >= 0.95


def test_a_note_that_a_newsroom_adds_to_some_articles_is_no_furniture() -> None:
    note = "This report was corrected on Tuesday: the ferry has two decks, and never had three."
    new = pages()
    corrected = [
        replace(page, html=page.html.replace(b"<hr>", f"<p>{note}</p>".encode(), 1))
        for page in new[:4]
    ]
    found = healing([*corrected, *new[4:]], FARO)
    assert note not in found.patch.landmarks.furniture


def with_paragraph(article: Article, text: str) -> Article:
    return replace(article, body=(*article.body, Block("paragraph", text)))


def test_only_articles_known_by_another_layout_are_learned_from() -> None:
    old, new = pages(redesigned=None), pages()
    misread = [replace(page, article=replace(page.article, authors=("Nobody",))) for page in new]
    mixed = [(each, before.html) for each, before in zip(new, old, strict=True)][:20]
    mixed += [(each, each.html) for each in misread[20:]]
    assert redesigned(mixed) == new[:20]
    alike = [(each, each.html) for each in misread]
    assert redesigned(alike) == misread


def test_rows_that_only_their_labels_tell_apart_are_found_by_these() -> None:
    def alike(page: str) -> str:
        page = re.sub(r"/(author|tag|etiqueta)/", "/about/", page)
        return re.sub(r"\bk1[1-4]\b", "v", page)

    found = healing(pages(changed=alike), FARO)
    assert any(":lexbor-contains(" in each for each in found.patch.places.authors)
    after = found.share(found.after)
    assert after is not None
    assert after >= 0.95


@pytest.mark.parametrize("made", REDESIGNS)
@pytest.mark.parametrize("profile", [FARO, generic_profile(BASE)])
def test_every_make_of_page_is_healed(made: Redesign, profile: Profile) -> None:
    found = healing(pages(profile, redesigned=made), profile)
    before, after = found.share(found.before), found.share(found.after)
    assert before is not None
    assert after is not None
    assert before < 0.8
    assert after >= 0.95
    assert found.lost == ()


@pytest.mark.parametrize("made", REDESIGNS)
def test_no_selector_says_what_an_article_says(made: Redesign) -> None:
    known = pages(redesigned=made)
    said = {folded(page.article.kicker) for page in known if page.article.kicker}
    asked = re.findall(r'contains\("(.*?)"\)', str(healing(known, FARO).patch.places))
    assert not said & set(map(folded, asked))


def test_a_selector_that_gives_another_fields_value_on_any_page_is_not_proposed() -> None:
    """Where there is no standfirst, the authors stand in its place."""

    def moved(page: str) -> str:
        return re.sub(r' data-testid="[^"]*"', "", re.sub(r' class="[^"]*"', "", page))

    known = pages(redesigned="testids", changed=moved)
    found = healing(known, FARO)
    profile = found.patch.applied_to(FARO)
    for page in known:
        article = read(page, profile)
        assert article is not None
        names = {folded(each) for each in page.article.authors}
        assert folded(article.deck or "") not in names
        assert folded(article.kicker or "") not in names


def test_of_names_that_a_build_made_what_stays_is_taken() -> None:
    found = healing(pages(redesigned="modules"), FARO)
    assert found.patch.places.category == ('[class*="Article_category__"]',)


def test_what_cannot_be_found_is_told_with_the_markup_around_it() -> None:
    """Names in the middle of a sentence that is another one on every page."""
    known = pages()
    new = [
        replace(page, html=re.sub(rb'<span class="k13">.*?</span>', _hidden(page), page.html))
        for page in known
    ]
    found = healing(new, FARO)
    (authors,) = found.lost
    assert authors.field == "authors"
    assert authors.held > 20
    assert authors.gone == 0
    page = next(page for page in known if page.url == authors.url)
    assert page.article.authors[0] in authors.piece
    assert authors.piece.startswith("<")


def _hidden(page: Known) -> bytes:
    """The names between words that no reader of names takes for any."""
    number = len(page.article.headline)
    names = f"{number * 7}-{', '.join(page.article.authors)}-{number * 13}"
    return names.encode("utf-8" if "utf-8" in (page.content_type or "") else "cp1252")


def test_what_the_new_pages_do_not_carry_is_told_and_is_not_lost() -> None:
    found = healing(
        pages(changed=lambda page: re.sub(r'<div class="k10">.*?</div>', "", page)), FARO
    )
    assert {"authors", "published", "tags"} <= {each.field for each in found.no_longer_there}
    assert "authors" not in {each.field for each in found.lost}


def test_class_names_of_one_page_or_one_build_are_no_places() -> None:
    """Half of the classes change with every page: none of those may be proposed."""

    def scrambled(page: str) -> str:
        number = sum(map(ord, page)) % 9000
        return re.sub(r'class="(k\d+)"', rf'class="c{number}x \1 id-{number}"', page)

    found = healing(pages(changed=scrambled), FARO)
    told = str(found.patch.to_dict())
    assert not re.search(r"c\d+x|id-\d+", told)
    after = found.share(found.after)
    assert after is not None
    assert after >= 0.95


def test_a_field_that_is_gone_from_the_pages_is_not_made_up() -> None:
    def without_names(page: str) -> str:
        return re.sub(r'<span class="k13">.*?</span>', "", page)

    found = healing(pages(changed=without_names), FARO)
    assert found.patch.places.authors == ()
    assert found.after["authors"][0] <= found.before["authors"][0]


def test_too_few_pages_prove_nothing() -> None:
    assert healing(pages()[:3], FARO).is_well
    assert healing([], FARO).share({}) is None


def test_pages_that_are_no_pages_any_more_do_no_harm() -> None:
    walls = [replace(page, html=b"<html><body><p>Please log in.</p>") for page in pages()]
    found = healing(walls, FARO)
    assert found.is_well
    assert found.share(found.after) == 0.0
    assert {each.field for each in found.lost} == {"headline", "body"}
    assert set(found.before) <= set(FIELDS)


# Places


def reading(html: str, places: Places, profile: Profile = FARO) -> dict[str, object]:
    page = Known(pages()[0].article, f"{BASE}news/x/", html.encode())
    article = read(page, replace(profile, places=places))
    assert article is not None
    return article.to_dict()


PAGE = """<html lang="en"><head><title>The Bridge</title></head><body><article>
<h1>The Bridge Is Closed Again</h1><div class="who">Ana Prado + Luis Paz</div>
<div class="when"><time datetime="2024-03-01T10:00:00+00:00">some time ago</time></div>
<div class="about"><a href="/t/1">Bridges</a> <a href="/t/2">Roads</a></div>
""" + "".join(
    f"<p>The {word} part of the report says what the harbour office saw, who said so and what "
    "comes of it, in a paragraph that is long enough to be one.</p>"
    for word in ("first", "second", "third", "fourth")
)


def test_what_stands_in_a_known_place_goes_before_everything_else() -> None:
    places = Places(authors=(".who",), published=(".when",), tags=(".about",), kicker=(".who",))
    record = reading(PAGE, places)
    assert record["authors"] == ["Ana Prado", "Luis Paz"]
    assert str(record["published"]).startswith("2024-03-01")
    assert record["tags"] == ["Bridges", "Roads"]
    assert record["provenance"]["authors"]["source"] == "place:.who"  # type: ignore[index]


@pytest.mark.parametrize("selector", [".nowhere", "p[[", "", "i"])
def test_a_place_that_is_none_leaves_the_page_as_it_is_read(selector: str) -> None:
    page = PAGE + "<i>Ana Prado</i>" * 41  # more than a field can have
    plain = reading(page, Places())
    record = reading(page, Places(authors=(selector,), published=(selector,)))
    assert record["authors"] == plain["authors"]
    assert record["body"] == plain["body"]


# The file


def test_a_patch_is_written_and_read_again(tmp_path: Path, healed: Healing) -> None:
    odd = Landmarks(analysis=('He said "so"', "back\\slash", "Análisis"))
    patch = replace(healed.patch, landmarks=odd)
    path = patch_path(tmp_path, "127.0.0.1:8000")
    path.write_text(written(SitePatch("127.0.0.1:8000", patch, 3)), encoding="utf-8")
    assert path.name == "127.0.0.1-8000.toml"
    assert patch_of("127.0.0.1:8000", tmp_path) == SitePatch("127.0.0.1:8000", patch, 3)
    assert patch_of("other", tmp_path) is None
    assert patch_of("other", None) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("site = 'faro'\n[places]\nauthor = ['.x']", "places.author is none of headline, kicker"),
        ("site = 'faro'\n[places]\nauthors = '.x'", "places.authors should be a list of texts"),
        ("site = 'faro'\n[place]\nauthors = ['.x']", "place is none of places, hints, landmarks"),
        ("site = 'other'", 'should say `site = "faro"`'),
        ("site = 'faro'\nversion = 0", "`version` should be a number from 1"),
        ("site = ", "can't be read"),
    ],
)
def test_a_site_file_that_cannot_be_right_is_a_sentence(
    text: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "faro.toml").write_text(text)
    with pytest.raises(BadInput, match=re.escape(told)):
        patch_of("faro", tmp_path)


def test_a_patched_profile_says_so_in_every_reading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    patch = Patch(landmarks=Landmarks(analysis=("What We Think",)))
    (tmp_path / "faro.toml").write_text(written(SitePatch("faro", patch, 2)))
    monkeypatch.setenv("HEMEROTECA_SITES", str(tmp_path))
    all_sites.cache_clear()
    try:
        profile = site_named("faro")
    finally:
        all_sites.cache_clear()
    assert profile.version == FARO.version + 2
    assert profile.landmarks.analysis[0] == "What We Think"
    assert set(FARO.landmarks.analysis) < set(profile.landmarks.analysis)


# As its user runs it


def test_a_redesign_is_alarmed_within_one_run_healed_and_the_alarm_clears(tmp_path: Path) -> None:
    def run(*words: object) -> Answer:
        return in_own_process(*words, cwd=tmp_path)

    with Newsroom() as room:
        crawl = ("crawl", room.url, "--site", "faro", "--delay", "0")
        assert run(*crawl).code == 0
        few = run("heal", "faro")
        assert (few.code, "too few to learn from" in few.err) == (1, True)
        time.sleep(1.1)  # a Last-Modified header tells whole seconds
        room.relaunch()
        alarmed = run(*crawl, "--mode", "recheck", "--since", "2000-01-01")
        assert alarmed.code == 1
        assert "`hemeroteca heal faro`" in alarmed.err
        proposed = run("heal", "faro", "--json")
        told = proposed.json
        assert told["before"] < 0.5
        assert told["after"] >= 0.95
        assert not (tmp_path / "hemeroteca-sites").exists()
        applied = run("heal", "faro", "--apply")
        assert "hemeroteca-sites/faro.toml" in applied.err
        assert run("reparse", "--site", "faro").code == 0
        well = run("heal", "faro")
        assert "faro reads well" in well.err
        assert "Nothing proposed" in well.err
        assert run(*crawl, "--mode", "recheck", "--since", "2000-01-01").code == 0
        assert run("alarms").code == 0
    truth = {article.url: article for article in room.articles}
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        stored = [archive.article(number) for number in range(1, len(truth) + 1)]
    right = [
        each is not None and list(each.article.authors) == list(truth[each.article.url].authors)
        for each in stored
    ]
    assert sum(right) >= 0.95 * len(right)


def test_pages_refused_after_a_redesign_are_admitted_and_no_edits(tmp_path: Path) -> None:
    # Over a piece of opinion the new layout's label tells its kind, which was not known before.
    stories = [story for story in Year(60).stories if story.section != "opinion"][:12]
    paths = [story.path(story.born_at) for story in stories]

    def run(*words: object) -> Answer:
        return in_own_process(*words, cwd=tmp_path)

    with shelf() as site:
        entries = "".join(f"<url><loc>{site.url}{path[1:]}</loc></url>" for path in paths)
        site.pages["/sitemap.xml"] = Page(f"<urlset>{entries}</urlset>", content_type="text/xml")
        for path, story in zip(paths, stories, strict=True):
            site.pages[path] = Page(page_of(story, 0))
        name = site.url.split("/")[2]
        crawl = ("crawl", site.url, "--delay", "0")
        run(*crawl)
        for path, story in zip(paths, stories, strict=True):
            site.pages[path] = Page(without_headline(page_of(story, 0, "boxes")))
        run(*crawl, "--mode", "recheck", "--since", "2000-01-01")
        healed = run("heal", name, "--apply", "--json").json
        read_again = run("reparse", "--site", name, "--json").json
    assert healed["before"] == 0
    assert healed["after"] >= 0.95
    assert read_again["admitted"] == len(stories)
    with Archive.open(tmp_path / "hemeroteca.db") as archive:
        assert list(archive.changes()) == []
        stored = [archive.article(number) for number in range(1, len(stories) + 1)]
    truth = {said_in(story, 0).headline: said_in(story, 0) for story in stories}
    for each in stored:
        assert each is not None
        assert each.revisions == 1
        said = truth[each.article.headline]
        assert (each.article.authors, each.article.body_text) == (said.authors, said.body)
