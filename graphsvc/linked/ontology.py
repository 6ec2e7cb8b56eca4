"""The ontology as a page to read, generated from the ontology itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graphsvc import markup
from graphsvc.content import Content
from graphsvc.namespaces import ONTOLOGY, OWL, RDF, SKOS, shorten
from graphsvc.store.interface import Store
from graphsvc.terms import Row, sort_key

_WORDS = {
    "sv": {"classes": "Klasser", "properties": "Egenskaper", "concepts": "Begrepp",
           "under": "Närmaste standard", "none": "Ingen standard passar", "domain": "Gäller", "range": "Värde"},
    "en": {"classes": "Classes", "properties": "Properties", "concepts": "Concepts",
           "under": "Nearest standard", "none": "No standard fits", "domain": "Of", "range": "Value"},
}  # fmt: skip
_SECTIONS = {OWL + "Class": "classes", OWL + "ObjectProperty": "properties", OWL + "DatatypeProperty": "properties",
             OWL + "AnnotationProperty": "properties", RDF + "Property": "properties",
             SKOS + "Concept": "concepts"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A term: its anchor on the page, and its facts as (title, IRIs, text)."""

    iri: str
    anchor: str
    label: str
    definition: str
    facts: tuple[tuple[str, tuple[str, ...], str], ...]


@dataclass(frozen=True)
class Section:
    """The classes, the properties or the concepts, in Swedish order."""

    id: str
    title: str
    terms: tuple[Entry, ...]


def page(store: Store, content: Content, language: str, **more: object) -> str:
    """The ontology in `store` as one HTML page in `language` (sv or en): its classes, properties and concepts.

    `more` is what the page's frame shows besides: its other formats and its other language.
    """
    frame: dict[str, object] = {"path": "/ns", "iri": ONTOLOGY, "alternates": ()} | more
    return markup.render("ontology", language, sections=sections(store, content, language), **frame)


def sections(store: Store, content: Content, language: str) -> list[Section]:
    """The terms of the ontology in `store`, with labels and definitions in `language`."""
    terms = defaultdict[str, list[Row]](list)
    for row in store.select(content.lookup("ontology")).rows:
        if row["term"].value.startswith(ONTOLOGY):
            terms[row["term"].value].append(row)
    found: dict[str, list[Entry]] = {"classes": [], "properties": [], "concepts": []}
    for iri, rows in terms.items():
        found[_SECTIONS[rows[0]["kind"].value]].append(_entry(iri, rows, language))
    return [Section(name, _WORDS[language][name], tuple(sorted(entries, key=lambda entry: sort_key(entry.label))))
            for name, entries in found.items()]  # fmt: skip


def _entry(iri: str, rows: list[Row], language: str) -> Entry:
    words = _WORDS[language]
    facts = [(words[title], _iris(rows, name), "") for title, name in
             (("domain", "domain"), ("range", "range"), ("under", "aligned"))]  # fmt: skip
    facts.append((words["none"], (), _text(rows, "why", language)))
    label = _text(rows, "label", language) or shorten(iri)
    anchor = iri.removeprefix(ONTOLOGY).lstrip("#/").replace("/", "-")
    told = tuple(fact for fact in facts if fact[1] or fact[2])
    return Entry(iri, anchor, label, _text(rows, "definition", language), told)


def _text(rows: list[Row], name: str, language: str) -> str:
    texts = {getattr(row[name], "language", ""): row[name].value for row in rows if name in row}
    return texts.get(language) or texts.get("sv") or ""


def _iris(rows: list[Row], name: str) -> tuple[str, ...]:
    return tuple(sorted({row[name].value for row in rows if name in row}, key=shorten))
