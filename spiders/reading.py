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
from asyncio.subprocess import Process
from collections import deque
from contextlib import suppress
from typing import IO, cast

from crawler.article import Article
from crawler.capture import Capture
from crawler.errors import NotAnArticle, Unreadable
from crawler.feeds import article_in_feed, is_feed
from crawler.parsing import parse_article
from crawler.parsing.decoding import decode_content
from crawler.parsing.endings import breaks_off
from crawler.profile import Profile

Reading = Article | NotAnArticle | Unreadable

_LENGTH = struct.Struct("!Q")


def read(capture: Capture, profile: Profile | None) -> Reading:
    """What stands on a captured page; never an exception, so that no page is lost to a bad one."""
    try:
        html = decode_content(capture.body, capture.headers)
        if capture.origin and is_feed(html):
            about = {"url": capture.address, "feed": capture.origin}
            return article_in_feed(html, profile=profile, **about)
        if breaks_off(html, capture.body):
            return Unreadable("the page breaks off in the middle")
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


class ReadingStopped(Exception):
    """The run ends before the page is read; the page stays due."""


class Reader:
    """Reads captures in a process of its own or, with ``seconds`` 0, in this one.

    Pages are handed over as they come and read in that order, so that the process always has one at
    hand. Whoever wants readings calls :meth:`take` first and :meth:`leave` at the end.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._users = 0
        self._is_stopped = False
        self._process: Process | None = None
        self._waiting: deque[tuple[bytes, asyncio.Future[Reading]]] = deque()
        self._answering: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many pages it has that are not read yet."""
        return len(self._waiting)

    def take(self) -> None:
        """Note one more who wants readings."""
        self._users += 1

    async def leave(self) -> None:
        """Note one less; with the last, the process ends."""
        self._users -= 1
        if not self._users:
            await self._end()

    async def stop(self) -> None:
        """End at once what is being read: :class:`ReadingStopped` for all who wait, or will."""
        self._is_stopped = True
        while self._waiting:
            _, reading = self._waiting.popleft()
            if not reading.done():
                reading.set_exception(ReadingStopped())
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
        if self._answering is not None:  # it may just be starting the process
            await asyncio.wait({self._answering})
        await self._end()

    async def read(self, capture: Capture, profile: Profile) -> Reading:
        """What stands on the page; the caller's other work goes on meanwhile."""
        if self._is_stopped:
            raise ReadingStopped
        if not self._seconds:
            return read(capture, profile)
        page, reading = _packed((capture, profile)), asyncio.get_running_loop().create_future()
        self._waiting.append((page, reading))
        if self._process is not None:
            _pipe_to(self._process).write(page)
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._answer())
        found: Reading = await reading
        return found

    async def _answer(self) -> None:
        """Give every waiting page its reading; one that breaks the process is tried once more."""
        tries = 0
        while self._waiting:
            try:
                process = self._process or await self._start()
                if not self._waiting:
                    return
                async with asyncio.timeout(self._seconds):
                    found = _reading_of(await _received(process))
            except TimeoutError:
                found = Unreadable(f"reading it took longer than {self._seconds:g} s")
                await self._end()
            except (asyncio.IncompleteReadError, OSError):
                await self._end()
                tries += 1
                if tries < 2:
                    continue
                found = Unreadable("it broke the process that was reading it")
            tries = 0
            if not self._waiting:
                return
            _, reading = self._waiting.popleft()
            if not reading.done():
                reading.set_result(found)

    async def _start(self) -> Process:
        """Start the process and hand it all that waits.

        In a session of its own, a signal from the terminal ends the crawl first; the end of the
        crawl, however it comes, ends the process by the end of its input.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _PROGRAM.format(path=sys.path)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=1 << 20,
            start_new_session=True,
        )
        self._process = process
        for page, _ in self._waiting:
            _pipe_to(process).write(page)
        return process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


def _pipe_to(process: Process) -> asyncio.StreamWriter:
    if process.stdin is None:
        raise BrokenPipeError
    return process.stdin


async def _received(process: Process) -> object:
    if process.stdout is None:
        raise BrokenPipeError
    (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    return pickle.loads(await process.stdout.readexactly(length))  # noqa: S301  # our own process


_PROGRAM = "import sys; sys.path[:] = {path!r}; from spiders.reading import serve; serve()"


def serve() -> None:
    """The process: for every capture and profile that come in, a reading goes out."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        while True:
            capture, profile = cast(tuple[Capture, Profile], _receive(asked))
            reading = read(capture, profile)
            answers.write(_packed(_words_of(reading)))
            answers.flush()
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        return


def _words_of(reading: Reading) -> object:
    """The reading as it goes through the pipe: exceptions go as their words."""
    if isinstance(reading, NotAnArticle):
        return (reading.reason, reading.evidence)
    return str(reading) if isinstance(reading, Unreadable) else reading


def _reading_of(answer: object) -> Reading:
    """The reading as it was before it went through the pipe."""
    if isinstance(answer, tuple):
        return NotAnArticle(*answer)
    return Unreadable(answer) if isinstance(answer, str) else answer  # type: ignore[return-value]


def _packed(thing: object) -> bytes:
    packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(packed)) + packed


def _receive(pipe: IO[bytes]) -> object:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    return pickle.loads(pipe.read(length))  # noqa: S301  # the crawl itself sent it
