"""Reading pages in a process beside the crawl: fetching goes on meanwhile, and no page holds it up.

A page is somebody else's bytes. What takes too long to read, or breaks the process that reads it,
costs that page its reading and nothing else: its capture is kept and listed under failures.
"""

from __future__ import annotations

import asyncio
import pickle
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Timer
from typing import IO, cast

from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from crawler.parsing import parse_article
from crawler.parsing.decoding import decode_content
from crawler.profile import Profile

Reading = Article | NotAnArticle | Unreadable

_LENGTH = struct.Struct("!Q")


def read(capture: Capture, profile: Profile | None) -> Reading:
    """What stands on a captured page; never an exception, so that no page is lost to a bad one."""
    try:
        html = decode_content(capture.body, capture.headers)
        return parse_article(
            html,
            url=capture.address,
            profile=profile,
            content_type=capture.content_type,
            fetched_at=capture.fetched_at,
        )
    except (NotAnArticle, Unreadable) as refusal:
        return refusal
    except Exception as fault:
        return Unreadable(f"the parser failed on it: {type(fault).__name__}: {fault}")


class Reader:
    """Reads captures in a process of its own or, with ``seconds`` 0, in this one."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = ThreadPoolExecutor(1, "reading")

    async def read(self, capture: Capture, profile: Profile) -> Reading:
        """What stands on the page; the caller's other work goes on meanwhile."""
        if not self._seconds:
            return read(capture, profile)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._read_beside, capture, profile)

    def close(self) -> None:
        """End the process; it has nothing that could be lost."""
        self._thread.shutdown(cancel_futures=True)
        self._end()

    def _read_beside(self, capture: Capture, profile: Profile) -> Reading:
        """What the process makes of it; asked once more where it broke, for that may be chance."""
        for _ in range(2):
            process = self._started()
            limit = Timer(self._seconds, process.kill)
            limit.start()
            try:
                _send(process.stdin, (capture, profile))
                return _reading_of(_receive(process.stdout))
            except (EOFError, OSError):
                self._end()
                if limit.finished.is_set():
                    return Unreadable(f"reading it took longer than {self._seconds:g} s")
            finally:
                limit.cancel()
        return Unreadable("it broke the process that was reading it")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # In a session of its own, a signal from the terminal ends the crawl first; the end of
            # the crawl, however it comes, ends the process by the end of its input.
            self._process = subprocess.Popen(  # noqa: S603  # this program, by its own name
                [sys.executable, "-c", _PROGRAM.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


_PROGRAM = "import sys; sys.path[:] = {path!r}; from spiders.reading import serve; serve()"


def serve() -> None:
    """The process: for every capture and profile that come in, a reading goes out."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        while True:
            capture, profile = cast(tuple[Capture, Profile], _receive(asked))
            reading = read(capture, profile)
            if isinstance(reading, NotAnArticle):
                _send(answers, (reading.reason, reading.evidence))
            else:
                _send(answers, str(reading) if isinstance(reading, Unreadable) else reading)
    except (EOFError, BrokenPipeError):
        return


def _reading_of(answer: object) -> Reading:
    """The reading as it was before it went through the pipe; exceptions go as their words."""
    if isinstance(answer, tuple):
        return NotAnArticle(*answer)
    return Unreadable(answer) if isinstance(answer, str) else answer  # type: ignore[return-value]


def _send(pipe: IO[bytes] | None, thing: object) -> None:
    packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    if pipe is not None:
        pipe.write(_LENGTH.pack(len(packed)) + packed)
        pipe.flush()


def _receive(pipe: IO[bytes] | None) -> object:
    head = pipe.read(_LENGTH.size) if pipe else b""
    if len(head) < _LENGTH.size or pipe is None:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    packed = pipe.read(length)
    if len(packed) < length:
        raise EOFError
    return pickle.loads(packed)  # noqa: S301  # our own process sent it
