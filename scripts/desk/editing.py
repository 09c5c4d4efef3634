"""What newsrooms edited: counted over time, by class and site; then one by one, word by word.

What a redesign of its site made of a page, and pages that vanished together, stand as one entry, so
that the edits stay to be seen.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from datasette.utils.asgi import Response

from crawler.errors import BadInput
from scripts.desk.complaining import complaint
from scripts.desk.drawing import Saying, chart
from scripts.desk.finding import FILTERS, Asked, paging_of
from scripts.desk.marking import Marked, in_passages, marked_changes
from scripts.desk.sharing import file_name
from scripts.desk.timeline import Bar, by_days
from scripts.desk.visit import Visit
from storage import Archive, Edit, EditMark, EditMarks
from storage.changes import KINDS
from storage.edits import REVISED_SQL
from storage.exporting.tables import cell
from storage.moments import first_instant, last_instant

#: Entries on a page, and articles that are named in an entry of many.
_ENTRIES, _NAMED = 20, 30

#: Seconds that a page may take to tell of what class edits are; what it tells is remembered.
_SECONDS_TO_TELL = 3.0

#: Pieces of one edit that are marked, and seconds for all: books edited throughout take more.
_PIECES, _SECONDS = 400, 6

#: So many pages of a site that vanished, moved or came back on one day are one entry.
_ALIKE = 10

#: Edits in one file; `hemeroteca changes` has no bound.
_MOST_TAKEN = 2_000

#: Edits as data, in one go.
_ROWS = 1_000

#: What narrows the articles, and what the edits. ``kind`` is a class here, and ``label`` what
#: ``kind`` is elsewhere.
_OF_ARTICLES = tuple("label" if name == "kind" else name for name in FILTERS if name != "edited")
_OF_EDITS = ("kind", "edited", "edited_until")


@dataclass(frozen=True)
class EditsAsked:
    """What the arguments of the page ask for."""

    query: str | None
    inside: str | None
    filters: dict[str, Any]
    kind: str | None
    since: str | None
    """From when on it was first seen."""
    until: str | None
    page: int

    @classmethod
    def of(cls, visit: Visit) -> EditsAsked:
        """Read the arguments."""
        given = visit.arguments
        asked = Asked.of(visit)
        filters = {name: value for name, value in asked.filters.items()
                   if name not in ("kind", "edited")}  # fmt: skip
        if "label" in given:
            filters["kind"] = given["label"]
        kind = given.get("kind")
        return cls(
            query=asked.query,
            inside=asked.inside,
            filters=filters,
            kind=kind if kind in KINDS else None,
            since=given.get("edited"),
            until=given.get("edited_until"),
            page=visit.number("page", 1, 10_000),
        )

    @property
    def key(self) -> tuple[Any, ...]:
        """What the marks depend on."""
        return ("edits", self.query, self.inside, *sorted(self.filters.items()),
                self.since, self.until)  # fmt: skip

    def marks(self, archive: Archive, known: Any, seconds: float | None) -> EditMarks:
        """The edits that are asked for, of every class."""
        return archive.edit_marks(
            query=self.query,
            inside=self.inside.split(",") if self.inside else None,
            edited_since=first_instant(self.since) if self.since else None,
            edited_until=last_instant(self.until) if self.until else None,
            known=known,
            seconds=seconds,
            **self.filters,
        )

    def chosen(self, marks: Iterable[EditMark]) -> list[EditMark]:
        """Those of the class that is asked for."""
        return [mark for mark in marks if self.kind is None or self.kind in mark.kinds]

    def told(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Edits with the changes that are asked for."""
        for edit in edits:
            changes = [each for each in edit.changes if self.kind in (None, *each.kinds)]
            yield replace(edit, changes=tuple(changes))


# --- entries


@dataclass(frozen=True)
class Entry:
    """One edit, or many that are alike."""

    marks: tuple[EditMark, ...]

    @property
    def is_many(self) -> bool:
        """Whether it stands for more than one."""
        return len(self.marks) > 1

    @property
    def first(self) -> EditMark:
        """The one that stands for all."""
        return self.marks[0]


def entries(marks: Sequence[EditMark]) -> list[Entry]:
    """The marks, newest first, with those that are alike folded into the first of them."""
    alike: dict[Any, list[EditMark]] = {}
    for mark in marks:
        alike.setdefault(_likeness(mark), []).append(mark)
    found = []
    for mark in marks:
        others = alike[_likeness(mark)]
        if len(others) < (2 if mark.redesign else _ALIKE):
            found.append(Entry((mark,)))
        elif others[0] is mark:
            found.append(Entry(tuple(others)))
    return found


