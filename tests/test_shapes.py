"""The shapes of the data: each lets its sound case pass, and each fault is told of by one constraint and no other."""

from __future__ import annotations

import logging
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, SH

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "shapes"
CONTEXT = CASES / "context.ttl"
SHAPE = "https://w3id.org/styrgraf/ns/shape/"
# The shapes of the ontology's own style judge another graph, and have their own tests.
FILES = sorted(path for path in (ROOT / "shapes").glob("*.ttl") if path.stem != "Ontology")
FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir() and path.name != "Ontology")
VALID = sorted(path for folder in FOLDERS for path in folder.glob("valid.*.ttl"))
INVALID = sorted(path for folder in FOLDERS for path in folder.glob("invalid.*.ttl"))
_EXPECTS = re.compile(r"# expects: shape:(\S+) (\w+)(?: ×(\d+))?")


def parsed(*paths: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


@cache
def all_shapes() -> rdflib.Graph:
    return parsed(*FILES)


def violations(data: rdflib.Graph) -> Counter[tuple[str, str]]:
    """How often each (shape, constraint component) is violated in `data`, by local name."""
    logging.getLogger("pyshacl").setLevel(logging.CRITICAL)
    _, report, _ = pyshacl.validate(data, shacl_graph=all_shapes(), inplace=True, inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)
    return Counter(
        (
            str(report.value(result, SH.sourceShape)).removeprefix(SHAPE),
            str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH)),
        )
        for result in report.objects(None, SH.result)
    )


def expected(path: Path) -> Counter[tuple[str, str]]:
    """What the first line of an invalid case says; ×2 where a fault is of two things that mirror one another."""
    match = _EXPECTS.fullmatch(path.read_text("utf-8").splitlines()[0])
    assert match, f"{path}: the first line must be “# expects: shape:<Name> <ConstraintComponent>”"
    return Counter({(match[1], match[2]): int(match[3] or 1)})


def named_shapes(shapes: rdflib.Graph) -> set[rdflib.URIRef]:
    kinds = (SH.NodeShape, SH.PropertyShape)
    return {node for kind in kinds for node in shapes.subjects(RDF.type, kind) if isinstance(node, rdflib.URIRef)}


def focus_nodes(shape: rdflib.URIRef, shapes: rdflib.Graph, data: rdflib.Graph) -> set[rdflib.term.Node]:
    """What `shape` targets in `data`, where every class of a thing is written."""
    return {
        *(node for kind in shapes.objects(shape, SH.targetClass) for node in data.subjects(RDF.type, kind)),
        *(node for property in shapes.objects(shape, SH.targetSubjectsOf) for node in data.subjects(property, None)),
        *(node for property in shapes.objects(shape, SH.targetObjectsOf) for node in data.objects(None, property)),
    }


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_there_are_shapes_and_cases() -> None:
    assert len(FILES) > 20
    assert len(VALID) >= len(FILES)
    assert len(INVALID) > len(FILES)


def test_every_shape_file_has_its_folder_of_cases_and_no_folder_is_orphaned() -> None:
    assert [folder.name for folder in FOLDERS] == [path.stem for path in FILES]
    for folder in FOLDERS:
        assert (folder / "valid.minimal.ttl").is_file(), folder
        assert list(folder.glob("invalid.*.ttl")), folder
    collected = {CONTEXT, *VALID, *INVALID}
    assert {path for path in CASES.rglob("*") if path.is_file() and path.parent.name != "Ontology"} == collected


def test_every_shape_is_expected_by_an_invalid_case() -> None:
    told = {name for path in INVALID for name, _ in expected(path)}
    assert {str(node).removeprefix(SHAPE) for node in named_shapes(all_shapes())} == told


def test_every_shape_stands_in_the_file_that_its_name_begins_with() -> None:
    for path in FILES:
        shapes = parsed(path)
        for node in shapes.subjects(SH.severity, None):
            assert isinstance(node, rdflib.URIRef)
            assert str(node).startswith(f"{SHAPE}{path.stem}-"), node


def test_every_shape_is_a_named_violation_told_in_swedish_and_english() -> None:
    shapes = all_shapes()
    for node in named_shapes(shapes):
        messages = [(m.language, str(m)) for m in shapes.objects(node, SH.message) if isinstance(m, rdflib.Literal)]
        assert sorted(language or "" for language, _ in messages) == ["en", "sv"], node
        assert all(text.endswith(".") and text.count(". ") == 0 for _, text in messages), node
        assert [getattr(name, "language", None) for name in shapes.objects(node, SH.name)] == ["sv"], node
        assert list(shapes.objects(node, SH.severity)) == [SH.Violation], node


def test_the_shapes_are_well_formed_shacl() -> None:
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=all_shapes(), meta_shacl=True, inference="none")
    assert conforms, text


def test_the_context_of_the_cases_is_sound() -> None:
    assert not violations(parsed(CONTEXT))


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_sound_data_passes(path: Path) -> None:
    assert not violations(parsed(CONTEXT, path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sound_data_is_looked_at_by_every_shape_of_its_file(path: Path) -> None:
    shapes, data = parsed(path), parsed(CASES / path.stem / "valid.minimal.ttl")
    for shape in named_shapes(shapes):
        assert focus_nodes(shape, shapes, data), shape


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_a_fault_is_told_of_by_one_constraint(path: Path) -> None:
    assert violations(parsed(CONTEXT, path)) == expected(path)
