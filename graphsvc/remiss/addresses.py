"""The part of an address that names a document: its place and slug, its slug alone, or any name that people know it by."""

from __future__ import annotations

import re
from urllib.parse import quote

from graphsvc.errors import AmbiguousName
from graphsvc.graph import Graph
from graphsvc.labels import bind, labels_of
from graphsvc.namespaces import BASE
from graphsvc.terms import Literal

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACED = re.compile(rf"({_SLUG.pattern})/({_SLUG.pattern})")
_OF_OURS = re.compile(rf"{re.escape(BASE)}id/({_SLUG.pattern})/document/({_SLUG.pattern})")
_MOST_CANDIDATES = 12


def address_of(document: str) -> str:
    """What names `document` (IRI) in an address, also where other cities have one like it: `goteborg/plan-…`."""
    found = _OF_OURS.fullmatch(document)
    return f"{found[1]}/{found[2]}" if found else quote(document, safe="")


def document_at(graph: Graph, text: str, language: str = "sv") -> str:
    """The IRI of the document that `text` names in an address; UnknownName or AmbiguousName.

    A slug alone is found by looking through the documents, and may mean several; with its place it is its IRI at once.
    """
    if placed := _PLACED.fullmatch(text):
        text = f"{BASE}id/{placed[1]}/document/{placed[2]}"
    elif _SLUG.fullmatch(text):
        query = bind(graph.content.lookup("remiss-document"), {"ending": [Literal(f"/document/{text}")]})
        found = sorted({row["document"].value for row in graph.store.select(query).rows})
        if len(found) == 1:
            return found[0]
        if found:
            some = found[:_MOST_CANDIDATES]
            labels = labels_of(graph.store, graph.content, some, language)
            raise AmbiguousName("document", text, [(iri, labels.get(iri, iri)) for iri in some])
    parameter = graph.questions["document-facts"].parameter("document")
    return graph.resolve(parameter, text, language).value
