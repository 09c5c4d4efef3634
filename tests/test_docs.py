"""The documentation leads somewhere, and names nothing that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.reference import command_names, help_of
from tests.running import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_link_inside_the_documentation_leads_to_a_page(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def shell_lines(page: Path) -> list[str]:
    """The commands of a page: in blocks for a shell, and after a prompt."""
    blocks = re.findall(r"^```(sh|console|cron)\n(.*?)^```", page.read_text(), re.M | re.S)
    return [
        line.removeprefix("$ ")
        for kind, block in blocks
        for line in block.splitlines()
        if kind != "console" or line.startswith("$ ")
    ]


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_command_and_option_in_an_example_exists(page: Path) -> None:
    for line in shell_lines(page):
        match = re.search(r"\bhemeroteca(?!\.)((?: --?\w+(?: \S+\.db)?)*) ([a-z]+)\b(.*)", line)
        if match is None or "pip" in line:
            continue
        _, command, rest = match.groups()
        assert command in command_names(), line
        options = re.findall(r"(?<=\s)--?[a-z][\w-]*", rest.partition("#")[0].partition("||")[0])
        assert [option for option in options if option not in help_of(command)] == [], line


def test_every_threat_names_a_test_that_exists() -> None:
    page = (ROOT / "docs/explanation/threats.md").read_text()
    tests = "".join(path.read_text() for path in (ROOT / "tests").glob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", tests, re.M))
    rows = [line for line in page.splitlines() if re.match(r"\| (?!threat)\w|\| `", line)]
    assert len(rows) > 20
    assert [row for row in rows if "`test_" not in row and "the same" not in row] == []
    assert set(re.findall(r"`(test_\w+)`", page)) - there == set()


def test_the_lock_files_name_versions_and_hashes_and_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|/\w+/\w+", text)
        requirements = re.findall(r"^[a-z][^\n]*?(?: \\)?$", text, re.M)
        assert requirements
        assert all("==" in line for line in requirements)
        assert text.count("--hash=sha256:") >= len(requirements)


def test_the_repository_speaks_of_the_product_alone() -> None:
    """No path of somebody's machine stands in what everybody reads."""
    for page in PAGES:
        assert not re.search(r"/(work|tmp|root)/", page.read_text()), page
