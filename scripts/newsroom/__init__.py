"""The bundled newsroom: a small, invented news site that the package serves on loopback.

The outlet, its people and everything it reports are fiction. It exists so that the demo, the
tutorial, the tests and the benchmarks can crawl a whole site without touching anybody's server.
"""

from __future__ import annotations

from scripts.newsroom.article import LAYOUTS, NewsroomArticle, Picture
from scripts.newsroom.loading import load_articles
from scripts.newsroom.server import Newsroom, Request

__all__ = ["LAYOUTS", "Newsroom", "NewsroomArticle", "Picture", "Request", "load_articles"]
