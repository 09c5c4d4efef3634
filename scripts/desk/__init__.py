"""The browser desk: a plugin of ours for Datasette, and the server that runs it.

    serving     makes Datasette ready for one archive, and serves it
    guarding    who may ask, for what, and what a browser may load
    visit       one request: its language, its questions to the archive, its page
    finding     start page, results, authors, tags, categories, sites
    reading     one article: to read, compared, beside its translation, cited
    keeping     coverage, and what is missing
    running     crawls, what they brought, what rings
    editing     what newsrooms edited
    remembering answers that cost time
    counting    what is counted over time on a page
    sharing     a search in words, to be cited
    taking      tables and plots to take away
    helping     what to say where little or nothing was found
    replaying   a capture as a page to look at
    aligning    which passages of two translations belong together
    marking     what was found, what was edited, word by word
    timeline    counts over time
    drawing     timelines, drawn
    complaining what was done wrong, in Spanish
    wording     what the desk says, in English and Spanish

Datasette's own pages (tables, SQL, CSV, JSON) stand beside ours, under /archive. This module is the
plugin: Datasette finds templates and style sheet beside it.
"""

from __future__ import annotations

from scripts.desk.plugin import (
    asgi_wrapper,
    extra_template_vars,
    forbidden,
    handle_exception,
    prepare_jinja2_environment,
    register_routes,
    render_cell,
)

__all__ = [
    "asgi_wrapper",
    "extra_template_vars",
    "forbidden",
    "handle_exception",
    "prepare_jinja2_environment",
    "register_routes",
    "render_cell",
]
