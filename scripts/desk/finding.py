"""Pages that find: the start page, results, and one page per author, tag, category and site."""

from __future__ import annotations

from asyncio import gather
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import NotFound, Response

from crawler.errors import BadInput
from scripts.desk.complaining import complaint
from scripts.desk.counting import BOUNDS, coverage_of, ledger_of, over_time
from scripts.desk.helping import help_with, meant
from scripts.desk.sharing import told_search
from scripts.desk.visit import Visit, web_link
from scripts.printing import MARKS
from storage import Archive, Hits, Remark, StoredArticle
from storage.facets import PARTS, Counted, Facets, Part, listed_values
from storage.filters import SWITCHES, day_of
from storage.folding import folded
from storage.moments import last_instant
from storage.statistics import summed

#: Hits on a page, and the furthest page: who needs more takes the rows away.
PAGE, _MOST_PAGES = 20, 500

#: A statement, and its parameters by name.
Data = dict[str, Any]

#: Rows that Datasette gives of a statement.
MOST_ROWS = 2_000

#: Articles that a page gives away at once; `hemeroteca export` has no bound.
MOST_TAKEN = 10_000

#: Articles on the start page.
_NEWEST = 8

#: Values of a facet that stand open; the others are one click away.
_OPEN_VALUES = 6

FILTERS = ("site", "category", "tag", "author", "language", "kind", "since", "until", *SWITCHES)
PLACES = ("headline", "headline,deck", "body", "analysis", "byline", "tags", "captions", "notices")
SORTS = ("relevance", "newest", "oldest")

#: Filters that the form asks for, and those whose value can be changed for another.
CHOSEN = ("language", "category", "author")
SWITCHED = ("site", "category", "tag", "author", "language", "kind")

#: What has pages of its own, and where those lie.
SUBJECTS = {"author": "authors", "category": "categories", "tag": "tags", "site": "sites"}

#: Rows on a page of such a list.
_LISTED = 200


@dataclass(frozen=True)
class Asked:
    """What the arguments of a page ask for."""

    query: str | None
    inside: str | None
    filters: dict[str, Any]
    sort: str
    page: int
    at: str | None
    """The day, month or moment whose end the archive is asked as it stood at."""

    @classmethod
    def of(cls, visit: Visit) -> Asked:
        """Read the arguments; :class:`BadInput` for a day that is none."""
        given = visit.arguments
        query = given.get("q")
        since, until = given.get("since"), given.get("until")
        if since and until and day_of(since, is_last=False) > day_of(until, is_last=True):
            raise BadInput(visit.words("crossed", since=since, until=until))
        best = "relevance" if query else "newest"
        return cls(
            query=query,
            inside=given.get("in") if query else None,
            filters={name: name in SWITCHES or given[name] for name in FILTERS if name in given},
            sort=given["sort"] if given.get("sort") in SORTS else best,
            page=visit.number("page", 1, _MOST_PAGES),
            at=_moment(given.get("at")),
        )

    @property
    def key(self) -> tuple[Any, ...]:
        """What total, facets and counts over time depend on: all but order and page."""
        return (self.query, self.inside, *sorted(self.filters.items()), self.at)

    @property
    def within(self) -> dict[str, Any]:
        """Query, columns and filters, as the archive takes them."""
        columns = self.inside.split(",") if self.inside else None
        return {"query": self.query, "inside": columns, **self.filters}

    @property
    def bounds(self) -> dict[str, str]:
        """The filters that bound sites and time."""
        return {name: self.filters[name] for name in BOUNDS if name in self.filters}

    def hits(self, archive: Archive, limit: int = PAGE) -> Hits:
        """One page of hits."""
        return archive.search(
            **self.within,
            sort=self.sort,  # type: ignore[arg-type]
            limit=limit,
            offset=(self.page - 1) * PAGE,
            marks=MARKS,
            at=last_instant(self.at) if self.at else None,
        )

    def shown(self, archive: Archive) -> tuple[Hits, Data | None]:
        """One page of hits, and the statement that gives its rows; none gives those of a past."""
        hits = self.hits(archive)
        return hits, {"sql": hits.sql, "parameters": hits.parameters} if hits.sql else None

    def sums(self, archive: Archive) -> Sums:
        """What was found by the labels that an article has one of, by month, and in all."""
        hits = self.hits(archive, limit=0)
        counted = hits.counted("labels")
        total = sum(counted["site"].values())
        if self.query is None and self.at is None:
            months = archive.stats("month", bare=True, **self.within)
        else:
            months = _by_month(counted, total)
        return Sums(total, counted, months)

    async def part(self, visit: Visit, part: Part) -> Counted:
        """What was found by some of its fields."""
        if part == "labels":
            return (await visit.ask_once(self.key, self.sums)).counted
        return await visit.ask_once(
            (part, *self.key), lambda archive: self.hits(archive, limit=0).counted(part)
        )

    async def counts(self, visit: Visit) -> Counts:
        """What was found, counted: the parts of it are asked for at once."""
        parts = await gather(*(self.part(visit, part) for part in PARTS))
        sums = await visit.ask_once(self.key, self.sums)
        merged = {name: found for part in parts for name, found in part.items()}
        return Counts(sums.total, listed_values(merged), sums.months)

    async def answer(self, visit: Visit) -> tuple[Hits, Data | None, Counts]:
        """One page of hits, its statement, and what was found in all: asked for at once."""
        page = visit.ask_once(("hits", self.key, self.sort, self.page), self.shown)
        if self.at is not None:  # the hits of a past bring their counts along
            hits, data = await page
            months = _by_month(hits.counted("labels"), hits.total)
            return hits, data, Counts(hits.total, hits.facets, months, hits.suggestion)
        (hits, data), counts = await gather(page, self.counts(visit))
        if not counts.total:
            counts = replace(counts, suggestion=await visit.ask(lambda _: hits.suggestion))
        return hits, data, counts


