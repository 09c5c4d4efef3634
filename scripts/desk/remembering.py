"""Answers that cost time, kept for as long as they are true, or nearly so.

Counting a million articles takes seconds, and the same counts stand on every page of results. They
are counted again when the archive's file has changed; while a crawl changes it all the time, an
answer may be as old as :data:`PATIENCE` times what it took to make, so that a cheap one is always
fresh and a dear one is not made over and over.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

PATIENCE = 20

#: Cheaper answers are not worth a thought: they are made anew after any change.
CHEAP_SECONDS = 0.2

#: Answers kept: each is some dozens of counts, three of them for a search.
_MOST = 300

Signature = tuple[tuple[int, int], ...]


class _Answer(NamedTuple):
    value: Any
    signature: Signature
    made_at: float
    cost: float


class Memory:
    """Answers by what was asked, the least used forgotten first; safe between threads."""

    def __init__(self, path: Path | None, clock: Callable[[], float] = monotonic) -> None:
        self._files = [path, path.with_name(f"{path.name}-wal")] if path else []
        self._clock = clock
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer known under a key, or a new one; who asks meanwhile waits for the same."""
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            signature = self._signature()
            known = self._known(key, signature)
            if known is None:
                began = self._clock()
                value: T = make()
                now = self._clock()
                known = _Answer(value, signature, now, now - began)
                self._keep(key, known)
            found: T = known.value
            return found

    def kept(self, key: Hashable) -> Any | None:
        """The answer known under a key, or None where none is, or it is no longer true."""
        known = self._known(key, self._signature())
        return known and known.value

    def _known(self, key: Hashable, signature: Signature) -> _Answer | None:
        with self._lock:
            known = self._answers.get(key)
            if known is None:
                return None
            self._answers.move_to_end(key)
        is_young = self._clock() - known.made_at < PATIENCE * known.cost
        is_dear = known.cost > CHEAP_SECONDS
        return known if known.signature == signature or (is_dear and is_young) else None

    def _keep(self, key: Hashable, answer: _Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > _MOST:
                forgotten, _ = self._answers.popitem(last=False)
                self._making.pop(forgotten, None)

    def _signature(self) -> Signature:
        """What changes whenever something is written: times and sizes of the archive's files."""
        found = []
        for path in self._files:
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((status.st_mtime_ns, status.st_size))
        return tuple(found)
