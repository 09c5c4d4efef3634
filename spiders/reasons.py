"""Why a page could not be had, in words that stand in reports and in the list of failures."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from spiders.wire import PAUSING

#: Why nothing is asked of a host whose robots.txt can't be had.
UNREACHABLE = "its robots.txt can't be reached"


def reason_of_status(status: int) -> str:
    """What a status means that is none of a page."""
    if status in (401, 402, 403, 407, 451):
        return f"the server refused it ({status})"
    if status in PAUSING:
        return f"the server asked for a pause ({status})"
    if 300 <= status < 400:
        return f"a redirect that leads nowhere ({status})"
    if status >= 500:
        return f"the server failed ({status})"
    return f"an answer that is no page ({status})"


#: Words for Scrapy's and Twisted's exceptions, by their names; the rest go by the name itself.
_FAULTS = {
    "CannotResolveHostError": "the host's name could not be found",
    "DownloadTimeoutError": "the server did not answer in time",
    "DownloadConnectionRefusedError": "the server refused the connection",
    "DownloadCancelledError": "the page is too large",
    "DownloadFailedError": "the connection broke",
    "ResponseDataLossError": "the page broke off",
    "StopDownload": "the page came too slowly",
    "ValueError": "a redirect to what is no address",
}


def reason_of_fault(fault: BaseException) -> str:
    """What it means that there was no answer."""
    if isinstance(fault, IgnoreRequest):
        return str(fault).partition(",")[0] or "not asked for"
    if "ConnectionAborted" in str(fault):
        return "the head of the answer does not end"
    return _FAULTS.get(type(fault).__name__, type(fault).__name__)


def is_robots_refusal(fault: BaseException) -> bool:
    """Whether robots.txt is why nothing was asked."""
    return isinstance(fault, IgnoreRequest) and "robots.txt" in str(fault)
