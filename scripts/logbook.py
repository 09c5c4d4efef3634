"""The structured log: one event a line, as JSON, for whoever collects logs.

Every line has ``at`` (ISO 8601, UTC) and ``event``; the rest depends on the event. A line is
written at once and whole, so that several processes may write to one file.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.commands.pages import refusal_to_write

if TYPE_CHECKING:
    from spiders.reports import Progress

#: Where the log goes if no option says so.
LOG_VARIABLE = "HEMEROTECA_LOG"


class Logbook:
    """Writes events to the end of a file; with None for its name, nowhere."""

    def __init__(self, name: str | None) -> None:
        self._path = Path(name) if name else None
        if self._path is not None:
            try:
                self._append(b"")
            except OSError as error:
                raise refusal_to_write(str(name), error) from error

    def note(self, event: str, **about: object) -> None:
        """Write one event; a full disk loses the line and stops nothing."""
        if self._path is None:
            return
        told = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        line = json.dumps(told | about, ensure_ascii=False, default=str)
        try:
            self._append(f"{line}\n".encode())
        except OSError:
            return

    def note_page(self, step: Progress) -> None:
        """Write what became of a page."""
        self.note("page", site=step.site, outcome=step.outcome, url=step.url, reason=step.reason)

    def _append(self, line: bytes) -> None:
        assert self._path is not None  # noqa: S101 - told by both callers
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)
