"""Serves the newsroom on loopback, lets a test edit it, and remembers what was asked.

The server answers conditional requests, compresses where the client accepts it, keeps connections
open, and can be told to fail. Nothing in an answer depends on a clock or on chance.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple

from scripts.newsroom.article import NewsroomArticle
from scripts.newsroom.edition import Answer, Edition, packed
from scripts.newsroom.layouts import Redesign
from scripts.newsroom.loading import load_articles, multiplied


class Request(NamedTuple):
    """One request as it arrived; ``time`` is monotonic seconds, headers in lower case."""

    time: float
    method: str
    path: str
    status: int
    headers: dict[str, str]


@dataclass(slots=True)
class Fault:
    """How the next ``times`` requests for a path go wrong."""

    status: int
    retry_after: str | None
    times: int
    cut: bool
    delay_seconds: float


class Newsroom:
    """The bundled newsroom, serving from the moment it is made until :meth:`close`.

    ``today`` is the day on which edits happen; without it they are dated by the clock.
    ``size`` asks for at least that many articles, the surplus being synthetic copies for
    benchmarks. ``crawl_delay`` puts a Crawl-delay into robots.txt.
    """

    def __init__(
        self,
        port: int = 0,
        today: date | None = None,
        *,
        size: int | None = None,
        crawl_delay: float | None = None,
    ) -> None:
        self._today = today
        self._crawl_delay = crawl_delay
        self._stock = multiplied(load_articles(), size) if size else load_articles()
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.room = self
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self.reset()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and end every open connection."""
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join()

    def reset(self) -> None:
        """Back to the newsroom as it was first opened: no edits, no faults, no requests."""
        with self._lock:
            self.requests: list[Request] = []
            self._faults: dict[str, Fault] = {}
            self._edits = 0
            self._relaunched_at: datetime | None = None
            self._redesigned: Redesign = "boxes"
            self._removed: dict[str, NewsroomArticle] = {}
            filed = {article.path: article for article in self._stock}
            self._publish(filed, {"/news/brief/withdrawn-report/": 410})

    def _publish(self, filed: dict[str, NewsroomArticle], withdrawn: dict[str, int]) -> None:
        make = self._relaunched_at, self._redesigned
        self._edition = Edition(self.url, filed, withdrawn, self._crawl_delay, *make)
        self._answers: dict[str, Answer] = {}

    # Reading the state.

    @property
    def articles(self) -> tuple[NewsroomArticle, ...]:
        """The articles as served now, newest first, with the truth about each page."""
        with self._lock:
            return self._edition.articles

    def article(self, path: str) -> NewsroomArticle:
        """The article at a path or an address of this newsroom; KeyError if there is none."""
        with self._lock:
            found = self._edition.article(self._path(path))
        if found is None:
            raise KeyError(path)
        return found

    def answer(self, target: str) -> Answer:
        """The answer to an address, as the server would give it without faults."""
        with self._lock:
            if target not in self._answers:
                self._answers[target] = self._edition.answer(target)
            return self._answers[target]

    def _path(self, path: str) -> str:
        return "/" + path.removeprefix(self.url).lstrip("/")

    # The newsroom's life.

    def edit(self, path: str, **changes: Any) -> NewsroomArticle:
        """Change fields of an article, as filed (``headline``, ``text``, ``authors`` …).

        Its change is dated unless ``modified_at`` is among the changes.
        """
        with self._lock:
            path = self._path(path)
            filed = dict(self._edition.filed)
            changes.setdefault("modified_at", self._moment(filed[path]))
            filed[path] = replace(filed[path], **changes)
            self._publish(filed, dict(self._edition.withdrawn))
            return self.article(path)

    def _moment(self, article: NewsroomArticle) -> datetime:
        """When an edit happens: always later than the last change, in whole seconds."""
        self._edits += 1
        if self._today:
            noon = datetime.combine(self._today, time_of_day(12), tzinfo=UTC)
            moment = noon + timedelta(minutes=self._edits)
        else:
            moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        last = article.touched_at or moment
        return max(moment, last + timedelta(seconds=1)) if last >= moment else moment

    def relaunch(self, redesigned: Redesign = "boxes") -> None:
        """Print every article anew: other classes, another order, other words around them."""
        with self._lock:
            self._redesigned = redesigned
            self._relaunched_at = datetime.now(UTC).replace(microsecond=0)
            self._publish(dict(self._edition.filed), dict(self._edition.withdrawn))

    def remove(self, path: str, status: int = 404) -> None:
        """Take an article off the site; its address answers 404, or 410 if asked."""
        with self._lock:
            path = self._path(path)
            filed = dict(self._edition.filed)
            self._removed[path] = filed.pop(path)
            self._publish(filed, {**self._edition.withdrawn, path: status})

    def restore(self, path: str) -> None:
        """Put a removed article back as it was when it was removed."""
        with self._lock:
            self.add(self._removed.pop(self._path(path)))

    def add(self, article: NewsroomArticle) -> NewsroomArticle:
        """Publish one more article, or put another in its place."""
        with self._lock:
            withdrawn = {
                path: status
                for path, status in self._edition.withdrawn.items()
                if path != article.path
            }
            self._publish({**self._edition.filed, article.path: article}, withdrawn)
            return self.article(article.path)

    def fail(
        self,
        path: str,
        status: int = 503,
        retry_after: str | int | None = None,
        times: int = 1,
        *,
        cut: bool = False,
        delay_seconds: float = 0.0,
    ) -> None:
        """Let the next ``times`` requests for a path fail; ``*`` stands for every path.

        ``cut`` sends the true page but ends it half-way; ``delay_seconds`` answers late. A status
        of 200 with one of them leaves the page itself as it is.
        """
        after = None if retry_after is None else str(retry_after)
        key = path if path == "*" else self._path(path)
        with self._lock:
            self._faults[key] = Fault(status, after, times, cut, delay_seconds)

    # What the handler asks for.

    def fault(self, target: str) -> Fault | None:
        """The fault that this request meets, counted down."""
        with self._lock:
            for key in (target, target.partition("?")[0], "*"):
                fault = self._faults.get(key)
                if fault and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def log(self, request: Request) -> None:
        """Remember a request."""
        with self._lock:
            self.requests.append(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    room: Newsroom

    def __init__(self, *given: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of the newsroom."""

    def hang_up(self) -> None:
        """End connections that clients keep open."""
        for request in list(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Faro"
    sys_version = ""
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def _serve(self, *, with_body: bool) -> None:
        fault = self.server.room.fault(self.path)
        if fault and fault.delay_seconds:
            time.sleep(fault.delay_seconds)
        if fault and fault.status != 200:
            self._refuse(fault)
            return
        answer = self.server.room.answer(self.path)
        if answer.status == 200 and self._is_fresh(answer):
            self._head(304, answer)
            return
        body, coded = self._coded(answer)
        self._head(answer.status, answer, length=len(body), coded=coded)
        if with_body:
            self.wfile.write(body[: len(body) // 2] if fault and fault.cut else body)
        if fault and fault.cut:
            self.close_connection = True

    def _refuse(self, fault: Fault) -> None:
        body = f"<html><body><h1>{fault.status}</h1></body></html>".encode()
        self._note(fault.status)
        self.send_response(fault.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if fault.retry_after is not None:
            self.send_header("Retry-After", fault.retry_after)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _coded(self, answer: Answer) -> tuple[bytes, bool]:
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not accepted or not answer.content_type.startswith(("text/", "application/xml")):
            return answer.body, False
        return packed(answer.body), True

    def _is_fresh(self, answer: Answer) -> bool:
        """Whether the client's copy is still good; an entity tag outweighs a date (RFC 9110)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return answer.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        with contextlib.suppress(TypeError, ValueError):
            return answer.changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
        return False

    def _head(
        self, status: int, answer: Answer, *, length: int | None = None, coded: bool = False
    ) -> None:
        self._note(status)
        self.send_response(status)
        self.send_header("ETag", answer.etag)
        changed_at = format_datetime(answer.changed_at.astimezone(UTC), usegmt=True)
        self.send_header("Last-Modified", changed_at)
        self.send_header("Vary", "Accept-Encoding")
        if answer.location:
            self.send_header("Location", answer.location)
        if length is not None:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(length))
        if coded:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()

    def _note(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(time.monotonic(), self.command, self.path, status, headers)
        self.server.room.log(request)

    def send_response(self, code: int, message: str | None = None) -> None:
        """As the library's, but without a Date: the same state gives the same bytes."""
        self.send_response_only(code, message)
        self.send_header("Server", self.server_version)

    def log_message(self, format: str, *values: object) -> None:
        """The request log is :attr:`Newsroom.requests`; nothing goes to standard error."""
