"""Reading pages in a process beside the crawl: fetching goes on meanwhile, and no page holds it up.

A page is somebody else's bytes. What takes too long to read, or breaks the process that reads it,
costs that page its reading and nothing else: its capture is kept and listed under failures.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import struct
import subprocess
import sys
from asyncio.subprocess import Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
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


#: Pages that are handed over in one message, and their most bytes: one by one, the messages cost a
#: tenth of what the reading does.
TOGETHER, TOGETHER_BYTES = 8, 1 << 20

#: Messages that the process has at a time: one to read, and one for when that is done.
AT_A_TIME = 2


@dataclass(slots=True)
class _Page:
    """A page that waits for its reading."""

    capture: Capture
    profile: Profile
    reading: asyncio.Future[Reading]
    is_suspect: bool = False
    """It was in a message that was not answered, and goes by itself from now on."""
    breaks: int = 0
    """How often it has broken the process by itself."""


class Reader:
    """Reads captures in a process of its own or, with ``seconds`` 0, in this one.

    Pages are handed over as they come and read in that order, so that the process always has some
    at hand; of several that wait, some together. Whoever wants readings calls :meth:`take` first
    and :meth:`leave` at the end.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._users = 0
        self._is_stopped = False
        self._process: Process | None = None
        self._waiting: deque[_Page] = deque()
        self._sent: deque[list[_Page]] = deque()
        self._answering: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many pages it has that are not read yet."""
        return len(self._waiting) + sum(map(len, self._sent))

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
        self._take_back()
        while self._waiting:
            page = self._waiting.popleft()
            if not page.reading.done():
                page.reading.set_exception(ReadingStopped())
        if self._process is not None:
            _kill(self._process)
        if self._answering is not None:  # it may just be starting the process
            await asyncio.wait({self._answering})
        await self._end()

    async def read(self, capture: Capture, profile: Profile) -> Reading:
        """What stands on the page; the caller's other work goes on meanwhile."""
        return await self.hand(capture, profile)

    def hand(self, capture: Capture, profile: Profile) -> asyncio.Future[Reading]:
        """The reading to come, for those who have more pages to hand over before they wait."""
        if self._is_stopped:
            raise ReadingStopped
        reading: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        if not self._seconds:
            reading.set_result(read(capture, profile))
            return reading
        self._waiting.append(_Page(capture, profile, reading))
        if self._process is not None:
            self._send(self._process)
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._answer())
        return reading

    def _send(self, process: Process) -> None:
        """Hand over as many pages as the process should have."""
        while self._waiting and len(self._sent) < AT_A_TIME:
            pages = self._next()
            self._sent.append(pages)
            _pipe_to(process).write(_packed([(each.capture, each.profile) for each in pages]))

    def _next(self) -> list[_Page]:
        """The pages of the next message."""
        pages = [self._waiting.popleft()]
        size = len(pages[0].capture.body)
        while self._waiting and len(pages) < TOGETHER and not pages[0].is_suspect:
            size += len(self._waiting[0].capture.body)
            if size > TOGETHER_BYTES or self._waiting[0].is_suspect:
                break
            pages.append(self._waiting.popleft())
        return pages

    async def _answer(self) -> None:
        """Give every waiting page its reading."""
        while self._waiting or self._sent:
            try:
                process = self._process or await self._start()
                self._send(process)
                if not self._sent:
                    return
                async with asyncio.timeout(self._seconds):
                    found = list(map(_reading_of, await _received(process)))
            except TimeoutError:
                reason = f"reading it took longer than {self._seconds:g} s"
                found = self._refused(reason, tries=1)
                await self._end()
            except (asyncio.IncompleteReadError, OSError):
                found = self._refused("it broke the process that was reading it", tries=2)
                await self._end()
            if found and self._sent:
                for page, reading in zip(self._sent.popleft(), found, strict=True):
                    if not page.reading.done():
                        page.reading.set_result(reading)
            if self._process is None:
                self._take_back()

    def _refused(self, reason: str, *, tries: int) -> list[Reading]:
        """What becomes of the pages of a message that was not answered.

        Of several, nobody knows which it was: they go one by one. One by itself has so many tries.
        """
        pages = self._sent[0] if self._sent else []
        for page in pages:
            page.breaks += len(pages) == 1
            page.is_suspect = True
        if len(pages) == 1 and pages[0].breaks >= tries:
            return [Unreadable(reason)]
        return []

    def _take_back(self) -> None:
        """What was handed over to a process that is no more waits again, in its order."""
        while self._sent:
            self._waiting.extendleft(reversed(self._sent.pop()))

    async def _start(self) -> Process:
        """Start the process.

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
        return process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            await process.communicate()


def _kill(process: Process) -> None:
    """End it. Its own method looks whether it has ended, and asyncio, which waits for that, then
    complains of a process that it does not know."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def _pipe_to(process: Process) -> asyncio.StreamWriter:
    if process.stdin is None:
        raise BrokenPipeError
    return process.stdin


async def _received(process: Process) -> list[object]:
    if process.stdout is None:
        raise BrokenPipeError
    (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    answer = await process.stdout.readexactly(length)
    return cast(list[object], pickle.loads(answer))  # noqa: S301  # our own process


_PROGRAM = "import sys; sys.path[:] = {path!r}; from spiders.reading import serve; serve()"


def serve() -> None:
    """The process: for some captures and profiles that come in, as many readings go out."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        while True:
            pages = cast(list[tuple[Capture, Profile]], _receive(asked))
            readings = [read(capture, profile) for capture, profile in pages]
            answers.write(_packed(list(map(_words_of, readings))))
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