@dataclass(frozen=True)
class Sums:
    """What was found by labels, by month, and in all."""

    total: int
    counted: Counted
    months: list[dict[str, Any]]


@dataclass(frozen=True)
class Counts:
    """All that was found, in numbers: these are the same on every page of results."""

    total: int
    facets: Facets
    months: list[dict[str, Any]]
    suggestion: str | None = None
    """Another spelling that finds something, where nothing was found."""


def _by_month(counted: Counted, total: int) -> list[dict[str, Any]]:
    """Articles by month, those without a date last."""
    months = counted["month"]
    rows = [{"key": month, "articles": months[month]} for month in sorted(months)]
    undated = total - months.total()
    return [*rows, {"key": None, "articles": undated}] if undated and rows else rows


def _moment(given: str | None) -> str | None:
    """The same, where it names a moment; :class:`BadInput` where not."""
    if given:
        last_instant(given)
    return given


# --- the start page


async def start(request: Any, datasette: Any) -> Any:
    """A search box, what the archive holds, how complete it is, and what is new in it."""
    visit = Visit(datasette, request)

    everything = Asked.of(visit)
    counts = await everything.counts(visit)
    coverage = await coverage_of(visit, None)
    newest = await visit.ask_once(
        "newest", lambda archive: archive.search(None, sort="newest", limit=_NEWEST, marks=MARKS)
    )
    return visit.shown(
        "start.html",
        over_time=await over_time(visit, counts.months, {}, filters={}, shows_listed=True),
        held=_held(counts.months),
        share=summed(coverage)["complete"],
        facets=counts.facets,
        hits=newest,
        remarks=await remarks_on(visit, newest),
        sites=await visit.ask_once("sites", lambda archive: archive.sites()),
        **await form_of(visit),
    )


def _held(months: list[dict[str, Any]]) -> dict[str, Any]:
    keys = [row["key"] for row in months if row["key"] and row["articles"]]
    return {
        "articles": sum(row["articles"] for row in months),
        "words": sum(row["words"] or 0 for row in months),
        "analyses": sum(row["with_analysis"] for row in months),
        "first": keys[0] if keys else None,
        "last": keys[-1] if keys else None,
    }


