"""What the desk remembers of its counts, and when it counts again."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from scripts.desk.remembering import _MOST, CHEAP_SECONDS, PATIENCE, Memory


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "news.db").write_bytes(b"1")
    return tmp_path / "news.db"


def counted(clock: Clock, cost: float, calls: list[float]) -> Callable[[], float]:
    def make() -> float:
        clock.now += cost
        calls.append(clock.now)
        return clock.now

    return make


def test_an_answer_stands_while_nothing_is_written(path: Path) -> None:
    clock, calls = Clock(), list[float]()
    memory = Memory(path, clock)
    first = memory.answer("a", counted(clock, 0.001, calls))
    clock.now += 1_000_000
    assert memory.answer("a", counted(clock, 0.001, calls)) == first
    assert memory.answer("b", counted(clock, 0.001, calls)) != first
    assert len(calls) == 2


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_a_cheap_answer_is_made_anew_after_a_change(path: Path, ending: str) -> None:
    clock, calls = Clock(), list[float]()
    memory = Memory(path, clock)
    for number in range(2):
        memory.answer("a", counted(clock, CHEAP_SECONDS / 2, calls))
        Path(f"{path}{ending}").write_bytes(b"changed" * (number + 1))
    memory.answer("a", counted(clock, CHEAP_SECONDS / 2, calls))
    assert len(calls) == 3


def test_a_dear_answer_may_be_a_little_old_while_a_crawl_writes(path: Path) -> None:
    clock, calls = Clock(), list[float]()
    memory = Memory(path, clock)
    memory.answer("a", counted(clock, 2.0, calls))
    os.utime(path, ns=(1, 1))
    clock.now += 2.0 * PATIENCE - 1
    memory.answer("a", counted(clock, 2.0, calls))
    assert len(calls) == 1
    clock.now += 2
    memory.answer("a", counted(clock, 2.0, calls))
    assert len(calls) == 2


def test_who_asks_the_same_at_once_waits_for_one_answer(path: Path) -> None:
    memory, calls, together = Memory(path), list[int](), Barrier(4)

    def make() -> int:
        calls.append(1)
        return 7

    def ask(_: int) -> int:
        together.wait()
        return memory.answer("a", make)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [7] * 4
    assert len(calls) == 1


def test_what_fails_is_not_remembered_and_what_is_old_is_forgotten(path: Path) -> None:
    memory = Memory(path)
    with pytest.raises(ZeroDivisionError):
        memory.answer("a", lambda: 1 // 0)
    assert memory.answer("a", lambda: 3) == 3
    for number in range(_MOST):
        memory.answer(number, lambda: 0)
    assert memory.answer("a", lambda: 4) == 4
    assert len(memory._answers) == _MOST
