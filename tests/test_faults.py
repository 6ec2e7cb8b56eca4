"""Every kind of fault, put into a copy of the shipped data, is caught by the shape meant for it and by no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.validation.check import check_all, check_files

ROOT = Path(__file__).parent.parent
HEAD = """
@prefix t: <https://w3id.org/styrgraf/id/goteborg/source/plan-jamlik-stad-2019-2022/> .
@prefix d: <https://w3id.org/styrgraf/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022/> .
@prefix actor: <https://w3id.org/styrgraf/id/goteborg/actor/> .
@prefix decision: <https://w3id.org/styrgraf/id/goteborg/decision/> .
@prefix document: <https://w3id.org/styrgraf/id/goteborg/document/> .
@prefix styr: <https://w3id.org/styrgraf/ns#> .
@prefix basis: <https://w3id.org/styrgraf/ns/basis/> .
@prefix rank: <https://w3id.org/styrgraf/ns/rank/> .
@prefix role: <https://w3id.org/styrgraf/ns/role/> .
@prefix status: <https://w3id.org/styrgraf/ns/status/> .
@prefix outcome: <https://w3id.org/styrgraf/ns/outcome/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FAULTS = yaml.safe_load((ROOT / "tests" / "faults.yaml").read_text("utf-8"))


def copy(tmp_path: Path) -> Content:
    """A copy of the content whose data may be changed."""
    for folder in ("ontology", "shapes", "queries"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Content(tmp_path)


def shapes(graph: Graph, settings: Settings, content: Content, file: Path) -> set[str]:
    """The names of the shapes that find faults in `file`."""
    checked = check_files(content, settings.workspace, [file])
    assert all(item for item in checked.render("text", "sv").splitlines()[:1])
    return {result.shape.rsplit("/", 1)[-1] for result in checked.faults}


@pytest.mark.parametrize("case", FAULTS, ids=[case["fault"] for case in FAULTS])
def test_a_fault_is_caught_by_its_shape_alone(
    graph: Graph, settings: Settings, tmp_path: Path, case: dict[str, str]
) -> None:
    content = copy(tmp_path)
    path = tmp_path / "data" / case["file"]
    path.write_text(path.read_text("utf-8") + HEAD + case["turtle"], "utf-8")
    assert shapes(graph, settings, content, path) == {case["shape"]}


@pytest.mark.parametrize("case", FAULTS[:3], ids=[case["fault"] for case in FAULTS[:3]])
def test_one_file_in_its_context_and_the_whole_content_tell_the_same(
    graph: Graph, settings: Settings, tmp_path: Path, case: dict[str, str]
) -> None:
    content = copy(tmp_path)
    path = tmp_path / "data" / case["file"]
    path.write_text(path.read_text("utf-8") + HEAD + case["turtle"], "utf-8")
    alone, whole = check_files(content, settings.workspace, [path]), check_all(content)
    assert [(r.focus, r.shape) for r in alone.faults] == [(r.focus, r.shape) for r in whole.faults]


def test_a_quotation_that_is_not_in_the_text_is_told_of(
    graph: Graph, settings: Settings, tmp_path: Path, texts: Path
) -> None:
    content = copy(tmp_path)
    path = tmp_path / "data" / "sources" / "plan-jamlik-stad-2019-2022.ttl"
    said = path.read_text("utf-8")
    for old, new, shape in (
        ("Ansvar: byggnadsnämnden", "Ansvaret: byggnadsnämnden", "Passage-found"),
        ('styr:quote "arbetet i Frihamnen för ett socialt blandat boende"', 'styr:quote "bostäder"', "Passage-unique"),
        ('styr:heading "Giltighetstid"', 'styr:heading "Giltighetstiden"', "Passage-heading"),
        ("Ansvar: byggnadsnämnden", "Två samverkansprocesser prioriteras i planen", "Passage-proof"),
        ('styr:quote "KF 2018-01-18"', 'styr:quote "2018-01"', "Passage-proof"),
        ("styr:actor a:byggnadsnamnden ;", "styr:actor a:finns-inte ;", "ResponsibilityStatement-actor"),
    ):
        assert old in said
        path.write_text(said.replace(old, new), "utf-8")
        found = {r.shape.rsplit("/", 1)[-1] for r in check_files(content, settings.workspace, [path], texts).faults}
        assert found == {shape}, (new, found)
