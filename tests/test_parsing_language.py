"""The language of a text: its script, its small words, and what the page's statement may decide."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsing import parse_article
from crawler.parsing.language import language_of, stated_language
from crawler.parsing.smallwords import KIN, SMALL_WORDS

TEXTS = {
    "en": "The council of the town met the fishermen and heard what they had to say of the quay.",
    "de": "Der Rat der Stadt hat sich mit den Fischern getroffen und über den neuen Kai "
    "gesprochen.",
    "nl": "De raad van de stad heeft de vissers ontvangen en met hen over de nieuwe kade "
    "gesproken.",
    "fr": "Le conseil de la ville a reçu les pêcheurs et il a parlé avec eux du nouveau quai.",
    "es": "El consejo de la ciudad recibió a los pescadores y habló con ellos del nuevo muelle.",
    "pt": "O conselho da cidade recebeu os pescadores e falou com eles sobre o novo cais, que não "
    "é muito caro.",
    "it": "Il consiglio della città ha ricevuto i pescatori e ha parlato con loro del nuovo molo.",
    "ca": "El consell de la ciutat va rebre els pescadors i va parlar amb ells del nou moll, que "
    "és molt car.",
    "ro": "Consiliul orașului a primit pescarii și a vorbit cu ei despre noul chei, care nu este "
    "gata și pentru care nu mai sunt bani.",
    "sv": "Stadens råd har tagit emot fiskarna och talat med dem om den nya kajen som inte är "
    "klar.",
    "da": "Byens råd har taget imod fiskerne og talt med dem om den nye kaj, som ikke er blevet "
    "færdig efter mange år.",
    "no": "Byens råd har tatt imot fiskerne og snakket med dem om den nye kaien, som ikke er "
    "blitt ferdig etter så mye arbeid, og nå må de vente.",
    "is": "Bæjarráð tók á móti sjómönnum og ræddi við þá um nýju bryggjuna, sem er ekki tilbúin "
    "og það er dýrt.",
    "fi": "Kaupungin neuvosto tapasi kalastajat ja puhui heidän kanssaan laiturista, mutta se ei "
    "ole vielä valmis, vaikka se on jo maksettu.",
    "pl": "Rada miasta spotkała się z rybakami i rozmawiała z nimi o nowym nabrzeżu, które nie "
    "jest jeszcze gotowe.",
    "cs": "Rada města se sešla s rybáři a mluvila s nimi o novém molu, které není hotové a které "
    "je příliš drahé.",
    "sk": "Rada mesta sa stretla s rybármi a hovorila s nimi o novom móle, ktoré nie je hotové a "
    "ktoré je aj príliš drahé.",
    "hu": "A város tanácsa fogadta a halászokat, és arról beszélt velük, hogy az új rakpart még "
    "nem kész, de már kell.",
    "tr": "Kent meclisi balıkçılarla bir araya geldi ve bu yeni rıhtım için çok para gerektiğini, "
    "ancak daha sonra olacağını söyledi.",
    "id": "Dewan kota itu menerima para nelayan dan berbicara dengan mereka tentang dermaga baru "
    "yang tidak akan selesai karena biaya.",
    "vi": "Hội đồng thành phố đã gặp các ngư dân và nói với họ về cầu cảng mới, là công trình "
    "không được hoàn thành trong năm này.",
    "zu": "Umkhandlu uthe abantu bazohlangana futhi bathi kuthiwa akukho mali kodwa uma kukhona "
    "bazoqala manje, ngoba abadobi bafuna ukuthi kwakhiwe kanye nokunye.",
    "xh": "Ibhunga lithi abantu baza kudibana kwaye bathi akukho mali kodwa xa ikhona baza kuqala "
    "ngoku, kuba abalobi bafuna ukuba kwakhiwe kunye nokunye okanye.",
    "sw": "Baraza la mji lilikutana na wavuvi na kuzungumza nao kuhusu gati mpya, lakini hakuna "
    "fedha kwa ajili ya kazi hiyo katika mwaka huu.",
    "ru": "Совет города встретился с рыбаками и говорил с ними о новом причале, который ещё не "
    "готов, но уже стоит очень дорого.",
    "uk": "Рада міста зустрілася з рибалками та говорила з ними про новий причал, який ще не "
    "готовий, але вже коштує дуже дорого.",
    "bg": "Съветът на града се срещна с рибарите и говори с тях за новия кей, който не е готов, "
    "но вече струва много.",
    "el": "Το συμβούλιο της πόλης συναντήθηκε με τους ψαράδες και μίλησε μαζί τους για την "
    "αποβάθρα.",
    "he": "מועצת העיר נפגשה עם הדייגים ושוחחה איתם על הרציף החדש שעדיין לא הושלם בגלל העלות שלו.",
    "ar": "التقى مجلس المدينة الصيادين وتحدث معهم عن الرصيف الجديد الذي لم يكتمل بعد من أجل كلفته.",
    "fa": "شورای شهر با ماهیگیران دیدار کرد و با آنها درباره اسکله جدید که هنوز آماده نشده است "
    "گفت.",
    "hi": "नगर परिषद ने मछुआरों से मुलाकात की और उनसे नए घाट के बारे में बात की जो अभी तैयार नहीं "
    "है। यह घाट शहर के लिए है और इस पर काम नहीं हो रहा है।",
    "ja": "市議会は漁師たちと会い、まだ完成していない新しい岸壁について話し合った。" * 3,
    "zh": "市議會與漁民會面，並與他們談論尚未完工的新碼頭。" * 4,
    "ko": "시의회는 어부들을 만나 아직 완공되지 않은 새 부두에 대해 이야기를 나누었다. " * 3,
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language_alone_and_against_a_false_statement(language: str) -> None:
    text = TEXTS[language]
    assert language_of(text) == language
    assert language_of(text, language) == language
    assert language_of(text, "en-US" if language != "en" else "de-DE") == language


@pytest.mark.parametrize(
    ("language", "stated"),
    [("no", "nb-NO"), ("da", "da_DK"), ("id", "ms"), ("zu", "xh"), ("hi", "mr-IN")],
)
def test_between_languages_that_share_their_words_the_statement_decides(
    language: str, stated: str
) -> None:
    assert language_of(TEXTS[language], stated) == stated_language(stated)


def test_a_language_that_nobody_can_tell_is_what_the_page_says_or_unknown() -> None:
    strange = "Qaqortumi illoqarfiup siunnersuisoqatigiivi aalisartut naapippai talittarfissamik."
    assert language_of(strange, "kl") == "kl"
    assert language_of(strange) is None


def test_a_short_text_is_in_the_language_that_most_of_the_statements_name() -> None:
    assert language_of("Kurz.", "en") == "en"
    assert language_of("Kurz.", "en", "de-DE", "de_DE") == "de"
    assert language_of("Kurz.", None, "", "x") is None


def test_names_and_figures_do_not_change_a_stated_language() -> None:
    scores = "GIRLS BASKETBALL Palm Bay 70, Rockledge 44: Jones 14, Smith 11, De La Cruz 9. " * 5
    assert language_of(scores, "en") == "en"


def test_a_page_states_its_language_in_several_places() -> None:
    html = (
        '<html><head><meta property="og:locale" content="de_AT"><meta http-equiv="Content-Language"'
        ' content="de"></head><body><h1>Rat hört die Fischer</h1><p>{}</p></body></html>'
    )
    page = html.format(
        "Kai Molo Quai Mole Damm Steg Pier Buhne Hafen Bucht Strand Watt Priel. " * 8
    )
    assert parse_article(page.encode(), url="https://lume.example/a").language == "de"


def test_every_row_of_small_words_is_used() -> None:
    for language, words in SMALL_WORDS.items():
        assert len(words.split()) >= 10, language
    assert {"da", "no", "zu", "xh"} <= frozenset().union(*KIN)


@given(st.text(max_size=300), st.none() | st.text(max_size=8))
def test_any_text_and_statement_give_a_tag_or_none(text: str, stated: str | None) -> None:
    found = language_of(text, stated)
    assert found is None or found == stated_language(found)


def test_no_page_loads_a_classifier_or_a_library_of_dates() -> None:
    program = (
        "import sys; from crawler.parsing import parse_article; "
        f"text = {TEXTS['sk']!r} * 4; "
        "html = f'<html lang=en><body><h1>Rada mesta</h1><p>2. mája 2024</p>' + "
        "''.join(f'<p>{text}</p>' for _ in range(4)); "
        "record = parse_article(html.encode(), url='https://lume.example/a'); "
        "heavy = {'py3langid', 'numpy', 'dateparser', 'pandas'}; "
        "print(record.language, record.published, sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split(" ", 2) == ["sk", "2024-05-02", "[]\n"]
