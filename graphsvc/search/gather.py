"""Reads every named thing of a release, a page at a time, through any store: its names, classes, document and use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from graphsvc.content import Content
from graphsvc.errors import NamesMissed
from graphsvc.labels import bind
from graphsvc.namespaces import BASE, DCTERMS, RDFS, SKOS, STYR
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Row

_BATCH = 500
_ROLES = {
    SKOS + "prefLabel": "label",
    RDFS + "label": "label",
    DCTERMS + "title": "title",
    STYR + "abbreviation": "short",
    SKOS + "altLabel": "other",
    STYR + "formerName": "former",
    SKOS + "hiddenLabel": "hidden",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its text, language tag, and how it is one (label, title, short, other, former or hidden)."""

    text: str
    language: str
    role: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its names, the IRI of the document it belongs to, and how many triples point at it."""

    iri: str
    names: tuple[Name, ...]
    document: str | None
    references: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A class that named things are of: its IRI, labels by language, and the IRIs of all classes that it is under."""

    iri: str
    labels: dict[str, str]
    broader: frozenset[str]


def kinds(store: Store, content: Content) -> list[Kind]:
    """The classes that named things are of, in order of their IRIs."""
    found = sorted(row["class"].value for row in store.select(content.lookup("search-classes")).rows)
    above = _all_broader(store, content, found)
    labels: dict[str, dict[str, str]] = {iri: {} for iri in found}
    for row in _bound(store, content, "labels", found):
        label = row["label"]
        labels[row["thing"].value].setdefault(getattr(label, "language", ""), label.value)
    return [Kind(iri, labels[iri], frozenset(above[iri])) for iri in found]


def things_of(store: Store, content: Content, kind: str) -> Iterator[str]:
    """The IRIs of the things of a class, a page at a time; NamesMissed unless all came.

    Sorting each page would make the cost grow with the square of the graph; counting afterwards makes sure instead.
    """
    query, seen = bind(content.lookup("search-things"), {"class": [Iri(kind)]}), set[str]()
    offset = 0
    while page := store.select(query.replace("OFFSET 0", f"OFFSET {offset}")).rows:
        found = [row["thing"].value for row in page]
        offset += len(found)
        seen.update(found)
        yield from found
    counted = store.select(bind(content.lookup("search-count"), {"class": [Iri(kind)]})).rows
    expected = int(counted[0]["things"].value) if counted else 0
    if len(seen) != expected:
        raise NamesMissed(kind, len(seen), expected)


def described(store: Store, content: Content, iris: Iterable[str]) -> Iterator[Named]:
    """Each of the things that has a name, in order, some hundreds at a time."""
    waiting = iter(iris)
    while batch := list(islice(waiting, _BATCH)):
        names: dict[str, set[Name]] = {}
        for row in _bound(store, content, "search-names", batch, "thing"):
            term = row["name"]
            if isinstance(term, Literal) and term.value.strip():
                name = Name(" ".join(term.value.split()), term.language, _ROLES[row["property"].value])
                names.setdefault(row["thing"].value, set()).add(name)
        documents: dict[str, str] = {}
        for row in _bound(store, content, "search-documents", batch, "thing"):
            thing, document = row["thing"].value, row["document"].value
            documents[thing] = min(document, documents.get(thing, document))
        references = {
            row["thing"].value: int(row["references"].value)
            for row in _bound(store, content, "search-references", batch, "thing")
            if "thing" in row
        }
        for iri in batch:
            if iri in names:
                ordered = tuple(sorted(names[iri], key=lambda n: (n.text, n.language, n.role)))
                yield Named(iri, ordered, documents.get(iri), references.get(iri, 0))


def _all_broader(store: Store, content: Content, classes: list[str]) -> dict[str, set[str]]:
    """For each class all that it is under, found a step at a time."""
    direct: dict[str, set[str]] = {}
    wanted = set(classes)
    while new := sorted(iri for iri in wanted if iri not in direct):
        direct |= {iri: set() for iri in new}
        for row in _bound(store, content, "search-broader", new, "class"):
            direct[row["class"].value].add(row["broader"].value)
            wanted.add(row["broader"].value)
    closed = {}
    for iri in classes:
        above, waiting = set[str](), list(direct[iri])
        while waiting:
            broader = waiting.pop()
            if broader not in above:
                above.add(broader)
                waiting.extend(direct[broader])
        closed[iri] = above - {iri}
    return closed


def _bound(store: Store, content: Content, lookup: str, iris: list[str], variable: str = "thing") -> list[Row]:
    if not iris:
        return []
    return store.select(bind(content.lookup(lookup), {variable: map(Iri, iris)})).rows


def is_own(iri: str) -> bool:
    """Whether a class is of this vocabulary, and so what people call a thing, rather than one that it is aligned to."""
    return iri.startswith(BASE)
