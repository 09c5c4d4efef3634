"""The command as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
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


def in_own_process(
    *arguments: object, cwd: Path, stdin: bytes = b"", out: Path | None = None, **environment: str
) -> Answer:
    """The command in a process of its own, as a crawl needs it: a reactor runs once.

    Its answer is collected, or goes to the file ``out``.
    """
    known = {name: value for name, value in os.environ.items() if "HEMEROTECA" not in name}
    with out.open("wb") if out else nullcontext(subprocess.PIPE) as place:
        done = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", "-m", "scripts.cli"]
            + [str(word) for word in arguments],
            cwd=cwd,
            env={**known, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
            input=stdin,
            stdout=place,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    return Answer(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())
