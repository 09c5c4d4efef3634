"""The wording by which a reader recognises the parts of any news page, in many languages.

A profile adds its own landmarks to these. Openings are compared with the folded beginning of a
chunk (no case, no accents), whole texts with all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.parsing.text import clean, folded
from crawler.profile import Landmarks


def phrases(listed: str) -> tuple[str, ...]:
    """The phrases of a text that lists them with ``|`` between.

    >>> phrases("SEE ALSO | READ ALSO")
    ('SEE ALSO', 'READ ALSO')
    """
    return tuple(clean(phrase) for phrase in listed.split("|") if phrase.strip())


#: Landmarks that hold on any site, English and Spanish first, then the languages of the test pages.
ANY_SITE = Landmarks(
    see_also=phrases(
        """
        SEE ALSO | SEE MORE | READ ALSO | ALSO READ | READ MORE | READ NEXT | RELATED | MORE
        FROM | VEA TAMBIÉN | VEA ADEMÁS | VER TAMBIÉN | VÉASE TAMBIÉN | LEA TAMBIÉN | LEE
        TAMBIÉN | LEA MÁS | LEER MÁS | LEA ADEMÁS | TAMBIÉN LEA | TAMBIÉN PUEDE LEER | MÁS
        INFORMACIÓN | LE PUEDE INTERESAR | VEA MÁS | VER MÁS | MIRE TAMBIÉN | MIRA TAMBIÉN |
        CONSULTE TAMBIÉN | VER ADEMÁS | LEA | LEE | LE RECOMENDAMOS | TE PUEDE INTERESAR | LES
        RECOMENDAMOS LEER | LEIA TAMBÉM | LEIA MAIS | VEJA TAMBÉM | LIRE AUSSI | À LIRE AUSSI |
        LESEN SIE AUCH | MEHR ZUM THEMA | LEGGI ANCHE | LEES OOK | CZYTAJ TAKŻE | CZYTAJ TEŻ |
        LÄS OCKSÅ | LES OGSÅ | LÆS OGSÅ | LUE MYÖS | ЧИТАЙТЕ ТАКЖЕ | 关联阅读
        """
    ),
    related=phrases(
        """
        Related Content | Related Articles | Related Stories | Related Posts | Related News |
        Related | Related Coverage | Related Reading | More on this topic | More on this story |
        You may also like | You might also like | Read next | Recommended | Recommended for you
        | Keep reading | More stories | Contenido relacionado | Artículos relacionados |
        Historias relacionadas | Noticias relacionadas | Notas relacionadas | Entradas
        relacionadas | Relacionados | Relacionado | Relacionadas | Más sobre este tema | También
        te puede interesar | También le puede interesar | Te puede interesar | Siga leyendo |
        Lea también | Conteúdo relacionado | Artigos relacionados | Notícias relacionadas |
        Articles liés | Sur le même sujet | À lire aussi | Mehr zum Thema | Das könnte Sie auch
        interessieren | Verwandte Artikel | Potrebbe interessarti | Articoli correlati | Lees
        ook | Przeczytaj także | Recommended by our editors | Recommended stories | Recommended
        reading | Editor's picks | Editors' picks | Don't miss | You might like | More like this |
        More from this section | Auch interessant | Mehr Themen | Weitere Themen | Weitere Artikel |
        Ähnliche Artikel | Das könnte dich auch interessieren | Das könnte Ihnen auch gefallen |
        Passend zum Thema | Pour aller plus loin | Vous aimerez aussi | Você pode gostar |
        Você também pode gostar | Saiba mais | Notícias recomendadas | Ti potrebbe interessare |
        Zobacz także | Polecamy | Přečtěte si také | Mohlo by vás zajímat | Läs mer |
        Taip pat skaitykite | Skaityk daugiau | Loe ka | Lasi arī | İlgili haberler | По теме |
        Читайте також | 関連記事 | あわせて読みたい | おすすめ記事 | 相关阅读 | 相关新闻 |
        관련기사 | اقرأ أيضا | مواضيع ذات صلة | כתבות נוספות
        """
    ),
    furniture=phrases(
        """
        Share | Share this | Share this: | Share this article | Tweet | Print | Email | E-mail |
        Send | Save | Compartir | Comparte esto | Imprimir | Correo electrónico | Enviar |
        Guardar | Facebook | Twitter | X | WhatsApp | Telegram | LinkedIn | Copy link | Copiar
        enlace | Listen | Escuchar | Advertisement | Publicidad | Publicité | Anzeige | Werbung
        | Pubblicità | Advertentie | Reklama | Reklam | Annonse | Annons | Mainos | Advertising
        | Sponsored | Story continues below advertisement | Continue reading the main story |
        Click on the map to enlarge | Click to enlarge | Haga clic para ampliar | Back to top |
        volver arriba | Leave a comment | Comments | Comentarios | Read more | Leer más | Load
        more | Close | Cerrar | Sign up | Subscribe | Suscríbase | Donate | Donar | Skip to
        content | Saltar al contenido | icon | Follow us | Síganos | Top Stories | Most read |
        Lo más leído | Trending
        """
    ),
    notice=phrases(
        """
        Correction | Corrections | Corrección | Corrigendum | Clarification | Aclaración |
        Fe de erratas | Rectificación | Editor's note | Editors' note | Nota del editor |
        Nota de la redacción | Nota de edición | Nota de los editores | Update | Actualización |
        Reprinted with permission | Republished with permission | Reproducido con permiso |
        Read the full report | Download the full report | Download the report |
        Lea el informe completo | Descargue el informe completo | Watch the full conversation
        """
    ),
    licence=phrases(
        """
        This work is licensed under | Licensed under | Esta obra está bajo una licencia |
        Creative Commons
        """
    ),
    home=phrases(
        """
        Home | Inicio | Portada | Início | Accueil | Startseite | Start | Homepage
        """
    ),
)

#: A text that speaks of itself: where it first stood, what series it belongs to, who translated it.
#: The opening alone proves nothing ("This is the first time that …"): one of the things that such a
#: note is about has to follow.
ABOUT_ITSELF = re.compile(
    r"^[*†(\[\s]*(?:this|the following|(?:el|la) siguiente|est[ea]) "
    r"(?:(?:article|story|interview|post|piece|translation|text|investigation|feature|report"
    r"|art[ií]culo|nota|entrevista|texto|cr[oó]nica|reportaje|investigaci[oó]n|historia|traducci[oó]n"
    r"|entrega|serie)\b|(?:is|es) (?:part|parte|the|la|el|una?)\b).*?"
    r"\b(?:series\b|serie\b|entrega|installment|cap[ií]tulo|chapter|(?:two|three|four|five)-part"
    r"|(?:first|originally|previously) (?:published|appeared|ran)|(?:was|is|been"
    r"|and) (?:re)?published"
    r"|republicad|publicad[oa] (?:originalmente|por primera vez|en|por|con)|se public[oó]"
    r"|apareci[oó]"
    r"|translat|traducid|permission|permiso|edited (?:for|and)|editad[oa]|condensed|(?:been"
    r"|was) updated"
    r"|actualizad[oa]|originalmente|originally|(?:been|was) corrected|corregid[oa]|with assistance"
    r"|con (?:la )?(?:asistencia|colaboraci[oó]n|el apoyo)|reported with|produced (?:with|in))",
    re.I,
)
#: What may stand beside a date in a line that only dates.
DATED = re.compile(
    r"^\W*(?:(?:last )?(?:published|created|posted|updated|modified)|(?:publicad|cread"
    r"|actualizad|modificad)[oa]|[uú]ltima (?:actualizaci[oó]n|modificaci[oó]n)|fecha|date|stand"
    r"|ver[öo]ffentlicht|erstellt"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b(?:\W*(?:on|el|am|at|:|[^\W\d_]+day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo))*\W*$",
    re.I,
)
#: Paths of lists on most news systems: tags, sections, authors, further pages.
LISTING_PATH = re.compile(
    r"/(?:tags?|etiquetas?|category|categories|categorias?|kategorie|author|autor|topics?|temas?)/[^/]+/?$"
    r"|/page/\d+/?$",
    re.I,
)
#: Who else worked on an article: a note, not a sentence of it.
CONTRIBUTION = re.compile(
    r"^[*(\[\s]*(?:additional reporting|with reporting|reporting by|report(?:ed|ing) and writ"
    r"|edit(?:ed|ing) by|translat(?:ed|ion) by|fact-?check\w*|research by|graphics? by"
    r"|illustrations? by"
    r"|con reporter[ií]a|reporter[ií]a (?:de|adicional)|edici[oó]n de|editado por"
    r"|traducid[oa] por|traducci[oó]n (?:de|por)|verificaci[oó]n|investigaci[oó]n adicional)\b"
    r"|\bcontributed (?:to this|reporting|to the reporting)|\bcontribuy[óo](?:eron)? (?:a"
    r"|con) est[ea]\b|\bcolabor[óo](?:aron)? (?:en|con) est[ea]\b",
    re.I,
)
#: Lines that a site's machinery prints around a text, on any site.
MACHINERY = re.compile(
    r"^\W*(?:(?:was|is) this (?:article|content|page|story)\b.{0,12}\b(?:helpful|useful)"
    r"|did you find this\b.{0,20}\b(?:helpful|useful)"
    r"|filed under\b|tags?:|tagged(?: with)?:|etiquetas?:|the post\b.*\bappeared first on\b"
    r"|la entrada\b.*\b(?:se public[oó] primero|aparece primero)"
    r"|click to (?:share|email|print)\b|haz clic para compartir\b|like this:|loading\.{2,}"
    r"|\d* ?comments?\W*$|\d* ?comentarios?\W*$|leave a (?:reply|comment)|deja (?:un comentario"
    r"|una respuesta)"
    r"|(?:next|previous) (?:article|post|story)\b.{0,3}$|(?:siguiente|anterior) (?:art[ií]culo"
    r"|entrada)|print friendly|©|\(c\) ?\d{4}|copyright\b.{0,80}$|all rights reserved"
    r"|todos los derechos reservados|alle rechte vorbehalten"
    r"|(?:this|our) (?:web)?site uses cookies|este sitio (?:web )?(?:usa|utiliza) cookies"
    r"|please donate\b|(?:read|see|view|show) (?:more|all|less)\W*$|follow us\b|follow @"
    r"|s[ií]ganos en|s[ií]guenos en|folgen sie uns"
    r"|sign up (?:for|to|here)\b|subscribe (?:to|for|now|here)\b|suscr[ií]b(?:ase|ete) (?:a|al"
    r"|aqu[ií])\b|get (?:the|our|more) .{0,60}\b(?:newsletter|inbox)\b"
    r"|reciba .{0,60}\b(?:bolet[ií]n|correo)\b"
    r"|(?:want|looking for) more .{0,60}\?|have a (?:tip|story)\b|(?:email|contact"
    r"|reach) (?:the author|him|her|us) (?:at|on)\b|share (?:this|on|via)\b.{0,40}$"
    r"|compartir (?:en|por|este)\b.{0,40}$"
    r"|advertisement\b|story continues|article continues|continue reading|read the (?:full"
    r"|original|rest)|source:|fuente:|quelle:|via:"
    r"|(?:\d+ )?(?:min(?:ute)?s? read|minutos de lectura)|reading time\b|tiempo de lectura\b"
    r"|listen to this (?:article|story)|escuche este|\d[\d.,]* (?:shares?|views?|vistas)\W*$"
    r"|font size\b"
    r"|tweet this|save for later|bookmark this|jump to comments|print \W email|\[embed\]|https?://\S+$"
    r"|video player|\d\d:\d\d(?: \d\d:\d\d)*\W*$|view this post on|a post shared by"
    r"|this content is blocked"
    r"|join (?:the conversation|our|us)\b.{0,60}$|download (?:the|our) .{0,30}app\b"
    r"|enable (?:javascript|cookies)|your browser does not)",
    re.I,
)
#: Headings at which the readers begin to speak.
COMMENTS_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:comments?|comentarios?|kommentare?|commentaires?|leave a (?:reply|comment)"
    r"|deja (?:un comentario|una respuesta))(?:\s*\(?\d+\)?)?\W*$",
    re.I,
)
#: A line of the machinery has at most this many words.
MACHINERY_WORDS = 30
#: Openings of a photo credit that stands alone.
CREDITS = tuple(
    map(
        folded,
        phrases(
            """
            Top: AP | Top: AFP | Photo by | Photos by | Top photo | Top image | Image credit
            | Photo credit | Photo
            c/o | Graphic c/o | Graphic courtesy | Photo courtesy | Video courtesy | Featured
            image | Imagen destacada | Foto de portada | Crédito de la foto | Foto: | Photo: |
            Credit: | Crédito:
            """
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Landmarks folded for comparison, a profile's added to those of any site."""

    analysis: frozenset[str]
    analysis_squeezed: frozenset[str]
    see_also: tuple[str, ...]
    end: tuple[str, ...]
    end_pattern: re.Pattern[str] | None
    related: frozenset[str]
    furniture: frozenset[str]
    notice: tuple[str, ...]
    licence: tuple[str, ...]
    kickers: frozenset[str]
    home: frozenset[str]


_merged: dict[Landmarks, Wording] = {}


def wording_of(own: Landmarks) -> Wording:
    """The wording to read a site by."""
    wording = _merged.get(own)
    if wording is None:
        wording = _merged[own] = _merge(own)
    return wording


def _merge(own: Landmarks) -> Wording:
    def all_of(name: str) -> list[str]:
        return [folded(entry) for entry in (*getattr(own, name), *getattr(ANY_SITE, name))]

    return Wording(
        analysis=frozenset(all_of("analysis")),
        analysis_squeezed=frozenset(each.replace(" ", "") for each in all_of("analysis")),
        see_also=tuple(sorted(set(all_of("see_also")), key=len, reverse=True)),
        end=tuple(all_of("end")),
        end_pattern=re.compile("|".join(own.end_patterns)) if own.end_patterns else None,
        related=frozenset(all_of("related")),
        furniture=frozenset(all_of("furniture")),
        notice=tuple(all_of("notice")),
        licence=tuple(all_of("licence")),
        kickers=frozenset(all_of("kickers")),
        home=frozenset(all_of("home")),
    )
