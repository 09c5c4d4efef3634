"""The words of dates: names of months and the units of relative dates, in the languages of news.

All words are compared as :func:`~crawler.parsing.text.folded` gives them: without case or accents.
"""

from __future__ import annotations

from functools import lru_cache

from crawler.parsing.text import folded

#: Month names by language, January first. Sources: CLDR, wide names in the form that stands beside
#: a day; further forms (nominative, spelling) in rows of their own, ``-`` where there is none.
MONTH_NAMES = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "es2": "- - - - - - - - setiembre - - -",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "de2": "janner feber maerz - - - - - - - - -",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl2": "- - mrt - - - - - - - - -",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "is": "januar februar mars april mai juni juli agust september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta "
    "elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "et": "jaanuar veebruar marts aprill mai juuni juuli august september oktoober november "
    "detsember",
    "lv": "janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris "
    "novembris decembris",
    "lt": "sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio "
    "lapkricio gruodzio",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika "
    "listopada grudnia",
    "pl2": "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik "
    "listopad grudzien",
    "cs": "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "cs2": "led uno bre dub kve cvn cvc srp zar rij lis pro",
    "sk": "januara februara marca aprila maja juna jula augusta septembra oktobra novembra "
    "decembra",
    "sl": "januar februar marec april maj junij julij avgust september oktober november december",
    "sl2": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra "
    "novembra decembra",
    "hr": "sijecnja veljace ozujka travnja svibnja lipnja srpnja kolovoza rujna listopada "
    "studenoga prosinca",
    "hr2": "sijecanj veljaca ozujak travanj svibanj lipanj srpanj kolovoz rujan listopad "
    "studeni prosinac",
    "sr": "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
    "sr2": "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nentor dhjetor",
    "ca": "gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
    "gl": "xaneiro febreiro marzo abril maio xuno xullo agosto setembro outubro novembro decembro",
    "tr": "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "tl": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "af": "januarie februarie maart april mei junie julie augustus september oktober november "
    "desember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка "
    "лістапада снежня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "el": "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου "
    "οκτωβριου νοεμβριου δεκεμβριου",
    "hu": "januar februar marcius aprilis majus junius julius augusztus szeptember oktober "
    "november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie "
    "noiembrie decembrie",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "he2": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "ar": "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "ar2": "- شباط اذار نيسان ايار حزيران تموز اب ايلول - - -",
}

#: Whose short forms win where the page's language is unknown and two languages' forms clash.
_FIRST = ("en", "es")


def _bare(word: str) -> str:
    """A word without case and accents; the dotless i of Turkish is an i."""
    return folded(word).replace("ı", "i")


def _table(languages: tuple[str, ...]) -> dict[str, int]:
    """Every full name, and every abbreviation of three letters or more that means one month."""
    table: dict[str, int] = {}
    clashes: set[str] = set()
    full: set[str] = set()
    for language in languages:
        for number, name in enumerate(MONTH_NAMES[language].split(), 1):
            if name == "-":
                continue
            word = _bare(name)
            full.add(word)
            for length in range(min(3, len(word)), len(word) + 1):
                stem = word[:length]
                if table.get(stem, number) == number:
                    table[stem] = number
                elif length == len(word) or language in _FIRST:
                    table.setdefault(stem, number)
                else:
                    clashes.add(stem)
    kept = {name[:3] for language in _FIRST for name in MONTH_NAMES[language].split()}
    for stem in clashes - full:
        if stem[:3] not in kept:
            table.pop(stem, None)
    return table


#: A month's number by any word for it, in any language.
MONTHS = _table(tuple(MONTH_NAMES)) | {"sept": 9, "set": 9}


@lru_cache(maxsize=64)
def _own_months(language: str) -> dict[str, int]:
    return _table(tuple(name for name in MONTH_NAMES if name.rstrip("2") == language))


def month_of(word: str, language: str | None = None) -> int | None:
    """A month's number; the page's language decides where a word means two months.

    >>> month_of("Oct."), month_of("listopada", "pl"), month_of("listopada", "hr")
    (10, 11, 10)
    """
    bare = _bare(word)
    return (_own_months(language).get(bare) if language else None) or MONTHS.get(bare)


#: The units of relative dates by the minutes that they last. Longer units than a day are left out:
#: "2 months ago" names no day. A word counts if it begins with one of the stems.
_UNITS = {
    1: """minut min minute mins minuto minuti minuten minutes minuta minuty minuter minutter
    minutit minuuttia dakika λεπτα λεπτο минут минуту минуты хвилин хвилину хвилини минути perc
    perce percet menit 分 分钟 分鐘 분 دقيقة دقائق דקות minutos minutami phut""",
    60: """hour hours hr hrs std stunde stunden hora horas heure heures ora ore uur uren godzin
    godzine godziny timme timmar time timer tunti tuntia saat ωρα ωρες час часа часов годин
    годину години hodinou hodinami oraja jam
    時間 小时 小時 시간 ساعة ساعات שעות שעה gio tima klukkustundum""",
    1440: """day days tag tagen dia dias jour jours giorno giorni dag dagen dagar dage dager dzien
    dni paiva paivaa gun μερα μερες ημερα ημερες день дня днеи ден дни дні днів dnem dny zi zile
    nap napja hari 日 天 일 يوم ايام ימים ngay dogum""",
}
UNIT_MINUTES = {folded(word): length for length, words in _UNITS.items() for word in words.split()}
#: One, written out.
ONE = frozenset(
    ["a", "an", "ein", "einem", "einer", "un", "une", "una", "uno", "um", "uma", "een", "en", "ett"]
)
#: Words before and after the number and unit that make it a time gone by.
BEFORE_AGO = tuple(
    map(
        folded,
        ["vor", "hace", "il y a", "há", "for", "för", "fyrir", "před", "pred", "acum", "πριν από",
         "πριν", "преди", "منذ", "לפני"],
    )
)  # fmt: skip
AFTER_AGO = tuple(
    map(
        folded,
        ["ago", "fa", "geleden", "temu", "siden", "sedan", "sitten", "önce", "назад", "тому",
         "yang lalu", "lalu", "atrás", "前", "전", "trước", "síðan"],
    )
)  # fmt: skip
#: Words for the day of the capture and the day before it, by language: "hier" is German, too.
TODAY_YESTERDAY = {
    "en": ("today", "yesterday"),
    "de": ("heute", "gestern"),
    "es": ("hoy", "ayer"),
    "fr": ("aujourd'hui", "hier"),
    "it": ("oggi", "ieri"),
    "pt": ("hoje", "ontem"),
    "nl": ("vandaag", "gisteren"),
    "da": ("i dag", "i gar"),
    "no": ("i dag", "i gar"),
    "sv": ("idag", "igar"),
    "pl": ("dzisiaj", "wczoraj"),
    "cs": ("dnes", "vcera"),
}
