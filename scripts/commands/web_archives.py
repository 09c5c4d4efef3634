"""WARC and WACZ at the door: `add --warc` takes them in, `export --format warc|wacz` hands them
over."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from crawler.errors import BadInput
from scripts.commands import Setting
from scripts.commands.pages import check_readable, profile_of, refusal
from scripts.printing import bar, number_of, print_table, say

if TYPE_CHECKING:
    from crawler.warc.records import Broken
    from crawler.warc.writing import Earlier, WarcRecord
    from spiders.taking_in import TakingIn, Tally
    from storage import Leaving

#: What names of web archives end in; a page is never called so.
SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wacz")

#: Words for outcomes and for what is left out, in the order in which they are told.
_OUTCOMES = {
    "new": "new",
    "revised": "revised",
    "unchanged": "unchanged",
    "part": "parts of articles",
    "not_article": "no articles",
    "gone": "gone",
    "moved": "moved",
    "failed": "failed then",
    "unreadable": "unreadable",
    "held": "held already",
}
_LEFT_OUT = {
    "no page": "{} no page (pictures, scripts, data; --everything keeps them)",
    "request": "{} request or metadata",
    "not modified": "{} that the server called unmodified",
    "not on the web": "{} of no web address",
    "in segments": "{} cut into segments",
    "other": "{} of another kind",
    "too large": "{} larger than 64 MB",
    "repeats nothing": "{} that repeat an answer which is neither here nor in the archive",
}


# In


def add_web_archives(
    setting: Setting, names: list[str], *, site: str | None, everything: bool, jobs: int | None
) -> int:
    """Take web archives into the archive; the exit code."""
    from spiders.rereading import cores
    from spiders.taking_in import TakingIn, Tally

    if site is not None:
        from crawler.sites import site_named

        site_named(site)
    for name in names:
        check_readable(name)
        _check_is_web_archive(name)
    tallies = {name: Tally() for name in names}
    with setting.open_to_write() as archive, archive.hold():
        taking = TakingIn(
            archive,
            lambda url, known: _profile_of(url, site, known),
            everything=everything,
            jobs=jobs or cores(),
        )
        total = sum(Path(name).stat().st_size for name in names)
        shown = sys.stderr.isatty() and not setting.quiet
        with taking, bar("taking in", total, shown=shown) as advance:
            for name, tally in tallies.items():
                _take(taking, name, tally, advance)
            taking.finish()
    print_table(
        ["file", *_columns(tallies.values())],
        [[name, *_row(tally, tallies.values())] for name, tally in tallies.items()],
    )
    for name, tally in tallies.items():
        _tell(setting, name, tally)
    return 1 if any(tally.lost for tally in tallies.values()) else 0


def _profile_of(url: str, site: str | None, known: str | None) -> Any:
    """The profile to read a page with; ``known`` is the site as which it was once read here."""
    if site is None and known is not None:
        from crawler.sites import site_of

        try:
            return profile_of(url, None if site_of(url) else known)
        except BadInput:  # this program knows no such site any more, or it is the host's own name
            pass
    return profile_of(url, site)


def _check_is_web_archive(name: str) -> None:
    """Refuse what is none before anything is taken in."""
    with Path(name).open("rb") as opened, _parts_of(name, opened) as parts:
        is_none = True
        for _, file in parts:
            _first_of(name, file)
            is_none = False
            break
    if is_none:
        raise BadInput(f"{name!r} is a ZIP file without a WARC in it; name a WARC or WACZ file.")


def _first_of(name: str, file: IO[bytes]) -> None:
    from crawler.warc.records import NoWarc, records

    try:
        next(records(file), None)
    except NoWarc:
        what = "is empty" if Path(name).stat().st_size == 0 else "is no WARC or WACZ file"
        raise BadInput(f"{name!r} {what}; add saved pages without --warc.") from None


@contextmanager
def _parts_of(name: str, file: IO[bytes]) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The WARC files that an open file is or holds, each with its name."""
    from crawler.warc.packages import warc_parts
    from crawler.warc.unpacking import ZIP

    try:
        start = file.read(4)
        file.seek(0)
        yield warc_parts(file) if start == ZIP else iter([(name, file)])
    except OSError as error:
        raise BadInput(refusal(name, error)) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"{name!r} does not open as a WACZ file: {error}.") from error


