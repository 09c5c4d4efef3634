"""A byline's words taken apart on a page whose printing is not known: who signs, and who doesn't.

:func:`signed_part` finds the words that sign in a line ("Posted in Ports by **ana** on 3 May");
:func:`signers` splits them into people and organisations, and cuts off roles, places, dates,
addresses and whoever took the picture or translated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.parsing.dates import printed_date
from crawler.parsing.lines import without_language
from crawler.parsing.names import conventional_case
from crawler.parsing.text import clean, folded, is_capitals

#: What was done to a text, before "by": participles and kinds of text, in the languages of the
#: labelled pages and of the themes of WordPress, Blogger, Drupal, Joomla, SPIP and TYPO3.
_DONE = (
    r"written|posted|submitted|published|reported|story|words|texts?|article|analysis|opinion"
    r"|commentary|report|reporting|column|essay|created|authored|filed|verfasst|geschrieben"
    r"|ver[öo]ffentlicht|gepostet|eingestellt|erstellt|gespeichert|publiziert|eingetragen|artikel"
    r"|(?:blog[ -]?|gast)?beitrag|bericht|(?:gast)?kommentar|kolumne|rezension|ingelegd|escrito"
    r"|publicad[oa]|redactado|texto|enviado|scritto|pubblicato|postato|inviato|publi[ée]"
    r"|[ée]crit|r[ée]dig[ée]|post[ée]|propos[ée]|geschreven|geplaatst|gepubliceerd|skriven"
    r"|skrevet|publicerad|publisert|tekst|napisan[ye]|dodan[ye]|opublikowan[ye]|postat|scris"
    r"|ditulis|kirjoittanut"
)
_BY = r"by|von|vom|por|par|di|da|door|av|af|przez|oleh|de|od|от|από"
#: What an opinion page calls what somebody signs: "Opinión de Ana Ruiz".
_GENRE = r"opini[oó]n|opini[ãa]o|columna|coluna|tribuna|cr[oó]nica|reportaje|entrevista|commentary"
#: Labels before a name that need no colon, and those that do.
_LABEL = (
    r"autor(?:in(?:nen)?|en|a|as|es|ka|ka|i)?|author(?:s|\(s\))?|auteur(?:e|s)?|autore|autrice"
    r"|verfasser(?:in)?|forfatter|skribent|szerz[őo]|yazar|penulis|escriben?|by-?line"
    r"|автор(?:ы|ка)?|автори|نویسنده|خبرنگار|نگارنده|إعداد|تحرير|लेखक"
    r"|συντάκτης|tác giả|מאת|بقلم|كتبت?|writer"
)
_COLON_LABEL = (
    r"text(?:e|o)?|testo|tekst|teksti|words|story|reporter|bericht|interview"
    r"|artikel|текст|κείμενο|γράφει|írta|haber|yazan|muhabir|著者|筆者|文|取材・文|執筆|作者|记者|記者|撰文|글"
)
_INTRODUCTION = re.compile(
    rf"^\W*(?:(?:(?:an?|ein|un[ae]?)\s+)?(?:{_DONE}|{_GENRE})\s+(?:{_BY})\b"
    rf"|(?:{_BY}|{_LABEL})\b|(?:{_COLON_LABEL})\s*(?=[:：=＝])"
    r"|(?:記者|记者|作者)\s*(?=[^\s:：]))"
    r"\s*[:：=＝|]?\s*",
    re.I,
)
_DONE_THEN_BY = re.compile(
    rf"^\W*(?:{_DONE})\b.{{0,80}}?\s(?:by|von|vom|por|par|door|av|af|przez)\s+", re.I
)
#: "by" in the middle of a line only after something that ends a label.
_INNER = re.compile(
    rf"(?<=[|·•–—,;>)\]])\s*(?:(?:{_DONE})\s+)?(?:by|von|vom|por|par|door|av|af|przez|{_LABEL})"
    r"(?:\s*[:：]\s*|\s+)(?=\S)",
    re.I,
)
_AFTER_LABEL = re.compile(r"^.{1,60}?\b(?:[Bb]y|BY|[Vv]on|[Pp]or|[Pp]ar)\s*:?\s+(?=[^\W\d_a-zà-þ])")
#: "ByAna", "vonAna": a theme's space that no one sees is missing.
_GLUED = re.compile(
    r"\b(By|by|BY|[Vv]on|[Pp]ar|[Pp]or)(?=[A-ZÀ-Þ](?:[a-zà-ÿ]|\.))"
    r"|(?<=[a-zà-ÿ])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)"
)
#: Whose words are not the text: pictures, translations, checks, money.
_OTHERS_WORK = re.compile(
    r"(?:\b(?:photo(?:s|graphs?|graphy)?|pictures?|images?|illustrations?|graphics?|videos?"
    r"|fotos?|фото|fotograf[iíao]\w*|bild(?:er)?|grafik(?:en)?|zeichnungen|titelbild|imagen|imágenes"
    r"|ilustraci[óo]n|crédit|credits?|translat(?:ed|ion|or)|[üu]bersetz\w*|traducci[óo]n|traducido"
    r"|traduction|edited|bearbeitet|reviewed|fact.?checked|sponsored|powered|presented|hosted"
    r"|kamera|quelle|source|fuente|fonte|bron|kommentare?|comments?|via)\b|©|撮影|写真|編集).*$",
    re.I,
)
_ADDRESS = re.compile(r"\[email protected\]|\S+@\S+|\B@\w+|https?://\S+|\bwww\.\S+")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]")
_MARKS = re.compile(r"[*†‡§¹²³™®]+")
_TIME = re.compile(
    r"(?:\b\d{1,2}[:.h]\d{2}(?::\d{2})?\b|(?<=\|))"
    r"(?:\s*\b(?:uhr|[ap]\.?m\.?|[cewmpb]e?[sd]?t|gmt|utc|ist)\b\.?)*",
    re.I,
)
_STRONG = re.compile(r"\s*[|·•›»]+\s*|\s+[–—−-]+\s+|\s*//\s*|\s{3,}|\u2028")
_WEAK = re.compile(r"\s*[,;&+、，]\s*|\s+/\s+")
#: "and" by language; those of English and German stand on pages of any.
_AND_WORDS = {
    "es": "y|e|con",
    "pt": "e|com",
    "it": "e|con",
    "fr": "et|avec",
    "nl": "en|met",
    "da": "og|med",
    "no": "og|med",
    "nb": "og|med",
    "nn": "og|med",
    "is": "og",
    "sv": "och|med",
    "fi": "ja",
    "et": "ja",
    "pl": "i|oraz",
    "cs": "a",
    "sk": "a",
    "ca": "i|amb",
    "hr": "i",
    "sr": "i",
    "sl": "in",
    "hu": "és",
    "tr": "ve",
    "ru": "и",
    "bg": "и",
    "uk": "та|і|й",
    "el": "και",
    "id": "dan",
    "ro": "și|şi",
    "sq": "dhe",
    "vi": "và",
    "lv": "un",
    "lt": "ir",
}


@lru_cache(maxsize=64)
def _and_of(language: str | None) -> re.Pattern[str]:
    words = _AND_WORDS.get(language or "", "")
    return re.compile(rf"\s+(?:and|with|und|mit|sowie{'|' + words if words else ''})\s+", re.I)


#: Small words inside names.
_PARTICLES = frozenset(
    """de del la las los el da das do dos di du des d' van von der den het 't ter ten te zu zum zur
    le al bin ibn ben bint abu af av und y e i dalla della dello degli dei""".split()  # noqa: SIM905
)
#: Words with capitals that are no part of a name and end it.
_STOPS = frozenset(
    """today yesterday heute gestern hoy ayer zuletzt pm
    for on in at am um vor hace il há last updated published posted publicado actualizado
    aktualisiert stand modified follow contact email read about view see more min minute minutes
    lesezeit tiempo comments comment kommentare kommentar leave hinterlasse share teilen drucken
    print reading views shares listen subscribe uhr mo di mi do fr sa so mon tue wed thu fri sat
    sun monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch
    donnerstag freitag samstag sonntag lunes martes miércoles jueves viernes sábado domingo
    january february march april june july august september october november december januar
    februar märz mai juni juli oktober dezember copyright uncategorized allgemein posts
    send sponsored gesponserte weitere alle über buy sign click here from to
    link copied veröffentlicht gepostet created filed under tags schlagwörter kategorie
    kategorien
    category
    categories home datum date autor author autorin authors written escrito""".split()  # noqa: SIM905
)
#: Jobs and credentials.
_ROLE = re.compile(
    r"^(?:[\w.]+-)*(?:(?:photo)?journalist(?:in|e|a)?s?|(?:chef|lokal|online|sport)?reda[kc]teur(?:in|e)?s?"
    r"|reporter(?:in)?s?|writers?|editors?|correspondents?|columnists?|contributors?|producers?"
    r"|photographers?|analysts?|critics?|fellows?|interns?|officer|professor|director|presenter"
    r"|korrespondent(?:in)?|(?:gast)?autor(?:in)?|volont[äa]r(?:in)?|expert(?:e|in)?|kolumnist(?:in)?"
    r"|fotograf(?:in)?|periodista|redactora?|editora?|corresponsal(?:es)?|columnista|giornalista"
    r"|chief|senior|staff|contributing|associate|assistant|deputy|managing|executive|lead|head"
    r"|guest|freelance|special|founder|ceo|cto|cfo|president|chefredaktion|ressortleiter(?:in)?"
    r"|manager|engineer|marketing|economist|lawyer|scientist|researcher|host|blogger|consultant"
    r"|rechtsanw[aä]lt(?:in)?|gr[üu]nder(?:in)?|gesch[äa]ftsf[üu]hrer(?:in)?|abogad[oa]|avocate?"
    r"|vorsitzender?|(?:presse)?sprecher(?:in)?"
    r"|chefredakteur(?:in)?|herausgeber(?:in)?|md|ph\.?d|m\.?d|rdn?|rn|mph|esq|m\.?a|b\.?a|pt|cpt)\.?$",
    re.I,
)
#: The job behind a name in Korean and Chinese: reporter, correspondent, editorial writer.
_JOB_BEHIND = re.compile(
    r"\s*(?:선임|수습|전문|인턴)?(?:기자|특파원|논설위원|통신원)(?:\s*(?:승인|입력|등록|수정|발행|송고))?$|\s+(?:记者|記者)$"
)
#: Titles before a name.
_TITLE = re.compile(
    r"^(?:(?:prof|dr|ing|mag|dipl|med|phil|rer|nat|jur|h\.?c|univ|priv|doz)\.(?:-\w+\.?)?\s*"
    r"|(?:dr|prof|herr|frau|mr|mrs|ms)\s+)+(?=[A-ZÀ-Þ])",
    re.I,
)
_AGENCY = (
    r"associated press|ap|afp|reuters|dpa(?:[-/]\w+)*|efe|ansa|pti|ani|ians|apa|sid|kna|epd|upi"
    r"|tass|xinhua|anadolu ajans[ıi]|aa|belga|anp|keystone-?sda|sda|ats|ntb|ritzau|tt|pap|čtk"
    r"|mti|lusa|ukrinform|europa press|deutsche presse-agentur|press association|pa media"
    r"|canadian press|bloomberg(?: news)?|agencies|agencias?|agenturen|agences|agerpres"
)
_AGENCY_WHOLE = re.compile(rf"^(?:the\s+|die\s+)?(?:{_AGENCY})$", re.I)
_AGENCY_END = re.compile(rf"\s+(?:the\s+)?(?:{_AGENCY}|usa today(?: network)?)$", re.I)
#: Words that make a signature an organisation's.
_DESK = re.compile(
    r"(?<![\w-])(?:staff|team|newsroom|newsdesk|desk|bureau|redak(?:tion|cja|ce|ció)|redacci[óo]n"
    r"|reda[çc][ãa]o|redazione|r[ée]daction|redactie|redaktionen|toimitus|редакция|редакція"
    r"|equipo|equipe|agency|agencia|agence|agentur|agência|ajansı?|news|noticias|notícias"
    r"|nachrichten|zeitung|times|tribune|herald|gazette|online|magazine?|press(?:e|estelle)?"
    r"|prensa|editors|editorial|editores|institut[eo]?|foundation|fundaci[óo]n|stiftung"
    r"|universit\w+|universidad|ministry|ministerium|department|association|verband|verein"
    r"|verlag|gmbh|ag|inc|ltd|llc|corp|company|e\.?\s?v|kg|se|s\.?a|group|gruppe|media|network"
    r"|reports?|agencies|agenturen|brandroom|studios?|radio|tv|wire|services?|unit|unidad"
    r"|observator(?:y|io)|editora|編集部|新聞|新聞社|通信|新华社|社)(?![\w-])"
    r"|[-\w]redaktion\b|編集部|新聞|通信社|ニュース|新华|통신|뉴스",
    re.I,
)
_FIRM = re.compile(
    r"(?<![\w-])(?:gmbh|ag|inc|ltd|llc|corp|company|e\.?\s?v|kg|se|s\.?a|verein|verband)(?![\w-])",
    re.I,
)
_DOMAIN = re.compile(r"\b[\w-]+\.(?:com|org|net|info|[a-z]{2}|news|online|tv)\b(?!\.)", re.I)
#: Accounts that are nobody's name.
_NOBODY = re.compile(
    r"^(?:admin(?:istrator)?|\w*admin|webmaster|editor|guest|gast|contributor|user|unknown|unbekannt"
    r"|anonym(?:ous)?|an[óo]nimo|author|autor|root|default|none|null|undefined|superuser|red\.?"
    r"|by|von|por|par|staff writer|(?:from )?staff reports?|writer|super user|test|n/?a|site admin"
    r"|content|nachrichten"
    r"|paid content|anzeige|advertorial|sponsored(?: content)?"
    r"|autoren?(?:info)?|the|and|und|mehr|more|mr|facebook(?:\.com)?|twitter|x|instagram"
    r"|(?:getty|istock|shutterstock|unsplash|pixabay|pexels|adobe)\w*(?: images| photo| stock)?"
    r"|.*\.(?:html?|php|aspx?|jpe?g|png)|istockphoto|imago|keystone|picture alliance"
    r"|reading|photo|foto)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Signer:
    """One name of a byline."""

    name: str
    organisation: bool = False

    @property
    def full(self) -> bool:
        """Whether it is written as a person's whole name: two words, or a script without any."""
        return not self.organisation and (
            " " in self.name or "." in self.name[1:-1] or not _has_case(self.name)
        )

    @property
    def is_letters(self) -> bool:
        """Whether it is a reporter's letters, with the desk's or not: ``kesm``, ``srf/hosb``."""
        return self.name.islower() and max(map(len, self.name.split("/"))) <= 5