def _likeness(mark: EditMark) -> tuple[Any, ...]:
    if mark.redesign:
        return (mark.site, mark.redesign.seen_at)
    if mark.event:
        return (mark.site, _day(mark.captured_at), mark.event.kind)
    return (mark.revision_id,)


@dataclass(frozen=True)
class Told:
    """An entry with its words."""

    entry: Entry
    edit: Edit
    changes: list[Marked]
    is_all: bool
    """Whether :attr:`changes` are all that changed."""
    named: list[Edit]
    """Of an entry of many, the first articles."""


def _told(archive: Archive, asked: EditsAsked, page: Sequence[Entry]) -> list[Told]:
    """The entries with their words marked; those that there is no time for, without."""
    found: list[Told] = []
    began = monotonic()
    for entry in page:
        if found and monotonic() - began > _SECONDS:
            found.append(Told(entry, _without_words(archive, entry.first), [], False, []))
            continue
        edit = next(asked.told(archive.edits_of([entry.first])))
        marked, is_all = marked_changes(edit.changes, _PIECES)
        passages = [(change, in_passages(pieces)) for change, pieces in marked]
        named = archive.edits_of(entry.marks[:_NAMED]) if entry.is_many else []
        found.append(Told(entry, edit, passages, is_all, named))
    return found


def _without_words(archive: Archive, mark: EditMark) -> Edit:
    """What is known of an edit before its texts are held against each other."""
    stored, states = archive.article(mark.id), archive.states(mark.id)
    number = sum(state.captured_at <= mark.captured_at for state in states)
    url, headline = (stored.article.url, stored.article.headline) if stored else ("", "")
    at = mark.captured_at
    return Edit(mark.id, url, mark.site, headline, number, at, at, changes=())


# --- the page


