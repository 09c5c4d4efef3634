"""Bylines: the words that introduce them, the names in them, and names out of capitals.

A byline is split at commas and at the "and" of many languages; footnote marks, job titles, e-mail
addresses and handles are cut off; organisations are told from people by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.parsing.text import clean, folded, is_capitals

#: Words before a byline, longest first. Collected from the bylines of the labelled pages and from
#: the theme sources of WordPress, Joomla and Newspack.
_INTRODUCTION = re.compile(
    r"^\W*(?:escrito por|publicado por|redactado por|texto(?: de)?:|written by|posted by"
    r"|story by|words by|reported by"
    r"|report by|reporting by|published by|by|por|von|par|di|door|av|af|przez|autor(?:es|a|in"
    r"|en)?|authors?|byline|texto|text von|text|de"
    r"|от|автор)\b\s*[:：|]?\s+",
    re.I,
)
#: "and" between two names; a single letter stands only between spaces.
_AND = re.compile(
    r"\s*(?:,\s*)?\s(?:and|y|e|und|et|en|og|och|i|ja|a|with|con|mit|avec|com)\s+|\s*[&;|/·•]\s*|\s*,\s*|\s+\+\s+",
    re.I,
)
_MARKS = re.compile(r"[*†‡§¹²³]+")
_MAIL = re.compile(r"\S+@\S+|\B@\w+|https?://\S+")
_ENTITY = re.compile(r"&(?:#0?39|apos|#8217|rsquo);")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")

#: Particles that stay small inside a name, in Spanish, Portuguese, Dutch, German, French, Italian.
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "el",
        "y",
        "e",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "des",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "zu",
        "zur",
        "le",
    ]
)
#: Names in which Mac is a prefix of its own; others (Machado, Macías, Mack) are one word.
_MAC = frozenset(
    [
        "macdonald",
        "macdougall",
        "macarthur",
        "maccormack",
        "maccallum",
        "macgregor",
        "macgowan",
        "macintyre",
        "macintosh",
        "mackenzie",
        "mackinnon",
        "maclean",
        "macleod",
        "macmillan",
        "macneil",
        "macneill",
        "macpherson",
        "macqueen",
        "macrae",
        "macallister",
        "macaulay",
        "maclachlan",
        "maclaren",
        "macnamara",
        "macdermott",
        "macfarlane",
        "macfarquhar",
    ]
)

#: Words that make a byline an organisation's, in the languages of the test pages.
_ORGANISATION = re.compile(
    r"\b(?:unit|unidad|staff|team|equipo|redacci[oó]n|redaktion|redazione|r[ée]daction|redactie|observatory|observatorio"
    r"|agency|agencia|agence|agentur|news|noticias|newsroom|desk|editors?|editorial|editores|institute|instituto|institut"
    r"|foundation|fundaci[oó]n|university|universidad|project|proyecto|center|centre|centro"
    r"|group|grupo|network|red de"
    r"|press|prensa|times|post|journal|magazine|media|reuters|afp|efe|dpa|apa|sid|ansa|bloomberg|associated|crime|org|com"
    r"|correspondents?|corresponsal(?:es)?|board|consejo|office|oficina|program(?:me|a)?|initiative|iniciativa|alliance|alianza"
    r"|tribune|herald|gazette|daily|zeitung|reporters?|investigations|investigative|international|internacional|global)\b",
    re.I,
)


def conventional_case(name: str, known: dict[str, str] | None = None) -> str:
    """A name printed in capitals, as one writes it; any other name is left as printed.

    ``known`` gives names whose case can't be told, keyed by their capitals.

    >>> conventional_case("JEREMY MCDERMOTT"), conventional_case("EIMHIN O'DOWD")
    ('Jeremy McDermott', "Eimhin O'Dowd")
    >>> conventional_case("ANA DE LA VEGA"), conventional_case("deborah bonello")
    ('Ana de la Vega', 'deborah bonello')
    """
    if known:
        for capitals, usual in known.items():
            if name.upper() == capitals.upper():
                return usual
    words = name.split()
    if not is_capitals(name):
        return _half_capitals(words, known) or name
    return " ".join(
        _cased(word, first=number == 0, known=known) for number, word in enumerate(words)
    )


def _half_capitals(words: list[str], known: dict[str, str] | None) -> str | None:
    """A name whose surname alone is in capitals, of two words or more: ``Luis DE LA VEGA``."""
    capitals = [len(word) > 1 and word.isalpha() and word.isupper() for word in words]
    if sum(capitals) < 2 or capitals[0]:
        return None
    return " ".join(
        _cased(word, first=False, known=known) if capital else word
        for word, capital in zip(words, capitals, strict=True)
    )


def _cased(word: str, *, first: bool, known: dict[str, str] | None) -> str:
    if known and word.upper() in known:
        return known[word.upper()]
    if not first and word in ("II", "III", "IV"):
        return word
    low = word.lower()
    if not first and low in _PARTICLES:
        return low
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)*", lambda part: _capitalised(part.group()), low)


def _capitalised(part: str) -> str:
    """One word or hyphenated part, small, with its capitals: mcdermott → McDermott."""
    pieces = re.split(r"(['’])", part)
    if len(pieces) == 3 and len(pieces[0]) <= 2 and len(pieces[2]) > 1:
        return pieces[0].capitalize() + pieces[1] + _capitalised(pieces[2])
    if part.startswith("mc") and len(part) > 4:
        return "Mc" + part[2:].capitalize()
    if part in _MAC:
        return "Mac" + part[3:].capitalize()
    return part.capitalize()


def is_organisation(name: str, organisations: Iterable[str] = ()) -> bool:
    """Whether a byline is an organisation's, by the profile's list or by its words.

    >>> is_organisation("Venezuela Investigative Unit"), is_organisation("Ana Press-Ruiz")
    (True, False)
    """
    bare = folded(name)
    if any(bare == folded(known) for known in organisations):
        return True
    return _ORGANISATION.search(re.sub(r"\w+-\w+", "", name)) is not None


def introduced(text: str) -> str | None:
    """The rest of a text that begins like a byline ("By", "Por", "Written by"), else None.

    >>> introduced("BY SOFIA LIEMANN"), introduced("Bylaws")
    ('SOFIA LIEMANN', None)
    """
    match = _INTRODUCTION.match(text)
    return text[match.end() :] if match else None


def names_in(
    byline: str, known: dict[str, str] | None = None, organisations: Iterable[str] = ()
) -> tuple[str, ...]:
    """The names of a byline in print order and conventional case, each once.

    >>> names_in("By Parker Asmann, Mónica Betancur and Marcela Zuñiga*")
    ('Parker Asmann', 'Mónica Betancur', 'Marcela Zuñiga')
    >>> names_in("POR ANA RUIZ Y LUIS DE LA TORRE")
    ('Ana Ruiz', 'Luis de la Torre')
    """
    text = _MAIL.sub(" ", _MARKS.sub("", clean(byline)))
    rest = introduced(text)
    while rest is not None:
        text, rest = rest, introduced(rest)
    listed = [folded(each) for each in organisations]
    if folded(text) in listed:
        return (_organisation_case(clean(text), organisations) or clean(text),)
    if folded(text) in ("by", "por", "von", "par"):
        return ()
    names: list[str] = []
    text = _SUFFIX.sub(r" \1", text)
    for part in _and_of(byline).split(_ENTITY.sub("'", _BRACKETS.sub("", text))):
        name = clean(part).strip(" ,:;–—-|/").removeprefix(".")
        name = name if re.search(r"\b(?:[A-Z]|[JS]r)\.$", name, re.I) else name.rstrip(". ")
        name = _PLACE.sub("", name)
        if is_name_like(name):
            cased = clean(_organisation_case(name, organisations) or conventional_case(name, known))
            if is_name_like(cased) and folded(cased) not in map(folded, names):
                names.append(cased)
    return tuple(names)


#: Where a reporter wrote from is no part of the name.
_PLACE = re.compile(r"(?<=\w{2})\s+(?:in|en|desde|from)\s+[^\W\d_a-zà-þ].*$")
#: "Jr." belongs to the name before the comma.
_SUFFIX = re.compile(r",\s*([JS]r\b\.?|I{2,3}\b|IV\b)", re.I)
_AND_ENGLISH = re.compile(r"\s*(?:,\s*)?\s(?:and|with)\s+|\s*[&;|/·•]\s*|\s*,\s*|\s+\+\s+", re.I)
_AND_SPANISH = re.compile(r"\s*(?:,\s*)?\s(?:y|e|and|con)\s+|\s*[&;|/·•]\s*|\s*,\s*|\s+\+\s+", re.I)


def _and_of(byline: str) -> re.Pattern[str]:
    """What separates names in a byline of that language: "y" is part of a name after "By"."""
    words = folded(byline[:24])
    if re.match(r"(?:written )?by\b", words):
        return _AND_ENGLISH
    return _AND_SPANISH if re.match(r"(?:escrito )?por\b", words) else _AND


def _organisation_case(name: str, organisations: Iterable[str]) -> str | None:
    return next((usual for usual in organisations if folded(usual) == folded(name)), None)


def is_name_like(name: str) -> bool:
    """Whether a string can be a name: letters, short, no sentence.

    >>> is_name_like("Sofía Liemann"), is_name_like("12 May 2020"), is_name_like("")
    (True, False, False)
    """
    if not 2 <= len(name) <= 60 or len(name.split()) > 7:
        return False
    return any(map(str.isalpha, name)) and sum(map(str.isdigit, name)) <= 2


_NAME_WORD = re.compile(
    r"^(?:[^\W\d_a-zà-þ][\w.'’-]*\*?|de|del|la|las|los|da|do|dos|das|van|von|der|den|di|du|el|al|bin|ibn|y|e|and|und|et|i)$"
)
_MONTH_OR_DAY = re.compile(
    r"^(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)$",
    re.I,
)


def is_written_as_name(text: str) -> bool:
    """Whether a text is nothing but names: two to twelve capitalised words with particles between.

    >>> is_written_as_name("Ana de la Vega and Luis Soto"), is_written_as_name("March 2017")
    (True, False)
    """
    words = text.replace(",", " ").strip(" -–—|·*").split()
    return (
        2 <= len(words) <= 12
        and all(map(_NAME_WORD.match, words))
        and not _MONTH_OR_DAY.match(words[0])
    )


def same_in_other_case(name: str, candidates: Iterable[str]) -> str | None:
    """A candidate that is the same name printed in small letters, to settle a name in capitals."""
    bare = folded(name)
    return next(
        (each for each in candidates if folded(each) == bare and not is_capitals(each)), None
    )
