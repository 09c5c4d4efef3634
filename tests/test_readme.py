"""The README shows what the commands in it print."""

from __future__ import annotations

import re
import shlex
import sqlite3
from pathlib import Path

from tests.running import ROOT, Command

BLOCKS = re.findall(
    r"^```console\n\$ (.+)\n((?:.|\n)*?)^```", (ROOT / "README.md").read_text(), re.M
)


def steady(text: str) -> list[str]:
    """What does not depend on the port, nor on which page came first."""
    return re.sub(r"127\.0\.0\.1:\d+|no\. \d+", "…", text).splitlines()


def test_the_readme_shows_the_output_that_comes(hemeroteca: Command, archive: Path) -> None:
    assert len(BLOCKS) == 2
    for line, shown in BLOCKS:
        program, *words = shlex.split(line)
        if program == "hemeroteca":
            answer = hemeroteca(*words)
            printed = answer.out + answer.err
        else:
            rows = sqlite3.connect(archive).execute(words[1])
            printed = "\n".join("|".join(map(str, row)) for row in rows)
        assert steady(printed) == steady(shown), line
