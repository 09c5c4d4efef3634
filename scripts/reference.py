"""The reference pages that are made from the program itself.

`docs/reference/*.md` and the README call these functions through cog; `./scripts/test` fails when
a page no longer says what the program does.
"""

from __future__ import annotations

import ast
import inspect
import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import get_args
from unittest.mock import patch

import crawler.article
import crawler.settings

#: Help pages are made for this width, wherever they are made.
COLUMNS = "90"


def help_of(*command: str) -> str:
    """What ``hemeroteca COMMAND --help`` prints."""
    from scripts.cli import app

    printed = io.StringIO()
    fixed = {"COLUMNS": COLUMNS, "TERMINAL_WIDTH": COLUMNS}
    hidden = {name: text for name, text in os.environ.items() if name != "HEMEROTECA_ARCHIVE"}
    with patch.dict(os.environ, hidden | fixed, clear=True), redirect_stdout(printed):
        app([*command, "--help"], prog_name="hemeroteca", standalone_mode=False)
    return printed.getvalue().rstrip() + "\n"


def command_names() -> list[str]:
    """Every command, in the order of the help page."""
    listed = help_of().partition("Commands:\n")[2]
    return re.findall(r"^  (\w[\w-]*)", listed, flags=re.MULTILINE)


def command_line() -> Iterator[str]:
    """The page of all help pages, line by line."""
    for command in ([], *([name] for name in command_names())):
        yield f"## `{' '.join(['hemeroteca', *command])}`\n"
        yield f"```text\n{help_of(*command)}```\n"


def bounds() -> Iterator[str]:
    """The table of the settings that are ours, with what is written over each."""
    source = inspect.getsource(crawler.settings)
    pattern = r"((?:^#(?! ---).*\n)+)^(HEMEROTECA_\w+)(?:: [^=]+)? = (.+)$"
    yield "| setting | usual value | meaning |\n|---|---|---|"
    for comment, name, value in re.findall(pattern, source, flags=re.MULTILINE):
        if name in ("HEMEROTECA_ARCHIVE", "HEMEROTECA_CONTACT"):
            continue  # options of their own
        meaning = " ".join(line.lstrip("# ") for line in comment.splitlines())
        yield f"| `{name.removeprefix('HEMEROTECA_')}` | `{value}` | {meaning} |"


def record() -> Iterator[str]:
    """The tables of the record: its keys, then the keys of its parts."""
    tree = ast.parse(inspect.getsource(crawler.article))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    yield "| key | type | meaning |\n|---|---|---|"
    yield "| `article` | boolean | true; false, with `reason`, for a page that is none |"
    yield from _rows(classes["Article"])
    for name in ("Block", "Pointer", "Citation", "Image", "Translation", "Source"):
        yield f"\n### {name}\n\n{_prose(ast.get_docstring(classes[name]))}\n"
        yield "| key | type | meaning |\n|---|---|---|"
        yield from _rows(classes[name])


def _rows(node: ast.ClassDef) -> Iterator[str]:
    """One row per field, with the string under it, or a property's docstring, as its meaning."""
    for position, statement in enumerate(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            below = node.body[position + 1] if position + 1 < len(node.body) else None
            yield _row(statement.target.id, statement.annotation, _text(below))
        elif isinstance(statement, ast.FunctionDef) and statement.name.endswith("_text"):
            yield _row(statement.name, statement.returns, ast.get_docstring(statement) or "")


def _text(below: ast.stmt | None) -> str:
    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
        return str(below.value.value)
    return ""


def _row(name: str, annotation: ast.expr | None, meaning: str) -> str:
    return f"| `{name}` | {_kind(annotation)} | {_prose(meaning)} |"


def _prose(docstring: str | None) -> str:
    """A docstring as Markdown on one line, in the words of JSON."""
    return " ".join((docstring or "").replace("``", "`").replace("None", "null").split())


def _kind(annotation: ast.expr | None) -> str:
    """A type as somebody who reads JSON would say it."""
    if isinstance(annotation, ast.BinOp):
        return f"{_kind(annotation.left)} or {_kind(annotation.right)}"
    written = ast.unparse(annotation) if annotation is not None else ""
    if match := re.fullmatch(r"tuple\[(.+), \.\.\.\]", written):
        return f"list of {_kind(ast.parse(match[1], mode='eval').body)}"
    if match := re.fullmatch(r"dict\[str, (.+)\]", written):
        return f"object: name to {match[1]}"
    words = get_args(getattr(crawler.article, written, None))
    if words:
        return "one of " + ", ".join(f"`{word}`" for word in words)
    return {
        "str": "text",
        "bool": "boolean",
        "None": "null",
        "tuple[str, str]": "pair of text",
    }.get(written, written)
