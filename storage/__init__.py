"""The archive: what is remembered, and how it is asked.

>>> Archive.open("/nowhere/at/all.db")
Traceback (most recent call last):
    ...
crawler.errors.BadInput: There is no archive at /nowhere/at/all.db: crawl a site into it first, \
or name another with --archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.archive import Archive
from storage.lazily import Lazily

if TYPE_CHECKING:
    from storage.captures import StoredCapture
    from storage.changes import Change
    from storage.citing import Reference
    from storage.crawls import Crawl, HostState, SourceState
    from storage.edit_marks import EditMark, EditMarks
    from storage.edits import Edit
    from storage.excerpts import Excerpt
    from storage.facets import FacetValue
    from storage.failures import Failure
    from storage.former import Former
    from storage.frontier import Due, Listed, ListedCount
    from storage.graph import Edge, Node
    from storage.leaving import Leaving
    from storage.missing import Missing
    from storage.pointing import Link
    from storage.presence import Event
    from storage.records import Absence, History, Revision, State, StoredArticle, StoredReading
    from storage.redesigns import Redesign
    from storage.remarks import Remark
    from storage.search import Hit, Hits
    from storage.verifying import Damage, Findings

__all__ = [
    "Absence",
    "Archive",
    "Change",
    "Crawl",
    "Damage",
    "Due",
    "Edge",
    "Edit",
    "EditMark",
    "EditMarks",
    "Event",
    "Excerpt",
    "FacetValue",
    "Failure",
    "Findings",
    "Former",
    "History",
    "Hit",
    "Hits",
    "HostState",
    "Leaving",
    "Link",
    "Listed",
    "ListedCount",
    "Missing",
    "Node",
    "Redesign",
    "Reference",
    "Remark",
    "Revision",
    "SourceState",
    "State",
    "StoredArticle",
    "StoredCapture",
    "StoredReading",
]

#: Where the other names come from; a module is loaded with the first of its names.
_HOMES = {
    "Absence": "records",
    "Change": "changes",
    "Crawl": "crawls",
    "Damage": "verifying",
    "Due": "frontier",
    "Edge": "graph",
    "Edit": "edits",
    "EditMark": "edit_marks",
    "EditMarks": "edit_marks",
    "Event": "presence",
    "Excerpt": "excerpts",
    "FacetValue": "facets",
    "Failure": "failures",
    "Findings": "verifying",
    "Former": "former",
    "History": "records",
    "Hit": "search",
    "Hits": "search",
    "HostState": "crawls",
    "Leaving": "leaving",
    "Link": "pointing",
    "Listed": "frontier",
    "ListedCount": "frontier",
    "Missing": "missing",
    "Node": "graph",
    "Redesign": "redesigns",
    "Reference": "citing",
    "Remark": "remarks",
    "Revision": "records",
    "SourceState": "crawls",
    "State": "records",
    "StoredArticle": "records",
    "StoredCapture": "captures",
    "StoredReading": "records",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(Lazily(_HOMES[name]), name)