# --- results


async def search(request: Any, datasette: Any) -> Any:
    """Results with facets, snippets, their number over time; without a query, all articles."""
    visit = Visit(datasette, request)
    try:
        asked = Asked.of(visit)
        if stored := await _pasted(visit, asked.query):
            return Response.redirect(visit.link("article", stored.id))
        hits, data, counts = await asked.answer(visit)
        if asked.page > 1 and not len(hits) and counts.total:
            return Response.redirect(visit.again(page=-(-counts.total // PAGE)))
        remarks = await remarks_on(visit, hits)
        helped = await _help(visit, asked, hits, counts)
        choices = [choice async for choice in _choices(visit, asked, counts)]
        chart = await over_time(
            visit,
            counts.months,
            _carried(visit),
            filters=asked.filters,
            query=None if asked.at else asked.query,
        )
        ledger = await ledger_of(visit, asked.bounds)
        what = _asked_for(visit) | ({} if hits.every_word else {"some": str(hits.least_words)})
        told = told_search(visit, what, counts.total, ledger)
    except BadInput as error:
        sentence = complaint(str(error), visit.words.language)
        return visit.shown("refused.html", 400, sentence=sentence, **await form_of(visit))
    return visit.shown(
        "results.html",
        asked=asked,
        hits=hits,
        remarks=remarks,
        total=counts.total,
        data=data,
        all_rows=_all_rows(visit, data, counts.total),
        suggestion=counts.suggestion,
        meant=meant(asked.query or ""),
        helped=helped,
        **await form_of(visit),
        over_time=chart if counts.months else None,
        told=told,
        taken=_files(visit, counts, chart["unit"]) if counts.months and hits.every_word else None,
        pinned=visit.again(at=asked.at or datetime.now(UTC).date(), page=None),
        **paging(visit, asked, hits, counts.total),
        chips=list(_chips(visit)),
        facets=choices,
        edits=await _edits(visit) if asked.at is None else None,
    )


async def _help(visit: Visit, asked: Asked, hits: Hits, counts: Counts) -> dict[str, Any] | None:
    """What else there is, where not all words were found."""
    if not asked.query or asked.at is not None or (counts.total and hits.every_word):
        return None
    return await help_with(visit, asked.query, asked.filters)


async def _choices(visit: Visit, asked: Asked, counts: Counts) -> AsyncIterator[dict[str, Any]]:
    """The values to narrow down by; of a filter that is set, those that it can be changed for."""
    for name in SWITCHED:
        if name in asked.filters and asked.at is None:
            others = {key: value for key, value in asked.filters.items() if key != name}
            wider = replace(asked, filters=others)
            part: Part = next((each for each in PARTS if each == name), "labels")
            found = listed_values(dict(await wider.part(visit, part)))
            if len(found.get(name, ())) > 1:
                for choice in facets(visit, {name: found[name]}, {}, chosen_of=asked.filters):
                    yield choice
    for choice in facets(visit, counts.facets, asked.filters):
        yield choice


async def remarks_on(visit: Visit, hits: Hits) -> dict[int, Remark]:
    """What is to be said beside each hit."""
    ids = [hit.id for hit in hits]
    return await visit.ask(lambda archive: archive.remarks(ids))


async def _pasted(visit: Visit, query: str | None) -> StoredArticle | None:
    """The article that stands under an address, if one was pasted into the search box."""
    if query is None or web_link(query) is None:
        return None
    return await visit.ask(lambda archive: archive.article(query))


def _all_rows(visit: Visit, data: Data | None, total: int) -> str | None:
    """The address of everything that was found as CSV, where it is more than a page."""
    if data is None or not PAGE < total <= MOST_ROWS:
        return None
    return visit.sql(data["sql"], data["parameters"] | {"limit": total, "offset": 0}, ".csv")


async def form_of(visit: Visit) -> dict[str, Any]:
    """What the search form shows, with the filters that it carries along unseen."""
    given = visit.arguments
    shown = ("q", "in", "since", "until", "sort", "at", "page", *CHOSEN, *SWITCHES)
    everything = Asked(None, None, {}, "newest", 1, None)
    parts = await gather(everything.part(visit, "labels"), everything.part(visit, "author"))
    known = listed_values(parts[0] | parts[1])
    return {
        "given": given,
        "known": {name: sorted({value["value"] for value in known.get(name, ())}, key=folded)
                  for name in CHOSEN},
        "places": PLACES,
        "switches": SWITCHES,
        "sorts": SORTS,
        "carried": [(name, given[name]) for name in (*FILTERS, "lang") if name in given
                    and name not in shown],
    }  # fmt: skip


def _asked_for(visit: Visit) -> dict[str, str]:
    """Words and filters, by their names in the address."""
    given = visit.arguments
    return {name: given[name] for name in ("q", *FILTERS, "in", "at") if name in given}


def _files(visit: Visit, counts: Counts, unit: str) -> dict[str, str | None]:
    """The addresses of what can be taken away."""
    drawn = ("sort", "by", "measure")
    given = {name: value for name, value in _carried(visit).items() if name not in drawn}
    share = {"measure": "share"} if "q" in given else None
    return {
        **{form: visit.link(f"search.{form}", **given) if counts.total <= MOST_TAKEN else None
           for form in ("csv", "xlsx")},
        **{f"plot_{form}": visit.link(f"timeline.{form}", **given, by=unit)
           for form in ("csv", "png", "svg")},
        "share": visit.link("timeline.png", **given, by=unit, **share) if share else None,
    }  # fmt: skip


def _carried(visit: Visit) -> dict[str, Any]:
    """Everything that narrows the results, but for the page."""
    return {name: value for name, value in visit.arguments.items() if name != "page"}


async def _edits(visit: Visit) -> str | None:
    """Where the edits of the articles that were found are told, if there are any in the archive."""
    if not await visit.ask_once("any edit", lambda archive: archive.is_any_edited()):
        return None
    kept = ("q", "in", *(name for name in FILTERS if name not in ("kind", "edited")))
    given = {name: value for name, value in visit.arguments.items() if name in kept}
    return visit.link("changes", **given, label=visit.arguments.get("kind"))


def _chips(visit: Visit) -> Iterator[tuple[str, str]]:
    """The filters that are set, each with the address of the results without it."""
    for name in (*FILTERS, "in", "at"):
        if name in visit.arguments and (name != "in" or "q" in visit.arguments):
            less = visit.again(**{name: None, "page": None})
            yield visit.filter_in_words(name, visit.arguments[name]), less


def facets(
    visit: Visit,
    found: Facets,
    chosen: dict[str, Any],
    *,
    chosen_of: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """The values to narrow the results down by; none where there is nothing to choose.

    *chosen_of* are the filters whose values are marked as those that are set.
    """
    marked = {
        name: folded(value) for name, value in (chosen_of or {}).items() if name not in SWITCHES
    }
    words = visit.words
    for name, values in found.items():
        if name in chosen or (name == "year" and "since" in chosen) or len(values) < 2:
            continue
        if name == "year":
            values = sorted(values, key=lambda value: value["value"], reverse=True)
        rows = [
            {
                "label": words.tongue(value["value"]) if name == "language" else value["value"],
                "articles": value["articles"],
                "href": visit.link("search", **_carried(visit) | _chosen(name, value["value"])),
                "is_set": marked.get(name) == folded(value["value"]),
            }
            for value in values
        ]
        yield {"name": name, "open": rows[:_OPEN_VALUES], "more": rows[_OPEN_VALUES:]}


def _chosen(name: str, value: str) -> dict[str, str]:
    return {"since": value, "until": value} if name == "year" else {name: value}


def paging(visit: Visit, asked: Asked, hits: Hits, total: int) -> dict[str, Any]:
    """Which rows are shown, and where the others are."""
    return paging_of(visit, asked.page, len(hits), total, PAGE)


def paging_of(visit: Visit, page: int, shown: int, total: int, size: int) -> dict[str, Any]:
    """The same of any rows, so many on a page."""
    first = (page - 1) * size
    is_more = first + size < total and page < _MOST_PAGES
    return {
        "first": first + 1,
        "last": first + shown,
        "previous": visit.again(page=page - 1) if page > 1 else None,
        "next": visit.again(page=page + 1) if is_more else None,
    }


# --- authors, categories, tags, sites


def list_page(subject: str) -> Any:
    """The page that lists all authors (or tags …)."""

    async def listed(request: Any, datasette: Any) -> Any:
        visit = Visit(datasette, request)
        counted = await visit.ask_once(("list", subject), lambda archive: _listed(archive, subject))
        rows = [row for row in counted if row["key"]]
        by_name = visit.arguments.get("sort") == "name"
        if by_name:
            rows.sort(key=lambda row: folded(row["key"]))
        page = visit.number("page", 1, 1_000_000)
        start = (page - 1) * _LISTED
        return visit.shown(
            "list.html",
            subject=subject,
            by_name=by_name,
            rows=rows[start : start + _LISTED],
            has_analyses=subject in ("category", "site"),
            total=len(rows),
            previous=visit.again(page=page - 1) if page > 1 else None,
            next=visit.again(page=page + 1) if start + _LISTED < len(rows) else None,
            data=await visit.ask(lambda archive: _counting(archive, subject)),
        )

    return listed


def _listed(archive: Archive, subject: str) -> list[dict[str, Any]]:
    if subject in ("author", "tag"):
        return archive.names(subject)
    return archive.stats(subject)


def _counting(archive: Archive, subject: str) -> dict[str, Any]:
    statement, parameters = archive.counting_sql(subject)
    return {"sql": statement, "parameters": parameters}


def subject_page(subject: str) -> Any:
    """The page of one author (or tag …): its articles, its timeline, what goes with it."""

    async def shown(request: Any, datasette: Any) -> Any:
        visit = Visit(datasette, request)
        name = visit.part("name")
        asked = Asked(None, None, {subject: name}, "newest", visit.number("page", 1, 500), None)

        hits, data, counts = await asked.answer(visit)
        remarks = await remarks_on(visit, hits)
        coverage = await coverage_of(visit, name) if subject == "site" else []
        if not counts.total and not coverage:
            raise NotFound(visit.words("no_such", name=name))
        return visit.shown(
            "subject.html",
            subject=subject,
            name=_printed(counts.facets, subject, name),
            asked=asked,
            hits=hits,
            remarks=remarks,
            total=counts.total,
            data=data,
            all_rows=_all_rows(visit, data, counts.total),
            held=_held(counts.months),
            share=summed(coverage)["complete"],
            over_time=await over_time(
                visit,
                counts.months,
                {subject: name},
                filters=asked.filters,
                shows_listed=subject == "site",
            ),
            **paging(visit, asked, hits, counts.total),
            beside=_beside(visit, counts.facets, subject, name),
        )

    return shown


def _printed(found: Facets, subject: str, name: str) -> str:
    """The name as the archive writes it, however it was typed."""
    values = [value["value"] for value in found.get(subject, ())]
    return next((value for value in values if folded(value) == folded(name)), name)


def _beside(visit: Visit, facets: Facets, subject: str, name: str) -> list[dict[str, Any]]:
    """What these articles share: their authors, tags and categories, most first."""
    found = []
    for other in ("category", "tag", "author", "site"):
        values = [v for v in facets.get(other, ()) if v["value"].casefold() != name.casefold()]
        if other != subject and values and not (other == "site" and len(values) == 1):
            links = [
                {
                    "label": value["value"],
                    "articles": value["articles"],
                    "href": visit.link("search", **{subject: name, other: value["value"]}),
                }
                for value in values[:12]
            ]
            found.append({"name": other, "links": links})
    return found
