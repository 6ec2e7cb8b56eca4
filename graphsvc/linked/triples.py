"""Triples written in an RDF format, the same bytes for the same triples, so that a strong validator can stand for them."""

from __future__ import annotations

from collections.abc import Iterable

from graphsvc.content import Content
from graphsvc.formats import Format
from graphsvc.labels import bind
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Term


def serialise(content: Content, iri: str, triples: Iterable[tuple[Term, Term, Term]], format: Format) -> bytes:
    """`triples` in `format`, those of `iri` first, the same bytes for the same triples."""
    store = EmbeddedStore.create()
    lines = [f"{subject.sparql()} {predicate.sparql()} {value.sparql()} .\n" for subject, predicate, value in triples]
    store.load_ntriples("".join(lines).encode())
    return tidy(store.answer(bind(content.lookup("description-triples"), {"thing": [Iri(iri)]}), format), format)


def tidy(data: bytes, format: Format) -> bytes:
    """`data` with, in Turtle, only the prefixes that it uses, in order: the engine writes all, in any order."""
    if format.name != "ttl":
        return data
    lines = data.decode().split("\n")
    head = sorted(line for line in lines if line.startswith("@prefix "))
    body = "\n".join(line for line in lines if not line.startswith("@prefix "))
    used = [line for line in head if line.split()[1] in body]
    return "\n".join([*used, "", body]).encode()
