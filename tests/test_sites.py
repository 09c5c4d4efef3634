"""Sites are values: every file beside the others is known by name and by address."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import crawler.sites
from crawler.errors import BadInput
from crawler.profile import Profile, generic_profile, host_of, named_host
from crawler.sites import all_sites, site_named, site_of
from crawler.sites.patches import patch_of
from crawler.urls import is_article_like, is_own

SITES = all_sites()


def named(profile: Profile) -> str:
    return profile.name


def test_the_newsroom_and_insight_crime_are_known_in_the_order_of_their_names() -> None:
    names = [profile.name for profile in SITES]
    assert names == sorted(names)
    assert {"faro", "insightcrime"} <= set(names)


@pytest.mark.parametrize("profile", SITES, ids=named)
def test_a_profile_is_complete_and_consistent(profile: Profile) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", profile.name)
    assert profile.title
    assert profile.languages
    assert profile.hosts
    assert all(host == host.lower() and not host.startswith("www.") for host in profile.hosts)
    assert all(is_own(start, profile) for start in profile.start)
    assert profile.delay_seconds >= 1
    for pattern in (*profile.article_paths, *profile.other_paths):
        re.compile(pattern)


@pytest.mark.parametrize("profile", SITES, ids=named)
def test_a_site_is_found_by_name_and_by_each_of_its_hosts(profile: Profile) -> None:
    assert site_named(profile.name) is profile
    for host in profile.hosts:
        assert site_of(f"https://{host}/news/x/") is profile
        assert site_of(f"http://www.{host}/") is profile


@pytest.mark.parametrize("profile", SITES, ids=named)
def test_no_two_sites_share_a_host(profile: Profile) -> None:
    others = {host for other in SITES if other is not profile for host in other.hosts}
    assert not others & set(profile.hosts)


@pytest.mark.parametrize("url", ["https://example.org/", "nonsense", "http://[", ""])
def test_an_address_of_no_known_site_has_no_profile(url: str) -> None:
    assert site_of(url) is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("insightcrimes", "did you mean 'insightcrime'?"),
        ("Faro", "did you mean 'faro'?"),
        ("nothing-like-it", "known are faro, insightcrime"),
    ],
)
def test_an_unknown_name_is_told_with_what_was_meant(name: str, told: str) -> None:
    with pytest.raises(BadInput, match=re.escape(told)):
        site_named(name)


def test_a_mirror_takes_the_place_of_the_sites_own_hosts() -> None:
    mirror = site_named("insightcrime").at("http://127.0.0.1:8123/")
    assert mirror.hosts == ("127.0.0.1:8123",)
    assert mirror.landmarks == site_named("insightcrime").landmarks
    assert mirror.start[0] == "http://127.0.0.1:8123/"
    assert {urlsplit(start).netloc for start in mirror.start} == {"127.0.0.1:8123"}
    assert mirror.is_own_host("http://127.0.0.1:8123/news/x/")
    assert not mirror.is_own_host("https://insightcrime.org/news/x/")


def test_a_site_that_nobody_described_is_named_by_its_host() -> None:
    profile = generic_profile("http://news.example:8080/front")
    assert (profile.name, profile.is_generic) == ("news.example:8080", True)
    assert profile.start == ("http://news.example:8080/front",)


@pytest.mark.parametrize(
    "address", ["", "news.example", "ftp://news.example/", "http://", "http://["]
)
def test_what_is_no_address_of_a_site_is_told(address: str) -> None:
    with pytest.raises(BadInput, match="http"):
        named_host(address)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.faro.example/x", "faro.example"),
        ("http://faro.example:80/", "faro.example"),
        ("http://faro.example:8080/", "faro.example:8080"),
        ("http://faro.example:99999/", ""),
        ("nonsense", ""),
    ],
)
def test_a_host_is_told_without_www_and_the_usual_port(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/news/brief/ferry-crew-held/", True),
        ("/news/analysis/ferry-crew-held-2/", True),
        ("/news/ferry-crew-held-over-fuel/", True),
        ("/investigations/fuel-at-sea/", True),
        ("/es/noticias/detienen-a-tripulacion/", True),
        ("/es/noticias/noticias-del-dia/detienen-a-tripulacion/", True),
        ("/news-briefs/ferry-crew-held", True),
        ("/noticias-del-dia/detienen-a-tripulacion", True),
        ("/years-best-2023-top-5-from-the-field/", True),
        ("/", False),
        ("/es/", False),
        ("/news/", False),
        ("/tag/fuel/", False),
        ("/tag/fuel/page/3/", False),
        ("/category/news/page/2", False),
        ("/2017/03/page/3/", False),
        ("/author/ines-caldera/", False),
        ("/indepth/gangs/", False),
        ("/colombia-organized-crime-news/dock-18/", False),
        ("/groups-colombia/dock-18", False),
        ("/feed/", False),
        ("/component/tags/tag/45-extortion", False),
    ],
)
def test_insight_crimes_paths_tell_articles_from_other_pages(path: str, is_one: bool) -> None:
    assert is_article_like(f"https://insightcrime.org{path}", site_named("insightcrime")) is is_one


MISSPELT = "from crawler.profile import Profile\nPROFILE = Profile(naem='x')"


def site_file(**changes: str) -> str:
    """The code of a site file, sound but for the changes."""
    said = {
        "name": "'weekly'", "title": "'The Weekly'", "hosts": "('weekly.example',)",
        "languages": "('en',)",
    } | changes  # fmt: skip
    listed = ", ".join(f"{name}={value}" for name, value in said.items())
    return f"from crawler.profile import *\nPROFILE = Profile({listed})\n"


@pytest.fixture
def site_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files are sites beside the others, in this test alone."""
    monkeypatch.setattr(crawler.sites, "__path__", [*crawler.sites.__path__, str(tmp_path)])
    all_sites.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    all_sites.cache_clear()
    for name in [name for name in sys.modules if name.startswith("crawler.sites.own_")]:
        del sys.modules[name]


