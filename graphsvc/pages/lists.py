"""The lists: all actors, documents, activities and source texts, by kind and in Swedish order, found by a word of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graphsvc.labels import bind, labels_of
from graphsvc.namespaces import STYR
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.kept import kept
from graphsvc.pages.tables import Heading, Table
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.terms import Iri, sort_key

_MOST, _MOST_FOUND = 500, 60


@dataclass(frozen=True)
class Kind:
    """The listed things of one kind: its anchor, what it is called, and their rows."""

    anchor: str
    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class _List:
    of: str
    sv: tuple[str, str]
    en: tuple[str, str]


_LISTS = {
    "/aktorer": _List(
        "Actor",
        ("Aktörer", "Nämnder, bolag, förvaltningar, grupper och andra som dokumenten nämner."),
        ("Actors", "Committees, companies, administrations, groups and others that the documents name."),
    ),
    "/dokument": _List(
        "Document",
        ("Dokument", "Styrande dokument, remissvar, beslutsunderlag och annat som är inläst eller nämns."),
        ("Documents", "Governing documents, responses and others that are read or referred to."),
    ),
    "/aktiviteter": _List(
        "Measure",
        ("Aktiviteter", "Aktiviteter, deluppgifter, delprogram och satsningar i dokumenten."),
        ("Activities", "Activities, tasks, sub-programmes and efforts in the documents."),
    ),
    "/kallor": _List(
        "SourceText",
        ("Källor", "Texterna som grafen är läst ur."),
        ("Sources", "The texts that the graph is read from."),
    ),
}


def _maker(listed: _List) -> Callable[[Visit], Page]:
    def page(visit: Visit) -> Page:
        title, description = listed.en if visit.language == "en" else listed.sv
        words, of = visit.query.get("q", "").strip(), STYR + listed.of
        if words:
            kinds, cut = _listed(visit, _found(visit, of, words), _MOST_FOUND)
        else:
            kinds, cut = kept(visit.graph, ("list", of, visit.language), lambda: _listed(visit, _some(visit, of), _MOST))
        table = Table(title, _columns(visit), tuple(row for kind in kinds for row in kind.rows))
        return visit.page("lista", title, description, query={"q": words} if words else {}, tables=[table], kinds=kinds,
                          words=words, count=len(table.rows), cut=cut)  # fmt: skip

    return page


PAGES: dict[str, Maker] = {path: _maker(listed) for path, listed in _LISTS.items()}


def _columns(visit: Visit) -> tuple[Heading, ...]:
    titles = {"thing": ("Namn", "Name"), "kind": ("Slag", "Kind"), "document": ("Dokument", "Document"),
              "status": ("Status", "Status")}  # fmt: skip
    return tuple(Heading(name, visit.say(*title)) for name, title in titles.items())


def _listed(visit: Visit, things: list[str], most: int) -> tuple[list[Kind], bool]:
    """The first `most` of `things` by kind, and whether there are more of them."""
    store, content = visit.graph.store, visit.graph.content
    if not things:
        return [], False
    query = bind(content.lookup("list-things"), {"thing": map(Iri, things[:most])})
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in store.select(query).rows:
        for name in ("kind", "document", "status"):
            if name in row:
                found[row["thing"].value][name].add(row[name].value)
    iris = {*found, *(iri for told in found.values() for some in told.values() for iri in some)}
    named, wider = labels_of(store, content, iris, visit.language), kept(visit.graph, "wider classes", lambda: _wider(visit))
    return _kinds((_row(iri, told, named, wider) for iri, told in found.items()), visit), len(things) > most


def _some(visit: Visit, of: str) -> list[str]:
    query = bind(visit.graph.content.lookup("some-things"), {"class": [Iri(of)]})
    return [row["thing"].value for row in visit.graph.store.select(query).rows]


def _found(visit: Visit, of: str, words: str) -> list[str]:
    return [hit.iri for hit in visit.graph.names.search(words, language=visit.language, kinds=[of], most=_MOST_FOUND + 1)]


def _row(iri: str, told: dict[str, set[str]], named: dict[str, str], wider: dict[str, set[str]]) -> AnswerRow:
    """A row: the thing, its narrowest kinds of ours, its document unless it is that itself, and its status."""
    kinds = {kind for kind in told["kind"] if kind.startswith(STYR) and kind in named}
    kinds -= {broad for kind in kinds for broad in wider.get(kind, ())}
    cells = {
        "thing": [iri],
        "kind": sorted(kinds),
        "document": sorted(told["document"] - {iri}),
        "status": sorted(told["status"]),
    }
    return AnswerRow({name: Cell(Iri(some[0]), named.get(some[0], some[0])) for name, some in cells.items() if some}, ())


def _wider(visit: Visit) -> dict[str, set[str]]:
    """The classes that each class of ours is under."""
    rows = visit.graph.store.select(visit.graph.content.lookup("wider-classes")).rows
    wider: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wider[row["class"].value].add(row["wider"].value)
    return wider


def _kinds(rows: Iterable[AnswerRow], visit: Visit) -> list[Kind]:
    grouped: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in rows:
        grouped[row.cells["kind"].text if "kind" in row.cells else visit.say("Annat", "Other")].append(row)
    ordered = sorted(grouped.items(), key=lambda pair: sort_key(pair[0]))
    return [Kind(str(number), title, tuple(sorted(some, key=lambda row: sort_key(row.cells["thing"].text))))
            for number, (title, some) in enumerate(ordered, 1)]  # fmt: skip
