"""From the part of an address that names a document to the document: its slug, or any name that people know it by."""

from __future__ import annotations

import re

from graphsvc.errors import AmbiguousName
from graphsvc.graph import Graph
from graphsvc.labels import bind, labels_of
from graphsvc.questions.names import resolve
from graphsvc.terms import Literal

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def document_at(graph: Graph, text: str, language: str = "sv") -> str:
    """The IRI of the document whose address ends in `text`, or that is called so; UnknownName or AmbiguousName."""
    if _SLUG.fullmatch(text):
        query = bind(graph.content.lookup("remiss-document"), {"ending": [Literal(f"/document/{text}")]})
        found = sorted({row["document"].value for row in graph.store.select(query).rows})
        if len(found) == 1:
            return found[0]
        if found:
            labels = labels_of(graph.store, graph.content, found, language)
            raise AmbiguousName("document", text, [(iri, labels.get(iri, iri)) for iri in found])
    parameter = graph.questions["document-facts"].parameter("document")
    return resolve(graph.store, graph.content, parameter, text, language).value