def _has_case(text: str) -> bool:
    return any(letter.lower() != letter.upper() for letter in text)


def is_desk(name: str) -> bool:
    """Whether a name is an agency's, a desk's or an outlet's by its words.

    >>> is_desk("dpa"), is_desk("MND Staff"), is_desk("IN-Redaktion"), is_desk("Ana Ruiz")
    (True, True, True, False)
    """
    return (
        _AGENCY_WHOLE.match(name) is not None
        or _DESK.search(name) is not None
        or _DOMAIN.search(name) is not None
    )


def is_firm(name: str) -> bool:
    """Whether a name is a firm's or an association's: it signs only what it prints.

    >>> is_firm("Harbour Ferries GmbH"), is_firm("Harbour Newsroom")
    (True, False)
    """
    return _FIRM.search(name) is not None


def is_nobody(name: str) -> bool:
    """Whether a name is an account of the software, a picture agency or a label.

    >>> is_nobody("wpadmin"), is_nobody("Getty Images"), is_nobody("Ana")
    (True, True, False)
    """
    return _NOBODY.match(folded(name)) is not None or not any(map(str.isalpha, name))


@lru_cache(maxsize=2048)
def prepared(raw: str) -> str:
    """A byline's line with its dates and times as separators, without addresses and marks."""
    text = _GLUED.sub(lambda match: match.group() + " ", without_language(clean(raw)))
    text = _MARKS.sub("", text)
    if "@" in text or "email" in text or "http" in text or "www." in text:
        text = _ADDRESS.sub(" | ", text)
    if any(map(str.isdigit, text)):
        for _ in range(2):
            moment = printed_date(text)
            if moment is None or moment.raw not in text:
                break
            text = text.replace(moment.raw, " | ")
        text = _TIME.sub(" | ", text)
    return text


