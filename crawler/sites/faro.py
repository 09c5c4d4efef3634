"""Faro del Istmo: the invented outlet of the bundled newsroom (``python -m scripts.newsroom``).

It shows what a site needs to say about itself. ``faro.example`` is reserved (RFC 2606) and stands
for the newsroom's address, which ``crawl http://127.0.0.1:8000/ --site faro`` puts in its place.
"""

from __future__ import annotations

from crawler.profile import Landmarks, Profile

PROFILE = Profile(
    name="faro",
    title="Faro del Istmo",
    hosts=("faro.example",),
    languages=("en", "es"),
    start=(
        "https://faro.example/sitemap_index.xml",
        "https://faro.example/feed/",
        "https://faro.example/es/feed/",
        "https://faro.example/latest",
    ),
    article_paths=(
        r"^/(?:es/)?(?:news|noticias)/(?:[a-z-]+/)?[^/]+/$",
        r"^/(?:es/)?(?:investigations|investigaciones)/[^/]+/?$",
        r"^/(?:es/)?(?:news-briefs|news-analysis|noticias-del-dia|analisis)/[^/]+$",
    ),
    other_paths=(
        r"/page/\d+/$",
        r"^/(?:es/)?(?:tag|etiqueta|category|categoria|author|actors|special)/",
        r"^/(?:about/|consent/|latest|search|login)$",
        r"^/es/latest$",
    ),
    knows_printing=True,
    day_order="DMY",
    timezone="America/Panama",
    organisations=("Faro del Istmo", "Coastal Unit", "Unidad Costera"),
    name_case={"DE LA RIVERA": "de la Rivera", "DOS ANJOS": "dos Anjos"},
    landmarks=Landmarks(
        analysis=("Faro Analysis", "Análisis de Faro"),
        end=(
            "share icon",
            "compartir icon",
            "Did you find this useful",
            "¿Le fue útil este contenido",
            "Do you have something to add",
            "¿Tiene algo que agregar",
            "Have we missed something",
            "¿Se nos escapó algo",
            "Our articles may be copied and passed on",
            "Nuestros artículos pueden copiarse y difundirse",
            "You may copy this text",
            "Puede copiar este texto",
            "About Faro del Istmo",
            "Sobre Faro del Istmo",
        ),
        related=("More on This Story", "Más sobre esta historia"),
        furniture=(
            "Share",
            "Compartir",
            "Inside Faro",
            "La redacción",
            "Join us",
            "Do you know of a case like this? Our reporters read every message: write to "
            "letters@faro.example.",
            "Sign up for our weekly letter: the week on the isthmus, every Monday.",
            "Faro del Istmo is paid for by its readers. A coffee a month helps.",
        ),
        notice=("This conversation has been",),
        licence=(
            "Our articles may be copied and passed on",
            "Nuestros artículos pueden copiarse y difundirse",
            "You may copy this text",
            "Puede copiar este texto",
        ),
        kickers=("Interview", "Entrevista", "Lookout", "Vigía"),
    ),
)
