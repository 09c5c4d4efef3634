"""Pages that show one article: to read, as it stood, beside a translation, compared, cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import NotFound, Response

from crawler.article import Article
from scripts.desk.aligning import aligned
from scripts.desk.marking import Marked, Pieces, differences, marked_changes
from scripts.desk.visit import Visit, direction, web_link
from storage import Archive, Link, State, StoredArticle, StoredCapture
from storage.changes import KINDS, changes_between
from storage.citing import Form, Reference, Tongue, citation
from storage.moments import last_instant

#: Links from elsewhere that are shown under an article.
_MOST_LINKS = 30


#: States and words of an article that are compared as it is opened.
_MOST_STATES, _SHORT_ENOUGH = 20, 20_000

#: Words of a text that is compared on a page: three thousand printed pages.
_MOST_WORDS = 1_000_000

#: Marked pieces on such a page: more than anybody reads, and a browser still shows them at once.
_MOST_PIECES = 20_000


@dataclass(frozen=True)
class Differences:
    """What differs between two states."""

    changes: list[Marked]
    whole: list[tuple[str, Pieces]]
    """Reporting and analysis, each as one text; none where not all changes are told."""
    is_all: bool
    """Whether all changes are among :attr:`changes`: of books that were rewritten they are not."""


@dataclass(frozen=True)
class Known:
    """All that the archive knows of one article, and which of its states is read."""

    stored: StoredArticle
    states: list[State]
    links: dict[tuple[str, str | None], Link]
    """Of the article's links those that lead into the archive, by role and address."""
    pointed: list[Link]
    state: State
    article: Article
    """As it stood in that state."""
    kinds: dict[int, list[str]] = field(default_factory=dict)
    """Of each revision but the first the classes of what changed; none of a book's, or of very
    many, whose comparison takes time."""

    @classmethod
    def of(cls, archive: Archive, number: int, revision: int | None) -> Known | None:
        """Everything at once, so that one page costs one turn in a thread."""
        stored = archive.article(number)
        if stored is None:
            return None
        states = archive.states(number)
        chosen = len(states) if revision is None else revision
        newest = chosen == len(states)
        article = stored.article if newest else archive.article_in(number, chosen)
        if article is None:
            return None
        links = {(link.role, link.url): link for link in archive.links_from(number)}
        pointed = archive.links_to(number, limit=_MOST_LINKS)
        kinds = _kinds(archive, stored, states)
        return cls(stored, states, links, pointed, states[chosen - 1], article, kinds)

    @property
    def is_newest(self) -> bool:
        """Whether this is how the page stands now, as far as is known."""
        return self.state.number == len(self.states)

    def held(self, role: str, url: str | None) -> Link | None:
        """The article of the archive that a link leads to."""
        return self.links.get((role, url)) if url else None


def _kinds(
    archive: Archive, stored: StoredArticle, states: Sequence[State]
) -> dict[int, list[str]]:
    if not 1 < len(states) <= _MOST_STATES or stored.article.words > _SHORT_ENOUGH:
        return {}
    found: dict[int, list[str]] = {}
    for each in archive.history(stored.id).revisions:
        kinds = {kind for change in each.changes for kind in change.kinds}
        found[each.number] = [kind for kind in KINDS if kind in kinds]
    return found


def _number(visit: Visit, name: str = "id") -> int:
    """A number in the path; what no row can have is none."""
    given = visit.part(name)
    if len(given) > 18:
        raise NotFound(visit.words("no_article", named=given[:30]))
    return int(given)


async def known_article(visit: Visit, revision: int | None = None) -> Known:
    """The article that the path names; :class:`NotFound` says what there is instead."""
    number = _number(visit)
    known = await visit.ask(lambda archive: Known.of(archive, number, revision))
    if known is not None:
        return known
    total = await visit.ask(lambda archive: getattr(archive.article(number), "revisions", 0))
    if total:
        raise NotFound(visit.words("no_revision", id=number, n=revision, total=total))
    raise NotFound(visit.words("no_article", named=number))


async def article(request: Any, datasette: Any) -> Any:
    """One article to read, as it stands now; ``?at=`` leads to how it stood at the end of a day."""
    visit = Visit(datasette, request)
    known = await known_article(visit)
    if "at" in visit.arguments:
        number = _state_at(
            visit, known.stored.id, known.states, last_instant(visit.arguments["at"])
        )
        return Response.redirect(visit.link("article", known.stored.id, "revision", number))
    return _read(visit, known)


