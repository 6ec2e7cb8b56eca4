"""The ontology keeps its own style, every term the data uses is in it, and its page shows every term."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import rdflib

from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.linked.ontology import page
from graphsvc.validation.shacl import check, shapes_graph

ROOT = Path(__file__).parent.parent
SHAPES = ROOT / "shapes" / "Ontology.ttl"
CASES = sorted((ROOT / "tests" / "shapes" / "Ontology").glob("*.ttl"))


def found(*paths: Path) -> Counter[tuple[str, str]]:
    """What the ontology's shapes find in the files `paths`: shape and constraint, counted."""
    data = rdflib.Graph()
    for path in paths:
        data.parse(path, format="turtle")
    return Counter(
        (result.shape.rsplit("/", 1)[-1], result.component.rsplit("#", 1)[-1])
        for result in check(data, shapes_graph((SHAPES,)))
    )


def test_the_ontology_keeps_its_style(content: Content) -> None:
    assert found(*content.ontology) == Counter()


def test_there_are_cases() -> None:
    assert len(CASES) > 10


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_case(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    expected = Counter()
    if path.stem.startswith("invalid."):
        shape, component = first.removeprefix("# expects: ").split()[:2]
        expected = Counter({(shape.removeprefix("shape:"), component): 1})
    assert found(path) == expected


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_shows_every_term_with_its_definition(graph: Graph, content: Content, language: str) -> None:
    shown = page(graph.store, content, language)
    terms = rdflib.Graph()
    for path in content.ontology:
        terms.parse(path, format="turtle")
    own = {s for s in terms.subjects(rdflib.RDF.type, rdflib.OWL.Class) if "styrgraf/ns#" in str(s)}
    assert len(own) > 50
    for term in own:
        assert f'id="{str(term).rsplit("#", 1)[-1]}"' in shown, term