def _take(taking: TakingIn, name: str, tally: Tally, advance: Callable[[int], None]) -> None:
    """Take in one file; *advance* is told by how many of its bytes."""
    with Path(name).open("rb") as opened:
        before = 0

        def on_progress() -> None:
            nonlocal before
            before, passed = opened.tell(), opened.tell() - before
            advance(max(0, passed))  # a package is not read from its beginning to its end

        with _parts_of(name, opened) as parts:
            for _, file in parts:
                taking.take(file, tally, on_progress)


def _columns(tallies: Iterable[Tally]) -> list[str]:
    known = [each for each in _OUTCOMES if any(tally.outcomes[each] for tally in tallies)]
    return [_OUTCOMES[each] for each in known]


def _row(tally: Tally, tallies: Iterable[Tally]) -> list[int]:
    shown = _columns(tallies)
    return [tally.outcomes[each] for each, words in _OUTCOMES.items() if words in shown]


def _tell(setting: Setting, name: str, tally: Tally) -> None:
    """Say what was left out, and what was lost."""
    usual = [
        words.format(tally.left_out[reason])
        for reason, words in _LEFT_OUT.items()
        if tally.left_out[reason] and reason not in ("too large", "repeats nothing")
    ]
    if usual:
        setting.remark(f"{name}: records left out: {', '.join(usual)}.")
    for reason in ("too large", "repeats nothing"):
        if number := tally.left_out[reason]:
            say(f"hemeroteca: {name}: left out: {_LEFT_OUT[reason].format(number)}.")
    for broken in tally.broken:
        say(f"hemeroteca: {name}: {_loss(broken)}")
    if more := tally.broken_count - len(tally.broken):
        say(f"hemeroteca: {name}: and {number_of(more, 'more record')}.")


def _loss(broken: Broken) -> str:
    if broken.is_last and broken.uri is None:
        return f"{broken.reason} after its last whole record; everything before that was read."
    what = f"record ({broken.uri})" if broken.uri else "record"
    if broken.is_last:
        return f"its last {what} is lost, since {broken.reason}; everything before it was read."
    return f"a {what} is lost, since {broken.reason}; the others were read."


# Out


def write_captures(
    leaving: Iterable[Leaving],
    form: Literal["warc", "wacz"],
    out: IO[bytes],
    *,
    compress: bool,
    about: dict[str, str],
) -> int:
    """Write captures as a web archive; how many."""
    from crawler.warc.packages import WaczFile
    from crawler.warc.writing import WarcFile, warcinfo

    now = datetime.now(UTC).replace(microsecond=0)
    software = f"hemeroteca {version('hemeroteca')}"
    head = warcinfo(software, now, about)
    count = 0
    if form == "warc":
        file = WarcFile(out, compress=compress)
        file.add(head)
        for each in leaving:
            file.add(_record(each))
            count += 1
        return count
    with WaczFile(out) as package:
        package.add(head)
        for each in leaving:
            package.add(_record(each), each.capture)
            if each.headline is not None:
                package.add_page(each.capture, each.headline)
            count += 1
        package.finish(software, now, about["description"])
    return count


def _record(leaving: Leaving) -> WarcRecord:
    from crawler.warc.writing import capture_record

    return capture_record(
        leaving.capture,
        leaving.id,
        site=leaving.site,
        sha256=leaving.sha256,
        earlier=_earlier(leaving),
    )


def _earlier(leaving: Leaving) -> Earlier | None:
    from crawler.warc.writing import Earlier, record_id

    first = leaving.earlier
    if first is None:
        return None
    named = record_id(first.id, first.url, first.fetched_at)
    return Earlier(first.address, first.fetched_at, named)
