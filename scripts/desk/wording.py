"""What the desk says, in English and Spanish, with dates and numbers as each writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

LANGUAGES = {"en": "English", "es": "Español"}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre",
}

#: A narrow space, as the Real Academia asks for; numbers of four figures have none.
_THOUSANDS = {"en": ",", "es": "\N{NARROW NO-BREAK SPACE}"}

_TEXTS: dict[str, tuple[str, str]] = {
    # the frame
    "archive": ("News archive", "Archivo de prensa"),
    "skip": ("Skip to the content", "Ir al contenido"),
    "menu": ("Main menu", "Menú principal"),
    "search": ("Search", "Buscar"),
    "authors": ("Authors", "Autores"),
    "categories": ("Categories", "Categorías"),
    "tags": ("Tags", "Etiquetas"),
    "sites": ("Sites", "Sitios"),
    "changes": ("Edits", "Cambios"),
    "coverage": ("Coverage", "Cobertura"),
    "crawls": ("Crawls", "Rastreos"),
    "tables": ("Tables and SQL", "Tablas y SQL"),
    "other_language": ("Español", "English"),
    "read_only": (
        "Read-only, on this machine: no page of this desk asks anything of the network.",
        "Solo lectura, en este equipo: ninguna página de este escritorio pide nada a la red.",
    ),
    "as_data": ("These rows as data", "Estas filas como datos"),
    "take_rows": ("All of these as a file", "Todo esto en un archivo"),
    "spreadsheet": ("spreadsheet", "hoja de cálculo"),
    "take_plot": ("Take this plot away", "Llevarse este gráfico"),
    "numbers_csv": ("its numbers as CSV", "sus cifras en CSV"),
    "plot_share": ("share of all articles", "proporción de todos los artículos"),
    "too_many_rows": (
        "More than a page gives away: `hemeroteca export` takes all.",
        "Más de lo que entrega una página: `hemeroteca export` se lo lleva todo.",
    ),
    "share_search": ("Share or cite this search", "Compartir o citar esta búsqueda"),
    "pinned": (
        "The same search, with the archive as it stands today",
        "La misma búsqueda, con el archivo tal como está hoy",
    ),
    "some_words": ("at least {least} of the words", "al menos {least} de las palabras"),
    "quoted": ("“{query}”", "«{query}»"),
    "excerpt": (
        "This archive is an excerpt of another: {n} of {of} articles, taken on {day} ({what}). "
        "What it lacks was left out, and is no silence.",
        "Este archivo es un extracto de otro: {n} de {of} artículos, tomados el {day} ({what}). "
        "Lo que le falta se dejó fuera, y no es silencio.",
    ),
    "search_told": (
        "{what}: {n} article found in the archive {archive} on {day}."
        "|{what}: {n} articles found in the archive {archive} on {day}.",
        "{what}: {n} artículo hallado en el archivo {archive} el {day}."
        "|{what}: {n} artículos hallados en el archivo {archive} el {day}.",
    ),
    "search_complete": (
        "The archive had {percent} of what its sites listed for that time.",
        "El archivo tenía el {percent} de lo que sus sitios listaron para ese tiempo.",
    ),
    "search_gaps": (
        "It has gaps in {n} month of it.|It has gaps in {n} months of it.",
        "Tiene lagunas en {n} mes de ese tiempo.|Tiene lagunas en {n} meses de ese tiempo.",
    ),
    "all_as_csv": ("all as CSV", "todo en CSV"),
    "share": ("Address to share", "Dirección para compartir"),
    "show_table": ("The same as a table", "Lo mismo en una tabla"),
    "more": ("more", "más"),
    "none": ("none", "ninguno"),
    "unknown": ("unknown", "desconocido"),
    # the start page
    "ask": ("Ask the archive", "Pregunte al archivo"),
    "held": ("What it holds", "Lo que contiene"),
    "n_articles": ("{n} article|{n} articles", "{n} artículo|{n} artículos"),
    "n_sites": ("{n} site|{n} sites", "{n} sitio|{n} sitios"),
    "n_words": ("{n} word|{n} words", "{n} palabra|{n} palabras"),
    "by_time": ("By time", "Por tiempo"),
    "to_classes": ("To classes and sites", "A clases y sitios"),
    "n_edits": ("{n} edit|{n} edits", "{n} cambio|{n} cambios"),
    "n_analyses": (
        "{n} with an analysis of its own|{n} with an analysis of their own",
        "{n} con análisis propio|{n} con análisis propio",
    ),
    "from_to": ("from {first} to {last}", "de {first} a {last}"),
    "newest": ("Newest articles", "Artículos más recientes"),
    "all_articles": ("All articles", "Todos los artículos"),
    "empty_archive": (
        "The archive holds no article yet. Crawl a site into it, and load this page again.",
        "El archivo aún no contiene artículos. Rastree un sitio y vuelva a cargar esta página.",
    ),
    "complete": (
        "{percent} of what its sites listed is here.",
        "Aquí está el {percent} de lo que sus sitios listaron.",
    ),
    "complete_unknown": (
        "No crawl has read the lists of these sites to their end, so nobody can say how complete "
        "this is.",
        "Ningún rastreo ha leído hasta el final las listas de estos sitios: nadie puede decir cuán "
        "completo está esto.",
    ),
    "see_coverage": ("See what is missing", "Ver qué falta"),
    # timelines
    "over_time": ("Over time", "A lo largo del tiempo"),
    "by_year": ("Articles by year", "Artículos por año"),
    "by_month": ("Articles by month", "Artículos por mes"),
    "timeline": (
        "{what}, {first} to {last}; the most, {most}, {peak}.",
        "{what}, de {first} a {last}; el máximo, {most}, {peak}.",
    ),
    "timeline_even": (
        "{what}, {first} to {last}; never more than {most}.",
        "{what}, de {first} a {last}; nunca más de {most}.",
    ),
    "gap_legend": (
        "Hatched: the archive lacks pages that were listed for this time.",
        "Rayado: al archivo le faltan páginas que se listaron para ese tiempo.",
    ),
    "share_of_whole": ("{share} of all articles", "el {share} de todos los artículos"),
    "share_by_year": ("Share of all articles by year", "Proporción de todos los artículos por año"),
    "share_by_month": (
        "Share of all articles by month",
        "Proporción de todos los artículos por mes",
    ),
    "plot_of": ("Plot", "Gráfico"),
    "measure_articles": ("number of articles", "número de artículos"),
    "measure_share": ("share of all articles", "proporción de todos"),
    "unit_by_year": ("by year", "por año"),
    "unit_by_month": ("by month", "por mes"),
    "until_day": ("to {day}", "al {day}"),
    "pale_legend": (
        "Pale: listed by the sites.",
        "Pálido: listado por los sitios.",
    ),
    "gap_mark": ("with gaps", "con lagunas"),
    "undated": ("{n} without a date|{n} without a date", "{n} sin fecha|{n} sin fecha"),
    "year": ("Year", "Año"),
    "month": ("Month", "Mes"),
    "period": ("Period", "Período"),
    "share_of_all": ("Of all articles", "De todos los artículos"),
    "articles": ("Articles", "Artículos"),
    # search
    "search_label": ("Words to search for", "Palabras que buscar"),
    "search_title": ("Search: {query}", "Búsqueda: {query}"),
    "search_hint": (
        'Words, "a phrase", cartel*, NOT word, this OR that',
        'Palabras, "una frase", cártel*, NOT palabra, esto OR aquello',
    ),
    "refine": ("More ways to ask", "Más formas de preguntar"),
    "how_to_ask": ("How to ask", "Cómo preguntar"),
    "inside": ("Look in", "Buscar en"),
    "in_everything": ("everything", "todo"),
    "in_headline": ("headlines", "titulares"),
    "in_headline,deck": ("headlines and decks", "titulares y bajadas"),
    "in_body": ("the reporting", "el reportaje"),
    "in_analysis": ("the newsroom's analysis", "el análisis de la redacción"),
    "in_byline": ("bylines", "firmas"),
    "in_tags": ("tags", "etiquetas"),
    "in_captions": ("captions", "pies de foto"),
    "in_notices": ("notices", "avisos"),
    "since": ("From", "Desde"),
    "until": ("Until", "Hasta"),
    "day_hint": ("2016-07-11 or 2016", "2016-07-11 o 2016"),
    "sort": ("Order", "Orden"),
    "sort_relevance": ("best first", "más relevantes primero"),
    "sort_newest": ("newest first", "más recientes primero"),
    "sort_oldest": ("oldest first", "más antiguos primero"),
    "found": ("{n} article found|{n} articles found", "{n} hallado|{n} hallados"),
    "found_some": (
        "No article has all {words} words. {n} has at least {least} of them"
        "|No article has all {words} words. {n} have at least {least} of them",
        "Ningún artículo tiene las {words} palabras. {n} tiene al menos {least} de ellas"
        "|Ningún artículo tiene las {words} palabras. {n} tienen al menos {least} de ellas",
    ),
    "without": ("without", "sin"),
    "found_none": ("Nothing found.", "No se halló nada."),
    "found_none_help": (
        "Try fewer words, a word's beginning with *, or take a filter away.",
        "Pruebe con menos palabras, con el comienzo de una palabra y *, o quite un filtro.",
    ),
    "found_none_bare": (
        "Try fewer words, or a word's beginning with *.",
        "Pruebe con menos palabras, o con el comienzo de una palabra y *.",
    ),
    "each_word": ("Each word by itself", "Cada palabra por separado"),
    "names_known": ("The archive knows", "El archivo conoce"),
    "formerly": (
        "Earlier versions of articles said so, and were edited since:",
        "Versiones anteriores de artículos lo decían, y se editaron después:",
    ),
    "to_filters": ("To the filters", "A los filtros"),
    "crossed": (
        "The time from {since} until {until} ends before it begins: exchange the two.",
        "El tiempo desde {since} hasta {until} termina antes de empezar: intercámbielos.",
    ),
    "did_you_mean": ("Did you mean", "¿Quiso decir"),
    "shown": ("{first}–{last} of {n}", "{first}–{last} de {n}"),
    "next": ("Next page", "Página siguiente"),
    "previous": ("Previous page", "Página anterior"),
    "pages": ("Pages", "Páginas"),
    "filters": ("Filters", "Filtros"),
    "narrow": ("Narrow down", "Acotar"),
    "take_away": ("take away: {what}", "quitar: {what}"),
    "clear": ("take all away", "quitar todos"),
    "facet_site": ("Site", "Sitio"),
    "facet_year": ("Year", "Año"),
    "facet_category": ("Category", "Categoría"),
    "facet_tag": ("Tag", "Etiqueta"),
    "facet_author": ("Author", "Autor"),
    "facet_language": ("Language", "Idioma"),
    "facet_kind": ("Label over the headline", "Rótulo sobre el titular"),
    "facet_since": ("From", "Desde"),
    "facet_until": ("Until", "Hasta"),
    "facet_edited": ("Edited since it was first seen", "Editado desde que se vio"),
    "facet_translated": ("Translation in the archive", "Con traducción en el archivo"),
    "facet_in": ("In", "En"),
    "facet_at": ("As it stood on", "Como estaba el"),
    "at": ("As it stood on", "Como estaba el"),
    "at_hint": ("2026-11-20", "2026-11-20"),
    "bad_query": ("This can't be asked so", "Así no se puede preguntar"),
    # an article
    "analysis": ("The newsroom's own analysis", "Análisis propio de la redacción"),
    "notices": ("Notices", "Avisos"),
    "pictures": ("Pictures", "Imágenes"),
    "picture": ("Picture", "Imagen"),
    "picture_note": (
        "Pictures are not loaded; their captions are as printed.",
        "Las imágenes no se cargan; los pies son los impresos.",
    ),
    "see_also": ("See also", "Véase también"),
    "related": ("Related", "Relacionados"),
    "citations": ("Links in the text", "Enlaces en el texto"),
    "pointed_at_by": ("Pointed at by", "Enlazado desde"),
    "role_see_also": ("see also", "véase también"),
    "role_related": ("related", "relacionado"),
    "role_citation": ("link in the text", "enlace en el texto"),
    "role_translation": ("translation", "traducción"),
    "translations": ("Translations", "Traducciones"),
    "beside": ("read side by side", "leer lado a lado"),
    "beside_title": ("Side by side", "Lado a lado"),
    "not_in_archive": ("not in the archive", "no está en el archivo"),
    "by": ("By", "Por"),
    "no_author": ("No author named", "Sin autor"),
    "no_date": ("No date", "Sin fecha"),
    "facts": ("About this article", "Sobre este artículo"),
    "number": ("Number", "Número"),
    "site": ("Site", "Sitio"),
    "category": ("Category", "Categoría"),
    "language": ("Language", "Idioma"),
    "words": ("Length", "Extensión"),
    "published": ("Published", "Publicado"),
    "modified": ("Changed, as it says", "Modificado, según dice"),
    "licence": ("Licence", "Licencia"),
    "original": ("On the web", "En la web"),
    "first_seen": ("First captured", "Primera captura"),
    "last_checked": ("Last checked", "Última comprobación"),
    "gone": (
        "The site has said since {day} that this page is no more. The text was kept.",
        "El sitio dice desde el {day} que esta página ya no existe. El texto se conservó.",
    ),
    "gone_since": ("Gone since", "Desaparecido desde"),
    "revisions": ("Revisions", "Revisiones"),
    "revision": ("Revision {n}", "Revisión {n}"),
    "old_revision": (
        "You are reading revision {n} of {total}, first seen on {day}.",
        "Está leyendo la revisión {n} de {total}, vista por primera vez el {day}.",
    ),
    "read_newest": ("Read the newest", "Leer la más reciente"),
    "permalink": ("Link to this very state", "Enlace a este mismo estado"),
    "compare": ("Compare", "Comparar"),
    "compare_title": ("What changed", "Qué cambió"),
    "compare_with": ("What changed since revision {n}", "Qué cambió desde la revisión {n}"),
    "captures": ("Captures", "Capturas"),
    "captured": ("Captured", "Capturado"),
    "outcome": ("Outcome", "Resultado"),
    "status": ("Status", "Estado"),
    "sha256": ("SHA-256", "SHA-256"),
    "provenance": ("Where each field comes from", "De dónde sale cada campo"),
    "field": ("Field", "Campo"),
    "source": ("Source", "Fuente"),
    "raw": ("As it stands on the page", "Como está en la página"),
    "losing": ("Other candidates", "Otros candidatos"),
    "parser": ("Read by", "Leído por"),
    "cite": ("Cite", "Citar"),
    "cite_title": ("Cite: {headline}", "Citar: {headline}"),
    "cite_text": ("In words", "En palabras"),
    "download": ("download", "descargar"),
    "no_article": (
        "The archive holds no article {named}.",
        "El archivo no contiene ningún artículo {named}.",
    ),
    "no_revision": (
        "Article {id} has no revision {n}; it has {total}.",
        "El artículo {id} no tiene revisión {n}; tiene {total}.",
    ),
    # comparing
    "before": ("Before", "Antes"),
    "after": ("After", "Después"),
    "from_revision": ("From", "De"),
    "to_revision": ("To", "A"),
    "added": ("added", "añadido"),
    "removed": ("removed", "quitado"),
    "no_change": (
        "Nothing that a reader reads differs between these two.",
        "Nada de lo que lee un lector difiere entre estas dos.",
    ),
    "too_long": (
        "This text is as long as a book, and is not compared on a page: `hemeroteca history` does.",
        "Este texto es tan largo como un libro y no se compara en una página: lo hace "
        "`hemeroteca history`.",
    ),
    "not_all_changes": (
        "So much has changed that only the first part is marked here: `hemeroteca history` tells "
        "all of it.",
        "Ha cambiado tanto que aquí solo se marca la primera parte: `hemeroteca history` lo dice "
        "todo.",
    ),
    "more_changed": ("More has changed in this edit", "En esta edición cambió más"),
    "one_revision": (
        "The page has stood as it is since it was first seen.",
        "La página está como está desde que se vio por primera vez.",
    ),
    "whole_text": ("The whole text with its marks", "El texto entero con sus marcas"),
    "legend": (
        "Words that came are underlined between {plus}, words that went are struck out between "
        "{minus}.",
        "Lo añadido está subrayado entre {plus}; lo quitado, tachado entre {minus}.",
    ),
    "missing_notice": (
        "The text changed, no notice was added, and the stated date did not move.",
        "El texto cambió, no se añadió ningún aviso y la fecha indicada no se movió.",
    ),
    "kind_headline": ("headline", "titular"),
    "kind_byline": ("byline", "firma"),
    "kind_date": ("date", "fecha"),
    "kind_numbers": ("numbers", "cifras"),
    "kind_names": ("names", "nombres"),
    "kind_wording": ("wording", "redacción"),
    "kind_added": ("passage added", "pasaje añadido"),
    "kind_removed": ("passage removed", "pasaje quitado"),
    "kind_notice": ("notice", "aviso"),
    "kind_missing": ("no notice", "sin aviso"),
    "kind_gone": ("gone", "retirada"),
    "kind_moved": ("moved", "trasladada"),
    "kind_returned": ("back", "de vuelta"),
    "field_address": ("The page", "La página"),
    "field_headline": ("Headline", "Titular"),
    "field_kicker": ("Kicker", "Antetítulo"),
    "field_deck": ("Deck", "Bajada"),
    "field_category": ("Category", "Categoría"),
    "field_authors": ("Authors", "Autores"),
    "field_byline_raw": ("Byline", "Firma"),
    "field_published": ("Date", "Fecha"),
    "field_body": ("Reporting", "Reportaje"),
    "field_analysis": ("Analysis", "Análisis"),
    "field_notices": ("Notices", "Avisos"),
    "field_captions": ("Captions", "Pies de foto"),
    "changes_title": ("What newsrooms edited", "Qué editaron las redacciones"),
    "changes_none": (
        "No edit has been seen yet. Crawl again, and what was edited meanwhile stands here.",
        "Aún no se ha visto ningún cambio. Rastree otra vez y aquí estará lo editado.",
    ),
    "kind_of_change": ("What changed", "Qué cambió"),
    "edited_from": ("Edit seen from", "Cambio visto desde el"),
    "edited_to": ("Edit seen until", "Cambio visto hasta el"),
    "edited_chip": ("Edit seen from", "Cambio visto desde"),
    "edited_until_chip": ("Edit seen until", "Cambio visto hasta"),
    "published_from": ("Published from", "Publicado desde el"),
    "published_until": ("Published until", "Publicado hasta el"),
    "all_edits": ("All edits", "Todos los cambios"),
    "edits_told": (
        "{what}: {n} edit seen in the archive {archive} by {day}."
        "|{what}: {n} edits seen in the archive {archive} by {day}.",
        "{what}: {n} cambio visto en el archivo {archive} hasta el {day}."
        "|{what}: {n} cambios vistos en el archivo {archive} hasta el {day}.",
    ),
    "edits_found": ("{n} edit seen|{n} edits seen", "{n} cambio visto|{n} cambios vistos"),
    "and_redesigned": (
        "and {n} page after a redesign|and {n} pages after a redesign",
        "y {n} página tras un rediseño|y {n} páginas tras un rediseño",
    ),
    "in_n_articles": ("in {n} article|in {n} articles", "en {n} artículo|en {n} artículos"),
    "edits_by_day": (
        "Edits by the day they were first seen",
        "Cambios por el día en que se vieron",
    ),
    "edits_by_month": (
        "Edits by the month they were first seen",
        "Cambios por el mes en que se vieron",
    ),
    "edits_by_year": (
        "Edits by the year they were first seen",
        "Cambios por el año en que se vieron",
    ),
    "gap_unlooked": (
        "Hatched: no crawl looked at this time; what was edited then counts where it was seen.",
        "Rayado: ningún rastreo miró en ese tiempo; lo editado entonces cuenta cuando se vio.",
    ),
    "gap_unlooked_mark": ("no crawl looked", "ningún rastreo miró"),
    "pale_alike": (
        "Pale: what a redesign made of many pages, and pages that vanished together.",
        "Pálido: lo que un rediseño hizo en muchas páginas, y páginas retiradas a la vez.",
    ),
    "of_them_alike": ("{n} of them many at once", "{n} de ellos muchos a la vez"),
    "redesigned": (
        "{n} page of {site} after a redesign|{n} pages of {site} after a redesign",
        "{n} página de {site} tras un rediseño|{n} páginas de {site} tras un rediseño",
    ),
    "pages_gone": (
        "{n} page of {site} is gone|{n} pages of {site} are gone",
        "{n} página de {site} retirada|{n} páginas de {site} retiradas",
    ),
    "pages_moved": (
        "{n} page of {site} has moved|{n} pages of {site} have moved",
        "{n} página de {site} trasladada|{n} páginas de {site} trasladadas",
    ),
    "pages_returned": (
        "{n} page of {site} is back|{n} pages of {site} are back",
        "{n} página de {site} ha vuelto|{n} páginas de {site} han vuelto",
    ),
    "redesign_told": (
        "Most pages of the site changed alike within days: the layout's doing more likely than "
        "the newsroom's. One of them:",
        "La mayoría de las páginas del sitio cambió igual en pocos días: más probablemente obra "
        "del diseño que de la redacción. Una de ellas:",
    ),
    "which_articles": ("Which articles", "Qué artículos"),
    "and_more": ("and {n} more|and {n} more", "y {n} más|y {n} más"),
    "untold_edits": (
        "{n} older change is not counted yet: there was no time to compare it."
        "|{n} older changes are not counted yet: there was no time to compare them.",
        "{n} cambio más antiguo aún no se cuenta: faltó tiempo para compararlo."
        "|{n} cambios más antiguos aún no se cuentan: faltó tiempo para compararlos.",
    ),
    "load_again": ("Load the page again", "Cargar la página otra vez"),
    "too_many_edits": (
        "{n} edits are more than a page gives away ({most}): narrow them down, or run "
        "`hemeroteca changes --json`.",
        "{n} cambios son más de los que entrega una página ({most}): acótelos, o ejecute "
        "`hemeroteca changes --json`.",
    ),
    "edits_csv": (
        "All of them as CSV, with the words before and after",
        "Todos en CSV, con las palabras de antes y de después",
    ),
    "edits_of_these": (
        "What was edited in these articles afterwards",
        "Qué se editó después en estos artículos",
    ),
    "what_is_kept": ("read the text that was kept", "leer el texto conservado"),
    "kinds_told": (
        "Numbers, names: a figure or a name differs. Wording: other words. No notice: the text "
        "changed, and the page does not say so.",
        "Cifras, nombres: difiere una cifra o un nombre. Redacción: otras palabras. Sin aviso: el "
        "texto cambió y la página no lo dice.",
    ),
    "mode_due": ("what is due", "lo que toca"),
    "mode_latest": ("the newest", "lo más nuevo"),
    "mode_backfill": ("everything back", "todo hacia atrás"),
    "mode_recheck": ("looked at again", "revisión"),
    "mode_add": ("added by hand", "añadido a mano"),
    "outcome_new": ("new", "nuevo"),
    "outcome_revised": ("edited", "editado"),
    "outcome_unchanged": ("unchanged", "sin cambios"),
    "outcome_gone": ("gone", "desaparecido"),
    "not_modified": ("Not modified", "No modificados"),
    "gone_count": ("Gone", "Desaparecidos"),
    "seen_at": ("first seen {moment}", "visto por primera vez {moment}"),
    # lists
    "list_author": ("Authors", "Autores"),
    "list_category": ("Categories", "Categorías"),
    "list_tag": ("Tags", "Etiquetas"),
    "sort_number": ("most articles first", "con más artículos primero"),
    "sort_name": ("by name", "por nombre"),
    "not_translations": (
        "No page says that these two are translations of each other.",
        "Ninguna página dice que estas dos sean traducciones una de otra.",
    ),
    "lacks_here": ("not in this version", "no está en esta versión"),
    "list_site": ("Sites of this archive", "Sitios de este archivo"),
    "name": ("Name", "Nombre"),
    "with_analysis": ("With analysis", "Con análisis"),
    "search_within": ("Search within these", "Buscar entre estos"),
    "no_such": ("Nothing here by the name {name}.", "Nada aquí con el nombre {name}."),
    # coverage and crawls
    "coverage_title": ("How complete the archive is", "Cuán completo está el archivo"),
    "coverage_intro": (
        "What each site listed in its sitemaps, feeds and listings, held against what the archive "
        "stored. Counts over time mean something only where this says so.",
        "Lo que cada sitio listó en sus mapas, canales y listados, frente a lo que el archivo "
        "guardó. Los recuentos en el tiempo solo significan algo donde esto lo confirma.",
    ),
    "coverage_none": ("Nothing was listed yet.", "Aún no se ha listado nada."),
    "missing_title": ("What is missing, and why", "Qué falta, y por qué"),
    "missing_intro": (
        "Addresses that sites listed, and of which the archive has no article, though more is to "
        "be had.",
        "Direcciones que los sitios listaron y de las que el archivo no tiene artículo, aunque "
        "haya más que obtener.",
    ),
    "missing_none": ("Nothing that was listed is missing.", "No falta nada de lo listado."),
    "n_missing": (
        "{n} address is missing|{n} addresses are missing",
        "Falta {n} dirección|Faltan {n} direcciones",
    ),
    "state_waiting": ("Not fetched yet", "Aún no se ha pedido"),
    "state_refused": ("May not be fetched", "No se permite pedirla"),
    "state_failed": ("Could not be fetched", "No se pudo pedir"),
    "state_unreadable": ("Could not be read", "No se pudo leer"),
    "reason_robots.txt": (
        "the site's robots.txt forbids it",
        "lo prohíbe el robots.txt del sitio",
    ),
    "next_never": (
        "It is not asked for again by itself.",
        "No se vuelve a pedir por sí sola.",
    ),
    "next_run": ("The next crawl asks for it.", "El próximo rastreo la pedirá."),
    "next_on": (
        "It is asked for again from {day}.",
        "Se volverá a pedir a partir del {day}.",
    ),
    "last_listed": ("last listed on {day}", "listada por última vez el {day}"),
    "source_sitemap": ("sitemap", "mapa del sitio"),
    "source_news-sitemap": ("news sitemap", "mapa de noticias"),
    "source_feed": ("feed", "canal"),
    "source_listing": ("listing", "listado"),
    "source_wordpress": ("WordPress", "WordPress"),
    "source_web-archive": ("web archive", "archivo web"),
    "source_link": ("link on a page", "enlace en una página"),
    "source_user": ("your own list", "lista propia"),
    "incomplete_months": ("Incomplete months", "Meses incompletos"),
    "nobody_looked": (
        "no crawl looked at that time",
        "ningún rastreo miró ese tiempo",
    ),
    "nobody_looked_at": ("No crawl looked at this time:", "Ningún rastreo miró este tiempo:"),
    "nothing_listed": ("nothing was listed", "no se listó nada"),
    "n_lacking": ("{n} missing|{n} missing", "falta {n}|faltan {n}"),
    "edited_times": (
        "Edited since it was first captured: {n} change seen, the last on {day}."
        "|Edited since it was first captured: {n} changes seen, the last on {day}.",
        "Editado desde la primera captura: {n} cambio visto, el último el {day}."
        "|Editado desde la primera captura: {n} cambios vistos, el último el {day}.",
    ),
    "edited": ("edited", "editado"),
    "gone_mark": ("gone from the site", "retirado del sitio"),
    "also_in": ("also in {language}", "también en {language}"),
    "share_state": (
        "Address to share: it finds this very capture in any archive that holds it",
        "Dirección para compartir: halla esta misma captura en cualquier archivo que la tenga",
    ),
    "other_capture": (
        "The address that you followed names a capture that this archive lacks; this is how the "
        "page stood then, as far as it was seen.",
        "La dirección que siguió nombra una captura que este archivo no tiene; así estaba entonces "
        "la página, hasta donde se vio.",
    ),
    "not_yet": (
        "Article {id} was first captured on {day}: how it stood before is not known.",
        "El artículo {id} se capturó por primera vez el {day}: no se sabe cómo estaba antes.",
    ),
    "no_capture": (
        "The archive holds no capture with this SHA-256.",
        "El archivo no tiene ninguna captura con este SHA-256.",
    ),
    "capture_title": ("As it was captured:", "Como se capturó:"),
    "capture_note": (
        "Pictures, styles and scripts from elsewhere are left out, and nothing is loaded.",
        "Sin imágenes, estilos ni programas de otros sitios: no se carga nada.",
    ),
    "as_read": ("The article as it was read", "El artículo tal como se leyó"),
    "look_at_capture": ("look at the page as captured", "ver la página capturada"),
    "no_page": (
        "This capture is no page that can be shown ({kind}).",
        "Esta captura no es una página que se pueda mostrar ({kind}).",
    ),
    "click_marks_all": (
        "A click into it marks all of it, to be copied.",
        "Un clic dentro lo marca todo, para copiarlo.",
    ),
    "as_received": ("the page as it was received", "la página tal como se recibió"),
    "listed": ("Listed", "Listado"),
    "stored": ("Stored", "Guardado"),
    "waiting": ("Waiting", "En espera"),
    "not_articles": ("No articles", "No son artículos"),
    "gone_pages": ("Gone", "Desaparecidas"),
    "refused": ("Refused", "Rechazadas"),
    "failed": ("Failed", "Fallidas"),
    "complete_share": ("Complete", "Completo"),
    "gap": ("Gap", "Laguna"),
    "stored_of": ("{n} of {listed} stored", "{n} de {listed} guardados"),
    "n_gaps": (
        "{n} month with a gap|{n} months with gaps",
        "{n} mes con laguna|{n} meses con lagunas",
    ),
    "no_month": ("without a date", "sin fecha"),
    "crawls_title": ("Crawls and what they brought", "Rastreos y lo que trajeron"),
    "crawls_none": ("No crawl has been made yet.", "Aún no se ha hecho ningún rastreo."),
    "mode": ("Mode", "Modo"),
    "started": ("Started", "Comenzó"),
    "took": ("Took", "Duró"),
    "new": ("New", "Nuevos"),
    "revised": ("Revised", "Revisados"),
    "unchanged": ("Unchanged", "Sin cambios"),
    "fetched": ("Fetched", "Pedidos"),
    "report": ("Report", "Informe"),
    "outcome_finished": ("finished", "terminado"),
    "outcome_interrupted": ("interrupted", "interrumpido"),
    "outcome_open": ("running or killed", "en curso o cortado"),
    "outcome_died": ("died", "murió a medias"),
    "outcome_not_reached": ("the site could not be reached", "no se alcanzó el sitio"),
    "outcome_lists_failed": ("lists failed", "fallaron las listas"),
    "outcome_refused_by_robots": ("refused by robots.txt", "lo prohíbe robots.txt"),
    "outcome_asked_to_wait": ("asked to wait", "pidió esperar"),
    "alarms": ("What needs a look", "Lo que pide atención"),
    "n_alarms": ("{n} alarm stands.|{n} alarms stand.", "Suena {n} alarma.|Suenan {n} alarmas."),
    "nothing_rings": ("Nothing rings.", "No suena ninguna alarma."),
    "rings": ("Alarms", "Alarmas"),
    "rang": ("What rang in this run", "Lo que sonó en este rastreo"),
    "last_run": ("The last run began {moment}", "El último rastreo comenzó el {moment}"),
    "last_run_column": ("Last run", "Último rastreo"),
    "days_ago": ("{n} day ago|{n} days ago", "hace {n} día|hace {n} días"),
    "today": ("within a day", "hace menos de un día"),
    "night_by_night": ("Night by night", "Noche a noche"),
    "night_new": ("New articles", "Artículos nuevos"),
    "night_revised": ("Edited", "Editados"),
    "night_gone": ("Gone from the site", "Retirados del sitio"),
    "night_failed": ("Could not be had or read", "No se pudieron obtener o leer"),
    "gap_no_run": ("no run", "ningún rastreo"),
    "gap_no_run_told": ("Hatched: no run began.", "Rayado: no comenzó ningún rastreo."),
    "span_60": ("last 60 days", "últimos 60 días"),
    "span_365": ("last year", "último año"),
    "span_3650": ("all", "todo"),
    "last_days": (
        "In the {n} days before the last run",
        "En los {n} días antes del último rastreo",
    ),
    "runs": ("Runs", "Rastreos"),
    "last_runs": ("The runs", "Los rastreos"),
    "no_run_then": ("No run began then.", "Entonces no comenzó ningún rastreo."),
    "revised_count": ("Edited", "Editados"),
    "facet_day": ("Day", "Día"),
    "crawl_title": ("Run {n}: {site}", "Rastreo {n}: {site}"),
    "no_crawl": ("There is no run {named}.", "No hay ningún rastreo {named}."),
    "no_report": (
        "This run left no report: it was killed, or is still at work. What it had brought by then "
        "is in the archive.",
        "Este rastreo no dejó informe: se cortó, o sigue en curso. Lo que trajo hasta entonces "
        "está en el archivo.",
    ),
    "stopped_by": ("It was stopped by --{bound}.", "Lo detuvo --{bound}."),
    "lists_unread": (
        "Its lists were not read to their end: what they name besides is not known yet.",
        "Sus listas no se leyeron hasta el final: aún no se sabe qué más nombran.",
    ),
    "what_came": ("What came", "Lo que trajo"),
    "usual": ("Usual ({n} run)|Usual ({n} runs)", "Habitual ({n} rastreo)|Habitual ({n} rastreos)"),
    "report_listed": ("Addresses that the lists named", "Direcciones que nombraron las listas"),
    "report_listed_new": ("of these for the first time", "de ellas, por primera vez"),
    "report_due": ("Pages that were due", "Páginas pendientes"),
    "report_fetched": ("Pages fetched", "Páginas pedidas"),
    "report_new": ("New articles", "Artículos nuevos"),
    "report_revised": ("Edited articles", "Artículos editados"),
    "report_unchanged": ("As before", "Sin cambios"),
    "report_not_modified": (
        "As before, as the server says",
        "Sin cambios, según el servidor",
    ),
    "report_part": ("Further pages of articles", "Otras páginas de artículos"),
    "report_not_articles": ("Pages that are no articles", "Páginas que no son artículos"),
    "report_gone": ("Gone from the site", "Retiradas del sitio"),
    "report_refused_by_robots": ("Refused by robots.txt", "Rechazadas por robots.txt"),
    "report_unreadable": ("Could not be read", "No se pudieron leer"),
    "report_lists_read": ("Lists read", "Listas leídas"),
    "report_lists_not_modified": ("Lists unchanged", "Listas sin cambios"),
    "report_lists_empty": ("Lists that named nothing", "Listas que no nombraron nada"),
    "report_failed": ("Failed, by reason", "Fallidas, por motivo"),
    "report_put_back": ("Left for a later run, by reason", "Dejadas para otro rastreo, por motivo"),
    "report_lists_failed": (
        "Lists that could not be read",
        "Listas que no se pudieron leer",
    ),
    "report_lists_doubted": (
        "Lists whose times of change are not believed",
        "Listas cuyas fechas de cambio no se creen",
    ),
    "report_thin_pages": (
        "Pages that gave less than half of their feed's text",
        "Páginas que dieron menos de la mitad del texto de su canal",
    ),
    "since_when": ("since {day}", "desde el {day}"),
    "accepted_because": ("accepted: “{why}”", "aceptado: «{why}»"),
    "failures": ("What could not be fetched or read", "Lo que no se pudo pedir o leer"),
    "failures_none": ("Nothing is in quarantine.", "No hay nada en cuarentena."),
    "reason": ("Reason", "Motivo"),
    "last_failed": ("Last", "Última vez"),
    # errors
    "error_title": ("That did not work", "Eso no funcionó"),
    "not_found": ("There is no such page here.", "Aquí no hay tal página."),
    "too_slow": (
        "This took longer than {n} seconds and was stopped: ask for less at once.",
        "Esto tardó más de {n} segundos y se detuvo: pregunte por menos de una vez.",
    ),
    "unexpected": (
        "This should not have happened. The terminal that the desk runs in says more.",
        "Esto no debería haber pasado. La terminal en la que corre el escritorio dice más.",
    ),
    "back": ("Back to the start", "Volver al inicio"),
    "sql_label": ("A question in SQL", "Una pregunta en SQL"),
    "parameters": ("Parameters", "Parámetros"),
    "truncated": ("and more, which are not shown", "y más, que no se muestran"),
    "columns": ("What the columns mean", "Qué significan las columnas"),
    "condition": ("Condition", "Condición"),
    "column": ("Column", "Columna"),
    "operator": ("Comparison", "Comparación"),
    "value": ("Value", "Valor"),
    "apply": ("Apply", "Aplicar"),
    "run": ("Run", "Ejecutar"),
    "views": ("Views, made to be asked", "Vistas, hechas para preguntar"),
    "raw_tables": ("Tables", "Tablas"),
    "n_rows": ("{n} row|{n} rows", "{n} fila|{n} filas"),
    "sql_help": (
        "The archive is open read-only: no statement can change it. One that takes longer than "
        "{seconds} seconds is stopped.",
        "El archivo está abierto solo para leer: ninguna sentencia puede cambiarlo. La que tarde "
        "más de {seconds} segundos se detiene.",
    ),
    "tables_title": ("Tables and SQL", "Tablas y SQL"),
}

#: Names of the languages that articles are commonly in.
_TONGUES: dict[str, tuple[str, str]] = {
    "ar": ("Arabic", "árabe"),
    "ca": ("Catalan", "catalán"),
    "de": ("German", "alemán"),
    "en": ("English", "inglés"),
    "es": ("Spanish", "español"),
    "fa": ("Persian", "persa"),
    "fr": ("French", "francés"),
    "gl": ("Galician", "gallego"),
    "he": ("Hebrew", "hebreo"),
    "hi": ("Hindi", "hindi"),
    "it": ("Italian", "italiano"),
    "ja": ("Japanese", "japonés"),
    "ko": ("Korean", "coreano"),
    "nl": ("Dutch", "neerlandés"),
    "pl": ("Polish", "polaco"),
    "pt": ("Portuguese", "portugués"),
    "ru": ("Russian", "ruso"),
    "tr": ("Turkish", "turco"),
    "uk": ("Ukrainian", "ucraniano"),
    "zh": ("Chinese", "chino"),
}

#: Queries and what each finds; each language has its own, so that they find something.
_HOW_TO_ASK: dict[str, dict[str, str]] = {
    "en": {
        "extortion buses": "both words, anywhere, in all their forms: bus, buses",
        '"price of bread"': "a phrase as it stands; quotes keep one word in its form, too",
        "extort*": "words that begin so",
        "gold OR oro": "either word",
        "police NOT reform": "the first, without the second",
        "NEAR(truce bread, 10)": "close to each other",
        "headline:prison": "only in the headline; also deck, kicker, byline, tags, body, analysis",
    },
    "es": {
        "extorsión agua": "ambas palabras, en cualquier parte y en todas sus formas: extorsiones",
        '"El Tamarindo"': "una frase tal cual; entre comillas, una palabra tampoco cambia de forma",
        "cárcel*": "palabras que empiezan así",
        "oro OR gold": "cualquiera de las dos",
        "policía NOT reforma": "la primera, sin la segunda",
        "NEAR(puerto contenedores, 10)": "cerca la una de la otra",
        "headline:puerto": "solo en el titular (deck: bajada; kicker: antetítulo; byline: firma; "
        "tags: etiquetas; body: reportaje; analysis: análisis)",
    },
}

_PLACE = re.compile(r"\{n\}")


def chosen_language(named: str | None, accepted: str) -> str:
    """The language of the interface: the one that was named, or the best that a browser accepts.

    >>> chosen_language(None, "fr, es-MX;q=0.8, en;q=0.5"), chosen_language("en", "es")
    ('es', 'en')
    >>> chosen_language("xx", "")
    'en'
    """
    if named in LANGUAGES:
        return str(named)
    ranked = sorted(_accepted(accepted), key=lambda item: -item[0])
    return next((code for weight, code in ranked if code in LANGUAGES and weight > 0), "en")


def _accepted(header: str) -> Iterator[tuple[float, str]]:
    for part in header.split(","):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        yield weight, tag.strip().lower().partition("-")[0]


class Words:
    """The desk's words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = list(LANGUAGES).index(language)

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        """A text by its key; with *n*, the form for that number.

        >>> Words("es")("n_articles", 1200), Words("en")("n_articles", 1)
        ('1200 artículos', '1 article')
        """
        text = _TEXTS[key][self._index]
        if n is not None:
            one, _, many = text.partition("|")
            text = _PLACE.sub(self.number(n), one if n == 1 or not many else many)
        return text.format(**values) if values else text

    def knows(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in _TEXTS

    def named(self, prefix: str, value: str) -> str:
        """The text for one of the archive's own words (``new``, ``body``), or the word itself."""
        return self(f"{prefix}_{value}") if self.knows(f"{prefix}_{value}") else value

    def reason(self, reason: str) -> str:
        """Why something is missing, in the desk's words where it has any for it."""
        return self.named("reason", reason)

    def number(self, value: int) -> str:
        """A number as it is written.

        >>> Words("en").number(12345), Words("es").number(1234)
        ('12,345', '1234')
        """
        if self.language == "es" and abs(value) < 10_000:
            return str(value)
        return f"{value:,}".replace(",", _THOUSANDS[self.language])

    def percent(self, share: float) -> str:
        """A share as a percentage, never rounded up to all nor down to nothing.

        >>> Words("en").percent(0.999), Words("en").percent(0.001), Words("en").percent(1)
        ('99%', '1%', '100%')
        """
        rounded = int(share * 100) if share > 0.01 else -int(-share * 100 // 1)
        return f"{rounded}\N{NO-BREAK SPACE}%" if self.language == "es" else f"{rounded}%"

    def share(self, share: float) -> str:
        """A share as a percentage with one place, for shares that are often small.

        >>> Words("en").share(0.0312), Words("es").share(1)
        ('3.1%', '100,0\xa0%')
        """
        told = f"{share * 100:.1f}"
        if self.language == "es":
            return f"{told.replace('.', ',')}\N{NO-BREAK SPACE}%"
        return f"{told}%"

    def short_share(self, share: float) -> str:
        """A share as a percentage in few signs, for a drawing.

        >>> Words("en").short_share(0.352), Words("es").short_share(0.031)
        ('35%', '3,1\xa0%')
        """
        told = f"{share * 100:.1f}" if 0 < share < 0.0995 else f"{share * 100:.0f}"
        told = told.removesuffix(".0")
        return (
            f"{told.replace('.', ',')}\N{NO-BREAK SPACE}%" if self.language == "es" else f"{told}%"
        )

    def day(self, value: date | datetime | str | None) -> str:
        """A day, month or year in words.

        >>> Words("en").day("2017-10-09"), Words("es").day(date(2017, 10, 9))
        ('9 October 2017', '9 de octubre de 2017')
        >>> Words("es").day("2017-10"), Words("en").day("2017"), Words("en").day(None)
        ('octubre de 2017', '2017', 'unknown')
        """
        if value is None:
            return self("unknown")
        year, month, number = (*str(value)[:10].split("-"), "", "")[:3]
        if not month:
            return year
        name = _MONTHS[self.language].split()[int(month) - 1]
        parts = [str(int(number))] if number else []
        return (" de " if self.language == "es" else " ").join([*parts, name, year])

    def on(self, key: str) -> str:
        """When something was: in a year or month, or on a day.

        >>> Words("es").on("2017"), Words("es").on("2017-10-09"), Words("en").on("2017-10-09")
        ('en 2017', 'el 9 de octubre de 2017', 'on 9 October 2017')
        """
        is_day = key.count("-") == 2
        word = {"en": ("in", "on"), "es": ("en", "el")}[self.language][is_day]
        return f"{word} {self.day(key)}"

    def day_of_year(self, value: date) -> str:
        """A day without its year, in few letters.

        >>> Words("en").day_of_year(date(2026, 11, 5)), Words("es").day_of_year(date(2026, 11, 5))
        ('5 Nov', '5 nov')
        """
        return f"{value.day} {_MONTHS[self.language].split()[value.month - 1][:3]}"

    def short_day(self, value: str, said: str = "") -> str:
        """A year; or a month in few letters, with its year below, or a day with its month, unless
        what was *said* before is of the same.

        >>> Words("es").short_day("2017-09", "2017-07"), Words("en").short_day("2017-09")
        ('sep', 'Sep\\n2017')
        >>> Words("en").short_day("2017-09-04", "2017-09-01"), Words("en").short_day("2017-09-04")
        ('4', '4\\nSep')
        """
        year, month, day = (*value.split("-"), "", "")[:3]
        if not month:
            return year
        name = _MONTHS[self.language].split()[int(month) - 1][:3]
        if day:
            return str(int(day)) if value[:7] == said[:7] else f"{int(day)}\n{name}"
        return name if year == said[:4] else f"{name}\n{year}"

    def moment(self, value: datetime | None) -> str:
        """An instant to the minute, in UTC."""
        if value is None:
            return self("unknown")
        known = value.astimezone(UTC)
        return f"{self.day(known.date())}, {known:%H:%M} UTC"

    def tongue(self, code: str | None) -> str:
        """The name of a language, or its code.

        >>> Words("es").tongue("en"), Words("en").tongue("gn")
        ('inglés', 'gn')
        """
        if not code:
            return self("unknown")
        return _TONGUES[code][self._index] if code in _TONGUES else code

    def how_to_ask(self) -> list[tuple[str, str]]:
        """Examples of queries, and what each finds."""
        return list(_HOW_TO_ASK[self.language].items())
