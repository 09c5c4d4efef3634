"""Whether two readings say the same, each in its layout's words.

A redesign prints labels in capitals, a date without its zone or its time, the date beside the
names: on every page, and no newsroom edited any. A word that is another, a day, an hour, a name or
a role is an edit. The rules for single fields serve both the question whether a page begins a
revision and the list of what changed in it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from crawler.article import Article
from storage.content import fingerprint, instant_of
from storage.folding import folded
from storage.wording import plain

#: Words of a byline that join names are short (*by*, *and*, *por*, *von*); roles and places aren't.
_LONGEST_JOINT = 3
#: The length of a day in ISO 8601.
_DAY = 10


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Longer words that layouts put beside names, and that say nothing of who signs: what opens a
#: byline, and what tells when.
_AROUND = _listed(
    """
    author authors from posted published report reported reporting reports story text texts updated
    words write writes written wrote
    autor autora autoras autores actualizado actualizada desde escribe escribio escrita escrito
    publicada publicado redactado texto textos
    auteur ecrit publie mise jour texte autore scritto testo geschrieben veroffentlicht
    aktualisiert escritos atualizado atualizada
    hours hour minutes minute days last today yesterday ago hace horas minutos dias hoy ayer
    january february march april june july august september sept october november december
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre
    diciembre
    janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro
    janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre
    januar februar marz juni juli oktober dezember
    gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre
    monday tuesday wednesday thursday friday saturday sunday
    lunes martes miercoles jueves viernes sabado domingo
    """
)


def is_one_text(one: Article, other: Article) -> bool:
    """Whether no newsroom edited anything between two readings."""
    return fingerprint(_worded_as(one, other)) == fingerprint(_worded_as(other, one))


def _worded_as(article: Article, other: Article) -> Article:
    """The article without what is only another layout's way to say it."""
    if is_same_labels(article, other):
        article = replace(article, kicker=None, category=None)
    else:
        article = replace(
            article,
            kicker=_worded(article.kicker, other.kicker),
            category=_worded(article.category, other.category),
        )
    if is_same_date(article.published, other.published):
        article = replace(article, published=(article.published or "")[:_DAY] or None)
    if is_same_byline(article, other):
        article = replace(article, byline_raw=None)
    return article


def _worded(label: str | None, other: str | None) -> str | None:
    return label.casefold() if label and is_same_label(label, other) else label


def is_same_label(one: str | None, other: str | None) -> bool:
    """Whether two labels differ in nothing but case and setting.

    >>> is_same_label("ENVIRONMENT", "Environment"), is_same_label("Environment", "Nature")
    (True, False)
    """
    return plain(one or "").casefold() == plain(other or "").casefold()


def is_same_labels(one: Article, other: Article) -> bool:
    """Whether kicker and category say the same together: one layout prints over the headline what
    another files the article under, and a third does both."""
    return _labels(one) == _labels(other)


def _labels(article: Article) -> tuple[str, str]:
    """The category, or the kicker where there is none; and the kicker, where it is another."""
    kicker, category = (plain(each or "").casefold() for each in (article.kicker, article.category))
    return category or kicker, kicker if kicker != category and category else ""


def is_same_byline(one: Article, other: Article) -> bool:
    """Whether the same names sign with the same roles, whatever the words and dates around them."""
    if list(map(plain, one.authors)) != list(map(plain, other.authors)):
        return False
    if not one.authors:
        return plain(one.byline_raw or "") == plain(other.byline_raw or "")
    return _roles_in(one) == _roles_in(other)


def _roles_in(article: Article) -> list[str]:
    """What a byline says besides who signs: roles, places, agencies."""
    names = set(folded(" ".join(article.authors)).split())
    words = re.findall(r"\w+", folded(article.byline_raw or ""))
    return [word for word in words if word not in names and _may_be_role(word)]


def _may_be_role(word: str) -> bool:
    is_word = len(word) > _LONGEST_JOINT and not any(map(str.isdigit, word))
    return is_word and word not in _AROUND


def is_same_date(one: str | None, other: str | None) -> bool:
    """Whether two dates of publication agree as far as both of them go.

    The same instant in another zone is the same; so is a day without its time, a time without its
    zone or its seconds.

    >>> is_same_date("2026-12-13T02:00:00-05:00", "2026-12-13T02:00:00")
    True
    >>> is_same_date("2026-12-13T02:00:00-05:00", "2026-12-13")
    True
    >>> is_same_date("2026-12-13T02:00:00-05:00", "2026-12-13T03:00:00-05:00")
    False
    """
    if instant_of(one) == instant_of(other):
        return True
    here, there = _moment(one), _moment(other)
    if here is None or there is None or here.date() != there.date():
        return False
    if _DAY in (len(one or ""), len(other or "")):
        return True
    if not (here.tzinfo and there.tzinfo):
        here, there = here.replace(tzinfo=None), there.replace(tzinfo=None)
    if not (here.second and there.second):
        here, there = here.replace(second=0), there.replace(second=0)
    return here == there


def _moment(stated: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stated or "")
    except ValueError:
        return None


def is_coarser(one: Article, other: Article) -> bool:
    """Whether the one says of the same date of publication less than the other."""
    if not is_same_date(one.published, other.published):
        return False
    return instant_of(one.published) != instant_of(other.published) and (
        _fineness(one.published) < _fineness(other.published)
    )


def _fineness(stated: str | None) -> tuple[bool, bool, bool]:
    """Whether a date says a time, a zone, and seconds."""
    moment = _moment(stated)
    if moment is None:
        return (False, False, False)
    return (len(stated or "") > _DAY, moment.tzinfo is not None, moment.second > 0)