@lru_cache(maxsize=2048)
def signed_part(raw: str, *, marked: bool = False) -> str | None:
    """The words after a line's "By", "Von", "Autor:" …, or None for a line without one.

    >>> signed_part("Posted in Ports by ana on 3 May 2020")
    'ana'
    >>> signed_part("3 May 2020 · Tips · von Ana Ruiz"), signed_part("Photo by Ana Ruiz")
    ('Ana Ruiz', None)

    In a line that is ``marked`` as a byline the words may also stand after a label: "News By Ana".
    """
    part = _signed_part(prepared(raw).strip(" |·•–—-,/"), marked=marked)
    tokens = part.split() if part else []
    while len(tokens) > 1 and tokens[-1] in _STOPS:
        tokens.pop()
    return " ".join(tokens) or None


#: "… 来源：海潮日报 作者：李明 编辑：陈红": labels one after the other in a line.
_AMONG_LABELS = re.compile(
    r"(?:^|[\s|])(?:作者|记者|記者|撰文|采写|著者|執筆|取材)\s*[:：]\s*"
    r"([\u3040-\u30ff\u3400-\u9fff·・]{2,8})(?=[\s|]|$)"
)


def _signed_part(text: str, *, marked: bool) -> str | None:
    if not text.isascii() and (labelled := _AMONG_LABELS.search(text)):
        return labelled.group(1)
    if others := _OTHERS_WORK.search(text):
        text = text[: others.start()]
    segments = [part for part in _STRONG.split(text) if part.strip()]
    for number, segment in enumerate(segments):
        match = _INTRODUCTION.match(segment)
        if match:
            rest = segment[match.end() :].strip()
            again = _INTRODUCTION.match(rest)
            rest = rest[again.end() :] if again else rest
            return rest or (segments[number + 1] if number + 1 < len(segments) else None)
    match = _INNER.search(text) or _DONE_THEN_BY.match(text)
    match = match or (_AFTER_LABEL.match(text) if marked else None)
    if match:
        return next((part.strip() for part in _STRONG.split(text[match.end() :]) if part), None)
    return None


