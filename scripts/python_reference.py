"""``docs/reference/python.md``: what there is to call in Python, out of its own docstrings."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

from storage import _HOMES

#: Parts of an archive by their modules, each with its heading: for who reads, and for who crawls.
READING = {
    "door": "Open it",
    "looking_up": "One article",
    "asking": "Many articles",
    "taking_away": "Take away",
}
WRITING = {
    "taking_in": "Keep what was fetched",
    "remembering": "Remember from crawl to crawl",
    "reading_again": "Read again",
}

#: What those methods return: the most wanted first, then whatever else ``storage`` names.
_FIRST = (
    "Hits", "Hit", "FacetValue", "StoredArticle", "History", "Revision", "Change", "Event",
    "Absence", "StoredCapture", "Link", "Remark", "Reference", "Edit", "Former", "Node", "Edge",
    "Missing",
)  # fmt: skip
RETURNED = (*_FIRST, *(name for name in _HOMES if name not in _FIRST))

#: Functions whose rows have keys, by the method that returns them.
ROWS = {
    "stats": "storage.statistics.statistics",
    "coverage": "storage.coverage.coverage",
    "compared_sources": "storage.coverage.compared_sources",
}

#: Functions beside the archive.
FUNCTIONS = (
    "crawler.parsing.parse_article", "crawler.sites.site_of", "crawler.sites.site_named",
    "crawler.sites.profile_at", "storage.citing.citation", "storage.citing.citations",
)  # fmt: skip

#: What a field means that is called so, wherever nothing else is said under it.
SAME = {
    "article": "The record ([its keys](record.md)).",
    "articles": "How many there are.",
    "article_id": "Number of the article that it shows, if it does.",
    "authors": "Names in print order.",
    "bytes": "How many bytes the server sent.",
    "capture": "The response, with its bytes.",
    "capture_id": "Number of the capture.",
    "captured_at": "When it was first captured so, in UTC.",
    "captures": "The responses that show it, oldest first.",
    "category": "The category as printed.",
    "changes": "What differs.",
    "damaged": "What is not as it was stored; at most a thousand are named.",
    "etag": "The `ETag` of the last full answer, as sent.",
    "failures": "How often in a row it could not be had.",
    "fetched_at": "When the response arrived, in UTC.",
    "field": "Which field of the record.",
    "before": "What it said before; None where it said nothing.",
    "after": "What it says since; None where it says nothing.",
    "final_url": "Where redirects ended, if there were any.",
    "finished_at": "When it ended, in UTC; None where it was killed or still runs.",
    "first_failed_at": "The first of these failures, in UTC.",
    "last_failed_at": "The latest of these failures, in UTC.",
    "first_seen_at": "When it was first captured, in UTC.",
    "gone_at": "Since when the server says that it is no more, in UTC; None where it does not.",
    "headline": "The headline as printed.",
    "id": "Its number in the archive.",
    "language": "BCP 47 primary tag of the text.",
    "last_fetched_at": "When the server last answered for it, in UTC.",
    "last_modified": "The `Last-Modified` of the last full answer, as sent.",
    "lastmod_at": "Its last change as a list states it.",
    "mode": "`due`, `latest`, `backfill`, `recheck`, `add`, `wayback` …",
    "next_allowed_at": "No request before this instant, in UTC.",
    "next_try_at": "When it is tried again, in UTC; None is never by itself.",
    "options": "The options that it was given, by name.",
    "parser": "Profile and version that read it.",
    "published_on": "The day of publication as printed.",
    "read_at": "When it was read, in UTC.",
    "reason": "Why, in words; None where nothing is the matter.",
    "report": "What `crawl --report` writes.",
    "returned_at": "When it was seen again, in UTC; None while it is gone.",
    "revisions": "Its states, oldest first.",
    "seen_at": "When it was first seen so, in UTC.",
    "sha256": "Hex SHA-256 of the bytes as they were sent.",
    "site": "Name of the site.",
    "source": "What kind of list named it.",
    "started_at": "When it began, in UTC.",
    "status": "The HTTP status.",
    "taken_at": "When it was made, in UTC.",
    "truncated": "Whether the answer ended before its promised length.",
    "url": "Its address.",
    "value": "What the filter of that name takes.",
    "words": "How many words it has.",
}

#: A signature that is longer than a line has its parameters below each other.
_LINE = 92


def methods(parts: dict[str, str]) -> Iterator[str]:
    """Every public method of some parts of an archive."""
    for module, heading in parts.items():
        (node,) = _classes(f"storage.archive.{module}").values()
        yield f"### {heading}\n\n{_prose(ast.get_docstring(node))}\n"
        for each in _public(node):
            yield from _callable(each, "archive.", "####")


def filters() -> Iterator[str]:
    """The filters that most questions take."""
    yield _table(_fields(_classes("storage.filters")["Filters"]))


def returned() -> Iterator[str]:
    """What comes back: the fields of each class, and what else it can tell."""
    for name in RETURNED:
        node = _classes(f"storage.{_HOMES[name]}")[name]
        yield f"### {name}\n\n{_prose(ast.get_docstring(node))}\n"
        yield _table([*_fields(node), *_properties(node)])
        told = [each for each in _public(node) if not _is_property(each)]
        yield from (f"`.{_signature(each, '.')[1:]}`: {_told(each)}\n" for each in told)


def rows() -> Iterator[str]:
    """The keys of rows that are plain dictionaries."""
    for method, path in ROWS.items():
        yield f"### Rows of {method}\n\n{_told(_function(path))}\n"


def functions() -> Iterator[str]:
    """The functions beside the archive."""
    for path in FUNCTIONS:
        module, _, name = path.rpartition(".")
        yield from _callable(_function(path), "", "###", f"from {module} import {name}\n\n")


def errors() -> Iterator[str]:
    """The tree of errors."""
    told = inspect.cleandoc(_module("crawler.errors").__doc__ or "")
    tree = told.partition("\n\n")[2]
    yield f"```text\n{tree}\n```"


# --- a class, a function


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(name)


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(_module(module)))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _function(path: str) -> ast.FunctionDef:
    module, _, name = path.rpartition(".")
    tree = ast.parse(inspect.getsource(_module(module)))
    return next(
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name
    )


def _public(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
            yield each


def _is_property(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(each).endswith("property") for each in node.decorator_list)


def _callable(node: ast.FunctionDef, owner: str, heading: str, before: str = "") -> Iterator[str]:
    """A method or function: its name, how it is called, and what its docstring says."""
    owner = owner.title() if node.name == "open" else owner
    called = f"{owner}{node.name}  # {_type(node.returns)}"
    if not _is_property(node):
        called = _signature(node, owner)
    yield f"{heading} {owner}{node.name}\n\n```py\n{before}{called}\n```\n\n{_told(node)}\n"


def _signature(node: ast.FunctionDef, owner: str) -> str:
    """How it is called, in one line or with each parameter on its own; an owner goes by itself."""
    parts = _parted(ast.unparse(node.args))[1 if owner else 0 :]
    ending = f" -> {_type(node.returns)}"
    whole = f"{owner}{node.name}({', '.join(parts)}){ending}"
    if len(whole) <= _LINE:
        return whole
    lines = "".join(f"    {each},\n" for each in parts)
    return f"{owner}{node.name}(\n{lines}){ending}"


def _parted(arguments: str) -> list[str]:
    """Parameters one by one, whatever commas their types have."""
    parts, depth = [""], 0
    for letter in arguments:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += " = " if letter == "=" and not depth else letter
    return [part.strip() for part in parts if part]


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for each, below in zip(node.body, [*node.body[1:], None], strict=True):
        if not (isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)):
            continue
        if not each.target.id.startswith("_"):
            told = below.value if isinstance(below, ast.Expr) else None
            known = SAME.get(each.target.id, "")
            meaning = str(told.value) if isinstance(told, ast.Constant) else known
            yield _row(each.target.id, each.annotation, meaning)


def _properties(node: ast.ClassDef) -> Iterator[str]:
    for each in _public(node):
        if _is_property(each):
            yield _row(each.name, each.returns, ast.get_docstring(each) or "")


def _table(rows: Iterable[str]) -> str:
    return "\n".join(("| field | type | meaning |\n|---|---|---|", *rows)) + "\n"


def _row(name: str, kind: ast.expr | None, meaning: str) -> str:
    told = " ".join(_prose(meaning).split())
    return f"| `{name}` | `{_type(kind)}` | {told} |"


def _type(node: ast.expr | None) -> str:
    return ast.unparse(node) if node is not None else "None"


# --- a docstring as Markdown

_ROLE = re.compile(r":\w+:`~?([\w.]+)`")

#: What is told elsewhere than under its own name.
_LINKS = {
    "storage.query": "[the query language](../how-to/search-the-archive.md)",
    **{path: f"[rows of {name}](#rows-of-{name})" for name, path in ROWS.items()},
    "storage.statistics": "[rows of stats](#rows-of-stats)",
}


def _told(node: ast.FunctionDef | ast.ClassDef) -> str:
    return _prose(ast.get_docstring(node))


def _named(role: re.Match[str]) -> str:
    path = role[1]
    name = path if path.startswith("storage.") else path.rpartition(".")[2]
    return _LINKS.get(path, f"`{name}`")


def _prose(docstring: str | None) -> str:
    r"""Paragraphs, lists and examples of a docstring as Markdown.

    >>> print(_prose("See :meth:`search`; ``None`` if none.\n\n:raises BadInput: no date."))
    See `search`; `None` if none.
    <BLANKLINE>
    - raises `BadInput`: no date.
    """
    text = _ROLE.sub(_named, docstring or "").replace("``", "`")
    parts = [_part(each) for each in re.split(r"\n\s*\n", text)]
    return "\n\n".join(part for part in parts if part)


def _part(text: str) -> str:
    if text.lstrip().startswith(">>>"):
        return f"```pycon\n{text}\n```"
    return re.sub(r"^:raises ([\w.]+):", r"- raises `\1`:", text, flags=re.MULTILINE)
