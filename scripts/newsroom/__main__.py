"""``python -m scripts.newsroom --port 8000`` serves the newsroom until it is interrupted."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from scripts.newsroom.server import Newsroom


def main() -> None:
    """Serve in the foreground."""
    parser = argparse.ArgumentParser(prog="python -m scripts.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (0: any)")
    parser.add_argument("--size", type=int, help="serve at least so many pages, copies included")
    given = parser.parse_args()
    try:
        served = Newsroom(given.port, size=given.size)
    except (OSError, OverflowError) as error:
        parser.error(f"port {given.port} can't be served ({error}); name another with --port")
    with served as room, contextlib.suppress(KeyboardInterrupt):
        sys.stderr.write(f"{len(room.articles)} articles on {room.url} (Ctrl-C ends)\n")
        threading.Event().wait()


if __name__ == "__main__":
    main()