@lru_cache(maxsize=2048)
def signers(raw: str, language: str | None = None) -> tuple[Signer, ...]:
    """People and organisations that a byline's words name, in print order, each once.

    >>> [each.name for each in signers("Ana Ruiz, Senior Reporter, and Tom Ferris in Berlin")]
    ['Ana Ruiz', 'Tom Ferris']
    >>> [(each.name, each.organisation) for each in signers("dpa/lno")]
    [('dpa/lno', True)]
    """
    text = prepared(raw)
    if others := _OTHERS_WORK.search(text):
        text = text[: others.start()]
    text = _slashes(_BRACKETS.sub("", text)).strip(" |·•–—-,/")
    bare = text.strip()
    if is_desk(bare) and len(bare.split()) <= 6 and not _STRONG.search(bare) and "," not in bare:
        sides = [side for side in _and_of(language).split(bare) if side]
        desks = all(is_desk(side) or side[:1].islower() for side in sides)
        if desks and not _ends_in_desk(bare) and not _person_with_role(bare.split()):
            return () if is_nobody(bare) else (Signer(_outlets_case(bare), organisation=True),)
    found: list[Signer] = []
    for segment in _STRONG.split(text):
        rest = _INTRODUCTION.match(segment)
        named = _of_segment(segment[rest.end() :] if rest else segment, language)
        sure = any(each.full for each in found)
        found.extend(each for each in named if each.full or not sure)
    unique = {folded(each.name): each for each in reversed(found)}
    return tuple(reversed(list(unique.values())))