def _state_at(visit: Visit, number: int, states: list[State], moment: datetime) -> int:
    """The number of the revision that stood at a moment; :class:`NotFound` before the first."""
    known = [state.number for state in states if state.captured_at <= moment]
    if not known:
        day = visit.words.moment(states[0].captured_at)
        raise NotFound(visit.words("not_yet", id=number, day=day))
    return known[-1]


async def revision(request: Any, datasette: Any) -> Any:
    """One article as it stood in a revision: an address that always shows the same text."""
    visit = Visit(datasette, request)
    return _read(visit, await known_article(visit, _number(visit, "revision")))


def _read(visit: Visit, known: Known) -> Any:
    shown = known.article
    shown_by = (each for each in known.stored.captures if each.id == known.state.capture_id)
    evidence = next(shown_by, None)
    return visit.shown(
        "article.html",
        known=known,
        article=shown,
        stored=known.stored,
        provenance=sorted(shown.provenance.items()),
        translations=list(_translations(known)),
        evidence=evidence,
        shared=_shared(visit, known, evidence) if evidence else None,
        direction=direction,
        web_link=web_link,
    )


def _translations(known: Known) -> Iterator[dict[str, Any]]:
    """The other languages, as this page links them, and as other pages link this one."""
    seen = set()
    for each in known.article.translations:
        link = known.held("translation", each.url)
        seen.add(link.id if link else None)
        yield {"language": each.language, "url": each.url, "link": link}
    for link in known.pointed:
        if link.role == "translation" and link.id not in seen:
            seen.add(link.id)
            yield {"language": link.language, "url": link.url, "link": link}


async def by_address(request: Any, datasette: Any) -> Any:
    """``/article?url=…``: leads to the article that stands under an address of the web.

    ``sha256`` names the capture to show, ``captured`` its time, for archives that lack it.
    """
    visit = Visit(datasette, request)
    given = visit.arguments
    named = given.get("url", "")
    stored = await visit.ask(lambda archive: archive.article(named)) if named else None
    if stored is None:
        raise NotFound(visit.words("no_article", named=named[:200]))
    sha256, captured = given.get("sha256", "").lower(), given.get("captured")
    if not (sha256 or captured):
        return Response.redirect(visit.link("article", stored.id))
    number = stored.id
    states = await visit.ask(lambda archive: archive.states(number))
    held = [each.fetched_at for each in stored.captures if each.sha256 == sha256]
    if not (held or captured):
        raise NotFound(visit.words("no_capture"))
    moment = held[0] if held else last_instant(captured or "")
    wanted = sha256[:64] if sha256 and not held else None
    revision = _state_at(visit, number, states, moment)
    return Response.redirect(visit.link("article", number, "revision", revision, wanted=wanted))


def _shared(visit: Visit, known: Known, evidence: StoredCapture) -> str:
    """An address that names the page and the capture, not numbers of this archive."""
    captured = evidence.fetched_at.astimezone(UTC).isoformat(timespec="seconds")
    url = known.article.canonical_url or known.article.url
    return visit.link("article", url=url, captured=captured, sha256=evidence.sha256)


