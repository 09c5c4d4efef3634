"""InSight Crime: organised crime in the Americas, English and Spanish, since 2010.

The site has changed its mark-up four times (Joomla, tagDiv, a theme of its own, Newspack) and set
its old articles anew each time, but its wording stayed. So it is read by wording.
"""

from __future__ import annotations

from crawler.profile import Hints, Landmarks, Profile

PROFILE = Profile(
    name="insightcrime",
    title="InSight Crime",
    hosts=("insightcrime.org", "es.insightcrime.org"),
    languages=("en", "es"),
    start=(
        "https://insightcrime.org/sitemap_index.xml",
        "https://insightcrime.org/feed/",
        "https://insightcrime.org/category/news/",
    ),
    article_paths=(
        r"^/(?:es/)?(?:news|noticias)(?:/[a-z-]+)?/[^/]+/?(?:amp/?)?$",
        r"^/(?:es/)?(?:investigations|investigaciones)/[^/]+/?(?:[^/]+/?)?$",
        r"^/(?:news-briefs|news-analysis|noticias-del-dia|analisis)/[^/]+/?$",
        r"/[^/-]+(?:-[^/-]+){3,}/?(?:amp/?)?$",
    ),
    other_paths=(
        r"^/(?:es/)?(?:tag|category|author|component|indepth|series|wp-json|feed)(?:/|$)",
        r"/page/\d+/?$",
        r"^/\d{4}/\d{2}(?:/|$)",
        r"^/(?:es/)?[a-z-]*(?:organized-crime-news|crimen-organizado)(?:/|$)",
        r"^/(?:es/)?(?:noticias-)?crimen-organizado-(?:en-)?[a-z-]+(?:/|$)",
        r"^/groups-[a-z]+(?:/|$)",
        r"^/(?:es/)?(?:news|noticias|news-briefs|news-analysis|noticias-del-dia|analisis|investigations|investigaciones)/?$",
        r"^/(?:es/)?(?:news/(?:brief|analysis)|noticias/(?:noticias-del-dia|analisis))/?$",
    ),
    knows_printing=True,
    day_order="DMY",
    timezone="America/Bogota",
    organisations=(
        "InSight Crime",
        "Venezuela Investigative Unit",
        "Venezuela Investigation Unit",
        "Unidad Investigativa de Venezuela",
        "Colombian Organized Crime Observatory",
        "Observatorio Colombiano de Crimen Organizado",
    ),
    landmarks=Landmarks(
        analysis=(
            "InSight Crime Analysis",
            "InSight Crime's Analysis",
            "Analysis by InSight Crime",
            "Análisis de InSight Crime",
            "Análisis InSight Crime",
            "Análisis por InSight Crime",
            "El análisis de InSight Crime",
            "Analysis",
            "Análisis",
        ),
        see_also=(
            "See InSight Crime's",
            "See InSight Crime",
            "Vea",
            "Ver",
            "Vea el perfil",
            "Vea el perfil de InSight Crime",
            "Download",
            "Descargue",
        ),
        end=(
            "We want to sustain Latin America's largest organized crime database",
            "Queremos sostener la base de datos de crimen organizado",
            "What are your thoughts? Click here",
            "We encourage readers to copy and distribute our work",
            "Alentamos a los lectores a copiar y distribuir",
            "About InSight Crime",
            "Sobre InSight Crime",
        ),
        end_patterns=(
            r"\bicon icon icon\b",
            r"^.{0,40}\b(?:util|ayuda|sirvio|gusto|useful|helpful)\b.{0,30}\b(?:contenido|articulo|pagina|nota|content|article|page|story)$",
            r"^.{0,30}\b(?:contenido|articulo|pagina|nota|content|article|page|story)\b.{0,30}\b(?:util|ayuda|useful|helpful)$",
            r"\b(?:base de datos|database)\b.*\b(?:crimen organizado"
            r"|organized crime)\b.*\b(?:recursos|apoyo|necesitamos|resources|support)\b",
            r"\b(?:clic aqui|click here)\b.*\b(?:comentarios|opinion|opiniones|comments|feedback"
            r"|thoughts)\b",
            r"\b(?:comentarios|opinion|opiniones|comments|feedback|thoughts|piensa"
            r"|opina)\b.*\b(?:clic aqui|click here)\b",
            r"\b(?:copiar|copien|reproducir|republicar|copy)\b.{0,20}\b(?:distribuir|distribuyan|distribute)\b.*"
            r"\b(?:no comerciales|comerciales|non-commercial|creative commons)\b",
        ),
        furniture=(
            "Support Our Work",
            "Apoye nuestro trabajo",
            "Donate",
            "Donar",
            "Done",
            "Dona",
            "icon #SupportFreePress",
            "#SupportFreePress",
            "Subscribe to Our Newsletter",
            "Suscríbase al boletín",
            "Suscríbase a nuestro boletín",
            "Reciba cada viernes lo mejor de nuestras investigaciones en su correo.",
            "Subscribe to Newsletter",
            "Receive InSight Crime's Top Stories Weekly",
            "In this article:",
            "En este artículo:",
            "Latest News",
            "Powered by Newspack",
            "The Organization",
            "La Organización",
            "Work With Us",
            "Trabaje con nosotros",
            "Get the best of our weekly investigations in your inbox every Friday.",
            "Investigating organized crime is an expensive and often risky enterprise. Reaching "
            "primary sources and"
            " getting the real story involve extensive fieldwork. Please donate. Every dollar "
            "supports our mission.",
        ),
        licence=(
            "We encourage readers to copy and distribute our work",
            "Alentamos a los lectores a copiar y distribuir",
        ),
        notice=("Homicide rate calculated by", "InSight Crime field research conducted after"),
        kickers=(
            "Brief",
            "Analysis",
            "News",
            "News Brief",
            "News Briefs",
            "News Analysis",
            "Investigation",
            "Investigations",
            "Feature",
            "Features",
            "Interview",
            "On the Radar",
            "InSight Take",
            "Weekly InSight",
            "GameChangers",
            "InDepth",
            "Special Series",
            "Series",
            "Noticias",
            "Noticias del día",
            "Análisis",
            "Investigación",
            "Investigaciones",
            "Entrevista",
            "Entrevistas",
            "Series especiales",
            "Especiales",
            "En el radar",
        ),
    ),
    hints=Hints(byline=(".td-post-author-name-con-obv",)),
)