def _ends_in_desk(text: str) -> bool:
    """Whether a person's name stands before an agency's: ``Ana Ruiz Reuters``."""
    cut = _AGENCY_END.sub("", text)
    return cut != text and len(cut.split()) >= 2 and not is_desk(cut)


def _slashes(text: str) -> str:
    """A text in which a slash after a full name is a comma; others belong to their word."""
    if "/" not in text:
        return text
    parts = re.split(r"(?<=\S)/(?=\S)", text)
    before = re.split(r"[,;|·]", parts[0])[-1].split()
    if len(parts) < 2 or len(before) < 2 or is_desk(before[-1]):
        return text
    return ", ".join(part for part in parts if not is_desk(part))


def _of_segment(segment: str, language: str | None) -> list[Signer]:
    """The signers of a part of a line between two strong separators."""
    found: list[Signer] = []
    for number, group in enumerate(_groups(segment, language)):
        for place, part in enumerate(_WEAK.split(group)):
            signer, complete = _sift(part)
            if signer is None:
                if place and complete is None:
                    break
                continue
            sure = any(each.full for each in found)
            agency = signer.organisation and _AGENCY_WHOLE.match(signer.name) is not None
            if signer.organisation and sure and not agency and (place or not number):
                return found
            beside = place and not signer.full and not signer.organisation and bool(found)
            if beside and (sure or (found[-1].organisation and not signer.is_letters)):
                break
            found.append(signer)
            if not complete:
                break
    return found


