"""One request to the desk: in which language, how the archive is asked, how that is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode, urlsplit

from datasette.utils.asgi import AsgiStream

from crawler.errors import ArchiveBusy
from scripts.commands.taking_away import outlets
from scripts.desk.remembering import Memory
from scripts.desk.wording import LANGUAGES, Words, chosen_language
from storage import Archive
from storage.edit_marks import Known
from storage.filters import SWITCHES

T = TypeVar("T")

#: The archive's name among Datasette's databases, and so in the addresses of its tables.
DATABASE = "archive"

#: How long the archive may think about one page before the reader is told.
LIMIT_SECONDS = 20

#: Characters of HTML that are sent together while a page is still being made.
_TOGETHER = 16_384

_RTL = {"ar", "fa", "he", "ur", "yi", "ps", "dv", "ug"}


@dataclass
class Desk:
    """What all requests share: the archive, threads to ask it in, the names it answers to."""

    archive: Archive
    names: frozenset[str] = frozenset()
    outlets: dict[str, str] = field(default_factory=outlets)
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(4, thread_name_prefix="archive")
    )

    long_threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="long")
    )

    known_edits: Known = field(default_factory=dict)
    """What was told before of what edits changed."""

    def __post_init__(self) -> None:
        self.memory = Memory(self.archive.path)
        self.excerpt = self.archive.excerpt()

    def close(self) -> None:
        """Let the threads go; the archive is its owner's to close."""
        for threads in (self.threads, self.long_threads):
            threads.shutdown(wait=False, cancel_futures=True)


