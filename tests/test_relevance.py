"""Questions as people type them, and the article that answers each: it is among the first three.

The first queries name what an article is about in other forms of its words, in lower case and
without accents. The others are as one would first ask: whole questions, and words that the article
says otherwise. They were written before anybody looked what they find. A change of the ranking that
costs answers fails here, and the message says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.article import Article
from crawler.capture import Capture
from crawler.parsing import parse_article
from crawler.sites import site_named, site_of
from scripts.newsroom import load_articles
from scripts.newsroom.layouts import rendered
from storage import Archive
from tests.test_shared_pages import REAL, real_text, set_plainly

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEAST = 0.95
FIRST = 3

#: Query, and the path of the article that answers it.
NEWSROOM = (
    ("landing strips honduras", "/news/brief/police-find-airstrip-under-maize-in-san-telmo/"),
    ("notaries bail guatemala", "/news/the-bail-machine/"),
    ("cryptocurrencies kiosk panama", "/news/cash-in-coins-out-the-machines-of-avenida-bolivar/"),
    ("cattle collar satellites", "/news-briefs/rustlers-in-beni-swim-collared-cattle-to-brazil"),
    ("church bell thefts", "/news/brief/town-loses-its-church-bells-to-copper-buyers/"),
    ("trained dogs smelling money", "/news/he-taught-forty-dogs-to-smell-money/"),
    ("extraditions translators ecuador", "/news/analysis/the-longest-queue-in-the-ministry/"),
    ("refilling insulin vial", "/news/brief/refilled-insulin-vials-traced-to-hospital-bins/"),
    ("poison frog airports", "/news/brief/nine-hundred-frogs-found-in-film-canisters/"),
    ("gold dredge peru", "/news/analysis/gold-barges-return-to-the-upper-naranjal/"),
    ("women courier cocaine peru", "/news/analysis/the-grandmothers-of-flight-709/"),
    (
        "harbours sharing records",
        "/news/brief/panama-and-three-neighbours-agree-to-share-harbour-records/",
    ),
    (
        "methamphetamine laboratories navy",
        "/news/brief/mexican-navy-finds-methamphetamine-in-jam-factory/",
    ),
    ("rural judges radio", "/news/a-rural-judge-and-her-radio/"),
    ("judges boats colon", "/news-briefs/judge-in-harbour-case-steps-down-over-a-boat"),
    ("ransoms negotiator argentina", "/news/the-men-who-answer-the-phone/"),
    ("burn land deeds", "/news/brief/title-deeds-burnt-in-attack-on-land-office/"),
    ("drones prison windows", "/news/the-prison-that-receives-by-air/"),
    ("avocado grower extortion", "/investigations/the-avocado-wardens"),
    ("gang truces bread", "/news-analysis/what-a-gang-truce-does-to-the-price-of-bread"),
    ("apagon desembarcos radar", "/es/noticias/el-apagon-que-duro-lo-que-un-desembarco/"),
    (
        "ninos contrabando escuelas",
        "/es/noticias/la-escuela-que-cruza-la-frontera-dos-veces-al-dia/",
    ),
    ("costo alcalde elecciones", "/es/noticias/analisis/cuanto-cuesta-un-alcalde/"),
    (
        "semisumergible guardacostas colombia",
        "/es/noticias-del-dia/guardacostas-hallan-un-taller-de-semisumergibles",
    ),
    ("puertos secos paraguay", "/es/noticias/el-puerto-seco-donde-siempre-llueve/"),
    ("mina esmeralda notaria", "/es/investigaciones/la-veta-que-se-hereda"),
    (
        "mito contrabando cigarrillo",
        "/es/investigaciones/cinco-mitos-sobre-el-contrabando-de-cigarrillos/",
    ),
    ("negociador secuestros rescates", "/es/noticias/los-hombres-que-contestan-el-telefono/"),
    ("loteria clandestinas colon", "/es/analisis/el-numero-que-sono-la-senora-elvia"),
    (
        "partera mediacion rio",
        "/es/noticias/entrevista-en-el-rio-todos-nacieron-en-mis-manos/",
    ),
    (
        "practicos lancha cocaina",
        "/es/noticias/breves/detienen-a-dos-practicos-por-guiar-lanchas-cargadas/",
    ),
    ("drones carcel ecuador", "/es/noticias/la-carcel-que-recibe-por-aire/"),
    (
        "policias musica bolivia",
        "/es/noticias-del-dia/policia-de-altura-despide-a-su-banda-de-musica",
    ),
    (
        "reclutamiento menores colombia",
        "/es/noticias/analisis/los-ninos-que-llevan-mandados-en-bajo-timbo/",
    ),
    (
        "remesa muertos guatemala",
        "/es/noticias/breves/la-sucursal-de-remesas-que-abria-a-medianoche/",
    ),
    ("fusil fundicion nicaragua", "/es/noticias/los-fusiles-que-volvieron-de-la-fundicion/"),
    ("licencias tiburon aleta", "/es/investigaciones/la-licencia-que-pesco-en-dos-oceanos/"),
    (
        "trata mesero mexico",
        "/es/noticias/noticias-del-dia/rescatan-a-once-meseros-que-nunca-cobraron-propina/",
    ),
    ("camiones agua extorsion lima", "/es/noticias/analisis/los-duenos-de-la-sed/"),
    ("pensiones gruista puerto", "/es/investigaciones/la-pension-de-los-gruistas/"),
)

#: Query, and the number of the file that answers it.
REAL_2020 = (
    ("coronavirus mexican cartels", "01"),
    ("counterfeits china tepito", "01"),
    ("evo morales election frauds", "02"),
    ("corrupt police rosario", "03"),
    ("panama financial secrecy", "04"),
    ("woman organized criminals colombia", "05"),
    ("park ranger threats amazon", "06"),
    ("police attacked uruguay", "08"),
    ("stolen fuels puebla", "09"),
    ("huachicol king murder", "09"),
    ("antwerp cocaine seizure", "15"),
    ("fentanyl zacatecas homicide", "19"),
    ("geovanny fuentes ramirez laboratory", "22"),
    ("capital city homicides rates", "23"),
    ("manaus gang war", "25"),
    ("comando vermelho prison", "25"),
    ("mayan artifact looting", "26"),
    ("armed child guerrero", "28"),
    ("murdered social leader colombia", "30"),
    ("ms13 leader courthouse attack", "35"),
)

#: Questions as they come to mind, and the path of the article that answers each.
AS_ASKED = (
    (
        "practico puerto detenido",
        "/es/noticias/breves/detienen-a-dos-practicos-por-guiar-lanchas-cargadas/",
    ),
    ("counterfeiting insulin", "/news/brief/refilled-insulin-vials-traced-to-hospital-bins/"),
    ("kidnapping negotiator argentina", "/news/the-men-who-answer-the-phone/"),
    (
        "clandestine runway hidden under corn honduras",
        "/news/brief/police-find-airstrip-under-maize-in-san-telmo/",
    ),
    (
        "bitcoin atm money laundering panama",
        "/news/cash-in-coins-out-the-machines-of-avenida-bolivar/",
    ),
    (
        "cattle theft gps collars bolivia",
        "/news-briefs/rustlers-in-beni-swim-collared-cattle-to-brazil",
    ),
    ("dogs that detect cash", "/news/he-taught-forty-dogs-to-smell-money/"),
    ("elderly women drug mules lima madrid", "/news/analysis/the-grandmothers-of-flight-709/"),
    ("drones smuggling contraband into prison", "/news/the-prison-that-receives-by-air/"),
    (
        "apagón para descargar droga en la costa",
        "/es/noticias/el-apagon-que-duro-lo-que-un-desembarco/",
    ),
    (
        "submarino narco taller colombia",
        "/es/noticias-del-dia/guardacostas-hallan-un-taller-de-semisumergibles",
    ),
    (
        "reclutamiento de niños por grupos armados",
        "/es/noticias/analisis/los-ninos-que-llevan-mandados-en-bajo-timbo/",
    ),
    (
        "who controls the riverbed gold dredging on the Timbó?",
        "/news/analysis/who-owns-the-riverbed/",
    ),
    ("how did a notary get hundreds of prisoners out on bail", "/news/the-bail-machine/"),
    ("prison censors letters stopped", "/news-analysis/letters-from-pavilion-four"),
    (
        "football club money laundering players",
        "/news/analysis/a-second-division-club-with-first-class-debts/",
    ),
    (
        "smuggled tires hidden in an ambulance",
        "/news/brief/colon-seizes-ambulance-loaded-with-tyres/",
    ),
    (
        "migrants with the same name on a ferry",
        "/news/brief/ferry-manifest-lists-forty-migrants-with-the-same-name/",
    ),
    (
        "what happened to protected witnesses all living in one street?",
        "/news/the-witnesses-of-block-nine/",
    ),
    (
        "illegal logging same forest plot felled several times",
        "/investigations/a-forest-that-was-cut-down-three-times",
    ),
    (
        "stolen archaeological pottery donated to collector",
        "/investigations/the-collector-who-never-bought-anything/",
    ),
    (
        "where is stolen gasoline sold on the gulf",
        "/news/six-things-to-know-about-fuel-theft-on-the-gulf/",
    ),
    (
        "inmates riot hostage guards water",
        "/news-briefs/puerto-lirio-inmates-hold-guards-over-water-cuts",
    ),
    (
        "radio stations paid by drug trafficker advertising",
        "/news/analysis/three-stations-one-advertiser/",
    ),
    (
        "honest police force polygraph tests but crime",
        "/news/analysis/a-police-force-that-passed-every-test/",
    ),
    ("night market smuggling river border mayor", "/news/the-market-that-opens-at-three/"),
    (
        "¿cuánto cuesta comprar una alcaldía en Honduras?",
        "/es/noticias/analisis/cuanto-cuesta-un-alcalde/",
    ),
    (
        "tráfico de armas fusiles destruidos que reaparecen",
        "/es/noticias/los-fusiles-que-volvieron-de-la-fundicion/",
    ),
    (
        "pandilla de la cárcel extorsiona comerciantes",
        "/es/analisis/el-torno-cobra-afuera-lo-que-aprendio-adentro",
    ),
    (
        "explotación laboral de jóvenes en un restaurante",
        "/es/noticias/noticias-del-dia/rescatan-a-once-meseros-que-nunca-cobraron-propina/",
    ),
    (
        "peso de los contenedores alterado para esconder droga",
        "/es/investigaciones/los-hombres-que-pesan-los-contenedores/",
    ),
    ("quién vende el agua en los cerros de Lima", "/es/noticias/analisis/los-duenos-de-la-sed/"),
    (
        "ataque a tiros contra autobús por extorsión",
        "/es/noticias-del-dia/disparan-contra-un-bus-vacio-en-el-tamarindo",
    ),
    (
        "estadísticas de asesinatos por provincia",
        "/es/noticias/homicidios-en-el-istmo-un-ano-en-cifras/",
    ),
    ("¿cómo se hereda una mina de esmeraldas?", "/es/investigaciones/la-veta-que-se-hereda"),
    (
        "lavado de dinero con remesas de personas muertas",
        "/es/noticias/breves/la-sucursal-de-remesas-que-abria-a-medianoche/",
    ),
    (
        "how do smugglers corrupt crane operators in the harbour",
        "/news/investigation/the-crane-operators-pension/",
    ),
    ("vigilantes taxing farmers mexico", "/investigations/the-avocado-wardens"),
    ("kidnappers ransom phone calls", "/news/the-men-who-answer-the-phone/"),
    (
        "did the ceasefire between gangs make food more expensive?",
        "/news-analysis/what-a-gang-truce-does-to-the-price-of-bread",
    ),
    (
        "arson attack land registry farmers",
        "/news/brief/title-deeds-burnt-in-attack-on-land-office/",
    ),
    (
        "wildlife trafficking colombia airport amphibians",
        "/news/brief/nine-hundred-frogs-found-in-film-canisters/",
    ),
    (
        "why can't ecuador extradite suspects in time",
        "/news/analysis/the-longest-queue-in-the-ministry/",
    ),
    (
        "judge conflict of interest boat",
        "/news-briefs/judge-in-harbour-case-steps-down-over-a-boat",
    ),
    (
        "meth lab hidden in fruit factory nayarit",
        "/news/brief/mexican-navy-finds-methamphetamine-in-jam-factory/",
    ),
    (
        "theft of historical bells chile scrap metal",
        "/news/brief/town-loses-its-church-bells-to-copper-buyers/",
    ),
    (
        "illegal mining amazon navy destroys dredges",
        "/news/analysis/gold-barges-return-to-the-upper-naranjal/",
    ),
    (
        "extortion of bus companies el salvador",
        "/news/analysis/why-the-ghost-minibuses-of-el-tamarindo-never-stop/",
    ),
    ("shark fin trade fake licences", "/investigations/the-licence-that-fished-in-two-oceans/"),
    (
        "policías fantasma que cobran sueldo banda",
        "/es/noticias-del-dia/policia-de-altura-despide-a-su-banda-de-musica",
    ),
    (
        "¿es verdad que el contrabando de tabaco financia al crimen?",
        "/es/investigaciones/cinco-mitos-sobre-el-contrabando-de-cigarrillos/",
    ),
    (
        "juego ilegal apuestas números sorteo clandestino",
        "/es/analisis/el-numero-que-sono-la-senora-elvia",
    ),
    ("cómo entra la droga a la cárcel con drones", "/es/noticias/la-carcel-que-recibe-por-aire/"),
    (
        "mujer que media entre guerrilla y paramilitares",
        "/es/noticias/entrevista-en-el-rio-todos-nacieron-en-mis-manos/",
    ),
    (
        "zonas francas contrabando lejos del mar",
        "/es/noticias/el-puerto-seco-donde-siempre-llueve/",
    ),
    (
        "niños que pasan mercancía por la frontera",
        "/es/noticias/la-escuela-que-cruza-la-frontera-dos-veces-al-dia/",
    ),
)

AS_ASKED_2020 = (
    ("park ranger threatened amazon", "06"),
    ("huachicol king killing", "09"),
    ("ms13 leader courthouse escape", "35"),
    ("why are park rangers leaving the Colombian Amazon?", "06"),
    ("was the president of Honduras involved in protecting a drug laboratory", "22"),
    ("which Latin American capital is the most violent", "23"),
    ("impact of covid on mexican drug trafficking", "01"),
    ("how do drugs get into Europe through Belgian ports", "15"),
    ("who kills community leaders in Colombia and why?", "30"),
    ("are police involved in the murders in Rosario", "03"),
    ("illegal trade in archaeological objects from the Maya", "26"),
    ("child soldiers indigenous self-defense mexico", "28"),
    ("who stole fuel from pemex pipelines", "09"),
)

Pairs = tuple[tuple[str, str], ...]


@contextmanager
def archive_of(read: Iterable[tuple[bytes, Article]], path: Path) -> Iterator[Archive]:
    """A new archive of these pages and what was read from them."""
    with Archive.open(path, mode="write") as archive:
        crawls = {
            site: archive.start_crawl(site, "due", {}, NOW) for site in ("faro", "insightcrime")
        }
        for body, article in read:
            page = Capture(article.url, NOW, 200, (), body)
            crawl = crawls[article.site]
            archive.save(
                page, article, site=article.site, crawl_id=crawl, now=NOW, next_due_at=None
            )
        yield archive


def newsroom_pages() -> Iterator[tuple[bytes, Article]]:
    profile = site_named("faro")
    for filed in load_articles():
        body = rendered(filed).encode(filed.charset, "xmlcharrefreplace")
        kind = f"text/html; charset={filed.charset}"
        yield body, parse_article(body, url=filed.url, profile=profile, content_type=kind)


def pages_of_2020() -> Iterator[tuple[bytes, Article]]:
    for real in map(real_text, REAL):
        body = set_plainly(real).encode()
        yield body, parse_article(body, url=real.url, profile=site_of(real.url))


@pytest.fixture(scope="module")
def newsroom_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with archive_of(newsroom_pages(), tmp_path_factory.mktemp("news") / "news.db") as archive:
        yield archive


@pytest.fixture(scope="module")
def archive_of_2020(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    if not REAL:
        pytest.skip("the complete texts of 2020 are not beside this checkout")
    with archive_of(pages_of_2020(), tmp_path_factory.mktemp("real") / "news.db") as archive:
        yield archive


def assert_answered(archive: Archive, pairs: Pairs) -> None:
    """Every query finds something, and nearly every one its answer among the first."""
    found = {query: archive.search(query, limit=FIRST).hits for query, _ in pairs}
    misses = [
        f"{query!r}: not {answer}, but "
        + (", ".join(urlsplit(hit.url).path for hit in found[query]) or "nothing")
        for query, answer in pairs
        if answer not in (urlsplit(hit.url).path for hit in found[query])
    ]
    rate = 1 - len(misses) / len(pairs)
    message = "\n".join([f"{rate:.1%} of {len(pairs)} are answered", *misses])
    assert all(found.values()), message
    assert rate >= LEAST, message


def test_questions_about_the_newsroom_are_answered(newsroom_archive: Archive) -> None:
    assert len(dict(NEWSROOM)) == 40
    assert {answer for _, answer in NEWSROOM} <= {filed.path for filed in load_articles()}
    assert_answered(newsroom_archive, NEWSROOM)


def test_questions_about_the_texts_of_2020_are_answered(archive_of_2020: Archive) -> None:
    assert len(dict(REAL_2020)) == 20
    path_of = {path.stem: urlsplit(real_text(path).url).path for path in REAL}
    assert_answered(archive_of_2020, tuple((query, path_of[name]) for query, name in REAL_2020))


def test_questions_about_the_newsroom_are_answered_as_they_come_to_mind(
    newsroom_archive: Archive,
) -> None:
    assert_answered(newsroom_archive, AS_ASKED)


def test_questions_about_the_texts_of_2020_are_answered_as_they_come_to_mind(
    archive_of_2020: Archive,
) -> None:
    path_of = {path.stem: urlsplit(real_text(path).url).path for path in REAL}
    pairs = tuple((query, path_of[name]) for query, name in AS_ASKED_2020)
    assert_answered(archive_of_2020, pairs)
