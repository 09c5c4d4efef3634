"""The command as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


def in_own_process(*arguments: object, cwd: Path, stdin: bytes = b"", **environment: str) -> Answer:
    """The command in a process of its own, as a crawl needs it: a reactor runs once."""
    known = {name: value for name, value in os.environ.items() if "HEMEROTECA" not in name}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "scripts.cli", *map(str, arguments)],
        cwd=cwd,
        env={**known, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
