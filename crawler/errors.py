"""Everything that can go wrong, drawn as one tree.

    HemerotecaError                 every error that this program raises on purpose
    ├── NotAnArticle                the page was read, and it is something else
    ├── Unreadable                  the bytes could not be read as a page
    ├── BadInput                    the command, or what it was given, is wrong       exit 2
    ├── ArchiveBusy                 another crawl holds this archive                  exit 3
    ├── ArchiveDamaged              not an archive, damaged, or of another version    exit 4
    └── MachineFault                the disk is full, fails, or gives no permission   exit 5

Each message is one sentence that says what happened, to what, and what to do.
"""

from __future__ import annotations


class HemerotecaError(Exception):
    """Base of every error that is raised on purpose; ``exit_code`` is what the command returns."""

    exit_code = 2


class NotAnArticle(HemerotecaError):
    """The page is none of an article: a listing, a profile, a login page, an error page.

    ``reason`` is one of the words in :data:`REASONS`; the text adds the evidence.
    """

    #: The kinds of page that are recognised as no article.
    REASONS = (
        "listing",
        "tag",
        "profile",
        "landing",
        "search",
        "login",
        "consent",
        "error",
        "empty",
        "not-html",
    )

    def __init__(self, reason: str, evidence: str = "") -> None:
        super().__init__(f"{reason}: {evidence}" if evidence else reason)
        self.reason = reason
        self.evidence = evidence


class Unreadable(HemerotecaError):
    """The bytes are no page that can be read: the capture is kept and listed under failures."""


class BadInput(HemerotecaError):
    """The command or its input is wrong; nothing was changed."""

    exit_code = 2


class ArchiveBusy(HemerotecaError):
    """Another crawl holds the archive; nothing was changed."""

    exit_code = 3


class ArchiveDamaged(HemerotecaError):
    """The file is no archive, is damaged, or of another version; it was left as it is."""

    exit_code = 4


class MachineFault(HemerotecaError):
    """The machine stood in the way: no room, no permission, a disk that fails. What was stored is
    safe, and the same command will do once there is room."""

    exit_code = 5


#: What is wrong with the archive or its machine, and so with every page alike.
OF_THE_ARCHIVE = (ArchiveBusy, ArchiveDamaged, MachineFault)
