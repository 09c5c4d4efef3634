"""Modules that are loaded when something of them is first asked for.

Each errand needs few of the archive's modules: a search should not wait for those that a crawl
writes by, nor for what they import.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def later(*names: str) -> dict[str, Lazily]:
    """These modules by their names, none of them loaded yet."""
    return {name: Lazily(name) for name in names}


class Lazily:
    """Stands for a module of this package."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(f"storage.{self._name}"), attribute)