async def changes(request: Any, datasette: Any) -> Any:
    """What newsrooms edited: how much, of which classes, where; and each edit, the newest first."""
    visit = Visit(datasette, request)
    try:
        asked = EditsAsked.of(visit)
        found = await _marks(visit, asked)
    except BadInput as error:
        sentence = complaint(str(error), visit.words.language)
        return visit.shown("told.html", 400, sentence=sentence)
    marks = asked.chosen(found.marks)
    folded = entries(marks)
    edited = [mark for mark in marks if mark.redesign is None]
    start = (asked.page - 1) * _ENTRIES
    page = folded[start : start + _ENTRIES]
    if folded and not page:
        return Response.redirect(visit.again(page=-(-len(folded) // _ENTRIES)))
    told = await visit.ask(lambda archive: _told(archive, asked, page), is_long=True)
    return visit.shown(
        "changes.html",
        told=told,
        total=len(edited),
        articles=len({mark.id for mark in edited}),
        redesigned=len(marks) - len(edited),
        untold=found.untold,
        over_time=await _over_time(visit, asked, folded, found),
        facets=list(_facets(visit, asked, found.marks)),
        asked=_in_one_line(visit, len(edited)),
        chips=list(_chips(visit)),
        carried=[(name, visit.arguments[name]) for name in (*_OF_ARTICLES, "in", "lang")
                 if name in visit.arguments and name not in ("site", "since", "until")],
        kinds=KINDS,
        sites=await visit.ask_once("sites", lambda archive: archive.sites()),
        is_narrow=any(name in visit.arguments for name in ("q", *_OF_ARTICLES, *_OF_EDITS)),
        rows_csv=visit.link("changes.csv", **_carried(visit)),
        most_taken=_MOST_TAKEN,
        data={"sql": REVISED_SQL, "parameters": {"limit": _ROWS}},
        **paging_of(visit, asked.page, len(told), len(folded), _ENTRIES),
    )  # fmt: skip


async def _marks(visit: Visit, asked: EditsAsked) -> EditMarks:
    """The edits that are asked for; what was told of all is remembered while nothing changes."""
    known, memory = visit.desk.known_edits, visit.desk.memory

    def ask(archive: Archive) -> EditMarks:
        found = memory.kept(asked.key)
        if found is None:
            found = asked.marks(archive, known, _SECONDS_TO_TELL)
            if not found.untold:
                memory.answer(asked.key, lambda: found)
        return found

    return await visit.ask(ask, is_long=True)


async def _over_time(
    visit: Visit, asked: EditsAsked, folded: Sequence[Entry], found: EditMarks
) -> dict[str, Any]:
    """The edits over the time at which crawls looked; pale, those that were alike."""
    words = visit.words
    single, every = Counter[str](), Counter[str]()
    for entry in folded:
        day = _day(entry.first.captured_at)
        every[day] += len(entry.marks)
        single[day] += 0 if entry.is_many else 1
    site = asked.filters.get("site")
    looked = await visit.ask_once(("looked", site), lambda archive: archive.days_looked(site))
    first = asked.since and _day(first_instant(asked.since))
    last = asked.until and _day(last_instant(asked.until))
    within = [day for day in looked if (first or "") <= day <= (last or "9")]
    timeline = by_days(single, within, whole=every if every != single else None)
    saying = Saying(
        words(f"edits_by_{timeline.unit}"),
        lambda bar: _in_words(visit, bar),
        words("gap_unlooked"),
        words("pale_alike"),
        name="edits",
        pale_leads=True,
    )
    given = _carried(visit)

    def link(bar: Bar) -> str:
        return visit.link("changes", **given | {"edited": bar.key, "edited_until": bar.key})

    return chart(timeline, words, saying, link)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def _in_words(visit: Visit, bar: Bar) -> str:
    words = visit.words
    told = words("n_edits", max(bar.articles, bar.listed))
    if bar.listed > bar.articles:
        told += f", {words('of_them_alike', bar.listed - bar.articles)}"
    return f"{told}, {words('gap_unlooked_mark')}" if bar.has_gap else told


def _facets(visit: Visit, asked: EditsAsked, marks: Sequence[EditMark]) -> Iterator[dict[str, Any]]:
    """Classes and sites with their numbers of edits, without what redesigns made; of a class that
    is set, the others as well."""
    edited = [mark for mark in marks if mark.redesign is None]
    kinds = Counter(kind for mark in edited for kind in mark.kinds)
    sites = Counter(mark.site for mark in asked.chosen(edited))
    named = (
        ("kind", visit.words("kind_of_change"), [(kind, kinds[kind]) for kind in KINDS]),
        ("site", visit.words("facet_site"), sites.most_common()),
    )
    for name, title, counted in named:
        values = [
            {
                "label": visit.words.named("kind", value) if name == "kind"
                else visit.outlet(value),
                "href": visit.again(**{name: value, "page": None}),
                "edits": number,
                "is_set": visit.arguments.get(name) == value,
            }
            for value, number in counted
            if number
        ]  # fmt: skip
        if len(values) > 1:
            yield {"name": name, "title": title, "values": values}


def _carried(visit: Visit) -> dict[str, Any]:
    return {name: value for name, value in visit.arguments.items() if name != "page"}


def _chips(visit: Visit) -> Iterator[tuple[str, str]]:
    """What narrows the edits, each with the address of the page without it."""
    words = visit.words
    for name, value in visit.arguments.items():
        if name not in (*_OF_ARTICLES, *_OF_EDITS, "in"):
            continue
        if name == "kind":
            told = f"{words('kind_of_change')}: {words.named('kind', value)}"
        elif name in ("edited", "edited_until"):
            told = f"{words(f'{name}_chip')}: {words.day(value)}"
        else:
            told = visit.filter_in_words("kind" if name == "label" else name, value)
        yield told, visit.again(**{name: None, "page": None})


def _in_one_line(visit: Visit, total: int) -> str:
    """What was asked of which archive, and when, to stand on paper."""
    words, path, query = visit.words, visit.desk.archive.path, visit.arguments.get("q")
    said = [words("quoted", query=query)] if query else []
    return words(
        "edits_told",
        total,
        what="; ".join([*said, *(told for told, _ in _chips(visit))]) or words("all_edits"),
        archive=path.name if path else "",
        day=words.day(datetime.now(UTC).date()),
    )


# --- taken away

_COLUMNS = ("first_seen", "site", "article", "url", "headline", "revision", "field", "classes",
            "before", "after")  # fmt: skip


async def changes_file(request: Any, datasette: Any) -> Any:
    """Every change that is asked for, with its words before and after, as CSV."""
    visit = Visit(datasette, request)
    try:
        asked = EditsAsked.of(visit)
        content = await visit.ask(lambda archive: _written(archive, asked, visit), is_long=True)
    except BadInput as error:
        sentence = complaint(str(error), visit.words.language)
        return visit.shown("told.html", 400, sentence=sentence)
    name = file_name(asked.query, "edits", ending="csv")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type="text/csv; charset=utf-8")


def _written(archive: Archive, asked: EditsAsked, visit: Visit) -> bytes:
    marks = asked.chosen(asked.marks(archive, visit.desk.known_edits, None).marks)
    if len(marks) > _MOST_TAKEN:
        most = visit.words.number(_MOST_TAKEN)
        raise BadInput(visit.words("too_many_edits", len(marks), most=most))
    text = io.StringIO()
    text.write("\ufeff")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for edit in asked.told(archive.edits_of(marks)):
        about = (edit.captured_at.isoformat(), edit.site, edit.id, edit.url, edit.headline,
                 edit.number)  # fmt: skip
        for each in edit.changes:
            row = (*about, each.field, ", ".join(each.kinds), each.before, each.after)
            table.writerow([cell(value) for value in row])
    return text.getvalue().encode()
