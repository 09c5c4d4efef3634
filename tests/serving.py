"""Servers on loopback, each for as long as a block runs."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler


class Answering(BaseHTTPRequestHandler):
    """Answers HTTP without a line on the terminal for each request."""

    protocol_version = "HTTP/1.1"

    def answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, cut: int = 0
    ) -> None:
        """Send an answer, of whose body so many bytes are promised and never sent."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + cut))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or bool(cut)

    def log_message(self, format: str, *values: object) -> None:
        """Nothing is written for a request."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def served(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    """Serve on a free port while the block runs; its number."""
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
