"""The filters that `search`, `stats` and `export` share: declared once, the same everywhere."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_type_hints

import typer

from crawler.errors import BadInput
from scripts.commands import Setting, day
from scripts.printing import line

if TYPE_CHECKING:
    from storage import Archive

Answer = TypeVar("Answer")

QUERY_HELP = 'Words, "a phrase", AND, OR, NOT, prefix*, NEAR(one two, 5).'


def first_day(text: str) -> date:
    """The day that ``--since`` names: of a month or a year its first, or one so long ago.

    >>> first_day("2019"), first_day("2019-05")
    (datetime.date(2019, 1, 1), datetime.date(2019, 5, 1))
    >>> first_day("90 days") == first_day("-90d") == days_ago(90)
    True
    """
    if ago := _AGO.fullmatch(text.strip().lower()):
        return _day_ago(int(ago[1]), ago[2][0])
    return day(f"{text}{'-01-01'[len(text) - 4 :]}" if _SHORT.fullmatch(text) else text)


def last_day(text: str) -> date:
    """The day that ``--until`` names: of a month or a year its last, or one so long ago.

    >>> last_day("2019"), last_day("2020-02")
    (datetime.date(2019, 12, 31), datetime.date(2020, 2, 29))
    """
    if not _SHORT.fullmatch(text):
        return first_day(text)
    month = day(f"{text}-12-01" if len(text) == 4 else f"{text}-01")
    return month.replace(day=monthrange(month.year, month.month)[1])


def moment(text: str) -> datetime:
    """The instant that ``--at`` names: the end of a day, month or year, or a time of day (UTC).

    >>> moment("2019-05").isoformat(), moment("2019-05-01T20:56Z").isoformat()
    ('2019-05-31T23:59:59.999999+00:00', '2019-05-01T20:56:59.999999+00:00')
    """
    from storage.moments import last_instant

    return last_instant(text if ":" in text else last_day(text))


_SHORT = re.compile(r"\d{4}(-\d\d)?")
#: A time ago, as it moves on with the calendar: "90 days", "6 weeks ago", "-2y".
_AGO = re.compile(r"-?(\d+) ?(d|days?|w|weeks?|m|months?|y|years?)(?: ago)?")


def days_ago(number: int) -> date:
    """The day so many days ago, by this machine's calendar."""
    try:
        return datetime.now().astimezone().date() - timedelta(days=number)
    except OverflowError:
        raise BadInput(f"{number} days ago is before all calendars.") from None


def _day_ago(number: int, unit: str) -> date:
    """The day so many days, weeks, months or years ago; of a shorter month its last."""
    if unit in "dw":
        return days_ago(number * (7 if unit == "w" else 1))
    today = days_ago(0)
    year, month = divmod(
        12 * today.year + today.month - 1 - number * (12 if unit == "y" else 1), 12
    )
    if year < 1:
        raise BadInput(
            f"{number} {'years' if unit == 'y' else 'months'} ago is before all calendars."
        )
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def since(help: str, *, name: str = "--since") -> Any:
    """An option that names the first day of a time."""
    return typer.Option(name, metavar="DATE", parser=first_day, help=help)


def until(help: str, *, name: str = "--until") -> Any:
    """An option that names the last day of a time."""
    return typer.Option(name, metavar="DATE", parser=last_day, help=help)


Query = Annotated[str, typer.Argument(metavar="QUERY", help=QUERY_HELP)]
OptionalQuery = Annotated[str | None, typer.Argument(metavar="[QUERY]", help=QUERY_HELP)]
Inside = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="FIELDS",
        help="Look for QUERY only here, separated by commas: headline, deck, kicker, body, "
        "analysis, byline, tags, captions, notices.",
    ),
]
Site = Annotated[str | None, typer.Option("--site", metavar="NAME", help="Only this site.")]
Category = Annotated[
    str | None, typer.Option("--category", metavar="NAME", help="Only this category.")
]
Tag = Annotated[str | None, typer.Option("--tag", metavar="TAG", help="Only with this tag.")]
Author = Annotated[
    str | None, typer.Option("--author", metavar="NAME", help="Only by this author.")
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help="Only in this language, such as es."),
]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KICKER", help="Only with this label: brief, …")
]
Since = Annotated[
    date | None,
    since("Published on this day or later: YYYY-MM-DD, a month or year, or '90 days' ago."),
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="DATE",
        parser=moment,
        help="As it stood at the end of this day, month or year, or at a time of day (UTC).",
    ),
]
Until = Annotated[
    date | None,
    until("Published on this day or before: YYYY-MM-DD, a month or year, or '90 days' ago."),
]


