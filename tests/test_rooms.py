"""The picture of the house, held by the imports themselves.

       scripts/     when, and for whom
          │
          ▼
       spiders/ ── scrapy          how to fetch
          │   └───────────┐
          ▼               │
       storage/ ── sqlalchemy      what is remembered
          │  (article, capture, errors, urls)
          ▼               ▼
       crawler/ ── bs4, selectolax what an article is, how sites print it

       inside crawler/:   sites/ · parsing/ · discovery · urls
                              →  profile  →  article · capture · errors

No arrow points back. A module may import what stands to the right of its room below, and nothing
else; the tests read every import statement of every file, those inside functions too.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from storage import Archive
from tests.storing import NOW, SITE, Desk, article

ROOT = Path(__file__).parent.parent
ROOMS = ("crawler", "storage", "spiders", "scripts")

#: Which rooms, or parts of a room, each room may import.
MAY_IMPORT = {
    "crawler": ("crawler",),
    "storage": (
        "storage",
        "crawler.article",
        "crawler.capture",
        "crawler.errors",
        "crawler.urls",
    ),
    "spiders": ("spiders", "storage", "crawler"),
    "scripts": ROOMS,
}

#: Which third-party libraries each room may import: its own, and those that several share.
LIBRARIES = {
    "crawler": {
        "bs4", "brotli", "dateparser", "defusedxml", "lxml", "selectolax", "w3lib", "zstandard",
    },
    "storage": {
        "alembic", "filelock", "pandas", "polars", "pyarrow", "snowballstemmer", "sqlalchemy",
        "xlsxwriter", "zstandard",
    },
    "spiders": {"scrapy", "twisted", "itemadapter", "pydispatch", "protego", "w3lib"},
    "scripts": {
        "apprise", "apscheduler", "datasette", "markupsafe", "matplotlib", "rich", "typer",
        "uvicorn",
    },
}  # fmt: skip

#: What a page's reader must never reach for: a page is bytes in, a record out.
OUTSIDE_WORLD = {
    "asyncio", "ftplib", "http", "multiprocessing", "requests", "socket", "sqlite3", "ssl",
    "subprocess", "time", "urllib.request",
}  # fmt: skip


def modules(room: str) -> Iterator[Path]:
    yield from sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every name that the file imports, as ``package.module.name``."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = path.relative_to(ROOT).parent.parts
                kept = package[: len(package) - node.level + 1]
                base = ".".join((*kept, base)).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_within(name: str, parts: tuple[str, ...] | set[str]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def offences(room: str, *, allowed: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if is_within(name, set(ROOMS)) and not is_within(name, allowed)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_no_arrow_points_back(room: str) -> None:
    assert list(modules(room)), f"{room}/ holds no module to look at"
    assert offences(room, allowed=MAY_IMPORT[room]) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_its_own_libraries_only(room: str) -> None:
    known = set(sys.stdlib_module_names) | set(ROOMS) | LIBRARIES[room]
    if room == "crawler":
        known -= {"asyncio", "socket", "sqlite3"}
    strangers = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name.split(".")[0] not in known and path.relative_to(ROOT) != Path("crawler/settings.py")
    }
    assert strangers == set()


def test_the_crawler_touches_neither_network_nor_database_nor_clock() -> None:
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("crawler")
        for name in imports(path)
        if is_within(name, OUTSIDE_WORLD)
    }
    assert found == set()


@pytest.mark.parametrize("call", ["datetime.now", "date.today", "datetime.utcnow", "time.time"])
def test_the_crawler_never_asks_what_time_it_is(call: str) -> None:
    owner, method = call.split(".")
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("crawler")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == owner
    ]
    assert asked == []


def test_parsing_never_imports_sites() -> None:
    """The profile is an argument: a page is read the same way whoever asks."""
    assert list(modules("crawler/parsing"))
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("crawler/parsing")
        for name in imports(path)
        if is_within(name, ("crawler.sites", "crawler.discovery"))
    ]
    assert found == []


def test_the_shared_language_imports_nothing_of_the_house() -> None:
    """Article, capture, errors and profile stand at the bottom: everybody speaks them."""
    for name in ("article", "capture", "errors", "profile"):
        path = ROOT / "crawler" / f"{name}.py"
        inside = {each for each in imports(path) if is_within(each, set(ROOMS))}
        assert not {each for each in inside if not is_within(each, ("crawler.errors",))}, path


def test_no_sql_and_no_selector_outside_its_room() -> None:
    """SQL is written in storage, and nowhere else; pages are taken apart in crawler."""
    for room in ("crawler", "spiders", "scripts"):
        for path in modules(room):
            assert not is_within_any(imports(path), ("sqlalchemy", "sqlite3", "alembic")), path
    for room in ("storage", "spiders", "scripts"):
        for path in modules(room):
            assert not is_within_any(imports(path), ("bs4", "selectolax", "lxml")), path


def test_a_part_of_the_archive_loads_later_what_it_names_for_its_types() -> None:
    """What mypy reads, and what a method loads with its first call, are the same modules."""
    parts = list(modules("storage/archive"))
    assert parts
    for path in parts:
        typed, later = set(), set()
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module == "storage":
                typed |= {alias.name for alias in node.names}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "later":
                later |= {ast.literal_eval(each) for each in node.args}
        assert typed == later, path


def is_within_any(names: Iterator[str], parts: tuple[str, ...]) -> bool:
    return any(is_within(name, parts) for name in names)


def declared() -> set[str]:
    """The packages that ``pyproject.toml`` names for users, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + [
        line for extra in extras if extra != "dev" for line in extras[extra]
    ]
    return {re.split(r"[\[<>=~ ]", line)[0].lower() for line in lines}


