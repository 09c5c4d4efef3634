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
        CONSULTE TAMBIÉN | VER ADEMÁS | LEA | LEE | LE RECOMENDAMOS | MIRA | TE PUEDE INTERESAR |
        LES
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
        Fe de erratas | Fe de errores | Rectificación | Errata | Erratum | Errata corrige |
        Correção | Rectificatif | Korrekturhinweis | Nota da redação | Nota do editor |
        Editor's note | Editors' note | Nota del editor |
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
    r"^\W*(?:(?:last |first |web )?(?:published|created|posted|updated|modified)|(?:publicad|cread"
    r"|actualizad|modificad)[oa]|[uú]ltima (?:actualizaci[oó]n|modificaci[oó]n)|fecha|date|stand"
    r"|ver[öo]ffentlicht|erstellt"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b(?:\W*(?:on|el|am|at|:|[^\W\d_]+day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
    r"|\d{1,2}[:.h]\d\d(?: ?[ap]\.? ?m\b)?|[ecmpbgw][ds]?[ms]?t\b|\(?\d{4} gmt|uhr|hrs|h))*\W*$",
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
    r"^\W*(?:filed under\b|tags?:|tagged(?: with)?:|etiquetas?:|(?:topics?|temas|themen|schlagworte"
    r"|keywords|palabras clave|mots[- ]cl[eé]s):|the post\b.*\bappeared first on\b"
    r"|la entrada\b.*\b(?:se public[oó] primero|aparece primero)"
    r"|click to (?:share|email|print)\b|haz clic para compartir\b|like this:|loading\.{2,}"
    r"|\d* ?comments?\W*$|\d* ?comentarios?\W*$|leave a (?:reply|comment)|deja (?:un comentario"
    r"|una respuesta)"
    r"|(?:next|previous) (?:article|post|story)\b.{0,3}$|(?:siguiente|anterior) (?:art[ií]culo"
    r"|entrada)|print friendly|printed from\b.{0,20}https?:|©|\(c\) ?\d{4}|copyright\b.{0,80}$"
    r"|all rights reserved"
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
    r"|[(（【\[]?(?:责编|責編|责任编辑|責任編輯|编辑|編輯)\s*[:：]|[가-힣]{2,4}\s?(?:선임|수습|전문|인턴)?(?:기자|특파원)"
    r"\s*[(\[=]?\s*\S+@\S+$|저작권자\W"
    r"|tweet this|save for later|bookmark this|jump to comments|print \W email|\[embed\]|https?://\S+$"
    r"|video player|\d\d:\d\d(?: \d\d:\d\d)*\W*$|view this post on|a post shared by"
    r"|this content is blocked"
    r"|join (?:the conversation|our|us)\b.{0,60}$|download (?:the|our) .{0,30}app\b"
    r"|enable (?:javascript|cookies)|your browser does not"
    r"|(?:what (?:are your thoughts|do you think)|qu[eé] (?:piensas?|opinas?|te parece))\b.{0,60}"
    r"\b(?:comments?\b|click|write (?:to|us)|e-?mail|tell us|let us know|comentarios?\b|cli[ck]"
    r"|escr[ií]b|env[ií]\w+|cu[eé]nt\w+)"
    r"|(?:click here|haga clic aqu[ií]|haz clic aqu[ií]) (?:to|para) (?:send|share|submit|leave"
    r"|comment|enviar|compartir|dejar|comentar)\b"
    r"|(?:tell|send|write) us (?:what you think|your (?:thoughts|comments|views|feedback|opinion))"
    r"|(?:share|compartir|comparte|teilen|partager|condividi|compartilhar)"
    r"(?:\W+(?:icons?|buttons?|links?|facebook|twitter|x|whats ?app|e-?mail|linkedin|telegram|print"
    r"|instagram|pinterest|reddit|tweet|bluesky|mastodon|threads|copy|copiar|enlace|imprimir"
    r"|correo))+\W*$)",
    re.I,
)
_NETWORKS = (
    r"(?:facebook|twitter|x|instagram|tik ?tok|youtube|threads|linkedin|whatsapp|telegram|bluesky"
    r"|mastodon|flipboard|google news|spotify|apple podcasts)\b"
)
#: Paragraphs in which an outlet speaks to its readers: of itself, its shops, its letters, its data.
APPEAL = re.compile(
    r"^\W{0,12}(?:"
    # Follow, listen, write to us.
    rf"(?:(?:you can |don.t forget to )?(?:follow|find|join|like|like and follow)|s[ií]gu?[ae]?\w*"
    rf"|[uú]ne?te|folgen sie|folgt|suivez) .{{1,80}}\b(?:on|at|en|auf|sur|bei) {_NETWORKS}"
    rf"|(?:listen to|watch|stream) .{{1,60}} (?:on|live|at) (?:{_NETWORKS}|\d)"
    r"|[^.!?]{2,120}\b(?:can|may) be (?:reached|contacted|followed|emailed)\b"
    r"|(?:you can )?(?:contact|e-?mail|reach|write to|tweet) [^.!?]{1,60}(?:\S@\S|@\w)"
    r"|[^.!?]{0,80}[.!?] (?:email|contact|follow) (?:us|him|her|them|me) (?:at|on)\b"
    r"|.{0,80}\bsign up (?:for|to) .{0,80}\b(?:newsletters?|today|inbox|emails?)\b"
    r"|(?:this|our) newsletter\b|thanks for signing up|your subscription has been"
    # Shops and advertisers.
    r"|if you (?:purchase|buy|click|shop)\b.{1,120}\b(?:may|might|will)\b"
    r"|.{0,100}\b(?:may|might) (?:earn|receive|get|make|collect|contain)\b.{0,60}"
    r"\b(?:commissions?|compensation|share of|percentage|affiliate)"
    r"|.{0,80}\b(?:independently|hand|carefully)[- ]?(?:selected|picked|reviewed|chosen|curated)"
    r"\b.{0,30}\bby our\b"
    r"|(?:this|the) (?:story|article|post|page|content) (?:contains|may contain|includes) affiliate"
    r"|.{0,60}\baffiliate-links?\b|prices? (?:(?:and|are|is|was|were)\b.{0,60})"
    r"(?:time of publi|subject to change|accurate)"
    # Support, and what the outlet is.
    r"|(?:our|your|independent) .{0,30}journalism (?:needs|depends|relies|is)\b"
    r"|support (?:our|independent|local|quality|this)\b.{0,30}\b(?:journalism|work|newsroom)"
    r"|(?:our|this) (?:website|newsroom|site|paper) is (?:the|your) (?:place|destination|source)"
    r" for"
    r"|[\w'’]+(?: [\w'’]+){0,3}(?:['’]s mission is| is committed to publishing)"
    r"|disclaimer:|comments on this (?:piece|article|story) are"
    r"|(?:the )?views expressed (?:in this|here|by|are)\b"
    # Embedded things that did not load or want consent.
    r"|we apologi[sz]e, but this video|try refreshing your browser|this video is not available"
    r"|an dieser stelle (?:findest|finden|befindet|steht)\b.{0,60}\bextern"
    r"|personenbezogene daten (?:k[öo]nnen|werden)\b|ich bin damit einverstanden, dass"
    r"|empfohlener (?:redaktioneller )?inhalt\b|este contenido (?:externo|no est[aá])\b"
    # Programme notes.
    r"|dieses thema im programm|[üu]ber dieses thema berichtete|sendung:|redaktion:|faktencheck:"
    r"|hier (?:geht es|geht.s|finden sie|findest du) .{0,60}\b(?:newsletter|podcast|app)\b"
    r"|.{0,160}\b(?:newsletter|whatsapp-kanal|push-nachrichten)\b.{0,40}\b(?:abonnieren|anmelden"
    r"|bestellen|an|suscr[ií]b\w+)\W*$"
    r")",
    re.I,
)
#: An appeal has at most so many words and letters.
APPEAL_WORDS, APPEAL_LETTERS = 90, 900
#: The question whether a text was of use, which stands under it.
_FEEDBACK = re.compile(
    r"^\W*(?:(?:was|is) this (?:article|content|information|page|post|story)\b.{0,12}"
    r"\b(?:helpful|useful|interesting)|(?:did you find|have you found) this\b.{0,20}"
    r"\b(?:helpful|useful|interesting)|how (?:helpful|useful) was this\b.{0,20}"
    r"|(?:[lt]e )?(?:fue|result[oó]|ha sido|ha resultado|pareci[oó]) (?:de utilidad|[uú]til"
    r"|interesante) est[ea]\b.{0,20}|este (?:artigo|conte[uú]do) foi [uú]til"
    r"|(?:war|ist|fanden sie) dies(?:er?|en) (?:artikel|beitrag|inhalt|seite)\b.{0,10}"
    r"\b(?:hilfreich|n[uü]tzlich)\b.{0,12}|cet article vous a-t-il [eé]t[eé] utile"
    r"|(?:questo|ti [eè] stato utile questo) articolo\b.{0,20})\W*\?"
    r"\W*(?:(?:yes|no|s[ií]|ja|nein|oui|non|sim|n[aã]o|\d+|thumbs? (?:up|down))\b\W*)*$",
    re.I,
)


def asks_of_use(text: str) -> bool:
    """Whether a line asks its readers whether they found the text useful.

    >>> asks_of_use("Was this article helpful? Yes No"), asks_of_use("¿Fue útil este contenido?")
    (True, True)
    """
    return len(text) <= 100 and "?" in text and _FEEDBACK.match(text) is not None


#: The link to itself, or to an editor, that software puts behind a heading.
_ANCHOR = re.compile(
    r"\s*(?:[#¶§🔗]+|\[\s*(?:edit|editar|bearbeiten|modifier|modifica|edytuj|править|редагувати"
    r"|redigera|rediger|bewerken|編集|编辑|編輯|편집)\b[^\]]{0,60}\])$",
    re.I,
)


def without_anchor(heading: str) -> str:
    """A heading without the sign of the link to itself; one that is nothing else stays.

    >>> without_anchor("What happens next#"), without_anchor("Next [edit]"), without_anchor("C#")
    ('What happens next', 'Next', 'C#')
    """
    bare = _ANCHOR.sub("", heading)
    return bare if len(bare) > 1 else heading


#: A newsroom that tells others how they may print its text.
REPUBLISHING = re.compile(
    r"^\W*(?:(?:we|this|you|our|all|readers|please|feel|alentamos|invitamos|animamos|puede|este"
    r"|esta|se|los|todos)\b.{0,60})?"
    r"\b(?:copy and distribute|copied and distributed|re-?publish(?:ed)?|reprint(?:ed)?"
    r"|copiar y distribuir|republicar|reproducir|reproducid[oa]s?)\b.{0,120}"
    r"\b(?:non-?commercial|attributi?on|attributed|with credit|crediting|under (?:a|the) creative"
    r"|no comerciales?|atribuci[oó]n|citando (?:la|su) fuente|bajo (?:una )?licencia)",
    re.I,
)
#: What a newsroom asks its readers for, and what the button under it says.
_ASKED_FOR = re.compile(
    r"\b(?:support|resources|donat\w+|contribut\w+|fund\w*|help|members?\w*|journalism|apoy\w+"
    r"|recursos|donaci[oó]n\w*|ayud\w+|periodismo|unterst[uü]tz\w+|spend\w+|soute\w+|dons?"
    r"|sosten\w+|steun\w*)\b",
    re.I,
)
_OURSELVES = re.compile(
    r"\b(?:we|us|our|nosotros|nuestr[oa]s?|queremos|necesitamos|dependemos|wir|uns|unsere?n?"
    r"|nous|notre|nos|noi|nostr[oaie]|n[oó]s|noss[oa]s?|wij|ons|onze)\b",
    re.I,
)
_DONATE = re.compile(
    r"^\W*(?:donate(?: (?:now|today|here))?|donation|don(?:ar|[ae])(?: (?:ahora|ora|aqu[ií]))?"
    r"|haga una donaci[oó]n|support us|contribute(?: now)?|become a (?:member|supporter|patron)"
    r"|ap[oó]y[ea](?:nos)?|jetzt spenden|spenden|faire un don|je donne|fai una donazione|doe mee"
    r"|doneer(?: nu)?|doar|apoie)\W*$",
    re.I,
)
#: A paragraph that asks for money has at most so many words.
ASKING_WORDS = 60


def is_donate_button(text: str) -> bool:
    """Whether a text is what stands on a button that takes money.

    >>> is_donate_button("Donate now"), is_donate_button("They donate now to a party.")
    (True, False)
    """
    return len(text) <= 40 and _DONATE.match(text) is not None


def asks_for_money(text: str, button: str) -> bool:
    """Whether a paragraph asks the readers for money: it says so, and a button under it says where.

    >>> asks_for_money("We can only go on with your support.", "Donate now")
    True
    >>> asks_for_money("We can only go on with your support, he told them.", "Read more")
    False
    """
    return (
        is_donate_button(button)
        and len(text.split()) <= ASKING_WORDS
        and _ASKED_FOR.search(text) is not None
        and _OURSELVES.search(text) is not None
    )


#: How pages ask for consent to store data (the wording of IAB Europe's framework and of its like).
_CONSENT = re.compile(
    r"\b(?:we|nous|wir|noi|n[oó]s|nosotros|wij|vi|my) "
    r"(?:and|y|und|et|e|en|og|och|i) (?:our|(?:los )?nuestr[oa]s|unsere?|nos|i nostri"
    r"|(?:os )?nossos|onze|våre|våra|vores|nasi)\b.{0,12}"
    r"\b(?:partners?|socios|parceiros|partenaires|partnere?|partnerzy|proveedores)\b"
    r"|\b(?:store and/?(?:or )?access|speichern und/?(?:oder )?abrufen"
    r"|almacenar (?:y/?o? )?acceder|stocker et/?(?:ou )?acc[ée]der|archiviare (?:e/o )?accedere)\b"
    r"|\b(?:withdraw(?:ing)?|change|revoke|manage) (?:your|my) (?:consent|choices|preferences)\b"
    r"|\bby clicking\b.{0,60}\b(?:accept|agree|consent)|\bmit (?:einem )?klick auf\b.{0,60}\b(?:akz"
    r"|zustimm|einverstanden)|\bal hacer clic en\b.{0,40}\bacept|\ben cliquant sur\b.{0,40}\baccept"
    r"|\bcliccando su\b.{0,40}\baccett|\bao clicar em\b.{0,40}\b(?:aceit|concord)"
    r"|\bihre einwilligung\b.{0,40}\bwiderrufen|\bretirar (?:su|tu) consentimiento"
    r"|\bretirer votre consentement|\bprocess(?:es)? (?:personal )?data to provide\b"
    r"|\b(?:this|our) (?:web)?site (?:stores|uses) cookies\b",
    re.I,
)
#: One of them is in all that ``_CONSENT`` finds: most paragraphs are asked for these alone.
_CONSENT_STEMS = (
    *("partn", "socios", "parceir", "proveedor", "store and", "abruf", "almacenar", "stocker"),
    *("archiviare", "clic", "klick", "widerruf", "retir", "withdraw", "your ", "my ", "cookies"),
    "data to",
)
_DATA = re.compile(
    r"\bcookies?\b|\bconsent|\bpersonal(?:ised|ized)? data\b|\btrack(?:ers|ing)\b|\bdevice\b"
    r"|\bidentifiers?\b|\bdatos\b|\bdados\b|\bdaten\b|\bdonn[ée]es\b|\bdati\b|\bgegevens\b"
    r"|\bconsentimi?ento|\bconsentement|\bconsenso|\beinwilligung|\bzustimmung|\btoestemming"
    r"|\bsamtykke|\bsamtycke|\bdane\b",
    re.I,
)


def asks_consent(text: str) -> bool:
    """Whether a paragraph asks its readers for consent to cookies and the like.

    >>> asks_consent("We and our 812 partners store personal data on your device.")
    True
    >>> asks_consent("The ministry wants cookies to need consent from next year, it said.")
    False
    """
    small = text.lower()
    if not any(stem in small for stem in _CONSENT_STEMS):
        return False
    return _DATA.search(text) is not None and _CONSENT.search(text) is not None


#: Headings at which the readers begin to speak.
COMMENTS_HEADING = re.compile(
    r"^\W*(?:\d+\s+)?(?:comments?|comentarios?|kommentare?|commentaires?|leave a (?:reply|comment)"
    r"|deja (?:un comentario|una respuesta))(?:\s*\(?\d+\)?)?\W*$",
    re.I,
)
#: A line of the machinery has at most this many words.
MACHINERY_WORDS = 30
#: How pages say that the rest is for subscribers, at the beginning of a line.
_WALL = re.compile(
    r"^[^\w“\"«„‘']*(?:"
    # English
    r"(?:please )?(?:subscribe|register|sign ?(?:up|in)|log ?in|become an? (?:\w+ )?(?:member"
    r"|subscriber)|join|start your (?:free )?trial|create an? (?:free )?account)\b.{0,50}\bto"
    r" (?:continue|keep|read|unlock|access|finish|see (?:the )?(?:full|rest))\b"
    r"|to (?:continue|keep|finish|go on) reading\W*$"
    r"|to (?:continue|keep|finish|go on) reading\b.{0,60}\b(?:subscri|regist|log ?in"
    r"|sign ?(?:in|up)|account|member|trial)"
    r"|to (?:read|unlock|access|continue)\b.{0,60}\b(?:subscri|regist|log ?in|sign ?(?:in|up)"
    r"|member)"
    r"|(?:this|the (?:full|rest of (?:this|the))) (?:\w+ )?(?:article|story|content|page|post"
    r"|piece)"
    r" is (?:\w+ ){0,2}(?:for|to|available|reserved|exclusive|free)\b.{0,30}"
    r"(?:subscriber|member|registered)"
    r"|(?:exclusive |premium )?(?:content |article )?for (?:our )?(?:paid |paying |registered )?"
    r"(?:subscribers|members)(?: only)?\W*$"
    r"|(?:subscribers?|members?)[- ](?:only|exclusive)\b"
    r"|already an? (?:subscriber|member)\b"
    r"|you(?:['’]ve| have) (?:reached|read|used)\b.{0,40}\b(?:limit|free|articles?)\b"
    # Spanish, Portuguese, Italian, French
    r"|(?:suscr[ií]b\w+|reg[ií]str\w+|inici\w+ sesi[oó]n|h[aá]zte \w+|hazte \w+)\b.{0,40}\bpara"
    r" (?:seguir|continuar|leer|acceder|ver|desbloquear)\b"
    r"|para (?:seguir|continuar) leyendo\b"
    r"|(?:este |esta |el )?(?:contenido|art[ií]culo|noticia|nota)\b.{0,30}\b(?:exclusiv\w+"
    r"|reservad\w+|solo|s[oó]lo)\b.{0,20}\b(?:suscriptor|socio|abonad|registrad)"
    r"|(?:exclusivo|s[oó]lo|solo) para (?:suscriptores|socios|abonados)\b"
    r"|ya (?:eres|es|soy) suscriptor"
    r"|(?:este )?(?:conte[uú]do|artigo|texto)\b.{0,30}\b(?:exclusivo|restrito)\b.{0,15}\bassinantes"
    r"|(?:assine|cadastre-se|fa[cç]a login)\b.{0,40}\bpara (?:continuar|ler|acessar)\b"
    r"|(?:questo |il )?(?:articolo|contenuto)\b.{0,15}\b(?:riservato|esclusivo)\b.{0,15}"
    r"\b(?:abbonati|iscritti)"
    r"|(?:abbonati|registrati|accedi)\b.{0,30}\bper (?:continuare|leggere)\b"
    r"|(?:cet? |la |l['’])?(?:article|suite|contenu)\b.{0,30}\br[eé]serv[eé]e?s?\b.{0,15}\b(?:abonn"
    r"|membres|inscrits)"
    r"|il vous reste \d+ ?% "
    r"|(?:abonnez|inscrivez|connectez)-vous\b.{0,40}\bpour\b.{0,20}\b(?:lire|continuer|acc[eé]der"
    r"|poursuivre)"
    # German, Dutch, the north
    r"|(?:jetzt |gleich |hier )?weiterlesen (?:mit|f[uü]r|nach|als|im)\b"
    r"|(?:dieser|der|die|das) (?:ganze |vollst[aä]ndige )?(?:artikel|text|beitrag|inhalt)"
    r" (?:ist|steht|gibt es)\b.{0,40}(?:abonnent|\babo\b|registriert|mitglied)"
    r"|(?:nur|exklusiv) f[uü]r (?:abonnent|mitglieder|registrierte)"
    r"|(?:bitte )?(?:registrieren|melden|loggen) sie sich\b.{0,60}(?:weiter|lesen|zugang)"
    r"|sie (?:sind|haben) (?:bereits|schon) (?:ein )?(?:abonnent|\babo\b)"
    r"|(?:dit|deze) (?:artikel|verhaal)\b.{0,20}\b(?:alleen|exclusief)\b.{0,30}\b(?:abonnee|leden)"
    r"|(?:den h[aä]r|denne|dette|detta) (?:artik\w+|sak\w+)\b.{0,40}(?:prenumerant|abonnent)"
    # Polish, Russian, Chinese, Japanese, Korean
    r"|(?:ten )?(?:artyku[lł]|tekst)\b.{0,40}(?:prenumerator|subskrybent)"
    r"|(?:этот )?(?:материал|текст)\b.{0,20}только\b.{0,10}подписчик|подпишитесь, чтобы (?:читать"
    r"|продолжить|дочитать)"
    r"|订阅.{0,6}(?:继续|阅读)|(?:本文|全文).{0,8}(?:订阅|会员|付费)"
    r"|(?:この記事|続き).{0,20}会員|残り.{0,8}文字|이 기사는.{0,12}(?:구독|회원)"
    r")",
    re.I,
)
#: A wall's line has at most this many words.
WALL_WORDS = 28


def is_wall(text: str) -> bool:
    """Whether a line says that the rest of the text is for subscribers.

    >>> is_wall("Subscribe to continue reading"), is_wall("They subscribe to continue a tradition.")
    (True, False)
    """
    return len(text) <= 240 and len(text.split()) <= WALL_WORDS and _WALL.match(text) is not None


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
