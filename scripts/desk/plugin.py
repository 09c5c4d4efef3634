"""The hooks by which Datasette becomes the desk."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar, cast

from datasette import hookimpl
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError
from markupsafe import Markup

from crawler.errors import ArchiveBusy, ArchiveDamaged, HemerotecaError
from scripts.desk import editing, finding, keeping, reading, replaying, running, taking
from scripts.desk.complaining import complaint
from scripts.desk.guarding import App, Guard
from scripts.desk.marking import cells, marked, runs
from scripts.desk.visit import DATABASE, Visit, web_link

#: Set, errors are told with where they came from: as for the command.
_DEBUG = "HEMEROTECA_DEBUG"

Hook = TypeVar("Hook", bound=Callable[..., Any])


def _hook(*, last: bool = False) -> Callable[[Hook], Hook]:
    """Datasette's own mark of a hook, which leaves the function as it is."""
    return cast("Callable[[Hook], Hook]", hookimpl(trylast=last))


_SUBJECT = {name: rf"^/{name}/(?P<name>[^/]+)$" for name in finding.SUBJECTS}


@_hook()
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    """Our pages; what they leave is Datasette's."""
    if not hasattr(datasette, "desk"):
        return []
    article = r"^/article/(?P<id>[0-9]+)"
    return [
        (r"^/$", finding.start),
        (r"^/search$", finding.search),
        (r"^/search\.(?P<ending>csv|xlsx)$", taking.rows),
        (r"^/timeline\.(?P<ending>csv|png|svg)$", taking.numbers),
        *((rf"^/{path}$", finding.list_page(name)) for name, path in finding.SUBJECTS.items()),
        *((_SUBJECT[name], finding.subject_page(name)) for name in finding.SUBJECTS),
        (r"^/article$", reading.by_address),
        (rf"{article}$", reading.article),
        (rf"{article}\.json$", reading.record),
        (rf"{article}/revision/(?P<revision>[0-9]+)$", reading.revision),
        (rf"{article}/compare$", reading.compare),
        (rf"{article}/beside/(?P<other>[0-9]+)$", reading.beside),
        (r"^/capture/(?P<sha256>[0-9a-f]{64})$", reading.capture_file),
        (r"^/capture/(?P<sha256>[0-9a-f]{64})/page$", replaying.capture_page),
        (rf"{article}/cite$", reading.cite),
        (rf"{article}/cite\.(?P<ending>txt|bib|ris|json)$", reading.citation_file),
        (r"^/coverage$", keeping.coverage),
        (r"^/missing$", keeping.missing),
        (r"^/crawls$", running.crawls),
        (r"^/crawls/(?P<id>[0-9]+)$", running.crawl),
        (r"^/changes$", editing.changes),
        (r"^/changes\.csv$", editing.changes_file),
    ]


@_hook()
def prepare_jinja2_environment(env: Any) -> None:
    """What our templates can do to a value."""
    env.filters["cells"] = cells
    env.filters["runs"] = runs
    env.filters["marked"] = marked


@_hook(last=True)
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """The outermost layer."""

    def wrapped(app: App) -> App:
        if not hasattr(datasette, "desk"):
            return app
        return Guard(app, lambda: datasette.desk.names)

    return wrapped


@_hook()
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """What the frame around Datasette's own pages needs."""
    return Visit(datasette, request).context if hasattr(datasette, "desk") else {}


@_hook()
def render_cell(value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """In Datasette's tables, an article's number leads to the article, a long text is cut."""
    if database != DATABASE:
        return None
    is_number = column in ("article_id", "target_id") or (
        column == "id" and table in (None, "articles", "v_articles")
    )
    if is_number and isinstance(value, int):
        return Markup('<a href="/article/{}">{}</a>').format(value, value)
    if isinstance(value, str) and value.startswith("http") and web_link(value):
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(value, value[:80])
    return None


@_hook()
def forbidden(datasette: Any, request: Any, message: str) -> Callable[[], Any]:
    """A page that nobody may see is a page that is not there."""
    return lambda: _told(datasette, request, 404, None)


@_hook()
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Any]:
    """One sentence for the reader, and for the terminal only what was not expected."""

    async def answer() -> Any:
        status, sentence = _sentence(exception)
        if status == 500:
            _report(request, exception)
        return _told(datasette, request, status, sentence)

    return answer


def _sentence(exception: Exception) -> tuple[int, str | None]:
    """The status, and what to say where the desk's own sentence does not do."""
    if isinstance(exception, DatasetteError):
        return exception.status, _plain(exception)
    if isinstance(exception, Base400):
        said = str(exception.args[0]) if exception.args else ""
        return exception.status, None if said == "404" else said or None
    if isinstance(exception, ArchiveBusy | ArchiveDamaged):
        return 503, str(exception)
    if isinstance(exception, HemerotecaError):
        return 400, str(exception)
    return 500, None


def _plain(exception: Any) -> str:
    """Datasette's own sentence; where it is a piece of HTML, its title."""
    return str(exception.title if exception.message_is_html else exception.message)


def _told(datasette: Any, request: Any, status: int, sentence: str | None) -> Any:
    if not hasattr(datasette, "desk"):
        return Response.text(sentence or "", status=status)
    visit = Visit(datasette, request)
    said = complaint(sentence or "", visit.words.language) or visit.words(
        "unexpected" if status == 500 else "not_found"
    )
    if request.path.partition("?")[0].endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status}, status=status)
    return visit.shown("told.html", status, sentence=said)


def _report(request: Any, exception: Exception) -> None:
    what = " ".join(f"{type(exception).__name__}: {exception}".split())
    sys.stderr.write(f"hemeroteca: {request.path[:200]} failed ({what})\n")
    if os.environ.get(_DEBUG):
        traceback.print_exception(exception)