def test_every_library_that_is_imported_is_declared() -> None:
    packages = packages_distributions() | {"pandas": ["pandas"], "psycopg": ["psycopg"]}
    imported = {
        name.split(".")[0] for room in ROOMS for path in modules(room) for name in imports(path)
    }
    strangers = imported - set(sys.stdlib_module_names) - set(ROOMS)
    undeclared = {
        name
        for name in strangers
        if not {package.lower() for package in packages.get(name, [name])} & declared()
    }
    assert undeclared == set()


def test_every_dependency_says_what_it_is_for() -> None:
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text()
    explained = set(re.findall(r"^\| ([\w-]+) \|", page, flags=re.MULTILINE)) - {"package"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    development = project["project"]["optional-dependencies"]["dev"]
    lines = development + project["build-system"]["requires"]
    assert explained == declared() | {re.split(r"[\[<>=~ ]", line)[0] for line in lines}


def loaded_by(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after running the code."""
    return {name.partition(".")[0] for name in modules_loaded_by(code)}


def modules_loaded_by(code: str) -> set[str]:
    tell = "import sys; print(); print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("room", ["storage", "crawler.parsing", "crawler.sites", "crawler.urls"])
def test_asking_and_reading_start_no_reactor(room: str) -> None:
    assert not loaded_by(f"import {room}") & {"scrapy", "twisted"}


def test_reading_a_page_loads_no_database() -> None:
    assert not loaded_by("import crawler.parsing") & {"sqlalchemy", "alembic", "storage"}


def test_the_command_answers_before_any_heavy_library_is_loaded() -> None:
    code = "import scripts.cli\ntry: scripts.cli.main(['--version'])\nexcept SystemExit: pass"
    heavy = {
        "scrapy",
        "twisted",
        "bs4",
        "sqlalchemy",
        "alembic",
        "selectolax",
        "datasette",
        "uvicorn",
    }
    assert not loaded_by(code) & heavy


@pytest.fixture(scope="module")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "news.db"
    with Archive.open(path, mode="write") as archive:
        crawl_id = archive.start_crawl(SITE, "due", {}, NOW)
        Desk(archive, crawl_id).save(article(1, headline="A cartel splits"))
    return path


@pytest.mark.parametrize("command", [["search", "cartels"], ["search", "a split in the cartels"]])
def test_a_search_loads_nothing_that_it_does_not_need(
    small_archive: Path, command: list[str]
) -> None:
    arguments = ["--archive", str(small_archive), *command]
    code = f"from scripts.cli import main\ntry: main({arguments!r})\nexcept SystemExit: pass"
    loaded = modules_loaded_by(code)
    assert {"scripts.commands.asking", "storage.search"} <= loaded
    assert not {name.partition(".")[0] for name in loaded} & {
        "alembic", "apprise", "apscheduler", "bs4", "datasette", "dateparser", "lxml", "matplotlib",
        "numpy", "pandas", "polars", "pyarrow", "scrapy", "selectolax", "spiders", "twisted",
        "zstandard",
    }  # fmt: skip
    assert not loaded & {
        "crawler.article", "crawler.parsing", "scripts.commands.crawling", "scripts.commands.runs",
        "scripts.commands.taking_away", "sqlalchemy.dialects.postgresql", "storage.captures",
        "storage.frontier", "storage.intake", "storage.rereading", "storage.statistics",
        "storage.verifying",
    }  # fmt: skip


def test_showing_an_article_loads_no_parser_and_no_database_tool(small_archive: Path) -> None:
    arguments = ["--archive", str(small_archive), "show", "1"]
    code = f"from scripts.cli import main\ntry: main({arguments!r})\nexcept SystemExit: pass"
    assert not loaded_by(code) & {
        "alembic", "bs4", "datasette", "dateparser", "lxml", "matplotlib", "pyarrow", "scrapy",
        "selectolax", "twisted",
    }  # fmt: skip
