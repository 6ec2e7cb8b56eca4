"""The page of a thing: an actor, a document, a part of one, or a source text, told as its overview says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from graphsvc.errors import UnknownName
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.markup import Link, link
from graphsvc.namespaces import BASE, PREFIXES
from graphsvc.pages.frame import Maker, Moved, Page, Visit
from graphsvc.pages.sections import Section, sections, shown
from graphsvc.pages.tables import Table
from graphsvc.questions.overviews import Overview, Planned
from graphsvc.questions.run import Cell
from graphsvc.terms import Iri, Literal, Term, absolute_iri, sort_key

_ROWS = 7
_PARTS_OF_IRI = {"aktor": "actor", "dokument": "document", "kalla": "source"}  # markup.link knows the way back


@dataclass(frozen=True)
class Head:
    """What stands first on the page of a thing: kind, document and status where it is a part, place, lead, own words."""

    iri: str
    kind: str
    document: Cell | None
    status: Cell | None
    places: tuple[Cell, ...]
    leads: tuple[Literal, ...]
    passages: tuple[PassageText, ...]


@dataclass(frozen=True)
class Told:
    """A section as the page shows it: a table, or only the names in one column (`named`) with all their passages."""

    title: str
    anchor: str
    link: str
    table: Table
    named: tuple[Cell, ...]
    passages: tuple[PassageText, ...]


@dataclass(frozen=True)
class Figure:
    """A number that is told before all else: how many (at least, where they are `cut`), of what, and where they are."""

    number: int
    words: str
    anchor: str
    cut: bool


def thing(visit: Visit) -> Page | Moved:
    """The page of the thing whose IRI the path says; UnknownName where there is none, and the data where it has no page."""
    kind, *rest = visit.path.lstrip("/").split("/")
    iri = "/".join((PREFIXES["id"] + rest[0], _PARTS_OF_IRI[kind], *rest[1:]))
    found = _head_rows(visit, iri) if absolute_iri(iri) else {}
    if not found:
        raise UnknownName("", rest[-1], _nearest(visit, rest[-1]))
    classes = {term.value for term in found["class"]}
    plan = next((one for one in visit.graph.overviews if one.of in classes), None)
    if plan is None:
        return Moved(visit.go(f"/{iri.removeprefix(BASE)}.html"))
    return _page(visit, iri, plan, found)


PAGES: dict[str, Maker] = {
    "/aktor/{place}/{slug}": thing,
    "/dokument/{place}/{slug}": thing,
    "/dokument/{place}/{slug}/{part}": thing,
    "/kalla/{place}/{slug}": thing,
}


def _page(visit: Visit, iri: str, plan: Overview, found: Mapping[str, list[Term]]) -> Page:
    language = visit.language
    named = labels_of(visit.graph.store, visit.graph.content, _named(iri, plan, found), language)
    head = _head(visit, iri, plan, found, named)
    asked = list(zip(plan.sections, sections(visit.graph, plan, Iri(iri), language), strict=True))
    told = [_told(one, part) for one, part in asked if part.answer.rows]
    figures = [figure for one, part in asked if (figure := _figure(one, part, language))]
    counted = ", ".join(f"{visit.say('minst ', 'at least ') if one.cut else ''}{one.number} {one.words}" for one in figures)
    return visit.page(
        "entity",
        named.get(iri, iri),
        f"{head.kind}: {counted}" if counted else head.kind,
        crumbs=_crumbs(visit, plan, head),
        tables=[one.table for one in told],
        canonical=iri,
        query={},
        head=head,
        figures=figures,
        told=told,
        empties=[part for _, part in asked if not part.answer.rows],
        ways=_ways(visit, plan, iri),
        data=visit.go(f"/{iri.removeprefix(BASE)}.html"),
        most=_ROWS,
    )


def _head_rows(visit: Visit, iri: str) -> dict[str, list[Term]]:
    query = bind(visit.graph.content.lookup("page-head"), {"thing": [Iri(iri)]})
    found: dict[str, list[Term]] = defaultdict(list)
    for row in visit.graph.store.select(query).rows:
        found[row["what"].value].append(row["value"])
    return found


def _named(iri: str, plan: Overview, found: Mapping[str, list[Term]]) -> set[str]:
    told = (term.value for what in ("document", "status", "part", "class") for term in found.get(what, ()))
    return {iri, plan.of, *told}


def _head(visit: Visit, iri: str, plan: Overview, found: Mapping[str, list[Term]], named: Mapping[str, str]) -> Head:
    def cells(what: str) -> list[Cell]:
        some = [Cell(term, named[term.value]) for term in found.get(what, ()) if term.value in named and term.value != iri]
        return sorted(some, key=lambda cell: sort_key(cell.text))

    leads = sorted((one for one in found.get("description", ()) if isinstance(one, Literal)), key=lambda one: one.value)
    own = [one for one in leads if one.language == visit.language] or leads
    passages = passages_of(visit.graph.store, visit.graph.content, (term.value for term in found.get("evidence", ())))
    document, status = cells("document"), cells("status")
    return Head(iri, _kind(visit, iri, named) or plan.title[visit.language], document[0] if document else None,
                status[0] if status else None, tuple(cell for cell in cells("part") if cell not in document),
                tuple(own), tuple(passages[key] for key in sorted(passages)))  # fmt: skip


def _kind(visit: Visit, iri: str, named: Mapping[str, str]) -> str:
    """What the thing is, by the narrowest of our classes that it has."""
    rows = visit.graph.store.select(bind(visit.graph.content.lookup("description-kinds"), {"thing": [Iri(iri)]})).rows
    kinds = {row["kind"].value for row in rows if row["kind"].value.startswith(PREFIXES["styr"])}
    return ", ".join(sorted((named[kind] for kind in kinds if kind in named), key=sort_key))


def _told(planned: Planned, part: Section) -> Told:
    rows = part.answer.rows
    name = planned.columns[0] if planned.inline and planned.columns else ""
    named = dict.fromkeys(row.cells[name] for row in rows if name in row.cells)
    passages = dict.fromkeys(passage for row in rows for passage in row.evidence) if named else {}
    return Told(part.title, part.anchor, part.link, part.table, tuple(named), tuple(passages))


def _figure(planned: Planned, part: Section, language: str) -> Figure | None:
    """How many distinct things the first column of a section names; None where the overview does not count them."""
    words = planned.figure.get(language)
    if words is None or not part.answer.columns:
        return None
    counted = part.answer.columns[0].name
    number = len({row.cells[counted].term for row in part.answer.rows if counted in row.cells})
    return Figure(number, words[0] if number == 1 else words[1], part.anchor, part.answer.cut) if number else None


def _crumbs(visit: Visit, plan: Overview, head: Head) -> list[Link]:
    """The way here: the list of such things, and the document that it is a part of."""
    kinds = {"actor": ("Aktörer", "Actors", "/aktorer"), "source": ("Källor", "Sources", "/kallor")}
    crumbs = [visit.crumb(*kinds.get(plan.id, ("Dokument", "Documents", "/dokument")))]
    if head.document and plan.id != "source":
        crumbs.append(Link(head.document.text, link(head.document.term.value, visit.language)))
    return crumbs


def _ways(visit: Visit, plan: Overview, iri: str) -> list[Link]:
    place, *_, slug = iri.removeprefix(PREFIXES["id"]).split("/")
    ways = []
    for way in plan.ways:
        path, _, query = way.to.format(iri=shown(iri), place=place, slug=slug).partition("?")
        parameters = dict(one.split("=", 1) for one in query.split("&") if one)
        ways.append(Link(way.title[visit.language], visit.go(quote(path), **parameters)))
    return ways


def _nearest(visit: Visit, slug: str) -> list[tuple[str, str]]:
    hits = visit.graph.names.search(slug.replace("-", " "), language=visit.language, most=3)
    return [(hit.iri, hit.label) for hit in hits]