def _groups(segment: str, language: str | None) -> list[str]:
    """A segment split at "and", where what stands on both sides can be a name of its own."""
    parts = _and_of(language).split(segment)
    groups: list[str] = []
    for part in parts:
        short = len(part.split()) < 2 and not is_desk(part)
        if groups and short and len(groups[-1].split()) >= 2 and not is_desk(groups[-1]):
            joined = segment[segment.find(groups[-1]) :]
            if not re.search(r"\s(?:and|und|with|mit)\s", joined, re.I):
                groups[-1] = joined[: joined.find(part, len(groups[-1])) + len(part)]
                continue
        groups.append(part)
    return groups


def _sift(part: str) -> tuple[Signer | None, bool | None]:
    """The signer of a part, and whether the part was all of it; None, None for a role."""
    part = _TITLE.sub("", part.strip(" \"'“”„«».:–—-_#<>"))
    part = _AGENCY_END.sub("", part) if _ends_in_desk(part) else part
    if not part.isascii():
        part = _JOB_BEHIND.sub("", part)
    tokens = part.split()
    if not tokens or len(part) > 120:
        return None, False
    if tokens[0] in _STOPS and tokens[0].islower():
        return None, None
    bare, has_job = without_job(tokens) if tokens[-1].lower() in _POSTS else (tokens, False)
    tokens = bare if has_job and len(bare) > 1 else tokens
    end = next((n for n, t in enumerate(tokens) if n and t in _STOPS and t.islower()), len(tokens))
    if end < len(tokens):
        signer, complete = _sift(" ".join(tokens[:end]))
        return signer, None if complete is None else False
    if is_desk(part) and len(tokens) <= 6 and not _person_with_role(tokens):
        return (
            (None, None)
            if is_nobody(part)
            else (Signer(_outlets_case(part), organisation=True), True)
        )
    kept, role = _without_role(tokens)
    kept, complete = _until_stop(kept) if kept else ([], False)
    while len(kept) > 1 and (kept[-1].lower() in _PARTICLES or _is_credential(kept)):
        kept = kept[:-1]
    name = " ".join(kept).strip(" .,:;") if not _initial_ends(kept) else " ".join(kept)
    if not name or is_nobody(name) or not _can_be_name(kept):
        return None, None if role else False
    return Signer(_cased(name)), complete and not role


def _is_credential(tokens: list[str]) -> bool:
    """``Ana Ruiz MS``: letters in capitals after a name that is not."""
    last = tokens[-1]
    return (
        len(tokens) > 2
        and 2 <= len(last) <= 4
        and last.isupper()
        and last.isalpha()
        and last not in ("II", "III", "IV", "JR", "SR")
        and not is_capitals(" ".join(tokens))
    )


def _initial_ends(tokens: list[str]) -> bool:
    return bool(tokens) and re.fullmatch(r"(?:[^\W\d_]|[JS]r)\.", tokens[-1]) is not None


def _person_with_role(tokens: list[str]) -> bool:
    """``Bob Condotta Seattle Times staff reporter``: a name before an outlet's words and a job."""
    first = next((n for n, t in enumerate(tokens) if _ROLE.match(t) or is_desk(t)), 0)
    return first >= 2 and any(_ROLE.match(t) and t.lower() != "staff" for t in tokens)


def _until_stop(tokens: list[str]) -> tuple[list[str], bool]:
    """The tokens up to the first that can't be part of a name, and whether all were kept."""
    for number, token in enumerate(tokens):
        low = token.lower().strip(".,:")
        if not number:
            if low in _STOPS and len(low) > 3:
                return [], False
            continue
        small = token[0].islower() and low not in _PARTICLES and not low.startswith(("d'", "d’"))
        stops = low in _STOPS and not (len(low) <= 3 and len(tokens) < 3)
        if small or token[0].isdigit() or stops:
            kept = tokens[:number]
            while len(kept) > 1 and kept[-1].lower() in _PARTICLES:
                kept.pop()
            return kept, False
    return tokens, True


def _without_role(tokens: list[str]) -> tuple[list[str], bool]:
    """A name's tokens without the job before or after it, and whether there was one."""
    roles = [number for number, token in enumerate(tokens) if _ROLE.match(token)]
    if not roles:
        return tokens, False
    first = roles[0]
    if first >= 2:
        if first >= 4 and tokens[first].lower() == "staff":
            return tokens[: first - 2], True
        while first > 2 and tokens[first - 1][0].isupper() and tokens[first - 1].lower() in _BEATS:
            first -= 1
        return tokens[:first], True
    last = first
    while last + 1 in roles:
        last += 1
    if (
        len(tokens) - last - 1 >= 2
        and tokens[last + 1][0].isupper()
        and first == 0
        and roles[-1] == last
    ):
        return tokens[last + 1 :], False
    return [], True


