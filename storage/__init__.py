"""The archive: what is remembered, and how it is asked.

>>> Archive.open("/nowhere/at/all.db")
Traceback (most recent call last):
    ...
crawler.errors.BadInput: There is no archive at /nowhere/at/all.db: crawl a site into it first, \
or name another with --archive.
"""

from __future__ import annotations

from storage.archive import Archive
from storage.captures import StoredCapture
from storage.changes import Change
from storage.citing import Reference
from storage.crawls import Crawl, HostState, SourceState
from storage.edits import Edit
from storage.facets import FacetValue
from storage.failures import Failure
from storage.frontier import Due, Listed, ListedCount
from storage.graph import Edge, Node
from storage.leaving import Leaving
from storage.missing import Missing
from storage.pointing import Link
from storage.presence import Event
from storage.records import Absence, History, Revision, State, StoredArticle, StoredReading
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
    "Event",
    "FacetValue",
    "Failure",
    "Findings",
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
    "Reference",
    "Remark",
    "Revision",
    "SourceState",
    "State",
    "StoredArticle",
    "StoredCapture",
    "StoredReading",
]
