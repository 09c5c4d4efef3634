"""Citations, read back by other people's readers and held against the rules of each form."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    SeparateCoAuthors,
    SplitNameParts,
)
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article
from crawler.errors import BadInput
from scripts.newsroom import NewsroomArticle
from storage.citing import Reference, bibtex, citation, csl, in_words, key_of, name_parts, ris
from tests.running import Command, in_own_process
from tests.storing import Desk, article
from tests.storing import desk as desk

SHA256 = "0123456789abcdef" * 4


def reference(**fields: Any) -> Reference:
    """A made-up article that was captured at a known time."""
    made = article(
        headline="Who Pays for the Truce?",
        canonical_url="https://example.org/2020/05/who-pays",
        published="2020-05-17T08:30:00-05:00",
    )
    about = {name: fields.pop(name) for name in list(fields) if name in Reference.__slots__}
    captured = datetime(2026, 3, 1, 23, 59, 30, tzinfo=UTC)
    return Reference(**{"id": 7, "captured_at": captured, "sha256": SHA256, **about},
                     article=replace(made, **fields))  # fmt: skip


def read_bibtex(text: str) -> Any:
    """The one entry of a file, its TeX undone and its names split."""
    layers = [SeparateCoAuthors(), SplitNameParts(), LatexDecodingMiddleware()]
    library = bibtexparser.parse_string(text, append_middleware=layers)
    assert library.failed_blocks == []
    (entry,) = library.entries
    return entry


def read_ris(text: str) -> dict[str, Any]:
    """The one entry of a file."""
    (entry,) = rispy.loads(text)
    return dict(entry)


# in words


def test_in_words_it_says_who_what_where_when_and_which_bytes() -> None:
    assert in_words(reference(), {"example": "The Example"}) == (
        "Ana Ruiz. “Who Pays for the Truce?”. The Example, 17 May 2020. "
        "https://example.org/2020/05/who-pays. Captured on 1 March 2026 at 23:59:30 UTC; "
        f"SHA-256 of the capture {SHA256}."
    )


def test_in_spanish_it_says_the_same() -> None:
    cited = reference(authors=("Ana Ruiz", "Iván Paz", "Zoë Ng"), published=None, language="es")
    assert in_words(cited, tongue="es") == (
        "Ana Ruiz, Iván Paz y Zoë Ng. «Who Pays for the Truce?». example, s. f. "
        "https://example.org/2020/05/who-pays. Capturado el 1 de marzo de 2026 a las 23:59:30 UTC; "
        f"SHA-256 de la captura {SHA256}."
    )


def test_without_an_author_the_headline_comes_first() -> None:
    assert in_words(reference(authors=())).startswith("“Who Pays")


def test_an_earlier_state_and_a_page_that_is_gone_are_told() -> None:
    gone = datetime(2026, 4, 2, 1, tzinfo=UTC)
    cited = reference(is_earlier=True, gone_at=gone)
    assert in_words(cited).endswith(
        "The page has changed since. The page has been gone since 2 April 2026."
    )
    for text in (bibtex(cited), ris(cited), csl(cited)["note"]):
        assert "An earlier state of the page. Gone since 2026-04-02T01:00:00Z." in text


def test_the_note_of_every_form_speaks_the_language_of_the_citation() -> None:
    gone = datetime(2026, 4, 2, 1, tzinfo=UTC)
    cited = reference(is_earlier=True, gone_at=gone, origin="https://web.archive.example/1")
    for form in ("bibtex", "ris", "csl-json"):
        text = citation(cited, form, tongue="es")
        assert f"Capturado 2026-03-01T23:59:30Z, SHA-256 {SHA256}. Tomado de " in text
        assert "Un estado anterior de la página. Ya no está en línea desde 2026-04-02" in text
        assert "Captured" not in text
        assert "Captured" in citation(cited, form)


# keys


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "ruiz2020truce-7"),
        ({"authors": ("Lucía de la Rivera", "Ana Ruiz")}, "delarivera2020truce-7"),
        ({"authors": ("Håkon Bjørnsøn",), "headline": "¿Qué pasó?"}, "bjornson2020-7"),
        ({"authors": ("Straßer & Co",), "organisation_byline": True}, "strasserco2020truce-7"),
        ({"authors": (), "published": None, "headline": "Los de la ley"}, "example-7"),
        ({"authors": ("王小明",), "published": None, "headline": "港口"}, "article-7"),
        ({"is_earlier": True}, "ruiz2020truce-7-20260301235930"),
    ],
)
def test_a_key_is_short_plain_and_has_the_articles_number(fields: dict[str, Any], key: str) -> None:
    assert key_of(reference(**fields)) == key
    assert key.isascii()


def test_two_articles_alike_have_two_keys() -> None:
    assert key_of(reference()) != key_of(reference(id=8))


# BibTeX


def test_bibtexparser_reads_every_field() -> None:
    entry = read_bibtex(
        bibtex(
            reference(authors=("Lucía de la Rivera", "John Smith Jr."), tags=("Gangs", "R&D 100%")),
            {"example": "News & Views"},
        )
    )
    assert (entry.entry_type, entry.key) == ("article", "delarivera2020truce-7")
    assert entry["title"] == "Who Pays for the Truce?"
    assert entry["journal"] == "News & Views"
    assert (entry["year"], entry["month"], entry["day"]) == ("2020", "may", "17")
    assert entry["url"] == "https://example.org/2020/05/who-pays"
    assert (entry["urldate"], entry["langid"]) == ("2026-03-01", "english")
    assert entry["keywords"] == "Gangs, R&D 100%"
    assert entry["note"] == f"Captured 2026-03-01T23:59:30Z, SHA-256 {SHA256}."
    one, other = entry["author"]
    assert (one.first, one.von, one.last) == (["Lucía"], ["de", "la"], ["Rivera"])
    assert (other.first, other.last, other.jr) == (["John"], ["Smith"], ["Jr."])


def test_an_organisation_is_one_name_whatever_its_words() -> None:
    cited = reference(authors=("Drugs and Crime Unit",), organisation_byline=True)
    (name,) = read_bibtex(bibtex(cited))["author"]
    assert name.last == ["{Drugs and Crime Unit}"]
    assert read_ris(ris(cited))["authors"] == ["Drugs and Crime Unit"]
    assert csl(cited)["author"] == [{"literal": "Drugs and Crime Unit"}]


def test_an_undated_page_is_no_newspaper_article() -> None:
    cited = reference(published=None)
    entry = read_bibtex(bibtex(cited))
    assert (entry.entry_type, entry["howpublished"]) == ("misc", "example")
    assert {"year", "month", "day", "journal"}.isdisjoint(entry.fields_dict)
    assert read_ris(ris(cited))["type_of_reference"] == "ELEC"
    assert csl(cited)["type"] == "webpage"
    assert "issued" not in csl(cited)


def test_an_address_stands_as_it_is_but_for_what_would_end_it() -> None:
    url = "https://example.org/a_b%20c?x=1&y={2}#z~"
    found = re.search(r"url = \{(.*)\},", bibtex(reference(canonical_url=url)))
    assert found is not None
    assert found[1] == "https://example.org/a_b%20c?x=1&y=%7B2%7D#z~"


_ODD = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40)


@given(headline=_ODD, names=st.lists(_ODD, max_size=3), tags=st.lists(_ODD, max_size=2))
def test_no_text_breaks_an_entry(headline: str, names: list[str], tags: list[str]) -> None:
    """Whatever newsrooms print, braces balance and every form is read back as one entry."""
    cited = reference(headline=headline, authors=tuple(names), tags=tuple(tags))
    text = bibtex(cited)
    assert text.count("{") == text.count("}")
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    assert len(library.entries) == 1
    entry = read_ris(ris(cited))
    assert entry["title"] == " ".join(headline.split())
    assert len(entry.get("authors", [])) == len([name for name in names if name.strip()])


# RIS


def test_rispy_reads_every_field() -> None:
    text = ris(reference(deck="A deck.", tags=("Gangs", "Peace")), {"example": "The Example"})
    assert all(line.endswith("\r") for line in text.rstrip("\n").split("\n"))
    assert re.fullmatch(r"(?:[A-Z][A-Z0-9]  - [^\r\n]*\r\n)+", text)
    assert read_ris(text) == {
        "type_of_reference": "NEWS",
        "id": "ruiz2020truce-7",
        "authors": ["Ruiz, Ana"],
        "title": "Who Pays for the Truce?",
        "secondary_title": "The Example",
        "year": "2020",
        "date": "2020/05/17",
        "abstract": "A deck.",
        "keywords": ["Gangs", "Peace"],
        "language": "en",
        "urls": ["https://example.org/2020/05/who-pays"],
        "access_date": "2026/03/01",
        "notes": [f"Captured 2026-03-01T23:59:30Z, SHA-256 {SHA256}."],
    }


# CSL-JSON


def test_csl_has_the_names_and_types_of_its_schema() -> None:
    (item,) = json.loads(citation(reference(authors=("Zoë van der Molen",)), "csl-json"))
    assert item == {
        "id": "vandermolen2020truce-7",
        "type": "article-newspaper",
        "title": "Who Pays for the Truce?",
        "author": [{"family": "van der Molen", "given": "Zoë"}],
        "container-title": "example",
        "issued": {"date-parts": [[2020, 5, 17]]},
        "accessed": {"date-parts": [[2026, 3, 1]]},
        "URL": "https://example.org/2020/05/who-pays",
        "language": "en",
        "note": f"Captured 2026-03-01T23:59:30Z, SHA-256 {SHA256}.",
    }


def test_another_form_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInput, match=r"no citation in the form 'apa': choose text, bibtex"):
        citation(reference(), "apa")  # type: ignore[arg-type]


# from the archive


def states(desk: Desk) -> list[Article]:
    """An article that is captured, edited a day later, and captured again."""
    found = [article(headline="The first wording"), article(headline="The second wording")]
    for each in found:
        desk.save(each)
        desk.pass_time(days=1)
    return found


def test_the_archive_gives_the_capture_that_was_read(desk: Desk) -> None:
    states(desk)
    now = desk.archive.reference(1)
    assert now is not None
    assert (now.article.headline, now.is_earlier) == ("The second wording", False)
    stored = desk.archive.article(1)
    assert stored is not None
    last = stored.captures[-1]
    assert (now.captured_at, now.sha256) == (last.fetched_at, last.sha256)
    first = stored.captures[0]
    then = desk.archive.reference(1, at=first.fetched_at)
    assert then is not None
    assert (then.article.headline, then.is_earlier) == ("The first wording", True)
    assert (then.captured_at, then.sha256) == (first.fetched_at, first.sha256)
    assert desk.archive.reference(1, at=datetime(2000, 1, 1, tzinfo=UTC)) is None
    assert desk.archive.reference(99) is None


def test_cite_on_the_command_line(
    hemeroteca: Command, archive: object, analysed: NewsroomArticle
) -> None:
    answer = hemeroteca("cite", analysed.url, "--lang", "en")
    assert analysed.headline.replace('"', "") in answer.out.replace("‘", "").replace("’", "")
    assert "Faro del Istmo" in answer.out
    capture = hemeroteca("show", analysed.url, "--json").json["captures"][0]
    assert capture["sha256"] in answer.out
    ids = {json.loads(hemeroteca("cite", analysed.url, "--format", "csl-json").out)[0]["id"]}
    ids.add(read_bibtex(hemeroteca("cite", analysed.url, "--format", "bibtex").out).key)
    ids.add(read_ris(hemeroteca("cite", analysed.url, "--format", "ris").out)["id"])
    assert len(ids) == 1


def test_several_articles_are_cited_in_one_file(hemeroteca: Command, archive: Path) -> None:
    def cited(form: str) -> str:
        return hemeroteca("cite", 4, 58, "--format", form).out

    keys = [item["id"] for item in json.loads(cited("csl-json"))]
    assert len(keys) == 2
    assert [entry.key for entry in bibtexparser.parse_string(cited("bibtex")).entries] == keys
    assert [entry["id"] for entry in rispy.loads(cited("ris"))] == keys
    assert cited("text").count("SHA-256") == 2


def test_the_hash_of_a_citation_leads_back_to_the_very_bytes(archive: Path, tmp_path: Path) -> None:
    note = in_own_process("cite", 58, "--format", "csl-json", cwd=tmp_path).json[0]["note"]
    sha256 = note.split()[-1].rstrip(".")
    in_own_process("show", "--raw", sha256.upper(), cwd=tmp_path, out=tmp_path / "page")
    assert hashlib.sha256((tmp_path / "page").read_bytes()).hexdigest() == sha256
    answer = in_own_process("show", "--raw", "0" * 64, cwd=tmp_path)
    assert (answer.code, answer.out) == (2, "")


def test_the_language_of_a_citation_is_the_systems(
    hemeroteca: Command, archive: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_CO.UTF-8")
    assert "Capturado el" in hemeroteca("cite", 1).out
    assert "Captured on" in hemeroteca("cite", 1, "--lang", "en").out
    monkeypatch.setenv("LC_ALL", "C")
    assert "Captured on" in hemeroteca("cite", 1).out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["cite", "9999"], "The archive has no article '9999'"),
        (["cite", "1", "--at", "2001-01-01"], "how it stood on 2001-01-01 is not known."),
        (["cite", "1", "--format", "apa"], "is not one of 'text', 'bibtex'"),
    ],
)
def test_what_cant_be_cited_is_told_in_a_sentence(
    hemeroteca: Command, archive: object, words: list[str], sentence: str
) -> None:
    answer = hemeroteca(*words)
    assert (answer.code, answer.out) == (2, "")
    assert sentence in answer.err


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Gabriel García Márquez", "García Márquez"),
        ("Juan Carlos Pérez Gómez", "Pérez Gómez"),
        ("Ana Lucía Torres de la Vega", "Torres de la Vega"),
        ("María José Pérez", "Pérez"),
        ("José Luis Garrido Arce", "Garrido Arce"),
        ("Juan Diego Arce", "Arce"),
        ("Mary Jane Smith", "Smith"),
        ("John F. Kennedy", "Kennedy"),
        ("Vincent van der Berg", "van der Berg"),
        ("Ana García", "García"),
        ("García Márquez", "Márquez"),
        ("Inez Walker", "Walker"),
    ],
)
def test_a_surname_has_two_words_where_spanish_says_so(name: str, surname: str) -> None:
    first = name.removesuffix(surname).strip()
    assert name_parts(name) == (surname, first, "")
    made = json.loads(citation(reference(authors=(name,)), "csl-json"))
    assert made[0]["author"] == [{"family": surname, "given": first}]