class Visit:
    """One request."""

    def __init__(self, datasette: Any, request: Any) -> None:
        self._datasette = datasette
        self.request = request
        self.desk: Desk = datasette.desk

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The address's arguments, each once, without what is empty."""
        given = self.request.args if self.request else {}
        return {name: str(given[name]).strip() for name in given if str(given[name]).strip()}

    @cached_property
    def words(self) -> Words:
        """The interface's language."""
        headers = self.request.headers if self.request else {}
        return Words(chosen_language(self._named_language, headers.get("accept-language", "")))

    @property
    def _named_language(self) -> str | None:
        named = self.arguments.get("lang")
        return named if named in LANGUAGES else None

    @property
    def outlets(self) -> dict[str, str]:
        """The titles of the sites that are known by name."""
        return self.desk.outlets

    def outlet(self, site: str) -> str:
        """A site's title, or its name where it has none."""
        return self.desk.outlets.get(site, site)

    def in_words(self, name: str, value: str) -> str:
        """The value of a filter as a reader takes it."""
        if name == "language":
            return self.words.tongue(value)
        if name == "in":
            return self.words.named("in", value)
        return self.words.day(value) if name in ("since", "until", "at") else value

    def filter_in_words(self, name: str, value: str) -> str:
        """A filter with its value, where it has one, as a reader takes it."""
        said = self.words.named("facet", name)
        return said if name in SWITCHES else f"{said}: {self.in_words(name, value)}"

    @cached_property
    def excerpt(self) -> str | None:
        """Of what the archive is an excerpt, in one sentence; None where it is none."""
        part, words = self.desk.excerpt, self.words
        if part is None:
            return None
        asked = [
            words("quoted", query=value) if name == "query"
            else self.filter_in_words(name, value)
            for name, value in part.asked.items()
        ]  # fmt: skip
        return words(
            "excerpt",
            part.articles,
            of=words.number(part.of),
            day=words.day(part.taken_at),
            what="; ".join(asked),
        )

    def part(self, name: str) -> str:
        """A part of the path, as it was before it was quoted."""
        return unquote(self.request.url_vars[name])

    def number(self, name: str, default: int, most: int) -> int:
        """A number among the arguments, within its bounds; nonsense is the default."""
        given = self.arguments.get(name, "")
        return max(1, min(int(given), most)) if re.fullmatch(r"[0-9]{1,9}", given) else default

    def link(self, *path: object, **arguments: object) -> str:
        """An address of the desk that keeps the language, if one was named.

        Parts of the path are quoted, arguments that are None or empty left out.
        """
        given = {name.rstrip("_"): value for name, value in arguments.items()}
        if self._named_language:
            given.setdefault("lang", self._named_language)
        return address("/".join(quote(str(part), safe="") for part in path), given)

    def again(self, **arguments: object) -> str:
        """This very page with other arguments."""
        path = self.request.path if self.request else "/"
        return address(path.lstrip("/"), {**self.arguments, **arguments})

    def whole(self, path: str) -> str:
        """A path of the desk as the address that others may open, where they reach this desk."""
        return f"{self.request.scheme}://{self.request.host}{path}"

    def table(self, name: str, *ending: str, **arguments: object) -> str:
        """Datasette's own page of a table or view; an ending asks for another form."""
        if ".csv" in ending:
            arguments["_dl"] = 1
        return address("".join((DATABASE, "/", name, *ending)), arguments)

    def sql(self, statement: str, parameters: Mapping[str, object], ending: str = "") -> str:
        """Datasette's own page of a statement with its parameters."""
        more = {".json": {"_shape": "objects"}, ".csv": {"_dl": "1"}}.get(ending, {})
        return address(f"{DATABASE}{ending}", {"sql": statement, **parameters, **more}, keep=True)

    async def ask(self, question: Callable[[Archive], T], *, is_long: bool = False) -> T:
        """Ask the archive in a thread, so that nobody else waits.

        What may be long goes where it keeps only others like it waiting.

        :raises ArchiveBusy: it took too long.
        """
        loop = asyncio.get_running_loop()
        threads = self.desk.long_threads if is_long else self.desk.threads
        asked = loop.run_in_executor(threads, partial(question, self.desk.archive))
        try:
            return await asyncio.wait_for(asked, LIMIT_SECONDS)
        except TimeoutError:
            raise ArchiveBusy(self.words("too_slow", LIMIT_SECONDS)) from None

    async def ask_once(self, key: Hashable, question: Callable[[Archive], T]) -> T:
        """Ask what costs time: while the archive stays as it is, the same key has one answer."""
        memory = self.desk.memory
        return await self.ask(lambda archive: memory.answer(key, lambda: question(archive)))

    def shown(self, template: str, status: int = 200, **values: Any) -> Any:
        """A page, sent while it is being made."""
        made = self._datasette.jinja_env.get_template(template)
        context = {**self.context, **values}

        async def stream(writer: Any) -> None:
            waiting, size = [], 0
            async for piece in made.generate_async(context):
                waiting.append(piece)
                size += len(piece)
                if size > _TOGETHER:
                    await writer.write("".join(waiting))
                    waiting, size = [], 0
            await writer.write("".join(waiting))

        headers = {
            "content-language": self.words.language,
            "vary": "accept-language",
            "cache-control": "no-cache",
        }
        return AsgiStream(stream, status, headers, "text/html; charset=utf-8")

    @cached_property
    def context(self) -> dict[str, Any]:
        """What every template may use."""
        return {
            "visit": self,
            "t": self.words,
            "link": self.link,
            "lang": self.words.language,
            "other_lang": next(code for code in LANGUAGES if code != self.words.language),
        }


def address(path: str, arguments: Mapping[str, object], *, keep: bool = False) -> str:
    """A path on this desk with its arguments; what is empty is left out, unless it is to be kept.

    >>> address("search", {"q": "a b", "page": None})
    '/search?q=a+b'
    """
    given = {
        name: value if value is not None else ""
        for name, value in arguments.items()
        if keep or value not in (None, "")
    }
    return f"/{path.lstrip('/')}" + (f"?{urlencode(given)}" if given else "")


def web_link(url: str | None) -> str | None:
    """An address as it may stand in a link: of the web, or none. ``javascript:`` is text.

    >>> web_link("https://example.org/a"), web_link("javascript:alert(1)"), web_link(None)
    ('https://example.org/a', None, None)
    """
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def direction(language: str | None) -> str:
    """How a text of a language runs.

    >>> direction("fa"), direction("en"), direction(None)
    ('rtl', 'ltr', 'auto')
    """
    if not language:
        return "auto"
    return "rtl" if language in _RTL else "ltr"