#: What a job is about, before or behind its word: "political editor", "redactora de cultura".
_BEATS = frozenset(
    """political politics sports sport crime education business health science environment
    environmental national local court courts city state county police culture technology tech
    economics economic economy foreign defence defense security diplomatic features feature
    investigative investigations data digital breaking news travel transport energy media arts art
    music film food style money markets legal medical world europe religion weather video general
    assignment enterprise public safety política de en y da do of for the our in and""".split()  # noqa: SIM905
)
#: Jobs that are told by no ending: "enviada especial", "da Redação".
_POSTS = frozenset(
    """enviado enviada especial jefa jefe redação redacción redactor repórter jornalista rédactrice
    rédacteur envoyé envoyée spécial spéciale inviato inviata correspondant correspondante
    speciale korrespondent""".split()  # noqa: SIM905
)


def _is_job(token: str) -> bool:
    return _ROLE.match(token) is not None or token.lower() in _POSTS


def without_job(tokens: list[str]) -> tuple[list[str], bool]:
    """The tokens of a name without the job behind it, and whether there was one.

    >>> without_job("Ana Ruiz Senior Political Editor".split())
    (['Ana', 'Ruiz'], True)
    """
    end = len(tokens)
    while end and (_is_job(tokens[end - 1]) or tokens[end - 1].lower() in _BEATS):
        end -= 1
    has_job = any(map(_is_job, tokens[end:]))
    return (tokens[:end], True) if has_job else (tokens, False)


def _can_be_name(tokens: list[str]) -> bool:
    """Whether tokens can be one name: short, and begun with a capital unless it stands alone."""
    text = " ".join(tokens)
    if not tokens or len(tokens) > 6 or len(text) > 48 or sum(map(str.isdigit, text)) > 4:
        return False
    if len(tokens) > 1 and any(token[0].isdigit() for token in tokens):
        return False
    if not _has_case(text):
        return len(text) <= 24
    small_first = tokens[0][0].islower() and tokens[0].lower() not in _PARTICLES
    if len(tokens) > 1 and small_first and not text.islower():
        return False
    if len(text) < 2 or text[-1] in "?!":
        return False
    capitals = sum(token[:1].isupper() for token in tokens)
    article = len(tokens) == 2 and tokens[0].lower() in ("der", "die", "das", "the", "el", "la")
    return len(tokens) == 1 or capitals >= 2 or text.islower() or article


def _cased(name: str) -> str:
    """A name out of capitals; initials and abbreviations of one word stay."""
    if is_capitals(name) and " " in name:
        return conventional_case(name)
    return conventional_case(name) if is_capitals(name) and len(name) > 5 else name


def _outlets_case(name: str) -> str:
    """An organisation's name out of capitals; its short words may be letters and stay.

    >>> _outlets_case("THE ASSOCIATED PRESS"), _outlets_case("MDR THÜRINGEN")
    ('The Associated Press', 'MDR Thüringen')
    """
    if not is_capitals(name) or " " not in name:
        return name
    small = ("the", "of", "and", "for", "news", "team", "desk", "post", "wire")
    return " ".join(
        word if len(word) <= 4 and word.lower() not in small else conventional_case(word)
        for word in name.split()
    )


def is_whole_name(text: str) -> bool:
    """Whether a text that is set apart as a name can be one as it stands, small letters and all.

    >>> is_whole_name("Mobasir hassan"), is_whole_name("Ana Ruiz, Berlin"), is_whole_name("by Ana")
    (True, False, False)
    """
    tokens = text.split()
    if not 1 <= len(tokens) <= 3 or len(text) > 40:
        return False
    small = [token.lower() for token in tokens]
    return (
        all(token.replace("'", "").replace("-", "").isalpha() for token in tokens)
        and not any(token in _STOPS or token in _BETWEEN for token in small)
        and not any(map(_ROLE.match, tokens))
        and (text.isascii() or not _JOB_BEHIND.search(text))
        and not (is_nobody(text) or is_desk(text) or is_capitals(text))
        and _INTRODUCTION.match(text) is None
    )


_BETWEEN = frozenset(["and", "und", "y", "et", "e", "with"])