def test_one_small_file_is_a_site(site_files: Path) -> None:
    (site_files / "own_weekly.py").write_text(site_file(), encoding="utf-8")
    assert site_named("weekly").hosts == ("weekly.example",)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PROFILE = Profile(", "can't be read (SyntaxError"),
        (MISSPELT, "can't be read (TypeError"),
        ("SITE = 1", "has no `PROFILE = Profile(...)`"),
        (site_file(name="'The Weekly'"), "`name` is 'The Weekly'"),
        (site_file(title="''"), "`title` is empty"),
        (site_file(languages="()"), "`languages` is empty"),
        (site_file(hosts="()"), "`hosts` is empty"),
        (site_file(hosts="('weekly.example')"), "`hosts` is a single text: write ('weekly.ex"),
        (site_file(hosts="['weekly.example']"), "`hosts` should be texts in parentheses"),
        (site_file(hosts="('www.Weekly.example',)"), "without www., as 'weekly.example'"),
        (site_file(hosts="('https://weekly.example/',)"), "as 'weekly.example'"),
        (site_file(start="('/latest',)"), "`start` holds '/latest': write the whole address"),
        (site_file(start="('https://daily.example/',)"), "none of `hosts` (weekly.example)"),
        (site_file(article_paths="('-n(',)"), "'-n(', which is no regular expression (missing )"),
        (site_file(other_paths="('*',)"), "`other_paths` holds '*', which is no regular expr"),
        (site_file(day_order="'dmy'"), "`day_order` is 'dmy': take one of DMY, MDY, YMD"),
        (site_file(timezone="'Europe/Madird'"), "`timezone` is 'Europe/Madird'"),
        (site_file(delay_seconds="'2'"), "`delay_seconds` is '2'"),
        (site_file(delay_seconds="float('nan')"), "`delay_seconds` is nan"),
        (site_file(hints="Hints(drop=('div[',))"), "`hints.drop` holds 'div[', which is no CSS"),
        (site_file(places="Places(deck=(' ',))"), "`places.deck` holds ' ', which is no CSS"),
        (site_file(landmarks="Landmarks(end=('Share'))"), "`landmarks.end` is a single text"),
        (site_file(landmarks="Landmarks(end=('–',))"), "`landmarks.end` holds '–', which has no"),
        (site_file(landmarks="Landmarks(end_patterns=('(',))"), "`landmarks.end_patterns` holds"),
    ],
)
def test_a_mistake_in_a_site_file_is_told_with_the_file_and_the_field(
    code: str, words: str, site_files: Path
) -> None:
    (site_files / "own_weekly.py").write_text(code, encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(words)) as told:
        all_sites()
    assert "crawler/sites/own_weekly.py" in str(told.value)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (site_file(name="'faro'"), "say that their site is 'faro': rename one"),
        (site_file(hosts="('faro.example',)"), "have the host 'faro.example', 'faro' and 'weekly'"),
    ],
)
def test_two_files_can_not_be_the_same_site(code: str, words: str, site_files: Path) -> None:
    (site_files / "own_weekly.py").write_text(code, encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        all_sites()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[places]\nauthors = ["p["]', "`places.authors` holds 'p[', which is no CSS selector"),
        ('[landmarks]\nend = [""]', "`landmarks.end` holds '', which has no letter"),
    ],
)
def test_a_mistake_in_a_patch_is_told_as_well(table: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "faro.toml").write_text(f'site = "faro"\n{table}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(words)):
        patch_of("faro", tmp_path)


WEEKLY = """title = "The Weekly"
hosts = ["weekly.example"]
languages = ["en"]
article_paths = ["^/story/"]

[landmarks]
analysis = ["What we make of it"]

[name_case]
"DE LA RIVERA" = "de la Rivera"
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a site beside an archive."""
    monkeypatch.setenv("HEMEROTECA_SITES", str(tmp_path))
    (tmp_path / "own").mkdir()
    all_sites.cache_clear()
    yield tmp_path / "own" / "weekly.toml"
    monkeypatch.undo()
    all_sites.cache_clear()


def test_a_file_beside_the_archive_is_a_site_too_and_may_be_healed(own: Path) -> None:
    own.write_text(WEEKLY, encoding="utf-8")
    assert site_of("https://www.weekly.example/story/1").name == "weekly"  # type: ignore[union-attr]
    assert site_named("weekly").landmarks.analysis == ("What we make of it",)
    assert is_article_like("https://weekly.example/story/1", site_named("weekly"))
    patch = own.parent.parent / "weekly.toml"
    patch.write_text('site = "weekly"\n[places]\ndeck = [".d"]\n', encoding="utf-8")
    all_sites.cache_clear()
    healed = site_named("weekly")
    assert (healed.places.deck, healed.landmarks.analysis) == ((".d",), ("What we make of it",))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title", "titel", "there is no `titel`: did you mean `title`?"),
        ("analysis", "analisis", "there is no `landmarks.analisis`: did you mean"),
        ('title = "The Weekly"\n', "", "has no `title`: add it"),
        ('title = "The Weekly"', "title = The", "can't be read"),
        ('["weekly.example"]', '"weekly.example"', "`hosts` is a single text"),
        ('["weekly.example"]', "[5]", "`hosts` should be"),
        ('["^/story/"]', '["(" ]', "which is no regular expression"),
        ('title = "The Weekly"', 'title = "The Weekly"\nname = 5', "of another kind"),
        ("[landmarks]", "[landmark]", "there is no `landmark`: did you mean `landmarks`?"),
        ('title = "The Weekly"', 'title = "X"\nis_generic = true', "there is no `is_generic`"),
        ('"weekly.example"', '"faro.example"', "have the host 'faro.example'"),
    ],
)
def test_a_mistake_in_such_a_file_is_told(old: str, new: str, words: str, own: Path) -> None:
    own.write_text(WEEKLY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(words)):
        all_sites()