async def capture_file(request: Any, datasette: Any) -> Any:
    """``/capture/SHA256``: the bytes as they were received, to be saved and held against it."""
    visit = Visit(datasette, request)
    sha256 = visit.part("sha256")
    capture = await visit.ask(lambda archive: archive.capture_with(sha256))
    if capture is None:
        raise NotFound(visit.words("no_capture"))
    coding = (capture.header("content-encoding") or "").strip().lower()
    ending = {"gzip": ".html.gz", "br": ".html.br", "zstd": ".html.zst"}.get(coding, ".html")
    name = f"hemeroteca-{sha256[:16]}{ending}"
    return Response(
        capture.body,
        content_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def record(request: Any, datasette: Any) -> Any:
    """The whole record, as ``show --json`` prints it."""
    visit = Visit(datasette, request)
    known = await known_article(visit)
    return Response.json(known.stored.to_dict())


async def beside(request: Any, datasette: Any) -> Any:
    """Two articles side by side, block by block where they have as many of each."""
    visit = Visit(datasette, request)
    left = await known_article(visit)
    other = _number(visit, "other")
    right = await visit.ask(lambda archive: archive.article(other))
    if right is None:
        raise NotFound(visit.words("no_article", named=other))
    linked = {link.id for (role, _), link in left.links.items() if role == "translation"}
    linked |= {link.id for link in left.pointed if link.role == "translation"}
    return visit.shown(
        "beside.html",
        are_translations=right.id in linked,
        left=left.stored,
        right=right,
        rows=list(_rows(left.article, right.article)),
        direction=direction,
    )


def _rows(left: Article, right: Article) -> Iterator[tuple[str, Any, Any]]:
    """Pairs of blocks under the part that they belong to."""
    for part in ("body", "analysis"):
        ours, theirs = getattr(left, part) or (), getattr(right, part) or ()
        for one, other in aligned(ours, theirs):
            yield part, one, other


# --- comparing


async def compare(request: Any, datasette: Any) -> Any:
    """What changed between two revisions, word by word."""
    visit = Visit(datasette, request)
    known = await known_article(visit)
    last = len(known.states)
    for name in ("from", "to"):
        asked = visit.number(name, 1, 10**9)
        if asked > last:
            said = visit.words("no_revision", id=known.stored.id, n=asked, total=last)
            raise NotFound(said)
    after = visit.number("to", last, last)
    before = visit.number("from", max(1, after - 1), last)
    found = await visit.ask(
        lambda archive: _between(
            *(archive.article_in(known.stored.id, n) for n in (before, after))
        ),
        is_long=True,
    )
    return visit.shown(
        "compare.html",
        known=known,
        before=before,
        after=after,
        found=found,
        direction=direction(known.article.language),
    )


def _between(earlier: Article | None, later: Article | None) -> Differences | None:
    """Every change with its words marked, and the whole texts with theirs; None of books."""
    if earlier is None or later is None or max(earlier.words, later.words) > _MOST_WORDS:
        return None
    texts = [
        ("body", earlier.body_text, later.body_text),
        ("analysis", earlier.analysis_text, later.analysis_text),
    ]
    changes, is_all = marked_changes(changes_between(earlier, later), _MOST_PIECES)
    if not is_all:
        return Differences(changes, [], is_all)
    whole = [(field, differences(old, new)) for field, old, new in texts if old or new]
    return Differences(changes, whole, is_all)


# --- citing

#: The forms of a citation: ending of the address, form, type.
_FORMS: dict[str, tuple[Form, str]] = {
    "txt": ("text", "text/plain"),
    "bib": ("bibtex", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
    "json": ("csl-json", "application/vnd.citationstyles.csl+json"),
}


async def cite(request: Any, datasette: Any) -> Any:
    """A state of an article, cited in every form, ready to be copied."""
    visit = Visit(datasette, request)
    known, reference = await _reference(visit)
    forms = [(form, ending, _cited(visit, reference, form)) for ending, (form, _) in _FORMS.items()]
    return visit.shown("cite.html", known=known, article=reference.article, forms=forms)


async def citation_file(request: Any, datasette: Any) -> Any:
    """One form of a citation, to be saved."""
    visit = Visit(datasette, request)
    known, reference = await _reference(visit)
    ending = visit.part("ending")
    form, kind = _FORMS[ending]
    name = f"hemeroteca-{known.stored.id}.{ending}"
    return Response(
        _cited(visit, reference, form),
        content_type=f"{kind}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _reference(visit: Visit) -> tuple[Known, Reference]:
    """The state that is cited: a revision, if one is named, and else the newest."""
    chosen = visit.number("revision", 0, 1_000_000) or None
    known = await known_article(visit, chosen)
    moment = None if known.is_newest else known.state.captured_at
    reference = await visit.ask(lambda archive: archive.reference(known.stored.id, at=moment))
    if reference is None:
        raise NotFound(visit.words("no_article", named=known.stored.id))
    return known, reference


def _cited(visit: Visit, reference: Reference, form: Form) -> str:
    tongue: Tongue = "es" if visit.words.language == "es" else "en"
    return citation(reference, form, outlets=visit.outlets, tongue=tongue)