Edited = Annotated[
    bool,
    typer.Option("--edited", help="Only what its newsroom was seen to edit: see `changes`."),
]
Translated = Annotated[
    bool, typer.Option("--translated", help="Only what the archive has a translation of.")
]

#: Every filter by its name, with its option, in the order of the help.
OPTIONS: dict[str, Any] = {
    "site": Site,
    "category": Category,
    "tag": Tag,
    "author": Author,
    "language": Language,
    "kind": Kind,
    "since": Since,
    "until": Until,
    "edited": Edited,
    "translated": Translated,
}

#: Where a command has its filters' options, and what it gets: those that were given, by name.
Given = Mapping[str, Any]
NONE: Given = MappingProxyType({})


def filtered(**options: Any) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Give a command the options of all filters in place of its parameter ``given``.

    *options* are those that are called otherwise there, since the command has one of that name.
    """
    own = {f"filter_{name}": (name, option) for name, option in (OPTIONS | options).items()}

    def decorated(command: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(command)
        def called(**values: Any) -> Answer:
            chosen = {name: values.pop(key) or None for key, (name, _) in own.items()}
            return command(**values, given=given(**chosen))

        parameters = list[Parameter]()
        hints = get_type_hints(command, include_extras=True)
        for name, each in signature(command).parameters.items():
            if name != "given":
                parameters.append(each.replace(annotation=hints[name]))
                continue
            for key, (_, option) in own.items():
                default = False if get_args(option)[0] is bool else None
                parameters.append(Parameter(key, each.kind, default=default, annotation=option))
        called.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {each.name: each.annotation for each in parameters}
        return called

    return decorated


def check_order(since: date | None, until: date | None) -> None:
    """Refuse a period that ends before it begins: it would find nothing, and not say why."""
    if since and until and since > until:
        raise BadInput(f"--since {since} is after --until {until}; exchange them.")


def check_site(archive: Archive, name: str | None) -> None:
    """Refuse a site that neither the archive nor the program knows: nothing found would mislead."""
    if name is None or name in archive.sites() or archive.crawls(name):
        return
    from crawler.sites import site_named

    site_named(name)


def tell_excerpt(setting: Setting, archive: Archive) -> None:
    """Say of a copy for publication that it is a part, and which: what it lacks is no silence."""
    part = archive.excerpt()
    if part is not None:
        setting.remark(
            f"{setting.archive} is an excerpt: {part.articles} of {part.of} articles, taken on "
            f"{part.taken_at:%Y-%m-%d} by {part}."
        )


def tell_forms(setting: Setting, forms: Mapping[str, Iterable[str]]) -> None:
    """Say in which forms each word of a query was looked for."""
    for word, found in forms.items():
        setting.remark(f"{line(word)} is found as {line(', '.join(found))}.")


def given(**filters: Any) -> dict[str, Any]:
    """The filters that were given, ready to be passed on."""
    check_order(filters.get("since"), filters.get("until"))
    return {name: value for name, value in filters.items() if value is not None}


def parted(text: str | None) -> list[str] | None:
    """What an option names, separated by commas.

    >>> parted("headline, body")
    ['headline', 'body']
    """
    return [name.strip() for name in text.split(",")] if text is not None else None


def columns(query: str | None, inside: str | None) -> list[str] | None:
    """The fields that ``--in`` names for a query to be looked for in."""
    if inside is not None and query is None:
        raise BadInput(
            f"--in {inside} says where a QUERY is looked for; give one, or leave it out."
        )
    return parted(inside)


#: What may be given of an article, with the name under which it is counted.
NAMES = ("author", "category", "tag", "language", "kind")


def unknown_name(archive: Archive, given: Mapping[str, Any], **called: str) -> str | None:
    """Which filter alone leaves nothing, in a sentence with names that are near; None if none does.

    To be asked where nothing was found: a name is easily given by half, or misspelt. *called* are
    the options of filters that have another name there.
    """
    from storage.folding import folded

    for name in NAMES:
        if name not in given or archive.search(None, limit=1, **{name: given[name]}).hits:
            continue
        known = {folded(row["key"]): row["key"] for row in archive.stats(name) if row["key"]}
        wanted = folded(given[name])
        near = [key for key in known if wanted in key]
        near = near or get_close_matches(wanted, known, 3, 0.6)
        option = f"--{called.get(name, name)} {given[name]!r}"
        if near:
            choice = " or ".join(repr(known[key]) for key in near[:3])
            return f"No article has {option}: did you mean {choice}?"
        return f"No article has {option}: `hemeroteca stats --by {name}` lists them."
    return None
