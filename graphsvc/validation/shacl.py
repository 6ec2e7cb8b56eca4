"""Checks the data against the shapes: the only home of pyshacl, and of rdflib, which it works on."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import SH
from rdflib.term import Node

from graphsvc.content import Content
from graphsvc.namespaces import XSD
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Literal, Row, Term
from graphsvc.validation.results import Result


def validate(store: EmbeddedStore, content: Content) -> list[Result]:
    """Every violation in the default graph of `store`."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # that a date is no date the shapes tell
    return check(_data_graph(store.select(content.lookup("to-validate")).rows), shapes_graph(tuple(content.shapes)))


def _data_graph(rows: Iterable[Row]) -> rdflib.Graph:
    """The rows as an rdflib graph; faster than parsing them, since each term is made once."""
    data, known = rdflib.Graph(), dict[Term, Node]()
    for row in rows:
        terms = (row["thing"], row["property"], row["value"])
        for term in terms:
            if term not in known:
                known[term] = _node(term)
        data.add((known[terms[0]], known[terms[1]], known[terms[2]]))
    return data


def _node(term: Term) -> Node:
    if isinstance(term, Iri):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=None if term.datatype == XSD + "string" else rdflib.URIRef(term.datatype))


@lru_cache(maxsize=4)
def shapes_graph(paths: tuple[Path, ...]) -> rdflib.Graph:
    """All of the shape files `paths` as one graph."""
    shapes = rdflib.Graph()
    for path in paths:
        shapes.parse(path, format="turtle")
    return shapes


def check(data: rdflib.Graph, shapes: rdflib.Graph) -> list[Result]:
    """What SHACL Core says of `data`, sorted by focus node and shape."""
    logging.getLogger("pyshacl").setLevel(logging.ERROR)
    gc.freeze()  # the graphs are large and stay: to look through them for garbage time after time takes a tenth of it all
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none")
    finally:
        gc.unfreeze()
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pyshacl gav {type(report).__name__} i stället för en rapport")
    results = [_result(report, node) for node in report.objects(None, SH.result)]
    return sorted(results, key=lambda r: (r.focus.value, r.shape, r.component, r.value.value if r.value else ""))


def _result(report: rdflib.Graph, node: Node) -> Result:
    path = report.value(node, SH.resultPath)
    value = report.value(node, SH.value)
    return Result(
        focus=_term(report.value(node, SH.focusNode)),
        shape=str(report.value(node, SH.sourceShape)),
        component=str(report.value(node, SH.sourceConstraintComponent)),
        messages={getattr(m, "language", None) or "sv": str(m) for m in report.objects(node, SH.resultMessage)},
        path=str(path) if isinstance(path, rdflib.URIRef) else None,
        value=_term(value) if value is not None else None,
        severity=str(report.value(node, SH.resultSeverity)),
    )


def _term(node: Node | None) -> Term:
    if isinstance(node, rdflib.Literal):
        datatype = {"datatype": str(node.datatype)} if node.datatype else {}
        return Literal(str(node), **datatype, language=node.language or "")
    return Iri(str(node))
